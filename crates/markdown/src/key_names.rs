//! Tells the names of keys and buttons in angle brackets, such as `按 <P> 键`, `<Ctrl>+<C>`, from tags of HTML.
//!
//! Input: a text and the place of `<`. Output: whether it begins such a name. Looks only at the words around it, and at
//! whether the end tag that an element would need is in the same paragraph.

use puzhi_core::base::is_zero_width;

/// Words before the name of a key.
const VERBS: [&str; 10] = ["按", "按下", "按住", "点", "点击", "单击", "双击", "敲", "键入", "再按"];
/// Words behind the name of a key or a button.
const NOUNS: [&str; 10] = ["键", "盘", "按键", "组合键", "快捷键", "按钮", "钮", "图标", "盘符", "选项卡"];
/// Keys whose names nobody takes for something else.
const KEYS: [&str; 16] = [
    "ctrl",
    "alt",
    "shift",
    "enter",
    "esc",
    "tab",
    "space",
    "del",
    "delete",
    "insert",
    "home",
    "end",
    "backspace",
    "pageup",
    "pagedown",
    "capslock",
];

/// Whether the `<` at `at` begins the name of a key: words or other keys around it say so, and nothing ends the element that
/// it would be.
pub(super) fn begins_key_name(text: &str, at: usize) -> bool {
    /// Longest name in bytes.
    const LONGEST: usize = 12;
    let rest = &text[at + 1..];
    let length = rest.bytes().take(LONGEST + 1).take_while(u8::is_ascii_alphanumeric).count();
    let name = &rest[..length];
    if length > LONGEST || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !rest[length..].starts_with('>') {
        return false;
    }
    let is_key = KEYS.iter().any(|key| name.eq_ignore_ascii_case(key));
    // `按<br>` breaks the line.
    let is_void = ["br", "hr", "wbr", "img", "p"].contains(&name);
    let is_space = |c: char| c == ' ' || c == '*' || is_zero_width(c);
    let behind = rest[length + 1..].trim_start_matches(is_space);
    let before = text[..at].trim_end_matches(is_space);
    let is_named = NOUNS.iter().any(|noun| behind.starts_with(noun));
    let is_joined =
        behind.strip_prefix(['+', '＋']).is_some_and(|next| next.trim_start_matches(is_space).starts_with('<'))
            || before.strip_suffix(['+', '＋']).is_some_and(|last| last.trim_end_matches(is_space).ends_with('>'));
    let is_pressed = || VERBS.iter().any(|verb| before.ends_with(verb));
    (is_key || is_named || is_joined || !is_void && is_pressed()) && !is_ended(behind, name)
}

/// Whether the end tag of the element is in the rest of the paragraph.
fn is_ended(rest: &str, name: &str) -> bool {
    /// Most bytes that are searched.
    const REACH: usize = 2_000;
    let paragraph = rest.split("\n\n").next().unwrap_or("").as_bytes();
    let paragraph = &paragraph[..paragraph.len().min(REACH)];
    let is_end = |at: usize| {
        let tag = paragraph.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(paragraph, b"</").any(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let names = text.match_indices('<').filter(|(at, _)| begins_key_name(text, *at));
        names.map(|(at, _)| text[at + 1..].split('>').next().unwrap()).collect()
    }

    #[test]
    fn names_of_keys() {
        for (text, names) in [
            ("按 <P> 键打印，按<B>键加粗", vec!["P", "B"]),
            ("<Ctrl>+<C>复制，<Ctrl> + <S> 保存", vec!["Ctrl", "C", "Ctrl", "S"]),
            ("点击<S>，再按<Esc>退出", vec!["S", "Esc"]),
            ("按<del>键删除，<Enter> 确认", vec!["del", "Enter"]),
            ("**<U>** 按钮", vec!["U"]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
        for text in [
            "按<b>时间</b>排列",
            "按<br>顺序",
            "点击<u>这里</u>",
            "<b>键</b>盘",
            "甲<sub>2</sub>",
            "<details>",
            "按<a href=x>键",
            "<del>键</DEL>",
            "<p>键入",
        ] {
            assert!(found(text).iter().all(|name| *name == "p"), "{text}: {:?}", found(text));
        }
    }
}
