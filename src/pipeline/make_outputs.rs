//! Makes the outputs that are out of date, in parallel, and hands them to the sink; nothing is in place until all succeeded.
//!
//! In: the views, the plan, and what an earlier build made. Out: what this build made, for the next one and for the report. Does not
//! know how a site is prepared.
#![expect(clippy::disallowed_methods, reason = "measures how long outputs take")]

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::explain::{RebuildDecision, RebuildReason};
use super::key_interner::KeyInterner;
use super::output_target::OutputTarget;
use super::previous::OutputRecord;
use super::timings::{OutputTime, PhaseTime, PhaseTimer};
use super::{Counts, Progress, promote_warnings};
use crate::catalog::PageId;
use crate::engine::{Comparison, DependencyGraph, Fingerprint, Scope};
use crate::outputs::{Artifact, OutputJob, OutputPlan, WriteRank, derive, findings, render, search_file_route};
use crate::sink::{CommitStage, PlannedOutput, Sink};
use crate::source::human_size;
use crate::view::{BuildKey, StableKey, TextChange, Views, recording};
use puzhi_core::base::Route;
use puzhi_core::diag::{Diagnostic, codes};

/// The outputs of a build: what each read, and how each was made.
#[derive(Default)]
pub(super) struct MadeOutputs {
    pub reads: DependencyGraph<String, StableKey>,
    pub records: BTreeMap<String, OutputRecord>,
}

/// What is to be made.
#[derive(Clone, Copy)]
pub(super) struct OutputRequest<'r> {
    pub views: &'r Views,
    pub plan: &'r OutputPlan,
    pub progress: Progress<'r>,
    /// If only the texts of pages changed since the earlier build: which pages.
    pub text_only_changes: Option<&'r [TextChange<'r>]>,
    /// Warnings count as errors: then nothing is put into place.
    pub strict: bool,
}

/// What was done.
pub(super) struct WriteSummary {
    pub made: MadeOutputs,
    /// Paths of outputs of the earlier build that this one has not.
    pub removed: Vec<String>,
    /// The counts of outputs, keys and files.
    pub counts: Counts,
    /// Findings of the sink.
    pub notes: Vec<Diagnostic>,
    pub phases: Vec<PhaseTime>,
    pub times: Vec<OutputTime>,
}

/// One output of the plan.
struct PlannedJob<'p> {
    job: &'p OutputJob,
    path: String,
    recipe: Fingerprint,
    /// Whether the output of the earlier build can stay.
    up_to_date: bool,
    /// The output that is made from its bytes.
    derived: Option<Box<PlannedJob<'p>>>,
}

/// What became of one output.
struct OutputResult {
    path: String,
    recipe: Fingerprint,
    /// `None` if it stayed as it was.
    made: Result<Option<MadeOutput>, Box<Diagnostic>>,
}

/// An output that was made.
struct MadeOutput {
    /// Empty for one that is made from the bytes of another, which is out of date whenever that one is.
    reads: Vec<BuildKey>,
    template: &'static str,
    time: Duration,
    findings: Vec<Diagnostic>,
}

/// What rendering an output gave besides its bytes.
#[derive(Default)]
struct Rendered {
    /// How long the output took that is made from its bytes.
    derived_time: Duration,
    findings: Vec<Diagnostic>,
}

/// How many outputs are made before what they read is put into the graph. Bounds the number of keys that are held twice.
const BATCH: usize = 1024;

/// Makes every output that is out of date.
pub(super) fn make_outputs<T: OutputTarget>(
    request: OutputRequest<'_>,
    before: MadeOutputs,
    target: &mut T,
) -> Result<WriteSummary, Vec<Diagnostic>> {
    let OutputRequest { views, plan, text_only_changes, .. } = request;
    let site = &views.site;
    let mut phase_timer = PhaseTimer::start();
    let MadeOutputs { mut reads, records: old } = before;
    site.prepare_search(text_only_changes, |search, part| {
        let path = search_file_route(search, part).output_path();
        String::from_utf8(target.previous(&path, old.get(&path)?.stat?)?).ok()
    });
    phase_timer.end_phase("search index");
    let text_keys: Option<Vec<StableKey>> =
        text_only_changes.map(|pages| site.text_keys(pages.iter().map(|page| page.path)));
    let scope = text_keys.as_deref().map_or(Scope::Everything, Scope::Keys);
    let Comparison { compared, changed, outdated } = reads.compare(scope, |key| site.fingerprint(key));
    let decision = RebuildDecision { reads: &reads, records: &old, outdated: &outdated, site, target };
    let jobs = planned_jobs(plan, &decision);
    phase_timer.end_phase("compare keys");
    let planned = jobs.iter().flat_map(PlannedJob::with_derived);
    let planned = planned
        .map(|planned| PlannedOutput { path: planned.path.clone(), stage: commit_stage(planned.job.write_rank()) });
    let sink = target.open(planned.collect()).map_err(|d| vec![d])?;
    phase_timer.end_phase("open output");
    let maker = Maker { request, sink: &sink, count: plan.jobs.len(), done: AtomicUsize::new(0) };
    let key_interner = KeyInterner::new(site.untracked().doc_cache.len());
    let mut results = Results {
        reads,
        key_interner,
        old: &old,
        records: BTreeMap::new(),
        rendered: Vec::new(),
        times: Vec::new(),
        failed: Vec::new(),
    };
    maker.make_all(jobs, &mut results);
    let Results { mut reads, mut records, rendered, times, failed, .. } = results;
    if !failed.is_empty() {
        return Err(said_once(failed));
    }
    let mut found: Vec<Diagnostic> = records.values().flat_map(|record| record.findings.iter().cloned()).collect();
    found.extend(rendered.iter().flat_map(|output| output.findings.iter().cloned()));
    promote_warnings(&mut found, request.strict);
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    phase_timer.end_phase("make outputs");
    if !rendered.is_empty() || records.len() != old.len() {
        target.before_first_change();
    }
    let summary = target.commit(sink).map_err(|d| vec![d])?;
    let target = &*target;
    let count = rendered.len();
    records.par_extend(rendered.into_par_iter().map(|output| {
        let stat = target.stat(&output.path);
        (output.path, OutputRecord { recipe: output.recipe, stat, findings: output.findings })
    }));
    let gone: Vec<String> = reads.nodes().filter(|path| !records.contains_key(*path)).cloned().collect();
    gone.iter().for_each(|path| reads.remove(path));
    phase_timer.end_phase("put into place");
    let copies = plan.jobs.iter().filter(|job| job.is_copy()).count();
    let counts = Counts {
        outputs: records.len() - copies,
        copies,
        compared,
        changed,
        rendered: count,
        written: summary.written,
        unchanged: summary.unchanged,
        removed: summary.removed,
        ..Counts::default()
    };
    let made = MadeOutputs { reads, records };
    found.extend(summary.notes);
    Ok(WriteSummary { made, removed: gone, counts, notes: found, phases: phase_timer.phases, times })
}

/// All outputs, in the order in which they are made. Feeds show whole documents, so they come first; then pages, which release their
/// documents; then lists, whose entries take the memory that documents leave.
fn planned_jobs<'p, T: OutputTarget>(plan: &'p OutputPlan, decision: &RebuildDecision<'_, T>) -> Vec<PlannedJob<'p>> {
    let planned = |job: &'p OutputJob| {
        let path = job.route.output_path();
        let recipe = job.fingerprint(decision.site.untracked());
        let up_to_date = decision.reason_of(job, &path) == RebuildReason::UpToDate;
        PlannedJob { job, path, recipe, up_to_date, derived: None }
    };
    let jobs: Vec<PlannedJob<'_>> = plan.jobs.par_iter().map(planned).collect();
    let (derived, mut jobs): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.job.derived_from().is_some());
    if !derived.is_empty() {
        let mut by_page: HashMap<&Route, PlannedJob<'_>, ahash::RandomState> = HashMap::default();
        by_page.extend(derived.into_iter().filter_map(|job| Some((&job.job.derived_from()?.route, job))));
        jobs.iter_mut().for_each(|job| job.derived = by_page.remove(&job.job.route).map(Box::new));
    }
    jobs.sort_by_key(|planned| planned.job.render_turn());
    jobs
}

impl PlannedJob<'_> {
    /// The output, then the one that is made from its bytes.
    fn with_derived(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.derived.as_deref())
    }
}

/// Makes outputs in parallel.
struct Maker<'m, S> {
    request: OutputRequest<'m>,
    sink: &'m S,
    /// Number of outputs.
    count: usize,
    /// Number of outputs that are done.
    done: AtomicUsize,
}

/// What the outputs that are done gave.
struct Results<'o> {
    reads: DependencyGraph<String, StableKey>,
    key_interner: KeyInterner,
    /// The records of the earlier build.
    old: &'o BTreeMap<String, OutputRecord>,
    /// The records of outputs that stayed.
    records: BTreeMap<String, OutputRecord>,
    rendered: Vec<RenderedOutput>,
    times: Vec<OutputTime>,
    failed: Vec<Diagnostic>,
}

/// An output that was made, whose stat is known when it is in place.
struct RenderedOutput {
    path: String,
    recipe: Fingerprint,
    findings: Vec<Diagnostic>,
}

impl<S: Sink + Sync> Maker<'_, S> {
    /// Makes all outputs in batches. While one batch is made, what the batch before it read goes into the graph, and its pages release
    /// their documents.
    fn make_all(&self, jobs: Vec<PlannedJob<'_>>, results: &mut Results<'_>) {
        let site = &self.request.views.site;
        let mut jobs = jobs.into_iter();
        let (mut waiting, mut pages) = (Vec::new(), Vec::new());
        loop {
            let batch: Vec<PlannedJob<'_>> = jobs.by_ref().take(BATCH).collect();
            let ended = batch.is_empty();
            let shown = std::mem::replace(&mut pages, pages_of(&batch));
            let before = std::mem::take(&mut waiting);
            let make = || batch.into_par_iter().flat_map_iter(|planned| self.make(planned)).collect();
            let add = || {
                shown.into_iter().for_each(|page| site.untracked().doc_cache.release(page));
                before.into_iter().for_each(|result| results.add(result, self.request.views));
            };
            (waiting, ()) = rayon::join(make, add);
            if ended {
                return;
            }
        }
    }

    /// Makes one output, and the one that is made from its bytes, unless they can stay.
    fn make(&self, planned: PlannedJob<'_>) -> Vec<OutputResult> {
        let site = &self.request.views.site;
        let is_kept = |planned: &PlannedJob<'_>| planned.up_to_date && self.sink.keep(&planned.path).is_ok();
        let kept = is_kept(&planned);
        let derived_kept = planned.derived.as_deref().map(is_kept);
        let start = Instant::now();
        let (made, reads) = match kept && derived_kept != Some(false) {
            true => (Ok(Rendered::default()), Vec::new()),
            false => recording(site, || self.render_to_sink(&planned, kept, derived_kept == Some(true))),
        };
        let (Rendered { derived_time, findings }, failed) = match made {
            Ok(rendered) => (rendered, None),
            Err(diag) => (Rendered::default(), Some(diag)),
        };
        let time = start.elapsed().saturating_sub(derived_time);
        let ended = planned.with_derived().count();
        (self.request.progress)(self.done.fetch_add(ended, Ordering::Relaxed) + ended, self.count);
        if let Some(diag) = failed {
            let PlannedJob { path, recipe, .. } = planned;
            return vec![OutputResult { path, recipe, made: Err(diag) }];
        }
        let output = |job: &OutputJob, reads, time| MadeOutput {
            reads,
            template: job.template(site.untracked()),
            time,
            findings: Vec::new(),
        };
        let PlannedJob { job, path, recipe, derived, .. } = planned;
        let derived = derived.map(|derived| {
            let made = (derived_kept == Some(false)).then(|| output(derived.job, Vec::new(), derived_time));
            OutputResult { path: derived.path, recipe: derived.recipe, made: Ok(made) }
        });
        let made = (!kept).then(|| MadeOutput { findings, ..output(job, reads, time) });
        std::iter::once(OutputResult { path, recipe, made: Ok(made) }).chain(derived).collect()
    }

    /// Renders an output and hands over what is not kept: the output itself and the one that is made from its bytes.
    fn render_to_sink(
        &self,
        planned: &PlannedJob<'_>,
        kept: bool,
        derived_kept: bool,
    ) -> Result<Rendered, Box<Diagnostic>> {
        let OutputRequest { views, plan, .. } = self.request;
        let PlannedJob { job, path, derived, .. } = planned;
        match render(job, plan, views)? {
            Artifact::Bytes(bytes) => {
                self.check_size(job, &bytes)?;
                if !kept {
                    self.sink.put(path, &bytes)?;
                }
                let start = Instant::now();
                if let Some(derived) = derived.as_deref().filter(|_| !derived_kept) {
                    self.sink.put(&derived.path, &derive(derived.job, &bytes, views))?;
                }
                let derived_time = start.elapsed();
                let findings = if kept { Vec::new() } else { findings(job, plan, views)? };
                Ok(Rendered { derived_time, findings })
            }
            Artifact::Stream(mut stream) => {
                // The sink knows the output, not the file it is a copy of.
                let copied = self.sink.copy(path, &mut *stream).map_err(|diag| match (&diag.file, &job.source) {
                    (None, Some(source)) => diag.file(source),
                    _ => diag,
                });
                copied?;
                Ok(Rendered::default())
            }
        }
    }

    /// Refuses an output that is larger than the settings allow.
    fn check_size(&self, job: &OutputJob, bytes: &[u8]) -> Result<(), Box<Diagnostic>> {
        let limit = self.request.views.site.untracked().settings.limits.output;
        if bytes.len() as u64 <= limit || !job.is_limited() {
            return Ok(());
        }
        let diag = Diagnostic::new(&codes::output::OUTPUT_TOO_LARGE)
            .arg("size", human_size(bytes.len() as u64))
            .arg("limit", human_size(limit));
        Err(Box::new(match &job.source {
            Some(source) => diag.file(source),
            None => diag,
        }))
    }
}

/// A full disk fails every output. It is said once, for the first of them.
fn said_once(mut failed: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_of_folder = |diag: &Diagnostic| *diag.code == codes::output::OUT_UNUSABLE;
    let (mut of_folder, others): (Vec<_>, Vec<_>) = failed.drain(..).partition(is_of_folder);
    of_folder.sort_by_key(|diag| diag.argument("cause_en").map(str::to_string));
    of_folder.truncate(1);
    [others, of_folder].concat()
}

/// The pages that the outputs of a batch show.
fn pages_of(batch: &[PlannedJob<'_>]) -> Vec<PageId> {
    batch.iter().filter_map(|planned| planned.job.page()).collect()
}

impl Results<'_> {
    fn add(&mut self, result: OutputResult, views: &Views) {
        let OutputResult { path, recipe, made } = result;
        match made {
            Ok(None) => {
                if let Some(known) = self.old.get(&path) {
                    self.records.insert(path, known.clone());
                }
            }
            Ok(Some(MadeOutput { reads, template, time, findings })) => {
                self.key_interner.record_reads(&mut self.reads, &views.site, &path, reads);
                self.times.push(OutputTime { path: path.clone(), template, time });
                self.rendered.push(RenderedOutput { path, recipe, findings });
            }
            Err(diag) => self.failed.push(*diag),
        }
    }
}

/// When an output is put into place: what others refer to comes first.
fn commit_stage(rank: WriteRank) -> CommitStage {
    match rank {
        WriteRank::Asset => CommitStage::Asset,
        WriteRank::Page => CommitStage::Page,
        WriteRank::List => CommitStage::List,
    }
}
