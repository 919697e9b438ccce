//! What outlets will not take, on both sides of each limit.

use puzhi_press::{Article, Outlet, OutletFinding, default_word_rules};

use crate::support::{EVERYTHING, article, info};

fn outlet() -> Outlet {
    Outlet { words: default_word_rules("安宁市", "安宁市", "安宁市知识产权宣传"), ..Outlet::default() }
}

fn titled(title: &str) -> Article {
    let mut article = article("");
    article.info.title = title.into();
    article
}

#[test]
fn titles_have_bounds_and_characters_that_they_must_not_have() {
    let outlet = Outlet { title_least: 3, title_most: 5, title_without: "，。；".into(), ..Outlet::default() };
    assert_eq!(outlet.check(&titled("三个字")), []);
    assert_eq!(outlet.check(&titled("五个字的题")), []);
    assert_eq!(outlet.check(&titled("两字")), [OutletFinding::TitleShort { value: 2, least: 3 }]);
    assert_eq!(outlet.check(&titled("六个字的题目")), [OutletFinding::TitleLong { value: 6, most: 5 }]);
    assert_eq!(
        outlet.check(&titled("一，二。")),
        [OutletFinding::TitleCharacter('，'), OutletFinding::TitleCharacter('。')]
    );
    assert_eq!(Outlet::default().check(&titled("")), []);
}

#[test]
fn pictures_and_tables_are_counted() {
    let everything = article(EVERYTHING);
    let outlet = Outlet { pictures_least: 3, no_tables: true, ..Outlet::default() };
    assert_eq!(
        outlet.check(&everything),
        [OutletFinding::FewPictures { value: 2, least: 3 }, OutletFinding::Tables(2)]
    );
    assert_eq!(Outlet { pictures_least: 2, ..Outlet::default() }.check(&everything), []);
}

fn words(html: &str) -> Vec<String> {
    let said = |finding: OutletFinding| match finding {
        OutletFinding::Word { word, instead, quoted, .. } => {
            format!("{word}→{instead}{}", if quoted { "（引）" } else { "" })
        }
        other => panic!("{other:?}"),
    };
    outlet().check(&Article::from_html(html, info()).expect("small HTML")).into_iter().map(said).collect()
}

#[test]
fn words_of_the_site_alone_are_found_with_what_to_write() {
    assert_eq!(words("<p>近日，我市发布；本站转载。</p>"), ["我市→安宁市", "本站→安宁市知识产权宣传", "近日→"]);
    assert_eq!(words("<blockquote><p>我县</p></blockquote>"), ["我县→安宁市（引）"]);
    assert_eq!(words("<table><tr><td>去年</table><details><summary>我市</summary></details>").len(), 2);
    assert_eq!(words("<p>我市场监管局、本网络、基本站稳</p>"), [""; 0], "parts of other words");
    let of_dates = "<p>12月31日前、10 日前后、五日前、申请日前、登记日前、写明日期、说明日期、最近日期</p><p>健全市级机制、食品安全市场</p>";
    assert_eq!(words(of_dates), [""; 0], "days and parts of other words");
    assert_eq!(words("<p>日前，记者日前获悉，明日举行</p>"), ["日前→", "日前→", "明日→"]);
    let found = outlet().check(&article("<p>一二三四五六七八九我市一二三四五六七八九</p>"));
    assert!(
        matches!(&found[..], [OutletFinding::Word { around, .. }] if around == "二三四五六七八九我市一二三四五六七八"),
        "{found:?}"
    );
}
