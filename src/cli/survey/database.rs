//! The store behind `--db`: opened, used, closed, and what to say when that fails.

use std::io::Write;

use super::super::Exit;
use puzhi_core::diag::Lang;
use puzhi_survey::store::{Absent, Db, Store, StoreError};

/// Reads `--db`.
pub(super) fn parse(written: &str) -> Result<Db, String> {
    Db::parse(written).ok_or_else(|| {
        "要写 sqlite:文件 或 postgres://用户@主机/库 (sqlite:FILE or postgres://USER@HOST/NAME)".to_string()
    })
}

/// Runs `work` on the store.
pub(super) fn with_store<T, F>(db: &Db, absent: Absent, lang: Lang, work: impl FnOnce(Store) -> F) -> Result<T, Exit>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| fail(&error.into(), lang))?;
    runtime.block_on(async {
        let store = Store::open(db, absent).await.map_err(|error| fail(&error, lang))?;
        let done = work(store.clone()).await;
        store.close().await;
        done.map_err(|error| fail(&error, lang))
    })
}

/// Says what is wrong with the store.
pub(super) fn fail(error: &StoreError, lang: Lang) -> Exit {
    complain(&error.words(lang));
    Exit::Io
}

/// One line on standard error.
pub(super) fn complain(text: &str) {
    // Nobody is left to tell when the pipe is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
