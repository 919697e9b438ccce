//! The words that renditions add, Chinese and English. In: a language tag. Out: [`Words`]. Knows nothing else.

/// The words of one language.
pub(crate) struct Words {
    /// What parts a word from what is said of it.
    pub colon: &'static str,
    pub links: &'static str,
    pub notes: &'static str,
    pub source: &'static str,
    pub author: &'static str,
    pub editor: &'static str,
    pub reviewer: &'static str,
    pub embargo: &'static str,
    pub published: &'static str,
    pub updated: &'static str,
    pub original: &'static str,
    pub picture: &'static str,
    pub upload: &'static str,
    pub details: &'static str,
    pub permission: &'static str,
    pub credit_line: &'static str,
    pub contact: &'static str,
    pub site: &'static str,
    pub title: &'static str,
    pub caption: &'static str,
    pub credit: &'static str,
    pub file: &'static str,
    pub alt: &'static str,
    pub media: &'static str,
    /// Behind a picture that leads somewhere.
    pub link: &'static str,
    /// Before text that is struck out.
    pub deleted: &'static str,
    /// What stands on both sides of a remark.
    pub brackets: (&'static str, &'static str),
    /// Quotation marks.
    pub quotes: (&'static str, &'static str),
    /// The heading of the list of pictures.
    pub pictures: &'static str,
    pub no_pictures: &'static str,
}

const CHINESE: Words = Words {
    colon: "：",
    links: "文中链接",
    notes: "注释",
    source: "来源",
    author: "作者",
    editor: "责任编辑",
    reviewer: "审核",
    embargo: "此前不得发布",
    published: "发布日期",
    updated: "更新日期",
    original: "原文地址",
    picture: "图片",
    upload: "此处插入",
    details: "详情",
    permission: "转载许可",
    credit_line: "转载时请写",
    contact: "联系方式",
    site: "网站",
    title: "标题",
    caption: "图说",
    credit: "图片来源",
    file: "文件",
    alt: "画面",
    media: "音视频",
    link: "链接",
    deleted: "删去",
    brackets: ("（", "）"),
    quotes: ("“", "”"),
    pictures: "图片清单",
    no_pictures: "本文没有图片。",
};

const ENGLISH: Words = Words {
    colon: ": ",
    links: "Links in the text",
    notes: "Notes",
    source: "Source",
    author: "Author",
    editor: "Editor",
    reviewer: "Approved by",
    embargo: "Embargoed until",
    published: "Published",
    updated: "Updated",
    original: "Original",
    picture: "Picture",
    upload: "insert here",
    details: "Details",
    permission: "Permission",
    credit_line: "Credit line",
    contact: "Contact",
    site: "Site",
    title: "Title",
    caption: "Caption",
    credit: "Credit",
    file: "File",
    alt: "Shows",
    media: "Audio or video",
    link: "link",
    deleted: "deleted",
    brackets: (" (", ")"),
    quotes: ("“", "”"),
    pictures: "Pictures",
    no_pictures: "This article has no pictures.",
};

/// The words for a language tag: Chinese for `zh` and what begins so or is empty, English for all others.
pub(crate) fn words(language: &str) -> &'static Words {
    let first = language.split('-').next().unwrap_or_default();
    if first.is_empty() || first.eq_ignore_ascii_case("zh") { &CHINESE } else { &ENGLISH }
}
