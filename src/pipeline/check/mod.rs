//! Follows references: links, pictures, files, and names of targets, terms, sections and surveys. Broken ones are known before
//! anything is rendered.
//!
//! In: the catalog and what else references can lead to. Out: resolved references and findings by page, and [`ReferenceKey`]s that
//! say on what these depend. Does not know outputs or templates' contents.

mod diag_collector;
mod directives;
mod page;
mod reference_kind;
mod site_links;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assets::{DataTable, read_data_table};
use crate::catalog::{Catalog, LinkResolution, LinkResolver, PageId};
use crate::document::Document;
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::Theme;
use crate::view::{ResolvedReferences, VisibleReferences};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::Target;

use self::diag_collector::DiagCollector;
use self::page::PageChecker;
use self::reference_kind::ReferenceKind;
use super::data::table_diags;

/// What references can lead to besides pages. Shared by all pages, and kept as long as the site.
pub(super) struct LinkContext {
    pub files: Arc<FileSnapshot>,
    pub settings: Arc<Settings>,
    pub theme: Arc<Theme>,
    pub targets: Arc<Vec<Target>>,
    pub resolver: LinkResolver,
    /// Pages of events by id and language.
    pub events: BTreeMap<(String, usize), PageId>,
    /// Ids of surveys.
    pub surveys: Vec<String>,
}

/// Follows references in one catalog.
#[derive(Clone, Copy)]
pub(super) struct ReferenceChecker<'c> {
    pub catalog: &'c Catalog,
    pub link_context: &'c LinkContext,
}

impl std::ops::Deref for ReferenceChecker<'_> {
    type Target = LinkContext;

    fn deref(&self) -> &LinkContext {
        self.link_context
    }
}

/// One page's references, resolved, with findings and the pages it links to.
#[derive(Default)]
pub(super) struct CheckedPage {
    pub resolved: ResolvedReferences,
    pub visible_references: VisibleReferences,
    pub diags: Vec<Diagnostic>,
    pub links_to: Vec<PageId>,
    /// What the result depends on, ascending.
    pub refs: Vec<ReferenceKey>,
}

/// One thing that a page's references depend on. While the fingerprints of all of a page's keys stay equal, following its references
/// again gives the same result. Stored in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum ReferenceKey {
    /// What is at this path, for a link of this language (index); `true` when it was written from the root.
    Path(SitePath, bool, usize),
    /// The anchors of a page.
    Anchors(SitePath),
    /// The title of a page.
    Title(SitePath),
    /// Whether something of this kind has this name in a language.
    Name(ReferenceKind, usize, String),
    /// The page of the event with this id, for a language.
    Event(String, usize),
    /// Whether the theme has this template.
    Template(String),
    /// The bytes of a file: a picture's size, a table.
    File(SitePath),
}

impl ReferenceChecker<'_> {
    /// The current fingerprint of a key; `None` when it leads nowhere. When it changes, the page's references are followed again.
    pub fn fingerprint(&self, key: &ReferenceKey) -> Option<Fingerprint> {
        let route = |page: PageId| {
            (&self.catalog.page(page).path, &self.catalog.page(page).route, self.catalog.page(page).lang)
        };
        Some(match key {
            ReferenceKey::Path(path, rooted, lang) => match self.resolver.lookup(self.catalog, path, *rooted, *lang) {
                Some(LinkResolution::Page(page)) => fingerprint(&route(page)),
                Some(LinkResolution::Generated(route)) => fingerprint(&("made", route)),
                Some(LinkResolution::File(path, route)) => fingerprint(&("file", path, route)),
                Some(LinkResolution::Unpublished(why, path)) => fingerprint(&(why as u8, path)),
                Some(LinkResolution::Missing { .. } | LinkResolution::OutsideSite) | None => return None,
            },
            ReferenceKey::Anchors(path) => fingerprint(&self.catalog.page(self.catalog.by_path(path)?).anchors),
            ReferenceKey::Title(path) => fingerprint(&self.catalog.page(self.catalog.by_path(path)?).title),
            ReferenceKey::Name(kind, lang, name) => fingerprint(&self.has(*kind, *lang, name)),
            ReferenceKey::Event(id, lang) => {
                fingerprint(&self.event_named(id, *lang).map(|page| &self.catalog.page(page).path))
            }
            ReferenceKey::Template(name) => fingerprint(&self.theme.has_template(name)),
            ReferenceKey::File(path) => fingerprint(&self.files.hash(path)?),
        })
    }

    fn has(&self, kind: ReferenceKind, lang: usize, name: &str) -> bool {
        match kind {
            ReferenceKind::Target => self.targets.iter().any(|t| t.id.value == name),
            ReferenceKind::Group => self.targets.iter().any(|t| t.group == name),
            ReferenceKind::Unit | ReferenceKind::Campaign | ReferenceKind::Channel | ReferenceKind::Tag => {
                self.catalog.term_by_spelling(kind.taxonomy(), lang, name).is_some()
            }
            ReferenceKind::Section => self.catalog.section_by_folder(name.trim_matches('/'), lang).is_some(),
            ReferenceKind::Survey => self.surveys.iter().any(|s| s == name),
            // Columns are in the table's file.
            ReferenceKind::Column => true,
        }
    }

    fn event_named(&self, id: &str, lang: usize) -> Option<PageId> {
        [lang, 0].into_iter().find_map(|lang| self.events.get(&(id.to_string(), lang)).copied())
    }

    /// Follows the references of one page.
    pub fn page(&self, id: PageId, doc: &Document) -> CheckedPage {
        let collector = DiagCollector {
            files: &self.files,
            path: &doc.path,
            limit: self.settings.limits.markdown,
            unplaced: Vec::new(),
            diags: Vec::new(),
            refs: Vec::new(),
        };
        let lang = self.catalog.page(id).lang;
        PageChecker { checker: *self, id, doc, lang, collector, out: CheckedPage::default() }.run()
    }

    /// What a page that is not in the catalog refers to. Nothing is reported.
    pub fn references(&self, doc: &Document, lang: usize) -> Vec<ReferenceKey> {
        if self.catalog.pages.is_empty() {
            return Vec::new();
        }
        let collector = DiagCollector {
            files: &self.files,
            path: &doc.path,
            limit: 0,
            unplaced: Vec::new(),
            diags: Vec::new(),
            refs: Vec::new(),
        };
        // A link within the page is looked up at another page, and its finding is dropped.
        PageChecker { checker: *self, id: PageId(0), doc, lang, collector, out: CheckedPage::default() }.run().refs
    }

    /// Reads a data table.
    fn table(&self, path: &SitePath) -> Result<DataTable, Vec<Diagnostic>> {
        let (file, _) = self.files.read_text(path, self.settings.limits.data, "data").map_err(|d| vec![d])?;
        let source = SourceText::new(path, &file.text);
        read_data_table(&source, &path.extension()).map_err(|e| table_diags(path, e))
    }
}

/// The finding for a link whose scheme is not allowed.
fn disallowed_scheme(written: &str) -> Diagnostic {
    Diagnostic::new(&codes::links::BAD_SCHEME).arg("scheme", written.split(':').next().unwrap_or_default().trim())
}
