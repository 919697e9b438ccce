//! Holds the rooms to their order: a module uses only rooms above it in `ARCHITECTURE.md`'s list.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the foundation up; those on one line may use each other.
const ORDER: &[&[&str]] = &[
    &["base"],
    &["diag"],
    &["encoding"],
    &["yaml"],
    &["kinds"],
    &["form"],
    &["survey"],
    &["settings", "source"],
    &["engine"],
    &["markdown"],
    &["document"],
    &["catalog"],
    &["calendar"],
    &["assets"],
    &["theme"],
    &["view"],
    &["outputs"],
    &["sink"],
    &["pipeline"],
    &["survey_definition"],
    &["preview"],
    &["cli"],
];

/// The only places that may print or end the process.
const VOICE: &str = "cli";

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Every file of the three crates: its room, its path below the repository, its text. The survey crate is one room.
fn all() -> Vec<(String, PathBuf, String)> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "crates/core/src", "crates/survey/src"] {
        sources(&repository.join(folder), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(repository).unwrap();
            let room = if below.starts_with("crates/survey") {
                "survey".to_string()
            } else {
                let mut parts = below.components().skip_while(|part| part.as_os_str() != "src");
                parts.nth(1).unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_string()
            };
            let text = fs::read_to_string(&path).unwrap();
            (room, below.to_path_buf(), text)
        })
        .collect()
}

fn level(room: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&room))
}

#[test]
fn rooms_use_only_rooms_above_them() {
    let mut wrong = Vec::new();
    for (room, path, text) in all() {
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let own = level(&room).unwrap_or_else(|| panic!("{room} is no room of the list"));
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            let inside = if room == "survey" { "puzhi_core::" } else { "crate::" };
            for used in line.split(inside).skip(1).chain(line.split("puzhi_core::").skip(1)) {
                let name: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                match level(&name) {
                    Some(other) if other <= own => {}
                    _ => wrong.push(format!("{}:{}: {room} uses {name}", path.display(), number + 1)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_its_job_and_keeps_to_its_size() {
    let mut wrong = Vec::new();
    for (_, path, text) in all() {
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not open with //!", path.display()));
        }
        if text.lines().count() > 600 {
            wrong.push(format!("{} has {} lines", path.display(), text.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints_or_exits() {
    let mut wrong = Vec::new();
    for (room, path, text) in all() {
        if room == VOICE {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for mark in
            ["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "process::exit", "todo!(", "unimplemented!("]
        {
            if code.contains(mark) {
                wrong.push(format!("{} has {mark}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
