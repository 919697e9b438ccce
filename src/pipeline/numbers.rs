//! What outputs noted, as numbers in the graph of outputs. Each thing is named and looked up once in a build, however many
//! outputs read it.

use std::collections::HashMap;

use crate::engine::Graph;
use crate::view::{Facet, Key, Read, Site};

/// For what is not numbered yet.
const UNKNOWN: u32 = u32::MAX;

pub(super) struct Numbers {
    /// By page, then by facet.
    pages: Vec<[u32; Facet::COUNT]>,
    others: HashMap<Read, u32, ahash::RandomState>,
}

impl Numbers {
    /// Nothing known yet, for a site of that many pages.
    pub fn new(pages: usize) -> Self {
        Self { pages: vec![[UNKNOWN; Facet::COUNT]; pages], others: HashMap::default() }
    }

    /// Notes what the output at `path` read.
    pub fn put(&mut self, outputs: &mut Graph<String, Key>, site: &Site, path: &str, reads: Vec<Read>) {
        let mut number = |read: &Read| outputs.number(site.key(read), |_| site.read_stamp(read));
        let numbers = reads.into_iter().map(|read| match &read {
            Read::Page(facet, page) => {
                let known = &mut self.pages[page.0 as usize][*facet as usize];
                if *known == UNKNOWN {
                    *known = number(&read);
                }
                *known
            }
            _ => match self.others.get(&read) {
                Some(known) => *known,
                None => {
                    let new = number(&read);
                    self.others.insert(read, new);
                    new
                }
            },
        });
        let numbers = numbers.collect();
        outputs.put_numbers(path.to_string(), numbers);
    }
}
