//! The whole way from a save to the page, through the watch; and that nothing of the preview reaches the disk.

use std::fs;
use std::time::Duration;

use super::{Server, put, site, tree};

use crate::support::puzhi;

const A: &str = "/guides/a/";

fn page(body: &str) -> String {
    format!("---\ntitle: 甲\n---\n\n{body}\n")
}

#[test]
fn every_way_of_saving_is_seen() {
    let folder = site();
    let root = folder.path();
    for more in [&[][..], &["--poll"]] {
        let server = Server::start(root, more);
        let shows = |words: &'static str| server.until(A, |reply| reply.body.contains(words) && reply.status == 200);
        let path = root.join("content/guides/a.md");
        // Written over, as VS Code does.
        fs::write(&path, page("一。")).unwrap();
        shows("一。");
        // A new file renamed over the old one.
        fs::write(root.join("content/guides/.a.md.tmp"), page("二。二。")).unwrap();
        fs::rename(root.join("content/guides/.a.md.tmp"), &path).unwrap();
        shows("二。二。");
        // The old one renamed away, a new one written, the old one removed, as vim does.
        fs::rename(&path, root.join("content/guides/a.md~")).unwrap();
        fs::write(&path, page("三。三。三。")).unwrap();
        fs::remove_file(root.join("content/guides/a.md~")).unwrap();
        shows("三。三。三。");
        // Folders come with what is in them, move and go.
        put(root, "content/new/deep/x.md", "---\ntitle: 深\n---\n\n里面。\n");
        server.until("/new/deep/x/", |r| r.status == 200 && r.body.contains("里面。"));
        fs::rename(root.join("content/new"), root.join("content/moved")).unwrap();
        server.until("/moved/deep/x/", |r| r.status == 200);
        server.until("/new/deep/x/", |r| r.status == 404);
        put(root, "content/moved/deep/x.md", "---\ntitle: 深\n---\n\n搬了以后改的。\n");
        server.until("/moved/deep/x/", |r| r.body.contains("搬了以后改的。"));
        fs::remove_dir_all(root.join("content/moved")).unwrap();
        server.until("/moved/deep/x/", |r| r.status == 404);
        fs::write(&path, page("看[乙](b.md#how)。")).unwrap();
        shows("看");
    }
}

#[test]
fn many_quick_saves_end_in_the_right_page_and_then_there_is_rest() {
    let folder = site();
    let server = Server::start(folder.path(), &[]);
    server.get(A);
    for n in 1..=200 {
        put(folder.path(), "content/guides/a.md", &page(&format!("第{n}次。")));
        if n % 20 == 0 {
            std::thread::sleep(Duration::from_millis(30));
        }
    }
    server.until(A, |reply| reply.body.contains("第200次。"));
    std::thread::sleep(Duration::from_millis(700));
    let settled = server.status();
    assert!(settled["updates"].as_u64().unwrap() <= 40, "{settled}");
    // Looking at pages reads files; reading must wake nobody.
    for path in [A, "/", "/guides/", "/robots-note.txt", "/no"] {
        server.get(path);
    }
    std::thread::sleep(Duration::from_millis(700));
    let rested = server.status();
    for counter in ["updates", "changes", "parsed"] {
        assert_eq!(rested[counter], settled[counter], "{counter}");
    }
}

#[test]
fn nothing_of_the_preview_reaches_the_disk() {
    let folder = site();
    let root = folder.path();
    let built = |out: &str| {
        let status = puzhi().args(["build", "--root"]).arg(root).arg("--out").arg(root.join(out)).output().unwrap();
        assert!(status.status.success());
    };
    built("public");
    let before = tree(root);
    let server = Server::start(root, &[]);
    let own = |reply: &super::Reply| reply.body.contains("/__puzhi/client.js");
    assert!(own(&server.get(A)) && own(&server.get("/no")));
    put(root, "content/guides/a.md", "---\ntitle: 甲\ndate: 那天\n---\n");
    let panel = server.until(A, |reply| reply.body.contains("puzhi-notes"));
    for words in ["content/guides/a.md", "第 3 行", "那天", "改法"] {
        assert!(panel.body.contains(words), "{words}");
    }
    put(root, "content/guides/a.md", &page("看[乙](b.md#how)。"));
    server.until(A, |reply| !reply.body.contains("puzhi-notes"));
    drop(server);
    assert_eq!(tree(root), before, "the preview writes nothing, into public/ least of all");
    built("public");
    for (path, bytes) in tree(&root.join("public")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("__puzhi") && !text.contains("puzhi-notes"), "{path:?}");
    }
}

#[test]
fn a_site_for_a_folder_is_shown_in_that_folder() {
    let folder = site();
    put(folder.path(), "site.yaml", "title: 预览\nbase_url: https://www.example.gov.cn/ztzl/zscq/\n");
    let server = Server::start(folder.path(), &[]);
    assert_eq!(server.get("/").header("location"), Some("/ztzl/zscq/"));
    assert_eq!(server.get("/guides/a/").header("location"), Some("/ztzl/zscq/guides/a/"));
    assert_eq!(server.get("/ztzl/zscq/guides/a/").status, 200);
    assert_eq!(server.get("/ztzl/zscq/guides/a").header("location"), Some("/ztzl/zscq/guides/a/"));
    let missing = server.get("/ztzl/zscq/no/");
    assert!(missing.status == 404 && missing.body.contains("href=\"/ztzl/zscq/css/"), "{}", missing.body);
}

#[test]
fn words_of_a_file_do_not_become_markup() {
    let folder = site();
    put(
        folder.path(),
        "content/guides/evil.md",
        "---\ntitle: x\ndate: </template><script>alert(1)</script><img src=x onerror=alert(1)>\n---\n",
    );
    let server = Server::start(folder.path(), &[]);
    let reply = server.get("/guides/evil/");
    assert_eq!(reply.status, 500);
    assert!(
        reply.body.contains("&lt;script&gt;") && !reply.body.contains("<script>alert") && !reply.body.contains("<img"),
        "{}",
        reply.body
    );
    assert_eq!(reply.body.matches("<script").count(), 1);
}

/// The command that opens addresses on this system is one that only writes them down.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_when_asked_for() {
    use std::os::unix::fs::PermissionsExt;

    let folder = site();
    let bin = tempfile::tempdir().unwrap();
    let opener = bin.path().join("xdg-open");
    let opened = bin.path().join("opened");
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
    let server = Server::start_with(folder.path(), &["--open"], &[("PATH", &path)]);
    for _ in 0..100 {
        if let Ok(url) = fs::read_to_string(&opened)
            && url.ends_with('\n')
        {
            assert_eq!(url.trim(), format!("http://127.0.0.1:{}/", server.port));
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing was opened");
}
