//! Words by which other programs, and people, say that a page is not to be published.
//!
//! Input: a key of front matter that is none here, with its value. Output: whether it says so. Looks at keys of the first level alone;
//! reports nothing.

use super::draft_mark::{NAMES, half_width};
use super::draft_remarks::without_version;
use super::foreign_dates::plain_name;
use super::unpublished_lists::{
    DRAFT_WORDS, HELD_IF_NO, HELD_IF_NO_IN_FRONT_MATTER, HELD_IF_YES, STATE_ENDINGS, STATE_KEYS, STATE_SUFFIXES, STATES,
};
use crate::yaml::{MappingEntry, Value, parse_flag};

/// Longest value that is looked at, in bytes.
const LONGEST_VALUE: usize = 300;

/// Whether a word in lower case is the name of a state in which a page is not published.
fn is_state_word(word: &str) -> bool {
    let is_listed = |word: &str| DRAFT_WORDS.contains(&word) || STATES.contains(&word);
    let without_suffix = || STATE_SUFFIXES.iter().any(|suffix| word.strip_suffix(suffix).is_some_and(is_listed));
    is_listed(word) || !word.is_ascii() && (without_suffix() || is_listed(without_version(word)))
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Whether a text is nothing but names of states in which a page is not published: `草稿`, `（待审）`, `草稿，勿发`.
pub(super) fn is_state(text: &str) -> bool {
    if text.len() > LONGEST_LINE {
        return false;
    }
    let plain = half_width(text).to_lowercase();
    let mut words = plain.split(is_mark).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(is_state_word) || is_state_word(plain.trim_matches(is_mark))
}

/// Longest line that can be nothing but such words, in bytes.
const LONGEST_LINE: usize = 60;

/// Whether a value in lower case begins with the name of such a state: `草稿（待审）`, `draft - do not publish`, `秘密★1年`. Remarks of any
/// kind may follow, and any of several values that a stroke parts counts.
fn begins_with_state(value: &str) -> bool {
    value.split('/').any(|value| {
        let value = value.trim_start_matches(is_mark);
        // Words in Latin letters may have spaces and hyphens in them.
        let is_end = |c: char| is_mark(c) && !matches!(c, ' ' | '-' | '_');
        let phrase = value.split(is_end).next().unwrap_or_default();
        let apart = phrase.split(" -").next().unwrap_or_default().trim_end_matches(is_mark);
        let word = value.split(is_mark).next().unwrap_or_default();
        let is_hyphenated = value[word.len()..].starts_with(['-', '_']);
        let alone = !word.is_ascii() || DRAFT_WORDS.contains(&word) && !is_hyphenated;
        is_state_word(phrase.trim_end_matches(is_mark)) || is_state_word(apart) || alone && is_state_word(word)
    })
}

/// What a value in lower case says of yes and no. Remarks may follow: `否（内部使用）`. A tick means yes, a cross no.
fn flags(value: &str) -> impl Iterator<Item = bool> {
    let is_letter = |word: &str| word.is_ascii() && word.len() == 1;
    let flag = move |value: &str| {
        let value = value.trim();
        let word = value.split(|c: char| is_mark(c) && c != ' ').next().unwrap_or_default().trim();
        match value.chars().next()? {
            '×' | '✕' | '✖' | '✗' | '✘' | '╳' | '❌' | '☒' | '☐' | '□' => Some(false),
            '√' | '✓' | '✔' | '☑' | '✅' => Some(true),
            _ if value == "x" => Some(false),
            _ if matches!(word, "对" | "要") => Some(true),
            _ => parse_flag(value).or_else(|| parse_flag(word).filter(|_| !is_letter(word))),
        }
    };
    // `n/a`.
    value.split('/').filter(move |part| *part == value || !is_letter(part)).filter_map(flag)
}

/// Whether a key that is none here says that a page is not to be published: those of other programs, and everyday words. Also for
/// single lines of a text that is perhaps front matter, so only words that nothing else is called by.
pub(super) fn says_unpublished(key: &str, value: &str) -> bool {
    match key {
        "published" | "publish" | "public" | "发布" | "是否发布" | "公开" | "是否公开" => {
            parse_flag(value) == Some(false)
        }
        "private" | "私密" | "不发布" | "暂不发布" | "先不发布" | "未发布" | "不公开" | "暂不公开" | "未公开" => {
            parse_flag(value) == Some(true)
        }
        "status" | "状态" => NAMES.contains(&&*value.trim().to_lowercase()),
        _ => false,
    }
}

/// Whether an entry of front matter whose key is none here says that the page is not to be published.
pub(super) fn holds_back(entry: &MappingEntry) -> bool {
    let name = plain_name(&entry.key);
    match &entry.node.value {
        // `build: {render: never}` of Hugo.
        Value::Map(build) => {
            matches!(&*name, "build") && build.entries.iter().any(|entry| entry.key == "render" && holds_back(entry))
        }
        Value::List(items) => items.iter().any(|item| item.text().is_some_and(|value| value_holds_back(&name, &value))),
        _ => entry.node.text().is_some_and(|value| value_holds_back(&name, &value)),
    }
}

/// Whether a line of metadata that was not read as such says the same, with a colon of either width.
pub(super) fn line_holds_back(line: &str) -> bool {
    line.split_once([':', '：']).is_some_and(|(key, value)| value_holds_back(&plain_name(key), value))
}

/// The same for a line that may be part of a text, where `审批：否` is said of something else.
pub fn text_line_holds_back(line: &str) -> bool {
    let is_of_text = |key: &str| HELD_IF_NO_IN_FRONT_MATTER.contains(&bare_name(&plain_name(key)));
    line_holds_back(line)
        && line
            .split_once([':', '：'])
            .is_some_and(|(key, value)| !lists_states(value) && (!is_of_text(key) || begins_with_state(value.trim())))
}

/// Whether a value names the states that there are, `绝密、机密、秘密`, and not that of the page. `草稿、勿发` says one thing twice.
fn lists_states(value: &str) -> bool {
    let items = || value.split('、').map(|item| item.trim_matches(is_mark));
    value.contains('、') && !items().all(|item| DRAFT_WORDS.contains(&item))
}

/// A plain name without the word 是否 before it and what stands in brackets behind it: `是否公开（是/否）`.
fn bare_name(name: &str) -> &str {
    let name = name.split(['(', '（']).next().unwrap_or_default();
    name.strip_prefix("是否").unwrap_or(name)
}

/// The same for a plain name and the text of its value.
fn value_holds_back(name: &str, value: &str) -> bool {
    if value.len() > LONGEST_VALUE {
        return false;
    }
    let name = bare_name(name);
    let (if_yes, if_no) =
        (HELD_IF_YES.contains(&name), HELD_IF_NO.contains(&name) || HELD_IF_NO_IN_FRONT_MATTER.contains(&name));
    let is_state_key = STATE_KEYS.contains(&name)
        || name.starts_with("密级")
        || STATE_ENDINGS.iter().any(|ending| name.ends_with(ending));
    if !(if_yes || if_no || is_state_key) {
        return false;
    }
    let value = half_width(value.trim()).to_lowercase();
    // `是否涉密: 涉密`.
    let repeats = || value.split(is_mark).next().is_some_and(|word| word == name || is_state_word(word));
    if_yes && (flags(&value).any(|flag| flag) || !value.is_ascii() && repeats())
        || if_no && flags(&value).any(|flag| !flag)
        || is_state_key && begins_with_state(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SitePath;
    use crate::diag::SourceText;
    use crate::kinds::COMMON_FIELDS;
    use crate::yaml::parse_mapping;

    fn is_held(line: &str) -> bool {
        let path = SitePath::root();
        let (mapping, _) = parse_mapping(&SourceText::new(&path, line), crate::base::Span::new(0, line.len()));
        mapping.entries.iter().any(holds_back)
    }

    #[test]
    fn words_that_hold_a_page_back() {
        for line in [
            "state: draft",
            "stage: Draft",
            "草稿状态: 是",
            "草稿状态: 草稿",
            "审核状态: 未通过",
            "作废: 是",
            "publish_status: unpublished",
            "状态: 待审",
            "待审: 是",
            "暂缓发布: 是",
            "visibility: private",
            "build:\n  render: never",
            "_build: {render: false}",
            "render: false",
            "hidden: true",
            "Post Status: ＤＲＡＦＴ",
            "已审核: 否",
            "published: false",
            "是否公开: 不公开",
            "公开方式: 不予公开",
            "公开: 暂不",
            "发布: 不发布",
            "发布: 暂不",
            "发布: 待定",
            "审批: 未批",
            "是否审核: 否",
            "状态: 待发",
            "状态: （初稿）",
            "状态: 送审稿",
            "状态: 未定稿",
            "状态: 修改中",
            "状态: 待领导审核",
            "状态: 撤回",
            "状态: 已下线",
            "内部: 是",
            "勿发: 是",
            "暂存: 是",
            "保密: 是",
            "密级: 内部",
            "公开范围: 仅供内部使用",
            // With remarks.
            "状态: 草稿（待审）",
            "状态: 草稿，勿发",
            "状态: 草稿 - 勿发",
            "状态: 草稿 勿发",
            "状态: 草稿阶段",
            "状态: 未完成",
            "状态: 待完善（缺附件）",
            "阶段: 【初稿】第二版",
            "status: draft - do not publish",
            "status: Draft (v2)",
            "status: draft v2",
            "status: in review, second round",
            "visibility: private; for the office",
            // Secrecy.
            "密级: 秘密★1年",
            "密级: 机密★20年",
            "密级: 秘密级",
            "文件密级: 内部（不外传）",
            "密级: [秘密]",
            "密级: 公开/内部",
            "密级: 商业秘密",
            "保密等级: 工作秘密",
            "是否保密: 是",
            "是否涉密: 是（秘密★1年）",
            "涉密: 是",
            "涉密: √",
            "confidential: yes",
            "classification: Top secret",
            // Whether it is made public.
            "是否公布: 否",
            "是否对外公布: 否",
            "公开: ×",
            "公开: 否（仅供内部使用，待主任签字以后再发）",
            "公开: ☐",
            "是否公开（是/否）: 否",
            "公开形式: 不予公开",
            "公开属性: 不予公开/依申请公开",
            "公开属性: 依申请公开",
            "公开属性: 主动公开/不予公开",
            "信息公开属性: 不予公开（涉及个人隐私，依据条例第十五条）",
            "是否发布: 否，等通知",
            // As people type them.
            "状态: 别发",
            "状态: 不要发",
            "状态: 待审阅",
            "状态: 待审定",
            "状态: 草稿v2",
            "状态: 暂存",
            "密级和保密期限: 秘密★1年",
            "是否涉密: 涉密",
            "信息公开: 不予公开",
            "主动公开: 否",
            "公开属性: 免于公开",
            "先别发: 对",
            "发布: 暂缓",
            "published: no, not yet",
        ] {
            assert!(is_held(line), "{line}");
        }
        for line in [
            "status: 现行有效",
            "hidden: false",
            "render: always",
            "render: true",
            "审核: 张三",
            "审批: 李四",
            "版本: 第二版",
            "公开属性: 主动公开",
            "公开方式: 网站",
            "发布: 县司法局",
            "阶段: 征求意见",
            "可见: 是",
            "build: {list: never}",
            "显示: 是",
            "hide: [navigation]",
            "备注: 待定",
            "公开范围: 全社会",
            "说明: 见附件",
            "状态: 草案已经公布",
            "状态: 内部装修",
            "status: review-article",
            "status: review article",
            "status: draft-law",
            "version: draft",
            "密级: 公开",
            "密级: 无",
            "密级: 不涉密",
            "涉密: 否",
            "是否涉密: 不涉密",
            "信息公开: 主动公开",
            "主动公开: 是",
            "密级和保密期限: 无",
            "是否涉密: 否（已审查）",
            "保密: 不需要",
            "秘密: 商业秘密的保护",
            "主题: 秘密",
            "关键词: [商业秘密, 保密]",
            "保密期限: 长期",
            "公开: 是",
            "公开: √",
            "公开形式: 网站",
            "公开属性: 主动公开",
            "是否公布: 是",
            "published: n/a",
            "hidden: on hold",
            "审批: 2026-05-01 批准",
        ] {
            assert!(!is_held(line), "{line}");
        }
    }

    #[test]
    fn no_word_is_a_key_of_every_page() {
        for name in [HELD_IF_YES, HELD_IF_NO, HELD_IF_NO_IN_FRONT_MATTER, STATE_KEYS, STATE_ENDINGS].concat() {
            assert!(COMMON_FIELDS.iter().all(|field| !field.is_named(name)), "{name}");
            assert_eq!(bare_name(&plain_name(name)), name);
        }
    }

    #[test]
    fn lines_that_are_nothing_but_states() {
        for line in ["草稿", "（待审）", "草稿，勿发", "草稿 - 请勿发布", "【DRAFT】", "in review"] {
            assert!(is_state(line), "{line}");
        }
        for line in ["", "——", "草稿要写清楚", "草稿法", "商业秘密保护", "待定的事情很多", "甲，草稿"]
        {
            assert!(!is_state(line), "{line}");
        }
    }

    #[test]
    fn a_step_of_a_procedure_is_no_mark_in_a_text() {
        for line in
            ["审批：否", "是否审核：否", "显示：否", "收费：否", "密级：绝密、机密、秘密。", "阶段：初稿、二稿、定稿"]
        {
            assert!(!text_line_holds_back(line), "{line}");
        }
        for line in ["发布：否", "状态：草稿（待审）", "审核：未通过", "密级：秘密★1年", "是否公开：否"]
        {
            assert!(text_line_holds_back(line), "{line}");
        }
    }
}
