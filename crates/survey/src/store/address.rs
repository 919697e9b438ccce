//! The address of a database, as it is written on the command line.
//!
//! In: a text. Out: a file or a server, or why the program does not connect to it. Knows no SQL and opens nothing.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// A database, written `sqlite:PATH` or `postgres://USER@HOST/NAME`.
#[derive(Clone)]
pub enum DatabaseAddress {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<PgConnectOptions>),
}

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is of neither form. In-memory databases are refused too.
    Form,
    /// It leads to another machine and leaves open whether the connection is encrypted. Without `sslmode` a driver falls back to plain
    /// text without a word, and answers would travel as they are.
    EncryptionOpen,
}

/// What the person who runs the program should know of a connection that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressCaution {
    /// The connection to another machine is not encrypted; the address says so.
    Plain,
    /// It is encrypted, but nobody checks with whom: the server's certificate is not looked at, or not its name.
    Unverified,
}

impl AddressProblem {
    /// What is wrong and what to write, in Chinese and English.
    pub fn message(self) -> &'static str {
        match self {
            AddressProblem::Form => {
                "要写 sqlite:文件 或 postgres://用户@主机/库 (sqlite:FILE or postgres://USER@HOST/NAME)"
            }
            AddressProblem::EncryptionOpen => {
                "数据库在另一台机器上，要写明是否加密，否则答卷可能不加密地在网上传。加密并核对证书：在地址后面加 ?sslmode=verify-full&sslrootcert=根证书文件；确实是自己的内部网络、不加密：加 ?sslmode=disable (the database is on another machine: add ?sslmode=verify-full&sslrootcert=FILE, or ?sslmode=disable where the network is your own; else answers might travel unencrypted)"
            }
        }
    }
}

impl AddressCaution {
    /// The warning, in Chinese and English.
    pub fn message(self) -> &'static str {
        match self {
            AddressCaution::Plain => {
                "和数据库之间不加密（sslmode=disable）：这段网络上的人看得到答卷 (the connection to the database is not encrypted, as sslmode=disable says: whoever is on that network can read answers)"
            }
            AddressCaution::Unverified => {
                "和数据库之间加密，但没有核对对方是不是那台数据库；请写 sslmode=verify-full&sslrootcert=根证书文件 (the connection is encrypted, but not checked to lead to that server; write sslmode=verify-full&sslrootcert=FILE)"
            }
        }
    }
}

impl DatabaseAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// See [`AddressProblem`].
    pub fn parse(written: &str) -> Result<DatabaseAddress, AddressProblem> {
        if let Some(path) = written.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let is_file = !path.is_empty() && path != ":memory:";
            return if is_file { Ok(DatabaseAddress::Sqlite(path.into())) } else { Err(AddressProblem::Form) };
        }
        if !written.starts_with("postgres://") && !written.starts_with("postgresql://") {
            return Err(AddressProblem::Form);
        }
        let options = PgConnectOptions::from_str(written).map_err(|_| AddressProblem::Form)?;
        let open = matches!(options.get_ssl_mode(), PgSslMode::Allow | PgSslMode::Prefer);
        if open && !is_this_machine(&options) {
            return Err(AddressProblem::EncryptionOpen);
        }
        // Neither named statements nor parameters at the start: a pooler that gives each transaction another connection keeps them not.
        let options = options.statement_cache_capacity(0).extra_float_digits(None);
        Ok(DatabaseAddress::Postgres(Box::new(options)))
    }

    /// What to say of the connection before it is used; `None` when nobody else can read or change what goes over it.
    pub fn caution(&self) -> Option<AddressCaution> {
        let DatabaseAddress::Postgres(options) = self else { return None };
        if is_this_machine(options) {
            return None;
        }
        match options.get_ssl_mode() {
            PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => Some(AddressCaution::Plain),
            PgSslMode::Require | PgSslMode::VerifyCa => Some(AddressCaution::Unverified),
            PgSslMode::VerifyFull => None,
        }
    }
}

/// Whether a server is reached by a socket in the file system or over loopback.
fn is_this_machine(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    options.get_socket().is_some() || host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Shows host, port and database, never a user or password.
impl std::fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseAddress::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseAddress::Postgres(options) => {
                write!(
                    f,
                    "postgres://{}:{}/{}",
                    options.get_host(),
                    options.get_port(),
                    options.get_database().unwrap_or_default()
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn database_addresses_are_parsed() {
        for (written, file) in
            [("sqlite:/var/lib/puzhi/answers.db", "/var/lib/puzhi/answers.db"), ("sqlite://a.db", "a.db")]
        {
            assert!(
                matches!(DatabaseAddress::parse(written), Ok(DatabaseAddress::Sqlite(path)) if path == Path::new(file))
            );
        }
        let db = DatabaseAddress::parse("postgres://puzhi:geheim@db.example:6000/answers?sslmode=verify-full").unwrap();
        assert_eq!(format!("{db:?}"), "postgres://db.example:6000/answers");
        for bad in ["", "sqlite:", "sqlite::memory:", "mysql://a/b", "answers.db", "postgres://[", "http://a"] {
            assert_eq!(DatabaseAddress::parse(bad).err(), Some(AddressProblem::Form), "{bad}");
        }
    }

    #[test]
    fn another_machine_is_not_reached_in_plain_text_unless_the_address_says_so() {
        let caution = |written: &str| DatabaseAddress::parse(written).map(|db| db.caution());
        for here in ["localhost", "127.0.0.1:5433", "[::1]", "%2Frun%2Fpostgresql"] {
            assert_eq!(caution(&format!("postgres://p@{here}/answers")), Ok(None), "{here}");
        }
        for (query, wanted) in [
            ("", Err(AddressProblem::EncryptionOpen)),
            ("?sslmode=prefer", Err(AddressProblem::EncryptionOpen)),
            ("?sslmode=allow", Err(AddressProblem::EncryptionOpen)),
            ("?sslmode=sometimes", Err(AddressProblem::Form)),
            ("?sslmode=disable", Ok(Some(AddressCaution::Plain))),
            ("?sslmode=require", Ok(Some(AddressCaution::Unverified))),
            ("?sslmode=verify-ca&sslrootcert=ca.pem", Ok(Some(AddressCaution::Unverified))),
            ("?sslmode=verify-full&sslrootcert=ca.pem", Ok(None)),
        ] {
            assert_eq!(caution(&format!("postgres://p@10.1.2.3/answers{query}")), wanted, "{query}");
            assert_eq!(caution(&format!("postgres://p@db.example/answers{query}")), wanted, "{query}");
        }
    }
}
