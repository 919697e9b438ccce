//! Markdown from the outside: what a page's text becomes, and what is said about it.

mod blocks;
mod kit;
