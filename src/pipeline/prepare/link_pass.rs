//! One pass of indexing and link checking: from pages to a catalog, an output plan and followed references.
//!
//! `--keep-going` repeats the pass without the pages that had errors. Does not read front matter and renders nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::active_attachments::active_attachments;
use super::draft_copies::draft_copies;
use super::events::event_ids;
use super::inputs::{SiteInputs, SiteMaterial};
use super::released::ReleaseCheck;
use super::unreached_files::unreached_files;
use super::withdrawals::WithdrawalCheck;
use super::withheld_files::{FileReferences, withheld_files};
use crate::calendar::{EventLock, EventSchedule, build_event_schedule};
use crate::catalog::{self, Catalog, KindFacts, LinkResolver, PageId, PageMeta, UnplacedDiagnostic, UnpublishedReason};
use crate::document::References;
use crate::engine::{DependencyGraph, Fingerprint, Scope, fingerprint};
use crate::outputs::{OutputPlan, PlanInput, plan_outputs};
use crate::pipeline::check::{CheckedPage, LinkContext, ReferenceChecker, ReferenceKey};
use crate::pipeline::docs::{ContentPage, HeldDocument};
use crate::pipeline::left_overs;
use crate::pipeline::previous::PreviousPage;
use crate::settings::Language;
use crate::view::{
    CardMaterial, NavigationLinks, ResolvedDoc, ResolvedReferences, SiteImages, TargetLinks, VisibleReferences,
};
use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText, codes};

/// Inputs of indexing and link checking. Only `hidden` changes while `--keep-going` leaves out pages with errors.
pub(super) struct LinkPass<'r> {
    pub inputs: &'r SiteInputs<'r>,
    pub material: &'r SiteMaterial,
    /// Pages that are not shown, and why.
    pub hidden: BTreeMap<SitePath, UnpublishedReason>,
    /// Those of the hidden pages that could be read: drafts, what draft sections hold back, future pages.
    pub unpublished: Vec<ContentPage>,
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
    pub target_links: Vec<TargetLinks>,
    pub navigation: Vec<NavigationLinks>,
    pub images: SiteImages,
    /// What share cards are drawn with.
    pub cards: CardMaterial,
    /// Files that stay back with pages that are not published.
    pub withheld: BTreeSet<SitePath>,
    /// Those of them that stay back with withdrawn articles.
    pub withdrawn_files: BTreeSet<SitePath>,
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
    /// How they were followed; `None` if the cache has them.
    pub check: Option<CheckNotes>,
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

impl FollowedPage {
    /// The references as the cache has them.
    fn known(previous: &PreviousPage) -> Self {
        let references = FollowedReferences {
            visible_references: previous.visible_references.clone(),
            content_fingerprint: previous.content_fingerprint,
            links_to: previous.links_to.clone(),
            check: None,
        };
        Self { references, diags: previous.reference_findings.clone(), ..Self::default() }
    }
}

/// Indexed pages with calendars and planned outputs, before references are followed.
struct Index {
    catalog: Catalog,
    agenda: EventSchedule,
    plan: OutputPlan,
    diags: Vec<Diagnostic>,
}

/// All links between pages.
fn links_between(catalog: &Catalog, followed: &[FollowedReferences]) -> Vec<(PageId, PageId)> {
    let of_page = |(i, references): (usize, &FollowedReferences)| {
        let targets: Vec<PageId> = references.links_to.iter().filter_map(|path| catalog.by_path(path)).collect();
        targets.into_iter().map(move |target| (PageId(i as u32), target))
    };
    followed.par_iter().enumerate().flat_map_iter(of_page).collect()
}

/// Files that stay back.
struct HeldFiles {
    /// All of them.
    withheld: BTreeSet<SitePath>,
    /// Those that stay back with withdrawn articles.
    withdrawn: BTreeSet<SitePath>,
}

/// Whether a page shows a notice instead of its text.
fn is_withdrawn(page: &ContentPage) -> bool {
    page.meta.withdrawn.is_some()
}

/// Calls `see` with each reference of the pages whose text is shown.
fn see_references(
    pages: &[ContentPage],
    followed: &[FollowedReferences],
    checks: &DependencyGraph<SitePath, ReferenceKey>,
    see: &mut dyn FnMut(&ReferenceKey),
) {
    for (page, followed) in pages.iter().zip(followed).filter(|(page, _)| !is_withdrawn(page)) {
        match &followed.check {
            Some(notes) => notes.refs.iter().for_each(&mut *see),
            None => {
                let known = checks.reads(&page.place.path).unwrap_or_default();
                known.into_iter().for_each(|(key, _)| see(key));
            }
        }
    }
}

/// How the references of a page were followed in this build.
#[derive(Clone)]
pub(in crate::pipeline) struct CheckNotes {
    /// What they depend on.
    pub refs: Vec<ReferenceKey>,
    /// What following them found.
    pub findings: Vec<Diagnostic>,
    /// Whether all of them were followed. A file that went away while the build ran has none.
    pub is_complete: bool,
}

impl LinkPass<'_> {
    /// The findings that there will be once the pages of `future` are there, so that no build fails only because a day passed.
    pub fn look_ahead(&self, pages: &[ContentPage], future: Vec<ContentPage>) -> Vec<Diagnostic> {
        let coming: BTreeSet<SitePath> = future.iter().map(|page| page.place.path.clone()).collect();
        let mut all = pages.to_vec();
        all.extend(future);
        all.sort_by(|a, b| a.place.path.cmp(&b.place.path));
        let is_coming = |page: &ContentPage| coming.contains(&page.place.path);
        let mut found = self.link(&all, is_coming, &mut DependencyGraph::default(), None).diags;
        // A finding about two pages may be reported at either.
        let shared = [
            &codes::links::ROUTE_COLLISION,
            &codes::links::ALIAS_COLLISION,
            &codes::links::DUPLICATE_ID,
            &codes::links::TERM_ALIAS_CLASH,
            &codes::links::TERMS_MERGED,
        ];
        found.retain(|d| shared.contains(&d.code) || d.file.as_ref().is_some_and(|f| coming.contains(f)));
        found
    }

    /// Indexes and plans the site of `pages`, and follows the references of those that `wanted` names. `checks` has what the references
    /// of each page depended on in an earlier build. `text_only_changes` are the only files that changed, if no reference can lead
    /// elsewhere than it did.
    pub fn link(
        &self,
        pages: &[ContentPage],
        wanted: impl Fn(&ContentPage) -> bool + Sync,
        checks: &mut DependencyGraph<SitePath, ReferenceKey>,
        text_only_changes: Option<&[SitePath]>,
    ) -> LinkedSite {
        let mut index = self.index(pages);
        let link_context = self.link_context(&index);
        let checker = ReferenceChecker { catalog: &index.catalog, link_context: &link_context, text: None };
        let files: Option<Vec<ReferenceKey>> =
            text_only_changes.map(|files| files.iter().cloned().map(ReferenceKey::FileContent).collect());
        let scope = files.as_deref().map_or(Scope::Everything, Scope::Keys);
        let outdated = checks.compare(scope, |key| key.fingerprint(&checker)).outdated;
        let checks = &*checks;
        let follow = |(i, page): (usize, &ContentPage)| -> FollowedPage {
            let path = &page.place.path;
            match &page.previous {
                _ if !wanted(page) => FollowedPage::default(),
                Some(previous) if !outdated.contains(path) && checks.contains(path) => FollowedPage::known(previous),
                _ => self.follow(PageId(i as u32), page, checker),
            }
        };
        let results: Vec<FollowedPage> = pages.par_iter().enumerate().map(follow).collect();
        let mut diags = std::mem::take(&mut index.diags);
        let mut followed = Vec::with_capacity(pages.len());
        let mut resolved_docs = Vec::with_capacity(pages.len());
        let mut read_again = 0;
        for page in results {
            followed.push(page.references);
            resolved_docs.push(page.resolved_doc);
            diags.extend(page.diags);
            read_again += usize::from(page.read_again);
        }
        let see_all = |see: &mut dyn FnMut(&ReferenceKey)| see_references(pages, &followed, checks, see);
        let HeldFiles { withheld, withdrawn: withdrawn_files } = self.held_files(pages, checker, see_all, &mut diags);
        let target_links = self.target_links(&checker, &mut diags);
        let ledger_clause = self.ledger_clause(&checker, &mut diags);
        let navigation = self.navigation(&checker, &mut diags);
        let images = checker.site_images(&mut diags);
        let cards = self.cards(&checker, &mut diags);
        checker.days_without_times(&self.material.releases.log, &mut diags);
        let Index { mut catalog, agenda, mut plan, .. } = index;
        let pictures = &self.material.pictures;
        diags.extend(pictures.problems().filter(|(path, _)| !withheld.contains(*path)).map(|(_, diag)| diag.clone()));
        let scripted = pictures.scripted().filter(|path| !withheld.contains(*path));
        diags.extend(scripted.map(|path| Diagnostic::new(&codes::pictures::SVG_SCRIPT).file(path)));
        let active = active_attachments(self.inputs.files).into_iter().filter(|path| !withheld.contains(*path));
        diags.extend(active.map(|path| Diagnostic::new(&codes::pictures::ACTIVE_ATTACHMENT).file(path)));
        plan.jobs.retain(|job| {
            let files = job.published_files();
            files.is_empty() || !files.iter().all(|file| withheld.contains(file))
        });
        let (log, hidden, inputs) = (&*self.material.releases.log, &self.hidden, self.inputs);
        let released =
            ReleaseCheck { inputs, log, catalog: &catalog, plan: &plan, hidden, withdrawn_files: &withdrawn_files };
        diags.extend(released.findings());
        let links = links_between(&catalog, &followed);
        diags.extend(WithdrawalCheck { inputs, catalog: &catalog, links: &links }.findings());
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
            images,
            cards,
            withheld,
            withdrawn_files,
            read_again,
            diags,
        }
    }

    /// The files that stay back. What a withdrawn article refers to is not published for its sake. `see_all` calls its argument with
    /// each reference of the pages whose text is shown.
    fn held_files(
        &self,
        pages: &[ContentPage],
        checker: ReferenceChecker<'_>,
        see_all: impl Fn(&mut dyn FnMut(&ReferenceKey)) + Copy,
        diags: &mut Vec<Diagnostic>,
    ) -> HeldFiles {
        let withdrawn: Vec<ContentPage> = pages.iter().filter(|page| is_withdrawn(page)).cloned().collect();
        let (standing, unpublished) = match withdrawn.is_empty() {
            true => (Cow::Borrowed(pages), Cow::Borrowed(self.unpublished.as_slice())),
            false => (
                pages.iter().filter(|page| !is_withdrawn(page)).cloned().collect(),
                self.unpublished.iter().chain(&withdrawn).cloned().collect(),
            ),
        };
        let reader = &self.inputs.reader;
        let left_out = self.hidden.iter().filter(|(_, why)| **why == UnpublishedReason::HasErrors);
        let left_out: Vec<SitePath> = left_out.map(|(path, _)| path.clone()).collect();
        let input =
            FileReferences { unpublished: &unpublished, left_out: &left_out, published: &standing, reader, checker };
        let none = unpublished.is_empty() && left_out.is_empty();
        let mut withheld = if none { BTreeSet::new() } else { withheld_files(&input, see_all) };
        for (file, finding) in draft_copies(&input, see_all) {
            withheld.insert(file);
            diags.push(finding);
        }
        diags.extend(unreached_files(&input, &withheld, see_all));
        let with_articles = match withdrawn.is_empty() || withheld.is_empty() {
            true => BTreeSet::new(),
            false => FileReferences { unpublished: &withdrawn, left_out: &[], ..input }.candidates(),
        };
        let withdrawn = with_articles.intersection(&withheld).cloned().collect();
        HeldFiles { withheld, withdrawn }
    }

    /// Indexes pages, makes calendars and plans outputs.
    fn index(&self, pages: &[ContentPage]) -> Index {
        let SiteInputs { files, settings, theme, clock, .. } = self.inputs;
        let SiteMaterial { lock, results, assets, pictures, .. } = self.material;
        let metas: Vec<Arc<PageMeta>> = pages.iter().map(|page| Arc::clone(&page.meta)).collect();
        let (catalog, mut unplaced) = catalog::build(metas, settings);
        unplaced.extend(duplicate_ids(&catalog));
        let releases = &*self.material.releases.log;
        let no_lock = EventLock::default();
        let agenda = build_event_schedule(&catalog, settings, lock.as_ref().unwrap_or(&no_lock), clock.today);
        let input = PlanInput {
            catalog: &catalog,
            agenda: &agenda,
            results,
            settings,
            assets,
            pictures,
            theme,
            files,
            releases,
        };
        let (plan, found) = plan_outputs(&input);
        unplaced.extend(found);
        let mut diags: Vec<Diagnostic> =
            unplaced.into_iter().map(|found| self.placed(found.diag, found.span)).collect();
        diags.extend(agenda.findings(&catalog, clock.today));
        diags.extend(left_overs::sections_without_title(&catalog, settings, self.hidden.keys()));
        Index { catalog, agenda, plan, diags }
    }

    /// What references can lead to besides pages.
    fn link_context(&self, index: &Index) -> Arc<LinkContext> {
        let SiteInputs { files, settings, theme, options, .. } = self.inputs;
        let catalog = &index.catalog;
        Arc::new(LinkContext {
            files: Arc::clone(files),
            settings: Arc::clone(settings),
            theme: Arc::clone(theme),
            targets: Arc::clone(&self.material.targets),
            pictures: Arc::clone(&self.material.pictures),
            resolver: LinkResolver::new(Arc::clone(files), self.hidden.clone(), index.plan.generated_routes()),
            events: event_ids(catalog),
            surveys: catalog.page_ids().filter_map(|id| survey_id(catalog.page(id))).collect(),
            unrecorded: options.unrecorded.clone(),
        })
    }

    /// The links of the settings, for each language.
    fn navigation(&self, checker: &ReferenceChecker<'_>, diags: &mut Vec<Diagnostic>) -> Vec<NavigationLinks> {
        let languages = self.inputs.settings.languages.iter().enumerate();
        let of_language = |(lang, language): (usize, &Language)| {
            let mut links = |entries| checker.navigation(entries, lang, diags);
            NavigationLinks {
                navigation: links(&language.navigation),
                footer: links(&language.footer),
                entries: links(&language.entries),
                identities: links(&language.identities),
            }
        };
        languages.map(of_language).collect()
    }

    /// What share cards are drawn with. Reports titles that cannot be drawn.
    fn cards(&self, checker: &ReferenceChecker<'_>, diags: &mut Vec<Diagnostic>) -> CardMaterial {
        let material = match checker.card_font(diags) {
            Some((font, path)) => CardMaterial { font, version: fingerprint(&self.inputs.files.hash(&path)) },
            None => CardMaterial::embedded(),
        };
        checker.undrawable_titles(&material.font, diags);
        material
    }

    /// Follows the references of one page, which is parsed if it was not.
    fn follow(&self, id: PageId, page: &ContentPage, checker: ReferenceChecker<'_>) -> FollowedPage {
        let (doc, read_again) = match &page.doc {
            HeldDocument::Whole(doc) => (Some(Arc::clone(doc)), false),
            HeldDocument::References(doc) => {
                let Followed { references, diags, .. } = follow(id, page, doc.references(), checker);
                return FollowedPage { references, diags, ..FollowedPage::default() };
            }
            HeldDocument::Nothing => (self.inputs.reader.read(&page.place, page.kind).doc.map(Arc::new), true),
        };
        // The file was readable when the build began.
        let Some(doc) = doc else {
            let diag = Diagnostic::new(&codes::source::UNREADABLE)
                .file(&page.place.path)
                .arg("cause_zh", "刚才有人改了它")
                .arg("cause_en", "it has just been changed");
            let check = Some(CheckNotes { refs: Vec::new(), findings: Vec::new(), is_complete: false });
            let references = FollowedReferences { check, ..FollowedReferences::default() };
            return FollowedPage { references, resolved_doc: None, diags: vec![diag], read_again };
        };
        let Followed { references, resolved, diags } = follow(id, page, doc.references(), checker);
        FollowedPage { references, resolved_doc: Some(Arc::new(ResolvedDoc { doc, resolved })), diags, read_again }
    }

    /// Adds line and column to a finding, for which its file is read again.
    fn placed(&self, diag: Diagnostic, span: Option<Span>) -> Diagnostic {
        let (Some(span), Some(file)) = (span, diag.file.clone()) else { return diag };
        match self.inputs.files.read_text(&file, self.inputs.settings.limits.markdown, "markdown") {
            Ok((source, _)) => diag.at(&SourceText::new(&file, &source.text), span),
            Err(_) => diag,
        }
    }

    fn ledger_clause(&self, checker: &ReferenceChecker<'_>, diags: &mut Vec<Diagnostic>) -> Option<String> {
        let (link, place) = self.inputs.settings.ledger.as_ref()?.clause.as_ref()?;
        let file = SitePath::new("site.yaml").ok()?;
        checker.site_link(link, 0, |d| d.at_position(&file, *place), diags)
    }

    fn target_links(&self, checker: &ReferenceChecker<'_>, diags: &mut Vec<Diagnostic>) -> Vec<TargetLinks> {
        let Ok(path) = SitePath::new("data/targets.yaml") else { return Vec::new() };
        if self.material.targets.is_empty() {
            return Vec::new();
        }
        let text = self
            .inputs
            .files
            .read_text(&path, self.inputs.settings.limits.data, "data")
            .map(|(s, _)| s.text)
            .unwrap_or_default();
        let source = SourceText::new(&path, &text);
        let mut follow = |link: &puzhi_core::kinds::Spanned<String>| {
            checker.site_link(&link.value, 0, |d| d.at(&source, link.span), diags)
        };
        let targets = self.material.targets.iter();
        targets
            .map(|t| TargetLinks {
                clause: t.clause.as_ref().and_then(|(_, link)| link.as_ref()).and_then(&mut follow),
                explainer: t.explainer.as_ref().and_then(&mut follow),
            })
            .collect()
    }
}

/// The references of a page, followed in this build.
pub(in crate::pipeline) struct Followed {
    pub references: FollowedReferences,
    pub resolved: ResolvedReferences,
    pub diags: Vec<Diagnostic>,
}

/// Follows the references of a page that was read.
pub(in crate::pipeline) fn follow(
    id: PageId,
    page: &ContentPage,
    doc: References<'_>,
    checker: ReferenceChecker<'_>,
) -> Followed {
    let CheckedPage { resolved, visible_references, mut diags, links_to, refs } = checker.page(id, doc);
    if is_withdrawn(page) {
        // Nobody sees where the links of its text lead.
        diags.clear();
    }
    let check = Some(CheckNotes { refs, findings: diags.clone(), is_complete: true });
    let mut links_to = links_to;
    links_to.sort_unstable();
    links_to.dedup();
    let content_fingerprint = fingerprint(&(page.hash, page.kind, &resolved, &visible_references));
    let references = FollowedReferences { visible_references, content_fingerprint, links_to, check };
    Followed { references, resolved, diags }
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
