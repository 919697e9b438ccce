//! The store behind `--db`: opened, used, closed, and what to say when that fails.

use std::io::Write;

use super::super::ExitStatus;
use puzhi_core::diag::Lang;
use puzhi_survey::store::{DatabaseAddress, IfMissing, Store, StoreError};

/// Reads `--db`.
pub(super) fn parse_database_address(written: &str) -> Result<DatabaseAddress, String> {
    DatabaseAddress::parse(written).ok_or_else(|| {
        "要写 sqlite:文件 或 postgres://用户@主机/库 (sqlite:FILE or postgres://USER@HOST/NAME)".to_string()
    })
}

/// Runs `work` on the store.
pub(super) fn with_store<T, F>(
    db: &DatabaseAddress,
    if_missing: IfMissing,
    lang: Lang,
    work: impl FnOnce(Store) -> F,
) -> Result<T, ExitStatus>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| report_store_error(&error.into(), lang))?;
    runtime.block_on(async {
        let store = Store::open(db, if_missing).await.map_err(|error| report_store_error(&error, lang))?;
        let done = work(store.clone()).await;
        store.close().await;
        done.map_err(|error| report_store_error(&error, lang))
    })
}

/// Says what is wrong with the store.
pub(super) fn report_store_error(error: &StoreError, lang: Lang) -> ExitStatus {
    print_error(&error.message(lang));
    ExitStatus::Io
}

/// One line on standard error.
pub(super) fn print_error(text: &str) {
    // Nobody is left to tell when the pipe is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
