//! Accepting connections: so many at a time, and none that keeps the collector waiting.
//!
//! In: a bound socket. Out: connections for the HTTP server, each of which ends by itself when for a minute nothing was
//! answered on it: a sender of one byte now and then, a reader that does not read, and one that just stays all hold a place.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use super::address::Peer;

/// Connections at a time; the next wait in the system's queue.
const CONNECTIONS: usize = 2048;
/// How long a connection lives after the last byte that was answered on it.
const LIFE: Duration = Duration::from_secs(60);

/// The collector's socket.
#[derive(Debug)]
pub struct Entrance {
    listener: TcpListener,
    places: Arc<Semaphore>,
    life: Duration,
}

impl Entrance {
    pub fn new(listener: TcpListener) -> Entrance {
        Entrance { listener, places: Arc::new(Semaphore::new(CONNECTIONS)), life: LIFE }
    }
}

impl Listener for Entrance {
    type Io = Visit;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Visit, SocketAddr) {
        // The semaphore is never closed.
        let place = self.places.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let _ = stream.set_nodelay(true);
        (Visit { stream, end: Box::pin(sleep(self.life)), life: self.life, _place: place }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection with its end.
#[derive(Debug)]
pub struct Visit {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    life: Duration,
    /// Given back when the connection goes.
    _place: Option<OwnedSemaphorePermit>,
}

impl Visit {
    /// Turns waiting into an error when the time is over.
    fn or_end<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_pending() && self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        poll
    }

    fn answered(&mut self) {
        let end = Instant::now() + self.life;
        self.end.as_mut().reset(end);
    }
}

impl AsyncRead for Visit {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let visit = self.get_mut();
        let poll = Pin::new(&mut visit.stream).poll_read(context, buffer);
        visit.or_end(context, poll)
    }
}

impl AsyncWrite for Visit {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let visit = self.get_mut();
        let poll = Pin::new(&mut visit.stream).poll_write(context, bytes);
        if matches!(poll, Poll::Ready(Ok(1..))) {
            visit.answered();
        }
        visit.or_end(context, poll)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let visit = self.get_mut();
        let poll = Pin::new(&mut visit.stream).poll_write_vectored(context, bytes);
        if matches!(poll, Poll::Ready(Ok(1..))) {
            visit.answered();
        }
        visit.or_end(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let visit = self.get_mut();
        let poll = Pin::new(&mut visit.stream).poll_flush(context);
        visit.or_end(context, poll)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let visit = self.get_mut();
        let poll = Pin::new(&mut visit.stream).poll_shutdown(context);
        visit.or_end(context, poll)
    }
}

impl Connected<IncomingStream<'_, Entrance>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Entrance>) -> Peer {
        Peer::from(*stream.remote_addr())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_connection_without_an_answer_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let entrance = Entrance { life: Duration::from_millis(300), ..Entrance::new(listener) };
        let address = entrance.local_addr().unwrap();
        let app = axum::Router::new().route("/", axum::routing::get(|| async { "here" }));
        let slow = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let start = Instant::now();
            // A byte of a request every now and then.
            for byte in "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".bytes() {
                if stream.write_all(&[byte]).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            assert!(start.elapsed() < Duration::from_secs(5));
            rest
        });
        let server = tokio::spawn(async move { axum::serve(entrance, app).await });
        assert!(slow.await.unwrap().is_empty());
        // One that is answered goes on beyond its first life.
        let mut stream = TcpStream::connect(address).await.unwrap();
        for _ in 0..4 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
            let mut buffer = [0; 1024];
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(buffer[..read].ends_with(b"here"));
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        server.abort();
    }
}
