//! What a template may see, made per purpose and recorded as it is handed over; placeholders filled.
//!
//! In: the catalog, settings, data and assets. Out: template contexts and filled HTML. Knows no files and no output paths.

mod cards;
mod directives;
mod fill;
mod functions;
mod home;
mod lists;
pub mod model;
mod pages;
mod site;
mod targets;
mod views;

pub use fill::Mount;
pub use functions::Handle;
pub use lists::Leaf;
pub use site::{ImageTo, LinkTo, Resolved, Site, root_of, url_of};
pub use views::{ListOf, Views};
