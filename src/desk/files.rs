//! The only door through which the desk changes the site's folder.
//!
//! Input: paths of the site and bytes. Output: files read, written as a whole, or removed. Refuses everything but the files that people
//! write, and every path that leads out of them through a link. Knows no history.
#![expect(clippy::disallowed_methods, reason = "reads and changes the files of a site for the person at the desk")]

use std::path::{Path, PathBuf};

use crate::source::{SETTINGS_FILE, is_lock_file, sync_folder, write_durably};
use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::encoding::{TextEncoding, decode, encode, encoding_of};

use super::answer::Refusal;
use super::hand_over::HandedOver;

/// A file of the program's own in the site, before and after.
pub(super) struct RecordFile {
    /// Its path in the site's folder.
    pub path: &'static str,
    /// Its bytes now; `None` if it is not there.
    pub before: Option<Vec<u8>>,
    /// Its text then.
    pub after: String,
}

/// Folders whose files people write.
const FOLDERS: [&str; 6] = ["content", "data", "static", "i18n", "kinds", "originals"];
/// Largest file that is read or written, in bytes.
pub(super) const MAX_FILE: u64 = 32 << 20;

/// Where it is remembered which files are being changed together.
const JOURNAL: &str = "history/plan.json";
/// Where it is remembered what was handed over last.
const HANDED_OVER: &str = "history/handed-over.json";

/// The files of a site.
#[derive(Debug, Clone)]
pub(super) struct SiteFiles {
    root: PathBuf,
}

impl SiteFiles {
    /// The files of the site at `root`.
    pub fn new(root: &Path) -> Self {
        SiteFiles { root: root.to_path_buf() }
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Which files are being changed together; `None` if none are.
    pub fn journal(&self) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(JOURNAL)).ok()
    }

    /// Remembers which files are about to be changed together, or that they are changed.
    pub fn set_journal(&self, journal: Option<&[u8]>) -> Result<(), Refusal> {
        let place = self.root.join(JOURNAL);
        let written = match journal {
            Some(journal) => write_durably(&place, journal),
            None => std::fs::remove_file(&place).and_then(|()| sync_folder(&place)),
        };
        written.map_err(|error| Refusal::disk(&error))
    }

    /// What was handed over last; `None` if nothing was, or if it is not known any more.
    pub fn handed_over(&self) -> Option<HandedOver> {
        serde_json::from_slice(&std::fs::read(self.root.join(HANDED_OVER)).ok()?).ok()
    }

    /// Remembers what was handed over.
    pub fn set_handed_over(&self, handed: &HandedOver) -> Result<(), Refusal> {
        let bytes = serde_json::to_vec(handed).map_err(std::io::Error::other);
        let written = bytes.and_then(|bytes| write_durably(&self.root.join(HANDED_OVER), &bytes));
        written.map_err(|error| Refusal::disk(&error))
    }

    /// Writes a file of which only the program itself writes anything, such as the log of what was published, if it still is as it was.
    pub fn write_record(&self, record: &RecordFile) -> Result<(), Refusal> {
        let place = self.root.join(record.path);
        let now = std::fs::read(&place).ok();
        let is_link = |place: &Path| std::fs::symlink_metadata(place).is_ok_and(|meta| meta.is_symlink());
        if now != record.before || is_link(&place) || place.parent().is_some_and(is_link) {
            return Ok(());
        }
        write_durably(&place, record.after.as_bytes()).map_err(|error| Refusal::disk(&error))
    }

    /// The bytes of such a file.
    pub fn read_record(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(path)).ok()
    }

    /// The name of the site's folder.
    pub fn folder_name(&self) -> String {
        let folder = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether there is no site yet: see [`is_empty_folder`].
    pub fn is_empty(&self) -> bool {
        is_empty_folder(&self.root)
    }

    /// The bytes of a file; `None` if it is not there.
    pub fn read(&self, path: &SitePath) -> Result<Option<Vec<u8>>, Refusal> {
        let place = self.place(path)?;
        match std::fs::metadata(&place) {
            Ok(meta) if meta.len() > MAX_FILE => Err(too_large(path)),
            Ok(_) => std::fs::read(&place).map(Some).map_err(|error| Refusal::disk(&error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Refusal::disk(&error)),
        }
    }

    /// Writes a file as a whole. It is on the disk when this returns.
    pub fn write(&self, path: &SitePath, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.len() as u64 > MAX_FILE {
            return Err(too_large(path));
        }
        let place = self.place(path)?;
        let folder = place.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder.and_then(|()| write_durably(&place, bytes)).map_err(|error| Refusal::disk(&error))
    }

    /// Removes a file, and the folders that it leaves empty.
    pub fn remove(&self, path: &SitePath) -> Result<(), Refusal> {
        let place = self.place(path)?;
        std::fs::remove_file(&place).and_then(|()| sync_folder(&place)).map_err(|error| Refusal::disk(&error))?;
        let mut folder = path.parent();
        // Each is removed only if it is empty, and the site's own folders stay.
        while folder.as_str().contains('/') && std::fs::remove_dir(self.root.join(folder.as_str())).is_ok() {
            folder = folder.parent();
        }
        Ok(())
    }

    /// Whether something lies at this path, in any spelling that the disk takes for the same.
    pub fn is_taken(&self, path: &SitePath) -> bool {
        std::fs::symlink_metadata(self.root.join(path.as_str())).is_ok()
    }

    /// Where a file lies on the disk.
    ///
    /// # Errors
    /// When it is none of the files that people write, or lies elsewhere behind a link.
    fn place(&self, path: &SitePath) -> Result<PathBuf, Refusal> {
        if !is_written_by_people(path.as_str()) || is_lock_file(path) {
            return Err(refused(path));
        }
        let root = self.root.canonicalize().map_err(|error| Refusal::disk(&error))?;
        let mut place = self.root.clone();
        for segment in path.as_str().split('/') {
            place.push(segment);
            if std::fs::symlink_metadata(&place).is_err() {
                // What is not there yet cannot be a link.
                return Ok(self.root.join(path.as_str()));
            }
            let inside = place.canonicalize().ok().and_then(|real| Some(real.strip_prefix(&root).ok()?.to_path_buf()));
            let inside = inside.map(|real| real.to_string_lossy().replace('\\', "/"));
            let is_folder = place.is_dir();
            let stays =
                inside.is_some_and(|real| is_written_by_people(&real) || is_folder && FOLDERS.contains(&real.as_str()));
            if !stays {
                return Err(refused(path));
            }
        }
        if place.is_dir() { Err(refused(path)) } else { Ok(place) }
    }
}

/// Whether a folder is there and has nothing in it but hidden files and the history of a desk.
pub fn is_empty_folder(folder: &Path) -> bool {
    let is_shown = |name: &str| {
        name != crate::history::FOLDER
            && !name.starts_with('.')
            && !["desktop.ini", "thumbs.db"].contains(&name.to_lowercase().as_str())
    };
    let is_other = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| is_shown(&entry.file_name().to_string_lossy()))
    };
    std::fs::read_dir(folder).is_ok_and(|mut entries| !entries.any(is_other))
}

/// Whether a path is that of a file that people write.
fn is_written_by_people(path: &str) -> bool {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_hidden = path.split('/').any(|segment| segment.starts_with('.'));
    path == SETTINGS_FILE || FOLDERS.contains(&first) && !rest.is_empty() && !is_hidden
}

fn refused(path: &SitePath) -> Refusal {
    Refusal::new(403, "not-writable", format!("{path} 不能在这里改"))
}

fn too_large(path: &SitePath) -> Refusal {
    Refusal::new(413, "too-large", format!("{path} 太大了")).hint("每个文件不超过 32 MB")
}

/// How a text lies on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TextForm {
    /// It begins with a byte order mark.
    mark: bool,
    /// Its lines end in CR LF.
    crlf: bool,
    /// How its characters are bytes.
    encoding: TextEncoding,
}

/// A text file as it lies on the disk.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// The text, with LF.
    pub text: String,
    /// How it is written.
    pub form: TextForm,
    /// The hash of its bytes.
    pub hash: ContentHash,
}

impl TextFile {
    /// Decodes the bytes of a file.
    pub fn of(path: &SitePath, bytes: &[u8]) -> Result<TextFile, Refusal> {
        let (text, _) = decode(path, bytes).map_err(|diag| {
            Refusal::new(415, "not-text", format!("{path} 不是文字：{}", diag.message(puzhi_core::diag::Lang::Zh)))
        })?;
        let encoding = encoding_of(bytes);
        let crlf = first_line_ends_in_crlf(bytes, encoding);
        let form = TextForm { mark: bytes.starts_with(b"\xEF\xBB\xBF"), crlf, encoding };
        Ok(TextFile { text, form, hash: ContentHash::of(bytes) })
    }
}

/// Whether the first line of a text in this encoding ends in CR LF.
fn first_line_ends_in_crlf(bytes: &[u8], encoding: TextEncoding) -> bool {
    let (cr, lf): (&[u8], &[u8]) = match encoding {
        TextEncoding::Utf16Le => (b"\r\0", b"\n\0"),
        TextEncoding::Utf16Be => (b"\0\r", b"\0\n"),
        TextEncoding::Utf8 | TextEncoding::Gb18030 => (b"\r", b"\n"),
    };
    let mut before: &[u8] = &[];
    for unit in bytes.chunks(lf.len()) {
        if unit == lf {
            return before == cr;
        }
        before = unit;
    }
    false
}

impl TextForm {
    /// The bytes of a text in this form, or in UTF-8 if it has a character without a place in the encoding of this form.
    pub fn bytes(self, text: &str) -> Vec<u8> {
        let mark = if self.mark { "\u{FEFF}" } else { "" };
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_string() };
        let text = format!("{mark}{text}");
        encode(&text, self.encoding).unwrap_or_else(|| text.into_bytes())
    }

    /// What is to be said if the text goes to the disk in UTF-8 and not in the encoding of this form.
    pub fn notice(self, text: &str) -> Option<&'static str> {
        let is_kept = encode(text, self.encoding).is_some();
        (!is_kept).then_some("这个文件原来的编码（GB 18030）存不下现在的文字，已经改用 UTF-8 保存")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_of_a_text_stays() {
        let path = SitePath::new("content/a.md").unwrap();
        for bytes in ["\u{FEFF}甲\r\n乙\r\n", "甲\n乙", "\u{FEFF}", "甲\r\n", ""] {
            let file = TextFile::of(&path, bytes.as_bytes()).unwrap();
            assert!(!file.text.contains('\r') && !file.text.contains('\u{FEFF}'));
            assert_eq!(String::from_utf8(file.form.bytes(&file.text)).unwrap(), bytes);
        }
        for encoding in [TextEncoding::Gb18030, TextEncoding::Utf16Le, TextEncoding::Utf16Be] {
            // A byte of 上 in UTF-16 is that of a line end.
            for text in ["上甲\r\n乙\r\n", "甲\n乙上"] {
                let bytes = encode(text, encoding).unwrap();
                let file = TextFile::of(&path, &bytes).unwrap();
                assert_eq!((file.form.bytes(&file.text), file.form.notice(&file.text)), (bytes, None));
            }
        }
        let file = TextFile::of(&path, &encode("甲乙丙", TextEncoding::Gb18030).unwrap()).unwrap();
        assert_eq!(file.form.bytes("专"), "专".as_bytes());
        assert!(file.form.notice("专").is_some());
    }

    #[test]
    fn only_what_people_write_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let files = SiteFiles::new(folder.path());
        let write = |path: &str| files.write(&SitePath::new(path).unwrap(), b"x").is_ok();
        for good in ["content/a.md", "content/guides/b.md", "site.yaml", "data/t.yaml", "static/x.txt", "kinds/k.yaml"]
        {
            assert!(write(good), "{good}");
        }
        for bad in [
            "public/index.html",
            "history/a",
            ".puzhi/x",
            "themes/civic/a",
            "content",
            "README.md",
            "content/.a.md",
            "content/releases.lock.yaml",
            "templates/page.html",
            "content/guides",
        ] {
            assert!(!write(bad), "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("content/real")).unwrap();
        std::fs::create_dir_all(root.join(".git")).unwrap();
        std::fs::write(outside.path().join("a.md"), "geheim").unwrap();
        let link = |to: &Path, at: &str| std::os::unix::fs::symlink(to, root.join(at)).unwrap();
        link(outside.path(), "content/out");
        link(&outside.path().join("a.md"), "content/file.md");
        link(&outside.path().join("none.md"), "content/broken.md");
        link(&root.join(".git"), "content/hidden");
        link(&root.join("content/real"), "content/near");
        link(outside.path(), "data");
        let files = SiteFiles::new(root);
        for bad in ["content/out/a.md", "content/file.md", "content/broken.md", "content/hidden/config", "data/a.csv"] {
            let path = SitePath::new(bad).unwrap();
            assert!(
                files.write(&path, b"x").is_err() && files.read(&path).is_err() && files.remove(&path).is_err(),
                "{bad}"
            );
        }
        files.write(&SitePath::new("content/near/a.md").unwrap(), b"x").unwrap();
        assert_eq!(std::fs::read(root.join("content/real/a.md")).unwrap(), b"x");
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read(outside.path().join("a.md")).unwrap(), b"geheim");
    }
}
