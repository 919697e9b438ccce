//! `flow`: steps in lanes. In: the YAML of the directive. Out: a [`Flow`] whose lanes and jumps exist.

use super::super::super::diagram_model::{Flow, FlowStep, Jump};
use super::super::super::model::HtmlFragment;
use super::super::super::writer::HtmlWriter;
use super::super::DirectiveCall;
use super::form::{self, Form, Written};
use super::keys::MAX_LANES;
use super::render_text;
use puzhi_core::base::{Span, closest_match};
use puzhi_core::diag::codes::diagrams as codes;

/// A step as written.
struct WrittenStep {
    span: Span,
    title: String,
    who: Vec<Written>,
    text: Option<Written>,
    mark: Option<String>,
    jump: Option<Written>,
    when: Option<String>,
}

impl WrittenStep {
    fn of(mut form: Form) -> Self {
        Self {
            span: form.span,
            title: form.required("title"),
            who: form.names("who"),
            text: form.text("text"),
            mark: form.text("mark").map(|mark| mark.text),
            jump: form.text("jump"),
            when: form.text("when").map(|when| when.text),
        }
    }
}

/// The steps of a `flow` directive; `None` if one has an error, which is reported.
pub(in super::super) fn flow(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Flow> {
    let mut form = form::read(writer, call)?;
    let (lanes, lanes_are_right) = lanes(writer, form.names("lanes"));
    let is_ordered = match form.text("ordered") {
        None => Some(true),
        Some(written) => match written.text.to_lowercase().as_str() {
            "是" | "true" | "yes" => Some(true),
            "否" | "false" | "no" => Some(false),
            _ => {
                form::report(writer, call, written.span, "“有序”要写 是 或 否", "\"ordered\" is yes or no");
                None
            }
        },
    };
    let steps: Vec<WrittenStep> = form.entries("steps").into_iter().map(WrittenStep::of).collect();
    let checked: Vec<Option<FlowStep>> = steps.iter().map(|step| check_step(writer, step, &lanes, &steps)).collect();
    let is_ordered = is_ordered.filter(|_| lanes_are_right)?;
    let checked: Vec<FlowStep> = checked.into_iter().collect::<Option<_>>()?;
    for (number, step) in steps.iter().enumerate() {
        render_text(writer, call, number, step.text.as_ref());
    }
    Some(Flow { title: call.argument.clone(), lanes, is_ordered, steps: checked })
}

/// The roles as written, and whether they are right. Also with a fault, so that each step is compared with what was meant.
fn lanes(writer: &mut HtmlWriter<'_, '_>, written: Vec<Written>) -> (Vec<String>, bool) {
    let mut out: Vec<String> = Vec::with_capacity(written.len());
    let mut is_right = true;
    if let Some(surplus) = written.get(MAX_LANES) {
        let diag = writer.context.diag_at(&codes::TOO_MANY_ENTRIES, surplus.span);
        writer.context.push_diag(diag.arg("key", "角色").arg("limit", MAX_LANES));
        is_right = false;
    }
    for (number, lane) in written.into_iter().enumerate() {
        if number < MAX_LANES && out.contains(&lane.text) {
            report_repeated(writer, &lane);
            is_right = false;
        }
        out.push(lane.text);
    }
    (out, is_right)
}

/// Reports a name that stands for two things.
pub(super) fn report_repeated(writer: &mut HtmlWriter<'_, '_>, name: &Written) {
    let diag = writer.context.diag_at(&codes::REPEATED_NAME, name.span).arg("text", &name.text);
    writer.context.push_diag(diag);
}

fn check_step(
    writer: &mut HtmlWriter<'_, '_>,
    step: &WrittenStep,
    lanes: &[String],
    steps: &[WrittenStep],
) -> Option<FlowStep> {
    let mut is_right = true;
    let mut own: Vec<usize> = Vec::with_capacity(step.who.len());
    for who in &step.who {
        match lanes.iter().position(|lane| *lane == who.text) {
            Some(lane) => own.push(lane),
            None => {
                let near = nearest(&who.text, lanes.iter().map(String::as_str));
                let diag = writer.context.diag_at(&codes::UNKNOWN_LANE, who.span).arg("lane", &who.text);
                writer.context.push_diag(diag.optional_arg("nearest", near));
                is_right = false;
            }
        }
    }
    own.sort_unstable();
    own.dedup();
    if !lanes.is_empty() && step.who.is_empty() {
        form::report_missing(writer, "who", "谁", step.span);
        is_right = false;
    }
    let jump = match &step.jump {
        None if step.when.is_some() => {
            form::report_missing(writer, "jump", "转到", step.span);
            None
        }
        None => Some(None),
        Some(to) => target(writer, step, to, steps).map(|to| Some(Jump { to, when: step.when.clone() })),
    };
    let jump = jump?;
    is_right.then(|| FlowStep {
        title: step.title.clone(),
        lanes: own,
        text: HtmlFragment::default(),
        mark: step.mark.clone(),
        jump,
    })
}

/// The step that a jump names.
fn target(writer: &mut HtmlWriter<'_, '_>, from: &WrittenStep, to: &Written, steps: &[WrittenStep]) -> Option<usize> {
    let mut found = steps.iter().enumerate().filter(|(_, step)| step.title == to.text);
    match (found.next(), found.next()) {
        (Some((_, step)), None) if std::ptr::eq(step, from) => {
            let diag = writer.context.diag_at(&codes::JUMP_TO_ITSELF, to.span).arg("to", &to.text);
            writer.context.push_diag(diag);
            None
        }
        (Some((number, _)), None) => Some(number),
        (Some(_), Some(_)) => {
            report_repeated(writer, to);
            None
        }
        (None, _) => {
            report_unknown(writer, to, steps.iter().map(|step| step.title.as_str()));
            None
        }
    }
}

/// Reports a jump to something that is not there.
pub(super) fn report_unknown<'n>(writer: &mut HtmlWriter<'_, '_>, to: &Written, names: impl Iterator<Item = &'n str>) {
    let near = nearest(&to.text, names);
    let diag = writer.context.diag_at(&codes::UNKNOWN_JUMP, to.span).arg("to", &to.text).optional_arg("nearest", near);
    writer.context.push_diag(diag);
}

/// The nearest of short names. Comparing costs the product of the lengths, and long texts are no names.
fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const LONGEST: usize = 120;
    closest_match(wanted, names.filter(|name| name.len() <= LONGEST && wanted.len() <= LONGEST))
}
