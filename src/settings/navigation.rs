//! Entries of navigation, footer and home page: their keys and how they are read.
//!
//! Input: a list of `site.yaml`. Output: [`NavEntry`]s. Does not follow links and knows no pictures.

use puzhi_core::yaml::{Field, MappingReader, Type};

use super::{NavEntry, WrittenPath};

/// The keys of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::new("title", "文字", Type::Text, "链接文字", "words of the link"),
    Field::new(
        "link",
        "链接",
        Type::Link,
        "指向 content/ 里的文件或文件夹，或完整网址",
        "a file or folder of content/, or an absolute address",
    ),
    Field::new(
        "note",
        "说明",
        Type::Text,
        "一句说明（“我想”入口用）",
        "one line of explanation (for the home page's entries)",
    ),
    Field::new(
        "picture",
        "图案",
        Type::Text,
        "主题里图案的名字，如 贷款、商标、假货、专利、版权、课堂、日历（“我想”入口用）",
        "name of a picture of the theme, such as loan, trademark, fake, patent, copyright, class, calendar (for the home page's entries)",
    ),
];

/// The entries of the list `key`.
pub(super) fn read_entries(fields: &mut MappingReader<'_, '_>, key: &str) -> Vec<NavEntry> {
    fields.maps(key, |f| {
        f.require("title", FIELDS);
        f.require("link", FIELDS);
        let (title, link) = (f.text("title"), f.spanned_text("link")?);
        let picture = f.spanned_text("picture").filter(|picture| !picture.value.trim().is_empty());
        Some(NavEntry {
            title: title?,
            position: f.source().line_column(link.span.start),
            link: link.value,
            note: f.text("note"),
            picture: picture.map(|picture| WrittenPath {
                position: f.source().line_column(picture.span.start),
                path: picture.value.trim().to_string(),
            }),
        })
    })
}
