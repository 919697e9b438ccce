//! A site from nothing, new pages, pictures, searching, handing over.

use std::io::Read;

use serde_json::{Value as Json, json};

use super::{TestDesk, encoded, small_site};
use crate::photos;
use crate::preview::put;
use crate::support::puzhi;

#[test]
fn a_site_is_made_in_an_empty_folder() {
    let desk = TestDesk::on(tempfile::tempdir().unwrap());
    assert_eq!(desk.get("site").json()["empty"], true);
    assert_eq!(desk.post("init", &json!({ "name": " " })).status, 400);
    assert_eq!(desk.post("init", &json!({ "name": "周", "colour": "red;" })).json()["error"]["code"], "bad-colour");
    let answers = json!({ "name": "消防安全宣传", "organiser": "某某县消防救援大队", "colour": "#9b1c1c", "about": "在家、在单位怎样防火" });
    desk.done("init", &answers);
    let site = desk.get("site").json();
    assert_eq!((&site["empty"], &site["title"]), (&json!(false), &json!("消防安全宣传")));
    assert_eq!(desk.get("findings").json()["errors"], 0);
    assert_eq!(desk.post("init", &answers).json()["error"]["code"], "not-empty");
    for sample in ["guides/sample-guide", "events/sample-event", "stories/sample-story"] {
        assert_eq!(desk.page(&format!("content/{sample}.md"))["state"], "draft", "{sample}");
    }
    let made = desk.done("hand-over", &json!({}));
    let (names, _) = unpacked(&desk.get(made["zip"].as_str().unwrap().trim_start_matches("/api/")).bytes);
    assert!(names.iter().any(|name| name == "public/about/about/index.html"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("sample-")), "{names:?}");
    assert!(
        made["unfinished"].as_array().unwrap().iter().any(|found| found["path"] == "content/about/about.md"),
        "{made}"
    );
    let made = desk.done("new", &json!({ "kind": "guide", "title": "灭火器怎么用" }));
    assert_eq!(made["path"], "content/guides/灭火器怎么用.md");
    assert_eq!(desk.page("content/guides/灭火器怎么用.md")["state"], "draft");
    assert_eq!(desk.post("new", &json!({ "kind": "guide", "title": "灭火器怎么用" })).json()["error"]["code"], "taken");
    assert_eq!(desk.post("new", &json!({ "kind": "没有", "title": "x" })).json()["error"]["code"], "bad-kind");
}

#[test]
fn a_folder_with_other_things_gets_no_desk() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "letter.txt", "x");
    let run = puzhi().args(["desk", "--port", "0", "--root"]).arg(folder.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("no-settings"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    // Without arguments and without a terminal and a display it is usage.
    let run = puzhi().env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    let run = puzhi().env("DISPLAY", ":0").arg("--no-such-option").output().unwrap();
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn pictures_lie_beside_their_page_without_what_the_camera_wrote() {
    let desk = TestDesk::on(small_site());
    let photo = photos::Photo { orientation: 6, ..photos::Photo::new(64, 48) }.jpeg();
    let add = |name: &str| {
        desk.post_bytes(&format!("picture?page=content/guides/a.md&name={}", encoded(name)), photo.clone())
    };
    let first = add("..\\..\\现场 照片(1).JPG");
    assert_eq!(first.status, 200, "{}", first.json());
    let first = first.json();
    let link = first["link"].as_str().unwrap();
    assert!(link.ends_with(".jpg") && !link.contains(['/', '\\', ' ', '(']), "{link}");
    let stored = std::fs::read(desk.folder.path().join("content/guides").join(link)).unwrap();
    assert_eq!(photos::left_metadata(&stored), Vec::<&str>::new());
    assert_eq!((&first["width"], &first["height"]), (&json!(64), &json!(48)));
    assert_eq!(add("现场 照片(1).JPG").json()["link"], first["link"], "the same picture again is the same file");
    assert_eq!(desk.post_bytes("picture?page=content/guides/a.md&name=a.png", "no picture").status, 415);
    let script = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    assert_eq!(desk.post_bytes("picture?page=content/guides/a.md&name=a.svg", script).status, 415);
}

#[test]
fn words_and_links_are_found() {
    let folder = small_site();
    put(folder.path(), "content/guides/form.docx", "x");
    let desk = TestDesk::on(folder);
    let found = desk.get(&format!("search?q={}", encoded("正文乙"))).json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["title"], &found[0]["line"]), (1, &json!("乙"), &json!(8)));
    assert!(
        found[0]["extract"].as_array().unwrap().iter().any(|piece| piece["hit"] == true && piece["text"] == "正文乙")
    );
    assert_eq!(desk.get(&format!("search?q={}", encoded("没有的字"))).json(), json!([]));
    let of = |q: &str| desk.get(&format!("link-targets?from=content/guides/a.md&q={}", encoded(q))).json();
    assert_eq!(of("乙")[0]["target"], "b.md");
    assert_eq!(of("how")[0]["target"], "b.md#how");
    assert_eq!((&of("form")[0]["kind"], &of("form")[0]["target"]), (&json!("file"), &json!("form.docx")));
    assert_eq!(of("首页")[0]["target"], "../_index.md");
    let site = desk.get("site").json();
    assert!(site["kinds"].as_array().unwrap().iter().any(|kind| kind["label"] == "指南"), "{site}");
    assert!(site["components"].as_array().unwrap().iter().any(|component| component["name"] == "steps"));
}

/// The files in a zip, and its list.
fn unpacked(bytes: &[u8]) -> (Vec<String>, String) {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names = (0..zip.len()).map(|n| zip.by_index(n).unwrap().name().unwrap().to_string()).collect();
    let mut list = String::new();
    zip.by_name("改动清单.txt").unwrap().read_to_string(&mut list).unwrap();
    (names, list)
}

#[test]
fn the_site_is_handed_over_with_a_list_of_changes() {
    let desk = TestDesk::on(small_site());
    let hand_over = || {
        let made: Json = desk.done("hand-over", &json!({}));
        let zip = desk.get(made["zip"].as_str().unwrap().trim_start_matches("/api/"));
        assert_eq!(zip.status, 200);
        (made, unpacked(&zip.bytes))
    };
    let (made, (names, list)) = hand_over();
    assert!(names.iter().any(|name| name == "public/guides/a/index.html") && list.contains("第一次交付"), "{list}");
    assert_eq!(made["files"].as_u64().unwrap() as usize + 1, names.len());
    let (_, (_, list)) = hand_over();
    assert!(list.contains("和上一次交付完全一样"), "{list}");
    let page = desk.page("content/guides/a.md");
    desk.save("content/guides/a.md", &page["text"].as_str().unwrap().replace("看", "请看"), &page["hash"]);
    desk.done("new", &json!({ "kind": "guide", "title": "草稿一篇" }));
    put(desk.folder.path(), "content/guides/c.md", "---\ntitle: 丙\ndate: 2026-11-02\n---\n\n丙。\n");
    let (_, (_, list)) = hand_over();
    assert!(list.contains("修改《甲》") && list.contains("新增《丙》") && !list.contains("草稿一篇"), "{list}");
    // A site with errors is not handed over.
    put(desk.folder.path(), "content/guides/d.md", "---\ntitle: 丁\ndate: 那天\n---\n");
    let made = desk.done("hand-over", &json!({}));
    assert_eq!((&made["zip"], made["errors"].as_array().unwrap().len()), (&Json::Null, 1));
}

/// The token that a page of the origin `from` gets for a code from the desk at `origin`; empty if it gets none.
#[cfg(target_os = "linux")]
fn token_for(origin: &str, from: &str, code: &str) -> String {
    use std::io::Write;
    let host = origin.trim_start_matches("http://");
    let body = json!({ "code": code }).to_string();
    let length = body.len();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "POST /api/token HTTP/1.1\r\nHost: {host}\r\nOrigin: {from}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str::<Json>(body).unwrap()["token"].as_str().unwrap_or_default().to_string()
}

/// The command that opens addresses on this system is one that only writes them down.
#[cfg(target_os = "linux")]
#[test]
fn a_double_click_opens_the_desk() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;

    let folder = small_site();
    let bin = tempfile::tempdir().unwrap();
    let (opener, opened) = (bin.path().join("xdg-open"), bin.path().join("opened"));
    std::fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display())).unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
    let start = |display: &str| {
        let mut command = puzhi();
        command.current_dir(folder.path()).env("PATH", &path).env_remove("WAYLAND_DISPLAY").env("DISPLAY", display);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // Cron and CI have no display.
    assert_eq!(start("").wait().unwrap().code(), Some(2));
    let mut child = start(":0");
    let url = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        std::fs::read_to_string(&opened).ok().filter(|url| url.ends_with('\n'))
    });
    // What other users of the machine may see is worth a token once.
    let own = url.as_deref().and_then(|url| url.split_once("/#once-")).map(|(origin, code)| (origin, code.trim()));
    let exchanged = own.map(|(origin, code)| {
        [("http://evil.example", code), (origin, &code[1..]), (origin, code), (origin, code)]
            .map(|(from, code)| token_for(origin, from, code))
    });
    let _ = child.kill();
    let _ = child.wait();
    let exchanged = exchanged.expect("a browser was opened");
    assert!(exchanged[0].is_empty() && exchanged[1].is_empty() && exchanged[3].is_empty(), "{exchanged:?}");
    assert!(exchanged[2].len() == 64 && !url.unwrap_or_default().contains(&exchanged[2]));
}
