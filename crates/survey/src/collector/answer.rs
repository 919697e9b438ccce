//! From a request to an answer: the one place where it is decided what is stored.
//!
//! In: a request, the definitions, the clock. Out: a page, JSON, or the way to the thanks. The order of the checks is the order of
//! this file, and only its last step writes; whatever ends before has stored nothing.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::answers::{Accepted, Problem, validate, validate_json};
use crate::store::{CodeHash, Sheet, Submitted};
use crate::{Response as Answered, hour_of};
use puzhi_core::base::encode_route;
use puzhi_core::form::{self, FormState};
use puzhi_core::kinds::{Door, Mode};

use super::address::{Peer, is_private, visitor};
use super::code::Code;
use super::definitions::{Asked, Definitions, Way};
use super::origin::may_post;
use super::pages::{self, words_of};
use super::post::{Given, Key, Post, Unreadable};
use super::service::{Collector, seconds};
use super::words::{Notice, Wrong};

/// Most bytes of a post: a survey of a hundred questions needs a tenth of it.
const LARGEST: usize = 64 << 10;
/// Bytes beyond that which are read and thrown away, so that a browser sees the answer instead of a broken connection.
const DRAINED: usize = 16 << 20;
/// For all of a request's bytes to arrive.
const ARRIVAL: Duration = Duration::from_secs(20);
/// For the store to answer.
const STORING: Duration = Duration::from_secs(30);

/// How the answers came and how they are replied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Form,
    Json,
}

/// A request in the course of being answered.
struct Visit<'v> {
    collector: &'v Collector,
    definitions: &'v Definitions,
    shape: Shape,
    lang: usize,
    depth: usize,
    /// The site, when a script of one of its pages asks.
    reader: Option<HeaderValue>,
}

/// `GET /surveys/ID`: the empty form.
pub fn show(collector: &Collector, id: &str, request: &Request) -> Response {
    let definitions = collector.definitions();
    let visit = Visit::of(collector, &definitions, request);
    let Some(asked) = definitions.survey(id, lang_of(request)) else { return visit.notice(None, Notice::NoSurvey) };
    let now = definitions.civil(collector.now());
    let door = asked.survey.door(now);
    let only_code = !matches!(door, Door::Open(_)) && asked.has_coded_door(now);
    match closed(door) {
        Some(notice) if !only_code => {
            visit.status(StatusCode::OK, pages::notice(&definitions, asked.lang, Some(asked), notice, visit.depth))
        }
        _ => {
            let state = FormState { code: asked.takes_codes().then(String::new), ..state(&definitions, asked) };
            visit.status(StatusCode::OK, pages::form(&definitions, asked, &state, only_code))
        }
    }
}

/// `OPTIONS /surveys/ID`: a script of the site asks whether it may post JSON.
pub fn preflight(collector: &Collector, headers: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let out = response.headers_mut();
    if let Some(origin) = reader(&collector.definitions(), headers) {
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    out.insert(header::VARY, HeaderValue::from_static("origin"));
    response
}

/// A notice for any address.
pub fn notice(collector: &Collector, request: &Request, notice: Notice) -> Response {
    let definitions = collector.definitions();
    Visit::of(collector, &definitions, request).notice(None, notice)
}

/// `POST /surveys/ID`.
pub async fn take(collector: &Collector, id: &str, peer: Option<Peer>, request: Request) -> Response {
    let definitions = collector.definitions();
    let visit = Visit::of(collector, &definitions, &request);
    let lang = lang_of(&request).map(str::to_string);
    let (parts, body) = request.into_parts();
    // Read before anything is said, so that it is heard.
    let body = tokio::time::timeout(ARRIVAL, read(body)).await;
    let Some(asked) = definitions.survey(id, lang.as_deref()) else { return visit.notice(None, Notice::NoSurvey) };
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let is_proxy = peer.is_some_and(|peer| is_private(peer.0)) && parts.headers.contains_key("x-forwarded-for");
    let address = visitor(peer, forwarded, &collector.trusted);
    if is_proxy && peer.is_some_and(|peer| peer.0 == address) {
        collector.tell_of_proxy();
    }
    let now = collector.now();
    if let Err(wait) = collector.limits.post(address, seconds(now)) {
        return visit.notice(Some(asked), Notice::TooMany(wait));
    }
    if !may_post(&parts.headers, &definitions.origins) {
        return visit.notice(Some(asked), Notice::Origin);
    }
    let body = match body {
        Ok(Arrived::Whole(body)) => body,
        Ok(Arrived::TooLarge) => return visit.notice(Some(asked), Notice::TooLarge),
        Ok(Arrived::Broken) | Err(_) => return visit.notice(Some(asked), Notice::Slow),
    };
    let Some(post) = parse(&parts.headers, &body) else { return visit.notice(Some(asked), Notice::MediaType) };
    let post = match post {
        Ok(post) => post,
        Err(unreadable) => return visit.notice(Some(asked), unreadable.into()),
    };
    visit.post(asked, post, address, now).await
}

impl<'v> Visit<'v> {
    fn of(collector: &'v Collector, definitions: &'v Definitions, request: &Request) -> Visit<'v> {
        let path = request.uri().path();
        let path = path.strip_prefix(&definitions.prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let lang =
            lang_of(request).and_then(|code| definitions.languages.iter().position(|(c, ..)| c == code)).unwrap_or(0);
        let shape = if media_type(request.headers()).as_deref() == Some("application/json") {
            Shape::Json
        } else {
            Shape::Form
        };
        Visit {
            collector,
            definitions,
            shape,
            lang,
            depth: path.matches('/').count().saturating_sub(1).min(16),
            reader: reader(definitions, request.headers()),
        }
    }

    /// Everything after the post could be read.
    async fn post(&self, asked: &Asked, post: Post, address: std::net::IpAddr, now: jiff::Timestamp) -> Response {
        let (collector, definitions) = (self.collector, self.definitions);
        let row = post.key.map(|key| key.row(&asked.id));
        if post.trapped {
            return self.again(asked, &post, &[], Some(Wrong::Trap));
        }
        // Which way in. The wave is the code's or the open form's, never one that the post names.
        let mut code = None;
        if let Some(typed) = &post.code {
            if let Err(wait) = collector.limits.may_try_code(address, seconds(now)) {
                return self.notice(Some(asked), Notice::TooMany(wait));
            }
            let known = match self.known(typed).await {
                Ok(known) => known.filter(|(_, known)| known.survey == asked.id),
                Err(response) => return response,
            };
            let Some((hash, known)) = known else {
                collector.limits.wrong_code(address, seconds(now));
                return self.again(asked, &post, &[], Some(Wrong::Code));
            };
            code = Some((hash, known));
        }
        let way = code.as_ref().map_or(Way::Open, |(_, known)| Way::Coded(&known.wave));
        let civil = definitions.civil(now);
        let wave = match asked.door(way, civil) {
            Some(Door::Open(wave)) => wave.to_string(),
            door => {
                // One that came in time is answered as it was then.
                if let Some(row) = row
                    && collector.store.has(&row).await.unwrap_or(false)
                {
                    return self.stored(asked);
                }
                if way == Way::Open && asked.has_coded_door(civil) {
                    return self.again(asked, &post, &[], Some(Wrong::CodeWanted));
                }
                return match door.and_then(closed) {
                    Some(notice) => self.notice(Some(asked), notice),
                    None => self.again(asked, &post, &[], Some(Wrong::Code)),
                };
            }
        };
        if post.change {
            return self.status(StatusCode::OK, pages::form(definitions, asked, &self.state(asked, &post), false));
        }
        let checked = match &post.answers {
            Given::Form(pairs) => validate(&asked.survey, pairs),
            Given::Json(answers) => validate_json(&asked.survey, answers),
        };
        let consent = (!post.consent).then_some(Wrong::Consent);
        let answers = match checked {
            Ok(Accepted::UnderAge) => return self.notice(Some(asked), Notice::UnderAge),
            Ok(Accepted::Answers(answers)) if post.consent => answers,
            Ok(Accepted::Answers(_)) => return self.again(asked, &post, &[], consent),
            Err(problems) => return self.again(asked, &post, &problems, consent),
        };
        // A used code may belong to this very submission, sent again; without a key it does not.
        let Some((key, row)) = post.key.zip(row) else {
            if code.as_ref().is_some_and(|(_, known)| known.used) {
                collector.limits.wrong_code(address, seconds(now));
                return self.again(asked, &post, &[], Some(Wrong::Code));
            }
            return self.to_check(asked, &post);
        };
        let survey = asked.id.clone();
        let answered =
            Answered { id: row, survey, wave, mode: Mode::Web, hour: hour_of(now), wording: asked.wording, answers };
        match tokio::time::timeout(STORING, collector.queue.submit(Sheet::from(&answered), code.map(|(hash, _)| hash)))
            .await
        {
            Ok(Ok(Submitted::Stored)) => self.stored(asked),
            Ok(Ok(Submitted::CodeRefused)) => {
                collector.limits.wrong_code(address, seconds(now));
                self.again(asked, &post, &[], Some(Wrong::Code))
            }
            failed => {
                match failed {
                    Ok(Err(error)) => collector.tell(&format!("storing: {error}")),
                    _ => collector.tell("storing: no answer in time"),
                }
                self.trouble(asked, &post, key)
            }
        }
    }

    /// What is known of a code as it was typed.
    async fn known(&self, typed: &str) -> Result<Option<(CodeHash, crate::store::KnownCode)>, Response> {
        let Some(hash) = Code::parse(typed).map(|code| code.hash()) else { return Ok(None) };
        match self.collector.store.code(&hash).await {
            Ok(known) => Ok(known.map(|known| (hash, known))),
            Err(error) => {
                self.collector.tell(&format!("codes: {error}"));
                Err(self.notice(None, Notice::Trouble))
            }
        }
    }

    fn state(&self, asked: &Asked, post: &Post) -> FormState {
        let filled = match &post.answers {
            Given::Form(pairs) => pairs.clone(),
            Given::Json(_) => Vec::new(),
        };
        let code = post.code.clone().or(asked.takes_codes().then(String::new));
        FormState { filled, code, key: post.key.map(|key| key.hex()), ..state(self.definitions, asked) }
    }

    /// The form once more, filled, with what is to be mended.
    fn again(&self, asked: &Asked, post: &Post, problems: &[Problem], wrong: Option<Wrong>) -> Response {
        let lang = words_of(self.definitions, asked.lang);
        let words =
            |problem: &Problem| Problem { question: None, kind: problem.kind.clone() }.words(&asked.survey, lang);
        let of_answers = problems.iter().map(|p| form::Problem { question: p.question.clone(), words: words(p) });
        let of_rest = wrong.map(|wrong| form::Problem {
            question: wrong.field().map(str::to_string),
            words: wrong.words(lang).to_string(),
        });
        let problems: Vec<form::Problem> = of_answers.chain(of_rest).collect();
        if self.shape == Shape::Json {
            let problems: Vec<Json> =
                problems.iter().map(|p| json!({"field": p.question, "message": p.words})).collect();
            return self.json(
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"status": "refused", "error": "problems", "problems": problems}),
            );
        }
        // A submission with something wrong may be sent under its key once that is mended: nothing is stored under it.
        let state = FormState { problems, ..self.state(asked, post) };
        self.status(StatusCode::UNPROCESSABLE_ENTITY, pages::form(self.definitions, asked, &state, false))
    }

    /// Good answers without a key: to be looked over, and sent under a fresh one.
    fn to_check(&self, asked: &Asked, post: &Post) -> Response {
        let Some(key) = Key::fresh() else { return self.notice(Some(asked), Notice::Trouble) };
        if self.shape == Shape::Json {
            return self.json(StatusCode::OK, json!({"status": "check", "key": key.hex()}));
        }
        let state = FormState { key: Some(key.hex()), code: post.code.clone(), ..self.state(asked, post) };
        self.status(StatusCode::OK, pages::check(self.definitions, asked, &state))
    }

    fn stored(&self, asked: &Asked) -> Response {
        if self.shape == Shape::Json {
            return self.json(StatusCode::OK, json!({"status": "stored"}));
        }
        let mut response = self.status(StatusCode::SEE_OTHER, String::new());
        if let Ok(thanks) = HeaderValue::from_str(&asked.thanks) {
            response.headers_mut().insert(header::LOCATION, thanks);
        }
        response
    }

    /// The answers again under the same key: sending them once more counts once, whatever became of them now.
    fn trouble(&self, asked: &Asked, post: &Post, key: Key) -> Response {
        if self.shape == Shape::Json {
            return self.notice(Some(asked), Notice::Trouble);
        }
        let lang = words_of(self.definitions, asked.lang);
        let problem = form::Problem { question: None, words: Notice::Trouble.text(lang) };
        let state = FormState { key: Some(key.hex()), problems: vec![problem], ..self.state(asked, post) };
        let mut response = self.status(Notice::Trouble.status(), pages::form(self.definitions, asked, &state, false));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        response
    }

    fn notice(&self, asked: Option<&Asked>, notice: Notice) -> Response {
        let lang = asked.map_or(self.lang, |asked| asked.lang);
        let mut response = if self.shape == Shape::Json {
            let message = notice.text(words_of(self.definitions, lang));
            match notice {
                Notice::UnderAge => self.json(notice.status(), json!({"status": "under-age", "message": message})),
                _ => {
                    self.json(notice.status(), json!({"status": "refused", "error": notice.name(), "message": message}))
                }
            }
        } else {
            self.status(notice.status(), pages::notice(self.definitions, lang, asked, notice, self.depth))
        };
        let wait = match notice {
            Notice::TooMany(seconds) => Some(seconds),
            Notice::Trouble => Some(30),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if notice == Notice::Method {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST, OPTIONS"));
        }
        response
    }

    fn status(&self, status: StatusCode, html: String) -> Response {
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }

    fn json(&self, status: StatusCode, json: Json) -> Response {
        let mut response = Response::new(Body::from(format!("{json}\n")));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = &self.reader {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        response
    }
}

/// An empty form's state.
fn state(definitions: &Definitions, asked: &Asked) -> FormState {
    let (code, tag, _) = definitions.languages.get(asked.lang).cloned().unwrap_or_default();
    let lang = if asked.lang == 0 { String::new() } else { format!("?lang={}", encode_route(&code)) };
    FormState {
        action: format!("../surveys/{}{lang}", encode_route(&asked.id)),
        lang: tag,
        level: 2,
        ..FormState::default()
    }
}

/// Why the form is not there, when it is not.
fn closed(door: Door<'_>) -> Option<Notice> {
    match door {
        Door::Open(_) => None,
        Door::NotYet(moment) => Some(Notice::NotYet(moment)),
        Door::Closed(moment) => Some(Notice::Closed(moment)),
        Door::Elsewhere => Some(Notice::Elsewhere),
    }
}

/// `?lang=en`.
fn lang_of(request: &Request) -> Option<&str> {
    request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("lang="))
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let written = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// The asking page's origin, when it is the site's: its scripts may read the answer.
fn reader(definitions: &Definitions, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    definitions.origins.iter().any(|allowed| origin == allowed.as_str()).then(|| origin.clone())
}

/// `None` when it is neither a form nor JSON.
fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Result<Post, Unreadable>> {
    match media_type(headers)?.as_str() {
        "application/x-www-form-urlencoded" => Some(Post::form(body)),
        "application/json" => Some(Post::json(body)),
        _ => None,
    }
}

/// A request's body as it arrived.
enum Arrived {
    Whole(Bytes),
    TooLarge,
    Broken,
}

/// Reads at most [`LARGEST`] bytes, and throws away what follows up to a bound.
async fn read(body: Body) -> Arrived {
    use axum::body::HttpBody;
    let mut body = std::pin::pin!(body);
    let mut whole = Vec::new();
    let mut drained = 0;
    loop {
        let frame = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await;
        let data = match frame {
            None if drained > 0 => return Arrived::TooLarge,
            None => return Arrived::Whole(whole.into()),
            Some(Err(_)) => return Arrived::Broken,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        if drained == 0 && whole.len() + data.len() <= LARGEST {
            whole.extend_from_slice(&data);
            continue;
        }
        whole = Vec::new();
        drained += data.len();
        if drained > DRAINED {
            return Arrived::TooLarge;
        }
    }
}

impl From<Unreadable> for Notice {
    fn from(unreadable: Unreadable) -> Notice {
        match unreadable {
            Unreadable::Encoding => Notice::Encoding,
            Unreadable::Json => Notice::Json,
            Unreadable::Key => Notice::Key,
            Unreadable::Fields => Notice::Fields,
        }
    }
}
