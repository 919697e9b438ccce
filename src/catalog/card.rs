//! A card: all that other pages may see of one page.

use std::collections::BTreeMap;

use crate::base::{Moment, Route, SitePath};
use crate::kinds::{EventStatus, ImageRef, KindName, Lead, PolicyStatus, Spanned};
use crate::markdown::{Heading, Link};

/// Index of a card in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PageId(pub u32);

/// Which part the page plays in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Page,
    /// The page of its folder: its list.
    Section,
    /// The page of a term: taxonomy key.
    Term(String),
}

/// Public facts of one page, made from its `Doc` alone.
#[derive(Debug, Clone)]
pub struct Card {
    pub path: SitePath,
    pub lang: usize,
    pub role: Role,
    /// Folder below `content/` whose section lists it.
    pub folder: String,
    /// What its translations share.
    pub key: String,
    pub route: Route,
    pub kind: KindName,
    /// What `_index.md` says of its section.
    pub lead: Lead,
    pub title: String,
    /// The day it is listed under: `date`, for a policy `issued`, for an event `start`.
    pub date: Option<Moment>,
    pub updated: Option<Moment>,
    pub expires: Option<Moment>,
    /// Past its last day on the day of the build.
    pub expired: bool,
    pub summary: String,
    pub order: Option<i64>,
    pub sample: bool,
    /// Shown only because drafts were asked for, or dated after the day of the build.
    pub unpublished: bool,
    pub image: Option<ImageRef>,
    /// Terms as written, by taxonomy.
    pub written_terms: BTreeMap<String, Vec<Spanned<String>>>,
    /// Other addresses of a page, or other spellings of a term.
    pub aliases: Vec<Spanned<String>>,
    pub anchors: Vec<String>,
    pub headings: Vec<Heading>,
    /// Links of the body, for backlinks and checking.
    pub links: Vec<Link>,
    pub facts: Facts,
}

/// What a card shows of its kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Facts {
    #[default]
    None,
    Policy(PolicyFacts),
    Event(EventFacts),
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct PolicyFacts {
    pub status: Option<PolicyStatus>,
    pub is_original: bool,
    /// As written.
    pub explains: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventFacts {
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub all_day: bool,
    pub place: Option<String>,
    pub street: Option<String>,
    pub status: EventStatus,
    pub yearly: bool,
}
