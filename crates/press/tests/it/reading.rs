//! HTML to blocks: nothing visible is lost, structure is kept, bounds hold.

use proptest::prelude::*;
use puzhi_press::{
    Article, Block, Figure, Inline, MAX_HTML_BYTES, ReadError, Table, normal_form, visible_text_of_blocks,
    visible_text_of_html,
};

use crate::support::{EVERYTHING, article, cases, info, random_html};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1500)))]
    #[test]
    fn the_text_of_the_blocks_is_the_visible_text_of_the_html(html in random_html()) {
        let blocks = article(&html).blocks;
        prop_assert_eq!(visible_text_of_blocks(&blocks), visible_text_of_html(&html).expect("small HTML"));
    }
}

#[test]
fn what_is_hidden_is_no_question_caption_credit_term_or_item() {
    for html in [
        "<details><summary hidden>甲</summary><p>乙</p></details>",
        "<figure><img src=\"a.png\" alt=\"\"><figcaption hidden>甲</figcaption></figure><p>乙</p>",
        "<figure><img src=\"a.png\" alt=\"\"><figcaption>乙<span class=\"credit\" hidden>甲</span></figcaption></figure>",
        "<dl><dt hidden>甲</dt><dd>乙</dd><dd hidden>甲</dd><div hidden><dt>甲</dt></div></dl>",
        "<ul><li hidden>甲</li><li>乙</li></ul>",
        "<table><caption hidden>甲</caption><tr hidden><td>甲</td></tr><tr><td>乙</td><td hidden>甲</td></tr></table>",
    ] {
        assert_eq!(visible_text_of_blocks(&article(html).blocks), "乙", "{html}");
        assert_eq!(visible_text_of_html(html).expect("small HTML"), "乙", "{html}");
    }
}

#[test]
fn the_oracle_itself_sees_what_a_reader_sees() {
    let text = |html: &str| visible_text_of_html(html).expect("small HTML");
    assert_eq!(text("<p>甲 <b>乙</b><script>x</script><style>y</style><!-- z --><template>t</template></p>"), "甲乙");
    assert_eq!(
        text("<a hidden>甲</a><span class=\"x visually-hidden\">乙</span><svg><title>丙</title><text>丁</text></svg>"),
        "丁"
    );
    assert_eq!(text(EVERYTHING).matches("第一行第二行x=1旧").count(), 1);
}

fn shape(blocks: &[Block]) -> String {
    let inside = |blocks: &[Block]| format!("[{}]", shape(blocks));
    let one = |block: &Block| match block {
        Block::Heading { level, .. } => format!("h{level}"),
        Block::Paragraph(_) => "p".into(),
        Block::List(list) => {
            let items = list.items.iter().map(|item| format!("{}{}", item.label, inside(&item.blocks)));
            format!("list({})", items.collect::<Vec<_>>().join(" "))
        }
        Block::Table(table) => format!("table({}/{})", table.header_rows, table.rows.len()),
        Block::Figure(figure) => format!("figure{}", inside(&figure.blocks)),
        Block::Quote(blocks) => format!("quote{}", inside(blocks)),
        Block::Code(_) => "code".into(),
        Block::Facts(facts) => format!("facts({})", facts.len()),
        Block::Details(details) => format!("details{}", inside(&details.blocks)),
        Block::Notes(notes) => format!("notes({})", notes.len()),
        Block::Rule => "rule".into(),
    };
    blocks.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_part_of_an_article_is_a_block_of_its_kind() {
    let expected = "h1 p facts(2) h2 list(1.[p list(a.[p] b.[p list(•[p])])] 2.[p p]) list(5.[p] 9.[p]) h3 table(2/5) table(1/2) \
                    figure[p] p quote[p quote[p]] code rule details[p] figure[p] notes(1)";
    assert_eq!(shape(&article(EVERYTHING).blocks), expected);
}

fn tables(html: &str) -> Vec<Table> {
    let of = |block| if let Block::Table(table) = block { Some(table) } else { None };
    article(html).blocks.into_iter().filter_map(of).collect()
}

#[test]
fn spans_of_cells_stay_inside_their_table() {
    let table = &tables("<table><tr><td rowspan=0>甲<td colspan=0>乙<tr><td rowspan=99 colspan=9999>丙</table>")[0];
    let spans: Vec<(usize, usize)> =
        table.rows.iter().flat_map(|row| &row.cells).map(|cell| (cell.rows, cell.columns)).collect();
    assert_eq!(spans, [(2, 1), (1, 1), (1, 63)]);
    assert_eq!(tables("<table><tr><th>甲<tr><th>乙</table>")[0].header_rows, 0, "all rows are heads: none is");
}

fn figure(html: &str) -> Figure {
    match article(html).blocks.swap_remove(0) {
        Block::Figure(figure) => figure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn captions_keep_their_place_and_their_credit() {
    let first =
        figure("<figure><figcaption>图说<span class=credit>来源：甲</span></figcaption><img src=a.png></figure>");
    assert!(first.caption_first && !first.caption.is_empty() && !first.credit.is_empty());
    let inside =
        figure("<figure><img src=a.png><figcaption><span class=credit>来源：甲</span>图说</figcaption></figure>");
    assert!(inside.credit.is_empty(), "a credit in the middle of a caption is part of it");
    let between = figure("<figure><img src=a.png><figcaption>图说</figcaption><p>后文</p></figure>");
    assert_eq!((between.blocks.len(), between.caption.is_empty()), (2, true));
}

#[test]
fn a_caption_between_two_pictures_keeps_its_credit_for_both() {
    let html = "<figure><img src=a.png><figcaption>图说<span class=credit>摄影：甲</span></figcaption><img src=b.png></figure>";
    let article = article(html);
    let pictures = article.captioned_pictures();
    let said: Vec<_> = pictures.iter().map(|p| (&*p.picture.address, &*p.caption, &*p.credit)).collect();
    assert_eq!(said, [("a.png", "图说", "摄影：甲"), ("b.png", "图说", "摄影：甲")]);
    let text = puzhi_press::plain_text(&article);
    assert_eq!(text.matches("图说").count(), 1, "{text}");
}

#[test]
fn what_plays_is_a_link_and_boxes_are_marks() {
    let text = |html: &str| {
        let mut out = String::new();
        for block in article(html).blocks {
            let Block::Paragraph(inlines) = block else { panic!("{block:?}") };
            for inline in inlines {
                if let Inline::Text(run) = inline {
                    let link = run.link.map(|link| format!("→{link}")).unwrap_or_default();
                    out.push_str(&format!("{}{link}", run.text));
                }
            }
        }
        out
    };
    assert_eq!(text("<video title=\"开幕式\"><source src=\"v.mp4\"></video>"), "（音视频：开幕式）→v.mp4");
    assert_eq!(text("<label><input type=checkbox checked>已办</label>"), "☑ 已办");
    assert_eq!(text("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"), "(1)/(2)");
    assert_eq!(text("甲<math><msup><mi>x</mi><mn>2</mn></msup></math>"), "甲x^2");
}

#[test]
fn formulas_say_on_one_line_what_belongs_together() {
    let text = |html: &str| {
        let Some(Block::Paragraph(inlines)) = article(&format!("<math>{html}</math>")).blocks.pop() else {
            panic!("{html}")
        };
        let text = |inline: &Inline| if let Inline::Text(run) = inline { run.text.clone() } else { String::new() };
        inlines.iter().map(text).collect::<String>()
    };
    let cases = [
        ("<msup><mi>x</mi><mn>10</mn></msup>", "x^(10)"),
        ("<msup><mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn></msup>", "((1)/(2))^3"),
        ("<msubsup><mi>a</mi><mi>i</mi><mrow><mn>2</mn><mi>n</mi></mrow></msubsup>", "a_i^(2n)"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
            "∑_(i=1)^(n)i",
        ),
        ("<mover><mi>x</mi><mo>¯</mo></mover><munder><mi>lim</mi><mi>n</mi></munder>", "x(¯)lim_(n)"),
        ("<mover><mrow><mi>x</mi></mrow><mi>^</mi></mover><mi>y</mi>", "x(^)y"),
        (
            "<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable><mo>)</mo>",
            "(1, 2; 3, 4)",
        ),
        (
            "<mtable class=\"menv-alignlike menv-align\"><mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mi>b</mi></mtd></mtr><mtr><mtd></mtd><mtd><mo>=</mo><mi>c</mi></mtd></mtr></mtable>",
            "a=b; =c",
        ),
        ("<mroot><mi>x</mi><mn>3</mn></mroot><msqrt><mn>2</mn><mi>y</mi></msqrt>", "(x)^(1/3)√(2y)"),
    ];
    for (html, expected) in cases {
        assert_eq!(text(html), expected, "{html}");
    }
}

#[test]
fn drawings_are_pictures_titles_are_strong_and_readings_stand_in_brackets() {
    let first = |html: &str| match article(html).blocks.swap_remove(0) {
        Block::Paragraph(inlines) => inlines,
        other => panic!("{other:?}"),
    };
    let drawing = first("<p><a href=\"https://a.cn/v.svg\" class=\"drawing\">矢量图</a></p>");
    assert!(
        matches!(&drawing[..], [Inline::Picture(picture)] if picture.alt == "矢量图" && picture.address.ends_with("v.svg")),
        "{drawing:?}"
    );
    let unnamed = first("<p><a href=\"https://a.cn/v.svg\" class=\"drawing\"></a></p>");
    assert!(matches!(&unnamed[..], [Inline::Picture(_)]), "{unnamed:?}");
    let is_strong = |html: &str| matches!(&first(html)[..], [Inline::Text(run)] if run.marks.strong);
    assert!(is_strong("<p class=\"title\">标题</p>") && is_strong("<p class=\"admonition-title\">注意</p>"));
    assert!(!is_strong("<p class=\"when\">标题</p>"));
    let text = |html: &str| puzhi_press::plain_text(&article(html)).lines().nth(6).unwrap_or_default().to_string();
    assert_eq!(text("<ruby>字<rt>zì</rt></ruby>"), "字（zì）");
    assert_eq!(text("<ruby>字<rp>(</rp><rt>zì</rt><rp>)</rp></ruby>"), "字（zì）");
}

#[test]
fn a_picture_that_leads_somewhere_keeps_its_address() {
    let text = |html: &str| puzhi_press::plain_text(&article(html)).lines().nth(6).unwrap_or_default().to_string();
    assert_eq!(
        text("<p><a href=https://a.cn/><img src=a.png alt=图></a>后</p>"),
        "（图片：图）链接（https://a.cn/）后"
    );
    assert_eq!(text("<p><a href=https://a.cn/><img src=a.png alt=图>字</a></p>"), "（图片：图）字（https://a.cn/）");
    assert_eq!(text("<p><a href=#a><img src=a.png alt=图></a></p>"), "（图片：图）");
}

#[test]
fn a_list_of_parts_with_headings_has_no_marks_of_its_own() {
    let parts = "<li><h3>1. 问</h3><p>选一项</p></li><li><h3>2. 问</h3><ul><li>甲</li></ul></li>";
    assert_eq!(shape(&article(&format!("<ul>{parts}</ul>")).blocks), "h3 p h3 list(•[p])");
    assert_eq!(shape(&article(&format!("<ol>{parts}</ol>")).blocks), "list(1.[h3 p] 2.[h3 list(•[p])])");
    assert_eq!(shape(&article("<ul><li><h3>题</h3></li><li>项</li></ul>").blocks), "list(•[h3] •[p])");
}

#[test]
fn numbers_of_lists_are_those_that_html_counts() {
    let labels = |html: &str| {
        let Block::List(list) = article(html).blocks.swap_remove(0) else { panic!("no list") };
        list.items.into_iter().map(|item| item.label).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(labels("<ol start=3><li>甲<li>乙<li value=9>丙<li>丁</ol>"), "3. 4. 9. 10.");
    assert_eq!(labels("<ol reversed><li>甲<li>乙</ol>"), "2. 1.");
    assert_eq!(labels("<ol type=a start=26><li>甲<li>乙</ol>"), "z. aa.");
    assert_eq!(labels("<ol type=I start=3998><li>甲<li>乙<li>丙</ol>"), "MMMCMXCVIII. MMMCMXCIX. 4000.");
    assert_eq!(labels("<ol start=-1 type=A><li>甲<li>乙</ol>"), "-1. 0.");
    assert_eq!(labels("<ol start=9223372036854775807><li>甲<li>乙</ol>"), "9223372036854775807. 9223372036854775807.");
}

#[test]
fn hostile_html_is_refused_or_read_in_bounds() {
    let read = |html: String| Article::from_html(&html, info()).map(|article| article.blocks.len());
    assert_eq!(read("甲".repeat(MAX_HTML_BYTES / 3 + 1)), Err(ReadError::TooLarge));
    assert_eq!(read("<div>".repeat(100_000)), Err(ReadError::TooDeep));
    assert_eq!(read("<template>".repeat(100_000)), Err(ReadError::TooDeep));
    let formatting: String = (0..200).map(|i| format!("<b class=\"{i}\">")).collect();
    assert_eq!(read(format!("<p>{formatting}{}", "<p>x".repeat(100_000))), Err(ReadError::TooManyNodes));
    let deep = format!("{}甲{}乙", "<ul><li>".repeat(120), "</ul>".repeat(120));
    let blocks = article(&deep).blocks;
    assert_eq!(visible_text_of_blocks(&blocks), "甲乙");
    assert_eq!(read(format!("<svg>{}</svg>", "<path/>".repeat(3000))), Ok(0));
    assert_eq!(read("甲<br>".repeat(3000)), Ok(1));
}

#[test]
fn white_space_is_that_of_the_page() {
    let text = |html: &str| puzhi_press::plain_text(&article(html)).lines().skip(6).collect::<Vec<_>>().join("|");
    assert_eq!(text("<p>  a \n <b> b</b> <i>c </i></p>"), "a b c||原文地址：https://ip.example.cn/guides/a/");
    assert!(text("<pre>a  b\n  c</pre>").starts_with("a  b|  c|"));
    assert_eq!(normal_form(" 甲\u{3000}乙\u{a0}\n"), "甲乙");
}

#[test]
fn columns_of_numbers_stand_at_the_right_in_every_file() {
    let html =
        "<table><tr><th>项目<th class=right>元<tr><td>发明<td class=right>900<tr><td>外观<td align=right>1200</table>";
    let article = article(html);
    assert!(puzhi_press::plain_text(&article).contains("发明 |  900\n外观 | 1200\n"));
    let fragment = puzhi_press::wechat_fragment(&article).html;
    assert_eq!(fragment.matches(";text-align:right").count(), 3, "{fragment}");
    assert_eq!(puzhi_press::forbidden_in_wechat(&fragment), Ok(vec![]));
    let word = crate::docx::parts(&puzhi_press::docx(&article, &[]).expect("a file"));
    let (_, document) = word.iter().find(|(name, _)| name == "word/document.xml").expect("the document");
    assert_eq!(String::from_utf8_lossy(document).matches("<w:jc w:val=\"right\"/>").count(), 3);
}
