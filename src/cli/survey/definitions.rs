//! Loads the survey definitions of a site, for the collector and for commands that write to its database.
//!
//! Input: the site's folder and the address where the site is published. Output: [`SurveyDefinitions`], or printed errors. They are
//! built in [`crate::survey_definition`].

use std::path::Path;

use super::super::ExitStatus;
use super::super::console::{Console, print_error};
use super::super::site::SiteRequest;
use crate::survey_definition::read_definitions;
use puzhi_core::diag::{Diagnostic, Lang};
use puzhi_core::kinds::Wave;
use puzhi_survey::collector::{LocalizedSurvey, SurveyDefinitions, parse_origin};

/// Loads the definitions of a site published at `origin`, by default at the settings' `base_url`. Prints errors only; warnings are
/// left to `puzhi build`.
///
/// # Errors
/// [`ExitStatus::Usage`] when the site cannot be read or its address is unknown; the reason has been printed.
pub(super) fn load_definitions(root: &Path, origin: Option<&str>, lang: Lang) -> Result<SurveyDefinitions, ExitStatus> {
    read_site_definitions(root, origin, lang).map(|read| read.definitions)
}

/// The definitions of a site, and whether it has errors: pages with errors are not among them.
pub(super) struct SiteDefinitions {
    pub definitions: SurveyDefinitions,
    pub has_errors: bool,
}

/// Like [`load_definitions`], and says whether the site has errors.
///
/// # Errors
/// As [`load_definitions`].
pub(super) fn read_site_definitions(
    root: &Path,
    origin: Option<&str>,
    lang: Lang,
) -> Result<SiteDefinitions, ExitStatus> {
    let console = Console::text(lang);
    let print_errors = |mut diags: Vec<Diagnostic>| {
        diags.retain(Diagnostic::is_error);
        console.fail(&diags, ExitStatus::Usage)
    };
    let site = SiteRequest::of(root).open().map_err(print_errors)?;
    let origin = origin.map(str::to_string).or_else(|| site.settings.base_url.clone());
    let Some(origin) = origin.filter(|origin| parse_origin(origin).is_some()) else {
        print_error(match lang {
            Lang::Zh => "不知道网站的网址：请写 --site-origin https://网站的主机名，或在 site.yaml 里写 base_url",
            Lang::En => {
                "the site's address is not known: give --site-origin https://HOST, or set base_url in site.yaml"
            }
        });
        return Err(ExitStatus::Usage);
    };
    let (definitions, diags) =
        read_definitions(&site.files, site.diags, site.settings, site.clock, &origin).map_err(print_errors)?;
    let has_errors = diags.iter().any(Diagnostic::is_error);
    print_errors(diags);
    Ok(SiteDefinitions { definitions, has_errors })
}

/// Loads the definitions for a command that serves nothing. They need an address, so any works.
///
/// # Errors
/// As [`load_definitions`].
pub(super) fn load_unserved_definitions(root: &Path, lang: Lang) -> Result<SurveyDefinitions, ExitStatus> {
    load_definitions(root, Some("http://localhost"), lang)
}

/// The survey with this id, in its first language.
///
/// # Errors
/// [`ExitStatus::Usage`] if there is none; the ids that there are have been printed.
pub(super) fn find_survey<'d>(
    definitions: &'d SurveyDefinitions,
    id: &str,
    lang: Lang,
) -> Result<&'d LocalizedSurvey, ExitStatus> {
    definitions.find(id, None).ok_or_else(|| {
        let known = survey_ids(definitions);
        print_error(&lang.pick(
            format!("没有编号是“{id}”的问卷。现有的问卷：{known}"),
            format!("there is no survey with the id \"{id}\"; there are: {known}"),
        ));
        ExitStatus::Usage
    })
}

/// The wave `id` of a survey, which is called `survey` in messages.
///
/// # Errors
/// [`ExitStatus::Usage`] if there is none; the waves that there are have been printed.
pub(super) fn find_wave(localized: &LocalizedSurvey, survey: &str, id: &str, lang: Lang) -> Result<Wave, ExitStatus> {
    let waves = localized.survey.all_waves();
    waves.iter().find(|wave| wave.id == id).cloned().ok_or_else(|| {
        let known = waves.iter().map(|wave| wave.id.as_str()).collect::<Vec<_>>().join("、");
        print_error(&lang.pick(
            format!("“{survey}”没有编号是“{id}”的调查批次。现有的：{known}"),
            format!("\"{survey}\" has no wave \"{id}\"; there are: {known}"),
        ));
        ExitStatus::Usage
    })
}

/// The ids of all surveys as one string for messages; `-` if there is none.
pub(super) fn survey_ids(definitions: &SurveyDefinitions) -> String {
    let ids: Vec<&str> = definitions.ids().collect();
    if ids.is_empty() { "-".into() } else { ids.join("、") }
}
