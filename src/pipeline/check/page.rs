//! Follows the references of one page: links and pictures of its text, and what its front matter names.
//!
//! In: a parsed document and everything references can lead to. Out: a [`CheckedPage`]. Reads of the site's files are limited to
//! pictures' sizes and, for findings, the page's own text. Directives are followed in `directives.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use super::diag_collector::{Correction, DiagCollector};
use super::reference_key::{
    Anchors, ChosenTemplate, EventNamed, EventOf, FileContent, LinkedPage, LinkedPlace, LinkedTitle, Place, PlaceOf,
};
use super::suggestions::{AllNames, Suggestions};
use super::{CheckedPage, ReferenceChecker, disallowed_scheme};
use crate::assets::PictureFacts;
use crate::catalog::{AnchorAliases, LinkResolution, LinkResolver, PageMeta, PageRole, UnpublishedReason};
use crate::document::References;
use crate::markdown::{LinkTarget, parse_link_target};
use crate::theme::Theme;
use crate::view::model::LinkView;
use crate::view::{ResolvedImage, ResolvedLink, ResolvedRendition};
use puzhi_core::base::{PathError, Route, SitePath, Span, closest_match, single_match};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, codes};
use puzhi_core::kinds::{Event, KindData, Policy, Spanned};
use puzhi_pictures::{Encoding, Rendition};

/// One page while its references are followed.
pub(super) struct PageChecker<'p> {
    pub checker: ReferenceChecker<'p>,
    pub doc: References<'p>,
    /// Title of the page.
    pub title: &'p str,
    /// Index of the page's language.
    pub lang: usize,
    pub collector: DiagCollector<'p>,
    /// Other spellings of the anchors of the pages that were asked for them.
    pub aliases: HashMap<SitePath, AnchorAliases<'p>>,
    pub out: CheckedPage,
}

impl PageChecker<'_> {
    /// Follows all references of the page. Reads of the facet named `unrecorded` are left out of the result; tests alone give one.
    pub fn run(mut self, unrecorded: Option<&str>) -> CheckedPage {
        self.body();
        self.cover();
        let doc = self.doc;
        for (n, directive) in doc.directives.iter().enumerate() {
            self.directive(n as u32, &directive.data, directive.span);
        }
        match doc.kind {
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
        self.highlights();
        let Self { mut collector, mut out, .. } = self;
        out.refs = collector.take_refs(unrecorded);
        out.diags = collector.into_diags();
        out
    }

    /// Checks that there are the targets that the home page names. On other pages `highlights` is whatever the theme makes of it.
    fn highlights(&mut self) {
        let of_home = |meta: &PageMeta| meta.role == PageRole::Section && meta.folder.is_empty();
        let catalog = &self.checker.catalog;
        if !catalog.by_path(self.doc.path).is_some_and(|id| of_home(catalog.page(id))) {
            return;
        }
        for id in self.doc.highlights {
            self.name(super::ReferenceKind::Target, &id.value, id.span);
        }
    }

    /// Follows the links and pictures of the text.
    fn body(&mut self) {
        let References { links, images, .. } = self.doc;
        self.out.links_to.reserve_exact(links.len());
        self.out.resolved.links.reserve_exact(links.len());
        for link in links {
            let resolved = self.link(&link.target(), &link.written, link.span);
            self.out.resolved.links.push(resolved);
        }
        for image in images {
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
        if let Some(cover) = self.doc.image {
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
                && let Some(path) = self.out.links_to.last()
            {
                self.out.visible_references.explains.push(path.clone());
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
                let page = self.out.links_to.get(known);
                let own = page.and_then(|path| self.collector.read::<LinkedTitle>(&self.checker, path.clone()));
                Some(LinkView { title: own.map_or(title, str::to_string), url: url.to_string() })
            }
            Some(ResolvedLink::External { url }) => Some(LinkView { title, url }),
            _ => None,
        }
    }

    /// Checks that the theme has the template that front matter names.
    fn template(&mut self) {
        let Some(template) = self.doc.template else { return };
        if !self.collector.read::<ChosenTemplate>(&self.checker, template.value.clone()) {
            let near = self.collector.read::<Suggestions>(&self.checker, AllNames).template(&template.value);
            self.collector.report(
                Diagnostic::new(&codes::theme::TEMPLATE_MISSING)
                    .arg("name", &template.value)
                    .optional_arg("nearest", near),
                template.span,
            );
        } else if Theme::shows_no_page(&template.value) {
            let diag = Diagnostic::new(&codes::theme::TEMPLATE_NO_PAGE).arg("name", &template.value);
            self.collector.report(diag, template.span);
        }
    }

    /// Resolves a written path. A path that leaves the site depends on nothing else.
    fn follow(&mut self, written: &str) -> Place<'_> {
        let path = match LinkResolver::target_path(self.collector.path, written) {
            Ok(path) => path,
            Err(PathError::Escapes) => return Place::Other(LinkResolution::OutsideSite),
            Err(PathError::Segment) => return Place::Other(LinkResolution::Missing { nearest: None }),
        };
        let of = PlaceOf { path: path.clone(), rooted: written.starts_with('/'), lang: self.lang };
        match self.collector.read::<LinkedPlace>(&self.checker, of) {
            Some(place) => place,
            None => {
                let near = match self.collector.may_suggest() {
                    true => {
                        let from = self.collector.path;
                        self.collector.read::<Suggestions>(&self.checker, AllNames).link(from, &path)
                    }
                    false => None,
                };
                Place::Other(LinkResolution::Missing { nearest: near })
            }
        }
    }

    /// Follows one link; `written` is its source text at `span`, for findings. A page it leads to is added to `links_to`.
    fn link(&mut self, target: &LinkTarget, written: &str, span: Span) -> ResolvedLink {
        let (path, anchor) = match target {
            LinkTarget::External(url) => return ResolvedLink::External { url: url.clone() },
            LinkTarget::Anchor(anchor) => {
                return ResolvedLink::SamePage { anchor: self.anchor(self.doc.path, anchor, span) };
            }
            LinkTarget::Internal { path, anchor } => (path, anchor),
        };
        match self.follow(path) {
            Place::Page(LinkedPage { id: _, path, lang, url }) => {
                let (path, url) = (path.clone(), Arc::clone(url));
                let anchor = anchor.as_ref().map(|anchor| self.anchor(&path, anchor, span));
                self.out.links_to.push(path);
                let language = (lang != self.lang).then_some(lang);
                ResolvedLink::Internal { url, anchor, language }
            }
            Place::Other(found) => self.link_elsewhere(found, anchor.clone(), written, span),
        }
    }

    /// A link that leads to no page: to a generated output or a file, or nowhere.
    fn link_elsewhere(
        &mut self,
        found: LinkResolution,
        anchor: Option<String>,
        written: &str,
        span: Span,
    ) -> ResolvedLink {
        match found {
            LinkResolution::Generated(route) | LinkResolution::File(_, route) => {
                ResolvedLink::Internal { url: self.checker.settings.href(&route).into(), anchor, language: None }
            }
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
                let correction = other_case(written, nearest.as_deref());
                self.collector.report_with(
                    Diagnostic::new(&codes::links::BROKEN_LINK).arg("target", written).optional_arg("nearest", nearest),
                    span,
                    correction,
                );
                ResolvedLink::Broken
            }
            LinkResolution::OutsideSite => {
                self.collector.report(Diagnostic::new(&codes::links::LINK_ESCAPES).arg("target", written), span);
                ResolvedLink::Broken
            }
            LinkResolution::Page(_) => ResolvedLink::Broken,
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
        let named = EventOf { id: of.value.clone(), lang: self.lang };
        let named = self.collector.read::<EventNamed>(&self.checker, named).cloned();
        if let Some(path) = named {
            self.out.links_to.push(path.clone());
            self.out.visible_references.of = Some(path);
        } else if of.value.contains('/') || of.value.ends_with(".md") {
            let known = self.out.links_to.len();
            self.written_link(of);
            self.out.visible_references.of = self.out.links_to.get(known).cloned();
        } else {
            let near = self.collector.read::<Suggestions>(&self.checker, AllNames).event(&of.value);
            self.collector.report(
                Diagnostic::new(&codes::events::UNKNOWN_EVENT).arg("name", &of.value).optional_arg("nearest", near),
                of.span,
            );
        }
    }

    /// Checks that `page` has this anchor, and returns the id it means. `#` and `#top` always exist (HTML Standard,
    /// section 7.4.6.3).
    fn anchor(&mut self, page: &SitePath, anchor: &str, span: Span) -> String {
        let anchors = self.collector.read::<Anchors>(&self.checker, page.clone());
        if anchor.is_empty() || anchor == "top" || anchors.binary_search_by(|a| a.as_str().cmp(anchor)).is_ok() {
            return anchor.to_string();
        }
        // The same ids once more, for as long as the page is followed: a page with many such links makes its index once.
        let catalog = self.checker.catalog;
        let ids = || catalog.by_path(page).map(|id| catalog.page(id).anchors.as_slice()).unwrap_or_default();
        let aliases = self.aliases.entry(page.clone()).or_insert_with(|| AnchorAliases::new(ids()));
        if let Some(id) = aliases.find(anchor) {
            return id.to_string();
        }
        let suggest = self.collector.may_suggest();
        let near = suggest.then(|| closest_match(anchor, anchors.iter().map(String::as_str))).flatten();
        let only = near.and_then(|_| single_match(anchor, anchors.iter().map(String::as_str)));
        let correction = only.map(|id| Correction { written: format!("#{anchor}"), typed: format!("#{id}") });
        let shown = if page == self.doc.path { self.title.to_string() } else { page.to_string() };
        self.collector.report_with(
            Diagnostic::new(&codes::links::BROKEN_ANCHOR)
                .arg("page", shown)
                .arg("anchor", anchor)
                .optional_arg("nearest", near),
            span,
            correction,
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
        let content = self.collector.read::<FileContent>(&self.checker, file);
        if content.is_bad_picture() {
            return None;
        }
        let whole = self.checker.settings.href(&route);
        Some(match content.picture() {
            Some(facts) => resolved_picture(facts, whole, |route| self.checker.settings.href(route)),
            None => ResolvedImage { url: whole, size: content.picture_size(), renditions: Vec::new() },
        })
    }

    /// Whether a file of the site is at this address.
    pub(super) fn is_file(&mut self, path: &str) -> bool {
        matches!(self.follow(path), Place::Other(LinkResolution::File(..)))
    }

    /// Finds a file of the site: its path and its address. `missing` is the finding's code when no file is there.
    pub(super) fn file(
        &mut self,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static DiagnosticCode,
    ) -> Option<(SitePath, Route)> {
        let mut correction = None;
        let diag = match self.follow(path) {
            Place::Other(LinkResolution::File(file, route)) => return Some((file, route)),
            Place::Other(LinkResolution::OutsideSite) => Diagnostic::new(&codes::links::LINK_ESCAPES),
            Place::Other(LinkResolution::Missing { nearest }) => {
                correction = other_case(written, nearest.as_deref());
                Diagnostic::new(missing).optional_arg("nearest", nearest)
            }
            Place::Page(_) | Place::Other(_) => Diagnostic::new(missing),
        };
        self.collector.report_with(diag.arg("target", written), span, correction);
        None
    }
}

/// The correction of a path that differs from that of a file in upper and lower case alone.
fn other_case(written: &str, nearest: Option<&str>) -> Option<Correction> {
    let nearest = nearest.filter(|nearest| nearest.to_lowercase() == written.to_lowercase())?;
    Some(Correction { written: written.to_string(), typed: nearest.to_string() })
}

/// Width of the rendition that browsers without `srcset`, feeds and share cards get.
const PLAIN_WIDTH: u32 = 960;

/// The addresses of a picture; `whole` is that of its clean copy.
fn resolved_picture(facts: &PictureFacts, whole: String, href: impl Fn(&Route) -> String) -> ResolvedImage {
    let resolved = |rendition: &Rendition| {
        let url = href(&facts.route(rendition)?);
        Some(ResolvedRendition { url, width: rendition.width, encoding: rendition.encoding })
    };
    let renditions: Vec<ResolvedRendition> = facts.renditions.iter().filter_map(resolved).collect();
    let plain = renditions.iter().filter(|rendition| rendition.encoding != Encoding::Webp);
    let plain = plain.clone().rfind(|rendition| rendition.width <= PLAIN_WIDTH).or_else(|| plain.clone().next());
    let largest = facts.renditions.iter().max_by_key(|rendition| rendition.width);
    ResolvedImage {
        url: plain.map_or(whole, |rendition| rendition.url.clone()),
        size: largest.map(|largest| (largest.width, largest.height)).or(facts.size),
        renditions,
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
