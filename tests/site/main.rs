//! What a site becomes beyond its pages' texts: calendars, survey pages, the output folder, the live preview.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::iter_over_hash_type,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read files, run programs and stop at what is unexpected"
)]

mod anywhere;
mod calendar;
mod diagrams;
mod every_format;
mod fix;
mod home;
mod large;
mod left_behind;
mod notice;
#[path = "../support/photos.rs"]
mod photos;
mod pictures;
mod press;
mod preview;
mod print;
mod releases;
mod republish;
mod rss;
mod sample_county;
mod search;
mod share_cards;
mod sink;
#[path = "../support/mod.rs"]
mod support;
mod survey_pages;
mod theming;
