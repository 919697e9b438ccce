//! What a request says and what it is answered, before and after HTTP.
//!
//! Input: query and body. Output: typed values of them, or a [`Refusal`] in words for the person at the desk.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use puzhi_core::base::SitePath;

/// A request after its checks.
pub(super) struct DeskRequest {
    /// The part of the address behind `/api/`.
    pub name: String,
    /// Whether it is a `POST`.
    pub is_post: bool,
    /// The query, decoded.
    pub query: BTreeMap<String, String>,
    /// The body.
    pub body: axum::body::Bytes,
}

impl DeskRequest {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|_| Refusal::bad_request())
    }

    /// A value of the query.
    pub fn text(&self, key: &str) -> Result<&str, Refusal> {
        self.query.get(key).map(String::as_str).ok_or_else(Refusal::bad_request)
    }

    /// A path in the query.
    pub fn path(&self, key: &str) -> Result<SitePath, Refusal> {
        site_path(self.text(key)?)
    }
}

/// Reads a path of the site. It is refused as it stands if it is not written as this program writes it, so that one file has one name.
pub(super) fn site_path(written: &str) -> Result<SitePath, Refusal> {
    SitePath::new(written).ok().filter(|path| path.as_str() == written && !written.is_empty()).ok_or_else(|| {
        Refusal::new(400, "bad-path", "这个文件名用不了").hint("文件名里不要有 / \\ : * ? \" < > | 这些符号")
    })
}

/// What a request is answered.
pub(super) enum Answer {
    /// JSON.
    Json(Json),
    /// A file to be kept.
    File {
        /// Its name.
        name: String,
        /// Its media type.
        mime: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl From<Json> for Answer {
    fn from(json: Json) -> Answer {
        Answer::Json(json)
    }
}

/// Why a request is not done, in words for the person at the desk.
#[derive(Debug)]
pub(super) struct Refusal {
    /// HTTP status.
    pub status: u16,
    code: &'static str,
    message: String,
    hint: String,
    more: Vec<(&'static str, Json)>,
}

impl Refusal {
    /// A refusal with this HTTP status, a stable code for the page and a sentence.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into(), hint: String::new(), more: Vec::new() }
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Refusal {
        self.hint = hint.into();
        self
    }

    /// Adds a value for the page beside the error.
    pub fn with(mut self, key: &'static str, value: Json) -> Refusal {
        self.more.push((key, value));
        self
    }

    /// A request that the page does not make.
    pub fn bad_request() -> Refusal {
        Refusal::new(400, "bad-request", "程序没听懂这个请求").hint("重新打开程序再试")
    }

    /// There is no such thing.
    pub fn not_found(what: &str) -> Refusal {
        Refusal::new(404, "not-found", format!("找不到{what}"))
    }

    /// The disk does not do what it should.
    pub fn disk(error: &std::io::Error) -> Refusal {
        let words = puzhi_core::diag::io_words(error.kind(), error.raw_os_error());
        Refusal::new(500, "disk", format!("磁盘不让读写：{}", words.zh)).hint("您写的字还在这里，先不要关掉窗口")
    }

    /// The thread that holds the site has ended.
    pub fn ended() -> Refusal {
        Refusal::new(503, "ended", "程序已经关了").hint("重新打开程序")
    }

    /// The body of the answer.
    pub fn json(&self) -> Json {
        let mut out = json!({ "error": { "code": self.code, "message": self.message, "hint": self.hint } });
        if let Some(object) = out.as_object_mut() {
            object.extend(self.more.iter().map(|(key, value)| ((*key).to_string(), value.clone())));
        }
        out
    }
}
