//! All phases before rendering: from files to a [`Site`] and an output plan. All errors in content are known afterwards.

mod events;
mod link_pass;
mod page_cache;
mod withheld_files;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assets::{Asset, AssetManifest, is_fingerprinted};
use crate::calendar::EventSchedule;
use crate::catalog::{Catalog, ContentPath, UnpublishedReason};
use crate::document::Document;
use crate::engine::fingerprint;
use crate::outputs::OutputPlan;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use crate::theme::{self, Theme, markdown_labels};
use crate::view::{self, DocCache, DocLoader, ResolvedDoc, Site, SiteFingerprints, Views};
use puzhi_core::base::{BuildDate, SitePath};
use puzhi_core::diag::Diagnostic;
use puzhi_core::kinds::KindName;

pub(super) use self::link_pass::follow;

use self::events::{read_lock, record_events};
use self::link_pass::LinkPass;
use self::page_cache::{
    CacheFingerprints, has_same_visible_references, non_text_fingerprint, page_cache_of, text_only_changes_since,
};
use super::check::{LinkContext, ReferenceChecker};
use super::data::{self, Data};
use super::docs::{self, ContentPage, ContentPages, PageReader};
use super::previous::PageCache;
use super::single_page_update::SinglePageUpdate;
use super::timings::PhaseTimer;
use super::{Counts, Options, missing_base_url, promote_warnings, results};

/// A site ready to be rendered, unless the theme or settings forbid it, with all findings.
pub struct Prepared {
    /// The site and its outputs; `None` when the theme or the settings cannot be used.
    pub site: Option<(Views, OutputPlan)>,
    /// All findings so far.
    pub diags: Vec<Diagnostic>,
    /// Work done so far.
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
        unpublished: drafts.iter().chain(&future).cloned().collect(),
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
            || {
                page_cache_of(
                    &pages,
                    &drafts,
                    &mut followed,
                    checks,
                    checker,
                    CacheFingerprints { reading, non_text_fingerprint },
                )
            },
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

/// The files that have errors.
pub fn errors_by_file(diags: &[Diagnostic]) -> BTreeSet<SitePath> {
    diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.clone()).collect()
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
