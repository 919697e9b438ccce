//! The graph of reads, and its reverse index.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::OnceLock;

use indexmap::IndexSet;
use rayon::prelude::*;

use super::Stamp;

/// Nodes, the keys each of them read, and what every key was worth when its readers were made. A key has one worth for all its
/// readers: when it changes, all of them are made anew.
#[derive(Debug, Clone)]
pub struct Graph<N, K> {
    /// A key's number is its place.
    keys: IndexSet<K, ahash::RandomState>,
    worth: Vec<Option<Stamp>>,
    /// In which round a key's worth was last looked at.
    seen: Vec<u32>,
    round: u32,
    /// What each node read, by number, in order.
    nodes: BTreeMap<N, Box<[u32]>>,
    unsaved: Unsaved<N>,
    /// Made when it is asked for, forgotten when a node changes.
    reverse: OnceLock<Reverse<N>>,
}

/// Keys and nodes that are not as they are stored.
#[derive(Debug, Clone)]
enum Unsaved<N> {
    All,
    Some(BTreeSet<u32>, BTreeSet<N>),
}

/// So many keys are looked for in every node rather than that the graph is turned for them.
const FEW: usize = 8;

/// From keys to their readers: those of key `k` are `readers[start[k]..start[k + 1]]`, indices into `nodes`.
#[derive(Debug, Clone)]
struct Reverse<N> {
    nodes: Vec<N>,
    start: Vec<u32>,
    readers: Vec<u32>,
}

/// A graph as it is stored: keys with their worth, nodes with indices into the keys.
pub struct Part<N, K> {
    pub keys: Vec<(K, Option<Stamp>)>,
    pub nodes: Vec<(N, Box<[u32]>)>,
}

impl<N, K> Default for Graph<N, K> {
    fn default() -> Self {
        let keys = IndexSet::with_hasher(ahash::RandomState::default());
        Self {
            keys,
            worth: Vec::new(),
            seen: Vec::new(),
            round: 1,
            nodes: BTreeMap::new(),
            unsaved: Unsaved::All,
            reverse: OnceLock::new(),
        }
    }
}

impl<N: Ord + Clone + Sync, K: Eq + Hash + Ord + Clone + Sync> Graph<N, K> {
    /// Puts a stored graph together; `None` when an index leads nowhere.
    pub fn from_part(part: Part<N, K>) -> Option<Self> {
        let count = part.keys.len();
        if part.nodes.iter().any(|(_, reads)| reads.iter().any(|r| *r as usize >= count)) {
            return None;
        }
        let (keys, worth): (IndexSet<K, _>, Vec<_>) = part.keys.into_iter().unzip();
        let unsaved = Unsaved::Some(BTreeSet::new(), BTreeSet::new());
        // Stored with this worth: 0 is for what was never looked at.
        let graph = Self {
            keys,
            worth,
            seen: vec![1; count],
            round: 2,
            nodes: part.nodes.into_iter().collect(),
            unsaved,
            reverse: OnceLock::new(),
        };
        (graph.keys.len() == count).then_some(graph)
    }

    /// The graph to be stored, without keys that nobody reads any more.
    pub fn to_part(&self) -> Part<N, K> {
        let mut new: Vec<Option<u32>> = vec![None; self.keys.len()];
        let mut keys = Vec::new();
        let nodes = self.nodes.iter().map(|(node, reads)| {
            let number = |old: &u32| {
                *new[*old as usize].get_or_insert_with(|| {
                    keys.push((self.keys[*old as usize].clone(), self.worth[*old as usize]));
                    keys.len() as u32 - 1
                })
            };
            let mut reads: Box<[u32]> = reads.iter().map(number).collect();
            reads.sort_unstable();
            (node.clone(), reads)
        });
        let nodes = nodes.collect();
        Part { keys, nodes }
    }

    /// Begins a round: what keys are worth may be another than in the last one.
    pub fn begin(&mut self) {
        self.round += 1;
    }

    /// The number of a key. One that nobody looked at in this round is looked at now: nobody else may have read it for long.
    pub fn number(&mut self, key: K, worth: impl FnOnce(&K) -> Option<Stamp>) -> u32 {
        let (at, new) = self.keys.insert_full(key);
        if new {
            self.worth.push(None);
            self.seen.push(0);
        }
        if self.seen[at] != self.round {
            let now = worth(&self.keys[at]);
            if std::mem::replace(&mut self.worth[at], now) != now || self.seen[at] == 0 {
                self.key_changed(at as u32);
            }
            self.seen[at] = self.round;
        }
        at as u32
    }

    /// Notes what `node` read, by the numbers of keys.
    pub fn put_numbers(&mut self, node: N, mut reads: Vec<u32>) {
        reads.sort_unstable();
        reads.dedup();
        if self.nodes.get(&node).is_none_or(|old| **old != reads) {
            self.node_changed(&node);
            self.nodes.insert(node, reads.into());
            self.reverse.take();
        }
    }

    /// Notes what `node` read.
    pub fn put(&mut self, node: N, reads: Vec<K>, worth: impl Fn(&K) -> Option<Stamp>) {
        let reads = reads.into_iter().map(|key| self.number(key, &worth)).collect();
        self.put_numbers(node, reads);
    }

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

    /// How many keys there are, those that nobody reads any more included.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// A key by its number, with its worth.
    pub fn key(&self, id: u32) -> Option<(&K, Option<Stamp>)> {
        Some((self.keys.get_index(id as usize)?, self.worth[id as usize]))
    }

    /// The numbers of the keys a node read.
    pub fn read_ids(&self, node: &N) -> Option<&[u32]> {
        self.nodes.get(node).map(|ids| &**ids)
    }

    /// Keys and nodes that have changed since the graph was put together from what is stored, in order; a node that is gone is
    /// among them.
    pub fn unsaved(&self) -> (Vec<u32>, Vec<&N>) {
        match &self.unsaved {
            Unsaved::All => ((0..self.keys.len() as u32).collect(), self.nodes.keys().collect()),
            Unsaved::Some(keys, nodes) => (keys.iter().copied().collect(), nodes.iter().collect()),
        }
    }

    /// Drops keys that nobody reads any more and numbers the others anew; nothing of it is stored as it is now.
    pub fn compact(&mut self) {
        let mut read = vec![false; self.keys.len()];
        self.nodes.values().flatten().for_each(|key| read[*key as usize] = true);
        if read.contains(&false)
            && let Some(compact) = Self::from_part(self.to_part())
        {
            *self = compact;
        }
        self.unsaved = Unsaved::All;
    }

    /// Everything is stored now.
    pub fn saved(&mut self) {
        self.unsaved = Unsaved::Some(BTreeSet::new(), BTreeSet::new());
    }

    pub fn contains<Q: Ord + ?Sized>(&self, node: &Q) -> bool
    where
        N: Borrow<Q>,
    {
        self.nodes.contains_key(node)
    }

    pub fn nodes(&self) -> impl Iterator<Item = &N> {
        self.nodes.keys()
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Compares every key with what it is worth now, and takes the new worth over. Equal values stop here.
    pub fn refresh(&mut self, worth: impl Fn(&K) -> Option<Stamp> + Sync + Send) -> Changed {
        let now: Vec<Option<Stamp>> =
            (0..self.keys.len()).into_par_iter().with_min_len(256).map(|at| worth(&self.keys[at])).collect();
        let changed: BTreeSet<u32> =
            (0..self.keys.len()).filter(|i| self.worth[*i] != now[*i]).map(|i| i as u32).collect();
        self.worth = now;
        changed.iter().for_each(|key| self.key_changed(*key));
        self.seen.fill(self.round);
        Changed(changed)
    }

    /// The same for some keys only: those that can have changed.
    pub fn refresh_some(&mut self, keys: &[K], worth: impl Fn(&K) -> Option<Stamp>) -> Changed {
        let mut changed = BTreeSet::new();
        for key in keys {
            let Some(at) = self.keys.get_index_of(key) else { continue };
            let now = worth(key);
            self.seen[at] = self.round;
            if std::mem::replace(&mut self.worth[at], now) != now {
                changed.insert(at as u32);
                self.key_changed(at as u32);
            }
        }
        Changed(changed)
    }

    /// The nodes that read a changed key.
    pub fn readers(&self, changed: &Changed) -> BTreeSet<N> {
        if changed.0.is_empty() {
            return BTreeSet::new();
        }
        if changed.0.len() <= FEW {
            return self
                .nodes
                .iter()
                .filter(|(_, reads)| changed.0.iter().any(|key| reads.binary_search(key).is_ok()))
                .map(|(node, _)| node.clone())
                .collect();
        }
        let reverse = self.reverse.get_or_init(|| self.turn());
        let readers = changed.0.iter().flat_map(|key| {
            let key = *key as usize;
            &reverse.readers[reverse.start[key] as usize..reverse.start[key + 1] as usize]
        });
        let nodes: BTreeSet<u32> = readers.copied().collect();
        nodes.into_iter().map(|n| reverse.nodes[n as usize].clone()).collect()
    }

    fn turn(&self) -> Reverse<N> {
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
        Reverse { nodes: self.nodes.keys().cloned().collect(), start, readers }
    }

    /// What a node read, and what that was worth. `None` for an unknown node.
    pub fn reads(&self, node: &N) -> Option<Vec<(&K, Option<Stamp>)>> {
        let reads = self.nodes.get(node)?;
        Some(reads.iter().map(|r| (&self.keys[*r as usize], self.worth[*r as usize])).collect())
    }
}

/// Keys whose worth is another than it was.
#[derive(Debug, Default)]
pub struct Changed(BTreeSet<u32>);

impl Changed {
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(now: &'static [(&'static str, u64)]) -> impl Fn(&&'static str) -> Option<Stamp> + Sync {
        move |key| now.iter().find(|(k, _)| k == key).map(|(_, v)| Stamp(*v))
    }

    #[test]
    fn only_readers_of_what_changed_are_out_of_date() {
        let mut graph = Graph::default();
        let old = worth(&[("a", 1), ("b", 1)]);
        graph.put("x", vec!["a"], &old);
        graph.put("y", vec!["a", "b"], &old);
        graph.put("z", vec!["gone"], &old);
        graph.begin();
        let changed = graph.refresh(worth(&[("a", 1), ("b", 2)]));
        assert_eq!(graph.readers(&changed), BTreeSet::from(["y"]));
        // What was missing and comes is a change, too.
        graph.begin();
        let changed = graph.refresh(worth(&[("a", 1), ("b", 2), ("gone", 0)]));
        assert_eq!(graph.readers(&changed), BTreeSet::from(["z"]));
    }

    #[test]
    fn a_key_that_was_unread_for_a_while_is_looked_at_again() {
        let mut graph = Graph::default();
        graph.put("x", vec!["a"], worth(&[("a", 1)]));
        graph.remove(&"x");
        graph.begin();
        graph.put("y", vec!["a"], worth(&[("a", 2)]));
        graph.begin();
        let changed = graph.refresh(worth(&[("a", 1)]));
        assert_eq!(graph.readers(&changed), BTreeSet::from(["y"]));
    }

    #[test]
    fn a_stored_graph_says_the_same() {
        let mut graph = Graph::default();
        let old = worth(&[("a", 1), ("b", 1), ("c", 1)]);
        graph.put("x", vec!["a", "c"], &old);
        graph.put("y", vec!["b"], &old);
        graph.remove(&"x");
        let part = graph.to_part();
        assert_eq!(part.keys.len(), 1, "keys without readers go");
        let again = Graph::from_part(part).unwrap();
        assert_eq!(again.reads(&"y"), Some(vec![(&"b", Some(Stamp(1)))]));
        assert!(Graph::from_part(Part { keys: vec![("a", None)], nodes: vec![("x", Box::from([1]))] }).is_none());
    }
}
