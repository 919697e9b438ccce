//! Times of events under other keys: the hint has all of them, and whoever follows it has no finding left and the same times.

use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang, SourceText};
use puzhi_core::kinds::{Event, FrontMatterContext, KindData, KindName, read_front_matter, split_front_matter};

fn read(text: &str) -> (Event, Vec<Diagnostic>) {
    let file = SitePath::new("content/page.md").unwrap();
    let source = SourceText::new(&file, text);
    let front = split_front_matter(text).front;
    let read = read_front_matter(&source, front, &FrontMatterContext::of(KindName::Event));
    let KindData::Event(event) = read.own else { panic!("no event") };
    ((*event).clone(), read.diags)
}

fn page(lines: &str) -> String {
    let id =
        if lines.is_ascii() { "title: a\nid: x\nstatus: planned" } else { "标题: 甲\n编号: x\n状态: 计划" };
    format!("---\n{id}\n{lines}\n---\n正文。\n")
}

/// The lines after what the hint says: the line it shows takes the place of its key, and the lines that it names are deleted.
fn follow(lines: &str, hint: &str) -> String {
    let (fix, deleted) = hint.split_once("，删掉").unwrap_or((hint, ""));
    let fix = fix.trim_start_matches("加一行 ").trim_start_matches("写成 ");
    let fixes: Vec<&str> = fix.split("，再加一行 ").collect();
    let is_kept = |line: &&str| {
        let key = line.split(':').next().unwrap();
        !fixes.iter().any(|fix| fix.starts_with(&format!("{key}: "))) && !deleted.contains(&format!("“{key}”"))
    };
    lines.lines().filter(is_kept).chain(fixes.iter().copied()).collect::<Vec<_>>().join("\n")
}

#[test]
fn times_under_other_keys_are_in_the_hint() {
    for (lines, code, start, end) in [
        ("时间: 2026-12-05 9:30-11:30", "missing-key", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("活动时间: 2026年12月5日（周六）上午9点半至11点", "missing-key", "2026-12-05 9:30", "2026-12-05 11:00"),
        ("time: 2026-12-05 9:30-11:30", "missing-key", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("日期: 2026-12-05\n时间: 9:30-11:30", "missing-key", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("date: 2026-12-05\ntime: 9:30", "missing-key", "2026-12-05 9:30", ""),
        ("举办日期: 2026-12-05", "missing-key", "2026-12-05", ""),
        ("开始日期: 2026-12-05\n结束日期: 2026-12-07", "missing-key", "2026-12-05", "2026-12-07"),
        ("start_date: 2026-12-05\nend_date: 2026-12-07", "missing-key", "2026-12-05", "2026-12-07"),
        ("开始日期: 2026-12-05\n开始时间: 9:30\n结束时间: 11:30", "bad-date", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("开始日期: 2026-12-05\n开始: 9:30-11:30", "bad-date", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("日期: 2026-12-05\n开始: 9:30\n结束: 11:30", "bad-date", "2026-12-05 9:30", "2026-12-05 11:30"),
        (
            "开始日期: 2026-12-05\n开始时间: 9:30\n结束日期: 2026-12-07\n结束时间: 11:30",
            "bad-date",
            "2026-12-05 9:30",
            "2026-12-07 11:30",
        ),
        ("开始: 2026-12-05\n时间: 9:30-11:30", "event-time-elsewhere", "2026-12-05 9:30", "2026-12-05 11:30"),
        ("开始: 2026-12-05 9:30\n结束日期: 2026-12-06", "event-time-elsewhere", "2026-12-05 9:30", "2026-12-06"),
        ("start: 2026-12-05\ntime: 22:00-次日1:00", "event-time-elsewhere", "2026-12-05 22:00", "2026-12-06 1:00"),
    ] {
        let (_, found) = read(&page(lines));
        assert_eq!(found.iter().map(|d| d.code.name).collect::<Vec<_>>(), [code], "{lines}");
        let hint = found[0].hint(Lang::Zh).unwrap();
        assert!(!found[0].hint(Lang::En).unwrap().contains('…'), "{lines}");
        let followed = follow(lines, &hint);
        let (event, found) = read(&page(&followed));
        assert!(found.is_empty(), "{lines}\n{hint}\n{followed}\n{found:?}");
        let shown = |moment: Option<puzhi_core::base::DateOrDateTime>| moment.map_or(String::new(), |m| m.written());
        assert_eq!((shown(event.start), shown(event.end)), (start.to_string(), end.to_string()), "{followed}");
    }
}

#[test]
fn what_is_no_time_under_such_a_key_is_an_unknown_key() {
    for lines in ["开始: 2026-12-05\n时间: 待定", "开始: 2026-12-05 9:30\ntime: later", "时间: 待定"] {
        let (_, found) = read(&page(lines));
        assert!(found.iter().any(|d| d.code.name == "unknown-key"), "{lines}: {found:?}");
    }
}

#[test]
fn a_wrong_weekday_keeps_the_time_in_its_hint() {
    for (lines, fix) in [
        ("开始: 2026-12-05（周日） 9:30", "开始: 2026-12-05 9:30"),
        ("开始: 2026年12月5日 星期日 上午9:30-11:30", "开始: 2026-12-05 9:30-11:30"),
        ("开始: 2026-12-05(周日) 9:30+08:00", "开始: 2026-12-05 9:30+08:00"),
        ("开始: 2026-12-05 9:30\n结束: 2026-12-06（周六）11:30", "结束: 2026-12-06 11:30"),
        ("开始: 2026-12-05（周六）至2026-12-07（周日）", "开始: 2026-12-05 至 2026-12-07"),
    ] {
        let (_, found) = read(&page(lines));
        assert_eq!(found.iter().map(|d| d.code.name).collect::<Vec<_>>(), ["weekday-differs"], "{lines}");
        assert!(found[0].hint(Lang::Zh).unwrap().ends_with(fix), "{:?}", found[0].hint(Lang::Zh));
    }
}
