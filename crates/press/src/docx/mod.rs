//! An article as a Word file (`.docx`, ECMA-376, transitional). In: an article and the bytes of its pictures. Out: the file, with equal bytes for
//! equal input. Written part by part: a library would bring more packages than these few parts need, and writes the time of day into the file.

mod document;
mod numbering;
mod parts;
mod runs;
mod table;
mod xml;

use crate::archive::{ArchiveFile, zip_archive};
use crate::blocks::Article;
use crate::media::MediaFile;

use document::DocumentWriter;

/// The article as a Word file. Pictures whose bytes are not in `media` are named in the text. Fails only if the file gets too large for a zip
/// archive.
pub fn docx(article: &Article, media: &[MediaFile]) -> Result<Vec<u8>, String> {
    let mut writer = DocumentWriter::new(article, media);
    writer.article(article);
    let written = writer.finish();
    let mut files = vec![
        ArchiveFile::new("[Content_Types].xml", parts::CONTENT_TYPES),
        ArchiveFile::new("_rels/.rels", parts::PACKAGE_RELATIONSHIPS),
        ArchiveFile::new("docProps/core.xml", parts::core_properties(&article.info)),
        ArchiveFile::new("docProps/app.xml", parts::APP_PROPERTIES),
        ArchiveFile::new("word/document.xml", written.document),
        ArchiveFile::new("word/styles.xml", parts::styles(&article.info.language)),
        ArchiveFile::new("word/numbering.xml", written.numbering),
        ArchiveFile::new("word/settings.xml", parts::SETTINGS),
        ArchiveFile::new("word/_rels/document.xml.rels", written.relationships),
    ];
    files.extend(written.media);
    zip_archive(&files)
}
