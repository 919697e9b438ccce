//! The keys of `site.yaml` that official sites need: the portal that the site belongs to, and the marks of the footer.
//!
//! Input: `portal` and `registration`. Output: [`Portal`] and [`Registration`] with findings. The form of the values follows the
//! State Council's guide for the development of government websites (国办发〔2017〕47号) and its annex on web page design. Nothing is
//! derived: what is not written is not shown.

use puzhi_core::base::Span;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::yaml::{Field, MappingReader, Spanned, Type};

use super::WrittenPath;
use super::schema::{web_address, written_path};

const PORTAL_FIELDS: &[Field] = &[
    Field::new("name", "名称", Type::Text, "门户网站的全称", "full name of the portal"),
    Field::new(
        "domain",
        "域名",
        Type::Text,
        "门户网站的域名，如 www.example.gov.cn",
        "host name of the portal, such as www.example.gov.cn",
    ),
    Field::new(
        "id",
        "标识码",
        Type::Text,
        "门户网站的政府网站标识码，十位数字",
        "the portal's government site identification code, ten digits",
    ),
];

pub(super) const PORTAL_FIELD: Field = Field::new(
    "portal",
    "门户网站",
    Type::Map(PORTAL_FIELDS),
    "所属的政府门户网站，写进每一页的网页标签（SiteName、SiteDomain、SiteIDCode）；不写就没有这三个标签",
    "the government portal that the site belongs to, for the tags SiteName, SiteDomain and SiteIDCode of every page; without it they are left out",
);

const REGISTRATION_FIELDS: &[Field] = &[
    Field::new("icp", "ICP备案号", Type::Text, "ICP 备案号", "ICP licence number"),
    Field::new("police", "公安备案号", Type::Text, "公安机关备案号", "public-security registration number"),
    Field::new("police_url", "公安备案网址", Type::Link, "公安备案号点开的网址", "where that number links to"),
    Field::new("police_picture", "公安备案图标", Type::Link, "公安备案的图标", "the emblem beside that number"),
    Field::new("site_id", "网站标识码", Type::Text, "政府网站标识码", "government site identification code"),
    Field::new(
        "mark",
        "党政机关标识",
        Type::Link,
        "党政机关标识点开的网址",
        "where the mark of party and government sites links to",
    ),
    Field::new("mark_picture", "党政机关标识图", Type::Link, "党政机关标识的图片", "the picture of that mark"),
    Field::new(
        "find_mistakes",
        "找错",
        Type::Link,
        "“我为政府网站找错”的网址",
        "the address of the national form for mistakes on government sites",
    ),
    Field::new("find_mistakes_picture", "找错图", Type::Link, "“我为政府网站找错”的图片", "the picture of that link"),
];

pub(super) const REGISTRATION_FIELD: Field = Field::new(
    "registration",
    "备案",
    Type::Map(REGISTRATION_FIELDS),
    "备案号和页脚的标识；没有就不写",
    "registration marks of the footer; leave out what there is not",
);

/// The government portal that the site is a part of, for the tags of pages. Each value is checked for its form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Portal {
    /// Full name.
    pub name: Option<String>,
    /// Host name, without scheme and path.
    pub domain: Option<String>,
    /// Identification code: ten digits, or `bm` and eight digits for ministries.
    pub id: Option<String>,
}

/// Registration marks of a government site; absent ones are never shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Registration {
    /// ICP备案号.
    pub icp: Option<String>,
    /// 公安备案号.
    pub police: Option<String>,
    /// Where 公安备案号 links to.
    pub police_url: Option<String>,
    /// 政府网站标识码.
    pub site_id: Option<String>,
    /// Where the mark of party and government sites (党政机关标识) links to.
    pub mark: Option<String>,
    /// Where 我为政府网站找错 links to.
    pub find_mistakes: Option<String>,
}

/// The pictures of the footer's marks, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkPictures {
    /// Of 公安备案号.
    pub police: Option<WrittenPath>,
    /// Of 党政机关标识.
    pub mark: Option<WrittenPath>,
    /// Of 我为政府网站找错.
    pub find_mistakes: Option<WrittenPath>,
}

/// Reads `portal`. Reports what is missing there, and that it is missing altogether where `base_url` lies below `.gov.cn`.
pub(super) fn read_portal(fields: &mut MappingReader<'_, '_>, base_url: Option<&str>) -> Option<Portal> {
    let written = fields.map("portal", |f| {
        let missing: Vec<_> =
            PORTAL_FIELDS.iter().map(|field| field.key).filter(|key| f.entry(key).is_none()).collect();
        let portal = Portal {
            name: f.text("name"),
            domain: checked(f, "domain", is_host, "www.example.gov.cn"),
            id: checked(f, "id", is_site_id, "5301810001"),
        };
        (portal, missing.join(", "))
    });
    let (portal, missing, key) = match (written, base_url) {
        (Some((portal, missing)), _) => (Some(portal), missing, "portal"),
        (None, Some(url)) if is_government(url) => (None, "SiteName, SiteDomain, SiteIDCode".to_string(), "base_url"),
        (None, _) => return None,
    };
    if !missing.is_empty() {
        let span = fields.entry(key).map_or(Span::default(), |entry| entry.key_span);
        let diag = Diagnostic::new(&codes::settings::PORTAL_INCOMPLETE).at(fields.source(), span);
        fields.report(diag.arg("missing", missing));
    }
    portal
}

/// Reads `registration`: the marks and their pictures.
pub(super) fn read_registration(fields: &mut MappingReader<'_, '_>) -> (Registration, MarkPictures) {
    let read = |f: &mut MappingReader<'_, '_>| {
        let registration = Registration {
            icp: f.text("icp"),
            police: f.text("police"),
            police_url: web_address(f, "police_url"),
            site_id: f.text("site_id"),
            mark: web_address(f, "mark"),
            find_mistakes: web_address(f, "find_mistakes"),
        };
        let pictures = MarkPictures {
            police: written_path(f, "police_picture"),
            mark: written_path(f, "mark_picture"),
            find_mistakes: written_path(f, "find_mistakes_picture"),
        };
        (registration, pictures)
    };
    fields.map("registration", read).unwrap_or_default()
}

/// A text of a certain form; another one is reported and left out.
fn checked(f: &mut MappingReader<'_, '_>, key: &str, is_good: fn(&str) -> bool, example: &str) -> Option<String> {
    let Spanned { value, span } = f.spanned_text(key).filter(|written| !written.value.is_empty())?;
    if is_good(&value) {
        return Some(value);
    }
    let diag = Diagnostic::new(&codes::settings::BAD_PORTAL).at(f.source(), span);
    f.report(diag.arg("key", key).arg("value", &value).arg("fix", format!("{key}: {example}")));
    None
}

fn is_host(text: &str) -> bool {
    let label = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.contains('.') && text.split('.').all(label)
}

fn is_site_id(text: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(text, 10) || text.strip_prefix("bm").is_some_and(|rest| digits(rest, 8))
}

/// Whether the address lies on a host of the Chinese government.
fn is_government(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    host.to_ascii_lowercase().ends_with(".gov.cn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_portal_have_the_form_of_the_annex() {
        assert!(["5301810001", "bm17000009"].into_iter().all(is_site_id));
        assert!(
            !["", "530181000", "53018100011", "bm1700000", "BM17000009", "５３０１８１０００１"]
                .into_iter()
                .any(is_site_id)
        );
        assert!(["www.km.gov.cn", "example.org"].into_iter().all(is_host));
        assert!(!["https://www.km.gov.cn", "www.km.gov.cn/", "km", "www..cn", "安宁.cn"].into_iter().any(is_host));
        assert!(is_government("https://www.km.gov.cn/x/") && is_government("http://WWW.KM.GOV.CN:8080/"));
        assert!(!is_government("https://gov.cn.example.org/") && !is_government("https://example.org/www.gov.cn"));
    }
}
