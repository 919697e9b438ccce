//! The desk: what its requests do to the site's folder, and what they let nobody do. The router is driven in memory; `kills` runs the
//! program.

mod access;
mod kills;
mod moving;
mod saving;
mod starting;
mod typing;

use std::path::Path;

use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use puzhi::desk::{DeskOptions, OpenDesk, Ports, Token};
use puzhi::settings::Settings;
use puzhi::source::WatchMode;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use crate::preview::{put, tree};
use crate::support::build_date;

pub const PORTS: Ports = Ports { desk: 8766, preview: 8767 };
pub const ORIGIN: &str = "http://127.0.0.1:8766";

/// A desk in memory on a folder.
pub struct TestDesk {
    pub folder: tempfile::TempDir,
    pub token: String,
    open: OpenDesk,
    runtime: tokio::runtime::Runtime,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or(Json::Null)
    }
}

/// A small site: a home page, a section, two guides of which one links to the other.
pub fn small_site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("site.yaml", "title: 安全\nbase_url: https://example.gov.cn/\n"),
        ("content/_index.md", "---\ntitle: 首页\n---\n\n看[甲](guides/a.md)。\n"),
        ("content/guides/_index.md", "---\ntitle: 办事情\nkind: guide\n---\n"),
        ("content/guides/a.md", "---\ntitle: 甲\ndate: 2026-11-01\n---\n\n看[乙](b.md#how)。\n"),
        ("content/guides/b.md", "---\ntitle: 乙\ndate: 2026-11-01\n---\n\n## 怎么办 {#how}\n\n正文乙。\n"),
    ] {
        put(folder.path(), path, text);
    }
    folder
}

impl TestDesk {
    pub fn on(folder: tempfile::TempDir) -> TestDesk {
        Self::with_code(folder, None)
    }

    /// A desk that is opened in a browser with `code`.
    pub fn with_code(folder: tempfile::TempDir, code: Option<Token>) -> TestDesk {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let token = Token::random().unwrap();
        let open = runtime.block_on(Self::open_with(folder.path(), token.clone(), code, "甲"));
        TestDesk { folder, token: token.to_string(), open, runtime }
    }

    pub async fn open(root: &Path, token: Token, by: &str) -> OpenDesk {
        Self::open_with(root, token, None, by).await
    }

    async fn open_with(root: &Path, token: Token, code: Option<Token>, by: &str) -> OpenDesk {
        let today = |settings: &Settings| build_date(jiff::civil::date(2026, 11, 29), settings);
        let options = DeskOptions {
            root,
            mode: WatchMode::Polling,
            today: Box::new(today),
            token,
            code,
            by: by.to_string(),
            until_closed: false,
        };
        OpenDesk::open(options, PORTS).await.unwrap()
    }

    pub fn send(&self, request: Request<Body>) -> Reply {
        self.send_to(&self.open.desk, request)
    }

    pub fn send_to_preview(&self, request: Request<Body>) -> Reply {
        self.send_to(&self.open.preview, request)
    }

    fn send_to(&self, router: &axum::Router, request: Request<Body>) -> Reply {
        self.runtime.block_on(async {
            let response: Response<Body> = router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes().to_vec();
            Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
        })
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header("host", "127.0.0.1:8766")
    }

    fn own(&self, method: &str, path: &str) -> axum::http::request::Builder {
        self.request(method, path).header("x-desk-token", &self.token).header("origin", ORIGIN)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send(self.own("GET", &format!("/api/{path}")).body(Body::empty()).unwrap())
    }

    pub fn post_bytes(&self, path: &str, bytes: impl Into<Body>) -> Reply {
        self.send(self.own("POST", &format!("/api/{path}")).body(bytes.into()).unwrap())
    }

    pub fn post(&self, path: &str, body: &Json) -> Reply {
        self.post_bytes(path, body.to_string())
    }

    /// The answer to a request that is done.
    pub fn done(&self, path: &str, body: &Json) -> Json {
        let reply = self.post(path, body);
        assert_eq!(reply.status, 200, "{path} {body}: {}", reply.json());
        reply.json()
    }

    /// The files of the site apart from the history.
    pub fn site_files(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let history = self.folder.path().join("history");
        tree(self.folder.path()).into_iter().filter(|(path, _)| !path.starts_with(&history)).collect()
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap_or_default()
    }

    /// A page as the desk's page opens it.
    pub fn page(&self, path: &str) -> Json {
        let reply = self.get(&format!("page?path={}", encoded(path)));
        assert_eq!(reply.status, 200, "{path}: {}", reply.json());
        reply.json()
    }

    /// Saves a text over what was opened.
    pub fn save(&self, path: &str, text: &str, base: &Json) -> Reply {
        self.post("save", &json!({ "path": path, "text": text, "base_hash": base }))
    }
}

pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
