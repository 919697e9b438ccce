//! The data of pictures, the home page, the target board, directives, the keys of kinds, child sections, pagers and guides. Part of `view::model`,
//! with its rules for addresses and absent values. Knows no site and computes nothing.

use puzhi_core::kinds::{Period, Window};
use serde::Serialize;

use crate::markdown::Contact;
use crate::view::model::{
    BarView, CardView, ChartView, DateView, DecisionQuestionView, FeedsView, FlowStepView, GaugeMarkView, LinkView,
    PointView, RulerView, SurveyView, TocView, TranslationView,
};
use crate::view::site::{ResolvedImage, ResolvedRendition};
use crate::view::survey::model::{FigureView, TakeView};

/// A target of the plan, as a row of the target board.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    /// Id of the target in `data/targets.yaml`.
    pub id: String,
    /// Title of the target.
    pub title: String,
    /// `title` is in the page's language (`i18n/` has `target/ID`); false if it is in the language of
    /// `data/targets.yaml`.
    pub translated: bool,
    /// Heading it stands under; may be empty.
    pub group: String,
    /// The goal in the plan's own words.
    pub words: String,
    /// Lower bound of the goal.
    pub min: Option<f64>,
    /// Upper bound of the goal.
    pub max: Option<f64>,
    /// `≥`, or `>` if the lower bound itself is not enough.
    pub op: &'static str,
    /// The plan gives the value as approximate (左右).
    pub approximate: bool,
    /// What the goal is relative to, if the plan gives no number for that.
    pub relative_to: Option<String>,
    /// The goal as text: `≥ 85%`, `2—3家`; empty without a value.
    pub goal: String,
    /// Unit of the values, such as `%`; may be empty.
    pub unit: String,
    /// The period the goal is for.
    pub per: Period,
    /// Day by which it is to be reached.
    pub by: Option<DateView>,
    /// Units in charge; `url` is empty for a unit without a page in this language.
    pub units: Vec<LinkView>,
    /// Clause of the plan that sets the target; `url` is empty if there is no link to it.
    pub clause: Option<LinkView>,
    /// Page that explains the target.
    pub explainer: Option<LinkView>,
    /// The latest observation.
    pub latest: Option<ObservationView>,
    /// All observations, oldest first.
    pub observations: Vec<ObservationView>,
    /// Result of the survey that measures the target. If it is there, show it instead of `latest`; `state` comes from
    /// it.
    pub figure: Option<FigureView>,
    /// `none` (no data), `overdue` (past its date without data), `reached`, `short`; from a survey also `unproven`,
    /// `modelonly`, `cannotcount`, `noclaim`.
    pub state: &'static str,
    /// Latest value divided by `min`, 0 to 1, for a bar; none with `figure`.
    pub ratio: Option<f64>,
}

/// A value observed for a target.
#[derive(Debug, Clone, Serialize)]
pub struct ObservationView {
    /// Day the value is for.
    pub date: DateView,
    /// The value, in the unit of the target.
    pub value: f64,
    /// Where the value comes from.
    pub source: String,
}

/// `home`: what the home page shows besides `page` and `list`.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// The next event that is not cancelled. On the same day a single event comes before a yearly observance.
    pub next_event: Option<CardView>,
    /// The coming twelve months with their events, starting with the month of the build.
    pub months: Vec<MonthView>,
    /// Targets whose ids are in `extra.highlights` of the home page's front matter, else the first three.
    pub targets: Vec<TargetView>,
    /// Number of all targets in `data/targets.yaml`.
    pub target_count: usize,
    /// How many of them have a published figure.
    pub targets_known: usize,
    /// The newest policies, four at most, without samples.
    pub policies: Vec<CardView>,
    /// The newest guides, four at most, without samples.
    pub guides: Vec<CardView>,
    /// The newest stories, four at most, without samples.
    pub stories: Vec<CardView>,
    /// The newest pages of the kind `page`, four at most, without samples.
    pub pages: Vec<CardView>,
    /// The next events, four at most.
    pub events: Vec<CardView>,
    /// Surveys whose last day is not over, and surveys without a last day.
    pub surveys: Vec<SurveyView>,
    /// Surveys that can be answered on the day of the build, on this site or another.
    pub open_surveys: Vec<OpenSurveyView>,
    /// What the site is, as JSON-LD for a `script` element of the type `application/ld+json`; none without `base_url`.
    pub data_html: Option<String>,
}

/// A survey that can be answered now.
#[derive(Debug, Clone, Serialize)]
pub struct OpenSurveyView {
    /// Title of the survey.
    pub title: String,
    /// Address of the survey's page.
    pub url: String,
    /// What the answers are used for.
    pub purpose: Option<String>,
    /// Number of questions.
    pub count: usize,
    /// Time needed in minutes, estimated from the questions.
    pub minutes: usize,
    /// Last day on which answers are taken.
    pub closes: Option<DateView>,
}

/// A month of the home page.
#[derive(Debug, Clone, Serialize)]
pub struct MonthView {
    /// Year: 2025.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// It is the month of the build.
    pub current: bool,
    /// Events whose next occurrence begins in this month, in order.
    pub events: Vec<CardView>,
}

/// Data of directives: `directive` in `directives/NAME.html`. `{target}` is rendered by `directives/target.html` with
/// the data of `targets`.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum DirectiveView {
    /// A list of contacts.
    Contacts {
        /// The contacts in the order of the text.
        entries: Vec<Contact>,
    },
    /// A list of dated entries.
    Timeline {
        /// The entries in the order of the text.
        entries: Vec<TimelineView>,
        /// A ruler with the places of the entries; none in feeds, whose readers keep no drawing.
        ruler: Option<RulerView>,
    },
    /// Steps in lanes.
    Flow {
        /// Title of the diagram.
        title: String,
        /// Who takes steps, from left to right; empty without lanes.
        lanes: Vec<String>,
        /// The steps follow each other; else they are parts without order.
        ordered: bool,
        /// The steps in order.
        steps: Vec<FlowStepView>,
    },
    /// Questions that lead to outcomes.
    Decision {
        /// Title of the diagram.
        title: String,
        /// There are several questions, so that they need numbers.
        numbered: bool,
        /// The first question, with others below its answers, and questions that several answers lead to.
        questions: Vec<DecisionQuestionView>,
    },
    /// Values as bars.
    Bars {
        /// Title, unit, source and table.
        chart: ChartView,
        /// The bars in the order of the text.
        bars: Vec<BarView>,
    },
    /// Values over time as a line.
    Line {
        /// Title, unit, source and table.
        chart: ChartView,
        /// The points from left to right; a straight line leads from each to the next.
        points: Vec<PointView>,
        /// Place of the value zero in `em`.
        zero: String,
        /// Base line of the times in `em`.
        names_y: String,
    },
    /// A goal and where it stands.
    Gauge {
        /// Title, unit, source and table.
        chart: ChartView,
        /// When the goal is to be reached, as the author wrote it.
        by: Option<String>,
        /// The goal.
        goal: GaugeMarkView,
        /// Where it stands; none without data.
        value: Option<GaugeMarkView>,
    },
    /// Targets of the plan.
    Targets {
        /// The groups in the order of `data/targets.yaml`; for `{target}` one group with one target.
        groups: Vec<TargetGroup>,
        /// The directive is `{target}`.
        single: bool,
        /// Show only how many targets there are and how many have data.
        counts: bool,
    },
    /// A table from a CSV, YAML or JSON file.
    Table {
        /// Caption of the table.
        caption: Option<String>,
        /// Column titles: those the directive names, else all.
        columns: Vec<String>,
        /// Rows of cells, in the order of `columns`.
        rows: Vec<Vec<String>>,
    },
    /// A list of events.
    Events {
        /// The events: by their next day with `upcoming`, else newest first.
        cards: Vec<CardView>,
    },
    /// A list of pages.
    Pages {
        /// The pages in the order the directive asks for.
        cards: Vec<CardView>,
    },
    /// The table of contents of the page.
    Toc {
        /// Headings from level 2 to the depth that the directive sets.
        entries: Vec<TocView>,
    },
    /// A survey inside another page.
    Survey {
        /// The questionnaire.
        survey: Box<SurveyView>,
        /// How to take part.
        take: Box<TakeView>,
        /// Show a short notice with a link, not the form; always true in feeds, whose readers cannot send a form.
        compact: bool,
    },
    /// A link to a file for download.
    Download {
        /// Title, else the name of the file.
        title: String,
        /// Address of the file.
        url: String,
        /// File extension in capitals: `PDF`.
        extension: String,
        /// Size with its unit: `1.2 MiB`.
        size: String,
    },
}

/// An entry of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineView {
    /// Date as the author wrote it: a date, or words such as 2022年8月.
    pub date: String,
    /// End of a period, as the author wrote it.
    pub end: Option<String>,
    /// Title of the entry.
    pub title: String,
    /// Text of the entry, safe HTML; may be empty.
    pub html: String,
    /// Address for `href`, with `root` already in front; none if the entry has no link.
    pub href: Option<String>,
    /// Place on the ruler with its unit.
    pub at: Option<String>,
}

/// Targets under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct TargetGroup {
    /// The heading; may be empty.
    pub title: String,
    /// The targets in the order of `data/targets.yaml`.
    pub targets: Vec<TargetView>,
}

/// A key of a kind with its value, ready to be shown.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct FieldView {
    /// English name of the key.
    pub key: String,
    /// What the key is called in the page's language.
    pub label: String,
    /// The parts of the value, at least one.
    pub entries: Vec<FieldEntryView>,
}

/// A part of a value.
#[derive(Debug, Clone, Serialize, PartialEq, Default)]
pub struct FieldEntryView {
    /// Text; empty for a group.
    pub text: String,
    /// Address of a link; none for other values, and for a link that leads nowhere.
    pub url: Option<String>,
    /// The link leads to another site; `url` is absolute.
    pub external: bool,
    /// ISO 8601 form of a date, for the attribute `datetime`.
    pub datetime: Option<String>,
    /// The keys of a group.
    pub fields: Vec<FieldView>,
}

/// A section below the one shown.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct ChildView {
    /// Title of the section.
    pub title: String,
    /// Address of the section.
    pub url: String,
    /// Summary from its `_index.md`.
    pub summary: Option<String>,
    /// Number of pages listed in it; if it lists none itself, of those listed in the sections in it.
    pub count: usize,
}

/// Position in a list. Archive pages are numbered from the oldest, the front has no number.
#[derive(Debug, Clone, Serialize, PartialEq, Default)]
pub struct PagerView {
    /// Number of this archive page, from 1; none on the front.
    pub number: Option<usize>,
    /// Number of archive pages; none on an archive page, which must not change when others are added.
    pub archives: Option<usize>,
    /// Address of the page with newer entries; none on the front.
    pub newer: Option<String>,
    /// Address of the page with older entries; none on the oldest.
    pub older: Option<String>,
}

/// `list` on `search.html`: the search page of a language.
#[derive(Debug, Clone, Serialize)]
pub struct SearchView {
    /// Title of the page.
    pub title: String,
    /// Address of the page; the index is in its folder.
    pub url: String,
    /// Absolute address of this page; none without `base_url`.
    pub permalink: Option<String>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub summary: Option<String>,
    /// Path from the home page down, without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// The search pages of other languages.
    pub translations: Vec<TranslationView>,
    /// Always none; the key exists because base templates read it from every `list`.
    pub feeds: Option<FeedsView>,
    /// Name of the list of pages that can be found; it goes behind the address of `i.js`, so that no cache gives an old one.
    pub version: String,
    /// Number of pages that can be found.
    pub count: usize,
    /// Whether `topics` list their pages; false where there are more than 500.
    pub complete: bool,
    /// Sections and taxonomies with the pages of theirs that can be found.
    pub topics: Vec<SearchTopicView>,
}

/// A section or taxonomy on the search page.
#[derive(Debug, Clone, Serialize)]
pub struct SearchTopicView {
    /// Title of the section or taxonomy.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Number of its pages that can be found.
    pub count: usize,
    /// These pages; empty unless the list is complete.
    pub pages: Vec<SearchPageView>,
}

/// A page on the search page.
#[derive(Debug, Clone, Serialize)]
pub struct SearchPageView {
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// Words by which people search for it: `keywords` of its front matter, other spellings of a term.
    pub keywords: Vec<String>,
}

/// Facts of a guide to an administrative procedure. Texts are plain and as the author wrote them.
#[derive(Debug, Clone, Serialize)]
pub struct GuideView {
    /// The procedure.
    pub item: Option<String>,
    /// Legal basis, one entry for each law or rule.
    pub basis: Vec<String>,
    /// Who may apply, and on what conditions.
    pub conditions: Vec<String>,
    /// What the applicant must bring.
    pub materials: Vec<String>,
    /// The steps in order.
    pub steps: Vec<String>,
    /// How long the procedure takes, in words.
    pub time_limit: Option<String>,
    /// What it costs, in words.
    pub fee: Option<String>,
    /// Where to go: address, telephone, opening hours.
    pub window: Option<Window>,
    /// Day on which the facts were last checked.
    pub reviewed: Option<DateView>,
}

/// A tag that describes a page to machines, for an element `<meta name="NAME" content="CONTENT">`.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct HeadTagView {
    /// Its name: `ColumnName`, `ArticleTitle` and so on.
    pub name: &'static str,
    /// Its content.
    pub content: String,
}

/// What others may do with a page, and the files that are made for them.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct RepublishView {
    /// `free`, `with-credit`, `ask` or `no`.
    pub terms: &'static str,
    /// The terms as a sentence.
    pub words: String,
    /// The line that names where the text is from, to be copied; none if nobody may republish it.
    pub credit: Option<String>,
    /// Address of the page's oEmbed file; none unless the settings ask for embeds.
    pub oembed: Option<String>,
    /// The files, in the formats that the settings ask for.
    pub files: Vec<RenditionFileView>,
}

/// A page as a file in another format.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct RenditionFileView {
    /// `ninjs`, `wechat` or `press`.
    pub format: &'static str,
    /// Media type.
    pub media_type: &'static str,
    /// Address, relative to the root.
    pub url: String,
}

/// `wechat`: an article for WeChat's editor, on the page that copies it.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct WechatView {
    /// Title, for the editor's own field.
    pub title: String,
    /// Author, for the editor's own field; may be empty.
    pub author: String,
    /// Digest, for the editor's own field; may be empty.
    pub digest: String,
    /// Absolute address of the article, for the editor's field 阅读原文; empty without `base_url`.
    pub original: String,
    /// The text as HTML whose styles are in the attribute `data-style`, so that a page may hold it under a strict Content-Security-Policy.
    pub fragment_html: String,
    /// The limits of WeChat, each with what the article has.
    pub limits: Vec<WechatLimitView>,
    /// Pictures that WeChat cannot fetch, in the order of the text.
    pub uploads: Vec<WechatPictureView>,
    /// Addresses of links inside the site that have no absolute address, without `base_url`.
    pub unresolved: Vec<String>,
    /// The media of the settings that do not take the article as it is, each with what to change.
    pub outlets: Vec<OutletView>,
}

/// One of the media that articles are sent to, and what it does not take.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct OutletView {
    /// Its name.
    pub name: String,
    /// What it does not take and what to write instead, in the language of the article.
    pub findings: Vec<String>,
}

/// A limit of WeChat.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct WechatLimitView {
    /// `title`, `author`, `digest`, `body_characters`, `body_bytes`, `original` or `picture`.
    pub name: &'static str,
    /// Name of the picture's file, if it is about one.
    pub picture: Option<String>,
    /// What the article has: characters or bytes.
    pub value: usize,
    /// The most it may have.
    pub most: usize,
    /// Whether it keeps to the limit.
    pub is_kept: bool,
}

/// A picture that must be uploaded by hand.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct WechatPictureView {
    /// Its number in the text.
    pub number: usize,
    /// Its address as on the article's page.
    pub address: String,
    /// What it shows, in words.
    pub alt: String,
}

/// A picture that the settings name.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct SiteImageView {
    /// Address of the file.
    pub url: String,
    /// Media type, such as `image/png`.
    pub media_type: &'static str,
    /// Width in pixels; none if it could not be read from the file.
    pub width: Option<u32>,
    /// Height in pixels; none if it could not be read from the file.
    pub height: Option<u32>,
}

/// A picture shown where a page is shared, for Open Graph.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct ShareView {
    /// Absolute address of the picture.
    pub url: String,
    /// Width in pixels; none if it could not be read from the file.
    pub width: Option<u32>,
    /// Height in pixels; none if it could not be read from the file.
    pub height: Option<u32>,
    /// Text for those who cannot see the picture.
    pub alt: String,
    /// Absolute address of a square picture of 400 pixels, for those who show no wide one; none if the page has a picture of its own.
    pub thumb: Option<String>,
}

/// The icons made from the site's name. Addresses are relative to the root.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct IconsView {
    /// For the browser's tab; none if the settings name a `favicon`.
    pub svg: Option<String>,
    /// For the home screen of phones, a PNG file.
    pub touch: String,
    /// The manifest, which names the icons in more sizes.
    pub manifest: String,
}

/// `large`: the large page (长者版) beside the page that is being rendered. The link to it carries the attribute
/// `data-large-switch` with the words that lead back. The large page is made from the bytes of the page: there the link leads to the
/// page itself, with these words, and the style sheet `css/large.css` of the theme comes last.
#[derive(Debug, Clone, Serialize)]
pub struct LargeView {
    /// Address of the large page.
    pub url: String,
}

/// A picture of the site.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct ImageView {
    /// Address of the image file.
    pub url: String,
    /// Text for those who cannot see the picture; may be empty.
    pub alt: String,
    /// Text below the picture.
    pub caption: Option<String>,
    /// Who made the picture.
    pub credit: Option<String>,
    /// Width in pixels; none if it could not be read from the file.
    pub width: Option<u32>,
    /// Height in pixels; none if it could not be read from the file.
    pub height: Option<u32>,
    /// The picture in several widths, ascending, those that every browser shows first; empty if there is only one.
    pub renditions: Vec<RenditionView>,
}

/// A picture in one width.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct RenditionView {
    /// Address of the file.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// Media type, such as `image/webp`.
    pub media_type: &'static str,
}

impl ImageView {
    /// The picture without words.
    pub(in crate::view) fn of(resolved: &ResolvedImage) -> Self {
        let rendition =
            |r: &ResolvedRendition| RenditionView { url: r.url.clone(), width: r.width, media_type: r.media_type() };
        Self {
            url: resolved.url.clone(),
            alt: String::new(),
            caption: None,
            credit: None,
            width: resolved.size.map(|size| size.0),
            height: resolved.size.map(|size| size.1),
            renditions: resolved.renditions.iter().map(rendition).collect(),
        }
    }
}
