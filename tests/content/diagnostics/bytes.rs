//! Cases that need bytes or amounts no fixture should hold.

use puzhi::settings::{self, Settings};
use puzhi::source::memory_site;
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;

use super::{build, exactly, findings, summary, unfilled};

const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n";

pub fn settings(text: &str) -> Settings {
    let path = SitePath::new("site.yaml").unwrap();
    settings::read(&SourceText::new(&path, text)).0
}

fn with_page(bytes: &[u8], wanted: &str) {
    let files = memory_site("").with_file("content/a.md", bytes.to_vec());
    exactly(&build(&files, settings("title: 示例站\nbase_url: https://example.org/\n")), wanted);
}

pub fn not_utf8() {
    // 专利 in GBK.
    with_page(&[0xD7, 0xA8, 0xC0, 0xFB, b'\n'], "not-utf8 content/a.md");
}

pub fn bad_encoding() {
    with_page(&[b'a', 0xFF, 0xFF, b'\n'], "bad-encoding content/a.md");
}

pub fn nul_byte() {
    with_page(b"a\0b\n", "nul-byte content/a.md");
}

/// The only one that never comes alone.
pub fn too_many_findings() {
    let keys: String = (0..150).map(|_| "标题：甲\n").collect();
    let found = findings(&format!("{SITE}-- content/a.md --\n---\n日期: 2025-04-26\n{keys}---\n正文。\n"));
    assert_eq!(
        found.iter().filter(|d| d.code.name == "too-many-findings").map(summary).collect::<Vec<_>>(),
        ["too-many-findings content/a.md"]
    );
    assert_eq!(unfilled(&found), None);
}

pub fn output_too_large() {
    let long = "很长的一段话。".repeat(5_000);
    let found = findings(&format!("{SITE}limits: {{output: 60000}}\n-- content/a.md --\n{long}\n"));
    exactly(&found, "output-too-large content/a.md");
}

fn with_picture(name: &str, bytes: &[u8], wanted: &str) {
    let files = memory_site(&format!("-- content/a.md --\n![图]({name})\n"));
    let files = files.with_file(&format!("content/{name}"), bytes.to_vec());
    exactly(&build(&files, settings("title: 示例站\nbase_url: https://example.org/\n")), wanted);
}

pub fn picture_format() {
    with_picture("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture-format content/a.heic");
}

pub fn picture_too_large() {
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    with_picture("a.gif", gif, "picture-too-large content/a.gif");
}
