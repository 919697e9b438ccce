//! Holds the handbook's page of mistakes to the program: each row gives the message it shows, and no finding once it is cured.
//!
//! A row of its tables has what was written, the program's words, what to write instead, and whether the desk has a button for it. Lines
//! of a cell are code, with `<br>` between them. The headings of the page say where the lines stand. All rows are built in one site, as
//! pages of this repository's own. `UPDATE=1` puts the program's present words into the page.

use std::collections::BTreeMap;
use std::fs;

use puzhi::pipeline::Report;
use puzhi_core::diag::{Diagnostic, Lang};

use crate::handbook::{PICTURE, build, handbook, own_site, root};

/// The page whose rows are mistakes.
const MISTAKES: &str = "05-常见错误.md";
/// What the last cell of a row says if the desk has a button for it.
const BUTTON: &str = "有";

/// Where the lines of a row stand.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Body,
    FrontMatter,
    EventFrontMatter,
    File,
}

impl Place {
    fn of_heading(heading: &str) -> Option<Place> {
        match heading {
            "正文" => Some(Place::Body),
            "页面信息" => Some(Place::FrontMatter),
            "活动的页面信息" => Some(Place::EventFrontMatter),
            "整个文件" => Some(Place::File),
            _ => None,
        }
    }

    fn path(self, number: usize) -> String {
        let folder = if self == Place::EventFrontMatter { "events" } else { "guides" };
        format!("content/{folder}/mistake-{number}.md")
    }

    /// The page with these lines.
    fn page(self, lines: &str, number: usize) -> String {
        let titled = |title: &str| {
            if lines.starts_with("标题") { String::new() } else { format!("标题: {title}\n") }
        };
        match self {
            Place::Body => format!("---\n标题: 怎样查商标\n---\n\n{lines}"),
            Place::FrontMatter => format!("---\n{}{lines}---\n\n正文。\n", titled("怎样查商标")),
            Place::EventFrontMatter => {
                format!("---\n{}编号: mistake-{number}\n{lines}---\n\n正文。\n", titled("到市场讲商标"))
            }
            Place::File => lines.to_string(),
        }
    }
}

/// One row of a table.
struct Mistake {
    /// The line of the page.
    row: String,
    cells: Vec<String>,
    path: String,
    wrong: String,
    right: String,
}

/// The cells of a row, which are between bars that have no backslash.
fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{1}");
    inner.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
}

/// The lines of a cell; nothing if it has no code.
fn lines(cell: &str) -> String {
    if !cell.contains('`') {
        return String::new();
    }
    let line = |piece: &str| {
        let ticks = piece.chars().take_while(|c| *c == '`').count();
        let inner = piece.get(ticks..piece.len().saturating_sub(ticks)).unwrap_or_default();
        let inner =
            if ticks > 1 { inner.strip_prefix(' ').and_then(|i| i.strip_suffix(' ')).unwrap_or(inner) } else { inner };
        format!("{inner}\n")
    };
    cell.split("<br>").map(line).collect()
}

fn mistakes(text: &str) -> Vec<Mistake> {
    let mut place = None;
    let mut out: Vec<Mistake> = Vec::new();
    for row in text.lines() {
        if let Some(heading) = row.strip_prefix("## ") {
            place = Place::of_heading(heading);
        }
        let Some(place) = place else { continue };
        if !row.starts_with('|') || row.starts_with("|-") || row.starts_with("| 写成了 ") {
            continue;
        }
        let cells = cells(row);
        assert_eq!(cells.len(), 4, "{row}");
        let number = out.len();
        let page = |cell: &str| place.page(&lines(cell), number);
        let (path, wrong, right) = (place.path(number), page(&cells[0]), page(&cells[2]));
        out.push(Mistake { row: row.to_string(), cells, path, wrong, right });
    }
    out
}

/// The site of this repository with a page for each row, and what its pages name.
fn site(mistakes: &[Mistake], page: fn(&Mistake) -> &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = own_site();
    for mistake in mistakes {
        files.insert(mistake.path.clone(), page(mistake).as_bytes().to_vec());
    }
    files.insert("content/guides/desk.png".into(), PICTURE.to_vec());
    files.insert("content/guides/notice.pdf".into(), b"attachment".to_vec());
    files
}

fn found<'r>(report: &'r Report, mistake: &Mistake) -> Vec<&'r Diagnostic> {
    report.diags.iter().filter(|d| d.file.as_ref().is_some_and(|f| f.as_str() == mistake.path)).collect()
}

/// Different messages of a file's findings, in order.
fn messages(found: &[&Diagnostic]) -> String {
    let mut out: Vec<String> = Vec::new();
    for message in found.iter().map(|d| d.message(Lang::Zh)) {
        if !out.contains(&message) {
            out.push(message);
        }
    }
    out.join("<br>").replace('|', "\\|")
}

/// The text after all fixes of its findings.
fn fixed(text: &str, found: &[&Diagnostic]) -> String {
    let mut edits: Vec<_> = found.iter().filter_map(|d| d.fix.as_ref()).flat_map(|fix| fix.edits().to_vec()).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    edits.iter().fold(text.to_string(), |text, edit| {
        format!("{}{}{}", &text[..edit.span.start], edit.replacement, &text[edit.span.end..])
    })
}

#[test]
fn mistakes_give_the_messages_shown_and_the_cures_cure() {
    let mut text = handbook().remove(MISTAKES).expect("the page of mistakes");
    let mistakes = mistakes(&text);
    assert!(mistakes.len() >= 45, "only {} mistakes", mistakes.len());
    let (wrong, right) = (build(&site(&mistakes, |m| &m.wrong)).0, build(&site(&mistakes, |m| &m.right)).0);
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = String::new();
    for mistake in &mistakes {
        let found_now = found(&wrong, mistake);
        assert!(!found_now.is_empty(), "nothing is wrong with {}", mistake.row);
        let said = messages(&found_now);
        let button = if found_now.iter().all(|d| d.fix.is_some()) { BUTTON } else { "" };
        if update {
            let cell = |at: usize| mistake.cells[at].replace('|', "\\|");
            let row = format!("| {} | {said} | {} | {button} |", cell(0), cell(2));
            text = text.replacen(&mistake.row, &row, 1);
        } else if said != mistake.cells[1].replace('|', "\\|") || button != mistake.cells[3] {
            failures.push_str(&format!("{}\nthe program says\n{said} ({button})\n", mistake.row));
        }
        let mended = fixed(&mistake.wrong, &found_now);
        if button == BUTTON && mended != mistake.right {
            failures.push_str(&format!("{}\nthe button makes\n{mended}\n", mistake.row));
        }
        let left = found(&right, mistake);
        if !left.is_empty() {
            failures.push_str(&format!("{}\nafter the cure\n{}\n", mistake.row, messages(&left)));
        }
    }
    if update {
        fs::write(root().join("docs/handbook").join(MISTAKES), text).expect("written");
    }
    assert!(failures.is_empty(), "{failures}");
}
