//! Markdown from the outside: what a page's text becomes, and what is said about it.

mod blocks;
mod callouts;
mod directives;
mod findings;
mod formulas;
mod fullwidth_lint;
mod hostile;
mod html;
mod inline;
mod random_input;
mod spaced_names;
mod support;
mod typing;
