//! Errors of the store, with their messages in Chinese and English.

use std::fmt;
use std::sync::Arc;

use puzhi_core::diag::Lang;

/// Why an operation of the store failed. It never holds anything of a respondent's answers.
#[derive(Debug, Clone)]
pub enum StoreError {
    /// There is no database file and none may be created.
    Missing,
    /// The tables have this later version.
    NewerVersion(i64),
    /// The tables hold values that this program does not write.
    Corrupt,
    /// The queue of writes is full.
    Busy,
    /// The target of a backup exists already.
    TargetExists,
    /// The file cannot be read or written.
    Io(std::io::ErrorKind),
    /// No encrypted connection to the database that was asked for comes about; the reason in the words of the TLS library.
    Tls(String),
    /// The database reports an error.
    Sql(Arc<sqlx::Error>),
    /// A wave has another sample type, frame or mode than when its first answers came.
    Relabelled(Relabelled),
    /// No batch of this number can be removed.
    NoBatch(i64),
}

/// A field of a wave that is not what was recorded with its first answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relabelled {
    /// Id of the wave.
    pub wave: String,
    /// Name of the field: `sample`, `frame`, `mode`.
    pub field: &'static str,
    /// What the store recorded; empty if nothing.
    pub recorded: String,
    /// What is declared now; empty if nothing.
    pub declared: String,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match tls_problem(&error) {
            Some(reason) => StoreError::Tls(reason),
            None => StoreError::Sql(Arc::new(error)),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        StoreError::Io(error.kind())
    }
}

/// Why TLS to the database failed, if it did. A failed handshake comes as an error of reading.
fn tls_problem(error: &sqlx::Error) -> Option<String> {
    match error {
        sqlx::Error::Tls(reason) => Some(reason.to_string()),
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            error.get_ref().map(|reason| reason.to_string())
        }
        // The database's files are opened by SQLite itself: what is missing is the certificate, or the socket of a server.
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some("no such file: sslrootcert, sslcert, sslkey or the server's socket".to_string())
        }
        _ => None,
    }
}

impl StoreError {
    /// The message for the person who runs the program, with what to do.
    pub fn message(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            StoreError::Missing => (
                "没有这个数据库文件，请检查 --db".to_string(),
                "there is no such database file; check --db".to_string(),
            ),
            StoreError::NewerVersion(_) => (
                "数据库是更新版本的 puzhi 写的，请换用新版本".into(),
                "the database was written by a newer puzhi; please use that".into(),
            ),
            StoreError::Corrupt => (
                "数据库里的内容不是 puzhi 存的样子，请从备份恢复".into(),
                "the database does not hold what puzhi stores; restore a backup".into(),
            ),
            StoreError::Busy => ("等着写的太多，请稍后再试".into(), "too many writes wait; try again later".into()),
            StoreError::TargetExists => {
                ("这个文件已经有了，请换一个名字".into(), "the file exists; choose another name".into())
            }
            StoreError::Io(_) => ("文件或网络读写失败".into(), "reading or writing failed".into()),
            StoreError::Tls(_) => (
                "和数据库的加密连接没有建立，什么也没有发送：请检查地址里的主机名、sslmode 和 sslrootcert（签发服务器证书的根证书）".into(),
                "there is no encrypted connection to the database, and nothing was sent; check host name, sslmode and sslrootcert (the root certificate that the server's comes from)".into(),
            ),
            StoreError::Sql(_) => (
                "数据库不能用，请检查地址、权限和磁盘空间".into(),
                "the database cannot be used; check address, permissions and disk space".into(),
            ),
            StoreError::Relabelled(found) => found.messages(),
            StoreError::NoBatch(number) => (
                format!("没有可以删除的第 {number} 批导入，puzhi survey batches 列出所有批次"),
                format!("there is no import of the number {number} to remove; puzhi survey batches lists them"),
            ),
        };
        match (self, lang) {
            // Its own message says all.
            (StoreError::Relabelled(_), _) => {
                if lang == Lang::Zh {
                    zh
                } else {
                    en
                }
            }
            (StoreError::Io(_) | StoreError::Tls(_) | StoreError::Sql(_) | StoreError::NewerVersion(_), Lang::Zh) => {
                format!("{zh}（{self}）")
            }
            (StoreError::Io(_) | StoreError::Tls(_) | StoreError::Sql(_) | StoreError::NewerVersion(_), Lang::En) => {
                format!("{en} ({self})")
            }
            (_, Lang::Zh) => zh,
            (_, Lang::En) => en,
        }
    }
}

/// One line for the log of the collector. A database's own message may quote values, so only its code is shown.
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Missing => write!(f, "no such database"),
            StoreError::NewerVersion(version) => {
                write!(f, "tables of version {version}, this program knows up to {}", super::VERSION)
            }
            StoreError::Corrupt => write!(f, "unexpected values in the tables"),
            StoreError::Busy => write!(f, "too many writes wait"),
            StoreError::TargetExists => write!(f, "the file exists"),
            StoreError::Relabelled(found) => write!(f, "{}", found.messages().1),
            StoreError::NoBatch(number) => write!(f, "no batch {number} to remove"),
            StoreError::Io(kind) => write!(f, "{kind}"),
            StoreError::Tls(reason) => write!(f, "{}", reason.lines().next().unwrap_or_default()),
            StoreError::Sql(error) => match &**error {
                sqlx::Error::Database(error) => write!(f, "database error {}", error.code().unwrap_or_default()),
                sqlx::Error::Io(error) => write!(f, "{}", error.kind()),
                sqlx::Error::PoolTimedOut => write!(f, "the database does not answer"),
                other => write!(f, "{}", other.to_string().lines().next().unwrap_or_default()),
            },
        }
    }
}

impl Relabelled {
    /// What is wrong and what to do, in Chinese and English.
    fn messages(&self) -> (String, String) {
        let Relabelled { wave, field, recorded, declared } = self;
        let shown = |value: &str| if value.is_empty() { "-".to_string() } else { value.to_string() };
        let (recorded, declared) = (shown(recorded), shown(declared));
        (
            format!(
                "批次“{wave}”的 {field} 在收到第一份答卷时是“{recorded}”，现在是“{declared}”：收过答卷就不能改，请把问卷页改回“{recorded}”"
            ),
            format!(
                "{field} of wave \"{wave}\" was \"{recorded}\" when its first answer came and is \"{declared}\" now: it does not change after that; put \"{recorded}\" back on the page"
            ),
        )
    }
}

impl std::error::Error for StoreError {}
