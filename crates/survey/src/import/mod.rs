//! Import of responses from tables: entry sheets typed from paper, exports of 问卷星 (Wenjuanxing) and LimeSurvey, or any table with a
//! mapping file.
//!
//! In: the bytes of a file, the definition, the wave. Out: an [`ImportBatch`] with accepted rows, rejected rows with reasons, and
//! skipped columns; [`ImportBatch::responses`] makes the responses that the store keeps. Every row passes
//! [`crate::answers::validate_form`], as a form does. Of columns that identify people only the header is read. Knows neither the
//! store nor the file system.

mod batch;
mod cell_reader;
pub mod double_entry;
mod duplicates;
mod layout;
mod mapping;
mod messages;
mod sample_columns;
mod skipped_columns;
mod table;
mod workbook;

use crate::answers::AnswerErrorKind;

pub use batch::{AcceptedRow, ImportBatch, ImportTarget, RowError, RowErrorKind};
pub use cell_reader::OptionNotation;
pub use duplicates::{DuplicateCheck, RowOrigin};
pub use layout::{ColumnLayout, ColumnRole, IgnoredColumns, QuestionColumn, detect_layout, find_layout};
pub use mapping::ColumnMapping;
pub use sample_columns::{SampleColumn, label_sample, weight_classes};
pub(crate) use sample_columns::{read_sample_cell, sample_column};
pub use skipped_columns::SkippedKind;
pub use table::{FileKind, ImportTable, MAX_BYTES, SheetHints, TableChoice, TableRow};

/// Which program wrote a table, and how it writes answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// The entry sheet of `puzhi survey paper`.
    Template,
    /// 问卷星 (Wenjuanxing), downloaded by option numbers (按选项序号下载).
    WjxNumber,
    /// 问卷星 (Wenjuanxing), downloaded by option texts (按选项文本下载).
    WjxText,
    /// LimeSurvey, exported with answer codes.
    LimeShort,
    /// LimeSurvey, exported with full answers.
    LimeLong,
    /// Any other, described by a mapping file.
    Mapped,
}

impl SourceFormat {
    /// The formats that can be named on the command line, with their names.
    pub const NAMED: [(SourceFormat, &'static str); 5] = [
        (SourceFormat::Template, "template"),
        (SourceFormat::WjxNumber, "wjx-number"),
        (SourceFormat::WjxText, "wjx-text"),
        (SourceFormat::LimeShort, "lime-short"),
        (SourceFormat::LimeLong, "lime-long"),
    ];

    /// The format of this name.
    pub fn named(name: &str) -> Option<SourceFormat> {
        SourceFormat::NAMED.into_iter().find(|(_, own)| *own == name).map(|(format, _)| format)
    }

    /// Whether 问卷星 wrote it.
    pub fn is_wjx(self) -> bool {
        matches!(self, SourceFormat::WjxNumber | SourceFormat::WjxText)
    }

    /// Whether LimeSurvey wrote it.
    pub fn is_lime(self) -> bool {
        matches!(self, SourceFormat::LimeShort | SourceFormat::LimeLong)
    }
}

/// Why a file cannot be imported at all. Rows and columns are counted from 1, as a spreadsheet does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportError {
    /// The file is larger than this many bytes, packed or unpacked.
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// The table has too many rows, columns or cells.
    TooMany {
        /// Row at which a bound was exceeded.
        row: usize,
        /// Most rows.
        rows: usize,
        /// Most columns.
        columns: usize,
        /// Most cells.
        cells: usize,
    },
    /// A cell is too long.
    CellTooLong {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// Most bytes of a cell.
        limit: usize,
    },
    /// Neither UTF-8, UTF-16 nor GB18030, or with NUL characters.
    NotText,
    /// The workbook cannot be read.
    Workbook {
        /// The part of the file where the error is.
        part: String,
    },
    /// A workbook of the format before 2007 (`.xls`).
    OldWorkbook,
    /// A web page or an XML workbook under the name of a workbook.
    WebPage,
    /// A quotation mark opens a cell and is not closed before the end of a cell.
    Quotation {
        /// Its line, from 1.
        line: usize,
    },
    /// The workbook has no such sheet, or the file is none.
    NoSheet {
        /// The sheets that it has.
        names: Vec<String>,
    },
    /// The table is empty.
    NoHeader,
    /// The header belongs to none of the known formats.
    UnknownFormat,
    /// The table fits several formats with different results.
    AmbiguousFormat {
        /// Those formats.
        formats: Vec<SourceFormat>,
    },
    /// Columns belong to no question and are not known to be skipped.
    UnknownColumns {
        /// Their numbers and headers.
        columns: Vec<(usize, String)>,
    },
    /// Two columns answer the same question or option.
    ColumnTwice {
        /// Header of the second.
        header: String,
        /// Number of the first column.
        first: usize,
        /// Number of the second column.
        second: usize,
    },
    /// No column belongs to any question.
    NoAnswers,
    /// The mapping file is wrong.
    Mapping {
        /// Line of the error, from 1.
        line: usize,
        /// Column of the error, from 1.
        column: usize,
        /// What is wrong.
        kind: MappingError,
    },
    /// The mapping names a header that the table does not have.
    NoSuchColumn {
        /// That header.
        header: String,
    },
}

/// What is wrong with a mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingError {
    /// It is not valid YAML: the message in Chinese and English.
    Yaml(String, String),
    /// A key is unknown.
    UnknownKey(String),
    /// Something else is expected here: in Chinese and English.
    Wanted(&'static str, &'static str),
    /// The survey has no question of this id.
    UnknownQuestion(String),
    /// The question has no such option.
    UnknownOption {
        /// Id of the question.
        question: String,
        /// The option as written.
        option: String,
    },
    /// No column is given a question.
    NoColumns,
}

impl From<AnswerErrorKind> for RowErrorKind {
    fn from(kind: AnswerErrorKind) -> RowErrorKind {
        RowErrorKind::Answer(kind)
    }
}
