//! Nothing of one person can be worked out from what is published of a survey.
//!
//! The attack knows the questionnaire, the weights, and everything in the results file. It lists every way the questionnaire can be
//! answered, takes how many answered each way for unknown, and every published number for an equation over them. The least and the
//! greatest value of each hidden count under all equations at once is everything that adding and subtracting can find out.

mod simplex;

use std::collections::BTreeMap;

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::answers::{Answer, Answers};
use puzhi_core::kinds::results::{
    HALF_DIGIT, MIN_GROUP_SIZE, QuestionTable, Results, TableBasis, WaveResults, read_results,
};
use puzhi_core::kinds::{
    CollectionMode, FrontMatterContext, FrontMatterOf, KindData, KindName, Question, QuestionKind, Survey,
    read_front_matter, split_front_matter,
};
use puzhi_survey::snapshot::{RecountPolicy, snapshot};
use puzhi_survey::{Response, SampleUnit};
use simplex::Feasible;

/// Surveys of every shape that ties tables together. `WAVE` becomes the kind of sample.
const SHAPES: [(&str, &str); 9] = [
    ("one question and two groupings", "
questions:
  - {id: heard, type: single, required: true, text: a, options: [{id: know, text: a}, {id: only, text: b}, {id: never, text: c}]}
background:
  - {id: sex, type: single, required: true, text: b, options: [{id: f, text: a}, {id: m, text: b}]}
  - {id: age, type: single, text: c, options: [{id: x, text: a}, {id: y, text: b}, {id: z, text: c}]}
awareness: {words: w, question: heard, options: [know, only]}
"),
    ("a question that follows from another", "
questions:
  - {id: heard, type: single, required: true, text: a, options: [{id: know, text: a}, {id: only, text: b}, {id: never, text: c}]}
  - {id: where, type: single, required: true, show_if: heard != never, text: b, options: [{id: tv, text: a}, {id: web, text: b}, {id: paper, text: c}]}
  - {id: which, type: single, show_if: where = web, text: c, options: [{id: gov, text: a}, {id: other, text: b}]}
background:
  - {id: sex, type: single, text: d, options: [{id: f, text: a}, {id: m, text: b}]}
awareness: {words: w, question: heard, options: know}
"),
    ("many answers and what follows from them", "
questions:
  - {id: topics, type: multiple, required: true, text: a, options: [{id: p, text: a}, {id: t, text: b}, {id: c, text: c}]}
  - {id: filed, type: single, required: true, show_if: topics = p, text: b, options: [{id: yes, text: a}, {id: no, text: b}]}
  - {id: other, type: multiple, show_if: topics in t, text: c, options: [{id: u, text: a}, {id: v, text: b}]}
awareness: {words: w, question: topics, options: [p, t]}
"),
    ("a score", "
questions:
  - {id: a, type: single, text: a, options: [{id: r, text: a}, {id: w, text: b}]}
  - {id: b, type: single, text: b, options: [{id: r, text: a}, {id: w, text: b}, {id: u, text: c}]}
  - {id: c, type: single, required: true, text: c, options: [{id: r, text: a}, {id: w, text: b}]}
background:
  - {id: sex, type: single, required: true, text: d, options: [{id: f, text: a}, {id: m, text: b}]}
awareness: {words: w, questions: {a: r, b: r, c: r}, at_least: 2}
"),
    ("a headline that follows from a question", "
questions:
  - {id: holder, type: single, required: true, text: a, options: [{id: yes, text: a}, {id: soon, text: b}, {id: no, text: c}]}
  - {id: content, type: scale, min: 1, max: 4, required: true, show_if: holder = yes, text: b}
background:
  - {id: sex, type: single, text: c, options: [{id: f, text: a}, {id: m, text: b}]}
awareness: {words: w, question: content, options: [3, 4]}
"),
    ("weights by one margin", "
questions:
  - {id: heard, type: single, required: true, text: a, options: [{id: know, text: a}, {id: never, text: b}]}
background:
  - {id: street, type: single, required: true, text: b, options: [{id: x, text: a}, {id: y, text: b}, {id: z, text: c}]}
  - {id: sex, type: single, text: c, options: [{id: f, text: a}, {id: m, text: b}]}
awareness: {words: w, question: heard, options: know}
margins: [{question: street, shares: {x: 31, y: 30, z: 39}, source: s}]
"),
    ("two groups of very different weight", "
questions:
  - {id: heard, type: single, text: a, options: [{id: know, text: a}, {id: only, text: b}, {id: never, text: c}]}
background:
  - {id: street, type: single, required: true, text: b, options: [{id: x, text: a}, {id: y, text: b}]}
awareness: {words: w, question: heard, options: [know, only]}
margins: [{question: street, shares: {x: 50, y: 50}, source: s}]
"),
    ("questions beside a weighted figure", "
questions:
  - {id: heard, type: single, required: true, text: a, options: [{id: know, text: a}, {id: never, text: b}]}
  - {id: topic, type: single, required: true, text: b, options: [{id: u, text: a}, {id: v, text: b}, {id: w, text: c}]}
  - {id: more, type: single, show_if: topic = u, text: c, options: [{id: yes, text: a}, {id: no, text: b}]}
background:
  - {id: street, type: single, required: true, text: b, options: [{id: x, text: a}, {id: y, text: b}, {id: z, text: c}]}
awareness: {words: w, question: heard, options: know}
margins: [{question: street, shares: {x: 31, y: 30, z: 39}, source: s}]
"),
    ("who does not count", "
questions:
  - {id: heard, type: single, text: a, options: [{id: know, text: a}, {id: never, text: b}]}
  - {id: mark, type: scale, min: 1, max: 3, text: b}
  - {id: ways, type: multiple, text: d, options: [{id: u, text: a}, {id: v, text: b}]}
background:
  - {id: street, type: single, required: true, text: c, options: [{id: x, text: a}, {id: y, text: b}, {id: away, text: c}]}
awareness: {words: w, question: heard, options: know}
counts_if: street != away
"),
];

pub fn survey_of(text: &str) -> Survey {
    let path = SitePath::new("content/s.md").unwrap();
    let text =
        format!("---\nid: s\nopens: 2027-04-01\ncloses: 2027-04-30\nwaves: [{{id: w, sample: 概率}}]\n{text}---\n");
    let source = SourceText::new(&path, &text);
    let FrontMatterOf { own: kind, diags, .. } =
        read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Survey));
    let (KindData::Survey(survey), []) = (kind, diags.as_slice()) else { panic!("{diags:?}") };
    *survey
}

/// Every answer a question can have; `None` is a blank.
fn possible(question: &Question) -> Vec<Option<Answer>> {
    let ids: Vec<String> = question.choices().into_iter().map(|c| c.id).collect();
    let mut all: Vec<Option<Answer>> = match question.kind {
        QuestionKind::Multiple => (1..1_usize << ids.len())
            .map(|set| {
                Some(Answer::Many(
                    ids.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, id)| id.clone()).collect(),
                ))
            })
            .collect(),
        _ if question.range().is_some() => ids.iter().map(|id| Some(Answer::Number(id.parse().unwrap()))).collect(),
        _ => ids.into_iter().map(|id| Some(Answer::One(id))).collect(),
    };
    if !question.required {
        all.push(None);
    }
    all
}

/// Every way the questionnaire can be answered by somebody who counts.
fn patterns(survey: &Survey) -> Vec<Answers> {
    let mut all = vec![Answers::default()];
    for question in survey.all_questions() {
        all = all
            .into_iter()
            .flat_map(|answers| {
                let asked = answers.is_asked(survey, question);
                let choices = if asked { possible(question) } else { vec![None] };
                choices.into_iter().map(move |choice| {
                    let mut answers = answers.clone();
                    answers.0.extend(choice.map(|c| (question.id.clone(), c)));
                    answers
                })
            })
            .collect();
    }
    all.into_iter().filter(|answers| answers.is_in_population(survey) && !answers.0.is_empty()).collect()
}

/// A small generator of its own, so that a failure names its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }
}

/// A sum over the ways of answering.
type Sum = Vec<f64>;

struct Attack<'a> {
    survey: &'a Survey,
    ways: Vec<Answers>,
    equations: Vec<(Sum, f64)>,
    /// Slack columns that inequalities have brought in.
    slacks: usize,
}

impl<'a> Attack<'a> {
    fn sum(&self, counts: impl Fn(&Answers) -> bool) -> Sum {
        self.ways.iter().map(|way| f64::from(u8::from(counts(way)))).collect()
    }

    fn knows(&mut self, counts: impl Fn(&Answers) -> bool, n: Option<u64>) {
        let sum = self.sum(counts);
        self.equations.extend(n.map(|n| (sum, n as f64)));
    }

    /// `low ≤ sum ≤ high`.
    fn bounds(&mut self, sum: Sum, low: f64, high: f64) {
        let (mut above, mut below) = (sum.clone(), sum);
        for (row, sign, side) in [(&mut above, -1.0, low), (&mut below, 1.0, high)] {
            row.resize(self.ways.len() + self.slacks, 0.0);
            row.push(sign);
            self.slacks += 1;
            self.equations.push((row.clone(), side));
        }
    }

    /// Takes every number of a wave as published.
    fn read(survey: &'a Survey, wave: &WaveResults, weights: Option<&BTreeMap<String, f64>>) -> Attack<'a> {
        let mut attack = Attack { survey, ways: patterns(survey), equations: Vec::new(), slacks: 0 };
        let rule = survey.awareness.as_ref().unwrap().rule.clone().unwrap();
        let aware = |a: &Answers| a.is_aware(&rule) == Some(true);
        let judged = |a: &Answers| a.is_aware(&rule).is_some();
        attack.knows(|_| true, Some(wave.n));
        for table in &wave.questions {
            let id = &table.id;
            attack.knows(|a| a.get(id).is_some(), table.n);
            for row in &table.rows {
                attack.knows(|a| a.get(id).is_some_and(|x| x.has(&row.id)), row.n);
            }
            // Rows that are not there are options nobody can have.
            if let (Some(mean), Some(n)) = (table.mean, table.n) {
                let value = |a: &Answers| if let Some(Answer::Number(v)) = a.get(id) { *v as f64 } else { 0.0 };
                let sum: Sum = attack.ways.iter().map(value).collect();
                attack.bounds(sum, (mean - 0.005) * n as f64, (mean + 0.005) * n as f64);
            }
        }
        if let Some(figure) = &wave.awareness {
            attack.knows(judged, Some(figure.n));
            attack.knows(aware, figure.aware);
            if let Some(bounds) = figure.bounds.filter(|_| figure.weighting.is_none()) {
                let n = figure.n as f64;
                let sum = attack.sum(aware);
                attack.bounds(sum, bounds.low * n, bounds.high * n);
            }
            if let (Some(share), Some(weights), Some(_)) = (figure.share, weights, &figure.weighting) {
                let half = figure.step.map_or(HALF_DIGIT + 1e-9, |step| step / 2.0);
                let total: f64 = figure.n as f64;
                let weight = |a: &Answers| {
                    weights.iter().find(|(id, _)| a.get("street").is_some_and(|x| x.has(id))).map_or(0.0, |(_, w)| *w)
                };
                let sum: Sum = attack.ways.iter().map(|a| if aware(a) { weight(a) } else { 0.0 }).collect();
                attack.bounds(sum, (share - half) * total, (share + half) * total);
            }
        }
        if let Some(weights) = weights {
            attack.read_weighted_tables(wave, weights);
        }
        if let Some(figure) = &wave.awareness {
            let text = |a: &Answers, question: &str, option: &str| {
                let choices = survey.question(question).map(|q| q.choices()).unwrap_or_default();
                judged(a) && choices.iter().any(|c| c.text == option && a.get(question).is_some_and(|x| x.has(&c.id)))
            };
            for group in &figure.uncovered {
                attack.knows(|a| text(a, &group.question, &group.option), Some(0));
            }
            let sizes = figure.weighting.iter().flat_map(|w| &w.diagnostics).flat_map(|found| &found.groups);
            for group in sizes {
                let of = |a: &Answers| group.options.iter().any(|option| text(a, &group.question, option));
                attack.knows(of, Some(group.n));
            }
        }
        for cross in &wave.crosses {
            let of = |a: &Answers, group: &str| judged(a) && a.get(&cross.by).is_some_and(|x| x.has(group));
            for group in &cross.groups {
                attack.knows(|a| of(a, &group.id), group.n);
                attack.knows(|a| of(a, &group.id) && aware(a), group.cells[0]);
                attack.knows(|a| of(a, &group.id) && !aware(a), group.cells[1]);
            }
        }
        attack
    }

    /// Takes the weighted percentages of the tables: each lies in its step.
    fn read_weighted_tables(&mut self, wave: &WaveResults, weights: &BTreeMap<String, f64>) {
        let weight = |a: &Answers| {
            weights.iter().find(|(id, _)| a.get("street").is_some_and(|x| x.has(id))).map_or(0.0, |(_, w)| *w)
        };
        for table in &wave.questions {
            let Some(estimate) = table.estimate.filter(|estimate| estimate.basis == TableBasis::Weighted) else {
                continue;
            };
            let half = estimate.step.map_or(HALF_DIGIT, |step| step / 2.0) + 1e-9;
            for row in &table.rows {
                let Some(found) = row.estimate else { continue };
                let has = |a: &Answers| f64::from(u8::from(a.get(&table.id).is_some_and(|x| x.has(&row.id))));
                let answered = |a: &Answers| f64::from(u8::from(a.get(&table.id).is_some()));
                let above = |share: f64| -> Sum {
                    self.ways.iter().map(|a| weight(a) * (has(a) - share * answered(a))).collect()
                };
                let (low, high) = (above(found.share - half), above(found.share + half));
                self.bounds(low, 0.0, wave.n as f64 * 10.0);
                self.bounds(high, -(wave.n as f64 * 10.0), 0.0);
            }
        }
    }

    fn solve(&self) -> Feasible {
        let width = self.ways.len() + self.slacks;
        let padded: Vec<(Sum, f64)> = self
            .equations
            .iter()
            .map(|(sum, n)| {
                let mut sum = sum.clone();
                sum.resize(width, 0.0);
                (sum, *n)
            })
            .collect();
        Feasible::new(width, &padded).expect("what is published contradicts itself")
    }

    /// Every small count the tables speak of: its name, its value, its sum.
    fn small(&self, truth: &[Answers], wave: &WaveResults) -> Vec<(String, u64, Sum)> {
        let mut found = Vec::new();
        let mut look = |name: String, zeros: bool, counts: &dyn Fn(&Answers) -> bool| {
            let n = truth.iter().filter(|a| counts(a)).count() as u64;
            if n < 5 && (n > 0 || zeros) {
                found.push((name, n, self.sum(counts)));
            }
        };
        for question in self.survey.all_questions() {
            for choice in question.choices() {
                let has = |a: &Answers| a.get(&question.id).is_some_and(|x| x.has(&choice.id));
                look(format!("{}={}", question.id, choice.id), false, &has);
                if question.kind == QuestionKind::Multiple {
                    look(format!("{} without {}", question.id, choice.id), false, &|a| {
                        a.get(&question.id).is_some() && !has(a)
                    });
                }
            }
        }
        // How a group of the margin answered is published nowhere.
        for (margin, table) in self.survey.margins.iter().flat_map(|m| wave.questions.iter().map(move |q| (m, q))) {
            if table.estimate.is_none_or(|estimate| estimate.basis != TableBasis::Weighted) {
                continue;
            }
            for ((group, _), row) in margin.shares.iter().flat_map(|g| table.rows.iter().map(move |row| (g, row))) {
                let of = |a: &Answers, question: &str, id: &str| a.get(question).is_some_and(|x| x.has(id));
                look(format!("{}={} of {group}", table.id, row.id), false, &|a| {
                    of(a, &margin.question, group) && of(a, &table.id, &row.id)
                });
            }
        }
        let rule = self.survey.awareness.as_ref().unwrap().rule.clone().unwrap();
        for cross in &wave.crosses {
            let is_blank = |a: &Answers| a.is_aware(&rule).is_some() && a.get(&cross.by).is_none();
            if truth.iter().any(is_blank) {
                for aware in [true, false] {
                    let of = |a: &Answers| is_blank(a) && a.is_aware(&rule) == Some(aware);
                    look(format!("{} left out, aware={aware}", cross.by), true, &of);
                }
            }
            for group in cross.groups.iter().filter(|g| g.n.is_none()) {
                for aware in [true, false] {
                    let of = |a: &Answers| {
                        a.is_aware(&rule) == Some(aware) && a.get(&cross.by).is_some_and(|x| x.has(&group.id))
                    };
                    look(format!("{}={} aware={aware}", cross.by, group.id), true, &of);
                }
            }
        }
        found
    }
}

/// Answers in which some ways of answering are rare.
fn answers(survey: &Survey, dice: &mut Dice) -> Vec<Answers> {
    let n = [6, 12, 25, 60, 150][dice.roll(5)] + dice.roll(6);
    let favour: BTreeMap<String, (usize, usize)> = survey
        .all_questions()
        .map(|q| (q.id.clone(), (dice.roll(possible(q).len()), [2, 4, 10, 30][dice.roll(4)])))
        .collect();
    let one = |dice: &mut Dice| {
        let mut answers = Answers::default();
        for question in survey.all_questions() {
            if !answers.is_asked(survey, question) {
                continue;
            }
            let choices = possible(question);
            let (common, rarity) = favour[&question.id];
            let at = if dice.roll(rarity) == 0 { dice.roll(choices.len()) } else { common };
            answers.0.extend(choices[at].clone().map(|c| (question.id.clone(), c)));
        }
        answers
    };
    (0..n).map(|_| one(dice)).filter(|a| !a.0.is_empty()).collect()
}

fn publish(survey: &Survey, all: &[Answers]) -> Results {
    let respond = |(at, answers): (usize, &Answers)| Response {
        id: (at as u128).to_be_bytes(),
        survey: "s".into(),
        wave: "w".into(),
        mode: CollectionMode::Face,
        hour: 0,
        wording: survey.wording(),
        answers: answers.clone(),
        sample: SampleUnit::default(),
    };
    snapshot(survey, all.iter().enumerate().map(respond), None, RecountPolicy::KeepPublished).0
}

/// The weights of the one margin, as raking gives them when no option is rare.
fn weights(survey: &Survey, truth: &[Answers]) -> Option<BTreeMap<String, f64>> {
    let margin = survey.margins.first()?;
    let rule = survey.awareness.as_ref()?.rule.as_ref()?;
    let truth: Vec<&Answers> = truth.iter().filter(|a| a.is_aware(rule).is_some()).collect();
    let n = truth.len() as f64;
    let of = |id: &str| truth.iter().filter(|a| a.get(&margin.question).is_some_and(|x| x.has(id))).count() as f64;
    let weights: BTreeMap<String, f64> =
        margin.shares.iter().map(|(id, share)| (id.clone(), share / 100.0 * n / of(id))).collect();
    margin.shares.iter().all(|(id, _)| of(id) >= MIN_GROUP_SIZE as f64).then_some(weights)
}

#[test]
fn no_hidden_count_can_be_worked_out_from_all_that_is_published() {
    let rounds: u64 = std::env::var("PRIVACY_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let (mut hidden, mut figures, mut told, mut weighted) = (0, 0, 0, 0);
    for (shape, text) in SHAPES {
        let survey = survey_of(text);
        for seed in 0..rounds {
            let mut dice = Dice(seed * 7919 + 17);
            let all = answers(&survey, &mut dice);
            let results = publish(&survey, &all);
            let Some(wave) = results.waves.first() else { continue };
            let json = results.to_json();
            let path = SitePath::new("content/s.results.json").unwrap();
            assert_eq!(
                read_results(&SourceText::new(&path, &json)),
                (Some(results.clone()), vec![]),
                "{shape}, seed {seed}: not what may be claimed\n{json}"
            );
            let truth: Vec<Answers> = all.into_iter().filter(|a| a.is_in_population(&survey)).collect();
            let attack = Attack::read(&survey, wave, weights(&survey, &truth).as_ref());
            let known = attack.solve();
            let is_weighted = |q: &&QuestionTable| q.estimate.is_some_and(|e| e.basis == TableBasis::Weighted);
            weighted += wave.questions.iter().filter(is_weighted).count();
            figures += u64::from(wave.awareness.as_ref().is_some_and(|f| f.share.is_some()));
            told += wave.questions.iter().flat_map(|q| &q.rows).filter(|row| row.n.is_some_and(|n| n > 0)).count();
            for (name, n, mut sum) in attack.small(&truth, wave) {
                hidden += 1;
                sum.resize(attack.ways.len() + attack.slacks, 0.0);
                let (low, high) = known.range(&sum);
                let bounded = wave.awareness.as_ref().is_some_and(|f| f.bounds.is_some());
                // A headline told as one to four says so of every part of it, and no more.
                let (reach, width) = if bounded { (1, 1) } else { (5, 4) };
                // Of fewer than five respondents nothing is told but how many there are.
                let (reach, width) = (reach.min(wave.n) as f64, width.min(wave.n) as f64);
                assert!(
                    high >= reach - 1e-6 && high - low >= width - 1e-6,
                    "{shape}, seed {seed}: {name} is {n}, and can be only {low:.2} to {high:.2}\n{json}"
                );
            }
        }
    }
    // The test must not pass because nothing was small, or because everything was hidden.
    let counts = format!("{hidden} hidden, {figures} figures, {told} rows told, {weighted} weighted tables");
    println!("{counts}");
    assert!(hidden > 300 && figures > 20 && told > 500 && weighted > 20, "{counts}");
}
