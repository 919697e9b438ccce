//! Requests that a page of somebody else, or a crooked address, could send.

use super::{Server, put, site};

/// Addresses and the only status each may get.
const ADDRESSES: &[(&str, u16)] = &[
    ("/../site.yaml", 400),
    ("/guides/../../site.yaml", 400),
    ("/./guides/a/", 400),
    ("/%2e%2e/site.yaml", 400),
    ("/%2E%2e%2Fsite.yaml", 400),
    ("/.%2e/site.yaml", 400),
    ("/guides/%2e%2e%2f%2e%2e%2fsite.yaml", 400),
    ("/%5c..%5csite.yaml", 400),
    ("/..%5Csite.yaml", 400),
    ("/guides%5ca/", 400),
    ("/C:/Windows/win.ini", 400),
    ("/c%3a%5cwindows", 400),
    ("//etc/passwd", 400),
    ("/%2fetc%2fpasswd", 400),
    ("/guides//a/", 400),
    ("/a%00b", 400),
    ("/guides/a/index.html%00.txt", 400),
    ("/CON", 400),
    ("/con.txt", 400),
    ("/guides/aux/", 400),
    ("/nul.html", 400),
    ("/COM1", 400),
    ("/lpt9.md", 400),
    ("/guides/a./", 400),
    ("/guides/a%20/", 400),
    ("/%ff%fe", 400),
    ("/%c0%ae%c0%ae/site.yaml", 400),
    ("/a%0d%0aSet-Cookie:x", 400),
    // Decoded once, they are names of files that are not there.
    ("/%252e%252e/site.yaml", 404),
    ("/etc/passwd", 404),
    ("/site.yaml", 404),
    ("/content/guides/a.md", 404),
    ("/secret.txt", 404),
    ("/.git/config", 404),
    ("/__puzhi/", 404),
    ("/__puzhi/other", 404),
];

#[test]
fn crooked_addresses_get_nothing() {
    let folder = site();
    put(folder.path(), "secret.txt", "geheim");
    put(folder.path(), ".git/config", "geheim");
    put(folder.path(), "public/old.html", "geheim");
    let server = Server::start(folder.path(), &[]);
    let mut wrong = Vec::new();
    for (path, status) in ADDRESSES.iter().copied().chain([("/public/old.html", 404), ("/old.html", 404)]) {
        let reply = server.get(path);
        if reply.status != status
            || reply.body.contains("geheim")
            || reply.body.contains("title: 预览")
            || reply.head.contains("set-cookie")
        {
            wrong.push(format!("{path}: {} {}", reply.status, reply.body));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What no address can be does not even reach the checks.
    for path in ["/guides\\..\\a", "/a\0b", "*", "site.yaml", ""] {
        let reply = server.get(path);
        assert!(matches!(reply.status, 400 | 403 | 404) && !reply.body.contains("title: 预览"), "{path:?}: {reply:?}");
    }
    assert_eq!(server.get(&format!("/{}", "a/".repeat(2500))).status, 414);
    assert_eq!(server.get(&format!("/{}", "a".repeat(400))).status, 400);
    // Nothing of this stopped it.
    assert_eq!(server.get("/guides/a/").status, 200);
}

#[test]
fn only_requests_for_this_machine_are_answered() {
    let folder = site();
    let server = Server::start(folder.path(), &[]);
    let port = server.port;
    let with = |request: &str| {
        let status = server.raw(request.as_bytes());
        status.split(' ').nth(1).and_then(|s| s.parse::<u16>().ok()).unwrap_or(0)
    };
    let host =
        |host: &str, path: &str| with(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    for good in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(host(&good, "/"), 200, "{good}");
        assert_eq!(host(&good, "/__puzhi/status"), 200);
    }
    for bad in [
        "evil.example".to_string(),
        format!("evil.example:{port}"),
        "localhost".into(),
        "127.0.0.1".into(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("0.0.0.0:{port}"),
        String::new(),
    ] {
        for path in ["/", "/guides/a/", "/__puzhi/status", "/__puzhi/client.js", "/__puzhi/live", "/no"] {
            assert!(matches!(host(&bad, path), 400 | 403), "{bad} {path}");
        }
    }
    // No host, two hosts, another host in the address.
    assert!(matches!(with("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400 | 403));
    assert_eq!(with("GET / HTTP/1.0\r\n\r\n"), 403);
    assert!(matches!(
        with(&format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n")),
        400 | 403
    ));
    assert_eq!(
        with(&format!("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")),
        403
    );
}

#[test]
fn sockets_are_for_own_pages_and_nothing_is_shared() {
    let folder = site();
    let server = Server::start(folder.path(), &[]);
    let port = server.port;
    let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let socket = |origin: &str| {
        let request = format!(
            "GET /__puzhi/live?page=%2F&have= HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n{upgrade}{origin}\r\n"
        );
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut first = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut first).unwrap();
        String::from_utf8_lossy(&first[9..]).parse::<u16>().unwrap()
    };
    assert_eq!(socket(&format!("Origin: http://127.0.0.1:{port}\r\n")), 101);
    assert_eq!(socket(&format!("Origin: http://localhost:{port}\r\n")), 101);
    for bad in ["", "Origin: null\r\n", "Origin: http://evil.example\r\n", "Origin: https://127.0.0.1\r\n"] {
        assert_eq!(socket(bad), 403, "{bad}");
    }
    assert_eq!(socket(&format!("Origin: http://127.0.0.1:{port}.evil.example\r\n")), 403);
    assert_eq!(socket(&format!("Origin: https://127.0.0.1:{port}\r\n")), 403);
    assert_eq!(socket(&format!("Origin: http://127.0.0.1:{}\r\n", port ^ 1)), 403);

    // Another site's script gets no leave to read, whatever it asks for.
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/__puzhi/status"),
        ("GET", "/__puzhi/client.js"),
        ("OPTIONS", "/"),
        ("GET", "/no"),
        ("GET", "/%2e%2e/"),
    ] {
        let reply = server.ask(method, path, "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n");
        assert!(!reply.head.contains("access-control"), "{}", reply.head);
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
    // Nothing is accepted.
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"] {
        let reply = server.ask(method, "/", "Content-Length: 0\r\n");
        assert!(matches!(reply.status, 400 | 405), "{method}: {reply:?}");
    }
}

#[test]
fn it_listens_on_the_loopback_only() {
    let folder = site();
    let server = Server::start(folder.path(), &[]);
    // Whatever addresses this machine has besides, nobody answers there.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    if probe.connect("192.0.2.1:9").is_ok() {
        let own = probe.local_addr().unwrap().ip();
        if !own.is_loopback() && !own.is_unspecified() {
            assert!(
                std::net::TcpStream::connect_timeout(&(own, server.port).into(), std::time::Duration::from_secs(1))
                    .is_err()
            );
        }
    }
    assert!(
        std::net::TcpStream::connect_timeout(
            &(std::net::Ipv4Addr::new(127, 0, 0, 2), server.port).into(),
            std::time::Duration::from_secs(1)
        )
        .is_err()
    );
}

#[test]
fn answers_are_those_of_a_web_server() {
    let folder = site();
    put(folder.path(), "content/指南/说 明.md", "---\ntitle: 说明\n---\n\n中文网址。\n");
    let server = Server::start(folder.path(), &[]);
    let page = server.get("/guides/a/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.body.contains("/__puzhi/client.js"));
    let head = server.ask("HEAD", "/guides/a/", "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), page.header("content-length"));
    assert_eq!(server.get("/guides/a/index.html").status, 200);
    assert_eq!(server.get("/guides/a").header("location"), Some("/guides/a/"));
    assert_eq!(server.get("/guides/a?x=%0d%0ay").header("location"), Some("/guides/a/?x=%0d%0ay"));
    let text = server.get("/robots-note.txt");
    assert_eq!((text.body.as_str(), text.header("content-type")), ("原样\n", Some("text/plain; charset=utf-8")));
    assert_eq!(server.get("/robots-note.txt/").status, 404);
    let css = page
        .body
        .split("href=\"")
        .find_map(|rest| rest.split('"').next().filter(|href| href.ends_with(".css")))
        .unwrap();
    assert_eq!(
        server.get(&format!("/{}", css.trim_start_matches("../"))).header("content-type"),
        Some("text/css; charset=utf-8")
    );
    let missing = server.get("/no/such/page");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("<base href=\"/\">") && missing.body.contains("/__puzhi/client.js"));
    let chinese = server.get("/%E6%8C%87%E5%8D%97/%E8%AF%B4%20%E6%98%8E");
    assert_eq!(chinese.header("location"), Some("/%e6%8c%87%e5%8d%97/%e8%af%b4%20%e6%98%8e/"));
    assert_eq!(server.get("/%E6%8C%87%E5%8D%97/%E8%AF%B4%20%E6%98%8E/").status, 200);
}
