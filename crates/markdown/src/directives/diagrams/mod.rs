//! Diagrams: `flow`, `decision`, `bars`, `line` and `gauge`, whose bodies are YAML.
//!
//! Input: a [`DirectiveCall`](super::DirectiveCall). Output: checked data, or findings at the place of the fault and
//! nothing to show. Texts in Markdown are rendered after all checks, since they are put into the table of directives by
//! the number that the diagram gets. Draws nothing.

mod charts;
mod decision;
mod flow;
mod form;
pub(super) mod keys;
pub(super) mod numbers;

pub(super) use charts::{bars, gauge, line};
pub(super) use decision::decision;
pub(super) use flow::flow;

use super::super::context::EntryText;
use super::super::writer::{HtmlWriter, WriterMode};
use super::DirectiveCall;
use form::Written;

/// Renders the Markdown of an entry, to be put in its place when the page is assembled. The diagram gets the next index of
/// the table of directives, because its texts cannot contain directives.
fn render_text(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, entry: usize, text: Option<&Written>) {
    let Some(text) = text else { return };
    let directive = writer.context.body.directives.len();
    let html = writer.nested(&text.text, &text.source_map(call), WriterMode::Plain, text.span);
    writer.context.entry_texts.push(EntryText { directive, entry, html });
}
