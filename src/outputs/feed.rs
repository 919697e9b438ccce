//! Atom (RFC 4287) and JSON Feed 1.1: the newest pages of a language, section or term, with full text and absolute
//! addresses. In: a feed's id and the views. Out: the file. `view` decides which pages a feed contains.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::json;

use crate::view::{FeedId, FeedItem, ListHead, RenderContext, Site, Views, url_of};
use puzhi_core::base::DateOrDateTime;
use puzhi_core::diag::Diagnostic;

/// The content of a feed, the same for both formats.
struct Feed {
    title: String,
    /// Absolute address of the page that the feed belongs to.
    home: String,
    lang: usize,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    url: String,
    title: String,
    published: DateOrDateTime,
    updated: DateOrDateTime,
    author: Option<String>,
    source: Option<String>,
    summary: String,
    tags: Vec<String>,
    html: String,
}

fn collect(of: &FeedId, views: &Views) -> Result<Feed, Box<Diagnostic>> {
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
    let FeedItem { page: id, published } = item;
    let meta = site.meta(id);
    let resolved_doc = site.resolved_doc(id);
    let doc = &resolved_doc.doc;
    Ok(FeedEntry {
        url: format!("{root}{}", site.url(id)),
        title: meta.title.clone(),
        published,
        updated: meta.updated.unwrap_or(published).max(published),
        author: doc.front_matter.author.clone(),
        source: doc.front_matter.source.clone(),
        summary: meta.summary.clone(),
        tags: site.terms_of(id, "tags").into_iter().map(|t| t.name).collect(),
        html: views.body_html(RenderContext { root, page: id, outside_own_page: true })?,
    })
}

/// The feed as Atom.
pub(super) fn atom(of: &FeedId, views: &Views) -> Result<String, Box<Diagnostic>> {
    let feed = collect(of, views)?;
    let site = &views.site;
    let zone = &site.settings().zone;
    let language = &site.settings().languages[feed.lang];
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written = (|| -> std::io::Result<()> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language.tag.as_str())];
        writer.create_element("feed").with_attributes(attributes).write_inner_content(|w| {
            let text = |w: &mut Writer<Vec<u8>>, name: &str, value: &str| {
                w.create_element(name).write_text_content(BytesText::new(&printable(value))).map(drop)
            };
            text(w, "title", &feed.title)?;
            text(w, "id", &feed.home)?;
            w.create_element("link")
                .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", feed.home.as_str())])
                .write_empty()?;
            let own = format!("{}atom.xml", feed.home);
            w.create_element("link")
                .with_attributes([("rel", "self"), ("type", "application/atom+xml"), ("href", own.as_str())])
                .write_empty()?;
            let newest = feed.entries.iter().map(|e| e.updated).max();
            let updated = newest.map_or_else(|| "1970-01-01T00:00:00Z".to_string(), |m| m.rfc3339(zone));
            text(w, "updated", &updated)?;
            let organiser = language.organiser.as_deref().unwrap_or(&language.title);
            w.create_element("author").write_inner_content(|w| text(w, "name", organiser))?;
            for entry in &feed.entries {
                w.create_element("entry").write_inner_content(|w| {
                    text(w, "title", &entry.title)?;
                    text(w, "id", &entry.url)?;
                    w.create_element("link")
                        .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", entry.url.as_str())])
                        .write_empty()?;
                    text(w, "published", &entry.published.rfc3339(zone))?;
                    text(w, "updated", &entry.updated.rfc3339(zone))?;
                    if let Some(name) = entry.author.as_ref().or(entry.source.as_ref()) {
                        w.create_element("author").write_inner_content(|w| text(w, "name", name))?;
                    }
                    for tag in &entry.tags {
                        w.create_element("category").with_attribute(("term", printable(tag).as_str())).write_empty()?;
                    }
                    if !entry.summary.is_empty() {
                        text(w, "summary", &entry.summary)?;
                    }
                    let content = w.create_element("content").with_attribute(("type", "html"));
                    content.write_text_content(BytesText::new(&printable(&entry.html)))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })();
    // Writing to memory cannot fail.
    debug_assert!(written.is_ok());
    let mut out = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    out.push('\n');
    Ok(out)
}

/// The feed as JSON Feed.
pub(super) fn json(of: &FeedId, views: &Views) -> Result<String, Box<Diagnostic>> {
    let feed = collect(of, views)?;
    let zone = &views.site.settings().zone;
    let language = &views.site.settings().languages[feed.lang];
    let items: Vec<serde_json::Value> = feed
        .entries
        .iter()
        .map(|e| {
            let mut item = json!({
                "id": e.url,
                "url": e.url,
                "title": e.title,
                "content_html": e.html,
                "date_published": e.published.rfc3339(zone),
                "date_modified": e.updated.rfc3339(zone),
            });
            if !e.summary.is_empty() {
                item["summary"] = json!(e.summary);
            }
            if !e.tags.is_empty() {
                item["tags"] = json!(e.tags);
            }
            if let Some(name) = e.author.as_ref().or(e.source.as_ref()) {
                item["authors"] = json!([{ "name": name }]);
            }
            item
        })
        .collect();
    let value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": format!("{}feed.json", feed.home),
        "language": language.tag,
        "items": items,
    });
    Ok(format!("{value:#}\n"))
}

/// Removes the control characters that XML 1.0 does not allow.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
