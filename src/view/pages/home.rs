//! The template data that only the home page has: coming events, months, targets, newest pages, open surveys. In: a
//! language. Out: [`HomeView`]. Knows no template.

use crate::catalog::PageId;
use puzhi_core::kinds::KindName;

use crate::view::model::{CardView, HomeView, MonthView, OpenSurveyView, SurveyView, TargetView};
use crate::view::tracking::facets::{ComingEvent, Newest, NewestOf, OpenSurveys};
use crate::view::tracking::site::Site;

/// How many pages of each kind the home page shows.
const CARDS_PER_KIND: usize = 4;

/// How many targets the home page shows that names none.
const TARGETS: usize = 3;

impl Site {
    /// The home page's own data in one language; `page` is the home page, if there is one.
    pub fn home_view(&self, lang: usize, page: Option<PageId>) -> HomeView {
        let events = self.agenda().coming(lang);
        let newest = |kind| self.newest(lang, kind);
        let groups = self.target_groups(None, None, lang);
        let all = || groups.iter().flat_map(|group| &group.targets);
        HomeView {
            next_event: events.first().map(|coming| self.card_view(coming.page)),
            months: self.months(&events),
            targets: self.home_targets(lang, page),
            target_count: all().count(),
            targets_known: all().filter(|target| target.latest.is_some() || target.figure.is_some()).count(),
            policies: newest(KindName::Policy),
            guides: newest(KindName::Guide),
            stories: newest(KindName::Story),
            pages: newest(KindName::Page),
            events: events.iter().take(CARDS_PER_KIND).map(|coming| self.card_view(coming.page)).collect(),
            surveys: self.surveys_not_over(lang),
            open_surveys: self.open_surveys(lang),
            data_html: self.home_data(lang),
        }
    }

    /// The newest listed pages of a kind.
    fn newest(&self, lang: usize, kind: KindName) -> Vec<CardView> {
        let of = NewestOf { kind, lang: lang as u32, count: CARDS_PER_KIND as u32 };
        self.card_views(&self.read::<Newest>(of))
    }

    fn months(&self, events: &[ComingEvent]) -> Vec<MonthView> {
        let today = self.agenda().today();
        (0..12)
            .map(|i| {
                let months = i32::from(today.month()) - 1 + i;
                let (year, month) = (today.year() + (months / 12) as i16, (months % 12 + 1) as i8);
                let here = events.iter().filter(|e| e.day.date.year() == year && e.day.date.month() == month);
                let events = here.map(|coming| self.card_view(coming.page)).collect();
                MonthView { year, month, current: i == 0, events }
            })
            .collect()
    }

    /// The targets that the home page names in `highlights`, else the first ones.
    fn home_targets(&self, lang: usize, page: Option<PageId>) -> Vec<TargetView> {
        let doc = page.map(|id| self.resolved_doc(id));
        let extra = doc.as_ref().and_then(|resolved_doc| resolved_doc.doc.front_matter.extra.as_ref());
        let board = self.board(lang);
        match extra.and_then(|extra| extra.get("highlights")?.as_array()) {
            Some(ids) => ids.iter().filter_map(|id| board.target(id.as_str()?)).collect(),
            None => board.first(TARGETS),
        }
    }

    fn surveys_not_over(&self, lang: usize) -> Vec<SurveyView> {
        self.read::<OpenSurveys>(lang as u32).into_iter().filter_map(|id| self.survey_view(id)).collect()
    }

    /// The surveys that can be answered now: their form is open, or they run on another site.
    fn open_surveys(&self, lang: usize) -> Vec<OpenSurveyView> {
        let open = |id| {
            let take = self.take_view(id, 0).filter(|take| matches!(take.state, "form" | "hosted"))?;
            let SurveyView { title, url, purpose, count, .. } = self.survey_view(id)?;
            Some(OpenSurveyView { title, url, purpose, count, minutes: take.minutes, closes: take.date })
        };
        self.read::<OpenSurveys>(lang as u32).into_iter().filter_map(open).collect()
    }
}
