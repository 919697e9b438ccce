//! Numbers at the start of a text, as lines are counted with: digits, Han numerals, letters.
//!
//! Input: a text. Output: the number and its length in bytes. Does not know what stands behind it.

/// The number of at most three digits at the start of `text`, which may be full-width, and its length.
pub(super) fn digits(text: &str) -> Option<(u32, usize)> {
    let (mut number, mut length, mut count) = (0, 0, 0);
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            _ => break,
        };
        number = number * 10 + digit;
        length += c.len_utf8();
        count += 1;
        if count > 3 {
            return None;
        }
    }
    (count > 0).then_some((number, length))
}

/// The number from 1 to 99 in Han characters at the start of `text`, and its length.
pub(super) fn han_number(text: &str) -> Option<(u32, usize)> {
    let digit = |c: char| match c {
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    let (mut number, mut length, mut tens) = (0, 0, false);
    for c in text.chars() {
        match digit(c) {
            Some(n) if number % 10 == 0 => number += n,
            None if c == '十' && !tens => {
                number = number.max(1) * 10;
                tens = true;
            }
            _ => break,
        }
        length += c.len_utf8();
        if length > 9 {
            return None;
        }
    }
    (number > 0).then_some((number, length))
}

/// A decimal number of up to four digits, and its length.
pub(super) fn long_number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&length).then(|| text[..length].parse().ok().map(|number| (number, length)))?
}

/// The place of an ASCII letter in the alphabet, from 1.
pub(super) fn place_in_alphabet(letter: char) -> Option<u32> {
    letter.is_ascii_alphabetic().then(|| u32::from(letter.to_ascii_lowercase()) - u32::from('a') + 1)
}

/// The number from 1 to 39 that Roman letters of one case write: `iv` is 4.
pub(super) fn roman_number(text: &str) -> Option<u32> {
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let is_one_case = text.bytes().all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_uppercase());
    let lower = text.to_ascii_lowercase();
    let rest = lower.trim_start_matches('x');
    let tens = (lower.len() - rest.len()) as u32;
    let units = UNITS.iter().position(|unit| *unit == rest)? as u32;
    let number = tens * 10 + units;
    (is_one_case && tens <= 3 && number > 0).then_some(number)
}

/// Which bytes the words of a list have in their first letters: a filter for lines, most of which begin with none of the words.
pub(super) struct FirstBytes {
    /// The low six bits of the second and of the third byte.
    second: u64,
    third: u64,
}

impl FirstBytes {
    /// The filter of a list whose words have three bytes at least.
    pub const fn of(words: &[&str]) -> Self {
        let mut out = Self { second: 0, third: 0 };
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            out.second |= 1 << (word[1] & 63);
            out.third |= 1 << (word[2] & 63);
            at += 1;
        }
        out
    }

    /// The first bytes of a line that may begin with one of the words.
    pub fn of_line<'l>(&self, line: &'l str) -> Option<&'l [u8; 3]> {
        let first = line.as_bytes().first_chunk::<3>()?;
        let has = |set: u64, byte: u8| set & 1 << (byte & 63) != 0;
        (has(self.second, first[1]) && has(self.third, first[2])).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!((digits("12、"), digits("１２、"), digits("1234")), (Some((12, 2)), Some((12, 6)), None));
        assert_eq!(
            (han_number("二十一、"), han_number("十、"), han_number("百")),
            (Some((21, 9)), Some((10, 3)), None)
        );
        assert_eq!((roman_number("XIV"), roman_number("ix"), roman_number("IIX")), (Some(14), Some(9), None));
        assert_eq!((long_number("2026年"), long_number("12345")), (Some((2026, 4)), None));
        assert_eq!((place_in_alphabet('c'), place_in_alphabet('C'), place_in_alphabet('丙')), (Some(3), Some(3), None));
    }
}
