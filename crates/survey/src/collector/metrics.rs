//! Numbers of the running collector in the text format of Prometheus (exposition format 0.0.4), on a listener of their own.
//!
//! In: what became of submissions. Out: a page of counters. They name no survey, no wave and no answer, so that nothing can be read from
//! them of who answered what.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::service::Collector;

/// What became of submissions since the start.
#[derive(Debug, Default)]
pub(super) struct SubmissionCounters {
    /// All that were received.
    pub received: AtomicU64,
    /// Those that were stored, each as often as it was sent.
    pub stored: AtomicU64,
    /// Those that the store could not take.
    pub failed: AtomicU64,
}

impl SubmissionCounters {
    pub(super) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl Collector {
    /// Serves `/metrics` until the process ends.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve_metrics(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        let router = Router::new().route("/metrics", get(metrics)).with_state(self);
        axum::serve(listener, router).await
    }

    fn metrics_text(&self) -> String {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        let values = [
            ("puzhi_submissions_total counter", "Submissions received.", count(&counters.received)),
            ("puzhi_submissions_stored_total counter", "Submissions acknowledged as stored.", count(&counters.stored)),
            (
                "puzhi_submissions_failed_total counter",
                "Submissions the store could not take.",
                count(&counters.failed),
            ),
            ("puzhi_store_failing gauge", "1 while the last write failed.", u64::from(self.queue.is_failing())),
        ];
        let mut text = String::new();
        for (kind, help, value) in values {
            let name = kind.split(' ').next().unwrap_or_default();
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {kind}\n{name} {value}\n"));
        }
        text
    }
}

async fn metrics(State(collector): State<Arc<Collector>>) -> Response {
    let mut response = collector.metrics_text().into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
