//! What is made from the definition of the command line: `puzhi help`, `puzhi completions` and `puzhi man`.
//!
//! Input: the clap command. Output: text on standard output, or manual pages in a folder. Knows no command by name.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use clap::Command;

use puzhi_core::diag::{Diagnostic, codes};

use super::ExitStatus;
use super::args::{CompletionsArgs, HelpArgs, ManArgs, command};
use super::console::{Console, print_error, write_stdout};
use super::usage::{bilingual, unknown_command};

/// Prints the help of the command that `path` names.
pub(super) fn help(args: &HelpArgs) -> Result<ExitStatus, ExitStatus> {
    let mut root = bilingual(command());
    root.build();
    let mut found = &mut root;
    for name in &args.path {
        let Some(next) = found.find_subcommand(name).map(|sub| sub.get_name().to_string()) else {
            print_error(unknown_command(name, found, args.messages.lang()).trim_end());
            return Err(ExitStatus::Usage);
        };
        // Found above.
        let Some(sub) = found.find_subcommand_mut(&next) else { return Err(ExitStatus::Usage) };
        found = sub;
    }
    write_stdout(&found.render_help().to_string())?;
    Ok(ExitStatus::Success)
}

/// Prints the completion script of a shell.
pub(super) fn completions(args: &CompletionsArgs) -> Result<ExitStatus, ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "puzhi", &mut script);
    write_stdout(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Success)
}

/// Prints the manual page of the program, or writes those of all commands into a folder.
pub(super) fn man(args: &ManArgs) -> Result<ExitStatus, ExitStatus> {
    let Some(folder) = &args.out else {
        write_stdout(&manual_page(&command())?)?;
        return Ok(ExitStatus::Success);
    };
    let console: Console = args.messages.console();
    let unwritable = |error: std::io::Error| {
        let diag = Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", folder.display());
        console.fail(&[diag.io_cause(&error)], ExitStatus::Io)
    };
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let mut root = command();
    root.build();
    for (name, sub) in all_commands(&root, "") {
        std::fs::write(folder.join(format!("{name}.1")), manual_page(&sub)?).map_err(unwritable)?;
    }
    Ok(ExitStatus::Success)
}

/// The command and all below it, by the names of their pages: `puzhi`, `puzhi-survey`, `puzhi-survey-import`.
fn all_commands(command: &Command, above: &str) -> Vec<(String, Command)> {
    let name =
        if above.is_empty() { command.get_name().to_string() } else { format!("{above}-{}", command.get_name()) };
    let below: Vec<_> = command.get_subcommands().flat_map(|sub| all_commands(sub, &name)).collect();
    let own = command.clone().display_name(name.clone());
    [vec![(name, own)], below].concat()
}

fn manual_page(command: &Command) -> Result<String, ExitStatus> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(|_| ExitStatus::Io)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
