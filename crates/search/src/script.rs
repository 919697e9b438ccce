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

/// What a file of a shard holds.
pub(super) struct StoredLists<'t> {
    /// The terms, with spaces between.
    pub terms: &'t str,
    /// Their lists.
    pub lists: &'t str,
}

/// Reads what [`shard_script`] wrote. `None` if the file has another name or form.
pub(super) fn stored_lists<'t>(file: &'t str, name: &str) -> Option<StoredLists<'t>> {
    let arguments = file.strip_prefix(RECEIVER)?.strip_prefix("(\"")?.strip_prefix(name)?.strip_prefix("\",\"")?;
    let (terms, lists) = arguments.strip_suffix("\")\n")?.split_once("\",\"")?;
    Some(StoredLists { terms, lists })
}

/// The data of a file that [`script`] wrote with one value. `None` if it has another name or form.
pub(super) fn stored_data(file: &str, name: &str) -> Option<Json> {
    let arguments = file.strip_prefix(RECEIVER)?.strip_prefix('(')?.strip_suffix(")\n")?;
    let [found, data]: [Json; 2] = serde_json::from_str(&format!("[{arguments}]")).ok()?;
    (found == name).then_some(data)
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
