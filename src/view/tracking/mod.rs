//! The site as rendering sees it: read through facets alone, each read recorded, each value with a fingerprint. In: the data of a
//! site. Out: values, and the keys of those that an output read, for the dependency graph. Knows no template and no output.

pub(super) mod doc_cache;
pub(super) mod facets;
pub(super) mod key;
pub(super) mod recorder;
mod search_data;
pub(super) mod site;
mod site_data;

pub use doc_cache::{DocCache, DocLoader, ResolvedDoc, VisibleReferences};
pub use facets::{
    AssetFile, CardOf, CorrectionEntry, EventPage, EventsFacts, FeedItem, FeedKey, FileReader, LanguageFacet, ListKey,
    NamedKey, PageDays, PageFacet, Query, SearchFileOf, SectionFacet, SiteFacet, TermFacet,
};
pub use key::{BuildKey, Key, SectionName, StableKey, facet_names};
pub use recorder::recording;
pub use search_data::{SearchData, TextChange, search_route, search_shape};
pub use site::Site;
pub use site_data::{SiteData, SiteFingerprints, TargetLinks};
