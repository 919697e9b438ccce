//! The tables of the store, version by version.
//!
//! In: a connection to a database of any earlier version, or an empty one. Out: the present version, or the reason why not.
//! A step is never changed once released: a new version is a new step. Knows no surveys.
//!
//! The words `{bytes}` and `{clustered}` are what the two engines spell differently.

/// The steps, each from the version before: step 0 makes version 1.
pub const MIGRATIONS: &[&[&str]] = &[&[
    // `hour`: whole hours since 1970, UTC. `fresh`: 0 settled, 1 of an open form, 2 came with a code (see `insertion_order`).
    "CREATE TABLE puzhi_responses (
        id {bytes} NOT NULL PRIMARY KEY,
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        mode TEXT NOT NULL,
        hour BIGINT NOT NULL,
        wording {bytes} NOT NULL,
        answers TEXT NOT NULL,
        fresh BIGINT NOT NULL
    ){clustered}",
    "CREATE INDEX puzhi_responses_fresh ON puzhi_responses (hour, id) WHERE fresh > 0",
    // `state`: 0 not used, 1 used since the last settling, 2 used.
    "CREATE TABLE puzhi_codes (
        hash {bytes} NOT NULL PRIMARY KEY,
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        state BIGINT NOT NULL
    ){clustered}",
    "CREATE INDEX puzhi_codes_wave ON puzhi_codes (survey, wave, state)",
]];

/// The version this program reads and writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Holds the version in its one row.
pub const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS puzhi_schema (one BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
pub const FIRST_VERSION: &str = "INSERT INTO puzhi_schema (one, version) VALUES (1, 0) ON CONFLICT DO NOTHING";
/// Changes nothing, but holds the row until the transaction ends: of two programs that start at once, one waits.
pub const LOCK_VERSION: &str = "UPDATE puzhi_schema SET version = version WHERE one = 1";
pub const READ_VERSION: &str = "SELECT version FROM puzhi_schema WHERE one = 1";
pub const WRITE_VERSION: &str = "UPDATE puzhi_schema SET version = $1 WHERE one = 1";

/// How an engine spells what differs.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    pub bytes: &'static str,
    pub clustered: &'static str,
}

/// Rows lie in the order of their random key; a table with row numbers would keep the order in which they came.
pub const SQLITE: Dialect = Dialect { bytes: "BLOB", clustered: " WITHOUT ROWID" };
pub const POSTGRES: Dialect = Dialect { bytes: "BYTEA", clustered: "" };

impl Dialect {
    /// A statement of [`MIGRATIONS`] as this engine writes it.
    pub fn render(self, statement: &str) -> String {
        statement.replace("{bytes}", self.bytes).replace("{clustered}", self.clustered)
    }
}
