//! The store on a real file, and on a real PostgreSQL where `PUZHI_TEST_POSTGRES` says where one is.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Row};

use super::*;
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::{CollectionMode, SamplingMethod};

pub(super) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    pub(super) fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// SQLite, and an empty PostgreSQL if there is one.
    pub(super) async fn databases(&self) -> Vec<DatabaseAddress> {
        let mut all = vec![DatabaseAddress::Sqlite(self.file("answers.db"))];
        if let Ok(address) = std::env::var("PUZHI_TEST_POSTGRES") {
            let name = format!("store_{:016x}", u64::from_ne_bytes(random()));
            let admin = PgPool::connect(&address).await.unwrap();
            sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
            let options = PgConnectOptions::from_str(&address).unwrap().database(&name);
            all.push(DatabaseAddress::Postgres(Box::new(options)));
        }
        all
    }
}

pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

pub(super) fn record(wave: &str, hour: i64) -> ResponseRecord {
    ResponseRecord {
        id: random(),
        survey: "awareness".into(),
        wave: wave.into(),
        mode: "web".into(),
        hour,
        wording: [7; 16],
        answers: r#"{"heard":"know"}"#.into(),
        sample: r#"{"unit":"3f","weight":2500}"#.into(),
        batch: 0,
    }
}

pub(super) async fn all(store: &Store) -> Vec<ResponseRecord> {
    let mut records: Vec<ResponseRecord> = Vec::new();
    loop {
        let page = store.records_after("awareness", records.last().map(|s| s.id)).await.unwrap();
        if page.is_empty() {
            return records;
        }
        records.extend(page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_is_stored_once_however_often_it_is_sent() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let queue = std::sync::Arc::new(SubmissionQueue::start(&store));
        let records: Vec<ResponseRecord> = (0..1200).map(|_| record("open", 100)).collect();
        let mut tasks = Vec::new();
        for record in records.iter().chain(&records[..300]).cloned() {
            let queue = queue.clone();
            tasks.push(tokio::spawn(async move { queue.submit(record, None).await.unwrap() }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), SubmitOutcome::Stored);
        }
        let mut wanted = records.clone();
        wanted.sort_by_key(|s| s.id);
        assert_eq!(all(&store).await, wanted, "{db:?}");
        let counts = store.count_by_hour("awareness").await.unwrap();
        assert_eq!(counts, [RecordCount { wave: "open".into(), mode: CollectionMode::Web, hour: 100, records: 1200 }]);
        assert!(store.count_by_hour("other").await.unwrap().is_empty());
        queue.finish().await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_admits_one_response_of_its_wave() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let queue = SubmissionQueue::start(&store);
        let [good, other, unknown] = [CodeHash(random()), CodeHash(random()), CodeHash(random())];
        assert_eq!(store.add_codes("awareness", "w1", &[good]).await.unwrap(), 1);
        assert_eq!(store.add_codes("awareness", "w1", &[good]).await.unwrap(), 0);
        assert_eq!(store.add_codes("awareness", "w2", &[other]).await.unwrap(), 1);
        assert_eq!(store.find_code(&unknown).await.unwrap(), None);
        let known = StoredCode { survey: "awareness".into(), wave: "w1".into(), used: false };
        assert_eq!(store.find_code(&good).await.unwrap(), Some(known.clone()));

        let first = record("w1", 100);
        assert_eq!(queue.submit(record("w1", 100), Some(unknown)).await.unwrap(), SubmitOutcome::CodeRejected);
        assert_eq!(queue.submit(record("w1", 100), Some(other)).await.unwrap(), SubmitOutcome::CodeRejected);
        assert_eq!(queue.submit(first.clone(), Some(good)).await.unwrap(), SubmitOutcome::Stored);
        assert_eq!(queue.submit(first.clone(), Some(good)).await.unwrap(), SubmitOutcome::Stored);
        assert_eq!(queue.submit(record("w1", 100), Some(good)).await.unwrap(), SubmitOutcome::CodeRejected);
        // The same key with another code stores nothing and spends nothing.
        assert_eq!(
            queue.submit(ResponseRecord { wave: "w2".into(), ..first.clone() }, Some(other)).await.unwrap(),
            SubmitOutcome::Stored
        );
        assert_eq!(store.find_code(&good).await.unwrap(), Some(StoredCode { used: true, ..known }));
        assert!(!store.find_code(&other).await.unwrap().unwrap().used);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), CodeCount { all: 1, used: 1 });
        assert_eq!(all(&store).await, [first]);
        queue.finish().await;
        store.close().await;
    }
}

/// The mark of its last transaction and its place, where the engine keeps such, in the order of the rows on disk.
async fn physical_order(store: &Store, table: &str, key: &str) -> Vec<(String, Vec<u8>)> {
    match &store.pool {
        DbPool::Sqlite(_) => Vec::new(),
        DbPool::Postgres(pool) => {
            let query = format!("SELECT xmin::text, {key} FROM {table} ORDER BY ctid");
            let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_insertion_order_unlinks_codes_from_responses() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let queue = SubmissionQueue::start(&store);
        let codes: Vec<CodeHash> = (0..700).map(|_| CodeHash(random())).collect();
        store.add_codes("awareness", "w1", &codes).await.unwrap();
        for (i, code) in codes[..600].iter().enumerate() {
            queue.submit(record("w1", if i < 50 { 99 } else { 100 }), Some(*code)).await.unwrap();
        }
        let open = record("open", 100);
        queue.submit(open.clone(), None).await.unwrap();
        let before = all(&store).await;
        assert_eq!(store.settle_wave("awareness", "w1").await.unwrap(), held::GROUP, "the last group waits");
        // 50 of the past hour for good, 550 of this hour together; the open one when its hour is over.
        assert_eq!(
            store.erase_insertion_order(100).await.unwrap(),
            ErasedOrder { records: 600, codes: 600, more: false }
        );
        assert_eq!(store.erase_insertion_order(100).await.unwrap(), ErasedOrder::default());
        assert_eq!(all(&store).await, before);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), CodeCount { all: 700, used: 600 });

        let records = physical_order(&store, "puzhi_responses WHERE wave = 'w1'", "id").await;
        let used = physical_order(&store, "puzhi_codes WHERE state > 0", "hash").await;
        let transactions =
            |rows: &[(String, Vec<u8>)]| rows.iter().map(|(xmin, _)| xmin.clone()).collect::<BTreeSet<_>>();
        assert!(transactions(&records).is_disjoint(&transactions(&used)));
        // A past hour, this hour in two chunks; codes in two chunks.
        assert!(transactions(&records).len() <= 3 && transactions(&used).len() <= 2);
        for rows in [records, used] {
            for transaction in transactions(&rows) {
                let keys: Vec<_> = rows.iter().filter(|(xmin, _)| *xmin == transaction).map(|(_, key)| key).collect();
                assert!(keys.is_sorted());
            }
        }
        assert_eq!(store.erase_insertion_order(101).await.unwrap().records, 551);
        assert_eq!(store.erase_insertion_order(102).await.unwrap(), ErasedOrder::default());
        assert_eq!(all(&store).await, before);
        queue.finish().await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_rows_lie_in_key_order_inside_the_file() {
    let scratch = Scratch::new();
    let path = scratch.file("answers.db");
    let store = Store::open(&DatabaseAddress::Sqlite(path.clone()), IfMissing::Create).await.unwrap();
    let queue = SubmissionQueue::start(&store);
    let codes: Vec<CodeHash> = (0..12).map(|_| CodeHash(random())).collect();
    store.add_codes("awareness", "w1", &codes).await.unwrap();
    for code in &codes {
        queue.submit(record("w1", 100), Some(*code)).await.unwrap();
    }
    store.settle_wave("awareness", "w1").await.unwrap();
    store.erase_insertion_order(100).await.unwrap();
    let ids: Vec<[u8; 16]> = all(&store).await.iter().map(|s| s.id).collect();
    queue.finish().await;
    store.close().await;
    let bytes = std::fs::read(&path).unwrap();
    assert!(std::fs::metadata(scratch.file("answers.db-wal")).map_or(0, |m| m.len()) == 0);
    let places =
        |key: &[u8]| bytes.windows(16).enumerate().filter(|(_, w)| *w == key).map(|(i, _)| i).collect::<Vec<_>>();
    // Each is once in the table and once in the partial index; no copy of its earlier place is left.
    let of_table = |keys: Vec<[u8; 16]>, copies: usize| -> Vec<usize> {
        keys.iter()
            .map(|key| {
                let found = places(key);
                assert_eq!(found.len(), copies);
                found[0]
            })
            .collect()
    };
    let mut hashes: Vec<[u8; 16]> = codes.iter().map(|c| c.0).collect();
    hashes.sort();
    for mut order in [of_table(ids, 2), of_table(hashes, 2)] {
        // SQLite fills a page from its end.
        order.reverse();
        assert!(order.is_sorted(), "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_and_backups_hold_everything() {
    let scratch = Scratch::new();
    for (i, db) in scratch.databases().await.iter().enumerate() {
        let store = Store::open(db, IfMissing::Create).await.unwrap();
        let records: Vec<ResponseRecord> = (0..1100).map(|_| record("w1", 100)).collect();
        assert_eq!(store.insert_all(&records).await.unwrap(), 1100);
        assert_eq!(store.insert_all(&records).await.unwrap(), 0);
        let codes: Vec<CodeHash> = (0..600).map(|_| CodeHash(random())).collect();
        store.add_codes("awareness", "w1", &codes).await.unwrap();
        let queue = SubmissionQueue::start(&store);
        queue.submit(record("w1", 100), Some(codes[0])).await.unwrap();
        store.settle_wave("awareness", "w1").await.unwrap();
        let target = scratch.file(&format!("copy-{i}.db"));
        store.backup(&target).await.unwrap();
        assert!(matches!(store.backup(&target).await, Err(StoreError::TargetExists)));
        let names: Vec<_> = std::fs::read_dir(scratch.folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(!names.iter().any(|n| n.contains(".part")), "{names:?}");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&target.metadata().unwrap().permissions()) & 0o777, 0o600);
        let copy = Store::open(&DatabaseAddress::Sqlite(target), IfMissing::Fail).await.unwrap();
        assert_eq!(all(&copy).await, all(&store).await);
        assert_eq!(copy.count_codes("awareness", "w1").await.unwrap(), CodeCount { all: 600, used: 1 });
        queue.finish().await;
        copy.close().await;
        store.close().await;
    }
}

/// Rows as each version wrote them. A new step makes this list too short until it says what the version before held.
const ROWS_BY_VERSION: &[&[&str]] = &[
    // Version 0 is an empty database.
    &[],
    &[
        "INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, fresh) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', 1)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 1)",
    ],
    &[
        "INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, sample, fresh) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', '', 1)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 1)",
        "INSERT INTO puzhi_waves (survey, wave, method, label_key) VALUES ('awareness', 'w1', 'first', {one})",
    ],
    &[
        "INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, sample, batch, fresh) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', '', 0, 1)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 1)",
        "INSERT INTO puzhi_waves (survey, wave, method, label_key) VALUES ('awareness', 'w1', 'first', {one})",
    ],
    &[
        "INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, sample, batch, fresh) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', '', 0, 1)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 1)",
        "INSERT INTO puzhi_waves (survey, wave, method, label_key) VALUES ('awareness', 'w1', 'first', {one})",
    ],
    // Held: an answer and its code.
    &[
        "INSERT INTO puzhi_held_responses (id, survey, wave, mode, hour, wording, answers, sample, batch, complete) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', '', 0, 0)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 0)",
        "INSERT INTO puzhi_held_codes (hash, survey, wave, complete) VALUES ({one}, 'awareness', 'w1', 0)",
        "INSERT INTO puzhi_waves (survey, wave, method, label_key) VALUES ('awareness', 'w1', 'first', {one})",
    ],
];

#[tokio::test(flavor = "multi_thread")]
async fn every_earlier_schema_version_is_migrated() {
    assert_eq!(ROWS_BY_VERSION.len(), schema::MIGRATIONS.len() + 1, "say what a database of the new version holds");
    for (version, rows) in ROWS_BY_VERSION.iter().enumerate() {
        let scratch = Scratch::new();
        for db in scratch.databases().await {
            let store = Store::open_at(&db, IfMissing::Create, version).await.unwrap();
            for row in *rows {
                let (sqlite, postgres) = (
                    row.replace("{one}", "zeroblob(16)"),
                    row.replace("{one}", r"'\x00000000000000000000000000000000'::bytea"),
                );
                match &store.pool {
                    DbPool::Sqlite(pool) => drop(sqlx::query(AssertSqlSafe(sqlite)).execute(pool).await.unwrap()),
                    DbPool::Postgres(pool) => drop(sqlx::query(AssertSqlSafe(postgres)).execute(pool).await.unwrap()),
                }
            }
            store.close().await;
            let store = Store::open(&db, IfMissing::Fail).await.unwrap();
            let records = all(&store).await;
            assert_eq!(records.len(), rows.len().min(1), "version {version}");
            // Answers of every earlier version have no batch; what version 2 fixed of a wave stays.
            let (batches, unrecorded) = store.batches("awareness").await.unwrap();
            assert_eq!((batches.len(), unrecorded.values().sum::<u64>()), (0, rows.len().min(1) as u64));
            let methods: Vec<String> =
                store.fixed_waves("awareness").await.unwrap().into_iter().map(|wave| wave.method).collect();
            assert_eq!(methods, if rows.len() > 2 { vec!["first".to_string()] } else { Vec::new() });
            store.insert_all(&[record("w1", 100)]).await.unwrap();
            assert_eq!(
                store.count_codes("awareness", "w1").await.unwrap(),
                if rows.is_empty() { CodeCount { all: 0, used: 0 } } else { CodeCount { all: 1, used: 1 } }
            );
            assert!(store.is_alive().await);
            store.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fixed_of_a_wave_stays_and_its_key_can_be_destroyed() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let fixed = |method: &str, key: u8| FixedWave {
            survey: "awareness".into(),
            wave: "w1".into(),
            method: method.into(),
            label_key: vec![key; 16],
        };
        store.fix_wave(&fixed("first", 1)).await.unwrap();
        store.fix_wave(&fixed("second", 2)).await.unwrap();
        assert_eq!(store.fixed_waves("awareness").await.unwrap(), [fixed("first", 1)]);
        assert_eq!(store.fixed_waves("other").await.unwrap(), []);
        assert!(store.destroy_label_key("awareness", "w1").await.unwrap());
        assert!(!store.destroy_label_key("awareness", "w1").await.unwrap(), "it is gone already");
        let left = store.fixed_waves("awareness").await.unwrap();
        assert_eq!((left[0].method.as_str(), left[0].label_key.len()), ("first", 0));
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_and_an_absent_file_are_refused() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        if matches!(db, DatabaseAddress::Sqlite(_)) {
            assert!(matches!(Store::open(&db, IfMissing::Fail).await, Err(StoreError::Missing)));
        }
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let later = "UPDATE puzhi_schema SET version = 99";
        match &store.pool {
            DbPool::Sqlite(pool) => drop(sqlx::query(later).execute(pool).await.unwrap()),
            DbPool::Postgres(pool) => drop(sqlx::query(later).execute(pool).await.unwrap()),
        }
        store.close().await;
        assert!(matches!(Store::open(&db, IfMissing::Create).await, Err(StoreError::NewerVersion(99))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_migrate_once() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let opened = [db.clone(), db.clone(), db.clone(), db]
            .map(|db| tokio::spawn(async move { Store::open(&db, IfMissing::Create).await }));
        for store in opened {
            store.await.unwrap().unwrap().close().await;
        }
    }
}

fn facts(wave: &str, sample: SamplingMethod, source: BatchSource) -> BatchFacts {
    BatchFacts {
        survey: "awareness".into(),
        wave: wave.into(),
        source,
        sample: Some(sample),
        mode: CollectionMode::Web,
        frame: Some("户籍名册".into()),
        wording: ContentHash::from_bytes([7; 16]),
        definition: ContentHash::of(b"definition"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_fixes_sample_type_and_frame() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let voluntary = facts("w1", SamplingMethod::Voluntary, BatchSource::Collector);
        assert!(store.check_wave(&facts("w1", SamplingMethod::Probability, BatchSource::Collector)).await.is_ok());
        assert_eq!(store.open_batch(&voluntary, 100).await.unwrap(), 1);
        assert_eq!(store.open_batch(&voluntary, 101).await.unwrap(), 1, "one batch for the same facts");
        let reworded = BatchFacts { wording: ContentHash::from_bytes([8; 16]), ..voluntary.clone() };
        assert_eq!(store.open_batch(&reworded, 101).await.unwrap(), 2, "another questionnaire is another batch");
        assert_eq!(
            store.open_batch(&facts("w2", SamplingMethod::Quota, BatchSource::Collector), 101).await.unwrap(),
            3
        );

        let field = |result: Result<(), StoreError>| match result {
            Err(StoreError::Relabelled(found)) => found.field,
            other => panic!("{other:?}"),
        };
        let drawn = facts("w1", SamplingMethod::Probability, BatchSource::Collector);
        assert_eq!(field(store.open_batch(&drawn, 102).await.map(drop)), "sample");
        assert_eq!(field(store.check_wave(&drawn).await), "sample");
        let import = BatchFacts { source: BatchSource::Import, ..drawn.clone() };
        assert_eq!(field(store.import_batch(&import, 102, vec![record("w1", 102)], &[]).await.map(drop)), "sample");
        let frame = BatchFacts { frame: Some("电话号码".into()), ..voluntary.clone() };
        assert_eq!(field(store.check_wave(&frame).await), "frame");
        assert_eq!(all(&store).await, [], "nothing is stored under another sample type");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_recorded_field_in_the_store_is_named() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        let voluntary = facts("w1", SamplingMethod::Voluntary, BatchSource::Import);
        store.import_batch(&voluntary, 100, vec![record("w1", 100)], &[]).await.unwrap();
        for (column, value, field) in
            [("sample", "probability", "sample"), ("frame", "x", "frame"), ("mode", "face", "mode")]
        {
            let before = match &store.pool {
                DbPool::Sqlite(pool) => {
                    let row = sqlx::query(AssertSqlSafe(format!("SELECT {column} FROM puzhi_batches")));
                    row.fetch_one(pool).await.unwrap().get::<String, _>(0)
                }
                DbPool::Postgres(pool) => {
                    let row = sqlx::query(AssertSqlSafe(format!("SELECT {column} FROM puzhi_batches")));
                    row.fetch_one(pool).await.unwrap().get::<String, _>(0)
                }
            };
            let set = |value: &str| AssertSqlSafe(format!("UPDATE puzhi_batches SET {column} = '{value}'"));
            for (value, wanted) in [(value, Some(field)), (before.as_str(), None)] {
                match &store.pool {
                    DbPool::Sqlite(pool) => drop(sqlx::query(set(value)).execute(pool).await.unwrap()),
                    DbPool::Postgres(pool) => drop(sqlx::query(set(value)).execute(pool).await.unwrap()),
                }
                let found = match store.batches("awareness").await {
                    Err(StoreError::Relabelled(found)) => Some(found.field),
                    Ok(_) => None,
                    other => panic!("{other:?}"),
                };
                assert_eq!(found, wanted, "{column}");
            }
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_counted_removed_and_purged_with_a_record() {
    let scratch = Scratch::new();
    for (i, db) in scratch.databases().await.iter().enumerate() {
        let store = Store::open(db, IfMissing::Create).await.unwrap();
        store.insert_all(&[record("old", 90), record("old", 91)]).await.unwrap();
        let import = facts("w1", SamplingMethod::Probability, BatchSource::Import);
        let rows: Vec<ResponseRecord> = (0..7).map(|_| record("w1", 100)).collect();
        assert_eq!(store.import_batch(&import, 100, rows.clone(), &[[1; 16], [2; 16]]).await.unwrap(), 7);
        assert_eq!(
            store.import_batch(&import, 100, rows, &[[3; 16]]).await.unwrap(),
            0,
            "a file with nothing new is no batch"
        );
        let web = store.open_batch(&facts("w2", SamplingMethod::Voluntary, BatchSource::Collector), 101).await.unwrap();
        let queue = SubmissionQueue::start(&store);
        queue.submit(ResponseRecord { batch: web, ..record("w2", 101) }, None).await.unwrap();

        assert_eq!(store.serials("awareness", "w1").await.unwrap().len(), 2);
        assert!(store.serials("awareness", "w2").await.unwrap().is_empty());
        let (before, unrecorded) = store.batches("awareness").await.unwrap();
        let list = |batches: &[BatchRecord]| batches.iter().map(|b| (b.number, b.records, b.state)).collect::<Vec<_>>();
        assert_eq!(list(&before), [(1, 7, BatchState::Kept), (2, 1, BatchState::Kept)], "{db:?}");
        assert_eq!(unrecorded.into_iter().collect::<Vec<_>>(), [("old".to_string(), 2)]);
        // The digest changes with the answers and does not depend on where rows lie.
        store.erase_insertion_order(200).await.unwrap();
        let digests = |batches: &[BatchRecord]| batches.iter().map(|b| b.digest).collect::<Vec<_>>();
        assert_eq!(digests(&store.batches("awareness").await.unwrap().0), digests(&before));
        queue.submit(ResponseRecord { batch: web, ..record("w2", 101) }, None).await.unwrap();
        let grown = store.batches("awareness").await.unwrap().0;
        assert!(grown[0].digest == before[0].digest && grown[1].digest != before[1].digest);

        // A backup has the batches too.
        let copy = scratch.file(&format!("batches-{i}.db"));
        store.backup(&copy).await.unwrap();
        let copied = Store::open(&DatabaseAddress::Sqlite(copy), IfMissing::Fail).await.unwrap();
        assert_eq!(copied.batches("awareness").await.unwrap().0, grown);
        assert_eq!(copied.serials("awareness", "w1").await.unwrap().len(), 2);
        copied.close().await;

        assert!(matches!(store.remove_batch("awareness", web, 105, "x").await, Err(StoreError::NoBatch(2))));
        assert_eq!(store.remove_batch("awareness", 1, 105, "录错了").await.unwrap(), 7);
        assert!(matches!(store.remove_batch("awareness", 1, 105, "x").await, Err(StoreError::NoBatch(1))));
        assert!(store.serials("awareness", "w1").await.unwrap().is_empty(), "the mended file may come again");
        let (after, _) = store.batches("awareness").await.unwrap();
        assert_eq!(
            (after[0].state, after[0].ended, after[0].note.as_str()),
            (BatchState::Removed, Some(Ended { hour: 105, records: 7 }), "录错了")
        );
        assert_eq!(after[0].digest, before[0].digest);
        // The sample type of a wave stays fixed after its answers are gone.
        let other = facts("w1", SamplingMethod::Quota, BatchSource::Import);
        assert!(matches!(store.check_wave(&other).await, Err(StoreError::Relabelled(_))));

        store.add_codes("awareness", "w1", &[CodeHash(random())]).await.unwrap();
        assert_eq!(store.purge("awareness", 110).await.unwrap(), 4);
        assert_eq!(all(&store).await, []);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap().all, 0);
        let (purged, unrecorded) = store.batches("awareness").await.unwrap();
        let ended: Vec<_> = purged.iter().map(|b| (b.facts.wave.as_str(), b.state, b.ended.unwrap().records)).collect();
        assert_eq!(
            ended,
            [("old", BatchState::Purged, 2), ("w1", BatchState::Removed, 7), ("w2", BatchState::Purged, 2)]
        );
        assert!(unrecorded.is_empty() && purged[0].facts.sample.is_none());
        queue.finish().await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_an_earlier_version_are_adopted_once_with_a_reason() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, IfMissing::Create).await.unwrap();
        store.insert_all(&[record("w1", 90)]).await.unwrap();
        let drawn = facts("w1", SamplingMethod::Probability, BatchSource::Adopted);
        store.adopt(&drawn, 100, "抽样记录第3页").await.unwrap();
        store.adopt(&drawn, 101, "另一个理由").await.unwrap();
        let (batches, unrecorded) = store.batches("awareness").await.unwrap();
        assert_eq!((batches.len(), batches[0].records, batches[0].note.as_str()), (1, 1, "抽样记录第3页"));
        assert!(unrecorded.is_empty());
        let other = facts("w1", SamplingMethod::Quota, BatchSource::Adopted);
        assert!(matches!(store.adopt(&other, 102, "x").await, Err(StoreError::Relabelled(_))));
        store.close().await;
    }
}
