//! Articles for other media: the page that copies one into WeChat's editor and the press pack, for every article of the shipped site.

use std::io::Read;

use jiff::civil::date;
use puzhi::pipeline::{Options, OutputFiles, Report, build_in_memory};
use puzhi::source::scan;
use puzhi_press::{forbidden_in_wechat, normal_form, visible_text_of_html};

use crate::support::{build_archive, build_date, parse_settings, repository};

const BASE: &str = "https://www.example.gov.cn/ztzl/";

/// The shipped site with files for other media.
fn shipped() -> (Report, OutputFiles) {
    let root = repository();
    let (files, found) = scan(root, "civic");
    assert_eq!(found, []);
    let (mut settings, _) = parse_settings(&std::fs::read_to_string(root.join("site.yaml")).unwrap());
    settings.base_url = Some(BASE.to_string());
    settings.large_mode = None;
    settings.republish.ninjs = true;
    settings.republish.wechat = true;
    settings.republish.press = true;
    let clock = build_date(date(2026, 11, 28), &settings);
    build_in_memory(&files, settings, clock, &Options::default())
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// The files of an archive: name and content.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut file = archive.by_index(i).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().to_string(), content)
        })
        .collect()
}

/// The text of a Word file's document.
fn word_text(docx: &[u8]) -> String {
    let (_, document) = unpacked(docx).into_iter().find(|(name, _)| name == "word/document.xml").unwrap();
    let document = String::from_utf8(document).unwrap();
    let runs = document.split("<w:t xml:space=\"preserve\">").skip(1);
    let text: String = runs.map(|run| &run[..run.find("</w:t>").unwrap()]).collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The text of the fragment on a page for WeChat, as the script copies it.
fn fragment(page: &str) -> String {
    let (_, rest) = page.split_once("<div id=\"wechat-text\">").unwrap();
    let (fragment, _) = rest.split_once("</div>").unwrap();
    fragment.replace(" data-style=\"", " style=\"")
}

/// Whether `part` is what is left of `whole` when some characters are taken out.
fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

/// Whether each character of `part` is in `whole` as often or more often.
fn has_all(part: &str, whole: &str) -> bool {
    let mut left: std::collections::BTreeMap<char, usize> = Default::default();
    whole.chars().for_each(|c| *left.entry(c).or_default() += 1);
    part.chars().all(|c| left.get_mut(&c).is_some_and(|n| n.checked_sub(1).map(|rest| *n = rest).is_some()))
}

#[test]
fn every_article_is_whole_in_wechat_text_and_word() {
    let (report, files) = shipped();
    assert!(!report.diags.iter().any(puzhi_core::diag::Diagnostic::is_error), "{:?}", report.diags);
    let mut articles = 0;
    for path in files.keys().filter(|path| path.ends_with("/press.zip")) {
        let folder = path.trim_end_matches("press.zip");
        let ninjs: serde_json::Value = serde_json::from_str(text(&files, &format!("{folder}ninjs.json"))).unwrap();
        let html = ninjs["bodies"][0]["value"].as_str().unwrap();
        let wanted = visible_text_of_html(html).unwrap();
        assert!(wanted.chars().count() > 20, "{path}: {wanted}");
        let copied = fragment(text(&files, &format!("{folder}wechat/index.html")));
        assert_eq!(forbidden_in_wechat(&copied), Ok(vec![]), "{folder}");
        let packed = unpacked(&files[path]);
        let file = |end: &str| &packed.iter().find(|(name, _)| name.ends_with(end)).unwrap().1;
        let renditions =
            [("wechat", visible_text_of_html(&copied).unwrap()), ("docx", normal_form(&word_text(file(".docx"))))];
        for (name, whole) in renditions {
            assert!(is_subsequence(&wanted, &whole), "{name} of {folder}:\n{wanted}\n{whole}");
        }
        // In plain text the head of a wide table stands before each of its cells, so the order differs.
        let plain = normal_form(std::str::from_utf8(file(".txt")).unwrap());
        assert!(has_all(&wanted, &plain), "txt of {folder}:\n{wanted}\n{plain}");
        articles += 1;
    }
    assert!(articles > 60, "{articles}");
    let pages = files.keys().filter(|path| path.ends_with("/wechat/index.html")).count();
    assert_eq!(pages, articles);
}

#[test]
fn without_the_settings_there_is_nothing_of_it() {
    let files = build_archive(
        "-- site.yaml --\ntitle: 站\n-- content/pages/a.md --\n# 甲\n\n文。\n",
        date(2026, 11, 28),
        &Options::default(),
    )
    .1;
    assert!(
        !files.keys().any(|path| path.contains("wechat") && !path.contains("js/") || path.ends_with(".zip")),
        "{:?}",
        files.keys()
    );
}

/// A small site with an article, one that may not be republished, a draft and one of tomorrow.
const SITE: &str = "-- site.yaml --\ntitle: 站\nrepublish:\n  wechat: true\n  press: true\ncontact:\n  name: 宣传组\n  phone: \"12345\"\n\
-- content/pages/a.md --\n---\ntitle: 甲\ndate: 2026-11-01\nauthor: 张三\nsource: 市局\n---\n看[另一页](b.md)和[外站](https://a.cn/)。\n\n1. 一\n   - 二\n\n\
-- content/pages/b.md --\n---\ntitle: 乙\nrepublish: no\n---\n文。\n\
-- content/pages/c.md --\n---\ntitle: 丙\ndraft: true\n---\n草稿文字。\n\
-- content/pages/d.md --\n---\ntitle: 丁\ndate: 2026-12-24\n---\n明天的文字。\n";

#[test]
fn only_what_may_be_republished_has_files() {
    let (report, files) = build_archive(SITE, date(2026, 11, 28), &Options::default());
    assert!(!report.diags.iter().any(puzhi_core::diag::Diagnostic::is_error), "{:?}", report.diags);
    let packs: Vec<&String> = files.keys().filter(|path| path.ends_with("press.zip")).collect();
    assert_eq!(packs, ["pages/a/press.zip"]);
    for (path, bytes) in &files {
        for hidden in ["草稿文字", "明天的文字"] {
            assert!(!bytes.windows(hidden.len()).any(|part| part == hidden.as_bytes()), "{path} has {hidden}");
        }
    }
    let page = text(&files, "pages/a/index.html");
    assert!(
        page.contains("href=\"../../pages/a/wechat/index.html\"") && page.contains("href=\"../../pages/a/press.zip\""),
        "{page}"
    );
    assert!(!text(&files, "pages/b/index.html").contains("press.zip"));
}

#[test]
fn the_page_for_wechat_says_what_to_fill_in_and_needs_no_exception_of_a_policy() {
    let files = build_archive(SITE, date(2026, 11, 28), &Options::default()).1;
    let page = text(&files, "pages/a/wechat/index.html");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">") && !page.contains(" style=\""), "{page}");
    for part in [
        "<dd>甲</dd>",
        "<dd>张三</dd>",
        ">32</td>",
        ">19999</td>",
        "pages/b/index.html</li>",
        "data-style=\"",
        "外站<sup>[1]</sup>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let long = SITE.replace("title: 甲", &format!("title: {}", "长".repeat(33)));
    let files = build_archive(&long, date(2026, 11, 28), &Options::default()).1;
    assert!(text(&files, "pages/a/wechat/index.html").contains("<td>33</td><td>32</td><td><strong>超过上限</strong>"));
    assert!(!page.contains("超过上限"));
}

#[test]
fn the_pack_names_terms_contact_and_dates_and_is_equal_each_time() {
    let first = build_archive(SITE, date(2026, 11, 28), &Options::default()).1;
    let second = build_archive(SITE, date(2026, 11, 29), &Options::default()).1;
    assert_eq!(first["pages/a/press.zip"], second["pages/a/press.zip"]);
    let packed = unpacked(&first["pages/a/press.zip"]);
    let names: Vec<&str> = packed.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["pages-a.docx", "pages-a.txt", "permission.txt", "pictures.txt", "metadata.json"];
    assert_eq!(names, expected.map(|name| format!("pages-a/{name}")));
    let terms = String::from_utf8(packed[2].1.clone()).unwrap();
    for part in ["联系方式：宣传组 12345", "作者：张三", "来源：市局", "2026年11月1日"] {
        assert!(terms.contains(part), "{part} in {terms}");
    }
}
