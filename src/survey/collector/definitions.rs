//! What the collector asks: the surveys of the site's folder, and what of the site it needs to look like it.
//!
//! In: the site's files, settings and the day. Out: [`Definitions`], read-only; a new reading makes new ones. A page that is a
//! draft, not yet due, or wrong is not asked, as it is not published. Knows no HTTP and no store.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::base::{Clock, Hash, encode_route};
use crate::build::{Options, prepare};
use crate::diag::Diag;
use crate::kinds::{Door, Kind, KindName, Sample, Survey};
use crate::settings::Settings;
use crate::source::Snapshot;
use crate::view::{Views, thanks_route};

use super::origin::origin_of;

/// Style sheets that the form is made for.
const SHEETS: [&str; 2] = ["css/civic.css", "css/survey.css"];
const SCRIPT: &str = "js/survey.js";
/// Room around the title, which on the site has more above it.
const OWN_CSS: &str =
    "\nmain>.wrap>h1{margin-block:clamp(1.5rem,4vw,2.5rem) 1.25rem}\nmain>.wrap{padding-bottom:3rem}\n";

/// All surveys, and the site around them.
#[derive(Debug)]
pub struct Definitions {
    surveys: BTreeMap<String, Vec<Asked>>,
    /// By the settings' languages: code, BCP 47 tag, the site's title.
    pub languages: Vec<(String, String, String)>,
    zone: TimeZone,
    pub css: String,
    pub js: Option<String>,
    /// Origins that may post besides the collector itself.
    pub origins: Vec<String>,
    /// Home page of the site, absolute, ending in a slash.
    pub site: String,
    /// The path of the collector's address, where settings give it one: a proxy may leave it on.
    pub prefix: String,
}

/// A survey in one language.
#[derive(Debug)]
pub struct Asked {
    pub id: String,
    /// Index into the languages.
    pub lang: usize,
    pub title: String,
    pub survey: Survey,
    /// Of the first language: a translation asks the same.
    pub wording: Hash,
    /// Its page, absolute.
    pub page: String,
    /// The page that thanks, absolute.
    pub thanks: String,
}

/// Where answers without a code, or with one, would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'w> {
    /// The open form: a voluntary wave, whatever the post says.
    Open,
    /// The wave that a code was drawn for.
    Coded(&'w str),
}

impl Definitions {
    /// Reads the site. `origin` is where it is published: `https://www.example.gov.cn`, with a path only where that differs from
    /// the settings'. Findings are those of the whole site; only what is wrong on a survey's own page keeps that one from being asked.
    ///
    /// # Errors
    /// When the theme cannot be used, or `origin` is no address.
    pub fn read(
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

    /// The survey of this id in a language, else in its first.
    pub fn survey(&self, id: &str, lang: Option<&str>) -> Option<&Asked> {
        let all = self.surveys.get(id)?;
        let wanted = lang.and_then(|code| self.languages.iter().position(|(c, ..)| c == code));
        all.iter().find(|asked| Some(asked.lang) == wanted).or(all.first())
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
    pub fn civil(&self, now: Timestamp) -> DateTime {
        now.to_zoned(self.zone.clone()).datetime()
    }
}

impl Asked {
    /// Whether answers are taken that way at `now`, and for which wave. A coded wave that is not declared has no way in.
    pub fn door<'a>(&'a self, way: Way<'a>, now: DateTime) -> Option<Door<'a>> {
        match way {
            Way::Open => Some(self.survey.door(now)),
            Way::Coded(id) => self.survey.wave(id).map(|wave| wave.door(now)),
        }
    }

    /// Whether somebody with a code may answer at `now`.
    pub fn has_coded_door(&self, now: DateTime) -> bool {
        self.survey.waves.iter().any(|wave| wave.sample != Sample::Voluntary && matches!(wave.door(now), Door::Open(_)))
    }

    /// Whether some wave may have codes: the form then has a field for one.
    pub fn takes_codes(&self) -> bool {
        self.survey.waves.iter().any(|wave| wave.sample != Sample::Voluntary)
    }
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
        let address =
            |route: &crate::base::Route| format!("{site}{}", encode_route(route.as_str().trim_start_matches('/')));
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
