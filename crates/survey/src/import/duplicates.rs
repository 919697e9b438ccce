//! Recognition of rows that are stored already: importing a file again adds nothing, and a file that contains an earlier one is
//! noticed.
//!
//! In: an [`ImportBatch`], the stored responses of the wave and the serials that were imported. Out: responses with row keys, and what is
//! known of each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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

impl ImportBatch {
    /// A hash of each accepted row's serial within the wave; `None` where the file has none. It says that the serial was imported, and
    /// nothing of what was answered.
    pub fn serial_hashes(&self, target: &ImportTarget<'_>) -> Vec<Option<[u8; 16]>> {
        let hash = |serial: &str| {
            let key = serde_json::json!(["puzhi serial 1", target.id, target.wave.id, serial]);
            ContentHash::of(key.to_string().as_bytes()).bytes()
        };
        self.accepted.iter().map(|ready| Some(ready.serial.as_str()).filter(|s| !s.is_empty()).map(hash)).collect()
    }
}

/// What is known of a row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOrigin {
    /// Nothing.
    New,
    /// It is stored: from the same file, or under its serial with equal answers.
    Stored,
    /// An equal response came in another way.
    Repeats,
    /// Its serial was imported with other answers.
    SerialDiffers,
}

/// Compares the rows of a file with the stored responses of the wave.
#[derive(Debug)]
pub struct DuplicateCheck {
    file_ids: HashSet<[u8; 16]>,
    /// For each row, whether its serial was imported before.
    known_serials: Vec<bool>,
    /// Whether hours are compared: only when every row of the file says its own.
    compare_hours: bool,
    stored_ids: HashSet<[u8; 16]>,
    other_contents: HashMap<ContentHash, u32>,
    other_count: usize,
}

impl DuplicateCheck {
    /// A check that knows no stored responses yet. `serials` are the hashes of the rows' serials, `stored_serials` those of the wave.
    pub fn new(
        batch: &ImportBatch,
        responses: &[Response],
        serials: &[Option<[u8; 16]>],
        stored_serials: &BTreeSet<[u8; 16]>,
    ) -> DuplicateCheck {
        DuplicateCheck {
            file_ids: responses.iter().map(|r| r.id).collect(),
            known_serials: serials.iter().map(|serial| serial.is_some_and(|s| stored_serials.contains(&s))).collect(),
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

    /// Hash of the answers, and of the hour where hours are compared.
    fn content_hash(&self, response: &Response) -> ContentHash {
        let hour = if self.compare_hours { response.hour } else { 0 };
        ContentHash::of(format!("{hour} {}", response.answers.canonical()).as_bytes())
    }

    /// What is known of each row. Each stored response matches one row; rows whose serial is known come first.
    pub fn origins(&self, responses: &[Response]) -> Vec<RowOrigin> {
        let mut left = self.other_contents.clone();
        let mut take = |response: &Response| match left.get_mut(&self.content_hash(response)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        let mut origins = vec![RowOrigin::New; responses.len()];
        let known = |at: usize| self.known_serials.get(at).copied().unwrap_or(false);
        for by_serial in [true, false] {
            for (at, response) in responses.iter().enumerate().filter(|(at, _)| known(*at) == by_serial) {
                origins[at] = match (self.stored_ids.contains(&response.id), by_serial) {
                    (true, _) => RowOrigin::Stored,
                    (false, true) => {
                        if take(response) {
                            RowOrigin::Stored
                        } else {
                            RowOrigin::SerialDiffers
                        }
                    }
                    (false, false) => {
                        if take(response) {
                            RowOrigin::Repeats
                        } else {
                            RowOrigin::New
                        }
                    }
                };
            }
        }
        origins
    }

    /// Whether the file probably contains an earlier import or a part of one under other serials: at least three repeats, and half of
    /// the file or of the stored responses.
    pub fn looks_like_reimport(&self, origins: &[RowOrigin]) -> bool {
        let repeated = origins.iter().filter(|origin| **origin == RowOrigin::Repeats).count();
        repeated >= 3 && (2 * repeated >= self.other_count || 2 * repeated >= origins.len())
    }
}
