//! The facets that a page's references depend on: one type for each kind of value that following references reads, with its reader, its
//! name and its fingerprint; the list below makes [`ReferenceKey`]. In: the catalog and what else references can lead to. Out: values and
//! fingerprints. While the fingerprints of all of a page's keys stay equal, following its references again gives the same result.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ReferenceChecker;
use super::reference_kind::ReferenceKind;
use super::suggestions::{AllNames, Suggestions};
use crate::assets::{DataTable, PictureFacts, image_size, read_data_table};
use crate::catalog::{LinkResolution, PageId};
use crate::engine::{Facet, Fingerprint, fingerprint, named_facet_group};
use crate::pipeline::data::table_diags;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText};

named_facet_group! {
    /// One value that a page's references depend on. Stored in the cache.
    ReferenceKey, ReferenceChecker<'_> {
        LinkedPlace(PlaceOf),
        Anchors(SitePath),
        LinkedTitle(SitePath),
        NamedThing(NameOf),
        EventNamed(EventOf),
        ChosenTemplate(String),
        FileContent(SitePath),
        Suggestions(AllNames),
    }
}

/// A facet that references depend on: it also knows its keys.
pub(super) trait TrackedReference<'c>: Facet<ReferenceChecker<'c>> {
    /// The key of one value.
    fn key(of: Self::Of) -> ReferenceKey;
}

/// Gives each facet its keys.
macro_rules! keys {
    ($($facet:ident($of:ty)),+ $(,)?) => {
        $(impl<'c> TrackedReference<'c> for $facet {
            fn key(of: $of) -> ReferenceKey {
                ReferenceKey::$facet(of)
            }
        })+
    };
}

keys! {
    LinkedPlace(PlaceOf),
    Anchors(SitePath),
    LinkedTitle(SitePath),
    NamedThing(NameOf),
    EventNamed(EventOf),
    ChosenTemplate(String),
    FileContent(SitePath),
    Suggestions(AllNames),
}

/// What is at a path.
pub(super) struct LinkedPlace;

/// A path that a link of a page in a language names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceOf {
    /// The path.
    pub path: SitePath,
    /// Whether it was written from the root.
    pub rooted: bool,
    /// Index of the language.
    pub lang: usize,
}

impl fmt::Display for PlaceOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.path, self.lang)
    }
}

/// What [`LinkedPlace`] gives out.
pub(super) enum Place<'s> {
    /// A page.
    Page(LinkedPage<'s>),
    /// Anything else.
    Other(LinkResolution),
}

/// A page that a link leads to.
#[derive(Clone, Copy)]
pub(super) struct LinkedPage<'s> {
    /// Its id.
    pub id: PageId,
    /// Its file.
    pub path: &'s SitePath,
    /// Index of its language.
    pub lang: usize,
    /// Its address as used in links, which follows from the route and the settings.
    pub url: &'s Arc<str>,
}

impl<'c> Facet<ReferenceChecker<'c>> for LinkedPlace {
    type Of = PlaceOf;
    type Value<'s>
        = Option<Place<'s>>
    where
        'c: 's;
    const NAME: &'static str = "link-target";
    const ZH: &'static str = "链接的目标";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, of: &PlaceOf) -> Option<Place<'s>> {
        let catalog = checker.catalog;
        Some(match checker.resolver.lookup(catalog, &of.path, of.rooted, of.lang)? {
            LinkResolution::Page(id) => {
                let meta = catalog.page(id);
                Place::Page(LinkedPage { id, path: &meta.path, lang: meta.lang, url: catalog.url(id) })
            }
            other => Place::Other(other),
        })
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &PlaceOf) -> Option<Fingerprint> {
        Some(match Self::read(checker, of)? {
            Place::Page(LinkedPage { id, path, lang, url: _ }) => {
                fingerprint(&(path, &checker.catalog.page(id).route, lang))
            }
            Place::Other(LinkResolution::Generated(route)) => fingerprint(&("made", route)),
            Place::Other(LinkResolution::File(path, route)) => fingerprint(&("file", path, route)),
            Place::Other(LinkResolution::Unpublished(why, path)) => fingerprint(&(why as u8, path)),
            Place::Other(LinkResolution::Page(_) | LinkResolution::Missing { .. } | LinkResolution::OutsideSite) => {
                return None;
            }
        })
    }
}

/// The anchors of a page, sorted.
pub(super) struct Anchors;

impl<'c> Facet<ReferenceChecker<'c>> for Anchors {
    type Of = SitePath;
    type Value<'s>
        = &'s [String]
    where
        'c: 's;
    const NAME: &'static str = "anchors";
    const ZH: &'static str = "锚点";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, of: &SitePath) -> &'s [String] {
        checker.catalog.by_path(of).map(|page| checker.catalog.page(page).anchors.as_slice()).unwrap_or_default()
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &SitePath) -> Option<Fingerprint> {
        checker.catalog.by_path(of)?;
        Some(fingerprint(Self::read(checker, of)))
    }
}

/// The title of a page.
pub(super) struct LinkedTitle;

impl<'c> Facet<ReferenceChecker<'c>> for LinkedTitle {
    type Of = SitePath;
    type Value<'s>
        = Option<&'s str>
    where
        'c: 's;
    const NAME: &'static str = "title";
    const ZH: &'static str = "标题";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, of: &SitePath) -> Option<&'s str> {
        checker.catalog.by_path(of).map(|page| checker.catalog.page(page).title.as_str())
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &SitePath) -> Option<Fingerprint> {
        Self::read(checker, of).map(fingerprint)
    }
}

/// Whether something of a kind has a name in a language.
pub(super) struct NamedThing;

/// A name that a directive gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameOf {
    /// What kind of thing it names.
    pub kind: ReferenceKind,
    /// Index of the language.
    pub lang: usize,
    /// As it is written.
    pub name: String,
}

impl fmt::Display for NameOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.kind.en(), self.name, self.lang)
    }
}

impl<'c> Facet<ReferenceChecker<'c>> for NamedThing {
    type Of = NameOf;
    type Value<'s>
        = bool
    where
        'c: 's;
    const NAME: &'static str = "name-of";
    const ZH: &'static str = "名称";

    fn read(checker: &ReferenceChecker<'c>, of: &NameOf) -> bool {
        checker.has(of.kind, of.lang, &of.name)
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &NameOf) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(checker, of)))
    }
}

/// The file of the page of the event with an id.
pub(super) struct EventNamed;

/// An event's id, for pages of a language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventOf {
    /// The id.
    pub id: String,
    /// Index of the language.
    pub lang: usize,
}

impl fmt::Display for EventOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.lang)
    }
}

impl<'c> Facet<ReferenceChecker<'c>> for EventNamed {
    type Of = EventOf;
    type Value<'s>
        = Option<&'s SitePath>
    where
        'c: 's;
    const NAME: &'static str = "event-named";
    const ZH: &'static str = "编号所指的活动";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, of: &EventOf) -> Option<&'s SitePath> {
        let page = |lang: usize| checker.events.get(&(of.id.clone(), lang)).copied();
        let id = page(of.lang).or_else(|| page(0))?;
        Some(&checker.catalog.page(id).path)
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &EventOf) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(checker, of)))
    }
}

/// Whether the theme has a template that front matter names.
pub(super) struct ChosenTemplate;

impl<'c> Facet<ReferenceChecker<'c>> for ChosenTemplate {
    type Of = String;
    type Value<'s>
        = bool
    where
        'c: 's;
    const NAME: &'static str = "chosen-template";
    const ZH: &'static str = "页面选的模板";

    fn read(checker: &ReferenceChecker<'c>, of: &String) -> bool {
        checker.theme.has_template(of)
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &String) -> Option<Fingerprint> {
        Some(fingerprint(&Self::read(checker, of)))
    }
}

/// The bytes of a file: the size of a picture, a table, a download.
pub(super) struct FileContent;

/// What [`FileContent`] gives out. The file is read when a method asks for it.
pub(super) struct ReferredFile<'s, 'c> {
    checker: &'s ReferenceChecker<'c>,
    path: SitePath,
}

impl ReferredFile<'_, '_> {
    /// Whether the file exists.
    pub fn exists(&self) -> bool {
        self.checker.files.contains(&self.path)
    }

    /// The size in bytes of what is published of it.
    pub fn size(&self) -> u64 {
        let clean = self.picture().and_then(|facts| facts.length);
        clean.or_else(|| self.checker.files.size(&self.path)).unwrap_or(0)
    }

    /// The picture; `None` if the file is none that can be read.
    pub fn picture(&self) -> Option<&PictureFacts> {
        self.checker.pictures.get(&self.path).map(|facts| &**facts)
    }

    /// Whether the file should be a picture and is none, which has a finding of its own.
    pub fn is_bad_picture(&self) -> bool {
        self.checker.pictures.problem(&self.path).is_some()
    }

    /// Width and height of a picture in pixels, if they could be read.
    pub fn picture_size(&self) -> Option<(u32, u32)> {
        if let Some(size) = self.picture().and_then(|facts| facts.size) {
            return Some(size);
        }
        let mut head = Vec::new();
        if let Ok(stream) = self.checker.files.open(&self.path) {
            // The size is in the first bytes; in a JPEG it can follow an embedded preview.
            let _ = std::io::Read::read_to_end(&mut std::io::Read::take(stream, 256 << 10), &mut head);
        }
        image_size(&head)
    }

    /// The file as a table, or the findings about it.
    pub fn table(&self) -> Result<DataTable, Vec<Diagnostic>> {
        let limit = self.checker.settings.limits.data;
        let (file, _) = self.checker.files.read_text(&self.path, limit, "data").map_err(|d| vec![d])?;
        let source = SourceText::new(&self.path, &file.text);
        read_data_table(&source, &self.path.extension()).map_err(|e| table_diags(&self.path, e))
    }
}

impl<'c> Facet<ReferenceChecker<'c>> for FileContent {
    type Of = SitePath;
    type Value<'s>
        = ReferredFile<'s, 'c>
    where
        'c: 's;
    const NAME: &'static str = "file-content";
    const ZH: &'static str = "文件内容";

    fn read<'s>(checker: &'s ReferenceChecker<'c>, of: &SitePath) -> ReferredFile<'s, 'c> {
        ReferredFile { checker, path: of.clone() }
    }

    fn fingerprint(checker: &ReferenceChecker<'c>, of: &SitePath) -> Option<Fingerprint> {
        let picture = checker.pictures.get(of).map(|facts| (&facts.key, facts.length));
        let bad = checker.pictures.problem(of).is_some();
        checker.files.hash(of).map(|hash| fingerprint(&(hash, picture, bad)))
    }
}
