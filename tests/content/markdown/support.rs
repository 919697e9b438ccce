//! Rendering one text in a test, with slots made visible.

use puzhi::markdown::{HtmlFragment, MarkdownLabels, MarkdownOptions, RenderedBody, Slot, highlight, render};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText};

pub fn labels() -> MarkdownLabels {
    let word = String::from;
    MarkdownLabels {
        note: word("说明"),
        tip: word("提示"),
        important: word("重要"),
        warning: word("注意"),
        caution: word("当心"),
        footnotes: word("注释"),
        footnote_back: word("返回正文注 {n}"),
        anchor: word("本节链接：{title}"),
        external: word("（外部网站）"),
        table: word("表格"),
        todo: word("未完成"),
        done: word("已完成"),
        credit: word("图："),
    }
}

/// What a page without settings of its own is rendered with. Its title is none that a text of the tests has.
pub fn plain_options(labels: &MarkdownLabels) -> MarkdownOptions<'_> {
    MarkdownOptions {
        labels,
        trust_html: false,
        max_depth: 32,
        title: Some("题目"),
        numbered_headings: false,
        template_ids: None,
    }
}

/// A rendered text.
pub struct Shown {
    pub body: RenderedBody,
    pub diags: Vec<Diagnostic>,
    /// The main fragment with each slot as `⟦…⟧`.
    pub html: String,
}

impl Shown {
    /// `code line:column` of each finding.
    pub fn found(&self) -> Vec<String> {
        let place = |d: &Diagnostic| d.position.map_or("-".into(), |p| format!("{}:{}", p.line, p.column));
        self.diags.iter().map(|d| format!("{} {}", d.code.name, place(d))).collect()
    }
}

pub fn show(text: &str) -> Shown {
    show_with(text, false, Some("题目"))
}

pub fn show_with(text: &str, trust_html: bool, title: Option<&str>) -> Shown {
    let file = SitePath::new("content/a.md").unwrap();
    let source = SourceText::new(&file, text);
    let labels = labels();
    let options = MarkdownOptions { trust_html, title, ..plain_options(&labels) };
    let (body, diags) = render(&source, 0, &options);
    let html = fill(&body, &body.main);
    Shown { body, diags, html }
}

/// The fragment with each slot as `⟦…⟧`. Also checks that slots ascend and stand between characters.
pub fn fill(body: &RenderedBody, fragment: &HtmlFragment) -> String {
    let mut out = String::new();
    let mut done = 0;
    for (at, slot) in &fragment.slots {
        out.push_str(&fragment.html[done..*at]);
        done = *at;
        match slot {
            Slot::LinkOpen(n) => out.push_str(&format!("⟦a {}⟧", body.links[*n as usize].written)),
            Slot::LinkClose(_) => out.push_str("⟦/a⟧"),
            Slot::Image(n) => {
                let image = &body.images[*n as usize];
                out.push_str(&format!("⟦img {} “{}”⟧", image.written, image.alt));
            }
            Slot::Directive(n) => out.push_str(&format!("⟦{:?}⟧", body.directives[*n as usize].data)),
            Slot::Code(n) => out.push_str(&highlight(&body.code[*n as usize])),
        }
    }
    out.push_str(&fragment.html[done..]);
    out
}
