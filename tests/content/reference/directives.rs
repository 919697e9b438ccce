//! `directives.md`: blocks beyond Markdown.

use puzhi::markdown::{
    DiagramKey, DiagramValue, DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, MarkdownLabels,
    MarkdownOptions, OptionValueKind, directive_definitions, render,
};
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;

use super::same_as_page;
use super::table::{code, plain, table};

/// One example for each directive; each is read without findings.
fn example(name: &str) -> &'static str {
    match name {
        "note" => "```{note} 适用范围\n本办法适用于本市行政区域。\n```",
        "tip" => "```{tip}\n先在网上预约，可以少排队。\n```",
        "warning" => "```{warning}\n不要把验证码告诉别人。\n```",
        "details" => "```{details} 要带哪些材料\n:open: 是\n- 身份证\n- 营业执照\n```",
        "steps" => "```{steps}\n1. **准备材料**：申请表一份。\n2. **到窗口提交**：当场受理。\n```",
        "faq" => "```{faq}\n### 要收费吗？\n不收费。\n\n### 几天办完？\n7 个工作日。\n```",
        "figure" => "```{figure} opening.jpg\n:alt: 台上三个人在揭牌\n:caption: 揭牌仪式\n:credit: 市融媒体中心\n```",
        "gallery" => "```{gallery}\n![学生在看展板](a.jpg)\n![讲师在讲课](b.jpg)\n```",
        "download" => "```{download} form.docx\n:title: 申请表\n```",
        "contacts" => "```{contacts}\n- name: 政务服务中心\n  place: 一楼 3 号窗口\n  hours: 工作日 9:00—17:00\n```",
        "timeline" => "```{timeline}\n- date: 2022年8月\n  title: 方案印发\n  text: 见[全文](plan.md)。\n```",
        "flow" => {
            "```{flow} 怎样办登记\n角色: 企业、银行、登记机构\n步骤:\n  - 标题: 签合同\n    谁: 企业、银行\n    内容: 写明[借多少](loan.md)。\n  - 标题: 办登记\n    谁: 登记机构\n    标记: 质权从登记时设立\n    转到: 签合同\n    条件: 材料不齐\n```"
        }
        "decision" => {
            "```{decision} 该申请什么\n问题:\n  - 问: 您手里是什么？\n    选项:\n      - {答: 一个牌子, 去: 商标}\n      - {答: 一件新东西, 去: 看得出吗}\n  - 问: 别人看了产品，能不能学会？\n    代号: 看得出吗\n    选项:\n      - {答: 能, 去: 申请专利}\n      - {答: 不能, 去: 当作商业秘密}\n结果:\n  - {标题: 注册商标, 代号: 商标, 链接: trademarks.md, 内容: 先查近似。}\n  - 标题: 申请专利\n  - 标题: 当作商业秘密\n```"
        }
        "bars" => {
            "```{bars} 专利管多久\n单位: 年\n来源: 《专利法》第四十二条\n数据:\n  - {名称: 发明, 数值: 20}\n  - {名称: 实用新型, 数值: 10}\n```"
        }
        "line" => {
            "```{line} 每年多少场\n单位: 场\n来源: 活动台账\n数据:\n  - {时间: 2023年, 数值: 6}\n  - {时间: 2024年, 数值: 9}\n```"
        }
        "gauge" => {
            "```{gauge} 知晓率\n目标: 85\n现状: 72.5\n单位: \"%\"\n来源: 2024年入户调查\n截至: 2024年12月\n期限: 2025年7月\n```"
        }
        "target" => "```{target} awareness\n```",
        "targets" => "```{targets}\n:group: 保护\n```",
        "table" => "```{table} /data/sites.csv\n:caption: 服务点\n:columns: 名称, 地址\n```",
        "events" => "```{events}\n:channel: 进社区\n:upcoming: 是\n:limit: 5\n```",
        "pages" => "```{pages}\n:section: guides\n:tag: 专利\n:limit: 5\n```",
        "toc" => "```{toc}\n:depth: 3\n```",
        "survey" => "```{survey} awareness\n:compact: 是\n```",
        other => panic!("the directive {other} has no example"),
    }
}

#[test]
fn directives_page_says_what_the_code_says() {
    let mut page = String::from(
        "# 指令 Directives\n\n\
         Markdown 没有的内容写成指令：一行三个反引号加花括号里的名称开头，一行三个反引号结尾。\n\
         选项写在最前面，每行一个 `:选项: 值`。里面还要放指令时，外面的反引号多写一个。\n\n\
         What Markdown lacks is written as a directive: a line of three backticks with the name in braces, and a line of three\n\
         backticks at the end. Options come first, one `:option: value` a line. A longer fence holds other directives.\n\n",
    );
    let link = |d: &DirectiveDefinition| format!("[`{0}`](#{0})", d.name);
    page.push_str(&table(
        &["指令 Directive", "用处", "For"],
        directive_definitions().iter().map(|d| vec![link(d), plain(d.zh), plain(d.en)]),
    ));
    for directive in directive_definitions() {
        page.push_str(&entry(directive));
    }
    same_as_page("directives.md", &page);
}

fn entry(directive: &DirectiveDefinition) -> String {
    let mut out = format!("\n## {}\n\n{}。  \n{}\n\n", directive.name, plain(directive.zh), plain(directive.en));
    out.push_str(&format!("````markdown\n{}\n````\n\n", example(directive.name)));
    let (needed, argument) = match directive.argument {
        DirectiveArgument::None => ("名称后面什么也不写 nothing follows the name", None),
        DirectiveArgument::Optional(zh, en) => ("名称后面可以写 after the name, optional", Some((zh, en))),
        DirectiveArgument::Required(zh, en) => ("名称后面必须写 after the name, required", Some((zh, en))),
    };
    out.push_str(&format!("- {needed}"));
    if let Some((zh, en)) = argument {
        out.push_str(&format!(": {} {}", plain(zh), plain(en)));
    }
    out.push_str(match directive.body {
        DirectiveBodyKind::None => "\n- 里面什么也不写 nothing inside\n",
        DirectiveBodyKind::Markdown => "\n- 里面写 Markdown inside: Markdown\n",
        DirectiveBodyKind::Steps => "\n- 里面写一个有序列表 inside: one ordered list\n",
        DirectiveBodyKind::Questions => "\n- 里面写标题和回答 inside: headings with answers\n",
        DirectiveBodyKind::Images => "\n- 里面每行一张图片 inside: one image a line\n",
        DirectiveBodyKind::Entries(_) => {
            "\n- 里面写 YAML 列表，每项的键如下 inside: a YAML list of entries with these keys\n"
        }
        DirectiveBodyKind::Diagram(_) => "\n- 里面写 YAML，每行一个“键: 值” inside: YAML with these keys\n",
    });
    if let DirectiveBodyKind::Diagram(keys) = directive.body {
        diagram_keys(&mut out, "", keys);
    }
    if let DirectiveBodyKind::Entries(keys) = directive.body {
        let row =
            |k: &puzhi::markdown::EntryKey| vec![code(k.en), code(k.zh), if k.required { "是 yes" } else { "" }.into()];
        out.push_str(&format!("\n{}", table(&["键 Key", "中文键", "必须写 Required"], keys.iter().map(row))));
    }
    if !directive.options.is_empty() {
        let row = |o: &puzhi::markdown::OptionDefinition| {
            vec![code(&format!(":{}:", o.name)), takes(o.value), plain(o.zh), plain(o.en)]
        };
        out.push_str(&format!(
            "\n{}",
            table(&["选项 Option", "写法 Takes", "说明", "Meaning"], directive.options.iter().map(row))
        ));
    }
    out
}

/// A table of keys, and below it one for each list in them.
fn diagram_keys(out: &mut String, list: &str, keys: &'static [DiagramKey]) {
    let row = |k: &DiagramKey| {
        let required = if k.required { "是 yes" } else { "" };
        vec![code(k.en), code(k.zh), diagram_value(&k.takes), required.into(), plain(k.about_zh), plain(k.about_en)]
    };
    if !list.is_empty() {
        out.push_str(&format!("\n{list} 的每一项 each entry of {list}:\n"));
    }
    let head = ["键 Key", "中文键", "写法 Takes", "必须写 Required", "说明", "Meaning"];
    out.push_str(&format!("\n{}", table(&head, keys.iter().map(row))));
    for key in keys {
        if let DiagramValue::Entries { keys, .. } = &key.takes {
            diagram_keys(out, &code(key.en), keys);
        }
    }
}

fn diagram_value(value: &DiagramValue) -> String {
    match value {
        DiagramValue::Text => "文字 text".into(),
        DiagramValue::Markdown => "Markdown".into(),
        DiagramValue::Number => "数字 number".into(),
        DiagramValue::Names => "几个词，用顿号隔开 words between commas".into(),
        DiagramValue::Flag => "是或否 yes or no".into(),
        DiagramValue::Link => "路径或网址 path or address".into(),
        DiagramValue::Entries { limit, .. } => format!("列表，最多 {limit} 项 list, {limit} at most"),
    }
}

fn takes(value: OptionValueKind) -> String {
    match value {
        OptionValueKind::Text => "文字 text".into(),
        OptionValueKind::List => "几个词，用逗号隔开 words between commas".into(),
        OptionValueKind::Bool => "是或否；不写就是“是” yes or no; yes when left empty".into(),
        OptionValueKind::Number(least, most) => format!("{least} 到 {most} whole number"),
        OptionValueKind::OneOf(words) => words.iter().map(|w| code(w)).collect::<Vec<_>>().join(", "),
    }
}

#[test]
fn every_example_is_read_without_findings() {
    let word = String::new;
    let labels = MarkdownLabels {
        note: word(),
        tip: word(),
        important: word(),
        warning: word(),
        caution: word(),
        footnotes: word(),
        footnote_back: word(),
        anchor: word(),
        external: word(),
        table: word(),
        todo: word(),
        done: word(),
        credit: word(),
    };
    for directive in directive_definitions() {
        let path = SitePath::new("content/example.md").unwrap();
        let text = format!("{}\n", example(directive.name));
        let options = MarkdownOptions {
            labels: &labels,
            trust_html: false,
            max_depth: 32,
            title: None,
            numbered_headings: false,
            template_ids: None,
        };
        let (_, diags) = render(&SourceText::new(&path, &text), 0, &options);
        assert!(diags.is_empty(), "{}: {diags:?}", directive.name);
    }
}
