//! A report as one HTML document without other files or scripts, laid out for printing.

use super::{ReportItem, ReportTable, SurveyReport};
use puzhi_core::base::{escape_attr, escape_text};

const STYLE: &str = "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:16px/1.7 'PingFang SC','Source Han Sans SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif;color:#1a1a1a;background:#fff}\
h1{font-size:1.6em;line-height:1.35}h2{font-size:1.3em;margin-top:2.4em;border-top:2px solid #1a1a1a;padding-top:.6em}h3{font-size:1.1em;margin-top:1.6em}\
table{border-collapse:collapse;width:100%;margin:1em 0 .4em;font-variant-numeric:tabular-nums}caption{text-align:start;font-weight:bold;padding:.4em 0}\
th,td{border:1px solid #767676;padding:.25em .6em;text-align:end;vertical-align:top}th:first-child{text-align:start;font-weight:normal}thead th{background:#f0f0f0;font-weight:bold}\
dl{display:grid;grid-template-columns:minmax(6em,max-content) 1fr;gap:.2em 1em}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}.note{margin:0 0 1em;color:#454545}.wide{overflow-x:auto}\
@media(max-width:30rem){dl{display:block}dd{margin:0 0 .6em}}@media print{@page{margin:18mm}body{margin:0;font-size:11pt}h2{break-before:page}h2.first{break-before:auto}h3{break-after:avoid}tr,caption{break-inside:avoid}thead{display:table-header-group}.wide{overflow:visible}}";

/// The whole document.
pub fn html(report: &SurveyReport) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    escape_text(&mut out, &report.title);
    out.push_str("</title>\n<style>");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n<main>\n");
    write_element(&mut out, "h1", &report.title);
    write_items(&mut out, &report.general);
    if report.waves.is_empty() {
        write_element(&mut out, "p", "暂无数据。");
    }
    for (at, wave) in report.waves.iter().enumerate() {
        out.push_str(if at == 0 { "<h2 class=\"first\">" } else { "<h2>" });
        escape_text(&mut out, &wave.title);
        out.push_str("</h2>\n");
        wave.statement.iter().for_each(|sentence| write_element(&mut out, "p", sentence));
        write_element(&mut out, "h3", "怎样得来的");
        write_items(&mut out, &wave.methodology);
        write_element(&mut out, "h3", "各题结果");
        wave.tables.iter().for_each(|table| write_table(&mut out, table));
    }
    report.changes.iter().for_each(|table| write_table(&mut out, table));
    if !report.waves.is_empty() {
        write_element(&mut out, "h3", "说明");
        report.notes.iter().for_each(|note| write_element(&mut out, "p", note));
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn write_element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    escape_text(out, text);
    out.push_str(&format!("</{name}>\n"));
}

fn write_items(out: &mut String, facts: &[ReportItem]) {
    out.push_str("<dl>\n");
    for fact in facts {
        write_element(out, "dt", fact.name);
        write_element(out, "dd", &fact.text);
    }
    out.push_str("</dl>\n");
}

/// Wide tables scroll in a region that can have the keyboard's focus (WCAG 2.1.1).
fn write_table(out: &mut String, table: &ReportTable) {
    out.push_str("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    escape_attr(out, &table.caption);
    out.push_str("\">\n<table>\n");
    write_element(out, "caption", &table.caption);
    out.push_str("<thead><tr>");
    for head in &table.head {
        out.push_str("<th scope=\"col\">");
        escape_text(out, head);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let (open, close) = if at == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
            out.push_str(open);
            escape_text(out, cell);
            out.push_str(close);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    if let Some(note) = &table.note {
        out.push_str("<p class=\"note\">");
        escape_text(out, note);
        out.push_str("</p>\n");
    }
}
