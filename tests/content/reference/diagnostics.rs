//! `diagnostics.md`: everything puzhi can find fault with.

use puzhi_core::diag::{DiagnosticCode, Severity, codes};

use super::same_as_page;
use super::table::plain;

#[test]
fn diagnostics_page_says_what_the_code_says() {
    let mut page = String::from(
        "# 消息 Diagnostics\n\n\
         每条消息有一个不变的代号。**错误**使网站不能发布；**提醒**不妨碍生成，加 `--strict` 时算错误；**说明**从不妨碍。\n\
         花括号里的名字会换成具体内容。改法里有没法确定的内容时，不显示改法。\n\
         写着“可以自动改”的，只有一种改法时由 `puzhi fix` 直接改好。\n\n\
         Each message has a stable code. An **error** keeps the site from being published; a **warning** does so only with\n\
         `--strict`; a **note** never does. Names in braces stand for what was found. A hint is left out when it has nothing\n\
         certain to say. Where a message says that it can be fixed, `puzhi fix` does so if there is only one answer.\n",
    );
    let mut topic = "";
    for (of, code) in codes::all() {
        if of != topic {
            topic = of;
            page.push_str(&format!("\n## {}\n", title(of)));
        }
        page.push_str(&entry(code));
    }
    same_as_page("diagnostics.md", &page);
}

#[test]
fn codes_are_unique_and_say_something_in_both_languages() {
    let mut seen = std::collections::BTreeSet::new();
    for (_, code) in codes::all() {
        assert!(seen.insert(code.name), "{} twice", code.name);
        assert!(!code.zh.is_empty() && !code.en.is_empty(), "{}", code.name);
        assert_eq!(code.zh_hint.is_empty(), code.en_hint.is_empty(), "{}", code.name);
        assert!(code.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()), "{}", code.name);
    }
}

fn entry(code: &DiagnosticCode) -> String {
    let severity = match code.severity {
        Severity::Error => "错误 error",
        Severity::Warning => "提醒 warning",
        Severity::Note => "说明 note",
    };
    let hint =
        |word: &str, text: &str| if text.is_empty() { String::new() } else { format!("  \n{word}{}", plain(text)) };
    format!(
        "\n### {}\n\n{severity}{}\n\n{}{}\n\n{}{}\n",
        code.name,
        if code.fixable { "，可以自动改 can be fixed" } else { "" },
        plain(code.zh),
        hint("改法：", code.zh_hint),
        plain(code.en),
        hint("Hint: ", code.en_hint),
    )
}

fn title(topic: &str) -> &'static str {
    match topic {
        "source" => "读文件 Reading files",
        "settings" => "设置 Settings",
        "kinds" => "自己的类型 Kinds of a site's own",
        "front matter" => "开头的信息和数据 Front matter and data",
        "events" => "活动 Events",
        "surveys" => "问卷 Surveys",
        "markdown" => "正文 Text",
        "directives" => "指令 Directives",
        "diagrams" => "图解 Diagrams",
        "links" => "链接和地址 Links and addresses",
        "theme" => "主题和模板 Themes and templates",
        "pictures" => "图片 Pictures",
        "output" => "写出网站 Writing the site",
        "releases" => "发布记录 The record of what was published",
        "start" => "预览、新页面和新站点 Preview, new pages and sites",
        other => panic!("the topic {other} has no title"),
    }
}
