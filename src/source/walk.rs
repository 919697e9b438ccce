//! Walks a folder of the site and follows its links to folders as long as they stay inside the site.
//!
//! Input: the site's folder and a folder in it. Output: the files in name order, the links to folders that were followed,
//! and those that were not, with the reason. Reads no content of files. The number of entries behind links is bounded, so
//! that links to each other end.
#![expect(clippy::disallowed_methods, reason = "reads the files of a site")]

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::scan::is_ignored_name;

/// Most links to folders behind each other.
const MAX_NESTED_LINKS: usize = 4;
/// Most files and folders behind links in one walk.
const MAX_LINKED_ENTRIES: usize = 100_000;
/// The folder with the notes of a build. What holds one is an output folder.
const BUILD_NOTES: &str = ".puzhi";

/// Why a link was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkProblem {
    /// It leads out of the site's folder.
    Outside,
    /// It leads to nothing.
    Broken,
    /// It leads to a folder that contains it.
    Loop,
    /// It leads to a hidden file or folder, such as `.git`.
    Hidden,
    /// It leads to an output folder.
    Output,
    /// It stands in a theme, where links are not followed.
    InTheme,
    /// There are too many files behind links, or too many links behind each other.
    TooMany,
}

/// A link to a folder that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FollowedLink {
    /// The link itself.
    pub link: PathBuf,
    /// The folder that it leads to, without links.
    pub target: PathBuf,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Everything that is no folder, in name order, and what could not be read.
    pub entries: Vec<walkdir::Result<DirEntry>>,
    /// Links to folders that were followed.
    pub followed: Vec<FollowedLink>,
    /// Links that were not followed.
    pub refused: Vec<(PathBuf, LinkProblem)>,
}

/// The site's folder, and the folder in it that is walked.
pub(super) struct WalkRoot<'r> {
    /// The site's folder.
    pub root: &'r Path,
    /// The same without links.
    pub real_root: &'r Path,
}

impl WalkRoot<'_> {
    /// Walks `folder`, a path below the site's folder. Without `follow`, links to folders are refused.
    pub fn walk(&self, folder: &str, follow: bool) -> Walked {
        let top = self.root.join(folder);
        let in_static = folder.ends_with("static") || folder == "themes";
        let real_top = top.canonicalize().unwrap_or_else(|_| top.clone());
        let (mut followed, mut refused) = (Vec::new(), Vec::new());
        // The depths of the links that the entry is behind.
        let mut links: Vec<usize> = Vec::new();
        let mut behind = 0;
        // Entries of one folder differ in their names alone, which are found in a path by reading it backwards.
        let by_name = |a: &DirEntry, b: &DirEntry| a.path().as_os_str().cmp(b.path().as_os_str());
        let walk = WalkDir::new(&top).sort_by(by_name).follow_links(true).into_iter().filter_entry(|entry| {
            if entry.depth() == 0 {
                return true;
            }
            if is_ignored_name(&entry.file_name().to_string_lossy(), in_static) {
                return false;
            }
            while links.last().is_some_and(|depth| entry.depth() <= *depth) {
                links.pop();
            }
            behind += usize::from(!links.is_empty());
            let folder_link = entry.path_is_symlink() && entry.file_type().is_dir();
            if behind > MAX_LINKED_ENTRIES && (!links.is_empty() || folder_link) {
                if folder_link || behind == MAX_LINKED_ENTRIES + 1 {
                    refused.push((entry.path().to_path_buf(), LinkProblem::TooMany));
                }
                return false;
            }
            if !folder_link {
                return true;
            }
            let target = match () {
                () if !follow => Err(LinkProblem::InTheme),
                () if links.len() >= MAX_NESTED_LINKS => Err(LinkProblem::TooMany),
                () => self.folder_behind(entry.path(), &real_top),
            };
            match target {
                Ok(target) => {
                    followed.push(FollowedLink { link: entry.path().to_path_buf(), target });
                    links.push(entry.depth());
                    true
                }
                Err(problem) => {
                    refused.push((entry.path().to_path_buf(), problem));
                    false
                }
            }
        });
        let mut entries = Vec::new();
        let mut broken = Vec::new();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Err(error) => match (error.path(), error.loop_ancestor().is_some()) {
                    (Some(path), true) => broken.push((path.to_path_buf(), LinkProblem::Loop)),
                    (Some(path), false) if is_link(path) => {
                        let ignored =
                            path.file_name().is_some_and(|name| is_ignored_name(&name.to_string_lossy(), in_static));
                        broken.extend((!ignored).then(|| (path.to_path_buf(), LinkProblem::Broken)));
                    }
                    _ => entries.push(Err(error)),
                },
                entry => entries.push(entry),
            }
        }
        refused.extend(broken);
        Walked { entries, followed, refused }
    }

    /// The folder that the link at `path` leads to. `walked` is the folder that is walked.
    fn folder_behind(&self, path: &Path, walked: &Path) -> Result<PathBuf, LinkProblem> {
        let target = path.canonicalize().map_err(|_| LinkProblem::Broken)?;
        if walked.starts_with(&target) {
            return Err(if target.starts_with(self.real_root) { LinkProblem::Loop } else { LinkProblem::Outside });
        }
        self.check_inside(&target)?;
        Ok(target)
    }

    /// Whether a file or folder, given without links, may be read through a link.
    pub fn check_inside(&self, target: &Path) -> Result<(), LinkProblem> {
        let below = target.strip_prefix(self.real_root).map_err(|_| LinkProblem::Outside)?;
        let mut at = self.real_root.to_path_buf();
        for name in below.components() {
            if is_ignored_name(&name.as_os_str().to_string_lossy(), true) {
                return Err(LinkProblem::Hidden);
            }
            at.push(name);
            if at.join(BUILD_NOTES).is_dir() {
                return Err(LinkProblem::Output);
            }
        }
        Ok(())
    }
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_symlink())
}
