//! What every key is worth: the one place that decides whether something an output read is another than it was, and so also
//! what `explain` says.
//!
//! A stamp is taken of exactly what the reading functions of this room hand over, or of something that changes whenever that does.

use crate::calendar::CalendarOf;
use crate::catalog::{Facts, PageId, SectionId, TermId};
use crate::engine::{Stamp, stamp};

use super::key::{Facet, FeedList, Key};
use super::lists::Leaf;
use super::reads::Read;
use super::site::Site;

impl Site {
    /// `None` when there is no such thing.
    pub fn stamp(&self, key: &Key) -> Option<Stamp> {
        let catalog = &self.catalog;
        Some(match key {
            Key::Page(facet, path) => self.page_stamp(*facet, catalog.by_path(path)?)?,
            Key::Translations(key, lang) => self.translations_stamp(key, *lang),
            Key::Section(folder, lang) => self.section_stamp(catalog.section_at(folder, *lang)?),
            Key::Children(folder, lang) => {
                let section = catalog.section(catalog.section_at(folder, *lang)?);
                let child = |id: &SectionId| {
                    let child = catalog.section(*id);
                    (&child.title, &child.route, child.index.map(|i| &catalog.card(i).summary), child.pages.len())
                };
                stamp(&section.children.iter().map(child).collect::<Vec<_>>())
            }
            Key::Leaf(list, number) => {
                let of = self.list_of(list)?;
                let (total, size) = self.list_size(&of);
                let paging = crate::catalog::Paging::of(total, size);
                let leaf = match number {
                    None => Leaf::Front,
                    Some(number) if *number <= paging.archives => Leaf::Archive(*number),
                    Some(_) => return None,
                };
                let ids = self.list_pages(&of, leaf);
                // The front says how many there are; an archive page knows only whether it is the newest of them.
                let pager = match leaf {
                    Leaf::Front => (paging.archives, total),
                    Leaf::Archive(number) => (usize::from(number == paging.archives), 0),
                };
                stamp(&(self.paths(ids), pager))
            }
            Key::Term(route) => self.term_stamp(catalog.term_at(route)?),
            Key::TaxonomyTitle(key, lang) => stamp(&(self.taxonomy_title(key, *lang), self.taxonomy_route(key, *lang))),
            Key::Taxonomy(key, lang) => {
                let term = |id: TermId| {
                    let term = catalog.term(id);
                    (&term.name, &term.route, term.pages.len(), term.index.map(|i| &catalog.card(i).summary))
                };
                let index = self.taxonomy_index(key, *lang).map(|i| &catalog.card(i).path);
                stamp(&(index, catalog.terms_of(key, *lang).map(term).collect::<Vec<_>>()))
            }
            Key::Feed(feed) => {
                let of = match feed {
                    FeedList::Language(lang) => Err(*lang),
                    FeedList::Of(list) => Ok(self.list_of(list)?),
                };
                // An event's day of publication is recorded elsewhere than on its page.
                let pages = self.feed_pages(of.as_ref().map_err(|lang| *lang));
                stamp(&(self.paths(&pages), pages.iter().map(|id| self.published(*id)).collect::<Vec<_>>()))
            }
            Key::Newest(kind, lang, count) => self.paths(&self.newest_pages(*lang, *kind, *count)),
            Key::Query(query) => {
                let known = query.section.as_ref().is_none_or(|s| catalog.section_at(s, query.lang).is_some());
                stamp(&(known, self.paths(&self.found(query))))
            }
            Key::Survey(id, lang) => stamp(&self.survey_page(id, *lang).map(|p| &catalog.card(p).path)),
            Key::Results(id) => stamp(&self.results.get(&**id)?.to_json()),
            Key::OpenSurveys(lang) => self.paths(&self.open_survey_pages(*lang)),
            Key::Agenda => *self.worth.agenda.get_or_init(|| self.agenda_stamp()),
            Key::Calendars(lang) => {
                let all = self.agenda.find(CalendarOf::All, *lang)?;
                stamp(&(&all.route, all.events.is_empty(), self.calendar_pages))
            }
            Key::Targets(lang) => {
                *self.worth.targets.get(*lang)?.get_or_init(|| json_stamp(&self.all_targets(None, None, *lang)))
            }
            Key::Site(lang) => *self.worth.sites.get(*lang)?.get_or_init(|| json_stamp(&self.site_view(*lang))),
            Key::Words(lang) => *self.worth.words.get(*lang)?.get_or_init(|| stamp(&self.words[*lang])),
            Key::Settings => self.worth.settings?,
            Key::Template(name) => self.worth.templates.get(&**name).copied()?,
            Key::Asset(name) => {
                let asset = self.assets.files.get(&**name)?;
                stamp(&(&asset.route, &asset.integrity))
            }
            Key::Data(path) => self.worth.data.get(path).copied()?,
            Key::File(path) => self.worth.file.as_ref()?(path)?,
            Key::Sitemap(part) => self.worth.sitemaps.get(part).copied()?,
            Key::Spelling(taxonomy, lang, name) => {
                stamp(&catalog.find_term(taxonomy, *lang, name).map(|t| &catalog.term(t).route))
            }
        })
    }

    fn paths(&self, pages: &[PageId]) -> Stamp {
        stamp(&pages.iter().map(|id| &self.catalog.card(*id).path).collect::<Vec<_>>())
    }

    /// The same of a note, without looking its name up where it is a number.
    pub fn read_stamp(&self, read: &Read) -> Option<Stamp> {
        match read {
            Read::Page(facet, page) => self.page_stamp(*facet, *page),
            Read::Section(section) => Some(self.section_stamp(*section)),
            Read::Term(term) => Some(self.term_stamp(*term)),
            Read::Named(key) => self.stamp(key),
            Read::Settings | Read::Site(_) | Read::Words(_) => self.stamp(&self.key(read)),
        }
    }

    fn page_stamp(&self, facet: Facet, id: PageId) -> Option<Stamp> {
        let catalog = &self.catalog;
        let card = catalog.card(id);
        Some(match facet {
            Facet::All => stamp(&(self.versions[id.0 as usize], card.stamps.all)),
            Facet::Link => card.stamps.link,
            Facet::Card => self.card_stamp(id),
            Facet::Around => {
                let (before, after) = catalog.neighbours(id);
                stamp(&[before, after].map(|id| id.map(|id| &catalog.card(id).path)))
            }
            Facet::Backlinks => self.paths(&self.backlinks(id)),
            Facet::Related => self.paths(&catalog.related(id, super::views::RELATED)),
            Facet::Terms => stamp(&catalog.terms_on(id).iter().map(|t| &catalog.term(*t).route).collect::<Vec<_>>()),
            Facet::Explained => self.paths(&self.explained_by(id)),
            Facet::Door => match &card.facts {
                Facts::Survey(survey) => {
                    stamp(&survey.days.iter().map(|day| day.cmp(&self.clock.today) as i8).collect::<Vec<_>>())
                }
                _ => return None,
            },
        })
    }

    fn section_stamp(&self, id: SectionId) -> Stamp {
        let catalog = &self.catalog;
        let section = catalog.section(id);
        stamp(&(
            &section.title,
            &section.route,
            section.parent.map(|p| &catalog.section(p).folder),
            section.index.map(|i| &catalog.card(i).path),
        ))
    }

    fn term_stamp(&self, id: TermId) -> Stamp {
        let term = self.catalog.term(id);
        stamp(&(&term.name, &term.taxonomy, term.index.map(|i| &self.catalog.card(i).path)))
    }

    /// What `card_view` hands over.
    fn card_stamp(&self, id: PageId) -> Stamp {
        let card = self.catalog.card(id);
        let terms: Vec<_> =
            self.catalog.terms_on(id).iter().map(|t| self.catalog.term(*t)).map(|t| (&t.taxonomy, &t.name)).collect();
        let event = matches!(card.facts, Facts::Event(_)).then(|| self.next_day(id));
        stamp(&(card.stamps.listed, &self.shown[id.0 as usize].cover, terms, event))
    }

    /// Keys of pages are plain; `/` leads a section's folder, `#` a term's address, `@` a taxonomy.
    fn translations_stamp(&self, key: &str, lang: usize) -> Stamp {
        let others = match key.split_at_checked(1) {
            Some(("/", folder)) => self.section_translations(folder, lang),
            Some(("@", taxonomy)) => self.taxonomy_translations(taxonomy, lang),
            Some(("#", route)) => puzhi_core::base::Route::new(route)
                .ok()
                .and_then(|r| self.catalog.term_at(&r))
                .map(|t| self.term_translations(t))
                .unwrap_or_default(),
            _ => self.translations(key, lang),
        };
        stamp(&others.into_iter().map(|t| (t.tag, t.url, t.fallback)).collect::<Vec<_>>())
    }

    /// Everything that calendars, event pages and the ledger are made of.
    fn agenda_stamp(&self) -> Stamp {
        let catalog = &self.catalog;
        let events: Vec<_> = catalog
            .ids()
            .filter(|id| catalog.card(*id).event().is_some())
            .map(|id| {
                let mark = self.agenda.marks.get(&id).map(|m| (&m.uid, m.sequence, m.stamp));
                let terms: Vec<_> = catalog
                    .terms_on(id)
                    .iter()
                    .map(|t| catalog.term(*t))
                    .map(|t| (&t.route, &t.name, &t.taxonomy))
                    .collect();
                (catalog.card(id), &self.shown[id.0 as usize], mark, terms)
            })
            .collect();
        let calendars: Vec<_> = self
            .agenda
            .calendars
            .iter()
            .map(|c| (c.lang, &c.route, format!("{:?}", c.of), self.paths(&c.events)))
            .collect();
        let grids: Vec<_> = self.agenda.grids.iter().map(|g| (g.lang, &g.route, g.first, g.last)).collect();
        let sections: Vec<_> = catalog.sections.iter().map(|s| (&s.route, s.lang)).collect();
        stamp(&(self.clock.today, events, calendars, grids, sections, self.calendar_pages, &self.ledger_clause))
    }
}

/// The stamp of a small view, of which nothing is worth taking apart.
fn json_stamp(view: &impl serde::Serialize) -> Stamp {
    stamp(&serde_json::to_string(view).unwrap_or_default())
}
