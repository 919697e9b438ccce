//! The data that templates can read: one struct per purpose, made by `Site` and `Views`, serialised for Tera. Knows no
//! site and computes nothing. `tests/content/reference` generates `docs/reference/template-data.md` from the comments.
//!
//! Addresses (`url`) are percent-encoded and relative to the site's root, without a leading slash: a template writes
//! `{{ root }}{{ page.url }}`, where `root` is `./`, `../` and so on for the page being rendered. Those of
//! pages end in `index.html`, so that links work where pages are opened from disk; the home page is `index.html`.
//! `permalink` is absolute, ends in `/` and is set only when `base_url` is set. The template engine escapes every value, so write `| safe` after a
//! value whose name ends in `html`: it is safe HTML. Absent values are `none`.

use serde::Serialize;
use serde_json::Value as Json;

use crate::settings::{Contact as SiteContact, Portal, Registration};
use puzhi_core::kinds::{Choice, EventStatus, Figure, PolicyStatus, QuestionKind};

use super::calendar::model::{CalendarBrief, EventPageView};
use super::shared::Shared;
use super::survey::model::{ResultsView, TakeView};

pub use super::pages::corrections_model::{CorrectionView, CorrectionsView, ListedCorrectionView, WithdrawalView};
pub use super::pages::diagram_model::{
    AnswerView, BarLineView, BarView, ChartRowView, ChartView, DecisionQuestionView, FlowStepView, GaugeMarkView,
    JumpView, OutcomeView, PointView, RulerMarkView, RulerView,
};
pub use super::pages::model::{
    ChildView, DirectiveView, FieldEntryView, FieldView, GuideView, HeadTagView, HomeView, IconsView, ImageView,
    LargeView, MonthView, ObservationView, OpenSurveyView, OutletView, PagerView, RenditionFileView, RenditionView,
    RepublishView, SearchPageView, SearchTopicView, SearchView, ShareView, SiteImageView, TargetGroup, TargetView,
    TimelineView, WechatLimitView, WechatPictureView, WechatView,
};

/// `site`: facts about the whole site, in the language of the page.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// Name of the site.
    pub title: String,
    /// One line shown under the title.
    pub promise: Option<String>,
    /// A sentence or two about the site, for search engines.
    pub description: Option<String>,
    /// Full name of the organisation responsible for the site.
    pub organiser: Option<String>,
    /// Absolute address of that organisation's own site.
    pub organiser_url: Option<String>,
    /// Full name of the organisation that runs the site.
    pub undertaker: Option<String>,
    /// Copyright line for the foot of the page.
    pub copyright: Option<String>,
    /// Main colour as `#rrggbb` (checked), or none to use the theme's own.
    pub colour: Option<String>,
    /// Picture that takes the place of the site's name, or none. Its alternative text is `title`.
    pub logo: Option<SiteImageView>,
    /// Icon for `<link rel="icon">`, or none.
    pub favicon: Option<SiteImageView>,
    /// Icons made from the site's name; none if the theme has no pictures in `illustrations/`.
    pub icons: Option<IconsView>,
    /// Picture shown where a page without one of its own is shared; none without `base_url`.
    pub share: Option<ShareView>,
    /// Mark of the organiser, shown beside its name, or none.
    pub organiser_mark: Option<SiteImageView>,
    /// Absolute address of the home page in this language, or none if the settings have no `base_url`.
    pub base_url: Option<String>,
    /// Address of the home page in this language.
    pub home: String,
    /// Main navigation in order: the entries of the settings, else the first seven sections below the home page.
    pub navigation: Vec<NavView>,
    /// Links at the foot of every page, in order.
    pub footer: Vec<NavView>,
    /// "I want to" entries of the home page, in order.
    pub entries: Vec<NavView>,
    /// Links of the home page for who the reader is, in order.
    pub identities: Vec<NavView>,
    /// The government portal that the site belongs to, for the tags of pages; none unless the settings name it.
    pub portal: Option<Portal>,
    /// Registration numbers that Chinese law requires a site to show.
    pub registration: Registration,
    /// Marks of the footer that the settings name.
    pub marks: Vec<MarkView>,
    /// Whom to tell about errors on the site.
    pub contact: Option<SiteContact>,
    /// All languages that have pages, this one included, in the order of the settings.
    pub languages: Vec<LanguageView>,
    /// Feeds of the whole site in this language; none without `base_url`.
    pub feeds: Option<FeedsView>,
    /// Address of the search page in this language; none if the site has no search.
    pub search: Option<String>,
    /// IANA name of the site's time zone: `Asia/Shanghai`.
    pub zone: String,
    /// `extra` of `site.yaml`, unchanged.
    pub extra: Json,
}

/// A mark of the footer: 党政机关标识, 公安备案号, 我为政府网站找错.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct MarkView {
    /// `mark`, `police` or `find_mistakes`.
    pub kind: &'static str,
    /// Its text: the registration number, or what the mark is called.
    pub title: String,
    /// Absolute address that it links to.
    pub url: Option<String>,
    /// Its picture.
    pub picture: Option<SiteImageView>,
}

/// A link of the navigation. To mark the current entry: `{% if n.section == here %}`.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct NavView {
    /// Text of the link.
    pub title: String,
    /// Address: relative to the root, or absolute when `external`.
    pub url: String,
    /// The link leads to another site; `url` is absolute.
    pub external: bool,
    /// One line of explanation, for the entries of the home page.
    pub note: Option<String>,
    /// Name of a picture for the function `illustration`, or none.
    pub picture: Option<String>,
    /// First segment of the address, without the language prefix and decoded; empty when `external`.
    pub section: String,
}

/// One language of the site.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct LanguageView {
    /// Code in file names and addresses: `zh`, `en`.
    pub code: String,
    /// BCP 47 tag for the attributes `lang` and `hreflang`: `zh-CN`.
    pub tag: String,
    /// Name of the language in itself: `English`.
    pub name: String,
    /// Address of the home page in that language.
    pub home: String,
}

/// `lang`: the language of the page.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct LangView {
    /// Code in file names and addresses: `zh`, `en`.
    pub code: String,
    /// BCP 47 tag for the attribute `lang`: `zh-CN`.
    pub tag: String,
}

/// Addresses of the feeds of a list or of the site.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct FeedsView {
    /// Atom feed (RFC 4287); none if the settings turn this format off.
    pub atom: Option<String>,
    /// JSON Feed 1.1; none if the settings turn this format off.
    pub json: Option<String>,
    /// The feeds in all formats that the settings want; at least one.
    pub all: Vec<FeedLinkView>,
}

/// A feed in one format.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct FeedLinkView {
    /// Name of the format in `feed_formats`: `atom`, `json`.
    pub format: &'static str,
    /// Media type, for the attribute `type` of a link to the feed.
    pub media_type: &'static str,
    /// Address, relative to the root.
    pub url: String,
}

/// A date, with or without a time of day, in the forms templates need.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct DateView {
    /// ISO 8601, for the attribute `datetime`: `2025-04-26` or `2025-04-26T09:30:00`.
    pub iso: String,
    /// Date and time in the page's language: `2025年4月26日 9:30`.
    pub text: String,
    /// Year: 2025.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, 1 to 31.
    pub day: i8,
    /// Day of the week in the page's language: 星期六.
    pub weekday: String,
    /// Time of day, `9:30`; none if the author wrote a date only.
    pub time: Option<String>,
}

/// A link: its text and its address.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, Hash)]
pub struct LinkView {
    /// Text of the link.
    pub title: String,
    /// Address; empty if there is nothing to link to (show `title` as text).
    pub url: String,
}

/// A term of a page, such as a tag or a unit.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TermLink {
    /// Name of the term.
    pub name: String,
    /// Address of the term's page.
    pub url: String,
}

/// A term in the list of its taxonomy.
#[derive(Debug, Clone, Serialize, PartialEq, Hash)]
pub struct TermView {
    /// Name of the term.
    pub name: String,
    /// Address of the term's page.
    pub url: String,
    /// Number of pages listed under the term.
    pub count: usize,
    /// Summary of the page that describes the term.
    pub summary: Option<String>,
}

/// `card`: one page as lists show it.
#[derive(Debug, Clone, Serialize)]
pub struct CardView {
    /// Title of the page.
    pub title: String,
    /// Address of the page.
    pub url: String,
    /// English name of the page's kind: `page`, `policy`, `event` and so on.
    pub kind: String,
    /// What the kind is called in the page's language.
    pub kind_title: String,
    /// Language tag of the page if it differs from the language of the list, else none.
    pub lang: Option<String>,
    /// Date by which lists sort the page; of an event its first day.
    pub date: Option<DateView>,
    /// Summary, plain text; may be empty.
    pub summary: String,
    /// Heading that the page stands under in the list of its section.
    pub group: Option<String>,
    /// The page is a sample and must be marked as one.
    pub sample: bool,
    /// The page has expired (`expires` is before the day of the build).
    pub expired: bool,
    /// The page is a draft or dated in the future; it is shown only because the build was asked to.
    pub unpublished: bool,
    /// Picture of the page.
    pub image: Option<ImageView>,
    /// Name of the page's first unit.
    pub unit: Option<String>,
    /// Name of the page's first campaign.
    pub campaign: Option<String>,
    /// Name of the page's first channel.
    pub channel: Option<String>,
    /// Facts of a policy; none unless `kind` is `policy`.
    pub policy: Option<PolicyCard>,
    /// Facts of an event; none unless `kind` is `event`.
    pub event: Option<EventView>,
    /// Values that lists show of a page whose kind has no data of its own here, in the order of the kind's keys.
    pub fields: Vec<FieldView>,
}

/// Facts of a policy in a list.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct PolicyCard {
    /// Whether the policy is in force.
    pub status: Option<PolicyStatus>,
    /// The page is the official text itself.
    pub original: bool,
}

/// `page`: the page being rendered.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// Title of the page.
    pub title: String,
    /// Id of the heading that shows the title; none unless the title is the first heading of the text.
    pub title_id: Option<String>,
    /// Address of the page.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// English name of the page's kind: `page`, `policy`, `event` and so on.
    pub kind: String,
    /// What the kind is called in the page's language.
    pub kind_title: String,
    /// The site itself defines the kind, in `kinds/`.
    pub own_kind: bool,
    /// Day of publication, where one is known. Of an event it is not the day it takes place (see `event.start`).
    pub date: Option<DateView>,
    /// When the content was last changed, as the author wrote it.
    pub updated: Option<DateView>,
    /// Last day on which the page is valid.
    pub expires: Option<DateView>,
    /// The page has expired on the day of the build.
    pub expired: bool,
    /// The page is a draft or dated in the future; it is shown only because the build was asked to.
    pub unpublished: bool,
    /// The page is a sample and must be marked as one.
    pub sample: bool,
    /// Corrections of the published text, newest first.
    pub corrections: Vec<CorrectionView>,
    /// The page is withdrawn and shows this instead of its text.
    pub withdrawn: Option<WithdrawalView>,
    /// Address of the page that lists all corrections; none if this page is not on it.
    pub corrections_url: Option<String>,
    /// Address of the poster of an event that may still take place, or of a survey; none if the theme has no `poster.html`.
    pub poster: Option<String>,
    /// Search engines must leave the page out: samples, unpublished and withdrawn pages, and the page that thanks for answers.
    pub noindex: bool,
    /// Summary, plain text: written by the author, or taken from the first paragraph.
    pub summary: String,
    /// The author wrote the summary, so that it can be shown above the text; false if it comes from the text itself.
    pub has_summary: bool,
    /// Who wrote the page.
    pub author: Option<String>,
    /// Where the content comes from.
    pub source: Option<String>,
    /// The editor who answers for the page.
    pub editor: Option<String>,
    /// Who reviewed the page.
    pub reviewer: Option<String>,
    /// What others may do with the page; none for samples and unpublished pages.
    pub republish: Option<RepublishView>,
    /// Tags for `<meta>` elements: of the column, then of the article.
    pub head_tags: Vec<HeadTagView>,
    /// What the page is, as JSON-LD for a `script` element of the type `application/ld+json`; none without `base_url`.
    pub data_html: Option<String>,
    /// Picture of the page.
    pub image: Option<ImageView>,
    /// Picture shown where the page is shared: its own or its card; none without `base_url`. Other pages have `site.share`.
    pub share: Option<ShareView>,
    /// Length of the text: number of Han characters plus number of other words.
    pub characters: usize,
    /// The body, safe HTML.
    pub html: String,
    /// Table of contents from the headings of levels 2 and 3.
    pub toc: Vec<TocView>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// The page before it in the order of its section.
    pub previous: Option<LinkView>,
    /// The page after it in the order of its section.
    pub next: Option<LinkView>,
    /// Pages on related subjects, four at most.
    pub related: Vec<Shared<CardView>>,
    /// Pages in the same language that link to this one, twelve at most.
    pub backlinks: Vec<LinkView>,
    /// Tags of the page.
    pub tags: Vec<TermLink>,
    /// Units in charge.
    pub units: Vec<TermLink>,
    /// Campaigns the page belongs to.
    pub campaigns: Vec<TermLink>,
    /// Channels (七进) the page belongs to.
    pub channels: Vec<TermLink>,
    /// Audiences the page is written for.
    pub audiences: Vec<TermLink>,
    /// Terms of the taxonomies that the settings add, one entry for each taxonomy that the page uses.
    pub other_terms: Vec<TaxonomyTerms>,
    /// The other languages of this page; see TranslationView.
    pub translations: Vec<TranslationView>,
    /// Facts of a policy; none unless `kind` is `policy`.
    pub policy: Option<PolicyView>,
    /// Facts of a guide; none unless `kind` is `guide`.
    pub guide: Option<GuideView>,
    /// Facts of an event; none unless `kind` is `event`.
    pub event: Option<EventView>,
    /// Calendar files, registration, evidence and sessions of an event; none unless `kind` is `event`.
    pub calendar: Option<EventPageView>,
    /// Facts of a story; none unless `kind` is `story`.
    pub story: Option<StoryView>,
    /// Questionnaire of a survey; none unless `kind` is `survey`.
    pub survey: Option<SurveyView>,
    /// How to take part in the survey; none unless `kind` is `survey`.
    pub take: Option<TakeView>,
    /// Published results of the survey; none before there are any.
    pub results: Option<ResultsView>,
    /// Values of a page whose kind has no data of its own here, in the order of the kind's keys, with their labels.
    pub fields: Vec<FieldView>,
    /// The same values by the English names of their keys: texts, lists, numbers, yes or no, groups, dates as DateView,
    /// links as LinkView.
    pub values: Json,
    /// `extra` of the front matter, unchanged; none if there is none.
    pub extra: Json,
}

/// The terms of a page in one taxonomy that the settings add.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TaxonomyTerms {
    /// Key of the taxonomy, as in addresses.
    pub key: String,
    /// Title of the taxonomy in the page's language.
    pub title: String,
    /// The terms, at least one.
    pub terms: Vec<TermLink>,
}

/// The same page in another language, or that language's home page if there is no translation.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TranslationView {
    /// BCP 47 tag for the attributes `lang` and `hreflang`.
    pub tag: String,
    /// Name of the language in itself: `English`.
    pub name: String,
    /// Address of the translation, or of the home page.
    pub url: String,
    /// Absolute address for `rel="alternate"`; none when `fallback`, and without `base_url`.
    pub permalink: Option<String>,
    /// There is no translation; `url` leads to the home page of that language.
    pub fallback: bool,
}

/// An entry of the table of contents. A heading of level 3 is in `children` of the heading of level 2 before it.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct TocView {
    /// Id of the heading, for `#id`.
    pub id: String,
    /// Text of the heading.
    pub title: String,
    /// Headings of the next level.
    pub children: Vec<TocView>,
}

/// Facts of a policy (an official document, or a page that explains one).
#[derive(Debug, Clone, Serialize)]
pub struct PolicyView {
    /// Number of the document (文号).
    pub document_number: Option<String>,
    /// Authority that issued it.
    pub issuer: Option<String>,
    /// Day it was issued (成文日期).
    pub issued: Option<DateView>,
    /// Day it takes effect (施行日期).
    pub effective: Option<DateView>,
    /// Whether it is in force.
    pub status: Option<PolicyStatus>,
    /// This page is the official text, copied word for word.
    pub is_original: bool,
    /// Official texts that this page explains.
    pub explains: Vec<LinkView>,
    /// Pages that explain this one.
    pub explained_by: Vec<LinkView>,
    /// The official text elsewhere; `url` is relative to the root, or absolute on another site.
    pub original: Option<LinkView>,
}

/// Facts of an event. A yearly observance (`yearly`) is an event that returns every year.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct EventView {
    /// When it begins; of an observance in the first year.
    pub start: Option<DateView>,
    /// When it ends; none if the author gave no end.
    pub end: Option<DateView>,
    /// It lasts all day; times are not shown.
    pub all_day: bool,
    /// First day of its next occurrence that is not over on the day of the build; none if there is none.
    pub next: Option<DateView>,
    /// Last day of that occurrence: `2025-04-26`.
    pub next_last: Option<String>,
    /// It is over on the day of the build; never true of a yearly observance.
    pub past: bool,
    /// Where it takes place.
    pub place: Option<String>,
    /// Sub-district (街道) of the place.
    pub street: Option<String>,
    /// How far it has come.
    pub status: EventStatus,
    /// It returns every year, and is not counted as a session in the ledger.
    pub yearly: bool,
    /// Names of the organisers.
    pub organisers: Vec<String>,
    /// Number of people who came, once it was held.
    pub attendance: Option<u64>,
    /// How to find the place.
    pub address: Option<String>,
    /// Number of people who can come.
    pub capacity: Option<u64>,
    /// Why it is cancelled.
    pub reason: Option<String>,
}

/// Facts of a story (a case from practice).
#[derive(Debug, Clone, Serialize)]
pub struct StoryView {
    /// Organisation the story is about.
    pub organisation: Option<String>,
    /// Its industry.
    pub industry: Option<String>,
    /// Kinds of intellectual property involved.
    pub ip_type: Vec<String>,
    /// Figures to show with the story, each with its source.
    pub figures: Vec<Figure>,
}

/// A survey's questionnaire and what respondents are told before they answer.
#[derive(Debug, Clone, Serialize)]
pub struct SurveyView {
    /// Id of the survey, which names its form and its results.
    pub id: Option<String>,
    /// Address of the survey's page.
    pub url: String,
    /// Title of the survey.
    pub title: String,
    /// First day on which answers are taken.
    pub opens: Option<DateView>,
    /// Last day on which answers are taken.
    pub closes: Option<DateView>,
    /// What the answers are used for.
    pub purpose: Option<String>,
    /// Organisation that conducts the survey.
    pub conductor: Option<String>,
    /// Whom the survey is about.
    pub population: Option<String>,
    /// How long answers are kept.
    pub retention: Option<String>,
    /// The questions in order.
    pub questions: Vec<QuestionView>,
    /// Questions about the respondent, asked after the others.
    pub background: Vec<QuestionView>,
    /// In words, which answers make a respondent count as aware.
    pub awareness: Option<String>,
    /// Goal for the share who count as aware: `≥ 85`, without the unit.
    pub target: Option<String>,
    /// Number of questions, `background` included.
    pub count: usize,
}

/// One question of a survey.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    /// Number from 1; `background` continues the count of `questions`.
    pub number: usize,
    /// Id of the question, unique in the survey.
    pub id: String,
    /// How it is answered.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    /// The question.
    pub text: String,
    /// Explanation for the respondent.
    pub hint: Option<String>,
    /// Answers to choose from; empty for a number.
    pub options: Vec<Choice>,
    /// An answer is required.
    pub required: bool,
    /// In words, the condition under which the question is asked; none if always.
    pub show_if: Option<String>,
}

/// `list`: one page of a section or term, or the list of a taxonomy's terms. A long list is split: the front shows the
/// newest entries, archive pages the others.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// Title of the section, term or taxonomy.
    pub title: String,
    /// Id of the heading that shows the title; none unless the title is the first heading of the describing page.
    pub title_id: Option<String>,
    /// `section`, `term` or `taxonomy`.
    pub kind: &'static str,
    /// Folder of a section below `content/`, else the key of the taxonomy.
    pub name: String,
    /// Address of this page of the list.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Summary that the describing page (`_index.md`, or the term's own file) gives.
    pub summary: Option<String>,
    /// Body of the describing page, safe HTML; empty on archive pages.
    pub html: String,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// Tags of the column for `<meta>` elements. The home page is no column and leaves them out.
    pub head_tags: Vec<HeadTagView>,
    /// Where the list stands, as JSON-LD for a `script` element of the type `application/ld+json`; none without `base_url`.
    pub data_html: Option<String>,
    /// The entries on this page of the list, in order.
    pub cards: Vec<Shared<CardView>>,
    /// Sections directly below, in order; empty on archive pages.
    pub children: Vec<ChildView>,
    /// Terms in order; empty unless `kind` is `taxonomy`.
    pub terms: Vec<TermView>,
    /// Title of the taxonomy; none when `kind` is `section`.
    pub taxonomy: Option<String>,
    /// Links to the other pages of the list.
    pub pager: PagerView,
    /// Feeds of this list; none without `base_url`, if the settings want none, and for a taxonomy.
    pub feeds: Option<FeedsView>,
    /// The other languages of this list; see TranslationView.
    pub translations: Vec<TranslationView>,
    /// `extra` of the describing page's front matter, unchanged.
    pub extra: Json,
    /// Calendar of a campaign, channel or unit, or of the section of events; none on archive pages.
    pub calendar: Option<CalendarBrief>,
    /// Targets that a unit is in charge of; only on the front of a term of `units`.
    pub targets: Vec<TargetView>,
    /// Number of entries in the whole list on the front; on an archive page the number of entries on one archive page.
    pub total: usize,
}
