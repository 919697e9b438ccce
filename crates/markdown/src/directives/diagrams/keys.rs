//! The keys that the YAML of diagrams may hold. Reader, findings and reference page use these tables.

/// Definition of a key in the YAML of a diagram.
#[derive(Debug, PartialEq)]
pub struct DiagramKey {
    /// English spelling of the key.
    pub en: &'static str,
    /// Chinese spelling of the key.
    pub zh: &'static str,
    /// Whether the mapping must have the key.
    pub required: bool,
    /// What the key takes.
    pub takes: DiagramValue,
    /// Description in Chinese.
    pub about_zh: &'static str,
    /// Description in English.
    pub about_en: &'static str,
}

/// What a key takes.
#[derive(Debug, PartialEq)]
pub enum DiagramValue {
    /// Text in one line.
    Text,
    /// Markdown without directives.
    Markdown,
    /// A number without its unit.
    Number,
    /// Names: a list, or one line with `、` or commas between them.
    Names,
    /// yes or no.
    Flag,
    /// A relative path or an address.
    Link,
    /// A list of mappings with these keys.
    Entries {
        /// Keys of each mapping.
        keys: &'static [DiagramKey],
        /// Most mappings in the list.
        limit: usize,
    },
}

use DiagramValue::{Entries, Flag, Link, Markdown, Names, Number, Text};

/// Most roles of a flow, which stand beside each other.
pub const MAX_LANES: usize = 5;

/// Keys of `flow`.
pub static FLOW: &[DiagramKey] = &[
    optional(
        "lanes",
        "角色",
        Names,
        "谁来做，最多 5 个，按从左到右的顺序",
        "who takes steps, 5 at most, from left to right",
    ),
    optional("ordered", "有序", Flag, "写“否”，各项不分先后，不写序号", "no: parts without order or numbers"),
    required("steps", "步骤", Entries { keys: STEP, limit: 30 }, "一步一项", "an entry for each step"),
];

/// Keys of a step of `flow`.
static STEP: &[DiagramKey] = &[
    required("title", "标题", Text, "这一步叫什么", "what the step is called"),
    optional("who", "谁", Names, "由哪些角色做；写了“角色”就必须写", "who takes it; required if there are roles"),
    optional("text", "内容", Markdown, "怎么做，可以有链接", "how, with links if needed"),
    optional("mark", "标记", Text, "要醒目的一句，如 质权从这时设立", "words to stand out"),
    optional("jump", "转到", Text, "不走下一步时转到哪一步，写那一步的标题", "title of the step that follows instead"),
    optional("when", "条件", Text, "什么情况下转过去", "in which case"),
];

/// Keys of `decision`.
pub static DECISION: &[DiagramKey] = &[
    required("questions", "问题", Entries { keys: QUESTION, limit: 30 }, "从第一个问起", "the first is asked first"),
    required("outcomes", "结果", Entries { keys: OUTCOME, limit: 40 }, "走到最后该做什么", "what to do in the end"),
];

/// Keys of a question.
static QUESTION: &[DiagramKey] = &[
    required("ask", "问", Text, "问什么", "the question"),
    optional(
        "id",
        "代号",
        Text,
        "给“去”用的短名；不写就用问题本身",
        "a short name for \"to\"; else the question itself",
    ),
    required("answers", "选项", Entries { keys: ANSWER, limit: 16 }, "几种回答", "the answers"),
];

/// Keys of an answer.
static ANSWER: &[DiagramKey] = &[
    required("answer", "答", Text, "回答", "the answer"),
    required("to", "去", Text, "接着问哪个问题，或者得到哪个结果", "the question or outcome that follows"),
];

/// Keys of an outcome.
static OUTCOME: &[DiagramKey] = &[
    required("title", "标题", Text, "该做什么", "what to do"),
    optional("id", "代号", Text, "给“去”用的短名；不写就用标题", "a short name for \"to\"; else the title"),
    optional("link", "链接", Link, "点标题到哪里", "where the title leads"),
    optional("text", "内容", Markdown, "一两句说明", "a sentence or two"),
];

/// Keys of `bars`.
pub static BARS: &[DiagramKey] = &[
    UNIT,
    SOURCE,
    AS_OF,
    required("data", "数据", Entries { keys: BAR, limit: 40 }, "一根柱一项", "an entry for each bar"),
];

/// Keys of `line`.
pub static LINE: &[DiagramKey] = &[
    UNIT,
    SOURCE,
    AS_OF,
    required(
        "data",
        "数据",
        Entries { keys: POINT, limit: 60 },
        "一个点一项，至少两项",
        "an entry for each point, two at least",
    ),
];

static BAR: &[DiagramKey] = &[required("name", "名称", Text, "这根柱是什么", "what the bar is for"), VALUE];

static POINT: &[DiagramKey] =
    &[required("name", "时间", Text, "如 2024年、2024年8月、2024-08-01", "such as 2024, 2024-08 or 2024-08-01"), VALUE];

/// Keys of `gauge`.
pub static GAUGE: &[DiagramKey] = &[
    required("goal", "目标", Number, "目标是多少", "the goal"),
    optional("value", "现状", Number, "现在是多少；还没有数就不写", "where it stands; left out without data"),
    UNIT,
    SOURCE,
    AS_OF,
    optional("by", "期限", Text, "什么时候要达到", "when the goal is to be reached"),
];

const UNIT: DiagramKey = required("unit", "单位", Text, "数的单位，如 件、%", "unit of the values");
const SOURCE: DiagramKey = required("source", "来源", Text, "数从哪里来", "where the values come from");
const AS_OF: DiagramKey = optional("as_of", "截至", Text, "数是哪一天的", "day of the values");
const VALUE: DiagramKey = required("value", "数值", Number, "只写数字", "the number alone");

const fn required(
    en: &'static str,
    zh: &'static str,
    takes: DiagramValue,
    about_zh: &'static str,
    about_en: &'static str,
) -> DiagramKey {
    DiagramKey { en, zh, required: true, takes, about_zh, about_en }
}

const fn optional(
    en: &'static str,
    zh: &'static str,
    takes: DiagramValue,
    about_zh: &'static str,
    about_en: &'static str,
) -> DiagramKey {
    DiagramKey { en, zh, required: false, takes, about_zh, about_en }
}
