//! Diagrams: the YAML of `flow`, `decision`, `bars`, `line` and `gauge`, and the ruler of `timeline`.

use super::{DiagnosticCode, Severity};

codes! {
    /// YAML of a diagram that cannot be read.
    BAD_DIAGRAM "bad-diagram" Error {
        zh: "“{name}”的内容有误：{zh}", "一行写一个“键: 值”，例如 {example}";
        en: "the content of \"{name}\" cannot be read: {en}", "write one \"key: value\" a line, as in {example}";
    }
    /// More entries than a diagram shows.
    TOO_MANY_ENTRIES "diagram-too-many" Error {
        zh: "“{key}”最多 {limit} 项，从这一项起超出了", "分成几张图，或者改用表格";
        en: "\"{key}\" takes at most {limit} entries; this one is beyond them", "make several diagrams, or a table";
    }
    /// A step of somebody who is not among the roles.
    UNKNOWN_LANE "unknown-lane" Error {
        zh: "上面的“角色”里没有“{lane}”", "最接近的是 {nearest}";
        en: "the roles above do not have \"{lane}\"", "the nearest is {nearest}";
    }
    /// A jump to a step, question or outcome that is not there.
    UNKNOWN_JUMP "unknown-jump" Error {
        zh: "这张图里没有“{to}”，走不过去", "最接近的是 {nearest}";
        en: "the diagram has no \"{to}\" to go to", "the nearest is {nearest}";
    }
    /// A step that goes on to itself.
    JUMP_TO_ITSELF "jump-to-itself" Error {
        zh: "“{to}”这一步又转到它自己", "写另一步的标题，或者去掉这一行";
        en: "the step \"{to}\" goes to itself", "name another step, or remove this line";
    }
    /// Questions that lead back to one of them.
    DECISION_LOOP "decision-loop" Error {
        zh: "从“{text}”走下去，又回到这一问，永远没有结果", "把其中一个选项的“去”改成一个结果";
        en: "from \"{text}\" the answers lead back to it, without an outcome", "let one of the answers go to an outcome";
    }
    /// A question or an outcome that no answer leads to.
    UNREACHED "unreached-entry" Error {
        zh: "没有一个选项走到“{text}”", "在一个选项里写 去: {text}，或者去掉它";
        en: "no answer leads to \"{text}\"", "write \"to: {text}\" in an answer, or remove it";
    }
    /// Two roles, steps, questions or outcomes of one name.
    REPEATED_NAME "repeated-diagram-name" Error {
        zh: "“{text}”写了两次，分不清是哪一个", "给其中一个换个名字";
        en: "\"{text}\" is written twice, so that it is not clear which one is meant", "give one of them another name";
    }
    /// A value of a chart that is no number, or none that the chart can show.
    BAD_NUMBER "bad-diagram-number" Error {
        zh: "“{value}”不能画：{zh}", "{hint_zh}";
        en: "\"{value}\" cannot be drawn: {en}", "{hint_en}";
    }
    /// Points of a line that are not in the order of time.
    OUT_OF_ORDER "points-out-of-order" Error {
        zh: "“{later}”写在“{earlier}”后面，先后反了", "从早到晚排列";
        en: "\"{later}\" stands after \"{earlier}\", which is later", "order them from the earliest to the latest";
    }
}
