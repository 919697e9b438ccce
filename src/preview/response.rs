//! Builds the response for an address: the output, with the panel of diagnostics and the preview's script added to pages.
//!
//! Input: a checked address and the [`PreviewSession`]. Output: status, media type and body. Panel and script are added to a copy;
//! the outputs in the session never contain them. Of HTTP, the module knows status codes only.

use percent_encoding::percent_decode_str;

use puzhi_core::base::{ContentHash, percent_encode_path};
use puzhi_core::diag::Diagnostic;

use super::guard::Address;
use super::session::PreviewSession;
use super::{mime, overlay};

/// First path segment of the preview's own addresses, such as `/__puzhi/client.js`.
pub(super) const INTERNAL_PREFIX: &str = "__puzhi";

/// The answer to one request, before it becomes HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PreviewResponse {
    /// HTTP status code.
    pub status: u16,
    /// Value of `Content-Type`.
    pub mime: &'static str,
    /// Bytes to send.
    pub body: Vec<u8>,
    /// Hash of the body without the preview's script. The open page compares it with a later one to know whether it is out of date.
    pub hash: ContentHash,
    /// Target of a redirect, percent-encoded.
    pub location: Option<String>,
}

/// Answers a request for `address`. Renders the output now if no current rendering is cached.
pub(super) fn response_for(session: &mut PreviewSession, address: &Address) -> PreviewResponse {
    let base = percent_decode_str(session.base_path().trim_matches('/')).decode_utf8_lossy().into_owned();
    let below = match strip_base(&base, address) {
        Ok(below) => below,
        Err(elsewhere) => {
            return match elsewhere {
                Some(to)
                    if address.path.is_empty() || session.has_address(&output_path(&address.path, address.folder)) =>
                {
                    redirect(&to)
                }
                _ => not_found(session),
            };
        }
    };
    let path = output_path(&below, address.folder);
    if !session.has_address(&path) {
        let page = output_path(&below, true);
        if !address.folder && session.has_address(&page) {
            return redirect(&format!("/{}/", address.path));
        }
        return not_found(session);
    }
    let found = session.get(&path);
    let (own, everywhere) = session.findings(&path);
    match found {
        Some(output) => {
            let mime = mime::of(&path);
            match mime.starts_with("text/html") {
                true => page(
                    200,
                    &output.bytes,
                    &overlay::panel(&own, &everywhere, own.iter().any(Diagnostic::is_error)),
                    None,
                ),
                false => PreviewResponse {
                    status: 200,
                    mime,
                    hash: output.hash,
                    body: output.bytes.to_vec(),
                    location: None,
                },
            }
        }
        None => page(500, overlay::page(&own, &everywhere).as_bytes(), "", None),
    }
}

/// The address relative to the site's base path. `Err` if it lies outside: then the address below the base path to redirect to.
fn strip_base(base: &str, address: &Address) -> Result<String, Option<String>> {
    if base.is_empty() {
        return Ok(address.path.clone());
    }
    match address.path.strip_prefix(base) {
        Some("") if address.folder => Ok(String::new()),
        Some("") => Err(Some(format!("/{base}/"))),
        Some(rest) if rest.starts_with('/') => Ok(rest[1..].to_string()),
        _ => {
            let slash = if address.folder && !address.path.is_empty() { "/" } else { "" };
            Err(Some(format!("/{base}/{}{slash}", address.path)))
        }
    }
}

fn output_path(path: &str, folder: bool) -> String {
    match (path, folder) {
        ("", _) => "index.html".to_string(),
        (path, true) => format!("{path}/index.html"),
        (path, false) => path.to_string(),
    }
}

fn redirect(to: &str) -> PreviewResponse {
    PreviewResponse {
        status: 307,
        mime: "text/plain; charset=utf-8",
        body: Vec::new(),
        hash: ContentHash::of(to.as_bytes()),
        location: Some(percent_encode_path(to)),
    }
}

/// The site's `404.html`; a page of diagnostics while that cannot be rendered.
fn not_found(session: &mut PreviewSession) -> PreviewResponse {
    let found = session.get("404.html");
    let (own, everywhere) = session.findings("404.html");
    match found {
        Some(output) => page(404, &output.bytes, &overlay::panel(&own, &everywhere, true), Some(session.base_path())),
        None => page(500, overlay::page(&own, &everywhere).as_bytes(), "", None),
    }
}

/// Inserts the panel and the script before `</body>`, and, for `links_from`, a `<base>` element after `<head>`.
fn page(status: u16, html: &[u8], panel: &str, links_from: Option<&str>) -> PreviewResponse {
    let mut body = Vec::with_capacity(html.len() + panel.len() + 200);
    // `404.html` is served at any depth, so its relative links need a fixed base.
    let head = links_from.and_then(|from| Some((find(html, b"<head>")? + b"<head>".len(), from)));
    let (before, rest) = html.split_at(head.map_or(0, |(at, _)| at));
    body.extend_from_slice(before);
    if let Some((_, from)) = head {
        body.extend_from_slice(format!("<base href=\"{from}\">").as_bytes());
    }
    let end = rfind(rest, b"</body>").unwrap_or(rest.len());
    body.extend_from_slice(&rest[..end]);
    body.extend_from_slice(panel.as_bytes());
    let hash = ContentHash::of(&[&body, &rest[end..]].concat());
    body.extend_from_slice(
        format!("<script src=\"/{INTERNAL_PREFIX}/client.js\" data-hash=\"{hash}\"></script>").as_bytes(),
    );
    body.extend_from_slice(&rest[end..]);
    PreviewResponse { status, mime: "text/html; charset=utf-8", body, hash, location: None }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w.eq_ignore_ascii_case(what))
}

fn rfind(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).rposition(|w| w.eq_ignore_ascii_case(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_comes_last_in_the_body_and_is_no_part_of_the_hash() {
        let response = page(200, b"<html><head></head><body><p>a</p></body></html>", "<x></x>", None);
        let text = String::from_utf8(response.body).unwrap();
        assert_eq!(
            text,
            format!(
                "<html><head></head><body><p>a</p><x></x><script src=\"/__puzhi/client.js\" data-hash=\"{}\"></script></body></html>",
                response.hash
            )
        );
        let bare = String::from_utf8(page(200, b"<p>a", "", Some("/b/")).body).unwrap();
        assert!(bare.starts_with("<p>a<script"), "{bare}");
        let based = String::from_utf8(page(404, b"<head><title>t</title>", "", Some("/b/")).body).unwrap();
        assert!(based.starts_with("<head><base href=\"/b/\"><title>"), "{based}");
    }

    #[test]
    fn a_site_below_a_folder() {
        let at = |path: &str, folder| strip_base("ztzl/zscq", &Address { path: path.into(), folder });
        assert_eq!(at("ztzl/zscq", true), Ok(String::new()));
        assert_eq!(at("ztzl/zscq/guides", true), Ok("guides".into()));
        assert_eq!(at("ztzl/zscq", false), Err(Some("/ztzl/zscq/".into())));
        assert_eq!(at("ztzl/zscq2", true), Err(Some("/ztzl/zscq/ztzl/zscq2/".into())));
        assert_eq!(at("", true), Err(Some("/ztzl/zscq/".into())));
    }
}
