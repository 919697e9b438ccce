//! Laws of the YAML room: it never panics, its spans lie in the text, and without findings it reads as serde_yaml does.

use proptest::prelude::*;

use super::library::{self, Reading};
use super::{Mapping, Node, Value, parse_any, parse_mapping};
use crate::base::{SitePath, Span};
use crate::diag::{Diag, Severity, SourceText};

fn with<T>(text: &str, run: impl FnOnce(&SourceText<'_>, Span) -> T) -> T {
    let file = SitePath::root();
    run(&SourceText::new(&file, text), Span::new(0, text.len()))
}

fn mapping(text: &str) -> (Mapping, Vec<Diag>) {
    with(text, parse_mapping)
}

fn spans_fit(text: &str, node: &Node) {
    fit(text, node.span);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| spans_fit(text, item)),
        Value::Map(mapping) => mapping_fits(text, mapping),
        _ => {}
    }
}

fn mapping_fits(text: &str, mapping: &Mapping) {
    fit(text, mapping.span);
    for entry in &mapping.entries {
        fit(text, entry.key_span);
        spans_fit(text, &entry.node);
    }
}

fn fit(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
}

/// Whether the findings are about more than a comment or a quotation mark.
fn changes(diags: &[Diag]) -> bool {
    diags.iter().any(|d| d.severity != Severity::Note && d.code.name != "lost-to-comment")
}

fn same(reading: &Reading, node: &Node) -> bool {
    match (reading, &node.value) {
        (Reading::Null, Value::Null) => true,
        (Reading::Bool(a), Value::Bool(b)) => a == b,
        (Reading::Int(a), Value::Int(b)) => a == b,
        (Reading::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Reading::Text(a), Value::Text(b)) => a == b,
        (Reading::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Reading::Map(a), Value::Map(b)) => {
            a.len() == b.entries.len()
                && a.iter().zip(&b.entries).all(|((key, a), b)| *key == b.key && same(a, &b.node))
        }
        _ => false,
    }
}

fn agrees(text: &str, node: &Node) {
    // White space other than spaces is taken more kindly here than by the library, which refuses some of it.
    let bytes = text.as_bytes();
    let tab = |i: usize| {
        bytes[i] == b'\t'
            && [i.wrapping_sub(1), i + 1]
                .iter()
                .any(|j| bytes.get(*j).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'#' | b'-' | b'?')))
    };
    let idle = |l: &str| l.trim().is_empty() || l.trim().starts_with('#');
    if (0..bytes.len()).any(tab) || text.lines().any(|l| idle(l) && l.contains(['\u{3000}', '\u{a0}'])) {
        return;
    }
    match library::read(text) {
        Ok(Reading::Null) if node_is_empty(node) => {}
        Ok(reading) => assert!(same(&reading, node), "{text:?}: library {reading:?}, here {node:?}"),
        Err(refusal) => assert!(node_is_empty(node), "{text:?}: library refuses {refusal:?}, here {node:?}"),
    }
}

fn node_is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(mapping) => mapping.entries.is_empty(),
        _ => false,
    }
}

/// Texts made of the pieces YAML is made of, and of what people type instead.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "标题",
        "日期",
        "值",
        "k: ",
        "b: ",
        "标题: ",
        "c:",
        ": ",
        ":",
        "- ",
        "-",
        "\n",
        "\n",
        "\n  ",
        "\n  - ",
        "\n- ",
        "\n    ",
        "  ",
        " ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "\"",
        "'",
        "#",
        " #",
        " # x",
        "|",
        ">",
        "|\n  a\n",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "1",
        "007",
        "1.50",
        "0x1F",
        "-5",
        "+1",
        ".5",
        "1e3",
        "~",
        "null",
        "true",
        "是",
        "2025-04-26",
        "：",
        "，",
        "、",
        "\t",
        "\\",
        "---",
        "...",
        "? ",
        "?",
        "“",
        "”",
        "［",
        "］",
        "\r\n",
        "\u{3000}",
        "\u{a0}",
        "\u{2028}",
        "\u{0}",
        "😀",
        "[a, b]",
        "{a: 1}",
        "\"x: y\"",
        "'it''s'",
        "key:v",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Values as a program would write them.
fn value() -> impl Strategy<Value = serde_yaml::Value> {
    let text = prop::sample::select(vec![
        "",
        "a",
        "专利",
        "关于: 通知",
        "007",
        "1.10",
        "yes",
        "true",
        "~",
        "#x",
        "a #b",
        "- a",
        "[x]",
        "@a",
        "“引”",
        "it's",
        "say \"hi\"",
        "a\nb\n",
        "a\n\nb",
        " a ",
        "x:",
        "：",
        "2025-04-26",
        "0x1F",
        "*a",
        "&a",
        "!a",
        "%a",
        "|",
        ">",
        "?",
        "\\n",
        "tab\there",
        "😀",
        "1e3",
        "…",
        "null",
        ".inf",
        "a，b",
        "{x",
        "-",
        "---",
    ]);
    let leaf = prop_oneof![
        Just(serde_yaml::Value::Null),
        any::<bool>().prop_map(serde_yaml::Value::from),
        any::<i32>().prop_map(|i| serde_yaml::Value::from(i64::from(i))),
        (-1000i32..1000).prop_map(|i| serde_yaml::Value::from(f64::from(i) / 8.0)),
        text.prop_map(serde_yaml::Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_yaml::Value::from),
            prop::collection::btree_map(
                prop::sample::select(vec!["a", "b", "标题", "日期", "key: x", "1", "#c"]),
                inner,
                0..4
            )
            .prop_map(|map| serde_yaml::Value::Mapping(map.into_iter().map(|(k, v)| (k.into(), v)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn any_text_is_read_without_panic_and_with_true_spans(text in ".{0,200}") {
        mapping_fits(&text, &mapping(&text).0);
        spans_fit(&text, &with(&text, parse_any).0);
    }

    #[test]
    fn without_findings_the_reading_is_the_librarys(text in yamlish()) {
        let (map, diags) = mapping(&text);
        mapping_fits(&text, &map);
        for diag in &diags {
            prop_assert!(diag.place.is_some() || diag.code.name == "too-many-findings");
        }
        if !changes(&diags) {
            let node = Node::new(map.span, Value::Map(map));
            agrees(&text, &node);
        }
        let (node, diags) = with(&text, parse_any);
        spans_fit(&text, &node);
        if !changes(&diags) {
            agrees(&text, &node);
        }
    }

    #[test]
    fn what_a_program_writes_is_read_back(value in value()) {
        let text = serde_yaml::to_string(&value).expect("values of this test can be written");
        let (node, diags) = with(&text, parse_any);
        prop_assert!(!changes(&diags), "{text}: {:?}", diags.iter().map(|d| d.message(crate::diag::Lang::En)).collect::<Vec<_>>());
        agrees(&text, &node);
    }

    #[test]
    fn one_line_values_are_read_as_the_library_reads_them(raw in "[-+~.0-9eExX]{1,24}|[-+~.0-9a-zA-Z:#'\"专 ]{1,12}") {
        let text = format!("k: {raw}\n");
        let (map, diags) = mapping(&text);
        if !changes(&diags) {
            agrees(&text, &Node::new(map.span, Value::Map(map)));
        }
    }
}

/// To YAML a no-break space is text: after `---` it is a document's content, no end of the line.
#[test]
fn a_document_mark_before_another_kind_of_space_is_found_or_read() {
    for text in [
        "--- \u{a0}",
        "---\t\u{a0}",
        "--- \u{3000}",
        "--- \u{2003}\n",
        "--- \u{a0}\na: 1\n",
        "--- \na: 1\n",
        "---\t\n- 1\n",
    ] {
        let (node, diags) = with(text, parse_any);
        spans_fit(text, &node);
        if !changes(&diags) {
            agrees(text, &node);
        }
        assert_eq!(changes(&diags), text.contains(['\u{a0}', '\u{3000}', '\u{2003}']), "{text:?}: {diags:?}");
    }
}

/// More when somebody hunts: `PUZHI_CASES=100000 cargo test --lib yaml`.
fn cases() -> u32 {
    std::env::var("PUZHI_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}
