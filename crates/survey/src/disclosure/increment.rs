//! Snapshots of one wave as one release: whoever has two of them subtracts one from the other and has the counts of the answers between.
//!
//! In: the counts of a wave and what was published of it before. Out: which counts may be published again, or that the earlier results
//! must stay. The answers that came between are a wave of their own, whose tables are protected by the same rules; where the earlier
//! count was hidden there is nothing to subtract.

use std::collections::BTreeMap;

use super::{HeadlineRelease, SuppressionPattern, suppress};
use crate::count::{AwarenessCounts, WaveCounts};
use puzhi_core::kinds::Survey;
use puzhi_core::kinds::results::{MIN_PUBLISHED_COUNT, WaveResults};

/// The pattern with everything hidden that would disclose the answers since `before`. `None`: nothing new may be published, since the
/// new answers are too few, or too few of them are aware or are not.
pub fn protect_increment(
    survey: &Survey,
    counted: &WaveCounts,
    before: &WaveResults,
    pattern: &SuppressionPattern,
) -> Option<SuppressionPattern> {
    let new = counts_between(survey, counted, before);
    let Some(new) = new else { return Some(pattern.clone()) };
    if new.n < MIN_PUBLISHED_COUNT {
        return None;
    }
    // Both headlines are published, so that none and all of the new answers being aware would be told as well.
    let told = |figure: &Option<AwarenessCounts>| figure.is_some_and(|split| split.n() > 0);
    let of_few = |split: AwarenessCounts| split.aware < MIN_PUBLISHED_COUNT || split.other < MIN_PUBLISHED_COUNT;
    let published = before.awareness.as_ref().is_some_and(|figure| figure.aware.is_some());
    if published && pattern.headline == HeadlineRelease::Exact && told(&new.figure) && new.figure.is_some_and(of_few) {
        return None;
    }
    let between = suppress(survey, &new);
    let mut joined = pattern.clone();
    for (own, other) in joined.tables.iter_mut().zip(&between.tables) {
        own.total_shown &= other.total_shown;
        let rows = own.rows_shown.iter_mut().zip(&other.rows_shown);
        rows.for_each(|(row, other)| *row &= *other && own.total_shown);
    }
    for (own, other) in joined.crosses.iter_mut().zip(&between.crosses) {
        *own = match (own.take(), other) {
            (Some(own), Some(other)) => {
                let rows: Vec<bool> = own.iter().zip(other).map(|(a, b)| *a && *b).collect();
                rows.contains(&true).then_some(rows)
            }
            _ => None,
        };
    }
    Some(joined)
}

/// Names of what `pattern` hides and `fresh`, the pattern of the wave by itself, does not: totals (`age`) and rows (`age/old`) of
/// questions, cross tables (`×age`) and their rows (`×age/old`).
pub fn held_back(
    survey: &Survey,
    counted: &WaveCounts,
    fresh: &SuppressionPattern,
    pattern: &SuppressionPattern,
) -> Vec<String> {
    let mut held = Vec::new();
    for (question, (fresh, own)) in survey.all_questions().zip(fresh.tables.iter().zip(&pattern.tables)) {
        if fresh.total_shown && !own.total_shown {
            held.push(question.id.clone());
        }
        for (row, choice) in question.choices().iter().enumerate() {
            if fresh.rows_shown[row] && !own.rows_shown[row] {
                held.push(format!("{}/{}", question.id, choice.id));
            }
        }
    }
    let questions: Vec<_> = survey.all_questions().collect();
    for (cross, (fresh, own)) in counted.crosses.iter().zip(fresh.crosses.iter().zip(&pattern.crosses)) {
        let (by, Some(fresh)) = (questions[cross.by_question], fresh) else { continue };
        let Some(own) = own else {
            held.push(format!("×{}", by.id));
            continue;
        };
        for (row, choice) in by.choices().iter().enumerate() {
            if fresh[row] && !own[row] {
                held.push(format!("×{}/{}", by.id, choice.id));
            }
        }
    }
    held
}

/// Hides what an earlier publication held back. A row whose count was published once and held back later may not come again, since the
/// answers between could be few.
pub fn hold_back(survey: &Survey, counted: &WaveCounts, held: &[String], pattern: &mut SuppressionPattern) {
    let is_held = |name: &str| held.iter().any(|held| held == name);
    for (question, own) in survey.all_questions().zip(&mut pattern.tables) {
        own.total_shown &= !is_held(&question.id);
        for (choice, row) in question.choices().iter().zip(&mut own.rows_shown) {
            *row &= own.total_shown && !is_held(&format!("{}/{}", question.id, choice.id));
        }
    }
    let questions: Vec<_> = survey.all_questions().collect();
    for (cross, own) in counted.crosses.iter().zip(&mut pattern.crosses) {
        let by = questions[cross.by_question];
        let Some(mut rows) = own.take().filter(|_| !is_held(&format!("×{}", by.id))) else { continue };
        for (choice, row) in by.choices().iter().zip(&mut rows) {
            *row &= !is_held(&format!("×{}/{}", by.id, choice.id));
        }
        *own = rows.contains(&true).then_some(rows);
    }
}

/// The counts of the answers between two publications: differences of what is published both times, and the present counts where the
/// earlier ones were hidden. `None` if nothing changed.
fn counts_between(survey: &Survey, counted: &WaveCounts, before: &WaveResults) -> Option<WaveCounts> {
    let earlier = |id: &str| before.questions.iter().find(|table| table.id == id);
    let mut new = counted.clone();
    new.n = counted.n.abs_diff(before.n);
    for (question, table) in survey.all_questions().zip(&mut new.tables) {
        let Some(old) = earlier(&question.id) else { continue };
        // Without a published total there is no table to subtract.
        let Some(n) = old.n else { continue };
        table.n = table.n.abs_diff(n);
        let choices = question.choices();
        for (choice, row) in choices.iter().zip(&mut table.rows) {
            let shown = old.rows.iter().find(|row| row.id == choice.id).and_then(|row| row.n);
            *row = shown.map_or(*row, |shown| row.abs_diff(shown));
        }
    }
    let figure = before.awareness.as_ref();
    if let (Some(split), Some(old)) = (&mut new.figure, figure)
        && let Some(aware) = old.aware
    {
        let other = old.n.saturating_sub(aware);
        *split = AwarenessCounts { aware: split.aware.abs_diff(aware), other: split.other.abs_diff(other) };
    }
    let questions: Vec<_> = survey.all_questions().collect();
    for cross in &mut new.crosses {
        let by = questions[cross.by_question];
        let Some(old) = before.crosses.iter().find(|table| table.by == by.id && table.question.is_none()) else {
            continue;
        };
        let rows: BTreeMap<&str, &Vec<Option<u64>>> = old.groups.iter().map(|g| (g.id.as_str(), &g.cells)).collect();
        for (choice, group) in by.choices().iter().zip(&mut cross.groups) {
            let Some([Some(aware), Some(other)]) = rows.get(choice.id.as_str()).map(|cells| cells.as_slice()) else {
                continue;
            };
            *group = AwarenessCounts { aware: group.aware.abs_diff(*aware), other: group.other.abs_diff(*other) };
        }
    }
    (new.n > 0 || new.tables != counted.tables && new.tables.iter().any(|table| table.n > 0)).then_some(new)
}
