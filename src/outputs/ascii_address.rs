//! Addresses with Chinese in their host or base path, for files that allow ASCII only (RFC 3986).
//!
//! Input: an absolute address. Output: the same with its host in the form of IDNA (`xn--…`) and the rest percent-encoded.
//! Knows no site.

use std::borrow::Cow;

/// The address in ASCII. One whose host IDNA does not allow stays as it is.
pub(super) fn ascii_address(url: &str) -> Cow<'_, str> {
    if url.is_ascii() {
        return Cow::Borrowed(url);
    }
    let Some(start) = url.find("://").map(|at| at + 3) else { return Cow::Borrowed(url) };
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    let host = url[start..end].rfind('@').map_or(start, |at| start + at + 1);
    let port = url[host..end].rfind(':').map_or(end, |at| host + at);
    match idna::domain_to_ascii_cow(&url.as_bytes()[host..port], idna::AsciiDenyList::URL) {
        Ok(ascii) => {
            let path = percent_encoding::utf8_percent_encode(&url[port..], percent_encoding::CONTROLS);
            Cow::Owned(format!("{}{ascii}{path}", &url[..host]))
        }
        Err(_) => Cow::Borrowed(url),
    }
}

#[cfg(test)]
mod tests {
    use super::ascii_address;

    #[test]
    fn hosts_become_ascii() {
        for (written, ascii) in [
            ("https://普知.中国/a/", "https://xn--tkvs20b.xn--fiqs8s/a/"),
            ("http://政务.example.cn:8080", "http://xn--zfr164b.example.cn:8080"),
            ("https://www.example.cn/甲/%E4%B9%99/", "https://www.example.cn/%E7%94%B2/%E4%B9%99/"),
            ("https://www.example.gov.cn/pz/", "https://www.example.gov.cn/pz/"),
            ("普知", "普知"),
            ("https://a b.中国/", "https://a b.中国/"),
        ] {
            assert_eq!(ascii_address(written), ascii);
        }
    }
}
