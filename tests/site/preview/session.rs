//! The site behind the preview: what each save does to each address.

use std::path::Path;

use puzhi::preview::{ChangedOutputs, PreviewSession};
use puzhi::source::FileChanges;

use super::{put, site};

use crate::support::build_date;

fn open(root: &Path) -> PreviewSession {
    let today = jiff::civil::date(2026, 11, 22);
    PreviewSession::open(root, Box::new(move |settings| build_date(today, settings)))
}

fn text(session: &mut PreviewSession, path: &str) -> String {
    session.get(path).map(|output| String::from_utf8(output.bytes.to_vec()).unwrap()).unwrap_or_default()
}

/// Codes of what is wrong at `path`: with the page, with the site.
fn wrong(session: &PreviewSession, path: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let (own, everywhere) = session.findings(path);
    (own.iter().map(|d| d.code.name).collect(), everywhere.iter().map(|d| d.code.name).collect())
}

const A: &str = "guides/a/index.html";
const B: &str = "guides/b/index.html";
const LIST: &str = "guides/index.html";
const NONE: (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());

#[test]
fn a_save_changes_the_page_and_rendering_waits_until_somebody_looks() {
    let folder = site();
    let mut session = open(folder.path());
    let first = session.counters();
    assert_eq!((first.updates, first.changes, first.rendered), (1, 1, 0));
    assert!(text(&mut session, B).contains("正文乙。"));
    let hash = session.get(B).unwrap().hash;
    assert_eq!(session.counters().rendered, 1);
    put(folder.path(), "content/guides/b.md", "---\ntitle: 新乙\n---\n\n## 怎么办 {#how}\n\n改过。\n");
    let update = session.update(&FileChanges::from_paths(["content/guides/b.md"]));
    assert_eq!((update.changed, update.diags.iter().filter(|d| d.is_error()).count()), (ChangedOutputs::Anything, 0));
    assert!(text(&mut session, B).contains("改过。") && session.get(B).unwrap().hash != hash);
    assert!(text(&mut session, LIST).contains("新乙"));
    assert_eq!(session.counters().rendered, 3);
}

#[test]
fn a_save_that_changes_nothing_costs_nothing() {
    let folder = site();
    let mut session = open(folder.path());
    text(&mut session, A);
    let before = session.counters();
    put(folder.path(), "content/guides/a.md", "---\ntitle: 甲\n---\n\n看[乙](b.md#how)。\n");
    for changes in [
        FileChanges::from_paths(["content/guides/a.md"]),
        FileChanges::from_paths(["content/4913"]),
        FileChanges::all(),
    ] {
        assert_eq!(session.update(&changes).changed, ChangedOutputs::Nothing, "{changes:?}");
    }
    text(&mut session, A);
    let after = session.counters();
    assert_eq!((after.changes, after.parsed, after.rendered), (before.changes, before.parsed, before.rendered));
    assert_eq!(after.updates, before.updates + 3);
}

#[test]
fn a_broken_page_is_shown_as_it_was_with_its_error_and_mends() {
    let folder = site();
    let mut session = open(folder.path());
    let (a, list) = (text(&mut session, A), text(&mut session, LIST));
    put(folder.path(), "content/guides/a.md", "---\ntitle: 坏甲\ndate: 那天\n---\n\n新正文。\n");
    let update = session.update(&FileChanges::from_paths(["content/guides/a.md"]));
    assert!(update.diags.iter().any(|d| d.code.name == "bad-date" && d.position.is_some_and(|p| p.line == 3)));
    assert_eq!(wrong(&session, A), (vec!["bad-date"], vec![]));
    assert_eq!((text(&mut session, A), text(&mut session, LIST)), (a, list));
    assert_eq!((wrong(&session, LIST), wrong(&session, B)), (NONE, NONE));
    // Others go on changing meanwhile.
    put(folder.path(), "content/guides/b.md", "---\ntitle: 丙\n---\n\n## 怎么办 {#how}\n");
    session.update(&FileChanges::from_paths(["content/guides/b.md"]));
    let list = text(&mut session, LIST);
    assert!(list.contains("丙") && list.contains("甲") && !list.contains("坏甲"));
    put(folder.path(), "content/guides/a.md", "---\ntitle: 好甲\n---\n\n新正文。\n");
    session.update(&FileChanges::from_paths(["content/guides/a.md"]));
    assert_eq!(wrong(&session, A), NONE);
    assert!(text(&mut session, A).contains("新正文。") && text(&mut session, LIST).contains("好甲"));
}

#[test]
fn a_page_that_was_never_good_has_only_its_error() {
    let folder = site();
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\ndate: 那天\n---\n");
    let mut session = open(folder.path());
    let path = "guides/new/index.html";
    assert!(session.has_address(path) && session.get(path).is_none());
    assert_eq!(wrong(&session, path), (vec!["bad-date"], vec![]));
    assert!(!text(&mut session, LIST).contains("新的") && text(&mut session, LIST).contains("甲"));
    // Its address follows what it says of it; a file that cannot be read at all has that of its name.
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\nslug: x\ndate: 那天\n---\n");
    std::fs::write(folder.path().join("content/guides/raw.md"), b"a\xff\xff").unwrap();
    session.update(&FileChanges::from_paths(["content/guides/new.md", "content/guides/raw.md"]));
    assert_eq!(wrong(&session, "guides/x/index.html"), (vec!["bad-date"], vec![]));
    assert_eq!(wrong(&session, "guides/raw/index.html"), (vec!["bad-encoding"], vec![]));
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\n---\n");
    session.update(&FileChanges::from_paths(["content/guides/new.md"]));
    assert!(text(&mut session, path).contains("新的") && !session.has_address("guides/x/index.html"));
}

#[test]
fn a_link_that_another_page_broke_is_told_where_it_stands() {
    let folder = site();
    let mut session = open(folder.path());
    put(folder.path(), "content/guides/b.md", "---\ntitle: 乙\n---\n\n没有小标题了。\n");
    session.update(&FileChanges::from_paths(["content/guides/b.md"]));
    assert_eq!((wrong(&session, A), wrong(&session, B)), ((vec!["broken-anchor"], vec![]), NONE));
    // Both are there, the one with its link as far as it leads.
    assert!(text(&mut session, A).contains("看") && text(&mut session, B).contains("没有小标题了"));
    assert!(text(&mut session, LIST).contains("甲"));
    std::fs::remove_file(folder.path().join("content/guides/b.md")).unwrap();
    session.update(&FileChanges::from_paths(["content/guides/b.md"]));
    assert_eq!(wrong(&session, A), (vec!["broken-link"], vec![]));
    assert!(text(&mut session, A).contains("看") && session.get(B).is_none() && !session.has_address(B));
}

#[test]
fn what_a_page_asks_of_others_wrongly_keeps_its_last_good_text() {
    let folder = site();
    let mut session = open(folder.path());
    put(folder.path(), "content/guides/a.md", "---\ntitle: 改甲\ntemplate: own.html\n---\n\n新。\n");
    session.update(&FileChanges::from_paths(["content/guides/a.md"]));
    assert_eq!(wrong(&session, A), (vec!["template-missing"], vec![]));
    assert!(
        text(&mut session, A).contains("看")
            && text(&mut session, LIST).contains("甲")
            && !text(&mut session, LIST).contains("改甲")
    );
    // What it needs comes: nobody touched the page, and it is good.
    put(folder.path(), "templates/own.html", "{% extends \"theme/page.html\" %}");
    session.update(&FileChanges::from_paths(["templates/own.html"]));
    assert_eq!(wrong(&session, A), NONE);
    assert!(text(&mut session, A).contains("新。") && text(&mut session, LIST).contains("改甲"));
    // What it needs goes: the page stays where it is, with what its template last made of it.
    std::fs::remove_file(folder.path().join("templates/own.html")).unwrap();
    session.update(&FileChanges::from_paths(["templates/own.html"]));
    assert!(wrong(&session, A).0.contains(&"template-missing"));
    assert!(text(&mut session, A).contains("新。") && text(&mut session, LIST).contains("改甲"));
}

#[test]
fn what_settings_get_wrong_stands_over_every_page() {
    let folder = site();
    let mut session = open(folder.path());
    let a = text(&mut session, A);
    put(folder.path(), "site.yaml", "title: 新名\ncolour: 红\n");
    let update = session.update(&FileChanges::from_paths(["site.yaml"]));
    assert_eq!(update.changed, ChangedOutputs::Anything);
    for path in [A, LIST, "404.html"] {
        assert_eq!(wrong(&session, path), (vec![], vec!["bad-colour"]), "{path}");
    }
    assert_eq!(text(&mut session, A), a);
    std::fs::remove_file(folder.path().join("site.yaml")).unwrap();
    session.update(&FileChanges::from_paths(["site.yaml"]));
    assert_eq!(wrong(&session, A).1, ["no-settings"]);
    put(folder.path(), "site.yaml", "title: 新名\n");
    session.update(&FileChanges::from_paths(["site.yaml"]));
    assert_eq!(wrong(&session, A), NONE);
    assert!(text(&mut session, A).contains("新名"));
}

#[test]
fn a_theme_that_cannot_be_read_leaves_the_last_good_one() {
    let folder = site();
    put(folder.path(), "templates/page.html", "{% extends \"theme/page.html\" %}");
    let mut session = open(folder.path());
    let s = "stories/s/index.html";
    let story = text(&mut session, s);
    put(folder.path(), "templates/page.html", "{% extends \"theme/page.html\" %}{% block");
    put(folder.path(), "content/guides/a.md", "---\ntitle: 甲\n---\n\n同时改的。\n");
    session.update(&FileChanges::from_paths(["templates/page.html", "content/guides/a.md"]));
    assert_eq!(wrong(&session, s), (vec![], vec!["template-syntax"]));
    assert_eq!(text(&mut session, s), story);
    assert!(text(&mut session, A).contains("同时改的。"), "pages go on with the last good theme");
    put(
        folder.path(),
        "templates/page.html",
        "{% extends \"theme/page.html\" %}{% block main %}<p>壳</p>{% endblock %}",
    );
    session.update(&FileChanges::from_paths(["templates/page.html"]));
    assert!(text(&mut session, s).contains("壳") && wrong(&session, s) == NONE);
    // One that fails only when it is used shows what it last made.
    put(
        folder.path(),
        "templates/page.html",
        "{% extends \"theme/page.html\" %}{% block main %}{{ page.no.such }}{% endblock %}",
    );
    session.update(&FileChanges::from_paths(["templates/page.html"]));
    assert!(text(&mut session, s).contains("壳"));
    assert_eq!(wrong(&session, s), (vec!["template-failed"], vec![]));
    assert_eq!(wrong(&session, A), NONE);
    // The theme it named goes: the site stays.
    put(folder.path(), "site.yaml", "title: 预览\ntheme: other\n");
    session.update(&FileChanges::from_paths(["site.yaml"]));
    assert_eq!(wrong(&session, A).1, ["no-theme"]);
    assert!(text(&mut session, A).contains("同时改的。"));
}

#[test]
fn a_site_that_was_never_good_waits() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "site.yaml", "colour: 红\n");
    put(folder.path(), "content/a.md", "---\ntitle: 甲\n---\n");
    let mut session = open(folder.path());
    assert!(session.get("a/index.html").is_none());
    assert!(wrong(&session, "a/index.html").1.contains(&"bad-colour"));
    put(folder.path(), "site.yaml", "title: 好了\n");
    session.update(&FileChanges::from_paths(["site.yaml"]));
    assert!(text(&mut session, "a/index.html").contains("甲"));
}

#[test]
fn data_that_cannot_be_read_stands_over_every_page_and_the_last_good_serves() {
    let folder = site();
    put(
        folder.path(),
        "data/targets.yaml",
        "- {id: t, title: 目标一, group: 组, words: 原话, value: {min: 85}, unit: \"%\"}\n",
    );
    put(folder.path(), "content/board.md", "---\ntitle: 板\n---\n\n```{targets}\n```\n");
    let mut session = open(folder.path());
    let board = text(&mut session, "board/index.html");
    assert!(board.contains("目标一"), "{board}");
    put(folder.path(), "data/targets.yaml", "- {id: t, title: 目标一, value: {min: 多}}\n- {\n");
    session.update(&FileChanges::from_paths(["data/targets.yaml"]));
    assert!(!wrong(&session, A).1.is_empty());
    assert_eq!(text(&mut session, "board/index.html"), board);
}

#[test]
fn drafts_and_future_pages_are_there_and_marked() {
    let folder = site();
    put(folder.path(), "content/guides/d.md", "---\ntitle: 草\ndraft: true\n---\n");
    put(folder.path(), "content/guides/f.md", "---\ntitle: 将来\ndate: 2027-01-01\n---\n");
    let mut session = open(folder.path());
    for path in ["guides/d/index.html", "guides/f/index.html"] {
        assert!(text(&mut session, path).contains("未发布"), "{path}: {}", text(&mut session, path));
    }
    assert!(text(&mut session, LIST).contains("将来"));
}

#[test]
fn files_that_are_copied_are_as_they_are_now() {
    let folder = site();
    let mut session = open(folder.path());
    assert_eq!(text(&mut session, "robots-note.txt"), "原样\n");
    put(folder.path(), "static/robots-note.txt", "新的\n");
    assert_eq!(session.update(&FileChanges::from_paths(["static/robots-note.txt"])).changed, ChangedOutputs::Anything);
    assert_eq!(text(&mut session, "robots-note.txt"), "新的\n");
    // Moves of whole folders.
    std::fs::rename(folder.path().join("content/guides"), folder.path().join("content/moved")).unwrap();
    session.update(&FileChanges::all());
    assert!(session.get(A).is_none() && text(&mut session, "moved/a/index.html").contains("甲"));
}

#[test]
fn what_other_media_do_not_take_is_said_on_the_page_that_is_shown() {
    let folder = site();
    put(folder.path(), "site.yaml", "title: 站\noutlets:\n  - {name: 日报, title_max: 5}\n");
    let page = |title: &str| format!("---\ntitle: {title}\n公众号: 是\n---\n\n文。\n");
    put(folder.path(), "content/guides/a.md", &page(&"题".repeat(33)));
    let mut session = open(folder.path());
    assert_eq!(wrong(&session, A), NONE, "not before somebody looks");
    text(&mut session, A);
    assert_eq!(wrong(&session, A), (vec!["outlet-refuses", "wechat-limit"], vec![]));
    text(&mut session, A);
    assert_eq!(wrong(&session, A).0.len(), 2, "they stay with the page that is kept");
    put(folder.path(), "content/guides/a.md", &page("短题"));
    session.update(&FileChanges::from_paths(["content/guides/a.md"]));
    text(&mut session, A);
    assert_eq!(wrong(&session, A), NONE);
}
