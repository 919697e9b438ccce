//! Checks that results do not contradict themselves and claim no more than their sampling method allows. This matters
//! because a results file can be edited by hand.
//!
//! Input: [`Results`]. Output: the first contradiction found, in Chinese and English.

use std::collections::BTreeSet;

use super::{
    AwarenessEstimate, CrossTable, HALF_DIGIT, IntervalKind, MIN_PUBLISHED_COUNT, QuestionTable, Results, TableBasis,
    WaveChange, WaveResults,
};
use crate::kinds::SamplingMethod;

/// Returns the first contradiction, in Chinese and in English.
pub(super) fn first_contradiction(results: &Results) -> Option<(String, String)> {
    let mut ids = BTreeSet::new();
    let mut waves = results.waves.iter();
    let untrue = waves.find_map(|wave| {
        let cause = match ids.insert(wave.id.as_str()) {
            true => check_wave(wave),
            false => Some(("写了两遍", "it is there twice")),
        };
        cause.map(|(zh, en)| (format!("{}：{zh}", wave.id), format!("{}: {en}", wave.id)))
    });
    untrue.or_else(|| {
        let mut changes = results.changes.iter();
        changes.find_map(|change| {
            check_change(change, &results.waves).map(|(zh, en)| {
                (format!("{} → {}：{zh}", change.from, change.to), format!("{} → {}: {en}", change.from, change.to))
            })
        })
    })
}

type Contradiction = Option<(&'static str, &'static str)>;

fn check_wave(wave: &WaveResults) -> Contradiction {
    let questions = wave.questions.iter().find_map(|q| check_question(q, wave.n).or_else(|| check_shares(q, wave)));
    let crosses = || wave.crosses.iter().find_map(check_cross_table);
    let figure = || wave.awareness.as_ref().and_then(|figure| check_estimate(figure, wave));
    questions.or_else(crosses).or_else(figure)
}

fn check_estimate(figure: &AwarenessEstimate, wave: &WaveResults) -> Contradiction {
    let share = |x: f64| (0.0..=1.0).contains(&x);
    if figure.n > wave.n || figure.aware.is_some_and(|aware| aware > figure.n) {
        return Some(("部分比整体还多", "a part is more than the whole"));
    }
    if !figure.share.is_none_or(share) {
        return Some(("比例不在 0 和 1 之间", "a share is not within 0 and 1"));
    }
    let plain = figure.weighting.is_none().then_some(()).and(figure.share.zip(figure.aware));
    if plain.is_some_and(|(share, aware)| (share - aware as f64 / figure.n.max(1) as f64).abs() > HALF_DIGIT + 1e-9) {
        return Some(("比例和人数对不上", "the share is not that of the counts"));
    }
    if has_small_count([figure.aware, figure.aware.map(|aware| figure.n - aware)]) {
        return Some(("有不满 5 的格子没有隐去", "a count below 5 is not hidden"));
    }
    let bounds = figure.bounds.map(|b| (b.low, b.high));
    if bounds.is_some_and(|(low, high)| {
        figure.share.is_some() || figure.aware.is_some() || !share(low) || !share(high) || low > high
    }) {
        return Some(("比例的上下限不对", "the bounds of the share are wrong"));
    }
    if figure.no_claim.is_some() && figure.interval.is_some() {
        return Some(("设计不足以下结论的数字不能有区间", "a figure that bears no claim has no interval"));
    }
    match (wave.sample, &figure.interval) {
        (SamplingMethod::Voluntary, Some(_)) => {
            Some(("自愿填写的答卷不能有误差范围", "a voluntary sample has no interval"))
        }
        (SamplingMethod::Voluntary, None) if figure.weighting.is_some() => {
            Some(("自愿填写的答卷不能加权", "a voluntary sample is not weighted"))
        }
        (SamplingMethod::Quota, Some(interval)) if interval.kind == IntervalKind::Confidence => {
            Some(("配额抽样的区间只能是模型推算的", "the interval of a quota sample rests on a model"))
        }
        (_, Some(interval)) => {
            let ordered = share(interval.low)
                && share(interval.high)
                && interval.low <= interval.high
                && interval.level > 0.0
                && interval.level < 1.0;
            let held = figure.share.map(|share| (share, share)).or(bounds);
            let around = held.is_some_and(|(low, high)| interval.low <= low && high <= interval.high);
            (!ordered || !around).then_some(("区间的上下限不对", "the bounds of the interval are wrong"))
        }
        (_, None) => None,
    }
}

/// Checks a comparison of two waves. Both must use the same sampling method and the same wording. Voluntary samples
/// never compare, because their respondents represent only themselves.
fn check_change(change: &WaveChange, waves: &[WaveResults]) -> Contradiction {
    let at = |id: &str| waves.iter().position(|w| w.id == id);
    let Some((from, to)) = at(&change.from)
        .zip(at(&change.to))
        .filter(|(from, to)| from < to)
        .map(|(from, to)| (&waves[from], &waves[to]))
    else {
        return Some(("没有这两次调查，或者次序反了", "there are no such waves in this order"));
    };
    if from.sample == SamplingMethod::Voluntary || !from.breaks(to).is_empty() {
        return Some(("这两次不能比", "these waves do not compare"));
    }
    if from.sample == SamplingMethod::Quota && change.kind == IntervalKind::Confidence {
        return Some(("配额抽样的区间只能是模型推算的", "the interval of a quota sample rests on a model"));
    }
    let share = |w: &WaveResults| w.awareness.as_ref().and_then(|f| f.share);
    let difference = share(to).zip(share(from)).map(|(to, from)| to - from);
    if difference.is_none_or(|d| (d - change.difference).abs() > HALF_DIGIT + 1e-9) {
        return Some(("相差的数和两次的比例对不上", "the difference is not that of the shares"));
    }
    let ordered =
        -1.0 <= change.low && change.low <= change.difference && change.difference <= change.high && change.high <= 1.0;
    let level = 0.0 < change.level && change.level < 1.0;
    (!(ordered && level)).then_some(("区间的上下限不对", "the bounds of the interval are wrong"))
}

fn check_question(question: &QuestionTable, n: u64) -> Contradiction {
    let counts = question.rows.iter().map(|row| row.n);
    if has_small_count(counts.clone()) || has_small_count([question.n]) {
        return Some(("有不满 5 的格子没有隐去", "a count below 5 is not hidden"));
    }
    let whole = question.n.unwrap_or(n);
    let most = counts.flatten().max().unwrap_or(0).max(question.n.unwrap_or(0));
    (most > whole || whole > n).then_some(("部分比整体还多", "a part is more than the whole"))
}

/// Checks the percentages with intervals of a table.
fn check_shares(question: &QuestionTable, wave: &WaveResults) -> Contradiction {
    let mut found = question.rows.iter().filter_map(|row| row.estimate.map(|estimate| (row, estimate)));
    let basis = question.estimate.map(|estimate| estimate.basis);
    let weighted = wave.awareness.as_ref().is_some_and(|figure| figure.weighting.is_some());
    let bare = wave.awareness.as_ref().is_none_or(|figure| figure.interval.is_none());
    let fits = match basis {
        None | Some(TableBasis::Margin | TableBasis::Protected) => found.clone().next().is_none(),
        Some(TableBasis::Weighted) => weighted,
        Some(TableBasis::Unweighted) => !weighted,
    };
    if !fits || basis.is_some() && (bare || wave.sample == SamplingMethod::Voluntary) {
        return Some(("各题的比例和整个比例的算法对不上", "percentages of a table are not of the kind of the figure"));
    }
    let untrue = found.any(|(row, estimate)| {
        let ordered = 0.0 <= estimate.low
            && estimate.low <= estimate.share
            && estimate.share <= estimate.high
            && estimate.high <= 1.0;
        let counted = row.share.is_none_or(|share| (share - estimate.share).abs() < 1e-9);
        !ordered || row.n.is_none() || basis == Some(TableBasis::Unweighted) && !counted
    });
    untrue.then_some(("各题的区间和人数对不上", "an interval of a table is not that of its counts"))
}

fn check_cross_table(table: &CrossTable) -> Contradiction {
    if table.groups.iter().any(|group| group.cells.len() != table.columns.len()) {
        return Some(("交叉表的行和列对不上", "a cross table has rows of different lengths"));
    }
    let untrue = table.groups.iter().any(|group| {
        group.share.is_some_and(|found| {
            let counted =
                group.cells.first().copied().flatten().zip(group.n).map(|(aware, n)| aware as f64 / n.max(1) as f64);
            let ordered =
                0.0 <= found.low && found.low <= found.share && found.share <= found.high && found.high <= 1.0;
            !ordered || counted.is_none_or(|share| (share - found.share).abs() > HALF_DIGIT + 1e-9)
        })
    });
    if untrue {
        return Some(("分组的比例和人数对不上", "the share of a group is not that of its counts"));
    }
    let cells = table.groups.iter().flat_map(|group| group.cells.iter().copied().chain([group.n]));
    has_small_count(cells).then_some(("有不满 5 的格子没有隐去", "a count below 5 is not hidden"))
}

/// Whether a published count is between 1 and 4. A count of 0 is allowed, because it reveals nothing about a person.
fn has_small_count(cells: impl IntoIterator<Item = Option<u64>>) -> bool {
    cells.into_iter().flatten().any(|n| n > 0 && n < MIN_PUBLISHED_COUNT)
}
