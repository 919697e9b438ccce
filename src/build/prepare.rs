//! All phases before rendering: from files to views and a plan. What content can get wrong is known afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::assets::{Asset, Assets, is_fingerprinted};
use crate::base::{Clock, SitePath, Span};
use crate::calendar::{self, Agenda, Lock, Record, agenda};
use crate::catalog::{self, Card, Hidden, PageId, Place, Resolver, Seat};
use crate::diag::{Diag, SourceText, codes};
use crate::kinds::{Doc, Event, Kind};
use crate::markdown::highlight;
use crate::outputs::{Plan, plan};
use crate::settings::Settings;
use crate::source::{EVENTS_LOCK, Snapshot};
use crate::theme::{self, Theme, labels};
use crate::view::{Handle, Resolved, Site, Views};

use super::check::Checker;
use super::data::{self, Data};
use super::docs::{self, Docs};
use super::{Counts, Options, harden, results};

/// A site ready to be rendered, unless the theme or settings forbid it, with all findings.
pub struct Prepared {
    pub site: Option<(Views, Plan)>,
    pub diags: Vec<Diag>,
    pub counts: Counts,
}

/// Runs the phases. With `keep_going`, pages with errors are left out until what remains has none.
pub fn prepare(files: &Snapshot, found: Vec<Diag>, settings: Settings, clock: Clock, options: &Options) -> Prepared {
    let mut diags = found;
    let handle = Handle::default();
    let (theme, found) = theme::load(files, &settings, |tera| handle.register(tera));
    diags.extend(found);
    if settings.base_url.is_none() {
        diags.push(Diag::new(&codes::output::NO_BASE_URL));
    }
    let Some(theme) = theme else {
        harden(&mut diags, options.strict);
        return Prepared { site: None, diags, counts: Counts::default() };
    };
    let labels: Vec<_> = theme.words.iter().map(labels).collect();
    let Docs { docs, hidden, future, diags: found, parsed } = docs::read_all(files, &settings, &labels, clock.today, options.drafts);
    diags.extend(found);
    let data = data::read_all(files, &settings);
    diags.extend(data.diags.iter().cloned());
    let lock = read_lock(files, &settings, &mut diags);
    let record = record_events(docs.iter().chain(&future), &lock, &settings, clock.today, &mut diags);
    let results = results::read_all(files, &settings, docs.iter().chain(&future), &mut diags);
    let assets = fingerprints(&theme, files, &mut diags);
    harden(&mut diags, options.strict);

    let mut round = Round { files, settings: &settings, theme: &theme, assets: &assets, clock: &clock, data: &data, lock: &lock, hidden };
    let mut docs = docs;
    if !future.is_empty() {
        let (shown, mut ahead) = round.look_ahead(docs, future);
        docs = shown;
        harden(&mut ahead, options.strict);
        diags.extend(ahead);
    }
    let mut kept: Vec<Diag> = Vec::new();
    let mut bad: BTreeSet<SitePath> = options.leave_out.clone();
    if options.keep_going {
        bad.extend(errors_by_file(&diags));
    }
    loop {
        if !bad.is_empty() {
            let (good, left): (Vec<_>, Vec<_>) = docs.into_iter().partition(|(doc, _)| !bad.contains(&doc.path));
            docs = good;
            round.hidden.extend(left.into_iter().map(|(doc, _)| (doc.path, Hidden::LeftOut)));
        }
        let mut linked = round.link(&docs, |_| true);
        harden(&mut linked.diags, options.strict);
        let mut worse = errors_by_file(&linked.diags);
        worse.retain(|path| docs.iter().any(|(doc, _)| doc.path == *path));
        if options.keep_going && !worse.is_empty() {
            kept.extend(linked.diags.into_iter().filter(|d| d.is_error() && d.file.as_ref().is_some_and(|f| worse.contains(f))));
            bad = worse;
            continue;
        }
        diags.extend(kept);
        diags.extend(linked.diags);
        let counts = Counts { parsed, pages: docs.len(), ..Counts::default() };
        let words = theme.words.clone();
        let code = highlighted(&docs);
        let site = Arc::new(Site {
            settings,
            clock,
            catalog: linked.catalog,
            docs: docs.into_iter().map(|(doc, _)| doc).collect(),
            resolved: linked.resolved,
            agenda: linked.agenda,
            record,
            results,
            calendar_pages: theme.has("calendar.html"),
            ledger_clause: linked.ledger_clause,
            targets: data.targets,
            target_links: linked.target_links,
            data: data.json,
            tables: linked.tables,
            assets: Assets { sizes: linked.sizes, ..assets },
            words,
            navigation: linked.navigation,
            code,
        });
        handle.set(Arc::clone(&site));
        return Prepared { site: Some((Views::new(site, theme), linked.plan)), diags, counts };
    }
}

/// Everything that does not change while bad pages are left out.
struct Round<'r> {
    files: &'r Snapshot,
    settings: &'r Settings,
    theme: &'r Theme,
    assets: &'r Assets,
    clock: &'r Clock,
    data: &'r Data,
    lock: &'r Option<Lock>,
    hidden: BTreeMap<SitePath, Hidden>,
}

/// Cards indexed, outputs planned, references followed.
struct Linked {
    catalog: catalog::Catalog,
    agenda: Agenda,
    ledger_clause: Option<String>,
    plan: Plan,
    resolved: Vec<Resolved>,
    target_links: Vec<(Option<String>, Option<String>)>,
    navigation: Vec<[Vec<Option<String>>; 3]>,
    tables: BTreeMap<SitePath, crate::assets::Table>,
    sizes: BTreeMap<SitePath, u64>,
    diags: Vec<Diag>,
}

impl Round<'_> {
    /// What will be wrong once the pages of `future` are there, so that no build fails only because a day passed.
    fn look_ahead(&self, docs: Vec<(Doc, Place)>, future: Vec<(Doc, Place)>) -> (Vec<(Doc, Place)>, Vec<Diag>) {
        let coming: BTreeSet<SitePath> = future.iter().map(|(doc, _)| doc.path.clone()).collect();
        let mut all = docs;
        all.extend(future);
        all.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        let mut found = self.link(&all, |doc| coming.contains(&doc.path)).diags;
        // What two pages have in common may be said at either.
        let shared = [&codes::links::ROUTE_COLLISION, &codes::links::DUPLICATE_ID, &codes::links::TERM_ALIAS_CLASH];
        found.retain(|d| shared.contains(&d.code) || d.file.as_ref().is_some_and(|f| coming.contains(f)));
        all.retain(|(doc, _)| !coming.contains(&doc.path));
        (all, found)
    }

    /// Indexes and plans the site of `docs`, and follows the references of those that `wanted` names.
    fn link(&self, docs: &[(Doc, Place)], wanted: impl Fn(&Doc) -> bool + Sync) -> Linked {
        let prefix = |lang: usize| if lang == 0 { "" } else { self.settings.languages[lang].code.as_str() };
        let cards: Vec<Card> = docs.par_iter().map(|(doc, place)| Card::of(doc, place, prefix(place.lang), self.clock.today)).collect();
        let (mut catalog, mut unplaced) = catalog::build(cards, self.settings);
        unplaced.extend(duplicate_ids(docs));
        let today = self.clock.today;
        let agenda = agenda(&catalog, self.settings, self.lock.as_ref().unwrap_or(&Lock::default()), today);
        let (plan, found) = plan(&catalog, &agenda, self.settings, self.assets, self.theme, self.files);
        unplaced.extend(found);
        let mut diags: Vec<Diag> = unplaced.into_iter().map(|(diag, span)| self.placed(diag, span)).collect();
        diags.extend(agenda.findings(&catalog, today));
        let resolver = Resolver::new(self.files, self.hidden.clone(), plan.made());
        let checker = Checker {
            catalog: &catalog,
            resolver: &resolver,
            files: self.files,
            settings: self.settings,
            theme: self.theme,
            targets: &self.data.targets,
            events: event_ids(&catalog),
            surveys: docs.iter().filter_map(|(doc, _)| survey_id(doc)).collect(),
        };
        let owned: Vec<&Doc> = docs.iter().map(|(doc, _)| doc).collect();
        let mut out_links = Vec::new();
        let mut resolved = Vec::with_capacity(docs.len());
        let (mut tables, mut sizes) = (BTreeMap::new(), BTreeMap::new());
        for (i, checked) in checker.pages(&owned, &wanted).into_iter().enumerate() {
            diags.extend(checked.diags);
            out_links.extend(checked.to.into_iter().map(|to| (PageId(i as u32), to)));
            tables.extend(checked.tables);
            for (path, _) in checked.resolved.files.values() {
                sizes.insert(path.clone(), self.files.size(path).unwrap_or(0));
            }
            resolved.push(checked.resolved);
        }
        let target_links = self.target_links(&checker, &mut diags);
        let ledger_clause = self.ledger_clause(&checker, &mut diags);
        let navigation = self
            .settings
            .languages
            .iter()
            .enumerate()
            .map(|(lang, l)| [&l.navigation, &l.footer, &l.entries].map(|entries| checker.navigation(entries, lang, &mut diags)))
            .collect();
        catalog.set_backlinks(out_links);
        Linked { catalog, agenda, ledger_clause, plan, resolved, target_links, navigation, tables, sizes, diags }
    }

    /// A finding with its place, for which its file is read again.
    fn placed(&self, diag: Diag, span: Option<Span>) -> Diag {
        let (Some(span), Some(file)) = (span, diag.file.clone()) else { return diag };
        match self.files.text(&file, self.settings.limits.markdown, "markdown") {
            Ok((source, _)) => diag.at(&SourceText::new(&file, &source.text), span),
            Err(_) => diag,
        }
    }

    fn ledger_clause(&self, checker: &Checker<'_>, diags: &mut Vec<Diag>) -> Option<String> {
        let (link, place) = self.settings.ledger.as_ref()?.clause.as_ref()?;
        let file = SitePath::new("site.yaml").ok()?;
        checker.site_link(link, 0, |d| d.spot(&file, *place), diags)
    }

    fn target_links(&self, checker: &Checker<'_>, diags: &mut Vec<Diag>) -> Vec<(Option<String>, Option<String>)> {
        let Ok(path) = SitePath::new("data/targets.yaml") else { return Vec::new() };
        if self.data.targets.is_empty() {
            return Vec::new();
        }
        let text = self.files.text(&path, self.settings.limits.data, "data").map(|(s, _)| s.text).unwrap_or_default();
        let source = SourceText::new(&path, &text);
        let mut follow = |link: &crate::kinds::Spanned<String>| checker.site_link(&link.value, 0, |d| d.at(&source, link.span), diags);
        let targets = self.data.targets.iter();
        targets
            .map(|t| (t.clause.as_ref().and_then(|(_, link)| link.as_ref()).and_then(&mut follow), t.explainer.as_ref().and_then(&mut follow)))
            .collect()
    }
}

fn errors_by_file(diags: &[Diag]) -> BTreeSet<SitePath> {
    diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.clone()).collect()
}

/// The lock file, if there is one. One that cannot be understood counts as empty, which its error makes harmless.
fn read_lock(files: &Snapshot, settings: &Settings, diags: &mut Vec<Diag>) -> Option<Lock> {
    let path = SitePath::new(EVENTS_LOCK).ok().filter(|path| files.contains(path))?;
    match files.text(&path, settings.limits.data, "data") {
        Ok((source, warning)) => {
            let (lock, found) = calendar::read_lock(&SourceText::new(&path, &source.text));
            diags.extend(warning);
            diags.extend(found);
            Some(lock)
        }
        Err(diag) => {
            diags.push(diag);
            Some(Lock::default())
        }
    }
}

/// Holds the events against the lock file. Where content has errors, events may be other than they were meant; nothing is said
/// then. Without a lock file only sessions need one.
fn record_events<'d>(docs: impl Iterator<Item = &'d (Doc, Place)>, lock: &Option<Lock>, settings: &Settings, today: Date, diags: &mut Vec<Diag>) -> Record {
    let events: Vec<(&Event, &str, usize)> = docs
        .filter_map(|(doc, place)| match &doc.kind {
            Kind::Event(event) if place.role == Seat::Page && !doc.head.draft && !doc.head.sample => Some((&**event, place.key.as_str(), place.lang)),
            _ => None,
        })
        .collect();
    let sessions = events.iter().any(|(event, ..)| !event.yearly && event.start.is_some());
    let record = calendar::record(events, lock.as_ref().unwrap_or(&Lock::default()), settings, today);
    let sound = !diags.iter().any(Diag::is_error);
    if let Some(diag) = calendar::changed(&record.changes).filter(|_| sound && (lock.is_some() || sessions)) {
        diags.push(match SitePath::new(EVENTS_LOCK) {
            Ok(path) if lock.is_some() => diag.file(&path),
            _ => diag,
        });
    }
    record
}

/// Pages of events by id and language.
fn event_ids(catalog: &catalog::Catalog) -> BTreeMap<(String, usize), PageId> {
    let ids = catalog.ids().filter_map(|page| {
        let card = catalog.card(page);
        Some(((card.event()?.id.as_ref()?.value.clone(), card.lang), page))
    });
    ids.collect()
}

fn survey_id(doc: &Doc) -> Option<String> {
    match &doc.kind {
        Kind::Survey(survey) => survey.id.as_ref().map(|id| id.value.clone()),
        _ => None,
    }
}

/// Two pages of one language with the same survey or event id.
fn duplicate_ids(docs: &[(Doc, Place)]) -> Vec<(Diag, Option<Span>)> {
    let mut seen: BTreeMap<(&str, String, usize), &SitePath> = BTreeMap::new();
    let mut diags = Vec::new();
    for (doc, place) in docs {
        let (what, id) = match &doc.kind {
            Kind::Survey(s) => ("survey", s.id.as_ref()),
            Kind::Event(e) => ("event", e.id.as_ref()),
            _ => continue,
        };
        let Some(id) = id else { continue };
        if let Some(other) = seen.insert((what, id.value.clone(), place.lang), &doc.path) {
            let diag = Diag::new(&codes::links::DUPLICATE_ID).file(&doc.path).arg("id", &id.value).arg("other", other);
            diags.push((diag, Some(id.span)));
        }
    }
    diags
}

/// Addresses and integrity of the theme's and the site's static files.
fn fingerprints(theme: &Theme, files: &Snapshot, diags: &mut Vec<Diag>) -> Assets {
    let mut assets = Assets::default();
    for name in theme.statics.keys() {
        match theme.static_file(name, files) {
            Ok(bytes) => {
                if let Some(asset) = Asset::new(name, &bytes, is_fingerprinted(name)) {
                    assets.files.insert(name.clone(), asset);
                }
            }
            Err(diag) => diags.push(diag),
        }
    }
    assets
}

/// Each distinct block of code highlighted once, in parallel.
fn highlighted(docs: &[(Doc, Place)]) -> BTreeMap<(String, String), String> {
    let distinct: BTreeSet<(&str, &str)> = docs
        .iter()
        .flat_map(|(doc, _)| &doc.body.code)
        .filter(|block| !block.language.is_empty())
        .map(|block| (block.language.as_str(), block.text.as_str()))
        .collect();
    let distinct: Vec<_> = distinct.into_iter().collect();
    distinct
        .into_par_iter()
        .map(|(language, text)| {
            let block = crate::markdown::CodeBlock { language: language.to_string(), text: text.to_string() };
            ((block.language.clone(), block.text.clone()), highlight(&block))
        })
        .collect()
}
