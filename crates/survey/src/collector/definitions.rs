//! What the collector asks: the surveys of a site, and what of the site it needs to look like it.
//!
//! [`SurveyDefinitions`] are made by the site generator from the site's pages and passed in; they are read-only, and a new reading makes
//! new ones. Knows no pages, no HTTP and no store.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionStatus, SamplingMethod, Survey};

/// All surveys, and the site around them.
#[derive(Debug)]
pub struct SurveyDefinitions {
    /// By id; each in the order of the languages.
    pub surveys: BTreeMap<String, Vec<LocalizedSurvey>>,
    /// In the order of the settings; the first is the main language.
    pub languages: Vec<SiteLanguage>,
    /// The site's time zone.
    pub zone: TimeZone,
    pub css: String,
    pub js: Option<String>,
    /// Origins that may post besides the collector itself.
    pub origins: Vec<String>,
    /// Home page of the site, absolute, ending in a slash.
    pub site_url: String,
    /// The path of the collector's address, where settings give it one: a proxy may leave it on.
    pub path_prefix: String,
}

/// One of the site's languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteLanguage {
    /// Code in addresses and in `?lang=`: `en`.
    pub code: String,
    /// BCP 47 tag for the `lang` attribute: `zh-CN`.
    pub tag: String,
    /// Title of the site in this language.
    pub title: String,
}

/// A survey in one language.
#[derive(Debug)]
pub struct LocalizedSurvey {
    pub id: String,
    /// Index into the languages.
    pub lang: usize,
    pub title: String,
    pub survey: Survey,
    /// Of the first language: a translation asks the same.
    pub wording: ContentHash,
    /// Its page, absolute.
    pub page_url: String,
    /// The page that thanks, absolute.
    pub thanks_url: String,
}

/// Where answers without a code, or with one, would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission<'w> {
    /// The open form: a voluntary wave, whatever the post says.
    Open,
    /// The wave that a code was drawn for.
    WithCode(&'w str),
}

impl SurveyDefinitions {
    /// The survey of this id in a language, else in its first.
    pub fn find(&self, id: &str, lang: Option<&str>) -> Option<&LocalizedSurvey> {
        let all = self.surveys.get(id)?;
        let wanted = lang.and_then(|code| self.language_index(code));
        all.iter().find(|localized| Some(localized.lang) == wanted).or(all.first())
    }

    /// Index of the language with this code.
    pub fn language_index(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|language| language.code == code)
    }

    /// Ids of all surveys.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.surveys.keys().map(String::as_str)
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// The site's civil time.
    pub fn civil_time(&self, now: Timestamp) -> DateTime {
        now.to_zoned(self.zone.clone()).datetime()
    }
}

impl LocalizedSurvey {
    /// Whether answers are taken that way at `now`, and for which wave. A coded wave that is not declared has no way in.
    pub fn status_for<'a>(&'a self, admission: Admission<'a>, now: DateTime) -> Option<CollectionStatus<'a>> {
        match admission {
            Admission::Open => Some(self.survey.collection_status(now)),
            Admission::WithCode(id) => self.survey.wave(id).map(|wave| wave.collection_status(now)),
        }
    }

    /// Whether somebody with a code may answer at `now`.
    pub fn accepts_codes_at(&self, now: DateTime) -> bool {
        self.survey.waves.iter().any(|wave| {
            wave.sample != SamplingMethod::Voluntary && matches!(wave.collection_status(now), CollectionStatus::Open(_))
        })
    }

    /// Whether some wave may have codes: the form then has a field for one.
    pub fn has_code_waves(&self) -> bool {
        self.survey.waves.iter().any(|wave| wave.sample != SamplingMethod::Voluntary)
    }
}
