//! The data of diagrams. Part of `view::model`, with its rules for addresses and absent values. Lengths in `em` are those of the
//! drawing's text, lengths in percent those of its width, so that a drawing fits any width with text of one size. Computes nothing.

use serde::Serialize;

/// A ruler above a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct RulerView {
    /// Unit of the numbers.
    pub unit: String,
    /// The marks from left to right.
    pub marks: Vec<RulerMarkView>,
}

/// A mark of a ruler.
#[derive(Debug, Clone, Serialize)]
pub struct RulerMarkView {
    /// The number as the author wrote it.
    pub text: String,
    /// Place in percent.
    pub x: String,
    /// `text-anchor` of the number: `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// The number stands below the ruler, because the one before it is near.
    pub below: bool,
}

/// A step of a flow.
#[derive(Debug, Clone, Serialize)]
pub struct FlowStepView {
    /// Number of the step, from 1.
    pub number: usize,
    /// Title of the step.
    pub title: String,
    /// Who takes the step; empty without lanes.
    pub lanes: Vec<String>,
    /// Its first lane, from 1; 0 without lanes.
    pub from: usize,
    /// Its last lane, from 1; 0 without lanes.
    pub to: usize,
    /// Text of the step, safe HTML; may be empty.
    pub html: String,
    /// Words that set the step off.
    pub mark: Option<String>,
    /// The step that may follow instead of the next one.
    pub jump: Option<JumpView>,
}

/// A way to a step that is not the next one.
#[derive(Debug, Clone, Serialize)]
pub struct JumpView {
    /// Number of that step.
    pub number: usize,
    /// Title of that step.
    pub title: String,
    /// In which case, as the author wrote it.
    pub when: Option<String>,
}

/// A question of a decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionQuestionView {
    /// Number of the question, from 1, in the order in which they are shown.
    pub number: usize,
    /// The question.
    pub text: String,
    /// The answers to choose from.
    pub answers: Vec<AnswerView>,
}

/// An answer with what follows: exactly one of `outcome`, `question` and `see`.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerView {
    /// The answer.
    pub text: String,
    /// What to do.
    pub outcome: Option<OutcomeView>,
    /// The next question, which is shown below the answer.
    pub question: Option<DecisionQuestionView>,
    /// Number of the next question, which is shown elsewhere.
    pub see: Option<usize>,
}

/// An outcome of a decision.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeView {
    /// What to do.
    pub title: String,
    /// Address for `href`, with `root` already in front; none if the outcome has no link.
    pub href: Option<String>,
    /// More about it, safe HTML. Empty where the outcome is shown for the second time.
    pub html: String,
}

/// What charts of all kinds have around their drawing.
#[derive(Debug, Clone, Serialize)]
pub struct ChartView {
    /// Title of the chart.
    pub title: String,
    /// Unit of the values.
    pub unit: String,
    /// Where the values come from.
    pub source: String,
    /// When the values were true, as the author wrote it.
    pub as_of: Option<String>,
    /// Names and values, as a table shows them.
    pub rows: Vec<ChartRowView>,
    /// Height of the drawing in `em`.
    pub height: String,
    /// Show the table alone: feed readers keep no drawing.
    pub table_only: bool,
}

/// A row of the table of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct ChartRowView {
    /// What the value is for.
    pub name: String,
    /// The value as the author wrote it, without its unit.
    pub value: String,
}

/// A bar.
#[derive(Debug, Clone, Serialize)]
pub struct BarView {
    /// Lines of the label above the bar.
    pub lines: Vec<BarLineView>,
    /// Top of the bar in `em`.
    pub y: String,
    /// Length in percent.
    pub width: String,
}

/// A line of the label of a bar.
#[derive(Debug, Clone, Serialize)]
pub struct BarLineView {
    /// The text.
    pub text: String,
    /// Base line in `em`.
    pub y: String,
}

/// A point of a line.
#[derive(Debug, Clone, Serialize)]
pub struct PointView {
    /// The time.
    pub name: String,
    /// The value with its unit.
    pub value: String,
    /// Place in percent.
    pub x: String,
    /// Place in `em`.
    pub y: String,
    /// Base line of the value's text in `em`.
    pub value_y: String,
    /// `text-anchor` of the value.
    pub value_anchor: &'static str,
    /// `text-anchor` of the time.
    pub name_anchor: &'static str,
    /// Whether the value is written at the point: `always`, `wide` (where the drawing is wide) or `never`.
    pub value_shown: &'static str,
    /// Whether the time is written below the point, in the same words.
    pub name_shown: &'static str,
}

/// A mark of a gauge with its label.
#[derive(Debug, Clone, Serialize)]
pub struct GaugeMarkView {
    /// The value with its unit.
    pub text: String,
    /// Place in percent.
    pub x: String,
    /// Place of the label in percent.
    pub label_x: String,
    /// `text-anchor` of the label.
    pub anchor: &'static str,
}
