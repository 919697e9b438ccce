//! Writes the `<span>` elements of one line of code. Every line closes what it opened, so that lines stand for themselves.
//!
//! Grammars name much that no theme colours: the language itself, each function body, each comma. An element for each makes a page of code
//! nine times as long as its text. Only scopes whose first name is in [`SHOWN`] get an element, with all their names as classes; text of
//! equal scopes side by side is one element, and other text has none.
//!
//! Input: a line, the operations of the parser on the open scopes. Output: HTML. Does not know languages or states of the parser.

use std::collections::HashMap;

use puzhi_core::base::escape_text;
use syntect::parsing::{Scope, ScopeStack, ScopeStackOp};

/// First names of the scopes that are shown: those that the naming conventions of TextMate grammars mean for colours, without `meta`, `source`,
/// `text` (where the code is) and `punctuation` (it looks as what it belongs to).
pub(super) const SHOWN: [&str; 10] =
    ["comment", "constant", "entity", "invalid", "keyword", "markup", "storage", "string", "support", "variable"];

/// Before each name of a class.
const PREFIX: &str = "hl-";

/// The classes of scopes that were asked for, as they stand in an attribute; `None` for those that are not shown.
#[derive(Default)]
pub(super) struct SpanWriter {
    classes: HashMap<Scope, Option<Box<str>>>,
}

impl SpanWriter {
    /// HTML of `line`, whose scopes are `open` at its start and, after the call, at its end. `None` if the operations do not fit the scopes.
    pub fn line(&mut self, line: &str, tokens: &[(usize, ScopeStackOp)], open: &mut ScopeStack) -> Option<String> {
        let mut html = Line { out: String::with_capacity(line.len() * 3), shown: Vec::new() };
        let mut at = 0;
        for (end, token) in tokens {
            if *end > at {
                html.text(line.get(at..*end)?, &self.shown(open), &self.classes);
                at = *end;
            }
            open.apply(token).ok()?;
        }
        html.text(line.get(at..)?, &self.shown(open), &self.classes);
        html.close(0);
        Some(html.out)
    }

    /// The open scopes that are shown, outermost first.
    fn shown(&mut self, open: &ScopeStack) -> Vec<Scope> {
        let is_shown = |scope: &&Scope| self.classes.entry(**scope).or_insert_with(|| classes(**scope)).is_some();
        open.as_slice().iter().filter(is_shown).copied().collect()
    }
}

/// A line that is being written, and the scopes whose elements are open.
struct Line {
    out: String,
    shown: Vec<Scope>,
}

impl Line {
    /// Adds text that stands in the scopes `wanted`. The end of the line stands in none.
    fn text(&mut self, text: &str, wanted: &[Scope], classes: &HashMap<Scope, Option<Box<str>>>) {
        let words = text.trim_end_matches(['\n', '\r']);
        if !words.is_empty() {
            let kept = self.shown.iter().zip(wanted).take_while(|(open, wanted)| open == wanted).count();
            self.close(kept);
            for scope in &wanted[kept..] {
                let names = classes.get(scope).and_then(Option::as_deref).unwrap_or_default();
                self.out.extend(["<span class=\"", names, "\">"]);
                self.shown.push(*scope);
            }
            escape_text(&mut self.out, words);
        }
        if words.len() < text.len() {
            self.close(0);
            self.out.push_str(&text[words.len()..]);
        }
    }

    /// Closes all elements but the outer `kept`.
    fn close(&mut self, kept: usize) {
        for _ in self.shown.drain(kept..) {
            self.out.push_str("</span>");
        }
    }
}

/// The names of a scope as classes. They are of letters, digits and signs that need no escape.
fn classes(scope: Scope) -> Option<Box<str>> {
    let name = scope.build_string();
    let names = || name.split('.');
    let is_plain = |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '+' | '#'));
    if !SHOWN.contains(&names().next()?) || !names().all(is_plain) {
        return None;
    }
    Some(names().map(|name| format!("{PREFIX}{name}")).collect::<Vec<_>>().join(" ").into())
}

#[cfg(test)]
mod tests {
    use syntect::parsing::ParseState;
    use syntect::util::LinesWithEndings;

    use super::super::syntaxes;
    use super::*;

    fn html(language: &str, text: &str) -> String {
        let syntax = syntaxes().find_syntax_by_token(language).unwrap();
        let (mut parse, mut open, mut writer) = (ParseState::new(syntax), ScopeStack::new(), SpanWriter::default());
        let lines = LinesWithEndings::from(text);
        lines.map(|line| writer.line(line, &parse.parse_line(line, syntaxes()).unwrap(), &mut open).unwrap()).collect()
    }

    #[test]
    fn what_no_theme_colours_has_no_element() {
        assert_eq!(
            html("js", "f(a, \"甲\"); // 注\n"),
            "<span class=\"hl-variable hl-function hl-js\">f</span>(<span class=\"hl-variable hl-other hl-readwrite hl-js\">a</span>, \
             <span class=\"hl-string hl-quoted hl-double hl-js\">\"甲\"</span>); \
             <span class=\"hl-comment hl-line hl-double-slash hl-js\">// 注</span>\n"
        );
    }

    #[test]
    fn each_line_closes_what_it_opened() {
        let comment = "<span class=\"hl-comment hl-block hl-c\">";
        assert_eq!(html("c", "/* a\n\n b */\n"), format!("{comment}/* a</span>\n\n{comment} b */</span>\n"));
        assert_eq!(html("c", "/* a\r\nb"), format!("{comment}/* a</span>\r\n{comment}b</span>"));
    }
}
