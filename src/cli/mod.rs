//! The command line: parses arguments, runs one command and returns an exit code.
//!
//! Input: the arguments. Output: text on standard output and standard error, and an [`ExitStatus`]. One file per command. This is the
//! only module that prints. It calls the other modules and contains none of their rules.

mod args;
mod build;
mod console;
mod events;
mod explain;
mod init;
mod kinds;
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
    let exit = match Args::try_parse_from(args) {
        Ok(args) => run_command(&args.command).unwrap_or_else(|exit| exit),
        Err(error) => {
            // clap returns help and version as errors, but the command succeeded.
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _ = error.print();
            if is_help { ExitStatus::Success } else { ExitStatus::Usage }
        }
    };
    ExitCode::from(exit as u8)
}

/// Runs one command. `Err` is the status of a command that stopped early; it has already printed the reason.
fn run_command(command: &Command) -> Result<ExitStatus, ExitStatus> {
    match command {
        Command::Build(args) => build::run(args),
        Command::Serve(args) => serve::run(args),
        Command::New(args) => new::run(args),
        Command::Init(args) => init::run(args),
        Command::Kinds(args) => kinds::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Events(EventsCommand::Record(args)) => events::record(args),
        Command::Ledger(args) => events::ledger(args),
        Command::Survey(command) => survey::run(command),
    }
}
