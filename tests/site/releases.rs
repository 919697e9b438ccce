//! Corrections, withdrawals, hours of publication, and the release log, from the site's files to what is written and said.

use std::collections::BTreeMap;

use jiff::civil::date;
use puzhi::pipeline::{Options, Report, build_in_memory};
use puzhi::source::memory_site;
use puzhi_core::base::{BuildDate, parse_date};

use crate::support::{OutputFiles, build_archive, puzhi, read_settings};

const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n";

/// A site with all it was given, built on 28 November 2026.
fn built(archive: &str) -> (Report, OutputFiles) {
    build_archive(&format!("{SITE}{archive}"), date(2026, 11, 28), &Options::default())
}

fn text(files: &OutputFiles, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

/// The outputs that hold a text.
fn holding<'f>(files: &'f OutputFiles, wanted: &str) -> Vec<&'f str> {
    let has = |bytes: &[u8]| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes());
    files.iter().filter(|(path, bytes)| path.contains(wanted) || has(bytes)).map(|(path, _)| path.as_str()).collect()
}

/// A site on disk, and the program run on it.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(archive: &str) -> Self {
        let disk = Disk(tempfile::tempdir().unwrap());
        disk.write(&format!("{SITE}{archive}"));
        disk
    }

    fn write(&self, archive: &str) {
        let files = memory_site(archive);
        for path in files.paths_in("") {
            let target = self.0.path().join(path.as_str());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, files.read_bytes(path, 1 << 20, "data").unwrap()).unwrap();
        }
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.0.path().join(path)).unwrap();
    }

    fn has(&self, path: &str) -> bool {
        self.0.path().join(path).exists()
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The exit code, and what is said on both streams.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let run = puzhi().args(arguments).arg("--root").arg(self.0.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout) + &text(run.stderr))
    }

    fn good(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }
}

#[test]
fn corrections_show_on_the_page_and_on_the_page_and_feed_of_all() {
    let (report, files) = built(
        "-- content/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n更正:\n  - {时间: 2026-11-02, 内容: 旧的一条}\n  - {时间: 2026-11-20 14:05, 内容: 三成改为 <两成>, 原因: 抄错了}\n---\n正文。\n",
    );
    assert!(
        !report.diags.iter().any(|d| d.file.as_ref().is_some_and(|f| f.as_str() == "content/a.md")),
        "{:?}",
        report.diags
    );
    let page = text(&files, "a/index.html");
    let article = page.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    let newest = article.find("三成改为 &lt;两成&gt;").expect("the newest is above the text");
    assert!(
        newest < article.find("正文。").unwrap()
            && article.rfind("旧的一条").unwrap() > article.find("正文。").unwrap()
    );
    assert!(article.contains("corrections/index.html"));
    let all = text(&files, "corrections/index.html");
    assert!(all.find("两成").unwrap() < all.find("旧的一条").unwrap() && all.contains("抄错了"));
    let feed = text(&files, "corrections/atom.xml");
    assert!(feed.contains("2026-11-20T14:05:00+08:00") && feed.matches("<entry>").count() == 2, "{feed}");
    let (_, without) = built("-- content/a.md --\n---\n标题: 甲篇\n---\n正文。\n");
    assert_eq!(holding(&without, "corrections"), [] as [&str; 0]);
}

#[test]
fn slips_in_corrections_and_withdrawals_are_reported_and_put_no_text_back() {
    for (front, code) in [
        ("更正: [{时间: 2026-11-02}]", "missing-key"),
        ("更正: [{时间: 那天, 内容: 甲}]", "bad-date"),
        ("更正: 改了一处", "wrong-type"),
        ("撤稿: 是", "wrong-type"),
        ("撤回: 是", "wrong-type"),
        ("审核人: 王五\n已撤稿: 是", "wrong-type"),
        ("撤稿:", "missing-key"),
        ("撤稿: {时间: 2026-11-02}", "missing-key"),
        ("更正: [{时间: 2026-11-02, 内容: \"\"}]", "missing-key"),
        ("撤稿: {时间: 2026-11-02, 原因: \"　\"}", "missing-key"),
        ("撤稿：{时间：2026-11-02，原因：有误}", "wide-mark"),
    ] {
        let archive = format!("{SITE}-- content/a.md --\n---\n标题: 甲篇\n{front}\n---\n秘密正文。\n");
        let files = memory_site(&archive);
        let (settings, _) = read_settings(&files);
        let clock = crate::support::build_date(date(2026, 11, 28), &settings);
        let options = Options { keep_going: true, ..Options::default() };
        let (report, out) = build_in_memory(&files, settings, clock, &options);
        let found: Vec<&str> = report.diags.iter().filter(|d| d.is_error()).map(|d| d.code.name).collect();
        assert!(code == "wide-mark" || found.contains(&code), "{front}: {found:?}");
        assert_eq!(holding(&out, "秘密正文"), [] as [&str; 0], "{front}");
    }
}

#[test]
fn corrections_of_one_day_are_entries_of_their_own_with_the_terms_of_their_page() {
    let (_, files) = built(
        "feed_formats: [json]\nfeed_size: 3\n-- content/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n转载: 不可\n更正:\n  - {时间: 2026-11-20, 内容: 一}\n  - {时间: 2026-11-20, 内容: 二}\n---\n正文。\n-- content/b.md --\n---\n标题: 乙篇\n日期: 2026-11-01\n更正:\n  - {时间: 2026-11-19, 内容: 三}\n  - {时间: 2026-11-18, 内容: 四}\n撤稿: {时间: 2026-11-19, 原因: 五}\n---\n正文。\n",
    );
    let feed: serde_json::Value = serde_json::from_str(&text(&files, "corrections/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    let ids: std::collections::BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!((items.len(), ids.len()), (3, 3), "{ids:?}");
    // Neither what nobody may republish nor what is withdrawn is offered.
    assert!(items.iter().all(|item| item["_credit"]["rights"] == "这一页不能转载。"), "{items:?}");
    let all = text(&files, "corrections/index.html");
    assert!(["<p>一", "<p>二", "<p>三", "<p>四", "五</p>"].iter().all(|said| all.contains(said)), "{all}");
}

#[test]
fn of_a_withdrawn_page_nothing_may_be_republished_and_a_correction_is_a_change() {
    let page = |name: &str, front: &str| {
        format!("-- content/news/{name}.md --\n---\n标题: 篇{name}\n日期: 2026-11-01\n{front}---\n正文。\n")
    };
    let (_, files) = built(&format!(
        "republish: {{ninjs: true}}\nfeed_formats: [json]\n-- content/news/_index.md --\n---\n标题: 新闻\n---\n{}{}",
        page("a", "撤稿: {时间: 2026-11-20, 原因: 有误}\n"),
        page("b", "更新: 2026-11-05\n更正: [{时间: 2026-11-21 9:30, 内容: 改了}]\n")
    ));
    let item: serde_json::Value = serde_json::from_str(&text(&files, "news/a/ninjs.json")).unwrap();
    assert_eq!((&item["pubStatus"], &item["usageTerms"]), (&"canceled".into(), &"这一页不能转载。".into()));
    assert!(item.get("representationType").is_none(), "{item}");
    let feed: serde_json::Value = serde_json::from_str(&text(&files, "feed.json")).unwrap();
    let entry = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == "撤稿：篇a").unwrap();
    assert_eq!(entry["_credit"]["rights"], "这一页不能转载。");
    assert!(text(&files, "news/b/index.html").contains("\"dateModified\":\"2026-11-21T09:30:00+08:00\""));
    assert!(text(&files, "sitemap.xml").contains("<lastmod>2026-11-21</lastmod>"));
}

#[test]
fn days_that_cannot_be_right_and_what_still_stands_are_said() {
    let codes = |archive: &str| {
        let (report, _) = built(archive);
        report.diags.iter().map(|d| d.code.name).collect::<Vec<_>>()
    };
    let page =
        |front: &str| format!("-- content/a.md --\n---\n标题: 甲篇\n日期: 2026-11-10 9:00\n{front}\n---\n正文。\n");
    assert_eq!(codes(&page("更正: [{时间: 2026-11-10 8:00, 内容: 改}]")), ["correction-before-date"]);
    assert_eq!(codes(&page("更正: [{时间: 2026-11-29, 内容: 改}]")), ["correction-in-future"]);
    assert_eq!(codes(&page("撤稿: {时间: 2026-11-09, 原因: 错}")), ["correction-before-date"]);
    // A day without a time is not before a time of that day, and today is no future.
    assert_eq!(
        codes(&page("更正: [{时间: 2026-11-10, 内容: 改}, {时间: 2026-11-28 23:00, 内容: 改}]")),
        [] as [&str; 0]
    );
    let survey = "-- content/a.md --\n---\n标题: 卷\n类型: 问卷\nid: s\n撤稿: {时间: 2026-11-20, 原因: 错}\nquestions:\n  - {id: q, type: single, text: 知道吗, options: [{id: y, text: 知道}, {id: n, text: 没有}]}\n---\n正文。\n-- content/a.results.json --\n{}\n";
    assert_eq!(codes(survey), [] as [&str; 0], "results of a withdrawn survey are not missed");
    let linked = format!(
        "navigation:\n  - {{title: 甲, link: /a.md}}\n{}-- content/b.md --\n---\n标题: 乙\n---\n[甲](a.md)，[甲](a.md#x)。\n",
        page("撤稿: {时间: 2026-11-20, 原因: 错}").replace("正文。", "## 题 {#x}")
    );
    assert_eq!(codes(&linked), ["link-to-withdrawn", "link-to-withdrawn"]);
}

#[test]
fn a_withdrawn_page_keeps_its_address_and_nothing_of_its_text_or_files_is_published() {
    let page = |front: &str| {
        format!(
            "-- content/news/_index.md --\n---\ntitle: 新闻\n---\n-- content/news/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n标签: [撤标签]\n摘要: 撤摘要\n配图: {{文件: cover.svg, 说明文字: 图}}\n{front}---\n## 撤小标题 {{#h}}\n\n撤正文[附件](files/a.pdf)。\n-- content/news/files/a.pdf --\npdf\n-- content/news/cover.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n-- content/news/b.md --\n---\n标题: 乙篇\n日期: 2026-11-02\n---\n见[甲](a.md#h)。\n"
        )
    };
    let (_, before) = built(&page(""));
    assert!(before.contains_key("news/files/a.pdf") && before.contains_key("tags/撤标签/index.html"));
    let (report, files) = built(&page("撤稿: {时间: 2026-11-20, 原因: 数字有误}\n"));
    assert_eq!(report.diags.iter().filter(|d| d.is_error()).count(), 0, "{:?}", report.diags);
    let shown = text(&files, "news/a/index.html");
    assert!(shown.contains("数字有误") && shown.contains("noindex") && shown.contains("甲篇"));
    for gone in ["撤正文", "撤小标题", "撤摘要", "撤标签"] {
        assert_eq!(holding(&files, gone), [] as [&str; 0], "{gone}");
    }
    for gone in ["news/files/a.pdf", "news/cover.svg", "tags/撤标签/index.html"] {
        assert!(!files.contains_key(gone), "{gone}");
    }
    assert!(!text(&files, "sitemap.xml").contains("/news/a/") && !text(&files, "news/index.html").contains("甲篇"));
    assert!(text(&files, "atom.xml").contains("撤稿：甲篇") && text(&files, "feed.json").contains("数字有误"));
    assert!(text(&files, "corrections/atom.xml").contains("撤稿") && text(&files, "news/b/index.html").contains("甲"));
}

#[test]
fn nothing_of_a_page_is_written_before_its_hour() {
    let archive = format!(
        "{SITE}-- content/news/a.md --\n---\n标题: 限时篇\n日期: 2026-11-28 14:05\n标签: [限时签]\n---\n限时文[件](x.pdf)。\n-- content/news/x.pdf --\n限时件\n-- content/b.md --\n---\n标题: 乙\n---\n见[那篇](news/a.md)。\n"
    );
    let at = |time: &str| {
        let files = memory_site(&archive);
        let (settings, _) = read_settings(&files);
        let moment = parse_date(time).unwrap();
        let (zone, zone_name) = (settings.zone.clone(), settings.zone_name.clone());
        let time = moment.time.unwrap_or(BuildDate::WHOLE_DAY);
        let clock = BuildDate { today: moment.date, time, zone, zone_name };
        build_in_memory(&files, settings, clock, &Options::default())
    };
    for early in ["2026-11-27", "2026-11-28 00:00", "2026-11-28 14:04"] {
        let (report, files) = at(early);
        assert_eq!(report.counts.unpublished.future, 1, "{early}");
        for word in ["限时", "news/a", "x.pdf"] {
            assert_eq!(holding(&files, word), [] as [&str; 0], "{early}: {word}");
        }
    }
    for late in ["2026-11-28 14:05", "2026-11-28 23:00", "2026-11-28"] {
        let (_, files) = at(late);
        assert!(text(&files, "news/a/index.html").contains("限时文") && files.contains_key("news/x.pdf"), "{late}");
    }
}

#[test]
fn a_build_of_the_same_day_after_the_hour_publishes_and_one_before_takes_back() {
    let disk =
        Disk::new("-- content/a.md --\n---\n标题: 甲\n日期: 2026-11-28 14:05\n---\n正文。\n-- content/b.md --\n乙。\n");
    for (time, published) in [("14:04", false), ("14:05", true), ("14:06", true), ("9:00", false)] {
        let (code, said) = disk.run(&["build", "--date", &format!("2026-11-28 {time}")]);
        assert_eq!((code, disk.has("public/a/index.html")), (0, published), "{time}: {said}");
    }
}

const TWO: &str = "-- content/news/_index.md --\n---\ntitle: 新闻\n---\n-- content/news/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n标签: [甲签]\n---\n正文[附件](f.pdf)。\n-- content/news/f.pdf --\npdf\n-- content/news/b.md --\n---\n标题: 乙篇\n日期: 2026-11-02\n---\n正文二。\n";

#[test]
fn the_log_is_written_once_and_diff_says_what_changed() {
    let disk = Disk::new(TWO);
    let said = disk.good(&["release", "diff", "--date", "2026-11-28"]);
    assert!(said.contains("还没有发布记录") && said.contains("新发布：甲篇（/news/a/）"), "{said}");
    disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    let log = disk.read("content/releases.lock.yaml");
    assert!(log.contains("first: 2026-11-28T09:30:00") && log.contains("/news/f.pdf") && log.contains("/tags/甲签/"));
    let said = disk.good(&["release", "record", "--at", "2026-11-29 9:30"]);
    assert!(said.contains("没有变化") && disk.read("content/releases.lock.yaml") == log);
    assert!(disk.good(&["release", "diff", "--date", "2026-11-30"]).contains("没有变化"));
    assert!(!disk.good(&["build", "--date", "2026-11-29", "--strict"]).contains("address-lost"));
    assert!(!disk.has("public/releases.lock.yaml"));

    disk.write("-- content/news/b.md --\n---\n标题: 乙篇\n日期: 2026-10-02\n---\n正文改了。\n-- content/news/f.pdf --\npdf 2\n");
    disk.write("-- content/news/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n更正: [{时间: 2026-11-29, 内容: 甲改乙}]\n---\n正文[附件](f.pdf)。\n-- content/c.md --\n---\n标题: 丙篇\n---\n新。\n");
    let said = disk.good(&["release", "diff", "--date", "2026-11-30"]);
    for line in [
        "新发布：丙篇",
        "修改：乙篇",
        "更正：甲篇",
        "日期改早了：乙篇（/news/b/，原来是 2026-11-02）",
        "附件换了内容：/news/f.pdf",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let (code, said) = disk.run(&["build", "--date", "2026-11-30", "--strict"]);
    assert!(code == 1 && said.contains("dated-back"), "{said}");
    disk.good(&["release", "record", "--at", "2026-11-30 8:00"]);
    let log = disk.read("content/releases.lock.yaml");
    assert!(log.matches("first: 2026-11-28T09:30:00").count() >= 3 && log.contains("before: \"text-1:"), "{log}");
    // The term's list went: it leads to what is above it, and that is no finding.
    disk.good(&["build", "--date", "2026-11-30", "--strict"]);
    assert!(
        disk.read("public/tags/甲签/index.html").contains("url=../../"),
        "{}",
        disk.read("public/tags/甲签/index.html")
    );
    assert!(disk.read("public/corrections/index.html").contains("text-1:"));
}

#[test]
fn a_correction_that_is_rewritten_or_taken_away_is_a_change() {
    let page = |front: &str| format!("-- content/a.md --\n---\n标题: 甲\n日期: 2026-11-01\n{front}---\n正文。\n");
    let disk = Disk::new(&page("更正: [{时间: 2026-11-02, 内容: 一}]\n"));
    disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    for front in ["更正: [{时间: 2026-11-02, 内容: 二}]\n", ""] {
        disk.write(&page(front));
        assert!(disk.good(&["release", "diff", "--date", "2026-11-28"]).contains("修改：甲"), "{front}");
        disk.good(&["release", "record", "--at", "2026-11-28 9:40"]);
        assert!(disk.good(&["release", "diff", "--date", "2026-11-28"]).contains("没有变化"), "{front}");
    }
}

#[test]
fn a_log_of_odd_titles_is_read_again_and_says_one_line_of_each() {
    let disk = Disk::new(
        "-- content/a.md --\n# 甲&#27;[31m&#x2028;红&#xFFFE;\n\n正文。\n-- content/b.md --\n---\n标题: \"两行\\n新发布：假的\"\n---\n正文。\n-- content/c.md --\n# &#7;\n\n正文。\n",
    );
    let said = disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    assert!(!said.contains('\u{1b}') && said.lines().filter(|line| line.starts_with("新发布")).count() == 3, "{said}");
    assert!(disk.good(&["release", "record", "--at", "2026-11-28 9:40"]).contains("没有变化"));
    disk.good(&["build", "--date", "2026-11-28"]);
}

#[test]
fn an_address_that_is_lost_is_said_until_something_is_done() {
    let disk = Disk::new(TWO);
    disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    let log = disk.read("content/releases.lock.yaml");
    // Renamed: the line that keeps it.
    let text = disk.read("content/news/b.md");
    disk.remove("content/news/b.md");
    disk.write(&format!("-- content/news/c.md --\n{text}"));
    let said = disk.good(&["build", "--date", "2026-11-29"]);
    assert!(
        said.contains("address-lost") && said.contains("/news/b/") && said.contains("旧网址: [/news/b/]"),
        "{said}"
    );
    assert_eq!(disk.run(&["build", "--date", "2026-11-29", "--strict"]).0, 1);
    let (code, said) = disk.run(&["release", "record", "--at", "2026-11-29 9:30"]);
    assert!(code == 1 && said.contains("address-lost") && disk.read("content/releases.lock.yaml") == log, "{said}");
    disk.write(&format!("-- content/news/c.md --\n{}", text.replace("日期", "旧网址: [/news/b/]\n日期")));
    let said = disk.good(&["release", "record", "--at", "2026-11-29 9:30"]);
    assert!(said.contains("改了地址：乙篇（/news/b/ → /news/c/）"), "{said}");
    // The alias goes later: lost again.
    disk.write(&format!("-- content/news/c.md --\n{text}"));
    assert!(disk.run(&["build", "--date", "2026-11-29", "--strict"]).1.contains("/news/b/"));
    disk.write(&format!("-- content/news/c.md --\n{}", text.replace("日期", "旧网址: [/news/b/]\n日期")));

    // A draft by mistake, a page that is deleted.
    let first = disk.read("content/news/a.md");
    disk.write(&format!("-- content/news/a.md --\n{}", first.replace("标题", "草稿: 是\n标题")));
    let (code, said) = disk.run(&["build", "--date", "2026-11-29", "--strict", "--lang", "en"]);
    assert!(code == 1 && said.contains("is a draft now"), "{said}");
    disk.remove("content/news/a.md");
    let (_, said) = disk.run(&["build", "--date", "2026-11-29"]);
    assert!(said.contains("content/news/a.md 不在了") && said.contains("撤稿: {时间: 2026-11-29"), "{said}");
    // Withdrawn: its attachment goes with it and is no finding.
    disk.write(&format!(
        "-- content/news/a.md --\n{}",
        first.replace("标题", "撤稿: {时间: 2026-11-29, 原因: 有误}\n标题")
    ));
    let said = disk.good(&["build", "--date", "2026-11-29", "--strict"]);
    assert!(!said.contains("address-lost") && !disk.has("public/news/f.pdf"), "{said}");
    let said = disk.good(&["release", "record", "--at", "2026-11-29 10:00"]);
    assert!(said.contains("撤下：甲篇") && said.contains("附件撤下：/news/f.pdf"), "{said}");
    disk.remove("content/news/f.pdf");
    disk.good(&["build", "--date", "2026-11-29", "--strict"]);
}

#[test]
fn an_attachment_is_let_go_by_name() {
    let disk = Disk::new(TWO);
    disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    disk.remove("content/news/f.pdf");
    disk.write("-- content/news/a.md --\n---\n标题: 甲篇\n日期: 2026-11-01\n标签: [甲签]\n---\n正文。\n");
    let (code, said) = disk.run(&["release", "record", "--at", "2026-11-29 9:30"]);
    assert!(code == 1 && said.contains("--gone /news/f.pdf"), "{said}");
    let (code, said) = disk.run(&["release", "record", "--gone", "/news/a/"]);
    assert!(code != 0 && !said.contains("已写入"), "{said}");
    disk.good(&["release", "record", "--at", "2026-11-29 9:30", "--gone", "/news/f.pdf"]);
    disk.good(&["build", "--date", "2026-11-29", "--strict"]);
    assert!(disk.read("content/releases.lock.yaml").contains("gone: 2026-11-29T09:30:00"));
}

#[test]
fn a_damaged_log_stops_everything_and_is_not_written_anew() {
    let disk = Disk::new(TWO);
    disk.good(&["release", "record", "--at", "2026-11-28 9:30"]);
    let bad = format!("<<<<<<< HEAD\n{}", disk.read("content/releases.lock.yaml"));
    std::fs::write(disk.0.path().join("content/releases.lock.yaml"), &bad).unwrap();
    for command in [&["build"][..], &["release", "record"], &["release", "diff"]] {
        let (code, said) = disk.run(command);
        assert!(code == 1 && said.contains("release-log-invalid") && said.contains("releases.lock.yaml:1"), "{said}");
    }
    assert_eq!(disk.read("content/releases.lock.yaml"), bad);
}

/// Random renames, deletions and restorations between records: an address that was recorded is served or reported.
#[test]
fn no_recorded_address_is_lost_without_a_finding() {
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..40 {
        let mut pages: BTreeMap<String, String> = BTreeMap::new();
        for n in 0..4 {
            pages.insert(format!("content/p{n}.md"), format!("---\n标题: 篇{n}\n日期: 2026-11-01\n---\n文{n}。\n"));
        }
        let archive = |pages: &BTreeMap<String, String>| {
            pages.iter().fold(SITE.to_string(), |all, (path, text)| format!("{all}-- {path} --\n{text}"))
        };
        let disk = Disk::new("-- content/_index.md --\n---\n标题: 首页\n---\n");
        disk.write(&archive(&pages));
        disk.good(&["release", "record", "--at", "2026-11-28 9:00"]);
        let log = disk.read("content/releases.lock.yaml");
        for step in 0..3 {
            let path = pages.keys().nth(random(pages.len() as u64) as usize).cloned().unwrap();
            match random(4) {
                0 => drop(pages.remove(&path)),
                1 => {
                    let text = pages.remove(&path).unwrap();
                    pages.insert(format!("content/r{step}.md"), text);
                }
                2 => {
                    let text = pages[&path].replace("日期", "slug: s\n日期");
                    pages.insert(path, text);
                }
                _ => {
                    let text = pages[&path].replace("日期", "草稿: 是\n日期");
                    pages.insert(path, text);
                }
            }
            if pages.is_empty() {
                break;
            }
        }
        let site = format!("{}-- content/releases.lock.yaml --\n{log}", archive(&pages));
        let files = memory_site(&site);
        let (settings, _) = read_settings(&files);
        let clock = crate::support::build_date(date(2026, 11, 29), &settings);
        let options = Options { keep_going: true, ..Options::default() };
        let (report, out) = build_in_memory(&files, settings, clock, &options);
        for n in 0..4 {
            let lost = !out.contains_key(&format!("p{n}/index.html"));
            let address = format!("/p{n}/");
            let said = report
                .diags
                .iter()
                .any(|d| d.code.name == "address-lost" && d.argument("old") == Some(address.as_str()));
            let has_errors = report.diags.iter().any(|d| d.is_error());
            assert!(lost == said || lost && has_errors, "{address} {lost} {said}: {site}");
        }
    }
}
