//! The source files of the three crates, each with its room.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the program.
pub struct SourceFile {
    /// The room: the file's folder or name below `src`; the survey crate is one room, `survey`.
    pub room: String,
    /// Path below the repository, with `/`.
    pub path: String,
    /// How many modules deep the file is in its crate; `lib.rs` is 0.
    pub depth: usize,
    /// The crate that holds it: `puzhi`, `core` or `survey`.
    pub package: &'static str,
    pub text: String,
}

/// The repository's root folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All source files, by path.
pub fn all() -> Vec<SourceFile> {
    let mut files = Vec::new();
    for (package, folder) in [("puzhi", "src"), ("core", "crates/core/src"), ("survey", "crates/survey/src")] {
        let root = repository().join(folder);
        let mut paths = Vec::new();
        collect(&root, &mut paths);
        paths.sort();
        for path in paths {
            let below = path.strip_prefix(&root).expect("below its root");
            let parts: Vec<&str> = below.iter().map(|part| part.to_str().expect("UTF-8")).collect();
            files.push(SourceFile {
                room: if package == "survey" { "survey".into() } else { parts[0].trim_end_matches(".rs").into() },
                path: format!("{folder}/{}", parts.join("/")),
                depth: parts.len() - usize::from(matches!(parts[parts.len() - 1], "mod.rs" | "lib.rs" | "main.rs")),
                package,
                text: fs::read_to_string(&path).expect("readable"),
            });
        }
    }
    files
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}
