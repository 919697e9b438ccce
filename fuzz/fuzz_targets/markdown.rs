//! Any text as Markdown: rendering ends, slots stand in order between characters, spans lie in the text, and nothing
//! that acts gets through.
#![no_main]

use libfuzzer_sys::fuzz_target;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Lang, SourceText, to_text};
use puzhi::markdown::{MarkdownLabels, MarkdownOptions, highlight, render};

fuzz_target!(|text: &str| {
    let word = || "字<\"&".to_string();
    let labels = MarkdownLabels {
        note: word(),
        tip: word(),
        important: word(),
        warning: word(),
        caution: word(),
        footnotes: word(),
        footnote_back: word(),
        anchor: word(),
        external: word(),
        table: word(),
        todo: word(),
        done: word(),
        credit: word(),
    };
    let Ok(file) = SitePath::new("content/a.md") else { return };
    let source = SourceText::new(&file, text);
    let options = MarkdownOptions { labels: &labels, trust_html: false, max_depth: 8, title: None, numbered_headings: false, template_ids: None };
    let (body, diags) = render(&source, 0, &options);
    let html = &body.main.html;
    let mut last = 0;
    for (at, _) in &body.main.slots {
        assert!(*at >= last && html.is_char_boundary(*at));
        last = *at;
    }
    for span in body.links.iter().map(|l| l.span).chain(body.images.iter().map(|i| i.span)) {
        assert!(text.get(span.start..span.end).is_some());
    }
    let lower = html.to_ascii_lowercase();
    for bad in ["<script", "<iframe", "<object", "<svg", "<style", "<base", "<meta", "<form"] {
        assert!(!lower.contains(bad));
    }
    for diag in &diags {
        to_text(diag, Lang::Zh);
    }
    for block in body.code.iter().take(4) {
        highlight(block);
    }
});
