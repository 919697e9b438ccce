//! The data templates can read of calendars and the ledger; the same rules as in [`crate::view::model`].

use serde::Serialize;

use puzhi_core::kinds::EventStatus;

use crate::view::model::{DateView, FeedsView, ImageView, LinkView, TranslationView};

/// `list` on `calendar.html`: the events of all, of a year or of a term, by month.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarView {
    pub title: String,
    /// `calendar`.
    pub kind: &'static str,
    /// `all`, `year`, or the taxonomy's key.
    pub name: String,
    pub url: String,
    pub permalink: Option<String>,
    pub summary: Option<String>,
    pub breadcrumbs: Vec<LinkView>,
    pub translations: Vec<TranslationView>,
    pub feeds: Option<FeedsView>,
    /// None when there is nothing to subscribe to.
    pub subscribe: Option<SubscribeView>,
    /// From the day of the build on; of a year all its events.
    pub months: Vec<MonthGroup>,
    /// What is over, newest first; a year has it in `months`.
    pub past: Vec<MonthGroup>,
    /// Of a year's calendar.
    pub year: Option<i16>,
    /// The years beside it, of a year's calendar.
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    /// The grid of the month of the build, or of the year's first month that has one.
    pub grid: Option<String>,
    /// The other calendars: all, years, campaigns, channels, units.
    pub calendars: Vec<CalendarLinks>,
}

/// Calendars of one sort.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarLinks {
    pub title: String,
    pub links: Vec<LinkView>,
}

/// How to keep a calendar or event in one's own calendar.
#[derive(Debug, Clone, Serialize)]
pub struct SubscribeView {
    /// The `.ics` file.
    pub ics: String,
    /// Its absolute address, and the one that makes phones subscribe, when the site has an address.
    pub https: Option<String>,
    pub webcal: Option<String>,
    /// A QR code of the page's address as an SVG.
    pub qr_html: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MonthGroup {
    pub year: i16,
    pub month: i8,
    pub events: Vec<OccurrenceView>,
}

/// An event on its days; an observance has one for each year.
#[derive(Debug, Clone, Serialize)]
pub struct OccurrenceView {
    pub title: String,
    pub url: String,
    pub first: DateView,
    /// When it takes several days.
    pub last: Option<DateView>,
    /// `9:30` or `9:30—11:30`; of several days when the first begins.
    pub time: Option<String>,
    /// When the last of several days ends.
    pub until: Option<String>,
    pub place: Option<String>,
    pub status: EventStatus,
    pub reason: Option<String>,
    pub yearly: bool,
    /// Over on the day of the build.
    pub past: bool,
}

/// `list` on `month.html`: a month as a table of weeks from Monday to Sunday.
#[derive(Debug, Clone, Serialize)]
pub struct GridView {
    pub title: String,
    /// `month`.
    pub kind: &'static str,
    pub url: String,
    pub permalink: Option<String>,
    pub summary: Option<String>,
    pub breadcrumbs: Vec<LinkView>,
    pub translations: Vec<TranslationView>,
    pub feeds: Option<FeedsView>,
    pub year: i16,
    pub month: i8,
    pub weeks: Vec<Vec<DayView>>,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    /// The same events as a list.
    pub events: Vec<OccurrenceView>,
}

/// A cell of the month.
#[derive(Debug, Clone, Serialize)]
pub struct DayView {
    /// None before the first and after the last of the month.
    pub date: Option<DateView>,
    /// The first of its week or month, where what goes on is named anew.
    pub first: bool,
    pub events: Vec<OccurrenceView>,
}

/// `list.calendar`: what a term's or the events' own page shows of its calendar.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarBrief {
    /// Its page and file, when it has events.
    pub url: Option<String>,
    pub ics: Option<String>,
    /// From the year before the build's to the year after, in order; empty on the page of all events.
    pub events: Vec<OccurrenceView>,
    /// A QR code of the page's address as an SVG, for paper.
    pub qr_html: Option<String>,
    /// Whether to say that there are none.
    pub says_none: bool,
}

/// `page.calendar`: what an event's own page shows besides `page.event`.
#[derive(Debug, Clone, Serialize)]
pub struct EventPageView {
    /// None for samples and others that are in no calendar, and for what is over or cancelled.
    pub subscribe: Option<SubscribeView>,
    /// The calendar of all events.
    pub all: Option<String>,
    /// schema.org Event as JSON-LD, safe inside `<script type="application/ld+json">`.
    pub ld_html: Option<String>,
    /// While one can still come.
    pub registration: Option<RegistrationView>,
    pub evidence: Vec<EvidenceView>,
    /// The observance or series it belongs to.
    pub of: Option<LinkView>,
    /// The events that say they belong to it, newest first.
    pub sessions: Vec<OccurrenceView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RegistrationView {
    /// Relative to the root, or absolute when `external`.
    pub url: Option<String>,
    pub external: bool,
    pub phones: Vec<PhoneView>,
}

/// A number as written, and as a `tel:` link dials it, if it can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneView {
    pub text: String,
    pub dial: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EvidenceView {
    pub photo: Option<ImageView>,
    pub sign_in: Option<u64>,
    pub confirmed_by: Option<String>,
    pub note: Option<String>,
}

/// `list` on `ledger.html`: what was held in a year.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerView {
    pub title: String,
    /// `ledger`.
    pub kind: &'static str,
    pub url: String,
    pub permalink: Option<String>,
    pub summary: Option<String>,
    pub breadcrumbs: Vec<LinkView>,
    pub translations: Vec<TranslationView>,
    pub feeds: Option<FeedsView>,
    pub year: i16,
    /// The year is not over.
    pub running: bool,
    /// The day up to which it counts.
    pub as_of: DateView,
    /// Some event of the year is known; otherwise there is no data.
    pub known: bool,
    /// None is no data.
    pub sessions: Option<u64>,
    pub people: Option<u64>,
    /// Sessions that count and do not say how many came.
    pub unsaid: u64,
    pub goal_sessions: Option<u64>,
    pub goal_people: Option<u64>,
    /// None without goals.
    pub met: Option<bool>,
    pub sessions_missing: u64,
    pub people_missing: u64,
    /// The plan's own words.
    pub words: Vec<String>,
    pub clause: Option<LinkView>,
    pub counted: Vec<LedgerRowView>,
    pub excluded: Vec<LedgerExcluded>,
    pub by: Vec<LedgerSplit>,
    /// All years, newest first.
    pub years: Vec<LedgerYearView>,
    /// The files of this year.
    pub csv: String,
    pub json: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct LedgerRowView {
    pub title: String,
    pub url: String,
    pub date: DateView,
    pub people: Option<u64>,
}

/// Events that count nothing, by why: `planned`, `future`, `cancelled`, `no-evidence`, `sample`.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerExcluded {
    pub why: &'static str,
    pub rows: Vec<LedgerRowView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LedgerSplit {
    /// `campaigns`, `channels`, `units` or `streets`.
    pub group: &'static str,
    pub title: String,
    pub tallies: Vec<LedgerTally>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LedgerTally {
    /// Empty for events that do not say.
    pub name: String,
    pub sessions: u64,
    pub people: Option<u64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LedgerYearView {
    pub year: i16,
    pub url: String,
    pub known: bool,
    pub sessions: Option<u64>,
    pub people: Option<u64>,
    pub met: Option<bool>,
    pub current: bool,
    pub running: bool,
}
