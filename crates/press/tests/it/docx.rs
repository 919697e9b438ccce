//! The Word file: parts well formed, all of the text, structure as Word has it, equal bytes. LibreOffice opens it in
//! `tests/e2e/checks/press.mjs`.

use std::io::Read;

use proptest::prelude::*;
use puzhi_press::{MediaFile, docx, normal_form, visible_text_of_blocks};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::{EVERYTHING, article, is_subsequence, jpeg, png, random_html};

/// The parts of a file: name and content.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|i| {
            let mut file = archive.by_index(i).expect("a file");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("its bytes");
            (file.name().expect("a name").to_string(), content)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let (_, content) = parts(bytes).into_iter().find(|(of, _)| of == name).expect("the part");
    String::from_utf8(content).expect("UTF-8")
}

/// The text of a document; fails if it is not well formed.
fn text(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let (mut out, mut in_text) = (String::new(), false);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => in_text = tag.name().as_ref() == "w:t",
            Event::End(_) => in_text = false,
            Event::Text(text) if in_text => out.push_str(&text),
            Event::GeneralRef(name) if in_text => out.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                other => panic!("&{other};"),
            }),
            Event::Eof => return out,
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::support::cases(300)))]
    #[test]
    fn a_file_has_all_of_the_text(html in random_html()) {
        let article = article(&html);
        let bytes = docx(&article, &[]).expect("a file");
        let (wanted, whole) = (visible_text_of_blocks(article.body()), normal_form(&text(&part(&bytes, "word/document.xml"))));
        prop_assert!(is_subsequence(&wanted, &whole), "{} is not in {}", wanted, whole);
    }
}

fn everything() -> Vec<u8> {
    docx(&article(EVERYTHING), &[jpeg("https://ip.example.cn/pictures/a.jpg"), png("local/b.png")]).expect("a file")
}

#[test]
fn all_parts_are_well_formed_and_equal_each_time() {
    let bytes = everything();
    assert_eq!(bytes, everything());
    let names: Vec<String> = parts(&bytes).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name.starts_with("word/media/") && name.ends_with(".jpg")), "{names:?}");
    for (name, content) in parts(&bytes) {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            text(&String::from_utf8(content).expect("UTF-8"));
        }
    }
}

#[test]
fn headings_lists_tables_and_pictures_are_those_of_word() {
    let document = part(&everything(), "word/document.xml");
    let count = |what: &str, expected: usize| assert_eq!(document.matches(what).count(), expected, "{what}");
    count("w:val=\"Title\"", 1);
    count("w:val=\"Heading1\"", 1);
    count("w:val=\"Heading2\"", 2);
    count("<w:numPr>", 10);
    count("<w:tbl>", 2);
    count("<w:tblHeader/>", 3);
    count("<w:vMerge w:val=\"restart\"/>", 2);
    count("<w:vMerge/>", 2);
    count("<w:gridSpan w:val=\"2\"/>", 2);
    count("<w:drawing>", 2);
    count("w:val=\"Caption\"", 2);
    count("w:val=\"Quote\"", 2);
    count("w:val=\"Question\"", 1);
    count("<w:hyperlink ", 6);
    let numbering = part(&everything(), "word/numbering.xml");
    for start in [5, 9] {
        assert!(numbering.contains(&format!("<w:startOverride w:val=\"{start}\"/>")));
    }
    let core = part(&everything(), "docProps/core.xml");
    assert!(
        core.contains("<dc:title>专利怎么申请</dc:title>") && core.contains(">2026-05-01T00:00:00Z</dcterms:created>"),
        "{core}"
    );
}

#[test]
fn pictures_without_bytes_or_of_another_type_are_named() {
    let html = "<p><img src=a.webp alt=\"甲\"><img src=b.png alt=\"乙\"><img src=c.png></p>";
    let media = [
        MediaFile { address: "a.webp".into(), bytes: b"RIFF....WEBP".to_vec() },
        MediaFile { address: "b.png".into(), bytes: b"\x89PNG damaged".to_vec() },
    ];
    let bytes = docx(&article(html), &media).expect("a file");
    let document = part(&bytes, "word/document.xml");
    assert!(text(&document).contains("（图片：甲）（图片：乙）（图片）"), "{document}");
    assert_eq!(document.matches("<w:drawing>").count(), 0);
}

#[test]
fn quotations_and_code_keep_their_place_and_cells_end_with_their_text() {
    let document = |html: &str| part(&docx(&article(html), &[]).expect("a file"), "word/document.xml");
    let quote = document("<blockquote><p>甲</p><blockquote><p>乙</p><ul><li>丙</li></ul></blockquote></blockquote>");
    for paragraph in [
        "<w:pPr><w:pStyle w:val=\"Quote\"/></w:pPr><w:r><w:t xml:space=\"preserve\">甲<",
        "<w:pPr><w:pStyle w:val=\"Quote\"/><w:ind w:left=\"960\"/></w:pPr><w:r><w:t xml:space=\"preserve\">乙<",
        "<w:pStyle w:val=\"Quote\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:ind w:left=\"1440\" w:hanging=\"480\"/></w:pPr><w:r><w:t xml:space=\"preserve\">丙<",
    ] {
        assert!(quote.contains(paragraph), "{paragraph} in {quote}");
    }
    let code = document("<ul><li>甲<pre>x</pre></li></ul><pre>y</pre>");
    assert!(code.contains("<w:pStyle w:val=\"Code\"/><w:ind w:left=\"480\"/></w:pPr>"), "{code}");
    assert!(code.contains("<w:pStyle w:val=\"Code\"/></w:pPr>"), "{code}");
    for (cell, paragraphs) in [("", 1), ("甲", 1), ("<ul><li>甲<li>乙</ul>", 2), ("<table><tr><td>甲</table>", 2)] {
        let document = document(&format!("<table><tr><td>{cell}</td></tr></table>"));
        let start = document.find("<w:tc>").expect("a cell");
        let end = document.rfind("</w:tc>").expect("its end");
        assert_eq!(document[start..end].matches("<w:p>").count(), paragraphs, "{cell}: {document}");
    }
}

#[test]
fn a_gif_is_a_picture_of_the_file() {
    let gif = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x01\0\0\x02\x02D\x01\0;";
    let media = [MediaFile { address: "a.gif".into(), bytes: gif.to_vec() }];
    let bytes = docx(&article("<p><img src=a.gif alt=\"动图\"></p>"), &media).expect("a file");
    assert_eq!(part(&bytes, "word/document.xml").matches("<w:drawing>").count(), 1);
    assert!(parts(&bytes).iter().any(|(name, content)| name.ends_with(".gif") && content == gif));
    assert!(part(&bytes, "[Content_Types].xml").contains("Extension=\"gif\" ContentType=\"image/gif\""));
}

#[test]
fn addresses_that_word_would_call_damage_are_text() {
    let targets = |address: &str| {
        let bytes = docx(&article(&format!("<p><a href=\"{address}\">甲</a></p>")), &[]).expect("a file");
        let relationships = part(&bytes, "word/_rels/document.xml.rels");
        let of_link = relationships.split("Target=\"").skip(4).filter(|rest| rest.contains("TargetMode"));
        let targets: Vec<String> = of_link.map(|rest| rest.split('"').next().unwrap_or_default().to_string()).collect();
        targets.into_iter().find(|target| !target.starts_with("https://ip.example.cn/guides")).unwrap_or_default()
    };
    assert_eq!(
        targets("https://a.cn/甲 乙?x=1&amp;y={2}#三#四"),
        "https://a.cn/%E7%94%B2%20%E4%B9%99?x=1&amp;y=%7B2%7D#%E4%B8%89%23%E5%9B%9B"
    );
    assert_eq!(targets("HTTPS://a.cn/100%"), "https://a.cn/100%25");
    assert_eq!(targets("tel:12345"), "tel:12345");
    for address in ["http://[::1", "http://a b/", "http://a.cn:x/", "javascript:alert(1)", "../a", "http://"] {
        assert_eq!(targets(address), "", "{address}");
    }
}
