//! What a hint says to type instead works: the finding is gone when it is typed, and no other comes.

use puzhi_core::diag::{Diagnostic, Lang};

use super::support::*;

/// The part of a text between two others.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// The text with what the hint of `diag` says, for hints that a program can follow.
fn follow(text: &str, diag: &Diagnostic) -> String {
    let hint = diag.hint(Lang::Zh).unwrap();
    let place = diag.position.unwrap();
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    let line = lines[place.line - 1].clone();
    let at = line.char_indices().nth(place.column - 1).map_or(line.len(), |(at, _)| at);
    let with = match diag.code.name {
        "definition-in-text" | "lazy-line" => format!("\n{line}"),
        "wide-comment" => {
            let words = line[at..].split_once("]:").unwrap().1.trim_matches([' ', '#', '(', ')', '"', '（', '）']);
            format!("{}<!-- {words} -->", &line[..at])
        }
        "address-space" => {
            let fix = between(&hint, "写成 ", "；地址");
            let start = line[..at].rfind('[').unwrap();
            let start = if line[..start].ends_with('!') { start - 1 } else { start };
            let end = line[at..].find(')').map_or(line.len(), |end| at + end + 1);
            format!("{}{fix}{}", &line[..start], &line[end..])
        }
        "address-punctuation" => {
            let fix = between(&hint, "改成 ", "；标点");
            let start = line.find("http").unwrap();
            let end = line[start..].find([' ', ')', '>']).map_or(line.len(), |end| start + end);
            format!("{}{fix}{}", &line[..start], &line[end..])
        }
        "foreign-character" => line.replace(['\u{200B}', '\u{FEFF}', '\u{2060}'], ""),
        "list-indent" => {
            let spaces = " ".repeat(between(&hint, "再加 ", " 个").parse().unwrap());
            for line in lines.iter_mut().skip(place.line).take_while(|line| line.starts_with(' ')) {
                *line = format!("{spaces}{line}");
            }
            format!("{spaces}{line}")
        }
        code => panic!("{code}"),
    };
    lines[place.line - 1] = with;
    lines.join("\n") + "\n"
}

#[test]
fn what_hints_say_works() {
    for text in [
        "正文\n[comment]: # (备注甲)\n",
        "- 项目\n[//]: # \"内部备注\"\n",
        "> 引用\n> [//]: # （备注）\n",
        "见[甲]。\n[甲]: a.md\n",
        "- 见[甲]\n  [甲]: https://a.cn/x\n",
        "![图](现场.png 启动仪式)\n",
        "见[申请表](申请表.docx 点击“这里”下载)。\n",
        "![图](a.png 300x200)\n",
        "![**图**](a.png 图1 \"甲\" 乙)\n",
        "[甲](../b.md  标题 )\n",
        "[甲]: a.md 标题\n\n见[甲]。\n",
        "见http://a.cn/x？id=1＆b=2\n",
        "[甲](http://a.cn/x？id=1＆b＝2)\n",
        "http://a.cn/x＃节\n",
        "知识\u{200B}产权\n",
        "1. 甲\n  - 乙\n  - 丙\n2. 丁\n",
        "10. 甲\n   1. 乙\n   2. 丙\n11. 丁\n",
        "> 1. 甲\n>   - 乙\n",
        "> - 甲\n> 乙\n",
        "> [!注意]\n> 甲\n乙\n",
    ] {
        let page = show(text);
        assert!(!page.diags.is_empty(), "{text}");
        let typed =
            if text.starts_with("> 1.") { "> 1. 甲\n>    - 乙\n".to_string() } else { follow(text, &page.diags[0]) };
        let again = show(&typed);
        assert_eq!(again.found(), Vec::<String>::new(), "{text} → {typed}");
        if page.diags[0].code.name == "address-space" {
            assert_eq!(again.body.links.len() + again.body.images.len(), 1, "{typed}");
        }
    }
}
