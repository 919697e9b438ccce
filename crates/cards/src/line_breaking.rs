//! Breaks a title into lines of nearly equal length. In: a text, the widths of its characters, the width of a line. Out: the lines. Draws nothing.
//!
//! Chinese may break between any two characters (GB/T 15834-2011 for punctuation): no line starts with closing or ends with opening
//! punctuation. Latin words and numbers stay whole, as do numbers with their unit.

use crate::font::FontReader;

/// Punctuation that never ends a line.
const OPENING: &str = "（《“‘「『【〔〈([{第";
/// Punctuation that never starts a line.
const CLOSING: &str = "，。、；：？！）》”’」』】〕〉…—·％～,.;:?!)]}%";
/// Characters that stay with the number before them.
const UNITS: &str = "年月日号个项万亿条件次场人元家篇问步种类分%％";
/// Punctuation after which a line ends best.
const PAUSES: &str = "：；。？！，、—:;?!, ";

/// Words of official titles that are not torn apart if it can be avoided. Without a dictionary no program knows all words.
const WORDS: &str = "知识产权 世界 国家 国际 中国 全国 云南 云南省 昆明 昆明市 安宁 安宁市 工作 方案 解读 计划 规划 办法 规定 条例 意见 通知 公告 公示 试点 示范 强县 强市 \
    建设 商标 专利 版权 著作权 地理标志 商业秘密 抢注 注册 申请 登记 办理 办事 指南 怎么 怎样 如何 什么 为什么 哪里 多少 可以 不能 没有 自己 我们 您的 \
    质押 融资 贷款 维权 侵权 假冒 假货 举报 投诉 调解 纠纷 保护 转让 许可 转化 运用 创造 管理 服务 企业 商户 学校 校园 学生 教师 农户 合作社 市场 监管 \
    监督 行政 司法 法院 公安 活动 宣传 宣讲 培训 讲座 课堂 问卷 调查 知晓率 满意度 目标 进展 指标 政策 措施 奖励 资助 补贴 项目 名单 情况 报告 年度 \
    街道 社区 单位 部门 公司 品牌 产品 技术 创新 发展 经济 文化 群众 市民 常见 问题 材料 条件 流程 步骤 时间 地点 电话 联系 以及 关于 印发 开展";

/// How bad a last line of a single character is, where 1 is an empty line.
const LONELY: f32 = 4.0;
/// How bad a line end is that is no pause.
const MID_PHRASE: f32 = 0.12;
/// How bad a line end is that tears a word apart.
const MID_WORD: f32 = 0.8;
/// How bad a line end is that parts a single character from its phrase.
const STRAY: f32 = 0.5;
/// How bad one more line is.
const ONE_MORE: f32 = 0.3;

/// A piece of text that is not broken.
struct Unit<'t> {
    text: &'t str,
    /// Width in parts of an em, without the spaces after it.
    width: f32,
    /// Width of the spaces after it.
    space: f32,
}

/// Width of half a character that an opening or closing mark leaves empty at the end of a line, in parts of an em.
pub(crate) fn empty_half(font: &FontReader<'_>, char: Option<char>, marks: &str) -> f32 {
    let is_wide = |c: &char| marks.contains(*c) && !c.is_alphanumeric() && font.width(*c) >= 0.9;
    char.filter(is_wide).map_or(0.0, |_| 0.5)
}

/// How far a line is moved to the left, so that a wide opening mark stands at the edge.
pub(crate) fn overhang(font: &FontReader<'_>, line: &str) -> f32 {
    empty_half(font, line.chars().next(), OPENING)
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() && !is_wide(char) || matches!(char, '-' | '\'' | '&' | '+' | '@' | '_')
}

/// Chinese characters and what is set like them.
fn is_wide(char: char) -> bool {
    char >= '\u{2e80}'
}

fn may_break(before: char, after: char) -> bool {
    let closed = CLOSING.contains(after) || OPENING.contains(before);
    let in_word = is_word(before) && is_word(after);
    let with_unit = before.is_ascii_digit() && UNITS.contains(after);
    // A point or comma within a number, a stop before a Latin word.
    let after_stop = matches!(before, '.' | ',' | ':' | '/') && is_word(after);
    !(closed || in_word || with_unit || after_stop) && after != '/'
}

/// Takes a text apart where it may be broken. A piece wider than `width` is taken apart into characters.
fn units<'t>(font: &FontReader<'_>, text: &'t str, width: f32) -> Vec<Unit<'t>> {
    let mut out: Vec<Unit<'t>> = Vec::new();
    let mut push = |piece: &'t str| {
        let word = piece.trim_end();
        let unit = |text: &'t str, space| Unit { text, width: font.width_of(text), space };
        let whole = unit(word, font.width_of(&piece[word.len()..]));
        if whole.width <= width {
            out.push(whole);
        } else {
            out.extend(word.char_indices().map(|(at, char)| unit(&word[at..at + char.len_utf8()], 0.0)));
        }
    };
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, char) in text.char_indices() {
        let is_break = !char.is_whitespace() && before.is_some_and(|b| b.is_whitespace() || may_break(b, char));
        if is_break {
            push(&text[start..at]);
            start = at;
        }
        before = Some(char);
    }
    push(&text[start..]);
    out.retain(|unit| !unit.text.is_empty());
    out
}

/// Lines of a title.
pub(crate) struct Broken {
    /// The lines, at least one.
    pub lines: Vec<String>,
    /// Every line but the last ends at a pause.
    pub at_pauses: bool,
    /// A line tears a word apart, or a single character from its phrase.
    pub torn: bool,
}

/// Whether a line may well end between two pieces: after punctuation, a space or a date.
fn is_pause(before: &Unit<'_>) -> bool {
    let mut back = before.text.chars().rev();
    let (end, number) = (back.next(), back.next());
    let is_date = number.is_some_and(|n| n.is_ascii_digit()) && end.is_some_and(|end| UNITS.contains(end));
    before.space > 0.0 || is_date || end.is_some_and(|end| PAUSES.contains(end))
}

/// Whether a word of [`WORDS`] reaches over the end of `before`.
fn is_torn(before: &[Unit<'_>], after: &[Unit<'_>]) -> bool {
    const REACH: usize = 4;
    let skip = before.len().saturating_sub(REACH);
    let head: String = before[skip..].iter().map(|unit| unit.text).collect();
    let tail: String = after.iter().take(REACH).map(|unit| unit.text).collect();
    WORDS.split_whitespace().any(|word| {
        let cuts = word.char_indices().skip(1).map(|(at, _)| word.split_at(at));
        cuts.into_iter().any(|(first, second)| head.ends_with(first) && tail.starts_with(second))
    })
}

/// The best lines of a text, `most` at most, none wider than `width` ems; `None` if it does not fit.
pub(crate) fn lines(font: &FontReader<'_>, text: &str, width: f32, most: usize) -> Option<Broken> {
    let units = units(font, text, width);
    // How bad a line end after each piece is.
    let end_cost = |at: usize| match (&units[..at], &units[at..]) {
        (_, []) | ([], _) => 0.0,
        ([.., last], _) if is_pause(last) => 0.0,
        (before, after) if is_torn(before, after) => MID_WORD,
        // One character after a pause belongs to the next line, one before a pause to this.
        ([.., pause, _], _) if is_pause(pause) => STRAY,
        (_, [pause, ..]) if is_pause(pause) => STRAY,
        _ => MID_PHRASE,
    };
    let end_costs: Vec<f32> = (0..=units.len()).map(end_cost).collect();
    let mut best: Vec<Option<Best>> = vec![None; units.len() + 1];
    best[0] = Some(Best { cost: 0.0, lines: 0, from: 0 });
    // By number of lines, so that the limit holds for every way to the end.
    let mut layers = vec![best];
    for _ in 0..most {
        let before = layers.last()?;
        let mut after: Vec<Option<Best>> = vec![None; units.len() + 1];
        for (from, begun) in before.iter().enumerate() {
            let Some(begun) = begun else { continue };
            for to in from + 1..=units.len() {
                let Some(cost) = line_cost(font, &units[from..to], width, to == units.len()) else { break };
                let cost = begun.cost + cost + end_costs[to];
                if after[to].as_ref().is_none_or(|known| cost < known.cost) {
                    after[to] = Some(Best { cost, lines: begun.lines + 1, from });
                }
            }
        }
        layers.push(after);
    }
    let ends = layers.iter().filter_map(|layer| layer[units.len()].as_ref());
    let last = ends.min_by(|a, b| total(a).total_cmp(&total(b)))?;
    let (mut at, mut out) = (units.len(), Vec::new());
    let mut worst: f32 = 0.0;
    for count in (1..=last.lines).rev() {
        let from = layers[count][at].as_ref()?.from;
        out.push(joined(&units[from..at]));
        worst = worst.max(end_costs[at]);
        at = from;
    }
    out.reverse();
    Some(Broken { lines: out, at_pauses: worst == 0.0, torn: worst > MID_PHRASE })
}

/// The best way to the end of a line.
#[derive(Clone)]
struct Best {
    cost: f32,
    lines: usize,
    /// The unit with which the line begins.
    from: usize,
}

fn total(best: &Best) -> f32 {
    best.cost + ONE_MORE * best.lines as f32
}

fn joined(units: &[Unit<'_>]) -> String {
    let mut out = String::new();
    for (i, unit) in units.iter().enumerate() {
        out.push_str(unit.text);
        if unit.space > 0.0 && i + 1 < units.len() {
            out.push(' ');
        }
    }
    out
}

/// How bad a line of these units is; `None` if it is too wide.
fn line_cost(font: &FontReader<'_>, units: &[Unit<'_>], width: f32, is_last: bool) -> Option<f32> {
    let (first, last) = (units.first()?, units.last()?);
    let end = last.text.chars().next_back();
    let spare = overhang(font, first.text) + empty_half(font, end, CLOSING);
    let all: f32 = units.iter().map(|unit| unit.width + unit.space).sum();
    let used = all - last.space - spare;
    if used > width + 0.001 {
        return None;
    }
    let empty = 1.0 - used / width;
    let letters = units.iter().flat_map(|unit| unit.text.chars()).filter(|c| !CLOSING.contains(*c)).count();
    let lonely = if is_last && letters < 2 { LONELY } else { 0.0 };
    Some(empty * empty + lonely)
}

/// As many lines as fit, the last of them cut short with an ellipsis.
pub(crate) fn cut_lines(font: &FontReader<'_>, text: &str, width: f32, most: usize) -> Vec<String> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    // The longest beginning that fits. More characters never need less room, so halving finds it.
    let (mut fits, mut too_long) = (0, ends.len());
    let cut = |count: usize| {
        let end = ends.get(count).copied().unwrap_or(text.len());
        lines(font, &format!("{}…", text[..end].trim_end()), width, most)
    };
    while fits + 1 < too_long {
        let middle = usize::midpoint(fits, too_long);
        match cut(middle) {
            Some(_) => fits = middle,
            None => too_long = middle,
        }
    }
    cut(fits).map(|broken| broken.lines).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::CardFont;

    fn broken(text: &str, width: f32) -> Option<Vec<String>> {
        let font = CardFont::embedded();
        Some(lines(&font.reader().unwrap(), text, width, 3)?.lines)
    }

    #[test]
    fn titles_break_at_pauses_into_lines_of_nearly_equal_length() {
        assert_eq!(broken("质押融资怎么办", 8.0).unwrap(), ["质押融资怎么办"]);
        assert_eq!(broken("用专利、商标贷款：质押融资怎么办", 9.0).unwrap(), ["用专利、商标贷款：", "质押融资怎么办"]);
        // No word is torn apart.
        assert_eq!(broken("商标被人抢注了怎么办", 8.0).unwrap(), ["商标被人", "抢注了怎么办"]);
        assert_eq!(
            broken("2025年4月26日世界知识产权日：进校园、进企业、进市场", 11.0).unwrap(),
            ["2025年4月26日", "世界知识产权日：", "进校园、进企业、进市场"]
        );
        assert_eq!(broken("一二三四五六七八九", 3.0).unwrap().len(), 3);
        assert_eq!(broken("一二三四五六七八九十", 3.0), None);
    }

    #[test]
    fn no_line_starts_with_closing_or_ends_with_opening_punctuation() {
        let text = "关于印发《安宁市“知识产权”强县（试点）工作方案》的通知：一、二、三，（四）";
        for tenths in 55..200 {
            let Some(lines) = broken(text, tenths as f32 / 10.0) else { continue };
            assert_eq!(lines.concat(), text);
            for line in lines {
                let (first, last) = (line.chars().next().unwrap(), line.chars().next_back().unwrap());
                assert!(!CLOSING.contains(first) && !OPENING.contains(last), "{tenths}: {line}");
            }
        }
    }

    #[test]
    fn no_single_character_stands_on_the_last_line_if_it_can_be_avoided() {
        for count in 2..24 {
            let text: String = "安宁市知识产权宣传周活动安排表及说明材料汇编目录全".chars().take(count).collect();
            for width in 2..12 {
                let Some(lines) = broken(&text, width as f32) else { continue };
                assert!(lines.last().unwrap().chars().count() > 1, "{width}: {lines:?}");
            }
        }
    }

    #[test]
    fn words_and_numbers_stay_whole() {
        for tenths in 60..160 {
            let Some(lines) = broken("2025年4月26日 Intellectual Property 进校园 3.5 万人次", tenths as f32 / 10.0)
            else {
                continue;
            };
            let all = lines.join("|");
            for whole in ["2025年", "26日", "Intellectual", "Property", "3.5"] {
                assert!(all.contains(whole), "{all}");
            }
        }
        // A word that fits no line is broken all the same.
        assert_eq!(broken("abcdefghijklmnop", 4.0).unwrap().concat(), "abcdefghijklmnop");
    }

    #[test]
    fn what_is_too_long_ends_with_an_ellipsis() {
        let font = CardFont::embedded();
        let reader = font.reader().unwrap();
        let long = "知识产权".repeat(500);
        let lines = cut_lines(&reader, &long, 10.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…') && lines.concat().chars().count() > 25, "{lines:?}");
        assert_eq!(cut_lines(&reader, "", 10.0, 3), ["…"]);
    }
}
