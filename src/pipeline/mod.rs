//! The pipeline in one place: every phase is named here and nowhere else.
//!
//! `Source → Doc → Card → Catalog → Recipe → Artifact → public/`. In: the site's files, its settings, the day.
//! Out: the written site or nothing, and a [`Report`]. Prints nothing.

mod check;
mod data;
mod docs;
mod explain;
mod ground;
mod numbers;
mod past;
mod prepare;
mod quick;
mod results;
mod state;
mod timings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::engine::{Graph, Stamp, stamp};
use crate::outputs::{Artifact, Job, Plan, Recipe, render};
use crate::settings::Settings;
use crate::source::{Snapshot, human_size};
use crate::view::{Facet, Key, Leaf, Read, Views, during};
use puzhi_core::base::{Clock, SitePath};
use puzhi_core::diag::{self, Diag, Severity, codes};

use crate::sink::{Planned, Put, Rank, Sink, Summary};
use explain::why;
use ground::{Folder, Ground, Memory};
use numbers::Numbers;
use past::Made;
use timings::Laps;

pub use explain::{Explanation, Why, explain};
pub use ground::Tree;
pub use past::{Pages, Past};
pub use prepare::{Prepared, prepare, prepare_over};
pub use quick::Kit;
pub use state::{Known, State};
pub use timings::Timings;

/// So many bytes of Markdown are held as documents until they are shown: of ten thousand long articles, nearly all.
pub const HOLD: u64 = 32 << 20;

/// What the command line decides about a build.
#[derive(Debug, Clone)]
pub struct Options {
    /// Drafts and future pages are built, too.
    pub drafts: bool,
    /// Warnings count as errors.
    pub strict: bool,
    /// Good pages are written even if others have errors.
    pub keep_going: bool,
    /// Pages left out whatever they hold. The preview knows of each bad page whether it has something better to show.
    pub leave_out: BTreeSet<SitePath>,
    /// Of Markdown beyond these bytes, only what links need is held; a page's text is read again when the page is made. It bounds
    /// memory and changes no output.
    pub hold: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { drafts: false, strict: false, keep_going: false, leave_out: BTreeSet::new(), hold: HOLD }
    }
}

/// How a build ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The site is written.
    Built,
    /// Content has errors; with `keep_going` the good pages are written all the same.
    ContentErrors,
    /// Reading or writing failed.
    Failed,
}

/// What a build did: findings in a reader's order, and how much work it was.
#[derive(Debug, Clone)]
pub struct Report {
    pub outcome: Outcome,
    pub diags: Vec<Diag>,
    pub counts: Counts,
    pub timings: Timings,
}

/// Work counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Markdown files parsed.
    pub parsed: usize,
    /// Content pages on the site.
    pub pages: usize,
    /// Outputs of the site: made from templates or as feeds and maps, and copied.
    pub outputs: usize,
    pub copies: usize,
    /// Keys whose worth was compared with that of the build before.
    pub compared: usize,
    /// Keys that are worth something else than in the build before.
    pub changed: usize,
    /// Outputs made in this build, copies included.
    pub rendered: usize,
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
}

/// Called as outputs are done: how many of how many.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// What a build is made from.
pub struct Order<'o> {
    pub files: Arc<Snapshot>,
    /// Findings from before: of the scan and the settings.
    pub found: Vec<Diag>,
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub options: &'o Options,
    pub progress: Progress<'o>,
}

/// Builds the site into the folder `out`, over what an earlier build of the same kind left. The second value is for the next one;
/// it is there only when this build is one to build upon.
pub fn build(order: Order<'_>, past: Option<Past>, out: &Path) -> (Report, Option<Past>) {
    let (report, past, _) = run(order, past, &mut Folder::new(out, None));
    (report, past)
}

/// What a build knew when it ended. Letting go of it piece by piece takes a while, which a process that ends need not spend.
#[derive(Default)]
pub struct Held {
    _past: Option<Past>,
    _known: Known,
}

/// Builds the site into the folder `out` over the state an earlier build left, and leaves one. With `clean`, what was left is
/// ignored.
pub fn build_with_state(mut order: Order<'_>, state: &State, clean: bool, out: &Path) -> (Report, Held) {
    if clean {
        state.forget();
    }
    let files = Arc::clone(&order.files);
    let mut laps = Laps::start();
    let mut known = state.look(&files);
    laps.lap("look at state");
    let settings = stamp(&format!("{:?}", order.settings));
    let today = order.clock.today;
    let folder = Folder::new(out, Some(state));
    if order.found.is_empty()
        && let Some(counts) = state.is_current(&known, &files, settings, today, |path| folder.stat(path))
    {
        laps.lap("compare");
        // What settings alone say is said again.
        let mut diags = missing_base_url(&order.settings);
        harden(&mut diags, order.options.strict);
        let outcome = if diags.iter().any(Diag::is_error) { Outcome::ContentErrors } else { Outcome::Built };
        let timings = Timings { phases: laps.phases, ..Timings::default() };
        return (Report { outcome, diags, counts, timings }, Held { _past: None, _known: known });
    }
    let past = state.load(&mut known);
    laps.lap("load state");
    let lasting = order.found.len() + missing_base_url(&order.settings).len();
    order.found.shrink_to_fit();
    let (mut report, mut past, site) = run(order, past, &mut Folder::new(out, Some(state)));
    report.timings.phases.splice(0..0, laps.phases);
    let mut laps = Laps::start();
    if let Some(past) = &mut past {
        let quiet = (report.diags.len() == lasting).then_some((settings, today, &report.counts));
        let (saved, ()) = rayon::join(|| state.save(past, &known, &files, quiet), || drop(site));
        report.diags.extend(saved.err());
        laps.lap("save state");
        report.timings.phases.extend(laps.phases);
    }
    (report, Held { _past: past, _known: known })
}

/// Holds every output on the disk against a clean build in memory; a finding for each that differs or is missing.
pub fn verify(order: Order<'_>, out: &Path) -> Vec<Diag> {
    let (_, _, tree) = build_over(order, None, Tree::new());
    let differs = |(path, bytes): &(&String, &Vec<u8>)| std::fs::read(out.join(path)).ok().as_ref() != Some(*bytes);
    tree.par_iter()
        .filter(differs)
        .map(|(path, _)| Diag::new(&codes::output::VERIFY_DIFFERS).arg("path", path))
        .collect()
}

/// Without an address some outputs are not made.
fn missing_base_url(settings: &Settings) -> Vec<Diag> {
    settings.base_url.is_none().then(|| Diag::new(&codes::output::NO_BASE_URL)).into_iter().collect()
}

/// Builds the site in memory; the second value holds every output by its path.
pub fn build_in_memory(files: &Snapshot, settings: Settings, clock: Clock, options: &Options) -> (Report, Tree) {
    let order = Order {
        files: Arc::new(files.clone()),
        found: Vec::new(),
        settings: Arc::new(settings),
        clock,
        options,
        progress: &|_, _| {},
    };
    let (report, _, tree) = build_over(order, None, Tree::new());
    (report, tree)
}

/// Builds in memory over an earlier build and what it made.
pub fn build_over(order: Order<'_>, past: Option<Past>, tree: Tree) -> (Report, Option<Past>, Tree) {
    let mut memory = Memory(tree);
    let (report, past, _) = run(order, past, &mut memory);
    (report, past, memory.0)
}

/// The third value is the site that was written: letting go of it takes a while, which the caller may spend otherwise.
fn run<G: Ground>(
    order: Order<'_>,
    past: Option<Past>,
    ground: &mut G,
) -> (Report, Option<Past>, Option<(Views, Plan)>) {
    let Order { files, found, settings, clock, options, progress } = order;
    let prepared = prepare_over(&files, found, &settings, clock, options, past.as_ref().map(|past| &past.pages));
    let timings = Timings { phases: prepared.phases, ..Timings::default() };
    let mut report = Report { outcome: Outcome::Built, diags: prepared.diags, counts: prepared.counts, timings };
    // No page will be edited in it.
    drop(prepared.kit);
    let content_errors = report.diags.iter().any(Diag::is_error);
    if content_errors {
        report.outcome = Outcome::ContentErrors;
    }
    let mut next = None;
    if let Some((views, plan)) = &prepared.site
        && (!content_errors || options.keep_going)
    {
        let before = past.map(|past| (past.outputs, past.made)).unwrap_or_default();
        match write(&files, views, plan, progress, before, prepared.steady, ground) {
            Ok(done) => {
                let (counts, summary) = (&mut report.counts, done.summary);
                (counts.outputs, counts.copies) = (done.outputs.len() - done.copies, done.copies);
                counts.compared = done.compared;
                (counts.changed, counts.rendered) = (done.changed, done.rendered);
                (counts.written, counts.unchanged, counts.removed) =
                    (summary.written, summary.unchanged, summary.removed);
                counts.parsed += views.site.sheets.loaded();
                report.diags.extend(summary.notes);
                report.timings.phases.extend(done.phases);
                report.timings.outputs(done.times);
                next = prepared.pages.filter(|_| !content_errors).map(|pages| Past {
                    pages,
                    outputs: done.outputs,
                    made: done.made,
                });
            }
            Err(failed) => {
                let content = failed
                    .iter()
                    .all(|d| d.code.name.starts_with("template-") || *d.code == codes::output::OUTPUT_TOO_LARGE);
                report.outcome = if content { Outcome::ContentErrors } else { Outcome::Failed };
                report.diags.extend(failed);
            }
        }
    }
    if report.diags.iter().any(|d| *d.code == codes::source::UNREADABLE) {
        report.outcome = Outcome::Failed;
        next = None;
    }
    diag::sort(&mut report.diags);
    report.diags.dedup();
    (report, next, prepared.site)
}

struct Done {
    outputs: Graph<String, Key>,
    made: BTreeMap<String, Made>,
    copies: usize,
    compared: usize,
    changed: usize,
    rendered: usize,
    summary: Summary,
    phases: Vec<(&'static str, Duration)>,
    /// Path, template and time of each output that was made.
    times: Vec<(String, &'static str, Duration)>,
}

/// An output's path and recipe, and what it read, which template made it and how long that took; nothing when it was kept.
type Finished = (String, Stamp, Result<Option<(Vec<Read>, &'static str, Duration)>, Box<Diag>>);

/// How many outputs are made before what they read is put into the graph: bounds the keys held twice.
const BATCH: usize = 1024;

/// Renders every output that is out of date in parallel and hands it to the sink; nothing is in place until all succeeded.
fn write<G: Ground>(
    files: &Snapshot,
    views: &Views,
    plan: &Plan,
    progress: Progress<'_>,
    (mut outputs, old): (Graph<String, Key>, BTreeMap<String, Made>),
    steady: Option<Vec<SitePath>>,
    ground: &mut G,
) -> Result<Done, Vec<Diag>> {
    let site = &views.site;
    let mut laps = Laps::start();
    outputs.begin();
    let (changed, compared) = match steady {
        // Who sees a page's text, or the bytes of its file.
        Some(pages) => {
            let keys: Vec<Key> =
                pages.into_iter().flat_map(|path| [Key::Page(Facet::All, path.clone()), Key::File(path)]).collect();
            (outputs.refresh_some(&keys, |key| site.stamp(key)), keys.len())
        }
        None => (outputs.refresh(|key| site.stamp(key)), outputs.keys()),
    };
    let outdated = outputs.readers(&changed);
    let standing = &*ground;
    let jobs: Vec<(&Job, String, Stamp, bool)> = plan
        .jobs
        .par_iter()
        .map(|job| {
            let (path, recipe) = (job.route.output(), job.stamp(site));
            let good =
                why(job, &path, old.get(&path), &outputs, outdated.contains(&path), site, standing) == Why::UpToDate;
            (job, path, recipe, good)
        })
        .collect();
    laps.lap("compare keys");
    let planned = jobs.iter().map(|(job, path, ..)| Planned { path: path.clone(), rank: rank(&job.recipe) }).collect();
    let sink = ground.open(planned).map_err(|d| vec![d])?;
    laps.lap("open output");
    let done = AtomicUsize::new(0);
    let mut times = Vec::new();
    let mut failed: Vec<Diag> = Vec::new();
    let mut rendered: Vec<(String, Stamp)> = Vec::new();
    let mut made = BTreeMap::new();
    let mut numbers = Numbers::new(site.sheets.len());
    let count = jobs.len();
    // Feeds show whole documents, so they come first; then pages, which then let go of their own; then lists, whose cards take
    // the memory that documents leave.
    let mut jobs = jobs;
    let turn = |job: &Job| match job.recipe {
        Recipe::Atom(_) | Recipe::JsonFeed(_) => 0,
        Recipe::Page(_) => 1,
        _ => 2,
    };
    jobs.sort_by_key(|(job, ..)| turn(job));
    let mut jobs = jobs.into_iter();
    let (mut waiting, mut shown) = (Vec::new(), Vec::new());
    loop {
        let batch: Vec<_> = jobs.by_ref().take(BATCH).collect();
        let ended = batch.is_empty();
        let pages =
            batch.iter().filter_map(|(job, ..)| if let Recipe::Page(page) = job.recipe { Some(page) } else { None });
        let pages = std::mem::replace(&mut shown, pages.collect());
        // What the last batch read goes into the graph, and its pages let go of their documents, while this one is made.
        let make_batch = || -> Vec<_> {
            let one = |(job, path, recipe, good): (&Job, String, Stamp, bool)| -> Finished {
                let result = if good && sink.keep(&path).is_ok() {
                    Ok(None)
                } else {
                    let start = Instant::now();
                    let (result, reads) = during(site, || make(job, plan, views, files, &sink));
                    result.map(|_| Some((reads, job.template(site), start.elapsed())))
                };
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                (path, recipe, result)
            };
            batch.into_par_iter().map(one).collect()
        };
        let note = |results: Vec<Finished>| {
            pages.into_iter().for_each(|page| site.sheets.release(page));
            for (path, recipe, result) in results {
                match result {
                    Ok(None) => drop(old.get(&path).map(|known| made.insert(path, *known))),
                    Ok(Some((reads, template, time))) => {
                        times.push((path.clone(), template, time));
                        numbers.put(&mut outputs, site, &path, reads);
                        rendered.push((path, recipe));
                    }
                    Err(diag) => failed.push(*diag),
                }
            }
        };
        let before = std::mem::take(&mut waiting);
        (waiting, ()) = rayon::join(make_batch, || note(before));
        if ended {
            break;
        }
    }
    if !failed.is_empty() {
        return Err(failed);
    }
    laps.lap("make outputs");
    if !rendered.is_empty() || made.len() != old.len() {
        ground.announce();
    }
    let summary = ground.commit(sink).map_err(|d| vec![d])?;
    let standing = &*ground;
    let count = rendered.len();
    made.par_extend(rendered.into_par_iter().map(|(path, recipe)| {
        let stat = standing.stat(&path);
        (path, Made { recipe, stat })
    }));
    let gone: Vec<String> = outputs.nodes().filter(|path| !made.contains_key(*path)).cloned().collect();
    gone.iter().for_each(|path| outputs.remove(path));
    laps.lap("put into place");
    let copies = plan.jobs.iter().filter(|job| matches!(job.recipe, Recipe::Copy(_))).count();
    Ok(Done {
        outputs,
        made,
        copies,
        compared,
        changed: changed.count(),
        rendered: count,
        summary,
        phases: laps.phases,
        times,
    })
}

fn make(job: &Job, plan: &Plan, views: &Views, files: &Snapshot, sink: &impl Sink) -> Result<Put, Box<Diag>> {
    let path = job.route.output();
    match render(job, plan, views, files)? {
        Artifact::Bytes(bytes) => {
            let limit = views.site.settings.limits.output;
            if bytes.len() as u64 > limit && !matches!(job.recipe, Recipe::Theme(_)) {
                let diag = Diag::new(&codes::output::OUTPUT_TOO_LARGE)
                    .arg("size", human_size(bytes.len() as u64))
                    .arg("limit", human_size(limit));
                return Err(Box::new(match &job.source {
                    Some(source) => diag.file(source),
                    None => diag,
                }));
            }
            sink.put(&path, &bytes).map_err(Box::new)
        }
        Artifact::Stream(mut stream) => {
            // The sink knows the output, not the file it is a copy of.
            sink.copy(&path, &mut *stream).map_err(|diag| match (&diag.file, &job.source) {
                (None, Some(source)) => Box::new(diag.file(source)),
                _ => Box::new(diag),
            })
        }
    }
}

fn rank(recipe: &Recipe) -> Rank {
    match recipe {
        Recipe::Copy(_) | Recipe::Theme(_) => Rank::Asset,
        Recipe::Page(_)
        | Recipe::List(_, Leaf::Archive(_))
        | Recipe::NotFound
        | Recipe::Redirect(_)
        | Recipe::EventFile(_)
        | Recipe::Thanks(_)
        | Recipe::Results(..) => Rank::Page,
        Recipe::Calendar(_)
        | Recipe::CalendarFile(_)
        | Recipe::Month(..)
        | Recipe::Ledger(..)
        | Recipe::LedgerFile(..) => Rank::List,
        Recipe::Home(_)
        | Recipe::List(_, Leaf::Front)
        | Recipe::Atom(_)
        | Recipe::JsonFeed(_)
        | Recipe::Sitemap(_)
        | Recipe::SitemapIndex(_)
        | Recipe::Robots => Rank::List,
    }
}

/// Makes warnings errors, as `--strict` asks.
fn harden(diags: &mut [Diag], strict: bool) {
    if strict {
        diags.iter_mut().filter(|d| d.severity == Severity::Warning).for_each(|d| d.severity = Severity::Error);
    }
}
