//! The pipeline in one place: every phase is named here and nowhere else.
//!
//! `Source → Document → PageMeta → Catalog → Recipe → Artifact → public/`. In: the site's files, its settings, the day.
//! Out: the written site or nothing, and a [`Report`]. Prints nothing.
#![expect(clippy::disallowed_methods, reason = "measures phases and asks for the state of files")]

mod check;
mod data;
mod docs;
mod draft_sections;
mod explain;
mod key_interner;
mod left_overs;
mod output_target;
mod prepare;
mod previous;
mod results;
mod single_page_update;
mod state;
mod timings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::outputs::{Artifact, OutputJob, OutputPlan, WriteRank, render};
use crate::settings::Settings;
use crate::source::{FileSnapshot, human_size};
use crate::view::{DependencyKey, PageFacet, RecordedRead, Views, recording};
use puzhi_core::base::{BuildDate, SitePath};
use puzhi_core::diag::{self, Diagnostic, Severity, codes};

use crate::sink::{CommitStage, PlannedOutput, PutOutcome, Sink, Summary, differing_outputs};
use explain::rebuild_reason;
use key_interner::KeyInterner;
use output_target::{FolderTarget, MemoryTarget, OutputTarget};
use previous::OutputRecord;
use timings::PhaseTimer;

pub use explain::{Explanation, RebuildReason, explain};
pub use output_target::OutputFiles;
pub use prepare::{Prepared, errors_by_file, prepare, prepare_over};
pub use previous::{PageCache, PreviousBuild};
pub use single_page_update::SinglePageUpdate;
pub use state::{BuildState, LoadedState};
pub use timings::Timings;

/// So many bytes of Markdown are held as documents until they are shown: of ten thousand long articles, nearly all.
pub const DOCUMENT_MEMORY_LIMIT: u64 = 32 << 20;

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
    pub document_memory: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            drafts: false,
            strict: false,
            keep_going: false,
            leave_out: BTreeSet::new(),
            document_memory: DOCUMENT_MEMORY_LIMIT,
        }
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
    /// How the build ended.
    pub outcome: Outcome,
    /// All findings, sorted by file and position.
    pub diags: Vec<Diagnostic>,
    /// How much work it was.
    pub counts: Counts,
    /// How long its phases took.
    pub timings: Timings,
}

/// Work counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Markdown files parsed.
    pub parsed: usize,
    /// Content pages on the site.
    pub pages: usize,
    /// Outputs of the site that are rendered: pages, feeds, calendars, sitemaps.
    pub outputs: usize,
    /// Outputs of the site that are copies of files.
    pub copies: usize,
    /// Keys whose fingerprint was compared with that of the previous build.
    pub compared: usize,
    /// Keys whose fingerprint differs from that of the previous build.
    pub changed: usize,
    /// Outputs made in this build, copies included.
    pub rendered: usize,
    /// Files written to the output folder.
    pub written: usize,
    /// Files that already had the right bytes.
    pub unchanged: usize,
    /// Files of the previous build that were removed.
    pub removed: usize,
}

/// Called as outputs are done: how many of how many.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// What a build is made from.
pub struct BuildInput<'o> {
    /// The site's files.
    pub files: Arc<FileSnapshot>,
    /// Findings of the scan and of the settings.
    pub found: Vec<Diagnostic>,
    /// `site.yaml`, resolved.
    pub settings: Arc<Settings>,
    /// The day of the build and the site's time zone.
    pub clock: BuildDate,
    /// What the command line decides.
    pub options: &'o Options,
    /// Called after each output.
    pub progress: Progress<'o>,
}

/// Builds the site into the folder `out`, over what an earlier build of the same kind left. The second value is for the next one;
/// it is there only when this build is one to build upon.
pub fn build(input: BuildInput<'_>, previous: Option<PreviousBuild>, out: &Path) -> (Report, Option<PreviousBuild>) {
    let (report, previous, _) = run_build(input, previous, &mut FolderTarget::new(out, None));
    (report, previous)
}

/// What a build knew when it ended. Letting go of it piece by piece takes a while, which a process that ends need not spend.
#[derive(Default)]
pub struct DeferredDrop {
    _previous: Option<PreviousBuild>,
    _known: LoadedState,
}

/// Builds the site into the folder `out` over the state an earlier build left, and leaves one. With `clean`, what was left is
/// ignored.
pub fn build_with_state(
    mut input: BuildInput<'_>,
    state: &BuildState,
    clean: bool,
    out: &Path,
) -> (Report, DeferredDrop) {
    if clean {
        state.clear();
    }
    let files = Arc::clone(&input.files);
    let mut phase_timer = PhaseTimer::start();
    let mut known = state.peek(&files);
    phase_timer.end_phase("look at state");
    let settings = fingerprint(&format!("{:?}", input.settings));
    let today = input.clock.today;
    let folder = FolderTarget::new(out, Some(state));
    if input.found.is_empty()
        && let Some(counts) = state.is_current(&known, &files, settings, today, |path| folder.stat(path))
    {
        phase_timer.end_phase("compare");
        // What settings alone say is said again.
        let mut diags = missing_base_url(&input.settings);
        promote_warnings(&mut diags, input.options.strict);
        let outcome = if diags.iter().any(Diagnostic::is_error) { Outcome::ContentErrors } else { Outcome::Built };
        let timings = Timings { phases: phase_timer.phases, ..Timings::default() };
        return (Report { outcome, diags, counts, timings }, DeferredDrop { _previous: None, _known: known });
    }
    let previous = state.load(&mut known);
    phase_timer.end_phase("load state");
    let lasting = input.found.len() + missing_base_url(&input.settings).len();
    input.found.shrink_to_fit();
    let (mut report, mut previous, site) = run_build(input, previous, &mut FolderTarget::new(out, Some(state)));
    report.timings.phases.splice(0..0, phase_timer.phases);
    let mut phase_timer = PhaseTimer::start();
    if let Some(previous) = &mut previous {
        let clean_build = (report.diags.len() == lasting).then_some((settings, today, &report.counts));
        let (saved, ()) = rayon::join(|| state.save(previous, &known, &files, clean_build), || drop(site));
        report.diags.extend(saved.err());
        phase_timer.end_phase("save state");
        report.timings.phases.extend(phase_timer.phases);
    }
    (report, DeferredDrop { _previous: previous, _known: known })
}

/// Holds every output on the disk against a clean build in memory; a finding for each that differs or is missing.
pub fn verify(input: BuildInput<'_>, out: &Path) -> Vec<Diagnostic> {
    let (_, _, tree) = build_over(input, None, OutputFiles::new());
    differing_outputs(out, &tree)
        .into_iter()
        .map(|path| Diagnostic::new(&codes::output::VERIFY_DIFFERS).arg("path", path))
        .collect()
}

/// Without an address some outputs are not made.
fn missing_base_url(settings: &Settings) -> Vec<Diagnostic> {
    settings.base_url.is_none().then(|| Diagnostic::new(&codes::output::NO_BASE_URL)).into_iter().collect()
}

/// Builds the site in memory; the second value holds every output by its path.
pub fn build_in_memory(
    files: &FileSnapshot,
    settings: Settings,
    clock: BuildDate,
    options: &Options,
) -> (Report, OutputFiles) {
    let input = BuildInput {
        files: Arc::new(files.clone()),
        found: Vec::new(),
        settings: Arc::new(settings),
        clock,
        options,
        progress: &|_, _| {},
    };
    let (report, _, tree) = build_over(input, None, OutputFiles::new());
    (report, tree)
}

/// Builds in memory over an earlier build and what it made.
pub fn build_over(
    input: BuildInput<'_>,
    previous: Option<PreviousBuild>,
    tree: OutputFiles,
) -> (Report, Option<PreviousBuild>, OutputFiles) {
    let mut memory = MemoryTarget(tree);
    let (report, previous, _) = run_build(input, previous, &mut memory);
    (report, previous, memory.0)
}

/// The third value is the site that was written: letting go of it takes a while, which the caller may spend otherwise.
fn run_build<T: OutputTarget>(
    input: BuildInput<'_>,
    previous: Option<PreviousBuild>,
    target: &mut T,
) -> (Report, Option<PreviousBuild>, Option<(Views, OutputPlan)>) {
    let BuildInput { files, found, settings, clock, options, progress } = input;
    let prepared =
        prepare_over(&files, found, &settings, clock, options, previous.as_ref().map(|previous| &previous.pages));
    let timings = Timings { phases: prepared.phases, ..Timings::default() };
    let mut report = Report { outcome: Outcome::Built, diags: prepared.diags, counts: prepared.counts, timings };
    // No page will be edited in it.
    drop(prepared.single_page_update);
    let content_errors = report.diags.iter().any(Diagnostic::is_error);
    if content_errors {
        report.outcome = Outcome::ContentErrors;
    }
    let mut next = None;
    if let Some((views, plan)) = &prepared.site
        && (!content_errors || options.keep_going)
    {
        let before = previous.map(|previous| (previous.outputs, previous.output_records)).unwrap_or_default();
        match render_and_write(&files, views, plan, progress, before, prepared.text_only_changes, target) {
            Ok(done) => {
                let (counts, summary) = (&mut report.counts, done.summary);
                (counts.outputs, counts.copies) = (done.outputs.len() - done.copies, done.copies);
                counts.compared = done.compared;
                (counts.changed, counts.rendered) = (done.changed, done.rendered);
                (counts.written, counts.unchanged, counts.removed) =
                    (summary.written, summary.unchanged, summary.removed);
                counts.parsed += views.site.doc_cache.loaded();
                report.diags.extend(summary.notes);
                report.timings.phases.extend(done.phases);
                report.timings.outputs(done.times);
                next = prepared.pages.filter(|_| !content_errors).map(|pages| PreviousBuild {
                    pages,
                    outputs: done.outputs,
                    output_records: done.output_records,
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

struct WriteSummary {
    outputs: DependencyGraph<String, DependencyKey>,
    output_records: BTreeMap<String, OutputRecord>,
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
type OutputResult = (String, Fingerprint, Result<Option<(Vec<RecordedRead>, &'static str, Duration)>, Box<Diagnostic>>);

/// How many outputs are made before what they read is put into the graph: bounds the keys held twice.
const BATCH: usize = 1024;

/// Renders every output that is out of date in parallel and hands it to the sink; nothing is in place until all succeeded.
fn render_and_write<T: OutputTarget>(
    files: &FileSnapshot,
    views: &Views,
    plan: &OutputPlan,
    progress: Progress<'_>,
    (mut outputs, old): (DependencyGraph<String, DependencyKey>, BTreeMap<String, OutputRecord>),
    text_only_changes: Option<Vec<SitePath>>,
    target: &mut T,
) -> Result<WriteSummary, Vec<Diagnostic>> {
    let site = &views.site;
    let mut phase_timer = PhaseTimer::start();
    outputs.start_revision();
    let (changed, compared) = match text_only_changes {
        // Who sees a page's text, or the bytes of its file.
        Some(pages) => {
            let keys: Vec<DependencyKey> = pages
                .into_iter()
                .flat_map(|path| [DependencyKey::Page(PageFacet::All, path.clone()), DependencyKey::File(path)])
                .collect();
            (outputs.refresh_keys(&keys, |key| site.fingerprint(key)), keys.len())
        }
        None => (outputs.refresh(|key| site.fingerprint(key)), outputs.key_count()),
    };
    let outdated = outputs.readers(&changed);
    let shared_target = &*target;
    let jobs: Vec<(&OutputJob, String, Fingerprint, bool)> = plan
        .jobs
        .par_iter()
        .map(|job| {
            let (path, recipe) = (job.route.output_path(), job.fingerprint(site));
            let good =
                rebuild_reason(job, &path, old.get(&path), &outputs, outdated.contains(&path), site, shared_target)
                    == RebuildReason::UpToDate;
            (job, path, recipe, good)
        })
        .collect();
    phase_timer.end_phase("compare keys");
    let planned = jobs
        .iter()
        .map(|(job, path, ..)| PlannedOutput { path: path.clone(), stage: commit_stage(job.write_rank()) })
        .collect();
    let sink = target.open(planned).map_err(|d| vec![d])?;
    phase_timer.end_phase("open output");
    let done = AtomicUsize::new(0);
    let mut times = Vec::new();
    let mut failed: Vec<Diagnostic> = Vec::new();
    let mut rendered: Vec<(String, Fingerprint)> = Vec::new();
    let mut output_records = BTreeMap::new();
    let mut key_interner = KeyInterner::new(site.doc_cache.len());
    let count = jobs.len();
    // Feeds show whole documents, so they come first; then pages, which then let go of their own; then lists, whose cards take
    // the memory that documents leave.
    let mut jobs = jobs;
    jobs.sort_by_key(|(job, ..)| job.render_turn());
    let mut jobs = jobs.into_iter();
    let (mut waiting, mut shown) = (Vec::new(), Vec::new());
    loop {
        let batch: Vec<_> = jobs.by_ref().take(BATCH).collect();
        let ended = batch.is_empty();
        let pages = batch.iter().filter_map(|(job, ..)| job.page());
        let pages = std::mem::replace(&mut shown, pages.collect());
        // What the last batch read goes into the graph, and its pages let go of their documents, while this one is made.
        let make_batch = || -> Vec<_> {
            let one = |(job, path, recipe, good): (&OutputJob, String, Fingerprint, bool)| -> OutputResult {
                let result = if good && sink.keep(&path).is_ok() {
                    Ok(None)
                } else {
                    let start = Instant::now();
                    let (result, reads) = recording(site, || render_to_sink(job, plan, views, files, &sink));
                    result.map(|_| Some((reads, job.template(site), start.elapsed())))
                };
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
                (path, recipe, result)
            };
            batch.into_par_iter().map(one).collect()
        };
        let note = |results: Vec<OutputResult>| {
            pages.into_iter().for_each(|page| site.doc_cache.release(page));
            for (path, recipe, result) in results {
                match result {
                    Ok(None) => drop(old.get(&path).map(|known| output_records.insert(path, *known))),
                    Ok(Some((reads, template, time))) => {
                        times.push((path.clone(), template, time));
                        key_interner.record_reads(&mut outputs, site, &path, reads);
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
    phase_timer.end_phase("make outputs");
    if !rendered.is_empty() || output_records.len() != old.len() {
        target.before_first_change();
    }
    let summary = target.commit(sink).map_err(|d| vec![d])?;
    let shared_target = &*target;
    let count = rendered.len();
    output_records.par_extend(rendered.into_par_iter().map(|(path, recipe)| {
        let stat = shared_target.stat(&path);
        (path, OutputRecord { recipe, stat })
    }));
    let gone: Vec<String> = outputs.nodes().filter(|path| !output_records.contains_key(*path)).cloned().collect();
    gone.iter().for_each(|path| outputs.remove(path));
    phase_timer.end_phase("put into place");
    let copies = plan.jobs.iter().filter(|job| job.is_copy()).count();
    Ok(WriteSummary {
        outputs,
        output_records,
        copies,
        compared,
        changed: changed.count(),
        rendered: count,
        summary,
        phases: phase_timer.phases,
        times,
    })
}

fn render_to_sink(
    job: &OutputJob,
    plan: &OutputPlan,
    views: &Views,
    files: &FileSnapshot,
    sink: &impl Sink,
) -> Result<PutOutcome, Box<Diagnostic>> {
    let path = job.route.output_path();
    match render(job, plan, views, files)? {
        Artifact::Bytes(bytes) => {
            let limit = views.site.settings.limits.output;
            if bytes.len() as u64 > limit && job.is_limited() {
                let diag = Diagnostic::new(&codes::output::OUTPUT_TOO_LARGE)
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

fn commit_stage(rank: WriteRank) -> CommitStage {
    match rank {
        WriteRank::Asset => CommitStage::Asset,
        WriteRank::Page => CommitStage::Page,
        WriteRank::List => CommitStage::List,
    }
}

/// Makes warnings errors, as `--strict` asks.
fn promote_warnings(diags: &mut [Diagnostic], strict: bool) {
    if strict {
        diags.iter_mut().filter(|d| d.severity == Severity::Warning).for_each(|d| d.severity = Severity::Error);
    }
}
