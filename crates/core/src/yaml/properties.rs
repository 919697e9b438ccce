//! Property tests of the YAML module: it never panics, its spans lie within the text, and where it reports nothing
//! its result equals that of serde_yaml.
#![expect(clippy::disallowed_types, reason = "the values to compare with")]

use proptest::prelude::*;

use super::serde_adapter::{self, ParsedValue};
use super::{Mapping, Node, Value, parse_mapping, parse_value};
use crate::base::{SitePath, Span};
use crate::diag::{Diagnostic, Severity, SourceText};

fn with<T>(text: &str, run: impl FnOnce(&SourceText<'_>, Span) -> T) -> T {
    let file = SitePath::root();
    run(&SourceText::new(&file, text), Span::new(0, text.len()))
}

fn mapping(text: &str) -> (Mapping, Vec<Diagnostic>) {
    with(text, parse_mapping)
}

fn assert_spans_fit(text: &str, node: &Node) {
    assert_span_fits(text, node.span);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| assert_spans_fit(text, item)),
        Value::Map(mapping) => assert_mapping_spans_fit(text, mapping),
        _ => {}
    }
}

fn assert_mapping_spans_fit(text: &str, mapping: &Mapping) {
    assert_span_fits(text, mapping.span);
    for entry in &mapping.entries {
        assert_span_fits(text, entry.key_span);
        assert_spans_fit(text, &entry.node);
    }
}

fn assert_span_fits(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
}

/// Whether a diagnostic is about more than a comment or a quotation mark.
fn has_repair(diags: &[Diagnostic]) -> bool {
    diags.iter().any(|d| d.severity != Severity::Note && d.code.name != "lost-to-comment")
}

fn same_value(parsed: &ParsedValue, node: &Node) -> bool {
    match (parsed, &node.value) {
        (ParsedValue::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        (ParsedValue::Map(a), Value::Map(b)) => {
            a.len() == b.entries.len()
                && a.iter().zip(&b.entries).all(|((key, a), b)| *key == b.key && same_value(a, &b.node))
        }
        _ => parsed.equals(node),
    }
}

fn assert_agrees_with_serde(text: &str, node: &Node) {
    // We accept more kinds of white space than serde_yaml, which rejects some of them.
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
    match serde_adapter::parse(text) {
        Ok(ParsedValue::Null) if node_is_empty(node) => {}
        Ok(parsed) => assert!(
            same_value(&parsed, node) || joined_like(text, parsed.clone(), node),
            "{text:?}: library {parsed:?}, here {node:?}"
        ),
        Err(parse_error) => assert!(node_is_empty(node), "{text:?}: library refuses {parse_error:?}, here {node:?}"),
    }
}

/// Whether the only difference is the space at line breaks between Chinese characters.
fn joined_like(text: &str, parsed: ParsedValue, node: &Node) -> bool {
    fn without_spaces(value: ParsedValue) -> ParsedValue {
        match value {
            ParsedValue::Text(text) => ParsedValue::Text(text.replace(' ', "")),
            ParsedValue::List(items) => ParsedValue::List(items.into_iter().map(without_spaces).collect()),
            ParsedValue::Map(entries) => {
                ParsedValue::Map(entries.into_iter().map(|(key, value)| (key, without_spaces(value))).collect())
            }
            other => other,
        }
    }
    fn bare(node: &mut Node) {
        match &mut node.value {
            Value::Text(text) => *text = text.replace(' ', ""),
            Value::List(items) => items.iter_mut().for_each(bare),
            Value::Map(mapping) => mapping.entries.iter_mut().for_each(|entry| bare(&mut entry.node)),
            _ => {}
        }
    }
    let mut node = node.clone();
    bare(&mut node);
    text.contains('\n') && same_value(&without_spaces(parsed), &node)
}

fn node_is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(mapping) => mapping.entries.is_empty(),
        _ => false,
    }
}

/// Generates texts from YAML syntax elements and from the mistakes that people make.
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

/// Generates values as a program would write them.
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
    fn any_text_parses_without_panic_and_spans_fit(text in ".{0,200}") {
        assert_mapping_spans_fit(&text, &mapping(&text).0);
        assert_spans_fit(&text, &with(&text, parse_value).0);
    }

    #[test]
    fn without_diagnostics_values_equal_serde_yaml(text in yamlish()) {
        let (map, diags) = mapping(&text);
        assert_mapping_spans_fit(&text, &map);
        for diag in &diags {
            prop_assert!(diag.position.is_some() || diag.code.name == "too-many-findings");
        }
        if !has_repair(&diags) {
            let node = Node::new(map.span, Value::Map(map));
            assert_agrees_with_serde(&text, &node);
        }
        let (node, diags) = with(&text, parse_value);
        assert_spans_fit(&text, &node);
        if !has_repair(&diags) {
            assert_agrees_with_serde(&text, &node);
        }
    }

    #[test]
    fn serde_yaml_output_parses_back(value in value()) {
        let text = serde_yaml::to_string(&value).expect("values of this test can be written");
        let (node, diags) = with(&text, parse_value);
        prop_assert!(!has_repair(&diags), "{text}: {:?}", diags.iter().map(|d| d.message(crate::diag::Lang::En)).collect::<Vec<_>>());
        assert_agrees_with_serde(&text, &node);
    }

    #[test]
    fn one_line_values_equal_serde_yaml(raw in "[-+~.0-9eExX]{1,24}|[-+~.0-9a-zA-Z:#'\"专 ]{1,12}") {
        let text = format!("k: {raw}\n");
        let (map, diags) = mapping(&text);
        if !has_repair(&diags) {
            assert_agrees_with_serde(&text, &Node::new(map.span, Value::Map(map)));
        }
    }
}

/// YAML treats a no-break space as text: after `---` it is the content of the document, not the end of the line.
#[test]
fn document_marker_before_unusual_space() {
    for text in [
        "--- \u{a0}",
        "---\t\u{a0}",
        "--- \u{3000}",
        "--- \u{2003}\n",
        "--- \u{a0}\na: 1\n",
        "--- \na: 1\n",
        "---\t\n- 1\n",
    ] {
        let (node, diags) = with(text, parse_value);
        assert_spans_fit(text, &node);
        if !has_repair(&diags) {
            assert_agrees_with_serde(text, &node);
        }
        assert_eq!(has_repair(&diags), text.contains(['\u{a0}', '\u{3000}', '\u{2003}']), "{text:?}: {diags:?}");
    }
}

/// Number of test cases. Set `PUZHI_CASES` to run more: `PUZHI_CASES=100000 cargo test --lib yaml`.
fn cases() -> u32 {
    std::env::var("PUZHI_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}
