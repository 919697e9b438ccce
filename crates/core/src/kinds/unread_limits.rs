//! Finds keys that limit what may be shown or reprinted of a page and have no effect: a page must not stand, or leave for other media, for
//! a slip in a key.
//!
//! Input: a key that no table has. Output: an error at it. Keys that mark drafts are found by [`super::draft_mark`].

use crate::base::only_close_match;
use crate::diag::codes::releases as code;
use crate::diag::{Diagnostic, DiagnosticCode};
use crate::yaml::{MappingEntry, MappingReader};

/// An error if a key of no table is meant as `withdrawn` or `republish`, on a page without that key.
pub(super) fn unread_limit(fields: &MappingReader<'_, '_>, entry: &MappingEntry) -> Option<Diagnostic> {
    let word: String = entry.key.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let meant: Option<(&str, &DiagnosticCode)> = if is_about_withdrawal(&word) {
        Some(("withdrawn", &code::WITHDRAWAL_UNREAD))
    } else if is_about_republishing(&word) {
        Some(("republish", &code::REPUBLISH_UNREAD))
    } else {
        None
    };
    let (key, code) = meant.filter(|(key, _)| fields.entry(key).is_none())?;
    let diag = Diagnostic::new(code).at(fields.source(), entry.key_span).arg("key", entry.key.trim());
    Some(diag.arg("meant", if entry.key.is_ascii() { key } else { in_chinese(key) }))
}

/// The Chinese spelling of a key.
fn in_chinese(key: &str) -> &str {
    super::COMMON_FIELDS.iter().find(|field| field.key == key).map_or(key, |field| field.zh)
}

/// Keys of other programs and offices that say that a page is shown no more. `下架时间` is a date, which [`super::foreign_dates`] finds.
const TAKEN_DOWN: [&str; 17] = [
    "下架",
    "下线",
    "不再公开",
    "不再发布",
    "不再展示",
    "停止公开",
    "停止发布",
    "停止展示",
    "取消公开",
    "取消发布",
    "已下架",
    "已下线",
    "撤销公开",
    "撤销发布",
    "offline",
    "taken_down",
    "takedown",
];

/// Whether a key begins with a word for withdrawals, or is a slip of one: `撤搞`, `撤稿时间`, `withdrawm`, `下线`.
fn is_about_withdrawal(word: &str) -> bool {
    /// Longest Chinese key that is a slip of one, in characters: `撤搞件`.
    const LONGEST: usize = 3;
    let is_slip = word.starts_with('撤') && word.chars().take(LONGEST + 1).count() <= LONGEST;
    is_slip
        || TAKEN_DOWN.contains(&&*word.replace('-', "_"))
        || ["撤稿", "撤回", "撤下", "已撤", "withdraw", "retract"].iter().any(|begin| word.starts_with(begin))
        || only_close_match(word, ["withdrawn", "withdrawal", "retracted", "retraction"]).is_some()
}

/// Whether a key says whether a page may be reprinted: `禁止转载`, `可以转载`, `转载权限`, `republsih`. `转载自` names a source.
fn is_about_republishing(word: &str) -> bool {
    const BEFORE: [&str; 15] = [
        "禁止", "不得", "不可", "不能", "不准", "不许", "不让", "谢绝", "允许", "可以", "是否", "可否", "禁", "勿",
        "能否",
    ];
    const AFTER: [&str; 10] = ["说明", "权限", "要求", "许可", "声明", "规定", "规则", "授权", "限制", "与否"];
    let rule = ["转载", "转发", "转"].into_iter().find_map(|end| word.strip_suffix(end));
    let subject = ["转载", "转发"].into_iter().find_map(|begin| word.strip_prefix(begin));
    rule.is_some_and(|rule| BEFORE.iter().any(|before| rule.ends_with(before)))
        || subject.is_some_and(|what| AFTER.contains(&what))
        || only_close_match(word, ["republish", "republishing"]).is_some()
        || ["no_republish", "no_reprint", "reprint", "reprinting"].contains(&&*word.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_about_withdrawals() {
        for key in [
            "撤搞",
            "撤稿时间",
            "已撤",
            "撤销",
            "withdrawm",
            "withdraw",
            "retractd",
            "withdrawn_on",
            "下线",
            "撤销发布",
            "taken-down",
        ] {
            assert!(is_about_withdrawal(key), "{key}");
        }
        for key in ["撤县设市年份", "drawn", "更正", "tracked", "已办结", "下架时间", "失效日期", "下线城市"]
        {
            assert!(!is_about_withdrawal(key), "{key}");
        }
    }

    #[test]
    fn keys_about_republishing() {
        for key in ["禁止转载", "可以转载", "本文谢绝转载", "republsih", "no-reprint", "禁转", "禁转载", "转载权限"]
        {
            assert!(is_about_republishing(key), "{key}");
        }
        for key in ["转载自", "转载来源", "已转载", "published", "republic", "运转", "转载次数"] {
            assert!(!is_about_republishing(key), "{key}");
        }
    }
}
