//! The orientation in Exif metadata. In: a TIFF structure as Exif has it. Out: an [`Orientation`]. Reads nothing else of it.

use serde::{Deserialize, Serialize};

/// How the stored rows and columns lie in the picture as it was seen (Exif 2.32, tag 0x0112).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Orientation(u8);

impl Orientation {
    /// The orientation with an Exif number from 1 to 8; other numbers mean upright.
    pub fn from_exif(number: u16) -> Self {
        match number {
            2..=8 => Orientation(number as u8 - 1),
            _ => Orientation(0),
        }
    }

    /// Whether the picture is stored as it was seen.
    pub fn is_upright(self) -> bool {
        self.0 == 0
    }

    /// Whether width and height change places.
    pub fn swaps_sides(self) -> bool {
        self.0 >= 4
    }

    /// Width and height of the upright picture, from those that are stored.
    pub fn upright_size(self, stored: (u32, u32)) -> (u32, u32) {
        if self.swaps_sides() { (stored.1, stored.0) } else { stored }
    }

    /// Where the pixel at `x`, `y` of the upright picture is stored, in a picture that is stored with this size.
    pub fn stored_place(self, place: (usize, usize), stored: (usize, usize)) -> (usize, usize) {
        let ((x, y), (width, height)) = (place, stored);
        match self.0 {
            1 => (width - 1 - x, y),
            2 => (width - 1 - x, height - 1 - y),
            3 => (x, height - 1 - y),
            4 => (y, x),
            5 => (y, height - 1 - x),
            6 => (width - 1 - y, height - 1 - x),
            7 => (width - 1 - y, x),
            _ => (x, y),
        }
    }
}

/// The orientation that a TIFF structure names; upright if it names none or cannot be read.
pub fn orientation(tiff: &[u8]) -> Orientation {
    find(tiff).map_or_else(Orientation::default, Orientation::from_exif)
}

fn find(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = long(4)? as usize;
    let entries = short(directory)?;
    (0..usize::from(entries)).find_map(|n| {
        let at = directory + 2 + 12 * n;
        (short(at)? == 0x0112).then(|| short(at + 8)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_are_read() {
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!((orientation(little), orientation(big)), (Orientation::from_exif(6), Orientation::from_exif(8)));
        for cut in 0..little.len() {
            orientation(&little[..cut]);
        }
        assert!(orientation(b"II*\0\xff\xff\xff\xff").is_upright() && orientation(b"").is_upright());
    }

    #[test]
    fn corners_come_from_where_exif_says() {
        // Where the corner at the top left is stored in a picture of 4 by 3.
        let corner = |n| Orientation::from_exif(n).stored_place((0, 0), (4, 3));
        let all: Vec<_> = (1..=8).map(corner).collect();
        assert_eq!(all, [(0, 0), (3, 0), (3, 2), (0, 2), (0, 0), (0, 2), (3, 2), (3, 0)]);
        assert_eq!(Orientation::from_exif(6).upright_size((4, 3)), (3, 4));
    }
}
