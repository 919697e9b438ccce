//! What a page says of its own past: corrections (`corrections`, 更正) and a withdrawal (`withdrawn`, 撤稿).
//!
//! Input: a mapping of front matter. Output: [`Correction`]s, newest first, and a [`Withdrawal`], with diagnostics. Does not know how
//! they are shown.

use super::COMMON_FIELDS;
use crate::base::DateOrDateTime;
use crate::yaml::{Field, MappingReader, Spanned, Type};

/// One correction of a published text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Correction {
    /// When the text was corrected, in the site's zone.
    pub when: DateOrDateTime,
    /// What was wrong and how it reads now.
    pub what: String,
    /// How the mistake came about.
    pub why: Option<String>,
}

/// That a published text is withdrawn. The page keeps its address and shows this instead of its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Withdrawal {
    /// When it was withdrawn, in the site's zone. `None` if the value is wrong, which is an error of its own.
    pub when: Option<DateOrDateTime>,
    /// Why it was withdrawn. `None` if the value is wrong, which is an error of its own.
    pub why: Option<String>,
}

/// The keys of an entry of `corrections`.
pub const CORRECTION_FIELDS: &[Field] = &[
    Field::new("when", "时间", Type::Date, "什么时候更正的", "when it was corrected").with_aliases(&["date", "日期"]),
    Field::new("what", "内容", Type::Text, "原来写的什么，改成了什么", "what it said and what it says now"),
    Field::new("why", "原因", Type::Text, "为什么会错", "how the mistake came about"),
];

/// The keys of `withdrawn`.
pub const WITHDRAWAL_FIELDS: &[Field] = &[
    Field::new("when", "时间", Type::Date, "什么时候撤的", "when it was withdrawn").with_aliases(&["date", "日期"]),
    Field::new("why", "原因", Type::Text, "为什么撤", "why it was withdrawn"),
];

/// Reads `corrections`, newest first. Each needs its time and what was corrected.
pub(super) fn read_corrections(fields: &mut MappingReader<'_, '_>) -> Vec<Spanned<Correction>> {
    let mut corrections = fields.maps("corrections", |entry| {
        entry.require("when", CORRECTION_FIELDS);
        entry.require("what", CORRECTION_FIELDS);
        let (when, what, why) = (entry.date("when"), entry.text("what"), entry.text("why"));
        Some(Spanned { value: Correction { when: when?, what: what?, why }, span: entry.span() })
    });
    corrections.sort_by_key(|correction| std::cmp::Reverse(correction.value.when));
    corrections
}

/// Reads `withdrawn`. The page counts as withdrawn as soon as the key is there, whatever is wrong with its value, so that a slip
/// never puts the text back.
pub(super) fn read_withdrawal(fields: &mut MappingReader<'_, '_>) -> Option<Spanned<Withdrawal>> {
    let span = fields.entry("withdrawn")?.key_span;
    let read = fields.map("withdrawn", |entry| {
        entry.require("when", WITHDRAWAL_FIELDS);
        entry.require("why", WITHDRAWAL_FIELDS);
        Withdrawal { when: entry.date("when"), why: entry.text("why") }
    });
    // A key without a value says nothing of when and why.
    fields.require("withdrawn", COMMON_FIELDS);
    Some(Spanned { value: read.unwrap_or(Withdrawal { when: None, why: None }), span })
}
