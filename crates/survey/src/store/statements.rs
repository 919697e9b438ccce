//! Every SQL statement of the store, written once for both engines.
//!
//! In: a connection, inside the caller's transaction. Out: rows. Knows no queue and no rules of a survey. A macro makes the modules
//! `sqlite` and `postgres` with the same functions; the statements are standard SQL with `ON CONFLICT` and `RETURNING`.

use super::batches::{BatchRow, SerialRow};
use super::held::{Held, HeldRows};
use super::record::{CodeCount, CodeRow, CodeState, OrderTrace};
use super::schema::{self, Dialect};
use super::{CodeHash, DeviceContacts, FixedWave, RecordCount, ResponseRecord, StoreError};
use puzhi_core::kinds::CollectionMode;

/// Most rows in one statement: SQLite takes 32,766 parameters, and a transaction of this size is still short.
pub const BATCH_ROWS: usize = 500;

const COLUMNS: &str = "id, survey, wave, mode, hour, wording, answers, sample, batch";

const BATCH_COLUMNS: &str = "survey, wave, number, source, sample, mode, frame, wording, definition, hour, secret, seal, state, ended_hour, records, digest, note";

/// A one-time code as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCode {
    /// Id of its survey.
    pub survey: String,
    /// Id of its wave.
    pub wave: String,
    /// Whether a response came with it.
    pub used: bool,
}

macro_rules! define_engine {
    ($name:ident, $database:ty, $connection:ty, $row:ty, $dialect:expr) => {
        pub mod $name {
            use super::*;
            use sqlx::{AssertSqlSafe, Connection, QueryBuilder, Row, Transaction};

            type Database = $database;
            type Query<'q> = sqlx::query::Query<'q, Database, <Database as sqlx::Database>::Arguments>;
            const DIALECT: Dialect = $dialect;

            /// A transaction that writes: on SQLite it takes the write lock at once, so that it cannot fail half-way.
            pub async fn begin(connection: &mut $connection) -> Result<Transaction<'_, Database>, StoreError> {
                Ok(connection.begin_with(DIALECT.begin).await?)
            }

            /// A transaction that reads. Each statement runs inside a transaction: a pooler such as PgBouncer may run the parts of
            /// a lone one on two connections.
            pub async fn begin_read(connection: &mut $connection) -> Result<Transaction<'_, Database>, StoreError> {
                Ok(connection.begin_with(DIALECT.begin_read).await?)
            }

            fn query<'q>(statement: &'static str) -> Query<'q> {
                sqlx::query(statement).persistent(DIALECT.named_statements)
            }

            /// Writes what shows whether there is room, see [`schema::Dialect::probe`].
            pub async fn write_probe(connection: &mut $connection) -> Result<(), StoreError> {
                for statement in DIALECT.probe {
                    query(statement).persistent(false).execute(&mut *connection).await?;
                }
                Ok(())
            }

            fn record(row: $row) -> Result<ResponseRecord, StoreError> {
                let bytes = |column: usize| -> Result<[u8; 16], StoreError> {
                    let bytes: Vec<u8> = row.try_get(column)?;
                    bytes.try_into().map_err(|_| StoreError::Corrupt)
                };
                Ok(ResponseRecord {
                    id: bytes(0)?,
                    survey: row.try_get(1)?,
                    wave: row.try_get(2)?,
                    mode: row.try_get(3)?,
                    hour: row.try_get(4)?,
                    wording: bytes(5)?,
                    answers: row.try_get(6)?,
                    sample: row.try_get(7)?,
                    batch: row.try_get(8)?,
                })
            }

            /// Brings the tables to the present version.
            pub async fn migrate(connection: &mut $connection, to: usize) -> Result<(), StoreError> {
                // Outside the transaction: engines differ in what they allow inside one.
                sqlx::raw_sql(schema::VERSION_TABLE).execute(&mut *connection).await?;
                sqlx::raw_sql(schema::FIRST_VERSION).execute(&mut *connection).await?;
                let mut tx = begin(connection).await?;
                query(schema::LOCK_VERSION).execute(&mut *tx).await?;
                let version: i64 = query(schema::READ_VERSION).fetch_one(&mut *tx).await?.try_get(0)?;
                let from = usize::try_from(version).map_err(|_| StoreError::Corrupt)?;
                if from > schema::MIGRATIONS.len() {
                    return Err(StoreError::NewerVersion(version));
                }
                for step in schema::MIGRATIONS.iter().take(to).skip(from) {
                    for statement in *step {
                        sqlx::raw_sql(AssertSqlSafe(DIALECT.render(statement))).execute(&mut *tx).await?;
                    }
                }
                query(schema::WRITE_VERSION).bind(from.max(to) as i64).execute(&mut *tx).await?;
                Ok(tx.commit().await?)
            }

            /// Inserts the records whose id is new; returns how many that were. Records in the order of their ids keep two
            /// transactions from waiting for each other.
            pub async fn insert(connection: &mut $connection, records: &[&ResponseRecord], trace: OrderTrace) -> Result<u64, StoreError> {
                let mut added = 0;
                for chunk in records.chunks(BATCH_ROWS) {
                    let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, sample, batch, fresh) ");
                    query.push_values(chunk, |mut row, record| {
                        row.push_bind(&record.id[..]).push_bind(&record.survey).push_bind(&record.wave).push_bind(&record.mode);
                        row.push_bind(record.hour).push_bind(&record.wording[..]).push_bind(&record.answers);
                        row.push_bind(&record.sample).push_bind(record.batch).push_bind(trace as i64);
                    });
                    query.push(" ON CONFLICT DO NOTHING");
                    added += query.build().persistent(DIALECT.named_statements && chunk.len() == 1).execute(&mut *connection).await?.rows_affected();
                }
                Ok(added)
            }

            /// Whether a submission with this row key was stored, perhaps held.
            pub async fn contains(connection: &mut $connection, id: &[u8; 16]) -> Result<bool, StoreError> {
                let found = query("SELECT 1 FROM puzhi_responses WHERE id = $1 UNION ALL SELECT 1 FROM puzhi_held_responses WHERE id = $1");
                Ok(found.bind(&id[..]).fetch_optional(connection).await?.is_some())
            }

            /// Looks up a code. One whose answer is held is used.
            pub async fn find_code(connection: &mut $connection, hash: &CodeHash) -> Result<Option<StoredCode>, StoreError> {
                let query = query(
                    "SELECT survey, wave, state + (SELECT COUNT(*) FROM puzhi_held_codes h WHERE h.hash = $1) FROM puzhi_codes WHERE hash = $1",
                ).bind(&hash.0[..]);
                let Some(row) = query.fetch_optional(connection).await? else { return Ok(None) };
                Ok(Some(StoredCode { survey: row.try_get(0)?, wave: row.try_get(1)?, used: row.try_get::<i64, _>(2)? != 0 }))
            }

            /// Marks an unused code of this wave as used; false when there is none.
            pub async fn redeem_code(connection: &mut $connection, hash: &CodeHash, survey: &str, wave: &str) -> Result<bool, StoreError> {
                let query = query("UPDATE puzhi_codes SET state = $4 WHERE hash = $1 AND survey = $2 AND wave = $3 AND state = 0");
                let query = query.bind(&hash.0[..]).bind(survey).bind(wave).bind(CodeState::NewlyUsed as i64);
                Ok(query.execute(connection).await?.rows_affected() == 1)
            }

            /// Whether a code of this wave is not used. Those whose answers are held are in [`held`].
            pub async fn is_unused(connection: &mut $connection, hash: &CodeHash, survey: &str, wave: &str) -> Result<bool, StoreError> {
                let query = query("SELECT 1 FROM puzhi_codes WHERE hash = $1 AND survey = $2 AND wave = $3 AND state = 0");
                Ok(query.bind(&hash.0[..]).bind(survey).bind(wave).fetch_optional(connection).await?.is_some())
            }

            /// All held answers and codes, each in the order of their keys.
            pub async fn held(connection: &mut $connection) -> Result<HeldRows, StoreError> {
                let mut rows = HeldRows::default();
                let found = query("SELECT id, survey, wave, mode, hour, wording, answers, sample, batch, complete FROM puzhi_held_responses ORDER BY id");
                for row in found.fetch_all(&mut *connection).await? {
                    let complete = row.try_get::<i64, _>(9)? != 0;
                    rows.responses.push(Held { row: record(row)?, complete });
                }
                let found = query("SELECT hash, survey, wave, complete FROM puzhi_held_codes ORDER BY hash");
                for row in found.fetch_all(connection).await? {
                    rows.codes.push(Held { row: code_row(&row, CodeState::Unused)?, complete: row.try_get::<i64, _>(3)? != 0 });
                }
                Ok(rows)
            }

            /// Writes all held answers and codes anew, in the order given.
            pub async fn replace_held(connection: &mut $connection, rows: &HeldRows) -> Result<(), StoreError> {
                query("DELETE FROM puzhi_held_responses").execute(&mut *connection).await?;
                query("DELETE FROM puzhi_held_codes").execute(&mut *connection).await?;
                for chunk in rows.responses.chunks(BATCH_ROWS) {
                    let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_held_responses (id, survey, wave, mode, hour, wording, answers, sample, batch, complete) ");
                    query.push_values(chunk, |mut row, Held { row: record, complete }| {
                        row.push_bind(&record.id[..]).push_bind(&record.survey).push_bind(&record.wave).push_bind(&record.mode);
                        row.push_bind(record.hour).push_bind(&record.wording[..]).push_bind(&record.answers);
                        row.push_bind(&record.sample).push_bind(record.batch).push_bind(i64::from(*complete));
                    });
                    query.build().persistent(false).execute(&mut *connection).await?;
                }
                for chunk in rows.codes.chunks(BATCH_ROWS) {
                    let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_held_codes (hash, survey, wave, complete) ");
                    query.push_values(chunk, |mut row, Held { row: code, complete }| {
                        row.push_bind(&code.hash.0[..]).push_bind(&code.survey).push_bind(&code.wave).push_bind(i64::from(*complete));
                    });
                    query.build().persistent(false).execute(&mut *connection).await?;
                }
                Ok(())
            }

            /// Inserts the codes whose hash is new; returns how many that were.
            pub async fn add_codes(connection: &mut $connection, codes: &[CodeRow]) -> Result<u64, StoreError> {
                let mut added = 0;
                for chunk in codes.chunks(BATCH_ROWS) {
                    let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_codes (hash, survey, wave, state) ");
                    query.push_values(chunk, |mut row, code| {
                        row.push_bind(&code.hash.0[..]).push_bind(&code.survey).push_bind(&code.wave).push_bind(code.state as i64);
                    });
                    query.push(" ON CONFLICT DO NOTHING");
                    added += query.build().persistent(false).execute(&mut *connection).await?.rows_affected();
                }
                Ok(added)
            }

            /// Counts the codes of a wave.
            pub async fn count_codes(connection: &mut $connection, survey: &str, wave: &str) -> Result<CodeCount, StoreError> {
                let query = query(
                    "SELECT COUNT(*), COUNT(CASE WHEN state > 0 THEN 1 END)
                        + (SELECT COUNT(*) FROM puzhi_held_codes h WHERE h.survey = $1 AND h.wave = $2)
                     FROM puzhi_codes WHERE survey = $1 AND wave = $2",
                );
                let row = query.bind(survey).bind(wave).fetch_one(connection).await?;
                Ok(CodeCount { all: count(&row, 0)?, used: count(&row, 1)? })
            }

            /// The next records by row key, of one survey or of all.
            pub async fn records_after(connection: &mut $connection, survey: Option<&str>, after: Option<[u8; 16]>) -> Result<Vec<ResponseRecord>, StoreError> {
                let mut query = QueryBuilder::<Database>::new("SELECT ");
                query.push(COLUMNS).push(" FROM puzhi_responses WHERE TRUE");
                if let Some(survey) = survey {
                    query.push(" AND survey = ").push_bind(survey);
                }
                if let Some(after) = after {
                    query.push(" AND id > ").push_bind(after.to_vec());
                }
                query.push(" ORDER BY id LIMIT ").push_bind(BATCH_ROWS as i64);
                query.build().persistent(DIALECT.named_statements).fetch_all(connection).await?.into_iter().map(record).collect()
            }

            /// The next codes by hash. Those that are used are [`CodeState::Used`], whenever that was.
            #[allow(dead_code, reason = "only PostgreSQL is copied row by row")]
            pub async fn codes_after(connection: &mut $connection, after: &[u8]) -> Result<Vec<CodeRow>, StoreError> {
                let query = query("SELECT hash, survey, wave, state FROM puzhi_codes WHERE hash > $1 ORDER BY hash LIMIT $2");
                let rows = query.bind(after).bind(BATCH_ROWS as i64).fetch_all(connection).await?;
                rows.into_iter()
                    .map(|row| {
                        let state = if row.try_get::<i64, _>(3)? > 0 { CodeState::Used } else { CodeState::Unused };
                        code_row(&row, state)
                    })
                    .collect()
            }

            fn code_row(row: &$row, state: CodeState) -> Result<CodeRow, StoreError> {
                Ok(CodeRow { hash: hash(row)?, survey: row.try_get(1)?, wave: row.try_get(2)?, state })
            }

            fn count(row: &$row, column: usize) -> Result<u64, StoreError> {
                u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Corrupt)
            }

            fn hash(row: &$row) -> Result<CodeHash, StoreError> {
                let bytes: Vec<u8> = row.try_get(0)?;
                Ok(CodeHash(bytes.try_into().map_err(|_| StoreError::Corrupt)?))
            }

            /// Writes the method and the label key of a wave, unless it has some.
            pub async fn fix_wave(connection: &mut $connection, wave: &FixedWave) -> Result<(), StoreError> {
                let query = query("INSERT INTO puzhi_waves (survey, wave, method, label_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
                let query = query.bind(&wave.survey).bind(&wave.wave).bind(&wave.method).bind(&wave.label_key[..]);
                query.persistent(false).execute(connection).await?;
                Ok(())
            }

            /// What was fixed of the waves of a survey, or of all, by wave.
            pub async fn fixed_waves(connection: &mut $connection, survey: Option<&str>) -> Result<Vec<FixedWave>, StoreError> {
                let mut query = QueryBuilder::<Database>::new("SELECT survey, wave, method, label_key FROM puzhi_waves WHERE TRUE");
                if let Some(survey) = survey {
                    query.push(" AND survey = ").push_bind(survey);
                }
                query.push(" ORDER BY survey, wave");
                let rows = query.build().persistent(DIALECT.named_statements).fetch_all(connection).await?;
                rows.iter()
                    .map(|row| Ok(FixedWave { survey: row.try_get(0)?, wave: row.try_get(1)?, method: row.try_get(2)?, label_key: row.try_get(3)? }))
                    .collect()
            }

            /// Forgets the label key of a wave.
            pub async fn destroy_label_key(connection: &mut $connection, survey: &str, wave: &str) -> Result<u64, StoreError> {
                let empty: &[u8] = &[];
                let query = query("UPDATE puzhi_waves SET label_key = $3 WHERE survey = $1 AND wave = $2 AND label_key <> $3");
                Ok(query.bind(survey).bind(wave).bind(empty).execute(connection).await?.rows_affected())
            }

            /// Counts the records of a survey by wave, mode and hour.
            pub async fn count_by_hour(connection: &mut $connection, survey: &str) -> Result<Vec<RecordCount>, StoreError> {
                let query = query(
                    "SELECT wave, mode, hour, COUNT(*) FROM
                        (SELECT wave, mode, hour FROM puzhi_responses WHERE survey = $1
                         UNION ALL SELECT wave, mode, hour FROM puzhi_held_responses WHERE survey = $1) found
                     GROUP BY wave, mode, hour ORDER BY wave, mode, hour",
                );
                let rows = query.bind(survey).fetch_all(connection).await?;
                let mut counts = Vec::with_capacity(rows.len());
                for row in &rows {
                    // A mode that this program does not know is not counted.
                    let Some(mode) = CollectionMode::from_name(&row.try_get::<String, _>(1)?) else { continue };
                    counts.push(RecordCount { wave: row.try_get(0)?, mode, hour: row.try_get(2)?, records: count(row, 3)? });
                }
                Ok(counts)
            }

            /// Locks the store's batches until the transaction ends: of two programs that open one, the other waits.
            pub async fn lock_batches(connection: &mut $connection) -> Result<(), StoreError> {
                query(schema::LOCK_VERSION).execute(connection).await?;
                Ok(())
            }

            /// All batches of a survey, or of all, by wave and number.
            pub async fn batches(connection: &mut $connection, survey: Option<&str>) -> Result<Vec<BatchRow>, StoreError> {
                let mut query = QueryBuilder::<Database>::new("SELECT ");
                query.push(BATCH_COLUMNS).push(" FROM puzhi_batches WHERE TRUE");
                if let Some(survey) = survey {
                    query.push(" AND survey = ").push_bind(survey);
                }
                query.push(" ORDER BY survey, wave, number");
                query.build().persistent(DIALECT.named_statements).fetch_all(connection).await?.iter().map(batch_row).collect()
            }

            fn batch_row(row: &$row) -> Result<BatchRow, StoreError> {
                let hash = |column: usize| -> Result<[u8; 16], StoreError> {
                    let bytes: Vec<u8> = row.try_get(column)?;
                    bytes.try_into().map_err(|_| StoreError::Corrupt)
                };
                Ok(BatchRow {
                    survey: row.try_get(0)?,
                    wave: row.try_get(1)?,
                    number: row.try_get(2)?,
                    source: row.try_get(3)?,
                    sample: row.try_get(4)?,
                    mode: row.try_get(5)?,
                    frame: row.try_get(6)?,
                    wording: hash(7)?,
                    definition: hash(8)?,
                    hour: row.try_get(9)?,
                    secret: hash(10)?,
                    seal: row.try_get(11)?,
                    state: row.try_get(12)?,
                    ended_hour: row.try_get(13)?,
                    records: row.try_get(14)?,
                    digest: hash(15)?,
                    note: row.try_get(16)?,
                })
            }

            /// Writes a batch, in the place of one with the same wave and number.
            pub async fn put_batch(connection: &mut $connection, row: &BatchRow) -> Result<(), StoreError> {
                let delete = query("DELETE FROM puzhi_batches WHERE survey = $1 AND wave = $2 AND number = $3");
                delete.bind(&row.survey).bind(&row.wave).bind(row.number).execute(&mut *connection).await?;
                let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_batches (");
                query.push(BATCH_COLUMNS).push(") ");
                query.push_values([row], |mut to, row| {
                    to.push_bind(&row.survey).push_bind(&row.wave).push_bind(row.number).push_bind(&row.source);
                    to.push_bind(&row.sample).push_bind(&row.mode).push_bind(&row.frame).push_bind(&row.wording[..]);
                    to.push_bind(&row.definition[..]).push_bind(row.hour).push_bind(&row.secret[..]).push_bind(&row.seal[..]);
                    to.push_bind(&row.state).push_bind(row.ended_hour).push_bind(row.records).push_bind(&row.digest[..]);
                    to.push_bind(&row.note);
                });
                query.build().persistent(false).execute(connection).await?;
                Ok(())
            }

            /// Hashes of the imported serials of a wave; of all waves with `None`, with survey, wave and batch.
            pub async fn serials(connection: &mut $connection, of: Option<(&str, &str)>) -> Result<Vec<SerialRow>, StoreError> {
                let mut query = QueryBuilder::<Database>::new("SELECT survey, wave, hash, batch FROM puzhi_serials WHERE TRUE");
                if let Some((survey, wave)) = of {
                    query.push(" AND survey = ").push_bind(survey).push(" AND wave = ").push_bind(wave);
                }
                query.push(" ORDER BY survey, wave, hash");
                let rows = query.build().persistent(DIALECT.named_statements).fetch_all(connection).await?;
                let serial = |row: &$row| -> Result<SerialRow, StoreError> {
                    let bytes: Vec<u8> = row.try_get(2)?;
                    let hash = bytes.try_into().map_err(|_| StoreError::Corrupt)?;
                    Ok(SerialRow { survey: row.try_get(0)?, wave: row.try_get(1)?, hash, batch: row.try_get(3)? })
                };
                rows.iter().map(serial).collect()
            }

            /// Inserts serials that are not there.
            pub async fn add_serials(connection: &mut $connection, serials: &[SerialRow]) -> Result<(), StoreError> {
                for chunk in serials.chunks(BATCH_ROWS) {
                    let mut query = QueryBuilder::<Database>::new("INSERT INTO puzhi_serials (survey, wave, hash, batch) ");
                    query.push_values(chunk, |mut row, serial| {
                        row.push_bind(&serial.survey).push_bind(&serial.wave).push_bind(&serial.hash[..]).push_bind(serial.batch);
                    });
                    query.push(" ON CONFLICT DO NOTHING");
                    query.build().persistent(false).execute(&mut *connection).await?;
                }
                Ok(())
            }

            /// The contacts of all devices of a wave; of all waves with `None`.
            pub async fn contacts(connection: &mut $connection, of: Option<(&str, &str)>) -> Result<Vec<DeviceContacts>, StoreError> {
                let mut query = QueryBuilder::<Database>::new("SELECT survey, wave, device, number, counts FROM puzhi_contacts WHERE TRUE");
                if let Some((survey, wave)) = of {
                    query.push(" AND survey = ").push_bind(survey).push(" AND wave = ").push_bind(wave);
                }
                query.push(" ORDER BY survey, wave, device");
                let contacts = |row: &$row| -> Result<DeviceContacts, StoreError> {
                    let device: Vec<u8> = row.try_get(2)?;
                    let counts: String = row.try_get(4)?;
                    Ok(DeviceContacts {
                        survey: row.try_get(0)?,
                        wave: row.try_get(1)?,
                        device: device.try_into().map_err(|_| StoreError::Corrupt)?,
                        number: row.try_get(3)?,
                        counts: serde_json::from_str(&counts).map_err(|_| StoreError::Corrupt)?,
                    })
                };
                query.build().persistent(DIALECT.named_statements).fetch_all(connection).await?.iter().map(contacts).collect()
            }

            /// Writes the contacts of a device, unless those of a later batch are there.
            pub async fn put_contacts(connection: &mut $connection, contacts: &DeviceContacts) -> Result<(), StoreError> {
                let query = query(
                    "INSERT INTO puzhi_contacts (survey, wave, device, number, counts) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (survey, wave, device) DO UPDATE SET number = excluded.number, counts = excluded.counts
                     WHERE excluded.number > puzhi_contacts.number",
                );
                let counts = serde_json::to_string(&contacts.counts).map_err(|_| StoreError::Corrupt)?;
                let bound = query.bind(&contacts.survey).bind(&contacts.wave).bind(&contacts.device[..]);
                bound.bind(contacts.number).bind(counts).execute(connection).await?;
                Ok(())
            }

            /// Deletes the responses of a batch; returns how many they were.
            pub async fn delete_batch_responses(connection: &mut $connection, survey: &str, wave: &str, number: i64) -> Result<u64, StoreError> {
                let serials = query("DELETE FROM puzhi_serials WHERE survey = $1 AND wave = $2 AND batch = $3");
                serials.bind(survey).bind(wave).bind(number).execute(&mut *connection).await?;
                let query = query("DELETE FROM puzhi_responses WHERE survey = $1 AND wave = $2 AND batch = $3");
                Ok(query.bind(survey).bind(wave).bind(number).execute(connection).await?.rows_affected())
            }

            /// Deletes all responses, codes and contacts of a survey, held ones too; returns how many responses there were.
            pub async fn delete_survey(connection: &mut $connection, survey: &str) -> Result<u64, StoreError> {
                query("DELETE FROM puzhi_codes WHERE survey = $1").bind(survey).execute(&mut *connection).await?;
                query("DELETE FROM puzhi_serials WHERE survey = $1").bind(survey).execute(&mut *connection).await?;
                query("DELETE FROM puzhi_held_codes WHERE survey = $1").bind(survey).execute(&mut *connection).await?;
                query("DELETE FROM puzhi_contacts WHERE survey = $1").bind(survey).execute(&mut *connection).await?;
                let held = query("DELETE FROM puzhi_held_responses WHERE survey = $1").bind(survey).execute(&mut *connection).await?;
                let query = query("DELETE FROM puzhi_responses WHERE survey = $1");
                Ok(held.rows_affected() + query.bind(survey).execute(connection).await?.rows_affected())
            }

            /// Deletes and returns a batch of the records of hours before `hour` whose insertion order is not erased.
            pub async fn take_past_hours(connection: &mut $connection, hour: i64) -> Result<Vec<ResponseRecord>, StoreError> {
                let query = query(
                    "DELETE FROM puzhi_responses WHERE fresh > 0 AND hour < $1 AND id IN
                        (SELECT id FROM puzhi_responses WHERE fresh > 0 AND hour < $1 ORDER BY id LIMIT $2)
                     RETURNING id, survey, wave, mode, hour, wording, answers, sample, batch",
                );
                query.bind(hour).bind(BATCH_ROWS as i64).fetch_all(connection).await?.into_iter().map(record).collect()
            }

            /// Deletes and returns a batch of the records that came with a code in or after `hour`, beyond the row key `after`.
            pub async fn take_submitted_with_code(connection: &mut $connection, hour: i64, after: &[u8]) -> Result<Vec<ResponseRecord>, StoreError> {
                let query = query(
                    "DELETE FROM puzhi_responses WHERE fresh = 2 AND hour >= $1 AND id IN
                        (SELECT id FROM puzhi_responses WHERE fresh = 2 AND hour >= $1 AND id > $2 ORDER BY id LIMIT $3)
                     RETURNING id, survey, wave, mode, hour, wording, answers, sample, batch",
                );
                query.bind(hour).bind(after).bind(BATCH_ROWS as i64).fetch_all(connection).await?.into_iter().map(record).collect()
            }

            /// Whether a code was used since the insertion order was last erased.
            pub async fn has_newly_used_codes(connection: &mut $connection) -> Result<bool, StoreError> {
                Ok(query("SELECT 1 FROM puzhi_codes WHERE state = 1 LIMIT 1").fetch_optional(connection).await?.is_some())
            }

            /// Deletes and returns a batch of the used codes with hashes beyond `after`.
            pub async fn take_used_codes(connection: &mut $connection, after: &[u8]) -> Result<Vec<CodeRow>, StoreError> {
                let query = query(
                    "DELETE FROM puzhi_codes WHERE state > 0 AND hash IN
                        (SELECT hash FROM puzhi_codes WHERE state > 0 AND hash > $1 ORDER BY hash LIMIT $2)
                     RETURNING hash, survey, wave",
                );
                let rows = query.bind(after).bind(BATCH_ROWS as i64).fetch_all(connection).await?;
                rows.iter().map(|row| code_row(row, CodeState::Used)).collect()
            }
        }
    };
}

define_engine!(sqlite, sqlx::Sqlite, sqlx::SqliteConnection, sqlx::sqlite::SqliteRow, schema::SQLITE);
define_engine!(postgres, sqlx::Postgres, sqlx::PgConnection, sqlx::postgres::PgRow, schema::POSTGRES);
