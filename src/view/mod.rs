//! The data that templates can read, built for each kind of page, and page bodies with their slots filled. Every read
//! is recorded.
//!
//! In: catalog, settings, data and assets of one site. Out: rendered templates and bodies, and the keys of the values
//! they read. Knows no output format, writes no file, and does not decide which outputs exist.

pub mod calendar;
mod functions;
mod heading_breaks;
mod large;
pub mod model;
mod pages;
mod portable;
mod qr;
mod shared;
mod site;
pub mod survey;
mod tracking;
mod views;

pub use calendar::{LedgerFigure, file_route, year_route};
pub use functions::register;
pub use large::{LARGE_FOLDER, LARGE_STYLE, large_route};
pub use pages::{
    CORRECTIONS_TEMPLATE, CardMaterial, EmbedItem, EmbedList, EmbedOf, IconFile, ListHead, ListPage, MANIFEST,
    MANIFEST_ICONS, NINJS_FILE, OEMBED_FILE, POSTER_TEMPLATE, PRESS_FILE, RenderContext, TOUCH_ICON, WECHAT_TEMPLATE,
    corrections_route, draws_cards, has_press_files, has_wechat_page, is_made_picture, is_republished, poster_route,
    republish_terms, share_route, site_share_route, thumb_route, wechat_route, written_terms,
};
pub use qr::svg as qr_svg;
pub use site::{
    NavigationLinks, ReferencedFile, ResolvedImage, ResolvedLink, ResolvedReferences, ResolvedRendition, SiteImage,
    SiteImages, canonical_address, root_of, url_of,
};
pub use survey::{RESULT_FILES, results_route, thanks_route};
pub use tracking::{
    AssetFile, BuildKey, CardOf, CorrectionEntry, DocCache, DocLoader, EventPage, EventsFacts, FeedItem, FeedKey,
    FileReader, Key, LanguageFacet, ListKey, NamedKey, PageDays, PageFacet, Query, ResolvedDoc, SearchData,
    SearchFileOf, SectionFacet, SectionName, Site, SiteData, SiteFacet, SiteFingerprints, StableKey, TargetLinks,
    TermFacet, TextChange, VisibleReferences, facet_names, recording, search_route, search_shape,
};
pub use views::{FeedId, ListId, Views};
