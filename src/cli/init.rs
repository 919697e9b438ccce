//! `puzhi init`: writes a small complete site with placeholders to fill in.
//!
//! Input: [`InitArgs`]. Output: the files of a new site, which `desk::new_site` makes. Overwrites nothing: the folder must be empty or
//! missing.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::Path;

use jiff::civil::Date;

use crate::desk::new_site::{NewSiteAnswers, new_site_files};
use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::InitArgs;
use super::console::print_stdout;

/// Writes the site and prints the next steps.
pub(super) fn run(args: &InitArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    // No settings exist yet; use the default time zone of the settings.
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
    let today = jiff::Timestamp::now().to_zoned(zone).date();
    write_site(&args.dir, today).map_err(|diag| {
        let exit = if *diag.code == codes::start::FOLDER_IN_USE { ExitStatus::Usage } else { ExitStatus::Io };
        console.fail(&[diag], exit)
    })?;
    let folder = args.dir.display().to_string();
    let dir = quoted(&folder);
    print_stdout(&console.commands(console.pick(
        &format!(
            "新站点在 {folder}\n接下来：\n  1. 填写 {folder}/site.yaml，〔〕里的字换成您的\n  2. puzhi serve --root {dir} --open   边改边看\n  3. puzhi new 指南 标题 --root {dir}   写一篇新的\n"
        ),
        &format!(
            "the new site is in {folder}\nnext:\n  1. fill in {folder}/site.yaml, the words in 〔〕 are yours to replace\n  2. puzhi serve --root {dir} --open   to see every save\n  3. puzhi new guide TITLE --root {dir}   to write a page\n"
        ),
    )));
    Ok(ExitStatus::Success)
}

/// A folder's name as shells read it: in quotation marks where it holds a space.
fn quoted(name: &str) -> String {
    if name.contains(char::is_whitespace) { format!("\"{name}\"") } else { name.to_string() }
}

fn write_site(dir: &Path, today: Date) -> Result<(), Diagnostic> {
    let unwritable = |path: &str, error: std::io::Error| {
        Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", path).io_cause(&error)
    };
    let in_use = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => true,
        Err(error) => return Err(unwritable(&dir.display().to_string(), error)),
    };
    if in_use {
        return Err(Diagnostic::new(&codes::start::FOLDER_IN_USE).arg("folder", dir.display()));
    }
    for (path, text) in new_site_files(today, &NewSiteAnswers::default()) {
        let raw = dir.join(path);
        let made = raw.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&raw, text)).map_err(|error| unwritable(path, error))?;
    }
    Ok(())
}
