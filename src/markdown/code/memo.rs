//! Lines highlighted once: what a line becomes depends on the line and on the state before it, and code repeats both.
//!
//! In: a syntax and a text. Out: the HTML that syntect's own generator would give, word for word. Holds a bounded number
//! of bytes and forgets everything when they are full. Knows no languages and no limits of a block.

use std::collections::HashMap;

use syntect::html::{ClassStyle, line_tokens_to_classed_spans};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "hl-" };

/// Levels a parse state may have: from here on syntect pushes none. Each may keep the line that opened it.
const LEVELS: usize = 100;
/// Bytes an entry takes beside its texts, about.
const ENTRY: usize = 128;

/// The lines seen so far, each under the state before it. Used with one [`SyntaxSet`] only.
pub(super) struct Memo {
    states: Vec<State>,
    held: usize,
    limit: usize,
}

/// Where the parser and the open spans stand between two lines.
struct State {
    parse: ParseState,
    scopes: ScopeStack,
    lines: HashMap<Box<str>, Step>,
}

/// What a line becomes.
struct Step {
    html: Box<str>,
    /// Spans it leaves open; below zero when it closes earlier ones.
    opened: isize,
    /// The state after it.
    next: usize,
}

impl Memo {
    pub fn new(limit: usize) -> Self {
        Self { states: Vec::new(), held: 0, limit }
    }

    /// The HTML of `text`; `None` where the grammar is broken.
    pub fn highlight(&mut self, syntax: &SyntaxReference, set: &SyntaxSet, text: &str) -> Option<String> {
        let (mut out, mut open, mut longest) = (String::with_capacity(text.len() * 8), 0, ENTRY);
        let mut at = self.intern(ParseState::new(syntax), ScopeStack::new(), longest);
        for line in LinesWithEndings::from(text) {
            longest = longest.max(line.len());
            if self.held > self.limit {
                at = self.forget_but(at, longest);
            }
            let step = match self.states[at].lines.get(line) {
                Some(step) => step,
                None => self.learn(at, line, longest, set)?,
            };
            out.push_str(&step.html);
            open += step.opened;
            at = step.next;
        }
        (0..open).for_each(|_| out.push_str("</span>"));
        Some(out)
    }

    /// Highlights `line` after the state `at` and keeps what came of it.
    fn learn(&mut self, at: usize, line: &str, longest: usize, set: &SyntaxSet) -> Option<&Step> {
        let (mut parse, mut scopes) = (self.states[at].parse.clone(), self.states[at].scopes.clone());
        let tokens = parse.parse_line(line, set).ok()?;
        let (html, opened) = line_tokens_to_classed_spans(line, &tokens, STYLE, &mut scopes).ok()?;
        let next = self.intern(parse, scopes, longest);
        self.held += line.len() + html.len() + ENTRY;
        Some(self.states[at].lines.entry(line.into()).or_insert(Step { html: html.into(), opened, next }))
    }

    /// The number of a state; `longest` is the longest line it can have kept.
    fn intern(&mut self, parse: ParseState, scopes: ScopeStack, longest: usize) -> usize {
        let known = self.states.iter().position(|state| state.parse == parse && state.scopes == scopes);
        known.unwrap_or_else(|| {
            self.held += longest * LEVELS;
            self.states.push(State { parse, scopes, lines: HashMap::new() });
            self.states.len() - 1
        })
    }

    /// Starts anew with one state alone.
    fn forget_but(&mut self, at: usize, longest: usize) -> usize {
        let state = self.states.swap_remove(at);
        (self.states, self.held) = (Vec::new(), 0);
        self.intern(state.parse, state.scopes, longest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use syntect::html::ClassedHTMLGenerator;

    use super::*;

    /// Lines that change the state, keep text for later (here documents, raw strings, fences) or repeat.
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

    fn plain(syntax: &SyntaxReference, text: &str) -> Option<String> {
        let mut html = ClassedHTMLGenerator::new_with_class_style(syntax, set(), STYLE);
        for line in LinesWithEndings::from(text) {
            html.parse_html_for_line_which_includes_newline(line).ok()?;
        }
        Some(html.finalize())
    }

    fn texts() -> impl Strategy<Value = (usize, String)> {
        let line = prop_oneof![8 => prop::sample::select(LINES).prop_map(String::from), 1 => "[ -~]{0,12}", 1 => "[\\PC]{0,8}"];
        let lines = (prop::collection::vec(line, 0..10), any::<bool>());
        (0..TOKENS.len(), lines.prop_map(|(lines, end)| lines.join("\n") + if end { "\n" } else { "" }))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// One memory for many texts in many languages: a large one, and one that is always full.
        #[test]
        fn what_is_remembered_is_what_syntect_says(texts in prop::collection::vec(texts(), 1..12)) {
            let (mut large, mut small) = (Memo::new(64 << 20), Memo::new(40 << 10));
            for (token, text) in texts.iter().chain(texts.iter().rev()) {
                let syntax = syntax(TOKENS[*token]);
                let expected = plain(syntax, text);
                prop_assert_eq!(&large.highlight(syntax, set(), text), &expected);
                prop_assert_eq!(&small.highlight(syntax, set(), text), &expected);
            }
        }
    }

    #[test]
    fn a_line_seen_again_in_the_same_state_is_not_parsed_again() {
        let mut memo = Memo::new(1 << 20);
        let text = "a = 1\n\"\"\"\na = 1\n\"\"\"\n".repeat(50);
        assert_eq!(memo.highlight(syntax("python"), set(), &text), plain(syntax("python"), &text));
        let known: usize = memo.states.iter().map(|state| state.lines.len()).sum();
        assert!(known <= 8, "{known} lines are kept");
        let held = memo.held;
        memo.highlight(syntax("python"), set(), &text);
        assert_eq!(memo.held, held);
    }

    #[test]
    fn memory_is_bounded_by_forgetting() {
        let limit = 100 << 10;
        let mut memo = Memo::new(limit);
        for part in 0..40 {
            let text: String = (0..20).map(|n| format!("cat <<E{part}x{n}\necho $x{n}\n")).collect();
            assert_eq!(memo.highlight(syntax("bash"), set(), &text), plain(syntax("bash"), &text));
            assert!(memo.held < 2 * limit, "{} bytes are held", memo.held);
            let texts: usize = memo
                .states
                .iter()
                .flat_map(|state| &state.lines)
                .map(|(line, step)| line.len() + step.html.len())
                .sum();
            assert!(texts <= memo.held);
        }
    }
}
