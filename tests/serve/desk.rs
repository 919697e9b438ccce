//! The site behind the preview: what each save does to each address.

use std::path::Path;

use puzhi::preview::{Changed, Desk};
use puzhi::source::Changes;
use puzhi_core::base::Clock;

use crate::{put, site};

fn open(root: &Path) -> Desk {
    let today = jiff::civil::date(2026, 11, 22);
    Desk::open(
        root,
        Box::new(move |settings| Clock { today, zone: settings.zone.clone(), zone_name: settings.zone_name.clone() }),
    )
}

fn text(desk: &mut Desk, path: &str) -> String {
    desk.get(path).map(|output| String::from_utf8(output.bytes.to_vec()).unwrap()).unwrap_or_default()
}

/// Codes of what is wrong at `path`: with the page, with the site.
fn wrong(desk: &Desk, path: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let (own, everywhere) = desk.findings(path);
    (own.iter().map(|d| d.code.name).collect(), everywhere.iter().map(|d| d.code.name).collect())
}

const A: &str = "guides/a/index.html";
const B: &str = "guides/b/index.html";
const LIST: &str = "guides/index.html";
const NONE: (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());

#[test]
fn a_save_changes_the_page_and_rendering_waits_until_somebody_looks() {
    let folder = site();
    let mut desk = open(folder.path());
    let first = desk.counters();
    assert_eq!((first.updates, first.changes, first.rendered), (1, 1, 0));
    assert!(text(&mut desk, B).contains("正文乙。"));
    let hash = desk.get(B).unwrap().hash;
    assert_eq!(desk.counters().rendered, 1);
    put(folder.path(), "content/guides/b.md", "---\ntitle: 新乙\n---\n\n## 怎么办 {#how}\n\n改过。\n");
    let update = desk.update(&Changes::of(["content/guides/b.md"]));
    assert_eq!((update.changed, update.diags.iter().filter(|d| d.is_error()).count()), (Changed::Anything, 0));
    assert!(text(&mut desk, B).contains("改过。") && desk.get(B).unwrap().hash != hash);
    assert!(text(&mut desk, LIST).contains("新乙"));
    assert_eq!(desk.counters().rendered, 3);
}

#[test]
fn a_save_that_changes_nothing_costs_nothing() {
    let folder = site();
    let mut desk = open(folder.path());
    text(&mut desk, A);
    let before = desk.counters();
    put(folder.path(), "content/guides/a.md", "---\ntitle: 甲\n---\n\n看[乙](b.md#how)。\n");
    for changes in [Changes::of(["content/guides/a.md"]), Changes::of(["content/4913"]), Changes::all()] {
        assert_eq!(desk.update(&changes).changed, Changed::Nothing, "{changes:?}");
    }
    text(&mut desk, A);
    let after = desk.counters();
    assert_eq!((after.changes, after.parsed, after.rendered), (before.changes, before.parsed, before.rendered));
    assert_eq!(after.updates, before.updates + 3);
}

#[test]
fn a_broken_page_is_shown_as_it_was_with_its_error_and_mends() {
    let folder = site();
    let mut desk = open(folder.path());
    let (a, list) = (text(&mut desk, A), text(&mut desk, LIST));
    put(folder.path(), "content/guides/a.md", "---\ntitle: 坏甲\ndate: 那天\n---\n\n新正文。\n");
    let update = desk.update(&Changes::of(["content/guides/a.md"]));
    assert!(update.diags.iter().any(|d| d.code.name == "bad-date" && d.place.is_some_and(|p| p.line == 3)));
    assert_eq!(wrong(&desk, A), (vec!["bad-date"], vec![]));
    assert_eq!((text(&mut desk, A), text(&mut desk, LIST)), (a, list));
    assert_eq!((wrong(&desk, LIST), wrong(&desk, B)), (NONE, NONE));
    // Others go on changing meanwhile.
    put(folder.path(), "content/guides/b.md", "---\ntitle: 丙\n---\n\n## 怎么办 {#how}\n");
    desk.update(&Changes::of(["content/guides/b.md"]));
    let list = text(&mut desk, LIST);
    assert!(list.contains("丙") && list.contains("甲") && !list.contains("坏甲"));
    put(folder.path(), "content/guides/a.md", "---\ntitle: 好甲\n---\n\n新正文。\n");
    desk.update(&Changes::of(["content/guides/a.md"]));
    assert_eq!(wrong(&desk, A), NONE);
    assert!(text(&mut desk, A).contains("新正文。") && text(&mut desk, LIST).contains("好甲"));
}

#[test]
fn a_page_that_was_never_good_has_only_its_error() {
    let folder = site();
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\ndate: 那天\n---\n");
    let mut desk = open(folder.path());
    let path = "guides/new/index.html";
    assert!(desk.holds(path) && desk.get(path).is_none());
    assert_eq!(wrong(&desk, path), (vec!["bad-date"], vec![]));
    assert!(!text(&mut desk, LIST).contains("新的") && text(&mut desk, LIST).contains("甲"));
    // Its address follows what it says of it; a file that cannot be read at all has that of its name.
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\nslug: x\ndate: 那天\n---\n");
    std::fs::write(folder.path().join("content/guides/raw.md"), b"a\xff\xff").unwrap();
    desk.update(&Changes::of(["content/guides/new.md", "content/guides/raw.md"]));
    assert_eq!(wrong(&desk, "guides/x/index.html"), (vec!["bad-date"], vec![]));
    assert_eq!(wrong(&desk, "guides/raw/index.html"), (vec!["bad-encoding"], vec![]));
    put(folder.path(), "content/guides/new.md", "---\ntitle: 新的\n---\n");
    desk.update(&Changes::of(["content/guides/new.md"]));
    assert!(text(&mut desk, path).contains("新的") && !desk.holds("guides/x/index.html"));
}

#[test]
fn a_link_that_another_page_broke_is_told_where_it_stands() {
    let folder = site();
    let mut desk = open(folder.path());
    put(folder.path(), "content/guides/b.md", "---\ntitle: 乙\n---\n\n没有小标题了。\n");
    desk.update(&Changes::of(["content/guides/b.md"]));
    assert_eq!((wrong(&desk, A), wrong(&desk, B)), ((vec!["broken-anchor"], vec![]), NONE));
    // Both are there, the one with its link as far as it leads.
    assert!(text(&mut desk, A).contains("看") && text(&mut desk, B).contains("没有小标题了"));
    assert!(text(&mut desk, LIST).contains("甲"));
    std::fs::remove_file(folder.path().join("content/guides/b.md")).unwrap();
    desk.update(&Changes::of(["content/guides/b.md"]));
    assert_eq!(wrong(&desk, A), (vec!["broken-link"], vec![]));
    assert!(text(&mut desk, A).contains("看") && desk.get(B).is_none() && !desk.holds(B));
}

#[test]
fn what_a_page_asks_of_others_wrongly_keeps_its_last_good_text() {
    let folder = site();
    let mut desk = open(folder.path());
    put(folder.path(), "content/guides/a.md", "---\ntitle: 改甲\ntemplate: own.html\n---\n\n新。\n");
    desk.update(&Changes::of(["content/guides/a.md"]));
    assert_eq!(wrong(&desk, A), (vec!["template-missing"], vec![]));
    assert!(
        text(&mut desk, A).contains("看")
            && text(&mut desk, LIST).contains("甲")
            && !text(&mut desk, LIST).contains("改甲")
    );
    // What it needs comes: nobody touched the page, and it is good.
    put(folder.path(), "templates/own.html", "{% extends \"theme/page.html\" %}");
    desk.update(&Changes::of(["templates/own.html"]));
    assert_eq!(wrong(&desk, A), NONE);
    assert!(text(&mut desk, A).contains("新。") && text(&mut desk, LIST).contains("改甲"));
    // What it needs goes: the page stays where it is, with what its template last made of it.
    std::fs::remove_file(folder.path().join("templates/own.html")).unwrap();
    desk.update(&Changes::of(["templates/own.html"]));
    assert!(wrong(&desk, A).0.contains(&"template-missing"));
    assert!(text(&mut desk, A).contains("新。") && text(&mut desk, LIST).contains("改甲"));
}

#[test]
fn what_settings_get_wrong_stands_over_every_page() {
    let folder = site();
    let mut desk = open(folder.path());
    let a = text(&mut desk, A);
    put(folder.path(), "site.yaml", "title: 新名\ncolour: 红\n");
    let update = desk.update(&Changes::of(["site.yaml"]));
    assert_eq!(update.changed, Changed::Anything);
    for path in [A, LIST, "404.html"] {
        assert_eq!(wrong(&desk, path), (vec![], vec!["bad-colour"]), "{path}");
    }
    assert_eq!(text(&mut desk, A), a);
    std::fs::remove_file(folder.path().join("site.yaml")).unwrap();
    desk.update(&Changes::of(["site.yaml"]));
    assert_eq!(wrong(&desk, A).1, ["no-settings"]);
    put(folder.path(), "site.yaml", "title: 新名\n");
    desk.update(&Changes::of(["site.yaml"]));
    assert_eq!(wrong(&desk, A), NONE);
    assert!(text(&mut desk, A).contains("新名"));
}

#[test]
fn a_theme_that_cannot_be_read_leaves_the_last_good_one() {
    let folder = site();
    put(folder.path(), "templates/page.html", "{% extends \"theme/page.html\" %}");
    let mut desk = open(folder.path());
    let s = "stories/s/index.html";
    let story = text(&mut desk, s);
    put(folder.path(), "templates/page.html", "{% extends \"theme/page.html\" %}{% block");
    put(folder.path(), "content/guides/a.md", "---\ntitle: 甲\n---\n\n同时改的。\n");
    desk.update(&Changes::of(["templates/page.html", "content/guides/a.md"]));
    assert_eq!(wrong(&desk, s), (vec![], vec!["template-syntax"]));
    assert_eq!(text(&mut desk, s), story);
    assert!(text(&mut desk, A).contains("同时改的。"), "pages go on with the last good theme");
    put(
        folder.path(),
        "templates/page.html",
        "{% extends \"theme/page.html\" %}{% block main %}<p>壳</p>{% endblock %}",
    );
    desk.update(&Changes::of(["templates/page.html"]));
    assert!(text(&mut desk, s).contains("壳") && wrong(&desk, s) == NONE);
    // One that fails only when it is used shows what it last made.
    put(
        folder.path(),
        "templates/page.html",
        "{% extends \"theme/page.html\" %}{% block main %}{{ page.no.such }}{% endblock %}",
    );
    desk.update(&Changes::of(["templates/page.html"]));
    assert!(text(&mut desk, s).contains("壳"));
    assert_eq!(wrong(&desk, s), (vec!["template-failed"], vec![]));
    assert_eq!(wrong(&desk, A), NONE);
    // The theme it named goes: the site stays.
    put(folder.path(), "site.yaml", "title: 预览\ntheme: other\n");
    desk.update(&Changes::of(["site.yaml"]));
    assert_eq!(wrong(&desk, A).1, ["no-theme"]);
    assert!(text(&mut desk, A).contains("同时改的。"));
}

#[test]
fn a_site_that_was_never_good_waits() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "site.yaml", "colour: 红\n");
    put(folder.path(), "content/a.md", "---\ntitle: 甲\n---\n");
    let mut desk = open(folder.path());
    assert!(desk.get("a/index.html").is_none());
    assert!(wrong(&desk, "a/index.html").1.contains(&"bad-colour"));
    put(folder.path(), "site.yaml", "title: 好了\n");
    desk.update(&Changes::of(["site.yaml"]));
    assert!(text(&mut desk, "a/index.html").contains("甲"));
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
    let mut desk = open(folder.path());
    let board = text(&mut desk, "board/index.html");
    assert!(board.contains("目标一"), "{board}");
    put(folder.path(), "data/targets.yaml", "- {id: t, title: 目标一, value: {min: 多}}\n- {\n");
    desk.update(&Changes::of(["data/targets.yaml"]));
    assert!(!wrong(&desk, A).1.is_empty());
    assert_eq!(text(&mut desk, "board/index.html"), board);
}

#[test]
fn drafts_and_future_pages_are_there_and_marked() {
    let folder = site();
    put(folder.path(), "content/guides/d.md", "---\ntitle: 草\ndraft: true\n---\n");
    put(folder.path(), "content/guides/f.md", "---\ntitle: 将来\ndate: 2027-01-01\n---\n");
    let mut desk = open(folder.path());
    for path in ["guides/d/index.html", "guides/f/index.html"] {
        assert!(text(&mut desk, path).contains("未发布"), "{path}: {}", text(&mut desk, path));
    }
    assert!(text(&mut desk, LIST).contains("将来"));
}

#[test]
fn files_that_are_copied_are_as_they_are_now() {
    let folder = site();
    let mut desk = open(folder.path());
    assert_eq!(text(&mut desk, "robots-note.txt"), "原样\n");
    put(folder.path(), "static/robots-note.txt", "新的\n");
    assert_eq!(desk.update(&Changes::of(["static/robots-note.txt"])).changed, Changed::Anything);
    assert_eq!(text(&mut desk, "robots-note.txt"), "新的\n");
    // Moves of whole folders.
    std::fs::rename(folder.path().join("content/guides"), folder.path().join("content/moved")).unwrap();
    desk.update(&Changes::all());
    assert!(desk.get(A).is_none() && text(&mut desk, "moved/a/index.html").contains("甲"));
}
