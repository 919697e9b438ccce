//! What a template may see, made per purpose and recorded as it is handed over; placeholders filled.
//!
//! In: the catalog, settings, data and assets. Out: template contexts and filled HTML. Knows no files and no output paths.

pub mod calendar_model;
mod calendars;
mod cards;
mod directives;
mod event_page;
mod fill;
mod functions;
mod home;
mod key;
mod ledger;
mod lists;
pub mod model;
mod pages;
mod qr;
mod reads;
mod shared;
mod sheets;
mod site;
mod stamps;
mod survey_disclosure;
pub mod survey_model;
mod survey_results;
mod survey_take;
mod survey_trend;
mod targets;
mod views;

pub use fill::Mount;
pub use functions::register;
pub use key::{Facet, FeedList, Key, List, Query};
pub use ledger::{LedgerFigure, file_route, year_route};
pub use lists::Leaf;
pub use qr::svg as qr_svg;
pub use reads::{Read, during};
pub use sheets::{Loader, Sheet, Sheets, Shown};
pub use site::{FileWorth, ImageTo, LinkTo, Resolved, Site, Worth, root_of, url_of};
pub use survey_results::{RESULT_FILES, results_route};
pub use survey_take::thanks_route;
pub use views::{ListOf, Views, template_of};
