//! The folders that outputs lie in: each looked at once and created once, by whichever thread comes first.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::fault::Fault;
use super::hands;

/// What stood at a folder's path when it was looked at.
#[derive(Debug, Clone)]
pub(super) enum Standing {
    Folder,
    Missing,
    /// This path, the folder's own or one above it, is a file.
    File(usize),
    /// This path, the folder's own or one above it, is a symbolic link.
    Link(usize),
    Failed(Fault),
}

struct Folder {
    path: Arc<str>,
    above: usize,
    standing: OnceLock<Standing>,
    /// Whether it had to be created.
    made: OnceLock<Result<bool, Fault>>,
}

/// All folders of the plan; number 0 is the output folder itself.
pub(super) struct Folders {
    out: PathBuf,
    list: Vec<Folder>,
    index: HashMap<Arc<str>, usize>,
}

impl Folders {
    pub fn new(out: &Path) -> Self {
        let root = Folder { path: "".into(), above: 0, standing: Standing::Folder.into(), made: Ok(false).into() };
        Self { out: out.to_path_buf(), list: vec![root], index: HashMap::from([("".into(), 0)]) }
    }

    /// The number of the folder that holds `path`.
    pub fn holding(&mut self, path: &str) -> usize {
        let Some((folder, _)) = path.rsplit_once('/') else { return 0 };
        if let Some(&known) = self.index.get(folder) {
            return known;
        }
        let above = self.holding(folder);
        let number = self.list.len();
        let path: Arc<str> = folder.into();
        self.list.push(Folder { path: Arc::clone(&path), above, standing: OnceLock::new(), made: OnceLock::new() });
        self.index.insert(path, number);
        number
    }

    /// The number of the folder at `path`, if outputs lie in it or below it.
    pub fn number(&self, path: &str) -> Option<usize> {
        self.index.get(path).copied()
    }

    pub fn path(&self, number: usize) -> &str {
        &self.list[number].path
    }

    /// The folder and those above it, innermost first, without the output folder.
    pub fn up(&self, number: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(number), |&n| Some(self.list[n].above)).take_while(|&n| n != 0)
    }

    /// What stands at the folder's path.
    pub fn standing(&self, number: usize) -> &Standing {
        let folder = &self.list[number];
        folder.standing.get_or_init(|| match self.standing(folder.above) {
            Standing::Folder => match fs::symlink_metadata(self.out.join(&*folder.path)) {
                Ok(meta) if meta.is_symlink() => Standing::Link(number),
                Ok(meta) if meta.is_dir() => Standing::Folder,
                Ok(_) => Standing::File(number),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Standing::Missing,
                Err(error) => Standing::Failed(Fault::new(&error, &folder.path)),
            },
            blocked => blocked.clone(),
        })
    }

    /// Creates the folder and those above it where they are missing.
    pub fn ensure(&self, number: usize) -> Result<(), Fault> {
        let folder = &self.list[number];
        let made = folder.made.get_or_init(|| {
            if matches!(folder.standing.get(), Some(Standing::Folder)) {
                return Ok(false);
            }
            self.ensure(folder.above)?;
            let path = self.out.join(&*folder.path);
            match hands::create_folder(&path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(&path) => Ok(false),
                Err(error) => Err(Fault::new(&error, &folder.path)),
            }
        });
        made.clone().map(drop)
    }

    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Folders that [`Folders::ensure`] created.
    pub fn made(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter(|f| matches!(f.made.get(), Some(Ok(true)))).map(|f| &*f.path)
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
