//! Tells stars that multiply (`桌子*10张、椅子*20把`, `原价*0.8*数量`) and those that stand for any text in patterns and formulas of
//! spreadsheets (`192.168.*.*`, `*.jpg`, `=COUNTIF(A:A,"*专利*")`).
//!
//! Input: a run or a pair of runs with the text around. Output: whether nobody means them as marks. Does not know the other
//! runs.

use super::amounts::{ends_with_amount, ends_with_quantity, is_name_of_amount};
use super::sign_runs::{CLAUSE, Run, before, closes_outside, opens_bracket};
use puzhi_core::base::is_han;

/// Whether stars multiply what stands beside them.
pub(super) fn is_product(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    /// What can be an equation before the first star.
    const HEAD: usize = 120;
    if first.width() != 1 || !first.is_infix() || !second.is_infix() {
        return false;
    }
    let digits = first.after.is_ascii_digit() && second.after.is_ascii_digit();
    let after_brackets = matches!((first.before, second.before), ('）', '）') | (')', ')'));
    // `长20cm*宽10cm*高5cm`: an amount stands before each star.
    let head = before(text, first.start, HEAD);
    let are_amounts = ends_with_amount(head) && (ends_with_amount(content) || ends_with_quantity(content));
    if digits
        || are_amounts
        || after_brackets
        || content.contains(CLAUSE)
        || closes_outside(content)
        || opens_bracket(content)
        || is_calculated(head, content, &text[second.end..])
    {
        return true;
    }
    let ends_clause = |c: char| CLAUSE.contains(&c) || c == '\n';
    let head = head.rsplit(ends_clause).next().unwrap_or("");
    let is_equation = |words: &str| words.contains(['=', '＝', '×', '÷', '＋']);
    let is_amount = |c: Option<char>| c.is_some_and(is_name_of_amount);
    is_equation(content) || is_equation(head) || is_amount(Some(first.before)) && is_amount(content.chars().next_back())
}

/// Whether a chain of factors between stars shows by its numbers, brackets and units that it is one. `head` stands before
/// the first star, `content` between the two and `behind` after the second.
fn is_calculated(head: &str, content: &str, behind: &str) -> bool {
    /// Longest name of a last factor in characters: `折扣率`.
    const LONGEST: usize = 3;
    let has_operator = |words: &str| words.contains(['+', '＋', '－', '−', '×', '÷', '%', '％', '/']);
    // `100*（1+5%）*3`, `2*（长+宽）*高`
    let is_bracketed = content.starts_with(['（', '(']) && content.ends_with(['）', ')']);
    if is_bracketed && (has_operator(content) || head.ends_with(|c: char| c.is_ascii_digit())) {
        return true;
    }
    // `（甲+乙）*系数*月数`
    let bracket = head.strip_suffix(['）', ')']).and_then(|inner| inner.rsplit(['（', '(']).next());
    if bracket.is_some_and(has_operator) {
        return true;
    }
    // `原价*0.8*数量`, `工时*单价*1.06`
    let is_decimal = |text: &str| {
        let number = &text[..text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len()];
        number.split_once('.').is_some_and(|(whole, part)| !whole.is_empty() && !part.is_empty() && !part.contains('.'))
    };
    let is_whole = content.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_whole && is_decimal(content) || is_decimal(behind) {
        return true;
    }
    // `人数*天*元/人`, `100元/人*天*人数`
    let unit = behind.trim_start_matches(is_han);
    let is_rate = (1..=2).contains(&behind[..behind.len() - unit.len()].chars().take(3).count())
        && unit.strip_prefix('/').is_some_and(|per| per.starts_with(|c: char| is_han(c) || c.is_ascii_digit()));
    let per = head
        .rsplit_once('/')
        .filter(|(_, per)| (1..=2).contains(&per.chars().take(3).count()) && per.chars().all(is_han));
    if is_rate || per.is_some_and(|(amount, _)| ends_with_amount(amount)) {
        return true;
    }
    // `单价*数量（件）*折扣率`, `每人每天*人数*天数`
    let noted = content.strip_suffix(['）', ')']).and_then(|inner| inner.rsplit_once(['（', '(']));
    let factor = noted.map_or(content, |(name, _)| name);
    let rest = behind.trim_start_matches(is_han);
    let last = &behind[..behind.len() - rest.len()];
    let is_last = (2..=LONGEST).contains(&last.chars().take(LONGEST + 1).count())
        && !last.starts_with(['和', '与', '及', '的', '是'])
        && last.ends_with(is_name_of_amount);
    factor.ends_with(is_name_of_amount) && is_last
}

/// Whether stars stand for any text behind words that are looked for: `检索式：专利*商标*`, or a line that is nothing else.
pub(super) fn is_search(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    /// Longest text before the first word that is looked at, in bytes.
    const NEAR: usize = 90;
    let is_word = |word: &str| (2..=4).contains(&word.chars().take(5).count()) && word.chars().all(is_han);
    let head = before(text, first.start, NEAR).rsplit('\n').next().unwrap_or("");
    let word = head.rsplit(|c| !is_han(c)).next().unwrap_or("");
    if first.width() != 1 || second.width() != 1 || !is_word(word) || !is_word(content) {
        return false;
    }
    let named = ["检索式：", "检索词：", "关键词：", "搜索词：", "通配符"].iter().any(|name| head.contains(name));
    let rest = text[second.end..].trim_start_matches([' ', '\r']);
    // `这是*重点*` is stressed.
    let is_said = word.ends_with([
        '是', '为', '有', '在', '的', '请', '要', '和', '与', '了', '到', '把', '被', '对', '见', '于', '意', '看',
    ]);
    named || head == word && !is_said && (rest.is_empty() || rest.starts_with('\n'))
}

/// Whether a star stands for the rest of an address of a network or of the number of a version: `10.*.*`, `1.*和2.*`.
pub(super) fn is_open_number(text: &str, run: &Run) -> bool {
    /// Longest text that is looked at, in bytes.
    const NEAR: usize = 600;
    if run.width() != 1 || run.before != '.' {
        return false;
    }
    let line = before(text, run.start, NEAR).rsplit('\n').next().unwrap_or("");
    let behind = &text[run.end..];
    let pattern = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '*'));
    let number = &line[pattern.len()..];
    // A star that no number stands before may begin what this one ends: `*见1.3.*`.
    let is_open = pattern.match_indices('*').any(|(at, _)| !pattern[..at].ends_with(['.', '*']));
    // `1.` at the start of a line may be the number of an item.
    let is_inside = number.matches('.').count() > 1 || behind.starts_with(".*") || !pattern.trim().is_empty();
    let ends = |c: char| {
        c.is_whitespace() || ".、，；。,/）)".contains(c) || matches!(c, '和' | '与' | '及' | '或' | '至' | '到')
    };
    number.starts_with(|c: char| c.is_ascii_digit()) && !is_open && is_inside && behind.chars().next().is_none_or(ends)
}

/// Whether a star stands for any name of a file: `*.jpg`. `*.net*` may be stressed.
pub(super) fn is_any_file(text: &str, run: &Run) -> bool {
    let Some(name) = text[run.end..].strip_prefix('.').filter(|_| run.width() == 1) else { return false };
    let name = &name[..name.floor_char_boundary(8)];
    let rest = name.trim_start_matches(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let extension = &name[..name.len() - rest.len()];
    (2..=4).contains(&extension.len())
        && extension.starts_with(|c: char| c.is_ascii_lowercase())
        && !rest.starts_with(['*', '.'])
        && !run.before.is_ascii_alphanumeric()
}

/// Whether the line of the run is a formula of a spreadsheet up to it: `=B2*C2`, `=COUNTIF(A:A,"*专利*")`.
pub(super) fn is_in_formula(text: &str, run: &Run) -> bool {
    /// Longest formula in bytes.
    const LONGEST: usize = 200;
    let line = before(text, run.start, LONGEST).rsplit('\n').next().unwrap_or("");
    let Some((head, formula)) = line.rsplit_once(['=', '＝']) else { return false };
    let is_name = formula.starts_with(|c: char| c.is_ascii_uppercase());
    let open = formula.matches(['(', '（']).count() > formula.matches([')', '）']).count();
    // In the text of a formula, or between its cells at the start of a line.
    let in_brackets = is_name && open && formula.matches('"').count() % 2 == 1;
    let is_cells = head.trim().is_empty() && is_name && run.is_infix() && formula.is_ascii();
    run.width() == 1 && (in_brackets || is_cells)
}
