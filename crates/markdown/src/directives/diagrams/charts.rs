//! `bars`, `line` and `gauge`: values with unit and source. In: the YAML of the directive. Out: finite numbers.

use super::super::super::diagram_model::{Chart, ChartRow, Gauge, Position};
use super::super::super::writer::HtmlWriter;
use super::super::DirectiveCall;
use super::flow::report_repeated;
use super::form::{self, Form, Written};
use super::numbers;
use puzhi_core::diag::codes::diagrams as codes;

/// The values of a `bars` directive; `None` if one has an error, which is reported.
pub(in super::super) fn bars(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Chart> {
    chart(writer, call, false)
}

/// The values of a `line` directive, in the order of time.
pub(in super::super) fn line(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Chart> {
    let chart = chart(writer, call, true)?;
    if chart.rows.len() < 2 {
        form::report(writer, call, call.name_span, "折线至少要两个点", "a line needs two points at least");
        return None;
    }
    Some(chart)
}

fn number(writer: &mut HtmlWriter<'_, '_>, written: &Written, may_be_negative: bool) -> Option<Position> {
    let value = numbers::read(writer, &written.text, written.span, may_be_negative)?;
    Some(Position { value, written: written.text.clone() })
}

fn chart(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, is_line: bool) -> Option<Chart> {
    let mut form = form::read(writer, call)?;
    let mut names: Vec<Written> = Vec::new();
    let mut rows: Vec<ChartRow> = Vec::new();
    let mut is_right = true;
    for mut entry in form.entries("data") {
        let (name, value) = (entry.text("name")?, entry.text("value")?);
        if names.iter().any(|other| other.text == name.text) {
            report_repeated(writer, &name);
            is_right = false;
        }
        match number(writer, &value, is_line) {
            Some(value) => {
                let time = if is_line { numbers::time(&name.text) } else { None };
                rows.push(ChartRow { name: name.text.clone(), value, time });
            }
            None => is_right = false,
        }
        names.push(name);
    }
    if !is_right || is_line && !check_order(writer, &mut rows, &names) {
        return None;
    }
    Some(Chart {
        title: call.argument.clone(),
        unit: form.required("unit"),
        source: form.required("source"),
        as_of: optional(&mut form, "as_of"),
        rows,
    })
}

fn optional(form: &mut Form, key: &str) -> Option<String> {
    form.text(key).map(|written| written.text)
}

/// Whether the points are in order, if all say a time. If one does not, none has its time, and they stand at equal distances.
fn check_order(writer: &mut HtmlWriter<'_, '_>, rows: &mut [ChartRow], names: &[Written]) -> bool {
    if rows.iter().any(|row| row.time.is_none()) {
        rows.iter_mut().for_each(|row| row.time = None);
        return true;
    }
    let wrong = rows.windows(2).position(|pair| pair[0].time >= pair[1].time);
    if let Some(at) = wrong {
        numbers::report_order(writer, &names[at].text, &names[at + 1].text, names[at + 1].span);
    }
    wrong.is_none()
}

/// Goal and value of a `gauge` directive.
pub(in super::super) fn gauge(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Gauge> {
    let mut form = form::read(writer, call)?;
    let written_goal = form.text("goal")?;
    let goal = number(writer, &written_goal, false);
    let value = match form.text("value") {
        Some(written) => number(writer, &written, false).map(Some),
        None => Some(None),
    };
    let goal = goal?;
    if goal.value == 0.0 {
        let diag = writer.context.diag_at(&codes::BAD_NUMBER, written_goal.span).arg("value", &written_goal.text);
        let diag = diag.arg("zh", "目标要大于 0").arg("en", "the goal must be above 0");
        let diag = diag.arg("hint_zh", "写要达到的数，例如 85").arg("hint_en", "write the number to reach, as in 85");
        writer.context.push_diag(diag);
        return None;
    }
    Some(Gauge {
        title: call.argument.clone(),
        unit: form.required("unit"),
        source: form.required("source"),
        as_of: optional(&mut form, "as_of"),
        by: optional(&mut form, "by"),
        goal,
        value: value?,
    })
}
