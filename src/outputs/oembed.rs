//! oEmbed 1.0: what another site shows of a link to an article. In: the page and the views. Out: a JSON file of the type `link`.

use serde_json::json;

use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{OEMBED_FILE, SiteData, is_republished, url_of};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// The oEmbed file of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OEmbed(pub PageId);

impl Format for OEmbed {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !settings.republish.embeds || settings.base_url.is_none() {
            return;
        }
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if is_republished(settings, meta) {
                planner.add(meta.route.child_file(OEMBED_FILE), OEmbed(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("oembed", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "oEmbed"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        let meta = site.meta(self.0);
        let language = &site.settings().languages[meta.lang];
        let home = url_of(&crate::catalog::folder_route(site.settings().language_prefix(meta.lang), ""));
        let mut value = json!({
            "version": "1.0",
            "type": "link",
            "title": meta.title,
            "provider_name": language.title,
            "provider_url": site.permalink(&home),
        });
        if let Some(author) = &site.resolved_doc(self.0).doc.front_matter.author {
            value["author_name"] = json!(author);
        }
        Ok(format!("{value:#}\n").into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Pages
    }
}
