//! Pages of the kind `notice`: what they show, in force and after, and that they keep their address.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, OutputFiles};

use crate::support::build_archive;

const SITE: &str = "-- site.yaml --
title: 示例县反诈
base_url: https://example.org/
languages: [{code: zh, tag: zh-CN, name: 中文}, {code: en, name: English, title: Sample County}]
-- content/notices/_index.md --
---
标题: 通知公告
类型: 通知
---
-- content/notices/month.md --
---
标题: 关于开展宣传月活动的通知
发文机关: 示例县反诈办
文号: 示反诈办〔2027〕3号
成文日期: 2027-03-01
有效期至: 2027-04-30
附件: [报名表.docx, ../about/team.md]
---

请各单位报名。
-- content/notices/month.en.md --
---
title: Notice of the campaign month
issuer: Sample County
issued: 2027-03-01
valid_until: 2027-04-30
attachments: https://example.com/form
---

Please register.
-- content/notices/报名表.docx --
x
-- content/about/_index.md --
---
标题: 关于
---
-- content/about/team.md --
---
标题: 工作组
---
";

fn build(today: Date) -> OutputFiles {
    let (report, files) = build_archive(SITE, today, &Options::default());
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    files
}

fn text(files: &OutputFiles, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

#[test]
fn a_notice_shows_its_facts_and_its_attachments() {
    let files = build(date(2027, 3, 2));
    let page = text(&files, "notices/month/index.html");
    for part in [
        "<p class=\"kind\">通知公告</p>",
        "<dt>发文机关</dt><dd>示例县反诈办</dd>",
        "<dt>文号</dt><dd>示反诈办〔2027〕3号</dd>",
        "<dt>成文日期</dt><dd><time datetime=\"2027-03-01\">2027年3月1日</time></dd>",
        "<dt>有效期至</dt><dd><time datetime=\"2027-04-30\">2027年4月30日</time></dd>",
        "<li><a href=\"../../notices/%E6%8A%A5%E5%90%8D%E8%A1%A8.docx\">报名表.docx</a></li>",
        "<li><a href=\"../../about/team/index.html\">工作组</a></li>",
        "<dt>发布</dt><dd><time datetime=\"2027-03-01\">",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("失效"), "{page}");
    let english = text(&files, "en/notices/month/index.html");
    assert!(english.contains("<dt>In force until</dt><dd><time datetime=\"2027-04-30\">30 April 2027</time></dd>"));
    assert!(english.contains("<dt>Attachments</dt><dd><a class=\"external\""), "{english}");
    let list = text(&files, "notices/index.html");
    assert!(list.contains("month/") && list.contains("2027年3月1日"), "{list}");
}

#[test]
fn an_expired_notice_keeps_its_address_and_says_that_it_is_no_longer_in_force() {
    let last = build(date(2027, 4, 30));
    assert!(!text(&last, "notices/month/index.html").contains("失效"));
    let after = build(date(2027, 5, 1));
    let page = text(&after, "notices/month/index.html");
    assert!(page.contains("这份通知的有效期到2027年4月30日，现在已经失效，只供查阅。"), "{page}");
    assert!(text(&after, "en/notices/month/index.html").contains("It is no longer in force"));
    assert!(!text(&after, "notices/index.html").contains("month/"));
    assert!(!text(&after, "atom.xml").contains("month/") && !text(&after, "sitemap.xml").contains("month/"));
}

#[test]
fn a_notice_that_ends_before_it_is_issued_and_a_missing_attachment_are_reported() {
    let site = SITE.replace("有效期至: 2027-04-30", "有效期至: 2027-02-28").replace("报名表.docx, ", "报名.docx, ");
    let (report, _) = build_archive(&site, date(2027, 3, 2), &Options::default());
    let found: Vec<_> = report.diags.iter().map(|diag| diag.code.name).collect();
    assert_eq!(found, ["unreached-files", "end-before-start", "broken-link"]);
}
