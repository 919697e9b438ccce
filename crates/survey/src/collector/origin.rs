//! Protection against cross-site request forgery: whether a submission comes from a page that may post here.
//!
//! In: headers that browsers set and pages cannot (`Origin`, `Referer`, `Sec-Fetch-Site`). Out: yes or no. It keeps other sites from
//! making their readers post. It does not stop programs, which can send any header, and need not: nobody is logged in here.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN, REFERER};

/// The origin of an absolute address (RFC 6454): scheme, host and port in lower case, without the default port. `None` when it has none.
pub fn parse_origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let standard = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(standard).unwrap_or(&host);
    (matches!(scheme.as_str(), "http" | "https") && !host.is_empty() && !host.contains(['@', '\\', ' ']))
        .then(|| format!("{scheme}://{host}"))
}

/// Whether a request may post: its origin is one of `allowed` or the host it was sent to. Old browsers send no
/// `Origin`; then the `Referer` decides, and a request with neither is allowed unless `Sec-Fetch-Site` says that it is cross-site.
pub fn is_allowed_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (Some(origin), None) => origin.to_str().ok(),
        (Some(_), Some(_)) => None,
        (None, _) => {
            let cross = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
            match headers.get(REFERER) {
                Some(referer) => referer.to_str().ok(),
                None => return !cross,
            }
        }
    };
    // `null` is the origin of opaque pages: a local file, a sandboxed frame, a redirect.
    let Some(origin) = origin.and_then(parse_origin) else { return false };
    allowed.contains(&origin) || is_same_origin(headers, &origin)
}

/// Whether the origin is the host that the request was sent to.
fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    // A proxy may take https and pass on http.
    host.is_some_and(|host| {
        ["http", "https"].iter().any(|scheme| parse_origin(&format!("{scheme}://{host}")).as_deref() == Some(origin))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_as_browsers_do() {
        assert_eq!(parse_origin("https://WWW.Example.gov.cn:443/a?b"), Some("https://www.example.gov.cn".into()));
        assert_eq!(parse_origin("http://127.0.0.1:8080"), Some("http://127.0.0.1:8080".into()));
        for bad in
            ["null", "", "www.example.gov.cn", "file:///a", "https://", "javascript://a", "https://a@b", "http://a b"]
        {
            assert_eq!(parse_origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_the_site_and_the_collector_itself_may_post() {
        let allowed = ["https://www.example.gov.cn".to_string()];
        let asked = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            is_allowed_origin(&headers, &allowed)
        };
        assert!(asked(&[("origin", "https://www.example.gov.cn")]));
        assert!(asked(&[("origin", "https://survey.example.gov.cn"), ("host", "survey.example.gov.cn")]));
        assert!(asked(&[("origin", "http://127.0.0.1:9"), ("host", "127.0.0.1:9")]));
        assert!(asked(&[("referer", "https://www.example.gov.cn/surveys/awareness/")]));
        assert!(asked(&[("host", "survey.example.gov.cn")]));
        for forged in [
            &[("origin", "https://evil.example"), ("host", "survey.example.gov.cn")][..],
            &[("origin", "null")],
            &[("origin", "https://www.example.gov.cn.evil.example")],
            &[("origin", "http://www.example.gov.cn")],
            &[("origin", "https://www.example.gov.cn"), ("origin", "https://evil.example")],
            &[("origin", "https://www.example.gov.cn:8443")],
            &[("referer", "https://evil.example/")],
            &[("referer", "about:blank")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            assert!(!asked(forged), "{forged:?}");
        }
    }
}
