//! AVIF files. In: bytes. Out: whether the file may go out as it is. Reads no boxes: what is not marked as metadata is taken for pixels.

use memchr::memmem::find;

use crate::PictureProblem;

/// Marks of metadata that may name a place or a person: the item types of Exif and of XMP (ISO/IEC 23008-12, annex A).
const MARKS: [&[u8]; 3] = [b"Exif", b"rdf+xml", b"xmpmeta"];

/// An error if the file has metadata, which nothing here can remove.
pub fn check(bytes: &[u8]) -> Result<(), PictureProblem> {
    let marked = MARKS.iter().any(|mark| find(bytes, mark).is_some());
    if marked { Err(PictureProblem::Unsupported("AVIF".into())) } else { Ok(()) }
}
