//! Syntax highlighting of code blocks.
//!
//! Input: a code block with its language. Output: the content of the `<code>` element, with class names that start
//! with `hl-`; the theme defines the colours. Does not know pages.

mod cache;
mod spans;

use std::cell::RefCell;
use std::sync::OnceLock;

use syntect::parsing::{SyntaxReference, SyntaxSet};

use self::cache::HighlightCache;
use super::model::CodeBlock;
use puzhi_core::base::escape_text;

/// Size limits in bytes. Larger blocks and blocks with longer lines are not highlighted, because some grammars take
/// quadratic time per line.
const MAX_BYTES: usize = 256 * 1024;
const MAX_LINE: usize = 4 * 1024;

/// Size limit of the line cache of each thread, in bytes.
const MAX_CACHE_BYTES: usize = 2 * 1024 * 1024;

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines)
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language {
        "" | "text" | "txt" | "plain" | "none" => return None,
        "jsonc" | "json5" => "json",
        "ts" | "typescript" | "jsx" | "tsx" => "js",
        "sh" | "shell" | "console" | "zsh" => "bash",
        "yml" => "yaml",
        other => other,
    };
    syntaxes().find_syntax_by_token(language)
}

/// HTML of a code block; escaped text if the language is unknown or a limit is exceeded.
pub fn highlight(block: &CodeBlock) -> String {
    highlight_known(block).unwrap_or_else(|| {
        let mut out = String::new();
        escape_text(&mut out, &block.text);
        out
    })
}

fn highlight_known(block: &CodeBlock) -> Option<String> {
    if block.text.len() > MAX_BYTES || block.text.lines().any(|line| line.len() > MAX_LINE) {
        return None;
    }
    thread_local! {
        static CACHE: RefCell<HighlightCache> = RefCell::new(HighlightCache::new(MAX_CACHE_BYTES));
    }
    CACHE.with_borrow_mut(|cache| cache.highlight(syntax(&block.language)?, syntaxes(), &block.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(language: &str, text: &str) -> String {
        highlight(&CodeBlock { language: language.into(), text: text.into() })
    }

    #[test]
    fn known_languages_get_classes() {
        let html = block("yaml", "title: <b>知识\n");
        assert!(html.contains("class=\"hl-"), "{html}");
        assert!(html.contains("&lt;b&gt;知识"), "{html}");
    }

    #[test]
    fn unknown_languages_are_escaped_text() {
        assert_eq!(block("nosuch", "a < b & c\n"), "a &lt; b &amp; c\n");
        assert_eq!(block("", "<script>"), "&lt;script&gt;");
        let long = "x".repeat(MAX_LINE + 1);
        assert_eq!(block("rust", &long), long);
    }
}
