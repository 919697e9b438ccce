//! Which rows are in the store already: a file that comes again adds nothing, and one that holds an earlier one is noticed.
//!
//! In: a [`Batch`], and what the store has of the wave. Out: responses with their row keys, and those that repeat what is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::batch::{Batch, Destination};
use crate::Response;
use puzhi_core::base::Hash;

impl Batch {
    /// What the store keeps, in the order of the file. The key of a row comes from the content of the whole file and of the row, so that
    /// a copy of the file has the same keys. It holds no more than that: no address, no name, no minute.
    pub fn responses(&self, to: &Destination<'_>) -> Vec<Response> {
        let mut counts: BTreeMap<(&str, Option<i64>, String), u32> = BTreeMap::new();
        let mut responses = Vec::with_capacity(self.ready.len());
        for ready in &self.ready {
            let canonical = ready.answers.canonical();
            let count = counts.entry((ready.serial.as_str(), ready.hour, canonical.clone())).or_default();
            *count += 1;
            // JSON keeps the parts apart. Neither mode nor wording: the same file is the same file.
            let key = serde_json::json!([
                "puzhi import 1",
                to.id,
                to.wave.id,
                self.digest.to_string(),
                ready.serial,
                ready.hour,
                canonical,
                count
            ]);
            responses.push(Response {
                id: Hash::of(key.to_string().as_bytes()).bytes(),
                survey: to.id.to_string(),
                wave: to.wave.id.clone(),
                mode: to.mode,
                hour: ready.hour.unwrap_or(to.hour),
                wording: to.wording,
                answers: ready.answers.clone(),
            });
        }
        responses
    }
}

/// What of a wave is in the store, beside the rows of a file.
#[derive(Debug)]
pub struct Stored {
    keys: HashSet<[u8; 16]>,
    /// Whether hours are compared: only when every row of the file says its own.
    hours: bool,
    known: HashSet<[u8; 16]>,
    others: HashMap<Hash, u32>,
    count: usize,
}

impl Stored {
    /// Nothing yet.
    pub fn beside(batch: &Batch, responses: &[Response]) -> Stored {
        Stored {
            keys: responses.iter().map(|r| r.id).collect(),
            hours: batch.ready.iter().all(|ready| ready.hour.is_some()),
            known: HashSet::new(),
            others: HashMap::new(),
            count: 0,
        }
    }

    /// Takes note of a response of the same wave that is stored.
    pub fn note(&mut self, response: &Response) {
        if self.keys.contains(&response.id) {
            self.known.insert(response.id);
        } else {
            *self.others.entry(self.content(response)).or_default() += 1;
            self.count += 1;
        }
    }

    /// Whether this row of the file is stored.
    pub fn has(&self, response: &Response) -> bool {
        self.known.contains(&response.id)
    }

    fn content(&self, response: &Response) -> Hash {
        let hour = if self.hours { response.hour } else { 0 };
        Hash::of(format!("{hour} {}", response.answers.canonical()).as_bytes())
    }

    /// For each row that is not stored, whether one just like it is that came otherwise: each stored one speaks for one row.
    pub fn repeats(&self, responses: &[Response]) -> Vec<bool> {
        let mut left = self.others.clone();
        let repeats = |response: &Response| match left.get_mut(&self.content(response)) {
            Some(count) if *count > 0 && !self.has(response) => {
                *count -= 1;
                true
            }
            _ => false,
        };
        responses.iter().map(repeats).collect()
    }

    /// Whether so many repetitions say that the file holds an earlier one, or a part of one: half of either.
    pub fn is_suspicious(&self, repeats: &[bool]) -> bool {
        let repeated = repeats.iter().filter(|r| **r).count();
        repeated >= 3 && (2 * repeated >= self.count || 2 * repeated >= repeats.len())
    }
}
