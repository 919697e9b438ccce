//! `puzhi survey paper`: writes a printable form of a survey and a spreadsheet for data entry.
//!
//! Input: [`PaperArgs`] and the site. Output: three files: the form as HTML, the entry sheet as CSV, and a CSV that explains the sheet's
//! columns. Layout and columns are defined in `puzhi_core::form::paper`.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::PathBuf;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use super::super::site::SiteRequest;
use crate::catalog::KindFacts;
use crate::pipeline::{Options, PictureOptions};
use crate::source::replace_file;
use crate::view::{Site, qr_svg};
use puzhi_core::base::escape_csv_formula;
use puzhi_core::form::paper::{EntrySheetColumn, PaperForm, entry_sheet_columns, render_paper_form};
use puzhi_core::kinds::{KindData, QuestionKind, Survey};

#[derive(Debug, clap::Args)]
pub struct PaperArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 写到哪个文件夹 (where to write)
    #[arg(long, value_name = "DIR", default_value = "paper")]
    out: PathBuf,
    /// 站点的完整网址，二维码要用 (the site's absolute address, for the code)
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &PaperArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let request = SiteRequest { base_url: args.base_url.as_deref(), ..SiteRequest::of(&args.root) };
    let site = request.open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
    // Errors on other pages do not matter here. Drafts are included, so that a form can be printed for a pretest.
    let mut prepared = site.prepare(&Options {
        keep_going: true,
        drafts: true,
        pictures: PictureOptions::never(),
        ..Options::default()
    });
    let files_to_write = prepared.site.as_ref().and_then(|(views, _)| paper_files(&views.site, &args.id));
    let Some(files_to_write) = files_to_write else {
        prepared.diags.retain(|d| d.is_error());
        console.print_diagnostics(&prepared.diags);
        let known = prepared.site.iter().flat_map(|(views, _)| ids(&views.site)).collect::<Vec<_>>().join("、");
        print_error(console.pick(
            &format!("没有编号是“{}”的问卷。现有的问卷：{known}", args.id),
            &format!("there is no survey with the id \"{}\"; there are: {known}", args.id),
        ));
        return Err(ExitStatus::Usage);
    };
    let mut names = Vec::new();
    for (name, bytes) in &files_to_write {
        let path = args.out.join(name);
        let name = path.display().to_string();
        std::fs::create_dir_all(&args.out).and_then(|()| replace_file(&path, bytes)).map_err(|error| {
            print_error(console.pick(&format!("写不进 {name}：{error}"), &format!("cannot write {name}: {error}")));
            ExitStatus::Io
        })?;
        names.push(name);
    }
    let names = names.join("\n");
    print_stdout(console.pick(
        &format!("已写入：\n{names}\n第一个用浏览器打开来打印，第二个用来录入，第三个说明每一列填什么。\n"),
        &format!(
            "written:\n{names}\nPrint the first from a browser, type answers into the second; the third explains its columns.\n"
        ),
    ));
    Ok(ExitStatus::Success)
}

/// Ids of the site's surveys, sorted, without duplicates.
fn ids(site: &Site) -> Vec<String> {
    let data = site.untracked();
    let of = |page| match &data.catalog.page(page).facts {
        KindFacts::Survey(survey) => survey.id.as_ref().map(|id| id.value.clone()),
        _ => None,
    };
    let mut ids: Vec<String> = data.catalog.page_ids().filter_map(of).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Names and bytes of the three files: form, entry sheet, explanation of its columns. `None` if no survey has this id.
fn paper_files(site: &Site, id: &str) -> Option<[(String, Vec<u8>); 3]> {
    let page = site.survey_page(id, 0)?;
    let content = site.resolved_doc(page);
    let KindData::Survey(survey) = &content.doc.kind else { return None };
    let meta = site.meta(page);
    let url = site.permalink(&site.url(page));
    let lang = site.settings().languages[meta.lang].tag.clone();
    let zh = site.is_zh(meta.lang);
    let paper = PaperForm {
        title: meta.title.clone(),
        qr_html: url.as_deref().and_then(|url| qr_svg(url, &meta.title)),
        url,
        online: site.settings().survey.form_action(id).is_some(),
        lang,
        place: site.settings().survey.place.clone(),
        phone: site.settings().survey.phone.clone(),
    };
    let columns = entry_sheet_columns(survey);
    let header: Vec<Vec<String>> = vec![columns.iter().map(|c| c.header.clone()).collect()];
    // An id is safe as a file name: it may use any script, but contains no path separator.
    Some([
        (format!("{id}.html"), render_paper_form(survey, &paper).into_bytes()),
        (format!("{id}-entry.csv"), csv(&header, false)),
        (format!("{id}-entry-guide.csv"), csv(&guide(survey, &columns, zh), true)),
    ])
}

/// Rows of the explanation: for each column its header, question number, question and what to enter.
fn guide(survey: &Survey, columns: &[EntrySheetColumn], zh: bool) -> Vec<Vec<String>> {
    let head =
        if zh { ["列", "题号", "题目", "填什么"] } else { ["column", "number", "question", "what to enter"] };
    let mut rows = vec![head.map(String::from).to_vec()];
    for column in columns {
        let Some(question) = survey.question(&column.question) else {
            let what = if zh { "问卷右上角的序号" } else { "the serial number at the top right" };
            rows.push(vec![column.header.clone(), String::new(), String::new(), what.to_string()]);
            continue;
        };
        let what = match (&column.option, question.kind) {
            (Some(option), _) => {
                let text = question.option(option).map_or("", |o| o.text.as_str());
                if zh {
                    format!("“{text}”：勾了填 1，没有勾填 0，整题没有答留空")
                } else {
                    format!("\"{text}\": 1 if ticked, 0 if not, empty if the question was left out")
                }
            }
            (None, QuestionKind::Number) => {
                if zh { "填的数；没有答留空" } else { "the number; empty if left out" }.to_string()
            }
            (None, _) => {
                let numbered = question.options.iter().enumerate().map(|(n, o)| format!("{}={}", n + 1, o.text));
                let listed = match question.range() {
                    Some((min, max)) => format!("{min}—{max}"),
                    None => numbered.collect::<Vec<_>>().join(if zh { "；" } else { "; " }),
                };
                if zh {
                    format!("方框里的数字（{listed}），没有答留空")
                } else {
                    format!("the number in the box ({listed}), empty if left out")
                }
            }
        };
        rows.push(vec![column.header.clone(), column.number.to_string(), question.text.clone(), what]);
    }
    rows
}

/// CSV with a byte order mark, so that spreadsheet programs read it as UTF-8, and CRLF line ends (RFC 4180). With `guarded`, cells that
/// a spreadsheet would read as a formula are escaped. Do not use it for the entry sheet: the import compares headers exactly.
fn csv(rows: &[Vec<String>], guarded: bool) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        let cells = row.iter().map(|cell| if guarded { escape_csv_formula(cell) } else { cell.clone() });
        // Writing to a `Vec` cannot fail.
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}
