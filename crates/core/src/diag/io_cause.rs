//! Causes of errors of files in plain words of both languages.
//!
//! Input: an error of the operating system. Output: words, or a diagnostic with them. Does not know which file it was.

use std::io;

use super::Diagnostic;

impl Diagnostic {
    /// Adds the cause of an error as `cause_zh` and `cause_en`.
    #[must_use]
    pub fn io_cause(self, error: &io::Error) -> Self {
        let IoWords { zh, en } = io_words(error.kind(), error.raw_os_error());
        self.arg("cause_zh", zh).arg("cause_en", en)
    }
}

/// The cause of an error in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IoWords {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The cause of an error of this kind; `number` is the one of the operating system.
pub fn io_words(kind: io::ErrorKind, number: Option<i32>) -> IoWords {
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
        K::AddrInUse => ("这个端口有别的程序在用", "another program uses this port"),
        K::OutOfMemory => ("内存不够", "there is not enough memory"),
        _ => {
            let number = number.map(|n| n.to_string()).unwrap_or_else(|| kind.to_string());
            return IoWords {
                zh: format!("系统报告了错误 {number}，请告诉管理电脑的人"),
                en: format!("the system reports error {number}; tell whoever looks after the computer"),
            };
        }
    };
    IoWords { zh: zh.to_string(), en: en.to_string() }
}
