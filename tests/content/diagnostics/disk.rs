//! Cases that need a disk or the command line.

use std::path::Path;

use puzhi::pipeline::{BuildInput, BuildState, Options, Report, build, build_with_state, verify};
use puzhi::sink::{CommitStage, DiskSink, PlannedOutput};
use puzhi::source::{FileSnapshot, scan};
use puzhi_core::diag::Diagnostic;

use super::bytes::settings;
use super::{TODAY, exactly, unfilled};

use crate::support::{build_input, puzhi};

/// A site of one page, with its output folder beside it.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        site.write("site.yaml", "title: 示例站\nbase_url: https://example.org/\n");
        site.write("content/a.md", "正文。\n");
        site
    }

    fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("site")
    }

    fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn scan(&self) -> (FileSnapshot, Vec<Diagnostic>) {
        scan(&self.root(), "civic")
    }

    fn build_input(&self, files: &FileSnapshot) -> BuildInput<'static> {
        const OPTIONS: &Options = &Options {
            drafts: false,
            strict: false,
            keep_going: false,
            leave_out: std::collections::BTreeSet::new(),
            document_memory: puzhi::pipeline::DOCUMENT_MEMORY_LIMIT,
            pictures: puzhi::pipeline::PictureOptions { cache: None, timing: puzhi::pipeline::PictureTiming::OnDemand },
            unrecorded: None,
        };
        let settings = settings(&std::fs::read_to_string(self.root().join("site.yaml")).unwrap());
        build_input(files.clone(), settings, TODAY, OPTIONS)
    }

    fn build(&self, files: &FileSnapshot) -> Report {
        build(self.build_input(files), None, &self.out()).report
    }

    fn builds(&self) -> Vec<Diagnostic> {
        self.build(&self.scan().0).diags
    }

    /// The command's findings: code and file.
    fn command(&self, arguments: &[&str], exit: i32) -> Vec<String> {
        let mut said = Vec::new();
        for lang in ["zh", "en"] {
            let root = self.root();
            let run = puzhi()
                .arg("build")
                .arg("--root")
                .arg(&root)
                .args(["--format", "json", "--lang", lang])
                .args(arguments)
                .output()
                .unwrap();
            assert_eq!(run.status.code(), Some(exit), "{}", String::from_utf8_lossy(&run.stderr));
            said = String::from_utf8(run.stdout)
                .unwrap()
                .lines()
                .map(|line| {
                    let json: serde_json::Value = serde_json::from_str(line).unwrap();
                    assert!(!json["message"].as_str().unwrap().contains('…'), "{line}");
                    json["code"].as_str().unwrap().to_string()
                })
                .collect();
        }
        said
    }
}

pub fn unreadable() {
    let site = Site::new();
    let (files, found) = site.scan();
    assert!(found.is_empty());
    std::fs::remove_file(site.root().join("content/a.md")).unwrap();
    exactly(&site.build(&files).diags, "unreadable content/a.md");
}

#[cfg(unix)]
pub fn symlink_escapes() {
    let site = Site::new();
    std::fs::write(site.folder.path().join("secret.md"), "秘密\n").unwrap();
    std::os::unix::fs::symlink(site.folder.path().join("secret.md"), site.root().join("content/b.md")).unwrap();
    let (files, found) = site.scan();
    exactly(&found, "symlink-escapes content/b.md");
    assert!(site.build(&files).diags.is_empty());
}

#[cfg(unix)]
pub fn bad_file_name() {
    let site = Site::new();
    site.write("content/甲:乙.md", "正文。\n");
    exactly(&site.scan().1, "bad-file-name content");
}

#[cfg(unix)]
pub fn name_clash() {
    let site = Site::new();
    site.write("data/a.csv", "甲\n1\n");
    if site.root().join("data/A.csv").exists() {
        // This file system knows one name only.
        return;
    }
    site.write("data/A.csv", "甲\n1\n");
    exactly(&site.scan().1, "name-clash data/a.csv");
}

pub fn no_settings() {
    let site = Site::new();
    std::fs::remove_file(site.root().join("site.yaml")).unwrap();
    assert_eq!(site.command(&[], 2), ["no-settings"]);
}

pub fn settings_misnamed() {
    for name in ["site.yaml.txt", "site.yml", "Site.YAML"] {
        let site = Site::new();
        std::fs::rename(site.root().join("site.yaml"), site.root().join(name)).unwrap();
        // A file system may not tell upper from lower case.
        if !site.root().join("site.yaml").exists() {
            assert_eq!(site.command(&[], 2), ["settings-misnamed"], "{name}");
        }
    }
}

pub fn bad_date_option() {
    assert_eq!(Site::new().command(&["--date", "明天"], 2), ["bad-date-option"]);
}

pub fn out_in_site() {
    let site = Site::new();
    let out = site.root().join("content/out");
    assert_eq!(site.command(&["--out", out.to_str().unwrap()], 2), ["out-in-site"]);
}

pub fn site_locked() {
    let site = Site::new();
    let open = || {
        BuildState::open_with_timeout(std::time::Duration::ZERO, &site.root(), &site.out(), None, &Options::default())
    };
    let _other = open().map_err(|d| d.code.name).unwrap();
    exactly(&[open().map(drop).unwrap_err()], "site-locked");
}

pub fn state_unusable() {
    let site = Site::new();
    site.write(".puzhi", "a file");
    assert_eq!(site.command(&["--out", site.out().to_str().unwrap()], 0), ["state-unusable"]);
    assert!(site.out().join("a/index.html").is_file(), "the site is built all the same");
}

/// Somebody changes an output between the build and its verification.
pub fn verify_differs() {
    let site = Site::new();
    assert!(site.builds().is_empty());
    std::fs::write(site.out().join("a/index.html"), "other").unwrap();
    let verification = verify(site.build_input(&site.scan().0), &site.out());
    assert!(verification.compared > 0);
    exactly(&verification.diags, "verify-differs");
}

/// Nothing is written, so there is nothing to compare.
pub fn verify_skipped() {
    let site = Site::new();
    site.write("content/b.md", "![图](https://other.example/a.png)\n");
    let out = site.out();
    assert_eq!(site.command(&["--verify", "--out", out.to_str().unwrap()], 1), ["remote-image", "verify-skipped"]);
    std::fs::remove_file(site.root().join("content/b.md")).unwrap();
    assert_eq!(site.command(&["--verify", "--out", out.to_str().unwrap()], 0), [""; 0]);
}

/// Builds over what the last build left; returns which of its addresses are gone.
fn gone(site: &Site) -> Vec<Diagnostic> {
    let state =
        BuildState::open(&site.root(), &site.out(), None, &Options::default()).map_err(|d| d.code.name).unwrap();
    let (report, _) = build_with_state(site.build_input(&site.scan().0), &state, false, &site.out());
    assert!(report.diags.iter().all(|diag| !diag.is_error()), "{:?}", report.diags);
    report.gone
}

/// A file that was renamed, another slug, and an old address that an alias keeps.
pub fn address_moved() {
    let site = Site::new();
    site.write("content/old.md", "另一页。\n");
    assert!(gone(&site).is_empty());
    let content = |name: &str| site.root().join("content").join(name);
    std::fs::rename(content("old.md"), content("new.md")).unwrap();
    let found = gone(&site);
    exactly(&found, "address-moved content/new.md");
    assert!(found[0].hint(puzhi_core::diag::Lang::Zh).unwrap().contains("[/old/]"), "{found:?}");
    assert_eq!(gone(&site), found, "said by a build that changes nothing, too");
    site.write("content/new.md", "---\naliases: [/old/]\n---\n另一页。\n");
    assert!(gone(&site).is_empty());
    site.write("content/new.md", "---\nslug: third\naliases: [/old/, /new/]\n---\n另一页。\n");
    assert!(gone(&site).is_empty());
    lines_to_type_keep_what_is_there();
    a_page_of_the_same_text_is_not_where_another_moved_to();
}

fn hint(diag: &Diagnostic) -> String {
    diag.hint(puzhi_core::diag::Lang::Zh).unwrap()
}

/// The line goes under the author's key, with the aliases that are there, and once for several addresses.
fn lines_to_type_keep_what_is_there() {
    let site = Site::new();
    let page = |slug: &str| format!("---\n网址名: {slug}\n别名: [/first/, 甲方]\n---\n文。\n");
    site.write("content/a.md", &page("one"));
    gone(&site);
    site.write("content/a.md", &page("two, b"));
    gone(&site);
    site.write("content/a.md", &page("three"));
    let found = gone(&site);
    assert_eq!(found.len(), 2, "{found:?}");
    for diag in &found {
        let line = "别名: [/first/, 甲方, /one/, \"/two, b/\"]";
        assert!(hint(diag).contains(line), "{}", hint(diag));
    }
    site.write("content/a.md", "---\n网址名: three\n别名: [/first/, 甲方, /one/, \"/two, b/\"]\n---\n文。\n");
    assert!(gone(&site).is_empty());
}

/// The page became a draft; that another has the same text says nothing. Of two new pages one in the same folder is meant.
fn a_page_of_the_same_text_is_not_where_another_moved_to() {
    let site = Site::new();
    for name in ["a", "b", "s/c", "t/d"] {
        site.write(&format!("content/{name}.md"), "同样的文字。\n");
    }
    gone(&site);
    site.write("content/a.md", "---\ndraft: true\n---\n同样的文字。\n");
    let found = gone(&site);
    exactly(&found, "address-gone");
    assert!(found[0].message(puzhi_core::diag::Lang::Zh).contains("草稿"), "{found:?}");
    for (old, new) in [("s/c", "s/c2"), ("t/d", "t/d2")] {
        let path = |name: &str| site.root().join("content").join(format!("{name}.md"));
        std::fs::rename(path(old), path(new)).unwrap();
    }
    let moved: Vec<String> = gone(&site).iter().map(|diag| diag.message(puzhi_core::diag::Lang::En)).collect();
    for (old, new) in [("/s/c/", "/s/c2/"), ("/t/d/", "/t/d2/")] {
        assert!(moved.iter().any(|said| said.contains(old) && said.contains(new)), "{moved:?}");
    }
}

/// A file that was deleted, and one that became a draft.
pub fn address_gone() {
    let site = Site::new();
    site.write("content/b.md", "第二页。\n");
    site.write("content/c.md", "第三页。\n");
    assert!(gone(&site).is_empty());
    std::fs::remove_file(site.root().join("content/b.md")).unwrap();
    let found = gone(&site);
    exactly(&found, "address-gone");
    assert_eq!(gone(&site), found, "said by a build that changes nothing, too");
    site.write("content/c.md", "---\ndraft: true\n---\n第三页。\n");
    let found = gone(&site);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].message(puzhi_core::diag::Lang::Zh).contains("草稿"), "{found:?}");
    site.write("content/c.md", "---\naliases: [/b/]\n---\n第三页。\n");
    assert!(gone(&site).is_empty(), "the page is back, and an alias leads there");
    attachments_and_sections_are_named();
    aliases_and_terms_are_named();
}

/// An alias that its page names no more, one whose page is gone, and a term that no page has.
fn aliases_and_terms_are_named() {
    let site = Site::new();
    site.write("content/a.md", "---\n旧网址: [/old-a/]\n标签: [一, 二]\n---\n文。\n");
    site.write("content/b.md", "---\n旧网址: /old-b/\n标签: 一\n---\n文二。\n");
    assert!(gone(&site).is_empty());
    site.write("content/a.md", "---\n标签: [一]\n---\n文。\n");
    std::fs::remove_file(site.root().join("content/b.md")).unwrap();
    let found = gone(&site);
    let said: Vec<String> = found.iter().map(|diag| diag.message(puzhi_core::diag::Lang::En)).collect();
    for old in ["/old-a/", "/old-b/", "/b/", "/tags/二/"] {
        assert!(said.iter().any(|said| said.contains(&format!("the address {old} of"))), "{old}: {said:?}");
    }
    assert_eq!(found.len(), 4, "{said:?}");
    assert_eq!(gone(&site), found, "said by a build that changes nothing, too");
}

/// A file that was deleted, one that only a draft shows, and a folder without pages.
fn attachments_and_sections_are_named() {
    let site = Site::new();
    site.write("content/b.md", "[表](x.docx)。\n");
    site.write("content/x.docx", "表");
    site.write("content/y.pdf", "文");
    site.write("content/s/t/c.md", "第三页。\n");
    assert!(gone(&site).is_empty());
    std::fs::remove_file(site.root().join("content/y.pdf")).unwrap();
    std::fs::remove_dir_all(site.root().join("content/s")).unwrap();
    site.write("content/b.md", "---\ndraft: true\n---\n[表](x.docx)。\n");
    let found = gone(&site);
    let said: Vec<String> = found.iter().map(|diag| diag.message(puzhi_core::diag::Lang::Zh)).collect();
    for (address, why) in [
        ("/b/ ", "草稿"),
        ("/s/t/c/ ", "已经不在了"),
        ("/s/ ", "没有页面了"),
        ("/s/t/ ", "没有页面了"),
        ("/x.docx ", "没有发布的页用到它"),
        ("/y.pdf ", "已经不在了"),
    ] {
        assert!(said.iter().any(|text| text.contains(address) && text.contains(why)), "{address}: {said:?}");
    }
    assert_eq!(said.len(), 6, "{said:?}");
}

pub fn out_unusable() {
    let site = Site::new();
    std::fs::write(site.out(), "a file").unwrap();
    exactly(&site.builds(), "out-unusable");
    let below = site.out().join("below/it");
    assert_eq!(site.command(&["--out", below.to_str().unwrap()], 3), ["out-unusable"]);
    #[cfg(unix)]
    read_only_folders();
}

/// Folders that may not be written to: it is said once, and the old site stays. A superuser may write there all the same.
#[cfg(unix)]
fn read_only_folders() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    assert!(site.builds().is_empty());
    let page = site.out().join("a/index.html");
    let old = std::fs::read(&page).unwrap();
    let allow = |mode| {
        for folder in ["", "a", ".puzhi"] {
            std::fs::set_permissions(site.out().join(folder), std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o555);
    site.write("content/a.md", "新的文字。\n");
    let found = site.builds();
    allow(0o755);
    if !found.is_empty() {
        exactly(&found, "out-unusable");
        assert_eq!(std::fs::read(&page).unwrap(), old);
    }
}

pub fn out_occupied() {
    let site = Site::new();
    std::fs::create_dir_all(site.out().join("a")).unwrap();
    std::fs::write(site.out().join("a/index.html"), "somebody's own").unwrap();
    exactly(&site.builds(), "out-occupied");
    assert_eq!(std::fs::read_to_string(site.out().join("a/index.html")).unwrap(), "somebody's own");
}

/// The plan of outputs reports such addresses before; the writer refuses them all the same.
pub fn out_clash() {
    let site = Site::new();
    let planned = |path: &str| PlannedOutput { path: path.to_string(), stage: CommitStage::Page };
    match DiskSink::open(&site.out(), vec![planned("a"), planned("a/index.html")]) {
        Ok(_) => panic!("a file cannot be a folder"),
        Err(diag) => exactly(&[diag], "out-clash"),
    }
}

pub fn out_locked() {
    let site = Site::new();
    let _other = DiskSink::open(&site.out(), Vec::new()).map_err(|d| d.code.name).unwrap();
    exactly(&site.builds(), "out-locked");
}

pub fn out_list_lost() {
    let site = Site::new();
    assert!(site.builds().is_empty());
    std::fs::write(site.out().join(".puzhi/files"), "nonsense").unwrap();
    exactly(&site.builds(), "out-list-lost");
}

pub fn stale_kept() {
    let site = Site::new();
    site.write("content/b.md", "第二页。\n");
    assert!(site.builds().is_empty());
    std::fs::write(site.out().join("b/index.html"), "edited by hand").unwrap();
    std::fs::remove_file(site.root().join("content/b.md")).unwrap();
    let found = site.builds();
    exactly(&found, "stale-kept");
    assert_eq!(unfilled(&found), None);
    assert!(Path::new(&site.out().join("b/index.html")).exists());
}

pub fn unpublished_left() {
    let site = Site::new();
    site.write("content/b.md", "第二页。\n");
    assert!(site.builds().is_empty());
    std::fs::write(site.out().join("b/index.html"), "edited by hand").unwrap();
    site.write("content/b.md", "---\n草稿: 是\n---\n第二页。\n");
    let found = site.builds();
    exactly(&found, "unpublished-left content/b.md");
    assert_eq!(unfilled(&found), None);
}

/// A folder stands where the file would be put together.
pub fn lock_unwritable() {
    let site = Site::new();
    site.write("content/a.md", "---\nkind: event\nid: a\nstart: 2025-04-26\n---\n正文。\n");
    std::fs::create_dir_all(site.root().join("content/.events.lock.yaml.new")).unwrap();
    for (lang, word) in [("zh", "写不了活动记录"), ("en", "cannot be written")] {
        let run = puzhi().args(["events", "record", "--lang", lang, "--root"]).arg(site.root()).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{said}");
        assert!(said.contains("lock-unwritable") && said.contains(word), "{said}");
    }
}

/// A folder stands where the file would be put together.
pub fn release_log_unwritable() {
    let site = Site::new();
    site.write("content/a.md", "---\ntitle: 甲\n---\n正文。\n");
    std::fs::create_dir_all(site.root().join("content/.releases.lock.yaml.new")).unwrap();
    for (lang, word) in [("zh", "写不了发布记录"), ("en", "cannot be written")] {
        let run = puzhi().args(["release", "record", "--lang", lang, "--root"]).arg(site.root()).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{said}");
        assert!(said.contains("release-log-unwritable") && said.contains(word), "{said}");
    }
}

pub fn cannot_let_go() {
    let site = Site::new();
    site.write("content/a.md", "---\ntitle: 甲\n---\n正文。\n");
    for (address, word) in [("/a.pdf", "发布记录里没有它"), ("a.pdf", "不是网址"), ("/../a.pdf", "不是网址")]
    {
        let run = puzhi().args(["release", "record", "--gone", address, "--root"]).arg(site.root()).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot-let-go") && said.contains(word), "{said}");
        assert!(!site.root().join("content/releases.lock.yaml").exists());
    }
}

#[cfg(unix)]
fn link(target: &str) -> Vec<Diagnostic> {
    let site = Site::new();
    site.write(".git/config", "秘密\n");
    std::os::unix::fs::symlink(target, site.root().join("content/b")).unwrap();
    site.scan().1
}

#[cfg(unix)]
pub fn symlink_broken() {
    exactly(&link("../missing.md"), "symlink-broken content/b");
}

#[cfg(unix)]
pub fn symlink_loop() {
    exactly(&link("."), "symlink-loop content/b");
}

#[cfg(unix)]
pub fn symlink_refused() {
    let found = link("../.git");
    exactly(&found, "symlink-refused content/b");
    assert_eq!(unfilled(&found), None);
}

pub fn press_refused() {
    let site = Site::new();
    site.write("content/a.md", "---\ntitle: 甲\ndraft: true\n---\n文。\n");
    site.write("content/b.md", "---\ntitle: 乙\nsample: true\n---\n文。\n");
    site.write("content/c.md", "---\ntitle: 丙\nrepublish: no\n---\n文。\n");
    let out = site.root().join("稿件");
    for (path, word) in [("content/a.md", "草稿"), ("b/", "示例"), ("/c/", "转载: 不可"), ("d.md", "没有它")]
    {
        let run = puzhi().args(["press", path, "--out"]).arg(&out).arg("--root").arg(site.root()).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("press-refused") && said.contains(word), "{said}");
        assert!(!out.exists());
    }
}
