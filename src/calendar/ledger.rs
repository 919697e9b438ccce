//! The ledger (台账): counts of the events held in each year. Pages, boards, files and the command all show this one result.
//!
//! In: the catalog and the day of the build. Out: a [`Ledger`]. Knows no HTML and no file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::catalog::{Catalog, PageId, PageRole};
use crate::settings::LedgerGoals;
use puzhi_core::kinds::EventStatus;

/// Every year with an event of its own, and the year of the build, oldest first and without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The years in order.
    pub years: Vec<LedgerYear>,
}

/// One calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerYear {
    /// The calendar year.
    pub year: i16,
    /// By day, then path.
    pub rows: Vec<LedgerRow>,
    /// Zero also where nothing is known: read it through [`LedgerYear::sessions`].
    sessions: u64,
    people: u64,
    /// Sessions that count and do not say how many came.
    pub sessions_without_attendance: u64,
    /// Totals by campaign, channel, unit and street.
    pub totals: Vec<(LedgerGroup, Vec<GroupTotal>)>,
    /// The day up to which it counts: the last of the year, or the day of the build.
    pub as_of: Date,
    /// The year is not over.
    pub is_current: bool,
}

/// One event, counted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerRow {
    /// Page of the event in its first language.
    pub page: PageId,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// Whether it counts.
    pub standing: LedgerStatus,
    /// Nothing when it is not known or does not count.
    pub people: Option<u64>,
}

/// Whether an event counts, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerStatus {
    /// Counts as a session.
    Counted,
    /// A sample page.
    Sample,
    /// Was cancelled.
    Cancelled,
    /// Its last day is after the day of the build.
    Future,
    /// Nobody has said that it was held.
    Planned,
    /// Held, but nothing shows it.
    NoEvidence,
}

/// What counts are split by. Except for streets an event may be in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LedgerGroup {
    /// By campaign.
    Campaigns,
    /// By channel (七进).
    Channels,
    /// By unit in charge.
    Units,
    /// By sub-district.
    Streets,
}

/// The total of one campaign, channel, unit or street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTotal {
    /// Empty for events that do not say.
    pub name: String,
    /// Sessions that count.
    pub sessions: u64,
    /// Nothing where none of them says how many came.
    pub people: Option<u64>,
}

/// How a year stands against its goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalStatus {
    /// Both goals are reached.
    pub met: bool,
    /// Sessions still to be held.
    pub sessions_missing: u64,
    /// People still to be reached.
    pub people_missing: u64,
}

impl LedgerStatus {
    /// Every reason not to count, in the order pages list them.
    pub const EXCLUDED: [LedgerStatus; 5] = [
        LedgerStatus::Planned,
        LedgerStatus::Future,
        LedgerStatus::Cancelled,
        LedgerStatus::NoEvidence,
        LedgerStatus::Sample,
    ];

    /// The name in code, as templates see it.
    pub fn as_str(self) -> &'static str {
        match self {
            LedgerStatus::Counted => "counted",
            LedgerStatus::Sample => "sample",
            LedgerStatus::Cancelled => "cancelled",
            LedgerStatus::Future => "future",
            LedgerStatus::Planned => "planned",
            LedgerStatus::NoEvidence => "no-evidence",
        }
    }
}

impl LedgerGroup {
    /// All groupings, in the order pages show them.
    pub const ALL: [LedgerGroup; 4] =
        [LedgerGroup::Campaigns, LedgerGroup::Channels, LedgerGroup::Units, LedgerGroup::Streets];

    /// The name in code, as templates see it.
    pub fn as_str(self) -> &'static str {
        match self {
            LedgerGroup::Campaigns => "campaigns",
            LedgerGroup::Channels => "channels",
            LedgerGroup::Units => "units",
            LedgerGroup::Streets => "streets",
        }
    }
}

impl Ledger {
    /// The year, if the ledger has it.
    pub fn year(&self, year: i16) -> Option<&LedgerYear> {
        self.years.iter().find(|y| y.year == year)
    }
}

impl LedgerYear {
    /// A year without events.
    pub fn empty(year: i16, today: Date) -> Self {
        let is_current = year >= today.year();
        let as_of = if is_current { today } else { Date::new(year, 12, 31).unwrap_or(today) };
        Self {
            year,
            rows: Vec::new(),
            sessions: 0,
            people: 0,
            sessions_without_attendance: 0,
            totals: Vec::new(),
            as_of,
            is_current,
        }
    }

    /// Some event of the year is known; a sample tells of none.
    pub fn is_known(&self) -> bool {
        self.rows.iter().any(|r| r.standing != LedgerStatus::Sample)
    }

    /// Sessions that count; none known is no data, not zero.
    pub fn sessions(&self) -> Option<u64> {
        self.is_known().then_some(self.sessions)
    }

    /// Who came to them; no data as well where sessions count and none says how many came.
    pub fn people(&self) -> Option<u64> {
        self.sessions()
            .filter(|sessions| *sessions == 0 || self.sessions_without_attendance < *sessions)
            .map(|_| self.people)
    }

    /// `None` where settings set no goal, and where no event of the year is known: that is no data, not a failure.
    pub fn goal_status(&self, goals: &LedgerGoals) -> Option<GoalStatus> {
        goals.sessions.or(goals.people).filter(|_| self.is_known())?;
        let sessions_missing = goals.sessions.unwrap_or(0).saturating_sub(self.sessions);
        let people_missing = goals.people.unwrap_or(0).saturating_sub(self.people);
        Some(GoalStatus { met: sessions_missing == 0 && people_missing == 0, sessions_missing, people_missing })
    }

    /// Events of this status, in order.
    pub fn rows_with(&self, standing: LedgerStatus) -> impl Iterator<Item = &LedgerRow> {
        self.rows.iter().filter(move |r| r.standing == standing)
    }
}

/// Counts every event once, by its page in the first language it is written in. Observances are no sessions, drafts no events.
pub fn ledger(catalog: &Catalog, today: Date) -> Ledger {
    const MAX_EMPTY_YEARS: i16 = 30;
    let mut years: BTreeMap<i16, LedgerYear> = BTreeMap::new();
    for page in sessions(catalog) {
        let Some(row) = row(catalog, page, today) else { continue };
        let year = row.first.year();
        years.entry(year).or_insert_with(|| LedgerYear::empty(year, today)).rows.push(row);
    }
    let first = years.keys().next().copied().unwrap_or(today.year()).max(today.year() - MAX_EMPTY_YEARS);
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
    for id in catalog.page_ids() {
        let meta = catalog.page(id);
        let counts = meta.role == PageRole::Page && !meta.unpublished && meta.event().is_some_and(|e| !e.yearly);
        if counts && by_key.get(meta.key.as_str()).is_none_or(|known| catalog.page(*known).lang > meta.lang) {
            by_key.insert(&meta.key, id);
        }
    }
    by_key.into_values().collect()
}

fn row(catalog: &Catalog, page: PageId, today: Date) -> Option<LedgerRow> {
    let meta = catalog.page(page);
    let event = meta.event()?;
    let (first, last) = event.span()?;
    let standing = if meta.sample {
        LedgerStatus::Sample
    } else if event.status == EventStatus::Cancelled {
        LedgerStatus::Cancelled
    } else if last > today {
        LedgerStatus::Future
    } else if event.status != EventStatus::Held {
        LedgerStatus::Planned
    } else if !event.is_evidenced() {
        LedgerStatus::NoEvidence
    } else {
        LedgerStatus::Counted
    };
    let people = event.people().filter(|_| standing == LedgerStatus::Counted);
    Some(LedgerRow { page, first, last, standing, people })
}

fn count(year: &mut LedgerYear, catalog: &Catalog) {
    year.rows.sort_by(|a, b| (a.first, &catalog.page(a.page).path).cmp(&(b.first, &catalog.page(b.page).path)));
    let counted: Vec<&LedgerRow> = year.rows.iter().filter(|r| r.standing == LedgerStatus::Counted).collect();
    year.sessions = counted.len() as u64;
    year.sessions_without_attendance = counted.iter().filter(|r| r.people.is_none()).count() as u64;
    year.people = counted.iter().filter_map(|r| r.people).fold(0, u64::saturating_add);
    if counted.is_empty() {
        return;
    }
    year.totals = LedgerGroup::ALL
        .map(|group| {
            let mut tallies: Vec<GroupTotal> = Vec::new();
            for row in &counted {
                for name in group_names(catalog, row.page, group) {
                    match tallies.iter_mut().find(|t| t.name == name) {
                        Some(tally) => {
                            let known = [tally.people, row.people].into_iter().flatten().reduce(u64::saturating_add);
                            (tally.sessions, tally.people) = (tally.sessions + 1, known);
                        }
                        None => tallies.push(GroupTotal { name, sessions: 1, people: row.people }),
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
fn group_names(catalog: &Catalog, page: PageId, group: LedgerGroup) -> Vec<String> {
    let found: Vec<String> = match group {
        LedgerGroup::Streets => catalog.page(page).event().and_then(|e| e.street.clone()).into_iter().collect(),
        _ => {
            let terms =
                catalog.page_terms(page).iter().map(|t| catalog.term(*t)).filter(|t| t.taxonomy == group.as_str());
            terms.map(|t| t.name.clone()).collect()
        }
    };
    if found.is_empty() { vec![String::new()] } else { found }
}
