//! The page and the feeds of corrections and withdrawals of a language, if there is any. In: a language. Out: an HTML page, or a feed in each
//! format of the site's, in which a correction is an entry of its own. `view` puts the page together.

use crate::engine::{Fingerprint, fingerprint};
use crate::settings::FeedScope;
use crate::settings::feeds::{FEED_ATOM, FEED_JSON, FeedFormat};
use crate::view::{
    CORRECTIONS_TEMPLATE, CorrectionEntry, Site, SiteData, canonical_address, corrections_route, url_of,
};
use puzhi_core::base::ContentHash;
use puzhi_core::diag::Diagnostic;

use super::atom::atom;
use super::feed::{Feed, FeedEntry, paragraph};
use super::format::{Artifact, Format, RenderInput, WriteRank};
use super::json_feed::json;
use super::plan::Planner;
use super::rss::rss;

/// The corrections of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrections {
    /// Index of the language.
    pub lang: usize,
    /// Format of the feed; `None` is the page.
    pub feed: Option<&'static FeedFormat>,
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
                for format in settings.feeds.formats(FeedScope::Site) {
                    planner.add(route.child_file(format.file), Corrections { lang, feed: Some(format) }, None);
                }
            }
            if planner.input.theme.has_template(CORRECTIONS_TEMPLATE) {
                planner.add_to_sitemap(&route, None);
                planner.add(route, Corrections { lang, feed: None }, None);
            }
        }
    }

    fn fingerprint(&self, _: &SiteData) -> Fingerprint {
        fingerprint(&("corrections", self.lang, self.feed.map(|format| format.key)))
    }

    fn name(&self, _: &SiteData) -> &'static str {
        self.feed.map_or(CORRECTIONS_TEMPLATE, |format| format.name)
    }

    fn write_rank(&self) -> WriteRank {
        WriteRank::List
    }

    fn is_html(&self) -> bool {
        self.feed.is_none()
    }

    fn is_list(&self) -> bool {
        self.feed.is_none()
    }

    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>> {
        let site = &input.views.site;
        Ok(match self.feed {
            None => input.views.corrections(self.lang)?.into(),
            Some(format) if *format == FEED_ATOM => atom(&feed(site, self.lang), site).into(),
            Some(format) if *format == FEED_JSON => json(&feed(site, self.lang), site).into(),
            Some(_) => rss(&feed(site, self.lang), site).into(),
        })
    }
}

/// The feed. An entry is named by the article, the time and the words of the correction, so that it stays the same while others come, also
/// on its own day.
fn feed(site: &Site, lang: usize) -> Feed {
    let settings = site.settings();
    let root = settings.base_url.as_deref().unwrap_or_default();
    let word = |key: &str| site.word(lang, key);
    let labelled = |key: &str, text: Option<&str>| text.map(|text| format!("{}{}{text}", word(key), word("colon")));
    let entry = |entry: CorrectionEntry<'_>| {
        let url = format!("{root}{}", canonical_address(entry.url));
        let kind = if entry.what.is_some() { "correction" } else { "withdrawn" };
        let parts = [
            entry.what.map(str::to_string),
            labelled("correction_why", entry.why),
            labelled("hash_before", entry.before),
            labelled("hash_now", entry.text),
        ];
        let words = entry.what.map(|what| format!("-{:.8}", ContentHash::of(what.as_bytes()).to_string()));
        FeedEntry {
            id: format!("{url}#{}{}", entry.when.iso(), words.unwrap_or_default()),
            url,
            title: labelled(kind, Some(entry.title)).unwrap_or_default(),
            published: entry.when,
            updated: entry.when,
            author: None,
            source: site.content_source(None, lang),
            rights: site.terms_in_words(entry.terms, lang),
            summary: String::new(),
            tags: Vec::new(),
            html: parts.into_iter().flatten().map(|part| paragraph(&part)).collect(),
        }
    };
    Feed {
        title: format!("{} - {}", word("corrections"), settings.languages[lang].title),
        home: format!("{root}{}", url_of(&corrections_route(settings.language_prefix(lang)))),
        lang,
        entries: site.corrections(lang).into_iter().take(settings.feed_size).map(entry).collect(),
    }
}
