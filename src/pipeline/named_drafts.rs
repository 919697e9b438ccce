//! Finds pages whose title, tags, file, folder or first lines say that they are drafts, and that are published all the same.
//!
//! Input: what a page is called, and its text. Output: a warning that shows how to mark a draft. Marks nothing itself: a title may speak of drafts, so
//! the author says which it is, and `草稿: 否` ends the warning.

use crate::catalog::ContentPath;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{CommonFrontMatter, line_holds_back};

/// Words for pages that are not finished or not released. Drafts that are published for comments have other names: 征求意见稿, 送审稿.
const WORDS: [&str; 22] = [
    "草稿",
    "初稿",
    "未定稿",
    "未完成",
    "未写完",
    "没写完",
    "待完善",
    "待审",
    "待审核",
    "待审批",
    "待发",
    "待发布",
    "未发布",
    "未审核",
    "不发布",
    "暂不发布",
    "先不发布",
    "勿发",
    "勿发布",
    "请勿发布",
    "draft",
    "wip",
];

/// What people write above a text that is not for the public.
const ABOVE_TEXT: [&str; 6] = ["内部资料", "内部文件", "仅供内部使用", "仅供内部参考", "请勿外传", "不得外传"];

/// Endings of files and folders, right behind what they are about.
const ENDINGS: [&str; 3] = ["草稿", "初稿", "未定稿"];

/// Most lines of a text in which a line such as `状态：草稿` is looked for.
const FIRST_LINES: usize = 5;

/// Brackets around such a word.
const BRACKETS: [(char, char); 7] =
    [('（', '）'), ('(', ')'), ('【', '】'), ('[', ']'), ('［', '］'), ('〔', '〕'), ('「', '」')];

/// Most characters of a name that are looked at.
const LONGEST_NAME: usize = 200;

/// What of a page says that it is a draft.
struct Named<'p> {
    word: &'p str,
    zh: &'static str,
    en: &'static str,
}

/// The warning about a page that is called a draft and has no mark. `title` is the one that readers see, `body` the text of the page.
pub(super) fn named_draft(
    place: &ContentPath,
    head: &CommonFrontMatter,
    title: Option<&str>,
    body: &str,
) -> Option<Diagnostic> {
    if head.draft || head.sample || head.draft_flag.is_some() {
        return None;
    }
    let named = |word, zh, en| Named { word, zh, en };
    let file = match place.path.stem() {
        "index" | "_index" => place.folder.rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    let in_title = title.and_then(|title| word_in(title, Separators::OfTitles)).map(|w| named(w, "标题", "title"));
    let in_name =
        |name| word_in(name, Separators::OfFiles).or_else(|| ENDINGS.iter().copied().find(|end| file_ends(name, end)));
    let in_file = || in_name(file).map(|word| named(word, "文件名", "file name"));
    let mut folders = place.folder.split('/').filter(|folder| !folder.is_empty());
    let in_folder = || folders.find_map(in_name).map(|word| named(word, "文件夹名", "folder's name"));
    let in_text = || first_lines_say(body).map(|words| named(words, "开头几行", "first lines"));
    let terms = || head.terms.iter().flat_map(|(_, terms)| terms);
    let in_terms = || terms().find_map(|term| whole_word(&term.value)).map(|word| named(word, "分类", "terms"));
    let Named { word, zh, en } = in_title.or_else(in_file).or_else(in_terms).or_else(in_folder).or_else(in_text)?;
    let diag = Diagnostic::new(&codes::source::NAMED_DRAFT).file(&place.path);
    Some(diag.arg("word", word).arg("where", zh).arg("where_en", en))
}

/// What stands between such a word and the rest of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separators {
    OfTitles,
    OfFiles,
}

impl Separators {
    fn contains(self, c: char) -> bool {
        matches!(c, '-' | '_' | '—' | '－' | '–' | '：' | ':' | '|' | '｜')
            || self == Separators::OfFiles && matches!(c, ' ' | '.' | '\u{3000}' | '、')
    }
}

/// Whether a name ends with a word, behind something else.
fn file_ends(name: &str, word: &str) -> bool {
    name.strip_suffix(word).is_some_and(|before| before.ends_with(char::is_alphanumeric))
}

/// The words of the first line that are nothing but such a word, `（草稿，请勿发布）`, or a line among the first that says by a key that
/// the page waits, `状态：草稿`.
fn first_lines_say(body: &str) -> Option<&str> {
    let is_mark = |c: char| !c.is_alphanumeric();
    let mut lines = body.lines().take(4 * FIRST_LINES).map(|line| line.trim_matches(is_mark)).filter(|l| !l.is_empty());
    let first = lines.clone().next().filter(|line| line.len() <= LONGEST_NAME)?;
    let parts = || first.split(|c: char| is_mark(c) && !c.is_ascii_punctuation() || c == ',').filter(|p| !p.is_empty());
    let is_word = |part: &str| whole_word(part).is_some() || ABOVE_TEXT.contains(&part);
    if parts().all(is_word) {
        return Some(first);
    }
    lines.by_ref().take(FIRST_LINES).find(|line| line.len() <= LONGEST_NAME && line_holds_back(line))
}

/// The text if it is nothing but such a word.
fn whole_word(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    WORDS.iter().any(|word| trimmed.eq_ignore_ascii_case(word)).then_some(trimmed)
}

/// A word in brackets anywhere, or at the beginning or the end of a name with a separator beside it.
fn word_in(name: &str, separators: Separators) -> Option<&str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let bracketed = BRACKETS.iter().find_map(|(open, close)| {
        let (_, after) = name.split_once(*open)?;
        whole_word(after.split_once(*close)?.0)
    });
    let first = || {
        let (word, after) = name.split_once(|c| separators.contains(c))?;
        // A `draft-law` is a law; a title that begins with `Draft:` is a mark.
        let sure = !word.is_ascii() || separators == Separators::OfTitles && name[word.len()..].starts_with(':');
        whole_word(word).filter(|_| sure && !after.trim().is_empty())
    };
    let last = || {
        let (before, word) = name.rsplit_once(|c| separators.contains(c))?;
        // `reading-a-draft` may be about one.
        let sure = !name.is_ascii() || name[before.len()..].starts_with(['_', '.']);
        whole_word(word).filter(|_| sure)
    };
    whole_word(name).or(bracketed).or_else(first).or_else(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_that_say_draft() {
        for body in [
            "草稿\n\n正文。",
            "\n【草稿】\n\n正文。",
            "（草稿，请勿发布）\n正文。",
            "**草稿**\n",
            "> 草稿！！！\n",
            "———草稿———\n",
            "<!-- 草稿 -->\n\n正文。",
            "内部资料 请勿外传\n",
            "状态：草稿\n正文。",
            "标题：甲\n\n发布：否\n\n正文。",
        ] {
            assert!(first_lines_say(body).is_some(), "{body}");
        }
        for body in [
            "草稿要写得清楚。\n",
            "正文。\n\n草稿\n",
            "",
            "\n\n",
            "---\n",
            "一\n二\n三\n四\n五\n六\n七\n状态：草稿\n",
            "发布：县司法局\n",
            "审核：张三\n",
        ] {
            assert_eq!(first_lines_say(body), None, "{body}");
        }
    }

    #[test]
    fn names_that_say_draft() {
        for (name, file) in [
            ("通知（草稿）", false),
            ("【草稿】通知", false),
            ("草稿：通知", false),
            ("通知—初稿", false),
            ("通知（未完成）", false),
            ("[DRAFT] Notice", false),
            ("Notice (draft)", false),
            ("Draft: notice", false),
            ("草稿", false),
            ("草稿-通知", true),
            ("通知_草稿", true),
            ("通知 草稿", true),
            ("通知.待审", true),
            ("notice_draft", true),
            ("通知-draft", true),
        ] {
            let separators = if file { Separators::OfFiles } else { Separators::OfTitles };
            assert!(word_in(name, separators).is_some(), "{name}");
        }
        for name in [
            "怎样写好草稿",
            "草稿箱的用法",
            "通知草稿",
            "某条例（征求意见稿）",
            "某条例（送审稿）",
            "draft-law",
            "reading-a-proposal-draft",
            "draft law on data",
            "drafting",
            "未完成的事：下半年计划",
            "初稿怎么改",
            "",
            "（）",
            "-",
        ] {
            assert!(word_in(name, Separators::OfTitles).is_none(), "{name}");
            assert!(word_in(name, Separators::OfFiles).is_none(), "{name}");
        }
        for name in ["通知草稿", "通知初稿"] {
            assert!(ENDINGS.iter().any(|end| file_ends(name, end)), "{name}");
        }
        assert!(!file_ends("草稿", "草稿") && !file_ends("通知-草稿", "草稿"));
        assert!(word_in(&"草稿-".repeat(100), Separators::OfFiles).is_none());
    }
}
