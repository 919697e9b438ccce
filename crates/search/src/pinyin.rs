//! Titles by their pronunciation: for each two neighbouring Han characters the full pinyin of both and their initials. In: a title. Out: terms.
//! A character with several readings gives a term for each, since the title does not say which is meant.

use pinyin::{Pinyin, ToPinyinMulti};

use super::units::{Unit, UnitKind, units};

/// Most readings of one character that are used; rare ones come last.
const MAX_READINGS: usize = 2;

/// Marks a term of full pinyin; no other term contains it.
const FULL: char = '\'';

/// Marks a term of initials.
const INITIALS: char = ':';

/// The terms of a normalised title.
pub(super) fn pinyin_terms(title: &str) -> Vec<String> {
    let units = units(title);
    let readings: Vec<Vec<&'static str>> = units.iter().map(readings_of).collect();
    let mut terms = Vec::new();
    for i in 1..units.len() {
        if !units[i].joined {
            continue;
        }
        for first in &readings[i - 1] {
            for second in &readings[i] {
                terms.push(format!("{FULL}{first}{FULL}{second}"));
                terms.extend(initial(first).zip(initial(second)).map(|(a, b)| format!("{INITIALS}{a}{b}")));
            }
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn initial(reading: &str) -> Option<char> {
    reading.chars().next()
}

/// The readings of a Han character without tones, `ü` as `v`, the common ones first.
fn readings_of(unit: &Unit<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let character = unit.text.chars().next().filter(|_| unit.kind == UnitKind::Han);
    if let Some(multi) = character.and_then(|c| c.to_pinyin_multi()) {
        for reading in multi.into_iter().map(Pinyin::plain).filter(|reading| reading.is_ascii()) {
            if !found.contains(&reading) && found.len() < MAX_READINGS {
                found.push(reading);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_found_by_sound_and_by_initials() {
        let terms = pinyin_terms("专利质押");
        for wanted in ["'zhuan'li", "'li'zhi", "'zhi'ya", ":zl", ":lz", ":zy"] {
            assert!(terms.iter().any(|term| term == wanted), "{wanted}: {terms:?}");
        }
    }

    #[test]
    fn a_character_with_two_readings_is_found_by_both() {
        let terms = pinyin_terms("银行");
        for wanted in ["'yin'hang", "'yin'xing"] {
            assert!(terms.iter().any(|term| term == wanted), "{wanted}: {terms:?}");
        }
    }

    #[test]
    fn what_is_no_han_has_no_pinyin() {
        assert_eq!(pinyin_terms("pct 2025"), [""; 0]);
        assert_eq!(pinyin_terms("税、费"), [""; 0]);
    }
}
