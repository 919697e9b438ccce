//! `settings.md`: the keys of `site.yaml`.

use puzhi::settings::{FIELDS, read};
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;

use super::{fields, same_as_page};

const EXAMPLE: &str = "\
title: 安宁市知识产权宣传
base_url: https://www.example.gov.cn/ztzl/zscq/
organiser: 安宁市市场监督管理局
portal: {name: 示例县人民政府, domain: www.example.gov.cn, id: '5301810001'}
languages:
  - code: zh
    name: 中文
  - code: en
    name: English
    title: Anning Intellectual Property
navigation:
  - {title: 看政策, link: /policy/}
  - {title: 办事情, link: /guides/}
contact:
  name: 宣传科
  hours: 工作日 9:00—17:00
";

#[test]
fn settings_page_says_what_the_code_says() {
    let page = format!(
        "# site.yaml 的设置 Settings\n\n\
         站点文件夹里的 `site.yaml` 写明整个网站的事情。只有 `title` 必须写，其余都有缺省值。\n\
         每个键可以写英文，也可以写中文，意思一样；写错的键会得到提醒，并指出最接近的写法。\n\n\
         `site.yaml` in the site's folder says what holds for the whole site. Only `title` is required.\n\
         A key may be written in English or in Chinese; an unknown key is pointed out together with the nearest known one.\n\n\
         ```yaml\n{EXAMPLE}```\n\n\
         每种语言可以有自己的 `title`、`navigation` 等；没有写的，用上一层的（导航、页脚和入口除外，它们只用于默认语言）。\n\
         网址、链接和说明怎么写，见[“怎么写”](front-matter.md#怎么写-how-to-write)。\n\n\
         ## 所有的键 All keys\n\n{}",
        fields::tables(FIELDS, 3)
    );
    same_as_page("settings.md", &page);
}

#[test]
fn the_example_has_no_findings() {
    let path = SitePath::new("site.yaml").unwrap();
    let (settings, diags) = read(&SourceText::new(&path, EXAMPLE));
    assert!(diags.is_empty(), "{diags:?}");
    assert_eq!(settings.languages.len(), 2);
}
