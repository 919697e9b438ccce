//! `puzhi init`: writes a small complete site with placeholders to fill in.
//!
//! Input: [`InitArgs`]. Output: the files of a new site for the embedded theme. `site.yaml` is generated from the table of settings,
//! so that it cannot name a key that does not exist. Overwrites nothing: the folder must be empty or missing.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::Path;

use jiff::civil::Date;

use crate::settings;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::yaml::{FilledField, fill_in_template};

use super::ExitStatus;
use super::args::InitArgs;
use super::console::print_stdout;

/// Paths and texts of the site's files except `site.yaml`. `{today}` is replaced by the current date.
const FILES: [(&str, &str); 11] = [
    (".gitignore", "/public/\n/.puzhi/\n"),
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

/// Writes the site and prints the next steps.
pub(super) fn run(args: &InitArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    // No settings exist yet; use the default time zone of the settings.
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
    let today = jiff::Timestamp::now().to_zoned(zone).date();
    write_site(&args.dir, today).map_err(|diag| {
        let exit = if *diag.code == codes::start::FOLDER_IN_USE { ExitStatus::Usage } else { ExitStatus::Io };
        console.fail(&[diag], exit)
    })?;
    let folder = args.dir.display().to_string();
    let dir = quoted(&folder);
    print_stdout(&console.commands(console.pick(
        &format!(
            "新站点在 {folder}\n接下来：\n  1. 填写 {folder}/site.yaml，〔〕里的字换成您的\n  2. puzhi serve --root {dir} --open   边改边看\n  3. puzhi new 指南 标题 --root {dir}   写一篇新的\n"
        ),
        &format!(
            "the new site is in {folder}\nnext:\n  1. fill in {folder}/site.yaml, the words in 〔〕 are yours to replace\n  2. puzhi serve --root {dir} --open   to see every save\n  3. puzhi new guide TITLE --root {dir}   to write a page\n"
        ),
    )));
    Ok(ExitStatus::Success)
}

/// A folder's name as shells read it: in quotation marks where it holds a space.
fn quoted(name: &str) -> String {
    if name.contains(char::is_whitespace) { format!("\"{name}\"") } else { name.to_string() }
}

fn write_site(dir: &Path, today: Date) -> Result<(), Diagnostic> {
    let unwritable = |path: &str, error: std::io::Error| {
        Diagnostic::new(&codes::start::NEW_UNWRITABLE).arg("path", path).io_cause(&error)
    };
    let in_use = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => true,
        Err(error) => return Err(unwritable(&dir.display().to_string(), error)),
    };
    if in_use {
        return Err(Diagnostic::new(&codes::start::FOLDER_IN_USE).arg("folder", dir.display()));
    }
    let settings = site_yaml();
    for (path, text) in FILES.iter().copied().chain([("site.yaml", settings.as_str())]) {
        let raw = dir.join(path);
        let made = raw.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&raw, text.replace("{today}", &today.to_string())))
            .map_err(|error| unwritable(path, error))?;
    }
    Ok(())
}

/// The text of `site.yaml` with all keys: those of the new site have values, the others are commented out.
fn site_yaml() -> String {
    let fill = |key, value: &str, remark| FilledField { key, value: value.to_string(), comment: remark };
    let filled = [
        fill("title", "〔站点名称〕", "唯一必填"),
        fill("promise", "〔站名下面的一句话，说您能在这里做什么〕", ""),
        fill("organiser", "〔主办单位全称〕", ""),
        fill("navigation", NAVIGATION, ""),
        fill("footer", FOOTER, ""),
        fill("large_mode", "是", "给老年人的大字版，每一页一份；不要就删掉这一行"),
    ];
    let head =
        "# 站点的设置。〔〕里的字换成您的。以“# ”开头的行现在不起作用：要用哪一行，删掉行首的“# ”，在冒号后面填。\n\n";
    format!("{head}{}", fill_in_template(settings::FIELDS, &filled, &["extra", "limits", "trust_html"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::base::SitePath;
    use puzhi_core::diag::SourceText;
    use puzhi_core::kinds::STARTER_PLACEHOLDERS;

    #[test]
    fn the_list_of_placeholders_is_what_a_new_site_holds() {
        let settings = site_yaml();
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
        let text = site_yaml();
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
}
