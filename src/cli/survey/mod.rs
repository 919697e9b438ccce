//! `puzhi survey …`: the subcommands for surveys. Each is in one file with its arguments.
//!
//! Input: parsed arguments. Output: an [`ExitStatus`]. Only selects the subcommand; the rules of surveys are in the crate `puzhi_survey`.

mod adopt;
mod backup;
mod batches;
mod close;
mod codes;
mod compare;
mod database;
mod definitions;
mod export;
mod field;
mod field_import;
mod import;
mod office_key;
mod paper;
mod plan;
mod purge;
mod report;
mod serve;
mod sign;
mod site_survey;
mod snapshot;
mod status;
mod verify;

use clap::Subcommand;

use super::ExitStatus;

// To add a subcommand, add its file in this folder, a variant here and an arm in `run`.
#[derive(Debug, Subcommand)]
pub enum SurveyCommand {
    /// 要收多少份答卷，才证明得了达标 (how many answers it takes to show that a target is reached)
    Plan(plan::PlanArgs),
    /// 统计答卷，写进问卷页旁边的结果文件 (count the answers into the results file beside the survey's page)
    Snapshot(snapshot::SnapshotArgs),
    /// 把公布的结果写成一份报告 (the published results as a report)
    Report(report::ReportArgs),
    /// 每天各种方式收到多少份 (how many answers came, by day and mode)
    Status(status::StatusArgs),
    /// 印成纸质问卷，连同录入用的表 (a printable form and the sheet for data entry)
    Paper(paper::PaperArgs),
    /// 收答卷的服务 (the service that takes answers)
    Serve(serve::CollectorArgs),
    /// 给抽中的人发一次性答题码 (one-time codes for people who were drawn)
    Codes(codes::CodesArgs),
    /// 外出访问：在没有网的设备上一位一位地问 (interviews on a device without network)
    Field(field::FieldArgs),
    /// 做一把办公室的钥匙，访问员交回的答卷用它打开 (the office's key for what interviewers hand over)
    OfficeKey(office_key::OfficeKeyArgs),
    /// 导入别处的答卷：录入表、问卷星、LimeSurvey 或者别的表 (take answers from a file)
    Import(import::ImportArgs),
    /// 比较两遍录入 (compare two entries of the same papers)
    Compare(compare::CompareArgs),
    /// 备份答卷，不用停服务 (copy the answers while the service runs)
    Backup(backup::BackupArgs),
    /// 核对公布的结果：每个数都从答卷重新统计一遍 (derive every published number from the answers again)
    Verify(verify::VerifyArgs),
    /// 核对以后给结果签名 (verify the results and sign them)
    Sign(sign::SignArgs),
    /// 做一把给结果签名的密钥 (make a key that signs results)
    Key(sign::KeyArgs),
    /// 列出收到的各批答卷 (the batches in which answers came)
    Batches(batches::BatchesArgs),
    /// 删掉导入的一批答卷，留下记录 (delete the answers of one import, with a record)
    RemoveBatch(batches::RemoveBatchArgs),
    /// 给旧版本存的答卷补记样本类型 (record the sample type of answers that an earlier version stored)
    Adopt(adopt::AdoptArgs),
    /// 保存期满，删掉一份问卷的全部答卷，留下记录 (delete all answers at the end of their retention, with a record)
    Purge(purge::PurgeArgs),
    /// 导出一份份的答卷，只供本单位使用 (answers one by one, for the unit's own use)
    Export(export::ExportArgs),
    /// 收完：销毁抽样单位标签的密钥 (destroy the key of the labels of sampling units)
    Close(close::CloseArgs),
}

pub(super) fn run(command: &SurveyCommand) -> Result<ExitStatus, ExitStatus> {
    match command {
        SurveyCommand::Plan(args) => plan::run(args),
        SurveyCommand::Snapshot(args) => snapshot::run(args),
        SurveyCommand::Report(args) => report::run(args),
        SurveyCommand::Status(args) => status::run(args),
        SurveyCommand::Paper(args) => paper::run(args),
        SurveyCommand::Serve(args) => serve::run(args),
        SurveyCommand::Codes(args) => codes::run(args),
        SurveyCommand::Field(args) => field::run(args),
        SurveyCommand::OfficeKey(args) => office_key::run(args),
        SurveyCommand::Import(args) => import::run(args),
        SurveyCommand::Compare(args) => compare::run(args),
        SurveyCommand::Backup(args) => backup::run(args),
        SurveyCommand::Verify(args) => verify::run(args),
        SurveyCommand::Sign(args) => sign::run(args),
        SurveyCommand::Key(args) => sign::make_key(args),
        SurveyCommand::Batches(args) => batches::run(args),
        SurveyCommand::RemoveBatch(args) => batches::remove(args),
        SurveyCommand::Adopt(args) => adopt::run(args),
        SurveyCommand::Purge(args) => purge::run(args),
        SurveyCommand::Export(args) => export::run(args),
        SurveyCommand::Close(args) => close::run(args),
    }
}
