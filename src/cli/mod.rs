//! The command line: parses arguments, runs one command and returns an exit code.
//!
//! Input: the arguments. Output: text on standard output and standard error, and an [`ExitStatus`]. One file per command. This is the
//! only module that prints. It calls the other modules and contains none of their rules.

mod args;
mod build;
mod command_docs;
mod console;
mod desk;
mod events;
mod explain;
mod fix;
mod fix_store;
mod init;
mod kinds;
mod launch;
mod local_server;
mod new;
mod press;
mod release;
mod serve;
mod site;
mod survey;
mod theme;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;

pub use args::command;
use args::{Args, Command, EventsCommand, ReleaseCommand, ThemeCommand};
use console::{print_error, print_stdout, set_program};
use usage::UsageAnswer;

/// Exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// The command completed.
    Success = 0,
    /// Content has errors. With `--keep-going` or `--accept-partial`, the content without errors was used.
    ContentErrors = 1,
    /// Invalid arguments or unusable settings.
    Usage = 2,
    /// Reading or writing failed.
    Io = 3,
}

/// Runs the program. `args` starts with the program's name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.len() <= 1 && launch::is_graphical() {
        let options = ["desk", "--open", "--until-closed", "--root"].map(OsString::from);
        args.extend(options.into_iter().chain([launch::folder().into_os_string()]));
    }
    if let Some(called) = args.first() {
        set_program(called);
    }
    let lang = usage::requested_lang(&args);
    let parsed = usage::bilingual(args::command()).try_get_matches_from(args);
    let exit = match parsed.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => run_command(&args.command).unwrap_or_else(|exit| exit),
        // clap returns help and version as errors, but the command succeeded.
        Err(error) => match usage::answer(&error, lang) {
            UsageAnswer::Asked(text) => {
                print_stdout(&text);
                ExitStatus::Success
            }
            UsageAnswer::Wrong(text) => {
                print_error(text.trim_end());
                ExitStatus::Usage
            }
        },
    };
    ExitCode::from(exit as u8)
}

/// Runs one command. `Err` is the status of a command that stopped early; it has already printed the reason.
fn run_command(command: &Command) -> Result<ExitStatus, ExitStatus> {
    match command {
        Command::Build(args) => build::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Desk(args) => desk::run(args),
        Command::Fix(args) => fix::run(args),
        Command::New(args) => new::run(args),
        Command::Init(args) => init::run(args),
        Command::Kinds(args) => kinds::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Events(EventsCommand::Record(args)) => events::record(args),
        Command::Release(ReleaseCommand::Record(args)) => release::record_release(args),
        Command::Release(ReleaseCommand::Diff(args)) => release::diff(args),
        Command::Press(args) => press::run(args),
        Command::Ledger(args) => events::ledger(args),
        Command::Survey(command) => survey::run(command),
        Command::Theme(ThemeCommand::Export(args)) => theme::run(args),
        Command::Help(args) => command_docs::help(args),
        Command::Completions(args) => command_docs::completions(args),
        Command::Man(args) => command_docs::man(args),
    }
}
