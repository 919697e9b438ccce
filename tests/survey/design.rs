//! The design of a sample through the program: from the columns of an import to the report and the page.

use std::path::Path;
use std::process::Output;

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::results::{AwarenessEstimate, DesignBasis, NoClaim, read_results};

use crate::support::puzhi;

const PAGE: &str = "---
kind: survey
title: 认知度调查
id: s
opens: 2027-04-01
closes: 2027-04-30
target: {value: 85, op: ≥}
questions:
  - {id: heard, type: single, required: true, text: 您听说过吗？, options: [{id: know, text: 知道}, {id: never, text: 没有}]}
background:
  - {id: age, type: single, text: 年龄？, options: [{id: young, text: 59岁以下}, {id: old, text: 60岁以上}]}
awareness: {words: 第1题选知道的计为知晓, question: heard, options: [know]}
MORE
waves:
  - {id: p, title: 抽样, sample: 概率, mode: 面访, DESIGN}
---
正文。
";

/// A site with the survey, and a database beside it.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(design: &str, more: &str) -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(site.root().join("content")).unwrap();
        std::fs::write(site.root().join("site.yaml"), "title: 示例站\nbase_url: https://example.org/\n").unwrap();
        site.define(design, more);
        site
    }

    fn define(&self, design: &str, more: &str) {
        let page = PAGE.replace("DESIGN", design).replace("MORE\n", more);
        std::fs::write(self.root().join("content/s.md"), page).unwrap();
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, args: &[&str]) -> Output {
        let db = format!("sqlite:{}", self.root().join("answers.db").display());
        let mut command = puzhi();
        command.arg("survey").args(args);
        if args[0] != "report" {
            command.args(["--db", &db]);
        }
        if args[0] != "close" {
            command.arg("--root").arg(self.root());
        }
        command.output().unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    fn import(&self, header: &str, rows: impl Iterator<Item = String>) -> Output {
        let table: String = std::iter::once(header.to_string()).chain(rows).map(|row| row + "\n").collect();
        let file = self.root().join("table.csv");
        std::fs::write(&file, table).unwrap();
        self.run(&["import", "s", &file.display().to_string(), "--wave", "p", "--format", "template"])
    }

    fn figure(&self) -> AwarenessEstimate {
        let path = SitePath::new("content/s.results.json").unwrap();
        let text = std::fs::read_to_string(self.root().join(path.as_str())).unwrap();
        read_results(&SourceText::new(&path, &text)).0.unwrap().waves[0].awareness.clone().unwrap()
    }

    fn page(&self) -> String {
        let build =
            puzhi().args(["build", "--strict", "--date", "2027-05-01", "--root"]).arg(self.root()).output().unwrap();
        assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
        std::fs::read_to_string(self.root().join("public/s/index.html")).unwrap()
    }
}

/// Rows of an entry sheet: 30 units of 20 people, of whom 20, 18 or 16 are aware.
fn rows() -> impl Iterator<Item = String> {
    (0..600).map(|at| {
        let (unit, person) = (at / 20, at % 20);
        let heard = if person < 20 - 2 * (unit % 3) { 1 } else { 2 };
        format!("{},{heard},{},第{unit}社区", at + 1, 1 + person % 2)
    })
}

#[test]
fn units_of_an_import_widen_the_interval_and_leave_no_names() {
    let site = Site::new("design: {stages: 2}", "");
    let imported = site.import("序号,heard,age,抽样单位", rows());
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    site.done(&["snapshot", "s"]);
    let figure = site.figure();
    let design = figure.design.as_ref().unwrap();
    assert_eq!((design.basis, design.units, design.df), (DesignBasis::Measured, Some(30), Some(29)));
    assert!(design.deff > 1.3 && design.n_eff < 460.0, "{design:?}");
    let (report, page) = (site.done(&["report", "s", "--format", "md"]), site.page());
    for text in [&report.replace(' ', ""), &page] {
        assert!(text.contains("30个抽样单位") && text.contains("设计效应"), "{text}");
    }
    let bytes = std::fs::read(site.root().join("answers.db")).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("社区"), "the names of units are not stored");
    // The same table again adds nothing; once the key is destroyed no table with units is taken.
    assert!(site.import("序号,heard,age,抽样单位", rows()).status.success());
    site.done(&["close", "s", "--wave", "p"]);
    let refused = site.import("序号,heard,age,抽样单位", rows().take(599));
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("标签已经销毁"));
    assert_eq!(site.run(&["close", "s", "--wave", "p"]).status.code(), Some(2), "it is gone already");
}

#[test]
fn stages_without_units_bear_no_claim_anywhere() {
    let site = Site::new("strategy: 先抽30个社区，再抽人", "");
    let plain = rows().map(|row| row.rsplit_once(',').unwrap().0.to_string());
    assert!(site.import("序号,heard,age", plain).status.success());
    let said = site.done(&["snapshot", "s"]);
    assert!(said.contains("不能判断是否达标") && said.contains("抽样单位"), "{said}");
    assert_eq!((site.figure().no_claim, site.figure().interval), (Some(NoClaim::Design), None));
    for text in [site.done(&["report", "s", "--format", "html"]), site.page()] {
        assert!(text.contains("不能判断是否达标") && text.contains("没有声明设计效应"), "{text}");
        assert!(!text.contains("置信区间9") && !text.contains("可以说达标"));
    }
    // A declared effect gives an interval, and the page says that it is declared. It was declared after the first answer, though.
    site.define("strategy: 先抽30个社区，再抽人, design: {units: 30, design_effect: 1.6}", "");
    let said = site.done(&["snapshot", "s", "--renew"]);
    assert!(said.contains("改过抽样设计"), "{said}");
    assert_eq!(site.figure().no_claim, Some(NoClaim::Method));
    let declared = Site::new("strategy: 先抽30个社区，再抽人, design: {units: 30, design_effect: 1.6}", "");
    let plain = rows().map(|row| row.rsplit_once(',').unwrap().0.to_string());
    assert!(declared.import("序号,heard,age", plain).status.success());
    declared.done(&["snapshot", "s"]);
    assert_eq!(declared.figure().design.unwrap().deff, 1.6);
    assert!(declared.page().contains("设计效应按声明的1.6算"));
}

#[test]
fn a_group_nobody_answered_from_is_told_everywhere() {
    let margins = "margins: [{question: age, shares: {young: 78, old: 22}, source: 公报}]\n";
    let site = Site::new("strategy: 系统抽样", margins);
    assert!(site.import("序号,heard,age", (1..=400).map(|at| format!("{at},1,1"))).status.success());
    let said = site.done(&["snapshot", "s"]);
    assert!(said.contains("没有一份答卷来自60岁以上") && said.contains("未证实"), "{said}");
    let figure = site.figure();
    assert!(figure.interval.unwrap().low < 0.78);
    for text in [site.done(&["report", "s", "--format", "html"]), site.page()] {
        assert!(text.contains("没有一份答卷来自60岁以上") && text.contains("22.0%") && !text.contains("可以说达标"));
    }
    let table = std::fs::read_to_string(site.root().join("public/s/results.csv")).unwrap();
    assert!(table.contains("uncovered") && table.contains("60岁以上"), "{table}");
}

#[test]
fn rows_without_their_place_and_too_many_weights_are_refused() {
    let site = Site::new("strategy: 系统抽样", "");
    let missing =
        site.import("序号,heard,age,抽样单位,基础权数", ["1,1,1,,2", "2,1,1,甲,x"].map(String::from).into_iter());
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("没有填抽样层、抽样单位或者基础权数") && said.contains("大于0的数"), "{said}");
    let many = site.import("序号,heard,age,基础权数", (1..=31).map(|at| format!("{at},1,1,{at}")));
    assert_eq!(many.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&many.stderr).contains("31 种不同的基础权数"));
    let strata = Site::new("design: {strata: [{name: 城区, size: 9000}]}", "");
    let other = strata.import("序号,heard,age,抽样层", ["1,1,1,乡镇".to_string()].into_iter());
    assert!(String::from_utf8_lossy(&other.stderr).contains("没有叫“乡镇”的层，有：城区"));
}

#[test]
fn a_plan_asks_back_and_counts_with_the_effective_size() {
    let plan = |args: &[&str]| puzhi().args(["survey", "plan"]).args(args).output().unwrap();
    let said = |args: &[&str]| String::from_utf8(plan(args).stdout).unwrap();
    let asked = plan(&["--target", "0.85", "--expect", "88"]);
    assert_eq!(asked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("0.85 是 85% 吗"), "{asked:?}");
    let design = said(&["--target", "85", "--expect", "88", "--deff", "1.5"]);
    assert!(design.contains("要收 1610 份") && design.contains("1610 份里有 1403 份知晓"), "{design}");
    let strict = said(&["--target", "85", "--expect", "88", "--strict"]);
    assert!(strict.contains("目标超过 85%") && strict.contains("高于目标"), "{strict}");
    let field = said(&[
        "--target",
        "85",
        "--expect",
        "90",
        "--unit-size",
        "20",
        "--icc",
        "0.05",
        "--response",
        "60",
        "--stratum",
        "城区=6",
        "--stratum",
        "乡镇=4",
    ]);
    assert!(field.contains("城区：收") && field.contains("个社区") && field.contains("按 60% 的应答率"), "{field}");
}

/// Every number in a JSON value, with its path.
fn numbers(path: &str, value: &serde_json::Value, found: &mut Vec<(String, f64)>) {
    match value {
        serde_json::Value::Number(number) => found.push((path.to_string(), number.as_f64().unwrap())),
        serde_json::Value::Array(items) => items.iter().for_each(|item| numbers(path, item, found)),
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(name, item)| numbers(&format!("{path}.{name}"), item, found))
        }
        _ => {}
    }
}

#[test]
fn published_numbers_have_no_more_digits_than_their_precision_bears() {
    let margins = "margins: [{question: age, shares: {young: 61, old: 39}, source: 公报}]\n";
    let site = Site::new("design: {stages: 2}", margins);
    assert!(site.import("序号,heard,age,抽样单位", rows()).status.success());
    site.done(&["snapshot", "s"]);
    site.page();
    for name in ["content/s.results.json", "public/s/results.json"] {
        let text = std::fs::read_to_string(site.root().join(name)).unwrap();
        let mut found = Vec::new();
        numbers("", &serde_json::from_str(&text).unwrap(), &mut found);
        for (path, number) in &found {
            let last = path.rsplit('.').next().unwrap();
            let decimals = match last {
                "deff" | "declared" | "mean" | "level" => 2,
                "share" | "low" | "high" | "trimmed_share" | "residual" => 3,
                "smallest" | "largest" => 1,
                "difference" => 4,
                // Counts, effective sizes, years.
                _ => 0,
            };
            let scaled = number * 10_f64.powi(decimals);
            assert!((scaled - scaled.round()).abs() < 1e-6, "{name} {path} {number}");
        }
        assert!(found.iter().any(|(path, _)| path.ends_with("weighting.deff")), "{text}");
    }
    let table = std::fs::read_to_string(site.root().join("public/s/results.csv")).unwrap();
    for cell in table.lines().skip(1).flat_map(|line| line.split(',')).filter(|cell| cell.parse::<f64>().is_ok()) {
        assert!(cell.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 1), "{cell}: {table}");
    }
}
