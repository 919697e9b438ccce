//! The attack on the weighted share: which combinations of age, sex and awareness follow from everything that is published of a wave.
//!
//! The attacker knows the published tables, the margins of the population and the method. Every table of whole numbers with the
//! published sums is raked as the method says, by code of its own here, and kept if it gives the published figures. On small surveys all
//! tables are tried, on larger ones a seeded search walks among them. The rule is that of `privacy`: a hidden count from 1 to 4 must be
//! able to reach 5 and have a range of 4.

mod raking;
mod tables;

use std::collections::BTreeSet;

use puzhi_core::kinds::results::{AwarenessEstimate, HALF_DIGIT, WaveResults};
use puzhi_core::kinds::{Survey, results::Results};
use puzhi_survey::Response;
use puzhi_survey::answers::Answers;
use puzhi_survey::snapshot::{RecountPolicy, snapshot};

use super::privacy::{Dice, survey_of};
use raking::{Raked, Raker, design_effect, shares};

const AGES: usize = 3;
/// Tables beyond which the search is seeded instead of exhaustive.
const MAX_TABLES: usize = 20_000;
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

/// The same survey without margins.
fn unweighted_definition() -> Survey {
    let mut survey = definition([34, 33, 33], 50);
    survey.margins.clear();
    survey
}

/// The answers of one person: groups of age and sex, and whether the subject is known.
fn response(survey: &Survey, number: usize, age: usize, sex: usize, heard: &str) -> Response {
    let answers = format!("{{\"age\":\"a{age}\",\"heard\":\"{heard}\",\"sex\":\"s{sex}\"}}");
    Response {
        id: (number as u128).to_be_bytes(),
        survey: "s".into(),
        wave: "w".into(),
        mode: puzhi_core::kinds::CollectionMode::Face,
        hour: 0,
        wording: survey.wording(),
        answers: Answers::from_canonical(&answers).unwrap(),
        sample: puzhi_survey::SampleUnit::default(),
    }
}

fn publish(survey: &Survey, table: &Table, before: Option<&Results>) -> Results {
    let mut responses = Vec::new();
    for (age, sexes) in table.iter().enumerate() {
        for (sex, layers) in sexes.iter().enumerate() {
            for (layer, count) in layers.iter().enumerate() {
                let heard = ["know", "never"][layer];
                for _ in 0..*count {
                    responses.push(response(survey, responses.len(), age, sex, heard));
                }
            }
        }
    }
    snapshot(survey, responses, before, RecountPolicy::KeepPublished).0
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
    /// As they are published: bounds of the share, and the design effects of weights and figure, rounded up to steps.
    Published { low: f64, high: f64, step: f64, deff: Option<f64>, design: Option<f64>, cut: Option<bool> },
    /// As they were published before: every digit.
    Exact(Raked),
}

/// All digits of a table's figures.
fn raking_of(table: &Table, margins: &([f64; AGES], [f64; 2])) -> Option<Raked> {
    Raker::default().weights(table, margins).map(|weights| shares(table, &weights))
}

/// A design effect rounded up.
fn rounded_up(deff: f64, step: f64) -> f64 {
    (deff.max(1.0) / step - 1e-6).ceil() * step
}

impl Figures {
    fn published(figure: &AwarenessEstimate) -> Figures {
        let (low, high) = match (figure.share, figure.step) {
            (Some(share), Some(step)) => (share - step / 2.0 - 1e-9, share + step / 2.0 + 1e-9),
            (Some(share), None) => (share - HALF_DIGIT - 1e-9, share + HALF_DIGIT + 1e-9),
            (None, _) => (0.0, 1.0),
        };
        // The method says which step of effects goes with which step of the share.
        let step = match (figure.share, figure.step) {
            (None, _) => 0.5,
            (_, Some(step)) => step * 10.0,
            (_, None) => 0.01,
        };
        let weighting = figure.weighting.as_ref();
        Figures::Published {
            low,
            high,
            step,
            deff: weighting.map(|w| w.deff),
            design: figure.design.as_ref().map(|d| d.deff),
            cut: weighting.map(|w| w.trimmed),
        }
    }

    fn agree(&self, found: Raked, design_effect: impl Fn() -> f64) -> bool {
        match self {
            Figures::Published { low, high, step, deff, design, cut } => {
                let same = |told: &Option<f64>, found: f64| {
                    told.is_none_or(|told| (told - rounded_up(found, *step)).abs() < 1e-6)
                };
                (*low..=*high).contains(&found.share)
                    && same(deff, found.deff)
                    && cut.is_none_or(|cut| cut == found.cut)
                    && (design.is_none() || same(design, design_effect()))
            }
            Figures::Exact(exact) => (found.share - exact.share).abs() < 1e-9 && (found.deff - exact.deff).abs() < 1e-9,
        }
    }
}

/// Changes of single counts: age, sex and awareness, by how much.
type Move = Vec<([usize; 3], i64)>;

/// Moves that keep the sizes of all groups and the number of the aware. Rectangles of one layer keep the aware of every group as well; an
/// exchange of an aware respondent for another does not, and is possible where those are hidden.
fn moves(known: &Known) -> Vec<Move> {
    let mut all = Vec::new();
    let places: Vec<(usize, usize)> = (0..AGES).flat_map(|a| [(a, 0), (a, 1)]).collect();
    for layer in 0..2 {
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            all.push(vec![([a, 0, layer], 1), ([b, 1, layer], 1), ([a, 1, layer], -1), ([b, 0, layer], -1)]);
        }
    }
    // Both layers of one rectangle, so that no combination changes its size.
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let corners = [(a, 0, 1), (b, 1, 1), (a, 1, -1), (b, 0, -1)];
        all.push(corners.into_iter().flat_map(|(a, s, by)| [([a, s, 0], by), ([a, s, 1], -by)]).collect());
    }
    let hidden = known.ages.iter().chain(&known.sexes).flatten().any(Option::is_none);
    for (i, (a, s)) in places.iter().enumerate().filter(|_| hidden) {
        for (b, t) in &places[i + 1..] {
            all.push(vec![([*a, *s, 0], 1), ([*a, *s, 1], -1), ([*b, *t, 0], -1), ([*b, *t, 1], 1)]);
        }
    }
    all
}

fn moved(table: &Table, step: &Move, by: i64) -> Option<Table> {
    let mut table = *table;
    for ([age, sex, layer], each) in step {
        table[*age][*sex][*layer] += each * by;
    }
    table.iter().flatten().flatten().all(|n| *n >= 0).then_some(table)
}

/// All tables with the published sums, if they are few; else `None`.
fn all_tables(truth: &Table, known: &Known) -> Option<Vec<Table>> {
    let steps = moves(known);
    let mut found = BTreeSet::from([*truth]);
    let mut queue = vec![*truth];
    while let Some(table) = queue.pop() {
        for step in &steps {
            for by in [1, -1] {
                if let Some(next) = moved(&table, step, by)
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

/// A seeded walk among the tables with the published sums.
fn some_tables(truth: &Table, known: &Known, dice: &mut Dice) -> Vec<Table> {
    let steps = moves(known);
    let mut found = vec![*truth];
    // All pairs of moves, so that the nearest tables are never missed.
    for (i, first) in steps.iter().enumerate() {
        for second in &steps[i..] {
            for (by, more) in (-5..=5).flat_map(|by| (-5..=5).map(move |more| (by, more))) {
                found.extend(moved(truth, first, by).and_then(|table| moved(&table, second, more)));
            }
        }
    }
    let mut table = *truth;
    for at in 0..STEPS {
        let (step, by) = (&steps[dice.roll(steps.len())], dice.roll(9) as i64 - 4);
        if let Some(next) = moved(&table, step, by) {
            table = next;
            found.push(next);
        }
        // Back to the truth now and then, so that its surroundings are searched well.
        if at % 20 == 19 {
            table = *truth;
        }
    }
    found.sort_unstable();
    found.dedup();
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
    let mut raker = Raker::default();
    let mut agrees = |table: &&Table| {
        known.holds(table)
            && raker.weights(table, margins).is_some_and(|weights| {
                let found = shares(table, &weights);
                figures.agree(found, || design_effect(table, &weights, found))
            })
    };
    tables.iter().filter(|table| agrees(table)).copied().collect()
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

/// Number of random surveys: what `PRIVACY_SURVEYS` says.
fn surveys(least: u64) -> u64 {
    std::env::var("PRIVACY_SURVEYS").ok().and_then(|n| n.parse().ok()).unwrap_or(least)
}

/// Whether the method raked this table as the attack does: every group has respondents, and none was merged.
fn is_plain(figure: &AwarenessEstimate) -> bool {
    figure.uncovered.is_empty() && figure.weighting.as_ref().is_some_and(|w| w.converged && !w.merged)
}

#[test]
fn no_combination_of_groups_follows_from_the_published_figures() {
    let rounds = surveys(24);
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
        let all = all_tables(&case.first, &known);
        exhaustive += usize::from(all.is_some());
        let tables = all.unwrap_or_else(|| some_tables(&case.first, &known, &mut dice));
        assert!(known.holds(&case.first), "seed {seed}: what is published is not so");
        let kept = attack(&tables, &known, &Figures::published(figure), &margins);
        assert!(kept.contains(&case.first), "seed {seed}: the truth does not agree with what is published: {figure:?}");
        told += usize::from(figure.share.is_some());
        for cell in ranges(&case.first, &kept) {
            cells += 1;
            // Without a share and an effect nothing is told that the tables do not tell.
            let untold = figure.share.is_none() && figure.weighting.is_none();
            assert!(cell.is_protected() || untold, "seed {seed}: {cell:?} of {:?}\n{figure:?}", case.first);
        }
        // The same attack on all digits, as they were published before.
        let Some(exact) = raking_of(&case.first, &margins) else { continue };
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
    assert!(cells as u64 > rounds && exhaustive as u64 > rounds / 50 && told as u64 > rounds / 5, "{counts}");
    assert!(2 * pinned_before > attacked_before, "{counts}");
}

#[test]
fn a_second_snapshot_discloses_no_combination_either() {
    let rounds = surveys(24);
    let (mut published, mut kept_back, mut told_before) = (0, 0, 0);
    for seed in 0..rounds {
        let mut dice = Dice(seed * 982_451 + 5);
        let case = Case::of(&mut dice);
        let survey = definition(case.ages, case.women);
        let margins = case.margins();
        let first = publish(&survey, &case.first, None);
        let second = publish(&survey, &case.second, Some(&first));
        if first.waves.is_empty() {
            continue;
        }
        if first == second {
            kept_back += 1;
        } else {
            published += 1;
            assert!(narrowed(&case, [&first, &second], &margins, &mut dice).is_empty(), "seed {seed}");
        }
        // The same attack on both as they were published before, each for itself.
        let renewed = publish(&survey, &case.second, None);
        told_before += narrowed(&case, [&first, &renewed], &margins, &mut dice).len();
    }
    let counts = format!(
        "{published} second snapshots published, {kept_back} kept back; {told_before} cells told by two snapshots that do not look at each other"
    );
    println!("{counts}");
    assert!(kept_back > 0 && told_before > 0, "{counts}");
}

/// Small counts that follow too closely from two snapshots together.
fn narrowed(case: &Case, snapshots: [&Results; 2], margins: &([f64; AGES], [f64; 2]), dice: &mut Dice) -> Vec<Cell> {
    let truths = [&case.first, &case.second];
    let mut possible: Vec<Vec<Table>> = Vec::new();
    for (results, truth) in snapshots.into_iter().zip(truths) {
        let Some(wave) = results.waves.first() else { return Vec::new() };
        let Some(figure) = wave.awareness.as_ref().filter(|figure| is_plain(figure)) else { return Vec::new() };
        let Some(known) = Known::of(wave) else { return Vec::new() };
        possible.push(attack(&some_tables(truth, &known, dice), &known, &Figures::published(figure), margins));
    }
    // Nobody's answer goes away: the later table has at least what the earlier one has.
    let grows =
        |a: &Table, b: &Table| a.iter().flatten().flatten().zip(b.iter().flatten().flatten()).all(|(a, b)| a <= b);
    let [earlier, later] = &possible[..] else { return Vec::new() };
    let first: Vec<Table> = earlier.iter().filter(|a| later.iter().any(|b| grows(a, b))).copied().collect();
    let second: Vec<Table> = later.iter().filter(|b| earlier.iter().any(|a| grows(a, b))).copied().collect();
    let cells = ranges(truths[0], &first).into_iter().chain(ranges(truths[1], &second));
    cells.filter(|cell| !cell.is_protected()).collect()
}

#[test]
fn a_few_new_answers_do_not_follow_from_two_snapshots() {
    let survey = unweighted_definition();
    let first: Table = [[[40, 10], [40, 10]], [[40, 10], [40, 10]], [[30, 8], [6, 8]]];
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

/// A definition with five ages and two sexes, and margins of both.
fn usual_definition() -> Survey {
    survey_of(
        "
questions:
  - {id: heard, type: single, required: true, text: a, options: [{id: know, text: a}, {id: never, text: b}]}
background:
  - {id: age, type: single, required: true, text: b, options: [{id: a0, text: a}, {id: a1, text: b}, {id: a2, text: c}, {id: a3, text: d}, {id: a4, text: e}]}
  - {id: sex, type: single, required: true, text: c, options: [{id: s0, text: a}, {id: s1, text: b}]}
awareness: {words: w, question: heard, options: know}
margins: [{question: age, shares: {a0: 18, a1: 21, a2: 22, a3: 21, a4: 18}, source: s}, {question: sex, shares: {s0: 51, s1: 49}, source: s}]
",
    )
}

#[test]
fn a_usual_survey_keeps_its_share() {
    let survey = usual_definition();
    let (mut told, mut fine, mut tables) = (0, 0, 0);
    let rounds = surveys(16);
    for seed in 0..rounds {
        let mut dice = Dice(seed * 7_777 + 3);
        let n = [300, 400, 800, 1_500][dice.roll(4)];
        let mut responses = Vec::new();
        for at in 0..n {
            // The old answer less often, and know less often.
            let age = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4][dice.roll(16)];
            let sex = usize::from(dice.roll(100) < 45);
            let heard = if dice.roll(100) < [92, 92, 90, 86, 80][age] { "know" } else { "never" };
            responses.push(response(&survey, at, age, sex, heard));
        }
        let results = snapshot(&survey, responses, None, RecountPolicy::KeepPublished).0;
        let wave = &results.waves[0];
        let figure = wave.awareness.as_ref().unwrap();
        told += usize::from(figure.share.is_some());
        fine += usize::from(figure.share.is_some() && figure.step.is_none_or(|step| step <= 0.002));
        tables += usize::from(wave.crosses.iter().any(|cross| cross.by == "age"));
    }
    let counts = format!("{told} shares of {rounds} surveys told, {fine} to 0.2 %, {tables} with the table of ages");
    println!("{counts}");
    assert!(told * 100 >= rounds as usize * 90 && 2 * fine > rounds as usize, "{counts}");
}
