//! Rewrites TeX that the MathML renderer does not know, or reads wrongly, in terms that it knows.
//!
//! Input: the TeX of one formula. Output: equivalent TeX, and the MathML elements that the renderer has no command
//! for. The names are those of KaTeX, which most Markdown programs use. Does not know Markdown or pages.

use super::tex_names::{Rewrite, rewrite_of};

/// Text that stands for the start and the end of an element. The characters are private, so no font has them.
const MARKS: [(char, &str); 6] = [
    ('\u{F8A0}', "<menclose notation=\"box\">"),
    ('\u{F8A1}', "<menclose notation=\"updiagonalstrike\">"),
    ('\u{F8A2}', "<menclose notation=\"downdiagonalstrike\">"),
    ('\u{F8A3}', "<menclose notation=\"updiagonalstrike downdiagonalstrike\">"),
    ('\u{F8A4}', "<menclose notation=\"horizontalstrike\">"),
    ('\u{F8A5}', "<mphantom>"),
];
const END_ENCLOSE: char = '\u{F8A8}';
const END_PHANTOM: char = '\u{F8A9}';
/// Nesting limit of groups that are rewritten; deeper ones are copied.
const MAX_DEPTH: usize = 50;

/// Whether the renderer takes this TeX but shows something else: commands inside text and operator names, and
/// `\operatorname*`.
pub(super) fn is_misread(tex: &str) -> bool {
    tex.contains("\\operatorname") || TEXT_COMMANDS.iter().any(|name| has_command_in_text(tex, name))
}

/// Commands whose argument is text.
const TEXT_COMMANDS: [&str; 6] = ["\\text", "\\textrm", "\\textbf", "\\textit", "\\textsf", "\\texttt"];

fn has_command_in_text(tex: &str, command: &str) -> bool {
    tex.match_indices(command).any(|(at, _)| {
        let rest = tex[at + command.len()..].trim_start();
        rest.starts_with('{') && group_length(rest).is_some_and(|end| rest[..end].contains(['\\', '$', '%', '~']))
    })
}

/// The TeX in terms that the renderer knows, or `None` if there is nothing to rewrite.
pub(super) fn rewrite(tex: &str, display: bool) -> Option<String> {
    let is_mark = |c: char| matches!(c, '\u{F8A0}'..='\u{F8A9}');
    if tex.contains(is_mark) {
        return None;
    }
    let mut rewriter = Rewriter { display, changed: false, lines: false };
    let mut out = rewriter.group(tex, 0);
    if rewriter.lines {
        let body = out.trim_end().trim_end_matches("\\\\");
        let environment = if has_column_mark(body) { "aligned" } else { "gathered" };
        out = format!("\\begin{{{environment}}}{body}\\end{{{environment}}}");
    }
    (rewriter.changed || rewriter.lines).then_some(out)
}

/// Puts the elements in place of the text that stands for them.
pub(super) fn restore_elements(mathml: String) -> String {
    if !mathml.contains([END_ENCLOSE, END_PHANTOM]) {
        return mathml;
    }
    let mut out = mathml;
    for (mark, element) in MARKS {
        out = out.replace(&format!("<mtext>{mark}</mtext>"), element);
    }
    out = out.replace(&format!("<mtext>{END_ENCLOSE}</mtext>"), "</menclose>");
    out.replace(&format!("<mtext>{END_PHANTOM}</mtext>"), "</mphantom>")
}

/// Whether a `&` stands outside all environments and groups.
fn has_column_mark(tex: &str) -> bool {
    let (mut depth, mut environments, mut rest) = (0usize, 0usize, tex);
    while let Some(token) = next_token(rest) {
        match token {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "\\begin" => environments += 1,
            "\\end" => environments = environments.saturating_sub(1),
            "&" if depth == 0 && environments == 0 => return true,
            _ => {}
        }
        rest = &rest[token.len()..];
    }
    false
}

/// An infix command such as `\over` that waits for the rest of its group.
struct Infix {
    before: &'static str,
    after: &'static str,
    /// Where the second operand starts in the output.
    second: usize,
}

struct Rewriter {
    display: bool,
    changed: bool,
    /// Whether a line break stands outside all environments and groups.
    lines: bool,
}

impl Rewriter {
    /// Rewrites the content of a group.
    fn group(&mut self, tex: &str, depth: usize) -> String {
        if depth > MAX_DEPTH {
            return tex.to_string();
        }
        let mut out = String::with_capacity(tex.len() + 16);
        let (mut rest, mut environments, mut cell) = (tex, 0usize, 0usize);
        let mut infix: Option<Infix> = None;
        while let Some(token) = next_token(rest) {
            rest = &rest[token.len()..];
            match token {
                "{" => {
                    let length = group_length(&tex[tex.len() - rest.len() - 1..]).unwrap_or(rest.len() + 1);
                    let inner = &rest[..(length - 1).min(rest.len())];
                    let closed = inner.ends_with('}');
                    let content = inner.strip_suffix('}').unwrap_or(inner);
                    out.push('{');
                    out.push_str(&self.group(content, depth + 1));
                    if closed {
                        out.push('}');
                    }
                    rest = &rest[inner.len()..];
                }
                "&" | "\\\\" | "\\cr" | "\\newline" => {
                    close_infix(&mut out, cell, infix.take());
                    self.lines |= token != "&" && environments == 0 && depth == 0;
                    self.changed |= token.len() > 2;
                    out.push_str(if token == "&" { "&" } else { "\\\\" });
                    cell = out.len();
                }
                "\\begin" | "\\end" => {
                    environments = if token == "\\begin" { environments + 1 } else { environments.saturating_sub(1) };
                    out.push_str(token);
                }
                _ => match token.strip_prefix('\\').and_then(rewrite_of) {
                    Some(Rewrite::Infix(before, after)) if infix.is_none() => {
                        self.changed = true;
                        infix = Some(Infix { before, after, second: out.len() });
                    }
                    Some(rewrite) => rest = self.command(&mut out, rest, rewrite, depth),
                    None => out.push_str(token),
                },
            }
        }
        close_infix(&mut out, cell, infix);
        out
    }

    /// Writes a command that is to be rewritten; `rest` is the TeX after its name. Returns the TeX after its arguments.
    fn command<'t>(&mut self, out: &mut String, rest: &'t str, rewrite: Rewrite, depth: usize) -> &'t str {
        match rewrite {
            Rewrite::Text(name) => return self.text(out, rest, name, depth),
            Rewrite::Operator => return self.operator(out, rest, depth),
            _ => self.changed = true,
        }
        match rewrite {
            Rewrite::Symbol(tex) => {
                out.push_str(tex);
                // A command name must not run into the letter after it.
                if tex.ends_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(|c: char| c.is_alphabetic()) {
                    out.push(' ');
                }
                rest
            }
            Rewrite::Around(before, after) => {
                let (content, rest) = argument(rest);
                out.push_str(before);
                out.push_str(&self.group(content, depth + 1));
                out.push_str(after);
                rest
            }
            Rewrite::Second(before, after) => {
                let (_, rest) = argument(rest);
                let (content, rest) = argument(rest);
                out.push_str(before);
                out.push_str(&self.group(content, depth + 1));
                out.push_str(after);
                rest
            }
            Rewrite::Colored => {
                let (color, rest) = argument(rest);
                let (content, rest) = argument(rest);
                let content = self.group(content, depth + 1);
                out.push_str(&format!("{{\\color{{{color}}}{content}}}"));
                rest
            }
            Rewrite::Element(number) => {
                let (content, rest) = argument(rest);
                let (start, element) = MARKS[number.min(MARKS.len() - 1)];
                let end = if element == "<mphantom>" { END_PHANTOM } else { END_ENCLOSE };
                let content = self.group(content, depth + 1);
                out.push_str(&format!("{{\\text{{{start}}}{content}\\text{{{end}}}}}"));
                rest
            }
            Rewrite::Arrow(arrow) => {
                let (below, rest) = optional_argument(rest);
                let (above, rest) = argument(rest);
                let above = self.group(above, depth + 1);
                let arrow = format!("\\overset{{{above}}}{{{arrow}}}");
                match below.map(|tex| self.group(tex, depth + 1)) {
                    Some(below) => out.push_str(&format!("\\underset{{{below}}}{{{arrow}}}")),
                    None => out.push_str(&arrow),
                }
                rest
            }
            // A second infix command in one group is an error in TeX too.
            Rewrite::Infix(..) | Rewrite::Text(_) | Rewrite::Operator => rest,
        }
    }

    /// Writes text. Commands and formulas inside it are moved out of it, because the renderer shows them as typed.
    fn text<'t>(&mut self, out: &mut String, rest: &'t str, name: &str, depth: usize) -> &'t str {
        let (content, rest) = argument(rest);
        let plain = |c: char| !matches!(c, '\\' | '$' | '%' | '~' | '{' | '}');
        self.changed = true;
        if content.chars().all(plain) {
            out.push_str(&format!("{name}{{{content}}}"));
            return rest;
        }
        out.push('{');
        let mut inner = content;
        while let Some(c) = inner.chars().next() {
            let run = inner.find(|c| !plain(c)).unwrap_or(inner.len());
            if run > 0 {
                out.push_str(&format!("{name}{{{}}}", &inner[..run]));
                inner = &inner[run..];
                continue;
            }
            let after = &inner[c.len_utf8()..];
            match c {
                '$' => {
                    let end = after.find('$').unwrap_or(after.len());
                    out.push_str(&format!("{{{}}}", self.group(&after[..end], depth + 1)));
                    inner = after.get(end + 1..).unwrap_or("");
                }
                '%' => {
                    out.push_str("\\%");
                    inner = after;
                }
                '~' => {
                    out.push_str("\\ ");
                    inner = after;
                }
                '\\' => {
                    let token = next_token(inner).unwrap_or(inner);
                    inner = &inner[token.len()..];
                    inner = match rewrite_of(&token[1..]) {
                        Some(rewrite) if depth < MAX_DEPTH => self.command(out, inner, rewrite, depth + 1),
                        _ => {
                            out.push_str(token);
                            inner
                        }
                    };
                }
                _ => inner = after,
            }
        }
        out.push('}');
        rest
    }

    /// Writes an operator name: `\operatorname{arg\,max}`, with a star if its scripts are limits.
    fn operator<'t>(&mut self, out: &mut String, rest: &'t str, depth: usize) -> &'t str {
        let starred = rest.trim_start().strip_prefix('*');
        let (name, rest) = argument(starred.unwrap_or(rest));
        let mut plain = name.to_string();
        for space in ["\\,", "\\:", "\\;", "\\ ", "~"] {
            plain = plain.replace(space, "\u{2009}");
        }
        if plain.contains(['\\', '{', '}', '$', '^', '_']) {
            out.push_str(&format!("\\mathop{{\\mathrm{{{}}}}}", self.group(name, depth + 1)));
        } else {
            out.push_str(&format!("\\operatorname{{{plain}}}"));
        }
        if starred.is_some() && self.display {
            out.push_str("\\limits ");
        }
        self.changed = true;
        rest
    }
}

fn close_infix(out: &mut String, cell: usize, infix: Option<Infix>) {
    if let Some(Infix { before, after, second }) = infix {
        let denominator = out.split_off(second);
        let numerator = out.split_off(cell);
        out.push_str(&format!("{before}{{{numerator}}}{{{denominator}}}{after}"));
    }
}

/// The first token: a command with its backslash, or one character.
fn next_token(tex: &str) -> Option<&str> {
    let first = tex.chars().next()?;
    if first != '\\' {
        return Some(&tex[..first.len_utf8()]);
    }
    let letters = tex[1..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = match letters {
        0 => 1 + tex[1..].chars().next().map_or(0, char::len_utf8),
        letters => 1 + letters,
    };
    Some(&tex[..length])
}

/// Length of the group at the start of `tex` with both braces, or `None` if it is not closed.
fn group_length(tex: &str) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(token) = next_token(&tex[at..]) {
        at += token.len();
        match token {
            "{" => depth += 1,
            "}" if depth <= 1 => return Some(at),
            "}" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The argument at the start of `tex` without braces, and the TeX after it.
fn argument(tex: &str) -> (&str, &str) {
    let tex = tex.trim_start();
    match next_token(tex) {
        Some("{") => match group_length(tex) {
            Some(length) => (&tex[1..length - 1], &tex[length..]),
            None => (&tex[1..], ""),
        },
        Some(token) => (token, &tex[token.len()..]),
        None => ("", ""),
    }
}

/// The argument in brackets at the start of `tex`, and the TeX after it.
fn optional_argument(tex: &str) -> (Option<&str>, &str) {
    match tex.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((content, rest)) => (Some(content), rest),
        None => (None, tex),
    }
}
