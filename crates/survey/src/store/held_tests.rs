//! What is held of answers with codes, and what the bytes of the database and of two backups show meanwhile.

use std::path::Path;

use super::held::GROUP;
use super::tests::{Scratch, all, random, record};
use super::*;

/// A store with `count` codes of `w1`.
async fn with_codes(db: &DatabaseAddress, count: usize) -> (Store, Vec<CodeHash>) {
    let store = Store::open(db, IfMissing::Create).await.unwrap();
    let codes: Vec<CodeHash> = (0..count).map(|_| CodeHash(random())).collect();
    store.add_codes("awareness", "w1", &codes).await.unwrap();
    (store, codes)
}

/// An answer whose text tells it apart.
fn telling(number: usize) -> ResponseRecord {
    ResponseRecord { answers: format!(r#"{{"years":"telling-{number:03}"}}"#), ..record("w1", 100) }
}

async fn submit(store: &Store, sent: &[(ResponseRecord, CodeHash)]) -> Vec<SubmitOutcome> {
    let mut outcomes = Vec::new();
    for (record, code) in sent {
        outcomes.extend(store.store_with_codes(&[(record, *code)]).await.unwrap());
    }
    outcomes
}

/// How often `bytes` lie in a file and its log.
fn places(file: &Path, bytes: &[u8]) -> usize {
    let log = file.with_file_name(format!("{}-wal", file.file_name().unwrap().to_str().unwrap()));
    let count = |path: &Path| {
        let held = std::fs::read(path).unwrap_or_default();
        held.windows(bytes.len()).filter(|window| *window == bytes).count()
    };
    count(file) + count(&log)
}

/// What a backup says: its answers and how many codes are used in it.
async fn copied(file: &Path) -> (Vec<ResponseRecord>, u64) {
    let copy = Store::open(&DatabaseAddress::Sqlite(file.to_path_buf()), IfMissing::Fail).await.unwrap();
    let found = (all(&copy).await, copy.count_codes("awareness", "w1").await.unwrap().used);
    copy.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn two_backups_differ_by_a_whole_group_of_answers_with_codes_or_by_none() {
    let scratch = Scratch::new();
    for (at, db) in scratch.databases().await.iter().enumerate() {
        let (store, codes) = with_codes(db, 40).await;
        let mut before = (Vec::new(), 0);
        for (number, code) in codes[..27].iter().enumerate() {
            assert_eq!(submit(&store, &[(telling(number), *code)]).await, [SubmitOutcome::Stored]);
            let file = scratch.file(&format!("copy-{at}-{number}.db"));
            let held = store.backup(&file).await.unwrap();
            let found = copied(&file).await;
            assert_eq!(found.0.len() + held, number + 1);
            assert_eq!(found.1, found.0.len() as u64, "as many codes are used as there are answers");
            let new = found.0.len() - before.0.len();
            assert!(new == 0 || new == GROUP, "{new} new");
            assert!(held < 2 * GROUP, "{held} held");
            if new == 0 {
                // Nothing of what is held lies in the bytes of the copy; the code is there as one that was issued.
                let recent = all(&store).await.into_iter().filter(|r| !found.0.contains(r)).collect::<Vec<_>>();
                for record in recent {
                    assert_eq!(places(&file, record.answers.as_bytes()) + places(&file, &record.id), 0);
                }
                assert_eq!(found, before);
            }
            before = found;
        }
        // At the end of the wave the last two, which would be too few, move on with the group before them.
        assert_eq!(store.settle_wave("awareness", "w1").await.unwrap(), GROUP + 2);
        let file = scratch.file(&format!("copy-{at}-last.db"));
        assert_eq!(store.backup(&file).await.unwrap(), 0);
        let last = copied(&file).await;
        assert_eq!((last.0.len(), last.1), (27, 27));
        assert!(last.0.len() - before.0.len() >= GROUP);
        assert_eq!(store.settle_wave("awareness", "w1").await.unwrap(), 0);
        assert_eq!(last.0, all(&store).await);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_shows_which_answers_and_codes_are_held_and_inside_a_group_no_pairs() {
    let scratch = Scratch::new();
    let path = scratch.file("answers.db");
    let (store, codes) = with_codes(&DatabaseAddress::Sqlite(path.clone()), 20).await;
    // One alone: who has the file and the list of codes sees whose answer it is. The handbook says so.
    submit(&store, &[(telling(0), codes[0])]).await;
    store.erase_insertion_order(100).await.unwrap();
    assert_eq!(places(&path, b"telling-000"), 1, "the answer is there once, in no older version of its row");
    assert_eq!(places(&path, &codes[0].0), 3, "the code is among those issued, in their index, and among those held");
    assert_eq!(store.held_waves().await.unwrap(), [("awareness".to_string(), "w1".to_string())].into());

    for (number, code) in codes.iter().enumerate().take(GROUP).skip(1) {
        submit(&store, &[(telling(number), *code)]).await;
    }
    store.erase_insertion_order(100).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(&path).unwrap();
    let last_place = |key: &[u8]| bytes.windows(key.len()).rposition(|window| window == key).unwrap();
    let store = Store::open(&DatabaseAddress::Sqlite(path.clone()), IfMissing::Fail).await.unwrap();
    let records = all(&store).await;
    // In the order of their random keys, which is not the order in which they came; SQLite fills a page from its end.
    let order: Vec<usize> = records.iter().map(|record| last_place(&record.id)).collect();
    assert!(order.iter().rev().is_sorted(), "{order:?}");
    for record in &records {
        assert_eq!(places(&path, record.answers.as_bytes()), 1);
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_answer_counts_and_its_code_is_used() {
    let scratch = Scratch::new();
    for db in scratch.databases().await {
        let (store, codes) = with_codes(&db, 3).await;
        let first = telling(1);
        let other_wave = ResponseRecord { wave: "w2".into(), ..record("w2", 100) };
        let outcomes = submit(
            &store,
            &[(first.clone(), codes[0]), (first.clone(), codes[0]), (telling(2), codes[0]), (other_wave, codes[1])],
        )
        .await;
        let (stored, rejected) = (SubmitOutcome::Stored, SubmitOutcome::CodeRejected);
        assert_eq!(outcomes, [stored, stored, rejected, rejected]);
        // The same in one transaction.
        let second = telling(3);
        let together = [(&second, codes[1]), (&second, codes[1]), (&first, codes[2]), (&telling(4), codes[1])];
        let outcomes = store.store_with_codes(&together).await.unwrap();
        assert_eq!(outcomes, [stored, stored, stored, rejected]);

        let mut wanted = vec![first.clone(), second];
        wanted.sort_by_key(|record| record.id);
        assert_eq!(all(&store).await, wanted);
        assert!(store.contains(&first.id).await.unwrap());
        assert!(store.find_code(&codes[0]).await.unwrap().unwrap().used);
        assert!(!store.find_code(&codes[2]).await.unwrap().unwrap().used);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), CodeCount { all: 3, used: 2 });
        assert_eq!(store.count_by_hour("awareness").await.unwrap().iter().map(|c| c.records).sum::<u64>(), 2);
        // The same submission without its code is the one that is held.
        let queue = SubmissionQueue::start(&store);
        assert_eq!(queue.submit(first.clone(), None).await.unwrap(), stored);
        assert_eq!(all(&store).await, wanted);
        queue.finish().await;
        assert_eq!(store.settle_wave("awareness", "w1").await.unwrap(), 2);
        assert_eq!(all(&store).await, wanted);
        assert_eq!(store.count_codes("awareness", "w1").await.unwrap(), CodeCount { all: 3, used: 2 });
        assert_eq!(submit(&store, &[(telling(5), codes[0])]).await, [rejected]);
        // Purged with the rest.
        submit(&store, &[(telling(6), codes[2])]).await;
        assert_eq!(store.purge("awareness", 110).await.unwrap(), 3);
        assert!(store.held_waves().await.unwrap().is_empty());
        assert_eq!(all(&store).await, []);
        store.close().await;
    }
}
