//! `puzhi survey export`: writes the answers one by one into a file, for the unit's own use.
//!
//! Input: [`ExportArgs`], the survey's page and the database. Output: a new file that only its owner can read: JSON Lines, which `--from`
//! reads, a table, or its codebook. It is never written into the site.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use super::database::{parse_database_address, with_store};
use super::site_survey::SiteSurvey;
use puzhi_core::diag::Lang;
use puzhi_survey::json_lines::line_with_sample;
use puzhi_survey::microdata;
use puzhi_survey::provenance::recorded_waves;
use puzhi_survey::store::{DatabaseAddress, IfMissing, sample_name};

#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 写到哪个文件，不能已经有，不能在站点的 content 和输出文件夹里 (the file to write, outside the site's content and output)
    file: PathBuf,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 逐行 JSON、表格，还是表格的说明 (JSON Lines, a table, or the codebook of the table)
    #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
    format: ExportFormat,
    #[command(flatten)]
    messages: MessageArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    Csv,
    Jsonl,
    Ddi,
}

pub(super) fn run(args: &ExportArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    if lies_in_site(&args.root, &args.file) {
        print_error(lang.pick(
            "一份份的答卷不能写进站点的文件夹，会被公布出去：换一个站点以外的文件夹",
            "answers one by one must not be written into the site's folder, where they would be published: choose another",
        ));
        return Err(ExitStatus::Usage);
    }
    let site_survey = SiteSurvey::read(&args.root, &args.id, lang)?;
    let Some(survey) = site_survey.survey() else { return Err(ExitStatus::Usage) };
    let (responses, recorded) = with_store(&args.db, IfMissing::Fail, lang, |store| async move {
        let (batches, unrecorded) = store.batches(&args.id).await?;
        let mut responses = Vec::new();
        store.for_each_response(&args.id, |response| responses.push(response)).await?;
        Ok((responses, recorded_waves(&batches, &unrecorded)))
    })?;
    let samples: BTreeMap<String, &str> =
        recorded.iter().map(|(id, wave)| (id.clone(), sample_name(wave.sample))).collect();
    let sample = |wave: &str| samples.get(wave).copied().or(Some(sample_name(None)));
    let text = match args.format {
        ExportFormat::Jsonl => responses.iter().map(|r| line_with_sample(r, sample(&r.wave))).collect(),
        ExportFormat::Csv => microdata::csv(survey, &responses, &samples),
        ExportFormat::Ddi => microdata::ddi(survey, site_survey.title(), responses.len()),
    };
    write_private(&args.file, &text).map_err(|error| {
        print_error(&lang.pick(
            format!("写不进 {}：{}", args.file.display(), error.kind()),
            format!("cannot write {}: {}", args.file.display(), error.kind()),
        ));
        ExitStatus::Io
    })?;
    let (n, file) = (responses.len(), args.file.display());
    print_stdout(&lang.pick(
        format!("{n} 份答卷写到了 {file}，只有自己能读。不要公开，用完按保存期限删除\n"),
        format!("{n} answers written to {file}, readable by its owner only. Do not publish it; delete it when its retention ends\n"),
    ));
    Ok(ExitStatus::Success)
}

/// Whether a file would lie below the site's folder. Links are followed as far as the folders exist.
pub(super) fn lies_in_site(root: &Path, file: &Path) -> bool {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = |path: &Path| path.canonicalize().ok();
    real(root).zip(real(folder)).is_some_and(|(root, folder)| folder.starts_with(root))
}

/// Writes a new file that its owner alone can read.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
