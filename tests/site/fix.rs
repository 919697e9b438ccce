//! `puzhi fix` on disk: what it changes, what it leaves alone, and how it is taken back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::puzhi;

/// A site with a slip in its settings and two in a page with the line ends and the mark of Windows.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.yaml", "标题：示例站\nbase_url: https://example.org/\n");
    write(folder.path(), "content/a.md", PAGE);
    write(folder.path(), "content/b.md", "---\n标题: 乙\n---\n正文。\n");
    folder
}

const PAGE: &str = "\u{FEFF}---\r\n标题：甲\r\n---\r\n＃＃ 小标题\r\n\r\n见【乙】（b.md）。\r\n";
const FIXED_PAGE: &str = "\u{FEFF}---\r\n标题: 甲\r\n---\r\n## 小标题\r\n\r\n见[乙](b.md)。\r\n";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Every file of the site but those of `.puzhi`, with its bytes.
fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| entry.file_name() != ".puzhi").map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_path_buf(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Exit code, and what is printed on the two streams.
fn run(root: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = puzhi().arg("fix").args(args).current_dir(root).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn fixes_are_listed_made_and_taken_back() {
    let site = site();
    let before = files(site.path());
    let (exit, listed, said) = run(site.path(), &["--dry-run"]);
    assert_eq!((exit, said.as_str()), (Some(0), ""), "{listed}");
    assert_eq!(files(site.path()), before);
    assert!(!site.path().join(".puzhi").exists());
    for line in [
        "site.yaml:1 full-width-colon\n  - 标题：示例站\n  + 标题: 示例站\n",
        "content/a.md:2 full-width-colon\n  - 标题：甲\n  + 标题: 甲\n",
        "content/a.md:6 wide-link\n  - 见【乙】（b.md）。\n  + 见[乙](b.md)。\n",
        "可以改 2 个文件，4 处，现在还没有动；改了以后没有别的问题了\n",
    ] {
        assert!(listed.contains(line), "{listed}");
    }
    let (exit, made, said) = run(site.path(), &[]);
    assert_eq!((exit, said.as_str()), (Some(0), ""), "{made}");
    assert_eq!(fs::read_to_string(site.path().join("content/a.md")).unwrap(), FIXED_PAGE);
    let settings = fs::read_to_string(site.path().join("site.yaml")).unwrap();
    assert_eq!(settings, "标题: 示例站\nbase_url: https://example.org/\n");
    assert!(made.contains("改了 2 个文件，4 处") && made.contains("puzhi fix --undo"), "{made}");
    // Nothing is left to fix, and a build finds nothing.
    assert!(run(site.path(), &[]).1.starts_with("没有可以自动改的"));
    let build = puzhi().args(["build", "--strict"]).current_dir(site.path()).output().unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    fs::remove_dir_all(site.path().join("public")).unwrap();
    let (exit, undone, _) = run(site.path(), &["--undo"]);
    assert_eq!(exit, Some(0), "{undone}");
    assert!(undone.contains("content/a.md\nsite.yaml\n恢复了 2 个文件"), "{undone}");
    assert_eq!(files(site.path()), before);
    assert!(run(site.path(), &["--undo", "--lang", "en"]).1.contains("no fixes to take back"));
}

#[test]
fn only_codes_that_are_named_are_fixed_and_errors_are_left() {
    let site = site();
    write(site.path(), "content/c.md", "---\n标题：丙\n草稿: 也许\n---\n");
    let (exit, text, _) = run(site.path(), &["full-width-colon", "--lang", "en"]);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("3 fixes in 3 files; 1 errors"), "{text}");
    let page = fs::read_to_string(site.path().join("content/a.md")).unwrap();
    assert_eq!(page, PAGE.replace("标题：", "标题: "));
    // Each run is taken back by itself.
    assert_eq!(run(site.path(), &[]).0, Some(1));
    assert_eq!(fs::read_to_string(site.path().join("content/a.md")).unwrap(), FIXED_PAGE);
    run(site.path(), &["--undo"]);
    assert_eq!(fs::read_to_string(site.path().join("content/a.md")).unwrap(), page);
    run(site.path(), &["--undo"]);
    assert_eq!(fs::read_to_string(site.path().join("content/a.md")).unwrap(), PAGE);
}

#[test]
fn a_later_save_is_never_overwritten() {
    let site = site();
    run(site.path(), &[]);
    write(site.path(), "content/a.md", "后来写的。\n");
    let (exit, undone, said) = run(site.path(), &["--undo"]);
    assert_eq!(exit, Some(3), "{undone}{said}");
    assert!(said.contains("content/a.md") && said.contains("file-not-fixed"), "{said}");
    assert!(undone.contains("恢复了 1 个文件"), "{undone}");
    assert_eq!(fs::read_to_string(site.path().join("content/a.md")).unwrap(), "后来写的。\n");
    assert!(fs::read_to_string(site.path().join("site.yaml")).unwrap().starts_with("标题："));
}

#[test]
fn settings_that_cannot_be_used_end_the_command() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &[]).0, Some(2));
    write(folder.path(), "site.yaml", "标题：甲\n主色: \"红\"\n");
    let (exit, text, said) = run(folder.path(), &[]);
    assert_eq!(exit, Some(2), "{text}");
    assert!(said.contains("bad-colour"), "{said}");
    // What can be fixed of them is.
    assert!(fs::read_to_string(folder.path().join("site.yaml")).unwrap().starts_with("标题: 甲\n"));
}

#[cfg(unix)]
#[test]
fn links_permissions_and_other_encodings_are_respected() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let site = site();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "x.md", "---\n标题：外\n---\n");
    write(site.path(), "content/real.md", "---\n标题：真\n---\n");
    symlink("real.md", site.path().join("content/link.md")).unwrap();
    // A link that waits where the new text is written.
    symlink(outside.path().join("x.md"), site.path().join("content/.real.md.new")).unwrap();
    write(site.path(), "content/gbk.md", "");
    let gbk = [&b"---\n"[..], &[0xB1, 0xEA, 0xCC, 0xE2, 0xA3, 0xBA, 0xBC, 0xD7], b"\n---\n"].concat();
    fs::write(site.path().join("content/gbk.md"), &gbk).unwrap();
    write(site.path(), "content/locked.md", "---\n标题：锁\n---\n");
    let mode = |path: &str, mode| {
        fs::set_permissions(site.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("content/locked.md", 0o444);
    mode("content/a.md", 0o664);
    let (exit, text, said) = run(site.path(), &[]);
    assert_eq!(exit, Some(0), "{text}{said}");
    let read = |path: &str| fs::read_to_string(site.path().join(path)).unwrap();
    assert_eq!(read("content/real.md"), "---\n标题: 真\n---\n");
    assert!(fs::symlink_metadata(site.path().join("content/link.md")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(outside.path().join("x.md")).unwrap(), "---\n标题：外\n---\n");
    assert_eq!(read("content/locked.md"), "---\n标题：锁\n---\n");
    assert_eq!(fs::read(site.path().join("content/gbk.md")).unwrap(), gbk);
    assert_eq!(fs::metadata(site.path().join("content/a.md")).unwrap().permissions().mode() & 0o777, 0o664);
}
