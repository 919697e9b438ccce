//! The setting for republishing: what others may do with the pages, and which files are made for them.
//!
//! Input: `republish` of `site.yaml`. Output: [`RepublishSettings`]. Writes no file.

use puzhi_core::kinds::{REPUBLISH_CHOICES, Republish};
use puzhi_core::yaml::{Field, MappingReader, Type};

const FIELDS: &[Field] = &[
    Field::new(
        "default",
        "缺省",
        Type::Choice(REPUBLISH_CHOICES),
        "别人能不能转载：随意、注明来源、先联系、不可；缺省是注明来源，单独一页可以用“转载”另写",
        "whether others may republish pages: free, with-credit, ask or no; with-credit by default; a page may say otherwise",
    ),
    Field::new(
        "ninjs",
        "ninjs",
        Type::Flag,
        "每篇文章另有一个 ninjs.json（媒体交换稿件的格式 ninjs 3.2），每种语言一个总目录；写了网址才做；缺省否",
        "a ninjs.json for each article (ninjs 3.2, a format in which news desks exchange articles) and one list a language, once base_url is set; no by default",
    ),
    Field::new(
        "embeds",
        "嵌入",
        Type::Flag,
        "每个栏目另有 embed.html 和 embed.json，门户网站可以嵌在自己的页面里；文章另有 oembed.json；写了网址才做；缺省否",
        "embed.html and embed.json of each section, which a portal shows in its own pages, and an oembed.json of each article, once base_url is set; no by default",
    ),
];

pub(super) const FIELD: Field = Field::new(
    "republish",
    "转载",
    Type::Map(FIELDS),
    "别人能不能转载，给他们准备哪些文件",
    "whether others may republish the pages, and which files are made for them",
);

/// What others may do with pages, and which files are made for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RepublishSettings {
    /// For pages that say nothing themselves.
    pub default: Republish,
    /// Whether articles have a ninjs file.
    pub ninjs: bool,
    /// Whether lists can be embedded.
    pub embeds: bool,
}

/// Reads `republish`.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> RepublishSettings {
    let read = |f: &mut MappingReader<'_, '_>| RepublishSettings {
        default: f.choice("default").and_then(Republish::from_key).unwrap_or_default(),
        ninjs: f.flag("ninjs").unwrap_or(false),
        embeds: f.flag("embeds").unwrap_or(false),
    };
    fields.map("republish", read).unwrap_or_default()
}
