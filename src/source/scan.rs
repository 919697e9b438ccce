//! Lists the site's files on disk and reads `site.yaml`.
//!
//! Input: the site's folder and the name of the theme. Output: a [`FileSnapshot`] and diagnostics for files that
//! cannot be used (name that is not portable, name clash, symbolic link that is not followed, unreadable). File
//! content is not read, except that of `site.yaml`.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use walkdir::DirEntry;

use super::conflict::{Fences, conflict_markers};
use super::walk::{LinkProblem, WalkRoot, Walked};
use super::{FileSnapshot, FileStat, SETTINGS_FILE, SITE_FOLDERS, StoredFile, unreadable_file};
use puzhi_core::base::{SitePath, case_folded_key};
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::encoding::decode;

/// Lists the files of the site at `root`, with the theme folder `themes/{theme}`. Each file that is rejected has a
/// diagnostic.
pub fn scan(root: &Path, theme: &str) -> (FileSnapshot, Vec<Diagnostic>) {
    let mut scanner = Scanner {
        root,
        real_root: root.canonicalize().unwrap_or_else(|_| root.to_path_buf()),
        files: BTreeMap::new(),
        diags: Vec::new(),
    };
    let theme_folder = format!("themes/{theme}");
    for folder in SITE_FOLDERS.into_iter().chain([theme_folder.as_str()]) {
        scanner.scan_folder(folder);
    }
    scanner.report_name_clashes();
    (FileSnapshot { files: scanner.files }, scanner.diags)
}

/// Size limit of `site.yaml` in bytes. It is fixed, because the configurable limits are in that file.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Reads and decodes `site.yaml`, which is not part of a snapshot. The second value is a warning about the encoding.
/// Fails if the file is missing, too large, unreadable or cannot be decoded.
pub fn read_settings_text(root: &Path) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    let path = SitePath::new(SETTINGS_FILE).unwrap_or_else(|_| SitePath::root());
    let raw = root.join(SETTINGS_FILE);
    if !raw.is_file() {
        if let Some(found) = misnamed_settings(root) {
            return Err(Diagnostic::new(&codes::settings::SETTINGS_MISNAMED).arg("found", found));
        }
        return Err(Diagnostic::new(&codes::settings::NO_SETTINGS).arg("folder", root.display()));
    }
    let bytes = std::fs::metadata(&raw)
        .and_then(|m| {
            if m.len() > MAX_SETTINGS_BYTES {
                Err(std::io::ErrorKind::FileTooLarge.into())
            } else {
                std::fs::read(&raw)
            }
        })
        .map_err(|e| unreadable_file(&path, &e))?;
    let (text, warning) = decode(&path, &bytes)?;
    match conflict_markers(&SourceText::new(&path, &text), Fences::None) {
        Some(diag) => Err(diag),
        None => Ok((text, warning)),
    }
}

/// A file that is probably meant as `site.yaml`: with the ending that editors and mail programs add, or another spelling.
fn misnamed_settings(root: &Path) -> Option<String> {
    const NAMES: [&str; 8] = [
        "site.yaml.txt",
        "site.yml",
        "site.yml.txt",
        "site.yaml.yaml",
        "site.yaml.yml",
        "site.txt",
        "site .yaml",
        "site。yaml",
    ];
    let mut names: Vec<String> = std::fs::read_dir(root)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| NAMES.contains(&&*name.to_lowercase()) || name.eq_ignore_ascii_case(SETTINGS_FILE))
        .collect();
    names.sort();
    names.into_iter().next()
}

/// Reads the current content of one file without a scan. The metadata is taken before the bytes are read. Returns
/// `None` if the path is not a regular file (a symbolic link is not), is larger than `limit` bytes, or cannot be
/// read.
pub fn read_current(root: &Path, path: &SitePath, limit: u64) -> Option<(Vec<u8>, FileStat)> {
    let raw = root.join(path.as_str());
    let meta = std::fs::symlink_metadata(&raw).ok().filter(|meta| meta.is_file() && meta.len() <= limit)?;
    Some((std::fs::read(raw).ok()?, FileStat::from_metadata(&meta)))
}

struct Scanner<'r> {
    root: &'r Path,
    real_root: PathBuf,
    files: BTreeMap<SitePath, StoredFile>,
    diags: Vec<Diagnostic>,
}

impl Scanner<'_> {
    fn scan_folder(&mut self, folder: &str) {
        let top = self.root.join(folder);
        if !top.is_dir() {
            return;
        }
        let symlinks_allowed = !folder.starts_with("themes/");
        let Walked { entries, followed: _, refused } = self.walk_root().walk(folder, symlinks_allowed);
        let refused: Vec<Diagnostic> =
            refused.into_iter().map(|(path, problem)| self.refused_link(&path, problem)).collect();
        self.diags.extend(refused);
        // One `stat` call per file takes much longer than the directory listing, so these calls run in parallel.
        let stat_file = |entry: walkdir::Result<DirEntry>| {
            entry.map_err(|error| self.walk_error(error)).and_then(|entry| self.stored_file(entry, symlinks_allowed))
        };
        let files: Vec<Result<(SitePath, StoredFile), Diagnostic>> =
            entries.into_par_iter().with_min_len(64).map(stat_file).collect();
        for file in files {
            match file {
                Ok((path, stored)) => {
                    // Two different names on disk can be the same path after NFC normalization.
                    if self.files.insert(path.clone(), stored).is_some() {
                        self.diags.push(Diagnostic::new(&codes::source::NAME_CLASH).file(&path).arg("other", &path));
                    }
                }
                Err(diag) => self.diags.push(diag),
            }
        }
    }

    fn walk_root(&self) -> WalkRoot<'_> {
        WalkRoot { root: self.root, real_root: &self.real_root }
    }

    fn refused_link(&self, raw: &Path, problem: LinkProblem) -> Diagnostic {
        let refused =
            |zh: &str, en: &str| Diagnostic::new(&codes::source::LINK_REFUSED).arg("reason", zh).arg("reason_en", en);
        let diag = match problem {
            LinkProblem::Outside => Diagnostic::new(&codes::source::LINK_ESCAPES),
            LinkProblem::Broken => Diagnostic::new(&codes::source::LINK_BROKEN),
            LinkProblem::Loop => Diagnostic::new(&codes::source::LINK_LOOP),
            LinkProblem::Hidden => refused("指向名字以点开头的文件或文件夹", "leads to a hidden file or folder"),
            LinkProblem::Output => refused("指向生成网页的文件夹", "leads to the output folder"),
            LinkProblem::InTheme => refused("放在主题里", "stands in a theme"),
            LinkProblem::TooMany => refused("后面的文件或链接太多", "leads to too many files or links"),
        };
        diag.file(&self.site_path(raw).unwrap_or_else(SitePath::root))
    }

    fn walk_error(&self, error: walkdir::Error) -> Diagnostic {
        let path = error.path().and_then(|p| self.site_path(p)).unwrap_or_else(SitePath::root);
        unreadable_file(&path, &error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()))
    }

    fn stored_file(&self, entry: DirEntry, symlinks_allowed: bool) -> Result<(SitePath, StoredFile), Diagnostic> {
        let raw = entry.path();
        let Some(path) = self.site_path(raw) else {
            let name = raw.strip_prefix(self.root).unwrap_or(raw).to_string_lossy().into_owned();
            let parent = raw.parent().and_then(|p| self.site_path(p)).unwrap_or_else(SitePath::root);
            return Err(Diagnostic::new(&codes::source::BAD_NAME).file(&parent).arg("name", name));
        };
        if entry.path_is_symlink() {
            let problem = match raw.canonicalize() {
                _ if !symlinks_allowed => Err(LinkProblem::InTheme),
                Ok(target) => self.walk_root().check_inside(&target),
                Err(_) => Err(LinkProblem::Broken),
            };
            problem.map_err(|problem| self.refused_link(raw, problem))?;
        }
        match std::fs::metadata(raw) {
            Ok(meta) if meta.is_file() => Ok((
                path,
                StoredFile::Disk {
                    raw: entry.into_path(),
                    stat: FileStat::from_metadata(&meta),
                    hash: OnceLock::new(),
                },
            )),
            Ok(_) => Err(unreadable_file(&path, &std::io::ErrorKind::InvalidInput.into())),
            Err(error) => Err(unreadable_file(&path, &error)),
        }
    }

    /// The path relative to the site; `None` if a segment is not valid UTF-8 or not portable ([`SitePath::new`]).
    fn site_path(&self, raw: &Path) -> Option<SitePath> {
        // Names are joined to the site's folder, so comparing components is seldom needed.
        let joined = || raw.to_str()?.strip_prefix(self.root.to_str()?)?.strip_prefix(std::path::MAIN_SEPARATOR);
        let written = match joined() {
            Some(written) => written,
            None => raw.strip_prefix(self.root).ok()?.to_str()?,
        };
        if std::path::MAIN_SEPARATOR == '/' {
            SitePath::new(written).ok()
        } else {
            SitePath::new(&written.replace(std::path::MAIN_SEPARATOR, "/")).ok()
        }
    }

    /// Reports paths that are equal after NFC normalization and case folding: on a case-insensitive file system they
    /// would be one file.
    fn report_name_clashes(&mut self) {
        let mut seen: HashMap<String, &SitePath> = HashMap::with_capacity(self.files.len());
        let mut found = Vec::new();
        for path in self.files.keys() {
            if let Some(other) = seen.insert(case_folded_key(path.as_str()), path) {
                found.push(Diagnostic::new(&codes::source::NAME_CLASH).file(path).arg("other", other.as_str()));
            }
        }
        self.diags.extend(found);
    }
}

/// Whether a name belongs to a file or folder that is not part of the site: hidden files, swap and backup files of
/// editors, and files that operating systems create. `.well-known` (RFC 8615) is allowed in static folders.
pub(super) fn is_ignored_name(name: &str, in_static: bool) -> bool {
    if in_static && name == ".well-known" {
        return false;
    }
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.starts_with('#') && name.ends_with('#')
        || is_kept_save(name)
        || name == "Thumbs.db"
        || name == "desktop.ini"
        || name.ends_with("___jb_tmp___")
        || name.ends_with("___jb_old___")
}

/// Whether a name is that of a save or backup that word processors and editors leave: `~WRL0001.tmp`, `甲.asd`, `甲.md.bak`.
fn is_kept_save(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    ["tmp", "asd", "bak", "wbk"].iter().any(|kept| extension.eq_ignore_ascii_case(kept))
}
