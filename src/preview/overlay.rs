//! HTML panel that shows diagnostics on top of the page they belong to: file, line, excerpt and fix, in Chinese.
//!
//! Input: diagnostics. Output: HTML in which all text from files is escaped. The panel is a declarative shadow tree, so that the
//! styles of site and panel do not affect each other; it needs no script. Knows nothing of HTTP.

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::diag::{Diagnostic, Lang, Severity};

/// Name of the custom element around the panel; `client.js` looks for it.
const ELEMENT: &str = "puzhi-notes";
/// Maximum number of diagnostics listed; the rest is only counted.
const MAX_LISTED: usize = 30;

const STYLE: &str = include_str!("overlay.css");

/// The panel of one page; empty when there is no diagnostic. `own` are the page's diagnostics, `everywhere` those of the whole site.
/// `stands_in` says that an earlier version of the page is shown. The panel is expanded if it has an error, else collapsed.
pub(super) fn panel(own: &[Diagnostic], everywhere: &[Diagnostic], stands_in: bool) -> String {
    if own.is_empty() && everywhere.is_empty() {
        return String::new();
    }
    let mut out = format!("<{ELEMENT}><template shadowrootmode=\"open\"><style>{STYLE}</style>");
    out.push_str(&body(own, everywhere, stands_in, false));
    out.push_str(&format!("</template></{ELEMENT}>"));
    out
}

/// A complete HTML page of diagnostics, for an address that has no output to show.
pub(super) fn page(own: &[Diagnostic], everywhere: &[Diagnostic]) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>有错误，还不能显示</title>\n\
         <style>body{{margin:0}}</style>\n</head>\n<body>\n<{ELEMENT}><template shadowrootmode=\"open\"><style>{STYLE}</style>{}</template></{ELEMENT}>\n</body>\n</html>\n",
        body(own, everywhere, false, true)
    )
}

fn body(own: &[Diagnostic], everywhere: &[Diagnostic], stands_in: bool, alone: bool) -> String {
    let all: Vec<&Diagnostic> = own.iter().chain(everywhere).collect();
    let errors = all.iter().filter(|d| d.is_error()).count();
    let notes = all.iter().filter(|d| d.severity == Severity::Note).count();
    let warnings = all.len() - errors - notes;
    let mut out = String::from(match alone {
        true => "<main class=\"alone\"><h1>有错误，还不能显示</h1>",
        false => "<section role=\"region\" aria-label=\"预览发现的问题\">",
    });
    out.push_str(if errors > 0 || alone { "<details open>" } else { "<details>" });
    out.push_str("<summary>");
    let mut counts = Vec::new();
    if errors > 0 {
        counts.push(format!("<b class=\"error\">{errors} 个错误</b>"));
    }
    if warnings > 0 {
        counts.push(format!("<b class=\"warning\">{warnings} 条提醒</b>"));
    }
    if notes > 0 {
        counts.push(format!("<b>{notes} 条说明</b>"));
    }
    out.push_str(&counts.join("，"));
    out.push_str("</summary>");
    if errors > 0 {
        let why = match (alone, stands_in, own.iter().any(Diagnostic::is_error)) {
            (true, ..) => "这一页有错误，还没有能显示的样子。改好存盘，这里会自动换成网页。",
            (_, true, true) => "现在看到的网页，是这一页上一次没有错误时的样子。改好存盘，会自动换上新的。",
            (_, _, true) => "改好存盘，会自动换上新的。",
            _ => "这是整个站点的问题，和这一页的文字无关。改好以前，网站还是上一次没有错误时的样子。",
        };
        out.push_str(&format!("<p>{why}</p>"));
    }
    out.push_str("<ol>");
    // Errors first, then warnings, then notes; each group keeps its order.
    let of = |severity: Severity| all.iter().filter(move |diag| diag.severity == severity);
    let listed = of(Severity::Error).chain(of(Severity::Warning)).chain(of(Severity::Note));
    listed.take(MAX_LISTED).for_each(|diag| item(&mut out, diag));
    out.push_str("</ol>");
    if all.len() > MAX_LISTED {
        out.push_str(&format!("<p>还有 {} 条没有列出。</p>", all.len() - MAX_LISTED));
    }
    out.push_str(if alone { "</details></main>" } else { "</details></section>" });
    out
}

fn item(out: &mut String, diag: &Diagnostic) {
    let class = diag.severity.name();
    out.push_str(&format!(
        "<li class=\"{class}\"><p class=\"place\"><b>{}</b> ",
        match diag.severity {
            Severity::Error => "错误",
            Severity::Warning => "提醒",
            Severity::Note => "说明",
        }
    ));
    if let Some(file) = &diag.file {
        out.push_str("<code>");
        escape_text(out, file.as_str());
        out.push_str("</code>");
    }
    if let Some(place) = diag.position {
        out.push_str(&format!(" 第 {} 行，第 {} 个字", place.line, place.column));
    }
    out.push_str("</p><p class=\"what\">");
    escape_text(out, &diag.message(Lang::Zh));
    out.push_str("</p>");
    if let (Some(excerpt), Some(place)) = (&diag.excerpt, diag.position)
        && !excerpt.is_blank()
    {
        let clean = |part: &str| part.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        let dots = |cut: bool| if cut { "…" } else { "" };
        let before = format!("{}{}", dots(excerpt.cut_before), clean(&excerpt.before));
        let meant = clean(&excerpt.marked);
        let after = format!("{}{}", clean(&excerpt.after), dots(excerpt.cut_after));
        out.push_str(&format!("<pre tabindex=\"0\"><span class=\"number\">{}</span>", place.line));
        escape_text(out, &before);
        out.push_str("<mark>");
        escape_text(out, &meant);
        out.push_str("</mark>");
        escape_text(out, &after);
        out.push_str("</pre>");
    }
    if let Some(hint) = diag.hint(Lang::Zh) {
        out.push_str("<p class=\"fix\"><b>改法</b> ");
        escape_text(out, &hint);
        out.push_str("</p>");
    }
    out.push_str("<p class=\"code\" title=\"");
    escape_attr(out, diag.code.name);
    out.push_str("\">");
    escape_text(out, diag.code.name);
    out.push_str("</p></li>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::{SitePath, Span};
    use puzhi_core::diag::{SourceText, codes};

    #[test]
    fn words_of_a_file_are_escaped() {
        let path = SitePath::new("content/a.md").unwrap();
        let text = "标题： </template><script>alert(1)</script>";
        let source = SourceText::new(&path, text);
        let diag = Diagnostic::new(&codes::source::NUL_BYTE).at(&source, Span::new(3, 30)).arg("cause", "<b>\"'&");
        for html in [panel(std::slice::from_ref(&diag), &[], true), page(&[diag], &[])] {
            assert_eq!(html.matches("<script").count(), 0);
            assert_eq!(html.matches("</template>").count(), 1);
            assert!(
                html.contains("&lt;script&gt;")
                    && html.contains("content/a.md")
                    && html.contains("第 1 行")
                    && html.contains("改法")
            );
        }
    }

    #[test]
    fn nothing_wrong_shows_nothing_and_warnings_are_folded() {
        assert_eq!(panel(&[], &[], false), "");
        let warning = Diagnostic::new(&codes::source::NOT_UTF8).arg("encoding", "GBK");
        let html = panel(&[warning], &[], false);
        assert!(html.contains("<details><summary><b class=\"warning\">1 条提醒"), "{html}");
        let note = Diagnostic::new(&codes::output::OUTLET_REFUSES).arg("outlet", "日报").arg("what_zh", "标题太长");
        let html = panel(&[note], &[], false);
        assert!(
            html.contains("<summary><b>1 条说明") && html.contains("<b>说明</b>") && !html.contains("提醒</b>"),
            "{html}"
        );
    }
}
