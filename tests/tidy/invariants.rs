//! Sentences of `ARCHITECTURE.md` that hold because something is absent from the source or the templates.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sources::{all, code_without_tests, repository};

/// Files with a lock, each with what it guards.
const FILES_WITH_LOCKS: &[(&str, &str)] = &[
    ("crates/core/src/phrases/mod.rs", "places of breaks that equal headings share"),
    ("crates/survey/src/collector/listener.rs", "numbers of open connections by address"),
    ("crates/survey/src/collector/rate_limit.rs", "token buckets of all connections"),
    (
        "crates/survey/src/collector/service.rs",
        "definitions that are read again while requests run, numbers of open batches",
    ),
    ("crates/survey/src/store/queue.rs", "submissions that wait for one transaction"),
    ("src/desk/access.rs", "the code that a browser exchanges once for the token"),
    ("src/desk/kept.rs", "the history and the plans of a desk, whose requests come on many threads"),
    ("src/pipeline/state.rs", "what a build writes to its state while outputs are made"),
    ("src/sink/disk.rs", "files staged by many threads"),
    ("src/sink/memory.rs", "files put by many threads"),
    ("src/view/tracking/doc_cache.rs", "a document that pages let go of"),
];

/// Whether code, its comments and tests apart, names a lock.
fn has_lock(text: &str) -> bool {
    let code = code_without_tests(text);
    ["Mutex", "RwLock", "Condvar"].iter().any(|lock| code.contains(lock))
}

/// Each value that is not escaped, unless its name says that it is HTML.
fn unescaped(template: &str) -> Vec<&str> {
    let mut wrong = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('|') {
        let (before, after) = (rest[..at].trim_end(), &rest[at + 1..]);
        if after.trim_start().starts_with("safe") {
            let start = before.rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).map_or(0, |at| at + 1);
            let name = before[start..].rsplit('.').next().unwrap_or_default();
            if name != "html" && !name.ends_with("_html") {
                wrong.push(&before[start..]);
            }
        }
        rest = after;
    }
    wrong
}

fn templates(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            templates(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
fn only_the_listed_files_have_locks() {
    let found: Vec<String> = all().into_iter().filter(|file| has_lock(&file.text)).map(|file| file.path).collect();
    let mut listed: Vec<&str> = FILES_WITH_LOCKS.iter().map(|(path, _)| *path).collect();
    listed.sort_unstable();
    assert_eq!(
        found.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        listed.into_iter().collect()
    );
}

#[test]
fn only_values_named_html_are_not_escaped() {
    let mut paths = Vec::new();
    templates(&repository().join("themes/civic/templates"), &mut paths);
    assert!(paths.len() > 10);
    for path in paths {
        let text = fs::read_to_string(&path).expect("readable");
        assert_eq!(unescaped(&text), [""; 0], "{}", path.display());
    }
}

#[test]
fn planted_locks_and_unescaped_values_are_caught() {
    assert!(has_lock("use std::sync::Mutex;\n") && has_lock("fn f(a: &RwLock<u8>) {}\n"));
    assert!(has_lock("#[cfg(test)]\nmod tests;\nuse std::sync::Mutex;\n"));
    assert!(!has_lock("// A Mutex would do.\n#[cfg(test)]\nmod tests { use std::sync::Mutex; }\n"));
    assert_eq!(
        unescaped("{{ page.title | safe }} {{ page.html | safe }} {{ x|safe }} {{ a.form_html | safe }}"),
        ["page.title", "x"]
    );
    assert_eq!(unescaped("{{ page.title | upper | safe }}"), ["upper"]);
}
