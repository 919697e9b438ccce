//! Markdown to HTML with slots: everything that needs other pages stays open until the view fills it.
//!
//! In: a file's text from where the body starts. Out: a [`Body`] and findings. Knows no pages, no settings file.

mod cjk;
#[cfg(test)]
mod cjk_tests;
mod clean;
mod code;
mod directives;
mod draft;
mod elements;
mod fences;
mod finish;
mod headings;
mod html_tokens;
mod ids;
mod inline;
mod lookalike;
mod math;
mod model;
mod origin;
mod overlay;
mod page;
mod parse;
mod raw;
mod target;
mod writer;

pub use code::highlight;
pub use directives::{
    Argument, BodyKind, Definition as DirectiveDefinition, Key as EntryKey, OptionDefinition, ValueKind,
};
pub use model::{
    Body, CodeBlock, Contact, Directive, DirectiveData, Fragment, Heading, Image, Labels, Link, Options, Slot, Target,
    TimelineEntry,
};

use puzhi_core::diag::{Diag, SourceText};

/// Renders the Markdown of `source` from byte `body_start` on.
pub fn render(source: &SourceText<'_>, body_start: usize, options: &Options<'_>) -> (Body, Vec<Diag>) {
    let text = source.text.get(body_start..).unwrap_or("");
    let mut page = page::Page::new(source, options);
    page.ids.reserve(text);
    page.notes.learn(text);
    let main =
        parse::write(&mut page, text, text.len(), origin::Origin::starting_at(body_start), 0, writer::Mode::Page);
    let main = finish::finish(&mut page, main);
    page.report_html();
    let mut body = page.body;
    body.main = main;
    body.shrink();
    (body, page.diags)
}

/// Reads a link written outside Markdown (front matter, settings, data) by the same rules; `None` when it is refused.
pub fn parse_target(written: &str) -> Option<Target> {
    target::read(written).ok()
}

/// Every directive with its argument, options and body, for the reference page.
pub fn reference() -> &'static [DirectiveDefinition] {
    directives::DIRECTIVES
}
