//! All phases before rendering: from files to views and a plan. What content can get wrong is known afterwards.

mod events;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::assets::{Asset, AssetManifest, is_fingerprinted};
use crate::calendar::{self, EventLock, EventSchedule, RecordOutcome, build_event_schedule};
use crate::catalog::{
    self, Catalog, ContentPath, KindFacts, LinkResolver, PageId, PageMeta, PageRole, UnplacedDiagnostic,
    UnpublishedReason,
};
use crate::document::Document;
use crate::engine::{DependencyGraph, Fingerprint, fingerprint};
use crate::outputs::{OutputPlan, PlanInput, plan_outputs};
use crate::settings::Settings;
use crate::source::{EVENTS_LOCK_FILE, FileSnapshot, is_page_source};
use crate::theme::{self, Theme, markdown_labels};
use crate::view::{
    self, DocCache, DocLoader, NavigationLinks, ResolvedDoc, Site, SiteFingerprints, Views, VisibleReferences,
};
use puzhi_core::base::{BuildDate, ContentHash, SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::KindName;

use self::events::{event_ids, read_lock, record_events};
use super::check::{CheckedPage, LinkContext, ReferenceChecker, ReferenceKey};
use super::data::{self, Data};
use super::docs::{self, ContentPage, ContentPages, PageReader};
use super::previous::{PageCache, PreviousPage};
use super::single_page_update::SinglePageUpdate;
use super::timings::PhaseTimer;
use super::{Counts, Options, missing_base_url, promote_warnings, results};

/// A site ready to be rendered, unless the theme or settings forbid it, with all findings.
pub struct Prepared {
    pub site: Option<(Views, OutputPlan)>,
    pub diags: Vec<Diagnostic>,
    pub counts: Counts,
    pub(super) phases: Vec<(&'static str, std::time::Duration)>,
    /// What the next build may know of the pages; `None` when this one is not to be built upon.
    pub pages: Option<PageCache>,
    /// The short way for an edit of one page's text.
    pub single_page_update: Option<SinglePageUpdate>,
    /// Where nothing but the texts of pages changed since the earlier build: which pages.
    pub(super) text_only_changes: Option<Vec<SitePath>>,
}

/// Runs the phases. With `keep_going`, pages with errors are left out until what remains has none.
pub fn prepare(
    files: &Arc<FileSnapshot>,
    found: Vec<Diagnostic>,
    settings: &Arc<Settings>,
    clock: BuildDate,
    options: &Options,
) -> Prepared {
    prepare_over(files, found, settings, clock, options, None)
}

/// The same, over what an earlier build knows.
pub fn prepare_over(
    files: &Arc<FileSnapshot>,
    found: Vec<Diagnostic>,
    settings: &Arc<Settings>,
    clock: BuildDate,
    options: &Options,
    previous: Option<&PageCache>,
) -> Prepared {
    let mut phase_timer = PhaseTimer::start();
    let today = clock.today;
    let mut diags = found;
    let (theme, found) = theme::load(files, settings, view::register);
    diags.extend(found);
    diags.extend(missing_base_url(settings));
    let Some(theme) = theme.map(Arc::new) else {
        promote_warnings(&mut diags, options.strict);
        return Prepared {
            site: None,
            diags,
            counts: Counts::default(),
            phases: phase_timer.phases,
            pages: None,
            single_page_update: None,
            text_only_changes: None,
        };
    };
    phase_timer.end_phase("load theme");
    let reader = Arc::new(PageReader {
        files: Arc::clone(files),
        settings: Arc::clone(settings),
        labels: theme.translations.iter().map(markdown_labels).collect(),
        taxonomies: settings.taxonomies.iter().map(|t| t.key.clone()).collect(),
    });
    let reading = reader.fingerprint();
    let previous = previous.filter(|previous| previous.reading == reading);
    let nothing = BTreeMap::new();
    let ContentPages { pages, hidden, drafts, future, diags: found, parsed } =
        docs::read_all(&reader, clock.today, options, previous.map_or(&nothing, |previous| &previous.pages));
    diags.extend(found);
    phase_timer.end_phase("read pages");
    let data = data::read_all(files, settings);
    diags.extend(data.diags.iter().cloned());
    let lock = read_lock(files, settings, &mut diags);
    let record = record_events(pages.iter().chain(&future), &lock, settings, clock.today, &mut diags);
    let results = results::read_all(files, settings, pages.iter().chain(&future), &mut diags);
    let assets = fingerprint_assets(&theme, files, &mut diags);
    promote_warnings(&mut diags, options.strict);

    phase_timer.end_phase("read data");
    let targets = Arc::new(data.targets.clone());
    let mut link_pass = LinkPass {
        files,
        settings,
        theme: &theme,
        assets: &assets,
        clock: &clock,
        data: &data,
        targets: &targets,
        lock: &lock,
        results: &results,
        reader: &reader,
        hidden,
        checks: previous.map(|previous| previous.checks.clone()).unwrap_or_default(),
    };
    let mut pages = pages;
    let ahead = !future.is_empty();
    if ahead {
        let (published, mut ahead) = link_pass.look_ahead(pages, future);
        pages = published;
        promote_warnings(&mut ahead, options.strict);
        diags.extend(ahead);
    }
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut bad: BTreeSet<SitePath> = options.leave_out.clone();
    if options.keep_going {
        bad.extend(errors_by_file(&diags));
    }
    let mut non_text_fingerprint = bad.is_empty().then(|| non_text_fingerprint(files, reading, today));
    let mut text_only_changes = previous
        .filter(|previous| {
            non_text_fingerprint.is_some() && previous.non_text_fingerprint == non_text_fingerprint && !ahead
        })
        .and_then(|previous| text_only_changes_since(&pages, &drafts, previous));
    loop {
        if !bad.is_empty() {
            let (good, left): (Vec<_>, Vec<_>) = pages.into_iter().partition(|page| !bad.contains(&page.place.path));
            pages = good;
            link_pass
                .hidden
                .extend(left.into_iter().map(|page| (page.place.path.clone(), UnpublishedReason::HasErrors)));
        }
        let mut linked = link_pass.link(&pages, |_| true, text_only_changes.as_deref());
        promote_warnings(&mut linked.diags, options.strict);
        let mut worse = errors_by_file(&linked.diags);
        worse.retain(|path| pages.iter().any(|page| page.place.path == *path));
        if options.keep_going && !worse.is_empty() {
            kept.extend(
                linked.diags.into_iter().filter(|d| d.is_error() && d.file.as_ref().is_some_and(|f| worse.contains(f))),
            );
            bad = worse;
            (non_text_fingerprint, text_only_changes) = (None, None);
            continue;
        }
        let text_only_changes = previous.and_then(|previous| {
            text_only_changes
                .filter(|paths| paths.iter().all(|path| has_same_visible_references(path, previous, &linked)))
        });
        diags.extend(kept);
        diags.extend(linked.diags);
        let checker = ReferenceChecker { catalog: &linked.catalog, link_context: &linked.link_context };
        phase_timer.end_phase("index and link");
        let checks = std::mem::take(&mut link_pass.checks);
        let mut followed = linked.followed;
        let (known, fingerprints) = rayon::join(
            || page_cache_of(&pages, &drafts, &mut followed, checks, checker, (reading, non_text_fingerprint)),
            || site_fingerprints(settings, &theme, files, &data, &linked.plan, &linked.catalog, &linked.agenda),
        );
        let counts = Counts { parsed: parsed + linked.read_again, pages: pages.len(), ..Counts::default() };
        let (content_fingerprints, (visible_references, links_to)) =
            followed.into_iter().map(|f| (f.content_fingerprint, (f.visible_references, f.links_to))).unzip();
        let site = Arc::new(Site {
            settings: Arc::clone(settings),
            clock,
            content_fingerprints,
            visible_references,
            doc_cache: DocCache::new(
                linked.resolved_docs,
                loader(Arc::clone(&linked.link_context), Arc::clone(&reader), &pages),
            ),
            catalog: linked.catalog,
            agenda: linked.agenda,
            record,
            results,
            calendar_pages: theme.has_template("calendar.html"),
            ledger_clause: linked.ledger_clause,
            targets,
            target_links: linked.target_links,
            data: data.json,
            assets,
            words: theme.translations.clone(),
            navigation: linked.navigation,
            fingerprints,
        });
        phase_timer.end_phase("views");
        let single_page_update = SinglePageUpdate { reader, link_context: linked.link_context, pages, links_to, today };
        return Prepared {
            site: Some((Views::new(site, theme), linked.plan)),
            diags,
            counts,
            phases: phase_timer.phases,
            pages: Some(known),
            single_page_update: Some(single_page_update),
            text_only_changes,
        };
    }
}

/// Everything that does not change while bad pages are left out.
struct LinkPass<'r> {
    files: &'r Arc<FileSnapshot>,
    settings: &'r Arc<Settings>,
    theme: &'r Arc<Theme>,
    assets: &'r AssetManifest,
    clock: &'r BuildDate,
    data: &'r Data,
    targets: &'r Arc<Vec<puzhi_core::kinds::Target>>,
    lock: &'r Option<EventLock>,
    results: &'r BTreeMap<String, puzhi_core::kinds::results::Results>,
    reader: &'r Arc<PageReader>,
    hidden: BTreeMap<SitePath, UnpublishedReason>,
    /// How pages were checked in an earlier build.
    checks: DependencyGraph<SitePath, ReferenceKey>,
}

/// Cards indexed, outputs planned, references followed.
struct LinkedSite {
    catalog: Arc<Catalog>,
    link_context: Arc<LinkContext>,
    agenda: EventSchedule,
    ledger_clause: Option<String>,
    plan: OutputPlan,
    followed: Vec<FollowedReferences>,
    resolved_docs: Vec<Option<Arc<ResolvedDoc>>>,
    target_links: Vec<(Option<String>, Option<String>)>,
    navigation: Vec<NavigationLinks>,
    /// Documents parsed again because something they refer to is another.
    read_again: usize,
    diags: Vec<Diagnostic>,
}

/// What following a page's references came to.
#[derive(Clone)]
pub(super) struct FollowedReferences {
    pub visible_references: VisibleReferences,
    pub content_fingerprint: Fingerprint,
    pub links_to: Vec<SitePath>,
    checked: CheckNotes,
}

/// Of a page that was checked in this build: what it asked for, and whether nothing was wrong.
type CheckNotes = Option<(Vec<ReferenceKey>, bool)>;

impl LinkPass<'_> {
    /// What will be wrong once the pages of `future` are there, so that no build fails only because a day passed.
    fn look_ahead(&mut self, pages: Vec<ContentPage>, future: Vec<ContentPage>) -> (Vec<ContentPage>, Vec<Diagnostic>) {
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
    fn link(
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
        let (plan, found) = plan_outputs(&PlanInput {
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
        let follow = |(i, page): (usize, &ContentPage)| -> (FollowedReferences, Option<Arc<ResolvedDoc>>, Vec<Diagnostic>, bool) {
            if !wanted(page) {
                let nothing = FollowedReferences { visible_references: VisibleReferences::default(), content_fingerprint: Fingerprint(0), links_to: Vec::new(), checked: None };
                return (nothing, None, Vec::new(), false);
            }
            match &page.previous {
                Some(previous) if !unknown(page) => {
                    let known = FollowedReferences {
                        visible_references: previous.visible_references.clone(),
                        content_fingerprint: previous.content_fingerprint,
                        links_to: previous.links_to.clone(),
                        checked: None,
                    };
                    (known, None, Vec::new(), false)
                }
                _ => self.follow(PageId(i as u32), page, checker),
            }
        };
        let results: Vec<_> = pages.par_iter().enumerate().map(follow).collect();
        let mut followed = Vec::with_capacity(pages.len());
        let mut resolved_docs = Vec::with_capacity(pages.len());
        let mut read_again = 0;
        for (one, resolved_doc, found, again) in results {
            followed.push(one);
            resolved_docs.push(resolved_doc);
            diags.extend(found);
            read_again += usize::from(again);
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

    /// Follows the references of one page, which is parsed if it was not.
    fn follow(
        &self,
        id: PageId,
        page: &ContentPage,
        checker: ReferenceChecker<'_>,
    ) -> (FollowedReferences, Option<Arc<ResolvedDoc>>, Vec<Diagnostic>, bool) {
        let (doc, again) = match &page.doc {
            Some(doc) => (Arc::clone(doc), false),
            None => match self.reader.read(&page.place, page.kind).doc {
                Some(doc) => (Arc::new(doc), true),
                // It was there when the build began.
                None => {
                    let gone = FollowedReferences {
                        visible_references: VisibleReferences::default(),
                        content_fingerprint: Fingerprint(0),
                        links_to: Vec::new(),
                        checked: Some((Vec::new(), false)),
                    };
                    return (
                        gone,
                        None,
                        vec![
                            Diagnostic::new(&codes::source::UNREADABLE).file(&page.place.path).arg("cause", "changed"),
                        ],
                        true,
                    );
                }
            },
        };
        let (followed, resolved_doc, diags) = follow(id, page, doc, checker);
        (followed, (page.has_text || again).then(|| Arc::new(resolved_doc)), diags, again)
    }

    /// A finding with its place, for which its file is read again.
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
pub(super) fn follow(
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

fn errors_by_file(diags: &[Diagnostic]) -> BTreeSet<SitePath> {
    diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.clone()).collect()
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

/// Addresses and integrity of the theme's and the site's static files.
fn fingerprint_assets(theme: &Theme, files: &FileSnapshot, diags: &mut Vec<Diagnostic>) -> AssetManifest {
    let mut assets = AssetManifest::default();
    for name in theme.static_files.keys() {
        match theme.static_file(name, files) {
            Ok(bytes) => {
                if let Some(asset) = Asset::new(name, &bytes, is_fingerprinted(name)) {
                    assets.files.insert(name.clone(), asset);
                }
            }
            Err(diag) => diags.push(diag),
        }
    }
    assets
}

/// What outputs read besides the catalog.
fn site_fingerprints(
    settings: &Settings,
    theme: &Theme,
    files: &Arc<FileSnapshot>,
    data: &Data,
    plan: &OutputPlan,
    catalog: &Catalog,
    agenda: &EventSchedule,
) -> SiteFingerprints {
    let of_files = Arc::clone(files);
    SiteFingerprints {
        settings: Some(fingerprint(&format!("{settings:?}"))),
        templates: theme.template_fingerprints.clone(),
        data: data.json.iter().map(|(path, json)| (path.clone(), fingerprint(&json.to_string()))).collect(),
        sitemaps: plan.sitemap_fingerprints(catalog, agenda),
        file: Some(Box::new(move |path| of_files.hash(path).map(|hash| fingerprint(&hash)))),
        ..SiteFingerprints::of(settings.languages.len())
    }
}

/// How a document that was not parsed is read when an output needs it. Nothing was wrong with it, so nothing is said.
fn loader(link_context: Arc<LinkContext>, reader: Arc<PageReader>, pages: &[ContentPage]) -> DocLoader {
    let known: Vec<(Arc<ContentPath>, KindName)> =
        pages.iter().map(|page| (Arc::clone(&page.place), page.kind)).collect();
    Box::new(move |site, id| {
        let (place, kind) = &known[id.0 as usize];
        let doc = reader.read(place, *kind).doc.unwrap_or_else(|| Document::empty(&place.path));
        let resolved = ReferenceChecker { catalog: &site.catalog, link_context: &link_context }.page(id, &doc).resolved;
        ResolvedDoc { doc: Arc::new(doc), resolved }
    })
}

/// All that a site is made of but the texts of its documents: where two builds agree in this and in every page's card, they agree
/// in all that pages see of each other.
fn non_text_fingerprint(files: &FileSnapshot, reading: Fingerprint, today: Date) -> Fingerprint {
    let files: Vec<(&SitePath, Option<ContentHash>)> =
        files.paths().map(|path| (path, (!is_page_source(path)).then(|| files.hash(path)).flatten())).collect();
    fingerprint(&(reading, today, files))
}

/// The pages that were read anew, if their cards say what they said and all pages are those of the earlier build.
fn text_only_changes_since(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    previous: &PageCache,
) -> Option<Vec<SitePath>> {
    if pages.len() + drafts.len() != previous.pages.len() {
        return None;
    }
    let anew = pages.iter().chain(drafts).filter(|page| page.previous.is_none());
    anew.map(|page| {
        previous
            .pages
            .get(&page.place.path)
            .filter(|old| old.differs_in_text_only(page))
            .map(|_| page.place.path.clone())
    })
    .collect()
}

/// Whether what a page's references show to others is what it was.
fn has_same_visible_references(path: &SitePath, previous: &PageCache, linked: &LinkedSite) -> bool {
    let (Some(old), Some(page)) = (previous.pages.get(path), linked.catalog.by_path(path)) else { return false };
    let now = &linked.followed[page.0 as usize];
    now.visible_references == old.visible_references
        && now.links_to == old.links_to
        && matches!(now.checked, Some((_, true)))
}

/// What the next build may know: of pages that nothing is wrong with. Takes what was noted of how they were checked.
fn page_cache_of(
    pages: &[ContentPage],
    drafts: &[ContentPage],
    followed: &mut [FollowedReferences],
    mut checks: DependencyGraph<SitePath, ReferenceKey>,
    checker: ReferenceChecker<'_>,
    (reading, non_text_fingerprint): (Fingerprint, Option<Fingerprint>),
) -> PageCache {
    let checked: Vec<CheckNotes> = followed.iter_mut().map(|followed| followed.checked.take()).collect();
    let previous_page_of = |(page, (followed, checked)): (&ContentPage, (&FollowedReferences, &CheckNotes))| {
        let previous = match checked {
            None => page.previous.clone()?,
            Some((_, true)) => Arc::new(PreviousPage::of(
                page,
                followed.visible_references.clone(),
                followed.links_to.clone(),
                followed.content_fingerprint,
            )),
            Some((_, false)) => return None,
        };
        Some((page.place.path.clone(), previous))
    };
    let mut known: BTreeMap<SitePath, Arc<PreviousPage>> =
        pages.par_iter().zip(followed.par_iter().zip(&checked)).filter_map(previous_page_of).collect();
    for draft in drafts.iter().filter(|page| page.is_clean) {
        let previous = draft.previous.clone().unwrap_or_else(|| {
            Arc::new(PreviousPage::of(draft, VisibleReferences::default(), Vec::new(), Fingerprint(0)))
        });
        known.insert(draft.place.path.clone(), previous);
    }
    for (page, checked) in pages.iter().zip(checked) {
        if let Some((refs, true)) = checked {
            checks.set_reads(page.place.path.clone(), refs, |key| checker.fingerprint(key));
        }
    }
    // Both are in path order.
    let mut paths = known.keys().peekable();
    let gone = |path: &&SitePath| {
        while paths.next_if(|known| known < path).is_some() {}
        paths.peek() != Some(path)
    };
    let gone: Vec<SitePath> = checks.nodes().filter(gone).cloned().collect();
    gone.iter().for_each(|path| checks.remove(path));
    PageCache { reading, non_text_fingerprint, pages: known, checks }
}
