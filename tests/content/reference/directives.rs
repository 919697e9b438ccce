//! `directives.md`: blocks beyond Markdown.

use puzhi::markdown::{
    DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, MarkdownLabels, MarkdownOptions, OptionValueKind,
    directive_definitions, render,
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
    });
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
