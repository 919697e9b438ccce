//! Times of events under other keys: the hint has all of them, and whoever follows it has no finding left and the same times.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang, SourceText};
use puzhi_core::kinds::{Event, FrontMatterContext, KindData, KindName, read_front_matter, split_front_matter};

use crate::draft_slips::same_cases;

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

/// Values of which a line would lose a part: half a day, a second day, several times, another time.
#[test]
fn no_line_is_shown_that_would_lose_something() {
    for lines in [
        "时间: 2026-12-05 下午",
        "时间: 2026-12-05、06 9:30",
        "时间: 2026-12-05 9:30-11:30、14:00-16:00",
        "时间: 2026-12-05 9:30-11:30 报到",
        "时间: 2026-12-05 9:30:15",
        "时间: 2026-12-05（周日） 9:30",
        "开始日期: 2026-12-05至2026-12-07\n时间: 9:30-11:30",
        "开始日期: 2026-12-05\n举办日期: 2026-12-06",
        "时间: 2026-12-05 9:30-11:30\n结束: 12:00",
        "时间: 2026-12-05 9:30-11:30\n结束时间: 2026-12-06 11:30",
        "开始日期: 2026-12-05\n开始时间: 22:00\n结束时间: 1:00",
        "开始日期: 2026-12-05\n开始时间: 下午2点\n结束时间: 4点",
        "开始: 2026-12-05\n时间: 下午",
        "开始: 2026-12-05 9:30\n结束日期: 2026-12-04",
        "开始: 2026-12-05 下午",
        "开始: 2026-12-05 9:30-11:30 报到",
    ] {
        let (_, found) = read(&page(lines));
        assert!(!found.is_empty(), "{lines}");
        let shown = found.iter().filter_map(|diag| diag.hint(Lang::Zh)).any(|hint| hint.contains("2026"));
        assert!(!shown, "{lines}: {:?}", found.iter().map(|diag| diag.hint(Lang::Zh)).collect::<Vec<_>>());
    }
    // The day by which one must register is not the end.
    let (event, found) = read(&page("开始: 2026-12-05 9:30\n截止时间: 2026-12-01"));
    assert_eq!(event.end, None);
    assert_eq!(found.iter().map(|d| d.code.name).collect::<Vec<_>>(), ["unknown-key"]);
}

/// A moment as people write it, and a form in which it is written.
fn written(moment: DateTime, with_time: bool, form: usize) -> (String, String) {
    let (date, hour, minute) = (moment.date(), moment.hour(), moment.minute());
    let day = match form % 4 {
        0 => date.to_string(),
        1 => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        2 => format!("{}/{}/{}", date.year(), date.month(), date.day()),
        _ => format!("{}.{}.{}", date.year(), date.month(), date.day()),
    };
    let time = match form / 4 % 4 {
        0 => format!("{hour}:{minute:02}"),
        1 if hour > 12 => format!("下午{}点{minute:02}分", hour - 12),
        1 => format!("{hour}时{minute:02}分"),
        2 if hour > 12 => format!("下午{}:{minute:02}", hour - 12),
        2 if hour < 12 && hour > 0 => format!("上午{hour}:{minute:02}"),
        _ => format!("{hour:02}：{minute:02}"),
    };
    (day, if with_time { time } else { String::new() })
}

proptest! {
    #![proptest_config(same_cases(ProptestConfig::default().cases.max(512)))]

    /// A line is shown only if it says all that is written: start, end, and both days.
    #[test]
    fn a_line_that_is_shown_says_all_that_is_written(
        start in 0..60_000_i64,
        length in prop_oneof![Just(0_i64), 1..600_i64, 600..6_000_i64],
        (with_time, form, layout) in (any::<bool>(), 0..16_usize, 0..9_usize),
    ) {
        let moment = |minutes: i64| date(2026, 12, 1).at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minutes));
        let (from, to) = (moment(start), moment(start + length));
        let ((day, time), (last, end)) = (written(from, with_time, form), written(to, with_time, form / 2));
        let join = |a: &str, b: &str| format!("{a} {b}").trim_end().to_string();
        let has_end = layout > 1 && if with_time { to > from } else { to.date() > from.date() };
        let same_day = from.date() == to.date();
        let range = match (has_end, same_day) {
            (false, _) => String::new(),
            (true, true) => format!("至{end}"),
            (true, false) => format!(" 至 {}", join(&last, &end)),
        };
        let line = |key: &str, value: &str| if value.is_empty() { String::new() } else { format!("{key}: {value}\n") };
        let end_of = |key: &str, value: &str| if has_end { line(key, value) } else { String::new() };
        let lines = match layout {
            0 => line("活动时间", &join(&day, &time)),
            1 => line("日期", &day) + &line("时间", &time),
            2 => line("时间", &(join(&day, &time) + &range)),
            3 => line("开始日期", &day) + &line("开始时间", &time) + &end_of("结束日期", &last) + &end_of("结束时间", &end),
            4 => line("举办日期", &day) + &line("时间", &time) + &end_of("结束", &join(&last, &end)),
            5 => line("开始", &day) + &line("时间", &time) + &end_of("终止日期", &join(&last, &end)),
            6 => line("开始", &join(&day, &time)) + &end_of("结束日期", &last) + &end_of("结束", &end),
            7 => line("日期", &day) + &line("开始", &time) + &end_of("结束时间", &end),
            _ => line("开始日期", &(day.clone() + if same_day { "" } else { &range })) + &line("时间", &time),
        };
        let (_, found) = read(&page(lines.trim_end()));
        let shown = found.iter().filter(|diag| diag.code.name != "unknown-key").filter_map(|diag| diag.hint(Lang::Zh));
        let shown: Vec<String> = shown.filter(|hint| hint.contains("2026") || hint.contains("2027-01")).collect();
        prop_assert!(!shown.is_empty() || !matches!(layout, 0 | 2), "{}", lines);
        if let [hint] = &shown[..] {
            let followed = follow(lines.trim_end(), hint);
            let (event, _) = read(&page(&followed));
            // Layout 7 has no day for the end, and layout 8 no time.
            let (end_day, end_time) = (has_end && layout != 7, has_end && with_time && layout != 8);
            let at = |moment: DateTime| puzhi_core::base::DateOrDateTime {
                date: moment.date(),
                time: with_time.then(|| moment.time()),
            };
            prop_assert_eq!(event.start, Some(at(from)), "{}\n{}", lines, hint);
            if end_day && (end_time || !same_day) {
                prop_assert_eq!(event.end.map(|end| end.date), Some(to.date()), "{}\n{}", lines, hint);
            }
            if end_time {
                prop_assert_eq!(event.end.and_then(|end| end.time), Some(to.time()), "{}\n{}", lines, hint);
            }
            if !has_end {
                prop_assert_eq!(event.end, None, "{}\n{}", lines, hint);
            }
        }
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

/// Who writes that it ends before it begins means the afternoon or made a slip; the hint names no day of its own.
#[test]
fn an_end_before_the_start_is_not_the_next_morning() {
    for line in [
        "时间: 2027年5月1日9点到5点",
        "时间: 2027-05-01 9:00-5:00",
        "时间: 2027-05-01 上午10点至1点",
        "time: 2027-05-01 9:00-5:00",
    ] {
        let (_, diags) = read(&page(line));
        let hint =
            diags.iter().find(|d| d.code.name == "missing-key").and_then(|d| d.hint(Lang::Zh)).unwrap_or_default();
        assert!(
            !hint.is_empty() && !hint.contains(|c: char| c.is_ascii_digit() && c != '2' && c != '4'),
            "{line}: {hint}"
        );
    }
    for line in ["开始: 2027-05-01 9:00-5:00", "start: 2027-05-01 10:00-1:00"] {
        let (event, diags) = read(&page(line));
        assert!(event.end.is_none() && diags.iter().any(Diagnostic::is_error), "{line}");
        assert!(diags.iter().all(|d| d.hint(Lang::Zh).is_none_or(|hint| !hint.contains("2027-05-02"))), "{line}");
    }
    let (_, diags) = read(&page("时间: 2027-05-01 22:00-1:00"));
    assert!(diags.iter().any(|d| d.hint(Lang::Zh).is_some_and(|hint| hint.contains("2027-05-02"))));
}
