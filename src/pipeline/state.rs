//! What a build leaves to the next, on disk: [`Past`] to rows and back, and whether anything changed at all.
//!
//! Rows are written one by one: an edit changes the few rows it touches. Any doubt (another version of the program, a row that
//! cannot be read, the mark of a build that was cut off) means: nothing is known.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::{Graph, Part, Refusal, Rows, Stamp, Store, Stored, stamp};
use crate::source::{Snapshot, Stat};
use puzhi_core::base::{Hash, SitePath};
use puzhi_core::diag::Diag;
use puzhi_core::diag::codes::output as code;

use super::past::{Made, Pages, Past, PastPage};
use super::{Counts, Options};

/// How long a build waits for another one of the same site.
const PATIENCE: Duration = Duration::from_secs(30);

/// Enough to see that nothing changed; the rest is read when something did.
const FIRST: [&str; 3] = ["meta", "files", "outputs"];
const REST: [&str; 4] = ["pages", "ref-keys", "refs", "keys"];

/// How many keys stand in one row.
const BLOCK: u32 = 64;

/// The state of one kind of build of one site.
pub struct State {
    store: Store,
    version: Stamp,
    /// Rows of [`FIRST`] and of [`REST`] that were read before they are asked for.
    ahead: Mutex<[Option<Vec<Stored>>; 2]>,
}

/// What was known when a build began.
#[derive(Default)]
pub struct Known {
    /// How documents had been read, if anything is known.
    reading: Option<Stamp>,
    ground: Option<Stamp>,
    files: BTreeMap<SitePath, (Stat, Hash)>,
    pages: BTreeMap<SitePath, Arc<PastPage>>,
    made: BTreeMap<String, Made>,
    /// How many keys outputs had read.
    keys: usize,
    quiet: Option<Quiet>,
    /// What outputs had read, by the numbers of keys.
    reads: Vec<(String, Box<[u32]>)>,
}

/// A build after which nothing was to be said: as long as nothing changes, the next one has nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Quiet {
    settings: Stamp,
    today: Date,
    counts: (usize, usize, usize),
}

impl State {
    /// Opens the state for builds of the site at `root` into `out` with these options. A finding says why there is none.
    pub fn open(root: &Path, out: &Path, base_url: Option<&str>, options: &Options) -> Result<Self, Diag> {
        Self::open_within(PATIENCE, root, out, base_url, options)
    }

    /// The same, with another patience for a build that is running.
    pub fn open_within(
        patience: Duration,
        root: &Path,
        out: &Path,
        base_url: Option<&str>,
        options: &Options,
    ) -> Result<Self, Diag> {
        let out = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
        let kind = format!("{:016x}", stamp(&(&out, base_url, options.drafts, options.strict, options.keep_going)).0);
        match Store::open(root, &kind, patience) {
            Ok(store) => Ok(Self { store, version: version(), ahead: Mutex::default() }),
            Err(Refusal::Busy) => Err(Diag::new(&code::SITE_LOCKED).arg("folder", root.display())),
            Err(Refusal::Unusable(error)) => Err(Diag::new(&code::STATE_UNUSABLE).arg("cause", error.kind())),
        }
    }

    /// Reads what is stored while the files are still being looked for.
    pub fn read_ahead(&self) {
        let (first, rest) = rayon::join(|| self.store.read(&FIRST), || self.store.read(&REST));
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = [first, rest];
    }

    fn rows(&self, n: usize) -> Option<Vec<Stored>> {
        let ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner)[n].take();
        ahead.or_else(|| self.store.read([&FIRST[..], &REST][n]))
    }

    /// What the last build left, if it can be relied on; `files` are told the hashes that are known. For [`State::is_current`].
    pub fn look(&self, files: &Snapshot) -> Known {
        self.try_look(files).unwrap_or_default()
    }

    /// All the rest of it.
    pub fn load(&self, known: &mut Known) -> Option<Past> {
        known.reading?;
        let past = self.try_load(known);
        if past.is_none() {
            *known = Known::default();
        }
        past
    }

    fn try_look(&self, files: &Snapshot) -> Option<Known> {
        let mut tables = self.rows(0)?.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        let meta = next();
        let meta: BTreeMap<&[u8], &[u8]> = (0..meta.len()).map(|n| meta.row(n)).collect();
        let version: Stamp = postcard::from_bytes(meta.get(&b"version"[..])?).ok()?;
        if version != self.version || meta.contains_key(&b"in-flight"[..]) {
            return None;
        }
        let reading: Stamp = postcard::from_bytes(meta.get(&b"reading"[..])?).ok()?;
        let ground: Option<Stamp> = meta.get(&b"ground"[..]).and_then(|bytes| postcard::from_bytes(bytes).ok());
        let quiet: Option<Quiet> = meta.get(&b"quiet"[..]).and_then(|bytes| postcard::from_bytes(bytes).ok());
        let files_known: Vec<(SitePath, (Stat, Hash))> = rows(next(), SitePath::stored)?;
        files_known.par_iter().for_each(|(path, (stat, hash))| files.remember(path, *stat, *hash));
        let outputs = rows::<String, (Made, Box<[u32]>)>(next(), str::to_string)?;
        let (made, reads): (Vec<_>, Vec<_>) =
            outputs.into_iter().map(|(path, (made, reads))| ((path.clone(), made), (path, reads))).unzip();
        let known = Known {
            reading: Some(reading),
            ground,
            files: files_known.into_iter().collect(),
            made: made.into_iter().collect(),
            quiet,
            reads,
            ..Known::default()
        };
        Some(known)
    }

    fn try_load(&self, known: &mut Known) -> Option<Past> {
        let mut tables = self.rows(1)?.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        let (pages, ref_keys, refs, keys) = (next(), next(), next(), next());
        let reads = std::mem::take(&mut known.reads);
        let pages = || {
            rows(pages, SitePath::stored)
                .map(|pages: Vec<(SitePath, Arc<PastPage>)>| pages.into_iter().collect::<BTreeMap<_, _>>())
        };
        let checks = || Graph::from_part(Part { keys: numbered(ref_keys)?, nodes: rows(refs, SitePath::stored)? });
        let outputs = || Graph::from_part(Part { keys: numbered(keys)?, nodes: reads });
        let (pages, (checks, outputs)) = rayon::join(pages, || rayon::join(checks, outputs));
        known.pages = pages?;
        known.keys = outputs.as_ref().map_or(0, Graph::keys);
        Some(Past {
            pages: Pages { reading: known.reading?, ground: known.ground, pages: known.pages.clone(), checks: checks? },
            outputs: outputs?,
            made: known.made.clone(),
        })
    }

    /// Before the first output is changed: whoever finds this mark knows nothing.
    pub fn mark(&self) {
        // What cannot be marked cannot be relied on later.
        if self.store.change(&[("meta", vec![(b"in-flight".to_vec(), Some(Vec::new()))])]).is_err() {
            self.store.forget();
        }
    }

    /// After the last output is in place. `known` is what was there when the build began.
    pub fn save(
        &self,
        past: &mut Past,
        known: &Known,
        files: &Snapshot,
        quiet: Option<(Stamp, Date, &Counts)>,
    ) -> Result<(), Diag> {
        // Another way of reading numbers the references anew; and keys that nobody reads any more are not to pile up.
        let unread = past.outputs.keys() > 2 * known.keys.max(1024);
        let whole = known.reading != Some(past.pages.reading) || unread;
        let nothing = Known::default();
        let known = if whole { &nothing } else { known };
        if whole {
            past.pages.checks.compact();
            past.outputs.compact();
        }
        let quiet = quiet.map(|(settings, today, c)| Quiet { settings, today, counts: (c.pages, c.outputs, c.copies) });
        let meta: Rows = vec![
            (b"version".to_vec(), pack(&self.version)),
            (b"reading".to_vec(), pack(&past.pages.reading)),
            (b"ground".to_vec(), past.pages.ground.and_then(|ground| pack(&ground))),
            (b"quiet".to_vec(), quiet.and_then(|q| pack(&q))),
            (b"in-flight".to_vec(), None),
        ];
        let now = SystemTime::now();
        let mut tables: Vec<(&str, Rows)> = vec![("meta", meta)];
        tables.push((
            "pages",
            differences(
                &known.pages,
                &past.pages.pages,
                |a, b| Arc::ptr_eq(a, b) || a.same(b),
                |p| p.as_str().as_bytes().to_vec(),
                |page| pack(&**page),
            ),
        ));
        tables.extend(graph_rows(
            ["ref-keys", "refs"],
            &past.pages.checks,
            |path: &SitePath| path.as_str().as_bytes().to_vec(),
            |_, ids| pack(&ids),
        ));
        let outputs = graph_rows(
            ["keys", "outputs"],
            &past.outputs,
            |path: &String| path.as_bytes().to_vec(),
            |path, ids| pack(&(past.made.get(path)?, ids)),
        );
        let [keys, mut outputs] = outputs;
        // An output made again reads the same as a rule, but its file is another.
        let again = past.made.par_iter().filter(|(path, made)| known.made.get(*path).is_some_and(|old| old != *made));
        let again: Rows = again
            .filter_map(|(path, made)| {
                Some((path.as_bytes().to_vec(), Some(pack(&(made, past.outputs.read_ids(path)?))?)))
            })
            .collect();
        outputs.1.extend(again);
        tables.extend([keys, outputs]);
        let paths: Vec<&SitePath> = files.paths().collect();
        let seen: BTreeMap<SitePath, (Stat, Hash)> = paths
            .into_par_iter()
            .filter_map(|path| {
                let (stat, hash) = (files.stat(path)?, files.hash(path)?);
                // A stat that may not tell the next change is not remembered.
                Some((path.clone(), (if stat.is_settled(now) { stat } else { Stat::default() }, hash)))
            })
            .collect();
        tables
            .push(("files", differences(&known.files, &seen, |a, b| a == b, |p| p.as_str().as_bytes().to_vec(), pack)));
        let done = if whole { self.store.replace(&tables) } else { self.store.change(&tables) };
        past.pages.checks.saved();
        past.outputs.saved();
        done.map_err(|error| {
            self.store.forget();
            Diag::new(&code::STATE_UNUSABLE).arg("cause", error)
        })
    }

    /// Whether nothing at all changed since a build that had nothing to say: then its counts. `stat` says what stands at an
    /// output's place.
    pub fn is_current(
        &self,
        known: &Known,
        files: &Snapshot,
        settings: Stamp,
        today: Date,
        stat: impl Fn(&str) -> Option<Stat> + Sync,
    ) -> Option<Counts> {
        let quiet = known.quiet.filter(|q| q.settings == settings && q.today == today)?;
        let paths: Vec<&SitePath> = files.paths().collect();
        let same = paths.len() == known.files.len()
            && paths
                .par_iter()
                .all(|path| known.files.get(*path).is_some_and(|(_, hash)| files.hash(path) == Some(*hash)))
            && known.made.par_iter().all(|(path, made)| made.stat.is_some() && stat(path) == made.stat);
        let (pages, outputs, copies) = quiet.counts;
        same.then(|| Counts { pages, outputs, copies, unchanged: known.made.len(), ..Counts::default() })
    }

    /// Forgets what is known, as `--clean` asks.
    pub fn forget(&self) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
        self.store.forget();
    }
}

impl PastPage {
    fn same(&self, other: &PastPage) -> bool {
        self.hash == other.hash
            && self.version == other.version
            && self.place == other.place
            && self.kind == other.kind
            && self.days == other.days
            && self.card == other.card
            && self.shown == other.shown
            && self.to == other.to
    }
}

/// The program itself: another one may read and make things otherwise.
fn version() -> Stamp {
    let own = std::env::current_exe().and_then(std::fs::metadata).map(|meta| Stat::of(&meta)).ok();
    stamp(&(env!("CARGO_PKG_VERSION"), own))
}

fn pack<T: Serialize + ?Sized>(value: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}

fn rows<N: Send, T: DeserializeOwned + Send>(
    rows: Stored,
    name: impl Fn(&str) -> N + Sync + Send,
) -> Option<Vec<(N, T)>> {
    rows.rows()
        .with_min_len(64)
        .map(|(key, value)| Some((name(std::str::from_utf8(key).ok()?), postcard::from_bytes(value).ok()?)))
        .collect()
}

/// Keys by their number, a block of them in a row; blocks must be without gaps.
fn numbered<K: DeserializeOwned + Send>(rows: Stored) -> Option<Vec<(K, Option<Stamp>)>> {
    let full = |i: usize, block: &Vec<_>| block.len() == BLOCK as usize || i + 1 == rows.len();
    let read = |(i, (key, value)): (usize, (&[u8], &[u8]))| {
        let block = postcard::from_bytes::<Vec<(K, Option<Stamp>)>>(value).ok();
        block.filter(|block| key == (i as u32).to_be_bytes() && full(i, block))
    };
    let blocks: Vec<Vec<_>> = rows.rows().enumerate().map(read).collect::<Option<_>>()?;
    Some(blocks.into_iter().flatten().collect())
}

/// Rows of a graph's keys and nodes that are not stored as they are.
fn graph_rows<'t, N, K>(
    names: [&'t str; 2],
    graph: &Graph<N, K>,
    name: impl Fn(&N) -> Vec<u8> + Sync,
    node: impl Fn(&N, &[u32]) -> Option<Vec<u8>> + Sync,
) -> [(&'t str, Rows); 2]
where
    N: Ord + Clone + Send + Sync,
    K: Eq + std::hash::Hash + Ord + Clone + Send + Sync + Serialize,
{
    let (keys, nodes) = graph.unsaved();
    let mut blocks: Vec<u32> = keys.into_iter().map(|id| id / BLOCK).collect();
    blocks.dedup();
    let block = |n: &u32| {
        let keys: Vec<(&K, Option<Stamp>)> = (n * BLOCK..(n + 1) * BLOCK).map_while(|id| graph.key(id)).collect();
        (n.to_be_bytes().to_vec(), pack(&keys))
    };
    let keys = blocks.par_iter().map(block).collect();
    let nodes = nodes.into_par_iter().map(|n| (name(n), graph.read_ids(n).and_then(|ids| node(n, ids)))).collect();
    [(names[0], keys), (names[1], nodes)]
}

fn differences<K: Ord + Sync, V: Sync>(
    old: &BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
    same: impl Fn(&V, &V) -> bool + Sync + Send,
    key: impl Fn(&K) -> Vec<u8> + Sync + Send,
    value: impl Fn(&V) -> Option<Vec<u8>> + Sync + Send,
) -> Rows {
    let gone = old.keys().filter(|k| !new.contains_key(*k)).map(|k| (key(k), None));
    let changed =
        new.par_iter().filter(|(k, v)| old.get(*k).is_none_or(|o| !same(o, v))).map(|(k, v)| (key(k), value(v)));
    let mut rows: Rows = changed.collect();
    rows.extend(gone);
    rows
}
