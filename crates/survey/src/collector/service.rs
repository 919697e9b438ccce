//! The collector as an HTTP service: its state, routes, headers, start and shutdown.
//!
//! In: an open store, definitions, a socket. Out: replies to requests. Nothing of a request is written but what goes into the store;
//! there is no log of requests. Internal errors are reported to `notify`, without anything of what was sent.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::hours_since_epoch;
use crate::store::{BatchFacts, BatchSource, Store, StoreError, SubmissionQueue};

use puzhi_core::kinds::{CollectionMode, CollectionStatus};

use super::address::{IpNetwork, PeerAddress, ProxyProblem};
use super::definitions::{LocalizedSurvey, SurveyDefinitions};
use super::handlers;
use super::listener::LimitedListener;
use super::messages::Notice;
use super::metrics::SubmissionCounters;
use super::rate_limit::RateLimiter;

/// How often the insertion order of rows is erased.
const ERASURE_INTERVAL: Duration = Duration::from_secs(60);
/// How long after the end of a wave its last held answers move on.
const SETTLE_DELAY: jiff::SignedDuration = jiff::SignedDuration::from_secs(120);
/// How long requests in progress may take after the collector is asked to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// What the collector is started with.
pub struct CollectorConfig {
    /// The surveys it serves.
    pub definitions: SurveyDefinitions,
    /// Reverse proxies whose `X-Forwarded-For` is trusted.
    pub trusted: Vec<IpNetwork>,
    /// The clock that decides which waves are open.
    pub clock: fn() -> Timestamp,
    /// Receives one line for each internal error.
    pub notify: fn(&str),
}

/// The running collector. Of requests it holds only the counters of `rate_limit`; everything else is in the store, so several
/// collectors may share one store.
pub struct Collector {
    pub(super) store: Store,
    pub(super) queue: SubmissionQueue,
    pub(super) rate_limiter: RateLimiter,
    pub(super) counters: SubmissionCounters,
    definitions: RwLock<Arc<SurveyDefinitions>>,
    /// Numbers of the batches that are open, with what was recorded of them.
    open_batches: RwLock<Vec<(BatchFacts, i64)>>,
    pub(super) trusted: Vec<IpNetwork>,
    clock: fn() -> Timestamp,
    notify: fn(&str),
    /// Second of the clock at which the last problem was reported.
    last_report: AtomicU64,
    /// Whether each [`ProxyProblem`] was reported, which happens once.
    proxy_reported: [AtomicBool; 3],
}

impl Collector {
    /// Starts the writers. Must be called inside a Tokio runtime.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn start(store: Store, setup: CollectorConfig) -> Result<Arc<Collector>, StoreError> {
        let rate_limiter =
            RateLimiter::new(seconds((setup.clock)())).ok_or(StoreError::Io(std::io::ErrorKind::Unsupported))?;
        Ok(Arc::new(Collector {
            queue: SubmissionQueue::start(&store),
            store,
            rate_limiter,
            counters: SubmissionCounters::default(),
            definitions: RwLock::new(Arc::new(setup.definitions)),
            open_batches: RwLock::default(),
            trusted: setup.trusted,
            clock: setup.clock,
            notify: setup.notify,
            last_report: AtomicU64::new(0),
            proxy_reported: Default::default(),
        }))
    }

    /// Checks that no wave of the definitions has another sample type or frame than at its first answer.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] with wave and field, or when the database fails.
    pub async fn check_definitions(store: &Store, definitions: &SurveyDefinitions) -> Result<(), StoreError> {
        for localized in definitions.surveys.values().filter_map(|all| all.first()) {
            for wave in localized.survey.all_waves() {
                let (survey, wording) = (&localized.survey, localized.wording);
                let facts = BatchFacts::of(survey, &wave, CollectionMode::Web, wording, BatchSource::Collector);
                store.check_wave(&facts).await?;
            }
        }
        Ok(())
    }

    /// The open store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Ids of the surveys, with the code of a language where only that is gone, that are served now and are not in `others`.
    pub fn surveys_missing_from(&self, others: &SurveyDefinitions) -> Vec<String> {
        let now = self.definitions();
        let code = |localized: &LocalizedSurvey| now.languages.get(localized.lang).map(|l| l.code.clone());
        let mut missing = Vec::new();
        for (id, all) in &now.surveys {
            let Some(found) = others.surveys.get(id) else {
                missing.push(id.clone());
                continue;
            };
            let gone = all.iter().filter(|localized| !found.iter().any(|other| other.lang == localized.lang));
            missing.extend(gone.map(|localized| format!("{id} ({})", code(localized).unwrap_or_default())));
        }
        missing
    }

    /// Replaces the definitions. Requests in progress go on with the old ones.
    pub fn replace_definitions(&self, definitions: SurveyDefinitions) {
        *self.definitions.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(definitions);
    }

    /// The number of the batch to which answers with these facts belong. The first answer of a wave opens it and fixes its facts.
    ///
    /// # Errors
    /// [`StoreError::Relabelled`] when the wave had other facts at its first answer.
    pub(super) async fn batch(&self, facts: BatchFacts) -> Result<i64, StoreError> {
        let known = |open: &[(BatchFacts, i64)]| open.iter().find(|(of, _)| *of == facts).map(|(_, number)| *number);
        if let Some(number) = known(&self.open_batches.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(number);
        }
        let number = self.store.open_batch(&facts, hours_since_epoch(self.now())).await?;
        let mut open = self.open_batches.write().unwrap_or_else(PoisonError::into_inner);
        if known(&open).is_none() {
            open.push((facts, number));
        }
        Ok(number)
    }

    /// Moves the held answers of waves on that take no more. A survey that is not served now may come back: its answers stay held.
    async fn settle_ended_waves(&self) {
        let definitions = self.definitions();
        // Submissions that came in time may still be on their way.
        let then = definitions.civil_time(self.now() - SETTLE_DELAY);
        let settling = async {
            for (id, wave) in self.store.held_waves().await? {
                let declared = definitions.find(&id, None).and_then(|first| first.survey.wave(&wave));
                if declared.is_some_and(|wave| matches!(wave.collection_status(then), CollectionStatus::Closed(_))) {
                    self.store.settle_wave(&id, &wave).await?;
                }
            }
            Ok::<(), StoreError>(())
        };
        if let Err(error) = settling.await {
            self.report_problem(&format!("settling an ended wave: {error}"));
        }
    }

    pub(super) fn definitions(&self) -> Arc<SurveyDefinitions> {
        self.definitions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Reports an internal problem, at most one in ten seconds.
    pub(super) fn report_problem(&self, problem: &str) {
        let now = seconds(self.now());
        let last = self.last_report.load(Ordering::Relaxed);
        if now.abs_diff(last) >= 10
            && self.last_report.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            (self.notify)(problem);
        }
    }

    /// Reports once that visitors behind a proxy may be counted as one, which is probably a mistake in the configuration.
    pub(super) fn report_proxy(&self, problem: ProxyProblem) {
        if !self.proxy_reported[problem as usize].swap(true, Ordering::Relaxed) {
            (self.notify)(problem.message());
        }
    }

    /// The routes `/surveys/{id}`, `/healthz`, and the files of the pages, also under the path of the settings' endpoint.
    pub fn router(self: &Arc<Self>) -> Router {
        let routes = Router::new()
            .route("/surveys/{id}", any(survey))
            .route("/healthz", get(health))
            .route("/style.css", get(style))
            .route("/large.css", get(large_style))
            .route("/form.js", get(script))
            // Browsers request it by themselves.
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
        let prefix = self.definitions().path_prefix.clone();
        // Characters of route patterns are not expected in a prefix.
        let nested = !prefix.is_empty() && !prefix.contains(['{', '}', '*', ':']);
        let router = if nested { Router::new().nest(&prefix, routes.clone()).merge(routes) } else { routes };
        router
            .fallback(not_found)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(from_fn_with_state(self.clone(), security_headers))
            .with_state(self.clone())
    }

    /// Serves until `stop` ends, then finishes requests in progress, writes what is queued, erases the insertion order and closes the store.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let (stopped, mut stopping) = tokio::sync::watch::channel(false);
        let erasure = tokio::spawn(erase_insertion_order_periodically(self.clone(), stopping.clone()));
        let service = self.router().into_make_service_with_connect_info::<PeerAddress>();
        let end = async move {
            stop.await;
            stopped.send_replace(true);
        };
        let serving = axum::serve(LimitedListener::new(listener, &self.trusted), service).with_graceful_shutdown(end);
        let served = tokio::select! {
            served = serving => served,
            () = async {
                let _ = stopping.wait_for(|stop| *stop).await;
                tokio::time::sleep(SHUTDOWN_GRACE).await;
            } => Ok(()),
        };
        self.queue.finish().await;
        let _ = erasure.await;
        self.settle_ended_waves().await;
        if let Err(error) = self.store.erase_insertion_order(hours_since_epoch(self.now())).await {
            self.report_problem(&format!("erasing the insertion order: {error}"));
        }
        self.store.close().await;
        served
    }
}

/// Settles ended waves and erases the insertion order every minute until the collector stops.
async fn erase_insertion_order_periodically(
    collector: Arc<Collector>,
    mut stopping: tokio::sync::watch::Receiver<bool>,
) {
    loop {
        collector.settle_ended_waves().await;
        let pause = match collector.store.erase_insertion_order(hours_since_epoch(collector.now())).await {
            Ok(done) if done.more => Duration::ZERO,
            Ok(_) => ERASURE_INTERVAL,
            Err(error) => {
                collector.report_problem(&format!("erasing the insertion order: {error}"));
                ERASURE_INTERVAL
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

pub(super) fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

async fn survey(
    State(collector): State<Arc<Collector>>,
    id: Result<Path<String>, axum::extract::rejection::PathRejection>,
    request: Request,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<PeerAddress>>().map(|info| info.0);
    let id = id.map(|Path(id)| id).unwrap_or_default();
    match *request.method() {
        Method::GET | Method::HEAD => handlers::show_form(&collector, &id, &request),
        Method::POST => handlers::submit(&collector, &id, peer, request).await,
        Method::OPTIONS => handlers::preflight(&collector, request.headers()),
        _ => method_not_allowed(State(collector), request).await,
    }
}

async fn health(State(collector): State<Arc<Collector>>) -> Response {
    // Reading may work when writing does not, as on a full disk; a write is tried only after one has failed.
    let healthy = if collector.queue.is_failing() {
        collector.store.takes_writes().await
    } else {
        collector.store.is_alive().await
    };
    if healthy {
        plain_text(StatusCode::OK, "ok\n")
    } else {
        plain_text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer or takes no writes\n")
    }
}

async fn style(State(collector): State<Arc<Collector>>) -> Response {
    static_file("text/css; charset=utf-8", collector.definitions().css.clone())
}

async fn large_style(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    match collector.definitions().large_css.clone() {
        Some(css) => static_file("text/css; charset=utf-8", css),
        None => not_found(State(collector), request).await,
    }
}

async fn script(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    match collector.definitions().js.clone() {
        Some(js) => static_file("text/javascript; charset=utf-8", js),
        None => not_found(State(collector), request).await,
    }
}

async fn not_found(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    handlers::notice(&collector, &request, Notice::NoSurvey)
}

async fn method_not_allowed(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    handlers::notice(&collector, &request, Notice::Method)
}

/// Adds the headers of every reply: no caching, no framing, no resources of other origins, no posts to other origins.
async fn security_headers(State(collector): State<Arc<Collector>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_security_headers(&mut response, &collector.definitions().origins);
    response
}

/// Sets the headers of every reply. Forms lead to the reply's own origin and to `origins`.
pub(crate) fn set_security_headers(response: &mut Response, origins: &[String]) {
    let headers = response.headers_mut();
    // Browsers apply `form-action` to the redirect after a form as well.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
        origins.join(" ")
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        // With `no-referrer`, browsers would send `Origin: null` with the form.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("x-robots-tag", "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn plain_text(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

pub(crate) fn static_file(kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=600"));
    response
}
