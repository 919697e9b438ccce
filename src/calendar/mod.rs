//! Events in time: the days they fall on, the calendars they are in, their UIDs and revisions, and the ledger of each year.
//!
//! In: the catalog, settings, the day of the build and the lock file. Out: an [`EventSchedule`]. Pure: reads no disk, knows no HTML.

mod ledger;
mod lock;
pub mod occurrence;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::catalog::{Catalog, PageId, PageRole, TermId};
use crate::settings::Settings;
use puzhi_core::base::{DateOrDateTime, Route};
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{Event, EventStatus, KindName};

pub use ledger::{GoalStatus, GroupTotal, Ledger, LedgerGroup, LedgerRow, LedgerStatus, LedgerYear, ledger};
pub use lock::{
    EventLock, EventSnapshot, LockChange, LockEntry, changes_diagnostic, display_key, event_fingerprint, event_key,
    event_path_key, read_lock,
};
pub use occurrence::Occurrence;

/// Taxonomies whose terms have calendars.
pub const CALENDAR_TAXONOMIES: [&str; 3] = ["campaigns", "channels", "units"];

/// Everything derived from events and the day of the build.
#[derive(Debug, Default)]
pub struct EventSchedule {
    /// UID and revision of each published event.
    pub revisions: BTreeMap<PageId, EventRevision>,
    /// In address order within each language: all, years, terms.
    pub calendars: Vec<Calendar>,
    /// Month pages, one run for each language that has events.
    pub month_ranges: Vec<MonthRange>,
    /// The ledger of all years.
    pub ledger: Ledger,
}

/// The lock file as recording would leave it, and what that changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordOutcome {
    /// The new content of the file.
    pub lock: EventLock,
    /// How it differs from the old.
    pub changes: Vec<LockChange>,
}

/// UID, SEQUENCE and DTSTAMP of an event in iCalendar files (RFC 5545).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRevision {
    /// The event's lasting name.
    pub uid: String,
    /// Number of the revision, from 0.
    pub sequence: u32,
    /// The day of that revision.
    pub stamp: Date,
    /// Whether these come from the lock file.
    pub recorded: bool,
}

/// A list of events with an address of its own and a file to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Which events it holds.
    pub scope: CalendarScope,
    /// Index of its language.
    pub lang: usize,
    /// Address of its page.
    pub route: Route,
    /// By first day, then path.
    pub events: Vec<PageId>,
}

/// Which events a calendar holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarScope {
    /// All of its language.
    All,
    /// Those with a day in this year.
    Year(i16),
    /// Those of this term.
    Term(TermId),
}

/// A run of months that have pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRange {
    /// Index of the language.
    pub lang: usize,
    /// Address of the calendar they belong to.
    pub route: Route,
    /// First day of the first month.
    pub first: Date,
    /// First day of the last month.
    pub last: Date,
}

impl MonthRange {
    /// The first day of each month in order.
    pub fn months(&self) -> impl Iterator<Item = Date> + use<> {
        let last = self.last;
        std::iter::successors(Some(self.first), |m| m.checked_add(1.month()).ok()).take_while(move |m| *m <= last)
    }

    /// The address of a month's page.
    pub fn address(&self, month: Date) -> Route {
        self.route.child(&format!("{:04}-{:02}", month.year(), month.month()))
    }
}

impl EventSchedule {
    /// When a page was published. An event's own day is not its day of publication: an event without `date` and `updated`
    /// counts as published when it was recorded.
    pub fn published(&self, catalog: &Catalog, id: PageId) -> Option<DateOrDateTime> {
        let meta = catalog.page(id);
        match meta.event() {
            None => meta.date.or(meta.updated),
            Some(_) => {
                let recorded =
                    self.revisions.get(&id).filter(|revision| revision.recorded).map(|revision| revision.stamp.into());
                meta.front_matter_date.or(meta.updated).or(recorded)
            }
        }
    }

    /// The calendar of this scope and language.
    pub fn find(&self, of: CalendarScope, lang: usize) -> Option<&Calendar> {
        self.calendars.iter().find(|c| c.scope == of && c.lang == lang)
    }

    /// Findings about events that depend on the day or on other pages.
    pub fn findings(&self, catalog: &Catalog, today: Date) -> Vec<Diagnostic> {
        let mut diags = Vec::new();
        for id in catalog.page_ids().filter(|id| self.revisions.contains_key(id)) {
            let meta = catalog.page(id);
            diags.extend(
                (0..meta.lang)
                    .find_map(|lang| translation_differences(catalog, id, catalog.translation(&meta.key, lang)?)),
            );
            if let Some((event, (_, last))) = meta.event().and_then(|e| Some((e, e.span()?)))
                && event.status == EventStatus::Held
                && !event.yearly
                && last > today
            {
                diags.push(Diagnostic::new(&codes::events::HELD_IN_FUTURE).file(&meta.path).arg("date", last));
            }
        }
        diags
    }
}

/// Reports where the page of an event differs from the one in its first language, which calendars and the ledger use.
fn translation_differences(catalog: &Catalog, id: PageId, first: PageId) -> Option<Diagnostic> {
    let (own, other) = (catalog.page(id).event()?, catalog.page(first).event()?);
    let name = |event: &Event| event.id.as_ref().map(|id| id.value.clone());
    let differs = [
        (name(own) != name(other), "编号", "id"),
        ((own.start, own.end, own.all_day) != (other.start, other.end, other.all_day), "时间", "time"),
        (own.status != other.status, "状态", "status"),
        ((own.yearly, &own.except) != (other.yearly, &other.except), "重复", "repeats"),
        (own.people().is_some() && own.people() != other.people(), "人次", "attendance"),
    ];
    let what = |word: fn(&(bool, &'static str, &'static str)) -> &'static str, joint: &str| {
        differs.iter().filter(|(differs, ..)| *differs).map(word).collect::<Vec<_>>().join(joint)
    };
    let (zh, en) = (what(|d| d.1, "、"), what(|d| d.2, ", "));
    let diag = Diagnostic::new(&codes::events::TRANSLATION_DIFFERS)
        .file(&catalog.page(id).path)
        .arg("other", &catalog.page(first).path);
    (!en.is_empty()).then(|| diag.arg("what_zh", zh).arg("what_en", en))
}

/// Derives the schedule; `lock` is the lock file as it was read.
pub fn build_event_schedule(catalog: &Catalog, settings: &Settings, lock: &EventLock, today: Date) -> EventSchedule {
    let mut schedule = EventSchedule { ledger: ledger(catalog, today), ..EventSchedule::default() };
    schedule.assign_revisions(catalog, settings, lock, today);
    for lang in 0..settings.languages.len() {
        schedule.make_calendars(catalog, lang, today);
    }
    schedule
}

/// An event of the content that is neither draft nor sample.
#[derive(Debug, Clone, Copy)]
pub struct RecordedEvent<'e> {
    /// Its front matter.
    pub event: &'e Event,
    /// The path that its translations share, without language and extension.
    pub path: &'e str,
    /// Index of its language.
    pub lang: usize,
}

/// Compares the events of the content, future ones included, with the lock file.
pub fn record<'e>(
    events: impl IntoIterator<Item = RecordedEvent<'e>>,
    lock: &EventLock,
    settings: &Settings,
    today: Date,
) -> RecordOutcome {
    let host = uid_host(settings);
    let mut records: BTreeMap<String, (usize, EventSnapshot)> = BTreeMap::new();
    for RecordedEvent { event, path, lang } in events {
        let name = event.id.as_ref().map(|id| id.value.as_str());
        let key = event_key(name, path);
        // Translations share an id; the first language counts.
        if event.start.is_some() && records.get(&key).is_none_or(|(known, _)| *known > lang) {
            let recorded = EventSnapshot {
                key: key.clone(),
                path_key: event_path_key(path),
                uid: uid(name, path, &host),
                hash: event_fingerprint(event, &settings.zone_name),
            };
            records.insert(key, (lang, recorded));
        }
    }
    let records: Vec<EventSnapshot> = records.into_values().map(|(_, r)| r).collect();
    let (lock, changes) = lock.record(&records, today);
    RecordOutcome { lock, changes }
}

fn uid(name: Option<&str>, path: &str, host: &str) -> String {
    format!("{}@{host}", name.unwrap_or(path))
}

/// Whether an event stands in lists and calendars.
fn is_listed(catalog: &Catalog, id: PageId) -> bool {
    let meta = catalog.page(id);
    catalog.is_listed(id) && !meta.unpublished && meta.event().is_some_and(|e| e.start.is_some())
}

impl EventSchedule {
    /// UID and revision of every published event, expired ones included, since calendars once carried them.
    fn assign_revisions(&mut self, catalog: &Catalog, settings: &Settings, lock: &EventLock, today: Date) {
        let host = uid_host(settings);
        for id in catalog.page_ids() {
            let meta = catalog.page(id);
            let Some(event) = meta.event().filter(|e| e.start.is_some()) else { continue };
            if meta.role != PageRole::Page || meta.sample || meta.unpublished {
                continue;
            }
            let name = event.id.as_ref().map(|id| id.value.as_str());
            let (key, path_key) = (event_key(name, &meta.key), event_path_key(&meta.key));
            let own = meta.updated.or(meta.date).or(event.start).map_or(today, |m| m.date);
            let revision = match lock.find(&key, &path_key) {
                Some((_, known)) => EventRevision {
                    uid: known.uid.clone(),
                    sequence: known.sequence,
                    stamp: known.changed,
                    recorded: true,
                },
                None => EventRevision { uid: uid(name, &meta.key, &host), sequence: 0, stamp: own, recorded: false },
            };
            self.revisions.insert(id, revision);
        }
    }

    fn make_calendars(&mut self, catalog: &Catalog, lang: usize, today: Date) {
        let mut events: Vec<PageId> =
            catalog.page_ids().filter(|id| catalog.page(*id).lang == lang && is_listed(catalog, *id)).collect();
        let day = |id: &PageId| catalog.page(*id).event().and_then(|e| e.start);
        events.sort_by(|a, b| (day(a), &catalog.page(*a).path).cmp(&(day(b), &catalog.page(*b).path)));
        let Some(route) = calendar_home(catalog, lang, &events) else { return };
        for year in years(catalog, &events, today) {
            let of_year: Vec<PageId> = match (Date::new(year, 1, 1), Date::new(year, 12, 31)) {
                (Ok(from), Ok(to)) => {
                    events.iter().copied().filter(|id| !occurrences(catalog, *id, from, to).is_empty()).collect()
                }
                _ => Vec::new(),
            };
            self.calendars.push(Calendar {
                scope: CalendarScope::Year(year),
                lang,
                route: route.child(&year.to_string()),
                events: of_year,
            });
        }
        for taxonomy in CALENDAR_TAXONOMIES {
            for term in catalog.taxonomy_terms(taxonomy, lang) {
                let own: Vec<PageId> =
                    events.iter().copied().filter(|id| catalog.page_terms(*id).contains(&term)).collect();
                if !own.is_empty() {
                    let route = catalog.term(term).route.child("calendar");
                    self.calendars.push(Calendar { scope: CalendarScope::Term(term), lang, route, events: own });
                }
            }
        }
        if let Some((first, last)) = months(catalog, &events, today) {
            self.month_ranges.push(MonthRange { lang, route: route.clone(), first, last });
        }
        self.calendars.push(Calendar { scope: CalendarScope::All, lang, route, events });
    }
}

/// Occurrences of an event with a day between `from` and `to`.
pub fn occurrences(catalog: &Catalog, id: PageId, from: Date, to: Date) -> Vec<Occurrence> {
    catalog.page(id).event().map(|e| occurrence::between(e, from, to)).unwrap_or_default()
}

/// Where the calendar of all events lives: in the section of events, else where the first event is.
fn calendar_home(catalog: &Catalog, lang: usize, events: &[PageId]) -> Option<Route> {
    let leads = |s: &&crate::catalog::Section| {
        s.lang == lang && s.index.is_some_and(|i| catalog.page(i).section_options.kind == Some(KindName::Event))
    };
    let section = catalog.sections.iter().find(leads).or_else(|| {
        let folder = &catalog.page(*events.first()?).folder;
        catalog.section_by_folder(folder, lang).map(|id| catalog.section(id))
    })?;
    Some(section.route.child("calendar"))
}

/// Years that have a page: those of sessions, those near the build's in which an observance returns, and what lies between.
fn years(catalog: &Catalog, events: &[PageId], today: Date) -> BTreeSet<i16> {
    const BACK: i16 = 10;
    const AHEAD: i16 = 1;
    let near = today.year() - BACK..=today.year() + AHEAD;
    let mut years = BTreeSet::new();
    for id in events {
        let Some((event, (start, end))) = catalog.page(*id).event().and_then(|e| Some((e, e.span()?))) else {
            continue;
        };
        match event.yearly {
            true => years.extend(start.year().max(*near.start())..=*near.end()),
            false => years.extend([start.year(), end.year()]),
        }
    }
    if let (Some(first), Some(last)) = (years.first().copied(), years.last().copied()) {
        years.extend(first.max(*near.start())..=last.min(*near.end()));
    }
    years
}

/// The first and last month that have a page: the months of events and the coming year, within bounds.
fn months(catalog: &Catalog, events: &[PageId], today: Date) -> Option<(Date, Date)> {
    const BACK: i32 = 60;
    const AHEAD: i32 = 36;
    let this = today.first_of_month();
    let spans: Vec<(Date, Date)> = events.iter().filter_map(|id| catalog.page(*id).event()?.span()).collect();
    let first = spans.iter().map(|s| s.0).min()?.first_of_month();
    let last = spans.iter().map(|s| s.1).max()?.first_of_month();
    let far = |months: i32| this.checked_add(months.months()).unwrap_or(this);
    let last = last.max(far(12)).min(far(AHEAD));
    Some((first.max(far(-BACK)).min(this), last))
}

/// What UIDs end in: the host, or for a site without an address something that is this site's own.
fn uid_host(settings: &Settings) -> String {
    let host = settings
        .base_url
        .as_deref()
        .and_then(|url| url.split("://").nth(1))
        .and_then(|rest| rest.split(['/', ':']).next());
    match host {
        Some(host) if !host.is_empty() => host.to_string(),
        _ => {
            let title = settings.languages.first().map(|l| l.title.as_str()).unwrap_or_default();
            format!("site-{}", puzhi_core::base::ContentHash::of(title.as_bytes()).short(12))
        }
    }
}
