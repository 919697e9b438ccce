//! Answers from elsewhere: entry sheets typed from paper, exports of 问卷星 and LimeSurvey, or any table with a mapping.
//!
//! In: a file's bytes, the definition, the wave. Out: a [`Batch`] of checked answers, of refused rows with their reasons, and of what
//! was left out; [`Batch::responses`] makes of it what the store keeps. Every row passes [`crate::answers::validate`].
//! What identifies people is not read beyond its header. Knows neither the store nor files.

mod batch;
pub mod compare;
mod keys;
mod layout;
mod mapping;
mod personal;
mod reading;
mod table;
mod words;
mod workbook;

use crate::answers::ProblemKind;

pub use batch::{Batch, Destination, Ready, Reason, Refused};
pub use keys::Stored;
pub use layout::{Layout, Use, Whole, recognise};
pub use mapping::Mapping;
pub use personal::Kind;
pub use reading::Style;
pub use table::{FileKind, MOST_BYTES, Row, Table};

/// What wrote a table, and how it writes answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The sheet of `puzhi survey paper`.
    Template,
    /// 问卷星, 按选项序号下载.
    WjxNumber,
    /// 问卷星, 按选项文本下载.
    WjxText,
    /// LimeSurvey, answer codes.
    LimeShort,
    /// LimeSurvey, full answers.
    LimeLong,
    /// As a mapping file says.
    Mapped,
}

impl Format {
    /// Those that can be asked for, with their names on the command line.
    pub const NAMED: [(Format, &'static str); 5] = [
        (Format::Template, "template"),
        (Format::WjxNumber, "wjx-number"),
        (Format::WjxText, "wjx-text"),
        (Format::LimeShort, "lime-short"),
        (Format::LimeLong, "lime-long"),
    ];

    pub fn named(name: &str) -> Option<Format> {
        Format::NAMED.into_iter().find(|(_, own)| *own == name).map(|(format, _)| format)
    }

    pub fn is_wjx(self) -> bool {
        matches!(self, Format::WjxNumber | Format::WjxText)
    }

    pub fn is_lime(self) -> bool {
        matches!(self, Format::LimeShort | Format::LimeLong)
    }
}

/// Why a file cannot be taken at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Beyond this many bytes, packed or unpacked.
    TooLarge {
        limit: u64,
    },
    TooMany {
        row: usize,
        rows: usize,
        columns: usize,
        cells: usize,
    },
    CellTooLong {
        row: usize,
        column: usize,
        limit: usize,
    },
    /// Neither UTF-8, UTF-16 nor GB18030, or with NUL bytes.
    NotText,
    /// A workbook that cannot be read, and the part where that showed.
    Workbook {
        part: String,
    },
    /// The `.xls` of before 2007.
    OldWorkbook,
    NoHeader,
    /// The header is of none of the known formats.
    UnknownFormat,
    /// It may be of these.
    AmbiguousFormat {
        formats: Vec<Format>,
    },
    /// Headers that belong to no question, with their columns from 1, and the nearest thing to each.
    UnknownColumns {
        columns: Vec<(usize, String)>,
    },
    /// Two columns for the same question or option.
    ColumnTwice {
        header: String,
        first: usize,
        second: usize,
    },
    /// No column belongs to any question.
    NoAnswers,
    /// The mapping file, at this line and column.
    Mapping {
        line: usize,
        column: usize,
        kind: MappingTrouble,
    },
    /// A header that the mapping names, which the file does not have.
    NoSuchColumn {
        header: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingTrouble {
    /// Not readable YAML, in the words of the reader (Chinese, English).
    Yaml(String, String),
    UnknownKey(String),
    /// What belongs here: Chinese, English.
    Wanted(&'static str, &'static str),
    UnknownQuestion(String),
    UnknownOption {
        question: String,
        option: String,
    },
    NoColumns,
}

impl From<ProblemKind> for Reason {
    fn from(kind: ProblemKind) -> Reason {
        Reason::Answer(kind)
    }
}
