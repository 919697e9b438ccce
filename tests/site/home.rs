//! What the theme makes of the home page's settings, of groups in lists, and of official letters.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, Outcome, OutputFiles};
use puzhi::source::memory_site;
use puzhi_core::diag::Diagnostic;

use crate::support::{build_archive, read_settings};

const TODAY: Date = date(2026, 11, 30);
const TARGETS: &str = "-- data/targets.yaml --\n- {id: one, title: 甲目标, group: 组, words: 甲, value: {min: 85, op: \"≥\"}, unit: \"%\", observations: [{date: 2026-01-01, value: 40, source: 文件}]}\n- {id: two, title: 乙目标, group: 组, words: 乙, value: {min: 5, op: \"≥\"}, unit: 件}\n";

fn built(settings: &str, files: &str) -> OutputFiles {
    let site = format!("-- site.yaml --\ntitle: 站\n{settings}{files}");
    let (report, outputs) = build_archive(&site, TODAY, &Options::default());
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    outputs
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).unwrap()
}

/// The places of some words in a text, in the order of the words.
fn places(text: &str, words: &[&str]) -> Vec<usize> {
    let text = text.replace("<wbr>", "");
    words.iter().map(|word| text.find(word).unwrap_or_else(|| panic!("no {word}"))).collect()
}

#[test]
fn the_home_page_begins_with_tasks_and_who_the_reader_is() {
    let settings =
        "entries:\n  - {title: 办事, link: /a.md, note: 一句话}\nidentities:\n  - {title: 市民, link: /a.md}\n";
    let pages = "-- content/_index.md --\n---\ntitle: 首页\nsummary: 一句介绍。\n---\n正文还在。\n-- content/a.md --\n---\ntitle: 甲\n---\n文字。\n";
    let files = built(settings, pages);
    let home = text(&files, "index.html");
    assert!(places(home, &["一句介绍。", ">办事<", "一句话", ">市民<", "正文还在。"]).is_sorted(), "{home}");
    // Without settings nothing stands for them.
    let bare = built("", pages);
    let home = text(&bare, "index.html");
    assert!(
        !home.contains("class=\"acts\"") && !home.contains("class=\"who\"") && !home.contains("class=\"sect aims\"")
    );
}

#[test]
fn the_home_page_counts_all_targets_and_lists_those_it_names() {
    for (extra, listed) in [("", false), ("extra: {highlights: [two]}\n", true)] {
        let files = built("", &format!("{TARGETS}-- content/_index.md --\n---\ntitle: 首页\n{extra}---\n"));
        let home = text(&files, "index.html");
        assert!(home.contains("2个数字目标，已公布1个"), "{home}");
        assert_eq!((home.contains("乙目标"), home.contains("甲目标")), (listed, false), "{home}");
        assert_eq!(home.contains("css/board."), listed, "the style of the list");
    }
}

#[test]
fn the_board_has_bars_for_figures_only_and_percentages_on_a_true_scale() {
    let files = built(
        "",
        &format!(
            "{TARGETS}-- content/b.md --\n---\ntitle: 板\n---\n```{{targets}}\n:counts: 是\n```\n\n```{{targets}}\n```\n"
        ),
    );
    let page = text(&files, "b/index.html");
    assert!(page.contains("2项，已公布1项") && page.contains("css/board."));
    assert_eq!(page.matches("class=\"bar\"").count(), 1);
    assert!(page.contains("class=\"got\" width=\"40.0%\"") && page.contains("x=\"85.0%\""), "{page}");
    let row = page.split("id=\"target-two\"").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("暂无数据"), "{row}");
}

#[test]
fn lists_stand_under_the_headings_of_their_groups() {
    let page = |name: &str, order: u8, date: &str, group: &str| {
        let group = if group.is_empty() { String::new() } else { format!("group: {group}\n") };
        format!("-- content/s/{name}.md --\n---\ntitle: 题{name}\norder: {order}\ndate: {date}\n{group}---\n文字。\n")
    };
    let list = |pages: &[String]| {
        let files =
            built("", &format!("-- content/s/_index.md --\n---\ntitle: 栏目\nsort: order\n---\n{}", pages.concat()));
        text(&files, "s/index.html").to_string()
    };
    let day = "2026-11-01";
    let html = list(&[
        page("a", 1, "2025-01-01", ""),
        page("b", 2, day, "一组"),
        page("c", 3, day, "一组"),
        page("d", 4, day, "二组"),
    ]);
    assert!(places(&html, &[">题a<", ">一组<", ">题b<", ">题c<", ">二组<", ">题d<"]).is_sorted(), "{html}");
    assert_eq!(html.matches(">一组<").count(), 1);
    // The leading page keeps its day; the one that all others share is left out.
    assert!(html.contains("2025年1月1日") && !html.contains("2026年11月1日"), "{html}");
    let html = list(&[page("a", 1, day, ""), page("b", 2, "2026-11-02", "")]);
    assert!(html.contains("2026年11月1日") && html.contains("2026年11月2日"), "days that differ are said: {html}");
}

#[test]
fn an_official_text_with_addressees_is_a_letter() {
    let page = |body: &str| {
        let files = built(
            "",
            &format!(
                "-- content/p.md --\n---\ntitle: 通知\nkind: policy\noriginal: true\nissued: 2022-10-18\n---\n{body}"
            ),
        );
        text(&files, "p/index.html").to_string()
    };
    let letter = page("各办局：\n\n现印发给你们。\n\n2022年10月18日\n\n## 附件\n\n文字。\n");
    assert!(
        letter.contains("class=\"prose official letter\"") && letter.contains("<p class=\"issued\">2022年10月18日</p>"),
        "{letter}"
    );
    let law = page("第一条 为了保护专利权人的合法权益，制定本法。\n");
    assert!(law.contains("class=\"prose official\"") && !law.contains("class=\"issued\""), "{law}");
}

/// Code, file and line of a finding.
fn place(diag: &Diagnostic) -> String {
    let file = diag.file.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {file}:{}", diag.code.name, diag.position.map_or(0, |at| at.line))
}

#[test]
fn a_target_that_the_home_page_names_and_nobody_has_is_said() {
    let pages = "-- content/_index.md --\n---\ntitle: 首页\nextra:\n  highlights: [two, twoo]\n---\n-- content/a.md --\n---\ntitle: 甲\nextra: {highlights: [x]}\n---\n文字。\n";
    let (report, _) =
        build_archive(&format!("-- site.yaml --\ntitle: 站\n{TARGETS}{pages}"), TODAY, &Options::default());
    let found: Vec<String> = report.diags.iter().map(place).collect();
    // On other pages `highlights` is whatever the theme makes of it.
    let unknown: Vec<&String> = found.iter().filter(|place| place.starts_with("unknown-reference")).collect();
    assert_eq!(unknown, ["unknown-reference content/_index.md:4"], "{found:?}");
}

#[test]
fn entries_of_the_settings_that_lack_a_part_are_said() {
    let settings = "title: 站\nidentities:\n  - {title: 市民}\nnavigation:\n  - {link: /_index.md}\nlanguages:\n  - {name: 中文}\ntaxonomies:\n  - {title: 行业}\n";
    let (_, found) = read_settings(&memory_site(&format!("-- site.yaml --\n{settings}")));
    let mut found: Vec<String> = found.iter().map(place).collect();
    found.sort();
    assert_eq!(found, [3, 5, 7, 9].map(|line| format!("missing-key site.yaml:{line}")));
}

#[test]
fn a_unit_described_in_another_language_keeps_its_targets_under_its_own_name() {
    let settings = "languages:\n  - {code: zh, tag: zh-CN, name: 中文}\n  - {code: en, name: English, title: Site}\n";
    let target = "-- data/targets.yaml --\n- {id: one, title: 甲目标, group: 组, words: 甲, value: {min: 2, op: \"≥\", relative_to: 全省平均}, unit: 倍, units: [市甲局]}\n";
    let words = "-- i18n/en.yaml --\n\"target/one\": First\n\"relative/全省平均\": provincial average\n";
    let zh = "-- content/units/a.md --\n---\ntitle: 市甲局\n---\n文字。\n";
    let en = "-- content/units/a.en.md --\n---\ntitle: Bureau A\n---\nText.\n";
    let files = built(settings, &format!("{target}{words}{zh}{en}"));
    let page = text(&files, "en/units/a/index.html");
    let row = page.split("id=\"target-one\"").nth(1).expect(page).split("</tr>").next().unwrap();
    assert!(row.contains(">First<") && row.contains("against the provincial average: "), "{row}");
    assert!(row.contains("units/a/index.html\">Bureau A</a>"), "{row}");
    assert!(text(&files, "units/a/index.html").contains("id=\"target-one\""));
}

/// A style sheet that a page does not load is missed only by who looks at it.
#[test]
fn pages_load_the_styles_of_what_they_hold() {
    let page =
        |name: &str, front: &str, body: &str| format!("-- content/{name}.md --\n---\ntitle: 页\n{front}---\n{body}\n");
    let cases = [
        ("plain", "tags: [词]\n", "文字。", ""),
        ("note", "", "```{note} 提示\n文字。\n```", "blocks"),
        ("details", "", "```{details} 更多\n文字。\n```", "blocks"),
        ("tasks", "", "- [ ] 一件事", "blocks"),
        ("words", "", "词\n: 解释", "blocks"),
        ("code", "", "    代码", "code"),
        ("formula", "", "$$\na^2\n$$", "code"),
        ("footnote", "", "文字。[^1]\n\n[^1]: 注。", "official"),
        ("law", "kind: policy\noriginal: true\n", "文字。", "official"),
        ("pages", "", "```{pages}\n:tag: 词\n```", "lists"),
    ];
    let pages: String = cases.iter().map(|(name, front, body, _)| page(name, front, body)).collect();
    let files = built("", &pages);
    for (name, _, _, sheet) in cases {
        let html = text(&files, &format!("{name}/index.html"));
        for known in ["blocks", "code", "official", "lists", "brand"] {
            assert_eq!(html.contains(&format!("css/{known}.")), known == sheet, "{name}: {known}");
        }
    }
    let marked = built("extra: {mark: 安}\n", &page("plain", "", "文字。"));
    assert!(text(&marked, "plain/index.html").contains("css/brand."));
}
