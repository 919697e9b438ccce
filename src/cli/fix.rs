//! `puzhi fix`: corrects the findings that have one mechanical answer, lists what it changes, and takes it back.
//!
//! Input: [`FixArgs`] and the site. Output: changed files and a list of the changes on standard output. What is changed is computed in
//! `fixes`; `fix_store` writes. Asks no questions.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::fixes::{AppliedFix, ChangedFiles, FixedFile, FixedSite, LineChange, fix_site};
use puzhi_core::base::{SitePath, Span, closest_match};
use puzhi_core::diag::{Diagnostic, Excerpt, Lang, Severity, codes};

use super::ExitStatus;
use super::args::FixArgs;
use super::console::{Console, print_stdout};
use super::fix_store::{FixStore, Undone};
use super::site::SiteRequest;

/// Fixes what is asked for, or takes back the last fixes.
pub(super) fn run(args: &FixArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let wanted = wanted_codes(&args.codes).map_err(|diag| console.fail(&[diag], ExitStatus::Usage))?;
    let store = FixStore::new(args.root.path());
    if args.undo {
        return undo(&store, &console);
    }
    let request = SiteRequest::of(args.root.path());
    let is_usable = Cell::new(true);
    let check = |changed: &ChangedFiles| {
        let found = request.findings_with(changed);
        is_usable.set(found.is_ok());
        found.unwrap_or_else(|diags| diags)
    };
    let site = fix_site(check, |path| store.read(path), |code| wanted.contains(code.name));
    let refused = if args.dry_run {
        Vec::new()
    } else {
        store.write(&site.files).map_err(|diag| console.fail(&[diag], ExitStatus::Io))?
    };
    let is_refused = |path: &SitePath| refused.iter().any(|diag| diag.file.as_ref() == Some(path));
    let mut text = String::new();
    for (path, file) in site.files.iter().filter(|(path, _)| !is_refused(path)) {
        text.push_str(&file.fixes.iter().map(|fix| fix_text(path, fix, &console)).collect::<String>());
    }
    let done: Vec<&FixedFile> = site.files.iter().filter(|(path, _)| !is_refused(path)).map(|(_, file)| file).collect();
    text.push_str(&summary(&done, &site, args.dry_run, &console));
    print_stdout(&text);
    console.print_diagnostics(&refused);
    if !is_usable.get() {
        return Err(console.fail(&site.left, ExitStatus::Usage));
    }
    Ok(match site.left.iter().any(Diagnostic::is_error) {
        _ if !refused.is_empty() => ExitStatus::Io,
        true => ExitStatus::ContentErrors,
        false => ExitStatus::Success,
    })
}

/// The names of the kinds of findings that are fixed: those that are given, or all that can be.
fn wanted_codes(given: &[String]) -> Result<BTreeSet<&'static str>, Diagnostic> {
    let all: BTreeSet<&'static str> =
        codes::all().into_iter().filter(|(_, code)| code.fixable).map(|(_, code)| code.name).collect();
    let unknown = given.iter().find(|name| !all.contains(name.as_str()));
    if let Some(name) = unknown {
        let near = closest_match(name, all.iter().copied());
        return Err(Diagnostic::new(&codes::start::NO_FIX).arg("name", name).optional_arg("nearest", near));
    }
    let is_wanted = |name: &&str| given.is_empty() || given.iter().any(|given| given == name);
    Ok(all.into_iter().filter(is_wanted).collect())
}

/// One fix: its place and kind, then each line before and after.
fn fix_text(path: &SitePath, fix: &AppliedFix, console: &Console) -> String {
    let AppliedFix { code, changes } = fix;
    let line = changes.first().map_or(1, |change| change.line);
    let mut out = format!("{path}:{line} {}\n", code.name);
    for change in changes {
        out.push_str(&change_text(change, console.width()));
    }
    out
}

/// The lines of a change, cut to a width around what differs.
fn change_text(change: &LineChange, width: usize) -> String {
    let LineChange { before, after, .. } = change;
    let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
    let same = before.floor_char_boundary(same);
    let mut out = String::new();
    for (mark, text) in [('-', before), ('+', after)] {
        let mut start = 0;
        for line in text.split('\n') {
            let place = same.clamp(start, start + line.len()) - start;
            let place = line.floor_char_boundary(place);
            let shown = Excerpt::of(line, Span::new(place, line.len())).fit(width.saturating_sub(4)).text;
            out.push_str(format!("  {mark} {shown}").trim_end());
            out.push('\n');
            start += line.len() + 1;
        }
    }
    out
}

/// How much was changed, what is left, and what to do next.
fn summary(done: &[&FixedFile], site: &FixedSite, dry_run: bool, console: &Console) -> String {
    let (files, count) = (done.len(), done.iter().map(|file| file.fixes.len()).sum::<usize>());
    let of = |severity| site.left.iter().filter(|diag| diag.severity == severity).count();
    let (errors, warnings, notes) = (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    let left = match errors + warnings + notes {
        0 => console.pick("没有别的问题了", "nothing else is found").to_string(),
        _ => console.lang.pick(
            format!("还有 {errors} 个错误，{warnings} 条提醒，{notes} 条说明，要自己看着改"),
            format!("{errors} errors, {warnings} warnings and {notes} notes are left for you"),
        ),
    };
    let see = if site.left.is_empty() || dry_run { "" } else { console.pick("：puzhi build", ": puzhi build") };
    let text = match (console.lang, count, dry_run) {
        (Lang::Zh, 0, _) => format!("没有可以自动改的；{left}{see}\n"),
        (Lang::En, 0, _) => format!("nothing can be fixed by itself; {left}{see}\n"),
        (Lang::Zh, _, true) => format!("可以改 {files} 个文件，{count} 处，现在还没有动；改了以后{left}\n"),
        (Lang::En, _, true) => format!("{count} fixes in {files} files, none made yet; then {left}\n"),
        (Lang::Zh, _, false) => {
            format!("改了 {files} 个文件，{count} 处；{left}{see}\n不想要这些改动：puzhi fix --undo\n")
        }
        (Lang::En, _, false) => {
            format!("{count} fixes in {files} files; {left}{see}\nto take them back: puzhi fix --undo\n")
        }
    };
    console.commands(&text)
}

/// Takes back the last fixes.
fn undo(store: &FixStore, console: &Console) -> Result<ExitStatus, ExitStatus> {
    let Undone { restored, refused } = store.undo().map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    let mut text: String = restored.iter().map(|path| format!("{path}\n")).collect();
    text.push_str(&match (console.lang, restored.len(), refused.is_empty()) {
        (Lang::Zh, 0, true) => "没有可以撤销的改动\n".to_string(),
        (Lang::En, 0, true) => "there are no fixes to take back\n".to_string(),
        (Lang::Zh, count, _) => format!("恢复了 {count} 个文件\n"),
        (Lang::En, count, _) => format!("{count} files are as they were before\n"),
    });
    print_stdout(&text);
    console.print_diagnostics(&refused);
    Ok(if refused.is_empty() { ExitStatus::Success } else { ExitStatus::Io })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_known_or_named() {
        assert_eq!(wanted_codes(&["wide-link".to_string()]).unwrap(), BTreeSet::from(["wide-link"]));
        assert!(wanted_codes(&[]).unwrap().len() > 40);
        let of = |name: &str| wanted_codes(&[name.to_string()]).unwrap_err().argument("nearest").map(str::to_string);
        assert_eq!(of("wide-lnik").as_deref(), Some("wide-link"));
        assert_eq!(of("surplus-cells"), None);
    }

    #[test]
    fn long_lines_are_cut_around_the_change() {
        let before = format!("{}：{}", "甲".repeat(200), "乙".repeat(200));
        let change = LineChange { line: 1, after: before.replace('：', ": "), before };
        let text = change_text(&change, 40);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("  - …甲") && lines[0].contains("甲：乙"), "{text}");
        assert!(lines[1].starts_with("  + …甲") && lines[1].contains("甲: 乙"), "{text}");
        let change = LineChange { line: 1, before: "乙".to_string(), after: "\n乙".to_string() };
        assert_eq!(change_text(&change, 40), "  - 乙\n  +\n  + 乙\n");
    }
}
