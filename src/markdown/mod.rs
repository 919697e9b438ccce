//! Markdown to HTML with slots: everything that needs other pages stays open until the view fills it.
//!
//! In: a file's text from where the body starts. Out: a [`RenderedBody`] and findings. Knows no pages, no settings file.

mod anchor_ids;
mod assemble;
mod cjk;
#[cfg(test)]
mod cjk_tests;
mod collected_blocks;
mod context;
mod directives;
mod elements;
mod fullwidth_lint;
mod headings;
mod highlight;
mod html_buffer;
mod html_tokens;
mod inline;
mod link_target;
mod math;
mod model;
mod parse;
mod parser_input;
mod raw_html;
mod sanitize;
mod source_map;
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

/// Renders the Markdown of `source` from byte `body_start` on.
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
    context.report_html();
    let mut body = context.body;
    body.main = main;
    body.shrink_to_fit();
    (body, context.diags)
}

/// Reads a link written outside Markdown (front matter, settings, data) by the same rules; `None` when it is refused.
pub fn parse_link_target(written: &str) -> Option<LinkTarget> {
    link_target::parse(written).ok()
}

/// Every directive with its argument, options and body, for the reference page.
pub fn directive_definitions() -> &'static [DirectiveDefinition] {
    directives::DIRECTIVES
}
