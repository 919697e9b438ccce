//! Holds the staff handbook to the program: its examples build, its mistakes give the messages it prints, its cures cure.
//!
//! The handbook marks what is checked by the line before a fence or list (see [`Mark`]); a reader sees ordinary words.
//! Examples are built inside the site of this repository, as an editor would try them. A page of the handbook that
//! shows its own `site.yaml` is a site of its own. `UPDATE=1` puts the program's present words into the page of mistakes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use puzhi::pipeline::{Options, Outcome, Report, build_in_memory};
use puzhi::settings::{self, Settings};
use puzhi::source::{FileSnapshot, memory_site};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang, Severity, SourceText, to_text};

use crate::support::{build_date, puzhi};

/// What a line of the handbook says about what follows it.
#[derive(Debug, Clone, PartialEq)]
enum Mark {
    /// ``文件：`path` `` before a fence: a whole file of the site. ``文件（存成 GBK）：`path` `` in that encoding.
    File { path: String, gbk: bool, text: String },
    /// ``加到末尾：`path` `` before a fence: text added to a file of the site.
    Append { path: String, text: String },
    /// ``图片：`path` ``: a picture the reader puts there.
    Picture(String),
    /// ``附件：`path` ``: any other file.
    Attachment(String),
    /// `这样写：` before a fence: a piece of a page's body.
    Piece(String),
    /// `程序说：` before a fence: the program's exact words.
    Says(String),
    /// `第 N 行改成：` before a fence: the cure of the file last shown.
    Line { number: usize, text: String },
    /// `删掉第 N 行。`
    Drop(usize),
    /// `另存为 UTF-8。`
    Resave,
    /// ``改成：`path` `` before a fence: the whole cured file, or one that was missing.
    Cure { path: String, text: String },
}

/// One headed part of a handbook page.
#[derive(Debug)]
struct Part {
    page: String,
    heading: String,
    marks: Vec<Mark>,
}

/// The smallest picture there is.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0b, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0xe9, 0xfa, 0xdc, 0xd8, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Pages of the handbook by file name.
fn handbook() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(root().join("docs/handbook")).expect("docs/handbook") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|e| e == "md") {
            let text = fs::read_to_string(&path).expect("UTF-8").replace("\r\n", "\n");
            pages.insert(path.file_name().expect("name").to_string_lossy().into_owned(), text);
        }
    }
    pages
}

/// ``prefix`path` `` as `path`.
fn path_after(line: &str, prefix: &str) -> Option<String> {
    Some(line.strip_prefix(prefix)?.strip_prefix('`')?.strip_suffix('`')?.to_string())
}

fn between(line: &str, before: &str, after: &str) -> Option<usize> {
    line.strip_prefix(before)?.strip_suffix(after)?.trim().parse().ok()
}

/// Splits a page into its headed parts with their marks.
fn parts(page: &str, text: &str) -> Vec<Part> {
    let mut out = vec![Part { page: page.into(), heading: String::new(), marks: Vec::new() }];
    let mut pending: Option<&str> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() >= 3 {
            let mut body = String::new();
            for inner in lines.by_ref().take_while(|l| *l != fence) {
                body.push_str(inner);
                body.push('\n');
            }
            let mark = pending.take().and_then(|said| fenced(said, body));
            let language = line.trim_start_matches('`');
            assert!(mark.is_some() || language == "text", "{page}: a fence without a mark must be `text`: {line}");
            out.last_mut().expect("one").marks.extend(mark);
        } else if line.starts_with('#') {
            pending = None;
            let heading = line.trim_start_matches('#').trim().to_string();
            out.push(Part { page: page.into(), heading, marks: Vec::new() });
        } else if !line.trim().is_empty() {
            pending = Some(line);
            out.last_mut().expect("one").marks.extend(alone(line));
        }
    }
    out
}

/// A mark that a fence completes.
fn fenced(said: &str, text: String) -> Option<Mark> {
    if let Some(path) = path_after(said, "文件：") {
        return Some(Mark::File { path, gbk: false, text });
    }
    if let Some(path) = path_after(said, "文件（存成 GBK）：") {
        return Some(Mark::File { path, gbk: true, text });
    }
    if let Some(path) = path_after(said, "加到末尾：") {
        return Some(Mark::Append { path, text });
    }
    if let Some(path) = path_after(said, "改成：") {
        return Some(Mark::Cure { path, text });
    }
    if let Some(number) = between(said, "第", "行改成：") {
        return Some(Mark::Line { number, text });
    }
    match said {
        "这样写：" => Some(Mark::Piece(text)),
        "程序说：" => Some(Mark::Says(text)),
        _ => None,
    }
}

/// A mark that is a line by itself.
fn alone(line: &str) -> Option<Mark> {
    let picture = path_after(line, "图片：").map(Mark::Picture);
    let attachment = || path_after(line, "附件：").map(Mark::Attachment);
    let drop = || between(line, "删掉第", "行。").map(Mark::Drop);
    picture.or_else(attachment).or_else(drop).or_else(|| (line == "另存为 UTF-8。").then_some(Mark::Resave))
}

/// Every file of this repository's own site.
fn own_site() -> BTreeMap<String, Vec<u8>> {
    fn below(folder: &Path, top: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                below(&path, top, out);
            } else {
                let name = path.strip_prefix(top).expect("below").to_string_lossy().replace('\\', "/");
                out.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    let mut files = BTreeMap::new();
    for folder in puzhi::source::SITE_FOLDERS {
        below(&root().join(folder), &root(), &mut files);
    }
    files.insert("site.yaml".into(), fs::read(root().join("site.yaml")).expect("site.yaml"));
    files
}

/// The text a file of a memory site has; sites may be made of bytes only.
fn snapshot(files: &BTreeMap<String, Vec<u8>>) -> FileSnapshot {
    files.iter().fold(memory_site(""), |site, (path, bytes)| site.with_file(path, bytes.clone()))
}

fn read_settings(files: &BTreeMap<String, Vec<u8>>) -> (Settings, Vec<Diagnostic>) {
    let path = SitePath::new("site.yaml").expect("a site path");
    let text = String::from_utf8_lossy(&files["site.yaml"]).replace("\r\n", "\n");
    settings::read(&SourceText::new(&path, &text))
}

/// Builds as on the day the handbook was written, and gives every finding.
fn build(files: &BTreeMap<String, Vec<u8>>) -> (Report, BTreeMap<String, Vec<u8>>) {
    let (settings, found) = read_settings(files);
    let clock = build_date(jiff::civil::date(2026, 11, 22), &settings);
    let (mut report, tree) = build_in_memory(&snapshot(files), settings, clock, &Options::default());
    report.diags.extend(found);
    (report, tree)
}

fn words(diags: &[Diagnostic]) -> String {
    diags.iter().map(|d| to_text(d, Lang::Zh)).collect()
}

/// Puts what a mark shows into the site. Pieces of a body become pages of their own.
fn put(files: &mut BTreeMap<String, Vec<u8>>, mark: &Mark, counter: &mut usize) {
    match mark {
        Mark::File { path, gbk, text } => {
            let bytes = if *gbk { encoding_rs::GBK.encode(text).0.into_owned() } else { text.clone().into_bytes() };
            files.insert(path.clone(), bytes);
        }
        Mark::Append { path, text } => {
            files.get_mut(path).unwrap_or_else(|| panic!("{path} is there")).extend(text.bytes())
        }
        Mark::Picture(path) => drop(files.insert(path.clone(), PICTURE.to_vec())),
        Mark::Attachment(path) => drop(files.insert(path.clone(), b"attachment".to_vec())),
        Mark::Piece(text) => {
            *counter += 1;
            let page = format!("---\ntitle: 片段{counter}\nkind: page\n---\n\n{text}");
            files.insert(format!("content/guides/piece-{counter}.md"), page.into_bytes());
        }
        _ => {}
    }
}

/// The pages whose parts are mistakes.
const MISTAKES: &str = "05-常见错误.md";

#[test]
fn examples_build_together_without_a_warning() {
    let mut files = own_site();
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let mut counter = 0;
    for (page, text) in handbook() {
        let parts = parts(&page, &text);
        let own =
            parts.iter().flat_map(|p| &p.marks).any(|m| matches!(m, Mark::File { path, .. } if path == "site.yaml"));
        if page == MISTAKES || own {
            continue;
        }
        for mark in parts.iter().flat_map(|p| &p.marks) {
            if let Mark::File { path, .. } = mark {
                assert!(!files.contains_key(path), "{page} shows {path}, which is there already");
                shown.insert(path.clone());
            }
            put(&mut files, mark, &mut counter);
        }
    }
    assert!(shown.len() >= 6, "each kind of page has an example: {shown:?}");
    let (report, tree) = build(&files);
    let bad: Vec<Diagnostic> = report.diags.into_iter().filter(|d| d.severity != Severity::Note).collect();
    assert!(bad.is_empty(), "{}", words(&bad));
    assert_eq!(report.outcome, Outcome::Built);
    for path in shown.iter().filter(|p| p.ends_with(".md")) {
        let address = path.trim_start_matches("content/").trim_end_matches(".md");
        let address = address.trim_end_matches("/_index").trim_end_matches("/index");
        assert!(tree.contains_key(&format!("{address}/index.html")), "{path} became no page");
    }
}

#[test]
fn a_site_shown_whole_builds_by_itself() {
    let mut sites = 0;
    for (page, text) in handbook() {
        let parts = parts(&page, &text);
        let marks: Vec<&Mark> = parts.iter().flat_map(|p| &p.marks).collect();
        if !marks.iter().any(|m| matches!(m, Mark::File { path, .. } if path == "site.yaml")) {
            continue;
        }
        sites += 1;
        let mut files = BTreeMap::new();
        // The embedded theme must do.
        marks.iter().for_each(|mark| put(&mut files, mark, &mut 0));
        let (report, tree) = build(&files);
        let bad: Vec<Diagnostic> = report.diags.into_iter().filter(|d| d.severity != Severity::Note).collect();
        assert!(bad.is_empty(), "{page}:\n{}", words(&bad));
        assert!(!tree.is_empty());
        for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".html")) {
            assert!(!String::from_utf8_lossy(bytes).contains("安宁"), "{page}: {path} speaks of another county");
        }
    }
    assert_eq!(sites, 1);
}

#[test]
fn every_directive_is_shown() {
    let shown: String = handbook()
        .iter()
        .flat_map(|(page, text)| parts(page, text))
        .flat_map(|part| part.marks)
        .filter_map(|mark| if let Mark::Piece(text) = mark { Some(text) } else { None })
        .collect();
    let missing: Vec<&str> = puzhi::markdown::directive_definitions()
        .iter()
        .map(|d| d.name)
        .filter(|n| !shown.contains(&format!("```{{{n}}}")))
        .collect();
    assert!(missing.is_empty(), "no example in docs/handbook of the directives {missing:?}");
}

/// A mistake with the files that make it.
struct Mistake {
    heading: String,
    files: BTreeMap<String, Vec<u8>>,
    says: String,
    cured: BTreeMap<String, Vec<u8>>,
}

fn mistakes() -> Vec<Mistake> {
    let text = handbook().remove(MISTAKES).expect("the page of mistakes");
    let all = parts(MISTAKES, &text).into_iter().filter(|p| p.marks.iter().any(|m| matches!(m, Mark::Says(_))));
    all.map(|part| {
        let mut files = BTreeMap::new();
        let mut says = String::new();
        let mut last = String::new();
        let mut lines: Vec<Option<String>> = Vec::new();
        let mut cured: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for mark in &part.marks {
            put(&mut files, mark, &mut 0);
            match mark {
                Mark::File { path, text, .. } => {
                    last.clone_from(path);
                    lines = text.lines().map(|l| Some(format!("{l}\n"))).collect();
                }
                Mark::Says(text) => says.clone_from(text),
                Mark::Line { number, text } => lines[number - 1] = Some(text.clone()),
                Mark::Drop(number) => lines[number - 1] = None,
                Mark::Cure { path, text } => drop(cured.insert(path.clone(), text.clone().into_bytes())),
                _ => {}
            }
        }
        let mended = part.marks.iter().any(|m| matches!(m, Mark::Line { .. } | Mark::Drop(_) | Mark::Resave));
        assert!(mended || !cured.is_empty(), "{}: {} has no cure", part.page, part.heading);
        let mut whole = files.clone();
        whole.insert(last, lines.into_iter().flatten().collect::<String>().into_bytes());
        whole.extend(cured);
        Mistake { heading: part.heading, files, says, cured: whole }
    })
    .collect()
}

/// Findings about any of `files`, as printed.
fn said_of(report: &Report, files: &BTreeMap<String, Vec<u8>>) -> String {
    let about = |d: &&Diagnostic| d.file.as_ref().is_some_and(|f| files.contains_key(f.as_str()));
    report.diags.iter().filter(about).map(|d| to_text(d, Lang::Zh)).collect()
}

#[test]
fn mistakes_give_the_messages_shown_and_the_cures_cure() {
    let mistakes = mistakes();
    assert!(mistakes.len() >= 20, "only {} mistakes", mistakes.len());
    // Mistakes in files of their own are built in one site; one that changes a file of the site has a build to itself.
    let own = own_site();
    let (alone, together): (Vec<&Mistake>, Vec<&Mistake>) =
        mistakes.iter().partition(|m| m.files.keys().any(|p| own.contains_key(p)));
    let mut wrong = own.clone();
    let mut right = own.clone();
    let mut taken = BTreeSet::new();
    for mistake in &together {
        for path in mistake.files.keys() {
            assert!(taken.insert(path.clone()), "{path} is shown twice");
        }
        wrong.extend(mistake.files.clone());
        right.extend(mistake.cured.clone());
    }
    let (wrong, right) = (build(&wrong).0, build(&right).0);
    let mut failures = String::new();
    let mut shown = handbook().remove(MISTAKES).expect("the page of mistakes");
    let mut compare = |mistake: &Mistake, wrong: &Report, right: &Report| {
        let said = said_of(wrong, &mistake.files);
        if said != mistake.says && std::env::var_os("UPDATE").is_some() {
            let part = shown.find(&format!("# {}\n", mistake.heading)).expect("its heading");
            let rest = shown.split_off(part);
            let fence = |words: &str| format!("程序说：\n\n```text\n{words}```");
            shown.push_str(&rest.replacen(&fence(&mistake.says), &fence(&said), 1));
        } else if said != mistake.says {
            failures.push_str(&format!(
                "## {}\nthe handbook says\n{}the program says\n{said}\n",
                mistake.heading, mistake.says
            ));
        }
        let left = said_of(right, &mistake.cured);
        if !left.is_empty() {
            failures.push_str(&format!("## {}\nafter the cure\n{left}\n", mistake.heading));
        }
    };
    together.iter().for_each(|m| compare(m, &wrong, &right));
    for mistake in alone {
        let with = |files: &BTreeMap<String, Vec<u8>>| {
            let mut site = own.clone();
            site.extend(files.clone());
            build(&site).0
        };
        compare(mistake, &with(&mistake.files), &with(&mistake.cured));
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root().join("docs/handbook").join(MISTAKES), shown).expect("written");
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The message for the wrong folder comes from the command itself.
#[test]
fn an_empty_folder_is_named_as_the_handbook_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = puzhi().arg("build").current_dir(folder.path()).output().expect("runs");
    assert_eq!(run.status.code(), Some(2));
    let here = folder.path().canonicalize().expect("the folder is there").display().to_string();
    let said = String::from_utf8_lossy(&run.stderr).replace("\r\n", "\n").replace(&here, "/home/lihua/新文件夹");
    let shown = handbook().remove(MISTAKES).expect("the page of mistakes");
    assert!(shown.contains(&format!("在空文件夹里，程序说：\n\n```text\n{said}```")), "{said}");
}

/// Links and pictures of the handbook and of README.md lead to files of the repository.
#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut dead = Vec::new();
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md").replace("\r\n", "\n");
    let pages = handbook().into_iter().map(|(page, text)| (root().join("docs/handbook"), page, text));
    for (folder, page, text) in pages.chain([(root(), "README.md at the top".to_string(), readme)]) {
        let mut fence = String::new();
        for line in text.lines() {
            let ticks: String = line.chars().take_while(|c| *c == '`').collect();
            if ticks.len() >= 3 {
                fence = if fence.is_empty() {
                    ticks
                } else if fence == line {
                    String::new()
                } else {
                    fence
                };
                continue;
            }
            if !fence.is_empty() {
                continue;
            }
            // What stands in a code span is no link.
            let prose: String = line.split('`').step_by(2).collect();
            for target in prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let file = target.split('#').next().unwrap_or_default();
                if !file.is_empty() && !target.contains("://") && !folder.join(file).exists() {
                    dead.push(format!("{page}: {target}"));
                }
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
