//! The keys below `pictures` in `site.yaml`. In: the mapping. Out: the settings for renditions.

use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::yaml::{Field, MappingReader, Type};
use puzhi_pictures::RenditionSettings;

/// Widths in pixels that are made unless the settings say others: a small telephone, a telephone with a fine screen, a desk.
const WIDTHS: [u32; 3] = [480, 960, 1440];
/// Quality unless the settings say another.
const QUALITY: u8 = 78;
/// Narrowest and widest rendition.
const BOUNDS: std::ops::RangeInclusive<u32> = 100..=puzhi_pictures::MAX_RENDITION_WIDTH;
/// Most widths.
const MOST_WIDTHS: usize = 8;

pub(super) const FIELDS: &[Field] = &[
    Field::new(
        "sizes",
        "多种尺寸",
        Type::Flag,
        "按屏幕大小做几种尺寸；缺省是。不做也会去掉拍摄地点等信息",
        "make several sizes for screens; yes by default. Metadata such as places is removed in either case",
    ),
    Field::new(
        "widths",
        "宽度",
        Type::Names,
        "各种尺寸的宽度，像素，缺省 [480, 960, 1440]；最多 8 种，100 到 4096",
        "widths of the sizes in pixels, [480, 960, 1440] by default; eight at most, from 100 to 4096",
    ),
    Field::new("quality", "质量", Type::Integer(1, 100), "画质，缺省 78", "quality of JPEG and WebP, 78 by default"),
    Field::new(
        "webp",
        "WebP",
        Type::Flag,
        "除 JPEG 和 PNG 外再做更小的 WebP；缺省是",
        "make WebP, which is smaller, besides JPEG and PNG; yes by default",
    ),
];

/// The settings unless the site says others.
pub fn default_pictures() -> RenditionSettings {
    RenditionSettings { widths: WIDTHS.to_vec(), quality: QUALITY, webp: true }
}

/// Reads the mapping; a width that is none is reported.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> RenditionSettings {
    let defaults = default_pictures();
    let names = match fields.entry("widths") {
        Some(entry) => fields.names_in(entry),
        None => Vec::new(),
    };
    let mut widths = Vec::new();
    for name in &names {
        match name.value.trim().trim_end_matches("px").parse::<u32>() {
            Ok(width) if BOUNDS.contains(&width) && widths.len() < MOST_WIDTHS => widths.push(width),
            _ => {
                let diag = Diagnostic::new(&codes::settings::BAD_PICTURE_WIDTH).arg("value", &name.value);
                let diag = diag.at(fields.source(), name.span);
                fields.report(diag);
            }
        }
    }
    widths.sort_unstable();
    widths.dedup();
    if widths.is_empty() {
        widths = defaults.widths;
    }
    if fields.flag("sizes") == Some(false) {
        widths.clear();
    }
    RenditionSettings {
        widths,
        quality: fields.integer("quality").map_or(defaults.quality, |quality| quality as u8),
        webp: fields.flag("webp").unwrap_or(defaults.webp),
    }
}
