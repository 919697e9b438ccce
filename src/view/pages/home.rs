//! The template data that only the home page has: coming events, months, targets, newest pages, open surveys. In: a
//! language. Out: [`HomeView`]. Knows no template.

use crate::catalog::{KindFacts, PageId};
use puzhi_core::base::DateOrDateTime;
use puzhi_core::kinds::{EventStatus, KindName, SectionOrder};

use crate::view::model::{CardView, HomeView, MonthView};
use crate::view::site::Site;
use crate::view::tracking::dependency_key::DependencyKey;
use crate::view::tracking::read_recorder::record_read;

/// How many pages of each kind the home page shows.
const CARDS_PER_KIND: usize = 4;

impl Site {
    /// The home page's own data in one language.
    pub fn home_view(&self, lang: usize) -> HomeView {
        let events = self.coming_events(lang);
        let newest = |kind| self.newest(lang, kind, CARDS_PER_KIND);
        HomeView {
            next_event: events.first().map(|(_, id)| self.card_view(*id)),
            months: self.months(&events),
            targets: self.home_targets(lang),
            policies: newest(KindName::Policy),
            guides: newest(KindName::Guide),
            stories: newest(KindName::Story),
            pages: newest(KindName::Page),
            events: events.iter().take(CARDS_PER_KIND).map(|(_, id)| self.card_view(*id)).collect(),
            surveys: self.open_surveys(lang),
        }
    }

    /// Listed events that are not cancelled and not over on the day of the build, with their next day, in order. On the
    /// same day a single event comes before a yearly observance.
    pub fn coming_events(&self, lang: usize) -> Vec<(DateOrDateTime, PageId)> {
        record_read(|| DependencyKey::Agenda);
        let mut coming: Vec<(DateOrDateTime, bool, PageId)> = self
            .catalog
            .page_ids()
            .filter(|id| self.catalog.page(*id).lang == lang && self.catalog.is_listed(*id))
            .filter_map(|id| {
                let KindFacts::Event(facts) = &self.catalog.page(id).facts else { return None };
                (facts.status != EventStatus::Cancelled).then_some(())?;
                let (next, _) = self.next_day(id);
                Some((next?, facts.yearly, id))
            })
            .collect();
        coming.sort();
        coming.into_iter().map(|(day, _, id)| (day, id)).collect()
    }

    /// The newest listed pages of a kind.
    fn newest(&self, lang: usize, kind: KindName, count: usize) -> Vec<CardView> {
        record_read(|| DependencyKey::Newest(kind, lang, count));
        self.newest_pages(lang, kind, count).into_iter().map(|id| self.card_view(id)).collect()
    }

    pub(in crate::view) fn newest_pages(&self, lang: usize, kind: KindName, count: usize) -> Vec<PageId> {
        let mut pages: Vec<PageId> = self.catalog.page_ids().filter(|id| self.catalog.is_listed(*id)).collect();
        pages.retain(|id| {
            let meta = self.catalog.page(*id);
            meta.lang == lang && meta.kind == kind
        });
        self.catalog.sort_pages(&mut pages, Some(SectionOrder::Date));
        pages.truncate(count);
        pages
    }

    fn months(&self, events: &[(DateOrDateTime, PageId)]) -> Vec<MonthView> {
        let today = self.clock.today;
        (0..12)
            .map(|i| {
                let months = i32::from(today.month()) - 1 + i;
                let (year, month) = (today.year() + (months / 12) as i16, (months % 12 + 1) as i8);
                let here = events.iter().filter(|(day, _)| day.date.year() == year && day.date.month() == month);
                MonthView { year, month, current: i == 0, events: here.map(|(_, id)| self.card_view(*id)).collect() }
            })
            .collect()
    }

    fn home_targets(&self, lang: usize) -> Vec<crate::view::model::TargetView> {
        let home = self.catalog.section_by_folder("", lang).and_then(|s| self.catalog.section(s).index);
        let home = home.map(|id| self.resolved_doc(id));
        let chosen = home
            .as_ref()
            .and_then(|resolved_doc| resolved_doc.doc.front_matter.extra.as_ref()?.get("highlights")?.as_array());
        match chosen {
            Some(ids) => ids.iter().filter_map(|id| self.target(id.as_str()?, lang)).collect(),
            None => self.targets.iter().take(3).filter_map(|t| self.target(&t.id.value, lang)).collect(),
        }
    }

    fn open_surveys(&self, lang: usize) -> Vec<crate::view::model::SurveyView> {
        record_read(|| DependencyKey::OpenSurveys(lang));
        self.open_survey_pages(lang).into_iter().filter_map(|id| self.survey_view(id)).collect()
    }

    pub(in crate::view) fn open_survey_pages(&self, lang: usize) -> Vec<PageId> {
        let open = |id: &PageId| match &self.catalog.page(*id).facts {
            KindFacts::Survey(s) => s.closes.is_none_or(|c| c.date >= self.clock.today),
            _ => false,
        };
        self.catalog
            .page_ids()
            .filter(|id| self.catalog.page(*id).lang == lang && self.catalog.is_listed(*id))
            .filter(open)
            .collect()
    }
}
