//! Ordered indexes over cards: routes, sections, terms, neighbours, backlinks, and the queries views may ask.
//!
//! In: all [`PageMeta`]s and descriptions of sections and terms. Out: a [`Catalog`] and findings about what pages say of
//! each other. Knows no bodies and no HTML.

mod build;
mod collections;
mod content_path;
mod page_meta;
mod resolve;
mod unplaced;

pub use build::{Catalog, build, term_route};
pub use collections::{Pagination, Section, SectionId, Term, TermId};
pub use content_path::{ContentPath, classify_paths, folder_route};
pub use page_meta::{KindFacts, PageId, PageMeta, PageRole, PolicyFacts, SurveyFacts};
pub use resolve::{LinkResolution, LinkResolver, UnpublishedReason};
pub use unplaced::UnplacedDiagnostic;
