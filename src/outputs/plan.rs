//! Decides which outputs a site has, and finds outputs with colliding addresses. In: catalog, events, results,
//! settings, theme, files. Out: an [`OutputPlan`] in address order, and diagnostics. Renders nothing.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::assets::AssetManifest;
use crate::calendar::{CalendarScope, EventSchedule};
use crate::catalog::{Catalog, KindFacts, PageId, PageRole, Pagination, SectionId, UnplacedDiagnostic};
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::{FeedScope, Settings};
use crate::source::{EVENTS_LOCK_FILE, FileSnapshot, is_page_source};
use crate::theme::Theme;
use crate::view::{FeedId, ListId, ListPage, RESULT_FILES, file_route, results_route, thanks_route, year_route};
use puzhi_core::base::{Route, SitePath, Span, case_folded_key};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::results::{Results, is_results};

use super::{LedgerFormat, OutputJob, Recipe};

/// URLs in one sitemap file (sitemaps.org protocol).
const SITEMAP_MAX_URLS: usize = 50_000;

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
        self.jobs.iter().filter(|j| !matches!(j.recipe, Recipe::Page(_))).map(|j| j.route.clone()).collect()
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
    /// The theme, whose templates decide about calendars and ledger.
    pub theme: &'a Theme,
    /// The files of the site, some of which are copied.
    pub files: &'a FileSnapshot,
}

/// Plans every output. Reports colliding addresses, at the place where a file gives the address if there is one.
pub fn plan_outputs(input: &PlanInput<'_>) -> (OutputPlan, Vec<UnplacedDiagnostic>) {
    let PlanInput { catalog, agenda, results, settings, assets, theme, files } = *input;
    let mut diags = Vec::new();
    // Capacity: most pages and terms have one output, some also a feed or a calendar file.
    let most = 2 * (catalog.pages.len() + catalog.terms.len());
    let plan = OutputPlan { jobs: Vec::with_capacity(most), sitemap_routes: Vec::with_capacity(most) };
    let mut planner = Planner { catalog, settings, results, plan };
    planner.pages();
    planner.sections();
    planner.terms();
    planner.events(agenda, theme);
    planner.ledger(agenda, theme);
    planner.redirects();
    planner.files(assets, theme, files);
    planner.site_wide();
    let mut plan = planner.plan;
    plan.jobs.sort_by(|a, b| a.route.cmp(&b.route));
    collisions(&mut plan, &mut diags);
    (plan, diags)
}

struct Planner<'c> {
    catalog: &'c Catalog,
    settings: &'c Settings,
    results: &'c BTreeMap<String, Results>,
    plan: OutputPlan,
}

/// A list with the pages it is split into.
struct PlannedList<'a> {
    id: &'a ListId,
    /// Address of its front.
    route: &'a Route,
    /// Pages in the whole list.
    total: usize,
    page_size: usize,
    /// The file that describes it, if there is one.
    source: Option<SitePath>,
    /// The page made of that file.
    index: Option<PageId>,
}

impl Planner<'_> {
    fn add(&mut self, route: Route, recipe: Recipe, source: Option<SitePath>) {
        self.add_at(route, recipe, source, None);
    }

    fn add_at(&mut self, route: Route, recipe: Recipe, source: Option<SitePath>, span: Option<Span>) {
        self.plan.jobs.push(OutputJob { route, recipe, source, span });
    }

    fn add_to_sitemap(&mut self, route: &Route, index: Option<PageId>) {
        self.plan.sitemap_routes.push((route.clone(), index));
    }

    fn pages(&mut self) {
        for id in self.catalog.page_ids() {
            let meta = self.catalog.page(id);
            if meta.role == PageRole::Page {
                self.add_at(meta.route.clone(), Recipe::Page(id), Some(meta.path.clone()), meta.slug);
                if !meta.expired && !meta.sample && !meta.unpublished {
                    self.add_to_sitemap(&meta.route, Some(id));
                }
                self.survey(id);
            }
        }
    }

    /// The page that thanks for answers, and the results files.
    fn survey(&mut self, id: PageId) {
        let meta = self.catalog.page(id);
        let KindFacts::Survey(survey) = &meta.facts else { return };
        let Some(named) = &survey.id else { return };
        if survey.here && self.settings.survey.endpoint.is_some() {
            self.add(thanks_route(&meta.route), Recipe::Thanks(id), Some(meta.path.clone()));
        }
        if self.results.get(&named.value).is_some_and(|results| !results.waves.is_empty()) {
            for extension in RESULT_FILES {
                self.add(
                    results_route(&meta.route, extension),
                    Recipe::Results(id, extension),
                    Some(meta.path.clone()),
                );
            }
        }
    }

    fn sections(&mut self) {
        for (i, section) in self.catalog.sections.iter().enumerate() {
            let id = SectionId(i as u32);
            let source = section.index.map(|p| self.catalog.page(p).path.clone());
            let of = ListId::Section(id);
            if section.folder.is_empty() {
                self.add(section.route.clone(), Recipe::Home(id), source);
                self.add_to_sitemap(&section.route, section.index);
                self.feeds(&section.route, FeedId::Language(section.lang), FeedScope::Site);
            } else {
                self.list(PlannedList {
                    id: &of,
                    route: &section.route,
                    total: section.pages.len(),
                    page_size: section.page_size,
                    source,
                    index: section.index,
                });
                self.feeds(&section.route, FeedId::List(of), FeedScope::Sections);
            }
        }
    }

    fn list(&mut self, list: PlannedList<'_>) {
        let PlannedList { id: of, route, total, page_size, source, index } = list;
        self.add(route.clone(), Recipe::List(of.clone(), ListPage::Front), source.clone());
        self.add_to_sitemap(route, index);
        for number in 1..=Pagination::new(total, page_size).archive_pages {
            let list_page = ListPage::Archive(number);
            self.add(list_page.route(route), Recipe::List(of.clone(), list_page), source.clone());
            self.add_to_sitemap(&list_page.route(route), None);
        }
    }

    fn terms(&mut self) {
        let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
        for (i, term) in self.catalog.terms.iter().enumerate() {
            used.insert((&term.taxonomy, term.lang));
            let source = term.index.map(|p| self.catalog.page(p).path.clone());
            let of = ListId::Term(crate::catalog::TermId(i as u32));
            self.list(PlannedList {
                id: &of,
                route: &term.route,
                total: term.pages.len(),
                page_size: self.settings.page_size,
                source,
                index: term.index,
            });
            self.feeds(&term.route, FeedId::List(of), FeedScope::All);
        }
        for (key, lang) in used {
            let route = crate::catalog::folder_route(self.settings.language_prefix(lang), key);
            let index = self.catalog.translation(&format!("{key}/_index"), lang);
            let source = index.map(|p| self.catalog.page(p).path.clone());
            self.add(
                route.clone(),
                Recipe::List(ListId::Taxonomy { key: key.to_string(), lang }, ListPage::Front),
                source,
            );
            self.add_to_sitemap(&route, index);
        }
    }

    fn feeds(&mut self, route: &Route, of: FeedId, list: FeedScope) {
        if self.settings.base_url.is_none() {
            return;
        }
        let (atom, json) = self.settings.feeds.formats(list);
        if atom {
            self.add(route.child_file("atom.xml"), Recipe::Atom(of.clone()), None);
        }
        if json {
            self.add(route.child_file("feed.json"), Recipe::JsonFeed(of), None);
        }
    }

    /// Pages of calendars and months if the theme has templates for them, and iCalendar files.
    fn events(&mut self, agenda: &EventSchedule, theme: &Theme) {
        for (n, calendar) in agenda.calendars.iter().enumerate() {
            if theme.has_template("calendar.html") {
                self.add(calendar.route.clone(), Recipe::Calendar(n), None);
                self.add_to_sitemap(&calendar.route, None);
            }
            // An iCalendar file must contain at least one component (RFC 5545, 3.6).
            if !calendar.events.is_empty() {
                self.add(calendar.route.child_file("calendar.ics"), Recipe::CalendarFile(n), None);
            }
            if calendar.scope == CalendarScope::All {
                for id in &calendar.events {
                    let meta = self.catalog.page(*id);
                    self.add(meta.route.child_file("event.ics"), Recipe::EventFile(*id), Some(meta.path.clone()));
                }
            }
        }
        for (n, grid) in agenda.month_ranges.iter().enumerate().filter(|_| theme.has_template("month.html")) {
            for month in grid.months() {
                self.add(grid.address(month), Recipe::Month(n, month), None);
                self.add_to_sitemap(&grid.address(month), None);
            }
        }
    }

    fn ledger(&mut self, agenda: &EventSchedule, theme: &Theme) {
        let Some(goals) = &self.settings.ledger else { return };
        let last = agenda
            .ledger
            .years
            .iter()
            .rposition(|y| y.is_current)
            .unwrap_or(agenda.ledger.years.len().saturating_sub(1));
        for (n, year) in agenda.ledger.years.iter().enumerate() {
            for format in [LedgerFormat::Csv, LedgerFormat::Json] {
                self.add(file_route(goals, year.year, format.extension()), Recipe::LedgerFile(n, format), None);
            }
            if theme.has_template("ledger.html") {
                self.add(year_route(goals, year.year), Recipe::Ledger(n, false), None);
                self.add_to_sitemap(&year_route(goals, year.year), None);
                if n == last {
                    self.add(goals.page.clone(), Recipe::Ledger(n, true), None);
                    self.add_to_sitemap(&goals.page, None);
                }
            }
        }
    }

    fn redirects(&mut self) {
        for id in self.catalog.page_ids() {
            let meta = self.catalog.page(id);
            if matches!(meta.role, PageRole::Term(_)) {
                continue;
            }
            for alias in &meta.aliases {
                // An invalid alias was reported when the page was read.
                if let Some(route) = Route::from_alias(&alias.value) {
                    self.add_at(route, Recipe::Redirect(id), Some(meta.path.clone()), Some(alias.span));
                }
            }
        }
    }

    fn files(&mut self, assets: &AssetManifest, theme: &Theme, files: &FileSnapshot) {
        for path in files.paths_in("content") {
            if let Some(below) = path
                .relative_to("content")
                .filter(|_| !is_page_source(path) && path.as_str() != EVENTS_LOCK_FILE && !is_results(path))
                && let Ok(below) = SitePath::new(below)
            {
                self.add(Route::file(&below), Recipe::Copy(path.clone()), Some(path.clone()));
            }
        }
        for path in files.paths_in("static") {
            if let Some(below) = path.relative_to("static").and_then(|b| SitePath::new(b).ok()) {
                self.add(Route::file(&below), Recipe::Copy(path.clone()), Some(path.clone()));
            }
        }
        for name in theme.static_files.keys() {
            let shadowed = SitePath::new(&format!("static/{name}")).is_ok_and(|p| files.contains(&p));
            let Some(asset) = assets.files.get(name) else { continue };
            // The site's own copy is already published under the plain name.
            if !shadowed || asset.route.as_str().trim_start_matches('/') != name {
                self.add(asset.route.clone(), Recipe::Theme(name.clone()), None);
            }
        }
    }

    fn site_wide(&mut self) {
        let file = |name: &str| Route::page([]).child_file(name);
        self.add(file("404.html"), Recipe::NotFound, None);
        self.add(file("robots.txt"), Recipe::Robots, None);
        if self.settings.base_url.is_none() {
            return;
        }
        self.plan.sitemap_routes.sort();
        let parts = self.plan.sitemap_routes.len().div_ceil(SITEMAP_MAX_URLS);
        if parts <= 1 {
            self.add(file("sitemap.xml"), Recipe::Sitemap(None), None);
        } else {
            self.add(file("sitemap.xml"), Recipe::SitemapIndex(parts), None);
            for part in 0..parts {
                self.add(file(&format!("sitemap-{}.xml", part + 1)), Recipe::Sitemap(Some(part)), None);
            }
        }
    }
}

impl OutputPlan {
    /// The fingerprint of each sitemap file: its addresses and their dates.
    pub fn sitemap_fingerprints(
        &self,
        catalog: &Catalog,
        agenda: &EventSchedule,
    ) -> BTreeMap<Option<usize>, Fingerprint> {
        let part_fingerprint = |part| {
            let line = |(route, page): &(Route, Option<PageId>)| {
                fingerprint(&(
                    route,
                    page.and_then(|id| catalog.page(id).updated.or_else(|| agenda.published(catalog, id))),
                ))
            };
            fingerprint(&self.sitemap_part(part).iter().map(line).collect::<Vec<_>>())
        };
        let parts =
            self.jobs.iter().filter_map(|job| if let Recipe::Sitemap(part) = job.recipe { Some(part) } else { None });
        parts.map(|part| (part, part_fingerprint(part))).collect()
    }

    /// The addresses of one sitemap file.
    pub fn sitemap_part(&self, part: Option<usize>) -> &[(Route, Option<PageId>)] {
        match part {
            None => &self.sitemap_routes,
            Some(n) => {
                let start = (n * SITEMAP_MAX_URLS).min(self.sitemap_routes.len());
                &self.sitemap_routes[start..(start + SITEMAP_MAX_URLS).min(self.sitemap_routes.len())]
            }
        }
    }
}

/// Reports addresses that are equal, that differ only in case or Unicode normalisation, or where a file would be in the
/// place of a folder. Removes all but one of the outputs that collide.
fn collisions(plan: &mut OutputPlan, diags: &mut Vec<UnplacedDiagnostic>) {
    // An output with a source file has priority over a generated one; among source files path order decides.
    let rank = |i: usize| (plan.jobs[i].source.is_none(), plan.jobs[i].source.as_ref(), i);
    let folded: Vec<String> = plan.jobs.par_iter().map(|job| case_folded_key(&job.route.output_path())).collect();
    let mut owner: HashMap<&str, usize> = HashMap::with_capacity(folded.len());
    let mut shared: BTreeSet<&str> = BTreeSet::new();
    for (i, key) in folded.iter().enumerate() {
        match owner.entry(key) {
            Entry::Vacant(free) => drop(free.insert(i)),
            Entry::Occupied(mut taken) => {
                shared.insert(key);
                let first = *taken.get();
                taken.insert(if rank(i) < rank(first) { i } else { first });
            }
        }
    }
    let mut clash: BTreeMap<usize, usize> = BTreeMap::new();
    if !shared.is_empty() {
        let contested = folded.iter().enumerate().filter(|(_, key)| shared.contains(key.as_str()));
        clash.extend(contested.map(|(i, key)| (i, owner[key.as_str()])).filter(|(i, first)| i != first));
    }
    // If several outputs need the folder, the diagnostic names the last in order.
    let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
    #[expect(clippy::iter_over_hash_type, reason = "a maximum does not depend on the order")]
    for key in owner.keys() {
        for (folder, _) in
            key.match_indices('/').map(|(at, _)| key.split_at(at)).filter(|(folder, _)| owner.contains_key(folder))
        {
            let last = folders.entry(folder).or_insert(key);
            *last = key.max(last);
        }
    }
    for (folder, last) in &folders {
        clash.insert(owner[folder], owner[last]);
    }
    for (i, other) in &clash {
        let (job, other) = (&plan.jobs[*i], &plan.jobs[*other]);
        let name = |j: &OutputJob| j.source.as_ref().map_or_else(|| j.route.to_string(), |s| s.to_string());
        // Report the collision in a file that the author can change.
        let (at, span, named) = match (&job.source, &other.source) {
            (Some(path), _) => (path.clone(), job.span, name(other)),
            (None, Some(path)) => (path.clone(), other.span, name(job)),
            (None, None) => (SitePath::root(), None, name(other)),
        };
        let diag =
            Diagnostic::new(&codes::links::ROUTE_COLLISION).file(&at).arg("route", &job.route).arg("other", named);
        diags.push(UnplacedDiagnostic { diag, span });
    }
    let mut i = 0;
    plan.jobs.retain(|_| {
        i += 1;
        !clash.contains_key(&(i - 1))
    });
}
