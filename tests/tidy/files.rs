//! Every file says its job, keeps to its size, and leaves printing and unfinished work out.

use crate::sources::{all, code_without_tests};

/// Most lines a file may have.
const MOST_LINES: usize = 600;

/// The only room that may print or end the process.
const PRINTING_ROOM: &str = "cli";

/// What no file outside [`PRINTING_ROOM`] may hold before its tests.
const MARKS: &[&str] =
    &["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "process::exit", "todo!(", "unimplemented!("];

/// What is wrong with the text of one file.
fn violations(room: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.starts_with("//!") {
        wrong.push("does not open with //!".to_string());
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        wrong.push(format!("has {lines} lines"));
    }
    if room != PRINTING_ROOM {
        let code = code_without_tests(text);
        wrong.extend(MARKS.iter().filter(|mark| code.contains(**mark)).map(|mark| format!("has {mark}")));
    }
    wrong
}

#[test]
fn every_file_says_its_job_and_keeps_to_its_size_and_only_the_command_line_prints() {
    let wrong: Vec<String> = all()
        .iter()
        .flat_map(|file| violations(&file.room, &file.text).into_iter().map(|said| format!("{} {said}", file.path)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn planted_files_are_caught() {
    assert_eq!(violations("view", "use x::y;\n"), ["does not open with //!"]);
    assert_eq!(
        violations("view", &format!("//! A job.\n{}", "\n".repeat(MOST_LINES))),
        [format!("has {} lines", MOST_LINES + 1)]
    );
    assert_eq!(violations("cli", "//! A job.\nfn f() { println!(); }\n"), [""; 0]);
}

/// A file that prints after a module of tests.
fn planted_printing(mark: &str) -> String {
    let call = if mark.ends_with('(') { format!("{mark})") } else { format!("{mark}()") };
    format!("//! A job.\n#[cfg(test)]\nmod tests;\nfn f() {{ {call} }}\n")
}

#[test]
fn planted_printing_is_caught() {
    for mark in MARKS {
        // `println!` holds no `print!(`, but `eprintln!` holds `println!`.
        assert!(violations("view", &planted_printing(mark)).contains(&format!("has {mark}")));
    }
}
