//! Versions are kept, bounded and outlive damage.

use super::*;

fn path(name: &str) -> SitePath {
    SitePath::new(name).unwrap()
}

fn time(day: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap()
}

fn keep(history: &mut History, name: &str, text: Option<&str>, day: i64) -> Version {
    let path = path(name);
    let version =
        NewVersion { path: &path, bytes: text.map(str::as_bytes), by: Author::Desk, note: "注", moved_to: None };
    history.keep(&version, time(day)).unwrap()
}

fn texts(history: &History, name: &str) -> Vec<Option<String>> {
    let path = path(name);
    let text = |version: &Version| Some(String::from_utf8(history.bytes(version.content?)?).unwrap());
    history.versions_of(&path).map(text).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn versions_are_there_after_the_program_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), "a").unwrap();
    keep(&mut history, "content/a.md", Some("一"), 1);
    keep(&mut history, "content/a.md", Some("二"), 2);
    keep(&mut history, "content/a.md", Some("二"), 3);
    keep(&mut history, "content/a.md", None, 4);
    // The clock may go back; the order of versions does not.
    keep(&mut history, "content/a.md", Some("三"), 0);
    let mut other = History::open(folder.path(), "b").unwrap();
    keep(&mut other, "content/b.md", Some("一"), 5);
    drop(other);
    let again = History::open(folder.path(), "a").unwrap();
    let want = [Some("三"), None, Some("二"), Some("一")].map(|text| text.map(String::from));
    assert_eq!(texts(&again, "content/a.md"), want);
    history.refresh().unwrap();
    assert_eq!(texts(&history, "content/b.md"), [Some("一".to_string())]);
    let last = history.versions_of(&path("content/a.md")).next().unwrap().clone();
    assert_eq!(history.version(&last.id()), Some(&last));
    // Equal contents are kept once.
    assert_eq!(files_below(&folder.path().join("history/objects")).len(), 3);
}

#[test]
fn bounds_hold_and_the_last_version_of_each_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), "a").unwrap();
    // Digits that compress to no less than half.
    let text = |n: u64| -> String {
        (0..12).map(|part| ContentHash::of(format!("{n} {part}").as_bytes()).to_string()).collect()
    };
    for day in 0..40 {
        keep(&mut history, "content/a.md", Some(&text(day as u64)), day);
    }
    keep(&mut history, "content/old.md", Some("很早以前"), 0);
    keep(&mut history, "content/gone.md", Some("删了的"), 0);
    keep(&mut history, "content/gone.md", None, 1);
    let bounds = Bounds { days: 10, bytes: u64::MAX };
    history.trim(bounds, time(40)).unwrap();
    assert_eq!(history.versions_of(&path("content/a.md")).count(), 10);
    assert_eq!(texts(&history, "content/old.md"), [Some("很早以前".to_string())]);
    assert_eq!(history.versions_of(&path("content/gone.md")).count(), 1);
    let size = history.objects.sizes().unwrap().values().sum::<u64>();
    assert!(size > 0);
    history.trim(Bounds { days: 10_000, bytes: 300 }, time(40)).unwrap();
    let left: Vec<Version> = history.versions_of(&path("content/a.md")).cloned().collect();
    // At most 300 bytes of versions older than a week, and 1,200 with those of the week.
    assert!((4..9).contains(&left.len()), "{}", left.len());
    assert_eq!(left[0].at, time(39), "the latest are those that stay");
    assert_eq!(texts(&history, "content/old.md"), [Some("很早以前".to_string())]);
    // What no version names goes once nobody can be writing it down.
    let later = Timestamp::now().checked_add(SignedDuration::from_hours(2)).unwrap();
    history.trim(Bounds { days: 100_000, bytes: u64::MAX }, later).unwrap();
    assert_eq!(files_below(&folder.path().join("history/objects")).len(), left.len() + 1);
    history.trim(Bounds { days: 1, bytes: 0 }, later).unwrap();
    assert_eq!(texts(&history, "content/a.md").len(), 1);
    assert_eq!(History::open(folder.path(), "a").unwrap().versions.len(), 3);
}

#[test]
fn large_files_push_out_no_texts_and_what_was_removed_can_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), "a").unwrap();
    let large: String = (0..2000).map(|part| ContentHash::of(format!("{part}").as_bytes()).to_string()).collect();
    keep(&mut history, "content/photo.svg", Some(&large), 0);
    for n in 0..4 {
        keep(&mut history, "content/a.md", Some(&format!("第{n}版")), n);
    }
    keep(&mut history, "content/gone.md", Some(&large[..9000]), 1);
    keep(&mut history, "content/gone.md", None, 20);
    for _ in 0..2 {
        history.trim(Bounds { days: 100, bytes: 1000 }, time(60)).unwrap();
        assert_eq!(texts(&history, "content/a.md").len(), 4);
        assert_eq!(texts(&history, "content/gone.md"), [None, Some(large[..9000].to_string())]);
        assert!(texts(&history, "content/photo.svg")[0].is_some());
    }
    // Long after its removal a file is gone for good.
    history.trim(Bounds { days: 30, bytes: 1000 }, time(60)).unwrap();
    assert_eq!(texts(&history, "content/gone.md"), [None]);
}

#[test]
fn damage_of_one_loses_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut history = History::open(root, "a").unwrap();
    for n in 0..6 {
        keep(&mut history, "content/a.md", Some(&format!("第{n}版")), n);
    }
    let objects = files_below(&root.join("history/objects"));
    let log = files_below(&root.join("history/log")).remove(0);
    let whole = std::fs::read(&log).unwrap();
    for (n, object) in objects.iter().enumerate() {
        let bytes = std::fs::read(object).unwrap();
        for damaged in [Vec::new(), bytes[..bytes.len() / 2].to_vec(), {
            let mut flipped = bytes.clone();
            let middle = flipped.len() / 2;
            flipped[middle] ^= 0x40;
            flipped
        }] {
            std::fs::write(object, damaged).unwrap();
            let found = texts(&History::open(root, "a").unwrap(), "content/a.md");
            assert_eq!(found.iter().filter(|text| text.is_some()).count(), 5, "object {n}");
        }
        std::fs::write(object, bytes).unwrap();
    }
    // Every byte of the log in turn: at most the line of that byte is lost, and what is cut off takes no later line with it.
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x11;
        std::fs::write(&log, &damaged).unwrap();
        let left = History::open(root, "a").unwrap().versions.len();
        let is_line_end = whole[at] == b'\n';
        assert!(left >= if is_line_end { 4 } else { 5 }, "byte {at}: {left}");
    }
    std::fs::write(&log, &whole[..whole.len() - 7]).unwrap();
    let mut cut = History::open(root, "a").unwrap();
    assert_eq!(cut.versions.len(), 5);
    keep(&mut cut, "content/a.md", Some("后来的"), 9);
    assert_eq!(texts(&History::open(root, "a").unwrap(), "content/a.md").len(), 6);
    // Keeping a text again mends its damaged content.
    std::fs::write(&log, &whole).unwrap();
    std::fs::write(&objects[0], "x").unwrap();
    let mut history = History::open(root, "a").unwrap();
    for n in 0..6 {
        keep(&mut history, "content/b.md", Some(&format!("第{n}版")), n);
    }
    assert!(texts(&history, "content/a.md").iter().all(Option::is_some));
}

#[test]
fn a_file_at_a_name_that_was_freed_has_versions_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), "a").unwrap();
    let (old, new) = (path("content/a.md"), path("content/b.md"));
    let rename = |history: &mut History, from: &SitePath, to: &SitePath, day: i64| {
        let note = format!("{from} {to}");
        let by = Author::Desk;
        let came = NewVersion { path: to, bytes: Some("甲".as_bytes()), by, note: &note, moved_to: None };
        history.keep(&came, time(day)).unwrap();
        let went = NewVersion { path: from, bytes: None, by, note: &note, moved_to: Some(to) };
        history.keep(&went, time(day)).unwrap();
    };
    let lineage = |history: &History, path: &SitePath| -> Vec<SitePath> {
        history.lineage(path).into_iter().map(|version| version.path.clone()).collect()
    };
    keep(&mut history, "content/a.md", Some("甲"), 1);
    rename(&mut history, &old, &new, 2);
    assert_eq!(lineage(&history, &new), [new.clone(), old.clone()]);
    // Back and forth: all of it is one file.
    rename(&mut history, &new, &old, 3);
    assert_eq!(lineage(&history, &old).len(), 3);
    rename(&mut history, &old, &new, 4);
    assert_eq!(lineage(&history, &new).len(), 4);
    keep(&mut history, "content/a.md", Some("另一页"), 5);
    assert_eq!(lineage(&history, &old), std::slice::from_ref(&old));
    assert_eq!(lineage(&history, &new).len(), 4);
}

#[cfg(unix)]
#[test]
fn nothing_is_kept_behind_a_link() {
    let outside = tempfile::tempdir().unwrap();
    for name in ["", "objects", "objects/ab", "log", "unsaved", "desks"] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(FOLDER).join(name);
        let place: PathBuf = place.components().collect();
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(outside.path(), &place).unwrap();
        let opened = [
            History::open(folder.path(), "a").is_ok(),
            UnsavedFiles::open(folder.path()).is_ok(),
            DeskPresence::open(folder.path(), "a", "甲", time(0)).is_ok(),
        ];
        assert!(!opened[0] && (name == "objects/ab" || opened == [false; 3]), "{name}: {opened:?}");
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_log_of_somebody_else_names_no_place_outside() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path(), "a").unwrap();
    keep(&mut history, "content/a.md", Some("一"), 1);
    let log = files_below(&folder.path().join("history/log")).remove(0);
    let line = std::fs::read_to_string(&log).unwrap();
    let (_, record) = line.trim().split_once(' ').unwrap();
    let record = record.replace("content/a.md", "../../a.md");
    let check = ContentHash::of(record.as_bytes()).short(12);
    std::fs::write(&log, format!("{check} {record}\n")).unwrap();
    assert!(History::open(folder.path(), "a").unwrap().versions.is_empty());
}

#[test]
fn unsaved_texts_are_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let files = UnsavedFiles::open(folder.path()).unwrap();
    let file = |name: &str, text: &str| UnsavedFile { path: path(name), text: text.into(), base: None, at: time(1) };
    files.put(&file("content/a.md", "一")).unwrap();
    files.put(&file("content/a.md", "二\n\n")).unwrap();
    files.put(&file("content/b.md", "三")).unwrap();
    assert_eq!(files.get(&path("content/a.md")), Some(file("content/a.md", "二\n\n")));
    assert_eq!(files.all().unwrap().len(), 2);
    let place = files_below(&folder.path().join("history/unsaved")).remove(0);
    let bytes = std::fs::read(&place).unwrap();
    std::fs::write(&place, &bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(files.all().unwrap().len(), 1);
    files.remove(&path("content/a.md")).unwrap();
    files.remove(&path("content/a.md")).unwrap();
    assert_eq!(files.get(&path("content/a.md")), None);
}

#[test]
fn desks_see_each_other_until_one_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let second = |n: i64| Timestamp::from_second(1_700_000_000 + n).unwrap();
    let mut first = DeskPresence::open(folder.path(), "1", "甲", second(0)).unwrap();
    let mut other = DeskPresence::open(folder.path(), "2", "乙", second(0)).unwrap();
    let page = path("content/a.md");
    first.set_open(Some(page.clone()), second(1)).unwrap();
    // The clock of the other machine is an hour behind: that does not make it the first.
    other.set_open(Some(page.clone()), second(-3600)).unwrap();
    first.beat(second(2)).unwrap();
    assert_eq!(first.holder(&page), None);
    assert_eq!(other.holder(&page).map(|desk| desk.by).as_deref(), Some("甲"));
    // The second goes on when the first lets go, and is then the one that writes.
    first.set_open(None, second(3)).unwrap();
    other.beat(second(-3500)).unwrap();
    assert_eq!(other.holder(&page), None);
    first.set_open(Some(page.clone()), second(4)).unwrap();
    assert_eq!(first.holder(&page).map(|desk| desk.by).as_deref(), Some("乙"));
    for n in 0..40 {
        other.beat(second(-3400 + n)).unwrap();
    }
    assert!(other.others().is_empty(), "the first has not moved for forty seconds");
    first.beat(second(5)).unwrap();
    other.beat(second(-3300)).unwrap();
    assert_eq!(other.others().len(), 1, "it was only slow");
    drop(first);
    other.beat(second(-3299)).unwrap();
    assert!(other.others().is_empty());
}

#[test]
fn nobody_waits_for_himself_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let page = path("content/a.md");
    let mut running = DeskPresence::open(folder.path(), "1", "甲", time(0)).unwrap();
    running.set_open(Some(page.clone()), time(0)).unwrap();
    let desks = folder.path().join("history/desks");
    let said = std::fs::read(desks.join("1.json")).unwrap();
    // One that was killed has left its files and holds no lock.
    std::fs::write(desks.join("2.json"), &said).unwrap();
    std::fs::write(desks.join("2.lock"), "").unwrap();
    let mut new = DeskPresence::open(folder.path(), "3", "甲", time(1)).unwrap();
    new.set_open(Some(page.clone()), time(1)).unwrap();
    assert_eq!(new.others().len(), 1, "the one that runs");
    assert!(!desks.join("2.json").exists() && desks.join("1.json").exists());
    drop(running);
    new.beat(time(2)).unwrap();
    assert_eq!((new.holder(&page), std::fs::read_dir(&desks).unwrap().count()), (None, 2));
}
