//! `puzhi release record` writes the log of what was published; `puzhi release diff` says what changed since.
//!
//! Input: [`ReleaseRecordArgs`] or [`ReleaseDiffArgs`], and the site. Output: the log, and the changes on standard output, in the words
//! of those who publish. Both are computed in `releases`; this file only writes and formats them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::pipeline::{Options, released_now};
use crate::releases::{ChangeKind, LogChange, ReleaseLog, ReleasedNow, changes, let_go, record};
use crate::source::{RELEASES_LOCK_FILE, replace_file};
use puzhi_core::base::{DateOrDateTime, Route, SitePath};
use puzhi_core::diag::{self, Diagnostic, Lang, Severity, codes};

use super::ExitStatus;
use super::args::{ReleaseDiffArgs, ReleaseRecordArgs};
use super::console::{Console, print_stdout};
use super::site::{SiteRequest, build_date};

/// The site as it would be published, and the log.
struct Release {
    log: ReleaseLog,
    now: ReleasedNow,
    /// The moment of the build, to the minute, in the site's zone.
    at: DateOrDateTime,
}

/// Records what the site publishes now and prints what changed. Does not write if nothing changed.
pub(super) fn record_release(args: &ReleaseRecordArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let let_gone =
        args.gone.iter().map(|address| gone_route(address).map_err(|diag| console.fail(&[diag], ExitStatus::Usage)));
    let let_gone: BTreeSet<Route> = let_gone.collect::<Result<_, _>>()?;
    let Release { log, now, at } = open(args.root.path(), args.at.as_deref(), &let_gone, &console)?;
    for address in &let_gone {
        if !let_go(&log, &now, address) {
            return Err(console.fail(&[cannot_let_go(&log, &now, address)], ExitStatus::Usage));
        }
    }
    let changes = changes(&log, &now, &let_gone);
    let next = record(&log, &now, &let_gone, at);
    if next != log {
        write_log(args.root.path(), &next.to_yaml()).map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    }
    let mut out = text_of_changes(&changes, console.lang);
    let count = next.articles.values().filter(|row| row.moved.is_none()).count();
    out.push_str(&match (console.lang, next == log) {
        (Lang::Zh, true) => format!("{RELEASES_LOCK_FILE} 没有变化，共 {count} 篇文章\n"),
        (Lang::Zh, false) => format!("已写入 {RELEASES_LOCK_FILE}，共 {count} 篇文章，发布时间 {}\n", at.written()),
        (Lang::En, true) => format!("{RELEASES_LOCK_FILE} is as it was, {count} articles\n"),
        (Lang::En, false) => format!("{RELEASES_LOCK_FILE} written, {count} articles, released at {}\n", at.written()),
    });
    print_stdout(&out);
    Ok(ExitStatus::Success)
}

/// Prints what changed since the last record.
pub(super) fn diff(args: &ReleaseDiffArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let Release { log, now, .. } = open(args.root.path(), args.date.as_deref(), &BTreeSet::new(), &console)?;
    let changes = changes(&log, &now, &BTreeSet::new());
    let last = log.articles.values().map(|row| row.last).chain(log.files.values().map(|row| row.last)).max();
    let mut out = match (last, console.lang) {
        (Some(last), Lang::Zh) => format!("和上次发布（{}）比：\n", last.written()),
        (Some(last), Lang::En) => format!("since the last release ({}):\n", last.written()),
        (None, Lang::Zh) => "还没有发布记录，全部都算新发布：\n".to_string(),
        (None, Lang::En) => "nothing is recorded yet, so all of it is new:\n".to_string(),
    };
    match changes.is_empty() {
        true => out.push_str(console.pick("没有变化\n", "nothing changed\n")),
        false => out.push_str(&text_of_changes(&changes, console.lang)),
    }
    print_stdout(&out);
    Ok(ExitStatus::Success)
}

/// Runs the pipeline's phases before rendering. An error ends the command, because articles may be missing then; an address that is
/// lost is one, unless it is in `let_gone`.
fn open(root: &Path, date: Option<&str>, let_gone: &BTreeSet<Route>, console: &Console) -> Result<Release, ExitStatus> {
    let request = SiteRequest { date, ..SiteRequest::of(root) };
    let site = request.open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    let clock = site.clock.clone();
    let now = build_date(None, &site.settings);
    let mut prepared = site.prepare(&Options::default());
    let is_let_go = |diag: &Diagnostic| {
        diag.argument("old").and_then(|old| Route::new(old).ok()).is_some_and(|old| let_gone.contains(&old))
    };
    for diag in &mut prepared.diags {
        if *diag.code == codes::releases::ADDRESS_LOST && !is_let_go(diag) {
            diag.severity = Severity::Error;
        }
    }
    prepared.diags.retain(Diagnostic::is_error);
    if !prepared.diags.is_empty() {
        diag::sort(&mut prepared.diags);
        let unreadable = prepared.diags.iter().any(|d| *d.code == codes::source::UNREADABLE);
        return Err(console.fail(&prepared.diags, if unreadable { ExitStatus::Io } else { ExitStatus::ContentErrors }));
    }
    let (views, plan) = prepared.site.ok_or(ExitStatus::ContentErrors)?;
    let log = ReleaseLog::clone(&views.site.untracked().releases);
    // A day without a time is recorded at the present time of day.
    let time =
        if date.is_some() && clock.time == puzhi_core::base::BuildDate::WHOLE_DAY { now.time } else { clock.time };
    let minute = jiff::civil::Time::new(time.hour(), time.minute(), 0, 0).ok();
    let at = DateOrDateTime { date: clock.today, time: minute };
    Ok(Release { log, now: released_now(&views, &plan), at })
}

/// The address after `--gone`.
fn gone_route(written: &str) -> Result<Route, Diagnostic> {
    Route::new(written).map_err(|_| {
        let diag = Diagnostic::new(&codes::releases::CANNOT_LET_GO).arg("address", written);
        let diag = diag.arg("why_zh", "它不是网址").arg("why_en", "it is no address");
        diag.arg("todo_zh", "照提醒里的写法写，例如 /files/a.pdf")
            .arg("todo_en", "write it as the finding does, such as /files/a.pdf")
    })
}

fn cannot_let_go(log: &ReleaseLog, now: &ReleasedNow, address: &Route) -> Diagnostic {
    let diag = Diagnostic::new(&codes::releases::CANNOT_LET_GO).arg("address", address);
    let [why_zh, why_en, todo_zh, todo_en] = match (log.articles.contains_key(address), now.files.contains_key(address))
    {
        (true, _) => [
            "它是文章的网址",
            "it is the address of an article",
            "搬走的，在新的那一页写旧网址；不要了的，恢复原来的文件，写上撤稿",
            "if it moved, name it in aliases of the new page; if it is not wanted, restore its file and withdraw it",
        ],
        (false, true) => ["这个附件还在", "the attachment is still there", "先删去文件", "delete the file first"],
        (false, false) => [
            "发布记录里没有它",
            "the release log has no such attachment",
            "照提醒里的网址写",
            "write the address as the finding has it",
        ],
    };
    let diag = diag.arg("why_zh", why_zh).arg("why_en", why_en);
    diag.arg("todo_zh", todo_zh).arg("todo_en", todo_en)
}

fn write_log(root: &Path, text: &str) -> Result<(), Diagnostic> {
    replace_file(&root.join(RELEASES_LOCK_FILE), text).map_err(|error| {
        let diag = Diagnostic::new(&codes::releases::RELEASE_LOG_UNWRITABLE).io_cause(&error);
        match SitePath::new(RELEASES_LOCK_FILE) {
            Ok(path) => diag.file(&path),
            Err(_) => diag,
        }
    })
}

/// The changes, one a line.
fn text_of_changes(changes: &[LogChange], lang: Lang) -> String {
    let line = |change: &LogChange| {
        let LogChange { what, address, title } = change;
        let (zh, en) = match what {
            ChangeKind::Published => ("新发布", "new"),
            ChangeKind::Changed => ("修改", "changed"),
            ChangeKind::Corrected => ("更正", "corrected"),
            ChangeKind::Withdrawn => ("撤下", "withdrawn"),
            ChangeKind::Restored => ("恢复发布", "published again"),
            ChangeKind::Moved(_) => ("改了地址", "moved"),
            ChangeKind::DatedBack(_) => ("日期改早了", "dated back"),
            ChangeKind::FileAdded => ("新附件", "new attachment"),
            ChangeKind::FileChanged => ("附件换了内容", "attachment changed"),
            ChangeKind::FileGone => ("附件撤下", "attachment gone"),
        };
        let place = match what {
            ChangeKind::Moved(from) => format!("{from} → {address}"),
            ChangeKind::DatedBack(before) => {
                let before = before.written();
                lang.pick(format!("{address}，原来是 {before}"), format!("{address}, it was {before}"))
            }
            _ => address.to_string(),
        };
        match (lang, title.is_empty()) {
            (Lang::Zh, true) => format!("{zh}：{place}\n"),
            (Lang::Zh, false) => format!("{zh}：{title}（{place}）\n"),
            (Lang::En, true) => format!("{en}: {place}\n"),
            (Lang::En, false) => format!("{en}: {title} ({place})\n"),
        }
    };
    changes.iter().map(line).collect()
}
