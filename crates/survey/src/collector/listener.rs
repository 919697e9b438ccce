//! A listener that bounds the number of connections, those of one address that nothing was answered on, and the time that each may be idle.
//!
//! In: a bound socket. Out: connections for the HTTP server. A connection ends when nothing was written to it for a minute, or for a few
//! seconds while many are open, so that slow senders, slow readers and idle clients ("slowloris") cannot hold a place for longer. Knows no
//! HTTP.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use super::address::{IpNetwork, PeerAddress};

/// Connections at a time. Further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 2048;
/// Connections of one address on which nothing was answered yet. A proxy that is trusted has any number.
const MAX_UNANSWERED: usize = 64;
/// How long a connection lives after the last byte that was written to it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// The same while more than so many connections are open, the most first.
const CROWDED: [(usize, Duration); 2] = [(1536, Duration::from_secs(5)), (1024, Duration::from_secs(10))];

/// The connections that are open.
#[derive(Debug, Default)]
struct OpenConnections {
    all: AtomicUsize,
    /// Those without an answer, by address.
    unanswered: Mutex<HashMap<IpAddr, usize>>,
}

impl OpenConnections {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
        // A panic while the lock is held cannot leave the counts half changed.
        self.unanswered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection; `None` when its address has too many without an answer.
    fn open(self: &Arc<Self>, address: IpAddr, is_trusted: bool) -> Option<ConnectionPlace> {
        let address = network_of(address);
        let mut unanswered = self.lock();
        let count = unanswered.entry(address).or_default();
        if *count >= MAX_UNANSWERED && !is_trusted {
            return None;
        }
        *count += 1;
        self.all.fetch_add(1, Ordering::Relaxed);
        Some(ConnectionPlace { open: Arc::clone(self), address: Some(address) })
    }

    fn idle_timeout(&self, most: Duration) -> Duration {
        let all = self.all.load(Ordering::Relaxed);
        CROWDED.iter().find(|(limit, _)| all > *limit).map_or(most, |(_, timeout)| most.min(*timeout))
    }
}

/// The address under which connections are counted: one machine may have all IPv6 addresses of its network (RFC 4291).
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

/// One of the open connections, which counts until it is dropped.
#[derive(Debug)]
struct ConnectionPlace {
    open: Arc<OpenConnections>,
    /// The address as long as nothing was answered.
    address: Option<IpAddr>,
}

impl ConnectionPlace {
    fn answered(&mut self) {
        let Some(address) = self.address.take() else { return };
        let mut unanswered = self.open.lock();
        if let Some(count) = unanswered.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                unanswered.remove(&address);
            }
        }
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.answered();
        self.open.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The collector's socket.
#[derive(Debug)]
pub struct LimitedListener {
    listener: TcpListener,
    permits: Arc<Semaphore>,
    open: Arc<OpenConnections>,
    trusted: Vec<IpNetwork>,
    idle_timeout: Duration,
}

impl LimitedListener {
    /// Wraps a bound socket. `trusted` are the reverse proxies, which speak for many clients.
    pub fn new(listener: TcpListener, trusted: &[IpNetwork]) -> LimitedListener {
        LimitedListener {
            listener,
            permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            open: Arc::default(),
            trusted: trusted.to_vec(),
            idle_timeout: IDLE_TIMEOUT,
        }
    }
}

impl Listener for LimitedListener {
    type Io = TimedConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedConnection, SocketAddr) {
        // The semaphore is never closed.
        let permit = self.permits.clone().acquire_owned().await.ok();
        let (stream, address, place) = loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let peer = PeerAddress::from(address).0;
            let is_trusted = self.trusted.iter().any(|network| network.contains(peer));
            // One that has too many is closed at once.
            if let Some(place) = self.open.open(peer, is_trusted) {
                break (stream, address, place);
            }
        };
        let _ = stream.set_nodelay(true);
        let deadline = Box::pin(sleep(self.open.idle_timeout(self.idle_timeout)));
        (TimedConnection { stream, deadline, idle_timeout: self.idle_timeout, place, _permit: permit }, address)
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
    place: ConnectionPlace,
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
        self.place.answered();
        let deadline = Instant::now() + self.place.open.idle_timeout(self.idle_timeout);
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
        let listener =
            LimitedListener { idle_timeout: Duration::from_millis(300), ..LimitedListener::new(listener, &[]) };
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

    #[tokio::test]
    async fn one_address_holds_few_unanswered_connections_and_others_are_served() {
        let listener = LimitedListener::new(TcpListener::bind("127.0.0.1:0").await.unwrap(), &[]);
        let open = Arc::clone(&listener.open);
        let address = listener.local_addr().unwrap();
        let app = axum::Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        let mut held = Vec::new();
        for _ in 0..3 * MAX_UNANSWERED {
            held.push(TcpStream::connect(address).await.unwrap());
        }
        // The surplus is closed; another address of this machine is answered at once.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut other = socket.connect(address).await.unwrap();
        other.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        let reading = tokio::time::timeout(Duration::from_secs(2), other.read_to_string(&mut answer));
        reading.await.unwrap().unwrap();
        assert!(answer.ends_with("here"), "{answer}");
        let count = || open.lock().values().sum::<usize>();
        assert_eq!(count(), MAX_UNANSWERED);
        // An answered connection counts no more, so that many people behind one address are served.
        drop(held);
        for _ in 0..100 {
            if count() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(count(), 0);
        let mut kept = Vec::new();
        for _ in 0..2 * MAX_UNANSWERED {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
            let mut buffer = [0; 1024];
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(buffer[..read].ends_with(b"here"));
            kept.push(stream);
        }
        server.abort();
    }

    #[test]
    fn connections_end_sooner_while_many_are_open() {
        let open = Arc::new(OpenConnections::default());
        let network: IpNetwork = "10.0.0.0/8".parse().unwrap();
        let proxy: IpAddr = "10.1.1.1".parse().unwrap();
        let places: Vec<_> = (0..1025).map(|_| open.open(proxy, network.contains(proxy)).unwrap()).collect();
        assert_eq!(open.idle_timeout(IDLE_TIMEOUT), Duration::from_secs(10));
        let more: Vec<_> = (0..600).map(|_| open.open(proxy, true).unwrap()).collect();
        assert_eq!(open.idle_timeout(IDLE_TIMEOUT), Duration::from_secs(5));
        drop((places, more));
        assert_eq!(open.idle_timeout(IDLE_TIMEOUT), IDLE_TIMEOUT);
        let v6 = |n: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n));
        let held: Vec<_> = (0..70).filter_map(|n| open.open(v6(n), false)).collect();
        assert_eq!(held.len(), MAX_UNANSWERED, "all addresses of one network count together");
    }
}
