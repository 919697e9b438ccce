//! The commands on a site's folder and a database file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use encoding_rs::GB18030;
use puzhi_survey::store::{DatabaseAddress, IfMissing, ResponseRecord, Store};

use super::import_files::{ENTRY, FIRST, PAGE, REST, SECOND, WJX_TEXT, WORKBOOK};

use crate::support::puzhi;

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("site.yaml", "title: 宣传\ntimezone: Asia/Shanghai\n".into());
        write("content/surveys/_index.md", "---\ntitle: 问卷\nkind: survey\n---\n".into());
        write("content/surveys/s.md", format!("---\n{PAGE}{REST}---\n"));
        Site { folder }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, args: &[&str], files: &[&Path]) -> Output {
        puzhi().current_dir(self.folder.path()).arg("survey").args(args).args(files).output().unwrap()
    }

    fn import(&self, file: &Path, more: &[&str]) -> (i32, String, String) {
        let mut args = vec!["import", "s", "--db", "sqlite:answers.db"];
        args.extend(more);
        let out = self.run(&args, &[file]);
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
    }

    /// What the database holds: wave, mode, hour, answers.
    fn stored(&self) -> Vec<ResponseRecord> {
        let db =
            DatabaseAddress::parse(&format!("sqlite:{}", self.folder.path().join("answers.db").display())).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let Ok(store) = Store::open(&db, IfMissing::Fail).await else { return Vec::new() };
            let mut sheets = store.records_after("s", None).await.unwrap();
            store.close().await;
            sheets.sort_by(|a, b| a.answers.cmp(&b.answers));
            sheets
        })
    }

    fn bytes_on_disk(&self) -> Vec<u8> {
        ["answers.db", "answers.db-wal"]
            .iter()
            .filter_map(|name| fs::read(self.folder.path().join(name)).ok())
            .flatten()
            .collect()
    }
}

#[test]
fn a_gbk_file_reaches_the_store_once_and_nothing_personal_with_it() {
    let site = Site::new();
    let file = site.file("问卷星.csv", &GB18030.encode(WJX_TEXT).0);
    let (code, out, err) = site.import(&file, &["--wave", "drawn"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(
        out,
        "CSV，GB18030，逗号分隔；认作问卷星，按选项文本；3 行\n丢掉的列，能认出人：来源详情、来自IP\n没有存的列（时间只留到小时）：提交答卷时间、所用时间、来源、总分\n\
         导入 2 份，到“drawn”；0 份以前已经导入；1 份不满年龄，没有保存；0 行有问题，没有导入\n"
    );
    let stored = site.stored();
    assert_eq!(stored.iter().map(|s| s.answers.as_str()).collect::<Vec<_>>(), [FIRST, SECOND]);
    assert!(stored.iter().all(|s| s.wave == "drawn" && s.mode == "web"));
    let disk = site.bytes_on_disk();
    for secret in ["示例", "10.0.0", "云南", "01:07"] {
        assert!(!disk.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
    // The same file, as UTF-8, once more, and in another order.
    let again = site.file("again.csv", WJX_TEXT.as_bytes());
    for file in [&file, &again] {
        let (code, out, _) = site.import(file, &["--wave", "drawn"]);
        assert_eq!(code, 0);
        assert!(out.contains("导入 0 份，到“drawn”；2 份以前已经导入"), "{out}");
    }
    assert_eq!(site.stored().len(), 2);
}

#[test]
fn the_entry_sheet_and_its_workbook_are_one_file() {
    let site = Site::new();
    let csv = site.file("a.csv", ENTRY.as_bytes());
    let book = site.file("a.xlsx", WORKBOOK);
    assert!(site.import(&csv, &["--wave", "drawn"]).1.contains("导入 2 份"));
    let (code, out, _) = site.import(&book, &["--wave", "drawn", "--lang", "en"]);
    assert_eq!(code, 0);
    assert!(out.contains("XLSX, only the first filled sheet \"录入\" was read, 1 more were not"), "{out}");
    assert!(
        out.contains("0 imported into \"drawn\"; 2 were there before; 1 under age, not stored; 0 rows refused"),
        "{out}"
    );
    assert!(site.stored().iter().all(|s| s.mode == "paper"));
    // Another wave is another survey of people.
    assert!(site.import(&csv, &["--wave", "quota"]).1.contains("导入 2 份，到“quota”"));
}

#[test]
fn all_or_nothing_unless_told_otherwise() {
    let site = Site::new();
    let file = site.file("a.csv", format!("{ENTRY}4,9,,,,,,2,\r\n").as_bytes());
    let (code, _, err) = site.import(&file, &["--wave", "drawn"]);
    assert_eq!(code, 1);
    assert_eq!(
        err,
        "第 5 行第 2 列“heard”：没有“9”这个选项\n一行也没有导入：1 行有问题，2 行没有问题。改好再导，或者加 --accept-partial 只导没有问题的\n"
    );
    assert_eq!(site.stored(), []);
    let (code, out, _) = site.import(&file, &["--wave", "drawn", "--accept-partial"]);
    assert_eq!(code, 1, "rows were left out");
    assert!(out.contains("导入 2 份") && out.contains("1 行有问题"), "{out}");
    assert_eq!(site.stored().len(), 2);
}

#[test]
fn a_file_that_has_grown_is_noticed() {
    let site = Site::new();
    let rows = |n: std::ops::Range<usize>| n.map(|i| format!("{i},1,{},2,{i}\n", 1 + i % 5)).collect::<String>();
    let header = "serial,heard,rate,age,years\n";
    let first = site.file("first.csv", format!("{header}{}", rows(1..11)).as_bytes());
    let grown = site.file("grown.csv", format!("{header}{}", rows(1..16)).as_bytes());
    assert!(site.import(&first, &["--wave", "drawn"]).1.contains("导入 10 份"));
    // The serials say which rows are new.
    assert!(site.import(&grown, &["--wave", "drawn"]).1.contains("导入 5 份"));
    assert_eq!(site.stored().len(), 15);
    assert!(site.import(&first, &["--wave", "drawn"]).1.contains("导入 0 份"));
    // A serial that was imported with other answers is asked about.
    let changed = site.file("changed.csv", format!("{header}3,2,1,2,3\n20,1,1,2,20\n").as_bytes());
    let (code, _, err) = site.import(&changed, &["--wave", "drawn"]);
    assert!(code == 2 && err.contains("第 2 行的序号以前导入过") && err.contains("remove-batch"), "{err}");
    assert_eq!(site.stored().len(), 15);
    // Without serials, equal answers are asked about.
    let bare = |text: String| text.lines().map(|l| l.split_once(',').unwrap().1.to_string() + "\n").collect::<String>();
    let unnumbered = site.file("bare.csv", bare(format!("{header}{}", rows(1..21))).as_bytes());
    let (code, _, err) = site.import(&unnumbered, &["--wave", "drawn"]);
    assert_eq!(code, 2);
    assert!(err.contains("20 行里有 15 行和这一次调查已有的答卷一模一样") && err.contains("--repeats skip"), "{err}");
    assert!(site.import(&unnumbered, &["--wave", "drawn", "--repeats", "skip"]).1.contains("导入 5 份"));
    assert_eq!(site.stored().len(), 20);
    // Renumbered: told of, and taken only on request.
    let others: String = rows(1..16).lines().map(|row| format!("9{row}\n")).collect();
    let renumbered = site.file("renumbered.csv", format!("{header}{others}").as_bytes());
    assert_eq!(site.import(&renumbered, &["--wave", "drawn"]).0, 2);
    assert_eq!(site.import(&renumbered, &["--wave", "drawn", "--repeats", "add"]).0, 0);
    assert_eq!(site.stored().len(), 35);
}

#[test]
fn a_mended_file_adds_what_was_refused_before() {
    let site = Site::new();
    let header = "serial,heard,age,years\n";
    let file = site.file("a.csv", format!("{header}1,1,2,3\n2,9,2,4\n3,2,2,5\n4,1,2,x\n").as_bytes());
    let (code, out, _) = site.import(&file, &["--wave", "drawn", "--accept-partial"]);
    assert!(code == 1 && out.contains("导入 2 份"), "{out}");
    let mended = site.file("b.csv", format!("{header}1,1,2,3\n2,1,2,4\n3,2,2,5\n4,1,2,6\n").as_bytes());
    let (code, out, err) = site.import(&mended, &["--wave", "drawn"]);
    assert!(code == 0 && out.contains("导入 2 份") && out.contains("2 份以前已经导入"), "{out}{err}");
    assert_eq!(site.stored().len(), 4);
}

#[test]
fn what_is_not_there_is_named() {
    let site = Site::new();
    let file = site.file("a.csv", ENTRY.as_bytes());
    let said = |more: &[&str]| {
        let (code, _, err) = site.import(&file, more);
        (code, err)
    };
    let (code, err) = said(&["--wave", "summer"]);
    assert!(code == 2 && err.contains("现有的：drawn、quota、open-days"), "{err}");
    let (code, err) = said(&["--wave", "drawn", "--mode", "phone"]);
    assert!(code == 2 && err.contains("web（网络） / paper（纸质） / face（面访）"), "{err}");
    let (code, err) = said(&["--wave", "drawn", "--format", "spss"]);
    assert!(code == 2 && err.contains("template、wjx-number、wjx-text、lime-short、lime-long"), "{err}");
    assert_eq!(site.import(Path::new("none.csv"), &["--wave", "drawn"]).0, 3);
    let mapping = site.file("m.yaml", "列: {听过: heard, 年纪: age}\n写法: 序号\n".as_bytes());
    let other = site.file("b.csv", "听过,年纪\n1,2\n".as_bytes());
    let mapping = mapping.display().to_string();
    assert!(site.import(&other, &["--wave", "quota", "--mapping", &mapping]).2.contains("--mode"));
    assert_eq!(site.import(&other, &["--wave", "quota", "--mapping", &mapping, "--mode", "phone"]).0, 0);
    assert_eq!(site.stored()[0].mode, "phone");
}

#[test]
fn compare_tells_the_differences_and_exits_with_1() {
    let site = Site::new();
    let first = site.file("a.csv", ENTRY.as_bytes());
    let second = site.file("b.csv", &GB18030.encode(&ENTRY.replace("1,1,1,1,0,2", "1,1,1,0,0,2")).0);
    let book = site.file("c.xlsx", WORKBOOK);
    let out = site.run(&["compare"], &[&first, &second]);
    assert_eq!(out.status.code(), Some(1));
    assert!(
        String::from_utf8(out.stdout)
            .unwrap()
            .starts_with("序号 1，topics:mark：“1”（第 2 行）≠ “0”（第 2 行）\n两边都有的 3 份，1 处不同")
    );
    let out = site.run(&["compare", "--lang", "en"], &[&first, &book]);
    assert_eq!(
        (out.status.code(), String::from_utf8(out.stdout).unwrap().as_str()),
        (Some(0), "both entries agree: 3 sheets\n")
    );
}
