//! The command line: arguments in, exit codes out; the only room that prints.
//!
//! One file for each command. [`ExitStatus`] lists the exit codes. Knows every other room, and holds no rule of theirs.

mod args;
mod build;
mod console;
mod events;
mod explain;
mod init;
mod new;
mod replace_file;
mod serve;
mod site;
mod survey;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

pub use args::command;
use args::{Args, Command, EventsCommand};

/// The exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// The command did what it was asked to.
    Success = 0,
    /// Content has errors; with `--keep-going` and the like, good content was used all the same.
    ContentErrors = 1,
    /// Wrong arguments, or settings that cannot be used.
    Usage = 2,
    /// Reading or writing failed.
    Io = 3,
}

/// Runs the program. The first of `args` is its own name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let exit = match Args::try_parse_from(args) {
        Ok(args) => run_command(&args.command).unwrap_or_else(|exit| exit),
        Err(error) => {
            // Help and version are answers, not mistakes.
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _ = error.print();
            if is_help { ExitStatus::Success } else { ExitStatus::Usage }
        }
    };
    ExitCode::from(exit as u8)
}

/// Runs one command. `Err` is the status of a command that ended before its work was done; it has printed why.
fn run_command(command: &Command) -> Result<ExitStatus, ExitStatus> {
    match command {
        Command::Build(args) => build::run(args),
        Command::Serve(args) => serve::run(args),
        Command::New(args) => new::run(args),
        Command::Init(args) => init::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Events(EventsCommand::Record(args)) => events::record(args),
        Command::Ledger(args) => events::ledger(args),
        Command::Survey(command) => survey::run(command),
    }
}
