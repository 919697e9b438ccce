//! Computes the fingerprint of every key. Only this file decides whether a value that an output read has changed, and
//! thereby also what `explain` reports.
//!
//! The rule: a fingerprint covers exactly what the reading functions of this module return for the key, or something
//! that changes whenever that changes. In: a key or a recorded read. Out: its fingerprint. Knows no output.

use crate::calendar::CalendarScope;
use crate::catalog::{KindFacts, PageId, SectionId, TermId};
use crate::engine::{Fingerprint, fingerprint};

use super::dependency_key::{DependencyKey, FeedKey, PageFacet};
use super::read_recorder::RecordedRead;
use crate::view::pages::lists::ListPage;
use crate::view::site::Site;
use crate::view::views::FeedId;

impl Site {
    /// The present fingerprint of a key; `None` if the site has no such value.
    pub fn fingerprint(&self, key: &DependencyKey) -> Option<Fingerprint> {
        let catalog = &self.catalog;
        Some(match key {
            DependencyKey::Page(facet, path) => self.page_fingerprint(*facet, catalog.by_path(path)?)?,
            DependencyKey::Translations(key, lang) => self.translations_fingerprint(key, *lang),
            DependencyKey::Section(folder, lang) => self.section_fingerprint(catalog.section_by_folder(folder, *lang)?),
            DependencyKey::Children(folder, lang) => {
                let section = catalog.section(catalog.section_by_folder(folder, *lang)?);
                let child = |id: &SectionId| {
                    let child = catalog.section(*id);
                    (&child.title, &child.route, child.index.map(|i| &catalog.page(i).summary), child.pages.len())
                };
                fingerprint(&section.children.iter().map(child).collect::<Vec<_>>())
            }
            DependencyKey::ListPage(list, number) => {
                let of = self.list_id(list)?;
                let (total, size) = self.list_size(&of);
                let pagination = crate::catalog::Pagination::new(total, size);
                let list_page = match number {
                    None => ListPage::Front,
                    Some(number) if *number <= pagination.archive_pages => ListPage::Archive(*number),
                    Some(_) => return None,
                };
                let ids = self.list_pages(&of, list_page);
                // The front shows the number of archive pages; an archive page only depends on whether it is the newest
                // one.
                let pager = match list_page {
                    ListPage::Front => (pagination.archive_pages, total),
                    ListPage::Archive(number) => (usize::from(number == pagination.archive_pages), 0),
                };
                fingerprint(&(self.paths_fingerprint(ids), pager))
            }
            DependencyKey::Term(route) => self.term_fingerprint(catalog.term_by_route(route)?),
            DependencyKey::TaxonomyTitle(key, lang) => {
                fingerprint(&(self.taxonomy_title(key, *lang), self.taxonomy_route(key, *lang)))
            }
            DependencyKey::Taxonomy(key, lang) => {
                let term = |id: TermId| {
                    let term = catalog.term(id);
                    (&term.name, &term.route, term.pages.len(), term.index.map(|i| &catalog.page(i).summary))
                };
                let index = self.taxonomy_index(key, *lang).map(|i| &catalog.page(i).path);
                fingerprint(&(index, catalog.taxonomy_terms(key, *lang).map(term).collect::<Vec<_>>()))
            }
            DependencyKey::Feed(feed) => {
                let of = match feed {
                    FeedKey::Language(lang) => FeedId::Language(*lang),
                    FeedKey::List(list) => FeedId::List(self.list_id(list)?),
                };
                // The day of publication of an event comes from the lock file, not from its page.
                let pages = self.feed_pages(&of);
                fingerprint(&(
                    self.paths_fingerprint(&pages),
                    pages.iter().map(|id| self.published(*id)).collect::<Vec<_>>(),
                ))
            }
            DependencyKey::Newest(kind, lang, count) => {
                self.paths_fingerprint(&self.newest_pages(*lang, *kind, *count))
            }
            DependencyKey::Query(query) => {
                let known = query.section.as_ref().is_none_or(|s| catalog.section_by_folder(s, query.lang).is_some());
                fingerprint(&(known, self.paths_fingerprint(&self.matching_pages(query))))
            }
            DependencyKey::Survey(id, lang) => fingerprint(&self.survey_page(id, *lang).map(|p| &catalog.page(p).path)),
            DependencyKey::Results(id) => fingerprint(&self.results.get(&**id)?.to_json()),
            DependencyKey::OpenSurveys(lang) => self.paths_fingerprint(&self.open_survey_pages(*lang)),
            DependencyKey::Agenda => *self.fingerprints.agenda.get_or_init(|| self.agenda_fingerprint()),
            DependencyKey::Calendars(lang) => {
                let all = self.agenda.find(CalendarScope::All, *lang)?;
                fingerprint(&(&all.route, all.events.is_empty(), self.calendar_pages))
            }
            DependencyKey::Targets(lang) => *self
                .fingerprints
                .targets
                .get(*lang)?
                .get_or_init(|| json_fingerprint(&self.all_targets(None, None, *lang))),
            DependencyKey::Site(lang) => {
                *self.fingerprints.sites.get(*lang)?.get_or_init(|| json_fingerprint(&self.site_view(*lang)))
            }
            DependencyKey::Words(lang) => {
                *self.fingerprints.words.get(*lang)?.get_or_init(|| fingerprint(&self.words[*lang]))
            }
            DependencyKey::Settings => self.fingerprints.settings?,
            DependencyKey::Template(name) => self.fingerprints.templates.get(&**name).copied()?,
            DependencyKey::Asset(name) => {
                let asset = self.assets.files.get(&**name)?;
                fingerprint(&(&asset.route, &asset.integrity))
            }
            DependencyKey::Data(path) => self.fingerprints.data.get(path).copied()?,
            DependencyKey::File(path) => self.fingerprints.file.as_ref()?(path)?,
            DependencyKey::Sitemap(part) => self.fingerprints.sitemaps.get(part).copied()?,
            DependencyKey::Spelling(taxonomy, lang, name) => {
                fingerprint(&catalog.term_by_spelling(taxonomy, *lang, name).map(|t| &catalog.term(t).route))
            }
        })
    }

    fn paths_fingerprint(&self, pages: &[PageId]) -> Fingerprint {
        fingerprint(&pages.iter().map(|id| &self.catalog.page(*id).path).collect::<Vec<_>>())
    }

    /// The same for a recorded read; ids are used directly, without a look-up by name.
    pub fn read_fingerprint(&self, read: &RecordedRead) -> Option<Fingerprint> {
        match read {
            RecordedRead::Page(facet, page) => self.page_fingerprint(*facet, *page),
            RecordedRead::Section(section) => Some(self.section_fingerprint(*section)),
            RecordedRead::Term(term) => Some(self.term_fingerprint(*term)),
            RecordedRead::Named(key) => self.fingerprint(key),
            RecordedRead::Settings | RecordedRead::Site(_) | RecordedRead::Words(_) => {
                self.fingerprint(&self.key(read))
            }
        }
    }

    fn page_fingerprint(&self, facet: PageFacet, id: PageId) -> Option<Fingerprint> {
        let catalog = &self.catalog;
        let meta = catalog.page(id);
        Some(match facet {
            PageFacet::All => fingerprint(&(self.content_fingerprints[id.0 as usize], meta.fingerprints.all)),
            PageFacet::Link => meta.fingerprints.link,
            PageFacet::Card => self.card_fingerprint(id),
            PageFacet::Neighbours => {
                let (before, after) = catalog.neighbours(id);
                fingerprint(&[before, after].map(|id| id.map(|id| &catalog.page(id).path)))
            }
            PageFacet::Backlinks => self.paths_fingerprint(&self.backlinks(id)),
            PageFacet::Related => self.paths_fingerprint(&catalog.related(id, crate::view::views::MAX_RELATED)),
            PageFacet::Terms => {
                fingerprint(&catalog.page_terms(id).iter().map(|t| &catalog.term(*t).route).collect::<Vec<_>>())
            }
            PageFacet::ExplainedBy => self.paths_fingerprint(&self.explained_by(id)),
            PageFacet::SurveyDays => match &meta.facts {
                KindFacts::Survey(survey) => {
                    fingerprint(&survey.days.iter().map(|day| day.cmp(&self.clock.today) as i8).collect::<Vec<_>>())
                }
                _ => return None,
            },
        })
    }

    fn section_fingerprint(&self, id: SectionId) -> Fingerprint {
        let catalog = &self.catalog;
        let section = catalog.section(id);
        fingerprint(&(
            &section.title,
            &section.route,
            section.parent.map(|p| &catalog.section(p).folder),
            section.index.map(|i| &catalog.page(i).path),
        ))
    }

    fn term_fingerprint(&self, id: TermId) -> Fingerprint {
        let term = self.catalog.term(id);
        fingerprint(&(&term.name, &term.taxonomy, term.index.map(|i| &self.catalog.page(i).path)))
    }

    /// Covers what `card_view` returns.
    fn card_fingerprint(&self, id: PageId) -> Fingerprint {
        let meta = self.catalog.page(id);
        let terms: Vec<_> =
            self.catalog.page_terms(id).iter().map(|t| self.catalog.term(*t)).map(|t| (&t.taxonomy, &t.name)).collect();
        let event = matches!(meta.facts, KindFacts::Event(_)).then(|| self.next_day(id));
        fingerprint(&(meta.fingerprints.listed, &self.visible_references[id.0 as usize].cover, terms, event))
    }

    /// `key` as in [`DependencyKey::Translations`]: `/` precedes the folder of a section, `#` the address of a term,
    /// `@` a taxonomy.
    fn translations_fingerprint(&self, key: &str, lang: usize) -> Fingerprint {
        let others = match key.split_at_checked(1) {
            Some(("/", folder)) => self.section_translations(folder, lang),
            Some(("@", taxonomy)) => self.taxonomy_translations(taxonomy, lang),
            Some(("#", route)) => puzhi_core::base::Route::new(route)
                .ok()
                .and_then(|r| self.catalog.term_by_route(&r))
                .map(|t| self.term_translations(t))
                .unwrap_or_default(),
            _ => self.translations(key, lang),
        };
        fingerprint(&others.into_iter().map(|t| (t.tag, t.url, t.fallback)).collect::<Vec<_>>())
    }

    /// Covers everything that calendars, event pages and the ledger are made from.
    fn agenda_fingerprint(&self) -> Fingerprint {
        let catalog = &self.catalog;
        let events: Vec<_> = catalog
            .page_ids()
            .filter(|id| catalog.page(*id).event().is_some())
            .map(|id| {
                let mark = self.agenda.revisions.get(&id).map(|m| (&m.uid, m.sequence, m.stamp));
                let terms: Vec<_> = catalog
                    .page_terms(id)
                    .iter()
                    .map(|t| catalog.term(*t))
                    .map(|t| (&t.route, &t.name, &t.taxonomy))
                    .collect();
                (catalog.page(id), &self.visible_references[id.0 as usize], mark, terms)
            })
            .collect();
        let calendars: Vec<_> = self
            .agenda
            .calendars
            .iter()
            .map(|c| (c.lang, &c.route, format!("{:?}", c.scope), self.paths_fingerprint(&c.events)))
            .collect();
        let grids: Vec<_> = self.agenda.month_ranges.iter().map(|g| (g.lang, &g.route, g.first, g.last)).collect();
        let sections: Vec<_> = catalog.sections.iter().map(|s| (&s.route, s.lang)).collect();
        fingerprint(&(self.clock.today, events, calendars, grids, sections, self.calendar_pages, &self.ledger_clause))
    }
}

/// The fingerprint of a small view as a whole, by its JSON.
fn json_fingerprint(view: &impl serde::Serialize) -> Fingerprint {
    fingerprint(&serde_json::to_string(view).unwrap_or_default())
}
