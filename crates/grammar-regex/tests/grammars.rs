//! The patterns of all grammars: none is refused by the engine, and refusing texts by their bytes changes no match.

#![expect(clippy::disallowed_methods, reason = "the patterns are sorted")]

use syntect::parsing::SyntaxSet;
use syntect::parsing::syntax_definition::Pattern;

/// Lines of many languages, and some that are nothing.
const LINES: &[&str] = &[
    "",
    "\n",
    "    \n",
    "title: \"知识\" # 注\n",
    "- [甲, 乙]: |\n",
    "for n in $(seq 1 9); do printf \"%s\\n\" \"$n\" >> list.txt; done\n",
    "def f(a: int, b=\"\\n\") -> int: return max(a - 1, 0)  # 注\n",
    "{\"name\": \"甲\", \"n\": [1, 2.5e3, null]}\n",
    "<form action=\"/a?b&c\" data-x='1'><!-- 注 --></form>\n",
    "let s = `a${1}`; // 注\n",
    "<?php echo \"$x\"; ?>\n",
    "pub fn main<'a>() -> &'a str { r##\"x\"## }\n",
    "#include <a.h>\n",
    "public static final class A extends B implements C<D> { @Override int f() throws E { return 0x1F; } }\n",
    "SELECT a, count(*) FROM t WHERE b = '甲' GROUP BY a; -- 注\n",
    "%w[a b] <<~SQL if x.nil? && @y =~ /z+/i\n",
    "func (s *T) F(x ...int) (err error) { defer mu.Unlock(); go f(<-c) }\n",
    "\\begin{verbatim} $x^2$ \\end{verbatim} % 注\n",
    "@media (max-width: 30em) { a:hover > b::before { color: #fff; content: \"\\201C\" } }\n",
    "my ($a, %h) = @_; s/a/b/g for keys %h; __END__\n",
    "main = do { x <- getLine; putStrLn $ \"a\" ++ x } where y = \\z -> z\n",
    "(defn f [x] (map #(+ % 1) x)) ; 注\n",
    "diff --git a/x b/x\n",
    "# 标题 *重* [x](y) ~~z~~ `code`\n",
    "𠀀é\u{301}\u{FFFD}\t\u{0}\n",
];

fn patterns() -> Vec<String> {
    let grammars = SyntaxSet::load_defaults_newlines().into_builder();
    let contexts = grammars.syntaxes().iter().flat_map(|grammar| grammar.contexts.values());
    let patterns = contexts.flat_map(|context| &context.patterns).filter_map(|pattern| match pattern {
        Pattern::Match(found) => Some(found.regex.regex_str().to_owned()),
        _ => None,
    });
    let mut patterns: Vec<String> = patterns.collect();
    patterns.sort();
    patterns.dedup();
    patterns
}

/// The places of the groups of the first match from `start` on.
fn groups(found: Option<engine::Captures<'_, str>>) -> Option<Vec<Option<(usize, usize)>>> {
    found.map(|groups| groups.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect())
}

#[test]
fn refusing_texts_by_their_bytes_changes_no_match() {
    let patterns = patterns();
    assert!(patterns.len() > 3000, "{}", patterns.len());
    let (mut searches, mut matches) = (0, 0);
    for pattern in &patterns {
        // A pattern with a reference to a group of another pattern is completed before it is used.
        let Ok(plain) = engine::RegexBuilder::new(pattern).oniguruma_mode(true).build() else {
            assert!((1..=9).any(|group| pattern.contains(&format!("\\{group}"))), "{pattern}");
            continue;
        };
        let filtered = fancy_regex::RegexBuilder::new(pattern).oniguruma_mode(true).build().expect(pattern);
        for line in LINES {
            for start in [0, 1, line.len() / 2].into_iter().filter(|start| line.is_char_boundary(*start)) {
                let wanted = groups(plain.captures_from_pos(*line, start).unwrap_or_default());
                let found = groups(filtered.captures_from_pos(line, start).unwrap_or_default());
                assert_eq!(found, wanted, "{pattern} in {line:?} from {start}");
                (searches, matches) = (searches + 1, matches + usize::from(found.is_some()));
            }
        }
    }
    assert!(matches > searches / 50, "{matches} of {searches}");
}
