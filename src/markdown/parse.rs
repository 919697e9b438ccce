//! One text through the parser: which extensions are on, what the parser reads instead of the text, and the loop.
//!
//! In: a text (the page's, or a directive's body) and where it came from. Out: a [`Draft`]; everything else goes into
//! the [`Page`]. Knows no pages.

use std::rc::Rc;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser};

use super::draft::Draft;
use super::inline::Inline;
use super::origin::Origin;
use super::overlay::Overlay;
use super::page::{Page, note_key};
use super::writer::{Mode, Writer};
use super::{cjk, math};
use puzhi_core::base::find_byte;

/// The extensions of every text. Math only where dollar signs are.
fn options(text: &str) -> Options {
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

/// What the parser is to read for `text`.
fn overlay(text: &str, options: Options) -> Overlay<'_> {
    let marks = cjk::marks(text, options);
    let overlay = if marks.is_empty() { Overlay::plain(text) } else { Overlay::with_marks(text, &marks) };
    if !options.contains(Options::ENABLE_MATH) {
        return overlay;
    }
    let money = math::money(&overlay.text, options);
    match math::DOLLARS.iter().find(|c| !text.contains(**c)) {
        Some(dollar) if !money.is_empty() => overlay.swap(&money, '$', *dollar),
        _ => overlay,
    }
}

/// Writes `text`, of which only the first `length` bytes are the author's.
pub(super) fn write(page: &mut Page<'_>, text: &str, length: usize, origin: Origin, depth: usize, mode: Mode) -> Draft {
    let options = options(text);
    let overlay = overlay(text, options);
    let refs = Rc::clone(&page.refs);
    let budget = std::cell::Cell::new(page.ref_budget);
    let callback = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        let refs = refs.borrow();
        let (address, title) = refs.get(&note_key(&link.reference))?;
        budget.set(budget.get().checked_sub(address.len() + title.len())?);
        Some((address.clone().into(), title.clone().into()))
    };
    let mut events = Parser::new_with_broken_link_callback(&overlay.text, options, Some(callback)).into_offset_iter();
    if find_byte(text.as_bytes(), 0, |b| b == b'{').is_some() {
        let definitions = events.reference_definitions();
        let mut sorted: Vec<_> = definitions.iter().collect();
        sorted.sort_unstable_by_key(|(label, _)| *label);
        for (label, definition) in sorted {
            let address = overlay.clean(definition.dest.clone()).to_string();
            let title = definition.title.clone().map_or(String::new(), |t| overlay.clean(t).to_string());
            let key = note_key(&overlay.clean(CowStr::from(label.to_string())));
            page.refs.borrow_mut().insert(key, (address, title));
        }
    }
    let mut writer = Writer {
        page,
        origin,
        text,
        depth,
        mode,
        question: None,
        // Markup and anchors make most pages half as long again.
        out: Draft { html: String::with_capacity(length * 2), holes: Vec::with_capacity(16), raw: false },
        tag: String::new(),
        open: Vec::with_capacity(8),
        inline: Inline::default(),
        raw: Vec::new(),
        dropping: None,
        collected: None,
    };
    // What follows the author's text only tells the parser which footnotes exist.
    let mut skipping = 0usize;
    for (event, range) in &mut events {
        let edited = range;
        let range = overlay.range(&edited);
        if skipping > 0 || range.start >= length && length < text.len() {
            match event {
                Event::Start(_) => skipping += 1,
                Event::End(_) if skipping > 0 => skipping -= 1,
                Event::End(_) => writer.end(range),
                _ => {}
            }
            continue;
        }
        match overlay.event(event, &edited) {
            Event::Start(tag) => writer.start(tag, range),
            Event::End(_) => writer.end(range),
            event => writer.leaf_event(event, range),
        }
    }
    writer.finish_leaf();
    writer.close_raw(0);
    if writer.question.is_some() {
        writer.out.push("</div></details>\n");
    }
    let out = std::mem::take(&mut writer.out);
    page.ref_budget = budget.get();
    out
}
