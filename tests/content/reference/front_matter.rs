//! `front-matter.md`: the keys of every kind of page, of sections and of targets.

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{
    FieldTable, FrontMatterContext, KindName, field_tables, read_front_matter, read_section_front_matter, read_targets,
    split_front_matter,
};

use super::{fields, same_as_page};

/// One example for each table, in its order; each is read without findings.
fn example(name: &str) -> &'static str {
    match name {
        "page" => {
            "标题: 专利和商标有什么不同\n日期: 2026-04-26\n摘要: 一个保护技术，一个保护牌子。\n标签: [专利, 商标]\n来源: 市市场监管局\n配图: {文件: difference.jpg, 说明文字: 一台机器和它的铭牌}\n"
        }
        "policy" => {
            "标题: 知识产权宣传方案\n文号: 示例〔2026〕1号\n发布机关: 市政府办公室\n成文日期: 2022-08-01\n状态: 有效\n原文: 是\n"
        }
        "guide" => {
            "标题: 专利权质押登记怎么办\n事项: 专利权质押登记\n依据: [《中华人民共和国民法典》第四百四十四条]\n材料:\n  - 质押登记申请表\n  - 质押合同\n窗口: {地点: 政务服务中心, 时间: 工作日 9:00—17:00}\n核对日期: 2026-10-08\n"
        }
        "event" => {
            "标题: 知识产权进校园\n编号: school-2027-04\n开始: 2027-04-23 9:30\n结束: 11:30\n地点: 第一小学\n七进: 进校园\n状态: 计划\n"
        }
        "story" => {
            "标题: 一个商标救活一个果园\n示例: 是\n单位: 某果品合作社\n知识产权类型: 地理标志\n数字:\n  - {名称: 种植面积, 数值: 120, 单位: 亩, 来源: 合作社填报}\n"
        }
        "survey" => {
            "标题: 知识产权知晓情况调查\n编号: awareness\n开始: 2027-04-01\n截止: 2027-04-30\n目的: 了解市民知道多少\n问题:\n  - 编号: q1\n    题型: 单选\n    题目: 您知道发明专利的保护期吗？\n    选项:\n      - {编号: a, 文字: 知道}\n      - {编号: b, 文字: 不知道}\n"
        }
        "section" => "标题: 办事情\n摘要: 一步一步说清楚怎么办。\n类型: 指南\n排序: 2\n每页篇数: 20\n排列: 排序\n",
        "targets" => {
            "- 编号: awareness\n  名称: 全民知识产权认知度\n  分组: 保护\n  原文: 全民知识产权认知度达85%以上\n  数值: {最小: 85}\n  单位: \"%\"\n  口径: 期末\n  期限: 2025-07-31\n  责任单位: 市市场监管局\n  观测: []\n"
        }
        other => panic!("the table {other} has no example"),
    }
}

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
    for FieldTable { name, zh, fields } in field_tables() {
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
        page.push_str(&format!("```yaml\n{fence}{}{fence}```\n\n", example(name)));
        page.push_str(&fields::tables(fields, 3));
    }
    same_as_page("front-matter.md", &page);
}

#[test]
fn every_example_is_read_without_findings() {
    for FieldTable { name, .. } in field_tables() {
        let path = SitePath::new("content/example.md").unwrap();
        let diags = if name == "targets" {
            read_targets(&SourceText::new(&path, example(name))).1
        } else {
            let text = format!("---\n{}---\n", example(name));
            let source = SourceText::new(&path, &text);
            let front = split_front_matter(&text).front;
            match KindName::from_name(name) {
                Some(kind) => read_front_matter(&source, front, &FrontMatterContext { kind, taxonomies: &[] }).2,
                None => {
                    read_section_front_matter(
                        &source,
                        front,
                        &FrontMatterContext { kind: KindName::Page, taxonomies: &[] },
                    )
                    .2
                }
            }
        };
        assert!(diags.is_empty(), "{name}: {diags:?}");
    }
}
