//! Diagnostics about links, anchors, addresses and references between pages.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// A link to a page or file that does not exist.
    BROKEN_LINK "broken-link" Warning fixable {
        zh: "链接指向的“{target}”不存在", "最接近的是“{nearest}”";
        en: "the link's target \"{target}\" does not exist", "the nearest is \"{nearest}\"";
    }
    /// The page exists but has no such anchor.
    BROKEN_ANCHOR "broken-anchor" Warning fixable {
        zh: "“{page}”里没有锚点“#{anchor}”", "最接近的是“#{nearest}”";
        en: "\"{page}\" has no anchor \"#{anchor}\"", "the nearest is \"#{nearest}\"";
    }
    /// A link to a draft.
    LINK_TO_DRAFT "link-to-draft" Note {
        zh: "“{target}”还是草稿，链接暂时显示为文字", "发布那一页（去掉 draft）后链接会自动出现";
        en: "\"{target}\" is a draft; the link shows as text for now", "publish that page (remove draft) and the link appears";
    }
    /// A page in a folder that holds drafts by its name.
    DRAFT_FOLDER "draft-folder" Note {
        zh: "文件夹“{folder}”里的页面当作草稿，没有发布", "要发布这一页，移到别的文件夹，或者在文件开头写一行“草稿: 否”";
        en: "pages in the folder \"{folder}\" are taken as drafts and not published", "to publish this one, move it to another folder or write \"draft: false\" at the start of the file";
    }
    /// A page in a section that is dated in the future.
    FUTURE_SECTION "future-section" Note {
        zh: "所在栏目 {section} 的日期还没到，这一页和它一起等到 {date}", "要马上发布，就改掉栏目那个文件里的日期；到了那一天要有人再生成一次网站";
        en: "its section {section} is dated in the future, and this page waits with it until {date}", "to publish it at once, change the date in the section's file; on that day somebody must build the site again";
    }
    /// A page in a section that is a draft.
    HELD_BACK "held-back" Note {
        zh: "所在栏目 {section} {why}，这一页没有发布", "{todo}";
        en: "not published, because its section {section} {why_en}", "{todo_en}";
    }
    /// A page that says that it is no draft, in a section that is one.
    PUBLISHED_IN_DRAFT_SECTION "published-in-draft-section" Error {
        zh: "{page} 写了“草稿: 否”，所在栏目 {section} 却是草稿", "要发布这一页，删去 {section} 里的“草稿: 是”，或者把这一页移到别的栏目；不发布，就删去这一行";
        en: "{page} says that it is no draft, but its section {section} is one", "to publish the page, remove \"draft: true\" from {section} or move the page to another section; else remove this line";
    }
    /// Files in `content/` that nothing refers to.
    UNREACHED_FILES "unreached-files" Note {
        zh: "content 里有 {count} 个文件，没有页面或设置用到，照样发布：{files}", "用得着就在页面里链接它；用不着就删去，或者移到 content 外面";
        en: "no page or setting uses these files in content, which are published all the same ({count}): {files_en}", "link to them from a page, or delete them or move them out of content";
    }
    /// A link to a page with a future date.
    LINK_TO_FUTURE "link-to-future" Note {
        zh: "“{target}”的日期还没到，链接暂时显示为文字", "到了那一天再生成一次网站，链接就会出现";
        en: "\"{target}\" is dated in the future; the link shows as text for now", "build the site on that day, and the link appears";
    }
    /// A page whose date is after the day of the build.
    FUTURE_PAGE "future-page" Note {
        zh: "这一页的日期是 {date}，还没有发布", "到了那一天要有人再生成一次网站，它才会发布；现在想看，用 puzhi serve";
        en: "dated {date}, so it is not published yet", "somebody must build the site on that day or later to publish it; puzhi serve shows it now";
    }
    /// A page that an earlier build made at another address.
    ADDRESS_MOVED "address-moved" Note {
        zh: "以前的网址 {old} 没有了，这一页现在的网址是 {new}", "要让旧网址也能打开，{keep_zh}";
        en: "its address was {old} in an earlier build and is {new} now", "to keep the old address, {keep_en}";
    }
    /// An address of an earlier build that leads nowhere. It is said until the address is back, or until a build with `--clean`.
    ADDRESS_GONE "address-gone" Note {
        zh: "以前的网址 {old} 没有了：{why_zh}", "{keep_zh}；就是不要了，用 puzhi build --clean 生成一次，就不再提";
        en: "the address {old} of an earlier build is gone: {why_en}", "{keep_en}; if it is not wanted, a build with puzhi build --clean says it no more";
    }
    /// A link of settings or data to a page that is not published. A note if the page is only dated in the future.
    ENTRY_HIDDEN "entry-hidden" Warning {
        zh: "这一项没有显示：它指向的“{target}”{why_zh}", "{advice_zh}";
        en: "this entry is not shown: \"{target}\" {why_en}", "{advice_en}";
    }
    /// A link that leaves the site's folder.
    LINK_ESCAPES "link-escapes" Error {
        zh: "链接“{target}”跑到站点文件夹外面去了", "文件要先放进站点里，再用相对路径链接";
        en: "the link \"{target}\" leads out of the site's folder", "put the file into the site and link to it there";
    }
    /// A link's scheme is not allowed.
    BAD_SCHEME "bad-scheme" Error {
        zh: "不允许“{scheme}:”开头的链接", "可以用 http、https、mailto、tel，或者站内的相对路径";
        en: "links that start with \"{scheme}:\" are not allowed", "use http, https, mailto or tel, or a relative path";
    }
    /// An image from another host.
    REMOTE_IMAGE "remote-image" Error {
        zh: "图片在别的网站上：{target}", "把图片存到文章旁边，用相对路径引用；页面不从别的网站加载任何东西";
        en: "the image lies on another host: {target}", "save it beside the page and use a relative path; pages load nothing from other hosts";
    }
    /// A file of the site's own in the folder of the large pages.
    LARGE_FOLDER "large-folder" Error {
        zh: "网址 {route} 在 large/ 下，那里是大字版的地方", "给文件夹 large 改名；不要大字版，就删掉 site.yaml 里的“大字版”（large_mode）";
        en: "the address {route} is below large/, where the large pages are", "rename the folder large, or delete large_mode from site.yaml";
    }
    /// Two outputs with the same address.
    ROUTE_COLLISION "route-collision" Error {
        zh: "地址 {route} 与“{other}”相同", "{advice_zh}";
        en: "the address {route} is also that of \"{other}\"", "{advice_en}";
    }
    /// An alias at the address of another output.
    ALIAS_COLLISION "alias-collision" Warning {
        zh: "旧网址 {route} 已经是“{other}”的地址，没有做成转向", "改掉或者删掉这个旧网址";
        en: "the alias {route} is also the address of \"{other}\" and was left out", "change or remove this alias";
    }
    /// An alias with a query, which files cannot tell apart.
    ALIAS_QUERY "alias-query" Note {
        zh: "旧网址“{value}”里的“{part}”没有用上：凡是打开 {route} 的，都转到这一页", "网页文件分不出“{part}”。只这一个要转到这里，就请管服务器的人为 {value} 加一条规则；都转过来也行，就写成 {route}";
        en: "\"{part}\" of the alias \"{value}\" has no effect: whoever opens {route} is led to this page", "files cannot tell \"{part}\" apart. If only this address is to lead here, ask whoever runs the server for a rule for {value}; if all may, write {route}";
    }
    /// Two aliases of one page that are the same address. A note if they do not even differ in case.
    ALIAS_REPEATED "alias-repeated" Warning {
        zh: "旧网址“{value}”和第 {line} 行的“{other}”是同一个网址（大小写不算不同），只做了一个", "留一个就够了；服务器区分大小写的，请管服务器的人加一条规则";
        en: "the alias \"{value}\" is the same address as \"{other}\" on line {line} (letter case makes no difference), so only one was made", "keep one of them; if the server tells upper and lower case apart, ask whoever runs it for a rule";
    }
    /// A slug that cannot be an address segment.
    BAD_SLUG "bad-slug" Error {
        zh: "slug“{value}”不能做网址", "只写一段名字，不带 / \\ : ? 等符号，例如 {example}";
        en: "the slug \"{value}\" cannot be part of an address", "write one plain name without / \\ : ?, such as {example}";
    }
    /// Several aliases in one text.
    ALIASES_IN_ONE "aliases-in-one" Warning fixable {
        zh: "“{value}”里有 {count} 个旧网址，已分开读取", "用方括号和半角逗号隔开：{fix}";
        en: "\"{value}\" holds {count} aliases, which were read one by one", "put them in brackets with plain commas: {fix}";
    }
    /// An alias that is not an address on this site.
    BAD_ALIAS "bad-alias" Error {
        zh: "旧网址“{value}”写法不对", "写站内地址，以 / 开头，例如 {example}";
        en: "the alias \"{value}\" is no address on this site", "write an address from the site's root, such as {example}";
    }
    /// An alias that is a name, as Obsidian has them, not an address. Reported once a site.
    ALIAS_IS_NAME "alias-is-name" Note {
        zh: "别名“{value}”不是网址，没有用它（{count} 页有这样的别名）", "Obsidian 的别名在这里没有作用，可以留着；旧网址写成 /old/page/";
        en: "the alias \"{value}\" is no address and was left out (pages with such aliases: {count})", "aliases of Obsidian mean nothing here and may stay; write an old address as /old/page/";
    }
    /// The picture named in front matter does not exist.
    MISSING_IMAGE "missing-image" Warning fixable {
        zh: "配图“{target}”不存在", "最接近的是“{nearest}”";
        en: "the image \"{target}\" does not exist", "the nearest is \"{nearest}\"";
    }
    /// Names that are other words and have the same address.
    TERMS_MERGED "terms-merged" Warning {
        zh: "“{name}”和“{other}”的网址都是 {route}，已当作同一个条目", "是一回事，就都写成“{other}”；不是，就给其中一个换个说法";
        en: "\"{name}\" and \"{other}\" both have the address {route} and were taken as one term", "if they are the same, write \"{other}\" for both; if not, give one of them another name";
    }
    /// Two spellings of terms that collide.
    TERM_ALIAS_CLASH "term-alias-clash" Error {
        zh: "“{name}”同时归到两个条目：这一页和“{other}”", "从其中一页的 aliases 里去掉它";
        en: "\"{name}\" is claimed by two terms: this page and \"{other}\"", "remove it from the aliases of one of them";
    }
    /// A target's, survey's or event's id is used twice.
    DUPLICATE_ID "duplicate-id" Error {
        zh: "编号“{id}”已被“{other}”使用", "换一个没有用过的编号";
        en: "the id \"{id}\" is already used by \"{other}\"", "choose another id";
    }
    /// A directive names something that does not exist.
    UNKNOWN_REFERENCE "unknown-reference" Warning {
        zh: "没有叫“{name}”的{what_zh}", "最接近的是“{nearest}”";
        en: "there is no {what_en} \"{name}\"", "the nearest is \"{nearest}\"";
    }
    /// A translated page without an original.
    ORPHAN_TRANSLATION "orphan-translation" Warning {
        zh: "文件名里的语言“{lang}”没有在 site.yaml 里声明，已当作普通文件名", "在 languages 里加上它，或改文件名";
        en: "the language \"{lang}\" in the file name is not declared in site.yaml; it was taken as part of the name", "add it to languages, or rename the file";
    }
}
