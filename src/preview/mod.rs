//! Live preview: keeps the site in memory, serves it on 127.0.0.1 and updates it after every saved file.
//!
//! Input: the site's folder, which is watched for changes. Output: pages over HTTP, each with a panel that lists its errors and
//! warnings. The preview writes no file and does not read `public/`. Only the file [`session`] knows the pipeline.

mod guard;
mod http;
mod mime;
mod overlay;
mod response;
mod session;
mod text_cache;
mod worker;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tokio::net::TcpListener;

use crate::source::{FileWatcher, WatchMode};
use puzhi_core::diag::{Diagnostic, codes};

pub use session::{ChangedOutputs, ClockFn, Counters, Findings, PreviewOutput, PreviewSession, Update};

/// Ports to try in this order when the caller gives none.
const PORTS: std::ops::Range<u16> = 4000..4020;

/// Input of [`serve`].
pub struct PreviewOptions<'r> {
    /// The site's folder.
    pub root: &'r Path,
    /// The port to listen on, 0 for any free one; `None` takes the first free port from 4000 to 4019.
    pub port: Option<u16>,
    /// How to detect changed files.
    pub mode: WatchMode,
    /// Returns the date that pages are rendered for. Called at every update, because a preview may run past midnight.
    pub today: ClockFn,
}

/// Serves the site until the future `end` completes. Calls `ready` once, with the listening address and the watch mode in use, and
/// `updated` after the site was first read and after every update.
///
/// # Errors
/// `preview-unusable` when the port is taken, or when the runtime, a thread or the file watcher cannot be started. Errors in the
/// site do not end the preview: they are shown as findings.
pub fn serve(
    options: PreviewOptions<'_>,
    ready: impl FnOnce(SocketAddr, WatchMode),
    mut updated: impl FnMut(&Update) + Send + 'static,
    end: impl Future<Output = ()> + Send,
) -> Result<(), Diagnostic> {
    let PreviewOptions { root, port, mode, today } = options;
    let unusable = |error: std::io::Error| unusable(port.unwrap_or(PORTS.start), &error);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(unusable)?;
    let result = runtime.block_on(async {
        let listener = listen(port).await?;
        let address = listener.local_addr().map_err(unusable)?;
        // Start the watcher before the site is first read; otherwise a save in between would be missed.
        let (early, mut changes) = tokio::sync::mpsc::channel(1);
        let watch =
            FileWatcher::start(root, mode, move |found| early.blocking_send(found).is_ok()).map_err(unusable)?;
        let folder = root.to_path_buf();
        let session = tokio::task::spawn_blocking(move || PreviewSession::open(&folder, today))
            .await
            .map_err(|e| unusable(e.into()))?;
        let counters = session.counters();
        updated(&Update {
            number: counters.updates,
            changed: ChangedOutputs::Anything,
            diags: session.diags(),
            counters,
        });
        let worker = worker::Worker::start(session, updated).map_err(unusable)?;
        let notifier = worker.clone();
        tokio::task::spawn_blocking(
            move || while changes.blocking_recv().is_some_and(|found| notifier.changed(found)) {},
        );
        ready(address, watch.mode);
        tokio::select! {
            ended = axum::serve(listener, http::router(worker, address.port())) => ended.map_err(unusable),
            () = end => Ok(()),
        }
    });
    runtime.shutdown_background();
    result
}

#[expect(clippy::disallowed_methods, reason = "listens on this machine only")]
async fn listen(port: Option<u16>) -> Result<TcpListener, Diagnostic> {
    let ports = match port {
        Some(port) => port..=port,
        None => PORTS.start..=PORTS.end - 1,
    };
    let mut refused = None;
    for port in ports {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => drop(refused.get_or_insert_with(|| unusable(port, &error))),
        }
    }
    Err(refused.unwrap_or_else(|| unusable(PORTS.start, &std::io::ErrorKind::AddrInUse.into())))
}

fn unusable(port: u16, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::start::PREVIEW_UNUSABLE).arg("port", port).io_cause(error)
}
