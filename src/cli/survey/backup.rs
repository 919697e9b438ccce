//! `puzhi survey backup`: copies the database to an SQLite file while the collector runs.
//!
//! Input: [`BackupArgs`]. Output: the new file. The copy itself is made by the store.

use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::print_stdout;
use super::database::{parse_database_address, with_store};
use puzhi_survey::store::{DatabaseAddress, IfMissing};

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// 备份写到哪个文件，不能已经有；是一个 SQLite 文件 (the file to write, which must not exist: an SQLite database)
    file: PathBuf,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &BackupArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    with_store(&args.db, IfMissing::Fail, console.lang, |store| async move { store.backup(&args.file).await })?;
    let file = args.file.display();
    print_stdout(console.pick(
        &format!("已备份到 {file}。要用它，写 --db sqlite:{file}\n"),
        &format!("copied to {file}; serve it with --db sqlite:{file}\n"),
    ));
    Ok(ExitStatus::Success)
}
