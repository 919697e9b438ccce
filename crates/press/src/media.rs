//! The bytes of pictures that go with an article. In: an address and bytes. Out: type and size. Decodes nothing.

/// A picture that goes with an article.
#[derive(Debug, Clone)]
pub struct MediaFile {
    /// The address by which the article shows it.
    pub address: String,
    /// Upright JPEG, PNG or GIF without metadata.
    pub bytes: Vec<u8>,
}

/// The types of pictures that other media take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF, still or animated.
    Gif,
}

impl MediaType {
    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            MediaType::Jpeg => "jpg",
            MediaType::Png => "png",
            MediaType::Gif => "gif",
        }
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            MediaType::Jpeg => "image/jpeg",
            MediaType::Png => "image/png",
            MediaType::Gif => "image/gif",
        }
    }
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PixelSize {
    pub width: usize,
    pub height: usize,
}

impl MediaFile {
    /// Its type by its first bytes; nothing if it is none of them.
    pub fn media_type(&self) -> Option<MediaType> {
        match &self.bytes[..] {
            [0xFF, 0xD8, 0xFF, ..] => Some(MediaType::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(MediaType::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(MediaType::Gif),
            _ => None,
        }
    }

    /// Its size by its header; nothing if the header is damaged or a side is 0.
    pub(crate) fn size(&self) -> Option<PixelSize> {
        let size = imagesize::blob_size(&self.bytes).ok()?;
        (size.width > 0 && size.height > 0).then_some(PixelSize { width: size.width, height: size.height })
    }
}

/// The picture with this address, if its bytes are there and of a type that other media take.
pub(crate) fn media_of<'m>(media: &'m [MediaFile], address: &str) -> Option<&'m MediaFile> {
    media.iter().find(|file| file.address == address && file.media_type().is_some())
}
