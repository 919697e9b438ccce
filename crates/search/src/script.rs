//! Files of the index as classic scripts: a call of the client's function with data alone. In: text. Out: JavaScript. A script loads from any
//! folder and from disk, and a strict Content-Security-Policy allows it.

use serde_json::Value as Json;

use super::symbols::symbol_text;

/// Name of the function that a file of the index calls.
const RECEIVER: &str = "puzhiSearch";

/// A call with the file's name, the terms of a shard and its lists. Neither needs an escape: terms are letters and Han characters, lists are
/// symbols.
pub(super) fn shard_script(name: &str, terms: &str, lists: &[u8]) -> String {
    let lists = symbol_text(lists);
    debug_assert!(![terms, lists].iter().any(|text| text.contains(['"', '\\']) || text.contains(char::is_control)));
    let mut out = String::with_capacity(RECEIVER.len() + name.len() + terms.len() + lists.len() + 16);
    for text in [RECEIVER, "(\"", name, "\",\"", terms, "\",\"", lists, "\")\n"] {
        out.push_str(text);
    }
    out
}

/// A call with the file's name and data.
pub(super) fn script(name: &str, data: &[Json]) -> String {
    let mut out = String::with_capacity(64);
    out.push_str(RECEIVER);
    out.push('(');
    push_json(&mut out, &Json::from(name));
    for value in data {
        out.push(',');
        push_json(&mut out, value);
    }
    out.push_str(")\n");
    out
}

/// JSON is JavaScript but for two characters that end a line in old engines.
fn push_json(out: &mut String, value: &Json) {
    let text = value.to_string();
    if text.contains(['\u{2028}', '\u{2029}']) {
        out.push_str(&text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"));
    } else {
        out.push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stays_data() {
        let data = [Json::from("\"\u{2028}</script>\n\\")];
        let out = script("a", &data);
        assert_eq!(out, "puzhiSearch(\"a\",\"\\\"\\u2028</script>\\n\\\\\")\n");
    }
}
