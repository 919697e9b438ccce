//! The ledger (台账): the number of sessions and participants per year. Pages, boards, data files and the command line
//! all show this one result.
//!
//! Input: the catalog and the day of the build. Output: a [`Ledger`]. Does not know HTML and does not access files.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::catalog::{Catalog, PageId, PageRole};
use crate::settings::LedgerGoals;
use puzhi_core::kinds::EventStatus;

/// All years from the first one with an event to the year of the build, without gaps. Empty years more than 30 years
/// before the build are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The years in ascending order.
    pub years: Vec<LedgerYear>,
}

/// One calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerYear {
    /// The calendar year.
    pub year: i16,
    /// All events of the year, by first day, then path.
    pub rows: Vec<LedgerRow>,
    /// Number of counted sessions. Also 0 if no event of the year is known, so read it through
    /// [`LedgerYear::sessions`].
    sessions: u64,
    people: u64,
    /// Number of counted sessions without a number of participants.
    pub sessions_without_attendance: u64,
    /// Totals by campaign, channel, unit and sub-district. Empty if no session counts.
    pub totals: Vec<(LedgerGroup, Vec<GroupTotal>)>,
    /// The last day that is included: the last day of the year, or the day of the build if that is earlier.
    pub as_of: Date,
    /// Whether the year is not over on the day of the build.
    pub is_current: bool,
}

/// One event, whether it counts or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerRow {
    /// Page of the event in the first language it exists in.
    pub page: PageId,
    /// First day of the event.
    pub first: Date,
    /// Last day of the event.
    pub last: Date,
    /// Whether the event counts as a session, and if not, why.
    pub standing: LedgerStatus,
    /// Number of participants; `None` if it is unknown or the event does not count.
    pub people: Option<u64>,
}

/// Whether an event counts as a session, or the reason why it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerStatus {
    /// It counts as a session.
    Counted,
    /// The page is a sample.
    Sample,
    /// It was cancelled.
    Cancelled,
    /// Its last day is after the day of the build.
    Future,
    /// It is over but its status does not say that it was held.
    Planned,
    /// It is marked as held, but there is no evidence for it (such as a report or photographs).
    NoEvidence,
}

/// Criteria by which totals are split. An event may belong to several groups, except for sub-districts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LedgerGroup {
    /// By campaign.
    Campaigns,
    /// By channel (七进).
    Channels,
    /// By unit in charge.
    Units,
    /// By sub-district (街道).
    Streets,
}

/// The total of one group, for example one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTotal {
    /// Name of the group; empty for events that do not name one.
    pub name: String,
    /// Number of counted sessions.
    pub sessions: u64,
    /// Number of participants; `None` if it is unknown for all sessions of the group.
    pub people: Option<u64>,
}

/// The result of a year compared with its goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalStatus {
    /// Whether all goals that are set are reached.
    pub met: bool,
    /// Number of sessions missing to the goal.
    pub sessions_missing: u64,
    /// Number of participants missing to the goal.
    pub people_missing: u64,
}

impl LedgerStatus {
    /// All reasons not to count, in display order.
    pub const EXCLUDED: [LedgerStatus; 5] = [
        LedgerStatus::Planned,
        LedgerStatus::Future,
        LedgerStatus::Cancelled,
        LedgerStatus::NoEvidence,
        LedgerStatus::Sample,
    ];

    /// Identifier used in templates and data files.
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
    /// All criteria in display order.
    pub const ALL: [LedgerGroup; 4] =
        [LedgerGroup::Campaigns, LedgerGroup::Channels, LedgerGroup::Units, LedgerGroup::Streets];

    /// Identifier used in templates and data files; equal to the key of the taxonomy, where there is one.
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
    /// The year, if it is in the ledger.
    pub fn year(&self, year: i16) -> Option<&LedgerYear> {
        self.years.iter().find(|y| y.year == year)
    }
}

impl LedgerYear {
    /// A year without events. `today` is the day of the build.
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

    /// Whether at least one real event of the year is known; samples do not count.
    pub fn is_known(&self) -> bool {
        self.rows.iter().any(|r| r.standing != LedgerStatus::Sample)
    }

    /// Number of counted sessions. `None` means no data: no event of the year is known.
    pub fn sessions(&self) -> Option<u64> {
        self.is_known().then_some(self.sessions)
    }

    /// Number of participants. `None` means no data: no event is known, or no counted session has a number.
    pub fn people(&self) -> Option<u64> {
        self.sessions()
            .filter(|sessions| *sessions == 0 || self.sessions_without_attendance < *sessions)
            .map(|_| self.people)
    }

    /// Comparison with the goals. `None` if no goal is set, or if no event of the year is known, because missing data
    /// is not a failure.
    pub fn goal_status(&self, goals: &LedgerGoals) -> Option<GoalStatus> {
        goals.sessions.or(goals.people).filter(|_| self.is_known())?;
        let sessions_missing = goals.sessions.unwrap_or(0).saturating_sub(self.sessions);
        let people_missing = goals.people.unwrap_or(0).saturating_sub(self.people);
        Some(GoalStatus { met: sessions_missing == 0 && people_missing == 0, sessions_missing, people_missing })
    }

    /// Events with this status, by first day, then path.
    pub fn rows_with(&self, standing: LedgerStatus) -> impl Iterator<Item = &LedgerRow> {
        self.rows.iter().filter(move |r| r.standing == standing)
    }
}

/// Computes the ledger. Each event is counted once, by its page in the first language it exists in. Yearly
/// observances and unpublished pages are not counted.
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

/// Pages of events that are not yearly observances, one language version of each.
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

/// Names of the groups of an event; one empty name if it belongs to none.
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
