//! The address that a request is counted under by the rate limiter.
//!
//! In: the peer's address, `X-Forwarded-For`, and the trusted proxies. Out: one address, which is never stored (see `rate_limit`).
//! Knows no HTTP beyond that header.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// Entries of `X-Forwarded-For` that are read, from the right.
const MAX_FORWARDED_HOPS: usize = 16;

/// Address of the other end of a connection, in its canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

impl From<SocketAddr> for PeerAddress {
    fn from(address: SocketAddr) -> PeerAddress {
        PeerAddress(address.ip().to_canonical())
    }
}

/// A range of addresses in CIDR notation (RFC 4632, RFC 4291): `10.0.0.0/8`, `2001:db8::/32`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpNetwork {
    address: IpAddr,
    /// Length of the prefix in bits.
    bits: u8,
}

impl FromStr for IpNetwork {
    type Err = String;

    fn from_str(written: &str) -> Result<IpNetwork, String> {
        let (address, bits) = written.split_once('/').map_or((written, None), |(address, bits)| (address, Some(bits)));
        let wrong = || format!("{written} is no range of addresses such as 10.0.0.0/8");
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|b| *b <= most).ok_or_else(wrong)?,
        };
        Ok(IpNetwork { address, bits })
    }
}

impl IpNetwork {
    /// Whether the address lies in the range. An IPv4 range holds no IPv6 address and the other way round.
    pub fn contains(&self, address: IpAddr) -> bool {
        let wide = |address: IpAddr| match address {
            IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
            IpAddr::V6(v6) => v6.to_bits(),
        };
        if self.address.is_ipv4() != address.is_ipv4() {
            return false;
        }
        // A shift of a `u128` by 128 bits would overflow.
        self.bits == 0 || (wide(self.address) ^ wide(address)) >> (128 - u32::from(self.bits)) == 0
    }
}

/// The address a request is counted under: the peer, or the last address that a trusted proxy saw and that is no trusted proxy
/// itself. Entries further left may be written by anybody and are ignored.
pub fn client_address<'h>(
    peer: Option<PeerAddress>,
    forwarded: impl DoubleEndedIterator<Item = &'h str>,
    trusted: &[IpNetwork],
) -> IpAddr {
    let mut at = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    for entry in forwarded.rev().flat_map(|line| line.rsplit(',')).take(MAX_FORWARDED_HOPS) {
        if !is_trusted(at) {
            break;
        }
        match parse_address(entry.trim()) {
            Some(address) => at = address,
            None => break,
        }
    }
    at
}

/// Why visitors behind a proxy may be counted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyProblem {
    /// `X-Forwarded-For` came from a private address that is not trusted.
    Untrusted = 0,
    /// A trusted proxy wrote no `X-Forwarded-For`.
    NoHeader = 1,
    /// What a trusted proxy wrote is no address.
    Unreadable = 2,
}

impl ProxyProblem {
    /// One line for the log. It names no address: the peer may be a respondent.
    pub fn message(self) -> &'static str {
        match self {
            ProxyProblem::Untrusted => {
                "收到了 X-Forwarded-For，来自一个内部地址，没有用 --trusted-proxy 说明，所以没有用它。如果那是反向代理，请加上 --trusted-proxy，否则它后面的人会被当成一个人限制 (X-Forwarded-For from a private address that --trusted-proxy does not name was ignored; if that is a proxy, name it, or all visitors behind it count as one)"
            }
            ProxyProblem::NoHeader => {
                "--trusted-proxy 的反向代理没有写 X-Forwarded-For，它后面的人会被当成一个人限制；请在反向代理里设上 (a trusted proxy sends no X-Forwarded-For: all visitors behind it count as one; set it in the proxy)"
            }
            ProxyProblem::Unreadable => {
                "--trusted-proxy 的反向代理写的 X-Forwarded-For 不是网络地址，它后面的人会被当成一个人限制 (what a trusted proxy writes in X-Forwarded-For is no address: all visitors behind it count as one)"
            }
        }
    }
}

/// What is wrong with the proxy that passed a request on, if there is one. `address` is that of [`client_address`].
pub fn proxy_problem(
    peer: Option<PeerAddress>,
    address: IpAddr,
    has_header: bool,
    trusted: &[IpNetwork],
) -> Option<ProxyProblem> {
    let peer = peer?.0;
    let is_trusted = trusted.iter().any(|network| network.contains(peer));
    match (is_trusted, has_header) {
        (false, true) => is_private(peer).then_some(ProxyProblem::Untrusted),
        (true, false) => Some(ProxyProblem::NoHeader),
        (true, true) => (address == peer).then_some(ProxyProblem::Unreadable),
        (false, false) => None,
    }
}

/// Whether the address is a loopback or private one, as those of reverse proxies are.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

/// Parses an address as proxies write it: bare, with a port, or in brackets.
fn parse_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.parse::<IpAddr>().or_else(|_| entry.parse::<SocketAddr>().map(|a| a.ip()));
    let bare = bare.or_else(|_| entry.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
    bare.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(written: &str) -> IpAddr {
        written.parse().unwrap()
    }

    #[test]
    fn networks_hold_their_addresses() {
        let network = |written: &str| written.parse::<IpNetwork>().unwrap();
        assert!(network("10.0.0.0/8").contains(ip("10.255.1.2")));
        assert!(!network("10.0.0.0/8").contains(ip("11.0.0.1")));
        assert!(!network("0.0.0.0/0").contains(ip("::1")));
        assert!(network("0.0.0.0/0").contains(ip("1.2.3.4")));
        assert!(network("::/0").contains(ip("2001:db8::1")));
        assert!(network("127.0.0.1").contains(ip("127.0.0.1")) && !network("127.0.0.1").contains(ip("127.0.0.2")));
        assert!(
            network("2001:db8::/32").contains(ip("2001:db8:1::1"))
                && !network("2001:db8::/32").contains(ip("2001:db9::1"))
        );
        for bad in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "a/8", "10.0.0.0/-1", "10.0.0.0/"] {
            assert!(bad.parse::<IpNetwork>().is_err(), "{bad}");
        }
    }

    #[test]
    fn forwarded_for_counts_only_from_trusted_proxies() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let of = |peer: &str, lines: &[&str]| {
            client_address(Some(PeerAddress(ip(peer))), lines.iter().copied(), &trusted).to_string()
        };
        assert_eq!(of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.7"]), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &["1.1.1.1, junk"]), "10.0.0.1");
        assert_eq!(of("::1", &["[2001:db8::5]:443"]), "2001:db8::5");
        assert_eq!(of("::1", &["::ffff:192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client_address(None, ["1.1.1.1"].into_iter(), &trusted).to_string(), "0.0.0.0");
    }

    #[test]
    fn notices_of_proxies_are_true() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let of = |peer: &str, header: Option<&str>| {
            let peer = Some(PeerAddress(ip(peer)));
            proxy_problem(peer, client_address(peer, header.into_iter(), &trusted), header.is_some(), &trusted)
        };
        assert_eq!(of("192.168.1.1", Some("198.51.100.1")), Some(ProxyProblem::Untrusted));
        assert_eq!(of("203.0.113.9", Some("198.51.100.1")), None, "a visitor who writes the header");
        assert_eq!(of("192.168.1.1", None), None, "a visitor of the internal network");
        assert_eq!(of("10.0.0.1", Some("198.51.100.1")), None);
        assert_eq!(of("10.0.0.1", Some("junk")), Some(ProxyProblem::Unreadable));
        assert_eq!(of("10.0.0.1", None), Some(ProxyProblem::NoHeader));
    }
}
