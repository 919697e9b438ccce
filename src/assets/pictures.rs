//! The pictures of a site: what is published of each, and the bytes of it, from the cache or made now.
//!
//! In: the site's files, the settings for renditions, the cache. Out: [`PictureFacts`] and bytes. Does not know pages.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use crate::engine::{BlobCache, fingerprint};
use crate::source::{FileSnapshot, human_size};
use puzhi_core::base::{ContentHash, Route, SitePath};
use puzhi_core::diag::{Diagnostic, codes::pictures as codes};
use puzhi_pictures::{
    MAX_DECODE_BYTES, MAX_PIXELS, PictureFormat, PictureHeader, PictureProblem, Processed, Rendition,
    RenditionSettings, clean, has_scripts, process, read_header, sniff, strip_metadata,
};

/// Raised whenever `puzhi-pictures` makes other bytes or renditions of the same picture, so that no cache has the old ones.
const REVISION: u32 = 3;

/// Extensions of files that are taken for pictures.
const EXTENSIONS: [&str; 18] = [
    "jpg", "jpeg", "jpe", "jfif", "pjpeg", "png", "apng", "gif", "webp", "svg", "svgz", "avif", "heic", "heif", "hif",
    "tif", "tiff", "jxl",
];

/// Digits of a picture's key in the addresses of its renditions.
const KEY_DIGITS: usize = 16;

/// Folder of the renditions in the built site.
const FOLDER: &str = "pictures";

/// Whether a file is a picture by its name.
pub fn is_picture(path: &SitePath) -> bool {
    path.has_extension(&EXTENSIONS)
}

/// Whether an output path is that of a rendition, whose address nobody is told.
pub fn is_rendition(path: &str) -> bool {
    let name = path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
    let key = name.and_then(|name| name.split_once('-')).map_or("", |(key, _)| key);
    key.len() == KEY_DIGITS && key.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// What is published of a picture. Follows from its bytes and the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// Names these facts, and the picture in the cache and in addresses.
    pub key: String,
    /// Format by its content.
    pub format: PictureFormat,
    /// Width and height in pixels, as it is seen; `None` if the file does not say.
    pub size: Option<(u32, u32)>,
    /// Length of the clean copy in bytes; `None` if it was not made yet.
    pub length: Option<u64>,
    /// The renditions, ascending by width, those that all browsers show first.
    pub renditions: Vec<Rendition>,
    /// A drawing from which scripts were taken out.
    pub scripted: bool,
}

impl PictureFacts {
    /// The facts of a picture of which nothing was made yet.
    fn of(key: String, header: &PictureHeader, settings: &RenditionSettings, bytes: &[u8]) -> Self {
        let renditions = header.renditions(settings);
        let scripted = header.format == PictureFormat::Svg && has_scripts(bytes);
        Self { key, format: header.format, size: header.size, length: None, renditions, scripted }
    }

    /// The address of a rendition. It changes with the picture's content and with the settings.
    pub fn route(&self, rendition: &Rendition) -> Option<Route> {
        let short = self.key.get(..KEY_DIGITS)?;
        let name = format!("{FOLDER}/{short}-{}.{}", rendition.width, rendition.encoding.extension());
        Some(Route::file(&SitePath::new(&name).ok()?))
    }
}

/// One of the files that are published of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PicturePart {
    /// The clean copy in full size.
    Clean,
    /// The rendition with this number.
    Rendition(usize),
}

/// All pictures of a site.
#[derive(Debug, Default)]
pub struct Pictures {
    by_path: BTreeMap<SitePath, Arc<PictureFacts>>,
    problems: BTreeMap<SitePath, Diagnostic>,
    settings: Option<RenditionSettings>,
    cache: Option<Arc<BlobCache>>,
    work: PictureWork,
}

/// What was done to pictures.
#[derive(Debug, Default)]
pub struct PictureWork {
    /// Pictures whose bytes were read.
    pub read: AtomicUsize,
    /// Pictures whose pixels were decoded.
    pub decoded: AtomicUsize,
}

/// What the cache holds of a picture.
pub type CachedFacts = Result<PictureFacts, PictureProblem>;

impl Pictures {
    /// No picture yet.
    pub fn new(settings: RenditionSettings, cache: Option<Arc<BlobCache>>) -> Self {
        Self { settings: Some(settings), cache, ..Self::default() }
    }

    /// Names what is published of a picture with this content.
    pub fn key(&self, content: ContentHash) -> String {
        let settings = fingerprint(&(REVISION, &self.settings));
        ContentHash::of(format!("{content} {:016x}", settings.0).as_bytes()).to_string()
    }

    /// Adds what became known of the picture at a path.
    pub fn add(&mut self, path: &SitePath, found: CachedFacts) {
        // Browsers tell formats of pixels by their content, and drawings by the name.
        let is_drawing = path.has_extension(&["svg"]);
        match found {
            Ok(facts) if is_drawing != (facts.format == PictureFormat::Svg) => {
                let problem = PictureProblem::Broken("not what its name says".into());
                self.problems.insert(path.clone(), problem_diagnostic(path, &problem));
            }
            Ok(facts) => drop(self.by_path.insert(path.clone(), Arc::new(facts))),
            Err(problem) => drop(self.problems.insert(path.clone(), problem_diagnostic(path, &problem))),
        }
    }

    /// Adds the picture at a path, which cannot be read.
    pub fn add_unreadable(&mut self, path: &SitePath, diag: Diagnostic) {
        self.problems.insert(path.clone(), diag);
    }

    /// The picture at a path; `None` if there is none, or if nothing can be made of it.
    pub fn get(&self, path: &SitePath) -> Option<&Arc<PictureFacts>> {
        self.by_path.get(path)
    }

    /// All pictures in path order.
    pub fn all(&self) -> impl Iterator<Item = (&SitePath, &Arc<PictureFacts>)> {
        self.by_path.iter()
    }

    /// Why nothing can be made of the picture at a path.
    pub fn problem(&self, path: &SitePath) -> Option<&Diagnostic> {
        self.problems.get(path)
    }

    /// Pictures of which nothing can be made, with the reason.
    pub fn problems(&self) -> impl Iterator<Item = (&SitePath, &Diagnostic)> {
        self.problems.iter()
    }

    /// Drawings from which scripts were taken out.
    pub fn scripted(&self) -> impl Iterator<Item = &SitePath> {
        self.by_path.iter().filter(|(_, facts)| facts.scripted).map(|(path, _)| path)
    }

    /// Number of pictures whose bytes were read, and of those whose pixels were decoded.
    pub fn work(&self) -> (usize, usize) {
        (self.work.read.load(Ordering::Relaxed), self.work.decoded.load(Ordering::Relaxed))
    }

    /// What the cache knows under a key.
    pub fn cached(&self, key: &str) -> Option<CachedFacts> {
        let found: CachedFacts = postcard::from_bytes(&self.cache.as_ref()?.head(key)?).ok()?;
        Some(found)
    }

    /// Reads the header of the picture at a path and looks through the file; makes nothing.
    pub fn plan(&self, files: &FileSnapshot, path: &SitePath, key: String) -> Result<CachedFacts, Diagnostic> {
        let (Some(settings), Some(bytes)) = (&self.settings, self.read(files, path)?) else {
            return Ok(Err(PictureProblem::TooMuchMemory(files.size(path).unwrap_or(0))));
        };
        let stripped = strip_metadata(&bytes).transpose();
        let planned = || {
            let header = read_header(&bytes)?;
            stripped?;
            Ok(PictureFacts::of(key, &header, settings, &bytes))
        };
        Ok(planned())
    }

    /// Makes everything that is published of the picture at a path, and keeps it in the cache.
    pub fn make(&self, files: &FileSnapshot, path: &SitePath, key: String) -> Result<CachedFacts, Diagnostic> {
        Ok(self.make_parts(files, path, key)?.map(|(facts, _)| facts))
    }

    fn make_parts(
        &self,
        files: &FileSnapshot,
        path: &SitePath,
        key: String,
    ) -> Result<Result<(PictureFacts, Processed), PictureProblem>, Diagnostic> {
        let (Some(settings), Some(bytes)) = (&self.settings, self.read(files, path)?) else {
            return Ok(Err(PictureProblem::TooMuchMemory(files.size(path).unwrap_or(0))));
        };
        let made = read_header(&bytes).and_then(|header| {
            let made = process(&bytes, &header, settings)?;
            self.work.decoded.fetch_add(usize::from(made.decoded), Ordering::Relaxed);
            let facts = PictureFacts::of(key.clone(), &header, settings, &bytes);
            Ok((PictureFacts { length: Some(made.clean.len() as u64), ..facts }, made))
        });
        if let Some(cache) = &self.cache {
            let head = made.as_ref().map(|(facts, _)| facts.clone()).map_err(Clone::clone);
            let parts: Vec<&[u8]> = made.as_ref().map_or_else(
                |_| Vec::new(),
                |(_, made)| std::iter::once(&made.clean).chain(&made.renditions).map(Vec::as_slice).collect(),
            );
            // Without room for the cache the next build does the work again.
            let _ = postcard::to_allocvec(&head).map(|head| cache.write(&key, head, &parts));
        }
        Ok(made)
    }

    /// The bytes of a file; `None` if it is too large to be looked at.
    fn read(&self, files: &FileSnapshot, path: &SitePath) -> Result<Option<Vec<u8>>, Diagnostic> {
        let most = MAX_DECODE_BYTES / 2;
        if files.size(path).is_some_and(|size| size > most) {
            return Ok(None);
        }
        self.work.read.fetch_add(1, Ordering::Relaxed);
        files.read_bytes(path, most, "data").map(Some)
    }

    /// The bytes of one part of the picture at a path: those of the cache if they are whole, else made now.
    pub fn part(&self, files: &FileSnapshot, path: &SitePath, part: PicturePart) -> Result<Vec<u8>, Diagnostic> {
        let Some(facts) = self.by_path.get(path) else {
            let missing = || problem_diagnostic(path, &PictureProblem::Broken("no picture".into()));
            return Err(self.problems.get(path).cloned().unwrap_or_else(missing));
        };
        let number = match part {
            PicturePart::Clean => 0,
            PicturePart::Rendition(n) => n + 1,
        };
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.part(&facts.key, number)) {
            return Ok(bytes);
        }
        let made = self.make_parts(files, path, facts.key.clone())?;
        let (_, made) = made.map_err(|problem| problem_diagnostic(path, &problem))?;
        let bytes = std::iter::once(made.clean).chain(made.renditions).nth(number);
        bytes.ok_or_else(|| problem_diagnostic(path, &PictureProblem::Broken("changed meanwhile".into())))
    }
}

/// The clean bytes of a file that is a photograph although its name says something else; `rest` as it was given if it is none. `head` are
/// its first bytes.
///
/// # Errors
/// If it is a picture that cannot be cleaned or read.
pub fn picture_under_other_name<R: Read>(
    path: &SitePath,
    head: &[u8],
    rest: R,
) -> Result<Result<Vec<u8>, R>, Diagnostic> {
    if !is_photograph(head) {
        return Ok(Err(rest));
    }
    let most = MAX_DECODE_BYTES / 2;
    let mut bytes = Vec::new();
    let read = rest.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| Diagnostic::new(&puzhi_core::diag::codes::source::UNREADABLE).file(path).io_cause(&error))?;
    if bytes.len() as u64 > most {
        return Err(problem_diagnostic(path, &PictureProblem::TooMuchMemory(bytes.len() as u64)));
    }
    clean_photograph(path, bytes).map(Ok)
}

/// Whether a file may be a photograph by its first bytes, also in a format that cannot be cleaned.
fn is_photograph(head: &[u8]) -> bool {
    // The two bytes with which a bare JPEG XL begins are also those of other files, and it has no metadata.
    let is_bare = head.starts_with(&[0xFF, 0x0A]);
    !is_bare && sniff(head).is_some_and(|format| format != Ok(PictureFormat::Svg))
}

/// The clean bytes of a file that is a photograph; any other file as it is.
///
/// # Errors
/// If it is a photograph that cannot be cleaned.
pub fn clean_photograph(path: &SitePath, bytes: Vec<u8>) -> Result<Vec<u8>, Diagnostic> {
    if !is_photograph(&bytes) {
        return Ok(bytes);
    }
    clean(&bytes).map_err(|problem| problem_diagnostic(path, &problem))
}

/// The finding about a picture of which nothing can be made.
pub fn problem_diagnostic(path: &SitePath, problem: &PictureProblem) -> Diagnostic {
    let diag = match problem {
        PictureProblem::Broken(why) => Diagnostic::new(&codes::BROKEN_PICTURE).arg("why", why),
        PictureProblem::TooManyPixels(pixels) => Diagnostic::new(&codes::PICTURE_TOO_LARGE)
            .arg("size_zh", format!("有 {} 万像素，最多 {} 万", pixels / 10_000, MAX_PIXELS / 10_000))
            .arg("size_en", format!("{} million pixels, {} at most", pixels / 1_000_000, MAX_PIXELS / 1_000_000)),
        PictureProblem::TooMuchMemory(bytes) => Diagnostic::new(&codes::PICTURE_TOO_LARGE)
            .arg("size_zh", format!("打开它要 {} 内存，最多 {}", human_size(*bytes), human_size(MAX_DECODE_BYTES)))
            .arg(
                "size_en",
                format!("opening it takes {} of memory, {} at most", human_size(*bytes), human_size(MAX_DECODE_BYTES)),
            ),
        PictureProblem::Unsupported(format) => Diagnostic::new(&codes::PICTURE_FORMAT).arg("format", format),
    };
    diag.file(path)
}
