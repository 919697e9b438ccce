//! Paths of files in a site and addresses on it. Both are in Unicode NFC, use forward slashes and cannot leave their
//! root.
//!
//! Input: paths and addresses as people write them. Output: checked [`SitePath`]s and [`Route`]s. Does not access the
//! file system.

use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_encode_byte;
use unicode_normalization::UnicodeNormalization;

use super::text::is_certainly_nfc;

/// Path of a file in the site's folder: relative, NFC, `/` between segments, no `.` or `..`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct SitePath(Arc<str>);

/// Why a written path is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// It leaves the folder in which it must stay.
    Escapes,
    /// A segment is empty, is a device name, or contains a control character or a character that some file systems do
    /// not allow.
    Segment,
}

impl SitePath {
    /// Checks and normalises a relative path. Resolves `.` and `..` within the path.
    pub fn new(path: &str) -> Result<Self, PathError> {
        Self::resolve("", path)
    }

    /// Creates a path without checks. Only for paths that this program checked before it stored them.
    pub fn from_trusted(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// Returns the path of the site's folder.
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// Resolves `relative` against this folder. A leading `/` means the site's folder.
    pub fn join(&self, relative: &str) -> Result<Self, PathError> {
        Self::resolve(&self.0, relative)
    }

    /// Resolves `relative` against the folder that contains this file.
    pub fn join_sibling(&self, relative: &str) -> Result<Self, PathError> {
        Self::resolve(self.folder(), relative)
    }

    /// Resolves `relative` against `folder`, which must already be normalised.
    fn resolve(folder: &str, relative: &str) -> Result<Self, PathError> {
        let mut out = String::with_capacity(folder.len() + 1 + relative.len());
        if !relative.starts_with('/') {
            out.push_str(folder);
        }
        for segment in relative.split('/') {
            match segment {
                "" | "." => {}
                ".." if out.is_empty() => return Err(PathError::Escapes),
                ".." => out.truncate(out.rfind('/').unwrap_or(0)),
                s if is_safe_segment(s) => {
                    if !out.is_empty() {
                        out.push('/');
                    }
                    if is_certainly_nfc(s) { out.push_str(s) } else { out.extend(s.nfc()) }
                }
                _ => return Err(PathError::Segment),
            }
        }
        Ok(Self(out.into()))
    }

    /// Returns the path as text; "" for the site's folder.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the folder that contains this path.
    pub fn parent(&self) -> SitePath {
        Self(self.folder().into())
    }

    fn folder(&self) -> &str {
        last(b'/', &self.0).map_or("", |(dir, _)| dir)
    }

    /// Returns the last segment.
    pub fn name(&self) -> &str {
        last(b'/', &self.0).map_or(&self.0, |(_, name)| name)
    }

    /// Returns the last segment without its extension.
    pub fn stem(&self) -> &str {
        last(b'.', self.name()).map_or(self.name(), |(stem, _)| stem)
    }

    /// Returns the extension in lower case, or "".
    pub fn extension(&self) -> String {
        last(b'.', self.name()).map_or(String::new(), |(_, e)| e.to_ascii_lowercase())
    }

    /// Whether the path has one of `extensions`, which must be in lower case.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        last(b'.', self.name()).is_some_and(|(_, e)| extensions.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
    }

    /// Returns the part of this path below `folder`, or `None` if the path is not below it.
    pub fn relative_to(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

/// The text before and after the last `mark`, an ASCII character. Every file of a site is asked for its name and extension, so this is a search by words.
fn last(mark: u8, text: &str) -> Option<(&str, &str)> {
    let at = memchr::memrchr(mark, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
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

/// An address on the site, not percent-encoded. It begins with `/`; the address of a page ends with `/`, that of a
/// file does not.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Route(Arc<str>);

impl Route {
    /// Checks a written address: it must start with `/` and must not leave the site.
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

    /// Returns the page address for `segments`, which must already be checked.
    pub fn page<'s>(segments: impl IntoIterator<Item = &'s str>) -> Self {
        let mut out = String::from("/");
        for segment in segments.into_iter().filter(|s| !s.is_empty()) {
            out.push_str(segment);
            out.push('/');
        }
        Self(out.into())
    }

    /// Returns the address of the file at `path` below the site's root.
    pub fn file(path: &SitePath) -> Self {
        Self(format!("/{path}").into())
    }

    /// Parses an old address of a page, relative to the site's root. An address without a file extension is that of a
    /// page. Returns `None` if it is not an address on this site or is the home page.
    pub fn from_alias(written: &str) -> Option<Self> {
        let route = Self::new(written.split(['?', '#']).next().unwrap_or_default()).ok()?;
        let last = route.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match route.as_str() {
            "/" => None,
            _ if route.is_page() || last.ends_with(".html") || last.ends_with(".htm") => Some(route),
            path => Some(Self::page(path.split('/'))),
        }
    }

    /// Returns the address as text, not percent-encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the address of a page: it ends with `/`.
    pub fn is_page(&self) -> bool {
        self.0.ends_with('/')
    }

    /// Returns the address of the page at `segment` below this page.
    pub fn child(&self, segment: &str) -> Self {
        Self(format!("{}{}/", self.0, segment).into())
    }

    /// Returns the address of the file `name` below this page.
    pub fn child_file(&self, name: &str) -> Self {
        Self(format!("{}{}", self.0, name).into())
    }

    /// Returns the path of the output file below the output folder. For a page that is its `index.html`.
    pub fn output_path(&self) -> String {
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

/// Printable ASCII bytes that we percent-encode: those RFC 3986 does not allow in a path segment, and `&` and `'`,
/// which HTML or shells can misread.
const PERCENT_ENCODED_BYTES: &[u8] = b" \"#<>?`{}%[]^|\\'&";

/// For each byte, whether it stays unencoded.
const UNENCODED_BYTES: [bool; 256] = {
    let mut bare = [false; 256];
    let mut byte = 0x20;
    while byte < 0x7F {
        bare[byte] = true;
        byte += 1;
    }
    let mut i = 0;
    while i < PERCENT_ENCODED_BYTES.len() {
        bare[PERCENT_ENCODED_BYTES[i] as usize] = false;
        i += 1;
    }
    bare
};

/// Percent-encodes a decoded path or route for use in a URL (RFC 3986 section 3.3). `/` is not encoded.
pub fn percent_encode_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len() * 3);
    percent_encode_path_into(&mut out, path);
    out
}

/// Appends the result of [`percent_encode_path`]. It contains no character that HTML needs to escape.
pub fn percent_encode_path_into(out: &mut String, path: &str) {
    let mut done = 0;
    for (at, byte) in path.bytes().enumerate() {
        if !UNENCODED_BYTES[usize::from(byte)] {
            // Every byte of a multi-byte character is encoded, so slices start and end only at character boundaries.
            if done < at {
                out.push_str(&path[done..at]);
            }
            out.push_str(percent_encode_byte(byte));
            done = at + 1;
        }
    }
    if done < path.len() {
        out.push_str(&path[done..]);
    }
}

/// Whether `segment` is a valid file name on all systems: no separators, control characters, device names, characters
/// that Windows rejects, or trailing dot or space. `.` and `..` are not valid.
pub fn is_safe_segment(segment: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    if segment.is_empty() || segment.len() > 240 || segment.ends_with(['.', ' ']) {
        return false;
    }
    let refused = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !segment.bytes().all(plain) && segment.chars().any(refused) {
        return false;
    }
    // The names of devices begin with one of these letters.
    if !segment.starts_with(['a', 'A', 'c', 'C', 'l', 'L', 'n', 'N', 'p', 'P']) {
        return true;
    }
    let base = segment.split('.').next().unwrap_or("");
    let named = |name: &str| base.eq_ignore_ascii_case(name);
    let numbered = |prefix: &str| {
        base.len() == 4
            && base.as_bytes()[..3].eq_ignore_ascii_case(prefix.as_bytes())
            && base.as_bytes()[3].is_ascii_digit()
    };
    !(DEVICES.into_iter().any(named) || numbered("com") || numbered("lpt"))
}

/// Returns the key by which names collide on file systems that ignore case or normalise Unicode: NFC, case folded.
pub fn case_folded_key(name: &str) -> String {
    if is_certainly_nfc(name) {
        // In text that passes this check only A to Z have a lower-case form.
        return name.to_ascii_lowercase();
    }
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Makes an address segment of any text: NFC, letters and digits of every script are kept, letters become lower case,
/// and each run of other characters becomes one `-`. The result may be empty.
pub fn slugify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut add = |c: char| {
        if matches!(c, '\u{4E00}'..='\u{9FFF}') {
            out.push(c);
        } else if c.is_alphanumeric() || c == '_' || c == '.' && out.ends_with(|p: char| p.is_ascii_digit()) {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    };
    if is_certainly_nfc(text) {
        text.chars().for_each(&mut add)
    } else {
        text.nfc().for_each(&mut add)
    }
    out.truncate(floor_char_boundary(&out, 200));
    out.truncate(out.trim_end_matches(['-', '.']).len());
    if is_safe_segment(&out) || out.is_empty() { out } else { format!("{out}-1") }
}

fn floor_char_boundary(text: &str, max: usize) -> usize {
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
        assert_eq!(dir.join("../..").unwrap(), SitePath::root());
        assert_eq!(dir.join("./e\u{301}//x/.").unwrap().as_str(), "content/guides/\u{e9}/x");
        assert_eq!(dir.join("").unwrap(), dir);
        assert_eq!(dir.join("a.md").unwrap().join_sibling("../b.md").unwrap().as_str(), "content/b.md");
        assert!(dir.join("a.MD").unwrap().has_extension(&["md"]) && !dir.has_extension(&["md"]));
        for bad in ["a\\..\\b", "C:x", "nul", "con.txt", "a\0b", "tail. ", "com1"] {
            assert_eq!(dir.join(bad), Err(PathError::Segment), "{bad:?}");
        }
    }

    #[test]
    fn routes_map_to_output_paths() {
        assert_eq!(Route::new("/").unwrap().output_path(), "index.html");
        assert_eq!(Route::new("/指南/").unwrap().output_path(), "指南/index.html");
        assert_eq!(Route::new("/robots.txt").unwrap().output_path(), "robots.txt");
        assert!(Route::new("/../x").is_err());
        assert_eq!(Route::from_alias("/old").unwrap().output_path(), "old/index.html");
        assert_eq!(Route::from_alias("/old.html?id=1").unwrap().output_path(), "old.html");
        assert_eq!(Route::from_alias("/"), None);
        assert_eq!(Route::from_alias("/a/../../b"), None);
        assert_eq!(percent_encode_path("/指南/a b/"), "/%E6%8C%87%E5%8D%97/a%20b/");
        let bare: String = ('\0'..='\u{7f}').filter(|c| percent_encode_path(&c.to_string()).len() == 1).collect();
        assert_eq!(bare, "!$()*+,-./0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
    }

    #[test]
    fn ascii_case_folding_equals_unicode_case_folding() {
        for c in ('\0'..=char::MAX).filter(|c| is_certainly_nfc(c.encode_utf8(&mut [0; 4]))) {
            let slowly: String = c.nfc().flat_map(char::to_lowercase).nfc().collect();
            assert_eq!(case_folded_key(&c.to_string()), slowly);
            assert!(!c.is_alphanumeric() || c.is_ascii() || c.to_lowercase().eq([c]), "{c}");
        }
        assert_eq!(case_folded_key("E\u{301}Ａ"), "\u{e9}ａ");
    }

    #[test]
    fn slugs_keep_chinese() {
        assert_eq!(slugify("知识产权（试点）Plan 2022—2025"), "知识产权-试点-plan-2022-2025");
        assert_eq!(slugify("3·15"), "3-15");
        assert_eq!(slugify("！！"), "");
        assert_eq!(slugify("E\u{301}tude — 1.5."), "\u{e9}tude-1.5");
        assert_eq!(slugify("CON"), "con-1");
    }
}
