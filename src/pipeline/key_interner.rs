//! Converts the keys that outputs read to ids of the dependency graph. In: keys of this build. Out: the reads of each output in the graph.
//! Each key is named and its fingerprint computed once in a build, however many outputs read it. Knows no output.

use std::collections::HashMap;

use crate::engine::DependencyGraph;
use crate::view::{BuildKey, Key, PageFacet, Site, StableKey};

/// Marks a key that has no id yet.
const UNKNOWN: u32 = u32::MAX;

pub(super) struct KeyInterner {
    /// By page, then by facet.
    pages: Vec<[u32; PageFacet::ALL.len()]>,
    others: HashMap<BuildKey, u32, ahash::RandomState>,
}

impl KeyInterner {
    /// Knows no id yet; `pages` is the number of pages of the site.
    pub fn new(pages: usize) -> Self {
        Self { pages: vec![[UNKNOWN; PageFacet::ALL.len()]; pages], others: HashMap::default() }
    }

    /// Stores what the output at `path` read.
    pub fn record_reads(
        &mut self,
        outputs: &mut DependencyGraph<String, StableKey>,
        site: &Site,
        path: &str,
        reads: Vec<BuildKey>,
    ) {
        let mut intern = |read: &BuildKey| outputs.intern(site.stable_key(read), |_| site.build_fingerprint(read));
        let ids = reads.into_iter().map(|read| match &read {
            Key::Page(facet, page) => {
                let known = &mut self.pages[page.0 as usize][*facet as usize];
                if *known == UNKNOWN {
                    *known = intern(&read);
                }
                *known
            }
            _ => match self.others.get(&read) {
                Some(known) => *known,
                None => {
                    let new = intern(&read);
                    self.others.insert(read, new);
                    new
                }
            },
        });
        let ids = ids.collect();
        outputs.set_reads_by_id(path.to_string(), ids);
    }
}
