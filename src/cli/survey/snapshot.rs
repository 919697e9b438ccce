//! `puzhi survey snapshot`: counts the responses and writes the results file next to the survey's page.
//!
//! Input: [`SnapshotArgs`], the survey, its responses and the existing results file. Output: the new results file and a summary.
//! Counting and disclosure control are in `puzhi_survey`; this file only checks that the build will accept the file.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::{Path, PathBuf};

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use super::site_survey::{AnswerSource, Recorded, SiteSurvey, write_result_file};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::results::{NoClaim, Results, WaveResults, read_results, results_path, verdict};
use puzhi_core::kinds::{Survey, TargetValue};
use puzhi_survey::provenance;
use puzhi_survey::snapshot::{RecountPolicy, SnapshotNote, snapshot_by_method};
use puzhi_survey::store::{Relabelled, StoreError};

#[derive(Debug, clap::Args)]
pub struct SnapshotArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    #[command(flatten)]
    from: AnswerSource,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 已公布的结果也全部重新统计 (count everything again, whatever was published)
    #[arg(long)]
    renew: bool,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &SnapshotArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let site_survey = SiteSurvey::read(&args.root, &args.id, lang)?;
    let (Some(survey), Some(path)) = (site_survey.survey(), results_path(site_survey.path())) else {
        return Err(ExitStatus::Usage);
    };
    let responses = args.from.responses(&args.id, lang)?;
    let recorded = args.from.recorded(&args.id, lang)?;
    refuse_relabelled(survey, &recorded, lang)?;
    let published = published(&args.root, &path);
    let policy = if args.renew { RecountPolicy::RecountAll } else { RecountPolicy::KeepPublished };
    let methods = args.from.methods(&args.id, lang)?;
    let (mut results, notes) = snapshot_by_method(survey, responses, published.as_ref(), policy, &methods);
    match &recorded {
        Recorded::Store(waves) => provenance::record(&mut results, published.as_ref(), survey, waves, &notes),
        Recorded::File(samples) => {
            results.waves.iter_mut().filter(|w| samples.get(&w.id) == Some(&None)).for_each(provenance::withhold_claims)
        }
    }
    unrecorded_waves(&recorded).iter().for_each(|wave| print_error(&unrecorded_message(&args.id, wave, lang)));
    notes.iter().for_each(|note| print_error(&note_message(note, lang)));
    let text = results.to_json();
    // Do not write a results file that the build would reject.
    let (checked, diags) = read_results(&SourceText::new(&path, &text));
    if checked.as_ref() != Some(&results) {
        print_error(&match lang {
            Lang::Zh => format!("统计出来的结果自相矛盾，没有写入：{} 条问题", diags.len()),
            Lang::En => format!("the results contradict themselves and are not written: {} findings", diags.len()),
        });
        return Err(ExitStatus::ContentErrors);
    }
    write_result_file(&args.root.join(path.as_str()), &text, lang)?;
    let mut out = match lang {
        Lang::Zh => format!("已写入 {path}\n"),
        Lang::En => format!("{path} written\n"),
    };
    results.waves.iter().for_each(|wave| out.push_str(&summary(wave, survey.target.as_ref(), lang)));
    if site_survey.results_key().is_some() {
        out.push_str(&lang.pick(
            format!("site.yaml 写了 results_key：核对以后签名才能生成网站，puzhi survey sign {} --db 数据库 --key 密钥文件\n", args.id),
            format!("site.yaml has a results_key: sign before the site builds, with puzhi survey sign {} --db DB --key FILE\n", args.id),
        ));
    }
    if results.waves.is_empty() {
        out.push_str(match lang {
            Lang::Zh => "还没有一份计入的答卷\n",
            Lang::En => "no answer counts yet\n",
        });
    }
    print_stdout(&out);
    Ok(ExitStatus::Success)
}

/// Refuses to count when the page declares a wave other than it was recorded with its first answers.
fn refuse_relabelled(survey: &Survey, recorded: &Recorded, lang: Lang) -> Result<(), ExitStatus> {
    let found = match recorded {
        Recorded::Store(waves) => provenance::first_relabelled(survey, waves),
        Recorded::File(samples) => survey.all_waves().into_iter().find_map(|wave| {
            let recorded = samples.get(&wave.id).copied().flatten().filter(|recorded| *recorded != wave.sample)?;
            let (recorded, declared) = (recorded.as_str().to_string(), wave.sample.as_str().to_string());
            Some(Relabelled { wave: wave.id, field: "sample", recorded, declared })
        }),
    };
    let Some(found) = found else { return Ok(()) };
    print_error(&StoreError::Relabelled(found).message(lang));
    Err(ExitStatus::ContentErrors)
}

/// Waves with answers whose sample type was not recorded.
fn unrecorded_waves(recorded: &Recorded) -> Vec<String> {
    match recorded {
        Recorded::Store(waves) => waves
            .iter()
            .filter(|(_, wave)| wave.sample.is_none() && wave.purged.is_none())
            .map(|(id, _)| id.clone())
            .collect(),
        Recorded::File(samples) => {
            samples.iter().filter(|(_, sample)| sample.is_none()).map(|(id, _)| id.clone()).collect()
        }
    }
}

fn unrecorded_message(id: &str, wave: &str, lang: Lang) -> String {
    lang.pick(
        format!(
            "批次“{wave}”的答卷是旧版本存的，没有记录样本类型，不能判断是否达标。核对当时怎样抽的样，再运行 puzhi survey adopt {id} --wave {wave} --why 理由"
        ),
        format!(
            "the answers of wave \"{wave}\" were stored by an earlier version without their sample type, so no target counts as reached. Check how the sample was drawn, then run puzhi survey adopt {id} --wave {wave} --why REASON"
        ),
    )
}

/// The existing results file. `None` if it is missing or invalid; it is then written from scratch.
fn published(root: &Path, path: &SitePath) -> Option<Results> {
    let text = std::fs::read_to_string(root.join(path.as_str())).ok()?;
    read_results(&SourceText::new(path, &text)).0
}

fn summary(wave: &WaveResults, target: Option<&TargetValue>, lang: Lang) -> String {
    let verdict = verdict(wave, target);
    let share = wave
        .awareness
        .as_ref()
        .and_then(|f| f.share)
        .map_or_else(|| "—".to_string(), |share| format!("{:.1}%", share * 100.0));
    match lang {
        Lang::Zh => format!("{}（{}）：{} 份，{share}，{}\n", wave.id, wave.sample.zh(), wave.n, verdict.zh()),
        Lang::En => format!("{} ({}): {} answers, {share}, {}\n", wave.id, wave.sample.as_str(), wave.n, verdict.en()),
    }
}

fn note_message(note: &SnapshotNote, lang: Lang) -> String {
    match (note, lang) {
        (SnapshotNote::UnknownWave { wave, responses }, Lang::Zh) => {
            format!("有 {responses} 份答卷属于批次“{wave}”，问卷里没有这个批次，没有统计")
        }
        (SnapshotNote::UnknownWave { wave, responses }, Lang::En) => {
            format!(
                "{responses} answers belong to a wave \"{wave}\" that the survey does not have; they are not counted"
            )
        }
        (SnapshotNote::KeptEarlierWording { wave }, Lang::Zh) => {
            format!("批次“{wave}”回答的是改动前的题目，保留当时公布的结果")
        }
        (SnapshotNote::KeptEarlierWording { wave }, Lang::En) => {
            format!("wave \"{wave}\" answered an earlier wording; what was published then stands")
        }
        (SnapshotNote::MixedWordings { wave }, Lang::Zh) => {
            format!("批次“{wave}”里有答卷回答的是改动前的题目，它的数字不能和别次相比")
        }
        (SnapshotNote::MixedWordings { wave }, Lang::En) => {
            format!("some answers of wave \"{wave}\" are to an earlier wording; its figure compares with no other")
        }
        (SnapshotNote::KeptTooSmallDifference { wave }, Lang::Zh) => {
            format!(
                "批次“{wave}”比已公布的只差几份，重新公布会让人推算出这几份的答案，保留已公布的结果；一定要重新统计就加 --renew"
            )
        }
        (SnapshotNote::KeptTooSmallDifference { wave }, Lang::En) => {
            format!(
                "wave \"{wave}\" differs from what is published by a few answers, which the difference would tell; what is published stands. Use --renew to count again"
            )
        }
        (SnapshotNote::KeptSmallGroups { wave }, Lang::Zh) => {
            format!(
                "批次“{wave}”有的组人数很少，新的加权比例和已公布的放在一起，会让人推算出这些组里的人怎样答的，保留已公布的结果；已公布的还没有给别人看过，就加 --renew 重新统计"
            )
        }
        (SnapshotNote::KeptSmallGroups { wave }, Lang::En) => {
            format!(
                "some groups of wave \"{wave}\" are small, and the new weighted share beside the published one would tell of their members; what is published stands. If nobody has seen it yet, use --renew to count again"
            )
        }
        (SnapshotNote::NotWeighted { wave }, Lang::Zh) => {
            format!("批次“{wave}”的答卷和人口构成相差太大，加权没有收敛，不出比例")
        }
        (SnapshotNote::NotWeighted { wave }, Lang::En) => {
            format!("wave \"{wave}\" could not be weighted to the margins; it has no share")
        }
        (SnapshotNote::Uncovered { wave, groups }, Lang::Zh) => {
            format!("批次“{wave}”没有一份答卷来自{}；区间的下限把他们都当作不知晓", groups.join("、"))
        }
        (SnapshotNote::Uncovered { wave, groups }, Lang::En) => {
            format!("nobody of {} answered wave \"{wave}\"; the lower bound counts them as unaware", groups.join(", "))
        }
        (SnapshotNote::Merged { wave, options }, Lang::Zh) => {
            format!("批次“{wave}”加权时把{}合成一组，因为其中有的答卷太少", options.join("、"))
        }
        (SnapshotNote::Merged { wave, options }, Lang::En) => {
            format!("wave \"{wave}\" weights {} as one group, because few people chose one of them", options.join(", "))
        }
        (SnapshotNote::NoClaim { wave, reason }, lang) => no_claim_message(wave, *reason, lang),
        (SnapshotNote::MethodChanged { wave, parts }, Lang::Zh) => {
            let parts: Vec<&str> = parts.iter().map(|part| part.zh).collect();
            format!("批次“{wave}”收到第一份答卷以后改过{}，不给区间，也不判断是否达标；请改回去", parts.join("、"))
        }
        (SnapshotNote::MethodChanged { wave, parts }, Lang::En) => {
            let parts: Vec<&str> = parts.iter().map(|part| part.en).collect();
            format!(
                "after the first answer of wave \"{wave}\" {} changed; it has no interval and no verdict until that is undone",
                parts.join(", ")
            )
        }
    }
}

/// Why the design of a sample bears no claim, and what would mend it.
fn no_claim_message(wave: &str, reason: NoClaim, lang: Lang) -> String {
    let least = puzhi_core::kinds::results::MIN_FIRST_STAGE_UNITS;
    match (reason, lang) {
        (NoClaim::Design, Lang::Zh) => format!(
            "批次“{wave}”分几个阶段抽样，答卷里没有抽样单位，也没有声明设计效应，不给区间。导入时带上“抽样单位”一列，或者在“抽样设计”里写 单位数 和 设计效应"
        ),
        (NoClaim::Design, Lang::En) => format!(
            "wave \"{wave}\" was drawn in stages, and neither its answers name their units nor does the definition declare a design effect; it has no interval. Import the units, or give units and design_effect under design"
        ),
        (NoClaim::Incomplete, Lang::Zh) => {
            format!("批次“{wave}”有的答卷写明抽样层、单位或者权数，有的没有，不给区间。请把缺的补上")
        }
        (NoClaim::Incomplete, Lang::En) => {
            format!("only some answers of wave \"{wave}\" name their stratum, unit or weight; it has no interval")
        }
        (NoClaim::Units, Lang::Zh) => {
            format!("批次“{wave}”第一阶段不到 {least} 个抽样单位，方差算不准，不给区间")
        }
        (NoClaim::Units, Lang::En) => {
            format!(
                "wave \"{wave}\" has fewer than {least} first-stage units, too few for a variance; it has no interval"
            )
        }
        (NoClaim::Method, Lang::Zh) => format!("批次“{wave}”的方法在收到答卷以后改过"),
        (NoClaim::Method, Lang::En) => format!("the method of wave \"{wave}\" was changed after its first answer"),
        (NoClaim::Unrecorded, Lang::Zh) => format!("批次“{wave}”的答卷没有记录样本类型"),
        (NoClaim::Unrecorded, Lang::En) => format!("the sample type of wave \"{wave}\" was not recorded"),
    }
}
