//! Makes the final HTML from the buffers: sanitizes those with raw HTML, inserts formulas and numbers the footnotes.
//!
//! Input: the [`MarkdownContext`] and the main [`HtmlBuffer`]. Output: an [`HtmlFragment`] that has only slots left.
//! Does not know other pages.

use std::collections::HashMap;

use super::context::MarkdownContext;
use super::html_buffer::{HtmlBuffer, Placeholder};
use super::model::HtmlFragment;
use super::sanitize;
use puzhi_core::base::{escape_attr, escape_text};

/// Footnotes in the order of their first reference, with the number of references.
#[derive(Default)]
struct FootnoteOrder {
    numbers: HashMap<u32, usize>,
    /// Index of the footnote and number of references to it.
    references: Vec<(u32, usize)>,
}

/// Makes the final HTML of the body and sets the texts of the entries of directives.
pub(super) fn assemble(context: &mut MarkdownContext<'_>, main: HtmlBuffer) -> HtmlFragment {
    let mut order = FootnoteOrder::default();
    let mut out = fill_placeholders(context, main, &mut order);
    for text in std::mem::take(&mut context.entry_texts) {
        let html = fill_placeholders(context, text.html, &mut order);
        context.set_entry_text(text.directive, text.entry, html);
    }
    write_footnotes(context, &mut out, order);
    out
}

fn fill_placeholders(context: &MarkdownContext<'_>, buffer: HtmlBuffer, order: &mut FootnoteOrder) -> HtmlFragment {
    let buffer = if buffer.has_raw_html && !context.options.trust_html { sanitize::sanitize(buffer) } else { buffer };
    let mut out = HtmlFragment {
        html: String::with_capacity(buffer.html.len()),
        slots: Vec::with_capacity(buffer.placeholders.len()),
    };
    let mut done = 0;
    for (at, placeholder) in buffer.placeholders {
        out.html.push_str(&buffer.html[done..at]);
        done = at;
        match placeholder {
            Placeholder::Slot(slot) => out.slots.push((out.html.len(), slot)),
            Placeholder::Trusted(number) => out.html.push_str(&context.trusted[number as usize]),
            Placeholder::FootnoteReference(index) => write_reference(context, &mut out.html, index, order),
        }
    }
    out.html.push_str(&buffer.html[done..]);
    out
}

fn write_reference(context: &MarkdownContext<'_>, out: &mut String, index: u32, order: &mut FootnoteOrder) {
    if context.footnotes.buffers.get(index as usize).is_none_or(Option::is_none) {
        out.push_str("[^");
        escape_text(out, context.footnotes.labels.get(index as usize).map_or("", String::as_str));
        out.push(']');
        return;
    }
    let next = order.references.len();
    let place = *order.numbers.entry(index).or_insert(next);
    if place == next {
        order.references.push((index, 0));
    }
    order.references[place].1 += 1;
    let number = place + 1;
    let id = reference_id(number, order.references[place].1);
    out.push_str(&format!(
        "<sup class=\"footnote-ref\"><a id=\"{id}\" href=\"#fn:{number}\" role=\"doc-noteref\">{number}</a></sup>"
    ));
}

/// The id of a reference to footnote `number`; `time` counts the references to it. The colon keeps the id distinct
/// from heading ids.
fn reference_id(number: usize, time: usize) -> String {
    if time == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{time}") }
}

fn write_footnotes(context: &mut MarkdownContext<'_>, out: &mut HtmlFragment, mut order: FootnoteOrder) {
    let mut notes = Vec::new();
    // Footnotes may refer to further footnotes, which are numbered after those of the text.
    while let Some((index, _)) = order.references.get(notes.len()).copied() {
        let buffer = context.footnotes.buffers[index as usize].clone().unwrap_or_default();
        notes.push(fill_placeholders(context, buffer, &mut order));
    }
    let numbers = &order.numbers;
    context.report_unused_footnotes(|index| numbers.contains_key(&index));
    if notes.is_empty() {
        return;
    }
    out.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
    escape_attr(&mut out.html, &context.options.labels.footnotes);
    out.html.push_str("\"><ol>\n");
    for (i, note) in notes.into_iter().enumerate() {
        let number = i + 1;
        out.html.push_str(&format!("<li id=\"fn:{number}\">"));
        context.body.anchors.push(format!("fn:{number}"));
        // Put the back link at the end of the last paragraph instead of on a line of its own.
        let inside = note.html.strip_suffix("</p>\n").map(str::len);
        let fits = inside.filter(|end| note.slots.last().is_none_or(|(at, _)| at <= end));
        let cut = fits.unwrap_or(note.html.len());
        let shift = out.html.len();
        out.html.push_str(&note.html[..cut]);
        out.slots.extend(note.slots.into_iter().map(|(at, slot)| (at + shift, slot)));
        for time in 1..=order.references[i].1 {
            let id = reference_id(number, time);
            let label = context.options.labels.footnote_back.replace("{n}", &number.to_string());
            out.html
                .push_str(&format!(" <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\""));
            escape_attr(&mut out.html, &label);
            out.html.push_str("\">↩</a>");
            context.body.anchors.push(id);
        }
        out.html.push_str(&note.html[cut..]);
        out.html.push_str("</li>\n");
    }
    out.html.push_str("</ol></section>\n");
}
