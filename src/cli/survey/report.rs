//! `puzhi survey report`: the published results as a document for the acceptance file.

use std::path::PathBuf;

use clap::ValueEnum;

use super::super::Exit;
use super::super::args::MessageLang;
use super::super::build::Speaker;
use super::database::complain;
use super::found::{Found, say};
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::results::{read_results, results_path};
use puzhi_survey::report::{Source, csv, html, json, markdown, report};

#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 写成可打印的网页、Markdown、表格还是数据 (a page to print, Markdown, CSV or JSON)
    #[arg(long, value_enum, default_value_t = ReportForm::Html)]
    format: ReportForm,
    /// 消息的语言；报告是中文的 (language of messages; the report is in Chinese)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportForm {
    Html,
    Md,
    Csv,
    Json,
}

pub(super) fn run(args: &ReportArgs) -> Exit {
    attempt(args).unwrap_or_else(|exit| exit)
}

fn attempt(args: &ReportArgs) -> Result<Exit, Exit> {
    let lang: Lang = args.lang.into();
    let found = Found::read(&args.root, &args.id, lang)?;
    let (Some(survey), Some(path)) = (found.survey(), results_path(found.path())) else { return Err(Exit::Usage) };
    let text = std::fs::read_to_string(args.root.join(path.as_str())).map_err(|error| {
        complain(&match lang {
            Lang::Zh => format!("读不了 {path}（{}）：先运行 puzhi survey snapshot {}", error.kind(), args.id),
            Lang::En => format!("cannot read {path} ({}): run puzhi survey snapshot {} first", error.kind(), args.id),
        });
        Exit::Io
    })?;
    let (results, diags) = read_results(&SourceText::new(&path, &text));
    let Some(results) = results.filter(|results| results.survey == args.id) else {
        Speaker { lang, json: false }.all(&diags);
        complain(&match lang {
            Lang::Zh => format!("{path} 不能用：重新运行 puzhi survey snapshot {}", args.id),
            Lang::En => format!("{path} cannot be used: run puzhi survey snapshot {} again", args.id),
        });
        return Err(Exit::Content);
    };
    let source = Source { title: found.title(), survey, results: &results };
    say(&match args.format {
        ReportForm::Html => html(&report(&source)),
        ReportForm::Md => markdown(&report(&source)),
        ReportForm::Csv => csv(&source),
        ReportForm::Json => json(&source),
    });
    Ok(Exit::Done)
}
