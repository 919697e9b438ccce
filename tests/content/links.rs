//! Links of whole sites: ids of titles and headings, and addresses as other programs write them.

use jiff::civil::date;
use puzhi::pipeline::Options;
use puzhi_core::diag::Lang;

use crate::support::{OutputFiles, build_archive};

/// A built site with `code file:line:column hint` of each finding.
struct Built {
    files: OutputFiles,
    found: Vec<String>,
}

impl Built {
    fn page(&self, path: &str) -> String {
        String::from_utf8(self.files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
    }
}

fn built(pages: &str) -> Built {
    let archive = format!("-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n{pages}");
    let (report, files) = build_archive(&archive, date(2026, 11, 27), &Options::default());
    let found = report.diags.iter().map(|d| {
        let place = d.position.map_or(String::new(), |p| format!(":{}:{}", p.line, p.column));
        let file = d.file.as_ref().map_or(String::new(), ToString::to_string);
        format!("{} {file}{place} {}", d.code.name, d.hint(Lang::Zh).unwrap_or_default()).trim_end().to_string()
    });
    Built { files, found: found.collect() }
}

/// The addresses of all links with this text.
fn address(html: &str, text: &str) -> String {
    let end = html.find(&format!("\">{text}</a>")).unwrap_or_else(|| panic!("{text} is no link: {html}"));
    html[html[..end].rfind("href=\"").unwrap() + "href=\"".len()..end].to_string()
}

#[test]
fn the_id_of_a_title_is_on_the_heading_of_the_page() {
    let site = built(
        "-- content/a.md --\n# 办事指南 {#zz}\n\n[上](#zz) [下](b.md#怎么办)\n\n## 其他\n-- content/b.md --\n# 怎么办\n\n[上](#怎么办)\n\n## 怎么做\n",
    );
    assert!(site.found.is_empty(), "{:?}", site.found);
    let page = site.page("a/index.html");
    assert!(page.contains("<h1 id=\"zz\">办事<wbr>指南</h1>"), "{page}");
    assert_eq!(address(&page, "上"), "#zz");
    assert!(address(&page, "下").ends_with("b/index.html#%E6%80%8E%E4%B9%88%E5%8A%9E"), "{page}");
    assert!(site.page("b/index.html").contains("<h1 id=\"怎么办\">"));
    // A section page, and a heading of the text that has the id already.
    let site = built("-- content/s/_index.md --\n# 栏目\n\n[上](#栏目)\n-- content/s/a.md --\n# 甲\n\n## 甲\n\n文。\n");
    assert!(site.found.is_empty(), "{:?}", site.found);
    assert!(site.page("s/index.html").contains("<h1 id=\"栏目\">栏目</h1>"));
    let page = site.page("s/a/index.html");
    assert!(page.contains("<h1>甲</h1>") && page.contains("<h2 id=\"甲\">"), "{page}");
}

#[test]
fn anchors_of_other_programs_mean_ours() {
    let site = built(
        "-- content/a.md --\n[一](#一解决的问题) [二](#a--b) [三](#问题-1) [四](b.md#第一步准备) [五](#一、解决的问题)\n\n## 一、解决的问题\n\n## A & B\n\n## 问题\n\n## 问题\n-- content/b.md --\n## 第一步：准备\n-- content/c.md --\n[坏](#没有) [近](b.md#第二步准备)\n",
    );
    assert_eq!(
        site.found,
        ["broken-anchor content/c.md:1:1", "broken-anchor content/c.md:1:10 最接近的是“#第一步-准备”"],
        "{:?}",
        site.found
    );
    let page = site.page("a/index.html");
    let decoded = |text| percent_encoding::percent_decode_str(&address(&page, text)).decode_utf8_lossy().into_owned();
    assert_eq!(decoded("一"), "#一-解决的问题");
    assert_eq!(decoded("二"), "#a-b");
    assert_eq!(decoded("三"), "#问题-2");
    assert!(decoded("四").ends_with("b/index.html#第一步-准备"));
    assert_eq!(decoded("五"), "#一-解决的问题");
}

#[test]
fn headings_do_not_repeat_ids_of_the_theme() {
    let site = built("-- content/a.md --\n[甲](#main)\n\n## Main\n\n## toc\n\n## 乙\n\n## 丙\n");
    let page = site.page("a/index.html");
    for id in ["main", "toc", "main-2", "toc-2"] {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    let site = built("-- content/a.md --\n## 甲 {#main}\n");
    assert_eq!(site.found, ["reserved-anchor content/a.md:1:1 换个名字，例如 {#main-2}；链接也要跟着改"]);
}

/// How often each id of a page occurs, where it is more than once.
fn repeated_ids(page: &str) -> Vec<&str> {
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect()
}

#[test]
fn headings_do_not_repeat_ids_of_their_template() {
    let words = "## Year\n\n## Latest\n\n## Entries\n\n## Below\n\n## Pages\n\n## Sessions\n\n## Guide steps\n\n## Survey form\n\n## Target a\n\n[到](#entries)\n";
    let targets = "- id: a\n  title: 甲\n  words: 每年1场\n  value: {min: 1}\n  unit: 场\n  per: year\n";
    let site = built(&format!(
        "entries:\n  - title: 办事\n    link: s/_index.md\n-- content/_index.md --\n{words}\n-- content/s/_index.md --\n{words}\n-- content/s/t/_index.md --\n文。\n\
         -- content/s/a.md --\n{words}\n-- content/s/g.md --\n---\ntitle: 指南\nkind: guide\nsteps:\n  - 一步\n---\n{words}\n-- content/s/v.md --\n---\ntitle: 板\n---\n## Target a\n\n```{{targets}}\n```\n-- data/targets.yaml --\n{targets}"
    ));
    let errors: Vec<&String> = site.found.iter().filter(|f| f.starts_with("bad") || f.starts_with("missing")).collect();
    assert!(errors.is_empty() && site.files.contains_key("index.html"), "{:?}", site.found);
    for path in ["index.html", "s/index.html", "s/a/index.html", "s/g/index.html", "s/v/index.html"] {
        let page = site.page(path);
        assert!(repeated_ids(&page).is_empty(), "{path}: {:?} {:?}", repeated_ids(&page), site.found);
    }
    // Where the template has no such id, the heading keeps it.
    assert!(site.page("s/a/index.html").contains("<h2 id=\"year\">"));
    let home = site.page("index.html");
    assert!(home.contains("<h2 id=\"entries\">") && home.contains("<h2 id=\"entries-2\">"), "{home}");
    let broken = site.found.iter().find(|f| f.starts_with("broken-anchor")).map(String::as_str);
    assert!(broken.is_some_and(|f| f.ends_with("最接近的是“#entries-2”")), "{:?}", site.found);
    assert!(site.page("s/v/index.html").contains("id=\"target-a\""), "{:?}", site.found);
}

#[test]
fn headings_without_words_are_left_out() {
    let site = built("-- content/a.md --\n## 甲\n\n##\n\n## <br>\n\n## 乙\n\n文\n\n## ！\n");
    assert_eq!(site.found.len(), 2, "{:?}", site.found);
    let page = site.page("a/index.html");
    assert_eq!(page.matches("<a class=\"anchor\"").count(), 4, "{page}");
    assert!(!page.contains("href=\"#section\"></a>"), "{page}");
}

#[test]
fn addresses_of_other_programs_are_followed() {
    let site = built(
        "-- content/a.md --\n[一](b.md?v=2) [二](/b/index.html) [三](x/index.html#甲) [四](x/index.htm) [五](f.pdf?download=1) [六](/index.html) [七](https：//a.cn/x)\n\n![图](p.png?v=3)\n-- content/b.md --\n文。\n-- content/x/README.md --\n## 甲\n-- content/f.pdf --\nx\n-- content/p.png --\nGIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;\n",
    );
    let others: Vec<&String> = site.found.iter().filter(|f| !f.starts_with("wide-address")).collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(site.found, ["wide-address content/a.md:1:110 改成半角的冒号和两个斜杠：https://a.cn/x"]);
    let page = site.page("a/index.html");
    assert_eq!(
        (address(&page, "一"), address(&page, "二")),
        ("../b/index.html".to_string(), "../b/index.html".to_string())
    );
    assert!(address(&page, "三").starts_with("../x/index.html#") && address(&page, "四") == "../x/index.html");
    assert_eq!((address(&page, "五"), address(&page, "六")), ("../f.pdf".to_string(), "../index.html".to_string()));
}

#[test]
fn the_case_of_a_file_name_is_named() {
    let site = built(
        "-- content/a.md --\n![图](Photo.JPG)\n\n[甲](sub/B.md) [乙](Sub/b.md)\n-- content/photo.jpg --\nGIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;\n-- data/used.yaml --\n- photo.jpg\n-- content/sub/b.md --\n文。\n",
    );
    assert_eq!(
        site.found,
        [
            "broken-link content/a.md:1:1 最接近的是“photo.jpg”",
            "broken-link content/a.md:3:1 最接近的是“sub/b.md”",
            "broken-link content/a.md:3:15 最接近的是“sub/b.md”",
            "folder-without-title content/sub 新建 content/sub/_index.md，里面写三行：---、标题: 栏目的中文名、---",
        ]
    );
}

#[test]
fn addresses_in_the_text_are_links() {
    let site = built("-- content/a.md --\n来信ip@a.gov.cn，见www.a.cn/b查询，https://a.cn/c.html下载。`d@e.cn`\n");
    assert!(site.found.is_empty(), "{:?}", site.found);
    let page = site.page("a/index.html");
    assert!(page.contains("href=\"mailto:ip@a.gov.cn\""), "{page}");
    assert!(page.contains("href=\"http://www.a.cn/b\"") && page.contains("href=\"https://a.cn/c.html\""), "{page}");
    assert!(page.contains("<code>d@e.cn</code>"), "{page}");
}
