//! One thread owns the [`PreviewSession`]: saves and requests come to it in turn, so nothing is ever half updated.
//!
//! In: questions through a bounded queue. Out: answers, and each update to everyone who follows them. Knows no HTTP.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::source::FileChanges;

use super::guard::Address;
use super::response::{PreviewResponse, response_for};
use super::session::{Counters, PreviewSession, Update};

/// Questions that wait; who comes later waits for a place.
const QUEUE_LENGTH: usize = 256;

enum WorkerRequest {
    Page(Address, oneshot::Sender<PreviewResponse>),
    Counters(oneshot::Sender<Counters>),
    Changed(FileChanges),
}

/// The way to the thread.
#[derive(Clone)]
pub(super) struct Worker {
    requests: mpsc::Sender<WorkerRequest>,
    updates: watch::Receiver<Option<Arc<Update>>>,
}

impl Worker {
    /// Starts the thread. `on_update` hears of every update.
    pub(super) fn start(
        mut session: PreviewSession,
        mut on_update: impl FnMut(&Update) + Send + 'static,
    ) -> std::io::Result<Worker> {
        let (requests, mut queue) = mpsc::channel(QUEUE_LENGTH);
        let (sender, updates) = watch::channel(None);
        let run = move || {
            let mut next = queue.blocking_recv();
            while let Some(request) = next.take() {
                match request {
                    // Nobody waits any more where sending fails.
                    WorkerRequest::Page(address, reply) => drop(reply.send(response_for(&mut session, &address))),
                    WorkerRequest::Counters(reply) => drop(reply.send(session.counters())),
                    WorkerRequest::Changed(mut changes) => {
                        // What was saved meanwhile is one update.
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
                }
                if next.is_none() {
                    next = queue.blocking_recv();
                }
            }
        };
        std::thread::Builder::new().name("preview".into()).spawn(run)?;
        Ok(Worker { requests, updates })
    }

    /// Hands over changes and waits while the queue is full; `false` when the preview has ended.
    pub(super) fn changed(&self, changes: FileChanges) -> bool {
        self.requests.blocking_send(WorkerRequest::Changed(changes)).is_ok()
    }

    /// `None` when the preview has ended.
    pub(super) async fn page(&self, address: Address) -> Option<PreviewResponse> {
        let (reply, response) = oneshot::channel();
        self.requests.send(WorkerRequest::Page(address, reply)).await.ok()?;
        response.await.ok()
    }

    pub(super) async fn counters(&self) -> Option<Counters> {
        let (reply, response) = oneshot::channel();
        self.requests.send(WorkerRequest::Counters(reply)).await.ok()?;
        response.await.ok()
    }

    /// The newest update, again and again; those nobody saw in time are skipped.
    pub(super) fn updates(&self) -> watch::Receiver<Option<Arc<Update>>> {
        self.updates.clone()
    }
}
