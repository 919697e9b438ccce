//! The data that templates can read of surveys besides their questions: how to take part, and the published results.
//! The rules of [`crate::view::model`] apply. Computes nothing.

use serde::Serialize;

use crate::view::model::{DateView, LinkView};

/// How to take part in a survey, for its own page and for `{survey}`.
#[derive(Debug, Clone, Serialize)]
pub struct TakeView {
    /// `form` (answer here), `soon` (not open yet, or no first day is set), `closed`, `hosted` (on another site) or
    /// `paper` (the settings name no collector).
    pub state: &'static str,
    /// Day it opens (`soon`), closed (`closed`) or closes (`form`), if one is set.
    pub date: Option<DateView>,
    /// The whole form, safe HTML, when `state` is `form`.
    pub form_html: Option<String>,
    /// The other site on which the survey runs.
    pub hosted: Option<HostedView>,
    /// Where paper forms are handed out and returned.
    pub place: Option<String>,
    /// Telephone number for questions about surveys.
    pub phone: Option<String>,
    /// Time needed in minutes, estimated from the number of questions.
    pub minutes: usize,
    /// QR code of the survey's absolute address, as SVG; none without one.
    pub qr_html: Option<String>,
}

/// A survey on another site.
#[derive(Debug, Clone, Serialize)]
pub struct HostedView {
    /// Absolute address of the survey.
    pub url: String,
    /// Name of that site, else its host name.
    pub name: String,
    /// The settings allow the survey to be shown in an `<iframe>`.
    pub frame: bool,
}

/// Published results of a survey. Counts that could disclose a single respondent are none.
#[derive(Debug, Clone, Serialize)]
pub struct ResultsView {
    /// Result to show first: of the waves with a probability sample, else a quota sample, else a voluntary one, the
    /// newest.
    pub headline: Option<FigureView>,
    /// All waves, newest first.
    pub waves: Vec<WaveView>,
    /// Chart of the results over time, as SVG; none for fewer than two waves with a result.
    pub trend_html: Option<String>,
    /// The same results as rows of a table, oldest first, the newest 24 at most.
    pub trend: Vec<TrendView>,
    /// Address of the results as CSV.
    pub csv: String,
    /// Address of the results as JSON.
    pub json: String,
    /// schema.org Dataset as JSON-LD, safe inside `<script type="application/ld+json">`.
    pub ld_html: String,
}

/// One wave of a survey.
#[derive(Debug, Clone, Serialize)]
pub struct WaveView {
    /// Id of the wave, for anchors.
    pub id: String,
    /// Title of the wave, else its dates, else its id.
    pub title: String,
    /// First and last day in words.
    pub dates: Option<String>,
    /// How respondents were selected: `probability`, `quota` or `voluntary`.
    pub sample: &'static str,
    /// Number of valid respondents.
    pub n: u64,
    /// Share of respondents who count as aware; none if the survey does not measure it.
    pub figure: Option<FigureView>,
    /// Answers to each question.
    pub questions: Vec<QuestionResultView>,
    /// Cross tables.
    pub crosses: Vec<CrossView>,
    /// The wording of a question was changed during the wave.
    pub mixed_wording: bool,
    /// In words, what is not known of where the numbers come from: they are unverified, the sample type was not recorded or was recorded
    /// later; none if the numbers can be derived from the answers.
    pub origin: Option<String>,
    /// The eleven items of the AAPOR Survey Disclosure Checklist (2021), which must be shown with every result.
    pub disclosure: Vec<DisclosureView>,
}

/// The share of respondents who count as aware, with what may be claimed from it.
#[derive(Debug, Clone, Serialize)]
pub struct FigureView {
    /// Link to the survey's page.
    pub survey: LinkView,
    /// Title of the wave.
    pub wave: String,
    /// Id of the wave.
    pub wave_id: String,
    /// Last day of the wave, else its first.
    pub date: Option<DateView>,
    /// How respondents were selected: `probability`, `quota` or `voluntary`.
    pub sample: &'static str,
    /// Number of respondents that the share is computed from.
    pub n: u64,
    /// The share, `88.5%`, or a range in words if the exact share would disclose single respondents; none if it is
    /// suppressed.
    pub share: Option<String>,
    /// Lower bound of the interval, rounded down: `84.7%`; none for voluntary samples.
    pub low: Option<String>,
    /// Upper bound of the interval, rounded up: `91.6%`; none for voluntary samples.
    pub high: Option<String>,
    /// Level of the interval: `95%`.
    pub level: Option<String>,
    /// The interval rests on a model (quota sample), not on random selection.
    pub model: bool,
    /// Share in per cent as a number, for charts; the middle of the range if only a range is published.
    pub value: Option<f64>,
    /// Lower bound in per cent as a number, for charts.
    pub low_value: Option<f64>,
    /// Upper bound in per cent as a number, for charts.
    pub high_value: Option<f64>,
    /// What the result shows about the target: `reached`, `unproven`, `missed`, `modelonly`, `cannotcount`, `noclaim`
    /// or `nodata`.
    pub verdict: &'static str,
    /// The result as a sentence, with sample and interval.
    pub words: String,
    /// The same without the share, to stand after it; for a voluntary sample the whole sentence.
    pub basis: String,
    /// The stricter figure as a sentence: the share of those who chose the options that count strictly; none if the survey defines none.
    pub strict: Option<String>,
    /// In words, what the result shows and what it cannot show; empty when `verdict` is `nodata`.
    pub note: String,
    /// In words, design effect and effective sample size; none if the share is not weighted.
    pub weighted: Option<String>,
    /// In words, what the precision rests on: the design of the sample, its design effect and effective size; none for a simple random
    /// sample and for samples that have no design.
    pub design: Option<String>,
    /// In words, groups of the population from which nobody answered, and options that were weighted as one group; none without any.
    pub coverage: Option<String>,
    /// In words, why the share is rounded or given as a range (protection of small groups); none if it is exact.
    pub coarse: Option<String>,
    /// The eleven items of the AAPOR Survey Disclosure Checklist (2021), which must be shown with every result.
    pub disclosure: Vec<DisclosureView>,
}

/// One of the eleven items of disclosure.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureView {
    /// Name of the item.
    pub title: String,
    /// What was declared; none if nothing was, which the page must say.
    pub text: Option<String>,
}

/// How one question was answered.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionResultView {
    /// Number of the question in the present questionnaire; none if it is not there any more.
    pub number: Option<usize>,
    /// The question, as it was asked.
    pub text: String,
    /// Number of respondents who answered; none if suppressed.
    pub n: Option<u64>,
    /// One row for each option; empty for a question that takes a number.
    pub rows: Vec<ResultRowView>,
    /// Mean of a number or scale, with one decimal.
    pub mean: Option<String>,
    /// Some option has a share with an interval.
    pub estimates: bool,
    /// These shares are weighted; those beside the counts never are.
    pub weighted: bool,
    /// In words, what these shares rest on, or why there are none; none for samples without interval.
    pub note: Option<String>,
}

/// How often one option was chosen.
#[derive(Debug, Clone, Serialize)]
pub struct ResultRowView {
    /// The option.
    pub text: String,
    /// Number of respondents who chose it; none if suppressed.
    pub n: Option<u64>,
    /// Their share: `42.0%`; none if suppressed.
    pub share: Option<String>,
    /// The share in per cent as a number, for charts.
    pub value: Option<f64>,
    /// Share with its interval, `42.0% (38.1–46.0%)`, weighted where the table says so; none where nothing is published.
    pub estimate: Option<String>,
}

/// A cross table: a question by the groups that another question makes.
#[derive(Debug, Clone, Serialize)]
pub struct CrossView {
    /// Title of the table.
    pub title: String,
    /// Titles of the columns: the options of the question.
    pub columns: Vec<String>,
    /// The rows.
    pub groups: Vec<CrossGroupView>,
    /// The table has a column of shares.
    pub shares: bool,
}

/// A row of a cross table.
#[derive(Debug, Clone, Serialize)]
pub struct CrossGroupView {
    /// Name of the group: the option of the other question.
    pub text: String,
    /// Number of respondents in the group; none if suppressed.
    pub n: Option<u64>,
    /// Number of respondents for each column; none where suppressed.
    pub cells: Vec<Option<u64>>,
    /// Share of the counted in the group, unweighted, with its interval: `88.5% (84.0–92.1%)`; the share alone for small groups and for
    /// samples without interval; none if suppressed.
    pub share: Option<String>,
}

/// The result of one wave in the series.
#[derive(Debug, Clone, Serialize)]
pub struct TrendView {
    /// The result.
    pub figure: FigureView,
    /// Row it is compared with, counted from 0: the last one before it with the same kind of sample; none if there is
    /// none, and when `broken`.
    pub before: Option<usize>,
    /// Something has changed since that row, so that the two cannot be compared.
    pub broken: bool,
    /// In words, what has changed; none when nothing has.
    pub why: Option<String>,
    /// Difference to that row in words, with its interval.
    pub change: Option<String>,
}
