//! Which outputs a site has, and which of them would stand on one address.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::assets::Assets;
use crate::calendar::{Agenda, CalendarOf};
use crate::catalog::{Catalog, Facts, PageId, Paging, Role, SectionId};
use crate::engine::{Stamp, stamp};
use crate::settings::{FeedScope, Settings};
use crate::source::{EVENTS_LOCK, Snapshot};
use crate::theme::Theme;
use crate::view::{Leaf, ListOf, RESULT_FILES, file_route, results_route, thanks_route, year_route};
use puzhi_core::base::{Route, SitePath, Span, fold_key};
use puzhi_core::diag::{Diag, codes};
use puzhi_core::kinds::results::{Results, is_results};

use super::{FeedOf, Job, LedgerFormat, Recipe};

/// URLs in one sitemap file (sitemaps.org protocol).
const SITEMAP_MOST: usize = 50_000;

/// All outputs, in address order.
#[derive(Debug, Default)]
pub struct Plan {
    pub jobs: Vec<Job>,
    /// Addresses for the sitemap: route, and the page behind it if there is one.
    pub listed: Vec<(Route, Option<PageId>)>,
}

impl Plan {
    /// Addresses that no card stands for.
    pub fn made(&self) -> BTreeSet<Route> {
        self.jobs.iter().filter(|j| !matches!(j.recipe, Recipe::Page(_))).map(|j| j.route.clone()).collect()
    }
}

/// Plans every output and reports addresses that collide, with where in the file they are written, if they are.
pub fn plan(
    catalog: &Catalog,
    agenda: &Agenda,
    results: &BTreeMap<String, Results>,
    settings: &Settings,
    assets: &Assets,
    theme: &Theme,
    files: &Snapshot,
) -> (Plan, Vec<(Diag, Option<Span>)>) {
    let mut diags = Vec::new();
    // Most pages and lists have one output, and some a feed or a calendar file.
    let most = 2 * (catalog.cards.len() + catalog.terms.len());
    let plan = Plan { jobs: Vec::with_capacity(most), listed: Vec::with_capacity(most) };
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
    plan: Plan,
}

impl Planner<'_> {
    fn add(&mut self, route: Route, recipe: Recipe, source: Option<SitePath>) {
        self.add_at(route, recipe, source, None);
    }

    fn add_at(&mut self, route: Route, recipe: Recipe, source: Option<SitePath>, span: Option<Span>) {
        self.plan.jobs.push(Job { route, recipe, source, span });
    }

    fn list_address(&mut self, route: &Route, index: Option<PageId>) {
        self.plan.listed.push((route.clone(), index));
    }

    fn pages(&mut self) {
        for id in self.catalog.ids() {
            let card = self.catalog.card(id);
            if card.role == Role::Page {
                self.add_at(card.route.clone(), Recipe::Page(id), Some(card.path.clone()), card.slug);
                if !card.expired && !card.sample && !card.unpublished {
                    self.list_address(&card.route, Some(id));
                }
                self.survey(id);
            }
        }
    }

    /// The page that thanks for answers, and results as files.
    fn survey(&mut self, id: PageId) {
        let card = self.catalog.card(id);
        let Facts::Survey(survey) = &card.facts else { return };
        let Some(named) = &survey.id else { return };
        if survey.here && self.settings.survey.endpoint.is_some() {
            self.add(thanks_route(&card.route), Recipe::Thanks(id), Some(card.path.clone()));
        }
        if self.results.get(&named.value).is_some_and(|results| !results.waves.is_empty()) {
            for extension in RESULT_FILES {
                self.add(
                    results_route(&card.route, extension),
                    Recipe::Results(id, extension),
                    Some(card.path.clone()),
                );
            }
        }
    }

    fn sections(&mut self) {
        for (i, section) in self.catalog.sections.iter().enumerate() {
            let id = SectionId(i as u32);
            let source = section.index.map(|p| self.catalog.card(p).path.clone());
            let of = ListOf::Section(id);
            if section.folder.is_empty() {
                self.add(section.route.clone(), Recipe::Home(id), source);
                self.list_address(&section.route, section.index);
                self.feeds(&section.route, FeedOf::Language(section.lang), FeedScope::Site);
            } else {
                self.list(&of, &section.route, section.pages.len(), section.page_size, source, section.index);
                self.feeds(&section.route, FeedOf::List(of), FeedScope::Sections);
            }
        }
    }

    fn list(
        &mut self,
        of: &ListOf,
        route: &Route,
        total: usize,
        size: usize,
        source: Option<SitePath>,
        index: Option<PageId>,
    ) {
        self.add(route.clone(), Recipe::List(of.clone(), Leaf::Front), source.clone());
        self.list_address(route, index);
        for number in 1..=Paging::of(total, size).archives {
            let leaf = Leaf::Archive(number);
            self.add(leaf.route(route), Recipe::List(of.clone(), leaf), source.clone());
            self.list_address(&leaf.route(route), None);
        }
    }

    fn terms(&mut self) {
        let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
        for (i, term) in self.catalog.terms.iter().enumerate() {
            used.insert((&term.taxonomy, term.lang));
            let source = term.index.map(|p| self.catalog.card(p).path.clone());
            let of = ListOf::Term(crate::catalog::TermId(i as u32));
            self.list(&of, &term.route, term.pages.len(), self.settings.page_size, source, term.index);
            self.feeds(&term.route, FeedOf::List(of), FeedScope::All);
        }
        for (key, lang) in used {
            let prefix = if lang == 0 { "" } else { self.settings.languages[lang].code.as_str() };
            let route = crate::catalog::folder_route(prefix, key);
            let index = self.catalog.translation(&format!("{key}/_index"), lang);
            let source = index.map(|p| self.catalog.card(p).path.clone());
            self.add(route.clone(), Recipe::List(ListOf::Taxonomy { key: key.to_string(), lang }, Leaf::Front), source);
            self.list_address(&route, index);
        }
    }

    fn feeds(&mut self, route: &Route, of: FeedOf, list: FeedScope) {
        if self.settings.base_url.is_none() {
            return;
        }
        let (atom, json) = self.settings.feeds.formats(list);
        if atom {
            self.add(route.file_in("atom.xml"), Recipe::Atom(of.clone()), None);
        }
        if json {
            self.add(route.file_in("feed.json"), Recipe::JsonFeed(of), None);
        }
    }

    /// Calendars and months where the theme draws them, and their files.
    fn events(&mut self, agenda: &Agenda, theme: &Theme) {
        for (n, calendar) in agenda.calendars.iter().enumerate() {
            if theme.has("calendar.html") {
                self.add(calendar.route.clone(), Recipe::Calendar(n), None);
                self.list_address(&calendar.route, None);
            }
            // A calendar without events is none that programs can read.
            if !calendar.events.is_empty() {
                self.add(calendar.route.file_in("calendar.ics"), Recipe::CalendarFile(n), None);
            }
            if calendar.of == CalendarOf::All {
                for id in &calendar.events {
                    let card = self.catalog.card(*id);
                    self.add(card.route.file_in("event.ics"), Recipe::EventFile(*id), Some(card.path.clone()));
                }
            }
        }
        for (n, grid) in agenda.grids.iter().enumerate().filter(|_| theme.has("month.html")) {
            for month in grid.months() {
                self.add(grid.address(month), Recipe::Month(n, month), None);
                self.list_address(&grid.address(month), None);
            }
        }
    }

    fn ledger(&mut self, agenda: &Agenda, theme: &Theme) {
        let Some(goals) = &self.settings.ledger else { return };
        let last =
            agenda.ledger.years.iter().rposition(|y| y.running).unwrap_or(agenda.ledger.years.len().saturating_sub(1));
        for (n, year) in agenda.ledger.years.iter().enumerate() {
            for format in [LedgerFormat::Csv, LedgerFormat::Json] {
                self.add(file_route(goals, year.year, format.extension()), Recipe::LedgerFile(n, format), None);
            }
            if theme.has("ledger.html") {
                self.add(year_route(goals, year.year), Recipe::Ledger(n, false), None);
                self.list_address(&year_route(goals, year.year), None);
                if n == last {
                    self.add(goals.page.clone(), Recipe::Ledger(n, true), None);
                    self.list_address(&goals.page, None);
                }
            }
        }
    }

    fn redirects(&mut self) {
        for id in self.catalog.ids() {
            let card = self.catalog.card(id);
            if matches!(card.role, Role::Term(_)) {
                continue;
            }
            for alias in &card.aliases {
                // What is no address was reported when the page was read.
                if let Some(route) = Route::alias(&alias.value) {
                    self.add_at(route, Recipe::Redirect(id), Some(card.path.clone()), Some(alias.span));
                }
            }
        }
    }

    fn files(&mut self, assets: &Assets, theme: &Theme, files: &Snapshot) {
        for path in files.below("content") {
            let markdown = matches!(path.extension().as_str(), "md" | "markdown");
            if let Some(below) =
                path.below("content").filter(|_| !markdown && path.as_str() != EVENTS_LOCK && !is_results(path))
                && let Ok(below) = SitePath::new(below)
            {
                self.add(Route::file(&below), Recipe::Copy(path.clone()), Some(path.clone()));
            }
        }
        for path in files.below("static") {
            if let Some(below) = path.below("static").and_then(|b| SitePath::new(b).ok()) {
                self.add(Route::file(&below), Recipe::Copy(path.clone()), Some(path.clone()));
            }
        }
        for name in theme.statics.keys() {
            let shadowed = SitePath::new(&format!("static/{name}")).is_ok_and(|p| files.contains(&p));
            let Some(asset) = assets.files.get(name) else { continue };
            // The site's own copy is published under its plain name already.
            if !shadowed || asset.route.as_str().trim_start_matches('/') != name {
                self.add(asset.route.clone(), Recipe::Theme(name.clone()), None);
            }
        }
    }

    fn site_wide(&mut self) {
        let file = |name: &str| Route::page([]).file_in(name);
        self.add(file("404.html"), Recipe::NotFound, None);
        self.add(file("robots.txt"), Recipe::Robots, None);
        if self.settings.base_url.is_none() {
            return;
        }
        self.plan.listed.sort();
        let parts = self.plan.listed.len().div_ceil(SITEMAP_MOST);
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

impl Plan {
    /// What each sitemap file is worth: its addresses and their days.
    pub fn sitemap_stamps(&self, catalog: &Catalog, agenda: &Agenda) -> BTreeMap<Option<usize>, Stamp> {
        let worth = |part| {
            let line = |(route, page): &(Route, Option<PageId>)| {
                stamp(&(route, page.and_then(|id| catalog.card(id).updated.or_else(|| agenda.published(catalog, id)))))
            };
            stamp(&self.sitemap_part(part).iter().map(line).collect::<Vec<_>>())
        };
        let parts =
            self.jobs.iter().filter_map(|job| if let Recipe::Sitemap(part) = job.recipe { Some(part) } else { None });
        parts.map(|part| (part, worth(part))).collect()
    }

    /// The addresses of one sitemap file.
    pub fn sitemap_part(&self, part: Option<usize>) -> &[(Route, Option<PageId>)] {
        match part {
            None => &self.listed,
            Some(n) => {
                let start = (n * SITEMAP_MOST).min(self.listed.len());
                &self.listed[start..(start + SITEMAP_MOST).min(self.listed.len())]
            }
        }
    }
}

/// Reports addresses that are equal, or equal but for case and normalisation, and files where a folder is needed.
/// Later ones leave the plan.
fn collisions(plan: &mut Plan, diags: &mut Vec<(Diag, Option<Span>)>) {
    // What people wrote comes first, so that the made thing is the one to give way; among the written, path order.
    let rank = |i: usize| (plan.jobs[i].source.is_none(), plan.jobs[i].source.as_ref(), i);
    let folded: Vec<String> = plan.jobs.par_iter().map(|job| fold_key(&job.route.output())).collect();
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
    // Of the outputs that need a file to be a folder, the last in order is named.
    let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
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
        let name = |j: &Job| j.source.as_ref().map_or_else(|| j.route.to_string(), |s| s.to_string());
        // A finding needs a file somebody can change.
        let (at, span, named) = match (&job.source, &other.source) {
            (Some(path), _) => (path.clone(), job.span, name(other)),
            (None, Some(path)) => (path.clone(), other.span, name(job)),
            (None, None) => (SitePath::root(), None, name(other)),
        };
        diags.push((
            Diag::new(&codes::links::ROUTE_COLLISION).file(&at).arg("route", &job.route).arg("other", named),
            span,
        ));
    }
    let mut i = 0;
    plan.jobs.retain(|_| {
        i += 1;
        !clash.contains_key(&(i - 1))
    });
}
