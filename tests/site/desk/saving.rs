//! Texts that are typed and saved: nothing of them is lost, whoever else writes.

use serde_json::{Value as Json, json};

use super::{TestDesk, encoded, small_site};
use crate::preview::put;
use puzhi::desk::Token;

const A: &str = "content/guides/a.md";

#[test]
fn what_is_typed_is_shown_and_saved_as_the_file_was() {
    let folder = small_site();
    put(folder.path(), A, "\u{FEFF}---\r\ntitle: 甲\r\ndate: 2026-11-01\r\n---\r\n\r\n旧𠮷😀\r\n");
    let desk = TestDesk::on(folder);
    let page = desk.page(A);
    let text = page["text"].as_str().unwrap().to_string();
    assert!(!text.contains('\r') && page["state"] == "public" && page["url"] == "/guides/a/", "{page}");
    // A finding behind characters of two code units, in the browser's offsets, and an error.
    let typed = text.replace("旧𠮷😀", "旧𠮷😀[丙](c.md)").replace("2026-11-01", "那天");
    let draft = desk.done("draft", &json!({ "path": A, "text": typed, "base_hash": page["hash"], "sequence": 7 }));
    assert_eq!((&draft["sequence"], &draft["state"]), (&json!(7), &json!("error")));
    let found = draft["diagnostics"].as_array().unwrap().iter().find(|found| found["line"] == 6).unwrap();
    let units: Vec<u16> = typed.encode_utf16().collect();
    let marked = &units[found["from"].as_u64().unwrap() as usize..found["to"].as_u64().unwrap() as usize];
    assert!(String::from_utf16_lossy(marked).contains("c.md"), "{found}");
    assert!(!desk.read(A).contains("c.md"), "a draft is not on the disk");
    let saved = desk.save(A, &typed.replace("[丙](c.md)", "新").replace("那天", "2026-11-01"), &page["hash"]);
    assert_eq!(saved.status, 200);
    assert_eq!(saved.json()["state"], "public");
    assert_eq!(desk.read(A), "\u{FEFF}---\r\ntitle: 甲\r\ndate: 2026-11-01\r\n---\r\n\r\n旧𠮷😀新\r\n");
}

#[test]
fn unsaved_texts_outlive_the_program() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    desk.done("draft", &json!({ "path": A, "text": "打了一半", "base_hash": page["hash"] }));
    let TestDesk { folder, .. } = desk;
    let again = TestDesk::on(folder);
    let page = again.page(A);
    assert_eq!((&page["recovered"]["text"], &page["recovered"]["base_hash"]), (&json!("打了一半"), &page["hash"]));
    assert!(page["text"].as_str().unwrap().contains("看[乙]"));
    again.done("discard", &json!({ "path": A }));
    assert_eq!(again.page(A)["recovered"], Json::Null);
    // What was dropped is among the versions.
    let versions = again.get(&format!("history?path={}", encoded(A))).json();
    assert!(versions.as_array().unwrap().iter().any(|version| version["note"] == "没有保存就放弃的字"), "{versions}");
}

#[test]
fn what_others_changed_is_merged_and_never_overwritten() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    let text = page["text"].as_str().unwrap();
    let theirs = text.replace("title: 甲", "title: 甲甲");
    put(desk.folder.path(), A, &theirs);
    let mine = format!("{text}\n我的一段。\n");
    let refused = desk.save(A, &mine, &page["hash"]);
    assert_eq!(refused.status, 409);
    let refused = refused.json();
    assert_eq!(refused["error"]["code"], "changed-on-disk");
    assert_eq!(refused["merged"]["text"], json!(format!("{theirs}\n我的一段。\n")));
    assert_eq!(refused["merged"]["conflicts"], json!([]));
    assert_eq!(desk.read(A), theirs);
    // Both changed the same line.
    let mine = text.replace("title: 甲", "title: 我的");
    let refused = desk.save(A, &mine, &page["hash"]).json();
    let conflict = &refused["merged"]["conflicts"][0];
    assert_eq!((&conflict["mine"], &conflict["theirs"]), (&json!("title: 我的\n"), &json!("title: 甲甲\n")));
    let saved = desk.save(A, &mine, &refused["theirs"]["hash"]);
    assert_eq!((saved.status, desk.read(A)), (200, mine));
    // The text of the others is a version.
    let versions = desk.get(&format!("history?path={}", encoded(A))).json();
    let of_disk = versions.as_array().unwrap().iter().find(|version| version["by"] == "disk").unwrap();
    let version = desk.get(&format!("version?id={}", of_disk["id"].as_str().unwrap())).json();
    assert_eq!(version["text"], json!(theirs));
    // A file that is gone is not made again unasked.
    let page = desk.page(A);
    std::fs::remove_file(desk.folder.path().join(A)).unwrap();
    let gone = desk.save(A, "新", &page["hash"]);
    assert_eq!((gone.status, &gone.json()["theirs"]), (409, &Json::Null));
    assert_eq!(desk.save(A, "新", &Json::Null).status, 200);
}

#[test]
fn versions_are_listed_compared_and_put_back() {
    let desk = TestDesk::on(small_site());
    let first = desk.page(A);
    let text = first["text"].as_str().unwrap().to_string();
    let saved = desk.save(A, &text.replace("看", "请看"), &first["hash"]).json();
    let saved = desk.save(A, &text.replace("看", "请再看"), &saved["hash"]).json();
    assert_eq!(desk.save(A, &text.replace("看", "请再看"), &saved["hash"]).status, 200);
    let versions = desk.get(&format!("history?path={}", encoded(A))).json();
    let versions = versions.as_array().unwrap();
    assert_eq!(versions.len(), 3, "{versions:?}");
    assert_eq!(
        (&versions[0]["added"], &versions[0]["removed"], &versions[2]["by"]),
        (&json!(1), &json!(0), &json!("disk"))
    );
    let id = versions[2]["id"].as_str().unwrap();
    let difference = desk.get(&format!("difference?path={}&from={id}&to=now", encoded(A))).json();
    let added: Vec<&Json> =
        difference["pieces"].as_array().unwrap().iter().filter(|piece| piece["kind"] == "added").collect();
    assert_eq!(added.len(), 1);
    assert_eq!(added[0]["text"], "请再");
    desk.done("restore", &json!({ "path": A, "id": id }));
    assert_eq!(desk.read(A), text);
    assert_eq!(desk.get(&format!("history?path={}", encoded(A))).json().as_array().unwrap().len(), 4);
    assert_eq!(desk.get("version?id=0000").status, 404);
}

#[test]
fn the_form_changes_its_lines_alone() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    let text = "---\n# 头\ntitle: 甲  # 题\n标签: [乙]\n---\n\n正文\n";
    let changes = json!([{ "key": "title", "value": "新" }, { "key": "tags", "value": ["乙", "丙"] }, { "key": "draft", "value": true }]);
    let changed = desk.done("front-matter", &json!({ "path": A, "text": text, "changes": changes }));
    assert_eq!(changed["text"], "---\n# 头\ntitle: 新  # 题\n标签: [乙, 丙]\n草稿: 是\n---\n\n正文\n");
    let fields: Vec<&str> =
        changed["fields"].as_array().unwrap().iter().filter_map(|field| field["key"].as_str()).collect();
    assert_eq!(fields, ["title", "tags", "draft"]);
    assert!(
        page["fields"].as_array().unwrap().iter().any(|field| field["key"] == "date" && field["value"] == "2026-11-01")
    );
}

#[test]
fn a_file_in_another_encoding_keeps_it() {
    let folder = small_site();
    let units =
        |text: &str| -> Vec<u8> { ["\u{FEFF}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect() };
    std::fs::write(folder.path().join(A), units("---\r\ntitle: 甲\r\n---\r\n")).unwrap();
    std::fs::write(folder.path().join("content/guides/b.md"), b"\xBC\xD7\xD2\xD2\n").unwrap();
    let desk = TestDesk::on(folder);
    let page = desk.page(A);
    let saved = desk.save(A, &format!("{}字\n", page["text"].as_str().unwrap()), &page["hash"]).json();
    assert_eq!(saved["notice"], Json::Null, "{saved}");
    let bytes = std::fs::read(desk.folder.path().join(A)).unwrap();
    assert_eq!(bytes, units("---\r\ntitle: 甲\r\n---\r\n字\r\n"));
    let b = "content/guides/b.md";
    let page = desk.page(b);
    assert_eq!(page["text"], "甲乙\n");
    let saved = desk.save(b, "乙甲\n", &page["hash"]).json();
    assert_eq!(
        (&saved["notice"], std::fs::read(desk.folder.path().join(b)).unwrap()),
        (&Json::Null, b"\xD2\xD2\xBC\xD7\n".to_vec())
    );
    // In GB 18030 it would be read as something else.
    let saved = desk.save(b, "专", &saved["hash"]).json();
    assert!(saved["notice"].is_string() && desk.read(b) == "专", "{saved}");
}

#[test]
fn two_desks_see_each_other() {
    let first = TestDesk::on(small_site());
    let token = Token::random().unwrap();
    let second = first.runtime.block_on(TestDesk::open(first.folder.path(), token.clone(), "乙"));
    let page = first.page(A);
    first.done("open", &json!({ "path": A }));
    first.done("draft", &json!({ "path": A, "text": "甲打的字", "base_hash": page["hash"] }));
    let second_token = token.to_string();
    let ask = |name: &str, body: Json| {
        let request =
            axum::http::Request::builder().method("POST").uri(format!("/api/{name}")).header("host", "127.0.0.1:8766");
        let request = request.header("x-desk-token", &second_token).header("origin", super::ORIGIN);
        let request = request.body(axum::body::Body::from(body.to_string())).unwrap();
        first.runtime.block_on(async {
            let response = tower::ServiceExt::oneshot(second.desk.clone(), request).await.unwrap();
            let status = response.status().as_u16();
            let bytes = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
            (status, serde_json::from_slice::<Json>(&bytes).unwrap())
        })
    };
    let (_, opened) = ask("open", json!({ "path": A }));
    assert_eq!(opened["read_only"]["by"], "甲");
    // The text that the first types is no text of before for the second, and is not the second's to drop.
    for name in ["save", "draft", "discard"] {
        let (status, refused) = ask(name, json!({ "path": A, "text": "x", "base_hash": page["hash"] }));
        assert_eq!((status, &refused["error"]["code"]), (409, &json!("held")));
    }
    assert_eq!(first.page(A)["recovered"]["text"], "甲打的字");
    // The first lets go of the page.
    first.done("discard", &json!({ "path": A }));
    first.done("open", &json!({ "path": null }));
    let (_, opened) = ask("open", json!({ "path": A }));
    assert_eq!(opened["read_only"], Json::Null);
    assert_eq!(ask("save", json!({ "path": A, "text": "x", "base_hash": page["hash"] })).0, 200);
    assert_eq!(first.get("changes?since=0").json()["desks"][0]["by"], "乙");
}

#[test]
fn no_text_of_an_earlier_sitting_is_typed_over() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    let draft = |text: &str| desk.done("draft", &json!({ "path": A, "text": text, "base_hash": page["hash"] }));
    draft("昨天打的一段");
    // The page is opened again, and something else is typed without a look at what was there.
    assert_eq!(desk.page(A)["recovered"]["text"], "昨天打的一段");
    draft("x");
    draft("xy");
    let versions = desk.get(&format!("history?path={}", encoded(A))).json();
    let kept: Vec<&Json> = versions.as_array().unwrap().iter().filter(|version| version["by"] == "desk").collect();
    assert_eq!((kept.len(), &kept[0]["note"]), (1, &json!("上一次没有保存的字")));
    let text = desk.get(&format!("version?id={}", kept[0]["id"].as_str().unwrap())).json();
    assert_eq!(text["text"], "昨天打的一段");
}

#[test]
fn a_page_that_is_opened_again_has_the_findings_of_its_text() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    let typed = format!("{}\n见 https：//example.org 。\n", page["text"].as_str().unwrap());
    let draft = desk.done("draft", &json!({ "path": A, "text": typed, "base_hash": page["hash"] }));
    assert_eq!(draft["diagnostics"].as_array().unwrap().len(), 1, "{draft}");
    let again = desk.page(A);
    assert_eq!((&again["text"], &again["diagnostics"]), (&page["text"], &json!([])));
}

#[test]
fn what_went_while_it_was_typed_can_come_back() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    desk.done("draft", &json!({ "path": A, "text": "---\ntitle: 打了字\n---\n", "base_hash": page["hash"] }));
    std::fs::remove_file(desk.folder.path().join(A)).unwrap();
    let deleted = desk.get("deleted").json();
    assert_eq!((deleted.as_array().unwrap().len(), &deleted[0]["title"]), (1, &json!("打了字")));
    let plan = desk.done("plan", &json!({ "action": "restore", "path": A, "id": deleted[0]["id"] }));
    desk.done("do", &json!({ "plan": plan["plan"] }));
    assert_eq!(desk.read(A), "---\ntitle: 打了字\n---\n");
    // A file that another program removed and nobody typed in is listed as well.
    std::fs::remove_file(desk.folder.path().join(A)).unwrap();
    assert_eq!(desk.get("deleted").json()[0]["path"], A);
}

#[test]
fn a_form_that_cannot_change_a_value_says_which() {
    let desk = TestDesk::on(small_site());
    let form = |text: &str, key: &str, value: Json| {
        desk.post("front-matter", &json!({ "path": A, "text": text, "changes": [{ "key": key, "value": value }] }))
    };
    let twice = form("---\n草稿: 是\ndraft: false\n---\n", "draft", json!(true));
    let message = twice.json()["error"]["message"].as_str().unwrap_or_default().to_string();
    assert!(twice.status == 409 && message.contains("“草稿”"), "{message}");
    let lines = form("---\n摘要: 一  # 注\n标题: 甲\n---\n", "summary", json!("一行\n\n二：行"));
    assert_eq!(lines.json()["text"], "---\n摘要: |-  # 注\n  一行\n\n  二：行\n标题: 甲\n---\n");
    let back = form(lines.json()["text"].as_str().unwrap(), "summary", json!("一行"));
    assert_eq!(back.json()["text"], "---\n摘要: 一行\n标题: 甲\n---\n");
    let new = form("---\n标题: 甲\n---\n", "summary", json!("一\n二"));
    assert_eq!(new.json()["text"], "---\n标题: 甲\n摘要: |-\n  一\n  二\n---\n");
}
