//! Views of diagrams. In: the diagrams of a document. Out: what the templates of `flow`, `decision`, `bars`, `line`, `gauge` and of the
//! ruler of `timeline` show. Places across are in percent of the drawing and places down in `em` of its text, so that one drawing serves
//! every width and size of text. Knows no other page but those that outcomes link to.

use crate::markdown::{AnswerTarget, Chart, Decision, Flow, Gauge, Position, TimelineEntry};
use puzhi_core::diag::Diagnostic;

use super::directives::PlacedDirective;
use crate::view::model::{
    AnswerView, BarLineView, BarView, ChartRowView, ChartView, DecisionQuestionView, DirectiveView, FlowStepView,
    GaugeMarkView, JumpView, OutcomeView, PointView, RulerMarkView, RulerView,
};
use crate::view::views::Views;

/// Width in `em` that a drawing has at least: 322 pixels with text of 24 pixels, as in a large mode on a small phone.
const NARROW: f64 = 13.4;
/// Width in `em` from which the labels marked `wide` have room.
const WIDE: f64 = 36.0;
/// Deepest nesting of questions; deeper ones stand below the tree.
const MAX_DEPTH: usize = 4;

impl Views {
    /// The steps of a flow with their texts filled.
    pub(super) fn flow(&self, flow: &Flow, placed: PlacedDirective<'_>) -> Result<DirectiveView, Box<Diagnostic>> {
        let mut steps = Vec::with_capacity(flow.steps.len());
        for (number, step) in flow.steps.iter().enumerate() {
            steps.push(FlowStepView {
                number: number + 1,
                title: step.title.clone(),
                lanes: step.lanes.iter().map(|lane| flow.lanes[*lane].clone()).collect(),
                from: step.lanes.first().map_or(0, |lane| lane + 1),
                to: step.lanes.last().map_or(0, |lane| lane + 1),
                html: self.fill(&step.text, placed.resolved_doc, placed.render_context)?,
                mark: step.mark.clone(),
                jump: step.jump.as_ref().map(|jump| JumpView {
                    number: jump.to + 1,
                    title: flow.steps[jump.to].title.clone(),
                    when: jump.when.clone(),
                }),
            });
        }
        Ok(DirectiveView::Flow {
            title: flow.title.clone(),
            lanes: flow.lanes.clone(),
            ordered: flow.is_ordered,
            steps,
        })
    }

    /// The questions of a decision as a tree, and those that do not fit into it.
    pub(super) fn decision(
        &self,
        decision: &Decision,
        placed: PlacedDirective<'_>,
    ) -> Result<DirectiveView, Box<Diagnostic>> {
        let mut outcomes = Vec::with_capacity(decision.outcomes.len());
        for outcome in &decision.outcomes {
            outcomes.push(Some(self.fill(&outcome.text, placed.resolved_doc, placed.render_context)?));
        }
        let order = DecisionOrder::of(decision);
        let mut tree = DecisionTree { decision, order: &order, texts: outcomes, placed };
        let questions = order.roots.iter().map(|root| tree.question(*root)).collect();
        Ok(DirectiveView::Decision { title: decision.title.clone(), numbered: decision.questions.len() > 1, questions })
    }
}

/// Where each question is shown and in which order.
struct DecisionOrder {
    /// Questions that are not below an answer: the first, and those that several answers lead to or that are too deep.
    roots: Vec<usize>,
    /// Number of each question, from 1.
    numbers: Vec<usize>,
}

impl DecisionOrder {
    fn of(decision: &Decision) -> Self {
        let mut ways = vec![0; decision.questions.len()];
        let targets = decision.questions.iter().flat_map(|question| &question.answers);
        for answer in targets {
            if let AnswerTarget::Question(next) = answer.to {
                ways[next] += 1;
            }
        }
        let mut order = Self { roots: Vec::new(), numbers: vec![0; decision.questions.len()] };
        let mut next_number = 1;
        let mut waiting = std::collections::VecDeque::from([0]);
        while let Some(root) = waiting.pop_front() {
            if order.numbers.get(root).is_some_and(|number| *number == 0) {
                order.roots.push(root);
                order.number(decision, &ways, (root, 1), &mut next_number, &mut waiting);
            }
        }
        order
    }

    /// Numbers a question and those below it; `at` is the question and its depth. Others wait.
    fn number(
        &mut self,
        decision: &Decision,
        ways: &[usize],
        at: (usize, usize),
        next_number: &mut usize,
        waiting: &mut std::collections::VecDeque<usize>,
    ) {
        let (question, depth) = at;
        self.numbers[question] = *next_number;
        *next_number += 1;
        for answer in &decision.questions[question].answers {
            if let AnswerTarget::Question(next) = answer.to {
                if ways[next] == 1 && depth < MAX_DEPTH {
                    self.number(decision, ways, (next, depth + 1), next_number, waiting);
                } else {
                    waiting.push_back(next);
                }
            }
        }
    }
}

struct DecisionTree<'d> {
    decision: &'d Decision,
    order: &'d DecisionOrder,
    /// The text of each outcome until it is shown.
    texts: Vec<Option<String>>,
    placed: PlacedDirective<'d>,
}

impl DecisionTree<'_> {
    fn question(&mut self, index: usize) -> DecisionQuestionView {
        let question = &self.decision.questions[index];
        DecisionQuestionView {
            number: self.order.numbers[index],
            text: question.text.clone(),
            answers: question
                .answers
                .iter()
                .map(|answer| {
                    let mut view = AnswerView { text: answer.text.clone(), outcome: None, question: None, see: None };
                    match answer.to {
                        AnswerTarget::Outcome(outcome) => view.outcome = Some(self.outcome(outcome)),
                        AnswerTarget::Question(next) if self.order.roots.contains(&next) => {
                            view.see = Some(self.order.numbers[next]);
                        }
                        AnswerTarget::Question(next) => view.question = Some(self.question(next)),
                    }
                    view
                })
                .collect(),
        }
    }

    fn outcome(&mut self, index: usize) -> OutcomeView {
        let outcome = &self.decision.outcomes[index];
        OutcomeView {
            title: outcome.title.clone(),
            href: outcome.link.and_then(|link| self.placed.href(link)),
            html: self.texts[index].take().unwrap_or_default(),
        }
    }
}

/// The ruler of a timeline whose entries have places.
pub(super) fn ruler(entries: &[TimelineEntry], unit: Option<&String>) -> Option<RulerView> {
    let places: Vec<&Position> = entries.iter().filter_map(|entry| entry.at.as_ref()).collect();
    let (first, last) = (places.first()?.value, places.last()?.value);
    // A ruler begins at zero.
    let (from, length) = (first.min(0.0), (last - first.min(0.0)).max(f64::MIN_POSITIVE));
    let mut marks: Vec<RulerMarkView> = Vec::with_capacity(places.len());
    let mut ends = [f64::NEG_INFINITY; 2];
    for place in places {
        let share = (place.value - from) / length;
        let label = Label::around(share, width(&place.written));
        let below = ends[0] > label.left && ends[1] <= label.left;
        ends[usize::from(below)] = label.left + label.width + 0.5;
        marks.push(RulerMarkView { text: place.written.clone(), x: percent(share), anchor: label.anchor, below });
    }
    Some(RulerView { unit: unit?.clone(), marks })
}

fn chart(chart: &Chart, height: f64, table_only: bool) -> ChartView {
    let row =
        |row: &crate::markdown::ChartRow| ChartRowView { name: row.name.clone(), value: row.value.written.clone() };
    ChartView {
        title: chart.title.clone(),
        unit: chart.unit.clone(),
        source: chart.source.clone(),
        as_of: chart.as_of.clone(),
        rows: chart.rows.iter().map(row).collect(),
        height: number(height),
        table_only,
    }
}

/// Values as bars: for each a label and below it the bar.
pub(super) fn bars(data: &Chart, table_only: bool) -> DirectiveView {
    const LINE: f64 = 1.5;
    const BAR: f64 = 1.0;
    const GAP: f64 = 0.9;
    let full = full_scale(data.rows.iter().map(|row| row.value.value), &data.unit);
    let mut y = 0.0;
    let mut bars = Vec::with_capacity(data.rows.len());
    for row in &data.rows {
        let mut lines = Vec::new();
        for text in wrap(&format!("{}　{}{}", row.name, row.value.written, data.unit), NARROW - 0.6) {
            lines.push(BarLineView { text, y: number(y + 1.1) });
            y += LINE;
        }
        bars.push(BarView { lines, y: number(y), width: percent(row.value.value / full) });
        y += BAR + GAP;
    }
    DirectiveView::Bars { chart: chart(data, y - GAP + 0.1, table_only), bars }
}

/// The value of a whole bar: 100 for percentages, else the largest value.
fn full_scale(values: impl Iterator<Item = f64>, unit: &str) -> f64 {
    let most = values.fold(0.0, f64::max);
    match unit {
        "%" | "％" if most <= 100.0 => 100.0,
        _ if most > 0.0 => most,
        _ => 1.0,
    }
}

/// Values over time as a line. Zero is part of the scale, so that a small change does not look large.
pub(super) fn line(data: &Chart, table_only: bool) -> DirectiveView {
    const TOP: f64 = 2.0;
    const BOTTOM: f64 = 11.0;
    let values: Vec<f64> = data.rows.iter().map(|row| row.value.value).collect();
    let (least, most) =
        values.iter().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
    let range = if most > least { most - least } else { 1.0 };
    let down = |value: f64| BOTTOM - (value - least) / range * (BOTTOM - TOP);
    let across = places(data);
    let shown: Vec<String> = data.rows.iter().map(|row| format!("{}{}", row.value.written, data.unit)).collect();
    let value_labels: Vec<Label> = across.iter().zip(&shown).map(|(x, text)| Label::around(*x, width(text))).collect();
    let name_labels: Vec<Label> =
        across.iter().zip(&data.rows).map(|(x, row)| Label::around(*x, width(&row.name))).collect();
    let priority = priority(&values);
    let (value_shown, name_shown) =
        (shown_where(&across, &value_labels, &priority), shown_where(&across, &name_labels, &priority));
    let points = (0..values.len()).map(|i| PointView {
        name: data.rows[i].name.clone(),
        value: shown[i].clone(),
        x: percent(across[i]),
        y: number(down(values[i])),
        value_y: number(down(values[i]) + if is_valley(&values, i) { 1.5 } else { -0.7 }),
        value_anchor: value_labels[i].anchor,
        name_anchor: name_labels[i].anchor,
        value_shown: value_shown[i],
        name_shown: name_shown[i],
    });
    DirectiveView::Line {
        points: points.collect(),
        zero: number(down(0.0)),
        names_y: number(BOTTOM + 2.8),
        chart: chart(data, BOTTOM + 3.3, table_only),
    }
}

/// Whether the line comes down to a point and goes up from it, so that its label has room below.
fn is_valley(values: &[f64], point: usize) -> bool {
    let is_above =
        |other: Option<usize>| other.and_then(|other| values.get(other)).is_some_and(|other| *other > values[point]);
    is_above(point.checked_sub(1)) && is_above(Some(point + 1))
}

/// Places of the points across, from 0.03 to 0.97: by their times, else at equal distances.
fn places(data: &Chart) -> Vec<f64> {
    let times: Option<Vec<f64>> = data.rows.iter().map(|row| row.time).collect();
    let steps = times.unwrap_or_else(|| (0..data.rows.len()).map(|i| i as f64).collect());
    let (first, last) = (steps.first().copied().unwrap_or(0.0), steps.last().copied().unwrap_or(1.0));
    let length = if last > first { last - first } else { 1.0 };
    steps.iter().map(|step| 0.03 + 0.94 * (step - first) / length).collect()
}

/// The points in the order in which they get labels: the last, the first, the highest, the lowest, the others.
fn priority(values: &[f64]) -> Vec<usize> {
    let last = values.len().saturating_sub(1);
    let highest = (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b]));
    let lowest = (0..values.len()).min_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut out = Vec::with_capacity(values.len());
    for point in [Some(last), Some(0), highest, lowest].into_iter().flatten().chain(0..values.len()) {
        if !out.contains(&point) {
            out.push(point);
        }
    }
    out
}

/// Which labels have room beside each other in a narrow drawing, and which more in a wide one.
fn shown_where(across: &[f64], labels: &[Label], priority: &[usize]) -> Vec<&'static str> {
    let mut out = vec!["never"; labels.len()];
    for (name, drawing) in [("always", NARROW), ("wide", WIDE)] {
        for point in priority.iter().copied().filter(|point| labels[*point].width <= NARROW) {
            let own = labels[point].span(across[point], drawing);
            let is_free = (0..labels.len()).filter(|other| out[*other] != "never" && *other != point).all(|other| {
                let taken = labels[other].span(across[other], drawing);
                own.1 + 0.5 <= taken.0 || taken.1 + 0.5 <= own.0
            });
            if out[point] == "never" && is_free {
                out[point] = name;
            }
        }
    }
    out
}

/// A goal and where it stands on one scale.
pub(super) fn gauge(data: &Gauge, words: (&str, &str), table_only: bool) -> DirectiveView {
    let (goal_word, value_word) = words;
    let values = [Some(&data.goal), data.value.as_ref()];
    let full = full_scale(values.into_iter().flatten().map(|value| value.value), &data.unit);
    let mark = |position: &Position, word: &str| {
        let share = position.value / full;
        let text = format!("{}{}", position.written, data.unit);
        let label = Label::around(share, width(&format!("{word} {text}")));
        GaugeMarkView { text, x: percent(share), label_x: label.x(share), anchor: label.anchor }
    };
    let rows = [Some((goal_word, &data.goal)), data.value.as_ref().map(|value| (value_word, value))];
    DirectiveView::Gauge {
        chart: ChartView {
            title: data.title.clone(),
            unit: data.unit.clone(),
            source: data.source.clone(),
            as_of: data.as_of.clone(),
            rows: rows
                .into_iter()
                .flatten()
                .map(|(name, value)| ChartRowView { name: name.to_string(), value: value.written.clone() })
                .collect(),
            height: number(4.6),
            table_only,
        },
        by: data.by.clone(),
        goal: mark(&data.goal, goal_word),
        value: data.value.as_ref().map(|value| mark(value, value_word)),
    }
}

/// A label at a place across, kept inside of a narrow drawing.
struct Label {
    anchor: &'static str,
    /// Left end in a narrow drawing, in `em`.
    left: f64,
    /// Width in `em`.
    width: f64,
}

impl Label {
    /// A label of `width` with its middle at `share` of the drawing if it has room there.
    fn around(share: f64, width: f64) -> Self {
        let at = share * NARROW;
        let (anchor, left) = match () {
            () if at >= width / 2.0 && at + width / 2.0 <= NARROW => ("middle", at - width / 2.0),
            () if at < NARROW / 2.0 => ("start", if at + width <= NARROW { at } else { 0.0 }),
            () => ("end", (at - width).max(0.0)),
        };
        Self { anchor, left, width }
    }

    /// Place of the anchor: the place of what is labelled, unless the label has no room there.
    fn x(&self, share: f64) -> String {
        match self.anchor {
            "start" if self.left == 0.0 => percent(0.0),
            "end" if share * NARROW < self.width => percent(1.0),
            _ => percent(share),
        }
    }

    /// Ends of the label in a drawing of `drawing` `em`.
    fn span(&self, share: f64, drawing: f64) -> (f64, f64) {
        let at = share * drawing;
        let left = match self.anchor {
            "start" => at,
            "middle" => at - self.width / 2.0,
            _ => at - self.width,
        };
        (left, left + self.width)
    }
}

/// Width of a text in `em`: Han characters and full-width signs are square, others a little more than half as wide.
fn width(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> f64 {
    match c {
        '\u{0}'..='\u{2fff}' if !('\u{2014}'..='\u{2026}').contains(&c) => 0.62,
        _ => 1.0,
    }
}

/// Lines of at most `most` `em`. No line begins with a closing sign, and no number or Latin word is cut unless it is longer than a line.
fn wrap(text: &str, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for piece in unbroken_pieces(text) {
        let piece_width = width(piece);
        if used + piece_width > most && used > 0.0 {
            lines.push(String::new());
            used = 0.0;
        }
        for c in piece.chars() {
            if used + char_width(c) > most + 1.0 {
                lines.push(String::new());
                used = 0.0;
            }
            if let Some(line) = lines.last_mut().filter(|line| !line.is_empty() || !c.is_whitespace()) {
                line.push(c);
                used += char_width(c);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).filter(|line| !line.is_empty()).collect()
}

/// Pieces between which a line may end: a run of ASCII, or a character with the closing signs after it.
fn unbroken_pieces(text: &str) -> Vec<&str> {
    let joins = |before: char, after: char| {
        let is_word = |c: char| c.is_ascii_graphic();
        let closes = "，。、；：？！）》”’〉】…".contains(after) || after == '　';
        let opens = "（《“‘〈【".contains(before);
        closes || opens || is_word(before) && is_word(after)
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| !joins(before, c)) {
            out.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    out.push(&text[start..]);
    out
}

fn percent(share: f64) -> String {
    format!("{}%", number(share * 100.0))
}

/// Two decimals, without zeros at the end.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}
