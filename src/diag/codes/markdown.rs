//! Markdown and directives.

use super::{Code, Severity};

codes! {
    /// An image without alternative text.
    MISSING_ALT "missing-alt" Warning {
        zh: "图片“{target}”没有说明文字", "在方括号里写一句话说明图上是什么：![说明文字]({target})";
        en: "the image \"{target}\" has no alternative text", "say in the brackets what it shows: ![text]({target})";
    }
    /// A link without an address.
    EMPTY_LINK "empty-link" Warning {
        zh: "这个链接没有写地址", "在圆括号里写上文件的相对路径或网址";
        en: "this link has no address", "write a relative path or an address in the parentheses";
    }
    /// An anchor written twice.
    DUPLICATE_ANCHOR "duplicate-anchor" Warning {
        zh: "锚点“#{id}”在这一页用了两次，后一个已改名", "给其中一个换个名字";
        en: "the anchor \"#{id}\" is used twice on this page; the second was renamed", "give one of them another name";
    }
    /// A formula that cannot be set.
    BAD_TEX "bad-tex" Warning {
        zh: "这个公式写法有误，已原样显示：{tex}", "检查花括号是否成对、命令是否拼对；如果不是公式，写成 \\$";
        en: "this formula cannot be set and is shown as written: {tex}", "check braces and command names; if it is no formula write \\$";
    }
    /// Nested deeper than the limit.
    TOO_DEEP "too-deep" Warning {
        zh: "嵌套超过 {limit} 层，更深的部分已按普通内容显示", "减少引用、列表或指令的层数";
        en: "nested more than {limit} levels deep; what is deeper is shown as plain content", "use fewer levels of quotes, lists or directives";
    }
    /// Raw HTML that may not be shown.
    HTML_REMOVED "html-removed" Warning {
        zh: "正文里的 HTML 有不允许的内容，已去掉：{what}", "改用 Markdown 或指令；确实需要时由管理员在 site.yaml 里设置 trust_html: true";
        en: "HTML that is not allowed was taken out: {what}", "use Markdown or a directive instead; if it is really needed, site.yaml can set trust_html: true";
    }
    /// A fenced block that is not closed.
    UNCLOSED_FENCE "unclosed-fence" Warning {
        zh: "这个代码块或指令没有结束行，一直延伸到了末尾", "在它的最后加一行同样多的反引号（```）";
        en: "this code block or directive is not closed and reaches to the end", "close it with a line of as many backticks (```)";
    }
    /// An image typed with a full-width exclamation mark.
    WIDE_IMAGE "wide-image" Warning {
        zh: "全角叹号“！”后面的图片只会显示成链接", "改成半角的 !，即 ![说明文字](图片)";
        en: "after a full-width ！ this image is only a link", "type a half-width !, as in ![text](image)";
    }
}
