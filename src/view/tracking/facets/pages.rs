//! Facets of one page by itself: its text, what links and lists show of it, its terms, the days of its survey.

use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::occurrence;
use crate::catalog::{KindFacts, PageFingerprints, PageId, PageMeta, SectionId, TermId};
use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::view::site::ResolvedImage;
use crate::view::tracking::doc_cache::{ResolvedDoc, VisibleReferences};
use crate::view::tracking::site::Site;
use puzhi_core::base::{DateOrDateTime, SitePath};
use puzhi_core::kinds::{CollectionStatus, Event, ImageRef, KeyValue, KindName, PolicyStatus, Survey};

/// Front matter, body and resolved references of a page.
pub struct Whole;

/// What [`Whole`] gives out.
#[derive(Clone, Copy)]
pub struct WholePage<'s> {
    site: &'s Site,
    id: PageId,
    /// Its metadata.
    pub meta: &'s PageMeta,
    /// The part of its resolved references that other pages show, too.
    pub references: &'s VisibleReferences,
}

impl<'s> WholePage<'s> {
    /// The document, loaded if necessary.
    pub fn doc(&self) -> Arc<ResolvedDoc> {
        self.site.load(self.id)
    }

    /// Its address as used in links.
    pub fn url(&self) -> &'s Arc<str> {
        self.site.data.catalog.url(self.id)
    }

    /// The section of its folder; the page itself is why the section exists.
    pub fn section(&self) -> Option<SectionId> {
        self.site.data.catalog.section_by_folder(&self.meta.folder, self.meta.lang)
    }

    /// A page that one of its references names. The reference is resolved again when that page goes.
    pub fn page_at(&self, path: &SitePath) -> Option<PageId> {
        self.site.data.page_at(path)
    }
}

impl Facet<Site> for Whole {
    type Of = PageId;
    type Value<'s> = WholePage<'s>;
    const NAME: &'static str = "page";
    const ZH: &'static str = "页面";

    fn read<'s>(site: &'s Site, of: &PageId) -> WholePage<'s> {
        let references = &site.data.visible_references[of.0 as usize];
        WholePage { site, id: *of, meta: site.data.catalog.page(*of), references }
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let content = site.data.content_fingerprints[of.0 as usize];
        Some(fingerprint(&(content, site.data.catalog.page(*of).fingerprints.all)))
    }
}

/// Title, address and language of a page.
pub struct Link;

/// What [`Link`] gives out.
#[derive(Clone, Copy)]
pub struct PageLink<'s> {
    /// Title of the page.
    pub title: &'s str,
    /// Its address as used in links.
    pub url: &'s Arc<str>,
    /// Index of its language.
    pub lang: usize,
}

impl Facet<Site> for Link {
    type Of = PageId;
    type Value<'s> = PageLink<'s>;
    const NAME: &'static str = "title-and-address";
    const ZH: &'static str = "标题和网址";

    fn read<'s>(site: &'s Site, of: &PageId) -> PageLink<'s> {
        let meta = site.data.catalog.page(*of);
        PageLink { title: &meta.title, url: site.data.catalog.url(*of), lang: meta.lang }
    }

    /// [`PageFingerprints::link`] covers title, route and language; the url follows from the route and the settings, which every
    /// output with a link reads.
    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let PageFingerprints { link, .. } = site.data.catalog.page(*of).fingerprints;
        Some(link)
    }
}

/// A page as lists show it.
pub struct Card;

/// What [`Card`] gives out: computed when it is asked for, because lists keep the entries they have made.
#[derive(Clone, Copy)]
pub struct PageCard<'s> {
    site: &'s Site,
    id: PageId,
}

/// The values of a list entry.
pub struct CardParts<'s> {
    /// Covered by [`PageFingerprints::listed`], as is all of [`ListedPage`].
    pub page: ListedPage<'s>,
    /// The picture, if it has one and the file is there.
    pub cover: Option<&'s ResolvedImage>,
    /// Its terms.
    pub terms: Vec<CardTerm<'s>>,
    /// The facts of an event.
    pub event: Option<EventDay<'s>>,
}

/// The metadata that lists show.
pub struct ListedPage<'s> {
    /// Title.
    pub title: &'s str,
    /// Address as used in links.
    pub url: &'s Arc<str>,
    /// Index of the language.
    pub lang: usize,
    /// Kind.
    pub kind: KindName,
    /// Date for lists.
    pub date: Option<DateOrDateTime>,
    /// Summary.
    pub summary: &'s str,
    /// Heading that it stands under in the list of its section.
    pub group: Option<&'s str>,
    /// Whether it is a sample.
    pub sample: bool,
    /// Whether it has expired.
    pub expired: bool,
    /// Whether it is a draft or dated after the day of the build.
    pub unpublished: bool,
    /// The picture as front matter describes it.
    pub image: Option<&'s ImageRef>,
    /// The values that lists show of a kind without a struct of its own.
    pub values: &'s [KeyValue],
    /// Whether a policy is in force; `None` for other kinds.
    pub policy: Option<ListedPolicy>,
}

/// What lists show of a policy.
#[derive(Clone, Copy)]
pub struct ListedPolicy {
    /// Whether it is in force.
    pub status: Option<PolicyStatus>,
    /// Whether the page is the original text.
    pub is_original: bool,
}

/// A term of a list entry.
#[derive(Hash)]
pub struct CardTerm<'s> {
    /// Key of the taxonomy.
    pub taxonomy: &'s str,
    /// Name of the term.
    pub name: &'s str,
}

/// An event with its next occurrence.
#[derive(Clone, Copy)]
pub struct EventDay<'s> {
    /// Its front matter.
    pub event: &'s Event,
    /// The first day of the next occurrence that is not over on the day of the build.
    pub next: Option<DateOrDateTime>,
    /// The last day of that occurrence.
    pub next_last: Option<Date>,
    /// Whether the whole event is over.
    pub past: bool,
}

impl<'s> EventDay<'s> {
    /// The event as of `today`.
    pub(super) fn of(event: &'s Event, today: Date) -> Self {
        let next = occurrence::next(event, today);
        let time = event.start.and_then(|s| s.time);
        EventDay {
            event,
            next: next.map(|d| DateOrDateTime { date: d.first, time }),
            next_last: next.map(|d| d.last),
            past: occurrence::is_over(event, today),
        }
    }
}

impl<'s> PageCard<'s> {
    /// The values.
    pub fn parts(&self) -> CardParts<'s> {
        let data = &self.site.data;
        let meta = data.catalog.page(self.id);
        let terms = data.catalog.page_terms(self.id).iter().map(|t| data.catalog.term(*t));
        CardParts {
            page: ListedPage {
                title: &meta.title,
                url: data.catalog.url(self.id),
                lang: meta.lang,
                kind: meta.kind,
                date: meta.date,
                summary: &meta.summary,
                group: meta.group.as_deref(),
                sample: meta.sample,
                expired: meta.expired,
                unpublished: meta.unpublished,
                image: meta.image.as_deref(),
                values: match &meta.facts {
                    KindFacts::Listed(values) => values,
                    _ => &[],
                },
                policy: match &meta.facts {
                    KindFacts::Policy(p) => Some(ListedPolicy { status: p.status, is_original: p.is_original }),
                    _ => None,
                },
            },
            cover: data.visible_references[self.id.0 as usize].cover.as_ref(),
            terms: terms.map(|t| CardTerm { taxonomy: &t.taxonomy, name: &t.name }).collect(),
            event: meta.event().map(|event| EventDay::of(event, data.clock.today)),
        }
    }
}

impl Facet<Site> for Card {
    type Of = PageId;
    type Value<'s> = PageCard<'s>;
    const NAME: &'static str = "card";
    const ZH: &'static str = "卡片";

    fn read<'s>(site: &'s Site, of: &PageId) -> PageCard<'s> {
        PageCard { site, id: *of }
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let CardParts { page: _, cover, terms, event } = PageCard { site, id: *of }.parts();
        // The front matter of the event is covered by `listed`.
        let event = event.map(|EventDay { event: _, next, next_last, past }| (next, next_last, past));
        Some(fingerprint(&(site.data.catalog.page(*of).fingerprints.listed, cover, terms, event)))
    }
}

/// When a page was published, with the time of the release log where it has one of the same day. Of an event it is not the day it takes place.
pub struct PublicationTime;

impl Facet<Site> for PublicationTime {
    type Of = PageId;
    type Value<'s> = Option<DateOrDateTime>;
    const NAME: &'static str = "publication-time";
    const ZH: &'static str = "发布的时刻";

    fn read(site: &Site, of: &PageId) -> Option<DateOrDateTime> {
        let meta = site.data.catalog.page(*of);
        let written = meta.front_matter_date.or(meta.date.filter(|_| meta.event().is_none()));
        let shown = written.filter(|_| site.data.settings.kinds.shows_date(meta.kind))?;
        Some(site.data.releases.publication_moment(&meta.route, shown))
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(site, of)))
    }
}

/// The terms of a page, in the order of its front matter.
pub struct Terms;

/// What [`Terms`] gives out. The taxonomy of a term follows from its address.
#[derive(Clone, Copy)]
pub struct PageTerms<'s> {
    site: &'s Site,
    ids: &'s [TermId],
}

impl<'s> PageTerms<'s> {
    /// The terms of one taxonomy.
    pub fn of<'t>(self, taxonomy: &'t str) -> impl Iterator<Item = TermId> + use<'s, 't> {
        self.ids.iter().copied().filter(move |t| self.site.data.catalog.term(*t).taxonomy == taxonomy)
    }
}

impl Facet<Site> for Terms {
    type Of = PageId;
    type Value<'s> = PageTerms<'s>;
    const NAME: &'static str = "terms";
    const ZH: &'static str = "所属的分类词";

    fn read<'s>(site: &'s Site, of: &PageId) -> PageTerms<'s> {
        PageTerms { site, ids: site.data.catalog.page_terms(*of) }
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let routes: Vec<_> = Self::read(site, of).ids.iter().map(|t| &site.data.catalog.term(*t).route).collect();
        Some(fingerprint(&routes))
    }
}

/// Which of a survey's opening and closing days have passed on the day of the build.
pub struct SurveyDays;

/// The day of the build, which can be compared with the days of the survey only.
#[derive(Clone, Copy)]
pub struct SurveyDay(Date);

impl SurveyDay {
    /// The collection status: open if it is open at any time of the day.
    pub fn status<'q>(&self, survey: &'q Survey) -> CollectionStatus<'q> {
        match survey.collection_status(self.0.at(23, 59, 59, 0)) {
            CollectionStatus::Closed(closes) => match survey.collection_status(self.0.at(0, 0, 0, 0)) {
                CollectionStatus::Open(wave) => CollectionStatus::Open(wave),
                _ => CollectionStatus::Closed(closes),
            },
            other => other,
        }
    }

    /// The closing day of the survey, if it has passed.
    pub fn closed(&self, survey: &Survey) -> Option<DateOrDateTime> {
        survey.closes.filter(|closes| closes.date < self.0)
    }
}

impl Facet<Site> for SurveyDays {
    type Of = PageId;
    type Value<'s> = SurveyDay;
    const NAME: &'static str = "days-of-survey";
    const ZH: &'static str = "问卷的日子";

    fn read(site: &Site, _: &PageId) -> SurveyDay {
        SurveyDay(site.data.clock.today)
    }

    fn fingerprint(site: &Site, of: &PageId) -> Option<Fingerprint> {
        let KindFacts::Survey(survey) = &site.data.catalog.page(*of).facts else { return None };
        let today = site.data.clock.today;
        Some(fingerprint(&survey.days.iter().map(|day| day.cmp(&today) as i8).collect::<Vec<_>>()))
    }
}
