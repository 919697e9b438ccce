//! How to take part in a survey: the form, another site, or paper. In: a survey page. Out: [`TakeView`], and the page
//! that thanks for answers. The state is that of the day of the build; the collector checks the dates again when
//! answers arrive.

use crate::catalog::PageId;
use puzhi_core::base::{Route, escape_text};
use puzhi_core::diag::Diagnostic;
use puzhi_core::form::{FormState, estimated_minutes, render};
use puzhi_core::kinds::{CollectionStatus, KindData, KindName, SamplingMethod};

use super::model::{HostedView, TakeView};
use crate::view::model::PageView;
use crate::view::qr;
use crate::view::site::root_of;
use crate::view::tracking::facets::SurveyDays;
use crate::view::tracking::site::Site;
use crate::view::views::{Views, insert};

impl Site {
    /// How to take part; `None` for other kinds of pages. `level` is the level of the form's headings; 0 for no
    /// headings.
    pub(in crate::view) fn take_view(&self, id: PageId, level: u8) -> Option<TakeView> {
        let whole = self.page(id);
        let meta = whole.meta;
        if meta.kind != KindName::Survey {
            return None;
        }
        let resolved_doc = whole.doc();
        let KindData::Survey(survey) = &resolved_doc.doc.kind else { return None };
        let day = self.read::<SurveyDays>(id);
        let settings = &self.settings().survey;
        let action = settings.form_action(&survey.id.as_ref().map(|id| id.value.clone()).unwrap_or_default());
        let status = day.status(survey);
        let hosted = survey.hosted.as_ref().map(|hosted| HostedView {
            url: hosted.url.clone(),
            name: hosted.name.clone().unwrap_or_else(|| host_of(&hosted.url).to_string()),
            frame: settings.allows_iframe(&hosted.url),
        });
        // We do not collect for a survey on another site, but its closing date still applies.
        let over = day.closed(survey);
        let (state, date) = match (&status, over) {
            (_, Some(closes)) => ("closed", Some(closes)),
            (CollectionStatus::Closed(closes), None) => ("closed", *closes),
            (CollectionStatus::Elsewhere, None) => ("hosted", None),
            _ if action.is_none() => ("paper", None),
            (CollectionStatus::NotYet(opens), None) => ("soon", *opens),
            (CollectionStatus::Open(wave), None) => ("form", survey.wave(wave).map_or(survey.closes, |w| w.closes)),
        };
        let form_html = action.filter(|_| state == "form").map(|action| {
            let language = &self.settings().languages[meta.lang];
            // The collector's default is the first language.
            let action = if meta.lang == 0 { action } else { format!("{action}?lang={}", language.code) };
            let lang = language.tag.clone();
            // Only waves with a selected sample use invitation codes.
            let code = survey.waves.iter().any(|w| w.sample != SamplingMethod::Voluntary).then(String::new);
            render(survey, &FormState { action, lang, level, code, ..FormState::default() })
        });
        let leads_to = hosted.as_ref().map(|h| h.url.clone()).or_else(|| self.permalink(whole.url()));
        Some(TakeView {
            state,
            date: date.map(|d| self.date(d, meta.lang)),
            form_html,
            hosted,
            place: settings.place.clone(),
            phone: settings.phone.clone(),
            minutes: estimated_minutes(survey),
            qr_html: leads_to.and_then(|url| qr::svg(&url, &self.word(meta.lang, "survey_qr"))),
        })
    }
}

fn host_of(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

impl Views {
    /// The page that thanks a respondent. A theme without `thanks.html` uses `page.html`.
    pub fn thanks(&self, id: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        const OWN: &str = "thanks.html";
        let site = &self.site;
        let meta = site.meta(id);
        let route = thanks_route(&meta.route);
        let root = root_of(&route);
        let word = |key: &str| site.word(meta.lang, key);
        let mut html = String::from("<p>");
        escape_text(&mut html, &word("survey_thanks_note"));
        html.push_str("</p>");
        let whole = site.page_view(id, html);
        let mut breadcrumbs = whole.breadcrumbs;
        breadcrumbs.push(site.link(id));
        let page = PageView {
            title: word("survey_thanks"),
            title_id: None,
            url: site.settings().href(&route),
            // Nobody should find this page by search or share it.
            permalink: None,
            noindex: true,
            translations: Vec::new(),
            toc: Vec::new(),
            summary: String::new(),
            has_summary: false,
            breadcrumbs,
            previous: None,
            next: None,
            backlinks: Vec::new(),
            take: None,
            results: None,
            poster: None,
            ..whole
        };
        let mut context = self.context(meta.lang, &route, &root);
        insert(&mut context, "page", &page);
        self.render_page(meta.lang, if site.template(OWN).exists() { OWN } else { "page.html" }, context)
    }
}

/// The address of the page to which the collector redirects a respondent after storing the answers.
pub fn thanks_route(page: &Route) -> Route {
    page.child("thanks")
}
