//! `puzhi survey batches` and `remove-batch`: lists in which batches answers came, and deletes one import.
//!
//! Input: [`BatchesArgs`] or [`RemoveBatchArgs`]. Output: a tab-separated table, or the number of deleted answers. For the survey's
//! staff: small numbers are not suppressed.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use super::database::{parse_database_address, with_store};
use puzhi_core::diag::Lang;
use puzhi_survey::hours_since_epoch;
use puzhi_survey::store::{BatchRecord, DatabaseAddress, IfMissing, sample_name};

#[derive(Debug, clap::Args)]
pub struct BatchesArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    messages: MessageArgs,
}

#[derive(Debug, clap::Args)]
pub struct RemoveBatchArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 第几批，见 puzhi survey batches (its number, from puzhi survey batches)
    number: i64,
    /// 为什么删掉 (why it is removed)
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &BatchesArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let (batches, unrecorded) =
        with_store(&args.db, IfMissing::Fail, lang, |store| async move { store.batches(&args.id).await })?;
    let head = match lang {
        Lang::Zh => "批\t批次\t来源\t样本\t方式\t时间\t份数\t状态\t校验值\t说明\n",
        Lang::En => "number\twave\tsource\tsample\tmode\thour\tanswers\tstate\tdigest\tnote\n",
    };
    let mut out = head.to_string();
    batches.iter().for_each(|batch| out.push_str(&row(batch)));
    for (wave, records) in unrecorded {
        out.push_str(&format!("0\t{wave}\t-\tunrecorded\t-\t-\t{records}\tkept\t-\t-\n"));
    }
    print_stdout(&out);
    Ok(ExitStatus::Success)
}

fn row(batch: &BatchRecord) -> String {
    let records = batch.ended.map_or(batch.records, |ended| ended.records);
    let state = match batch.ended {
        Some(ended) => format!("{} {}", batch.state.as_str(), hour_text(ended.hour)),
        None => batch.state.as_str().to_string(),
    };
    let cells = [
        batch.number.to_string(),
        batch.facts.wave.clone(),
        batch.facts.source.as_str().to_string(),
        sample_name(batch.facts.sample).to_string(),
        batch.facts.mode.as_str().to_string(),
        hour_text(batch.hour),
        records.to_string(),
        state,
        batch.digest.to_string(),
        batch.note.clone(),
    ];
    cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).join("\t") + "\n"
}

/// A full hour as `2027-04-03T08Z`.
pub(super) fn hour_text(hour: i64) -> String {
    let at = jiff::Timestamp::from_second(hour.saturating_mul(3600)).unwrap_or_default();
    at.strftime("%Y-%m-%dT%HZ").to_string()
}

pub(super) fn remove(args: &RemoveBatchArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    if args.why.trim().is_empty() {
        print_error(lang.pick("--why 要写理由", "--why needs a reason"));
        return Err(ExitStatus::Usage);
    }
    let hour = hours_since_epoch(jiff::Timestamp::now());
    let removed = with_store(&args.db, IfMissing::Fail, lang, |store| async move {
        store.remove_batch(&args.id, args.number, hour, args.why.trim()).await
    })?;
    print_stdout(&lang.pick(
        format!(
            "第 {} 批删掉了 {removed} 份答卷，留下了记录。要更新公布的结果，再运行 puzhi survey snapshot\n",
            args.number
        ),
        format!(
            "{removed} answers of batch {} were deleted, with a record; run puzhi survey snapshot to count again\n",
            args.number
        ),
    ));
    Ok(ExitStatus::Success)
}
