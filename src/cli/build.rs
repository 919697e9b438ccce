//! `puzhi build`: builds the site into its output folder; with `--verify`, also compares the result with a clean build.
//!
//! Input: [`BuildArgs`]. Output: the output folder, messages and an [`ExitStatus`]. Knows the order of the steps, not the pipeline's
//! phases.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::BlobCache;
use crate::pipeline::{
    BuildState, Options, Outcome, PICTURE_CACHE, PictureOptions, PictureTiming, Report, Verification, build,
    build_with_state, verify,
};
use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::{BuildArgs, MessageFormat};
use super::console::Console;
use super::site::SiteRequest;

/// Name of the cache of pictures that a verification makes and removes.
const VERIFY_CACHE: &str = "verified-pictures";

/// Builds the site, then prints a summary, diagnostics and, with `--timings`, the times.
pub(super) fn run(args: &BuildArgs) -> Result<ExitStatus, ExitStatus> {
    let start = Instant::now();
    let lang = args.messages.lang();
    let console = match args.format {
        MessageFormat::Json => Console::json(lang),
        MessageFormat::Text if args.all => Console::text(lang).ungrouped(),
        MessageFormat::Text => Console::text(lang),
    };
    let refuse = |diags: &[Diagnostic]| console.fail(diags, ExitStatus::Usage);
    let settings = site_request(args).read_settings().map_err(|diags| refuse(&diags))?;
    let out = args.site.out();
    check_output_folder(args.site.root(), &out, &settings.settings.theme).map_err(|diag| refuse(&[diag]))?;
    if let Some(jobs) = args.jobs {
        // Fails only if the global pool exists already; then that pool is used.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let cache = BlobCache::new(args.site.root(), PICTURE_CACHE);
    if args.clean {
        cache.clear();
    }
    let pictures = PictureOptions { cache: Some(Arc::new(cache)), timing: PictureTiming::Ahead };
    let options = Options {
        drafts: args.drafts,
        strict: args.strict,
        keep_going: args.keep_going,
        pictures,
        ..Options::default()
    };
    let state = BuildState::open(args.site.root(), &out, args.site.base_url.as_deref(), &options);
    let prefetch = || state.as_ref().ok().filter(|_| !args.clean).map_or((), BuildState::prefetch);
    let (site, ()) = rayon::join(|| settings.scan(), prefetch);
    let bar = console.progress_bar();
    let progress = |done: usize, total: usize| {
        if start.elapsed() > Duration::from_secs(1) {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    };
    let input = site.into_input(&options, &progress);
    let mut report = match state {
        Ok(state) => {
            let (report, deferred_drop) = build_with_state(input, &state, args.clean, &out);
            // The process ends soon. Freeing this memory piece by piece would only take time.
            std::mem::forget(deferred_drop);
            report
        }
        Err(diag) if *diag.code == codes::output::STATE_UNUSABLE => {
            let mut report = build(input, None, &out).report;
            // A disk that takes no output takes no records either; that is said once.
            if report.outcome != Outcome::Failed {
                report.diags.push(diag);
            }
            report
        }
        Err(diag) => {
            bar.finish_and_clear();
            return Err(console.fail(&[diag], ExitStatus::Io));
        }
    };
    let mut agreeing = None;
    if args.verify && report.counts.written + report.counts.unchanged > 0 {
        agreeing = add_verification(&mut report, args, &options, &out);
    } else if args.verify {
        report.diags.push(Diagnostic::new(&codes::output::VERIFY_SKIPPED));
    }
    bar.finish_and_clear();
    console.print_summary(&report, &out, start.elapsed());
    if let Some(count) = agreeing {
        console.print_agreement(count);
    }
    console.print_diagnostics(&report.diags);
    console.print_fixable(&report.diags);
    console.print_diagnostics(&report.gone);
    if args.timings {
        console.print_timings(&report.timings);
    }
    Ok(match report.outcome {
        Outcome::Built => ExitStatus::Success,
        Outcome::ContentErrors => ExitStatus::ContentErrors,
        Outcome::Failed => ExitStatus::Io,
    })
}

fn site_request(args: &BuildArgs) -> SiteRequest<'_> {
    SiteRequest {
        root: args.site.root(),
        base_url: args.site.base_url.as_deref(),
        date: args.date.as_deref(),
        strict: args.strict,
    }
}

/// Reads the site again, builds it from nothing in memory and compares every file with `out`. A difference makes the build fail.
/// Returns the number of files that were compared, if all of them agree.
fn add_verification(report: &mut Report, args: &BuildArgs, options: &Options, out: &Path) -> Option<usize> {
    let Verification { compared, diags } = match site_request(args).open() {
        Ok(site) => {
            // Kept while this lasts, so that each picture is decoded once.
            let cache = Arc::new(BlobCache::new(args.site.root(), VERIFY_CACHE));
            cache.clear();
            let pictures = PictureOptions { cache: Some(Arc::clone(&cache)), ..options.pictures.clone() };
            let found = verify(site.into_input(&Options { pictures, ..options.clone() }, &|_, _| {}), out);
            cache.clear();
            found
        }
        Err(diags) => Verification { compared: 0, diags },
    };
    if diags.iter().any(|d| *d.code == codes::output::VERIFY_DIFFERS) {
        report.outcome = Outcome::Failed;
    }
    let agree = diags.is_empty();
    report.diags.extend(diags);
    agree.then_some(compared)
}

/// Rejects an output folder that is the site's folder, one of its parents, or inside one of the folders with the site's sources.
fn check_output_folder(root: &Path, out: &Path, theme: &str) -> Result<(), Diagnostic> {
    let (root, out) = (real_path(root), real_path(out));
    let theme = format!("themes/{theme}");
    let own = crate::source::SITE_FOLDERS.iter().copied().chain([theme.as_str(), "themes"]);
    let inside = own.into_iter().find(|folder| out.starts_with(root.join(folder)));
    let refused = inside.map(str::to_string).or_else(|| root.starts_with(&out).then(|| out.display().to_string()));
    match refused {
        Some(folder) => Err(Diagnostic::new(&codes::output::OUT_IN_SITE).arg("folder", folder)),
        None => Ok(()),
    }
}

/// The absolute path with symbolic links resolved in the part that exists. The output folder may not exist yet.
pub(super) fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut existing = absolute.as_path();
    while !existing.exists() {
        match existing.parent() {
            Some(parent) => existing = parent,
            None => break,
        }
    }
    let rest = absolute.strip_prefix(existing).unwrap_or(Path::new(""));
    let base = existing.canonicalize().unwrap_or_else(|_| existing.to_path_buf());
    if rest.as_os_str().is_empty() { base } else { base.join(rest) }
}
