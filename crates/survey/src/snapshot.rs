//! From responses to the results file beside the survey's page.
//!
//! In: the definition, the responses, the results published before. Out: [`Results`], aggregated and protected by
//! [`super::disclosure`], and [`SnapshotNote`]s for the publisher. Equal responses give equal results, whatever their order. Knows
//! no files and no clock.

use std::collections::{BTreeMap, BTreeSet};

use super::Response;
use super::count::{WaveCounts, count};
use super::disclosure::{SuppressionPattern, held_back, hold_back, protect_increment, suppress};
use super::figure::{FigureSource, PublishedFigure};
use super::stats::{BoundedShare, CONFIDENCE_LEVEL, difference_of_bounded};
use super::table_estimates::{QuestionEstimate, TableEstimator, interval_like};
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::results::{
    AwarenessEstimate, CrossTable, CrossTableGroup, Disclosure, FORMAT, IntervalKind, MIN_GROUP_INTERVAL,
    MIN_PUBLISHED_COUNT, NoClaim, OptionCount, QuestionTable, Results, ShareInterval, TableBasis, TableEstimate,
    WaveChange, WaveResults, round_down, round_nearest, round_up,
};
use puzhi_core::kinds::{MethodPart, QuestionKind, SamplingMethod, Survey, Wave, changed_method_parts};

/// What the publisher of a snapshot should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotNote {
    /// Responses of a wave that the survey does not declare. They are in no table.
    UnknownWave {
        /// Id of the wave.
        wave: String,
        /// How many they are.
        responses: usize,
    },
    /// All responses answered an earlier wording. The results published for it are kept.
    KeptEarlierWording {
        /// Id of the wave.
        wave: String,
    },
    /// Some responses answered an earlier wording, so the figure is compared with no other.
    MixedWordings {
        /// Id of the wave.
        wave: String,
    },
    /// The number of responses differs from the published one by fewer than [`MIN_PUBLISHED_COUNT`], so that the difference of the
    /// two publications would disclose them. The published results are kept.
    KeptTooSmallDifference {
        /// Id of the wave.
        wave: String,
    },
    /// Some combinations of groups have few respondents, and with the share published before the new one would tell of them. The published
    /// results are kept.
    KeptSmallGroups {
        /// Id of the wave.
        wave: String,
    },
    /// The raking did not converge. There is no share.
    NotWeighted {
        /// Id of the wave.
        wave: String,
    },
    /// Nobody of these groups of the population answered. The interval counts them as unaware at its lower end.
    Uncovered {
        /// Id of the wave.
        wave: String,
        /// Texts of the options.
        groups: Vec<String>,
    },
    /// These options of a margin were weighted as one, because few people chose one of them.
    Merged {
        /// Id of the wave.
        wave: String,
        /// Texts of the options.
        options: Vec<String>,
    },
    /// The design of the sample bears no claim.
    NoClaim {
        /// Id of the wave.
        wave: String,
        /// Why.
        reason: NoClaim,
    },
    /// The method was changed after the first answer. The figure bears no claim.
    MethodChanged {
        /// Id of the wave.
        wave: String,
        /// What was changed.
        parts: Vec<MethodPart>,
    },
}

/// What becomes of results that were published before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecountPolicy {
    /// They are kept where a recount would disclose responses or mix wordings.
    KeepPublished,
    /// Everything is counted again.
    RecountAll,
    /// Everything is counted again, and what they hold back stays back: their own numbers come out, for verification.
    Repeat,
}

/// Counts the responses of a survey, each in its wave. Responses to other surveys are ignored. `published` are the results of the
/// previous snapshot. The notes say what was kept or could not be computed.
pub fn snapshot(
    survey: &Survey,
    responses: impl IntoIterator<Item = Response>,
    published: Option<&Results>,
    policy: RecountPolicy,
) -> (Results, Vec<SnapshotNote>) {
    snapshot_by_method(survey, responses, published, policy, &BTreeMap::new())
}

/// Like [`snapshot`], with the method of each wave as it was recorded at the first answer ([`Survey::method_of`]). A figure whose method
/// was changed since bears no claim. Waves without a record are taken as they are.
pub fn snapshot_by_method(
    survey: &Survey,
    responses: impl IntoIterator<Item = Response>,
    published: Option<&Results>,
    policy: RecountPolicy,
    methods: &BTreeMap<String, String>,
) -> (Results, Vec<SnapshotNote>) {
    let id = survey.id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
    let mut by_wave: BTreeMap<String, Vec<Response>> = BTreeMap::new();
    for response in responses {
        if response.survey == id {
            by_wave.entry(response.wave.clone()).or_default().push(response);
        }
    }
    let mut waves = Vec::new();
    let mut notes = Vec::new();
    for wave in survey.all_waves() {
        let responses = by_wave.remove(&wave.id).unwrap_or_default();
        let before = published.and_then(|results| results.waves.iter().find(|w| w.id == wave.id));
        let known = KnownWave {
            published: before.filter(|_| policy == RecountPolicy::KeepPublished),
            held: before.filter(|_| policy != RecountPolicy::RecountAll).map_or(&[], |wave| &wave.held),
            method: methods.get(&wave.id).map(String::as_str),
        };
        waves.extend(wave_results(survey, &wave, &responses, known, &mut notes));
    }
    notes.extend(
        by_wave.into_iter().map(|(wave, responses)| SnapshotNote::UnknownWave { wave, responses: responses.len() }),
    );
    let end = |wave: &WaveResults| (wave.closes.is_none(), wave.closes.clone(), wave.id.clone());
    waves.sort_by_key(end);
    let changes = wave_changes(&waves);
    (Results { format: FORMAT, survey: id, waves, changes, signature: None }, notes)
}

/// What is known of a wave besides its responses.
#[derive(Clone, Copy)]
struct KnownWave<'k> {
    /// Its published results, where they may have to be kept.
    published: Option<&'k WaveResults>,
    /// What its published results hold back.
    held: &'k [String],
    /// Its method as it was recorded at the first answer.
    method: Option<&'k str>,
}

/// What the publisher should know of a figure.
fn figure_notes(wave: &str, figure: &AwarenessEstimate) -> Vec<SnapshotNote> {
    let wave = || wave.to_string();
    let mut notes = Vec::new();
    if figure.weighting.as_ref().is_some_and(|w| !w.converged) {
        notes.push(SnapshotNote::NotWeighted { wave: wave() });
    }
    if !figure.uncovered.is_empty() {
        let groups = figure.uncovered.iter().map(|group| group.option.clone()).collect();
        notes.push(SnapshotNote::Uncovered { wave: wave(), groups });
    }
    let merged = figure.weighting.iter().flat_map(|w| &w.merged_groups);
    notes.extend(merged.map(|group| SnapshotNote::Merged { wave: wave(), options: group.options.clone() }));
    if let Some(reason) = figure.no_claim.filter(|reason| *reason != NoClaim::Method) {
        notes.push(SnapshotNote::NoClaim { wave: wave(), reason });
    }
    notes
}

/// The results of one wave; `None` when no response counts.
fn wave_results(
    survey: &Survey,
    wave: &Wave,
    responses: &[Response],
    known: KnownWave<'_>,
    notes: &mut Vec<SnapshotNote>,
) -> Option<WaveResults> {
    let counted = count(survey, responses.iter().map(|r| (&r.answers, &r.sample)));
    if counted.n == 0 {
        return None;
    }
    let wording = survey.wording();
    let one_wording = responses.iter().all(|r| r.wording == wording);
    let id = wave.id.clone();
    if let Some(before) = known.published.filter(|before| before.sample == wave.sample) {
        if before.one_wording && before.n == counted.n && responses.iter().all(|r| r.wording != wording) {
            notes.push(SnapshotNote::KeptEarlierWording { wave: id });
            return Some(before.clone());
        }
        if before.n != counted.n && before.n.abs_diff(counted.n) < MIN_PUBLISHED_COUNT {
            notes.push(SnapshotNote::KeptTooSmallDifference { wave: id });
            return Some(before.clone());
        }
    }
    if !one_wording {
        notes.push(SnapshotNote::MixedWordings { wave: id.clone() });
    }
    let fresh = suppress(survey, &counted);
    let mut pattern = fresh.clone();
    hold_back(survey, &counted, known.held, &mut pattern);
    // Both snapshots together must disclose no more than each of them. What answered another questionnaire is no difference.
    if let Some(before) = known.published.filter(|before| before.sample == wave.sample && before.n != counted.n) {
        match protect_increment(survey, &counted, before, &pattern) {
            Some(protected) => pattern = protected,
            None => {
                notes.push(SnapshotNote::KeptTooSmallDifference { wave: id });
                return Some(before.clone());
            }
        }
    }
    let changed_parts =
        known.method.map_or_else(Vec::new, |method| changed_method_parts(method, &survey.method_of(wave)));
    if !changed_parts.is_empty() {
        notes.push(SnapshotNote::MethodChanged { wave: id.clone(), parts: changed_parts.clone() });
    }
    let wordings: BTreeSet<ContentHash> =
        if one_wording { BTreeSet::new() } else { responses.iter().map(|r| r.wording).collect() };
    let method_changed = !changed_parts.is_empty();
    let source =
        FigureSource { survey, wave, counted: &counted, pattern: &pattern, wordings: &wordings, method_changed };
    let published = source.figure();
    let exact = published.as_ref().is_none_or(PublishedFigure::bears_margin_tables);
    let mut estimates = table_estimates(source, published.as_ref());
    let held_tables = held_tables(survey, &known, counted.n, &mut estimates);
    let figure = published.map(|published| published.estimate);
    if let Some(before) = known.published.filter(|before| before.sample == wave.sample && before.n != counted.n)
        && tells_of_small_groups(survey, before, figure.as_ref())
    {
        notes.push(SnapshotNote::KeptSmallGroups { wave: id });
        return Some(before.clone());
    }
    notes.extend(figure.iter().flat_map(|figure| figure_notes(&id, figure)));
    let crosses =
        cross_tables(survey, &counted, &pattern, GroupSource { figure: figure.as_ref(), margins_hidden: !exact });
    let modes: BTreeSet<_> = responses.iter().map(|r| r.mode).collect();
    Some(WaveResults {
        id: wave.id.clone(),
        title: wave.title.clone(),
        opens: wave.opens.map(|m| m.iso()),
        closes: wave.closes.map(|m| m.iso()),
        sample: wave.sample,
        modes: if wave.modes.is_empty() { modes.into_iter().collect() } else { wave.modes.clone() },
        n: counted.n,
        awareness: figure,
        questions: question_tables(survey, &counted, &pattern, estimates),
        crosses,
        wording: survey.all_questions().map(|q| (q.id.clone(), q.wording().to_string())).collect(),
        one_wording,
        disclosure: disclosure(survey, wave),
        held: held_back(survey, &counted, &fresh, &pattern).into_iter().chain(held_tables).collect(),
        provenance: None,
    })
}

/// What has to be told with every figure.
fn disclosure(survey: &Survey, wave: &Wave) -> Disclosure {
    Disclosure {
        strategy: wave.strategy.clone(),
        sponsor: wave.sponsor.clone(),
        conductor: survey.conductor.clone(),
        population: survey.population.clone(),
        frame: wave.frame.clone(),
        invited: wave.invited,
        outcomes: wave.outcomes,
        weighting: wave.weighting.clone(),
        quality: wave.quality.clone(),
        limits: wave.limits.clone(),
    }
}

/// Whether small combinations of groups would follow from this figure and an earlier one together: each of them was rounded for itself
/// alone.
fn tells_of_small_groups(survey: &Survey, before: &WaveResults, figure: Option<&AwarenessEstimate>) -> bool {
    // The rounds of raking are published when no combination is small, the weighting unless nothing may be said of the weights.
    let has_small = |figure: &AwarenessEstimate| {
        figure.aware.is_some() && figure.weighting.as_ref().map_or(figure.design.is_none(), |w| w.rounds == 0)
    };
    let raked = before.sample != SamplingMethod::Voluntary && !survey.margins.is_empty();
    raked && before.awareness.as_ref().into_iter().chain(figure).any(has_small)
}

/// The percentages of every table.
fn table_estimates(source: FigureSource<'_>, figure: Option<&PublishedFigure>) -> Vec<Option<QuestionEstimate>> {
    let tables = source.counted.tables.len();
    let Some(figure) = figure else { return vec![None; tables] };
    let estimator = TableEstimator::new(source, figure);
    (0..tables).map(|at| estimator.of(at)).collect()
}

/// Takes weighted percentages back that would, with those of an earlier publication, tell of small combinations: each of the two tables
/// was rounded for itself alone. Returns their names, `%age`.
fn held_tables(
    survey: &Survey,
    known: &KnownWave<'_>,
    n: u64,
    estimates: &mut [Option<QuestionEstimate>],
) -> Vec<String> {
    let mut held = Vec::new();
    for (question, estimate) in survey.all_questions().zip(estimates) {
        let name = format!("%{}", question.id);
        let rounded = |table: &TableEstimate| table.basis == TableBasis::Weighted && table.step.is_some();
        let before = known.published.filter(|before| before.n != n).map(|before| {
            before.questions.iter().find(|table| table.id == question.id).and_then(|table| table.estimate)
        });
        let now = estimate.as_ref().is_some_and(|estimate| rounded(&estimate.table));
        let small = before.is_some_and(|before| now || before.as_ref().is_some_and(rounded));
        if !small && !known.held.contains(&name) {
            continue;
        }
        held.push(name);
        for estimate in estimate.iter_mut().filter(|estimate| estimate.table.basis == TableBasis::Weighted) {
            estimate.table = TableEstimate { basis: TableBasis::Protected, step: None };
            estimate.rows.iter_mut().for_each(|row| *row = None);
        }
    }
    held
}

/// The published table of every question.
fn question_tables(
    survey: &Survey,
    counted: &WaveCounts,
    pattern: &SuppressionPattern,
    estimates: Vec<Option<QuestionEstimate>>,
) -> Vec<QuestionTable> {
    let tables = counted.tables.iter().zip(&pattern.tables).zip(estimates);
    survey
        .all_questions()
        .zip(tables)
        .map(|(question, ((table, shown), estimate))| {
            let choices = question.choices();
            let rows = choices.iter().enumerate().filter(|(row, choice)| {
                table.rows[*row] > 0 || !survey.is_outside_population(&question.id, &choice.id)
            });
            let rows = rows.map(|(row, choice)| {
                let n = shown.rows_shown[row].then_some(table.rows[row]);
                OptionCount {
                    id: choice.id.clone(),
                    text: choice.text.clone(),
                    n,
                    share: n.filter(|_| table.n > 0).map(|n| round_nearest(n as f64 / table.n as f64)),
                    estimate: estimate.as_ref().and_then(|estimate| estimate.rows[row]),
                }
            });
            let ranged = question.range().is_some()
                && (question.kind == QuestionKind::Number || question.kind == QuestionKind::Scale);
            // The mean of a few answers, or one beside suppressed rows, would disclose them.
            let mean = (ranged && shown.is_unsuppressed() && table.n >= MIN_PUBLISHED_COUNT)
                .then(|| (table.sum as f64 / table.n as f64 * 100.0).round() / 100.0);
            QuestionTable {
                id: question.id.clone(),
                kind: question.kind,
                text: question.text.clone(),
                n: shown.total_shown.then_some(table.n),
                rows: rows.collect(),
                mean,
                estimate: estimate.as_ref().map(|estimate| estimate.table),
            }
        })
        .collect()
}

/// What the cross tables need to know of the figure.
#[derive(Clone, Copy)]
struct GroupSource<'f> {
    figure: Option<&'f AwarenessEstimate>,
    /// Whether the tables of the margins' questions are left out.
    margins_hidden: bool,
}

impl GroupSource<'_> {
    /// The share of a group from its published counts, with the design effect of the whole figure.
    fn share(self, aware: u64, n: u64) -> Option<ShareInterval> {
        let figure = self.figure.filter(|figure| figure.interval.is_some() && n >= MIN_GROUP_INTERVAL)?;
        let share = aware as f64 / n as f64;
        let (low, high) = interval_like(figure, share, share, n)?;
        Some(ShareInterval { share: round_nearest(share), low: round_down(low), high: round_up(high) })
    }
}

/// The published cross tables.
fn cross_tables(
    survey: &Survey,
    counted: &WaveCounts,
    pattern: &SuppressionPattern,
    source: GroupSource<'_>,
) -> Vec<CrossTable> {
    let questions: Vec<_> = survey.all_questions().collect();
    let mut tables = Vec::new();
    for (cross, shown) in counted.crosses.iter().zip(&pattern.crosses) {
        let question = questions[cross.by_question];
        let is_margin = survey.margins.iter().any(|m| m.question == question.id);
        let Some(shown) = shown.as_ref().filter(|_| !(source.margins_hidden && is_margin)) else { continue };
        let choices = question.choices();
        let groups =
            cross.groups.iter().zip(shown).zip(&choices).filter(|((split, _), choice)| {
                split.n() > 0 || !survey.is_outside_population(&question.id, &choice.id)
            });
        let groups = groups.map(|((split, shown), choice)| {
            let if_shown = |n: u64| shown.then_some(n);
            CrossTableGroup {
                id: choice.id.clone(),
                text: choice.text.clone(),
                n: if_shown(split.n()),
                cells: vec![if_shown(split.aware), if_shown(split.other)],
                share: if *shown { source.share(split.aware, split.n()) } else { None },
            }
        });
        tables.push(CrossTable {
            question: None,
            by: question.id.clone(),
            columns: vec!["aware".into(), "other".into()],
            groups: groups.collect(),
        });
    }
    tables
}

/// The change of each wave against the last one before it with the same sampling method, where nothing breaks the series and both
/// have an interval. Computed from the published shares and bounds, so that everybody can check it.
fn wave_changes(waves: &[WaveResults]) -> Vec<WaveChange> {
    let mut changes = Vec::new();
    for (at, wave) in waves.iter().enumerate() {
        let Some(before) = waves[..at].iter().rfind(|other| other.sample == wave.sample) else { continue };
        let (Some(now), Some(then)) = (comparison_basis(wave), comparison_basis(before)) else { continue };
        if !before.breaks(wave).is_empty() || now.weighted != then.weighted {
            continue;
        }
        let found = difference_of_bounded(then.estimate, now.estimate);
        changes.push(WaveChange {
            from: before.id.clone(),
            to: wave.id.clone(),
            difference: (found.difference * 1e4).round() / 1e4,
            low: round_down(found.low),
            high: round_up(found.high),
            level: CONFIDENCE_LEVEL,
            kind: now.kind,
        });
    }
    changes
}

/// What of a wave's figure is compared with another wave's.
struct ComparisonBasis {
    estimate: BoundedShare,
    weighted: bool,
    /// What the interval of the figure rests on.
    kind: IntervalKind,
}

/// `None` when the wave has no share or no interval.
fn comparison_basis(wave: &WaveResults) -> Option<ComparisonBasis> {
    let figure = wave.awareness.as_ref()?;
    let interval = figure.interval?;
    Some(ComparisonBasis {
        estimate: BoundedShare { share: figure.share?, low: interval.low, high: interval.high },
        weighted: figure.weighting.is_some(),
        kind: interval.kind,
    })
}
