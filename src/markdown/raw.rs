//! stub
use std::ops::Range;
use super::origin::Origin;
use super::writer::Writer;

pub(super) struct RawElement;

impl Writer<'_, '_> {
    pub fn raw_block(&mut self, text: &str, _origin: &Origin) {
        self.out.text(text);
    }
    pub fn raw_inline(&mut self, text: &str, _range: &Range<usize>) {
        self.mask("");
        self.out.text(text);
    }
    pub fn close_raw(&mut self, _height: usize) {}
}
