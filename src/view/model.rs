//! The data templates can read: one struct per purpose. The reference page is generated beside it.
//!
//! Addresses (`url`) are percent-encoded and relative to the site's root, without a leading slash: a template writes
//! `{{ root }}{{ page.url }}`, where `root` is `./`, `../` and so on for the page being rendered. The home page is "". Without a
//! `base_url` the site may be opened as files, and addresses of pages end in `index.html`.
//! `permalink` is absolute and there only when `base_url` is set. Everything is escaped by the template engine except
//! what ends in `html`, which is safe HTML. Absent values are `none`.

use serde::Serialize;
use serde_json::Value as Json;

use crate::markdown::Contact;
use crate::settings::{Contact as SiteContact, Registration};
use puzhi_core::kinds::{Choice, EventStatus, Figure, Period, PolicyStatus, QuestionKind, Window};

use super::calendar::model::{CalendarBrief, EventPageView};
use super::shared::Shared;
use super::survey::model::{FigureView, ResultsView, TakeView};

/// `site`: the same on every page of one language.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    pub title: String,
    /// One line under the title.
    pub promise: Option<String>,
    pub description: Option<String>,
    pub organiser: Option<String>,
    pub organiser_url: Option<String>,
    pub undertaker: Option<String>,
    pub copyright: Option<String>,
    /// `#rrggbb`, checked.
    pub colour: Option<String>,
    /// Absolute address of the site's root in this language, or none.
    pub base_url: Option<String>,
    /// Home page of this language.
    pub home: String,
    pub navigation: Vec<NavView>,
    pub footer: Vec<NavView>,
    /// "I want to" entries of the home page.
    pub entries: Vec<NavView>,
    pub registration: Registration,
    pub contact: Option<SiteContact>,
    pub languages: Vec<LanguageView>,
    /// Feeds of the whole site, when there is a base_url.
    pub feeds: Option<FeedsView>,
    /// IANA name of the site's time zone.
    pub zone: String,
    pub extra: Json,
}

/// A link of the navigation. `section` is the first address segment, to mark the current entry:
/// `{% if n.section == here %}`.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct NavView {
    pub title: String,
    pub url: String,
    /// Leads to another site; `url` is absolute.
    pub external: bool,
    pub note: Option<String>,
    pub section: String,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct LanguageView {
    pub code: String,
    /// For `lang` and `hreflang`.
    pub tag: String,
    pub name: String,
    pub home: String,
}

/// `lang`: the page's language.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct LangView {
    pub code: String,
    pub tag: String,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct FeedsView {
    /// Absent where settings leave the format out.
    pub atom: Option<String>,
    pub json: Option<String>,
}

/// A date as templates want it.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct DateView {
    /// `2025-04-26` or `2025-04-26T09:30:00`.
    pub iso: String,
    /// In the page's language: `2025年4月26日 9:30`.
    pub text: String,
    pub year: i16,
    pub month: i8,
    pub day: i8,
    /// In the page's language: 星期六.
    pub weekday: String,
    /// `9:30`, when a time was written.
    pub time: Option<String>,
}

/// A link with words.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, Hash)]
pub struct LinkView {
    pub title: String,
    pub url: String,
}

/// A term on a page.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TermLink {
    pub name: String,
    pub url: String,
}

/// A term in the list of a taxonomy.
#[derive(Debug, Clone, Serialize, PartialEq, Hash)]
pub struct TermView {
    pub name: String,
    pub url: String,
    /// Pages listed under it.
    pub count: usize,
    /// The summary of its describing page.
    pub summary: Option<String>,
}

/// A picture: `url`, size when it could be read.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct ImageView {
    pub url: String,
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// `card`: a page as lists show it.
#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    pub title: String,
    pub url: String,
    pub kind: &'static str,
    /// Language tag, when it is not the language of the list.
    pub lang: Option<String>,
    pub date: Option<DateView>,
    pub summary: String,
    pub sample: bool,
    pub expired: bool,
    /// Draft or future page, shown on request only.
    pub unpublished: bool,
    pub image: Option<ImageView>,
    /// First unit, campaign and channel.
    pub unit: Option<String>,
    pub campaign: Option<String>,
    pub channel: Option<String>,
    /// Only for `kind == "policy"`.
    pub policy: Option<PolicyCard>,
    /// Only for `kind == "event"`.
    pub event: Option<EventView>,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct PolicyCard {
    pub status: Option<PolicyStatus>,
    /// The official text itself.
    pub original: bool,
}

/// `page`: the page being rendered.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    pub title: String,
    pub url: String,
    pub permalink: Option<String>,
    pub kind: &'static str,
    pub date: Option<DateView>,
    pub updated: Option<DateView>,
    pub expires: Option<DateView>,
    pub expired: bool,
    pub unpublished: bool,
    pub sample: bool,
    /// Search engines are asked to leave it out: samples, what is not published, the page that thanks for answers.
    pub noindex: bool,
    /// Written or derived from the first paragraph; plain text.
    pub summary: String,
    /// Whether the summary was written (show it as a lead) or derived.
    pub has_summary: bool,
    pub author: Option<String>,
    pub source: Option<String>,
    pub image: Option<ImageView>,
    /// Han characters plus words.
    pub characters: usize,
    /// The body, safe HTML.
    pub html: String,
    pub toc: Vec<TocView>,
    /// From the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    pub related: Vec<Shared<CardView>>,
    pub backlinks: Vec<LinkView>,
    pub tags: Vec<TermLink>,
    pub units: Vec<TermLink>,
    pub campaigns: Vec<TermLink>,
    pub channels: Vec<TermLink>,
    pub audiences: Vec<TermLink>,
    /// Taxonomies that settings add: key, title, terms.
    pub other_terms: Vec<TaxonomyTerms>,
    /// Other languages of this page. `fallback` means: only that language's home, for want of a translation.
    pub translations: Vec<TranslationView>,
    pub policy: Option<PolicyView>,
    pub guide: Option<GuideView>,
    pub event: Option<EventView>,
    /// Of an event: calendars, registration, evidence, what belongs to it.
    pub calendar: Option<EventPageView>,
    pub story: Option<StoryView>,
    pub survey: Option<SurveyView>,
    /// Of a survey: how to take part.
    pub take: Option<TakeView>,
    /// Of a survey: what came out, when there is a snapshot.
    pub results: Option<ResultsView>,
    pub extra: Json,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TaxonomyTerms {
    pub key: String,
    pub title: String,
    pub terms: Vec<TermLink>,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TranslationView {
    pub tag: String,
    pub name: String,
    pub url: String,
    pub permalink: Option<String>,
    pub fallback: bool,
}

/// An entry of the contents list; level-3 headings are `children` of the level-2 heading before them.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TocView {
    pub id: String,
    pub title: String,
    pub children: Vec<TocView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PolicyView {
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued: Option<DateView>,
    pub effective: Option<DateView>,
    pub status: Option<PolicyStatus>,
    /// This page is the official text, set as such.
    pub is_original: bool,
    /// Texts this page explains.
    pub explains: Vec<LinkView>,
    /// Explainers of this page.
    pub explained_by: Vec<LinkView>,
    /// The official text elsewhere.
    pub original: Option<LinkView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct GuideView {
    pub item: Option<String>,
    pub basis: Vec<String>,
    pub conditions: Vec<String>,
    pub materials: Vec<String>,
    pub steps: Vec<String>,
    pub time_limit: Option<String>,
    pub fee: Option<String>,
    pub window: Option<Window>,
    pub reviewed: Option<DateView>,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct EventView {
    pub start: Option<DateView>,
    pub end: Option<DateView>,
    pub all_day: bool,
    /// The next day it takes place, on or after the day of the build; for yearly observances computed from `start`.
    pub next: Option<DateView>,
    /// The last day of that time, `2025-04-26`.
    pub next_last: Option<String>,
    /// Over on the day of the build (never for yearly observances).
    pub past: bool,
    pub place: Option<String>,
    pub street: Option<String>,
    pub status: EventStatus,
    pub yearly: bool,
    pub organisers: Vec<String>,
    pub attendance: Option<u64>,
    pub address: Option<String>,
    /// How many can come.
    pub capacity: Option<u64>,
    /// Why it is cancelled.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct StoryView {
    pub organisation: Option<String>,
    pub industry: Option<String>,
    pub ip_type: Vec<String>,
    pub figures: Vec<Figure>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SurveyView {
    pub id: Option<String>,
    pub url: String,
    pub title: String,
    pub opens: Option<DateView>,
    pub closes: Option<DateView>,
    pub purpose: Option<String>,
    pub conductor: Option<String>,
    pub population: Option<String>,
    pub retention: Option<String>,
    pub questions: Vec<QuestionView>,
    pub background: Vec<QuestionView>,
    pub awareness: Option<String>,
    /// `≥ 85`, without the unit.
    pub target: Option<String>,
    /// Questions in all.
    pub count: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    /// From 1, through questions and background.
    pub number: usize,
    pub id: String,
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    pub text: String,
    pub hint: Option<String>,
    pub options: Vec<Choice>,
    pub required: bool,
    pub show_if: Option<String>,
}

/// `list`: one page of a section or term.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    pub title: String,
    /// `section`, `term` or `taxonomy`.
    pub kind: &'static str,
    /// Folder of a section, or taxonomy key.
    pub name: String,
    pub url: String,
    pub permalink: Option<String>,
    pub summary: Option<String>,
    /// Body of the describing page, on the front only.
    pub html: String,
    pub breadcrumbs: Vec<LinkView>,
    pub cards: Vec<Shared<CardView>>,
    /// Sections below, on the front only.
    pub children: Vec<ChildView>,
    /// Terms, only when `kind == "taxonomy"`.
    pub terms: Vec<TermView>,
    /// Taxonomy title, when `kind` is `term` or `taxonomy`.
    pub taxonomy: Option<String>,
    pub pager: PagerView,
    pub feeds: Option<FeedsView>,
    pub translations: Vec<TranslationView>,
    /// Extra data of the describing page.
    pub extra: Json,
    /// Its calendar: of campaigns, channels and units, and of the section of events; on the front only.
    pub calendar: Option<CalendarBrief>,
    /// Targets a unit answers for, on term pages of `units`.
    pub targets: Vec<TargetView>,
    /// Pages in the whole list, on the front; on an archive page those that stand there.
    pub total: usize,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct ChildView {
    pub title: String,
    pub url: String,
    pub summary: Option<String>,
    pub count: usize,
}

/// Where in a list we are. Archive pages are numbered from the oldest, the front has no number.
#[derive(Debug, Clone, Serialize, PartialEq, Default)]
pub struct PagerView {
    pub number: Option<usize>,
    /// Archive pages, known on the front only (an archive page must not change when others are added).
    pub archives: Option<usize>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// A row of the target board.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    pub id: String,
    pub title: String,
    /// `title` is in the page's language (`i18n/` has `target/ID`), not in the language of the file.
    pub translated: bool,
    pub group: String,
    /// As the plan puts it.
    pub words: String,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// `≥` or `>`.
    pub op: &'static str,
    pub approximate: bool,
    pub relative_to: Option<String>,
    /// The goal as text: `≥ 85%`, `2—3家`.
    pub goal: String,
    pub unit: String,
    pub per: Period,
    pub by: Option<DateView>,
    pub units: Vec<LinkView>,
    pub clause: Option<LinkView>,
    pub explainer: Option<LinkView>,
    /// The latest observation.
    pub latest: Option<ObservationView>,
    pub observations: Vec<ObservationView>,
    /// What a survey found, when the target comes from one with results. It is shown instead of `latest`, and gives `state`.
    pub figure: Option<FigureView>,
    /// `none` (no data), `overdue` (past its date without data), `reached`, `short`; of a survey also `unproven`, `modelonly`,
    /// `cannotcount`.
    pub state: &'static str,
    /// Latest value over goal, 0 to 1, for the bar.
    pub ratio: Option<f64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ObservationView {
    pub date: DateView,
    pub value: f64,
    pub source: String,
}

/// `home`: what the home page shows besides `page`.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// The next event that is not cancelled, an observance if nothing else.
    pub next_event: Option<CardView>,
    /// Events of the coming twelve months by month, starting with the month of the build.
    pub months: Vec<MonthView>,
    /// Targets by `extra.highlights` of the home page's front matter (ids), else the first three.
    pub targets: Vec<TargetView>,
    /// Newest of each kind, up to four, no samples.
    pub policies: Vec<CardView>,
    pub guides: Vec<CardView>,
    pub stories: Vec<CardView>,
    pub pages: Vec<CardView>,
    pub events: Vec<CardView>,
    /// Surveys that are not closed.
    pub surveys: Vec<SurveyView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MonthView {
    pub year: i16,
    pub month: i8,
    pub current: bool,
    pub events: Vec<CardView>,
}

/// Data of directives: `directive` in `directives/NAME.html`.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum DirectiveView {
    Contacts {
        entries: Vec<Contact>,
    },
    Timeline {
        entries: Vec<TimelineView>,
    },
    /// `groups` of targets in the order of the file; `{target}` has one group of one.
    Targets {
        groups: Vec<TargetGroup>,
        single: bool,
    },
    Table {
        caption: Option<String>,
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    Events {
        cards: Vec<CardView>,
    },
    Pages {
        cards: Vec<CardView>,
    },
    Toc {
        entries: Vec<TocView>,
    },
    /// `compact` asks for the card only, as do feeds.
    Survey {
        survey: Box<SurveyView>,
        take: Box<TakeView>,
        compact: bool,
    },
    Download {
        title: String,
        url: String,
        extension: String,
        size: String,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct TimelineView {
    pub date: String,
    pub end: Option<String>,
    pub title: String,
    pub html: String,
    /// A whole `<a …>` is not needed: address (root included) or none.
    pub href: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TargetGroup {
    pub title: String,
    pub targets: Vec<TargetView>,
}
