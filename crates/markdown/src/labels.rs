//! Reads labels at the start of a line: `时间：`, `电话 0871`, `Tel:`, `【活动时间】`.
//!
//! Input: one line. Output: a [`LineMarker`]. Does not know what stands in other lines.

use super::line_markers::{LineMarker, MarkerKind, is_space};
use super::marker_numbers::FirstBytes;
use puzhi_core::base::is_han;

/// Longest label in characters.
const MAX_LABEL: usize = 8;

/// `时间：`, `联系 电话：`, `Q：`.
pub(super) fn label(line: &str) -> Option<LineMarker> {
    // The bytes of the first characters, to reject most lines at once.
    let head = &line.as_bytes()[..line.len().min(MAX_LABEL * 4 + 3)];
    if !head.iter().any(|b| matches!(b, b':' | 0x9A)) {
        return None;
    }
    let (mut length, mut has_han, mut count, mut last) = (0, false, 0, ' ');
    for c in line.chars().take(MAX_LABEL + 1) {
        match c {
            '：' if count > 0 && (has_han || count <= 3) => {
                return Some(LineMarker { kind: MarkerKind::Label, number: 0, length: length + c.len_utf8() });
            }
            // After a letter it belongs to an address.
            ':' if has_han && !last.is_ascii_alphanumeric() => {
                return Some(LineMarker { kind: MarkerKind::Label, number: 0, length: length + 1 });
            }
            c if is_han(c) => has_han = true,
            c if c.is_ascii_alphanumeric()
                || is_space(c) && count > 0
                || matches!(c, '（' | '）' | '(' | ')' | '*') => {}
            _ => return None,
        }
        length += c.len_utf8();
        count += 1;
        last = c;
    }
    None
}

/// Labels that people type with a space instead of a colon.
const LABEL_WORDS: [&str; 22] = [
    "联系电话",
    "咨询电话",
    "举报电话",
    "投诉电话",
    "监督电话",
    "联系人",
    "联系地址",
    "电子邮箱",
    "电话",
    "地址",
    "邮编",
    "时间",
    "地点",
    "传真",
    "邮箱",
    "网址",
    "手机",
    "微信",
    "咨询",
    "投诉",
    "主办",
    "承办",
];

/// `电话 0871-12345`, `地址 连然街道`, also where the label is in bold.
pub(super) fn worded_label(line: &str) -> Option<LineMarker> {
    const FIRST: FirstBytes = FirstBytes::of(&LABEL_WORDS);
    // Comparing the bytes of one character here is faster than comparing each word as a whole.
    let first = FIRST.of_line(line)?;
    let word =
        LABEL_WORDS.iter().find(|word| word.as_bytes().first_chunk() == Some(first) && line.starts_with(**word))?;
    let behind = &line[word.len()..];
    let behind = behind.strip_prefix("**").unwrap_or(behind);
    let value = behind.trim_start_matches(is_space);
    let begins =
        value.len() < behind.len() && value.starts_with(|c: char| c.is_alphanumeric() || c == '+' || c == '（');
    begins.then_some(LineMarker { kind: MarkerKind::Label, number: 0, length: word.len() })
}

/// `Tel: 0871-12345`, `E-mail：a@b.cn`.
pub(super) fn latin_label(line: &str) -> Option<LineMarker> {
    const WORDS: [&str; 12] =
        ["tel", "fax", "email", "e-mail", "mail", "mobile", "phone", "web", "website", "add", "address", "wechat"];
    /// Longest of them in bytes.
    const LONGEST: usize = 7;
    if !line.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = line.bytes().take(LONGEST + 1).take_while(|b| b.is_ascii_alphabetic() || *b == b'-').count();
    let is_word = WORDS.iter().any(|word| line[..length].eq_ignore_ascii_case(word));
    let sign = line[length..].chars().next().filter(|c| matches!(c, ':' | '：' | '.'))?;
    is_word.then_some(LineMarker { kind: MarkerKind::Label, number: 0, length: length + sign.len_utf8() })
}

/// `【活动时间】甲` and `[时间] 甲`, whose brackets hold a short name.
pub(super) fn bracketed_label(line: &str) -> Option<LineMarker> {
    let (label, behind) = line.strip_prefix(['【', '[', '［', '〖'])?.split_once(['】', ']', '］', '〗'])?;
    let is_name = (1..=MAX_LABEL).contains(&label.chars().take(MAX_LABEL + 1).count())
        && label.chars().all(|c| is_han(c) || is_space(c) || c.is_ascii_alphanumeric());
    // `【文字】（地址）` is meant as a link, and `[标签]: 地址` as its definition.
    let is_label = is_name && label.contains(is_han) && !behind.starts_with(['（', '(', ':', '[']);
    let length = line.len() - behind.len();
    is_label.then_some(LineMarker { kind: MarkerKind::BracketedLabel, number: 0, length })
}
