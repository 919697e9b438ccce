//! HTTP server of the preview. Checks every request and answers it from memory.
//!
//! Input: HTTP requests. Output: HTTP responses and WebSocket messages. Only `GET` and `HEAD` are allowed, no CORS header is sent,
//! and browsers are told not to store responses. The module knows addresses and headers; the [`Worker`] supplies the content.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;

use super::guard::{self, Address, Rejection};
use super::response::{INTERNAL_PREFIX, PreviewResponse};
use super::session::{ChangedOutputs, Update};
use super::worker::Worker;

const CLIENT: &str = include_str!("client.js");
/// Maximum number of open pages that receive updates at the same time.
const SOCKETS: usize = 64;
/// Longest accepted WebSocket message, in bytes. The client script sends none, so a small limit is enough.
const MESSAGE: usize = 1024;
/// Largest page that is sent with the news that it changed, in bytes. A larger one is fetched.
const SENT_AT_ONCE: usize = 1 << 20;
/// Interval of WebSocket pings, by which closed connections are found.
const PING: Duration = Duration::from_secs(30);

struct Server {
    worker: Worker,
    port: u16,
    /// The port of this machine whose pages may show the preview in a frame, besides its own.
    framed_by: Option<u16>,
    sockets: Arc<Semaphore>,
}

/// The server's router. `port` is the port the server listens on, needed for the checks of `Host` and `Origin`; `framed_by` the port of
/// another server on this machine whose pages may show the preview in a frame.
pub(crate) fn router(worker: Worker, port: u16, framed_by: Option<u16>) -> Router {
    let server = Server { worker, port, framed_by, sockets: Arc::new(Semaphore::new(SOCKETS)) };
    Router::new().fallback(handle).with_state(Arc::new(server))
}

async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let mut response = match respond(&server, request).await {
        Ok(response) => response,
        Err(refusal) => refused(refusal),
    };
    let headers = response.headers_mut();
    for (name, value) in [(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // `X-Frame-Options` cannot name another origin.
    let framed_by = server.framed_by.map(|port| {
        HeaderValue::from_str(&format!("frame-ancestors 'self' http://127.0.0.1:{port} http://localhost:{port}"))
    });
    match framed_by {
        Some(Ok(ancestors)) => drop(headers.append(header::CONTENT_SECURITY_POLICY, ancestors)),
        _ => drop(headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"))),
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

async fn respond(server: &Arc<Server>, request: Request) -> Result<Response, Rejection> {
    guard::host(request.headers(), request.uri(), server.port)?;
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
    }
    let address = guard::address(request.uri().path())?;
    match address.path.strip_prefix(INTERNAL_PREFIX).and_then(|rest| rest.strip_prefix('/')) {
        Some("client.js") => Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], CLIENT).into_response()),
        Some("status") => Ok(status(server).await),
        Some("live") => live(server, request).await,
        _ => Ok(match server.worker.page(address).await {
            Some(answer) => send(answer, request.uri().query()),
            None => ended(),
        }),
    }
}

fn refused(refusal: Rejection) -> Response {
    let (status, words) = match refusal {
        Rejection::ForeignOrigin => (StatusCode::FORBIDDEN, "预览只给这台电脑看，请用 http://127.0.0.1 开头的网址\n"),
        Rejection::TooLong => (StatusCode::URI_TOO_LONG, "网址太长\n"),
        Rejection::Address => (StatusCode::BAD_REQUEST, "网址不对\n"),
    };
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

fn ended() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "预览已经结束\n")
        .into_response()
}

/// The counters as JSON, for tests and for diagnosis.
async fn status(server: &Server) -> Response {
    match server.worker.counters().await {
        Some(counters) => ([(header::CONTENT_TYPE, "application/json")], json!(counters).to_string()).into_response(),
        None => ended(),
    }
}

fn send(answer: PreviewResponse, query: Option<&str>) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CONTENT_TYPE, answer.mime)], Body::from(answer.body)).into_response();
    // Neither conversion fails: the hash is hexadecimal, the path is percent-encoded, and the query came from a request line.
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", answer.hash)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    if let Some(to) = answer.location {
        let to = query.map_or(to.clone(), |query| format!("{to}?{query}"));
        if let Ok(to) = HeaderValue::from_str(&to) {
            response.headers_mut().insert(header::LOCATION, to);
        }
    }
    response
}

/// The query of `live?page=ADDRESS&have=HASH`.
#[derive(serde::Deserialize)]
struct LiveQuery {
    /// The open page's address, percent-encoded as in the browser's address bar.
    #[serde(default)]
    page: String,
    /// The hash the page was served with ([`PreviewResponse::hash`]).
    #[serde(default)]
    have: String,
}

/// Opens the WebSocket that reports updates to an open page.
async fn live(server: &Arc<Server>, request: Request) -> Result<Response, Rejection> {
    guard::origin(request.headers(), server.port)?;
    let Query(LiveQuery { page, have }) = Query::try_from_uri(request.uri()).map_err(|_| Rejection::Address)?;
    let page = guard::address(&page)?;
    let Ok(place) = Arc::clone(&server.sockets).try_acquire_owned() else {
        return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
    };
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.max_message_size(MESSAGE).max_frame_size(MESSAGE),
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let worker = server.worker.clone();
    Ok(upgrade.on_upgrade(move |socket| async move {
        follow(socket, worker, page, have).await;
        drop(place);
    }))
}

/// Reports to one open page that it is out of date. `have` is the hash the page was served with.
async fn follow(mut socket: WebSocket, worker: Worker, page: Address, have: String) {
    let mut updates = worker.updates();
    let mut seen = updates.borrow_and_update().as_ref().map_or(0, |u| u.number);
    let mut last = have;
    let Some(answer) = worker.page(page.clone()).await else { return };
    if answer.hash.to_string() != last {
        last = answer.hash.to_string();
        if socket.send(Message::text(json!({ "page": last }).to_string())).await.is_err() {
            return;
        }
    }
    loop {
        tokio::select! {
            changed = updates.changed() => {
                let update = updates.borrow_and_update().clone();
                let (Ok(()), Some(update)) = (changed, update) else { return };
                let missed = update.number != seen + 1;
                seen = update.number;
                let Some(files) = files(&update, missed) else { continue };
                let Some(answer) = worker.page(page.clone()).await else { return };
                let hash = answer.hash.to_string();
                let mut news = json!({ "page": hash, "files": files });
                if hash != last && answer.status == 200 && answer.body.len() <= SENT_AT_ONCE {
                    news["html"] = Json::from(String::from_utf8(answer.body).ok());
                }
                last = hash;
                if socket.send(Message::text(news.to_string())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            () = tokio::time::sleep(PING) => if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                return;
            },
        }
    }
}

/// The output paths an open page must load again: a JSON list, or null when any may have changed. `None` when nothing changed. `missed` is
/// true when the page missed an update, so that the list is incomplete.
fn files(update: &Update, missed: bool) -> Option<Json> {
    match &update.changed {
        _ if missed => Some(Json::Null),
        ChangedOutputs::Nothing => None,
        ChangedOutputs::Only(paths) => Some(json!(paths)),
        ChangedOutputs::Anything => Some(Json::Null),
    }
}
