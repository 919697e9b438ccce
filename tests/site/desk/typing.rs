//! What a key costs and where its findings stand; what is recorded at hand-over; what is left of a plan that was cut off; a stolen start.

use axum::body::Body;
use puzhi::desk::Token;
use puzhi_core::base::ContentHash;
use serde_json::{Value as Json, json};

use super::{TestDesk, small_site};
use crate::preview::put;

const A: &str = "content/guides/a.md";

impl TestDesk {
    fn preview(&self, path: &str) -> super::Reply {
        let request = axum::http::Request::builder().uri(path).header("host", "127.0.0.1:8767");
        self.send_to_preview(request.body(Body::empty()).unwrap())
    }

    fn counted(&self, name: &str) -> u64 {
        self.preview("/__puzhi/status").json()[name].as_u64().unwrap()
    }
}

#[test]
fn a_key_parses_and_renders_one_page_however_many_there_are() {
    let folder = small_site();
    for n in 0..60 {
        put(
            folder.path(),
            &format!("content/guides/p{n}.md"),
            &format!("---\ntitle: 第 {n} 页\ndate: 2026-10-01\n---\n\n看[甲](a.md)。\n"),
        );
    }
    let desk = TestDesk::on(folder);
    let page = desk.page(A);
    let type_text = |words: &str| {
        let text = format!("{}{words}\n", page["text"].as_str().unwrap());
        desk.done("draft", &json!({ "path": A, "text": text, "base_hash": page["hash"], "sequence": 1 }));
        let shown = desk.preview("/guides/a/");
        assert!(String::from_utf8(shown.bytes).unwrap().contains(words), "{words}");
    };
    type_text("先写一句");
    for words in ["一", "一二", "一二三四五六七八九十"] {
        let before = (desk.counted("parsed"), desk.counted("rendered"));
        type_text(words);
        assert_eq!((desk.counted("parsed"), desk.counted("rendered")), (before.0 + 1, before.1 + 1), "{words}");
    }
}

#[test]
fn findings_of_links_stand_where_the_text_has_them_now() {
    let desk = TestDesk::on(small_site());
    let page = desk.page(A);
    for before in ["", "\n\n\n", "长长的一段。\n\n", "\n", "𠮷😀\n\n- 一条\n"] {
        let text = format!("---\ntitle: 甲\ndate: 2026-11-01\n---\n\n{before}看[没有的](nowhere.md)。\n");
        let answer = desk.done("draft", &json!({ "path": A, "text": text, "base_hash": page["hash"], "sequence": 1 }));
        let found = answer["diagnostics"].as_array().unwrap().iter().find(|diag| diag["code"] == "broken-link");
        let found = found.unwrap_or_else(|| panic!("{before:?}: {answer}"));
        let units: Vec<u16> = text.encode_utf16().collect();
        let place = |name: &str| found[name].as_u64().unwrap() as usize;
        let marked = String::from_utf16_lossy(&units[place("from")..place("to")]);
        assert_eq!(marked, "[没有的](nowhere.md)", "{before:?}");
    }
}

#[test]
fn what_is_handed_over_is_recorded_once_it_is_fetched() {
    let desk = TestDesk::on(small_site());
    let made = desk.done("hand-over", &json!({}));
    let log = "content/releases.lock.yaml";
    assert_eq!(desk.read(log), "", "nothing was handed over yet");
    let fetch = |made: &Json| desk.get(made["zip"].as_str().unwrap().trim_start_matches("/api/")).status;
    assert_eq!(fetch(&made), 200);
    assert!(desk.read(log).contains("/guides/a/") && desk.read(log).contains("/guides/b/"), "{}", desk.read(log));
    // An address that readers know is named when it is gone, and stays in the log.
    std::fs::remove_file(desk.folder.path().join("content/guides/b.md")).unwrap();
    put(desk.folder.path(), A, "---\ntitle: 甲\ndate: 2026-11-01\n---\n\n正文。\n");
    let made = desk.done("hand-over", &json!({}));
    assert!(made["lost"].to_string().contains("/guides/b/"), "{made}");
    let before = desk.read(log);
    assert_eq!(fetch(&made), 200);
    assert_eq!(desk.read(log), before);
}

#[test]
fn a_page_whose_new_place_is_taken_stays_when_a_plan_is_finished() {
    let desk = TestDesk::on(small_site());
    let text = desk.page(A)["text"].as_str().unwrap().to_string();
    let TestDesk { folder, open, runtime, .. } = desk;
    drop((open, runtime));
    let hash = ContentHash::of(text.as_bytes()).to_string();
    let new = "content/guides/new.md";
    put(folder.path(), new, "---\ntitle: 别人的\ndate: 2026-11-01\n---\n\n别人写的。\n");
    let journal = json!({ "note": "改名", "files": [
        { "path": new, "before": null, "after": hash, "moved_to": null },
        { "path": A, "before": hash, "after": null, "moved_to": new },
    ] });
    put(folder.path(), "history/plan.json", &journal.to_string());
    let again = TestDesk::on(folder);
    assert_eq!(again.read(A), text);
    assert!(again.read(new).contains("别人写的"));
}

#[test]
fn a_code_that_two_exchange_ends_the_desk() {
    let folder = small_site();
    let code = Token::random().unwrap();
    let desk = TestDesk::with_code(folder, Some(code.clone()));
    let exchange = || {
        let request = desk.request("POST", "/api/token").header("origin", super::ORIGIN);
        desk.send(request.body(Body::from(json!({ "code": code.to_string() }).to_string())).unwrap())
    };
    let first = exchange();
    assert_eq!((first.status, first.json()["token"].as_str()), (200, Some(desk.token.as_str())));
    assert_eq!(desk.get("pages").status, 200);
    let second = exchange();
    assert_eq!((second.status, second.json()["error"]["code"].as_str()), (403, Some("stolen")));
    // Whoever was first has the token, which is worth nothing from now on.
    let page = json!({ "path": A, "text": "x", "base_hash": null });
    assert_eq!((desk.get("pages").status, desk.post("save", &page).status), (403, 403));
}
