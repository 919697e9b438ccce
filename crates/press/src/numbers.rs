//! Numbers of lists as text. In: a number and how HTML wants it written. Out: its letters or digits.

/// A number as a list writes it; what letters and Roman numerals cannot write is in digits.
pub(crate) fn number_text(number: i64, style: char) -> String {
    let text = match style {
        'a' | 'A' => letters(number),
        'i' | 'I' => roman(number),
        _ => None,
    };
    match text {
        Some(text) if style.is_ascii_uppercase() => text.to_ascii_uppercase(),
        Some(text) => text,
        None => number.to_string(),
    }
}

fn letters(number: i64) -> Option<String> {
    let mut rest = u64::try_from(number).ok().filter(|number| *number > 0)?;
    let mut out = Vec::new();
    while rest > 0 {
        out.push((b'a' + ((rest - 1) % 26) as u8) as char);
        rest = (rest - 1) / 26;
    }
    Some(out.into_iter().rev().collect())
}

fn roman(number: i64) -> Option<String> {
    const PARTS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut out = String::new();
    for (value, text) in PARTS {
        while rest >= value {
            out.push_str(text);
            rest -= value;
        }
    }
    Some(out)
}
