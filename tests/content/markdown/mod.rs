//! Markdown from the outside: what a page's text becomes, and what is said about it.

mod accounting;
mod blocks;
mod callouts;
mod diagrams;
mod directives;
mod findings;
mod formulas;
mod fullwidth_lint;
mod hints;
mod hostile;
mod html;
mod inline;
mod numbered_headings;
mod office_text;
mod pasted;
mod phones;
mod random_input;
mod remarks;
mod slips;
mod spaced_names;
mod structure;
mod support;
mod typing;
mod unseen;
