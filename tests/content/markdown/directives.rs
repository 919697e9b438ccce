//! Directives: HTML at once, or typed for the view.

use puzhi::markdown::{DirectiveData, LinkTarget, directive_definitions};

use super::support::*;

#[test]
fn boxes_hold_markdown_and_nest() {
    let s = show("````{note} 标题 <b>\n**“甲”**乙\n\n```{details} 展开\n:open: 是\n\n- 丙\n```\n````\n");
    assert_eq!(
        s.html,
        concat!(
            "<aside role=\"note\" class=\"admonition note\"><p class=\"admonition-title\">标题 &lt;b&gt;</p>\n<p><strong>“甲”</strong>乙</p>\n",
            "<details class=\"details\" open><summary>展开</summary>\n<ul>\n<li>丙</li>\n</ul>\n</details>\n</aside>\n",
        )
    );
    assert!(
        show("```{warning}\n文\n```\n").html.contains("admonition warning\"><p class=\"admonition-title\">注意</p>")
    );
    assert!(show("~~~{tip}\n文\n~~~\n").html.contains("admonition tip\"><p class=\"admonition-title\">提示</p>"));
}

#[test]
fn what_is_inside_belongs_to_the_page() {
    let s = show(
        "``` {note}\n## 内标题\n\n[甲](a.md) ![乙](b.png) 文[^1] [丁][ref]\n```\n\n## 外标题\n\n[^1]: 注\n\n[ref]: c.md\n",
    );
    assert_eq!(s.body.links.iter().map(|l| &*l.written).collect::<Vec<_>>(), ["a.md", "c.md"]);
    assert_eq!((s.body.images.len(), s.body.headings.len()), (1, 1));
    assert_eq!(s.body.anchors, ["内标题", "外标题", "fn:1", "fnref:1"]);
    assert!(s.html.contains("href=\"#fn:1\""), "{}", s.html);
    assert_eq!(s.found(), Vec::<String>::new());
}

#[test]
fn steps_and_questions() {
    assert_eq!(
        show("```{steps}\n1. **备料**：甲\n2. 乙\n```\n").html,
        "<div class=\"steps\">\n<ol>\n<li><strong>备料</strong>：甲</li>\n<li>乙</li>\n</ol>\n</div>\n"
    );
    assert_eq!(
        show("```{faq}\n### 问**一**？\n\n答一\n\n### 问二\n\n答二\n```\n").html,
        concat!(
            "<div class=\"faq\">\n<details open id=\"问一\"><summary>问<strong>一</strong>？</summary>\n<div>\n<p>答一</p>\n</div></details>\n",
            "<details open id=\"问二\"><summary>问二</summary>\n<div>\n<p>答二</p>\n</div></details>\n</div>\n",
        )
    );
}

#[test]
fn figures_and_galleries() {
    assert_eq!(
        show("```{figure} a.png\n:alt: 说明\n:caption: 图注\n:credit: 市局\n```\n").html,
        "<figure class=\"figure\">⟦img a.png “说明”⟧<figcaption>图注 <span class=\"credit\">图：市局</span></figcaption></figure>\n"
    );
    assert_eq!(
        show("```{gallery}\n![甲](1.png \"一\")\n![乙](2.png)\n```\n").html,
        concat!(
            "<div class=\"gallery\">\n<figure class=\"figure\">⟦img 1.png “甲”⟧<figcaption>一</figcaption></figure>\n",
            "<figure class=\"figure\">⟦img 2.png “乙”⟧</figure>\n</div>\n",
        )
    );
    assert_eq!(show("```{figure} https://a.cn/x.png\n:alt: 图\n```\n").found(), ["remote-image 1:13"]);
}

#[test]
fn typed_directives() {
    let data = |text: &str| {
        let s = show(text);
        assert_eq!(s.found(), Vec::<String>::new(), "{text}");
        s.body.directives.into_iter().next().unwrap().data
    };
    let internal = |path: &str| LinkTarget::Internal { path: path.into(), anchor: None };
    assert_eq!(
        data("```{download} /a b.pdf\n:title: 表\n```\n"),
        DirectiveData::Download { target: internal("/a b.pdf"), written: "/a b.pdf".into(), title: Some("表".into()) }
    );
    assert_eq!(
        data("```{table} d.csv\n:columns: 甲，乙, 丙\n```\n"),
        DirectiveData::Table {
            target: internal("d.csv"),
            written: "d.csv".into(),
            caption: None,
            columns: vec!["甲".into(), "乙".into(), "丙".into()],
        }
    );
    assert_eq!(
        data("```{events}\n:unit: 市局\n:upcoming: yes\n:limit: ５\n```\n"),
        DirectiveData::Events { campaign: None, channel: None, unit: Some("市局".into()), upcoming: true, limit: 5 }
    );
    assert_eq!(data("```{toc}\n```\n"), DirectiveData::Toc { depth: 3 });
    assert_eq!(
        data("```{survey} awareness-2025\n:compact: 否\n```\n"),
        DirectiveData::Survey { id: "awareness-2025".into(), compact: false }
    );
    assert_eq!(data("```{target} a\n```\n"), DirectiveData::Target { id: "a".into() });
    assert_eq!(
        data("```{targets}\n:group: \"保护\"\n```\n"),
        DirectiveData::Targets { group: Some("保护".into()), unit: None, counts: false }
    );
}

#[test]
fn contacts_keep_every_digit() {
    let s = show("```{contacts}\n- name: 窗口\n  电话: 0871\n  hours: 9:00—17:00\n- {名称: 乙, phone: 12.10}\n```\n");
    let DirectiveData::Contacts { entries } = &s.body.directives[0].data else { panic!() };
    assert_eq!(entries[0].phone.as_deref(), Some("0871"));
    assert_eq!(entries[0].hours.as_deref(), Some("9:00—17:00"));
    assert_eq!((entries[1].name.as_str(), entries[1].phone.as_deref()), ("乙", Some("12.10")));
}

#[test]
fn timelines_hold_markdown() {
    let text = "> ```{timeline}\n> - date: 2022-08\n>   title: 开始\n>   text: |\n>     第一行**“重”**字\n>     [链](a.md) ![](x.png)\n>   link: b.md\n> ```\n";
    let s = show(text);
    let DirectiveData::Timeline { entries, .. } = &s.body.directives[0].data else { panic!() };
    assert_eq!((entries[0].date.as_str(), entries[0].title.as_str()), ("2022-08", "开始"));
    assert_eq!(fill(&s.body, &entries[0].text), "<p>第一行<strong>“重”</strong>字⟦a a.md⟧链⟦/a⟧ ⟦img x.png “”⟧</p>\n");
    assert_eq!(s.found(), ["missing-alt 6:17"]);
    let link = &s.body.links[entries[0].link.unwrap() as usize];
    assert_eq!(&text[link.span.start..link.span.end], "b.md");
}

#[test]
fn unknown_directives_are_code() {
    let s = show("```{r}\nplot(1)\n```\n");
    assert!(s.html.starts_with("<pre><code class=\"language-r\">"), "{}", s.html);
    assert_eq!(s.found(), ["unknown-directive 1:5"]);
}

#[test]
fn the_reference_lists_every_directive_once() {
    let names: Vec<_> = directive_definitions().iter().map(|d| d.name).collect();
    assert_eq!(
        names,
        [
            "note", "tip", "warning", "details", "steps", "faq", "figure", "gallery", "download", "contacts",
            "timeline", "flow", "decision", "bars", "line", "gauge", "target", "targets", "table", "events", "pages",
            "toc", "survey",
        ]
    );
}
