//! Files of the site's own: they replace generated ones, lie behind links to folders, and are counted where sections list them.

use puzhi::pipeline::{Options, Outcome, Report};

use jiff::civil::date;

use crate::support::{OutputFiles, build_archive};

const SITE: &str = "\
-- site.yaml --
title: 测试站
base_url: https://example.org/
-- content/a.md --
---
标题: 甲
---
文字。
";

fn build(more: &str) -> (Report, OutputFiles) {
    build_archive(&format!("{SITE}{more}"), date(2026, 11, 27), &Options::default())
}

fn codes(report: &Report) -> Vec<(&str, &str)> {
    report.diags.iter().map(|d| (d.code.name, d.file.as_ref().map_or("", |file| file.as_str()))).collect()
}

#[test]
fn texts_of_drafts_stay_back_whatever_their_files_are_called() {
    const DRAFT: &str = "---\n标题: 处分决定\n草稿: 是\n---\n还没有定的话\n";
    for name in
        ["content/a.md.txt", "content/a.md.bak", "content/a.md~", "content/a.mdx", "content/甲.txt", "static/x.md"]
    {
        let (report, files) = build(&format!("-- {name} --\n{DRAFT}"));
        assert!(codes(&report).contains(&("draft-copy", name)), "{name}: {:?}", codes(&report));
        let public = files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("还没有定的话"));
        assert!(!public && report.outcome == Outcome::Built, "{name}");
    }
    let (report, files) = build(&format!("-- content/a.txt --\n{DRAFT}-- content/b.md --\n见[甲](a.txt)。\n"));
    assert!(report.outcome != Outcome::Built && files.is_empty(), "{:?}", codes(&report));
    let (report, files) = build("-- content/a.txt --\n怎样写草稿：在开头写“草稿: 是”。\n");
    assert!(!codes(&report).iter().any(|(code, _)| *code == "draft-copy") && files.contains_key("a.txt"));
}

#[test]
fn a_file_of_the_site_replaces_the_generated_one() {
    for name in ["robots.txt", "404.html", "favicon.ico"] {
        for folder in ["static", "content"] {
            let (report, files) = build(&format!("-- {folder}/{name} --\n自己的\n"));
            assert_eq!(codes(&report), [], "{folder}/{name}");
            assert_eq!(files[name], "自己的\n".as_bytes(), "{folder}/{name}");
        }
    }
    let (report, files) = build("");
    assert_eq!(codes(&report), []);
    assert!(files.contains_key("robots.txt") && files.contains_key("404.html"));
}

#[test]
fn two_files_of_the_site_at_one_address_are_an_error() {
    let (report, _) = build("-- static/robots.txt --\n一\n-- content/robots.txt --\n二\n");
    assert_eq!(codes(&report), [("route-collision", "static/robots.txt")]);
    let (report, _) = build("-- static/sitemap.xml --\n一\n");
    assert_eq!(codes(&report), [("route-collision", "static/sitemap.xml")]);
}

/// The counts that the home page shows for the sections, by their addresses.
fn counts(files: &OutputFiles, page: &str) -> Vec<(String, String)> {
    let html = String::from_utf8_lossy(&files[page]).into_owned();
    let entry = |item: &str| {
        let url = item.split("href=\"").nth(1)?.split('"').next()?.to_string();
        let count = item.rsplit("<small>").next()?.split("</small>").next()?.to_string();
        Some((url, count))
    };
    html.split("<li><span>").skip(1).filter_map(entry).collect()
}

#[test]
fn a_section_that_holds_only_sections_counts_their_pages() {
    let (_, files) = build(
        "-- content/外/_index.md --\n---\n标题: 外\n---\n-- content/外/中/_index.md --\n---\n标题: 中\n---\n\
         -- content/外/中/内/b.md --\n乙。\n-- content/外/中/内/c.md --\n丙。\n-- content/外/旁/d.md --\n丁。\n\
         -- content/满/e.md --\n戊。\n-- content/满/下/f.md --\n己。\n",
    );
    let shown = counts(&files, "外/index.html");
    let shown: Vec<&str> = shown.iter().map(|(_, count)| count.as_str()).collect();
    assert_eq!(shown, ["2页", "1页"]);
    let home = counts(&files, "index.html");
    let home: Vec<&str> = home.iter().map(|(_, count)| count.as_str()).collect();
    // A section with pages of its own counts those.
    assert!(home.contains(&"3页") && home.contains(&"1页"), "{home:?}");
}

/// The files that the note names, and how many there are.
fn unreached(more: &str) -> Vec<String> {
    let (report, files) = build(more);
    let notes: Vec<_> = report.diags.iter().filter(|d| d.code.name == "unreached-files").collect();
    assert!(notes.len() < 2, "it is said once");
    let said = notes.first().map_or_else(String::new, |d| d.message(puzhi_core::diag::Lang::Zh));
    let named: Vec<String> = said
        .rsplit('：')
        .next()
        .unwrap_or_default()
        .trim_end_matches(" 等")
        .split('、')
        .filter(|s| !s.is_empty())
        .map(str::to_string)
        .collect();
    for file in &named {
        assert!(files.contains_key(file.trim_start_matches("content/")), "{file} is published");
    }
    named
}

#[test]
fn files_that_nothing_refers_to_are_named_once() {
    let file = |name: &str| {
        let gif = "GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        format!("-- content/{name} --\n{}\n", if name.ends_with(".png") { gif } else { "x" })
    };
    assert_eq!(unreached(&file("left.pdf")), ["content/left.pdf"]);
    assert_eq!(unreached(&format!("{}{}", file("b/x.bin"), file("图.bin"))), ["content/b/x.bin", "content/图.bin"]);
    // Each of these refers to its file.
    for (name, more) in [
        ("a.bin", "-- content/p.md --\n[附件](a.bin)\n".to_string()),
        ("b.png", "-- content/p.md --\n![图](/b.png)\n".to_string()),
        ("c d.bin", "-- content/p.md --\n<a href=\"c%20d.bin\">丙</a>\n".to_string()),
        ("e.png", "-- content/p.md --\n---\n配图: {src: e.png, alt: 图}\n---\n文字。\n".to_string()),
        ("f.bin", "-- data/list.yaml --\n- {文件: f.bin}\n".to_string()),
        ("g.bin", "-- templates/own.html --\n<a href=\"/g.bin\">庚</a>\n".to_string()),
        ("h.bin", "-- static/own.css --\np { background: url(h.bin) }\n".to_string()),
        ("表.csv", "-- content/p.md --\n```{table} 表.csv\n```\n".to_string()),
        ("robots.txt", String::new()),
    ] {
        assert_eq!(unreached(&format!("{}{more}", file(name))), [""; 0], "{name}");
    }
    let many: String = (0..9).map(|n| file(&format!("n{n}.bin"))).collect();
    assert_eq!(unreached(&many).len(), 5, "the first five are named");
}

#[test]
fn files_of_drafts_are_not_among_them() {
    let more = "-- content/d/index.md --\n---\n草稿: 是\n---\n-- content/d/x.bin --\nx\n";
    assert_eq!(unreached(more), [""; 0]);
}

/// On disk, `site.yaml` is not among the site's files.
#[test]
fn a_file_that_only_settings_name_is_reached() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("site.yaml", "title: 测试站\nbase_url: https://example.org/\nextra: {附件: 章程.pdf}\n");
    write("content/a.md", "文字。\n");
    write("content/章程.pdf", "x");
    // A draft refers to it, too.
    write("content/d.md", "---\n草稿: 是\n---\n[章程](章程.pdf)\n");
    // What office programs leave beside an open file is no file of the site.
    write("content/.~lock.a.docx#", "x");
    write("content/~$a.docx", "x");
    let run =
        crate::support::puzhi().args(["build", "--format", "json", "--root"]).arg(folder.path()).output().unwrap();
    assert_eq!((run.status.code(), String::from_utf8_lossy(&run.stdout).as_ref()), (Some(0), ""));
    assert!(folder.path().join("public/章程.pdf").is_file());
    assert!(!folder.path().join("public/.~lock.a.docx#").exists() && !folder.path().join("public/~$a.docx").exists());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use puzhi::source::{FileWatcher, WatchMode, scan};

    /// A site on disk: a folder `shared` outside its scanned folders, and two guides.
    fn site() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join("site").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("site.yaml", "title: 测试站\n");
        write("content/guides/a.md", "甲。\n");
        write("content/guides/deep/b.md", "乙。\n");
        write("shared/c.md", "丙。\n");
        write("shared/more/d.png", "丁");
        write(".git/config", "secret");
        write("out/.puzhi/files", "");
        write("out/index.html", "x");
        folder
    }

    fn scanned(root: &Path) -> (Vec<String>, Vec<(String, String)>) {
        let (files, found) = scan(root, "civic");
        let said = found.iter().map(|d| {
            (d.code.name.to_string(), d.file.as_ref().map_or_else(String::new, |file| file.as_str().to_string()))
        });
        (files.paths().map(|path| path.as_str().to_string()).collect(), said.collect())
    }

    #[test]
    fn links_to_folders_inside_the_site_are_followed() {
        let folder = site();
        let root = folder.path().join("site");
        symlink("../shared", root.join("content/共用")).unwrap();
        symlink(root.join("content/guides/deep"), root.join("content/deep")).unwrap();
        let (files, said) = scanned(&root);
        assert_eq!(said, []);
        assert_eq!(
            files,
            [
                "content/deep/b.md",
                "content/guides/a.md",
                "content/guides/deep/b.md",
                "content/共用/c.md",
                "content/共用/more/d.png",
            ]
        );
    }

    #[test]
    fn links_that_are_not_followed_say_why() {
        let folder = site();
        let root = folder.path().join("site");
        for (target, code) in [
            ("../../elsewhere", "symlink-escapes"),
            ("/", "symlink-escapes"),
            ("../missing", "symlink-broken"),
            ("link", "symlink-broken"),
            ("..", "symlink-loop"),
            ("guides/..", "symlink-loop"),
            ("../.git", "symlink-refused"),
            ("../.git/config", "symlink-refused"),
            ("../out", "symlink-refused"),
        ] {
            std::fs::create_dir_all(folder.path().join("elsewhere")).unwrap();
            let link = root.join("content/link");
            symlink(target, &link).unwrap();
            let (files, said) = scanned(&root);
            assert_eq!(said, [(code.to_string(), "content/link".to_string())], "{target}");
            assert_eq!(files, ["content/guides/a.md", "content/guides/deep/b.md"], "{target}");
            std::fs::remove_file(link).unwrap();
        }
    }

    /// Folders that link to each other: each path ends where a folder would contain itself.
    #[test]
    fn links_in_a_circle_end() {
        let folder = site();
        let root = folder.path().join("site");
        symlink("../../guides/deep", root.join("content/guides/deep/self")).unwrap();
        symlink("../../shared", root.join("content/guides/x")).unwrap();
        symlink("../content/guides", root.join("shared/y")).unwrap();
        let (files, said) = scanned(&root);
        assert!(files.contains(&"content/guides/x/c.md".to_string()), "{files:?}");
        assert!(files.len() < 20, "{files:?}");
        assert!(!said.is_empty() && said.iter().all(|(code, _)| code == "symlink-loop"), "{said:?}");
    }

    /// Each of these folders has two links to the next one, so that there are 2^40 paths.
    #[test]
    fn links_without_a_circle_end_too() {
        let folder = site();
        let root = folder.path().join("site");
        for n in 0..40 {
            let at = root.join(format!("shared/n{n}"));
            std::fs::create_dir_all(&at).unwrap();
            std::fs::write(at.join("x.txt"), "x").unwrap();
            for link in ["a", "b"] {
                symlink(format!("../n{}", n + 1), at.join(link)).unwrap();
            }
        }
        std::fs::create_dir_all(root.join("shared/n40")).unwrap();
        symlink("../shared/n0", root.join("content/start")).unwrap();
        let (_, said) = scanned(&root);
        assert!(said.iter().any(|(code, _)| code == "symlink-refused"), "{said:?}");
    }

    #[test]
    fn saves_behind_links_are_reported() {
        for mode in [WatchMode::Native, WatchMode::Polling] {
            let folder = site();
            let root = folder.path().join("site");
            symlink("../shared", root.join("content/共用")).unwrap();
            let (sender, reports) = channel();
            let _watcher = FileWatcher::start(&root, mode, move |changes| sender.send(changes).is_ok()).unwrap();
            for (n, path) in ["shared/c.md", "content/共用/more/d.png"].into_iter().enumerate() {
                std::fs::write(root.join(path), "新的文字。".repeat(n + 2)).unwrap();
                let seen = std::iter::from_fn(|| reports.recv_timeout(Duration::from_secs(5)).ok())
                    .find(|changes| changes.all || changes.paths.iter().any(|path| path.as_str().contains("共用")));
                assert!(seen.is_some(), "{mode:?} {path}");
            }
        }
    }
}
