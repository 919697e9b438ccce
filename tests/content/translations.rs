//! The words of the theme stand in every language.

use std::collections::BTreeSet;
use std::path::Path;

/// The keys of `themes/civic/i18n/NAME.yaml`.
fn keys(name: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("themes/civic/i18n/{name}.yaml"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with(['#', ' ', '-']) && !line.is_empty());
    lines.map(|line| line.split_once(':').expect("a key").0.to_string()).collect()
}

#[test]
fn chinese_and_english_have_the_same_words() {
    let (zh, en) = (keys("zh"), keys("en"));
    assert!(zh.len() > 100);
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), [""; 0], "zh.yaml has words that en.yaml lacks");
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), [""; 0], "en.yaml has words that zh.yaml lacks");
}
