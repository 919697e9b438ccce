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
    Field::new(
        "wechat",
        "公众号",
        Type::Flag,
        "每篇文章另有一页 wechat/，按一下就能复制到微信公众号编辑器，并列出标题、字数、图片有没有超过微信的上限；缺省否",
        "a page wechat/ for each article, whose button copies it for the editor of WeChat accounts, with the limits of WeChat and what the article has; no by default",
    ),
    Field::new(
        "press",
        "稿件包",
        Type::Flag,
        "每篇文章另有一个 press.zip：Word 稿、文本稿、大图、图片说明、转载许可和联系方式；缺省否",
        "a press.zip for each article: Word file, plain text, full-size pictures with captions and credits, permission and contact; no by default",
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
    /// Whether articles have a page to copy them into WeChat's editor.
    pub wechat: bool,
    /// Whether articles have a press pack.
    pub press: bool,
}

/// Reads `republish`.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> RepublishSettings {
    let read = |f: &mut MappingReader<'_, '_>| RepublishSettings {
        default: f.choice("default").and_then(Republish::from_key).unwrap_or_default(),
        ninjs: f.flag("ninjs").unwrap_or(false),
        embeds: f.flag("embeds").unwrap_or(false),
        wechat: f.flag("wechat").unwrap_or(false),
        press: f.flag("press").unwrap_or(false),
    };
    fields.map("republish", read).unwrap_or_default()
}
