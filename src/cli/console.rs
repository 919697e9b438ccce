//! Printing for all commands: results go to standard output, diagnostics and messages to standard error.
//!
//! Input: diagnostics, reports and complete texts. Output: bytes on the two streams. Knows no command and no option. Write errors,
//! such as a closed pipe, are ignored, since there is no stream left to report them on. Only [`write_stdout`] returns them.
#![expect(clippy::disallowed_methods, reason = "the one file that prints")]

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::{Report, Timings};
use puzhi_core::diag::{self, Diagnostic, Lang, Severity};

use super::ExitStatus;

/// Language and format of a command's messages.
pub(super) struct Console {
    /// Language of all messages.
    pub lang: Lang,
    /// Print diagnostics to standard output as JSON Lines, and print no summary, timings or progress bar.
    pub json: bool,
}

impl Console {
    /// A console that prints plain text.
    pub fn text(lang: Lang) -> Console {
        Console { lang, json: false }
    }

    /// Returns the text in the console's language.
    pub fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Prints diagnostics in the given order.
    pub fn print_diagnostics(&self, diags: &[Diagnostic]) {
        let mut out = String::new();
        for diag in diags {
            match self.json {
                true => out.push_str(&format!("{}\n", diag::to_json(diag, self.lang))),
                false => out.push_str(&diag::to_text(diag, self.lang)),
            }
        }
        let _ = match self.json {
            true => std::io::stdout().write_all(out.as_bytes()),
            false => std::io::stderr().write_all(out.as_bytes()),
        };
    }

    /// Prints the diagnostics that end a command and returns `exit`, for use with `map_err`.
    pub fn fail(&self, diags: &[Diagnostic], exit: ExitStatus) -> ExitStatus {
        self.print_diagnostics(diags);
        exit
    }

    /// A progress bar on standard error; hidden if that is not a terminal.
    pub fn progress_bar(&self) -> ProgressBar {
        if self.json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar
    }

    /// Prints the times of a build in milliseconds: phases, slowest templates, slowest outputs.
    pub fn print_timings(&self, timings: &Timings) {
        if self.json {
            return;
        }
        let ms = |time: &Duration| format!("{:9.1} ms", time.as_secs_f64() * 1e3);
        let mut out = String::from(self.pick("各阶段用时：\n", "Phases:\n"));
        for phase in &timings.phases {
            out.push_str(&format!("{}  {}\n", ms(&phase.time), phase.name));
        }
        out.push_str(self.pick("最费时的模板（次数、合计）：\n", "Slowest templates (count, in all):\n"));
        for all in &timings.templates {
            out.push_str(&format!("{}  {:6}  {}\n", ms(&all.time), all.outputs, all.template));
        }
        out.push_str(self.pick("最费时的网页：\n", "Slowest outputs:\n"));
        for output in &timings.outputs {
            out.push_str(&format!("{}  {}\n", ms(&output.time), output.path));
        }
        let _ = std::io::stderr().write_all(out.as_bytes());
    }

    /// Prints one line about a build: number of pages, outputs, errors and warnings, and seconds taken.
    pub fn print_summary(&self, report: &Report, out: &Path, time: Duration) {
        if self.json {
            return;
        }
        let count = |severity| report.diags.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let c = &report.counts;
        let seconds = time.as_secs_f64();
        let wrote = c.written + c.unchanged > 0;
        let out = out.display();
        let line = match (self.lang, wrote) {
            (Lang::Zh, true) => format!(
                "{} 页内容，{} 个网页和订阅源，{} 个附件 → {out}（写入 {}，未变 {}，删除 {}）；{errors} 个错误，{warnings} 条提醒；{seconds:.2} 秒\n",
                c.pages, c.outputs, c.copies, c.written, c.unchanged, c.removed
            ),
            (Lang::Zh, false) => {
                format!("没有写入：{out} 保持原样；{errors} 个错误，{warnings} 条提醒；{seconds:.2} 秒\n")
            }
            (Lang::En, true) => format!(
                "{} pages of content, {} outputs, {} assets → {out} (written {}, unchanged {}, removed {}); {errors} errors, {warnings} warnings; {seconds:.2} s\n",
                c.pages, c.outputs, c.copies, c.written, c.unchanged, c.removed
            ),
            (Lang::En, false) => {
                format!("nothing written, {out} is as it was; {errors} errors, {warnings} warnings; {seconds:.2} s\n")
            }
        };
        print_stdout(&line);
    }
}

/// Writes `text` to standard output and ignores errors.
pub(super) fn print_stdout(text: &str) {
    let _ = write_stdout(text);
}

/// Writes `text` to standard output, for results whose loss must be reported.
///
/// # Errors
/// [`ExitStatus::Io`] when not all of it could be written.
pub(super) fn write_stdout(text: &str) -> Result<(), ExitStatus> {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|_| ExitStatus::Io)
}

/// Writes `text` and a newline to standard error and ignores errors.
pub(super) fn print_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
