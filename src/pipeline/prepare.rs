//! All phases before rendering: from files to views and a plan. What content can get wrong is known afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::assets::{Asset, Assets, is_fingerprinted};
use crate::calendar::{self, Agenda, Lock, Record, agenda};
use crate::catalog::{self, Card, Catalog, Facts, Hidden, PageId, Place, Resolver, Role};
use crate::document::Doc;
use crate::engine::{Graph, Stamp, stamp};
use crate::outputs::{Plan, plan};
use crate::settings::Settings;
use crate::source::{EVENTS_LOCK, Snapshot};
use crate::theme::{self, Theme, labels};
use crate::view::{self, Loader, Sheet, Sheets, Shown, Site, Views, Worth};
use puzhi_core::base::{Clock, Hash, SitePath, Span};
use puzhi_core::diag::{Diag, SourceText, codes};
use puzhi_core::kinds::{Event, KindName};

use super::check::{Checked, Checker, Ref, World};
use super::data::{self, Data};
use super::docs::{self, Docs, Page, Reader};
use super::past::{Pages, PastPage};
use super::quick::Kit;
use super::timings::Laps;
use super::{Counts, Options, harden, missing_base_url, results};

/// A site ready to be rendered, unless the theme or settings forbid it, with all findings.
pub struct Prepared {
    pub site: Option<(Views, Plan)>,
    pub diags: Vec<Diag>,
    pub counts: Counts,
    pub(super) phases: Vec<(&'static str, std::time::Duration)>,
    /// What the next build may know of the pages; `None` when this one is not to be built upon.
    pub pages: Option<Pages>,
    /// The short way for an edit of one page's text.
    pub kit: Option<Kit>,
    /// Where nothing but the texts of pages changed since the earlier build: which pages.
    pub(super) steady: Option<Vec<SitePath>>,
}

/// Runs the phases. With `keep_going`, pages with errors are left out until what remains has none.
pub fn prepare(
    files: &Arc<Snapshot>,
    found: Vec<Diag>,
    settings: &Arc<Settings>,
    clock: Clock,
    options: &Options,
) -> Prepared {
    prepare_over(files, found, settings, clock, options, None)
}

/// The same, over what an earlier build knows.
pub fn prepare_over(
    files: &Arc<Snapshot>,
    found: Vec<Diag>,
    settings: &Arc<Settings>,
    clock: Clock,
    options: &Options,
    past: Option<&Pages>,
) -> Prepared {
    let mut laps = Laps::start();
    let today = clock.today;
    let mut diags = found;
    let (theme, found) = theme::load(files, settings, view::register);
    diags.extend(found);
    diags.extend(missing_base_url(settings));
    let Some(theme) = theme.map(Arc::new) else {
        harden(&mut diags, options.strict);
        return Prepared {
            site: None,
            diags,
            counts: Counts::default(),
            phases: laps.phases,
            pages: None,
            kit: None,
            steady: None,
        };
    };
    laps.lap("load theme");
    let reader = Arc::new(Reader {
        files: Arc::clone(files),
        settings: Arc::clone(settings),
        labels: theme.words.iter().map(labels).collect(),
        taxonomies: settings.taxonomies.iter().map(|t| t.key.clone()).collect(),
    });
    let reading = reader.stamp();
    let past = past.filter(|past| past.reading == reading);
    let nothing = BTreeMap::new();
    let Docs { pages, hidden, drafts, future, diags: found, parsed } =
        docs::read_all(&reader, clock.today, options, past.map_or(&nothing, |past| &past.pages));
    diags.extend(found);
    laps.lap("read pages");
    let data = data::read_all(files, settings);
    diags.extend(data.diags.iter().cloned());
    let lock = read_lock(files, settings, &mut diags);
    let record = record_events(pages.iter().chain(&future), &lock, settings, clock.today, &mut diags);
    let results = results::read_all(files, settings, pages.iter().chain(&future), &mut diags);
    let assets = fingerprints(&theme, files, &mut diags);
    harden(&mut diags, options.strict);

    laps.lap("read data");
    let targets = Arc::new(data.targets.clone());
    let mut round = Round {
        files,
        settings,
        theme: &theme,
        assets: &assets,
        clock: &clock,
        data: &data,
        targets: &targets,
        lock: &lock,
        results: &results,
        reader: &reader,
        hidden,
        checks: past.map(|past| past.checks.clone()).unwrap_or_default(),
    };
    let mut pages = pages;
    let ahead = !future.is_empty();
    if ahead {
        let (shown, mut ahead) = round.look_ahead(pages, future);
        pages = shown;
        harden(&mut ahead, options.strict);
        diags.extend(ahead);
    }
    let mut kept: Vec<Diag> = Vec::new();
    let mut bad: BTreeSet<SitePath> = options.leave_out.clone();
    if options.keep_going {
        bad.extend(errors_by_file(&diags));
    }
    let mut ground = bad.is_empty().then(|| ground(files, reading, today));
    let mut steady = past
        .filter(|past| ground.is_some() && past.ground == ground && !ahead)
        .and_then(|past| texts_only(&pages, &drafts, past));
    loop {
        if !bad.is_empty() {
            let (good, left): (Vec<_>, Vec<_>) = pages.into_iter().partition(|page| !bad.contains(&page.place.path));
            pages = good;
            round.hidden.extend(left.into_iter().map(|page| (page.place.path.clone(), Hidden::LeftOut)));
        }
        let mut linked = round.link(&pages, |_| true, steady.as_deref());
        harden(&mut linked.diags, options.strict);
        let mut worse = errors_by_file(&linked.diags);
        worse.retain(|path| pages.iter().any(|page| page.place.path == *path));
        if options.keep_going && !worse.is_empty() {
            kept.extend(
                linked.diags.into_iter().filter(|d| d.is_error() && d.file.as_ref().is_some_and(|f| worse.contains(f))),
            );
            bad = worse;
            (ground, steady) = (None, None);
            continue;
        }
        let steady =
            past.and_then(|past| steady.filter(|paths| paths.iter().all(|path| shows_the_same(path, past, &linked))));
        diags.extend(kept);
        diags.extend(linked.diags);
        let checker = Checker { catalog: &linked.catalog, world: &linked.world };
        laps.lap("index and link");
        let checks = std::mem::take(&mut round.checks);
        let mut followed = linked.followed;
        let (known, worth) = rayon::join(
            || remember(&pages, &drafts, &mut followed, checks, checker, (reading, ground)),
            || worth(settings, &theme, files, &data, &linked.plan, &linked.catalog, &linked.agenda),
        );
        let counts = Counts { parsed: parsed + linked.read_again, pages: pages.len(), ..Counts::default() };
        let (versions, (shown, to)) = followed.into_iter().map(|f| (f.version, (f.shown, f.to))).unzip();
        let site = Arc::new(Site {
            settings: Arc::clone(settings),
            clock,
            versions,
            shown,
            sheets: Sheets::new(linked.sheets, loader(Arc::clone(&linked.world), Arc::clone(&reader), &pages)),
            catalog: linked.catalog,
            agenda: linked.agenda,
            record,
            results,
            calendar_pages: theme.has("calendar.html"),
            ledger_clause: linked.ledger_clause,
            targets,
            target_links: linked.target_links,
            data: data.json,
            assets,
            words: theme.words.clone(),
            navigation: linked.navigation,
            worth,
        });
        laps.lap("views");
        let kit = Kit { reader, world: linked.world, pages, to, today };
        return Prepared {
            site: Some((Views::new(site, theme), linked.plan)),
            diags,
            counts,
            phases: laps.phases,
            pages: Some(known),
            kit: Some(kit),
            steady,
        };
    }
}

/// Everything that does not change while bad pages are left out.
struct Round<'r> {
    files: &'r Arc<Snapshot>,
    settings: &'r Arc<Settings>,
    theme: &'r Arc<Theme>,
    assets: &'r Assets,
    clock: &'r Clock,
    data: &'r Data,
    targets: &'r Arc<Vec<puzhi_core::kinds::Target>>,
    lock: &'r Option<Lock>,
    results: &'r BTreeMap<String, puzhi_core::kinds::results::Results>,
    reader: &'r Arc<Reader>,
    hidden: BTreeMap<SitePath, Hidden>,
    /// How pages were checked in an earlier build.
    checks: Graph<SitePath, Ref>,
}

/// Cards indexed, outputs planned, references followed.
struct Linked {
    catalog: Arc<Catalog>,
    world: Arc<World>,
    agenda: Agenda,
    ledger_clause: Option<String>,
    plan: Plan,
    followed: Vec<Followed>,
    sheets: Vec<Option<Arc<Sheet>>>,
    target_links: Vec<(Option<String>, Option<String>)>,
    navigation: Vec<[Vec<Option<String>>; 3]>,
    /// Documents parsed again because something they refer to is another.
    read_again: usize,
    diags: Vec<Diag>,
}

/// What following a page's references came to.
#[derive(Clone)]
pub(super) struct Followed {
    pub shown: Shown,
    pub version: Stamp,
    pub to: Vec<SitePath>,
    checked: Noted,
}

/// Of a page that was checked in this build: what it asked for, and whether nothing was wrong.
type Noted = Option<(Vec<Ref>, bool)>;

impl Round<'_> {
    /// What will be wrong once the pages of `future` are there, so that no build fails only because a day passed.
    fn look_ahead(&mut self, pages: Vec<Page>, future: Vec<Page>) -> (Vec<Page>, Vec<Diag>) {
        let coming: BTreeSet<SitePath> = future.iter().map(|page| page.place.path.clone()).collect();
        let mut all = pages;
        all.extend(future);
        all.sort_by(|a, b| a.place.path.cmp(&b.place.path));
        let checks = std::mem::take(&mut self.checks);
        let mut found = self.link(&all, |page| coming.contains(&page.place.path), None).diags;
        self.checks = checks;
        // What two pages have in common may be said at either.
        let shared = [&codes::links::ROUTE_COLLISION, &codes::links::DUPLICATE_ID, &codes::links::TERM_ALIAS_CLASH];
        found.retain(|d| shared.contains(&d.code) || d.file.as_ref().is_some_and(|f| coming.contains(f)));
        all.retain(|page| !coming.contains(&page.place.path));
        (all, found)
    }

    /// Indexes and plans the site of `pages`, and follows the references of those that `wanted` names. `steady` are the only files
    /// that changed, where no reference can lead elsewhere than it did.
    fn link(&mut self, pages: &[Page], wanted: impl Fn(&Page) -> bool + Sync, steady: Option<&[SitePath]>) -> Linked {
        let cards: Vec<Arc<Card>> = pages.iter().map(|page| Arc::clone(&page.card)).collect();
        let (mut catalog, mut unplaced) = catalog::build(cards, self.settings);
        unplaced.extend(duplicate_ids(&catalog));
        let today = self.clock.today;
        let agenda = agenda(&catalog, self.settings, self.lock.as_ref().unwrap_or(&Lock::default()), today);
        let (plan, found) = plan(&catalog, &agenda, self.results, self.settings, self.assets, self.theme, self.files);
        unplaced.extend(found);
        let mut diags: Vec<Diag> = unplaced.into_iter().map(|(diag, span)| self.placed(diag, span)).collect();
        diags.extend(agenda.findings(&catalog, today));
        let world = Arc::new(World {
            files: Arc::clone(self.files),
            settings: Arc::clone(self.settings),
            theme: Arc::clone(self.theme),
            targets: Arc::clone(self.targets),
            resolver: Resolver::new(Arc::clone(self.files), self.hidden.clone(), plan.made()),
            events: event_ids(&catalog),
            surveys: catalog.ids().filter_map(|id| survey_id(catalog.card(id))).collect(),
        });
        let checker = Checker { catalog: &catalog, world: &world };
        self.checks.begin();
        let changed = match steady {
            Some(files) => {
                let keys: Vec<Ref> = files.iter().cloned().map(Ref::File).collect();
                self.checks.refresh_some(&keys, |key| checker.stamp(key))
            }
            None => self.checks.refresh(|key| checker.stamp(key)),
        };
        let outdated = self.checks.readers(&changed);
        let unknown = |page: &Page| {
            page.past.is_none() || outdated.contains(&page.place.path) || !self.checks.contains(&page.place.path)
        };
        let follow = |(i, page): (usize, &Page)| -> (Followed, Option<Arc<Sheet>>, Vec<Diag>, bool) {
            if !wanted(page) {
                let nothing = Followed { shown: Shown::default(), version: Stamp(0), to: Vec::new(), checked: None };
                return (nothing, None, Vec::new(), false);
            }
            match &page.past {
                Some(past) if !unknown(page) => {
                    let known = Followed {
                        shown: past.shown.clone(),
                        version: past.version,
                        to: past.to.clone(),
                        checked: None,
                    };
                    (known, None, Vec::new(), false)
                }
                _ => self.follow(PageId(i as u32), page, checker),
            }
        };
        let results: Vec<_> = pages.par_iter().enumerate().map(follow).collect();
        let mut followed = Vec::with_capacity(pages.len());
        let mut sheets = Vec::with_capacity(pages.len());
        let mut read_again = 0;
        for (one, sheet, found, again) in results {
            followed.push(one);
            sheets.push(sheet);
            diags.extend(found);
            read_again += usize::from(again);
        }
        let target_links = self.target_links(&checker, &mut diags);
        let ledger_clause = self.ledger_clause(&checker, &mut diags);
        let navigation = self
            .settings
            .languages
            .iter()
            .enumerate()
            .map(|(lang, l)| {
                [&l.navigation, &l.footer, &l.entries].map(|entries| checker.navigation(entries, lang, &mut diags))
            })
            .collect();
        let links: Vec<(PageId, PageId)> = followed
            .par_iter()
            .enumerate()
            .flat_map_iter(|(i, f)| {
                f.to.iter().filter_map(|to| catalog.by_path(to)).map(move |to| (PageId(i as u32), to))
            })
            .collect();
        catalog.set_backlinks(links);
        Linked {
            catalog: Arc::new(catalog),
            world,
            agenda,
            ledger_clause,
            plan,
            followed,
            sheets,
            target_links,
            navigation,
            read_again,
            diags,
        }
    }

    /// Follows the references of one page, which is parsed if it was not.
    fn follow(&self, id: PageId, page: &Page, checker: Checker<'_>) -> (Followed, Option<Arc<Sheet>>, Vec<Diag>, bool) {
        let (doc, again) = match &page.doc {
            Some(doc) => (Arc::clone(doc), false),
            None => match self.reader.read(&page.place, page.kind).doc {
                Some(doc) => (Arc::new(doc), true),
                // It was there when the build began.
                None => {
                    let gone = Followed {
                        shown: Shown::default(),
                        version: Stamp(0),
                        to: Vec::new(),
                        checked: Some((Vec::new(), false)),
                    };
                    return (
                        gone,
                        None,
                        vec![Diag::new(&codes::source::UNREADABLE).file(&page.place.path).arg("cause", "changed")],
                        true,
                    );
                }
            },
        };
        let (followed, sheet, diags) = follow(id, page, doc, checker);
        (followed, (page.whole || again).then(|| Arc::new(sheet)), diags, again)
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
        let mut follow = |link: &puzhi_core::kinds::Spanned<String>| {
            checker.site_link(&link.value, 0, |d| d.at(&source, link.span), diags)
        };
        let targets = self.data.targets.iter();
        targets
            .map(|t| {
                (
                    t.clause.as_ref().and_then(|(_, link)| link.as_ref()).and_then(&mut follow),
                    t.explainer.as_ref().and_then(&mut follow),
                )
            })
            .collect()
    }
}

/// Follows the references of a page that was read.
pub(super) fn follow(id: PageId, page: &Page, doc: Arc<Doc>, checker: Checker<'_>) -> (Followed, Sheet, Vec<Diag>) {
    let Checked { resolved, shown, diags, to, refs } = checker.page(id, &doc);
    let sound = page.sound && diags.is_empty();
    let mut to: Vec<SitePath> = to.into_iter().map(|to| checker.catalog.card(to).path.clone()).collect();
    to.sort_unstable();
    to.dedup();
    let version = stamp(&(page.hash, page.kind, &resolved, &shown));
    (Followed { shown, version, to, checked: Some((refs, sound)) }, Sheet { doc, resolved }, diags)
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
fn record_events<'d>(
    pages: impl Iterator<Item = &'d Page>,
    lock: &Option<Lock>,
    settings: &Settings,
    today: Date,
    diags: &mut Vec<Diag>,
) -> Record {
    let events: Vec<(&Event, &str, usize)> = pages
        .filter_map(|page| match page.card.event() {
            Some(event) if page.card.role == Role::Page && !page.card.draft && !page.card.sample => {
                Some((event, page.place.key.as_str(), page.place.lang))
            }
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

fn survey_id(card: &Card) -> Option<String> {
    match &card.facts {
        Facts::Survey(survey) => survey.id.as_ref().map(|id| id.value.clone()),
        _ => None,
    }
}

/// Two pages with the same survey or event id, unless one is the other in another language.
fn duplicate_ids(catalog: &Catalog) -> Vec<(Diag, Option<Span>)> {
    let mut seen: BTreeMap<(&str, &str), Vec<&Card>> = BTreeMap::new();
    let mut diags = Vec::new();
    for card in &catalog.cards {
        let (what, id) = match &card.facts {
            Facts::Survey(s) => ("survey", s.id.as_ref()),
            Facts::Event(e) => ("event", e.id.as_ref()),
            _ => continue,
        };
        let Some(id) = id else { continue };
        let same = seen.entry((what, &id.value)).or_default();
        if let Some(other) = same.iter().find(|other| other.lang == card.lang || other.key != card.key) {
            let diag =
                Diag::new(&codes::links::DUPLICATE_ID).file(&card.path).arg("id", &id.value).arg("other", &other.path);
            diags.push((diag, Some(id.span)));
        }
        same.push(card);
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

/// What outputs read besides the catalog.
fn worth(
    settings: &Settings,
    theme: &Theme,
    files: &Arc<Snapshot>,
    data: &Data,
    plan: &Plan,
    catalog: &Catalog,
    agenda: &Agenda,
) -> Worth {
    let of_files = Arc::clone(files);
    Worth {
        settings: Some(stamp(&format!("{settings:?}"))),
        templates: theme.stamps.clone(),
        data: data.json.iter().map(|(path, json)| (path.clone(), stamp(&json.to_string()))).collect(),
        sitemaps: plan.sitemap_stamps(catalog, agenda),
        file: Some(Box::new(move |path| of_files.hash(path).map(|hash| stamp(&hash)))),
        ..Worth::of(settings.languages.len())
    }
}

/// How a document that was not parsed is read when an output needs it. Nothing was wrong with it, so nothing is said.
fn loader(world: Arc<World>, reader: Arc<Reader>, pages: &[Page]) -> Loader {
    let known: Vec<(Arc<Place>, KindName)> = pages.iter().map(|page| (Arc::clone(&page.place), page.kind)).collect();
    Box::new(move |site, id| {
        let (place, kind) = &known[id.0 as usize];
        let doc = reader.read(place, *kind).doc.unwrap_or_else(|| Doc::empty(&place.path));
        let resolved = Checker { catalog: &site.catalog, world: &world }.page(id, &doc).resolved;
        Sheet { doc: Arc::new(doc), resolved }
    })
}

/// All that a site is made of but the texts of its documents: where two builds agree in this and in every page's card, they agree
/// in all that pages see of each other.
fn ground(files: &Snapshot, reading: Stamp, today: Date) -> Stamp {
    let files: Vec<(&SitePath, Option<Hash>)> =
        files.paths().map(|path| (path, (!docs::is_page(path)).then(|| files.hash(path)).flatten())).collect();
    stamp(&(reading, today, files))
}

/// The pages that were read anew, if their cards say what they said and all pages are those of the earlier build.
fn texts_only(pages: &[Page], drafts: &[Page], past: &Pages) -> Option<Vec<SitePath>> {
    if pages.len() + drafts.len() != past.pages.len() {
        return None;
    }
    let anew = pages.iter().chain(drafts).filter(|page| page.past.is_none());
    anew.map(|page| {
        past.pages.get(&page.place.path).filter(|old| old.differs_in_text_only(page)).map(|_| page.place.path.clone())
    })
    .collect()
}

/// Whether what a page's references show to others is what it was.
fn shows_the_same(path: &SitePath, past: &Pages, linked: &Linked) -> bool {
    let (Some(old), Some(page)) = (past.pages.get(path), linked.catalog.by_path(path)) else { return false };
    let now = &linked.followed[page.0 as usize];
    now.shown == old.shown && now.to == old.to && matches!(now.checked, Some((_, true)))
}

/// What the next build may know: of pages that nothing is wrong with. Takes what was noted of how they were checked.
fn remember(
    pages: &[Page],
    drafts: &[Page],
    followed: &mut [Followed],
    mut checks: Graph<SitePath, Ref>,
    checker: Checker<'_>,
    (reading, ground): (Stamp, Option<Stamp>),
) -> Pages {
    let checked: Vec<Noted> = followed.iter_mut().map(|followed| followed.checked.take()).collect();
    let past_of = |(page, (followed, checked)): (&Page, (&Followed, &Noted))| {
        let past = match checked {
            None => page.past.clone()?,
            Some((_, true)) => {
                Arc::new(PastPage::of(page, followed.shown.clone(), followed.to.clone(), followed.version))
            }
            Some((_, false)) => return None,
        };
        Some((page.place.path.clone(), past))
    };
    let mut known: BTreeMap<SitePath, Arc<PastPage>> =
        pages.par_iter().zip(followed.par_iter().zip(&checked)).filter_map(past_of).collect();
    for draft in drafts.iter().filter(|page| page.sound) {
        let past =
            draft.past.clone().unwrap_or_else(|| Arc::new(PastPage::of(draft, Shown::default(), Vec::new(), Stamp(0))));
        known.insert(draft.place.path.clone(), past);
    }
    for (page, checked) in pages.iter().zip(checked) {
        if let Some((refs, true)) = checked {
            checks.put(page.place.path.clone(), refs, |key| checker.stamp(key));
        }
    }
    // Both are in path order.
    let mut paths = known.keys().peekable();
    let gone = |path: &&SitePath| {
        while paths.next_if(|known| known < path).is_some() {}
        paths.peek() != Some(path)
    };
    let gone: Vec<SitePath> = checks.nodes().filter(gone).cloned().collect();
    gone.iter().for_each(|path| checks.remove(path));
    Pages { reading, ground, pages: known, checks }
}
