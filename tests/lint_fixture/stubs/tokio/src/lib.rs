pub mod net {
    pub struct TcpListener;
    impl TcpListener {
        pub fn bind() {}
    }
    pub struct TcpStream;
    impl TcpStream {
        pub fn connect() {}
    }
    pub struct UdpSocket;
    impl UdpSocket {
        pub fn bind() {}
    }
}
pub mod time {
    pub struct Instant;
    impl Instant {
        pub fn now() {}
    }
}
