//! The table of all directives: name, argument, options and body.
//!
//! The parser, the diagnostics and the reference page use this table. Does not know how a directive is rendered.

use super::diagrams::keys::{self, DiagramKey};

/// Definition of one directive.
#[derive(Debug)]
pub struct DirectiveDefinition {
    /// Name in braces.
    pub name: &'static str,
    /// Whether it takes an argument.
    pub argument: DirectiveArgument,
    /// Options it accepts.
    pub options: &'static [OptionDefinition],
    /// What the body contains.
    pub body: DirectiveBodyKind,
    /// Purpose in one line, in Chinese.
    pub zh: &'static str,
    /// Purpose in one line, in English.
    pub en: &'static str,
}

/// The text after the name in the fence line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DirectiveArgument {
    /// The directive has no argument.
    None,
    /// The argument may be omitted. The texts describe it in Chinese and English.
    Optional(&'static str, &'static str),
    /// The argument is required. The texts describe it in Chinese and English.
    Required(&'static str, &'static str),
}

/// Definition of an option, written as `:name: value`.
#[derive(Debug)]
pub struct OptionDefinition {
    /// Name of the option.
    pub name: &'static str,
    /// Accepted values.
    pub value: OptionValueKind,
    /// Description in Chinese.
    pub zh: &'static str,
    /// Description in English.
    pub en: &'static str,
}

/// Accepted values of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionValueKind {
    /// Any text.
    Text,
    /// A list separated by commas.
    List,
    /// true, false, yes, no, 是 or 否; an option without value is true.
    Bool,
    /// An integer between the two numbers, both inclusive.
    Number(usize, usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// Content of the body of a directive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DirectiveBodyKind {
    /// The directive has no body.
    None,
    /// Markdown.
    Markdown,
    /// Markdown that contains one ordered list.
    Steps,
    /// Markdown in which each heading is a question and the text below it the answer.
    Questions,
    /// Markdown with one image per line.
    Images,
    /// A YAML list of mappings with these keys.
    Entries(&'static [EntryKey]),
    /// A YAML mapping with these keys, which describes a diagram.
    Diagram(&'static [DiagramKey]),
}

/// Definition of a key in a YAML entry.
#[derive(Debug, PartialEq)]
pub struct EntryKey {
    /// English spelling of the key.
    pub en: &'static str,
    /// Chinese spelling of the key.
    pub zh: &'static str,
    /// Whether each entry must have the key.
    pub required: bool,
}

const fn key(en: &'static str, zh: &'static str, required: bool) -> EntryKey {
    EntryKey { en, zh, required }
}

const fn option(name: &'static str, value: OptionValueKind, zh: &'static str, en: &'static str) -> OptionDefinition {
    OptionDefinition { name, value, zh, en }
}

const TITLE: DirectiveArgument = DirectiveArgument::Optional("标题", "a title");
const DIAGRAM_TITLE: DirectiveArgument = DirectiveArgument::Required("图的标题", "the diagram's title");
const LIMIT: OptionDefinition = option("limit", OptionValueKind::Number(1, 500), "最多几条", "how many at most");
const CAMPAIGN: OptionDefinition =
    option("campaign", OptionValueKind::Text, "只要这个活动系列的", "only of this campaign");
const UNIT: OptionDefinition = option("unit", OptionValueKind::Text, "只要这个责任单位的", "only of this unit");

/// All directives, in the order of the reference page.
pub static DIRECTIVES: &[DirectiveDefinition] = &[
    DirectiveDefinition {
        name: "note",
        argument: TITLE,
        options: &[],
        body: DirectiveBodyKind::Markdown,
        zh: "一段补充说明",
        en: "a note set off from the text",
    },
    DirectiveDefinition {
        name: "tip",
        argument: TITLE,
        options: &[],
        body: DirectiveBodyKind::Markdown,
        zh: "一段提示",
        en: "a piece of advice",
    },
    DirectiveDefinition {
        name: "warning",
        argument: TITLE,
        options: &[],
        body: DirectiveBodyKind::Markdown,
        zh: "一段提醒注意的话",
        en: "something to beware of",
    },
    DirectiveDefinition {
        name: "details",
        argument: DirectiveArgument::Required("折叠时显示的一句话", "the line shown while closed"),
        options: &[option("open", OptionValueKind::Bool, "一开始就展开", "open from the start")],
        body: DirectiveBodyKind::Markdown,
        zh: "可以折叠的内容",
        en: "content that opens and closes",
    },
    DirectiveDefinition {
        name: "steps",
        argument: DirectiveArgument::None,
        options: &[],
        body: DirectiveBodyKind::Steps,
        zh: "办事步骤：里面写一个有序列表，每一项一步",
        en: "steps to take: one ordered list, a step each",
    },
    DirectiveDefinition {
        name: "faq",
        argument: DirectiveArgument::None,
        options: &[],
        body: DirectiveBodyKind::Questions,
        zh: "常见问题：每个问题写成 ### 标题，下面写回答",
        en: "questions and answers: each question a ### heading with its answer below",
    },
    DirectiveDefinition {
        name: "figure",
        argument: DirectiveArgument::Required("图片的路径", "the image's path"),
        options: &[
            option(
                "alt",
                OptionValueKind::Text,
                "图片的说明文字，给看不见图的人",
                "what the image shows, for those who cannot see it",
            ),
            option("caption", OptionValueKind::Text, "图注", "the caption"),
            option("credit", OptionValueKind::Text, "图片的作者或来源", "whose image it is"),
        ],
        body: DirectiveBodyKind::Markdown,
        zh: "一张带图注和来源的图片；图注也可以写在里面",
        en: "an image with caption and credit; the caption may also be the body",
    },
    DirectiveDefinition {
        name: "gallery",
        argument: DirectiveArgument::None,
        options: &[],
        body: DirectiveBodyKind::Images,
        zh: "一组图片：每行一张 ![说明](图片)",
        en: "a group of images, one a line",
    },
    DirectiveDefinition {
        name: "download",
        argument: DirectiveArgument::Required("文件的路径", "the file's path"),
        options: &[option("title", OptionValueKind::Text, "显示的名称", "the name shown")],
        body: DirectiveBodyKind::None,
        zh: "一个可下载的文件，带类型和大小",
        en: "a file to download, with type and size",
    },
    DirectiveDefinition {
        name: "contacts",
        argument: DirectiveArgument::None,
        options: &[],
        body: DirectiveBodyKind::Entries(CONTACT),
        zh: "联系方式：YAML 列表",
        en: "whom to ask: a YAML list",
    },
    DirectiveDefinition {
        name: "timeline",
        argument: DirectiveArgument::None,
        options: &[option(
            "ruler",
            OptionValueKind::Text,
            "上面画一把尺子，这里写它的单位，如 个月；每一项再写“位置”",
            "a ruler above the list, in this unit; each entry then has \"at\"",
        )],
        body: DirectiveBodyKind::Entries(TIMELINE),
        zh: "时间线：YAML 列表",
        en: "what happened when: a YAML list",
    },
    DirectiveDefinition {
        name: "flow",
        argument: DIAGRAM_TITLE,
        options: &[],
        body: DirectiveBodyKind::Diagram(keys::FLOW),
        zh: "步骤图：一步一步，各归哪个角色",
        en: "steps, each in the lane of who takes it",
    },
    DirectiveDefinition {
        name: "decision",
        argument: DIAGRAM_TITLE,
        options: &[],
        body: DirectiveBodyKind::Diagram(keys::DECISION),
        zh: "选择图：几个问题，走到一个结果",
        en: "questions that lead to outcomes",
    },
    DirectiveDefinition {
        name: "bars",
        argument: DIAGRAM_TITLE,
        options: &[],
        body: DirectiveBodyKind::Diagram(keys::BARS),
        zh: "柱图：几个数比长短，带单位和来源",
        en: "values as bars, with unit and source",
    },
    DirectiveDefinition {
        name: "line",
        argument: DIAGRAM_TITLE,
        options: &[],
        body: DirectiveBodyKind::Diagram(keys::LINE),
        zh: "折线图：一个数怎样随时间变，带单位和来源",
        en: "a value over time as a line, with unit and source",
    },
    DirectiveDefinition {
        name: "gauge",
        argument: DIAGRAM_TITLE,
        options: &[],
        body: DirectiveBodyKind::Diagram(keys::GAUGE),
        zh: "进度图：目标是多少，现在到了哪里",
        en: "a goal and where it stands",
    },
    DirectiveDefinition {
        name: "target",
        argument: DirectiveArgument::Required("目标的编号", "the target's id"),
        options: &[],
        body: DirectiveBodyKind::None,
        zh: "一个目标和它的进展",
        en: "one target and how far it is reached",
    },
    DirectiveDefinition {
        name: "targets",
        argument: DirectiveArgument::None,
        options: &[
            option("group", OptionValueKind::Text, "只要这一组的", "only of this group"),
            UNIT,
            option(
                "counts",
                OptionValueKind::Bool,
                "不列表，只写一共几项、公布了几项",
                "no table, only how many there are and how many have data",
            ),
        ],
        body: DirectiveBodyKind::None,
        zh: "目标一览",
        en: "the board of targets",
    },
    DirectiveDefinition {
        name: "table",
        argument: DirectiveArgument::Required(
            "数据文件的路径（csv、yaml、json）",
            "the data file's path (csv, yaml, json)",
        ),
        options: &[
            option("caption", OptionValueKind::Text, "表格的标题", "the table's caption"),
            option("columns", OptionValueKind::List, "要哪几列，用逗号隔开", "which columns, with commas between"),
        ],
        body: DirectiveBodyKind::None,
        zh: "把数据文件显示成表格",
        en: "a data file as a table",
    },
    DirectiveDefinition {
        name: "events",
        argument: DirectiveArgument::None,
        options: &[
            CAMPAIGN,
            option("channel", OptionValueKind::Text, "只要这一“进”的，如 进社区", "only of this channel"),
            UNIT,
            option("upcoming", OptionValueKind::Bool, "只要还没开始的", "only those to come"),
            LIMIT,
        ],
        body: DirectiveBodyKind::None,
        zh: "活动列表",
        en: "a list of events",
    },
    DirectiveDefinition {
        name: "pages",
        argument: DirectiveArgument::None,
        options: &[
            option("section", OptionValueKind::Text, "只要这个栏目的", "only of this section"),
            option("kind", OptionValueKind::Text, "只要这种类型的", "only of this kind"),
            option("tag", OptionValueKind::Text, "只要有这个标签的", "only with this tag"),
            UNIT,
            CAMPAIGN,
            option("sort", OptionValueKind::OneOf(&["date", "order", "title"]), "怎样排序", "in which order"),
            LIMIT,
        ],
        body: DirectiveBodyKind::None,
        zh: "文章列表",
        en: "a list of pages",
    },
    DirectiveDefinition {
        name: "toc",
        argument: DirectiveArgument::None,
        options: &[option("depth", OptionValueKind::Number(2, 6), "列到第几级标题", "down to which level of heading")],
        body: DirectiveBodyKind::None,
        zh: "本页目录",
        en: "the page's contents",
    },
    DirectiveDefinition {
        name: "survey",
        argument: DirectiveArgument::Required("问卷的编号", "the survey's id"),
        options: &[option("compact", OptionValueKind::Bool, "只显示入口", "only the way in")],
        body: DirectiveBodyKind::None,
        zh: "一份问卷",
        en: "a survey",
    },
];

/// Keys of the entries of `contacts`.
pub static CONTACT: &[EntryKey] = &[
    key("name", "名称", true),
    key("place", "地点", false),
    key("phone", "电话", false),
    key("hours", "时间", false),
    key("note", "备注", false),
];

/// Keys of the entries of `timeline`.
pub static TIMELINE: &[EntryKey] = &[
    key("date", "日期", true),
    key("end", "结束", false),
    key("title", "标题", true),
    key("text", "内容", false),
    key("link", "链接", false),
    key("at", "位置", false),
];

/// Definition of the directive `name`.
pub fn find(name: &str) -> Option<&'static DirectiveDefinition> {
    DIRECTIVES.iter().find(|d| d.name == name)
}
