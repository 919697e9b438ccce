//! Renders Markdown to HTML with slots. A slot stands for everything that depends on other pages; the view fills it
//! later.
//!
//! Input: the text of a file from the start of its body, and [`MarkdownOptions`]. Output: a [`RenderedBody`] and
//! diagnostics. Does not know other pages, settings or the disk.

pub mod accounting;
mod anchor_ids;
mod assemble;
mod cjk;
#[cfg(test)]
mod cjk_tests;
mod collected_blocks;
mod context;
mod control_characters;
mod definitions;
mod directives;
mod elements;
mod fullwidth_lint;
mod headings;
mod highlight;
mod html_buffer;
mod html_tokens;
mod inline;
mod link_target;
mod literal_marks;
mod math;
mod model;
mod parse;
mod parser_input;
mod raw_html;
mod sanitize;
mod source_map;
mod structure_lint;
mod writer;

pub use directives::{
    DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, EntryKey, OptionDefinition, OptionValueKind,
};
pub use highlight::highlight;
pub use model::{
    CodeBlock, Contact, Directive, DirectiveData, Heading, HtmlFragment, Image, Link, LinkTarget, MarkdownLabels,
    MarkdownOptions, RenderedBody, Slot, TimelineEntry,
};

use puzhi_core::diag::{Diagnostic, SourceText};

/// Renders the Markdown of `source` from byte `body_start` to the end.
pub fn render(
    source: &SourceText<'_>,
    body_start: usize,
    options: &MarkdownOptions<'_>,
) -> (RenderedBody, Vec<Diagnostic>) {
    let text = source.text.get(body_start..).unwrap_or("");
    let mut context = context::MarkdownContext::new(source, options);
    context.anchor_ids.reserve(text);
    context.footnotes.collect_definitions(text);
    let main = parse::render_text(
        &mut context,
        text,
        text.len(),
        source_map::SourceMap::starting_at(body_start),
        0,
        writer::WriterMode::WholePage,
    );
    let main = assemble::assemble(&mut context, main);
    context.report_unused_definitions();
    control_characters::report(&mut context, body_start);
    let mut body = context.body;
    body.main = main;
    body.shrink_to_fit();
    (body, context.diags)
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
