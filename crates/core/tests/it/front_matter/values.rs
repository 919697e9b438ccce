//! What front matter comes to: values as people write them, in both languages, for every kind.

use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::*;
use puzhi_core::yaml::{Field, Type, Value, parse_mapping, parse_value};

use super::{page, seen};

/// Reads a page that must be without findings.
fn clean(kind: KindName, lines: &str) -> (CommonFrontMatter, KindData) {
    let text = format!("---\n{lines}---\n正文\n");
    let file = SitePath::new("content/page.md").unwrap();
    let source = SourceText::new(&file, &text);
    let taxonomies = ["tags".to_string(), "topics".to_string(), "主题".to_string()];
    let FrontMatterOf { common: head, own: kind, diags } = read_front_matter(
        &source,
        split_front_matter(&text).front,
        &FrontMatterContext { taxonomies: &taxonomies, ..FrontMatterContext::of(kind) },
    );
    let found: Vec<_> = diags.iter().map(|d| d.message(Lang::Zh)).collect();
    assert!(found.is_empty(), "{lines}: {found:?}");
    (head, kind)
}

fn terms(head: &CommonFrontMatter, taxonomy: &str) -> Vec<String> {
    head.terms
        .iter()
        .filter(|(name, _)| name == taxonomy)
        .flat_map(|(_, terms)| terms)
        .map(|t| t.value.clone())
        .collect()
}

#[test]
fn both_languages_name_the_same_fields() {
    let (english, _) = clean(
        KindName::Page,
        "title: 通知\ndate: 2025-04-26\nsummary: 摘要\ntags: [专利]\ndraft: true\norder: 3\nsource: 本站\n",
    );
    let (chinese, _) = clean(
        KindName::Page,
        "标题: 通知\n日期: 2025年4月26日\n摘要: 摘要\n标签: 专利\n草稿: 是\n排序: 3\n来源: 本站\n",
    );
    assert_eq!(english.title, chinese.title);
    assert_eq!(english.date, chinese.date);
    assert_eq!(terms(&chinese, "tags"), ["专利"]);
    assert_eq!(
        (english.summary, english.draft, english.order, english.source),
        (chinese.summary, chinese.draft, chinese.order, chinese.source)
    );
}

#[test]
fn dates_and_flags_as_people_write_them() {
    for date in ["2025-04-26", "2025/4/26", "2025.4.26", "2025年4月26日", "\"2025-04-26\"", "２０２５年４月２６日"]
    {
        assert_eq!(clean(KindName::Page, &format!("date: {date}\n")).0.date.unwrap().iso(), "2025-04-26", "{date}");
    }
    assert_eq!(clean(KindName::Page, "date: 2025年4月26日 9:30\n").0.date.unwrap().iso(), "2025-04-26T09:30:00");
    for yes in ["true", "yes", "on", "是", "真", "True", "\"是\""] {
        assert!(clean(KindName::Page, &format!("draft: {yes}\n")).0.draft, "{yes}");
    }
    for no in ["false", "no", "off", "否", "假"] {
        assert!(!clean(KindName::Page, &format!("draft: {no}\n")).0.draft, "{no}");
    }
}

#[test]
fn text_keeps_what_was_written() {
    for (written, text) in [
        ("007", "007"),
        ("1.10", "1.10"),
        ("3.50", "3.50"),
        ("2025-04-26", "2025-04-26"),
        ("true", "true"),
        ("null", ""),
        ("0x1F", "0x1F"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("'it''s'", "it's"),
        ("\"a\\tb\"", "a\tb"),
        ("C#  # 注释", "C#"),
        ("a：b", "a：b"),
        ("http://a.cn/b", "http://a.cn/b"),
        ("“强县”建设", "“强县”建设"),
        ("9:30", "9:30"),
        ("-5", "-5"),
        ("'**85%**'", "**85%**"),
    ] {
        assert_eq!(
            clean(KindName::Page, &format!("title: {written}\n")).0.title.unwrap_or_default(),
            text,
            "{written}"
        );
    }
    assert_eq!(clean(KindName::Page, "summary: |\n  第一行\n  第二行: 值\n").0.summary.unwrap(), "第一行\n第二行: 值");
    assert_eq!(clean(KindName::Page, "summary: 第一行\n  第二行\n").0.summary.unwrap(), "第一行第二行");
    assert_eq!(clean(KindName::Page, "summary:\n  　　首行空两格\n").0.summary.unwrap(), "首行空两格");
}

#[test]
fn lists_in_every_form() {
    for list in [
        "[专利, 商标]",
        "\n  - 专利\n  - 商标",
        "\n- 专利\n- 商标",
        "[\n  专利,\n  商标,\n]",
        "[\"专利\", '商标']",
        "\n  # 注释\n  - 专利 # 一\n\n  - 商标",
    ] {
        assert_eq!(
            terms(&clean(KindName::Page, &format!("tags: {list}\ntitle: 甲\n")).0, "tags"),
            ["专利", "商标"],
            "{list}"
        );
    }
    assert_eq!(terms(&clean(KindName::Page, "tags: 专利\n").0, "tags"), ["专利"]);
    assert_eq!(terms(&clean(KindName::Page, "tags: []\n").0, "tags"), Vec::<String>::new());
    assert_eq!(
        terms(&clean(KindName::Page, "campaign: \"科技、文化、卫生三下乡\"\n").0, "campaigns"),
        ["科技、文化、卫生三下乡"]
    );
    assert_eq!(
        terms(&clean(KindName::Page, "units: 发改局（粮食局、能源局）\n").0, "units"),
        ["发改局（粮食局、能源局）"]
    );
}

#[test]
fn taxonomies_of_every_site_and_of_this_one() {
    let (head, _) = clean(
        KindName::Event,
        "id: a\nstart: 2025-04-26\ncampaign: 4·26\nchannel: [社区, 进校园]\naudience: 市民\nunits: [甲, 乙]\ntopics: [子, 丑]\n主题: 寅\n",
    );
    assert_eq!(terms(&head, "channels"), ["进社区", "进校园"]);
    assert_eq!(terms(&head, "campaigns"), ["4·26"]);
    assert_eq!(terms(&head, "audiences"), ["市民"]);
    assert_eq!(terms(&head, "units"), ["甲", "乙"]);
    assert_eq!(terms(&head, "topics"), ["子", "丑"]);
    assert_eq!(terms(&head, "主题"), ["寅"]);
}

#[test]
fn images_as_a_name_or_with_words() {
    let (head, _) = clean(KindName::Page, "配图: {文件: a.png, 说明文字: 签约现场, 署名: 本站}\n");
    let image = head.image.unwrap();
    assert_eq!(
        (image.src.value.as_str(), image.alt.as_deref(), image.credit.as_deref()),
        ("a.png", Some("签约现场"), Some("本站"))
    );
}

#[test]
fn a_kind_of_its_own_and_the_sections() {
    let (_, kind) = clean(
        KindName::Page,
        "kind: 政策\n文号: 安政通〔2022〕1号\n状态: 有效\n原文: 是\nexplains: ../policy/plan.md\n",
    );
    let KindData::Policy(policy) = kind else { panic!("{kind:?}") };
    assert_eq!((policy.status, policy.is_original), (Some(PolicyStatus::Effective), true));
    assert_eq!(policy.explains[0].value, "../policy/plan.md");
    let (_, kind) = clean(KindName::Policy, "original: ../policy/plan.md\n");
    let KindData::Policy(policy) = kind else { panic!("{kind:?}") };
    assert_eq!(policy.original.unwrap().value, "../policy/plan.md");
    assert_eq!(clean(KindName::Story, "").1.name(), KindName::Story);
}

#[test]
fn guides_events_and_stories() {
    let (_, kind) = clean(
        KindName::Guide,
        "事项: 质押登记\n步骤:\n  - 查清权利。看权利人是谁、是否有效，年费是否缴清\n窗口:\n  地点: 一楼\n  电话: 0871-12345678\n",
    );
    let KindData::Guide(guide) = kind else { panic!("{kind:?}") };
    assert_eq!(guide.steps, ["查清权利。看权利人是谁、是否有效，年费是否缴清"]);
    assert_eq!(guide.window.unwrap().phone.as_deref(), Some("0871-12345678"));
    let (_, kind) = clean(
        KindName::Event,
        "编号: a-1\n开始: 2025-04-26 9:30\n结束: 11:30\n状态: 已举办\n人次: 150\n凭证: 签到表.pdf\n重复: 每年\n",
    );
    let KindData::Event(event) = kind else { panic!("{kind:?}") };
    assert_eq!(event.end.unwrap().iso(), "2025-04-26T11:30:00");
    assert_eq!(
        (event.status, event.attendance, event.yearly, event.all_day),
        (EventStatus::Held, Some(150), true, false)
    );
    let (_, kind) = clean(
        KindName::Story,
        "单位: 某公司\nfigures:\n  - {label: 贷款, value: 3.50, unit: 亿元}\n  - 名称: 件数\n    数值: 007\n",
    );
    let KindData::Story(story) = kind else { panic!("{kind:?}") };
    let values: Vec<_> = story.figures.iter().map(|f| f.value.as_str()).collect();
    assert_eq!(values, ["3.50", "007"]);
}

#[test]
fn surveys_keep_ids_and_order() {
    let (_, kind) = clean(
        KindName::Survey,
        "id: awareness\n目标: {数值: 85, 比较: ＞}\n问题:\n  - 编号: q1\n    题型: 多选\n    题目: 您知道哪些？\n    必答: 是\n    选项:\n      - {id: 1, text: 专利}\n      - {编号: 02, 文字: 商标}\n  - {id: age, type: number, text: 年龄？}\n",
    );
    let KindData::Survey(survey) = kind else { panic!("{kind:?}") };
    assert_eq!(survey.target, Some(TargetValue { min: Some(85.0), strict: true, ..TargetValue::default() }));
    assert_eq!(survey.questions.len(), 2);
    assert_eq!((survey.questions[0].kind, survey.questions[0].required), (QuestionKind::Multiple, true));
    let ids: Vec<_> = survey.questions[0].options.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(ids, ["1", "02"]);
}

#[test]
fn targets_are_read_whole() {
    let text = "- id: awareness\n  title: 认知度\n  group: 保护\n  words: 达85%以上\n  value: {min: 85, op: \"≥\", approximate: true, relative_to: 全省}\n  unit: \"%\"\n  per: 累计\n  by: 2025-07-31\n  \
                units: [市市场监管局]\n  clause: {text: 三(二)4, link: /policy/plan.md#s3-2-4}\n  observations:\n    - {date: 2025-01-01, value: 80, source: 乙}\n    - {date: 2024-01-01, value: 70.5, source: 甲}\n  from: {survey: awareness}\n\
                - {id: b, title: 乙, words: 5至6家, value: {min: 5, max: 6}}\n- {id: c, title: 丙, words: 丙, value: 700}\n";
    let file = SitePath::new("data/targets.yaml").unwrap();
    let source = SourceText::new(&file, text);
    let (targets, diags) = read_targets(&source);
    assert_eq!(diags, []);
    let first = &targets[0];
    assert_eq!(
        (first.per, first.value.min, first.value.strict, first.value.approximate),
        (Period::Total, Some(85.0), false, true)
    );
    assert_eq!(first.observations.iter().map(|o| o.value).collect::<Vec<_>>(), [70.5, 80.0]);
    assert_eq!(first.from, Some(TargetSource::Survey("awareness".into())));
    let (name, link) = first.clause.clone().unwrap();
    assert_eq!((name.as_str(), link.unwrap().value.as_str()), ("三(二)4", "/policy/plan.md#s3-2-4"));
    assert_eq!((targets[1].value.max, targets[2].value.min), (Some(6.0), Some(700.0)));
    assert_eq!(&text[targets[1].id.span.start..targets[1].id.span.end], "b");
    assert_eq!(read_targets(&SourceText::new(&file, "# 还没有\n")), (vec![], vec![]));
}

#[test]
fn nested_values_know_where_they_stand() {
    let text = "extra:\n  列表:\n    - 甲: 一\n      乙: [1.50, \"二\"]\n  深: {里: {面: 三}}\n";
    let file = SitePath::root();
    let source = SourceText::new(&file, text);
    let (mapping, diags) = parse_mapping(&source, Span::new(0, text.len()));
    assert_eq!(diags, []);
    let extra = mapping.get("extra").unwrap().as_map().unwrap();
    let item = extra.get("列表").unwrap().as_list().unwrap()[0].as_map().unwrap();
    let written = |span: Span| &text[span.start..span.end];
    assert_eq!(written(item.get("甲").unwrap().span), "一");
    let pair = item.get("乙").unwrap().as_list().unwrap();
    assert_eq!(
        (written(pair[0].span), pair[0].text().unwrap().as_ref(), written(pair[1].span)),
        ("1.50", "1.50", "\"二\"")
    );
    let deep = extra.get("深").unwrap().as_map().unwrap().get("里").unwrap().as_map().unwrap();
    assert_eq!((written(deep.entries[0].key_span), written(deep.entries[0].node.span)), ("面", "三"));
    assert_eq!(
        mapping.to_json().to_string(),
        r#"{"extra":{"列表":[{"甲":"一","乙":[1.5,"二"]}],"深":{"里":{"面":"三"}}}}"#
    );
}

#[test]
fn data_of_any_shape() {
    let file = SitePath::root();
    let any = |text: &str| parse_value(&SourceText::new(&file, text), Span::new(0, text.len()));
    assert_eq!(any("- 1\n- [a\n- 3\n").0.as_list().map(<[_]>::len), Some(3));
    assert_eq!(any("- 1\n- [a\n- 3\n").1.len(), 1);
    assert_eq!(any("---\na: 1\n").0.to_json().to_string(), r#"{"a":1}"#);
    assert_eq!(any("{\n\"a\": [1, 2],\n\"b\": null\n}\n").0.to_json().to_string(), r#"{"a":[1,2],"b":null}"#);
    assert_eq!(any("文字\n").0.value, Value::Text("文字".into()));
    assert_eq!(any("").0.value, Value::Null);
}

#[test]
fn no_two_fields_of_a_page_share_a_name() {
    fn check(table: &[Field]) {
        for (i, field) in table.iter().enumerate() {
            let names = [field.key, field.zh].into_iter().chain(field.aliases.iter().copied());
            for name in names {
                let other = table.iter().enumerate().find(|(j, f)| *j != i && f.is_named(name));
                assert!(other.is_none(), "{name} of {} is also {}", field.key, other.map_or("", |o| o.1.key));
            }
            if let Type::Map(inner) | Type::Maps(inner) = field.ty {
                check(inner);
            }
            assert!(!field.doc_zh.is_empty() && !field.doc_en.is_empty() && !field.ty.describe().0.is_empty());
        }
    }
    let tables = field_tables();
    let head = tables[0].fields;
    for table in &tables[1..] {
        match table.name {
            "targets" => check(table.fields),
            _ => check(&[head, table.fields].concat()),
        }
    }
}

/// An event's start and end, in the time zone of the site.
fn times(front: &str) -> (String, Option<String>, Vec<&'static str>) {
    let file = SitePath::new("content/e.md").unwrap();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let text = format!("---\n{front}编号: e\n---\n");
    let source = SourceText::new(&file, &text).in_zone(&zone);
    let context = FrontMatterContext::of(KindName::Event);
    let FrontMatterOf { own: kind, diags, .. } = read_front_matter(&source, split_front_matter(&text).front, &context);
    let KindData::Event(event) = kind else { panic!("no event") };
    (
        event.start.map(|m| m.iso()).unwrap_or_default(),
        event.end.map(|m| m.iso()),
        diags.iter().map(|d| d.code.name).collect(),
    )
}

#[test]
#[rustfmt::skip]
fn ranges_and_offsets_of_events() {
    for (front, start, end, found) in [
        ("开始: 2027-04-26 9:30-11:30\n", "2027-04-26T09:30:00", Some("2027-04-26T11:30:00"), &[][..]),
        ("开始: 2027-04-26 14:00—17:00\n", "2027-04-26T14:00:00", Some("2027-04-26T17:00:00"), &[]),
        ("start: 2027年4月26日下午2点至5点\n", "2027-04-26T14:00:00", Some("2027-04-26T17:00:00"), &[]),
        ("开始: 2027-04-26T01:30:00Z\n结束: 2027-04-26T03:30:00Z\n", "2027-04-26T09:30:00", Some("2027-04-26T11:30:00"), &[]),
        ("开始: 2027-04-25T23:30-05:00\n结束: 14:00\n", "2027-04-26T12:30:00", Some("2027-04-26T14:00:00"), &[]),
        ("开始: 2027-04-26 20:00\n结束: 24:00\n", "2027-04-26T20:00:00", Some("2027-04-27T00:00:00"), &[]),
        ("开始: 2027-04-26 上午9点\n结束: 上午11点半\n", "2027-04-26T09:00:00", Some("2027-04-26T11:30:00"), &[]),
        ("开始: 2027-04-26 ~ 2027-04-28\n", "2027-04-26", Some("2027-04-28"), &[]),
        ("开始: 2027-04-26\n结束: 17:00\n", "2027-04-26", Some("2027-04-26T17:00:00"), &["end-time-unused"]),
        ("start: 二〇二七年四月二十六日\nend: 2027-04-27 17:00\n", "2027-04-26", Some("2027-04-27T17:00:00"), &["end-time-unused"]),
        ("开始: 2027-04-26 9:30-11:30\n结束: 12:00\n", "", None, &["date-range"]),
        ("结束: 12:00\n", "", None, &["missing-key"]),
        ("开始: 2027-04-26\n结束: 大概五点\n", "2027-04-26", None, &["bad-date"]),
    ] {
        assert_eq!(times(front), (start.to_string(), end.map(str::to_string), found.to_vec()), "{front}");
    }
}

/// What a mapping holds as JSON, and the codes of its findings.
fn parsed(text: &str) -> (String, Vec<&'static str>) {
    let file = SitePath::new("content/page.md").unwrap();
    let (mapping, diags) = parse_mapping(&SourceText::new(&file, text), Span::new(0, text.len()));
    (mapping.to_json().to_string(), diags.iter().map(|d| d.code.name).collect())
}

#[test]
#[rustfmt::skip]
fn yaml_as_people_type_it() {
    for (text, json, found) in [
        // Values over several lines.
        ("标题: 知识产权\n  宣传周\n", r#"{"标题":"知识产权宣传周"}"#, &[][..]),
        ("摘要: >\n  第一行写到这里，\n  第二行接着写。\n", r#"{"摘要":"第一行写到这里，第二行接着写。\n"}"#, &[]),
        ("来源: \"双引号里\n  换行\"\n", r#"{"来源":"双引号里换行"}"#, &[]),
        ("来源: '单引号里\n  换行'\n", r#"{"来源":"单引号里换行"}"#, &[]),
        ("作者: |\n  第一行\n  第二行\n", r#"{"作者":"第一行\n第二行\n"}"#, &[]),
        ("标题: 关于 IPO\n  和专利\n", r#"{"标题":"关于 IPO 和专利"}"#, &[]),
        ("标签:\n  - 知识\n    产权\n  - 甲\n", r#"{"标签":["知识产权","甲"]}"#, &[]),
        ("附加:\n  甲: 第一\n    第二\n", r#"{"附加":{"甲":"第一第二"}}"#, &[]),
        // Quoted values over several lines with a colon or a blank line.
        ("摘要: \"时间：四月\n  地点: 广场\"\n标题: 乙\n", r#"{"摘要":"时间：四月地点: 广场","标题":"乙"}"#, &[]),
        ("摘要: \"第一段\n\n  第二段\"\n", r#"{"摘要":"第一段\n第二段"}"#, &[]),
        // Numbered lists.
        ("条件:\n  1. 在本市居住\n  2. 年满18岁\n", r#"{"条件":["在本市居住","年满18岁"]}"#, &["list-mark", "list-mark"]),
        ("步骤:\n  1、准备材料\n  2、到窗口提交\n", r#"{"步骤":["准备材料","到窗口提交"]}"#, &["list-mark", "list-mark"]),
        ("步骤:\n  （1）准备\n  （2）提交\n", r#"{"步骤":["准备","提交"]}"#, &["list-mark", "list-mark"]),
        ("步骤:\n  ①准备\n  ②提交\n", r#"{"步骤":["准备","提交"]}"#, &["list-mark", "list-mark"]),
        ("步骤:\n1. 准备\n2. 提交\n", r#"{"步骤":["准备","提交"]}"#, &["list-mark", "list-mark"]),
        ("摘要:\n  1.5 万元的补助\n  2.5 万元的奖励\n", r#"{"摘要":"1.5 万元的补助 2.5 万元的奖励"}"#, &[]),
        // Lists with the other marks of Markdown.
        ("标签:\n  * 甲\n  * 乙\n", r#"{"标签":["甲","乙"]}"#, &["list-mark", "list-mark"]),
        ("标签:\n* 甲\n* 乙\n标题: 丙\n", r#"{"标签":["甲","乙"],"标题":"丙"}"#, &["list-mark", "list-mark"]),
        ("标签:\n-环保\n-禁毒\n标题: 丙\n", r#"{"标签":["环保","禁毒"],"标题":"丙"}"#, &["list-mark", "list-mark"]),
        ("标签:\n－ 环保\n－ 禁毒\n", r#"{"标签":["环保","禁毒"]}"#, &["list-mark", "list-mark"]),
        ("标签:\n• 环保\n标题: 丙\n", r#"{"标签":["环保"],"标题":"丙"}"#, &["list-mark"]),
        ("标签:\n-环保\n", r#"{"标签":["环保"]}"#, &["list-mark"]),
        ("标签:\n  — 环保\n", r#"{"标签":["环保"]}"#, &["list-mark"]),
        ("标签:\n  · 环保\n", r#"{"标签":["环保"]}"#, &["list-mark"]),
        ("摘要:\n  —环保\n", r#"{"摘要":"—环保"}"#, &[]),
        ("标签:\n+ 甲\n+ 乙\n", r#"{"标签":["甲","乙"]}"#, &["list-mark", "list-mark"]),
        ("标签:\n  *甲\n  *乙\n", r#"{"标签":["甲","乙"]}"#, &["list-mark", "list-mark"]),
        ("标签: *a\n", r#"{"标签":null}"#, &["yaml-alias"]),
        ("材料:\n- 身份证\n  - 复印件\n", r#"{"材料":["身份证","复印件"]}"#, &["yaml-indent"]),
        // Full-width colons below the first level.
        ("窗口:\n  地点：一楼\n  电话：8888\n", r#"{"窗口":{"地点":"一楼","电话":8888}}"#, &["full-width-colon", "full-width-colon"]),
        ("窗口：\n  地点：一楼\n  电话: 8888\n", r#"{"窗口":{"地点":"一楼","电话":8888}}"#, &["full-width-colon", "full-width-colon"]),
        ("问题:\n  - 编号：a\n    文字：甲\n  - 编号：b\n    文字：乙\n", r#"{"问题":[{"编号":"a","文字":"甲"},{"编号":"b","文字":"乙"}]}"#, &["full-width-colon"; 4]),
        ("步骤:\n  - 注意：带身份证\n", r#"{"步骤":["注意：带身份证"]}"#, &[]),
    ] {
        assert_eq!(parsed(text), (json.to_string(), found.to_vec()), "{text}");
    }
}

/// Lists with numbers as people type them: below the key without indentation, and from the line of the key on.
#[test]
fn numbered_lists_wherever_they_begin() {
    for written in [
        "材料:\n1. 身份证\n2. 户口本\n",
        "材料:\n1、身份证\n2、户口本\n",
        "材料: 1. 身份证\n  2. 户口本\n",
        "材料: （1）身份证\n（2）户口本\n",
        "材料: ①身份证\n    ②户口本\n",
    ] {
        let text = format!("---\n标题: 甲\n类型: 指南\n{written}时限: 三天\n---\n");
        let found = page(KindName::Guide, &text);
        assert!(found.iter().all(|d| d.code.name == "list-mark") && found.len() == 2, "{text}: {:?}", seen(&found));
        let file = SitePath::new("content/page.md").unwrap();
        let source = SourceText::new(&file, &text);
        let read =
            read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Guide));
        let KindData::Guide(guide) = read.own else { panic!("{text}") };
        assert_eq!(guide.materials, ["身份证", "户口本"], "{text}");
    }
    // One number is text, and a number in a text is none of a list.
    for written in ["材料: 1. 身份证\n", "材料: 1.5 寸照片\n  2 张\n"] {
        let found = page(KindName::Guide, &format!("---\n标题: 甲\n类型: 指南\n{written}---\n"));
        assert!(found.is_empty(), "{written}: {:?}", seen(&found));
    }
}

/// Lists whose lines have no marks: YAML joins them to one text.
#[test]
fn lists_without_marks() {
    let read = |lines: &str| {
        let text = format!("---\n标题: 甲\n类型: 指南\n{lines}---\n");
        let file = SitePath::new("content/page.md").unwrap();
        let source = SourceText::new(&file, &text);
        let read =
            read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Guide));
        let tags = terms(&read.common, "tags");
        let KindData::Guide(guide) = read.own else { panic!("{text}") };
        let found: Vec<&str> = read.diags.iter().map(|d| d.code.name).collect();
        (tags, guide.materials, found.join(" "))
    };
    let list = |items: &[&str]| items.iter().map(|item| item.to_string()).collect::<Vec<String>>();
    for (lines, tags, materials, found) in [
        ("标签:\n  专利\n  商标\n", &["专利", "商标"][..], &[][..], "list-without-marks"),
        ("标签: 专利\n  商标\n", &["专利", "商标"], &[], "list-without-marks"),
        ("标签:\n\n  专利\n\n  商标 # 注\n", &["专利", "商标"], &[], "list-without-marks"),
        ("材料:\n  身份证\n  户口本\n", &[], &["身份证", "户口本"], "list-without-marks"),
        ("材料:\n  * 身份证\n  * 户口本\n", &[], &["身份证", "户口本"], "list-mark list-mark"),
        // Text that goes on.
        ("材料:\n  有效期内的身份证，\n  或者户口本\n", &[], &["有效期内的身份证，或者户口本"], ""),
        ("材料: 身份证\n  的复印件\n", &[], &["身份证的复印件"], ""),
        ("材料: >\n  身份证\n  户口本\n", &[], &["身份证户口本"], ""),
        ("标签: \"专利\n  商标\"\n", &["专利商标"], &[], ""),
    ] {
        assert_eq!(read(lines), (list(tags), list(materials), found.to_string()), "{lines}");
    }
}

#[test]
fn quoted_text_over_lines() {
    for (written, summary, code) in [
        ("\"第一段\n\n第二段\"", "第一段\n第二段", None),
        ("'第一段。\n\n第二段。\n\n第三段。'", "第一段。\n第二段。\n第三段。", None),
        ("\"第一行\n第二行\"", "第一行第二行", None),
        ("\"第一行: 甲\n  第二行: 乙\"", "第一行: 甲第二行: 乙", None),
        ("\"第一行\n第二行: 乙\"", "第一行第二行: 乙", Some(("yaml-quoted-key", 4, 1))),
        ("'甲: 一\n\n乙: 二'", "甲: 一\n乙: 二", Some(("yaml-quoted-key", 5, 1))),
    ] {
        let text = format!("---\n标题: 甲\n摘要: {written}\n日期: 2026-01-01\n---\n");
        let found = page(KindName::Page, &text);
        let said: Vec<_> = found.iter().map(|d| (d.code.name, d.position.map(|p| (p.line, p.column)))).collect();
        let wanted: Vec<_> = code.iter().map(|(name, line, column)| (*name, Some((*line, *column)))).collect();
        assert_eq!(said, wanted, "{text}");
        let file = SitePath::new("content/page.md").unwrap();
        let source = SourceText::new(&file, &text);
        let read = read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Page));
        assert_eq!(read.common.summary.as_deref(), Some(summary), "{text}");
        assert!(read.common.date.is_some());
    }
    // A quotation mark that is only missing swallows no other key.
    for text in [
        "---\n标题: \"甲\n日期: 2026-01-01\n摘要: \"乙\"\n---\n",
        "---\n标题: \"甲\n日期: 2026-01-01\n摘要: 说“乙\"丙\"丁\n---\n",
    ] {
        assert!(page(KindName::Page, text).iter().any(|d| d.code.name == "yaml-unclosed-quote"), "{text}");
    }
}

/// Hints have the key that the author wrote.
#[test]
fn hints_about_pictures_have_the_keys_of_the_author() {
    for (written, hint) in [
        ("配图: a b.png", "写成 配图: {文件: a b.png, 说明文字: 图里有什么}"),
        ("image: a.png", "写成 image: {src: a.png, alt: 图里有什么}"),
        ("配图: [a.png]", "写成 配图: {文件: a.png, 说明文字: 图里有什么}"),
    ] {
        let found = page(KindName::Page, &format!("---\n{written}\n---\n"));
        let hints: Vec<Option<String>> = found.iter().map(|d| d.hint(Lang::Zh)).collect();
        assert!(hints.contains(&Some(hint.to_string())), "{written}: {hints:?}");
    }
    let found = page(KindName::Page, "---\n配图: {说明文字: 图}\n---\n");
    let hints: Vec<Option<String>> = found.iter().map(|d| d.hint(Lang::Zh)).collect();
    assert_eq!(hints, [Some("加一行 文件: photo.jpg".to_string())]);
}

/// A quoted value with an empty line may also be the last one, where its end looks like the body of a page.
#[test]
fn front_matter_ends_behind_a_quoted_value() {
    for (text, front) in [
        ("---\n摘要: \"第一段\n\n第二段\"\n---\n文\n", Some("摘要: \"第一段\n\n第二段\"\n")),
        ("---\n摘要: '第一段\n\n第二段'\n---\n文\n", Some("摘要: '第一段\n\n第二段'\n")),
        // Without the second mark the rest is the body, as before.
        ("---\n摘要: \"第一段\n\n第二段\n---\n文\n", Some("摘要: \"第一段\n")),
        ("---\n标题: 甲\n\n正文第一段\n\n---\n文\n", Some("标题: 甲\n")),
    ] {
        let split = split_front_matter(text);
        assert_eq!(split.front.map(|span| &text[span.start..span.end]), front, "{text}");
    }
}

/// Lists with full-width commas or brackets are read item by item, and the line to type is read without a finding.
#[test]
fn lists_with_wide_commas_and_brackets_are_read_as_lists() {
    let file = SitePath::new("content/page.md").unwrap();
    let taxonomies = ["tags".to_string()];
    let read = |text: &str| {
        let source = SourceText::new(&file, text);
        let split = split_front_matter(text);
        let read = read_front_matter(
            &source,
            split.front,
            &FrontMatterContext { taxonomies: &taxonomies, ..FrontMatterContext::of(KindName::Page) },
        );
        let words = |list: &[Spanned<String>]| list.iter().map(|word| word.value.clone()).collect::<Vec<_>>();
        let (tags, aliases): (Vec<String>, Vec<String>) =
            (read.common.terms.iter().flat_map(|(_, tags)| words(tags)).collect(), words(&read.common.aliases));
        (tags, aliases, seen(&read.diags).iter().map(|(code, ..)| *code).collect::<Vec<_>>())
    };
    for (line, tags, aliases, code) in [
        ("标签: [\"环保\"，\"禁毒\"]", vec!["环保", "禁毒"], vec![], Some("full-width-list")),
        ("标签: ['环保'、\"禁毒\"，]", vec!["环保", "禁毒"], vec![], Some("full-width-list")),
        ("标签: [\"环保\", \"禁毒\"]", vec!["环保", "禁毒"], vec![], None),
        ("旧网址: 【/old66a/，/old66b/】", vec![], vec!["/old66a/", "/old66b/"], Some("full-width-list")),
        ("旧网址: [/old66a/, /old66b/]", vec![], vec!["/old66a/", "/old66b/"], None),
    ] {
        let (found_tags, found_aliases, codes) = read(&format!("---\n标题: 甲\n{line}\n---\n文。\n"));
        assert_eq!(found_tags, tags, "{line}: {codes:?}");
        assert_eq!(found_aliases, aliases, "{line}: {codes:?}");
        assert_eq!(codes, Vec::from_iter(code), "{line}");
    }
}
