//! References followed: links, pictures, files, targets, surveys. What is wrong is known before anything is rendered.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assets::{Table, image_size, read_table};
use crate::catalog::{Catalog, Found, Hidden, PageId, Resolver};
use crate::document::Doc;
use crate::engine::{Stamp, stamp};
use crate::markdown::{DirectiveData, Target as LinkTarget};
use crate::settings::{NavEntry, Settings};
use crate::source::Snapshot;
use crate::theme::Theme;
use crate::view::{ImageTo, LinkTo, Resolved, Shown};
use puzhi_core::base::{Route, SitePath, Span, nearest};
use puzhi_core::diag::{Code, Diag, SourceText, codes};
use puzhi_core::kinds::{Event, Kind, Spanned, Target};

use super::data::table_diags;

/// What references can lead to besides cards. Shared by all pages, and kept as long as the site.
pub(super) struct World {
    pub files: Arc<Snapshot>,
    pub settings: Arc<Settings>,
    pub theme: Arc<Theme>,
    pub targets: Arc<Vec<Target>>,
    pub resolver: Resolver,
    /// Pages of events by id and language.
    pub events: BTreeMap<(String, usize), PageId>,
    /// Ids of surveys.
    pub surveys: Vec<String>,
}

/// Follows everything.
#[derive(Clone, Copy)]
pub(super) struct Checker<'c> {
    pub catalog: &'c Catalog,
    pub world: &'c World,
}

impl std::ops::Deref for Checker<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

/// One page's references with what was wrong, and the pages it links to.
#[derive(Default)]
pub(super) struct Checked {
    pub resolved: Resolved,
    pub shown: Shown,
    pub diags: Vec<Diag>,
    pub to: Vec<PageId>,
    /// What was asked for.
    pub refs: Vec<Ref>,
}

/// What following a page's references asked for. As long as each is worth the same, following them again gives the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Ref {
    /// What is at this path, for a link of this language; `true` when it was written from the root.
    Place(SitePath, bool, usize),
    /// The places on a page that links can lead to.
    Anchors(SitePath),
    Title(SitePath),
    /// Whether something has this name: target, group, term, section, survey.
    Name(What, usize, String),
    Event(String, usize),
    Template(String),
    /// The bytes of a file: a picture's size, a table.
    File(SitePath),
}

impl Checker<'_> {
    /// What a reference is worth: another value means that the page must be looked at again.
    pub fn stamp(&self, key: &Ref) -> Option<Stamp> {
        let route = |page: PageId| {
            (&self.catalog.card(page).path, &self.catalog.card(page).route, self.catalog.card(page).lang)
        };
        Some(match key {
            Ref::Place(path, rooted, lang) => match self.resolver.at(self.catalog, path, *rooted, *lang) {
                Some(Found::Page(page)) => stamp(&route(page)),
                Some(Found::Made(route)) => stamp(&("made", route)),
                Some(Found::File(path, route)) => stamp(&("file", path, route)),
                Some(Found::Hidden(why, path)) => stamp(&(why as u8, path)),
                Some(Found::Missing { .. } | Found::Escapes) | None => return None,
            },
            Ref::Anchors(path) => stamp(&self.catalog.card(self.catalog.by_path(path)?).anchors),
            Ref::Title(path) => stamp(&self.catalog.card(self.catalog.by_path(path)?).title),
            Ref::Name(what, lang, name) => stamp(&self.has(*what, *lang, name)),
            Ref::Event(id, lang) => stamp(&self.event_named(id, *lang).map(|page| &self.catalog.card(page).path)),
            Ref::Template(name) => stamp(&self.theme.has(name)),
            Ref::File(path) => stamp(&self.files.hash(path)?),
        })
    }

    fn has(&self, what: What, lang: usize, name: &str) -> bool {
        match what {
            What::Target => self.targets.iter().any(|t| t.id.value == name),
            What::Group => self.targets.iter().any(|t| t.group == name),
            What::Unit | What::Campaign | What::Channel | What::Tag => {
                self.catalog.find_term(what.taxonomy(), lang, name).is_some()
            }
            What::Section => self.catalog.section_at(name.trim_matches('/'), lang).is_some(),
            What::Survey => self.surveys.iter().any(|s| s == name),
            // Columns are in the table's file.
            What::Column => true,
        }
    }

    fn event_named(&self, id: &str, lang: usize) -> Option<PageId> {
        [lang, 0].into_iter().find_map(|lang| self.events.get(&(id.to_string(), lang)).copied())
    }

    /// Follows the references of one page.
    pub fn page(&self, id: PageId, doc: &Doc) -> Checked {
        // The text is read again only where a finding needs a place in it.
        let mut at = Placer {
            files: &self.files,
            path: &doc.path,
            limit: self.settings.limits.markdown,
            found: Vec::new(),
            diags: Vec::new(),
            refs: Vec::new(),
        };
        let lang = self.catalog.card(id).lang;
        let mut out = Checked::default();
        at.refs.reserve(doc.body.links.len() + doc.body.images.len());
        out.to.reserve_exact(doc.body.links.len());
        out.resolved.links.reserve_exact(doc.body.links.len());
        for link in &doc.body.links {
            let to = self.link(id, doc, lang, &link.target(), &link.written, link.span, &mut at, &mut out.to);
            out.resolved.links.push(to);
        }
        for image in &doc.body.images {
            let to = match &image.target {
                LinkTarget::Internal { path, .. } => {
                    self.image(lang, path, &image.written, image.span, &codes::links::BROKEN_LINK, &mut at)
                }
                _ => None,
            };
            out.resolved.images.push(to);
        }
        if let Some(cover) = &doc.head.image {
            let (path, span) = (decode(&cover.src.value), cover.src.span);
            out.shown.cover = if is_remote(&path) {
                at.report(Diag::new(&codes::links::REMOTE_IMAGE).arg("target", &cover.src.value), span);
                None
            } else {
                self.image(lang, &path, &cover.src.value, span, &codes::links::MISSING_IMAGE, &mut at)
            };
        }
        for (n, directive) in doc.body.directives.iter().enumerate() {
            self.directive(n as u32, &directive.data, directive.span, lang, &mut at, &mut out);
        }
        if let Kind::Policy(policy) = &doc.kind {
            for written in &policy.explains {
                if let Some(LinkTo::Own { .. }) = self.written_link(id, doc, lang, written, &mut at, &mut out.to)
                    && let Some(page) = out.to.last()
                {
                    out.shown.explains.push(self.catalog.card(*page).path.clone());
                }
            }
            if let Some(original) = &policy.original {
                let title = original.value.clone();
                let known = out.to.len();
                out.resolved.original = match self.written_link(id, doc, lang, original, &mut at, &mut out.to) {
                    Some(LinkTo::Own { url, .. }) => {
                        let title = out.to.get(known).map_or(title, |p| {
                            let card = self.catalog.card(*p);
                            at.refs.push(Ref::Title(card.path.clone()));
                            card.title.clone()
                        });
                        Some(crate::view::model::LinkView { title, url: url.to_string() })
                    }
                    Some(LinkTo::Out { url }) => Some(crate::view::model::LinkView { title, url }),
                    _ => None,
                };
            }
        }
        if let Kind::Event(event) = &doc.kind {
            self.event(id, doc, event, lang, &mut at, &mut out);
        }
        if let Some(template) = &doc.head.template {
            at.refs.push(Ref::Template(template.value.clone()));
        }
        if let Some(template) = &doc.head.template
            && !self.theme.has(&template.value)
        {
            let near = nearest(&template.value, self.theme.names());
            at.report(
                Diag::new(&codes::theme::TEMPLATE_MISSING).arg("name", &template.value).maybe("nearest", near),
                template.span,
            );
        }
        out.refs = std::mem::take(&mut at.refs);
        out.refs.sort_unstable();
        out.refs.dedup();
        out.diags = at.placed();
        out
    }

    /// Follows a written path and notes that what is there matters. A path that leads nowhere by itself is the page's own affair.
    fn follow(&self, lang: usize, written: &str, at: &mut Placer<'_>) -> Found {
        let joined = Resolver::joined(at.path, written);
        if let Ok(path) = &joined {
            at.refs.push(Ref::Place(path.clone(), written.starts_with('/'), lang));
        }
        self.resolver.follow(self.catalog, at.path, lang, written, &joined, at.suggests())
    }

    #[expect(clippy::too_many_arguments, reason = "one link in all its circumstances")]
    fn link(
        &self,
        id: PageId,
        doc: &Doc,
        lang: usize,
        target: &LinkTarget,
        written: &str,
        span: Span,
        at: &mut Placer<'_>,
        to: &mut Vec<PageId>,
    ) -> LinkTo {
        let (path, anchor) = match target {
            LinkTarget::External(url) => return LinkTo::Out { url: url.clone() },
            LinkTarget::Anchor(anchor) => {
                self.anchor(id, anchor, doc, span, at);
                return LinkTo::Here { anchor: anchor.clone() };
            }
            LinkTarget::Internal { path, anchor } => (path, anchor),
        };
        match self.follow(lang, path, at) {
            Found::Page(page) => {
                if let Some(anchor) = anchor {
                    self.anchor(page, anchor, doc, span, at);
                }
                to.push(page);
                let card = self.catalog.card(page);
                let language = (card.lang != lang).then_some(card.lang);
                LinkTo::Own { url: Arc::clone(self.catalog.url(page)), anchor: anchor.clone(), language }
            }
            Found::Made(route) | Found::File(_, route) => {
                LinkTo::Own { url: self.settings.href(&route).into(), anchor: anchor.clone(), language: None }
            }
            Found::Hidden(why, _) => {
                match why {
                    Hidden::Draft => at.report(Diag::new(&codes::links::LINK_TO_DRAFT).arg("target", written), span),
                    Hidden::Future => at.report(Diag::new(&codes::links::LINK_TO_FUTURE).arg("target", written), span),
                    // Its own errors were reported.
                    Hidden::LeftOut => {}
                }
                LinkTo::Pending
            }
            Found::Missing { nearest } => {
                at.report(Diag::new(&codes::links::BROKEN_LINK).arg("target", written).maybe("nearest", nearest), span);
                LinkTo::Broken
            }
            Found::Escapes => {
                at.report(Diag::new(&codes::links::LINK_ESCAPES).arg("target", written), span);
                LinkTo::Broken
            }
        }
    }

    fn written_link(
        &self,
        id: PageId,
        doc: &Doc,
        lang: usize,
        written: &Spanned<String>,
        at: &mut Placer<'_>,
        to: &mut Vec<PageId>,
    ) -> Option<LinkTo> {
        let Some(target) = parse_target(&written.value) else {
            at.report(refused(&written.value), written.span);
            return None;
        };
        Some(self.link(id, doc, lang, &target, &written.value, written.span, at, to))
    }

    /// What an event refers to: where to register, its photographs, what it belongs to.
    fn event(&self, id: PageId, doc: &Doc, event: &Event, lang: usize, at: &mut Placer<'_>, out: &mut Checked) {
        if let Some(link) = event.registration.as_ref().and_then(|r| r.link.as_ref()) {
            out.shown.registration = self.written_link(id, doc, lang, link, at, &mut out.to);
        }
        for evidence in &event.evidence {
            let photo = evidence.photo.as_ref().and_then(|photo| {
                let path = decode(&photo.value);
                if is_remote(&path) {
                    at.report(Diag::new(&codes::links::REMOTE_IMAGE).arg("target", &photo.value), photo.span);
                    return None;
                }
                self.image(lang, &path, &photo.value, photo.span, &codes::links::MISSING_IMAGE, at)
            });
            out.shown.photos.push(photo);
        }
        let Some(of) = &event.of else { return };
        at.refs.push(Ref::Event(of.value.clone(), lang));
        if let Some(page) = self.event_named(&of.value, lang) {
            out.to.push(page);
            out.shown.of = Some(self.catalog.card(page).path.clone());
        } else if of.value.contains('/') || of.value.ends_with(".md") {
            let known = out.to.len();
            self.written_link(id, doc, lang, of, at, &mut out.to);
            out.shown.of = out.to.get(known).map(|page| self.catalog.card(*page).path.clone());
        } else {
            let near = nearest(&of.value, self.events.keys().map(|(id, _)| id.as_str()));
            at.report(Diag::new(&codes::events::UNKNOWN_EVENT).arg("name", &of.value).maybe("nearest", near), of.span);
        }
    }

    fn anchor(&self, page: PageId, anchor: &str, doc: &Doc, span: Span, at: &mut Placer<'_>) {
        let card = self.catalog.card(page);
        at.refs.push(Ref::Anchors(card.path.clone()));
        if anchor.is_empty() || anchor == "top" || card.anchors.binary_search_by(|a| a.as_str().cmp(anchor)).is_ok() {
            return;
        }
        let near = at.suggests().then(|| nearest(anchor, card.anchors.iter().map(String::as_str))).flatten();
        let shown = if card.path == doc.path { card.title.clone() } else { card.path.to_string() };
        at.report(
            Diag::new(&codes::links::BROKEN_ANCHOR).arg("page", shown).arg("anchor", anchor).maybe("nearest", near),
            span,
        );
    }

    fn image(
        &self,
        lang: usize,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static Code,
        at: &mut Placer<'_>,
    ) -> Option<ImageTo> {
        let (file, route) = self.file(lang, path, written, span, missing, at)?;
        at.refs.push(Ref::File(file.clone()));
        let mut head = Vec::new();
        if let Ok(stream) = self.files.open(&file) {
            // Sizes stand in the first bytes; a JPEG's may follow its embedded preview.
            let _ = std::io::Read::read_to_end(&mut std::io::Read::take(stream, 256 << 10), &mut head);
        }
        Some(ImageTo { url: self.settings.href(&route), size: image_size(&head) })
    }

    fn file(
        &self,
        lang: usize,
        path: &str,
        written: &str,
        span: Span,
        missing: &'static Code,
        at: &mut Placer<'_>,
    ) -> Option<(SitePath, Route)> {
        match self.follow(lang, path, at) {
            Found::File(file, route) => return Some((file, route)),
            Found::Escapes => at.report(Diag::new(&codes::links::LINK_ESCAPES).arg("target", written), span),
            Found::Missing { nearest } => {
                at.report(Diag::new(missing).arg("target", written).maybe("nearest", nearest), span)
            }
            Found::Page(_) | Found::Made(_) | Found::Hidden(..) => {
                at.report(Diag::new(missing).arg("target", written), span)
            }
        }
        None
    }

    fn directive(&self, n: u32, data: &DirectiveData, span: Span, lang: usize, at: &mut Placer<'_>, out: &mut Checked) {
        let unknown = |what: What, name: &str, near: Option<&str>| {
            let diag = Diag::new(&codes::links::UNKNOWN_REFERENCE).arg("what_zh", what.zh()).arg("what_en", what.en());
            diag.arg("name", name).maybe("nearest", near)
        };
        let mut term = |what: What, name: &Option<String>| {
            let Some(name) = name else { return };
            at.refs.push(Ref::Name(what, lang, name.clone()));
            if !self.has(what, lang, name) {
                let names: Vec<&str> =
                    self.catalog.terms_of(what.taxonomy(), lang).map(|t| self.catalog.term(t).name.as_str()).collect();
                at.report(unknown(what, name, nearest(name, names)), span);
            }
        };
        match data {
            DirectiveData::Download { target, written, .. } => {
                if let LinkTarget::Internal { path, .. } = target
                    && let Some(found) = self.file(lang, path, written, span, &codes::links::BROKEN_LINK, at)
                {
                    at.refs.push(Ref::File(found.0.clone()));
                    let size = self.files.size(&found.0).unwrap_or(0);
                    out.resolved.files.insert(n, (found.0, found.1, size));
                }
            }
            DirectiveData::Table { target, written, columns, .. } => {
                let LinkTarget::Internal { path, .. } = target else { return };
                let data_file =
                    path.strip_prefix("/data/").and_then(|below| SitePath::new(&format!("data/{below}")).ok());
                if let Some(file) = &data_file {
                    at.refs.push(Ref::File(file.clone()));
                }
                let found = match data_file.filter(|p| self.files.contains(p)) {
                    Some(file) => Some((file.clone(), Route::file(&file))),
                    None => self.file(lang, path, written, span, &codes::links::BROKEN_LINK, at),
                };
                let Some((file, route)) = found else { return };
                at.refs.push(Ref::File(file.clone()));
                match self.table(&file) {
                    Ok(table) => {
                        for column in columns.iter().filter(|c| !table.columns.contains(c)) {
                            at.report(
                                unknown(
                                    What::Column,
                                    column,
                                    nearest(column, table.columns.iter().map(String::as_str)),
                                ),
                                span,
                            );
                        }
                        let size = self.files.size(&file).unwrap_or(0);
                        out.resolved.tables.insert(n, table);
                        out.resolved.files.insert(n, (file, route, size));
                    }
                    Err(found) => at.diags.extend(found),
                }
            }
            DirectiveData::Target { id } => {
                at.refs.push(Ref::Name(What::Target, lang, id.clone()));
                let ids: Vec<&str> = self.targets.iter().map(|t| t.id.value.as_str()).collect();
                if !ids.contains(&id.as_str()) {
                    at.report(unknown(What::Target, id, nearest(id, ids)), span);
                }
            }
            DirectiveData::Targets { group, unit } => {
                term(What::Unit, unit);
                if let Some(group) = group {
                    at.refs.push(Ref::Name(What::Group, lang, group.clone()));
                }
                if let Some(group) = group
                    && !self.targets.iter().any(|t| t.group == *group)
                {
                    at.report(
                        unknown(What::Group, group, nearest(group, self.targets.iter().map(|t| t.group.as_str()))),
                        span,
                    );
                }
            }
            DirectiveData::Events { campaign, channel, unit, .. } => {
                term(What::Campaign, campaign);
                term(What::Channel, channel);
                term(What::Unit, unit);
            }
            DirectiveData::Pages { section, tag, unit, campaign, .. } => {
                term(What::Tag, tag);
                term(What::Unit, unit);
                term(What::Campaign, campaign);
                if let Some(section) = section {
                    at.refs.push(Ref::Name(What::Section, lang, section.clone()));
                }
                if let Some(section) = section
                    && self.catalog.section_at(section.trim_matches('/'), lang).is_none()
                {
                    let names = self.catalog.sections.iter().map(|s| s.folder.as_str());
                    at.report(unknown(What::Section, section, nearest(section, names)), span);
                }
            }
            DirectiveData::Survey { id, .. } => {
                at.refs.push(Ref::Name(What::Survey, lang, id.clone()));
                if !self.surveys.contains(id) {
                    at.report(unknown(What::Survey, id, nearest(id, self.surveys.iter().map(String::as_str))), span);
                }
            }
            DirectiveData::Contacts { .. } | DirectiveData::Timeline { .. } | DirectiveData::Toc { .. } => {}
        }
    }

    fn table(&self, path: &SitePath) -> Result<Table, Vec<Diag>> {
        let (file, _) = self.files.text(path, self.settings.limits.data, "data").map_err(|d| vec![d])?;
        let source = SourceText::new(path, &file.text);
        read_table(&source, &path.extension()).map_err(|e| table_diags(path, e))
    }

    /// Follows links of settings and data, which are written from the site's root.
    /// `at` puts a finding where the link is written.
    pub fn site_link(
        &self,
        written: &str,
        lang: usize,
        at: impl Fn(Diag) -> Diag,
        diags: &mut Vec<Diag>,
    ) -> Option<String> {
        let Some(target) = parse_target(written) else {
            diags.push(at(refused(written)));
            return None;
        };
        let broken = |code: &'static Code| at(Diag::new(code).arg("target", written));
        match target {
            LinkTarget::External(url) => Some(url),
            LinkTarget::Anchor(_) => None,
            LinkTarget::Internal { path, anchor } => {
                let top = SitePath::new("content/_index.md").ok()?;
                let url =
                    match self.resolver.follow(self.catalog, &top, lang, &path, &Resolver::joined(&top, &path), true) {
                        Found::Page(page) => {
                            let card = self.catalog.card(page);
                            if let Some(anchor) = anchor.as_ref().filter(|a| !card.anchors.contains(a)) {
                                let near = nearest(anchor, card.anchors.iter().map(String::as_str));
                                diags.push(
                                    broken(&codes::links::BROKEN_ANCHOR)
                                        .arg("page", &card.path)
                                        .arg("anchor", anchor)
                                        .maybe("nearest", near),
                                );
                            }
                            self.settings.href(&card.route)
                        }
                        Found::Made(route) | Found::File(_, route) => self.settings.href(&route),
                        Found::Hidden(..) => return None,
                        Found::Missing { nearest } => {
                            diags.push(broken(&codes::links::BROKEN_LINK).maybe("nearest", nearest));
                            return None;
                        }
                        Found::Escapes => {
                            diags.push(broken(&codes::links::LINK_ESCAPES));
                            return None;
                        }
                    };
                Some(match anchor {
                    Some(anchor) => format!("{url}#{}", puzhi_core::base::encode_route(&anchor)),
                    None => url,
                })
            }
        }
    }

    /// The navigation of one language.
    pub fn navigation(&self, entries: &[NavEntry], lang: usize, diags: &mut Vec<Diag>) -> Vec<Option<String>> {
        let Ok(file) = SitePath::new("site.yaml") else { return Vec::new() };
        entries.iter().map(|entry| self.site_link(&entry.link, lang, |d| d.spot(&file, entry.place), diags)).collect()
    }
}

/// A link of front matter, settings or data. `None` when its scheme is not allowed.
fn parse_target(written: &str) -> Option<LinkTarget> {
    crate::markdown::parse_target(written)
}

/// What is said of a link whose scheme is not allowed.
fn refused(written: &str) -> Diag {
    Diag::new(&codes::links::BAD_SCHEME).arg("scheme", written.split(':').next().unwrap_or_default().trim())
}

fn decode(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8().map_or_else(|_| written.to_string(), |s| s.into_owned())
}

fn is_remote(path: &str) -> bool {
    path.starts_with("//") || path.contains("://") || path.starts_with("data:")
}

/// Collects findings of one file, whose text is read only when there are any, and once.
struct Placer<'p> {
    files: &'p Snapshot,
    path: &'p SitePath,
    limit: u64,
    found: Vec<(Diag, Span)>,
    /// Findings that have their place already.
    diags: Vec<Diag>,
    refs: Vec<Ref>,
}

/// How many findings of one page are told what is nearest: looking costs more than finding.
const SUGGESTIONS: usize = 200;

impl Placer<'_> {
    fn report(&mut self, diag: Diag, span: Span) {
        self.found.push((diag, span));
    }

    fn suggests(&self) -> bool {
        self.found.len() < SUGGESTIONS
    }

    fn placed(mut self) -> Vec<Diag> {
        if !self.found.is_empty() {
            let text = self.files.text(self.path, self.limit, "markdown").map(|(s, _)| s.text).unwrap_or_default();
            let source = SourceText::new(self.path, &text);
            self.diags.extend(self.found.into_iter().map(|(diag, span)| diag.at(&source, span)));
        }
        self.diags
    }
}

/// What a directive may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum What {
    Target,
    Group,
    Unit,
    Campaign,
    Channel,
    Tag,
    Section,
    Column,
    Survey,
}

impl What {
    fn taxonomy(self) -> &'static str {
        match self {
            What::Unit => "units",
            What::Campaign => "campaigns",
            What::Channel => "channels",
            _ => "tags",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            What::Target => "目标",
            What::Group => "目标分组",
            What::Unit => "责任单位",
            What::Campaign => "活动系列",
            What::Channel => "七进渠道",
            What::Tag => "标签",
            What::Section => "栏目",
            What::Column => "列",
            What::Survey => "问卷",
        }
    }

    fn en(self) -> &'static str {
        match self {
            What::Target => "target",
            What::Group => "group",
            What::Unit => "unit",
            What::Campaign => "campaign",
            What::Channel => "channel",
            What::Tag => "tag",
            What::Section => "section",
            What::Column => "column",
            What::Survey => "survey",
        }
    }
}
