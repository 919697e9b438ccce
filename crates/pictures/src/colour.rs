//! Colours into sRGB. In: an ICC profile and pixels. Out: the pixels in sRGB. A profile that cannot be read, or that belongs to other
//! pixels, is ignored, as browsers do.

use std::sync::Arc;

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, Layout,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics, TransformExecutor, TransformOptions,
};

/// Number of pixels that are converted at once.
const CHUNK: usize = 4096;
/// Largest difference, in levels of 255, between a colour and its sRGB form at which a profile counts as sRGB.
const SAME: u8 = 3;

type Transform = Arc<dyn TransformExecutor<u8> + Send + Sync>;

/// Makes sRGB of the colours of one profile.
pub enum ToSrgb {
    /// Red, green and blue, with or without transparency.
    Colours { rgb: Transform, rgba: Transform },
    /// Each level of grey becomes another.
    Grey(Box<[u8; 256]>),
}

fn parse(profile: &[u8]) -> Option<ColorProfile> {
    ColorProfile::new_from_slice(profile).ok()
}

impl ToSrgb {
    /// How colours of this profile become sRGB; `None` if nothing has to be done.
    pub fn new(profile: &[u8]) -> Option<Self> {
        let (profile, srgb) = (parse(profile)?, ColorProfile::new_srgb());
        let transform = |from, to| {
            let transform = profile.create_transform_8bit(from, &srgb, to, TransformOptions::default()).ok()?;
            Some(transform as Transform)
        };
        match profile.color_space {
            DataColorSpace::Rgb => {
                let rgb = transform(Layout::Rgb, Layout::Rgb)?;
                let steps = [0u8, 64, 128, 192, 255];
                let probes: Vec<u8> = (0..125).flat_map(|n| [steps[n / 25], steps[n / 5 % 5], steps[n % 5]]).collect();
                let mut seen = vec![0; probes.len()];
                rgb.transform(&probes, &mut seen).ok()?;
                let differs = probes.iter().zip(&seen).any(|(a, b)| a.abs_diff(*b) > SAME);
                let rgba = transform(Layout::Rgba, Layout::Rgba)?;
                differs.then_some(ToSrgb::Colours { rgb, rgba })
            }
            DataColorSpace::Gray => {
                let levels: Vec<u8> = (0..=255).collect();
                let mut seen = vec![0; 3 * levels.len()];
                transform(Layout::Gray, Layout::Rgb)?.transform(&levels, &mut seen).ok()?;
                let mut table = [0; 256];
                table.iter_mut().zip(seen.chunks_exact(3)).for_each(|(level, rgb)| *level = rgb[1]);
                let differs = levels.iter().zip(&table).any(|(a, b)| a.abs_diff(*b) > SAME);
                differs.then(|| ToSrgb::Grey(Box::new(table)))
            }
            _ => None,
        }
    }

    /// Converts pixels of three or four bytes in place.
    pub fn convert(&self, data: &mut [u8], channels: usize) {
        match self {
            ToSrgb::Colours { rgb, rgba } => {
                let transform = if channels == 4 { rgba } else { rgb };
                let mut before = Vec::new();
                for chunk in data.chunks_mut(CHUNK * channels) {
                    before.clear();
                    before.extend_from_slice(chunk);
                    if transform.transform(&before, chunk).is_err() {
                        chunk.copy_from_slice(&before);
                    }
                }
            }
            ToSrgb::Grey(table) => {
                for pixel in data.chunks_exact_mut(channels) {
                    pixel[..3].iter_mut().for_each(|level| *level = table[usize::from(*level)]);
                }
            }
        }
    }
}

/// The profile that two code points name (ITU-T H.273); `None` for those of high dynamic range, which has no form in sRGB, and for unknown
/// ones.
pub fn profile_of_code_points(primaries: u8, transfer: u8) -> Option<Vec<u8>> {
    let transfer_characteristics = TransferCharacteristics::try_from(transfer).ok()?;
    if matches!(transfer_characteristics, TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg) {
        return None;
    }
    let cicp = CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    };
    ColorProfile::new_from_cicp(cicp).encode().ok()
}

/// Gamma of sRGB as files name it, and by how much another may differ that means the same.
const SRGB_GAMMA: (f64, f64) = (0.45455, 0.005);

/// The profile of colours with this gamma (of encoding: 0.45455 for sRGB) and these places of white, red, green and blue in the CIE 1931
/// diagram; `None` if neither is given or a value is out of all reason.
pub fn profile_of_primaries(gamma: Option<f64>, places: Option<[(f64, f64); 4]>) -> Option<Vec<u8>> {
    let gamma = gamma.filter(|gamma| (0.1..=2.0).contains(gamma) && (gamma - SRGB_GAMMA.0).abs() > SRGB_GAMMA.1);
    let is_place = |(x, y): &(f64, f64)| (0.0..=0.8).contains(x) && (0.01..=0.9).contains(y);
    let places = places.filter(|places| places.iter().all(is_place));
    if gamma.is_none() && places.is_none() {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    if let Some(places) = places {
        let [white, red, green, blue] = places.map(|(x, y)| Chromaticity { x: x as f32, y: y as f32 });
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    }
    if let Some(gamma) = gamma {
        profile.cicp = None;
        let curve = ToneReprCurve::Parametric(vec![(1.0 / gamma) as f32]);
        (profile.red_trc, profile.green_trc, profile.blue_trc) =
            (Some(curve.clone()), Some(curve.clone()), Some(curve));
    }
    profile.encode().ok()
}

/// Makes red, green and blue of inks (four bytes a pixel, 255 for full ink) by their profile; `None` if it is no profile of four inks.
pub fn inks_to_srgb(profile: &[u8], inks: &[u8]) -> Option<Vec<u8>> {
    let profile = parse(profile).filter(|profile| profile.color_space == DataColorSpace::Cmyk)?;
    let srgb = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut out = vec![0; inks.len() / 4 * 3];
    for (inks, colours) in inks.chunks(4 * CHUNK).zip(out.chunks_mut(3 * CHUNK)) {
        transform.transform(inks, colours).ok()?;
    }
    Some(out)
}
