//! Markdown from the outside: what a page's text becomes, and what is said about it.

mod blocks;
mod directives;
mod findings;
mod hostile;
mod html;
mod inline;
mod kit;
mod lookalikes;
mod soup;
