//! Input that wants to hurt: bounded time, bounded findings, no panic, whatever the text.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::kinds::{
    FrontMatterContext, KindFileContext, KindName, SiteKinds, read_front_matter, read_kind, read_section_front_matter,
    read_targets, split_front_matter,
};
use puzhi_core::yaml::{parse_mapping, parse_value};

const KIB: usize = 1024;

/// Everything that reads a text, and what all of it found.
fn read_all(text: &str) -> Vec<Diagnostic> {
    let file = SitePath::new("content/page.md").unwrap();
    let source = SourceText::new(&file, text);
    let whole = Span::new(0, text.len());
    let mut diags = parse_mapping(&source, whole).1;
    diags.extend(parse_value(&source, whole).1);
    let parts = split_front_matter(text);
    assert!(text.is_char_boundary(parts.body.start));
    diags.extend(parts.diags(&source));
    for kind in [KindName::Event, KindName::Survey] {
        for front in [None, parts.front, Some(whole)] {
            diags.extend(
                read_front_matter(
                    &source,
                    front,
                    &FrontMatterContext { taxonomies: &["topics".to_string()], ..FrontMatterContext::of(kind) },
                )
                .diags,
            );
        }
    }
    diags.extend(read_section_front_matter(&source, Some(whole), &FrontMatterContext::of(KindName::Page)).diags);
    diags.extend(read_targets(&source).1);
    // The text as the definition of a kind, and as a page of that kind.
    let (kind, found) = read_kind(&source, KindFileContext { taken: &[], taxonomies: &[] });
    assert!(kind.keys.len() <= 60);
    diags.extend(found);
    let kinds = SiteKinds { own: vec![kind], ..SiteKinds::default() };
    let context = FrontMatterContext { kinds: &kinds, ..FrontMatterContext::of(KindName::Own(0)) };
    diags.extend(read_front_matter(&source, Some(whole), &context).diags);
    for diag in &diags {
        if let Some(place) = diag.position {
            let line = text.split('\n').nth(place.line - 1).unwrap_or("");
            assert!(place.column <= line.chars().count() + 1, "{} at {place:?}", diag.code.name);
        }
    }
    diags
}

/// Texts of about 64 KiB, the default bound of front matter.
fn hostile() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(64 * KIB / piece.len());
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (one, next) in ('a'..'j').zip('b'..'k') {
        bomb.push_str(&format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 9].join(", ")));
    }
    let stairs: String = (0..350).map(|i| format!("{}k:\n", " ".repeat(i))).collect();
    vec![
        ("alias bomb", bomb),
        ("many keys of a kind", format!("keys:\n{}", fill("  - {key: a, en: b, type: choice, choices: [x]}\n"))),
        ("many choices", format!("keys:\n  - {{key: a, type: choice, choices: [{}]}}\n", fill("x, "))),
        ("groups in groups", format!("keys: {}", fill("[{key: a, type: group, keys: "))),
        ("open lists", format!("a: {}", "[".repeat(10_000))),
        ("open lists without end", fill("[")),
        ("open mappings", format!("a: {}", fill("{a: "))),
        ("closed lists", format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000))),
        ("dashes", fill("- ")),
        ("questions", fill("? ")),
        ("stairs", stairs),
        ("one line", fill("一")),
        ("one line of quotes", fill("\"")),
        ("one line of colons", fill("a: ")),
        ("one line of full-width colons", fill("一：")),
        ("keys", (0..6000).map(|i| format!("k{i}: v\n")).collect()),
        ("the same key", fill("k: v\n")),
        ("lines without keys", fill("行\n")),
        ("open quotes", fill("k: \"a\n")),
        ("open lists on lines", fill("k: [\n")),
        ("open lists in items", fill("- [\n")),
        ("open lists among text", format!("a: [\n{}", fill("x\n"))),
        ("quoted items", fill("- \"\n")),
        ("tabs", fill("\t")),
        ("tab lines", fill("\tk: v\n")),
        ("full-width spaces", fill("\u{3000}\n")),
        ("commas", format!("a: [{}]", fill(","))),
        ("full-width commas", format!("a: {{b: {}}}", fill("，c："))),
        ("full-width list", format!("a: ［{}］", fill("，"))),
        ("junk after quotes", format!("a: [{}]", fill("\"x\"y,"))),
        ("comments", format!("a: [\n{}]", fill("# x\n"))),
        ("odd line ends", fill("a: b\r\u{2028}")),
        ("controls", fill("\u{1}")),
        ("marks", fill("---\n")),
        ("look-alike marks", format!("———\n{}", fill("a: b\n"))),
        ("block headers", fill("a: |\n")),
        ("directions", format!("a: {}", fill("\u{202E}\u{200B}\u{FEFF}"))),
        ("tags", fill("- !!binary x\n")),
        ("merge keys", fill("<<: *a\n")),
        ("digits", format!("order: {}", fill("9"))),
        ("names", format!("tags: {}", fill("甲、"))),
    ]
}

#[test]
fn hostile_texts_end_soon_with_few_findings() {
    for (name, text) in hostile() {
        for text in [format!("---\n{text}\n---\n"), text] {
            let begun = Instant::now();
            let diags = read_all(&text);
            let took = begun.elapsed();
            // Eight readings each, unoptimised; what matters is that none of them explodes.
            assert!(took < Duration::from_secs(20), "{name}: {took:?}");
            assert!(diags.len() < 8_000, "{name}: {} findings", diags.len());
        }
    }
}

#[test]
fn an_alias_bomb_is_named_and_not_followed() {
    let (_, bomb) = hostile().swap_remove(0);
    let file = SitePath::new("a.md").unwrap();
    let (mapping, diags) = parse_mapping(&SourceText::new(&file, &bomb), Span::new(0, bomb.len()));
    assert!(diags.iter().all(|d| d.code.name == "yaml-alias"));
    assert_eq!(mapping.entries.len(), 10);
    assert!(mapping.to_json().to_string().len() < bomb.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_text_can_be_read(text in "\\PC{0,120}") {
        read_all(&text);
    }

    #[test]
    fn any_lines_can_be_read(lines in prop::collection::vec("(标题|date|kind|tags|questions|target|value|  - id|image|start|end|  text|window)?[:： -]{0,3}[a-z0-9专，、\\[\\]{}\"'#&*|>%@\\-]{0,12}", 0..16)) {
        let lines = lines.join("\n");
        read_all(&lines);
        read_all(&format!("---\n{lines}\n---\n正文\n"));
    }
}
