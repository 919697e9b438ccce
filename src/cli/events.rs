//! `puzhi events record` and `puzhi ledger`.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::calendar::{Change, LedgerYear, Standing, show};
use crate::outputs::{LedgerFormat, ledger_file};
use crate::pipeline::{Options, Prepared, prepare};
use crate::source::{EVENTS_LOCK, scan};
use crate::view::Site;
use puzhi_core::base::{Clock, SitePath};
use puzhi_core::diag::{Diag, Lang, codes};

use super::Exit;
use super::args::{LedgerArgs, LedgerForm, RecordArgs};
use super::build::{Speaker, clock, read_settings};

/// Writes the lock file as the events have it now.
pub(super) fn record(args: &RecordArgs) -> Exit {
    let speaker = Speaker { lang: args.lang.into(), json: false };
    let prepared = match ready(&args.root, args.base_url.as_deref(), args.date.as_deref(), &speaker) {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let Some((views, _)) = &prepared.site else { return Exit::Content };
    let record = &views.site.record;
    if !record.changes.is_empty()
        && let Err(diag) = write(&args.root, &record.lock.to_yaml())
    {
        speaker.all(&[diag]);
        return Exit::Io;
    }
    let mut out = String::new();
    for change in &record.changes {
        let (zh, en, key) = match change {
            Change::New(key) => ("新增", "new", key),
            Change::Changed(key) => ("改动", "changed", key),
            Change::Named(key) => ("有了编号", "got an id", key),
            Change::Gone(key) => ("不见了", "gone", key),
        };
        let sequence = record.lock.entries.get(key).map_or(0, |e| e.sequence);
        out.push_str(&match speaker.lang {
            Lang::Zh => format!("{zh}：{}（第 {sequence} 次改动）\n", show(key)),
            Lang::En => format!("{en}: {} (revision {sequence})\n", show(key)),
        });
    }
    let count = record.lock.entries.len();
    out.push_str(&match (speaker.lang, record.changes.is_empty()) {
        (Lang::Zh, true) => format!("{EVENTS_LOCK} 没有变化，共 {count} 个活动\n"),
        (Lang::Zh, false) => format!("已写入 {EVENTS_LOCK}，共 {count} 个活动\n"),
        (Lang::En, true) => format!("{EVENTS_LOCK} is as it was, {count} events\n"),
        (Lang::En, false) => format!("{EVENTS_LOCK} written, {count} events\n"),
    });
    say(&out)
}

/// Prints a year of the ledger.
pub(super) fn ledger(args: &LedgerArgs) -> Exit {
    let speaker = Speaker { lang: args.lang.into(), json: false };
    let prepared = match ready(&args.root, args.base_url.as_deref(), args.date.as_deref(), &speaker) {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let Some((views, _)) = &prepared.site else { return Exit::Content };
    let site = &views.site;
    let wanted = args.year.unwrap_or(site.clock.today.year());
    let empty = LedgerYear::empty(wanted, site.clock.today);
    let year = site.agenda.ledger.year(wanted).unwrap_or(&empty);
    say(&match args.format {
        LedgerForm::Text => text(year, site, speaker.lang),
        LedgerForm::Csv => ledger_file(year, LedgerFormat::Csv, site),
        LedgerForm::Json => ledger_file(year, LedgerFormat::Json, site),
    })
}

/// The site before rendering. Errors mean that events may be missing, so nothing is counted or recorded.
fn ready(root: &Path, base_url: Option<&str>, date: Option<&str>, speaker: &Speaker) -> Result<Prepared, Exit> {
    let fail = |diags: Vec<Diag>| {
        speaker.all(&diags);
        Exit::Usage
    };
    let (settings, found) = read_settings(root, base_url, false).map_err(fail)?;
    let clock: Clock = clock(date, &settings).map_err(|diag| fail(vec![diag]))?;
    let (files, mut diags) = scan(root, &settings.theme);
    diags.extend(found);
    let mut prepared = prepare(&Arc::new(files), diags, &Arc::new(settings), clock, &Options::default());
    prepared.diags.retain(|d| d.is_error());
    if prepared.diags.is_empty() {
        return Ok(prepared);
    }
    puzhi_core::diag::sort(&mut prepared.diags);
    speaker.all(&prepared.diags);
    let unreadable = prepared.diags.iter().any(|d| *d.code == codes::source::UNREADABLE);
    Err(if unreadable { Exit::Io } else { Exit::Content })
}

/// Puts the file in place whole or not at all.
fn write(root: &Path, text: &str) -> Result<(), Diag> {
    let path = root.join(EVENTS_LOCK);
    // Hidden, so that no build takes what an interrupted run left for a file of the site.
    let beside = path.with_file_name(".events.lock.yaml.new");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        let diag = Diag::new(&codes::events::LOCK_UNWRITABLE).arg("cause", error.kind());
        match SitePath::new(EVENTS_LOCK) {
            Ok(path) => diag.file(&path),
            Err(_) => diag,
        }
    })
}

fn text(year: &LedgerYear, site: &Site, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let goals = site.settings.ledger.as_ref();
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
    match goals.and_then(|goals| year.verdict(goals)) {
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
    for standing in [Standing::Counted].into_iter().chain(Standing::EXCLUDED) {
        let rows: Vec<_> = year.of(standing).collect();
        if rows.is_empty() {
            continue;
        }
        let name = match (standing, zh) {
            (Standing::Counted, true) => "计入",
            (Standing::Planned, true) => "不计入：没有标明已经举办",
            (Standing::Future, true) => "不计入：日期还没有到",
            (Standing::Cancelled, true) => "不计入：已取消",
            (Standing::NoEvidence, true) => "不计入：已举办，没有凭证",
            (Standing::Sample, true) => "不计入：示例",
            (other, false) => other.as_str(),
        };
        out.push_str(&format!("\n{name}\n"));
        for row in rows {
            let card = site.catalog.card(row.page);
            let people =
                row.people.map(|p| if zh { format!("  {p}人次") } else { format!("  {p}") }).unwrap_or_default();
            out.push_str(&format!("  {}  {}{people}  {}\n", row.first, card.title, card.path));
        }
    }
    out
}

/// Nobody is left to tell when the pipe is closed.
fn say(text: &str) -> Exit {
    let _ = std::io::stdout().write_all(text.as_bytes());
    Exit::Done
}
