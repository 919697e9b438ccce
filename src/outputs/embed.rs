//! Lists for other sites: the newest pages of a section or term, the next events, the target board in brief, each as a fragment of HTML
//! that a portal includes in its own page and as JSON. In: the list and the views. Out: the file.

use serde_json::json;

use crate::catalog::{SectionId, TermId};
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::FeedScope;
use crate::view::{EmbedItem, EmbedList, EmbedOf, FeedId, ListId, SiteData};
use puzhi_core::base::{Route, escape_attr, escape_text};
use puzhi_core::diag::Diagnostic;

use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::plan::Planner;

/// A list for other sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// The list.
    pub of: EmbedOf,
    /// Format of the file.
    pub format: EmbedFormat,
}

/// The formats of lists for other sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedFormat {
    /// A fragment of HTML without a style, which takes that of the page around it.
    Html,
    /// JSON with English keys.
    Json,
}

impl EmbedFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

impl Format for Embed {
    fn plan(planner: &mut Planner<'_>) {
        let settings = planner.input.settings;
        if !settings.republish.embeds || settings.base_url.is_none() {
            return;
        }
        let catalog = planner.input.catalog;
        let mut add = |route: &Route, name: &str, of: EmbedOf| {
            for format in [EmbedFormat::Html, EmbedFormat::Json] {
                let file = format!("{name}.{}", format.extension());
                planner.add(route.child_file(&file), Embed { of: of.clone(), format }, None);
            }
        };
        for (i, section) in catalog.sections.iter().enumerate() {
            if section.folder.is_empty() {
                add(&section.route, "embed", EmbedOf::Newest(FeedId::Language(section.lang)));
                add(&section.route, "embed-events", EmbedOf::Events(section.lang));
                add(&section.route, "embed-board", EmbedOf::Board(section.lang));
            } else {
                let list = ListId::Section(SectionId(i as u32));
                add(&section.route, "embed", EmbedOf::Newest(FeedId::List(list)));
            }
        }
        // Terms have lists of their own where they have feeds of their own.
        if settings.feeds.scope >= FeedScope::All {
            for (i, term) in catalog.terms.iter().enumerate() {
                add(&term.route, "embed", EmbedOf::Newest(FeedId::List(ListId::Term(TermId(i as u32)))));
            }
        }
    }

    fn fingerprint(&self, site: &SiteData) -> Fingerprint {
        let format = self.format.extension();
        match &self.of {
            EmbedOf::Newest(feed) => fingerprint(&("embed", format, site.feed_key(feed))),
            EmbedOf::Events(lang) => fingerprint(&("embed events", format, lang)),
            EmbedOf::Board(lang) => fingerprint(&("embed board", format, lang)),
        }
    }

    fn name(&self, _: &SiteData) -> &'static str {
        "embeds"
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let list = input.views.site.embed_list(&self.of);
        Ok(match self.format {
            EmbedFormat::Html => html(&list),
            EmbedFormat::Json => {
                let EmbedList { title, url, language, items } = list;
                let value = json!({ "version": 1, "title": title, "url": url, "language": language, "items": items });
                format!("{value:#}\n")
            }
        }
        .into())
    }
}

fn html(list: &EmbedList) -> String {
    let mut out = String::from("<section class=\"puzhi-embed\" lang=\"");
    escape_attr(&mut out, &list.language);
    out.push_str("\">\n<h2>");
    link(&mut out, &list.title, list.url.as_deref());
    out.push_str("</h2>\n<ul>\n");
    for EmbedItem { title, url, date, date_text, note } in &list.items {
        out.push_str("<li>");
        link(&mut out, title, url.as_deref());
        if let (Some(date), Some(text)) = (date, date_text) {
            out.push_str(" <time datetime=\"");
            escape_attr(&mut out, date);
            out.push_str("\">");
            escape_text(&mut out, text);
            out.push_str("</time>");
        }
        if !note.is_empty() {
            out.push_str("<p>");
            escape_text(&mut out, note);
            out.push_str("</p>");
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n</section>\n");
    out
}

fn link(out: &mut String, text: &str, url: Option<&str>) {
    if let Some(url) = url {
        out.push_str("<a href=\"");
        escape_attr(out, url);
        out.push_str("\">");
    }
    escape_text(out, text);
    if url.is_some() {
        out.push_str("</a>");
    }
}
