//! What a build leaves to the next one on disk: converts [`PreviousBuild`] to rows and back, and finds whether anything changed at all.
//!
//! In: what a build made. Out: changed rows for [`CacheStore`], since an edit changes few of them. After any damage (another version of
//! the program, a row that cannot be read, the mark of a build that was cut off) nothing is known. Does not know what keys stand for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::{
    CacheStore, DependencyGraph, Fingerprint, OpenError, RowChanges, StoredGraph, StoredRows, absolute_path,
    fingerprint, program_fingerprint, time_of_save,
};
use crate::source::{FileSnapshot, FileStat};
use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output as code;

use super::gone_addresses::GoneAddresses;
use super::make_outputs::MadeOutputs;
use super::prepare::KnownReleases;
use super::previous::{OutputRecord, PageCache, PreviousBuild, PreviousPage, ValidTimes};
use super::{Counts, Options, UnpublishedCounts};

/// How long a build waits for another one of the same site.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// The tables that show whether anything changed. The others are read if something did.
const EAGER_TABLES: [&str; 3] = ["meta", "files", "outputs"];
const LAZY_TABLES: [&str; 4] = ["pages", "ref-keys", "refs", "keys"];

/// Number of keys in one row.
const KEYS_PER_ROW: u32 = 64;

/// The state of one kind of build of one site.
pub struct BuildState {
    store: CacheStore,
    version: Fingerprint,
    /// Rows of [`EAGER_TABLES`] and of [`LAZY_TABLES`] that were read before they are asked for.
    prefetched: Mutex<[Option<Vec<StoredRows>>; 2]>,
}

/// What was known when a build began.
#[derive(Default)]
pub struct LoadedState {
    /// Fingerprint of how documents had been read, if anything is known.
    reading: Option<Fingerprint>,
    non_text_fingerprint: Option<Fingerprint>,
    files: BTreeMap<SitePath, (FileStat, ContentHash)>,
    pages: BTreeMap<SitePath, Arc<PreviousPage>>,
    output_records: BTreeMap<String, OutputRecord>,
    /// Number of keys that outputs had read.
    keys: usize,
    finished: Option<FinishedRun>,
    gone: GoneAddresses,
    /// The ids of the keys that outputs had read.
    reads: Vec<(String, Box<[u32]>)>,
}

/// What the result of a build depends on besides the site's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuildBasis {
    /// Fingerprint of the settings.
    pub settings: Fingerprint,
    /// The day of the build.
    pub today: Date,
    /// Fingerprint of the findings of the scan and of the settings.
    pub found: Fingerprint,
}

/// A build that wrote the site: as long as nothing changes, the next one has nothing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FinishedRun {
    basis: BuildBasis,
    pages: usize,
    outputs: usize,
    copies: usize,
    unpublished: UnpublishedCounts,
    /// The times for which the same pages are published.
    times: ValidTimes,
    /// The stat of the output folder's manifest. Builds with other options have a state of their own but write the same folder.
    manifest: Option<FileStat>,
    /// Fingerprint of its findings as they are stored; `None` if there are none.
    findings: Option<Fingerprint>,
    /// The findings, serialised.
    #[serde(skip)]
    stored_findings: Vec<u8>,
}

/// What a build reports that has nothing to do.
pub(super) struct UnchangedBuild {
    pub counts: Counts,
    pub findings: Vec<Diagnostic>,
    /// Addresses that are still gone.
    pub gone: Vec<Diagnostic>,
}

/// The table of findings, which is read only if nothing changed, and the key of its row.
const FINDINGS: (&str, &[u8]) = ("findings", b"all");

/// The table of the release log, which is read only if something changed, and the key of its row.
const RELEASES: (&str, &[u8]) = ("releases", b"log");

impl BuildState {
    /// Opens the state for builds of the site at `root` into `out` with these options.
    ///
    /// # Errors
    /// A finding with the reason, if the state is locked or cannot be used.
    pub fn open(root: &Path, out: &Path, base_url: Option<&str>, options: &Options) -> Result<Self, Diagnostic> {
        Self::open_with_timeout(LOCK_TIMEOUT, root, out, base_url, options)
    }

    /// The same, with another limit for waiting until a running build ends.
    pub fn open_with_timeout(
        lock_timeout: Duration,
        root: &Path,
        out: &Path,
        base_url: Option<&str>,
        options: &Options,
    ) -> Result<Self, Diagnostic> {
        let out = absolute_path(out);
        let kind =
            format!("{:016x}", fingerprint(&(&out, base_url, options.drafts, options.strict, options.keep_going)).0);
        match CacheStore::open(root, &kind, lock_timeout) {
            Ok(store) => Ok(Self { store, version: program_fingerprint(), prefetched: Mutex::default() }),
            Err(OpenError::Busy) => Err(Diagnostic::new(&code::SITE_LOCKED).arg("folder", root.display())),
            Err(OpenError::Unusable(error)) => Err(Diagnostic::new(&code::STATE_UNUSABLE).io_cause(&error)),
        }
    }

    /// Reads the tables while the site's files are still being scanned.
    pub fn prefetch(&self) {
        let (first, rest) = rayon::join(|| self.store.read(&EAGER_TABLES), || self.store.read(&LAZY_TABLES));
        *self.prefetched.lock().unwrap_or_else(PoisonError::into_inner) = [first, rest];
    }

    fn rows(&self, n: usize) -> Option<Vec<StoredRows>> {
        let prefetched = self.prefetched.lock().unwrap_or_else(PoisonError::into_inner)[n].take();
        prefetched.or_else(|| self.store.read([&EAGER_TABLES[..], &LAZY_TABLES][n]))
    }

    /// What the last build left, if it is valid, as far as [`BuildState::is_current`] needs it. Known hashes are passed on to `files`.
    pub fn peek(&self, files: &FileSnapshot) -> LoadedState {
        self.try_peek(files).unwrap_or_default()
    }

    /// The rest of what the last build left.
    pub fn load(&self, known: &mut LoadedState) -> Option<PreviousBuild> {
        known.reading?;
        let previous = self.try_load(known);
        if previous.is_none() {
            *known = LoadedState::default();
        }
        previous
    }

    fn try_peek(&self, files: &FileSnapshot) -> Option<LoadedState> {
        let mut tables = self.rows(0)?.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        let meta = next();
        let meta: BTreeMap<&[u8], &[u8]> = (0..meta.len()).map(|n| meta.row(n)).collect();
        let version: Fingerprint = postcard::from_bytes(meta.get(&b"version"[..])?).ok()?;
        if version != self.version || meta.contains_key(&b"in-flight"[..]) {
            return None;
        }
        let reading: Fingerprint = postcard::from_bytes(meta.get(&b"reading"[..])?).ok()?;
        let non_text_fingerprint: Option<Fingerprint> =
            meta.get(&b"ground"[..]).and_then(|bytes| postcard::from_bytes(bytes).ok());
        let finished: Option<FinishedRun> = meta.get(&b"quiet"[..]).and_then(|bytes| postcard::from_bytes(bytes).ok());
        let gone = meta.get(&b"gone"[..]).and_then(|bytes| postcard::from_bytes(bytes).ok()).unwrap_or_default();
        let files_known: Vec<(SitePath, (FileStat, ContentHash))> = decode_rows(next(), SitePath::from_trusted)?;
        files_known.par_iter().for_each(|(path, (stat, hash))| files.seed_hash(path, *stat, *hash));
        let outputs = decode_rows::<String, (OutputRecord, Box<[u32]>)>(next(), str::to_string)?;
        let (made, reads): (Vec<_>, Vec<_>) =
            outputs.into_iter().map(|(path, (made, reads))| ((path.clone(), made), (path, reads))).unzip();
        let known = LoadedState {
            reading: Some(reading),
            non_text_fingerprint,
            files: files_known.into_iter().collect(),
            output_records: made.into_iter().collect(),
            finished,
            gone,
            reads,
            ..LoadedState::default()
        };
        Some(known)
    }

    fn try_load(&self, known: &mut LoadedState) -> Option<PreviousBuild> {
        let mut tables = self.rows(1)?.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        let (pages, ref_keys, refs, keys) = (next(), next(), next(), next());
        let reads = std::mem::take(&mut known.reads);
        let pages = || {
            decode_rows(pages, SitePath::from_trusted)
                .map(|pages: Vec<(SitePath, Arc<PreviousPage>)>| pages.into_iter().collect::<BTreeMap<_, _>>())
        };
        let checks = || {
            DependencyGraph::from_stored(StoredGraph {
                keys: decode_key_blocks(ref_keys)?,
                nodes: decode_rows(refs, SitePath::from_trusted)?,
            })
        };
        let outputs = || DependencyGraph::from_stored(StoredGraph { keys: decode_key_blocks(keys)?, nodes: reads });
        let (pages, (checks, outputs)) = rayon::join(pages, || rayon::join(checks, outputs));
        known.pages = pages?;
        known.keys = outputs.as_ref().map_or(0, DependencyGraph::key_count);
        Some(PreviousBuild {
            pages: PageCache {
                reading: known.reading?,
                non_text_fingerprint: known.non_text_fingerprint,
                pages: known.pages.clone(),
                checks: checks?,
                releases: self.releases(),
                times: known.finished.as_ref().map(|finished| finished.times).unwrap_or_default(),
            },
            made: MadeOutputs { reads: outputs?, records: known.output_records.clone() },
            gone: known.gone.clone(),
        })
    }

    /// Sets a mark before the first output is changed. A build that finds the mark ignores the state.
    pub fn mark_in_flight(&self) {
        // A state that cannot be marked must not be used later.
        if self.store.apply(&[("meta", vec![(b"in-flight".to_vec(), Some(Vec::new()))])]).is_err() {
            self.store.clear();
        }
    }

    /// Stores what this build leaves, after the last output is in place. `known` is what was stored when the build began.
    pub(super) fn save(
        &self,
        previous: &mut PreviousBuild,
        known: &LoadedState,
        files: &FileSnapshot,
        finished: FinishedRun,
    ) -> Result<(), Diagnostic> {
        // After a change in how documents are read, references have other numbers; and keys that no output reads must not pile up.
        let unread = previous.made.reads.key_count() > 2 * known.keys.max(1024);
        let whole = known.reading != Some(previous.pages.reading) || unread;
        let nothing = LoadedState::default();
        let known = if whole { &nothing } else { known };
        if whole {
            previous.pages.checks.compact();
            previous.made.reads.compact();
        }
        let mut tables = vec![("meta", self.meta_rows(previous, &finished)), ("pages", page_rows(previous, known))];
        if known.finished.as_ref().and_then(|known| known.findings) != finished.findings {
            let row = finished.findings.map(|_| finished.stored_findings);
            tables.push((FINDINGS.0, vec![(FINDINGS.1.to_vec(), row)]));
        }
        tables.extend(graph_rows(
            ["ref-keys", "refs"],
            &previous.pages.checks,
            |path: &SitePath| path.as_str().as_bytes().to_vec(),
            |_, ids| encode(&ids),
        ));
        tables.extend(output_rows(&previous.made, known));
        tables.push(("files", file_rows(files, known)));
        if whole || previous.pages.releases.is_parsed {
            tables.push((RELEASES.0, vec![(RELEASES.1.to_vec(), encode(&previous.pages.releases))]));
        }
        let done = if whole { self.store.replace_all(&tables) } else { self.store.apply(&tables) };
        previous.pages.checks.mark_saved();
        previous.made.reads.mark_saved();
        done.map_err(|error| {
            self.store.clear();
            let diag = Diagnostic::new(&code::STATE_UNUSABLE);
            match error {
                redb::Error::Io(error) => diag.io_cause(&error),
                other => diag.arg("cause_zh", &other).arg("cause_en", &other),
            }
        })
    }

    fn meta_rows(&self, previous: &PreviousBuild, finished: &FinishedRun) -> RowChanges {
        vec![
            (b"version".to_vec(), encode(&self.version)),
            (b"reading".to_vec(), encode(&previous.pages.reading)),
            (b"ground".to_vec(), previous.pages.non_text_fingerprint.and_then(|fingerprint| encode(&fingerprint))),
            (b"quiet".to_vec(), encode(finished)),
            (b"gone".to_vec(), encode(&previous.gone).filter(|_| !previous.gone.addresses.is_empty())),
            (b"in-flight".to_vec(), None),
        ]
    }

    /// The counts and findings of the last build, if nothing at all has changed since. `manifest` is the present stat of the output
    /// folder's manifest, `stat` gives that of an output's file.
    pub(super) fn unchanged_build(
        &self,
        known: &LoadedState,
        files: &FileSnapshot,
        basis: BuildBasis,
        manifest: Option<FileStat>,
        stat: impl Fn(&str) -> Option<FileStat> + Sync,
    ) -> Option<UnchangedBuild> {
        let finished = known.finished.as_ref().filter(|finished| finished.basis == basis)?;
        if manifest.is_none() || finished.manifest != manifest {
            return None;
        }
        let paths: Vec<&SitePath> = files.paths().collect();
        let same = paths.len() == known.files.len()
            && paths
                .par_iter()
                .all(|path| known.files.get(*path).is_some_and(|(_, hash)| files.hash(path) == Some(*hash)))
            && known.output_records.par_iter().all(|(path, made)| made.stat.is_some() && stat(path) == made.stat);
        if !same {
            return None;
        }
        let FinishedRun { pages, outputs, copies, unpublished, .. } = *finished;
        let unchanged = known.output_records.len();
        let counts = Counts { pages, outputs, copies, unpublished, unchanged, ..Counts::default() };
        let findings = finished.findings.map_or_else(|| Some(Vec::new()), |wanted| self.findings(wanted))?;
        Some(UnchangedBuild { counts, findings, gone: known.gone.notes.clone() })
    }

    /// The findings of the last build, whose fingerprint is known.
    fn findings(&self, wanted: Fingerprint) -> Option<Vec<Diagnostic>> {
        let tables = self.store.read(&[FINDINGS.0])?;
        let rows = tables.first().filter(|rows| rows.len() == 1)?;
        let (_, bytes) = rows.row(0);
        (fingerprint(bytes) == wanted).then(|| postcard::from_bytes(bytes).ok()).flatten()
    }

    /// The release log as the last build read it.
    fn releases(&self) -> KnownReleases {
        let tables = self.store.read(&[RELEASES.0]).unwrap_or_default();
        let rows = tables.first().filter(|rows| rows.len() == 1);
        rows.and_then(|rows| postcard::from_bytes(rows.row(0).1).ok()).unwrap_or_default()
    }

    /// Removes everything that is stored, for `--clean`.
    pub fn clear(&self) {
        *self.prefetched.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
        self.store.clear();
    }
}

/// The pages that differ from what is stored.
fn page_rows(previous: &PreviousBuild, known: &LoadedState) -> RowChanges {
    changed_rows(
        &known.pages,
        &previous.pages.pages,
        |a, b| Arc::ptr_eq(a, b) || a.same(b),
        |p| p.as_str().as_bytes().to_vec(),
        |page| encode(&**page),
    )
}

/// The keys and outputs that differ from what is stored.
fn output_rows(made: &MadeOutputs, known: &LoadedState) -> [(&'static str, RowChanges); 2] {
    let row = |path: &String, ids: &[u32]| encode(&(made.records.get(path)?, ids));
    let [keys, mut outputs] =
        graph_rows(["keys", "outputs"], &made.reads, |path: &String| path.as_bytes().to_vec(), row);
    // An output that was made again mostly reads the same, but its file is another.
    let again = made
        .records
        .par_iter()
        .filter(|(path, record)| known.output_records.get(*path).is_some_and(|old| old != *record));
    let again: RowChanges = again
        .filter_map(|(path, record)| {
            Some((path.as_bytes().to_vec(), Some(encode(&(record, made.reads.read_ids(path)?))?)))
        })
        .collect();
    outputs.1.extend(again);
    [keys, outputs]
}

/// The files whose state or hash differs from what is stored.
fn file_rows(files: &FileSnapshot, known: &LoadedState) -> RowChanges {
    let now = time_of_save();
    let paths: Vec<&SitePath> = files.paths().collect();
    let seen: BTreeMap<SitePath, (FileStat, ContentHash)> = paths
        .into_par_iter()
        .filter_map(|path| {
            let (stat, hash) = (files.stat(path)?, files.hash(path)?);
            // A state that may not show the next change is not stored.
            Some((path.clone(), (if stat.is_reliable_at(now) { stat } else { FileStat::default() }, hash)))
        })
        .collect();
    changed_rows(&known.files, &seen, |a, b| a == b, |p| p.as_str().as_bytes().to_vec(), encode)
}

impl LoadedState {
    /// Whether a build at this moment, in the site's zone, publishes the same pages, as long as no file changes.
    pub(super) fn holds_at(&self, moment: DateTime) -> bool {
        self.finished.as_ref().is_some_and(|finished| finished.times.contains(moment))
    }
}

impl FinishedRun {
    /// What a build did, and what it found.
    pub(super) fn of(
        basis: BuildBasis,
        times: ValidTimes,
        manifest: Option<FileStat>,
        counts: &Counts,
        findings: Vec<&Diagnostic>,
    ) -> Self {
        let Counts { pages, outputs, copies, unpublished, .. } = *counts;
        let stored_findings = if findings.is_empty() { None } else { encode(&findings) };
        let findings = stored_findings.as_deref().map(fingerprint);
        let stored_findings = stored_findings.unwrap_or_default();
        Self { basis, pages, outputs, copies, unpublished, times, manifest, findings, stored_findings }
    }
}

impl PreviousPage {
    fn same(&self, other: &PreviousPage) -> bool {
        self.hash == other.hash
            && self.content_fingerprint == other.content_fingerprint
            && self.place == other.place
            && self.kind == other.kind
            && self.times == other.times
            && self.meta == other.meta
            && self.visible_references == other.visible_references
            && self.links_to == other.links_to
            && self.findings == other.findings
            && self.reference_findings == other.reference_findings
    }
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}

fn decode_rows<N: Send, T: DeserializeOwned + Send>(
    rows: StoredRows,
    name: impl Fn(&str) -> N + Sync + Send,
) -> Option<Vec<(N, T)>> {
    rows.rows()
        .with_min_len(64)
        .map(|(key, value)| Some((name(std::str::from_utf8(key).ok()?), postcard::from_bytes(value).ok()?)))
        .collect()
}

/// Keys by their id, many in one row; the rows must be without gaps.
fn decode_key_blocks<K: DeserializeOwned + Send>(rows: StoredRows) -> Option<Vec<(K, Option<Fingerprint>)>> {
    let full = |i: usize, block: &Vec<_>| block.len() == KEYS_PER_ROW as usize || i + 1 == rows.len();
    let read = |(i, (key, value)): (usize, (&[u8], &[u8]))| {
        let block = postcard::from_bytes::<Vec<(K, Option<Fingerprint>)>>(value).ok();
        block.filter(|block| key == (i as u32).to_be_bytes() && full(i, block))
    };
    let blocks: Vec<Vec<_>> = rows.rows().enumerate().map(read).collect::<Option<_>>()?;
    Some(blocks.into_iter().flatten().collect())
}

/// Rows of the keys and nodes of a graph that differ from what is stored.
fn graph_rows<'t, N, K>(
    names: [&'t str; 2],
    graph: &DependencyGraph<N, K>,
    name: impl Fn(&N) -> Vec<u8> + Sync,
    node: impl Fn(&N, &[u32]) -> Option<Vec<u8>> + Sync,
) -> [(&'t str, RowChanges); 2]
where
    N: Ord + Clone + Send + Sync,
    K: Eq + std::hash::Hash + Ord + Clone + Send + Sync + Serialize,
{
    let (keys, nodes) = graph.unsaved();
    let mut blocks: Vec<u32> = keys.into_iter().map(|id| id / KEYS_PER_ROW).collect();
    blocks.dedup();
    let block = |n: &u32| {
        let keys: Vec<(&K, Option<Fingerprint>)> =
            (n * KEYS_PER_ROW..(n + 1) * KEYS_PER_ROW).map_while(|id| graph.key(id)).collect();
        (n.to_be_bytes().to_vec(), encode(&keys))
    };
    let keys = blocks.par_iter().map(block).collect();
    let nodes = nodes.into_par_iter().map(|n| (name(n), graph.read_ids(n).and_then(|ids| node(n, ids)))).collect();
    [(names[0], keys), (names[1], nodes)]
}

fn changed_rows<K: Ord + Sync, V: Sync>(
    old: &BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
    same: impl Fn(&V, &V) -> bool + Sync + Send,
    key: impl Fn(&K) -> Vec<u8> + Sync + Send,
    value: impl Fn(&V) -> Option<Vec<u8>> + Sync + Send,
) -> RowChanges {
    let gone = old.keys().filter(|k| !new.contains_key(*k)).map(|k| (key(k), None));
    let changed =
        new.par_iter().filter(|(k, v)| old.get(*k).is_none_or(|o| !same(o, v))).map(|(k, v)| (key(k), value(v)));
    let mut rows: RowChanges = changed.collect();
    rows.extend(gone);
    rows
}
