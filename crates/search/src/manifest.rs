//! The manifest of an index: facts of all pages, kinds, synonyms. In: an [`IndexInput`] and the lengths of its pages. Out: the script.

use serde_json::{Value as Json, json};

use super::index::{IndexInput, SearchPart, SearchShape, version_of};
use super::script::{script, stored_data};
use super::symbols::{SYMBOLS, number, read_number, read_symbol, symbol, symbol_text};
use super::units::{normalised, units};
use super::{STOP_WORDS, hash_of};

/// Longest title that is told from longer ones, in units.
const MAX_TITLE: usize = 60;

/// The class of a length: about four for each doubling, so that another sentence rarely changes it.
fn length_class(length: u32) -> u32 {
    (0..64).find(|class| class_length(*class) >= u64::from(length)).unwrap_or(63)
}

/// The length that a class stands for.
fn class_length(class: u32) -> u64 {
    u64::from(4 + class % 4) << (class / 4)
}

/// The manifest. `lengths` are those of the pages, in units.
pub(super) fn manifest(input: &IndexInput<'_>, shape: &SearchShape, lengths: &[u32]) -> String {
    let mut facts = Vec::with_capacity(6 * input.pages.len());
    let classes: Vec<u32> = lengths.iter().map(|length| length_class(*length)).collect();
    for (page, class) in input.pages.iter().zip(&classes) {
        symbol(&mut facts, *class);
        symbol(&mut facts, units(&normalised(&page.text.title)).len().min(MAX_TITLE) as u32);
        symbol(&mut facts, page.prior as u32);
        symbol(&mut facts, hash_of(page.url.encode_utf16()) % SYMBOLS);
        number(&mut facts, page.kind);
        number(&mut facts, page.year.and_then(|year| u32::try_from(year - 1900).ok()).unwrap_or(0));
    }
    let average = average_class(&classes);
    let synonyms: Vec<Json> =
        input.synonyms.iter().map(|s| std::iter::once(&s.word).chain(&s.means).cloned().collect()).collect();
    let data = json!({
        "version": version_of(input.pages.iter().map(|page| page.url)),
        "pages": input.pages.len(),
        "bits": shape.bits,
        "group": shape.group_size,
        "average": average,
        "facts": symbol_text(&facts),
        "kinds": input.kinds,
        "synonyms": synonyms,
        "stop": STOP_WORDS,
    });
    script(&SearchPart::Manifest.to_string(), &[data])
}

/// The class of the average length of pages of these classes.
fn average_class(classes: &[u32]) -> u32 {
    let sum: u64 = classes.iter().map(|class| class_length(*class)).sum();
    length_class((sum / classes.len().max(1) as u64) as u32)
}

/// The length of a page.
pub(super) struct PageLength {
    /// Its number.
    pub page: u32,
    /// Its length in units.
    pub length: u32,
}

/// A stored manifest with other lengths of some pages; `None` if it is damaged or has no such page.
pub(super) fn with_lengths(manifest: &str, lengths: impl Iterator<Item = PageLength>) -> Option<String> {
    let name = SearchPart::Manifest.to_string();
    let mut data = stored_data(manifest, &name)?;
    let mut facts = data.get("facts")?.as_str()?.as_bytes().to_vec();
    let (mut at, mut places, mut classes) = (0, Vec::new(), Vec::new());
    while at < facts.len() {
        places.push(at);
        classes.push(read_symbol(&facts, &mut at)?);
        for _ in 0..3 {
            read_symbol(&facts, &mut at)?;
        }
        for _ in 0..2 {
            read_number(&facts, &mut at)?;
        }
    }
    for PageLength { page, length } in lengths {
        let class = classes.get_mut(page as usize)?;
        *class = length_class(length);
        let mut symbols = Vec::new();
        symbol(&mut symbols, *class);
        let place = places[page as usize];
        facts[place..=place].copy_from_slice(&symbols);
    }
    data["facts"] = Json::from(symbol_text(&facts));
    data["average"] = Json::from(average_class(&classes));
    Some(script(&name, &[data]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_lengths_grow() {
        assert!((1..40).all(|class| class_length(class) > class_length(class - 1)));
        assert_eq!([0, 4, 5, 9, 1000].map(length_class), [0, 0, 1, 5, 32]);
    }
}
