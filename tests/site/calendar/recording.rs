//! `puzhi events record`: revisions rise once, also after a clean checkout, and UIDs stay.

use super::*;

const LOCK: &str = "content/events.lock.yaml";

#[test]
fn a_change_of_time_raises_the_sequence_once_also_after_a_clean_checkout() {
    let front = |start: &str| {
        format!("{SITE}{}", event("events/a.md", &format!("title: 甲\nid: a\ndate: 2026-01-01\nstart: {start}\n")))
    };
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
    assert_eq!(
        (values(&ics, "SEQUENCE"), values(&ics, "DTSTAMP")),
        (vec!["1".into()], vec!["20261105T000000Z".into()])
    );

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
    clean.write(&format!(
        "{SITE}{}",
        event("events/b/c.md", "title: 换了题目\nid: a\nstart: 2027-05-09 9:30\nstatus: 取消\nreason: 下雨\n")
    ));
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

#[test]
fn a_new_event_gets_an_id_that_no_event_has_or_had() {
    let disk = Disk::new(&format!(
        "{SITE}{}{}",
        event("events/market.md", "id: market\nstart: 2027-01-08\n"),
        event("other/bad.md", "date: 谁知道\n")
    ));
    let new = |slug: &str, section: &str| {
        let when = ["--start", "2026年12月20日 9:00", "--date", "2026-11-22", "--slug", slug, "--section", section];
        disk.run(&[&["new", "event", "讲商标: “一场”"], when.as_slice()].concat())
    };
    assert_eq!(new("market", "events/2027").0, 0);
    let page = disk.read("content/events/2027/market.md");
    for line in [
        "标题: \"讲商标: “一场”\"",
        "日期: 2026-11-22",
        "编号: market-2",
        "开始: 2026-12-20 9:00",
        "状态: 计划",
        "草稿: 是",
    ] {
        assert!(page.lines().any(|found| found.split("  #").next() == Some(line)), "{line}: {page}");
    }
    // Neither the id of a draft nor one of an event that is gone is given again; what is there stays.
    std::fs::remove_file(disk.path("content/other/bad.md")).unwrap();
    // What `new` asks the author to fill in is a finding while it stands there.
    let lines = page.lines().filter(|line| !line.starts_with("草稿") && !line.contains('〔'));
    let written: String = lines.map(|line| format!("{line}\n")).collect();
    std::fs::write(disk.path("content/events/2027/market.md"), written).unwrap();
    disk.good(&["events", "record", "--date", "2026-11-22"]);
    assert!(!disk.good(&["build", "--date", "2026-11-22"]).1.contains('['));
    std::fs::remove_file(disk.path("content/events/2027/market.md")).unwrap();
    disk.good(&["events", "record", "--date", "2026-11-23"]);
    assert_eq!((new("market", "a").0, new("market", "b").0), (0, 0));
    assert!(
        disk.read("content/a/market.md").contains("编号: market-3  #")
            && disk.read("content/b/market.md").contains("编号: market-4  #")
    );
    let (code, _, said) = new("market", "a");
    assert!(code == 2 && said.contains("page-exists"), "{code} {said}");
}
