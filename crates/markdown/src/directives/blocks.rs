//! Directives that are rendered at once: admonitions, details, steps, questions, figures, galleries.
//!
//! Input: a [`DirectiveCall`]. Output: HTML in the writer's buffer; the body is rendered by the same writer. Does not
//! know other pages.

use super::super::html_buffer::{HtmlBuffer, Placeholder};
use super::super::model::Slot;
use super::super::writer::{HtmlWriter, WriterMode};
use super::DirectiveCall;
use puzhi_core::diag::codes::markdown as codes;

/// Writes the HTML of a directive of this group.
pub(super) fn write(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    match call.definition.name {
        "details" => details(writer, call),
        "steps" => steps(writer, call),
        "faq" => questions(writer, call),
        "figure" => figure(writer, call),
        "gallery" => gallery(writer, call),
        kind => admonition(writer, call, kind),
    }
}

fn render_body(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, mode: WriterMode) -> HtmlBuffer {
    writer.nested(&call.body, &call.body_source_map, mode, call.name_span)
}

fn admonition(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, kind: &'static str) {
    let labels = writer.context.options.labels;
    let label = match kind {
        "tip" => &labels.tip,
        "warning" => &labels.warning,
        _ => &labels.note,
    };
    writer.out.push(&format!("<aside role=\"note\" class=\"admonition {kind}\"><p class=\"admonition-title\">"));
    writer.out.text(if call.argument.is_empty() { label } else { &call.argument });
    writer.out.push("</p>\n");
    let body = render_body(writer, call, WriterMode::DirectiveBody);
    writer.out.append(body);
    writer.out.push("</aside>\n");
}

fn details(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let open = if call.flag("open") { " open" } else { "" };
    writer.out.push(&format!("<details class=\"details\"{open}><summary>"));
    writer.out.text(&call.argument);
    writer.out.push("</summary>\n");
    let body = render_body(writer, call, WriterMode::DirectiveBody);
    writer.out.append(body);
    writer.out.push("</details>\n");
}

fn steps(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let body = render_body(writer, call, WriterMode::DirectiveBody);
    if !body.html.contains("<ol") {
        writer.context.report(&codes::STEPS_WITHOUT_LIST, call.name_span);
    }
    writer.out.push("<div class=\"steps\">\n");
    writer.out.append(body);
    writer.out.push("</div>\n");
}

fn questions(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let body = render_body(writer, call, WriterMode::Questions);
    if !body.html.contains("<summary>") {
        writer.context.report(&codes::FAQ_WITHOUT_QUESTIONS, call.name_span);
    }
    writer.out.push("<div class=\"faq\">\n");
    writer.out.append(body);
    writer.out.push("</div>\n");
}

fn figure(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let alt = call.text("alt").unwrap_or_default();
    let image = writer.context.add_image(&call.argument, &alt, None, call.argument_span);
    let caption = render_body(writer, call, WriterMode::DirectiveBody);
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
            let label = &writer.context.options.labels.credit;
            writer.out.text(label);
            writer.out.text(credit);
            writer.out.push("</span>");
        }
        writer.out.push("</figcaption>");
    }
    writer.out.push("</figure>\n");
}

/// Reports the lines of a gallery that are no pictures, since they are not shown.
fn report_gallery_text(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, body: &HtmlBuffer) {
    let is_picture = |placeholder: &Placeholder| matches!(placeholder, Placeholder::Slot(Slot::Image(_)));
    let has_text =
        body.html.split('<').any(|piece| !piece.split_once('>').map_or(piece, |(_, text)| text).trim().is_empty());
    if !has_text && body.placeholders.iter().all(|(_, placeholder)| is_picture(placeholder)) {
        return;
    }
    let mut at = 0;
    for line in call.body.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let words = line.trim();
        let is_picture = words.starts_with("![") && words.ends_with(')');
        if !words.is_empty() && !is_picture {
            let span = call.body_source_map.span(&(start..start + words.len()));
            writer.context.report(&codes::GALLERY_TEXT, span);
        }
    }
}

fn gallery(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) {
    let body = render_body(writer, call, WriterMode::DirectiveBody);
    let images: Vec<u32> = body
        .placeholders
        .iter()
        .filter_map(|(_, placeholder)| match placeholder {
            Placeholder::Slot(Slot::Image(image)) => Some(*image),
            _ => None,
        })
        .collect();
    if images.is_empty() {
        writer.context.report(&codes::GALLERY_WITHOUT_IMAGES, call.name_span);
        writer.out.append(body);
        return;
    }
    report_gallery_text(writer, call, &body);
    writer.out.push("<div class=\"gallery\">\n");
    for image in images {
        writer.out.push("<figure class=\"figure\">");
        writer.out.slot(Slot::Image(image));
        let title = writer.context.body.images.get(image as usize).and_then(|i| i.title.clone());
        if let Some(title) = title {
            writer.out.push("<figcaption>");
            writer.out.text(&title);
            writer.out.push("</figcaption>");
        }
        writer.out.push("</figure>\n");
    }
    writer.out.push("</div>\n");
}
