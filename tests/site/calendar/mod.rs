//! Events in calendars and in the ledger, over whole sites: what subscribers get, what is counted, what is never.

mod ledger;
mod recording;

use std::path::Path;

use puzhi::pipeline::{Options, Outcome, Report, build_in_memory};
use puzhi::settings;
use puzhi::source::{memory_site, scan};
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;

use crate::support::{OutputFiles, build_archive, build_date, puzhi};

const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://a.example.cn/x/\nledger: {sessions: 10, people: 1500}\n\
                    -- content/events/_index.md --\n---\ntitle: 活动\nkind: event\n---\n";

fn build_on(today: (i16, i8, i8), site: &str) -> (Report, OutputFiles) {
    build_with(today, site, &Options::default())
}

fn build_with((year, month, day): (i16, i8, i8), site: &str, options: &Options) -> (Report, OutputFiles) {
    build_archive(site, jiff::civil::date(year, month, day), options)
}

const TODAY: (i16, i8, i8) = (2026, 11, 22);

fn built(site: &str) -> OutputFiles {
    let (report, tree) = build_on(TODAY, site);
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    tree
}

fn event(path: &str, front: &str) -> String {
    format!("-- content/{path} --\n---\n{front}---\n正文。\n")
}

fn text<'t>(tree: &'t OutputFiles, path: &str) -> &'t str {
    std::str::from_utf8(tree.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", tree.keys()))).unwrap()
}

/// The unfolded lines of a calendar file, each checked to end in CRLF and to hold at most 75 octets.
fn lines(ics: &str) -> Vec<String> {
    assert!(ics.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(ics.matches('\n').count(), ics.matches("\r\n").count());
    assert!(ics.split("\r\n").all(|line| line.len() <= 75));
    ics.replace("\r\n ", "").lines().map(String::from).collect()
}

/// The values of a property, with their parameters left out.
fn values(ics: &str, name: &str) -> Vec<String> {
    let of = |line: String| {
        let rest = line.strip_prefix(name)?;
        (rest.starts_with([':', ';'])).then(|| rest.split_once(':').map(|(_, value)| value.to_string()))?
    };
    lines(ics).into_iter().filter_map(of).collect()
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.diags.iter().map(|d| d.code.name).collect()
}

#[test]
fn retitling_and_moving_an_event_changes_no_uid() {
    let uid = |site: String, path: &str| values(text(&built(&site), path), "UID");
    let before =
        uid(format!("{SITE}{}", event("events/a.md", "title: 甲\nid: x-1\nstart: 2027-05-08\n")), "events/a/event.ics");
    let after = uid(
        format!("{SITE}{}", event("other/b.md", "title: 乙\nkind: event\nid: x-1\nstart: 2027-05-08\n")),
        "other/b/event.ics",
    );
    assert_eq!((before.as_slice(), &before), (["x-1@a.example.cn".to_string()].as_slice(), &after));
}

#[test]
fn without_an_id_the_uid_is_the_path_and_a_warning_says_what_to_add() {
    let (report, tree) = build_on(TODAY, &format!("{SITE}{}", event("events/a.md", "start: 2027-05-08\n")));
    assert_eq!(values(text(&tree, "events/a/event.ics"), "UID"), ["events/a@a.example.cn"]);
    let said = report.diags.iter().find(|d| d.code.name == "event-without-id").unwrap();
    assert!(said.hint(puzhi_core::diag::Lang::Zh).unwrap().contains("id: a"));
}

#[test]
fn a_cancelled_event_stays_in_every_calendar_and_its_page_says_why() {
    let tree = built(&format!(
        "{SITE}{}",
        event(
            "events/a.md",
            "title: 甲\nid: a\nstart: 2027-05-08 9:30\nstatus: 取消\nreason: 场地停电\ncampaign: 某系列\nchannel: 进市场\nunits: 某局\n"
        )
    ));
    let mut files = 0;
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".ics")) {
        let ics = std::str::from_utf8(bytes).unwrap();
        assert_eq!(
            (values(ics, "STATUS"), values(ics, "SUMMARY")),
            (vec!["CANCELLED".into()], vec!["甲".into()]),
            "{path}"
        );
        assert!(values(ics, "DESCRIPTION")[0].starts_with("已取消：场地停电"), "{path}");
        files += 1;
    }
    // The event, all, its year, campaign, channel and unit.
    assert_eq!(files, 6);
    let page = text(&tree, "events/a/index.html");
    assert!(page.contains("class=\"loud\"") && page.contains("原因：场地停电"));
    assert!(page.contains("https://schema.org/EventCancelled"));
    assert!(text(&tree, "events/calendar/index.html").contains("已取消"));
}

#[test]
fn samples_drafts_and_the_lock_file_are_in_no_calendar_and_not_published() {
    let lock = "-- content/events.lock.yaml --\nversion: 1\nevents: []\n";
    let more = event("events/s.md", "title: 示例一\nsample: true\nid: s\nstart: 2027-05-08\n")
        + &event("events/d.md", "title: 草稿一\ndraft: true\nid: d\nstart: 2027-05-09\n");
    let site =
        format!("{SITE}{}{more}{lock}", event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08\nrepeats: yearly\n"));
    let tree = build_with(TODAY, &site, &Options { drafts: true, ..Options::default() }).1;
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".ics") || path.contains("calendar")) {
        let words = String::from_utf8_lossy(bytes).replace("<wbr>", "");
        assert!(!words.contains("示例一") && !words.contains("草稿一"), "{path}");
    }
    assert!(tree.keys().all(|path| !path.contains(".lock")), "{:?}", tree.keys());
    assert!(!tree.contains_key("events/s/event.ics") && !text(&tree, "events/s/index.html").contains("ld+json"));
    let (report, _) = build_on(TODAY, &format!("{SITE}-- content/a.md --\n[记录](events.lock.yaml)\n{lock}"));
    assert!(codes(&report).contains(&"broken-link"));
}

#[test]
fn calendars_do_not_depend_on_the_day_they_are_built() {
    let site = format!(
        "{SITE}{}{}",
        event("events/a.md", "title: 甲\nid: a\ndate: 2026-01-02\nstart: 2026-05-08 9:30\nend: 11:30\n"),
        event("events/b.md", "title: 乙\nid: b\nstart: 2024-03-15\nrepeats: yearly\nexcept: [2025]\n")
    );
    let (first, second) = (build_on((2026, 2, 1), &site).1, build_on((2026, 12, 31), &site).1);
    for path in [
        "events/a/event.ics",
        "events/b/event.ics",
        "events/calendar/calendar.ics",
        "events/calendar/2026/calendar.ics",
    ] {
        assert_eq!(text(&first, path), text(&second, path), "{path}");
    }
    assert_eq!(values(text(&first, "events/a/event.ics"), "DTSTAMP"), ["20260102T000000Z"]);
}

#[test]
fn days_are_dates_and_times_carry_one_short_zone_or_are_utc() {
    let all = |zone: &str| {
        let site = SITE.replace("ledger:", &format!("time_zone: {zone}\nledger:"));
        let events = [
            event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08 9:30\nend: 11:30\n"),
            event("events/b.md", "title: 乙\nid: b\nstart: 2027-06-01\nend: 2027-06-03\n"),
            event("events/c.md", "title: 丙\nid: c\nstart: 2027-07-01 14:00\nend: 2027-07-02\n"),
            event("events/d.md", "title: 丁\nid: d\nstart: 2027-08-01 14:00\n"),
        ];
        built(&format!("{site}{}", events.concat()))
    };
    let tree = all("Asia/Shanghai");
    let ics = text(&tree, "events/calendar/calendar.ics");
    let dated = |ics: &str| {
        lines(ics)
            .into_iter()
            .filter(|l| l.starts_with("DTSTART;") || l.starts_with("DTSTART:2") || l.starts_with("DTEND"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        dated(ics),
        [
            "DTSTART;TZID=Asia/Shanghai:20270508T093000",
            "DTEND;TZID=Asia/Shanghai:20270508T113000",
            "DTSTART;VALUE=DATE:20270601",
            "DTEND;VALUE=DATE:20270604",
            "DTSTART;TZID=Asia/Shanghai:20270701T140000",
            "DTEND;TZID=Asia/Shanghai:20270703T000000",
            "DTSTART;TZID=Asia/Shanghai:20270801T140000",
        ]
    );
    let zone: Vec<String> =
        lines(ics).into_iter().skip_while(|l| l != "BEGIN:VTIMEZONE").take_while(|l| l != "BEGIN:VEVENT").collect();
    assert!(zone.len() < 12 && zone.last().unwrap() == "END:VTIMEZONE", "{zone:?}");
    assert!(!text(&tree, "events/b/event.ics").contains("VTIMEZONE"));
    let tree = all("Europe/Berlin");
    assert_eq!(dated(text(&tree, "events/a/event.ics")), ["DTSTART:20270508T073000Z", "DTEND:20270508T093000Z"]);
    assert!(!text(&tree, "events/calendar/calendar.ics").contains("VTIMEZONE"));
}

#[test]
fn a_feed_says_who_it_is_and_how_often_to_ask() {
    let site = SITE.replace("ledger:", "colour: \"#9b1c1c\"\nledger:");
    let tree = built(&format!(
        "{site}{}",
        event(
            "events/a.md",
            "title: 甲;乙,丙\\丁\nid: a\nstart: 2027-05-08\nplace: 某市场\naddress: 某路1号\ncampaign: 某系列\n"
        )
    ));
    let ics = text(&tree, "events/calendar/calendar.ics");
    for line in [
        "NAME:全部活动日历 - 示例站",
        "X-WR-CALNAME:全部活动日历 - 示例站",
        "COLOR:firebrick",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "SOURCE;VALUE=URI:https://a.example.cn/x/events/calendar/calendar.ics",
        "URL:https://a.example.cn/x/events/calendar/",
        "SUMMARY:甲\\;乙\\,丙\\\\丁",
        "LOCATION:某市场，某路1号",
        "STATUS:TENTATIVE",
        "SEQUENCE:0",
        "CATEGORIES:某系列",
    ] {
        assert!(lines(ics).contains(&line.to_string()), "{line} in {ics}");
    }
    let relative = built(&format!(
        "{}{}",
        SITE.replace("base_url: https://a.example.cn/x/\n", ""),
        event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08\n")
    ));
    let ics = text(&relative, "events/calendar/calendar.ics");
    assert!(!ics.contains("URL") && !ics.contains("SOURCE") && !ics.contains("http"), "{ics}");
    let page = text(&relative, "events/calendar/index.html");
    assert!(!page.contains("webcal:") && !page.contains("class=\"qr\"") && page.contains("calendar.ics"));
}

#[test]
fn an_observance_repeats_but_for_its_exceptions_and_is_one_day_in_a_year_s_file() {
    let tree = built(&format!(
        "{SITE}{}",
        event("events/a.md", "title: 甲\nid: a\nstart: 2024-02-29\nrepeats: yearly\nexcept: [2025年, 2027-02-28]\n")
    ));
    let ics = text(&tree, "events/a/event.ics");
    assert_eq!(values(ics, "RRULE"), ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"]);
    assert_eq!(values(ics, "EXDATE"), ["20250228", "20270228"]);
    let year = text(&tree, "events/calendar/2026/calendar.ics");
    assert_eq!(
        (values(year, "UID"), values(year, "DTSTART"), values(year, "RRULE").len()),
        (vec!["a.2026@a.example.cn".into()], vec!["20260228".into()], 0)
    );
    // A year without it is on the site, says so, and is no calendar to subscribe to.
    let page = text(&tree, "events/calendar/2025/index.html");
    assert!(page.contains("这一年没有活动。") && !page.contains(".ics\" type"), "{page}");
    assert!(!tree.contains_key("events/calendar/2025/calendar.ics"));
}

#[test]
fn what_reaches_into_a_year_is_in_its_file_under_the_year_it_began_in() {
    let tree = built(&format!(
        "{SITE}{}",
        event("events/a.md", "title: 甲\nid: a\nstart: 2024-12-30\nend: 2025-01-02\nrepeats: yearly\nexcept: 2026\n")
    ));
    let uids = |year: i16| values(text(&tree, &format!("events/calendar/{year}/calendar.ics")), "UID");
    assert_eq!(uids(2025), ["a.2024@a.example.cn", "a.2025@a.example.cn"]);
    assert_eq!(
        (uids(2024), uids(2026)),
        (vec!["a.2024@a.example.cn".to_string()], vec!["a.2025@a.example.cn".to_string()])
    );
}

#[test]
fn one_can_sign_up_and_take_along_only_what_is_still_to_come() {
    let page = |status: &str, start: &str| {
        let front = format!(
            "title: 甲\nid: a\nstart: {start}\nstatus: {status}\nreason: 某事\nregistration: 0871-1234567 转 8、0871-7654321\n"
        );
        let tree = built(&format!("{SITE}{}", event("events/a.md", &front)));
        (text(&tree, "events/a/index.html").to_string(), text(&tree, "events/a/event.ics").to_string())
    };
    let (coming, ics) = page("确认", "2026-11-22");
    assert!(
        coming.contains("href=\"tel:0871-1234567\">0871-1234567 转 8</a>")
            && coming.contains("href=\"tel:0871-7654321\""),
        "{coming}"
    );
    assert!(coming.contains("加到日历") && coming.contains("aging.") && ics.contains("0871-7654321"));
    for (status, start) in
        [("取消", "2026-11-22"), ("确认", "2026-11-21"), ("计划", "2026-11-21"), ("已举办", "2026-11-21")]
    {
        let (page, _) = page(status, start);
        assert!(
            !page.contains("tel:") && !page.replace("<wbr>", "").contains("加到日历") && !page.contains("aging."),
            "{status} {start}"
        );
        assert_eq!(page.contains("日期已过"), matches!(status, "确认" | "计划"), "{status}");
    }
    assert!(!page("取消", "2026-12-22").1.contains("0871"));
}

#[test]
fn events_of_a_day_stand_by_the_clock_and_several_days_say_when_each_end_is() {
    let tree = built(&format!(
        "{SITE}{}{}{}",
        event("events/a.md", "title: 午后\nid: a\nstart: 2026-12-08 14:00\n"),
        event("events/b.md", "title: 清早\nid: b\nstart: 2026-12-08 9:00\nend: 10:30\n"),
        event("events/c.md", "title: 三天\nid: c\nstart: 2026-12-07 9:30\nend: 2026-12-09 16:00\n")
    ));
    let (month, list) = (text(&tree, "events/calendar/2026-12/index.html"), text(&tree, "events/calendar/index.html"));
    for page in [month, list] {
        assert!(page.find("清早").unwrap() < page.find("午后").unwrap());
    }
    assert!(
        month.contains("<span>9:00—10:30</span>")
            && month.contains("<small>")
            && month.contains("12月7日</time> 9:30—<time datetime=\"2026-12-09\">12月9日</time> 16:00"),
        "{month}"
    );
    assert!(list.contains("星期一 9:30—<time datetime=\"2026-12-09\">12月9日</time> 星期三 16:00"), "{list}");
    assert!(text(&tree, "events/c/index.html").contains("9:30至9日 16:00"), "{}", text(&tree, "events/c/index.html"));
}

/// The script is for what ages; a page that has nothing of the kind goes without.
#[test]
fn the_next_event_has_the_ones_after_it_in_reserve_and_no_script_where_nothing_ages() {
    let session = |n: u8| {
        event(&format!("events/e{n}.md"), &format!("title: 第{n}场\nid: e{n}\nstart: 2026-12-0{n}\nstatus: 确认\n"))
    };
    let tree = built(&format!("{SITE}{}{}", session(1), session(2)));
    let home = text(&tree, "index.html");
    assert!(
        home.contains("data-zone=\"Asia/Shanghai\"")
            && home.contains("<div class=\"dated\" data-until=\"2026-12-01\">"),
        "{home}"
    );
    assert!(
        home.contains("<div class=\"dated\" hidden data-until=\"2026-12-02\">")
            && home.contains("data-days=\"2026-12-01/2026-12-01\" hidden")
    );
    let without: Vec<&String> = tree
        .iter()
        .filter(|(path, bytes)| path.ends_with(".html") && String::from_utf8_lossy(bytes).contains("<script src"))
        .map(|(path, _)| path)
        .collect();
    let [month, year] = ["2026-12", "2026"].map(|part| format!("events/calendar/{part}/index.html"));
    assert_eq!(
        without,
        [&month, &year, "events/e1/index.html", "events/e2/index.html", "index.html", "search/index.html"]
    );
}

#[test]
fn an_event_without_a_date_appears_in_feeds_with_its_record_and_never_on_its_own_day() {
    let site = format!(
        "{SITE}{}{}",
        event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08\n"),
        "-- content/p.md --\n---\ntitle: 文\ndate: 2026-11-20\n---\n"
    );
    let tree = built(&site);
    assert!(!text(&tree, "atom.xml").contains("2027") && !text(&tree, "sitemap.xml").contains("<lastmod>2027"));
    let disk = Disk::new(&site);
    disk.good(&["events", "record", "--date", "2026-11-21"]);
    disk.good(&["build", "--date", "2026-11-22"]);
    let atom = disk.read("public/atom.xml");
    assert!(
        atom.contains("<published>2026-11-21T00:00:00+08:00</published>")
            && atom.find("甲").unwrap() < atom.find("文").unwrap(),
        "{atom}"
    );
    assert!(disk.read("public/sitemap.xml").contains("<lastmod>2026-11-21</lastmod>"));
}

#[test]
fn one_id_is_one_event_in_every_language() {
    let site = SITE.replace(
        "ledger:",
        "languages:\n  - {code: zh, tag: zh-CN, name: 中文}\n  - {code: en, name: English, title: S}\nledger:",
    );
    let found = |more: String| {
        codes(
            &build_on(
                TODAY,
                &format!("{site}{}{more}", event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08 9:30\n")),
            )
            .0,
        )
    };
    assert!(
        found(event("events/b.en.md", "title: B\nkind: event\nid: a\nstart: 2027-05-08 9:30\n"))
            .contains(&"duplicate-id")
    );
    let translation = |front: &str| found(event("events/a.en.md", &format!("title: A\nkind: event\n{front}")));
    assert!(!translation("id: a\nstart: 2027-05-08 9:30\nplace: Hall\n").contains(&"event-translation-differs"));
    for front in [
        "id: b\nstart: 2027-05-08 9:30\n",
        "id: a\nstart: 2027-05-08 14:30\n",
        "id: a\nstart: 2027-05-08 9:30\nstatus: cancelled\nreason: x\n",
    ] {
        assert!(translation(front).contains(&"event-translation-differs"), "{front}");
    }
}

#[test]
fn a_month_is_a_table_of_weeks_and_a_list_with_its_neighbours() {
    let tree = built(&format!(
        "{SITE}{}{}{}",
        event("events/a.md", "title: 甲\nid: a\nstart: 2027-04-20\nend: 2027-04-26\nrepeats: yearly\n"),
        event("events/b.md", "title: 乙\nid: b\nstart: 2027-06-30\nend: 2027-08-02\n"),
        event("events/c.md", "title: 丙\nid: c\nstart: 2027-04-24\nend: 2027-04-25\n"),
    ));
    let page = text(&tree, "events/calendar/2027-04/index.html");
    let table = page.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
    let count = |what: &str| table.matches(what).count();
    // Five weeks with a row of dates and a row of events each, and three rows of bars: two in the fourth week, one in the fifth.
    assert_eq!((count("<th scope=\"col\">"), count("<tbody>"), count("<tr class=\"bars\">")), (7, 5, 3));
    assert_eq!((count("<tr class=\"dates\">"), count("<time datetime=\"2027-04-24\" data-day")), (5, 1));
    // A bar for each week that an event touches: Tuesday to Sunday, then Monday alone.
    assert!(table.contains("<td colspan=\"6\"><a class=\"span-bar from\""), "{table}");
    assert!(table.contains("<tr class=\"bars\"><td><a class=\"span-bar to\""), "{table}");
    assert!(table.contains("<td colspan=\"5\"></td><td colspan=\"2\"><a class=\"span-bar from to\""), "{table}");
    let columns = |row: &str| -> usize {
        let cell = |cell: &str| cell.strip_prefix(" colspan=\"").map_or(1, |n| n[..1].parse().unwrap());
        row.split("<td").skip(1).map(cell).sum()
    };
    let rows: Vec<usize> =
        table.split("<tr class=\"bars\">").skip(1).map(|r| columns(&r[..r.find("</tr>").unwrap()])).collect();
    assert_eq!(rows, [7, 7, 7]);
    assert!(page.contains("calendar/2027-06/index.html\" rel=\"next\"") && !page.contains("rel=\"prev\""), "{page}");
    assert!(page.contains("calendar/calendar.ics") && page.contains("calendar/2027/index.html"), "{page}");
    // Months without events have no page, and no calendar file of their own.
    let months: Vec<&str> = tree.keys().filter_map(|p| p.strip_prefix("events/calendar/2027-")).collect();
    assert_eq!(months, ["04/index.html", "06/index.html", "07/index.html", "08/index.html"]);
    let year = text(&tree, "events/calendar/2027/index.html");
    let small = year.split("class=\"year-grid\"").nth(1).unwrap().split("</nav>").next().unwrap();
    assert_eq!((small.matches("<table").count(), small.matches("<a href").count()), (12, 4));
    assert_eq!(small.matches("class=\"on\"").count(), 7 + 1 + 31 + 2);
    assert!(small.contains("data-day=\"2027-08-02\">2</td>"), "{small}");
}

#[test]
fn a_slip_in_a_date_makes_no_thousand_pages() {
    let tree = built(&format!(
        "{SITE}{}{}",
        event("events/a.md", "id: a\nstart: 2999-05-08\n"),
        event("events/b.md", "id: b\nstart: 0027-05-08\n")
    ));
    assert!(tree.keys().filter(|p| p.starts_with("events/calendar/")).count() < 140);
    assert!(tree.contains_key("events/calendar/2999/calendar.ics"));
}

#[test]
fn data_blocks_hold_no_markup_and_say_what_the_page_says() {
    let title = "</script><script>alert(1)</script><!--";
    let tree = built(&format!(
        "{SITE}{}",
        event(
            "events/a.md",
            &format!("title: '{title}'\nid: a\nstart: 2027-05-08 9:30\nend: 11:30\nplace: 某市场\norganisers: 某局\n")
        )
    ));
    let page = text(&tree, "events/a/index.html");
    assert_eq!((page.matches("<script").count(), page.matches("<script src=").count()), (3, 1));
    // The first block says where the page stands.
    let data = page.split("<script type=\"application/ld+json\">").nth(2).unwrap().split("</script>").next().unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!((data["@type"].as_str(), data["name"].as_str()), (Some("Event"), Some(title)));
    assert_eq!(data["startDate"], "2027-05-08T09:30:00+08:00");
    assert_eq!(
        (data["endDate"].as_str(), data["location"]["name"].as_str()),
        (Some("2027-05-08T11:30:00+08:00"), Some("某市场"))
    );
}

#[test]
fn a_session_names_its_observance_by_id_or_link_and_is_listed_there() {
    let site = format!(
        "{SITE}{}{}{}",
        event("events/day.md", "title: 日子\nid: day\nstart: 2024-04-26\nrepeats: yearly\n"),
        event(
            "events/a.md",
            "title: 甲场\nid: a\nstart: 2026-04-26\nof: day\nregistration: {phone: 0871-1234567, link: day.md}\n"
        ),
        event("events/b.md", "title: 乙场\nid: b\nstart: 2025-04-26\n属于: day.md\n报名: 0871-7654321\n")
    );
    let tree = built(&site);
    let day = text(&tree, "events/day/index.html");
    assert!(day.find("甲场</a>").unwrap() < day.find("乙场</a>").unwrap());
    let a = text(&tree, "events/a/index.html");
    assert!(a.contains("属于") && !a.contains("tel:"), "it is over");
    let a = built(&site.replace("start: 2026-04-26", "start: 2027-04-26"));
    let a = text(&a, "events/a/index.html");
    assert!(a.contains("tel:0871-1234567") && a.contains("网上报名"));
    assert!(values(text(&tree, "events/b/event.ics"), "DESCRIPTION")[0].contains("报名：0871-7654321"));
    let (report, _) = build_on(TODAY, &site.replace("of: day\n", "of: dya\n"));
    assert!(codes(&report).contains(&"unknown-event"));
}

/// A site on the disk, for the commands.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(site: &str) -> Disk {
        let disk = Disk(tempfile::tempdir().unwrap());
        disk.write(site);
        disk
    }

    fn write(&self, site: &str) {
        let files = memory_site(site);
        for path in files.paths_in("") {
            let target = self.0.path().join(path.as_str());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, files.read_bytes(path, 1 << 20, "data").unwrap()).unwrap();
        }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let run = puzhi().args(arguments).arg("--root").arg(self.0.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
    }

    fn good(&self, arguments: &[&str]) -> (String, String) {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        (out, err)
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }
}

/// The site of this repository, on the day its content was written.
#[test]
fn the_shipped_campaigns_show_their_days_and_no_session_is_invented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (files, _) = scan(root, "civic");
    let (settings, _) = settings::read(&SourceText::new(
        &SitePath::new("site.yaml").unwrap(),
        &std::fs::read_to_string(root.join("site.yaml")).unwrap(),
    ));
    let clock = build_date(jiff::civil::date(2026, 11, 27), &settings);
    let settings = settings::Settings { base_url: Some("https://www.example.gov.cn/".into()), ..settings };
    let (report, tree) = build_in_memory(&files, settings, clock, &Options { strict: true, ..Options::default() });
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    for (campaign, days) in [
        ("3-15", ["2025-03-15", "2026-03-15", "2027-03-15"]),
        ("4-26", ["2025-04-26", "2026-04-26", "2027-04-26"]),
        ("publicity-week", ["2025-04-20", "2026-04-20", "2027-04-20"]),
    ] {
        let page = text(&tree, &format!("campaigns/{campaign}/index.html"));
        assert!(days.iter().all(|day| page.contains(day)), "{campaign}");
        let ics = text(&tree, &format!("campaigns/{campaign}/calendar/calendar.ics"));
        assert_eq!((values(ics, "RRULE"), values(ics, "UID").len()), (vec!["FREQ=YEARLY".into()], 1));
    }
    assert!(text(&tree, "campaigns/publicity-week/index.html").contains("2026-04-26"));
    for page in ["channels/in-offices", "channels/in-markets", "channels/in-schools"] {
        assert!(text(&tree, &format!("{page}/index.html")).contains("还没有已经公布的场次"), "{page}");
    }
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert_eq!(json["events"].as_array().unwrap().len(), 0);
}
