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
