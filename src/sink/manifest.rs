//! The manifest `.puzhi/files`: the list of files and folders that builds wrote into the output folder.
//!
//! ```text
//! puzhi-files 1 complete
//! 0123456789abcdef0123456789abcdef  guides/index.html
//! -  guides/
//! ?  index.html
//! checksum 0123456789abcdef0123456789abcdef
//! ```
//!
//! Sorted by path. `-` marks a folder that a build created, `?` a file whose bytes are not known. In an `in-flight` manifest a path
//! can occur more than once, with every hash its file may have. The checksum covers all lines above it. This file only parses and
//! formats: [`super::metadata_dir`] reads and writes it.

use std::collections::BTreeSet;
use std::fmt::Write;

use rayon::prelude::*;

use super::plan::{is_reserved, is_safe};
use puzhi_core::base::ContentHash;

const HEADER: &str = "puzhi-files 1 ";

/// A file that a build wrote or may have written, and its bytes if known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ManifestEntry {
    pub path: String,
    pub hash: Option<ContentHash>,
}

/// The files and folders that builds wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Manifest {
    /// Written before a build's first change; the build has not finished since.
    pub in_flight: bool,
    entries: Vec<ManifestEntry>,
    /// Folders that builds created.
    pub folders: BTreeSet<String>,
}

impl Manifest {
    pub fn new(in_flight: bool, mut lines: Vec<ManifestEntry>, folders: BTreeSet<String>) -> Self {
        lines.sort();
        lines.dedup();
        Self { in_flight, entries: lines, folders }
    }

    pub fn entries(&self) -> &[ManifestEntry] {
        &self.entries
    }

    /// The entries of one path; none if no build wrote it.
    pub fn known(&self, path: &str) -> &[ManifestEntry] {
        let start = self.entries.partition_point(|l| l.path.as_str() < path);
        let wide = self.entries[start..].iter().take_while(|l| l.path == path).count();
        &self.entries[start..start + wide]
    }

    /// Like [`Manifest::known`], for paths that are asked for in ascending order.
    pub fn known_in_order<'r>(&'r self) -> impl FnMut(&str) -> &'r [ManifestEntry] {
        let mut rest = &self.entries[..];
        move |path| {
            let skipped = rest.iter().take_while(|l| l.path.as_str() < path).count();
            let wide = rest[skipped..].iter().take_while(|l| l.path == path).count();
            let (known, after) = rest[skipped..].split_at(wide);
            rest = after;
            known
        }
    }

    /// The entries, grouped by path.
    pub fn by_path(&self) -> impl Iterator<Item = &[ManifestEntry]> {
        self.entries.chunk_by(|a, b| a.path == b.path)
    }

    pub fn to_text(&self) -> String {
        let lines = self.entries.iter().map(|l| (l.path.as_str(), l.hash));
        text(self.in_flight, lines, self.folders.iter().map(String::as_str))
    }

    /// Parses what [`Manifest::to_text`] wrote; `None` when it is damaged or malformed. No path in it can leave the output folder.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (body, sum) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        let body = &text[..body.len() + 1];
        if ContentHash::parse(sum.strip_prefix("checksum ")?)? != ContentHash::of(body.as_bytes()) {
            return None;
        }
        let (state, rest) = body.strip_prefix(HEADER)?.split_once('\n')?;
        let in_flight = match state {
            "in-flight" => true,
            "complete" => false,
            _ => return None,
        };
        let rest: Vec<&str> = rest.lines().collect();
        let parsed: Option<Vec<ManifestLine>> = rest.into_par_iter().map(parse_line).collect();
        let (mut lines, mut folders) = (Vec::new(), Vec::new());
        for line in parsed? {
            match line {
                ManifestLine::File(entry) => lines.push(entry),
                ManifestLine::Folder(path) => folders.push(path),
            }
        }
        Some(Self::new(in_flight, lines, folders.into_iter().collect()))
    }
}

/// One line between header and checksum.
enum ManifestLine {
    File(ManifestEntry),
    /// Path of a folder, without the final slash.
    Folder(String),
}

/// Parses one line; `None` when it is malformed or its path could leave the output folder.
fn parse_line(line: &str) -> Option<ManifestLine> {
    let (mark, path) = line.split_once("  ")?;
    let (path, folder) = match path.strip_suffix('/') {
        Some(folder) => (folder, true),
        None => (path, false),
    };
    if !is_safe(path) || is_reserved(path) {
        return None;
    }
    Some(match (mark, folder) {
        ("-", true) => ManifestLine::Folder(path.to_string()),
        ("?", false) => ManifestLine::File(ManifestEntry { path: path.to_string(), hash: None }),
        (hex, false) => {
            ManifestLine::File(ManifestEntry { path: path.to_string(), hash: Some(ContentHash::parse(hex)?) })
        }
        _ => return None,
    })
}

/// The text of a manifest; `lines` and `folders` must be ascending.
pub(super) fn text<'r>(
    in_flight: bool,
    lines: impl Iterator<Item = (&'r str, Option<ContentHash>)>,
    folders: impl Iterator<Item = &'r str>,
) -> String {
    let mut out = String::from(HEADER);
    out.push_str(if in_flight { "in-flight\n" } else { "complete\n" });
    let mut folders = folders.peekable();
    for (path, hash) in lines {
        while let Some(folder) = folders.next_if(|f| *f < path) {
            push_folder(&mut out, folder);
        }
        match hash {
            Some(hash) => drop(write!(out, "{hash}  ")),
            None => out.push_str("?  "),
        }
        out.push_str(path);
        out.push('\n');
    }
    folders.for_each(|folder| push_folder(&mut out, folder));
    let sum = ContentHash::of(out.as_bytes());
    let _ = writeln!(out, "checksum {sum}");
    out
}

fn push_folder(out: &mut String, folder: &str) {
    out.push_str("-  ");
    out.push_str(folder);
    out.push_str("/\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let line = |path: &str, hash| ManifestEntry { path: path.into(), hash };
        let lines = vec![
            line("指南/a b.html", Some(ContentHash::of(b"1"))),
            line("index.html", None),
            line("a/x", Some(ContentHash::of(b"2"))),
            line("a/x", Some(ContentHash::of(b"3"))),
        ];
        Manifest::new(true, lines, ["指南".to_string(), "a".to_string(), "z".to_string()].into())
    }

    #[test]
    fn reading_and_writing_are_inverse() {
        let manifest = sample();
        assert_eq!(Manifest::parse(manifest.to_text().as_bytes()), Some(manifest.clone()));
        assert_eq!(manifest.known("a/x").len(), 2);
        let mut known = manifest.known_in_order();
        assert_eq!(
            ["a", "a/x", "a/x", "b", "index.html", "指南/a b.html", "龙"].map(|path| known(path).len()),
            [0, 2, 0, 0, 1, 1, 0]
        );
        assert!(manifest.known("a").is_empty());
        let empty = Manifest::default();
        assert_eq!(Manifest::parse(empty.to_text().as_bytes()), Some(empty));
    }

    #[test]
    fn any_damage_is_noticed() {
        let text = sample().to_text().into_bytes();
        for cut in 0..text.len() {
            assert_eq!(Manifest::parse(&text[..cut]), None, "cut at {cut}");
            let mut flipped = text.clone();
            flipped[cut] ^= 1;
            assert_eq!(Manifest::parse(&flipped), None, "flipped at {cut}");
        }
        for path in ["../evil", "/etc/passwd", ".puzhi/lock", "a/../../b", "a\\..\\b"] {
            let body = format!("puzhi-files 1 complete\n?  {path}\n");
            let sealed = format!("{body}checksum {}\n", ContentHash::of(body.as_bytes()));
            assert_eq!(Manifest::parse(sealed.as_bytes()), None, "{path}");
        }
    }
}
