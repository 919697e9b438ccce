//! Nothing of a Markdown file is lost without a word: random documents of an office, and real files by hand.
//!
//! `PUZHI_DOCUMENTS` is the number of documents (1000), `PUZHI_SEED` the seed of the first; a failure names its seed.
//! `PUZHI_CORPUS=FOLDER cargo test --test content accounting::real_files -- --ignored --nocapture` tries every `.md` file
//! below a folder and prints what is unaccounted for and how many findings of each code there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use puzhi::markdown::accounting::{Unaccounted, unaccounted};
use puzhi::markdown::render;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText};

use super::office_text::document;
use super::support::*;

/// What is unaccounted for in a text, and its findings.
fn account(text: &str, body_start: usize) -> (Vec<Unaccounted>, Vec<Diagnostic>) {
    let file = SitePath::new("content/a.md").unwrap();
    let source = SourceText::new(&file, text);
    let labels = labels();
    let options = plain_options(&labels);
    let (body, diags) = render(&source, body_start, &options);
    (unaccounted(&source, body_start, &options, &body, &diags), diags)
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("md")) {
            out.push(path);
        }
    }
}

#[test]
#[ignore = "needs a folder of Markdown files in PUZHI_CORPUS"]
fn real_files() {
    let folder = std::env::var("PUZHI_CORPUS").unwrap();
    let most: usize = std::env::var("PUZHI_SHOWN").ok().and_then(|n| n.parse().ok()).unwrap_or(30);
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths);
    let (mut classes, mut codes) = (BTreeMap::new(), BTreeMap::new());
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let body_start =
            if text.starts_with("---\n") { text.find("\n---\n").map_or(0, |at| at + "\n---\n".len()) } else { 0 };
        let (lost, diags) = account(&text, body_start);
        for diag in diags {
            let (count, places): &mut (usize, Vec<String>) = codes.entry(diag.code.name).or_default();
            *count += 1;
            if *count <= 3 {
                let line = diag.excerpt.as_ref().map_or_else(String::new, |e| e.line());
                places.push(format!("{}:{:?} {line:.160}", path.display(), diag.position.map(|p| (p.line, p.column))));
            }
        }
        let lines = puzhi_core::base::LineIndex::new(&text);
        for piece in lost {
            let count: &mut usize = classes.entry(piece.class).or_default();
            *count += 1;
            if *count <= most {
                let line = lines.line_column(&text, piece.span.start).line;
                println!(
                    "{}:{line}: {} {:?}",
                    path.display(),
                    piece.class,
                    piece.text.chars().take(120).collect::<String>()
                );
            }
        }
    }
    println!("{} files; unaccounted {classes:?}", paths.len());
    for (code, (count, places)) in codes {
        println!("{code}: {count}");
        if std::env::var("PUZHI_PLACES").is_ok() {
            places.iter().for_each(|place| println!("    {place}"));
        }
    }
    assert!(classes.is_empty());
}

/// `class text` of each piece that is unaccounted for when the findings are left aside.
fn without_findings(text: &str) -> Vec<String> {
    let file = SitePath::new("content/a.md").unwrap();
    let source = SourceText::new(&file, text);
    let labels = labels();
    let options = plain_options(&labels);
    let (body, _) = render(&source, 0, &options);
    let lost = unaccounted(&source, 0, &options, &body, &[]);
    lost.iter().map(|piece| format!("{} {}", piece.class, piece.text)).collect()
}

#[test]
fn the_checker_finds_what_is_lost() {
    for (text, lost) in [
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 3 |\n", "table row 3"),
        ("甲[^1]\n\n[^1]: 注\n\n[^2]: 没有用到\n", "text 没有用到"),
        ("前\n\n<!-- 备注 —>\n\n后\n", "declaration or open comment <!-- 备注 —>\n\n后\n"),
        ("[甲]: b.md\n\n乙\n", "unused link definition [甲]: b.md"),
        ("## 甲 {#x lang=en}\n", "heading attribute {#x lang=en}"),
        ("甲 <font color=red>乙</font>\n", "HTML tag <font color>"),
        ("甲<script>乙</script>\n", "HTML tag <script>"),
        ("[外](a.md '题') [内](javascript:x)\n", "address javascript:x"),
        ("```{gallery}\n![图](a.png)\n说明\n```\n", "text 说明"),
    ] {
        assert!(without_findings(text).contains(&lost.to_string()), "{text}: {:?}", without_findings(text));
    }
}

#[test]
fn what_is_shown_or_read_is_accounted_for() {
    let text = "# 题目\n\n一**二**_三_~~四~~`五``六`H~2~O\\*&amp;&copy;[七](a.md \"八\") [九][十] <https://a.cn/> https://b.cn\n\
        第二行<br>末尾  \n换行\\\n完<!-- 注 -->[^注]。\n\n[十]: b.md\n[//]: # (备忘)\n\n\
        标题\n====\n\n## 甲 ## {#x .y}\n\n> [!NOTE]\n> 引\n> 用\n\n- [ ] 一\n- 二\n  1. 三\n\n\
        | 甲 | `乙\\|丙` |\n|:-:|---|\n| 1 |\n\n词\n: 释义\n\n```{details} 看\n:open: 是\n里面[^注]\n```\n\n\
        ```rust\nlet x;\n```\n\n    缩进\n\n<table><tr><td align=left>\n\n**格**\n\n</td></tr></table>\n\n\
        ![图](a.png \"图题\")\n\n设$x_1$则\n\n---\n\n[^注]: 脚注\n    第二段\n";
    assert_eq!(without_findings(text), Vec::<String>::new());
}

#[test]
fn a_repair_drops_no_comment_with_a_wrong_end() {
    for text in [
        "-\u{a0}<!-- 注 —>；一次告知 2026年\n-\u{a0}<!-- 注 --> 带来\n",
        "\u{3000}<!-- 注 —>；甲\n乙 <!-- 注 -->\u{3000}## 丙\n",
        "[[甲<!-- 注 —>；乙 <!-- 注 -->]]\n",
    ] {
        let (lost, diags) = account(text, 0);
        assert!(lost.is_empty() && diags.iter().any(|d| d.code.name == "open-comment"), "{text}: {lost:?} {diags:?}");
    }
}

/// Everything of a random document is on the page or has a reason or a finding.
#[test]
fn nothing_of_a_random_document_is_lost() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let (first, count) = (number("PUZHI_SEED").unwrap_or(0), number("PUZHI_DOCUMENTS").unwrap_or(1_000));
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let part =
            |n: u64| move || (first + n..first + count).step_by(threads as usize).filter_map(lost_of_seed).collect();
        let handles: Vec<_> = (0..threads).map(|n| scope.spawn(part(n))).collect();
        handles.into_iter().flat_map(|handle| -> Vec<String> { handle.join().unwrap() }).collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {count} documents\n{}",
        failures.len(),
        failures[..failures.len().min(12)].join("\n")
    );
}

fn lost_of_seed(seed: u64) -> Option<String> {
    let text = document(seed);
    let (lost, diags) = account(&text, 0);
    let lost: Vec<_> = lost.iter().map(|piece| (piece.class, piece.text.as_str())).collect();
    let found: Vec<_> = diags.iter().map(|d| (d.code.name, d.position.map(|p| p.line))).collect();
    (!lost.is_empty()).then(|| format!("PUZHI_SEED={seed} PUZHI_DOCUMENTS=1\n{text}\n{lost:?}\n{found:?}"))
}

/// Writes the HTML of each file below `PUZHI_CORPUS` into the folder `PUZHI_DUMP`, for a comparison with other parsers.
#[test]
#[ignore = "needs a folder of Markdown files in PUZHI_CORPUS and a folder in PUZHI_DUMP"]
fn dump_html() {
    let (folder, out) = (std::env::var("PUZHI_CORPUS").unwrap(), std::env::var("PUZHI_DUMP").unwrap());
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths);
    for (number, path) in paths.iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let shown = show_with(body_of(&text), false, Some("\u{10FFFF}"));
        std::fs::write(format!("{out}/{number}.html"), shown.html).unwrap();
        std::fs::write(format!("{out}/{number}.md"), body_of(&text)).unwrap();
    }
}

/// The text without its front matter.
fn body_of(text: &str) -> &str {
    text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(text, |(_, body)| body)
}
