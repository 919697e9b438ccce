//! The pipeline in one place: every phase is named here and nowhere else.
//!
//! `Source → Doc → Card → Catalog → Recipe → Artifact → public/`. In: the site's files, its settings, the day.
//! Out: the written site or nothing, and a [`Report`]. Prints nothing.

mod check;
mod data;
mod docs;
mod prepare;
mod results;
pub mod sink;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::base::{Clock, SitePath};
use crate::diag::{self, Diag, Severity, codes};
use crate::outputs::{Artifact, Job, Plan, Recipe, render};
use crate::settings::Settings;
use crate::source::{Snapshot, human_size};
use crate::view::{Leaf, Views};

use sink::{DiskSink, MemorySink, Planned, Put, Rank, Sink};

pub use prepare::{Prepared, prepare};

/// What the command line decides about a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Drafts and future pages are built, too.
    pub drafts: bool,
    /// Warnings count as errors.
    pub strict: bool,
    /// Good pages are written even if others have errors.
    pub keep_going: bool,
    /// Pages left out whatever they hold. The preview knows of each bad page whether it has something better to show.
    pub leave_out: BTreeSet<SitePath>,
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
}

/// Work counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Markdown files parsed.
    pub parsed: usize,
    /// Content pages on the site.
    pub pages: usize,
    /// Outputs rendered from templates or made as feeds and maps.
    pub rendered: usize,
    /// Files copied.
    pub copied: usize,
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
}

/// Called as outputs are done: how many of how many.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Builds the site into the folder `out`.
pub fn build(files: &Snapshot, found: Vec<Diag>, settings: Settings, clock: Clock, options: &Options, out: &Path, progress: Progress<'_>) -> Report {
    run(files, found, settings, clock, options, progress, |planned| DiskSink::open(out, planned), |sink| sink.commit())
}

/// Builds the site in memory; the second value holds every output by its path.
pub fn build_in_memory(files: &Snapshot, settings: Settings, clock: Clock, options: &Options) -> (Report, std::collections::BTreeMap<String, Vec<u8>>) {
    let mut tree = std::collections::BTreeMap::new();
    let report = run(files, Vec::new(), settings, clock, options, &|_, _| {}, |_| Ok(MemorySink::new()), |sink| {
        tree = sink.into_files();
        Ok(sink::Summary { written: tree.len(), ..sink::Summary::default() })
    });
    (report, tree)
}

#[expect(clippy::too_many_arguments, reason = "the one place where all of a build comes together")]
fn run<S: Sink>(
    files: &Snapshot,
    found: Vec<Diag>,
    settings: Settings,
    clock: Clock,
    options: &Options,
    progress: Progress<'_>,
    open: impl FnOnce(Vec<Planned>) -> Result<S, Diag>,
    commit: impl FnOnce(S) -> Result<sink::Summary, Diag>,
) -> Report {
    let prepared = prepare(files, found, settings, clock, options);
    let mut report = Report { outcome: Outcome::Built, diags: prepared.diags, counts: prepared.counts };
    let content_errors = report.diags.iter().any(Diag::is_error);
    if content_errors {
        report.outcome = Outcome::ContentErrors;
    }
    if let Some((views, plan)) = &prepared.site
        && (!content_errors || options.keep_going)
    {
        match write(files, views, plan, progress, open, commit) {
            Ok(done) => {
                report.counts.rendered = done.rendered;
                report.counts.copied = done.copied;
                report.counts.written = done.summary.written;
                report.counts.unchanged = done.summary.unchanged;
                report.counts.removed = done.summary.removed;
                report.diags.extend(done.summary.notes);
            }
            Err(failed) => {
                let content = failed.iter().all(|d| d.code.name.starts_with("template-") || *d.code == codes::output::OUTPUT_TOO_LARGE);
                report.outcome = if content { Outcome::ContentErrors } else { Outcome::Failed };
                report.diags.extend(failed);
            }
        }
    }
    if report.diags.iter().any(|d| *d.code == codes::source::UNREADABLE) {
        report.outcome = Outcome::Failed;
    }
    diag::sort(&mut report.diags);
    report.diags.dedup();
    report
}

struct Done {
    rendered: usize,
    copied: usize,
    summary: sink::Summary,
}

/// Renders every output in parallel and hands it to the sink; nothing is in place until all succeeded.
fn write<S: Sink>(
    files: &Snapshot,
    views: &Views,
    plan: &Plan,
    progress: Progress<'_>,
    open: impl FnOnce(Vec<Planned>) -> Result<S, Diag>,
    commit: impl FnOnce(S) -> Result<sink::Summary, Diag>,
) -> Result<Done, Vec<Diag>> {
    let planned = plan.jobs.iter().map(|job| Planned { path: job.route.output(), rank: rank(&job.recipe) }).collect();
    let sink = open(planned).map_err(|d| vec![d])?;
    let done = AtomicUsize::new(0);
    let copied = AtomicUsize::new(0);
    let failed: Vec<Diag> = plan
        .jobs
        .par_iter()
        .filter_map(|job| {
            let result = make(job, plan, views, files, &sink, &copied);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, plan.jobs.len());
            result.err().map(|d| *d)
        })
        .collect();
    if !failed.is_empty() {
        return Err(failed);
    }
    let summary = commit(sink).map_err(|d| vec![d])?;
    let copied = copied.into_inner();
    Ok(Done { rendered: plan.jobs.len() - copied, copied, summary })
}

fn make(job: &Job, plan: &Plan, views: &Views, files: &Snapshot, sink: &impl Sink, copied: &AtomicUsize) -> Result<Put, Box<Diag>> {
    let path = job.route.output();
    match render(job, plan, views, files)? {
        Artifact::Bytes(bytes) => {
            let limit = views.site.settings.limits.output;
            if bytes.len() as u64 > limit && !matches!(job.recipe, Recipe::Theme(_)) {
                let diag = Diag::new(&codes::output::OUTPUT_TOO_LARGE).arg("size", human_size(bytes.len() as u64)).arg("limit", human_size(limit));
                return Err(Box::new(match &job.source {
                    Some(source) => diag.file(source),
                    None => diag,
                }));
            }
            sink.put(&path, &bytes).map_err(Box::new)
        }
        Artifact::Stream(mut stream) => {
            copied.fetch_add(1, Ordering::Relaxed);
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
        Recipe::Page(_) | Recipe::List(_, Leaf::Archive(_)) | Recipe::NotFound | Recipe::Redirect(_) | Recipe::EventFile(_) => Rank::Page,
        Recipe::Calendar(_) | Recipe::CalendarFile(_) | Recipe::Month(..) | Recipe::Ledger(..) | Recipe::LedgerFile(..) => Rank::List,
        Recipe::Home(_) | Recipe::List(_, Leaf::Front) | Recipe::Atom(_) | Recipe::JsonFeed(_) | Recipe::Sitemap(_) | Recipe::SitemapIndex(_) | Recipe::Robots => {
            Rank::List
        }
    }
}

/// Makes warnings errors, as `--strict` asks.
fn harden(diags: &mut [Diag], strict: bool) {
    if strict {
        diags.iter_mut().filter(|d| d.severity == Severity::Warning).for_each(|d| d.severity = Severity::Error);
    }
}
