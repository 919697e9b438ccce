//! Statistical disclosure control: which counts of a wave may be published without disclosing anything of one person.
//!
//! In: [`WaveCounts`]. Out: [`SuppressionPattern`]. The terms are those of the Handbook on Statistical Disclosure Control (A.
//! Hundepool and others, ESSNet SDC 2010). A count from 1 to [`MIN_PUBLISHED_COUNT`] − 1 is sensitive and is suppressed (primary
//! suppression), together with as many others as are needed that it cannot be derived from all published counts of the wave:
//! tables, totals, cross tables, the headline, the weighted share (complementary suppression). The attacker's linear program has a
//! variable for each suppressed count and an equation for each published sum. The counts are protected when the feasible interval
//! of each sensitive count reaches [`MIN_PUBLISHED_COUNT`] and holds that many values. What is published nowhere needs no
//! protection. The privacy tests solve these programs.
//!
//! - Rows of a question with one answer add up to the respondents who answered it ([`table_rows`]). Sums of sets of its rows are
//!   known from other counts: the aware from the headline (a score only bounds the right answers, which is treated alike), the
//!   answers that lead to a follow-up question from that question's total. Each such set is protected by itself, as if its sum were
//!   known.
//! - A zero says that nobody chose an option. It is published where everybody was asked. Where only some were, and in cross tables,
//!   it says the same of each member of a group, so it is sensitive.
//! - A headline with one to four aware or other respondents is published as bounds, without cross tables.
//! - A cross table suppresses whole rows ([`cross_tables`]).
//! - A weighted share is a sum over groups with known weights. It is rounded when it could disclose a count of a group
//!   ([`weighted_share`]), or of a combination of groups of several margins ([`super::figure_release`]).
//! - Weighted percentages of a table of options are rounded until no small count of a combination follows from them
//!   ([`weighted_tables`]).
//! - Snapshots of one wave are one release: what is new must be publishable by itself ([`increment`]).

mod cross_tables;
mod increment;
mod table_rows;
mod weighted_share;
mod weighted_tables;

use super::count::{AwarenessCounts, WaveCounts, has_one_answer, rule_questions};
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;
use puzhi_core::kinds::{AwarenessRule, Question, QuestionKind, Survey};

pub use increment::{held_back, hold_back, protect_increment};
pub use weighted_share::{ShareRounding, WeightedGroup, rounding_step, share_rounding};
pub use weighted_tables::{TablePlace, TableRounding, WeightedTable, nearest_step, table_rounding};

/// Which counts of a wave are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressionPattern {
    /// In the order of [`WaveCounts::tables`].
    pub tables: Vec<TableSuppression>,
    /// How much of the awareness figure is published.
    pub headline: HeadlineRelease,
    /// In the order of [`WaveCounts::crosses`]: which rows are published. `None`: the table is not.
    pub crosses: Vec<Option<Vec<bool>>>,
}

/// Which counts of one question are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSuppression {
    /// Whether the number of respondents who answered is published. Without it no row is.
    pub total_shown: bool,
    /// Whether each row is published.
    pub rows_shown: Vec<bool>,
}

/// How much of the awareness figure is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadlineRelease {
    /// The counts.
    Exact,
    /// Only that one to four respondents are aware, or are not.
    Bounds,
    /// Only how many respondents the figure has.
    SampleSizeOnly,
    /// Nothing, not even how many respondents the figure has.
    Suppressed,
}

impl TableSuppression {
    /// Whether the total and all rows are published.
    pub fn is_unsuppressed(&self) -> bool {
        self.total_shown && self.rows_shown.iter().all(|row| *row)
    }

    fn suppress_all(&mut self) {
        self.total_shown = false;
        self.rows_shown.fill(false);
    }
}

/// Whether a count is sensitive in itself: from 1 to [`MIN_PUBLISHED_COUNT`] − 1.
pub fn is_small(count: u64) -> bool {
    count > 0 && count < MIN_PUBLISHED_COUNT
}

/// Decides which counts of a wave are published.
pub fn suppress(survey: &Survey, counted: &WaveCounts) -> SuppressionPattern {
    let questions: Vec<&Question> = survey.all_questions().collect();
    let rule = survey.awareness.as_ref().and_then(|a| a.rule.as_ref());
    let mut pattern = SuppressionPattern {
        tables: counted
            .tables
            .iter()
            .map(|table| TableSuppression { total_shown: true, rows_shown: vec![true; table.rows.len()] })
            .collect(),
        headline: headline(counted.n, counted.figure),
        crosses: vec![None; counted.crosses.len()],
    };
    let context = SuppressionContext { questions: &questions, counted, rule };
    if counted.n < MIN_PUBLISHED_COUNT {
        pattern.tables.iter_mut().for_each(TableSuppression::suppress_all);
        if context.rule_is_conditional() {
            pattern.headline = HeadlineRelease::Suppressed;
        }
        return pattern;
    }
    // Each round suppresses more or ends, so there are at most as many rounds as counts to suppress.
    for _ in 0..=questions.len() * 2 + 2 {
        if !context.suppress_once(&mut pattern) {
            break;
        }
    }
    if context.score_discloses(&pattern) {
        pattern.headline = HeadlineRelease::SampleSizeOnly;
    }
    if pattern.headline == HeadlineRelease::Exact && !context.rule_is_conditional() {
        for (cross, shown) in counted.crosses.iter().zip(&mut pattern.crosses) {
            *shown = cross_tables::shown_rows(
                cross,
                &counted.tables[cross.by_question].rows,
                &pattern.tables[cross.by_question],
            );
        }
    }
    pattern
}

/// The release of the figure by its own counts, before the tables are looked at.
fn headline(n: u64, figure: Option<AwarenessCounts>) -> HeadlineRelease {
    match figure {
        Some(split) if n < MIN_PUBLISHED_COUNT && split.n() == n => HeadlineRelease::SampleSizeOnly,
        Some(split) if split.n() < MIN_PUBLISHED_COUNT => HeadlineRelease::Suppressed,
        Some(split) if is_small(split.aware) || is_small(split.other) => HeadlineRelease::Bounds,
        Some(_) => HeadlineRelease::Exact,
        None => HeadlineRelease::Suppressed,
    }
}

/// What the decision reads.
struct SuppressionContext<'c> {
    questions: &'c [&'c Question],
    counted: &'c WaveCounts,
    rule: Option<&'c AwarenessRule>,
}

impl SuppressionContext<'_> {
    /// Goes over every question once. Returns whether something was suppressed that makes another round necessary.
    fn suppress_once(&self, pattern: &mut SuppressionPattern) -> bool {
        for at in 0..self.questions.len() {
            if pattern.tables[at].total_shown && !self.may_publish(at, pattern) {
                pattern.tables[at].suppress_all();
                return true;
            }
        }
        for at in 0..self.questions.len() {
            if !pattern.tables[at].total_shown {
                // Follow-up questions are suppressed by `may_publish`. A headline that depends on this one is suppressed here.
                if pattern.headline != HeadlineRelease::Suppressed && self.headline_depends_on(at) {
                    pattern.headline = HeadlineRelease::Suppressed;
                    return true;
                }
                continue;
            }
            let table = &self.counted.tables[at];
            let zeros = self.questions[at].show_if.is_some();
            let rows = match self.questions[at].kind {
                QuestionKind::Number => Some(Vec::new()),
                QuestionKind::Multiple => Some(table_rows::multiple_choice(table.n, &table.rows, zeros)),
                QuestionKind::Single | QuestionKind::Scale => {
                    table_rows::single_choice(&table.rows, &self.row_sets_with_known_sum(at, pattern), zeros)
                }
            };
            match rows {
                Some(rows) => pattern.tables[at].rows_shown = rows,
                None => {
                    self.suppress_dependents(at, pattern);
                    return true;
                }
            }
        }
        false
    }

    /// Whether anything of the question may be published under the present pattern.
    fn may_publish(&self, at: usize, pattern: &SuppressionPattern) -> bool {
        let n = self.counted.tables[at].n;
        let Some(condition) = &self.questions[at].show_if else { return !is_small(n) };
        let Some(parent) = self.question_index(&condition.question) else { return false };
        let others = self.counted.tables[parent].n.saturating_sub(n);
        if !pattern.tables[parent].total_shown || is_small(n) || is_small(others) {
            return false;
        }
        // The total of a follow-up question is the count of those who met its condition. Where the rows of the question before it do
        // not add up to a known total, none of its counts may be suppressed, since this total could be subtracted from them.
        has_one_answer(self.questions[parent]) || pattern.tables[parent].is_unsuppressed()
    }

    /// Sets of rows of a question whose sums an attacker knows from other published counts.
    fn row_sets_with_known_sum(&self, at: usize, pattern: &SuppressionPattern) -> Vec<Vec<bool>> {
        let choices = self.questions[at].choices();
        let mut parts: Vec<Vec<bool>> = Vec::new();
        // With a rule on one question, the aware are the headline itself. With a score, they bound the right answers to each question.
        let right = match self.rule.filter(|_| pattern.headline == HeadlineRelease::Exact) {
            Some(AwarenessRule::Options { question, options }) => {
                (*question == self.questions[at].id).then_some(options)
            }
            Some(AwarenessRule::Score { questions, .. }) => {
                questions.iter().find(|(question, _)| *question == self.questions[at].id).map(|(_, options)| options)
            }
            None => None,
        };
        parts.extend(right.map(|options| choices.iter().map(|c| options.contains(&c.id)).collect()));
        for (child, question) in self.questions.iter().enumerate() {
            let Some(condition) = question.show_if.as_ref().filter(|c| c.question == self.questions[at].id) else {
                continue;
            };
            if pattern.tables[child].total_shown
                || (pattern.headline != HeadlineRelease::Suppressed && self.is_in_rule(child))
            {
                parts.push(choices.iter().map(|c| condition.is_met(|option| option == c.id)).collect());
            }
        }
        parts
    }

    /// Suppresses what makes the rows of a question impossible to protect: first the follow-up questions, then the headline, then
    /// the question itself.
    fn suppress_dependents(&self, at: usize, pattern: &mut SuppressionPattern) {
        let mut changed = false;
        for child in 0..self.questions.len() {
            if pattern.tables[child].total_shown && self.is_follow_up(child, at) {
                pattern.tables[child].suppress_all();
                changed = true;
            }
        }
        if changed {
            return;
        }
        if pattern.headline != HeadlineRelease::Suppressed && self.headline_depends_on(at) {
            pattern.headline = HeadlineRelease::Suppressed;
        } else {
            pattern.tables[at].suppress_all();
        }
    }

    /// Whether `child` is asked only of those who gave certain answers to `parent`.
    fn is_follow_up(&self, child: usize, parent: usize) -> bool {
        self.questions[child].show_if.as_ref().is_some_and(|c| c.question == self.questions[parent].id)
    }

    /// Whether the headline discloses how many respondents met a condition on this question.
    fn headline_depends_on(&self, at: usize) -> bool {
        (0..self.questions.len()).any(|child| {
            self.is_in_rule(child)
                && (self.is_follow_up(child, at) || child == at && self.questions[at].show_if.is_some())
        })
    }

    /// Whether the awareness rule reads the question.
    fn is_in_rule(&self, at: usize) -> bool {
        self.rule.is_some_and(|rule| rule_questions(rule).contains(&self.questions[at].id.as_str()))
    }

    fn rule_is_conditional(&self) -> bool {
        (0..self.questions.len()).any(|at| self.is_in_rule(at) && self.questions[at].show_if.is_some())
    }

    /// Whether the headline of a score leaves too narrow a feasible interval for a sensitive count of right or wrong answers. An
    /// aware respondent has at least `k` right answers, of which the other questions account for no more than their right answers;
    /// one who is not aware has fewer than `k`, of which the other questions take up their right answers beyond the aware.
    fn score_discloses(&self, pattern: &SuppressionPattern) -> bool {
        let (Some(AwarenessRule::Score { questions, at_least }), Some(split), HeadlineRelease::Exact) =
            (self.rule, self.counted.figure, pattern.headline)
        else {
            return false;
        };
        let k = *at_least as u64;
        let right = |(id, options): &(String, Vec<String>)| {
            let at = self.question_index(id).filter(|at| has_one_answer(self.questions[*at]))?;
            let rows = self.questions[at].choices().into_iter().zip(&self.counted.tables[at].rows);
            Some((at, rows.filter(|(choice, _)| options.contains(&choice.id)).map(|(_, n)| n).sum::<u64>()))
        };
        let rights: Vec<Option<(usize, u64)>> = questions.iter().map(right).collect();
        rights.iter().enumerate().any(|(own, found)| {
            let Some((at, count)) = *found else { return false };
            let wrong = self.counted.tables[at].n.saturating_sub(count);
            if !is_small(count) && !is_small(wrong) {
                return false;
            }
            let others = || {
                rights
                    .iter()
                    .enumerate()
                    .filter(move |(other, _)| *other != own)
                    .map(|(_, found)| found.map(|(_, count)| count))
            };
            let among_aware: u64 =
                others().map(|count| count.map_or(split.aware, |count| count.min(split.aware))).sum();
            let beyond: u64 = others().map(|count| count.map_or(0, |count| count.saturating_sub(split.aware))).sum();
            let low = (k * split.aware).saturating_sub(among_aware);
            let high = split.aware + split.other.min(((k - 1) * split.other).saturating_sub(beyond));
            let wide = high.saturating_sub(low) >= MIN_PUBLISHED_COUNT - 1;
            let reaches = |small: u64, most: u64| !is_small(small) || most >= MIN_PUBLISHED_COUNT;
            !(wide && reaches(count, high) && reaches(wrong, self.counted.tables[at].n.saturating_sub(low)))
        })
    }

    /// Index of the question with this id.
    fn question_index(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|q| q.id == id)
    }
}
