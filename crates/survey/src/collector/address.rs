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

/// Whether the address is a loopback or private one, as those of reverse proxies are.
pub fn is_private(address: IpAddr) -> bool {
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
}
