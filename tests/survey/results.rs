//! From answers to published results and reports, through the program itself.

mod tables;

use std::path::{Path, PathBuf};
use std::process::Output;

use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::answers::Answers;
use puzhi_core::kinds::results::{
    DesignBasis, IntervalKind, Results, TableBasis, TargetVerdict, figure_verdict, read_results, round_down, round_up,
};
use puzhi_core::kinds::{
    CollectionMode, FrontMatterContext, KindData, KindName, Survey, read_front_matter, split_front_matter,
};
use puzhi_survey::json_lines::to_json_line;
use puzhi_survey::snapshot::{RecountPolicy, SnapshotNote, snapshot};
use puzhi_survey::stats::{Proportion, newcombe_interval, t_quantile, wilson_interval, wilson_interval_at};
use puzhi_survey::store::{DatabaseAddress, IfMissing, ResponseRecord, Store};
use puzhi_survey::{Response, SampleUnit};

use crate::support::{puzhi, with_record};

const PAGE: &str = "---
kind: survey
title: 认知度调查
id: s
opens: 2027-04-01
closes: 2027-04-30
purpose: 了解知晓程度
conductor: 市市场监管局
population: 本市常住居民
target: {value: 85, op: ≥}
questions:
  - {id: heard, type: single, required: true, text: '您听说过“知识产权”吗？', options: [{id: know, text: 知道}, {id: only, text: 听过}, {id: never, text: 没有}]}
  - {id: topics, type: multiple, text: '想了解什么？<script>alert(1)</script>', options: [{id: p, text: '=专利'}, {id: t, text: 商标|版权}]}
  - {id: mark, type: scale, text: 打几分？}
background:
  - {id: street, type: single, text: 街道？, options: [{id: a, text: 甲街道}, {id: b, text: 乙街道}, {id: away, text: 外地}]}
awareness: {words: 第1题选前两项的计为知晓, question: heard, options: [know, only]}
counts_if: street != away
MARGINS
waves:
  - {id: p1, title: 第一次, sample: 概率, mode: 面访, opens: 2027-04-01, closes: 2027-04-10, frame: 户籍名册, strategy: 系统抽样, sponsor: 市政府, invited: 900, quality: 回访一成, limits: 不含流动人口}
  - {id: p2, title: 第二次, sample: 概率, mode: 面访, opens: 2027-04-11, closes: 2027-04-20}
  - {id: q, sample: 配额, mode: 电话}
  - {id: v, sample: 自愿, mode: 网络}
---
正文。
";

fn page(margins: &str) -> String {
    PAGE.replace("MARGINS\n", margins)
}

fn survey(text: &str) -> Survey {
    let path = SitePath::new("content/s.md").unwrap();
    let source = SourceText::new(&path, text);
    let puzhi_core::kinds::FrontMatterOf { own: kind, diags, .. } =
        read_front_matter(&source, split_front_matter(text).front, &FrontMatterContext::of(KindName::Survey));
    let (KindData::Survey(survey), []) = (kind, diags.as_slice()) else { panic!("{diags:?}") };
    *survey
}

/// `n` answers alike.
fn some(n: usize, wave: &str, answers: &str) -> Vec<Response> {
    let one = |at: usize| Response {
        id: *ContentHash::of(format!("{wave} {answers} {at}").as_bytes()).to_string().as_bytes().first_chunk().unwrap(),
        survey: "s".into(),
        wave: wave.into(),
        mode: if wave == "v" { CollectionMode::Web } else { CollectionMode::Face },
        hour: 501_900 + (at % 48) as i64,
        wording: survey(&page("")).wording(),
        answers: Answers::from_canonical(answers).unwrap(),
        sample: SampleUnit::default(),
    };
    (0..n).map(one).collect()
}

/// So many of 400 aware, spread over two streets.
fn of_400(wave: &str, aware: usize) -> Vec<Response> {
    let mut all = some(aware / 2, wave, r#"{"heard":"know","street":"a","mark":4}"#);
    all.extend(some(aware - aware / 2, wave, r#"{"heard":"only","street":"b","mark":5}"#));
    all.extend(some((400 - aware) / 2, wave, r#"{"heard":"never","street":"a","mark":4,"topics":["p"]}"#));
    all.extend(some(
        400 - aware - (400 - aware) / 2,
        wave,
        r#"{"heard":"never","street":"b","mark":5,"topics":["p","t"]}"#,
    ));
    all
}

fn counted(responses: Vec<Response>) -> Results {
    snapshot(&survey(&page("")), responses, None, RecountPolicy::KeepPublished).0
}

/// A site with the survey and its answers in a file.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(margins: &str, responses: &[Response]) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("content")).unwrap();
        std::fs::write(root.join("site.yaml"), "title: 示例站\nbase_url: https://example.org/\n").unwrap();
        std::fs::write(root.join("content/s.md"), page(margins)).unwrap();
        let site = Site { folder };
        site.answer(responses);
        site
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn answers(&self) -> PathBuf {
        self.root().join("answers.jsonl")
    }

    fn answer(&self, responses: &[Response]) {
        std::fs::write(self.answers(), responses.iter().map(to_json_line).collect::<String>()).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = puzhi();
        command.arg("survey").args(args).arg("--root").arg(self.root());
        if args[0] != "report" && !args.contains(&"--db") {
            command.arg("--from").arg(self.answers());
        }
        command.output().unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that takes no `--from`.
    fn done_without_answers(&self, args: &[&str]) -> String {
        let output = puzhi().arg("survey").args(args).arg("--root").arg(self.root()).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn results(&self) -> Results {
        let path = SitePath::new("content/s.results.json").unwrap();
        let text = std::fs::read_to_string(self.root().join(path.as_str())).unwrap();
        let (results, diags) = read_results(&SourceText::new(&path, &text));
        results.unwrap_or_else(|| panic!("{diags:?}"))
    }

    /// Makes the results those of a store that recorded the sample.
    fn record(&self) {
        let path = self.root().join("content/s.results.json");
        std::fs::write(&path, with_record(&std::fs::read_to_string(&path).unwrap())).unwrap();
    }

    fn reports(&self) -> Vec<(&'static str, String)> {
        ["html", "md", "csv", "json"]
            .into_iter()
            .map(|format| (format, self.done(&["report", "s", "--format", format])))
            .collect()
    }
}

#[test]
fn the_pair_at_the_edge_holds_from_answers_to_report() {
    for (aware, wanted, words) in [(353, TargetVerdict::Unproven, "未证实"), (354, TargetVerdict::Reached, "达标")]
    {
        let site = Site::new("", &of_400("p1", aware));
        let said = site.done(&["snapshot", "s"]);
        // Answers from a file have no record of their sample.
        assert!(said.contains(&format!("400 份，{:.1}%，不能判断是否达标", aware as f64 / 4.0)), "{said}");
        for (format, text) in site.reports() {
            assert!(!text.contains("可以说达标") && !text.contains(",reached"), "{format}: {text}");
        }
        site.record();
        let results = site.results();
        let wave = &results.waves[0];
        assert_eq!(figure_verdict(wave.sample, wave.awareness.as_ref(), survey(&page("")).target.as_ref()), wanted);
        let interval = wave.awareness.as_ref().unwrap().interval.unwrap();
        let (low, high) = wilson_interval(aware as f64 / 400.0, 400.0).unwrap();
        assert_eq!((interval.low, interval.high), (round_down(low), round_up(high)), "outwards, to 0.1 %");
        for (format, text) in site.reports() {
            let told = if format == "csv" { wanted.as_str() } else { words };
            assert!(text.contains(told), "{format}: {text}");
            assert!(!text.contains('±'), "{format}");
        }
    }
}

#[test]
fn a_report_has_the_strict_figure_if_the_survey_defines_one() {
    let site = Site::new("", &of_400("p1", 360));
    let strict = page("").replace("options: [know, only]}", "options: [know, only], strict: [know]}");
    std::fs::write(site.root().join("content/s.md"), strict).unwrap();
    site.done(&["snapshot", "s"]);
    for (format, text) in site.reports() {
        let told = text.contains("从严算，只数选“知道”的：180 人，占答了这一题的 400 人的 45.0%。");
        assert_eq!(told, format != "csv", "{format}: {text}");
    }
    std::fs::write(site.root().join("content/s.md"), page("")).unwrap();
    assert!(site.reports().iter().all(|(_, text)| !text.contains("从严")));
}

#[test]
fn answers_of_volunteers_never_get_an_interval_in_any_format() {
    let site =
        Site::new("margins: [{question: street, shares: {a: 50, b: 50}, source: 公报}]\n", &of_400("v", 396 - 20));
    site.done(&["snapshot", "s"]);
    let results = site.results();
    let wave = &results.waves[0];
    let figure = wave.awareness.as_ref().unwrap();
    assert_eq!((figure.share, figure.interval, &figure.weighting), (Some(0.94), None, &None));
    assert_eq!(
        figure_verdict(wave.sample, Some(figure), survey(&page("")).target.as_ref()),
        TargetVerdict::CannotCount
    );
    for (format, text) in site.reports() {
        for never in ["±", "置信", "区间 ", "%—", "：达标", "\"low\"", ",low,", "+/-"] {
            assert!(!text.contains(never), "{format} has {never}: {text}");
        }
        assert!(text.contains("94.0%") || text.contains("0.94"), "{format}");
        assert!(text.contains("不能计算抽样误差"), "{format}");
        assert_eq!(text.contains("愿意参加的人和全体调查对象（本市常住居民）可能不同"), format != "csv", "{format}");
    }
}

#[test]
fn a_quota_sample_rests_on_a_model_and_never_shows_the_target() {
    let results = counted(of_400("q", 400));
    let wave = &results.waves[0];
    let figure = wave.awareness.as_ref().unwrap();
    assert_eq!(figure.interval.unwrap().kind, IntervalKind::Model);
    assert_eq!(figure_verdict(wave.sample, Some(figure), survey(&page("")).target.as_ref()), TargetVerdict::ModelOnly);
    let site = Site::new("", &of_400("q", 380));
    site.done(&["snapshot", "s"]);
    for (format, text) in site.reports() {
        assert!(!text.contains("置信区间") && !text.contains('±'), "{format}");
        assert_eq!(text.contains("模型推算区间"), format != "csv", "{format}");
    }
}

#[test]
fn every_report_has_the_eleven_items() {
    let site = Site::new("", &of_400("p1", 354));
    site.done(&["snapshot", "s"]);
    let items = [
        "1 收集方法",
        "2 委托和实施",
        "3 题目",
        "4 调查对象",
        "5 样本来源",
        "6 方式",
        "7 日期",
        "8 样本量和精度",
        "9 加权",
        "10 数据核查",
        "11 局限",
    ];
    let texts = [
        "系统抽样",
        "委托：市政府；实施：市市场监管局",
        "本市常住居民",
        "抽样框：户籍名册",
        "邀请 900 人",
        "面访",
        "2027年4月1日",
        "有效答卷 400 份",
        "没有加权",
        "回访一成",
        "不含流动人口",
    ];
    for (format, text) in site.reports() {
        for wanted in items.iter().chain(&texts) {
            assert!(text.contains(wanted), "{format} lacks {wanted}");
        }
    }
}

#[test]
fn a_report_is_one_file_and_texts_stay_texts() {
    let site = Site::new("", &of_400("p1", 354));
    site.done(&["snapshot", "s"]);
    let reports = site.reports();
    let html = &reports[0].1;
    assert!(
        !html.contains("<script")
            && html.contains("&lt;script&gt;")
            && !html.contains("src=")
            && !html.contains("http"),
        "{html}"
    );
    assert!(html.contains("@media print") && html.contains("lang=\"zh-CN\""));
    let markdown = &reports[1].1;
    assert!(!markdown.contains("<script>") && markdown.contains("商标\\|版权"), "{markdown}");
    let csv = &reports[2].1;
    let mut rows = csv::ReaderBuilder::new().from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    assert!(
        rows.records().all(|row| row.is_ok_and(|row| row.iter().all(|cell| !cell.starts_with(['=', '+', '@'])))),
        "{csv}"
    );
    let json: serde_json::Value = serde_json::from_str(&reports[3].1).unwrap();
    assert_eq!(json["waves"][0]["awareness"]["aware"], 354);
    assert_eq!(json["waves"][0]["aapor"].as_array().map(Vec::len), Some(11));
}

#[test]
fn equal_answers_give_equal_bytes_whatever_their_order_and_ids() {
    let margins = "margins: [{question: street, shares: {a: 60, b: 40}, source: 公报}]\n";
    let responses = of_400("p1", 340);
    let site = Site::new(margins, &responses);
    site.done(&["snapshot", "s"]);
    let first = std::fs::read(site.root().join("content/s.results.json")).unwrap();
    let mut turned: Vec<Response> = responses.into_iter().rev().collect();
    turned.iter_mut().for_each(|r| r.id.reverse());
    site.answer(&turned);
    site.done(&["snapshot", "s"]);
    assert_eq!(std::fs::read(site.root().join("content/s.results.json")).unwrap(), first);
}

#[test]
fn weights_move_the_share_and_widen_the_interval() {
    // Street a: 90 of 100 aware; street b: 240 of 300. The population has as many of each.
    let mut all = some(90, "p1", r#"{"heard":"know","street":"a"}"#);
    all.extend(some(10, "p1", r#"{"heard":"never","street":"a"}"#));
    all.extend(some(240, "p1", r#"{"heard":"know","street":"b"}"#));
    all.extend(some(60, "p1", r#"{"heard":"never","street":"b"}"#));
    all.extend(some(50, "p1", r#"{"heard":"know","street":"away"}"#));
    let weighted = survey(&page("margins: [{question: street, shares: {a: 50, b: 50}, source: 公报}]\n"));
    let (results, notes) = snapshot(&weighted, all, None, RecountPolicy::KeepPublished);
    assert_eq!(notes, []);
    let wave = &results.waves[0];
    let figure = wave.awareness.as_ref().unwrap();
    let weighting = figure.weighting.as_ref().unwrap();
    assert_eq!((wave.n, figure.aware, figure.step), (400, Some(330), None), "those from elsewhere do not count");
    assert!((figure.share.unwrap() - 0.85).abs() < 1e-9 && weighting.converged && !weighting.trimmed);
    // Weights 2 and 2/3: Kish by hand is 400 (100 · 4 + 300 · 4/9) / 400² = 1.3333, rounded up.
    assert_eq!((weighting.deff, weighting.n_eff), (1.34, 298.0));
    let design = figure.design.as_ref().unwrap();
    assert_eq!((design.basis, design.deff, design.n_eff, design.df), (DesignBasis::Simple, 1.34, 298.0, Some(399)));
    let (low, high) = wilson_interval_at(0.85, 400.0 / 1.34, t_quantile(399.0)).unwrap();
    assert_eq!(figure.interval.map(|i| (i.low, i.high)), Some((round_down(low), round_up(high))));
    let street = wave.questions.iter().find(|q| q.id == "street").unwrap();
    assert_eq!(
        street.rows.iter().map(|r| (r.id.as_str(), r.n)).collect::<Vec<_>>(),
        [("a", Some(100)), ("b", Some(300))],
        "nobody from elsewhere can count"
    );
    assert_eq!(wave.crosses[0].groups[0].cells, [Some(90), Some(10)]);
}

#[test]
fn margins_that_cannot_be_met_give_no_share() {
    let mut all = some(12, "p1", r#"{"heard":"know","street":"a"}"#);
    all.extend(some(288, "p1", r#"{"heard":"know","street":"b"}"#));
    all.extend(some(100, "p1", r#"{"heard":"never","street":"b"}"#));
    let weighted = survey(&page("margins: [{question: street, shares: {a: 90, b: 10}, source: 公报}]\n"));
    let (results, notes) = snapshot(&weighted, all, None, RecountPolicy::KeepPublished);
    assert_eq!(notes, [SnapshotNote::NotWeighted { wave: "p1".into() }]);
    let figure = results.waves[0].awareness.as_ref().unwrap();
    assert_eq!((figure.share, figure.interval), (None, None));
    assert_eq!(figure_verdict(results.waves[0].sample, Some(figure), weighted.target.as_ref()), TargetVerdict::NoData);
}

#[test]
fn one_to_four_who_are_not_aware_are_told_as_bounds() {
    for aware in 396..=399 {
        let results = counted(of_400("p1", aware));
        let wave = &results.waves[0];
        let figure = wave.awareness.as_ref().unwrap();
        assert_eq!((figure.aware, figure.share, wave.crosses.len()), (None, None, 0));
        let bounds = figure.bounds.unwrap();
        assert_eq!((bounds.low, bounds.high), (0.99, 0.998), "the same whoever is hidden");
        assert_eq!(
            figure_verdict(wave.sample, Some(figure), survey(&page("")).target.as_ref()),
            TargetVerdict::Reached
        );
    }
    let site = Site::new("", &of_400("p1", 397));
    site.done(&["snapshot", "s"]);
    for (format, text) in site.reports() {
        assert!(!text.contains("397") && !text.contains("99.25") && !text.contains("99.3"), "{format}: {text}");
    }
    let all = counted(of_400("p1", 400));
    assert_eq!(all.waves[0].awareness.as_ref().unwrap().aware, Some(400), "that nobody is not aware tells of nobody");
}

#[test]
fn waves_compare_only_in_the_same_words() {
    let two: Vec<Response> = of_400("p1", 320).into_iter().chain(of_400("p2", 354)).collect();
    let results = counted(two.clone());
    assert_eq!(results.waves.iter().map(|w| w.id.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
    let change = &results.changes[0];
    let wanted = newcombe_interval(Proportion { share: 0.8, n: 400.0 }, Proportion { share: 0.885, n: 400.0 }).unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str(), change.difference), ("p1", "p2", 0.085));
    // From the published bounds, so a little wider, and rounded outwards.
    assert!(change.low <= wanted.low && wanted.low - change.low < 0.002, "{change:?}");
    assert!(change.high >= wanted.high && change.high - wanted.high < 0.002, "{change:?}");
    let site = Site::new("", &two);
    site.done(&["snapshot", "s"]);
    assert!(site.reports()[0].1.contains("上升"));

    // The question is worded anew before the second wave.
    let other = survey(&page("").replace("您听说过", "您知道"));
    let mixed: Vec<Response> = of_400("p1", 320)
        .into_iter()
        .chain(of_400("p2", 354).into_iter().map(|r| Response { wording: other.wording(), ..r }))
        .collect();
    let (fresh, notes) = snapshot(&other, mixed.clone(), None, RecountPolicy::KeepPublished);
    assert_eq!((fresh.changes.len(), notes), (0, vec![SnapshotNote::MixedWordings { wave: "p1".into() }]));
    let rule = |results: &Results, at: usize| results.waves[at].awareness.as_ref().unwrap().rule.clone();
    assert_ne!(rule(&fresh, 0), rule(&fresh, 1));
    // What was published of the first wave in its own words stands.
    let (kept, notes) = snapshot(&other, mixed, Some(&results), RecountPolicy::KeepPublished);
    assert_eq!(notes, [SnapshotNote::KeptEarlierWording { wave: "p1".into() }]);
    assert_eq!((&kept.waves[0], kept.changes.len()), (&results.waves[0], 0));
    assert_ne!(rule(&kept, 0), rule(&kept, 1));
    // Volunteers and drawn people are not held against each other.
    let across: Vec<Response> = of_400("p1", 320).into_iter().chain(of_400("v", 354)).collect();
    assert_eq!(counted(across).changes, []);
}

#[test]
fn a_few_more_answers_do_not_show_in_what_is_published() {
    let before = counted(of_400("v", 300));
    let more = |n: usize| -> Vec<Response> {
        of_400("v", 300).into_iter().chain(some(n, "v", r#"{"heard":"only","street":"away2","mark":1}"#)).collect()
    };
    let (same, notes) = snapshot(&survey(&page("")), more(2), Some(&before), RecountPolicy::KeepPublished);
    assert_eq!((same, notes), (before.clone(), vec![SnapshotNote::KeptTooSmallDifference { wave: "v".into() }]));
    let (renewed, notes) = snapshot(&survey(&page("")), more(2), Some(&before), RecountPolicy::RecountAll);
    assert_eq!((renewed.waves[0].n, notes.len()), (402, 0));
    // Five who are all aware tell of each of them; with many more of both kinds the wave is counted again.
    assert_eq!(snapshot(&survey(&page("")), more(5), Some(&before), RecountPolicy::KeepPublished).0, before);
    let many: Vec<Response> = more(40).into_iter().chain(some(30, "v", r#"{"heard":"never","street":"b"}"#)).collect();
    assert_eq!(snapshot(&survey(&page("")), many, Some(&before), RecountPolicy::KeepPublished).0.waves[0].n, 470);
}

#[test]
fn answers_without_a_declared_wave_are_told_and_not_counted() {
    let (results, notes) =
        snapshot(&survey(&page("")), some(7, "gone", r#"{"heard":"know"}"#), None, RecountPolicy::KeepPublished);
    assert_eq!(
        (results.waves.len(), notes),
        (0, vec![SnapshotNote::UnknownWave { wave: "gone".into(), responses: 7 }])
    );
}

#[test]
fn very_few_answers_tell_their_number_and_no_more() {
    let results = counted(some(3, "v", r#"{"heard":"know","mark":5,"topics":["p"]}"#));
    let wave = &results.waves[0];
    assert_eq!(wave.n, 3);
    assert!(
        wave.questions
            .iter()
            .all(|q| q.n.is_none() && q.mean.is_none() && q.rows.iter().all(|r| r.n.is_none() && r.share.is_none()))
    );
    assert_eq!((wave.awareness.as_ref().unwrap().share, wave.crosses.len()), (None, 0));
}

#[test]
fn the_build_reads_what_the_snapshot_wrote() {
    let site = Site::new("", &of_400("p1", 354));
    site.done(&["snapshot", "s"]);
    let out = site.root().join("public");
    let build =
        puzhi().args(["build", "--strict", "--date", "2027-05-01", "--root"]).arg(site.root()).output().unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    assert!(out.join("s/index.html").is_file());
}

#[test]
fn status_counts_by_day_in_the_sites_zone() {
    let site = Site::new("", &[some(3, "v", r#"{"heard":"know"}"#), some(2, "p1", r#"{"heard":"only"}"#)].concat());
    let said = site.done(&["status", "s"]);
    assert!(said.lines().any(|line| line == "v\t合计\t3\t0\t0\t0\t3"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("p1\t2027-0")), "{said}");
}

#[test]
fn the_store_and_a_file_of_answers_give_the_same() {
    let responses = [of_400("p1", 354), of_400("v", 300)].concat();
    let site = Site::new("", &responses);
    site.done(&["snapshot", "s"]);
    let path = site.root().join("content/s.results.json");
    let from_file = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let days = site.done(&["status", "s"]);

    let db = format!("sqlite:{}", site.root().join("answers.db").display());
    let sheet = |r: &Response| ResponseRecord {
        id: r.id,
        survey: r.survey.clone(),
        wave: r.wave.clone(),
        mode: r.mode.as_str().into(),
        hour: r.hour,
        wording: u128::from_str_radix(&r.wording.to_string(), 16).unwrap().to_be_bytes(),
        answers: r.answers.canonical(),
        sample: r.sample.to_column(),
        batch: 0,
    };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&DatabaseAddress::parse(&db).unwrap(), IfMissing::Create).await.unwrap();
        assert_eq!(store.insert_all(&responses.iter().map(sheet).collect::<Vec<_>>()).await.unwrap(), 800);
        store.close().await;
    });
    // What the store does not know of their origin is adopted; then only the provenance differs.
    for wave in ["p1", "v"] {
        site.done_without_answers(&["adopt", "s", "--wave", wave, "--why", "抽样记录", "--db", &db]);
    }
    site.done(&["snapshot", "s", "--db", &db]);
    let mut from_store = site.results();
    assert!(from_store.waves.iter().all(|wave| wave.provenance.is_some()));
    from_store.waves.iter_mut().for_each(|wave| wave.provenance = None);
    assert_eq!(from_store.to_json().into_bytes(), from_file);
    assert_eq!(site.done(&["status", "s", "--db", &db]), days);
    assert_eq!(
        site.run(&["snapshot", "s", "--db", "sqlite:/nowhere/x.db"]).status.code(),
        Some(3),
        "no store is made by counting"
    );
}

#[test]
fn what_is_missing_or_wrong_is_said() {
    let site = Site::new("", &of_400("p1", 354));
    let output = site.run(&["report", "s"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("先运行 puzhi survey snapshot s"));
    assert_eq!(site.run(&["snapshot", "t"]).status.code(), Some(2));
    std::fs::write(site.answers(), "{\"id\":\"x\"}\n").unwrap();
    let output = site.run(&["snapshot", "s"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("answers.jsonl:1:"));
    assert!(!site.root().join("content/s.results.json").exists());
}
