//! The page of a content file, by its own template. In: the page. Out: an HTML page. `view` puts the page together.

use crate::catalog::{PageId, PageRole};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;
use super::press_findings::press_findings;

/// A page by its own template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page(pub PageId);

impl Format for Page {
    fn plan(planner: &mut Planner<'_>) {
        let catalog = planner.input.catalog;
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if meta.role == PageRole::Page {
                planner.add_at(meta.route.clone(), Page(id), Some(meta.path.clone()), meta.slug);
                if !meta.expired
                    && meta.withdrawn.is_none()
                    && !meta.sample
                    && !meta.unpublished
                    && planner.input.settings.kinds.is_searchable(meta.kind)
                {
                    planner.add_to_sitemap(&meta.route, Some(id));
                }
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("page", site.path(self.0)))
    }

    fn name(&self, site: &SiteData) -> &'static str {
        // Pages of the site's own kinds are counted together.
        site.catalog.page(self.0).kind.definition().template
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.page(self.0)?.into())
    }

    fn findings(&self, input: &RenderInput<'_, '_>) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        press_findings(self.0, (input.plan, input.views))
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Pages
    }

    fn page(&self) -> Option<PageId> {
        Some(self.0)
    }
}
