//! A module uses only rooms above its own in the table of `ARCHITECTURE.md`, which is the one copy of their order.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::sources::{SourceFile, all, is_one_room, repository};

/// The rooms of each row under `## Rooms`, from the foundation up. Rooms in one row may use each other.
fn order(architecture: &str) -> Vec<Vec<String>> {
    let (_, section) = architecture.split_once("\n## Rooms\n").expect("a section on rooms");
    let section = section.split("\n## ").next().unwrap_or_default();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(String::from).collect();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| names(&format!("`{}", row.split('|').next().unwrap_or_default())))
        .collect()
}

/// A path as written, from `crate`, `super` or a crate's name on: its segments and its line.
struct UsedPath {
    segments: Vec<String>,
    line: usize,
    /// Modules around it: those of the file and those written inside the file.
    depth: usize,
}

/// Every path in `tokens`, also inside macros and with the groups of a `use` taken apart.
fn paths(tokens: TokenStream, depth: usize, out: &mut Vec<UsedPath>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut after_colons = false;
    let mut module = 0;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) => {
                let line = name.span().start().line;
                let name = name.to_string();
                module = if name == "mod" { 2 } else { u8::saturating_sub(module, 1) };
                // A crate's name begins a path after `::` too, as in `use ::puzhi_survey::store`.
                let crate_name = matches!(
                    name.as_str(),
                    "puzhi_cards"
                        | "puzhi_core"
                        | "puzhi_markdown"
                        | "puzhi_pictures"
                        | "puzhi_press"
                        | "puzhi_search"
                        | "puzhi_survey"
                        | "puzhi"
                );
                if crate_name || (!after_colons && matches!(name.as_str(), "crate" | "super" | "self")) {
                    path(vec![name], line, depth, &mut tokens, out);
                }
                after_colons = false;
            }
            TokenTree::Punct(mark) => {
                after_colons = mark.as_char() == ':' && next_is_colon_or_after(&mut tokens, after_colons)
            }
            TokenTree::Group(group) => {
                let inner = depth + usize::from(module == 1 && group.delimiter() == Delimiter::Brace);
                paths(group.stream(), inner, out);
                (after_colons, module) = (false, 0);
            }
            TokenTree::Literal(_) => after_colons = false,
        }
    }
}

/// Whether a `:` begins or ends a `::`, so that the next name continues a path. A lone `:` before a type does not.
fn next_is_colon_or_after(tokens: &mut Peekable<IntoIter>, was_colon: bool) -> bool {
    was_colon || matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == ':')
}

/// Reads on after `segments`, and adds the path or, where a group follows, each of its paths.
fn path(
    mut segments: Vec<String>,
    line: usize,
    depth: usize,
    tokens: &mut Peekable<IntoIter>,
    out: &mut Vec<UsedPath>,
) {
    while matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == ':') {
        tokens.next();
        if !matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == ':') {
            break;
        }
        tokens.next();
        match tokens.peek() {
            Some(TokenTree::Ident(name)) => segments.push(name.to_string()),
            Some(TokenTree::Punct(mark)) if mark.as_char() == '*' => segments.push("*".into()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let mut inner = group.stream().into_iter().peekable();
                while let Some(token) = inner.next() {
                    match token {
                        TokenTree::Ident(name) => {
                            let line = name.span().start().line;
                            path([segments.clone(), vec![name.to_string()]].concat(), line, depth, &mut inner, out);
                            // ` as other` belongs to the item before it.
                            while matches!(inner.peek(), Some(TokenTree::Ident(_))) {
                                inner.next();
                            }
                        }
                        TokenTree::Punct(mark) if mark.as_char() == '*' => {
                            out.push(UsedPath { segments: [segments.clone(), vec!["*".into()]].concat(), line, depth });
                        }
                        _ => {}
                    }
                }
                tokens.next();
                return;
            }
            _ => break,
        }
        tokens.next();
    }
    let renamed = matches!(tokens.peek(), Some(TokenTree::Ident(word)) if *word == "as");
    if renamed && segments.len() == 1 && segments[0] != "self" {
        segments.push("as".into());
    }
    out.push(UsedPath { segments, line, depth });
}

/// The room that a path leads to: `None` inside the file's own room or for a path of another crate.
fn room_of(used: &UsedPath, package: &str) -> Option<String> {
    let mut segments = used.segments.iter().map(String::as_str).skip_while(|segment| *segment == "self").peekable();
    let mut climbed = 0;
    while segments.next_if_eq(&"super").is_some() {
        climbed += 1;
    }
    let first = segments.next();
    if climbed > 0 {
        // At the crate's root, the next name is a room.
        return (climbed >= used.depth && !is_one_room(package)).then(|| first.unwrap_or("*").to_string());
    }
    match (first?, package) {
        ("crate", "cards" | "markdown" | "pictures" | "press" | "search" | "survey") => None,
        ("crate" | "puzhi_core" | "puzhi", _) => segments.next().map(String::from),
        ("puzhi_cards", _) => Some("cards".into()),
        ("puzhi_press", _) => Some("press".into()),
        ("puzhi_markdown", _) => Some("markdown".into()),
        ("puzhi_pictures", _) => Some("pictures".into()),
        ("puzhi_search", _) => Some("search".into()),
        ("puzhi_survey", _) => Some("survey".into()),
        _ => None,
    }
}

/// Where a file uses a room below its own, or something that is no room.
fn violations(file: &SourceFile, order: &[Vec<String>]) -> Vec<String> {
    let level = |room: &str| order.iter().position(|row| row.iter().any(|name| name == room));
    let Some(own) = level(&file.room) else {
        return vec![format!("{}: {} is no room of the table", file.path, file.room)];
    };
    let mut used = Vec::new();
    paths(file.text.parse().expect("Rust"), file.depth, &mut used);
    let mut wrong: Vec<String> = used
        .iter()
        .filter_map(|path| Some((path.line, room_of(path, file.package)?)))
        .filter(|(_, room)| level(room).is_none_or(|other| other > own))
        .map(|(line, room)| format!("{}:{line}: {} uses {room}", file.path, file.room))
        .collect();
    wrong.dedup();
    wrong
}

/// The rooms of the generator that know the survey crate: one makes survey definitions of pages, the other has its commands.
const MEETS_SURVEY: [&str; 2] = ["survey_definition", "cli"];

/// Where another room of the generator uses the survey crate.
fn survey_uses(file: &SourceFile) -> Vec<String> {
    let mut used = Vec::new();
    paths(file.code().parse().expect("Rust"), file.depth, &mut used);
    let meets = MEETS_SURVEY.contains(&file.room.as_str()) || file.package == "survey";
    let uses = used.iter().filter(|path| !meets && path.segments.first().is_some_and(|name| name == "puzhi_survey"));
    uses.map(|path| format!("{}:{}: {} uses the survey crate", file.path, path.line, file.room)).collect()
}

#[test]
fn the_generator_meets_the_survey_in_two_rooms() {
    let wrong: Vec<String> = all().iter().filter(|file| file.room != "lib").flat_map(survey_uses).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let planted = |room: &str| {
        let text = "//! A job.\nuse ::puzhi_survey::store;\n".into();
        survey_uses(&SourceFile { room: room.into(), path: "f.rs".into(), depth: 1, package: "puzhi", text })
    };
    assert_eq!((planted("view").len(), planted("cli").len()), (1, 0));
}

#[test]
fn rooms_use_only_rooms_above_them() {
    let architecture = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let order = order(&architecture);
    let files = all();
    let wrong: Vec<String> = files
        .iter()
        .filter(|file| !matches!(file.room.as_str(), "lib" | "main"))
        .flat_map(|file| violations(file, &order))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let empty: Vec<&String> =
        order.iter().flatten().filter(|room| !files.iter().any(|file| file.room == **room)).collect();
    assert!(empty.is_empty(), "rooms of the table without a file: {empty:?}");
}

/// A file of `view` in an order of five rooms.
fn planted(package: &'static str, room: &str, depth: usize, text: &str) -> Vec<String> {
    let order = order(
        "\n## Rooms\n\n| room | job |\n|---|---|\n| `base` | a |\n| `survey` | b |\n| `theme`, `view` | c `cli` |\n| `cli` | d |\n\n## More\n| `other` | e |\n",
    );
    assert_eq!(order.len(), 4);
    violations(&SourceFile { room: room.into(), path: "f.rs".into(), depth, package, text: text.into() }, &order)
}

#[test]
fn planted_uses_of_lower_rooms_are_caught() {
    for text in [
        "use crate::cli::run;",
        "use crate::cli;",
        "use crate::{base::Span, cli::{self, run}};",
        "use crate::{base, theme as t, cli as c};",
        "use crate::*;",
        "use crate::{base, *};",
        "use puzhi::cli;",
        "fn f() { crate::cli::run() }",
        "fn f(a: crate::cli::Args) {}",
        "fn f() { println!(\"{}\", crate::cli::run()) }",
        "use super::super::cli::run;",
        "use super::{super::cli::run, x};",
        "use self::super::super::cli;",
        "mod inner { use super::super::super::cli; }",
        "use super::super::*;",
        "use crate as all;",
        "use crate::gone::x;",
        "use ::puzhi::cli;",
    ] {
        assert_eq!(planted("puzhi", "view", 2, text).len(), 1, "{text}: {:?}", planted("puzhi", "view", 2, text));
    }
    assert_eq!(planted("puzhi", "view", 1, "use super::cli;").len(), 1);
    assert_eq!(planted("core", "base", 1, "use crate::{view, theme::x};").len(), 2);
    assert_eq!(planted("survey", "survey", 2, "use puzhi_core::view::x;").len(), 1);
    assert_eq!(planted("puzhi", "base", 1, "use puzhi_survey::store;").len(), 1);
    assert_eq!(planted("puzhi", "nowhere", 1, "").len(), 1);
}

#[test]
fn uses_that_keep_to_the_order_are_let_alone() {
    for text in [
        "use crate::base::Span; use crate::{theme, view::{x, y}}; use puzhi_core::base; use puzhi_survey::store;",
        "use super::x; use super::{a, b::c}; mod inner { use super::super::x; }",
        "// crate::cli\n/// [`crate::cli`]\nfn f() { let text = \"crate::cli\"; }",
        "pub(crate) fn f() {} pub(super) fn g() {} impl A { fn h(&self) { self.x } } use other::crate_cli;",
    ] {
        assert_eq!(planted("puzhi", "view", 2, text), [""; 0], "{text}");
    }
    assert_eq!(planted("survey", "survey", 2, "use crate::store; use super::super::stats;"), [""; 0]);
}
