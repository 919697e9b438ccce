//! Who may ask the desk, and what it never does.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::{ORIGIN, TestDesk, small_site};
use crate::preview::{put, tree};

const NAMES: [&str; 6] = ["site", "pages", "page?path=content/guides/a.md", "findings", "deleted", "changes"];
const POSTS: [&str; 10] =
    ["draft", "save", "discard", "front-matter", "new", "plan", "do", "restore", "init", "hand-over"];

#[test]
fn only_the_own_page_is_answered() {
    let desk = TestDesk::on(small_site());
    let before = desk.site_files();
    let with = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri(format!("/api/{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        desk.send(request.body(Body::from("{}")).unwrap()).status
    };
    let (host, token) = (("host", "127.0.0.1:8766"), ("x-desk-token", desk.token.as_str()));
    let wrong = "0".repeat(64);
    for name in NAMES {
        assert_eq!(with("GET", name, &[host, token]), 200, "{name}");
        for headers in [
            &[host][..],
            &[host, ("x-desk-token", "")],
            &[host, ("x-desk-token", &wrong)],
            &[host, ("x-desk-token", &desk.token[..63])],
            &[host, token, token],
            &[host, token, ("origin", "http://evil.example")],
            &[host, token, ("origin", "http://127.0.0.1:8767")],
            &[host, token, ("origin", "null")],
            &[token],
            &[("host", "evil.example:8766"), token],
            &[("host", "127.0.0.1:8767"), token],
            &[host, ("host", "evil.example"), token],
        ] {
            assert_eq!(with("GET", name, headers), 403, "{name} {headers:?}");
        }
    }
    for name in POSTS {
        for headers in [
            &[host, token][..],
            &[host, ("origin", ORIGIN)],
            &[host, token, ("origin", "http://127.0.0.1:8767")],
            &[host, token, ("origin", "http://evil.example")],
            &[host, token, ("origin", "null")],
            &[host, token, ("origin", ORIGIN), ("origin", ORIGIN)],
            &[("host", "evil.example"), token, ("origin", ORIGIN)],
        ] {
            assert_eq!(with("POST", name, headers), 403, "{name} {headers:?}");
        }
    }
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"] {
        assert_eq!(with(method, "pages", &[host, token, ("origin", ORIGIN)]), 405, "{method}");
    }
    assert!(desk.site_files() == before);
}

#[test]
fn every_answer_forbids_what_the_page_does_not_need() {
    let desk = TestDesk::on(small_site());
    for path in ["/", "/api/pages", "/nothing", "/api/nothing"] {
        let reply = desk.send(desk.request("GET", path).body(Body::empty()).unwrap());
        let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-src http://127.0.0.1:8767;"), "{policy}");
        assert!(policy.contains("form-action 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!((header("x-frame-options"), header("x-content-type-options")), ("DENY", "nosniff"));
        assert_eq!((header("referrer-policy"), header("cache-control")), ("no-referrer", "no-store"));
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path}");
        // The token is in no answer.
        assert!(!String::from_utf8_lossy(&reply.bytes).contains(&desk.token));
    }
    let index = desk.send(desk.request("GET", "/").body(Body::empty()).unwrap());
    assert_eq!(index.status, 200);
    assert_eq!(desk.send(desk.request("POST", "/").body(Body::empty()).unwrap()).status, 405);
}

#[test]
fn the_previewed_site_is_framed_by_the_desk_alone_and_learns_nothing_of_it() {
    let folder = small_site();
    let script = "<script>parent.postMessage(1, '*')</script>";
    put(folder.path(), "static/evil.html", script);
    put(folder.path(), "static/evil.js", "fetch('http://127.0.0.1:8766/api/pages')");
    let desk = TestDesk::on(folder);
    for path in ["/", "/guides/a/", "/evil.html", "/evil.js", "/no", "/__puzhi/client.js"] {
        let request = Request::builder().uri(path).header("host", "127.0.0.1:8767").body(Body::empty()).unwrap();
        let reply = desk.send_to_preview(request);
        let policy = reply.headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert_eq!(policy, "frame-ancestors 'self' http://127.0.0.1:8766 http://localhost:8766");
        assert!(!reply.headers.contains_key("x-frame-options"), "{path}");
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path}");
        assert_eq!(reply.headers.get("cross-origin-resource-policy").unwrap(), "same-origin");
        let text = String::from_utf8_lossy(&reply.bytes);
        assert!(!text.contains(&desk.token) && (path == "/evil.js" || !text.contains("8766")), "{path}");
    }
    // The preview has no requests that write.
    for name in POSTS {
        let request = Request::builder().method("POST").uri(format!("/api/{name}")).header("host", "127.0.0.1:8767");
        let request = request.header("x-desk-token", &desk.token).body(Body::from("{}")).unwrap();
        assert_eq!(desk.send_to_preview(request).status, 405, "{name}");
    }
}

#[test]
fn no_path_leads_out() {
    let desk = TestDesk::on(small_site());
    let root = desk.folder.path();
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "a.md", "geheim");
    put(root, ".git/config", "geheim");
    put(root, "public/index.html", "geheim");
    put(root, "content/releases.lock.yaml", "version: 1\narticles: []\nfiles: []\nlists: []\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), root.join("content/out")).unwrap();
    let before = (tree(outside.path()), std::fs::read(root.join(".git/config")).unwrap());
    for path in [
        "../a.md",
        "content/../../a.md",
        "/etc/passwd",
        "content//guides/a.md",
        "content/./a.md",
        "",
        "content",
        "C:/a.md",
        "content/out/a.md",
        "content/out/new.md",
        ".git/config",
        "public/index.html",
        "history/log/x.log",
        "themes/x/a.html",
        "templates/page.html",
        ".puzhi/x",
        "README.md",
        "content/.hidden.md",
        "content/releases.lock.yaml",
        "content/a\0.md",
        "content/CON.md",
        "content\\a.md",
    ] {
        let read = desk.get(&format!("page?path={}", super::encoded(path)));
        assert!(read.status >= 400 && !String::from_utf8_lossy(&read.bytes).contains("geheim"), "{path:?}");
        for (name, body) in [
            ("save", json!({ "path": path, "text": "x", "base_hash": null })),
            ("draft", json!({ "path": path, "text": "x", "base_hash": null })),
            ("plan", json!({ "action": "move", "path": "content/guides/a.md", "to": path })),
            ("plan", json!({ "action": "delete", "path": path })),
        ] {
            let reply = desk.post(name, &body);
            // Without a folder it is another name for the page.
            let is_name = name == "plan" && path == "content";
            assert!(reply.status >= 400 || is_name, "{name} {path:?}: {}", reply.json());
        }
        let picture = desk.post_bytes(&format!("picture?page={}&name=a.png", super::encoded(path)), vec![1, 2, 3]);
        assert!(picture.status >= 400, "{path:?}");
    }
    assert_eq!((tree(outside.path()), std::fs::read(root.join(".git/config")).unwrap()), before);
    assert!(!root.join("content/out").join("new.md").exists());
}

#[test]
fn what_is_too_large_is_refused() {
    let desk = TestDesk::on(small_site());
    let text = "x".repeat(5 << 20);
    let reply = desk.post("draft", &json!({ "path": "content/guides/a.md", "text": text, "base_hash": null }));
    assert_eq!(reply.status, 413);
    assert_eq!(desk.post_bytes("picture?page=content/guides/a.md&name=a.png", vec![0; 33 << 20]).status, 413);
    for body in ["", "{", "[]", "{\"path\": 1}", "null"] {
        assert_eq!(desk.post_bytes("save", body).status, 400, "{body}");
    }
}
