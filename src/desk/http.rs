//! HTTP of the desk: its page, and the requests of that page.
//!
//! Input: HTTP requests. Output: HTTP responses. Checks host, origin, token and size of each; `requests` answers it on a thread that may
//! wait for the disk. No CORS header is ever sent, and nothing is kept by the browser.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use serde_json::json;

use super::Desk;
use super::access::{CodeWorth, has_own_origin, is_own_page, names_this_server};
use super::answer::{Answer, DeskRequest, Refusal};
use super::clock::now;
use super::requests;
use crate::preview::mime;

/// The page of the desk, built from `desk/`.
#[derive(RustEmbed)]
#[folder = "src/desk/assets"]
struct PageFiles;

/// Largest body of a request with text, in bytes.
pub(super) const MAX_TEXT_BODY: usize = 4 << 20;
/// Largest picture, in bytes.
const MAX_PICTURE_BODY: usize = 32 << 20;

/// How long a request waits for a change.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// The desk's router.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new().fallback(handle).with_state(desk)
}

async fn handle(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; \
         frame-src http://127.0.0.1:{}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        desk.ports.preview
    );
    let mut response = respond(desk, request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn respond(desk: Arc<Desk>, request: Request) -> Response {
    if !names_this_server(request.headers(), request.uri(), desk.ports.desk) {
        return refuse(&Refusal::new(403, "foreign", "这里只给这台电脑用"));
    }
    let path = request.uri().path().to_string();
    match path.strip_prefix("/api/") {
        Some(name) => answer(desk, name, request).await.unwrap_or_else(|refusal| refuse(&refusal)),
        None => page_file(request.method(), &path),
    }
}

/// A file of the desk's page. None of them holds anything of the site, so they need no token.
fn page_file(method: &Method, path: &str) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    match PageFiles::get(name) {
        Some(file) => {
            let mime = HeaderValue::from_static(mime::of(name));
            ([(header::CONTENT_TYPE, mime)], Body::from(file.data.into_owned())).into_response()
        }
        None => refuse(&Refusal::not_found("这个网址")),
    }
}

async fn answer(desk: Arc<Desk>, name: &str, request: Request) -> Result<Response, Refusal> {
    let is_post = match *request.method() {
        Method::GET => false,
        Method::POST => true,
        _ => return Err(Refusal::new(405, "method", "程序没听懂这个请求")),
    };
    if name == "token" && is_post {
        return give_token(&desk, request).await;
    }
    if !is_own_page(request.method(), request.headers(), desk.ports.desk, &desk.token)
        || desk.is_closed.load(Ordering::Relaxed)
    {
        return Err(no_token());
    }
    desk.has_asked.store(true, Ordering::Relaxed);
    let Query(query) =
        Query::<BTreeMap<String, String>>::try_from_uri(request.uri()).map_err(|_| Refusal::bad_request())?;
    if name == "changes" && !is_post {
        return changes(desk, query).await;
    }
    let limit = if name == "picture" { MAX_PICTURE_BODY } else { MAX_TEXT_BODY };
    let too_large = |_| Refusal::new(413, "too-large", "太大了，收不下").hint("文字不超过 4 MB，图片不超过 32 MB");
    let body = to_bytes(request.into_body(), limit).await.map_err(too_large)?;
    let request = DeskRequest { name: name.to_string(), is_post, query, body };
    // The disk and the site may take a while.
    let answered = tokio::task::spawn_blocking(move || requests::answer(&desk, &request)).await;
    match answered.map_err(|_| Refusal::ended())?? {
        Answer::Json(json) => {
            Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], json.to_string()).into_response())
        }
        Answer::File { name, mime, bytes } => {
            let name = puzhi_core::base::percent_encode_path(&name);
            let disposition = format!("attachment; filename*=UTF-8''{name}");
            let headers = [(header::CONTENT_TYPE, mime.to_string()), (header::CONTENT_DISPOSITION, disposition)];
            Ok((headers, Body::from(bytes)).into_response())
        }
    }
}

fn no_token() -> Refusal {
    Refusal::new(403, "token", "这个窗口已经和程序断开").hint("从程序里重新打开")
}

/// `POST token`: the token for the code with which the program opened the page.
async fn give_token(desk: &Desk, request: Request) -> Result<Response, Refusal> {
    if !has_own_origin(request.headers(), desk.ports.desk) {
        return Err(no_token());
    }
    let body = to_bytes(request.into_body(), 1024).await.map_err(|_| Refusal::bad_request())?;
    let given: serde_json::Value = serde_json::from_slice(&body).map_err(|_| Refusal::bad_request())?;
    match desk.code.take(given["code"].as_str().unwrap_or_default(), now()) {
        CodeWorth::Token => {}
        CodeWorth::Nothing => return Err(no_token()),
        CodeWorth::Stolen => {
            desk.is_closed.store(true, Ordering::Relaxed);
            let said = "刚才有别的程序抢先用了打开写字台的网址，写字台已经停用";
            return Err(Refusal::new(403, "stolen", said).hint("关掉程序，再打开一次。改过什么，看“以前的版本”"));
        }
    }
    let json = json!({ "token": desk.token.to_string() });
    Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], json.to_string()).into_response())
}

/// `GET changes`: waits until something has changed since the update that the page knows, or for a while.
async fn changes(desk: Arc<Desk>, query: BTreeMap<String, String>) -> Result<Response, Refusal> {
    let since = query.get("since").and_then(|since| since.parse().ok()).unwrap_or(0);
    let mut changes = desk.changes.clone();
    let next = async { changes.wait_for(|log| log.since(since).is_some()).await.map(|log| log.since(since)) };
    let found = match tokio::time::timeout(LONGEST_WAIT, next).await {
        Ok(found) => found.map_err(|_| Refusal::ended())?,
        Err(_) => None,
    };
    let of = Arc::clone(&desk);
    let others = tokio::task::spawn_blocking(move || of.kept.lock().others()).await.map_err(|_| Refusal::ended())?;
    let json = json!({
        "version": found.as_ref().map_or(since, |found| found.version),
        "changed": found.as_ref().map_or(Some(Default::default()), |found| found.files.clone()),
        "preview_changed": found.is_some_and(|found| found.is_shown),
        "desks": others,
    });
    Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], json.to_string()).into_response())
}

fn refuse(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], refusal.json().to_string()).into_response()
}
