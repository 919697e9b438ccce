//! `puzhi events record` writes the lock file of events; `puzhi ledger` prints one year of the ledger.
//!
//! Input: [`RecordArgs`] or [`LedgerArgs`], and the site. Output: the lock file, or the ledger on standard output. Both are computed in
//! `calendar`; this file only writes and formats them.

use std::path::Path;

use crate::calendar::{LedgerStatus, LedgerYear, LockChange, display_key};
use crate::outputs::{LedgerFormat, ledger_file};
use crate::pipeline::Options;
use crate::source::{EVENTS_LOCK_FILE, replace_file};
use crate::view::{Site, Views};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{self, Diagnostic, Lang, codes};

use super::ExitStatus;
use super::args::{LedgerArgs, LedgerFileFormat, RecordArgs};
use super::console::{Console, print_stdout};
use super::site::SiteRequest;

/// Writes the current state of all events to the lock file and prints the changed entries. Does not write if nothing changed.
pub(super) fn record(args: &RecordArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let request = SiteRequest {
        root: args.root.path(),
        base_url: args.base_url.as_deref(),
        date: args.date.as_deref(),
        strict: false,
    };
    let views = prepare_views(&request, &console)?;
    let record = &views.site.untracked().record;
    if !record.changes.is_empty() {
        write_lock_file(args.root.path(), &record.lock.to_yaml())
            .map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    }
    let mut out = String::new();
    for change in &record.changes {
        let (zh, en, key) = match change {
            LockChange::New(key) => ("新增", "new", key),
            LockChange::Changed(key) => ("改动", "changed", key),
            LockChange::Named(key) => ("有了编号", "got an id", key),
            LockChange::Gone(key) => ("不见了", "gone", key),
        };
        let sequence = record.lock.entries.get(key).map_or(0, |e| e.sequence);
        out.push_str(&match console.lang {
            Lang::Zh => format!("{zh}：{}（第 {sequence} 次改动）\n", display_key(key)),
            Lang::En => format!("{en}: {} (revision {sequence})\n", display_key(key)),
        });
    }
    let count = record.lock.entries.len();
    out.push_str(&match (console.lang, record.changes.is_empty()) {
        (Lang::Zh, true) => format!("{EVENTS_LOCK_FILE} 没有变化，共 {count} 个活动\n"),
        (Lang::Zh, false) => format!("已写入 {EVENTS_LOCK_FILE}，共 {count} 个活动\n"),
        (Lang::En, true) => format!("{EVENTS_LOCK_FILE} is as it was, {count} events\n"),
        (Lang::En, false) => format!("{EVENTS_LOCK_FILE} written, {count} events\n"),
    });
    print_stdout(&out);
    Ok(ExitStatus::Success)
}

/// Prints one year of the ledger as text, CSV or JSON.
pub(super) fn ledger(args: &LedgerArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let request = SiteRequest {
        root: args.root.path(),
        base_url: args.base_url.as_deref(),
        date: args.date.as_deref(),
        strict: false,
    };
    let views = prepare_views(&request, &console)?;
    let site = &views.site;
    let data = site.untracked();
    let wanted = args.year.unwrap_or(data.clock.today.year());
    let empty = LedgerYear::empty(wanted, data.clock.today);
    let year = data.agenda.ledger.year(wanted).unwrap_or(&empty);
    print_stdout(&match args.format {
        LedgerFileFormat::Text => ledger_text(year, site, console.lang),
        LedgerFileFormat::Csv => ledger_file(year, LedgerFormat::Csv, site),
        LedgerFileFormat::Json => ledger_file(year, LedgerFormat::Json, site),
    });
    Ok(ExitStatus::Success)
}

/// Runs the pipeline's phases before rendering. Any error ends the command, because events may be missing then and the record or the
/// counts would be wrong.
fn prepare_views(request: &SiteRequest<'_>, console: &Console) -> Result<Views, ExitStatus> {
    let site = request.open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    let mut prepared = site.prepare(&Options::default());
    prepared.diags.retain(Diagnostic::is_error);
    if !prepared.diags.is_empty() {
        diag::sort(&mut prepared.diags);
        let unreadable = prepared.diags.iter().any(|d| *d.code == codes::source::UNREADABLE);
        let exit = if unreadable { ExitStatus::Io } else { ExitStatus::ContentErrors };
        return Err(console.fail(&prepared.diags, exit));
    }
    prepared.site.map(|(views, _)| views).ok_or(ExitStatus::ContentErrors)
}

fn write_lock_file(root: &Path, text: &str) -> Result<(), Diagnostic> {
    replace_file(&root.join(EVENTS_LOCK_FILE), text).map_err(|error| {
        let diag = Diagnostic::new(&codes::events::LOCK_UNWRITABLE).io_cause(&error);
        match SitePath::new(EVENTS_LOCK_FILE) {
            Ok(path) => diag.file(&path),
            Err(_) => diag,
        }
    })
}

fn ledger_text(year: &LedgerYear, site: &Site, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let goals = site.settings().ledger.as_ref();
    let goal = |goal: Option<u64>| match goal {
        Some(n) if zh => format!("（目标 {n}）"),
        Some(n) => format!(" (goal {n})"),
        None => String::new(),
    };
    let (sessions_goal, people_goal) = (goal(goals.and_then(|g| g.sessions)), goal(goals.and_then(|g| g.people)));
    let figure =
        |n: Option<u64>| n.map_or_else(|| if zh { "暂无数据" } else { "no data" }.to_string(), |n| n.to_string());
    let (sessions, people, as_of) = (figure(year.sessions()), figure(year.people()), year.as_of);
    let mut out = match zh {
        true => format!(
            "{}年活动台账，统计到 {as_of}\n场次 {sessions}{sessions_goal}\n人次 {people}{people_goal}\n",
            year.year
        ),
        false => {
            format!(
                "Ledger of {}, counted up to {as_of}\nsessions {sessions}{sessions_goal}\npeople {people}{people_goal}\n",
                year.year
            )
        }
    };
    match goals.and_then(|goals| year.goal_status(goals)) {
        Some(v) if v.met => out.push_str(if zh { "达标\n" } else { "reached\n" }),
        Some(v) => {
            let mut missing = Vec::new();
            for (n, unit_zh, unit_en) in [(v.sessions_missing, "场", "sessions"), (v.people_missing, "人次", "people")]
            {
                if n > 0 {
                    missing.push(if zh { format!("{n}{unit_zh}") } else { format!("{n} {unit_en}") });
                }
            }
            out.push_str(&match zh {
                true => format!("未达标：还差{}\n", missing.join("、")),
                false => format!("not reached: missing {}\n", missing.join(", ")),
            });
        }
        None if !year.is_known() => out.push_str(if zh {
            "暂无数据：这一年没有登记过场次\n"
        } else {
            "no data: no session of this year is known\n"
        }),
        None => {}
    }
    for standing in [LedgerStatus::Counted].into_iter().chain(LedgerStatus::EXCLUDED) {
        let rows: Vec<_> = year.rows_with(standing).collect();
        if rows.is_empty() {
            continue;
        }
        let name = match (standing, zh) {
            (LedgerStatus::Counted, true) => "计入",
            (LedgerStatus::Planned, true) => "不计入：没有标明已经举办",
            (LedgerStatus::Future, true) => "不计入：日期还没有到",
            (LedgerStatus::Cancelled, true) => "不计入：已取消",
            (LedgerStatus::NoEvidence, true) => "不计入：已举办，没有凭证",
            (LedgerStatus::Sample, true) => "不计入：示例",
            (other, false) => other.as_str(),
        };
        out.push_str(&format!("\n{name}\n"));
        for row in rows {
            let meta = site.untracked().catalog.page(row.page);
            let people =
                row.people.map(|p| if zh { format!("  {p}人次") } else { format!("  {p}") }).unwrap_or_default();
            out.push_str(&format!("  {}  {}{people}  {}\n", row.first, meta.title, meta.path));
        }
    }
    out
}
