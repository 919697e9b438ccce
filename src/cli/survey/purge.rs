//! `puzhi survey purge`: deletes all answers to a survey at the end of their retention.
//!
//! Input: [`PurgeArgs`] and the survey's definition. Output: the number of deleted answers; the database keeps what was deleted, when,
//! and its digest. Published results stay.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{print_error, print_stdout};
use super::database::{parse_database_address, with_store};
use super::definitions::{find_survey, load_unserved_definitions};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::CollectionStatus;
use puzhi_survey::hours_since_epoch;
use puzhi_survey::store::{DatabaseAddress, IfMissing};

#[derive(Debug, clap::Args)]
pub struct PurgeArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    root: RootArg,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &PurgeArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let definitions = load_unserved_definitions(args.root.path(), lang)?;
    let localized = find_survey(&definitions, &args.id, lang)?;
    let now = jiff::Timestamp::now();
    let civil = definitions.civil_time(now);
    let open = |status: CollectionStatus<'_>| matches!(status, CollectionStatus::Open(_));
    let waves = localized.survey.all_waves();
    if let Some(wave) = waves.iter().find(|wave| open(wave.collection_status(civil))) {
        print_error(&lang.pick(
            format!("批次“{}”还在收答卷，什么也没有删。先让它截止", wave.id),
            format!("wave \"{}\" still takes answers; nothing was deleted. Close it first", wave.id),
        ));
        return Err(ExitStatus::Usage);
    }
    let hour = hours_since_epoch(now);
    let removed =
        with_store(&args.db, IfMissing::Fail, lang, |store| async move { store.purge(&args.id, hour).await })?;
    print_stdout(&lang.pick(
        format!("“{}”的 {removed} 份答卷和全部答题码已删除，留下了记录。备份里的也要删掉；公布的结果不变\n", args.id),
        format!("{removed} answers to \"{}\" and all its codes were deleted, with a record. Delete them from backups too; published results stay\n", args.id),
    ));
    Ok(ExitStatus::Success)
}
