//! The results file of a survey, which `puzhi survey snapshot` writes beside the survey's page: `awareness.md` has
//! `awareness.results.json`.
//!
//! Input: the text of the file. Output: [`Results`] and diagnostics. All data are aggregated and small cells are
//! suppressed: the file contains no individual answers, no time of creation and no paths. The site build gets all its
//! information about answers from this file.

mod consistency;
mod provenance;
mod rounding;
mod series;
mod signature;
mod thresholds;
mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::survey::{CollectionMode, Outcomes, QuestionKind, SamplingMethod};
use crate::base::{SitePath, Span};
use crate::diag::codes::surveys as code;
use crate::diag::{Diagnostic, SourceText};

pub use provenance::{DeclaredWave, FieldDisagreement, WaveProvenance, definition_digest, snapshot_digest};
pub use rounding::{HALF_DIGIT, percent, percent_down, percent_up, round_down, round_nearest, round_up};
pub use series::SeriesBreak;
pub use signature::{ResultsKey, SignatureState, SigningSecret};
pub use thresholds::{
    MAX_WEIGHT_CLASSES, MIN_FIRST_STAGE_UNITS, MIN_GROUP_INTERVAL, MIN_GROUP_SIZE, MIN_INTRACLASS_CORRELATION,
    MIN_PUBLISHED_COUNT, THRESHOLDS, Threshold, WEIGHT_CAP,
};
pub use verdict::{TargetVerdict, figure_verdict, verdict};

/// Version of the file format. A file with another version is rejected.
pub const FORMAT: u32 = 1;

/// Suffix of the name of a results file.
const RESULTS_SUFFIX: &str = ".results.json";

/// The content of a results file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Version of the file format: [`FORMAT`].
    pub format: u32,
    /// Id of the survey.
    pub survey: String,
    /// Waves, oldest first, ordered by last day and id.
    pub waves: Vec<WaveResults>,
    /// Changes between waves that can be compared: same sampling method and same wording.
    #[serde(default)]
    pub changes: Vec<WaveChange>,
    /// Signature of all the rest, 128 hexadecimal digits, if the unit signs its results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Difference between the awareness shares of two waves, with Newcombe's hybrid score interval for two independent
/// samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveChange {
    /// Id of the earlier wave.
    pub from: String,
    /// Id of the later wave.
    pub to: String,
    /// The later published share minus the earlier one, from -1 to 1.
    pub difference: f64,
    /// Lower bound of the interval.
    pub low: f64,
    /// Upper bound of the interval.
    pub high: f64,
    /// Confidence level of the two-sided interval.
    pub level: f64,
    /// What the interval is based on.
    pub kind: IntervalKind,
}

/// The results of one wave. In all fields below, a count that could reveal something about a person is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveResults {
    /// Id of the wave in the definition.
    pub id: String,
    /// Title of the wave.
    pub title: Option<String>,
    /// Start of data collection: `2027-04-01`, or with a time.
    pub opens: Option<String>,
    /// Last day or moment of data collection.
    pub closes: Option<String>,
    /// How respondents were selected.
    pub sample: SamplingMethod,
    /// Collection modes as declared; if none is declared, those in which answers arrived.
    pub modes: Vec<CollectionMode>,
    /// Number of respondents in the population, unweighted.
    pub n: u64,
    /// The share of aware respondents, if the definition has a rule for awareness.
    pub awareness: Option<AwarenessEstimate>,
    /// All questions, in the order of the form.
    pub questions: Vec<QuestionTable>,
    /// Cross tables that the definition requests and that disclosure control allows.
    pub crosses: Vec<CrossTable>,
    /// Hash of each question's wording at the time of the snapshot, by question id.
    pub wording: BTreeMap<String, String>,
    /// Whether all respondents answered this wording.
    pub one_wording: bool,
    /// The items that AAPOR's Code requires to be disclosed.
    pub disclosure: Disclosure,
    /// What is not published only because it would tell of the answers since an earlier publication: `age/old` is a row of a question,
    /// `×age` a cross table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// Where the figures come from. `None` for files of the old form and for answers from a file: they are shown as unverified.
    #[serde(default)]
    pub provenance: Option<WaveProvenance>,
}

/// The share of aware respondents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwarenessEstimate {
    /// The rule in words.
    pub words: String,
    /// Hash of the rule and of the wording of its questions. Two waves with different hashes cannot be compared.
    pub rule: String,
    /// Number of aware respondents among `n`, unweighted.
    pub aware: Option<u64>,
    /// Number of respondents who answered the questions of the rule, unweighted.
    pub n: u64,
    /// Share from 0 to 1, weighted if there is a weighting. Rounded to 0.1 %, or the middle of a step of
    /// [`AwarenessEstimate::step`].
    pub share: Option<f64>,
    /// Step to which the share is rounded, if an exact share would reveal something about small groups. The interval
    /// then covers the whole step.
    #[serde(default)]
    pub step: Option<f64>,
    /// Bounds of the share, if it cannot be published itself because only 1 to 4 respondents are aware, or only 1 to
    /// 4 are not.
    #[serde(default)]
    pub bounds: Option<ShareBounds>,
    /// Interval of the share. `None` for a voluntary sample. If there are bounds, it covers every share between them.
    pub interval: Option<Interval>,
    /// How the share was weighted; `None` if it is unweighted.
    pub weighting: Option<Weighting>,
    /// What the precision rests on. `None` for a voluntary sample and in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignSummary>,
    /// Groups of the population from which nobody answered. The interval counts them as unaware at its lower end and as aware at
    /// its upper end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<UncoveredGroup>,
    /// Why the figure has no interval and shows nothing about the target, although the sample is a probability sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_claim: Option<NoClaim>,
}

/// A group of a population margin from which nobody answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UncoveredGroup {
    /// Id of the question.
    pub question: String,
    /// Text of the option.
    pub option: String,
    /// Share of the population, from 0 to 1.
    pub share: f64,
}

/// Options of a margin that were weighted as one group because few people chose one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedGroup {
    /// Id of the question.
    pub question: String,
    /// Texts of the options, in the order of the question.
    pub options: Vec<String>,
}

/// What the variance of a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DesignBasis {
    /// People drawn at once, each with the same chance.
    Simple,
    /// The strata, first-stage units and base weights of the answers.
    Measured,
    /// A declared design effect.
    Declared,
}

/// The design of a sample and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignSummary {
    /// What the variance rests on.
    pub basis: DesignBasis,
    /// Number of strata with answers.
    pub strata: Option<u64>,
    /// Number of first-stage units with answers.
    pub units: Option<u64>,
    /// Degrees of freedom of the variance.
    pub df: Option<u64>,
    /// Design effect of the whole figure, rounded up to two decimals.
    pub deff: f64,
    /// Effective sample size, rounded down to a whole number.
    pub n_eff: f64,
    /// The declared design effect.
    pub declared: Option<f64>,
    /// Number of strata with a single first-stage unit.
    pub single_unit_strata: u64,
    /// Whether the finite population correction was applied.
    pub finite: bool,
}

/// Why a probability sample shows nothing about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoClaim {
    /// The sample has several stages, and neither the answers nor the definition say what that costs.
    Design,
    /// Some answers name their stratum, unit or base weight and others do not.
    Incomplete,
    /// There are fewer than [`MIN_FIRST_STAGE_UNITS`] first-stage units.
    Units,
    /// The method was changed after the first answer.
    Method,
    /// The store did not record the type of the sample when the answers came.
    Unrecorded,
}

/// Bounds of a share, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareBounds {
    /// The smallest possible share.
    pub low: f64,
    /// The largest possible share.
    pub high: f64,
}

/// Wilson score interval computed with the effective sample size. The lower bound is rounded down and the upper bound up, to 0.1 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Confidence level of the two-sided interval, such as 0.95.
    pub level: f64,
    /// What the interval is based on.
    pub kind: IntervalKind,
}

/// What an interval is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntervalKind {
    /// The known selection probabilities of a probability sample.
    Confidence,
    /// A model: it treats the quota sample as if it had been drawn at random.
    Model,
}

/// How a figure was weighted to the composition of the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighting {
    /// Ids of the questions whose population margins were used.
    pub margins: Vec<String>,
    /// Sources of the margins.
    pub sources: Vec<String>,
    /// Kish's design effect of the weights.
    pub deff: f64,
    /// Effective sample size.
    pub n_eff: f64,
    /// Number of raking iterations; 0 where it would tell of small groups.
    pub rounds: u64,
    /// Whether the raking reached the margins within the tolerance. If not, there is no share.
    pub converged: bool,
    /// Whether some weights were trimmed.
    pub trimmed: bool,
    /// Whether options with few respondents were merged with neighbouring options.
    #[serde(default)]
    pub merged: bool,
    /// Which options were merged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_groups: Vec<MergedGroup>,
    /// What the weights look like; `None` where it would disclose small groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<WeightDiagnostics>,
}

/// What the weights of a figure look like, each number rounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightDiagnostics {
    /// Smallest weight, where the mean is 1; one decimal.
    pub smallest: f64,
    /// Largest weight; one decimal.
    pub largest: f64,
    /// Share of the respondents whose weight was trimmed.
    pub trimmed_share: f64,
    /// Largest difference between a margin and the weighted sample, as a share.
    pub residual: f64,
    /// Effective size of each group of the margins, whole numbers.
    pub groups: Vec<GroupSize>,
}

/// Effective sample size of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSize {
    /// Id of the question.
    pub question: String,
    /// Texts of its options that form the group.
    pub options: Vec<String>,
    /// Number of respondents.
    pub n: u64,
    /// Effective number, rounded down.
    pub n_eff: f64,
}

/// The counts of one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionTable {
    /// Id of the question.
    pub id: String,
    /// Type of the question.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    /// Text of the question as it was asked.
    pub text: String,
    /// Number of respondents who answered it.
    pub n: Option<u64>,
    /// The counts of its options; empty for a number question.
    pub rows: Vec<OptionCount>,
    /// Mean, for a number question or a scale without options.
    pub mean: Option<f64>,
    /// What the percentages with intervals rest on; `None` where the wave has no interval, the table too few answers, and in files of
    /// earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<TableEstimate>,
}

/// What the percentages with intervals of a table rest on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEstimate {
    /// Of which respondents.
    pub basis: TableBasis,
    /// Step to which the shares are rounded, if exact ones would tell how the few of a combination of groups answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
}

/// How the percentages of a table were weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableBasis {
    /// With the weights of the figure.
    Weighted,
    /// Not, as the figure.
    Unweighted,
    /// There are none: the figure is weighted to this very question, so that weighted shares are those of the population.
    Margin,
    /// There are none: the figure is weighted, and weighted shares would tell how the few of a combination of groups answered.
    Protected,
}

/// The count of one option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionCount {
    /// Id of the option, or the value of a scale point.
    pub id: String,
    /// Text of the option.
    pub text: String,
    /// Number of respondents who chose it; `None` if the count is suppressed.
    pub n: Option<u64>,
    /// Share of those who answered the question, unweighted.
    pub share: Option<f64>,
    /// Share with its interval, see [`TableEstimate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<ShareInterval>,
}

/// One question broken down by the groups of another question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossTable {
    /// Id of the question that is counted; `None` counts aware and other respondents.
    pub question: Option<String>,
    /// Id of the question that defines the groups.
    pub by: String,
    /// Ids of the columns: options, or `aware` and `other`.
    pub columns: Vec<String>,
    /// One row for each option of the question that defines the groups.
    pub groups: Vec<CrossTableGroup>,
}

/// One row of a cross table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossTableGroup {
    /// Id of the option that defines the group.
    pub id: String,
    /// Text of that option.
    pub text: String,
    /// Number of respondents of the group in this table.
    pub n: Option<u64>,
    /// One count for each column.
    pub cells: Vec<Option<u64>>,
    /// Unweighted share of the aware in the group, where it has enough respondents and the figure has an interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareInterval>,
}

/// A share with an interval that counts the design effect of the whole figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareInterval {
    /// From 0 to 1.
    pub share: f64,
    /// Lower bound of the interval.
    pub low: f64,
    /// Upper bound of the interval.
    pub high: f64,
}

/// The items that AAPOR's Code requires to be disclosed with every figure, except those that other fields of the wave
/// contain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// How the sample was selected.
    pub strategy: Option<String>,
    /// Who paid for the survey.
    pub sponsor: Option<String>,
    /// Who conducted it.
    pub conductor: Option<String>,
    /// The population that the figures describe.
    pub population: Option<String>,
    /// The list or register from which the sample was drawn.
    pub frame: Option<String>,
    /// Number of people who were asked to take part.
    pub invited: Option<u64>,
    /// What became of the people who were to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
    /// Description of the weighting.
    pub weighting: Option<String>,
    /// Measures to ensure data quality.
    pub quality: Option<String>,
    /// Limitations of the data.
    pub limits: Option<String>,
}

/// Returns the path of the results file of a survey page: for `content/surveys/awareness.md` it is
/// `content/surveys/awareness.results.json`.
pub fn results_path(page: &SitePath) -> Option<SitePath> {
    page.parent().join(&format!("{}{RESULTS_SUFFIX}", page.stem())).ok()
}

/// Whether a file below `content/` is a results file. Such a file is data of its page and is not published as a
/// separate file.
pub fn is_results(path: &SitePath) -> bool {
    path.as_str().ends_with(RESULTS_SUFFIX)
}

/// Returns the page to which a results file belongs.
pub fn results_page(path: &SitePath) -> Option<SitePath> {
    SitePath::new(&format!("{}.md", path.as_str().strip_suffix(RESULTS_SUFFIX)?)).ok()
}

/// The stricter figure of a wave: how many chose one of the options that alone count strictly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrictCount {
    /// Texts of those options as they were asked.
    pub options: Vec<String>,
    /// Number of respondents who chose one of them, unweighted; `None` if it is suppressed.
    pub n: Option<u64>,
    /// Number of respondents who answered the question, at least 1 if `n` is given.
    pub base: u64,
}

impl CrossTableGroup {
    /// Unweighted share of the first column, where the counts of the group are published.
    pub fn percentage(&self) -> Option<f64> {
        let n = self.n.filter(|n| *n > 0)?;
        Some(self.cells.first().copied().flatten()? as f64 / n as f64)
    }
}

impl WaveResults {
    /// Adds up the published counts of these options of a question. `None` if the wave has no counts of one of them, as when the options
    /// were renamed after the answers were taken.
    pub fn strict_count(&self, question: &str, options: &[String]) -> Option<StrictCount> {
        let table = self.questions.iter().find(|q| q.id == question)?;
        let rows: Vec<&OptionCount> = table.rows.iter().filter(|row| options.contains(&row.id)).collect();
        if rows.len() != options.len() {
            return None;
        }
        let base = table.n.unwrap_or_default();
        let n = rows.iter().map(|row| row.n).sum::<Option<u64>>().filter(|_| base > 0);
        Some(StrictCount { options: rows.iter().map(|row| row.text.clone()).collect(), n, base })
    }
}

impl Results {
    /// Serialises as indented JSON with a final line break. Equal results give the same bytes.
    pub fn to_json(&self) -> String {
        // Serialisation cannot fail. A non-finite number becomes null, and such a file is rejected when it is read.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Returns the wave to show on the board of targets. Among the waves with an awareness figure it prefers probability
    /// samples, then quota samples, then voluntary ones; among waves of the same kind it takes the newest.
    pub fn headline(&self) -> Option<&WaveResults> {
        let rank = |w: &&WaveResults| (std::cmp::Reverse(w.sample), w.closes.clone());
        self.waves.iter().filter(|w| w.awareness.is_some()).max_by_key(rank)
    }
}

/// Parses and checks a results file. If there is any error, returns diagnostics and no results.
pub fn read_results(source: &SourceText<'_>) -> (Option<Results>, Vec<Diagnostic>) {
    let results: Results = match serde_json::from_str(source.text) {
        Ok(results) => results,
        Err(error) => {
            // serde_json counts lines and the bytes of a line, both from 1.
            let lines: usize =
                source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = (lines + error.column().saturating_sub(1)).min(source.text.len());
            let cause = error.to_string();
            let diag = Diagnostic::new(&code::RESULTS_INVALID)
                .at(source, Span::new(at, at))
                .arg("cause", &cause)
                .arg("cause_en", &cause);
            return (None, vec![diag]);
        }
    };
    if results.format != FORMAT {
        let diag = Diagnostic::new(&code::RESULTS_INVALID).file(source.file);
        let diag = diag.arg("cause", format!("格式是 {}，这个版本只认 {FORMAT}", results.format));
        return (
            None,
            vec![diag.arg("cause_en", format!("its format is {}, this version reads {FORMAT}", results.format))],
        );
    }
    if let Some(altered) = results.first_altered_field() {
        return (None, vec![altered.diagnostic(&code::RESULTS_ALTERED, source.file)]);
    }
    match consistency::first_contradiction(&results) {
        None => (Some(results), Vec::new()),
        Some((zh, en)) => {
            (None, vec![Diagnostic::new(&code::RESULTS_UNTRUE).file(source.file).arg("cause", zh).arg("cause_en", en)])
        }
    }
}
