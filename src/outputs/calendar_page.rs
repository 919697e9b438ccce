//! The page of a calendar, if the theme has a template for it. In: the calendar's number. Out: an HTML page. `view` puts
//! it together.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The page of the n-th calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPage(pub usize);

impl Format for CalendarPage {
    fn plan(planner: &mut Planner<'_>) {
        let agenda = planner.input.agenda;
        if planner.input.theme.has_template("calendar.html") {
            for (n, calendar) in agenda.calendars.iter().enumerate() {
                planner.add(calendar.route.clone(), CalendarPage(n), None);
                planner.add_to_sitemap(&calendar.route, None);
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("calendar", std::mem::discriminant(&site.agenda.calendars[self.0].scope)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "calendar.html"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn is_html(&self) -> bool {
        true
    }

    fn is_list(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.calendar(&input.views.site.schedule().calendars[self.0])?.into())
    }
}
