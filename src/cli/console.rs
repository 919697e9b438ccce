//! Printing for all commands: results go to standard output, diagnostics and messages to standard error.
//!
//! Input: diagnostics, reports and complete texts. Output: bytes on the two streams. Knows no command and no option. Write errors,
//! such as a closed pipe, are ignored, since there is no stream left to report them on. Only [`write_stdout`] returns them.
#![expect(clippy::disallowed_methods, reason = "the one file that prints")]

use std::ffi::OsStr;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use terminal_size::{Width, terminal_size_of};

use crate::pipeline::{Report, Timings, UnpublishedCounts};
use puzhi_core::diag::{self, Diagnostic, Lang, Severity, TextStyle};

use super::ExitStatus;

/// Language and format of a command's messages.
pub(super) struct Console {
    /// Language of all messages.
    pub lang: Lang,
    /// Print diagnostics to standard output as JSON Lines, and print no summary, timings or progress bar.
    pub json: bool,
    /// Print every diagnostic in full. Otherwise those of one code are printed together.
    all: bool,
    /// Width and colours of the terminal.
    style: TextStyle,
}

impl Console {
    /// A console that prints text for people.
    pub fn text(lang: Lang) -> Console {
        Console { lang, json: false, all: false, style: terminal_style() }
    }

    /// The same console, printing every diagnostic in full.
    pub fn ungrouped(self) -> Console {
        Console { all: true, ..self }
    }

    /// A console that prints diagnostics as JSON Lines.
    pub fn json(lang: Lang) -> Console {
        Console { json: true, ..Console::text(lang) }
    }

    /// Columns of the terminal.
    pub fn width(&self) -> usize {
        self.style.width
    }

    /// A text with its commands as they are typed in the reader's shell.
    pub fn commands(&self, text: &str) -> String {
        self.style.commands(text)
    }

    /// Returns the text in the console's language.
    pub fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Prints diagnostics: all of them in the given order, or grouped by code.
    pub fn print_diagnostics(&self, diags: &[Diagnostic]) {
        let out: String = if self.json {
            diags.iter().map(|diag| format!("{}\n", diag::to_json(diag, self.lang))).collect()
        } else if self.all {
            diags.iter().map(|diag| diag::to_styled_text(diag, self.lang, self.style)).collect()
        } else {
            diag::to_grouped_text(diags, self.lang, self.style, &self.style.commands("puzhi build --all"))
        };
        let _ = match self.json {
            true => std::io::stdout().write_all(out.as_bytes()),
            false => std::io::stderr().write_all(out.as_bytes()),
        };
    }

    /// Says how many of these diagnostics `puzhi fix` corrects, if any.
    pub fn print_fixable(&self, diags: &[Diagnostic]) {
        let count = diags.iter().filter(|diag| diag.fix.is_some()).count();
        if count > 0 && !self.json {
            let text = self.lang.pick(
                format!("其中 {count} 处能自动改：puzhi fix"),
                format!("{count} of them can be fixed with: puzhi fix"),
            );
            print_error(&self.commands(&text));
        }
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

    /// Prints a few lines about a build: number of pages, outputs, errors and warnings, seconds taken, and what is not on the site.
    pub fn print_summary(&self, report: &Report, out: &Path, time: Duration) {
        if self.json {
            return;
        }
        let findings = self.count_findings(report);
        let c = &report.counts;
        let seconds = time.as_secs_f64();
        let wrote = c.written + c.unchanged > 0;
        let out = out.display();
        let line = match (self.lang, wrote) {
            (Lang::Zh, true) => format!(
                "{} 页内容，{} 个网页和订阅源，{} 个附件 → {out}（写入 {}，未变 {}，删除 {}）；{findings}；{seconds:.2} 秒\n",
                c.pages, c.outputs, c.copies, c.written, c.unchanged, c.removed
            ),
            (Lang::Zh, false) => {
                format!("没有写入：{out} 保持原样；{findings}；{seconds:.2} 秒\n")
            }
            (Lang::En, true) => format!(
                "{} pages of content, {} outputs, {} assets → {out} (written {}, unchanged {}, removed {}); {findings}; {seconds:.2} s\n",
                c.pages, c.outputs, c.copies, c.written, c.unchanged, c.removed
            ),
            (Lang::En, false) => {
                format!("nothing written, {out} is as it was; {findings}; {seconds:.2} s\n")
            }
        };
        print_stdout(&line);
        if wrote {
            print_stdout(&self.style.commands(&unpublished_text(&c.unpublished, self.lang)));
        }
    }

    /// Prints that the files of the output folder are those of a clean build.
    pub fn print_agreement(&self, count: usize) {
        if !self.json {
            print_stdout(&self.lang.pick(
                format!("核对过了：{count} 个文件，每一个都和从头生成的一样\n"),
                format!("verified: {count} files, each of them as a build from nothing makes it\n"),
            ));
        }
    }

    fn count_findings(&self, report: &Report) -> String {
        let count = |severity| report.diags.iter().chain(&report.gone).filter(|d| d.severity == severity).count();
        let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
        match (self.lang, notes) {
            (Lang::Zh, 0) => format!("{errors} 个错误，{warnings} 条提醒"),
            (Lang::Zh, _) => format!("{errors} 个错误，{warnings} 条提醒，{notes} 条说明"),
            (Lang::En, 0) => format!("{errors} errors, {warnings} warnings"),
            (Lang::En, _) => format!("{errors} errors, {warnings} warnings, {notes} notes"),
        }
    }
}

/// What is not on the site, and how to see it. Empty if all of it is there.
fn unpublished_text(counts: &UnpublishedCounts, lang: Lang) -> String {
    let UnpublishedCounts { drafts, held_back, future, next_day, left_out, files, expired } = *counts;
    let day = next_day.map(|day| day.written()).map_or_else(String::new, |day| match lang {
        Lang::Zh => format!("（最早 {day}，要有人在那天或以后再生成一次）"),
        Lang::En => format!(" (the first on {day}, by a build on that day or later)"),
    });
    let parts = [
        (drafts, lang.pick(format!("草稿 {drafts} 页"), format!("{drafts} drafts"))),
        (held_back, lang.pick(format!("草稿栏目里 {held_back} 页"), format!("{held_back} in draft sections"))),
        (future, lang.pick(format!("日期未到 {future} 页{day}"), format!("{future} dated in the future{day}"))),
        (left_out, lang.pick(format!("有错略去 {left_out} 页"), format!("{left_out} left out for errors"))),
        (files, lang.pick(format!("它们的文件 {files} 个"), format!("{files} files of these"))),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, part)| part).collect();
    let mut out = String::new();
    if !parts.is_empty() {
        out.push_str(&match lang {
            Lang::Zh => format!(
                "没有发布：{}\n  看这些页：puzhi serve；问某一页为什么不在：puzhi explain content/….md\n",
                parts.join("，")
            ),
            Lang::En => format!(
                "not published: {}\n  to see these pages: puzhi serve; to ask about one: puzhi explain content/….md\n",
                parts.join(", ")
            ),
        });
    }
    if expired > 0 {
        out.push_str(&match lang {
            Lang::Zh => format!("已过期：{expired} 页，还在网站上，带提示，不进列表\n"),
            Lang::En => format!("expired: {expired} pages, still on the site with a notice, in no list\n"),
        });
    }
    out
}

/// Colours and width of standard error, where diagnostics go. Colours follow <https://no-color.org>.
fn terminal_style() -> TextStyle {
    let is_terminal = std::io::stderr().is_terminal();
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let colour = is_terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb");
    let width = terminal_size_of(std::io::stderr()).map(|(Width(columns), _)| usize::from(columns));
    let plain = TextStyle::default();
    let program = PROGRAM.get().copied().unwrap_or(plain.program);
    TextStyle { width: width.filter(|columns| *columns >= 20).unwrap_or(plain.width), colour, program }
}

/// How the program was called, where that is more than its name.
static PROGRAM: OnceLock<&str> = OnceLock::new();

/// Remembers how the program was called, so that messages name commands that can be typed. A whole path is not repeated.
pub(super) fn set_program(called: &OsStr) {
    let typed = ["./puzhi", ".\\puzhi", ".\\puzhi.exe"].into_iter().find(|name| called == *name);
    // PowerShell passes on the whole path of `.\puzhi`.
    let called = Path::new(called);
    let is_here = || called.is_absolute() && called.parent() == std::env::current_dir().ok().as_deref();
    let here = if cfg!(windows) { ".\\puzhi" } else { "./puzhi" };
    if let Some(name) = typed.or_else(|| is_here().then_some(here)) {
        // It is set once, at the start.
        let _ = PROGRAM.set(name.trim_end_matches(".exe"));
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
