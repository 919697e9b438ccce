//! `puzhi survey backup`: a copy of the store while the collector runs.

use std::io::Write;
use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::MessageLang;
use super::database::{parse_database_address, with_store};
use puzhi_core::diag::Lang;
use puzhi_survey::store::{DatabaseAddress, IfMissing};

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// 备份写到哪个文件，不能已经有；是一个 SQLite 文件 (the file to write, which must not exist: an SQLite database)
    file: PathBuf,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

pub(super) fn run(args: &BackupArgs) -> ExitStatus {
    let lang: Lang = args.lang.into();
    match with_store(&args.db, IfMissing::Fail, lang, |store| async move { store.backup(&args.file).await }) {
        Ok(()) => {
            let file = args.file.display();
            // Nobody is left to tell when the pipe is closed.
            let _ = match lang {
                Lang::Zh => writeln!(std::io::stdout(), "已备份到 {file}。要用它，写 --db sqlite:{file}"),
                Lang::En => writeln!(std::io::stdout(), "copied to {file}; serve it with --db sqlite:{file}"),
            };
            ExitStatus::Success
        }
        Err(exit) => exit,
    }
}
