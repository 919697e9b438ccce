//! Data of calendars, event pages and the ledger. Knows no iCalendar; which days an event has is `crate::calendar`'s.

mod calendars;
pub(super) mod event_page;
pub(super) mod ledger;
pub mod model;

pub use ledger::{LedgerFigure, file_route, year_route};
