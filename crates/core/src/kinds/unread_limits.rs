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

/// Whether a key begins with a word for withdrawals, or is a slip of one: `撤搞`, `撤稿时间`, `withdrawm`.
fn is_about_withdrawal(word: &str) -> bool {
    /// Longest Chinese key that is a slip of one, in characters: `撤搞件`.
    const LONGEST: usize = 3;
    let is_slip = word.starts_with('撤') && word.chars().take(LONGEST + 1).count() <= LONGEST;
    is_slip
        || ["撤稿", "撤回", "撤下", "已撤", "withdraw", "retract"].iter().any(|begin| word.starts_with(begin))
        || only_close_match(word, ["withdrawn", "withdrawal", "retracted", "retraction"]).is_some()
}

/// Whether a key says whether a page may be reprinted: `禁止转载`, `可以转载`, `republsih`. `转载自` names a source.
fn is_about_republishing(word: &str) -> bool {
    const BEFORE: [&str; 11] = ["禁止", "不得", "不可", "不能", "不准", "不许", "谢绝", "允许", "可以", "是否", "可否"];
    let rule = word.strip_suffix("转载").or_else(|| word.strip_suffix("转发"));
    rule.is_some_and(|rule| BEFORE.iter().any(|before| rule.ends_with(before)))
        || only_close_match(word, ["republish", "republishing"]).is_some()
        || ["no_republish", "no_reprint", "reprint", "reprinting"].contains(&&*word.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_about_withdrawals() {
        for key in ["撤搞", "撤稿时间", "已撤", "撤销", "withdrawm", "withdraw", "retractd", "withdrawn_on"] {
            assert!(is_about_withdrawal(key), "{key}");
        }
        for key in ["撤县设市年份", "drawn", "更正", "tracked", "已办结"] {
            assert!(!is_about_withdrawal(key), "{key}");
        }
    }

    #[test]
    fn keys_about_republishing() {
        for key in ["禁止转载", "可以转载", "本文谢绝转载", "republsih", "no-reprint"] {
            assert!(is_about_republishing(key), "{key}");
        }
        for key in ["转载自", "转载来源", "已转载", "published", "republic"] {
            assert!(!is_about_republishing(key), "{key}");
        }
    }
}
