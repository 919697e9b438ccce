//! QR codes (ISO/IEC 18004) as SVG. In: a text and its label. Out: an `<svg>` element. Always black on white, whatever
//! the colours of the page, because phones read inverted codes poorly. Knows no page.

use std::fmt::Write;

use qrcode::bits::encode_auto;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel};

use puzhi_core::base::escape_attr;

/// Width of the white margin around the code, in modules (the standard requires 4).
const QUIET_ZONE: usize = 4;

/// The QR code of `text` with error correction level M, as one SVG path of horizontal dark runs; `label` is its
/// accessible name. `None` if the text is too long for a QR code.
pub fn svg(text: &str, label: &str) -> Option<String> {
    Some(drawn(&canvas(text)?.apply_best_mask().into_colors(), label))
}

/// As [`svg`], for codes that every page has: in a small part of the time, since it does not try all eight masks, but takes
/// the one that is the best for nearly all web addresses.
pub fn page_svg(text: &str, label: &str) -> Option<String> {
    let mut canvas = canvas(text)?;
    canvas.apply_mask(MaskPattern::VerticalLines);
    Some(drawn(&canvas.into_colors(), label))
}

/// The code of `text` without a mask.
fn canvas(text: &str) -> Option<Canvas> {
    let bits = encode_auto(text.as_bytes(), EcLevel::M).ok()?;
    let version = bits.version();
    let (data, correction) = construct_codewords(&bits.into_bytes(), version, EcLevel::M).ok()?;
    let mut canvas = Canvas::new(version, EcLevel::M);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    Some(canvas)
}

fn drawn(modules: &[Color], label: &str) -> String {
    let width = modules.len().isqrt();
    let mut path = String::new();
    for (y, row) in modules.chunks(width.max(1)).enumerate() {
        let (mut x, mut pen) = (0, None);
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                // Writing to a String cannot fail.
                let _ = match pen {
                    None => write!(path, "M{x} {y}.5h{}", run.len()),
                    Some(pen) => write!(path, "m{} 0h{}", x - pen, run.len()),
                };
                pen = Some(x + run.len());
            }
            x += run.len();
        }
    }
    let whole = width + 2 * QUIET_ZONE;
    let mut out = format!(
        "<svg class=\"qr\" viewBox=\"-{QUIET_ZONE} -{QUIET_ZONE} {whole} {whole}\" width=\"160\" height=\"160\" role=\"img\" aria-label=\""
    );
    escape_attr(&mut out, label);
    let _ = write!(
        out,
        "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M-{QUIET_ZONE}-{QUIET_ZONE}h{whole}v{whole}h-{whole}z\"/><path stroke=\"#000\" d=\"{path}\"/></svg>"
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::QrCode;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let text = "https://www.example.gov.cn/ztzl/zscq/events/world-ip-day/";
        let drawn = svg(text, "码").unwrap();
        let path = drawn.rsplit_once(" d=\"").unwrap().1;
        let area: usize =
            path.split('h').skip(1).filter_map(|run| run.split(['m', 'M', '"']).next()?.parse::<usize>().ok()).sum();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        assert_eq!(area, code.to_colors().iter().filter(|c| **c == Color::Dark).count());
    }

    #[test]
    fn codes_are_those_of_the_library() {
        let mut same = 0;
        for n in 0..60 {
            let text = format!("https://www.example.gov.cn/ztzl/zscq/guides/{n}/");
            let code = QrCode::with_error_correction_level(&text, EcLevel::M).unwrap().to_colors();
            assert_eq!(svg(&text, "码"), Some(drawn(&code, "码")));
            // Where the fixed mask is the best one, the codes are the same.
            same += usize::from(page_svg(&text, "码") == svg(&text, "码"));
        }
        assert!(same > 30, "{same}");
    }

    #[test]
    fn a_text_that_fits_no_code_has_none() {
        assert_eq!(svg(&"x".repeat(5000), ""), None);
        assert_eq!(page_svg(&"x".repeat(5000), ""), None);
    }
}
