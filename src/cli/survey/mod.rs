//! `puzhi survey …`: one file for each subcommand, with its arguments.

mod plan;

use clap::Subcommand;

use super::Exit;

// A subcommand exists when its line is here, its arm is in `run`, and its file is in this folder.
#[derive(Debug, Subcommand)]
pub enum SurveyCommand {
    /// 要收多少份答卷，才证明得了达标 (how many answers it takes to show that a target is reached)
    Plan(plan::PlanArgs),
}

pub(super) fn run(command: &SurveyCommand) -> Exit {
    match command {
        SurveyCommand::Plan(args) => plan::run(args),
    }
}
