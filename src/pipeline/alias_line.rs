//! The line of front matter that keeps old addresses of a page.
//!
//! In: a page's file and the addresses. Out: the whole line to type, under the key that the author used and with what stands there
//! already. Reads the file; does not know why the addresses are old.

use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{COMMON_FIELDS, split_front_matter};
use puzhi_core::yaml::{MappingEntry, parse_mapping, quote_scalar};

/// What to type, in both languages.
pub(super) struct AliasLine {
    pub zh: String,
    pub en: String,
}

impl AliasLine {
    /// For the page of this file.
    pub fn of_page((files, settings): (&FileSnapshot, &Settings), path: &SitePath, old: &[Route]) -> AliasLine {
        match present_line((files, settings), path, old) {
            Some(line) => AliasLine {
                zh: format!("就把这一页写旧网址的那一行改成 {line}"),
                en: format!("write its line of aliases as {line}"),
            },
            None => {
                let list = flow_list(old.iter().map(Route::as_str));
                AliasLine {
                    zh: format!("就在这一页加一行 旧网址: {list}"),
                    en: format!("add aliases: {list} to this page"),
                }
            }
        }
    }

    /// For a page that is not known.
    pub fn of_any_page(old: &Route) -> AliasLine {
        let list = flow_list([old.as_str()]);
        AliasLine {
            zh: format!("就在那一页加一行 旧网址: {list}（那一页写过旧网址的，加进同一个方括号里）"),
            en: format!("add aliases: {list} there, or add it to the list that is there already"),
        }
    }
}

/// The line that a page has, with the old addresses added; `None` if it has none.
fn present_line((files, settings): (&FileSnapshot, &Settings), path: &SitePath, old: &[Route]) -> Option<String> {
    let (file, _) = files.read_text(path, settings.limits.markdown, "markdown").ok()?;
    let source = SourceText::new(path, &file.text);
    let (mapping, _) = parse_mapping(&source, split_front_matter(&file.text).front?);
    let is_alias = |entry: &&MappingEntry| COMMON_FIELDS.iter().any(|f| f.key == "aliases" && f.is_named(&entry.key));
    let entry = mapping.entries.iter().find(is_alias)?;
    let items = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
    let texts = items.iter().filter_map(|item| Some(item.text()?.trim().to_string()));
    let mut texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.extend(old.iter().map(|old| old.as_str().to_string()));
    Some(format!("{}: {}", entry.key, flow_list(texts.iter().map(String::as_str))))
}

/// A list in brackets, in which only those are quoted that need it.
fn flow_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let marks =
        [',', '[', ']', '{', '}', '#', ':', '"', '\'', '&', '*', '!', '|', '>', '%', '@', '`', '，', '、', '\\'];
    let item = |text: &str| if text.contains(marks) { quote_scalar(text) } else { text.to_string() };
    format!("[{}]", texts.into_iter().map(item).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::flow_list;

    #[test]
    fn what_yaml_would_read_otherwise_is_quoted() {
        assert_eq!(flow_list(["/a b/", "/旧/", "/a,b/", "/c#d/"]), "[/a b/, /旧/, \"/a,b/\", \"/c#d/\"]");
    }
}
