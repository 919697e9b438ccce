//! Parses and classifies the address of a link or image by its text.
//!
//! Input: an address with Markdown or HTML escapes resolved. Output: a [`LinkTarget`] or a [`TargetError`]. Does not
//! check whether the target exists.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::html_tokens::decode as decode_references;
use super::model::LinkTarget;

/// Why an address is not a valid target.
#[derive(Debug, PartialEq)]
pub(super) enum TargetError {
    /// The address is empty.
    Empty,
    /// The scheme is not allowed.
    Scheme(String),
}

const ALLOWED: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Parses an address.
pub(super) fn parse(written: &str) -> Result<LinkTarget, TargetError> {
    if is_simple(written) {
        return match scheme(written) {
            Some(scheme) if !is_allowed(scheme) => Err(TargetError::Scheme(scheme.to_string())),
            scheme => Ok(classify(written, scheme.is_some())),
        };
    }
    let address: String = written.trim().chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let address = address.trim();
    if address.is_empty() {
        return Err(TargetError::Empty);
    }
    // A browser removes white space and resolves character references before it reads the scheme. Both spellings must
    // therefore be allowed.
    for spelling in [address.to_string(), decode_references(address)] {
        let squeezed: String = spelling.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        if let Some(scheme) = scheme(&squeezed)
            && !is_allowed(scheme)
        {
            return Err(TargetError::Scheme(scheme.to_string()));
        }
    }
    Ok(classify(address, scheme(address).is_some()))
}

/// The address as it is typed in the parentheses of a Markdown link: in `<` and `>` if it has a space or parentheses.
pub(super) fn as_markdown(address: &str) -> Cow<'_, str> {
    match address.contains([' ', '\t', '(', ')']) {
        true => Cow::Owned(format!("<{address}>")),
        false => Cow::Borrowed(address),
    }
}

/// The address with `://` after its scheme, if that is typed in another way: `https：//`, `http:/`, `https//`.
pub(super) fn fixed_scheme(written: &str) -> Option<String> {
    if !written.starts_with(['h', 'H']) {
        return None;
    }
    let scheme =
        ["https", "http"].into_iter().find(|s| written.get(..s.len()).is_some_and(|w| w.eq_ignore_ascii_case(s)))?;
    let rest = &written[scheme.len()..];
    if rest.starts_with("://") {
        return None;
    }
    let after_colon = rest.trim_start_matches([':', '：', ';', '；']);
    let host = after_colon.trim_start_matches(['/', '／']);
    let slashes = after_colon[..after_colon.len() - host.len()].chars().count();
    let is_address = slashes > 0 && (slashes >= 2 || after_colon.len() < rest.len()) && host.contains('.');
    is_address.then(|| format!("{}://{host}", &written[..scheme.len()]))
}

/// Whether the address has only a scheme, such as `http://`.
pub(super) fn has_no_host(written: &str) -> bool {
    let rest = written.trim().strip_suffix("//").unwrap_or("");
    rest.eq_ignore_ascii_case("http:") || rest.eq_ignore_ascii_case("https:")
}

/// The error of an address, or `None` if it is valid.
pub(super) fn error_of(written: &str) -> Option<TargetError> {
    if is_simple(written) && scheme(written).is_none_or(is_allowed) { None } else { parse(written).err() }
}

/// Fast path for most addresses: no character can be invisible, removed or part of a character reference.
fn is_simple(written: &str) -> bool {
    !written.is_empty() && written.bytes().all(|b| b.is_ascii_graphic() && b != b'&')
}

fn is_allowed(scheme: &str) -> bool {
    ALLOWED.iter().any(|a| scheme.eq_ignore_ascii_case(a))
}

/// Classifies an address whose scheme is allowed.
fn classify(address: &str, has_scheme: bool) -> LinkTarget {
    if has_scheme {
        return LinkTarget::External(address.to_string());
    }
    let mut start = address.chars();
    if matches!((start.next(), start.next()), (Some('/' | '\\'), Some('/' | '\\'))) {
        // Browsers treat a backslash like a slash here.
        return LinkTarget::External(format!("https://{}", &address[2..]));
    }
    // A query selects nothing on a static site.
    if let Some((path, query)) = address.split_once('?')
        && !path.contains('#')
    {
        let anchor = query.split_once('#').map(|(_, anchor)| decode(anchor));
        return match path {
            "" => LinkTarget::Anchor(anchor.unwrap_or_default()),
            path => LinkTarget::Internal { path: decode(path), anchor: anchor.filter(|a| !a.is_empty()) },
        };
    }
    if let Some(anchor) = address.strip_prefix('#') {
        return LinkTarget::Anchor(decode(anchor));
    }
    let (path, anchor) = match address.split_once('#') {
        Some((path, anchor)) => (path, Some(decode(anchor))),
        None => (address, None),
    };
    LinkTarget::Internal { path: decode(path), anchor: anchor.filter(|a| !a.is_empty()) }
}

fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let mut bytes = scheme.bytes();
    let fits = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'));
    fits.then_some(scheme)
}

/// Percent-decodes the text; returns it unchanged if the result is not UTF-8.
fn decode(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_graphic() && b != b'%') {
        return text.to_string();
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if !decoded.chars().any(char::is_control) => decoded.into_owned(),
        _ => text.to_string(),
    }
}

/// Zero-width characters and direction marks, which can make an address look like another one.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn internal(path: &str, anchor: Option<&str>) -> Result<LinkTarget, TargetError> {
        Ok(LinkTarget::Internal { path: path.into(), anchor: anchor.map(String::from) })
    }

    #[test]
    fn addresses_as_people_write_them() {
        assert_eq!(parse("../guides/a.md#conditions"), internal("../guides/a.md", Some("conditions")));
        assert_eq!(parse("/%E6%8C%87%E5%8D%97/a%20b.md"), internal("/指南/a b.md", None));
        assert_eq!(parse("100%.md"), internal("100%.md", None));
        assert_eq!(parse("#%E6%A0%87"), Ok(LinkTarget::Anchor("标".into())));
        assert_eq!(parse("HTTPS://a.cn/x"), Ok(LinkTarget::External("HTTPS://a.cn/x".into())));
        assert_eq!(parse("tel:12345"), Ok(LinkTarget::External("tel:12345".into())));
        assert_eq!(parse("//a.cn/x"), Ok(LinkTarget::External("https://a.cn/x".into())));
        assert_eq!(parse("/\\a.cn"), Ok(LinkTarget::External("https://a.cn".into())));
        assert_eq!(parse("a.png?v=2"), internal("a.png", None));
        assert_eq!(parse("a.md?x=1#y"), internal("a.md", Some("y")));
        assert_eq!(parse("a.md#y?"), internal("a.md", Some("y?")));
        assert_eq!(parse("?v=2#y"), Ok(LinkTarget::Anchor("y".into())));
        assert_eq!(parse("%3F.md"), internal("?.md", None));
        for (typed, fixed) in [
            ("https：//a.cn", Some("https://a.cn")),
            ("HTTP:／／a.cn/x", Some("HTTP://a.cn/x")),
            ("http:/a.cn", Some("http://a.cn")),
            ("https//a.cn", Some("https://a.cn")),
            ("http；//a.cn", Some("http://a.cn")),
            ("https://a.cn", None),
            ("http/a.md", None),
            ("http.md", None),
            ("https:", None),
        ] {
            assert_eq!(fixed_scheme(typed).as_deref(), fixed, "{typed}");
        }
        assert!(
            has_no_host("http://") && has_no_host(" HTTPS:// ") && !has_no_host("http://a.cn") && !has_no_host("//")
        );
        assert_eq!(parse(" \u{200B} "), Err(TargetError::Empty));
        assert_eq!((error_of(""), error_of("tel:12345"), error_of("指南.md")), (Some(TargetError::Empty), None, None));
    }

    #[test]
    fn schemes_in_every_disguise() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:x",
            "java\tscript:x",
            "java\nscript:x",
            "java\u{0}script:x",
            "java script:x",
            "\u{1}javascript:x",
            "&#106;avascript:x",
            "&#x6A;avascript&colon;x",
            "javascript&#58;x",
            "java&Tab;script:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "C:\\x",
            "java\u{200B}script:x",
            "&#0000106avascript:x",
        ] {
            assert!(matches!(parse(bad), Err(TargetError::Scheme(_))), "{bad:?}: {:?}", parse(bad));
            assert_eq!(error_of(bad), parse(bad).err());
        }
    }
}
