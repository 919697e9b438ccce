//! `puzhi survey report`: prints the published results as a report for the project's acceptance documents.
//!
//! Input: [`ReportArgs`], the survey's page and its results file. Output: HTML, Markdown, CSV or JSON on standard output. Reads no
//! responses, only published results.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::PathBuf;

use clap::ValueEnum;

use super::super::ExitStatus;
use super::super::args::MessageLang;
use super::super::console::{Console, print_error, print_stdout};
use super::site_survey::SiteSurvey;
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::results::{read_results, results_path};
use puzhi_survey::report::{ReportInput, build_report, csv, html, json, markdown};

#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 写成可打印的网页、Markdown、表格还是数据 (a page to print, Markdown, CSV or JSON)
    #[arg(long, value_enum, default_value_t = ReportFormat::Html)]
    format: ReportFormat,
    /// 消息的语言；报告是中文的 (language of messages; the report is in Chinese)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Html,
    Md,
    Csv,
    Json,
}

pub(super) fn run(args: &ReportArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.lang.into();
    let site_survey = SiteSurvey::read(&args.root, &args.id, lang)?;
    let (Some(survey), Some(path)) = (site_survey.survey(), results_path(site_survey.path())) else {
        return Err(ExitStatus::Usage);
    };
    let text = std::fs::read_to_string(args.root.join(path.as_str())).map_err(|error| {
        print_error(&match lang {
            Lang::Zh => format!("读不了 {path}（{}）：先运行 puzhi survey snapshot {}", error.kind(), args.id),
            Lang::En => format!("cannot read {path} ({}): run puzhi survey snapshot {} first", error.kind(), args.id),
        });
        ExitStatus::Io
    })?;
    let (results, diags) = read_results(&SourceText::new(&path, &text));
    let Some(results) = results.filter(|results| results.survey == args.id) else {
        Console::text(lang).print_diagnostics(&diags);
        print_error(&match lang {
            Lang::Zh => format!("{path} 不能用：重新运行 puzhi survey snapshot {}", args.id),
            Lang::En => format!("{path} cannot be used: run puzhi survey snapshot {} again", args.id),
        });
        return Err(ExitStatus::ContentErrors);
    };
    if let Some(unsigned) = site_survey.results_key().and_then(|key| results.signature_finding(&key, &path)) {
        Console::text(lang).print_diagnostics(&[unsigned]);
        return Err(ExitStatus::ContentErrors);
    }
    let source = ReportInput { title: site_survey.title(), survey, results: &results };
    print_stdout(&match args.format {
        ReportFormat::Html => html(&build_report(&source)),
        ReportFormat::Md => markdown(&build_report(&source)),
        ReportFormat::Csv => csv(&source),
        ReportFormat::Json => json(&source),
    });
    Ok(ExitStatus::Success)
}
