//! `puzhi survey plan`: computes the sample size that is needed to show that a target is reached.
//!
//! Input: [`PlanArgs`]. Output: text. Reads no site and no database; the calculation is in `puzhi_survey::stats`.

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use puzhi_core::diag::Lang;
use puzhi_survey::stats::{PlanError, PowerTarget, SampleSizePlan, plan_sample_size};

#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    /// 目标，百分数 (the target, per cent)
    #[arg(long, value_name = "PERCENT")]
    target: f64,
    /// 目标写的是“超过”，正好等于不算达到 (the target is to be exceeded)
    #[arg(long)]
    strict: bool,
    /// 估计实际有多少，百分数；要高于目标 (the share one expects, per cent; above the target)
    #[arg(long, value_name = "PERCENT")]
    expect: f64,
    /// 实际真有那么多时，证明得了的把握 (the chance of showing it)
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    power: f64,
    /// 设计效应：整群抽样、加权会让样本打折扣；简单随机抽样是 1 (design effect, 1 for a simple random sample)
    #[arg(long, value_name = "DEFF", default_value_t = 1.0)]
    deff: f64,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &PlanArgs) -> Result<ExitStatus, ExitStatus> {
    let aim = PowerTarget {
        target: args.target / 100.0,
        strict: args.strict,
        expect: args.expect / 100.0,
        power: args.power,
        deff: args.deff,
    };
    let console = args.messages.console();
    let planned = plan_sample_size(&aim).map_err(|error| {
        let (zh, en) = plan_error_message(error);
        print_error(console.pick(zh, en));
        ExitStatus::Usage
    })?;
    print_stdout(&match console.lang {
        Lang::Zh => plan_text_zh(args, &planned),
        Lang::En => plan_text_en(args, &planned),
    });
    Ok(ExitStatus::Success)
}

fn plan_text_zh(args: &PlanArgs, planned: &SampleSizePlan) -> String {
    let SampleSizePlan { n, simple_random_n: simple, first_sufficient_n: first, power, least_aware } = planned;
    let op = if args.strict { "超过" } else { "达到" };
    let mut out = format!(
        "要收 {n} 份有效答卷。\n\n\
         目标{op} {}%，实际是 {}% 时，有 {:.1}% 的把握证明达标：95% 威尔逊区间的下限不低于目标。\n",
        args.target,
        args.expect,
        power * 100.0
    );
    if args.deff > 1.0 {
        out.push_str(&format!("简单随机抽样要 {simple} 份，乘设计效应 {}，得 {n} 份。\n", args.deff));
    }
    out.push_str(&format!("{simple} 份里有 {least_aware} 份知晓，就算证明了。\n"));
    if first < simple {
        out.push_str(&format!(
            "把握随样本量锯齿形上升：{first} 份时第一次够，但再多几份又可能不够；从 {simple} 份起都够。\n"
        ));
    }
    out.push_str("只对概率抽样有效。这是要收回的有效答卷数，发出的要多得多：除以估计的回收率。\n");
    out
}

fn plan_text_en(args: &PlanArgs, planned: &SampleSizePlan) -> String {
    let SampleSizePlan { n, simple_random_n: simple, first_sufficient_n: first, power, least_aware } = planned;
    let op = if args.strict { "above" } else { "at least" };
    let mut out = format!(
        "{n} valid answers are needed.\n\n\
         With a target of {op} {} % and a true share of {} %, the chance to show it is {:.1} %: the lower bound of the 95 % Wilson interval meets the target.\n",
        args.target,
        args.expect,
        power * 100.0
    );
    if args.deff > 1.0 {
        out.push_str(&format!(
            "A simple random sample needs {simple}; times the design effect {} this is {n}.\n",
            args.deff
        ));
    }
    out.push_str(&format!("{least_aware} aware of {simple} show it.\n"));
    if first < simple {
        out.push_str(&format!(
            "The power rises in a sawtooth: {first} is the first size that has it, but some above it do not; from {simple} on all do.\n"
        ));
    }
    out.push_str("This holds for probability samples only. Far more people must be asked: divide by the response rate you expect.\n");
    out
}

fn plan_error_message(error: PlanError) -> (&'static str, &'static str) {
    match error {
        PlanError::OutOfRange => (
            "目标和估计写 0 到 100 之间的百分数，把握写 0 到 1 之间的数，设计效应写 1 以上的数",
            "target and expectation are per cents between 0 and 100, the power lies between 0 and 1, the design effect is 1 or more",
        ),
        PlanError::ExpectedNotAboveTarget => (
            "估计的数不高于目标，收多少份也证明不了达标",
            "what is expected does not lie above the target: no sample shows it",
        ),
        PlanError::TooMany => (
            "估计的数和目标太接近，要收上百万份才分得清",
            "what is expected is too close to the target: it would take a million answers to tell them apart",
        ),
    }
}
