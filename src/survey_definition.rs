//! Site to survey definitions: makes what the collector asks from the pages of a site.
//!
//! In: the site's files, settings and the day. Out: [`Definitions`] and findings. A page that is a draft, not yet due, or wrong is
//! not asked, as it is not published. With the results files, the only seam between the site generator and the survey.

use std::collections::BTreeMap;
use std::sync::Arc;

use puzhi_core::base::{Clock, Route, encode_route};
use puzhi_core::diag::Diag;
use puzhi_core::kinds::{Kind, KindName};
use puzhi_survey::collector::{Asked, Definitions, origin_of};

use crate::pipeline::{Options, prepare};
use crate::settings::Settings;
use crate::source::Snapshot;
use crate::view::{Views, thanks_route};

/// Style sheets that the form is made for.
const SHEETS: [&str; 2] = ["css/civic.css", "css/survey.css"];
const SCRIPT: &str = "js/survey.js";
/// Room around the title, which on the site has more above it.
const OWN_CSS: &str =
    "\nmain>.wrap>h1{margin-block:clamp(1.5rem,4vw,2.5rem) 1.25rem}\nmain>.wrap{padding-bottom:3rem}\n";

/// Reads the site. `origin` is where it is published: `https://www.example.gov.cn`, with a path only where that differs from
/// the settings'. Findings are those of the whole site; only what is wrong on a survey's own page keeps that one from being asked.
///
/// # Errors
/// When the theme cannot be used, or `origin` is no address.
pub fn read_definitions(
    files: &Arc<Snapshot>,
    found: Vec<Diag>,
    settings: Settings,
    clock: Clock,
    origin: &str,
) -> Result<(Definitions, Vec<Diag>), Vec<Diag>> {
    let zone = clock.zone.clone();
    let prepared =
        prepare(files, found, &Arc::new(settings), clock, &Options { keep_going: true, ..Options::default() });
    let Some((views, _)) = &prepared.site else { return Err(prepared.diags) };
    let settings = &views.site.settings;
    let Some(site_origin) = origin_of(origin) else { return Err(prepared.diags) };
    let site = format!("{site_origin}{}", base_path(origin, settings));
    let languages = settings.languages.iter().map(|l| (l.code.clone(), l.tag.clone(), l.title.clone())).collect();
    let endpoint = settings.survey.endpoint.as_deref().unwrap_or_default();
    let mut origins = vec![site_origin];
    origins.extend(origin_of(endpoint));
    let path = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let definitions = Definitions {
        surveys: surveys(views, &site),
        languages,
        zone,
        css: css(views, files),
        js: text(views, files, SCRIPT),
        origins,
        site,
        prefix: path.trim_end_matches('/').to_string(),
    };
    Ok((definitions, prepared.diags))
}

/// The path of the published site, with slashes at both ends.
fn base_path(origin: &str, settings: &Settings) -> String {
    let path = origin.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    match path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/') {
        "" => settings.base_path().to_string(),
        path => format!("{path}/"),
    }
}

fn surveys(views: &Views, site: &str) -> BTreeMap<String, Vec<Asked>> {
    let mut surveys: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    let catalog = &views.site.catalog;
    for page in catalog.ids() {
        let card = catalog.card(page);
        if card.kind != KindName::Survey {
            continue;
        }
        let sheet = views.site.sheet(page);
        let Kind::Survey(survey) = &sheet.doc.kind else { continue };
        let Some(id) = &survey.id else { continue };
        let address = |route: &Route| format!("{site}{}", encode_route(route.as_str().trim_start_matches('/')));
        surveys.entry(id.value.clone()).or_default().push(Asked {
            id: id.value.clone(),
            lang: card.lang,
            title: card.title.clone(),
            wording: survey.wording(),
            survey: survey.as_ref().clone(),
            page: address(&card.route),
            thanks: address(&thanks_route(&card.route)),
        });
    }
    for all in surveys.values_mut() {
        all.sort_by_key(|asked| asked.lang);
        let wording = all.first().map(|first| first.wording);
        all.iter_mut().zip(wording.into_iter().cycle()).for_each(|(asked, wording)| asked.wording = wording);
    }
    surveys
}

fn css(views: &Views, files: &Snapshot) -> String {
    let mut css: String = SHEETS.iter().filter_map(|name| text(views, files, name)).collect();
    css.push_str(OWN_CSS);
    if let Some(colour) = &views.site.settings.colour {
        css.push_str(&format!("\n:root{{--main:{colour}}}\n"));
    }
    css
}

fn text(views: &Views, files: &Snapshot, name: &str) -> Option<String> {
    views.theme.statics.get(name)?;
    String::from_utf8(views.theme.static_file(name, files).ok()?).ok()
}
