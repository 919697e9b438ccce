//! A shard: the terms that fall to it by their hash, each with a list of pages. In: what each chunk of pages adds. Out: two texts, one with the
//! weights and one with the positions, since only phrases need positions.

use super::chunk::{HashedTerm, ListPart, page_step};
use super::symbols::number;
use super::term_key::TermKey;

/// The texts of one shard.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ShardText {
    /// The terms, with spaces between.
    pub terms: String,
    /// For each term the length of its list, then the list: pages with weights and pieces.
    pub weights: Vec<u8>,
    /// The terms that have positions, with spaces between.
    pub positioned_terms: String,
    /// For each of them the length of its list, then the list: pages with positions.
    pub positions: Vec<u8>,
}

/// Writes a shard. `parts` may be in any order; `hashed` is sorted by key.
pub(super) fn shard_text(mut parts: Vec<ListPart<'_>>, hashed: &[&HashedTerm]) -> ShardText {
    parts.sort_unstable_by_key(|part| (part.key, part.first_page));
    let mut text = ShardText::default();
    let (mut weights, mut positions) = (Vec::new(), Vec::new());
    for list in parts.chunk_by(|a, b| a.key == b.key) {
        weights.clear();
        positions.clear();
        let (mut next, mut next_positioned) = (0, 0);
        for part in list {
            if !part.weights.is_empty() {
                number(&mut weights, page_step(part.first_page - next, part.elsewhere));
                weights.extend_from_slice(part.weights);
                next = part.last_page + 1;
            }
            if !part.positions.is_empty() {
                number(&mut positions, part.first_positioned - next_positioned);
                positions.extend_from_slice(part.positions);
                next_positioned = part.last_positioned + 1;
            }
        }
        if !weights.is_empty() {
            push_term(&mut text.terms, list[0].key, hashed);
            number(&mut text.weights, weights.len() as u32);
            text.weights.extend_from_slice(&weights);
        }
        if !positions.is_empty() {
            push_term(&mut text.positioned_terms, list[0].key, hashed);
            number(&mut text.positions, positions.len() as u32);
            text.positions.extend_from_slice(&positions);
        }
    }
    text
}

/// Appends a term after a space.
fn push_term(terms: &mut String, key: TermKey, hashed: &[&HashedTerm]) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    match key.pair() {
        Some(pair) => terms.extend(pair),
        None => {
            let known = hashed.binary_search_by_key(&key, |term| term.key);
            terms.push_str(known.map_or("", |at| &hashed[at].text));
        }
    }
}
