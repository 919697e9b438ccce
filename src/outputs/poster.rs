//! The poster of an event or a survey, if the theme has a template for it. In: the page. Out: an HTML page. `view` puts it
//! together.

use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{POSTER_TEMPLATE, SiteData, poster_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// The poster of this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poster(pub PageId);

impl Format for Poster {
    fn plan(planner: &mut Planner<'_>) {
        if !planner.input.theme.has_template(POSTER_TEMPLATE) {
            return;
        }
        let catalog = planner.input.catalog;
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if let Some(route) = poster_route(meta) {
                planner.add(route, Poster(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("poster", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        POSTER_TEMPLATE
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Feeds
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.poster(self.0)?.into())
    }
}
