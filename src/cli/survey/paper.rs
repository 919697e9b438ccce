//! `puzhi survey paper`: the printable form of a survey, and the sheet its answers are typed into.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::ExitStatus;
use super::super::args::MessageLang;
use super::super::build::{Console, build_clock, read_settings};
use crate::catalog::KindFacts;
use crate::pipeline::{Options, prepare};
use crate::source::scan;
use crate::view::{Site, qr_svg};
use puzhi_core::base::escape_csv_formula;
use puzhi_core::diag::{Diagnostic, Lang};
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
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

pub(super) fn run(args: &PaperArgs) -> ExitStatus {
    let console = Console { lang: args.lang.into(), json: false };
    let usage = |diags: Vec<Diagnostic>| {
        console.print_diagnostics(&diags);
        ExitStatus::Usage
    };
    let (settings, mut found) = match read_settings(&args.root, args.base_url.as_deref(), false) {
        Ok(read) => read,
        Err(diags) => return usage(diags),
    };
    let clock = match build_clock(None, &settings) {
        Ok(clock) => clock,
        Err(diag) => return usage(vec![diag]),
    };
    let (files, more) = scan(&args.root, &settings.theme);
    found.extend(more);
    // Errors on other pages do not keep anybody from printing this one; a draft may be printed to be tried out.
    let options = Options { keep_going: true, drafts: true, ..Options::default() };
    let mut prepared = prepare(&Arc::new(files), found, &Arc::new(settings), clock, &options);
    let files_to_write = prepared.site.as_ref().and_then(|(views, _)| paper_files(&views.site, &args.id));
    let Some(files_to_write) = files_to_write else {
        prepared.diags.retain(|d| d.is_error());
        console.print_diagnostics(&prepared.diags);
        let known = prepared.site.iter().flat_map(|(views, _)| ids(&views.site)).collect::<Vec<_>>().join("、");
        return print_error(&match console.lang {
            Lang::Zh => format!("没有编号是“{}”的问卷。现有的问卷：{known}", args.id),
            Lang::En => format!("there is no survey with the id \"{}\"; there are: {known}", args.id),
        });
    };
    for (name, bytes) in &files_to_write {
        if let Err(error) = write(&args.out, name, bytes) {
            let path = args.out.join(name);
            print_error(&match console.lang {
                Lang::Zh => format!("写不进 {}：{error}", path.display()),
                Lang::En => format!("cannot write {}: {error}", path.display()),
            });
            return ExitStatus::Io;
        }
    }
    let names: Vec<String> = files_to_write.iter().map(|(name, _)| args.out.join(name).display().to_string()).collect();
    // Nobody is left to tell when the pipe is closed.
    let _ = match console.lang {
        Lang::Zh => writeln!(
            std::io::stdout(),
            "已写入：\n{}\n第一个用浏览器打开来打印，第二个用来录入，第三个说明每一列填什么。",
            names.join("\n")
        ),
        Lang::En => writeln!(
            std::io::stdout(),
            "written:\n{}\nPrint the first from a browser, type answers into the second; the third explains its columns.",
            names.join("\n")
        ),
    };
    ExitStatus::Success
}

fn print_error(text: &str) -> ExitStatus {
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitStatus::Usage
}

/// Ids of the site's surveys, in its first language.
fn ids(site: &Site) -> Vec<String> {
    let of = |page| match &site.catalog.page(page).facts {
        KindFacts::Survey(survey) => survey.id.as_ref().map(|id| id.value.clone()),
        _ => None,
    };
    let mut ids: Vec<String> = site.catalog.page_ids().filter_map(of).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// File names with their bytes: the form, the entry sheet, what its columns take.
fn paper_files(site: &Site, id: &str) -> Option<[(String, Vec<u8>); 3]> {
    let page = site.survey_page(id, 0)?;
    let content = site.resolved_doc(page);
    let KindData::Survey(survey) = &content.doc.kind else { return None };
    let meta = site.catalog.page(page);
    let url = site.permalink(&site.url(page));
    let lang = site.settings.languages[meta.lang].tag.clone();
    let zh = site.is_zh(meta.lang);
    let paper = PaperForm {
        title: meta.title.clone(),
        qr_html: url.as_deref().and_then(|url| qr_svg(url, &meta.title)),
        url,
        online: site.settings.survey.form_action(id).is_some(),
        lang,
        place: site.settings.survey.place.clone(),
        phone: site.settings.survey.phone.clone(),
    };
    let columns = entry_sheet_columns(survey);
    let header: Vec<Vec<String>> = vec![columns.iter().map(|c| c.header.clone()).collect()];
    // Ids may be of any script, but never hold a separator.
    Some([
        (format!("{id}.html"), render_paper_form(survey, &paper).into_bytes()),
        (format!("{id}-entry.csv"), csv(&header, false)),
        (format!("{id}-entry-guide.csv"), csv(&guide(survey, &columns, zh), true)),
    ])
}

/// What to type into each column.
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

/// CSV that office programs take for UTF-8. With `guarded`, what they would take for a formula is made a text; a header that an
/// import reads must stay as it is.
fn csv(rows: &[Vec<String>], guarded: bool) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        let cells = row.iter().map(|cell| if guarded { escape_csv_formula(cell) } else { cell.clone() });
        // Writing to memory cannot fail.
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}

/// Puts the file in place whole or not at all.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{name}.new"));
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, folder.join(name)))
        .inspect_err(|_| drop(std::fs::remove_file(&beside)))
}
