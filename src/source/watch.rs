//! Watches the files of a site and reports which may have changed.
//!
//! Input: the site's folder. Output: [`FileChanges`], reported from a separate thread. Events that follow each other closely are
//! reported together; the [`Debouncer`] decides when such a burst is over. A reported file may be unchanged, but no change is lost:
//! where an event is ambiguous (a folder, the rename of a folder, an overflow, an error), the report says that anything may have
//! changed. Events of reading are ignored; otherwise the reader of the reported files would trigger the next report. Does not read
//! the content of files.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site and measures how long they are quiet")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use super::debounce::Debouncer;
use super::scan::is_ignored_name;
use super::stat_poll::StatPoll;
use super::walk::{FollowedLink, WalkRoot};
use super::{SETTINGS_FILE, SITE_FOLDERS};
use puzhi_core::base::SitePath;

/// Delay of a second report after a change of folders: files created before a new folder was watched cause no event.
const RESCAN_DELAY: Duration = Duration::from_millis(300);
/// Minimum pause between two polls; ten times the duration of a poll if that is longer.
const POLL_INTERVAL: Duration = Duration::from_millis(300);
/// With more changed files than this, the report says that anything may have changed.
const MAX_NAMED_FILES: usize = 500;
/// Capacity of the event queue. If it overflows, anything may have changed.
const EVENT_QUEUE_LENGTH: usize = 4096;

/// Files that may have changed since the previous report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileChanges {
    /// Files written, created, removed or renamed. Empty if `all` is set.
    pub paths: BTreeSet<SitePath>,
    /// Any file may have changed.
    pub all: bool,
}

impl FileChanges {
    /// Any file may have changed.
    pub fn all() -> FileChanges {
        FileChanges { paths: BTreeSet::new(), all: true }
    }

    /// Only these files. Strings that are not a valid [`SitePath`] are dropped.
    pub fn from_paths<'p>(paths: impl IntoIterator<Item = &'p str>) -> FileChanges {
        FileChanges { paths: paths.into_iter().filter_map(|p| SitePath::new(p).ok()).collect(), all: false }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        !self.all && self.paths.is_empty()
    }

    /// Adds `more` to these changes.
    pub fn merge(&mut self, more: FileChanges) {
        self.all |= more.all;
        self.paths.extend(more.paths);
        self.collapse_if_many();
    }

    fn collapse_if_many(&mut self) {
        if self.all || self.paths.len() > MAX_NAMED_FILES {
            *self = FileChanges::all();
        }
    }
}

/// How changes are detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchMode {
    /// By events of the operating system.
    Native,
    /// By comparing sizes and times of all files at intervals, for file systems without events, such as network drives.
    Polling,
}

/// A running watcher. It stops when this value is dropped.
pub struct FileWatcher {
    /// The mode in use: polling also if native watching was requested but is not available.
    pub mode: WatchMode,
    stop: Arc<AtomicBool>,
}

impl Drop for FileWatcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl FileWatcher {
    /// Watches the site at `root`. Every change made after this function returned is reported. Calls `on_change` on another thread for
    /// each burst of changes, until it returns `false`.
    ///
    /// # Errors
    /// When `root` does not exist or the thread cannot be started.
    pub fn start(
        root: &Path,
        mode: WatchMode,
        on_change: impl FnMut(FileChanges) -> bool + Send + 'static,
    ) -> std::io::Result<FileWatcher> {
        let root = root.canonicalize()?;
        let stop = Arc::new(AtomicBool::new(false));
        let native = match mode {
            WatchMode::Native => NativeWatcher::start(&root),
            WatchMode::Polling => None,
        };
        let mode = if native.is_some() { WatchMode::Native } else { WatchMode::Polling };
        let stopped = Arc::clone(&stop);
        let run: Box<dyn FnOnce() + Send> = match native {
            Some(native) => Box::new(move || native.run(on_change, &stopped)),
            None => {
                // Taken on this thread, so that no change after `start` returned is missed.
                let before = StatPoll::take(&root);
                Box::new(move || poll(&root, before, on_change, &stopped))
            }
        };
        std::thread::Builder::new().name("watch".into()).spawn(run)?;
        Ok(FileWatcher { mode, stop })
    }
}

fn poll(root: &Path, mut before: StatPoll, mut on_change: impl FnMut(FileChanges) -> bool, stop: &AtomicBool) {
    loop {
        std::thread::sleep(POLL_INTERVAL.max(before.duration * 10));
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let now = StatPoll::take(root);
        let mut changes = before.changes_until(&now);
        changes.collapse_if_many();
        before = now;
        if !changes.is_empty() && !on_change(changes) {
            return;
        }
    }
}

/// A watcher that uses the events of the operating system.
struct NativeWatcher {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Set when the queue was full and an event was dropped.
    overflow: Arc<AtomicBool>,
    classifier: EventClassifier,
    /// Set after an error of the system: its events may be incomplete from then on, so files are polled as well.
    fallback_poll: Option<StatPoll>,
}

impl NativeWatcher {
    /// `None` if the system cannot watch these files.
    fn start(root: &Path) -> Option<NativeWatcher> {
        let (sender, events) = sync_channel(EVENT_QUEUE_LENGTH);
        let overflow = Arc::new(AtomicBool::new(false));
        let watcher = notify::recommended_watcher(event_handler(sender, Arc::clone(&overflow))).ok()?;
        let mut native = NativeWatcher {
            watcher,
            events,
            overflow,
            classifier: EventClassifier { root: root.to_path_buf(), folders: BTreeSet::new(), linked: BTreeSet::new() },
            fallback_poll: None,
        };
        native.watcher.watch(root, RecursiveMode::NonRecursive).ok()?;
        native.watch_folders().ok()?;
        Some(native)
    }

    /// Watches the site's folders, which may be new, and updates the list of folders.
    fn watch_folders(&mut self) -> notify::Result<()> {
        let EventClassifier { root, folders, linked } = &mut self.classifier;
        folders.clear();
        linked.clear();
        for folder in SITE_FOLDERS.into_iter().chain(["themes"]) {
            let top = root.join(folder);
            if !top.is_dir() {
                continue;
            }
            self.watcher.watch(&top, RecursiveMode::Recursive)?;
            let below = WalkDir::new(&top).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_dir());
            folders.extend(below.filter_map(|e| e.path().strip_prefix(&*root).ok().map(Path::to_path_buf)));
            let walked = WalkRoot { root: &*root, real_root: &*root }.walk(folder, folder != "themes");
            for FollowedLink { link, target } in walked.followed {
                self.watcher.watch(&target, RecursiveMode::Recursive)?;
                linked.extend([link, target]);
            }
        }
        Ok(())
    }

    fn run(mut self, mut on_change: impl FnMut(FileChanges) -> bool, stop: &AtomicBool) {
        let mut rescan_at: Option<Instant> = None;
        loop {
            let mut changes = FileChanges::default();
            match self.events.recv_timeout(POLL_INTERVAL) {
                Ok(event) => {
                    self.handle_event(event, &mut changes);
                    self.collect_until_quiet(&mut changes);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
            if let Some(before) = self.fallback_poll.take() {
                let now = StatPoll::take(&self.classifier.root);
                changes.merge(before.changes_until(&now));
                self.fallback_poll = Some(now);
            }
            if changes.all {
                if self.watch_folders().is_err() && self.fallback_poll.is_none() {
                    self.fallback_poll = Some(StatPoll::take(&self.classifier.root));
                }
                rescan_at = Some(Instant::now() + RESCAN_DELAY);
            } else if rescan_at.is_some_and(|at| Instant::now() >= at) {
                rescan_at = None;
                let _ = self.watch_folders();
                changes = FileChanges::all();
            }
            if !changes.is_empty() && !on_change(changes) {
                return;
            }
        }
    }

    /// Adds the events that follow the first one of a burst, until the [`Debouncer`] ends it.
    fn collect_until_quiet(&mut self, changes: &mut FileChanges) {
        let start = Instant::now();
        let mut debouncer = Debouncer::new();
        while let Some(wait) = debouncer.wait(start.elapsed(), || self.any_file_is_empty(changes)) {
            match self.events.recv_timeout(wait) {
                Ok(event) => {
                    self.handle_event(event, changes);
                    debouncer.event_at(start.elapsed());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if self.overflow.swap(false, Ordering::Relaxed) {
            *changes = FileChanges::all();
        }
    }

    fn any_file_is_empty(&self, changes: &FileChanges) -> bool {
        changes.paths.iter().any(|p| {
            std::fs::metadata(self.classifier.root.join(p.as_str())).is_ok_and(|m| m.is_file() && m.len() == 0)
        })
    }

    fn handle_event(&mut self, event: notify::Result<Event>, changes: &mut FileChanges) {
        if event.is_err() {
            // The usual cause is that the system's limit of watches is reached.
            self.fallback_poll.get_or_insert_with(|| StatPoll::take(&self.classifier.root));
        }
        changes.merge(self.classifier.changes_of(&event, Path::is_dir));
    }
}

/// Translates events of the system to [`FileChanges`].
struct EventClassifier {
    /// The site's folder, as an absolute path without links.
    root: PathBuf,
    /// Folders of the site when they were last listed, relative to `root`. They tell whether a removed path was a folder.
    folders: BTreeSet<PathBuf>,
    /// Links to folders that are followed, and where they lead to. A file there has several paths, of which an event names one.
    linked: BTreeSet<PathBuf>,
}

impl EventClassifier {
    /// The changes that one event means. `is_dir` says whether a path is a folder now.
    fn changes_of(&self, event: &notify::Result<Event>, is_dir: impl Fn(&Path) -> bool) -> FileChanges {
        let Ok(event) = event else { return FileChanges::all() };
        let mut changes = FileChanges { paths: BTreeSet::new(), all: event.need_rescan() };
        for path in &event.paths {
            match self.classify_event(&event.kind, path, &is_dir) {
                EventScope::None => {}
                EventScope::File(path) => drop(changes.paths.insert(path)),
                EventScope::All => changes.all = true,
            }
        }
        changes.collapse_if_many();
        changes
    }

    fn classify_event(&self, kind: &EventKind, path: &Path, is_dir: impl Fn(&Path) -> bool) -> EventScope {
        let Ok(below) = path.strip_prefix(&self.root) else { return EventScope::None };
        if let Some(linked) = self.linked.iter().find(|linked| path.starts_with(linked)) {
            let names = path.strip_prefix(linked).unwrap_or(path);
            let ignored = names.iter().any(|name| is_ignored_name(&name.to_string_lossy(), true));
            return if ignored { EventScope::None } else { EventScope::All };
        }
        let scope = classify_path(below);
        let folder = matches!(kind, EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder))
            || self.folders.contains(below)
            || !matches!(
                kind,
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Name(RenameMode::From)) | EventKind::Access(_)
            ) && is_dir(path);
        match scope {
            // A change of a folder's own metadata changes no file in it.
            EventScope::File(_) | EventScope::All
                if folder && matches!(kind, EventKind::Modify(ModifyKind::Metadata(_)) | EventKind::Access(_)) =>
            {
                EventScope::None
            }
            EventScope::File(_) if folder => EventScope::All,
            other => other,
        }
    }
}

/// What an event can have changed.
enum EventScope {
    /// No file of the site.
    None,
    /// This file only.
    File(SitePath),
    /// Any file.
    All,
}

/// The scope of an event for a path relative to the site's folder, by its name alone.
fn classify_path(below: &Path) -> EventScope {
    let mut segments = Vec::new();
    for component in below.components() {
        match component.as_os_str().to_str() {
            Some(segment) => segments.push(segment),
            // Not UTF-8; the scan reports such a name.
            None => return EventScope::All,
        }
    }
    match segments.as_slice() {
        [] => EventScope::None,
        [only] if *only == SETTINGS_FILE => SitePath::new(SETTINGS_FILE).map_or(EventScope::All, EventScope::File),
        [first, ..] if !SITE_FOLDERS.contains(first) && *first != "themes" => EventScope::None,
        [_] => EventScope::All,
        [first, rest @ ..] => {
            let in_static = *first == "static" || *first == "themes" && rest.contains(&"static");
            match rest.iter().any(|s| is_ignored_name(s, in_static)) {
                true => EventScope::None,
                false => SitePath::new(&segments.join("/")).map_or(EventScope::All, EventScope::File),
            }
        }
    }
}

/// The handler that puts events into the queue, except those of reading. Never blocks: if the queue is full, it sets `overflow`.
fn event_handler(sender: SyncSender<notify::Result<Event>>, overflow: Arc<AtomicBool>) -> impl notify::EventHandler {
    move |event: notify::Result<Event>| {
        let reading = |kind: &EventKind| matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write));
        if event.as_ref().is_ok_and(|e| reading(&e.kind)) {
            return;
        }
        if sender.try_send(event).is_err() {
            overflow.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::channel;

    use notify::event::{DataChange, Flag, MetadataKind};

    use super::*;

    fn classifier() -> EventClassifier {
        let folders = ["content", "content/guides"].map(PathBuf::from);
        let linked = ["/site/content/linked", "/site/shared"].map(PathBuf::from);
        EventClassifier { root: "/site".into(), folders: folders.into(), linked: linked.into() }
    }

    /// Changes that events mean for a site at `/site`, where `content/moved` and `data` are new folders.
    fn changes<'p>(events: impl IntoIterator<Item = (EventKind, &'p str)>) -> FileChanges {
        let mut all = FileChanges::default();
        for (kind, path) in events {
            let event = Event::new(kind).add_path(Path::new("/site").join(path));
            let is_dir = |path: &Path| ["/site/content/moved", "/site/data"].map(Path::new).contains(&path);
            all.merge(classifier().changes_of(&Ok(event), is_dir));
        }
        all
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CREATED: EventKind = EventKind::Create(CreateKind::File);
    const REMOVED: EventKind = EventKind::Remove(RemoveKind::File);
    const FROM: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));
    const TO: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));
    const METADATA: EventKind = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));

    #[test]
    fn a_changed_file_is_named() {
        for kind in [WRITTEN, CREATED, REMOVED, FROM, TO, METADATA, EventKind::Any] {
            for path in ["content/guides/a.md", "site.yaml", "themes/t/templates/page.html"] {
                assert_eq!(changes([(kind, path)]), FileChanges::from_paths([path]), "{kind:?}");
            }
        }
    }

    #[test]
    fn ignored_files_and_other_folders_are_not_reported() {
        for path in [
            "content/guides/.a.md.swp",
            "content/guides/a.md~",
            "content/guides/~$a.md",
            "content/guides/~WRL0001.tmp",
            "content/guides/甲.asd",
            "content/guides/甲.MD.BAK",
            "public/index.html",
            "notes.txt",
            "content/.git",
            "",
            "/elsewhere/content/a.md",
        ] {
            for kind in [WRITTEN, CREATED, REMOVED] {
                assert_eq!(changes([(kind, path)]), FileChanges::default(), "{path}");
            }
        }
    }

    #[test]
    fn saving_over_by_rename_names_the_file() {
        let (file, temporary, backup) = ("content/guides/a.md", "content/guides/.a.tmp", "content/guides/a.md~");
        let saved = FileChanges::from_paths([file]);
        assert_eq!(changes([(CREATED, temporary), (FROM, temporary), (TO, file)]), saved);
        // vim: the old file becomes the backup, a new file is written, the backup is removed.
        assert_eq!(changes([(FROM, file), (TO, backup), (CREATED, file), (WRITTEN, file), (REMOVED, backup)]), saved);
        let both = Event::new(EventKind::Modify(ModifyKind::Name(RenameMode::Both)));
        let both = both.add_path("/site/content/guides/.a.tmp".into()).add_path("/site/content/guides/a.md".into());
        assert_eq!(classifier().changes_of(&Ok(both), |_| false), saved);
    }

    #[test]
    fn a_changed_folder_means_that_anything_may_have_changed() {
        let (folder_created, folder_removed) =
            (EventKind::Create(CreateKind::Folder), EventKind::Remove(RemoveKind::Folder));
        for event in [
            (folder_created, "content/new"),
            (folder_removed, "content/guides"),
            (FROM, "content/guides"),
            (TO, "content/moved"),
            (EventKind::Create(CreateKind::Any), "content/moved"),
            (folder_created, "data"),
            (FROM, "content"),
            (EventKind::Any, "data"),
        ] {
            assert_eq!(changes([event]), FileChanges::all(), "{event:?}");
        }
        for event in [(METADATA, "content/guides"), (METADATA, "content"), (folder_created, "old")] {
            assert_eq!(changes([event]), FileChanges::default(), "{event:?}");
        }
    }

    #[test]
    fn what_lies_behind_a_link_may_have_any_path() {
        for path in ["content/linked/a.md", "shared/b/c.png"] {
            assert_eq!(changes([(WRITTEN, path)]), FileChanges::all(), "{path}");
        }
        for path in ["content/linked/.a.swp", "shared/~$b.docx", "other/a.md"] {
            assert_eq!(changes([(WRITTEN, path)]), FileChanges::default(), "{path}");
        }
    }

    #[test]
    fn lost_events_and_errors_mean_that_anything_may_have_changed() {
        let rescan = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(classifier().changes_of(&Ok(rescan), |_| false), FileChanges::all());
        let error = notify::Error::new(notify::ErrorKind::MaxFilesWatch);
        assert_eq!(classifier().changes_of(&Err(error), |_| false), FileChanges::all());

        let (sender, events) = sync_channel(1);
        let overflow = Arc::new(AtomicBool::new(false));
        let mut handler = event_handler(sender, Arc::clone(&overflow));
        let mut handle = |kind| {
            notify::EventHandler::handle_event(&mut handler, Ok(Event::new(kind)));
            overflow.load(Ordering::Relaxed)
        };
        assert!(!handle(WRITTEN));
        assert!(!handle(EventKind::Access(AccessKind::Read)), "reading is not queued");
        assert!(handle(EventKind::Access(AccessKind::Close(AccessMode::Write))), "the queue is full");
        assert_eq!(events.try_iter().count(), 1);
    }

    #[test]
    fn too_many_names_become_everything() {
        let mut changes = FileChanges::default();
        (0..=MAX_NAMED_FILES)
            .for_each(|n| changes.merge(FileChanges::from_paths([format!("content/{n}.md").as_str()])));
        assert_eq!(changes, FileChanges::all());
    }

    /// The only test with a real file system. It waits for reports and never for a fixed time, and repeats a write whose report came
    /// together with that of a folder.
    #[test]
    fn changes_on_disk_are_reported_in_both_modes() {
        for mode in [WatchMode::Native, WatchMode::Polling] {
            let folder = tempfile::tempdir().unwrap();
            let at = |path: &str| folder.path().join(path);
            fs::create_dir_all(at("content/guides")).unwrap();
            fs::write(at("content/guides/a.md"), "old\n").unwrap();
            let (sender, reports) = channel();
            let watcher = FileWatcher::start(folder.path(), mode, move |changes| sender.send(changes).is_ok()).unwrap();
            assert_eq!(watcher.mode, mode);
            let mut seen = FileChanges::default();
            let mut reported = |wanted: &dyn Fn(&FileChanges) -> bool| {
                while let Ok(changes) = reports.recv_timeout(Duration::from_secs(5)) {
                    seen.paths.extend(changes.paths.iter().cloned());
                    if wanted(&changes) {
                        return true;
                    }
                }
                false
            };
            let names = |path: &str| {
                let path = SitePath::new(path).unwrap();
                move |changes: &FileChanges| changes.paths.contains(&path)
            };
            let write = |path: &str, attempt: usize| fs::write(at(path), "new\n".repeat(attempt)).unwrap();

            fs::write(at("content/guides/.a.swp"), "x").unwrap();
            write("content/guides/a.md", 2);
            assert!(reported(&names("content/guides/a.md")), "{mode:?}");
            fs::remove_file(at("content/guides/a.md")).unwrap();
            assert!(reported(&names("content/guides/a.md")), "{mode:?}");
            // Folders that are created later, or replaced, are watched as well.
            fs::create_dir(at("data")).unwrap();
            assert!(mode == WatchMode::Polling || reported(&|changes| changes.all));
            assert!((1..4).any(|n| {
                write("data/t.yaml", n);
                reported(&names("data/t.yaml"))
            }));
            fs::rename(at("content"), at("old")).unwrap();
            fs::create_dir(at("content")).unwrap();
            assert!(mode == WatchMode::Polling || reported(&|changes| changes.all));
            assert!((1..4).any(|n| {
                write("old/b.md", n);
                write("content/c.md", n);
                reported(&names("content/c.md"))
            }));
            assert!(seen.paths.iter().all(|path| !path.as_str().contains("old") && !path.as_str().contains(".a.swp")));
        }
    }
}
