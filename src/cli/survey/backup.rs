//! `puzhi survey backup`: copies the database to an SQLite file while the collector runs.
//!
//! Input: [`BackupArgs`]. Output: the new file. The copy itself is made by the store.

use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
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
    let held =
        with_store(&args.db, IfMissing::Fail, console.lang, |store| async move { store.backup(&args.file).await })?;
    let file = args.file.display();
    print_stdout(console.pick(
        &format!("已备份到 {file}。要用它，写 --db sqlite:{file}\n"),
        &format!("copied to {file}; serve it with --db sqlite:{file}\n"),
    ));
    if held > 0 {
        print_error(console.pick(
            &format!("有 {held} 份凭答题码交来的答卷不在备份里，只在数据库里：同一次调查再来几份，或者这一次结束以后，才放进备份，免得比较两个备份就看出哪份是谁的。从这个备份恢复，这些答题码可以再用"),
            &format!("{held} answers that came with codes are not in the copy, only in the database: they are copied when more of their wave have come or when it has ended, so that two copies do not tell whose they are. In a database restored from this copy their codes can be used again"),
        ));
    }
    Ok(ExitStatus::Success)
}
