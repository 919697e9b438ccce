//! The folders that outputs lie in. Each is inspected at most once and created at most once, by whichever thread needs it first.
#![expect(clippy::disallowed_methods, reason = "writes the output folder")]

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::fs_ops;
use super::io_error::IoError;

/// What stood at a folder's path when it was looked at.
#[derive(Debug, Clone)]
pub(super) enum FolderState {
    Folder,
    Missing,
    /// This path, the folder's own or one above it, is a file.
    File(usize),
    /// This path, the folder's own or one above it, is a symbolic link.
    Link(usize),
    Failed(IoError),
}

struct Folder {
    path: Arc<str>,
    parent: usize,
    folder_state: OnceLock<FolderState>,
    /// Whether it had to be created.
    created: OnceLock<Result<bool, IoError>>,
}

/// All folders of the plan; number 0 is the output folder itself.
pub(super) struct Folders {
    out: PathBuf,
    list: Vec<Folder>,
    index: HashMap<Arc<str>, usize>,
}

impl Folders {
    pub fn new(out: &Path) -> Self {
        let root =
            Folder { path: "".into(), parent: 0, folder_state: FolderState::Folder.into(), created: Ok(false).into() };
        Self { out: out.to_path_buf(), list: vec![root], index: HashMap::from([("".into(), 0)]) }
    }

    /// The number of the folder that holds `path`.
    pub fn index_of_parent(&mut self, path: &str) -> usize {
        let Some((folder, _)) = path.rsplit_once('/') else { return 0 };
        if let Some(&known) = self.index.get(folder) {
            return known;
        }
        let parent = self.index_of_parent(folder);
        let number = self.list.len();
        let path: Arc<str> = folder.into();
        self.list.push(Folder {
            path: Arc::clone(&path),
            parent,
            folder_state: OnceLock::new(),
            created: OnceLock::new(),
        });
        self.index.insert(path, number);
        number
    }

    /// The number of the folder at `path`, if outputs lie in it or below it.
    pub fn index_of(&self, path: &str) -> Option<usize> {
        self.index.get(path).copied()
    }

    pub fn path(&self, number: usize) -> &str {
        &self.list[number].path
    }

    /// The folder and those above it, innermost first, without the output folder.
    pub fn self_and_ancestors(&self, number: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(number), |&n| Some(self.list[n].parent)).take_while(|&n| n != 0)
    }

    /// What stands at the folder's path.
    pub fn folder_state(&self, number: usize) -> &FolderState {
        let folder = &self.list[number];
        folder.folder_state.get_or_init(|| match self.folder_state(folder.parent) {
            FolderState::Folder => match fs::symlink_metadata(self.out.join(&*folder.path)) {
                Ok(meta) if meta.is_symlink() => FolderState::Link(number),
                Ok(meta) if meta.is_dir() => FolderState::Folder,
                Ok(_) => FolderState::File(number),
                Err(error) if error.kind() == io::ErrorKind::NotFound => FolderState::Missing,
                Err(error) => FolderState::Failed(IoError::new(&error, &folder.path)),
            },
            blocked => blocked.clone(),
        })
    }

    /// Creates the folder and those above it where they are missing.
    pub fn create(&self, number: usize) -> Result<(), IoError> {
        let folder = &self.list[number];
        let created = folder.created.get_or_init(|| {
            if matches!(folder.folder_state.get(), Some(FolderState::Folder)) {
                return Ok(false);
            }
            self.create(folder.parent)?;
            let path = self.out.join(&*folder.path);
            match fs_ops::create_folder(&path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(&path) => Ok(false),
                Err(error) => Err(IoError::new(&error, &folder.path)),
            }
        });
        created.clone().map(drop)
    }

    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Folders that [`Folders::create`] created.
    pub fn created(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter(|f| matches!(f.created.get(), Some(Ok(true)))).map(|f| &*f.path)
    }

    /// Every folder but the output folder.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.list[1..].iter().map(|f| &*f.path)
    }
}

/// Whether `path` is a folder and no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}
