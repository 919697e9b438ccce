//! What a site becomes beyond its pages' texts: calendars, survey pages, the output folder, the live preview.

mod calendar;
mod preview;
mod sink;
#[path = "../support/mod.rs"]
mod support;
mod survey_pages;
