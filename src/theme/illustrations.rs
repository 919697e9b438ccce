//! The theme's own pictures: SVG files in `templates/illustrations/`, by name. In: a name in English or Chinese, or the kind of a page. Out: the
//! name of the file, and its text. Knows no page and draws nothing.

use puzhi_core::base::closest_match;

use super::Theme;

/// Chinese names of the embedded theme's pictures. A picture that a site adds is called by the name of its file.
const ZH_NAMES: [(&str, &str); 23] = [
    ("政策", "policy"),
    ("解读", "policy"),
    ("办事", "guide"),
    ("指南", "guide"),
    ("活动", "event"),
    ("故事", "story"),
    ("问卷", "survey"),
    ("通知", "notice"),
    ("文章", "page"),
    ("目标", "target"),
    ("日历", "calendar"),
    ("单位", "unit"),
    ("人群", "audience"),
    ("贷款", "loan"),
    ("质押", "loan"),
    ("商标", "trademark"),
    ("假货", "fake"),
    ("举报", "fake"),
    ("专利", "patent"),
    ("版权", "copyright"),
    ("课堂", "class"),
    ("讲座", "class"),
    ("培训", "class"),
];

/// The picture of pages whose kind has none. A theme without it draws no share cards and no icons.
pub const DEFAULT_ILLUSTRATION: &str = "page";

/// The template that holds the picture `name`.
pub fn illustration_template(name: &str) -> String {
    let english = ZH_NAMES.iter().find(|(zh, _)| *zh == name).map_or(name, |(_, english)| *english);
    format!("illustrations/{english}.svg")
}

impl Theme {
    /// Whether the theme or the site has a picture of this name.
    pub fn has_illustration(&self, name: &str) -> bool {
        self.template_text(&illustration_template(name)).is_some()
    }

    /// The text of a template as it is written.
    pub fn template_text(&self, name: &str) -> Option<&str> {
        let own = self.texts.get(name);
        own.or_else(|| self.texts.get(&format!("theme/{name}"))).map(String::as_str)
    }

    /// The names of all pictures, without those in Chinese, as messages list them.
    pub fn illustration_names(&self) -> Vec<&str> {
        let names = self.template_names().filter_map(|name| name.strip_prefix("illustrations/")?.strip_suffix(".svg"));
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The name of a picture that is most like `written`.
    pub fn nearest_illustration(&self, written: &str) -> Option<String> {
        let chinese = ZH_NAMES.iter().map(|(zh, _)| *zh);
        closest_match(written, self.illustration_names().into_iter().chain(chinese)).map(str::to_string)
    }
}
