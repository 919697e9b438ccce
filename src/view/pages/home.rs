//! The template data that only the home page has: coming events, months, targets, newest pages, open surveys. In: a
//! language. Out: [`HomeView`]. Knows no template.

use crate::catalog::PageId;
use puzhi_core::kinds::KindName;

use crate::view::model::{CardView, HomeView, MonthView, SurveyView, TargetView};
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
        HomeView {
            next_event: events.first().map(|coming| self.card_view(coming.page)),
            months: self.months(&events),
            targets: self.home_targets(lang, page),
            policies: newest(KindName::Policy),
            guides: newest(KindName::Guide),
            stories: newest(KindName::Story),
            pages: newest(KindName::Page),
            events: events.iter().take(CARDS_PER_KIND).map(|coming| self.card_view(coming.page)).collect(),
            surveys: self.open_surveys(lang),
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

    fn open_surveys(&self, lang: usize) -> Vec<SurveyView> {
        self.read::<OpenSurveys>(lang as u32).into_iter().filter_map(|id| self.survey_view(id)).collect()
    }
}
