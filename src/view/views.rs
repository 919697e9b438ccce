//! Renders each kind of page: puts the template context together and passes it to the theme. In: a [`Site`] and a
//! [`Theme`]. Out: the bytes of an HTML page. Knows no address beyond the page's own and writes no file.

use std::sync::{Arc, OnceLock};

use serde::Serialize;
use tera::{Context, Value};

use jiff::civil::Date;

use crate::calendar::{Calendar, LedgerYear, MonthRange};
use crate::catalog::{PageId, SectionId, TermId};
use crate::settings::{FeedScope, LedgerGoals};
use crate::theme::Theme;
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::KindName;

use super::calendar::ledger::year_route;
use super::model::{CardView, DirectiveView, LangView, LanguageView, ListView, NavView, PageView, SiteView};
use super::pages::fill::RenderContext;
use super::pages::lists::ListPage;
use super::shared::Shared;
use super::site::{Site, root_of};
use super::tracking::dependency_key::{DependencyKey, PageFacet};
use super::tracking::read_recorder::{RecordedRead, record_read};

/// How many related pages a page shows.
pub(super) const MAX_RELATED: usize = 4;

/// A list, by the ids of this build. [`super::ListKey`] names the same list across builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListId {
    /// The pages of a section.
    Section(SectionId),
    /// The pages of a term.
    Term(TermId),
    /// The terms of a taxonomy in one language.
    Taxonomy {
        /// Key of the taxonomy.
        key: String,
        /// Index of the language in the settings.
        lang: usize,
    },
}

/// A feed, by the ids of this build. [`super::FeedKey`] names the same feed across builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedId {
    /// The newest pages of a language, by the language's index in the settings.
    Language(usize),
    /// The newest pages of a section or term.
    List(ListId),
}

/// Renders pages of one site with one theme. What is the same on every page is serialised once.
pub struct Views {
    /// The data.
    pub site: Arc<Site>,
    /// The templates.
    pub theme: Arc<Theme>,
    /// The variables that every page of a language gets, by index of the language.
    common: Vec<Common>,
    /// List entries by [`PageId`], each made on first use and shared by all lists that show it.
    cards: Vec<OnceLock<Shared<CardView>>>,
}

struct Common {
    site: Value,
    words: Value,
    lang: Value,
    lang_code: Value,
}

impl Views {
    /// Serialises the variables that all pages share.
    pub fn new(site: Arc<Site>, theme: Arc<Theme>) -> Self {
        let common = (0..site.settings.languages.len())
            .map(|lang| {
                let language = &site.settings.languages[lang];
                Common {
                    site: Value::from_serializable(&site.site_view(lang)),
                    words: Value::from_serializable(&site.words[lang]),
                    lang: Value::from_serializable(&LangView {
                        code: language.code.clone(),
                        tag: language.tag.clone(),
                    }),
                    lang_code: Value::from_serializable(&language.code),
                }
            })
            .collect();
        let cards = std::iter::repeat_with(OnceLock::new).take(site.doc_cache.len()).collect();
        Self { site, theme, common, cards }
    }

    /// One page, by the template that its front matter names, else the one of its kind.
    pub fn page(&self, id: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let meta = self.site.catalog.page(id);
        let root = root_of(&meta.route);
        let html = self.body_html(RenderContext { root: &root, page: id, outside_own_page: false })?;
        let mut context = self.context(meta.lang, &meta.route, &root);
        insert(&mut context, "page", &self.page_view(id, html));
        let resolved_doc = self.site.resolved_doc(id);
        let chosen = resolved_doc.doc.front_matter.template.as_ref().map(|t| t.value.as_str());
        self.render(chosen.unwrap_or_else(|| self.kind_template(meta.kind)), context)
    }

    /// The template of a kind, or `page.html` if the theme has none for it.
    fn kind_template(&self, kind: KindName) -> &str {
        let template = self.site.settings.kinds.template(kind);
        if self.theme.has_template(template) {
            return template;
        }
        // Another one is taken as soon as there is one.
        record_read(|| DependencyKey::Template(template.into()));
        KindName::Page.definition().template
    }

    /// The home page of a language.
    pub fn home(&self, section: SectionId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let section = self.site.catalog.section(section);
        let root = root_of(&section.route);
        let mut context = self.context(section.lang, &section.route, &root);
        if let Some(id) = section.index {
            let html = self.body_html(RenderContext { root: &root, page: id, outside_own_page: false })?;
            insert(&mut context, "page", &self.page_view(id, html));
        } else {
            insert(&mut context, "page", &None::<()>);
        }
        let lang = section.lang;
        insert(&mut context, "home", &self.site.home_view(lang));
        let id = self.site.catalog.section_by_folder("", lang);
        let html = String::new();
        if let Some(id) = id {
            let cards = self.cards(self.site.list_pages(&ListId::Section(id), ListPage::Front));
            insert(&mut context, "list", &ListView { cards, ..self.site.section_list(id, ListPage::Front, html) });
        }
        self.render("home.html", context)
    }

    /// One page of a list.
    pub fn list(&self, of: &ListId, list_page: ListPage) -> Result<Vec<u8>, Box<Diagnostic>> {
        let site = &self.site;
        let (front, lang, index, template) = match of {
            ListId::Section(id) => {
                let s = site.catalog.section(*id);
                (s.route.clone(), s.lang, s.index, "section.html")
            }
            ListId::Term(id) => {
                let t = site.catalog.term(*id);
                (t.route.clone(), t.lang, t.index, "term.html")
            }
            ListId::Taxonomy { key, lang } => {
                (site.taxonomy_route(key, *lang), *lang, site.taxonomy_index(key, *lang), "taxonomy.html")
            }
        };
        let route = list_page.route(&front);
        let root = root_of(&route);
        let html = match index {
            Some(page) if list_page == ListPage::Front => {
                self.body_html(RenderContext { root: &root, page, outside_own_page: false })?
            }
            _ => String::new(),
        };
        let list = match of {
            ListId::Section(id) => site.section_list(*id, list_page, html),
            ListId::Term(id) => site.term_list(*id, list_page, html),
            ListId::Taxonomy { key, lang } => site.taxonomy_list(key, *lang, html),
        };
        let chosen =
            index.and_then(|i| site.resolved_doc(i).doc.front_matter.template.as_ref().map(|t| t.value.clone()));
        let mut context = self.context(lang, &route, &root);
        insert(&mut context, "list", &ListView { cards: self.cards(site.list_pages(of, list_page)), ..list });
        self.render(chosen.as_deref().unwrap_or(template), context)
    }

    /// `404.html`. The server sends it for addresses of any depth, so its links start at the base path of `base_url`.
    pub fn not_found(&self) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = if self.site.settings.base_url.is_some() {
            self.site.settings.base_path().to_string()
        } else {
            "./".to_string()
        };
        let context = self.context(0, &Route::page([]), &root);
        self.render("404.html", context)
    }

    /// A calendar as a list by month.
    pub fn calendar(&self, calendar: &Calendar) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = root_of(&calendar.route);
        let mut context = self.context(calendar.lang, &calendar.route, &root);
        insert(&mut context, "list", &self.site.calendar_view(calendar));
        self.render("calendar.html", context)
    }

    /// One month of a language's events.
    pub fn month(&self, grid: &MonthRange, month: Date) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = grid.address(month);
        let root = root_of(&route);
        let mut context = self.context(grid.lang, &route, &root);
        insert(&mut context, "list", &self.site.grid_view(grid, month));
        self.render("month.html", context)
    }

    /// A year of the ledger: at the ledger's own address if `front`, else at the year's.
    pub fn ledger(&self, goals: &LedgerGoals, year: &LedgerYear, front: bool) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = if front { goals.page.clone() } else { year_route(goals, year.year) };
        let root = root_of(&route);
        let mut context = self.context(0, &route, &root);
        insert(&mut context, "list", &self.site.ledger_view(goals, year, front));
        self.render("ledger.html", context)
    }

    /// A page at the former address `from` that redirects to the page `to`.
    pub fn redirect(&self, from: &Route, to: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = root_of(from);
        let url = self.site.url(to);
        let mut context = self.context(self.site.catalog.page(to).lang, from, &root);
        insert(&mut context, "target_url", &format!("{root}{url}"));
        insert(&mut context, "target_title", &self.site.link(to).title);
        insert(&mut context, "permalink", &self.site.permalink(&url));
        self.render("redirect.html", context)
    }

    fn page_view(&self, id: PageId, html: String) -> PageView {
        record_read(|| RecordedRead::Page(PageFacet::Related, id));
        PageView { related: self.cards(&self.site.catalog.related(id, MAX_RELATED)), ..self.site.page_view(id, html) }
    }

    fn cards(&self, pages: &[PageId]) -> Vec<Shared<CardView>> {
        pages.iter().map(|id| self.card(*id)).collect()
    }

    fn card(&self, id: PageId) -> Shared<CardView> {
        record_read(|| RecordedRead::Page(PageFacet::Card, id));
        self.cards[id.0 as usize].get_or_init(|| Shared::of(&self.site.card_view(id))).clone()
    }

    pub(super) fn render_directive(
        &self,
        name: &str,
        view: &DirectiveView,
        render_context: RenderContext<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        let meta = self.site.catalog.page(render_context.page);
        let mut context = self.context(meta.lang, &meta.route, render_context.root);
        insert(&mut context, "directive", view);
        let html = self.render(&format!("directives/{name}.html"), context)?;
        Ok(String::from_utf8_lossy(&html).into_owned())
    }

    pub(super) fn context(&self, lang: usize, route: &Route, root: &str) -> Context {
        record_read(|| RecordedRead::Settings);
        record_read(|| RecordedRead::Site(lang as u32));
        record_read(|| RecordedRead::Words(lang as u32));
        let common = &self.common[lang];
        let mut context = Context::new();
        context.insert_value("site", common.site.clone());
        context.insert_value("t", common.words.clone());
        context.insert_value("lang", common.lang.clone());
        context.insert_value("lang_code", common.lang_code.clone());
        context.insert_value("root", Value::safe_string(root));
        context.insert_value("here", Value::normal_string(self.site.first_segment(route, lang)));
        context
    }

    pub(super) fn render(&self, template: &str, context: Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        const POSSIBLE: [&str; 11] =
            ["site", "t", "lang", "root", "here", "lang_code", "page", "home", "list", "directive", "target_url"];
        record_read(|| DependencyKey::Template(template.into()));
        self.theme.render(template, &context, || POSSIBLE.into_iter().filter(|key| context.contains_key(key)).collect())
    }
}

pub(super) fn insert<T: Serialize>(context: &mut Context, key: &'static str, value: &T) {
    context.insert_value(key, Value::from_serializable(value));
}

impl Site {
    /// The first segment after the language prefix, by which templates mark the current entry of the navigation.
    fn first_segment<'r>(&self, route: &'r Route, lang: usize) -> &'r str {
        let mut segments = route.as_str().trim_matches('/').split('/');
        let first = segments.next().unwrap_or_default();
        if lang != 0 && first == self.settings.languages[lang].code {
            segments.next().unwrap_or_default()
        } else {
            first
        }
    }

    /// The navigation if the settings define none: the first sections below the home page.
    fn own_navigation(&self, lang: usize) -> Vec<NavView> {
        const MAX_ENTRIES: usize = 7;
        let Some(top) = self.catalog.section_by_folder("", lang) else { return Vec::new() };
        let children = self.catalog.section(top).children.iter().take(MAX_ENTRIES);
        children
            .map(|id| {
                let link = self.section_link(*id);
                let section = self.catalog.section(*id).folder.clone();
                NavView { title: link.title, url: link.url, external: false, note: None, section }
            })
            .collect()
    }

    pub(super) fn site_view(&self, lang: usize) -> SiteView {
        let language = &self.settings.languages[lang];
        let home = crate::catalog::folder_route(self.settings.language_prefix(lang), "");
        let links = &self.navigation[lang];
        let nav = |written: &[crate::settings::NavEntry], urls: &[Option<String>]| -> Vec<NavView> {
            let both = written.iter().zip(urls);
            both.filter_map(|(entry, url)| {
                let url = url.clone()?;
                let external = url.contains("://");
                let section = if external {
                    ""
                } else {
                    url.trim_start_matches(&format!("{}/", self.settings.language_prefix(lang)))
                        .split('/')
                        .next()
                        .unwrap_or_default()
                };
                Some(NavView {
                    title: entry.title.clone(),
                    external,
                    note: entry.note.clone(),
                    section: percent_decode(section),
                    url,
                })
            })
            .collect()
        };
        SiteView {
            title: language.title.clone(),
            promise: language.promise.clone(),
            description: language.description.clone(),
            organiser: language.organiser.clone(),
            organiser_url: language.organiser_url.clone(),
            undertaker: language.undertaker.clone(),
            copyright: language.copyright.clone(),
            colour: self.settings.colour.clone(),
            base_url: self.permalink(&self.settings.href(&home)),
            home: self.settings.href(&home),
            navigation: if language.navigation.is_empty() {
                self.own_navigation(lang)
            } else {
                nav(&language.navigation, &links.navigation)
            },
            footer: nav(&language.footer, &links.footer),
            entries: nav(&language.entries, &links.entries),
            registration: self.settings.registration.clone(),
            contact: self.settings.contact.clone(),
            languages: self
                .settings
                .languages
                .iter()
                .enumerate()
                .filter(|(i, _)| self.catalog.section_by_folder("", *i).is_some())
                .map(|(i, l)| LanguageView {
                    code: l.code.clone(),
                    tag: l.tag.clone(),
                    name: l.name.clone(),
                    home: self.settings.href(&crate::catalog::folder_route(self.settings.language_prefix(i), "")),
                })
                .collect(),
            feeds: self.feeds(&home, FeedScope::Site),
            zone: self.settings.zone_name.clone(),
            extra: self.settings.extra.clone(),
        }
    }
}

fn percent_decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
