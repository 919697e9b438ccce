//! Follows references: links, pictures, files, and names of targets, terms, sections and surveys. Broken ones are known before
//! anything is rendered.
//!
//! In: the catalog and what else references can lead to. Out: resolved references and findings by page, and [`ReferenceKey`]s that
//! say on what these depend. Does not know outputs or templates' contents.

mod diag_collector;
mod directives;
mod page;
mod page_tags;
mod reference_key;
mod reference_kind;
mod share_cards;
mod site_images;
mod site_links;
mod suggestions;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::assets::Pictures;
use crate::catalog::{Catalog, LinkResolver, PageId};
use crate::document::References;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::Theme;
use crate::view::{ResolvedReferences, VisibleReferences};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::Target;

use self::diag_collector::DiagCollector;
use self::page::PageChecker;
use self::reference_kind::ReferenceKind;

pub(super) use self::reference_key::{PlaceOf, ReferenceKey};

/// What references can lead to besides pages. Shared by all pages, and kept as long as the site.
pub(super) struct LinkContext {
    pub files: Arc<FileSnapshot>,
    pub settings: Arc<Settings>,
    pub theme: Arc<Theme>,
    pub targets: Arc<Vec<Target>>,
    pub resolver: LinkResolver,
    pub pictures: Arc<Pictures>,
    /// Pages of events by id and language.
    pub events: BTreeMap<(String, usize), PageId>,
    /// Ids of surveys.
    pub surveys: Vec<String>,
    /// The name of a facet whose reads are not recorded; tests alone set it.
    pub unrecorded: Option<String>,
}

/// The names of all facets that references depend on.
pub(super) fn reference_facet_names() -> &'static [&'static str] {
    ReferenceKey::NAMES
}

/// Follows references in one catalog.
#[derive(Clone, Copy)]
pub(super) struct ReferenceChecker<'c> {
    pub catalog: &'c Catalog,
    pub link_context: &'c LinkContext,
    /// The text of the one page that is checked, if it is another than that of its file when the phases ran.
    pub text: Option<&'c str>,
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
    pub links_to: Vec<SitePath>,
    /// What the result depends on, ascending.
    pub refs: Vec<ReferenceKey>,
}

impl ReferenceChecker<'_> {
    /// Whether something of this kind has this name.
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

    /// Follows the references of one page.
    pub fn page(&self, id: PageId, doc: References<'_>) -> CheckedPage {
        let collector = DiagCollector::new(&self.files, doc.path, self.settings.limits.markdown).of_text(self.text);
        let meta = self.catalog.page(id);
        let (lang, title) = (meta.lang, &meta.title);
        let (aliases, out) = (HashMap::new(), CheckedPage::default());
        PageChecker { checker: *self, doc, title, lang, collector, aliases, out }.run(self.unrecorded.as_deref())
    }

    /// What a page that is not in the catalog refers to. Nothing is reported.
    pub fn references_of(&self, doc: References<'_>, lang: usize) -> Vec<ReferenceKey> {
        let collector = DiagCollector::new(&self.files, doc.path, 0);
        let (aliases, out) = (HashMap::new(), CheckedPage::default());
        PageChecker { checker: *self, doc, title: "", lang, collector, aliases, out }.run(None).refs
    }
}

/// The finding for a link whose scheme is not allowed.
fn disallowed_scheme(written: &str) -> Diagnostic {
    Diagnostic::new(&codes::links::BAD_SCHEME).arg("scheme", written.split(':').next().unwrap_or_default().trim())
}
