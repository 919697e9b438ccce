//! The thread that owns the [`PreviewSession`]. It handles changes and requests one after another, so that no request sees a
//! partly updated site.
//!
//! Input: requests through a bounded queue. Output: replies, and every update to all subscribers. Knows nothing of HTTP.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::source::FileChanges;

use super::guard::Address;
use super::response::{PreviewResponse, response_for};
use super::session::{Counters, PreviewSession, Update};
use super::unsaved::UnsavedText;

/// Capacity of the request queue. When it is full, senders wait.
const QUEUE_LENGTH: usize = 256;

enum WorkerRequest {
    Page(Address, oneshot::Sender<PreviewResponse>),
    Counters(oneshot::Sender<Counters>),
    Changed(FileChanges),
    Job(Job),
}

/// Work on the session that gives its own answer. `Some` if it changed the site.
type Job = Box<dyn FnOnce(&mut PreviewSession) -> Option<Update> + Send>;

/// A change of the site that is on its way.
#[must_use]
pub(crate) struct Shown(oneshot::Receiver<()>);

impl Shown {
    /// Blocks until the site is up to date. `false` when the preview has ended.
    pub(crate) fn wait(self) -> bool {
        self.0.blocking_recv().is_ok()
    }
}

/// Handle to the thread. The thread ends when all handles are dropped.
#[derive(Clone)]
pub(crate) struct Worker {
    requests: mpsc::Sender<WorkerRequest>,
    updates: watch::Receiver<Option<Arc<Update>>>,
}

impl Worker {
    /// Starts the thread. `on_update` is called on it after every update.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(crate) fn start(
        mut session: PreviewSession,
        mut on_update: impl FnMut(&Update) + Send + 'static,
    ) -> std::io::Result<Worker> {
        let (requests, mut queue) = mpsc::channel(QUEUE_LENGTH);
        let (sender, updates) = watch::channel(None);
        let run = move || {
            let mut next = queue.blocking_recv();
            while let Some(request) = next.take() {
                match request {
                    // Sending fails only when the requester is gone; the reply is then dropped.
                    WorkerRequest::Page(address, reply) => drop(reply.send(response_for(&mut session, &address))),
                    WorkerRequest::Counters(reply) => drop(reply.send(session.counters())),
                    WorkerRequest::Changed(mut changes) => {
                        // Merge all changes that are already queued into one update.
                        while let Ok(request) = queue.try_recv() {
                            match request {
                                WorkerRequest::Changed(more) => changes.merge(more),
                                other => {
                                    next = Some(other);
                                    break;
                                }
                            }
                        }
                        let update = session.update(&changes);
                        on_update(&update);
                        sender.send_replace(Some(Arc::new(update)));
                    }
                    WorkerRequest::Job(job) => {
                        if let Some(update) = job(&mut session) {
                            on_update(&update);
                            sender.send_replace(Some(Arc::new(update)));
                        }
                    }
                }
                if next.is_none() {
                    next = queue.blocking_recv();
                }
            }
        };
        std::thread::Builder::new().name("preview".into()).spawn(run)?;
        Ok(Worker { requests, updates })
    }

    /// Queues changes and blocks while the queue is full. `false` when the preview has ended.
    pub(crate) fn changed(&self, changes: FileChanges) -> bool {
        self.requests.blocking_send(WorkerRequest::Changed(changes)).is_ok()
    }

    /// The response for `address`; `None` when the preview has ended.
    pub(super) async fn page(&self, address: Address) -> Option<PreviewResponse> {
        let (reply, response) = oneshot::channel();
        self.requests.send(WorkerRequest::Page(address, reply)).await.ok()?;
        response.await.ok()
    }

    /// The session's counters; `None` when the preview has ended.
    pub(super) async fn counters(&self) -> Option<Counters> {
        let (reply, response) = oneshot::channel();
        self.requests.send(WorkerRequest::Counters(reply)).await.ok()?;
        response.await.ok()
    }

    /// Asks the session for something and blocks until it answers; `None` when the preview has ended.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut PreviewSession) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        let job = move |session: &mut PreviewSession| {
            drop(reply.send(question(session)));
            None
        };
        self.requests.blocking_send(WorkerRequest::Job(Box::new(job))).ok()?;
        answer.blocking_recv().ok()
    }

    /// Puts texts in place of those on disk, or lets those on disk count again. Returns what can be waited for until the site is up to
    /// date; `None` when the preview has ended.
    pub(crate) fn show_unsaved(&self, texts: Vec<UnsavedText>) -> Option<Shown> {
        let (reply, done) = oneshot::channel();
        let job = move |session: &mut PreviewSession| {
            let update = session.show_unsaved(texts);
            let _ = reply.send(());
            Some(update)
        };
        self.requests.blocking_send(WorkerRequest::Job(Box::new(job))).ok()?;
        Some(Shown(done))
    }

    /// Reads files again that may have changed, and blocks until the site is up to date. `false` when the preview has ended.
    pub(crate) fn reread(&self, changes: FileChanges) -> bool {
        let (reply, done) = oneshot::channel();
        let job = move |session: &mut PreviewSession| {
            let update = session.update(&changes);
            let _ = reply.send(());
            Some(update)
        };
        self.requests.blocking_send(WorkerRequest::Job(Box::new(job))).is_ok() && done.blocking_recv().is_ok()
    }

    /// A subscription to updates. It holds the newest update only: a slow subscriber misses those in between.
    pub(crate) fn updates(&self) -> watch::Receiver<Option<Arc<Update>>> {
        self.updates.clone()
    }
}
