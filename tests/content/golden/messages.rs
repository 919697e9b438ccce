//! What the program says, as people see it in a terminal of 80 columns, in both languages: wrong arguments, summaries, findings in
//! groups, explanations, errors of templates. `messages.txt` holds all of it.

use std::path::Path;
use std::process::Output;

use unicode_width::UnicodeWidthStr;

use super::compare;
use crate::support::puzhi;

/// A site and what is done with it. Files that `then` names are written, or deleted if empty, between the first build and the command.
struct Case {
    title: &'static str,
    site: &'static [(&'static str, &'static str)],
    then: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
}

const fn case(
    title: &'static str,
    site: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
) -> Case {
    Case { title, site, then: &[], args }
}

const BUILD: &[&str] = &["build", "--date", "2026-11-01"];

const PLAIN: (&str, &str) = ("site.yaml", "title: 示例站\nbase_url: https://example.org/\n");

const HIDDEN: &[(&str, &str)] = &[
    PLAIN,
    ("content/a.md", "见[乙](b.md)和[丁](d.md)。\n"),
    ("content/b.md", "---\ndraft: true\n---\n乙。![图](b.png)\n"),
    ("content/b.png", "图"),
    ("content/c/_index.md", "---\ntitle: 丙\ndraft: true\n---\n"),
    ("content/c/x.md", "丙一。\n"),
    ("content/d.md", "---\ndate: 2026-12-24\n---\n丁。\n"),
    ("content/e.md", "---\nexpires: 2026-10-01\n---\n戊。\n"),
];

const FOREIGN: &[(&str, &str)] = &[
    PLAIN,
    (
        "content/a.md",
        "---\ntitle: 甲\nlayout: post\npermalink: /old/\ncategories: [甲]\n---\n见[乙](b1.md)、[丙](c.md)。\n",
    ),
    ("content/b.md", "---\ntitle: 乙\nlayout: post\naliases: [\"何为专利?..\"]\n---\n见[甲](a1.md)、[丙](c.md)。\n"),
    ("content/d.md", "---\ntitle: 丁\nlayout: post\n---\n见[丙](c.md)、[乙](b.md#nope)。\n"),
];

/// Days of publication and expiry under other names, aliases that files cannot serve, an entry that leads to a draft.
const UNASKED: &[(&str, &str)] = &[
    ("site.yaml", "title: 示例站\nbase_url: https://example.org/\nnavigation:\n  - {title: 乙, link: /b/}\n"),
    ("content/a.md", "---\ntitle: 甲\npublishDate: 2027-01-01\n---\n甲。\n"),
    ("content/b.md", "---\n标题: 乙\n草稿: 是\n---\n乙。\n"),
    ("content/c.md", "---\n标题: 丙\n日期: 2026-01-01\n发布时间: 2027年1月1日\n---\n丙。\n"),
    ("content/d.md", "---\n标题: 丁\n定时发布: 领导同意后\n---\n丁。\n"),
    ("content/e.md", "---\n标题: 戊\n下线时间: 2026-06-30\n旧网址: [/old.aspx?id=1, /old/K/, /old/k/]\n---\n戊。\n"),
    ("content/f.md", "---\n标题: 己；日期：2027-01-01\nextra: {公开时间: 2027-02-01}\n---\n己。\n"),
    ("content/g.md", "---\n标题: 庚\n---\n<!-- 发布日期: 2027-01-01 -->\n庚。\n"),
    ("content/_drafts/h.md", "---\n标题: 辛\n---\n辛。\n"),
];

/// What says in words of its own that a page is not for the public, labels without marks, and times of events under other keys.
const OWN_WORDS: &[(&str, &str)] = &[
    PLAIN,
    ("content/a.md", "---\n标题: 甲\n状态: 草稿（待审）\n---\n甲。\n"),
    ("content/b.md", "---\n标题: 乙\n密级: 秘密★1年\n---\n乙。\n"),
    ("content/c.md", "---\ntitle: C\nstatus: draft - do not publish\n---\nC.\n"),
    ("content/d.md", "---\n标题: 丁 草稿: 是\n---\n丁。\n"),
    ("content/e.md", "标题：戊\n\n发布时间：2027-05-01\n\n戊。\n"),
    ("content/f.md", "来源：县司法局　发布时间：2027-05-01　浏览：12\n\n己。\n"),
    ("content/g.md", "# 庚\n\n（草稿，请勿发布）\n\n庚。\n"),
    ("content/h.md", "---\n标题: 辛\n类型: 活动\n编号: h\n开始: 2026-12-05 下午\n---\n辛。\n"),
    (
        "content/i.md",
        "---\n标题: 壬\n类型: 活动\n编号: i\n开始日期: 2026-12-05\n开始时间: 9:30\n结束日期: 2026-12-07\n---\n壬。\n",
    ),
];

/// Slips in data files, and in front matter that is read all the same.
const DATA: &[(&str, &str)] = &[
    PLAIN,
    (
        "content/a.md",
        "---\n标签: [C++, 50%]\n旧网址: [/old/，/old2/]\n---\n```{table} /data/a.csv\n```\n\n```{table} b.csv\n```\n",
    ),
    ("content/b.md", "---\n\"标题\": \"乙\",\n标签: [C plus plus, 50]\n---\n乙。\n"),
    ("data/a.csv", "名称,地址\n\n甲,城关,多\n"),
    ("data/b.csv", "名称;地址\n甲;城关\n"),
    ("data/c.csv", "名称,备注\n甲,\"好\"他说\n"),
    ("data/d.json", "[{“名称”：“甲”}]\n"),
];

const WRONG_TEMPLATE: &str = "<p>{{ page.title | truncat(length=5) }}</p>\n{% if page is defned %}{% endif %}\n{{ pgaes(section=\"a\") }}\n{% include \"partials/heder.html\" %}\n";

const LONG: &[(&str, &str)] = &[
    PLAIN,
    (
        "content/a.md",
        "各单位要提高认识，加强领导，落实责任，把宣传工作做细做实，做到家喻户晓、人人皆知，形成尊重知识、保护创新的良好氛围，见[附件](missing.docx)，并于每月底前把开展情况报送办公室，逾期不报的予以通报，确保各项工作落到实处。\n",
    ),
];

const CASES: &[Case] = &[
    case("data files and front matter with slips", DATA, BUILD),
    case("a command that does not exist", &[], &["buld"]),
    case("an option that does not exist", &[], &["build", "--drfts"]),
    case("a value that an option does not take", &[], &["build", "--format", "xml"]),
    case("a number out of range", &[], &["build", "--jobs", "0"]),
    case("an option without its value", &[], &["build", "--out"]),
    case("an argument that is missing", &[], &["new", "指南"]),
    case("an option twice", &[], &["build", "--out", "a", "--out", "b"]),
    case("a command below another that does not exist", &[], &["survey", "imprt"]),
    case("help about a command that does not exist", &[], &["help", "biuld"]),
    case("help about a command", &[], &["help", "survey", "backup"]),
    case("no site here", &[("x.txt", "x")], BUILD),
    case("pages that are not on the site", HIDDEN, BUILD),
    case("why a draft is not there", HIDDEN, &["explain", "content/b.md", "--date", "2026-11-01"]),
    case("why a page of a draft section is not there", HIDDEN, &["explain", "/c/x/", "--date", "2026-11-01"]),
    case("why a future page is not there", HIDDEN, &["explain", "content/d.md", "--date", "2026-11-01"]),
    case("why a file is not there", HIDDEN, &["explain", "content/b.png", "--date", "2026-11-01"]),
    case(
        "a page, a day and an entry that must not go out unasked",
        UNASKED,
        &["build", "--all", "--date", "2026-11-01"],
    ),
    case(
        "words of their own for pages that are not for the public",
        OWN_WORDS,
        &["build", "--all", "--date", "2026-11-01"],
    ),
    Case {
        title: "pages that stay in the output folder while the build fails",
        site: &[PLAIN, ("content/a.md", "甲。\n"), ("content/b.md", "乙。\n"), ("content/c.md", "丙。\n")],
        then: &[
            ("content/a.md", "---\n日期: 那天\n---\n甲。\n"),
            ("content/b.md", ""),
            ("content/c.md", "---\n草稿: 是\n---\n丙。\n"),
        ],
        args: BUILD,
    },
    case("why a page with an error is not there", UNASKED, &["explain", "content/d.md", "--date", "2026-11-01"]),
    case(
        "a page of a site in which another has an error",
        UNASKED,
        &["explain", "content/e.md", "--date", "2026-11-01"],
    ),
    case("why a hidden file is not there", HIDDEN, &["explain", "content/.x.md", "--date", "2026-11-01"]),
    case("why a setting is not there", HIDDEN, &["explain", "site.yaml", "--date", "2026-11-01"]),
    case("an option before the command", &[], &["--root", "a", "build"]),
    case(
        "entries of the navigation that are no mappings",
        &[("site.yaml", "标题: 示例站\nbase_url: https://example.org/\nnavigation: [/a/]\n")],
        BUILD,
    ),
    case(
        "a placeholder on a page that says it is no draft",
        &[PLAIN, ("content/a.md", "---\n标题: 甲\n草稿: 否\n---\n〔从这里写起。〕\n"), ("static/sitemap.xml", "x")],
        BUILD,
    ),
    case("something that is nowhere", HIDDEN, &["explain", "content/z.md", "--date", "2026-11-01"]),
    case("keys and names of other programs, findings in groups", FOREIGN, BUILD),
    case("all findings", FOREIGN, &["build", "--all", "--date", "2026-11-01"]),
    case("a finding in a long line", LONG, BUILD),
    Case {
        title: "addresses that the last build had",
        site: &[PLAIN, ("content/a.md", "甲。\n"), ("content/b.md", "乙。\n")],
        then: &[("content/a.md", ""), ("content/c.md", "甲。\n"), ("content/b.md", "")],
        args: BUILD,
    },
    case(
        "a build that agrees with one from nothing",
        &[PLAIN, ("content/a.md", "甲。\n")],
        &["build", "--verify", "--date", "2026-11-01"],
    ),
    Case {
        title: "what an output read",
        site: &[PLAIN, ("content/a.md", "---\n标题: 甲\n标签: [乙]\n---\n甲。\n"), ("content/c/b.md", "丙。\n")],
        then: &[("content/a.md", "---\n标题: 甲甲\n标签: [乙]\n---\n甲。\n")],
        args: &["explain", "content/a.md", "--date", "2026-11-01"],
    },
    case(
        "several times where an event begins",
        &[PLAIN, ("content/a.md", "甲。\n")],
        &["new", "活动", "讲座", "--start", "2026年4月26日 9:30-11:30、下午2点—4点"],
    ),
    case(
        "a weekday that contradicts the day",
        &[PLAIN, ("content/a.md", "甲。\n")],
        &["new", "活动", "讲座", "--start", "2026-04-26 周一"],
    ),
    case(
        "dates, data and conflicts",
        &[
            PLAIN,
            ("content/a.md", "---\n标题: 甲\n日期: 2026年4月26日（星期一）\n更新: 4月26日 周日\n---\n甲。\n"),
            (
                "content/b.md",
                "---\n标题: 乙\n类型: 活动\n编号: b\n开始: 2026-04-26 9:30-11:30、14:00-16:00\n---\n乙。\n",
            ),
            ("content/c.md", "---\n标题: 丙\n日期: 2025-02-30\n---\n丙。\n"),
            ("data/x.csv", "名称,电话\n\"甲,1\n乙\",2\n"),
            ("data/y.yaml", "- 甲: 1\n<<<<<<< HEAD\n- 乙: 2\n=======\n- 乙: 3\n>>>>>>> main\n"),
            ("data/z.csv", "甲,乙\n<<<<<<< HEAD\n1,2\n=======\n1,3\n>>>>>>> main\n"),
        ],
        &["build", "--all", "--date", "2026-11-01"],
    ),
    case(
        "nothing to verify",
        &[PLAIN, ("content/a.md", "![图](https://other.example/a.png)\n")],
        &["build", "--verify", "--date", "2026-11-01"],
    ),
    case(
        "a field that a template misspells",
        &[
            PLAIN,
            ("content/a.md", "---\ntemplate: own.html\n---\n甲。\n"),
            ("templates/own.html", "<p>{{ page.titel }}</p>\n"),
        ],
        BUILD,
    ),
    case(
        "a template without the blocks that others fill",
        &[PLAIN, ("content/a.md", "甲。\n"), ("templates/page.html", "<p>{{ page.title }}</p>\n")],
        BUILD,
    ),
    case(
        "a Chinese key in a template",
        &[PLAIN, ("content/a.md", "甲。\n"), ("templates/page.html", "<p>\n{{ page.extra.热线 }}</p>\n")],
        BUILD,
    ),
    case(
        "names that a template misspells",
        &[PLAIN, ("content/a.md", "---\ntemplate: own.html\n---\n甲。\n"), ("templates/own.html", WRONG_TEMPLATE)],
        BUILD,
    ),
    case(
        "a section that a template asks for in vain",
        &[
            PLAIN,
            ("content/a.md", "---\ntemplate: own.html\n---\n甲。\n"),
            ("templates/own.html", "{{ pages(section=\"nix\") }}\n"),
        ],
        BUILD,
    ),
    case("a file where the output folder is to be", &[PLAIN, ("content/a.md", "甲。\n"), ("public", "x")], BUILD),
];

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match text.is_empty() {
            true => std::fs::remove_file(path).unwrap(),
            false => std::fs::write(path, text).unwrap(),
        }
    }
}

fn run(root: &Path, args: &[&str], lang: &str) -> Output {
    puzhi().current_dir(root).args(["--lang", lang]).args(args).output().unwrap()
}

/// What the command says: standard output, then standard error, without what differs between runs.
fn said(output: &Output, root: &Path) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap()).concat();
    let root = root.canonicalize().unwrap();
    let text = text.replace(root.to_str().unwrap(), "/站点");
    let lines = text.lines().map(|line| {
        // The seconds that a build took.
        let end = [" 秒", " s"].iter().find_map(|unit| line.strip_suffix(unit).map(|rest| (rest, unit)));
        match end.and_then(|(rest, unit)| Some((rest.rsplit_once([' ', '；'])?, rest, unit))) {
            Some(((_, seconds), rest, unit)) if seconds.parse::<f64>().is_ok() => {
                format!("{}0.00{unit}\n", &rest[..rest.len() - seconds.len()])
            }
            _ => format!("{line}\n"),
        }
    });
    lines.collect()
}

#[test]
fn messages_are_as_people_see_them() {
    let mut all = String::new();
    for case in CASES {
        all.push_str(&format!("== {}: puzhi {}\n", case.title, case.args.join(" ")));
        for lang in ["zh", "en"] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            write(root, case.site);
            if !case.then.is_empty() {
                run(root, BUILD, lang);
                write(root, case.then);
            }
            let output = run(root, case.args, lang);
            let text = said(&output, root);
            let is_excerpt = |line: &&str| {
                let number = line.trim_start().split(" |").next().unwrap_or_default();
                line.contains(" | ") && number.chars().all(|c| c.is_ascii_digit())
            };
            for line in text.lines().filter(is_excerpt) {
                assert!(line.width() <= 80, "{}: {line}", case.title);
            }
            assert!(!text.contains(['\u{1b}', '\u{FFFD}']), "{}: {text}", case.title);
            all.push_str(&format!("-- {lang}, exit {} --\n{text}", output.status.code().unwrap()));
        }
        all.push('\n');
    }
    compare("messages.txt", &all);
}

/// The site is found from a folder in it, and `--root` is taken as it is.
#[test]
fn a_site_is_found_from_below() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, &[PLAIN, ("content/a/b.md", "甲。\n")]);
    let output = run(&root.join("content/a"), BUILD, "zh");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(root.join("public/a/b/index.html").is_file());
    let output = run(&root.join("content/a"), &["build", "--root", "."], "zh");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn explain_takes_names_as_people_copy_them() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let pages = [
        PLAIN,
        ("content/表/甲 乙.md", "甲。\n"),
        ("content/q.md", "---\n网址名: new-q\n---\n丙。\n"),
        ("content/d.md", "---\n草稿: 是\n---\n丁。\n"),
    ];
    write(root, &pages);
    let absolute = root.join("content/q.md");
    for (wanted, first) in [
        ("/%E8%A1%A8/%E7%94%B2%20%E4%B9%99/", "表/甲 乙/index.html"),
        ("https://example.org/%E8%A1%A8/甲 乙/?a=1#b", "表/甲 乙/index.html"),
        ("http://localhost:4000/new-q/", "new-q/index.html"),
        ("content\\表\\甲 乙.md", "表/甲 乙/index.html"),
        ("/q/", "new-q/index.html"),
        ("q.html", "new-q/index.html"),
        ("content/Q.md", "new-q/index.html"),
        ("NEW-Q", "new-q/index.html"),
        (absolute.to_str().unwrap(), "new-q/index.html"),
        ("https://example.org/d/", "content/d.md"),
        ("d.html", "content/d.md"),
    ] {
        let output = run(root, &["explain", wanted, "--date", "2026-11-01"], "zh");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{wanted}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(text.lines().next(), Some(first), "{wanted}");
    }
}

#[test]
fn completions_and_manual_pages_name_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(folder.path(), &["completions", shell], "zh");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("keep-going") && script.contains("ledger"), "{shell}");
    }
    let output = run(folder.path(), &["man"], "zh");
    assert!(String::from_utf8(output.stdout).unwrap().starts_with(".ie"), "a page for man");
    assert!(run(folder.path(), &["man", "--out", "pages"], "zh").status.success());
    for page in ["puzhi.1", "puzhi-build.1", "puzhi-survey-import.1"] {
        let text = std::fs::read_to_string(folder.path().join("pages").join(page)).unwrap();
        assert!(text.contains(".TH") && text.contains("NAME"), "{page}: {text}");
    }
}
