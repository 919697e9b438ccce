//! Diagnostics about templates and themes.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// The theme named in settings is neither in `themes/` nor built in.
    NO_THEME "no-theme" Error {
        zh: "没有主题“{name}”", "检查 site.yaml 的 theme 和 themes/ 里的文件夹名；删掉 theme 这一行就用自带的 civic";
        en: "there is no theme \"{name}\"", "check theme in site.yaml and the folders of themes/; without that line the embedded civic serves";
    }
    /// A theme lacks a required template.
    NO_TEMPLATE "no-template" Error {
        zh: "主题里没有模板 {name}", "从自带的 civic 主题复制一份再改";
        en: "the theme has no template {name}", "copy it from the embedded civic theme and change it";
    }
    /// Large pages are wanted, and the theme has no style sheet for them.
    NO_LARGE_STYLE "no-large-style" Warning {
        zh: "主题 {theme} 没有大字版的样式，所以没有做大字版", "删掉 site.yaml 里“大字版”（large_mode）这一行；要大字版，就在主题里加上 static/css/large.css";
        en: "the theme {theme} has no style for large pages, so there are none", "delete large_mode from site.yaml, or add static/css/large.css to the theme";
    }
    /// A template with a syntax error.
    TEMPLATE_SYNTAX "template-syntax" Error {
        zh: "模板写法有误：{cause_zh}", "{advice_zh}";
        en: "the template cannot be read: {cause_en}", "{advice_en}";
    }
    /// A template that failed while rendering.
    TEMPLATE_FAILED "template-failed" Error {
        zh: "模板执行失败：{cause_zh}{page_zh}", "{advice_zh}";
        en: "the template failed: {cause_en}{page_en}", "{advice_en}";
    }
    /// A template that does not exist, but that another template extends or includes, or that a page names.
    TEMPLATE_MISSING "template-missing" Error {
        zh: "没有模板 {name}", "最接近的是 {nearest}";
        en: "there is no template {name}", "the nearest is {nearest}";
    }
    /// A template that is part of others or makes another sort of page, so nothing of the page would be seen.
    TEMPLATE_NO_PAGE "template-no-page" Error {
        zh: "模板 {name} 是别的模板的一部分，页面用它会是空的", "不写“模板”就用页面类型自己的；要另做一个，在 templates 里新建，例如 templates/own.html，开头写 {% extends \"page.html\" %}";
        en: "the template {name} is part of other templates; a page made with it is empty", "without a template the kind's own is used; for another, make a file such as templates/own.html that begins with {% extends \"page.html\" %}";
    }
    /// Templates that extend or include each other in a cycle.
    TEMPLATE_CIRCLE "template-circle" Error {
        zh: "模板 {name} 绕了一圈又引用到自己", "去掉其中一处 extends 或 include";
        en: "the template {name} comes back to itself", "remove one of the extends or includes";
    }
}
