//! Template data of calendars, event pages and the ledger. In: a [`super::Site`] with its events. Out: types of
//! [`model`]. Knows no iCalendar format; `crate::calendar` computes on which days an event takes place.

mod calendars;
pub(super) mod event_page;
pub(super) mod ledger;
pub mod model;
mod months;

pub use ledger::{LedgerFigure, file_route, year_route};
