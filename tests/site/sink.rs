//! Writing the site: what is touched, what is left alone, and what happens when it cannot be done.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use proptest::prelude::*;
use puzhi::sink::{CommitStage, DiskSink, MemorySink, PlannedOutput, PutOutcome, Sink, Summary};
use puzhi_core::diag::{Diagnostic, Lang};
use tempfile::TempDir;

type Files<'f> = &'f [(&'f str, &'f str)];

fn plan(files: Files) -> Vec<PlannedOutput> {
    let stage = |path: &str| match path {
        p if p.ends_with(".css") => CommitStage::Asset,
        p if p.ends_with(".xml") => CommitStage::List,
        _ => CommitStage::Page,
    };
    files.iter().map(|(path, _)| PlannedOutput { path: path.to_string(), stage: stage(path) }).collect()
}

/// Hands all over, then commits; the first refusal ends it.
fn build(out: &Path, files: Files) -> Result<Summary, Diagnostic> {
    let sink = DiskSink::open(out, plan(files))?;
    for (path, text) in files {
        sink.put(path, text.as_bytes())?;
    }
    sink.commit()
}

/// Everything in a folder but `.puzhi`: files with their bytes, folders with a `/`, links as such.
fn tree(dir: &Path) -> BTreeMap<String, String> {
    let items = walkdir::WalkDir::new(dir).min_depth(1).into_iter().filter_entry(|e| e.file_name() != ".puzhi");
    items
        .map(|item| {
            let item = item.unwrap();
            let path = item.path().strip_prefix(dir).unwrap().to_str().unwrap().replace('\\', "/");
            match item.file_type() {
                kind if kind.is_dir() => (path + "/", String::new()),
                kind if kind.is_symlink() => (path, "link".into()),
                _ => (path, String::from_utf8_lossy(&fs::read(item.path()).unwrap()).into_owned()),
            }
        })
        .collect()
}

/// The tree that `files` make.
fn expected(files: Files) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (path, text) in files {
        out.insert(path.to_string(), text.to_string());
        path.match_indices('/').for_each(|(at, _)| drop(out.insert(path[..=at].to_string(), String::new())));
    }
    out
}

fn temp() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn counts(summary: &Summary) -> (usize, usize, usize) {
    (summary.written, summary.unchanged, summary.removed)
}

fn code<T>(result: &Result<T, Diagnostic>) -> Option<&'static str> {
    result.as_ref().err().map(|d| d.code.name)
}

fn notes(summary: &Summary) -> Vec<&'static str> {
    summary.notes.iter().map(|n| n.code.name).collect()
}

const SITE: Files<'static> = &[
    ("index.html", "首页"),
    ("style.css", "a{}"),
    ("指南/index.html", "指南"),
    ("指南/申请/index.html", "申请"),
    ("feed.xml", "<feed/>"),
];

#[test]
fn a_site_is_written_and_left_alone_when_nothing_changed() {
    let dir = temp();
    let out = dir.path().join("deep/er/public");
    assert_eq!(counts(&build(&out, SITE).unwrap()), (5, 0, 0));
    assert_eq!(tree(&out), expected(SITE));
    let list = fs::read_to_string(out.join(".puzhi/files")).unwrap();
    assert!(list.starts_with("puzhi-files 1 complete\n") && list.contains("-  指南/申请/\n"), "{list}");
    let times = |path: &str| fs::metadata(out.join(path)).unwrap().modified().unwrap();
    let before = ["index.html", "指南/申请/index.html", ".puzhi/files"].map(times);
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(counts(&build(&out, SITE).unwrap()), (0, 5, 0));
    assert_eq!(before, ["index.html", "指南/申请/index.html", ".puzhi/files"].map(times));
    let names: Vec<_> =
        fs::read_dir(out.join(".puzhi")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), 2, "only files and lock stay: {names:?}");
}

#[test]
fn stale_files_and_emptied_folders_go_and_foreign_files_stay() {
    let dir = temp();
    let out = dir.path();
    fs::create_dir_all(out.join("媒体")).unwrap();
    fs::write(out.join(".gitignore"), "*").unwrap();
    build(out, SITE).unwrap();
    fs::write(out.join("指南/mine.txt"), "x").unwrap();
    build(out, &[("index.html", "首页"), ("媒体/a.css", "1"), ("新/index.html", "n")]).unwrap();
    let wanted = expected(&[
        ("index.html", "首页"),
        ("媒体/a.css", "1"),
        ("新/index.html", "n"),
        (".gitignore", "*"),
        ("指南/mine.txt", "x"),
    ]);
    assert_eq!(tree(out), wanted);
    assert_eq!(counts(&build(out, &[]).unwrap()), (0, 0, 3));
    // 媒体 was there before any build.
    assert_eq!(tree(out).into_keys().collect::<Vec<_>>(), [".gitignore", "媒体/", "指南/", "指南/mine.txt"]);
    fs::remove_file(out.join("指南/mine.txt")).unwrap();
    build(out, &[]).unwrap();
    assert_eq!(tree(out).into_keys().collect::<Vec<_>>(), [".gitignore", "媒体/"]);
}

#[test]
fn a_leftover_that_somebody_edited_is_kept_with_a_note() {
    let dir = temp();
    let out = dir.path();
    build(out, SITE).unwrap();
    fs::write(out.join("指南/index.html"), "改过").unwrap();
    let summary = build(out, &[("index.html", "首页")]).unwrap();
    assert_eq!((counts(&summary), notes(&summary)), ((0, 1, 3), vec!["stale-kept"]));
    assert!(summary.notes[0].message(Lang::Zh).contains("指南/index.html"));
    assert_eq!(tree(out), expected(&[("index.html", "首页"), ("指南/index.html", "改过")]));
    // From now on it is not the build's.
    assert_eq!(notes(&build(out, &[("index.html", "首页")]).unwrap()), [""; 0]);
    assert_eq!(code(&build(out, SITE)), Some("out-occupied"));
}

#[test]
fn foreign_files_at_planned_paths_are_adopted_if_equal_and_an_error_if_not() {
    let dir = temp();
    let out = dir.path();
    fs::create_dir(out.join("指南")).unwrap();
    fs::write(out.join("指南/index.html"), "指南").unwrap();
    assert_eq!(counts(&build(out, SITE).unwrap()), (4, 1, 0));
    for first in [true, false] {
        let dir = temp();
        let out = dir.path();
        if !first {
            build(out, &[("old.html", "o")]).unwrap();
        }
        fs::create_dir(out.join("指南")).unwrap();
        fs::write(out.join("指南/index.html"), "别人的").unwrap();
        let before = tree(out);
        let refused = build(out, SITE);
        assert_eq!(code(&refused), Some("out-occupied"));
        assert!(refused.unwrap_err().message(Lang::En).contains("指南/index.html"));
        assert_eq!(tree(out), before);
        let sink = DiskSink::open(out, plan(SITE)).unwrap();
        assert_eq!(code(&sink.copy("指南/index.html", &mut "指南X".as_bytes())), Some("out-occupied"));
        sink.put("index.html", b"x").unwrap();
        assert_eq!(code(&sink.commit()), Some("out-occupied"));
        assert_eq!(tree(out), before);
    }
}

#[test]
fn without_a_commit_nothing_has_happened() {
    let dir = temp();
    let fresh = dir.path().join("a/public");
    let sink = DiskSink::open(&fresh, plan(SITE)).unwrap();
    sink.put("指南/申请/index.html", b"x").unwrap();
    sink.put("index.html", b"x").unwrap();
    assert!(fresh.join("index.html").exists(), "created in place");
    drop(sink);
    assert!(tree(dir.path()).is_empty(), "{:?}", tree(dir.path()));

    let out = dir.path().join("public");
    fs::create_dir(&out).unwrap();
    fs::write(out.join(".gitignore"), "*").unwrap();
    let sink = DiskSink::open(&out, plan(SITE)).unwrap();
    sink.put("指南/申请/index.html", b"x").unwrap();
    fs::write(out.join("指南/mine"), "x").unwrap();
    drop(sink);
    assert_eq!(tree(&out).into_keys().collect::<Vec<_>>(), [".gitignore", "指南/", "指南/mine"]);
    assert!(!out.join(".puzhi").exists() || !cfg!(unix));
    fs::remove_dir_all(out.join("指南")).unwrap();

    build(&out, SITE).unwrap();
    let before = (tree(&out), fs::read(out.join(".puzhi/files")).unwrap());
    let sink = DiskSink::open(&out, plan(&[("index.html", ""), ("neu/x", "")])).unwrap();
    assert_eq!(sink.put("index.html", "新".as_bytes()), Ok(PutOutcome::Written));
    sink.put("neu/x", b"x").unwrap();
    assert_eq!(tree(&out), before.0, "staged only");
    drop(sink);
    assert_eq!((tree(&out), fs::read(out.join(".puzhi/files")).unwrap()), before);
    assert!(!out.join(".puzhi/staging").exists());
}

#[test]
fn what_was_planned_but_never_came_is_left_out() {
    let dir = temp();
    build(dir.path(), SITE).unwrap();
    let sink = DiskSink::open(dir.path(), plan(SITE)).unwrap();
    sink.put("index.html", "首页".as_bytes()).unwrap();
    assert_eq!(counts(&sink.commit().unwrap()), (0, 1, 4));
    assert_eq!(tree(dir.path()), expected(&SITE[..1]));
}

#[test]
fn what_is_kept_is_not_looked_at() {
    let dir = temp();
    let out = dir.path();
    let fresh = DiskSink::open(out, plan(SITE)).unwrap();
    assert_eq!(code(&fresh.keep("index.html")), Some("out-unusable"), "no build recorded it");
    assert_eq!(fresh.put("index.html", "首页".as_bytes()), Ok(PutOutcome::Written), "it can still be put");
    fresh.commit().unwrap();
    build(out, SITE).unwrap();
    let list = fs::read(out.join(".puzhi/files")).unwrap();

    // A change that the caller does not tell of shows that nobody reads the file.
    fs::write(out.join("指南/index.html"), "改过").unwrap();
    let sink = DiskSink::open(out, plan(SITE)).unwrap();
    for (path, text) in SITE {
        let put = if *path == "feed.xml" { sink.put(path, b"<new/>") } else { sink.keep(path) };
        assert_eq!(put, Ok(if *path == "feed.xml" { PutOutcome::Written } else { PutOutcome::Unchanged }), "{text}");
    }
    assert_eq!(code(&sink.keep("index.html")), Some("out-unusable"), "handed over twice");
    drop(sink);
    assert_eq!(fs::read(out.join(".puzhi/files")).unwrap(), list);

    let sink = DiskSink::open(out, plan(&SITE[..4])).unwrap();
    for (path, _) in &SITE[..4] {
        assert_eq!(sink.keep(path), Ok(PutOutcome::Unchanged));
    }
    assert_eq!(code(&sink.keep("feed.xml")), Some("out-unusable"), "recorded but not planned");
    drop(sink);
    let sink = DiskSink::open(out, plan(&SITE[..4])).unwrap();
    SITE[..4].iter().for_each(|(path, _)| assert_eq!(sink.keep(path), Ok(PutOutcome::Unchanged)));
    assert_eq!(counts(&sink.commit().unwrap()), (0, 4, 1));
    let wanted = expected(&[SITE[0], SITE[1], ("指南/index.html", "改过"), SITE[3]]);
    assert_eq!(tree(out), wanted);
    assert_eq!(counts(&build(out, SITE).unwrap()), (2, 3, 0), "the next comparison mends it");
    assert_eq!(tree(out), expected(SITE));
}

#[test]
fn nothing_is_kept_on_the_word_of_a_list_in_flight() {
    let dir = temp();
    build(dir.path(), &SITE[..1]).unwrap();
    let list = dir.path().join(".puzhi/files");
    let text = fs::read_to_string(&list).unwrap().replacen("complete", "in-flight", 1);
    let body = &text[..text.trim_end().rfind('\n').unwrap() + 1];
    fs::write(&list, format!("{body}checksum {}\n", puzhi_core::base::ContentHash::of(body.as_bytes()))).unwrap();
    let sink = DiskSink::open(dir.path(), plan(&SITE[..1])).unwrap();
    assert_eq!(code(&sink.keep("index.html")), Some("out-unusable"));
    assert_eq!(sink.put("index.html", "首页".as_bytes()), Ok(PutOutcome::Unchanged));
    assert_eq!(counts(&sink.commit().unwrap()), (0, 1, 0));
}

#[test]
fn files_and_folders_change_places() {
    let file: Files = &[("a", "file"), ("z.html", "z")];
    let folder: Files = &[("a/b/c.html", "c"), ("a/d.html", "d"), ("z.html", "z")];
    let dir = temp();
    let out = dir.path();
    for files in [file, folder, file, folder] {
        build(out, files).unwrap();
        assert_eq!(tree(out), expected(files));
    }
    // An empty folder that no build made holds nothing.
    fs::create_dir(out.join("a/empty")).unwrap();
    build(out, file).unwrap();
    assert_eq!(tree(out), expected(file));
    fs::write(out.join("a"), "edited").unwrap();
    assert_eq!(code(&build(out, folder)), Some("out-occupied"));
    fs::write(out.join("a"), "file").unwrap();
    build(out, folder).unwrap();
    for foreign in ["a/b/mine", "a/d.html"] {
        let before = fs::read(out.join(foreign)).ok();
        fs::write(out.join(foreign), "mine").unwrap();
        let refused = build(out, file);
        assert!(refused.is_err_and(|d| d.code.name == "out-occupied" && d.message(Lang::En).contains(foreign)));
        match before {
            Some(bytes) => fs::write(out.join(foreign), bytes).unwrap(),
            None => fs::remove_file(out.join(foreign)).unwrap(),
        }
    }
    assert_eq!(tree(out), expected(folder));
    assert_eq!(code(&build(out, &[("a", ""), ("a/b", "")])), Some("out-clash"));
}

#[cfg(unix)]
#[test]
fn a_name_that_changed_case_where_case_is_ignored_is_no_foreign_file() {
    let dir = temp();
    let out = dir.path();
    build(out, &[("About.html", "1")]).unwrap();
    // Two names of one file, as such a file system shows them.
    fs::hard_link(out.join("About.html"), out.join("about.html")).unwrap();
    build(out, &[("about.html", "1")]).unwrap();
    assert_eq!(fs::read_to_string(out.join("about.html")).unwrap(), "1");
    build(out, &[("About.html", "1")]).unwrap();
    build(out, &[("about.html", "2")]).unwrap();
    assert_eq!(fs::read_to_string(out.join("about.html")).unwrap(), "2");
}

#[test]
fn one_build_at_a_time() {
    let dir = temp();
    let out = dir.path().join("public");
    let first = DiskSink::open(&out, plan(SITE)).unwrap();
    let second = DiskSink::open(&out, plan(SITE)).map(drop);
    assert_eq!(code(&second), Some("out-locked"));
    assert!(second.unwrap_err().message(Lang::Zh).contains("public"));
    drop(first);
    build(&out, SITE).unwrap();
    build(&out, SITE).unwrap();
}

#[test]
fn copies_are_compared_as_they_stream() {
    let dir = temp();
    let big: Vec<u8> = (0..200_000u32).flat_map(|n| n.to_le_bytes()).collect();
    let write = |bytes: &[u8]| {
        let sink = DiskSink::open(dir.path(), plan(&[("附件/大.bin", "")])).unwrap();
        let put = sink.copy("附件/大.bin", &mut bytes.chain(std::io::empty())).unwrap();
        sink.commit().unwrap();
        assert_eq!(fs::read(dir.path().join("附件/大.bin")).unwrap(), bytes);
        let check = DiskSink::open(dir.path(), plan(&[("附件/大.bin", "")])).unwrap();
        assert_eq!(check.put("附件/大.bin", bytes), Ok(PutOutcome::Unchanged));
        put
    };
    assert_eq!(write(&big), PutOutcome::Written);
    assert_eq!(write(&big), PutOutcome::Unchanged);
    let mut other = big.clone();
    other[399_999] ^= 1;
    assert_eq!(write(&other), PutOutcome::Written);
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 800_000] {
        assert_eq!(write(&big[..length]), PutOutcome::Written, "{length}");
        assert_eq!(write(&big[..length]), PutOutcome::Unchanged, "{length}");
    }

    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
    }
    let sink = DiskSink::open(dir.path(), plan(&[("附件/大.bin", "")])).unwrap();
    assert_eq!(code(&sink.copy("附件/大.bin", &mut big[..70_000].chain(Broken))), Some("unreadable"));
    let fresh = temp();
    let sink = DiskSink::open(fresh.path(), plan(&[("a.bin", "")])).unwrap();
    assert_eq!(code(&sink.copy("a.bin", &mut big[..70_000].chain(Broken))), Some("unreadable"));
    assert!(!fresh.path().join("a.bin").exists());
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let dir = temp();
    let (out, far) = (dir.path().join("out"), dir.path().join("far"));
    fs::create_dir_all(far.join("申请")).unwrap();
    fs::write(far.join("index.html"), "指南").unwrap();
    let untouched = tree(&far);

    // A folder of the site became a link that leads out: neither written into nor cleaned.
    build(&out, SITE).unwrap();
    fs::rename(out.join("指南"), dir.path().join("aside")).unwrap();
    symlink(&far, out.join("指南")).unwrap();
    let refused = build(&out, SITE);
    assert_eq!(code(&refused), Some("out-unusable"));
    assert!(refused.unwrap_err().message(Lang::En).contains("(指南)"));
    assert_eq!(counts(&build(&out, &SITE[..1]).unwrap()), (0, 1, 2));
    assert_eq!(tree(&far), untouched);
    assert_eq!(tree(&out)["指南"], "link");

    // A planned file is a link, even to equal bytes; a stale file is a link.
    fs::remove_file(out.join("指南")).unwrap();
    fs::remove_file(out.join("index.html")).unwrap();
    fs::write(far.join("x"), "首页").unwrap();
    symlink(far.join("x"), out.join("index.html")).unwrap();
    assert_eq!(code(&build(&out, &SITE[..1])), Some("out-occupied"));
    let summary = build(&out, &[]).unwrap();
    assert_eq!((counts(&summary), notes(&summary)), ((0, 0, 0), vec!["stale-kept"]));
    assert_eq!(fs::read_to_string(far.join("x")).unwrap(), "首页");

    // The sink's own folder and what is in it.
    for inside in [".puzhi", ".puzhi/lock", ".puzhi/staging", ".puzhi/files", ".puzhi/files.new"] {
        let out = dir.path().join(format!("out-{}", inside.replace('/', "-")));
        let far = dir.path().join("far");
        fs::create_dir_all(out.join(".puzhi")).unwrap();
        fs::create_dir_all(&out).unwrap();
        if inside == ".puzhi" {
            fs::remove_dir(out.join(".puzhi")).unwrap();
        }
        let target = if inside == ".puzhi/lock" || inside.contains("files") { far.join("x") } else { far.clone() };
        symlink(target, out.join(inside)).unwrap();
        fs::write(out.join("index.html"), "x").unwrap();
        let before = tree(&far);
        let result = build(&out, &[("index.html", "y"), ("p/q", "1")]);
        let wanted = match inside {
            ".puzhi" | ".puzhi/lock" => Some("out-unusable"),
            ".puzhi/files" => None,
            _ => Some("out-occupied"),
        };
        assert_eq!(code(&result), wanted, "{inside}");
        fs::remove_file(out.join("index.html")).unwrap();
        let _ = build(&out, &[("index.html", "y"), ("p/q", "1")]);
        assert_eq!(tree(&far), before, "{inside}");
    }

    // The output folder itself may be a link.
    let real = dir.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink(&real, dir.path().join("link")).unwrap();
    build(&dir.path().join("link"), SITE).unwrap();
    assert_eq!(tree(&real), expected(SITE));
}

#[test]
fn a_damaged_list_is_no_knowledge_and_no_dead_end() {
    let dir = temp();
    let out = dir.path();
    build(out, SITE).unwrap();
    let list = fs::read(out.join(".puzhi/files")).unwrap();
    for damaged in [&b""[..], &list[..list.len() / 2], &[b'x'; 100], b"puzhi-files 2 complete\n"] {
        fs::write(out.join(".puzhi/files"), damaged).unwrap();
        fs::write(out.join("index.html"), "旧").unwrap();
        fs::write(out.join("leftover.html"), "l").unwrap();
        let summary = build(out, SITE).unwrap();
        assert_eq!((counts(&summary), notes(&summary)), ((1, 4, 0), vec!["out-list-lost"]));
        assert_eq!(fs::read(out.join("index.html")).unwrap(), "首页".as_bytes());
        assert!(out.join("leftover.html").exists());
        assert_eq!(notes(&build(out, SITE).unwrap()), [""; 0]);
    }
}

#[test]
fn unusable_folders_are_told_in_words() {
    let dir = temp();
    fs::write(dir.path().join("file"), "").unwrap();
    for out in ["file", "file/below"] {
        let refused = build(&dir.path().join(out), SITE).unwrap_err();
        assert_eq!(refused.code.name, "out-unusable");
        assert!(refused.message(Lang::Zh).contains("需要文件夹的地方是一个文件"), "{}", refused.message(Lang::Zh));
    }
    let out = dir.path().join("out");
    let sink = DiskSink::open(&out, plan(SITE)).unwrap();
    sink.put("index.html", b"").unwrap();
    // A file that appears while the first build runs is not overwritten, nor removed with it.
    fs::create_dir(out.join("feed.xml")).unwrap();
    fs::write(out.join("style.css"), "mine").unwrap();
    assert_eq!(code(&sink.put("feed.xml", b"")), Some("out-occupied"));
    assert_eq!(code(&sink.put("style.css", b"")), Some("out-occupied"));
    for bad in ["index.html", "unplanned", "../x"] {
        assert_eq!(code(&sink.put(bad, b"")), Some("out-unusable"), "{bad}");
    }
    drop(sink);
    assert_eq!(tree(&out).into_keys().collect::<Vec<_>>(), ["feed.xml/", "style.css"]);
}

#[test]
fn many_threads_write_one_site() {
    let dir = temp();
    let paths: Vec<String> = (0..400).map(|n| format!("{}/{}/p{n}/index.html", n % 7, n % 3)).collect();
    for text in ["一", "二"] {
        let planned = paths.iter().map(|p| PlannedOutput { path: p.clone(), stage: CommitStage::Page }).collect();
        let sink = DiskSink::open(dir.path(), planned).unwrap();
        std::thread::scope(|scope| {
            for part in paths.chunks(100) {
                let sink = &sink;
                scope.spawn(move || {
                    part.iter()
                        .for_each(|p| assert_eq!(sink.put(p, format!("{text}{p}").as_bytes()), Ok(PutOutcome::Written)))
                });
            }
        });
        assert_eq!(counts(&sink.commit().unwrap()), (400, 0, 0));
        assert!(paths.iter().all(|p| fs::read_to_string(dir.path().join(p)).unwrap() == format!("{text}{p}")));
    }
}

/// Builds two sites in turn until it is killed; does nothing unless the test below starts it.
#[test]
fn child_that_builds_until_it_is_killed() {
    let Some(out) = std::env::var_os("PUZHI_TEST_BUILD_INTO") else { return };
    let [old, new] = [0, 1].map(many);
    loop {
        for files in [&old, &new] {
            build(Path::new(&out), &files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect::<Vec<_>>()).unwrap();
        }
    }
}

fn many(turn: usize) -> Vec<(String, String)> {
    (0..300)
        .map(|n| (format!("{}/p{}/index.html", (n + turn) % 5, n / 2 + turn * 20), format!("{turn}").repeat(9000)))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect()
}

#[test]
fn a_killed_process_lets_go_of_the_lock_and_leaves_a_site_that_heals() {
    let wanted = many(1);
    let wanted: Vec<(&str, &str)> = wanted.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    for round in 0..12u64 {
        let dir = temp();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_builds_until_it_is_killed"])
            .env("PUZHI_TEST_BUILD_INTO", dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(15 + round * 13));
        child.kill().unwrap();
        child.wait().unwrap();
        build(dir.path(), &wanted).unwrap();
        assert_eq!(tree(dir.path()), expected(&wanted), "round {round}");
    }
}

#[test]
fn the_memory_sink_takes_and_compares_the_same() {
    let sink = MemorySink::new();
    for (path, text) in SITE {
        assert_eq!(sink.put(path, text.as_bytes()), Ok(PutOutcome::Written));
    }
    assert!(
        sink.put("index.html", b"").is_err() && sink.put("../x", b"").is_err() && sink.put(".puzhi/x", b"").is_err()
    );
    let sink = MemorySink::with_previous(SITE.iter().map(|(p, t)| (p.to_string(), t.as_bytes().to_vec())).collect());
    assert_eq!(sink.copy("index.html", &mut "首页".as_bytes()), Ok(PutOutcome::Unchanged));
    assert_eq!(sink.put("style.css", b"b{}"), Ok(PutOutcome::Written));
    assert_eq!(sink.keep("feed.xml"), Ok(PutOutcome::Unchanged));
    assert!(sink.keep("new.html").is_err() && sink.keep("feed.xml").is_err());
    let files = sink.into_files();
    assert_eq!(files.into_keys().collect::<Vec<_>>(), ["feed.xml", "index.html", "style.css"]);
}

/// Sites over few names, so that files and folders often trade places.
fn sites() -> impl Strategy<Value = Vec<Vec<(String, String)>>> {
    let path = prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "文"]), 1..4).prop_map(|s| s.join("/"));
    let site =
        prop::collection::btree_map(path, prop::sample::select(vec!["1", "2", "长一点"]), 0..8).prop_map(|files| {
            let whole: Vec<_> = files.iter().map(|(p, t)| (p.clone(), t.to_string())).collect();
            whole
                .into_iter()
                .filter(|(p, _)| !files.keys().any(|k| k.strip_prefix(p.as_str()).is_some_and(|r| r.starts_with('/'))))
                .collect()
        });
    prop::collection::vec(site, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_sequence_of_builds_ends_as_a_clean_one(sites in sites()) {
        let dir = temp();
        let mut before = BTreeMap::new();
        for site in &sites {
            let files: Vec<(&str, &str)> = site.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
            let summary = build(dir.path(), &files).unwrap();
            let after: BTreeMap<String, String> = site.iter().cloned().collect();
            prop_assert_eq!(tree(dir.path()), expected(&files));
            let same = after.iter().filter(|(p, t)| before.get(*p) == Some(*t)).count();
            let gone = before.keys().filter(|p| !after.contains_key(*p)).count();
            prop_assert_eq!(counts(&summary), (after.len() - same, same, gone));
            prop_assert!(summary.notes.is_empty());
            before = after;
        }
    }
}
