//! Finds the telephone numbers of a text, and what a device dials for them.
//!
//! Input: a text as a person wrote it. Output: the place of each number and its dial form. Numbers of mobiles, of
//! landlines with an area code, of 400 and 800 and with `+86` are known by their form; shorter ones are numbers only
//! where the words around them say so. In doubt a number is none. Does not know HTML or pages.

use std::ops::Range;

use super::phone_form::{Certainty, PhoneForm, forms_at};
use super::phone_label::{Label, is_counted, is_hotline_after, label_before, may_end, may_start, without_remark};

/// A telephone number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// Where it stands, in bytes, without its extension.
    pub range: Range<usize>,
    /// What `tel:` needs: digits, hyphens and `+`.
    pub dial: String,
}

/// A text in which telephone numbers are looked for.
#[derive(Debug, Clone, Copy)]
pub struct PhoneText<'t> {
    /// The text.
    pub text: &'t str,
    /// What readers see right after it; empty if nothing follows or nothing is known.
    pub after: &'t str,
    /// Whether something outside the text says that it names telephone numbers, such as the head of its column.
    pub is_labelled: bool,
}

/// A piece of a text: a number, or what stands between numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhonePiece<'t> {
    /// The piece as it is written.
    pub text: &'t str,
    /// The dial form of a number.
    pub dial: Option<String>,
}

/// What a device dials for a written number: its digits, ASCII hyphens and `+`. The rest is for the eye.
pub fn dial_form(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '-')).collect()
}

/// Whether a text is one number and nothing else, whatever its form: digits with the signs that people group them by.
pub fn is_bare_number(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '（' | '）');
    text.chars().all(sign) && text.contains(|c: char| c.is_ascii_digit())
}

impl<'t> PhoneText<'t> {
    /// A text of its own that is a value of a field for telephone numbers.
    pub fn of_field(text: &'t str) -> Self {
        Self { text, after: "", is_labelled: true }
    }

    /// A text of its own that may name telephone numbers.
    pub fn of_prose(text: &'t str) -> Self {
        Self { text, after: "", is_labelled: false }
    }

    /// The next number that starts at byte `from` or later. What stands before it counts as its context.
    pub fn next(&self, from: usize) -> Option<PhoneNumber> {
        let mut at = from;
        loop {
            let run = next_digits(self.text.as_bytes(), at)?;
            at = run.end;
            let found = forms_at(self.text, &run).find(|form| form.range.start >= from && self.is_number(form));
            if let Some(form) = found {
                return Some(PhoneNumber { dial: self.dial(&form), range: form.range });
            }
        }
    }

    /// The text in pieces, in order; together they are the text. A field that is one number of an unusual form is a
    /// number, too.
    pub fn pieces(&self) -> Vec<PhonePiece<'t>> {
        let mut out = Vec::new();
        let mut done = 0;
        while let Some(PhoneNumber { range, dial }) = self.next(done) {
            if range.start > done {
                out.push(PhonePiece { text: &self.text[done..range.start], dial: None });
            }
            done = range.end;
            out.push(PhonePiece { text: &self.text[range], dial: Some(dial) });
        }
        if done < self.text.len() {
            let whole = done == 0 && self.is_labelled && is_bare_number(self.text);
            out.push(PhonePiece { text: &self.text[done..], dial: whole.then(|| dial_form(self.text)) });
        }
        out
    }

    /// What is dialled: with `+86` before it no zero of the area code, and the area code that the number before has.
    fn dial(&self, form: &PhoneForm) -> String {
        let digits = |start| dial_form(&self.text[start..form.range.end]);
        match (form.behind_country, self.area_before(form)) {
            (Some(start), _) => format!("+86{}", digits(start).replace('-', "").trim_start_matches('0')),
            (None, Some(area)) => format!("{area}-{}", digits(form.range.start)),
            (None, None) => digits(form.range.start),
        }
    }

    fn is_number(&self, form: &PhoneForm) -> bool {
        let before = &self.text[..form.range.start];
        let after = match &self.text[form.range.end..] {
            "" => self.after,
            rest => rest,
        };
        if !may_start(before, form.is_spaced) || !may_end(after, form.takes_extension, form.is_spaced) {
            return false;
        }
        let label = label_before(before);
        if label == Label::Other || form.certainty != Certainty::Certain && is_counted(after) {
            return false;
        }
        let is_named = || self.is_labelled || label == Label::Phone || self.is_next_of_list(before);
        match form.certainty {
            Certainty::Certain | Certainty::Likely => true,
            Certainty::Unlabelled => is_named() || self.area_before(form).is_some(),
            Certainty::Short => {
                let length = form.range.len();
                is_named()
                    || match label {
                        Label::Emergency => true,
                        Label::Service => length == 5,
                        _ => length == 5 && is_hotline_after(after),
                    }
            }
        }
    }

    /// Whether the number after `before` stands in a list of numbers of which the first is introduced: `拨打110、119`.
    fn is_next_of_list(&self, before: &str) -> bool {
        const MAX_NUMBERS: usize = 8;
        let mut before = before;
        for _ in 0..MAX_NUMBERS {
            let Some(number) = number_before(before) else { return false };
            before = &before[..number.start];
            match label_before(before) {
                Label::Phone => return true,
                Label::Other => return false,
                _ => {}
            }
        }
        false
    }

    /// The area code of the number before, if `form` is a local number in a list with it: `0871-68690000、68690001`.
    fn area_before(&self, form: &PhoneForm) -> Option<&'t str> {
        let is_local = form.certainty == Certainty::Unlabelled && matches!(form.range.len(), 7 | 8);
        let text = self.text;
        let number = number_before(&text[..form.range.start]).filter(|_| is_local)?;
        let (area, _) = text[number].split_once('-')?;
        (matches!(area.len(), 3 | 4) && area.starts_with('0')).then_some(area)
    }
}

/// The number before the sign or word that joins two numbers at the end of the text.
fn number_before(text: &str) -> Option<Range<usize>> {
    const MAX_BYTES: usize = 20;
    let text = text.trim_end_matches(' ');
    let joined =
        text.strip_suffix(['、', '/', '或', '和', '及', '与']).or_else(|| text.strip_suffix("或者"))?.trim_end();
    let joined = without_remark(joined).unwrap_or(joined);
    let length = joined.bytes().rev().take(MAX_BYTES + 1).take_while(|b| b.is_ascii_digit() || *b == b'-').count();
    (3..=MAX_BYTES).contains(&length).then(|| joined.len() - length..joined.len())
}

/// The next run of at least three digits from `from` on. Looks at every third byte only, since a run of three has one of
/// them.
fn next_digits(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    const SHORTEST: usize = 3;
    let mut at = from + SHORTEST - 1;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            let before = bytes[from..at].iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let after = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
            if before + after >= SHORTEST {
                return Some(at - before..at + after);
            }
            at += after;
        }
        at += SHORTEST;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `number dial` of each number.
    fn found(phones: &PhoneText<'_>) -> Vec<String> {
        let pieces = phones.pieces();
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), phones.text);
        pieces.iter().filter_map(|p| p.dial.as_ref().map(|dial| format!("{} {dial}", p.text))).collect()
    }

    fn in_prose(text: &str) -> Vec<String> {
        found(&PhoneText::of_prose(text))
    }

    #[test]
    fn numbers_are_known_by_their_form() {
        for (text, wanted) in [
            ("找王老师13800138000。", "13800138000 13800138000"),
            ("138-0013-8000，", "138-0013-8000 138-0013-8000"),
            ("138 0013 8000 王", "138 0013 8000 13800138000"),
            ("0871-68690000转801", "0871-68690000 0871-68690000"),
            ("0871-68690000-801。", "0871-68690000 0871-68690000"),
            ("（0871）68690000", "（0871）68690000 087168690000"),
            ("(0871) 6869 0000", "(0871) 6869 0000 087168690000"),
            ("0871 6869 0000 转 2", "0871 6869 0000 087168690000"),
            ("010-62356655问", "010-62356655 010-62356655"),
            ("0871－6869000", "0871－6869000 08716869000"),
            ("0875-2120000", "0875-2120000 0875-2120000"),
            ("400-123-4567", "400-123-4567 400-123-4567"),
            ("800-810-1234转2", "800-810-1234 800-810-1234"),
            ("4008-123-123", "4008-123-123 4008-123-123"),
            ("+86 138 0013 8000", "+86 138 0013 8000 +8613800138000"),
            ("+8613800138000", "+8613800138000 +8613800138000"),
            ("+86-10-62356655", "+86-10-62356655 +861062356655"),
            ("+86 (0871) 68690000", "+86 (0871) 68690000 +8687168690000"),
            ("0086-871-68690000", "0086-871-68690000 +8687168690000"),
            ("+86 871 1234567", "+86 871 1234567 +868711234567"),
            ("地址：人民路12号 0871-68690000", "0871-68690000 0871-68690000"),
            ("电话：0871-68690000/0871-68690001", "0871-68690000 0871-68690000|0871-68690001 0871-68690001"),
            ("0871-68690000、68690001", "0871-68690000 0871-68690000|68690001 0871-68690001"),
            ("咨询电话（工作日）：68690000", "68690000 68690000"),
            ("电话:6869000-12", "6869000 6869000"),
            ("手机号：13800138000", "13800138000 13800138000"),
            ("电话/传真：0871-68690000", "0871-68690000 0871-68690000"),
            ("Tel.087168690000, call 4001234567", "087168690000 087168690000|4001234567 4001234567"),
            ("TEL:0871-68690000", "0871-68690000 0871-68690000"),
        ] {
            assert_eq!(in_prose(text), wanted.split('|').collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn short_numbers_are_numbers_where_words_say_so() {
        for (text, wanted) in [
            ("先拨12348免费问", "12348"),
            ("请拨打全国12315。", "12315"),
            ("热线“12330”", "12330"),
            ("报警电话（110）", "110"),
            ("拨打110、119或120求助", "110 119 120"),
            ("拨12315（举报）、12348（法律咨询）和12345", "12315 12348 12345"),
            ("火警119、急救120", "119 120"),
            ("咨询12345，", "12345"),
            ("12345政务服务便民热线", "12345"),
            ("12368诉讼服务热线", "12368"),
            ("打96128", "96128"),
            ("电话是95533", "95533"),
            ("致电：10086", "10086"),
            ("12315人工服务请拨12315人工", "12315"),
            ("Hotline 12315 takes consumers", "12315"),
            ("Call the number 12348", "12348"),
            ("拨打12345时请说明", "12345"),
            ("拨打12368人民法院热线", "12368"),
        ] {
            let numbers: Vec<String> =
                in_prose(text).into_iter().map(|n| n.split(' ').next().unwrap().into()).collect();
            assert_eq!(numbers.join(" "), wanted, "{text}");
        }
    }

    #[test]
    fn other_numbers_stay_text() {
        for text in [
            "2026年12月31日",
            "2026-11-28",
            "20261128",
            "电话统计20261128",
            "热线2021-2025年",
            "ZL202010123456.7",
            "专利号 13800138000",
            "注册号：13800138000",
            "530123199001011234",
            "53012319900101123X",
            "91530181MA6K12345X",
            "915301810123456789",
            "6222 1380 0138 0000 123",
            "62 138 0013 8000",
            "6222021380013800000",
            "账号13800138000",
            "订单号是13800138000",
            "QQ：13800138000",
            "13800138000元",
            "13800138000万元",
            "￥13800138000",
            "13800138000.5",
            "3.13800138000",
            "a13800138000",
            "13800138000a",
            "138001380001",
            "138****8000",
            "13800138000*2",
            "云政发〔2026〕12345号",
            "第12345号",
            "受理12345件",
            "热线12034件",
            "接听电话120次",
            "举报110人次",
            "举报110，投诉80",
            "咨询12,345",
            "投诉12345.6",
            "12315平台",
            "www.12315.cn",
            "110千伏",
            "120急诊",
            "12345",
            "传真：0871-68690000",
            "Fax 0871-68690000",
            "recall 12345",
            "GB/T 37668",
            "0871-68690000-2026-01",
            "ISBN 978-7-100-12345-6",
            "0000-12345678",
            "1:13800138000",
            "0871-68690000x",
            "邮编650300",
            "电话12345%",
            "12315-1",
            "电话110-120",
            "400 123 456",
            "13800138000～13800138999",
            "拨",
            "电话：",
            "+1 415 555 0100",
        ] {
            assert_eq!(in_prose(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_field_for_numbers_names_them_all() {
        let field = |text| found(&PhoneText::of_field(text));
        assert_eq!(field("12315（举报）、12348（法律咨询）"), ["12315 12315", "12348 12348"]);
        assert_eq!(field("12345（请它转接）"), ["12345 12345"]);
        assert_eq!(field("010-62356655（国家知识产权局咨询电话）"), ["010-62356655 010-62356655"]);
        assert_eq!(field("0000-12345"), ["0000-12345 0000-12345"]);
        assert_eq!(field("68690000"), ["68690000 68690000"]);
        for text in ["工作时间打窗口电话", "每年120件", "", "传真 68690000"] {
            assert_eq!(field(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_follows_the_text_counts() {
        let next = |text, after| PhoneText { text, after, is_labelled: false }.next(0).map(|n| n.dial);
        assert_eq!(next("拨12345", ""), Some("12345".into()));
        assert_eq!(next("拨12345", "投诉"), Some("12345".into()));
        for after in ["6", "件", "a", "-1"] {
            assert_eq!(next("拨12345", after), None, "{after}");
        }
        assert_eq!(next("12345", "热线"), Some("12345".into()));
    }

    #[test]
    fn labels_of_columns_and_lists() {
        for label in
            ["电话", "联系电话：", "咨询热线", "电话号码（工作日）", "先打", "Phone", "tel", "联系方式", "手机"]
        {
            assert!(is_phone_label(label), "{label}");
        }
        for label in
            ["", "传真", "电话量（件）", "来电数", "热线受理件数", "证件号码", "号码", "办理", "recall", "电话接通率"]
        {
            assert!(!is_phone_label(label), "{label}");
        }
        assert!(introduces_phones("拿不准的，可以打下面的电话："));
        assert!(!introduces_phones("打了电话，请带下列材料：") && !introduces_phones("电话。"));
    }

    use super::super::{introduces_phones, is_phone_label};

    #[test]
    fn hostile_texts_take_time_in_proportion_to_their_length() {
        for piece in
            ["110（", "）110", "拨110、", "0871-", "（0871）", "1 ", "138 ", "（）110", "+86-", "—110", "110    "]
        {
            let text = piece.repeat(200_000 / piece.len());
            let phones = PhoneText::of_prose(&text);
            let mut from = 0;
            let mut count = 0;
            while let Some(number) = phones.next(from) {
                assert!(number.range.start >= from);
                (from, count) = (number.range.end, count + 1);
            }
            assert!(count <= text.len() / 3);
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_and_dial_forms_are_dialled(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "0871", "68690000", "138", "0013", "8000", "13800138000", "-", " ", "（", "）", "(", ")", "+86", "0086",
                    "10", "110", "12345", "400", "拨", "电话：", "、", "转", "/", "—", "元", "号", "a", "1", "４", "\u{A0}", "或",
                ]),
                0..16,
            ),
            is_labelled in any::<bool>(),
        ) {
            let text = pieces.concat();
            let phones = PhoneText { text: &text, after: "", is_labelled };
            let shown: String = phones.pieces().iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&shown, &text);
            let mut from = 0;
            while let Some(PhoneNumber { range, dial }) = phones.next(from) {
                prop_assert!(range.start >= from && range.end > range.start);
                prop_assert!(dial.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+'), "{}", dial);
                prop_assert!(dial.bytes().filter(u8::is_ascii_digit).count() >= 3, "{}", dial);
                let around = |at: usize, back: bool| match back {
                    true => text[..at].chars().next_back(),
                    false => text[at..].chars().next(),
                };
                prop_assert!(!around(range.start, true).is_some_and(|c| c.is_ascii_alphanumeric()));
                prop_assert!(!around(range.end, false).is_some_and(|c| c.is_ascii_alphanumeric()));
                from = range.end;
            }
        }
    }
}
