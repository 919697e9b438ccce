//! Recognises remarks that a page is not finished or not for the public: `（草稿，待领导审核）`, `秘密★1年`, `内部资料，仅供参考`.
//!
//! Input: a few words of a title, a file name, a line or a value. Output: whether they are such a remark. Does not know where they stand.

use std::sync::LazyLock;

use super::draft_mark::half_width;
use super::unpublished_lists::DRAFT_WORDS;

/// What people write above a text that is not for the public, in lower case.
const NOT_FOR_THE_PUBLIC: &[&str] = &[
    "do not publish",
    "internal use only",
    "not for publication",
    "不得外传",
    "已撤下",
    "已撤回",
    "已撤稿",
    "本文已撤回",
    "本文已撤稿",
    "此稿已撤回",
    "严禁外传",
    "仅供内部使用",
    "仅供内部参考",
    "内部使用",
    "内部文件",
    "内部材料",
    "内部资料",
    "注意保密",
    "请勿外传",
    "请勿转发",
];

/// Longer ways to say that a page waits, which are no states of a key.
const WAITING: &[&str] = &[
    "不要发",
    "不要发布",
    "先不要发",
    "先不要发布",
    "先别发布",
    "别发",
    "待审定",
    "待审阅",
    "待领导审定",
    "待领导审批",
    "待领导审核",
    "待领导审阅",
    "暂不公开",
    "暂缓公开",
    "暂缓发布",
    "本件不公开",
    "此件不予公开",
    "此件不公开",
];

/// Levels of secrecy, which stand above an official text with the mark ★ and a term.
const SECRECY: [&str; 4] = ["内部", "机密", "秘密", "绝密"];

/// What follows the word where a text speaks of the stages of a law, or of several versions.
const OF_STAGES: [&str; 8] = ["一审", "二审", "三审", "审议", "征求意见", "二稿", "三稿", "终稿"];

/// Brackets around a remark.
const BRACKETS: [(char, char); 7] =
    [('（', '）'), ('(', ')'), ('【', '】'), ('[', ']'), ('［', '］'), ('〔', '〕'), ('「', '」')];

/// Longest remark, in bytes.
const LONGEST_REMARK: usize = 200;
/// Most brackets of a name that are looked at.
const MOST_BRACKETS: usize = 8;

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Whether a word of the lists begins with a letter.
fn begins_word(letter: char) -> bool {
    static FIRST: LazyLock<Vec<char>> = LazyLock::new(|| {
        let words = [DRAFT_WORDS, NOT_FOR_THE_PUBLIC, WAITING].into_iter().flatten();
        let mut letters: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    });
    FIRST.binary_search(&letter.to_ascii_lowercase()).is_ok()
}

/// Whether a text begins with the first letter of a word of the lists. Most do not, and need no comparison with each word.
fn begins_like_remark(text: &str) -> bool {
    text.chars().next().is_some_and(begins_word)
}

/// Whether a name can hold a remark or a mark of secrecy. Most names have no letter that one begins with.
pub fn may_hold_remark(name: &str) -> bool {
    name.chars().any(|c| c == '★' || matches!(c, '\u{FF01}'..='\u{FF5E}') || begins_word(c))
}

fn is_draft_word(word: &str) -> bool {
    if !begins_like_remark(word) {
        return false;
    }
    let is_listed = |word: &str| DRAFT_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
    is_listed(word) || is_listed(without_version(word))
}

fn is_remark_word(word: &str) -> bool {
    if !begins_like_remark(word) {
        return false;
    }
    let is_listed = |list: &[&str]| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    is_draft_word(word) || is_listed(NOT_FOR_THE_PUBLIC) || is_listed(WAITING)
}

/// A word without the number of its version: `草稿v2`, `初稿3`, `草稿第二版`. The same word if it has none.
pub fn without_version(word: &str) -> &str {
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十.".contains(c);
    if let Some(before) = word.strip_suffix(['版', '稿', '次']) {
        let name = before.trim_end_matches(is_number);
        if let Some(name) = name.strip_suffix('第').filter(|_| name.len() < before.len()) {
            return name;
        }
    }
    let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match name.len() < word.len() {
        true => name.strip_suffix(['v', 'V']).unwrap_or(name).trim_end(),
        false => word,
    }
}

/// The text if it is nothing but words for drafts: `草稿`, `草稿，勿发`.
pub fn draft_word(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let mut parts = trimmed.split(is_mark).filter(|part| !part.is_empty()).peekable();
    let are_words = !trimmed.is_ascii() && parts.peek().is_some() && parts.all(is_draft_word);
    (are_words || is_draft_word(trimmed)).then_some(trimmed)
}

/// The mark of secrecy in a text, with its term: `秘密★1年`.
pub fn secrecy_mark(text: &str) -> Option<&str> {
    let star = text.find('★')?;
    let before = text[..star].trim_end();
    let word = SECRECY.iter().find(|word| before.ends_with(**word))?;
    let start = before.len() - word.len();
    // `商业秘密★` is a heading with an ornament.
    let is_whole = !before[..start].ends_with(char::is_alphanumeric);
    let after = &text[star + '★'.len_utf8()..];
    let has_term = after.trim_start().starts_with(char::is_alphanumeric) || after.trim().is_empty();
    (is_whole && has_term).then(|| text[start..].split(['　', '|']).next().unwrap_or_default().trim())
}

/// Whether a text, without the brackets around it, is such a remark, perhaps with another behind it.
pub fn is_draft_remark(text: &str) -> bool {
    if text.len() > LONGEST_REMARK {
        return false;
    }
    // Other letters keep their place.
    let plain = half_width(text.trim_matches(is_mark));
    if plain.is_empty() {
        return false;
    }
    let is_end = |c: char| is_mark(c) && c != ' ';
    let phrases = || plain.split(is_end).map(str::trim).filter(|part| !part.is_empty());
    phrases().all(is_remark_word)
        || !plain.is_ascii() && plain.split(is_mark).filter(|part| !part.is_empty()).all(is_remark_word)
        || secrecy_mark(&plain).is_some_and(|mark| plain.starts_with(mark))
        || begins_with_remark(&plain)
}

/// Whether a text begins with such words and goes on behind a mark: `草稿，待领导审核`, `草稿v2`, `内部资料，仅供参考`.
fn begins_with_remark(plain: &str) -> bool {
    let is_end = |c: char| match plain.is_ascii() {
        // Words in Latin letters may have spaces and hyphens in them.
        true => matches!(c, ',' | ';'),
        false => is_mark(c) && c != '.',
    };
    let phrase = plain.split(is_end).next().unwrap_or_default().trim();
    let rest = plain[phrase.len()..].trim_start();
    let others = OF_STAGES.iter().any(|stage| rest.contains(stage)) || rest.starts_with(['、', ':']);
    is_remark_word(phrase) && !others
}

/// A remark in brackets anywhere in a name: `关于甲的通知（草稿v2）`.
pub fn bracketed_remark(name: &str) -> Option<&str> {
    BRACKETS.iter().find_map(|(open, close)| {
        let inside = |(at, _): (usize, &str)| name[at + open.len_utf8()..].split_once(*close).map(|(inside, _)| inside);
        name.match_indices(*open).take(MOST_BRACKETS).filter_map(inside).find(|inside| is_draft_remark(inside))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_words_that_are_none() {
        for text in [
            "此稿已撤回",
            "已撤稿",
            "草稿，待领导审核",
            "草稿v2",
            "（草稿V2.1）",
            "初稿第二版",
            "先不要发布",
            "暂缓发布",
            "此件不公开",
            "内部资料，仅供参考",
            "秘密★1年",
            "机密★20年",
            "未完成",
            "Draft, do not publish",
            "DRAFT v2",
        ] {
            assert!(is_draft_remark(text), "{text}");
        }
        assert!(may_hold_remark("甲 秘密★1年") && may_hold_remark("ｄｒａｆｔ") && !may_hold_remark("专利年费怎么交"));
        for text in [
            "",
            "——",
            "草稿箱",
            "草稿，二审",
            "初稿、二稿、定稿",
            "商业秘密★重点",
            "秘密，要守住",
            "此件公开发布",
            "draft law on data",
            "征求意见稿",
            "内部审计",
            "待定",
            "草稿：没有定稿的文字",
            "Draft: yes or no?",
            "draft: a version that may change",
        ] {
            assert!(!is_draft_remark(text), "{text}");
        }
    }

    #[test]
    fn every_word_is_a_remark_in_letters_of_both_cases() {
        for word in [DRAFT_WORDS, NOT_FOR_THE_PUBLIC, WAITING].into_iter().flatten() {
            assert!(is_draft_remark(word) && is_draft_remark(&word.to_uppercase()), "{word}");
            assert!(may_hold_remark(&word.to_uppercase()), "{word}");
        }
    }

    #[test]
    fn remarks_in_brackets() {
        for (name, remark) in [
            ("关于甲的通知（草稿）", "草稿"),
            ("（第一号）关于甲的通知（先不要发布）", "先不要发布"),
            ("【内部资料，仅供参考】甲", "内部资料，仅供参考"),
        ] {
            assert_eq!(bracketed_remark(name), Some(remark), "{name}");
        }
        for name in ["某条例（草案）", "解读（草稿，二审）", "甲（", "甲（）", "通知（2027年）"]
        {
            assert_eq!(bracketed_remark(name), None, "{name}");
        }
    }
}
