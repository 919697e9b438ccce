//! Every finding about front matter and typed data: a text that triggers exactly it, at the right line and column,
//! with complete messages in both languages; and all findings of a page at once.

mod drafts;
mod event_times;
mod hostile;
mod marks;
mod values;

use puzhi_core::base::SitePath;
use puzhi_core::diag::codes::front_matter as code;
use puzhi_core::diag::{Diagnostic, DiagnosticCode, Lang, SourceText, sort};
use puzhi_core::kinds::{
    FrontMatterContext, FrontMatterOf, KindName, read_front_matter, read_section_front_matter, read_targets,
    split_front_matter,
};

/// Findings of a page of `kind` with their places.
fn page(kind: KindName, text: &str) -> Vec<Diagnostic> {
    let file = SitePath::new("content/page.md").unwrap();
    let source = SourceText::new(&file, text);
    let split = split_front_matter(text);
    let mut diags = split.diags(&source);
    diags.extend(read_front_matter(&source, split.front, &FrontMatterContext::of(kind)).diags);
    diags
}

fn targets(text: &str) -> Vec<Diagnostic> {
    let file = SitePath::new("data/targets.yaml").unwrap();
    read_targets(&SourceText::new(&file, text)).1
}

fn seen(diags: &[Diagnostic]) -> Vec<(&'static str, usize, usize)> {
    diags.iter().map(|d| (d.code.name, d.position.map_or(0, |p| p.line), d.position.map_or(0, |p| p.column))).collect()
}

/// A code, the kind of page, the lines between the marks, and the place counted from the first of them.
type Case = (&'static DiagnosticCode, KindName, &'static str, usize, usize);

use KindName::{Event, Guide, Page, Policy, Survey};

#[rustfmt::skip]
const CASES: &[Case] = &[
    (&code::YAML_INVALID, Page, "extra:\n  - \"a\n    b\" c\n", 3, 7),
    (&code::YAML_INDENT_CHARACTER, Page, "extra:\n\t深: 1\n", 2, 1),
    (&code::YAML_INDENT_CHARACTER, Page, "extra:\n  甲: 1\n\u{3000}乙: 2\n", 3, 1),
    (&code::YAML_INDENT, Page, "title: 通知\n  date: 2025-04-26\n", 2, 3),
    (&code::YAML_INDENT, Page, "extra:\n    a: 1\n  b: 2\n", 3, 3),
    (&code::YAML_NO_KEY, Page, "summary: 第一行\n第二行\n", 2, 1),
    (&code::YAML_NO_ITEM, Page, "tags:\n  - 专利\n  商标\n", 3, 3),
    (&code::YAML_UNCLOSED_QUOTE, Page, "title: \"通知\ndate: 2025-04-26\n", 1, 8),
    (&code::YAML_UNCLOSED_QUOTE, Page, "tags: [专利, '商标]\ndate: 2025-04-26\n", 1, 12),
    (&code::YAML_UNCLOSED_BRACKET, Page, "tags: [专利, 商标\ndate: 2025-04-26\n", 1, 7),
    (&code::YAML_UNCLOSED_BRACKET, Page, "image: {src: a.png, alt: 图\n", 1, 8),
    (&code::YAML_BAD_ESCAPE, Page, "title: \"甲\\乙\"\n", 1, 10),
    (&code::YAML_ALIAS, Page, "title: *name\n", 1, 8),
    (&code::YAML_ALIAS, Page, "tags: [&a 专利]\n", 1, 8),
    (&code::YAML_TOO_DEEP, Page, "extra: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[甲]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", 1, 40),
    (&code::YAML_CONTROL, Page, "title: 专\u{7}利\n", 1, 9),
    (&code::YAML_CONTROL, Page, "title: 专利\u{2028}\n", 1, 10),
    (&code::YAML_CONTROL, Page, "title: \"专\\u0007利\"\n", 1, 8),
    (&code::YAML_CONTROL, Page, "tags: [专利, \"\\e[31m红\"]\n", 1, 12),
    (&code::YAML_QUOTED_KEY, Page, "summary: \"甲\n乙: 丙\"\n", 2, 1),
    (&code::YAML_DOCUMENTS, Page, "title: 通知\n...\n", 2, 1),
    (&code::YAML_LIST_ON_KEY_LINE, Page, "tags: - 专利\n", 1, 7),
    (&code::PUBLISH_DATE_KEY, Page, "title: 甲\npublishDate: 2099-01-01\n", 2, 1),
    (&code::PUBLISH_DATE_KEY, Page, "title: 甲\n发布: 2026年1月1日\n", 2, 1),
    (&code::PUBLISH_DATE_UNREAD, Page, "title: 甲\n定时发布: 是\n", 2, 7),
    (&code::PUBLISH_DATE_LOST, Page, "title: 甲\nextra: {publishDate: 2027-05-01}\n", 2, 9),
    (&code::PUBLISH_DATE_LOST, Page, "标题: 甲；日期：2027-05-01\n", 1, 7),
    (&code::EXPIRY_DATE_KEY, Page, "title: 甲\nexpiryDate: 2025-01-01\n", 2, 1),
    (&code::DUPLICATE_KEY, Page, "title: 甲\ndate: 2025-04-26\ntitle: 乙\n", 3, 1),
    (&code::FULL_WIDTH_COLON, Page, "标题：关于3·15的通知\n日期: 2025-04-26\n", 1, 3),
    (&code::FULL_WIDTH_COLON, Guide, "window: {地点：一楼, 电话: 暂未公布}\n", 1, 12),
    (&code::NO_SPACE_AFTER_COLON, Page, "title:通知\n", 1, 1),
    (&code::NEEDS_QUOTES, Page, "title: 通知: 关于专利\n", 1, 10),
    (&code::NEEDS_QUOTES, Page, "title: @所有人\n", 1, 8),
    (&code::NEEDS_QUOTES, Page, "title: *重点*工作\n", 1, 8),
    (&code::NEEDS_QUOTES, Page, "title: \"强县\"建设\n", 1, 8),
    (&code::NEEDS_QUOTES, Page, "title: [转载]专利须知\n", 1, 8),
    (&code::NEEDS_QUOTES, Page, "summary: | 专利\n", 1, 10),
    (&code::NEEDS_QUOTES, Guide, "window: {place: 一楼, hours: 时间: 九点}\n", 1, 28),
    (&code::TRAILING_MARK, Page, "\"title\": \"甲\",\n", 1, 13),
    (&code::TRAILING_MARK, Page, "tags: [甲, 乙]]\n", 1, 13),
    (&code::FULL_WIDTH_LIST, Page, "tags: 「甲，乙」\n", 1, 7),
    (&code::FULL_WIDTH_LIST, Page, "tags: (甲, 乙)\n", 1, 7),
    (&code::LOST_TO_COMMENT, Page, "title: 通知\nsummary: #专利\n", 2, 10),
    (&code::LOST_TO_COMMENT, Page, "title: 第 #3 号\n", 1, 10),
    (&code::FULL_WIDTH_QUOTES, Page, "title: “通知”\n", 1, 8),
    (&code::LIST_MARK, Page, "tags:\n  -专利\n", 2, 3),
    (&code::LIST_MARK, Page, "tags:\n  - 专利\n  － 商标\n", 3, 3),
    (&code::LIST_MARK, Page, "tags:\n* 专利\n", 2, 1),
    (&code::LIST_MARK, Page, "tags:\n  - 专利\n  *商标\n", 3, 3),
    (&code::LIST_WITHOUT_MARKS, Page, "tags:\n  专利\n  商标\n", 2, 3),
    (&code::LIST_WITHOUT_MARKS, Guide, "材料:\n  身份证\n  照片 # 两张\n", 2, 3),
    (&code::FULL_WIDTH_LIST, Page, "tags: ［专利，商标］\n", 1, 7),
    (&code::FULL_WIDTH_LIST, Page, "tags: [专利，商标］\n", 1, 7),
    (&code::FULL_WIDTH_LIST, Guide, "window: {place: 一楼，hours: 九点}\n", 1, 19),
    (&code::UNKNOWN_KEY, Page, "title: 通知\ntilte: 通知\n", 2, 1),
    (&code::UNKNOWN_KEY, Page, "image: {src: a.png, alt: 图, 说明: 甲}\n", 1, 29),
    (&code::FOREIGN_KEY, Page, "title: 通知\nlayout: post\n", 2, 1),
    (&code::FOREIGN_KEY, Guide, "title: 通知\nPermalink: /a/\n", 2, 1),
    (&code::FOREIGN_KEY, Page, "title: 通知\nid: a\n", 2, 1),
    (&code::KEY_GIVEN_TWICE, Page, "title: 甲\n标题: 乙\n", 2, 1),
    (&code::WRONG_TYPE, Page, "title:\n  - 甲\n  - 乙\n", 2, 3),
    (&code::WRONG_TYPE, Guide, "steps:\n  - 第一步: 查清权利\n", 2, 5),
    (&code::WRONG_TYPE, Guide, "window: 一楼\n", 1, 9),
    (&code::BAD_DATE, Page, "title: 甲\ndate: 2025-02-30\n", 2, 7),
    (&code::SEVERAL_TIMES, Page, "title: 甲\ndate: 2026-04-26、2026-04-28\n", 2, 7),
    (&code::WEEKDAY_DIFFERS, Page, "title: 甲\n日期: 2026年4月26日（星期一）\n", 2, 5),
    (&code::DATE_RANGE, Page, "date: 2025-04-26 9:30-11:30\n", 1, 7),
    (&code::DATE_RANGE, Event, "id: a\nstart: 2025-04-26 9:30-11:30\nend: 12:00\n", 2, 8),
    (&code::BAD_DATE, Page, "date: 2026-03-01 23:30-05:00\n", 1, 7),
    (&code::BAD_FLAG, Page, "draft: 也许\n", 1, 8),
    (&code::BAD_FLAG, Page, "title: 甲\n草稿:\n", 2, 1),
    (&code::YAML_INDENT, Guide, "材料:\n- 身份证\n  - 复印件\n", 3, 3),
    (&code::FULL_WIDTH_LIST, Page, "标签: 【专利，商标】\n", 1, 5),
    (&code::BAD_NUMBER, Page, "order: 第一\n", 1, 8),
    (&code::BAD_NUMBER, Page, "order: 1.5\n", 1, 8),
    (&code::NUMBER_OUT_OF_RANGE, Page, "order: 99999999999999999999\n", 1, 8),
    (&code::BAD_CHOICE, Page, "kind: polcy\n", 1, 7),
    (&code::BAD_CHOICE, Policy, "status: 生效\n", 1, 9),
    (&code::NAMES_IN_ONE_TEXT, Page, "tags: 专利、商标\n", 1, 7),
    (&code::NAMES_IN_ONE_TEXT, Page, "units: [市财政局，市工科信局]\n", 1, 9),
    (&code::MISSING_KEY, Event, "title: 活动\nid: a\n", 1, 1),
    (&code::MISSING_KEY, Survey, "title: 问卷\n", 1, 1),
    (&code::DRAFT_MARK_UNREAD, Page, "title: 甲 draft：true\n", 1, 10),
    (&code::KEY_OF_OTHER_KIND, Page, "title: 甲\nstart: 2025-04-26\n", 2, 1),
    (&code::END_BEFORE_START, Event, "start: 2025-04-26\nend: 2025-04-25\nid: a\n", 2, 6),
    (&code::END_BEFORE_START, Event, "start: 2025-04-26 9:30\nend: 9:00\nid: a\n", 2, 6),
    (&code::END_BEFORE_START, Page, "date: 2025-04-26\nexpires: 2025-04-25\n", 2, 10),
    (&code::IMAGE_WITHOUT_ALT, Page, "image: a.png\n", 1, 8),
    (&code::IMAGE_WITHOUT_ALT, Page, "image:\n  src: a.png\n", 2, 8),
    (&code::ATTENDANCE_NOT_HELD, Event, "start: 2025-04-26\nattendance: 150\nid: a\n", 2, 13),
    (&code::UNKNOWN_CHANNEL, Page, "channel: [进社区, 进厂区]\n", 1, 16),
    (&code::BAD_ID, Survey, "id: 认知 度\n", 1, 5),
    (&code::ID_USED_TWICE, Survey, "id: a\nquestions:\n  - {id: q, type: number, text: 甲}\nbackground:\n  - {id: q, type: number, text: 乙}\n", 5, 10),
    (&code::ID_USED_TWICE, Survey, "id: a\nquestions:\n  - id: q\n    text: 甲\n    options:\n      - {id: x, text: 是}\n      - {id: x, text: 否}\n", 7, 14),
    (&code::NO_OPTIONS, Survey, "id: a\nquestions:\n  - id: q\n    type: single\n    text: 您听说过吗？\n", 5, 11),
    (&code::EMPTY_TARGET, Survey, "id: a\ntarget: {op: ≥}\n", 2, 9),
    (&code::RANGE_REVERSED, Survey, "id: a\ntarget: {min: 6, max: 5}\n", 2, 9),
];

#[test]
fn each_case_gives_exactly_its_finding_where_it_stands() {
    for (code, kind, lines, line, column) in CASES {
        let diags = page(*kind, &format!("---\n{lines}---\n正文\n"));
        assert_eq!(seen(&diags), [(code.name, line + 1, *column)], "{lines}");
    }
}

#[test]
fn windows_line_endings_change_no_finding() {
    for (code, kind, lines, line, column) in CASES {
        let text = format!("---\n{lines}---\n正文\n").replace('\n', "\r\n");
        let diags = page(*kind, &text);
        assert_eq!(seen(&diags), [(code.name, line + 1, *column)], "{lines}");
    }
}

#[test]
fn every_message_is_complete_in_both_languages() {
    for (_, kind, lines, ..) in CASES {
        for diag in page(*kind, &format!("---\n{lines}---\n")) {
            for lang in [Lang::Zh, Lang::En] {
                let message = diag.message(lang);
                assert!(!message.contains(" …") && !message.contains("“…”") && !message.contains("\"…\""), "{message}");
                assert!(!message.contains(['{', '}']) || diag.code.name == "yaml-unclosed-bracket", "{message}");
            }
            let nearest = diag.code.zh_hint.contains("{nearest}");
            assert!(nearest || diag.hint(Lang::Zh).is_some() && diag.hint(Lang::En).is_some(), "{}", diag.code.name);
        }
    }
}

#[test]
fn marks_of_front_matter() {
    let unclosed = "---\ntitle: 通知\ndate: 2025-04-26\n\n正文第一段。\n";
    assert_eq!(seen(&page(Page, unclosed)), [("front-matter-unclosed", 1, 1)]);
    assert_eq!(&unclosed[split_front_matter(unclosed).body.start..], "\n正文第一段。\n");
    assert_eq!(seen(&page(Page, "---\ntitle: 通知\n－－－\n正文\n")), [("front-matter-mark", 3, 1)]);
    assert_eq!(
        seen(&page(Page, "———\ntitle: 通知\n———\n正文\n")),
        [("front-matter-mark", 1, 1), ("front-matter-mark", 3, 1)]
    );
    let later_rule = "---\ntitle: 通知\n\n正文第一段。\n\n正文第二段。\n\n---\n\n尾注。\n";
    assert_eq!(seen(&page(Page, later_rule)), [("front-matter-unclosed", 1, 1)]);
}

#[test]
fn a_rule_at_the_top_is_body() {
    for text in [
        "---\n\n正文第一段，没有键。\n\n---\n\n第二段。\n",
        "---\n注意：本文仅供参考。\n\n正文。\n",
        "——\n甲：乙\n",
        "# 标题\n\n---\ntitle: x\n---\n",
        "正文\n",
        "",
        "---",
        "---\n- a\n- b\n---\n",
    ] {
        let split = split_front_matter(text);
        assert_eq!((split.front, split.body.start, split.body.end), (None, 0, text.len()), "{text}");
    }
    let empty = split_front_matter("---\n---\n正文");
    assert_eq!(empty.front.map(|s| s.start..s.end), Some(4..4));
    assert_eq!(empty.body.start, 8);
}

#[test]
fn targets_report_as_pages_do() {
    let good = "- id: a\n  title: 甲\n  words: 甲达到5件以上\n  value: {min: 5, op: \">\"}\n  clause: 三(二)1\n";
    assert_eq!(seen(&targets(good)), []);
    let text = format!(
        "{good}- id: a\n  title: 乙\n  words: 乙\n  value: {{op: ≥}}\n  per: 每月\n- id: b\n  title: [丙\n- 丁\n"
    );
    let mut diags = targets(&text);
    sort(&mut diags);
    assert_eq!(
        seen(&diags),
        [
            ("id-used-twice", 6, 7),
            ("empty-target", 9, 10),
            ("bad-choice", 10, 8),
            ("missing-key", 11, 3),
            ("missing-key", 11, 3),
            ("missing-key", 11, 3),
            ("yaml-unclosed-bracket", 12, 10),
            ("wrong-type", 13, 3),
        ]
    );
}

#[test]
fn all_findings_of_a_page_come_at_once() {
    let text = "---\n标题：通知\ndate: 明天\nsummary: 关于: 某事\ntags: 专利、商标\nimage: a.png\ntilte: x\nunits: [甲, 乙\nauthor: \"abc\n\
                channel: 进厂区\nexpires: *x\norder: 甲\nstart: 2025-01-01\n---\n";
    let mut diags = page(Page, text);
    sort(&mut diags);
    let names: Vec<_> = diags.iter().map(|d| (d.position.unwrap().line, d.code.name)).collect();
    assert_eq!(
        names,
        [
            (2, "full-width-colon"),
            (3, "bad-date"),
            (4, "needs-quotes"),
            (5, "names-in-one-text"),
            (6, "image-without-alt"),
            (7, "unknown-key"),
            (8, "yaml-unclosed-bracket"),
            (9, "yaml-unclosed-quote"),
            (10, "unknown-channel"),
            (11, "yaml-alias"),
            (12, "bad-number"),
            (13, "key-of-other-kind"),
        ]
    );
}

#[test]
fn hints_show_what_to_type() {
    let hint = |lines: &str| page(Guide, &format!("---\n{lines}---\n"))[0].hint(Lang::Zh).unwrap();
    assert_eq!(hint("title: 通知: 关于专利\n"), "加上引号，写成 \"通知: 关于专利\"");
    assert_eq!(hint("title: 说\"不\": 理由\n"), "加上引号，写成 '说\"不\": 理由'");
    assert_eq!(hint("tags: 专利、商标\n"), "要是几个名称，写成 tags: [专利, 商标]；要是一个名称，加上引号");
    assert_eq!(hint("更薪: 2025-04-26\n"), "最接近的是“updated（更新）”");
    assert_eq!(hint("steps:\n  - 第一步: 查清权利\n"), "写成 steps: \"第一步: 查清权利\"");
    assert_eq!(hint("window: 一楼\n"), "写成 window: {place: 文字, phone: 文字}");
    assert_eq!(hint("窗口: 一楼\n"), "写成 窗口: {地点: 文字, 电话: 文字}");
    assert_eq!(hint("title: 甲\n date: 2025-04-26\n"), "顶格写，前面不要空格");
    assert_eq!(hint("标签: 【专利，商标】\n"), "用半角的方括号和逗号：标签: [专利, 商标]");
    assert_eq!(hint("日期: 2025-02-30\n"), "写成 日期: 2025-02-28（2 月只有 28 天）");
    assert_eq!(hint("日期: 4月26日 周日\n"), "写成 日期: 2026-04-26（年份照实写）");
    assert_eq!(hint("date: 20260426\n"), "写成 date: 2026-04-26");
    assert_eq!(hint("更新: 2026年4月26日上午\n"), "写成 更新: 2026-04-26");
    assert_eq!(hint("日期: 明天\n"), "写成 日期: 2025-04-26，要写时间就写成 日期: 2025-04-26 9:30");
    assert_eq!(
        hint("失效日期: 2026-04-26至4月28日\n"),
        "写成 失效日期: 2026-04-26；要是活动，结束的时间另写一行 结束: 2026-04-28"
    );
    assert_eq!(hint("发布时间: 2027年4月26日上午9点\n"), "写成 日期: 2027年4月26日上午9点");
    assert_eq!(hint("publish_date: 2027-04-26\n"), "写成 date: 2027-04-26");
    assert_eq!(hint("日期: 2026-01-01\n上线时间: 2027-04-26\n"), "把第 2 行写成 日期: 2027-04-26，删去这一行");
    assert_eq!(hint("image: a.png\n"), "写成 image: {src: a.png, alt: 图里有什么}");
}

/// Both languages show the keys and values that the author has, in Chinese or in English.
#[test]
fn hints_keep_the_keys_and_values_of_the_author() {
    for (kind, lines, line_to_type) in [
        (Event, "标题: 甲\n开始: 2027-01-01\n", "编号: "),
        (Event, "title: 甲\nstart: 2027-01-01\n", "id: "),
        (Event, "编号: a\n开始: 2027-01-01\n状态: 取消\n", "原因: "),
        (Event, "id: a\nstart: 2027-01-01\nstatus: cancelled\n", "reason: "),
        (Event, "编号: a\n开始: 2027-01-01\n人次: 30\n", "状态: 已举办"),
        (Event, "id: a\nstart: 2027-01-01\nattendance: 30\n", "status: held"),
        (Event, "编号: a\n开始: 2027-01-01\n除外: [2027]\n", "重复: 每年"),
        (Event, "编号: a\n标题: 甲\n", "开始: 2025-04-26"),
        (Page, "标题: 甲\n地点: 一楼\n", "类型: 活动"),
        (Page, "title: 甲\nplace: 一楼\n", "kind: event"),
        (Page, "标题: 甲\n摘要: [一句, 两句]\n", "摘要: 一句"),
        (Page, "标题: 甲\n类型: 指男\n", "类型: 指南"),
        (Page, "标题: 甲\n草稿: 大概\n", "草稿: "),
        (Page, "标题: 甲\n配图: 图.png\n", "配图: {文件: 图.png"),
    ] {
        let diags = page(kind, &format!("---\n{lines}---\n"));
        let [diag] = diags.as_slice() else { panic!("{lines}: {:?}", seen(&diags)) };
        for lang in [Lang::Zh, Lang::En] {
            let hint = diag.hint(lang).unwrap_or_default();
            assert!(hint.contains(line_to_type), "{lines}: {hint}");
        }
    }
}

#[test]
fn several_times_of_an_event_are_one_range_to_type() {
    let diags = page(Event, "---\ntitle: 甲\nid: a\n开始: 2026-04-26 9:30-11:30、14:00-16:00\n---\n");
    assert_eq!(seen(&diags), [("several-times", 4, 5)]);
    let hint = diags[0].hint(Lang::Zh).unwrap();
    assert!(hint.starts_with("写成 开始: 2026-04-26 9:30-16:00，"), "{hint}");
}

#[test]
fn every_code_has_a_case() {
    let elsewhere = [
        "front-matter-unclosed",
        "front-matter-mark",
        "front-matter-unread",
        "front-matter-in-body",
        "too-many-findings",
    ];
    for code in code::ALL {
        assert!(elsewhere.contains(&code.name) || CASES.iter().any(|c| c.0 == *code), "no case for {}", code.name);
    }
    let many = (0..300).map(|i| format!("行{i}\n")).collect::<String>();
    let diags = page(Page, &format!("---\ntitle: 甲\n{many}---\n"));
    assert_eq!(diags.len(), 101);
    assert_eq!(diags[100].code.name, "too-many-findings");
    assert_eq!(diags[100].message(Lang::Zh), "问题太多，还有 200 条没有列出");
}

#[test]
fn sections_read_their_own_keys() {
    let file = SitePath::new("content/guides/_index.md").unwrap();
    let text = "---\ntitle: 办事情\n类型: 指南\n每页篇数: 20\nsort: 排序\nplace: 一楼\n---\n";
    let source = SourceText::new(&file, text);
    let FrontMatterOf { common: head, own: lead, diags } =
        read_section_front_matter(&source, split_front_matter(text).front, &FrontMatterContext::of(Page));
    assert_eq!(head.title.as_deref(), Some("办事情"));
    assert_eq!(
        (lead.kind, lead.page_size, lead.sort),
        (Some(Guide), Some(20), Some(puzhi_core::kinds::SectionOrder::Order))
    );
    assert_eq!(seen(&diags), [("unknown-key", 6, 1)]);
}
