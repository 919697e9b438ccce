//! An article of a site for other media: its HTML read into blocks, blocks written for those who republish it.
//!
//! In: the HTML of an article's content, what is known of the article ([`ArticleInfo`]), the bytes of its pictures. Out: a WeChat
//! fragment, plain text, a Word file, a press pack, and findings as data. Knows no pages, no settings and no disk.
//!
//! **Normal form of texts.** What is compared between the HTML and its renditions is the visible text without white space. Numbers and
//! marks of lists, quotation marks of `<q>`, boxes of tasks and the numbers of link notes are drawn by whoever shows a text; they are
//! marked as generated ([`Marks::generated`]) and stand apart from it.

mod archive;
mod blocks;
mod docx;
mod dom;
mod flow;
mod forbidden;
mod formula;
mod grid;
mod limits;
mod media;
mod numbers;
mod outlet;
mod pack;
mod plain;
mod read;
mod read_table;
mod visible;
mod wechat;
mod words;

pub use archive::{ArchiveFile, zip_archive};
pub use blocks::{
    Alignment, Article, ArticleInfo, Block, CaptionedPicture, Cell, Details, Fact, Figure, Inline, List, ListItem,
    Marks, Note, Picture, Row, Table, TextRun,
};
pub use docx::docx;
pub use dom::{MAX_HTML_BYTES, ReadError};
pub use forbidden::{Forbidden, forbidden_in_wechat};
pub use limits::{Limit, LimitName, wechat_limits};
pub use media::{MediaFile, MediaType};
pub use outlet::{Outlet, OutletFinding, WordRule, default_word_rules};
pub use pack::{PackFiles, file_name, press_pack};
pub use plain::plain_text;
pub use visible::{normal_form, visible_text_of_blocks, visible_text_of_html};
pub use wechat::{WechatFragment, wechat_fragment};
