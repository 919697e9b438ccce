//! What may be told of a wave's counts without telling anything of one person.
//!
//! In: [`Counted`]. Out: [`Told`]: which counts are shown. A count of one to four is hidden, and with it as many others that nobody can
//! work it out from all that is published of the wave together: tables, totals, cross tables, the headline, the weighted share. The
//! measure: the values a hidden count can have, for a reader who adds and subtracts everything, go to five or beyond and are five at
//! least. What is nowhere published needs no protection.
//!
//! How the pieces hang together:
//! - Rows of a question with one answer add up to whoever answered ([`rows`]). Parts of a question's rows are known by their sums from
//!   elsewhere: the aware from the headline (a score only bounds the right answers, which is treated alike), the answers that lead to a
//!   further question from that question's total. Each such part is protected by itself, as if its sum were known.
//! - A zero tells that nobody chose an option, which is told where everybody was asked; where only some were, and in cross tables, a
//!   zero says the same of each of a group, so it is hidden like one to four.
//! - A headline with one to four that are not aware (or that are) is told as bounds, with no cross tables.
//! - A cross table hides whole rows ([`crosses`]).
//! - A weighted share is a sum over groups with known weights; it is rounded when it could give away a group's count ([`weighted`]).

mod crosses;
mod rows;
mod weighted;

use super::count::{Counted, Split, adds_up, asked_by};
use puzhi_core::kinds::results::LEAST_CELL;
use puzhi_core::kinds::{Question, QuestionKind, Rule, Survey};

pub use weighted::{Grain, Weighed, grain, step_of};

/// What may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In the order of [`Counted::tables`].
    pub tables: Vec<TableTold>,
    pub headline: Headline,
    /// In the order of [`Counted::crosses`]: which rows are shown. `None`: the table is not published.
    pub crosses: Vec<Option<Vec<bool>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTold {
    /// Whether it is told how many answered; otherwise nothing of the question is.
    pub n: bool,
    pub rows: Vec<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headline {
    /// As counted.
    Exact,
    /// One to four are not aware, or are: only that is told.
    Bounds,
    /// How many answered, and no more.
    Hidden,
    /// Nothing: not even how many were asked.
    Nothing,
}

impl TableTold {
    pub fn is_whole(&self) -> bool {
        self.n && self.rows.iter().all(|row| *row)
    }

    fn hide(&mut self) {
        self.n = false;
        self.rows.fill(false);
    }
}

/// Whether a count could tell something of one person.
pub fn is_small(count: u64) -> bool {
    count > 0 && count < LEAST_CELL
}

/// Decides what may be told of a wave.
pub fn suppress(survey: &Survey, counted: &Counted) -> Told {
    let questions: Vec<&Question> = survey.all_questions().collect();
    let rule = survey.awareness.as_ref().and_then(|a| a.rule.as_ref());
    let mut told = Told {
        tables: counted.tables.iter().map(|table| TableTold { n: true, rows: vec![true; table.rows.len()] }).collect(),
        headline: headline(counted.n, counted.figure),
        crosses: vec![None; counted.crosses.len()],
    };
    let view = View { questions: &questions, counted, rule };
    if counted.n < LEAST_CELL {
        told.tables.iter_mut().for_each(TableTold::hide);
        if view.rule_is_conditional() {
            told.headline = Headline::Nothing;
        }
        return told;
    }
    // Each round hides more or ends, so there are at most as many rounds as things to hide.
    for _ in 0..=questions.len() * 2 + 2 {
        if !view.hide_once(&mut told) {
            break;
        }
    }
    if view.score_gives_away(&told) {
        told.headline = Headline::Hidden;
    }
    if told.headline == Headline::Exact && !view.rule_is_conditional() {
        for (cross, shown) in counted.crosses.iter().zip(&mut told.crosses) {
            *shown = crosses::rows(cross, &counted.tables[cross.by].rows, &told.tables[cross.by]);
        }
    }
    told
}

fn headline(n: u64, figure: Option<Split>) -> Headline {
    match figure {
        Some(split) if n < LEAST_CELL && split.n() == n => Headline::Hidden,
        Some(split) if split.n() < LEAST_CELL => Headline::Nothing,
        Some(split) if is_small(split.aware) || is_small(split.other) => Headline::Bounds,
        Some(_) => Headline::Exact,
        None => Headline::Nothing,
    }
}

struct View<'c> {
    questions: &'c [&'c Question],
    counted: &'c Counted,
    rule: Option<&'c Rule>,
}

impl View<'_> {
    /// Goes over every question once; whether something was hidden that makes another round necessary.
    fn hide_once(&self, told: &mut Told) -> bool {
        for at in 0..self.questions.len() {
            if told.tables[at].n && !self.may_show(at, told) {
                told.tables[at].hide();
                return true;
            }
        }
        for at in 0..self.questions.len() {
            if !told.tables[at].n {
                // Whoever goes on from here is as hidden; `may_show` sees to that. The headline cannot stay if it does.
                if told.headline != Headline::Nothing && self.headline_follows(at) {
                    told.headline = Headline::Nothing;
                    return true;
                }
                continue;
            }
            let table = &self.counted.tables[at];
            let zeros = self.questions[at].show_if.is_some();
            let rows = match self.questions[at].kind {
                QuestionKind::Number => Some(Vec::new()),
                QuestionKind::Multiple => Some(rows::any_number(table.n, &table.rows, zeros)),
                QuestionKind::Single | QuestionKind::Scale => rows::one_each(&table.rows, &self.parts(at, told), zeros),
            };
            match rows {
                Some(rows) => told.tables[at].rows = rows,
                None => {
                    self.withdraw(at, told);
                    return true;
                }
            }
        }
        false
    }

    /// Whether anything of the question may be told at all, as things stand.
    fn may_show(&self, at: usize, told: &Told) -> bool {
        let n = self.counted.tables[at].n;
        let Some(condition) = &self.questions[at].show_if else { return !is_small(n) };
        let Some(parent) = self.place(&condition.question) else { return false };
        let others = self.counted.tables[parent].n.saturating_sub(n);
        if !told.tables[parent].n || is_small(n) || is_small(others) {
            return false;
        }
        // The total of a further question is a count of those who met its condition. Where the rows before it do not add up, nothing
        // that this could be subtracted from may be hidden.
        adds_up(self.questions[parent]) || told.tables[parent].is_whole()
    }

    /// Sets of rows of a question whose sums are known from elsewhere.
    fn parts(&self, at: usize, told: &Told) -> Vec<Vec<bool>> {
        let choices = self.questions[at].choices();
        let mut parts: Vec<Vec<bool>> = Vec::new();
        // The aware of one question are the headline itself. Those of a score bound how many were right on each of its questions.
        let right = match self.rule.filter(|_| told.headline == Headline::Exact) {
            Some(Rule::Options { question, options }) => (*question == self.questions[at].id).then_some(options),
            Some(Rule::Score { questions, .. }) => {
                questions.iter().find(|(question, _)| *question == self.questions[at].id).map(|(_, options)| options)
            }
            None => None,
        };
        parts.extend(right.map(|options| choices.iter().map(|c| options.contains(&c.id)).collect()));
        for (child, question) in self.questions.iter().enumerate() {
            let Some(condition) = question.show_if.as_ref().filter(|c| c.question == self.questions[at].id) else {
                continue;
            };
            if told.tables[child].n || (told.headline != Headline::Nothing && self.is_judged(child)) {
                parts.push(choices.iter().map(|c| condition.holds(|option| option == c.id)).collect());
            }
        }
        parts
    }

    /// Takes back what makes a question's rows impossible to protect: first the questions that follow from it, then the headline.
    fn withdraw(&self, at: usize, told: &mut Told) {
        let mut changed = false;
        for child in 0..self.questions.len() {
            if told.tables[child].n && self.follows(child, at) {
                told.tables[child].hide();
                changed = true;
            }
        }
        if changed {
            return;
        }
        if told.headline != Headline::Nothing && self.headline_follows(at) {
            told.headline = Headline::Nothing;
        } else {
            told.tables[at].hide();
        }
    }

    fn follows(&self, child: usize, parent: usize) -> bool {
        self.questions[child].show_if.as_ref().is_some_and(|c| c.question == self.questions[parent].id)
    }

    /// Whether the headline tells how many met a condition on this question.
    fn headline_follows(&self, at: usize) -> bool {
        (0..self.questions.len()).any(|child| {
            self.is_judged(child) && (self.follows(child, at) || child == at && self.questions[at].show_if.is_some())
        })
    }

    fn is_judged(&self, at: usize) -> bool {
        self.rule.is_some_and(|rule| asked_by(rule).contains(&self.questions[at].id.as_str()))
    }

    fn rule_is_conditional(&self) -> bool {
        (0..self.questions.len()).any(|at| self.is_judged(at) && self.questions[at].show_if.is_some())
    }

    /// Whether the count of a score's aware leaves a small count of right or wrong answers too little room. An aware respondent has at
    /// least `k` right answers, of which the other questions account for no more than were right there; one who is not aware has fewer
    /// than `k`, of which the other questions take up what was right there beyond the aware.
    fn score_gives_away(&self, told: &Told) -> bool {
        let (Some(Rule::Score { questions, at_least }), Some(split), Headline::Exact) =
            (self.rule, self.counted.figure, told.headline)
        else {
            return false;
        };
        let k = *at_least as u64;
        let right = |(id, options): &(String, Vec<String>)| {
            let at = self.place(id).filter(|at| adds_up(self.questions[*at]))?;
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
            let wide = high.saturating_sub(low) >= LEAST_CELL - 1;
            let reaches = |small: u64, most: u64| !is_small(small) || most >= LEAST_CELL;
            !(wide && reaches(count, high) && reaches(wrong, self.counted.tables[at].n.saturating_sub(low)))
        })
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|q| q.id == id)
    }
}
