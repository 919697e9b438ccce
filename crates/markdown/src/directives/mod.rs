//! Directives: fenced blocks whose info string is `{name} argument`, with lines `:option: value` first.
//!
//! Input: the fence line and the text of the block, with its position in the file. Output: HTML in the writer's
//! buffer, or a typed [`Directive`](super::model::Directive) for the view. Diagnostics have the position of the word
//! they are about. Does not know other pages or data files.

mod blocks;
mod deferred;
mod definitions;
mod diagrams;
mod yaml_entries;

use std::ops::Range;

pub use definitions::{
    DIRECTIVES, DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, EntryKey, OptionDefinition, OptionValueKind,
};
pub use diagrams::keys::{DiagramKey, DiagramValue};

use super::context::TextPlace;
use super::source_map::SourceMap;
use super::writer::HtmlWriter;
use puzhi_core::base::{Span, closest_match, only_close_match};
use puzhi_core::diag::Edit;
use puzhi_core::diag::codes::markdown as codes;

/// A directive as written, with checked options.
pub(super) struct DirectiveCall {
    /// Definition of the directive.
    pub definition: &'static DirectiveDefinition,
    /// Byte range of `{name}` in the file.
    pub name_span: Span,
    /// Byte range of the whole block in the file.
    pub span: Span,
    /// The argument; empty if there is none.
    pub argument: String,
    /// Byte range of the argument in the file.
    pub argument_span: Span,
    options: Vec<GivenOption>,
    /// The text after the options.
    pub body: String,
    /// Maps offsets in `body` to the file.
    pub body_source_map: SourceMap,
}

struct GivenOption {
    name: &'static str,
    value: OptionValue,
}

enum OptionValue {
    Text(String),
    List(Vec<String>),
    Bool(bool),
    Number(usize),
}

impl DirectiveCall {
    fn given(&self, name: &str) -> Option<&GivenOption> {
        self.options.iter().find(|o| o.name == name)
    }

    /// Value of a text option, if given.
    pub fn text(&self, name: &str) -> Option<String> {
        match &self.given(name)?.value {
            OptionValue::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Values of a list option; empty if it is not given.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.given(name).map(|o| &o.value) {
            Some(OptionValue::List(list)) => list.clone(),
            _ => Vec::new(),
        }
    }

    /// Value of a boolean option; `false` if it is not given.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.given(name).map(|o| &o.value), Some(OptionValue::Bool(true)))
    }

    /// Value of a number option, or `default` if it is not given.
    pub fn number(&self, name: &str, default: usize) -> usize {
        match self.given(name).map(|o| &o.value) {
            Some(OptionValue::Number(number)) => *number,
            _ => default,
        }
    }
}

/// Whether the info string of a fence starts a directive. `{.python}` and `{#id}` are attributes of a code block.
pub(super) fn is_directive(info: &str) -> bool {
    name_in(info).is_some()
}

/// The name of the directive that an info string starts.
pub(super) fn name(info: &str) -> Option<String> {
    name_in(info).map(|range| info[range].to_string())
}

/// Offset of the body in the text of a directive, which is after the lines of its options.
pub(super) fn body_start(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| option_line(line).is_some()).map(str::len).sum()
}

/// Byte range of the name in braces at the start of `info`.
fn name_in(info: &str) -> Option<Range<usize>> {
    let open = info.len() - info.trim_start().len();
    let inner = info[open..].strip_prefix('{')?;
    let close = inner.find('}')?;
    let name = inner[..close].trim();
    let fits = name.starts_with(|c: char| c.is_alphabetic())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '+'));
    let start = open + 1 + (inner[..close].len() - inner[..close].trim_start().len());
    fits.then(|| start..start + name.len())
}

/// Language of a code block: the first word of the info string in lower case, also from `{.python .numbered}`.
pub(super) fn language(info: &str) -> String {
    let word = info.trim().trim_start_matches(['{', '.']);
    let end = word.find([' ', '\t', ',', '{', '}']).unwrap_or(word.len());
    word[..end].to_lowercase()
}

/// Writes the directive whose block is `range` of the writer's text. An unknown directive is reported and written as
/// a code block.
pub(super) fn write_directive(
    writer: &mut HtmlWriter<'_, '_>,
    range: Range<usize>,
    text: String,
    source_map: SourceMap,
) {
    let block = &writer.text[range.clone()];
    let line = &block[..block.find(['\n', '\r']).unwrap_or(block.len())];
    let fence = line.trim_start_matches([' ', '\t']).trim_start_matches(['`', '~']);
    let info_at = range.start + (line.len() - fence.len());
    let Some(name_range) = name_in(fence) else { return writer.write_code(String::new(), text) };
    let name = fence[name_range.clone()].to_lowercase();
    let at = |r: Range<usize>| writer.source_map.span(&(info_at + r.start..info_at + r.end));
    let name_span = at(name_range.clone());
    let span = writer.source_map.span(&range);
    let Some(definition) = definitions::find(&name) else {
        let names = DIRECTIVES.iter().map(|d| d.name);
        let near = closest_match(&name, names.clone());
        let edit = only_close_match(&name, names).map(|name| Edit::new(name_span, name));
        let diag = writer
            .context
            .diag_at(&codes::UNKNOWN_DIRECTIVE, name_span)
            .arg("name", &name)
            .optional_arg("nearest", near)
            .fixed_by(edit);
        writer.context.push_diag(diag);
        return writer.write_code(name, text);
    };
    let rest = fence[name_range.end..].split_once('}').map_or("", |(_, rest)| rest);
    let argument = rest.trim();
    let argument_at = fence.len() - rest.trim_start().len();
    let argument_span = at(argument_at..argument_at + argument.len());
    match definition.argument {
        DirectiveArgument::Required(zh, en) if argument.is_empty() => {
            let diag = writer.context.diag_at(&codes::MISSING_ARGUMENT, name_span).arg("name", definition.name);
            writer.context.push_diag(diag.arg("zh", zh).arg("en", en));
            return;
        }
        DirectiveArgument::None if !argument.is_empty() => {
            let diag = writer.context.diag_at(&codes::UNEXPECTED_ARGUMENT, argument_span).arg("name", definition.name);
            writer.context.push_diag(diag);
        }
        _ => {}
    }
    let (options, body_at) = read_options(writer, definition, &text, &source_map);
    let body_source_map = source_map.tail_from(body_at);
    let call = DirectiveCall {
        definition,
        name_span,
        span,
        argument: argument.to_string(),
        argument_span,
        options,
        body: text[body_at..].to_string(),
        body_source_map,
    };
    if definition.body == DirectiveBodyKind::None && !call.body.trim().is_empty() {
        let start = call.body.len() - call.body.trim_start().len();
        let end = start + call.body[start..].find('\n').unwrap_or(call.body.len() - start);
        let span = call.body_source_map.span(&(start..end));
        let diag = writer.context.diag_at(&codes::UNEXPECTED_BODY, span).arg("name", definition.name);
        writer.context.push_diag(diag);
    }
    match definition.name {
        "note" | "tip" | "warning" | "details" | "steps" | "faq" | "figure" | "gallery" => blocks::write(writer, &call),
        _ => deferred::write(writer, &call),
    }
}

/// Reads the lines `:name: value` at the start of `text`. Returns the options and the offset of the rest.
fn read_options(
    writer: &mut HtmlWriter<'_, '_>,
    definition: &'static DirectiveDefinition,
    text: &str,
    source_map: &SourceMap,
) -> (Vec<GivenOption>, usize) {
    let mut options: Vec<GivenOption> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let Some(OptionLine { name, value, wide }) = option_line(line) else {
            if line.trim().is_empty() && !options.is_empty() {
                at += line.len();
            }
            break;
        };
        let name_span = source_map.span(&(at + name.start..at + name.end));
        let value_span = source_map.span(&(at + value.start..at + value.end));
        if wide {
            let place = TextPlace { text, source_map };
            let (range, typed) = half_width_option(line, &name);
            let edit = writer.context.edit(&place, at + range.start..at + range.end, typed);
            let diag = writer.context.diag_at(&codes::WIDE_OPTION, name_span).arg("name", &line[name.clone()]);
            writer.context.push_diag(diag.arg("value", &line[value.clone()]).fixed_by(edit));
        }
        let (name, value) = (&line[name], &line[value]);
        at += line.len();
        let Some(known) = definition.options.iter().find(|o| o.name == name) else {
            let names = definition.options.iter().map(|o| o.name);
            let near = closest_match(name, names.clone());
            let only = only_close_match(name, names).filter(|name| options.iter().all(|given| given.name != *name));
            let diag = writer.context.diag_at(&codes::UNKNOWN_OPTION, name_span).arg("name", name);
            let diag = diag.arg("directive", definition.name).optional_arg("nearest", near);
            writer.context.push_diag(diag.fixed_by(only.map(|name| Edit::new(name_span, name))));
            continue;
        };
        match read_value(known.value, value) {
            Ok(value) if options.iter().all(|o| o.name != known.name) => {
                options.push(GivenOption { name: known.name, value });
            }
            Ok(_) => {
                let diag = writer.context.diag_at(&codes::REPEATED_OPTION, name_span).arg("name", name);
                writer.context.push_diag(diag);
            }
            Err((zh, en)) => {
                let span = if value.is_empty() { name_span } else { value_span };
                let diag = writer.context.diag_at(&codes::BAD_OPTION, span).arg("name", name).arg("value", value);
                writer.context.push_diag(diag.arg("zh", zh).arg("en", en));
            }
        }
    }
    (options, at)
}

/// A line `:name: value`.
#[derive(Debug, PartialEq)]
struct OptionLine {
    /// Byte range of the name.
    name: Range<usize>,
    /// Byte range of the value.
    value: Range<usize>,
    /// Whether a colon is full-width.
    wide: bool,
}

/// Reads an option line.
fn option_line(line: &str) -> Option<OptionLine> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let open = line[indent..].chars().next().filter(|c| matches!(c, ':' | '：'))?;
    let name_at = indent + open.len_utf8();
    let rest = &line[name_at..];
    let end = rest.find([':', '：'])?;
    let name = &rest[..end];
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return None;
    }
    let close = rest[end..].chars().next()?;
    let value = &rest[end + close.len_utf8()..];
    let value_at = line.len() - value.trim_start().len();
    let wide = open == '：' || close == '：';
    let value_end = value_at + value.trim().len();
    Some(OptionLine { name: name_at..name_at + end, value: value_at.min(value_end)..value_end, wide })
}

/// The colons of an option line with its name, whose range is given, and the same in half width, with a space before a value.
fn half_width_option(line: &str, name: &Range<usize>) -> (Range<usize>, String) {
    let width = |c: Option<char>| c.map_or(0, char::len_utf8);
    let start = name.start - width(line[..name.start].chars().next_back());
    let end = name.end + width(line[name.end..].chars().next());
    let value = &line[end..];
    let space = if value.trim().is_empty() || value.starts_with([' ', '\t']) { "" } else { " " };
    (start..end, format!(":{}:{space}", &line[name.clone()]))
}

fn read_value(kind: OptionValueKind, text: &str) -> Result<OptionValue, (String, String)> {
    match kind {
        OptionValueKind::Text if text.is_empty() => Err(("后面要写内容".into(), "it needs a value".into())),
        OptionValueKind::Text => Ok(OptionValue::Text(unquote(text).to_string())),
        OptionValueKind::List => {
            let words = text.split([',', '，', '、']).map(|w| unquote(w.trim()).to_string());
            Ok(OptionValue::List(words.filter(|w| !w.is_empty()).collect()))
        }
        OptionValueKind::Bool => match text.to_lowercase().as_str() {
            "" | "true" | "yes" | "是" => Ok(OptionValue::Bool(true)),
            "false" | "no" | "否" => Ok(OptionValue::Bool(false)),
            _ => Err(("要写 true 或 false（是 或 否）".into(), "write true or false".into())),
        },
        OptionValueKind::Number(least, most) => match half_width(text).parse::<usize>() {
            Ok(number) if (least..=most).contains(&number) => Ok(OptionValue::Number(number)),
            _ => Err((
                format!("要写 {least} 到 {most} 之间的整数"),
                format!("write a whole number from {least} to {most}"),
            )),
        },
        OptionValueKind::OneOf(words) => match words.iter().find(|w| w.eq_ignore_ascii_case(text)) {
            Some(word) => Ok(OptionValue::Text(word.to_string())),
            None => Err((format!("可以写 {}", words.join("、")), format!("write one of {}", words.join(", ")))),
        },
    }
}

fn unquote(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn half_width(text: &str) -> String {
    text.chars().map(puzhi_core::base::to_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_strings() {
        assert!(is_directive("{note} 标题") && is_directive(" { toc }") && is_directive("{survey} x"));
        for code in ["rust", "{.python}", "{#id}", "{", "{}", "{a b}", "c{note}"] {
            assert!(!is_directive(code), "{code}");
        }
        assert_eq!(language("Rust,ignore"), "rust");
        assert_eq!(language("{.python .numbered}"), "python");
    }

    #[test]
    fn option_lines() {
        assert_eq!(option_line(":limit: 5\n"), Some(OptionLine { name: 1..6, value: 8..9, wide: false }));
        assert_eq!(option_line(":open:\n").map(|line| (line.name, line.value.is_empty())), Some((1..5, true)));
        assert_eq!(option_line("  ：open：是\n").map(|line| (line.name, line.wide)), Some((5..9, true)));
        for text in ["a: b", ": a", ":: b", "::", "text", ":smile and: more"] {
            assert_eq!(option_line(text), None, "{text}");
        }
    }
}
