//! The press pack: one zip archive with all that an editor needs. In: an article, its pictures, the name of its files. Out: the archive, with equal
//! bytes for equal input. Word file and text are those of [`crate::docx`] and [`crate::plain`].

use serde_json::{Value, json};

use crate::archive::{ArchiveFile, zip_archive};
use crate::blocks::{Article, CaptionedPicture};
use crate::docx::docx;
use crate::media::{MediaFile, media_of};
use crate::plain::{known, plain_text};
use crate::words::{Words, words};

/// What goes into a press pack besides the article.
#[derive(Debug, Clone, Copy)]
pub struct PackFiles<'p> {
    /// Name of the folder and of the files in it, without an ending: letters, digits and `-`. Other characters become `-`.
    pub name: &'p str,
    /// Upright JPEG, PNG and GIF pictures without metadata, in full size.
    pub media: &'p [MediaFile],
    /// More files of the folder, such as ninjs.
    pub more: &'p [ArchiveFile],
}

/// The archive: `NAME/NAME.docx`, `NAME/NAME.txt`, `NAME/pictures/1.jpg` …, `NAME/pictures.txt`, `NAME/permission.txt`, `NAME/metadata.json`. Fails
/// only if it gets too large for a zip archive.
pub fn press_pack(article: &Article, files: PackFiles<'_>) -> Result<Vec<u8>, String> {
    let words = words(&article.info.language);
    let name = file_name(files.name);
    let pictures = pictures(article, files.media);
    let path = |file: &str| format!("{name}/{file}");
    let mut packed = vec![
        ArchiveFile::new(path(&format!("{name}.docx")), docx(article, files.media)?),
        ArchiveFile::new(path(&format!("{name}.txt")), plain_text(article)),
        ArchiveFile::new(path("permission.txt"), permission(article, words)),
        ArchiveFile::new(path("pictures.txt"), picture_list(&pictures, words)),
        ArchiveFile::new(path("metadata.json"), format!("{:#}\n", metadata(article, &pictures))),
    ];
    for picture in &pictures {
        if let (Some(file), Some(bytes)) = (&picture.file, picture.bytes) {
            packed.push(ArchiveFile::new(path(file), bytes));
        }
    }
    packed.extend(files.more.iter().map(|file| ArchiveFile::new(path(&file.name), file.bytes.clone())));
    zip_archive(&packed)
}

/// A picture of the pack.
struct PackedPicture<'p> {
    shown: CaptionedPicture<'p>,
    /// Path in the folder; none if the bytes are not there or of another type.
    file: Option<String>,
    bytes: Option<&'p [u8]>,
}

fn pictures<'p>(article: &'p Article, media: &'p [MediaFile]) -> Vec<PackedPicture<'p>> {
    let packed = |(i, shown): (usize, CaptionedPicture<'p>)| {
        let found = media_of(media, &shown.picture.address);
        let file = found.and_then(|file| Some(format!("pictures/{}.{}", i + 1, file.media_type()?.extension())));
        PackedPicture { shown, file, bytes: found.map(|file| &file.bytes[..]) }
    };
    article.captioned_pictures().into_iter().enumerate().map(packed).collect()
}

/// Terms, contact, address and dates.
fn permission(article: &Article, words: &Words) -> String {
    let info = &article.info;
    let mut rows = vec![
        (words.title, info.title.as_str()),
        (words.permission, &info.permission),
        (words.credit_line, &info.credit_line),
    ];
    rows.extend(known(article, words));
    rows.extend([(words.original, info.url.as_str()), (words.site, &info.site), (words.contact, &info.contact)]);
    lines(&rows, words)
}

/// Captions and credits, a paragraph for each picture.
fn picture_list(pictures: &[PackedPicture<'_>], words: &Words) -> String {
    if pictures.is_empty() {
        return format!("{}\n", words.no_pictures);
    }
    let mut out = format!("{}\n", words.pictures);
    for (i, picture) in pictures.iter().enumerate() {
        let file = picture.file.as_deref().unwrap_or(&picture.shown.picture.address);
        // A credit brings the word before the name along.
        let credit = &picture.shown.credit;
        let credit =
            credit.split_once('：').or_else(|| credit.split_once(": ")).map_or(credit.as_str(), |(_, name)| name);
        let rows = [
            (words.file, file),
            (words.caption, picture.shown.caption.as_str()),
            (words.credit, credit),
            (words.alt, picture.shown.picture.alt.as_str()),
        ];
        out.push_str(&format!("\n{} {}\n{}", words.picture, i + 1, lines(&rows, words)));
    }
    out
}

fn lines(rows: &[(&str, &str)], words: &Words) -> String {
    let known = rows.iter().filter(|(_, value)| !value.trim().is_empty());
    known.map(|(name, value)| format!("{name}{}{}\n", words.colon, printable(value))).collect()
}

/// A value on one line, without characters that have no shape.
fn printable(value: &str) -> String {
    value.trim().chars().filter(|c| !c.is_control()).collect()
}

/// All that is known, for machines. What is not known is not there.
fn metadata(article: &Article, pictures: &[PackedPicture<'_>]) -> Value {
    let info = &article.info;
    let mut out = json!({});
    let rows = [
        ("title", &info.title),
        ("summary", &info.summary),
        ("author", &info.author),
        ("source", &info.source),
        ("editor", &info.editor),
        ("reviewer", &info.reviewer),
        ("embargoed_until", &info.embargo_iso),
        ("published", &info.published_iso),
        ("updated", &info.updated_iso),
        ("url", &info.url),
        ("site", &info.site),
        ("language", &info.language),
        ("permission", &info.permission),
        ("credit_line", &info.credit_line),
        ("contact", &info.contact),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        out[name] = json!(printable(value));
    }
    let picture = |picture: &PackedPicture<'_>| {
        let mut row = json!({ "address": picture.shown.picture.address });
        let rows = [
            ("file", picture.file.as_deref().unwrap_or_default()),
            ("alt", picture.shown.picture.alt.as_str()),
            ("caption", &picture.shown.caption),
            ("credit", &picture.shown.credit),
        ];
        for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
            row[name] = json!(printable(value));
        }
        row
    };
    out["pictures"] = pictures.iter().map(picture).collect();
    out
}

/// A name that every system can unpack, for the folder and the files of a pack.
pub fn file_name(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(80).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "article".to_string() } else { plain.to_string() }
}
