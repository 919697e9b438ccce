//! Kinds of things that a directive can name, with their words in findings.

use serde::{Deserialize, Serialize};

/// A kind of thing that a directive can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReferenceKind {
    Target,
    Group,
    Unit,
    Campaign,
    Channel,
    Tag,
    Section,
    Column,
    Survey,
}

impl ReferenceKind {
    /// Key of the taxonomy whose terms these are.
    pub fn taxonomy(self) -> &'static str {
        match self {
            ReferenceKind::Unit => "units",
            ReferenceKind::Campaign => "campaigns",
            ReferenceKind::Channel => "channels",
            _ => "tags",
        }
    }

    /// Its word in Chinese findings.
    pub fn zh(self) -> &'static str {
        match self {
            ReferenceKind::Target => "目标",
            ReferenceKind::Group => "目标分组",
            ReferenceKind::Unit => "责任单位",
            ReferenceKind::Campaign => "活动系列",
            ReferenceKind::Channel => "七进渠道",
            ReferenceKind::Tag => "标签",
            ReferenceKind::Section => "栏目",
            ReferenceKind::Column => "列",
            ReferenceKind::Survey => "问卷",
        }
    }

    /// Its word in English findings.
    pub fn en(self) -> &'static str {
        match self {
            ReferenceKind::Target => "target",
            ReferenceKind::Group => "group",
            ReferenceKind::Unit => "unit",
            ReferenceKind::Campaign => "campaign",
            ReferenceKind::Channel => "channel",
            ReferenceKind::Tag => "tag",
            ReferenceKind::Section => "section",
            ReferenceKind::Column => "column",
            ReferenceKind::Survey => "survey",
        }
    }
}
