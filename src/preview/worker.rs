//! One thread owns the [`Desk`]: saves and requests come to it in turn, so nothing is ever half updated.
//!
//! In: questions through a bounded queue. Out: answers, and each update to everyone who follows them. Knows no HTTP.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::source::Changes;

use super::answer::{Answer, answer};
use super::desk::{Counters, Desk, Update};
use super::guard::Address;

/// Questions that wait; who comes later waits for a place.
const WAITING: usize = 256;

enum Ask {
    Page(Address, oneshot::Sender<Answer>),
    Counters(oneshot::Sender<Counters>),
    Changed(Changes),
}

/// The way to the thread.
#[derive(Clone)]
pub(super) struct Worker {
    asks: mpsc::Sender<Ask>,
    updates: watch::Receiver<Option<Arc<Update>>>,
}

impl Worker {
    /// Starts the thread. `tell` hears of every update.
    pub(super) fn start(mut desk: Desk, mut tell: impl FnMut(&Update) + Send + 'static) -> std::io::Result<Worker> {
        let (asks, mut queue) = mpsc::channel(WAITING);
        let (sender, updates) = watch::channel(None);
        let run = move || {
            let mut next = queue.blocking_recv();
            while let Some(ask) = next.take() {
                match ask {
                    // Nobody waits any more where sending fails.
                    Ask::Page(address, reply) => drop(reply.send(answer(&mut desk, &address))),
                    Ask::Counters(reply) => drop(reply.send(desk.counters())),
                    Ask::Changed(mut changes) => {
                        // What was saved meanwhile is one update.
                        while let Ok(ask) = queue.try_recv() {
                            match ask {
                                Ask::Changed(more) => changes.add(more),
                                other => {
                                    next = Some(other);
                                    break;
                                }
                            }
                        }
                        let update = desk.update(&changes);
                        tell(&update);
                        sender.send_replace(Some(Arc::new(update)));
                    }
                }
                if next.is_none() {
                    next = queue.blocking_recv();
                }
            }
        };
        std::thread::Builder::new().name("desk".into()).spawn(run)?;
        Ok(Worker { asks, updates })
    }

    /// Hands over changes and waits while the queue is full; `false` when the preview has ended.
    pub(super) fn changed(&self, changes: Changes) -> bool {
        self.asks.blocking_send(Ask::Changed(changes)).is_ok()
    }

    /// `None` when the preview has ended.
    pub(super) async fn page(&self, address: Address) -> Option<Answer> {
        let (reply, answer) = oneshot::channel();
        self.asks.send(Ask::Page(address, reply)).await.ok()?;
        answer.await.ok()
    }

    pub(super) async fn counters(&self) -> Option<Counters> {
        let (reply, answer) = oneshot::channel();
        self.asks.send(Ask::Counters(reply)).await.ok()?;
        answer.await.ok()
    }

    /// The newest update, again and again; those nobody saw in time are skipped.
    pub(super) fn updates(&self) -> watch::Receiver<Option<Arc<Update>>> {
        self.updates.clone()
    }
}
