//! Texts and addresses for XML. In: any text. Out: text that XML 1.0 and Word accept.

/// Text for an element or attribute. Characters that XML does not allow are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// The address of a link as a URI; none for addresses that Word would not open. Word calls a whole file damaged for one bad URI.
pub(crate) fn link_uri(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "http" | "https" => {
            let after = rest.strip_prefix("//")?;
            let host = after.split(['/', '?', '#']).next().unwrap_or_default();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
            let (name, port) = host.split_once(':').unwrap_or((host, ""));
            if name.is_empty() || !host.chars().all(is_plain) || port.parse::<u16>().is_err() && host.contains(':') {
                return None;
            }
        }
        "mailto" | "tel" if !rest.is_empty() => {}
        _ => return None,
    }
    // Word's own limit for the address of a link.
    Some(format!("{scheme}:{}", encoded(rest))).filter(|uri| uri.len() <= 2000)
}

/// Percent-encodes what no URI may contain.
fn encoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut in_fragment = false;
    for (i, byte) in bytes.iter().enumerate() {
        let is_escape = || bytes.get(i + 1..i + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let is_allowed = match byte {
            b'%' => is_escape(),
            // A second one is no part of a fragment.
            b'#' => !std::mem::replace(&mut in_fragment, true),
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(byte),
        };
        if is_allowed {
            out.push(*byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
