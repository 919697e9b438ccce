//! RSS 2.0, with the additions that the RSS Advisory Board's Best Practices Profile recommends: `atom:link` to the feed
//! itself, `dc:creator` for an author without an e-mail address, `content:encoded` for the full text. In: a feed's id
//! and the views. Out: the file.

use jiff::civil::Time;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use crate::engine::{Fingerprint, fingerprint};
use crate::settings::feeds::FEED_RSS;
use crate::view::{FeedId, Site, SiteData};
use puzhi_core::base::{DateOrDateTime, escape_text};
use puzhi_core::diag::Diagnostic;

use super::feed::{self, DUBLIN_CORE, Feed, FeedEntry, collect, printable, write_text};
use super::format::{Artifact, Format, RenderInput, RenderTurn, WriteRank};
use super::plan::Planner;

/// An RSS feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rss(pub FeedId);

impl Format for Rss {
    fn plan(planner: &mut Planner<'_>) {
        feed::plan(planner, &FEED_RSS, Rss);
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        fingerprint(&("rss", site.feed_key(&self.0)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "RSS"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(rss(&collect(&self.0, input.views)?, &input.views.site).into())
    }

    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Feeds
    }
}

const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", DUBLIN_CORE),
];

/// The feed as RSS.
pub(super) fn rss(content: &Feed, site: &Site) -> String {
    feed::xml_document(|writer| {
        let root = writer.create_element("rss").with_attribute(("version", "2.0")).with_attributes(NAMESPACES);
        root.write_inner_content(|w| {
            w.create_element("channel").write_inner_content(|w| write_channel(w, content, site))?;
            Ok(())
        })?;
        Ok(())
    })
}

fn write_channel(w: &mut Writer<Vec<u8>>, feed: &Feed, site: &Site) -> std::io::Result<()> {
    let language = &site.settings().languages[feed.lang];
    write_text(w, "title", &feed.title)?;
    write_text(w, "link", &feed.home)?;
    // The description must not be empty; a site need not have one.
    write_text(w, "description", language.description.as_deref().unwrap_or(&feed.title))?;
    write_text(w, "language", &language.tag)?;
    let own = feed.own_url(&FEED_RSS);
    w.create_element("atom:link")
        .with_attributes([("href", own.as_str()), ("rel", "self"), ("type", FEED_RSS.media_type)])
        .write_empty()?;
    if let Some(newest) = feed.entries.iter().map(|entry| entry.updated).max() {
        write_text(w, "lastBuildDate", &rfc822(newest, site))?;
    }
    for entry in &feed.entries {
        w.create_element("item").write_inner_content(|w| write_item(w, entry, site))?;
    }
    Ok(())
}

fn write_item(w: &mut Writer<Vec<u8>>, entry: &FeedEntry, site: &Site) -> std::io::Result<()> {
    write_text(w, "title", &entry.title)?;
    write_text(w, "link", &entry.url)?;
    let is_address = if entry.id == entry.url { "true" } else { "false" };
    let guid = w.create_element("guid").with_attribute(("isPermaLink", is_address));
    guid.write_text_content(BytesText::new(&printable(&entry.id)))?;
    write_text(w, "pubDate", &rfc822(entry.published, site))?;
    if let Some(author) = &entry.author {
        write_text(w, "dc:creator", author)?;
    }
    write_text(w, "dc:source", &entry.source)?;
    write_text(w, "dc:rights", &entry.rights)?;
    for tag in &entry.tags {
        write_text(w, "category", tag)?;
    }
    // The elements may hold HTML; a summary is plain text, so it is escaped once more.
    if !entry.summary.is_empty() {
        write_text(w, "description", &escaped(&entry.summary))?;
    }
    write_text(w, "content:encoded", &entry.html)
}

/// The text as HTML.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_text(&mut html, text);
    html
}

/// The date and time format of RFC 822 with a year of four digits, as RSS asks for: `Sun, 06 Apr 2025 09:05:00 +0800`.
/// A day without a time begins at midnight.
fn rfc822(moment: DateOrDateTime, site: &Site) -> String {
    let civil = moment.date.to_datetime(moment.time.unwrap_or(Time::midnight()));
    let format = "%a, %d %b %Y %H:%M:%S";
    match site.settings().zone.to_ambiguous_zoned(civil).compatible() {
        Ok(zoned) => zoned.strftime(&format!("{format} %z")).to_string(),
        // Only at the limits of the calendar.
        Err(_) => format!("{} +0000", civil.strftime(format)),
    }
}
