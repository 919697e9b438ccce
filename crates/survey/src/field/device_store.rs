//! The database of an interviewer's device: an SQLite file with sealed interviews, dispositions, and forms that are being filled.
//!
//! In: sealed bytes and dispositions. Out: the same, durable when a call returns. No answer is ever in it in the clear. A case of a call
//! sheet and the interview of that person have nothing in common: the key of an interview is random, rows lie in the order of their keys,
//! deleted rows are overwritten, and the log is emptied after each interview.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::Row;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::record::{Disposition, SealedInterview};
use crate::collector::random::random_bytes;
use crate::store::{IfMissing, create_private_file};

/// The tables. `started`: forms that were opened and are not finished. `state`: one row.
const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS field_state (
        one BIGINT NOT NULL PRIMARY KEY, survey TEXT NOT NULL, wave TEXT NOT NULL, batches BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS field_interviews (
        id BLOB NOT NULL PRIMARY KEY, sealed BLOB NOT NULL, signature BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS field_contacts (
        contact TEXT NOT NULL PRIMARY KEY, outcome TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS field_started (
        form BLOB NOT NULL PRIMARY KEY, contact TEXT NOT NULL) WITHOUT ROWID",
];

/// Why the device's database could not be used.
#[derive(Debug)]
pub enum DeviceStoreError {
    /// It holds interviews of another survey or wave.
    OtherWave {
        /// Id of that survey.
        survey: String,
        /// Id of that wave.
        wave: String,
    },
    /// It holds something that this program did not write.
    Corrupt,
    /// The file or the database failed.
    Database(String),
}

impl From<sqlx::Error> for DeviceStoreError {
    fn from(error: sqlx::Error) -> DeviceStoreError {
        // A database's own message may quote values.
        DeviceStoreError::Database(match error {
            sqlx::Error::Database(error) => format!("SQLite {}", error.code().unwrap_or_default()),
            sqlx::Error::Io(error) => error.kind().to_string(),
            other => other.to_string().lines().next().unwrap_or_default().to_string(),
        })
    }
}

/// The open database of a device.
#[derive(Debug, Clone)]
pub struct DeviceStore {
    pool: SqlitePool,
}

impl DeviceStore {
    /// Opens the file, or creates it for this survey and wave, readable by its owner only.
    ///
    /// # Errors
    /// When it is of another wave, or fails.
    pub async fn open(path: &Path, survey: &str, wave: &str) -> Result<DeviceStore, DeviceStoreError> {
        create_private_file(path, IfMissing::Create).map_err(|e| DeviceStoreError::Database(e.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .auto_vacuum(SqliteAutoVacuum::None)
            .journal_mode(SqliteJournalMode::Wal)
            // An interview is on the disk before the interviewer is told so.
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        for table in TABLES {
            sqlx::query(table).execute(&pool).await?;
        }
        sqlx::query("INSERT INTO field_state VALUES (1, $1, $2, 0) ON CONFLICT DO NOTHING")
            .bind(survey)
            .bind(wave)
            .execute(&pool)
            .await?;
        let row = sqlx::query("SELECT survey, wave FROM field_state").fetch_one(&pool).await?;
        let (of, wave_of): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if of != survey || wave_of != wave {
            return Err(DeviceStoreError::OtherWave { survey: of, wave: wave_of });
        }
        Ok(DeviceStore { pool })
    }

    /// Notes that a form is being filled for a contact: a case of the call sheet, or somebody met by chance. Returns the form's key;
    /// `None` when the case has an interview already, or the system has no random bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(&self, case: Option<&str>) -> Result<Option<[u8; 16]>, DeviceStoreError> {
        let (Some(form), Some(contact)) = (random_bytes::<16>(), contact_of(case)) else { return Ok(None) };
        if self.outcome(&contact).await? == Some(Disposition::Complete) {
            return Ok(None);
        }
        let mut tx = self.pool.begin().await?;
        // Only one form of a case is open: an older one in another window is not an interview.
        sqlx::query("DELETE FROM field_started WHERE contact = $1").bind(&contact).execute(&mut *tx).await?;
        let insert = sqlx::query("INSERT INTO field_started (form, contact) VALUES ($1, $2)");
        insert.bind(&form[..]).bind(&contact).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(form))
    }

    /// The case of a form that is being filled: `Some(None)` for somebody met by chance, `None` when no such form is open.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn started(&self, form: &[u8; 16]) -> Result<Option<Option<String>>, DeviceStoreError> {
        let query = sqlx::query("SELECT contact FROM field_started WHERE form = $1");
        let Some(row) = query.bind(&form[..]).fetch_optional(&self.pool).await? else { return Ok(None) };
        let contact: String = row.try_get(0)?;
        Ok(Some(contact.strip_prefix(CASE).map(str::to_string)))
    }

    /// Ends a form: with an interview, or with the reason why there is none. Returns whether the form was open; a second call changes
    /// nothing.
    ///
    /// # Errors
    /// When the database fails; then the form is still open.
    pub async fn finish(
        &self,
        form: &[u8; 16],
        outcome: Disposition,
        interview: Option<&SealedInterview>,
    ) -> Result<bool, DeviceStoreError> {
        let id: [u8; 16] = random_bytes().ok_or(DeviceStoreError::Corrupt)?;
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let query = sqlx::query("DELETE FROM field_started WHERE form = $1 RETURNING contact");
        let Some(row) = query.bind(&form[..]).fetch_optional(&mut *tx).await? else { return Ok(false) };
        let contact: String = row.try_get(0)?;
        put_outcome(&mut tx, &contact, outcome).await?;
        if let Some(SealedInterview { sealed, signature }) = interview {
            let insert = sqlx::query("INSERT INTO field_interviews (id, sealed, signature) VALUES ($1, $2, $3)");
            insert.bind(&id[..]).bind(sealed).bind(&signature[..]).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        // The log would tell which case and which interview were written together. The interview is durable already: should this fail, the
        // next one empties the log.
        drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&self.pool).await);
        Ok(true)
    }

    /// Records why somebody was not interviewed. Returns the key by which it can be taken back; `None` when the case has an interview.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, case: Option<&str>, outcome: Disposition) -> Result<Option<String>, DeviceStoreError> {
        let Some(contact) = contact_of(case) else { return Ok(None) };
        if self.outcome(&contact).await? == Some(Disposition::Complete) {
            return Ok(None);
        }
        let mut tx = self.pool.begin().await?;
        put_outcome(&mut tx, &contact, outcome).await?;
        sqlx::query("DELETE FROM field_started WHERE contact = $1").bind(&contact).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(contact))
    }

    /// Takes a recorded reason back. An interview is not taken back. Returns whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_back(&self, contact: &str) -> Result<bool, DeviceStoreError> {
        let query = sqlx::query("DELETE FROM field_contacts WHERE contact = $1 AND outcome <> 'complete'");
        Ok(query.bind(contact).execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn outcome(&self, contact: &str) -> Result<Option<Disposition>, DeviceStoreError> {
        let query = sqlx::query("SELECT outcome FROM field_contacts WHERE contact = $1").bind(contact);
        let Some(row) = query.fetch_optional(&self.pool).await? else { return Ok(None) };
        Disposition::from_name(row.try_get(0)?).map(Some).ok_or(DeviceStoreError::Corrupt)
    }

    /// What became of each case of the call sheet that has an outcome.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases(&self) -> Result<BTreeMap<String, Disposition>, DeviceStoreError> {
        let rows = sqlx::query("SELECT contact, outcome FROM field_contacts").fetch_all(&self.pool).await?;
        let mut cases = BTreeMap::new();
        for row in rows {
            let (contact, outcome): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            if let Some(case) = contact.strip_prefix(CASE) {
                cases.insert(case.to_string(), Disposition::from_name(&outcome).ok_or(DeviceStoreError::Corrupt)?);
            }
        }
        Ok(cases)
    }

    /// How often each outcome was recorded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<BTreeMap<Disposition, u64>, DeviceStoreError> {
        let query = "SELECT outcome, COUNT(*) FROM field_contacts GROUP BY outcome";
        let mut counts = BTreeMap::new();
        for row in sqlx::query(query).fetch_all(&self.pool).await? {
            let (outcome, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            let outcome = Disposition::from_name(&outcome).ok_or(DeviceStoreError::Corrupt)?;
            counts.insert(outcome, u64::try_from(count).unwrap_or(0));
        }
        Ok(counts)
    }

    /// All interviews in the order of their random keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn interviews(&self) -> Result<Vec<SealedInterview>, DeviceStoreError> {
        let rows =
            sqlx::query("SELECT sealed, signature FROM field_interviews ORDER BY id").fetch_all(&self.pool).await?;
        let interview = |row: &sqlx::sqlite::SqliteRow| {
            let signature: Vec<u8> = row.try_get(1)?;
            let signature = signature.try_into().map_err(|_| DeviceStoreError::Corrupt)?;
            Ok(SealedInterview { sealed: row.try_get(0)?, signature })
        };
        rows.iter().map(interview).collect()
    }

    /// The number of the next batch, from 1. Each call gives another one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_batch(&self) -> Result<u64, DeviceStoreError> {
        let query = sqlx::query("UPDATE field_state SET batches = batches + 1 RETURNING batches");
        let number: i64 = query.fetch_one(&self.pool).await?.try_get(0)?;
        u64::try_from(number).map_err(|_| DeviceStoreError::Corrupt)
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What the key of a contact begins with when it is a case of the call sheet.
const CASE: &str = "case:";

/// The key of a contact; a random one for somebody met by chance.
fn contact_of(case: Option<&str>) -> Option<String> {
    match case {
        Some(name) => Some(format!("{CASE}{name}")),
        None => Some(format!("chance:{}", hex::encode(random_bytes::<16>()?))),
    }
}

async fn put_outcome(
    connection: &mut sqlx::SqliteConnection,
    contact: &str,
    outcome: Disposition,
) -> Result<(), DeviceStoreError> {
    let query = sqlx::query(
        "INSERT INTO field_contacts (contact, outcome) VALUES ($1, $2)
         ON CONFLICT (contact) DO UPDATE SET outcome = excluded.outcome WHERE outcome <> 'complete'",
    );
    query.bind(contact).bind(outcome.as_str()).execute(connection).await?;
    Ok(())
}
