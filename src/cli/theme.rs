//! `puzhi theme export`: writes the files of the embedded theme, so that a site can change them.
//!
//! Input: [`ThemeExportArgs`]. Output: files in a folder, and a summary on standard output. Never writes over a file: one that is there is
//! left alone, and reported if it is another one. Does not know what the files mean.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::theme::{EMBEDDED_THEME, embedded_files};
use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::ThemeExportArgs;
use super::console::print_stdout;

/// What an export did.
#[derive(Debug, Default)]
struct Exported {
    written: usize,
    /// Files that were there with the theme's own text.
    equal: usize,
    /// Findings about files that were there with another text.
    kept: Vec<Diagnostic>,
}

/// Writes the theme and prints where.
pub(super) fn run(args: &ThemeExportArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let own = args.root.path().join("themes").join(EMBEDDED_THEME);
    let folder = args.dir.as_deref().unwrap_or(&own);
    let Exported { written, equal, kept } = export(folder).map_err(|diag| console.fail(&[diag], ExitStatus::Io))?;
    console.print_diagnostics(&kept);
    let (shown, other) = (folder.display(), kept.len());
    print_stdout(&console.commands(console.pick(
        &format!(
            "自带的主题 {EMBEDDED_THEME} 在 {shown}：写了 {written} 个文件，{equal} 个本来就一样，{other} 个改过的没有动\n放在站点的 themes/{EMBEDDED_THEME} 里的，生成时用它，不再用自带的：程序更新以后，自带主题的新东西不会进来。\n只想改一两块，在站点的 templates 里写几行就够了，见 docs/theming.md。\n"
        ),
        &format!(
            "the embedded theme {EMBEDDED_THEME} is in {shown}: {written} files written, {equal} were there already, {other} changed ones left alone\nIn themes/{EMBEDDED_THEME} of a site it takes the place of the embedded one: a newer puzhi does not change it any more.\nTo change a part or two, a few lines in templates/ of the site will do: see docs/theming.md.\n"
        ),
    )));
    Ok(ExitStatus::Success)
}

/// Writes each file of the theme that is not in `folder` yet.
fn export(folder: &Path) -> Result<Exported, Diagnostic> {
    let mut done = Exported::default();
    for (path, bytes) in embedded_files() {
        let file = folder.join(path);
        let unwritable = |error: std::io::Error| {
            Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", file.display()).io_cause(&error)
        };
        file.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(unwritable)?;
        // Fails where something is, even a link to nowhere.
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(mut new) => {
                new.write_all(bytes).map_err(unwritable)?;
                done.written += 1;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if holds(&file, bytes) {
                    done.equal += 1;
                } else {
                    done.kept.push(Diagnostic::new(&codes::start::THEME_FILE_KEPT).arg("path", file.display()));
                }
            }
            Err(error) => return Err(unwritable(error)),
        }
    }
    Ok(done)
}

/// Whether a file has these bytes. Line ends of Windows count as those of Unix, since Git may change them.
fn holds(file: &Path, bytes: &[u8]) -> bool {
    let size = std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file).map(|found| found.len());
    // A carriage return for each line is the most that the same text can have more.
    let fits = size.is_some_and(|size| size >= bytes.len() as u64 && size <= 2 * bytes.len() as u64);
    fits && std::fs::read(file).is_ok_and(|found| found == bytes || without_returns(&found) == bytes)
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let ends = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|at| !ends(*at)).map(|at| bytes[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_fills_in_what_is_missing_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let all = embedded_files().len();
        let first = export(folder.path()).unwrap();
        assert_eq!((first.written, first.equal, first.kept.len()), (all, 0, 0));
        for (path, bytes) in embedded_files() {
            assert_eq!(std::fs::read(folder.path().join(path)).unwrap(), &**bytes, "{path}");
        }
        let (mine, lines) = (folder.path().join("templates/base.html"), folder.path().join("templates/page.html"));
        std::fs::write(&mine, "我的").unwrap();
        let text = std::fs::read_to_string(&lines).unwrap();
        std::fs::write(&lines, text.replace('\n', "\r\n")).unwrap();
        std::fs::remove_file(folder.path().join("theme.yaml")).unwrap();
        let second = export(folder.path()).unwrap();
        assert_eq!((second.written, second.equal, second.kept.len()), (1, all - 2, 1));
        assert_eq!(std::fs::read_to_string(&mine).unwrap(), "我的");
    }
}
