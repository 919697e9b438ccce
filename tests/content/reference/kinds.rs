//! `kinds.md`: the keys of the files that define a site's own kinds.

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{KIND_EXAMPLE, KIND_FIELDS, KindFileContext, read_kind};

use super::{fields, same_as_page};

#[test]
fn kinds_page_says_what_the_code_says() {
    let page = format!(
        "# 自己的类型 Kinds of a site's own\n\n\
         `kinds/名字.yaml` 定义一种页面，一种一个文件。`puzhi kinds 名字` 列出它的键，`puzhi new 名字 标题` 写一篇新的。\n\n\
         `kinds/NAME.yaml` defines a kind of page, one file for each. `puzhi kinds NAME` lists its keys, `puzhi new NAME TITLE` writes a page.\n\n\
         ```yaml\n{KIND_EXAMPLE}```\n\n{}",
        fields::tables(KIND_FIELDS, 2)
    );
    same_as_page("kinds.md", &page);
}

#[test]
fn the_example_has_no_findings() {
    let path = SitePath::new("kinds/骗局.yaml").unwrap();
    let context = KindFileContext { taken: &[], taxonomies: &[] };
    let (kind, diags) = read_kind(&SourceText::new(&path, KIND_EXAMPLE), context);
    assert_eq!(diags, []);
    assert_eq!((kind.name.as_str(), kind.zh.as_str(), kind.keys.len()), ("scam", "骗局", 3));
}
