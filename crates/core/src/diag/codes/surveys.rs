//! Diagnostics about survey definitions and results files.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// A condition in an unknown form.
    CONDITION_UNREADABLE "condition-unreadable" Error {
        zh: "看不懂条件“{value}”", "写成“题目编号 = 选项编号”或“题目编号 != 选项编号”；几个选项写“题目编号 in 甲, 乙”";
        en: "the condition \"{value}\" cannot be understood", "write \"QUESTION = OPTION\" or \"QUESTION != OPTION\"; for several options \"QUESTION in ONE, TWO\"";
    }
    /// A condition that refers to the question itself or to a later one.
    CONDITION_NOT_EARLIER "condition-not-earlier" Error {
        zh: "条件里的题目“{name}”不在这道题的前面，答到这里时还不知道它的答案", "把“{name}”移到前面，或者改用前面的题目";
        en: "the condition names \"{name}\", which is not asked before this question", "move \"{name}\" up, or use an earlier question";
    }
    /// An id that no question has.
    UNKNOWN_QUESTION "unknown-question" Error {
        zh: "没有编号是“{name}”的题目", "最接近的是“{nearest}”";
        en: "no question has the id \"{name}\"", "the nearest is \"{nearest}\"";
    }
    /// An option that its question does not have.
    OPTION_NOT_OFFERED "option-not-offered" Error {
        zh: "题目“{question}”没有编号是“{name}”的选项", "可以写：{offered}";
        en: "the question \"{question}\" has no option \"{name}\"", "it has {offered}";
    }
    /// An awareness rule that lacks one of its keys.
    RULE_INCOMPLETE "rule-incomplete" Error {
        zh: "知晓判定写了 {given}，没有写 {missing}", "补上 {missing}，例如 {example}";
        en: "the rule of awareness gives {given} without {missing}", "add {missing}, such as {example}";
    }
    /// Both kinds of awareness rule at once.
    TWO_RULES "two-rules" Error {
        zh: "知晓判定写了两种规则，不知道按哪一种", "按一道题判定，只写 question 和 options；按几道题的得分判定，只写 questions 和 at_least";
        en: "awareness has two rules", "give question and options to judge by one question, or questions and at_least to judge by a score";
    }
    /// An option of the stricter figure that does not count as aware.
    STRICT_NOT_COUNTED "strict-not-counted" Error {
        zh: "从严选项“{name}”不在算知晓的选项里", "从严选项只能从 options 里挑：{options}";
        en: "the strict option \"{name}\" does not count as aware", "choose it from options: {options}";
    }
    /// A key that this type of question does not use.
    UNUSED_BY_TYPE "unused-by-type" Warning {
        zh: "{kind}题用不到“{key}”", "删掉它，或者改题型";
        en: "a question of the type {kind_en} has no use for \"{key}\"", "remove it, or change the type";
    }
    /// A scale with too many points.
    SCALE_TOO_LONG "scale-too-long" Error {
        zh: "量表从 {min} 到 {max} 有 {points} 级，最多 {limit} 级", "缩小范围，例如 min: 1，max: 5";
        en: "the scale from {min} to {max} has {points} points; it may have {limit}", "narrow it, such as min: 1 and max: 5";
    }
    /// Shares that do not add up to 100 %.
    SHARES_SUM "shares-sum" Error {
        zh: "各选项的比例合计 {sum}%，不是 100%", "核对来源，让合计在 99.9 到 100.1 之间";
        en: "the shares add up to {sum} %, not 100 %", "check the source; the sum must be within 99.9 and 100.1";
    }
    /// An option of the population without a share.
    SHARES_INCOMPLETE "shares-incomplete" Error {
        zh: "选项“{name}”没有写比例", "加一行 {name}: 百分数；人群里确实没有就写 0";
        en: "the option \"{name}\" has no share", "add a line {name}: its per cent, or 0 if nobody in the population is of it";
    }
    /// Two voluntary waves that are open at the same time.
    WAVES_OVERLAP "waves-overlap" Error {
        zh: "自愿填写的两次调查“{id}”和“{other}”有重叠的日子，不知道答卷归哪一次", "改 opens（开始）和 closes（截止），让它们错开";
        en: "the voluntary waves \"{id}\" and \"{other}\" are open at the same time", "change opens and closes so that they do not overlap";
    }
    /// A wave uses the id that is reserved for answers of the open form.
    WAVE_ID_RESERVED "wave-id-reserved" Error {
        zh: "“open”留给网上自愿填写的答卷，{sample}抽样的调查不能用", "换一个编号，例如 2027-phone";
        en: "\"open\" is the wave of the open form; a {sample_en} wave cannot have it", "choose another id, such as 2027-phone";
    }
    /// A public key of the office or of a device that was not copied whole.
    FIELD_KEY_INVALID "field-key-invalid" Error {
        zh: "{key} 不是完整的公钥，可能抄错或者少抄了字", "从 puzhi survey office-key 或 puzhi survey field 的输出里整行复制，以 {prefix} 开头";
        en: "{key} is no whole public key; a character may be wrong or missing", "copy it from the output of puzhi survey office-key or puzhi survey field; it starts with {prefix}";
    }
    /// The address of an external survey is not absolute.
    HOSTED_NOT_ABSOLUTE "hosted-not-absolute" Error {
        zh: "外部问卷的网址“{value}”不完整", "从浏览器地址栏复制，以 https:// 开头";
        en: "\"{value}\" is no absolute address of a survey", "copy it from the browser's address bar; it starts with https://";
    }
    /// A results file that is not in the format that `puzhi survey snapshot` writes.
    RESULTS_INVALID "results-invalid" Error {
        zh: "调查结果读不懂：{cause}", "不要手工改这个文件；重新运行 puzhi survey snapshot";
        en: "the results cannot be understood: {cause_en}", "do not edit this file; run puzhi survey snapshot again";
    }
    /// Results that contradict themselves or claim more than their sampling method allows.
    RESULTS_UNTRUE "results-untrue" Error {
        zh: "调查结果不可信：{cause}", "不要手工改这个文件；重新运行 puzhi survey snapshot";
        en: "the results cannot be true: {cause_en}", "do not edit this file; run puzhi survey snapshot again";
    }
    /// A field of a results file that is not what the store recorded or that was changed after the snapshot.
    RESULTS_ALTERED "results-altered" Error {
        zh: "批次“{wave}”的 {field} 和结果文件里的校验值对不上，统计之后被改过（现在 {found}，记录 {expected}）", "不要手工改这个文件；重新运行 puzhi survey snapshot";
        en: "{field} of wave \"{wave}\" does not agree with its digest: it was changed after the snapshot (now {found}, recorded {expected})", "do not edit this file; run puzhi survey snapshot again";
    }
    /// A field in which results and page disagree.
    RESULTS_DIFFER "results-differ" Error {
        zh: "批次“{wave}”的 {field} 在结果里是“{found}”，在问卷页上是“{expected}”", "收过答卷的批次不能改样本类型和抽样框：把问卷页改回“{found}”";
        en: "{field} of wave \"{wave}\" is \"{found}\" in the results and \"{expected}\" on the page", "sample type and frame of a wave that has answers do not change: put \"{found}\" back on the page";
    }
    /// Results without the signature that the settings ask for.
    RESULTS_UNSIGNED "results-unsigned" Error {
        zh: "site.yaml 写了 results_key，这份结果没有签名", "由保管密钥的人核对并签名：puzhi survey sign {id} --db 数据库 --key 密钥文件";
        en: "site.yaml has a results_key and these results are not signed", "whoever keeps the key checks and signs them: puzhi survey sign {id} --db DB --key FILE";
    }
    /// Results whose signature is not theirs.
    RESULTS_SIGNATURE "results-signature" Error {
        zh: "这份结果的签名不对：签名以后被改过，或者不是用 results_key 的密钥签的", "找回签过名的文件，或者重新统计：puzhi survey snapshot {id} --db 数据库，再签名：puzhi survey sign {id} --db 数据库 --key 密钥文件";
        en: "the signature of these results is wrong: they were changed after it, or another key signed them", "put the signed file back, or count again with puzhi survey snapshot {id} --db DB and sign with puzhi survey sign {id} --db DB --key FILE";
    }
    /// Results of another survey than that of the page.
    RESULTS_OF_OTHER "results-of-other" Error {
        zh: "这是问卷“{found}”的结果，旁边的页面是问卷“{id}”", "把文件放到它自己的页面旁边，或者重新运行 puzhi survey snapshot {id}";
        en: "these are results of the survey \"{found}\"; the page beside them is \"{id}\"", "put the file beside its own page, or run puzhi survey snapshot {id}";
    }
    /// A results file without a survey page beside it.
    RESULTS_ALONE "results-alone" Warning {
        zh: "旁边没有叫 {page} 的问卷页，这份结果用不上", "页面改过名就把结果文件一起改名，例如 {example}";
        en: "there is no survey page {page} beside these results, so nothing uses them", "rename the file together with its page, such as {example}";
    }
}
