//! Decides which outputs a site has. In: catalog, events, results, settings, theme, files. Out: an [`OutputPlan`] in
//! address order, and diagnostics of addresses that collide. Each format plans its own outputs through a [`Planner`].
//! Renders nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::assets::{AssetManifest, Pictures};
use crate::calendar::EventSchedule;
use crate::catalog::{Catalog, PageId, UnplacedDiagnostic};
use crate::releases::ReleaseLog;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::Theme;
use puzhi_core::base::{Route, SitePath, Span};
use puzhi_core::kinds::results::Results;

use super::collisions::remove_collisions;
use super::large::{has_large_pages, plan_large_pages};
use super::large_html::is_html_path;
use super::{OutputJob, Recipe};

/// All outputs, in address order.
#[derive(Debug, Default)]
pub struct OutputPlan {
    /// The outputs, without those that gave way in a collision.
    pub jobs: Vec<OutputJob>,
    /// Addresses for the sitemap, each with the page whose date it gets, if any.
    pub sitemap_routes: Vec<(Route, Option<PageId>)>,
}

impl OutputPlan {
    /// Addresses of outputs that are not pages of the catalog, so that links to them can be resolved.
    pub fn generated_routes(&self) -> BTreeSet<Route> {
        self.jobs.iter().filter(|j| j.page().is_none()).map(|j| j.route.clone()).collect()
    }

    /// Paths of outputs that are HTML and have no large page; empty if the site has no large pages.
    pub fn plain_html(&self) -> BTreeSet<String> {
        if self.jobs.iter().all(|job| job.derived_from().is_none()) {
            return BTreeSet::new();
        }
        let others = self.jobs.iter().filter(|job| job.derived_from().is_none() && !job.recipe.format().is_html());
        others.map(|job| job.route.output_path()).filter(|path| is_html_path(path)).collect()
    }
}

/// What decides which outputs a site has.
#[derive(Clone, Copy)]
pub struct PlanInput<'a> {
    /// Pages, sections and terms.
    pub catalog: &'a Catalog,
    /// Calendars, months and years of the ledger.
    pub agenda: &'a EventSchedule,
    /// Results of surveys, by the survey's id.
    pub results: &'a BTreeMap<String, Results>,
    /// The resolved `site.yaml`.
    pub settings: &'a Settings,
    /// Static files with the addresses they are published at.
    pub assets: &'a AssetManifest,
    /// The pictures among the files.
    pub pictures: &'a Pictures,
    /// The theme, whose templates decide about calendars and ledger.
    pub theme: &'a Theme,
    /// The files of the site, some of which are copied.
    pub files: &'a FileSnapshot,
    /// What was published before.
    pub releases: &'a ReleaseLog,
}

/// Plans every output. Reports colliding addresses, at the place where a file gives the address if there is one.
pub fn plan_outputs(input: &PlanInput<'_>) -> (OutputPlan, Vec<UnplacedDiagnostic>) {
    let mut diags = Vec::new();
    // Capacity: most pages and terms have one output, some also a feed or a calendar file.
    let most = 2 * (input.catalog.pages.len() + input.catalog.terms.len());
    let plan = OutputPlan { jobs: Vec::with_capacity(most), sitemap_routes: Vec::with_capacity(most) };
    let mut planner = Planner { input: *input, plan };
    Recipe::plan_all(&mut planner);
    let mut plan = planner.plan;
    plan.jobs.sort_by(|a, b| a.route.cmp(&b.route));
    remove_collisions(&mut plan, &mut diags);
    if has_large_pages(input.settings, input.assets) {
        plan_large_pages(&mut plan, &mut diags);
    }
    (plan, diags)
}

/// The plan being made, to which each format adds its outputs.
pub(super) struct Planner<'a> {
    /// What decides which outputs there are.
    pub input: PlanInput<'a>,
    /// What is planned so far.
    pub plan: OutputPlan,
}

impl Planner<'_> {
    /// Adds an output that `source` causes; a collision of its address is reported there.
    pub fn add(&mut self, route: Route, recipe: impl Into<Recipe>, source: Option<SitePath>) {
        self.add_at(route, recipe, source, None);
    }

    /// Adds an output whose address is given at `span` of its source.
    pub fn add_at(&mut self, route: Route, recipe: impl Into<Recipe>, source: Option<SitePath>, span: Option<Span>) {
        self.plan.jobs.push(OutputJob { route, recipe: recipe.into(), source, span });
    }

    /// Adds an address to the sitemap, with the page whose date it gets.
    pub fn add_to_sitemap(&mut self, route: &Route, dated_by: Option<PageId>) {
        self.plan.sitemap_routes.push((route.clone(), dated_by));
    }

    /// The path of the file that a page was made from.
    pub fn source_of(&self, page: PageId) -> SitePath {
        self.input.catalog.page(page).path.clone()
    }
}
