//! `puzhi survey plan`: computes the sample size that is needed to show that a target is reached.
//!
//! Input: [`PlanArgs`]. Output: text. Reads no site and no database; the calculation is in `puzhi_survey::stats`.

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::results::MIN_FIRST_STAGE_UNITS;
use puzhi_survey::stats::{FieldConditions, FieldPlan, PlanError, PowerTarget, plan_field};

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
    /// 设计效应：加权等会让样本打折扣；简单随机抽样是 1 (design effect, 1 for a simple random sample)
    #[arg(long, value_name = "DEFF", default_value_t = 1.0)]
    deff: f64,
    /// 先抽社区再抽人的，每个社区收多少份 (answers in each first-stage unit)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    unit_size: Option<u64>,
    /// 同一个社区的人有多像，组内相关系数 (intra-class correlation within units)
    #[arg(long, value_name = "ICC", default_value_t = 0.05, requires = "unit_size")]
    icc: f64,
    /// 估计的应答率，百分数 (expected response rate, per cent)
    #[arg(long, value_name = "PERCENT", default_value_t = 100.0)]
    response: f64,
    /// 调查对象一共多少人，人少时可以少收一些 (people in the population, for the finite population correction)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    population: Option<u64>,
    /// 分层，写 名称=人口，可写多个 (a stratum as NAME=POPULATION, may be repeated)
    #[arg(long, value_name = "NAME=N", value_parser = parse_stratum)]
    stratum: Vec<(String, f64)>,
    #[command(flatten)]
    messages: MessageArgs,
}

/// Parses `名称=人口`.
fn parse_stratum(written: &str) -> Result<(String, f64), String> {
    let found = written.split_once(['=', '＝']).and_then(|(name, share)| {
        let share: f64 = share.trim().trim_end_matches('%').parse().ok()?;
        (!name.trim().is_empty() && share > 0.0 && share.is_finite()).then(|| (name.trim().to_string(), share))
    });
    found.ok_or_else(|| "写成 名称=人口，例如 城区=180000 (NAME=POPULATION)".to_string())
}

pub(super) fn run(args: &PlanArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    if let Some((zh, en)) = looks_like_shares(args) {
        print_error(console.pick(&zh, &en));
        return Err(ExitStatus::Usage);
    }
    let aim = PowerTarget {
        target: args.target / 100.0,
        strict: args.strict,
        expect: args.expect / 100.0,
        power: args.power,
        deff: args.deff,
    };
    let field = FieldConditions {
        unit_size: args.unit_size,
        icc: args.icc,
        response: args.response / 100.0,
        population: args.population,
        strata: args.stratum.clone(),
    };
    let planned = plan_field(&aim, &field).map_err(|error| {
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

/// A question back, when a percentage was written as a share: nobody plans for a target of 0.85 %.
fn looks_like_shares(args: &PlanArgs) -> Option<(String, String)> {
    let names = [("--target", args.target), ("--expect", args.expect), ("--response", args.response)];
    let (name, value) = names.into_iter().find(|(_, value)| *value > 0.0 && *value <= 1.0)?;
    let percent = (value * 1e6).round() / 1e4;
    Some((
        format!("{name} 写百分数。{value} 是 {percent}% 吗？是就写 {name} {percent}"),
        format!("{name} is a percentage. Does {value} mean {percent} %? Then write {name} {percent}"),
    ))
}

fn plan_text_zh(args: &PlanArgs, planned: &FieldPlan) -> String {
    let FieldPlan { size, deff, n, least_aware, draw, units, strata } = planned;
    let (op, bound) = if args.strict { ("超过", "高于目标") } else { ("达到", "不低于目标") };
    let mut out = format!(
        "要收 {n} 份有效答卷。\n\n\
         目标{op} {}%，实际是 {}% 时，有 {:.1}% 的把握证明达标：95% 威尔逊区间的下限（向下取到 0.1%）{bound}。\n",
        args.target,
        args.expect,
        size.power * 100.0
    );
    let simple = size.simple_random_n;
    if *deff > 1.0 {
        out.push_str(&format!("简单随机抽样要 {simple} 份，乘设计效应 {}，得 {} 份。\n", short(*deff), size.n));
    }
    if args.population.is_some() {
        out.push_str("已按调查对象的总人数做有限总体修正；只有抽样设计里写明各阶段的大小，统计时才会同样修正。\n");
    }
    if let (Some(units), Some(each)) = (units, args.unit_size) {
        out.push_str(&format!(
            "抽 {units} 个社区，每个收 {each} 份；少于 {MIN_FIRST_STAGE_UNITS} 个不给区间。组内相关不到 0.02 的按 0.02 算。\n"
        ));
    }
    out.push_str(&format!("{n} 份里有 {least_aware} 份知晓，就算证明了。\n"));
    if size.first_sufficient_n < simple && *deff <= 1.0 {
        out.push_str(&format!(
            "把握随样本量锯齿形上升：{} 份时第一次够，但再多几份又可能不够；从 {simple} 份起都够。\n",
            size.first_sufficient_n
        ));
    }
    for stratum in strata {
        let units = stratum.units.map_or(String::new(), |units| format!("，抽 {units} 个社区"));
        out.push_str(&format!("{}：收 {} 份，请 {} 人{units}\n", stratum.name, stratum.n, stratum.draw));
    }
    out.push_str(&match args.response < 100.0 {
        true => format!("只对概率抽样有效。按 {}% 的应答率，要请 {draw} 人。\n", args.response),
        false => {
            "只对概率抽样有效。这是要收回的有效答卷数，发出的要多得多：除以估计的回收率，或者加 --response。\n".into()
        }
    });
    out
}

fn plan_text_en(args: &PlanArgs, planned: &FieldPlan) -> String {
    let FieldPlan { size, deff, n, least_aware, draw, units, strata } = planned;
    let (op, bound) = if args.strict { ("above", "exceeds") } else { ("at least", "meets") };
    let mut out = format!(
        "{n} valid answers are needed.\n\n\
         With a target of {op} {} % and a true share of {} %, the chance to show it is {:.1} %: the lower bound of the 95 % Wilson interval, rounded down to 0.1 %, {bound} the target.\n",
        args.target,
        args.expect,
        size.power * 100.0
    );
    let simple = size.simple_random_n;
    if *deff > 1.0 {
        out.push_str(&format!(
            "A simple random sample needs {simple}; times the design effect {} this is {}.\n",
            short(*deff),
            size.n
        ));
    }
    if args.population.is_some() {
        out.push_str("The finite population correction is applied; the analysis applies it only if the design gives the sizes of all stages.\n");
    }
    if let (Some(units), Some(each)) = (units, args.unit_size) {
        out.push_str(&format!(
            "Draw {units} units with {each} answers each; fewer than {MIN_FIRST_STAGE_UNITS} give no interval. A correlation below 0.02 counts as 0.02.\n"
        ));
    }
    out.push_str(&format!("{least_aware} aware of {n} show it.\n"));
    if size.first_sufficient_n < simple && *deff <= 1.0 {
        out.push_str(&format!(
            "The power rises in a sawtooth: {} is the first size that has it, but some above it do not; from {simple} on all do.\n",
            size.first_sufficient_n
        ));
    }
    for stratum in strata {
        let units = stratum.units.map_or(String::new(), |units| format!(", {units} units"));
        out.push_str(&format!("{}: {} answers, {} people to draw{units}\n", stratum.name, stratum.n, stratum.draw));
    }
    out.push_str(&match args.response < 100.0 {
        true => format!("This holds for probability samples only. At a response rate of {} %, {draw} people must be asked.\n", args.response),
        false => "This holds for probability samples only. Far more people must be asked: divide by the response rate you expect, or give --response.\n".into(),
    });
    out
}

/// At most three decimals.
fn short(number: f64) -> String {
    ((number * 1000.0).round() / 1000.0).to_string()
}

fn plan_error_message(error: PlanError) -> (&'static str, &'static str) {
    match error {
        PlanError::OutOfRange => (
            "目标、估计和应答率写 0 到 100 之间的百分数，把握和组内相关写 0 到 1 之间的数，设计效应写 1 以上的数",
            "target, expectation and response rate are per cents between 0 and 100, power and correlation lie between 0 and 1, the design effect is 1 or more",
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
