//! What the year's ledger counts, what it never counts, and that all its forms say the same.

use super::*;

/// `count` sessions that were held, with `people` between them.
fn held(count: usize, people: u64) -> String {
    let each = people / count as u64;
    let session = |i: usize| {
        let came = if i == 0 { people - each * (count as u64 - 1) } else { each };
        let proof = if i.is_multiple_of(2) {
            format!("evidence: {{sign_in: {came}, confirmed_by: 某局}}\n")
        } else {
            "evidence: 签到表存于某处\n".into()
        };
        let front = format!(
            "title: 第{i}场\nid: s{i}\nstart: 2026-0{}-10\nstatus: held\nattendance: {came}\n{proof}campaign: 某系列\nstreet: 某街道\n",
            i % 9 + 1
        );
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
    for (sessions, people, met) in
        [(9, 1500, false), (10, 1499, false), (10, 1500, true), (9, 1499, false), (11, 1600, true)]
    {
        for excluded in [false, true] {
            let mut site = format!("{SITE}{TARGETS}{}", held(sessions, people));
            if excluded {
                site.extend(EXCLUDED.iter().map(|(name, front)| {
                    event(&format!("events/x-{name}.md"), &format!("title: 不算 {name}\nid: x-{name}\n{front}"))
                }));
            }
            agree(&site, sessions as u64, people, met, excluded);
        }
    }
}

fn agree(site: &str, sessions: u64, people: u64, met: bool, excluded: bool) {
    let tree = built(site);
    let case = format!("{sessions} sessions, {people} people, excluded: {excluded}");
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert_eq!(
        (json["sessions"].as_u64(), json["people"].as_u64(), json["met"].as_bool()),
        (Some(sessions), Some(people), Some(met)),
        "{case}"
    );
    assert_eq!(json["missing"]["sessions"], 10u64.saturating_sub(sessions));
    assert_eq!(json["missing"]["people"], 1500u64.saturating_sub(people));
    assert_eq!(
        (json["by"]["campaigns"][0]["sessions"].as_u64(), json["by"]["streets"][0]["people"].as_u64()),
        (Some(sessions), Some(people))
    );
    let standings: Vec<&str> =
        json["events"].as_array().unwrap().iter().map(|e| e["standing"].as_str().unwrap()).collect();
    for (name, _) in EXCLUDED {
        assert_eq!(
            standings.iter().filter(|s| **s == name).count(),
            usize::from(excluded && name != "yearly"),
            "{case}: {name}"
        );
    }

    let csv_text = text(&tree, "progress/ledger/ledger-2026.csv");
    let mut reader = csv::Reader::from_reader(csv_text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let verdict = if met { "达标" } else { "未达标" };
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>(),
        ["2026", "合计", "", "2026-11-22", &sessions.to_string(), &people.to_string(), verdict],
        "{case}"
    );
    let counted: Vec<&csv::StringRecord> = rows.iter().filter(|r| &r[1] == "活动" && &r[4] == "1").collect();
    let sum: u64 = counted.iter().map(|r| r[5].parse::<u64>().unwrap()).sum();
    assert_eq!((counted.len() as u64, sum), (sessions, people), "{case}");

    for path in ["progress/ledger/index.html", "progress/ledger/2026/index.html"] {
        let page = text(&tree, path);
        assert!(
            page.contains(&format!("<b>{sessions}</b>场")) && page.contains(&format!("<b>{people}</b>人次")),
            "{case}: {path}"
        );
        assert_eq!((page.contains(">达标</span>"), page.contains(">未达标</span>")), (met, !met), "{case}: {path}");
        assert!(page.contains("不少于10余场次") && page.contains("不少于1500多人次"));
        assert_eq!(
            page.contains("不算 no-evidence") && page.contains("不算 sample") && page.contains("不算 future"),
            excluded,
            "{case}: {path}"
        );
    }

    let board = text(&tree, "board/index.html");
    let shown = |id: &str| {
        board.split(&format!("id=\"target-{id}\"")).nth(1).unwrap().split("</tr>").next().unwrap().to_string()
    };
    for (id, value, goal) in [("sessions", sessions, 10), ("people", people, 1500)] {
        let target = shown(id);
        assert!(target.contains(&format!("<p><b>{value}</b>")), "{case}: {target}");
        assert_eq!(target.contains("已达到"), value >= goal, "{case}: {id}");
    }

    let disk = Disk::new(site);
    let command = |format: &str| disk.good(&["ledger", "--year", "2026", "--date", "2026-11-22", "--format", format]).0;
    assert_eq!(command("csv"), csv_text, "{case}");
    assert_eq!(command("json"), text(&tree, "progress/ledger/ledger-2026.json"), "{case}");
    let said = command("text");
    assert!(
        said.contains(&format!("场次 {sessions}（目标 10）")) && said.contains(&format!("人次 {people}（目标 1500）")),
        "{said}"
    );
    assert_eq!((said.contains("\n达标"), said.contains("\n未达标：还差")), (met, !met), "{said}");
    assert_eq!(
        EXCLUDED.iter().filter(|(name, _)| said.contains(&format!("不算 {name}"))).count(),
        if excluded { 5 } else { 0 },
        "{said}"
    );
}

#[test]
fn a_year_of_which_nothing_is_known_is_no_data() {
    let tree =
        built(&format!("{SITE}{TARGETS}{}", event("events/a.md", "id: a\nstart: 2024-06-05\nrepeats: yearly\n")));
    let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
    assert!(json["met"].is_null() && json["sessions"].is_null() && json["people"].is_null());
    assert!(text(&tree, "progress/ledger/ledger-2026.csv").contains("2026,合计,,2026-11-22,,,暂无数据"));
    let page = text(&tree, "progress/ledger/index.html");
    assert!(page.contains("暂无数据") && !page.contains("未达标") && !page.contains("<b>0</b>"));
    assert!(!text(&tree, "board/index.html").contains("未达到"));
    let without = built(&SITE.replace("ledger: {sessions: 10, people: 1500}\n", ""));
    assert!(without.keys().all(|path| !path.contains("ledger")));
}

/// A sample tells nothing of the year, and a session without a number nothing of how many came.
#[test]
fn what_is_not_known_is_no_data_and_never_zero() {
    let forms = |site: &str| {
        let tree = built(&format!("{SITE}{TARGETS}{site}"));
        let json: serde_json::Value = serde_json::from_str(text(&tree, "progress/ledger/ledger-2026.json")).unwrap();
        let csv = text(&tree, "progress/ledger/ledger-2026.csv").lines().nth(1).unwrap().to_string();
        let command =
            Disk::new(&format!("{SITE}{TARGETS}{site}")).good(&["ledger", "--year", "2026", "--date", "2026-11-22"]).0;
        let of = |path: &str| text(&tree, path).to_string();
        (json, csv, command, of("progress/ledger/index.html"), of("board/index.html"))
    };
    let (json, csv, command, page, board) =
        forms(&event("events/s.md", "title: 示例一\nsample: true\nstart: 2026-05-08\nstatus: held\n"));
    assert!(json["sessions"].is_null() && json["met"].is_null() && csv == "2026,合计,,2026-11-22,,,暂无数据");
    assert!(
        command.contains("场次 暂无数据（目标 10）") && command.contains("示例一") && !command.contains("未达标"),
        "{command}"
    );
    assert!(!page.contains("未达标") && !page.contains("<b>0</b>") && !board.contains("未达到"));

    let silent =
        event("events/a.md", "title: 甲\nid: a\nstart: 2026-05-08\nstatus: held\nevidence: 签到表\ncampaign: 某系列\n");
    let (json, csv, command, page, board) = forms(&silent);
    assert!(
        json["sessions"] == 1
            && json["people"].is_null()
            && json["by"]["campaigns"][0]["people"].is_null()
            && json["met"] == false
    );
    assert!(
        csv == "2026,合计,,2026-11-22,1,,未达标" && command.contains("人次 暂无数据（目标 1500）"),
        "{csv} {command}"
    );
    assert!(page.contains("<b>1</b>场") && !page.contains("<b>0</b>") && page.contains("其中1场没有写来了多少人"));
    let state = |id: &str| {
        board.split(&format!("id=\"target-{id}\"")).nth(1).unwrap().split("</tr>").next().unwrap().contains("暂无数据")
    };
    assert_eq!((state("sessions"), state("people")), (false, true));

    // A year of which only plans are known has held none so far, and every form says so.
    let (json, csv, command, page, board) = forms(&event("events/a.md", "title: 甲\nid: a\nstart: 2026-05-08\n"));
    assert!(
        json["sessions"] == 0
            && json["people"] == 0
            && csv == "2026,合计,,2026-11-22,0,0,未达标"
            && command.contains("场次 0（目标 10）")
    );
    assert!(page.contains("<b>0</b>场") && board.matches("未达到").count() == 2, "{board}");
}

#[test]
fn people_are_the_attendance_or_the_names_signed_in_and_no_cell_is_a_formula() {
    let tree = built(&format!(
        "{SITE}{}{}-- content/events/p.png --\nGIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;\n",
        event(
            "events/a.md",
            "title: '=1+1'\nid: a\nstart: 2026-05-08\nstatus: held\nevidence: [{sign_in: 20}, {sign_in: 22, photo: p.png}]\n"
        ),
        event(
            "events/b.md",
            "title: 乙\nid: b\nstart: 2025-12-30\nend: 2026-01-02\nstatus: held\nevidence: {confirmed_by: 某局}\n"
        )
    ));
    let year = |y: i16| {
        serde_json::from_str::<serde_json::Value>(text(&tree, &format!("progress/ledger/ledger-{y}.json"))).unwrap()
    };
    assert_eq!((year(2026)["sessions"].as_u64(), year(2026)["people"].as_u64()), (Some(1), Some(42)));
    // One that runs into the next year is of the year it began in; who came was not written.
    assert_eq!((year(2025)["sessions"].as_u64(), year(2025)["events"][0]["people"].is_null()), (Some(1), true));
    assert!(text(&tree, "progress/ledger/ledger-2026.csv").contains(",'=1+1,"));
    let page = text(&tree, "events/a/index.html");
    assert!(page.contains("签到20人") && page.contains("events/p.png"));
}
