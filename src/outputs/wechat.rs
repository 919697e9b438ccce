//! The page that copies an article into the editor of WeChat accounts, if the settings want it and the theme has a template for it. In: the page.
//! Out: an HTML page. `view` puts it together.

use crate::catalog::PageId;
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{SiteData, WECHAT_TEMPLATE, has_wechat_page, wechat_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;
use super::press_findings::outlet_views;
use super::press_pack::pictures_of;

/// The page that copies this article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wechat(pub PageId);

impl Format for Wechat {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        if !planner.input.theme.has_template(WECHAT_TEMPLATE) {
            return;
        }
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if has_wechat_page(settings, meta) {
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
        let article = input.views.press_article(self.0)?;
        let media = pictures_of(&article, self.0, (input.plan, input.views))?;
        let outlets = outlet_views(input.views, self.0, &article);
        Ok(input.views.wechat(self.0, &article, &media, outlets)?.into())
    }
}
