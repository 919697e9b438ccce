//! Words by which other programs, and people, say that a page is not to be published.
//!
//! Input: a key of front matter that is none here, with its value. Output: whether it says so. Looks at keys of the first level alone;
//! reports nothing.

use super::draft_mark::{NAMES, half_width};
use super::foreign_dates::plain_name;
use crate::yaml::{MappingEntry, Value, parse_flag};

/// Keys that hold a page back if their value means yes, without spaces, hyphens and underscores.
const HELD_IF_YES: &[&str] = &[
    "hidden",
    "hide",
    "ishidden",
    "isprivate",
    "private",
    "unpublished",
    "不上线",
    "不公开",
    "不发布",
    "不要发布",
    "先不发布",
    "内部文件",
    "内部资料",
    "待发布",
    "待审",
    "待审批",
    "待审核",
    "暂不上线",
    "暂不公开",
    "暂不发布",
    "暂缓公开",
    "暂缓发布",
    "未公开",
    "未发布",
    "未审",
    "未审核",
    "私密",
    "草稿状态",
    "隐藏",
    "不予公开",
    "内部",
    "勿发",
    "勿发布",
    "暂存",
    "请勿发布",
    "不发",
    "不要发",
    "仅供内部",
    "仅内部",
    "保密",
    "先不发",
    "先别发",
    "内部使用",
    "暂不发",
    "暂缓",
];

/// Keys that hold a page back if their value means no.
const HELD_IF_NO: &[&str] = &[
    "approved",
    "render",
    "visible",
    "上线",
    "可见",
    "审核",
    "审核通过",
    "对外公开",
    "对外发布",
    "已发布",
    "已审核",
    "显示",
    "是否上线",
    "审批",
    "审批通过",
    "是否可见",
    "是否审批",
    "是否审核",
    "是否显示",
];

/// Keys that say in which state a page is.
const STATE_KEYS: &[&str] = &[
    "approval",
    "poststatus",
    "publicationstatus",
    "publishingstatus",
    "publishstatus",
    "render",
    "reviewstatus",
    "stage",
    "state",
    "status",
    "visibility",
    "workflow",
    "公开状态",
    "发布状态",
    "可见",
    "可见性",
    "可见范围",
    "审核",
    "审批状态",
    "审核状态",
    "文章状态",
    "版本",
    "状态",
    "稿件状态",
    "草稿状态",
    "阶段",
    "页面状态",
    "公开",
    "公开方式",
    "公开类型",
    "公开属性",
    "发布",
    "发布方式",
    "审批",
    "审批结果",
    "审核结果",
    "是否公开",
    "是否发布",
    "是否审批",
    "是否审核",
    "保密级别",
    "公开范围",
    "发布范围",
    "密级",
];

/// States in which a page is not published, in lower case.
const STATES: &[&str] = &[
    "draft",
    "hidden",
    "in review",
    "internal",
    "never",
    "pending",
    "private",
    "rejected",
    "review",
    "scheduled",
    "unpublished",
    "wip",
    "不公开",
    "不发布",
    "不通过",
    "内部",
    "定时发布",
    "审核不通过",
    "审核中",
    "审核未通过",
    "待发布",
    "待审",
    "待审批",
    "待审核",
    "暂不发布",
    "暂缓发布",
    "未公开",
    "未发布",
    "未审",
    "未审核",
    "未通过",
    "私密",
    "草稿",
    "不予公开",
    "下线",
    "修改中",
    "初稿",
    "已下线",
    "已撤回",
    "已撤下",
    "待发",
    "待定",
    "待领导审批",
    "待领导审核",
    "撤回",
    "撤下",
    "暂不",
    "暂不公开",
    "未定稿",
    "未审批",
    "未批",
    "未批准",
    "送审稿",
    "仅供内部",
    "仅供内部使用",
    "仅内部",
    "内部使用",
    "机密",
    "秘密",
    "绝密",
];

/// What people put around such a word.
const AROUND: &[char] = &['(', ')', '[', ']', '（', '）', '【', '】', '〔', '〕', '“', '”', '"'];

/// Whether a text is nothing but the name of a state in which a page is not published: `草稿`, `（待审）`.
pub(super) fn is_state(text: &str) -> bool {
    let word = text.trim().trim_matches(AROUND);
    text.len() <= LONGEST_VALUE && STATES.contains(&&*half_width(word.trim()).to_lowercase())
}

/// Longest value that can be such a word, in bytes.
const LONGEST_VALUE: usize = 40;

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
    match (&entry.node.value, entry.node.text()) {
        // `build: {render: never}` of Hugo.
        (Value::Map(build), _) => {
            matches!(&*name, "build") && build.entries.iter().any(|entry| entry.key == "render" && holds_back(entry))
        }
        (_, Some(value)) => value_holds_back(&name, &value),
        _ => false,
    }
}

/// Whether a line of metadata that was not read as such says the same, with a colon of either width.
pub fn line_holds_back(line: &str) -> bool {
    line.split_once([':', '：']).is_some_and(|(key, value)| value_holds_back(&plain_name(key), value))
}

/// The same for a plain name and the text of its value.
fn value_holds_back(name: &str, value: &str) -> bool {
    if value.len() > LONGEST_VALUE {
        return false;
    }
    let value = half_width(value.trim()).to_lowercase();
    says_unpublished(name, &value)
        || HELD_IF_YES.contains(&name) && parse_flag(&value) == Some(true)
        || HELD_IF_NO.contains(&name) && parse_flag(&value) == Some(false)
        || STATE_KEYS.contains(&name) && is_state(&value)
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
        ] {
            assert!(!is_held(line), "{line}");
        }
    }

    #[test]
    fn no_word_is_a_key_of_every_page() {
        for name in [HELD_IF_YES, HELD_IF_NO, STATE_KEYS].concat() {
            assert!(COMMON_FIELDS.iter().all(|field| !field.is_named(name)), "{name}");
            assert_eq!(plain_name(name), name);
        }
    }
}
