//! The data that templates can read of calendars, event pages and the ledger. Addresses, escaping and absent values
//! follow the rules of [`crate::view::model`]. Computes nothing.

use serde::Serialize;

use puzhi_core::kinds::EventStatus;

use crate::view::model::{DateView, FeedsView, ImageView, LinkView, TranslationView};

/// `list` on `calendar.html`: all events, the events of a year, or those of a term, by month.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarView {
    /// Title of the calendar.
    pub title: String,
    /// Always `calendar`.
    pub kind: &'static str,
    /// `all`, `year`, or the key of the term's taxonomy.
    pub name: String,
    /// Address of the calendar's page.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub summary: Option<String>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// The other languages of this calendar; a term's calendar has no translations.
    pub translations: Vec<TranslationView>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub feeds: Option<FeedsView>,
    /// How to subscribe; none if the calendar has no events.
    pub subscribe: Option<SubscribeView>,
    /// Events by month in order: from the day of the build on; in a year's calendar all of the year.
    pub months: Vec<MonthGroup>,
    /// Past events by month, newest first; only in a term's calendar.
    pub past: Vec<MonthGroup>,
    /// The year; none unless it is a year's calendar.
    pub year: Option<i16>,
    /// Calendar of the year before it that has one; none unless it is a year's calendar.
    pub previous: Option<LinkView>,
    /// Calendar of the year after it that has one; none unless it is a year's calendar.
    pub next: Option<LinkView>,
    /// The twelve months of a year's calendar; empty in other calendars.
    pub small_months: Vec<SmallMonth>,
    /// Address of a month's page: the first from the month of the build on that has events, or the year's first.
    pub grid: Option<String>,
    /// The other calendars in groups: all events, years, campaigns, channels, units.
    pub calendars: Vec<CalendarLinks>,
}

/// A group of links to calendars.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarLinks {
    /// Title of the group.
    pub title: String,
    /// The calendars, at least one.
    pub links: Vec<LinkView>,
}

/// How to add a calendar or an event to one's own calendar program.
#[derive(Debug, Clone, Serialize)]
pub struct SubscribeView {
    /// Address of the iCalendar file (`.ics`).
    pub ics: String,
    /// Absolute address of that file; none without `base_url`.
    pub https: Option<String>,
    /// The same address with `webcal:`, which makes phones subscribe; none without `base_url`.
    pub webcal: Option<String>,
    /// QR code of the page's absolute address, as SVG; none without `base_url`.
    pub qr_html: Option<String>,
}

/// The events of one month.
#[derive(Debug, Clone, Serialize)]
pub struct MonthGroup {
    /// Year: 2025.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Events that begin in this month.
    pub events: Vec<OccurrenceView>,
}

/// One occurrence of an event; a yearly observance has one for each year.
#[derive(Debug, Clone, Serialize)]
pub struct OccurrenceView {
    /// Title of the event.
    pub title: String,
    /// Address of the event's page.
    pub url: String,
    /// First day.
    pub first: DateView,
    /// Last day; none if it takes one day.
    pub last: Option<DateView>,
    /// `9:30` or `9:30—11:30`; if it takes several days, when it begins on the first. None for all-day events.
    pub time: Option<String>,
    /// If it takes several days, when it ends on the last: `11:30`.
    pub until: Option<String>,
    /// Where it takes place: the place, else the address.
    pub place: Option<String>,
    /// How far it has come.
    pub status: EventStatus,
    /// Why it is cancelled.
    pub reason: Option<String>,
    /// The event is a yearly observance.
    pub yearly: bool,
    /// This occurrence is over on the day of the build.
    pub past: bool,
}

/// `list` on `month.html`: a month as a table of weeks from Monday to Sunday.
#[derive(Debug, Clone, Serialize)]
pub struct GridView {
    /// Title of the month's page.
    pub title: String,
    /// Always `month`.
    pub kind: &'static str,
    /// Address of the month's page.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub summary: Option<String>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// The same month in the other languages; see TranslationView.
    pub translations: Vec<TranslationView>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub feeds: Option<FeedsView>,
    /// Year: 2025.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// The weeks in order.
    pub weeks: Vec<WeekView>,
    /// The last month before it that has events.
    pub previous: Option<LinkView>,
    /// The first month after it that has events.
    pub next: Option<LinkView>,
    /// The calendar of the month's year.
    pub of_year: Option<LinkView>,
    /// Address of the iCalendar file of all events.
    pub ics: Option<String>,
    /// The same events as a list in order.
    pub events: Vec<OccurrenceView>,
}

/// A week of the month's table.
#[derive(Debug, Clone, Serialize)]
pub struct WeekView {
    /// Seven days from Monday.
    pub days: Vec<DayView>,
    /// Rows of bars for events of several days. The cells of a row span seven columns together.
    pub spans: Vec<Vec<SpanView>>,
}

/// A cell of the month's table.
#[derive(Debug, Clone, Serialize)]
pub struct DayView {
    /// The day; none for cells before the first and after the last day of the month.
    pub date: Option<DateView>,
    /// Events that take place on this day alone.
    pub events: Vec<OccurrenceView>,
}

/// Part of a row of bars: an event of several days, or the gap beside it.
#[derive(Debug, Clone, Serialize)]
pub struct SpanView {
    /// Number of days it spans, 1 to 7.
    pub columns: usize,
    /// The event; none for a gap.
    pub event: Option<OccurrenceView>,
    /// The event begins in this week of the month.
    pub begins: bool,
    /// The event ends in this week of the month.
    pub ends: bool,
}

impl SpanView {
    /// A gap of so many days.
    pub fn empty(columns: usize) -> Self {
        Self { columns, event: None, begins: false, ends: false }
    }
}

/// A month of a year's calendar in small, for an overview.
#[derive(Debug, Clone, Serialize)]
pub struct SmallMonth {
    /// Month, 1 to 12.
    pub month: i8,
    /// Address of the month's page; none without events.
    pub url: Option<String>,
    /// The weeks, each with seven days from Monday.
    pub weeks: Vec<Vec<SmallDay>>,
}

/// A day of a small month.
#[derive(Debug, Clone, Serialize)]
pub struct SmallDay {
    /// Day of the month; none for cells before the first and after the last day.
    pub day: Option<i8>,
    /// An event takes place on this day.
    pub on: bool,
}

/// `list.calendar`: what the page of a term, or of the section of events, shows of its calendar.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarBrief {
    /// Address of the calendar's page; none if the theme has no `calendar.html` or there is no calendar.
    pub url: Option<String>,
    /// Address of the iCalendar file; none if there are no events.
    pub ics: Option<String>,
    /// Occurrences from the year before the build to the year after it, in order; empty on the section of events, which
    /// lists its pages.
    pub events: Vec<OccurrenceView>,
    /// QR code of the page's absolute address, as SVG, for print; none without `base_url` or events.
    pub qr_html: Option<String>,
    /// Say that there are no events: true for a campaign or channel without any.
    pub says_none: bool,
}

/// `page.calendar`: what an event's own page shows besides `page.event`.
#[derive(Debug, Clone, Serialize)]
pub struct EventPageView {
    /// How to add the event to a calendar; none if it is in no calendar (samples), over or cancelled.
    pub subscribe: Option<SubscribeView>,
    /// Address of the calendar of all events; none if the theme has no `calendar.html`.
    pub all: Option<String>,
    /// schema.org Event as JSON-LD, safe inside `<script type="application/ld+json">`.
    pub ld_html: Option<String>,
    /// How to register; none once the event is over or cancelled.
    pub registration: Option<RegistrationView>,
    /// Evidence that the event was held.
    pub evidence: Vec<EvidenceView>,
    /// The observance or series that the event belongs to.
    pub of: Option<LinkView>,
    /// Events that name this one as the observance or series they belong to, newest first, 100 at most.
    pub sessions: Vec<OccurrenceView>,
}

/// How to register for an event: a link, telephone numbers, or both.
#[derive(Debug, Clone, Serialize)]
pub struct RegistrationView {
    /// Address to register at: relative to the root, or absolute when `external`.
    pub url: Option<String>,
    /// `url` leads to another site.
    pub external: bool,
    /// Telephone numbers.
    pub phones: Vec<PhoneView>,
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneView {
    /// The number as the author wrote it.
    pub text: String,
    /// The number for a `tel:` link, without its extension; none if the text is no number.
    pub dial: Option<String>,
}

/// One piece of evidence that an event was held.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceView {
    /// Photograph.
    pub photo: Option<ImageView>,
    /// Number of names on the sign-in sheet.
    pub sign_in: Option<u64>,
    /// Who confirmed that the event was held.
    pub confirmed_by: Option<String>,
    /// Any other evidence, in words.
    pub note: Option<String>,
}

/// `list` on `ledger.html`: the events held in a year, counted against the goals of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerView {
    /// Title of the ledger's page.
    pub title: String,
    /// Always `ledger`.
    pub kind: &'static str,
    /// Address of this page.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub summary: Option<String>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// The other languages; the ledger has no translations, so each entry leads to a home page.
    pub translations: Vec<TranslationView>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub feeds: Option<FeedsView>,
    /// The year shown.
    pub year: i16,
    /// The year is not over on the day of the build.
    pub running: bool,
    /// Last day that is counted.
    pub as_of: DateView,
    /// At least one event of the year is known; false means no data, not zero.
    pub known: bool,
    /// Number of sessions held; none without data.
    pub sessions: Option<u64>,
    /// Number of people who came to them; none without data.
    pub people: Option<u64>,
    /// Number of counted sessions for which no attendance is given.
    pub unsaid: u64,
    /// Goal for the number of sessions in a year.
    pub goal_sessions: Option<u64>,
    /// Goal for the number of people in a year.
    pub goal_people: Option<u64>,
    /// All goals are met; none without goals or without data.
    pub met: Option<bool>,
    /// Number of sessions still missing to the goal; 0 if met or not known.
    pub sessions_missing: u64,
    /// Number of people still missing to the goal; 0 if met or not known.
    pub people_missing: u64,
    /// The goals in the plan's own words.
    pub words: Vec<String>,
    /// Clause of the plan that sets the goals.
    pub clause: Option<LinkView>,
    /// The sessions that count, in order.
    pub counted: Vec<LedgerRowView>,
    /// The events that do not count, by reason; reasons without events are left out.
    pub excluded: Vec<LedgerExcluded>,
    /// Totals by campaign, channel, unit and sub-district.
    pub by: Vec<LedgerSplit>,
    /// All years of the ledger, newest first.
    pub years: Vec<LedgerYearView>,
    /// Address of this year's data as CSV.
    pub csv: String,
    /// Address of this year's data as JSON.
    pub json: String,
}

/// One event in the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerRowView {
    /// Title of the event.
    pub title: String,
    /// Address of the event's page.
    pub url: String,
    /// Its first day.
    pub date: DateView,
    /// Number of people who came; none if the event does not say.
    pub people: Option<u64>,
}

/// Events that do not count, for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerExcluded {
    /// The reason: `planned`, `future`, `cancelled`, `no-evidence` or `sample`.
    pub why: &'static str,
    /// The events in order, at least one.
    pub rows: Vec<LedgerRowView>,
}

/// The year's total split by one property of the events. Only sub-districts add up to the total: an event can have
/// several campaigns, channels or units.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerSplit {
    /// The property: `campaigns`, `channels`, `units` or `streets`.
    pub group: &'static str,
    /// Title of the property.
    pub title: String,
    /// One total for each value.
    pub tallies: Vec<LedgerTally>,
}

/// The total for one campaign, channel, unit or sub-district.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerTally {
    /// Its name; empty for events that do not say.
    pub name: String,
    /// Number of sessions.
    pub sessions: u64,
    /// Number of people; none if no session says how many came.
    pub people: Option<u64>,
}

/// One year in the list of years.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerYearView {
    /// The year.
    pub year: i16,
    /// Address of the year's page.
    pub url: String,
    /// At least one event of the year is known.
    pub known: bool,
    /// Number of sessions held; none without data.
    pub sessions: Option<u64>,
    /// Number of people who came; none without data.
    pub people: Option<u64>,
    /// All goals are met; none without goals or without data.
    pub met: Option<bool>,
    /// It is the year shown on this page.
    pub current: bool,
    /// The year is not over on the day of the build.
    pub running: bool,
}
