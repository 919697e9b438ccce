//! A report as Markdown. Characters with a meaning in Markdown or HTML are escaped, so texts of the survey remain plain text.

use super::{ReportItem, ReportTable, SurveyReport};

/// The whole document.
pub fn markdown(report: &SurveyReport) -> String {
    let mut out = format!("# {}\n\n", escaped(&report.title));
    write_items(&mut out, &report.general);
    if report.waves.is_empty() {
        out.push_str("暂无数据。\n");
    }
    for wave in &report.waves {
        out.push_str(&format!("## {}\n\n", escaped(&wave.title)));
        wave.statement.iter().for_each(|sentence| out.push_str(&format!("{}\n\n", escaped(sentence))));
        out.push_str("### 怎样得来的\n\n");
        write_items(&mut out, &wave.methodology);
        out.push_str("### 各题结果\n\n");
        wave.tables.iter().for_each(|table| write_table(&mut out, table));
    }
    report.changes.iter().for_each(|table| write_table(&mut out, table));
    if !report.waves.is_empty() {
        out.push_str("### 说明\n\n");
        report.notes.iter().for_each(|note| out.push_str(&format!("{}\n\n", escaped(note))));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn write_items(out: &mut String, facts: &[ReportItem]) {
    for fact in facts {
        out.push_str(&format!("- **{}**：{}\n", escaped(fact.name), escaped(&fact.text)));
    }
    out.push('\n');
}

fn write_table(out: &mut String, table: &ReportTable) {
    let line =
        |cells: &[String]| format!("| {} |\n", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | "));
    out.push_str(&format!("**{}**\n\n", escaped(&table.caption)));
    out.push_str(&line(&table.head));
    let rule: Vec<&str> = table.head.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }).collect();
    out.push_str(&format!("| {} |\n", rule.join(" | ")));
    table.rows.iter().for_each(|row| out.push_str(&line(row)));
    out.push('\n');
    out.extend(table.note.iter().map(|note| format!("{}\n\n", escaped(note))));
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '!' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
