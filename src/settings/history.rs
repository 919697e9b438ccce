//! The keys below `history` in `site.yaml`: how many earlier versions the desk keeps. In: the mapping. Out: [`HistorySettings`]. Does not know the
//! history.

use puzhi_core::yaml::{Field, MappingReader, Type};

/// Days unless the settings say others.
const DAYS: u32 = 730;
/// Megabytes (of 1024 × 1024 bytes) unless the settings say others.
const MEGABYTES: u64 = 500;

/// How many earlier versions of the site's files are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistorySettings {
    /// Versions of so many days are kept.
    pub days: u32,
    /// They take at most so many megabytes, of 1024 × 1024 bytes.
    pub megabytes: u64,
}

pub(super) const FIELDS: &[Field] = &[
    Field::new(
        "days",
        "天数",
        Type::Integer(1, 36_500),
        "保留多少天以内的旧版本，缺省 730；每个文件最后一版一直留着",
        "versions of so many days are kept, 730 by default; the last version of each file is always kept",
    ),
    Field::new(
        "megabytes",
        "兆",
        Type::Integer(10, 1_000_000),
        "旧版本最多占多少兆，缺省 500；满了先去掉最早的",
        "most megabytes that versions take, 500 by default; the earliest go first",
    ),
];

/// Reads the mapping.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> HistorySettings {
    let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let days = number(fields.integer("days")).and_then(|days| u32::try_from(days).ok()).unwrap_or(DAYS);
    let megabytes = number(fields.integer("megabytes")).unwrap_or(MEGABYTES);
    HistorySettings { days, megabytes }
}

impl Default for HistorySettings {
    fn default() -> Self {
        HistorySettings { days: DAYS, megabytes: MEGABYTES }
    }
}
