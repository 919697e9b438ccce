//! A card: all that other pages may see of one page.

use std::sync::Arc;

use jiff::civil::Date;

use crate::document::Doc;
use crate::engine::{Stamp, stamp};
use puzhi_core::base::{Moment, Route, SitePath, Span};
use puzhi_core::kinds::{Event, ImageRef, Kind, KindName, Lead, PolicyStatus, Spanned, Survey, Terms};

use super::place::{Place, Seat, folder_route};

/// Index of a card in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PageId(pub u32);

/// Which part the page plays in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Role {
    Page,
    /// The page of its folder: its list.
    Section,
    /// The page of a term: taxonomy key.
    Term(String),
}

/// Public facts of one page, made from its `Doc` alone.
#[derive(Debug, Clone, PartialEq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Card {
    pub path: SitePath,
    pub lang: usize,
    pub role: Role,
    /// Folder below `content/` whose section lists it.
    pub folder: String,
    /// What its translations share.
    pub key: String,
    pub route: Route,
    /// Where the file says what its address is to be, if it does.
    pub slug: Option<Span>,
    pub kind: KindName,
    /// What `_index.md` says of its section.
    pub lead: Lead,
    pub title: String,
    /// The day it is listed under: `date`, for a policy `issued`, for an event `start`.
    pub date: Option<Moment>,
    /// `date` as written.
    pub written_date: Option<Moment>,
    pub updated: Option<Moment>,
    pub expires: Option<Moment>,
    /// Past its last day on the day of the build.
    pub expired: bool,
    pub summary: String,
    pub order: Option<i64>,
    pub sample: bool,
    pub draft: bool,
    /// Shown only because drafts were asked for, or dated after the day of the build.
    pub unpublished: bool,
    pub image: Option<Box<ImageRef>>,
    pub written_terms: Terms,
    /// Other addresses of a page, or other spellings of a term.
    pub aliases: Vec<Spanned<String>>,
    /// Sorted.
    pub anchors: Vec<String>,
    pub facts: Facts,
    /// What the card is worth to those who see all of it, what lists show of it, or a link. Taken once, since many ask.
    pub stamps: Stamps,
}

/// Stamps of a card; places in its file do not count.
#[derive(Debug, Clone, Copy, PartialEq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Stamps {
    pub all: Stamp,
    pub listed: Stamp,
    pub link: Stamp,
}

impl Card {
    /// With its stamps taken; to be done again after a change.
    pub fn stamped(mut self) -> Self {
        self.stamps = Stamps::default();
        let link = stamp(&(&self.title, &self.route, self.lang));
        let listed = stamp(&(
            link,
            self.kind,
            self.date,
            &self.summary,
            (self.sample, self.expired, self.unpublished),
            &self.image,
            &self.facts,
        ));
        self.stamps = Stamps { all: stamp(&self), listed, link };
        self
    }

    /// The event facts of an event.
    pub fn event(&self) -> Option<&Event> {
        match &self.facts {
            Facts::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// What a card shows of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum Facts {
    #[default]
    None,
    Policy(PolicyFacts),
    /// All of it: lists, calendars and the ledger need every fact.
    Event(Arc<Event>),
    Survey(SurveyFacts),
}

/// What other pages need to know of a survey: how it is named, where it is asked, and what days change it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct SurveyFacts {
    pub id: Option<Spanned<String>>,
    pub closes: Option<Moment>,
    /// It is asked here and not on another site.
    pub here: bool,
    /// Every day on which it may open or close.
    pub days: Vec<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PolicyFacts {
    pub status: Option<PolicyStatus>,
    pub is_original: bool,
    /// As written.
    pub explains: Vec<Spanned<String>>,
}

impl SurveyFacts {
    fn of(survey: &Survey) -> Self {
        let rounds = survey.waves.iter().flat_map(|wave| [wave.opens, wave.closes]);
        let days = [survey.opens, survey.closes].into_iter().chain(rounds).flatten().map(|day| day.date).collect();
        Self { id: survey.id.clone(), closes: survey.closes, here: survey.hosted.is_none(), days }
    }
}

impl Card {
    /// The card a document shows. What nobody asks the document for afterwards (its title, first paragraph, terms, aliases and
    /// anchors) is taken out of it, since all documents are held at once. `prefix` is the route prefix of its language, `today`
    /// the day of the build.
    pub fn of(doc: &mut Doc, place: &Place, prefix: &str, today: Date) -> Card {
        let (role, name) = match &place.role {
            Seat::Page => (Role::Page, place.name.as_str()),
            Seat::Section => (Role::Section, place.folder.rsplit('/').next().unwrap_or_default()),
            Seat::Term(taxonomy) => (Role::Term(taxonomy.clone()), place.name.as_str()),
        };
        let segment = doc.head.slug.as_ref().map_or(place.name.as_str(), |s| s.value.as_str());
        let route = match place.role {
            Seat::Section => folder_route(prefix, &place.folder),
            _ => Route::page([prefix].into_iter().chain(place.folder.split('/')).chain([segment])),
        };
        let (facts, own_date) = match &doc.kind {
            Kind::Policy(p) => (
                Facts::Policy(PolicyFacts {
                    status: p.status,
                    is_original: p.is_original,
                    explains: p.explains.clone(),
                }),
                p.issued,
            ),
            Kind::Event(e) => (Facts::Event(Arc::clone(e)), e.start),
            Kind::Survey(s) => (Facts::Survey(SurveyFacts::of(s)), None),
            _ => (Facts::None, None),
        };
        Card {
            path: doc.path.clone(),
            lang: place.lang,
            role,
            folder: place.folder.clone(),
            key: place.key.clone(),
            route,
            slug: doc.head.slug.as_ref().map(|s| s.span),
            kind: doc.kind.name(),
            lead: doc.lead.clone(),
            title: doc.take_title(name),
            date: doc.head.date.or(own_date),
            written_date: doc.head.date,
            updated: doc.head.updated,
            expires: doc.head.expires,
            expired: doc.head.expires.is_some_and(|e| e.date < today),
            summary: doc.take_summary(),
            order: doc.head.order,
            sample: doc.head.sample,
            draft: doc.head.draft,
            unpublished: doc.head.draft || doc.head.date.is_some_and(|d| d.date > today),
            image: doc.head.image.clone(),
            written_terms: std::mem::take(&mut doc.head.terms),
            aliases: std::mem::take(&mut doc.head.aliases),
            anchors: {
                let mut anchors = std::mem::take(&mut doc.body.anchors);
                anchors.sort_unstable();
                anchors
            },
            facts,
            stamps: Stamps::default(),
        }
        .stamped()
    }
}
