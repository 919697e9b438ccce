//! Photographs of a site on disk: what is published of them, what of it later builds make again, what is found wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::civil::date;
use puzhi::engine::BlobCache;
use puzhi::pipeline::{
    BuildInput, BuildState, Options, Outcome, PICTURE_CACHE, PictureOptions, PictureTiming, Report, build_in_memory,
    build_with_state,
};
use puzhi::preview::PreviewSession;
use puzhi::source::{FileSnapshot, scan};

use crate::photos::{Photo, are_corners, corners, decode_jpeg, left_metadata};
use crate::support::{build_date, parse_settings};

const SETTINGS: &str = "title: 图\nbase_url: https://example.org/\n";
const PAGE: &str =
    "---\ntitle: 甲\ndate: 2026-01-01\nimage: {src: 封面.jpg, alt: 封面}\n---\n![一](<我的 照片.jpg>)\n\n文字。\n";

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    // Old enough for its time to be relied on.
    let time = SystemTime::now() - Duration::from_secs(60);
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

fn photo(seed: u32) -> Vec<u8> {
    Photo { orientation: 6, seed, ..Photo::new(330, 240) }.jpeg()
}

/// A site with a page that shows one photograph twice as wide as the narrowest rendition, and another as its picture.
fn site() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "site.yaml", format!("{SETTINGS}pictures: {{widths: [100, 200]}}\n"));
    put(root.path(), "content/news/甲.md", PAGE);
    put(root.path(), "content/news/我的 照片.jpg", photo(1));
    put(root.path(), "content/news/封面.jpg", photo(2));
    root
}

fn build_with(root: &Path, options: Options) -> Report {
    let settings = parse_settings(&fs::read_to_string(root.join("site.yaml")).unwrap()).0;
    let out = root.join("public");
    let cache = Some(Arc::new(BlobCache::new(root, PICTURE_CACHE)));
    let options = Options { pictures: PictureOptions { cache, timing: PictureTiming::Ahead }, ..options };
    let state = BuildState::open(root, &out, None, &options).unwrap();
    let clock = build_date(date(2026, 11, 1), &settings);
    let input = BuildInput {
        files: scan(root, &settings.theme).0.into(),
        found: Vec::new(),
        settings: settings.into(),
        clock,
        options: &options,
        progress: &|_, _| {},
    };
    build_with_state(input, &state, false, &out).0
}

fn build(root: &Path) -> Report {
    let report = build_with(root, Options::default());
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    report
}

/// Pictures read and decoded.
fn work(report: &Report) -> (usize, usize) {
    (report.counts.pictures_read, report.counts.pictures_decoded)
}

fn outputs(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true if name != ".puzhi" => walk(&entry.path(), &format!("{name}/"), out),
                true => {}
                false => drop(out.insert(name, fs::read(entry.path()).unwrap())),
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&root.join("public"), "", &mut out);
    out
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("{path} is missing")).clone()).unwrap()
}

fn renditions(files: &BTreeMap<String, Vec<u8>>) -> Vec<&String> {
    files.keys().filter(|path| path.starts_with("pictures/")).collect()
}

fn codes(report: &Report) -> Vec<(&'static str, String)> {
    let file = |diag: &puzhi_core::diag::Diagnostic| diag.file.as_ref().map(ToString::to_string).unwrap_or_default();
    let wrong = report.diags.iter().filter(|diag| diag.severity != puzhi_core::diag::Severity::Note);
    wrong.map(|diag| (diag.code.name, file(diag))).collect()
}

#[test]
fn a_photograph_goes_out_in_several_sizes_and_without_its_place() {
    let root = site();
    put(
        root.path(),
        "content/news/甲.md",
        format!(
            "{PAGE}\n![二](封面.jpg)\n\n[原图](<我的 照片.jpg>) <img src=\"封面.jpg\" alt=\"三\">\n\n```{{download}} 封面.jpg\n封面\n```\n"
        ),
    );
    put(root.path(), "content/news/附件.bin", photo(3));
    put(
        root.path(),
        "content/news/乙.md",
        "---\ntitle: 乙\n---\n![先](封面.jpg)\n\n[附件](附件.bin)\n\n![后](<我的 照片.jpg>)\n",
    );
    build(root.path());
    let files = outputs(root.path());
    for (path, bytes) in &files {
        if !path.ends_with(".html") {
            assert_eq!(left_metadata(bytes), [""; 0], "{path}");
        }
    }
    for (path, size) in [("news/我的 照片.jpg", (330, 240)), ("news/封面.jpg", (330, 240))] {
        let decoded = decode_jpeg(&files[path]);
        assert_eq!((decoded.0, decoded.1), size);
        assert!(are_corners(corners(&decoded, 3), 8), "{path}");
    }
    let other_name = decode_jpeg(&files["news/附件.bin"]);
    assert!(are_corners(corners(&other_name, 3), 8) && other_name.0 == 330);
    assert_eq!(renditions(&files).len(), 8, "{:?}", renditions(&files));
    let page = text(&files, "news/甲/index.html");
    assert_eq!(page.matches("<picture>").count(), 4);
    let body = page.split("alt=\"一\"").next().unwrap().rsplit("<picture>").next().unwrap();
    assert!(
        body.starts_with("<source type=\"image/webp\" srcset=\"../../pictures/") && body.contains("-200.webp 200w\""),
        "{body}"
    );
    assert!(body.contains("<img src=\"../../pictures/") && body.contains("-100.jpg 100w, "), "{body}");
    assert!(page.contains("alt=\"一\" width=\"200\" height=\"145\" loading=\"lazy\""), "{page}");
    assert!(page.contains("alt=\"封面\" width=\"200\" height=\"145\" decoding"), "{page}");
    assert!(page.contains("<meta property=\"og:image\" content=\"https://example.org/pictures/"));
    assert!(
        page.contains(".jpg\"") && page.contains("href=\"../../news/%E6%88%91%E7%9A%84%20%E7%85%A7%E7%89%87.jpg\"")
    );
    for path in page.split(['"', ' ']).filter(|part| part.starts_with("../../pictures/")) {
        assert!(files.contains_key(path.trim_start_matches("../")), "{path}");
    }
    // Without a picture of the page, the first of the text is on the first screen.
    let other = text(&files, "news/乙/index.html");
    assert!(
        other.contains("alt=\"先\" width=\"200\" height=\"145\" decoding")
            && other.contains("alt=\"后\" width=\"200\" height=\"145\" loading=\"lazy\"")
    );
    let feed = text(&files, "news/atom.xml");
    assert!(feed.contains("https://example.org/pictures/") && !feed.contains("srcset"), "{feed}");
}

#[test]
fn later_builds_make_only_what_changed() {
    let root = site();
    let root = root.path();
    assert_eq!(work(&build(root)), (2, 2));
    let first = outputs(root);
    assert_eq!(work(&build(root)), (0, 0));
    put(root, "content/news/甲.md", PAGE.replace("文字", "改过的文字"));
    assert_eq!(work(&build(root)), (0, 0));
    // A second page with the same photograph, a copy of it, another name.
    put(root, "content/news/乙.md", "---\ntitle: 乙\n---\n![一](另一张.jpg)\n");
    put(root, "content/news/另一张.jpg", photo(1));
    assert_eq!(work(&build(root)), (0, 0));
    assert_eq!(renditions(&outputs(root)), renditions(&first));
    fs::rename(root.join("content/news/封面.jpg"), root.join("content/news/新封面.jpg")).unwrap();
    put(root, "content/news/甲.md", PAGE.replace("封面.jpg", "新封面.jpg"));
    assert_eq!(work(&build(root)), (0, 0));
    // An edited photograph is made anew, alone.
    put(root, "content/news/我的 照片.jpg", photo(9));
    let report = build(root);
    assert_eq!(work(&report), (1, 1));
    assert!(
        report.gone.iter().all(|diag| !diag.argument("old").is_some_and(|old| old.contains("/pictures/"))),
        "{:?}",
        report.gone
    );
    let clean = tempfile::tempdir().unwrap();
    for (path, bytes) in scan_files(root) {
        put(clean.path(), &path, bytes);
    }
    build(clean.path());
    assert!(outputs(root) == outputs(clean.path()));
}

fn scan_files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let files = scan(root, "civic").0;
    let mut all: Vec<(String, Vec<u8>)> =
        files.paths().map(|path| (path.to_string(), fs::read(root.join(path.as_str())).unwrap())).collect();
    all.push(("site.yaml".into(), fs::read(root.join("site.yaml")).unwrap()));
    all
}

#[test]
fn known_photographs_are_not_even_read() {
    let root = site();
    let path = root.path().join("content/news/封面.jpg");
    build(root.path());
    // Other bytes with the same size, time and inode.
    let meta = fs::metadata(&path).unwrap();
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, &vec![0; meta.len() as usize]).unwrap();
    file.set_modified(meta.modified().unwrap()).unwrap();
    drop(file);
    put(root.path(), "content/news/甲.md", PAGE.replace("文字", "改过的文字"));
    assert_eq!(work(&build(root.path())), (0, 0));
}

#[test]
fn a_damaged_cache_is_not_trusted() {
    let root = site();
    build(root.path());
    let first = outputs(root.path());
    for at in [20, 200, 3000, 9000] {
        for entry in fs::read_dir(root.path().join(".puzhi/pictures")).unwrap().map(Result::unwrap) {
            let mut bytes = fs::read(entry.path()).unwrap();
            bytes[at] ^= 0x55;
            fs::write(entry.path(), bytes).unwrap();
        }
        fs::remove_dir_all(root.path().join("public")).unwrap();
        build(root.path());
        assert!(outputs(root.path()) == first, "{at}");
    }
}

#[test]
fn damaged_pictures_are_found_and_never_published() {
    let root = site();
    let root = root.path();
    let whole = photo(2);
    put(root, "content/news/封面.jpg", &whole[..whole.len() / 2]);
    put(root, "content/news/苹果.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    let report = build_with(root, Options::default());
    let wanted = [
        ("broken-picture", "content/news/封面.jpg".to_string()),
        ("picture-format", "content/news/苹果.heic".to_string()),
    ];
    assert_eq!((report.outcome, codes(&report)), (Outcome::ContentErrors, wanted.to_vec()));
    let report = build_with(root, Options { keep_going: true, ..Options::default() });
    assert_eq!(codes(&report), wanted);
    let files = outputs(root);
    assert!(!files.contains_key("news/封面.jpg") && !files.contains_key("news/苹果.heic"));
    assert!(!text(&files, "news/甲/index.html").contains("封面.jpg"));
    // What is not published does no harm.
    fs::remove_file(root.join("content/news/苹果.heic")).unwrap();
    put(root, "content/news/甲.md", PAGE.replace("title", "draft: true\ntitle"));
    assert_eq!(codes(&build(root)), []);
}

#[test]
fn a_build_that_fails_keeps_the_pictures_it_made() {
    let root = site();
    let root = root.path();
    put(root, "content/news/甲.md", PAGE.replace("文字", "[坏](没有.md)"));
    let strict = || build_with(root, Options { strict: true, ..Options::default() });
    let report = strict();
    assert_eq!((report.outcome, work(&report)), (Outcome::ContentErrors, (0, 0)), "{:?}", report.diags);
    assert_eq!(fs::read_dir(root.join(".puzhi/pictures")).unwrap().count(), 2);
    put(root, "content/news/甲.md", PAGE);
    assert_eq!(work(&build(root)), (0, 0));
}

#[test]
fn photographs_under_other_names_are_cleaned_or_stay_back() {
    let noted = b"GIF89a\x01\0\x01\0\0\0\0!\xfe\x03GPS\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let root = site();
    put(root.path(), "content/news/动.dat", noted);
    put(root.path(), "content/news/其他.bin", b"\xff\x0a other data");
    build(root.path());
    let files = outputs(root.path());
    assert_eq!(left_metadata(&files["news/动.dat"]), [""; 0]);
    assert!(files["news/动.dat"].len() > 20 && files["news/其他.bin"].ends_with(b"other data"));
    for (name, bytes) in [
        ("原片.dng", &b"II*\0\x08\0\0\0GPS"[..]),
        ("原片.cr2", b"MM\0*\0\0\0\x08GPS"),
        ("实况.livp", b"\0\0\0\x18ftypheic\0\0\0\0mif1heicExif GPS"),
        ("图.old", b"\0\0\0\x18ftypavif\0\0\0\0Exif GPS"),
        ("图.svgz", b"\x1f\x8b\x08GPS"),
    ] {
        let root = site();
        let path = format!("content/news/{name}");
        put(root.path(), &path, bytes);
        let report = build_with(root.path(), Options::default());
        assert_eq!((report.outcome, codes(&report)), (Outcome::ContentErrors, vec![("picture-format", path)]));
    }
}

#[test]
fn photographs_of_a_draft_stay_back() {
    let root = site();
    put(root.path(), "content/news/甲.md", PAGE.replace("title", "draft: true\ntitle"));
    put(root.path(), "content/news/乙.md", "---\ntitle: 乙\n---\n![一](另一张.jpg)\n");
    // The same photograph as one of the draft's.
    put(root.path(), "content/news/另一张.jpg", photo(1));
    build(root.path());
    let files = outputs(root.path());
    assert!(
        files.contains_key("news/另一张.jpg")
            && !files.contains_key("news/封面.jpg")
            && !files.contains_key("news/我的 照片.jpg")
    );
    assert_eq!(renditions(&files).len(), 4);
}

#[test]
fn settings_choose_sizes() {
    let names = |pictures: &str| {
        let root = site();
        put(root.path(), "site.yaml", format!("{SETTINGS}pictures: {pictures}\n"));
        build(root.path());
        let files = outputs(root.path());
        assert_eq!(left_metadata(&files["news/封面.jpg"]), [""; 0]);
        renditions(&files).iter().map(|path| path.split('-').next_back().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("{sizes: 否}"), [""; 0]);
    assert_eq!(names("{webp: 否, widths: [150]}"), ["150.jpg", "150.jpg"]);
    assert_eq!(names("{widths: [120, 5000]}"), ["120.jpg", "120.webp", "120.jpg", "120.webp"]);
    let found = parse_settings(&format!("{SETTINGS}pictures: {{widths: [120, 5000, 宽]}}\n")).1;
    assert_eq!(found.iter().map(|diag| diag.code.name).collect::<Vec<_>>(), ["bad-picture-width"; 2]);
}

#[test]
fn the_preview_makes_what_is_asked_for() {
    let root = site();
    let mut session = PreviewSession::open(root.path(), Box::new(|settings| build_date(date(2026, 11, 1), settings)));
    let page = String::from_utf8(session.get("news/甲/index.html").unwrap().bytes.to_vec()).unwrap();
    let rendition = page.split(['"', ' ']).find(|part| part.ends_with("-200.webp")).unwrap();
    assert!(session.get(rendition.trim_start_matches("../")).unwrap().bytes.starts_with(b"RIFF"));
    assert_eq!(left_metadata(&session.get("news/封面.jpg").unwrap().bytes), [""; 0]);
    build(root.path());
    let files = outputs(root.path());
    let of_build = |path: &str| files[path].clone();
    assert!(*session.get("news/封面.jpg").unwrap().bytes == *of_build("news/封面.jpg"));
}

#[test]
fn threads_change_no_byte() {
    let files = FileSnapshot::from_files((1..7).map(|n| (format!("content/{n}.jpg"), photo(n))));
    let built = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let settings = parse_settings("title: 图\npictures: {widths: [100, 200]}\n").0;
        let clock = build_date(date(2026, 11, 1), &settings);
        let pictures = PictureOptions { cache: None, timing: PictureTiming::Ahead };
        pool.install(|| build_in_memory(&files, settings, clock, &Options { pictures, ..Options::default() }).1)
    };
    let one = built(1);
    assert_eq!(one.keys().filter(|path| path.starts_with("pictures/")).count(), 24);
    assert!(one == built(4));
}
