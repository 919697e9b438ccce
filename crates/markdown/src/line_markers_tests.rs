//! Tests of `line_markers`: what stands at the start of lines as people type and paste them.

use super::line_markers::*;

fn of(line: &str) -> Option<(MarkerKind, u32, &str)> {
    marker(line).map(|m| (m.kind, m.number, &line[..m.length]))
}

#[test]
fn markers_of_lines() {
    assert_eq!(of("十二、甲"), Some((MarkerKind::Han, 12, "十二、")));
    assert_eq!(of("二十一、甲"), Some((MarkerKind::Han, 21, "二十一、")));
    assert_eq!(of("（十）甲"), Some((MarkerKind::HanInParentheses, 10, "（十）")));
    assert_eq!(of("第三步：甲"), Some((MarkerKind::Ordinal('步'), 3, "第三步")));
    assert_eq!(of("第 12 条 甲"), Some((MarkerKind::Ordinal('条'), 12, "第 12 条")));
    assert_eq!(of("（3）甲"), Some((MarkerKind::InParentheses, 3, "（3）")));
    assert_eq!(of("3．甲"), Some((MarkerKind::Fullwidth, 3, "3．")));
    assert_eq!(of("3.甲"), Some((MarkerKind::Unspaced, 3, "3.")));
    assert_eq!(of("③甲"), Some((MarkerKind::Enclosed('①'), 3, "③")));
    assert_eq!(of("C．甲"), Some((MarkerKind::Letter, 3, "C．")));
    assert_eq!(of("-甲"), Some((MarkerKind::UnspacedSign('-'), 0, "-")));
    assert_eq!(of("+甲"), Some((MarkerKind::UnspacedSign('+'), 0, "+")));
    assert_eq!(of("2，甲"), Some((MarkerKind::NumberSign('，'), 2, "2，")));
    assert_eq!(of("2-甲"), Some((MarkerKind::NumberSign('-'), 2, "2-")));
    assert_eq!(of("二）甲"), Some((MarkerKind::HanSign('）'), 2, "二）")));
    assert_eq!(of("（b）甲"), Some((MarkerKind::LetterInParentheses, 2, "（b）")));
    assert_eq!(of("——甲"), Some((MarkerKind::Dash, 0, "——")));
    assert_eq!(of("附件 2 甲"), Some((MarkerKind::Word("附件"), 2, "附件 2")));
    assert_eq!(of("图2 甲"), Some((MarkerKind::Word("图"), 2, "图2")));
    assert_eq!(of("1.2. 甲"), Some((MarkerKind::Decimal(1), 2, "1.2.")));
    assert_eq!(of("1.2甲"), Some((MarkerKind::DecimalUnspaced(1), 2, "1.2")));
    assert_eq!(of("No.2 甲"), Some((MarkerKind::Word("No."), 2, "No.2")));
    assert_eq!(of("II. 甲"), Some((MarkerKind::Roman, 2, "II.")));
    assert_eq!(of("iv) 甲"), Some((MarkerKind::Roman, 4, "iv)")));
    assert_eq!(of("B 甲"), Some((MarkerKind::Letter, 2, "B ")));
    assert_eq!(of("#2 甲"), Some((MarkerKind::Word("#"), 2, "#2")));
    assert_eq!(of("-- 甲"), Some((MarkerKind::Dashes, 0, "--")));
    assert_eq!(of("Q1: 甲"), Some((MarkerKind::Label, 0, "Q1:")));
    for line in ["一天", "十分、很", "IVX. 甲", "II", "A: ok", "- 甲", "-5℃", "A.B", "（甲）", "2025、", ""]
    {
        assert_eq!(of(line), None, "{line}");
    }
}

#[test]
fn markers_as_offices_paste_them() {
    assert_eq!(of("３．甲"), Some((MarkerKind::Fullwidth, 3, "３．")));
    assert_eq!(of("１２、甲"), Some((MarkerKind::Comma, 12, "１２、")));
    assert_eq!(of("2. 甲"), Some((MarkerKind::Spaced, 2, "2.")));
    assert_eq!(of("2。甲"), Some((MarkerKind::Fullwidth, 2, "2。")));
    assert_eq!(of("2 甲"), Some((MarkerKind::Bare, 2, "2 ")));
    assert_eq!(of("1.2 甲"), Some((MarkerKind::Decimal(1), 2, "1.2 ")));
    assert_eq!(of("1.2.3 甲"), Some((MarkerKind::Decimal(1_002), 3, "1.2.3 ")));
    assert_eq!(of("[2] 甲"), Some((MarkerKind::InBrackets, 2, "[2]")));
    assert_eq!(of("〔2〕甲"), Some((MarkerKind::InBrackets, 2, "〔2〕")));
    assert_eq!(of("2\u{FE0F}\u{20E3} 甲"), Some((MarkerKind::Keycap, 2, "2\u{FE0F}\u{20E3}")));
    assert_eq!(of("Ⅱ.甲"), Some((MarkerKind::Enclosed('Ⅰ'), 2, "Ⅱ")));
    assert_eq!(of("b) 甲"), Some((MarkerKind::Letter, 2, "b)")));
    assert_eq!(of("一.甲"), Some((MarkerKind::Han, 1, "一.")));
    assert_eq!(of("一　甲"), Some((MarkerKind::Han, 1, "一　")));
    assert_eq!(of("二是落实"), Some((MarkerKind::HanWord('是'), 2, "二是")));
    assert_eq!(of("其二，甲"), Some((MarkerKind::Its, 2, "其二，")));
    assert_eq!(of("第二，甲"), Some((MarkerKind::Ordinal('，'), 2, "第二，")));
    assert_eq!(of("📍地点"), Some((MarkerKind::Sign, 0, "📍")));
    assert_eq!(of("\u{F0B7} 甲"), Some((MarkerKind::Sign, 0, "\u{F0B7}")));
    assert_eq!(of("o 甲"), Some((MarkerKind::Sign, 0, "o ")));
    for line in ["[1](a.md)", "1:30:20", "其一甲", "o k", "二要", "1a", "12345 甲", "1.2"] {
        assert_eq!(of(line), None, "{line}");
    }
}

#[test]
fn roman_numbers_count_on_across_letters() {
    let markers: Vec<_> = ["I.", "II.", "III.", "IV.", "V.", "VI.", "VII.", "VIII.", "IX.", "X.", "XI."]
        .iter()
        .filter_map(|mark| marker(&format!("{mark} 甲")))
        .collect();
    assert_eq!(markers.len(), 11);
    assert!(markers.windows(2).all(|pair| pair[1].follows(&pair[0])), "{markers:?}");
    assert!(!markers[2].follows(&markers[0]) && !markers[9].follows(&markers[4]));
}

#[test]
fn labels_dates_and_times() {
    assert_eq!(of("时间：九点"), Some((MarkerKind::Label, 0, "时间：")));
    assert_eq!(of("联 系 人: 甲"), Some((MarkerKind::Label, 0, "联 系 人:")));
    assert_eq!(of("Q：甲"), Some((MarkerKind::Label, 0, "Q：")));
    assert_eq!(of("9:30 签到"), Some((MarkerKind::Time, 0, "9:30")));
    assert_eq!(of("14：00-15：00 会"), Some((MarkerKind::Time, 0, "14：00")));
    assert_eq!(of("4月26日咨询"), Some((MarkerKind::Date, 0, "4月26日")));
    assert_eq!(of("2026年4月："), Some((MarkerKind::Date, 0, "2026年4月")));
    let second = markers("附件：1.申请表")[1];
    assert_eq!(
        second.map(|found| (found.at, found.marker.kind, found.marker.number)),
        Some(("附件：".len(), MarkerKind::Unspaced, 1))
    );
    for line in ["http：//a", "https://a", "他说，今天：甲", "这是一句很长很长的话：甲", "2026年增长", "：甲", "C:\\甲"]
    {
        assert_eq!(of(line), None, "{line}");
    }
}
