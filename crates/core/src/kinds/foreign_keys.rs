//! Keys of front matter that other programs give a meaning and this one does not.
//!
//! Input: a key as written. Output: whose key it is and what to write instead, as arguments of a diagnostic. Keys that decide
//! whether a page is published are not here: they must be understood or refused.

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, SourceText};

/// What to do with a foreign key.
struct Advice {
    zh: &'static str,
    en: &'static str,
}

const NONE: Advice = Advice { zh: "可以留着，也可以删掉", en: "keep it or delete it" };
const ADDRESS: Advice = Advice {
    zh: "网址由文件夹和文件名决定；原来的网址还要能打开，就写 旧网址: [/原来的网址/]",
    en: "the address follows from folder and file name; for the old one to lead here write aliases: [/old/address/]",
};
const CATEGORY: Advice = Advice {
    zh: "分栏目用文件夹，分类用 标签: [甲, 乙]",
    en: "use folders as sections, and tags: [a, b] to classify",
};
const PICTURE: Advice = Advice {
    zh: "配图写成 配图: {文件: a.jpg, 说明文字: 图上是什么}",
    en: "write image: {src: a.jpg, alt: what it shows}",
};
const UPDATED: Advice = Advice { zh: "修改日期写成 更新: 2025-04-26", en: "write updated: 2025-04-26" };
const SUMMARY: Advice = Advice { zh: "摘要写成 摘要: 一两句话", en: "write summary: a sentence or two" };
const ORDER: Advice = Advice { zh: "先后写成 排序: 1", en: "write order: 1" };
const LANGUAGE: Advice = Advice {
    zh: "语言看文件名，例如 a.en.md；在 site.yaml 的 languages 里声明",
    en: "the language is in the file name, as in a.en.md; declare it in languages of site.yaml",
};

/// Keys of the same meaning.
struct ForeignKeys {
    /// Programs that have them.
    programs: &'static str,
    /// The keys in lower case.
    keys: &'static [&'static str],
    advice: Advice,
}

const fn keys(programs: &'static str, keys: &'static [&'static str], advice: Advice) -> ForeignKeys {
    ForeignKeys { programs, keys, advice }
}

const FOREIGN: &[ForeignKeys] = &[
    keys("Hexo / Hugo / Jekyll / VitePress", &["layout"], NONE),
    keys("Hexo / Jekyll", &["permalink", "abbrlink"], ADDRESS),
    keys("Hugo", &["url"], ADDRESS),
    keys("Jekyll", &["redirect_from"], ADDRESS),
    keys("Hexo / Hugo / Jekyll", &["categories", "category"], CATEGORY),
    keys("Hugo", &["series", "taxonomies"], CATEGORY),
    keys("Hexo", &["cover", "thumbnail", "top_img", "photos", "banner_img", "index_img"], PICTURE),
    keys("Hugo", &["images", "featured_image", "featuredimage"], PICTURE),
    keys("Obsidian", &["banner"], PICTURE),
    keys("Hugo", &["lastmod"], UPDATED),
    keys("Jekyll / Obsidian", &["last_modified_at", "modified"], UPDATED),
    keys("Hexo / Jekyll", &["excerpt"], SUMMARY),
    keys("Jekyll", &["nav_order"], ORDER),
    keys("Docusaurus", &["sidebar_position"], ORDER),
    keys("Hexo / Jekyll / VitePress", &["lang", "language"], LANGUAGE),
    keys("Docusaurus / Obsidian", &["id"], NONE),
    keys(
        "Hexo",
        &[
            "comments",
            "comment",
            "mathjax",
            "katex",
            "sticky",
            "disablenunjucks",
            "copyright",
            "aside",
            "reward",
            "top",
        ],
        NONE,
    ),
    keys(
        "Hugo",
        &[
            "type",
            "linktitle",
            "menu",
            "menus",
            "markup",
            "outputs",
            "cascade",
            "resources",
            "iscjklanguage",
            "toc",
            "math",
            "translationkey",
            "videos",
            "audio",
            "params",
            "sitemap",
        ],
        NONE,
    ),
    keys(
        "VitePress",
        &[
            "outline",
            "sidebar",
            "lastupdated",
            "editlink",
            "footer",
            "pageclass",
            "navbar",
            "prev",
            "next",
            "head",
            "hero",
            "features",
            "titletemplate",
            "markdownstyles",
        ],
        NONE,
    ),
    keys(
        "Jekyll",
        &[
            "excerpt_separator",
            "parent",
            "has_children",
            "grand_parent",
            "has_toc",
            "collection",
            "render_with_liquid",
            "nav_exclude",
        ],
        NONE,
    ),
    keys("Obsidian", &["cssclass", "cssclasses", "created", "kanban-plugin", "up", "dg-home", "dg-pinned"], NONE),
    keys("Docusaurus", &["sidebar_label", "hide_title", "custom_edit_url", "pagination_next", "pagination_prev"], NONE),
];

/// The note about a key of another program at `span`; `None` for any other key.
pub(super) fn foreign_key(source: &SourceText<'_>, span: Span, key: &str) -> Option<Diagnostic> {
    let name = key.trim().to_lowercase();
    let found = FOREIGN.iter().find(|foreign| foreign.keys.contains(&&*name))?;
    let diag = Diagnostic::new(&code::FOREIGN_KEY).at(source, span).arg("key", key).arg("program", found.programs);
    Some(diag.arg("count", 1).arg("advice_zh", found.advice.zh).arg("advice_en", found.advice.en))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kinds::{COMMON_FIELDS, KindName};

    #[test]
    fn no_key_of_a_page_is_foreign_and_none_is_listed_twice() {
        let mut seen = BTreeSet::new();
        for key in FOREIGN.iter().flat_map(|foreign| foreign.keys) {
            assert_eq!(*key, key.to_lowercase());
            assert!(seen.insert(key), "{key}");
            assert!(!COMMON_FIELDS.iter().any(|field| field.is_named(key)), "{key}");
            let of_kind = KindName::ALL.iter().find(|kind| kind.definition().fields.iter().any(|f| f.is_named(key)));
            // The id of a survey or an event is read before; a page of another kind has it from elsewhere.
            assert!(of_kind.is_none() || *key == "id", "{key} belongs to {of_kind:?}");
        }
    }

    #[test]
    fn keys_that_hold_pages_back_are_not_foreign() {
        for key in ["draft", "published", "publish", "private", "hidden", "headless", "password", "dg-publish"] {
            assert!(FOREIGN.iter().all(|foreign| !foreign.keys.contains(&key)), "{key}");
        }
    }
}
