//! Diagnostics of the sink: I/O errors in plain Chinese and English, and refusals of its own.

use std::io;
use std::path::Path;

use puzhi_core::diag::codes::output::{OUT_OCCUPIED, OUT_UNUSABLE};
use puzhi_core::diag::codes::source::UNREADABLE;
use puzhi_core::diag::{Diagnostic, IoWords, io_words};

/// An [`io::Error`] with the path it happened at, cloneable so that several threads can report it.
#[derive(Debug, Clone)]
pub(super) struct IoError {
    kind: io::ErrorKind,
    /// The operating system's error number.
    number: Option<i32>,
    /// The path, relative to the output folder.
    at: String,
}

impl IoError {
    pub fn new(error: &io::Error, at: &str) -> Self {
        Self { kind: error.kind(), number: error.raw_os_error(), at: at.to_string() }
    }

    pub fn diag(&self, out: &Path) -> Diagnostic {
        let IoWords { zh, en } = io_words(self.kind, self.number);
        unusable(out, &self.at, &zh, &en)
    }
}

/// An I/O error at `at`, a path relative to the output folder `out`.
pub(super) fn refused(out: &Path, at: &str, error: &io::Error) -> Diagnostic {
    IoError::new(error, at).diag(out)
}

/// A symbolic link stands where a folder is needed.
pub(super) fn link_inside(out: &Path, at: &str) -> Diagnostic {
    unusable(
        out,
        at,
        "里面有一个文件夹是链接（快捷方式），不会跟着它写",
        "a folder inside it is a symbolic link, which is not followed",
    )
}

/// A file that no build wrote stands at a planned path.
pub(super) fn occupied(path: &str) -> Diagnostic {
    Diagnostic::new(&OUT_OCCUPIED).arg("path", path)
}

/// An output was to be kept that the manifest does not list with one hash.
pub(super) fn unrecorded(out: &Path, at: &str) -> Diagnostic {
    unusable(out, at, "要保留的输出不在更早构建的清单里", "an output to be kept is not in the list of an earlier build")
}

/// The source of a copy could not be read. The caller adds which file it is.
pub(super) fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::new(&UNREADABLE).io_cause(error)
}

/// `OUT_UNUSABLE` with a cause in both languages. `at` is a path relative to the output folder, or empty for the folder itself.
pub(super) fn unusable(out: &Path, at: &str, zh: &str, en: &str) -> Diagnostic {
    let (zh, en) = if at.is_empty() {
        (zh.to_string(), en.to_string())
    } else {
        (format!("{zh}（{at}）"), format!("{en} ({at})"))
    };
    Diagnostic::new(&OUT_UNUSABLE).arg("folder", out.display()).arg("cause_zh", zh).arg("cause_en", en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::diag::Lang;

    #[test]
    fn causes_are_told_in_both_languages() {
        let full = refused(Path::new("public"), "指南/index.html", &io::ErrorKind::StorageFull.into());
        assert_eq!(full.message(Lang::Zh), "不能把站点写到 public：磁盘满了（指南/index.html）");
        assert_eq!(full.message(Lang::En), "cannot write the site to public: the disk is full (指南/index.html)");
        let odd = refused(Path::new("public"), "", &io::Error::from_raw_os_error(5));
        assert!(odd.message(Lang::En).contains("error 5;"), "{}", odd.message(Lang::En));
    }
}
