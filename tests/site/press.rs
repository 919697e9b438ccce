//! Articles for other media: the page that copies one into WeChat's editor and the press pack, for every article of the shipped site.

use std::io::Read;

use jiff::civil::date;
use puzhi::pipeline::{Options, OutputFiles, Report, build_in_memory};
use puzhi::source::{memory_site, scan};
use puzhi_press::{forbidden_in_wechat, normal_form, visible_text_of_html};

use crate::support::{build_archive, build_date, parse_settings, puzhi, repository};

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
        "../../pages/b/index.html</li>",
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

#[test]
fn the_pack_holds_the_ninjs_file_if_the_site_makes_them() {
    let site = SITE.replace("title: 站\n", "title: 站\nbase_url: https://a.gov.cn/\n");
    for (wanted, site) in [(true, site.replace("  press: true", "  press: true\n  ninjs: true")), (false, site)] {
        let files = build_archive(&site, date(2026, 11, 28), &Options::default()).1;
        let packed = unpacked(&files["pages/a/press.zip"]);
        let found = packed.iter().find(|(name, _)| name == "pages-a/ninjs.json");
        assert_eq!(found.is_some(), wanted);
        assert_eq!(found.map(|(_, bytes)| bytes), files.get("pages/a/ninjs.json"));
    }
}

#[test]
fn what_is_withdrawn_has_no_files_for_other_media() {
    let site = SITE.replace("author: 张三\n", "author: 张三\n撤稿: {时间: 2026-11-20, 原因: 有误}\n");
    let files = build_archive(&site, date(2026, 11, 28), &Options::default()).1;
    assert!(!files.keys().any(|path| path.ends_with("press.zip") || path.ends_with("wechat/index.html")));
}

/// The one file of a pack whose name ends so.
fn packed_text(files: &OutputFiles, pack: &str, end: &str) -> String {
    let packed = unpacked(files.get(pack).unwrap_or_else(|| panic!("no {pack} in {:?}", files.keys())));
    String::from_utf8(packed.into_iter().find(|(name, _)| name.ends_with(end)).expect("the file").1).unwrap()
}

#[test]
fn what_a_page_shows_by_other_means_than_words_is_in_its_files() {
    let site = "-- site.yaml --\ntitle: 站\nbase_url: https://a.gov.cn/\nrepublish: {wechat: true, press: true, ninjs: true}\n\
-- content/pages/a.md --\n---\ntitle: 甲\ndate: 2026-11-01 14:05\nupdated: 2026-11-02\n---\n- [x] 办了\n- [ ] 没办\n\n\
<blockquote>引文<footer>引文作者</footer></blockquote>\n\n![图样](v.svg)\n\n原价~~100元~~，10<sup>3</sup>次。\n\n\
```{timeline}\n- date: 2022年8月\n  title: 方案印发\n```\n\
-- content/pages/v.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"20\"><rect width=\"20\" height=\"20\"/></svg>\n";
    let files = build_archive(site, date(2026, 11, 28), &Options::default()).1;
    let has = |file: &str, text: &str, parts: &[&str]| {
        parts.iter().for_each(|part| assert!(text.contains(part), "{part} in {file}: {text}"));
    };
    let plain = packed_text(&files, "pages/a/press.zip", "pages-a.txt");
    let lines = ["☑ 办了", "☐ 没办", "引文作者", "（图片：图样）", "（删去：100元）", "10^3次", "• 2022年8月"];
    has("txt", &plain, &lines);
    has("ninjs", text(&files, "pages/a/ninjs.json"), &["☑", "☐", "引文作者", "图样"]);
    has("wechat", &fragment(text(&files, "pages/a/wechat/index.html")), &["☑", "引文作者", "插入图片 1：图样】"]);
    let packed = unpacked(&files["pages/a/press.zip"]);
    let docx = &packed.iter().find(|(name, _)| name.ends_with(".docx")).unwrap().1;
    has("docx", &word_text(docx), &["☑", "☐", "引文作者", "（图片：图样）"]);
    let core = unpacked(docx).into_iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
    has("docx", &String::from_utf8(core).unwrap(), &[">2026-11-01T14:05:00+08:00</dcterms:created>"]);
    let times = ["\"published\": \"2026-11-01T14:05:00+08:00\"", "\"updated\": \"2026-11-02\""];
    has("metadata", &packed_text(&files, "pages/a/press.zip", "metadata.json"), &times);
}

#[test]
fn packs_of_pages_with_chinese_names_can_lie_in_one_folder() {
    let long = "a".repeat(90);
    let site = SITE.replace("content/pages/a.md", "content/pages/专利.md").replace("b.md", "商标.md")
        + &format!(
            "-- content/pages/商标.md --\n# 商标\n\n文。\n-- content/pages/{long}b.md --\n# 长\n\n文。\n-- content/pages/{long}c.md --\n# 长\n\n文。\n"
        );
    let site = site.replacen("-- content/pages/商标.md --\n---\ntitle: 乙\nrepublish: no\n---\n文。\n", "", 1);
    let files = build_archive(&site, date(2026, 11, 28), &Options::default()).1;
    let packs = files.iter().filter(|(path, _)| path.ends_with("press.zip"));
    let folders: Vec<String> = packs.map(|(_, bytes)| unpacked(bytes)[0].0.split('/').next().unwrap().into()).collect();
    let different: std::collections::BTreeSet<&String> = folders.iter().collect();
    assert!(folders.len() == 4 && different.len() == 4, "{folders:?}");
    assert!(
        folders.iter().all(|name| name.starts_with("pages-") && name.is_ascii() && name.len() <= 80),
        "{folders:?}"
    );
}

#[test]
fn a_survey_has_each_number_once_and_its_choices_apart() {
    let questions = "questions:\n  - {id: a, type: single, text: 能不能, required: yes, options: [{id: y, text: 能}, {id: n, text: 不能}]}\n";
    let site = |front: &str| {
        format!(
            "-- site.yaml --\ntitle: 站\nsurvey: {{endpoint: \"https://s.example.cn/q/\"}}\nrepublish: {{press: true}}\n\
             -- content/surveys/s.md --\n---\ntitle: 问卷\nkind: survey\nid: s\n{front}{questions}---\n正文。\n"
        )
    };
    let plain = |front: &str| {
        let files = build_archive(&site(front), date(2026, 11, 28), &Options::default()).1;
        packed_text(&files, "surveys/s/press.zip", "surveys-s.txt")
    };
    let draft = plain("");
    assert!(draft.contains("◆ 1. 能不能\n\n选一项 必答\n\n• 能\n• 不能\n") && !draft.contains("1. ◆"), "{draft}");
    let open = plain("opens: 2026-11-01\ncloses: 2026-12-31\n");
    assert!(open.contains("○ 能 ○ 不能\n") && !open.contains("请留空"), "{open}");
}

/// A site on the disk with an article of each sort, and the program run on it.
struct Newsroom(tempfile::TempDir);

impl Newsroom {
    fn new() -> Self {
        let archive = format!(
            "{}-- content/pages/e.md --\n---\ntitle: 戊\nsample: true\n---\n示例文字。\n-- content/pages/f.md --\n---\ntitle: 己\ndate: 2026-12-25\n---\n更晚的文字。\n",
            SITE.replace("title: 站\n", "title: 站\nbase_url: https://a.gov.cn/\n")
                .replace("date: 2026-12-24\n", "date: 2026-12-24 9:30\n")
                .replace("明天的文字。", "明天的文字，看[丙](c.md)。")
        );
        let room = Newsroom(tempfile::tempdir().unwrap());
        let files = memory_site(&archive);
        for path in files.paths_in("") {
            let target = room.0.path().join("site").join(path.as_str());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, files.read_bytes(path, 1 << 20, "data").unwrap()).unwrap();
        }
        room
    }

    /// The exit code and what is said.
    fn press(&self, path: &str, out: &str, more: &[&str]) -> (i32, String) {
        let root = self.0.path();
        let run = puzhi()
            .args(["press", path, "--date", "2026-11-28", "--out"])
            .arg(root.join(out))
            .arg("--root")
            .arg(root.join("site"))
            .args(more)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout) + &text(run.stderr))
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.0.path().join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn an_article_is_packed_by_hand_also_before_its_hour() {
    let room = Newsroom::new();
    let (code, said) = room.press("content/pages/a.md", "稿件", &[]);
    assert!(code == 0 && said.contains("pages-a.zip") && !said.contains("不得发布"), "{said}");
    let read = |name: &str| std::fs::read(room.0.path().join("稿件").join(name)).unwrap();
    let item = |name: &str| -> serde_json::Value { serde_json::from_slice(&read(name)).unwrap() };
    let usable = item("pages-a.ninjs.json");
    assert!(usable["pubStatus"] == "usable" && usable.get("embargoedUntil").is_none(), "{usable}");

    let (code, said) = room.press("/pages/d/", "稿件", &["--lang", "en"]);
    assert!(code == 0 && said.contains("withheld until 2026-12-24 9:30"), "{said}");
    assert_eq!(room.files("稿件"), ["pages-a.ninjs.json", "pages-a.zip", "pages-d.ninjs.json", "pages-d.zip"]);
    let withheld = item("pages-d.ninjs.json");
    assert_eq!(withheld["pubStatus"], "withheld");
    assert_eq!(withheld["embargoedUntil"], "2026-12-24T09:30:00+08:00");
    let packed = unpacked(&read("pages-d.zip"));
    let file = |end: &str| &packed.iter().find(|(name, _)| name.ends_with(end)).unwrap().1;
    assert_eq!(file("ninjs.json"), &read("pages-d.ninjs.json"));
    for end in ["pages-d.txt", "permission.txt"] {
        let text = String::from_utf8(file(end).clone()).unwrap();
        assert!(text.contains("此前不得发布：2026年12月24日 9:30"), "{end}: {text}");
    }
    assert!(word_text(file(".docx")).contains("此前不得发布"));
    let metadata: serde_json::Value = serde_json::from_slice(file("metadata.json")).unwrap();
    assert_eq!(metadata["embargoed_until"], "2026-12-24T09:30:00+08:00");
    // What is no part of the site at that hour stays out.
    for (name, bytes) in &packed {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("草稿文字") && !text.contains("更晚的文字"), "{name}");
    }
    assert!(!room.0.path().join("site/public").exists());
}

#[test]
fn what_must_not_go_out_or_would_be_published_or_overwritten_is_refused() {
    let room = Newsroom::new();
    for (path, word) in [
        ("content/pages/c.md", "它是草稿"),
        ("content/pages/e.md", "它是示例"),
        ("pages/b/", "转载: 不可"),
        ("pages/", "不是一篇文章"),
        ("content/pages/none.md", "没有它"),
    ] {
        let (code, said) = room.press(path, "稿件", &[]);
        assert!(code == 2 && said.contains("press-refused") && said.contains(word), "{path}: {said}");
        assert_eq!(room.files("稿件"), [] as [&str; 0]);
    }
    std::fs::create_dir_all(room.0.path().join("www/.puzhi")).unwrap();
    std::fs::write(room.0.path().join("www/.puzhi/files"), "").unwrap();
    for out in ["site/public", "site/public/a/b", "site/content", "site/static/x", "www/deep", "site/themes/x"] {
        let (code, said) = room.press("pages/a/", out, &[]);
        assert!(code == 2 && said.contains("跟着网站发布"), "{out}: {said}");
    }
    let other = room.0.path().join("稿件/pages-a.ninjs.json");
    std::fs::create_dir_all(other.parent().unwrap()).unwrap();
    std::fs::write(&other, "别人的").unwrap();
    let (code, said) = room.press("pages/a/", "稿件", &["--lang", "en"]);
    assert!(code == 2 && said.contains("is there already"), "{said}");
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "别人的");
    assert_eq!(room.files("稿件"), ["pages-a.ninjs.json"]);
}

const OUTLETS: &str = "outlets:\n  - name: 云南日报\n    title_max: 5\n    words: {我市: 安宁市, 近日: }\n  - {名称: 晚报, 图片最少: 1, 表格: 否}\n";

/// The findings of a code: line and what is said in Chinese.
fn said(report: &Report, code: &str) -> Vec<(usize, String)> {
    let lang = puzhi_core::diag::Lang::Zh;
    let of = |diag: &&puzhi_core::diag::Diagnostic| diag.code.name == code;
    let line = |diag: &puzhi_core::diag::Diagnostic| diag.position.map_or(0, |position| position.line);
    report.diags.iter().filter(of).map(|diag| (line(diag), diag.message(lang))).collect()
}

#[test]
fn what_media_do_not_take_is_noted_at_its_place_and_on_the_page_for_wechat() {
    let article = "-- content/a.md --\n---\ntitle: 专利怎么申请\ndate: 2026-11-01\n---\n我市有窗口。\n\n近日开放，我市场监管局在。\n\n> 他说：“我市不错。”\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n";
    let site = |outlets: &str| format!("-- site.yaml --\ntitle: 站\nrepublish: {{wechat: true}}\n{outlets}{article}");
    let (report, files) = build_archive(&site(OUTLETS), date(2026, 11, 28), &Options::default());
    let found = said(&report, "outlet-refuses");
    let has = |line: usize, words: &str| found.iter().any(|(at, text)| *at == line && text.contains(words));
    assert!(has(2, "云南日报：标题 6 个字，最多 5 个"), "{found:?}");
    assert!(has(5, "“我市”") && has(7, "“近日”") && has(9, "“我市”"), "{found:?}");
    assert!(has(1, "晚报：图片 0 张") && has(1, "晚报：有 1 个表格"), "{found:?}");
    assert!(!found.iter().any(|(at, text)| *at == 7 && text.contains("“我市”")), "{found:?}");
    let page = text(&files, "a/wechat/index.html");
    for part in ["投稿前要改的地方：云南日报", "改成“安宁市”", "照原话", "写清楚是哪里", "截成图片"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    // They are notes, and a site without outlets has none.
    let strict = Options { strict: true, ..Options::default() };
    let (report, files) = build_archive(&site(OUTLETS), date(2026, 11, 28), &strict);
    assert!(files.contains_key("a/index.html") && !said(&report, "outlet-refuses").is_empty());
    let (report, files) = build_archive(&site(""), date(2026, 11, 28), &Options::default());
    assert_eq!(said(&report, "outlet-refuses"), []);
    assert!(!text(&files, "a/wechat/index.html").contains("投稿前"));
}

#[test]
fn limits_of_wechat_are_a_warning_for_what_goes_there() {
    let site = |front: &str, title: usize| {
        format!(
            "-- site.yaml --\ntitle: 站\n-- content/a.md --\n---\ntitle: {}\n{front}---\n文。\n",
            "题".repeat(title)
        )
    };
    let build = |front: &str, title, strict| {
        build_archive(&site(front, title), date(2026, 11, 28), &Options { strict, ..Options::default() })
    };
    let (report, files) = build("公众号: 是\n", 33, false);
    assert_eq!(said(&report, "wechat-limit"), [(2, "公众号装不下：标题字数 33，最多 32".to_string())]);
    // The page is made although the settings ask for none.
    assert!(text(&files, "a/wechat/index.html").contains("超过上限"));
    assert!(!text(&files, "a/index.html").is_empty());
    assert_eq!(said(&build("公众号: 是\n", 32, false).0, "wechat-limit"), []);
    let (report, files) = build("", 33, false);
    assert!(said(&report, "wechat-limit").is_empty() && !files.contains_key("a/wechat/index.html"));
    let (report, files) = build("公众号: 是\n", 33, true);
    assert_eq!(report.outcome, puzhi::pipeline::Outcome::ContentErrors);
    assert!(report.diags.iter().any(|d| d.code.name == "wechat-limit" && d.is_error()) && files.is_empty());
    // What nobody may republish does not go there, which is said.
    let (report, files) = build("公众号: 是\n转载: 不可\n", 33, false);
    assert!(said(&report, "wechat-limit").is_empty() && !files.contains_key("a/wechat/index.html"));
    assert_eq!(said(&report, "wechat-not-republished").iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3]);
}
