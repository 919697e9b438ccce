//! Diagrams as data: what the directives `flow`, `decision`, `bars`, `line` and `gauge` say, and which texts they show.
//!
//! Data types with few methods. What is here has been checked: indexes lead somewhere, numbers are finite, questions end
//! in outcomes. Does not know how a diagram is drawn.

use super::model::{DirectiveData, HtmlFragment};

/// Steps, each in the lane of who takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Title of the diagram.
    pub title: String,
    /// Who takes steps, in the order of the columns; empty without lanes.
    pub lanes: Vec<String>,
    /// Whether the entries follow each other. Entries without order are parts of a whole.
    pub is_ordered: bool,
    /// The steps in order.
    pub steps: Vec<FlowStep>,
}

/// A step of a [`Flow`].
#[derive(Debug, Clone, PartialEq)]
pub struct FlowStep {
    /// Title of the step.
    pub title: String,
    /// Indexes into [`Flow::lanes`] in ascending order; at least one if there are lanes.
    pub lanes: Vec<usize>,
    /// Text of the step, rendered from Markdown.
    pub text: HtmlFragment,
    /// Words that set the step off, such as what begins with it.
    pub mark: Option<String>,
    /// The step that may follow instead of the next one.
    pub jump: Option<Jump>,
}

/// A way from a step to another one that is not the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// Index into [`Flow::steps`].
    pub to: usize,
    /// In which case, as written.
    pub when: Option<String>,
}

/// Questions that lead to outcomes. Every question and outcome is reached from the first question, and no way leads back.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Title of the diagram.
    pub title: String,
    /// The questions; the first is asked first.
    pub questions: Vec<Question>,
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
}

/// A question of a [`Decision`].
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The answers to choose from, at least one.
    pub answers: Vec<Answer>,
}

/// An answer to a [`Question`].
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The answer.
    pub text: String,
    /// What follows from it.
    pub to: AnswerTarget,
}

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTarget {
    /// The question of this index.
    Question(usize),
    /// The outcome of this index.
    Outcome(usize),
}

/// An outcome of a [`Decision`].
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What to do.
    pub title: String,
    /// More about it, rendered from Markdown.
    pub text: HtmlFragment,
    /// Link of the title, as an index into [`RenderedBody::links`](super::model::RenderedBody::links).
    pub link: Option<u32>,
}

/// Values with a unit, for bars or a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Title of the diagram.
    pub title: String,
    /// Unit of the values.
    pub unit: String,
    /// Where the values come from.
    pub source: String,
    /// When the values were true, as written.
    pub as_of: Option<String>,
    /// The values in order; at least one, at least two for a line.
    pub rows: Vec<ChartRow>,
}

/// A value of a [`Chart`].
#[derive(Debug, Clone, PartialEq)]
pub struct ChartRow {
    /// What the value is for: a thing for bars, a time for a line.
    pub name: String,
    /// The value.
    pub value: Position,
    /// The time that `name` says, in years; given for all rows of a line or for none. Places the points.
    pub time: Option<f64>,
}

/// A number with its spelling.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// The finite number.
    pub value: f64,
    /// The number as written.
    pub written: String,
}

/// A goal and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// Title of the diagram.
    pub title: String,
    /// Unit of both values.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// When the value was true, as written.
    pub as_of: Option<String>,
    /// When the goal is to be reached, as written.
    pub by: Option<String>,
    /// The goal, above zero.
    pub goal: Position,
    /// Where it stands, zero or more; none without data.
    pub value: Option<Position>,
}

impl DirectiveData {
    /// The texts of the directive that are rendered from Markdown, in order. Their number is their place here.
    pub fn entry_texts(&self) -> Box<dyn Iterator<Item = &HtmlFragment> + '_> {
        match self {
            DirectiveData::Timeline { entries, .. } => Box::new(entries.iter().map(|entry| &entry.text)),
            DirectiveData::Flow(flow) => Box::new(flow.steps.iter().map(|step| &step.text)),
            DirectiveData::Decision(decision) => Box::new(decision.outcomes.iter().map(|outcome| &outcome.text)),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The text of that number, to be set when the page is assembled.
    pub(super) fn entry_text_mut(&mut self, number: usize) -> Option<&mut HtmlFragment> {
        match self {
            DirectiveData::Timeline { entries, .. } => entries.get_mut(number).map(|entry| &mut entry.text),
            DirectiveData::Flow(flow) => flow.steps.get_mut(number).map(|step| &mut step.text),
            DirectiveData::Decision(decision) => decision.outcomes.get_mut(number).map(|outcome| &mut outcome.text),
            _ => None,
        }
    }
}

impl Chart {
    /// The texts that are shown: title, a line for each value, source.
    pub fn texts(&self) -> Vec<String> {
        let rows = self.rows.iter().map(|row| format!("{} {}{}", row.name, row.value.written, self.unit));
        let mut out = vec![self.title.clone()];
        out.extend(rows);
        out.extend(self.as_of.clone());
        out.push(self.source.clone());
        out
    }
}

impl Gauge {
    /// The texts that are shown.
    pub fn texts(&self) -> Vec<String> {
        let mut out = vec![self.title.clone()];
        out.extend(
            [Some(&self.goal), self.value.as_ref()]
                .into_iter()
                .flatten()
                .map(|n| format!("{}{}", n.written, self.unit)),
        );
        out.extend([&self.by, &self.as_of].into_iter().flatten().cloned());
        out.push(self.source.clone());
        out
    }
}
