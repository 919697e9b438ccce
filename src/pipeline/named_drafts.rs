//! Finds pages whose title, tags, file, folder or first lines say that they are drafts, and that are published all the same.
//!
//! Input: what a page is called, and its text. Output: a warning that shows how to mark a draft. Marks nothing itself: a title may speak of drafts, so
//! the author says which it is, and `草稿: 否` ends the warning.

use crate::catalog::ContentPath;
use puzhi_core::base::Span;
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::{
    CommonFrontMatter, bracketed_remark, draft_word, is_draft_remark, may_hold_remark, secrecy_mark,
    unpublished_in_first_lines, unread_publication_day, without_version,
};

/// Endings of files and folders, right behind what they are about.
const ENDINGS: [&str; 3] = ["草稿", "初稿", "未定稿"];

/// Most characters of a name that are looked at.
const LONGEST_NAME: usize = 200;

/// What of a page says that it is a draft.
struct Named<'p> {
    word: &'p str,
    zh: &'static str,
    en: &'static str,
}

/// The warning about a page that is called a draft and has no mark, or names a day of publication that nobody can read. `title` is the one
/// that readers see, `body_start` the place of the page's text in `source`.
pub(super) fn named_draft(
    place: &ContentPath,
    head: &CommonFrontMatter,
    title: Option<&str>,
    source: &SourceText<'_>,
    body_start: usize,
) -> Option<Diagnostic> {
    if head.draft || head.sample || head.draft_flag.is_some() {
        return None;
    }
    let body = &source.text[body_start..];
    let words = |span: Span| body[span.start..span.end].lines().next().unwrap_or_default();
    if let Some(Named { word, zh, en }) = by_name(place, head, title) {
        let diag = Diagnostic::new(&codes::source::NAMED_DRAFT).file(&place.path);
        return Some(diag.arg("word", word).arg("where", zh).arg("where_en", en));
    }
    if let Some(span) = unpublished_in_first_lines(body) {
        let diag = Diagnostic::new(&codes::source::NAMED_DRAFT).at(source, span.shift(body_start));
        return Some(diag.arg("word", words(span)).arg("where", "开头几行").arg("where_en", "first lines"));
    }
    // A page with a date of its own has its day.
    let span = head.date.is_none().then(|| unread_publication_day(body)).flatten()?;
    let diag = Diagnostic::new(&codes::source::PUBLISH_DAY_IN_TEXT).at(source, span.shift(body_start));
    Some(diag.arg("words", words(span)))
}

/// What a page is called that says that it is a draft.
fn by_name<'p>(place: &'p ContentPath, head: &'p CommonFrontMatter, title: Option<&'p str>) -> Option<Named<'p>> {
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
    let terms = || head.terms.iter().flat_map(|(_, terms)| terms);
    let in_terms = || terms().find_map(|term| draft_word(&term.value)).map(|word| named(word, "分类", "terms"));
    in_title.or_else(in_file).or_else(in_terms).or_else(in_folder)
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
    without_version(name).strip_suffix(word).is_some_and(|before| before.ends_with(char::is_alphanumeric))
}

/// A remark in brackets anywhere, a mark of secrecy, or a word at the beginning or the end of a name with a separator beside it.
fn word_in(name: &str, separators: Separators) -> Option<&str> {
    if name.len() > LONGEST_NAME || !may_hold_remark(name) {
        return None;
    }
    let whole = || (!name.contains(char::is_whitespace) && is_draft_remark(name)).then_some(name);
    let first = || {
        let (word, after) = name.split_once(|c| separators.contains(c))?;
        // A `draft-law` is a law; a title that begins with `Draft:` is a mark.
        let sure = !word.is_ascii() || separators == Separators::OfTitles && name[word.len()..].starts_with(':');
        draft_word(word).filter(|_| sure && !after.trim().is_empty())
    };
    let last = || {
        let (before, word) = name.rsplit_once(|c| separators.contains(c))?;
        // `reading-a-draft` may be about one.
        let sure = !name.is_ascii() || name[before.len()..].starts_with(['_', '.']);
        draft_word(word).filter(|_| sure)
    };
    let set_apart = || whole().or_else(|| bracketed_remark(name)).or_else(|| secrecy_mark(name));
    draft_word(name).or_else(set_apart).or_else(first).or_else(last)
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
            // Below a title and other short lines.
            "# 甲\n\n县司法局\n\n（草稿，请勿发布）\n",
            "标题：甲\n\n（草稿，请勿发布）\n",
            "**关于甲的通知**\n\n（草稿，请勿发布）\n",
            "关于甲的通知\n\n县司法局\n\n草稿，请勿发布\n",
            // With a remark behind the word.
            "（草稿，待领导审核）\n\n正文。",
            "# 甲\n\n（草稿v2）\n",
            "（先不要发布）\n",
            "# 甲\n\n（暂缓发布）\n",
            "# 甲（此件不公开）\n\n正文。",
            "内部资料，仅供参考\n",
            "关于甲的通知（草稿）\n\n正文。",
            "【草稿】关于甲的通知\n\n正文。",
            // Heads of official texts.
            "索引号：1　主题分类：法治\n发文机关：县司法局　成文日期：2026-05-01\n公开形式：不予公开\n",
            "索引号：1 主题分类：法治 公开形式：不予公开\n",
            "| 索引号 | 1 | 主题分类 | 法治 |\n|---|---|---|---|\n| 公开形式 | 不予公开 | 发文字号 | 无 |\n",
            "# 甲\n\n**密级：** 秘密★1年\n",
            "# 甲\n\n**状态**：**草稿**\n",
            "密　级：秘密★1年\n\n正文。",
            "安政发〔2026〕1号　　秘密★1年\n\n# 甲\n",
            "- 标题：甲\n- 状态：草稿\n\n正文。",
            // Columns of a table, a name above its value.
            "状态\n\n待审\n\n正文。",
            "索引号\n1\n公开形式\n不予公开\n",
        ] {
            assert!(unpublished_in_first_lines(body).is_some(), "{body}");
        }
        for body in [
            "草稿要写得清楚。\n",
            "正文。\n\n草稿\n",
            "",
            "\n\n",
            "---\n",
            "一\n二\n三\n四\n五\n六\n七。\n状态：草稿\n",
            &format!("{}状态：草稿\n", "一\n".repeat(25)),
            "发布：县司法局\n",
            "状态\n\n已办结\n\n正文。",
            "先写下状态。\n待审\n",
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
            // What tells of states and secrets.
            "# 密级\n\n密级：绝密、机密、秘密。\n",
            "# 起草\n\n阶段：初稿、二稿、定稿\n",
            "# 公文的种类\n\n- 草稿\n- 定稿\n",
            "# 公文的种类\n\n1. 草稿\n2. 定稿\n",
            "# 公开形式\n\n公开形式分为主动公开、依申请公开、不予公开。\n",
            "# 公开形式\n\n公开形式：主动公开、依申请公开、不予公开\n",
            "# 联系我们\n\n地址：县城\n电话：0871-1234567\n是否预约：否\n",
            "# 某法（草案）\n\n（2026年1月1日通过）\n\n第一条　为了保守秘密，制定本法。\n",
            "# 关于甲的通知\n\n来源：县司法局　发布时间：2026-01-01\n\n正文。\n",
            "| 阶段 | 文件 |\n|---|---|\n| 一 | 草稿 |\n| 二 | 定稿 |\n",
            "- [某办法（草稿）](a.md)\n- [某办法](b.md)\n",
            "# 甲\n\n县里发了通知。\n\n（草稿，请勿发布）\n",
        ] {
            assert_eq!(unpublished_in_first_lines(body), None, "{body}");
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
            ("通知（草稿，待领导审核）", false),
            ("通知（草稿v2）", false),
            ("通知（先不要发布）", false),
            ("通知（暂缓发布）", false),
            ("通知（此件不公开）", false),
            ("通知（内部资料，仅供参考）", false),
            ("通知 秘密★1年", false),
            ("（第一号）通知（草稿）", false),
            ("通知（草稿v2）", true),
            ("通知-草稿v2", true),
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
        for name in ["通知草稿", "通知初稿", "通知草稿v2"] {
            assert!(ENDINGS.iter().any(|end| file_ends(name, end)), "{name}");
        }
        assert!(!file_ends("草稿", "草稿") && !file_ends("通知-草稿", "草稿"));
        assert!(word_in(&"草稿-".repeat(100), Separators::OfFiles).is_none());
    }
}
