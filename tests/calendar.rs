//! Events in calendars and in the ledger, over whole sites: what subscribers get, what is counted, what is never.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use puzhi::base::{Clock, SitePath};
use puzhi::build::{Options, Outcome, Report, build_in_memory};
use puzhi::diag::{Diag, SourceText};
use puzhi::settings;
use puzhi::source::{memory_site, scan};

type Tree = BTreeMap<String, Vec<u8>>;

const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://a.example.cn/x/\nledger: {sessions: 10, people: 1500}\n\
                    -- content/events/_index.md --\n---\ntitle: 活动\nkind: event\n---\n";

fn build_on(today: (i16, i8, i8), site: &str) -> (Report, Tree) {
    build_with(today, site, &Options::default())
}

fn build_with((year, month, day): (i16, i8, i8), site: &str, options: &Options) -> (Report, Tree) {
    let files = memory_site(site);
    let path = SitePath::new("site.yaml").unwrap();
    let (source, _) = files.text(&path, 1 << 20, "data").unwrap();
    let (settings, found) = settings::read(&SourceText::new(&path, &source.text));
    assert!(!found.iter().any(Diag::is_error), "{found:?}");
    let clock = Clock { today: jiff::civil::date(year, month, day), zone: settings.zone.clone(), zone_name: settings.zone_name.clone() };
    build_in_memory(&files, settings, clock, options)
}

const TODAY: (i16, i8, i8) = (2026, 11, 22);

fn built(site: &str) -> Tree {
    let (report, tree) = build_on(TODAY, site);
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    tree
}

fn event(path: &str, front: &str) -> String {
    format!("-- content/{path} --\n---\n{front}---\n正文。\n")
}

fn text<'t>(tree: &'t Tree, path: &str) -> &'t str {
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
    let before = uid(format!("{SITE}{}", event("events/a.md", "title: 甲\nid: x-1\nstart: 2027-05-08\n")), "events/a/event.ics");
    let after = uid(format!("{SITE}{}", event("other/b.md", "title: 乙\nkind: event\nid: x-1\nstart: 2027-05-08\n")), "other/b/event.ics");
    assert_eq!((before.as_slice(), &before), (["x-1@a.example.cn".to_string()].as_slice(), &after));
}

#[test]
fn without_an_id_the_uid_is_the_path_and_a_warning_says_what_to_add() {
    let (report, tree) = build_on(TODAY, &format!("{SITE}{}", event("events/a.md", "start: 2027-05-08\n")));
    assert_eq!(values(text(&tree, "events/a/event.ics"), "UID"), ["events/a@a.example.cn"]);
    let said = report.diags.iter().find(|d| d.code.name == "event-without-id").unwrap();
    assert!(said.hint(puzhi::diag::Lang::Zh).unwrap().contains("id: a"));
}

#[test]
fn a_cancelled_event_stays_in_every_calendar_and_its_page_says_why() {
    let tree = built(&format!(
        "{SITE}{}",
        event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08 9:30\nstatus: 取消\nreason: 场地停电\ncampaign: 某系列\nchannel: 进市场\nunits: 某局\n")
    ));
    let mut files = 0;
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".ics")) {
        let ics = std::str::from_utf8(bytes).unwrap();
        assert_eq!((values(ics, "STATUS"), values(ics, "SUMMARY")), (vec!["CANCELLED".into()], vec!["甲".into()]), "{path}");
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
    let more = event("events/s.md", "title: 示例一\nsample: true\nid: s\nstart: 2027-05-08\n") + &event("events/d.md", "title: 草稿一\ndraft: true\nid: d\nstart: 2027-05-09\n");
    let site = format!("{SITE}{}{more}{lock}", event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08\nrepeats: yearly\n"));
    let tree = build_with(TODAY, &site, &Options { drafts: true, ..Options::default() }).1;
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".ics") || path.contains("calendar")) {
        let words = String::from_utf8_lossy(bytes);
        assert!(!words.contains("示例一") && !words.contains("草稿一"), "{path}");
    }
    assert!(tree.keys().all(|path| !path.contains("lock")), "{:?}", tree.keys());
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
    for path in ["events/a/event.ics", "events/b/event.ics", "events/calendar/calendar.ics", "events/calendar/2026/calendar.ics"] {
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
    let dated = |ics: &str| lines(ics).into_iter().filter(|l| l.starts_with("DTSTART;") || l.starts_with("DTSTART:2") || l.starts_with("DTEND")).collect::<Vec<_>>();
    assert_eq!(dated(ics), [
        "DTSTART;TZID=Asia/Shanghai:20270508T093000", "DTEND;TZID=Asia/Shanghai:20270508T113000",
        "DTSTART;VALUE=DATE:20270601", "DTEND;VALUE=DATE:20270604",
        "DTSTART;TZID=Asia/Shanghai:20270701T140000", "DTEND;TZID=Asia/Shanghai:20270703T000000",
        "DTSTART;TZID=Asia/Shanghai:20270801T140000",
    ]);
    let zone: Vec<String> = lines(ics).into_iter().skip_while(|l| l != "BEGIN:VTIMEZONE").take_while(|l| l != "BEGIN:VEVENT").collect();
    assert!(zone.len() < 12 && zone.last().unwrap() == "END:VTIMEZONE", "{zone:?}");
    assert!(!text(&tree, "events/b/event.ics").contains("VTIMEZONE"));
    let tree = all("Europe/Berlin");
    assert_eq!(dated(text(&tree, "events/a/event.ics")), ["DTSTART:20270508T073000Z", "DTEND:20270508T093000Z"]);
    assert!(!text(&tree, "events/calendar/calendar.ics").contains("VTIMEZONE"));
}

#[test]
fn a_feed_says_who_it_is_and_how_often_to_ask() {
    let site = SITE.replace("ledger:", "colour: \"#9b1c1c\"\nledger:");
    let tree = built(&format!("{site}{}", event("events/a.md", "title: 甲;乙,丙\\丁\nid: a\nstart: 2027-05-08\nplace: 某市场\naddress: 某路1号\ncampaign: 某系列\n")));
    let ics = text(&tree, "events/calendar/calendar.ics");
    for line in [
        "NAME:活动日历 - 示例站", "X-WR-CALNAME:活动日历 - 示例站", "COLOR:firebrick", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "SOURCE;VALUE=URI:https://a.example.cn/x/events/calendar/calendar.ics", "URL:https://a.example.cn/x/events/calendar/",
        "SUMMARY:甲\\;乙\\,丙\\\\丁", "LOCATION:某市场，某路1号", "STATUS:TENTATIVE", "SEQUENCE:0", "CATEGORIES:某系列",
    ] {
        assert!(lines(ics).contains(&line.to_string()), "{line} in {ics}");
    }
    let relative = built(&format!("{}{}", SITE.replace("base_url: https://a.example.cn/x/\n", ""), event("events/a.md", "title: 甲\nid: a\nstart: 2027-05-08\n")));
    let ics = text(&relative, "events/calendar/calendar.ics");
    assert!(!ics.contains("URL") && !ics.contains("SOURCE") && !ics.contains("http"), "{ics}");
    let page = text(&relative, "events/calendar/index.html");
    assert!(!page.contains("webcal:") && !page.contains("class=\"qr\"") && page.contains("calendar.ics"));
}

#[test]
fn an_observance_repeats_but_for_its_exceptions_and_is_one_day_in_a_year_s_file() {
    let tree = built(&format!("{SITE}{}", event("events/a.md", "title: 甲\nid: a\nstart: 2024-02-29\nrepeats: yearly\nexcept: [2025年, 2027-02-28]\n")));
    let ics = text(&tree, "events/a/event.ics");
    assert_eq!(values(ics, "RRULE"), ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"]);
    assert_eq!(values(ics, "EXDATE"), ["20250228", "20270228"]);
    let year = text(&tree, "events/calendar/2026/calendar.ics");
    assert_eq!((values(year, "UID"), values(year, "DTSTART"), values(year, "RRULE").len()), (vec!["a.2026@a.example.cn".into()], vec!["20260228".into()], 0));
    // A year without it is on the site, says so, and is no calendar to subscribe to.
    let page = text(&tree, "events/calendar/2025/index.html");
    assert!(page.contains("这一年没有活动。") && !page.contains(".ics\" type"), "{page}");
    assert!(!tree.contains_key("events/calendar/2025/calendar.ics"));
}

#[test]
fn a_month_is_a_table_of_weeks_and_a_list_with_its_neighbours() {
    let tree = built(&format!("{SITE}{}", event("events/a.md", "title: 甲\nid: a\nstart: 2027-04-20\nend: 2027-04-26\nrepeats: yearly\n")));
    let page = text(&tree, "events/calendar/2027-04/index.html");
    assert_eq!((page.matches("<th scope=\"col\">").count(), page.matches("<tr>").count(), page.matches("<td").count()), (7, 6, 35));
    // Named anew where it begins and where a week does.
    let table = page.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!((table.matches(">甲</a>").count(), table.matches("on-going\">甲<").count()), (2, 5));
    assert!(page.contains("calendar/2027-03/\" rel=\"prev\"") && page.contains("calendar/2027-05/\" rel=\"next\""));
    assert!(text(&tree, "events/calendar/2027-11/index.html").contains("这个月没有活动。"));
    assert!(!tree.contains_key("events/calendar/2027-12/index.html") && !tree.contains_key("events/calendar/2027-03/calendar.ics"));
}

#[test]
fn a_slip_in_a_date_makes_no_thousand_pages() {
    let tree = built(&format!("{SITE}{}{}", event("events/a.md", "id: a\nstart: 2999-05-08\n"), event("events/b.md", "id: b\nstart: 0027-05-08\n")));
    assert!(tree.keys().filter(|p| p.starts_with("events/calendar/")).count() < 140);
    assert!(tree.contains_key("events/calendar/2999/calendar.ics"));
}

#[test]
fn data_blocks_hold_no_markup_and_say_what_the_page_says() {
    let title = "</script><script>alert(1)</script><!--";
    let tree = built(&format!("{SITE}{}", event("events/a.md", &format!("title: '{title}'\nid: a\nstart: 2027-05-08 9:30\nend: 11:30\nplace: 某市场\norganisers: 某局\n"))));
    let page = text(&tree, "events/a/index.html");
    assert_eq!(page.matches("<script").count(), 1);
    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!((data["@type"].as_str(), data["name"].as_str()), (Some("Event"), Some(title)));
    assert_eq!(data["startDate"], "2027-05-08T09:30:00+08:00");
    assert_eq!((data["endDate"].as_str(), data["location"]["name"].as_str()), (Some("2027-05-08T11:30:00+08:00"), Some("某市场")));
}

#[test]
fn a_session_names_its_observance_by_id_or_link_and_is_listed_there() {
    let site = format!(
        "{SITE}{}{}{}",
        event("events/day.md", "title: 日子\nid: day\nstart: 2024-04-26\nrepeats: yearly\n"),
        event("events/a.md", "title: 甲场\nid: a\nstart: 2026-04-26\nof: day\nregistration: {phone: 0871-1234567, link: day.md}\n"),
        event("events/b.md", "title: 乙场\nid: b\nstart: 2025-04-26\n属于: day.md\n报名: 0871-7654321\n")
    );
    let tree = built(&site);
    let day = text(&tree, "events/day/index.html");
    assert!(day.find("甲场</a>").unwrap() < day.find("乙场</a>").unwrap());
    let a = text(&tree, "events/a/index.html");
    assert!(a.contains("属于") && a.contains("tel:0871-1234567") && a.contains("网上报名"));
    assert!(text(&tree, "events/b/index.html").contains("tel:0871-7654321"));
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
        for path in files.below("") {
            let target = self.0.path().join(path.as_str());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, files.bytes(path, 1 << 20, "data").unwrap()).unwrap();
        }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_puzhi")).args(arguments).arg("--root").arg(self.0.path()).output().unwrap();
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

const LOCK: &str = "content/events.lock.yaml";

#[test]
fn a_change_of_time_raises_the_sequence_once_also_after_a_clean_checkout() {
    let front = |start: &str| format!("{SITE}{}", event("events/a.md", &format!("title: 甲\nid: a\ndate: 2026-01-01\nstart: {start}\n")));
    let disk = Disk::new(&front("2027-05-08 9:30"));
    let build = |disk: &Disk| disk.good(&["build", "--date", "2026-11-22"]).1;
    let sequence = |disk: &Disk| values(&disk.read("public/events/a/event.ics"), "SEQUENCE")[0].clone();
    assert!(build(&disk).contains("puzhi events record"));
    disk.good(&["events", "record", "--date", "2026-11-01"]);
    assert_eq!((build(&disk).contains("events-changed"), sequence(&disk)), (false, "0".into()));
    assert_eq!(values(&disk.read("public/events/a/event.ics"), "DTSTAMP"), ["20261101T000000Z"]);

    disk.write(&front("2027-05-09 9:30"));
    // Building alone records nothing.
    let locked = disk.read(LOCK);
    assert!(build(&disk).contains("events-changed") && disk.read(LOCK) == locked);
    assert_eq!(sequence(&disk), "0");
    disk.good(&["events", "record", "--date", "2026-11-05"]);
    let locked = disk.read(LOCK);
    for date in ["2026-11-06", "2027-01-01"] {
        disk.good(&["events", "record", "--date", date]);
        assert_eq!(disk.read(LOCK), locked);
    }
    assert!(!build(&disk).contains("events-changed"));
    let ics = disk.read("public/events/a/event.ics");
    assert_eq!((values(&ics, "SEQUENCE"), values(&ics, "DTSTAMP")), (vec!["1".into()], vec!["20261105T000000Z".into()]));

    // A clean checkout: the same content and lock file elsewhere, nothing built before.
    let clean = Disk::new(&front("2027-05-09 9:30"));
    std::fs::copy(disk.path(LOCK), clean.path(LOCK)).unwrap();
    build(&clean);
    assert_eq!(clean.read("public/events/a/event.ics"), ics);

    // Retitled and moved, with another body: neither UID nor revision change.
    std::fs::remove_file(clean.path("content/events/a.md")).unwrap();
    clean.write(&format!("{SITE}{}", event("events/b/c.md", "title: 换了题目\nid: a\nstart: 2027-05-09 9:30\n")));
    assert!(!build(&clean).contains("events-changed"));
    let moved = clean.read("public/events/b/c/event.ics");
    assert_eq!((values(&moved, "UID"), values(&moved, "SEQUENCE")), (values(&ics, "UID"), values(&ics, "SEQUENCE")));

    // Cancelled: once more, and still there. Deleted: said, with the command.
    clean.write(&format!("{SITE}{}", event("events/b/c.md", "title: 换了题目\nid: a\nstart: 2027-05-09 9:30\nstatus: 取消\nreason: 下雨\n")));
    clean.good(&["events", "record", "--date", "2026-11-09"]);
    build(&clean);
    let feed = clean.read("public/events/calendar/calendar.ics");
    assert_eq!((values(&feed, "STATUS"), values(&feed, "SEQUENCE")), (vec!["CANCELLED".into()], vec!["2".into()]));
    std::fs::remove_file(clean.path("content/events/b/c.md")).unwrap();
    assert!(build(&clean).contains("不见了 a"));
}

#[test]
fn recording_is_refused_while_content_has_errors() {
    let disk = Disk::new(&format!("{SITE}{}", event("events/a.md", "id: a\nstart: 2027-02-30\n")));
    let (code, _, said) = disk.run(&["events", "record"]);
    assert!(code == 1 && said.contains("bad-date") && !disk.path(LOCK).exists(), "{code} {said}");
    assert_eq!(disk.run(&["ledger"]).0, 1);
}

#[test]
fn an_event_published_later_is_recorded_before_its_day() {
    let disk = Disk::new(&format!("{SITE}{}", event("events/a.md", "id: a\ndate: 2027-01-01\nstart: 2027-05-08\n")));
    disk.good(&["events", "record", "--date", "2026-11-22"]);
    for date in ["2026-11-23", "2027-01-02"] {
        assert!(!disk.good(&["build", "--date", date]).1.contains("events-changed"), "{date}");
    }
}

/// `count` sessions that were held, with `people` between them.
fn held(count: usize, people: u64) -> String {
    let each = people / count as u64;
    let session = |i: usize| {
        let came = if i == 0 { people - each * (count as u64 - 1) } else { each };
        let proof = if i.is_multiple_of(2) { format!("evidence: {{sign_in: {came}, confirmed_by: 某局}}\n") } else { "evidence: 签到表存于某处\n".into() };
        let front = format!("title: 第{i}场\nid: s{i}\nstart: 2026-0{}-10\nstatus: held\nattendance: {came}\n{proof}campaign: 某系列\nstreet: 某街道\n", i % 9 + 1);
        event(&format!("events/s{i}.md"), &front)
    };
    (0..count).map(session).collect()
}

const EXCLUDED: [(&str, &str); 6] = [
    ("planned", "start: 2026-06-01\nstatus: confirmed\n"),
    ("future", "start: 2026-12-01\nstatus: held\nevidence: 签到表\nattendance: 1000\n"),
    ("cancelled", "start: 2026-06-02\nstatus: cancelled\nreason: 下雨\nevidence: 签到表\nattendance: 1000\n"),
    ("no-evidence", "start: 2026-06-03\nstatus: held\nattendance: 1000\n"),
    ("sample", "start: 2026-06-04\nsample: true\nstatus: held\nevidence: 签到表\nattendance: 1000\n"),
    ("yearly", "start: 2026-06-05\nrepeats: yearly\nstatus: held\nevidence: 签到表\nattendance: 1000\n"),
];

const TARGETS: &str = "-- data/targets.yaml --\n- {id: sessions, title: 场次, words: 不少于10余场次, value: 10, unit: 场次, per: year, from: {ledger: sessions}}\n\
                       - {id: people, title: 人次, words: 不少于1500多人次, value: 1500, unit: 人次, per: year, from: {ledger: people}}\n\
                       -- content/board.md --\n```{targets}\n```\n";

/// Page, year's page, CSV, JSON, command and target board all say the same of every case.
#[test]
fn the_ledger_counts_what_was_held_with_evidence_and_all_its_forms_agree() {
    for (sessions, people, met) in [(9, 1500, false), (10, 1499, false), (10, 1500, true), (9, 1499, false), (11, 1600, true)] {
        for excluded in [false, true] {
            let mut site = format!("{SITE}{TARGETS}{}", held(sessions, people));
            if excluded {
                site.extend(EXCLUDED.iter().map(|(name, front)| event(&format!("events/x-{name}.md"), &format!("title: 不算 {name}\nid: x-{name}\n{front}"))));
            }
            agree(&site, sessions as u64, people, met, excluded);
        }
    }
}

fn agree(site: &str, sessions: u64, people: u64, met: bool, excluded: bool) {
    let tree = built(site);
    let case = format!("{sessions} sessions, {people} people, excluded: {excluded}");
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert_eq!((json["sessions"].as_u64(), json["people"].as_u64(), json["met"].as_bool()), (Some(sessions), Some(people), Some(met)), "{case}");
    assert_eq!(json["missing"]["sessions"], 10u64.saturating_sub(sessions));
    assert_eq!(json["missing"]["people"], 1500u64.saturating_sub(people));
    assert_eq!((json["by"]["campaigns"][0]["sessions"].as_u64(), json["by"]["streets"][0]["people"].as_u64()), (Some(sessions), Some(people)));
    let standings: Vec<&str> = json["events"].as_array().unwrap().iter().map(|e| e["standing"].as_str().unwrap()).collect();
    for (name, _) in EXCLUDED {
        assert_eq!(standings.iter().filter(|s| **s == name).count(), usize::from(excluded && name != "yearly"), "{case}: {name}");
    }

    let csv_text = text(&tree, "progress/ledger/ledger-2026.csv");
    let mut reader = csv::Reader::from_reader(csv_text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let verdict = if met { "达标" } else { "未达标" };
    assert_eq!(rows[0].iter().collect::<Vec<_>>(), ["2026", "合计", "", "2026-11-22", &sessions.to_string(), &people.to_string(), verdict], "{case}");
    let counted: Vec<&csv::StringRecord> = rows.iter().filter(|r| &r[1] == "活动" && &r[4] == "1").collect();
    let sum: u64 = counted.iter().map(|r| r[5].parse::<u64>().unwrap()).sum();
    assert_eq!((counted.len() as u64, sum), (sessions, people), "{case}");

    for path in ["progress/ledger/index.html", "progress/ledger/2026/index.html"] {
        let page = text(&tree, path);
        assert!(page.contains(&format!("<b>{sessions}</b>场")) && page.contains(&format!("<b>{people}</b>人次")), "{case}: {path}");
        assert_eq!((page.contains(">达标</span>"), page.contains(">未达标</span>")), (met, !met), "{case}: {path}");
        assert!(page.contains("不少于10余场次") && page.contains("不少于1500多人次"));
        assert_eq!(page.contains("不算 no-evidence") && page.contains("不算 sample") && page.contains("不算 future"), excluded, "{case}: {path}");
    }

    let board = text(&tree, "board/index.html");
    let shown = |id: &str| board.split(&format!("id=\"target-{id}\"")).nth(1).unwrap().split("</li>").next().unwrap().to_string();
    for (id, value, goal) in [("sessions", sessions, 10), ("people", people, 1500)] {
        let target = shown(id);
        assert!(target.contains(&format!("</span> {value}")), "{case}: {target}");
        assert_eq!(target.contains("已达到"), value >= goal, "{case}: {id}");
    }

    let disk = Disk::new(site);
    let command = |format: &str| disk.good(&["ledger", "--year", "2026", "--date", "2026-11-22", "--format", format]).0;
    assert_eq!(command("csv"), csv_text, "{case}");
    assert_eq!(command("json"), text(&tree, "progress/ledger/ledger-2026.json"), "{case}");
    let said = command("text");
    assert!(said.contains(&format!("场次 {sessions}（目标 10）")) && said.contains(&format!("人次 {people}（目标 1500）")), "{said}");
    assert_eq!((said.contains("\n达标"), said.contains("\n未达标：还差")), (met, !met), "{said}");
    assert_eq!(EXCLUDED.iter().filter(|(name, _)| said.contains(&format!("不算 {name}"))).count(), if excluded { 5 } else { 0 }, "{said}");
}

#[test]
fn a_year_of_which_nothing_is_known_is_no_data() {
    let tree = built(&format!("{SITE}{TARGETS}{}", event("events/a.md", "id: a\nstart: 2024-06-05\nrepeats: yearly\n")));
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert!(json["met"].is_null() && json["sessions"] == 0);
    let page = text(&tree, "progress/ledger/index.html");
    assert!(page.contains("暂无数据") && !page.contains("未达标") && !page.contains("<b>0</b>"));
    assert!(!text(&tree, "board/index.html").contains("未达到"));
    let without = built(&SITE.replace("ledger: {sessions: 10, people: 1500}\n", ""));
    assert!(without.keys().all(|path| !path.contains("ledger")));
}

#[test]
fn people_are_the_attendance_or_the_names_signed_in_and_no_cell_is_a_formula() {
    let tree = built(&format!(
        "{SITE}{}{}-- content/events/p.png --\nx\n",
        event("events/a.md", "title: '=1+1'\nid: a\nstart: 2026-05-08\nstatus: held\nevidence: [{sign_in: 20}, {sign_in: 22, photo: p.png}]\n"),
        event("events/b.md", "title: 乙\nid: b\nstart: 2025-12-30\nend: 2026-01-02\nstatus: held\nevidence: {confirmed_by: 某局}\n")
    ));
    let year = |y: i16| serde_json::from_str::<serde_json::Value>(text(&tree, &format!("progress/ledger/ledger-{y}.json"))).unwrap();
    assert_eq!((year(2026)["sessions"].as_u64(), year(2026)["people"].as_u64()), (Some(1), Some(42)));
    // One that runs into the next year is of the year it began in; who came was not written.
    assert_eq!((year(2025)["sessions"].as_u64(), year(2025)["events"][0]["people"].is_null()), (Some(1), true));
    assert!(text(&tree, "progress/ledger/ledger-2026.csv").contains(",'=1+1,"));
    let page = text(&tree, "events/a/index.html");
    assert!(page.contains("签到20人") && page.contains("events/p.png"));
}

/// The site of this repository, on the day its content was written.
#[test]
fn the_shipped_campaigns_show_their_days_and_no_session_is_invented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (files, _) = scan(root, "civic");
    let (settings, _) = settings::read(&SourceText::new(&SitePath::new("site.yaml").unwrap(), &std::fs::read_to_string(root.join("site.yaml")).unwrap()));
    let clock = Clock { today: jiff::civil::date(2026, 11, 22), zone: settings.zone.clone(), zone_name: settings.zone_name.clone() };
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
    for page in ["campaigns/seven-entries", "channels/in-markets", "channels/in-schools"] {
        assert!(text(&tree, &format!("{page}/index.html")).contains("还没有已经公布的场次"), "{page}");
    }
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert_eq!(json["events"].as_array().unwrap().len(), 0);
}
