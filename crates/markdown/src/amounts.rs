//! Reads amounts at the end of a text: a number with its unit or measure word, such as `20cm`, `3 件` and `1.5 平方米`.
//!
//! Input: a text. Output: whether it ends with an amount. Does not know marks.

use puzhi_core::base::is_han;

/// Units and measure words in Han characters. Dates, times of day and numbers of parts are left out, since people stress them.
const UNITS: &str = "米寸尺丈里亩克斤吨升件个张块条套台把只双本册份包箱盒瓶袋桶层户人次天元角株棵头辆艘间栋座门扇樘根支枚片幅面副对组桌班队场";
/// Longest unit in characters, as `平方公里`.
const LONGEST_UNIT: usize = 4;

/// Whether `text` ends with a number and a unit.
pub(super) fn ends_with_amount(text: &str) -> bool {
    let Some(last) = text.chars().next_back() else { return false };
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, 'μ' | '²' | '³');
    // U+3380 to U+33DF are units in one character, such as U+339D.
    let is_sign = |c: char| matches!(c, '\u{3380}'..='\u{33DF}' | '℃' | '℉' | '%' | '％' | '°');
    let rest = if is_han(last) {
        if !UNITS.contains(last) {
            return false;
        }
        text.trim_end_matches(is_han)
    } else if is_sign(last) {
        text.trim_end_matches(is_sign)
    } else if is_letter(last) {
        text.trim_end_matches(is_letter)
    } else {
        return false;
    };
    let unit = text[rest.len()..].chars().take(LONGEST_UNIT + 1).count();
    let head = rest.trim_end_matches(' ');
    let before = head.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９'));
    // `第3条` is a part of a text.
    unit <= LONGEST_UNIT && before.len() < head.len() && !before.ends_with('第')
}

/// Whether the names of amounts end with this character: length, price, rate, number …
pub(super) fn is_name_of_amount(last: char) -> bool {
    "数量率价额值费重长宽高度比分积金资薪款息税本利".contains(last)
}

/// Whether a text ends with the name of an amount and its number: `数量10`.
pub(super) fn ends_with_quantity(text: &str) -> bool {
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    name.len() < text.len() && name.ends_with(is_name_of_amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        for text in ["长20cm", "甲5件", "宽 10 厘米", "高5.5㎝", "约3平方公里", "12℃", "共２箱"] {
            assert!(ends_with_amount(text), "{text}");
        }
        for text in ["5月", "2025年", "第3条", "重点", "20", "5件货", "三件", "20centimeter", "", "件"] {
            assert!(!ends_with_amount(text), "{text}");
        }
    }
}
