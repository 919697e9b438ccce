//! From drafts to fragments: sanitizes what holds raw HTML, puts formulas in, numbers footnotes.
//!
//! In: the page with all its drafts. Out: a [`Fragment`] whose only holes are the view's. Knows no pages.

use std::collections::HashMap;

use super::clean;
use super::draft::{Draft, Hole};
use super::model::Fragment;
use super::page::Page;
use puzhi_core::base::{escape_attr, escape_text};

/// Footnotes in the order of their first mention, and how often each was mentioned.
#[derive(Default)]
struct Order {
    numbers: HashMap<u32, usize>,
    /// Index of the note and count of mentions.
    mentions: Vec<(u32, usize)>,
}

/// Finishes the body and what else was written on the way.
pub(super) fn finish(page: &mut Page<'_>, main: Draft) -> Fragment {
    let mut order = Order::default();
    let mut out = resolve(page, main, &mut order);
    for (directive, entry, draft) in std::mem::take(&mut page.texts) {
        let text = resolve(page, draft, &mut order);
        page.place_text(directive, entry, text);
    }
    footnotes(page, &mut out, order);
    out
}

fn resolve(page: &Page<'_>, draft: Draft, order: &mut Order) -> Fragment {
    let draft = if draft.raw && !page.options.trust_html { clean::clean(draft) } else { draft };
    let mut out =
        Fragment { html: String::with_capacity(draft.html.len()), slots: Vec::with_capacity(draft.holes.len()) };
    let mut done = 0;
    for (at, hole) in draft.holes {
        out.html.push_str(&draft.html[done..at]);
        done = at;
        match hole {
            Hole::Slot(slot) => out.slots.push((out.html.len(), slot)),
            Hole::Trusted(number) => out.html.push_str(&page.trusted[number as usize]),
            Hole::Note(index) => mention(page, &mut out.html, index, order),
        }
    }
    out.html.push_str(&draft.html[done..]);
    out
}

fn mention(page: &Page<'_>, out: &mut String, index: u32, order: &mut Order) {
    if page.notes.drafts.get(index as usize).is_none_or(Option::is_none) {
        out.push_str("[^");
        escape_text(out, page.notes.labels.get(index as usize).map_or("", String::as_str));
        out.push(']');
        return;
    }
    let next = order.mentions.len();
    let place = *order.numbers.entry(index).or_insert(next);
    if place == next {
        order.mentions.push((index, 0));
    }
    order.mentions[place].1 += 1;
    let number = place + 1;
    let id = mention_id(number, order.mentions[place].1);
    out.push_str(&format!(
        "<sup class=\"footnote-ref\"><a id=\"{id}\" href=\"#fn:{number}\" role=\"doc-noteref\">{number}</a></sup>"
    ));
}

/// Colons keep these apart from every id made from a heading.
fn mention_id(number: usize, time: usize) -> String {
    if time == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{time}") }
}

fn footnotes(page: &mut Page<'_>, out: &mut Fragment, mut order: Order) {
    let mut notes = Vec::new();
    // Notes may mention further notes, which then come after all mentioned in the text.
    while let Some((index, _)) = order.mentions.get(notes.len()).copied() {
        let draft = page.notes.drafts[index as usize].clone().unwrap_or_default();
        notes.push(resolve(page, draft, &mut order));
    }
    if notes.is_empty() {
        return;
    }
    out.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
    escape_attr(&mut out.html, &page.options.labels.footnotes);
    out.html.push_str("\"><ol>\n");
    for (i, note) in notes.into_iter().enumerate() {
        let number = i + 1;
        out.html.push_str(&format!("<li id=\"fn:{number}\">"));
        page.body.anchors.push(format!("fn:{number}"));
        // The way back stands at the end of the last paragraph, not in a line of its own.
        let inside = note.html.strip_suffix("</p>\n").map(str::len);
        let fits = inside.filter(|end| note.slots.last().is_none_or(|(at, _)| at <= end));
        let cut = fits.unwrap_or(note.html.len());
        let shift = out.html.len();
        out.html.push_str(&note.html[..cut]);
        out.slots.extend(note.slots.into_iter().map(|(at, slot)| (at + shift, slot)));
        for time in 1..=order.mentions[i].1 {
            let id = mention_id(number, time);
            let label = page.options.labels.footnote_back.replace("{n}", &number.to_string());
            out.html
                .push_str(&format!(" <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\""));
            escape_attr(&mut out.html, &label);
            out.html.push_str("\">↩</a>");
            page.body.anchors.push(id);
        }
        out.html.push_str(&note.html[cut..]);
        out.html.push_str("</li>\n");
    }
    out.html.push_str("</ol></section>\n");
}
