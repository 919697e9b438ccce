//! `puzhi survey verify`: derives every published number from the store again.
//!
//! Input: [`VerifyArgs`], the survey's page, its results file, the database and, if asked, the built site. Output: one line a wave, and
//! the first field that differs. Finds what digests in the file alone cannot: an edit whose digests were computed again.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{Console, print_error, print_stdout};
use super::batches::hour_text;
use super::database::{parse_database_address, with_store};
use super::site_survey::SiteSurvey;
use puzhi_core::diag::{Lang, SourceText};
use puzhi_core::kinds::Survey;
use puzhi_core::kinds::results::{Results, WaveResults, read_results, results_path};
use puzhi_survey::provenance::{self, RecordedWave, recorded_waves};
use puzhi_survey::snapshot::{RecountPolicy, snapshot_by_method};
use puzhi_survey::store::{DatabaseAddress, IfMissing, StoreError};

#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// 问卷编号 (the survey's id)
    pub(super) id: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    pub(super) db: DatabaseAddress,
    /// 站点文件夹 (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// 生成好的网站，核对里面的 results.csv 和 results.json (a built site, whose results.csv and results.json are checked too)
    #[arg(long, value_name = "DIR")]
    pub(super) public: Option<PathBuf>,
    #[command(flatten)]
    pub(super) messages: MessageArgs,
}

/// What the check of one wave found.
enum Finding {
    /// Every number is that of the store.
    Verified,
    /// The file has no record for this wave.
    Unverified,
    /// The answers were deleted in this hour.
    Purged(i64),
    /// Answers came or went since the snapshot.
    AnswersChanged,
    /// The page's definition was changed since the snapshot.
    DefinitionChanged,
    /// A field is not what the store gives: path, value in the file, value from the store.
    Differs(Difference),
}

struct Difference {
    path: String,
    found: String,
    expected: String,
}

pub(super) fn run(args: &VerifyArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let site_survey = SiteSurvey::read(&args.root, &args.id, lang)?;
    let (Some(survey), Some(path)) = (site_survey.survey(), results_path(site_survey.path())) else {
        return Err(ExitStatus::Usage);
    };
    let text = std::fs::read_to_string(args.root.join(path.as_str())).map_err(|error| {
        print_error(&lang.pick(
            format!("读不了 {path}（{}）：先运行 puzhi survey snapshot {}", error.kind(), args.id),
            format!("cannot read {path} ({}): run puzhi survey snapshot {} first", error.kind(), args.id),
        ));
        ExitStatus::Io
    })?;
    let (results, diags) = read_results(&SourceText::new(&path, &text));
    let Some(results) = results else {
        Console::text(lang).print_diagnostics(&diags);
        return Err(ExitStatus::ContentErrors);
    };
    let (recorded, recount) = recount(args, survey, &results, lang)?;
    if let Some(found) = provenance::first_relabelled(survey, &recorded) {
        print_error(&StoreError::Relabelled(found).message(lang));
        return Err(ExitStatus::ContentErrors);
    }
    let mut good = true;
    for wave in &results.waves {
        let finding = check(wave, recount.waves.iter().find(|w| w.id == wave.id), recorded.get(&wave.id));
        good &= matches!(finding, Finding::Verified | Finding::Purged(_));
        let line = message(&wave.id, &finding, lang);
        if matches!(finding, Finding::Differs(_)) { print_error(&line) } else { print_stdout(&format!("{line}\n")) }
    }
    for missing in recount.waves.iter().filter(|wave| !results.waves.iter().any(|w| w.id == wave.id)) {
        good = false;
        print_error(&lang.pick(
            format!("{}：有答卷，结果文件里没有这个批次", missing.id),
            format!("{}: it has answers and is not in the results", missing.id),
        ));
    }
    if let Some(public) = &args.public {
        good &= check_published_files(&site_survey, public, lang);
    }
    Ok(if good { ExitStatus::Success } else { ExitStatus::ContentErrors })
}

/// What the store recorded, and the results that its answers give now.
fn recount(
    args: &VerifyArgs,
    survey: &Survey,
    published: &Results,
    lang: Lang,
) -> Result<(BTreeMap<String, RecordedWave>, Results), ExitStatus> {
    let (recorded, methods, responses) = with_store(&args.db, IfMissing::Fail, lang, |store| async move {
        let (batches, unrecorded) = store.batches(&args.id).await?;
        let fixed = store.fixed_waves(&args.id).await?;
        let methods: BTreeMap<String, String> = fixed.into_iter().map(|wave| (wave.wave, wave.method)).collect();
        let mut responses = Vec::new();
        store.for_each_response(&args.id, |response| responses.push(response)).await?;
        Ok((recorded_waves(&batches, &unrecorded), methods, responses))
    })?;
    let (mut results, notes) = snapshot_by_method(survey, responses, Some(published), RecountPolicy::Repeat, &methods);
    provenance::record(&mut results, None, survey, &recorded, &notes);
    Ok((recorded, results))
}

/// Compares a published wave with the recount.
fn check(wave: &WaveResults, again: Option<&WaveResults>, recorded: Option<&RecordedWave>) -> Finding {
    let Some(kept) = &wave.provenance else { return Finding::Unverified };
    if let Some(ended) = recorded.and_then(|recorded| recorded.purged) {
        return Finding::Purged(ended.hour);
    }
    let Some(again) = again else { return Finding::AnswersChanged };
    let Some(now) = &again.provenance else { return Finding::Unverified };
    if now.batches != kept.batches {
        return Finding::AnswersChanged;
    }
    let value =
        |wave: &WaveResults| serde_json::to_value(WaveResults { provenance: None, ..wave.clone() }).unwrap_or_default();
    match first_difference("", &value(wave), &value(again)) {
        None if now.definition != kept.definition => Finding::DefinitionChanged,
        None if now != kept => Finding::Differs(Difference {
            path: "provenance".into(),
            found: kept.snapshot.clone(),
            expected: now.snapshot.clone(),
        }),
        None => Finding::Verified,
        Some(_) if now.definition != kept.definition => Finding::DefinitionChanged,
        Some(found) => Finding::Differs(found),
    }
}

/// The first place in which two values differ.
fn first_difference(path: &str, found: &Json, expected: &Json) -> Option<Difference> {
    let at = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
    match (found, expected) {
        (Json::Object(a), Json::Object(b)) => {
            let mut names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            names.find_map(|name| {
                let of = |map: &serde_json::Map<String, Json>| map.get(name).cloned().unwrap_or_default();
                first_difference(&at(name), &of(a), &of(b))
            })
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| first_difference(&at(&i.to_string()), a, b))
        }
        _ => (found != expected).then(|| Difference {
            path: path.to_string(),
            found: found.to_string(),
            expected: expected.to_string(),
        }),
    }
}

fn message(wave: &str, finding: &Finding, lang: Lang) -> String {
    let (zh, en) = match finding {
        Finding::Verified => ("核对无误，每个数都和答卷一致".to_string(), "verified: every number is that of the answers".to_string()),
        Finding::Unverified => (
            "没有核验记录（旧格式，或者从文件统计的），没法核对；用 --db 重新运行 puzhi survey snapshot".into(),
            "unverified: the file has no record (an old file, or counted from a file); run puzhi survey snapshot with --db again".into(),
        ),
        Finding::Purged(hour) => (
            format!("答卷已于 {} 删除，公布的数字没法再从答卷核对", hour_text(*hour)),
            format!("the answers were deleted at {}; the numbers can no longer be derived from them", hour_text(*hour)),
        ),
        Finding::AnswersChanged => (
            "统计之后答卷有增减，没法逐个数核对；重新运行 puzhi survey snapshot".into(),
            "answers came or went since the snapshot; run puzhi survey snapshot again".into(),
        ),
        Finding::DefinitionChanged => (
            "统计之后改过问卷页（题目、判定、人口构成或者批次），没法核对；改回去，或者重新运行 puzhi survey snapshot".into(),
            "the page's definition changed since the snapshot; put it back or run puzhi survey snapshot again".into(),
        ),
        Finding::Differs(Difference { path, found, expected }) => (
            format!("{path} 和答卷不一致：文件里是 {found}，按答卷是 {expected}"),
            format!("{path} is not that of the answers: {found} in the file, {expected} from the store"),
        ),
    };
    lang.pick(format!("{wave}：{zh}"), format!("{wave}: {en}"))
}

/// Compares the files for download with what this site's results give. Returns whether they agree.
fn check_published_files(site_survey: &SiteSurvey, public: &std::path::Path, lang: Lang) -> bool {
    ["csv", "json"].into_iter().all(|extension| {
        let route = site_survey.published_route(extension);
        let file = public.join(route.as_str().trim_start_matches('/'));
        let wanted = site_survey.published_file(extension);
        let Ok(found) = std::fs::read_to_string(&file) else {
            print_error(&lang.pick(format!("读不了 {}", file.display()), format!("cannot read {}", file.display())));
            return false;
        };
        if found == wanted {
            return true;
        }
        let at = found.lines().zip(wanted.lines()).position(|(a, b)| a != b).unwrap_or(0);
        let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_string();
        let field = differing_column(&line(&found), &line(&wanted), &wanted);
        print_error(&lang.pick(
            format!(
                "{} 第 {} 行{field}和结果不一致：“{}”，应该是“{}”",
                file.display(),
                at + 1,
                line(&found),
                line(&wanted)
            ),
            format!(
                "{}:{}: {field} differs from the results: \"{}\", should be \"{}\"",
                file.display(),
                at + 1,
                line(&found),
                line(&wanted)
            ),
        ));
        false
    })
}

/// Name of the column in which two lines of a CSV file first differ; empty for another file.
fn differing_column(found: &str, wanted: &str, file: &str) -> String {
    let head: Vec<&str> = file.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().split(',').collect();
    let at = found.split(',').zip(wanted.split(',')).position(|(a, b)| a != b);
    at.filter(|_| head.len() > 1).and_then(|at| head.get(at)).map_or_else(String::new, |name| format!(" {name} "))
}
