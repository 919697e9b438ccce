//! Request checks of the preview: `Host`, `Origin` and the address.
//!
//! Input: the headers and the URI of a request. Output: a decoded [`Address`] or a [`Rejection`]. The server listens on the
//! loopback interface only. Without these checks, a foreign web page open in the same browser could still read the unpublished
//! site by DNS rebinding or a cross-site WebSocket. The module does not know which addresses the site has. The caller looks an
//! accepted address up among the outputs, never on the disk.

use axum::http::{HeaderMap, Uri, header};
use percent_encoding::percent_decode_str;

use puzhi_core::base::{SitePath, is_safe_segment};

/// Longest accepted address, in bytes before decoding.
const MAX_ADDRESS_BYTES: usize = 4096;

/// Why a request is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// `Host` names another host, or `Origin` names a page of another host.
    ForeignOrigin,
    /// The address is longer than [`MAX_ADDRESS_BYTES`].
    TooLong,
    /// The address cannot be a path of any site.
    Address,
}

/// A requested address: percent-decoded, in Unicode normalization form NFC, without leading and trailing slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The path below the server's root; empty for the root.
    pub path: String,
    /// Whether the address ended with a slash.
    pub folder: bool,
}

/// Accepts a request only if it has exactly one `Host` header and that header, and the URI's authority if present, name this server.
pub(crate) fn host(headers: &HeaderMap, uri: &Uri, port: u16) -> Result<(), Rejection> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = hosts.next().and_then(|h| h.to_str().ok()).ok_or(Rejection::ForeignOrigin)?;
    let elsewhere = uri.authority().is_some_and(|a| !is_own(a.as_str(), port));
    if hosts.next().is_some() || elsewhere || !is_own(named, port) { Err(Rejection::ForeignOrigin) } else { Ok(()) }
}

/// Accepts a WebSocket only from this server's own pages. Browsers always send `Origin` with a WebSocket request.
pub(crate) fn origin(headers: &HeaderMap, port: u16) -> Result<(), Rejection> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next().and_then(|o| o.to_str().ok()).and_then(|o| o.strip_prefix("http://"));
    if origins.next().is_none() && origin.is_some_and(|o| is_own(o, port)) {
        Ok(())
    } else {
        Err(Rejection::ForeignOrigin)
    }
}

fn is_own(authority: &str, port: u16) -> bool {
    // Browsers omit port 80.
    let name = match authority.strip_suffix(&format!(":{port}")) {
        Some(name) => name,
        None if port == 80 => authority,
        None => return false,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

/// Splits the address at slashes first and then decodes each segment once, so that an encoded slash cannot act as a separator.
pub(super) fn address(raw: &str) -> Result<Address, Rejection> {
    if raw.len() > MAX_ADDRESS_BYTES {
        return Err(Rejection::TooLong);
    }
    let below = raw.strip_prefix('/').ok_or(Rejection::Address)?;
    if below.is_empty() {
        return Ok(Address { path: String::new(), folder: true });
    }
    let folder = below.ends_with('/');
    let mut segments = Vec::new();
    for segment in below.strip_suffix('/').unwrap_or(below).split('/') {
        let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| Rejection::Address)?;
        if !is_safe_segment(&decoded) {
            return Err(Rejection::Address);
        }
        segments.push(decoded);
    }
    let path = SitePath::new(&segments.join("/")).map_err(|_| Rejection::Address)?;
    Ok(Address { path: path.as_str().to_string(), folder })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str], uri: &str) -> Result<(), Rejection> {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(header::HOST, name.parse().unwrap());
        }
        host(&headers, &uri.parse().unwrap(), 4000)
    }

    #[test]
    fn only_this_machine_by_its_own_names_and_port() {
        for good in ["localhost:4000", "LocalHost:4000", "127.0.0.1:4000", "[::1]:4000"] {
            assert_eq!(hosts(&[good], "/a"), Ok(()), "{good}");
        }
        for bad in [
            "",
            "localhost",
            "localhost:80",
            "localhost:40000",
            "evil.example:4000",
            "127.0.0.1.evil.example:4000",
            "localhost.:4000",
            "0.0.0.0:4000",
            "127.0.0.2:4000",
            "localhost:4000:4000",
            "user@localhost:4000",
            "2130706433:4000",
            "192.168.1.5:4000",
        ] {
            assert_eq!(hosts(&[bad], "/a"), Err(Rejection::ForeignOrigin), "{bad}");
        }
        assert_eq!(hosts(&[], "/a"), Err(Rejection::ForeignOrigin));
        assert_eq!(hosts(&["localhost:4000", "evil.example"], "/a"), Err(Rejection::ForeignOrigin));
        assert_eq!(hosts(&["localhost:4000"], "http://evil.example/a"), Err(Rejection::ForeignOrigin));
        assert_eq!(hosts(&["localhost:4000"], "http://localhost:4000/a"), Ok(()));
    }

    #[test]
    fn sockets_are_for_own_pages() {
        let with = |origins: &[&str]| {
            let mut headers = HeaderMap::new();
            for origin in origins {
                headers.append(header::ORIGIN, origin.parse().unwrap());
            }
            origin(&headers, 4000)
        };
        assert_eq!(with(&["http://localhost:4000"]), Ok(()));
        assert_eq!(with(&["http://127.0.0.1:4000"]), Ok(()));
        for bad in [
            &[][..],
            &["null"],
            &["https://localhost:4000"],
            &["http://localhost:4001"],
            &["http://evil.example"],
            &["http://localhost:4000.evil.example"],
            &["http://localhost:4000", "http://evil.example"],
            &["file://"],
        ] {
            assert_eq!(with(bad), Err(Rejection::ForeignOrigin), "{bad:?}");
        }
    }

    #[test]
    fn addresses_stay_inside() {
        let good = |raw: &str| address(raw).map(|a| (a.path, a.folder));
        assert_eq!(good("/"), Ok((String::new(), true)));
        assert_eq!(good("/guides/a/"), Ok(("guides/a".into(), true)));
        assert_eq!(good("/%E6%8C%87%E5%8D%97/a%20b.pdf"), Ok(("指南/a b.pdf".into(), false)));
        assert_eq!(good("/.well-known/x"), Ok((".well-known/x".into(), false)));
        // Decoded once only.
        assert_eq!(good("/%252e%252e/x"), Ok(("%2e%2e/x".into(), false)));
        for bad in [
            "/../x",
            "/a/../../x",
            "/./a",
            "/%2e%2e/x",
            "/%2E%2e%2fx",
            "/a%2f..%2fb",
            "/a%5c..%5cb",
            "/a\\b",
            "//etc/passwd",
            "/a//b",
            "/%2Fetc/passwd",
            "/C:/x",
            "/c%3a/x",
            "/a%00b",
            "/a%00.html",
            "/con",
            "/CON.txt",
            "/aux/x",
            "/a/nul",
            "/com1.md",
            "/LPT9",
            "/a./b",
            "/a%20/b",
            "/%c0%ae%c0%ae/x",
            "/%ff",
            "/a%0d%0ab",
            "*",
            "x",
            "/a%3fb",
            "/a%2a",
            "/%e2%80%ae/x",
        ] {
            assert_eq!(address(bad), Err(Rejection::Address), "{bad}");
        }
        assert_eq!(address(&format!("/{}", "a/".repeat(3000))), Err(Rejection::TooLong));
        assert_eq!(address(&format!("/{}", "a".repeat(300))), Err(Rejection::Address));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_asked_for_stays_inside(raw in "/?([a-c./\\\\%:\u{0}~ ]|%2e|%2F|%5c|%00|\\.\\.|con|nul|指|%e6%8c%87){0,12}") {
            if let Ok(found) = address(&raw) {
                proptest::prop_assert!(found.path.is_empty() || found.path.split('/').all(is_safe_segment), "{:?}", found);
                let again = SitePath::new(&found.path).unwrap();
                proptest::prop_assert_eq!(again.as_str(), found.path);
            }
        }
    }
}
