//! The store on a real file, and on a real PostgreSQL where `PUZHI_TEST_POSTGRES` says where one is.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row};

use super::*;

struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// SQLite, and an empty PostgreSQL if there is one.
    async fn databases(&self) -> Vec<Db> {
        let mut all = vec![Db::Sqlite(self.file("answers.db"))];
        if let Ok(address) = std::env::var("PUZHI_TEST_POSTGRES") {
            let name = format!("store_{:016x}", u64::from_ne_bytes(random()));
            let admin = PgPool::connect(&address).await.unwrap();
            sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
            let options = PgConnectOptions::from_str(&address).unwrap().database(&name);
            all.push(Db::Postgres(Box::new(options)));
        }
        all
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn sheet(wave: &str, hour: i64) -> Sheet {
    Sheet {
        id: random(),
        survey: "awareness".into(),
        wave: wave.into(),
        mode: "web".into(),
        hour,
        wording: [7; 16],
        answers: r#"{"heard":"know"}"#.into(),
    }
}

async fn all(store: &Store) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    loop {
        let page = store.page("awareness", sheets.last().map(|s| s.id)).await.unwrap();
        if page.is_empty() {
            return sheets;
        }
        sheets.extend(page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_stored_once_whatever_comes_again() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, Absent::Create).await.unwrap();
        let queue = std::sync::Arc::new(Queue::start(&store));
        let sheets: Vec<Sheet> = (0..1200).map(|_| sheet("open", 100)).collect();
        let mut tasks = Vec::new();
        for sheet in sheets.iter().chain(&sheets[..300]).cloned() {
            let queue = queue.clone();
            tasks.push(tokio::spawn(async move { queue.submit(sheet, None).await.unwrap() }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), Submitted::Stored);
        }
        let mut wanted = sheets.clone();
        wanted.sort_by_key(|s| s.id);
        assert_eq!(all(&store).await, wanted, "{db:?}");
        let counts = store.counts("awareness").await.unwrap();
        assert_eq!(counts, [Count { wave: "open".into(), mode: "web".into(), hour: 100, sheets: 1200 }]);
        assert!(store.counts("other").await.unwrap().is_empty());
        queue.finish().await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_serves_one_sheet_of_its_wave() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, Absent::Create).await.unwrap();
        let queue = Queue::start(&store);
        let [good, other, unknown] = [CodeHash(random()), CodeHash(random()), CodeHash(random())];
        assert_eq!(store.add_codes("awareness", "w1", &[good]).await.unwrap(), 1);
        assert_eq!(store.add_codes("awareness", "w1", &[good]).await.unwrap(), 0);
        assert_eq!(store.add_codes("awareness", "w2", &[other]).await.unwrap(), 1);
        assert_eq!(store.code(&unknown).await.unwrap(), None);
        let known = KnownCode { survey: "awareness".into(), wave: "w1".into(), used: false };
        assert_eq!(store.code(&good).await.unwrap(), Some(known.clone()));

        let first = sheet("w1", 100);
        assert_eq!(queue.submit(sheet("w1", 100), Some(unknown)).await.unwrap(), Submitted::CodeRefused);
        assert_eq!(queue.submit(sheet("w1", 100), Some(other)).await.unwrap(), Submitted::CodeRefused);
        assert_eq!(queue.submit(first.clone(), Some(good)).await.unwrap(), Submitted::Stored);
        assert_eq!(queue.submit(first.clone(), Some(good)).await.unwrap(), Submitted::Stored);
        assert_eq!(queue.submit(sheet("w1", 100), Some(good)).await.unwrap(), Submitted::CodeRefused);
        // The same key with another code stores nothing and spends nothing.
        assert_eq!(
            queue.submit(Sheet { wave: "w2".into(), ..first.clone() }, Some(other)).await.unwrap(),
            Submitted::Stored
        );
        assert_eq!(store.code(&good).await.unwrap(), Some(KnownCode { used: true, ..known }));
        assert!(!store.code(&other).await.unwrap().unwrap().used);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), (1, 1));
        assert_eq!(all(&store).await, [first]);
        queue.finish().await;
        store.close().await;
    }
}

/// The mark of its last transaction and its place, where the engine keeps such, in the order of the rows on disk.
async fn traces(store: &Store, table: &str, key: &str) -> Vec<(String, Vec<u8>)> {
    match &store.pool {
        Pool::Sqlite(_) => Vec::new(),
        Pool::Postgres(pool) => {
            let query = format!("SELECT xmin::text, {key} FROM {table} ORDER BY ctid");
            let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settling_leaves_no_trace_of_which_code_brought_which_sheet() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let store = Store::open(&db, Absent::Create).await.unwrap();
        let queue = Queue::start(&store);
        let codes: Vec<CodeHash> = (0..700).map(|_| CodeHash(random())).collect();
        store.add_codes("awareness", "w1", &codes).await.unwrap();
        for (i, code) in codes[..600].iter().enumerate() {
            queue.submit(sheet("w1", if i < 50 { 99 } else { 100 }), Some(*code)).await.unwrap();
        }
        let open = sheet("open", 100);
        queue.submit(open.clone(), None).await.unwrap();
        let before = all(&store).await;
        // 50 of the past hour for good, 550 of this hour together; the open one when its hour is over.
        assert_eq!(store.settle(100).await.unwrap(), Settled { sheets: 600, codes: 600, more: false });
        assert_eq!(store.settle(100).await.unwrap(), Settled::default());
        assert_eq!(all(&store).await, before);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), (700, 600));

        let sheets = traces(&store, "puzhi_responses WHERE wave = 'w1'", "id").await;
        let used = traces(&store, "puzhi_codes WHERE state > 0", "hash").await;
        let transactions =
            |rows: &[(String, Vec<u8>)]| rows.iter().map(|(xmin, _)| xmin.clone()).collect::<BTreeSet<_>>();
        assert!(transactions(&sheets).is_disjoint(&transactions(&used)));
        // A past hour, this hour in two chunks; codes in two chunks.
        assert!(transactions(&sheets).len() <= 3 && transactions(&used).len() <= 2);
        for rows in [sheets, used] {
            for transaction in transactions(&rows) {
                let keys: Vec<_> = rows.iter().filter(|(xmin, _)| *xmin == transaction).map(|(_, key)| key).collect();
                assert!(keys.is_sorted());
            }
        }
        assert_eq!(store.settle(101).await.unwrap().sheets, 551);
        assert_eq!(store.settle(102).await.unwrap(), Settled::default());
        assert_eq!(all(&store).await, before);
        queue.finish().await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_rows_stand_in_the_order_of_their_keys_inside_the_file() {
    let scratch = Scratch::new();
    let path = scratch.file("answers.db");
    let store = Store::open(&Db::Sqlite(path.clone()), Absent::Create).await.unwrap();
    let queue = Queue::start(&store);
    let codes: Vec<CodeHash> = (0..12).map(|_| CodeHash(random())).collect();
    store.add_codes("awareness", "w1", &codes).await.unwrap();
    for code in &codes {
        queue.submit(sheet("w1", 100), Some(*code)).await.unwrap();
    }
    store.settle(100).await.unwrap();
    let ids: Vec<[u8; 16]> = all(&store).await.iter().map(|s| s.id).collect();
    queue.finish().await;
    store.close().await;
    let bytes = std::fs::read(&path).unwrap();
    assert!(std::fs::metadata(scratch.file("answers.db-wal")).map_or(0, |m| m.len()) == 0);
    let places =
        |key: &[u8]| bytes.windows(16).enumerate().filter(|(_, w)| *w == key).map(|(i, _)| i).collect::<Vec<_>>();
    // Each once in the table and once in the index of those that are not settled for good, no copy left from before.
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
        let store = Store::open(db, Absent::Create).await.unwrap();
        let sheets: Vec<Sheet> = (0..1100).map(|_| sheet("w1", 100)).collect();
        assert_eq!(store.import(&sheets).await.unwrap(), 1100);
        assert_eq!(store.import(&sheets).await.unwrap(), 0);
        let codes: Vec<CodeHash> = (0..600).map(|_| CodeHash(random())).collect();
        store.add_codes("awareness", "w1", &codes).await.unwrap();
        let queue = Queue::start(&store);
        queue.submit(sheet("w1", 100), Some(codes[0])).await.unwrap();
        let target = scratch.file(&format!("copy-{i}.db"));
        store.backup(&target).await.unwrap();
        assert!(matches!(store.backup(&target).await, Err(StoreError::Exists)));
        let names: Vec<_> = std::fs::read_dir(scratch.folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(!names.iter().any(|n| n.contains(".part")), "{names:?}");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&target.metadata().unwrap().permissions()) & 0o777, 0o600);
        let copy = Store::open(&Db::Sqlite(target), Absent::Refuse).await.unwrap();
        assert_eq!(all(&copy).await, all(&store).await);
        assert_eq!(copy.count_codes("awareness", "w1").await.unwrap(), (600, 1));
        queue.finish().await;
        copy.close().await;
        store.close().await;
    }
}

/// Rows as each version wrote them. A new step makes this list too short until it says what the version before held.
const AS_OF: &[&[&str]] = &[
    // Version 0 is an empty database.
    &[],
    &[
        "INSERT INTO puzhi_responses (id, survey, wave, mode, hour, wording, answers, fresh) VALUES ({one}, 'awareness', 'w1', 'web', 100, {one}, '{}', 1)",
        "INSERT INTO puzhi_codes (hash, survey, wave, state) VALUES ({one}, 'awareness', 'w1', 1)",
    ],
];

#[tokio::test(flavor = "multi_thread")]
async fn every_earlier_version_becomes_the_present_one() {
    assert_eq!(AS_OF.len(), schema::STEPS.len() + 1, "say what a database of the new version holds");
    for (version, rows) in AS_OF.iter().enumerate() {
        let scratch = Scratch::new();
        for db in scratch.databases().await {
            let store = Store::open_at(&db, Absent::Create, version).await.unwrap();
            for row in *rows {
                let (sqlite, postgres) = (
                    row.replace("{one}", "zeroblob(16)"),
                    row.replace("{one}", r"'\x00000000000000000000000000000000'::bytea"),
                );
                match &store.pool {
                    Pool::Sqlite(pool) => drop(sqlx::query(AssertSqlSafe(sqlite)).execute(pool).await.unwrap()),
                    Pool::Postgres(pool) => drop(sqlx::query(AssertSqlSafe(postgres)).execute(pool).await.unwrap()),
                }
            }
            store.close().await;
            let store = Store::open(&db, Absent::Refuse).await.unwrap();
            let sheets = all(&store).await;
            assert_eq!(sheets.len(), rows.len().min(1), "version {version}");
            store.import(&[sheet("w1", 100)]).await.unwrap();
            assert_eq!(
                store.count_codes("awareness", "w1").await.unwrap(),
                if rows.is_empty() { (0, 0) } else { (1, 1) }
            );
            assert!(store.is_alive().await);
            store.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_and_an_absent_file_are_refused() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        if matches!(db, Db::Sqlite(_)) {
            assert!(matches!(Store::open(&db, Absent::Refuse).await, Err(StoreError::Missing)));
        }
        let store = Store::open(&db, Absent::Create).await.unwrap();
        let later = "UPDATE puzhi_schema SET version = 99";
        match &store.pool {
            Pool::Sqlite(pool) => drop(sqlx::query(later).execute(pool).await.unwrap()),
            Pool::Postgres(pool) => drop(sqlx::query(later).execute(pool).await.unwrap()),
        }
        store.close().await;
        assert!(matches!(Store::open(&db, Absent::Create).await, Err(StoreError::Newer(99))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_start_together_agree_on_the_tables() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let opened = [db.clone(), db.clone(), db.clone(), db]
            .map(|db| tokio::spawn(async move { Store::open(&db, Absent::Create).await }));
        for store in opened {
            store.await.unwrap().unwrap().close().await;
        }
    }
}

#[test]
fn addresses_of_databases() {
    assert!(
        matches!(Db::parse("sqlite:/var/lib/puzhi/answers.db"), Some(Db::Sqlite(path)) if path == Path::new("/var/lib/puzhi/answers.db"))
    );
    assert!(matches!(Db::parse("sqlite://a.db"), Some(Db::Sqlite(path)) if path == Path::new("a.db")));
    let db = Db::parse("postgres://puzhi:geheim@db.example:6000/answers").unwrap();
    assert_eq!(format!("{db:?}"), "postgres://db.example:6000/answers");
    for bad in ["", "sqlite:", "sqlite::memory:", "mysql://a/b", "answers.db", "postgres://[", "http://a"] {
        assert!(Db::parse(bad).is_none(), "{bad}");
    }
}
