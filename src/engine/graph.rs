//! The graph of reads, and its reverse index.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::Stamp;

/// Nodes, the keys each of them read, and what every key was worth when its readers were made. A key has one worth for all its
/// readers: when it changes, all of them are made anew.
#[derive(Debug, Clone)]
pub struct Graph<N, K> {
    ids: HashMap<K, u32>,
    keys: Vec<K>,
    worth: Vec<Option<Stamp>>,
    /// In which round a key's worth was last looked at.
    seen: Vec<u32>,
    round: u32,
    nodes: BTreeMap<N, Box<[u32]>>,
    /// Keys and nodes that are not as they are stored.
    fresh_keys: BTreeSet<u32>,
    fresh_nodes: BTreeSet<N>,
    /// Made when it is asked for, forgotten when a node changes.
    reverse: OnceLock<Reverse<N>>,
}

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
        Self { ids: HashMap::new(), keys: Vec::new(), worth: Vec::new(), seen: Vec::new(), round: 1, nodes: BTreeMap::new(), fresh_keys: BTreeSet::new(), fresh_nodes: BTreeSet::new(), reverse: OnceLock::new() }
    }
}

impl<N: Ord + Clone + Sync, K: Eq + Hash + Ord + Clone + Sync> Graph<N, K> {
    /// Puts a stored graph together; `None` when an index leads nowhere.
    pub fn from_part(part: Part<N, K>) -> Option<Self> {
        let count = part.keys.len() as u32;
        if part.nodes.iter().any(|(_, reads)| reads.iter().any(|r| *r >= count)) {
            return None;
        }
        let mut graph = Self { nodes: part.nodes.into_iter().collect(), ..Self::default() };
        graph.ids.reserve(part.keys.len());
        for (key, worth) in part.keys {
            graph.ids.insert(key.clone(), graph.keys.len() as u32);
            graph.keys.push(key);
            graph.worth.push(worth);
            // Stored with this worth: 0 is for what was never looked at.
            graph.seen.push(1);
        }
        graph.round = 2;
        Some(graph)
    }

    /// The graph to be stored, without keys that nobody reads any more.
    pub fn to_part(&self) -> Part<N, K> {
        let mut new: Vec<Option<u32>> = vec![None; self.keys.len()];
        let mut keys = Vec::new();
        let nodes = self.nodes.iter().map(|(node, reads)| {
            let reads = reads.iter().map(|old| {
                *new[*old as usize].get_or_insert_with(|| {
                    keys.push((self.keys[*old as usize].clone(), self.worth[*old as usize]));
                    keys.len() as u32 - 1
                })
            });
            (node.clone(), reads.collect())
        });
        let nodes = nodes.collect();
        Part { keys, nodes }
    }

    /// Begins a round: what keys are worth may be another than in the last one.
    pub fn begin(&mut self) {
        self.round += 1;
    }

    /// Notes what `node` read. A key that nobody looked at in this round is looked at now: nobody else may have read it for long.
    pub fn put(&mut self, node: N, reads: Vec<K>, worth: impl Fn(&K) -> Option<Stamp>) {
        let mut ids = Vec::with_capacity(reads.len());
        for key in reads {
            let id = match self.ids.get(&key) {
                Some(id) => *id,
                None => {
                    let id = self.keys.len() as u32;
                    self.worth.push(None);
                    self.seen.push(0);
                    self.ids.insert(key.clone(), id);
                    self.keys.push(key);
                    id
                }
            };
            let at = id as usize;
            if self.seen[at] != self.round {
                let now = worth(&self.keys[at]);
                if std::mem::replace(&mut self.worth[at], now) != now || self.seen[at] == 0 {
                    self.fresh_keys.insert(id);
                }
                self.seen[at] = self.round;
            }
            ids.push(id);
        }
        if self.nodes.get(&node).is_none_or(|old| **old != ids) {
            self.fresh_nodes.insert(node.clone());
            self.nodes.insert(node, ids.into());
            self.reverse.take();
        }
    }

    pub fn remove(&mut self, node: &N) {
        if self.nodes.remove(node).is_some() {
            self.fresh_nodes.insert(node.clone());
            self.reverse.take();
        }
    }

    /// How many keys there are, those that nobody reads any more included.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// A key by its number, with its worth.
    pub fn key(&self, id: u32) -> Option<(&K, Option<Stamp>)> {
        Some((self.keys.get(id as usize)?, self.worth[id as usize]))
    }

    /// The numbers of the keys a node read.
    pub fn read_ids(&self, node: &N) -> Option<&[u32]> {
        self.nodes.get(node).map(|ids| &**ids)
    }

    /// Keys and nodes that have changed since the graph was put together from what is stored; a node that is gone is among them.
    pub fn unsaved(&self) -> (&BTreeSet<u32>, &BTreeSet<N>) {
        (&self.fresh_keys, &self.fresh_nodes)
    }

    /// Drops keys that nobody reads any more and numbers the others anew; nothing of it is stored as it is now.
    pub fn compact(&mut self) {
        if let Some(mut compact) = Self::from_part(self.to_part()) {
            compact.fresh_keys = (0..compact.keys.len() as u32).collect();
            compact.fresh_nodes = compact.nodes.keys().cloned().collect();
            *self = compact;
        }
    }

    /// Everything is stored now.
    pub fn saved(&mut self) {
        self.fresh_keys.clear();
        self.fresh_nodes.clear();
    }

    pub fn contains(&self, node: &N) -> bool {
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
        let now: Vec<Option<Stamp>> = self.keys.par_iter().with_min_len(256).map(worth).collect();
        let changed: BTreeSet<u32> = (0..self.keys.len()).filter(|i| self.worth[*i] != now[*i]).map(|i| i as u32).collect();
        self.worth = now;
        self.fresh_keys.extend(&changed);
        self.seen.fill(self.round);
        Changed(changed)
    }

    /// The same for some keys only: those that can have changed.
    pub fn refresh_some<'k>(&mut self, keys: impl IntoIterator<Item = &'k K>, worth: impl Fn(&K) -> Option<Stamp>) -> Changed
    where
        K: 'k,
    {
        let mut changed = BTreeSet::new();
        for key in keys {
            let Some(id) = self.ids.get(key) else { continue };
            let now = worth(key);
            self.seen[*id as usize] = self.round;
            if std::mem::replace(&mut self.worth[*id as usize], now) != now {
                changed.insert(*id);
                self.fresh_keys.insert(*id);
            }
        }
        Changed(changed)
    }

    /// The nodes that read a changed key.
    pub fn readers(&self, changed: &Changed) -> BTreeSet<N> {
        if changed.0.is_empty() {
            return BTreeSet::new();
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
