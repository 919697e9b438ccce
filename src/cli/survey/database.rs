//! Access to the database named by `--db`.
//!
//! Input: a [`DatabaseAddress`] and the work to do. Output: the work's result; errors are printed. Knows no survey and no SQL.

use super::super::ExitStatus;
use super::super::console::print_error;
use puzhi_core::diag::Lang;
use puzhi_survey::store::{DatabaseAddress, IfMissing, Store, StoreError};

/// Parses `--db`; the value parser for clap.
pub(super) fn parse_database_address(written: &str) -> Result<DatabaseAddress, String> {
    DatabaseAddress::parse(written).map_err(|problem| problem.message().to_string())
}

/// Opens the store, after a warning when others may read what goes to it.
///
/// # Errors
/// [`ExitStatus::Io`]; the reason has been printed.
pub(super) async fn open_store(db: &DatabaseAddress, if_missing: IfMissing, lang: Lang) -> Result<Store, ExitStatus> {
    if let Some(caution) = db.caution() {
        print_error(caution.message());
    }
    Store::open(db, if_missing).await.map_err(|error| report_store_error(&error, lang))
}

/// Opens the store, runs `work` on it and closes it, also when `work` fails.
///
/// # Errors
/// [`ExitStatus::Io`]; the reason has been printed.
pub(super) fn with_store<T, F>(
    db: &DatabaseAddress,
    if_missing: IfMissing,
    lang: Lang,
    work: impl FnOnce(Store) -> F,
) -> Result<T, ExitStatus>
where
    F: Future<Output = Result<T, StoreError>>,
{
    store_runtime(lang)?.block_on(async {
        let store = open_store(db, if_missing, lang).await?;
        let done = work(store.clone()).await;
        store.close().await;
        done.map_err(|error| report_store_error(&error, lang))
    })
}

/// The asynchronous runtime for the store and the collector.
pub(super) fn store_runtime(lang: Lang) -> Result<tokio::runtime::Runtime, ExitStatus> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| report_store_error(&error.into(), lang))
}

/// Prints an error of the store and returns the exit status for it.
pub(super) fn report_store_error(error: &StoreError, lang: Lang) -> ExitStatus {
    print_error(&error.message(lang));
    ExitStatus::Io
}
