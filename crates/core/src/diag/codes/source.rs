//! Diagnostics about reading the site's files.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// A file could not be opened or read.
    UNREADABLE "unreadable" Error {
        zh: "读不了这个文件：{cause_zh}", "检查文件是否被占用、是否有读取权限";
        en: "cannot read this file: {cause_en}", "check that the file is not locked and may be read";
    }
    /// A Markdown file was saved as GBK or GB18030.
    NOT_UTF8 "not-utf8" Warning {
        zh: "文件是用 {encoding} 保存的，已按它读取", "用编辑器“另存为”，编码选 UTF-8";
        en: "the file was saved as {encoding} and was read as such", "save it again as UTF-8";
    }
    /// A file that is neither UTF-8 nor GB18030.
    BAD_ENCODING "bad-encoding" Error {
        zh: "认不出文件的编码（第 {byte} 个字节起）", "用编辑器“另存为”，编码选 UTF-8；如果这不是文本文件，请换一个扩展名";
        en: "unknown text encoding (from byte {byte})", "save the file as UTF-8, or give it another extension if it is no text";
    }
    /// A NUL byte in a text file.
    NUL_BYTE "nul-byte" Error {
        zh: "文件里有空字节，不是文本文件", "从原稿重新复制文字，另存为 UTF-8";
        en: "the file holds a NUL byte and is no text file", "copy the text again from its source and save it as UTF-8";
    }
    /// Conflict markers of version control.
    CONFLICT_MARKERS "conflict-markers" Error {
        zh: "这里到第 {last} 行是合并时没有解决的冲突，两种写法都在", "留下要的一种，删掉 <<<<<<<、=======、>>>>>>> 三行";
        en: "from here to line {last} is an unresolved conflict with both versions", "keep the version you want and delete the lines <<<<<<<, ======= and >>>>>>>";
    }
    /// A placeholder of a new page or a new site.
    PLACEHOLDER_LEFT "placeholder-left" Warning {
        zh: "提示文字还没有换掉：{text}", "换成自己的内容，或者删掉；页面还没写完，{draft_zh}";
        en: "this placeholder is still there: {text}", "write your own text or delete it; if the page is not finished, {draft_en}";
    }
    /// A page that is called a draft and has no mark, so it is published.
    NAMED_DRAFT "named-draft" Warning {
        zh: "{where}里写着“{word}”，可是这一页会发布：这样写不算草稿的标记", "还不能公开，就在文件开头的两行 --- 之间加一行 草稿: 是；可以公开，就去掉“{word}”，或者写 草稿: 否";
        en: "its {where_en} says \"{word}\", but the page is published: that marks no draft", "if it must not be public yet, add draft: true between the two lines --- at the start of the file; else remove \"{word}\", or write draft: false";
    }
    /// A line of the text seems to say when the page is to be published, and names no day.
    PUBLISH_DAY_IN_TEXT "publish-day-in-text" Warning {
        zh: "“{words}”像是说哪天发布，可是看不出是哪一天，这一页现在就会发布", "到了某一天才发布，就在文件开头的两行 --- 之间加一行 日期: 2027-04-26（改成那一天）；还没有定，加一行 草稿: 是；现在就可以发布，去掉“{words}”，或者加一行 草稿: 否";
        en: "\"{words}\" seems to say when to publish the page, but names no day, so it is published now", "to publish it on a certain day, add a line such as date: 2027-04-26 with that day between the two lines --- at the start of the file; if it is not decided yet, add draft: true; if it may be published now, remove \"{words}\" or add draft: false";
    }
    /// A section or term whose page gives it no name.
    NAMED_BY_PATH "named-by-path" Note {
        zh: "没有写标题，{what}就叫“{name}”，这是{from}的名字", "在文件开头的两行 --- 之间写一行“标题: …”";
        en: "no title is given, so the {what_en} is called \"{name}\", which is the name of the {from_en}", "put a line \"title: …\" between two --- lines at the start of the file";
    }
    /// A folder of pages that no page describes.
    FOLDER_WITHOUT_TITLE "folder-without-title" Note {
        zh: "这个文件夹里没有 _index.md，网站上的栏目就叫“{name}”", "新建 content/{folder}/_index.md，里面写三行：---、标题: 栏目的中文名、---";
        en: "no _index.md describes this folder, so the section is called \"{name}\"", "add content/{folder}/_index.md with three lines: ---, title: the section's name, ---";
    }
    /// A copy of a page beside the page.
    COPY_OF_PAGE "copy-of-page" Warning {
        zh: "从名字看，这是 {original} 的副本，两份都会发布", "只留一份；两份都要，就给这一份起别的文件名";
        en: "by its name this is a copy of {original}; both are published", "keep one of them, or give this file another name";
    }
    /// A file that is larger than the limit.
    TOO_LARGE "too-large" Error {
        zh: "文件有 {size}，超过上限 {limit}", "把内容拆成几个文件，或在 site.yaml 的 limits.{key} 里调高上限";
        en: "the file is {size}, more than the limit of {limit}", "split it, or raise limits.{key} in site.yaml";
    }
    /// A symbolic link that points outside the site.
    LINK_ESCAPES "symlink-escapes" Error {
        zh: "这个链接（快捷方式）指向站点文件夹之外，没有读取", "把文件本身复制进来";
        en: "this symbolic link leads out of the site's folder and was not followed", "copy the file itself into the site";
    }
    /// A symbolic link that leads to nothing.
    LINK_BROKEN "symlink-broken" Error {
        zh: "这个链接（快捷方式）指向的文件或文件夹不存在", "删掉这个链接，或者把文件本身复制进来";
        en: "this symbolic link leads to nothing", "delete the link, or copy the file itself into the site";
    }
    /// A symbolic link to a folder that contains it.
    LINK_LOOP "symlink-loop" Error {
        zh: "这个链接（快捷方式）指向它自己所在的文件夹，没有尽头，没有读取", "删掉这个链接；要用那里的文件，链接到其中一个文件夹";
        en: "this symbolic link leads to a folder that contains it, without end, and was not followed", "delete the link; to use files from there, link to one of its folders";
    }
    /// A symbolic link to what is no part of a site.
    LINK_REFUSED "symlink-refused" Error {
        zh: "这个链接（快捷方式）{reason}，没有读取", "把文件本身复制进来";
        en: "this symbolic link {reason_en} and was not followed", "copy the files themselves into the site";
    }
    /// A file name that is not valid on all systems.
    BAD_NAME "bad-file-name" Error {
        zh: "文件名“{name}”不能用：有的系统不允许这样的名字", "去掉 \\ : * ? \" < > | 等符号和结尾的点、空格，避开 con、nul 等保留名";
        en: "the file name \"{name}\" cannot be used: some systems do not allow it", "avoid \\ : * ? \" < > |, trailing dots and spaces, and reserved names such as con or nul";
    }
    /// Two names that are equal after normalisation and case folding.
    NAME_CLASH "name-clash" Error {
        zh: "文件名与“{other}”只差大小写或字符写法，有的系统分不清", "改掉其中一个的名字";
        en: "the name differs from \"{other}\" only in case or normalisation, which some systems cannot tell apart", "rename one of the two";
    }
    /// A JSON or CSV file that cannot be parsed.
    BAD_DATA "bad-data" Error {
        zh: "数据文件写法有误：{cause_zh}", "{advice_zh}";
        en: "the data file cannot be read: {cause_en}", "{advice_en}";
    }
    /// A quoted cell of a CSV file that holds whole rows.
    CSV_QUOTE_OVER_ROWS "csv-quote-over-rows" Error {
        zh: "第 {first} 行的引号到第 {last} 行才有另一半，这几行会并成一行", "在第 {first} 行补上引号的另一半，或者删去多出来的引号；一格里本来就有几行字，就把字里的半角逗号换成全角“，”";
        en: "the quotation mark on line {first} is closed on line {last} only, which would make one row of these lines", "close it on line {first}, or remove the mark; if the cell does hold several lines, write wide commas in them";
    }
    /// A value in `data/search.yaml` that is neither a word nor a list of words.
    BAD_SYNONYMS "bad-synonyms" Error {
        zh: "搜索近义词写法有误：冒号后面要写一个词，或者用方括号写几个词", "写成 {word}: [商标异议, 无效宣告]";
        en: "synonyms must be a word, or several words in brackets", "write {word}: [trademark opposition, invalidation]";
    }
    /// A word or synonym in `data/search.yaml` that is too long to be one.
    SYNONYM_TOO_LONG "synonym-too-long" Error {
        zh: "“{word}”太长：近义词最多 {most} 个字", "写词，不写句子，例如 抢注: [商标异议, 无效宣告]";
        en: "“{word}” is too long: a synonym has at most {most} characters", "write words, not sentences, as in pledge: [pledge financing]";
    }
    /// More synonyms in `data/search.yaml` than are used.
    TOO_MANY_SYNONYMS "too-many-synonyms" Warning {
        zh: "“{word}”这里写了 {count} 个，最多 {most} 个，后面的没有用上", "留下最常用的 {most} 个";
        en: "{count} are given at “{word}”, at most {most} are used", "keep the {most} that matter most";
    }
    /// A data file that cannot be shown as a table.
    NOT_A_TABLE "not-a-table" Error {
        zh: "这个文件不能显示成表格", "{advice_zh}";
        en: "this file cannot be shown as a table", "{advice_en}";
    }
    /// A file that is no page but begins like a draft, such as a backup.
    DRAFT_COPY "draft-copy" Warning {
        zh: "这个文件的开头写着草稿，没有公布", "不要了就删掉；是网页就把文件名改成以 .md 结尾；要公布这个文件，就去掉草稿标记";
        en: "this file is marked as a draft and is not published", "delete it if it is not needed; if it is a page, let its name end in .md; to publish it, remove the mark";
    }
    /// A Markdown file with a second extension such as `.md.txt`, which Windows can add.
    MARKDOWN_AS_TEXT "markdown-as-text" Warning {
        zh: "“{name}”不会成为网页：文件名以 .md.txt 结尾", "把文件名末尾的 .txt 去掉（先在文件夹的“查看”里勾选“文件扩展名”）";
        en: "\"{name}\" will not become a page: its name ends in .md.txt", "remove the final .txt from the file name";
    }
}
