//! The campaign of another county, fictional, with two kinds of its own (`tests/fixtures/sample-county`): built, previewed
//! and edited, also in the files that define its kinds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, OutputFiles, PreviousBuild, build_in_memory, build_over};
use puzhi::preview::PreviewSession;
use puzhi::source::{FileSnapshot, scan};
use puzhi_core::diag::Diagnostic;

use crate::support::{build_date, build_input, puzhi, read_settings, repository};

const TODAY: Date = date(2027, 3, 1);

fn source() -> PathBuf {
    repository().join("tests/fixtures/sample-county")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The campaign in a folder of its own.
fn campaign() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&source(), folder.path());
    folder
}

/// The files of a site as they are on disk, held in memory so that `site.yaml` is among them.
fn snapshot(root: &Path) -> (FileSnapshot, puzhi::settings::Settings) {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    texts.insert("site.yaml".into(), fs::read_to_string(root.join("site.yaml")).unwrap());
    let (files, found) = scan(root, "civic");
    assert_eq!(found, []);
    for path in files.paths() {
        texts.insert(path.to_string(), fs::read_to_string(root.join(path.as_str())).unwrap());
    }
    let archive: String = texts.iter().map(|(path, text)| format!("-- {path} --\n{text}")).collect();
    let files = puzhi::source::memory_site(&archive);
    let (settings, found) = read_settings(&files);
    assert_eq!(found, []);
    (files, settings)
}

fn build(root: &Path, today: Date) -> (Vec<Diagnostic>, OutputFiles) {
    let (files, settings) = snapshot(root);
    let clock = build_date(today, &settings);
    let (report, files) = build_in_memory(&files, settings, clock, &Options::default());
    (report.diags, files)
}

fn text(files: &OutputFiles, path: &str) -> String {
    let page = String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap();
    page.replace("<wbr>", "")
}

fn replace(root: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(path)).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    fs::write(root.join(path), text.replace(from, to)).unwrap();
}

#[test]
fn pages_of_own_kinds_show_their_keys_as_a_labelled_list() {
    let folder = campaign();
    let (diags, files) = build(folder.path(), TODAY);
    assert_eq!(diags, []);
    let page = text(&files, "scams/refund/index.html");
    for part in [
        "<p class=\"kind\">骗局</p>",
        "<dl class=\"facts\"><div><dt>手法</dt><dd>冒充网店客服，要您“理赔”时转账</dd></div>",
        "<dt>渠道</dt><dd><ul><li>电话</li><li>网络</li></ul></dd>",
        "<dt>损失</dt><dd>3.5</dd>",
        "<dt>发现日期</dt><dd><time datetime=\"2027-02-03\">2027年2月3日</time></dd>",
        "<dt>报案</dt><dd><dl><div><dt>单位</dt><dd>示例县反诈中心</dd></div><div><dt>电话号码</dt><dd><a href=\"tel:96110\">96110</a></dd></div></dl></dd>",
        "<li><a href=\"../../scams/bulletin.txt\">bulletin.txt</a></li>",
        "<li><a class=\"external\" rel=\"noopener external\" href=\"https://example.com/notice\">",
        "<dt>高发</dt><dd>是</dd>",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let english = text(&files, "en/scams/refund/index.html");
    for part in [
        "<p class=\"kind\">scam</p>",
        "<dt>reached by</dt><dd>phone</dd>",
        "<dt>frequent</dt><dd>No</dd>",
        "<time datetime=\"2027-02-03\">3 February 2027</time>",
    ] {
        assert!(english.contains(part), "{part} is not in {english}");
    }
}

#[test]
fn roles_of_keys_reach_lists_feeds_sitemap_and_expiry() {
    let folder = campaign();
    let (_, files) = build(folder.path(), TODAY);
    // Lists show the keys that are listed, and the date that stands in for a missing one.
    let list = text(&files, "scams/index.html");
    assert!(list.contains("<span>渠道：电话、网络</span><span>高发：是</span>"), "{list}");
    assert!(list.contains("<time datetime=\"2027-02-03\">"), "{list}");
    let hazards = text(&files, "hazards/index.html");
    assert!(hazards.contains("<span>等级：重大</span>") && !hazards.contains("<time"), "{hazards}");
    // Hazards are in no feed and in no search engine.
    for feed in ["atom.xml", "rss.xml", "hazards/rss.xml"] {
        assert!(!text(&files, feed).contains("stairs"), "{feed}");
    }
    assert!(text(&files, "rss.xml").contains("/scams/refund/"));
    assert!(!text(&files, "sitemap.xml").contains("stairs") && text(&files, "sitemap.xml").contains("refund"));
    let page = text(&files, "hazards/stairs/index.html");
    assert!(page.contains("noindex") && !text(&files, "scams/refund/index.html").contains("noindex"));
    // Its own template gets the values by key, the default included.
    assert!(page.contains("<p class=\"loud\">重大隐患，1 处，在示例小区三幢</p>"), "{page}");
    let (_, later) = build(folder.path(), date(2027, 4, 1));
    assert!(text(&later, "hazards/stairs/index.html").contains("已过期限"));
    assert!(!text(&later, "hazards/index.html").contains("stairs"));
    // A taxonomy with a Chinese key.
    assert!(text(&files, "骗局类型/冒充客服/index.html").contains("假客服退款"));
}

#[test]
fn hidden_kinds_and_taxonomies_and_wrong_values_are_errors_at_their_place() {
    let folder = campaign();
    let root = folder.path();
    fs::write(root.join("content/p.md"), "---\ntitle: 甲\nkind: policy\nchannel: 进社区\n---\n").unwrap();
    fs::write(root.join("content/scams/b.md"), "---\n标题: 乙\n渠道: 写信\n损失: 很多\n手段: 电话\n---\n").unwrap();
    let (diags, _) = build(root, TODAY);
    let shown: Vec<String> = diags
        .iter()
        .map(|diag| {
            let place = diag.position.unwrap();
            format!("{} {}:{}:{}", diag.code.name, diag.file.as_ref().unwrap(), place.line, place.column)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "hidden-kind content/p.md:3:7",
            "hidden-taxonomy content/p.md:4:1",
            "missing-key content/scams/b.md:2:1",
            "bad-choice content/scams/b.md:3:5",
            "bad-number content/scams/b.md:4:5",
            "unknown-key content/scams/b.md:5:1",
        ]
    );
}

#[test]
fn a_build_over_an_earlier_one_sees_edits_of_kinds() {
    let folder = campaign();
    let root = folder.path();
    let options = Options::default();
    let (mut previous, mut made): (Option<PreviousBuild>, OutputFiles) = (None, OutputFiles::new());
    for (path, from, to) in [
        ("site.yaml", "promise", "promise"),
        ("kinds/骗局.yaml", "名称: 渠道", "名称: 途径"),
        ("content/scams/refund.md", "渠道: [", "途径: ["),
        ("kinds/骗局.yaml", "列表显示: 是\n  - {名称: 损失", "列表显示: 否\n  - {名称: 损失"),
        ("kinds/隐患.yaml", "缺省: 1", "缺省: 2"),
        ("kinds/隐患.yaml", "进订阅: 否", "进订阅: 是"),
        ("kinds/骗局.yaml", "英文名: scam", "英文名: fraud"),
        ("kinds/隐患.yaml", "模板: hazard.html\n", ""),
    ] {
        replace(root, path, from, to);
        let (files, settings) = snapshot(root);
        let built = build_over(build_input(files, settings, TODAY, &options), previous, made);
        (previous, made) = (built.previous, built.files);
        let (diags, clean) = build(root, TODAY);
        assert_eq!(built.report.diags, diags, "{path}: {to}");
        for (name, bytes) in &clean {
            assert!(made.get(name) == Some(bytes), "{name} differs after {path}: {to}");
        }
        assert_eq!(made.len(), clean.len(), "{path}: {to}");
    }
}

#[test]
fn the_preview_shows_edits_of_kinds_and_keeps_the_last_good_file() {
    let folder = campaign();
    let root = folder.path();
    let mut session = PreviewSession::open(root, Box::new(|settings| build_date(TODAY, settings)));
    let show = |session: &mut PreviewSession| {
        let output = session.get("scams/refund/index.html").expect("shown");
        String::from_utf8(output.bytes.to_vec()).unwrap()
    };
    assert!(show(&mut session).contains("<dt>手法</dt>"));
    replace(root, "kinds/骗局.yaml", "名称: 手法", "名称: 套路");
    replace(root, "content/scams/refund.md", "手法:", "套路:");
    session.update(&puzhi::source::FileChanges::from_paths(["kinds/骗局.yaml", "content/scams/refund.md"]));
    assert!(show(&mut session).contains("<dt>套路</dt>"));
    // A mistake in the file is said on the page, which stays as it was.
    replace(root, "kinds/骗局.yaml", "类型: 日期", "类型: 日子");
    session.update(&puzhi::source::FileChanges::from_paths(["kinds/骗局.yaml"]));
    assert!(session.diags().iter().any(|diag| diag.code.name == "bad-choice"));
    assert!(show(&mut session).contains("<time datetime=\"2027-02-03\">"));
}

#[test]
fn new_writes_pages_of_own_kinds_that_build_as_they_are() {
    let folder = campaign();
    let root = folder.path();
    let run = |args: &[&str]| {
        let run = puzhi().args(args).current_dir(root).env("SOURCE_DATE_EPOCH", "1803859200").output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert_eq!(run.status.code(), Some(0), "{args:?}: {said}");
        said
    };
    run(&["new", "骗局", "刷单返利"]);
    run(&["new", "hazard", "电线老化", "--section", "hazards"]);
    let page = fs::read_to_string(root.join("content/scams/刷单返利.md")).unwrap();
    assert!(
        page.contains("\n手法: 〔手法〕  # 骗子怎么做，一句话\n")
            && page.contains("\n# 渠道: 电话  # 可以写：电话、网络、上门\n# 损失:  # 万元\n"),
        "{page}"
    );
    assert!(!page.contains("七进"), "{page}");
    run(&["build", "--strict", "--drafts"]);
}

#[test]
fn the_command_kinds_prints_references_and_schemas() {
    let run = |args: &[&str]| {
        let run = puzhi().arg("kinds").args(args).args(["--root"]).arg(source()).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    let overview = run(&[]);
    assert!(overview.contains("骗局  scam  content/scams  kinds/骗局.yaml\n"), "{overview}");
    assert!(overview.contains("通知  notice  content/notices  内置\n") && !overview.contains("政策"), "{overview}");
    let reference = run(&["骗局"]);
    assert!(reference.contains("| 手法 | method | 文字，必填 | 骗子怎么做，一句话 |"), "{reference}");
    assert!(
        run(&["scam", "--lang", "en"]).contains("| method | 手法 | text, required | how it works in one sentence |")
    );
    let schema = |args: &[&str]| -> serde_json::Value { serde_json::from_str(&run(args)).unwrap() };
    let scam = schema(&["骗局", "--schema"]);
    assert_eq!(scam["properties"]["渠道"]["anyOf"][0]["enum"][0], "电话");
    assert_eq!(scam["properties"]["报案"]["anyOf"][1]["items"]["properties"]["office"]["type"][0], "string");
    assert!(scam["properties"]["骗局类型"].is_object() && scam["properties"]["七进"].is_null());
    assert!(scam["properties"]["类型"]["enum"].as_array().unwrap().contains(&"骗局".into()));
    assert_eq!(schema(&["--schema"])["anyOf"].as_array().unwrap().len(), 7);
    for (table, key) in [("site", "订阅格式"), ("section", "每页篇数"), ("kind", "有日期")] {
        assert!(schema(&[table, "--schema"])["properties"][key].is_object(), "{table}");
    }
}
