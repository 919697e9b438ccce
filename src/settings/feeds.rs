//! Which feeds a site has: for which lists, in which formats.
//!
//! Input: the keys `feeds` and `feed_formats` of `site.yaml`. Output: [`FeedSettings`]. [`FEED_FORMATS`] is the one
//! table of formats: the settings, the links in pages and the plan of outputs read it. Writes no feed.

use puzhi_core::yaml::{Field, MappingReader, Type};

/// A format of feeds.
#[derive(Debug, PartialEq, Eq)]
pub struct FeedFormat {
    /// Its value in `feed_formats`.
    pub key: &'static str,
    /// Another way to write that value.
    pub name: &'static str,
    /// File name of the feed in the folder of its list.
    pub file: &'static str,
    /// Media type, for the link to the feed.
    pub media_type: &'static str,
    /// Whether a site that does not set `feed_formats` has feeds in this format.
    pub on_by_default: bool,
}

/// Atom (RFC 4287).
pub const FEED_ATOM: FeedFormat =
    FeedFormat { key: "atom", name: "Atom", file: "atom.xml", media_type: "application/atom+xml", on_by_default: true };

/// JSON Feed 1.1.
pub const FEED_JSON: FeedFormat = FeedFormat {
    key: "json",
    name: "JSON",
    file: "feed.json",
    media_type: "application/feed+json",
    on_by_default: true,
};

/// RSS 2.0, for readers and platforms that know no other format.
pub const FEED_RSS: FeedFormat =
    FeedFormat { key: "rss", name: "RSS", file: "rss.xml", media_type: "application/rss+xml", on_by_default: false };

/// All formats, in the order of the links to them.
pub const FEED_FORMATS: &[FeedFormat] = &[FEED_ATOM, FEED_JSON, FEED_RSS];

const CHOICES: &[(&str, &str)] = &{
    let mut rows = [("", ""); FEED_FORMATS.len()];
    let mut i = 0;
    while i < rows.len() {
        rows[i] = (FEED_FORMATS[i].key, FEED_FORMATS[i].name);
        i += 1;
    }
    rows
};

const SCOPES: &[(&str, &str)] = &[("all", "全部"), ("sections", "栏目"), ("site", "全站")];

/// The keys of `site.yaml` that are about feeds.
pub(super) const SCOPE_FIELD: Field = Field::new(
    "feeds",
    "订阅",
    Type::Choice(SCOPES),
    "全部：全站、每个栏目和每个标签等条目都有订阅源（缺省）；栏目：只有全站和栏目；全站：只有全站",
    "all: the site, every section and every term have feeds (the default); sections: the site and sections; site: the site only",
);

pub(super) const FORMATS_FIELD: Field = Field::new(
    "feed_formats",
    "订阅格式",
    Type::Choices(CHOICES),
    "订阅源的格式，缺省是 Atom 和 JSON",
    "formats of feeds, Atom and JSON by default",
);

/// Which lists have a feed of their own. Each value includes the previous ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedScope {
    /// One feed for the site in each language.
    Site,
    /// Feeds of sections in addition.
    Sections,
    /// Feeds of terms in addition.
    All,
}

/// Which feeds are written if the site has a `base_url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Which lists have feeds.
    pub scope: FeedScope,
    /// In which formats, in the order of [`FEED_FORMATS`].
    pub formats: Vec<&'static FeedFormat>,
}

impl FeedSettings {
    /// The formats in which a list of this scope has a feed.
    pub fn formats(&self, list: FeedScope) -> impl Iterator<Item = &'static FeedFormat> {
        self.formats.iter().copied().filter(move |_| list <= self.scope)
    }
}

/// Reads both keys.
pub(super) fn read(f: &mut MappingReader<'_, '_>) -> FeedSettings {
    let scope = match f.choice("feeds") {
        Some("site") => FeedScope::Site,
        Some("sections") => FeedScope::Sections,
        _ => FeedScope::All,
    };
    let written = f.choices("feed_formats");
    // An empty list means the default formats, since a site without feeds is configured by `feeds`.
    let is_wanted = |format: &FeedFormat| match written.is_empty() {
        true => format.on_by_default,
        false => written.iter().any(|w| w.value == format.key),
    };
    FeedSettings { scope, formats: FEED_FORMATS.iter().filter(|format| is_wanted(format)).collect() }
}
