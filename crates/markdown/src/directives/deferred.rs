//! Directives that the view renders, because they depend on other pages, data or files.
//!
//! Input: a [`DirectiveCall`]. Output: a [`Directive`] with typed arguments in the table of directives, and a slot
//! for it. Does not check whether pages, targets or data files exist.

use super::super::model::{Directive, DirectiveData, Slot};
use super::super::writer::HtmlWriter;
use super::{DirectiveCall, diagrams, yaml_entries};

/// Adds the directive to the table and writes its slot. Writes nothing if an argument is invalid, which is then
/// reported.
pub(super) fn write(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let Some(data) = directive_data(writer, call) else { return };
    let number = writer.context.body.directives.len();
    writer.context.body.directives.push(Directive { span: call.span, data });
    writer.out.slot(Slot::Directive(number as u32));
    writer.out.push("\n");
}

fn directive_data(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<DirectiveData> {
    let written = call.argument.clone();
    Some(match call.definition.name {
        "download" => {
            let target = writer.context.parse_target(&written, call.argument_span)?;
            DirectiveData::Download { target, written, title: call.text("title") }
        }
        "table" => {
            let target = writer.context.parse_target(&written, call.argument_span)?;
            DirectiveData::Table { target, written, caption: call.text("caption"), columns: call.list("columns") }
        }
        "contacts" => DirectiveData::Contacts { entries: yaml_entries::contacts(writer, call)? },
        "timeline" => yaml_entries::timeline(writer, call)?,
        "flow" => DirectiveData::Flow(diagrams::flow(writer, call)?),
        "decision" => DirectiveData::Decision(diagrams::decision(writer, call)?),
        "bars" => DirectiveData::Bars(diagrams::bars(writer, call)?),
        "line" => DirectiveData::Line(diagrams::line(writer, call)?),
        "gauge" => DirectiveData::Gauge(diagrams::gauge(writer, call)?),
        "target" => DirectiveData::Target { id: written },
        "targets" => {
            DirectiveData::Targets { group: call.text("group"), unit: call.text("unit"), counts: call.flag("counts") }
        }
        "events" => DirectiveData::Events {
            campaign: call.text("campaign"),
            channel: call.text("channel"),
            unit: call.text("unit"),
            upcoming: call.flag("upcoming"),
            limit: call.number("limit", 5),
        },
        "pages" => DirectiveData::Pages {
            section: call.text("section"),
            kind: call.text("kind"),
            tag: call.text("tag"),
            unit: call.text("unit"),
            campaign: call.text("campaign"),
            sort: call.text("sort"),
            limit: call.number("limit", 10),
        },
        "toc" => DirectiveData::Toc { depth: call.number("depth", 3) as u8 },
        "survey" => DirectiveData::Survey { id: written, compact: call.flag("compact") },
        _ => return None,
    })
}
