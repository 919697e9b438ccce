//! What a site changes of the theme: logo and icon by settings, one block, one file, the whole theme.

use jiff::civil::{Date, date};
use puzhi::pipeline::{Options, OutputFiles, PreviousBuild, Report, build_over};
use puzhi::source::memory_site;

use crate::support::{build_archive, build_input, puzhi, read_settings};

const TODAY: Date = date(2027, 3, 1);
const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"60\"><path d=\"M0 0h9\"/></svg>";

fn build(settings: &str, files: &str) -> (Report, OutputFiles) {
    build_archive(&site(settings, files), TODAY, &Options::default())
}

fn site(settings: &str, files: &str) -> String {
    format!(
        "-- site.yaml --\ntitle: 示例&县\nbase_url: https://example.org/a/\n{settings}\n\
         -- content/guides/_index.md --\n---\n标题: 办事\n---\n-- content/guides/a.md --\n---\n标题: 甲\n---\n\n文字。\n{files}"
    )
}

fn page<'f>(files: &'f OutputFiles, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).unwrap()
}

fn found(report: &Report) -> Vec<String> {
    let place = |diag: &puzhi_core::diag::Diagnostic| diag.position.map(|at| format!(":{}:{}", at.line, at.column));
    report.diags.iter().map(|diag| format!("{}{}", diag.code.name, place(diag).unwrap_or_default())).collect()
}

#[test]
fn logo_and_icon_are_on_every_page_where_they_are_found() {
    // Below `static/` and `content/`, from the root or with the folder's name.
    for (logo, icon) in [("/images/logo.svg", "/icon.png"), ("static/images/logo.svg", "content/icon.png")] {
        let (report, files) = build(
            &format!("logo: {logo}\nfavicon: {icon}"),
            &format!(
                "-- static/images/logo.svg --\n{LOGO}\n-- content/icon.png --\nGIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;\n"
            ),
        );
        assert!(report.diags.is_empty(), "{:?}", report.diags);
        let deep = page(&files, "guides/a/index.html");
        assert!(
            deep.contains(
                "<p class=\"name\"><a href=\"../../index.html\"><img class=\"logo\" src=\"../../images/logo.svg\" \
                 alt=\"示例&amp;县\" width=\"240\" height=\"60\"></a></p>"
            ),
            "{deep}"
        );
        assert!(deep.contains("<link rel=\"icon\" type=\"image/png\" href=\"../../icon.png\">"), "{deep}");
        // A server shows it at any depth.
        assert!(page(&files, "404.html").contains("src=\"/a/images/logo.svg\""));
        assert!(files.contains_key("images/logo.svg") && files.contains_key("icon.png"));
    }
    let (_, files) = build("", "");
    let plain = page(&files, "guides/a/index.html");
    assert!(plain.contains(">示例&amp;县</a></p>") && !plain.contains("class=\"logo\""));
    // The icon is the one made from the site's name.
    assert!(plain.contains("<link rel=\"icon\" type=\"image/svg+xml\" href=\"../../icon.svg\">"), "{plain}");
}

#[test]
fn the_mark_of_the_organiser_stands_beside_its_name() {
    let settings = "organiser: 示例县知识产权局\norganiser_mark: /mark.svg";
    let (report, files) = build(settings, &format!("-- static/mark.svg --\n{LOGO}\n"));
    assert!(report.diags.is_empty(), "{:?}", report.diags);
    let mark = "<p><img class=\"organiser-mark\" src=\"../../mark.svg\" alt=\"\" width=\"240\" height=\"60\">主办：示例县知识产权局</p>";
    assert!(page(&files, "guides/a/index.html").contains(mark), "{}", page(&files, "guides/a/index.html"));
    let (report, files) = build(settings, "");
    assert_eq!(found(&report), ["no-setting-image:4:17"]);
    assert!(!page(&files, "guides/a/index.html").contains("organiser-mark"));
    assert!(!page(&build("organiser: 示例县知识产权局", "").1, "index.html").contains("organiser-mark"));
}

#[test]
fn a_logo_that_is_no_picture_of_the_site_is_reported_at_its_place() {
    for (written, code) in [
        ("/images/none.png", "no-setting-image:3:7"),
        ("/guides/a.md", "no-setting-image:3:7"),
        ("/guides/", "no-setting-image:3:7"),
        ("\"#a\"", "no-setting-image:3:7"),
        ("/说明.docx", "not-an-image:3:7"),
        ("https://example.com/a.png", "remote-image:3:7"),
        ("\"javascript:alert(1)\"", "bad-scheme:3:7"),
        ("../../etc/passwd.png", "link-escapes:3:7"),
    ] {
        let document = if written.contains("docx") { "-- content/说明.docx --\nx\n" } else { "" };
        let (report, files) = build(&format!("logo: {written}"), document);
        assert_eq!(found(&report), [code], "{written}");
        if let Some(html) = files.get("guides/a/index.html") {
            assert!(!String::from_utf8_lossy(html).contains("class=\"logo\""), "{written}");
        }
    }
    let (report, _) = build("logo: /images/log.svg", &format!("-- content/images/logo.svg --\n{LOGO}\n"));
    let missing = report.diags.iter().find(|diag| diag.code.name == "no-setting-image").unwrap();
    assert_eq!(missing.argument("fix"), Some("/images/logo.svg"));
}

#[test]
fn a_build_over_an_earlier_one_sees_a_changed_logo() {
    let options = Options::default();
    let file = |text: &str| format!("-- static/logo.svg --\n{text}\n");
    let wide = LOGO.replace("240", "480");
    let steps = [
        site("", &file(LOGO)),
        site("logo: /logo.svg", &file(LOGO)),
        // Another size, then a change of a text alone, then no logo any more, twice.
        site("logo: /logo.svg", &file(&wide)),
        site("logo: /logo.svg", &file(&wide)).replace("文字", "别的"),
        site("logo: /logo.svg", ""),
        site("logo: /logo.svg", ""),
        site("logo: /logo.svg\nfavicon: logo.svg", &file(LOGO)),
    ];
    let (mut previous, mut made): (Option<PreviousBuild>, OutputFiles) = (None, OutputFiles::new());
    for (step, archive) in steps.iter().enumerate() {
        let files = memory_site(archive);
        let settings = read_settings(&files).0;
        let built = build_over(build_input(files, settings, TODAY, &options), previous, made);
        (previous, made) = (built.previous, built.files);
        let (clean, files) = build_archive(archive, TODAY, &options);
        assert_eq!(found(&built.report), found(&clean), "step {step}");
        assert!(made == files, "step {step} differs from a clean build");
    }
}

#[test]
fn each_named_block_can_be_replaced_alone() {
    const BLOCKS: [&str; 12] = [
        "title",
        "icons",
        "head",
        "header",
        "strip",
        "logo",
        "navigation",
        "search",
        "footer",
        "footer_contact",
        "footer_links",
        "badges",
    ];
    let map = std::fs::read_to_string(crate::support::repository().join("docs/theming.md")).unwrap();
    for block in BLOCKS {
        assert!(map.contains(&format!("  {block} ")), "docs/theming.md does not name {block}");
        let own = format!(
            "-- templates/base.html --\n{{% extends \"theme/base.html\" %}}\n\
             {{% block {block} %}}<i>自己的</i>{{{{ super() }}}}{{% endblock {block} %}}\n"
        );
        let (report, files) =
            build("copyright: 版权所有\norganiser: 示例局\nfooter: [{title: 甲, link: /guides/a.md}]", &own);
        assert!(report.diags.is_empty(), "{block}: {:?}", report.diags);
        let html = page(&files, "guides/a/index.html");
        assert_eq!(html.matches("<i>自己的</i>").count(), 1, "{block}: {html}");
        for kept in ["版权所有", "示例局", "class=\"find\"", "class=\"nav\"", "id=\"main\""] {
            assert!(html.contains(kept), "{block}: {kept} is gone");
        }
    }
}

#[test]
fn an_exported_theme_builds_the_same_site() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("content/guides")).unwrap();
    std::fs::write(root.join("site.yaml"), "title: 示例站\n").unwrap();
    std::fs::write(root.join("content/guides/a.md"), "---\n标题: 甲\n---\n\n文字。\n").unwrap();
    let run = |args: &[&str]| {
        let run = puzhi().args(args).args(["--root"]).arg(root).output().unwrap();
        assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    run(&["build", "--date", "2027-03-01"]);
    let before = std::fs::read(root.join("public/guides/a/index.html")).unwrap();
    let said = run(&["theme", "export"]);
    assert!(said.contains("themes/civic") && said.contains("docs/theming.md"), "{said}");
    assert!(run(&["theme", "export", "--lang", "en"]).contains(" 0 files written"));
    run(&["build", "--date", "2027-03-01"]);
    assert_eq!(std::fs::read(root.join("public/guides/a/index.html")).unwrap(), before);
    // It is the site's theme now.
    let base = root.join("themes/civic/templates/base.html");
    let changed = std::fs::read_to_string(&base).unwrap().replace("<main id", "<!-- 改过 --><main id");
    std::fs::write(&base, changed).unwrap();
    run(&["build", "--date", "2027-03-01"]);
    assert!(std::fs::read_to_string(root.join("public/guides/a/index.html")).unwrap().contains("<!-- 改过 -->"));
}
