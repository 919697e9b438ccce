//! Ordered indexes over cards: routes, sections, terms, neighbours, backlinks, and the queries views may ask.
//!
//! In: all [`Card`]s and descriptions of sections and terms. Out: a [`Catalog`] and findings about what pages say of
//! each other. Knows no bodies and no HTML.

mod build;
mod card;
mod place;
mod resolve;
mod tree;

pub use build::{Catalog, build, term_route};
pub use card::{Card, Facts, PageId, PolicyFacts, Role, SurveyFacts};
pub use place::{Place, Seat, folder_route, place};
pub use resolve::{Found, Hidden, Resolver};
pub use tree::{Paging, Section, SectionId, Term, TermId};
