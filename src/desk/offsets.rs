//! Places in a text as the browser counts them: UTF-16 code units instead of bytes.
//!
//! Input: a text and byte offsets. Output: offsets in code units.

/// Converts byte offsets of one text to UTF-16 code units. Marks every so many bytes keep a long text quick.
pub(super) struct Utf16Offsets<'t> {
    text: &'t str,
    /// Code units before every [`STEP`]th byte, moved back to the start of its character.
    marks: Vec<Mark>,
}

struct Mark {
    byte: usize,
    unit: usize,
}

const STEP: usize = 1024;

impl<'t> Utf16Offsets<'t> {
    /// Looks through the text once.
    pub fn new(text: &'t str) -> Self {
        let mut marks = vec![Mark { byte: 0, unit: 0 }];
        let (mut unit, mut next) = (0, STEP);
        for (byte, c) in text.char_indices() {
            if byte >= next {
                marks.push(Mark { byte, unit });
                next = byte + STEP;
            }
            unit += c.len_utf16();
        }
        Utf16Offsets { text, marks }
    }

    /// The code units before a byte. One inside a character counts as its start, one behind the text as its end.
    pub fn unit(&self, byte: usize) -> usize {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let mark = &self.marks[self.marks.partition_point(|mark| mark.byte <= byte) - 1];
        mark.unit + self.text[mark.byte..byte].chars().map(char::len_utf16).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_one_to_four_bytes() {
        let text = "a甲𠮷é😀b";
        let offsets = Utf16Offsets::new(text);
        let units: Vec<usize> = text.char_indices().map(|(byte, _)| offsets.unit(byte)).collect();
        assert_eq!(units, [0, 1, 2, 4, 5, 7]);
        assert_eq!((offsets.unit(2), offsets.unit(text.len()), offsets.unit(999)), (1, 8, 8));
    }

    proptest::proptest! {
        #[test]
        fn units_are_those_of_utf_16(text in "[a甲𠮷😀\n]{0,1500}") {
            let offsets = Utf16Offsets::new(&text);
            let units: Vec<u16> = text.encode_utf16().collect();
            for (byte, _) in text.char_indices() {
                let unit = offsets.unit(byte);
                proptest::prop_assert_eq!(String::from_utf16_lossy(&units[..unit]), &text[..byte]);
            }
        }
    }
}
