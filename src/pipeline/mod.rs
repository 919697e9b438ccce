//! Runs the phases of a build: `Source → Document → PageMeta → Catalog → Recipe → Artifact → public/`. No other room knows all of them.
//! In: the site's files, its settings, the day. Out: the written site or nothing, and a [`Report`]. Prints nothing.

mod alias_line;
mod aliases;
mod check;
mod data;
mod docs;
mod draft_sections;
mod explain;
mod gone_addresses;
mod key_interner;
mod left_behind;
mod left_overs;
mod make_outputs;
mod named_drafts;
mod once_a_site;
mod output_target;
mod pictures;
mod prepare;
mod press;
mod previous;
mod releases;
mod results;
mod search_text;
mod single_page_update;
mod state;
mod timings;
mod unpublished;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::engine::fingerprint;
use crate::outputs::OutputPlan;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::view::{SiteData, TextChange, Views};
use puzhi_core::base::{BuildDate, SitePath};
use puzhi_core::diag::{self, Diagnostic, DiagnosticCode, Severity, codes};

use crate::sink::{differing_outputs, manifest_stat};
use gone_addresses::GoneAddresses;
use left_behind::LeftBehind;
use make_outputs::{MadeOutputs, OutputRequest, WriteSummary, make_outputs};
use output_target::{FolderTarget, MemoryTarget, OutputTarget};
use state::{BuildBasis, FinishedRun, UnchangedBuild};
use timings::PhaseTimer;

pub use explain::{Explained, Explanation, RebuildReason, WhyNoOutput, explain};
pub use output_target::OutputFiles;
pub use pictures::{PictureOptions, PictureTiming};
pub use prepare::{Prepared, errors_by_file, prepare, prepare_over};
pub use press::{FoundArticle, WhyRefused, find_article};
use previous::PreviousPage;
pub use previous::{PageCache, PreviousBuild};
pub use releases::released_now;
pub use single_page_update::SinglePageUpdate;
pub use state::{BuildState, LoadedState};
pub use timings::{OutputTime, PhaseTime, TemplateTime, Timings};
pub use unpublished::{Unpublished, UnpublishedCounts, UnpublishedPage, WhyUnpublished};

/// The number of bytes of Markdown of which whole documents are held until their outputs are made. Ten thousand long articles have about
/// as many.
pub const DOCUMENT_MEMORY_LIMIT: u64 = 32 << 20;

/// Name of the cache of pictures in `.puzhi/`.
pub const PICTURE_CACHE: &str = "pictures";

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
    /// How pictures are treated.
    pub pictures: PictureOptions,
    /// The name of a facet whose reads are not recorded ([`facet_names`]). Tests alone set it: they hold that a record
    /// that is missing shows.
    pub unrecorded: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            drafts: false,
            strict: false,
            keep_going: false,
            leave_out: BTreeSet::new(),
            document_memory: DOCUMENT_MEMORY_LIMIT,
            pictures: PictureOptions::default(),
            unrecorded: None,
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
    /// Addresses that an earlier build had and this one has not. A clean build knows none.
    pub gone: Vec<Diagnostic>,
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
    /// Release logs parsed: 0 or 1.
    pub release_logs_parsed: usize,
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
    /// Pictures whose bytes were read.
    pub pictures_read: usize,
    /// Pictures whose pixels were decoded.
    pub pictures_decoded: usize,
    /// Pages that are not on the site or not listed.
    pub unpublished: UnpublishedCounts,
}

/// The names of all facets whose reads are recorded: those of outputs, then those of references.
pub fn facet_names() -> Vec<&'static str> {
    [&crate::view::facet_names(), check::reference_facet_names()].concat()
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

/// What a build reports and leaves to the next one.
pub struct BuildResult {
    /// What was done.
    pub report: Report,
    /// For the next build; only if this build is one to build upon.
    pub previous: Option<PreviousBuild>,
}

/// Builds the site into the folder `out`, over what an earlier build of the same kind left.
pub fn build(input: BuildInput<'_>, previous: Option<PreviousBuild>, out: &Path) -> BuildResult {
    let FinishedBuild { report, previous, .. } = run_build(input, previous, &mut FolderTarget::new(out, None));
    BuildResult { report, previous }
}

/// Findings about the output folder as a build found it. The next build does not have them.
const SAID_ONCE: [&DiagnosticCode; 2] = [&codes::output::STALE_KEPT, &codes::output::OUT_LIST_LOST];

/// What a build knew when it ended. Dropping it takes a while, which a process that ends need not spend.
#[derive(Default)]
pub struct DeferredDrop {
    _previous: Option<PreviousBuild>,
    _known: LoadedState,
}

/// Builds the site into the folder `out` over the state an earlier build left, and leaves one. With `clean`, what was left is
/// ignored.
pub fn build_with_state(input: BuildInput<'_>, state: &BuildState, clean: bool, out: &Path) -> (Report, DeferredDrop) {
    if clean {
        state.clear();
    }
    let files = Arc::clone(&input.files);
    let mut phase_timer = PhaseTimer::start();
    let mut known = state.peek(&files);
    phase_timer.end_phase("look at state");
    let settings = fingerprint(&format!("{:?}", input.settings));
    let (today, moment) = (input.clock.today, input.clock.moment());
    let folder = FolderTarget::new(out, Some(state));
    let basis = BuildBasis { settings, today, found: fingerprint(&format!("{:?}", input.found)) };
    if known.holds_at(moment)
        && let Some(UnchangedBuild { counts, mut findings, gone }) =
            state.unchanged_build(&known, &files, basis, manifest_stat(out), |path| folder.stat(path))
    {
        phase_timer.end_phase("compare");
        // Somebody may have deleted the file since.
        let is_there = |diag: &Diagnostic| diag.argument("path").is_some_and(|path| folder.has_left(path));
        findings.retain(|diag| *diag.code != codes::output::UNPUBLISHED_LEFT || is_there(diag));
        let timings = Timings { phases: phase_timer.phases, ..Timings::default() };
        let report = Report { outcome: Outcome::Built, diags: findings, gone, counts, timings };
        return (report, DeferredDrop { _previous: None, _known: known });
    }
    let previous = state.load(&mut known);
    phase_timer.end_phase("load state");
    let FinishedBuild { mut report, mut previous, site } =
        run_build(input, previous, &mut FolderTarget::new(out, Some(state)));
    report.timings.phases.splice(0..0, phase_timer.phases);
    let mut phase_timer = PhaseTimer::start();
    if let Some(previous) = &mut previous {
        // What the output folder gave rise to is said once.
        let lasting = report.diags.iter().filter(|diag| !SAID_ONCE.contains(&diag.code));
        let finished =
            FinishedRun::of(basis, previous.pages.times, manifest_stat(out), &report.counts, lasting.collect());
        let (saved, ()) = rayon::join(|| state.save(previous, &known, &files, finished), || drop(site));
        report.diags.extend(saved.err());
        phase_timer.end_phase("save state");
        report.timings.phases.extend(phase_timer.phases);
    }
    (report, DeferredDrop { _previous: previous, _known: known })
}

/// What `--verify` compared.
#[derive(Debug, Clone)]
pub struct Verification {
    /// Number of outputs of the clean build.
    pub compared: usize,
    /// A finding for each output that differs or is missing.
    pub diags: Vec<Diagnostic>,
}

/// Compares every output on the disk with a clean build in memory.
pub fn verify(input: BuildInput<'_>, out: &Path) -> Verification {
    let built = build_over(input, None, OutputFiles::new());
    let differing = differing_outputs(out, &built.files).into_iter();
    let diags = differing.map(|path| Diagnostic::new(&codes::output::VERIFY_DIFFERS).arg("path", path)).collect();
    Verification { compared: built.files.len(), diags }
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
    let BuiltInMemory { report, files, .. } = build_over(input, None, OutputFiles::new());
    (report, files)
}

/// A build in memory.
pub struct BuiltInMemory {
    /// What was done.
    pub report: Report,
    /// For the next build; only if this build is one to build upon.
    pub previous: Option<PreviousBuild>,
    /// Every output, by its path.
    pub files: OutputFiles,
}

/// Builds in memory over an earlier build and the outputs it made.
pub fn build_over(input: BuildInput<'_>, previous: Option<PreviousBuild>, files: OutputFiles) -> BuiltInMemory {
    let mut memory = MemoryTarget(files);
    let FinishedBuild { report, previous, .. } = run_build(input, previous, &mut memory);
    BuiltInMemory { report, previous, files: memory.0 }
}

/// A build that has ended.
struct FinishedBuild {
    report: Report,
    previous: Option<PreviousBuild>,
    /// The site that was written. Dropping it takes a while, so the caller decides when.
    site: Option<(Views, OutputPlan)>,
}

fn run_build<T: OutputTarget>(input: BuildInput<'_>, previous: Option<PreviousBuild>, target: &mut T) -> FinishedBuild {
    let BuildInput { files, found, settings, clock, options, progress } = input;
    let known = previous.as_ref().map(|previous| &previous.pages);
    let prepared = prepare_over(&files, found, &settings, clock, options, known);
    let Prepared { site, diags, counts, phases, pages, text_only_changes, unpublished, .. } = prepared;
    let timings = Timings { phases, ..Timings::default() };
    let mut report = Report { outcome: Outcome::Built, diags, gone: Vec::new(), counts, timings };
    let content_errors = report.diags.iter().any(Diagnostic::is_error);
    if content_errors {
        report.outcome = Outcome::ContentErrors;
    }
    let mut next = None;
    let PreviousBuild { pages: PageCache { pages: before, .. }, made, gone } = previous.unwrap_or_default();
    let mut is_written = false;
    if let Some((views, plan)) = &site
        && (!content_errors || options.keep_going)
    {
        let changes = text_only_changes.as_ref().map(|paths| text_changes(paths, &before));
        let request =
            OutputRequest { views, plan, progress, text_only_changes: changes.as_deref(), strict: options.strict };
        match make_outputs(request, made, target) {
            Ok(done) => {
                let site = views.site.untracked();
                let gone = GoneAddresses::find(&before, &done.removed, gone.addresses, (site, plan), &unpublished);
                report.gone = gone.notes.clone();
                let made = report.add(done, site.doc_cache.loaded());
                (report.counts.pictures_read, report.counts.pictures_decoded) = site.pictures.work();
                next = pages.filter(|_| !content_errors).map(|pages| PreviousBuild { pages, made, gone });
                is_written = true;
            }
            Err(failed) => report.fail(failed),
        }
    }
    if let Some((views, plan)) = &site {
        let SiteData { pictures, catalog, .. } = views.site.untracked();
        let unpublished = &unpublished;
        let left = LeftBehind { unpublished, catalog, plan, pictures, before: &before, is_written };
        let found = left.find(&report.diags, target);
        if report.add_left_behind(found, options.strict) {
            next = None;
        }
    }
    if report.diags.iter().any(|d| *d.code == codes::source::UNREADABLE) {
        report.outcome = Outcome::Failed;
        next = None;
    }
    diag::sort(&mut report.diags);
    report.diags.dedup();
    FinishedBuild { report, previous: next, site }
}

/// Pages of which only the text changed, with their texts before.
fn text_changes<'p>(paths: &'p [SitePath], known: &'p BTreeMap<SitePath, Arc<PreviousPage>>) -> Vec<TextChange<'p>> {
    let before = |path| known.get(path).and_then(|page| page.search.as_deref());
    paths.iter().map(|path| TextChange { path, before: before(path) }).collect()
}

impl Report {
    /// Adds what making outputs did; `loaded` is the number of documents that were parsed for it.
    fn add(&mut self, done: WriteSummary, loaded: usize) -> MadeOutputs {
        let WriteSummary { made, counts, notes, phases, times, removed: _ } = done;
        let Counts { parsed, release_logs_parsed, pages, unpublished, .. } = self.counts;
        self.counts = Counts { parsed: parsed + loaded, release_logs_parsed, pages, unpublished, ..counts };
        self.diags.extend(notes);
        self.timings.phases.extend(phases);
        self.timings.outputs(times);
        made
    }

    /// Adds the findings about what stayed in the output folder and is not to be published. Returns whether they are errors.
    fn add_left_behind(&mut self, mut found: Vec<Diagnostic>, strict: bool) -> bool {
        if found.is_empty() {
            return false;
        }
        promote_warnings(&mut found, strict);
        // One of them says all that a note about the same file would say.
        let is_same = |note: &Diagnostic| found.iter().any(|left| left.argument("path") == note.argument("path"));
        self.diags.retain(|diag| *diag.code != codes::output::STALE_KEPT || !is_same(diag));
        let fails = found.iter().any(Diagnostic::is_error);
        if fails && self.outcome == Outcome::Built {
            self.outcome = Outcome::ContentErrors;
        }
        self.diags.extend(found);
        fails
    }

    /// Adds the findings of outputs that could not be made or written.
    fn fail(&mut self, failed: Vec<Diagnostic>) {
        // A photograph under another name is looked at when it is copied.
        let of_content = [
            &codes::output::OUTPUT_TOO_LARGE,
            &codes::output::OUTLET_REFUSES,
            &codes::output::WECHAT_LIMIT,
            &codes::pictures::BROKEN_PICTURE,
            &codes::pictures::PICTURE_TOO_LARGE,
            &codes::pictures::PICTURE_FORMAT,
        ];
        let is_content = |d: &Diagnostic| d.code.name.starts_with("template-") || of_content.contains(&d.code);
        self.outcome = if failed.iter().all(is_content) { Outcome::ContentErrors } else { Outcome::Failed };
        self.diags.extend(failed);
    }
}

/// Makes warnings errors, as `--strict` asks.
fn promote_warnings(diags: &mut [Diagnostic], strict: bool) {
    if strict {
        diags.iter_mut().filter(|d| d.severity == Severity::Warning).for_each(|d| d.severity = Severity::Error);
    }
}
