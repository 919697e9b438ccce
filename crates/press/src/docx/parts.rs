//! The parts of a Word file that do not depend on its text: types, properties, styles. In: what is known of the article. Out: XML.

use crate::blocks::ArticleInfo;

use super::xml::escape;

/// `[Content_Types].xml`
pub(super) const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/><Default Extension="gif" ContentType="image/gif"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>
"#;

/// `_rels/.rels`
pub(super) const PACKAGE_RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>
"#;

/// `docProps/app.xml`
pub(super) const APP_PROPERTIES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>puzhi</Application></Properties>
"#;

/// `word/settings.xml`
pub(super) const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>
"#;

/// `docProps/core.xml`: title, author, summary, address, dates where they are known.
pub(super) fn core_properties(info: &ArticleInfo) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
    );
    let author = [&info.author, &info.source, &info.site].into_iter().find(|name| !name.is_empty());
    let rows = [
        ("dc:title", info.title.as_str()),
        ("dc:creator", author.map_or("", String::as_str)),
        ("dc:description", info.summary.as_str()),
        ("dc:identifier", info.url.as_str()),
        ("dc:language", info.language.as_str()),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!("<{name}>{}</{name}>", escape(value)));
    }
    for (name, value) in [("created", &info.published_iso), ("modified", &info.updated_iso)] {
        if let Some(time) = w3c_time(value) {
            out.push_str(&format!("<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:{name}>"));
        }
    }
    out.push_str("</cp:coreProperties>\n");
    out
}

/// A day or a time as the properties write it: with seconds and zone. A day begins at midnight there, since Word knows no days.
fn w3c_time(iso: &str) -> Option<String> {
    let is_like = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(c, f)| if f == b'0' { c.is_ascii_digit() } else { c == f })
    };
    let (time, zone) = iso.split_at_checked(19).unwrap_or((iso, ""));
    if is_like(iso, "0000-00-00") {
        Some(format!("{iso}T00:00:00Z"))
    } else if is_like(time, "0000-00-00T00:00:00")
        && (zone == "Z" || is_like(zone, "+00:00") || is_like(zone, "-00:00"))
    {
        Some(iso.to_string())
    } else {
        None
    }
}

/// `word/styles.xml`, for the language of the article.
pub(super) fn styles(language: &str) -> String {
    let language = if language.is_empty() { "zh-CN" } else { language };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"宋体\" w:cs=\"Times New Roman\"/><w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/><w:lang w:val=\"{0}\" w:eastAsia=\"{0}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"360\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>",
        escape(language)
    );
    let black = "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"黑体\" w:cs=\"Arial\"/>";
    out.push_str(&style("Title", "Title", "<w:jc w:val=\"center\"/>", &format!("{black}<w:b/><w:sz w:val=\"44\"/>")));
    for (level, size) in [36, 32, 28, 26, 24, 24].into_iter().enumerate() {
        let paragraph =
            format!("<w:keepNext/><w:spacing w:before=\"240\" w:after=\"120\"/><w:outlineLvl w:val=\"{level}\"/>");
        let run = format!("{black}<w:b/><w:sz w:val=\"{size}\"/>");
        out.push_str(&style(&format!("Heading{}", level + 1), &format!("heading {}", level + 1), &paragraph, &run));
    }
    out.push_str(&style(
        "Info",
        "Info",
        "<w:spacing w:after=\"40\"/>",
        "<w:color w:val=\"555555\"/><w:sz w:val=\"21\"/>",
    ));
    out.push_str(&style(
        "Caption",
        "caption",
        "<w:jc w:val=\"center\"/>",
        "<w:color w:val=\"555555\"/><w:sz w:val=\"21\"/>",
    ));
    out.push_str(&style(
        "Quote",
        "Quote",
        "<w:ind w:left=\"480\" w:right=\"480\"/>",
        "<w:rFonts w:eastAsia=\"楷体\"/>",
    ));
    out.push_str(&style("ListParagraph", "List Paragraph", "<w:spacing w:after=\"60\"/>", ""));
    out.push_str(&style("Question", "Question", "<w:keepNext/><w:spacing w:before=\"160\"/>", "<w:b/>"));
    out.push_str(&style(
        "Code",
        "Code",
        "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>",
        "<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:eastAsia=\"仿宋\"/><w:sz w:val=\"20\"/>",
    ));
    out.push_str("<w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"0B5394\"/><w:u w:val=\"single\"/></w:rPr></w:style>");
    out.push_str("<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:left w:w=\"108\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>");
    out.push_str("<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/><w:pPr><w:spacing w:after=\"0\" w:line=\"300\" w:lineRule=\"auto\"/></w:pPr><w:tblPr><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        out.push_str(&format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>"));
    }
    out.push_str("</w:tblBorders></w:tblPr></w:style></w:styles>\n");
    out
}

fn style(id: &str, name: &str, paragraph: &str, run: &str) -> String {
    format!(
        "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
}
