//! Why front matter was not read, in words.
//!
//! Input: the cause that the search for unread front matter found. Output: its texts in Chinese and English, and whether it is about
//! the body. Does not read pages.

/// What keeps a block from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    OpeningMissing,
    BothMarksMissing,
    OneLine,
    BadMark,
    OtherLines,
    Indented,
    KeyOnMarkLine,
    Toml,
    Json,
    Hexo,
    BelowComment,
    BelowEmptyMarks,
    BelowText,
    BelowFrontMatter,
    InFence,
    InComment,
}

impl Reason {
    /// Whether the block stands where text may stand, too.
    pub fn is_in_body(self) -> bool {
        matches!(
            self,
            Reason::BelowText | Reason::BelowFrontMatter | Reason::InFence | Reason::InComment | Reason::OneLine
        )
    }

    /// The reason in Chinese and English.
    pub fn texts(self) -> (&'static str, &'static str) {
        match self {
            Reason::OpeningMissing => ("前面少一行“---”", "the line \"---\" above it is missing"),
            Reason::BothMarksMissing => ("前后没有用“---”隔开", "there is no \"---\" above and below it"),
            Reason::BadMark => {
                ("分隔线不是顶格写的三个半角减号", "its mark is not three plain hyphens at the start of a line")
            }
            Reason::OneLine => (
                "这一行前后没有“---”，这一页到写的这一天才发布",
                "no \"---\" stands above and below this line, and the page is published on the day that it names",
            ),
            Reason::Indented => ("里面各行前面有空格，要顶格写", "white space stands before its lines"),
            Reason::OtherLines => ("里面有不是“名称: 值”的行", "it holds lines that are no \"key: value\""),
            Reason::KeyOnMarkLine => ("“---”要单独占一行", "\"---\" must stand on a line of its own"),
            Reason::Toml => ("这是 TOML（+++），只认 YAML", "it is TOML (+++), and only YAML is read"),
            Reason::Json => ("这是 JSON，只认 YAML", "it is JSON, and only YAML is read"),
            Reason::Hexo => ("“;;;”不是分隔线", "\";;;\" is no mark"),
            Reason::BelowComment => ("前面有注释，它要在文件最前面", "it stands below a comment and must come first"),
            Reason::BelowEmptyMarks => ("前面多了一对空的“---”", "an empty pair of \"---\" stands above it"),
            Reason::BelowText => ("前面有标题或文字，它要在文件最前面", "it stands below text and must come first"),
            Reason::BelowFrontMatter => {
                ("前面已经有一段，两段要并成一段", "a block stands above it; both must be one block")
            }
            Reason::InFence => ("它在代码块里", "it stands in a code block"),
            Reason::InComment => ("它在注释里", "it stands in a comment"),
        }
    }
}
