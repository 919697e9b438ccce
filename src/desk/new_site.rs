//! A small complete site with placeholders to fill in, and with what is known of them filled in.
//!
//! Input: the day, and perhaps answers to four questions. Output: the files of a new site for the embedded theme. `site.yaml` is
//! generated from the table of settings, so that it cannot name a key that does not exist. Writes no file.

use jiff::civil::Date;
use serde::Deserialize;

use crate::settings;
use puzhi_core::yaml::{FilledField, fill_in_template, quote_scalar};

/// Paths and texts of the site's files except `site.yaml`. `{today}` is replaced by the current date.
const FILES: [(&str, &str); 11] = [
    (".gitignore", "/public/\n/.puzhi/\n/history/\n"),
    ("content/_index.md", include_str!("starter/home.md")),
    ("content/guides/_index.md", include_str!("starter/guides.md")),
    ("content/guides/sample-guide.md", include_str!("starter/sample-guide.md")),
    ("content/events/_index.md", include_str!("starter/events.md")),
    ("content/events/sample-event.md", include_str!("starter/sample-event.md")),
    ("content/stories/_index.md", include_str!("starter/stories.md")),
    ("content/stories/sample-story.md", include_str!("starter/sample-story.md")),
    ("content/about/_index.md", include_str!("starter/about-section.md")),
    ("content/about/about.md", include_str!("starter/about.md")),
    ("content/about/copyright.md", include_str!("starter/copyright.md")),
];

const NAVIGATION: &str = "\n  - {文字: 办事情, 链接: /guides/_index.md}\n  - {文字: 赴活动, 链接: /events/_index.md}\n  - {文字: 读故事, 链接: /stories/_index.md}";
const FOOTER: &str = "\n  - {文字: 关于本站, 链接: /about/about.md}\n  - {文字: 版权与转载, 链接: /about/copyright.md}";

/// What is known of a new site. What is empty stays a placeholder.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewSiteAnswers {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Who publishes it.
    #[serde(default)]
    pub organiser: String,
    /// Its main colour, such as `#9b1c1c`.
    #[serde(default)]
    pub colour: String,
    /// What the campaign is about, in one sentence.
    #[serde(default)]
    pub about: String,
}

/// Paths and texts of a new site's files.
pub fn new_site_files(today: Date, answers: &NewSiteAnswers) -> Vec<(&'static str, String)> {
    let day = today.to_string();
    let texts = FILES.iter().map(|(path, text)| (*path, answers.filled_in(&text.replace("{today}", &day))));
    texts.chain([("site.yaml", site_yaml(answers))]).collect()
}

/// The text of a file of a new site in which samples are drafts: they are there for those who write.
pub fn with_sample_as_draft(text: &str) -> String {
    text.replacen("\n示例: 是\n", "\n示例: 是\n草稿: 是\n", 1)
}

impl NewSiteAnswers {
    /// A text with the answers in place of the placeholders that ask for them.
    fn filled_in(&self, text: &str) -> String {
        let known = [
            ("〔站点名称〕", &self.name),
            ("〔主办单位全称〕", &self.organiser),
            ("〔这个网站是做什么的，一句话。〕", &self.about),
        ];
        let known: Vec<(&str, String)> = known
            .iter()
            .map(|(placeholder, answer)| (*placeholder, one_line(answer)))
            .filter(|(_, answer)| !answer.is_empty())
            .collect();
        let fill = |line: &str| {
            // The whole value of a key is YAML.
            let value = line.split_once(": ").map(|(_, value)| value.trim_end());
            known.iter().fold(line.to_string(), |line, (placeholder, answer)| match value == Some(placeholder) {
                true => line.replace(placeholder, &quote_scalar(answer)),
                false => line.replace(placeholder, answer),
            })
        };
        text.split_inclusive('\n').map(fill).collect()
    }
}

/// An answer on one line.
fn one_line(answer: &str) -> String {
    answer.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of `site.yaml` with all keys: those of the new site have values, the others are commented out.
fn site_yaml(answers: &NewSiteAnswers) -> String {
    let fill = |key, value: &str, remark| FilledField { key, value: value.to_string(), comment: remark };
    let answer = |answer: &str, placeholder: &str| match one_line(answer).as_str() {
        "" => placeholder.to_string(),
        answer => quote_scalar(answer),
    };
    let mut filled = vec![
        fill("title", &answer(&answers.name, "〔站点名称〕"), "唯一必填"),
        fill("promise", &answer(&answers.about, "〔站名下面的一句话，说您能在这里做什么〕"), ""),
        fill("organiser", &answer(&answers.organiser, "〔主办单位全称〕"), ""),
        fill("navigation", NAVIGATION, ""),
        fill("footer", FOOTER, ""),
        fill("large_mode", "是", "给老年人的大字版，每一页一份；不要就删掉这一行"),
    ];
    if !answers.colour.trim().is_empty() {
        filled.push(fill("colour", &quote_scalar(&answers.colour), ""));
    }
    let head =
        "# 站点的设置。〔〕里的字换成您的。以“# ”开头的行现在不起作用：要用哪一行，删掉行首的“# ”，在冒号后面填。\n\n";
    format!("{head}{}", fill_in_template(settings::FIELDS, &filled, &["extra", "limits", "trust_html"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::SitePath;
    use puzhi_core::diag::SourceText;
    use puzhi_core::diag::codes;
    use puzhi_core::kinds::STARTER_PLACEHOLDERS;

    #[test]
    fn the_list_of_placeholders_is_what_a_new_site_holds() {
        let settings = site_yaml(&NewSiteAnswers::default());
        let texts =
            FILES.iter().map(|(_, text)| *text).filter(|text| !text.contains("示例: 是")).chain([settings.as_str()]);
        let mut seen: Vec<String> = Vec::new();
        for text in texts {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let found = line.split('〔').skip(1).filter_map(|rest| rest.split_once('〕'));
                seen.extend(found.map(|(inside, _)| format!("〔{inside}〕")));
            }
        }
        seen.sort();
        seen.dedup();
        let mut listed = STARTER_PLACEHOLDERS.to_vec();
        listed.sort_unstable();
        assert_eq!(seen, listed);
    }

    #[test]
    fn the_settings_are_read_without_a_finding_even_with_every_key_in_use() {
        let text = site_yaml(&NewSiteAnswers::default());
        let path = SitePath::new("site.yaml").unwrap();
        let (_, mut found) = settings::read(&SourceText::new(&path, &text));
        found.retain(|d| *d.code != codes::source::PLACEHOLDER_LEFT);
        assert!(found.is_empty(), "{found:?}\n{text}");
        let used: String =
            text.lines().skip(1).map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
        let (_, found) = settings::read(&SourceText::new(&path, &used));
        let about_keys: Vec<_> = found
            .iter()
            .filter(|d| d.code.name.contains("key") || d.code.name.contains("yaml"))
            .filter(|d| d.code.name != "missing-key")
            .collect();
        assert!(about_keys.is_empty(), "{about_keys:?}\n{used}");
    }

    #[test]
    fn answers_take_the_place_of_placeholders() {
        let answers = NewSiteAnswers {
            name: "安全：一“周”".into(),
            organiser: "某某局\n".into(),
            colour: "#0a5c8a".into(),
            about: "# 消防: 安全".into(),
        };
        let files = new_site_files(jiff::civil::date(2026, 11, 29), &answers);
        let (_, text) = files.last().unwrap();
        let path = SitePath::new("site.yaml").unwrap();
        let (settings, mut found) = settings::read(&SourceText::new(&path, text));
        found.retain(|diag| *diag.code != codes::source::PLACEHOLDER_LEFT);
        assert!(found.is_empty(), "{found:?}");
        let language = &settings.languages[0];
        assert_eq!((language.title.as_str(), language.promise.as_deref()), ("安全：一“周”", Some("# 消防: 安全")));
        assert_eq!((language.organiser.as_deref(), settings.colour.as_deref()), (Some("某某局"), Some("#0a5c8a")));
        assert!(files.iter().all(|(_, text)| !text.contains("〔站点名称〕")));
    }
}
