//! Page metadata: everything about one page that other pages may use.
//!
//! Input: one `Document` and its [`ContentPath`]. Output: [`PageMeta`] with fingerprints. Does not contain the body
//! and does not know other pages.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use crate::document::Document;
use crate::engine::{Fingerprint, fingerprint};
use puzhi_core::base::{DateOrDateTime, Route, SitePath, Span};
use puzhi_core::kinds::results::DeclaredWave;
use puzhi_core::kinds::{
    Correction, Event, ImageRef, KeyValue, KindData, KindName, PolicyStatus, Republish, SectionOptions, Spanned,
    Survey, TaxonomyTerms, Withdrawal,
};

use super::content_path::{ContentPath, folder_route};

/// Index of a page in [`Catalog::pages`](super::Catalog::pages).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PageId(pub u32);

/// Role of a page in the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum PageRole {
    /// An ordinary page.
    Page,
    /// The page that describes its folder's section.
    Section,
    /// The page that describes a term of the taxonomy with this key.
    Term(String),
}

/// Metadata of one page, derived from its `Document`, its path and the day of the build.
#[derive(Debug, Clone, PartialEq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PageMeta {
    /// Path of the source file relative to the site's folder.
    pub path: SitePath,
    /// Index of the language in the settings.
    pub lang: usize,
    /// Role in the site.
    pub role: PageRole,
    /// Folder relative to `content/` whose section lists the page.
    pub folder: String,
    /// Key that all translations of the page share ([`ContentPath::key`]).
    pub key: String,
    /// Address of the page.
    pub route: Route,
    /// Position of `slug` in the file, if front matter has it.
    pub slug: Option<Span>,
    /// Kind of the page.
    pub kind: KindName,
    /// Section options from `_index.md`; default values on other pages.
    pub section_options: SectionOptions,
    /// Title ([`Document::title`]).
    pub title: String,
    /// Date for lists: `date`, else `issued` of a policy or `start` of an event.
    pub date: Option<DateOrDateTime>,
    /// `date` of the front matter.
    pub front_matter_date: Option<DateOrDateTime>,
    /// The day before which the page is not published, if it is named by another key than `date`.
    pub not_before: Option<DateOrDateTime>,
    /// Date of the last revision.
    pub updated: Option<DateOrDateTime>,
    /// Last day on which the page is listed.
    pub expires: Option<DateOrDateTime>,
    /// Whether the day of the build is after `expires`.
    pub expired: bool,
    /// Summary ([`Document::summary`]).
    pub summary: String,
    /// `order` of the front matter.
    pub order: Option<i64>,
    /// Heading that it stands under in the list of its section.
    pub group: Option<String>,
    /// Whether the page is a sample, which is marked and not listed.
    pub sample: bool,
    /// What others may do with the page, if it says otherwise than the settings.
    pub republish: Option<Republish>,
    /// Whether it goes to a WeChat account, if the page says so.
    pub wechat: Option<bool>,
    /// Whether front matter marks the page as a draft.
    pub draft: bool,
    /// The draft mark as written, if front matter has one.
    pub draft_flag: Option<Spanned<bool>>,
    /// Whether the page is a draft or dated after the day of the build; it is built only if drafts or future pages
    /// are requested.
    pub unpublished: bool,
    /// Corrections of the published text, newest first.
    pub corrections: Vec<Correction>,
    /// That the published text is withdrawn: the page shows this instead.
    pub withdrawn: Option<Withdrawal>,
    /// Picture of the page for lists and sharing.
    pub image: Option<Box<ImageRef>>,
    /// Terms of the page by taxonomy, as written in front matter.
    pub front_matter_terms: TaxonomyTerms,
    /// Previous addresses of the page.
    pub aliases: Vec<Spanned<String>>,
    /// Other spellings of the term that the page describes.
    pub spellings: Vec<Spanned<String>>,
    /// Ids in the body that links may refer to, sorted.
    pub anchors: Vec<String>,
    /// Metadata of the page's kind.
    pub facts: KindFacts,
    /// Number of pieces of the text in the search index; 0 if the site has no search.
    pub search_pieces: u32,
    /// Words by which people search for the page; empty if the site has no search.
    pub keywords: Vec<String>,
    /// Fingerprints of this metadata, computed once because each output that uses the page compares them.
    pub fingerprints: PageFingerprints,
}

/// Fingerprints of page metadata for change detection. Byte positions in the file do not contribute.
#[derive(Debug, Clone, Copy, PartialEq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PageFingerprints {
    /// Covers all metadata.
    pub all: Fingerprint,
    /// Covers what lists show of the page.
    pub listed: Fingerprint,
    /// Covers what a link shows of the page: title, address and language.
    pub link: Fingerprint,
}

impl PageMeta {
    /// Computes the fingerprints. Must be called again after the metadata is changed.
    pub fn with_fingerprints(mut self) -> Self {
        self.fingerprints = PageFingerprints::default();
        let link = fingerprint(&(&self.title, &self.route, self.lang));
        let listed = fingerprint(&(
            link,
            self.kind,
            self.date,
            (&self.summary, &self.group),
            (self.sample, self.expired, self.unpublished),
            &self.image,
            &self.facts,
        ));
        self.fingerprints = PageFingerprints { all: fingerprint(&self), listed, link };
        self
    }

    /// Whether what was published of the page still stands, in the terms of IPTC's `pubStatus`.
    pub fn publication_status(&self) -> PublicationStatus {
        match (&self.withdrawn, self.unpublished) {
            (_, true) => PublicationStatus::Withheld,
            (Some(_), false) => PublicationStatus::Canceled,
            (None, false) => PublicationStatus::Usable,
        }
    }

    /// Whether feeds say that it is withdrawn, so that those who have its text learn of it.
    pub fn shows_withdrawal(&self) -> bool {
        self.withdrawn.is_some() && self.role == PageRole::Page && !self.sample && !self.expired
    }

    /// When its content was last changed, by what the page says: an update, a correction, a withdrawal.
    pub fn last_change(&self) -> Option<DateOrDateTime> {
        let corrected = self.corrections.first().map(|correction| correction.when);
        let withdrawn = self.withdrawn.as_ref().and_then(|withdrawal| withdrawal.when);
        [self.updated, corrected, withdrawn].into_iter().flatten().max()
    }

    /// Whether the page of corrections names it: a published article that was corrected or withdrawn, and no sample.
    pub fn shows_corrections(&self) -> bool {
        let is_published = self.role == PageRole::Page && !self.sample && !self.unpublished;
        is_published && (self.withdrawn.is_some() || !self.corrections.is_empty())
    }

    /// The event data if the page is an event.
    pub fn event(&self) -> Option<&Event> {
        match &self.facts {
            KindFacts::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// Whether a page may be used, in the terms of `pubStatus` of IPTC ninjs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicationStatus {
    /// It is published.
    Usable,
    /// It is a draft, or its hour has not come.
    Withheld,
    /// It was published and is withdrawn.
    Canceled,
}

/// Metadata that only one kind of page has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum KindFacts {
    /// Of all other kinds of pages.
    #[default]
    None,
    /// Of a policy page.
    Policy(PolicyFacts),
    /// All front matter of an event: lists, calendars and the ledger use all of it.
    Event(Arc<Event>),
    /// Of a survey page.
    Survey(SurveyFacts),
    /// Of a page of a kind without a struct of its own: the values that lists show.
    Listed(Vec<KeyValue>),
}

/// What other pages use of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct SurveyFacts {
    /// Id of the survey with its position in the file.
    pub id: Option<Spanned<String>>,
    /// Last day on which answers are accepted.
    pub closes: Option<DateOrDateTime>,
    /// Whether the survey is answered on this site and not on another host.
    pub here: bool,
    /// All days on which the survey or a wave opens or closes.
    pub days: Vec<Date>,
    /// The question and the options of the stricter figure beside the result; none if the survey has no such figure.
    pub strict: Option<(String, Vec<String>)>,
    /// What the page declares of its waves, which published results must agree with.
    pub waves: Vec<DeclaredWave>,
}

/// What other pages use of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PolicyFacts {
    /// Whether the policy is in force.
    pub status: Option<PolicyStatus>,
    /// Whether the page is the original text and not an explanation.
    pub is_original: bool,
    /// Links to the policies that the page explains, as written.
    pub explains: Vec<Spanned<String>>,
}

impl SurveyFacts {
    fn of(survey: &Survey) -> Self {
        let rounds = survey.waves.iter().flat_map(|wave| [wave.opens, wave.closes]);
        let days = [survey.opens, survey.closes].into_iter().chain(rounds).flatten().map(|day| day.date).collect();
        let strict = survey.awareness.as_ref().and_then(|awareness| awareness.strict_options());
        let strict = strict.map(|(question, options)| (question.to_string(), options.to_vec()));
        Self {
            id: survey.id.clone(),
            closes: survey.closes,
            here: survey.hosted.is_none(),
            days,
            strict,
            waves: survey.all_waves().iter().map(DeclaredWave::from).collect(),
        }
    }
}

impl PageMeta {
    /// Makes the metadata of a document, without fingerprints and what its search needs. `prefix` is the route prefix of its language,
    /// `now` the moment of the build in the site's zone.
    pub fn of(doc: &Document, place: &ContentPath, prefix: &str, now: DateTime) -> PageMeta {
        let (role, name) = match &place.role {
            PageRole::Page => (PageRole::Page, place.name.as_str()),
            PageRole::Section => (PageRole::Section, place.folder.rsplit('/').next().unwrap_or_default()),
            PageRole::Term(taxonomy) => (PageRole::Term(taxonomy.clone()), place.name.as_str()),
        };
        let segment = doc.front_matter.slug.as_ref().map_or(place.name.as_str(), |s| s.value.as_str());
        let route = match place.role {
            PageRole::Section => folder_route(prefix, &place.folder),
            _ => Route::page([prefix].into_iter().chain(place.folder.split('/')).chain([segment])),
        };
        let (facts, own_date) = match &doc.kind {
            KindData::Policy(p) => (
                KindFacts::Policy(PolicyFacts {
                    status: p.status,
                    is_original: p.is_original,
                    explains: p.explains.clone(),
                }),
                p.issued,
            ),
            KindData::Event(e) => (KindFacts::Event(Arc::clone(e)), e.start),
            KindData::Survey(s) => (KindFacts::Survey(SurveyFacts::of(s)), None),
            KindData::Fields(f) if f.listed.is_empty() => (KindFacts::None, f.date),
            KindData::Fields(f) => (KindFacts::Listed(f.listed.clone()), f.date),
            _ => (KindFacts::None, None),
        };
        PageMeta {
            path: doc.path.clone(),
            lang: place.lang,
            role,
            folder: place.folder.clone(),
            key: place.key.clone(),
            route,
            slug: doc.front_matter.slug.as_ref().map(|s| s.span),
            kind: doc.kind.name(),
            section_options: doc.section_options.clone(),
            title: doc.title(name).to_string(),
            date: doc.front_matter.date.or(own_date),
            front_matter_date: doc.front_matter.date,
            not_before: doc.front_matter.not_before,
            updated: doc.front_matter.updated,
            expires: doc.expires(),
            expired: doc.expires().is_some_and(|e| e.date < now.date()),
            summary: doc.summary().to_string(),
            order: doc.front_matter.order,
            group: doc.front_matter.group.clone(),
            sample: doc.front_matter.sample,
            republish: doc.front_matter.republish,
            wechat: doc.front_matter.wechat,
            draft: doc.front_matter.draft,
            draft_flag: doc.front_matter.draft_flag.clone(),
            unpublished: doc.front_matter.draft || doc.published_from().is_some_and(|from| from > now),
            image: doc.front_matter.image.clone().filter(|_| doc.front_matter.withdrawn.is_none()),
            corrections: doc.front_matter.corrections.iter().map(|correction| correction.value.clone()).collect(),
            withdrawn: doc.front_matter.withdrawn.as_ref().map(|withdrawal| withdrawal.value.clone()),
            front_matter_terms: doc.front_matter.terms.clone(),
            aliases: doc.front_matter.aliases.clone(),
            spellings: doc.front_matter.spellings.clone(),
            anchors: {
                let mut anchors = doc.body.anchors.clone();
                anchors.sort_unstable();
                anchors
            },
            facts,
            search_pieces: 0,
            keywords: Vec::new(),
            fingerprints: PageFingerprints::default(),
        }
    }
}
