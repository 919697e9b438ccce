//! Withdraw, correct, embargo, rename, delete: each shows in every file that leaves the site at once, and text that is not published is in none.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, PreviousBuild, build_in_memory, build_over};
use puzhi::source::memory_site;
use puzhi_core::base::{BuildDate, parse_date};
use serde_json::Value as Json;

use crate::support::{OutputFiles, build_archive, build_input, read_settings};

const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\nlarge_mode: yes\nfeed_formats: [atom, json, rss]\nrepublish: {ninjs: yes, embeds: yes, wechat: yes, press: yes}\n-- content/news/_index.md --\n---\ntitle: 新闻\n---\n-- content/news/stays.md --\n---\n标题: 常在篇\n日期: 2026-11-03\n---\n常在文，见[那篇](/news/a.md)。\n";

/// The article that everything happens to, with what is added to its front matter.
fn article(front: &str) -> String {
    format!(
        "-- content/news/a.md --\n---\n标题: 变动篇\n日期: 2026-11-01\n标签: [变动签]\n摘要: 变动摘要\n{front}---\n变动正文[附件](f.pdf)。\n-- content/news/f.pdf --\n变动附件\n"
    )
}

fn built(archive: &str) -> OutputFiles {
    let (report, files) = build_archive(&format!("{SITE}{archive}"), date(2026, 11, 28), &Options::default());
    assert!(!report.diags.iter().any(|d| d.is_error()), "{:?}", report.diags);
    files
}

/// Everything that outputs hold, with the files of archives unpacked, by path.
fn contents(files: &OutputFiles) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (path, bytes) in files {
        all.push((path.clone(), bytes.clone()));
        unpack(path, bytes, &mut all);
    }
    all
}

/// The files of an archive, and of the archives inside it: Word files are some.
fn unpack(path: &str, bytes: &[u8], all: &mut Vec<(String, Vec<u8>)>) {
    use std::io::Read;
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return };
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = format!("{path}/{}", file.name().unwrap());
        unpack(&name, &content, all);
        all.push((name, content));
    }
}

/// The paths of all that holds a text, as it is or as JSON and XML may escape it.
fn holding(files: &OutputFiles, wanted: &str) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes());
    let all = contents(files).into_iter().filter(|(path, bytes)| path.contains(wanted) || has(bytes));
    all.map(|(path, _)| path).collect()
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

fn json(files: &OutputFiles, path: &str) -> Json {
    serde_json::from_str(text(files, path)).unwrap()
}

const FEEDS: [&str; 3] = ["atom.xml", "feed.json", "rss.xml"];

#[test]
fn a_usable_article_is_in_every_format() {
    let files = built(&article(""));
    let found = holding(&files, "变动正文");
    let wanted = [
        "atom.xml",
        "feed.json",
        "rss.xml",
        "news/atom.xml",
        "news/a/index.html",
        "large/news/a/index.html",
        "news/a/ninjs.json",
        "ninjs.json",
        "news/a/wechat/index.html",
        "news/a/press.zip/news-a/news-a.txt",
        "news/a/press.zip/news-a/news-a.docx/word/document.xml",
    ];
    for path in wanted {
        assert!(found.iter().any(|found| found == path), "{path} is not in {found:?}");
    }
    assert_eq!(json(&files, "news/a/ninjs.json")["pubStatus"], "usable");
}

#[test]
fn a_withdrawal_is_in_every_format_and_the_text_in_none() {
    let files = built(&article("撤稿: {时间: 2026-11-20, 原因: 撤稿缘由}\n"));
    for gone in ["变动正文", "变动摘要", "变动签", "变动附件"] {
        assert_eq!(holding(&files, gone), [""; 0], "{gone}");
    }
    let item = json(&files, "news/a/ninjs.json");
    assert_eq!((&item["pubStatus"], item.get("bodies")), (&"canceled".into(), None));
    assert!(item["edNote"].as_str().unwrap().contains("撤稿缘由"), "{item}");
    assert_eq!(item["versionCreated"], "2026-11-20T00:00:00+08:00");
    let list = json(&files, "ninjs.json");
    let canceled = list["associations"].as_array().unwrap().iter().find(|item| item["name"] == "变动篇").unwrap();
    assert_eq!((&canceled["pubStatus"], &list["versionCreated"]), (&"canceled".into(), &item["versionCreated"]));
    for feed in FEEDS {
        for path in [feed.to_string(), format!("news/{feed}"), format!("corrections/{feed}")] {
            let text = text(&files, &path);
            assert!(text.contains("变动篇") && text.contains("撤稿缘由"), "{path}: {text}");
        }
    }
    for gone in ["news/a/wechat/index.html", "news/a/press.zip", "news/a/oembed.json", "news/f.pdf"] {
        assert!(!files.contains_key(gone), "{gone}");
    }
    let page = text(&files, "news/a/index.html");
    assert!(page.contains("撤稿缘由") && !page.contains("转载请注明") && !page.contains("ld+json"), "{page}");
    for list in ["news/index.html", "news/embed.html", "news/embed.json", "sitemap.xml"] {
        assert!(!text(&files, list).contains("变动篇") && !text(&files, list).contains("/news/a/"), "{list}");
    }
    // What was never offered to others is not called back from them.
    let files = built(&article("republish: no\n撤稿: {时间: 2026-11-20, 原因: 撤稿缘由}\n"));
    assert!(!files.contains_key("news/a/ninjs.json") && !text(&files, "ninjs.json").contains("变动篇"));
}

#[test]
fn a_correction_is_in_every_format() {
    let files = built(&article("更正: [{时间: 2026-11-20 14:05, 内容: 三成改为两成, 原因: 抄错了}]\n"));
    let found = holding(&files, "三成改为两成");
    let mut wanted: Vec<String> = FEEDS.iter().flat_map(|f| [f.to_string(), format!("corrections/{f}")]).collect();
    for name in ["index.html", "ninjs.json", "wechat/index.html", "press.zip/news-a/news-a.txt"] {
        wanted.push(format!("news/a/{name}"));
    }
    for path in wanted.iter().map(String::as_str).chain(["corrections/index.html", "ninjs.json"]) {
        assert!(found.iter().any(|found| found == path), "{path} is not in {found:?}");
    }
    let item = json(&files, "news/a/ninjs.json");
    assert_eq!((&item["pubStatus"], &item["versionCreated"]), (&"usable".into(), &"2026-11-20T14:05:00+08:00".into()));
    assert!(item["edNote"].as_str().unwrap().contains("更正 2026年11月20日 14:05：三成改为两成"), "{item}");
    let feed = json(&files, "corrections/feed.json");
    let id = feed["items"][0]["id"].as_str().unwrap();
    assert!(id.starts_with("https://example.org/news/a/#2026-11-20T14:05:00-"), "{id}");
    assert_eq!(feed["items"][0]["url"], "https://example.org/news/a/");
    assert!(text(&files, "corrections/rss.xml").contains("isPermaLink=\"false\""));
}

#[test]
fn an_embargoed_or_drafted_text_is_nowhere() {
    let hour = "日期: 2026-11-28 14:05";
    let embargoed = article("").replace("日期: 2026-11-01", hour);
    let at = |time: &str| {
        let files = memory_site(&format!("{SITE}{embargoed}"));
        let (settings, _) = read_settings(&files);
        let moment = parse_date(time).unwrap();
        let (zone, zone_name) = (settings.zone.clone(), settings.zone_name.clone());
        let clock = BuildDate { today: moment.date, time: moment.time.unwrap(), zone, zone_name };
        build_in_memory(&files, settings, clock, &Options::default()).1
    };
    let early = at("2026-11-28 14:04");
    assert!(early.contains_key("news/stays/index.html"));
    let late = at("2026-11-28 14:05");
    assert_eq!(json(&late, "news/a/ninjs.json")["firstCreated"], "2026-11-28T14:05:00+08:00");
    let draft = built(&article("草稿: 是\n"));
    let held = built(&format!("{}-- content/news/_index.md --\n---\ntitle: 新闻\ndraft: yes\n---\n", article("")));
    for (what, files) in [("embargo", &early), ("draft", &draft), ("draft section", &held)] {
        for word in ["变动", "news/a/", "f.pdf"] {
            assert_eq!(holding(files, word), [""; 0], "{what}: {word}");
        }
    }
}

#[test]
fn a_renamed_or_deleted_article_is_at_no_old_address_of_any_format() {
    let old = ["news/a/ninjs.json", "news/a/wechat/index.html", "news/a/press.zip", "news/a/oembed.json"];
    let renamed = article("旧网址: [/news/a/]\n").replace("content/news/a.md", "content/news/b.md");
    let site = SITE.replace("，见[那篇](/news/a.md)", "");
    let built = |archive: &str| build_archive(&format!("{site}{archive}"), date(2026, 11, 28), &Options::default()).1;
    let files = built(&renamed);
    assert!(
        text(&files, "news/a/index.html").contains("news/b/") || text(&files, "news/a/index.html").contains("../b/")
    );
    assert_eq!(json(&files, "news/b/ninjs.json")["uri"], "https://example.org/news/b/");
    for path in old {
        assert!(!files.contains_key(path) && files.contains_key(&path.replace("/a/", "/b/")), "{path}");
    }
    for path in FEEDS.into_iter().chain(["ninjs.json", "news/embed.json", "sitemap.xml"]) {
        assert!(text(&files, path).contains("/news/b/") && !text(&files, path).contains("/news/a/"), "{path}");
    }
    let files = built("");
    for word in ["变动", "news/a/"] {
        assert_eq!(holding(&files, word), [""; 0], "{word}");
    }
}

/// The log of an article that was first published at a moment.
fn log(first: &str) -> String {
    format!(
        "-- content/releases.lock.yaml --\nversion: 1\narticles:\n  - address: \"/news/a/\"\n    title: \"变动篇\"\n    file: \"content/news/a.md\"\n    date: 2026-11-01\n    first: {first}\n    last: {first}\n    text: \"text-1:0\"\nfiles: []\nlists: []\n"
    )
}

#[test]
fn the_release_log_gives_a_day_its_time_in_every_format() {
    let moment_of = |archive: &str| {
        let files = built(archive);
        let page = text(&files, "news/a/index.html").to_string();
        let tag = page.split("name=\"PubDate\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        let data = page.split("\"datePublished\":\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        let item = json(&files, "news/a/ninjs.json")["firstCreated"].as_str().unwrap().to_string();
        let feed = json(&files, "feed.json");
        let entry = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == "变动篇").unwrap();
        let entry = entry["date_published"].as_str().unwrap().to_string();
        assert!(text(&files, "atom.xml").contains(&format!("<published>{entry}</published>")));
        [tag, data, item, entry]
    };
    let midnight = "2026-11-01T00:00:00+08:00";
    assert_eq!(moment_of(&article("")), ["2026-11-01", "2026-11-01", midnight, midnight]);
    let logged = "2026-11-01T09:30:00+08:00";
    let of_the_day = format!("{}{}", article(""), log("2026-11-01T09:30:00"));
    assert_eq!(moment_of(&of_the_day), ["2026-11-01 09:30", logged, logged, logged]);
    // Of another day: nobody knows the hour.
    let later = format!("{}{}", article(""), log("2026-11-02T09:30:00"));
    assert_eq!(moment_of(&later), ["2026-11-01", "2026-11-01", midnight, midnight]);
    // What the page says itself comes first.
    let own = of_the_day.replace("日期: 2026-11-01\n", "日期: 2026-11-01 14:05\n");
    let own_moment = "2026-11-01T14:05:00+08:00";
    assert_eq!(moment_of(&own), ["2026-11-01 14:05", own_moment, own_moment, own_moment]);
}

#[test]
fn the_note_on_days_without_times_counts_those_that_the_log_has_no_time_of() {
    let portal =
        SITE.replace("title: 示例站", "title: 示例站\nportal: {name: 门户, domain: example.org, id: \"5301810001\"}");
    let count = |archive: &str| {
        let (report, _) = build_archive(&format!("{portal}{archive}"), date(2026, 11, 28), &Options::default());
        let note = report.diags.iter().find(|d| d.code.name == "day-without-time").unwrap();
        note.argument("count").unwrap().to_string()
    };
    assert_eq!(count(&article("")), "2");
    assert_eq!(count(&format!("{}{}", article(""), log("2026-11-01T09:30:00"))), "1");
}

#[test]
fn an_unchanged_log_is_not_parsed_again() {
    let of = |title: &str, first: &str, day: Date, previous: Option<PreviousBuild>| {
        let files = memory_site(&format!("{SITE}{}{}", article("").replace("变动篇", title), log(first)));
        let (settings, _) = read_settings(&files);
        let options = Options::default();
        let built = build_over(build_input(files, settings, day, &options), previous, OutputFiles::new());
        (built.report.counts.release_logs_parsed, built.previous)
    };
    let (day, first) = (date(2026, 11, 28), "2026-11-01T09:30:00");
    let (parsed, built) = of("变动篇", first, day, None);
    assert_eq!(parsed, 1);
    let (parsed, built) = of("改了题", first, day, built);
    assert_eq!(parsed, 0, "a page changed");
    let (parsed, built) = of("改了题", first, date(2026, 11, 29), built);
    assert_eq!(parsed, 0, "a day passed");
    let (parsed, _) = of("改了题", "2026-11-01T10:30:00", day, built);
    assert_eq!(parsed, 1, "the log changed");
}
