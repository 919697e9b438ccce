//! `front-matter.md`: the keys of every kind of page, of sections and of targets.

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{
    FieldTable, FrontMatterContext, KindName, field_tables, read_front_matter, read_section_front_matter, read_targets,
    split_front_matter,
};

use super::{fields, same_as_page};

#[test]
fn front_matter_page_says_what_the_code_says() {
    let mut page = format!(
        "# 页面开头的信息 Front matter\n\n\
         每个 Markdown 文件可以用两行 `---` 夹着几行“键: 值”开头，不写也行。冒号用半角，后面空一格。\n\
         每个键可以写英文，也可以写中文。页面是什么类型由栏目的 `_index.md` 决定，页面自己也可以写 `类型`。\n\n\
         A Markdown file may begin with lines of `key: value` between two lines of `---`; it may also have none.\n\
         Keys are English or Chinese. A page's kind is its section's unless the page says otherwise.\n\n\
         ## 怎么写 How to write\n\n{}",
        fields::types()
    );
    for FieldTable { name, zh, fields, example } in field_tables() {
        page.push_str(&format!("\n## {zh} `{name}`\n\n"));
        page.push_str(match name {
            "page" => "所有页面都有的键。Keys of every page.\n\n",
            "section" => {
                "栏目的 `_index.md` 另有的键；类型对整个栏目有效。Keys that only `_index.md` has; its kind holds for the whole section.\n\n"
            }
            "targets" => "`data/targets.yaml` 是一个列表，每项一个目标。`data/targets.yaml` is a list with one target each.\n\n",
            _ => "这一类型另有的键。Keys that only this kind has.\n\n",
        });
        let fence = if name == "targets" { "" } else { "---\n" };
        page.push_str(&format!("```yaml\n{fence}{}{fence}```\n\n", example));
        page.push_str(&fields::tables(fields, 3));
    }
    same_as_page("front-matter.md", &page);
}

#[test]
fn every_example_is_read_without_findings() {
    for FieldTable { name, example, .. } in field_tables() {
        let path = SitePath::new("content/example.md").unwrap();
        let diags = if name == "targets" {
            read_targets(&SourceText::new(&path, example)).1
        } else {
            let text = format!("---\n{}---\n", example);
            let source = SourceText::new(&path, &text);
            let front = split_front_matter(&text).front;
            match KindName::from_name(name) {
                Some(kind) => read_front_matter(&source, front, &FrontMatterContext::of(kind)).diags,
                None => read_section_front_matter(&source, front, &FrontMatterContext::of(KindName::Page)).diags,
            }
        };
        assert!(diags.is_empty(), "{name}: {diags:?}");
    }
}
