//! `puzhi survey compare`: lists the differences between two data entries of the same paper forms (double entry).
//!
//! Input: two CSV or XLSX files. Output: the differences on standard output; exit status 1 if there is any. Knows no survey: rows are
//! matched by serial number, columns by header.

use std::path::{Path, PathBuf};

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, write_stdout};
use super::import::read_limited;
use puzhi_core::diag::Lang;
use puzhi_survey::import::double_entry::{EntryComparison, compare_entries};
use puzhi_survey::import::{ImportTable, MAX_BYTES};

#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// 第一遍录入，CSV 或 XLSX (the first entry, CSV or XLSX)
    first: PathBuf,
    /// 第二遍录入 (the second)
    second: PathBuf,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &CompareArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let paths = [args.first.as_path(), args.second.as_path()];
    let table = |path: &Path| {
        let table = ImportTable::read(&read_limited(path, MAX_BYTES, lang)?);
        table.map_err(|trouble| {
            print_error(&format!("{}: {}", path.display(), trouble.message(lang)));
            ExitStatus::Usage
        })
    };
    // Read both files before returning an error, so that the errors of both are printed.
    let (first, second) = (table(paths[0]), table(paths[1]));
    let (first, second) = (first?, second?);
    let comparison = compare_entries(&first, &second).map_err(|side| {
        print_error(&match lang {
            Lang::Zh => format!("{}：没有序号的列（serial），没有办法一份一份地比", paths[side].display()),
            Lang::En => format!("{}: no column of serial numbers (serial) to compare by", paths[side].display()),
        });
        ExitStatus::Usage
    })?;
    write_stdout(&comparison_text(&comparison, paths, lang))?;
    Ok(if comparison.is_equal() { ExitStatus::Success } else { ExitStatus::ContentErrors })
}

fn comparison_text(comparison: &EntryComparison, paths: [&Path; 2], lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    for difference in &comparison.cells {
        line(difference.message(lang));
    }
    for (side, path) in paths.iter().enumerate() {
        let file = path.display();
        for (serial, row) in &comparison.only_in[side] {
            line(if zh {
                format!("序号 {serial} 只在 {file}（第 {row} 行）")
            } else {
                format!("serial {serial} is only in {file} (row {row})")
            });
        }
        for header in &comparison.columns_only_in[side] {
            line(if zh {
                format!("列“{header}”只在 {file}")
            } else {
                format!("column \"{header}\" is only in {file}")
            });
        }
        for row in &comparison.rows_without_serial[side] {
            line(if zh {
                format!("{file} 第 {row} 行没有序号，或者序号和前面的重复")
            } else {
                format!("{file}, row {row}: no serial, or one used before")
            });
        }
    }
    let (both, cells) = (comparison.matched, comparison.cells.len());
    line(match (zh, comparison.is_equal()) {
        (true, true) => format!("两遍录入一致：{both} 份"),
        (true, false) => format!("两边都有的 {both} 份，{cells} 处不同"),
        (false, true) => format!("both entries agree: {both} sheets"),
        (false, false) => format!("{both} sheets in both, {cells} cells differ"),
    });
    out
}
