//! The words around digits that say whether they are a number to dial.
//!
//! Input: the text before or after digits. Output: whether it names, counts or identifies something. Does not know the
//! forms of numbers.

use super::phone_form::is_hyphen;

/// What the words before digits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// That they are a telephone number.
    Phone,
    /// That somebody is asked or told something, where a well-known number may follow.
    Service,
    /// That help is called, where the number of an emergency service may follow.
    Emergency,
    /// That they are another number: of an account, a document, a fax machine.
    Other,
    /// Nothing.
    None,
}

/// Words that end what introduces a telephone number.
const PHONE_WORDS: [&str; 17] = [
    "电话",
    "热线",
    "专线",
    "拨打",
    "拨",
    "致电",
    "来电",
    "打",
    "手机",
    "座机",
    "固话",
    "手机号",
    "电话号",
    "手机号码",
    "电话号码",
    "热线号码",
    "微信同号",
];
const LATIN_PHONE_WORDS: [&str; 8] = ["tel", "tel.", "phone", "telephone", "hotline", "call", "dial", "ring"];
const SERVICE_WORDS: [&str; 9] = ["咨询", "举报", "投诉", "求助", "维权", "报名", "联系", "查询", "问"];
const EMERGENCY_WORDS: [&str; 5] = ["报警", "急救", "火警", "匪警", "求救"];
/// Words between a label and the number.
const FILLERS: [&str; 16] = [
    "是", "为", "请", "全国", "全省", "全市", "当地", "本地", "免费", "统一", "官方", "政务", "公益", "了", "the",
    "number",
];
/// Words that name another number than one to dial.
const OTHER_WORDS: [&str; 14] =
    ["代码", "编码", "条码", "账户", "帐户", "邮编", "金额", "序列", "代号", "面积", "总额", "共计", "合计", "价格"];
const LATIN_OTHER_WORDS: [&str; 8] = ["qq", "no.", "no", "id", "sn", "fax", "isbn", "issn"];

/// What the text before a number says of it.
pub(super) fn label_before(before: &str) -> Label {
    let mut rest = trim_marks(before);
    if is_other(rest) {
        return Label::Other;
    }
    if let Some(outer) = without_remark(rest) {
        rest = trim_marks(outer);
        if is_other(rest) {
            return Label::Other;
        }
    }
    // Each word is taken off once at most.
    for _ in 0..3 {
        if ends_with_any(rest, &PHONE_WORDS) || ends_with_latin(rest, &LATIN_PHONE_WORDS) {
            return Label::Phone;
        }
        match FILLERS.iter().find_map(|word| rest.strip_suffix(word)) {
            Some(outer) => rest = trim_marks(outer),
            None => break,
        }
    }
    match () {
        _ if ends_with_any(rest, &EMERGENCY_WORDS) => Label::Emergency,
        _ if ends_with_any(rest, &SERVICE_WORDS) => Label::Service,
        _ => Label::None,
    }
}

/// Whether the paragraph before a list says that telephone numbers follow: its last clause names them, before a colon.
pub fn introduces_phones(text: &str) -> bool {
    const MAX_CHARACTERS: usize = 40;
    const WORDS: [&str; 4] = ["电话", "热线", "专线", "拨打"];
    let Some(text) = text.trim_end().strip_suffix(['：', ':']) else { return false };
    let start = text.char_indices().rev().take(MAX_CHARACTERS).last().map_or(0, |(at, _)| at);
    let clause = text[start..].rsplit(['，', '。', '；', '！', '？']).next().unwrap_or("");
    WORDS.iter().any(|word| clause.contains(word))
}

/// Whether a heading of a column, a cell or a term says that telephone numbers follow.
pub fn is_phone_label(text: &str) -> bool {
    const MAX_BYTES: usize = 60;
    const COUNTS: [char; 9] = ['数', '量', '次', '件', '率', '%', '元', '时', '真'];
    const ENDS: [&str; 8] = ["热线", "专线", "手机", "手机号", "手机号码", "联系方式", "先打", "拨打"];
    let text = text.trim();
    let may_be = |c: char| c.is_ascii_alphabetic() || "话线机号码式打）)：:".contains(c);
    if text.len() > MAX_BYTES || !text.ends_with(may_be) {
        return false;
    }
    let text = without_remark(text).unwrap_or(text).trim_end_matches(['：', ':', ' ']);
    if text.contains(COUNTS) {
        return false;
    }
    text.contains("电话") || ends_with_any(text, &ENDS) || ends_with_latin(text, &LATIN_PHONE_WORDS)
}

/// The text without the marks between a label and a number.
fn trim_marks(text: &str) -> &str {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '：' | ':' | '“' | '"' | '‘' | '「' | '『' | '【' | '[' | '（' | '(' | '—')
    })
}

/// The text without the remark in parentheses at its end.
pub(super) fn without_remark(text: &str) -> Option<&str> {
    const MAX_CHARACTERS: usize = 20;
    let inner = text.strip_suffix(['）', ')'])?;
    let (open, _) = inner.char_indices().rev().take(MAX_CHARACTERS).find(|(_, c)| matches!(c, '（' | '('))?;
    Some(text[..open].trim_end())
}

fn ends_with_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(word))
}

/// Whether the text ends with one of the words in any letter case, which is no part of a longer word.
fn ends_with_latin(text: &str, words: &[&str]) -> bool {
    if !text.ends_with(|c: char| c.is_ascii_alphabetic() || c == '.') {
        return false;
    }
    words.iter().any(|word| {
        let at = text.len().checked_sub(word.len()).filter(|at| text.is_char_boundary(*at));
        at.is_some_and(|at| {
            text[at..].eq_ignore_ascii_case(word) && !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
        })
    })
}

/// Whether the words name a number that is not dialled.
fn is_other(text: &str) -> bool {
    let text = text.trim_end_matches(['是', '为']);
    if let Some(owner) = text.strip_suffix("号码").or_else(|| text.strip_suffix('号')) {
        return !owner.ends_with(['机', '话', '线', '系', '信', '同', '拨'])
            && !owner.ends_with(|c: char| c.is_ascii_digit());
    }
    if let Some(before) = text.strip_suffix("传真") {
        let both = before.trim_end_matches(['/', '、', '兼', '及', '和', '（', '(', '·', ' ', '／']);
        return both.len() == before.len() || !both.ends_with('话');
    }
    text.ends_with('第') || ends_with_any(text, &OTHER_WORDS) || ends_with_latin(text, &LATIN_OTHER_WORDS)
}

/// Whether a number that ends here goes on, or is the count of something. `after` is what follows it.
pub(super) fn is_counted(after: &str) -> bool {
    const UNITS: &str = "元万亿千百余多人名位户家个件项次起例条款年月日天岁倍份册页张台套亩吨斤克米场期届批种号";
    const WORDS: [&str; 12] =
        ["公里", "公斤", "公顷", "平方", "平米", "小时", "分钟", "美元", "左右", "以上", "以下", "以内"];
    const NOT_UNITS: [&str; 6] = ["人工", "人民", "起诉", "例如", "家长", "天天"];
    let after = after.trim_start_matches(' ');
    let begins = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
    after.starts_with(|c: char| UNITS.contains(c)) && !begins(&NOT_UNITS) || begins(&WORDS)
}

/// Whether the words after a public number call it a hotline: `12345政务服务便民热线`.
pub(super) fn is_hotline_after(after: &str) -> bool {
    const NAMES: [&str; 3] = ["热线", "专线", "电话"];
    const PARTS: [&str; 24] = [
        "政务",
        "政府",
        "便民",
        "服务",
        "市民",
        "市长",
        "消费者",
        "消费",
        "投诉",
        "举报",
        "公共",
        "法律",
        "援助",
        "诉讼",
        "知识产权",
        "维权",
        "咨询",
        "求助",
        "报警",
        "急救",
        "火警",
        "监督",
        "全国",
        "免费",
    ];
    const MAX_PARTS: usize = 6;
    let mut rest = after.trim_start_matches([' ', '”', '"', '」', '』']);
    for _ in 0..MAX_PARTS {
        if NAMES.iter().any(|name| rest.starts_with(name)) {
            return true;
        }
        match PARTS.iter().find_map(|part| rest.strip_prefix(part)) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    false
}

/// Whether a number may start after `before`: not within a word, a longer number, an amount or an address.
pub(super) fn may_start(before: &str, is_spaced: bool) -> bool {
    let mut chars = before.chars().rev();
    let Some(c) = chars.next() else { return true };
    let next = chars.next();
    let after_digit = next.is_some_and(|c| c.is_ascii_digit());
    match c {
        ':' | '/' | ',' => !after_digit || c == '/',
        '.' => before.len() >= 4 && ends_with_latin(before, &["tel."]),
        ' ' | '\u{A0}' => !(is_spaced && after_digit),
        '-' => next.is_some_and(super::is_han),
        c if is_hyphen(c) => !next.is_some_and(|c| c.is_ascii_alphanumeric()),
        '#' | '@' | '_' | '=' | '&' | '%' | '$' | '¥' | '￥' | '+' | '*' | '~' | '～' | '^' | '\\' | '№' | '≥'
        | '≤' | '<' | '>' | '±' | '×' => false,
        c => !c.is_alphanumeric() || super::is_han(c),
    }
}

/// How the text goes on after a number.
pub(super) fn may_end(after: &str, takes_extension: bool, is_spaced: bool) -> bool {
    let mut chars = after.chars();
    let Some(c) = chars.next() else { return true };
    let rest = chars.as_str();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match c {
        c if is_hyphen(c) => {
            let goes_on = rest[digits..].starts_with(|c: char| c.is_ascii_alphanumeric() || is_hyphen(c));
            digits == 0 && !rest.starts_with(|c: char| c.is_ascii_alphabetic())
                || takes_extension && (1..=6).contains(&digits) && !goes_on
        }
        '.' | ':' | '~' | '～' | '至' => digits == 0,
        ',' => digits != 3,
        ' ' | '\u{A0}' => !(is_spaced && digits > 0),
        '%' | '％' | '‰' | '℃' | '°' | '*' | '+' | '=' | '@' | '_' | '×' | '\\' => false,
        c => !c.is_alphanumeric() || super::is_han(c),
    }
}
