//! `survey:` of `site.yaml`: where answers go, where paper goes, and which other hosts may stand in a frame.

use puzhi_core::base::percent_encode_path;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::yaml::{Field, MappingReader, Type};

pub(super) const FIELDS: &[Field] = &[
    Field::new(
        "endpoint",
        "收集地址",
        Type::Text,
        "收答卷的程序的网址，如 https://survey.example.gov.cn；同一台主机上可以只写路径，如 /survey。不写，网页上没有表单，只说到哪里填纸质问卷",
        "address of the collector, such as https://survey.example.gov.cn, or a path on the same host, such as /survey; without it pages have no form and name the place for paper",
    ),
    Field::new("place", "地点", Type::Text, "在哪里领、交纸质问卷", "where paper forms are handed out and in"),
    Field::new("phone", "电话", Type::Text, "问卷的咨询电话", "phone for questions about surveys"),
    Field::new(
        "iframe_hosts",
        "嵌入主机",
        Type::Names,
        "可以嵌进网页的外站问卷的主机，如 www.wjx.cn；不写则只给链接和二维码",
        "hosts whose surveys may stand in a frame, such as www.wjx.cn; none by default: a link and a code",
    ),
];

/// What the site says about taking part in surveys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveySettings {
    /// `https://host/path`, `http://` on this machine only, or `/path`; without a slash at the end.
    pub endpoint: Option<String>,
    /// Where paper forms are handed out and in.
    pub place: Option<String>,
    /// A phone number for questions about surveys.
    pub phone: Option<String>,
    /// Lower-case host names.
    pub iframe_hosts: Vec<String>,
}

impl SurveySettings {
    /// Where the form of a survey is sent, when there is a collector.
    pub fn form_action(&self, survey: &str) -> Option<String> {
        self.endpoint.as_ref().map(|base| format!("{base}/surveys/{}", percent_encode_path(survey)))
    }

    /// Whether the page at `url` may stand in a frame.
    pub fn allows_iframe(&self, url: &str) -> bool {
        let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        self.iframe_hosts.iter().any(|h| h == &host.to_ascii_lowercase())
    }
}

pub(super) fn read(f: &mut MappingReader<'_, '_>) -> SurveySettings {
    let endpoint = f.spanned_text("endpoint").filter(|e| !e.value.is_empty()).and_then(|written| {
        let good = endpoint(&written.value);
        if good.is_none() {
            let diag = Diagnostic::new(&codes::settings::BAD_ENDPOINT)
                .at(f.source(), written.span)
                .arg("value", &written.value);
            f.report(diag);
        }
        good
    });
    let mut iframe_hosts = Vec::new();
    for host in f.spanned_texts("iframe_hosts") {
        let name = host.value.to_ascii_lowercase();
        if is_host(&name) {
            iframe_hosts.push(name);
        } else {
            let diag =
                Diagnostic::new(&codes::settings::BAD_IFRAME_HOST).at(f.source(), host.span).arg("value", &host.value);
            f.report(diag.arg("host", host_in(&name).unwrap_or("www.wjx.cn")));
        }
    }
    SurveySettings { endpoint, place: f.text("place"), phone: f.text("phone"), iframe_hosts }
}

/// The address without its last slash, if answers may be sent there: encrypted, or to this machine for trying out.
fn endpoint(written: &str) -> Option<String> {
    let whole = written.trim_end_matches('/');
    let clean = |path: &str| {
        !path.chars().any(|c| c.is_whitespace() || c.is_control() || "?#\"'<>\\&".contains(c))
            && !path.split('/').any(|s| s == "." || s == "..")
    };
    let (scheme, rest) = match whole.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => {
            return (written.starts_with('/') && !written.starts_with("//") && clean(whole)).then(|| whole.to_string());
        }
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let local = matches!(host, "localhost" | "127.0.0.1" | "::1");
    let good_port = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0));
    let good = good_port && clean(rest) && (local || is_host(host)) && (scheme == "https" || scheme == "http" && local);
    good.then(|| whole.to_string())
}

/// A host name in lower or upper case, of two labels at least.
fn is_host(name: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

/// The host of what was written as an address.
fn host_in(written: &str) -> Option<&str> {
    let rest = written.split_once("://").map_or(written, |(_, rest)| rest);
    rest.split(['/', '?', '#', ':']).next().filter(|h| is_host(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoint_is_https_local_or_a_path() {
        for good in [
            "https://survey.example.gov.cn",
            "https://survey.example.gov.cn/a/",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:9",
            "/survey",
            "/",
        ] {
            assert!(endpoint(good).is_some(), "{good}");
        }
        for bad in [
            "http://survey.example.gov.cn",
            "survey.example.gov.cn",
            "ftp://a.cn",
            "https://",
            "https://a.cn/?x",
            "//a.cn/x",
            "https://a.cn:99999",
            "https://u@a.cn",
            "javascript:1",
            "https://a.cn/../b",
        ] {
            assert_eq!(endpoint(bad), None, "{bad}");
        }
        assert_eq!(endpoint("https://a.cn/x/").as_deref(), Some("https://a.cn/x"));
    }

    #[test]
    fn only_listed_hosts_may_be_framed() {
        let settings = SurveySettings { iframe_hosts: vec!["www.wjx.cn".into()], ..SurveySettings::default() };
        assert!(
            settings.allows_iframe("https://www.wjx.cn/vm/abc.aspx") && settings.allows_iframe("https://WWW.wjx.cn?x")
        );
        for no in [
            "http://www.wjx.cn/",
            "https://wjx.cn/",
            "https://www.wjx.cn.evil.cn/",
            "https://evil.cn/www.wjx.cn",
            "https://www.wjx.cn@evil.cn/",
            "https://www.wjx.cn:8443/",
        ] {
            assert!(!settings.allows_iframe(no), "{no}");
        }
    }
}
