//! Diagrams on pages, in feeds and in the search index: what an author writes in them is shown, wherever the page is.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, Outcome, OutputFiles};

use crate::support::build_archive;

const TODAY: Date = date(2026, 11, 30);

/// One of each, with words that occur nowhere else.
const DIAGRAMS: &str = "```{flow} 甲标题\n角色: 乙角色、丙角色、丁角色\n步骤:\n  - 标题: 戊步\n    谁: 乙角色\n    内容: 己**内容**见[庚链](b.md)。\n  - 标题: 辛步\n    谁: [乙角色, 丙角色]\n    标记: 壬标记\n    转到: 戊步\n    条件: 癸条件\n```\n\n\
```{decision} 子标题\n问题:\n  - 问: 丑问？\n    选项:\n      - {答: 寅答, 去: 卯果}\n      - {答: 辰答, 去: 再}\n      - {答: 亥答, 去: 再}\n  - 问: 巳问？\n    代号: 再\n    选项: [{答: 午答, 去: 卯果}, {答: 未答, 去: 申果}]\n结果:\n  - {标题: 卯果, 链接: b.md, 内容: 酉说明}\n  - {标题: 申果, 内容: 戌说明}\n```\n\n\
```{bars} 金标题\n单位: 木\n来源: 水来源\n截至: 火日\n数据:\n  - {名称: 土名, 数值: 20}\n  - {名称: 日名, 数值: 5.50}\n```\n\n\
```{line} 月标题\n单位: 星\n来源: 辰来源\n数据:\n  - {时间: 2023年, 数值: 3}\n  - {时间: 2023年7月, 数值: 8}\n  - {时间: 2025年, 数值: 7}\n```\n\n\
```{gauge} 山标题\n目标: 85\n现状: 72.5\n单位: \"%\"\n来源: 石来源\n截至: 云日\n期限: 雨日\n```\n\n\
```{timeline}\n:ruler: 风\n- {日期: 雷日, 标题: 电题, 位置: 0}\n- {日期: 雪日, 标题: 霜题, 位置: 6}\n- {日期: 霞日, 标题: 雾题, 位置: 30}\n```\n";

/// All words of `DIAGRAMS` that readers see.
const WORDS: &[&str] = &[
    "甲标题",
    "乙角色",
    "丙角色",
    "丁角色",
    "戊步",
    "己<strong>内容</strong>",
    "庚链",
    "辛步",
    "壬标记",
    "癸条件",
    "子标题",
    "丑问？",
    "寅答",
    "辰答",
    "亥答",
    "巳问？",
    "午答",
    "未答",
    "卯果",
    "申果",
    "酉说明",
    "戌说明",
    "金标题",
    "木",
    "水来源",
    "火日",
    "土名",
    "日名",
    "20",
    "5.50",
    "月标题",
    "星",
    "辰来源",
    "2023年",
    "2023年7月",
    "2025年",
    "山标题",
    "85",
    "72.5",
    "石来源",
    "云日",
    "雨日",
    "雷日",
    "电题",
    "霜题",
    "雾题",
];

fn built(pages: &str) -> OutputFiles {
    let site = format!("-- site.yaml --\ntitle: 站\nbase_url: https://example.org/\nsearch: true\n{pages}");
    let (report, outputs) = build_archive(&site, TODAY, &Options::default());
    assert_eq!((report.outcome, report.diags.len()), (Outcome::Built, 0), "{:?}", report.diags);
    outputs
}

fn with_diagrams() -> OutputFiles {
    built(&format!(
        "-- content/a.md --\n---\ntitle: 题\ndate: 2026-11-01\nkind: guide\n---\n{DIAGRAMS}\n-- content/b.md --\n---\ntitle: 乙页\n---\n文字。\n"
    ))
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).unwrap()
}

#[test]
fn a_page_and_its_feed_show_all_words_of_its_diagrams() {
    let files = with_diagrams();
    let page = text(&files, "a/index.html");
    let feed = text(&files, "atom.xml").replace("&lt;", "<").replace("&gt;", ">");
    for word in WORDS {
        assert!(page.contains(word), "{word} is not on the page");
        assert!(feed.contains(word), "{word} is not in the feed");
    }
    assert!(!feed.contains("<svg"), "a feed has tables and lists, no drawings");
    assert_eq!(page.matches("<svg role=\"img\"").count(), 4);
    assert_eq!(
        page.matches("<svg role=\"img\"").count(),
        page.matches("<title>").count() - 1,
        "each drawing has its title"
    );
    assert!(!page.contains(" style="), "no inline style");
}

#[test]
fn diagrams_are_found_by_their_words() {
    let files = with_diagrams();
    let index: String = files
        .iter()
        .filter(|(path, _)| path.starts_with("search/"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    for word in ["乙角色", "壬标记", "癸条件", "巳问", "午答", "戌说明", "水来源", "日名", "辰来源", "石来源", "雾题"]
    {
        let shown: String = word.to_string();
        assert!(index.contains(&shown), "{word} is not in the search index");
    }
}

#[test]
fn the_style_of_diagrams_is_loaded_by_pages_that_have_one() {
    let list = "```{flow} 甲\n步骤: [{标题: 乙}]\n```\n";
    let chart = "```{gauge} 甲\n目标: 8\n单位: 件\n来源: 乙\n```\n";
    for (body, styles) in
        [(DIAGRAMS, [true, true]), (list, [true, false]), (chart, [true, true]), ("文字。", [false, false])]
    {
        let files = built(&format!(
            "-- content/a.md --\n---\ntitle: 题\n---\n{body}\n-- content/b.md --\n---\ntitle: 乙\n---\n"
        ));
        let page = text(&files, "a/index.html");
        assert_eq!(["css/diagrams.", "css/charts."].map(|style| page.contains(style)), styles, "{body}");
    }
}

/// A question that one answer leads to stands below it. One that several lead to stands once, and the answers name its number.
#[test]
fn a_decision_shows_each_question_and_text_once() {
    let files = with_diagrams();
    let page = text(&files, "a/index.html");
    assert_eq!(page.matches("巳问？").count(), 1);
    assert_eq!(page.matches("接着看第2问").count(), 2);
    assert_eq!((page.matches("卯果</a>").count(), page.matches("酉说明").count()), (2, 1));
    assert!(page.contains("<a href=\"../b/index.html\">卯果</a>"));
}

/// The number of ways through a decision grows with the power of its length; the page does not.
#[test]
fn the_page_of_a_decision_grows_with_its_text_alone() {
    let questions: String = (0..29)
        .map(|n| {
            let answers: Vec<String> = (0..16).map(|a| format!("{{答: 答{a}, 去: 问{}}}", n + 1)).collect();
            format!("  - 问: 问{n}\n    选项: [{}]\n", answers.join(", "))
        })
        .collect();
    let last =
        format!("  - 问: 问29\n    选项: [{{答: 完, 去: 果}}]\n结果:\n  - 标题: 果\n    内容: {}\n", "长".repeat(2000));
    let files =
        built(&format!("-- content/a.md --\n---\ntitle: 题\n---\n```{{decision}} 多\n问题:\n{questions}{last}```\n"));
    let page = text(&files, "a/index.html");
    assert!(page.len() < 60_000, "{}", page.len());
    assert_eq!(page.matches("长长").count(), 1000);
}

/// The bars of percentages have 100 % as their full length, other bars the largest value.
#[test]
fn bars_and_gauges_are_to_scale() {
    let chart = |unit: &str| {
        let files = built(&format!(
            "-- content/a.md --\n---\ntitle: 题\n---\n```{{bars}} 甲\n单位: \"{unit}\"\n来源: 乙\n数据: [{{名称: 丙, 数值: 40}}, {{名称: 丁, 数值: 10}}]\n```\n\n```{{gauge}} 戊\n目标: 80\n现状: 20\n单位: \"{unit}\"\n来源: 乙\n```\n"
        ));
        let page = text(&files, "a/index.html");
        let widths =
            page.split("class=\"fill\" width=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_string());
        widths.collect::<Vec<_>>()
    };
    assert_eq!(chart("%"), ["40%", "10%", "20%"]);
    assert_eq!(chart("件"), ["100%", "25%", "25%"]);
}

/// The points of a line stand as far apart as their times, on a scale that has zero.
#[test]
fn lines_are_to_scale() {
    let files = with_diagrams();
    let page = text(&files, "a/index.html");
    let points: Vec<(&str, &str)> = page
        .split("<circle cx=\"")
        .skip(1)
        .map(|rest| (rest.split('"').next().unwrap(), rest.split("cy=\"").nth(1).unwrap().split('"').next().unwrap()))
        .collect();
    assert_eq!(points, [("3%", "7.62em"), ("26.5%", "2em"), ("97%", "3.12em")]);
}

#[test]
fn a_gauge_without_data_says_so_and_has_no_bar() {
    let files = built("-- content/a.md --\n---\ntitle: 题\n---\n```{gauge} 甲\n目标: 80\n单位: 件\n来源: 乙\n```\n");
    let page = text(&files, "a/index.html");
    assert!(page.contains("暂无数据") && !page.contains("class=\"fill\""), "{page}");
}

/// Text of an author is text in every place of a diagram.
#[test]
fn hostile_words_stay_text() {
    let bad = "\"</title><script>x</script>'&<";
    let yaml = format!("'{}'", bad.replace('\'', "''"));
    let files = built(&format!(
        "-- content/a.md --\n---\ntitle: 题\n---\n```{{flow}} {bad}\n角色: [{yaml}]\n步骤: [{{标题: {yaml}, 谁: [{yaml}], 标记: {yaml}}}]\n```\n\n\
         ```{{decision}} {bad}\n问题: [{{问: {yaml}, 选项: [{{答: {yaml}, 去: 果}}]}}]\n结果: [{{标题: {yaml}, 代号: 果}}]\n```\n\n\
         ```{{bars}} {bad}\n单位: {yaml}\n来源: {yaml}\n截至: {yaml}\n数据: [{{名称: {yaml}, 数值: 1}}]\n```\n\n\
         ```{{line}} {bad}\n单位: {yaml}\n来源: {yaml}\n数据: [{{时间: {yaml}, 数值: 1}}, {{时间: 乙, 数值: 1}}]\n```\n\n\
         ```{{gauge}} {bad}\n目标: 1\n单位: {yaml}\n来源: {yaml}\n期限: {yaml}\n```\n"
    ));
    let page = text(&files, "a/index.html");
    assert!(!page.contains("<script>x"), "{page}");
    assert_eq!(page.matches("</title>").count(), 4);
}
