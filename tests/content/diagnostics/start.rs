//! What the preview, new pages and new sites refuse, as the commands say it.

use std::path::Path;

use crate::support::puzhi;

/// A folder with a `site.yaml` and one guide.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("site.yaml"), "title: 示例站\n").unwrap();
    std::fs::create_dir_all(folder.path().join("content/guides")).unwrap();
    std::fs::write(folder.path().join("content/guides/a.md"), "甲\n").unwrap();
    folder
}

/// The command ends with `exit` and says `code` in both languages, with nothing left unsaid.
fn refuses(folder: &Path, args: &[&str], exit: i32, code: &str) {
    for (lang, hint) in [("zh", "改法"), ("en", "hint")] {
        let run = puzhi().args(args).args(["--lang", lang]).current_dir(folder).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(exit), "{args:?}: {said}");
        assert!(
            said.contains(&format!("[{code}]")) && said.contains(hint) && !said.contains(['{', '}']),
            "{args:?}: {said}"
        );
    }
}

pub fn preview_unusable() {
    let site = site();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    refuses(site.path(), &["serve", "--port", &port], 3, "preview-unusable");
    // From a folder of the site the site is found; from a folder outside it is not.
    refuses(&site.path().join("content"), &["serve", "--port", &port], 3, "preview-unusable");
    refuses(tempfile::tempdir().unwrap().path(), &["serve"], 2, "no-settings");
    refuses(site.path(), &["serve", "--date", "那天"], 2, "bad-date-option");
}

pub fn page_exists() {
    let site = site();
    refuses(site.path(), &["new", "guide", "甲", "--slug", "a"], 2, "page-exists");
    std::fs::create_dir(site.path().join("content/guides/b")).unwrap();
    refuses(site.path(), &["new", "guide", "b"], 2, "page-exists");
    assert_eq!(std::fs::read_to_string(site.path().join("content/guides/a.md")).unwrap(), "甲\n");
}

pub fn no_slug() {
    let site = site();
    refuses(site.path(), &["new", "page", "！？…"], 2, "no-slug");
    refuses(site.path(), &["new", "page", ""], 2, "no-slug");
}

pub fn bad_new_name() {
    let site = site();
    for slug in
        ["", "..", "../x", "a/b", "a\\b", "/x", "con", "a.md", ".hidden", "_index", "index", "README", "a:b", "x "]
    {
        refuses(site.path(), &["new", "page", "甲", "--slug", slug], 2, "bad-new-name");
    }
    for section in ["..", "../..", "a/../../..", "C:\\x", "a/con", ".git"] {
        refuses(site.path(), &["new", "page", "甲", "--section", section], 2, "bad-new-name");
    }
}

pub fn unknown_kind() {
    let site = site();
    refuses(site.path(), &["new", "小说", "甲"], 2, "unknown-kind");
    refuses(site.path(), &["kinds", "小说"], 2, "unknown-kind");
    refuses(site.path(), &["kinds", "小说", "--schema"], 2, "unknown-kind");
}

pub fn new_option() {
    let site = site();
    refuses(site.path(), &["new", "guide", "甲", "--start", "2026-12-20"], 2, "new-option");
    refuses(site.path(), &["new", "page", "甲", "--place", "馆里"], 2, "new-option");
    refuses(site.path(), &["new", "event", "甲", "--start", "那天"], 2, "bad-date-option");
}

pub fn folder_in_use() {
    let site = site();
    refuses(site.path(), &["init", "."], 2, "folder-in-use");
    refuses(site.path(), &["init", "site.yaml"], 2, "folder-in-use");
    assert_eq!(std::fs::read_to_string(site.path().join("site.yaml")).unwrap(), "title: 示例站\n");
}

pub fn theme_file_kept() {
    let site = site();
    let base = site.path().join("themes/civic/templates/base.html");
    std::fs::create_dir_all(base.parent().unwrap()).unwrap();
    std::fs::write(&base, "我的").unwrap();
    refuses(site.path(), &["theme", "export"], 0, "theme-file-kept");
    assert_eq!(std::fs::read_to_string(&base).unwrap(), "我的");
    // What is missing is written, from any folder of the site, and a folder can be given.
    assert!(site.path().join("themes/civic/static/css/civic.css").is_file());
    let run = puzhi().args(["theme", "export", "副本"]).current_dir(site.path().join("content")).output().unwrap();
    assert!(run.status.success() && run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(site.path().join("content/副本/templates/base.html").is_file());
    // A file stands where the folder would be.
    refuses(site.path(), &["theme", "export", "site.yaml"], 3, "new-unwritable");
}

pub fn new_unwritable() {
    let site = site();
    // A file stands where the folder would be.
    std::fs::write(site.path().join("content/events"), "").unwrap();
    refuses(site.path(), &["new", "event", "讲座"], 3, "new-unwritable");
}

pub fn no_fix() {
    let site = site();
    refuses(site.path(), &["fix", "wide-lnik"], 2, "no-fix");
    // Two answers are possible, so none is made.
    let run = puzhi().args(["fix", "surplus-cells"]).current_dir(site.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
}

pub fn file_not_fixed() {
    let site = site();
    let page = site.path().join("content/guides/a.md");
    std::fs::write(&page, "---\n标题：甲\n---\n").unwrap();
    assert!(puzhi().arg("fix").current_dir(site.path()).output().unwrap().status.success());
    std::fs::write(&page, "后来写的\n").unwrap();
    refuses(site.path(), &["fix", "--undo"], 3, "file-not-fixed");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "后来写的\n");
}
