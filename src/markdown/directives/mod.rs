//! stub
use std::ops::Range;
use super::origin::Origin;
use super::writer::Writer;

pub(super) fn is_directive(_info: &str) -> bool {
    false
}

pub(super) fn language(info: &str) -> String {
    info.split([' ', '\t', ',']).next().unwrap_or("").to_lowercase()
}

pub(super) fn run(writer: &mut Writer<'_, '_>, _range: Range<usize>, text: String, _origin: Origin) {
    writer.write_code(String::new(), text);
}
