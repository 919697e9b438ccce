//! What a site's texts become: Markdown, diagnostics, whole sites, the handbook and the reference pages.

mod diagnostics;
mod golden;
mod handbook;
mod markdown;
mod properties;
mod reference;
mod start;
#[path = "../support/mod.rs"]
mod support;
