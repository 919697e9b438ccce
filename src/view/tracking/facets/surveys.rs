//! Facets of surveys: the page of a survey, its published results, the surveys that are open.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Subject, path_of, paths_fingerprint};
use crate::catalog::{KindFacts, PageId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::tracking::site::Site;
use puzhi_core::kinds::results::Results;

/// The surveys of a language that are listed and not closed.
pub struct OpenSurveys;

impl Facet<Site> for OpenSurveys {
    type Of = u32;
    type Value<'s> = Vec<PageId>;
    const NAME: &'static str = "open-surveys";
    const ZH: &'static str = "正在收集的问卷";

    fn read(site: &Site, lang: &u32) -> Vec<PageId> {
        let catalog = &site.data.catalog;
        let open = |id: &PageId| match &catalog.page(*id).facts {
            KindFacts::Survey(survey) => survey.closes.is_none_or(|c| c.date >= site.data.clock.today),
            _ => false,
        };
        let listed = |id: &PageId| catalog.page(*id).lang == *lang as usize && catalog.is_listed(*id);
        catalog.page_ids().filter(|id| listed(id) && open(id)).collect()
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        Some(paths_fingerprint(site, Self::read(site, lang)))
    }
}

/// The page of a survey: its translation if there is one, else any.
pub struct SurveyPage;

/// A survey, for pages of a language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SurveyPageOf {
    /// Id of the survey.
    pub id: Arc<str>,
    /// Index of the language.
    pub lang: u32,
}

impl Subject for SurveyPageOf {
    fn language(&self) -> Option<u32> {
        Some(self.lang)
    }
}

impl fmt::Display for SurveyPageOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.lang)
    }
}

impl Facet<Site> for SurveyPage {
    type Of = SurveyPageOf;
    type Value<'s> = Option<PageId>;
    const NAME: &'static str = "survey";
    const ZH: &'static str = "问卷";

    fn read(site: &Site, of: &SurveyPageOf) -> Option<PageId> {
        site.data.survey_page(&of.id, of.lang as usize)
    }

    fn fingerprint(site: &Site, of: &SurveyPageOf) -> Option<Fingerprint> {
        Some(fingerprint(&path_of(site, Self::read(site, of))))
    }
}

/// The published results of the survey with an id.
pub struct SurveyResults;

impl Facet<Site> for SurveyResults {
    type Of = Arc<str>;
    type Value<'s> = Option<&'s Results>;
    const NAME: &'static str = "results of";
    const ZH: &'static str = "调查结果";

    fn read<'s>(site: &'s Site, of: &Arc<str>) -> Option<&'s Results> {
        site.data.results.get(&**of)
    }

    fn fingerprint(site: &Site, of: &Arc<str>) -> Option<Fingerprint> {
        Self::read(site, of).map(|results| fingerprint(&results.to_json()))
    }
}
