//! Markdown to HTML with slots: everything that needs other pages stays open until the view fills it.
//!
//! In: a file's text from where the body starts. Out: a [`Body`] and findings. Knows no pages, no settings file.

mod model;

pub use model::{
    Body, CodeBlock, Contact, Directive, DirectiveData, Fragment, Heading, Image, Labels, Link, Options, Slot, Target,
    TimelineEntry,
};

/// Reads a link written outside Markdown (front matter, settings, data) by the same rules; `None` when it is refused.
pub fn parse_target(written: &str) -> Option<Target> {
    target::read(written).ok()
}
