//! What every page has: the head of its front matter.

use std::collections::BTreeMap;

use crate::base::{Moment, Span};

/// A value with where it was written, for findings that only the catalog can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// Front matter common to all kinds. Every field as written; nothing is derived from other pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Head {
    pub title: Option<String>,
    pub date: Option<Moment>,
    pub updated: Option<Moment>,
    pub expires: Option<Moment>,
    pub summary: Option<String>,
    pub author: Option<String>,
    pub source: Option<String>,
    pub slug: Option<Spanned<String>>,
    /// Old addresses on pages; other spellings on term pages.
    pub aliases: Vec<Spanned<String>>,
    pub image: Option<ImageRef>,
    pub order: Option<i64>,
    pub draft: bool,
    pub sample: bool,
    pub template: Option<Spanned<String>>,
    /// Taxonomy name (`tags`, `units`, `campaigns`, `channels`, `audiences`, and what settings add) to terms as written.
    pub terms: BTreeMap<String, Vec<Spanned<String>>>,
    /// Free data for templates.
    pub extra: Option<serde_json::Value>,
}

/// `image:` of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    pub src: Spanned<String>,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
}

/// What `_index.md` says of its section besides its [`Head`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lead {
    pub kind: Option<super::KindName>,
    /// Cards per list page.
    pub page_size: Option<usize>,
    pub sort: Option<Sort>,
}

/// How a section's pages are ordered: newest first, by `order` then title, or by title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    #[default]
    Date,
    Order,
    Title,
}
