//! Renders one question as form fields: a group of choices, or one box for a number.
//!
//! Input: a question and the state of the form. Output: HTML appended to a string.

use std::fmt::Write;

use crate::base::{escape_attr, escape_text};
use crate::kinds::{ConditionOp, Question, QuestionKind, Survey};

use super::{FormState, condition, error, field_id, write_aria_describedby};

/// Writes the question. The numbering continues from the questions to the background questions.
pub(super) fn question(out: &mut String, survey: &Survey, asked: &Question, number: usize, state: &FormState) {
    let labels = state.labels();
    let id = field_id(survey, &asked.id);
    let name = format!("q.{}", asked.id);
    let problem = state.problem(&asked.id);
    let one_box = asked.kind == QuestionKind::Number;
    let (tag, title) = if one_box { ("div", "label") } else { ("fieldset", "legend") };
    let hints = hints(asked, labels);
    let parts = [("if", asked.show_if.is_some()), ("hint", !hints.is_empty()), ("error", problem.is_some())];
    let _ = write!(out, "<{tag} class=\"ask-q{}\"", if problem.is_some() { " ask-wrong" } else { "" });
    write_condition_attributes(out, asked);
    if !one_box {
        write_aria_describedby(out, &id, &parts);
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
        let _ = write!(out, " <span class=\"ask-required\">{}</span>", labels.required);
    }
    let _ = write!(out, "</{title}>");
    if let Some(condition) = condition(survey, asked, labels) {
        note(out, "ask-if", &format!("{id}-if"), &condition);
    }
    if !hints.is_empty() {
        note(out, "ask-hint", &format!("{id}-hint"), &hints.join(" "));
    }
    error(out, &id, problem, labels);
    match asked.kind {
        QuestionKind::Number => {
            out.push_str("<input type=\"text\" inputmode=\"numeric\" class=\"ask-figure\" maxlength=\"12\" name=\"");
            escape_attr(out, &name);
            out.push_str("\" id=\"");
            escape_attr(out, &id);
            out.push_str("\" value=\"");
            escape_attr(out, state.values(&name).next().unwrap_or_default());
            out.push('"');
            write_aria_describedby(out, &id, &parts);
            out.push('>');
        }
        kind => choices(out, asked, kind, (&id, &name), state),
    }
    let _ = writeln!(out, "</{tag}>");
}

/// Writes the options. Each whole label can be clicked.
fn choices(out: &mut String, asked: &Question, kind: QuestionKind, (id, name): (&str, &str), state: &FormState) {
    let control = if kind == QuestionKind::Multiple { "checkbox" } else { "radio" };
    let bare = asked.options.is_empty();
    let _ = write!(out, "<div class=\"ask-choices{}\">", if bare { " ask-steps" } else { "" });
    for (n, choice) in asked.choices().iter().enumerate() {
        let _ = write!(out, "<label class=\"ask-choice\"><input type=\"{control}\" name=\"");
        escape_attr(out, name);
        out.push_str("\" value=\"");
        escape_attr(out, &choice.id);
        out.push('"');
        // Links in the list of errors point to the first option.
        if n == 0 {
            out.push_str(" id=\"");
            escape_attr(out, id);
            out.push('"');
        }
        if state.values(name).any(|v| v == choice.id) {
            out.push_str(" checked");
        }
        out.push_str("><span>");
        escape_text(out, &choice.text);
        out.push_str("</span></label>");
    }
    out.push_str("</div>");
}

fn hints(asked: &Question, labels: &super::FormLabels) -> Vec<String> {
    let mut hints = Vec::new();
    if asked.kind == QuestionKind::Multiple && asked.hint.is_none() {
        hints.push(labels.many.to_string());
    }
    hints.extend(asked.hint.clone());
    if let Some((min, max)) = asked.range().filter(|_| asked.kind == QuestionKind::Number) {
        hints.push(labels.between.replace("{min}", &min.to_string()).replace("{max}", &max.to_string()));
    }
    hints
}

/// Writes the condition for the page's script, which hides the question while the condition is false. Ids contain no
/// spaces, so a space separates them.
fn write_condition_attributes(out: &mut String, asked: &Question) {
    let Some(condition) = &asked.show_if else { return };
    out.push_str(" data-when=\"");
    escape_attr(out, &condition.question);
    out.push_str(match condition.op {
        ConditionOp::Any => "\" data-is=\"",
        ConditionOp::None => "\" data-not=\"",
    });
    escape_attr(out, &condition.options.join(" "));
    out.push('"');
}

fn note(out: &mut String, class: &str, id: &str, text: &str) {
    let _ = write!(out, "<p class=\"{class}\" id=\"");
    escape_attr(out, id);
    out.push_str("\">");
    escape_text(out, text);
    out.push_str("</p>");
}
