//! Addresses in a text that lead to pages or files of the site, and the text with other addresses in their place.
//!
//! Input: the text of a page or of the settings, and what an address is to become. Output: the changed text. Addresses are looked for only
//! where the readers of Markdown and YAML found a link, a picture, a directive or a value; prose stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::markdown::{self, MarkdownLabels, MarkdownOptions};
use percent_encoding::percent_decode_str;
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::split_front_matter;
use puzhi_core::yaml::{Node, Value, parse_mapping};

/// An address as it is written.
pub(super) struct Address<'a> {
    /// The path, percent-decoded, without anchor and query.
    pub path: String,
    /// What follows the path: `#anchor`, `?query`, or nothing.
    rest: &'a str,
}

impl<'a> Address<'a> {
    /// Takes an address apart; `None` if it leads to another host or to a place on the same page.
    pub fn of(written: &'a str) -> Option<Self> {
        let end = written.find(['#', '?']).unwrap_or(written.len());
        let (path, rest) = written.split_at(end);
        let has_scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
        if path.is_empty() || has_scheme || path.starts_with("//") {
            return None;
        }
        let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
        Some(Address { path, rest })
    }
}

/// Where an address is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlaceOf {
    /// In a link or a picture.
    Link,
    /// In a directive.
    Directive,
    /// In a value of YAML.
    Value,
}

/// The text with other addresses. `new_path` returns what the path of an address is to become, or `None` if it stays. The second value
/// counts the addresses that changed.
pub(super) fn with_addresses(
    path: &SitePath,
    text: &str,
    labels: &MarkdownLabels,
    new_path: impl Fn(&Address<'_>) -> Option<String>,
) -> (String, usize) {
    let source = SourceText::new(path, text);
    let mut places: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    let mut look = |place_in: PlaceOf, range: Range<usize>| {
        let Some(part) = text.get(range.clone()) else { return };
        let found = address_places(part);
        // A value with several words is prose.
        if place_in == PlaceOf::Value && found.len() != 1 {
            return;
        }
        for place in found {
            let written = &part[place.clone()];
            // Where a word may stand as well, an address is what has a folder or an ending.
            if place_in != PlaceOf::Link && !written.contains(['/', '.']) {
                continue;
            }
            if place_in == PlaceOf::Directive && !stands_alone(part, &place) {
                continue;
            }
            let Some(new) = Address::of(written).and_then(|address| Some((new_path(&address)?, address.rest))) else {
                continue;
            };
            let (new, rest) = new;
            let place = range.start + place.start..range.start + place.end;
            places.insert(place.start, (place, format!("{}{rest}", written_path(&new))));
        }
    };
    if path.has_extension(&["yaml", "yml"]) {
        let (mapping, _) = parse_mapping(&source, Span::new(0, text.len()));
        mapping.entries.iter().for_each(|entry| values(&entry.node, &mut look));
    } else {
        let parts = split_front_matter(text);
        if let Some(front) = parts.front {
            let (mapping, _) = parse_mapping(&source, front);
            mapping.entries.iter().for_each(|entry| values(&entry.node, &mut look));
        }
        let options = MarkdownOptions {
            labels,
            trust_html: false,
            max_depth: 64,
            title: None,
            numbered_headings: false,
            template_ids: None,
        };
        let (body, _) = markdown::render(&source, parts.body.start, &options);
        let spans = body.links.iter().map(|link| link.span).chain(body.images.iter().map(|image| image.span));
        let places = spans.flat_map(|span| addresses_of_link(text, span));
        places.for_each(|place| look(PlaceOf::Link, place));
        body.directives.iter().for_each(|directive| look(PlaceOf::Directive, directive.span.start..directive.span.end));
        // Addresses of reference links stand in lines of their own.
        let mut at = parts.body.start;
        for line in text[parts.body.start..].split_inclusive('\n') {
            if let Some(colon) = line.trim_start().strip_prefix('[').and_then(|_| line.find("]:")) {
                let start = at + colon + 2;
                let place = address_places(&text[start..at + line.len()]).into_iter().next();
                place.into_iter().for_each(|place| look(PlaceOf::Link, start + place.start..start + place.end));
            }
            at += line.len();
        }
    }
    let mut out = String::with_capacity(text.len());
    let (mut at, mut count) = (0, 0);
    for (place, new) in places.into_values().filter(|(place, _)| !place.is_empty()) {
        if place.start < at {
            continue;
        }
        out.push_str(&text[at..place.start]);
        out.push_str(&new);
        (at, count) = (place.end, count + 1);
    }
    out.push_str(&text[at..]);
    (out, count)
}

/// The places of the addresses in a link or a picture: not its text, not its title. A link that names a definition has none; the
/// definition has.
fn addresses_of_link(text: &str, span: Span) -> Vec<Range<usize>> {
    let part = text.get(span.start..span.end).unwrap_or_default();
    let within = |range: Range<usize>| span.start + range.start..span.start + range.end;
    let first = |from: usize| {
        address_places(&part[from..]).into_iter().next().map(|place| from + place.start..from + place.end)
    };
    if part.starts_with("[[") {
        return first(2).map(within).into_iter().collect();
    }
    if let Some(at) = part.rfind("](") {
        return first(at + 2).map(within).into_iter().collect();
    }
    // Attributes of the first tag of raw HTML.
    let tag = part.starts_with('<').then(|| &part[..part.find('>').unwrap_or(part.len())]).unwrap_or_default();
    let attribute = |name: &str| Some(tag.to_ascii_lowercase().find(name)? + name.len());
    [" href=", " src="].into_iter().filter_map(attribute).filter_map(first).map(within).collect()
}

/// Whether what stands at a place of a directive is a value of its own, or the address of a link, and no word of a sentence.
fn stands_alone(part: &str, place: &Range<usize>) -> bool {
    let space = |c: char| matches!(c, ' ' | '"' | '\'' | '<' | '>');
    let before = part[..place.start].trim_end_matches(space);
    let after = part[place.end..].trim_start_matches(space);
    let begins = before.is_empty() || before.ends_with("](") || before.ends_with(['\n', ':', '：', '[', ',', '-', '}']);
    let is_words_of_link = after.starts_with("](");
    begins && !is_words_of_link && (after.is_empty() || after.starts_with(['\n', ',', '}', ']', ')']))
}

/// Calls `look` with the place of every text in a value.
fn values(node: &Node, look: &mut impl FnMut(PlaceOf, Range<usize>)) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| values(item, look)),
        Value::Map(mapping) => mapping.entries.iter().for_each(|entry| values(&entry.node, look)),
        Value::Text(_) => look(PlaceOf::Value, node.span.start..node.span.end),
        _ => {}
    }
}

/// The places in a text at which an address may stand: between brackets, quotation marks, spaces and marks of Chinese sentences.
fn address_places(text: &str) -> Vec<Range<usize>> {
    let parts = |c: char| c.is_whitespace() || "()<>[]{}\"'`|，。；、（）“”《》".contains(c);
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, parts(c)) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out
}

/// A path as it is written in a link: spaces and brackets would end it.
fn written_path(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '%' => out.push_str("%25"),
            c => out.push(c),
        }
    }
    out
}
