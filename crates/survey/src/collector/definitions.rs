//! The surveys that the collector serves, and what it needs of the site to look like it.
//!
//! [`SurveyDefinitions`] are made by the site generator from the site's pages and passed in. They are read-only; reloading makes
//! new ones. Knows no pages, no HTTP and no store.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionStatus, SamplingMethod, Survey};

/// All surveys of a site.
#[derive(Debug)]
pub struct SurveyDefinitions {
    /// By id. The translations of a survey are in the order of the languages.
    pub surveys: BTreeMap<String, Vec<LocalizedSurvey>>,
    /// In the order of the settings; the first is the main language.
    pub languages: Vec<SiteLanguage>,
    /// The site's time zone.
    pub zone: TimeZone,
    /// Style sheet of the collector's pages.
    pub css: String,
    /// Style sheet that comes after the other one on large pages (长者版); `None` if the site has none.
    pub large_css: Option<String>,
    /// Script of the form, if the theme has one.
    pub js: Option<String>,
    /// Origins that may post besides the collector itself.
    pub origins: Vec<String>,
    /// Absolute address of the site's home page, with a slash at the end.
    pub site_url: String,
    /// Path of the collector's public address, if the settings give one. A proxy may pass it on.
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
    /// Id of the survey.
    pub id: String,
    /// Index into [`SurveyDefinitions::languages`].
    pub lang: usize,
    /// Title of its page.
    pub title: String,
    /// The definition.
    pub survey: Survey,
    /// [`Survey::wording`] of the first language: translations count as the same wording.
    pub wording: ContentHash,
    /// Absolute address of its page.
    pub page_url: String,
    /// Absolute address of the page after a submission.
    pub thanks_url: String,
}

/// How a respondent takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission<'w> {
    /// Through the open form. Its wave is the voluntary one, whatever the submission names.
    Open,
    /// With a one-time code, for this wave.
    WithCode(&'w str),
}

impl SurveyDefinitions {
    /// The survey of this id in a language, else in its first language.
    pub fn find(&self, id: &str, lang: Option<&str>) -> Option<&LocalizedSurvey> {
        let all = self.surveys.get(id)?;
        let wanted = lang.and_then(|code| self.language_index(code));
        all.iter().find(|localized| Some(localized.lang) == wanted).or(all.first())
    }

    /// Index of the language with this code.
    pub fn language_index(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|language| language.code == code)
    }

    /// The large page beside the site's page at this absolute address.
    pub fn large_address(&self, url: &str) -> String {
        match url.strip_prefix(&self.site_url) {
            Some(rest) => format!("{}large/{rest}", self.site_url),
            None => url.to_string(),
        }
    }

    /// Ids of all surveys.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.surveys.keys().map(String::as_str)
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// Civil time at the site.
    pub fn civil_time(&self, now: Timestamp) -> DateTime {
        now.to_zoned(self.zone.clone()).datetime()
    }
}

impl LocalizedSurvey {
    /// Whether the wave of this admission takes responses at `now`; `None` when the wave of a code is not declared.
    pub fn status_for<'a>(&'a self, admission: Admission<'a>, now: DateTime) -> Option<CollectionStatus<'a>> {
        match admission {
            Admission::Open => Some(self.survey.collection_status(now)),
            Admission::WithCode(id) => self.survey.wave(id).map(|wave| wave.collection_status(now)),
        }
    }

    /// Whether some wave with codes takes responses at `now`.
    pub fn accepts_codes_at(&self, now: DateTime) -> bool {
        self.survey.waves.iter().any(|wave| {
            wave.sample != SamplingMethod::Voluntary && matches!(wave.collection_status(now), CollectionStatus::Open(_))
        })
    }

    /// Whether some wave may have codes, so that the form needs a field for one.
    pub fn has_code_waves(&self) -> bool {
        self.survey.waves.iter().any(|wave| wave.sample != SamplingMethod::Voluntary)
    }
}
