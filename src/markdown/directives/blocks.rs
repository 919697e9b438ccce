//! Directives that are HTML at once: boxes, details, steps, questions, figures.
//!
//! In: a call. Out: HTML in the writer's draft; what is inside goes through the same writer. Knows no pages.

use super::super::draft::{Draft, Hole};
use super::super::model::Slot;
use super::super::writer::{Mode, Writer};
use super::Call;
use puzhi_core::diag::codes::markdown as codes;

pub(super) fn write(writer: &mut Writer<'_, '_>, call: &Call) {
    match call.definition.name {
        "details" => details(writer, call),
        "steps" => steps(writer, call),
        "faq" => questions(writer, call),
        "figure" => figure(writer, call),
        "gallery" => gallery(writer, call),
        kind => admonition(writer, call, kind),
    }
}

fn inside(writer: &mut Writer<'_, '_>, call: &Call, mode: Mode) -> Draft {
    writer.nested(&call.body, &call.body_origin, mode, call.name_span)
}

fn admonition(writer: &mut Writer<'_, '_>, call: &Call, kind: &'static str) {
    let labels = writer.page.options.labels;
    let label = match kind {
        "tip" => &labels.tip,
        "warning" => &labels.warning,
        _ => &labels.note,
    };
    writer.out.push(&format!("<aside role=\"note\" class=\"admonition {kind}\"><p class=\"admonition-title\">"));
    writer.out.text(if call.argument.is_empty() { label } else { &call.argument });
    writer.out.push("</p>\n");
    let body = inside(writer, call, Mode::Body);
    writer.out.append(body);
    writer.out.push("</aside>\n");
}

fn details(writer: &mut Writer<'_, '_>, call: &Call) {
    let open = if call.flag("open") { " open" } else { "" };
    writer.out.push(&format!("<details class=\"details\"{open}><summary>"));
    writer.out.text(&call.argument);
    writer.out.push("</summary>\n");
    let body = inside(writer, call, Mode::Body);
    writer.out.append(body);
    writer.out.push("</details>\n");
}

fn steps(writer: &mut Writer<'_, '_>, call: &Call) {
    let body = inside(writer, call, Mode::Body);
    if !body.html.contains("<ol") {
        writer.page.report(&codes::STEPS_WITHOUT_LIST, call.name_span);
    }
    writer.out.push("<div class=\"steps\">\n");
    writer.out.append(body);
    writer.out.push("</div>\n");
}

fn questions(writer: &mut Writer<'_, '_>, call: &Call) {
    let body = inside(writer, call, Mode::Questions);
    if !body.html.contains("<summary>") {
        writer.page.report(&codes::FAQ_WITHOUT_QUESTIONS, call.name_span);
    }
    writer.out.push("<div class=\"faq\">\n");
    writer.out.append(body);
    writer.out.push("</div>\n");
}

fn figure(writer: &mut Writer<'_, '_>, call: &Call) {
    let alt = call.text("alt").unwrap_or_default();
    let image = writer.page.image(&call.argument, &alt, None, call.argument_span);
    let caption = inside(writer, call, Mode::Body);
    let Some(image) = image else { return };
    writer.out.push("<figure class=\"figure\">");
    writer.out.slot(Slot::Image(image));
    let (line, credit) = (call.text("caption"), call.text("credit"));
    if line.is_some() || credit.is_some() || !caption.html.is_empty() {
        writer.out.push("<figcaption>");
        if let Some(line) = &line {
            writer.out.text(line);
        }
        writer.out.append(caption);
        if let Some(credit) = &credit {
            writer.out.push(" <span class=\"credit\">");
            let label = &writer.page.options.labels.credit;
            writer.out.text(label);
            writer.out.text(credit);
            writer.out.push("</span>");
        }
        writer.out.push("</figcaption>");
    }
    writer.out.push("</figure>\n");
}

fn gallery(writer: &mut Writer<'_, '_>, call: &Call) {
    let body = inside(writer, call, Mode::Body);
    let images: Vec<u32> = body
        .holes
        .iter()
        .filter_map(|(_, hole)| match hole {
            Hole::Slot(Slot::Image(image)) => Some(*image),
            _ => None,
        })
        .collect();
    if images.is_empty() {
        writer.page.report(&codes::GALLERY_WITHOUT_IMAGES, call.name_span);
        return;
    }
    writer.out.push("<div class=\"gallery\">\n");
    for image in images {
        writer.out.push("<figure class=\"figure\">");
        writer.out.slot(Slot::Image(image));
        let title = writer.page.body.images.get(image as usize).and_then(|i| i.title.clone());
        if let Some(title) = title {
            writer.out.push("<figcaption>");
            writer.out.text(&title);
            writer.out.push("</figcaption>");
        }
        writer.out.push("</figure>\n");
    }
    writer.out.push("</div>\n");
}
