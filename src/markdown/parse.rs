//! Runs the parser on one text.
//!
//! Input: a text (the page or the body of a directive) with its [`SourceMap`]. Output: an [`HtmlBuffer`]; everything
//! else goes into the [`MarkdownContext`]. Decides which Markdown extensions are enabled and which edits the parser
//! needs. Does not know other pages.

use std::rc::Rc;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser};

use super::context::{MarkdownContext, footnote_key};
use super::html_buffer::HtmlBuffer;
use super::inline::InlineState;
use super::parser_input::ParserInput;
use super::source_map::SourceMap;
use super::writer::{HtmlWriter, WriterMode};
use super::{cjk, math};
use puzhi_core::base::find_byte;

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
    options.set(Options::ENABLE_MATH, find_byte(text.as_bytes(), 0, |b| b == b'$').is_some());
    options
}

/// Makes the edited text that the parser reads.
pub(super) fn prepare_input(text: &str, options: Options) -> ParserInput<'_> {
    let marks = cjk::insertions(text, options);
    let parser_input =
        if marks.is_empty() { ParserInput::unedited(text) } else { ParserInput::with_inserted(text, &marks) };
    if !options.contains(Options::ENABLE_MATH) {
        return parser_input;
    }
    let literal_dollars = math::literal_dollars(&parser_input.text, options);
    match math::DOLLAR_STAND_INS.iter().find(|c| !text.contains(**c)) {
        Some(dollar) if !literal_dollars.is_empty() => parser_input.with_replaced(&literal_dollars, '$', *dollar),
        _ => parser_input,
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
    let parser_input = prepare_input(text, options);
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
    if find_byte(text.as_bytes(), 0, |b| b == b'{').is_some() {
        let definitions = events.reference_definitions();
        let mut sorted: Vec<_> = definitions.iter().collect();
        sorted.sort_unstable_by_key(|(label, _)| *label);
        for (label, definition) in sorted {
            let address = parser_input.original_text(definition.dest.clone()).to_string();
            let title = definition.title.clone().map_or(String::new(), |t| parser_input.original_text(t).to_string());
            let key = footnote_key(&parser_input.original_text(CowStr::from(label.to_string())));
            context.link_definitions.borrow_mut().insert(key, (address, title));
        }
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
