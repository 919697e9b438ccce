//! Front matter that is written in another way than `---` and YAML, and draft marks that nobody would read: every such
//! page has a finding that keeps a draft from being published.

use puzhi_core::base::SitePath;
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::KindName::Page;
use puzhi_core::kinds::{FrontMatterContext, read_front_matter, split_front_matter};

use super::{page, seen};

/// A file, the code and the place of its only finding, and the YAML that it shows.
type Case = (&'static str, &'static str, usize, usize, &'static str);

const YAML: &str = "---\n标题: 甲\n草稿: 是\n---";

#[rustfmt::skip]
const UNREAD: &[Case] = &[
    // The opening mark is missing.
    ("标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("title: 甲\n---\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: 甲\n---"),
    ("\n日期: 2026-01-01\n标签: [甲]\n---\n正文。\n", "front-matter-unread", 2, 1, "---\n日期: 2026-01-01\n标签: [甲]\n---"),
    ("日期: 2099-01-01\n---\n\n正文。\n", "front-matter-unread", 1, 1, "---\n日期: 2099-01-01\n---"),
    ("失效日期: 2027-03-01\n-----\n正文。\n", "front-matter-unread", 1, 1, "---\n失效日期: 2027-03-01\n---"),
    ("标题: 甲\n草稿: 是\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("Title: Notes\nDate: 2026-01-01\n\nText.\n", "front-matter-unread", 1, 1, "---\ntitle: Notes\ndate: 2026-01-01\n---"),
    // Columns of a table, each name above its value.
    ("标题\n甲\n状态\n草稿\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("标题\n\n甲\n\n状态\n\n草稿\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    // Full-width colons, also with text right below.
    ("标题：丙\n状态：草稿\n\n正文。\n", "front-matter-unread", 1, 1, "---\n标题: 丙\n草稿: 是\n---"),
    ("标题：丙\n状态：草稿\n正文。\n", "front-matter-unread", 1, 1, "---\n标题: 丙\n草稿: 是\n---"),
    ("标题: 丙\n草稿: 是\n正文从这里开始。\n再一行。\n", "front-matter-unread", 1, 1, "---\n标题: 丙\n草稿: 是\n---"),
    ("标题：丙\n状态：待审\n正文。\n", "front-matter-unread", 1, 1, "---\n标题: 丙\n草稿: 是\n---"),
    // Short, indented, spaced or odd marks.
    ("--\n标题: 甲\n草稿: 是\n--\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("-- \n标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    (" ---\n标题: 甲\n草稿: 是\n ---\n\n正文。\n", "front-matter-unread", 1, 2, YAML),
    ("\u{3000}---\n标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 1, 2, YAML),
    ("- - -\n标题: 甲\n草稿: 是\n- - -\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("———\n标题: 甲\n草稿: 是\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("____\n标题: 甲\n草稿: 是\n____\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    // A key on the line of the mark.
    ("---标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("--- 标题：甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 1, 1, YAML),
    ("———title: 甲\n日期: 2026-01-01\n———\n", "front-matter-unread", 1, 1, "---\ntitle: 甲\n日期: 2026-01-01\n---"),
    // Other programs.
    ("+++\ntitle = \"甲\"\ndraft = true\n+++\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ndraft: true\n---"),
    ("+++\ntitle = \"甲\"\ndate = 2026-01-01\n[extra]\nhotline = \"12345\"\n+++\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ndate: 2026-01-01\nextra:\n  hotline: \"12345\"\n---"),
    ("++\ntitle = \"甲\"\n++\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\n---"),
    (";;;\n{\"title\": \"甲\", \"draft\": true}\n;;;\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ndraft: true\n---"),
    (";;;\n\"title\": \"甲\",\n\"draft\": true\n;;;\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ndraft: true\n---"),
    ("\"title\": \"甲\",\n\"tags\": [\"乙\"]\n;;;\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ntags: [\"乙\"]\n---"),
    ("{\n  \"title\": \"甲\",\n  \"draft\": true\n}\n\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ndraft: true\n---"),
    ("{\"title\": \"甲\", \"tags\": [\"乙\"]}\n正文。\n", "front-matter-unread", 1, 1, "---\ntitle: \"甲\"\ntags: [\"乙\"]\n---"),
    ("{\n  \"title\": \"甲,\n  \"draft\": true\n}\n", "front-matter-unread", 1, 1, "---\n# \"title\": \"甲\n\"draft\": true\n---"),
    // Below a comment.
    ("<!-- 模板 -->\n---\n标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-unread", 2, 1, YAML),
    ("<!--\n两行\n-->\n\n---\n标题: 甲\n草稿: 是\n---\n", "front-matter-unread", 5, 1, YAML),
    // Below an empty pair of marks.
    ("---\n---\n标题: 甲\n日期: 2026-01-01\n---\n", "front-matter-unread", 3, 1, "---\n标题: 甲\n日期: 2026-01-01\n---"),
    ("---\n\n---\n\n---\ntitle: x\n---\n正文。\n", "front-matter-unread", 5, 1, "---\ntitle: x\n---"),
    // Below a heading or text, and in a fence.
    ("# 甲\n\n---\n标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-in-body", 3, 1, YAML),
    ("# 甲\n\n标题: 甲\n草稿: 是\n---\n", "front-matter-in-body", 3, 1, YAML),
    ("按语一句。\n\n---\n标题: 甲\n草稿: 是\n---\n\n正文。\n", "front-matter-in-body", 3, 1, YAML),
    ("# 甲\n\n---\ntitle: x\n---\n", "front-matter-in-body", 3, 1, "---\ntitle: x\n---"),
    ("```yaml\n---\n标题: 甲\n草稿: 是\n---\n```\n\n正文。\n", "front-matter-in-body", 1, 1, YAML),
    ("~~~\n标题: 甲\n草稿: 是\n~~~\n\n正文。\n", "front-matter-in-body", 1, 1, YAML),
    ("# 甲\n\n```toml\n+++\ntitle = \"甲\"\n+++\n```\n", "front-matter-in-body", 3, 1, "---\ntitle: \"甲\"\n---"),
];

/// A title and a date between marks are metadata, whatever else stands there and however the marks are written.
#[test]
fn metadata_between_marks_is_no_text() {
    for text in [
        "---\n// 注释\n标题: 机密\n日期: 2027-05-01\n---\n机密。\n",
        ";;;\n说明\n标题: 机密\n日期: 2027-05-01\n;;;\n机密。\n",
        "---\n草稿\n标题: 甲\n---\n机密。\n",
        "---\n（草稿）\n标题: 甲\n---\n机密。\n",
        "---\n待审\n标题: 甲\n---\n机密。\n",
        "---\n草稿\n---\n机密。\n",
        "---\n“标题”: 甲\n“日期”: 2027-05-01\n---\n机密。\n",
        "---\n“标题”：“甲”\n“发布日期”：“2027-05-01”\n---\n机密。\n",
        "---yaml\n标题: 机密\n日期: 2027-05-01\n---\n机密。\n",
        "---json\n{\"title\": \"机密\", \"date\": \"2027-05-01\"}\n---\n机密。\n",
        "--- # 头\n标题: 机密\n日期: 2027-05-01\n---\n机密。\n",
        "\u{200B}---\n标题: 机密\n日期: 2027-05-01\n---\n机密。\n",
        "“---”\n标题: 机密\n日期: 2027-05-01\n“---”\n机密。\n",
        "###\n标题: 机密\n日期: 2027-05-01\n###\n机密。\n",
        "-\n标题: 机密\n日期: 2027-05-01\n---\n机密。\n",
        "-\n标题: 机密\n日期: 2027-05-01\n-\n机密。\n",
        "> ---\n> 标题: 机密\n> 日期: 2027-05-01\n> ---\n机密。\n",
        "{{{\n\"title\":\"机密\",\"date\":\"2027-05-01\"\n}}}\n机密。\n",
        "{ title: 机密, date: 2027-05-01 }\n\n机密。\n",
        "----\n标题 机密\n日期 2027-05-01\n----\n机密。\n",
    ] {
        let diags = page(Page, text);
        assert!(seen(&diags).iter().any(|(code, ..)| *code == "front-matter-unread"), "{text}: {:?}", seen(&diags));
    }
    // Below front matter, too, in words of its own.
    for text in [
        "---\n标题: 甲\n---\n---\n状态: 草稿（待审）\n---\n机密。\n",
        "---\n标题: 甲\n---\n\n---\n标题: 甲\n密级: 秘密★1年\n---\n机密。\n",
    ] {
        let diags = page(Page, text);
        assert!(
            diags.iter().any(|d| d.code.name == "front-matter-in-body" && d.is_error()),
            "{text}: {:?}",
            seen(&diags)
        );
    }
    // What is printed can be typed as it is.
    let diags = page(Page, "---\n// 注释\n标题 机密\n日期: 2027-05-01\n---\n机密。\n");
    let hint = diags[0].hint(Lang::Zh).unwrap();
    let typed = "---\n# // 注释\n标题: 机密\n日期: 2027-05-01\n---";
    assert!(hint.replace("\n    ", "\n").contains(typed), "{hint}");
    assert_eq!(seen(&page(Page, &format!("{typed}\n机密。\n"))), []);
    let indented = page(Page, "---\n  标题: 甲\n  日期: 2026-01-01\n---\n文。\n");
    assert!(indented[0].message(Lang::Zh).contains("前面有空格"), "{}", indented[0].message(Lang::Zh));
    // A rule, or a heading with text below it.
    for text in ["***\n\n说明：先看这里。\n\n***\n\n正文。\n", "- 标题：甲\n- 日期：乙\n", "### \n正文。\n"]
    {
        assert_eq!(seen(&page(Page, text)), [], "{text}");
    }
}

/// A day of publication where nobody reads it keeps the page back, and is reported.
#[test]
fn a_lost_day_of_publication_keeps_the_page_back() {
    let file = SitePath::new("content/page.md").unwrap();
    let read = |text: &str| {
        let source = SourceText::new(&file, text);
        let split = split_front_matter(text);
        let read = read_front_matter(&source, split.front, &FrontMatterContext::of(Page));
        let codes: Vec<_> = split.diags(&source).iter().chain(&read.diags).map(|diag| diag.code.name).collect();
        (read.common.not_before.max(split.not_before(&source)).map(|day| day.iso()), codes)
    };
    for (text, code) in [
        ("---\n标题: \"机密\n日期: 2027-05-01\"\n---\n机密。\n", "publish-date-lost"),
        ("---\ntitle: '机密\ndate: 2027-05-01'\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密；日期: 2027-05-01\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密，发布日期：2027年5月1日\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密\nextra: {publishDate: 2027-05-01}\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密\n附加:\n  发布时间: 2027-05-01\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密\n摘要: |\n  文\n  发布日期: 2027-05-01\n---\n机密。\n", "publish-date-lost"),
        ("---\n标题: 机密\n---\n---\n日期: 2027-05-01\n---\n机密。\n", "front-matter-in-body"),
        ("---\n标题: 机密\n---\n\n<!-- 发布日期: 2027-05-01 -->\n机密。\n", "front-matter-in-body"),
        ("<!--\n标题: 机密\n发布日期: 2027-05-01\n-->\n机密。\n", "front-matter-in-body"),
        ("# 机密\n---\n日期: 2027-05-01\n---\n机密。\n", "front-matter-in-body"),
        ("```yaml\n标题: 机密\n日期: 2027-05-01\n```\n机密。\n", "front-matter-in-body"),
        ("发布时间：2027-05-01\n\n机密。\n", "front-matter-in-body"),
        ("发布日期：2027年5月1日\n机密。\n", "front-matter-in-body"),
        ("# 机密\n\n发布日期：2027年5月1日\n\n机密。\n", "front-matter-in-body"),
        ("来源：机密局\n发布时间：2027-05-01\n机密。\n", "front-matter-in-body"),
        ("来源：机密局　发布时间：2027-05-01　浏览：12\n\n机密。\n", "front-matter-in-body"),
        ("发布时间：2027-05-01 来源：机密局\n\n机密。\n", "front-matter-in-body"),
        ("（来源：机密局，发布时间：2027年5月1日）\n\n机密。\n", "front-matter-in-body"),
        ("# 机密\n\n来源：机密局\n\n发布时间：2027-05-01\n\n机密。\n", "front-matter-in-body"),
        ("作者：机密\n发布日期：2027-05-01\n机密。\n", "front-matter-in-body"),
        ("---\n“标题”：“机密”\n“发布日期”：“2027-05-01”\n---\n机密。\n", "front-matter-unread"),
    ] {
        let (day, codes) = read(text);
        assert_eq!(day.as_deref(), Some("2027-05-01"), "{text}: {codes:?}");
        assert!(codes.contains(&code), "{text}: {codes:?}");
    }
    for text in [
        "---\n标题: \"机密；日期: 2027-05-01\"\n---\n文。\n",
        "---\n标题: 讲座\n摘要: |\n  地点：县城\n  日期: 2027-05-01\n---\n文。\n",
        "---\n标题: 讲座\n摘要: 报名截止日期：2027-05-01\n---\n文。\n",
        "---\n标题: 讲座\nextra: {date: 2027-05-01}\n---\n文。\n",
        "---\n标题: 讲座\n---\n---\n\n日期：2027-05-01\n",
        "日期：2027-05-01\n\n文。\n",
        "发布时间：春节以前\n\n文。\n",
        "系统名称：甲\n上线时间：2027-05-01\n文。\n",
        "---\n标题: 讲座\n---\n<!-- 更新: 2027-05-01 -->\n文。\n",
    ] {
        let (day, codes) = read(text);
        assert_eq!(day, None, "{text}: {codes:?}");
        assert!(!codes.contains(&"publish-date-lost") && !codes.contains(&"front-matter-in-body"), "{text}: {codes:?}");
    }
}

#[test]
fn unread_front_matter_is_reported_with_the_yaml_to_type() {
    for (text, code, line, column, yaml) in UNREAD {
        for text in [text.to_string(), text.replace('\n', "\r\n")] {
            let diags = page(Page, &text);
            assert_eq!(seen(&diags), [(*code, *line, *column)], "{text}");
            let draft = yaml.contains("草稿") || yaml.contains("draft");
            assert_eq!(diags[0].is_error(), *code == "front-matter-unread" || draft, "{text}");
            let shown: String = yaml.lines().map(|line| format!("\n    {line}")).collect();
            for lang in [Lang::Zh, Lang::En] {
                let hint = diags[0].hint(lang).unwrap();
                assert!(hint.ends_with(&shown), "{text}\n{hint}");
            }
        }
    }
}

/// The YAML that a finding shows is front matter without a finding.
#[test]
fn the_yaml_to_type_is_read() {
    for (text, _, _, _, yaml) in UNREAD {
        let wrong: Vec<_> = page(Page, &format!("{yaml}\n\n正文。\n")).iter().map(|d| d.code.name).collect();
        assert!(wrong.is_empty(), "{text}: {wrong:?}");
    }
}

/// Draft marks outside the place where they are read.
#[rustfmt::skip]
const LOST: &[(&str, usize, usize)] = &[
    ("---\n标题: 甲\n---\n草稿: 是\n\n正文。\n", 4, 1),
    ("---\n标题: 甲\n---\n\n---\ndraft: true\n---\n正文。\n", 6, 1),
    ("正文。\n\n草稿：是\n", 3, 1),
    ("\n> draft: yes\n", 2, 3),
    ("---\n标题: 甲 草稿: 是\n---\n正文。\n", 2, 7),
    ("---\n标题: |\n  甲\n  草稿: 是\n---\n正文。\n", 4, 3),
    ("---\n标题: 甲草稿: 是\n---\n正文。\n", 2, 6),
    ("---\n标题: 甲\n附加:\n  草稿: 是\n---\n正文。\n", 4, 3),
    ("---\n标题: 甲\n草槁: 是\n---\n正文。\n", 3, 1),
    ("---\ntitle: 甲\ndarft: true\n---\n正文。\n", 3, 1),
    ("---\ntitle: 甲\nDraft: true\n---\n正文。\n", 3, 1),
    ("---\ntitle: 甲\npublished: false\n---\n正文。\n", 3, 1),
    ("---\ntitle: 甲\nstatus: draft\n---\n正文。\n", 3, 1),
    // With remarks behind the word.
    ("---\n标题: 甲\n状态: 草稿（待审）\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n状态: 草稿 - 勿发\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n状态: 草稿，勿发\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n状态: 未完成\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n状态：待完善\n---\n正文。\n", 3, 1),
    ("---\ntitle: a\nstatus: draft (do not publish)\n---\nText.\n", 3, 1),
    // Secrecy, and whether it is made public.
    ("---\n标题: 甲\n密级: 秘密★1年\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n是否保密: 是\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n涉密: 是\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n是否公布: 否\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n公开: ×\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n公开形式: 不予公开\n---\n正文。\n", 3, 1),
    ("---\n标题: 甲\n公开属性: 不予公开/依申请公开\n---\n正文。\n", 3, 1),
];

#[test]
fn a_draft_mark_without_effect_is_an_error() {
    for (text, line, column) in LOST {
        let diags = page(Page, text);
        let lost: Vec<_> = diags.iter().filter(|d| d.code.name == "draft-mark-unread").cloned().collect();
        assert_eq!(seen(&lost), [("draft-mark-unread", *line, *column)], "{text}: {:?}", seen(&diags));
        assert!(lost[0].is_error());
        // Whoever removes the key publishes the page, so nothing advises that.
        let beside = diags.iter().filter(|d| d.position == lost[0].position).count();
        assert_eq!(beside, 1, "{text}: {:?}", seen(&diags));
    }
}

/// The hint shows a value in quotation marks only where that ends the finding, and what it shows is read.
#[test]
fn quotation_marks_are_proposed_only_where_they_help() {
    let hint = |text: &str, lang| {
        let diags = page(Page, text);
        diags.iter().find(|d| d.code.name == "draft-mark-unread").and_then(|d| d.hint(lang)).unwrap_or_default()
    };
    for (line, quoted) in [
        ("标题: 甲 草稿: 是", "标题: \"甲 草稿: 是\""),
        ("title: A draft: true", "title: \"A draft: true\""),
        ("摘要: 写上草稿: 是", "摘要: \"写上草稿: 是\""),
    ] {
        for lang in [Lang::Zh, Lang::En] {
            let hint = hint(&format!("---\n{line}\n---\n文。\n"), lang);
            assert!(hint.ends_with(quoted), "{hint}");
        }
        assert_eq!(seen(&page(Page, &format!("---\n{quoted}\n---\n文。\n"))), []);
    }
    for lines in [
        "标题: 甲\n状态: 草稿",
        "标题: 甲\n公开: 否",
        "标题: 甲\n密级: 秘密★1年",
        "title: a\ndraf: true",
        "标题: 甲\n草槁: 是",
        "标题: |\n  甲\n  草稿: 是",
        "标题: 甲\n附加:\n  草稿: 是",
    ] {
        let hint = hint(&format!("---\n{lines}\n---\n文。\n"), Lang::Zh);
        let no = if lines.is_ascii() { "写“draft: false”" } else { "写“草稿: 否”" };
        assert!(hint.ends_with(no) && !hint.contains("引号"), "{hint}");
    }
}

/// Labels without any mark: a title beside a day of publication, also with blank lines between and with text right below.
#[test]
fn labels_with_a_title_and_a_day_are_front_matter() {
    for (text, yaml) in [
        ("标题：甲\n发布时间：2027-05-01\n正文。\n", "---\n标题: 甲\n日期: 2027-05-01\n---"),
        ("标题: 甲\n日期: 2027-05-01\n正文。\n", "---\n标题: 甲\n日期: 2027-05-01\n---"),
        ("标题：甲\n\n日期：2027年5月1日\n\n正文。\n", "---\n标题: 甲\n日期: 2027年5月1日\n---"),
        (
            "标题: 甲\n\n\n发布日期: 2027-05-01\n\n作者: 乙\n\n正文。\n",
            "---\n标题: 甲\n日期: 2027-05-01\n作者: 乙\n---",
        ),
        ("日期：2027-05-01\n标题：甲\n正文。\n", "---\n日期: 2027-05-01\n标题: 甲\n---"),
        ("title: A\n\ndate: 2027-05-01\n\nText.\n", "---\ntitle: A\ndate: 2027-05-01\n---"),
        ("标题：甲\n\n状态：草稿（待审）\n\n正文。\n", "---\n标题: 甲\n草稿: 是\n---"),
    ] {
        let diags = page(Page, text);
        assert_eq!(seen(&diags), [("front-matter-unread", 1, 1)], "{text}");
        assert!(diags[0].is_error());
        let shown: String = yaml.lines().map(|line| format!("\n    {line}")).collect();
        assert!(diags[0].hint(Lang::Zh).unwrap().ends_with(&shown), "{text}: {:?}", diags[0].hint(Lang::Zh));
        assert_eq!(seen(&page(Page, &format!("{yaml}\n正文。\n"))), []);
    }
    // Labels that are text.
    for text in [
        "标题：甲\n作者：乙\n正文。\n",
        "标题：甲\n\n正文。\n",
        "标题：甲\n审批：否\n收费：否\n正文。\n",
        "题目：甲\n日期：2027-05-01\n正文。\n",
        "时间：2027-05-01\n地点：人民广场\n欢迎参加。\n",
        "活动名称：讲座\n\n日期：2027-05-01\n\n欢迎参加。\n",
        "正文。\n\n来源：甲\n发布时间：2027-05-01\n",
        "本办法自发布时间：2027-05-01 起施行，过去的规定同时废止，各单位照此执行。\n\n发布机关：甲\n",
    ] {
        let found = page(Page, text);
        assert!(found.iter().all(|d| d.code.name != "front-matter-unread"), "{text}: {:?}", seen(&found));
    }
}

#[test]
fn prose_examples_and_set_flags_are_no_marks() {
    for text in [
        "---\n标题: 甲\n草稿: 否\n---\n草稿: 是\n",
        "---\n标题: 《草稿法》解读\n---\n正文。\n",
        "---\n标题: 商业秘密怎样保护\n标签: [商业秘密, 保密]\n摘要: 秘密、机密与绝密\n---\n正文。\n",
        "---\n标题: 秘密\n---\n秘密要守住。\n",
        "---\n标题: 未完成的事\n---\n正文。\n",
        "---\n标题: 依申请公开怎么办\n---\n正文。\n",
        "---\n标题: 甲\n# 草稿: 是\n---\n正文。\n",
        "---\n标题: \"写上 草稿: 是 就不发布\"\n---\n正文。\n",
        "---\n标题: 甲\n摘要: \"Draft: yes or no?\"\n---\n正文。\n",
        "---\n标题: 甲\n摘要: '草稿: 是'\n---\n正文。\n",
        "---\n标题: 甲\n---\n这样写：\n\n    draft: true\n\n就是草稿。\n",
        "正文说，写上 `草稿: 是` 的页面不发布。\n",
        "草稿：是指没有定稿的文字。\n",
        "这样写：\n\n```yaml\n---\n标题: 甲\n草稿: 是\n---\n```\n",
        "# 示例\n\n一句话。\n\n```\n草稿: 是\n```\n",
        "---\n\n正文第一段，没有键。\n\n---\n\n第二段。\n",
        "来源: 新华社\n---\n\n正文。\n",
        "正文。\n\n---\n来源：新华社\n作者：张三\n---\n",
        "时间：4月26日\n地点：人民广场\n\n欢迎参加。\n",
        "- 标题: 甲\n- 草稿\n",
        "{note}\n正文。\n",
        "+ 甲\n+ 乙\n",
        "—— 题记\n",
        "| 标题: | 甲 |\n|---|---|\n| 日期: | 乙 |\n",
        "<!-- 没有收尾\n标题: 甲\n",
        "[链接]: https://example.org/\n---\n",
    ] {
        assert_eq!(seen(&page(Page, text)), [], "{text}");
    }
}

#[test]
fn characters_without_width_around_the_marks_hide_nothing() {
    for hidden in ["\u{200E}", "\u{200B}", "\u{2060}", "\u{202A}"] {
        for text in
            [format!("{hidden}---\n标题: 甲\n---\n\n文。\n"), format!("---{hidden}\n标题: 甲\n{hidden}---\n\n文。\n")]
        {
            let path = SitePath::new("content/a.md").unwrap();
            let found = split_front_matter(&text).diags(&SourceText::new(&path, &text));
            let codes: Vec<&str> = found.iter().map(|diag| diag.code.name).collect();
            assert_eq!(codes, ["front-matter-unread"], "{text:?}");
            assert!(found[0].is_error(), "{text:?}");
        }
    }
}
