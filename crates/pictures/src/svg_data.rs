//! Pictures that are written into an SVG file as `data:` addresses (RFC 2397). In: the bytes of the file. Out: a copy in which they have no
//! metadata.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use memchr::memchr;

use crate::header::sniff;
use crate::process::strip_metadata;
use crate::{PictureProblem, broken};

/// Browsers need no padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// Most bytes of the media type and its parameters.
const MAX_TYPE: usize = 256;
/// Characters of base64 by which a picture is told from other data.
const HEAD: usize = 24;

/// Cleans pictures that are written into the file. Other data and clean pictures stay as they are written.
///
/// # Errors
/// If one of them is damaged or cannot be cleaned.
pub fn clean_embedded(bytes: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(colon) = memchr(b':', &bytes[at..]).map(|found| at + found) {
        at = colon + 1;
        let is_data = colon.checked_sub(4).is_some_and(|start| bytes[start..colon].eq_ignore_ascii_case(b"data"));
        let Some(data) = is_data.then(|| EmbeddedData::at(bytes, colon)).flatten() else { continue };
        at = data.end;
        if let Some(clean) = data.cleaned()? {
            out.extend_from_slice(&bytes[copied..colon + 1]);
            out.extend_from_slice(data.media_type);
            out.extend_from_slice(b";base64,");
            out.extend_from_slice(STANDARD.encode(clean).as_bytes());
            copied = data.end;
        }
    }
    out.extend_from_slice(&bytes[copied..]);
    Ok(out)
}

/// A `data:` address.
struct EmbeddedData<'b> {
    /// The media type with its parameters, without the mark of base64.
    media_type: &'b [u8],
    is_base64: bool,
    /// The data as written, percent-encoding and all.
    written: &'b [u8],
    /// Where it ends in the file.
    end: usize,
}

impl<'b> EmbeddedData<'b> {
    /// The address whose scheme ends with the colon at `colon`.
    fn at(bytes: &'b [u8], colon: usize) -> Option<Self> {
        let quote = colon.checked_sub(5).map(|before| bytes[before]).filter(|byte| matches!(byte, b'"' | b'\''));
        let rest = &bytes[colon + 1..];
        let comma = memchr(b',', &rest[..rest.len().min(MAX_TYPE)])?;
        let is_end = |byte: &u8| match quote {
            Some(quote) => *byte == quote,
            None => matches!(byte, b'"' | b'\'' | b')' | b'<' | b'>'),
        };
        if rest[..comma].iter().any(is_end) {
            return None;
        }
        let data = &rest[comma + 1..];
        let length = data.iter().position(is_end).unwrap_or(data.len());
        let media_type = rest[..comma].trim_ascii_end();
        let marked =
            media_type.len().checked_sub(6).filter(|start| media_type[*start..].eq_ignore_ascii_case(b"base64"));
        let before = marked.and_then(|start| media_type[..start].trim_ascii_end().strip_suffix(b";"));
        Some(Self {
            media_type: before.unwrap_or(media_type),
            is_base64: before.is_some(),
            written: &data[..length],
            end: colon + 1 + comma + 1 + length,
        })
    }

    /// The picture without metadata; `None` if it is none, or has none.
    fn cleaned(&self) -> Result<Option<Vec<u8>>, PictureProblem> {
        let plain = without_references(self.written);
        let mut data = percent_decoded(&plain);
        if self.is_base64 {
            data.retain(|byte| !byte.is_ascii_whitespace());
            let head = LENIENT.decode(&data[..data.len().min(HEAD)]).unwrap_or_default();
            let is_picture = sniff(&head).is_some();
            match LENIENT.decode(&data) {
                Ok(decoded) => data = decoded,
                // What no browser shows may still name a place.
                Err(_) if is_picture => return Err(broken("an embedded picture that cannot be read")),
                Err(_) => return Ok(None),
            }
        }
        match strip_metadata(&data) {
            Some(clean) => clean.map(|clean| (clean != data).then_some(clean)),
            None => Ok(None),
        }
    }
}

/// The text up to a character reference that is no white space, such as that of a quotation mark, without those that are.
fn without_references(written: &[u8]) -> Vec<u8> {
    const SPACES: [&[u8]; 6] = [b"&#10;", b"&#xA;", b"&#xa;", b"&#13;", b"&#xD;", b"&#9;"];
    let mut out = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = memchr(b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        match SPACES.iter().find_map(|space| rest[at..].strip_prefix(*space)) {
            Some(after) => rest = after,
            None => return out,
        }
    }
    out.extend_from_slice(rest);
    out
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((16 * high + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gif(comment: &[u8]) -> Vec<u8> {
        [b"GIF89a\x01\0\x01\0\0\0\0", comment, b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"].concat()
    }

    fn cleaned(text: &str) -> String {
        String::from_utf8(clean_embedded(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn embedded_photographs_lose_their_metadata_however_they_are_written() {
        let noted = gif(b"!\xfe\x03GPS\0");
        let (base64, clean) = (STANDARD.encode(&noted), STANDARD.encode(gif(b"")));
        let percent: String = noted.iter().map(|byte| format!("%{byte:02x}")).collect();
        let escaped: String = base64.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let lines = format!("{}&#10;\n {}", &base64[..8], &base64[8..]);
        for written in [
            format!("data:image/gif;base64,{base64}"),
            format!("DATA:image/gif;charset=utf-8; BASE64,{base64}").replace("charset=utf-8; ", ""),
            format!("data:image/gif ; base64,{}", base64.trim_end_matches('=')),
            format!("data:image/gif,{percent}"),
            format!("data:image/gif;base64,{escaped}"),
            format!("data:image/gif;base64,{lines}"),
        ] {
            let done = cleaned(&format!("<svg><image a='b:c' href=\"{written}\"/></svg>"));
            assert!(
                done.ends_with(&format!("image/gif;base64,{clean}\"/></svg>"))
                    || done.contains(&format!(" ;base64,{clean}")),
                "{written}: {done}"
            );
            assert!(!cleaned(&format!("<g style='x:url({written})'/>")).contains(&base64[20..40]));
        }
        let quoted = format!("<g style=\"x:url(&quot;data:image/gif;base64,{base64}&quot;)\"/>");
        assert!(cleaned(&quoted).contains(&clean) && !cleaned(&quoted).contains(&base64));
    }

    #[test]
    fn other_data_stay_as_they_are_written() {
        let clean = STANDARD.encode(gif(b""));
        for text in [
            format!("<image href='data:image/gif;base64,{clean}'/>"),
            "<a href='data:text/plain,a%20b'>data: 1, 2</a>".to_string(),
            "data:".to_string(),
            ":data:;base64".to_string(),
            "<image href='data:image/png;base64,&&&'/>".to_string(),
        ] {
            assert_eq!(cleaned(&text), text);
        }
    }

    #[test]
    fn an_embedded_picture_that_cannot_be_cleaned_is_an_error() {
        let avif = STANDARD.encode(b"\0\0\0\x18ftypavif\0\0\0\0Exif");
        assert!(clean_embedded(format!("<image href='data:image/avif;base64,{avif}'/>").as_bytes()).is_err());
        let broken = STANDARD.encode(gif(b"!\xfe\x03GPS\0"));
        assert!(clean_embedded(format!("<image href='data:image/gif;base64,{broken}*'/>").as_bytes()).is_err());
    }
}
