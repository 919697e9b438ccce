//! The table of the keys of `site.yaml`, and the function that reads them.
//!
//! Input: the text of `site.yaml`. Output: [`Settings`] and diagnostics. The same table generates the reference page
//! and the file that `puzhi init` writes. Does not know content.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use puzhi_core::base::{Route, Span, is_safe_segment};
use puzhi_core::diag::{Diagnostic, DiagnosticCode, SourceText, codes};
use puzhi_core::kinds::{SiteKinds, TAXONOMY_KEYS, find_placeholder};
use puzhi_core::yaml::{Field, MappingReader, Spanned, Type, parse_mapping};

use super::navigation::{FIELDS as NAV_FIELDS, read_entries};
use super::{Contact, Language, LedgerGoals, Limits, Settings, Taxonomy, WrittenPath};
use super::{cards, feeds, government, history, kinds, large_mode, outlets, pictures, republish, survey};

/// Adds the keys that depend on the language to a table of keys: they may be given for the whole site and for each
/// language.
macro_rules! with_language_fields {
    ([$($first:expr),* $(,)?], [$($last:expr),* $(,)?]) => {
        &[
            $($first,)*
            Field::new("title", "站点名称", Type::Text, "站点名称；唯一必填", "the site's name; the only required key")
                .with_aliases(&["标题", "网站名称"]),
            Field::new("promise", "一句话", Type::Text, "首页最上面的一句话", "the line at the top of the home page"),
            Field::new("description", "简介", Type::Text, "搜索引擎和分享卡片用的简介", "for search engines and share cards"),
            Field::new("organiser", "主办单位", Type::Text, "主办单位全称", "who is responsible for the site"),
            Field::new("organiser_url", "主办单位网址", Type::Link, "主办单位网站", "the organiser's own site"),
            Field::new("undertaker", "承办单位", Type::Text, "承办单位全称", "who runs it"),
            Field::new("copyright", "版权", Type::Text, "页脚的版权声明", "the footer's copyright line"),
            Field::new("navigation", "导航", Type::Maps(NAV_FIELDS), "主导航，建议五项以内", "main navigation, five entries at most"),
            Field::new("footer", "页脚链接", Type::Maps(NAV_FIELDS), "页脚里的链接", "links in the footer"),
            Field::new("entries", "入口", Type::Maps(NAV_FIELDS), "首页“我想”下面的入口", "the home page's entries"),
            Field::new("identities", "身份", Type::Maps(NAV_FIELDS), "首页“按身份看”的入口", "links of the home page for who the reader is"),
            $($last,)*
        ]
    };
}

const LANGUAGE_FIELDS: &[Field] = with_language_fields!(
    [
        Field::new("code", "代码", Type::Text, "文件名后缀，例如 en", "the suffix in file names, such as en"),
        Field::new(
            "tag",
            "标签",
            Type::Text,
            "BCP 47 标签，例如 zh-CN；缺省同 code",
            "BCP 47 tag such as zh-CN; the code by default"
        ),
        Field::new("name", "名称", Type::Text, "这种语言自己的名字", "the language's own name"),
    ],
    []
);

const TAXONOMY_FIELDS: &[Field] = &[
    Field::new("key", "键", Type::Text, "front matter 里的键，也是文件夹名", "the front matter key and folder"),
    Field::new("title", "名称", Type::Text, "显示的名称", "its title"),
    Field::new("titles", "各语言名称", Type::Any, "各语言的名称", "its title by language"),
];

const CONTACT_FIELDS: &[Field] = &[
    Field::new("name", "名称", Type::Text, "联系谁", "whom to contact"),
    Field::new("phone", "电话", Type::Text, "电话", "phone"),
    Field::new("email", "邮箱", Type::Text, "电子邮箱", "e-mail"),
    Field::new("address", "地址", Type::Text, "地址", "address"),
    Field::new("hours", "时间", Type::Text, "办公时间", "office hours"),
    Field::new("form", "留言网址", Type::Link, "网上留言、纠错的网址", "the address of a form for messages"),
];

const LEDGER_FIELDS: &[Field] = &[
    Field::new("sessions", "场次", Type::Integer(1, 1_000_000), "每年至少几场", "sessions a year"),
    Field::new("people", "人次", Type::Integer(1, 1_000_000_000), "每年至少多少人次", "people a year"),
    Field::new(
        "words",
        "原文",
        Type::Text,
        "方案原话；缺省用目标板里的原文",
        "the plan's own words; those of the targets by default",
    ),
    Field::new(
        "clause",
        "条款",
        Type::Link,
        "条款的链接，从站点根目录写起",
        "a link to the clause from the site's root",
    ),
    Field::new(
        "page",
        "网址",
        Type::Text,
        "台账页的地址，缺省 /progress/ledger/",
        "the page's address, /progress/ledger/ by default",
    ),
];

const LIMITS_FIELDS: &[Field] = &[
    Field::new(
        "markdown",
        "文章",
        Type::Integer(1, 1 << 40),
        "一个 Markdown 文件的字节数上限，缺省 8 MiB",
        "bytes in one Markdown file, 8 MiB by default",
    ),
    Field::new(
        "front_matter",
        "文首",
        Type::Integer(1, 1 << 40),
        "front matter 的字节数上限，缺省 64 KiB",
        "bytes of front matter, 64 KiB by default",
    ),
    Field::new(
        "data",
        "数据",
        Type::Integer(1, 1 << 40),
        "一个数据文件的字节数上限，缺省 32 MiB",
        "bytes in one data file, 32 MiB by default",
    ),
    Field::new(
        "output",
        "页面",
        Type::Integer(1, 1 << 40),
        "一页生成结果的字节数上限，缺省 32 MiB",
        "bytes of one page's output, 32 MiB by default",
    ),
    Field::new(
        "depth",
        "嵌套",
        Type::Integer(1, 100),
        "块的嵌套层数上限，缺省 32",
        "levels of nested blocks, 32 by default",
    ),
];

/// All keys of `site.yaml` at the top level.
pub const FIELDS: &[Field] = with_language_fields!(
    [],
    [
        Field::new(
            "base_url",
            "网址",
            Type::Text,
            "站点的完整网址；不写则只用相对路径",
            "the site's absolute address; without it the site is relative only"
        ),
        Field::new(
            "languages",
            "语言",
            Type::Maps(LANGUAGE_FIELDS),
            "语言，第一种是默认语言；缺省只有中文",
            "languages, the default first; Chinese only by default"
        ),
        Field::new("time_zone", "时区", Type::Text, "时区，缺省 Asia/Shanghai", "time zone, Asia/Shanghai by default"),
        Field::new(
            "theme",
            "主题",
            Type::Text,
            "themes/ 里的主题名，缺省 civic",
            "the theme's name in themes/, civic by default"
        ),
        Field::new(
            "taxonomies",
            "分类法",
            Type::Maps(TAXONOMY_FIELDS),
            "在五种内置分类之外增加的分类",
            "taxonomies besides the five built-in ones"
        ),
        kinds::HIDDEN_KINDS_FIELD,
        kinds::HIDDEN_TAXONOMIES_FIELD,
        Field::new(
            "page_size",
            "每页条数",
            Type::Integer(1, 1000),
            "列表每页条数，缺省 20",
            "cards per list page, 20 by default"
        ),
        Field::new(
            "feed_size",
            "订阅条数",
            Type::Integer(1, 200),
            "订阅源条数，缺省 20",
            "entries per feed, 20 by default"
        ),
        feeds::SCOPE_FIELD,
        feeds::FORMATS_FIELD,
        Field::new(
            "search",
            "搜索",
            Type::Flag,
            "每一页有搜索框，另有搜索页；缺省是",
            "a search box on every page and a search page; yes by default"
        ),
        large_mode::FIELD,
        Field::new(
            "pictures",
            "图片",
            Type::Map(pictures::FIELDS),
            "图片做成哪些尺寸；不写也会自动做",
            "the sizes in which pictures are made; made without it, too"
        ),
        Field::new(
            "trust_html",
            "信任HTML",
            Type::Flag,
            "原样保留内容里的 HTML；缺省否，即清洗",
            "keep raw HTML in content as it is; no by default"
        ),
        Field::new(
            "numbered_headings",
            "编号标题",
            Type::Flag,
            "公文里单独成行的“一、”“（一）”“1.”“（1）”自动成为标题；缺省否",
            "make headings of the numbered lines of official documents (一、 （一） 1. （1）); no by default"
        ),
        Field::new(
            "whole_words",
            "不断开的词",
            Type::Names,
            "标题换行时不从中间断开的词，如 [世界知识产权日]；常用词和有自己页面的分类词不必写",
            "words that lines of headings do not end in, such as names; common words and terms with a page need not be written"
        ),
        Field::new("colour", "主色", Type::Text, "主色，如 #9b1c1c", "main colour, such as #9b1c1c"),
        Field::new(
            "logo",
            "标志",
            Type::Link,
            "代替页眉里站名的图片，在 static/ 或 content/ 里，如 /images/logo.png；读屏软件读站名",
            "picture in static/ or content/ in place of the name in the header, such as /images/logo.png; its alternative text is the name"
        ),
        Field::new(
            "favicon",
            "图标",
            Type::Link,
            "浏览器标签上的图标，PNG、SVG 或 ICO，在 static/ 或 content/ 里",
            "icon on the browser's tab: PNG, SVG or ICO in static/ or content/"
        ),
        cards::SHARE_CARDS_FIELD,
        cards::FONT_FIELD,
        Field::new(
            "organiser_mark",
            "主办标志",
            Type::Link,
            "主办单位的标志，显示在主办单位名称旁边，在 static/ 或 content/ 里",
            "mark of the organiser, shown beside its name: a picture in static/ or content/"
        ),
        government::PORTAL_FIELD,
        government::REGISTRATION_FIELD,
        republish::FIELD,
        outlets::FIELD,
        Field::new("contact", "联系方式", Type::Map(CONTACT_FIELDS), "发现错误时找谁", "whom to tell about mistakes"),
        Field::new(
            "ledger",
            "台账",
            Type::Map(LEDGER_FIELDS),
            "一年办了几场、来了多少人，和定的数对照；不写就没有台账页",
            "what the year's sessions are held against; without it there is no ledger page"
        ),
        Field::new(
            "survey",
            "调查",
            Type::Map(survey::FIELDS),
            "问卷在哪里答、答卷送到哪里",
            "where surveys are answered and where the answers go"
        ),
        Field::new(
            "history",
            "旧版本",
            Type::Map(history::FIELDS),
            "写字台保留多少旧版本；不写也会保留",
            "how many earlier versions the desk keeps; kept without it, too"
        ),
        Field::new("limits", "上限", Type::Map(LIMITS_FIELDS), "大小上限", "bounds on sizes"),
        Field::new("extra", "附加", Type::Any, "给模板用的任意数据", "anything templates want"),
    ]
);

/// Reads `site.yaml`. If the diagnostics contain an error, the settings must not be used.
pub fn read(source: &SourceText<'_>) -> (Settings, Vec<Diagnostic>) {
    let (mapping, mut diags) = parse_mapping(source, Span::new(0, source.text.len()));
    let mut fields = MappingReader::new(source, &mapping, FIELDS, &mut diags);
    let fields = &mut fields;
    let languages = read_languages(fields);
    let base_url = read_base_url(fields);
    let zone_name =
        fields.spanned_text("time_zone").unwrap_or(Spanned { value: "Asia/Shanghai".into(), span: Span::default() });
    let zone = TimeZone::get(&zone_name.value).unwrap_or_else(|_| {
        refuse(fields, &codes::settings::BAD_TIME_ZONE, &zone_name);
        TimeZone::UTC
    });
    let theme = read_theme(fields);
    let kinds = kinds::read(fields);
    let portal = government::read_portal(fields, base_url.as_deref());
    let (registration, mark_pictures) = government::read_registration(fields);
    let settings = Settings {
        base_url,
        languages,
        zone,
        zone_name: zone_name.value,
        theme: theme.unwrap_or_else(|| "civic".into()),
        taxonomies: read_taxonomies(fields, &kinds),
        kinds,
        page_size: fields.integer("page_size").map_or(20, |n| n as usize),
        feed_size: fields.integer("feed_size").map_or(20, |n| n as usize),
        feeds: feeds::read(fields),
        search: fields.flag("search").unwrap_or(true),
        large_mode: large_mode::read(fields),
        pictures: fields.map("pictures", pictures::read).unwrap_or_else(pictures::default_pictures),
        trust_html: fields.flag("trust_html").unwrap_or(false),
        numbered_headings: fields.flag("numbered_headings").unwrap_or(false),
        whole_words: fields.texts("whole_words"),
        history: fields.map("history", history::read).unwrap_or_default(),
        limits: read_limits(fields),
        colour: read_colour(fields),
        logo: written_path(fields, "logo"),
        favicon: written_path(fields, "favicon"),
        share_cards: fields.flag("share_cards").unwrap_or(true),
        card_font: written_path(fields, "card_font"),
        organiser_mark: written_path(fields, "organiser_mark"),
        portal,
        registration,
        mark_pictures,
        republish: republish::read(fields),
        outlets: outlets::read(fields),
        contact: fields.map("contact", |f| Contact {
            name: f.text("name"),
            phone: f.text("phone"),
            email: f.text("email"),
            address: f.text("address"),
            hours: f.text("hours"),
            form: web_address(f, "form"),
        }),
        ledger: fields.map("ledger", ledger),
        survey: fields.map("survey", survey::read).unwrap_or_default(),
        extra: fields.json("extra").unwrap_or(serde_json::Value::Null),
    };
    if let Some(span) = find_placeholder(source.text, source.text.len(), SiteKinds::BUILT_IN) {
        let diag = Diagnostic::new(&codes::source::PLACEHOLDER_LEFT).at(source, span);
        diags.push(diag.arg("text", &source.text[span.start..span.end]));
    }
    (settings, diags)
}

/// Reports a value that its key does not allow.
fn refuse(fields: &mut MappingReader<'_, '_>, code: &'static DiagnosticCode, written: &Spanned<String>) {
    let diag = Diagnostic::new(code).at(fields.source(), written.span).arg("value", &written.value);
    fields.report(diag);
}

/// Reports the name of a language, theme or taxonomy that cannot be one.
fn refuse_name(fields: &mut MappingReader<'_, '_>, what: &str, written: &Spanned<String>) {
    let diag = Diagnostic::new(&codes::settings::BAD_SETTING_NAME)
        .at(fields.source(), written.span)
        .arg("value", &written.value)
        .arg("what", what);
    fields.report(diag);
}

/// The languages of the site, the default first; Chinese if none are written.
fn read_languages(fields: &mut MappingReader<'_, '_>) -> Vec<Language> {
    let main = read_language(fields);
    if main.title.is_empty() {
        let file = fields.source().file;
        fields.report(Diagnostic::new(&codes::settings::NO_SITE_TITLE).file(file));
    }
    let mut languages = fields.maps("languages", |f| {
        f.require("code", LANGUAGE_FIELDS);
        let code = f.spanned_text("code")?;
        if code.value.is_empty() || !code.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            refuse_name(f, "language", &code);
            return None;
        }
        let mut words = read_language(f);
        words.tag = f.text("tag").unwrap_or_else(|| default_tag(&code.value).to_string());
        words.name = f.text("name").unwrap_or_else(|| code.value.clone());
        words.code = code.value;
        Some(words)
    });
    if languages.is_empty() {
        languages
            .push(Language { code: "zh".into(), tag: "zh-CN".into(), name: "中文".into(), ..Language::default() });
    }
    for (i, language) in languages.iter_mut().enumerate() {
        inherit(language, &main, i == 0);
    }
    languages
}

fn read_base_url(fields: &mut MappingReader<'_, '_>) -> Option<String> {
    let url = fields.spanned_text("base_url").filter(|url| !url.value.is_empty())?;
    let good = parse_base_url(&url.value);
    if good.is_none() {
        let diag = Diagnostic::new(&codes::settings::BAD_BASE_URL)
            .at(fields.source(), url.span)
            .arg("key", "base_url")
            .arg("value", &url.value);
        fields.report(diag);
    }
    good
}

fn read_theme(fields: &mut MappingReader<'_, '_>) -> Option<String> {
    let theme = fields.spanned_text("theme")?;
    if !is_safe_segment(&theme.value) || theme.value.starts_with('.') {
        refuse_name(fields, "theme", &theme);
    }
    Some(theme.value)
}

/// The built-in taxonomies that the site does not hide, with its titles for them, and its own.
fn read_taxonomies(fields: &mut MappingReader<'_, '_>, kinds: &SiteKinds) -> Vec<Taxonomy> {
    let built_in = TAXONOMY_KEYS.iter().filter(|(key, _)| !kinds.hidden_taxonomies.contains(key));
    let mut taxonomies: Vec<Taxonomy> =
        built_in.map(|(key, _)| Taxonomy { key: key.to_string(), titles: BTreeMap::new() }).collect();
    let more = fields.maps("taxonomies", |f| {
        f.require("key", TAXONOMY_FIELDS);
        let key = f.spanned_text("key")?;
        if !is_taxonomy_key(&key.value) {
            refuse_name(f, "taxonomy", &key);
            return None;
        }
        let mut titles = BTreeMap::new();
        if let Some(serde_json::Value::Object(map)) = f.json("titles") {
            titles.extend(map.into_iter().filter_map(|(k, v)| Some((k, v.as_str()?.to_string()))));
        }
        if let Some(title) = f.text("title") {
            titles.insert(String::new(), title);
        }
        Some(Taxonomy { key: key.value, titles })
    });
    for taxonomy in more {
        match taxonomies.iter_mut().find(|t| t.key == taxonomy.key) {
            Some(known) => known.titles = taxonomy.titles,
            None => taxonomies.push(taxonomy),
        }
    }
    taxonomies
}

/// The colour as `#` and six hexadecimal digits.
fn read_colour(fields: &mut MappingReader<'_, '_>) -> Option<String> {
    let colour = fields.spanned_text("colour")?;
    let digits = colour.value.strip_prefix('#');
    let good = digits.is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
    if !good {
        refuse(fields, &codes::settings::BAD_COLOUR, &colour);
    }
    good.then_some(colour.value)
}

/// A path of a file, which is looked for when links are followed.
pub(super) fn written_path(fields: &mut MappingReader<'_, '_>, key: &str) -> Option<WrittenPath> {
    let written = fields.spanned_text(key).filter(|path| !path.value.is_empty())?;
    Some(WrittenPath { position: fields.source().line_column(written.span.start), path: written.value })
}

fn read_limits(fields: &mut MappingReader<'_, '_>) -> Limits {
    let defaults = Limits::default();
    let read = |f: &mut MappingReader<'_, '_>| {
        let mut bytes = |key, default| f.integer(key).map_or(default, |v| v as u64);
        Limits {
            markdown: bytes("markdown", defaults.markdown),
            front_matter: bytes("front_matter", defaults.front_matter),
            data: bytes("data", defaults.data),
            output: bytes("output", defaults.output),
            depth: bytes("depth", defaults.depth as u64) as usize,
        }
    };
    fields.map("limits", read).unwrap_or_default()
}

/// Whether the text can be the key of a taxonomy, which is also a folder: lower-case letters of any script, digits, `-`
/// and `_`.
fn is_taxonomy_key(key: &str) -> bool {
    let good = |c: char| matches!(c, '-' | '_') || c.is_alphanumeric() && !c.is_uppercase();
    !key.is_empty() && key.chars().count() <= 40 && key.chars().all(good) && is_safe_segment(key)
}

fn ledger(f: &mut MappingReader<'_, '_>) -> LedgerGoals {
    let mut count = |key| f.integer(key).and_then(|n| u64::try_from(n).ok());
    let (sessions, people) = (count("sessions"), count("people"));
    let clause = f.spanned_text("clause").map(|link| (link.value, f.source().line_column(link.span.start)));
    let page = f.spanned_text("page").and_then(|page| {
        let route = Route::new(&page.value).ok().filter(|r| r.is_page() && r.as_str() != "/");
        if route.is_none() {
            let diag = Diagnostic::new(&codes::links::BAD_ALIAS).at(f.source(), page.span).arg("value", &page.value);
            f.report(diag);
        }
        route
    });
    LedgerGoals {
        sessions,
        people,
        words: f.text("words"),
        clause,
        page: page.unwrap_or_else(|| Route::page(["progress", "ledger"])),
    }
}

/// Checks that the text is an absolute `http` or `https` address and appends `/` if needed. `None` if it is not.
pub fn parse_base_url(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split('/').next().unwrap_or_default();
    let plain = !url
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '"' | '\'' | '<' | '>' | '\\' | '&'));
    if host.is_empty() || host.starts_with(':') || !plain || rest.split('/').any(|s| s == ".." || s == ".") {
        return None;
    }
    Some(if url.ends_with('/') { url.to_string() } else { format!("{url}/") })
}

fn read_language(fields: &mut MappingReader<'_, '_>) -> Language {
    let mut nav = |key| read_entries(fields, key);
    let (navigation, footer) = (nav("navigation"), nav("footer"));
    let (entries, identities) = (nav("entries"), nav("identities"));
    let organiser_url = web_address(fields, "organiser_url");
    Language {
        title: fields.text("title").unwrap_or_default(),
        promise: fields.text("promise"),
        description: fields.text("description"),
        organiser: fields.text("organiser"),
        organiser_url,
        undertaker: fields.text("undertaker"),
        copyright: fields.text("copyright"),
        navigation,
        footer,
        entries,
        identities,
        ..Language::default()
    }
}

/// The address of another site; one without `http://` or `https://` is reported.
pub(super) fn web_address(fields: &mut MappingReader<'_, '_>, key: &str) -> Option<String> {
    let url = fields.spanned_text(key)?;
    let good = ["http://", "https://"]
        .iter()
        .any(|scheme| url.value.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    if !good {
        let diag = Diagnostic::new(&codes::settings::BAD_BASE_URL)
            .at(fields.source(), url.span)
            .arg("key", key)
            .arg("value", &url.value);
        fields.report(diag);
    }
    good.then_some(url.value)
}

/// Fills missing values of a language from those of the site. The slogan, the description and the link lists are
/// inherited only by the default language: the site writes them in that language, and the links lead to its pages.
fn inherit(language: &mut Language, main: &Language, is_default: bool) {
    if language.title.is_empty() {
        language.title = main.title.clone();
    }
    let text = |own: &mut Option<String>, from: &Option<String>| {
        if own.is_none() {
            own.clone_from(from);
        }
    };
    text(&mut language.organiser, &main.organiser);
    text(&mut language.organiser_url, &main.organiser_url);
    text(&mut language.undertaker, &main.undertaker);
    text(&mut language.copyright, &main.copyright);
    if is_default {
        text(&mut language.promise, &main.promise);
        text(&mut language.description, &main.description);
        for (own, from) in [
            (&mut language.navigation, &main.navigation),
            (&mut language.footer, &main.footer),
            (&mut language.entries, &main.entries),
            (&mut language.identities, &main.identities),
        ] {
            if own.is_empty() {
                own.clone_from(from);
            }
        }
    }
}

fn default_tag(code: &str) -> &str {
    if code == "zh" { "zh-CN" } else { code }
}
