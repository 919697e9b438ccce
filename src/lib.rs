//! `puzhi` (普知): a static site generator for public-awareness campaigns.
//!
//! Input: the folder of a site (Markdown, data, templates, `site.yaml`). Output: the static site, a live preview of it, and the
//! definitions of its surveys. Storing and counting responses is the job of the crate `puzhi_survey`, which this crate uses only in
//! [`survey_definition`] and [`cli`].
//!
//! Data flows one way: `SourceFile → Document → PageMeta → Catalog → OutputPlan → Artifact → public/`. The modules are listed from
//! the bottom layer to the top layer. A module uses only modules above it in this list, except that `settings` and `source` may use
//! each other; `tests/tidy` checks that.

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

pub mod settings;
pub mod source;

pub mod engine;

pub use puzhi_markdown as markdown;

pub mod document;

pub mod catalog;

pub mod calendar;

pub mod assets;

pub mod theme;
pub mod view;

pub mod outputs;

pub mod sink;

pub mod pipeline;

pub mod survey_definition;

pub mod fixes;

pub mod preview;
pub mod releases;

pub mod cli;
