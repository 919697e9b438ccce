//! Renders the page on which a respondent checks the answers before they are stored.
//!
//! Input: the survey and the answers that were sent. Output: HTML.

use std::fmt::Write;

use crate::base::{escape_attr, escape_text};
use crate::kinds::{Question, Survey};

use super::{FormLabels, FormState, heading, hidden};

/// Renders the answers, one form that submits them under `state.key`, and one form that goes back to change them. The
/// second form sends the same pairs without a key and with `change` = `yes`; the receiver then shows the filled form.
pub fn render_review_page(survey: &Survey, state: &FormState) -> String {
    let labels = state.labels();
    let mut out = String::from("<div class=\"ask ask-check\">\n");
    heading(&mut out, state.level, labels.check);
    let _ = writeln!(out, "<p>{}</p>\n<dl class=\"ask-answers\">", labels.check_about);
    for (n, asked) in survey.all_questions().enumerate() {
        let given = given(asked, state, labels);
        // Leave out questions that were not asked because of their condition.
        if given.is_none() && asked.show_if.is_some() {
            continue;
        }
        let _ = write!(out, "<div><dt><span class=\"ask-number\">{}</span> ", n + 1);
        escape_text(&mut out, &asked.text);
        out.push_str("</dt><dd>");
        escape_text(&mut out, given.as_deref().unwrap_or(labels.not_answered));
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n<div class=\"ask-send\">\n");
    for (class, label, key) in
        [("button", labels.send_checked, state.key.as_deref()), ("button quiet", labels.change, None)]
    {
        out.push_str("<form method=\"post\" action=\"");
        escape_attr(&mut out, &state.action);
        let _ = writeln!(out, "\" id=\"{}\">", if key.is_some() { "ask-confirm" } else { "ask-change" });
        for (name, value) in &state.filled {
            if name.starts_with("q.") || name == "consent" {
                hidden(&mut out, name, value);
            }
        }
        if let Some(code) = state.code.as_deref().filter(|c| !c.is_empty()) {
            hidden(&mut out, "code", code);
        }
        match key {
            Some(key) => hidden(&mut out, "key", key),
            None => hidden(&mut out, "change", "yes"),
        }
        let _ = writeln!(out, "<button type=\"submit\" class=\"{class}\">{label}</button>\n</form>");
    }
    out.push_str("</div>\n</div>\n");
    out
}

/// Returns the answer as text, using the texts of the options.
fn given(asked: &Question, state: &FormState, labels: &FormLabels) -> Option<String> {
    let name = format!("q.{}", asked.id);
    let given: Vec<String> = state
        .values(&name)
        .filter(|v| !v.trim().is_empty())
        .map(|value| asked.option(value).map_or_else(|| value.to_string(), |option| option.text.clone()))
        .collect();
    (!given.is_empty()).then(|| given.join(labels.comma))
}
