//! `template-data.md`: what templates can read, from the source of the views.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Expr, Fields, GenericArgument, Item, Lit, Meta, PathArguments, Type};

use super::table::{code, table};
use super::{project, same_as_page};

/// Where the types stand. The first is the model itself; the others hold what it takes from other rooms.
const FILES: [&str; 15] = [
    "src/view/model.rs",
    "src/view/pages/corrections_model.rs",
    "src/view/pages/model.rs",
    "src/view/pages/diagram_model.rs",
    "src/view/calendar/model.rs",
    "src/view/survey/model.rs",
    "crates/core/src/kinds/event.rs",
    "crates/core/src/kinds/guide.rs",
    "crates/core/src/kinds/policy.rs",
    "crates/core/src/kinds/story.rs",
    "crates/core/src/kinds/survey/question.rs",
    "crates/core/src/kinds/targets.rs",
    "crates/markdown/src/model.rs",
    "src/settings/mod.rs",
    "src/settings/government.rs",
];

/// What stands in a template's hands: name, type, which templates, what it is.
const VARIABLES: [(&str, &str, &str, &str); 20] = [
    ("site", "SiteView", "全部 all", "网站 the site in the page's language"),
    ("t", "", "全部 all", "界面文字，来自 i18n：`t.KEY` words of the interface"),
    ("lang", "LangView", "全部 all", "页面的语言 the page's language"),
    ("lang_code", "", "全部 all", "`lang.code`，函数要用 for functions"),
    ("root", "", "全部 all", "到网站根目录的相对路径：`./`、`../` the way to the site's root"),
    (
        "portable",
        "",
        "每种页面的模板 templates of kinds",
        "只在做订阅源等别处用的文章时有，为 true，只要 article 元素 defined and true where the article alone is rendered",
    ),
    ("here", "", "全部 all", "地址的第一段 the first segment of the address"),
    ("large", "LargeView", "全部 all", "这一页的大字版；没有大字版时为 none the large page beside the page"),
    ("page", "PageView", "每种页面的模板 templates of kinds, home", "这一页；首页没有 `_index.md` 时为 none the page"),
    ("home", "HomeView", "home", "首页另有的内容 what only the home page shows"),
    ("list", "ListView", "home, section, term, taxonomy", "列表的一页 one page of a list"),
    ("list", "CalendarView", "calendar", "一份日历 a calendar as a list by month"),
    ("list", "GridView", "month", "一个月 a month as a table"),
    ("list", "LedgerView", "ledger", "一年的台账 a year of the ledger"),
    ("list", "CorrectionsView", "corrections", "更正和撤稿 corrections and withdrawals"),
    ("directive", "DirectiveView", "directives/NAME", "指令的内容 the directive"),
    ("wechat", "WechatView", "wechat", "复制到公众号的文章 an article for WeChat's editor"),
    ("target_url", "", "redirect", "转到的地址 where the redirect leads"),
    ("target_title", "", "redirect", "转到的页面的标题 the title there"),
    ("permalink", "", "redirect", "转到的完整网址 its absolute address"),
];

#[test]
fn template_data_page_says_what_the_code_says() {
    let model = Model::read();
    let mut page = format!(
        "# 模板能用的数据 Template data\n\n\
         这一页写给改模板的人。地址（`url`）从网站根目录算起，前面没有 `/`，写成 `{{{{ root }}}}{{{{ page.url }}}}`；\
         没有的值是 `none`；名字以 `html` 结尾的是可以直接放进网页的 HTML，其余文字都会自动转义。\n\n{}\n",
        model.intro
    );
    page.push_str(
        "\n模板用 [Tera](https://keats.github.io/tera/) 写，放在主题的 `templates/`；站点自己的 `templates/` 里同名的文件优先，\n\
         `{% extends \"theme/page.html\" %}` 可以只改其中一块。\n\n\
         Templates are written in Tera. A file of the same name in the site's own `templates/` comes first;\n\
         `{% extends \"theme/page.html\" %}` changes single blocks.\n\n## 变量 Variables\n\n",
    );
    let mut known: BTreeSet<&str> = BTreeSet::new();
    page.push_str(&table(
        &["名字 Name", "类型 Type", "模板 Templates", "说明 Meaning"],
        VARIABLES.map(|(name, ty, of, what)| {
            known.insert(name);
            let ty = if ty.is_empty() { "text".to_string() } else { link(ty) };
            vec![code(name), if name == "t" { "words".into() } else { ty }, of.to_string(), what.to_string()]
        }),
    ));
    assert_eq!(
        inserted(),
        known.iter().map(|n| n.to_string()).collect(),
        "the views insert other variables than the page names"
    );

    page.push_str("\n## 函数 Functions\n\n");
    page.push_str(&table(&["函数 Function", "说明 Meaning"], functions()));
    page.push_str("\n## 类型 Types\n");
    for name in model.reachable() {
        page.push_str(&model.types[&name].page(&name));
    }
    same_as_page("template-data.md", &page);
}

/// Names of variables that `views.rs` hands to templates.
fn inserted() -> BTreeSet<String> {
    let files = ["src/view/views.rs", "src/view/pages/press.rs", "src/view/portable/mod.rs"];
    let text = files.map(|file| std::fs::read_to_string(project(file)).unwrap()).join("\n");
    let mut names = BTreeSet::new();
    for mark in ["insert(&mut context, \"", "insert_value(\""] {
        names.extend(text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(String::from));
    }
    names
}

/// Each function with its arguments and the comment above it.
fn functions() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(project("src/view/functions.rs")).unwrap();
    let mut out = Vec::new();
    let mut comment = String::new();
    let parts: Vec<&str> = text.split("tera.register_function(\"").collect();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            let (name, body) = part.split_once('"').unwrap();
            let mut arguments = Vec::new();
            for (mark, optional) in [("args.must_get::<", false), ("args.get::<", true)] {
                for rest in body.split(mark).skip(1) {
                    let name = rest.split('"').nth(1).unwrap();
                    arguments.push(if optional { format!("[{name}=]") } else { format!("{name}=") });
                }
            }
            assert!(!comment.is_empty(), "the function {name} has no comment");
            out.push(vec![code(&format!("{name}({})", arguments.join(", "))), comment.clone()]);
        }
        let lines: Vec<&str> = part.lines().rev().skip(1).take_while(|l| l.trim().starts_with("// ")).collect();
        comment = lines.iter().rev().map(|l| l.trim().trim_start_matches("// ")).collect::<Vec<_>>().join(" ");
    }
    out
}

/// All types by name.
struct Model {
    intro: String,
    types: BTreeMap<String, Described>,
}

struct Described {
    doc: String,
    body: Body,
}

enum Body {
    Fields(Vec<Row>),
    /// One of several shapes, each with its fields.
    Shapes(Vec<(String, String, Vec<Row>)>),
    /// One of several words.
    Words(Vec<(String, String)>),
}

struct Row {
    name: String,
    ty: String,
    doc: String,
    uses: Vec<String>,
}

impl Model {
    fn read() -> Model {
        let mut model = Model { intro: String::new(), types: BTreeMap::new() };
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for (i, path) in FILES.iter().enumerate() {
            let file = syn::parse_file(&std::fs::read_to_string(project(path)).unwrap()).unwrap();
            if i == 0 {
                // The first paragraph speaks to readers of the code.
                model.intro = doc(&file.attrs, "\n").split_once("\n\n").unwrap().1.to_string();
                // `use …::{Contact as SiteContact}` gives a type a name of its own in the model.
                let text = std::fs::read_to_string(project(path)).unwrap();
                for line in text.lines().filter(|l| l.starts_with("use ")) {
                    for (before, after) in
                        line.match_indices(" as ").map(|(at, m)| (&line[..at], &line[at + m.len()..]))
                    {
                        let own = before.rsplit(['{', ' ', ',', ':']).next().unwrap();
                        let new = after.split([',', '}', ';']).next().unwrap();
                        let room = line.trim_start_matches("use crate::").split("::").next().unwrap();
                        renamed.insert(format!("src/{room}/mod.rs {own}"), new.to_string());
                    }
                }
            }
            for item in file.items {
                let (name, described) = match item {
                    Item::Struct(s) => (
                        s.ident.to_string(),
                        Described { doc: doc(&s.attrs, " "), body: Body::Fields(rows(&s.fields)) },
                    ),
                    Item::Enum(e) => {
                        let lower = attribute(&e.attrs, "rename_all").is_some_and(|v| v == "lowercase");
                        let word = |name: String| if lower { name.to_lowercase() } else { name };
                        let plain = e.variants.iter().all(|v| matches!(v.fields, Fields::Unit));
                        let body = if plain {
                            Body::Words(
                                e.variants.iter().map(|v| (word(v.ident.to_string()), doc(&v.attrs, " "))).collect(),
                            )
                        } else {
                            Body::Shapes(
                                e.variants
                                    .iter()
                                    .map(|v| (v.ident.to_string(), doc(&v.attrs, " "), rows(&v.fields)))
                                    .collect(),
                            )
                        };
                        (e.ident.to_string(), Described { doc: doc(&e.attrs, " "), body })
                    }
                    _ => continue,
                };
                let name = renamed.get(&format!("{path} {name}")).cloned().unwrap_or(name);
                model.types.entry(name).or_insert(described);
            }
        }
        model
    }

    /// The types that variables lead to, in the order they are met.
    fn reachable(&self) -> Vec<String> {
        let mut order: Vec<String> =
            VARIABLES.iter().map(|v| v.1).filter(|t| !t.is_empty()).map(String::from).collect();
        let mut at = 0;
        order.dedup();
        while at < order.len() {
            let described =
                self.types.get(&order[at]).unwrap_or_else(|| panic!("no source for the type {}", order[at]));
            let rows: Vec<&Row> = match &described.body {
                Body::Fields(rows) => rows.iter().collect(),
                Body::Shapes(shapes) => shapes.iter().flat_map(|s| &s.2).collect(),
                Body::Words(_) => Vec::new(),
            };
            for name in rows.into_iter().flat_map(|r| &r.uses) {
                if !order.contains(name) {
                    order.push(name.clone());
                }
            }
            at += 1;
        }
        order
    }
}

impl Described {
    fn page(&self, name: &str) -> String {
        let mut out = format!("\n### {name}\n\n");
        if !self.doc.is_empty() {
            out.push_str(&format!("{}\n\n", self.doc));
        }
        let fields = |rows: &[Row]| {
            table(
                &["键 Key", "类型 Type", "说明 Meaning"],
                rows.iter().map(|r| vec![code(&r.name), r.ty.clone(), r.doc.clone()]),
            )
        };
        match &self.body {
            Body::Fields(rows) => out.push_str(&fields(rows)),
            Body::Shapes(shapes) => {
                for (shape, doc, rows) in shapes {
                    let doc = if doc.is_empty() { String::new() } else { format!(" {doc}") };
                    out.push_str(&format!("`directives/{}.html`:{doc}\n\n{}\n", shape.to_lowercase(), fields(rows)));
                }
                out.truncate(out.trim_end().len());
                out.push('\n');
            }
            Body::Words(words) => {
                let word = |(word, doc): &(String, String)| {
                    if doc.is_empty() { code(word) } else { format!("{} {doc}", code(word)) }
                };
                out.push_str(&format!("{}\n", words.iter().map(word).collect::<Vec<_>>().join(", ")));
            }
        }
        out
    }
}

fn rows(fields: &Fields) -> Vec<Row> {
    fields
        .iter()
        .filter_map(|f| {
            let written = f.ident.as_ref()?.to_string();
            let mut uses = Vec::new();
            let ty = describe(&f.ty, &mut uses);
            Some(Row { name: attribute(&f.attrs, "rename").unwrap_or(written), ty, doc: doc(&f.attrs, " "), uses })
        })
        .collect()
}

/// A Rust type as a template's author sees it.
fn describe(ty: &Type, uses: &mut Vec<String>) -> String {
    let Type::Path(path) = ty else { return "text".into() };
    let last = path.path.segments.last().unwrap();
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(a) => {
            a.args.iter().find_map(|a| if let GenericArgument::Type(t) = a { Some(t) } else { None })
        }
        _ => None,
    };
    match (last.ident.to_string().as_str(), inner) {
        ("Option", Some(inner)) => format!("{} or none", describe(inner, uses)),
        ("Vec", Some(inner)) => format!("list of {}", describe(inner, uses)),
        ("Box" | "Shared", Some(inner)) => describe(inner, uses),
        ("String" | "str", _) => "text".into(),
        ("bool", _) => "true or false".into(),
        ("usize" | "u64" | "u32" | "i16" | "i8" | "i64" | "f64", _) => "number".into(),
        ("Json" | "Value", _) => "anything".into(),
        (name, _) => {
            uses.push(name.to_string());
            link(name)
        }
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", name.to_lowercase())
}

/// The documentation of an item as one text.
fn doc(attributes: &[Attribute], join: &str) -> String {
    let lines = attributes.iter().filter(|a| a.path().is_ident("doc")).filter_map(|a| match &a.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value().trim().to_string()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    // Links between items mean nothing to a template's author.
    lines.collect::<Vec<_>>().join(join).replace("[`", "`").replace("`]", "`")
}

/// The value of `#[serde(name = "value")]`.
fn attribute(attributes: &[Attribute], name: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value().and_then(|v| v.parse::<syn::LitStr>())
                && meta.path.is_ident(name)
            {
                found = Some(value.value());
            }
            Ok(())
        });
    }
    found
}
