//! A page at the address of a list that was published and is gone: of a section, a term, a month or a part of a long list. It leads to
//! the list above it. In: the release log and the plan. Out: an HTML page. `view` puts it together.

use std::collections::HashSet;

use crate::engine::{Fingerprint, fingerprint};
use crate::view::SiteData;
use puzhi_core::base::{Route, case_folded_key};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A redirect from a list that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneList {
    /// Index of the language of the address.
    pub lang: usize,
    /// Where it leads.
    pub to: Route,
}

impl Format for GoneList {
    fn plan(planner: &mut Planner<'_>) {
        if planner.input.releases.lists.is_empty() {
            return;
        }
        let key = |route: &Route| case_folded_key(&route.output_path());
        let planned: HashSet<String> = planner.plan.jobs.iter().map(|job| key(&job.route)).collect();
        for list in planner.input.releases.lists.iter().filter(|list| !planned.contains(&key(list))) {
            let mut to = above(list);
            while to.as_str() != "/" && !planned.contains(&key(&to)) {
                to = above(&to);
            }
            let mut languages = planner.input.settings.languages.iter().enumerate().skip(1);
            let first = list.as_str().split('/').nth(1).unwrap_or_default();
            let lang = languages.find(|(_, language)| language.code == first);
            let lang = lang.map_or(0, |(lang, _)| lang);
            planner.add(list.clone(), GoneList { lang, to }, None);
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("gone list", self.lang, &self.to))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "redirect.html"
    }

    fn gives_way(&self) -> bool {
        true
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn is_html(&self) -> bool {
        true
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(input.views.redirect_to_list(&input.job.route, &self.to, self.lang)?.into())
    }
}

/// The address of the folder above.
fn above(route: &Route) -> Route {
    let mut segments: Vec<&str> = route.as_str().split('/').filter(|segment| !segment.is_empty()).collect();
    segments.pop();
    Route::page(segments)
}
