//! Files to a zip archive with equal bytes for equal files. In: names and bytes. Out: the archive. No clock, no names of owners.

use std::io::Write;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file of an archive.
#[derive(Debug, Clone)]
pub struct ArchiveFile {
    /// Path inside the archive, with `/`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl ArchiveFile {
    /// A file of this name and content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> ArchiveFile {
        ArchiveFile { name: name.into(), bytes: bytes.into() }
    }
}

/// The files as a zip archive, in this order, all dated 1980-01-01. Pictures and archives are stored, other files compressed. Fails only
/// if a name comes twice or the archive gets too large for its format.
pub fn zip_archive(files: &[ArchiveFile]) -> Result<Vec<u8>, String> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for file in files {
        let is_packed = [".jpg", ".png", ".gif", ".docx"].iter().any(|end| file.name.ends_with(end));
        let method = if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        writer.start_file(file.name.as_str(), options).map_err(|error| format!("{}: {error}", file.name))?;
        writer.write_all(&file.bytes).map_err(|error| format!("{}: {error}", file.name))?;
    }
    Ok(writer.finish().map_err(|error| error.to_string())?.into_inner())
}
