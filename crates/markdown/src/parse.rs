//! Runs the parser on one text.
//!
//! Input: a text (the page or the body of a directive) with its [`SourceMap`]. Output: an [`HtmlBuffer`]; everything
//! else goes into the [`MarkdownContext`]. Decides which Markdown extensions are enabled and which edits the parser
//! needs. Does not know other pages.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{BrokenLink, BrokenLinkCallback, CowStr, Event, OffsetIter, Options, Parser};

use super::context::{MarkdownContext, footnote_key};
use super::html_buffer::HtmlBuffer;
use super::inline::InlineState;
use super::parser_input::ParserInput;
use super::source_map::SourceMap;
use super::writer::{HtmlWriter, WriterMode};
use super::{cjk, definitions, dollar_signs, literal_marks, tex_brackets};
use puzhi_core::diag::codes::markdown as codes;

/// Enabled extensions. Math is enabled only if the text contains a dollar sign.
pub(super) fn parser_options(text: &str) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    options.set(Options::ENABLE_MATH, memchr::memchr(b'$', text.as_bytes()).is_some());
    options
}

/// Makes the edited text that the parser reads.
pub(super) fn prepare_input(text: &str, options: Options, trusted_html: bool) -> ParserInput<'_> {
    let untabbed = literal_marks::without_tabs(text);
    let literal = literal_marks::offsets(text, trusted_html);
    let has_containers = literal.iter().any(|at| text[*at..].starts_with(":::"));
    let marks = cjk::insertions(&untabbed, options, &literal);
    let mut parser_input =
        if marks.is_empty() { ParserInput::unedited(untabbed) } else { ParserInput::with_inserted(&untabbed, &marks) };
    parser_input.has_containers = has_containers;
    if !options.contains(Options::ENABLE_MATH) {
        return parser_input;
    }
    let literal = dollar_signs::literal_dollars(&parser_input.text, options);
    let doubtful = literal.doubtful.iter().map(|range| parser_input.original_range(range)).collect();
    parser_input.doubtful_dollars = doubtful;
    match dollar_signs::DOLLAR_STAND_INS.iter().find(|c| !text.contains(**c)) {
        Some(dollar) if !literal.offsets.is_empty() => parser_input.with_replaced(&literal.offsets, '$', *dollar),
        _ => parser_input,
    }
}

/// Adds the link definitions of a text to the context, and reports those that repeat a label. Labels are kept for
/// directives too, which refer to definitions outside them.
fn collect_definitions<'i, F: BrokenLinkCallback<'i>>(
    context: &mut MarkdownContext<'_>,
    events: &OffsetIter<'i, F>,
    parser_input: &ParserInput<'_>,
    options: Options,
    text: &str,
    source_map: &SourceMap,
) {
    let definitions = events.reference_definitions();
    let mut sorted: Vec<_> = definitions.iter().collect();
    if sorted.is_empty() {
        return;
    }
    sorted.sort_unstable_by_key(|(_, definition)| definition.span.start);
    let mut ranges: HashMap<String, Range<usize>> = HashMap::new();
    for (label, definition) in sorted {
        let original = |text: &str| parser_input.original_text(CowStr::from(text.to_string())).to_string();
        let (address, title) =
            (original(&definition.dest), definition.title.as_deref().map(original).unwrap_or_default());
        let key = footnote_key(&original(label));
        let range = parser_input.original_range(&definition.span);
        context.definitions.add(key.clone(), &address, source_map.span(&range));
        context.note_address(text, &range, "]:", source_map);
        ranges.insert(key.clone(), range);
        context.link_definitions.borrow_mut().insert(key, (address, title));
    }
    for range in definitions::repeated_definitions(text, parser_input, options, &ranges) {
        let label = text[range.clone()].split("]:").next().unwrap_or("").trim_start_matches('[');
        let diag = context.diag_at(&codes::DEFINITION_REPEATED, source_map.span(&range)).arg("label", label);
        context.push_diag(diag);
    }
}

/// Renders `text`. Only its first `length` bytes are content; the rest are definitions for the parser.
pub(super) fn render_text(
    context: &mut MarkdownContext<'_>,
    text: &str,
    length: usize,
    source_map: SourceMap,
    depth: usize,
    mode: WriterMode,
) -> HtmlBuffer {
    let options = parser_options(text);
    let parser_input = prepare_input(text, options, context.options.trust_html);
    let link_definitions = Rc::clone(&context.link_definitions);
    let budget = std::cell::Cell::new(context.definition_budget);
    let callback = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let link_definitions = link_definitions.borrow();
        let (address, title) = link_definitions.get(&footnote_key(&link.reference))?;
        budget.set(budget.get().checked_sub(address.len() + title.len())?);
        Some((address.clone().into(), title.clone().into()))
    };
    let mut events =
        Parser::new_with_broken_link_callback(&parser_input.text, options, Some(callback)).into_offset_iter();
    collect_definitions(context, &events, &parser_input, options, &text[..length], &source_map);
    for range in parser_input.doubtful_dollars.iter().filter(|range| range.end <= length) {
        let diag = context.diag_at(&codes::DOLLAR_TEXT, source_map.span(range)).arg("words", &text[range.clone()]);
        context.push_diag(diag);
    }
    let mut writer = HtmlWriter {
        context,
        source_map,
        text,
        depth,
        mode,
        open_question: None,
        // The HTML is usually about half as long again as the Markdown.
        out: HtmlBuffer {
            html: String::with_capacity(length * 2),
            placeholders: Vec::with_capacity(16),
            has_raw_html: false,
        },
        tag: String::new(),
        open: Vec::with_capacity(8),
        inline: InlineState::default(),
        open_raw_elements: Vec::new(),
        dropped_element: None,
        collected: None,
        callout: None,
        lists: Vec::new(),
        cell_end: 0,
        table_end: 0,
        table_framed: false,
        last_list: None,
        has_containers: parser_input.has_containers,
        has_tex_brackets: tex_brackets::may_occur(text),
    };
    // The rest of the text only declares footnotes to the parser.
    let mut skipping = 0usize;
    for (event, range) in &mut events {
        let edited = range;
        let range = parser_input.original_range(&edited);
        if skipping > 0 || range.start >= length && length < text.len() {
            match event {
                Event::Start(_) => skipping += 1,
                Event::End(_) if skipping > 0 => skipping -= 1,
                Event::End(_) => writer.end(range),
                _ => {}
            }
            continue;
        }
        match parser_input.original_event(event, &edited) {
            Event::Start(tag) => writer.start(tag, range),
            Event::End(_) => writer.end(range),
            event => writer.leaf_event(event, range),
        }
    }
    writer.finish_leaf();
    writer.close_raw(0);
    if writer.open_question.is_some() {
        writer.out.push("</div></details>\n");
    }
    let out = std::mem::take(&mut writer.out);
    context.definition_budget = budget.get();
    out
}
