//! `puzhi build`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::pipeline::{BuildInput, BuildState, Options, Outcome, Report, Timings, build, build_with_state, verify};
use crate::settings::{self, Settings};
use crate::source::{SETTINGS_FILE, read_settings_text, scan};
use puzhi_core::base::{BuildDate, SitePath, parse_date};
use puzhi_core::diag::{self, Diagnostic, Lang, Severity, SourceText, codes};

use super::ExitStatus;
use super::args::{BuildArgs, MessageFormat};

/// Builds and says how it went.
pub(super) fn run(args: &BuildArgs) -> ExitStatus {
    let start = Instant::now();
    let console = Console { lang: args.lang.into(), json: args.format == MessageFormat::Json };
    let (settings, found, clock) =
        match load_settings_and_clock(&args.root, args.base_url.as_deref(), args.strict, args.date.as_deref()) {
            Ok(loaded) => loaded,
            Err(diags) => {
                console.print_diagnostics(&diags);
                return ExitStatus::Usage;
            }
        };
    let out = args.out.clone().unwrap_or_else(|| args.root.join("public"));
    if let Err(diag) = check_output_folder(&args.root, &out, &settings.theme) {
        console.print_diagnostics(&[diag]);
        return ExitStatus::Usage;
    }
    if let Some(jobs) = args.jobs {
        // Fails only when a pool exists already, which then serves.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let options =
        Options { drafts: args.drafts, strict: args.strict, keep_going: args.keep_going, ..Options::default() };
    let state = BuildState::open(&args.root, &out, args.base_url.as_deref(), &options);
    let prefetch = || state.as_ref().ok().filter(|_| !args.clean).map_or((), BuildState::prefetch);
    let ((files, mut diags), ()) = rayon::join(|| scan(&args.root, &settings.theme), prefetch);
    diags.extend(found);
    let bar = console.progress_bar();
    let progress = |done: usize, total: usize| {
        if start.elapsed() > Duration::from_secs(1) {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    };
    let input = BuildInput {
        files: Arc::new(files),
        found: diags,
        settings: Arc::new(settings),
        clock,
        options: &options,
        progress: &progress,
    };
    let mut report = match state {
        Ok(state) => {
            let (report, deferred_drop) = build_with_state(input, &state, args.clean, &out);
            // The process is about to end, and gives everything back at once.
            std::mem::forget(deferred_drop);
            report
        }
        Err(diag) if *diag.code == codes::output::STATE_UNUSABLE => {
            let (mut report, _) = build(input, None, &out);
            report.diags.push(diag);
            report
        }
        Err(diag) => {
            bar.finish_and_clear();
            console.print_diagnostics(&[diag]);
            return ExitStatus::Io;
        }
    };
    if args.verify && report.outcome == Outcome::Built {
        report.diags.extend(verify_output(args, &options, &out));
        if report.diags.iter().any(|d| *d.code == codes::output::VERIFY_DIFFERS) {
            report.outcome = Outcome::Failed;
        }
    }
    bar.finish_and_clear();
    console.print_diagnostics(&report.diags);
    console.print_summary(&report, &out, start.elapsed());
    if args.timings {
        console.print_timings(&report.timings);
    }
    match report.outcome {
        Outcome::Built => ExitStatus::Success,
        Outcome::ContentErrors => ExitStatus::ContentErrors,
        Outcome::Failed => ExitStatus::Io,
    }
}

/// What is on the disk held against a build from nothing, of files read again.
fn verify_output(args: &BuildArgs, options: &Options, out: &Path) -> Vec<Diagnostic> {
    let (settings, found, clock) =
        match load_settings_and_clock(&args.root, args.base_url.as_deref(), args.strict, args.date.as_deref()) {
            Ok(loaded) => loaded,
            Err(diags) => return diags,
        };
    let (files, diags) = scan(&args.root, &settings.theme);
    let found = found.into_iter().chain(diags).collect();
    let input = BuildInput {
        files: Arc::new(files),
        found,
        settings: Arc::new(settings),
        clock,
        options,
        progress: &|_, _| {},
    };
    verify(input, out)
}

/// What every build begins with: settings, what is to be said of them, and the day. Errors mean exit code 2.
pub(super) fn load_settings_and_clock(
    root: &Path,
    base_url: Option<&str>,
    strict: bool,
    date: Option<&str>,
) -> Result<(Settings, Vec<Diagnostic>, BuildDate), Vec<Diagnostic>> {
    let (settings, found) = read_settings(root, base_url, strict)?;
    let clock = build_clock(date, &settings).map_err(|diag| vec![diag])?;
    Ok((settings, found, clock))
}

/// Reads `site.yaml`; errors mean exit code 2.
pub(super) fn read_settings(
    root: &Path,
    base_url: Option<&str>,
    strict: bool,
) -> Result<(Settings, Vec<Diagnostic>), Vec<Diagnostic>> {
    let path = SitePath::new(SETTINGS_FILE).map_err(|_| Vec::new())?;
    let (text, warning) = read_settings_text(root).map_err(|d| vec![d])?;
    let (mut settings, mut diags) = settings::read(&SourceText::new(&path, &text));
    diags.extend(warning);
    if let Some(url) = base_url {
        match settings::parse_base_url(url) {
            Some(good) => settings.base_url = Some(good),
            None => {
                diags.push(Diagnostic::new(&codes::settings::BAD_BASE_URL).arg("key", "base_url").arg("value", url))
            }
        }
    }
    if diags.iter().any(|d| d.is_error() || strict && d.severity == Severity::Warning) {
        return Err(diags);
    }
    Ok((settings, diags))
}

/// The day of the build: `--date`, else `SOURCE_DATE_EPOCH` (reproducible-builds.org), else today in the site's zone.
pub(super) fn build_clock(date: Option<&str>, settings: &Settings) -> Result<BuildDate, Diagnostic> {
    Ok(clock_for_day(parse_date_option(date)?, settings))
}

/// The day that `--date` names, if it is given.
pub(super) fn parse_date_option(date: Option<&str>) -> Result<Option<Date>, Diagnostic> {
    let read = |written: &str| {
        parse_date(written).map(|m| m.date).ok_or_else(|| {
            Diagnostic::new(&codes::settings::BAD_DATE_OPTION).arg("option", "--date").arg("value", written)
        })
    };
    date.map(read).transpose()
}

/// That day, or today as [`build_clock`] has it, in the site's zone.
pub(super) fn clock_for_day(day: Option<Date>, settings: &Settings) -> BuildDate {
    let zone: TimeZone = settings.zone.clone();
    let today = day.unwrap_or_else(|| {
        let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.trim().parse::<i64>().ok());
        let moment = epoch.and_then(|s| jiff::Timestamp::from_second(s).ok()).unwrap_or_else(jiff::Timestamp::now);
        moment.to_zoned(zone.clone()).date()
    });
    BuildDate { today, zone, zone_name: settings.zone_name.clone() }
}

/// The output folder must not be the site's folder, one above it, or one the site's files are in.
fn check_output_folder(root: &Path, out: &Path, theme: &str) -> Result<(), Diagnostic> {
    let real = |p: &Path| -> PathBuf {
        // The output folder need not exist yet: its nearest existing parent is made real.
        let absolute = std::path::absolute(p).unwrap_or_else(|_| p.to_path_buf());
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
    };
    let (root, out) = (real(root), real(out));
    let theme = format!("themes/{theme}");
    let own = crate::source::SITE_FOLDERS.iter().copied().chain([theme.as_str(), "themes"]);
    let inside = own.into_iter().find(|folder| out.starts_with(root.join(folder)));
    let refused = inside.map(str::to_string).or_else(|| root.starts_with(&out).then(|| out.display().to_string()));
    match refused {
        Some(folder) => Err(Diagnostic::new(&codes::output::OUT_IN_SITE).arg("folder", folder)),
        None => Ok(()),
    }
}

/// Prints findings and the summary: text on standard error, the result on standard output.
pub(super) struct Console {
    pub lang: Lang,
    pub json: bool,
}

impl Console {
    pub fn print_diagnostics(&self, diags: &[Diagnostic]) {
        let mut out = String::new();
        for diag in diags {
            match self.json {
                true => out.push_str(&format!("{}\n", diag::to_json(diag, self.lang))),
                false => out.push_str(&diag::to_text(diag, self.lang)),
            }
        }
        // Nobody is left to tell when the pipe is closed.
        let _ = match self.json {
            true => std::io::stdout().write_all(out.as_bytes()),
            false => std::io::stderr().write_all(out.as_bytes()),
        };
    }

    fn progress_bar(&self) -> ProgressBar {
        if self.json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar
    }

    fn print_timings(&self, timings: &Timings) {
        if self.json {
            return;
        }
        let ms = |time: &Duration| format!("{:9.1} ms", time.as_secs_f64() * 1e3);
        let zh = self.lang == Lang::Zh;
        let mut out = String::from(if zh { "各阶段用时：\n" } else { "Phases:\n" });
        for (phase, time) in &timings.phases {
            out.push_str(&format!("{}  {phase}\n", ms(time)));
        }
        out.push_str(if zh {
            "最费时的模板（次数、合计）：\n"
        } else {
            "Slowest templates (count, in all):\n"
        });
        for (template, count, time) in &timings.templates {
            out.push_str(&format!("{}  {count:6}  {template}\n", ms(time)));
        }
        out.push_str(if zh { "最费时的网页：\n" } else { "Slowest outputs:\n" });
        for (path, time) in &timings.outputs {
            out.push_str(&format!("{}  {path}\n", ms(time)));
        }
        let _ = std::io::stderr().write_all(out.as_bytes());
    }

    fn print_summary(&self, report: &Report, out: &Path, time: Duration) {
        if self.json {
            return;
        }
        let count = |severity| report.diags.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let c = &report.counts;
        let seconds = time.as_secs_f64();
        let wrote = c.written + c.unchanged > 0;
        let line = match (self.lang, wrote) {
            (Lang::Zh, true) => format!(
                "{} 页内容，{} 个网页和订阅源，{} 个附件 → {}（写入 {}，未变 {}，删除 {}）；{errors} 个错误，{warnings} 条提醒；{seconds:.2} 秒",
                c.pages,
                c.outputs,
                c.copies,
                out.display(),
                c.written,
                c.unchanged,
                c.removed
            ),
            (Lang::Zh, false) => {
                format!("没有写入：{} 保持原样；{errors} 个错误，{warnings} 条提醒；{seconds:.2} 秒", out.display())
            }
            (Lang::En, true) => format!(
                "{} pages of content, {} outputs, {} assets → {} (written {}, unchanged {}, removed {}); {errors} errors, {warnings} warnings; {seconds:.2} s",
                c.pages,
                c.outputs,
                c.copies,
                out.display(),
                c.written,
                c.unchanged,
                c.removed
            ),
            (Lang::En, false) => {
                format!(
                    "nothing written, {} is as it was; {errors} errors, {warnings} warnings; {seconds:.2} s",
                    out.display()
                )
            }
        };
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}
