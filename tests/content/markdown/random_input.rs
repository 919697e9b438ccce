//! Random Markdown: whatever comes in, what goes out is whole, harmless and the same every time.

use proptest::prelude::*;
use puzhi::markdown::{HtmlFragment, Slot};

use super::support::*;

const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\n",
    " ",
    "  ",
    "    ",
    "\t",
    "\r\n",
    "# ",
    "## ",
    "#",
    "> ",
    "- ",
    "1. ",
    "+ ",
    "---\n",
    "===\n",
    "|",
    "|-|-|\n",
    ":-",
    "```",
    "````",
    "~~~",
    ":open: 是\n",
    ":limit: x\n",
    "- name: 甲\n",
    "- date: 1\n  title: 乙\n  text: 丙**“丁”**戊\n",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "^",
    "`",
    "``",
    "$",
    "$$",
    "\\",
    "&amp;",
    "&#x3c;",
    "&",
    "<",
    ">",
    "[",
    "]",
    "(",
    ")",
    "!",
    "[^1]",
    "[^1]: ",
    "[a]",
    "[a]: b.md\n",
    "[甲](a.md)",
    "![图](b.png)",
    "![](c.png)",
    "[坏](javascript:x)",
    "https://a.cn/b",
    "0871-68690000",
    "13800138000",
    "拨12345",
    "电话",
    "{#id}",
    "[!NOTE]",
    "[x] ",
    ": ",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<a href=\"x.md\">",
    "</a>",
    "<a id=y>",
    "<img src=z.png alt=图>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<!--",
    "-->",
    "<br>",
    "<details>",
    "<summary>",
    "</details>",
    "<span onclick=x>",
    "<h1>",
    "</h1>",
    "<ruby>",
    "<rt>",
    "<textarea>",
    "<iframe src=x>",
    "<p title='<b>'>",
    "<select><option>",
    "<pre>",
    "</pre>",
    "中",
    "文",
    "。",
    "，",
    "“",
    "”",
    "（",
    "）",
    "【",
    "】",
    "＃",
    "＊＊",
    "｜",
    "：",
    "——",
    "···",
    "•",
    "a",
    "b",
    "1",
    "2",
    "\\frac{1}{2}",
    "x^2",
    "\0",
    "\u{FDD0}",
    "\u{FE00}",
    "\u{11FFF}",
    "\u{200B}",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    let s = show(text);
    let again = show(text);
    prop_assert_eq!(&s.body, &again.body);
    prop_assert_eq!(&s.diags, &again.diags);
    let known = |span: puzhi_core::base::Span| text.get(span.start..span.end).is_some();
    prop_assert!(s.body.links.iter().all(|l| known(l.span)), "{:?}", s.body.links);
    prop_assert!(s.body.images.iter().all(|l| known(l.span)), "{:?}", s.body.images);
    prop_assert!(s.body.directives.iter().all(|l| known(l.span)));
    let mut seen = std::collections::HashSet::new();
    prop_assert!(s.body.anchors.iter().all(|a| seen.insert(a)), "{:?}", s.body.anchors);
    check_html(&s.body.main)?;
    for directive in &s.body.directives {
        for text in directive.data.entry_texts() {
            check_html(text)?;
        }
    }
    Ok(())
}

/// Slots in order and paired, elements closed in order, nothing that acts.
fn check_html(fragment: &HtmlFragment) -> Result<(), TestCaseError> {
    let html = fragment.html.as_str();
    let mut links = Vec::new();
    let mut last = 0;
    for (at, slot) in &fragment.slots {
        prop_assert!(*at >= last && html.is_char_boundary(*at), "{at} in {html}");
        last = *at;
        match slot {
            Slot::LinkOpen(link) => links.push(*link),
            Slot::LinkClose(link) => prop_assert_eq!(links.pop(), Some(*link)),
            _ => {}
        }
    }
    prop_assert!(links.is_empty());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let mut quoted = false;
        let end = rest.bytes().position(|b| {
            quoted ^= b == b'"';
            b == b'>' && !quoted
        });
        let Some(end) = end else { return Err(TestCaseError::fail(format!("open tag in {html}"))) };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            prop_assert_eq!(open.pop(), Some(name), "{}", html);
            continue;
        }
        let name = tag.split([' ', '\n']).next().unwrap_or("");
        prop_assert!(
            !["script", "style", "svg", "iframe", "textarea", "select", "object", "form"].contains(&name),
            "{}",
            html
        );
        // Formulas have styles of their own: spaces and colours.
        let styled = tag.contains(" style=") && !open.contains(&"math");
        let names: Vec<&str> = tag.split('"').step_by(2).collect();
        prop_assert!(names.iter().all(|n| !n.contains(" on")) && !styled, "{}", html);
        if !["br", "hr", "img", "input", "wbr", "col", "mspace"].contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    prop_assert!(open.is_empty(), "{open:?} in {html}");
    Ok(())
}

/// A piece of Markdown, or the info string of a directive with or without an argument.
fn piece() -> impl Strategy<Value = String> {
    let names: Vec<&str> = puzhi::markdown::directive_definitions().iter().map(|directive| directive.name).collect();
    let names = || prop::sample::select(names.clone());
    prop_oneof![
        16 => prop::sample::select(PIECES).prop_map(String::from),
        1 => names().prop_map(|name| format!("{{{name}}}")),
        1 => names().prop_map(|name| format!("{{{name}}} a.png")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_markdown(pieces in prop::collection::vec(piece(), 1..40)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn lines(lines in prop::collection::vec(prop::collection::vec(piece(), 0..5), 1..20)) {
        let lines: Vec<String> = lines.iter().map(|l| l.concat()).collect();
        check(&lines.join("\n"))?;
    }

    #[test]
    fn any_text(text in "\\PC{0,80}") {
        check(&text)?;
    }
}
