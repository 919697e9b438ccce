//! The page of a month of events, if the theme has a template for it. In: the months of a language and one of them. Out: an HTML
//! page. `view` puts it together.

use jiff::civil::Date;

use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// One month of a language's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthPage {
    /// Index of the language's months in the schedule.
    pub months: usize,
    /// The month, by its first day.
    pub month: Date,
}

impl Format for MonthPage {
    fn plan(planner: &mut Planner<'_>) {
        let agenda = planner.input.agenda;
        if planner.input.theme.has_template("month.html") {
            for (index, of_language) in agenda.months.iter().enumerate() {
                for &month in &of_language.months {
                    planner.add(of_language.address(month), MonthPage { months: index, month }, None);
                    planner.add_to_sitemap(&of_language.address(month), None);
                }
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("month", site.agenda.months[self.months].lang, self.month))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "month.html"
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
        Ok(input.views.month(&input.views.site.schedule().months[self.months], self.month)?.into())
    }
}
