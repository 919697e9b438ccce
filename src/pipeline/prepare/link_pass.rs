//! One pass of indexing and link checking: from pages to a catalog, an output plan and followed references.
//!
//! `--keep-going` repeats the pass without the pages that had errors. Does not read front matter and renders nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::events::event_ids;
use super::withheld_files::{WithheldInput, withheld_files};
use crate::assets::AssetManifest;
use crate::calendar::{EventLock, EventSchedule, build_event_schedule};
use crate::catalog::{self, Catalog, KindFacts, LinkResolver, PageId, PageMeta, UnplacedDiagnostic, UnpublishedReason};
use crate::document::Document;
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::outputs::{OutputPlan, PlanInput, Recipe, plan_outputs};
use crate::pipeline::check::{CheckedPage, LinkContext, ReferenceChecker, ReferenceKey};
use crate::pipeline::data::Data;
use crate::pipeline::docs::{ContentPage, PageReader};
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::Theme;
use crate::view::{NavigationLinks, ResolvedDoc, VisibleReferences};
use puzhi_core::base::{BuildDate, SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText, codes};

/// Inputs of indexing and link checking that stay the same while `--keep-going` leaves out pages with errors.
pub(super) struct LinkPass<'r> {
    pub files: &'r Arc<FileSnapshot>,
    pub settings: &'r Arc<Settings>,
    pub theme: &'r Arc<Theme>,
    pub assets: &'r AssetManifest,
    pub clock: &'r BuildDate,
    pub data: &'r Data,
    pub targets: &'r Arc<Vec<puzhi_core::kinds::Target>>,
    pub lock: &'r Option<EventLock>,
    pub results: &'r BTreeMap<String, puzhi_core::kinds::results::Results>,
    pub reader: &'r Arc<PageReader>,
    pub hidden: BTreeMap<SitePath, UnpublishedReason>,
    /// Those of the hidden pages that could be read: drafts, what draft sections hold back, future pages.
    pub unpublished: Vec<ContentPage>,
    /// What the references of each page depended on in an earlier build.
    pub checks: DependencyGraph<SitePath, ReferenceKey>,
}

/// The result of one pass: pages indexed, outputs planned, references followed.
pub(super) struct LinkedSite {
    pub catalog: Arc<Catalog>,
    pub link_context: Arc<LinkContext>,
    pub agenda: EventSchedule,
    pub ledger_clause: Option<String>,
    pub plan: OutputPlan,
    pub followed: Vec<FollowedReferences>,
    pub resolved_docs: Vec<Option<Arc<ResolvedDoc>>>,
    pub target_links: Vec<(Option<String>, Option<String>)>,
    pub navigation: Vec<NavigationLinks>,
    /// Number of documents parsed again because something they refer to changed.
    pub read_again: usize,
    pub diags: Vec<Diagnostic>,
}

/// A page's references after they were followed, or as the cache has them.
#[derive(Clone, Default)]
pub(in crate::pipeline) struct FollowedReferences {
    pub visible_references: VisibleReferences,
    pub content_fingerprint: Fingerprint,
    pub links_to: Vec<SitePath>,
    pub checked: CheckNotes,
}

/// One page's result, with what else following it produced.
#[derive(Default)]
struct FollowedPage {
    references: FollowedReferences,
    /// The document with its links resolved, if the page was parsed and its text is kept.
    resolved_doc: Option<Arc<ResolvedDoc>>,
    diags: Vec<Diagnostic>,
    /// It had to be parsed again.
    read_again: bool,
}

/// Of a page that was checked in this build: what its references depend on, and whether there were no findings.
pub(super) type CheckNotes = Option<(Vec<ReferenceKey>, bool)>;

impl LinkPass<'_> {
    /// What will be wrong once the pages of `future` are there, so that no build fails only because a day passed.
    pub fn look_ahead(
        &mut self,
        pages: Vec<ContentPage>,
        future: Vec<ContentPage>,
    ) -> (Vec<ContentPage>, Vec<Diagnostic>) {
        let coming: BTreeSet<SitePath> = future.iter().map(|page| page.place.path.clone()).collect();
        let mut all = pages;
        all.extend(future);
        all.sort_by(|a, b| a.place.path.cmp(&b.place.path));
        let checks = std::mem::take(&mut self.checks);
        let mut found = self.link(&all, |page| coming.contains(&page.place.path), None).diags;
        self.checks = checks;
        // What two pages have in common may be said at either.
        let shared = [&codes::links::ROUTE_COLLISION, &codes::links::DUPLICATE_ID, &codes::links::TERM_ALIAS_CLASH];
        found.retain(|d| shared.contains(&d.code) || d.file.as_ref().is_some_and(|f| coming.contains(f)));
        all.retain(|page| !coming.contains(&page.place.path));
        (all, found)
    }

    /// Indexes and plans the site of `pages`, and follows the references of those that `wanted` names. `text_only_changes` are the only files
    /// that changed, where no reference can lead elsewhere than it did.
    pub fn link(
        &mut self,
        pages: &[ContentPage],
        wanted: impl Fn(&ContentPage) -> bool + Sync,
        text_only_changes: Option<&[SitePath]>,
    ) -> LinkedSite {
        let metas: Vec<Arc<PageMeta>> = pages.iter().map(|page| Arc::clone(&page.meta)).collect();
        let (mut catalog, mut unplaced) = catalog::build(metas, self.settings);
        unplaced.extend(duplicate_ids(&catalog));
        let today = self.clock.today;
        let agenda =
            build_event_schedule(&catalog, self.settings, self.lock.as_ref().unwrap_or(&EventLock::default()), today);
        let (mut plan, found) = plan_outputs(&PlanInput {
            catalog: &catalog,
            agenda: &agenda,
            results: self.results,
            settings: self.settings,
            assets: self.assets,
            theme: self.theme,
            files: self.files,
        });
        unplaced.extend(found);
        let mut diags: Vec<Diagnostic> =
            unplaced.into_iter().map(|found| self.placed(found.diag, found.span)).collect();
        diags.extend(agenda.findings(&catalog, today));
        let link_context = Arc::new(LinkContext {
            files: Arc::clone(self.files),
            settings: Arc::clone(self.settings),
            theme: Arc::clone(self.theme),
            targets: Arc::clone(self.targets),
            resolver: LinkResolver::new(Arc::clone(self.files), self.hidden.clone(), plan.generated_routes()),
            events: event_ids(&catalog),
            surveys: catalog.page_ids().filter_map(|id| survey_id(catalog.page(id))).collect(),
        });
        let checker = ReferenceChecker { catalog: &catalog, link_context: &link_context };
        self.checks.start_revision();
        let changed = match text_only_changes {
            Some(files) => {
                let keys: Vec<ReferenceKey> = files.iter().cloned().map(ReferenceKey::File).collect();
                self.checks.refresh_keys(&keys, |key| checker.fingerprint(key))
            }
            None => self.checks.refresh(|key| checker.fingerprint(key)),
        };
        let outdated = self.checks.readers(&changed);
        let unknown = |page: &ContentPage| {
            page.previous.is_none() || outdated.contains(&page.place.path) || !self.checks.contains(&page.place.path)
        };
        let follow = |(i, page): (usize, &ContentPage)| -> FollowedPage {
            if !wanted(page) {
                return FollowedPage::default();
            }
            match &page.previous {
                Some(previous) if !unknown(page) => {
                    let known = FollowedReferences {
                        visible_references: previous.visible_references.clone(),
                        content_fingerprint: previous.content_fingerprint,
                        links_to: previous.links_to.clone(),
                        checked: None,
                    };
                    FollowedPage { references: known, ..FollowedPage::default() }
                }
                _ => self.follow(PageId(i as u32), page, checker),
            }
        };
        let results: Vec<_> = pages.par_iter().enumerate().map(follow).collect();
        let mut followed = Vec::with_capacity(pages.len());
        let mut resolved_docs = Vec::with_capacity(pages.len());
        let mut read_again = 0;
        for page in results {
            followed.push(page.references);
            resolved_docs.push(page.resolved_doc);
            diags.extend(page.diags);
            read_again += usize::from(page.read_again);
        }
        if !self.unpublished.is_empty() {
            self.withhold_files(pages, &followed, checker, &mut plan);
        }
        let target_links = self.target_links(&checker, &mut diags);
        let ledger_clause = self.ledger_clause(&checker, &mut diags);
        let navigation = self
            .settings
            .languages
            .iter()
            .enumerate()
            .map(|(lang, l)| {
                let mut links = |entries| checker.navigation(entries, lang, &mut diags);
                NavigationLinks {
                    navigation: links(&l.navigation),
                    footer: links(&l.footer),
                    entries: links(&l.entries),
                }
            })
            .collect();
        let links: Vec<(PageId, PageId)> = followed
            .par_iter()
            .enumerate()
            .flat_map_iter(|(i, f)| {
                f.links_to.iter().filter_map(|path| catalog.by_path(path)).map(move |target| (PageId(i as u32), target))
            })
            .collect();
        catalog.set_backlinks(links);
        LinkedSite {
            catalog: Arc::new(catalog),
            link_context,
            agenda,
            ledger_clause,
            plan,
            followed,
            resolved_docs,
            target_links,
            navigation,
            read_again,
            diags,
        }
    }

    /// Takes files out of the plan that only unpublished pages refer to, or that lie in their folders.
    fn withhold_files(
        &self,
        pages: &[ContentPage],
        followed: &[FollowedReferences],
        checker: ReferenceChecker<'_>,
        plan: &mut OutputPlan,
    ) {
        let input = WithheldInput { unpublished: &self.unpublished, published: pages, reader: self.reader, checker };
        let held = withheld_files(&input, |see| {
            for (page, followed) in pages.iter().zip(followed) {
                match &followed.checked {
                    Some((keys, _)) => keys.iter().for_each(&mut *see),
                    None => {
                        let known = self.checks.reads(&page.place.path).unwrap_or_default();
                        known.into_iter().for_each(|(key, _)| see(key));
                    }
                }
            }
        });
        plan.jobs.retain(|job| match &job.recipe {
            Recipe::CopiedFile(file) => !held.contains(&file.0),
            _ => true,
        });
    }

    /// Follows the references of one page, which is parsed if it was not.
    fn follow(&self, id: PageId, page: &ContentPage, checker: ReferenceChecker<'_>) -> FollowedPage {
        let (doc, again) = match &page.doc {
            Some(doc) => (Arc::clone(doc), false),
            None => match self.reader.read(&page.place, page.kind).doc {
                Some(doc) => (Arc::new(doc), true),
                // The file was readable when the build began.
                None => {
                    let diag =
                        Diagnostic::new(&codes::source::UNREADABLE).file(&page.place.path).arg("cause", "changed");
                    let references =
                        FollowedReferences { checked: Some((Vec::new(), false)), ..FollowedReferences::default() };
                    return FollowedPage { references, resolved_doc: None, diags: vec![diag], read_again: true };
                }
            },
        };
        let (references, resolved_doc, diags) = follow(id, page, doc, checker);
        let resolved_doc = (page.has_text || again).then(|| Arc::new(resolved_doc));
        FollowedPage { references, resolved_doc, diags, read_again: again }
    }

    /// Adds line and column to a finding, for which its file is read again.
    fn placed(&self, diag: Diagnostic, span: Option<Span>) -> Diagnostic {
        let (Some(span), Some(file)) = (span, diag.file.clone()) else { return diag };
        match self.files.read_text(&file, self.settings.limits.markdown, "markdown") {
            Ok((source, _)) => diag.at(&SourceText::new(&file, &source.text), span),
            Err(_) => diag,
        }
    }

    fn ledger_clause(&self, checker: &ReferenceChecker<'_>, diags: &mut Vec<Diagnostic>) -> Option<String> {
        let (link, place) = self.settings.ledger.as_ref()?.clause.as_ref()?;
        let file = SitePath::new("site.yaml").ok()?;
        checker.site_link(link, 0, |d| d.at_position(&file, *place), diags)
    }

    fn target_links(
        &self,
        checker: &ReferenceChecker<'_>,
        diags: &mut Vec<Diagnostic>,
    ) -> Vec<(Option<String>, Option<String>)> {
        let Ok(path) = SitePath::new("data/targets.yaml") else { return Vec::new() };
        if self.data.targets.is_empty() {
            return Vec::new();
        }
        let text =
            self.files.read_text(&path, self.settings.limits.data, "data").map(|(s, _)| s.text).unwrap_or_default();
        let source = SourceText::new(&path, &text);
        let mut follow = |link: &puzhi_core::kinds::Spanned<String>| {
            checker.site_link(&link.value, 0, |d| d.at(&source, link.span), diags)
        };
        let targets = self.data.targets.iter();
        targets
            .map(|t| {
                (
                    t.clause.as_ref().and_then(|(_, link)| link.as_ref()).and_then(&mut follow),
                    t.explainer.as_ref().and_then(&mut follow),
                )
            })
            .collect()
    }
}

/// Follows the references of a page that was read.
pub(in crate::pipeline) fn follow(
    id: PageId,
    page: &ContentPage,
    doc: Arc<Document>,
    checker: ReferenceChecker<'_>,
) -> (FollowedReferences, ResolvedDoc, Vec<Diagnostic>) {
    let CheckedPage { resolved, visible_references, diags, links_to, refs } = checker.page(id, &doc);
    let sound = page.is_clean && diags.is_empty();
    let mut links_to: Vec<SitePath> =
        links_to.into_iter().map(|links_to| checker.catalog.page(links_to).path.clone()).collect();
    links_to.sort_unstable();
    links_to.dedup();
    let content_fingerprint = fingerprint(&(page.hash, page.kind, &resolved, &visible_references));
    (
        FollowedReferences { visible_references, content_fingerprint, links_to, checked: Some((refs, sound)) },
        ResolvedDoc { doc, resolved },
        diags,
    )
}

fn survey_id(meta: &PageMeta) -> Option<String> {
    match &meta.facts {
        KindFacts::Survey(survey) => survey.id.as_ref().map(|id| id.value.clone()),
        _ => None,
    }
}

/// Two pages with the same survey or event id, unless one is the other in another language.
fn duplicate_ids(catalog: &Catalog) -> Vec<UnplacedDiagnostic> {
    let mut seen: BTreeMap<(&str, &str), Vec<&PageMeta>> = BTreeMap::new();
    let mut diags = Vec::new();
    for meta in &catalog.pages {
        let (what, id) = match &meta.facts {
            KindFacts::Survey(s) => ("survey", s.id.as_ref()),
            KindFacts::Event(e) => ("event", e.id.as_ref()),
            _ => continue,
        };
        let Some(id) = id else { continue };
        let same = seen.entry((what, &id.value)).or_default();
        if let Some(other) = same.iter().find(|other| other.lang == meta.lang || other.key != meta.key) {
            let diag = Diagnostic::new(&codes::links::DUPLICATE_ID)
                .file(&meta.path)
                .arg("id", &id.value)
                .arg("other", &other.path);
            diags.push(UnplacedDiagnostic { diag, span: Some(id.span) });
        }
        same.push(meta);
    }
    diags
}
