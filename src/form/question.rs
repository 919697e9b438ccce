//! One question as fields: a group of choices, or one box for a number.

use std::fmt::Write;

use crate::base::{escape_attr, escape_text};
use crate::kinds::{Question, QuestionKind, Survey};

use super::{FormState, described, error, field_id};

/// Writes the question. Numbers run through questions and background.
pub(super) fn question(out: &mut String, survey: &Survey, asked: &Question, number: usize, state: &FormState) {
    let words = state.words();
    let id = field_id(survey, &asked.id);
    let name = format!("q.{}", asked.id);
    let problem = state.problem(&asked.id);
    let one_box = asked.kind == QuestionKind::Number;
    let (tag, title) = if one_box { ("div", "label") } else { ("fieldset", "legend") };
    let hints: Vec<String> = hints(asked, words);
    let parts = [("if", asked.show_if.is_some()), ("hint", !hints.is_empty()), ("error", problem.is_some())];
    let _ = write!(out, "<{tag} class=\"ask-q{}\"", if problem.is_some() { " ask-wrong" } else { "" });
    when(out, asked);
    if !one_box {
        described(out, &id, &parts);
    }
    let _ = write!(out, "><{title} class=\"ask-text\"");
    if one_box {
        out.push_str(" for=\"");
        escape_attr(out, &id);
        out.push('"');
    }
    let _ = write!(out, "><span class=\"ask-number\">{number}</span> ");
    escape_text(out, &asked.text);
    if asked.required {
        let _ = write!(out, " <span class=\"ask-required\">{}</span>", words.required);
    }
    let _ = write!(out, "</{title}>");
    if let Some(condition) = condition(survey, asked, state) {
        note(out, "ask-if", &format!("{id}-if"), &words.only_if.replace("{condition}", &condition));
    }
    if !hints.is_empty() {
        note(out, "ask-hint", &format!("{id}-hint"), &hints.join(""));
    }
    error(out, &id, problem, words);
    match asked.kind {
        QuestionKind::Number => {
            out.push_str("<input type=\"text\" inputmode=\"numeric\" class=\"ask-figure\" maxlength=\"12\" name=\"");
            escape_attr(out, &name);
            out.push_str("\" id=\"");
            escape_attr(out, &id);
            out.push_str("\" value=\"");
            escape_attr(out, state.values(&name).next().unwrap_or_default());
            out.push('"');
            described(out, &id, &parts);
            out.push('>');
        }
        kind => choices(out, asked, kind, (&id, &name), state),
    }
    let _ = writeln!(out, "</{tag}>");
}

/// The options, each a large target.
fn choices(out: &mut String, asked: &Question, kind: QuestionKind, (id, name): (&str, &str), state: &FormState) {
    let control = if kind == QuestionKind::Multiple { "checkbox" } else { "radio" };
    let steps = scale_steps(asked);
    let _ = write!(out, "<div class=\"ask-choices{}\">", if steps.is_empty() { "" } else { " ask-steps" });
    let options = asked.options.iter().map(|o| (o.id.clone(), o.text.clone())).chain(steps);
    for (n, (value, text)) in options.enumerate() {
        let _ = write!(out, "<label class=\"ask-choice\"><input type=\"{control}\" name=\"");
        escape_attr(out, name);
        out.push_str("\" value=\"");
        escape_attr(out, &value);
        out.push('"');
        // Links from the list of errors lead to the first option.
        if n == 0 {
            out.push_str(" id=\"");
            escape_attr(out, id);
            out.push('"');
        }
        if state.values(name).any(|v| v == value) {
            out.push_str(" checked");
        }
        out.push_str("><span>");
        escape_text(out, &text);
        out.push_str("</span></label>");
    }
    out.push_str("</div>");
}

/// The steps of a scale without words.
pub(super) fn scale_steps(asked: &Question) -> Vec<(String, String)> {
    if asked.kind != QuestionKind::Scale || !asked.options.is_empty() {
        return Vec::new();
    }
    (1..=5).map(|n: i64| (n.to_string(), n.to_string())).collect()
}

fn hints(asked: &Question, words: &super::Words) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    if asked.kind == QuestionKind::Multiple && asked.hint.is_none() {
        hints.push(words.many.to_string());
    }
    hints.extend(asked.hint.clone());
    hints
}

/// The condition in words, for those who read the form without a script.
fn condition(_survey: &Survey, asked: &Question, _state: &FormState) -> Option<String> {
    asked.show_if.clone()
}

/// The condition for the script, which hides the question where it does not apply.
fn when(_out: &mut String, _asked: &Question) {}

fn note(out: &mut String, class: &str, id: &str, text: &str) {
    let _ = write!(out, "<p class=\"{class}\" id=\"");
    escape_attr(out, id);
    out.push_str("\">");
    escape_text(out, text);
    out.push_str("</p>");
}
