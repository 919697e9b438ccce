//! From answers to the results file beside the survey's page.
//!
//! In: the definition, the answers, the results published before. Out: [`Results`], aggregated, with every count that could tell
//! something of one person gone, and equal for equal answers whatever their order; [`Note`]s for whoever publishes. No clock.

use std::collections::{BTreeMap, BTreeSet};

use super::Response;
use super::count::{Counted, Split, count};
use super::stats::{CAP, LEVEL, newcombe, wilson};
use super::suppress::{Grain, Headline, Told, step_of, suppress};
use super::weigh::weigh;
use puzhi_core::base::Hash;
use puzhi_core::kinds::results::{
    Bounds, Change, CrossTable, Disclosure, FORMAT, Figure, Group, Interval, IntervalKind, LEAST_CELL, QuestionTable,
    Results, Row, WaveResults, Weighting,
};
use puzhi_core::kinds::{QuestionKind, Rule, Sample, Survey, Wave};

/// What whoever publishes should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Answers of a wave the survey does not declare; they are in no table.
    UnknownWave { wave: String, responses: usize },
    /// Answers to an earlier wording; the results published then stand.
    KeptEarlierWording { wave: String },
    /// Not all answers were given to the present wording, so the figure compares with no other.
    OtherWording { wave: String },
    /// So few more or fewer answers than published that the difference would tell of them; what was published stands.
    KeptTooFewNew { wave: String },
    /// The margins could not be met; there is no share.
    NotWeighted { wave: String },
}

/// How results published before are dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// They stand where counting again would tell too much, or would mix wordings.
    Respect,
    /// Everything is counted again.
    Renew,
}

/// Counts the answers of a survey, each in its wave.
pub fn snapshot(
    survey: &Survey,
    responses: impl IntoIterator<Item = Response>,
    published: Option<&Results>,
    earlier: Earlier,
) -> (Results, Vec<Note>) {
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
            .filter(|_| earlier == Earlier::Respect)
            .and_then(|results| results.waves.iter().find(|w| w.id == wave.id));
        waves.extend(one_wave(survey, &wave, &responses, before, &mut notes));
    }
    notes.extend(by_wave.into_iter().map(|(wave, responses)| Note::UnknownWave { wave, responses: responses.len() }));
    let end = |wave: &WaveResults| (wave.closes.is_none(), wave.closes.clone(), wave.id.clone());
    waves.sort_by_key(end);
    let changes = changes(&waves);
    (Results { format: FORMAT, survey: id, waves, changes }, notes)
}

fn one_wave(
    survey: &Survey,
    wave: &Wave,
    responses: &[Response],
    before: Option<&WaveResults>,
    notes: &mut Vec<Note>,
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
            notes.push(Note::KeptEarlierWording { wave: id });
            return Some(before.clone());
        }
        if before.n != counted.n && before.n.abs_diff(counted.n) < LEAST_CELL {
            notes.push(Note::KeptTooFewNew { wave: id });
            return Some(before.clone());
        }
    }
    if !one_wording {
        notes.push(Note::OtherWording { wave: id.clone() });
    }
    let told = suppress(survey, &counted);
    let wordings: BTreeSet<Hash> =
        if one_wording { BTreeSet::new() } else { responses.iter().map(|r| r.wording).collect() };
    let figure = figure(survey, wave, &counted, &told, &wordings);
    let margins_hidden = figure.as_ref().is_some_and(|(_, exact)| !exact);
    let figure = figure.map(|(figure, _)| figure);
    if figure.as_ref().and_then(|f| f.weighting.as_ref()).is_some_and(|w| !w.converged) {
        notes.push(Note::NotWeighted { wave: id });
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
        questions: questions(survey, &counted, &told),
        crosses: crosses(survey, &counted, &told, margins_hidden),
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
    })
}

/// The figure, and whether it gives nothing away of the margins' groups, so that their cross tables may stand beside it.
fn figure(
    survey: &Survey,
    wave: &Wave,
    counted: &Counted,
    told: &Told,
    wordings: &BTreeSet<Hash>,
) -> Option<(Figure, bool)> {
    let awareness = survey.awareness.as_ref()?;
    let rule = awareness.rule.as_ref()?;
    let split = counted.figure?;
    if told.headline == Headline::Nothing {
        return None;
    }
    let n = split.n();
    let mut figure = Figure {
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
        Sample::Probability => Some(IntervalKind::Confidence),
        Sample::Quota => Some(IntervalKind::Model),
        Sample::Voluntary => None,
    };
    if told.headline == Headline::Hidden || n == 0 {
        return Some((figure, true));
    }
    let margins_whole = survey
        .margins
        .iter()
        .all(|m| survey.all_questions().position(|q| q.id == m.question).is_some_and(|at| told.tables[at].is_whole()));
    let weighed = kind.and_then(|_| weigh(survey, counted, margins_whole));
    if told.headline == Headline::Bounds {
        bound(&mut figure, split, weighed.map(|w| w.weighting), kind);
        return Some((figure, true));
    }
    figure.aware = Some(split.aware);
    let Some(weighed) = weighed else {
        // Margins were declared and cannot be used at all: an unweighted share would not be what was announced.
        if kind.is_none() || survey.margins.is_empty() {
            figure.share = Some(split.aware as f64 / n as f64);
            figure.interval = kind.and_then(|kind| interval(figure.share?, figure.share?, n as f64, kind));
        }
        return Some((figure, true));
    };
    let n_eff = weighed.weighting.n_eff;
    match (weighed.share, weighed.grain) {
        (Some(share), Grain::Exact) => {
            figure.share = Some(share);
            figure.interval = kind.and_then(|kind| interval(share, share, n_eff, kind));
        }
        (Some(share), Grain::Step(step)) => {
            let (low, high) = step_bounds(step_of(share, step), step);
            figure.share = Some((low + high) / 2.0);
            figure.step = Some(step);
            figure.interval = kind.and_then(|kind| interval(low, high, n_eff, kind));
        }
        (_, Grain::Hidden) | (None, _) => {}
    }
    figure.weighting = Some(weighed.weighting);
    Some((figure, weighed.grain == Grain::Exact))
}

/// From 0 to 1, and free of the dust that multiplying leaves.
fn step_bounds(number: i64, step: f64) -> (f64, f64) {
    let clean = |x: f64| ((x * 1e6).round() / 1e6).clamp(0.0, 1.0);
    (clean(number as f64 * step), clean((number + 1) as f64 * step))
}

/// One to four on one side: all that is told is between which shares that leaves it.
fn bound(figure: &mut Figure, split: Split, weighting: Option<Weighting>, kind: Option<IntervalKind>) {
    let n = split.n() as f64;
    let most = (LEAST_CELL - 1) as f64;
    // One respondent's weight is at most the cap, or a little more once the mean is brought back to 1.
    let (least, most) = if weighting.is_some() { (0.0, most * CAP * 1.2) } else { (1.0, most) };
    let (least, most) = ((least / n).min(1.0), (most / n).min(1.0));
    let (low, high) = if split.other < split.aware { (1.0 - most, 1.0 - least) } else { (least, most) };
    figure.bounds = Some(Bounds { low, high });
    let n_eff = weighting.as_ref().map_or(n, |w| (w.n_eff.min(n) * 0.99).floor().max(1.0));
    figure.interval = kind.and_then(|kind| interval(low, high, n_eff, kind));
    figure.weighting = None;
}

/// Wilson's interval of every share from `low` to `high`.
fn interval(low: f64, high: f64, n_eff: f64, kind: IntervalKind) -> Option<Interval> {
    Some(Interval { low: wilson(low, n_eff)?.0, high: wilson(high, n_eff)?.1, level: LEVEL, kind })
}

/// Figures with equal hashes asked the same and counted the same.
fn rule_hash(survey: &Survey, rule: &Rule, wordings: &BTreeSet<Hash>) -> Hash {
    let asked: Vec<(&str, String)> = super::count::asked_by(rule)
        .into_iter()
        .map(|id| (id, survey.question(id).map(|q| q.wording().to_string()).unwrap_or_default()))
        .collect();
    let others: Vec<String> = wordings.iter().map(Hash::to_string).collect();
    Hash::of(serde_json::json!([rule, asked, survey.counts_if, survey.population, others]).to_string().as_bytes())
}

fn questions(survey: &Survey, counted: &Counted, told: &Told) -> Vec<QuestionTable> {
    let tables = counted.tables.iter().zip(&told.tables);
    survey
        .all_questions()
        .zip(tables)
        .map(|(question, (table, shown))| {
            let choices = question.choices();
            let rows = choices
                .iter()
                .enumerate()
                .filter(|(row, choice)| table.rows[*row] > 0 || !survey.is_outside(&question.id, &choice.id));
            let rows = rows.map(|(row, choice)| {
                let n = shown.rows[row].then_some(table.rows[row]);
                Row {
                    id: choice.id.clone(),
                    text: choice.text.clone(),
                    n,
                    share: n.filter(|_| table.n > 0).map(|n| n as f64 / table.n as f64),
                }
            });
            let ranged = question.range().is_some()
                && (question.kind == QuestionKind::Number || question.kind == QuestionKind::Scale);
            // A mean of few, or beside hidden rows, tells of them.
            let mean = (ranged && shown.is_whole() && table.n >= LEAST_CELL)
                .then(|| (table.sum as f64 / table.n as f64 * 100.0).round() / 100.0);
            QuestionTable {
                id: question.id.clone(),
                kind: question.kind,
                text: question.text.clone(),
                n: shown.n.then_some(table.n),
                rows: rows.collect(),
                mean,
            }
        })
        .collect()
}

fn crosses(survey: &Survey, counted: &Counted, told: &Told, margins_hidden: bool) -> Vec<CrossTable> {
    let questions: Vec<_> = survey.all_questions().collect();
    let mut tables = Vec::new();
    for (cross, shown) in counted.crosses.iter().zip(&told.crosses) {
        let question = questions[cross.by];
        let is_margin = survey.margins.iter().any(|m| m.question == question.id);
        let Some(shown) = shown.as_ref().filter(|_| !(margins_hidden && is_margin)) else { continue };
        let choices = question.choices();
        let groups = cross
            .groups
            .iter()
            .zip(shown)
            .zip(&choices)
            .filter(|((split, _), choice)| split.n() > 0 || !survey.is_outside(&question.id, &choice.id));
        let groups = groups.map(|((split, shown), choice)| {
            let told = |n: u64| shown.then_some(n);
            Group {
                id: choice.id.clone(),
                text: choice.text.clone(),
                n: told(split.n()),
                cells: vec![told(split.aware), told(split.other)],
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

/// Each wave against the last before it that was drawn the same way, where both asked the same and have an interval.
fn changes(waves: &[WaveResults]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, wave) in waves.iter().enumerate() {
        let Some(before) = waves[..at].iter().rfind(|other| other.sample == wave.sample) else { continue };
        let (Some((now, kind)), Some((then, _))) = (comparable(wave), comparable(before)) else { continue };
        let rule = |w: &WaveResults| w.awareness.as_ref().map(|f| f.rule.clone());
        if !(wave.one_wording && before.one_wording) || rule(wave) != rule(before) || now.2 != then.2 {
            continue;
        }
        let Some(found) = newcombe((then.0, then.1), (now.0, now.1)) else { continue };
        let (from, to) = (before.id.clone(), wave.id.clone());
        changes.push(Change {
            from,
            to,
            difference: found.difference,
            low: found.low,
            high: found.high,
            level: LEVEL,
            kind,
        });
    }
    changes
}

/// Share, sample size and whether it is weighted, and what its interval rests on.
fn comparable(wave: &WaveResults) -> Option<((f64, f64, bool), IntervalKind)> {
    let figure = wave.awareness.as_ref()?;
    let n = figure.weighting.as_ref().map_or(figure.n as f64, |w| w.n_eff);
    Some(((figure.share?, n, figure.weighting.is_some()), figure.interval?.kind))
}
