//! Builds the survey definitions that the collector serves from the survey pages of a site.
//!
//! Input: the site's files, its settings and the build date. Output: [`SurveyDefinitions`] and diagnostics. A survey whose page is a
//! draft, lies in the future or has errors is left out, because such a page is not published. Site generator and survey share data
//! in two places only: here and in the results files. Knows nothing of HTTP or the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use puzhi_core::base::{BuildDate, Route, percent_encode_path};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::{KindData, KindName};
use puzhi_survey::collector::{LocalizedSurvey, SiteLanguage, SurveyDefinitions, parse_origin};

use crate::pipeline::{Options, PictureOptions, prepare};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::view::{LARGE_STYLE, Views, thanks_route};

/// Style sheets of the theme that the collector's pages need.
const STYLE_SHEETS: [&str; 2] = ["css/civic.css", "css/survey.css"];
/// Script of the theme for the form.
const SCRIPT: &str = "js/survey.js";
/// Extra style for the collector's pages: spacing of the title, which there has no header above it.
const OWN_CSS: &str =
    "\nmain>.wrap>h1{margin-block:clamp(1.5rem,4vw,2.5rem) 1.25rem}\nmain>.wrap{padding-bottom:3rem}\n";

/// Reads the surveys of a site.
///
/// `found` are the diagnostics of scan and settings. `origin` is the address where the site is published, such as
/// `https://www.example.gov.cn`; it needs a path only if that differs from the base path in the settings. The returned diagnostics
/// are those of the whole site. Errors on other pages do not affect a survey.
///
/// # Errors
/// The diagnostics, if the theme cannot be used or `origin` is not a valid address.
pub fn read_definitions(
    files: &Arc<FileSnapshot>,
    found: Vec<Diagnostic>,
    settings: impl Into<Arc<Settings>>,
    clock: BuildDate,
    origin: &str,
) -> Result<(SurveyDefinitions, Vec<Diagnostic>), Vec<Diagnostic>> {
    let zone = clock.zone.clone();
    let prepared = prepare(
        files,
        found,
        &settings.into(),
        clock,
        &Options { keep_going: true, pictures: PictureOptions::never(), ..Options::default() },
    );
    let Some((views, _)) = &prepared.site else { return Err(prepared.diags) };
    let settings = &views.site.settings();
    let Some(site_origin) = parse_origin(origin) else { return Err(prepared.diags) };
    let site = format!("{site_origin}{}", base_path(origin, settings));
    let languages = settings
        .languages
        .iter()
        .map(|l| SiteLanguage { code: l.code.clone(), tag: l.tag.clone(), title: l.title.clone() })
        .collect();
    let endpoint = settings.survey.endpoint.as_deref().unwrap_or_default();
    let mut origins = vec![site_origin];
    origins.extend(parse_origin(endpoint));
    let path = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let definitions = SurveyDefinitions {
        surveys: collect_surveys(views, &site),
        languages,
        zone,
        css: form_css(views, files),
        large_css: settings.large_mode.and_then(|_| static_text(views, files, LARGE_STYLE)),
        js: static_text(views, files, SCRIPT),
        origins,
        site_url: site,
        path_prefix: path.trim_end_matches('/').to_string(),
    };
    Ok((definitions, prepared.diags))
}

/// The path of the published site, with leading and trailing slash: that of `origin`, or else that of the settings.
fn base_path(origin: &str, settings: &Settings) -> String {
    let path = origin.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    match path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/') {
        "" => settings.base_path().to_string(),
        path => format!("{path}/"),
    }
}

/// All surveys by id, each in its languages. `site` is the absolute address of the home page, with a trailing slash.
fn collect_surveys(views: &Views, site: &str) -> BTreeMap<String, Vec<LocalizedSurvey>> {
    let mut surveys: BTreeMap<String, Vec<LocalizedSurvey>> = BTreeMap::new();
    let catalog = &views.site.untracked().catalog;
    for page in catalog.page_ids() {
        let meta = catalog.page(page);
        if meta.kind != KindName::Survey {
            continue;
        }
        let page_doc = views.site.resolved_doc(page);
        let KindData::Survey(survey) = &page_doc.doc.kind else { continue };
        let Some(id) = &survey.id else { continue };
        let address = |route: &Route| format!("{site}{}", percent_encode_path(route.as_str().trim_start_matches('/')));
        surveys.entry(id.value.clone()).or_default().push(LocalizedSurvey {
            id: id.value.clone(),
            lang: meta.lang,
            title: meta.title.clone(),
            wording: survey.wording(),
            survey: survey.as_ref().clone(),
            page_url: address(&meta.route),
            thanks_url: address(&thanks_route(&meta.route)),
        });
    }
    for all in surveys.values_mut() {
        all.sort_by_key(|localized| localized.lang);
        let wording = all.first().map(|first| first.wording);
        all.iter_mut().zip(wording.into_iter().cycle()).for_each(|(localized, wording)| localized.wording = wording);
    }
    surveys
}

/// The style sheet of the collector's pages.
fn form_css(views: &Views, files: &FileSnapshot) -> String {
    let mut css: String = STYLE_SHEETS.iter().filter_map(|name| static_text(views, files, name)).collect();
    css.push_str(OWN_CSS);
    css
}

/// A static text file of the theme; `None` if it is missing or not UTF-8.
fn static_text(views: &Views, files: &FileSnapshot, name: &str) -> Option<String> {
    let theme = &views.site.untracked().theme;
    theme.static_files.get(name)?;
    String::from_utf8(theme.static_file(name, files).ok()?).ok()
}
