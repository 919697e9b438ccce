//! Percentages with intervals in the tables of options, beside the unweighted counts.
//!
//! In: the counts of a wave, its published figure, and which counts are published. Out: what each table's percentages rest on, and the
//! percentage and interval of each option. Weighted percentages use the weights of the figure; where they would tell how the few of a
//! combination of groups answered, a table keeps its unweighted counts alone ([`super::disclosure`]). Intervals use the published design
//! effect of the whole figure, so they tell nothing that the figure does not.

use std::collections::BTreeMap;

use super::count::{FigureRow, rule_questions};
use super::disclosure::{TablePlace, TableRounding, WeightedTable, nearest_step, table_rounding};
use super::figure::{FigureSource, PublishedFigure};
use super::figure_release::FigureRelease;
use super::stats::{Z_975, t_quantile, wilson_interval_at};
use super::weighting::WeightedFigure;
use puzhi_core::kinds::results::{
    AwarenessEstimate, MIN_GROUP_INTERVAL, ShareInterval, TableBasis, TableEstimate, round_down, round_nearest,
    round_up,
};
use puzhi_core::kinds::{AwarenessRule, Question, QuestionKind};

/// The percentages of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionEstimate {
    /// What they rest on.
    pub table: TableEstimate,
    /// One for each of [`Question::choices`]; `None` where nothing is published.
    pub rows: Vec<Option<ShareInterval>>,
}

/// Makes the percentages of all tables of a wave.
pub struct TableEstimator<'e> {
    source: FigureSource<'e>,
    figure: &'e PublishedFigure,
    questions: Vec<&'e Question>,
    /// Whether the figure stays protected beside weighted tables.
    bears_tables: bool,
}

/// Interval of a share with the published precision of the figure: its design effect, and its quantile of Student's t distribution.
pub fn interval_like(figure: &AwarenessEstimate, low: f64, high: f64, n: u64) -> Option<(f64, f64)> {
    let weighting = figure.weighting.as_ref().map(|w| w.deff);
    let deff = figure.design.as_ref().map(|design| design.deff).or(weighting).unwrap_or(1.0).max(1.0);
    let quantile = figure.design.as_ref().and_then(|d| d.df).map_or(Z_975, |df| t_quantile(df as f64));
    let n = n as f64 / deff;
    Some((wilson_interval_at(low, n, quantile)?.0, wilson_interval_at(high, n, quantile)?.1))
}

impl<'e> TableEstimator<'e> {
    /// For the tables of this wave.
    pub fn new(source: FigureSource<'e>, figure: &'e PublishedFigure) -> TableEstimator<'e> {
        let bears_tables = figure
            .weighted
            .as_ref()
            .is_some_and(|weighted| figure.estimate.share.is_some() && source.bears_tables(weighted, figure.release));
        TableEstimator { source, figure, questions: source.survey.all_questions().collect(), bears_tables }
    }

    /// The percentages of the question at this place; `None` where there is no interval, and for tables without rows.
    pub fn of(&self, at: usize) -> Option<QuestionEstimate> {
        let figure = &self.figure.estimate;
        let (table, shown) = (&self.source.counted.tables[at], &self.source.pattern.tables[at]);
        let enough = shown.total_shown && table.n >= MIN_GROUP_INTERVAL && !table.rows.is_empty();
        if figure.interval.is_none() || !enough {
            return None;
        }
        let nothing =
            |basis| QuestionEstimate { table: TableEstimate { basis, step: None }, rows: vec![None; table.rows.len()] };
        if figure.weighting.is_none() {
            return Some(self.unweighted(at));
        }
        if self.source.survey.margins.iter().any(|margin| margin.question == self.questions[at].id) {
            return Some(nothing(TableBasis::Margin));
        }
        let weighted = self.figure.weighted.as_ref().filter(|_| self.bears_tables);
        Some(
            weighted.and_then(|weighted| self.weighted(at, weighted)).unwrap_or_else(|| nothing(TableBasis::Protected)),
        )
    }

    fn unweighted(&self, at: usize) -> QuestionEstimate {
        let (table, shown) = (&self.source.counted.tables[at], &self.source.pattern.tables[at]);
        let row = |(n, shown): (&u64, &bool)| {
            let share = *n as f64 / table.n as f64;
            shown.then(|| self.interval(share, share, round_nearest(share), table.n)).flatten()
        };
        let rows = table.rows.iter().zip(&shown.rows_shown).map(row).collect();
        QuestionEstimate { table: TableEstimate { basis: TableBasis::Unweighted, step: None }, rows }
    }

    /// The interval of a share that lies between two bounds. Those from whom there is no answer could all, or none, have chosen the option.
    fn interval(&self, low: f64, high: f64, share: f64, n: u64) -> Option<ShareInterval> {
        let figure = &self.figure.estimate;
        let uncovered = figure.uncovered.iter().map(|group| group.share).sum::<f64>().min(1.0);
        let (low, high) = interval_like(figure, low.clamp(0.0, 1.0), high.clamp(0.0, 1.0), n)?;
        let (low, high) = (low * (1.0 - uncovered), high * (1.0 - uncovered) + uncovered);
        Some(ShareInterval { share, low: round_down(low).min(share), high: round_up(high).max(share) })
    }

    fn weighted(&self, at: usize, weighted: &WeightedFigure) -> Option<QuestionEstimate> {
        let exact = self.figure.release == FigureRelease::EXACT;
        if self.hangs_together(at) && !exact {
            let rows = self.rows_of_the_figure(at);
            let step = self.figure.estimate.step;
            let table = TableEstimate { basis: TableBasis::Weighted, step };
            return rows.iter().any(Option::is_some).then_some(QuestionEstimate { table, rows });
        }
        let tables = self.tables(at, weighted)?;
        let rounding = if weighted.equal { TableRounding::Plain } else { table_rounding(&tables) };
        let (told, step) = match rounding {
            TableRounding::Plain => (None, 0.001),
            TableRounding::ToStep(step) => (Some(step), step),
            TableRounding::Suppressed => return None,
        };
        let shown = &self.source.pattern.tables[at].rows_shown;
        let of_figure = self.rows_of_the_figure(at);
        let row = |option: usize| {
            if !shown[option] || of_figure[option].is_some() {
                return of_figure[option];
            }
            let (table, column) = if tables.len() > 1 { (&tables[option], 0) } else { (&tables[0], option) };
            let number = nearest_step(table.share(column), step) as f64;
            let (low, high) = ((number - 0.5) * step, (number + 0.5) * step);
            let exact = table.share(column);
            let (low, high) = if told.is_some() { (low, high) } else { (exact, exact) };
            let share = ((number * step * 1e6).round() / 1e6).clamp(0.0, 1.0);
            self.interval(low, high, share, self.source.counted.tables[at].n)
        };
        let rows = (0..shown.len()).map(row).collect();
        Some(QuestionEstimate { table: TableEstimate { basis: TableBasis::Weighted, step: told }, rows })
    }

    /// Options that by themselves are the aware, or those who are not: their percentage is that of the figure or what is left of it.
    fn rows_of_the_figure(&self, at: usize) -> Vec<Option<ShareInterval>> {
        let choices = self.questions[at].choices();
        let mut rows = vec![None; choices.len()];
        let rule = self.source.survey.awareness.as_ref().and_then(|a| a.rule.as_ref());
        let Some(AwarenessRule::Options { question, options }) = rule else { return rows };
        let figure = &self.figure.estimate;
        let (Some(share), Some(found)) = (figure.share, figure.interval) else { return rows };
        // Where some who answered are not asked by the rule, or the other way round, the table has another base.
        let same = *question == self.questions[at].id && figure.n == self.source.counted.tables[at].n;
        if !same || self.questions[at].kind == QuestionKind::Multiple {
            return rows;
        }
        let shown = &self.source.pattern.tables[at].rows_shown;
        let clean = |share: f64| ((share * 1e6).round() / 1e6).clamp(0.0, 1.0);
        let of_aware = ShareInterval { share, low: found.low, high: found.high };
        let of_others =
            ShareInterval { share: clean(1.0 - share), low: clean(1.0 - found.high), high: clean(1.0 - found.low) };
        for (aware, estimate) in [(true, of_aware), (false, of_others)] {
            let members: Vec<usize> =
                (0..choices.len()).filter(|row| options.contains(&choices[*row].id) == aware).collect();
            if let [only] = members[..]
                && shown[only]
            {
                rows[only] = Some(estimate);
            }
        }
        rows
    }

    /// Whether the answers to a question hang together with the figure in what else is published, so that they cannot be exchanged without
    /// changing it: the question is part of the rule, is asked by an answer to such a question, or forms a cross table with the figure.
    fn hangs_together(&self, at: usize) -> bool {
        let crossed = self.source.counted.crosses.iter().any(|cross| cross.by_question == at);
        crossed || self.is_of_rule(at)
    }

    fn is_of_rule(&self, at: usize) -> bool {
        let rule = self.source.survey.awareness.as_ref().and_then(|a| a.rule.as_ref());
        let judged = rule.map(rule_questions).unwrap_or_default();
        let mut question = self.questions[at];
        // A follow-up question stands behind its parent, so this ends.
        for _ in 0..=self.questions.len() {
            if judged.contains(&question.id.as_str()) {
                return true;
            }
            let parent = question.show_if.as_ref().and_then(|c| self.questions.iter().find(|q| q.id == c.question));
            let Some(parent) = parent else { break };
            question = parent;
        }
        // A question on which a question of the rule depends decides who is in the figure.
        let depends = |id: &&str| {
            let asked = self.questions.iter().find(|q| q.id == **id).and_then(|q| q.show_if.as_ref());
            asked.is_some_and(|condition| condition.question == self.questions[at].id)
        };
        judged.iter().any(depends)
    }

    /// The question's answers by combination and layer: one table of one answer each, or one table for each option that may be chosen
    /// beside others. `None` when somebody who answered has no weight.
    fn tables(&self, at: usize, weighted: &WeightedFigure) -> Option<Vec<WeightedTable>> {
        let options = self.source.counted.tables[at].rows.len();
        let shown = &self.source.pattern.tables[at].rows_shown;
        let mut places: BTreeMap<(usize, Vec<u8>), Vec<u128>> = BTreeMap::new();
        for (row, combination) in self.source.counted.rows.iter().zip(&weighted.combinations) {
            let Some(chosen) = row.chosen[at] else { continue };
            places.entry(((*combination)?, self.layer(at, row, chosen))).or_default().push(chosen);
        }
        // More options than bits were not recorded.
        let recorded: usize = places.values().map(Vec::len).sum();
        if recorded as u64 != self.source.counted.tables[at].n {
            return None;
        }
        let mut layers: Vec<&Vec<u8>> = places.keys().map(|(_, layer)| layer).collect();
        layers.sort_unstable();
        layers.dedup();
        let place = |((combination, layer), answers): (&(usize, Vec<u8>), &Vec<u128>), option: Option<usize>| {
            let count = |option: usize| answers.iter().filter(|chosen| *chosen >> option & 1 == 1).count() as i64;
            let flags: i64 = answers.iter().map(|chosen| i64::from(chosen.count_ones())).sum();
            TablePlace {
                combination: *combination,
                layer: layers.binary_search(&layer).unwrap_or(0),
                weight: weighted.combination_weights[*combination],
                counts: match option {
                    None => (0..options).map(count).collect(),
                    Some(option) => vec![count(option), answers.len() as i64 - count(option)],
                },
                spare: option.map(|_| flags - answers.len() as i64),
            }
        };
        let table = |option: Option<usize>| WeightedTable {
            places: places.iter().map(|entry| place(entry, option)).collect(),
            published: option.map_or_else(|| shown.clone(), |option| vec![shown[option], false]),
        };
        Some(match self.questions[at].kind {
            QuestionKind::Multiple => (0..options).map(|option| table(Some(option))).collect(),
            _ => vec![table(None)],
        })
    }

    /// What a respondent's answer to a question must keep when it is exchanged for another's.
    fn layer(&self, at: usize, row: &FigureRow, chosen: u128) -> Vec<u8> {
        let choices = self.questions[at].choices();
        let has = |id: &str| choices.iter().enumerate().any(|(at, choice)| chosen >> at & 1 == 1 && choice.id == id);
        // Of several answers each by itself may decide, so each stays.
        let several = self.questions[at].kind == QuestionKind::Multiple;
        let decided = |options: &[String], met: bool| match several {
            true => options.iter().map(|option| u8::from(has(option))).collect(),
            false => vec![u8::from(met)],
        };
        let mut layer = Vec::new();
        // Tables of the figure by this question.
        if self.source.counted.crosses.iter().any(|cross| cross.by_question == at) {
            layer.push(match row.aware {
                None => 0,
                Some(true) => 1,
                Some(false) => 2,
            });
        }
        let right = match self.source.survey.awareness.as_ref().and_then(|a| a.rule.as_ref()) {
            Some(AwarenessRule::Options { question, options }) if *question == self.questions[at].id => Some(options),
            Some(AwarenessRule::Score { questions, .. }) => {
                questions.iter().find(|(id, _)| *id == self.questions[at].id).map(|(_, options)| options)
            }
            _ => None,
        };
        layer.extend(right.into_iter().flat_map(|options| decided(options, options.iter().any(|option| has(option)))));
        // Who is asked the questions that follow.
        for child in &self.questions {
            if let Some(condition) = child.show_if.as_ref().filter(|c| c.question == self.questions[at].id) {
                layer.extend(decided(&condition.options, condition.is_met(has)));
            }
        }
        layer
    }
}
