//! Cache of highlighted lines. The HTML of a line depends only on the line and on the parser state before it, and
//! both are often repeated in code.
//!
//! Input: a syntax and a text. Output: HTML, the same as without a cache. Memory is limited; when the limit is exceeded, the cache is
//! cleared. Does not know language names, size limits of blocks or the HTML of a line.

use std::collections::HashMap;

use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use super::spans::SpanWriter;

/// Maximal depth of a parser state; syntect pushes no further contexts. Each level may hold the line that opened it.
const MAX_STATE_DEPTH: usize = 100;
/// Approximate memory of an entry in addition to its texts, in bytes.
const ENTRY_OVERHEAD: usize = 128;

/// Cached lines, grouped by the parser state before the line. Must be used with one [`SyntaxSet`] only.
pub(super) struct HighlightCache {
    states: Vec<ParserState>,
    spans: SpanWriter,
    held_bytes: usize,
    limit: usize,
}

/// State of the parser and the open scopes between two lines.
struct ParserState {
    parse: ParseState,
    scopes: ScopeStack,
    lines: HashMap<Box<str>, HighlightedLine>,
}

/// The result for one line.
struct HighlightedLine {
    html: Box<str>,
    /// Index of the state after the line.
    next: usize,
}

impl HighlightCache {
    /// An empty cache that holds about `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { states: Vec::new(), spans: SpanWriter::default(), held_bytes: 0, limit }
    }

    /// HTML of `text`; `None` if the grammar has an error.
    pub fn highlight(&mut self, syntax: &SyntaxReference, set: &SyntaxSet, text: &str) -> Option<String> {
        let (mut out, mut longest) = (String::with_capacity(text.len() * 4), ENTRY_OVERHEAD);
        let mut at = self.intern(ParseState::new(syntax), ScopeStack::new(), longest);
        for line in LinesWithEndings::from(text) {
            longest = longest.max(line.len());
            if self.held_bytes > self.limit {
                at = self.reset_to(at, longest);
            }
            let highlighted = match self.states[at].lines.get(line) {
                Some(highlighted) => highlighted,
                None => self.highlight_line(at, line, longest, set)?,
            };
            out.push_str(&highlighted.html);
            at = highlighted.next;
        }
        Some(out)
    }

    /// Highlights `line` after the state `at` and adds it to the cache.
    fn highlight_line(&mut self, at: usize, line: &str, longest: usize, set: &SyntaxSet) -> Option<&HighlightedLine> {
        let (mut parse, mut scopes) = (self.states[at].parse.clone(), self.states[at].scopes.clone());
        let tokens = parse.parse_line(line, set).ok()?;
        let html = self.spans.line(line, &tokens, &mut scopes)?;
        let next = self.intern(parse, scopes, longest);
        self.held_bytes += line.len() + html.len() + ENTRY_OVERHEAD;
        Some(self.states[at].lines.entry(line.into()).or_insert(HighlightedLine { html: html.into(), next }))
    }

    /// Index of a state; adds it if it is new. `longest` is the longest line that the state may hold, for the memory
    /// estimate.
    fn intern(&mut self, parse: ParseState, scopes: ScopeStack, longest: usize) -> usize {
        let known = self.states.iter().position(|state| state.parse == parse && state.scopes == scopes);
        known.unwrap_or_else(|| {
            self.held_bytes += longest * MAX_STATE_DEPTH;
            self.states.push(ParserState { parse, scopes, lines: HashMap::new() });
            self.states.len() - 1
        })
    }

    /// Clears the cache except for one state.
    fn reset_to(&mut self, at: usize, longest: usize) -> usize {
        let state = self.states.swap_remove(at);
        (self.states, self.held_bytes) = (Vec::new(), 0);
        self.intern(state.parse, state.scopes, longest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use syntect::html::{ClassStyle, ClassedHTMLGenerator};

    use super::super::spans::SHOWN;
    use super::*;

    /// Lines that change the state, keep text for later lines (here documents, raw strings, fences) or are repeated.
    const LINES: &[&str] = &[
        "",
        " ",
        "}",
        "{",
        "  ]",
        "/*",
        " * 中文 <b>&\"",
        "*/",
        "\"\"\"",
        "'''",
        "---",
        "title: \"知识\" # 注",
        "- [甲, 乙]: |",
        "  a: 1",
        "cat <<'END'",
        "cat <<-EOF > $x",
        "END",
        "\tEOF",
        "for n in $(seq 1 9); do",
        "  printf \"%s\\n\" \"$n\" >> list.txt",
        "done",
        "x=$((1 + 2)); echo ${x:-'a'}",
        "def f(a: int, b=\"\\n\") -> int:",
        "    return max(a - 1, 0)  # 注",
        "r\"\"\"raw {x}",
        "{\"name\": \"甲\", \"n\": [1, 2.5e3, null]}",
        "<form action=\"/a?b&c\" data-x='1'>",
        "<script>",
        "let s = `a${1}`; // 注",
        "</script>",
        "<style>",
        "a > b { color: #fff }",
        "</style>",
        "<!-- 注",
        "-->",
        "<?php echo \"$x\"; ?>",
        "fn main<'a>() -> &'a str { r##\"x",
        "\"## }",
        "#include <a.h>",
        "#define X(a) \\",
        "%w[a b] <<~SQL",
        "SELECT 1 -- 注",
        "SQL",
        "```rust",
        "```",
        "# 标题 *重* [x](y)",
        "R\"x(",
        ")x\"",
        "$$",
        "\\begin{verbatim}",
        "\\end{verbatim}",
        "@@ -1 +1 @@",
        "-old",
        "+new",
    ];

    const TOKENS: &[&str] = &[
        "bash", "html", "json", "python", "yaml", "rust", "js", "css", "c", "cpp", "rb", "php", "md", "sql", "tex",
        "diff", "java", "go", "pl", "xml", "hs", "lua",
    ];

    fn set() -> &'static SyntaxSet {
        super::super::syntaxes()
    }

    fn syntax(token: &str) -> &'static SyntaxReference {
        set().find_syntax_by_token(token).unwrap_or_else(|| panic!("no syntax {token}"))
    }

    /// The HTML without a cache.
    fn plain(syntax: &SyntaxReference, text: &str) -> Option<String> {
        let (mut parse, mut scopes, mut html) = (ParseState::new(syntax), ScopeStack::new(), String::new());
        for line in LinesWithEndings::from(text) {
            html += &SpanWriter::default().line(line, &parse.parse_line(line, set()).ok()?, &mut scopes)?;
        }
        Some(html)
    }

    /// The HTML of syntect, with an element for each scope.
    fn full(syntax: &SyntaxReference, text: &str) -> Option<String> {
        let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
        let mut html = ClassedHTMLGenerator::new_with_class_style(syntax, set(), style);
        for line in LinesWithEndings::from(text) {
            html.parse_html_for_line_which_includes_newline(line).ok()?;
        }
        Some(html.finalize())
    }

    /// Each character but ends of lines, with the classes of the elements around it, outermost first, without those that are not shown.
    fn shown(html: &str) -> Vec<(char, Vec<&str>)> {
        let (mut out, mut open, mut rest) = (Vec::new(), Vec::new(), html);
        while let Some(c) = rest.chars().next() {
            let end = match c {
                '<' => rest.find('>').expect("tags end") + 1,
                '&' => rest.find(';').expect("references end") + 1,
                _ => c.len_utf8(),
            };
            let piece = &rest[..end];
            rest = &rest[end..];
            match piece {
                "</span>" => drop(open.pop().expect("what closes was open")),
                _ if c == '<' => open.push(piece.trim_start_matches("<span class=\"").trim_end_matches("\">")),
                "\n" | "\r" => {}
                _ => {
                    let c = match piece {
                        "&amp;" => '&',
                        "&lt;" => '<',
                        "&gt;" => '>',
                        "&quot;" => '"',
                        "&#39;" => '\'',
                        _ => c,
                    };
                    let is_shown = |classes: &&&str| {
                        SHOWN.contains(&classes.split(' ').next().unwrap_or_default().trim_start_matches("hl-"))
                    };
                    out.push((c, open.iter().filter(is_shown).copied().collect()));
                }
            }
        }
        assert!(open.is_empty(), "{open:?} stays open");
        out
    }

    fn texts() -> impl Strategy<Value = (usize, String)> {
        let line = prop_oneof![8 => prop::sample::select(LINES).prop_map(String::from), 1 => "[ -~]{0,12}", 1 => "[\\PC]{0,8}"];
        let lines = (prop::collection::vec(line, 0..10), any::<bool>());
        (0..TOKENS.len(), lines.prop_map(|(lines, end)| lines.join("\n") + if end { "\n" } else { "" }))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// One cache for many texts in several languages: a large cache, and one that is always full. Every character has the classes that
        /// syntect gives it.
        #[test]
        fn cached_highlighting_equals_plain_highlighting(texts in prop::collection::vec(texts(), 1..12)) {
            let (mut large, mut small) = (HighlightCache::new(64 << 20), HighlightCache::new(40 << 10));
            for (token, text) in texts.iter().chain(texts.iter().rev()) {
                let syntax = syntax(TOKENS[*token]);
                let expected = plain(syntax, text);
                let (ours, theirs) = (expected.clone().unwrap_or_default(), full(syntax, text).unwrap_or_default());
                prop_assert_eq!(shown(&ours), shown(&theirs));
                prop_assert_eq!(&large.highlight(syntax, set(), text), &expected);
                prop_assert_eq!(&small.highlight(syntax, set(), text), &expected);
            }
        }
    }

    #[test]
    fn a_line_seen_again_in_the_same_state_is_not_parsed_again() {
        let mut cache = HighlightCache::new(1 << 20);
        let text = "a = 1\n\"\"\"\na = 1\n\"\"\"\n".repeat(50);
        assert_eq!(cache.highlight(syntax("python"), set(), &text), plain(syntax("python"), &text));
        let known: usize = cache.states.iter().map(|state| state.lines.len()).sum();
        assert!(known <= 8, "{known} lines are kept");
        let held_bytes = cache.held_bytes;
        cache.highlight(syntax("python"), set(), &text);
        assert_eq!(cache.held_bytes, held_bytes);
    }

    #[test]
    fn cache_size_is_bounded() {
        let limit = 100 << 10;
        let mut cache = HighlightCache::new(limit);
        for part in 0..40 {
            let text: String = (0..20).map(|n| format!("cat <<E{part}x{n}\necho $x{n}\n")).collect();
            assert_eq!(cache.highlight(syntax("bash"), set(), &text), plain(syntax("bash"), &text));
            assert!(cache.held_bytes < 2 * limit, "{} bytes are held", cache.held_bytes);
            let texts: usize = cache
                .states
                .iter()
                .flat_map(|state| &state.lines)
                .map(|(line, highlighted)| line.len() + highlighted.html.len())
                .sum();
            assert!(texts <= cache.held_bytes);
        }
    }
}
