//! The site behind the preview: what a save changes, and what an address answers. The one seam between server and pipeline.
//!
//! In: the site's folder and what may have changed there. Out: bytes by output path, findings by output path, counters.
//! Nothing is ever written. All else of the preview knows the site through `open`, `update`, `get` and `findings` alone, so
//! how outputs are kept up to date may be replaced here without touching the server.
//!
//! An update runs the phases before rendering over what the last one knows of every page, and where only one page's own text
//! changed, not even those (`build::Kit`). An output is rendered when it is asked for, the visited page first, and kept until
//! something changes that it read.
//!
//! **Errors.** What `site.yaml`, the theme or data get wrong stands over every page, and their last good text serves. A page
//! with errors is shown as its last good text has it, there and on its card, with what is wrong over it. One whose
//! text is as it was and whose links broke by another's change stays, such links as text. One that was never good is left
//! out, and its address shows what is wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::{Catalog, Seat, folder_route, place};
use crate::engine::Stamp;
use crate::outputs::{Artifact, Plan, render};
use crate::pipeline::{Kit, Options, Pages, Prepared, prepare_over};
use crate::settings::{self, Settings};
use crate::source::{Changes, SETTINGS, Snapshot, human_size, scan, settings_text};
use crate::view::{Key, Views, during};
use puzhi_core::base::{Clock, Hash, Route, SitePath};
use puzhi_core::diag::{self, Diag, Severity, SourceText, codes};

use super::texts::Texts;

/// The largest file that is shown; larger ones are for the built site.
const LARGEST: u64 = 256 << 20;
/// Rendered outputs that are kept.
const KEPT: usize = 2000;

/// The day by the site's settings.
pub type Today = Box<dyn Fn(&Settings) -> Clock + Send>;

/// A site that is being edited.
pub struct Desk {
    root: PathBuf,
    today: Today,
    texts: Texts,
    /// The text `site.yaml` had last, and what is wrong with it.
    settings_text: Option<String>,
    settings_diags: Vec<Diag>,
    /// The last settings without errors.
    settings: Option<Arc<Settings>>,
    shown: Option<Shown>,
    findings: Findings,
    rendered: HashMap<String, Kept>,
    /// Errors of rendering, by output path.
    failed: BTreeMap<String, Diag>,
    counters: Counters,
    /// What the last round of phases knows of the pages.
    known: Option<Pages>,
}

/// The site that is shown.
struct Shown {
    files: Arc<Snapshot>,
    views: Views,
    plan: Plan,
    jobs: HashMap<String, usize>,
    kit: Option<Kit>,
    /// The day it was made for.
    day: jiff::civil::Date,
}

struct Kept {
    output: Output,
    /// Of the state that is shown; an older one stands in where a template fails.
    fresh: bool,
    /// What was to be made at the address.
    recipe: Stamp,
    /// What it read, and what each was worth.
    reads: Vec<(Key, Option<Stamp>)>,
}

/// The bytes of one output.
#[derive(Debug, Clone)]
pub struct Output {
    pub bytes: Arc<[u8]>,
    pub hash: Hash,
}

/// What is wrong, by whose business it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Errors and warnings of one page's own file, by output path.
    pub pages: BTreeMap<String, Vec<Diag>>,
    /// Errors of no single page: settings, theme, data.
    pub everywhere: Vec<Diag>,
}

/// What one update did.
#[derive(Debug, Clone)]
pub struct Update {
    /// Counts the updates, from 1.
    pub number: u64,
    pub changed: Changed,
    /// Everything that is wrong now, in a reader's order.
    pub diags: Vec<Diag>,
    pub counters: Counters,
}

/// Outputs whose bytes may be other than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Nothing,
    /// These, by output path.
    Only(BTreeSet<String>),
    Anything,
}

/// Work done since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counters {
    /// Times that changes were looked at.
    pub updates: u64,
    /// Updates that found something changed.
    pub changes: u64,
    /// Markdown files parsed.
    pub parsed: u64,
    /// Outputs rendered.
    pub rendered: u64,
}

impl Desk {
    /// Reads the site at `root` for the first time. Errors are findings, never a refusal.
    pub fn open(root: &Path, today: Today) -> Desk {
        let mut desk = Desk {
            root: root.to_path_buf(),
            today,
            texts: Texts::default(),
            settings_text: None,
            settings_diags: Vec::new(),
            settings: None,
            shown: None,
            findings: Findings::default(),
            rendered: HashMap::new(),
            failed: BTreeMap::new(),
            counters: Counters::default(),
            known: None,
        };
        desk.update(&Changes::all());
        desk
    }

    /// Looks at what changed and brings everything up to date.
    pub fn update(&mut self, changes: &Changes) -> Update {
        self.counters.updates += 1;
        if let Some(changed) = self.quick(changes) {
            return Update { number: self.counters.updates, changed, diags: self.diags(), counters: self.counters };
        }
        let before = (self.findings.clone(), self.settings_diags.clone());
        let new_settings = self.read_settings();
        let mut changed = Changed::Nothing;
        if let Some(settings) = self.settings.clone() {
            let (files, found) = scan(&self.root, &settings.theme);
            let differs = self.texts.refresh(&files, changes);
            if new_settings || !differs.is_empty() {
                self.counters.changes += 1;
                self.rebuild(files, found, &settings);
                changed = Changed::Anything;
            }
        }
        if changed == Changed::Nothing && (&self.findings, &self.settings_diags) != (&before.0, &before.1) {
            changed = Changed::Anything;
        }
        Update { number: self.counters.updates, changed, diags: self.diags(), counters: self.counters }
    }

    /// The output at `path` (`guides/a/index.html`), or as it last was where a template fails now. `None` where there is none.
    pub fn get(&mut self, path: &str) -> Option<Output> {
        if let Some(kept) = self.rendered.get(path).filter(|kept| kept.fresh) {
            return Some(kept.output.clone());
        }
        let shown = self.shown.as_ref()?;
        let job = &shown.plan.jobs[*shown.jobs.get(path)?];
        let (made, reads) = during(&shown.views.site, || render(job, &shown.plan, &shown.views, &shown.files));
        let (bytes, copy) = match made {
            Ok(Artifact::Bytes(bytes)) => (Ok(bytes), false),
            Ok(Artifact::Stream(stream)) => (whole(stream), true),
            Err(diag) => (Err(*diag), false),
        };
        match bytes {
            Ok(bytes) => {
                let output = Output { hash: Hash::of(&bytes), bytes: bytes.into() };
                self.failed.remove(path);
                if !copy {
                    self.counters.rendered += 1;
                    if self.rendered.len() >= KEPT {
                        self.rendered.clear();
                    }
                    let site = &shown.views.site;
                    let reads = reads.iter().map(|read| (site.key(read), site.read_stamp(read))).collect();
                    self.rendered.insert(
                        path.to_string(),
                        Kept { output: output.clone(), fresh: true, recipe: job.stamp(site), reads },
                    );
                }
                Some(output)
            }
            Err(diag) => {
                self.failed.insert(path.to_string(), diag);
                self.rendered.get(path).map(|kept| kept.output.clone())
            }
        }
    }

    /// The short way: one page's own text was saved, and nothing else can have changed by it. `None` where that is not sure.
    fn quick(&mut self, changes: &Changes) -> Option<Changed> {
        let mut named = changes.paths.iter();
        let path = named.next().filter(|_| !changes.all && changes.paths.len() == 1)?;
        let shown = self.shown.as_mut()?;
        let settings = self.settings.as_ref()?;
        if !self.findings.everywhere.is_empty()
            || self.settings_diags.iter().any(Diag::is_error)
            || (self.today)(settings).today != shown.day
        {
            return None;
        }
        let job = shown.views.site.page_at(path).map(|id| shown.views.site.catalog.card(id).route.output())?;
        if self.findings.pages.contains_key(&job) {
            return None;
        }
        let (bytes, stat) = self.texts.saved(&self.root, path)?;
        if !self.texts.differs(path, &bytes) {
            return Some(Changed::Nothing);
        }
        let key = shown.kit.as_mut()?.edit(&mut shown.views, path, &bytes)?;
        self.texts.take(path, bytes, stat);
        self.counters.changes += 1;
        self.counters.parsed += 1;
        // What the last round knows of this page is no longer so.
        if let Some(known) = &mut self.known {
            known.forget(path);
        }
        let mut changed = BTreeSet::from([job]);
        for (output, kept) in &mut self.rendered {
            if kept.reads.iter().any(|(read, _)| *read == key) {
                kept.fresh = false;
                changed.insert(output.clone());
            }
        }
        Some(Changed::Only(changed))
    }

    /// Whether `path` is an output or the address of a page that could not be made.
    pub fn holds(&self, path: &str) -> bool {
        self.shown.as_ref().is_some_and(|s| s.jobs.contains_key(path)) || self.findings.pages.contains_key(path)
    }

    /// What is wrong with the page at `path`: first with itself, then with the whole site. After [`Desk::get`], with rendering, too.
    pub fn findings(&self, path: &str) -> (Vec<Diag>, Vec<Diag>) {
        let own = self.findings.pages.get(path).into_iter().flatten().chain(self.failed.get(path));
        let settings = self.settings_diags.iter().filter(|d| d.is_error());
        (own.cloned().collect(), settings.chain(&self.findings.everywhere).cloned().collect())
    }

    /// Where the site begins on its host, with slashes at both ends.
    pub fn base_path(&self) -> &str {
        self.settings.as_ref().map_or("/", |settings| settings.base_path())
    }

    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Everything that is wrong, errors of rendering only as far as pages were asked for.
    pub fn diags(&self) -> Vec<Diag> {
        let pages = self.findings.pages.values().flatten();
        let rest = self.settings_diags.iter().chain(&self.findings.everywhere).chain(self.failed.values());
        let mut all: Vec<Diag> = pages.chain(rest).cloned().collect();
        diag::sort(&mut all);
        all.dedup();
        all
    }

    /// Whether the settings are other than before. Bad ones leave the last good ones in place.
    fn read_settings(&mut self) -> bool {
        let (text, warning) = match settings_text(&self.root) {
            Ok(read) => read,
            Err(diag) => {
                self.settings_text = None;
                self.settings_diags = vec![diag];
                return false;
            }
        };
        if self.settings_text.as_ref() == Some(&text) {
            return false;
        }
        let Ok(path) = SitePath::new(SETTINGS) else { return false };
        let (settings, mut diags) = settings::read(&SourceText::new(&path, &text));
        diags.extend(warning);
        let good = !diags.iter().any(Diag::is_error);
        self.settings_text = Some(text);
        self.settings_diags = diags;
        if good {
            self.settings = Some(Arc::new(settings));
        }
        good
    }

    /// Runs the phases over the files as they are; where that gives errors, once more with the last good texts.
    fn rebuild(&mut self, files: Snapshot, found: Vec<Diag>, settings: &Arc<Settings>) {
        let clock = (self.today)(settings);
        let mut instead = BTreeMap::new();
        let mut round = self.round(self.texts.snapshot(files, &instead), found, settings, &clock, BTreeSet::new());
        let mut diags = std::mem::take(&mut round.prepared.diags);
        if round.prepared.site.is_none() {
            // Nothing was read but the theme. With its last good files the pages have their turn.
            instead = self.better(&errors_by_file(&diags));
            if !instead.is_empty() {
                round = self.again(&instead, settings, &clock, BTreeSet::new());
                diags.append(&mut round.prepared.diags);
            }
        }
        let bad = errors_by_file(&diags);
        let Some((views, _)) = &round.prepared.site else {
            self.keep(diags, &[]);
            return;
        };
        let would_be: Vec<(SitePath, Route)> = addresses(&views.site.catalog);
        let more = self.better(&bad);
        let pages: BTreeSet<&SitePath> = would_be.iter().map(|(path, _)| path).collect();
        let never_good =
            |path: &&SitePath| pages.contains(path) && !more.contains_key(*path) && !self.texts.was_good(path);
        let hopeless: BTreeSet<SitePath> = bad.iter().filter(never_good).cloned().collect();
        if more.keys().any(|path| !instead.contains_key(path)) || !hopeless.is_empty() {
            instead.extend(more);
            round = self.again(&instead, settings, &clock, hopeless);
        }
        self.texts.settle(&bad);
        match round.prepared.site {
            Some((views, plan)) => {
                let addresses = self.all_addresses(&round.files, settings, would_be, &views);
                let jobs: HashMap<String, usize> =
                    plan.jobs.iter().enumerate().map(|(i, job)| (job.route.output(), i)).collect();
                // What is to be made there is the same, and so is all it read.
                let site = &views.site;
                let stands = |path: &String, kept: &Kept| {
                    jobs.get(path).is_some_and(|n| plan.jobs[*n].stamp(site) == kept.recipe)
                        && kept.reads.iter().all(|(key, worth)| site.stamp(key) == *worth)
                };
                self.rendered.iter_mut().for_each(|(path, kept)| kept.fresh = kept.fresh && stands(path, kept));
                self.known = round.prepared.pages;
                self.shown =
                    Some(Shown { files: round.files, views, plan, jobs, kit: round.prepared.kit, day: clock.today });
                self.failed.clear();
                self.keep(diags, &addresses);
            }
            None => self.keep(diags, &would_be),
        }
    }

    fn again(
        &mut self,
        instead: &BTreeMap<SitePath, Arc<[u8]>>,
        settings: &Arc<Settings>,
        clock: &Clock,
        leave_out: BTreeSet<SitePath>,
    ) -> Round {
        let (files, found) = scan(&self.root, &settings.theme);
        self.round(self.texts.snapshot(files, instead), found, settings, clock, leave_out)
    }

    fn round(
        &mut self,
        files: Snapshot,
        found: Vec<Diag>,
        settings: &Arc<Settings>,
        clock: &Clock,
        leave_out: BTreeSet<SitePath>,
    ) -> Round {
        let options = Options { drafts: true, leave_out, ..Options::default() };
        let files = Arc::new(files);
        let prepared = prepare_over(&files, found, settings, clock.clone(), &options, self.known.as_ref());
        self.counters.parsed += prepared.counts.parsed as u64;
        Round { files, prepared }
    }

    /// The last good texts of those files that have one besides what stands there now.
    fn better(&self, bad: &BTreeSet<SitePath>) -> BTreeMap<SitePath, Arc<[u8]>> {
        bad.iter().filter_map(|path| Some((path.clone(), self.texts.better(path)?))).collect()
    }

    /// Where each content file is shown, or would be: as it is now, as it was, and by its path alone.
    fn all_addresses(
        &self,
        files: &Snapshot,
        settings: &Settings,
        would_be: Vec<(SitePath, Route)>,
        views: &Views,
    ) -> Vec<(SitePath, Route)> {
        let mut all = would_be;
        all.extend(addresses(&views.site.catalog));
        let named: BTreeSet<SitePath> = all.iter().map(|(path, _)| path.clone()).collect();
        let markdown: Vec<&SitePath> =
            files.below("content").filter(|p| matches!(p.extension().as_str(), "md" | "markdown")).collect();
        let languages: Vec<&str> = settings.languages.iter().map(|l| l.code.as_str()).collect();
        let taxonomies: Vec<&str> = settings.taxonomies.iter().map(|t| t.key.as_str()).collect();
        let unread = place(&markdown, &languages, &taxonomies).into_iter().filter(|place| !named.contains(&place.path));
        all.extend(unread.map(|place| {
            let prefix = if place.lang == 0 { "" } else { languages[place.lang] };
            let route = match place.role {
                Seat::Section => folder_route(prefix, &place.folder),
                _ => Route::page([prefix].into_iter().chain(place.folder.split('/')).chain([place.name.as_str()])),
            };
            (place.path, route)
        }));
        all
    }

    /// Sorts out whose business each finding is.
    fn keep(&mut self, diags: Vec<Diag>, addresses: &[(SitePath, Route)]) {
        let mut diags = diags;
        diag::sort(&mut diags);
        diags.dedup();
        let mut findings = Findings::default();
        for diag in diags.into_iter().filter(|d| d.severity != Severity::Note) {
            let own = addresses.iter().filter(|(path, _)| diag.file.as_ref() == Some(path));
            let outputs: BTreeSet<String> = own.map(|(_, route)| route.output()).collect();
            if outputs.is_empty() && diag.is_error() {
                findings.everywhere.push(diag);
                continue;
            }
            for output in outputs {
                findings.pages.entry(output).or_default().push(diag.clone());
            }
        }
        self.findings = findings;
    }
}

/// One run of the phases before rendering.
struct Round {
    files: Arc<Snapshot>,
    prepared: Prepared,
}

fn addresses(catalog: &Catalog) -> Vec<(SitePath, Route)> {
    catalog.cards.iter().map(|card| (card.path.clone(), card.route.clone())).collect()
}

fn errors_by_file(diags: &[Diag]) -> BTreeSet<SitePath> {
    diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.clone()).collect()
}

fn whole(stream: Box<dyn Read + '_>) -> Result<Vec<u8>, Diag> {
    let mut bytes = Vec::new();
    match stream.take(LARGEST + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST => {
            let diag = Diag::new(&codes::output::OUTPUT_TOO_LARGE).arg("size", human_size(bytes.len() as u64));
            Err(diag.arg("limit", human_size(LARGEST)))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Diag::new(&codes::source::UNREADABLE).arg("cause", error.kind())),
    }
}
