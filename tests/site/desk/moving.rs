//! Pages that get another name, go or come back, with all that links to them.

use serde_json::{Value as Json, json};

use super::{TestDesk, encoded, small_site};
use crate::preview::put;

const B: &str = "content/guides/b.md";

fn errors(desk: &TestDesk) -> Json {
    desk.get("findings").json()["errors"].clone()
}

#[test]
fn fifty_links_follow_a_page_that_is_renamed() {
    let folder = small_site();
    let root = folder.path();
    put(
        root,
        "site.yaml",
        "title: 安全\nbase_url: https://example.gov.cn/\nnavigation:\n  - {文字: 乙, 链接: /guides/b.md}  # 导航\n",
    );
    put(root, "content/guides/photo.txt", "附件\n");
    put(
        root,
        B,
        "---\ntitle: 乙\ndate: 2026-11-01\n---\n\n## 怎么办 {#how}\n\n见[甲](a.md)、[附件](photo.txt)、[自己](b.md#how)、[这里](#how)。\n",
    );
    let ways = [
        "[乙](../guides/b.md)",
        "[乙](../guides/b.md#how \"题\")",
        "[乙](/guides/b.md)",
        "[乙][二]，`b.md` 不是链接，b.md 也不是\n\n[二]: ../guides/b.md",
        "<a href=\"../guides/b.md\">乙</a>",
        "[乙](<../guides/b.md>)",
        "[乙](../guides/b)",
        "```{download} ../guides/photo.txt\n```\n\n[乙](../guides/b.md?a=1)",
    ];
    for n in 0..50 {
        let text = format!("---\ntitle: 第{n}页\ndate: 2026-11-01\n---\n\n{}\n", ways[n % ways.len()]);
        put(root, &format!("content/stories/s{n}.md"), &text);
    }
    let desk = TestDesk::on(folder);
    let (before, had) = (desk.site_files(), errors(&desk));
    let plan = desk.done("plan", &json!({ "action": "rename", "path": B, "to": "content/guides/办事.md" }));
    assert_eq!(desk.site_files(), before, "a plan changes nothing");
    assert_eq!(plan["to"], "content/guides/办事.md");
    let changed = plan["files"].as_array().unwrap().iter().filter(|file| file["action"] == "change").count();
    // Fifty pages, the page that linked to it before, and the settings.
    assert_eq!(changed, 52, "{}", plan["summary"]);
    let done = desk.done("do", &json!({ "plan": plan["plan"] }));
    assert_eq!(errors(&desk), had);
    assert_eq!(desk.read("content/guides/a.md"), "---\ntitle: 甲\ndate: 2026-11-01\n---\n\n看[乙](办事.md#how)。\n");
    assert!(desk.read("site.yaml").contains("链接: /guides/办事.md}  # 导航"));
    let moved = desk.read("content/guides/办事.md");
    assert!(moved.contains("见[甲](a.md)、[附件](photo.txt)、[自己](办事.md#how)、[这里](#how)。"), "{moved}");
    assert!(moved.contains("aliases: [\"/guides/b/\"]"), "{moved}");
    assert!(desk.read("content/stories/s3.md").contains("`b.md` 不是链接，b.md 也不是\n\n[二]: ../guides/办事.md"));
    assert!(desk.read("content/stories/s6.md").contains("(../guides/办事)"));
    assert!(!desk.folder.path().join(B).exists());
    for n in 0..50 {
        let text = desk.read(&format!("content/stories/s{n}.md"));
        assert!(text.contains("guides/办事"), "{n}: {text}");
    }
    assert_eq!(desk.get("deleted").json(), json!([]), "it was moved, not deleted");
    // Its versions went along, and the one before the move can be put back at the new place.
    let versions = desk.get(&format!("history?path={}", encoded("content/guides/办事.md"))).json();
    assert_eq!(versions.as_array().unwrap().len(), 2, "{versions}");
    let first = desk.get(&format!("version?id={}", versions[1]["id"].as_str().unwrap())).json();
    assert!(first["text"].as_str().unwrap().contains("[自己](b.md#how)") && first["path"] == B, "{first}");
    desk.done("undo", &json!({ "undo": done["undo"] }));
    assert_eq!(desk.site_files(), before);
    assert_eq!(desk.get("deleted").json(), json!([]));
    // Once.
    assert_eq!(desk.post("do", &json!({ "plan": plan["plan"] })).status, 410);
}

#[test]
fn a_page_that_moves_takes_its_links_along() {
    let folder = small_site();
    let text = "---\ntitle: 深\ndate: 2026-11-01\ntags: [deep, p]\nsummary: 见 p.txt 和 ../b.md\n---\n\n[../b.md](../b.md)、![p.txt](p.txt)，p.txt\n";
    put(folder.path(), "content/guides/deep/x.md", text);
    put(folder.path(), "content/guides/deep/deep/y.md", "---\ntitle: 更\n---\n");
    put(folder.path(), "content/guides/deep/p.txt", "p");
    put(folder.path(), "content/guides/deep/_index.md", "---\ntitle: 更深\n---\n");
    let desk = TestDesk::on(folder);
    let plan = desk
        .done("plan", &json!({ "action": "move", "path": "content/guides/deep/x.md", "to": "content/guides/x.md" }));
    desk.done("do", &json!({ "plan": plan["plan"] }));
    let moved = desk.read("content/guides/x.md");
    assert!(moved.contains("[../b.md](b.md)、![p.txt](deep/p.txt)，p.txt\n"), "{moved}");
    assert!(moved.contains("tags: [deep, p]\nsummary: 见 p.txt 和 ../b.md\n"), "{moved}");
    for (to, code) in [
        ("content/guides/b.md", "taken"),
        ("content/guides/a b.md", "bad-name"),
        ("content/guides/x.md", "same"),
        ("content/guides/_index.md", "bad-name"),
    ] {
        let refused = desk.post("plan", &json!({ "action": "move", "path": "content/guides/x.md", "to": to }));
        assert_eq!((refused.status >= 400, &refused.json()["error"]["code"]), (true, &json!(code)), "{to}");
    }
    let section = desk.post("plan", &json!({ "action": "delete", "path": "content/guides/_index.md" }));
    assert_eq!(section.json()["error"]["code"], "section");
}

#[test]
fn a_page_with_a_folder_of_its_own_is_renamed_with_its_folder() {
    let folder = small_site();
    let root = folder.path();
    let own = "---\ntitle: 夹\ndate: 2026-11-01\n---\n\n[甲](../a.md)、[自己](../bundle/)、[附件](p.txt)、[首页](/_index.md)\n";
    put(root, "content/guides/bundle/index.md", own);
    put(root, "content/guides/bundle/p.txt", "附件");
    put(root, "content/guides/bundle/deep/q.txt", "更深的附件");
    put(root, "content/stories/_index.md", "---\ntitle: 读故事\n---\n");
    let links =
        "[夹](bundle/)、[夹](/guides/bundle/#how)、[夹](bundle/index.md)、[夹](bundle)、[附件](bundle/p.txt)、bundle/";
    put(root, "content/guides/a.md", &format!("---\ntitle: 甲\ndate: 2026-11-01\n---\n\n{links}\n"));
    let desk = TestDesk::on(folder);
    let (before, had) = (desk.site_files(), errors(&desk));
    let index = "content/guides/bundle/index.md";
    // As the desk's page asks: another last part of the path.
    let plan = desk.done("plan", &json!({ "action": "rename", "path": index, "to": "content/guides/bundle/新名.md" }));
    assert_eq!(plan["to"], "content/guides/新名/index.md", "{plan}");
    assert_eq!(plan["summary"][0], "《夹》改名为 guides/新名/（原来是 guides/bundle/）");
    let done = desk.done("do", &json!({ "plan": plan["plan"] }));
    assert_eq!(errors(&desk), had);
    assert!(!desk.folder.path().join("content/guides/bundle").exists());
    let want = "[夹](新名/)、[夹](/guides/新名/#how)、[夹](新名/index.md)、[夹](新名)、[附件](新名/p.txt)、bundle/";
    assert!(desk.read("content/guides/a.md").contains(want), "{}", desk.read("content/guides/a.md"));
    let moved = desk.read("content/guides/新名/index.md");
    assert!(moved.contains("[甲](../a.md)、[自己](../新名/)、[附件](p.txt)、[首页](/_index.md)"), "{moved}");
    assert!(moved.contains("aliases: [\"/guides/bundle/\"]"), "{moved}");
    assert_eq!(
        (desk.read("content/guides/新名/p.txt"), desk.read("content/guides/新名/deep/q.txt")),
        ("附件".into(), "更深的附件".into())
    );
    desk.done("undo", &json!({ "undo": done["undo"] }));
    assert_eq!(desk.site_files(), before);
    // Into another section, with its name.
    let plan = desk.done("plan", &json!({ "action": "move", "path": index, "to": "content/stories/index.md" }));
    assert_eq!(plan["to"], "content/stories/bundle/index.md");
    desk.done("do", &json!({ "plan": plan["plan"] }));
    assert_eq!(errors(&desk), had);
    let moved = desk.read("content/stories/bundle/index.md");
    assert!(moved.contains("[甲](../../guides/a.md)、[自己](../bundle/)、[附件](p.txt)"), "{moved}");
    let index = "content/stories/bundle/index.md";
    for (path, to, code) in [
        (index, "content/stories/bundle/index.md", "same"),
        (index, "content/stories/bundle/bundle.md", "same"),
        (index, "content/stories/bundle/new/index.md", "bad-name"),
        (index, "content/guides/a/index.md", "taken"),
        (index, "a b", "bad-name"),
        // It would be the page of the folder.
        (B, "content/stories/bundle.md", "taken"),
    ] {
        let refused = desk.post("plan", &json!({ "action": "move", "path": path, "to": to }));
        assert_eq!((refused.status >= 400, &refused.json()["error"]["code"]), (true, &json!(code)), "{to}");
    }
}

#[test]
fn only_addresses_change() {
    let folder = small_site();
    let text = "---\ntitle: 丙\ndate: 2026-11-01\n---\n\n<a href=\"b.md\" title=\"b.md\">b.md</a>、[b.md][1]、[看](b.md \"b.md 标题\")、[about][1]\n\n[1]: b.md \"b.md\"\n\n```{timeline}\n- date: 2022年8月\n  title: b.md\n  text: b.md 见[b.md](b.md)，b.md\n```\n";
    put(folder.path(), "content/guides/c.md", text);
    let desk = TestDesk::on(folder);
    let plan = desk.done("plan", &json!({ "action": "rename", "path": B, "to": "新" }));
    desk.done("do", &json!({ "plan": plan["plan"] }));
    let want = text
        .replace("href=\"b.md\"", "href=\"新.md\"")
        .replace("(b.md", "(新.md")
        .replace("[1]: b.md", "[1]: 新.md")
        .replace("title: b.md", "title: 新.md");
    assert_eq!(desk.read("content/guides/c.md"), want);
}

#[test]
fn typed_text_is_never_taken_back_with_a_rename() {
    let desk = TestDesk::on(small_site());
    let plan = desk.done("plan", &json!({ "action": "rename", "path": B, "to": "c" }));
    let done = desk.done("do", &json!({ "plan": plan["plan"] }));
    let page = desk.page("content/guides/c.md");
    desk.done("draft", &json!({ "path": "content/guides/c.md", "text": "打了字", "base_hash": page["hash"] }));
    let refused = desk.post("undo", &json!({ "undo": done["undo"] }));
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (409, &json!("unsaved")));
    assert_eq!(refused.json()["path"], "content/guides/c.md");
    assert_eq!(desk.page("content/guides/c.md")["recovered"]["text"], "打了字");
    let unsaved = |path: &str| {
        let pages = desk.get("pages").json();
        let row = pages["pages"].as_array().unwrap().iter().find(|page| page["path"] == path).cloned();
        row.unwrap()["unsaved"].clone()
    };
    assert_eq!((unsaved("content/guides/c.md"), unsaved("content/guides/a.md")), (json!(true), json!(false)));
    let titled = json!({ "path": "content/guides/c.md", "text": "---\ntitle: 新题\n---\n", "base_hash": page["hash"] });
    desk.done("draft", &titled);
    let message = desk.post("undo", &json!({ "undo": done["undo"] })).json()["error"]["message"].clone();
    assert!(message.as_str().unwrap().contains("《新题》"), "{message}");
    // What was typed back to what is saved stands in nobody's way, and what was refused may be pressed again.
    desk.done("draft", &json!({ "path": "content/guides/c.md", "text": page["text"], "base_hash": page["hash"] }));
    assert_eq!(unsaved("content/guides/c.md"), false);
    desk.done("undo", &json!({ "undo": done["undo"] }));
    assert!(desk.folder.path().join(B).exists());
}

#[test]
fn a_plan_is_refused_when_a_file_changed_since() {
    let desk = TestDesk::on(small_site());
    let plan = desk.done("plan", &json!({ "action": "rename", "path": B, "to": "c" }));
    assert_eq!(plan["to"], "content/guides/c.md");
    put(desk.folder.path(), "content/guides/a.md", "---\ntitle: 别人改的\n---\n");
    let before = desk.site_files();
    assert_eq!(desk.post("do", &json!({ "plan": plan["plan"] })).json()["error"]["code"], "changed-on-disk");
    assert_eq!(desk.site_files(), before);
    // Text that is not saved is not in the plan, either.
    let page = desk.page(B);
    desk.done("draft", &json!({ "path": B, "text": "半", "base_hash": page["hash"] }));
    let refused = desk.post("plan", &json!({ "action": "delete", "path": B }));
    assert_eq!(refused.json()["error"]["code"], "unsaved");
}

#[test]
fn what_was_deleted_comes_back_and_what_is_withdrawn_says_why() {
    let desk = TestDesk::on(small_site());
    let text = desk.read(B);
    let plan = desk.done("plan", &json!({ "action": "delete", "path": B }));
    assert!(plan["summary"].to_string().contains("《甲》"), "{plan}");
    desk.done("do", &json!({ "plan": plan["plan"] }));
    assert!(!desk.folder.path().join(B).exists());
    let deleted = desk.get("deleted").json();
    assert_eq!((&deleted[0]["path"], &deleted[0]["title"]), (&json!(B), &json!("乙")));
    let plan = desk.done("plan", &json!({ "action": "restore", "path": B, "id": deleted[0]["id"] }));
    let done = desk.done("do", &json!({ "plan": plan["plan"] }));
    assert_eq!((desk.read(B), desk.get("deleted").json()), (text.clone(), json!([])));
    desk.done("undo", &json!({ "undo": done["undo"] }));
    assert_eq!(desk.get("deleted").json()[0]["path"], B);
    let plan = desk.done("plan", &json!({ "action": "restore", "path": B }));
    desk.done("do", &json!({ "plan": plan["plan"] }));
    let no_reason = desk.post("plan", &json!({ "action": "delete", "path": B, "withdraw": true }));
    assert_eq!(no_reason.json()["error"]["code"], "no-reason");
    let plan =
        desk.done("plan", &json!({ "action": "delete", "path": B, "withdraw": true, "reason": "电话写错了：已核实" }));
    desk.done("do", &json!({ "plan": plan["plan"] }));
    assert!(
        desk.read(B).contains("撤稿:\n  时间: 2026-11-29\n  原因: \"电话写错了：已核实\"\n---\n"),
        "{}",
        desk.read(B)
    );
    assert_eq!(desk.page(B)["state"], "withdrawn");
}
