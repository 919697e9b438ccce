//! Formats many diagnostics for people: those of one code together, so that the length of the text does not grow with a site.
//!
//! Input: sorted diagnostics, a language and a [`TextStyle`]. Output: a string. A code with few diagnostics is shown in
//! full; of one with many the first is, then the places of some more, then how many there are. Does not print.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::render::{TextStyle, place_of, to_styled_text};
use super::{Diagnostic, DiagnosticCode, Lang, Severity, codes};

/// Of a code with more diagnostics than this, only so many places are shown.
const SHOWN: usize = 3;

/// Of a code whose diagnostics name files that are not on the site, so many are shown.
const SHOWN_OF_LISTS: usize = 20;

/// Formats all diagnostics, errors first, then those of the codes with most. `complete` is how to have all of them listed.
pub fn to_grouped_text(diags: &[Diagnostic], lang: Lang, style: TextStyle, complete: &str) -> String {
    let mut groups: BTreeMap<(Severity, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for diag in diags {
        groups.entry((diag.severity, diag.code.name)).or_default().push(diag);
    }
    let mut groups: Vec<Vec<&Diagnostic>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse((group[0].severity, group.len())));
    let cut = groups.iter().any(|group| group.len() > shown_of(group[0].code));
    let mut out: String = groups.iter().map(|group| group_text(group, lang, style)).collect();
    if cut {
        let line = lang.pick(
            format!("同一种问题只列出前几处；全部列出：{complete}"),
            format!("only the first places of each kind are listed; to list all: {complete}"),
        );
        out.push_str(&format!("{line}\n"));
    }
    out
}

/// How many diagnostics of a code are shown.
fn shown_of(code: &DiagnosticCode) -> usize {
    let lists = [&codes::links::HELD_BACK, &codes::links::FUTURE_SECTION, &codes::output::UNPUBLISHED_LEFT];
    if lists.contains(&code) { SHOWN_OF_LISTS } else { SHOWN }
}

fn group_text(group: &[&Diagnostic], lang: Lang, style: TextStyle) -> String {
    let limit = shown_of(group[0].code);
    if group.len() <= SHOWN {
        return group.iter().map(|diag| to_styled_text(diag, lang, style)).collect();
    }
    let first = group[0];
    let mut out = to_styled_text(first, lang, style);
    let files: BTreeSet<_> = group.iter().filter_map(|diag| diag.file.as_ref()).collect();
    let rest = group.len() - 1;
    out.push_str(&match (lang, files.len()) {
        (Lang::Zh, 0 | 1) => format!("  同样的还有 {rest} 处：\n"),
        (Lang::Zh, files) => format!("  同样的还有 {rest} 处，一共在 {files} 个文件里：\n"),
        (Lang::En, 0 | 1) => format!("  {rest} more like this:\n"),
        (Lang::En, files) => format!("  {rest} more like this, in {files} files altogether:\n"),
    });
    let message = first.message(lang);
    for diag in group[1..].iter().take(limit - 1) {
        let own = diag.message(lang);
        let mut line = place_of(diag).unwrap_or_default();
        let plain = line.width();
        line = style.place(&line);
        if own != message || plain == 0 {
            let colon = if plain == 0 { "" } else { ": " };
            line.push_str(&format!("{colon}{}", fit(&own, style.width.saturating_sub(plain + colon.len() + 4))));
        }
        out.push_str(&format!("    {line}\n"));
    }
    if group.len() > limit {
        out.push_str("    …\n");
    }
    out
}

/// The beginning of a message in so many columns, and `…` where something is left out.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= columns
    };
    let shown: String = text.chars().take_while(fits).collect();
    format!("{shown}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SitePath, Span};
    use crate::diag::SourceText;

    fn broken(count: usize) -> Vec<Diagnostic> {
        let text = "见[乙](b.md)\n";
        let diag = |n: usize| {
            let path = SitePath::new(&format!("content/{n}.md")).unwrap();
            Diagnostic::new(&codes::links::BROKEN_LINK)
                .at(&SourceText::new(&path, text), Span::new(3, 14))
                .arg("target", if n == 1 { "乙".repeat(60) } else { "b.md".into() })
        };
        (0..count).map(diag).collect()
    }

    #[test]
    fn few_are_shown_in_full_and_many_by_place() {
        let style = TextStyle::default();
        let full: String = broken(3).iter().map(|diag| to_styled_text(diag, Lang::Zh, style)).collect();
        assert_eq!(to_grouped_text(&broken(3), Lang::Zh, style, "puzhi build --all"), full);
        let text = to_grouped_text(&broken(500), Lang::Zh, style, "puzhi build --all");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 8, "{text}");
        assert_eq!(lines[3], "  同样的还有 499 处，一共在 500 个文件里：");
        assert_eq!(lines[5], "    content/2.md:1:2");
        assert_eq!(lines[7], "同一种问题只列出前几处；全部列出：puzhi build --all");
        assert!(lines.iter().all(|line| line.width() <= 80), "{text}");
    }

    #[test]
    fn errors_come_first_then_what_there_is_most_of() {
        let mut diags = broken(2);
        diags.push(Diagnostic::new(&codes::output::NO_BASE_URL));
        diags.push(Diagnostic::new(&codes::settings::NO_SITE_TITLE));
        diags.extend((0..5).map(|_| Diagnostic::new(&codes::links::MISSING_IMAGE).arg("target", "a.png")));
        let text = to_grouped_text(&diags, Lang::En, TextStyle::default(), "puzhi build --all");
        let place = |code: &str| text.find(&format!("[{code}]")).unwrap();
        let order = ["no-site-title", "missing-image", "broken-link", "no-base-url"].map(place);
        assert!(order.is_sorted(), "{text}");
    }

    #[test]
    fn commands_are_those_of_the_reader() {
        let style = TextStyle { program: "./puzhi", ..TextStyle::default() };
        assert_eq!(style.commands("用 puzhi serve；puzhi build"), "用 ./puzhi serve；./puzhi build");
        assert_eq!(style.commands("another puzhi 正在，x-puzhi build"), "another puzhi 正在，x-puzhi build");
        assert_eq!(TextStyle::default().commands("puzhi new 指南"), "puzhi new 指南");
    }

    #[test]
    fn colours_are_used_only_when_asked_for() {
        let plain = to_grouped_text(&broken(5), Lang::Zh, TextStyle::default(), "x");
        assert!(!plain.contains('\u{1b}'));
        let coloured = to_grouped_text(&broken(5), Lang::Zh, TextStyle { colour: true, ..TextStyle::default() }, "x");
        assert!(coloured.contains("\u{1b}[1;33m提醒[broken-link]\u{1b}[0m"));
        let bare = |text: &str| {
            let mut parts = text.split('\u{1b}');
            let first = parts.next().unwrap_or_default().to_string();
            parts.fold(first, |all, part| all + part.split_once('m').map_or("", |(_, rest)| rest))
        };
        assert_eq!(bare(&coloured), plain);
    }
}
