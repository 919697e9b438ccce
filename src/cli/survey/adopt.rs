//! `puzhi survey adopt`: records the sample type of answers that an earlier version stored without it.
//!
//! Input: [`AdoptArgs`] and the survey's definition. Output: a row in the database with the reason, which verification and results
//! show. It changes nothing that was recorded when answers came.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{print_error, print_stdout};
use super::database::{parse_database_address, with_store};
use super::definitions::{find_survey, find_wave, load_unserved_definitions};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::CollectionMode;
use puzhi_survey::hours_since_epoch;
use puzhi_survey::store::{BatchFacts, BatchSource, DatabaseAddress, IfMissing};

#[derive(Debug, clap::Args)]
pub struct AdoptArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 哪一次调查 (the wave)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 凭什么确定样本类型，会写进结果文件 (how the sample type is known; it is written into the results)
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    root: RootArg,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &AdoptArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    if args.why.trim().is_empty() {
        print_error(lang.pick("--why 要写理由", "--why needs a reason"));
        return Err(ExitStatus::Usage);
    }
    let definitions = load_unserved_definitions(args.root.path(), lang)?;
    let localized = find_survey(&definitions, &args.id, lang)?;
    let wave = &find_wave(localized, &args.id, &args.wave, lang)?;
    let hour = hours_since_epoch(jiff::Timestamp::now());
    let adopted = with_store(&args.db, IfMissing::Fail, lang, |store| async move {
        let mut mode = None;
        store
            .for_each_record(&args.id, |record| {
                if record.wave == args.wave && record.batch == 0 {
                    mode = mode.or(CollectionMode::from_name(&record.mode));
                }
            })
            .await?;
        let Some(mode) = mode else { return Ok(false) };
        let facts = BatchFacts::of(&localized.survey, wave, mode, localized.wording, BatchSource::Adopted);
        store.adopt(&facts, hour, args.why.trim()).await?;
        Ok(true)
    })?;
    print_stdout(&match adopted {
        true => lang.pick(
            format!(
                "已记录：批次“{}”是{}。理由会写进结果文件\n",
                args.wave,
                lang.pick(wave.sample.zh(), wave.sample.as_str())
            ),
            format!(
                "recorded: wave \"{}\" is a {} sample; the reason goes into the results\n",
                args.wave,
                lang.pick(wave.sample.zh(), wave.sample.as_str())
            ),
        ),
        false => lang.pick(
            format!("批次“{}”没有缺记录的答卷，什么也没有改\n", args.wave),
            format!("wave \"{}\" has no answers without a record; nothing was changed\n", args.wave),
        ),
    });
    Ok(ExitStatus::Success)
}
