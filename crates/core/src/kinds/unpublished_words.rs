//! Words by which other programs, and people, say that a page is not to be published.
//!
//! Input: a key of front matter that is none here, with its value. Output: whether it says so. Looks at keys of the first level alone;
//! reports nothing.

use super::draft_mark::{NAMES, half_width};
use super::foreign_dates::plain_name;
use crate::yaml::{MappingEntry, Value, parse_flag};

/// Words for pages that are not finished or not released, in titles, above a text and as values of keys. Drafts that are published for
/// comments have other names: 征求意见稿, 送审稿.
pub const DRAFT_WORDS: &[&str] = &[
    "draft",
    "wip",
    "不发布",
    "先不发",
    "先不发布",
    "先别发",
    "初稿",
    "勿发",
    "勿发布",
    "待发",
    "待发布",
    "待完善",
    "待审",
    "待审批",
    "待审核",
    "暂不发布",
    "未写完",
    "未发布",
    "未完成",
    "未审核",
    "未定稿",
    "没写完",
    "草稿",
    "请勿发布",
];

/// Keys that hold a page back if their value means yes, without spaces, hyphens, underscores and the word 是否.
const HELD_IF_YES: &[&str] = &[
    "confidential",
    "donotpublish",
    "hidden",
    "hide",
    "internal",
    "isconfidential",
    "ishidden",
    "isprivate",
    "nopublish",
    "private",
    "secret",
    "unpublished",
    "不上线",
    "不予公开",
    "不公开",
    "不发",
    "不发布",
    "不要发",
    "不要发布",
    "仅供内部",
    "仅内部",
    "保密",
    "先不发",
    "先不发布",
    "先别发",
    "内部",
    "内部使用",
    "内部文件",
    "内部资料",
    "勿发",
    "勿发布",
    "属于保密",
    "待发布",
    "待审",
    "待审批",
    "待审核",
    "敏感",
    "敏感信息",
    "暂不上线",
    "暂不公开",
    "暂不发",
    "暂不发布",
    "暂存",
    "暂缓",
    "暂缓公开",
    "暂缓发布",
    "未公开",
    "未发布",
    "未审",
    "未审核",
    "未完成",
    "涉密",
    "涉密信息",
    "涉密文件",
    "私密",
    "草稿状态",
    "请勿发布",
    "隐藏",
];

/// Keys that hold a page back if their value means no, without the word 是否.
const HELD_IF_NO: &[&str] = &[
    "上线",
    "上网",
    "允许公开",
    "公布",
    "公开",
    "发布",
    "发表",
    "可以公开",
    "可以发布",
    "可公开",
    "可发布",
    "同意公开",
    "同意发布",
    "对外公布",
    "对外公开",
    "对外发布",
    "已公开",
    "已发布",
    "批准发布",
    "网上公开",
    "能否公开",
    "能否发布",
    "public",
    "publish",
    "published",
];

/// Those of them that name steps of a procedure, too, and so may stand in a text: `审批：否`.
const HELD_IF_NO_IN_FRONT_MATTER: &[&str] =
    &["approved", "render", "visible", "可见", "审批", "审批通过", "审核", "审核通过", "已审核", "显示"];

/// Keys that say in which state a page is, or who may read it; without the word 是否.
const STATE_KEYS: &[&str] = &[
    "access",
    "approval",
    "classification",
    "confidentiality",
    "poststatus",
    "publicationstatus",
    "publishingstatus",
    "publishstatus",
    "render",
    "reviewstatus",
    "securityclassification",
    "stage",
    "state",
    "status",
    "visibility",
    "workflow",
    "保密等级",
    "保密级别",
    "公开",
    "公布",
    "公开状态",
    "公开程度",
    "发布",
    "发布方式",
    "发布状态",
    "发布范围",
    "可见",
    "可见性",
    "可见范围",
    "定密",
    "审批",
    "审批状态",
    "审批结果",
    "审核",
    "审核状态",
    "审核结果",
    "文章状态",
    "涉密等级",
    "版本",
    "状态",
    "秘密等级",
    "稿件状态",
    "草稿状态",
    "阶段",
    "页面状态",
];

/// What longer keys of the same meaning end with: 文件密级, 信息公开属性.
const STATE_ENDINGS: &[&str] =
    &["密级", "公开属性", "公开形式", "公开方式", "公开类别", "公开类型", "公开范围", "公开选项"];

/// States besides [`DRAFT_WORDS`] in which a page is not published, in lower case. A title, or a text, may speak of them.
const STATES: &[&str] = &[
    "confidential",
    "do not publish",
    "embargoed",
    "hidden",
    "in review",
    "internal",
    "never",
    "not for publication",
    "on hold",
    "pending",
    "private",
    "rejected",
    "restricted",
    "review",
    "scheduled",
    "secret",
    "top secret",
    "under review",
    "unpublished",
    "下线",
    "不予公布",
    "不予公开",
    "不公布",
    "不公开",
    "不同意",
    "不通过",
    "仅供内部",
    "仅供内部使用",
    "仅内部",
    "依申请公开",
    "保密",
    "修改中",
    "免予公开",
    "内部",
    "内部使用",
    "内部公开",
    "内部文件",
    "内部资料",
    "商业秘密",
    "商密",
    "定时发布",
    "审批中",
    "审批未通过",
    "审核不通过",
    "审核中",
    "审核未通过",
    "工作秘密",
    "已下线",
    "已撤下",
    "已撤回",
    "待修改",
    "待定",
    "待定稿",
    "待批",
    "待批准",
    "待校对",
    "待签批",
    "待补充",
    "待领导审批",
    "待领导审核",
    "撤下",
    "撤回",
    "撰写中",
    "敏感",
    "普通商密",
    "暂不",
    "暂不公开",
    "暂缓公开",
    "暂缓发布",
    "未公布",
    "未公开",
    "未审",
    "未审批",
    "未批",
    "未批准",
    "未通过",
    "机密",
    "核心商密",
    "涉密",
    "私密",
    "秘密",
    "绝密",
    "编写中",
    "编辑中",
    "起草中",
    "退回",
    "送审中",
    "送审稿",
    "驳回",
];

/// What such a word may end with: 草稿状态, 秘密级.
const STATE_SUFFIXES: [&str; 5] = ["状态", "阶段", "中", "级", "件"];

/// Longest value that is looked at, in bytes.
const LONGEST_VALUE: usize = 300;

/// Whether a word in lower case is the name of a state in which a page is not published.
fn is_state_word(word: &str) -> bool {
    let is_listed = |word: &str| DRAFT_WORDS.contains(&word) || STATES.contains(&word);
    let without_suffix = || STATE_SUFFIXES.iter().any(|suffix| word.strip_suffix(suffix).is_some_and(is_listed));
    is_listed(word) || !word.is_ascii() && without_suffix()
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
        && line.split_once([':', '：']).is_some_and(|(key, value)| !is_of_text(key) || begins_with_state(value.trim()))
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
    let is_state_key = STATE_KEYS.contains(&name) || STATE_ENDINGS.iter().any(|ending| name.ends_with(ending));
    if !(if_yes || if_no || is_state_key) {
        return false;
    }
    let value = half_width(value.trim()).to_lowercase();
    if_yes && flags(&value).any(|flag| flag)
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
        for line in ["审批：否", "是否审核：否", "显示：否", "收费：否"] {
            assert!(!text_line_holds_back(line), "{line}");
        }
        for line in ["发布：否", "状态：草稿（待审）", "审核：未通过", "密级：秘密★1年", "是否公开：否"]
        {
            assert!(text_line_holds_back(line), "{line}");
        }
    }
}
