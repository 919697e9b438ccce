//! `decision`: questions that lead to outcomes. In: the YAML of the directive. Out: a [`Decision`] in which every answer
//! leads somewhere, no way leads back, and everything is reached from the first question.

use super::super::super::diagram_model::{Answer, AnswerTarget, Decision, Outcome, Question};
use super::super::super::model::HtmlFragment;
use super::super::super::writer::HtmlWriter;
use super::super::DirectiveCall;
use super::flow::{report_repeated, report_unknown};
use super::form::{self, Form, Written};
use super::render_text;
use puzhi_core::base::Span;
use puzhi_core::diag::codes::diagrams as codes;

/// What answers can name, with its place.
struct Named {
    /// The short name, else the text.
    name: Written,
    text: Written,
    is: AnswerTarget,
}

impl Named {
    /// `key` is the key of the text. `None` for an entry without it, which has been reported.
    fn of(form: &mut Form, key: &str, is: AnswerTarget) -> Option<Self> {
        let text = form.text(key)?;
        Some(Self { name: form.text("id").unwrap_or_else(|| text.clone()), text, is })
    }
}

/// The questions of a `decision` directive; `None` if one has an error, which is reported.
pub(in super::super) fn decision(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Decision> {
    let mut form = form::read(writer, call)?;
    let (mut asked, mut given) = (form.entries("questions"), form.entries("outcomes"));
    let mut named: Vec<Named> = Vec::with_capacity(asked.len() + given.len());
    for (number, question) in asked.iter_mut().enumerate() {
        named.push(Named::of(question, "ask", AnswerTarget::Question(number))?);
    }
    for (number, outcome) in given.iter_mut().enumerate() {
        named.push(Named::of(outcome, "title", AnswerTarget::Outcome(number))?);
    }
    let mut is_right = true;
    for (number, this) in named.iter().enumerate() {
        if named[..number].iter().any(|other| other.name.text == this.name.text) {
            report_repeated(writer, &this.name);
            is_right = false;
        }
    }
    let mut questions = Vec::with_capacity(asked.len());
    for (number, mut question) in asked.into_iter().enumerate() {
        let mut answers = Vec::new();
        for mut answer in question.entries("answers") {
            let text = answer.required("answer");
            match answer.text("to").and_then(|to| target(writer, &to, &named)) {
                Some(to) => answers.push(Answer { text, to }),
                None => is_right = false,
            }
        }
        questions.push(Question { text: named[number].text.text.clone(), answers });
    }
    if !is_right || !check_ways(writer, &questions, &named) {
        return None;
    }
    let first_outcome = questions.len();
    let mut outcomes = Vec::with_capacity(given.len());
    for (number, mut outcome) in given.into_iter().enumerate() {
        render_text(writer, call, number, outcome.text("text").as_ref());
        let link = outcome.text("link").and_then(|link| writer.context.add_link(&link.text, None, link.span));
        let title = named[first_outcome + number].text.text.clone();
        outcomes.push(Outcome { title, text: HtmlFragment::default(), link });
    }
    Some(Decision { title: call.argument.clone(), questions, outcomes })
}

fn target(writer: &mut HtmlWriter<'_, '_>, to: &Written, named: &[Named]) -> Option<AnswerTarget> {
    let found = named.iter().find(|named| named.name.text == to.text).or_else(|| {
        let mut by_text = named.iter().filter(|named| named.text.text == to.text);
        by_text.next().filter(|_| by_text.next().is_none())
    });
    if found.is_none() {
        report_unknown(writer, to, named.iter().map(|named| named.name.text.as_str()));
    }
    found.map(|named| named.is)
}

/// Whether no way leads back and everything is reached; reports what is not so.
fn check_ways(writer: &mut HtmlWriter<'_, '_>, questions: &[Question], named: &[Named]) -> bool {
    let mut walk = Walk { questions, state: vec![Visit::New; questions.len()], loops: Vec::new() };
    let mut reached = vec![false; named.len()];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    (0..questions.len()).for_each(|number| walk.visit(number));
    let mut open = vec![0];
    while let Some(number) = open.pop() {
        for answer in questions.get(number).map_or(&[][..], |question| &question.answers) {
            let (index, next) = match answer.to {
                AnswerTarget::Question(next) => (next, Some(next)),
                AnswerTarget::Outcome(outcome) => (questions.len() + outcome, None),
            };
            if !std::mem::replace(&mut reached[index], true) {
                open.extend(next);
            }
        }
    }
    let place = |index: usize| -> (Span, &str) { (named[index].text.span, &named[index].text.text) };
    for number in &walk.loops {
        let (span, text) = place(*number);
        let diag = writer.context.diag_at(&codes::DECISION_LOOP, span).arg("text", text);
        writer.context.push_diag(diag);
    }
    for (index, _) in reached.iter().enumerate().filter(|(_, reached)| !**reached) {
        let diag = writer.context.diag_at(&codes::UNREACHED, place(index).0).arg("text", &named[index].name.text);
        writer.context.push_diag(diag);
    }
    walk.loops.is_empty() && reached.iter().all(|reached| *reached)
}

/// A walk in depth over the questions, of which there are at most 30.
struct Walk<'q> {
    questions: &'q [Question],
    state: Vec<Visit>,
    /// Questions that a way leads back to.
    loops: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

impl Walk<'_> {
    fn visit(&mut self, number: usize) {
        match self.state[number] {
            Visit::Done => {}
            Visit::Open if self.loops.contains(&number) => {}
            Visit::Open => self.loops.push(number),
            Visit::New => {
                self.state[number] = Visit::Open;
                let questions = self.questions;
                for answer in &questions[number].answers {
                    if let AnswerTarget::Question(next) = answer.to {
                        self.visit(next);
                    }
                }
                self.state[number] = Visit::Done;
            }
        }
    }
}
