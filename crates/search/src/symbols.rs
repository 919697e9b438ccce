//! Numbers as printable characters, for lists inside a JavaScript string. In: numbers. Out: bytes, which are ASCII. `search.js` has the same table.
//!
//! There are 92 symbols: the characters from space to `~` without `"`, `<` and `\`. A number below 46 is one symbol; a larger one is
//! symbols of 46 and more with its lower digits to base 46, then one below 46 with the highest.

/// Number of different symbols.
pub(super) const SYMBOLS: u32 = 92;

const BASE: u32 = 46;

/// The symbols by their value.
const TABLE: [u8; SYMBOLS as usize] = {
    let (mut table, mut code, mut value) = ([0; SYMBOLS as usize], b' ', 0);
    while value < table.len() {
        if !matches!(code, b'"' | b'<' | b'\\') {
            table[value] = code;
            value += 1;
        }
        code += 1;
    }
    table
};

/// Appends one symbol; `value` must be below [`SYMBOLS`].
pub(super) fn symbol(out: &mut Vec<u8>, value: u32) {
    out.push(TABLE[(value % SYMBOLS) as usize]);
}

/// Symbols as text.
pub(super) fn symbol_text(symbols: &[u8]) -> &str {
    std::str::from_utf8(symbols).unwrap_or_default()
}

/// Appends a number.
pub fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= BASE {
        symbol(out, BASE + value % BASE);
        value /= BASE;
    }
    symbol(out, value);
}

/// Reads one symbol and moves past it; `None` at the end or before a character that is none.
pub fn read_symbol(text: &[u8], at: &mut usize) -> Option<u32> {
    let code = *text.get(*at)?;
    if !(b' '..=b'~').contains(&code) || matches!(code, b'"' | b'<' | b'\\') {
        return None;
    }
    *at += 1;
    let skipped = [b'"', b'<', b'\\'].iter().filter(|skipped| code > **skipped).count() as u32;
    Some(u32::from(code - b' ') - skipped)
}

/// Reads a number and moves past it.
pub fn read_number(text: &[u8], at: &mut usize) -> Option<u32> {
    let (mut value, mut place) = (0_u64, 1_u64);
    loop {
        let digit = u64::from(read_symbol(text, at)?);
        let last = digit < u64::from(BASE);
        let digit = if last { digit } else { digit - u64::from(BASE) };
        value = value.checked_add(place.checked_mul(digit)?)?;
        place = place.checked_mul(u64::from(BASE))?;
        if last {
            return u32::try_from(value).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_read_back_and_needs_no_escape() {
        let mut out = Vec::new();
        (0..SYMBOLS).for_each(|value| symbol(&mut out, value));
        assert!(!symbol_text(&out).is_empty() && !symbol_text(&out).contains(['"', '<', '\\']), "{out:?}");
        let mut at = 0;
        for value in 0..SYMBOLS {
            assert_eq!(read_symbol(&out, &mut at), Some(value));
        }
        assert_eq!(read_symbol(&out, &mut at), None);
    }

    #[test]
    fn numbers_are_read_back() {
        let numbers = [0, 1, 45, 46, 91, 92, 2115, 2116, 1 << 20, u32::MAX];
        let mut out = Vec::new();
        numbers.iter().for_each(|n| number(&mut out, *n));
        let mut at = 0;
        assert_eq!(numbers.map(|_| read_number(&out, &mut at)), numbers.map(Some));
        assert_eq!(at, out.len());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(read_number("\"".as_bytes(), &mut 0), None);
        assert_eq!(read_number("~~~~~~~~~~~~~~~~".as_bytes(), &mut 0), None);
    }
}
