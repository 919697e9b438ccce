//! What the media of the settings and WeChat do not take of an article. In: a page, its pictures. Out: findings at their places in the page's
//! file, and what the page for WeChat says of other media. The crate `puzhi-press` compares, this file has the words.

use std::io::Read;

use puzhi_press::{
    Article, Limit, LimitName, Outlet, OutletFinding, WordRule, default_word_rules, wechat_fragment, wechat_limits,
};

use crate::catalog::PageId;
use crate::settings::OutletSettings;
use crate::view::model::OutletView;
use crate::view::{Views, has_press_files, republish_terms};
use puzhi_core::base::{LineColumn, SitePath, Span};
use puzhi_core::diag::{Diagnostic, SourceText, codes};

use super::plan::OutputPlan;
use super::press_pack::pictures_of;

/// Largest file in which the place of a finding is looked for.
const LOOKED_THROUGH: u64 = 4 << 20;

/// The words of a finding: what is wrong and what to write instead, each in Chinese and English.
struct FindingWords {
    what: [String; 2],
    todo: [String; 2],
    /// The text in the page's file that it is about.
    place: String,
}

/// The findings about a page that goes out. None if the settings name no outlet and the page does not go to WeChat: then nothing is read.
pub(super) fn press_findings(
    id: PageId,
    (plan, views): (&OutputPlan, &Views),
) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    let settings = views.site.settings();
    let meta = views.site.meta(id);
    let is_for_wechat = meta.wechat == Some(true);
    let mut source = PageSource { path: &meta.path, text: None, views };
    if is_for_wechat && !republish_terms(settings, meta).is_allowed() {
        let diag = Diagnostic::new(&codes::output::WECHAT_NOT_REPUBLISHED);
        return Ok(vec![source.place_any(diag, &["公众号", "wechat"])]);
    }
    if !has_press_files(settings, meta) || settings.outlets.is_empty() && !is_for_wechat {
        return Ok(Vec::new());
    }
    let article = views.press_article(id)?;
    let mut found = Vec::new();
    for outlet in &settings.outlets {
        for words in words_of_outlet(outlet, &article) {
            let diag = Diagnostic::new(&codes::output::OUTLET_REFUSES).arg("outlet", &outlet.name);
            found.push(source.place(with_words(diag, &words), &words.place));
        }
    }
    if is_for_wechat {
        let media = pictures_of(&article, id, (plan, views))?;
        let limits = wechat_limits(&article.info, &wechat_fragment(&article).html, &media);
        for limit in limits.iter().filter(|limit| !limit.is_kept()) {
            let words = words_of_limit(limit, &article);
            let diag = Diagnostic::new(&codes::output::WECHAT_LIMIT).arg("value", limit.value).arg("most", limit.most);
            found.push(source.place(with_words(diag, &words), &words.place));
        }
    }
    Ok(found)
}

/// What the media of the settings do not take, for the page that copies the article.
pub(super) fn outlet_views(views: &Views, id: PageId, article: &Article) -> Vec<OutletView> {
    let settings = views.site.settings();
    let language = usize::from(!settings.languages[views.site.meta(id).lang].tag.starts_with("zh"));
    let view = |outlet: &OutletSettings| OutletView {
        name: outlet.name.clone(),
        findings: words_of_outlet(outlet, article)
            .into_iter()
            .map(|words| {
                let [what, todo] = [&words.what[language], &words.todo[language]];
                format!("{what}{}{todo}", ["；", "; "][language])
            })
            .collect(),
    };
    settings.outlets.iter().map(view).filter(|outlet| !outlet.findings.is_empty()).collect()
}

fn with_words(diag: Diagnostic, words: &FindingWords) -> Diagnostic {
    let [what_zh, what_en] = &words.what;
    let [todo_zh, todo_en] = &words.todo;
    diag.arg("what_zh", what_zh).arg("what_en", what_en).arg("todo_zh", todo_zh).arg("todo_en", todo_en)
}

fn words_of_outlet(settings: &OutletSettings, article: &Article) -> Vec<FindingWords> {
    let rule = |(word, instead): &(String, String)| WordRule { word: word.clone(), instead: instead.clone() };
    let outlet = Outlet {
        name: settings.name.clone(),
        title_least: settings.title_min,
        title_most: settings.title_max,
        title_without: settings.title_without.chars().filter(|c| !c.is_whitespace()).collect(),
        pictures_least: settings.pictures_min,
        no_tables: settings.no_tables,
        words: match &settings.words {
            Some(words) => words.iter().map(rule).collect(),
            None => default_word_rules("", "", &article.info.site),
        },
    };
    outlet.check(article).iter().map(|finding| words_of_finding(finding, article)).collect()
}

fn words_of_finding(finding: &OutletFinding, article: &Article) -> FindingWords {
    let (title, nowhere) = (article.info.title.clone(), String::new());
    let words = |what: [String; 2], todo: [&str; 2], place: String| FindingWords {
        what,
        todo: todo.map(str::to_string),
        place,
    };
    match finding {
        OutletFinding::TitleShort { value, least } => words(
            [format!("标题 {value} 个字，最少要 {least} 个"), format!("the title has {value} characters, not {least}")],
            ["投稿时把标题写长一些", "give it a longer title for this outlet"],
            title,
        ),
        OutletFinding::TitleLong { value, most } => words(
            [
                format!("标题 {value} 个字，最多 {most} 个"),
                format!("the title has {value} characters, more than {most}"),
            ],
            ["投稿时把标题改短", "give it a shorter title for this outlet"],
            title,
        ),
        OutletFinding::TitleCharacter(c) => words(
            [format!("标题里有“{c}”"), format!("the title has \"{c}\"")],
            ["改掉标题里的这个字符，可以用空格", "take it out of the title; a space can take its place"],
            title,
        ),
        OutletFinding::FewPictures { value, least } => words(
            [format!("图片 {value} 张，最少要 {least} 张"), format!("{value} pictures, fewer than {least}")],
            ["另外附上图片", "send more pictures along"],
            nowhere,
        ),
        OutletFinding::Tables(count) => words(
            [format!("有 {count} 个表格，这家媒体不收"), format!("{count} tables, which this outlet does not take")],
            ["把表格截成图片", "send them as pictures"],
            nowhere,
        ),
        OutletFinding::Word { word, instead, around, quoted } => FindingWords {
            what: [
                format!("“{around}”里的“{word}”，外人看不懂指什么"),
                format!("\"{word}\" in \"{around}\" says nothing elsewhere"),
            ],
            todo: match (*quoted, instead.is_empty()) {
                (true, _) => [
                    "这是引文，照原话，在后面用括号说明".to_string(),
                    "it is quoted: leave it and explain it in brackets".to_string(),
                ],
                (false, true) => {
                    ["写清楚是哪里、哪一天".to_string(), "write which place or which day it is".to_string()]
                }
                (false, false) => [format!("改成“{instead}”"), format!("write \"{instead}\"")],
            },
            place: around.clone(),
        },
    }
}

fn words_of_limit(limit: &Limit, article: &Article) -> FindingWords {
    let info = &article.info;
    let (what, todo, place) = match &limit.name {
        LimitName::Title => {
            (["标题字数", "characters of the title"], ["把标题改短", "shorten the title"], info.title.clone())
        }
        LimitName::Author => {
            (["作者字数", "characters of the author"], ["把作者写短", "shorten the author"], info.author.clone())
        }
        LimitName::Digest => {
            (["摘要字数", "characters of the summary"], ["把摘要改短", "shorten the summary"], info.summary.clone())
        }
        LimitName::BodyCharacters => (
            ["正文代码字符数", "characters of the text's HTML"],
            ["把文章拆成几篇，或者减少表格和样式", "split the article, or have fewer tables in it"],
            String::new(),
        ),
        LimitName::BodyBytes => {
            (["正文代码字节数", "bytes of the text's HTML"], ["把文章拆成几篇", "split the article"], String::new())
        }
        LimitName::Original => (
            ["阅读原文网址字节数", "bytes of the original's address"],
            ["把文件名或文件夹名改短", "shorten the names of file and folders"],
            String::new(),
        ),
        LimitName::Picture(address) => {
            let file = address.rsplit('/').next().unwrap_or_default().to_string();
            return FindingWords {
                what: [format!("图片 {file} 的字节数"), format!("bytes of the picture {file}")],
                todo: ["把图片缩小再放进来".to_string(), "make the picture smaller".to_string()],
                place: file,
            };
        }
    };
    FindingWords { what: what.map(str::to_string), todo: todo.map(str::to_string), place }
}

/// The file of a page, read when a place in it is looked for.
struct PageSource<'p> {
    path: &'p SitePath,
    text: Option<String>,
    views: &'p Views,
}

impl PageSource<'_> {
    /// Puts a finding where the file has `text`, as far as that can be found; else at the file's begin.
    fn place(&mut self, diag: Diagnostic, text: &str) -> Diagnostic {
        self.place_any(diag, &[text])
    }

    /// The same for the first of several texts that the file has.
    fn place_any(&mut self, diag: Diagnostic, texts: &[&str]) -> Diagnostic {
        let (path, views) = (self.path, self.views);
        let whole = self.text.get_or_insert_with(|| {
            let mut bytes = Vec::new();
            let read = views.site.file(path).open().map(|file| file.take(LOOKED_THROUGH).read_to_end(&mut bytes));
            match read {
                Ok(Ok(_)) => String::from_utf8(bytes).unwrap_or_default(),
                _ => String::new(),
            }
        });
        let mut texts = texts.iter().filter(|text| !text.is_empty());
        match texts.find_map(|text| Some((whole.find(text)?, text))) {
            Some((start, text)) => diag.at(&SourceText::new(path, whole), Span { start, end: start + text.len() }),
            None => diag.at_position(path, LineColumn { line: 1, column: 1 }),
        }
    }
}
