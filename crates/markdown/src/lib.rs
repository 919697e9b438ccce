//! Renders Markdown to HTML with slots. A slot stands for everything that depends on other pages; the view fills it
//! later.
//!
//! Input: the text of a file from the start of its body, and [`MarkdownOptions`]. Output: a [`RenderedBody`] and
//! diagnostics. Does not know other pages, settings or the disk.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unwrap_used,
        clippy::expect_used
    )
)]

pub mod accounting;
mod amounts;
mod anchor_ids;
mod assemble;
mod bare_addresses;
mod block_lint;
mod callouts;
mod cjk;
#[cfg(test)]
mod cjk_tests;
mod collected_blocks;
mod context;
mod control_characters;
mod definitions;
mod diagram_model;
mod directives;
mod dollar_signs;
mod elements;
mod enumeration;
mod foreign_syntax;
mod fullwidth_lint;
mod headings;
mod highlight;
mod html_buffer;
mod html_tokens;
mod inline;
mod key_names;
mod labels;
mod line_edits;
mod line_markers;
#[cfg(test)]
mod line_markers_tests;
mod link_lint;
mod link_target;
mod literal_marks;
mod mark_lint;
mod marker_numbers;
mod masks;
mod math;
mod model;
mod numbered_headings;
mod open_tags;
mod own_lines;
mod parallel_lines;
mod parse;
mod parser_input;
mod phone_links;
mod products;
mod raw_html;
mod repairs;
mod sanitize;
mod sign_runs;
mod source_map;
mod spacing_lint;
mod structure_lint;
mod table_cells;
mod tex_brackets;
mod tex_names;
mod tex_rewrite;
mod time_markers;
mod wikilinks;
mod writer;

pub use anchor_ids::TemplateIds;
pub use diagram_model::{
    Answer, AnswerTarget, Chart, ChartRow, Decision, Flow, FlowStep, Gauge, Jump, Outcome, Position, Question,
};
pub use directives::{
    DiagramKey, DiagramValue, DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, EntryKey, OptionDefinition,
    OptionValueKind,
};
pub use highlight::highlight;
pub use model::{
    CodeBlock, Contact, Directive, DirectiveData, Heading, HtmlFragment, Image, Link, LinkTarget, MarkdownLabels,
    MarkdownOptions, RenderedBody, Slot, TimelineEntry,
};

use std::collections::HashSet;

use context::MarkdownContext;
use puzhi_core::diag::{Diagnostic, SourceText};
use source_map::SourceMap;

/// Renders the Markdown of `source` from byte `body_start` to the end.
pub fn render(
    source: &SourceText<'_>,
    body_start: usize,
    options: &MarkdownOptions<'_>,
) -> (RenderedBody, Vec<Diagnostic>) {
    let (mut context, _) = render_mended(source, body_start, options);
    context.report_unused_definitions();
    context.report_unclosed_tags();
    context.complete_numbered_heading();
    control_characters::report(&mut context, body_start);
    let mut body = context.body;
    body.shrink_to_fit();
    (body, context.diags)
}

/// A body after repairs.
struct MendedText {
    text: String,
    /// Places of the text in the file.
    source_map: SourceMap,
    repairs: Vec<repairs::Repair>,
}

/// Renders a body. If it needs repairs it is rendered again with them, and without those that made no link although they
/// are of use only for one. Returns the text as well, unless it is the file's.
fn render_mended<'a>(
    source: &'a SourceText<'a>,
    body_start: usize,
    options: &'a MarkdownOptions<'a>,
) -> (MarkdownContext<'a>, Option<MendedText>) {
    let text = literal_marks::with_line_ends(source.text.get(body_start..).unwrap_or(""));
    let mut context = render_text(MarkdownContext::new(source, options), &text, SourceMap::starting_at(body_start));
    if context.repairs.is_empty() {
        return (context, None);
    }
    let mut repairs = std::mem::take(&mut context.repairs);
    let kept = std::mem::take(&mut context.kept_diags);
    let mut is_first = true;
    loop {
        let (mended, source_map) = repairs::apply(&text, body_start, &mut repairs);
        context = MarkdownContext::new(source, options);
        context.link_places = Some(HashSet::new());
        context = render_text(context, &mended, source_map.clone());
        let count = repairs.len();
        let places = context.link_places.take().unwrap_or_default();
        // What is left out may change what stands beside it, so the second time all are left out.
        let is_all_made = repairs.iter().all(|repair| repair.link.is_none_or(|place| places.contains(&place)));
        repairs.retain(|repair| repair.link.is_none_or(|place| is_all_made || is_first && places.contains(&place)));
        if repairs.len() == count {
            kept.into_iter().for_each(|diag| context.push_diag(diag));
            return (context, Some(MendedText { text: mended, source_map, repairs }));
        }
        is_first = false;
    }
}

/// The text that [`render`] renders of the same input.
fn mended_text(source: &SourceText<'_>, body_start: usize, options: &MarkdownOptions<'_>) -> MendedText {
    render_mended(source, body_start, options).1.unwrap_or_else(|| MendedText {
        text: literal_marks::with_line_ends(source.text.get(body_start..).unwrap_or("")).into_owned(),
        source_map: SourceMap::starting_at(body_start),
        repairs: Vec::new(),
    })
}

/// Renders `text`, which is the file's body or the mended form of it, with a new `context`.
fn render_text<'a>(mut context: MarkdownContext<'a>, text: &str, source_map: SourceMap) -> MarkdownContext<'a> {
    context.anchor_ids.reserve(text);
    context.footnotes.collect_definitions(text);
    let map = context.options.numbered_headings.then(|| source_map.clone());
    let main = parse::render_text(&mut context, text, text.len(), source_map, 0, writer::WriterMode::WholePage);
    if let Some(map) = map {
        let blocks = std::mem::take(&mut context.top_blocks);
        context.repairs.extend(numbered_headings::find(text, &blocks, &map));
    }
    context.claim_title_id();
    context.body.main = assemble::assemble(&mut context, main);
    context
}

/// Parses a link target from front matter, settings or data by the rules for Markdown links. `None` if it is empty or
/// its scheme is not allowed.
pub fn parse_link_target(written: &str) -> Option<LinkTarget> {
    link_target::parse(written).ok()
}

/// Definitions of all directives, from which the reference page is generated.
pub fn directive_definitions() -> &'static [DirectiveDefinition] {
    directives::DIRECTIVES
}
