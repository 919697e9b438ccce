//! The page and the feed of corrections and withdrawals of a language, if there is any. In: a language. Out: an HTML page, or Atom
//! (RFC 4287), in which a correction is an entry of its own. `view` puts the page together.

use quick_xml::events::BytesText;

use crate::engine::{Fingerprint, fingerprint};
use crate::view::{CORRECTIONS_TEMPLATE, Site, SiteData, canonical_address, corrections_route, url_of};
use puzhi_core::base::escape_text;
use puzhi_core::diag::Diagnostic;

use super::feed::{printable, write_text, xml_document};
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// The corrections of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrections {
    /// Index of the language.
    pub lang: usize,
    /// Whether it is the feed; else it is the page.
    pub feed: bool,
}

impl Format for Corrections {
    fn plan(planner: &mut Planner<'_>) {
        let (catalog, settings) = (planner.input.catalog, planner.input.settings);
        for lang in 0..settings.languages.len() {
            if !catalog.pages.iter().any(|meta| meta.lang == lang && meta.shows_corrections()) {
                continue;
            }
            let route = corrections_route(settings.language_prefix(lang));
            if settings.base_url.is_some() {
                planner.add(route.child_file("atom.xml"), Corrections { lang, feed: true }, None);
            }
            if planner.input.theme.has_template(CORRECTIONS_TEMPLATE) {
                planner.add_to_sitemap(&route, None);
                planner.add(route, Corrections { lang, feed: false }, None);
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("corrections", self.lang, self.feed))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        if self.feed { "Atom" } else { CORRECTIONS_TEMPLATE }
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn is_html(&self) -> bool {
        !self.feed
    }

    fn is_list(&self) -> bool {
        !self.feed
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        Ok(match self.feed {
            true => atom(&input.views.site, self.lang).into(),
            false => input.views.corrections(self.lang)?.into(),
        })
    }
}

/// The feed. An entry is named by the article and the time of the correction, so that it stays the same while others come.
fn atom(site: &Site, lang: usize) -> String {
    let (zone, language) = (&site.settings().zone, &site.settings().languages[lang]);
    let root = site.settings().base_url.as_deref().unwrap_or_default();
    let home = format!("{root}{}", url_of(&corrections_route(site.settings().language_prefix(lang))));
    let entries = site.corrections(lang);
    let word = |key: &str| site.word(lang, key);
    xml_document(|writer| {
        let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language.tag.as_str())];
        writer.create_element("feed").with_attributes(attributes).write_inner_content(|w| {
            write_text(w, "title", &format!("{} - {}", word("corrections"), language.title))?;
            write_text(w, "id", &home)?;
            let own = format!("{home}atom.xml");
            for (rel, media_type, href) in [("alternate", "text/html", &home), ("self", "application/atom+xml", &own)] {
                let attributes = [("rel", rel), ("type", media_type), ("href", href.as_str())];
                w.create_element("link").with_attributes(attributes).write_empty()?;
            }
            let newest = entries.iter().map(|entry| entry.when).max();
            write_text(w, "updated", &newest.map_or_else(String::new, |when| when.rfc3339(zone)))?;
            let organiser = language.organiser.as_deref().unwrap_or(&language.title);
            w.create_element("author").write_inner_content(|w| write_text(w, "name", organiser))?;
            for entry in &entries {
                let url = format!("{root}{}", canonical_address(entry.url));
                let kind = word(if entry.what.is_some() { "correction" } else { "withdrawn" });
                let parts = [
                    entry.what.map(str::to_string),
                    entry.why.map(|why| format!("{}{}{why}", word("correction_why"), word("colon"))),
                    entry.before.map(|hash| format!("{}{}{hash}", word("hash_before"), word("colon"))),
                    entry.text.map(|hash| format!("{}{}{hash}", word("hash_now"), word("colon"))),
                ];
                let mut html = String::new();
                for part in parts.into_iter().flatten() {
                    html.push_str("<p>");
                    escape_text(&mut html, &part);
                    html.push_str("</p>");
                }
                w.create_element("entry").write_inner_content(|w| {
                    write_text(w, "title", &format!("{kind}{}{}", word("colon"), entry.title))?;
                    write_text(w, "id", &format!("{url}#{}", entry.when.iso()))?;
                    let attributes = [("rel", "alternate"), ("type", "text/html"), ("href", url.as_str())];
                    w.create_element("link").with_attributes(attributes).write_empty()?;
                    write_text(w, "updated", &entry.when.rfc3339(zone))?;
                    let content = w.create_element("content").with_attribute(("type", "html"));
                    content.write_text_content(BytesText::new(&printable(&html)))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}
