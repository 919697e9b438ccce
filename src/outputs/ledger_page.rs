//! The page of a year of the ledger, if the settings set goals and the theme has a template for it. In: the year's
//! number. Out: an HTML page. `view` puts it together.

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{SiteData, year_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The page of the n-th year of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPage {
    /// Index of the year.
    pub year: usize,
    /// Whether the page is at the ledger's own address; else it is at the year's.
    pub front: bool,
}

impl Format for LedgerPage {
    fn plan(planner: &mut Planner<'_>) {
        let Some(goals) = &planner.input.settings.ledger else { return };
        if !planner.input.theme.has_template("ledger.html") {
            return;
        }
        let years = &planner.input.agenda.ledger.years;
        let last = years.iter().rposition(|y| y.is_current).unwrap_or(years.len().saturating_sub(1));
        for (n, year) in years.iter().enumerate() {
            planner.add(year_route(goals, year.year), LedgerPage { year: n, front: false }, None);
            planner.add_to_sitemap(&year_route(goals, year.year), None);
            if n == last {
                planner.add(goals.page.clone(), LedgerPage { year: n, front: true }, None);
                planner.add_to_sitemap(&goals.page, None);
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("ledger", site.agenda.ledger.years[self.year].year, self.front))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "ledger.html"
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
        let site = &input.views.site;
        // The page is planned only if there are goals.
        let Some(goals) = &site.settings().ledger else { return Ok(Vec::new().into()) };
        Ok(input.views.ledger(goals, &site.schedule().ledger.years[self.year], self.front)?.into())
    }
}
