//! Writes metadata of other programs as front matter, for hints that show what to type.
//!
//! Input: the lines of a block in YAML, TOML or JSON, perhaps broken. Output: YAML between two `---` lines; parts that
//! cannot be read stay as they are. Does not know which keys exist.

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
    let value = line[at + mark..].trim();
    if value.is_empty() { format!("{}:", &line[..at]) } else { format!("{}: {value}", &line[..at]) }
}

/// `key = value` as `key: value`; a table as a mapping.
fn toml_lines(block: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut indent = "";
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            out.push(format!("{}:", name.trim_matches(['[', ']', ' '])));
            indent = "  ";
        } else {
            match line.split_once('=') {
                Some((key, value)) => {
                    out.push(format!("{indent}{}: {}", key.trim().trim_matches(['"', '\'']), value.trim()));
                }
                None => out.push(format!("{indent}{line}")),
            }
        }
    }
    out
}

/// The members of the object, one on a line. JSON values are YAML.
fn json_lines(block: &str) -> Vec<String> {
    let block = block.trim();
    let whole = if block.starts_with('{') { block.to_string() } else { format!("{{{block}}}") };
    let first =
        serde_json::Deserializer::from_str(&whole).into_iter::<serde_json::Map<String, serde_json::Value>>().next();
    match first {
        Some(Ok(members)) => members.iter().map(|(key, value)| format!("{key}: {value}")).collect(),
        _ => {
            let bare = |line: &str| line.trim().trim_matches(['{', '}', ',', ' ']).to_string();
            block.lines().map(bare).filter(|line| !line.is_empty()).map(|line| plain_colon(&line)).collect()
        }
    }
}
