//! QR codes (ISO/IEC 18004) as SVG. In: a text and its label. Out: an `<svg>` element. Always black on white, whatever
//! the colours of the page, because phones read inverted codes poorly. Knows no page.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use puzhi_core::base::escape_attr;

/// Width of the white margin around the code, in modules (the standard requires 4).
const QUIET_ZONE: usize = 4;

/// The QR code of `text` with error correction level M, as one SVG path of horizontal dark runs; `label` is its
/// accessible name. `None` if the text is too long for a QR code.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
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
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_text_that_fits_no_code_has_none() {
        assert_eq!(svg(&"x".repeat(5000), ""), None);
    }
}
