//! Pictures of pages that people share, the icons of the site, and the theme's own pictures.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, Outcome, OutputFiles, Report, build_in_memory, build_over};
use puzhi::source::{FileSnapshot, memory_site};

use crate::support::{build_archive, build_date, build_input, read_settings, repository};

const TODAY: Date = date(2026, 11, 30);
const BASE: &str = "base_url: https://example.gov.cn/x/\n";
const GUIDE: &str = "-- content/guides/_index.md --\n---\ntitle: 指南\n---\n-- content/guides/a.md --\n---\ntitle: 质押融资怎么办\nkind: guide\n---\n文字。\n";

fn built(settings: &str, files: &str) -> (Report, OutputFiles) {
    let site = format!("-- site.yaml --\ntitle: 安宁站\n{settings}{files}");
    let (report, outputs) = build_archive(&site, TODAY, &Options::default());
    assert_eq!(report.outcome, Outcome::Built, "{:?}", report.diags);
    (report, outputs)
}

fn text<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).unwrap()
}

fn size(files: &OutputFiles, path: &str) -> (usize, usize) {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    assert!(bytes.starts_with(b"\x89PNG"), "{path}");
    let size = imagesize::blob_size(bytes).unwrap();
    (size.width, size.height)
}

#[test]
fn an_article_has_a_card_and_its_page_names_it() {
    let (report, files) = built(BASE, GUIDE);
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    assert_eq!(size(&files, "guides/a/share.png"), (1200, 630));
    assert_eq!(size(&files, "share.png"), (1200, 630));
    assert_eq!(size(&files, "share/guide.png"), (400, 400));
    let page = text(&files, "guides/a/index.html");
    for tag in [
        r#"<meta property="og:image" content="https://example.gov.cn/x/guides/a/share.png">"#,
        r#"<meta property="og:image:width" content="1200">"#,
        r#"<meta property="og:image:height" content="630">"#,
        r#"<meta property="og:image:alt" content="质押融资怎么办">"#,
        r#"<meta property="og:image" content="https://example.gov.cn/x/share/guide.png">"#,
        r#"<meta name="twitter:card" content="summary_large_image">"#,
    ] {
        assert!(page.contains(tag), "{tag}");
    }
    // Lists and the home page show the site's.
    for list in ["index.html", "guides/index.html"] {
        assert!(text(&files, list).contains(r#"content="https://example.gov.cn/x/share.png""#), "{list}");
    }
}

#[test]
fn a_picture_of_the_page_itself_comes_before_a_card() {
    let page = "-- content/a.md --\n---\ntitle: 甲\nimage: {src: p.svg, alt: 一张图}\n---\n文字。\n-- content/p.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"400\"/>\n";
    let (report, files) = built(BASE, page);
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    let html = text(&files, "a/index.html");
    assert!(html.contains(r#"og:image" content="https://example.gov.cn/x/p.svg""#), "{html}");
    assert!(html.contains(r#"og:image:alt" content="一张图""#));
    assert!(!files.contains_key("a/share.png"));
    // So does a file in the place of an icon or a card; this one is looked at like any picture.
    let (report, files) = built(BASE, &format!("{GUIDE}-- static/icon.svg --\n<svg/>\n"));
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    assert_eq!(text(&files, "icon.svg"), "<svg/>\n");
    let own = format!("-- site.yaml --\ntitle: 安宁站\n{BASE}{GUIDE}-- static/guides/a/share.png --\nmine\n");
    let (report, _) = build_archive(&own, TODAY, &Options::default());
    let found: Vec<_> = report.diags.iter().map(|d| (d.code.name, d.file.as_ref().unwrap().to_string())).collect();
    assert_eq!(found, [("broken-picture", "static/guides/a/share.png".to_string())]);
}

#[test]
fn there_are_no_cards_without_an_address_or_if_the_settings_say_so() {
    for settings in ["", "base_url: https://example.gov.cn/\nshare_cards: false\n"] {
        let (_, files) = built(settings, GUIDE);
        assert!(!files.keys().any(|path| path.ends_with("share.png") || path.starts_with("share/")), "{settings}");
        assert!(!text(&files, "guides/a/index.html").contains("og:image"), "{settings}");
    }
}

#[test]
fn a_title_with_a_character_that_the_font_lacks_is_shared_with_the_site_s_card() {
    let page =
        "-- content/a.md --\n---\ntitle: 甲\u{2b740}\n---\n文字。\n-- content/b.md --\n---\ntitle: 禄脿\n---\n文字。\n";
    let (report, files) = built(BASE, page);
    assert_eq!(files["a/share.png"], files["share.png"]);
    assert_ne!(files["b/share.png"], files["share.png"]);
    let found: Vec<_> = report.diags.iter().map(|d| (d.code.name, d.file.as_ref().unwrap().as_str())).collect();
    assert_eq!(found, [("card-glyph-missing", "content/a.md")]);
    assert_eq!(report.diags[0].argument("codepoint"), Some("U+2B740"));
    // Where no card is drawn, nothing is said.
    assert!(built("share_cards: false\nbase_url: https://example.gov.cn/\n", page).0.diags.is_empty());
}

#[test]
fn a_font_of_the_site_takes_the_place_of_the_built_in_one() {
    let font = std::fs::read(repository().join("crates/cards/font/cards.otf")).unwrap();
    let site = |font: Vec<u8>| {
        let yaml = format!("title: 站\n{BASE}card_font: /data/fonts/own.otf\n");
        let files = [
            ("site.yaml".to_string(), yaml.into_bytes()),
            ("content/a.md".to_string(), "---\ntitle: 甲\n---\n文字。\n".as_bytes().to_vec()),
            ("data/fonts/own.otf".to_string(), font),
        ];
        let files = FileSnapshot::from_files(files);
        let (settings, _) = read_settings(&files);
        let day = build_date(TODAY, &settings);
        build_in_memory(&files, settings, day, &Options::default())
    };
    let (report, files) = site(font);
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    assert_eq!(size(&files, "a/share.png"), (1200, 630));
    assert!(!files.keys().any(|path| path.ends_with(".otf")), "a font in data/ is not published");
    let (report, broken) = site(b"OTTO but no font".to_vec());
    assert_eq!(report.diags.iter().map(|d| d.code.name).collect::<Vec<_>>(), ["bad-card-font"]);
    assert_eq!(broken["a/share.png"], files["a/share.png"], "the built-in font takes its place");
}

#[test]
fn only_a_changed_title_makes_a_card_anew() {
    let site = |title: &str, body: &str, colour: &str| {
        memory_site(&format!(
            "-- site.yaml --\ntitle: 站\ncolour: \"{colour}\"\n{BASE}-- content/a.md --\n---\ntitle: {title}\nsummary: 摘要\n---\n{body}\n-- content/b.md --\n---\ntitle: 乙\n---\n文字。\n"
        ))
    };
    let options = Options::default();
    let build = |files: FileSnapshot, previous, tree| {
        let (settings, _) = read_settings(&files);
        build_over(build_input(files, settings, TODAY, &options), previous, tree)
    };
    let made = |report: &Report| {
        let of_cards = report.timings.templates.iter().find(|time| time.template == "share card");
        of_cards.map_or(0, |time| time.outputs)
    };
    let first = build(site("甲", "一句。", "#9b1c1c"), None, OutputFiles::new());
    assert_eq!(made(&first.report), 4, "two pages, the site, the kind");
    let text = build(site("甲", "另一句。", "#9b1c1c"), first.previous, first.files);
    assert_eq!(made(&text.report), 0);
    let title = build(site("新甲", "另一句。", "#9b1c1c"), text.previous, text.files);
    assert_eq!(made(&title.report), 1);
    let cards = |files: &OutputFiles| [files["a/share.png"].clone(), files["b/share.png"].clone()];
    let before = cards(&title.files);
    let colour = build(site("新甲", "另一句。", "#1c4f9b"), title.previous, title.files);
    assert_eq!(made(&colour.report), 4);
    assert!(cards(&colour.files).iter().zip(before).all(|(now, before)| *now != before));
}

#[test]
fn icons_and_a_manifest_come_from_the_site_s_name() {
    let (_, files) = built("", GUIDE);
    assert_eq!(size(&files, "apple-touch-icon.png"), (180, 180));
    assert_eq!((size(&files, "icon-192.png"), size(&files, "icon-512.png")), ((192, 192), (512, 512)));
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.webmanifest"]).unwrap();
    assert_eq!((&manifest["name"], &manifest["start_url"]), (&"安宁站".into(), &"index.html".into()));
    for icon in manifest["icons"].as_array().unwrap() {
        let (width, height) = size(&files, icon["src"].as_str().unwrap());
        assert_eq!(icon["sizes"], format!("{width}x{height}"));
    }
    let page = text(&files, "guides/a/index.html");
    for tag in [
        r#"<link rel="icon" type="image/svg+xml" href="../../icon.svg">"#,
        r#"<link rel="apple-touch-icon" href="../../apple-touch-icon.png">"#,
    ] {
        assert!(page.contains(tag), "{tag}");
    }
    // The home page, where people keep a site, names the manifest; other pages stay light.
    assert!(text(&files, "index.html").contains(r#"<link rel="manifest" href="./manifest.webmanifest">"#));
    assert!(!page.contains("rel=\"manifest\""));
    assert!(text(&files, "icon.svg").contains("<path fill=\"#fff\" d=\"M"));
    // An icon of the settings is named in the manifest, too, and there is no other on the tab.
    let svg = "-- static/own.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n";
    let (_, files) = built("favicon: /own.svg\n", &format!("{GUIDE}{svg}"));
    assert!(!files.contains_key("icon.svg") && text(&files, "manifest.webmanifest").contains("\"own.svg\""));
    assert_eq!(text(&files, "index.html").matches("rel=\"icon\"").count(), 1);
}

#[test]
fn tasks_sections_and_the_leading_page_have_pictures() {
    let settings = "entries:\n  - {title: 贷款, link: /guides/a.md, picture: 贷款}\n  - {title: 别的, link: /guides/a.md}\n  - {title: 假货, link: /guides/a.md, picture: fake}\n";
    let (_, files) = built(settings, GUIDE);
    let home = text(&files, "index.html");
    let acts = home.split("class=\"acts\"").nth(1).unwrap().split("</ul>").next().unwrap();
    assert_eq!(acts.matches("<svg class=\"art\"").count(), 2, "{acts}");
    assert!(home.split("class=\"lead\"").nth(1).unwrap().starts_with("><svg class=\"art\""), "{home}");
    assert!(text(&files, "guides/index.html").contains("<svg class=\"art\""));
    // Readers of screens hear nothing of them.
    assert_eq!(home.matches("class=\"art\"").count(), home.matches("aria-hidden=\"true\">").count());
}

#[test]
fn a_site_may_add_pictures_and_the_theme_s_are_small_and_of_few_shapes() {
    let own = "-- templates/illustrations/菌子.svg --\n<svg class=\"art\" id=\"mine\"></svg>\n";
    let settings = "entries:\n  - {title: 甲, link: /guides/a.md, picture: 菌子}\n";
    let (report, files) = built(settings, &format!("{GUIDE}{own}"));
    assert!(report.diags.iter().all(|d| d.code.name == "no-base-url"), "{:?}", report.diags);
    assert!(text(&files, "index.html").contains("id=\"mine\""));
    let folder = repository().join("themes/civic/templates/illustrations");
    let listed = std::fs::read_to_string(repository().join("themes/civic/theme.yaml")).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let svg = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(svg.len() <= 1200, "{name}: {} bytes", svg.len());
        assert!(svg.contains("viewBox=\"0 0 64 64\"") && svg.contains("aria-hidden=\"true\""), "{name}");
        let drawing = puzhi_cards::Drawing::from_svg(&svg);
        // Each element is understood, so that a card shows what the page shows.
        assert_eq!(drawing.len(), svg.matches(" class=").count() - 1, "{name}");
        assert!(
            listed.contains(&format!("{name},")) || listed.contains(&format!("{name}]")),
            "{name} is not in theme.yaml"
        );
        count += 1;
    }
    assert_eq!(count, 17);
}
