//! Writes metadata of other programs as front matter, for hints that show what to type.
//!
//! Input: the lines of a block in YAML, TOML or JSON, perhaps broken. Output: YAML between two `---` lines; parts that
//! cannot be read stay as they are. Does not know which keys exist.

use crate::base::{SitePath, Span};
use crate::diag::{Diagnostic, SourceText};
use crate::yaml::{MappingEntry, parse_value};

/// How a block of metadata is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MetadataFormat {
    Yaml,
    Toml,
    Json,
}

impl MetadataFormat {
    /// The format of a block that begins with `line`.
    pub fn guess(line: &str) -> MetadataFormat {
        let line = line.trim_start();
        match line.find([':', '：', '=']) {
            _ if line.starts_with(['{', '"']) => MetadataFormat::Json,
            Some(at) if line[at..].starts_with('=') => MetadataFormat::Toml,
            _ => MetadataFormat::Yaml,
        }
    }
}

/// The block as YAML between marks.
pub(super) fn to_yaml(block: &str, format: MetadataFormat) -> String {
    let lines = match format {
        MetadataFormat::Yaml => yaml_lines(block),
        MetadataFormat::Toml => toml_lines(block),
        MetadataFormat::Json => json_lines(block),
    };
    format!("---\n{}\n---", lines.join("\n"))
}

/// The lines without the indentation that all of them share, each colon as YAML wants it.
fn yaml_lines(block: &str) -> Vec<String> {
    let lines: Vec<&str> = block.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    // The first line begins at the first key, without its indentation.
    let indent = lines.iter().skip(1).map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let shift = |line: &&str| {
        if line.len() == line.trim_start().len() { *line } else { line.get(indent..).unwrap_or("") }.to_string()
    };
    lines.iter().map(shift).map(|line| plain_colon(&line)).collect()
}

/// Writes the colon after the first word as `: `.
fn plain_colon(line: &str) -> String {
    let Some(at) = line.find([':', '：']) else { return line.to_string() };
    let mark = if line[at..].starts_with(':') { 1 } else { '：'.len_utf8() };
    // Logseq writes two colons.
    let value = line[at + mark..].trim_start_matches(':').trim();
    if value.is_empty() { format!("{}:", &line[..at]) } else { format!("{}: {value}", &line[..at]) }
}

/// `key = value` as `key: value`; a table as a mapping. Tables in lists, and those inside other tables, become comments.
fn toml_lines(block: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut indent = "";
    let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let plain = !name.contains(['[', '.']);
            out.push(if plain { format!("{}:", name.trim()) } else { format!("# {line}") });
            indent = if plain { "  " } else { "# " };
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            out.push(format!("{indent}{line}"));
            continue;
        };
        let value = value.trim();
        let value = match ["\"\"\"", "'''"].into_iter().find(|mark| value.starts_with(mark)) {
            Some(mark) => quoted_text(&value[mark.len()..], mark, &mut lines),
            None if value.starts_with('{') => colons(value),
            None => value.to_string(),
        };
        out.push(format!("{indent}{}: {value}", key.trim().trim_matches(['"', '\''])));
    }
    out
}

/// A text of TOML over several lines up to `mark`, in double quotes.
fn quoted_text<'l>(first: &str, mark: &str, lines: &mut impl Iterator<Item = &'l str>) -> String {
    let mut text = first.to_string();
    while !text.contains(mark) {
        let Some(line) = lines.next() else { break };
        text.push_str(if text.is_empty() { "" } else { "\n" });
        text.push_str(line);
    }
    let text = text.split(mark).next().unwrap_or_default();
    serde_json::Value::from(text).to_string()
}

/// An inline table with colons for its equals signs.
fn colons(table: &str) -> String {
    let mut quote = None;
    let mut out = String::with_capacity(table.len());
    for c in table.chars() {
        match quote {
            Some(mark) if mark == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '=' => {
                out.truncate(out.trim_end().len());
                out.push(':');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The members of the object, one on a line. JSON values are YAML.
fn json_lines(block: &str) -> Vec<String> {
    let block = block.trim();
    let plain = without_last_commas(block);
    let inner = plain.trim_start_matches('{').trim_end_matches('}');
    let whole = [plain.clone(), format!("{{{plain}}}"), format!("{{{inner}}}")];
    let first = |text: &String| {
        serde_json::Deserializer::from_str(text).into_iter::<serde_json::Map<String, serde_json::Value>>().next()?.ok()
    };
    if let Some(members) = whole.iter().find_map(first) {
        return members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    }
    // A mapping of YAML in one line.
    let path = SitePath::root();
    let source = SourceText::new(&path, block);
    let (node, found) = parse_value(&source, Span::new(0, block.len()));
    if let (Some(mapping), false) = (node.as_map(), found.iter().any(Diagnostic::is_error)) {
        let member =
            |entry: &MappingEntry| format!("{}: {}", entry.key, &block[entry.node.span.start..entry.node.span.end]);
        return mapping.entries.iter().map(member).collect();
    }
    let bare = |line: &str| line.trim().trim_matches(['{', '}', ',', ' ']).to_string();
    block.lines().map(bare).filter(|line| !line.is_empty()).map(|line| plain_colon(&line)).collect()
}

/// The text without commas before a closing bracket, outside quoted text.
fn without_last_commas(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in block.chars() {
        if !quoted && matches!(c, '}' | ']') {
            let kept = out.trim_end().trim_end_matches(',').len();
            if out[kept..].contains(',') {
                out.truncate(kept);
            }
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
    }
    if !quoted {
        let kept = out.trim_end().trim_end_matches(',').len();
        out.truncate(kept);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_formats_become() {
        for (block, format, wanted) in [
            ("{\"title\":\"甲,}\",\"draft\":true,}", MetadataFormat::Json, "title: \"甲,}\"\ndraft: true"),
            ("{{{\n\"title\":\"甲\"\n}}}", MetadataFormat::Json, "title: \"甲\""),
            ("{ title: '甲', draft: true }", MetadataFormat::Json, "title: '甲'\ndraft: true"),
            ("title = \"\"\"一\n二\"\"\"\nx = {a = 1}", MetadataFormat::Toml, "title: \"一\\n二\"\nx: {a: 1}"),
            ("[[r]]\nsrc = 1\n[extra]\na = 1", MetadataFormat::Toml, "# [[r]]\n# src: 1\nextra:\n  a: 1"),
        ] {
            assert_eq!(to_yaml(block, format), format!("---\n{wanted}\n---"));
        }
    }
}
