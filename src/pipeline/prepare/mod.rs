//! All phases before rendering: from files to a [`Site`] and an output plan. All errors in content are known afterwards.

mod active_attachments;
mod draft_copies;
mod events;
mod good_pages;
mod inputs;
mod link_pass;
mod page_cache;
mod released;
mod unreached_files;
mod withdrawals;
mod withheld_files;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::ContentPath;
use crate::document::Document;
use crate::engine::fingerprint;
use crate::outputs::OutputPlan;
use crate::settings::{Settings, with_own_kinds};
use crate::source::FileSnapshot;
use crate::theme::{self, Theme};
use crate::view::{
    self, DocCache, DocLoader, LARGE_STYLE, ResolvedDoc, SearchData, Site, SiteData, SiteFingerprints, Views,
};
use puzhi_core::base::{BuildDate, SitePath, closest_match};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::KindName;

pub(super) use self::link_pass::{Followed, FollowedReferences, follow};
pub(super) use self::released::KnownReleases;

use self::good_pages::GoodPages;
use self::inputs::{SiteInputs, SiteMaterial};
use self::link_pass::LinkedSite;
use self::page_cache::{CacheFingerprints, CachedPages, page_cache_of};
use super::check::{LinkContext, ReferenceChecker};
use super::data::Data;
use super::docs::{self, ContentPage, PageReader};
use super::once_a_site;
use super::previous::PageCache;
use super::single_page_update::SinglePageUpdate;
use super::timings::{PhaseTime, PhaseTimer};
use super::unpublished::Unpublished;
use super::{Counts, Options, missing_base_url, promote_warnings};

/// A site ready to be rendered, unless the theme or settings forbid it, with all findings.
#[derive(Default)]
pub struct Prepared {
    /// The site and its outputs; `None` when the theme or the settings cannot be used.
    pub site: Option<(Views, OutputPlan)>,
    /// All findings so far.
    pub diags: Vec<Diagnostic>,
    /// Work done so far.
    pub counts: Counts,
    /// What is not on the site, and why.
    pub unpublished: Unpublished,
    pub(super) phases: Vec<PhaseTime>,
    /// What the next build may know of the pages; `None` when this one is not to be built upon.
    pub pages: Option<PageCache>,
    /// For an edit of one page's text.
    pub single_page_update: Option<SinglePageUpdate>,
    /// If only the texts of pages changed since the earlier build: which pages.
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
    let mut diags = found;
    let (settings, found) = with_own_kinds(settings, files);
    let settings = &settings;
    diags.extend(found);
    let (theme, found) = theme::load(files, settings, view::register);
    diags.extend(found);
    diags.extend(missing_base_url(settings));
    let Some(theme) = theme.map(Arc::new) else {
        promote_warnings(&mut diags, options.strict);
        return Prepared::without_site(diags, phase_timer);
    };
    diags.extend(unusable_kind_templates(settings, &theme, files));
    diags.extend(missing_large_style(settings, &theme));
    phase_timer.end_phase("load theme");
    let inputs = SiteInputs::new(files, settings, theme, clock, options);
    let previous = previous.filter(|previous| previous.reading == inputs.reading);
    let nothing = BTreeMap::new();
    let mut content = docs::read_all(
        &inputs.reader,
        inputs.clock.moment(),
        options,
        previous.map_or(&nothing, |previous| &previous.pages),
    );
    diags.append(&mut content.diags);
    once_a_site::merge(&mut diags);
    phase_timer.end_phase("read pages");
    let material = SiteMaterial::read(&inputs, &content, previous.map(|previous| &previous.releases), &mut diags);
    promote_warnings(&mut diags, options.strict);
    phase_timer.end_phase("read data");
    let good = GoodPages::find(&inputs, &material, content, previous, &mut diags);
    phase_timer.end_phase("index and link");
    let mut prepared = assemble(inputs, material, good);
    phase_timer.end_phase("views");
    prepared.diags = diags;
    prepared.phases = phase_timer.phases;
    prepared
}

impl Prepared {
    /// The theme cannot be used: there are only findings.
    fn without_site(diags: Vec<Diagnostic>, phase_timer: PhaseTimer) -> Self {
        let phases = phase_timer.phases;
        Self { diags, phases, ..Self::default() }
    }
}

/// Puts together what rendering needs, and what the next build may know.
fn assemble(inputs: SiteInputs<'_>, material: SiteMaterial, good: GoodPages) -> Prepared {
    let SiteInputs { files, settings, theme, clock, options, reader, reading } = inputs;
    let GoodPages {
        pages,
        drafts,
        mut linked,
        checks,
        parsed,
        non_text_fingerprint,
        text_only_changes,
        unpublished,
        times,
    } = good;
    let followed = std::mem::take(&mut linked.followed);
    let checker = ReferenceChecker { catalog: &linked.catalog, link_context: &linked.link_context, text: None };
    let fingerprints = CacheFingerprints { reading, non_text_fingerprint };
    let (cached, fingerprints) = rayon::join(
        || page_cache_of(&pages, &drafts, followed, checks, checker, fingerprints),
        || site_fingerprints(settings, &material.data, &linked),
    );
    let CachedPages { mut cache, visible_references, content_fingerprints, links_to } = cached;
    cache.releases = material.releases.clone();
    cache.times = times;
    let expired = pages.iter().filter(|page| page.meta.expired).count();
    let counts = Counts {
        release_logs_parsed: usize::from(material.releases.is_parsed),
        parsed: parsed + linked.read_again,
        pages: pages.len(),
        unpublished: unpublished.counts(expired),
        ..Counts::default()
    };
    let now = clock.moment();
    let loader = loader(Arc::clone(&linked.link_context), Arc::clone(&reader), &pages);
    let site = Site::new(SiteData {
        settings: Arc::clone(settings),
        clock,
        files: Arc::clone(files),
        calendar_pages: theme.has_template("calendar.html"),
        has_search: reader.searchable,
        search: SearchData::new(
            pages.iter().map(|page| page.search.clone()).collect(),
            material.data.synonyms.clone(),
            settings.languages.len(),
        ),
        words: theme.translations.clone(),
        theme,
        content_fingerprints,
        visible_references,
        doc_cache: DocCache::new(linked.resolved_docs, loader),
        catalog: linked.catalog,
        agenda: linked.agenda,
        record: material.record,
        releases: Arc::clone(&material.releases.log),
        withdrawn_files: linked.withdrawn_files,
        results: material.results,
        ledger_clause: linked.ledger_clause,
        targets: material.targets,
        target_links: linked.target_links,
        data: material.data.json,
        assets: material.assets,
        pictures: material.pictures,
        navigation: linked.navigation,
        images: linked.images,
        cards: linked.cards,
        plain_html: linked.plan.plain_html(),
        fingerprints,
        unrecorded: options.unrecorded.clone(),
    });
    let found = cache.pages.iter().filter(|(_, page)| !page.reference_findings.is_empty());
    let reference_findings = found.map(|(path, page)| (path.clone(), page.reference_findings.clone())).collect();
    let link_context = linked.link_context;
    let single_page_update = SinglePageUpdate { reader, link_context, pages, links_to, reference_findings, now };
    Prepared {
        site: Some((Views::new(Arc::new(site)), linked.plan)),
        counts,
        pages: Some(cache),
        single_page_update: Some(single_page_update),
        text_only_changes,
        unpublished,
        ..Prepared::default()
    }
}

/// The files that have errors.
pub fn errors_by_file(diags: &[Diagnostic]) -> BTreeSet<SitePath> {
    diags.iter().filter(|d| d.is_error()).filter_map(|d| d.file.clone()).collect()
}

/// Templates that the site's own kinds name and that the theme does not have, or that show nothing of a page.
fn unusable_kind_templates(settings: &Settings, theme: &Theme, files: &FileSnapshot) -> Vec<Diagnostic> {
    let named = settings.kinds.own.iter().filter_map(|kind| Some((kind, kind.template.as_ref()?)));
    named
        .filter_map(|(kind, template)| {
            let diag = unusable_template(theme, &template.value)?;
            Some(match files.read_text(&kind.path, settings.limits.front_matter, "front_matter") {
                Ok((file, _)) => diag.at(&SourceText::new(&kind.path, &file.text), template.span),
                Err(_) => diag.file(&kind.path),
            })
        })
        .collect()
}

/// The settings ask for large pages and the theme has no style for them.
fn missing_large_style(settings: &Settings, theme: &Theme) -> Option<Diagnostic> {
    let position = settings.large_mode.filter(|_| !theme.static_files.contains_key(LARGE_STYLE))?;
    let file = SitePath::new("site.yaml").ok()?;
    Some(Diagnostic::new(&codes::theme::NO_LARGE_STYLE).arg("theme", &settings.theme).at_position(&file, position))
}

/// Why pages cannot be made with the template `name`, if they cannot.
fn unusable_template(theme: &Theme, name: &str) -> Option<Diagnostic> {
    if !theme.has_template(name) {
        let near = closest_match(name, theme.template_names());
        return Some(Diagnostic::new(&codes::theme::TEMPLATE_MISSING).arg("name", name).optional_arg("nearest", near));
    }
    Theme::shows_no_page(name).then(|| Diagnostic::new(&codes::theme::TEMPLATE_NO_PAGE).arg("name", name))
}

/// What outputs read besides the catalog.
fn site_fingerprints(settings: &Settings, data: &Data, linked: &LinkedSite) -> SiteFingerprints {
    SiteFingerprints {
        settings: Some(fingerprint(&format!("{settings:?}"))),
        data: data.json.iter().map(|(path, json)| (path.clone(), fingerprint(&json.to_string()))).collect(),
        sitemaps: linked.plan.sitemap_fingerprints(&linked.catalog, &linked.agenda),
        ..SiteFingerprints::of(settings.languages.len())
    }
}

/// Reads and parses a document when an output needs one that was not parsed. Its findings are known.
fn loader(link_context: Arc<LinkContext>, reader: Arc<PageReader>, pages: &[ContentPage]) -> DocLoader {
    let known: Vec<(Arc<ContentPath>, KindName)> =
        pages.iter().map(|page| (Arc::clone(&page.place), page.kind)).collect();
    Box::new(move |site, id| {
        let (place, kind) = &known[id.0 as usize];
        let doc = reader.read(place, *kind).doc.unwrap_or_else(|| Document::empty(&place.path));
        let checker = ReferenceChecker { catalog: &site.catalog, link_context: &link_context, text: None };
        let resolved = checker.page(id, doc.references()).resolved;
        ResolvedDoc { doc: Arc::new(doc), resolved }
    })
}
