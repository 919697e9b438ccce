//! Renders each kind of page: puts the template context together and passes it to the theme. In: a [`Site`]. Out: the bytes of an HTML page. Knows no address beyond the page's own and writes no file.

use std::sync::{Arc, OnceLock};

use serde::Serialize;
use tera::{Context, Value};

use jiff::civil::Date;

use crate::calendar::{Calendar, EventMonths, LedgerYear};
use crate::catalog::{PageId, SectionId, TermId};
use crate::settings::LedgerGoals;
use puzhi_core::base::Route;
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::KindName;
use puzhi_core::phrases::Phrases;

use super::calendar::ledger::year_route;
use super::heading_breaks::with_heading_breaks;
use super::model::{CardView, DirectiveView, LangView, ListView, PageView};
use super::pages::fill::RenderContext;
use super::pages::lists::{ListHead, ListPage};
use super::pages::{CORRECTIONS_TEMPLATE, corrections_route};
use super::portable::PortableCache;
use super::shared::Shared;
use super::site::root_of;
use super::tracking::facets::{HeadingWords, PageLink, Related, SiteVariable};
use super::tracking::search_route;
use super::tracking::site::Site;

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
    /// The variables that every page of a language gets, by index of the language. Made on first use.
    common: Vec<OnceLock<Common>>,
    /// List entries by [`PageId`], each made on first use and shared by all lists that show it.
    cards: Vec<OnceLock<Shared<CardView>>>,
    /// The words of headings, by index of the language. Made on first use.
    phrases: Vec<OnceLock<Phrases>>,
    /// Articles for other places.
    pub(super) portable: PortableCache,
}

struct Common {
    site: Value,
    words: Value,
    lang: Value,
    lang_code: Value,
}

impl Views {
    /// Views of a site of which nothing is rendered yet.
    pub fn new(site: Arc<Site>) -> Self {
        let data = site.untracked();
        let common = std::iter::repeat_with(OnceLock::new).take(data.settings.languages.len()).collect();
        let cards = std::iter::repeat_with(OnceLock::new).take(data.doc_cache.len()).collect();
        let phrases = std::iter::repeat_with(OnceLock::new).take(data.settings.languages.len()).collect();
        let portable = PortableCache::new(data.doc_cache.len());
        Self { site, common, cards, phrases, portable }
    }

    /// One page, by the template that its front matter names, else the one of its kind.
    pub fn page(&self, id: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let whole = self.site.page(id);
        let meta = whole.meta;
        let root = root_of(&meta.route);
        let html = self.body_html(RenderContext { root: &root, page: id, outside_own_page: false })?;
        let mut context = self.context(meta.lang, &meta.route, &root);
        insert(&mut context, "page", &self.page_view(id, html));
        self.render_page(meta.lang, &self.template_of(id), context)
    }

    /// The template of a page: the one that its front matter names, else that of its kind.
    pub(super) fn template_of(&self, id: PageId) -> String {
        let whole = self.site.page(id);
        let resolved_doc = whole.doc();
        let chosen = resolved_doc.doc.front_matter.template.as_ref().map(|t| t.value.clone());
        chosen.unwrap_or_else(|| self.kind_template(whole.meta.kind).to_string())
    }

    /// The template of a kind, or `page.html` if the theme has none for it.
    fn kind_template(&self, kind: KindName) -> &str {
        let template = self.site.settings().kinds.template(kind);
        // Reading it records that another template is taken as soon as there is one.
        if self.site.template(template).exists() { template } else { KindName::Page.definition().template }
    }

    /// The home page of a language.
    pub fn home(&self, section: SectionId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let id = section;
        let section = self.site.section(id);
        let root = root_of(section.route);
        let mut context = self.context(section.lang, section.route, &root);
        if let Some(page) = section.index {
            let html = self.body_html(RenderContext { root: &root, page, outside_own_page: false })?;
            insert(&mut context, "page", &self.page_view(page, html));
        } else {
            insert(&mut context, "page", &None::<()>);
        }
        insert(&mut context, "home", &self.site.home_view(section.lang, section.index));
        let cards = self.cards(self.site.list_slice(&ListId::Section(id), ListPage::Front).pages);
        let list = self.site.section_list(id, ListPage::Front, String::new());
        insert(&mut context, "list", &ListView { cards, ..list });
        self.render_page(section.lang, "home.html", context)
    }

    /// One page of a list.
    pub fn list(&self, of: &ListId, list_page: ListPage) -> Result<Vec<u8>, Box<Diagnostic>> {
        let site = &self.site;
        let ListHead { route: front, lang, .. } = site.list_head(of);
        let (index, template) = match of {
            ListId::Section(id) => (site.section(*id).index, "section.html"),
            ListId::Term(id) => (site.term(*id).index, "term.html"),
            ListId::Taxonomy { key, lang } => (site.taxonomy_terms(key, *lang).index, "taxonomy.html"),
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
        insert(&mut context, "list", &ListView { cards: self.cards(site.list_slice(of, list_page).pages), ..list });
        self.render_page(lang, chosen.as_deref().unwrap_or(template), context)
    }

    /// `404.html`. The server sends it for addresses of any depth, so its links start at the base path of `base_url`.
    pub fn not_found(&self) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = if self.site.settings().base_url.is_some() {
            self.site.settings().base_path().to_string()
        } else {
            "./".to_string()
        };
        let mut context = self.context(0, &Route::page([]), &root);
        insert(&mut context, "large", &self.site.large_view(&Route::page([]).child_file("404.html")));
        self.render_page(0, "404.html", context)
    }

    /// A calendar as a list by month.
    pub fn calendar(&self, calendar: &Calendar) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = root_of(&calendar.route);
        let mut context = self.context(calendar.lang, &calendar.route, &root);
        insert(&mut context, "list", &self.site.calendar_view(calendar));
        self.render_page(calendar.lang, "calendar.html", context)
    }

    /// One month of a language's events.
    pub fn month(&self, months: &EventMonths, month: Date) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = months.address(month);
        let root = root_of(&route);
        let mut context = self.context(months.lang, &route, &root);
        insert(&mut context, "list", &self.site.grid_view(months, month));
        self.render_page(months.lang, "month.html", context)
    }

    /// A year of the ledger: at the ledger's own address if `front`, else at the year's.
    pub fn ledger(&self, goals: &LedgerGoals, year: &LedgerYear, front: bool) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = if front { goals.page.clone() } else { year_route(goals, year.year) };
        let root = root_of(&route);
        let mut context = self.context(0, &route, &root);
        insert(&mut context, "list", &self.site.ledger_view(goals, year, front));
        self.render_page(0, "ledger.html", context)
    }

    /// The search page of a language.
    pub fn search(&self, lang: usize) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = search_route(self.site.settings().language_prefix(lang));
        let root = root_of(&route);
        let mut context = self.context(lang, &route, &root);
        insert(&mut context, "list", &self.site.search_view(lang));
        self.render_page(lang, "search.html", context)
    }

    /// The page of corrections and withdrawals of a language.
    pub fn corrections(&self, lang: usize) -> Result<Vec<u8>, Box<Diagnostic>> {
        let route = corrections_route(self.site.settings().language_prefix(lang));
        let root = root_of(&route);
        let mut context = self.context(lang, &route, &root);
        insert(&mut context, "list", &self.site.corrections_view(lang));
        self.render_page(lang, CORRECTIONS_TEMPLATE, context)
    }

    /// A page at the former address `from` that redirects to the page `to`.
    pub fn redirect(&self, from: &Route, to: PageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = root_of(from);
        let PageLink { title, url, lang, .. } = self.site.page_link(to);
        let mut context = self.context(lang, from, &root);
        insert(&mut context, "target_url", &format!("{root}{url}"));
        insert(&mut context, "target_title", &title);
        insert(&mut context, "permalink", &self.site.permalink(url));
        self.render("redirect.html", context)
    }

    /// A page at the address `from` of a list that is gone, which redirects to the list above it.
    pub fn redirect_to_list(&self, from: &Route, to: &Route, lang: usize) -> Result<Vec<u8>, Box<Diagnostic>> {
        let root = root_of(from);
        let url = self.site.settings().href(to);
        let mut context = self.context(lang, from, &root);
        insert(&mut context, "target_url", &format!("{root}{url}"));
        insert(&mut context, "target_title", &self.site.settings().languages[lang].title);
        insert(&mut context, "permalink", &self.site.permalink(&url));
        self.render("redirect.html", context)
    }

    fn page_view(&self, id: PageId, html: String) -> PageView {
        PageView { related: self.cards(&self.site.read::<Related>(id)), ..self.site.page_view(id, html) }
    }

    fn cards(&self, pages: &[PageId]) -> Vec<Shared<CardView>> {
        pages.iter().map(|id| self.card(*id)).collect()
    }

    fn card(&self, id: PageId) -> Shared<CardView> {
        let card = self.site.card(id);
        self.cards[id.0 as usize].get_or_init(|| Shared::of(&self.site.view_of_card(card))).clone()
    }

    pub(super) fn render_directive(
        &self,
        name: &str,
        view: &DirectiveView,
        render_context: RenderContext<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        let meta = self.site.meta(render_context.page);
        let mut context = self.context(meta.lang, &meta.route, render_context.root);
        insert(&mut context, "directive", view);
        let html = self.render(&format!("directives/{name}.html"), context)?;
        Ok(String::from_utf8_lossy(&html).into_owned())
    }

    pub(super) fn context(&self, lang: usize, route: &Route, root: &str) -> Context {
        let language = &self.site.settings().languages[lang];
        let (variable, words) = (self.site.read::<SiteVariable>(lang as u32), self.site.words(lang));
        let common = self.common[lang].get_or_init(|| Common {
            site: Value::from_serializable(&variable.view()),
            words: Value::from_serializable(words),
            lang: Value::from_serializable(&LangView { code: language.code.clone(), tag: language.tag.clone() }),
            lang_code: Value::from_serializable(&language.code),
        });
        let mut context = Context::new();
        context.insert_value("site", common.site.clone());
        context.insert_value("t", common.words.clone());
        context.insert_value("lang", common.lang.clone());
        context.insert_value("lang_code", common.lang_code.clone());
        context.insert_value("root", Value::safe_string(root));
        insert(&mut context, "large", &self.site.large_view(route));
        context.insert_value("here", Value::normal_string(self.site.first_segment(route, lang)));
        context
    }

    /// A whole page in a language: its template, with the places at which lines of headings may end.
    pub(super) fn render_page(
        &self,
        lang: usize,
        template: &str,
        context: Context,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let html = self.render(template, context)?;
        let words = self.site.read::<HeadingWords>(lang as u32);
        let phrases = self.phrases[lang].get_or_init(|| Phrases::new(words));
        Ok(with_heading_breaks(html, phrases))
    }

    pub(super) fn render(&self, template: &str, context: Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        const POSSIBLE: [&str; 13] = [
            "site",
            "t",
            "lang",
            "root",
            "here",
            "large",
            "lang_code",
            "page",
            "home",
            "list",
            "directive",
            "portable",
            "target_url",
        ];
        let file = self.site.template(template);
        file.render(&context, || POSSIBLE.into_iter().filter(|key| context.contains_key(key)).collect())
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
        if lang != 0 && first == self.settings().languages[lang].code {
            segments.next().unwrap_or_default()
        } else {
            first
        }
    }
}
