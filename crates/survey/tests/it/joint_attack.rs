//! The attack on the weighted share: which combinations of age, sex and awareness follow from everything that is published of a wave.
//!
//! The attacker knows the published tables, the margins of the population and the method. Every table of whole numbers with the
//! published sums is raked as the method says, by code of its own here, and kept if it gives the published figures. On small surveys all
//! tables are tried, on larger ones a seeded search walks among them. The rule is that of `privacy`: a hidden count from 1 to 4 must be
//! able to reach 5 and have a range of 4.

use std::collections::BTreeSet;

use puzhi_core::kinds::results::{AwarenessEstimate, HALF_DIGIT, WaveResults};
use puzhi_core::kinds::{Survey, results::Results};
use puzhi_survey::Response;
use puzhi_survey::answers::Answers;
use puzhi_survey::snapshot::{RecountPolicy, snapshot};

use super::privacy::{Dice, survey_of};

const AGES: usize = 3;
/// Tables beyond which the search is seeded instead of exhaustive.
const MAX_TABLES: usize = 60_000;
/// Steps of the seeded search.
const STEPS: usize = 4_000;

/// Respondents by age, sex (the last index) and awareness (0: aware).
type Table = [[[i64; 2]; 2]; AGES];

fn definition(ages: [u32; AGES], women: u32) -> Survey {
    let [a, b, c] = ages;
    survey_of(&format!(
        "
questions:
  - {{id: heard, type: single, required: true, text: a, options: [{{id: know, text: a}}, {{id: never, text: b}}]}}
background:
  - {{id: age, type: single, required: true, text: b, options: [{{id: a0, text: a}}, {{id: a1, text: b}}, {{id: a2, text: c}}]}}
  - {{id: sex, type: single, required: true, text: c, options: [{{id: s0, text: a}}, {{id: s1, text: b}}]}}
awareness: {{words: w, question: heard, options: know}}
margins: [{{question: age, shares: {{a0: {a}, a1: {b}, a2: {c}}}, source: s}}, {{question: sex, shares: {{s0: {women}, s1: {}}}, source: s}}]
",
        100 - women
    ))
}

fn publish(survey: &Survey, table: &Table, before: Option<&Results>) -> Results {
    let mut responses = Vec::new();
    for (age, sexes) in table.iter().enumerate() {
        for (sex, layers) in sexes.iter().enumerate() {
            for (layer, count) in layers.iter().enumerate() {
                let heard = ["know", "never"][layer];
                let answers = format!("{{\"age\":\"a{age}\",\"heard\":\"{heard}\",\"sex\":\"s{sex}\"}}");
                for _ in 0..*count {
                    responses.push(Response {
                        id: (responses.len() as u128).to_be_bytes(),
                        survey: "s".into(),
                        wave: "w".into(),
                        mode: puzhi_core::kinds::CollectionMode::Face,
                        hour: 0,
                        wording: survey.wording(),
                        answers: Answers::from_canonical(&answers).unwrap(),
                        sample: puzhi_survey::SampleUnit::default(),
                    });
                }
            }
        }
    }
    snapshot(survey, responses, before, RecountPolicy::KeepPublished).0
}

/// What the attacker computes from a table: share, design effect, and rounds of raking.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Raked {
    share: f64,
    deff: f64,
    rounds: u64,
    cut: bool,
}

/// Raking as the method describes it: each margin in turn, then weights of five times the mean or more are cut, until both margins are
/// met within 1e-9 of the whole.
fn raked(table: &Table, margins: &([f64; AGES], [f64; 2])) -> Option<Raked> {
    let size = |a: usize, s: usize| (table[a][s][0] + table[a][s][1]) as f64;
    let places = || (0..AGES).flat_map(|a| [(a, 0), (a, 1)]);
    let n: f64 = places().map(|(a, s)| size(a, s)).sum();
    let mut weights = [[1.0_f64; 2]; AGES];
    for rounds in 1..=1000 {
        for (a, of_age) in weights.iter_mut().enumerate() {
            let held: f64 = (0..2).map(|s| size(a, s) * of_age[s]).sum();
            of_age.iter_mut().for_each(|w| *w *= margins.0[a] * n / held);
        }
        for s in 0..2 {
            let held: f64 = (0..AGES).map(|a| size(a, s) * weights[a][s]).sum();
            weights.iter_mut().for_each(|w| w[s] *= margins.1[s] * n / held);
        }
        let cut = places().any(|(a, s)| weights[a][s] >= 5.0 && size(a, s) > 0.0);
        weights.iter_mut().flatten().for_each(|w| *w = w.min(5.0));
        let sum: f64 = places().map(|(a, s)| size(a, s) * weights[a][s]).sum();
        weights.iter_mut().flatten().for_each(|w| *w *= n / sum);
        let by_age = |a: usize| ((0..2).map(|s| size(a, s) * weights[a][s]).sum::<f64>() / n - margins.0[a]).abs();
        let by_sex = |s: usize| ((0..AGES).map(|a| size(a, s) * weights[a][s]).sum::<f64>() / n - margins.1[s]).abs();
        let worst = (0..AGES).map(by_age).chain((0..2).map(by_sex)).fold(0.0, f64::max);
        if worst.is_nan() {
            return None;
        }
        if worst <= 1e-9 {
            let aware: f64 = places().map(|(a, s)| table[a][s][0] as f64 * weights[a][s]).sum();
            let squares: f64 = places().map(|(a, s)| size(a, s) * weights[a][s] * weights[a][s]).sum();
            return Some(Raked { share: aware / n, deff: squares / n, rounds, cut });
        }
    }
    None
}

/// The counts of a margin that are published, by group and awareness; `None` where they are hidden.
#[derive(Debug, Clone)]
struct Known {
    ages: [[Option<i64>; 2]; AGES],
    sexes: [[Option<i64>; 2]; 2],
    age_sizes: [Option<i64>; AGES],
    sex_sizes: [Option<i64>; 2],
    aware: i64,
    n: i64,
}

impl Known {
    fn of(wave: &WaveResults) -> Option<Known> {
        let figure = wave.awareness.as_ref()?;
        let cells = |by: &str, at: usize| -> [Option<i64>; 2] {
            let cross = wave.crosses.iter().find(|cross| cross.by == by);
            let cells = cross.map(|cross| cross.groups[at].cells.clone()).unwrap_or(vec![None, None]);
            [cells[0].map(|n| n as i64), cells[1].map(|n| n as i64)]
        };
        let size = |id: &str, at: usize| {
            wave.questions.iter().find(|q| q.id == id).and_then(|q| q.rows[at].n).map(|n| n as i64)
        };
        Some(Known {
            ages: std::array::from_fn(|a| cells("age", a)),
            sexes: std::array::from_fn(|s| cells("sex", s)),
            age_sizes: std::array::from_fn(|a| size("age", a)),
            sex_sizes: std::array::from_fn(|s| size("sex", s)),
            aware: figure.aware? as i64,
            n: figure.n as i64,
        })
    }

    fn holds(&self, table: &Table) -> bool {
        let sum = |pick: &dyn Fn(usize, usize, usize) -> bool| -> i64 {
            let mut sum = 0;
            for (a, sexes) in table.iter().enumerate() {
                for (s, layers) in sexes.iter().enumerate() {
                    for (l, n) in layers.iter().enumerate() {
                        sum += if pick(a, s, l) { *n } else { 0 };
                    }
                }
            }
            sum
        };
        let is = |known: Option<i64>, found: i64| known.is_none_or(|known| known == found);
        is(Some(self.n), sum(&|_, _, _| true))
            && is(Some(self.aware), sum(&|_, _, l| l == 0))
            && (0..AGES).all(|age| {
                is(self.age_sizes[age], sum(&|a, _, _| a == age))
                    && (0..2).all(|layer| is(self.ages[age][layer], sum(&|a, _, l| a == age && l == layer)))
            })
            && (0..2).all(|sex| {
                is(self.sex_sizes[sex], sum(&|_, s, _| s == sex))
                    && (0..2).all(|layer| is(self.sexes[sex][layer], sum(&|_, s, l| s == sex && l == layer)))
            })
    }
}

/// The figures with which a table must agree.
#[derive(Debug, Clone, Copy)]
enum Figures {
    /// As they are published: bounds of the share, the design effect in hundredths, rounded up.
    Published { low: f64, high: f64, deff: Option<i64> },
    /// As they were published before: every digit.
    Exact(Raked),
}

fn hundredths(deff: f64) -> i64 {
    (deff.max(1.0) * 100.0 - 1e-7).ceil() as i64
}

impl Figures {
    fn published(figure: &AwarenessEstimate) -> Figures {
        let (low, high) = match (figure.share, figure.step) {
            (Some(share), Some(step)) => (share - step / 2.0 - 1e-9, share + step / 2.0 + 1e-9),
            (Some(share), None) => (share - HALF_DIGIT - 1e-9, share + HALF_DIGIT + 1e-9),
            (None, _) => (0.0, 1.0),
        };
        Figures::Published { low, high, deff: figure.weighting.as_ref().map(|w| hundredths(w.deff)) }
    }

    fn agree(&self, found: Raked) -> bool {
        match self {
            Figures::Published { low, high, deff } => {
                (*low..=*high).contains(&found.share) && deff.is_none_or(|deff| deff == hundredths(found.deff))
            }
            Figures::Exact(exact) => (found.share - exact.share).abs() < 1e-9 && (found.deff - exact.deff).abs() < 1e-9,
        }
    }
}

/// Rectangles of the table: one layer, two ages; the sexes are the other two corners.
fn moves() -> Vec<(usize, usize, usize)> {
    (0..2).flat_map(|l| [(l, 0, 1), (l, 0, 2), (l, 1, 2)]).collect()
}

fn moved(table: &Table, (layer, a, b): (usize, usize, usize), by: i64) -> Option<Table> {
    let mut table = *table;
    for (age, sex, by) in [(a, 0, by), (b, 1, by), (a, 1, -by), (b, 0, -by)] {
        table[age][sex][layer] += by;
        if table[age][sex][layer] < 0 {
            return None;
        }
    }
    Some(table)
}

/// All tables with the sums of the true one, if they are few; else `None`. Every table with these sums is reached by rectangles of
/// neighbouring ages.
fn all_tables(truth: &Table) -> Option<Vec<Table>> {
    let mut found = BTreeSet::from([*truth]);
    let mut queue = vec![*truth];
    while let Some(table) = queue.pop() {
        for rectangle in moves() {
            for by in [1, -1] {
                if let Some(next) = moved(&table, rectangle, by)
                    && found.insert(next)
                {
                    queue.push(next);
                }
            }
        }
        if found.len() > MAX_TABLES {
            return None;
        }
    }
    Some(found.into_iter().collect())
}

/// A seeded walk among the tables with the sums of the true one.
fn some_tables(truth: &Table, dice: &mut Dice) -> Vec<Table> {
    let mut found = vec![*truth];
    // Every move of both layers around one rectangle, so that the nearest tables are never missed.
    for (_, a, b) in moves().into_iter().filter(|(layer, _, _)| *layer == 0) {
        for aware in -6..=6 {
            for other in -6..=6 {
                let both = moved(truth, (0, a, b), aware).and_then(|table| moved(&table, (1, a, b), other));
                found.extend(both);
            }
        }
    }
    let mut table = *truth;
    for step in 0..STEPS {
        let (rectangle, by) = (moves()[dice.roll(6)], dice.roll(9) as i64 - 4);
        if let Some(next) = moved(&table, rectangle, by) {
            table = next;
            found.push(next);
        }
        // Back to the truth now and then, so that its surroundings are searched well.
        if step % 20 == 19 {
            table = *truth;
        }
    }
    found
}

/// A hidden count and the counts that the attack leaves for it.
#[derive(Debug)]
struct Cell {
    low: i64,
    high: i64,
}

impl Cell {
    fn is_protected(&self) -> bool {
        self.high >= 5 && self.high - self.low >= 4
    }
}

fn ranges(truth: &Table, kept: &[Table]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for a in 0..AGES {
        for s in 0..2 {
            for l in 0..2 {
                let of = |t: &Table| t[a][s][l];
                if (1..5).contains(&of(truth)) {
                    let (low, high) = (kept.iter().map(of).min().unwrap(), kept.iter().map(of).max().unwrap());
                    cells.push(Cell { low, high });
                }
            }
        }
    }
    cells
}

/// Tables that agree with the sums and the figures.
fn attack(tables: &[Table], known: &Known, figures: &Figures, margins: &([f64; AGES], [f64; 2])) -> Vec<Table> {
    let agrees = |table: &&Table| known.holds(table) && raked(table, margins).is_some_and(|found| figures.agree(found));
    tables.iter().filter(agrees).copied().collect()
}

/// A survey in which some combinations are rare, and what was added to it later.
struct Case {
    ages: [u32; AGES],
    women: u32,
    first: Table,
    second: Table,
}

impl Case {
    fn of(dice: &mut Dice) -> Case {
        let first = 20 + dice.roll(30) as u32;
        let ages = [first, 25 + dice.roll(10) as u32, 0];
        let ages = [ages[0], ages[1], 100 - ages[0] - ages[1]];
        let scale = [4, 8, 20, 50][dice.roll(4)];
        let table = |dice: &mut Dice| -> Table {
            std::array::from_fn(|_| {
                std::array::from_fn(|_| {
                    std::array::from_fn(|layer| match dice.roll(4) {
                        0 => dice.roll(5) as i64,
                        _ => 3 + dice.roll(scale * if layer == 0 { 3 } else { 1 }) as i64,
                    })
                })
            })
        };
        let (first, more) = (table(dice), table(dice));
        let mut second = first;
        for (a, sexes) in second.iter_mut().enumerate() {
            for (s, layers) in sexes.iter_mut().enumerate() {
                layers.iter_mut().enumerate().for_each(|(l, n)| *n += more[a][s][l]);
            }
        }
        Case { ages, women: 40 + dice.roll(25) as u32, first, second }
    }

    fn margins(&self) -> ([f64; AGES], [f64; 2]) {
        let women = f64::from(self.women) / 100.0;
        (self.ages.map(|share| f64::from(share) / 100.0), [women, 1.0 - women])
    }
}

/// Whether the method raked this table as the attack does: every group has respondents, and none was merged.
fn is_plain(figure: &AwarenessEstimate) -> bool {
    figure.uncovered.is_empty()
        && figure.weighting.as_ref().is_some_and(|w| w.converged && w.rounds < 1000 && !w.merged)
}

#[test]
fn no_combination_of_groups_follows_from_the_published_figures() {
    let rounds: u64 = std::env::var("PRIVACY_SURVEYS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let (mut cells, mut exhaustive, mut told, mut pinned_before, mut attacked_before) = (0, 0, 0, 0, 0);
    for seed in 0..rounds {
        let mut dice = Dice(seed * 6_364_136 + 11);
        let case = Case::of(&mut dice);
        let survey = definition(case.ages, case.women);
        let margins = case.margins();
        let results = publish(&survey, &case.first, None);
        let Some(wave) = results.waves.first() else { continue };
        let Some(figure) = wave.awareness.as_ref().filter(|figure| is_plain(figure)) else { continue };
        let Some(known) = Known::of(wave) else { continue };
        let all = all_tables(&case.first);
        exhaustive += usize::from(all.is_some());
        let tables = all.unwrap_or_else(|| some_tables(&case.first, &mut dice));
        assert!(known.holds(&case.first), "seed {seed}: what is published is not so");
        let kept = attack(&tables, &known, &Figures::published(figure), &margins);
        assert!(kept.contains(&case.first), "seed {seed}: the truth does not agree with what is published: {figure:?}");
        told += usize::from(figure.share.is_some());
        for cell in ranges(&case.first, &kept) {
            cells += 1;
            // Without a share nothing is told that the tables do not tell.
            let untold = figure.share.is_none();
            assert!(cell.is_protected() || untold, "seed {seed}: {cell:?} of {:?}\n{figure:?}", case.first);
        }
        // The same attack on all digits, as they were published before.
        let Some(exact) = raked(&case.first, &margins) else { continue };
        let before = attack(&tables, &known, &Figures::Exact(exact), &margins);
        for cell in ranges(&case.first, &before) {
            attacked_before += 1;
            pinned_before += usize::from(cell.low == cell.high);
        }
    }
    let counts = format!(
        "{cells} cells, {exhaustive} surveys tried exhaustively, {told} shares told, {pinned_before} of {attacked_before} cells pinned by all digits"
    );
    println!("{counts}");
    // Neither must the test pass because nothing is small or told, nor because the attack is blunt.
    assert!(cells as u64 > rounds && exhaustive as u64 > rounds / 20 && told as u64 > rounds / 5, "{counts}");
    assert!(2 * pinned_before > attacked_before, "{counts}");
}

#[test]
fn a_second_snapshot_discloses_no_combination_either() {
    let rounds: u64 = std::env::var("PRIVACY_SURVEYS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let (mut cells, mut both) = (0, 0);
    for seed in 0..rounds {
        let mut dice = Dice(seed * 982_451 + 5);
        let case = Case::of(&mut dice);
        let survey = definition(case.ages, case.women);
        let margins = case.margins();
        let first = publish(&survey, &case.first, None);
        let second = publish(&survey, &case.second, Some(&first));
        let (Some(one), Some(two)) = (first.waves.first(), second.waves.first()) else { continue };
        if one.n == two.n {
            continue;
        }
        let plain = |wave: &&WaveResults| wave.awareness.as_ref().is_some_and(is_plain);
        let (Some(one), Some(two)) = (Some(one).filter(plain), Some(two).filter(plain)) else { continue };
        let (Some(known_one), Some(known_two)) = (Known::of(one), Known::of(two)) else { continue };
        let kept = |truth: &Table, known: &Known, wave: &WaveResults, dice: &mut Dice| {
            let figures = Figures::published(wave.awareness.as_ref().unwrap());
            attack(&some_tables(truth, dice), known, &figures, &margins)
        };
        let earlier = kept(&case.first, &known_one, one, &mut dice);
        let later = kept(&case.second, &known_two, two, &mut dice);
        both += 1;
        // Nobody's answer goes away: the later table has at least what the earlier one has.
        let grows =
            |a: &Table, b: &Table| a.iter().flatten().flatten().zip(b.iter().flatten().flatten()).all(|(a, b)| a <= b);
        let possible_earlier: Vec<Table> =
            earlier.iter().filter(|a| later.iter().any(|b| grows(a, b))).copied().collect();
        let possible_later: Vec<Table> =
            later.iter().filter(|b| earlier.iter().any(|a| grows(a, b))).copied().collect();
        for (truth, possible, wave) in [(&case.first, possible_earlier, one), (&case.second, possible_later, two)] {
            for cell in ranges(truth, &possible) {
                cells += 1;
                let untold = wave.awareness.as_ref().is_none_or(|figure| figure.share.is_none());
                assert!(cell.is_protected() || untold, "seed {seed}: {cell:?} of {truth:?}");
            }
        }
    }
    println!("{both} pairs of snapshots, {cells} cells");
    assert!(both as u64 > rounds / 10 && cells > both, "{both} pairs, {cells} cells");
}

#[test]
fn a_few_new_answers_do_not_follow_from_two_snapshots() {
    let survey = definition([34, 33, 33], 50);
    let first: Table = [[[40, 10], [40, 10]], [[40, 10], [40, 10]], [[30, 8], [4, 8]]];
    let published = publish(&survey, &first, None);
    // Five more, of whom one does not know.
    let mut more = first;
    more[0][0][0] += 4;
    more[1][1][1] += 1;
    assert_eq!(publish(&survey, &more, Some(&published)), published, "the earlier results stay");
    // Five who all know tell of each of them.
    let mut alike = first;
    alike[0][0][0] += 5;
    assert_eq!(publish(&survey, &alike, Some(&published)), published);
    // With many more, only the rows whose new answers are few stay back.
    let mut many = first;
    for (a, s, l, n) in [(0, 0, 0, 30), (0, 1, 1, 12), (1, 0, 0, 25), (1, 1, 1, 9), (2, 0, 0, 2), (2, 1, 1, 1)] {
        many[a][s][l] += n;
    }
    let again = publish(&survey, &many, Some(&published));
    assert_eq!(again.waves[0].n, published.waves[0].n + 79);
    let rows = |results: &Results, id: &str| {
        let table = results.waves[0].questions.iter().find(|q| q.id == id).unwrap().clone();
        table.rows.iter().map(|row| row.n).collect::<Vec<_>>()
    };
    let ages = rows(&again, "age");
    assert!(
        ages[2].is_none() && ages.iter().filter(|n| n.is_some()).count() <= 1,
        "three new of the third age: {ages:?}"
    );
    assert!(rows(&publish(&survey, &many, None), "age").iter().all(Option::is_some));
}
