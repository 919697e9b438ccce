//! From responses to the results file beside the survey's page.
//!
//! In: the definition, the responses, the results published before. Out: [`Results`], aggregated and protected by
//! [`super::disclosure`], and [`SnapshotNote`]s for the publisher. Equal responses give equal results, whatever their order. Knows
//! no files and no clock.

use std::collections::{BTreeMap, BTreeSet};

use super::Response;
use super::count::{AwarenessCounts, WaveCounts, count};
use super::disclosure::{
    HeadlineRelease, ShareRounding, SuppressionPattern, protect_increment, rounding_step, suppress,
};
use super::stats::{CONFIDENCE_LEVEL, Proportion, WEIGHT_CAP, newcombe_interval, wilson_interval};
use super::weighting::weight_figure;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::results::{
    AwarenessEstimate, CrossTable, CrossTableGroup, Disclosure, FORMAT, Interval, IntervalKind, MIN_PUBLISHED_COUNT,
    OptionCount, QuestionTable, Results, ShareBounds, WaveChange, WaveResults, Weighting,
};
use puzhi_core::kinds::{AwarenessRule, QuestionKind, SamplingMethod, Survey, Wave};

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
    /// The raking did not converge. There is no share.
    NotWeighted {
        /// Id of the wave.
        wave: String,
    },
}

/// What becomes of results that were published before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecountPolicy {
    /// They are kept where a recount would disclose responses or mix wordings.
    KeepPublished,
    /// Everything is counted again.
    RecountAll,
}

/// Counts the responses of a survey, each in its wave. Responses to other surveys are ignored. `published` are the results of the
/// previous snapshot. The notes say what was kept or could not be computed.
pub fn snapshot(
    survey: &Survey,
    responses: impl IntoIterator<Item = Response>,
    published: Option<&Results>,
    policy: RecountPolicy,
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
        let before = published
            .filter(|_| policy == RecountPolicy::KeepPublished)
            .and_then(|results| results.waves.iter().find(|w| w.id == wave.id));
        waves.extend(wave_results(survey, &wave, &responses, before, &mut notes));
    }
    notes.extend(
        by_wave.into_iter().map(|(wave, responses)| SnapshotNote::UnknownWave { wave, responses: responses.len() }),
    );
    let end = |wave: &WaveResults| (wave.closes.is_none(), wave.closes.clone(), wave.id.clone());
    waves.sort_by_key(end);
    let changes = wave_changes(&waves);
    (Results { format: FORMAT, survey: id, waves, changes }, notes)
}

/// The results of one wave; `None` when no response counts. `before` are its published results.
fn wave_results(
    survey: &Survey,
    wave: &Wave,
    responses: &[Response],
    before: Option<&WaveResults>,
    notes: &mut Vec<SnapshotNote>,
) -> Option<WaveResults> {
    let counted = count(survey, responses.iter().map(|r| &r.answers));
    if counted.n == 0 {
        return None;
    }
    let wording = survey.wording();
    let one_wording = responses.iter().all(|r| r.wording == wording);
    let id = wave.id.clone();
    if let Some(before) = before.filter(|before| before.sample == wave.sample) {
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
    let mut pattern = suppress(survey, &counted);
    // Both snapshots together must disclose no more than each of them. What answered another questionnaire is no difference.
    if let Some(before) = before.filter(|before| before.sample == wave.sample && before.n != counted.n) {
        match protect_increment(survey, &counted, before, &pattern) {
            Some(protected) => pattern = protected,
            None => {
                notes.push(SnapshotNote::KeptTooSmallDifference { wave: id });
                return Some(before.clone());
            }
        }
    }
    let wordings: BTreeSet<ContentHash> =
        if one_wording { BTreeSet::new() } else { responses.iter().map(|r| r.wording).collect() };
    let figure = awareness_figure(survey, wave, &counted, &pattern, &wordings);
    let margins_hidden = figure.as_ref().is_some_and(|(_, exact)| !exact);
    let figure = figure.map(|(figure, _)| figure);
    if figure.as_ref().and_then(|f| f.weighting.as_ref()).is_some_and(|w| !w.converged) {
        notes.push(SnapshotNote::NotWeighted { wave: id });
    }
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
        questions: question_tables(survey, &counted, &pattern),
        crosses: cross_tables(survey, &counted, &pattern, margins_hidden),
        wording: survey.all_questions().map(|q| (q.id.clone(), q.wording().to_string())).collect(),
        one_wording,
        disclosure: Disclosure {
            strategy: wave.strategy.clone(),
            sponsor: wave.sponsor.clone(),
            conductor: survey.conductor.clone(),
            population: survey.population.clone(),
            frame: wave.frame.clone(),
            invited: wave.invited,
            weighting: wave.weighting.clone(),
            quality: wave.quality.clone(),
            limits: wave.limits.clone(),
        },
        provenance: None,
    })
}

/// The awareness figure of a wave, and whether it is exact enough that the cross tables of the margins' questions may stand beside
/// it.
fn awareness_figure(
    survey: &Survey,
    wave: &Wave,
    counted: &WaveCounts,
    pattern: &SuppressionPattern,
    wordings: &BTreeSet<ContentHash>,
) -> Option<(AwarenessEstimate, bool)> {
    let awareness = survey.awareness.as_ref()?;
    let rule = awareness.rule.as_ref()?;
    let split = counted.figure?;
    if pattern.headline == HeadlineRelease::Suppressed {
        return None;
    }
    let n = split.n();
    let mut figure = AwarenessEstimate {
        words: awareness.words.clone(),
        rule: rule_hash(survey, rule, wordings).to_string(),
        aware: None,
        n,
        share: None,
        step: None,
        bounds: None,
        interval: None,
        weighting: None,
    };
    let kind = match wave.sample {
        SamplingMethod::Probability => Some(IntervalKind::Confidence),
        SamplingMethod::Quota => Some(IntervalKind::Model),
        SamplingMethod::Voluntary => None,
    };
    if pattern.headline == HeadlineRelease::SampleSizeOnly || n == 0 {
        return Some((figure, true));
    }
    let margins_whole = survey.margins.iter().all(|m| {
        survey.all_questions().position(|q| q.id == m.question).is_some_and(|at| pattern.tables[at].is_unsuppressed())
    });
    let weighed = kind.and_then(|_| weight_figure(survey, counted, margins_whole));
    if pattern.headline == HeadlineRelease::Bounds {
        set_bounds(&mut figure, split, weighed.map(|w| w.weighting), kind);
        return Some((figure, true));
    }
    figure.aware = Some(split.aware);
    let Some(weighed) = weighed else {
        // With declared margins that cannot be met, an unweighted share would not be what the survey announces.
        if kind.is_none() || survey.margins.is_empty() {
            figure.share = Some(split.aware as f64 / n as f64);
            figure.interval = kind.and_then(|kind| wilson_bounds(figure.share?, figure.share?, n as f64, kind));
        }
        return Some((figure, true));
    };
    let n_eff = weighed.weighting.n_eff;
    match (weighed.share, weighed.rounding) {
        (Some(share), ShareRounding::Exact) => {
            figure.share = Some(share);
            figure.interval = kind.and_then(|kind| wilson_bounds(share, share, n_eff, kind));
        }
        (Some(share), ShareRounding::ToStep(step)) => {
            let (low, high) = step_bounds(rounding_step(share, step), step);
            figure.share = Some((low + high) / 2.0);
            figure.step = Some(step);
            figure.interval = kind.and_then(|kind| wilson_bounds(low, high, n_eff, kind));
        }
        (_, ShareRounding::Suppressed) | (None, _) => {}
    }
    figure.weighting = Some(weighed.weighting);
    Some((figure, weighed.rounding == ShareRounding::Exact))
}

/// Bounds of a rounding step, within 0 and 1 and without the residue of floating-point multiplication.
fn step_bounds(number: i64, step: f64) -> (f64, f64) {
    let clean = |x: f64| ((x * 1e6).round() / 1e6).clamp(0.0, 1.0);
    (clean(number as f64 * step), clean((number + 1) as f64 * step))
}

/// Publishes a figure with one to four respondents on one side: only the range of shares that this leaves.
fn set_bounds(
    figure: &mut AwarenessEstimate,
    split: AwarenessCounts,
    weighting: Option<Weighting>,
    kind: Option<IntervalKind>,
) {
    let n = split.n() as f64;
    let most = (MIN_PUBLISHED_COUNT - 1) as f64;
    // A weight is at most the cap, or slightly more after the mean is scaled back to 1.
    let (least, most) = if weighting.is_some() { (0.0, most * WEIGHT_CAP * 1.2) } else { (1.0, most) };
    let (least, most) = ((least / n).min(1.0), (most / n).min(1.0));
    let (low, high) = if split.other < split.aware { (1.0 - most, 1.0 - least) } else { (least, most) };
    figure.bounds = Some(ShareBounds { low, high });
    let n_eff = weighting.as_ref().map_or(n, |w| (w.n_eff.min(n) * 0.99).floor().max(1.0));
    figure.interval = kind.and_then(|kind| wilson_bounds(low, high, n_eff, kind));
    figure.weighting = None;
}

/// The union of the Wilson intervals of all shares from `low` to `high`.
fn wilson_bounds(low: f64, high: f64, n_eff: f64, kind: IntervalKind) -> Option<Interval> {
    Some(Interval {
        low: wilson_interval(low, n_eff)?.0,
        high: wilson_interval(high, n_eff)?.1,
        level: CONFIDENCE_LEVEL,
        kind,
    })
}

/// Hash of all that decides what the figure means: figures are comparable when their hashes are equal. `wordings` are those of the
/// responses when there are several.
fn rule_hash(survey: &Survey, rule: &AwarenessRule, wordings: &BTreeSet<ContentHash>) -> ContentHash {
    let asked: Vec<(&str, String)> = super::count::rule_questions(rule)
        .into_iter()
        .map(|id| (id, survey.question(id).map(|q| q.wording().to_string()).unwrap_or_default()))
        .collect();
    let others: Vec<String> = wordings.iter().map(ContentHash::to_string).collect();
    ContentHash::of(
        serde_json::json!([rule, asked, survey.counts_if, survey.population, others]).to_string().as_bytes(),
    )
}

/// The published table of every question.
fn question_tables(survey: &Survey, counted: &WaveCounts, pattern: &SuppressionPattern) -> Vec<QuestionTable> {
    let tables = counted.tables.iter().zip(&pattern.tables);
    survey
        .all_questions()
        .zip(tables)
        .map(|(question, (table, shown))| {
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
                    share: n.filter(|_| table.n > 0).map(|n| n as f64 / table.n as f64),
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
            }
        })
        .collect()
}

/// The published cross tables. With `margins_hidden`, those of the margins' questions are left out.
fn cross_tables(
    survey: &Survey,
    counted: &WaveCounts,
    pattern: &SuppressionPattern,
    margins_hidden: bool,
) -> Vec<CrossTable> {
    let questions: Vec<_> = survey.all_questions().collect();
    let mut tables = Vec::new();
    for (cross, shown) in counted.crosses.iter().zip(&pattern.crosses) {
        let question = questions[cross.by_question];
        let is_margin = survey.margins.iter().any(|m| m.question == question.id);
        let Some(shown) = shown.as_ref().filter(|_| !(margins_hidden && is_margin)) else { continue };
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

/// The change of each wave against the last one before it with the same sampling method, where both have an interval and asked and
/// counted the same.
fn wave_changes(waves: &[WaveResults]) -> Vec<WaveChange> {
    let mut changes = Vec::new();
    for (at, wave) in waves.iter().enumerate() {
        let Some(before) = waves[..at].iter().rfind(|other| other.sample == wave.sample) else { continue };
        let (Some(now), Some(then)) = (comparison_basis(wave), comparison_basis(before)) else { continue };
        let rule = |w: &WaveResults| w.awareness.as_ref().map(|f| f.rule.clone());
        if !(wave.one_wording && before.one_wording) || rule(wave) != rule(before) || now.weighted != then.weighted {
            continue;
        }
        let Some(found) = newcombe_interval(then.estimate, now.estimate) else { continue };
        let (from, to) = (before.id.clone(), wave.id.clone());
        changes.push(WaveChange {
            from,
            to,
            difference: found.difference,
            low: found.low,
            high: found.high,
            level: CONFIDENCE_LEVEL,
            kind: now.kind,
        });
    }
    changes
}

/// What of a wave's figure is compared with another wave's.
struct ComparisonBasis {
    estimate: Proportion,
    weighted: bool,
    /// What the interval of the figure rests on.
    kind: IntervalKind,
}

/// `None` when the wave has no share or no interval.
fn comparison_basis(wave: &WaveResults) -> Option<ComparisonBasis> {
    let figure = wave.awareness.as_ref()?;
    let n = figure.weighting.as_ref().map_or(figure.n as f64, |w| w.n_eff);
    Some(ComparisonBasis {
        estimate: Proportion { share: figure.share?, n },
        weighted: figure.weighting.is_some(),
        kind: figure.interval?.kind,
    })
}
