//! What outputs noted, as numbers in the graph of outputs. Each thing is named and looked up once in a build, however many
//! outputs read it.

use std::collections::HashMap;

use crate::engine::DependencyGraph;
use crate::view::{BuildKey, Key, PageFacet, Site, StableKey};

/// For what is not numbered yet.
const UNKNOWN: u32 = u32::MAX;

pub(super) struct KeyInterner {
    /// By page, then by facet.
    pages: Vec<[u32; PageFacet::ALL.len()]>,
    others: HashMap<BuildKey, u32, ahash::RandomState>,
}

impl KeyInterner {
    /// Nothing known yet, for a site of that many pages.
    pub fn new(pages: usize) -> Self {
        Self { pages: vec![[UNKNOWN; PageFacet::ALL.len()]; pages], others: HashMap::default() }
    }

    /// Notes what the output at `path` read.
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
