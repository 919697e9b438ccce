//! Where published figures come from: what is recorded with the first answer cannot be relabelled anywhere, and every published number
//! can be derived from the store again.

mod signature;

use std::fs;
use std::path::{Path, PathBuf};

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::results::{Results, TargetVerdict, read_results, verdict};
use puzhi_core::kinds::{CollectionMode, SamplingMethod, TargetValue};
use puzhi_survey::Response;
use puzhi_survey::answers::Answers;
use puzhi_survey::store::{DatabaseAddress, IfMissing, ResponseRecord, Store};
use serde_json::{Value as Json, json};

use crate::support::puzhi;

const PAGE: &str = "---
kind: survey
title: 认知度调查
id: s
opens: 2027-04-01
closes: 2027-04-30
population: 本市常住居民
target: {value: 85, op: ≥}
questions:
  - {id: heard, type: single, required: true, text: 您听说过吗？, options: [{id: know, text: 知道}, {id: never, text: 没有}]}
  - {id: mark, type: scale, text: 打几分？}
background:
  - {id: street, type: single, text: 街道？, options: [{id: a, text: 甲街道}, {id: b, text: 乙街道}]}
awareness: {words: 选知道的, question: heard, options: know}
waves:
  - {id: p, sample: 概率, mode: [面访, 纸质], frame: 户籍名册}
  - {id: v, sample: 自愿, mode: [网络, 纸质]}
---
正文。
";

struct Site {
    folder: tempfile::TempDir,
}

/// Exit status, standard output and standard error.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("site/content")).unwrap();
        let site = Site { folder };
        site.write("site.yaml", "title: 示例站\nbase_url: https://example.org/\n");
        site.write("content/s.md", PAGE);
        site
    }

    /// A site with answers of one wave, `aware` of 400 aware, imported and counted.
    fn counted(wave: &str, aware: usize) -> Site {
        let site = Site::new();
        let imported = site.import(wave, aware);
        assert_eq!(imported.code, 0, "{}", imported.all());
        site.good(&["snapshot", "s", "--db", &site.db()]);
        site
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn db(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("answers.db").display())
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.root().join(name), text).unwrap();
    }

    fn page(&self, from: &str, to: &str) {
        assert!(PAGE.contains(from));
        self.write("content/s.md", &PAGE.replace(from, to));
    }

    fn run(&self, args: &[&str]) -> Said {
        let output = puzhi().current_dir(self.root()).args(args).output().unwrap();
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn survey(&self, args: &[&str]) -> Said {
        self.run(&[&["survey"], args].concat())
    }

    fn good(&self, args: &[&str]) -> String {
        let said = self.survey(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.all());
        said.out
    }

    fn build(&self) -> Said {
        self.run(&["build", "--strict", "--date", "2027-05-01"])
    }

    /// Imports an entry sheet of 400 answers, `aware` of them aware.
    fn import(&self, wave: &str, aware: usize) -> Said {
        let row = |i: usize| format!("{},{},{},{}\n", i + 1, if i < aware { 1 } else { 2 }, 1 + i % 2, 1 + i % 5);
        let sheet = format!("serial,heard,street,mark\n{}", (0..400).map(row).collect::<String>());
        let file = self.folder.path().join(format!("{wave}.csv"));
        fs::write(&file, sheet).unwrap();
        self.survey(&[
            "import",
            "s",
            &file.display().to_string(),
            "--wave",
            wave,
            "--mode",
            "paper",
            "--db",
            &self.db(),
        ])
    }

    fn results_file(&self) -> PathBuf {
        self.root().join("content/s.results.json")
    }

    fn json(&self) -> Json {
        serde_json::from_str(&fs::read_to_string(self.results_file()).unwrap()).unwrap()
    }

    fn results(&self) -> Results {
        let path = SitePath::new("content/s.results.json").unwrap();
        let text = fs::read_to_string(self.results_file()).unwrap();
        let (results, diags) = read_results(&SourceText::new(&path, &text));
        results.unwrap_or_else(|| panic!("{diags:?}"))
    }

    fn verdict(&self) -> TargetVerdict {
        let wave = &self.results().waves[0];
        let target = TargetValue { min: Some(85.0), max: None, strict: false, approximate: false, relative_to: None };
        verdict(wave, Some(&target))
    }

    /// Neither command, report, page nor file for download says that the target is reached.
    fn says_nothing_of_the_target(&self) {
        assert_eq!(self.verdict(), TargetVerdict::NoClaim);
        for format in ["html", "md", "csv", "json"] {
            let report = self.good(&["report", "s", "--format", format]);
            assert!(!report.contains("可以说达标") && !report.contains("reached"), "{format}: {report}");
        }
        assert_eq!(self.build().code, 0);
        let file = |name: &str| fs::read_to_string(self.root().join("public/s").join(name)).unwrap();
        let page = file("index.html");
        assert!(page.contains("没有核验记录，不用来判断是否达标") && !page.contains("可以说达标"), "{page}");
        assert!(file("results.json").contains("\"verdict\": \"noclaim\""));
    }

    fn store<T>(&self, work: impl AsyncFnOnce(&Store) -> T) -> T {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let store = Store::open(&DatabaseAddress::parse(&self.db()).unwrap(), IfMissing::Create).await.unwrap();
            let done = work(&store).await;
            store.close().await;
            done
        })
    }
}

/// Answers as a store of the first schema held them: without a batch.
fn old_records(wave: &str, aware: usize) -> Vec<ResponseRecord> {
    let one = |i: usize| {
        let heard = if i < aware { "know" } else { "never" };
        let response = Response {
            id: (i as u128 + 1).to_be_bytes(),
            survey: "s".into(),
            wave: wave.into(),
            mode: CollectionMode::Face,
            hour: 501_900,
            wording: puzhi_core::base::ContentHash::of(b"old"),
            answers: Answers::from_canonical(&format!("{{\"heard\":\"{heard}\"}}")).unwrap(),
            sample: puzhi_survey::SampleUnit::default(),
        };
        ResponseRecord::from(&response)
    };
    (0..400).map(one).collect()
}

#[test]
fn a_voluntary_wave_cannot_become_a_probability_sample_by_its_page() {
    let site = Site::counted("v", 400);
    assert_eq!(site.verdict(), TargetVerdict::CannotCount);
    assert_eq!(site.build().code, 0);
    site.page("{id: v, sample: 自愿", "{id: v, sample: 概率");
    let before = fs::read(site.results_file()).unwrap();
    for args in [
        vec!["snapshot", "s", "--db", &site.db()],
        vec!["snapshot", "s", "--renew", "--db", &site.db()],
        vec!["verify", "s", "--db", &site.db()],
        vec!["serve", "--listen", "127.0.0.1:0", "--db", &site.db()],
    ] {
        let said = site.survey(&args);
        assert!(
            said.code != 0 && said.err.contains("的 sample 在收到第一份答卷时是“voluntary”"),
            "{args:?}: {}",
            said.all()
        );
        assert!(!said.all().contains("达标"), "{args:?}: {}", said.all());
    }
    let said = site.import("v", 399);
    assert!(said.code != 0 && said.err.contains("sample"), "{}", said.all());
    assert_eq!(fs::read(site.results_file()).unwrap(), before, "nothing is written");
    // The build does not read the store: results and page disagree.
    let built = site.build();
    assert!(built.code != 0 && built.err.contains("results-differ") && built.err.contains("sample"), "{}", built.all());
    // Without the old results a build has none, and no snapshot makes new ones.
    fs::remove_file(site.results_file()).unwrap();
    assert!(site.survey(&["snapshot", "s", "--db", &site.db()]).code != 0);
    assert!(!site.results_file().exists());
    // An export carries what was recorded.
    let file = site.folder.path().join("s.jsonl").display().to_string();
    site.good(&["export", "s", &file, "--db", &site.db()]);
    let said = site.survey(&["snapshot", "s", "--from", &file]);
    assert!(said.code != 0 && said.err.contains("sample"), "{}", said.all());
}

#[test]
fn a_frame_and_a_mode_that_have_answers_stay() {
    let site = Site::counted("p", 380);
    for (from, to, field) in
        [("frame: 户籍名册", "frame: 电话号码", "frame"), ("mode: [面访, 纸质]", "mode: 面访", "mode")]
    {
        site.page(from, to);
        let said = site.survey(&["snapshot", "s", "--db", &site.db()]);
        assert!(said.code != 0 && said.err.contains(&format!("的 {field} ")), "{field}: {}", said.all());
    }
    site.page("frame: 户籍名册", "frame: 电话号码");
    let built = site.build();
    assert!(built.code != 0 && built.err.contains("disclosure.frame"), "{}", built.all());
}

/// An edit of the wave in a results file, and the field that the build names.
type Edit = (&'static str, fn(&mut Json));

#[test]
fn every_edit_of_the_results_file_is_named_by_its_field() {
    let edits: [Edit; 10] = [
        ("sample", |wave| {
            wave["sample"] = json!("probability");
            wave["awareness"]["interval"] = json!({"low": 0.98, "high": 1.0, "level": 0.95, "kind": "confidence"});
        }),
        ("sample", |wave| {
            wave["sample"] = json!("probability");
            wave["provenance"]["sample"] = json!("probability");
        }),
        ("n", |wave| wave["n"] = json!(401)),
        ("awareness", |wave| wave["awareness"]["words"] = json!("另一种算法")),
        ("modes", |wave| wave["modes"] = json!(["face"])),
        ("disclosure.frame", |wave| wave["disclosure"]["frame"] = json!("户籍名册")),
        ("disclosure", |wave| wave["disclosure"]["population"] = json!("全国")),
        ("questions", |wave| wave["questions"][0]["text"] = json!("别的问题")),
        ("provenance", |wave| wave["provenance"]["batches"] = json!([])),
        ("provenance", |wave| wave["provenance"]["modes"] = json!(["phone"])),
    ];
    let site = Site::counted("v", 380);
    let good = site.json();
    for (field, edit) in edits {
        let mut edited = good.clone();
        edit(&mut edited["waves"][0]);
        assert_ne!(edited, good);
        fs::write(site.results_file(), edited.to_string()).unwrap();
        let built = site.build();
        assert!(built.code != 0, "{field} built");
        // A change of the sample type shows in the page's own check as well, whichever comes first.
        let named = built.err.contains(&format!("的 {field} ")) || field == "sample" && built.err.contains("sample");
        assert!(named, "{field}: {}", built.err);
    }
    // Written anew without a change, it builds: the digest is of the content, not of the bytes.
    fs::write(site.results_file(), good.to_string()).unwrap();
    assert_eq!(site.build().code, 0);
}

#[test]
fn digests_computed_again_deceive_the_build_and_not_verify() {
    let site = Site::counted("v", 300);
    let mut results = site.results();
    let wave = &mut results.waves[0];
    let figure = wave.awareness.as_mut().unwrap();
    (figure.aware, figure.share) = (Some(390), Some(390.0 / 400.0));
    results.seal();
    fs::write(site.results_file(), results.to_json()).unwrap();
    assert_eq!(site.build().code, 0, "the file agrees with itself");
    let said = site.survey(&["verify", "s", "--db", &site.db()]);
    assert!(said.code == 1 && said.err.contains("awareness.aware") && said.err.contains("390"), "{}", said.all());

    // The sample type with all its digests, in the file and on the page, against what the store recorded.
    let mut results = site.results();
    results.waves[0].sample = SamplingMethod::Probability;
    results.waves[0].provenance.as_mut().unwrap().sample = Some(SamplingMethod::Probability);
    results.seal();
    fs::write(site.results_file(), results.to_json()).unwrap();
    site.page("{id: v, sample: 自愿", "{id: v, sample: 概率");
    let said = site.survey(&["verify", "s", "--db", &site.db()]);
    assert!(said.code == 1 && said.err.contains("sample"), "{}", said.all());
}

#[test]
fn verify_derives_every_number_and_checks_the_published_files() {
    let site = Site::counted("p", 380);
    assert_eq!(site.verdict(), TargetVerdict::Reached);
    assert!(site.good(&["verify", "s", "--db", &site.db()]).contains("核对无误"));
    assert_eq!(site.build().code, 0);
    let public = site.root().join("public").display().to_string();
    let with_site = ["verify", "s", "--db", &site.db(), "--public", &public];
    site.good(&with_site);
    let csv = Path::new(&public).join("s/results.csv");
    let published = fs::read_to_string(&csv).unwrap();
    for (from, to, field) in [("probability", "voluntary", "sample"), ("95,", "99,", "share")] {
        assert!(published.contains(from), "{published}");
        fs::write(&csv, published.replacen(from, to, 1)).unwrap();
        let said = site.survey(&with_site);
        assert!(said.code == 1 && said.err.contains(&format!(" {field} ")), "{field}: {}", said.all());
        // The next build puts the file right.
        assert_eq!(site.build().code, 0);
        assert_eq!(fs::read_to_string(&csv).unwrap(), published, "{field}");
    }
    // Answers that came later are said, not passed over.
    let more = site.folder.path().join("more.csv");
    fs::write(&more, "serial,heard,street\n900,1,1\n901,2,1\n").unwrap();
    site.good(&["import", "s", &more.display().to_string(), "--wave", "p", "--mode", "face", "--db", &site.db()]);
    let said = site.survey(&["verify", "s", "--db", &site.db()]);
    assert!(said.code == 1 && said.out.contains("统计之后答卷有增减"), "{}", said.all());
}

#[test]
fn results_of_the_old_form_build_and_are_shown_as_unverified() {
    let site = Site::counted("p", 380);
    let mut old = site.json();
    old["waves"][0].as_object_mut().unwrap().remove("provenance");
    fs::write(site.results_file(), old.to_string()).unwrap();
    let built = site.build();
    assert_eq!((built.code, built.err.as_str()), (0, ""));
    let page = || fs::read_to_string(site.root().join("public/s/index.html")).unwrap();
    assert!(page().contains("未核验"));
    assert!(site.good(&["report", "s"]).contains("未核验"));
    let said = site.survey(&["verify", "s", "--db", &site.db()]);
    assert!(said.code == 1 && said.out.contains("没有核验记录"), "{}", said.all());
    site.good(&["snapshot", "s", "--renew", "--db", &site.db()]);
    assert_eq!(site.build().code, 0);
    assert!(!page().contains("未核验"));
}

#[test]
fn answers_of_a_first_schema_store_show_no_target_reached_until_adopted() {
    let site = Site::new();
    site.store(async |store| store.insert_all(&old_records("p", 400)).await.unwrap());
    let said = site.survey(&["snapshot", "s", "--db", &site.db()]);
    assert!(said.code == 0 && said.err.contains("puzhi survey adopt s --wave p"), "{}", said.all());
    assert_eq!(site.verdict(), TargetVerdict::NoClaim);
    assert_eq!(site.build().code, 0);
    let page = || fs::read_to_string(site.root().join("public/s/index.html")).unwrap();
    assert!(page().contains("没有记录样本类型"));
    // An export says so as well.
    let file = site.folder.path().join("old.jsonl").display().to_string();
    site.good(&["export", "s", &file, "--db", &site.db()]);
    fs::remove_file(site.results_file()).unwrap();
    site.good(&["snapshot", "s", "--from", &file]);
    assert_eq!(site.verdict(), TargetVerdict::NoClaim);

    assert_eq!(site.survey(&["adopt", "s", "--wave", "p", "--why", " ", "--db", &site.db()]).code, 2);
    site.good(&["adopt", "s", "--wave", "p", "--why", "抽样记录在案", "--db", &site.db()]);
    site.good(&["snapshot", "s", "--renew", "--db", &site.db()]);
    assert_eq!(site.verdict(), TargetVerdict::Reached);
    assert_eq!(site.build().code, 0);
    assert!(page().contains("事后补记的：抽样记录在案"));
    site.good(&["verify", "s", "--db", &site.db()]);
    // What was adopted is fixed.
    site.page("{id: p, sample: 概率", "{id: p, sample: 配额");
    assert!(site.survey(&["adopt", "s", "--wave", "p", "--why", "又改了", "--db", &site.db()]).err.contains("sample"));
}

#[test]
fn a_purge_leaves_a_record_and_published_results() {
    let site = Site::counted("p", 380);
    let before = site.results();
    assert!(site.good(&["purge", "s", "--db", &site.db()]).contains("400 份答卷"));
    assert!(site.good(&["verify", "s", "--db", &site.db()]).contains("答卷已于 20"));
    assert!(site.good(&["batches", "s", "--db", &site.db()]).contains("purged"));
    site.good(&["snapshot", "s", "--db", &site.db()]);
    assert_eq!(site.results(), before, "nothing is counted from nothing");
    assert_eq!(site.build().code, 0);
    // While a wave is open nothing is deleted.
    let open = Site::counted("v", 300);
    open.write("content/s.md", &PAGE.replace("2027-04-01", "2020-04-01").replace("2027-04-30", "2099-04-30"));
    let said = open.survey(&["purge", "s", "--db", &open.db()]);
    assert!(said.code == 2 && said.err.contains("还在收答卷"), "{}", said.all());
}

#[test]
fn an_import_can_be_removed_and_exports_are_what_from_reads() {
    let site = Site::counted("p", 380);
    let list = site.good(&["batches", "s", "--db", &site.db()]);
    assert!(list.lines().nth(1).is_some_and(|row| row.starts_with("1\tp\timport\tprobability\tpaper\t")), "{list}");
    let jsonl = site.folder.path().join("s.jsonl").display().to_string();
    assert!(site.good(&["export", "s", &jsonl, "--db", &site.db()]).contains("400 份"));
    let (counted, file) = (site.results(), site.results_file());
    fs::remove_file(&file).unwrap();
    site.good(&["snapshot", "s", "--from", &jsonl]);
    let mut wanted = counted;
    wanted.waves[0].provenance = None;
    assert_eq!(site.results(), wanted);

    let csv = site.folder.path().join("s.csv").display().to_string();
    site.good(&["export", "s", &csv, "--format", "csv", "--db", &site.db()]);
    let table = fs::read_to_string(&csv).unwrap();
    assert!(
        table.starts_with("wave,sample_type,mode,hour,wording,heard,mark,street\r\np,probability,paper,20"),
        "{table:.120}"
    );
    assert_eq!(table.lines().count(), 401);
    let ddi = site.folder.path().join("s.xml").display().to_string();
    site.good(&["export", "s", &ddi, "--format", "ddi", "--db", &site.db()]);
    let book = fs::read_to_string(&ddi).unwrap();
    for column in table.lines().next().unwrap().split(',') {
        assert!(book.contains(&format!("name=\"{column}\"")), "{column}: {book}");
    }
    assert!(book.contains("<caseQnty>400</caseQnty>") && book.contains("<catValu>know</catValu><labl>知道</labl>"));
    // Never into the site.
    for inside in ["content/x.jsonl", "public/x.jsonl", "x.jsonl"] {
        fs::create_dir_all(site.root().join("public")).unwrap();
        let said = site.survey(&["export", "s", inside, "--db", &site.db()]);
        assert!(said.code == 2 && !site.root().join(inside).exists(), "{inside}: {}", said.all());
    }

    let said = site.survey(&["remove-batch", "s", "1", "--why", "", "--db", &site.db()]);
    assert_eq!(said.code, 2);
    assert!(site.good(&["remove-batch", "s", "1", "--why", "录错了", "--db", &site.db()]).contains("400 份"));
    let list = site.good(&["batches", "s", "--db", &site.db()]);
    assert!(list.contains("removed") && list.contains("录错了") && list.contains("\t400\t"), "{list}");
    assert!(site.survey(&["remove-batch", "s", "1", "--why", "x", "--db", &site.db()]).code != 0);
}

/// Imports more rows under other serials: how many of street 甲 and 乙, aware and not.
fn import_more(site: &Site, counts: [[usize; 2]; 2]) {
    let mut sheet = String::from("serial,heard,street,mark\n");
    let mut serial = 900;
    for (street, split) in counts.iter().enumerate() {
        for (heard, count) in split.iter().enumerate() {
            for _ in 0..*count {
                serial += 1;
                sheet.push_str(&format!("{serial},{},{},{}\n", heard + 1, street + 1, 1 + serial % 5));
            }
        }
    }
    let file = site.folder.path().join("more.csv");
    fs::write(&file, sheet).unwrap();
    let file = file.display().to_string();
    site.good(&["import", "s", &file, "--wave", "p", "--mode", "paper", "--repeats", "add", "--db", &site.db()]);
}

#[test]
fn what_a_second_snapshot_holds_back_stays_back_and_is_verified() {
    let site = Site::counted("p", 300);
    let street = |site: &Site| {
        let results = site.results();
        let table = results.waves[0].questions.iter().find(|q| q.id == "street").unwrap().clone();
        (table.rows.iter().map(|row| row.n).collect::<Vec<_>>(), results.waves[0].held.clone())
    };
    assert_eq!(street(&site), (vec![Some(200), Some(200)], Vec::new()));
    // Two of the second street: with the row published again, each of them would be told.
    import_more(&site, [[25, 12], [1, 1]]);
    site.good(&["snapshot", "s", "--db", &site.db()]);
    let (rows, held) = street(&site);
    assert!(rows[1].is_none() && held.contains(&"street/b".to_string()), "{rows:?} {held:?}");
    assert!(site.good(&["verify", "s", "--db", &site.db()]).contains("核对无误"));
    assert_eq!(site.build().code, 0);
    // Counted once more from the same answers, nothing comes back.
    site.good(&["snapshot", "s", "--db", &site.db()]);
    assert_eq!(street(&site), (rows, held));
}

#[test]
fn the_sample_type_of_a_file_of_answers_and_the_mode_of_an_import_are_checked() {
    let site = Site::counted("v", 400);
    let file = site.folder.path().join("v.jsonl").display().to_string();
    site.good(&["export", "s", &file, "--db", &site.db()]);
    let good = fs::read_to_string(&file).unwrap();
    let relabelled = good.replace("\"sample_type\":\"voluntary\"", "\"sample_type\":\"probability\"");
    assert_ne!(relabelled, good);
    // Against the page, and lines against each other.
    let first_line = relabelled.lines().next().unwrap().to_string() + "\n";
    let mixed = first_line + good.split_once('\n').unwrap().1;
    for text in [&relabelled, &mixed] {
        fs::write(&file, text).unwrap();
        let said = site.survey(&["snapshot", "s", "--from", &file]);
        assert!(said.code == 1 && said.err.contains("sample"), "{}", said.all());
    }
    // File and page together: the results have no record, and both the page and the check against the store say so.
    fs::write(&file, &relabelled).unwrap();
    site.page("{id: v, sample: 自愿", "{id: v, sample: 概率");
    fs::remove_file(site.results_file()).unwrap();
    site.good(&["snapshot", "s", "--from", &file]);
    assert!(site.good(&["report", "s"]).contains("未核验"));
    let said = site.survey(&["verify", "s", "--db", &site.db()]);
    assert!(said.code == 1 && said.err.contains("sample"), "{}", said.all());
    // They cannot say that the target is reached, not even when every one of 400 is aware.
    site.says_nothing_of_the_target();
    // A second snapshot of the same file, and one of a file that names no sample type, say no more.
    site.good(&["snapshot", "s", "--from", &file, "--renew"]);
    site.says_nothing_of_the_target();
    fs::write(&file, relabelled.replace("\"sample_type\":\"probability\",", "")).unwrap();
    site.good(&["snapshot", "s", "--from", &file, "--renew"]);
    site.says_nothing_of_the_target();
    // A mode that the wave does not have.
    let sheet = site.folder.path().join("v.csv").display().to_string();
    let said = site.survey(&["import", "s", &sheet, "--wave", "v", "--mode", "phone", "--db", &site.db()]);
    assert!(said.code == 2 && said.err.contains("--mode"), "{}", said.all());
}
