//! What templates see of surveys beside their questions: how to take part, and what came out.

use serde::Serialize;

use crate::view::model::{DateView, LinkView};

/// How to take part in a survey, as its page and `{survey}` show it.
#[derive(Debug, Clone, Serialize)]
pub struct TakeView {
    /// `form` (here and now), `soon` (its first day is to come or not yet known), `closed`, `hosted` (on another site) or `paper`
    /// (no collector in settings).
    pub state: &'static str,
    /// The day it opens (`soon`), closed (`closed`) or closes (`form`), when one is set.
    pub date: Option<DateView>,
    /// The whole form, when it is `form`.
    pub form_html: Option<String>,
    /// Where it runs, when that is another site.
    pub hosted: Option<HostedView>,
    /// Where paper forms are handed out and in.
    pub place: Option<String>,
    pub phone: Option<String>,
    /// Minutes it takes, an estimate from the number of questions.
    pub minutes: usize,
    /// A code that leads phones to the survey, as SVG; none without an absolute address.
    pub qr_html: Option<String>,
}

/// A survey on another site.
#[derive(Debug, Clone, Serialize)]
pub struct HostedView {
    pub url: String,
    /// What that site is called, else its host.
    pub name: String,
    /// Settings allow it to stand in a frame.
    pub frame: bool,
}

/// What came out of a survey, as its snapshot holds it. Counts that could tell something of one person are none.
#[derive(Debug, Clone, Serialize)]
pub struct ResultsView {
    /// The wave a board shows: probability samples before others, then the newest.
    pub headline: Option<FigureView>,
    /// Newest first.
    pub waves: Vec<WaveView>,
    /// The figures over time as SVG, when there are two at least.
    pub trend_html: Option<String>,
    /// The same figures as rows of a table, oldest first.
    pub trend: Vec<TrendView>,
    /// Addresses of the results as files.
    pub csv: String,
    pub json: String,
    /// schema.org Dataset for a script element.
    pub ld_html: String,
}

/// One wave of a survey.
#[derive(Debug, Clone, Serialize)]
pub struct WaveView {
    /// For anchors.
    pub id: String,
    pub title: String,
    /// Its days in words.
    pub dates: Option<String>,
    /// `probability`, `quota` or `voluntary`.
    pub sample: &'static str,
    /// Respondents that count.
    pub n: u64,
    pub figure: Option<FigureView>,
    pub questions: Vec<QuestionResultView>,
    pub crosses: Vec<CrossView>,
    /// Not all answers were given to the same wording.
    pub mixed_wording: bool,
    /// The eleven items that are to be told with every figure.
    pub disclosure: Vec<DisclosureView>,
}

/// The share of those who count as aware, with what may be said of it.
#[derive(Debug, Clone, Serialize)]
pub struct FigureView {
    /// The survey's page.
    pub survey: LinkView,
    /// The wave's name and last day.
    pub wave: String,
    pub wave_id: String,
    pub date: Option<DateView>,
    pub sample: &'static str,
    /// Respondents it is a share of.
    pub n: u64,
    /// `88.5%`, or where it lies when few are on one side; none when it is hidden.
    pub share: Option<String>,
    /// Bounds of the interval, the lower rounded down and the upper rounded up; none for voluntary samples.
    pub low: Option<String>,
    pub high: Option<String>,
    /// `95%`.
    pub level: Option<String>,
    /// The interval rests on a model, not on the chances of a drawn sample.
    pub model: bool,
    /// Share and bounds in per cent, for drawing.
    pub value: Option<f64>,
    pub low_value: Option<f64>,
    pub high_value: Option<f64>,
    /// `reached`, `unproven`, `missed`, `modelonly`, `cannotcount` or `nodata`.
    pub verdict: &'static str,
    /// The figure in a sentence, with its sample and interval.
    pub words: String,
    /// The same where the share stands before it; of a voluntary sample the whole sentence.
    pub basis: String,
    /// What it shows and what it cannot show.
    pub note: String,
    /// Weighted to the make-up of the population: design effect and effective sample size in words.
    pub weighted: Option<String>,
    /// The share is told in steps, so that nothing of small groups can be worked out.
    pub coarse: Option<String>,
    pub disclosure: Vec<DisclosureView>,
}

/// One of the eleven items of disclosure; `text` is none where nothing was declared.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureView {
    pub title: String,
    pub text: Option<String>,
}

/// How one question was answered.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionResultView {
    pub number: Option<usize>,
    pub text: String,
    pub n: Option<u64>,
    pub rows: Vec<ResultRowView>,
    /// Of numbers and scales, one decimal.
    pub mean: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ResultRowView {
    pub text: String,
    pub n: Option<u64>,
    pub share: Option<String>,
    /// Per cent, for drawing.
    pub value: Option<f64>,
}

/// A question by the groups of another.
#[derive(Debug, Clone, Serialize)]
pub struct CrossView {
    pub title: String,
    pub columns: Vec<String>,
    pub groups: Vec<CrossGroupView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CrossGroupView {
    pub text: String,
    pub n: Option<u64>,
    pub cells: Vec<Option<u64>>,
}

/// A figure of one wave as a row.
#[derive(Debug, Clone, Serialize)]
pub struct TrendView {
    pub figure: FigureView,
    /// The row it compares with, from 0: the last one before it that was drawn the same way and asked the same thing.
    pub before: Option<usize>,
    /// The wording has changed since that one, so that it does not compare.
    pub broken: bool,
    /// How far it lies above or below that one, with its interval, in words.
    pub change: Option<String>,
}
