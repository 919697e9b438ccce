//! Pages that are not to be published and are still in the output folder: the build says so, whether it failed or a person changed
//! the file.

use std::fs;
use std::path::Path;

use crate::photos::Photo;
use crate::support::puzhi;

/// A site in a folder, built by the program.
struct Site {
    folder: tempfile::TempDir,
}

/// What a build said and how it ended.
struct Said {
    exit: Option<i32>,
    /// Code, severity and file of each finding about the output folder.
    left: Vec<String>,
    text: String,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        site.write("site.yaml", "title: 示例站\nbase_url: https://example.org/\n");
        files.iter().for_each(|(path, text)| site.write(path, text));
        site
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn has(&self, path: &str) -> bool {
        self.root().join("public").join(path).exists()
    }

    fn build(&self, arguments: &[&str]) -> Said {
        let arguments = [&["build", "--format", "json", "--date", "2026-11-27"], arguments].concat();
        let run = puzhi().args(arguments).current_dir(self.root()).output().unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        let found = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let left = found.filter(|found| ["unpublished-left", "stale-kept"].iter().any(|code| found["code"] == *code));
        let left = left.map(|f| format!("{} {} {}", f["severity"], f["code"], f["file"]).replace('"', "")).collect();
        Said { exit: run.status.code(), left, text }
    }
}

const GOOD: &str = "好页。\n";
const BAD: &str = "---\n日期: 那天\n---\n好页。\n";
const DRAFT: &str = "---\n草稿: 是\n---\n机密。\n";

fn warning(file: &str) -> String {
    format!("warning unpublished-left {file}")
}

#[test]
fn a_build_that_fails_says_which_published_pages_are_drafts_now() {
    let page = "---\n标题: 乙\n---\n正文。\n";
    let site = Site::new(&[
        ("content/a.md", GOOD),
        ("content/b.md", page),
        ("content/later.md", page),
        ("content/s/_index.md", page),
        ("content/s/c.md", page),
        ("content/d/index.md", "[表](t.xlsx)\n"),
        ("content/d/t.xlsx", "机密"),
    ]);
    assert_eq!(site.build(&[]).exit, Some(0));
    site.write("content/a.md", BAD);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/b.md", DRAFT);
    site.write("content/later.md", "---\n日期: 2027-01-01\n---\n正文。\n");
    site.write("content/s/_index.md", DRAFT);
    site.write("content/d/index.md", "---\n草稿: 是\n---\n[表](t.xlsx)\n");
    let said = site.build(&[]);
    assert_eq!(said.exit, Some(1));
    let files = ["b.md", "d/index.md", "d/t.xlsx", "later.md", "s/_index.md", "s/c.md"];
    assert_eq!(said.left, files.map(|file| warning(&format!("content/{file}"))), "{}", said.text);
    for words in ["b/index.html", "现在是草稿", "所在的栏目现在是草稿", "日期还没到", "先别上传"]
    {
        assert!(said.text.contains(words), "{words}: {}", said.text);
    }
    assert!(site.has("b/index.html"));
    site.write("content/a.md", GOOD);
    assert_eq!(site.build(&[]).left, [""; 0]);
    assert!(!site.has("b/index.html") && !site.has("d/t.xlsx") && !site.has("s/c/index.html"));
}

#[test]
fn drafts_that_were_shown_are_named_by_a_build_that_fails() {
    let site = Site::new(&[("content/a.md", GOOD), ("content/b.md", DRAFT)]);
    assert_eq!(site.build(&["--drafts"]).left, [""; 0]);
    site.write("content/a.md", BAD);
    assert_eq!(site.build(&[]).left, [warning("content/b.md")]);
    assert_eq!(site.build(&["--drafts"]).left, [""; 0]);
    // The theme fails while outputs are made.
    site.write("content/a.md", "---\n模板: own.html\n---\n好页。\n");
    site.write("templates/own.html", "{{ page.nowhere.at_all }}");
    assert_eq!(site.build(&[]).left, [warning("content/b.md")]);
}

#[test]
fn a_home_page_that_became_a_draft_is_named_while_the_build_fails() {
    let site = Site::new(&[("content/_index.md", "---\n标题: 首页\n---\n好。\n"), ("content/a.md", GOOD)]);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/_index.md", DRAFT);
    // A file that no build wrote stands where an output belongs.
    site.write("static/x.txt", "新");
    site.write("public/x.txt", "别人的");
    assert_eq!(site.build(&[]).left, [warning("content/_index.md"), warning("content/a.md")]);
}

#[test]
fn a_page_whose_draft_mark_cannot_be_read_is_named_too() {
    let site = Site::new(&[("content/a.md", "---\n标题: 甲\n---\n正文。\n"), ("content/b.md", BAD)]);
    site.write("content/b.md", GOOD);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/a.md", "---\n标题: 甲\n草稿: 大概\n---\n正文。\n");
    let said = site.build(&[]);
    assert_eq!((said.exit, said.left), (Some(1), vec![warning("content/a.md")]), "{}", said.text);
}

#[test]
fn a_page_that_is_withdrawn_is_named_while_the_build_fails() {
    let page = |front: &str| format!("---\n标题: 乙\n{front}---\n机密[表](t.xlsx)。\n");
    let site = Site::new(&[("content/a.md", GOOD), ("content/b.md", &page("")), ("content/t.xlsx", "机密")]);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/a.md", BAD);
    site.write("content/b.md", &page("撤稿: {时间: 2026-11-20, 原因: 有误}\n"));
    for _ in 0..2 {
        let said = site.build(&[]);
        assert_eq!(said.left, ["b.md", "t.xlsx"].map(|file| warning(&format!("content/{file}"))), "{}", said.text);
        assert!(said.text.contains("已经撤稿"), "{}", said.text);
    }
    // The withdrawal itself is wrong.
    site.write("content/a.md", GOOD);
    site.write("content/b.md", &page("撤稿: 是\n"));
    assert!(site.build(&[]).left.contains(&warning("content/b.md")));
    site.write("content/b.md", &page("撤稿: {时间: 2026-11-20, 原因: 有误}\n"));
    assert_eq!(site.build(&[]).left, [""; 0]);
    // The notice alone is there.
    site.write("content/a.md", BAD);
    assert_eq!(site.build(&[]).left, [""; 0]);
}

/// A page that becomes a draft by being moved, or is withdrawn, leaves its old address.
#[test]
fn pages_whose_files_are_gone_are_named_while_the_build_fails() {
    let page = "---\n标题: 乙\n---\n正文。\n";
    let site = Site::new(&[
        ("content/a.md", GOOD),
        ("content/b.md", page),
        ("content/c.md", page),
        ("content/d.md", page),
        ("content/e/index.md", page),
    ]);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/a.md", BAD);
    let remove = |path: &str| fs::remove_file(site.root().join("content").join(path)).unwrap();
    remove("b.md");
    site.write("content/_drafts/b.md", DRAFT);
    remove("c.md");
    remove("d.md");
    site.write("content/d/index.md", page);
    remove("e/index.md");
    site.write("content/f.md", DRAFT);
    for _ in 0..2 {
        let said = site.build(&[]);
        let files = ["b.md", "c.md", "e/index.md"].map(|file| warning(&format!("content/{file}")));
        assert_eq!((said.exit, said.left), (Some(1), files.to_vec()), "{}", said.text);
        assert!(said.text.contains("改了名、搬走或者删掉了"), "{}", said.text);
    }
    site.write("content/a.md", GOOD);
    assert_eq!(site.build(&[]).left, [""; 0]);
    assert!(!site.has("b/index.html") && !site.has("c/index.html") && site.has("d/index.html"));
}

#[test]
fn a_changed_file_of_a_draft_is_a_warning_until_it_is_deleted() {
    let site = Site::new(&[("content/a.md", GOOD), ("content/b.md", GOOD), ("content/c.md", GOOD)]);
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("public/b/index.html", "changed by hand");
    site.write("public/c/index.html", "changed by hand");
    site.write("content/b.md", DRAFT);
    fs::remove_file(site.root().join("content/c.md")).unwrap();
    let said = site.build(&[]);
    assert_eq!((said.exit, said.left), (Some(0), vec!["note stale-kept null".to_string(), warning("content/b.md")]));
    // Nothing changed, and it is said again.
    assert_eq!(site.build(&[]).left, [warning("content/b.md")]);
    site.write("content/a.md", "别的话。\n");
    assert_eq!(site.build(&[]).left, [warning("content/b.md")]);
    for _ in 0..2 {
        let strict = site.build(&["--strict"]);
        assert_eq!((strict.exit, strict.left), (Some(1), vec!["error unpublished-left content/b.md".to_string()]));
    }
    fs::remove_file(site.root().join("public/b/index.html")).unwrap();
    assert_eq!(site.build(&[]).left, [""; 0]);
    assert_eq!(site.build(&["--strict"]).exit, Some(0));
}

#[test]
fn an_address_that_another_page_has_now_is_not_left_behind() {
    let site = Site::new(&[("content/a.md", GOOD), ("content/b.md", DRAFT)]);
    site.write("content/a.md", "---\n旧网址: [/b/]\n---\n好页。\n");
    let said = site.build(&[]);
    assert_eq!((said.exit, said.left), (Some(0), vec![]), "{}", said.text);
    site.write("content/c.md", BAD);
    assert_eq!(site.build(&[]).left, [""; 0]);
}

/// A photograph that only a draft uses has smaller copies, too; one that another page shows stays published.
#[test]
fn every_copy_of_a_photograph_of_a_draft_is_named() {
    let shown = "![图](p.jpg)\n";
    let site = Site::new(&[
        ("content/a.md", GOOD),
        ("content/b/index.md", shown),
        ("content/c/index.md", shown),
        ("content/d/index.md", "![图](p.jpg)\n"),
    ]);
    let photo = |seed| Photo { seed, ..Photo::new(1000, 600) }.jpeg();
    for (path, seed) in [("b/p.jpg", 1), ("c/p.jpg", 2), ("d/p.jpg", 2)] {
        fs::write(site.root().join("content").join(path), photo(seed)).unwrap();
    }
    assert_eq!(site.build(&[]).left, [""; 0]);
    site.write("content/a.md", BAD);
    for page in ["b", "c"] {
        site.write(&format!("content/{page}/index.md"), "---\n草稿: 是\n---\n![图](p.jpg)\n");
    }
    let said = site.build(&[]);
    let of = |file: &str| said.left.iter().filter(|left| left.ends_with(file)).count();
    let copies = said.text.lines().filter(|line| line.contains("unpublished-left") && line.contains("pictures/"));
    let copies = copies.inspect(|line| assert!(line.contains("b/p.jpg"), "{line}")).count();
    assert!(copies > 0 && of("b/p.jpg") == copies + 1, "{}", said.text);
    // The other one has the same bytes as the picture of a page.
    assert_eq!(of("c/p.jpg"), 1, "{}", said.text);
    site.write("content/a.md", GOOD);
    assert_eq!(site.build(&[]).left, [""; 0]);
}
