//! Percentages with intervals in the tables of a wave, as page, report and files show them.

use super::*;

/// Answers of two streets of different size, with `marks` by street and awareness.
fn of_two_streets() -> Vec<Response> {
    let mut all = Vec::new();
    for (street, aware, other) in [("a", 150, 30), ("b", 170, 50)] {
        for (heard, n) in [("know", aware), ("never", other)] {
            for mark in 1..=5 {
                let answers = format!(r#"{{"heard":"{heard}","street":"{street}","mark":{mark},"topics":["p"]}}"#);
                let many = format!(r#"{{"heard":"{heard}","street":"{street}","mark":{mark},"topics":["p","t"]}}"#);
                all.extend(some(n / 10, "p1", &answers));
                all.extend(some(n / 5 - n / 10, "p1", &many));
            }
        }
    }
    all
}

#[test]
fn weighted_and_unweighted_percentages_stand_beside_each_other_labelled() {
    let margins = "margins: [{question: street, shares: {a: 60, b: 40}, source: 公报}]\n";
    let page =
        page(margins).replace("{id: only, text: 听过}, ", "").replace("options: [know, only]}", "options: [know]}");
    let site = Site::new(margins, &[]);
    std::fs::write(site.root().join("content/s.md"), &page).unwrap();
    let wording = survey(&page).wording();
    site.answer(&of_two_streets().into_iter().map(|r| Response { wording, ..r }).collect::<Vec<_>>());
    site.done(&["snapshot", "s"]);
    let results = site.results();
    let wave = &results.waves[0];
    let figure = wave.awareness.as_ref().unwrap();
    let table = |id: &str| wave.questions.iter().find(|q| q.id == id).unwrap();
    let basis = |id: &str| table(id).estimate.map(|estimate| estimate.basis);
    // Headline and table say the same, and the table what it is without weights.
    let know = &table("heard").rows[0];
    let found = know.estimate.unwrap();
    assert_eq!((Some(found.share), Some(found.low)), (figure.share, figure.interval.map(|i| i.low)));
    assert_eq!((know.n, know.share), (Some(320), Some(0.8)));
    assert_ne!(figure.share, know.share);
    assert_eq!(basis("heard"), Some(TableBasis::Weighted));
    assert_eq!(basis("street"), Some(TableBasis::Margin));
    // Each fifth gave each mark in both streets, so weights change nothing.
    let marks: Vec<f64> = table("mark").rows.iter().map(|row| row.estimate.unwrap().share).collect();
    assert_eq!(marks, [0.2; 5]);
    let n = 400.0 / figure.design.as_ref().unwrap().deff;
    let quantile = t_quantile(figure.design.as_ref().unwrap().df.unwrap() as f64);
    let (low, high) = wilson_interval_at(0.2, n, quantile).unwrap();
    let first = table("mark").rows[0].estimate.unwrap();
    assert_eq!((first.low, first.high), (round_down(low), round_up(high)));
    for (format, text) in site.reports() {
        let told = match format {
            "csv" => text.contains("mark,1,weighted_share,0.2"),
            "json" => text.contains("\"basis\": \"weighted\"") && text.contains("\"basis\": \"margin\""),
            _ => ["加权比例（95% 区间）", "占回答者（没有加权）", "不加权直接数是 80.0%", "满 30 人的组有区间"]
                .iter()
                .all(|w| text.contains(w)),
        };
        assert!(told, "{format}: {text}");
    }
    let build = puzhi().arg("build").current_dir(site.root()).args(["--date", "2027-05-01"]).output().unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let file = |name: &str| std::fs::read_to_string(site.root().join("public/s").join(name)).unwrap();
    let html = file("index.html").replace("<wbr>", "");
    for words in
        ["加权比例（95%区间）", "没有加权", "加权以后和人口构成一样", "不加权直接数是80.0%", "（95%区间，没有加权）"]
    {
        assert!(html.contains(words), "{words}");
    }
    let csv = file("results.csv");
    assert!(csv.lines().next().unwrap().ends_with("interval,weighting"), "{csv}");
    assert!(
        csv.lines().any(|line| line.contains(",estimate,mark,")
            && line.contains(",80,20,")
            && line.trim().ends_with(",confidence,weighted")),
        "{csv}"
    );
    assert!(
        csv.lines().any(|line| line.contains(",group,")
            && line.contains("甲街道,180,83.3,")
            && line.trim().ends_with(",confidence,unweighted")),
        "{csv}"
    );
}

#[test]
fn a_table_that_would_tell_of_a_few_keeps_its_counts_and_says_why() {
    let margins = "margins: [{question: street, shares: {a: 90, b: 10}, source: 公报}]\n";
    // Of the second street three want to know of patents alone, and their weights are far from the others'.
    let mut all = some(150, "p1", r#"{"heard":"know","street":"a","topics":["p"]}"#);
    all.extend(some(50, "p1", r#"{"heard":"never","street":"a","topics":["t"]}"#));
    all.extend(some(97, "p1", r#"{"heard":"know","street":"b","topics":["t"]}"#));
    all.extend(some(100, "p1", r#"{"heard":"never","street":"b","topics":["t"]}"#));
    all.extend(some(3, "p1", r#"{"heard":"know","street":"b","topics":["p"]}"#));
    let site = Site::new(margins, &all);
    site.done(&["snapshot", "s"]);
    let results = site.results();
    let topics = results.waves[0].questions.iter().find(|q| q.id == "topics").unwrap();
    assert_eq!(topics.estimate.map(|estimate| estimate.basis), Some(TableBasis::Protected));
    assert!(topics.rows.iter().all(|row| row.n.is_some() && row.estimate.is_none()));
    for (format, text) in site.reports() {
        assert!(["csv", "json"].contains(&format) || text.contains("这一题只列没有加权的人数"), "{format}: {text}");
    }
    // Without margins there is nothing to protect: the percentages have intervals.
    let plain = counted(all);
    let topics = plain.waves[0].questions.iter().find(|q| q.id == "topics").unwrap();
    assert_eq!(topics.estimate.map(|estimate| estimate.basis), Some(TableBasis::Unweighted));
    assert_eq!(topics.rows[0].estimate.map(|e| Some(e.share)), Some(topics.rows[0].share));
}
