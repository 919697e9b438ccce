//! The forms of Chinese telephone numbers.
//!
//! Input: a text and the place of some digits. Output: the number that starts there and how sure its form is. Does not
//! look at the words around it.

use std::ops::Range;

/// How sure it is that digits of this form are a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// No other number is written like this, as `0871-68690000`.
    Certain,
    /// A mobile number without separators, which a code of eleven digits may look like.
    Likely,
    /// A number only if words say so, as `68690000`.
    Unlabelled,
    /// A public number of three to six digits, a number only if words say so.
    Short,
}

/// Digits that have the form of a telephone number.
#[derive(Debug)]
pub(super) struct PhoneForm {
    /// Where it stands, with the sign of the country and the parentheses of the area code.
    pub range: Range<usize>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whether a hyphen and an extension may follow.
    pub takes_extension: bool,
    /// Whether spaces separate its digits.
    pub is_spaced: bool,
    /// Where its digits start behind `+86` or `0086`; none without a country code.
    pub behind_country: Option<usize>,
}

/// More groups of digits than any number has.
const MAX_GROUPS: usize = 5;

/// A run of digits, and the separator before it.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    start: usize,
    end: usize,
    separator: char,
}

impl Group {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// The digits around a place, in groups.
struct Groups {
    start: usize,
    /// `+86` or `0086` stands before them.
    has_country: bool,
    list: [Group; MAX_GROUPS],
    count: usize,
}

/// Whether `c` separates the groups of a number.
pub(super) fn is_separator(c: char) -> bool {
    is_hyphen(c) || matches!(c, ' ' | '\u{A0}')
}

/// Whether `c` is a hyphen, or a dash that stands for one.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2014}' | '－')
}

/// The numbers that start with the run of digits `run`, the longest first.
pub(super) fn forms_at(text: &str, run: &Range<usize>) -> impl Iterator<Item = PhoneForm> {
    let groups = read_groups(text, run);
    (1..=groups.count).rev().filter_map(move |count| {
        let list = &groups.list[..count];
        let (certainty, takes_extension) = classify(text, list, groups.has_country)?;
        // Parentheses belong to a number of several groups only.
        let start = if count > 1 || groups.has_country { groups.start } else { list[0].start };
        Some(PhoneForm {
            range: start..list[count - 1].end,
            certainty,
            takes_extension,
            is_spaced: list.iter().skip(1).any(|group| group.separator == ' '),
            behind_country: groups.has_country.then_some(list[0].start),
        })
    })
}

fn read_groups(text: &str, run: &Range<usize>) -> Groups {
    const MAX_RUN: usize = 14;
    let mut list = [Group::default(); MAX_GROUPS];
    list[0] = Group { start: run.start, end: run.end, separator: '\0' };
    let (mut count, mut start, mut has_country) = (1, run.start, false);
    let bytes = text.as_bytes();
    let before = &text[..run.start];
    let mut at = run.end;
    if before.ends_with(['(', '（']) && text[at..].starts_with([')', '）']) {
        let width = |c: Option<char>| c.map_or(0, char::len_utf8);
        start -= width(before.chars().next_back());
        at += width(text[at..].chars().next());
        // An area code in parentheses is separated from the number by them.
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            let length = bytes[at..].iter().take(MAX_RUN).take_while(|b| b.is_ascii_digit()).count();
            list[1] = Group { start: at, end: at + length, separator: ')' };
            (count, at) = (2, at + length);
        }
    }
    while count < MAX_GROUPS {
        let Some(c) = text[at..].chars().next().filter(|c| is_separator(*c)) else { break };
        let from = at + c.len_utf8();
        let length = bytes[from..].iter().take(MAX_RUN).take_while(|b| b.is_ascii_digit()).count();
        if length == 0 {
            break;
        }
        list[count] = Group { start: from, end: from + length, separator: if is_hyphen(c) { '-' } else { ' ' } };
        (count, at) = (count + 1, from + length);
    }
    let first = &text[run.clone()];
    if let Some(sign) = country_before(&text[..start]) {
        (start, has_country) = (sign, true);
    } else if before.ends_with('+') && first.starts_with("86") && first.len() > 5 {
        list[0].start += 2;
        (start, has_country) = (run.start - 1, true);
    } else if first == "0086" && count > 1 {
        list.copy_within(1.., 0);
        (count, has_country) = (count - 1, true);
    }
    // An area code of two digits behind the country code is too short to be found by itself.
    if has_country && start < run.start {
        let between = text[start..run.start].trim_start_matches('+').trim_start_matches("86");
        let area = between.trim_matches(is_separator);
        if area.len() == 2 && area.bytes().all(|b| b.is_ascii_digit()) && count < MAX_GROUPS {
            list.copy_within(..count, 1);
            let end = start + text[start..run.start].rfind(area).unwrap_or(0) + area.len();
            list[0] = Group { start: end - area.len(), end, separator: '\0' };
            list[1].separator = '-';
            count += 1;
        }
    }
    Groups { start, has_country, list, count }
}

/// Where `+86` starts if `before` ends with it, or with it and an area code of two digits.
fn country_before(before: &str) -> Option<usize> {
    let without = |text: &str| text.strip_suffix(is_separator).map_or(text.len(), str::len);
    let outer = &before[..without(before)];
    if let Some(sign) = outer.strip_suffix("+86") {
        return Some(sign.len());
    }
    let area = outer.len().checked_sub(2).filter(|at| outer.is_char_boundary(*at))?;
    let is_area = outer[area..].bytes().all(|b| b.is_ascii_digit()) && outer.len() < before.len();
    let inner = outer[..area].strip_suffix(is_separator)?;
    is_area.then(|| inner.strip_suffix("+86").map(str::len)).flatten()
}

/// How sure a number of these groups is, and whether it may have an extension; none if it is no number.
fn classify(text: &str, list: &[Group], has_country: bool) -> Option<(Certainty, bool)> {
    let digits = |group: &Group| &text[group.start..group.end];
    let first = digits(&list[0]);
    let mut lengths = [0; MAX_GROUPS];
    lengths.iter_mut().zip(list).for_each(|(length, group)| *length = group.len());
    let lengths = &lengths[..list.len()];
    let separators = || list.iter().skip(1).map(|group| group.separator);
    let is_even = separators().all(|separator| separator == list.get(1).map_or(separator, |group| group.separator));
    let is_mobile = first.starts_with('1') && first.as_bytes().get(1).is_some_and(|b| (b'3'..=b'9').contains(b));
    match *lengths {
        [11] if is_mobile => return Some((if has_country { Certainty::Certain } else { Certainty::Likely }, false)),
        [3, 4, 4] | [3, 8] if is_mobile && is_even && list[1].separator != ')' => {
            return Some((Certainty::Certain, false));
        }
        _ => {}
    }
    if !has_country && is_service(first, lengths) {
        let is_plain = lengths.len() == 1;
        return Some((if is_plain { Certainty::Unlabelled } else { Certainty::Certain }, true));
    }
    if let [_, local @ ..] = lengths
        && matches!(local, [7 | 8] | [3, 4] | [4, 4])
        && is_area(first, has_country, local.iter().sum())
        && !digits(&list[1]).starts_with('0')
    {
        return Some((Certainty::Certain, true));
    }
    if list.iter().any(|group| group.separator == ')') {
        return None;
    }
    match *lengths {
        [10..=12] if has_area(first, has_country) => {
            Some((if has_country { Certainty::Certain } else { Certainty::Unlabelled }, true))
        }
        _ if has_country => None,
        [7 | 8] if !first.starts_with(['0', '1']) && !is_day(first) => Some((Certainty::Unlabelled, true)),
        [4, 4] | [3, 4] if !first.starts_with(['0', '1']) && separators().all(|separator| separator == '-') => {
            let is_span = lengths[0] == 4 && is_year(first) && is_year(digits(&list[1]));
            (!is_span).then_some((Certainty::Unlabelled, true))
        }
        [3..=6] if is_short(first) => Some((Certainty::Short, false)),
        _ => None,
    }
}

/// Whether groups of these lengths, of which `first` is the first, are a number of 400 or 800.
fn is_service(first: &str, lengths: &[usize]) -> bool {
    let total: usize = lengths.iter().sum();
    total == 10 && lengths.len() <= 4 && (first.starts_with("400") || first.starts_with("800"))
}

/// Whether `code` is an area code for a number of `local` digits. Without a country code it begins with 0.
fn is_area(code: &str, has_country: bool, local: usize) -> bool {
    let code = match code.strip_prefix('0') {
        Some(rest) => rest,
        None if has_country => code,
        None => return false,
    };
    match code.as_bytes() {
        b"10" | [b'2', b'0'..=b'9'] => local == 8,
        [b'3'..=b'9', _, _] => local == 7 || local == 8,
        _ => false,
    }
}

/// Whether the digits are an area code and a number without a separator.
fn has_area(digits: &str, has_country: bool) -> bool {
    let zero = usize::from(digits.starts_with('0'));
    [2, 3].into_iter().map(|length| length + zero).any(|length| {
        digits.len() > length
            && !digits[length..].starts_with('0')
            && is_area(&digits[..length], has_country, digits.len() - length)
    })
}

/// Whether eight digits are a day, as `20261128`.
fn is_day(digits: &str) -> bool {
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    digits.len() == 8 && is_year(&digits[..4]) && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
}

fn is_year(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

/// Whether the digits are a number that is dialled without an area code: of an emergency or public service, an operator,
/// a bank.
fn is_short(digits: &str) -> bool {
    const EXACTLY: [&str; 10] = ["110", "112", "114", "119", "120", "122", "11183", "11185", "116114", "118114"];
    let has_form = match digits.as_bytes() {
        [b'1', b'2', third, _, _] => (b'1'..=b'3').contains(third),
        [b'1', second, third, _, _] => (second, third) == (&b'0', &b'0'),
        [b'9', second, rest @ ..] => matches!(second, b'5' | b'6') && (3..=4).contains(&rest.len()),
        _ => false,
    };
    has_form || EXACTLY.contains(&digits)
}
