//! What a template may see, made per purpose and recorded as it is handed over; placeholders filled.
//!
//! In: the catalog, settings, data and assets. Out: template contexts and filled HTML. Knows no files and no output paths.

pub mod calendar_model;
mod calendars;
mod cards;
mod dependency_key;
mod directives;
mod doc_cache;
mod event_page;
mod fill;
mod fingerprints;
mod functions;
mod home;
mod ledger;
mod lists;
pub mod model;
mod pages;
mod qr;
mod read_recorder;
mod shared;
mod site;
mod survey_disclosure;
pub mod survey_model;
mod survey_results;
mod survey_take;
mod survey_trend;
mod targets;
mod views;

pub use dependency_key::{DependencyKey, FeedKey, ListKey, PageFacet, Query};
pub use doc_cache::{DocCache, DocLoader, ResolvedDoc, VisibleReferences};
pub use fill::RenderContext;
pub use functions::register;
pub use ledger::{LedgerFigure, file_route, year_route};
pub use lists::ListPage;
pub use qr::svg as qr_svg;
pub use read_recorder::{RecordedRead, recording};
pub use site::{
    FileFingerprintFn, ResolvedImage, ResolvedLink, ResolvedReferences, Site, SiteFingerprints, root_of, url_of,
};
pub use survey_results::{RESULT_FILES, results_route};
pub use survey_take::thanks_route;
pub use views::{ListId, Views, template_of};
