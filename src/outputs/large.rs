//! The large page (长者版) beside each HTML page: the same content in large text. In: the page and its bytes. Out: an HTML page, made
//! from these bytes by [`large_html`](super::large_html), so that nothing is rendered twice.

use std::collections::BTreeSet;

use crate::assets::AssetManifest;
use crate::catalog::UnplacedDiagnostic;
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::Settings;
use crate::view::{LARGE_FOLDER, LARGE_STYLE, SiteData, Views, large_route, url_of};
use puzhi_core::base::{Route, case_folded_key};
use puzhi_core::diag::{Diagnostic, codes};

use super::OutputJob;
use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::large_html::{LargeHtml, large_html};
use super::plan::{OutputPlan, Planner};

/// The large page beside the page that this output is.
#[derive(Debug, Clone)]
pub struct LargePage(Box<OutputJob>);

impl PartialEq for LargePage {
    fn eq(&self, other: &Self) -> bool {
        self.0.route == other.0.route && self.0.recipe == other.0.recipe
    }
}

impl Eq for LargePage {}

/// Whether the site has large pages: the settings want them and the theme has a style for them.
pub(super) fn has_large_pages(settings: &Settings, assets: &AssetManifest) -> bool {
    settings.large_mode.is_some() && assets.files.contains_key(LARGE_STYLE)
}

/// Adds a large page for each HTML page of the theme. `plan` is in address order and free of collisions. Files of the site's own that
/// lie in the folder of the large pages are reported: a folder there has a list at the address of a large page, even if the file is at
/// the address of none.
pub(super) fn plan_large_pages(plan: &mut OutputPlan, diags: &mut Vec<UnplacedDiagnostic>) {
    let is_in_folder = |job: &&OutputJob| {
        let folded = case_folded_key(&job.route.output_path());
        folded.strip_prefix(LARGE_FOLDER).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let taken: BTreeSet<Route> = plan.jobs.iter().filter(is_in_folder).map(|job| job.route.clone()).collect();
    for job in plan.jobs.iter().filter(|_| !taken.is_empty()).filter(is_in_folder) {
        let Some(source) = &job.source else { continue };
        let diag = Diagnostic::new(&codes::links::LARGE_FOLDER).file(source).arg("route", &job.route);
        diags.push(UnplacedDiagnostic { diag, span: job.span });
    }
    let pages = plan.jobs.iter().filter(|job| job.recipe.format().is_html());
    let large = pages.map(|page| OutputJob {
        route: large_route(&page.route),
        recipe: LargePage(Box::new(page.clone())).into(),
        source: None,
        span: None,
    });
    let large: Vec<OutputJob> = large.filter(|job| !taken.contains(&job.route)).collect();
    plan.jobs.extend(large);
    plan.jobs.sort_by(|a, b| a.route.cmp(&b.route));
}

/// The bytes of the output `job` from those of the output that it is derived from.
pub fn derive(job: &OutputJob, bytes: &[u8], views: &Views) -> Vec<u8> {
    let site = &views.site;
    let Some(page) = job.derived_from() else { return bytes.to_vec() };
    // The planning saw that the style is there.
    let style = site.static_asset(LARGE_STYLE).map(|file| url_of(&file.asset.route)).unwrap_or_default();
    let settings = site.settings();
    // Only the page for addresses of any depth names files from the base path.
    let from_base = page.is_replaceable() && settings.base_url.is_some();
    let base = from_base.then(|| settings.base_path());
    let url = settings.href(&page.route);
    large_html(&String::from_utf8_lossy(bytes), &LargeHtml { url: &url, base, style: &style, plain: site.plain_html() })
        .into_bytes()
}

impl Format for LargePage {
    /// Large pages are planned when it is known which pages there are: [`plan_large_pages`].
    fn plan(_: &mut Planner<'_>) {}

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("large", self.0.fingerprint(site)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "large pages"
    }

    fn write_rank(&self) -> WriteRank {
        self.0.write_rank()
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let page = &*self.0;
        Ok(match page.recipe.format().render(&RenderInput { job: page, ..*input })? {
            Artifact::Bytes(bytes) => derive(input.job, &bytes, input.views).into(),
            stream @ Artifact::Stream(_) => stream,
        })
    }

    fn render_turn(&self) -> RenderTurn {
        self.0.render_turn()
    }

    fn derived_from(&self) -> Option<&OutputJob> {
        Some(&self.0)
    }

    fn is_limited(&self) -> bool {
        self.0.is_limited()
    }
}
