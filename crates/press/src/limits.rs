//! The limits of WeChat for an article. In: what is to be sent. Out: a row for each limit with its value. Says nothing in words.
//!
//! The limits are those of the official interface for drafts (developers.weixin.qq.com, `draft/add`): title 32 characters, author 16, digest
//! 128; content under 20,000 characters and under 1 MB, counted on the whole HTML; pictures in the text under 1 MB; the original's address at
//! most 1 KB.

use crate::blocks::ArticleInfo;
use crate::media::MediaFile;

/// What a limit is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitName {
    /// Characters of the title.
    Title,
    /// Characters of the author's name.
    Author,
    /// Characters of the digest, which is the summary.
    Digest,
    /// Characters of the HTML.
    BodyCharacters,
    /// Bytes of the HTML.
    BodyBytes,
    /// Bytes of the original's address (阅读原文).
    Original,
    /// Bytes of the picture with this address.
    Picture(String),
}

/// A limit and what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What it is about.
    pub name: LimitName,
    /// What the article has.
    pub value: usize,
    /// The most it may have.
    pub most: usize,
}

impl Limit {
    /// Whether the article keeps to it.
    pub fn is_kept(&self) -> bool {
        self.value <= self.most
    }
}

/// 1 MB, in the smaller of its two meanings, so that a file that keeps to it does so in both.
const MEGABYTE: usize = 1_000_000;

/// All limits of WeChat for an article with this fragment and these pictures.
pub fn wechat_limits(info: &ArticleInfo, fragment: &str, pictures: &[MediaFile]) -> Vec<Limit> {
    let characters = |text: &str| text.trim().chars().count();
    let mut limits = vec![
        Limit { name: LimitName::Title, value: characters(&info.title), most: 32 },
        Limit { name: LimitName::Author, value: characters(&info.author), most: 16 },
        Limit { name: LimitName::Digest, value: characters(&info.summary), most: 128 },
        Limit { name: LimitName::BodyCharacters, value: fragment.chars().count(), most: 20_000 - 1 },
        Limit { name: LimitName::BodyBytes, value: fragment.len(), most: MEGABYTE - 1 },
        Limit { name: LimitName::Original, value: info.url.len(), most: 1024 },
    ];
    limits.extend(pictures.iter().map(|picture| Limit {
        name: LimitName::Picture(picture.address.clone()),
        value: picture.bytes.len(),
        most: MEGABYTE - 1,
    }));
    limits
}
