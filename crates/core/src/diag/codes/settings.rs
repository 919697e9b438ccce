//! Diagnostics about `site.yaml`, `theme.yaml` and related command-line options.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// `site.yaml` does not exist.
    NO_SETTINGS "no-settings" Error {
        zh: "这里没有站点（site.yaml）：{folder}", "在站点文件夹里运行，或用 --root 指出它；新站点的 site.yaml 至少要有一行 title: 站点名称";
        en: "there is no site (site.yaml) in {folder}", "run in the site's folder or name it with --root; a new site.yaml needs at least title: NAME";
    }
    /// The settings file has another name.
    SETTINGS_MISNAMED "settings-misnamed" Error {
        zh: "设置文件要叫 site.yaml，这里的叫 {found}", "把 {found} 改名为 site.yaml（先在文件夹的“查看”里勾选“文件扩展名”）";
        en: "the settings file must be called site.yaml, but here it is {found}", "rename {found} to site.yaml";
    }
    /// `title` is missing in `site.yaml`.
    NO_SITE_TITLE "no-site-title" Error {
        zh: "site.yaml 里没有 title（站点名称）", "加一行 title: 站点名称";
        en: "site.yaml has no title", "add a line title: NAME";
    }
    /// The time zone is not an IANA name.
    BAD_TIME_ZONE "bad-time-zone" Error {
        zh: "不认识时区“{value}”", "写成 Asia/Shanghai 这样的名称";
        en: "unknown time zone \"{value}\"", "use an IANA name such as Asia/Shanghai";
    }
    /// An address that is not an absolute http(s) address.
    BAD_BASE_URL "bad-base-url" Error {
        zh: "{key}“{value}”不是完整网址", "写成 https://www.example.gov.cn/ztzl/zscq/ 这样，以 http:// 或 https:// 开头，不带 ? 和 #";
        en: "{key} \"{value}\" is no absolute address", "write it as https://www.example.gov.cn/path/, without ? or #";
    }
    /// What the tags of an official site need is not written.
    PORTAL_INCOMPLETE "portal-incomplete" Note {
        zh: "设置里没有写全所属的门户网站，网页标签缺 {missing}", "在 site.yaml 里写 portal: {name: 门户网站全称, domain: www.example.gov.cn, id: 十位标识码}";
        en: "the settings do not name the whole portal that the site belongs to, so page tags lack {missing}", "write portal: {name: NAME, domain: www.example.gov.cn, id: TEN DIGITS} in site.yaml";
    }
    /// Pages have a day of publication without a time, and the site belongs to a portal.
    DAY_WITHOUT_TIME "day-without-time" Note {
        zh: "有 {count} 页的发布日期没有写几点，它们的网页标签 PubDate 只有日期", "要有时间，把日期写成 日期: 2026-10-01 14:05 这样";
        en: "{count} pages have a date without a time, so their tag PubDate has the day alone", "to give the time, write the date as in date: 2026-10-01 14:05";
    }
    /// A domain or identification code of a portal that does not have the form.
    BAD_PORTAL "bad-portal" Warning {
        zh: "门户网站的 {key}“{value}”写法不对，先不用", "写成 {fix} 这样：域名不带 https:// 和后面的路径，标识码是十位数字（部委是 bm 加八位数字）";
        en: "{key} of the portal is \"{value}\", which has not the right form and is left out", "write it as {fix}: a host name without https:// and path, a code of ten digits (of ministries bm and eight digits)";
    }
    /// A colour that does not have the form `#rrggbb`.
    BAD_COLOUR "bad-colour" Error {
        zh: "颜色“{value}”写法不对", "写成 #9b1c1c 这样的六位十六进制";
        en: "\"{value}\" is no colour", "write it as six hex digits, such as #9b1c1c";
    }
    /// A logo or an icon that is not there.
    NO_SETTING_IMAGE "no-setting-image" Warning {
        zh: "没有“{target}”这个图片", "把它放进 static 或 content 文件夹，路径从那里写起，例如 {fix}";
        en: "there is no picture \"{target}\"", "put it into static/ or content/ and write its path from there, such as {fix}";
    }
    /// A logo or an icon that is no picture by its extension.
    NOT_AN_IMAGE "not-an-image" Warning {
        zh: "“{target}”不是浏览器认的图片", "写图片的路径，以 .png、.svg、.jpg、.webp、.gif 或 .ico 结尾，例如 /images/logo.png";
        en: "\"{target}\" is no picture that browsers know", "name a picture that ends in .png, .svg, .jpg, .webp, .gif or .ico, such as /images/logo.png";
    }
    /// An entry of the home page names a picture that the theme does not have.
    UNKNOWN_PICTURE "unknown-picture" Warning {
        zh: "没有叫“{name}”的图案，这一项先不配图", "最接近的是 {nearest}；能用的还有：{names}";
        en: "there is no picture called \"{name}\", so the entry has none", "the nearest is {nearest}; there are also {names}";
    }
    /// The font of share cards is missing or cannot be read.
    BAD_CARD_FONT "bad-card-font" Warning {
        zh: "分享图字体“{target}”不能用：{cause_zh}。先用自带的字体", "写站点文件夹里一个 .otf、.ttf 或 .ttc 字体的路径，例如 /data/fonts/song.otf";
        en: "the font of share cards \"{target}\" cannot be used: {cause_en}; the built-in font takes its place", "write the path of an .otf, .ttf or .ttc font in the site's folder, such as /data/fonts/song.otf";
    }
    /// The font of share cards lacks a character of a title.
    CARD_GLYPH_MISSING "card-glyph-missing" Note {
        zh: "分享图的字体里没有“{character}”（{codepoint}），所以“{title}”分享出去时用全站的图", "换一个写法，给这一页配一张图（image），或者在 site.yaml 里写一个有这个字的字体（card_font）";
        en: "the font of share cards has no \"{character}\" ({codepoint}), so \"{title}\" is shared with the site's picture", "write it another way, give the page an image, or name a font that has the character in site.yaml (card_font)";
    }
    /// A name in settings that cannot be used in an address.
    BAD_SETTING_NAME "bad-setting-name" Error {
        zh: "“{value}”不能做{what}的名字", "只用小写字母、数字和连字符";
        en: "\"{value}\" cannot be the name of a {what}", "use lower-case letters, digits and hyphens";
    }
    /// The address for survey answers is invalid or not encrypted.
    BAD_ENDPOINT "bad-endpoint" Error {
        zh: "收集地址“{value}”不能用", "写成 https://survey.example.gov.cn 这样；同一台主机上写成 /survey 这样的路径。http:// 只能用于本机试用，如 http://127.0.0.1:8080";
        en: "answers cannot be sent to \"{value}\"", "write https://survey.example.gov.cn, or a path on the same host such as /survey; http:// only on this machine, such as http://127.0.0.1:8080";
    }
    /// A public key for the signature of survey results that is none.
    BAD_RESULTS_KEY "bad-results-key" Error {
        zh: "“results_key”不是公钥", "照抄 puzhi survey key 给出的那一行，冒号后面是 64 个十六进制数字";
        en: "\"results_key\" is no public key", "copy the line that puzhi survey key prints: 64 hexadecimal digits";
    }
    /// An allowed frame source that is not a host name.
    BAD_IFRAME_HOST "bad-iframe-host" Error {
        zh: "“{value}”不是主机名", "只写主机名，如 {host}，不带 https:// 和后面的路径";
        en: "\"{value}\" is no host name", "write the host's name only, such as {host}, without https:// and path";
    }
    /// `--date` or `--start` is not a valid date.
    BAD_DATE_OPTION "bad-date-option" Error {
        zh: "{option} “{value}”不能用：不是一个日期，或者星期对不上", "写成 {fix}{note}";
        en: "{option} \"{value}\" is no date, or its weekday is another one", "write {fix}{note_en}";
    }
    /// A width of renditions that is no number of pixels within the bounds, or one width too many.
    BAD_PICTURE_WIDTH "bad-picture-width" Warning {
        zh: "图片宽度“{value}”没有用上", "写 100 到 4096 之间的整数（像素），最多 8 个，例如 [480, 960, 1440]";
        en: "the picture width \"{value}\" was left out", "write whole numbers of pixels from 100 to 4096, eight at most, such as [480, 960, 1440]";
    }
    /// The words of an outlet are no mapping of words to words.
    BAD_OUTLET_WORDS "bad-outlet-words" Error {
        zh: "投稿媒体的用词看不懂", "左边写要换的词，右边写换成什么：{我市: 安宁市, 本站: 安宁普知}";
        en: "the words of this outlet cannot be read", "write each word and what takes its place: {我市: 安宁市, 本站: 安宁普知}";
    }
}
