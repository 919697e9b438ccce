//! The page that copies an article into the editor of WeChat accounts, if the settings want it and the theme has a template for it. In: the page.
//! Out: an HTML page. `view` puts it together.

use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{SiteData, WECHAT_TEMPLATE, is_republished, wechat_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// The page that copies this article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wechat(pub PageId);

impl Format for Wechat {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !settings.republish.wechat || !planner.input.theme.has_template(WECHAT_TEMPLATE) {
            return;
        }
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if is_republished(settings, meta) {
                planner.add(wechat_route(&meta.route), Wechat(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("wechat", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        WECHAT_TEMPLATE
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Asset
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Pages
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.wechat(self.0)?.into())
    }
}
