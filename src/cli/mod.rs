//! Arguments to commands to exit codes; the only place that prints.
//!
//! Exit codes: 0 done; 1 content has errors; 2 usage or settings cannot be read; 3 reading or writing failed.

mod args;
mod build;
mod events;
mod explain;
mod init;
mod new;
mod serve;
mod survey;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

pub use args::{Args, command};
use args::{Command, EventsCommand};

/// What the process says of itself when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    Success = 0,
    ContentErrors = 1,
    Usage = 2,
    Io = 3,
}

/// Runs the program with these arguments.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let exit = match Args::try_parse_from(args) {
        Ok(args) => match args.command {
            Command::Build(options) => build::run(&options),
            Command::Serve(options) => serve::run(&options),
            Command::New(options) => new::run(&options),
            Command::Init(options) => init::run(&options),
            Command::Explain(options) => explain::run(&options),
            Command::Events(EventsCommand::Record(options)) => events::record(&options),
            Command::Ledger(options) => events::ledger(&options),
            Command::Survey(command) => survey::run(&command),
        },
        Err(error) => {
            // Help and version are answers, not mistakes.
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _ = error.print();
            if is_help { ExitStatus::Success } else { ExitStatus::Usage }
        }
    };
    ExitCode::from(exit as u8)
}
