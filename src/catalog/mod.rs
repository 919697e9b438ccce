//! Ordered indexes over the metadata of all pages: sections, terms, neighbours, backlinks, and link resolution.
//!
//! Input: all [`PageMeta`]s, including those that describe sections and terms. Output: a [`Catalog`] and diagnostics
//! about conflicts between pages. Does not know page bodies or HTML.

mod anchor_alias;
mod build;
mod collections;
mod content_path;
mod page_meta;
mod resolve;
mod terms;
mod unplaced;

pub use anchor_alias::AnchorAliases;
pub use build::{Catalog, build, term_route};
pub use collections::{Pagination, Section, SectionId, Term, TermId};
pub use content_path::{ContentPath, classify_content, folder_route};
pub use page_meta::{
    KindFacts, PageFingerprints, PageId, PageMeta, PageRole, PolicyFacts, PublicationStatus, SurveyFacts,
};
pub use resolve::{LinkResolution, LinkResolver, UnpublishedReason, relative_path};
pub use unplaced::UnplacedDiagnostic;
