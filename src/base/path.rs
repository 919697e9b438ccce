//! Paths inside a site and addresses on it, both in NFC with forward slashes, both unable to leave their root.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// A file's path inside the site's folder: relative, NFC, `/` between segments, no `.` or `..`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct SitePath(Arc<str>);

/// Why a path written by somebody cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// It leaves the folder it must stay in.
    Escapes,
    /// A segment is empty, holds a control character or a character no file system shares, or is a device name.
    Segment,
}

impl SitePath {
    /// Checks and normalises a relative path; `.` and inner `..` are resolved.
    pub fn new(path: &str) -> Result<Self, PathError> {
        SitePath::root().join(path)
    }

    /// The site's folder itself.
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// Resolves `relative` against this folder. A leading `/` means the root.
    pub fn join(&self, relative: &str) -> Result<Self, PathError> {
        let mut segments: Vec<String> = Vec::new();
        if !relative.starts_with('/') {
            segments.extend(self.0.split('/').filter(|s| !s.is_empty()).map(String::from));
        }
        for segment in relative.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop().ok_or(PathError::Escapes)?;
                }
                s if is_safe_segment(s) => segments.push(s.nfc().collect()),
                _ => return Err(PathError::Segment),
            }
        }
        Ok(Self(segments.join("/").into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds this path.
    pub fn parent(&self) -> SitePath {
        Self(self.0.rsplit_once('/').map_or("", |(dir, _)| dir).into())
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The last segment without its extension.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// The extension in lower case, or "".
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase())
    }

    /// What remains of this path below `folder`, if it is below it.
    pub fn below(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// An address on the site, decoded, from `/`: a page's ends in `/`, a file's does not.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Route(Arc<str>);

impl Route {
    /// Checks an address written by somebody: it must start with `/` and stay below it.
    pub fn new(address: &str) -> Result<Self, PathError> {
        if !address.starts_with('/') {
            return Err(PathError::Escapes);
        }
        let path = SitePath::new(address)?;
        Ok(match (path.as_str(), address.ends_with('/')) {
            ("", _) => Self("/".into()),
            (p, true) => Self(format!("/{p}/").into()),
            (p, false) => Self(format!("/{p}").into()),
        })
    }

    /// The page address made of these already checked segments.
    pub fn page<'s>(segments: impl IntoIterator<Item = &'s str>) -> Self {
        let mut out = String::from("/");
        for segment in segments.into_iter().filter(|s| !s.is_empty()) {
            out.push_str(segment);
            out.push('/');
        }
        Self(out.into())
    }

    /// The address of the file at `path` below the site's root.
    pub fn file(path: &SitePath) -> Self {
        Self(format!("/{path}").into())
    }

    /// An old address of a page, from the root; without an extension it is a page's. `None` when it is no address
    /// on this site, or the home page's.
    pub fn alias(written: &str) -> Option<Self> {
        let route = Self::new(written.split(['?', '#']).next().unwrap_or_default()).ok()?;
        let last = route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match route.as_str() {
            "/" => None,
            _ if route.is_page() || last.ends_with(".html") || last.ends_with(".htm") => Some(route),
            path => Some(Self::page(path.split('/'))),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_page(&self) -> bool {
        self.0.ends_with('/')
    }

    /// The page at `segment` below this page.
    pub fn child(&self, segment: &str) -> Self {
        Self(format!("{}{}/", self.0, segment).into())
    }

    /// The file `name` below this page.
    pub fn file_in(&self, name: &str) -> Self {
        Self(format!("{}{}", self.0, name).into())
    }

    /// Where the bytes go below the output folder: a page is its `index.html`.
    pub fn output(&self) -> String {
        let path = self.0.trim_start_matches('/');
        if self.is_page() { format!("{path}index.html") } else { path.to_string() }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// Bytes that RFC 3986 does not allow bare in a path segment, besides those a browser or shell trips over.
const PATH_ENCODE: &AsciiSet = &CONTROLS
    .add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}')
    .add(b'%').add(b'[').add(b']').add(b'^').add(b'|').add(b'\\').add(b'\'').add(b'&');

/// Percent-encodes a decoded path or route for use in a URL (RFC 3986 section 3.3); `/` stays.
pub fn encode_route(path: &str) -> String {
    utf8_percent_encode(path, PATH_ENCODE).to_string()
}

/// Whether `segment` can be a file name everywhere: no separators, control characters, device names,
/// characters Windows refuses, or trailing dot or space. `.` and `..` are not safe.
pub fn is_safe_segment(segment: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    if segment.is_empty() || segment.len() > 240 || segment.ends_with(['.', ' ']) {
        return false;
    }
    if segment.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')) {
        return false;
    }
    let base = segment.split('.').next().unwrap_or("").to_ascii_lowercase();
    let numbered = |prefix: &str| base.strip_prefix(prefix).is_some_and(|d| d.len() == 1 && d.as_bytes()[0].is_ascii_digit());
    !(DEVICES.contains(&base.as_str()) || numbered("com") || numbered("lpt"))
}

/// The key under which two names collide on some file system: NFC, case folded.
pub fn fold_key(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// An address segment for any text: NFC, letters and digits of every script kept, Latin lower-cased,
/// runs of anything else become one `-`. May be empty.
pub fn slugify(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfc() {
        if c.is_alphanumeric() || c == '_' || c == '.' && out.ends_with(|p: char| p.is_ascii_digit()) {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(floor(&out, 200));
    let out = out.trim_end_matches(['-', '.']).to_string();
    if is_safe_segment(&out) || out.is_empty() { out } else { format!("{out}-1") }
}

fn floor(text: &str, max: usize) -> usize {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_the_root() {
        let dir = SitePath::new("content/guides").unwrap();
        assert_eq!(dir.join("../policy/plan.md").unwrap().as_str(), "content/policy/plan.md");
        assert_eq!(dir.join("../../../etc/passwd"), Err(PathError::Escapes));
        assert_eq!(dir.join("/data/a.csv").unwrap().as_str(), "data/a.csv");
        for bad in ["a\\..\\b", "C:x", "nul", "con.txt", "a\0b", "tail. ", "com1"] {
            assert_eq!(dir.join(bad), Err(PathError::Segment), "{bad:?}");
        }
    }

    #[test]
    fn routes_name_their_output() {
        assert_eq!(Route::new("/").unwrap().output(), "index.html");
        assert_eq!(Route::new("/指南/").unwrap().output(), "指南/index.html");
        assert_eq!(Route::new("/robots.txt").unwrap().output(), "robots.txt");
        assert!(Route::new("/../x").is_err());
        assert_eq!(Route::alias("/old").unwrap().output(), "old/index.html");
        assert_eq!(Route::alias("/old.html?id=1").unwrap().output(), "old.html");
        assert_eq!(Route::alias("/"), None);
        assert_eq!(Route::alias("/a/../../b"), None);
        assert_eq!(encode_route("/指南/a b/"), "/%E6%8C%87%E5%8D%97/a%20b/");
    }

    #[test]
    fn slugs_keep_chinese() {
        assert_eq!(slugify("知识产权（试点）Plan 2022—2025"), "知识产权-试点-plan-2022-2025");
        assert_eq!(slugify("3·15"), "3-15");
        assert_eq!(slugify("！！"), "");
    }
}
