//! The `survey:` section of `site.yaml`: the address of the collector, where paper forms are handed in, and which
//! hosts may be embedded.
//!
//! Input: the mapping under `survey`. Output: [`SurveySettings`] and diagnostics. Does not know surveys.

use puzhi_core::base::percent_encode_path;
use puzhi_core::diag::{Diagnostic, codes};
use puzhi_core::kinds::results::ResultsKey;
use puzhi_core::yaml::{Field, MappingReader, Type};

/// The keys of `survey:`.
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
    Field::new(
        "results_key",
        "结果公钥",
        Type::Text,
        "签调查结果的公钥，由 puzhi survey key 给出。写了它，没有签名或者签名不对的结果不能生成",
        "public key of the results' signature, from puzhi survey key; with it, results without a right signature are an error",
    ),
];

/// How people take part in surveys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveySettings {
    /// Base address of the collector, without a slash at the end: `https://host/path`, `http://` for the local machine
    /// only, or `/path`.
    pub endpoint: Option<String>,
    /// Where paper forms are available and handed in.
    pub place: Option<String>,
    /// Phone number for questions about surveys.
    pub phone: Option<String>,
    /// Host names that may be embedded in an `iframe`, in lower case.
    pub iframe_hosts: Vec<String>,
    /// Key whose signature results must have; `None` if they need none.
    pub results_key: Option<ResultsKey>,
}

impl SurveySettings {
    /// The address to which the form of a survey is submitted; `None` without a collector.
    pub fn form_action(&self, survey: &str) -> Option<String> {
        self.endpoint.as_ref().map(|base| format!("{base}/surveys/{}", percent_encode_path(survey)))
    }

    /// Whether the page at `url` may be embedded in an `iframe`.
    pub fn allows_iframe(&self, url: &str) -> bool {
        let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        self.iframe_hosts.iter().any(|h| h == &host.to_ascii_lowercase())
    }
}

/// Reads the section and reports invalid values.
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
    let results_key = f.spanned_text("results_key").filter(|key| !key.value.is_empty()).and_then(|written| {
        let key = ResultsKey::parse(&written.value);
        if key.is_none() {
            f.report(Diagnostic::new(&codes::settings::BAD_RESULTS_KEY).at(f.source(), written.span));
        }
        key
    });
    SurveySettings { results_key, endpoint, place: f.text("place"), phone: f.text("phone"), iframe_hosts }
}

/// Checks the address of a collector: it must be encrypted or on the local machine. Returns it without trailing
/// slash.
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

/// Whether the text is a host name of at least two labels, in lower or upper case.
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

/// The host name in a text that was written as an address.
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
