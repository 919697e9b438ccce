//! Terms that differ by a sign have pages of their own; old addresses are understood as people copy them.

use puzhi::pipeline::{Options, Report};

use jiff::civil::date;

use crate::support::{OutputFiles, build_archive};

const SITE: &str = "-- site.yaml --\ntitle: 测试站\nbase_url: https://www.example.gov.cn/pz/\n";

fn build(pages: &str, keep_going: bool) -> (Report, OutputFiles) {
    build_archive(&format!("{SITE}{pages}"), date(2026, 11, 27), &Options { keep_going, ..Options::default() })
}

fn codes(report: &Report) -> Vec<(&str, usize)> {
    report.diags.iter().map(|d| (d.code.name, d.position.map_or(0, |place| place.line))).collect()
}

#[test]
fn names_that_differ_by_a_sign_are_two_terms() {
    for (names, slugs) in [
        (&["人工智能", "人工智能+"][..], &["人工智能", "人工智能-plus"][..]),
        (&["C", "C#", "C++", "c++"], &["c", "c-sharp", "c-plus-plus"]),
        (&[".NET", "NET", "net"], &["dot-net", "net"]),
        (&["“互联网+”", "互联网", "互联网＋"], &["互联网-plus", "互联网"]),
        (&["5G", "5G-", "A", "A*", "A+"], &["5g", "5g-minus", "a", "a-star", "a-plus"]),
        (&["Node.js", "3·15", "1.5"], &["node-js", "3-15", "1.5"]),
        (&["50%", "50", "50％"], &["50-percent", "50"]),
        (&["C", "C-", "C--"], &["c", "c-minus", "c-minus-minus"]),
        (&["F", "F@", "F!"], &["f", "f-at", "f-bang"]),
    ] {
        let pages: String = names
            .iter()
            .enumerate()
            .map(|(n, name)| format!("-- content/p{n}.md --\n---\n标题: 页{n}\n标签: ['{name}']\n---\n文字。\n"))
            .collect();
        let (report, files) = build(&pages, false);
        assert_eq!(codes(&report), [], "{names:?}");
        let mut wanted: Vec<String> = slugs.iter().map(|slug| format!("tags/{slug}/index.html")).collect();
        wanted.sort();
        let made: Vec<&String> = files
            .keys()
            .filter(|path| path.starts_with("tags/") && path.matches('/').count() == 2 && path.ends_with(".html"))
            .collect();
        assert_eq!(made, wanted.iter().collect::<Vec<_>>(), "{names:?}");
    }
}

#[test]
fn signs_inside_a_name_make_another_name() {
    for (names, slugs) in [
        (["人工智能政务", "人工智能+政务"], ["人工智能政务", "人工智能-plus-政务"]),
        (["互联网 监管", "“互联网+监管”"], ["互联网-监管", "互联网-plus-监管"]),
        (["学习 NET", "学习 .NET"], ["学习-net", "学习-dot-net"]),
        (["C/CLI", "C++/CLI"], ["c-cli", "c-plus-plus-cli"]),
        (["1 楼", "1#楼"], ["1-楼", "1-sharp-楼"]),
    ] {
        let page = format!("-- content/a.md --\n---\n标题: 甲\n标签: {names:?}\n---\n文字。\n");
        let (report, files) = build(&page, false);
        assert_eq!(codes(&report), [], "{names:?}");
        for slug in slugs {
            assert!(files.contains_key(&format!("tags/{slug}/index.html")), "{slug}: {:?}", files.keys());
        }
    }
}

#[test]
fn the_sitemap_has_hosts_in_ascii() {
    for (host, ascii) in
        [("普知.中国", "xn--tkvs20b.xn--fiqs8s"), ("政务.example.cn:8080", "xn--zfr164b.example.cn:8080")]
    {
        let site =
            format!("-- site.yaml --\ntitle: 测试站\nbase_url: https://{host}/甲/\n-- content/a.md --\n文字。\n");
        let (report, files) = build_archive(&site, date(2026, 11, 27), &Options::default());
        assert_eq!(codes(&report), []);
        for file in ["sitemap.xml", "robots.txt"] {
            let text = String::from_utf8_lossy(&files[file]);
            assert!(text.contains(&format!("https://{ascii}/")), "{text}");
            assert!(text.is_ascii(), "{text}");
        }
    }
}

/// A section that exists in English without a page of its own is what links of English pages lead to.
#[test]
fn english_links_lead_to_english_sections() {
    let site = "-- site.yaml --\ntitle: 测试站\nbase_url: https://example.org/\nlanguages:\n  - {code: zh, name: 中文}\n  \
                - {code: en, name: English, title: Test}\n\
                -- content/guides/_index.md --\n---\n标题: 指南\n---\n-- content/guides/a.en.md --\nText.\n\
                -- content/other/_index.md --\n---\n标题: 别的\n---\n-- content/other/b.md --\n文字。\n\
                -- content/x/l.en.md --\n[one](../guides/_index.md) [two](/guides/) [three](/other/)\n\
                -- content/x/l.md --\n[一](../guides/_index.md)\n";
    let (_, files) = build_archive(site, date(2026, 11, 27), &Options::default());
    let links = |page: &str| {
        let html = String::from_utf8_lossy(&files[page]).into_owned();
        let links: Vec<String> = html
            .split("<a ")
            .filter(|link| ["one", "two", "three", "一"].iter().any(|text| link.contains(&format!(">{text}<"))))
            .filter_map(|link| Some(link.split("href=\"").nth(1)?.split('"').next()?.to_string()))
            .collect();
        links
    };
    assert_eq!(
        links("en/x/l/index.html"),
        ["../../../en/guides/index.html", "../../../en/guides/index.html", "../../../other/index.html"]
    );
    assert_eq!(links("x/l/index.html"), ["../../guides/index.html"]);
}

#[test]
fn old_addresses_as_people_copy_them() {
    for (written, path) in [
        ("/old/%E9%80%9A%E7%9F%A5.html", "old/通知.html"),
        ("/old/a.html?id=3", "old/a.html"),
        ("/pz/old/b/", "old/b/index.html"),
        ("https://www.example.gov.cn/pz/old/c.html#x", "old/c.html"),
        ("/pzold/e", "pzold/e/index.html"),
    ] {
        let page = format!("-- content/a.md --\n---\n标题: 甲\n旧网址: [\"{written}\"]\n---\n文字。\n");
        let (report, files) = build(&page, false);
        let query = written.contains('?').then_some(("alias-query", 3));
        assert_eq!(codes(&report), Vec::from_iter(query), "{written}");
        assert!(files.contains_key(path), "{written}: {:?}", files.keys());
    }
}

#[test]
fn two_addresses_that_differ_by_case_are_one() {
    let page = "-- content/a.md --\n---\n标题: 甲\n旧网址: [/Old/, /old/, /OLD/?x=1]\n---\n文字。\n";
    let (report, files) = build(page, false);
    assert_eq!(codes(&report), [("alias-repeated", 3), ("alias-query", 3), ("alias-repeated", 3)]);
    assert!(files.contains_key("Old/index.html") && !files.contains_key("old/index.html"));
}

#[test]
fn a_colliding_address_is_reported_where_it_is_written_and_drops_no_page() {
    for (alias, other) in [("/b/", "b/index.html"), ("/tags/x/", "tags/x/index.html"), ("/B", "b/index.html")] {
        let pages = format!(
            "-- content/a.md --\n---\n标题: 甲\n旧网址: {alias}\n---\n文字甲。\n\
             -- content/b.md --\n---\n标题: 乙\n标签: [x]\n---\n文字乙。\n"
        );
        let (report, files) = build(&pages, true);
        assert_eq!(codes(&report), [("alias-collision", 3)], "{alias}");
        assert!(files.contains_key("a/index.html"), "{alias}");
        let bytes = &files[other];
        assert!(String::from_utf8_lossy(bytes).contains("乙"), "{alias}");
    }
}

/// An address without the ending of a page would be a folder where a file is.
#[test]
fn an_alias_at_the_address_of_a_file_drops_nothing() {
    for (alias, other) in [
        ("/robots.txt", "robots.txt"),
        ("/sitemap.xml", "sitemap.xml"),
        ("/atom.xml", "atom.xml"),
        ("/404.html", "404.html"),
        ("/files/x.pdf", "files/x.pdf"),
        ("/x.png", "x.png"),
        ("/X.PNG/old/", "x.png"),
    ] {
        let site = format!(
            "-- content/a.md --\n---\n标题: 甲\n日期: 2026-01-01\n旧网址: {alias}\n---\n文字甲。![图](x.png)\n\
             -- content/x.png --\nGIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;\n-- static/files/x.pdf --\n文\n"
        );
        let (report, files) = build(&site, true);
        assert_eq!(codes(&report), [("alias-collision", 4)], "{alias}");
        assert!(files.contains_key("a/index.html") && files.contains_key(other), "{alias}: {:?}", files.keys());
    }
}

#[test]
fn aliases_that_are_one_address_are_reported_at_the_alias() {
    for (aliases, found) in [
        ("[/old/K/, /old/k/]", vec![("alias-repeated", 3)]),
        ("[/old/k/, /old/k]", vec![("alias-repeated", 3)]),
        ("[/old/%E7%94%B2/, /old/甲/]", vec![("alias-repeated", 3)]),
        ("/old.aspx?id=1", vec![("alias-query", 3)]),
        ("[/old.aspx?id=1, /old.aspx?id=2]", vec![("alias-query", 3), ("alias-query", 3), ("alias-repeated", 3)]),
    ] {
        let site = format!("-- content/a.md --\n---\n标题: 甲\n旧网址: {aliases}\n---\n文字甲。\n");
        let (report, files) = build(&site, false);
        let mut codes = codes(&report);
        codes.sort_unstable();
        assert_eq!(codes, found, "{aliases}");
        assert!(files.keys().any(|path| path.starts_with("old")), "{aliases}");
    }
}

#[test]
fn the_line_to_type_is_an_address_of_the_site() {
    for (written, typed) in [
        ("\"旧网址：/old/\"", "/old/"),
        ("www.example.org/old/", "/old/"),
        ("\\news\\1.htm", "/news/1.htm"),
        ("https://old.example.com/p/", "/p/"),
    ] {
        let (report, _) = build(&format!("-- content/a.md --\n---\n标题: 甲\n旧网址: {written}\n---\n文字。\n"), false);
        assert_eq!(codes(&report), [("bad-alias", 3)], "{written}");
        let hint = report.diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap_or_default();
        assert!(hint.ends_with(&format!("例如 {typed}")), "{hint}");
        let (report, _) = build(&format!("-- content/a.md --\n---\n标题: 甲\n旧网址: {typed}\n---\n文字。\n"), false);
        assert_eq!(codes(&report), [], "{typed}");
    }
}

#[test]
fn several_addresses_in_one_text_are_read_one_by_one() {
    for written in ["[/old/，/old2/]", "/old/、/old2/", "[/old/; /old2/]"] {
        let page = format!("-- content/a.md --\n---\n标题: 甲\n旧网址: {written}\n---\n文字。\n");
        let (report, files) = build(&page, false);
        assert_eq!(codes(&report), [("aliases-in-one", 3)], "{written}");
        assert!(files.contains_key("old/index.html") && files.contains_key("old2/index.html"), "{written}");
    }
    let page = "-- content/a.md --\n---\n标题: 甲\n旧网址: [\"/a, b/\", /c d/]\n---\n文字。\n";
    assert_eq!(codes(&build(page, false).0), []);
}

/// The line to type keeps what was written.
#[test]
fn the_name_of_a_file_is_an_address_without_its_first_slash() {
    for written in ["old.aspx?id=1", "News.HTML", "a b.php"] {
        let site = format!("-- content/a.md --\n---\n标题: 甲\n旧网址: {written}\n---\n文字甲。\n");
        let (report, _) = build(&site, false);
        assert_eq!(codes(&report), [("bad-alias", 3)], "{written}");
        let hint = report.diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap_or_default();
        assert!(hint.ends_with(&format!("例如 /{written}")), "{hint}");
    }
}

#[test]
fn an_alias_of_two_pages_is_reported_whatever_its_case() {
    let page =
        |name: &str, alias: &str| format!("-- content/{name}.md --\n---\n标题: {name}\n旧网址: {alias}\n---\n文。\n");
    let site = format!("{}{}", page("a", "/old/K/"), page("b", "/old/k/"));
    let (report, _) = build(&site, false);
    let [diag] = report.diags.as_slice() else { panic!("{:?}", report.diags) };
    assert_eq!(diag.code.name, "alias-collision");
    assert_eq!(diag.position.map(|place| place.line), Some(3));
}

#[test]
fn a_term_page_has_old_addresses_and_other_spellings() {
    let term = "-- content/units/a.md --\n---\n标题: 市甲局\n旧网址: [/units/old/, 甲局, \"/x/，/y/\"]\n---\n文字。\n";
    let page = "-- content/p.md --\n---\n标题: 页\nunits: [甲局]\n---\n文字。\n";
    let (report, files) = build(&format!("{term}{page}"), false);
    assert_eq!(codes(&report), [("aliases-in-one", 3)]);
    for old in ["units/old", "x", "y"] {
        let redirect = String::from_utf8_lossy(&files[&format!("{old}/index.html")]).into_owned();
        assert!(redirect.contains("units/a/"), "{redirect}");
    }
    let described = String::from_utf8_lossy(&files["units/a/index.html"]).into_owned();
    assert!(described.contains(">页</a>"), "{described}");
    // No term is called by an address.
    assert!(!files.keys().any(|path| path.starts_with("units/units") || path.starts_with("units/x")));
}
