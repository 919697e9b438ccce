//! Finds draft marks that nobody reads: a page that says that it is a draft must not be published for a slip.
//!
//! Input: the text of a page and its parsed front matter. Output: a diagnostic at the mark. Decides nothing about the
//! page; the error keeps it from being published. Does not know other pages.

use super::common::COMMON_FIELDS;
use super::draft_mark_line::{TextFacts, find_in_line, is_broken_over, is_near_name, may_end_mark};
use super::draft_remarks::is_draft_remark;
use super::unpublished_words::holds_back;
use super::unread_front_matter::{self, HEAD_BYTES};
use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, SourceText};
use crate::yaml::{FieldOf, Mapping, MappingEntry, Node, TypeOf, Value, parse_flag};

/// Where a mark is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Lines of keys: anywhere outside comments and quoted text.
    Metadata,
    /// The first lines of the body: only where a line holds nothing else, or other parts of front matter.
    Body,
}

/// The names of the mark.
pub(super) const NAMES: [&str; 2] = ["draft", "草稿"];

/// Reports a draft mark that front matter or the first lines of the body hold without effect. `front` is the span of
/// the front matter that `mapping` was parsed from; what stands under the `declared` keys means something else.
pub(super) fn lost_mark(
    source: &SourceText<'_>,
    front: Option<Span>,
    mapping: &Mapping,
    declared: &Declared,
) -> Option<Diagnostic> {
    let start = front.map_or(0, |front| front.end);
    let report = |span: Span| {
        let written = source.text[span.start..span.end].lines().next().unwrap_or_default();
        let (zh, en) = match span.start >= start {
            true => body_advice(written),
            false => quoting_advice(source.text, span, mapping).unwrap_or_default(),
        };
        let is_english = match mapping.entries.first() {
            Some(_) => mapping.entries.iter().all(|entry| entry.key.is_ascii()),
            None => written.is_ascii(),
        };
        let (yes, no) = if is_english { ("draft: true", "draft: false") } else { ("草稿: 是", "草稿: 否") };
        let diag = Diagnostic::new(&code::DRAFT_MARK_UNREAD).at(source, span).arg("mark", written);
        diag.arg("yes", yes).arg("no", no).arg("zh", zh).arg("en", en)
    };
    let is_draft_field =
        |entry: &&MappingEntry| COMMON_FIELDS.iter().any(|f| f.key == "draft" && f.is_named(&entry.key));
    if mapping.entries.iter().any(|entry| is_draft_field(&entry)) {
        return None;
    }
    let is_declared = |entry: &MappingEntry| declared.keys.contains(&entry.key_span);
    if let Some(entry) = mapping.entries.iter().find(|entry| !is_declared(entry) && means_draft(entry)) {
        return Some(report(Span::new(entry.key_span.start, entry.node.span.end.max(entry.key_span.end))));
    }
    if let Some(found) = front.and_then(|front| find_in_front(source.text, front, declared)) {
        return Some(report(found));
    }
    let mut end = source.text.len().min(start + HEAD_BYTES);
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &source.text[start..end];
    let is_empty = front.is_none_or(|front| source.text[front.start..front.end].trim().is_empty());
    let in_block = |block: Span| Some(find_in(&head[block.start..block.end], Place::Metadata)?.shift(block.start));
    let block = || is_empty.then(|| unread_front_matter::leading_block(head)).flatten();
    let found = find_in_body(head, !is_empty).or_else(|| block().and_then(in_block)).or_else(|| empty_mark(head))?;
    // A block that was reported as a whole is not reported again.
    let reported = front.is_none() && unread_front_matter::find(source.text).is_some_and(|block| block.is_draft());
    (!reported).then(|| report(found.shift(start)))
}

/// What the kind of a page says that its front matter holds.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Keys that the site itself defines, so that they are no marks of other programs.
    pub keys: Vec<Span>,
    /// Values of the kind's own keys, whose words are text: a step may be called `是否公开：否`.
    pub values: Vec<Span>,
}

/// Finds a mark in the front matter that does not begin at one of the `declared` keys, and is no word of another program in their values.
fn find_in_front(text: &str, front: Span, declared: &Declared) -> Option<Span> {
    let mut from = front.start;
    loop {
        let found = find_in(&text[from..front.end], Place::Metadata)?.shift(from);
        let begins_in = |spans: &[Span]| spans.iter().any(|span| (span.start..span.end).contains(&found.start));
        let name =
            text[found.start..found.end].split([':', '：', '=']).next().unwrap_or_default().trim().to_lowercase();
        let is_own_name = || is_near_name(&half_width(&name)) || NAMES.iter().any(|own| name.contains(own));
        if !begins_in(&declared.keys) && (is_own_name() || !begins_in(&declared.values)) {
            return Some(found);
        }
        from = text[found.start..front.end].find('\n').map(|at| found.start + at + 1)?;
    }
}

/// The keys of `mapping` that `table` declares, with those of the groups that it declares.
pub(super) fn declared_keys(mapping: &Mapping, table: &[FieldOf<'_>]) -> Vec<Span> {
    let mut out = Vec::new();
    for entry in &mapping.entries {
        let Some(field) = table.iter().find(|field| field.is_named(&entry.key)) else { continue };
        out.push(entry.key_span);
        if let TypeOf::Map(inner) | TypeOf::Maps(inner) = field.ty {
            let items = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
            items.iter().filter_map(Node::as_map).for_each(|group| out.extend(declared_keys(group, inner)));
        }
    }
    out
}

/// What to type if a mark at `span` is part of a value: the value in quotation marks, if no mark is found in it then.
fn quoting_advice(text: &str, span: Span, mapping: &Mapping) -> Option<(String, String)> {
    let is_around = |entry: &&MappingEntry| entry.node.span.start < span.start && span.end <= entry.node.span.end;
    let entry = mapping.entries.iter().find(is_around)?;
    let written = text.get(entry.node.span.start..entry.node.span.end)?;
    if !matches!(entry.node.value, Value::Text(_)) || written.contains(['\n', '"', '\'', '\\']) {
        return None;
    }
    let quoted = format!("{}: \"{written}\"", entry.key.trim());
    find_in(&quoted, Place::Metadata)
        .is_none()
        .then(|| (format!("；是值里的文字，写成 {quoted}"), format!("; if it is the text of a value, write {quoted}")))
}

/// Finds a mark in the body. Below front matter that was read, code that is indented shows it as an example.
fn find_in_body(head: &str, below_front_matter: bool) -> Option<Span> {
    let mut from = 0;
    loop {
        let found = find_in(&head[from..], Place::Body)?.shift(from);
        let line = head[..found.start].rfind('\n').map_or(0, |at| at + 1);
        let above = head[..line].trim_end_matches(['\r', ' ', '\t']);
        let is_code = head[line..].starts_with("    ") || head[line..].starts_with('\t');
        let below_blank =
            above.strip_suffix('\n').is_some_and(|above| above.trim_end_matches(['\r', ' ']).ends_with('\n'));
        if !(below_front_matter && is_code && below_blank && !above.trim().is_empty()) {
            return Some(found);
        }
        from = head[found.end..].find('\n').map_or(head.len(), |at| found.end + at + 1);
    }
}

/// What to type to show a mark in the body of a page, in Chinese and English.
fn body_advice(written: &str) -> (String, String) {
    let shown = written.trim().trim_matches('`');
    (
        format!("；是正文里举例，先写一句话，再把这几行放进代码块：前后各加一行 ```，或者写成“例如 `{shown}`”"),
        format!(
            "; if the text shows it as an example, write a sentence first and put these lines in a code block, with a line ``` above and below, or write: such as `{shown}`"
        ),
    )
}

/// A name without a value as the first line of the body, below the mark that ends front matter.
fn empty_mark(head: &str) -> Option<Span> {
    let trimmed = head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '－' | '—'));
    let line = trimmed.lines().next()?.trim_end();
    let name = line.strip_suffix([':', '：', '='])?.trim_end().to_lowercase();
    let start = head.len() - trimmed.len();
    NAMES.contains(&&*name).then(|| Span::new(start, start + line.len()))
}

/// Keys whose values people write for each other.
const REMARK_KEYS: [&str; 14] = [
    "备注",
    "说明",
    "附注",
    "注",
    "注意",
    "描述",
    "摘要",
    "简介",
    "note",
    "notes",
    "remark",
    "remarks",
    "summary",
    "description",
];

/// Whether a value is nothing but a remark that the page waits: `（草稿，请勿发布）`.
fn is_remark_alone(value: &str) -> bool {
    const LONGEST: usize = 40;
    let value = value.trim();
    value.chars().count() <= LONGEST && !value.trim_end_matches('。').contains('。') && is_draft_remark(value)
}

/// Whether a key that is none here can only mean that the page is a draft: a misspelt `draft`, or the mark of another
/// program.
fn means_draft(entry: &MappingEntry) -> bool {
    let key = entry.key.trim().to_lowercase();
    if REMARK_KEYS.contains(&&*key) && entry.node.text().is_some_and(|value| is_remark_alone(&value)) {
        return true;
    }
    if COMMON_FIELDS.iter().any(|field| field.is_named(&key) && field.key != "draft") {
        return false;
    }
    let is_yes = || entry.node.text().is_some_and(|value| parse_flag(&value) == Some(true));
    is_near_name(&half_width(&key)) && is_yes() || holds_back(entry)
}

/// The text with the letters and signs of ASCII for those of full width (U+FF01 to U+FF5E).
pub(super) fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    // All of them begin with this byte.
    if memchr::memchr(0xEF, text.as_bytes()).is_none() {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    out.extend(text.chars().map(narrow));
    out
}

/// Whether a line can be the end of a mark.
fn has_line_that_ends_mark(text: &str) -> bool {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.map(|end| &text[std::mem::replace(&mut start, end + 1)..end])
        // Most lines are sentences, which begin with a Han character (first byte E4 to E9) and end with a full stop.
        .any(|line| {
            let is_sentence = line.ends_with('。') && line.bytes().next().is_some_and(|b| matches!(b, 0xE4..=0xE9));
            !line.is_empty() && !is_sentence && may_end_mark(line.trim())
        })
}

/// Most bytes above a line that are looked at together with it.
const LONGEST_ABOVE: usize = 120;

/// Finds a draft mark such as `draft: true`, `"draft": true`, `draft = true` or `草稿：是`, also one with slips, glued to what
/// stands beside it, or broken over two lines.
pub(super) fn find_in(text: &str, place: Place) -> Option<Span> {
    let facts = TextFacts::of(text);
    if place == Place::Body && !facts.may_be_anywhere() && !has_line_that_ends_mark(text) {
        return None;
    }
    let mut at = 0;
    let mut fence = None;
    // The two lines above that hold letters.
    let mut above: [Option<Span>; 2] = [None, None];
    while at < text.len() {
        let start = at;
        at = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| start + end + 1);
        let line = &text[start..at];
        let trimmed = line.trim();
        let mut opens = false;
        if place == Place::Body && trimmed.starts_with(['`', '~']) {
            let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
            match (fence, mark) {
                (None, Some(_)) => (fence, opens) = (mark, true),
                (Some(open), Some(mark)) if open == mark => fence = None,
                _ => {}
            }
        }
        let comment = place == Place::Metadata && trimmed.starts_with('#');
        if fence.is_some() && !opens || comment || trimmed.is_empty() {
            continue;
        }
        let may_end = may_end_mark(trimmed);
        if (place == Place::Metadata || may_end || facts.may_be_anywhere())
            && let Some(found) = find_in_line(line, place, facts)
        {
            return Some(found.shift(start));
        }
        if may_end {
            let broken = |from: &Span| is_broken_over(&text[from.start..from.end], trimmed, place);
            let upper = above[1].zip(above[0]).map(|(upper, lower)| Span::new(upper.start, lower.end));
            let short = |both: &Span| both.end - both.start <= LONGEST_ABOVE;
            if let Some(found) = [above[0], upper].into_iter().flatten().filter(short).find(broken) {
                return Some(found);
            }
        }
        if trimmed.contains(char::is_alphanumeric) {
            above = [Some(Span::new(start, start + line.trim_end().len())), above[0]];
        }
    }
    None
}
