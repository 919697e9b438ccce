//! New sites and new pages: what `puzhi init` and `puzhi new` write builds as it is.

use std::fs;
use std::path::Path;
use std::process::Output;

use puzhi_core::kinds::KindName;

use crate::support::puzhi;

fn puzhi_in(folder: &Path, args: &[&str]) -> Output {
    puzhi().args(args).current_dir(folder).env("SOURCE_DATE_EPOCH", "1795305600").output().unwrap()
}

fn said(run: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
}

/// Builds strictly and gives every finding but that the address is not set yet.
fn findings(site: &Path) -> Vec<String> {
    let run = puzhi_in(site, &["build", "--strict", "--drafts", "--format", "json"]);
    let lines: Vec<String> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.contains("no-base-url"))
        .map(str::to_string)
        .collect();
    assert_eq!(run.status.code() == Some(0), lines.is_empty(), "{lines:?}");
    lines
}

/// Replaces every placeholder of a new site.
fn fill_in(site: &Path) {
    for file in ["content/_index.md", "content/about/about.md", "content/about/copyright.md", "site.yaml"] {
        let path = site.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(['〔', '〕'], "")).unwrap();
    }
}

fn new_site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = puzhi_in(folder.path(), &["init", "site"]);
    assert!(run.status.success(), "{}", said(&run));
    folder
}

#[test]
fn a_new_site_builds_strictly_and_its_samples_are_marked() {
    let folder = new_site();
    let site = folder.path().join("site");
    // What is to be filled in is said, outside samples, once for each file.
    let run = puzhi_in(&site, &["build", "--drafts", "--format", "json"]);
    let said: Vec<String> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.contains("no-base-url"))
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| format!("{} {}", line["code"].as_str().unwrap(), line["file"].as_str().unwrap()))
        .collect();
    let placeholders = ["content/_index.md", "content/about/about.md", "content/about/copyright.md", "site.yaml"];
    let mut wanted: Vec<String> = placeholders.iter().map(|file| format!("placeholder-left {file}")).collect();
    wanted.sort();
    assert_eq!(said.iter().cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(), wanted);
    assert_eq!(said.len(), wanted.len());
    fill_in(&site);
    assert_eq!(findings(&site), Vec::<String>::new());
    let page = |path: &str| fs::read_to_string(site.join("public").join(path)).unwrap();
    for sample in ["guides/sample-guide", "events/sample-event", "stories/sample-story"] {
        assert!(page(&format!("{sample}/index.html")).contains("示例"), "{sample}");
        assert!(!page("index.html").contains(sample), "{sample} is on the home page");
    }
    for section in ["guides", "events", "stories", "about"] {
        assert!(page("index.html").contains(&format!("{section}/")), "{section}");
    }
    // An empty folder that is there already will do.
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(puzhi_in(folder.path(), &["init", "empty"]).status.success());
}

#[test]
fn a_new_page_of_every_kind_builds_strictly_as_a_draft() {
    let folder = new_site();
    let site = folder.path().join("site");
    fill_in(&site);
    for kind in KindName::ALL {
        let word = kind.zh();
        for (name, title) in [(word, format!("“4·26”：{word} #1")), (kind.as_str(), format!("讲座 {}", kind.as_str()))]
        {
            let run = puzhi_in(&site, &["new", name, &title]);
            assert!(run.status.success(), "{}", said(&run));
        }
    }
    assert_eq!(findings(&site), Vec::<String>::new());
    let text = |path: &str| fs::read_to_string(site.join(path)).unwrap();
    // In the section of the kind; Han stays Han; without a section the page says its kind.
    assert!(
        text("content/guides/4-26-指南-1.md").contains("标题: \"“4·26”：指南 #1\"\n")
            && !text("content/guides/4-26-指南-1.md").contains("\n类型:")
    );
    assert!(text("content/surveys/4-26-问卷-1.md").contains("\n类型: 问卷\n"));
    assert!(text("content/events/讲座-event.md").contains("\n编号: 讲座-event  #"));
    assert!(
        text("content/4-26-页面-1.md").contains("\n日期: 2026-11-22  #")
            && text("content/4-26-页面-1.md").contains("\n草稿: 是  #")
    );
    // A draft reaches nobody.
    assert!(puzhi_in(&site, &["build", "--strict"]).status.success());
    assert!(!site.join("public/guides/4-26-指南-1").exists());
}

#[test]
fn a_kind_that_the_site_hides_is_named_as_hidden() {
    let folder = new_site();
    let site = folder.path().join("site");
    let settings = fs::read_to_string(site.join("site.yaml")).unwrap();
    fs::write(site.join("site.yaml"), format!("{settings}\n隐藏类型: [政策]\n")).unwrap();
    let run = puzhi_in(&site, &["new", "政策", "甲"]);
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
    assert!(said(&run).contains("hidden-kind") && said(&run).contains("隐藏类型"), "{}", said(&run));
}

#[test]
fn the_name_and_the_folder_can_be_chosen() {
    let folder = new_site();
    let site = folder.path().join("site");
    fill_in(&site);
    fs::create_dir_all(site.join("content/办事/专利")).unwrap();
    fs::write(site.join("content/办事/_index.md"), "---\n标题: 办事\n类型: 指南\n---\n").unwrap();
    let run = puzhi_in(&site, &["new", "guide", "！！", "--slug", "apply", "--section", "content/办事/专利/"]);
    assert!(run.status.success() && said(&run).contains("content/办事/专利/apply.md"), "{}", said(&run));
    // The section above says of which kind its pages are.
    assert!(!fs::read_to_string(site.join("content/办事/专利/apply.md")).unwrap().contains("\n类型:"));
    // The same name again is refused, an id in use is not given twice.
    assert_eq!(
        puzhi_in(&site, &["new", "guide", "x", "--slug", "apply", "--section", "办事/专利"]).status.code(),
        Some(2)
    );
    assert!(puzhi_in(&site, &["new", "event", "开放日"]).status.success());
    assert!(puzhi_in(&site, &["new", "event", "开放日", "--section", "办事"]).status.success());
    assert!(fs::read_to_string(site.join("content/办事/开放日.md")).unwrap().contains("\n编号: 开放日-2  #"));
    assert_eq!(findings(&site), Vec::<String>::new());
    // Mistakes of other pages are none of the new one's business.
    fs::write(site.join("content/guides/bad.md"), "---\n日期: 那天\n---\n").unwrap();
    assert!(puzhi_in(&site, &["new", "指南", "照写不误"]).status.success());
    assert_eq!(puzhi_in(&site, &["new", "小说", "没有这种"]).status.code(), Some(2));
}

#[test]
fn a_new_event_takes_its_end_with_its_start() {
    for (written, line) in [
        ("2026-04-26 9:30-11:30", "start: 2026-04-26 9:30-11:30"),
        ("2026年4月26日（周日）9:30至27日11:00", "start: 2026-04-26 9:30 至 2026-04-27 11:00"),
    ] {
        let folder = new_site();
        let site = folder.path().join("site");
        let run = puzhi_in(&site, &["new", "活动", "讲座", "--slug", "talk", "--start", written]);
        assert!(run.status.success(), "{}", said(&run));
        let path = said(&run).split_whitespace().find(|word| word.ends_with("talk.md")).unwrap().to_string();
        let text = std::fs::read_to_string(site.join(path)).unwrap();
        let value = line.split_once(": ").unwrap().1;
        assert!(text.lines().any(|found| found.ends_with(value)), "{written}: {text}");
        fill_in(&site);
        assert!(findings(&site).iter().all(|finding| !finding.contains("date")), "{written}");
    }
}
