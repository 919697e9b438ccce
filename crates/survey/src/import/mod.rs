//! Answers from elsewhere: entry sheets typed from paper, exports of 问卷星 and LimeSurvey, or any table with a mapping.
//!
//! In: a file's bytes, the definition, the wave. Out: a [`ImportBatch`] of checked answers, of refused rows with their reasons, and of what
//! was left out; [`ImportBatch::responses`] makes of it what the store keeps. Every row passes [`crate::answers::validate`].
//! What identifies people is not read beyond its header. Knows neither the store nor files.

mod batch;
mod cell_reader;
pub mod double_entry;
mod duplicates;
mod layout;
mod mapping;
mod messages;
mod skipped_columns;
mod table;
mod workbook;

use crate::answers::AnswerErrorKind;

pub use batch::{AcceptedRow, ImportBatch, ImportTarget, RowError, RowErrorKind};
pub use cell_reader::OptionNotation;
pub use duplicates::DuplicateCheck;
pub use layout::{ColumnLayout, ColumnRole, QuestionColumn, detect_layout};
pub use mapping::ColumnMapping;
pub use skipped_columns::SkippedKind;
pub use table::{FileKind, ImportTable, MAX_BYTES, TableRow};

/// What wrote a table, and how it writes answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
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

impl SourceFormat {
    /// Those that can be asked for, with their names on the command line.
    pub const NAMED: [(SourceFormat, &'static str); 5] = [
        (SourceFormat::Template, "template"),
        (SourceFormat::WjxNumber, "wjx-number"),
        (SourceFormat::WjxText, "wjx-text"),
        (SourceFormat::LimeShort, "lime-short"),
        (SourceFormat::LimeLong, "lime-long"),
    ];

    pub fn named(name: &str) -> Option<SourceFormat> {
        SourceFormat::NAMED.into_iter().find(|(_, own)| *own == name).map(|(format, _)| format)
    }

    pub fn is_wjx(self) -> bool {
        matches!(self, SourceFormat::WjxNumber | SourceFormat::WjxText)
    }

    pub fn is_lime(self) -> bool {
        matches!(self, SourceFormat::LimeShort | SourceFormat::LimeLong)
    }
}

/// Why a file cannot be taken at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportError {
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
        formats: Vec<SourceFormat>,
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
        kind: MappingError,
    },
    /// A header that the mapping names, which the file does not have.
    NoSuchColumn {
        header: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingError {
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

impl From<AnswerErrorKind> for RowErrorKind {
    fn from(kind: AnswerErrorKind) -> RowErrorKind {
        RowErrorKind::Answer(kind)
    }
}
