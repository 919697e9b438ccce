//! The files that may break a ban of `clippy.toml`, or print. Clippy refuses every other file; this list is the one place that names them.

use std::collections::BTreeSet;

use crate::sources::all;

/// Files with `#![expect(clippy::…, reason = "…")]` of a ban. A `mod.rs` speaks for the files of its folder as well.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/survey/src/store/backup.rs", "disallowed_methods"),
    ("crates/survey/src/store/mod.rs", "disallowed_methods"),
    ("src/cli/build.rs", "disallowed_methods"),
    ("src/cli/init.rs", "disallowed_methods"),
    ("src/cli/new.rs", "disallowed_methods"),
    ("src/cli/replace_file.rs", "disallowed_methods"),
    ("src/cli/site.rs", "disallowed_methods"),
    ("src/cli/survey/import.rs", "disallowed_methods"),
    ("src/cli/survey/paper.rs", "disallowed_methods"),
    ("src/cli/survey/report.rs", "disallowed_methods"),
    ("src/cli/survey/serve.rs", "disallowed_methods"),
    ("src/cli/survey/site_survey.rs", "disallowed_methods"),
    ("src/cli/survey/snapshot.rs", "disallowed_methods"),
    ("src/engine/file_lock.rs", "disallowed_methods"),
    ("src/engine/process.rs", "disallowed_methods"),
    ("src/engine/store.rs", "disallowed_methods"),
    ("src/main.rs", "disallowed_methods"),
    ("src/outputs/collisions.rs", "iter_over_hash_type"),
    ("src/pipeline/mod.rs", "disallowed_methods"),
    ("src/pipeline/timings.rs", "disallowed_methods"),
    ("src/preview/mod.rs", "disallowed_methods"),
    ("src/preview/session.rs", "iter_over_hash_type"),
    ("src/sink/bytes.rs", "disallowed_methods"),
    ("src/sink/commit.rs", "disallowed_methods"),
    ("src/sink/disk.rs", "disallowed_methods"),
    ("src/sink/folders.rs", "disallowed_methods"),
    ("src/sink/fs_ops.rs", "disallowed_methods"),
    ("src/sink/inspect.rs", "disallowed_methods"),
    ("src/sink/metadata_dir.rs", "disallowed_methods"),
    ("src/source/mod.rs", "disallowed_methods"),
    ("src/source/scan.rs", "disallowed_methods"),
    ("src/source/stat_poll.rs", "disallowed_methods"),
    ("src/source/watch.rs", "disallowed_methods"),
];

/// The bans that a file lifts, among those that are listed.
fn lifted(text: &str) -> Vec<&'static str> {
    const BANS: &[&str] = &[
        "disallowed_methods",
        "disallowed_types",
        "print_stdout",
        "print_stderr",
        "exit",
        "unwrap_used",
        "expect_used",
        "iter_over_hash_type",
    ];
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let attributes: Vec<&str> = code
        .split("#")
        .filter(|part| {
            part.trim_start_matches('!').starts_with("[expect(") || part.trim_start_matches('!').starts_with("[allow(")
        })
        .filter_map(|part| part.split(')').next())
        .collect();
    BANS.iter()
        .copied()
        .filter(|ban| attributes.iter().any(|attribute| attribute.contains(&format!("clippy::{ban}"))))
        .collect()
}

#[test]
fn only_the_listed_files_lift_a_ban() {
    let files = all();
    let found: BTreeSet<(&str, &str)> =
        files.iter().flat_map(|file| lifted(&file.text).into_iter().map(|ban| (file.path.as_str(), ban))).collect();
    let listed: BTreeSet<(&str, &str)> = ALLOWED.iter().copied().collect();
    assert_eq!(found.difference(&listed).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "files that are not listed");
    assert_eq!(
        listed.difference(&found).collect::<Vec<_>>(),
        Vec::<&(&str, &str)>::new(),
        "listed files that lift no ban"
    );
}

#[test]
fn planted_exceptions_are_caught() {
    assert_eq!(lifted("#![expect(clippy::disallowed_methods, reason = \"x\")]\n"), ["disallowed_methods"]);
    assert_eq!(lifted("#[allow(clippy::exit, clippy::print_stdout)]\nfn f() {}\n"), ["print_stdout", "exit"]);
    assert_eq!(lifted("#![allow(\n    clippy::unwrap_used,\n    reason = \"x\"\n)]\n"), ["unwrap_used"]);
    assert_eq!(lifted("// clippy::exit\n#[cfg(test)]\nmod tests { #![allow(clippy::exit)] }\n"), [""; 0]);
}
