//! A listener that bounds the number of connections and the time that each may be idle.
//!
//! In: a bound socket. Out: connections for the HTTP server. A connection ends when nothing was written to it for a minute, so that slow
//! senders, slow readers and idle clients ("slowloris") cannot hold a place for longer. Knows no HTTP.

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

use super::address::PeerAddress;

/// Connections at a time. Further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 2048;
/// How long a connection lives after the last byte that was written to it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// The collector's socket.
#[derive(Debug)]
pub struct LimitedListener {
    listener: TcpListener,
    permits: Arc<Semaphore>,
    idle_timeout: Duration,
}

impl LimitedListener {
    /// Wraps a bound socket.
    pub fn new(listener: TcpListener) -> LimitedListener {
        LimitedListener { listener, permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)), idle_timeout: IDLE_TIMEOUT }
    }
}

impl Listener for LimitedListener {
    type Io = TimedConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedConnection, SocketAddr) {
        // The semaphore is never closed.
        let permit = self.permits.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let _ = stream.set_nodelay(true);
        (
            TimedConnection {
                stream,
                deadline: Box::pin(sleep(self.idle_timeout)),
                idle_timeout: self.idle_timeout,
                _permit: permit,
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection with a deadline.
#[derive(Debug)]
pub struct TimedConnection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    idle_timeout: Duration,
    /// Released when the connection is dropped.
    _permit: Option<OwnedSemaphorePermit>,
}

impl TimedConnection {
    /// Turns a pending operation into a timeout error after the deadline.
    fn or_timeout<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_pending() && self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        poll
    }

    #[expect(clippy::disallowed_methods, reason = "waits for the next bytes of a connection")]
    fn extend_deadline(&mut self) {
        let deadline = Instant::now() + self.idle_timeout;
        self.deadline.as_mut().reset(deadline);
    }
}

impl AsyncRead for TimedConnection {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let connection = self.get_mut();
        let poll = Pin::new(&mut connection.stream).poll_read(context, buffer);
        connection.or_timeout(context, poll)
    }
}

impl AsyncWrite for TimedConnection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        let poll = Pin::new(&mut connection.stream).poll_write(context, bytes);
        if matches!(poll, Poll::Ready(Ok(1..))) {
            connection.extend_deadline();
        }
        connection.or_timeout(context, poll)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        let poll = Pin::new(&mut connection.stream).poll_write_vectored(context, bytes);
        if matches!(poll, Poll::Ready(Ok(1..))) {
            connection.extend_deadline();
        }
        connection.or_timeout(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let connection = self.get_mut();
        let poll = Pin::new(&mut connection.stream).poll_flush(context);
        connection.or_timeout(context, poll)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let connection = self.get_mut();
        let poll = Pin::new(&mut connection.stream).poll_shutdown(context);
        connection.or_timeout(context, poll)
    }
}

impl Connected<IncomingStream<'_, LimitedListener>> for PeerAddress {
    fn connect_info(stream: IncomingStream<'_, LimitedListener>) -> PeerAddress {
        PeerAddress::from(*stream.remote_addr())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_connection_without_an_answer_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listener = LimitedListener { idle_timeout: Duration::from_millis(300), ..LimitedListener::new(listener) };
        let address = listener.local_addr().unwrap();
        let app = axum::Router::new().route("/", axum::routing::get(|| async { "here" }));
        let slow = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let start = Instant::now();
            // Send a byte of a request now and then.
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
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        assert!(slow.await.unwrap().is_empty());
        // A connection that is answered lives beyond its first deadline.
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
