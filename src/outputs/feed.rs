//! What all feeds contain: the newest pages of a language, section or term, with full text and absolute addresses. In:
//! a feed's id and the views. Out: a [`Feed`], which each format of feeds writes. `view` decides which pages a feed
//! contains, the settings which formats there are.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::catalog::{SectionId, TermId};
use crate::settings::{FeedFormat, FeedScope};
use crate::view::{FeedId, FeedItem, ListHead, ListId, Site, Views, canonical_address, republish_terms, url_of};
use puzhi_core::base::{DateOrDateTime, Route, escape_text};
use puzhi_core::diag::Diagnostic;

use super::Recipe;
use super::plan::Planner;

/// The namespace of `dc:creator`, `dc:source` and `dc:rights`.
pub(super) const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";

/// The content of a feed, the same in all formats.
pub(super) struct Feed {
    pub title: String,
    /// Absolute address of the page that the feed belongs to.
    pub home: String,
    /// Index of the language in the settings.
    pub lang: usize,
    /// The newest first.
    pub entries: Vec<FeedEntry>,
}

/// A page in a feed.
pub(super) struct FeedEntry {
    /// Names the entry for ever: the address of an article.
    pub id: String,
    /// Absolute address.
    pub url: String,
    pub title: String,
    pub published: DateOrDateTime,
    /// Not before `published`.
    pub updated: DateOrDateTime,
    /// Who wrote the text, if the page says so.
    pub author: Option<String>,
    /// Where the text comes from, for the line of credit.
    pub source: String,
    /// What others may do with the text, as a sentence.
    pub rights: String,
    /// May be empty.
    pub summary: String,
    pub tags: Vec<String>,
    /// The whole article, with absolute addresses; of one that nobody may republish the summary alone.
    pub html: String,
}

impl Feed {
    /// Absolute address of the feed in a format.
    pub fn own_url(&self, format: &FeedFormat) -> String {
        format!("{}{}", self.home, format.file)
    }
}

/// Plans a feed in one format for each list that has feeds by the settings.
pub(super) fn plan<R: Into<Recipe>>(planner: &mut Planner<'_>, format: &FeedFormat, recipe: impl Fn(FeedId) -> R) {
    let settings = planner.input.settings;
    if settings.base_url.is_none() {
        return;
    }
    let catalog = planner.input.catalog;
    let mut add = |route: &Route, of: FeedId, scope: FeedScope| {
        if settings.feeds.formats(scope).any(|wanted| wanted == format) {
            planner.add(route.child_file(format.file), recipe(of), None);
        }
    };
    for (i, section) in catalog.sections.iter().enumerate() {
        if section.folder.is_empty() {
            add(&section.route, FeedId::Language(section.lang), FeedScope::Site);
        } else {
            add(&section.route, FeedId::List(ListId::Section(SectionId(i as u32))), FeedScope::Sections);
        }
    }
    for (i, term) in catalog.terms.iter().enumerate() {
        add(&term.route, FeedId::List(ListId::Term(TermId(i as u32))), FeedScope::All);
    }
}

/// Collects what a feed contains. Fails if a template of a directive fails.
pub(super) fn collect(of: &FeedId, views: &Views) -> Result<Feed, Box<Diagnostic>> {
    let site = &views.site;
    let head = match of {
        FeedId::Language(lang) => ListHead {
            title: String::new(),
            route: crate::catalog::folder_route(site.settings().language_prefix(*lang), ""),
            lang: *lang,
        },
        FeedId::List(list) => site.list_head(list),
    };
    let ListHead { title, route, lang } = head;
    let items = site.feed(of);
    let root = site.settings().base_url.as_deref().unwrap_or_default();
    let name = &site.settings().languages[lang].title;
    let entries = items.into_iter().map(|item| entry(views, item, root)).collect::<Result<_, _>>()?;
    Ok(Feed {
        title: if title.is_empty() { name.clone() } else { format!("{title} - {name}") },
        home: format!("{root}{}", url_of(&route)),
        lang,
        entries,
    })
}

fn entry(views: &Views, item: FeedItem, root: &str) -> Result<FeedEntry, Box<Diagnostic>> {
    let site: &Site = &views.site;
    let FeedItem { page: id, published, .. } = item;
    let meta = site.meta(id);
    let resolved_doc = site.resolved_doc(id);
    let doc = &resolved_doc.doc;
    let terms = republish_terms(site.settings(), meta);
    // The entry of a withdrawn page takes the place of the one with its text.
    let (title, html) = match &meta.withdrawn {
        Some(withdrawal) => {
            let title = format!("{}{}{}", site.word(meta.lang, "withdrawn"), site.word(meta.lang, "colon"), meta.title);
            (title, paragraph(withdrawal.why.as_deref().unwrap_or_default()))
        }
        None if terms.is_allowed() => (meta.title.clone(), views.portable(id)?),
        None => (meta.title.clone(), paragraph(&meta.summary)),
    };
    let url = format!("{root}{}", canonical_address(&site.url(id)));
    Ok(FeedEntry {
        id: url.clone(),
        url,
        title,
        published,
        updated: meta.last_change().unwrap_or(published).max(published),
        author: doc.front_matter.author.clone(),
        source: site.content_source(doc.front_matter.source.as_deref(), meta.lang),
        rights: site.terms_in_words(terms, meta.lang),
        summary: meta.summary.clone(),
        tags: site.terms_of(id, "tags").into_iter().map(|t| t.name).collect(),
        html,
    })
}

/// A text as a paragraph of HTML.
pub(super) fn paragraph(text: &str) -> String {
    let mut html = String::from("<p>");
    escape_text(&mut html, text);
    html + "</p>"
}

/// An XML document of what `write` writes, with its declaration.
pub(super) fn xml_document(write: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    let written = writer.write_event(declaration).and_then(|()| write(&mut writer));
    // Writing to memory cannot fail.
    debug_assert!(written.is_ok());
    let mut out = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    out.push('\n');
    out
}

/// Writes an XML element that contains only text.
pub(super) fn write_text(writer: &mut Writer<Vec<u8>>, name: &str, value: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&printable(value))).map(drop)
}

/// Removes the control characters and noncharacters that XML 1.0 does not allow.
pub(super) fn printable(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}') || matches!(c, '\n' | '\t');
    text.chars().filter(allowed).collect()
}
