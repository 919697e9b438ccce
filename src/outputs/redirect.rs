//! A page at a former address of a page, which leads to the page. In: the page. Out: an HTML page. `view` puts it
//! together.

use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A redirect from a former address to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect(pub PageId);

impl Format for Redirect {
    fn plan(planner: &mut Planner<'_>) {
        let catalog = planner.input.catalog;
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            for alias in &meta.aliases {
                // An invalid alias was reported when the page was read.
                if let Some(route) = Route::from_alias(&alias.value) {
                    planner.add_at(route, Redirect(id), Some(meta.path.clone()), Some(alias.span));
                }
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("redirect", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "redirect.html"
    }

    fn gives_way(&self) -> bool {
        true
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.redirect(&input.job.route, self.0)?.into())
    }
}
