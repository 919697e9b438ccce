//! Results whose record is gone, another store, and the signature of the results file.

use super::*;

#[test]
fn a_record_taken_out_of_the_results_takes_the_claim_with_it() {
    let site = Site::counted("v", 400);
    // Relabelled on the page and in the results, whose record goes since it cannot agree.
    let mut results = site.results();
    let wave = &mut results.waves[0];
    (wave.sample, wave.provenance) = (SamplingMethod::Probability, None);
    wave.disclosure.frame = Some("户籍名册".into());
    wave.awareness.as_mut().unwrap().interval = Some(puzhi_core::kinds::results::Interval {
        low: 0.99,
        high: 1.0,
        level: 0.95,
        kind: puzhi_core::kinds::results::IntervalKind::Confidence,
    });
    fs::write(site.results_file(), results.to_json()).unwrap();
    site.page("{id: v, sample: 自愿", "{id: v, sample: 概率, frame: 户籍名册");
    site.says_nothing_of_the_target();
}

#[test]
fn an_export_brought_into_another_store_is_found_by_the_first_one() {
    let site = Site::counted("v", 400);
    let first = site.db();
    // The limit that docs/survey/provenance.md states: a store of one's own is the same as editing the store.
    site.page("{id: v, sample: 自愿", "{id: v, sample: 概率");
    let second = format!("sqlite:{}", site.folder.path().join("second.db").display());
    let sheet = site.folder.path().join("v.csv").display().to_string();
    site.good(&["import", "s", &sheet, "--wave", "v", "--mode", "paper", "--db", &second]);
    fs::remove_file(site.results_file()).unwrap();
    site.good(&["snapshot", "s", "--db", &second]);
    site.good(&["verify", "s", "--db", &second]);
    let said = site.survey(&["verify", "s", "--db", &first]);
    assert!(said.code == 1 && said.err.contains("sample"), "{}", said.all());
}

#[test]
fn a_signature_finds_digests_that_were_computed_again() {
    let site = Site::counted("p", 300);
    let key = site.folder.path().join("results.key").display().to_string();
    let inside = site.survey(&["key", "content/results.key"]);
    assert!(inside.code == 2 && !site.root().join("content/results.key").exists(), "{}", inside.all());
    let made = site.good(&["key", &key]);
    let line = made.lines().find(|line| line.contains("results_key: ")).unwrap().to_string();
    assert_eq!(site.survey(&["key", &key]).code, 3, "an existing key is never overwritten");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&key).unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "its owner alone reads it");
    }
    site.write("site.yaml", &format!("title: 示例站\nbase_url: https://example.org/\nsurvey:\n{line}\n"));
    let built = site.build();
    assert!(
        built.code != 0 && built.err.contains("results-unsigned") && built.err.contains("survey sign s"),
        "{}",
        built.all()
    );
    assert_eq!(site.survey(&["report", "s"]).code, 1);
    let sign = ["sign", "s", "--db", &site.db(), "--key", &key];
    assert!(site.good(&sign).contains("已签名"));
    assert_eq!(site.build().code, 0);
    site.good(&["report", "s"]);
    site.good(&["verify", "s", "--db", &site.db()]);

    // The edit that the build alone cannot find without a signature.
    let signed = site.results();
    let mut results = signed.clone();
    let figure = results.waves[0].awareness.as_mut().unwrap();
    (figure.aware, figure.share) = (Some(390), Some(0.975));
    figure.interval.as_mut().unwrap().low = 0.955;
    figure.interval.as_mut().unwrap().high = 0.987;
    results.seal();
    fs::write(site.results_file(), results.to_json()).unwrap();
    let built = site.build();
    assert!(built.code != 0 && built.err.contains("results-signature"), "{}", built.all());
    assert_eq!(site.survey(&["report", "s"]).code, 1);
    // It cannot be signed either, since the store gives other numbers.
    let said = site.survey(&sign);
    assert!(said.code == 1 && said.err.contains("awareness") && said.err.contains("不签名"), "{}", said.all());
    assert_eq!(site.results(), results, "nothing is written");
    // Another key, and no key.
    fs::write(site.results_file(), signed.to_json()).unwrap();
    let other = site.folder.path().join("other.key").display().to_string();
    site.good(&["key", &other]);
    assert!(site.good(&["sign", "s", "--db", &site.db(), "--key", &other]).contains("不是这把密钥的"));
    assert!(site.build().err.contains("results-signature"));
    fs::write(&other, "x").unwrap();
    assert_eq!(site.survey(&["sign", "s", "--db", &site.db(), "--key", &other]).code, 2);
    // A snapshot is not signed, and says so.
    assert!(site.good(&["snapshot", "s", "--db", &site.db()]).contains("survey sign s"));
    assert!(site.build().err.contains("results-unsigned"));
}
