//! The pictures shown where pages are shared: a card for each article without a picture of its own and for the site, a square thumb for each
//! kind. In: the card's name. Out: a PNG file. `view` knows what stands on it, the crate `puzhi-cards` draws it.

use std::collections::BTreeSet;

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{CardOf, SiteData, draws_cards, share_route, site_share_route, thumb_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A share card or thumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareCard(pub CardOf);

impl Format for ShareCard {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !draws_cards(settings, planner.input.theme) {
            return;
        }
        let mut kinds = BTreeSet::new();
        for page in &catalog.pages {
            if let Some(route) = share_route(page) {
                planner.add(route, ShareCard(CardOf::Page(page.path.clone())), None);
                kinds.insert((page.lang, settings.kinds.name(page.kind)));
            }
        }
        for (lang, kind) in kinds {
            let of = CardOf::Kind { lang: lang as u32, kind: kind.into() };
            planner.add(thumb_route(settings.language_prefix(lang), kind), ShareCard(of), None);
        }
        for section in catalog.sections.iter().filter(|section| section.folder.is_empty()) {
            let route = site_share_route(settings.language_prefix(section.lang));
            planner.add(route, ShareCard(CardOf::Site(section.lang as u32)), None);
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("card", &self.0))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "share card"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.site.share_card(&self.0).into())
    }

    /// A picture of this name in the page's folder takes its place.
    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_limited(&self) -> bool {
        false
    }
}
