//! The page that thanks a respondent of a survey. In: the survey's page. Out: an HTML page. `view` puts it together.

use crate::catalog::{KindFacts, PageId, PageRole};
use crate::engine::{Fingerprint, fingerprint};
use crate::view::{SiteData, thanks_route};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The page that thanks a respondent of this survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thanks(pub PageId);

impl Format for Thanks {
    fn plan(planner: &mut Planner<'_>) {
        let catalog = planner.input.catalog;
        if planner.input.settings.survey.endpoint.is_none() {
            return;
        }
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            if meta.role == PageRole::Page
                && let KindFacts::Survey(survey) = &meta.facts
                && survey.id.is_some()
                && survey.here
            {
                planner.add(thanks_route(&meta.route), Thanks(id), Some(meta.path.clone()));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("thanks", site.path(self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "thanks.html"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::Page
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.thanks(self.0)?.into())
    }
}
