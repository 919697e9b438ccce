//! What people write to keep a page back in words of their own, and the same words where they mean something else: as keys that the site's
//! kinds declare, in titles and texts.

use jiff::civil::date;
use puzhi::pipeline::{Options, Report};

use crate::support::{OutputFiles, build_archive};

const SITE: &str = "\
-- site.yaml --
title: 测试站
base_url: https://example.org/x/
-- content/open.md --
---
标题: 公开页
---

公开的文字。
";

/// Part of every line that must not be published.
const SECRET: &str = "不见";

fn build(files: &str, keep_going: bool) -> (Report, OutputFiles) {
    build_archive(&format!("{SITE}{files}"), date(2026, 11, 27), &Options { keep_going, ..Options::default() })
}

fn is_shown(files: &OutputFiles) -> bool {
    files.values().any(|bytes| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()))
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.diags.iter().map(|diag| diag.code.name).collect()
}

#[test]
fn words_with_remarks_and_secrecy_stop_a_page() {
    for line in [
        "状态: 草稿（待审）",
        "状态: 草稿，勿发",
        "状态: 草稿 - 勿发",
        "状态: 未完成",
        "状态：待完善",
        "status: draft, waiting for the legal office",
        "密级: 秘密★1年",
        "密级: 机密",
        "文件密级: 内部",
        "是否保密: 是",
        "涉密: 是",
        "涉密: √",
        "是否公布: 否",
        "是否对外公开: 否（领导未批）",
        "公开: ×",
        "公开形式: 不予公开",
        "公开属性: 不予公开/依申请公开",
        "公开属性: 依申请公开",
    ] {
        let page = format!("-- content/a.md --\n---\n标题: 不见\n{line}\n---\n不见。\n");
        let (report, files) = build(&page, true);
        assert!(!is_shown(&files) && files.contains_key("open/index.html"), "{line}");
        assert_eq!(codes(&report).iter().filter(|code| **code == "draft-mark-unread").count(), 1, "{line}");
        assert!(build(&page, false).1.is_empty(), "{line}");
        // Both ways out of the hint.
        for (mark, shown) in [("草稿: 否", true), ("草稿: 是", false)] {
            let (report, files) = build(&page.replace("标题: 不见", &format!("标题: 不见\n{mark}")), false);
            assert_eq!(is_shown(&files), shown, "{line}: {:?}", codes(&report));
            assert!(!codes(&report).contains(&"draft-mark-unread"), "{line}");
        }
    }
}

#[test]
fn pages_about_such_words_are_published() {
    for page in [
        "---\n标题: 不见：商业秘密怎样保护\n标签: [商业秘密, 保密]\n---\n秘密。\n",
        "---\n标题: 《草稿法》不见解读\n---\n草稿要写清楚。\n",
        "---\n标题: 不见\n密级: 公开\n---\n文。\n",
        "---\n标题: 不见\n公开属性: 主动公开\n---\n文。\n",
        "---\n标题: 不见\n涉密: 否\n---\n文。\n",
        "---\n标题: 不见\n是否公布: 是\n---\n文。\n",
        "---\n标题: 不见\nstatus: review-article\n---\nText.\n",
        "# 不见\n\n依申请公开：先填表，再交给县司法局。\n",
        "# 不见\n\n审批：否\n收费：否\n",
        "---\n标题: 不见\n类型: 指南\n---\n审批：否\n\n收费：否\n",
        "# 不见\n\n```\n状态：草稿\n密级：秘密\n```\n\n这样写。\n",
    ] {
        let (report, files) = build(&format!("-- content/a.md --\n{page}"), false);
        assert!(is_shown(&files), "{page}: {:?}", codes(&report));
        let found = codes(&report);
        assert!(!found.contains(&"named-draft") && !found.contains(&"draft-mark-unread"), "{page}: {found:?}");
    }
}

const OWN_KIND: &str = "\
-- kinds/公开目录.yaml --
名称: 公开目录
英文名: register
键:
  - {名称: 密级, 英文名: secrecy}
  - {名称: 状态, 英文名: state}
  - {名称: 保密, 英文名: secret, 类型: 是否}
  - {名称: 公开, 英文名: public, 类型: 是否}
  - {名称: 公开属性, 英文名: openness, 类型: 单选, 选项: [主动公开, 依申请公开, 不予公开]}
  - {名称: 定稿, 英文名: final, 类型: 是否}
  - {名称: 发布时间, 英文名: publish_time, 类型: 日期}
  - {名称: 上线日期, 英文名: release_date}
  - 名称: 办件
    英文名: case
    类型: 一组
    键:
      - {名称: 公开, 英文名: open, 类型: 是否}
      - {名称: 发布时间, 英文名: published, 类型: 日期}
";

/// Whether a line is a foreign mark depends on the kind: its own keys mean what the site says.
#[test]
fn keys_of_the_own_kind_are_no_marks() {
    for lines in [
        "密级: 秘密",
        "密级：内部",
        "状态: 草稿",
        "状态: 未完成（补件中）",
        "state: draft",
        "保密: 是",
        "公开: 否",
        "public: false",
        "公开属性: 不予公开",
        "定稿: 是",
        "发布时间: 2027-05-01",
        "上线日期: 2027-05-01",
        "\"公开\": 否",
        "办件: {公开: 否, 发布时间: 2027-05-01}",
        "办件:\n  公开: 否\n  发布时间: 2027-05-01",
    ] {
        let front = |kind: &str| format!("-- content/a.md --\n---\n标题: 不见\n{kind}{lines}\n---\n不见。\n");
        let (report, files) = build(&format!("{OWN_KIND}{}", front("类型: 公开目录\n")), false);
        assert!(is_shown(&files), "{lines}: {:?}", codes(&report));
        let found = codes(&report);
        let marks = ["draft-mark-unread", "publish-date-key", "publish-date-lost", "future-page", "unknown-key"];
        assert!(!found.iter().any(|code| marks.contains(code)), "{lines}: {found:?}");
    }
    // The marks of the page itself count beside them, also where they are glued to such a key.
    for lines in
        ["状态: 草稿\n草稿: 是", "公开: 否\n暂不发布: 是", "密级: 公开草稿: 是", "状态: 现行\n发布日期: 2027-05-01"]
    {
        let page = format!("-- content/a.md --\n---\n标题: 不见\n类型: 公开目录\n{lines}\n---\n不见。\n");
        let (report, files) = build(&format!("{OWN_KIND}{page}"), false);
        assert!(!is_shown(&files), "{lines}: {:?}", codes(&report));
    }
    // On a page of another kind they are marks.
    for lines in ["密级: 秘密", "状态: 草稿", "保密: 是", "公开: 否", "发布时间: 2027-05-01"] {
        let page = format!("-- content/a.md --\n---\n标题: 不见\n{lines}\n---\n不见。\n");
        let (report, files) = build(&format!("{OWN_KIND}{page}"), false);
        assert!(!is_shown(&files), "{lines}: {:?}", codes(&report));
    }
}

/// A taxonomy of the site, and the key by which a kind dates its pages.
#[test]
fn what_the_settings_and_a_kind_say_of_a_key_holds() {
    let settings = "taxonomies:\n  - {key: 密级, title: 密级}\n";
    for (term, page) in [("秘密", "密级: 秘密"), ("内部", "密级: [内部]")] {
        let site = SITE.replace("-- content/open.md", &format!("{settings}-- content/open.md"));
        let site = format!("{site}-- content/a.md --\n---\n标题: 不见\n{page}\n---\n不见。\n");
        let (report, files) = build_archive(&site, date(2026, 11, 27), &Options::default());
        assert!(is_shown(&files), "{term}: {:?}", codes(&report));
    }
    for key in ["发布时间", "公开日期"] {
        let kind = format!(
            "-- kinds/通告.yaml --\n名称: 通告\n英文名: bulletin\n有日期: {key}\n键:\n  - {{名称: {key}, 英文名: day, 类型: 日期}}\n"
        );
        for (day, shown) in [("2027-05-01", false), ("2026-05-01", true)] {
            let page = format!("-- content/a.md --\n---\n标题: 不见\n类型: 通告\n{key}: {day}\n---\n不见。\n");
            let (report, files) = build(&format!("{kind}{page}"), false);
            assert_eq!(is_shown(&files), shown, "{key} {day}: {:?}", codes(&report));
        }
    }
}

#[test]
fn labels_without_marks_hold_a_page_back() {
    let error = ["front-matter-unread"];
    for (text, wanted) in [
        ("标题：不见\n发布时间：2027-05-01\n不见。\n", &error[..]),
        ("标题: 不见\n日期: 2027-05-01\n不见。\n", &error),
        ("标题：不见\n\n发布时间：2027年5月1日\n\n不见。\n", &error),
        ("标题: 不见\r\n\r\n日期: 2027-05-01\r\n\r\n不见。\r\n", &error),
        ("标题：不见\n\n状态：草稿，勿发\n\n不见。\n", &error),
        ("标题：不见\n密级：秘密★1年\n不见。\n", &error),
        ("来源：不见局\n发布时间：2027-05-01\n不见。\n", &["front-matter-in-body", "future-page"]),
        (
            "# 不见\n\n来源：县司法局　发布时间：2027-05-01　浏览：3\n\n不见。\n",
            &["front-matter-in-body", "future-page"],
        ),
    ] {
        let (report, files) = build(&format!("-- content/a.md --\n{text}"), true);
        assert!(!is_shown(&files) && files.contains_key("open/index.html"), "{text}: {:?}", codes(&report));
        let found = codes(&report);
        assert!(wanted.iter().all(|code| found.contains(code)), "{text}: {found:?}");
    }
    for text in [
        "来源：县司法局\n发布时间：2026-05-01\n不见。\n",
        "标题：不见\n作者：甲\n不见。\n",
        "时间：2027-05-01\n地点：人民广场\n不见。\n",
    ] {
        let (report, files) = build(&format!("-- content/a.md --\n{text}"), false);
        assert!(is_shown(&files), "{text}: {:?}", codes(&report));
    }
}

#[test]
fn words_below_a_heading_are_reported() {
    for text in [
        "# 通知\n\n（草稿，请勿发布）\n\n正文。\n",
        "---\n标题: 通知\n---\n\n# 通知\n\n**草稿 - 勿发**\n\n正文。\n",
        "通知\n====\n\n【待完善】\n\n正文。\n",
        "# 通知\n\n密级：秘密★1年\n\n正文。\n",
    ] {
        let (report, _) = build(&format!("-- content/a.md --\n{text}"), false);
        assert!(codes(&report).contains(&"named-draft"), "{text}: {:?}", codes(&report));
    }
}
