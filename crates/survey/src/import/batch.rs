//! Rows to responses: each row is read, checked against the definition, and accepted, rejected with its errors, or ignored when it
//! is empty.
//!
//! In: a table, the roles of its columns, the target. Out: an [`ImportBatch`]. It holds nothing of skipped columns.

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::SourceFormat;
use super::cell_reader::{other_option, parse_tick, shorten_for_message};
use super::layout::{ColumnLayout, ColumnRole};
use super::sample_columns::read_sample_cell;
use super::table::{ImportTable, TableRow, normalize_cell};
use crate::SampleUnit;
use crate::answers::{ANSWER_FIELD_PREFIX, AnswerError, AnswerErrorKind, Answers, ValidatedAnswers, validate_form};
use puzhi_core::base::{ContentHash, parse_date};
use puzhi_core::kinds::{CollectionMode, CollectionStatus, Survey, Wave};

/// Where the responses go.
#[derive(Debug, Clone)]
pub struct ImportTarget<'s> {
    /// The definition.
    pub survey: &'s Survey,
    /// Id of the survey.
    pub id: &'s str,
    /// The wave of all rows.
    pub wave: &'s Wave,
    /// How the answers were given.
    pub mode: CollectionMode,
    /// The site's time zone, in which times of files are read.
    pub zone: TimeZone,
    /// Hour of rows without a time, in whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// [`Survey::wording`] in the survey's first language.
    pub wording: ContentHash,
}

/// The content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportBatch {
    /// Rows that passed every check.
    pub accepted: Vec<AcceptedRow>,
    /// What is wrong with the other rows, in their order.
    pub errors: Vec<RowError>,
    /// Number of rows of respondents who are too young. Nothing of them is kept.
    pub under_age: usize,
    /// Hash of the content: equal for copies in another encoding, file format or order, or with options written differently.
    pub digest: ContentHash,
}

/// A row that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRow {
    /// Number of the row, as a spreadsheet counts.
    pub row: usize,
    /// Its serial; empty when the file has none.
    pub serial: String,
    /// When it was submitted, in whole hours since 1970-01-01T00:00Z, if the file says so.
    pub hour: Option<i64>,
    /// The validated answers.
    pub answers: Answers,
    /// Where in the sample the respondent was drawn, by the names of the file.
    pub sample: SampleUnit,
}

/// One thing wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Number of the row, as a spreadsheet counts.
    pub row: usize,
    /// Number of the column, from 1; `None` for the whole row.
    pub column: Option<usize>,
    /// Header of the column.
    pub header: String,
    /// What is wrong.
    pub reason: RowErrorKind,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowErrorKind {
    /// An answer that a form would refuse as well.
    Answer(AnswerErrorKind),
    /// A column of one option holds neither 1 nor 0.
    NotTicked {
        /// The cell.
        value: String,
    },
    /// A word for "no answer" that could be a number for this question as well.
    Unclear {
        /// The cell.
        value: String,
    },
    /// The respondent did not submit it.
    NotComplete,
    /// The time cannot be parsed.
    TimeUnreadable {
        /// The cell.
        value: String,
    },
    /// Submitted before or after the wave.
    OutsideWave,
    /// An earlier row has the same serial.
    SerialTwice {
        /// Number of that row.
        first: usize,
    },
    /// The row has text beyond the last header.
    BeyondHeader,
    /// A formula whose value the file does not hold.
    FormulaWithoutValue,
    /// The cell is covered by a merged cell.
    Merged,
    /// The file says where respondents were drawn, but not for this row.
    PlaceMissing,
    /// The base weight is no positive number.
    WeightUnreadable {
        /// The cell.
        value: String,
    },
    /// The wave declares its strata, and this is none of them.
    UnknownStratum {
        /// The cell.
        value: String,
        /// The declared strata.
        names: Vec<String>,
    },
}

impl ImportBatch {
    /// Reads every row of the table.
    pub fn read(table: &ImportTable, layout: &ColumnLayout, target: &ImportTarget<'_>) -> ImportBatch {
        let mut batch =
            ImportBatch { accepted: Vec::new(), errors: Vec::new(), under_age: 0, digest: ContentHash::of(b"") };
        let reader = RowReader {
            table,
            layout,
            target,
            serial: layout.column_index(&ColumnRole::Serial),
            submitted: layout.column_index(&ColumnRole::SubmittedAt),
        };
        let mut serials: BTreeMap<&str, usize> = BTreeMap::new();
        let mut contents = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let noted = |at: usize| reader.hinted(row, at).is_some();
            if layout.columns.iter().enumerate().all(|(at, _)| row.cell(at).is_empty() && !noted(at)) {
                continue;
            }
            let serial = reader.serial.map_or("", |at| row.cell(at));
            let RowReading { outcome, hour, sample } = reader.read_row(row);
            let content = match outcome {
                Ok(ValidatedAnswers::UnderAge) => {
                    batch.under_age += 1;
                    "-".to_string()
                }
                Ok(ValidatedAnswers::Answers(answers)) => match serials.get(serial).filter(|_| !serial.is_empty()) {
                    Some(first) => {
                        batch.errors.push(reader.row_error(
                            row,
                            reader.serial,
                            RowErrorKind::SerialTwice { first: *first },
                        ));
                        "=".to_string()
                    }
                    None => {
                        serials.insert(serial, row.number);
                        let canonical = answers.canonical();
                        batch.accepted.push(AcceptedRow {
                            row: row.number,
                            serial: normalize_cell(serial),
                            hour,
                            answers,
                            sample,
                        });
                        canonical
                    }
                },
                Err(mut reasons) => {
                    batch.errors.append(&mut reasons);
                    format!("?{:?}", reader.answered(row))
                }
            };
            contents.push(format!("{:?} {hour:?} {content}\n", normalize_cell(serial)));
        }
        contents.sort_unstable();
        batch.digest = ContentHash::of(contents.concat().as_bytes());
        batch
    }

    /// Number of rows with errors. A row may have several.
    pub fn rejected_rows(&self) -> usize {
        let mut rows: Vec<usize> = self.errors.iter().map(|r| r.row).collect();
        rows.dedup();
        rows.len()
    }
}

/// What was read of a row.
struct RowReading {
    /// The answers, or everything that is wrong with the row.
    outcome: Result<ValidatedAnswers, Vec<RowError>>,
    /// Whole hours since 1970-01-01T00:00Z, when the row says when it was handed in.
    hour: Option<i64>,
    /// Where in the sample the respondent was drawn, by the names of the file.
    sample: SampleUnit,
}

/// Reads the rows of one table.
struct RowReader<'r> {
    table: &'r ImportTable,
    layout: &'r ColumnLayout,
    target: &'r ImportTarget<'r>,
    serial: Option<usize>,
    submitted: Option<usize>,
}

impl RowReader<'_> {
    /// An error of a row, with its place.
    fn row_error(&self, row: &TableRow, column: Option<usize>, reason: RowErrorKind) -> RowError {
        let header = column.and_then(|at| self.table.header.get(at)).cloned().unwrap_or_default();
        RowError { row: row.number, column: column.map(|at| at + 1), header, reason }
    }

    /// What the workbook says of a cell that makes its emptiness doubtful.
    fn hinted(&self, row: &TableRow, at: usize) -> Option<RowErrorKind> {
        let (hints, cell) = (&self.table.hints, (row.number, at));
        if !row.cell(at).is_empty() {
            None
        } else if hints.formulas_without_value.contains(&cell) {
            Some(RowErrorKind::FormulaWithoutValue)
        } else {
            hints.merged.contains(&cell).then_some(RowErrorKind::Merged)
        }
    }

    /// Whether the column of an option says that it was chosen. LimeSurvey writes into that of "other" what the respondent typed, which
    /// is not looked at further.
    fn is_ticked(&self, question: &str, option: &str, cell: &str) -> Result<bool, RowErrorKind> {
        let ticked = parse_tick(self.layout.format, cell);
        let question = self.target.survey.question(question);
        let is_other = question.and_then(other_option).is_some_and(|other| other.id == option);
        match ticked {
            Err(_) if is_other && self.layout.format.is_lime() => Ok(true),
            other => Ok(other? == Some(true)),
        }
    }

    /// Reads a row: its cells, its time and what stands beyond the header.
    fn read_row(&self, row: &TableRow) -> RowReading {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut problems: Vec<(Option<usize>, RowErrorKind)> = Vec::new();
        let mut sample = SampleUnit::default();
        for (at, column) in self.layout.columns.iter().enumerate() {
            let cell = row.cell(at);
            let is_read = !matches!(column, ColumnRole::Skipped(_) | ColumnRole::Ignored);
            if let Some(reason) = self.hinted(row, at).filter(|_| is_read) {
                problems.push((Some(at), reason));
                continue;
            }
            let read = match column {
                ColumnRole::Question(whole) => {
                    let Some(question) = self.target.survey.question(&whole.question) else { continue };
                    whole.cell_reader(self.layout.format).read(question, cell).map(|values| (&whole.question, values))
                }
                ColumnRole::Option { question, option } => self
                    .is_ticked(question, option, cell)
                    .map(|chosen| (question, if chosen { vec![option.clone()] } else { Vec::new() })),
                ColumnRole::Sample(column) => {
                    let read = read_sample_cell(*column, cell, &self.target.wave.design, &mut sample);
                    problems.extend(read.err().map(|problem| (Some(at), problem)));
                    continue;
                }
                ColumnRole::Serial | ColumnRole::SubmittedAt | ColumnRole::Skipped(_) | ColumnRole::Ignored => continue,
            };
            match read {
                Ok((question, values)) => {
                    pairs.extend(values.into_iter().map(|value| (format!("{ANSWER_FIELD_PREFIX}{question}"), value)))
                }
                Err(reason) => problems.push((Some(at), reason)),
            }
        }
        let checked = validate_form(self.target.survey, &pairs);
        // Of a respondent who is too young nothing is kept, not even errors.
        if checked == Ok(ValidatedAnswers::UnderAge) {
            return RowReading { outcome: checked.map_err(|_| Vec::new()), hour: None, sample: SampleUnit::default() };
        }
        let hour = self.hour(row).unwrap_or_else(|problem| {
            problems.push((self.submitted, problem));
            None
        });
        if let Some(at) = (self.table.header.len()..row.cells.len()).find(|at| !row.cell(*at).is_empty()) {
            problems.push((Some(at), RowErrorKind::BeyondHeader));
        }
        let outcome = match checked {
            Ok(accepted) if problems.is_empty() => Ok(accepted),
            Ok(_) => Err(problems),
            Err(found) => {
                let misread = problems.iter().any(|(_, reason)| {
                    matches!(
                        reason,
                        RowErrorKind::Answer(_)
                            | RowErrorKind::NotTicked { .. }
                            | RowErrorKind::Unclear { .. }
                            | RowErrorKind::FormulaWithoutValue
                            | RowErrorKind::Merged
                    )
                });
                // An answer in an unreadable cell is not missing, and answers that depend on it are not wrong.
                let follows = |p: &&AnswerError| {
                    !misread
                        || !matches!(
                            p.kind,
                            AnswerErrorKind::Missing | AnswerErrorKind::NotAsked | AnswerErrorKind::Empty
                        )
                };
                let more: Vec<_> = found
                    .iter()
                    .filter(follows)
                    .map(|p| {
                        (p.question.as_deref().and_then(|id| self.column_of(id)), RowErrorKind::Answer(p.kind.clone()))
                    })
                    .collect();
                problems.extend(more);
                Err(problems)
            }
        };
        let located = |problems: Vec<(Option<usize>, RowErrorKind)>| {
            problems.into_iter().map(|(at, reason)| self.row_error(row, at, reason)).collect()
        };
        RowReading { outcome: outcome.map_err(located), hour, sample }
    }

    /// The first column of a question.
    fn column_of(&self, id: &str) -> Option<usize> {
        let of = |column: &ColumnRole| match column {
            ColumnRole::Question(whole) => whole.question == id,
            ColumnRole::Option { question, .. } => question == id,
            _ => false,
        };
        self.layout.columns.iter().position(of)
    }

    /// The normalised cells of the columns that answer questions.
    fn answered(&self, row: &TableRow) -> Vec<String> {
        let answers = |(at, column): (usize, &ColumnRole)| {
            matches!(column, ColumnRole::Question(_) | ColumnRole::Option { .. }).then(|| normalize_cell(row.cell(at)))
        };
        self.layout.columns.iter().enumerate().filter_map(answers).collect()
    }

    /// The hour in which the row was submitted; `None` when the file does not say.
    fn hour(&self, row: &TableRow) -> Result<Option<i64>, RowErrorKind> {
        let Some(at) = self.submitted else { return Ok(None) };
        let written = row.cell(at);
        if written.is_empty() {
            // LimeSurvey exports responses that were not submitted with an empty date.
            return if self.layout.format.is_lime() { Err(RowErrorKind::NotComplete) } else { Ok(None) };
        }
        let unreadable = || RowErrorKind::TimeUnreadable { value: shorten_for_message(written) };
        let moment =
            parse_date(written).map(|m| m.date.to_datetime(m.time.unwrap_or_default())).ok_or_else(unreadable)?;
        // LimeSurvey writes this day when the survey stores no times.
        if self.layout.format.is_lime() && moment.date() == date(1980, 1, 1) {
            return Ok(None);
        }
        if matches!(
            self.target.wave.collection_status(moment),
            CollectionStatus::NotYet(Some(_)) | CollectionStatus::Closed(Some(_))
        ) {
            return Err(RowErrorKind::OutsideWave);
        }
        let zoned = moment.to_zoned(self.target.zone.clone()).map_err(|_| unreadable())?;
        Ok(Some(zoned.timestamp().as_second().div_euclid(3600)))
    }
}

impl SourceFormat {
    /// How the answers in such a file were usually given.
    pub fn usual_mode(self) -> Option<CollectionMode> {
        match self {
            SourceFormat::Template => Some(CollectionMode::Paper),
            SourceFormat::Mapped => None,
            _ => Some(CollectionMode::Web),
        }
    }
}
