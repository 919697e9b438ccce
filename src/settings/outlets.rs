//! The media that articles are sent to, and what each asks of an article.
//!
//! Input: `outlets` of `site.yaml`. Output: [`OutletSettings`] with findings. Looks at no article.

use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::yaml::{Field, MappingReader, Type};

const FIELDS: &[Field] = &[
    Field::new("name", "名称", Type::Text, "媒体的名称", "name of the outlet"),
    Field::new("title_min", "标题最少", Type::Integer(0, 1000), "标题最少几个字", "fewest characters of a title"),
    Field::new("title_max", "标题最多", Type::Integer(0, 1000), "标题最多几个字", "most characters of a title"),
    Field::new(
        "title_without",
        "标题不用",
        Type::Text,
        "标题里不能有的字和标点，连着写，如 ，。",
        "characters that a title must not have, one after the other",
    ),
    Field::new("pictures_min", "图片最少", Type::Integer(0, 1000), "最少几张图片", "fewest pictures"),
    Field::new(
        "tables",
        "表格",
        Type::Flag,
        "收不收表格；写否，文章里有表格时提示改成图片；缺省是",
        "whether it takes tables; if not, an article with tables is reported; yes by default",
    ),
    Field::new(
        "words",
        "用词",
        Type::Any,
        "只在本地、本站才说得通的词，和换成什么，如 {我市: 安宁市}；换成什么空着，就只提示；不写用词，就提示我市、我县、本站、近日这一类",
        "words that say something on this site alone, each with what to write instead; without it the usual ones are reported",
    ),
];

pub(super) const FIELD: Field = Field::new(
    "outlets",
    "投稿媒体",
    Type::Maps(FIELDS),
    "稿件要投给哪些媒体，各家对标题和用词有什么要求；写了，生成网站时逐篇提示要改的地方",
    "media that articles are sent to and what each asks; builds then note for each article what to change",
);

/// One of the media and what it asks of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutletSettings {
    /// Its name.
    pub name: String,
    /// Fewest characters of a title; 0 for no limit.
    pub title_min: usize,
    /// Most characters of a title; 0 for no limit.
    pub title_max: usize,
    /// Characters that a title must not have.
    pub title_without: String,
    /// Fewest pictures.
    pub pictures_min: usize,
    /// Whether it takes no tables.
    pub no_tables: bool,
    /// Words that say something on this site alone, each with what to write instead, which may be empty. None: the usual ones.
    pub words: Option<Vec<(String, String)>>,
}

/// Reads `outlets`.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> Vec<OutletSettings> {
    fields.maps("outlets", |f| {
        f.require("name", FIELDS);
        let name = f.text("name")?;
        let mut count = |key| f.integer(key).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (title_min, title_max, pictures_min) = (count("title_min"), count("title_max"), count("pictures_min"));
        Some(OutletSettings {
            name,
            title_min,
            title_max,
            pictures_min,
            title_without: f.text("title_without").unwrap_or_default(),
            no_tables: f.flag("tables") == Some(false),
            words: read_words(f),
        })
    })
}

/// A mapping of texts to texts.
fn read_words(f: &mut MappingReader<'_, '_>) -> Option<Vec<(String, String)>> {
    let entry = f.entry("words").filter(|entry| !entry.node.is_null())?;
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => Some(String::new()),
        serde_json::Value::String(text) => Some(text.trim().to_string()),
        _ => None,
    };
    let words = match entry.node.to_json() {
        serde_json::Value::Object(map) => {
            map.iter().map(|(word, instead)| Some((word.trim().to_string(), text(instead)?))).collect()
        }
        _ => None,
    };
    if words.is_none() {
        let diag = Diagnostic::new(&codes::settings::BAD_OUTLET_WORDS).at(f.source(), entry.node.span);
        f.report(diag);
    }
    words
}
