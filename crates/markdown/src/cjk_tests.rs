//! Tests of `cjk` with the examples of the CommonMark specification, the examples of `markdown-cjk-friendly`, and the
//! implementation in comrak.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::cjk;
use super::parser_input::ParserInput;

fn parsed_as_is(text: &str, options: Options) -> Vec<(Event<'_>, std::ops::Range<usize>)> {
    Parser::new_ext(text, options).into_offset_iter().collect()
}

fn parsed_with_insertions(text: &str, options: Options) -> Vec<(Event<'static>, std::ops::Range<usize>)> {
    let parser_input = ParserInput::with_inserted(text, &cjk::insertions(text, options, &[]));
    Parser::new_ext(&parser_input.text, options)
        .into_offset_iter()
        .map(|(event, range)| {
            (parser_input.original_event(event, &range).into_static(), parser_input.original_range(&range))
        })
        .collect()
}

/// Joins adjacent text events, because insertions can split a text.
fn merge_text_events<'e>(events: impl IntoIterator<Item = Event<'e>>) -> Vec<Event<'static>> {
    let mut out: Vec<Event<'static>> = Vec::new();
    for event in events {
        match (out.last_mut(), event) {
            (Some(Event::Text(last)), Event::Text(next)) => *last = format!("{last}{next}").into(),
            (_, Event::Text(text)) if text.is_empty() => {}
            (_, event) => out.push(event.into_static()),
        }
    }
    out
}

fn examples() -> Vec<String> {
    const SPEC: &str = include_str!("../../../tests/fixtures/commonmark-0.31.2-examples.txt");
    let fence = "`".repeat(32);
    let mut out = Vec::new();
    let mut inside: Option<String> = None;
    for line in SPEC.split_inclusive('\n') {
        match (&mut inside, line.starts_with(&fence)) {
            (None, true) => inside = Some(String::new()),
            (Some(example), true) => {
                out.push(std::mem::take(example).replace('→', "\t"));
                inside = None;
            }
            (Some(example), false) => example.push_str(line),
            (None, false) => {}
        }
    }
    out
}

#[test]
fn commonmark_without_han_text_parses_unchanged() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    for (i, example) in examples.iter().enumerate() {
        let found = parsed_with_insertions(example, Options::empty());
        assert_eq!(found, parsed_as_is(example, Options::empty()), "example {}:\n{example}", i + 1);
    }
}

#[test]
fn insertions_leave_no_trace_when_scripts_are_on() {
    // With sub- and superscript enabled, the rules differ. Everything except these two elements must stay equal.
    let options = Options::ENABLE_SUBSCRIPT | Options::ENABLE_SUPERSCRIPT | Options::ENABLE_STRIKETHROUGH;
    let script = |e: &Event<'_>| {
        matches!(
            e,
            Event::Start(Tag::Subscript | Tag::Superscript) | Event::End(TagEnd::Subscript | TagEnd::Superscript)
        )
    };
    for (i, example) in examples().iter().enumerate() {
        let found = parsed_with_insertions(example, options).into_iter().map(|(e, _)| e).filter(|e| !script(e));
        let wanted = parsed_as_is(example, options).into_iter().map(|(e, _)| e).filter(|e| !script(e));
        assert_eq!(merge_text_events(found), merge_text_events(wanted), "example {}:\n{example}", i + 1);
    }
}

/// HTML of inline elements only, sufficient to compare emphasis.
fn html(text: &str, options: Options) -> String {
    let mut out = String::new();
    for (event, _) in parsed_with_insertions(text, options) {
        match event {
            Event::Start(Tag::Strong) => out.push_str("<strong>"),
            Event::End(TagEnd::Strong) => out.push_str("</strong>"),
            Event::Start(Tag::Emphasis) => out.push_str("<em>"),
            Event::End(TagEnd::Emphasis) => out.push_str("</em>"),
            Event::Start(Tag::Strikethrough) => out.push_str("<del>"),
            Event::End(TagEnd::Strikethrough) => out.push_str("</del>"),
            Event::Start(Tag::Subscript) => out.push_str("<sub>"),
            Event::End(TagEnd::Subscript) => out.push_str("</sub>"),
            Event::Start(Tag::Superscript) => out.push_str("<sup>"),
            Event::End(TagEnd::Superscript) => out.push_str("</sup>"),
            Event::Start(Tag::Link { dest_url, .. }) => out.push_str(&format!("<a href=\"{dest_url}\">")),
            Event::End(TagEnd::Link) => out.push_str("</a>"),
            Event::Start(Tag::Paragraph) => out.push_str("<p>"),
            Event::End(TagEnd::Paragraph) => out.push_str("</p>\n"),
            Event::Code(code) => out.push_str(&format!("<code>{code}</code>")),
            Event::Text(text) => out.push_str(&text),
            Event::SoftBreak => out.push('\n'),
            _ => {}
        }
    }
    out
}

const ALL: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_SUBSCRIPT)
    .union(Options::ENABLE_SUPERSCRIPT);

fn inline(text: &str) -> String {
    html(text, ALL).trim().trim_start_matches("<p>").trim_end_matches("</p>").to_string()
}

#[test]
fn emphasis_beside_chinese_punctuation() {
    for (text, wanted) in [
        ("**85%**以上", "<strong>85%</strong>以上"),
        ("知识产权**“强县”**建设", "知识产权<strong>“强县”</strong>建设"),
        ("见**《专利法》**第二条", "见<strong>《专利法》</strong>第二条"),
        ("**该星号不会被识别，而是直接显示。**这是因为", "<strong>该星号不会被识别，而是直接显示。</strong>这是因为"),
        ("**（一）总体目标。**到2025年", "<strong>（一）总体目标。</strong>到2025年"),
        ("~~旧的。~~新的", "<del>旧的。</del>新的"),
        (
            "国際規格**[ECMA-262](https://tc39.es/ecma262/)**",
            "国際規格<strong><a href=\"https://tc39.es/ecma262/\">ECMA-262</a></strong>",
        ),
        (
            "패키지를 발행하려면 **`npm publish`**를 실행하십시오.",
            "패키지를 발행하려면 <strong><code>npm publish</code></strong>를 실행하십시오.",
        ),
        ("葛\u{E0100}**(こちらが正式表記)**城市", "葛\u{E0100}<strong>(こちらが正式表記)</strong>城市"),
        ("大塚\u{FE00}**(U+585A U+FE00)** 大塚", "大塚\u{FE00}<strong>(U+585A U+FE00)</strong> 大塚"),
        ("**“\u{FE01}Git”\u{FE01}**Hub", "<strong>“\u{FE01}Git”\u{FE01}</strong>Hub"),
        ("正體字。\u{FE01}_Traditional._", "正體字。\u{FE01}<em>Traditional.</em>"),
        ("漢_abc_", "漢_abc_"),
        ("_abc_漢", "_abc_漢"),
        ("a**a«**a", "a**a«**a"),
        ("a**〰**a", "a<strong>〰</strong>a"),
        ("\\*“重点”*字", "*“重点”*字"),
        ("`**“重点”**字`", "<code>**“重点”**字</code>"),
        ("[**“甲”**乙](a*。b)", "<a href=\"a*。b\"><strong>“甲”</strong>乙</a>"),
        ("字**“x”**中*。*中", "字<strong>“x”</strong>中<em>。</em>中"),
    ] {
        assert_eq!(inline(text), wanted, "{text}");
    }
}

#[test]
fn emphasis_at_the_edges_of_cells_and_quotes() {
    let table = "|甲|\n|-|\n|**“乙”**丙|\n|丙*乙***。**|\n";
    assert!(html(table, ALL).contains("<strong>“乙”</strong>丙"), "{}", html(table, ALL));
    assert_eq!(
        html(">**重点**。内\n>**“丙”**丁", ALL).trim(),
        "<p><strong>重点</strong>。内\n<strong>“丙”</strong>丁</p>"
    );
    assert_eq!(html("> *甲\n>**重点*乙", ALL), "<p><em>甲\n**重点</em>乙</p>\n");
    assert_eq!(html(">~~~中文\n>**“甲”**乙\n>~~~\n", ALL), "**“甲”**乙\n");
}

#[test]
fn scripts_inside_words() {
    for (text, wanted) in [
        ("H~2~O 和 CO~2~排放", "H<sub>2</sub>O 和 CO<sub>2</sub>排放"),
        ("y=x^2^a+xb+c，10^-3^", "y=x<sup>2</sup>a+xb+c，10<sup>-3</sup>"),
        ("H^+^、OH^-^、NH~4~^+^", "H<sup>+</sup>、OH<sup>-</sup>、NH<sub>4</sub><sup>+</sup>"),
        ("Na^+^和Cl^-^，甲~下标~乙、x~i,j~", "Na<sup>+</sup>和Cl<sup>-</sup>，甲~下标~乙、x<sub>i,j</sub>"),
        ("^This is super^ ~This is sub~", "^This is super^ ~This is sub~"),
        ("~This~is~nothing~", "<sub>This</sub>is<sub>nothing</sub>"),
        ("~This\\~stricken~", "<sub>This~stricken</sub>"),
        ("~~This ~is~~ stricken.~", "<del>This ~is</del> stricken.~"),
        ("~This ~~is stricken~ but this is not~~", "~This <del>is stricken~ but this is not</del>"),
        ("3~5天，10~20人；5%~10%，3%~5%；5万~10万，3万~5万", "3~5天，10~20人；5%~10%，3%~5%；5万~10万，3万~5万"),
        ("周一~周五，上午~下午；8:30~12:00，14:00~17:30", "周一~周五，上午~下午；8:30~12:00，14:00~17:30"),
        ("https://a.cn/~x/~y", "https://a.cn/~x/~y"),
        ("`H~2~O`", "<code>H~2~O</code>"),
    ] {
        assert_eq!(inline(text), wanted, "{text}");
    }
}

#[test]
fn signs_without_a_near_partner_are_text() {
    for text in [
        "A~C类走1号窗口，D~F类走2号窗口。",
        "每袋5kg~10kg，每箱20kg~30kg。",
        "（1）~（3）项免费，（5）~（7）项收费。",
        "《甲》~《丙》每年查，《丁》~《庚》两年查。",
        "一楼100m^2，二楼200m^2。",
        "乘G1~G5次，转D1~D9次。",
        "A~C与D~F，一楼100m^2和二楼200m^2",
        "见 ~/.profile 和 ~/.bashrc，或 ~/a/~/b",
        "x^2+y^2=z^2，2^10,2^20",
        "甲（a~b）乙（c~d）",
        "~这一句很长很长很长很长很长很长很长很长很长~",
        "甲~`乙`~丙",
        "v1.0~v2.0/v3.0~v4.0",
        "甲^^乙^^丙",
        "x^x^y^y^z^k = 0^y^y^z^k",
    ] {
        assert_eq!(inline(text).replace("<code>", "`").replace("</code>", "`"), text);
    }
    assert_eq!(
        inline("**1**~**3**号，**5**~**7**号"),
        "<strong>1</strong>~<strong>3</strong>号，<strong>5</strong>~<strong>7</strong>号"
    );
    assert_eq!(
        inline("面积20m^2^，30m^2^；CO~2~，NO~2~"),
        "面积20m<sup>2</sup>，30m<sup>2</sup>；CO<sub>2</sub>，NO<sub>2</sub>"
    );
    assert_eq!(inline("x^a~i~^y"), "x<sup>a<sub>i</sub></sup>y");
}

#[test]
fn masks_and_blanks_are_text() {
    for text in [
        "王*明、李*华两位同志",
        "获奖：张*三，欧阳*锋、李*华；赵*",
        "电话138****5678和139****1234",
        "尾号****1234与****5678",
        "证号530***********1234、531***********5678",
        "面积3*4*5米，价格2*100=200",
        "姓名：____年龄：____",
        "编号____________号，金额____________元。",
    ] {
        assert_eq!(inline(text), text);
    }
    assert_eq!(
        inline("我*非常*喜欢，**第1条**和*第2条*"),
        "我<em>非常</em>喜欢，<strong>第1条</strong>和<em>第2条</em>"
    );
    assert_eq!(
        inline("a*b*c __重点__ ***两者***"),
        "a<em>b</em>c <strong>重点</strong> <em><strong>两者</strong></em>"
    );
}

fn comrak(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Emphasis is equal to that of comrak, whatever is next to the delimiters.
    #[test]
    fn emphasis_agrees_with_comrak(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "*", "**", "***", "_", "__", "中", "文", "。", "，", "“", "”", "（", "）", "《", "》", "、", "：", "—", "…", "·",
                "a", "1", "%", "(", ")", "\"", ".", "!", "-", " ", "\n", "한", "か", "、", "\u{3000}", "\\*", "é", "«", "￥", "①",
            ]),
            1..24,
        )
    ) {
        // The letter at the start of each line and the trimming prevent lists, rules and headings.
        let text = format!("x {}", pieces.concat());
        let text = text.lines().map(|l| l.trim()).filter(|l| !l.is_empty()).map(|l| format!("x{l}")).collect::<Vec<_>>().join("\n");
        // Masks, blanks and runs of four that end one mark and begin the next are an exception of ours.
        let masks = cjk::insertions(&text, Options::empty(), &[]).iter().any(|(_, c)| cjk::SPACE_MARKERS.contains(c));
        prop_assume!(!masks && !text.contains("____") && !text.contains("****"));
        let ours = html(&text, Options::empty());
        let theirs = comrak(&text).replace("&quot;", "\"");
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    /// Text without Chinese, Japanese or Korean characters, digits and formulas is parsed as without insertions.
    #[test]
    fn other_text_parses_unchanged(text in "[a-z *_~^`\\[\\]()!<>\\\\\n\"«é.#|:-]{0,60}") {
        let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
        prop_assert_eq!(parsed_with_insertions(&text, options), parsed_as_is(&text, options));
    }

    /// Inserted characters never occur in the output.
    #[test]
    fn insertions_never_show(text in "[中。“”a1 *_~^`\\[\\]()!<>\\\\\n|:$-]{0,80}") {
        let marks = cjk::insertions(&text, ALL, &[]);
        for (event, range) in parsed_with_insertions(&text, ALL) {
            let shown = format!("{event:?}");
            prop_assert!(!marks.iter().any(|(_, mark)| shown.contains(*mark)), "{shown}");
            prop_assert!(text.get(range).is_some());
        }
    }
}
