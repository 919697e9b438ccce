//! Atom (RFC 4287). In: a feed's id and the views. Out: the file.

use quick_xml::events::BytesText;

use crate::engine::{Fingerprint, fingerprint};
use crate::settings::feeds::FEED_ATOM;
use crate::view::{FeedId, Site, SiteData};
use puzhi_core::diag::Diagnostic;

use super::feed::{self, DUBLIN_CORE, Feed, collect, printable, write_text};
use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// An Atom feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom(pub FeedId);

impl Format for Atom {
    fn plan(planner: &mut Planner<'_>) {
        feed::plan(planner, &FEED_ATOM, Atom);
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("atom", site.feed_key(&self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "Atom"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(atom(&collect(&self.0, input.views)?, &input.views.site).into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Feeds
    }
}

/// The feed as Atom.
pub(super) fn atom(content: &Feed, site: &Site) -> String {
    let zone = &site.settings().zone;
    let language = &site.settings().languages[content.lang];
    feed::xml_document(|writer| {
        let attributes =
            [("xmlns", "http://www.w3.org/2005/Atom"), ("xmlns:dc", DUBLIN_CORE), ("xml:lang", language.tag.as_str())];
        writer.create_element("feed").with_attributes(attributes).write_inner_content(|w| {
            write_text(w, "title", &content.title)?;
            write_text(w, "id", &content.home)?;
            w.create_element("link")
                .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", content.home.as_str())])
                .write_empty()?;
            let own = content.own_url(&FEED_ATOM);
            w.create_element("link")
                .with_attributes([("rel", "self"), ("type", "application/atom+xml"), ("href", own.as_str())])
                .write_empty()?;
            let newest = content.entries.iter().map(|e| e.updated).max();
            let updated = newest.map_or_else(|| "1970-01-01T00:00:00Z".to_string(), |m| m.rfc3339(zone));
            write_text(w, "updated", &updated)?;
            let organiser = language.organiser.as_deref().unwrap_or(&language.title);
            w.create_element("author").write_inner_content(|w| write_text(w, "name", organiser))?;
            for entry in &content.entries {
                w.create_element("entry").write_inner_content(|w| {
                    write_text(w, "title", &entry.title)?;
                    write_text(w, "id", &entry.id)?;
                    w.create_element("link")
                        .with_attributes([("rel", "alternate"), ("type", "text/html"), ("href", entry.url.as_str())])
                        .write_empty()?;
                    write_text(w, "published", &entry.published.rfc3339(zone))?;
                    write_text(w, "updated", &entry.updated.rfc3339(zone))?;
                    if let Some(name) = &entry.author {
                        w.create_element("author").write_inner_content(|w| write_text(w, "name", name))?;
                    }
                    for tag in &entry.tags {
                        w.create_element("category").with_attribute(("term", printable(tag).as_str())).write_empty()?;
                    }
                    if !entry.summary.is_empty() {
                        write_text(w, "summary", &entry.summary)?;
                    }
                    write_text(w, "rights", &entry.rights)?;
                    // Atom's own `source` is the feed that an entry was taken from.
                    write_text(w, "dc:source", &entry.source)?;
                    let content = w.create_element("content").with_attribute(("type", "html"));
                    content.write_text_content(BytesText::new(&printable(&entry.html)))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}
