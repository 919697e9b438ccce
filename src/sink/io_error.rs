//! Diagnostics of the sink: I/O errors in plain Chinese and English, and refusals of its own.

use std::io;
use std::path::Path;

use puzhi_core::diag::Diagnostic;
use puzhi_core::diag::codes::output::{OUT_OCCUPIED, OUT_UNUSABLE};
use puzhi_core::diag::codes::source::UNREADABLE;

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
        let (zh, en) = words(self.kind, self.number);
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
    let (zh, en) = words(error.kind(), error.raw_os_error());
    Diagnostic::new(&UNREADABLE).arg("cause", format!("{zh} / {en}"))
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

/// An error's cause in Chinese and English.
fn words(kind: io::ErrorKind, number: Option<i32>) -> (String, String) {
    use io::ErrorKind as K;
    let (zh, en) = match kind {
        K::StorageFull => ("磁盘满了", "the disk is full"),
        K::QuotaExceeded => ("磁盘配额用完了", "the disk quota is used up"),
        K::FileTooLarge => ("文件太大，这个磁盘放不下", "the file is too large for this disk"),
        K::PermissionDenied => {
            ("没有权限，或者文件正被别的程序打开", "permission is denied, or another program has the file open")
        }
        K::ReadOnlyFilesystem => ("磁盘是只读的", "the disk is read-only"),
        K::NotFound => {
            ("文件或文件夹不存在，可能刚被移走", "a file or folder does not exist; it may just have been moved away")
        }
        K::NotADirectory => ("需要文件夹的地方是一个文件", "there is a file where a folder is needed"),
        K::IsADirectory => ("需要文件的地方是一个文件夹", "there is a folder where a file is needed"),
        K::AlreadyExists => ("那里已经有同名的东西", "something of that name is there already"),
        K::DirectoryNotEmpty => ("文件夹里还有别的文件", "the folder holds other files"),
        K::InvalidFilename | K::InvalidInput => {
            ("文件名太长，或者这个磁盘不允许这样的名字", "the file name is too long or not allowed on this disk")
        }
        K::ResourceBusy | K::ExecutableFileBusy | K::Deadlock => {
            ("文件正被别的程序使用", "another program is using the file")
        }
        K::StaleNetworkFileHandle
        | K::HostUnreachable
        | K::NetworkUnreachable
        | K::NetworkDown
        | K::ConnectionAborted
        | K::ConnectionReset
        | K::NotConnected
        | K::TimedOut => ("网络磁盘连不上了", "the network disk cannot be reached"),
        K::TooManyLinks => ("文件夹里的项目太多", "the folder holds too many entries"),
        K::Unsupported => (
            "这个磁盘不支持需要的操作（例如锁定文件）",
            "this disk does not support what is needed, such as locking a file",
        ),
        K::WriteZero | K::UnexpectedEof => {
            ("没能写完或读完，磁盘可能有问题", "writing or reading stopped early; the disk may be faulty")
        }
        K::OutOfMemory => ("内存不够", "there is not enough memory"),
        _ => {
            let number = number.map(|n| n.to_string()).unwrap_or_else(|| kind.to_string());
            return (
                format!("系统报告了错误 {number}，请告诉管理电脑的人"),
                format!("the system reports error {number}; tell whoever looks after the computer"),
            );
        }
    };
    (zh.to_string(), en.to_string())
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
