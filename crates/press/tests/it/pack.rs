//! The press pack: its files, and equal bytes.

use puzhi_press::{ArchiveFile, PackFiles, plain_text, press_pack};

use crate::docx::parts;
use crate::support::{EVERYTHING, article, jpeg};

fn pack(name: &str) -> Vec<u8> {
    let media = [jpeg("https://ip.example.cn/pictures/a.jpg")];
    let more = [ArchiveFile::new("ninjs.json", "{}")];
    press_pack(&article(EVERYTHING), PackFiles { name, media: &media, more: &more }).expect("an archive")
}

#[test]
fn a_pack_has_all_that_an_editor_needs() {
    let files = parts(&pack("guide-a"));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "guide-a.docx",
        "guide-a.txt",
        "permission.txt",
        "pictures.txt",
        "metadata.json",
        "pictures/1.jpg",
        "ninjs.json",
    ];
    assert_eq!(names, expected.map(|name| format!("guide-a/{name}")));
    let text = |i: usize| String::from_utf8(files[i].1.clone()).expect("UTF-8");
    assert_eq!(text(1), plain_text(&article(EVERYTHING)));
    assert_eq!(
        text(2),
        "标题：专利怎么申请\n转载许可：注明来源即可转载。\n转载时请写：来源：安宁市知识产权宣传\n来源：市市场监管局\n作者：张三\n\
         发布日期：2026年5月1日\n原文地址：https://ip.example.cn/guides/a/\n网站：安宁市知识产权宣传\n联系方式：电话12345\n"
    );
    assert_eq!(
        text(3),
        "图片清单\n\n图片 1\n文件：pictures/1.jpg\n图说：市民在窗口咨询。\n图片来源：李四\n画面：窗口\n\n图片 2\n文件：local/b.png\n画面：流程图\n"
    );
    let metadata: serde_json::Value = serde_json::from_str(&text(4)).expect("JSON");
    assert_eq!(metadata["url"], "https://ip.example.cn/guides/a/");
    assert_eq!(metadata["pictures"][0]["credit"], "图片来源：李四");
    assert!(metadata.get("editor").is_none());
}

#[test]
fn equal_articles_make_equal_packs_with_names_for_every_system() {
    assert_eq!(pack("a"), pack("a"));
    assert!(parts(&pack("../专利/a.b")).iter().all(|(name, _)| name.starts_with("a-b/")));
    assert!(parts(&pack("专利")).iter().all(|(name, _)| name.starts_with("article/")));
}

#[test]
fn figures_in_folded_parts_keep_their_credit_in_the_list() {
    let figure = |name: &str, credit: &str| {
        format!(
            "<figure><img src=\"https://ip.example.cn/{name}\" alt=\"图\"><figcaption>图说{name}<span class=\"credit\">摄影：{credit}</span></figcaption></figure>"
        )
    };
    let html = format!(
        "<p>文。</p><details><summary>问</summary><div>{}<details><summary>再问</summary><ul><li>{}</li></ul></details></div></details><blockquote>{}</blockquote>",
        figure("a.jpg", "张三"),
        figure("b.jpg", "李四"),
        figure("c.jpg", "王五")
    );
    let media = ["a.jpg", "b.jpg", "c.jpg"].map(|name| jpeg(&format!("https://ip.example.cn/{name}")));
    let packed = press_pack(&article(&html), PackFiles { name: "a", media: &media, more: &[] }).expect("an archive");
    let list = String::from_utf8(parts(&packed)[3].1.clone()).expect("UTF-8");
    for (number, (name, credit)) in [("a.jpg", "张三"), ("b.jpg", "李四"), ("c.jpg", "王五")].iter().enumerate() {
        let number = number + 1;
        let row = format!("图片 {number}\n文件：pictures/{number}.jpg\n图说：图说{name}\n图片来源：{credit}\n");
        assert!(list.contains(&row), "{row} in {list}");
    }
}

#[test]
fn an_embargo_stands_above_the_text_in_each_file() {
    let mut held = article("<dl><dt>时间</dt><dd>2026年12月24日 9:30</dd></dl><p>文。</p>");
    held.info.embargo = "2026年12月24日 9:30".into();
    held.info.embargo_iso = "2026-12-24T09:30:00".into();
    let files = parts(&press_pack(&held, PackFiles { name: "a", media: &[], more: &[] }).expect("an archive"));
    let text = |i: usize| String::from_utf8(files[i].1.clone()).expect("UTF-8");
    let said = "此前不得发布：2026年12月24日 9:30\n";
    assert!(text(1).contains(&format!("专利怎么申请\n\n{said}")) && text(2).contains(said), "{}", text(1));
    assert!(text(4).contains("\"embargoed_until\": \"2026-12-24T09:30:00\""), "{}", text(4));
    // What has no shape is in none of the files.
    let mut odd = article("<p>文。</p>");
    odd.info.source = "市\u{7}局".into();
    let files = parts(&press_pack(&odd, PackFiles { name: "a", media: &[], more: &[] }).expect("an archive"));
    let text = |i: usize| String::from_utf8(files[i].1.clone()).expect("UTF-8");
    assert!(text(2).contains("来源：市局\n") && text(4).contains("\"source\": \"市局\""), "{}", text(4));
    let free = press_pack(&article("<p>文。</p>"), PackFiles { name: "a", media: &[], more: &[] }).expect("an archive");
    assert!(!String::from_utf8_lossy(&parts(&free)[2].1).contains("此前"));
}
