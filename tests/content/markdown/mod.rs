//! Markdown from the outside: what a page's text becomes, and what is said about it.

mod accounting;
mod blocks;
mod directives;
mod findings;
mod fullwidth_lint;
mod hostile;
mod html;
mod inline;
mod office_text;
mod random_input;
mod structure;
mod support;
