//! Builds that die at each change they make to the disk, and what the next build makes of what they left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::fs_ops::crash;
use super::{CommitStage, DiskSink, PlannedOutput, Sink};
use puzhi_core::diag::Diagnostic;

type Tree = BTreeMap<String, String>;
type Files<'f> = &'f [(&'f str, &'f str)];

const EMPTY: Files<'static> = &[];
const OLD: Files<'static> = &[
    ("index.html", "首页"),
    ("a.css", "a"),
    ("to-folder", "f"),
    ("to-file/x/y.html", "y"),
    ("gone/deep/z.html", "z"),
    ("same/s.html", "s"),
];
const NEW: Files<'static> = &[
    ("index.html", "新首页"),
    ("b.css", "b"),
    ("to-folder/i.html", "i"),
    ("to-file", "t"),
    ("same/s.html", "s"),
    ("new/n/n.html", "n"),
    ("feed.xml", "f"),
];
const OTHER: Files<'static> = &[
    ("index.html", "其他"),
    ("gone/deep", "文件"),
    ("to-folder/i.html/x", "x"),
    ("same/s.html", "s"),
    ("new/n/n.html", "n"),
];

/// What a site of a person's own in the output folder looks like.
const FOREIGN: Files<'static> = &[(".gitignore", "*"), ("same/mine.txt", "m")];

fn build(out: &Path, files: Files) -> Result<(), Diagnostic> {
    let stage = |path: &str| if path.ends_with(".css") { CommitStage::Asset } else { CommitStage::Page };
    let planned = files.iter().map(|(path, _)| PlannedOutput { path: path.to_string(), stage: stage(path) }).collect();
    let sink = DiskSink::open(out, planned)?;
    for (n, (path, text)) in files.iter().enumerate() {
        match n % 2 {
            0 => sink.put(path, text.as_bytes())?,
            _ => sink.copy(path, &mut text.as_bytes())?,
        };
    }
    let summary = sink.commit()?;
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
    Ok(())
}

/// Builds until the `steps`th change; tells whether it died.
fn build_until(out: &Path, files: Files, steps: usize) -> bool {
    crash::after(steps);
    let done = build(out, files);
    let died = crash::reset();
    // Counting down to zero with the very last change is no death.
    assert!(died || done.is_ok(), "{done:?}");
    done.is_err()
}

fn tree(dir: &Path) -> Tree {
    let items =
        walkdir::WalkDir::new(dir).min_depth(1).into_iter().filter_entry(|e| e.file_name() != ".puzhi").flatten();
    items
        .filter_map(|item| {
            let path = item.path().strip_prefix(dir).ok()?.to_str()?.replace('\\', "/");
            Some(if item.file_type().is_dir() {
                (path + "/", String::new())
            } else {
                (path, fs::read_to_string(item.path()).ok()?)
            })
        })
        .collect()
}

fn expected(files: Files) -> Tree {
    let mut out = Tree::new();
    for (path, text) in files {
        out.insert(path.to_string(), text.to_string());
        path.match_indices('/').for_each(|(at, _)| drop(out.insert(path[..=at].to_string(), String::new())));
    }
    out
}

fn write_files(dir: &Path, files: Files) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Dies at every change on the way from `old` to `new`, looks at what is left, and builds `then`.
fn crash_at_every_step(old: Option<Files>, foreign: Files, new: Files, then: Files, look: impl Fn(&Tree)) {
    let mut wanted = expected(then);
    wanted.extend(expected(foreign));
    for steps in 0.. {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path();
        if let Some(old) = old {
            build(out, old).unwrap();
        }
        write_files(out, foreign);
        let died = build_until(out, new, steps);
        look(&tree(out));
        build(out, then).unwrap_or_else(|e| panic!("after {steps} changes: {e:?}"));
        assert_eq!(tree(out), wanted, "after {steps} changes");
        // What it knows now is as good as what a build without a kill knows.
        build(out, EMPTY).unwrap();
        let files: Vec<_> = tree(out).into_keys().filter(|p| !p.ends_with('/')).collect();
        assert_eq!(files, expected(foreign).into_keys().filter(|p| !p.ends_with('/')).collect::<Vec<_>>());
        if !died {
            assert!(steps > 5, "nothing was interrupted");
            return;
        }
    }
}

#[test]
fn after_a_kill_every_file_is_old_or_new_and_the_next_build_is_clean() {
    let (old, new) = (expected(OLD), expected(NEW));
    for then in [OLD, NEW, OTHER, EMPTY] {
        crash_at_every_step(Some(OLD), FOREIGN, NEW, then, |tree| {
            for (path, text) in tree {
                let foreign = FOREIGN.iter().any(|(p, t)| p == path && t == text);
                assert!(
                    foreign || path.ends_with('/') || old.get(path) == Some(text) || new.get(path) == Some(text),
                    "{path}: {text:?}"
                );
            }
            assert_eq!(tree.get("same/mine.txt").map(String::as_str), Some("m"));
            assert_eq!(tree.get("same/s.html").map(String::as_str), Some("s"), "unchanged files never go away");
            assert!(tree.contains_key("index.html"), "replaced files never go away");
        });
    }
}

#[test]
fn a_kill_of_the_first_build_leaves_nothing_the_next_one_does_not_know() {
    for then in [OLD, NEW, OTHER, EMPTY] {
        crash_at_every_step(None, EMPTY, NEW, then, |_| {});
        crash_at_every_step(None, &[(".gitignore", "*")], NEW, then, |_| {});
        // Something of the plan is there already, with the same bytes.
        crash_at_every_step(Some(EMPTY), &[("mine/m", "m")], OLD, then, |_| {});
    }
}

#[test]
fn a_kill_while_a_first_build_is_taken_back_is_harmless() {
    for steps in 0..40 {
        let dir = tempfile::tempdir().unwrap();
        let planned =
            NEW.iter().map(|(path, _)| PlannedOutput { path: path.to_string(), stage: CommitStage::Page }).collect();
        let sink = DiskSink::open(dir.path(), planned).unwrap();
        for (path, text) in NEW {
            sink.put(path, text.as_bytes()).unwrap();
        }
        crash::after(steps);
        drop(sink);
        crash::reset();
        build(dir.path(), OTHER).unwrap();
        assert_eq!(tree(dir.path()), expected(OTHER));
    }
}

#[test]
fn a_person_s_edit_survives_a_kill() {
    for steps in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        build(dir.path(), OLD).unwrap();
        fs::write(dir.path().join("gone/deep/z.html"), "改过").unwrap();
        crash::after(steps);
        let _ = build_ignoring_notes(dir.path(), NEW);
        crash::reset();
        build_ignoring_notes(dir.path(), NEW).unwrap();
        assert_eq!(tree(dir.path()).get("gone/deep/z.html").map(String::as_str), Some("改过"), "after {steps} changes");
    }
}

#[test]
fn once_the_folder_fails_all_outputs_get_one_answer_and_nothing_is_committed() {
    for old in [None, Some(OLD)] {
        let dir = tempfile::tempdir().unwrap();
        if let Some(old) = old {
            build(dir.path(), old).unwrap();
        }
        let before = tree(dir.path());
        let planned =
            NEW.iter().map(|(p, _)| PlannedOutput { path: p.to_string(), stage: CommitStage::Page }).collect();
        let sink = DiskSink::open(dir.path(), planned).unwrap();
        sink.put("index.html", b"x").unwrap();
        crash::after(0);
        let first = sink.put("b.css", b"x").unwrap_err();
        crash::reset();
        assert_eq!(sink.put("feed.xml", b"x"), Err(first.clone()));
        assert_eq!(sink.commit(), Err(first));
        // What the failing folder would not let go of, the next build knows.
        build(dir.path(), old.unwrap_or(EMPTY)).unwrap();
        assert_eq!(tree(dir.path()), before);
    }
}

/// Builds and does not mind notes.
fn build_ignoring_notes(out: &Path, files: Files) -> Result<(), Diagnostic> {
    let sink = DiskSink::open(
        out,
        files.iter().map(|(p, _)| PlannedOutput { path: p.to_string(), stage: CommitStage::Page }).collect(),
    )?;
    for (path, text) in files {
        sink.put(path, text.as_bytes())?;
    }
    sink.commit().map(drop)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_number_of_kills_ends_in_a_clean_build(
        first in prop::bool::ANY,
        kills in prop::collection::vec((0usize..4, 0usize..60), 1..6),
        last in 0usize..4,
    ) {
        let sites = [OLD, NEW, OTHER, EMPTY];
        let dir = tempfile::tempdir().unwrap();
        if first {
            build(dir.path(), OLD).unwrap();
        }
        write_files(dir.path(), &[(".gitignore", "*")]);
        for (site, steps) in kills {
            build_until(dir.path(), sites[site], steps);
        }
        build(dir.path(), sites[last]).unwrap();
        let mut wanted = expected(sites[last]);
        wanted.insert(".gitignore".into(), "*".into());
        prop_assert_eq!(tree(dir.path()), wanted);
    }
}
