//! A shard: the terms that fall to it by their hash, each with a list of pages. In: rows in page order. Out: two texts, one with the weights
//! and one with the positions, since only phrases need positions.

use super::page_terms::TermKey;
use super::symbols::{number, symbol};

/// A term in a page, as a shard lists it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'p> {
    pub key: TermKey,
    pub page: u32,
    pub weight: u8,
    pub pieces: u32,
    /// Where the term stands in the page; empty for terms without positions.
    pub positions: &'p str,
}

/// The texts of one shard.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ShardText {
    /// The terms, with spaces between.
    pub terms: String,
    /// For each term the length of its list, then the list: pages with weights and pieces.
    pub weights: String,
    /// The same with positions, for the terms that have some.
    pub positions: String,
}

/// Writes a shard. `rows` may be in any order; `hashed` has the texts of terms that are known by their hash, sorted by key.
pub(super) fn shard_text(mut rows: Vec<Row<'_>>, hashed: &[(TermKey, &str)]) -> ShardText {
    rows.sort_unstable_by_key(|row| (row.key, row.page));
    let mut text = ShardText::default();
    let (mut weights, mut positions) = (String::new(), String::new());
    for list in rows.chunk_by(|a, b| a.key == b.key) {
        if !text.terms.is_empty() {
            text.terms.push(' ');
        }
        match list[0].key.pair() {
            Some(pair) => text.terms.extend(pair),
            None => {
                let known = hashed.binary_search_by_key(&list[0].key, |(key, _)| *key);
                text.terms.push_str(known.map_or("", |at| hashed[at].1));
            }
        }
        weights.clear();
        positions.clear();
        let (mut next, mut next_positioned) = (0, 0);
        for row in list {
            // The first piece is what most terms stand in; only others are written.
            let elsewhere = row.pieces > 1;
            number(&mut weights, (row.page - next) * 2 + u32::from(elsewhere));
            symbol(&mut weights, u32::from(row.weight));
            if elsewhere {
                number(&mut weights, row.pieces);
            }
            next = row.page + 1;
            if !row.positions.is_empty() {
                number(&mut positions, row.page - next_positioned);
                positions.push_str(row.positions);
                next_positioned = row.page + 1;
            }
        }
        number(&mut text.weights, weights.len() as u32);
        text.weights.push_str(&weights);
        number(&mut text.positions, positions.len() as u32);
        text.positions.push_str(&positions);
    }
    text
}
