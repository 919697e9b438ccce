//! The dependency graph: which node read which keys, with a reverse index from keys to nodes.
//!
//! Keys are interned as `u32` ids. Does not know what nodes and keys stand for, and stores nothing itself: see [`StoredGraph`].

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::OnceLock;

use indexmap::IndexSet;
use rayon::prelude::*;

use super::Fingerprint;

/// Nodes, the keys each of them read, and each key's fingerprint. A key has one fingerprint for all its readers: when it changes,
/// all of them are out of date. `N` is a node (an output's or page's path), `K` a key (something it can read).
#[derive(Debug, Clone)]
pub struct DependencyGraph<N, K> {
    /// A key's id is its index here.
    keys: IndexSet<K, ahash::RandomState>,
    /// By key id; `None` for a key that names nothing at present.
    fingerprints: Vec<Option<Fingerprint>>,
    /// By key id: the revision in which the fingerprint was last computed, 0 for never.
    checked_in: Vec<u32>,
    /// Increases by one with every build that uses the graph.
    revision: u32,
    /// The ids of the keys each node read, ascending.
    nodes: BTreeMap<N, Box<[u32]>>,
    unsaved: Unsaved<N>,
    /// Built on first use; dropped when the reads of a node change.
    reverse: OnceLock<ReverseIndex<N>>,
}

/// Keys and nodes that differ from what the cache holds.
#[derive(Debug, Clone)]
enum Unsaved<N> {
    All,
    Some(BTreeSet<u32>, BTreeSet<N>),
}

/// Up to this many changed keys we scan all nodes; above it we build the reverse index.
const LINEAR_SCAN_LIMIT: usize = 8;

/// From keys to their readers: those of key `k` are `readers[start[k]..start[k + 1]]`, indices into `nodes`.
#[derive(Debug, Clone)]
struct ReverseIndex<N> {
    nodes: Vec<N>,
    start: Vec<u32>,
    readers: Vec<u32>,
}

/// A graph in its stored form.
pub struct StoredGraph<N, K> {
    /// Keys by id, each with its fingerprint.
    pub keys: Vec<(K, Option<Fingerprint>)>,
    /// Nodes, each with the ids of the keys it read.
    pub nodes: Vec<(N, Box<[u32]>)>,
}

impl<N, K> Default for DependencyGraph<N, K> {
    fn default() -> Self {
        let keys = IndexSet::with_hasher(ahash::RandomState::default());
        Self {
            keys,
            fingerprints: Vec::new(),
            checked_in: Vec::new(),
            revision: 1,
            nodes: BTreeMap::new(),
            unsaved: Unsaved::All,
            reverse: OnceLock::new(),
        }
    }
}

impl<N: Ord + Clone + Sync, K: Eq + Hash + Ord + Clone + Sync> DependencyGraph<N, K> {
    /// Restores a graph; `None` when an id is out of range or a key occurs twice.
    pub fn from_stored(part: StoredGraph<N, K>) -> Option<Self> {
        let count = part.keys.len();
        if part.nodes.iter().any(|(_, reads)| reads.iter().any(|r| *r as usize >= count)) {
            return None;
        }
        let (keys, fingerprints): (IndexSet<K, _>, Vec<_>) = part.keys.into_iter().unzip();
        let unsaved = Unsaved::Some(BTreeSet::new(), BTreeSet::new());
        // The stored fingerprints count as computed in revision 1; 0 means never.
        let graph = Self {
            keys,
            fingerprints,
            checked_in: vec![1; count],
            revision: 2,
            nodes: part.nodes.into_iter().collect(),
            unsaved,
            reverse: OnceLock::new(),
        };
        (graph.keys.len() == count).then_some(graph)
    }

    /// The graph in its stored form, without keys that no node reads any more.
    pub fn to_stored(&self) -> StoredGraph<N, K> {
        let mut new: Vec<Option<u32>> = vec![None; self.keys.len()];
        let mut keys = Vec::new();
        let nodes = self.nodes.iter().map(|(node, reads)| {
            let new_id = |old: &u32| {
                *new[*old as usize].get_or_insert_with(|| {
                    keys.push((self.keys[*old as usize].clone(), self.fingerprints[*old as usize]));
                    keys.len() as u32 - 1
                })
            };
            let mut reads: Box<[u32]> = reads.iter().map(new_id).collect();
            reads.sort_unstable();
            (node.clone(), reads)
        });
        let nodes = nodes.collect();
        StoredGraph { keys, nodes }
    }

    /// Starts a new revision, in which fingerprints may differ from those of the last one, compares the keys in `scope` and finds the
    /// nodes that are out of date. Builds, the following of references, the preview and `explain` all decide by this.
    pub fn compare(
        &mut self,
        scope: Scope<'_, K>,
        fingerprint_of: impl Fn(&K) -> Option<Fingerprint> + Sync + Send,
    ) -> Comparison<N> {
        self.revision += 1;
        let (changed, compared) = match scope {
            Scope::Everything => (self.refresh(fingerprint_of), self.keys.len()),
            Scope::Keys(keys) => (self.refresh_keys(keys, fingerprint_of), keys.len()),
        };
        Comparison { compared, changed: changed.0.len(), outdated: self.readers(&changed) }
    }

    /// The id of a key, which is added if it is new. If its fingerprint was not computed in this revision, it is computed now: the
    /// stored one may date from a build long ago, when another node read the key.
    pub fn intern(&mut self, key: K, fingerprint_of: impl FnOnce(&K) -> Option<Fingerprint>) -> u32 {
        let (at, new) = self.keys.insert_full(key);
        if new {
            self.fingerprints.push(None);
            self.checked_in.push(0);
        }
        if self.checked_in[at] != self.revision {
            let now = fingerprint_of(&self.keys[at]);
            if std::mem::replace(&mut self.fingerprints[at], now) != now || self.checked_in[at] == 0 {
                self.key_changed(at as u32);
            }
            self.checked_in[at] = self.revision;
        }
        at as u32
    }

    /// Replaces what `node` read; `reads` are key ids in any order.
    pub fn set_reads_by_id(&mut self, node: N, mut reads: Vec<u32>) {
        reads.sort_unstable();
        reads.dedup();
        if self.nodes.get(&node).is_none_or(|old| **old != reads) {
            self.node_changed(&node);
            self.nodes.insert(node, reads.into());
            self.reverse.take();
        }
    }

    /// Replaces what `node` read; new keys are interned.
    pub fn set_reads(&mut self, node: N, reads: Vec<K>, fingerprint_of: impl Fn(&K) -> Option<Fingerprint>) {
        let reads = reads.into_iter().map(|key| self.intern(key, &fingerprint_of)).collect();
        self.set_reads_by_id(node, reads);
    }

    /// Removes a node. Its keys stay until [`DependencyGraph::compact`].
    pub fn remove(&mut self, node: &N) {
        if self.nodes.remove(node).is_some() {
            self.node_changed(node);
            self.reverse.take();
        }
    }

    fn key_changed(&mut self, key: u32) {
        if let Unsaved::Some(keys, _) = &mut self.unsaved {
            keys.insert(key);
        }
    }

    fn node_changed(&mut self, node: &N) {
        if let Unsaved::Some(_, nodes) = &mut self.unsaved {
            nodes.insert(node.clone());
        }
    }

    /// Number of keys, including those that no node reads any more.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// A key by its id, with its fingerprint.
    pub fn key(&self, id: u32) -> Option<(&K, Option<Fingerprint>)> {
        Some((self.keys.get_index(id as usize)?, self.fingerprints[id as usize]))
    }

    /// The ids of the keys a node read, ascending.
    pub fn read_ids(&self, node: &N) -> Option<&[u32]> {
        self.nodes.get(node).map(|ids| &**ids)
    }

    /// Ids of keys, and nodes, that changed since the graph was restored or saved, both ascending. Removed nodes are included.
    pub fn unsaved(&self) -> (Vec<u32>, Vec<&N>) {
        match &self.unsaved {
            Unsaved::All => ((0..self.keys.len() as u32).collect(), self.nodes.keys().collect()),
            Unsaved::Some(keys, nodes) => (keys.iter().copied().collect(), nodes.iter().collect()),
        }
    }

    /// Drops keys that no node reads any more. The others may get new ids, so everything counts as unsaved.
    pub fn compact(&mut self) {
        let mut read = vec![false; self.keys.len()];
        self.nodes.values().flatten().for_each(|key| read[*key as usize] = true);
        if read.contains(&false)
            && let Some(compact) = Self::from_stored(self.to_stored())
        {
            *self = compact;
        }
        self.unsaved = Unsaved::All;
    }

    /// Tells the graph that the cache now holds all of it.
    pub fn mark_saved(&mut self) {
        self.unsaved = Unsaved::Some(BTreeSet::new(), BTreeSet::new());
    }

    /// Whether the node's reads are known.
    pub fn contains<Q: Ord + ?Sized>(&self, node: &Q) -> bool
    where
        N: Borrow<Q>,
    {
        self.nodes.contains_key(node)
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = &N> {
        self.nodes.keys()
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Recomputes every key's fingerprint, in parallel, and returns the keys whose fingerprint changed.
    fn refresh(&mut self, fingerprint_of: impl Fn(&K) -> Option<Fingerprint> + Sync + Send) -> ChangedKeys {
        let now: Vec<Option<Fingerprint>> =
            (0..self.keys.len()).into_par_iter().with_min_len(256).map(|at| fingerprint_of(&self.keys[at])).collect();
        let changed: BTreeSet<u32> =
            (0..self.keys.len()).filter(|i| self.fingerprints[*i] != now[*i]).map(|i| i as u32).collect();
        self.fingerprints = now;
        changed.iter().for_each(|key| self.key_changed(*key));
        self.checked_in.fill(self.revision);
        ChangedKeys(changed)
    }

    /// The same for the given keys only, when the caller knows that no other can have changed. Unknown keys are ignored.
    fn refresh_keys(&mut self, keys: &[K], fingerprint_of: impl Fn(&K) -> Option<Fingerprint>) -> ChangedKeys {
        let mut changed = BTreeSet::new();
        for key in keys {
            let Some(at) = self.keys.get_index_of(key) else { continue };
            let now = fingerprint_of(key);
            self.checked_in[at] = self.revision;
            if std::mem::replace(&mut self.fingerprints[at], now) != now {
                changed.insert(at as u32);
                self.key_changed(at as u32);
            }
        }
        ChangedKeys(changed)
    }

    /// The nodes that read a changed key.
    fn readers(&self, changed: &ChangedKeys) -> BTreeSet<N> {
        if changed.0.is_empty() {
            return BTreeSet::new();
        }
        if changed.0.len() <= LINEAR_SCAN_LIMIT {
            return self
                .nodes
                .iter()
                .filter(|(_, reads)| changed.0.iter().any(|key| reads.binary_search(key).is_ok()))
                .map(|(node, _)| node.clone())
                .collect();
        }
        let reverse = self.reverse.get_or_init(|| self.build_reverse_index());
        let readers = changed.0.iter().flat_map(|key| {
            let key = *key as usize;
            &reverse.readers[reverse.start[key] as usize..reverse.start[key + 1] as usize]
        });
        let nodes: BTreeSet<u32> = readers.copied().collect();
        nodes.into_iter().map(|n| reverse.nodes[n as usize].clone()).collect()
    }

    fn build_reverse_index(&self) -> ReverseIndex<N> {
        let mut start = vec![0_u32; self.keys.len() + 1];
        for reads in self.nodes.values() {
            reads.iter().for_each(|key| start[*key as usize + 1] += 1);
        }
        for key in 0..self.keys.len() {
            start[key + 1] += start[key];
        }
        let mut next = start.clone();
        let mut readers = vec![0; start.last().copied().unwrap_or(0) as usize];
        for (node, reads) in self.nodes.values().enumerate() {
            for key in reads {
                readers[next[*key as usize] as usize] = node as u32;
                next[*key as usize] += 1;
            }
        }
        ReverseIndex { nodes: self.nodes.keys().cloned().collect(), start, readers }
    }

    /// The keys a node read, with their fingerprints. `None` for an unknown node.
    pub fn reads(&self, node: &N) -> Option<Vec<(&K, Option<Fingerprint>)>> {
        let reads = self.nodes.get(node)?;
        Some(reads.iter().map(|r| (&self.keys[*r as usize], self.fingerprints[*r as usize])).collect())
    }
}

/// The ids of keys whose fingerprint changed.
#[derive(Debug, Default)]
struct ChangedKeys(BTreeSet<u32>);

/// Which keys may have changed.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'k, K> {
    /// Any key.
    Everything,
    /// These keys only. Keys that nobody read are ignored.
    Keys(&'k [K]),
}

/// What a comparison found.
#[derive(Debug)]
pub struct Comparison<N> {
    /// Number of keys whose fingerprint was compared.
    pub compared: usize,
    /// Number of keys whose fingerprint changed.
    pub changed: usize,
    /// The nodes that read a changed key.
    pub outdated: BTreeSet<N>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint_of(now: &'static [(&'static str, u64)]) -> impl Fn(&&'static str) -> Option<Fingerprint> + Sync {
        move |key| now.iter().find(|(k, _)| k == key).map(|(_, v)| Fingerprint(*v))
    }

    #[test]
    fn only_readers_of_what_changed_are_out_of_date() {
        let mut graph = DependencyGraph::default();
        let old = fingerprint_of(&[("a", 1), ("b", 1)]);
        graph.set_reads("x", vec!["a"], &old);
        graph.set_reads("y", vec!["a", "b"], &old);
        graph.set_reads("z", vec!["gone"], &old);
        let found = graph.compare(Scope::Everything, fingerprint_of(&[("a", 1), ("b", 2)]));
        assert_eq!((found.compared, found.changed, found.outdated), (3, 1, BTreeSet::from(["y"])));
        // A key that named nothing and now names something has changed, too.
        let found = graph.compare(Scope::Everything, fingerprint_of(&[("a", 1), ("b", 2), ("gone", 0)]));
        assert_eq!(found.outdated, BTreeSet::from(["z"]));
    }

    #[test]
    fn only_the_keys_in_scope_are_compared() {
        let mut graph = DependencyGraph::default();
        let old = fingerprint_of(&[("a", 1), ("b", 1)]);
        graph.set_reads("x", vec!["a"], &old);
        graph.set_reads("y", vec!["b"], &old);
        let found = graph.compare(Scope::Keys(&["b", "unread"]), fingerprint_of(&[("a", 2), ("b", 2)]));
        assert_eq!((found.compared, found.changed, found.outdated), (2, 1, BTreeSet::from(["y"])));
    }

    #[test]
    fn a_key_that_was_unread_for_a_while_is_computed_again() {
        let mut graph = DependencyGraph::default();
        graph.set_reads("x", vec!["a"], fingerprint_of(&[("a", 1)]));
        graph.remove(&"x");
        graph.compare(Scope::Keys(&[]), fingerprint_of(&[("a", 2)]));
        graph.set_reads("y", vec!["a"], fingerprint_of(&[("a", 2)]));
        let found = graph.compare(Scope::Everything, fingerprint_of(&[("a", 1)]));
        assert_eq!(found.outdated, BTreeSet::from(["y"]));
    }

    #[test]
    fn a_restored_graph_equals_the_stored_one() {
        let mut graph = DependencyGraph::default();
        let old = fingerprint_of(&[("a", 1), ("b", 1), ("c", 1)]);
        graph.set_reads("x", vec!["a", "c"], &old);
        graph.set_reads("y", vec!["b"], &old);
        graph.remove(&"x");
        let part = graph.to_stored();
        assert_eq!(part.keys.len(), 1, "keys without readers are dropped");
        let again = DependencyGraph::from_stored(part).unwrap();
        assert_eq!(again.reads(&"y"), Some(vec![(&"b", Some(Fingerprint(1)))]));
        assert!(
            DependencyGraph::from_stored(StoredGraph { keys: vec![("a", None)], nodes: vec![("x", Box::from([1]))] })
                .is_none()
        );
    }
}
