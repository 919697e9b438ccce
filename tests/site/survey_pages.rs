//! Surveys on the site: where one can take part, what one is told of results, and what is never said.

use jiff::civil::date;
use puzhi::pipeline::{BuiltInMemory, Options, Outcome, PreviousBuild, build_over};
use puzhi::source::memory_site;
use puzhi_core::diag::Diagnostic;
use puzhi_survey::stats::{Proportion, newcombe_interval, wilson_interval};

use crate::support::{OutputFiles, build_input, read_settings, with_record};

const SITE: &str = "title: 示例站\nbase_url: https://a.example.cn/x/\n";
const QUESTIONS: &str = "questions:\n  - {id: heard, type: single, text: 听说过吗, options: [{id: know, text: 听说过}, {id: never, text: 没有}]}\n  \
    - {id: where, type: single, text: 从哪听说, show_if: heard = know, options: [{id: a, text: 广播}, {id: b, text: 集市}]}\n";
const TARGETS: &str = "- {id: aware, title: 认知度, group: 宣传, words: 达85%以上, value: {min: 85, op: \"≥\"}, unit: \"%\", from: {survey: probe}}\n";

/// A site of one survey with a page that embeds it.
fn site(site: &str, front: &str, embed: &str, results: Option<&str>) -> String {
    let mut text = format!(
        "-- site.yaml --\n{SITE}{site}\n-- data/targets.yaml --\n{TARGETS}\n-- content/surveys/probe.md --\n---\ntitle: 问卷\nkind: survey\nid: probe\n{front}{QUESTIONS}---\n正文。\n\
         -- content/guides/call.md --\n---\ntitle: 请您答\ndate: 2026-11-01\n---\n```{{survey}} probe\n{embed}```\n\n```{{target}} aware\n```\n"
    );
    if let Some(results) = results {
        text.push_str(&format!("-- content/surveys/probe.results.json --\n{results}\n"));
    }
    text
}

/// Builds a site over an earlier build of it.
fn build_on(
    day: jiff::civil::Date,
    text: &str,
    previous: Option<PreviousBuild>,
    tree: OutputFiles,
) -> (Option<PreviousBuild>, OutputFiles) {
    let files = memory_site(text);
    let (settings, found) = read_settings(&files);
    assert!(!found.iter().any(Diagnostic::is_error), "{found:?}");
    let options = Options::default();
    let input = build_input(files, settings, day, &options);
    let BuiltInMemory { report, previous, files: tree } = build_over(input, previous, tree);
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    (previous, tree)
}

/// Builds a site of one survey on 2026-11-22.
fn built(settings: &str, front: &str, embed: &str, results: Option<&str>) -> OutputFiles {
    build_on(date(2026, 11, 22), &site(settings, front, embed, results), None, OutputFiles::new()).1
}

fn text<'t>(tree: &'t OutputFiles, path: &str) -> &'t str {
    std::str::from_utf8(tree.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", tree.keys()))).unwrap()
}

const PAGE: &str = "surveys/probe/index.html";
const CALL: &str = "guides/call/index.html";
const ENDPOINT: &str = "survey: {endpoint: \"https://s.example.cn/q/\", place: 一楼窗口, iframe_hosts: [www.wjx.cn]}";
const OPEN: &str = "opens: 2026-11-01\ncloses: 2026-12-01\n";

#[test]
fn the_form_is_there_while_the_survey_is_open_and_only_then() {
    let form = "action=\"https://s.example.cn/q/surveys/probe\"";
    for (site, front, there, said) in [
        (ENDPOINT, OPEN, true, "填写问卷"),
        (ENDPOINT, "opens: 2026-11-22 18:00\n", true, "填写问卷"),
        (ENDPOINT, "opens: 2026-11-01\ncloses: 2026-11-22 08:00\n", true, "填写问卷"),
        (ENDPOINT, "opens: 2026-11-23\n", false, "从2026年11月23日起在本页填写"),
        (ENDPOINT, "", false, "还没有开始收答卷"),
        (ENDPOINT, "opens: 2026-10-01\ncloses: 2026-11-21\n", false, "2026年11月21日已经截止"),
        ("survey: {place: 一楼窗口}", OPEN, false, "请到一楼窗口领取、交回"),
        ("", OPEN, false, "现在不收这份问卷的答卷"),
    ] {
        let tree = built(site, front, "", None);
        for path in [PAGE, CALL] {
            assert_eq!(text(&tree, path).contains(form), there, "{path} {site} {front}");
            assert!(!there || text(&tree, path).contains("只在第1题选“听说过”时回答。"));
            assert_eq!(text(&tree, "index.html").contains(">填写问卷，1分钟<"), there, "home {site} {front}");
        }
        assert!(text(&tree, PAGE).contains(said), "{said}");
        // Every question can be read, whether or not it can be answered here.
        assert!(text(&tree, PAGE).contains("从哪听说"));
        assert!(text(&tree, PAGE).contains("暂无数据"));
    }
}

#[test]
fn a_compact_survey_and_feeds_are_cards_with_a_link() {
    let tree = built(ENDPOINT, OPEN, ":compact: true\n", None);
    let page = text(&tree, CALL);
    assert!(
        // The box of the search is a form, too.
        page.matches("<form").count() == 1
            && page.contains("href=\"../../surveys/probe/index.html\"")
            && page.contains("<svg class=\"qr\"")
    );
    let whole = built(ENDPOINT, OPEN, "", None);
    assert!(text(&whole, CALL).contains("<form"));
    for feed in ["atom.xml", "feed.json"] {
        assert!(!text(&whole, feed).contains("<form") && !text(&whole, feed).contains("&lt;form"));
        assert!(text(&whole, feed).contains("surveys/probe/"));
    }
}

#[test]
fn a_survey_elsewhere_is_a_link_and_a_frame_only_where_settings_allow_its_host() {
    for (url, framed) in [
        ("https://www.wjx.cn/vm/abc.aspx", true),
        ("https://wj.qq.com/s2/1", false),
        ("http://www.wjx.cn/vm/abc.aspx", false),
    ] {
        let tree = built(ENDPOINT, &format!("{OPEN}hosted: {{url: \"{url}\", name: 问卷星}}\n"), "", None);
        for path in [PAGE, CALL] {
            let html = text(&tree, path);
            assert!(
                html.contains(&format!("<a href=\"{url}\" class=\"external\" rel=\"noopener external\">到问卷星填写"))
                    && html.contains("class=\"qr\"")
            );
            assert_eq!(html.contains("<iframe"), framed, "{path} {url}");
            // The box of the search.
            assert_eq!(html.matches("<form").count(), 1);
        }
        assert!(!tree.contains_key("surveys/probe/thanks/index.html"));
    }
}

#[test]
fn thanks_are_a_page_of_the_site_that_nobody_finds() {
    let tree = built(ENDPOINT, OPEN, "", None);
    let thanks = text(&tree, "surveys/probe/thanks/index.html");
    assert!(
        thanks.contains("noindex")
            && thanks.contains("答卷已收到")
            && thanks.contains("href=\"../../../surveys/probe/index.html\"")
    );
    assert!(!thanks.contains("rel=\"canonical\"") && !text(&tree, "sitemap.xml").contains("thanks"));
    assert!(
        !built("", OPEN, "", None).contains_key("surveys/probe/thanks/index.html"),
        "nothing leads there without a collector"
    );
}

/// A snapshot of one wave.
fn results(sample: &str, aware: u64, n: u64) -> String {
    let share = aware as f64 / n as f64;
    let (low, high) = wilson_interval(share, n as f64).unwrap();
    let kind = if sample == "quota" { "model" } else { "confidence" };
    let interval = if sample == "voluntary" {
        "null".to_string()
    } else {
        format!("{{\"low\":{low},\"high\":{high},\"level\":0.95,\"kind\":\"{kind}\"}}")
    };
    format!(
        "{{\"format\":1,\"survey\":\"probe\",\"waves\":[{{\"id\":\"w\",\"title\":null,\"opens\":\"2026-10-01\",\"closes\":\"2026-10-20\",\"sample\":\"{sample}\",\"modes\":[\"face\"],\"n\":{n},\
         \"awareness\":{{\"words\":\"听说过的\",\"rule\":\"r\",\"aware\":{aware},\"n\":{n},\"share\":{share},\"interval\":{interval},\"weighting\":null}},\
         \"questions\":[{{\"id\":\"where\",\"type\":\"single\",\"text\":\"从哪听说\",\"n\":{aware},\"rows\":[{{\"id\":\"a\",\"text\":\"广播\",\"n\":null,\"share\":null}}],\"mean\":null}}],\
         \"crosses\":[],\"wording\":{{}},\"one_wording\":true,\"disclosure\":{{\"strategy\":\"入户\",\"sponsor\":null,\"conductor\":\"甲<单位>\",\"population\":null,\"frame\":null,\"invited\":500,\
         \"weighting\":null,\"quality\":null,\"limits\":null}}}}]}}"
    )
}

/// What stands in a row of the board, without markup.
fn row(html: &str) -> String {
    let from = html.find("class=\"now\"").unwrap();
    let row = &html[from..from + html[from..].find("</li>").unwrap()];
    row.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_pair_at_the_edge_differs_on_page_board_and_in_files() {
    let target = "target: {value: 85, op: \"≥\"}\n";
    for (aware, verdict, words, low) in [(353, "unproven", "未证实", "84.7%"), (354, "reached", "达标", "85.0%")] {
        let unrecorded = built("", target, "", Some(&results("probability", aware, 400)));
        for path in [PAGE, CALL] {
            let html = text(&unrecorded, path);
            assert!(
                html.contains("没有核验记录") && !html.contains("可以说达标") && html.contains(low),
                "{aware} {path}"
            );
        }
        assert!(text(&unrecorded, "surveys/probe/results.json").contains("\"verdict\": \"noclaim\""));
        let tree = built("", target, "", Some(&with_record(&results("probability", aware, 400))));
        for path in [PAGE, CALL] {
            let html = text(&tree, path);
            assert!(html.contains(words) && html.contains(low) && html.contains("95%置信区间"), "{aware} {path}");
            assert_eq!(html.contains("可以说达标"), aware == 354, "{aware} {path}");
        }
        assert!(row(text(&tree, CALL)).contains(words));
        assert!(text(&tree, "surveys/probe/results.json").contains(&format!("\"verdict\": \"{verdict}\"")));
        assert!(text(&tree, "surveys/probe/results.csv").contains("confidence"));
        assert!(!tree.contains_key("surveys/probe.results.json"), "the snapshot itself is no output");
    }
}

/// A snapshot with the counts of the question that tells who is aware.
fn with_counts(know: &str, never: &str, weighting: &str) -> String {
    let counts = format!(
        "\"questions\":[{{\"id\":\"heard\",\"type\":\"single\",\"text\":\"听说过吗\",\"n\":400,\"rows\":[{{\"id\":\"know\",\"text\":\"知道<大致>\",\"n\":{know},\"share\":null}},\
         {{\"id\":\"never\",\"text\":\"说不清\",\"n\":{never},\"share\":null}}],\"mean\":null}},"
    );
    results("probability", 354, 400).replace("\"questions\":[", &counts).replace("\"weighting\":null}", weighting)
}

#[test]
fn the_strict_figure_stands_beside_the_headline_on_page_and_board() {
    let front = "awareness: {words: 听说过的, question: heard, options: [know, never], strict: [know]}\n";
    let plain = "\"weighting\":null}";
    let weighted = "\"weighting\":{\"margins\":[\"heard\"],\"sources\":[\"甲\"],\"deff\":1.1,\"n_eff\":363.6,\"rounds\":3,\"converged\":true,\"trimmed\":false}}";
    let tree = built("", front, "", Some(&with_counts("200", "154", plain)));
    for path in [PAGE, CALL] {
        let html = text(&tree, path);
        assert!(html.contains("从严算，只数选“知道&lt;大致&gt;”的：50.0%（400人答了这一题，200人选它）。"), "{path}");
        assert!(html.contains("88.5%") && !html.contains("这个数没有加权"), "{path}");
    }
    assert!(text(&built("", front, "", Some(&with_counts("200", "154", weighted))), PAGE).contains("这个数没有加权。"));
    // A hidden count stays hidden, and a survey without such a rule has no such figure.
    let hidden = built("", front, "", Some(&with_counts("null", "154", plain)));
    assert!(text(&hidden, PAGE).contains("从严的数人数太少，不公布。"));
    let without = built("", &front.replace(", strict: [know]", ""), "", Some(&with_counts("200", "154", plain)));
    assert!(!text(&without, PAGE).contains("从严"));
}

#[test]
fn voluntary_answers_give_no_interval_and_never_count() {
    let tree = built(ENDPOINT, OPEN, "", Some(&results("voluntary", 394, 400)));
    for path in [PAGE, CALL] {
        let html = text(&tree, path);
        assert!(html.contains("自愿填写的400份答卷里，结果是98.5%。") && html.contains("不能计算抽样误差"));
        assert!(html.contains("不用来判断是否达标") && !html.contains("置信区间"));
    }
    // The board draws no bar for them.
    assert!(!text(&tree, CALL).contains("class=\"bar\""));
    assert!(text(&tree, "surveys/probe/results.json").contains("\"interval\": null"));
    for (path, bytes) in tree.iter().filter(|(path, _)| !path.ends_with(".png")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains('±') && !text.contains("&plusmn;") && !text.contains("&#177;"), "{path}");
    }
}

#[test]
fn quotas_show_what_their_interval_rests_on_and_prove_nothing() {
    let tree = built("", "", "", Some(&results("quota", 394, 400)));
    assert!(row(text(&tree, CALL)).contains("按模型推算") && row(text(&tree, CALL)).contains("不能单独证明达标"));
    assert!(!text(&tree, CALL).contains("可以说达标"));
}

#[test]
fn eleven_items_stand_with_every_figure_and_hidden_cells_stay_hidden() {
    let tree = built("", "", "", Some(&results("probability", 354, 400)));
    for path in [PAGE, CALL] {
        let html = text(&tree, path);
        for item in [
            "数据怎么收集",
            "谁委托、谁实施",
            "题目原文",
            "调查对象",
            "样本怎么来",
            "作答方式",
            "时间",
            "样本量和精度",
            "加权",
            "质量控制",
            "局限",
        ] {
            assert!(html.contains(&format!("<dt>{item}</dt>")), "{path} {item}");
        }
        assert!(html.contains("没有说明") && html.contains("甲&lt;单位&gt;") && html.contains("邀请500人"));
    }
    let page = text(&tree, PAGE);
    assert!(page.contains("<th scope=\"row\">广播</th><td class=\"right\">—</td><td class=\"right\">—</td>"));
    let ld = page
        .split("<script type=\"application/ld+json\">")
        .nth(2)
        .and_then(|rest| rest.split("</script>").next())
        .unwrap();
    let ld: serde_json::Value = serde_json::from_str(ld).unwrap();
    assert_eq!(
        (ld["@type"].as_str(), ld["temporalCoverage"].as_str()),
        (Some("Dataset"), Some("2026-10-01/2026-10-20"))
    );
    assert_eq!(ld["distribution"][0]["contentUrl"], "https://a.example.cn/x/surveys/probe/results.csv");
}

/// Snapshots of several waves as one, by id, rule and year.
fn over_time(waves: &[(&str, &str, &str)]) -> String {
    let all: Vec<serde_json::Value> = waves
        .iter()
        .enumerate()
        .map(|(i, (id, sample, rule))| {
            let mut whole: serde_json::Value = serde_json::from_str(&results(sample, 350, 400)).unwrap();
            let wave = &mut whole["waves"][0];
            wave["id"] = serde_json::json!(id);
            wave["awareness"]["rule"] = serde_json::json!(rule);
            wave["opens"] = serde_json::json!(format!("{}-04-01", 2020 + i));
            wave["closes"] = serde_json::json!(format!("{}-04-20", 2020 + i));
            wave.take()
        })
        .collect();
    serde_json::json!({ "format": 1, "survey": "probe", "waves": all }).to_string()
}

#[test]
fn the_trend_joins_only_what_compares() {
    let lines = |waves: &[(&str, &str, &str)]| {
        let tree = built("", "target: {value: 85}\n", "", Some(&over_time(waves)));
        let html = text(&tree, PAGE).replace("<wbr>", "");
        (
            html.matches("class=\"run\"").count(),
            html.matches("class=\"break\"").count(),
            html.matches("class=\"span").count(),
            html.contains("题目或者算法不同，不能和以前比"),
        )
    };
    assert_eq!(
        lines(&[("a", "probability", "r"), ("b", "probability", "r"), ("c", "probability", "r")]),
        (2, 0, 3, false)
    );
    assert_eq!(
        lines(&[("a", "probability", "r"), ("b", "probability", "s"), ("c", "probability", "s")]),
        (1, 1, 3, true)
    );
    // Another kind of sample in between breaks nothing and is joined to nothing.
    assert_eq!(lines(&[("a", "probability", "r"), ("b", "voluntary", "r"), ("c", "probability", "r")]).0, 1);
    assert_eq!(lines(&[("a", "voluntary", "r"), ("b", "voluntary", "r")]), (0, 0, 0, false));
    let tree = built("", "", "", Some(&over_time(&[("a", "probability", "r")])));
    assert!(!text(&tree, PAGE).contains("<svg class=\"trend\""), "one figure is no trend");
    let tree =
        built("", "target: {value: 85}\n", "", Some(&over_time(&[("a", "probability", "r"), ("b", "quota", "r")])));
    let svg =
        text(&tree, PAGE).split("<svg class=\"trend\"").nth(1).unwrap().split("</svg>").next().unwrap().to_string();
    assert!(
        svg.contains("role=\"img\"")
            && svg.contains("<title id=\"trend-probe-title\">")
            && svg.contains("<desc id=\"trend-probe-desc\">目标85%。")
            && svg.contains("class=\"aim\"")
    );
}

#[test]
fn a_change_is_told_with_its_interval_and_what_may_be_said_of_it() {
    let told = |sample: &str, then: u64, now: u64| {
        let wave = |id: &str, year: u32, aware: u64| {
            let mut whole: serde_json::Value = serde_json::from_str(&results(sample, aware, 400)).unwrap();
            whole["waves"][0]["id"] = serde_json::json!(id);
            whole["waves"][0]["closes"] = serde_json::json!(format!("{year}-04-20"));
            whole["waves"][0].take()
        };
        let of = |aware: u64| Proportion { share: aware as f64 / 400.0, n: 400.0 };
        let found = newcombe_interval(of(then), of(now)).unwrap();
        let kind = if sample == "quota" { "model" } else { "confidence" };
        let change = serde_json::json!({ "from": "a", "to": "b", "difference": found.difference, "low": found.low, "high": found.high, "level": 0.95, "kind": kind });
        let file = serde_json::json!({ "format": 1, "survey": "probe", "waves": [wave("a", 2021, then), wave("b", 2022, now)], "changes": [change] }).to_string();
        built("", "target: {value: 85}\n", "", Some(&file))
    };
    let says = |sample: &str, then: u64, now: u64, words: &str| {
        let tree = told(sample, then, now);
        let table = text(&tree, PAGE)
            .split("trend-table")
            .nth(1)
            .unwrap()
            .split("</table>")
            .next()
            .unwrap()
            .replace("<wbr>", "");
        assert!(table.contains(&format!("{words}</small>")), "{words}: {table}");
    };
    // Reckoned elsewhere: 3.461 to 13.527 and -2.564 to 7.066 points, rounded outwards.
    says("probability", 320, 354, "高8.5个百分点，95%区间3.4到13.6");
    says("probability", 354, 320, "低8.5个百分点，95%区间3.4到13.6");
    says("probability", 340, 349, "高2.3个百分点，95%区间−2.6到7.1，不能说有变化");
    says("quota", 320, 354, "高8.5个百分点，95%区间3.4到13.6，按模型推算，不能单独说明变化");
}

#[test]
fn a_build_over_another_is_the_build_from_nothing() {
    let (november, december) = (date(2026, 11, 22), date(2026, 12, 2));
    let first = results("voluntary", 199, 210);
    let second = results("probability", 354, 400);
    let steps = [
        (november, ENDPOINT, None),
        (november, ENDPOINT, Some(first.as_str())),
        (november, ENDPOINT, Some(second.as_str())),
        // Only a day passes: the survey has closed.
        (december, ENDPOINT, Some(second.as_str())),
        (date(2026, 10, 31), ENDPOINT, Some(second.as_str())),
        (december, "", None),
    ];
    let (mut previous, mut tree) = (None, OutputFiles::new());
    for (i, (day, settings, results)) in steps.into_iter().enumerate() {
        let text = site(settings, OPEN, "", results);
        (previous, tree) = build_on(day, &text, previous, tree);
        let clean = build_on(day, &text, None, OutputFiles::new()).1;
        assert_eq!(tree.keys().collect::<Vec<_>>(), clean.keys().collect::<Vec<_>>(), "step {i}");
        for (path, bytes) in &clean {
            assert!(tree[path] == *bytes, "step {i}: {path}");
        }
    }
}
