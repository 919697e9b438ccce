//! The ledger of events for its page and for the target board. In: a year that `crate::calendar` counted, and the goals
//! of the settings. Out: [`LedgerView`], observations of targets, and addresses. Counts nothing itself.

use crate::calendar::{LedgerGroup, LedgerRow, LedgerStatus, LedgerYear};
use crate::settings::LedgerGoals;
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::kinds::{Target, TargetSource};

use super::model::{LedgerExcluded, LedgerRowView, LedgerSplit, LedgerTally, LedgerView, LedgerYearView};
use crate::view::model::{LinkView, ObservationView};
use crate::view::tracking::site::Site;

/// A number of the ledger that a target can name as its source (`from` in `data/targets.yaml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerFigure {
    /// Number of sessions held in a year.
    Sessions,
    /// Number of people who came.
    People,
}

impl LedgerFigure {
    /// The English names.
    pub const NAMES: [&str; 2] = ["sessions", "people"];

    /// The figure with this name, in Chinese or English.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sessions" | "场次" => Some(LedgerFigure::Sessions),
            "people" | "attendance" | "人次" => Some(LedgerFigure::People),
            _ => None,
        }
    }

    fn of(self, year: &LedgerYear) -> Option<u64> {
        match self {
            LedgerFigure::Sessions => year.sessions(),
            LedgerFigure::People => year.people(),
        }
    }
}

/// The address of a year's page. The ledger's own address (`goals.page`) shows the year of the build.
pub fn year_route(goals: &LedgerGoals, year: i16) -> Route {
    goals.page.child(&year.to_string())
}

/// The address of a year's data file.
pub fn file_route(goals: &LedgerGoals, year: i16, extension: &str) -> Route {
    goals.page.child_file(&format!("ledger-{year}.{extension}"))
}

impl Site {
    /// One year of the ledger, in the first language: for the ledger's own address if `front`, else for the year's
    /// page.
    pub fn ledger_view(&self, goals: &LedgerGoals, year: &LedgerYear, front: bool) -> LedgerView {
        const LANG: usize = 0;
        let agenda = self.agenda();
        let word = |key: &str| self.word(LANG, key);
        let route = if front { goals.page.clone() } else { year_route(goals, year.year) };
        let url = self.settings().href(&route);
        let verdict = year.goal_status(goals);
        let (words, clause) = self.ledger_words(goals);
        let mut breadcrumbs = self.home_crumb(LANG);
        let above = goals.page.as_str().trim_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(section) =
            Some(above).filter(|above| !above.is_empty()).and_then(|above| agenda.section_at(above, LANG))
        {
            breadcrumbs = self.section_crumbs(section, true);
        }
        let title = word("ledger");
        if !front {
            breadcrumbs.push(LinkView { title: title.clone(), url: self.settings().href(&goals.page) });
        }
        let rows = |standing: LedgerStatus| -> Vec<LedgerRowView> {
            year.rows_with(standing).map(|row| self.ledger_row(row)).collect()
        };
        let excluded = LedgerStatus::EXCLUDED.into_iter().map(|s| LedgerExcluded { why: s.as_str(), rows: rows(s) });
        LedgerView {
            title: if front { title } else { word("ledger_year").replace("{year}", &year.year.to_string()) },
            kind: "ledger",
            permalink: self.permalink(&url),
            url,
            summary: None,
            breadcrumbs,
            translations: self.translation_views(agenda.other_languages(LANG, |_| None)),
            feeds: None,
            year: year.year,
            running: year.is_current,
            as_of: self.date(year.as_of.into(), LANG),
            known: year.is_known(),
            sessions: year.sessions(),
            people: year.people(),
            unsaid: year.sessions_without_attendance,
            goal_sessions: goals.sessions,
            goal_people: goals.people,
            met: verdict.map(|v| v.met),
            sessions_missing: verdict.map_or(0, |v| v.sessions_missing),
            people_missing: verdict.map_or(0, |v| v.people_missing),
            words,
            clause,
            counted: rows(LedgerStatus::Counted),
            excluded: excluded.filter(|e| !e.rows.is_empty()).collect(),
            by: year
                .totals
                .iter()
                .map(|(group, tallies)| LedgerSplit {
                    group: group.as_str(),
                    title: self.ledger_group(*group),
                    tallies: tallies
                        .iter()
                        .map(|t| LedgerTally { name: t.name.clone(), sessions: t.sessions, people: t.people })
                        .collect(),
                })
                .collect(),
            years: agenda
                .schedule()
                .ledger
                .years
                .iter()
                .rev()
                .map(|y| LedgerYearView {
                    year: y.year,
                    url: self.settings().href(&year_route(goals, y.year)),
                    known: y.is_known(),
                    sessions: y.sessions(),
                    people: y.people(),
                    met: y.goal_status(goals).map(|v| v.met),
                    current: y.year == year.year,
                    running: y.is_current,
                })
                .collect(),
            csv: self.settings().href(&file_route(goals, year.year, "csv")),
            json: self.settings().href(&file_route(goals, year.year, "json")),
        }
    }

    /// The title of a split of the ledger, in the first language.
    pub fn ledger_group(&self, group: LedgerGroup) -> String {
        match group {
            LedgerGroup::Streets => self.word(0, "street"),
            _ => self.taxonomy_title(group.as_str(), 0),
        }
    }

    fn ledger_row(&self, row: &LedgerRow) -> LedgerRowView {
        let event = self.agenda().event(row.page);
        LedgerRowView {
            title: event.map(|event| event.meta.title.clone()).unwrap_or_default(),
            url: event.map(|event| event.url().to_string()).unwrap_or_default(),
            date: self.date(row.first.into(), 0),
            people: row.people,
        }
    }

    /// The plan's words and clause: those of the settings, else those of the targets that take their value from the
    /// ledger.
    fn ledger_words(&self, goals: &LedgerGoals) -> (Vec<String>, Option<LinkView>) {
        // The texts of the plan come from the targets.
        let plan = self.board(0).ledger_plan();
        let words = goals.words.as_ref().map_or(plan.words, |words| vec![words.clone()]);
        let own = self
            .agenda()
            .ledger_clause()
            .filter(|url| !url.contains("://"))
            .map(|url| LinkView { title: self.word(0, "ledger_clause"), url: url.to_string() });
        (words, own.or(plan.clause))
    }

    /// The ledger's observations for a target: one value for each year with data; empty if the target does not name the
    /// ledger.
    pub(in crate::view) fn ledger_observations(&self, target: &Target, lang: usize) -> Vec<ObservationView> {
        let Some(TargetSource::Ledger(name)) = &target.from else { return Vec::new() };
        let Some(figure) = LedgerFigure::named(name) else { return Vec::new() };
        let years = self.schedule().ledger.years.iter();
        years
            .filter_map(|year| {
                Some(ObservationView {
                    date: self.date(DateOrDateTime::from(year.as_of), lang),
                    value: figure.of(year)? as f64,
                    source: self.word(lang, if year.is_current { "ledger_source_running" } else { "ledger_source" }),
                })
            })
            .collect()
    }
}
