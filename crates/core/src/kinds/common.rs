//! The front matter keys that all pages share, and the additional keys of `_index.md`.
//!
//! Input: a mapping of front matter. Output: [`CommonFrontMatter`] and [`SectionOptions`] with diagnostics. Does not
//! know other pages.

use super::corrections::{
    CORRECTION_FIELDS, Correction, WITHDRAWAL_FIELDS, Withdrawal, read_corrections, read_withdrawal,
};
use super::definition::{choice_rows, count_choice_rows};
use super::{KindName, event};
use crate::base::{DateOrDateTime, closest_match};
use crate::diag::Diagnostic;
use crate::diag::codes::front_matter as code;
use crate::yaml::{Field, MappingReader, Node, Spanned, Type};

/// Front matter common to all kinds. The fields hold what is written; nothing is derived from other pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CommonFrontMatter {
    /// The page's title. If it is missing, the first heading or the file name is used.
    pub title: Option<String>,
    /// Date of publication. A page with a date after the build's date is not published yet.
    pub date: Option<DateOrDateTime>,
    /// Day of publication under a name that only other programs give it. The page is not published before it.
    pub not_before: Option<DateOrDateTime>,
    /// Date on which the content last changed.
    pub updated: Option<DateOrDateTime>,
    /// Last day on which the page appears in lists.
    pub expires: Option<DateOrDateTime>,
    /// One or two sentences for lists and search results.
    pub summary: Option<String>,
    /// Words by which people look for the page and that it does not contain.
    pub keywords: Vec<String>,
    /// The author.
    pub author: Option<String>,
    /// Origin of the content.
    pub source: Option<String>,
    /// The editor who answers for the page (责任编辑).
    pub editor: Option<String>,
    /// Who reviewed the page before it was published (审核).
    pub reviewer: Option<String>,
    /// What others may do with the page, if it says otherwise than the settings.
    pub republish: Option<Republish>,
    /// Whether it goes to a WeChat account, if the page says so.
    pub wechat: Option<bool>,
    /// Last segment of the address, instead of the file name.
    pub slug: Option<Spanned<String>>,
    /// On pages: old addresses. On term pages: other spellings of the term.
    pub aliases: Vec<Spanned<String>>,
    /// Other spellings of the term: what stands in `aliases` on a term's page and is no address.
    pub spellings: Vec<Spanned<String>>,
    /// The page's picture.
    pub image: Option<Box<ImageRef>>,
    /// Position within a section that is sorted by `order`, smallest first.
    pub order: Option<i64>,
    /// Heading that it stands under in the list of its section.
    pub group: Option<String>,
    /// Whether the page is a draft, which is not published.
    pub draft: bool,
    /// The `draft` key as written, if it is.
    pub draft_flag: Option<Spanned<bool>>,
    /// Corrections of the published text, newest first.
    pub corrections: Vec<Spanned<Correction>>,
    /// That the published text is withdrawn; the span is that of the key.
    pub withdrawn: Option<Spanned<Withdrawal>>,
    /// Whether the page is a sample. It is listed only in its own section and is labelled as a sample.
    pub sample: bool,
    /// Template that renders the page, instead of the default template of its kind.
    pub template: Option<Spanned<String>>,
    /// The terms of the page in each taxonomy.
    pub terms: TaxonomyTerms,
    /// Free data for templates.
    pub extra: Option<serde_json::Value>,
    /// The ids in `highlights` of `extra`.
    pub highlights: Vec<Spanned<String>>,
}

/// Pairs of a taxonomy's name (`tags`, `units`, `campaigns`, `channels`, `audiences` and those defined in settings)
/// and the terms as written, sorted by name. A list and not a map, because a page uses one to three taxonomies and a
/// map needs about ten times the memory.
pub type TaxonomyTerms = Vec<(String, Vec<Spanned<String>>)>;

/// The `image:` of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ImageRef {
    /// Path of the file, relative to the page.
    pub src: Spanned<String>,
    /// Alternative text for people who cannot see the image.
    pub alt: Option<String>,
    /// Caption shown below the image.
    pub caption: Option<String>,
    /// Author of the image.
    pub credit: Option<String>,
}

/// What others may do with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Republish {
    /// Use it without asking and without naming where it is from.
    Free,
    /// Republish it if its source is named.
    #[default]
    WithCredit,
    /// Republish it if the site's office agrees.
    Ask,
    /// Nothing.
    No,
}

/// The spellings of [`Republish`] in front matter and settings.
pub const REPUBLISH_CHOICES: &[(&str, &str)] =
    &[("free", "随意"), ("with-credit", "注明来源"), ("ask", "先联系"), ("no", "不可")];

impl Republish {
    /// The value of a key in [`REPUBLISH_CHOICES`].
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Free, Self::WithCredit, Self::Ask, Self::No].into_iter().find(|value| value.key() == key)
    }

    /// Its key in [`REPUBLISH_CHOICES`].
    pub fn key(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::WithCredit => "with-credit",
            Self::Ask => "ask",
            Self::No => "no",
        }
    }

    /// Whether files that others can use are made of the page.
    pub fn is_allowed(self) -> bool {
        self != Self::No
    }
}

/// The keys of `_index.md` besides its [`CommonFrontMatter`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct SectionOptions {
    /// Kind of the section's pages that do not name a kind.
    pub kind: Option<KindName>,
    /// Number of entries on one list page.
    pub page_size: Option<usize>,
    /// Order of the section's pages.
    pub sort: Option<SectionOrder>,
}

/// The order of a section's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub enum SectionOrder {
    /// By date, newest first.
    #[default]
    Date,
    /// By `order`, then title.
    Order,
    /// By title.
    Title,
}

/// The taxonomies that every site has, each with the front matter key for its terms.
pub const TAXONOMY_KEYS: [(&str, &str); 5] = [
    ("tags", "tags"),
    ("units", "units"),
    ("campaigns", "campaign"),
    ("channels", "channel"),
    ("audiences", "audience"),
];

pub const IMAGE_FIELDS: &[Field] = &[
    Field::new("src", "文件", Type::Link, "图片文件，相对于这一页", "the image file, relative to the page"),
    Field::new("alt", "说明文字", Type::Text, "给看不见图的人读的说明", "what it shows, for those who cannot see it"),
    Field::new("caption", "图注", Type::Text, "图片下方的文字", "the text below it"),
    Field::new("credit", "署名", Type::Text, "拍摄或制作者", "who made it"),
];

/// Accepted names of kinds in front matter. The first row of each kind is the spelling that is shown.
pub(super) const KIND_CHOICES: &[(&str, &str)] = &choice_rows::<{ count_choice_rows(KindName::ALL) }>(KindName::ALL);

/// Rows of a choice between the kinds that a site may hide: all but `page`.
pub const HIDEABLE_KINDS: &[(&str, &str)] = match KIND_CHOICES.split_first() {
    Some((_, kinds)) => kinds,
    None => &[],
};

/// The keys that every page can have.
pub const COMMON_FIELDS: &[Field] = &[
    Field::new(
        "title",
        "标题",
        Type::Text,
        "网页标题；不写时取正文第一个标题，再取文件名",
        "the page's title; else the first heading, else the file name",
    ),
    Field::new(
        "date",
        "日期",
        Type::Date,
        "发布日期；未到日期的页面不发布",
        "the day of publication; a page with a future date is not published yet",
    ),
    Field::new("updated", "更新", Type::Date, "最近一次修改内容的日期", "when its content was last changed"),
    Field::new(
        "expires",
        "失效日期",
        Type::Date,
        "过了这一天，页面保留但加提示，并退出列表",
        "after this day the page stays with a notice and leaves all lists",
    ),
    Field::new(
        "summary",
        "摘要",
        Type::Text,
        "一两句话，用在列表和搜索结果里",
        "a sentence or two for lists and search results",
    )
    .with_aliases(&["description", "描述", "简介"]),
    Field::new("tags", "标签", Type::Names, "标签", "tags").with_aliases(&["tag"]),
    Field::new(
        "keywords",
        "搜索词",
        Type::Names,
        "人们会用来搜这一页的说法，页面上不显示",
        "words by which people search for the page; not shown on it",
    )
    .with_aliases(&["keyword", "关键词"]),
    Field::new("author", "作者", Type::Text, "作者", "who wrote it"),
    Field::new("source", "来源", Type::Text, "内容来源", "where the content comes from"),
    Field::new(
        "editor",
        "责任编辑",
        Type::Text,
        "责任编辑，写了就显示在页面上",
        "the editor in charge; shown on the page",
    ),
    Field::new("reviewer", "审核人", Type::Text, "审核人，写了就显示在页面上", "who reviewed it; shown on the page"),
    Field::new(
        "republish",
        "转载",
        Type::Choice(REPUBLISH_CHOICES),
        "别人能不能转载这一页；不写时用站点设置里的",
        "whether others may republish the page; else as the settings say",
    ),
    Field::new(
        "wechat",
        "公众号",
        Type::Flag,
        "这一篇发不发公众号：写是，有复制用的一页，并且生成网站时检查标题、字数、图片有没有超过微信的上限；写否，没有那一页；不写时看站点设置",
        "whether the page goes to a WeChat account: if yes, it has the page to copy it, and builds check the limits of WeChat; if no, it has none; else as the settings say",
    ),
    Field::new(
        "slug",
        "网址名",
        Type::Text,
        "网址的最后一段；不写时取文件名",
        "the last part of the address; else the file name",
    ),
    Field::new(
        "aliases",
        "旧网址",
        Type::Links,
        "旧网址，会自动转到这一页；在条目页上，不以 / 开头的是其他写法",
        "old addresses that lead here; on a term's page what does not begin with / is another spelling",
    )
    .with_aliases(&["alias", "别名"]),
    Field::new(
        "image",
        "配图",
        Type::OneOf(&[Type::Link, Type::Map(IMAGE_FIELDS)]),
        "题图：文件，或者文件加说明",
        "the page's picture: a file, or a file with its description",
    ),
    Field::new(
        "order",
        "排序",
        Type::Integer(-1_000_000, 1_000_000),
        "同一栏目里的先后，小的在前",
        "the place within the section, smallest first",
    )
    .with_aliases(&["weight"]),
    Field::new(
        "group",
        "分组",
        Type::Text,
        "在栏目的列表里放在哪个小标题下面；相邻的同组文章放在一起",
        "the heading it stands under in its section's list; neighbours of one group stand together",
    ),
    Field::new("draft", "草稿", Type::Flag, "草稿不发布", "a draft is not published"),
    Field::new(
        "corrections",
        "更正",
        Type::Maps(CORRECTION_FIELDS),
        "发布以后改正的错误，页面上会写明",
        "mistakes corrected after publication; the page shows them",
    )
    .with_aliases(&["correction", "勘误"]),
    Field::new(
        "withdrawn",
        "撤稿",
        Type::Map(WITHDRAWAL_FIELDS),
        "撤下这一页：网址留着，只写什么时候撤的、为什么撤",
        "takes the page back: its address stays and says only when and why",
    )
    .with_aliases(&["retracted", "withdrawal", "已撤回", "已撤稿", "撤下", "撤回"]),
    Field::new("units", "责任单位", Type::Names, "责任单位，可以几个", "the units in charge").with_aliases(&["unit"]),
    Field::new("campaign", "活动系列", Type::Names, "所属的活动系列", "the campaign it belongs to")
        .with_aliases(&["campaigns"]),
    Field::new(
        "channel",
        "七进",
        Type::Names,
        "进机关、进企业、进园区、进社区、进市场、进校园、进网站",
        "where the campaign goes: one of the seven",
    )
    .with_aliases(&["channels"]),
    Field::new("audience", "面向", Type::Names, "写给谁看", "whom it is for").with_aliases(&["audiences", "受众"]),
    Field::new(
        "sample",
        "示例",
        Type::Flag,
        "示例页只在本栏目列出，并带示例标记",
        "a sample is listed in its section only and is marked as one",
    ),
    Field::new("template", "模板", Type::Text, "用哪个模板，例如 page.html", "the template to use, such as page.html"),
    Field::new(
        "kind",
        "类型",
        Type::Choice(KIND_CHOICES),
        "页面类型；不写时由栏目决定",
        "the kind of page; else the section's",
    ),
    Field::new("extra", "附加", Type::Any, "给模板用的其他数据", "free data for templates"),
];

/// Example of `_index.md` for the reference page.
pub(super) const SECTION_EXAMPLE: &str =
    "标题: 办事情\n摘要: 一步一步说清楚怎么办。\n类型: 指南\n排序: 2\n每页篇数: 20\n排列: 排序\n";

/// The additional keys of `_index.md`.
pub const SECTION_FIELDS: &[Field] = &[
    Field::new("page_size", "每页篇数", Type::Integer(1, 1000), "列表每页放几篇", "cards on each list page"),
    Field::new(
        "sort",
        "排列",
        Type::Choice(SORT_CHOICES),
        "列表按日期、排序还是标题",
        "whether lists go by date, order or title",
    ),
];

const SORT_CHOICES: &[(&str, &str)] = &[("date", "日期"), ("order", "排序"), ("title", "标题")];

impl CommonFrontMatter {
    /// Reads the common keys. The caller adds terms of taxonomies that only this site has.
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>) -> CommonFrontMatter {
        let draft = fields.flag("draft");
        if let Some(entry) = fields.entry("draft").filter(|entry| entry.node.is_null()) {
            // Nobody knows what was meant, so the page must not go out.
            let diag = Diagnostic::new(&code::BAD_FLAG).at(fields.source(), entry.key_span);
            fields.report(diag.arg("key", &entry.key).arg("value", ""));
        }
        let draft_flag = draft.and_then(|value| Some(Spanned { value, span: fields.entry("draft")?.key_span }));
        let mut head = CommonFrontMatter {
            title: fields.text("title"),
            date: fields.date("date"),
            not_before: None,
            updated: fields.date("updated"),
            expires: fields.date("expires"),
            summary: fields.text("summary"),
            keywords: fields.texts("keywords"),
            author: fields.text("author"),
            source: fields.text("source"),
            editor: fields.text("editor"),
            reviewer: fields.text("reviewer"),
            republish: fields.choice("republish").and_then(Republish::from_key),
            wechat: fields.flag("wechat"),
            slug: fields.spanned_text("slug"),
            aliases: fields.spanned_texts("aliases"),
            spellings: Vec::new(),
            image: image(fields).map(Box::new),
            order: fields.integer("order"),
            group: fields.text("group"),
            draft: draft.unwrap_or(false),
            draft_flag,
            corrections: read_corrections(fields),
            withdrawn: read_withdrawal(fields),
            sample: fields.flag("sample").unwrap_or(false),
            template: fields.spanned_text("template"),
            terms: TaxonomyTerms::new(),
            extra: fields.json("extra"),
            highlights: highlights(fields),
        };
        for (taxonomy, key) in TAXONOMY_KEYS {
            let mut terms = fields.spanned_texts(key);
            if taxonomy == "channels" {
                terms.iter_mut().for_each(|term| channel(fields, term));
            }
            if !terms.is_empty() {
                head.terms.push((taxonomy.to_string(), terms));
            }
        }
        check_date_order(fields, ("date", head.date), ("expires", head.expires));
        head
    }
}

/// The ids in `highlights` of `extra`, by which a home page names targets. The rest of `extra` is the theme's own.
fn highlights(fields: &MappingReader<'_, '_>) -> Vec<Spanned<String>> {
    let ids = fields.node("extra").and_then(|extra| {
        let entries = &extra.as_map()?.entries;
        entries.iter().find(|entry| entry.key == "highlights")?.node.as_list()
    });
    let id = |node: &Node| node.text().map(|id| Spanned { value: id.into_owned(), span: node.span });
    ids.unwrap_or_default().iter().filter_map(id).collect()
}

/// Changes a channel to its standard spelling. An unknown channel is reported and kept.
fn channel(fields: &mut MappingReader<'_, '_>, term: &mut Spanned<String>) {
    match event::Channel::from_name(&term.value) {
        Some(known) => term.value = known.zh().to_string(),
        None => {
            let near = closest_match(&term.value, event::Channel::ALL.map(event::Channel::zh));
            let diag = Diagnostic::new(&code::UNKNOWN_CHANNEL).at(fields.source(), term.span).arg("value", &term.value);
            fields.report(diag.optional_arg("nearest", near));
        }
    }
}

fn image(fields: &mut MappingReader<'_, '_>) -> Option<ImageRef> {
    let node = fields.node("image")?;
    let image = match node.as_map() {
        None => fields.spanned_text("image").map(|src| ImageRef { src, alt: None, caption: None, credit: None })?,
        Some(_) => fields.map("image", |image| {
            image.require("src", IMAGE_FIELDS);
            let src = image.spanned_text("src")?;
            Some(ImageRef { src, alt: image.text("alt"), caption: image.text("caption"), credit: image.text("credit") })
        })??,
    };
    if image.alt.is_none() {
        let written = fields.entry("image").map_or("image", |entry| entry.key.as_str()).to_string();
        let name = |key: &'static str| {
            let field = IMAGE_FIELDS.iter().find(|field| field.key == key);
            field.filter(|_| !written.is_ascii()).map_or(key, |field| field.zh)
        };
        let fix = |alt: &str| {
            let marks = [',', '[', ']', '{', '}', '#', ':', '"', '\'', '&', '*', '!', '|', '>', '%', '@', '`'];
            let src = match image.src.value.contains(marks) {
                true => crate::yaml::quote_scalar(&image.src.value),
                false => image.src.value.clone(),
            };
            format!("{written}: {{{}: {src}, {}: {alt}}}", name("src"), name("alt"))
        };
        let diag = Diagnostic::new(&code::IMAGE_WITHOUT_ALT).at(fields.source(), image.src.span);
        fields.report(diag.arg("fix", fix("图里有什么")).arg("fix_en", fix("what it shows")));
    }
    Some(image)
}

/// Reports `end` if it is before `start`. Compares only the days unless both have a time.
pub(super) fn check_date_order(
    fields: &mut MappingReader<'_, '_>,
    start: (&str, Option<DateOrDateTime>),
    end: (&str, Option<DateOrDateTime>),
) {
    let (Some(from), Some(to)) = (start.1, end.1) else { return };
    let both = from.time.is_some() && to.time.is_some();
    if to.date > from.date || to.date == from.date && (!both || to.time >= from.time) {
        return;
    }
    let span = fields.node(end.0).map_or(fields.span(), |n| n.span);
    let name = |key: &str| fields.entry(key).map_or(key.to_string(), |e| e.key.clone());
    let diag = Diagnostic::new(&code::END_BEFORE_START)
        .at(fields.source(), span)
        .arg("start", name(start.0))
        .arg("end", name(end.0))
        .arg("start_date", from.iso().replace('T', " "))
        .arg("end_date", to.iso().replace('T', " "));
    fields.report(diag);
}

const MAX_ID_CHARACTERS: usize = 64;

/// Whether `c` is allowed in an id: letters of any script, digits, `-`, `_` and `.`.
pub(super) fn is_id_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Reads an id. Reports an id that is too long or contains a character that [`is_id_character`] rejects.
pub(super) fn read_id(fields: &mut MappingReader<'_, '_>, key: &str) -> Option<Spanned<String>> {
    let id = fields.spanned_text(key)?;
    let fits = id.value.chars().count() <= MAX_ID_CHARACTERS && id.value.chars().all(is_id_character);
    if !fits {
        let diag = Diagnostic::new(&code::BAD_ID).at(fields.source(), id.span).arg("value", &id.value);
        fields.report(diag);
        return None;
    }
    Some(id)
}

/// The ids read so far, with spans. They must all be different.
#[derive(Default)]
pub(super) struct SeenIds(Vec<Spanned<String>>);

impl SeenIds {
    /// Reads the `id` of a mapping like [`read_id`] and adds it.
    pub fn read(&mut self, fields: &mut MappingReader<'_, '_>) -> Option<Spanned<String>> {
        let id = read_id(fields, "id")?;
        self.add(fields, &id);
        Some(id)
    }

    /// Adds `id`, or reports that it was already used.
    pub fn add(&mut self, fields: &mut MappingReader<'_, '_>, id: &Spanned<String>) {
        let Some(first) = self.0.iter().find(|other| other.value == id.value) else {
            self.0.push(id.clone());
            return;
        };
        let line = fields.source().line_column(first.span.start).line;
        let diag =
            Diagnostic::new(&code::ID_USED_TWICE).at(fields.source(), id.span).arg("id", &id.value).arg("line", line);
        fields.report(diag);
    }
}

impl SectionOptions {
    /// Reads the options. `kind` is what the caller read of it, since it depends on the site.
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>, kind: Option<KindName>) -> SectionOptions {
        SectionOptions {
            kind,
            page_size: fields.integer("page_size").and_then(|n| usize::try_from(n).ok()),
            sort: fields.choice("sort").map(|sort| match sort {
                "order" => SectionOrder::Order,
                "title" => SectionOrder::Title,
                _ => SectionOrder::Date,
            }),
        }
    }
}
