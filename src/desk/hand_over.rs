//! What is handed over: the built site as a zip, with a list of what changed since the last one.
//!
//! Input: the outputs of a build and what was handed over before. Output: bytes of a zip, lines of words. Knows no disk.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Write};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::catalog::PageRole;
use crate::pipeline::OutputFiles;
use crate::view::SiteData;
use puzhi_core::base::ContentHash;

use super::files::RecordFile;

/// Name of the list in the zip.
pub(super) const LIST: &str = "改动清单.txt";
/// Most lines of a list.
const MAX_LINES: usize = 400;
/// Files that are packed already.
const PACKED: [&str; 11] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "zip", "docx", "xlsx", "mp4", "woff2"];

/// What is remembered of a site that was handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HandedOver {
    /// When, as it is said in the next list.
    pub at: String,
    /// Titles and texts of the pages that readers see, by file.
    pages: BTreeMap<String, HandedPage>,
    /// Hashes of all outputs, by path.
    outputs: BTreeMap<String, String>,
}

/// A zip that was made and may be fetched.
pub(super) struct MadeZip {
    /// Its name in the address.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub handed: HandedOver,
    /// What is recorded of it once it is fetched: events and published addresses.
    pub records: Vec<RecordFile>,
}

/// A page that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HandedPage {
    title: String,
    text: String,
    withdrawn: bool,
}

impl HandedOver {
    /// A site as it is built now; `data` has the pages that readers see.
    pub fn of(data: &SiteData, outputs: &OutputFiles, at: String) -> Self {
        let page = |meta: &std::sync::Arc<crate::catalog::PageMeta>| {
            let text = data.files.hash(&meta.path).map(|hash| hash.to_string()).unwrap_or_default();
            let page = HandedPage { title: meta.title.clone(), text, withdrawn: meta.withdrawn.is_some() };
            (meta.path.to_string(), page)
        };
        let seen = data.catalog.pages.iter().filter(|meta| !matches!(meta.role, PageRole::Term(_)));
        let hash = |(path, bytes): (&String, &Vec<u8>)| (path.clone(), ContentHash::of(bytes).to_string());
        HandedOver { at, pages: seen.map(page).collect(), outputs: outputs.iter().map(hash).collect() }
    }

    /// What changed since `before`, in words; what changed of pages first.
    pub fn changes_since(&self, before: Option<&HandedOver>) -> Vec<String> {
        let Some(before) = before else {
            return vec![format!("第一次交付：{} 页，{} 个文件", self.pages.len(), self.outputs.len())];
        };
        let [mut new, mut changed, mut gone] = [const { Vec::new() }; 3];
        for (path, page) in &self.pages {
            match before.pages.get(path) {
                None => new.push(format!("新增《{}》", page.title)),
                Some(old) if page.withdrawn && !old.withdrawn => changed.push(format!("撤回《{}》", page.title)),
                Some(old) if old.title != page.title => {
                    changed.push(format!("《{}》改名为《{}》", old.title, page.title))
                }
                Some(old) if old.text != page.text => changed.push(format!("修改《{}》", page.title)),
                Some(_) => {}
            }
        }
        for (path, page) in &before.pages {
            if !self.pages.contains_key(path) {
                gone.push(format!("不再公开《{}》", page.title));
            }
        }
        let mut lines = [new, changed, gone].concat();
        let files = |other: &HandedOver| {
            self.outputs.iter().filter(|(path, hash)| other.outputs.get(*path) != Some(*hash)).count()
        };
        let missing = before.outputs.keys().filter(|path| !self.outputs.contains_key(*path)).count();
        let differing = files(before);
        match (lines.is_empty(), differing + missing) {
            (_, 0) => return vec!["和上一次交付完全一样".to_string()],
            (true, _) => lines.push("文章没有变，只有列表、样式等跟着变".to_string()),
            _ => {}
        }
        if lines.len() > MAX_LINES {
            let more = lines.len() - MAX_LINES;
            lines.truncate(MAX_LINES);
            lines.push(format!("还有 {more} 处没有列出"));
        }
        lines.push(format!("共 {differing} 个文件是新的或变了，{missing} 个文件没有了；整个 public 文件夹替换即可"));
        lines
    }
}

/// The zip of a site and its list.
pub(super) fn zip(outputs: &OutputFiles, list: &str) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, bytes: &[u8]| -> io::Result<()> {
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let method =
            if PACKED.contains(&ending.as_str()) { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(path, SimpleFileOptions::default().compression_method(method)).map_err(io::Error::other)?;
        zip.write_all(bytes)
    };
    // Programs of Windows take a text without a mark for another encoding.
    add(LIST, format!("\u{FEFF}{}", list.replace('\n', "\r\n")).as_bytes())?;
    for (path, bytes) in outputs {
        add(&format!("public/{path}"), bytes)?;
    }
    zip.finish().map(Cursor::into_inner).map_err(io::Error::other)
}
