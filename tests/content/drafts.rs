//! Nothing of a draft is published: whatever is done to its first lines, and whichever sections are drafts. Every
//! byte of the output is searched.

use proptest::prelude::*;
use puzhi::pipeline::{Options, Report};
use puzhi_core::diag::{Diagnostic, Lang, Severity};

use jiff::civil::date;

use crate::draft_slips::{same_cases, slipped_draft};
use crate::support::{OutputFiles, build_archive};

const SITE: &str = "\
-- site.yaml --
title: 测试站
base_url: https://example.org/x/
languages:
  - {code: zh, name: 中文}
  - {code: en, name: English, title: Drafts}
-- content/open.md --
---
标题: 公开页
日期: 2026-01-01
标签: [公开]
---

公开的文字。
";

/// Part of every line that must not be published.
const SECRET: &str = "机密";

fn build(archive: &str, keep_going: bool) -> (Report, OutputFiles) {
    build_archive(archive, date(2026, 11, 27), &Options { keep_going, ..Options::default() })
}

#[test]
fn an_index_with_a_capital_is_the_page_of_its_folder() {
    let draft = |path: &str| format!("-- content/{path}.md --\n---\n标题: 机密\n草稿: 是\n---\n机密。\n");
    for archive in [
        format!("{SITE}{}-- content/a/b.md --\n机密。\n-- content/a/c.pdf --\n机密\n", draft("a/_Index")),
        format!("{SITE}{}-- content/a/c.pdf --\n机密\n", draft("a/Index")),
    ] {
        let (_, files) = build(&archive, false);
        assert_eq!(leaks(&files), [""; 0], "{archive}");
        assert!(!files.keys().any(|path| path.starts_with("a/")), "{archive}");
    }
}

#[test]
fn folders_of_drafts_are_not_published() {
    let page = |path: &str, more: &str| format!("-- content/{path}.md --\n---\n标题: 机密\n{more}---\n机密。\n");
    let archive =
        format!("{SITE}{}{}-- content/_drafts/x.pdf --\n机密\n", page("_drafts/a", ""), page("g/草稿/b/c", ""));
    let (report, files) = build(&archive, false);
    assert_eq!(leaks(&files), [""; 0]);
    let (report_of_plain, plain) = build(&format!("{SITE}{}", page("drafts/a", "")), false);
    assert_eq!(leaks(&plain), [""; 0]);
    assert_eq!(codes(&report_of_plain), [("draft-folder", "content/drafts/a.md")]);
    let found = [("draft-folder", "content/_drafts/a.md"), ("draft-folder", "content/g/草稿/b/c.md")];
    assert_eq!(codes(&report), found);
    let (report, files) = build(&format!("{SITE}{}", page("草稿/a", "草稿: 否\n")), false);
    assert_eq!(codes(&report), [("named-by-path", ""); 0]);
    assert!(files.contains_key("草稿/a/index.html"));
}

/// Outputs that hold the secret.
fn leaks(files: &OutputFiles) -> Vec<&str> {
    let holds = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    files.iter().filter(|(path, bytes)| path.contains(SECRET) || holds(bytes)).map(|(path, _)| path.as_str()).collect()
}

fn codes(report: &Report) -> Vec<(&str, &str)> {
    report.diags.iter().map(|d| (d.code.name, d.file.as_ref().map_or("", |file| file.as_str()))).collect()
}

#[test]
fn other_pages_are_published_and_the_draft_is_not() {
    for front in [
        "标题: 机密甲\n草稿: 是\n---\n",
        "--\n标题: 机密乙\n草稿: 是\n--\n",
        "---标题: 机密丙\n草稿: 是\n---\n",
        "+++\ntitle = \"机密丁\"\ndraft = true\n+++\n",
        "# 机密戊\n\n---\n草稿: 是\n---\n",
        " ---\n标题: 机密己\n草稿: 是\n ---\n",
        ";;;\n{\"title\": \"机密庚\", \"draft\": true}\n;;;\n",
        "<!-- 模板 -->\n---\n标题: 机密辛\n草稿: 是\n---\n",
        "```yaml\n---\n标题: 机密壬\n草稿: 是\n---\n```\n",
        "```yaml\n标题: 机密子\n---\n草稿: 是\n\n```\n",
        "# 题\n---\ntitle: 机密丑\ndraft: rue\n---\n",
        "```yaml\n# 题\n---\n标题: 机密卯\n草稿: 是\n---\n```\n",
        "***\ntitle: 机密辰\ndraft: rue\n***\n",
        "---\n标题: 机密巳\n标签: [机密]draft true\n---\n",
        "***\n标题: 机密午草稿: 是\n***\n",
        "title: 机密未\ndra\nft: true\n---\n",
        "---\n标题: 机密申\n草稿稿: 是\n---\n",
        "# 题\n---\ntitle: 机密酉\ndrat: true\n---\n",
        "===\n标题: 机密戌\n日期: 2026-01-01\n草稿: 是\n===\n",
        "```yaml\n---\nt itle: 机密寅\ndraft: true\n---\n```\n",
        "\u{FEFF}\n\n{\n\"title\": \"机密癸\",\n\"draft\": true\n}\n",
        // Full-width colons and no mark at all.
        "标题：机密一\n状态：草稿\n",
        "标题：机密二\n审核状态：待审\n",
        "标题：机密三\n作者：甲\n暂不发布：是\n",
        "状态：草稿\n标题：机密四\n",
        "标题：机密五\n发布日期：2099-05-01\n",
        "发布日期：2099-05-01\n标题：机密六\n",
        "标题：机密七\n日期：2099年5月1日\n栏目：新闻\n",
        "<!-- 模板 -->\n标题: 机密八\n审核: 待审\n",
    ] {
        let site = format!("{SITE}-- content/a.md --\n{front}\n机密的文字。\n");
        let (report, files) = build(&site, true);
        assert_eq!(leaks(&files), [""; 0], "{front}");
        assert!(files.contains_key("open/index.html"), "{front}");
        let errors: Vec<_> = report.diags.iter().filter(|d| d.is_error()).collect();
        assert_eq!(errors.len(), 1, "{front}: {:?}", codes(&report));
        assert!(build(&site, false).1.is_empty(), "{front}");
    }
}

#[test]
fn a_draft_section_holds_back_pages_folders_translations_and_bundles() {
    let site = format!(
        "{SITE}-- content/内部/_index.md --\n---\n标题: 机密栏目\n草稿: 是\n---\n\
         -- content/内部/a.md --\n---\n标题: 机密甲\n日期: 2026-01-01\n标签: [机密词, 公开]\n---\n机密。\n\
         -- content/内部/a.en.md --\n---\ntitle: 机密 A\n---\n机密。\n\
         -- content/内部/深/_index.md --\n---\n标题: 机密深\n---\n\
         -- content/内部/深/b/index.md --\n机密乙。\n\
         -- content/c.md --\n---\n标题: 丙\n---\n[甲](内部/a.md)，[栏目](内部/)。\n"
    );
    let (report, files) = build(&site, false);
    assert_eq!(leaks(&files), [""; 0]);
    assert!(!files.keys().any(|path| path.contains("内部")), "{:?}", files.keys());
    assert_eq!(
        codes(&report),
        [
            ("link-to-draft", "content/c.md"),
            ("link-to-draft", "content/c.md"),
            ("held-back", "content/内部/a.en.md"),
            ("held-back", "content/内部/a.md"),
            ("held-back", "content/内部/深/_index.md"),
            ("held-back", "content/内部/深/b/index.md"),
        ]
    );
    let shown = build_archive(&site, date(2026, 11, 27), &Options { drafts: true, ..Options::default() });
    assert!(!leaks(&shown.1).is_empty());
    assert_eq!(codes(&shown.0), []);
}

#[test]
fn a_page_that_wants_to_be_published_in_a_draft_section_is_an_error() {
    for (section, page) in [("draft: true", "draft: false"), ("草稿: 是", "草稿: 否")] {
        let site = format!(
            "{SITE}-- content/a/_index.md --\n---\n{section}\n---\n-- content/a/b/c.md --\n---\ntitle: 机密\n{page}\n---\n机密。\n"
        );
        let (report, files) = build(&site, true);
        assert_eq!(codes(&report), [("published-in-draft-section", "content/a/b/c.md")]);
        let message = report.diags[0].message(puzhi_core::diag::Lang::Zh);
        assert!(message.contains("content/a/b/c.md") && message.contains("content/a/_index.md"), "{message}");
        assert_eq!(report.diags[0].position.map(|p| (p.line, p.column)), Some((3, 1)));
        assert_eq!(leaks(&files), [""; 0]);
    }
}

#[test]
fn days_of_publication_under_other_names_hold_pages_back() {
    for key in [
        "发布日期: 2027-01-01",
        "发布时间：2027年1月1日 上午9点",
        "publishDate: 2027-01-01T08:00:00+08:00",
        "publish_date: 2027/1/1",
        "Date: 2027-01-01",
        "published: 2027-01-01",
        "定时发布: 2027-01-01 9:30",
        "上线时间: 2027-01-01",
        "embargo: 2027-01-01",
        "日期: 2026-01-01\npublishDate: 2027-01-01",
        "kind: event\nid: a\nstart: 2026-12-01\n发布日期: 2027-01-01",
    ] {
        let site = format!("{SITE}-- content/a.md --\n---\n标题: 机密\n{key}\n---\n机密。\n");
        let (report, files) = build(&site, false);
        assert_eq!(leaks(&files), [""; 0], "{key}");
        assert!(files.contains_key("open/index.html"), "{key}: {:?}", codes(&report));
        assert!(codes(&report).contains(&("publish-date-key", "content/a.md")), "{key}: {:?}", codes(&report));
        let future = report.diags.iter().find(|diag| diag.code.name == "future-page");
        let message = future.map(|diag| diag.message(puzhi_core::diag::Lang::Zh)).unwrap_or_default();
        assert!(message.contains("2027-01-01"), "{key}: {message}");
        assert_eq!(report.counts.unpublished.future, 1, "{key}");
        let (_, files) = build_archive(&site, date(2027, 1, 1), &Options::default());
        assert!(!leaks(&files).is_empty(), "{key}");
    }
}

/// Notices on the web begin with such a line, whose day has mostly passed.
#[test]
fn a_single_line_with_a_day_is_a_note_until_that_day() {
    for page in ["# 甲\n\n发布时间：2026-12-05\n\n旧文。\n", "发布时间：2026-12-05\n\n旧文。\n"] {
        let site = format!("{SITE}-- content/a.md --\n{page}");
        let (report, files) = build(&site, false);
        assert!(!files.contains_key("a/index.html"), "{page}");
        let found: Vec<_> = report.diags.iter().filter(|d| d.code.name == "front-matter-in-body").collect();
        assert!(found.len() == 1 && found[0].severity == Severity::Note, "{page}: {:?}", codes(&report));
        let (report, files) = build_archive(&site, date(2026, 12, 5), &Options::default());
        assert!(files.contains_key("a/index.html") && report.diags.is_empty(), "{page}: {:?}", codes(&report));
    }
}

/// Wherever the first lines name the day: below front matter, below a heading or a title, among other labels, in a list or a table.
#[test]
fn a_future_day_in_the_first_lines_holds_the_page_back() {
    let front = "---\n标题: 机密\n---\n";
    for page in [
        format!("{front}日期: 2027-05-01\n"),
        format!("{front}\n日期：2027年5月1日\n"),
        format!("{front}发布时间：2027-05-01\n"),
        format!("{front}\n- 发布时间：2027-05-01 09:30\n"),
        format!("{front}# 甲\n\n发布时间：2027-05-01\n"),
        format!("{front}# 甲\n\n县司法局\n\n**发布日期：**2027-05-01\n"),
        "标题：甲\n\n发布时间：2027-05-01\n".to_string(),
        "标题：甲\n\n县司法局\n\n发布时间：2027-05-01\n".to_string(),
        "关于甲的通知\n\n来源：司法局　发布时间：2027-05-01\n".to_string(),
        "关于甲的通知\n\n来源：司法局 发布时间：2027-05-01 09:30 浏览：12\n".to_string(),
        "标　题：甲\n\n日　期：2027-05-01\n".to_string(),
        "标 题：甲\n\n发　布　时　间：2027-05-01\n".to_string(),
        "Title: A\nPublish date: 2027-05-01\n".to_string(),
        "Notice A\n\nPublish date: 2027-05-01\n".to_string(),
        "# 甲\n\n| 索引号 | 1 |\n|---|---|\n| 发布时间 | 2027-05-01 |\n".to_string(),
        "索引号：1　主题分类：法治\n发文机关：县司法局　发布日期：2027-05-01\n".to_string(),
    ] {
        let site = format!("{SITE}-- content/a.md --\n{page}\n机密的文字。\n");
        let (report, files) = build(&site, false);
        assert_eq!(leaks(&files), [""; 0], "{page}\n{:?}", codes(&report));
        // Either the page waits, or the build does.
        if report.diags.iter().any(Diagnostic::is_error) {
            continue;
        }
        assert!(codes(&report).contains(&("front-matter-in-body", "content/a.md")), "{page}: {:?}", codes(&report));
        assert_eq!(report.counts.unpublished.future, 1, "{page}");
        let (report, files) = build_archive(&site, date(2027, 5, 1), &Options::default());
        let is_only_text = codes(&report).iter().all(|(code, _)| *code == "labelled-lines");
        assert!(!leaks(&files).is_empty() && is_only_text, "{page}: {:?}", codes(&report));
    }
}

#[test]
fn a_day_of_publication_in_the_text_that_cannot_be_read_is_a_warning() {
    for page in [
        "标题：甲\n\n发布时间：待定\n",
        "标题：甲\n\n发布时间：5月1日\n",
        "# 甲\n\n发布时间：2027年5月\n",
        "---\n标题: 甲\n---\n发布日期：领导同意后\n",
        "Title\n\nPublish date: May\n",
    ] {
        let (report, _) = build(&format!("{SITE}-- content/a.md --\n{page}\n文。\n"), false);
        assert_eq!(codes(&report), [("publish-day-in-text", "content/a.md")], "{page}");
    }
}

/// Lists as people type them between the marks, or without marks.
#[test]
fn front_matter_as_a_list_is_an_error() {
    for page in [
        "---\n- 标题: 机密\n- 日期: 2027-05-01\n---\n",
        "---\n- 标题：机密\n- 草稿：是\n---\n",
        "- 标题：机密\n- 发布时间：2027-05-01\n",
        "- 标题: 机密\n- 状态: 草稿\n",
    ] {
        let (report, files) = build(&format!("{SITE}-- content/a.md --\n{page}\n机密。\n"), true);
        assert_eq!(leaks(&files), [""; 0], "{page}");
        let errors: Vec<_> = report.diags.iter().filter(|diag| diag.is_error()).collect();
        assert_eq!(errors.len(), 1, "{page}: {:?}", codes(&report));
        let hint = errors[0].hint(Lang::Zh).unwrap_or_default();
        assert!(hint.contains("标题: 机密") && !hint.contains("- "), "{page}: {hint}");
    }
}

#[test]
fn entries_that_say_that_the_page_waits_stop_the_build() {
    for line in [
        "摘要: （草稿，请勿发布）",
        "描述: 【初稿，待领导审核】",
        "备注: 草稿，请勿发布",
        "状态: 别发",
        "状态: 待审定",
        "状态: 草稿v2",
        "密级和保密期限: 秘密★1年",
        "是否涉密: 涉密",
        "信息公开: 不予公开",
        "主动公开: 否",
        "公开属性: 免于公开",
        "先别发: 对",
        "发布: 暂缓",
    ] {
        let (report, files) = build(&format!("{SITE}-- content/a.md --\n---\n标题: 机密\n{line}\n---\n机密。\n"), true);
        assert_eq!(leaks(&files), [""; 0], "{line}");
        assert!(codes(&report).contains(&("draft-mark-unread", "content/a.md")), "{line}: {:?}", codes(&report));
    }
}

/// Ordinary pages go out without a finding.
#[test]
fn texts_about_drafts_secrets_and_days_are_published() {
    for page in [
        "---\n标题: 保守商业秘密\n摘要: 草稿也可能是商业秘密。\n---\n商业秘密受法律保护。\n\n- 草稿\n- 定稿\n",
        "# 密级\n\n密级：绝密、机密、秘密。\n",
        "# 起草\n\n阶段：初稿、二稿、定稿\n",
        "# 公开形式\n\n公开形式：主动公开、依申请公开、不予公开。\n",
        "# 通知\n\n来源：县司法局　发布时间：2025-05-01 10:20:33　浏览：12\n\n通知如下。\n",
        "索引号：1　主题分类：法治\n发文机关：县司法局　成文日期：2025-05-01\n公开形式：主动公开\n\n# 办法\n\n第一条　为了保守秘密，制定本办法。\n",
        "# 联系我们\n\n- 地址：县城\n- 电话：0871-1234567\n- 工作时间：9:00-17:00\n",
        "---\n标题: 培训\n类型: 活动\n编号: x\n状态: 计划\n开始: 2027-05-01\n---\n日期：2027-05-01\n地点：县城\n",
        "---\ntitle: Words\n---\n\ndraft: a version that may still change\n",
        "---\n标题: 申请公开\n类型: 指南\n条件: [\"状态：草稿\", 本县居民]\n步骤: [是否公开：否, 提交]\n---\n办理。\n",
        "---\n标题: 申请公开\n类型: 指南\n步骤:\n- 是否公开：否\n- 状态：草稿\n---\n办理。\n",
    ] {
        let (report, files) = build(&format!("{SITE}-- content/a.md --\n{page}"), true);
        let others = report.diags.iter().filter(|d| !["labelled-lines", "events-changed"].contains(&d.code.name));
        let found: Vec<_> = others.map(|d| (d.code.name, d.message(Lang::Zh))).collect();
        assert!(files.contains_key("a/index.html"), "{page}: {found:?}");
        assert!(found.is_empty(), "{page}: {found:?}");
    }
}

#[test]
fn days_of_publication_that_cannot_be_read_stop_the_build() {
    for key in [
        "定时发布: 是",
        "发布日期: 另行通知",
        "publishDate: 2027-02-30",
        "embargo: true",
        "status: scheduled",
        "状态: 待发布",
    ] {
        let site = format!("{SITE}-- content/a.md --\n---\n标题: 机密\n{key}\n---\n机密。\n");
        let (report, files) = build(&site, true);
        assert_eq!(leaks(&files), [""; 0], "{key}");
        assert_eq!(report.diags.iter().filter(|d| d.is_error()).count(), 1, "{key}: {:?}", codes(&report));
        assert!(build(&site, false).1.is_empty(), "{key}");
    }
    // What says that the page may go out holds nothing back.
    for key in ["定时发布: 否", "published: true", "发布日期: 2026-11-27", "expiryDate: 2026-01-01", "发布日期:"]
    {
        let site = format!("{SITE}-- content/a.md --\n---\n标题: 机密\n{key}\n---\n机密。\n");
        let (report, files) = build(&site, false);
        assert!(!leaks(&files).is_empty(), "{key}: {:?}", codes(&report));
    }
}

/// A kind can call another date so, such as the day a notice was issued.
#[test]
fn a_day_of_publication_that_a_kind_knows_holds_the_page_back_too() {
    for (key, shown) in
        [("发布日期: 2027-01-01", false), ("成文日期: 2027-01-01", true), ("发布日期: 2026-11-27", true)]
    {
        let site = format!("{SITE}-- content/a.md --\n---\n标题: 机密\n类型: 通知\n{key}\n---\n机密。\n");
        let (report, files) = build(&site, false);
        assert_eq!(!leaks(&files).is_empty(), shown, "{key}: {:?}", codes(&report));
    }
}

/// A section whose draft mark is not read: nobody knows whether it is one, so its pages are held back, too.
#[test]
fn pages_of_a_section_with_an_unread_mark_are_held_back() {
    for section in [
        "标题: 栏目\n草稿: 是\n---\n",
        "---\n标题: 栏目\n草稿: 大概\n---\n",
        "---\n标题: 栏目\n---\n草稿: 是\n",
        "---\n标题: 栏目\n状态: 草稿（待审）\n---\n",
        // Nor does anybody know the day of these.
        "---\n标题: 栏目\n日期: 2027-13-01\n---\n",
        "---\n标题: 栏目\n发布时间: 领导同意后\n---\n",
        "标题：栏目\n日期：2027-05-01\n文。\n",
    ] {
        let site = format!("{SITE}-- content/a/_index.md --\n{section}-- content/a/b.md --\n机密。\n");
        let (report, files) = build(&site, true);
        assert_eq!(leaks(&files), [""; 0], "{section}");
        let held = report.diags.iter().find(|diag| diag.code.name == "held-back");
        let message = held.map(|diag| diag.message(Lang::Zh)).unwrap_or_default();
        assert!(message.contains("content/a/_index.md 看不出能不能公开"), "{section}: {message}");
    }
}

/// Paths of the published files whose name ends with `.bin`.
fn binaries(files: &OutputFiles) -> Vec<&str> {
    files.keys().map(String::as_str).filter(|path| path.ends_with(".bin")).collect()
}

/// However a draft names a file: in its own keys, in links that are written wrong, in directives that nobody knows. A page with errors may be
/// a draft whose mark is wrong.
#[test]
fn files_that_a_draft_names_in_any_way_stay_back() {
    let draft = "-- content/draft.md --\n---\n标题: 草稿页\n草稿: 是\nextra: {pdf: a.bin, list: [b.bin, /k/c.bin]}\n---\n\
        [表] (d.bin) ［表］（e.bin）![图](p\\f.bin) https://example.org/x/g.bin [表](L.BIN)\n\n```{downlaod} h.bin\n```\n";
    let wrong = "-- content/i/index.md --\n---\n标题: 密\n草稿: 是的\n---\n[表](../j.bin)\n";
    let public =
        "-- content/public.md --\n---\n标题: 公开\nextra: {pdf: i/own.bin}\n---\nhttps://example.org/x/i/address.bin\n";
    let names = ["a", "b", "k/c", "d", "e", "p/f", "g", "h", "i/in", "j", "i/own", "i/address", "l", "nobody"];
    let files: String = names.iter().map(|name| format!("-- content/{name}.bin --\nx\n")).collect();
    let site = format!("-- site.yaml --\ntitle: 站\nbase_url: https://example.org/x/\n{draft}{wrong}{public}{files}");
    let (report, files) = build(&site, true);
    assert_eq!(binaries(&files), ["i/address.bin", "i/own.bin", "nobody.bin"], "{:?}", codes(&report));
}

/// However a page with an error spells a file's name in a link.
#[test]
fn files_that_a_page_with_an_error_names_stay_back_in_any_spelling() {
    let links = [
        ("表（7）.bin", "[下载](表（7）.bin)"),
        ("图1.bin", "![](%E5%9B%BE1.bin)"),
        ("表 3.bin", "[下载](表%203.bin)"),
        ("表 2.bin", "[下载](<表 2.bin>)"),
        ("表 8.bin", "[下载](表 8.bin)"),
        ("表(a).bin", "[下载](<表(A).bin>)"),
        ("表(f).bin", "[下载](表\\(f\\).bin)"),
        ("表&e.bin", "[下载](表&amp;e.bin)"),
        ("图[5].bin", "![](图%5B5%5D.bin)"),
        ("表，九.bin", "[下载](./表，九.bin)"),
    ];
    for (name, link) in links {
        let site = format!(
            "-- site.yaml --\ntitle: 站\nbase_url: https://example.org/x/\n-- content/wrong.md --\n---\n标题: 密\n草稿: 是的\n---\n{link}\n\
             -- content/{name} --\nx\n-- content/other.bin --\nx\n-- content/open.md --\n文。\n"
        );
        let (report, files) = build(&site, true);
        assert_eq!(binaries(&files), ["other.bin"], "{name}: {:?}", codes(&report));
    }
}

const FILES_OF_DRAFTS: &str = "\
-- content/draft.md --
---
标题: 草稿页
草稿: 是
配图: {src: cover.bin, alt: 图}
---
[附件](only.bin) [公用](shared.bin) ![图](pic.bin) <a href=\"raw%20a.bin\">甲</a> [根](/static-only.bin)
-- content/public.md --
---
标题: 公开页甲
---
[公用](shared.bin) <img src=\"img/html.bin\" alt=\"\">
-- content/bundle/index.md --
---
草稿: 是
---
文字。
-- content/bundle/inside.bin --
x
-- content/bundle/named.bin --
x
-- content/a/_index.md --
---
草稿: 是
---
-- content/a/deep/in-section.bin --
x
-- content/a/deep/page.md --
[图](../../img/html.bin) [样式](../../img/style.bin)
-- content/only.bin --
x
-- content/cover.bin --
x
-- content/pic.bin --
x
-- content/raw a.bin --
x
-- content/shared.bin --
x
-- content/img/html.bin --
x
-- content/img/style.bin --
x
-- content/nobody.bin --
x
-- static/static-only.bin --
x
-- static/css/own.css --
p { background: url(../img/style.bin) }
-- data/files.yaml --
- {名称: 甲, 文件: bundle/named.bin}
";

#[test]
fn files_that_only_drafts_reach_or_hold_stay_back() {
    let site = format!("{SITE}{FILES_OF_DRAFTS}");
    let (_, files) = build(&site, false);
    assert_eq!(binaries(&files), ["bundle/named.bin", "img/html.bin", "img/style.bin", "nobody.bin", "shared.bin"]);
    let shown = build_archive(&site, date(2026, 11, 27), &Options { drafts: true, ..Options::default() });
    assert_eq!(binaries(&shown.1).len(), 12);
}

#[test]
fn files_of_future_pages_come_with_them_and_those_of_expired_pages_stay() {
    let site = format!(
        "{SITE}-- content/f/index.md --\n---\n标题: 将来\n日期: 2026-12-01\n---\n[表](table.bin)，[附件](../more.bin)\n\
         -- content/f/table.bin --\nx\n-- content/more.bin --\nx\n\
         -- content/old.md --\n---\n标题: 旧\n日期: 2025-01-01\n失效日期: 2025-02-01\n---\n[旧表](old.bin)\n-- content/old.bin --\nx\n"
    );
    for (day, wanted) in
        [(date(2026, 11, 30), &["old.bin"][..]), (date(2026, 12, 1), &["f/table.bin", "more.bin", "old.bin"])]
    {
        let (report, files) = build_archive(&site, day, &Options::default());
        assert_eq!(binaries(&files), wanted, "{:?}", codes(&report));
    }
}

proptest! {
    // Each case is one or two whole builds.
    #![proptest_config(same_cases(ProptestConfig::default().cases.min(128)))]

    #[test]
    fn no_edit_of_its_first_lines_publishes_a_draft(head in slipped_draft(), keep_going in any::<bool>()) {
        let site = format!("{SITE}-- content/a/b.md --\n{head}\n机密的正文。\n\n## 机密小标题\n");
        let (report, files) = build(&site, keep_going);
        prop_assert_eq!(leaks(&files), [""; 0], "{}\n{:?}", head, codes(&report));
    }

    #[test]
    fn no_setting_of_section_flags_publishes_a_draft(flags in prop::collection::vec(0..5_u8, 10)) {
        const FILES: [&str; 10] = [
            "_index.md", "a/_index.md", "a/_index.en.md", "a/b/_index.md", "a/b/c/index.md",
            "a/x.md", "a/x.en.md", "a/b/y.md", "z.md", "a/b/y.en.md",
        ];
        let front = |flag: u8| ["", "草稿: 是\n", "draft: true\n", "草稿: 否\n", ""][usize::from(flag)];
        let draft = |file: &str| FILES.iter().position(|f| *f == file).is_some_and(|at| matches!(flags[at], 1 | 2));
        let mut site = SITE.to_string();
        for (at, file) in FILES.iter().enumerate() {
            let english = file.ends_with(".en.md");
            let mut folders: Vec<&str> = Vec::new();
            let mut folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            loop {
                folders.push(folder);
                if folder.is_empty() {
                    break;
                }
                folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
            let above = folders.iter().any(|folder| {
                let own = format!("{folder}/_index.en.md").trim_start_matches('/').to_string();
                let main = format!("{folder}/_index.md").trim_start_matches('/').to_string();
                if english && FILES.contains(&own.as_str()) { draft(&own) } else { draft(&main) }
            });
            let word = if draft(file) || above { SECRET } else { "公开" };
            site.push_str(&format!(
                "-- content/{file} --\n---\n标题: {word}{at}\n日期: 2026-01-0{}\n标签: [{word}词]\n{}---\n{word}正文。\n",
                at % 9 + 1,
                front(flags[at])
            ));
        }
        for keep_going in [true, false] {
            let (report, files) = build(&site, keep_going);
            prop_assert_eq!(leaks(&files), [""; 0], "{}\n{:?}", site, codes(&report));
        }
    }
}

/// The message about a mark in the body of a page that is none says how the page can show it, and that works.
#[test]
fn a_mark_can_be_shown_as_an_example() {
    let found = |page: &str| {
        let (report, files) = build(&format!("{SITE}-- content/a.md --\n{page}"), true);
        let hint = report.diags.iter().find(|d| d.code.name == "draft-mark-unread").and_then(|d| d.hint(Lang::Zh));
        let shown = files.get("a/index.html").is_some_and(|bytes| String::from_utf8_lossy(bytes).contains("草稿：是"));
        (hint, shown)
    };
    let (hint, shown) = found("# 怎样写草稿\n\n写这两行：\n\n草稿：是\n标题：甲\n\n就不发布。\n");
    let hint = hint.unwrap_or_default();
    assert!(!shown && hint.contains("```") && hint.contains("例如 `草稿：是`") && hint.contains("草稿: 否"), "{hint}");
    for page in [
        "# 怎样写草稿\n\n写这两行：\n\n```\n草稿：是\n标题：甲\n```\n\n就不发布。\n",
        "# 怎样写草稿\n\n例如 `草稿：是`\n\n就不发布。\n",
        "---\n草稿: 否\n---\n\n# 怎样写草稿\n\n写这两行：\n\n草稿：是\n标题：甲\n\n就不发布。\n",
    ] {
        assert_eq!(found(page), (None, true), "{page}");
    }
    // In front matter a value is quoted.
    let (hint, _) = found("---\n标题: 甲 草稿：是\n---\n文。\n");
    assert!(hint.is_some_and(|hint| hint.ends_with("写成 标题: \"甲 草稿：是\"")));
}
