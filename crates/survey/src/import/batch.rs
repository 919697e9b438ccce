//! Rows to answers: every row is read, checked against the definition, and taken, refused with its reasons, or passed over.
//!
//! In: a table, what its columns are, where the answers go. Out: a [`Batch`]. Holds nothing of columns that are left out.

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::Format;
use super::layout::{Layout, Use};
use super::reading::{cut, ticked};
use super::table::{Row, Table, plain};
use crate::answers::{Accepted, Answers, PREFIX, Problem, ProblemKind, validate};
use puzhi_core::base::{Hash, parse_moment};
use puzhi_core::kinds::{Door, Mode, Survey, Wave};

/// Where answers go.
#[derive(Debug, Clone)]
pub struct Destination<'s> {
    pub survey: &'s Survey,
    pub id: &'s str,
    pub wave: &'s Wave,
    pub mode: Mode,
    /// Times in files are the site's civil time.
    pub zone: TimeZone,
    /// The hour of rows that do not say theirs, since 1970 in UTC.
    pub hour: i64,
    /// Of the survey in its first language.
    pub wording: Hash,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub ready: Vec<Ready>,
    pub refused: Vec<Refused>,
    /// Rows of people who are too young: nothing of them is kept.
    pub under_age: usize,
    /// Of the content: equal for copies in another encoding or kind of file, in another order, or with options written otherwise.
    pub digest: Hash,
}

/// A row that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    pub row: usize,
    /// Empty when the file does not number its rows.
    pub serial: String,
    /// When it was handed in, if the file says so.
    pub hour: Option<i64>,
    pub answers: Answers,
}

/// One thing wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As a spreadsheet counts.
    pub row: usize,
    /// From 1; `None` for the whole row.
    pub column: Option<usize>,
    pub header: String,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// As a form is refused.
    Answer(ProblemKind),
    /// Neither 1 nor 0 in a column of one option.
    NotTicked {
        value: String,
    },
    /// A word for "no answer" that could be a figure of this question as well.
    Unclear {
        value: String,
    },
    /// The respondent did not hand it in.
    NotComplete,
    TimeUnreadable {
        value: String,
    },
    /// Handed in before or after the wave.
    OutsideWave,
    /// An earlier row has the same serial.
    SerialTwice {
        first: usize,
    },
    /// Text beyond the last header.
    BeyondHeader,
}

impl Batch {
    /// Reads every row.
    pub fn read(table: &Table, layout: &Layout, to: &Destination<'_>) -> Batch {
        let mut batch = Batch { ready: Vec::new(), refused: Vec::new(), under_age: 0, digest: Hash::of(b"") };
        let reader = Reader {
            table,
            layout,
            to,
            serial: layout.column(&Use::Serial),
            submitted: layout.column(&Use::Submitted),
        };
        let mut serials: BTreeMap<&str, usize> = BTreeMap::new();
        let mut contents = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            if layout.columns.iter().enumerate().all(|(at, _)| row.cell(at).is_empty()) {
                continue;
            }
            let serial = reader.serial.map_or("", |at| row.cell(at));
            let (outcome, hour) = reader.row(row);
            let content = match outcome {
                Ok(Accepted::UnderAge) => {
                    batch.under_age += 1;
                    "-".to_string()
                }
                Ok(Accepted::Answers(answers)) => match serials.get(serial).filter(|_| !serial.is_empty()) {
                    Some(first) => {
                        batch.refused.push(reader.refused(row, reader.serial, Reason::SerialTwice { first: *first }));
                        "=".to_string()
                    }
                    None => {
                        serials.insert(serial, row.number);
                        let canonical = answers.canonical();
                        batch.ready.push(Ready { row: row.number, serial: plain(serial), hour, answers });
                        canonical
                    }
                },
                Err(mut reasons) => {
                    batch.refused.append(&mut reasons);
                    format!("?{:?}", reader.answered(row))
                }
            };
            contents.push(format!("{:?} {hour:?} {content}\n", plain(serial)));
        }
        contents.sort_unstable();
        batch.digest = Hash::of(contents.concat().as_bytes());
        batch
    }

    /// How many rows were refused; each may have several reasons.
    pub fn refused_rows(&self) -> usize {
        let mut rows: Vec<usize> = self.refused.iter().map(|r| r.row).collect();
        rows.dedup();
        rows.len()
    }
}

struct Reader<'r> {
    table: &'r Table,
    layout: &'r Layout,
    to: &'r Destination<'r>,
    serial: Option<usize>,
    submitted: Option<usize>,
}

impl Reader<'_> {
    fn refused(&self, row: &Row, column: Option<usize>, reason: Reason) -> Refused {
        let header = column.and_then(|at| self.table.header.get(at)).cloned().unwrap_or_default();
        Refused { row: row.number, column: column.map(|at| at + 1), header, reason }
    }

    /// What the row answers, or everything wrong with it; and its hour where that is known.
    fn row(&self, row: &Row) -> (Result<Accepted, Vec<Refused>>, Option<i64>) {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut problems: Vec<(Option<usize>, Reason)> = Vec::new();
        for (at, column) in self.layout.columns.iter().enumerate() {
            let cell = row.cell(at);
            let read = match column {
                Use::Whole(whole) => {
                    let Some(question) = self.to.survey.question(&whole.question) else { continue };
                    whole.manner(self.layout.format).read(question, cell).map(|values| (&whole.question, values))
                }
                Use::Option { question, option } => ticked(self.layout.format, cell)
                    .map(|ticked| (question, if ticked == Some(true) { vec![option.clone()] } else { Vec::new() })),
                Use::Serial | Use::Submitted | Use::Left(_) | Use::Ignored => continue,
            };
            match read {
                Ok((question, values)) => {
                    pairs.extend(values.into_iter().map(|value| (format!("{PREFIX}{question}"), value)))
                }
                Err(reason) => problems.push((Some(at), reason)),
            }
        }
        let checked = validate(self.to.survey, &pairs);
        // Nothing else matters of a child's answers, not even what is wrong with them.
        if checked == Ok(Accepted::UnderAge) {
            return (checked.map_err(|_| Vec::new()), None);
        }
        let hour = self.hour(row).unwrap_or_else(|problem| {
            problems.push((self.submitted, problem));
            None
        });
        if let Some(at) = (self.table.header.len()..row.cells.len()).find(|at| !row.cell(*at).is_empty()) {
            problems.push((Some(at), Reason::BeyondHeader));
        }
        let outcome = match checked {
            Ok(accepted) if problems.is_empty() => Ok(accepted),
            Ok(_) => Err(problems),
            Err(found) => {
                let misread = problems.iter().any(|(_, reason)| {
                    matches!(reason, Reason::Answer(_) | Reason::NotTicked { .. } | Reason::Unclear { .. })
                });
                // What a misread cell would have answered is not missing, and what depends on it not wrong.
                let follows = |p: &&Problem| {
                    !misread || !matches!(p.kind, ProblemKind::Missing | ProblemKind::NotAsked | ProblemKind::Empty)
                };
                let more: Vec<_> = found
                    .iter()
                    .filter(follows)
                    .map(|p| (p.question.as_deref().and_then(|id| self.column_of(id)), Reason::Answer(p.kind.clone())))
                    .collect();
                problems.extend(more);
                Err(problems)
            }
        };
        (
            outcome
                .map_err(|problems| problems.into_iter().map(|(at, reason)| self.refused(row, at, reason)).collect()),
            hour,
        )
    }

    /// The first column of a question.
    fn column_of(&self, id: &str) -> Option<usize> {
        let of = |column: &Use| match column {
            Use::Whole(whole) => whole.question == id,
            Use::Option { question, .. } => question == id,
            _ => false,
        };
        self.layout.columns.iter().position(of)
    }

    /// The cells that answer, as they are compared.
    fn answered(&self, row: &Row) -> Vec<String> {
        let answers = |(at, column): (usize, &Use)| {
            matches!(column, Use::Whole(_) | Use::Option { .. }).then(|| plain(row.cell(at)))
        };
        self.layout.columns.iter().enumerate().filter_map(answers).collect()
    }

    /// The hour in which it was handed in; `None` when the file does not say.
    fn hour(&self, row: &Row) -> Result<Option<i64>, Reason> {
        let Some(at) = self.submitted else { return Ok(None) };
        let written = row.cell(at);
        if written.is_empty() {
            // LimeSurvey exports what was never handed in with an empty date.
            return if self.layout.format.is_lime() { Err(Reason::NotComplete) } else { Ok(None) };
        }
        let unreadable = || Reason::TimeUnreadable { value: cut(written) };
        let moment =
            parse_moment(written).map(|m| m.date.to_datetime(m.time.unwrap_or_default())).ok_or_else(unreadable)?;
        // LimeSurvey writes this day when the survey keeps no times.
        if self.layout.format.is_lime() && moment.date() == date(1980, 1, 1) {
            return Ok(None);
        }
        if matches!(self.to.wave.door(moment), Door::NotYet(Some(_)) | Door::Closed(Some(_))) {
            return Err(Reason::OutsideWave);
        }
        let zoned = moment.to_zoned(self.to.zone.clone()).map_err(|_| unreadable())?;
        Ok(Some(zoned.timestamp().as_second().div_euclid(3600)))
    }
}

impl Format {
    /// How answers in such a file are usually given.
    pub fn usual_mode(self) -> Option<Mode> {
        match self {
            Format::Template => Some(Mode::Paper),
            Format::Mapped => None,
            _ => Some(Mode::Web),
        }
    }
}
