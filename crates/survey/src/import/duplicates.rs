//! Recognition of rows that are stored already: importing a file again adds nothing, and a file that contains an earlier one is
//! noticed.
//!
//! In: an [`ImportBatch`] and the stored responses of the wave. Out: responses with row keys, and which of them repeat stored ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::batch::{ImportBatch, ImportTarget};
use crate::Response;
use puzhi_core::base::ContentHash;

impl ImportBatch {
    /// The responses to store, in the order of the file. The row key is a hash of the content of the whole file and of the row, so
    /// that a copy of the file has the same keys. It contains no address, no name and no time finer than the hour.
    pub fn responses(&self, target: &ImportTarget<'_>) -> Vec<Response> {
        let mut counts: BTreeMap<_, u32> = BTreeMap::new();
        let mut responses = Vec::with_capacity(self.accepted.len());
        for ready in &self.accepted {
            let canonical = ready.answers.canonical();
            let count = counts.entry((ready.serial.as_str(), ready.hour, canonical.clone())).or_default();
            *count += 1;
            // JSON separates the parts unambiguously. Mode and wording are left out: the same file has the same keys with any of them.
            let key = serde_json::json!([
                "puzhi import 1",
                target.id,
                target.wave.id,
                self.digest.to_string(),
                ready.serial,
                ready.hour,
                canonical,
                count
            ]);
            responses.push(Response {
                id: ContentHash::of(key.to_string().as_bytes()).bytes(),
                survey: target.id.to_string(),
                wave: target.wave.id.clone(),
                mode: target.mode,
                hour: ready.hour.unwrap_or(target.hour),
                wording: target.wording,
                answers: ready.answers.clone(),
                sample: ready.sample.clone(),
            });
        }
        responses
    }
}

/// Compares the rows of a file with the stored responses of the wave.
#[derive(Debug)]
pub struct DuplicateCheck {
    file_ids: HashSet<[u8; 16]>,
    /// Whether hours are compared: only when every row of the file says its own.
    compare_hours: bool,
    stored_ids: HashSet<[u8; 16]>,
    other_contents: HashMap<ContentHash, u32>,
    other_count: usize,
}

impl DuplicateCheck {
    /// A check that knows no stored responses yet.
    pub fn new(batch: &ImportBatch, responses: &[Response]) -> DuplicateCheck {
        DuplicateCheck {
            file_ids: responses.iter().map(|r| r.id).collect(),
            compare_hours: batch.accepted.iter().all(|ready| ready.hour.is_some()),
            stored_ids: HashSet::new(),
            other_contents: HashMap::new(),
            other_count: 0,
        }
    }

    /// Adds a stored response of the same wave.
    pub fn add_stored(&mut self, response: &Response) {
        if self.file_ids.contains(&response.id) {
            self.stored_ids.insert(response.id);
        } else {
            *self.other_contents.entry(self.content_hash(response)).or_default() += 1;
            self.other_count += 1;
        }
    }

    /// Whether this row of the file is stored already.
    pub fn is_stored(&self, response: &Response) -> bool {
        self.stored_ids.contains(&response.id)
    }

    /// Hash of the answers, and of the hour where hours are compared.
    fn content_hash(&self, response: &Response) -> ContentHash {
        let hour = if self.compare_hours { response.hour } else { 0 };
        ContentHash::of(format!("{hour} {}", response.answers.canonical()).as_bytes())
    }

    /// For each row that is not stored, whether an equal response came in another way. Each stored response matches one row.
    pub fn find_repeats(&self, responses: &[Response]) -> Vec<bool> {
        let mut left = self.other_contents.clone();
        let repeats = |response: &Response| match left.get_mut(&self.content_hash(response)) {
            Some(count) if *count > 0 && !self.is_stored(response) => {
                *count -= 1;
                true
            }
            _ => false,
        };
        responses.iter().map(repeats).collect()
    }

    /// Whether the file probably contains an earlier import or a part of one: at least three repeats, and half of the file or of
    /// the stored responses.
    pub fn looks_like_reimport(&self, repeats: &[bool]) -> bool {
        let repeated = repeats.iter().filter(|r| **r).count();
        repeated >= 3 && (2 * repeated >= self.other_count || 2 * repeated >= repeats.len())
    }
}
