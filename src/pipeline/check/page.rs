//! Follows the references of one page: links and pictures of its text, and what its front matter names.
//!
//! In: a parsed document and everything references can lead to. Out: a [`CheckedPage`]. Reads of the site's files are limited to
//! pictures' sizes and, for findings, the page's own text. Directives are followed in `directives.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use super::diag_collector::DiagCollector;
use super::{CheckedPage, ReferenceChecker, ReferenceKey, disallowed_scheme};
use crate::assets::image_size;
use crate::catalog::{AnchorAliases, LinkResolution, LinkResolver, PageId, UnpublishedReason};
use crate::document::Document;
use crate::markdown::{LinkTarget, parse_link_target};
use crate::view::model::LinkView;
use crate::view::{ResolvedImage, ResolvedLink};
use puzhi_core::base::{Route, SitePath, Span, closest_match};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, codes};
use puzhi_core::kinds::{Event, KindData, Policy, Spanned};

/// One page while its references are followed.
pub(super) struct PageChecker<'p> {
    pub checker: ReferenceChecker<'p>,
    pub id: PageId,
    pub doc: &'p Document,
    /// Index of the page's language.
    pub lang: usize,
    pub collector: DiagCollector<'p>,
    /// Other spellings of the anchors of the pages that were asked for them.
    pub aliases: HashMap<PageId, AnchorAliases<'p>>,
    pub out: CheckedPage,
}

impl PageChecker<'_> {
    /// Follows all references of the page.
    pub fn run(mut self) -> CheckedPage {
        self.body();
        self.cover();
        let doc = self.doc;
        for (n, directive) in doc.body.directives.iter().enumerate() {
            self.directive(n as u32, &directive.data, directive.span);
        }
        match &doc.kind {
            KindData::Policy(policy) => self.policy(policy),
            KindData::Event(event) => self.event(event),
            KindData::Fields(fields) => {
                for link in fields.links() {
                    let mut resolved = self.titled_link(link);
                    // A file is called by its name.
                    if let Some(view) =
                        resolved.as_mut().filter(|view| view.title == link.value && !is_remote(&view.url))
                    {
                        view.title = decode(link.value.rsplit('/').next().unwrap_or_default());
                    }
                    self.out.resolved.fields.push(resolved);
                }
            }
            KindData::Page | KindData::Guide(_) | KindData::Story(_) | KindData::Survey(_) => {}
        }
        self.template();
        let Self { mut collector, mut out, .. } = self;
        out.refs = std::mem::take(&mut collector.refs);
        out.refs.sort_unstable();
        out.refs.dedup();
        out.diags = collector.into_diags();
        out
    }

    /// Follows the links and pictures of the text.
    fn body(&mut self) {
        let body = &self.doc.body;
        self.collector.refs.reserve(body.links.len() + body.images.len());
        self.out.links_to.reserve_exact(body.links.len());
        self.out.resolved.links.reserve_exact(body.links.len());
        for link in &body.links {
            let resolved = self.link(&link.target(), &link.written, link.span);
            self.out.resolved.links.push(resolved);
        }
        for image in &body.images {
            let resolved = match &image.target {
                LinkTarget::Internal { path, .. } => {
                    self.image(path, &image.written, image.span, &codes::links::BROKEN_LINK)
                }
                _ => None,
            };
            self.out.resolved.images.push(resolved);
        }
    }

    /// Finds the picture of the front matter.
    fn cover(&mut self) {
        if let Some(cover) = &self.doc.front_matter.image {
            self.out.visible_references.cover = self.own_image(&cover.src);
        }
    }

    /// Finds a picture that front matter names. Pictures of other sites are not allowed.
    fn own_image(&mut self, src: &Spanned<String>) -> Option<ResolvedImage> {
        let path = decode(&src.value);
        if is_remote(&path) {
            self.collector.report(Diagnostic::new(&codes::links::REMOTE_IMAGE).arg("target", &src.value), src.span);
            return None;
        }
        self.image(&path, &src.value, src.span, &codes::links::MISSING_IMAGE)
    }

    /// Follows what a policy explains and where its original text is.
    fn policy(&mut self, policy: &Policy) {
        for written in &policy.explains {
            if let Some(ResolvedLink::Internal { .. }) = self.written_link(written)
                && let Some(page) = self.out.links_to.last()
            {
                self.out.visible_references.explains.push(self.checker.catalog.page(*page).path.clone());
            }
        }
        let Some(original) = &policy.original else { return };
        self.out.resolved.original = self.titled_link(original);
    }

    /// Follows a link of front matter. Its text is the title of the page it leads to, or else the link as written.
    fn titled_link(&mut self, written: &Spanned<String>) -> Option<LinkView> {
        let title = written.value.clone();
        let known = self.out.links_to.len();
        match self.written_link(written) {
            Some(ResolvedLink::Internal { url, .. }) => {
                let title = self.out.links_to.get(known).map_or(title, |page| {
                    let meta = self.checker.catalog.page(*page);
                    self.collector.refs.push(ReferenceKey::Title(meta.path.clone()));
                    meta.title.clone()
                });
                Some(LinkView { title, url: url.to_string() })
            }
            Some(ResolvedLink::External { url }) => Some(LinkView { title, url }),
            _ => None,
        }
    }

    /// Checks that the theme has the template that front matter names.
    fn template(&mut self) {
        let Some(template) = &self.doc.front_matter.template else { return };
        self.collector.refs.push(ReferenceKey::Template(template.value.clone()));
        if !self.checker.theme.has_template(&template.value) {
            let near = closest_match(&template.value, self.checker.theme.template_names());
            self.collector.report(
                Diagnostic::new(&codes::theme::TEMPLATE_MISSING)
                    .arg("name", &template.value)
                    .optional_arg("nearest", near),
                template.span,
            );
        }
    }

    /// Resolves a written path and records that the page depends on what is there. A path that leaves the site depends on nothing else.
    fn follow(&mut self, written: &str) -> LinkResolution {
        let ReferenceChecker { catalog, link_context } = self.checker;
        let (path, lang) = (self.collector.path, self.lang);
        let joined = LinkResolver::target_path(path, written);
        if let Ok(target) = &joined {
            self.collector.refs.push(ReferenceKey::Path(target.clone(), written.starts_with('/'), lang));
        }
        link_context.resolver.resolve(catalog, path, lang, written, &joined, self.collector.may_suggest())
    }

    /// Follows one link; `written` is its source text at `span`, for findings. A page it leads to is added to `links_to`.
    fn link(&mut self, target: &LinkTarget, written: &str, span: Span) -> ResolvedLink {
        let (path, anchor) = match target {
            LinkTarget::External(url) => return ResolvedLink::External { url: url.clone() },
            LinkTarget::Anchor(anchor) => {
                return ResolvedLink::SamePage { anchor: self.anchor(self.id, anchor, span) };
            }
            LinkTarget::Internal { path, anchor } => (path, anchor),
        };
        match self.follow(path) {
            LinkResolution::Page(page) => {
                let anchor = anchor.as_ref().map(|anchor| self.anchor(page, anchor, span));
                self.out.links_to.push(page);
                let meta = self.checker.catalog.page(page);
                let language = (meta.lang != self.lang).then_some(meta.lang);
                ResolvedLink::Internal { url: Arc::clone(self.checker.catalog.url(page)), anchor, language }
            }
            LinkResolution::Generated(route) | LinkResolution::File(_, route) => ResolvedLink::Internal {
                url: self.checker.settings.href(&route).into(),
                anchor: anchor.clone(),
                language: None,
            },
            LinkResolution::Unpublished(why, _) => {
                match why {
                    UnpublishedReason::Draft => self
                        .collector
                        .report(Diagnostic::new(&codes::links::LINK_TO_DRAFT).arg("target", written), span),
                    UnpublishedReason::Future => self
                        .collector
                        .report(Diagnostic::new(&codes::links::LINK_TO_FUTURE).arg("target", written), span),
                    // Its own errors were reported.
                    UnpublishedReason::HasErrors => {}
                }
                ResolvedLink::Unpublished
            }
            LinkResolution::Missing { nearest } => {
                self.collector.report(
                    Diagnostic::new(&codes::links::BROKEN_LINK).arg("target", written).optional_arg("nearest", nearest),
                    span,
                );
                ResolvedLink::Broken
            }
            LinkResolution::OutsideSite => {
                self.collector.report(Diagnostic::new(&codes::links::LINK_ESCAPES).arg("target", written), span);
                ResolvedLink::Broken
            }
        }
    }

    /// Follows a link of front matter. `None` when its scheme is not allowed.
    fn written_link(&mut self, written: &Spanned<String>) -> Option<ResolvedLink> {
        let Some(target) = parse_link_target(&written.value) else {
            self.collector.report(disallowed_scheme(&written.value), written.span);
            return None;
        };
        Some(self.link(&target, &written.value, written.span))
    }

    /// Follows what an event's front matter names: the registration link, photographs, the event it is part of.
    fn event(&mut self, event: &Event) {
        if let Some(link) = event.registration.as_ref().and_then(|r| r.link.as_ref()) {
            self.out.visible_references.registration = self.written_link(link);
        }
        for evidence in &event.evidence {
            let photo = evidence.photo.as_ref().and_then(|photo| self.own_image(photo));
            self.out.visible_references.photos.push(photo);
        }
        let Some(of) = &event.of else { return };
        self.collector.refs.push(ReferenceKey::Event(of.value.clone(), self.lang));
        if let Some(page) = self.checker.event_named(&of.value, self.lang) {
            self.out.links_to.push(page);
            self.out.visible_references.of = Some(self.checker.catalog.page(page).path.clone());
        } else if of.value.contains('/') || of.value.ends_with(".md") {
            let known = self.out.links_to.len();
            self.written_link(of);
            self.out.visible_references.of =
                self.out.links_to.get(known).map(|page| self.checker.catalog.page(*page).path.clone());
        } else {
            let near = closest_match(&of.value, self.checker.events.keys().map(|(id, _)| id.as_str()));
            self.collector.report(
                Diagnostic::new(&codes::events::UNKNOWN_EVENT).arg("name", &of.value).optional_arg("nearest", near),
                of.span,
            );
        }
    }

    /// Checks that `page` has this anchor, and returns the id it means. `#` and `#top` always exist (HTML Standard,
    /// section 7.4.6.3).
    fn anchor(&mut self, page: PageId, anchor: &str, span: Span) -> String {
        let catalog = self.checker.catalog;
        let meta = catalog.page(page);
        self.collector.refs.push(ReferenceKey::Anchors(meta.path.clone()));
        if anchor.is_empty() || anchor == "top" || meta.anchors.binary_search_by(|a| a.as_str().cmp(anchor)).is_ok() {
            return anchor.to_string();
        }
        let aliases = self.aliases.entry(page).or_insert_with(|| AnchorAliases::new(&meta.anchors));
        if let Some(id) = aliases.find(anchor) {
            return id.to_string();
        }
        let near = self
            .collector
            .may_suggest()
            .then(|| closest_match(anchor, meta.anchors.iter().map(String::as_str)))
            .flatten();
        let shown = if meta.path == self.doc.path { meta.title.clone() } else { meta.path.to_string() };
        self.collector.report(
            Diagnostic::new(&codes::links::BROKEN_ANCHOR)
                .arg("page", shown)
                .arg("anchor", anchor)
                .optional_arg("nearest", near),
            span,
        );
        anchor.to_string()
    }

    /// Finds a picture and reads its size in pixels. `missing` is the finding's code when no file is there.
    fn image(
        &mut self,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static DiagnosticCode,
    ) -> Option<ResolvedImage> {
        let (file, route) = self.file(path, written, span, missing)?;
        self.collector.refs.push(ReferenceKey::File(file.clone()));
        let mut head = Vec::new();
        if let Ok(stream) = self.checker.files.open(&file) {
            // The size is in the first bytes; in a JPEG it can follow an embedded preview.
            let _ = std::io::Read::read_to_end(&mut std::io::Read::take(stream, 256 << 10), &mut head);
        }
        Some(ResolvedImage { url: self.checker.settings.href(&route), size: image_size(&head) })
    }

    /// Finds a file of the site: its path and its address. `missing` is the finding's code when no file is there.
    pub(super) fn file(
        &mut self,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static DiagnosticCode,
    ) -> Option<(SitePath, Route)> {
        match self.follow(path) {
            LinkResolution::File(file, route) => return Some((file, route)),
            LinkResolution::OutsideSite => {
                self.collector.report(Diagnostic::new(&codes::links::LINK_ESCAPES).arg("target", written), span)
            }
            LinkResolution::Missing { nearest } => self
                .collector
                .report(Diagnostic::new(missing).arg("target", written).optional_arg("nearest", nearest), span),
            LinkResolution::Page(_) | LinkResolution::Generated(_) | LinkResolution::Unpublished(..) => {
                self.collector.report(Diagnostic::new(missing).arg("target", written), span)
            }
        }
        None
    }
}

/// Decodes percent-encoding; text that is not UTF-8 afterwards stays as it is.
fn decode(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8().map_or_else(|_| written.to_string(), |s| s.into_owned())
}

/// Whether a picture's path is an address outside the site.
fn is_remote(path: &str) -> bool {
    path.starts_with("//") || path.contains("://") || path.starts_with("data:")
}
