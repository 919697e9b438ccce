//! The results of a survey as `puzhi survey snapshot` writes them beside its page: `awareness.md` has `awareness.results.json`.
//!
//! In: the file's text. Out: [`Results`] and findings. Everything is aggregated and small cells are gone; there is no answer of any one
//! person here, no clock and no path. The build knows of a survey's answers only what stands in this file.

mod consistency;
mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::survey::{CollectionMode, QuestionKind, SamplingMethod};
use crate::base::{SitePath, Span};
use crate::diag::codes::surveys as code;
use crate::diag::{Diagnostic, SourceText};

pub use consistency::MIN_PUBLISHED_COUNT;
pub use verdict::{TargetVerdict, verdict};

/// Of the file's layout; another one is not read.
pub const FORMAT: u32 = 1;

/// What the name of a results file ends in.
const RESULTS_SUFFIX: &str = ".results.json";

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Version of the file's layout: [`FORMAT`].
    pub format: u32,
    /// The survey's id.
    pub survey: String,
    /// Oldest first, by last day and id.
    pub waves: Vec<WaveResults>,
    /// From wave to wave, where they compare: drawn the same way, asked the same.
    #[serde(default)]
    pub changes: Vec<WaveChange>,
}

/// How much the share of a wave lies above that of an earlier one: Newcombe's hybrid score interval for independent samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveChange {
    /// Ids of the waves.
    pub from: String,
    /// The later wave.
    pub to: String,
    /// Shares from -1 to 1, unrounded.
    pub difference: f64,
    /// Lower bound of the interval.
    pub low: f64,
    /// Upper bound of the interval.
    pub high: f64,
    /// Two-sided.
    pub level: f64,
    /// What the interval rests on.
    pub kind: IntervalKind,
}

/// One wave. Counts that could tell something of one person are `None` everywhere below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveResults {
    /// The wave's id in the definition.
    pub id: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// `2027-04-01`, or with a time.
    pub opens: Option<String>,
    /// Last day or moment on which answers were taken.
    pub closes: Option<String>,
    /// How respondents were chosen.
    pub sample: SamplingMethod,
    /// As declared; where nothing is declared, as answers came.
    pub modes: Vec<CollectionMode>,
    /// Respondents that count, before any weighting.
    pub n: u64,
    /// The share of the aware, when the definition says who is aware.
    pub awareness: Option<AwarenessEstimate>,
    /// Every question in the order of the form.
    pub questions: Vec<QuestionTable>,
    /// Cross tables that the definition asks for and disclosure control allows.
    pub crosses: Vec<CrossTable>,
    /// Question id to the hash of its wording at the time of the snapshot.
    pub wording: BTreeMap<String, String>,
    /// Whether all answers were given to that wording.
    pub one_wording: bool,
    /// What AAPOR asks to be disclosed.
    pub disclosure: Disclosure,
}

/// The share of the aware.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwarenessEstimate {
    /// The rule in words.
    pub words: String,
    /// Hash of the rule with the wording of its questions. Figures of two waves with different hashes do not compare.
    pub rule: String,
    /// Of `n`, unweighted.
    pub aware: Option<u64>,
    /// Whoever answered what the rule asks, unweighted.
    pub n: u64,
    /// From 0 to 1, weighted where there is a weighting. Unrounded, or the middle of a step of [`AwarenessEstimate::step`].
    pub share: Option<f64>,
    /// How coarsely the share is told, where more would tell something of small groups. The interval is that of the whole step.
    #[serde(default)]
    pub step: Option<f64>,
    /// Where the share lies, when one to four are not aware, or are, so that it cannot be told itself.
    #[serde(default)]
    pub bounds: Option<ShareBounds>,
    /// Never with a voluntary sample. With bounds, it is wide enough for any share within.
    pub interval: Option<Interval>,
    /// How the share was weighted; `None` for an unweighted one.
    pub weighting: Option<Weighting>,
}

/// From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareBounds {
    /// The least the share can be.
    pub low: f64,
    /// The most the share can be.
    pub high: f64,
}

/// Wilson's interval on the effective sample size, unrounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Two-sided, such as 0.95.
    pub level: f64,
    /// What the interval rests on.
    pub kind: IntervalKind,
}

/// What an interval rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntervalKind {
    /// The chances with which the sample was drawn.
    Confidence,
    /// A model: as if the quotas had made it a drawn sample.
    Model,
}

/// How a figure was weighted to the make-up of the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighting {
    /// Ids of the questions whose margins were met.
    pub margins: Vec<String>,
    /// Where their shares come from.
    pub sources: Vec<String>,
    /// Kish's design effect of the weights.
    pub deff: f64,
    /// Effective sample size.
    pub n_eff: f64,
    /// Iterations of the raking.
    pub rounds: u64,
    /// Whether the margins were met to the stated tolerance; otherwise there is no share.
    pub converged: bool,
    /// Whether some weights were cut.
    pub trimmed: bool,
    /// Whether options with few respondents were taken together with their neighbours.
    #[serde(default)]
    pub merged: bool,
}

/// How a question was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionTable {
    /// The question's id.
    pub id: String,
    /// The type of question.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    /// The question as it was asked.
    pub text: String,
    /// Whoever answered it.
    pub n: Option<u64>,
    /// Empty for a number.
    pub rows: Vec<OptionCount>,
    /// Of a number or of a scale without options.
    pub mean: Option<f64>,
}

/// How often one option was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionCount {
    /// The option's id, or a point of a scale.
    pub id: String,
    /// The option's text.
    pub text: String,
    /// Respondents who chose it; `None` where the count is suppressed.
    pub n: Option<u64>,
    /// Of those who answered, unweighted.
    pub share: Option<f64>,
}

/// One question by the groups of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossTable {
    /// The question counted; `None` counts the aware and the others.
    pub question: Option<String>,
    /// The question that makes the groups.
    pub by: String,
    /// Ids of the columns: options, or `aware` and `other`.
    pub columns: Vec<String>,
    /// One for each option of the question that makes the groups.
    pub groups: Vec<CrossTableGroup>,
}

/// One row of a cross table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossTableGroup {
    /// The id of the option that makes the group.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Respondents of the group that are in the table.
    pub n: Option<u64>,
    /// As many as there are columns.
    pub cells: Vec<Option<u64>>,
}

/// What AAPOR asks to be told with every figure, as far as it is not told elsewhere in the wave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// How the sample was drawn.
    pub strategy: Option<String>,
    /// Who paid for the survey.
    pub sponsor: Option<String>,
    /// Who carried it out.
    pub conductor: Option<String>,
    /// Whom the figures speak of.
    pub population: Option<String>,
    /// The list or register the sample was drawn from.
    pub frame: Option<String>,
    /// How many people were asked to take part.
    pub invited: Option<u64>,
    /// How answers were weighted, in words.
    pub weighting: Option<String>,
    /// What was done to check the quality of the data.
    pub quality: Option<String>,
    /// What the figures cannot show.
    pub limits: Option<String>,
}

/// The results file of a survey page: `content/surveys/awareness.md` has `content/surveys/awareness.results.json`.
pub fn results_path(page: &SitePath) -> Option<SitePath> {
    page.parent().join(&format!("{}{RESULTS_SUFFIX}", page.stem())).ok()
}

/// Whether a file below `content/` is a results file: data of a page, published only through it.
pub fn is_results(path: &SitePath) -> bool {
    path.as_str().ends_with(RESULTS_SUFFIX)
}

/// The page a results file belongs to.
pub fn results_page(path: &SitePath) -> Option<SitePath> {
    SitePath::new(&format!("{}.md", path.as_str().strip_suffix(RESULTS_SUFFIX)?)).ok()
}

impl Results {
    /// Pretty JSON with a line end: equal results give equal bytes.
    pub fn to_json(&self) -> String {
        // Finite numbers, texts and lists always serialise; a figure that is not finite becomes null, which does not read back.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The newest wave with a figure, probability samples before others: what a board shows.
    pub fn headline(&self) -> Option<&WaveResults> {
        let rank = |w: &&WaveResults| (std::cmp::Reverse(w.sample), w.closes.clone());
        self.waves.iter().filter(|w| w.awareness.is_some()).max_by_key(rank)
    }
}

/// Reads the file. Whatever is wrong with it, there are no results then.
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
    match consistency::first_contradiction(&results) {
        None => (Some(results), Vec::new()),
        Some((zh, en)) => {
            (None, vec![Diagnostic::new(&code::RESULTS_UNTRUE).file(source.file).arg("cause", zh).arg("cause_en", en)])
        }
    }
}
