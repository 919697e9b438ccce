//! Event calendars: dates of events, the calendars they belong to, their UIDs and revisions, and the yearly ledger.
//!
//! Input: the catalog, the settings, the day of the build and the lock file. Output: an [`EventSchedule`]. Has no
//! side effects: does not access the disk and does not know HTML.

mod ledger;
mod lock;
/// Dates of events, including yearly ones.
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

/// Taxonomies whose terms have a calendar of their own.
pub const CALENDAR_TAXONOMIES: [&str; 3] = ["campaigns", "channels", "units"];

/// Everything that is derived from the events and the day of the build.
#[derive(Debug, Default)]
pub struct EventSchedule {
    /// UID and revision of each published event.
    pub revisions: BTreeMap<PageId, EventRevision>,
    /// All calendars. Within a language: all events, then years, then terms.
    pub calendars: Vec<Calendar>,
    /// The months that have a page, one entry for each language that has events in reach.
    pub months: Vec<EventMonths>,
    /// The ledger of all years.
    pub ledger: Ledger,
}

/// Result of recording the events: the new lock file and its differences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordOutcome {
    /// The new content of the lock file.
    pub lock: EventLock,
    /// The differences from the old content.
    pub changes: Vec<LockChange>,
}

/// UID, SEQUENCE and DTSTAMP of an event in iCalendar files (RFC 5545).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRevision {
    /// UID of the event.
    pub uid: String,
    /// Number of the revision, starting at 0.
    pub sequence: u32,
    /// Day of the revision (DTSTAMP), at most the day of the build.
    pub stamp: Date,
    /// Whether the values come from the lock file. Otherwise they are derived from the page and may change.
    pub recorded: bool,
}

/// A set of events with its own page and iCalendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Which events it holds.
    pub scope: CalendarScope,
    /// Index of its language.
    pub lang: usize,
    /// Address of the page.
    pub route: Route,
    /// Events by first day, then path.
    pub events: Vec<PageId>,
}

/// Which events a calendar holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarScope {
    /// All events of the language.
    All,
    /// Events with at least one day in this year.
    Year(i16),
    /// Events with this term.
    Term(TermId),
}

/// The months of a language that have a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMonths {
    /// Index of the language.
    pub lang: usize,
    /// Address of the calendar that the month pages belong to.
    pub route: Route,
    /// The first day of each month in which an event takes place, in ascending order; never empty.
    pub months: Vec<Date>,
}

impl EventMonths {
    /// Address of the page of a month.
    pub fn address(&self, month: Date) -> Route {
        self.route.child(&format!("{:04}-{:02}", month.year(), month.month()))
    }

    /// The next month before `month` that has a page.
    pub fn before(&self, month: Date) -> Option<Date> {
        self.months.iter().copied().rfind(|m| *m < month)
    }

    /// The next month after `month` that has a page.
    pub fn after(&self, month: Date) -> Option<Date> {
        self.months.iter().copied().find(|m| *m > month)
    }
}

impl EventSchedule {
    /// Publication date of a page, for feeds and metadata. The date of an event is not its publication date: an event
    /// without `date` and `updated` counts as published on the day it was recorded.
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

    /// The calendar with this scope and language.
    pub fn find(&self, of: CalendarScope, lang: usize) -> Option<&Calendar> {
        self.calendars.iter().find(|c| c.scope == of && c.lang == lang)
    }

    /// Diagnostics about events that depend on the day of the build or on other pages.
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

/// Reports differences between two language versions of an event. Calendars and the ledger use the version in the
/// first language.
fn translation_differences(catalog: &Catalog, id: PageId, first: PageId) -> Option<Diagnostic> {
    let (own, other) = (catalog.page(id).event()?, catalog.page(first).event()?);
    let name = |event: &Event| event.id.as_ref().map(|id| id.value.clone());
    let facets = [
        (name(own) != name(other), ["编号", "id"]),
        ((own.start, own.end, own.all_day) != (other.start, other.end, other.all_day), ["时间", "time"]),
        (own.status != other.status, ["状态", "status"]),
        ((own.yearly, &own.except) != (other.yearly, &other.except), ["重复", "repeats"]),
        (own.people().is_some() && own.people() != other.people(), ["人次", "attendance"]),
    ];
    let differing: Vec<[&str; 2]> =
        facets.into_iter().filter(|(differs, _)| *differs).map(|(_, names)| names).collect();
    let [zh, en] = [(0, "、"), (1, ", ")]
        .map(|(side, joint)| differing.iter().map(|names| names[side]).collect::<Vec<_>>().join(joint));
    let diag = Diagnostic::new(&codes::events::TRANSLATION_DIFFERS)
        .file(&catalog.page(id).path)
        .arg("other", &catalog.page(first).path);
    (!en.is_empty()).then(|| diag.arg("what_zh", zh).arg("what_en", en))
}

/// Computes the schedule. `lock` is the current content of the lock file.
pub fn build_event_schedule(catalog: &Catalog, settings: &Settings, lock: &EventLock, today: Date) -> EventSchedule {
    let mut schedule = EventSchedule { ledger: ledger(catalog, today), ..EventSchedule::default() };
    schedule.assign_revisions(catalog, settings, lock, today);
    for lang in 0..settings.languages.len() {
        schedule.make_calendars(catalog, lang, today);
    }
    schedule
}

/// An event to be recorded: neither a draft nor a sample.
#[derive(Debug, Clone, Copy)]
pub struct RecordedEvent<'e> {
    /// Front matter of the event.
    pub event: &'e Event,
    /// Path that all translations share, without language suffix and extension.
    pub path: &'e str,
    /// Index of the language in the settings.
    pub lang: usize,
}

/// Compares the events of the content, including future ones, with the lock file.
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
        // Translations share an id. The version in the first language is recorded.
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

/// Whether an event appears in lists and calendars.
fn is_listed(catalog: &Catalog, id: PageId) -> bool {
    let meta = catalog.page(id);
    catalog.is_listed(id) && !meta.unpublished && meta.event().is_some_and(|e| e.start.is_some())
}

impl EventSchedule {
    /// Assigns UID and revision to each published event. Expired events are included, because calendars that readers
    /// subscribed to may still contain them.
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
            // A calendar that is made today cannot say that it is of tomorrow.
            let days = [meta.updated, meta.date, event.start].into_iter().flatten().map(|moment| moment.date);
            let own = days.into_iter().find(|day| *day <= today).unwrap_or(today);
            let revision = match lock.find(&key, &path_key) {
                Some((_, known)) => EventRevision {
                    uid: known.uid.clone(),
                    sequence: known.sequence,
                    stamp: known.changed.min(today),
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
        let months = months(catalog, &events, today);
        if !months.is_empty() {
            self.months.push(EventMonths { lang, route: route.clone(), months });
        }
        self.calendars.push(Calendar { scope: CalendarScope::All, lang, route, events });
    }
}

/// Occurrences of an event that have a day between `from` and `to`, both inclusive.
pub fn occurrences(catalog: &Catalog, id: PageId, from: Date, to: Date) -> Vec<Occurrence> {
    catalog.page(id).event().map(|e| occurrence::between(e, from, to)).unwrap_or_default()
}

/// Address of the calendar of all events: below the section whose kind is event, else below the section of the first
/// event.
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

/// The years that have a page: years of single events, years within 10 years back and 1 year ahead of the build in
/// which a yearly observance takes place, and the years between them within the same limits.
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

/// The months that have a page: those in which an event takes place, at most 60 months back and 36 months ahead of the
/// build. Yearly observances count up to 12 months ahead, or up to the last single event.
fn months(catalog: &Catalog, events: &[PageId], today: Date) -> Vec<Date> {
    const BACK: i32 = 60;
    const AHEAD: i32 = 36;
    const AHEAD_YEARLY: i32 = 12;
    let this = today.first_of_month();
    let far = |months: i32| this.checked_add(months.months()).unwrap_or(this);
    let spans = || events.iter().filter_map(|id| catalog.page(*id).event()?.span());
    let (Some(first), Some(last)) = (spans().map(|s| s.0).min(), spans().map(|s| s.1).max()) else {
        return Vec::new();
    };
    let first = first.first_of_month().max(far(-BACK));
    let last = last.max(far(AHEAD_YEARLY)).min(far(AHEAD)).last_of_month();
    let mut months = BTreeSet::new();
    for days in events.iter().flat_map(|id| occurrences(catalog, *id, first, last)) {
        let (from, to) = (days.first.max(first).first_of_month(), days.last.min(last));
        months.extend(std::iter::successors(Some(from), |m| m.checked_add(1.month()).ok()).take_while(|m| *m <= to));
    }
    months.into_iter().collect()
}

/// The part of a UID after `@`: the host of `base_url`, or a value derived from the site's title if there is no
/// `base_url`.
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
