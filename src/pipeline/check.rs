//! References followed: links, pictures, files, targets, surveys. What is wrong is known before anything is rendered.

mod reference_kind;

mod diag_collector;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assets::{DataTable, image_size, read_data_table};
use crate::catalog::{Catalog, LinkResolution, LinkResolver, PageId, UnpublishedReason};
use crate::document::Document;
use crate::engine::{Fingerprint, fingerprint};
use crate::markdown::{DirectiveData, LinkTarget};
use crate::settings::{NavEntry, Settings};
use crate::source::FileSnapshot;
use crate::theme::Theme;
use crate::view::{ReferencedFile, ResolvedImage, ResolvedLink, ResolvedReferences, VisibleReferences};
use puzhi_core::base::{Route, SitePath, Span, closest_match};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, SourceText, codes};
use puzhi_core::kinds::{Event, KindData, Spanned, Target};

use self::diag_collector::DiagCollector;
use self::reference_kind::ReferenceKind;
use super::data::table_diags;

/// What references can lead to besides cards. Shared by all pages, and kept as long as the site.
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

/// Follows everything.
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

/// One page's references with what was wrong, and the pages it links to.
#[derive(Default)]
pub(super) struct CheckedPage {
    pub resolved: ResolvedReferences,
    pub visible_references: VisibleReferences,
    pub diags: Vec<Diagnostic>,
    pub links_to: Vec<PageId>,
    /// What was asked for.
    pub refs: Vec<ReferenceKey>,
}

/// What following a page's references asked for. As long as each is worth the same, following them again gives the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum ReferenceKey {
    /// What is at this path, for a link of this language; `true` when it was written from the root.
    Path(SitePath, bool, usize),
    /// The places on a page that links can lead to.
    Anchors(SitePath),
    Title(SitePath),
    /// Whether something has this name: target, group, term, section, survey.
    Name(ReferenceKind, usize, String),
    Event(String, usize),
    Template(String),
    /// The bytes of a file: a picture's size, a table.
    File(SitePath),
}

impl ReferenceChecker<'_> {
    /// What a reference is worth: another value means that the page must be looked at again.
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
        // The text is read again only where a finding needs a place in it.
        let mut collector = DiagCollector {
            files: &self.files,
            path: &doc.path,
            limit: self.settings.limits.markdown,
            unplaced: Vec::new(),
            diags: Vec::new(),
            refs: Vec::new(),
        };
        let lang = self.catalog.page(id).lang;
        let mut out = CheckedPage::default();
        collector.refs.reserve(doc.body.links.len() + doc.body.images.len());
        out.links_to.reserve_exact(doc.body.links.len());
        out.resolved.links.reserve_exact(doc.body.links.len());
        for link in &doc.body.links {
            let to =
                self.link(id, doc, lang, &link.target(), &link.written, link.span, &mut collector, &mut out.links_to);
            out.resolved.links.push(to);
        }
        for image in &doc.body.images {
            let to = match &image.target {
                LinkTarget::Internal { path, .. } => {
                    self.image(lang, path, &image.written, image.span, &codes::links::BROKEN_LINK, &mut collector)
                }
                _ => None,
            };
            out.resolved.images.push(to);
        }
        if let Some(cover) = &doc.front_matter.image {
            let (path, span) = (decode(&cover.src.value), cover.src.span);
            out.visible_references.cover = if is_remote(&path) {
                collector.report(Diagnostic::new(&codes::links::REMOTE_IMAGE).arg("target", &cover.src.value), span);
                None
            } else {
                self.image(lang, &path, &cover.src.value, span, &codes::links::MISSING_IMAGE, &mut collector)
            };
        }
        for (n, directive) in doc.body.directives.iter().enumerate() {
            self.directive(n as u32, &directive.data, directive.span, lang, &mut collector, &mut out);
        }
        if let KindData::Policy(policy) = &doc.kind {
            for written in &policy.explains {
                if let Some(ResolvedLink::Internal { .. }) =
                    self.written_link(id, doc, lang, written, &mut collector, &mut out.links_to)
                    && let Some(page) = out.links_to.last()
                {
                    out.visible_references.explains.push(self.catalog.page(*page).path.clone());
                }
            }
            if let Some(original) = &policy.original {
                let title = original.value.clone();
                let known = out.links_to.len();
                out.resolved.original =
                    match self.written_link(id, doc, lang, original, &mut collector, &mut out.links_to) {
                        Some(ResolvedLink::Internal { url, .. }) => {
                            let title = out.links_to.get(known).map_or(title, |p| {
                                let meta = self.catalog.page(*p);
                                collector.refs.push(ReferenceKey::Title(meta.path.clone()));
                                meta.title.clone()
                            });
                            Some(crate::view::model::LinkView { title, url: url.to_string() })
                        }
                        Some(ResolvedLink::External { url }) => Some(crate::view::model::LinkView { title, url }),
                        _ => None,
                    };
            }
        }
        if let KindData::Event(event) = &doc.kind {
            self.event(id, doc, event, lang, &mut collector, &mut out);
        }
        if let Some(template) = &doc.front_matter.template {
            collector.refs.push(ReferenceKey::Template(template.value.clone()));
        }
        if let Some(template) = &doc.front_matter.template
            && !self.theme.has_template(&template.value)
        {
            let near = closest_match(&template.value, self.theme.template_names());
            collector.report(
                Diagnostic::new(&codes::theme::TEMPLATE_MISSING)
                    .arg("name", &template.value)
                    .optional_arg("nearest", near),
                template.span,
            );
        }
        out.refs = std::mem::take(&mut collector.refs);
        out.refs.sort_unstable();
        out.refs.dedup();
        out.diags = collector.into_diags();
        out
    }

    /// Follows a written path and notes that what is there matters. A path that leads nowhere by itself is the page's own affair.
    fn follow(&self, lang: usize, written: &str, collector: &mut DiagCollector<'_>) -> LinkResolution {
        let joined = LinkResolver::target_path(collector.path, written);
        if let Ok(path) = &joined {
            collector.refs.push(ReferenceKey::Path(path.clone(), written.starts_with('/'), lang));
        }
        self.resolver.resolve(self.catalog, collector.path, lang, written, &joined, collector.may_suggest())
    }

    #[expect(clippy::too_many_arguments, reason = "one link in all its circumstances")]
    fn link(
        &self,
        id: PageId,
        doc: &Document,
        lang: usize,
        target: &LinkTarget,
        written: &str,
        span: Span,
        collector: &mut DiagCollector<'_>,
        to: &mut Vec<PageId>,
    ) -> ResolvedLink {
        let (path, anchor) = match target {
            LinkTarget::External(url) => return ResolvedLink::External { url: url.clone() },
            LinkTarget::Anchor(anchor) => {
                self.anchor(id, anchor, doc, span, collector);
                return ResolvedLink::SamePage { anchor: anchor.clone() };
            }
            LinkTarget::Internal { path, anchor } => (path, anchor),
        };
        match self.follow(lang, path, collector) {
            LinkResolution::Page(page) => {
                if let Some(anchor) = anchor {
                    self.anchor(page, anchor, doc, span, collector);
                }
                to.push(page);
                let meta = self.catalog.page(page);
                let language = (meta.lang != lang).then_some(meta.lang);
                ResolvedLink::Internal { url: Arc::clone(self.catalog.url(page)), anchor: anchor.clone(), language }
            }
            LinkResolution::Generated(route) | LinkResolution::File(_, route) => ResolvedLink::Internal {
                url: self.settings.href(&route).into(),
                anchor: anchor.clone(),
                language: None,
            },
            LinkResolution::Unpublished(why, _) => {
                match why {
                    UnpublishedReason::Draft => {
                        collector.report(Diagnostic::new(&codes::links::LINK_TO_DRAFT).arg("target", written), span)
                    }
                    UnpublishedReason::Future => {
                        collector.report(Diagnostic::new(&codes::links::LINK_TO_FUTURE).arg("target", written), span)
                    }
                    // Its own errors were reported.
                    UnpublishedReason::HasErrors => {}
                }
                ResolvedLink::Unpublished
            }
            LinkResolution::Missing { nearest } => {
                collector.report(
                    Diagnostic::new(&codes::links::BROKEN_LINK).arg("target", written).optional_arg("nearest", nearest),
                    span,
                );
                ResolvedLink::Broken
            }
            LinkResolution::OutsideSite => {
                collector.report(Diagnostic::new(&codes::links::LINK_ESCAPES).arg("target", written), span);
                ResolvedLink::Broken
            }
        }
    }

    fn written_link(
        &self,
        id: PageId,
        doc: &Document,
        lang: usize,
        written: &Spanned<String>,
        collector: &mut DiagCollector<'_>,
        to: &mut Vec<PageId>,
    ) -> Option<ResolvedLink> {
        let Some(target) = parse_link_target(&written.value) else {
            collector.report(refused(&written.value), written.span);
            return None;
        };
        Some(self.link(id, doc, lang, &target, &written.value, written.span, collector, to))
    }

    /// What an event refers to: where to register, its photographs, what it belongs to.
    fn event(
        &self,
        id: PageId,
        doc: &Document,
        event: &Event,
        lang: usize,
        collector: &mut DiagCollector<'_>,
        out: &mut CheckedPage,
    ) {
        if let Some(link) = event.registration.as_ref().and_then(|r| r.link.as_ref()) {
            out.visible_references.registration = self.written_link(id, doc, lang, link, collector, &mut out.links_to);
        }
        for evidence in &event.evidence {
            let photo = evidence.photo.as_ref().and_then(|photo| {
                let path = decode(&photo.value);
                if is_remote(&path) {
                    collector
                        .report(Diagnostic::new(&codes::links::REMOTE_IMAGE).arg("target", &photo.value), photo.span);
                    return None;
                }
                self.image(lang, &path, &photo.value, photo.span, &codes::links::MISSING_IMAGE, collector)
            });
            out.visible_references.photos.push(photo);
        }
        let Some(of) = &event.of else { return };
        collector.refs.push(ReferenceKey::Event(of.value.clone(), lang));
        if let Some(page) = self.event_named(&of.value, lang) {
            out.links_to.push(page);
            out.visible_references.of = Some(self.catalog.page(page).path.clone());
        } else if of.value.contains('/') || of.value.ends_with(".md") {
            let known = out.links_to.len();
            self.written_link(id, doc, lang, of, collector, &mut out.links_to);
            out.visible_references.of = out.links_to.get(known).map(|page| self.catalog.page(*page).path.clone());
        } else {
            let near = closest_match(&of.value, self.events.keys().map(|(id, _)| id.as_str()));
            collector.report(
                Diagnostic::new(&codes::events::UNKNOWN_EVENT).arg("name", &of.value).optional_arg("nearest", near),
                of.span,
            );
        }
    }

    fn anchor(&self, page: PageId, anchor: &str, doc: &Document, span: Span, collector: &mut DiagCollector<'_>) {
        let meta = self.catalog.page(page);
        collector.refs.push(ReferenceKey::Anchors(meta.path.clone()));
        if anchor.is_empty() || anchor == "top" || meta.anchors.binary_search_by(|a| a.as_str().cmp(anchor)).is_ok() {
            return;
        }
        let near =
            collector.may_suggest().then(|| closest_match(anchor, meta.anchors.iter().map(String::as_str))).flatten();
        let shown = if meta.path == doc.path { meta.title.clone() } else { meta.path.to_string() };
        collector.report(
            Diagnostic::new(&codes::links::BROKEN_ANCHOR)
                .arg("page", shown)
                .arg("anchor", anchor)
                .optional_arg("nearest", near),
            span,
        );
    }

    fn image(
        &self,
        lang: usize,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static DiagnosticCode,
        collector: &mut DiagCollector<'_>,
    ) -> Option<ResolvedImage> {
        let (file, route) = self.file(lang, path, written, span, missing, collector)?;
        collector.refs.push(ReferenceKey::File(file.clone()));
        let mut head = Vec::new();
        if let Ok(stream) = self.files.open(&file) {
            // Sizes stand in the first bytes; a JPEG's may follow its embedded preview.
            let _ = std::io::Read::read_to_end(&mut std::io::Read::take(stream, 256 << 10), &mut head);
        }
        Some(ResolvedImage { url: self.settings.href(&route), size: image_size(&head) })
    }

    fn file(
        &self,
        lang: usize,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static DiagnosticCode,
        collector: &mut DiagCollector<'_>,
    ) -> Option<(SitePath, Route)> {
        match self.follow(lang, path, collector) {
            LinkResolution::File(file, route) => return Some((file, route)),
            LinkResolution::OutsideSite => {
                collector.report(Diagnostic::new(&codes::links::LINK_ESCAPES).arg("target", written), span)
            }
            LinkResolution::Missing { nearest } => {
                collector.report(Diagnostic::new(missing).arg("target", written).optional_arg("nearest", nearest), span)
            }
            LinkResolution::Page(_) | LinkResolution::Generated(_) | LinkResolution::Unpublished(..) => {
                collector.report(Diagnostic::new(missing).arg("target", written), span)
            }
        }
        None
    }

    fn directive(
        &self,
        n: u32,
        data: &DirectiveData,
        span: Span,
        lang: usize,
        collector: &mut DiagCollector<'_>,
        out: &mut CheckedPage,
    ) {
        let unknown = |kind: ReferenceKind, name: &str, near: Option<&str>| {
            let diag =
                Diagnostic::new(&codes::links::UNKNOWN_REFERENCE).arg("what_zh", kind.zh()).arg("what_en", kind.en());
            diag.arg("name", name).optional_arg("nearest", near)
        };
        let mut term = |kind: ReferenceKind, name: &Option<String>| {
            let Some(name) = name else { return };
            collector.refs.push(ReferenceKey::Name(kind, lang, name.clone()));
            if !self.has(kind, lang, name) {
                let names: Vec<&str> = self
                    .catalog
                    .taxonomy_terms(kind.taxonomy(), lang)
                    .map(|t| self.catalog.term(t).name.as_str())
                    .collect();
                collector.report(unknown(kind, name, closest_match(name, names)), span);
            }
        };
        match data {
            DirectiveData::Download { target, written, .. } => {
                if let LinkTarget::Internal { path, .. } = target
                    && let Some(found) = self.file(lang, path, written, span, &codes::links::BROKEN_LINK, collector)
                {
                    collector.refs.push(ReferenceKey::File(found.0.clone()));
                    let size = self.files.size(&found.0).unwrap_or(0);
                    out.resolved.files.insert(n, ReferencedFile { path: found.0, route: found.1, size });
                }
            }
            DirectiveData::Table { target, written, columns, .. } => {
                let LinkTarget::Internal { path, .. } = target else { return };
                let data_file =
                    path.strip_prefix("/data/").and_then(|below| SitePath::new(&format!("data/{below}")).ok());
                if let Some(file) = &data_file {
                    collector.refs.push(ReferenceKey::File(file.clone()));
                }
                let found = match data_file.filter(|p| self.files.contains(p)) {
                    Some(file) => Some((file.clone(), Route::file(&file))),
                    None => self.file(lang, path, written, span, &codes::links::BROKEN_LINK, collector),
                };
                let Some((file, route)) = found else { return };
                collector.refs.push(ReferenceKey::File(file.clone()));
                match self.table(&file) {
                    Ok(table) => {
                        for column in columns.iter().filter(|c| !table.columns.contains(c)) {
                            collector.report(
                                unknown(
                                    ReferenceKind::Column,
                                    column,
                                    closest_match(column, table.columns.iter().map(String::as_str)),
                                ),
                                span,
                            );
                        }
                        let size = self.files.size(&file).unwrap_or(0);
                        out.resolved.tables.insert(n, table);
                        out.resolved.files.insert(n, ReferencedFile { path: file, route, size });
                    }
                    Err(found) => collector.diags.extend(found),
                }
            }
            DirectiveData::Target { id } => {
                collector.refs.push(ReferenceKey::Name(ReferenceKind::Target, lang, id.clone()));
                let ids: Vec<&str> = self.targets.iter().map(|t| t.id.value.as_str()).collect();
                if !ids.contains(&id.as_str()) {
                    collector.report(unknown(ReferenceKind::Target, id, closest_match(id, ids)), span);
                }
            }
            DirectiveData::Targets { group, unit } => {
                term(ReferenceKind::Unit, unit);
                if let Some(group) = group {
                    collector.refs.push(ReferenceKey::Name(ReferenceKind::Group, lang, group.clone()));
                }
                if let Some(group) = group
                    && !self.targets.iter().any(|t| t.group == *group)
                {
                    collector.report(
                        unknown(
                            ReferenceKind::Group,
                            group,
                            closest_match(group, self.targets.iter().map(|t| t.group.as_str())),
                        ),
                        span,
                    );
                }
            }
            DirectiveData::Events { campaign, channel, unit, .. } => {
                term(ReferenceKind::Campaign, campaign);
                term(ReferenceKind::Channel, channel);
                term(ReferenceKind::Unit, unit);
            }
            DirectiveData::Pages { section, tag, unit, campaign, .. } => {
                term(ReferenceKind::Tag, tag);
                term(ReferenceKind::Unit, unit);
                term(ReferenceKind::Campaign, campaign);
                if let Some(section) = section {
                    collector.refs.push(ReferenceKey::Name(ReferenceKind::Section, lang, section.clone()));
                }
                if let Some(section) = section
                    && self.catalog.section_by_folder(section.trim_matches('/'), lang).is_none()
                {
                    let names = self.catalog.sections.iter().map(|s| s.folder.as_str());
                    collector.report(unknown(ReferenceKind::Section, section, closest_match(section, names)), span);
                }
            }
            DirectiveData::Survey { id, .. } => {
                collector.refs.push(ReferenceKey::Name(ReferenceKind::Survey, lang, id.clone()));
                if !self.surveys.contains(id) {
                    collector.report(
                        unknown(ReferenceKind::Survey, id, closest_match(id, self.surveys.iter().map(String::as_str))),
                        span,
                    );
                }
            }
            DirectiveData::Contacts { .. } | DirectiveData::Timeline { .. } | DirectiveData::Toc { .. } => {}
        }
    }

    fn table(&self, path: &SitePath) -> Result<DataTable, Vec<Diagnostic>> {
        let (file, _) = self.files.read_text(path, self.settings.limits.data, "data").map_err(|d| vec![d])?;
        let source = SourceText::new(path, &file.text);
        read_data_table(&source, &path.extension()).map_err(|e| table_diags(path, e))
    }

    /// Follows links of settings and data, which are written from the site's root.
    /// `at` puts a finding where the link is written.
    pub fn site_link(
        &self,
        written: &str,
        lang: usize,
        at: impl Fn(Diagnostic) -> Diagnostic,
        diags: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let Some(target) = parse_link_target(written) else {
            diags.push(at(refused(written)));
            return None;
        };
        let broken = |code: &'static DiagnosticCode| at(Diagnostic::new(code).arg("target", written));
        match target {
            LinkTarget::External(url) => Some(url),
            LinkTarget::Anchor(_) => None,
            LinkTarget::Internal { path, anchor } => {
                let top = SitePath::new("content/_index.md").ok()?;
                let url = match self.resolver.resolve(
                    self.catalog,
                    &top,
                    lang,
                    &path,
                    &LinkResolver::target_path(&top, &path),
                    true,
                ) {
                    LinkResolution::Page(page) => {
                        let meta = self.catalog.page(page);
                        if let Some(anchor) = anchor.as_ref().filter(|a| !meta.anchors.contains(a)) {
                            let near = closest_match(anchor, meta.anchors.iter().map(String::as_str));
                            diags.push(
                                broken(&codes::links::BROKEN_ANCHOR)
                                    .arg("page", &meta.path)
                                    .arg("anchor", anchor)
                                    .optional_arg("nearest", near),
                            );
                        }
                        self.settings.href(&meta.route)
                    }
                    LinkResolution::Generated(route) | LinkResolution::File(_, route) => self.settings.href(&route),
                    LinkResolution::Unpublished(..) => return None,
                    LinkResolution::Missing { nearest } => {
                        diags.push(broken(&codes::links::BROKEN_LINK).optional_arg("nearest", nearest));
                        return None;
                    }
                    LinkResolution::OutsideSite => {
                        diags.push(broken(&codes::links::LINK_ESCAPES));
                        return None;
                    }
                };
                Some(match anchor {
                    Some(anchor) => format!("{url}#{}", puzhi_core::base::percent_encode_path(&anchor)),
                    None => url,
                })
            }
        }
    }

    /// The navigation of one language.
    pub fn navigation(&self, entries: &[NavEntry], lang: usize, diags: &mut Vec<Diagnostic>) -> Vec<Option<String>> {
        let Ok(file) = SitePath::new("site.yaml") else { return Vec::new() };
        entries
            .iter()
            .map(|entry| self.site_link(&entry.link, lang, |d| d.at_position(&file, entry.position), diags))
            .collect()
    }
}

/// A link of front matter, settings or data. `None` when its scheme is not allowed.
fn parse_link_target(written: &str) -> Option<LinkTarget> {
    crate::markdown::parse_link_target(written)
}

/// What is said of a link whose scheme is not allowed.
fn refused(written: &str) -> Diagnostic {
    Diagnostic::new(&codes::links::BAD_SCHEME).arg("scheme", written.split(':').next().unwrap_or_default().trim())
}

fn decode(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8().map_or_else(|_| written.to_string(), |s| s.into_owned())
}

fn is_remote(path: &str) -> bool {
    path.starts_with("//") || path.contains("://") || path.starts_with("data:")
}
