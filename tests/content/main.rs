//! What a site's texts become: Markdown, diagnostics, whole sites, the handbook and the reference pages.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod diagnostics;
#[path = "../../crates/core/tests/it/draft_slips.rs"]
mod draft_slips;
mod drafts;
mod drafts_own_words;
mod golden;
mod handbook;
mod links;
mod markdown;
mod mistakes;
mod own_files;
mod properties;
mod reference;
mod start;
#[path = "../support/mod.rs"]
mod support;
mod terms_and_aliases;
mod translations;
