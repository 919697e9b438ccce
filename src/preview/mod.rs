//! Live preview: keeps the site in memory, serves it on 127.0.0.1 and updates it after every saved file.
//!
//! Input: the site's folder, which is watched for changes. Output: pages over HTTP, each with a panel that lists its errors and
//! warnings. The preview writes no file and does not read `public/`. Only the file [`session`] knows the pipeline.

pub(crate) mod guard;
pub(crate) mod http;
pub(crate) mod mime;
mod overlay;
mod response;
mod session;
mod text_cache;
mod unsaved;
mod worker;

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::Path;

use tokio::net::TcpListener;

use crate::source::{FileWatcher, WatchMode};
use puzhi_core::diag::{Diagnostic, codes};

pub use session::{ChangedOutputs, ClockFn, Counters, Findings, PreviewOutput, PreviewSession, Update};
pub use unsaved::{ShownSite, UnsavedText};
pub(crate) use worker::{Shown, Worker};

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
    updated: impl FnMut(&Update) + Send + 'static,
    end: impl Future<Output = ()> + Send,
) -> Result<(), Diagnostic> {
    let PreviewOptions { root, port, mode, today } = options;
    let unusable = |error: std::io::Error| unusable(port.unwrap_or(PORTS.start), &error);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(unusable)?;
    let result = runtime.block_on(async {
        let listener = listen(port, PORTS).await?;
        let address = listener.local_addr().map_err(unusable)?;
        let site = WatchedSite::open(root, mode, today, updated).await.map_err(unusable)?;
        ready(address, site.watch.mode);
        tokio::select! {
            ended = axum::serve(listener, http::router(site.worker, address.port(), None)) => ended.map_err(unusable),
            () = end => Ok(()),
        }
    });
    runtime.shutdown_background();
    result
}

/// A site in memory that follows its files.
pub(crate) struct WatchedSite {
    /// Owns the site.
    pub worker: Worker,
    /// Reports changes as long as it is kept.
    pub watch: FileWatcher,
}

impl WatchedSite {
    /// Opens the site at `root` and follows its files. `updated` is called after the site was first read and after every update.
    pub async fn open(
        root: &Path,
        mode: WatchMode,
        today: ClockFn,
        mut updated: impl FnMut(&Update) + Send + 'static,
    ) -> std::io::Result<WatchedSite> {
        // Start the watcher before the site is first read; otherwise a save in between would be missed.
        let (early, mut changes) = tokio::sync::mpsc::channel(1);
        let watch = FileWatcher::start(root, mode, move |found| early.blocking_send(found).is_ok())?;
        let folder = root.to_path_buf();
        let session = tokio::task::spawn_blocking(move || PreviewSession::open(&folder, today)).await?;
        updated(&session.first_update());
        let worker = Worker::start(session, updated)?;
        let notifier = worker.clone();
        tokio::task::spawn_blocking(
            move || while changes.blocking_recv().is_some_and(|found| notifier.changed(found)) {},
        );
        Ok(WatchedSite { worker, watch })
    }
}

/// Listens on the given port of this machine, or on the first one of `free` that is.
#[expect(clippy::disallowed_methods, reason = "listens on this machine only")]
pub(crate) async fn listen(port: Option<u16>, free: Range<u16>) -> Result<TcpListener, Diagnostic> {
    let ports = match port {
        Some(port) => port..=port,
        None => free.start..=free.end - 1,
    };
    let first = free.start;
    let mut refused = None;
    for port in ports {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => drop(refused.get_or_insert_with(|| unusable(port, &error))),
        }
    }
    Err(refused.unwrap_or_else(|| unusable(first, &std::io::ErrorKind::AddrInUse.into())))
}

/// That the preview cannot be used.
pub(crate) fn unusable(port: u16, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::start::PREVIEW_UNUSABLE).arg("port", port).io_cause(error)
}
