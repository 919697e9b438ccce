//! Finds pages whose title, tags, file, folder or first lines say that they are drafts, and that are published all the same.
//!
//! Input: what a page is called, and its text. Output: a warning that shows how to mark a draft. Marks nothing itself: a title may speak of drafts, so
//! the author says which it is, and `草稿: 否` ends the warning.

use crate::catalog::ContentPath;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::{CommonFrontMatter, DRAFT_WORDS, text_line_holds_back};

/// What people write above a text that is not for the public.
const ABOVE_TEXT: [&str; 13] = [
    "do not publish",
    "internal use only",
    "not for publication",
    "不得外传",
    "严禁外传",
    "仅供内部使用",
    "仅供内部参考",
    "内部文件",
    "内部材料",
    "内部资料",
    "注意保密",
    "请勿外传",
    "请勿转发",
];

/// Levels of secrecy, which stand above an official text with the mark ★ and a term.
const SECRECY: [&str; 4] = ["内部", "机密", "秘密", "绝密"];

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

/// The words of the first line, or of the first below headings, that are nothing but such words, `（草稿，请勿发布）`, or a line among the
/// first that says by a key that the page waits, `状态：草稿`. Code shows what others write.
fn first_lines_say(body: &str) -> Option<&str> {
    let mut lines = body.lines().take(4 * FIRST_LINES).map(str::trim).peekable();
    let (mut fenced, mut above_text, mut seen) = (false, true, 0);
    while let Some(line) = lines.next().filter(|_| seen <= FIRST_LINES) {
        let words = line.trim_matches(is_mark);
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
            above_text = false;
        }
        if fenced || words.is_empty() {
            continue;
        }
        let below = lines.peek().copied().unwrap_or_default();
        let is_underline = |mark: char| !below.is_empty() && below.chars().all(|c| c == mark);
        let is_heading = line.starts_with('#') || is_underline('=') || is_underline('-');
        // The next line explains a term of a list.
        let is_term = below.starts_with([':', '：']);
        if words.len() <= LONGEST_NAME {
            let says_draft = above_text && !is_term && (seen == 0 || !is_heading) && is_only_such_words(words);
            if says_draft || text_line_holds_back(words) {
                return Some(words);
            }
        }
        above_text &= is_heading;
        seen += 1;
    }
    None
}

/// Whether a line is nothing but such words. A mark of secrecy has its term: `秘密★1年`.
fn is_only_such_words(words: &str) -> bool {
    let is_word =
        |part: &str| whole_word(part).is_some() || ABOVE_TEXT.iter().any(|word| part.eq_ignore_ascii_case(word));
    let secret = || words.split_once('★').is_some_and(|(word, _)| SECRECY.contains(&word.trim()));
    let is_end = |c: char| is_mark(c) && c != ' ';
    let phrases = || words.split(is_end).map(str::trim).filter(|part| !part.is_empty());
    secret() || phrases().all(is_word) || words.split(is_mark).filter(|part| !part.is_empty()).all(is_word)
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The text if it is nothing but such words: `草稿`, `草稿，勿发`.
fn whole_word(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let is_word = |part: &str| DRAFT_WORDS.iter().any(|word| part.eq_ignore_ascii_case(word));
    let mut parts = trimmed.split(is_mark).filter(|part| !part.is_empty()).peekable();
    let are_words = !trimmed.is_ascii() && parts.peek().is_some() && parts.all(is_word);
    (are_words || is_word(trimmed)).then_some(trimmed)
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
            "# 关于甲的通知\n\n（草稿，请勿发布）\n\n正文。",
            "# 甲\n\n## 乙\n\n草稿\n\n正文。",
            "关于甲的通知\n====\n\n【草稿 - 勿发】\n",
            "# Notice\n\n*Draft, do not publish*\n",
            "# 甲\n\n状态：草稿（待审）\n\n正文。",
            "秘密★1年\n\n正文。",
            "草稿，勿发\n",
            "未完成\n",
            "待完善\n",
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
            "# 公文的种类\n\n草稿\n: 没有定稿的文字。\n",
            "# 公文的种类\n\n## 草稿\n\n没有定稿的文字。\n",
            "# 甲\n\n正文。\n\n草稿\n",
            "# 办事指南\n\n审批：否\n收费：否\n",
            "```yaml\n状态: 草稿\n```\n",
            "# 怎样写草稿\n\n```\n草稿\n状态：草稿\n```\n",
            "# 保守商业秘密\n\n商业秘密受法律保护。\n",
            "# 秘密\n\n秘密要守住。\n",
            "秘密。\n",
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
            ("通知（草稿，勿发）", false),
            ("【草稿 - 待审】通知", false),
            ("通知（待完善）", false),
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
            "《草稿法》解读（草稿，二审）",
            "保守商业秘密",
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
