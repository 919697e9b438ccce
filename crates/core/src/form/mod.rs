//! Renders a survey as an HTML form that works without JavaScript, and the page on which a respondent checks the
//! answers.
//!
//! Input: the definition of a survey and what the respondent has sent so far. Output: HTML in which all text is
//! escaped. The site renders the empty form and the collector renders the filled form with this module, so both are
//! the same. It knows no settings, no pages and no HTTP, and does not validate answers.

mod labels;
pub mod paper;
mod question;
mod review;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use crate::base::{escape_attr, escape_text};
use crate::kinds::{Question, Survey};

use labels::FormLabels;
pub use review::render_review_page;

/// The state of the form besides its questions.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    /// Target of the form: the collector's address for this survey, or a path on the collector.
    pub action: String,
    /// Language of the texts besides the questions: `en…` is English, anything else Chinese.
    pub lang: String,
    /// Level of the form's headings, 2 to 5. 0 means no headings, for a form inside a text.
    pub level: u8,
    /// The pairs that were sent: `q.QUESTION` = option or number, `consent` = `yes`.
    pub filled: Vec<(String, String)>,
    /// Errors to correct, each shown at its field.
    pub problems: Vec<FieldError>,
    /// The submission key, which prevents storing a form twice. The site sets none: the page's script creates one,
    /// and without JavaScript the check page contains one.
    pub key: Option<String>,
    /// The one-time code. `Some` shows the field, even if the code is empty; `None` leaves it out.
    pub code: Option<String>,
}

/// An error that the respondent must correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Id of the question, or `consent` or `code`; `None` if the error is about the whole form.
    pub question: Option<String>,
    /// The error and how to correct it, in the language of the form.
    pub message: String,
}

impl FormState {
    fn labels(&self) -> &'static FormLabels {
        FormLabels::of(&self.lang)
    }

    /// Returns all values sent under `name`.
    fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.filled.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn problem(&self, question: &str) -> Option<&str> {
        self.problems.iter().find(|p| p.question.as_deref() == Some(question)).map(|p| p.message.as_str())
    }
}

/// Average seconds per question. Used only for the estimate shown to the reader, in minutes.
const SECONDS_PER_QUESTION: usize = 15;

/// Estimates how many minutes the form takes, at least 1.
pub fn estimated_minutes(survey: &Survey) -> usize {
    ((survey.all_questions().count() * SECONDS_PER_QUESTION + 30) / 60).max(1)
}

/// Renders the whole form: errors, information about the survey, questions, consent.
pub fn render(survey: &Survey, state: &FormState) -> String {
    let labels = state.labels();
    let id = form_id(survey);
    let mut out = String::new();
    out.push_str("<form class=\"ask\" method=\"post\" novalidate autocomplete=\"off\" id=\"");
    escape_attr(&mut out, &id);
    out.push_str("\" action=\"");
    escape_attr(&mut out, &state.action);
    out.push_str("\">\n");
    summary(&mut out, survey, state, labels);
    about(&mut out, survey, state, labels);
    let mut number = 0;
    for (title, list) in [(labels.questions, &survey.questions), (labels.background, &survey.background)] {
        if list.is_empty() {
            continue;
        }
        heading(&mut out, state.level, title);
        for asked in list {
            number += 1;
            question::question(&mut out, survey, asked, number, state);
        }
    }
    if let Some(code) = &state.code {
        one_time_code(&mut out, survey, code, state);
    }
    consent(&mut out, survey, state);
    // A honeypot field: people do not see it, but programs that fill in every field do.
    let _ = writeln!(
        out,
        "<p class=\"ask-trap\" aria-hidden=\"true\"><label>{}<input type=\"text\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></label></p>",
        labels.trap
    );
    if let Some(key) = &state.key {
        hidden(&mut out, "key", key);
    }
    let _ = writeln!(
        out,
        "<p class=\"ask-send\"><button type=\"submit\" class=\"button\">{}</button></p>\n</form>",
        labels.send
    );
    out
}

/// Returns the id of the form element. The ids of its fields start with it, so that one page can contain two forms.
fn form_id(survey: &Survey) -> String {
    format!("ask-{}", survey.id.as_ref().map_or("", |id| id.value.as_str()))
}

/// Returns the id of the control that a link to the question points to.
fn field_id(survey: &Survey, question: &str) -> String {
    format!("{}-{question}", form_id(survey))
}

fn heading(out: &mut String, level: u8, text: &str) {
    let (open, close) = match level {
        0 => ("p class=\"ask-title\"".to_string(), "p".to_string()),
        n => (format!("h{}", n.clamp(2, 5)), format!("h{}", n.clamp(2, 5))),
    };
    let _ = write!(out, "<{open}>");
    escape_text(out, text);
    let _ = writeln!(out, "</{close}>");
}

fn hidden(out: &mut String, name: &str, value: &str) {
    out.push_str("<input type=\"hidden\" name=\"");
    escape_attr(out, name);
    out.push_str("\" value=\"");
    escape_attr(out, value);
    out.push_str("\">\n");
}

/// Writes the list of errors, each with a link to its field.
fn summary(out: &mut String, survey: &Survey, state: &FormState, labels: &FormLabels) {
    if state.problems.is_empty() {
        return;
    }
    let title = labels.problems.replace("{count}", &state.problems.len().to_string());
    let id = form_id(survey);
    out.push_str("<div class=\"ask-problems\" role=\"alert\" tabindex=\"-1\" id=\"");
    escape_attr(out, &format!("{id}-problems"));
    out.push_str("\">\n");
    heading(out, state.level, &title);
    out.push_str("<ul>");
    for problem in &state.problems {
        out.push_str("<li>");
        match &problem.question {
            Some(question) => {
                out.push_str("<a href=\"#");
                escape_attr(out, &crate::base::percent_encode_path(&field_id(survey, question)));
                out.push_str("\">");
                if let Some(number) = survey.number(question) {
                    escape_text(out, &labels.of_question.replace("{number}", &number.to_string()));
                }
                escape_text(out, &problem.message);
                out.push_str("</a>");
            }
            None => escape_text(out, &problem.message),
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>\n</div>\n");
}

/// Writes who asks, why, what is kept and for how long. It comes before the first question, because the Personal
/// Information Protection Law (个人信息保护法) requires that people are informed first.
fn about(out: &mut String, survey: &Survey, state: &FormState, labels: &FormLabels) {
    out.push_str("<div class=\"ask-about\">\n");
    heading(out, state.level, labels.before);
    let count = survey.all_questions().count().to_string();
    let _ = write!(out, "<p class=\"ask-length\">");
    escape_text(
        out,
        &labels.length.replace("{count}", &count).replace("{minutes}", &estimated_minutes(survey).to_string()),
    );
    out.push_str("</p>\n<dl>");
    facts(out, survey, labels, labels.kept);
    let _ = writeln!(out, "</dl>\n<p>{}</p>\n</div>", labels.free);
}

/// Writes who asks, why, who is asked, what is kept and for how long, as a description list.
fn facts(out: &mut String, survey: &Survey, labels: &FormLabels, kept: &str) {
    let unknown = Some(labels.unknown);
    for (term, value) in [
        (labels.who, survey.conductor.as_deref().or(unknown)),
        (labels.why, survey.purpose.as_deref()),
        (labels.whom, survey.population.as_deref()),
        (labels.what, Some(kept)),
        (labels.how_long, survey.retention.as_deref().or(unknown)),
    ] {
        let Some(value) = value else { continue };
        out.push_str("<div><dt>");
        escape_text(out, term);
        out.push_str("</dt><dd>");
        escape_text(out, value);
        out.push_str("</dd></div>");
    }
}

fn consent(out: &mut String, survey: &Survey, state: &FormState) {
    let labels = state.labels();
    let id = field_id(survey, "consent");
    let problem = state.problem("consent");
    let _ = write!(out, "<div class=\"ask-q ask-consent{}\">", if problem.is_some() { " ask-wrong" } else { "" });
    error(out, &id, problem, labels);
    out.push_str("<label class=\"ask-choice\"><input type=\"checkbox\" name=\"consent\" value=\"yes\" id=\"");
    escape_attr(out, &id);
    out.push('"');
    write_aria_describedby(out, &id, &[("error", problem.is_some())]);
    if state.values("consent").any(|v| v == "yes") {
        out.push_str(" checked");
    }
    let _ = writeln!(out, "><span>{}</span></label></div>", labels.consent);
}

fn one_time_code(out: &mut String, survey: &Survey, code: &str, state: &FormState) {
    let labels = state.labels();
    let id = field_id(survey, "code");
    let problem = state.problem("code");
    let _ = write!(
        out,
        "<div class=\"ask-q{}\"><label class=\"ask-text\" for=\"",
        if problem.is_some() { " ask-wrong" } else { "" }
    );
    escape_attr(out, &id);
    let _ = write!(out, "\">{}</label><p class=\"ask-hint\" id=\"", labels.code);
    escape_attr(out, &format!("{id}-hint"));
    let _ = write!(out, "\">{}</p>", labels.code_hint);
    error(out, &id, problem, labels);
    out.push_str(
        "<input type=\"text\" name=\"code\" class=\"ask-code\" autocapitalize=\"off\" spellcheck=\"false\" id=\"",
    );
    escape_attr(out, &id);
    out.push_str("\" value=\"");
    escape_attr(out, code);
    out.push('"');
    write_aria_describedby(out, &id, &[("hint", true), ("error", problem.is_some())]);
    out.push_str("></div>\n");
}

/// Writes the error of one field, above the field.
fn error(out: &mut String, id: &str, problem: Option<&str>, labels: &FormLabels) {
    let Some(problem) = problem else { return };
    out.push_str("<p class=\"ask-error\" id=\"");
    escape_attr(out, &format!("{id}-error"));
    let _ = write!(out, "\"><strong>{}</strong>", labels.mend);
    escape_text(out, problem);
    out.push_str("</p>");
}

/// Describes the condition of a question, for readers without JavaScript.
fn condition(survey: &Survey, asked: &Question, labels: &FormLabels) -> Option<String> {
    let condition = survey.condition_words(asked.show_if.as_ref()?, labels.lang);
    Some(labels.only_if.replace("{condition}", &condition))
}

/// Writes `aria-describedby` for those of `parts` that are present.
fn write_aria_describedby(out: &mut String, id: &str, parts: &[(&str, bool)]) {
    let there: Vec<String> = parts.iter().filter(|(_, there)| *there).map(|(part, _)| format!("{id}-{part}")).collect();
    if !there.is_empty() {
        out.push_str(" aria-describedby=\"");
        escape_attr(out, &there.join(" "));
        out.push('"');
    }
}
