//! The year's count of what was held: one computation, from which page, board, command and files all take their figures.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::catalog::{Catalog, PageId, Role};
use crate::settings::LedgerGoals;
use puzhi_core::kinds::EventStatus;

/// Every year with an event of its own, and the year of the build, oldest first and without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    pub years: Vec<LedgerYear>,
}

/// One calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerYear {
    pub year: i16,
    /// By day, then path.
    pub rows: Vec<Row>,
    /// Counted; [`LedgerYear::sessions`] and [`LedgerYear::people`] say whether anything is known.
    sessions: u64,
    people: u64,
    /// Sessions that count and do not say how many came.
    pub unsaid: u64,
    pub by: Vec<(Group, Vec<Tally>)>,
    /// The day up to which it counts: the last of the year, or the day of the build.
    pub as_of: Date,
    /// The year is not over.
    pub running: bool,
}

/// One event, counted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub page: PageId,
    pub first: Date,
    pub last: Date,
    pub standing: Standing,
    /// Nothing when it is not known or does not count.
    pub people: Option<u64>,
}

/// Whether an event counts, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Counted,
    Sample,
    Cancelled,
    /// Its last day is after the day of the build.
    Future,
    /// Nobody has said that it was held.
    Planned,
    NoEvidence,
}

/// What counts are split by. Except for streets an event may be in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    Campaigns,
    Channels,
    Units,
    Streets,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Empty for events that do not say.
    pub name: String,
    pub sessions: u64,
    /// Nothing where none of them says how many came.
    pub people: Option<u64>,
}

/// How a year stands against its goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    pub met: bool,
    pub sessions_missing: u64,
    pub people_missing: u64,
}

impl Standing {
    pub const EXCLUDED: [Standing; 5] =
        [Standing::Planned, Standing::Future, Standing::Cancelled, Standing::NoEvidence, Standing::Sample];

    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Counted => "counted",
            Standing::Sample => "sample",
            Standing::Cancelled => "cancelled",
            Standing::Future => "future",
            Standing::Planned => "planned",
            Standing::NoEvidence => "no-evidence",
        }
    }
}

impl Group {
    pub const ALL: [Group; 4] = [Group::Campaigns, Group::Channels, Group::Units, Group::Streets];

    pub fn as_str(self) -> &'static str {
        match self {
            Group::Campaigns => "campaigns",
            Group::Channels => "channels",
            Group::Units => "units",
            Group::Streets => "streets",
        }
    }
}

impl Ledger {
    pub fn year(&self, year: i16) -> Option<&LedgerYear> {
        self.years.iter().find(|y| y.year == year)
    }
}

impl LedgerYear {
    /// A year without events.
    pub fn empty(year: i16, today: Date) -> Self {
        let running = year >= today.year();
        let as_of = if running { today } else { Date::new(year, 12, 31).unwrap_or(today) };
        Self { year, rows: Vec::new(), sessions: 0, people: 0, unsaid: 0, by: Vec::new(), as_of, running }
    }

    /// Some event of the year is known; a sample tells of none.
    pub fn is_known(&self) -> bool {
        self.rows.iter().any(|r| r.standing != Standing::Sample)
    }

    /// Sessions that count; none known is no data, not zero.
    pub fn sessions(&self) -> Option<u64> {
        self.is_known().then_some(self.sessions)
    }

    /// Who came to them; no data as well where sessions count and none says how many came.
    pub fn people(&self) -> Option<u64> {
        self.sessions().filter(|sessions| *sessions == 0 || self.unsaid < *sessions).map(|_| self.people)
    }

    /// `None` where settings set no goal, and where no event of the year is known: that is no data, not a failure.
    pub fn verdict(&self, goals: &LedgerGoals) -> Option<Verdict> {
        goals.sessions.or(goals.people).filter(|_| self.is_known())?;
        let sessions_missing = goals.sessions.unwrap_or(0).saturating_sub(self.sessions);
        let people_missing = goals.people.unwrap_or(0).saturating_sub(self.people);
        Some(Verdict { met: sessions_missing == 0 && people_missing == 0, sessions_missing, people_missing })
    }

    pub fn of(&self, standing: Standing) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |r| r.standing == standing)
    }
}

/// Counts every event once, by its page in the first language it is written in. Observances are no sessions, drafts no events.
pub fn ledger(catalog: &Catalog, today: Date) -> Ledger {
    const MOST_EMPTY: i16 = 30;
    let mut years: BTreeMap<i16, LedgerYear> = BTreeMap::new();
    for page in sessions(catalog) {
        let Some(row) = row(catalog, page, today) else { continue };
        let year = row.first.year();
        years.entry(year).or_insert_with(|| LedgerYear::empty(year, today)).rows.push(row);
    }
    let first = years.keys().next().copied().unwrap_or(today.year()).max(today.year() - MOST_EMPTY);
    for year in first..=today.year() {
        years.entry(year).or_insert_with(|| LedgerYear::empty(year, today));
    }
    let mut years: Vec<LedgerYear> = years.into_values().collect();
    years.iter_mut().for_each(|year| count(year, catalog));
    Ledger { years }
}

/// Pages of events that are no observances, each in one language.
fn sessions(catalog: &Catalog) -> Vec<PageId> {
    let mut by_key: BTreeMap<&str, PageId> = BTreeMap::new();
    for id in catalog.ids() {
        let card = catalog.card(id);
        let counts = card.role == Role::Page && !card.unpublished && card.event().is_some_and(|e| !e.yearly);
        if counts && by_key.get(card.key.as_str()).is_none_or(|known| catalog.card(*known).lang > card.lang) {
            by_key.insert(&card.key, id);
        }
    }
    by_key.into_values().collect()
}

fn row(catalog: &Catalog, page: PageId, today: Date) -> Option<Row> {
    let card = catalog.card(page);
    let event = card.event()?;
    let (first, last) = event.span()?;
    let standing = if card.sample {
        Standing::Sample
    } else if event.status == EventStatus::Cancelled {
        Standing::Cancelled
    } else if last > today {
        Standing::Future
    } else if event.status != EventStatus::Held {
        Standing::Planned
    } else if !event.is_evidenced() {
        Standing::NoEvidence
    } else {
        Standing::Counted
    };
    let people = event.people().filter(|_| standing == Standing::Counted);
    Some(Row { page, first, last, standing, people })
}

fn count(year: &mut LedgerYear, catalog: &Catalog) {
    year.rows.sort_by(|a, b| (a.first, &catalog.card(a.page).path).cmp(&(b.first, &catalog.card(b.page).path)));
    let counted: Vec<&Row> = year.rows.iter().filter(|r| r.standing == Standing::Counted).collect();
    year.sessions = counted.len() as u64;
    year.unsaid = counted.iter().filter(|r| r.people.is_none()).count() as u64;
    year.people = counted.iter().filter_map(|r| r.people).fold(0, u64::saturating_add);
    if counted.is_empty() {
        return;
    }
    year.by = Group::ALL
        .map(|group| {
            let mut tallies: Vec<Tally> = Vec::new();
            for row in &counted {
                for name in names(catalog, row.page, group) {
                    match tallies.iter_mut().find(|t| t.name == name) {
                        Some(tally) => {
                            let known = [tally.people, row.people].into_iter().flatten().reduce(u64::saturating_add);
                            (tally.sessions, tally.people) = (tally.sessions + 1, known);
                        }
                        None => tallies.push(Tally { name, sessions: 1, people: row.people }),
                    }
                }
            }
            tallies.sort_by(|a, b| {
                (a.name.is_empty(), b.sessions, b.people, &a.name).cmp(&(
                    b.name.is_empty(),
                    a.sessions,
                    a.people,
                    &b.name,
                ))
            });
            (group, tallies)
        })
        .into();
}

/// Where an event belongs; one empty name when it does not say.
fn names(catalog: &Catalog, page: PageId, group: Group) -> Vec<String> {
    let found: Vec<String> = match group {
        Group::Streets => catalog.card(page).event().and_then(|e| e.street.clone()).into_iter().collect(),
        _ => {
            let terms =
                catalog.terms_on(page).iter().map(|t| catalog.term(*t)).filter(|t| t.taxonomy == group.as_str());
            terms.map(|t| t.name.clone()).collect()
        }
    };
    if found.is_empty() { vec![String::new()] } else { found }
}
