//! The tables of the store, version by version.
//!
//! Constants only; `statements::migrate` runs them. A released step is never changed: a new version is a new step. Knows no surveys.
//!
//! The placeholders `{bytes}` and `{clustered}` stand for what the two engines spell differently.

/// The steps, each from the version before: step 0 makes version 1.
#[rustfmt::skip]
pub const MIGRATIONS: &[&[&str]] = &[&[
    // `hour`: whole hours since 1970, UTC. `fresh`: see `record::OrderTrace`.
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
    // `state`: see `record::CodeState`.
    "CREATE TABLE puzhi_codes (
        hash {bytes} NOT NULL PRIMARY KEY,
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        state BIGINT NOT NULL
    ){clustered}",
    "CREATE INDEX puzhi_codes_wave ON puzhi_codes (survey, wave, state)",
], &[
    // JSON of `SampleUnit`, or empty.
    "ALTER TABLE puzhi_responses ADD COLUMN sample TEXT NOT NULL DEFAULT ''",
    // `method`: what decides the figure, as it was at the first answer. `label_key`: key of the labels of units, empty once destroyed.
    "CREATE TABLE puzhi_waves (
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        method TEXT NOT NULL,
        label_key {bytes} NOT NULL,
        PRIMARY KEY (survey, wave)
    ){clustered}",
], &[
    // Number of the batch in its survey; 0: from before batches were recorded.
    "ALTER TABLE puzhi_responses ADD COLUMN batch BIGINT NOT NULL DEFAULT 0",
    // One row a batch, see `batches::BatchRow`.
    "CREATE TABLE puzhi_batches (
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        number BIGINT NOT NULL,
        source TEXT NOT NULL,
        sample TEXT NOT NULL,
        mode TEXT NOT NULL,
        frame TEXT NOT NULL,
        wording {bytes} NOT NULL,
        definition {bytes} NOT NULL,
        hour BIGINT NOT NULL,
        secret {bytes} NOT NULL,
        seal {bytes} NOT NULL,
        state TEXT NOT NULL,
        ended_hour BIGINT NOT NULL,
        records BIGINT NOT NULL,
        digest {bytes} NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (survey, wave, number)
    ){clustered}",
    // Hashes of the serials of imported rows. Nothing leads from one to a response.
    "CREATE TABLE puzhi_serials (
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        hash {bytes} NOT NULL,
        batch BIGINT NOT NULL,
        PRIMARY KEY (survey, wave, hash)
    ){clustered}",
], &[
    // What became of the contacts of one interviewer's device, as of its batch of this number. `counts`: JSON of `Outcomes`.
    "CREATE TABLE puzhi_contacts (
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        device {bytes} NOT NULL,
        number BIGINT NOT NULL,
        counts TEXT NOT NULL,
        PRIMARY KEY (survey, wave, device)
    )",
], &[
    // Answers that came with codes and these codes, until enough are there, see `held`. A backup leaves both out.
    "CREATE TABLE puzhi_held_responses (
        id {bytes} NOT NULL PRIMARY KEY,
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        mode TEXT NOT NULL,
        hour BIGINT NOT NULL,
        wording {bytes} NOT NULL,
        answers TEXT NOT NULL,
        sample TEXT NOT NULL,
        batch BIGINT NOT NULL,
        complete BIGINT NOT NULL
    ){clustered}",
    "CREATE TABLE puzhi_held_codes (
        hash {bytes} NOT NULL PRIMARY KEY,
        survey TEXT NOT NULL,
        wave TEXT NOT NULL,
        complete BIGINT NOT NULL
    ){clustered}",
]];

/// The version this program reads and writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Creates the table whose one row holds the version.
pub const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS puzhi_schema (one BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
/// Inserts version 0 into a new table.
pub const FIRST_VERSION: &str = "INSERT INTO puzhi_schema (one, version) VALUES (1, 0) ON CONFLICT DO NOTHING";
/// Changes nothing, but locks the row until the transaction ends: of two programs that start at once, one waits.
pub const LOCK_VERSION: &str = "UPDATE puzhi_schema SET version = version WHERE one = 1";
/// Reads the version.
pub const READ_VERSION: &str = "SELECT version FROM puzhi_schema WHERE one = 1";
/// Writes the version `$1`.
pub const WRITE_VERSION: &str = "UPDATE puzhi_schema SET version = $1 WHERE one = 1";

/// The SQL in which an engine differs from the other.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Type of a column of bytes.
    pub bytes: &'static str,
    /// Table option for rows in the order of the primary key.
    pub clustered: &'static str,
    /// Begins a transaction that writes.
    pub begin: &'static str,
    /// Begins a transaction that reads.
    pub begin_read: &'static str,
    /// Whether the connection keeps statements under names. A pooler that gives each transaction another connection does not.
    pub named_statements: bool,
    /// Statements whose commit shows that the database takes writes, and that leave nothing.
    pub probe: &'static [&'static str],
}

/// A table of 32 KiB that comes and goes in one transaction: its pages go through the log, so a full disk refuses it, which a change
/// of one row in a log with room would not show.
const SQLITE_PROBE: &[&str] = &[
    "CREATE TABLE puzhi_probe (filler BLOB)",
    "INSERT INTO puzhi_probe (filler) VALUES (zeroblob(32768))",
    "DROP TABLE puzhi_probe",
];

/// SQLite. Rows lie in the order of their random key; a table with row ids would keep the order of insertion.
pub const SQLITE: Dialect = Dialect {
    bytes: "BLOB",
    clustered: " WITHOUT ROWID",
    begin: "BEGIN IMMEDIATE",
    begin_read: "BEGIN",
    named_statements: true,
    probe: SQLITE_PROBE,
};
/// PostgreSQL. A server may be configured to acknowledge a commit before it is durable, so each transaction that writes says otherwise;
/// with synchronous standbys the commit waits for them too.
pub const POSTGRES: Dialect = Dialect {
    bytes: "BYTEA",
    clustered: "",
    begin: "BEGIN; SET LOCAL synchronous_commit TO on",
    begin_read: "BEGIN READ ONLY",
    named_statements: false,
    probe: &[LOCK_VERSION],
};

impl Dialect {
    /// A statement of [`MIGRATIONS`] with its placeholders filled in.
    pub fn render(self, statement: &str) -> String {
        statement.replace("{bytes}", self.bytes).replace("{clustered}", self.clustered)
    }
}
