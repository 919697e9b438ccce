//! The site in memory while it is edited: applies file changes, renders outputs on request and keeps diagnostics by page.
//!
//! Input: the site's folder and the files that may have changed. Output: bytes by output path, findings by output path, counters.
//! The session writes no file. It is the interface between server and pipeline: the rest of the preview uses `open`, `update`, `get`
//! and `findings` and does not know how outputs are kept up to date.
//!
//! An update runs the pipeline's phases before rendering and reuses the previous run's page cache. If only the body of one page
//! changed, it skips these phases ([`SinglePageUpdate`]). An output is rendered when it is requested, and cached until something it
//! read changes.
//!
//! **Errors.**
//! - Errors in `site.yaml`, the theme or data are shown on every page; the last good text of these files stays in use.
//! - A page with errors is shown from its last good text, with the errors in the panel. Other pages also see the metadata of that text.
//! - A page that did not change, but whose links broke because another file changed, is shown with those links as plain text.
//! - A page that never was without errors is left out, and its address shows the errors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::assets::is_picture;
use crate::catalog::{Catalog, PageRole, classify_content, folder_route};
use crate::engine::{BlobCache, DependencyGraph, Fingerprint, Scope};
use crate::outputs::{Artifact, OutputPlan, findings, render};
use crate::pipeline::{
    Options, PICTURE_CACHE, PageCache, PictureOptions, Prepared, SinglePageUpdate, errors_by_file, prepare_over,
};
use crate::settings::{self, Settings};
use crate::source::{FileChanges, FileSnapshot, FileStat, SETTINGS_FILE, human_size, read_settings_text, scan};
use crate::view::{SiteData, StableKey, Views, recording};
use puzhi_core::base::{BuildDate, ContentHash, Route, SitePath};
use puzhi_core::diag::{self, Diagnostic, Severity, SourceText, codes};

use super::text_cache::TextCache;

/// Largest file that the preview serves, in bytes.
const MAX_OUTPUT_BYTES: u64 = 256 << 20;
/// Maximum number of cached outputs; when it is reached, the cache is cleared.
const MAX_CACHED_OUTPUTS: usize = 2000;

/// Returns the date to render for, in the time zone of the given settings.
pub type ClockFn = Box<dyn Fn(&Settings) -> BuildDate + Send>;

/// A site that is being edited, with its rendered outputs and diagnostics. See the module documentation.
pub struct PreviewSession {
    root: PathBuf,
    pub(super) today: ClockFn,
    pub(super) texts: TextCache,
    /// The text of `site.yaml` at the last update, and its diagnostics.
    settings_text: Option<String>,
    settings_diags: Vec<Diagnostic>,
    /// The last settings without errors.
    pub(super) settings: Option<Arc<Settings>>,
    current: Option<CurrentSite>,
    findings: Findings,
    rendered: HashMap<String, CachedOutput>,
    /// What each cached output read.
    reads: DependencyGraph<String, StableKey>,
    /// Rendering errors by output path.
    failed: BTreeMap<String, Diagnostic>,
    counters: Counters,
    /// Page cache of the last pipeline run, input of the next one.
    known: Option<PageCache>,
    /// Hashes of pictures, so that an update does not read them again.
    picture_hashes: Vec<KnownPicture>,
}

/// A picture whose hash is known as long as its file keeps its stat.
struct KnownPicture {
    path: SitePath,
    stat: FileStat,
    hash: ContentHash,
}

/// The prepared site that outputs are rendered from.
struct CurrentSite {
    views: Views,
    plan: OutputPlan,
    jobs: HashMap<String, usize>,
    single_page_update: Option<SinglePageUpdate>,
    /// The date it was prepared for.
    day: jiff::civil::Date,
}

struct CachedOutput {
    output: PreviewOutput,
    /// Whether the output belongs to the current site. An older one is served only if rendering fails now.
    fresh: bool,
    /// Fingerprint of the output's recipe.
    recipe: Fingerprint,
    /// What was found about its page when it was rendered, such as limits of other media.
    findings: Vec<Diagnostic>,
}

/// One rendered or copied output.
#[derive(Debug, Clone)]
pub struct PreviewOutput {
    /// Content of the output, without the preview's panel and script.
    pub bytes: Arc<[u8]>,
    /// Hash of `bytes`.
    pub hash: ContentHash,
}

/// Errors and warnings, sorted by the page they belong to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Errors and warnings of a page's source file, by the page's output path.
    pub pages: BTreeMap<String, Vec<Diagnostic>>,
    /// Errors that belong to no single page: theme, data, templates. Those of `site.yaml` are kept separately.
    pub everywhere: Vec<Diagnostic>,
}

/// Result of one update.
#[derive(Debug, Clone)]
pub struct Update {
    /// Sequence number; the first reading of the site is 1.
    pub number: u64,
    /// Outputs that may have changed.
    pub changed: ChangedOutputs,
    /// The files that were said to have changed.
    pub files: FileChanges,
    /// All current diagnostics, sorted; see [`PreviewSession::diags`].
    pub diags: Vec<Diagnostic>,
    /// Counters after the update.
    pub counters: Counters,
}

/// Outputs whose bytes may differ from those before an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedOutputs {
    /// No output.
    Nothing,
    /// Only the outputs with these paths.
    Only(BTreeSet<String>),
    /// Any output may differ.
    Anything,
}

/// Work done since the session was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counters {
    /// Number of updates, with or without a change.
    pub updates: u64,
    /// Updates in which the settings or a file had changed.
    pub changes: u64,
    /// Number of Markdown files parsed.
    pub parsed: u64,
    /// Number of outputs rendered; copied files do not count.
    pub rendered: u64,
}

impl PreviewSession {
    /// Opens the site at `root` and reads it. Never fails: errors become findings.
    pub fn open(root: &Path, today: ClockFn) -> PreviewSession {
        let mut session = PreviewSession {
            root: root.to_path_buf(),
            today,
            texts: TextCache::default(),
            settings_text: None,
            settings_diags: Vec::new(),
            settings: None,
            current: None,
            findings: Findings::default(),
            rendered: HashMap::new(),
            reads: DependencyGraph::default(),
            failed: BTreeMap::new(),
            counters: Counters::default(),
            known: None,
            picture_hashes: Vec::new(),
        };
        session.update(&FileChanges::all());
        session
    }

    /// The first reading of the site as an update.
    pub(super) fn first_update(&self) -> Update {
        self.update_of(ChangedOutputs::Anything, &FileChanges::all())
    }

    /// Applies file changes. `changes` may name files that did not change; the session compares contents.
    pub fn update(&mut self, changes: &FileChanges) -> Update {
        self.counters.updates += 1;
        if let Some(changed) = self.try_single_page_update(changes) {
            return self.update_of(changed, changes);
        }
        let before = (self.findings.clone(), self.settings_diags.clone());
        let new_settings = self.read_settings();
        let mut changed = ChangedOutputs::Nothing;
        if let Some(settings) = self.settings.clone() {
            let (files, found) = scan(&self.root, &settings.theme);
            let differs = self.texts.refresh(&files, changes);
            if new_settings || !differs.is_empty() {
                self.counters.changes += 1;
                self.rebuild(files, found, &settings);
                changed = ChangedOutputs::Anything;
            }
        }
        if changed == ChangedOutputs::Nothing && (&self.findings, &self.settings_diags) != (&before.0, &before.1) {
            changed = ChangedOutputs::Anything;
        }
        self.update_of(changed, changes)
    }

    fn update_of(&self, changed: ChangedOutputs, files: &FileChanges) -> Update {
        let number = self.counters.updates;
        Update { number, changed, files: files.clone(), diags: self.diags(), counters: self.counters }
    }

    /// The output at `path`, for example `guides/a/index.html`, rendered now if needed. If rendering fails, the last successful rendering.
    /// `None` if there is neither.
    pub fn get(&mut self, path: &str) -> Option<PreviewOutput> {
        if let Some(kept) = self.rendered.get(path).filter(|kept| kept.fresh) {
            return Some(kept.output.clone());
        }
        let current = self.current.as_ref()?;
        let job = &current.plan.jobs[*current.jobs.get(path)?];
        let ((made, found), reads) = recording(&current.views.site, || {
            let made = render(job, &current.plan, &current.views);
            // A template that fails says so when it renders the page.
            let found = match made {
                Ok(_) => findings(job, &current.plan, &current.views).unwrap_or_default(),
                Err(_) => Vec::new(),
            };
            (made, found)
        });
        let (bytes, copy) = match made {
            Ok(Artifact::Bytes(bytes)) => (Ok(bytes), false),
            Ok(Artifact::Stream(stream)) => (read_stream(stream), true),
            Err(diag) => (Err(*diag), false),
        };
        match bytes {
            Ok(bytes) => {
                let output = PreviewOutput { hash: ContentHash::of(&bytes), bytes: bytes.into() };
                self.failed.remove(path);
                if !copy {
                    self.counters.rendered += 1;
                    if self.rendered.len() >= MAX_CACHED_OUTPUTS {
                        self.rendered.clear();
                        self.reads = DependencyGraph::default();
                    }
                    let site = &current.views.site;
                    let reads = reads.iter().map(|key| site.stable_key(key)).collect();
                    self.reads.set_reads(path.to_string(), reads, |key| site.fingerprint(key));
                    let recipe = job.fingerprint(site.untracked());
                    let cached = CachedOutput { output: output.clone(), fresh: true, recipe, findings: found };
                    self.rendered.insert(path.to_string(), cached);
                }
                Some(output)
            }
            Err(diag) => {
                self.failed.insert(path.to_string(), diag);
                self.rendered.get(path).map(|kept| kept.output.clone())
            }
        }
    }

    /// Fast path: exactly one page was saved, and the change affects only what depends on its body. `None` if that is not certain; then
    /// the pipeline must run.
    fn try_single_page_update(&mut self, changes: &FileChanges) -> Option<ChangedOutputs> {
        let mut named = changes.paths.iter();
        let path = named.next().filter(|_| !changes.all && changes.paths.len() == 1)?;
        let current = self.current.as_mut()?;
        let settings = self.settings.as_ref()?;
        if !self.findings.everywhere.is_empty()
            || self.settings_diags.iter().any(Diagnostic::is_error)
            || (self.today)(settings).today != current.day
        {
            return None;
        }
        let data = current.views.site.untracked();
        let job = data.page_at(path).map(|id| data.catalog.page(id).route.output_path())?;
        // What else is found about the page can change in other ways.
        let known = self.findings.pages.get(&job).map_or(&[][..], Vec::as_slice);
        let own = current.single_page_update.as_ref()?.findings(path);
        if known.iter().any(Diagnostic::is_error) || shown_findings(own) != known {
            return None;
        }
        let (bytes, stat) = self.texts.read_saved(&self.root, path)?;
        if !self.texts.differs(path, &bytes) {
            return Some(ChangedOutputs::Nothing);
        }
        let found = shown_findings(current.single_page_update.as_mut()?.apply(&mut current.views, path, &bytes)?);
        match found.is_empty() {
            true => drop(self.findings.pages.remove(&job)),
            false => drop(self.findings.pages.insert(job.clone(), found)),
        }
        self.texts.store_good(path, bytes, stat);
        self.counters.changes += 1;
        self.counters.parsed += 1;
        // The page cache of the last pipeline run still holds the old text of this page.
        if let Some(known) = &mut self.known {
            known.forget(path);
        }
        let site = &current.views.site;
        let mut changed =
            self.reads.compare(Scope::Keys(&site.text_keys([path])), |key| site.fingerprint(key)).outdated;
        for output in &changed {
            if let Some(kept) = self.rendered.get_mut(output) {
                kept.fresh = false;
            }
        }
        changed.insert(job);
        Some(ChangedOutputs::Only(changed))
    }

    /// The site as it is shown.
    pub(super) fn site_data(&self) -> Option<&SiteData> {
        self.current.as_ref().map(|current| current.views.site.untracked())
    }

    /// Whether `path` is an output, or the output path of a page that has findings.
    pub fn has_address(&self, path: &str) -> bool {
        self.current.as_ref().is_some_and(|s| s.jobs.contains_key(path)) || self.findings.pages.contains_key(path)
    }

    /// Findings for the page at `path`: first its own, then those of the whole site. Those of rendering are included only after
    /// [`PreviewSession::get`] was called for `path`; what other media do not take of the page is among them, also as notes.
    pub fn findings(&self, path: &str) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let rendered = self.rendered.get(path).filter(|kept| kept.fresh).into_iter().flat_map(|kept| &kept.findings);
        let own = self.findings.pages.get(path).into_iter().flatten().chain(self.failed.get(path)).chain(rendered);
        let settings = self.settings_diags.iter().filter(|d| d.is_error());
        (own.cloned().collect(), settings.chain(&self.findings.everywhere).cloned().collect())
    }

    /// The site's base path on its host, with leading and trailing slash; `/` before valid settings were read.
    pub fn base_path(&self) -> &str {
        self.settings.as_ref().map_or("/", |settings| settings.base_path())
    }

    /// Work done since the session was opened.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// All current diagnostics, sorted and without duplicates. Rendering errors are included only for outputs requested so far.
    pub fn diags(&self) -> Vec<Diagnostic> {
        let pages = self.findings.pages.values().flatten();
        let rest = self.settings_diags.iter().chain(&self.findings.everywhere).chain(self.failed.values());
        let mut all: Vec<Diagnostic> = pages.chain(rest).cloned().collect();
        diag::sort(&mut all);
        all.dedup();
        all
    }

    /// Reads `site.yaml`. Returns whether new valid settings were adopted; settings with errors do not replace the last valid ones.
    fn read_settings(&mut self) -> bool {
        let (text, warning) = match read_settings_text(&self.root) {
            Ok(read) => read,
            Err(diag) => {
                self.settings_text = None;
                self.settings_diags = vec![diag];
                return false;
            }
        };
        if self.settings_text.as_ref() == Some(&text) {
            return false;
        }
        let Ok(path) = SitePath::new(SETTINGS_FILE) else { return false };
        let (settings, mut diags) = settings::read(&SourceText::new(&path, &text));
        diags.extend(warning);
        let good = !diags.iter().any(Diagnostic::is_error);
        self.settings_text = Some(text);
        self.settings_diags = diags;
        if good {
            self.settings = Some(Arc::new(settings));
        }
        good
    }

    /// Runs the pipeline over the current files. If that gives errors, runs it again with the last good texts of the files at fault.
    fn rebuild(&mut self, files: FileSnapshot, found: Vec<Diagnostic>, settings: &Arc<Settings>) {
        let clock = (self.today)(settings);
        let mut substitutes = BTreeMap::new();
        let mut run =
            self.run_pipeline(self.texts.snapshot(files, &substitutes), found, settings, &clock, BTreeSet::new());
        let mut diags = std::mem::take(&mut run.prepared.diags);
        if run.prepared.site.is_none() {
            // The pipeline stopped at the theme, before any page was read. Try again with the theme's last good files.
            substitutes = self.last_good_texts(&errors_by_file(&diags));
            if !substitutes.is_empty() {
                run = self.rerun_pipeline(&substitutes, settings, &clock, BTreeSet::new());
                diags.append(&mut run.prepared.diags);
            }
        }
        let bad = errors_by_file(&diags);
        let Some((views, _)) = &run.prepared.site else {
            self.set_findings(diags, &[]);
            return;
        };
        let would_be: Vec<(SitePath, Route)> = addresses(&views.site.untracked().catalog);
        let more = self.last_good_texts(&bad);
        let pages: BTreeSet<&SitePath> = would_be.iter().map(|(path, _)| path).collect();
        let never_good =
            |path: &&SitePath| pages.contains(path) && !more.contains_key(*path) && !self.texts.was_good(path);
        let hopeless: BTreeSet<SitePath> = bad.iter().filter(never_good).cloned().collect();
        if more.keys().any(|path| !substitutes.contains_key(path)) || !hopeless.is_empty() {
            substitutes.extend(more);
            run = self.rerun_pipeline(&substitutes, settings, &clock, hopeless);
        }
        self.texts.mark_all_good_but(&bad);
        match run.prepared.site {
            Some((views, plan)) => {
                let addresses = self.all_addresses(&run.files, settings, would_be, &views);
                let jobs: HashMap<String, usize> =
                    plan.jobs.iter().enumerate().map(|(i, job)| (job.route.output_path(), i)).collect();
                // A cached output is still valid if its recipe and all it read have the same fingerprints.
                let site = &views.site;
                self.reads.compact();
                let outdated = self.reads.compare(Scope::Everything, |key| site.fingerprint(key)).outdated;
                let stands = |path: &String, kept: &CachedOutput| {
                    jobs.get(path).is_some_and(|n| plan.jobs[*n].fingerprint(site.untracked()) == kept.recipe)
                        && !outdated.contains(path)
                };
                #[expect(clippy::disallowed_methods, reason = "each output is judged by itself")]
                self.rendered.iter_mut().for_each(|(path, kept)| kept.fresh = kept.fresh && stands(path, kept));
                self.known = run.prepared.pages;
                self.current = Some(CurrentSite {
                    views,
                    plan,
                    jobs,
                    single_page_update: run.prepared.single_page_update,
                    day: clock.today,
                });
                self.failed.clear();
                self.set_findings(diags, &addresses);
            }
            None => self.set_findings(diags, &would_be),
        }
    }

    fn rerun_pipeline(
        &mut self,
        substitutes: &BTreeMap<SitePath, Arc<[u8]>>,
        settings: &Arc<Settings>,
        clock: &BuildDate,
        leave_out: BTreeSet<SitePath>,
    ) -> PipelineRun {
        let (files, found) = scan(&self.root, &settings.theme);
        self.run_pipeline(self.texts.snapshot(files, substitutes), found, settings, clock, leave_out)
    }

    fn run_pipeline(
        &mut self,
        files: FileSnapshot,
        found: Vec<Diagnostic>,
        settings: &Arc<Settings>,
        clock: &BuildDate,
        leave_out: BTreeSet<SitePath>,
    ) -> PipelineRun {
        let cache = Some(Arc::new(BlobCache::new(&self.root, PICTURE_CACHE)));
        let pictures = PictureOptions { cache, ..PictureOptions::default() };
        let options = Options { drafts: true, leave_out, pictures, ..Options::default() };
        self.picture_hashes.iter().for_each(|known| files.seed_hash(&known.path, known.stat, known.hash));
        let files = Arc::new(files);
        let prepared = prepare_over(&files, found, settings, clock.clone(), &options, self.known.as_ref());
        self.counters.parsed += prepared.counts.parsed as u64;
        let pictures = files.paths().filter(|path| is_picture(path));
        let hashed = |path: &SitePath| {
            Some(KnownPicture { path: path.clone(), stat: files.stat(path)?, hash: files.hash(path)? })
        };
        self.picture_hashes = pictures.filter_map(hashed).collect();
        PipelineRun { files, prepared }
    }

    /// The last good texts of the files in `bad`, where they differ from the current texts.
    fn last_good_texts(&self, bad: &BTreeSet<SitePath>) -> BTreeMap<SitePath, Arc<[u8]>> {
        bad.iter().filter_map(|path| Some((path.clone(), self.texts.last_good(path)?))).collect()
    }

    /// The routes of each content file: in the run with current texts (`would_be`), in the run that is shown, and, for files in neither,
    /// derived from the path. A file may occur more than once.
    fn all_addresses(
        &self,
        files: &FileSnapshot,
        settings: &Settings,
        would_be: Vec<(SitePath, Route)>,
        views: &Views,
    ) -> Vec<(SitePath, Route)> {
        let mut all = would_be;
        all.extend(addresses(&views.site.untracked().catalog));
        let named: BTreeSet<SitePath> = all.iter().map(|(path, _)| path.clone()).collect();
        let unread = classify_content(files, settings).into_iter().filter(|place| !named.contains(&place.path));
        all.extend(unread.map(|place| {
            let prefix = settings.language_prefix(place.lang);
            let route = match place.role {
                PageRole::Section => folder_route(prefix, &place.folder),
                _ => Route::page([prefix].into_iter().chain(place.folder.split('/')).chain([place.name.as_str()])),
            };
            (place.path, route)
        }));
        all
    }

    /// Assigns each diagnostic to the output of the page it is about, or to the whole site. Notes are dropped, and so are warnings
    /// that belong to no page.
    fn set_findings(&mut self, diags: Vec<Diagnostic>, addresses: &[(SitePath, Route)]) {
        let mut findings = Findings::default();
        for diag in shown_findings(diags) {
            let own = addresses.iter().filter(|(path, _)| diag.file.as_ref() == Some(path));
            let outputs: BTreeSet<String> = own.map(|(_, route)| route.output_path()).collect();
            if outputs.is_empty() && diag.is_error() {
                findings.everywhere.push(diag);
                continue;
            }
            for output in outputs {
                findings.pages.entry(output).or_default().push(diag.clone());
            }
        }
        self.findings = findings;
    }
}

/// Result of one run of the pipeline's phases before rendering, with the files it read.
struct PipelineRun {
    files: Arc<FileSnapshot>,
    prepared: Prepared,
}

/// Findings without notes, sorted, each once.
fn shown_findings(mut diags: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diags.retain(|diag| diag.severity != Severity::Note);
    diag::sort(&mut diags);
    diags.dedup();
    diags
}

fn addresses(catalog: &Catalog) -> Vec<(SitePath, Route)> {
    catalog.pages.iter().map(|meta| (meta.path.clone(), meta.route.clone())).collect()
}

fn read_stream(stream: Box<dyn Read + '_>) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    match stream.take(MAX_OUTPUT_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > MAX_OUTPUT_BYTES => {
            let diag = Diagnostic::new(&codes::output::OUTPUT_TOO_LARGE).arg("size", human_size(bytes.len() as u64));
            Err(diag.arg("limit", human_size(MAX_OUTPUT_BYTES)))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Diagnostic::new(&codes::source::UNREADABLE).io_cause(&error)),
    }
}
