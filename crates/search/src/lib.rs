//! The search index of a site in one language, for a client without a server: texts to terms, terms to files.
//!
//! In: the texts of the pages that may be found, with their addresses, kinds and years; synonyms. Out: a [`SearchIndex`], whose files are
//! classic scripts. `docs/search/format.md` describes them; `search.js` of the theme reads them. Knows no page, no catalog and no HTML.

mod chunk;
mod collector;
mod index;
mod manifest;
mod patch;
mod pinyin;
mod script;
mod shard;
mod symbols;
mod synonyms;
mod term_key;
mod text;
mod units;
mod vocabulary;

pub use index::{IndexInput, IndexedPage, Prior, SearchIndex, SearchPart, SearchShape, version_of};
pub use patch::{ChangedText, patched_files};
pub use symbols::{number, read_number, read_symbol};
pub use synonyms::{Synonym, read_synonyms};
pub use text::{MAX_PIECES, PageText, TextBlock};
pub use units::{Unit, UnitKind, normalised, terms_of, units};

/// Words of questions that say nothing about what is sought. Longer ones come first, since they are cut out in this order.
pub const STOP_WORDS: &[&str] = &[
    "是不是",
    "能不能",
    "可不可以",
    "有没有",
    "要不要",
    "怎么办",
    "为什么",
    "多少钱",
    "是什么",
    "干什么",
    "什么时候",
    "在哪里",
    "哪里有",
    "请问",
    "怎么",
    "怎样",
    "如何",
    "什么",
    "哪里",
    "哪儿",
    "哪些",
    "哪个",
    "多少",
    "可以",
    "应该",
    "我们",
    "我的",
    "自己",
    "想要",
    "一下",
    "该",
    "吗",
    "呢",
    "的",
    "了",
    "去",
    "我",
    "想",
];

/// The hash of a text in UTF-16 code units: the same function as in `search.js`.
pub fn hash_of(text: impl IntoIterator<Item = u16>) -> u32 {
    let mut hash: u32 = 0;
    for unit in text {
        hash = hash.wrapping_mul(31).wrapping_add(u32::from(unit));
    }
    (hash ^ (hash >> 11)).wrapping_mul(0x9E37_79B1)
}

/// The shard of a term, of `1 << bits`.
pub fn shard_of(term: impl IntoIterator<Item = u16>, bits: u32) -> u32 {
    if bits == 0 { 0 } else { hash_of(term) >> (32 - bits) }
}
