//! Diagnostics about front matter and typed data files.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// Invalid YAML, for a cause that no other code covers.
    YAML_INVALID "yaml-invalid" Error {
        zh: "第 {first} 行到第 {last} 行不是正确的 YAML", "每行写成“键: 值”，冒号用半角，后面空一格；下一层用两个空格缩进；值里有特殊符号就加引号";
        en: "lines {first} to {last} are not valid YAML", "write \"key: value\" on each line with a space after the colon, indent by two spaces, and quote values that hold special characters";
    }
    /// Indentation by a tab, a full-width space or a no-break space.
    YAML_INDENT_CHARACTER "yaml-indent-character" Error fixable {
        zh: "这一行用{what}缩进，YAML 只认半角空格", "删掉行首的{what}，{fix}";
        en: "this line is indented with a {what_en}; YAML takes spaces only", "{fix_en}";
    }
    /// A line whose indentation differs from that of its block.
    YAML_INDENT "yaml-indent" Error fixable {
        zh: "这一行的缩进和同一层的其他行不一样", "{fix}";
        en: "this line is indented unlike the others of its level", "{fix_en}";
    }
    /// A line of a mapping without a key.
    YAML_NO_KEY "yaml-no-key" Error {
        zh: "这一行不是“键: 值”", "要是接着上一行的内容，行首空两格；要是列表里的一条，前面加“- ”；要是新的一项，写成“键: 值”";
        en: "this line is no \"key: value\"", "if it continues the line above, indent it by two spaces; if it is an item of a list, put \"- \" before it; otherwise write it as \"key: value\"";
    }
    /// A line of a list that is not an item.
    YAML_NO_ITEM "yaml-no-item" Error {
        zh: "这一行不是列表的一项", "列表的每一项以“- ”开头；要是接着上一项的内容，多缩进两格";
        en: "this line is no item of the list", "start each item with \"- \", or indent the line to continue the item above";
    }
    /// A quotation mark that is not closed.
    YAML_UNCLOSED_QUOTE "yaml-unclosed-quote" Error fixable {
        zh: "引号 {mark} 没有配对的另一半", "在这段文字末尾补上 {mark}";
        en: "the quotation mark {mark} is never closed", "add {mark} at the end of the text";
    }
    /// A bracket that is not closed.
    YAML_UNCLOSED_BRACKET "yaml-unclosed-bracket" Error {
        zh: "括号“{mark}”没有配对的“{close}”", "在末尾补上“{close}”；要是文字本身以“{mark}”开头，整段加引号";
        en: "the bracket \"{mark}\" is never closed by \"{close}\"", "add \"{close}\" at the end; if the text itself starts with \"{mark}\", quote it all";
    }
    /// Quoted text over several lines, one of which looks like a key.
    YAML_QUOTED_KEY "yaml-quoted-key" Warning {
        zh: "引号里的文字有几行，其中第 {line} 行像是另一项，已当作文字读取", "要是文字，每行前面空两格；要是另一项，在第 {first} 行末尾补上 {mark}";
        en: "the quoted text has several lines; line {line} looks like another key and was read as text", "if it is text, indent each line by two spaces; if it is a key, add {mark} at the end of line {first}";
    }
    /// An escape sequence in double quotes that YAML does not define.
    YAML_BAD_ESCAPE "yaml-bad-escape" Error {
        zh: "双引号里的反斜杠“\\”写法 YAML 不认识", "改用单引号，或者把 \\ 写成 \\\\";
        en: "YAML does not know this backslash sequence inside double quotes", "use single quotes, or write \\\\ for \\";
    }
    /// An anchor or alias.
    YAML_ALIAS "yaml-alias" Error {
        zh: "不支持 YAML 的锚点和引用“{value}”", "直接写出内容；要是文字本身以 {mark} 开头，给它加引号";
        en: "YAML anchors and aliases are not supported: \"{value}\"", "write the value out; if the text itself starts with {mark}, quote it";
    }
    /// Lists and mappings nested too deeply.
    YAML_TOO_DEEP "yaml-too-deep" Error {
        zh: "这里的层数超过了 {limit} 层", "把内容写平一些；要是方括号本来是文字，给它加引号";
        en: "this is nested deeper than {limit} levels", "flatten it; if the brackets are text, quote them";
    }
    /// A control character, or an invisible character that breaks lines.
    YAML_CONTROL "yaml-control" Error {
        zh: "这里有一个看不见的字符（{name}），多半是从别处粘贴来的", "删掉它，把前后的文字重新打一遍";
        en: "there is an invisible character here ({name}), probably pasted from elsewhere", "delete it and type the text around it again";
    }
    /// A second YAML document in one file.
    YAML_DOCUMENTS "yaml-documents" Error {
        zh: "“{mark}”把这里分成了两份 YAML，只能有一份", "删掉这一行，或者把后面的内容放到另一个文件";
        en: "\"{mark}\" starts a second YAML document; only one is allowed", "delete this line, or move what follows to a file of its own";
    }
    /// A list that begins on the line of its key.
    YAML_LIST_ON_KEY_LINE "yaml-list-on-key-line" Error {
        zh: "用“- ”写的列表要从下一行开始", "换行再写“- {value}”，或者写成 [{value}]；要是文字本身以“- ”开头，加引号";
        en: "a list written with \"- \" starts on the next line", "put \"- {value}\" on a line of its own, or write [{value}]; quote it if it is text";
    }
    /// The same key twice in one mapping.
    DUPLICATE_KEY "duplicate-key" Error {
        zh: "“{key}”写了两次，第一次在第 {line} 行", "只留一个";
        en: "\"{key}\" is given twice, first on line {line}", "keep one of them";
    }
    /// A full-width colon after a key.
    FULL_WIDTH_COLON "full-width-colon" Warning fixable {
        zh: "“{key}”后面是全角冒号“：”，已按半角读取", "改成半角冒号加一个空格：{key}: …";
        en: "\"{key}\" is followed by a full-width colon, which was taken as \":\"", "write a plain colon and a space: {key}: …";
    }
    /// No space after a key's colon.
    NO_SPACE_AFTER_COLON "no-space-after-colon" Warning fixable {
        zh: "“{key}:”后面少一个空格，已当作有空格读取", "写成 {key}: 值";
        en: "a space is missing after \"{key}:\"; it was read as if it were there", "write {key}: value";
    }
    /// Unquoted text that YAML would read as something else.
    NEEDS_QUOTES "needs-quotes" Warning fixable {
        zh: "这段文字里的“{mark}”在 YAML 里有特殊含义，已整段当作文字读取", "加上引号，写成 {fix}";
        en: "\"{mark}\" means something else to YAML here; the whole was read as text", "quote it: {fix}";
    }
    /// A comma or a bracket too many behind a value in quotation marks or brackets.
    TRAILING_MARK "trailing-mark" Warning fixable {
        zh: "值的后面多了一个“{mark}”，已略去", "写成 {fix}";
        en: "\"{mark}\" behind the value is one too many and was left out", "write {fix}";
    }
    /// Text after a `#`, which YAML reads as a comment.
    LOST_TO_COMMENT "lost-to-comment" Warning {
        zh: "“{value}”被当作注释，没有读进来", "要是它是内容，给整个值加引号；要是注释，在 # 后面空一格";
        en: "\"{value}\" was taken as a comment and not read", "if it belongs to the value, quote the value; if it is a comment, put a space after #";
    }
    /// A value enclosed in Chinese quotation marks.
    FULL_WIDTH_QUOTES "full-width-quotes" Note {
        zh: "整个值包在中文引号“”里，引号会照样显示", "不想显示引号就删掉；给 YAML 用的引号要用半角 \"";
        en: "the value stands in Chinese quotation marks, which will show", "delete them if they should not; quotes for YAML are the ASCII \"";
    }
    /// A list item whose dash has no space after it or is not an ASCII hyphen.
    LIST_MARK "list-mark" Warning fixable {
        zh: "列表项开头的“{mark}”写法不对，已当作“- ”读取", "写成半角减号加一个空格：- {value}";
        en: "the list item starts with \"{mark}\", which was taken as \"- \"", "write a hyphen and a space: - {value}";
    }
    /// Lines below the key of a list that begin with no list mark.
    LIST_WITHOUT_MARKS "list-without-marks" Warning {
        zh: "“{key}”下面的几行前面没有“- ”，已各当作一项读取", "每行前面加“- ”，例如 - {value}；要是一行没写完，接在上一行后面";
        en: "the lines below \"{key}\" have no \"- \" before them; each was read as an item", "put \"- \" before each, as in - {value}; what belongs to the line above goes there";
    }
    /// A bracketed list with full-width brackets or commas.
    FULL_WIDTH_LIST "full-width-list" Warning fixable {
        zh: "列表里用了全角的“{mark}”，已按半角读取", "用半角的方括号和逗号：{fix}";
        en: "the list uses the full-width mark \"{mark}\", which was read as its plain form", "use plain brackets and commas: {fix}";
    }
    /// More diagnostics about the file were left out.
    TOO_MANY_FINDINGS "too-many-findings" Note {
        zh: "问题太多，还有 {count} 条没有列出", "先改好上面这些，再运行一次";
        en: "{count} more findings were left out", "mend those above and run again";
    }
    /// A key that is not in the field table.
    UNKNOWN_KEY "unknown-key" Warning fixable {
        zh: "不认识“{key}”", "最接近的是“{nearest}”";
        en: "unknown key \"{key}\"", "the nearest is \"{nearest}\"";
    }
    /// A key of another program that has no meaning here. Reported once a site for each key.
    FOREIGN_KEY "foreign-key" Note {
        zh: "“{key}”是 {program} 用的键，在这里没有作用（{count} 页写了它）", "{advice_zh}";
        en: "\"{key}\" is a key of {program} and means nothing here (pages that have it: {count})", "{advice_en}";
    }
    /// The day of publication under a name that is no key here.
    PUBLISH_DATE_KEY "publish-date-key" Warning {
        zh: "“{key}”不是这里的键；已当作发布日期，{day} 以前不发布", "{advice_zh}";
        en: "\"{key}\" is no key here; it was taken as the day of publication, and the page is not published before {day}", "{advice_en}";
    }
    /// A key that says when the page is to be published, with a value that is no date.
    PUBLISH_DATE_UNREAD "publish-date-unread" Error {
        zh: "“{key}: {value}”像是说哪天发布，但看不出是哪一天，所以没有发布", "哪天发布就写成 {name}: 2027-04-26；还没有定，写 {draft}；不限日子，删去这一行";
        en: "\"{key}: {value}\" seems to say when to publish the page, but names no day, so it is not published", "write the day as {name}: 2027-04-26; if it is not decided yet, write {draft}; if any day will do, remove this line";
    }
    /// A day of publication inside another value, where it has no effect.
    PUBLISH_DATE_LOST "publish-date-lost" Warning {
        zh: "“{key}: {day}”写在“{inside}”的值里，不是单独的一项；为稳妥起见，{day} 以前不发布这一页", "是发布日期，就在文件开头的两行 --- 之间顶格单独写一行 {name}: {day}，删去这里的；不是，{advice_zh}";
        en: "\"{key}: {day}\" stands inside the value of \"{inside}\"; to be safe, the page is not published before that day", "if it is the day of publication, put a line {name}: {day} between the two --- lines at the start of the file and remove it here; if not, {advice_en}";
    }
    /// The last day of publication under a name that is no key here.
    EXPIRY_DATE_KEY "expiry-date-key" Warning {
        zh: "“{key}”不是这里的键，没有起作用：过了 {day}，这一页照样公开、照样进列表", "{advice_zh}，过了那天它就加上提示、退出列表；不该再公开的页，写“草稿: 是”";
        en: "\"{key}\" is no key here and has no effect: after {day} the page is still public and in all lists", "{advice_en}; after that day it gets a notice and leaves the lists; for a page that must not be public any more write \"draft: true\"";
    }
    /// One field given under two of its names.
    KEY_GIVEN_TWICE "key-given-twice" Error {
        zh: "“{key}”和第 {line} 行的“{other}”是同一项", "只留一个";
        en: "\"{key}\" and \"{other}\" on line {line} are the same key", "keep one of them";
    }
    /// A value whose type the key does not accept.
    WRONG_TYPE "wrong-type" Error {
        zh: "“{key}”要写{wanted}，这里是{found}", "写成 {example}";
        en: "\"{key}\" takes {wanted_en}, but this is {found_en}", "write {example_en}";
    }
    /// A date in an unknown format, or a day that does not exist.
    BAD_DATE "bad-date" Error {
        zh: "“{value}”不是日期，或者没有这一天", "写成 {fix}";
        en: "\"{value}\" is no date, or there is no such day", "write {fix_en}";
    }
    /// Several times, or several ranges, in one value.
    SEVERAL_TIMES "several-times" Error {
        zh: "“{value}”里有 {count} 段时间，这里只能写一段", "写成 {fix}，每段的时间写在正文里；要是几场活动，每场写一个文件";
        en: "\"{value}\" holds several times ({count}), but one is wanted here", "write {fix_en} and each of them in the text; for several events write a file for each";
    }
    /// A weekday beside a date that is not the weekday of that date.
    WEEKDAY_DIFFERS "weekday-differs" Warning {
        zh: "{day} 是{actual}，这里写的是{written}；已按 {day} 读取", "查清是日子还是星期写错了；不写星期就够：{key}: {fix}";
        en: "{day} is a {actual_en}, but {written_en} is written beside it; the date was taken", "find out which of the two is wrong; the weekday can be left out: {key}: {fix}";
    }
    /// Two dates or times where one is wanted.
    DATE_RANGE "date-range" Error {
        zh: "“{value}”里有两个时间，这里只能写一个", "写成 {key}: {start}；{advice_zh}";
        en: "\"{value}\" holds two times, but one is wanted here", "write {key}: {start}; {advice_en}";
    }
    /// A value that is neither yes nor no.
    BAD_FLAG "bad-flag" Error {
        zh: "“{key}”要写“是”或“否”，这里是“{value}”", "写成 {key}: 是，或者 {key}: 否";
        en: "\"{key}\" takes true or false, but this is \"{value}\"", "write {key}: true or {key}: false";
    }
    /// A value that is not a number, or not a whole number.
    BAD_NUMBER "bad-number" Error {
        zh: "“{key}”要写{wanted}，这里是“{value}”", "只写数字，单位和说明另写，例如 {key}: 85";
        en: "\"{key}\" takes {wanted_en}, but this is \"{value}\"", "write digits alone, without unit or words, such as {key}: 85";
    }
    /// A number outside its bounds.
    NUMBER_OUT_OF_RANGE "number-out-of-range" Error {
        zh: "“{key}”的数 {value} 超出范围", "写 {min} 到 {max} 之间的数";
        en: "the number {value} of \"{key}\" is out of range", "write a number from {min} to {max}";
    }
    /// A word that is not one of the choices.
    BAD_CHOICE "bad-choice" Error fixable {
        zh: "“{key}”不能写“{value}”，可以写：{choices}", "最接近的是“{nearest}”，写成 {key}: {nearest}";
        en: "\"{key}\" cannot be \"{value}\"; it takes {choices_en}", "the nearest is \"{nearest}\"; write {key}: {nearest}";
    }
    /// Several names in one unquoted text.
    NAMES_IN_ONE_TEXT "names-in-one-text" Warning {
        zh: "“{value}”被当作一个名称", "要是几个名称，写成 {fix}；要是一个名称，加上引号";
        en: "\"{value}\" was taken as one name", "if it is several, write {fix}; if it is one, quote it";
    }
    /// A required key is missing.
    MISSING_KEY "missing-key" Error {
        zh: "少了{name}", "加一行 {example}";
        en: "\"{key}\" is missing", "add a line {example_en}";
    }
    /// Front matter without a closing `---`.
    FRONT_MATTER_UNCLOSED "front-matter-unclosed" Error {
        zh: "文件开头的信息没有用“---”结束", "在最后一个“键: 值”的下一行单独写 ---";
        en: "the front matter is not closed by \"---\"", "put --- on a line of its own below the last \"key: value\"";
    }
    /// A front matter delimiter with other dashes than ASCII hyphens.
    FRONT_MATTER_MARK "front-matter-mark" Warning fixable {
        zh: "“{mark}”看起来像分隔线“---”，已按它读取", "换成三个半角减号 ---";
        en: "\"{mark}\" looks like \"---\" and was taken as such", "type three plain hyphens: ---";
    }
    /// Front matter at the start of a file that is not written as front matter is here.
    FRONT_MATTER_UNREAD "front-matter-unread" Error {
        zh: "文件开头的信息没有读进来：{reason}", "照下面这样写在文件最前面：\n{yaml}";
        en: "the information at the start of this file was not read: {reason_en}", "write it like this at the very start of the file:\n{yaml}";
    }
    /// What looks like front matter, below text or in a code block. An error if it marks the page as a draft.
    FRONT_MATTER_IN_BODY "front-matter-in-body" Warning {
        zh: "这里像是页面信息，没有读进来：{reason}", "移到文件最前面，照下面这样写；要是举例，在前面先写一句话，放进代码块：\n{yaml}";
        en: "this looks like information about the page and was not read: {reason_en}", "move it to the very start of the file, written like this; for an example, write a sentence first and put it in a code block:\n{yaml}";
    }
    /// What says that the page is a draft, or not for the public, and has no effect, so that the page would be published.
    DRAFT_MARK_UNREAD "draft-mark-unread" Error {
        zh: "“{mark}”像是说这一页不发布，但这样写不起作用", "不发布，在文件开头的两行 --- 之间顶格单独写一行“{yes}”；可以发布，写“{no}”{zh}";
        en: "\"{mark}\" seems to say that this page is not to be published, but has no effect as written", "if it is not to be published, put a line \"{yes}\" between the two --- lines at the start of the file; if it is, write \"{no}\" there{en}";
    }
    /// A key that belongs to another kind of page.
    KEY_OF_OTHER_KIND "key-of-other-kind" Warning {
        zh: "“{key}”只用于“{kind_zh}”，这一页是“{this_zh}”", "要是这一页是“{kind_zh}”，加一行 {fix}；否则删掉它";
        en: "\"{key}\" belongs to the kind {kind}, but this page is a {this}", "add {fix} if that is what the page is, or remove the key";
    }
    /// An end before the start.
    END_BEFORE_START "end-before-start" Error {
        zh: "“{end}”（{end_date}）早于“{start}”（{start_date}）", "检查这两个日期，把写错的改过来";
        en: "\"{end}\" ({end_date}) is before \"{start}\" ({start_date})", "check both dates and mend the wrong one";
    }
    /// An image without alternative text.
    IMAGE_WITHOUT_ALT "image-without-alt" Warning {
        zh: "配图没有说明文字，看不见图的人不知道它是什么", "写成 {fix}";
        en: "the image has no alternative text", "write {fix_en}";
    }
    /// Attendance of an event that is not marked as held.
    ATTENDANCE_NOT_HELD "attendance-not-held" Warning {
        zh: "写了人次，但活动状态不是“已举办”，不会计入", "活动已经办了就写 {fix}；没有办就删掉人次";
        en: "attendance is given, but the event is not marked as held and does not count", "write {fix} once it was, or remove the attendance";
    }
    /// A channel that is not one of the seven.
    UNKNOWN_CHANNEL "unknown-channel" Warning {
        zh: "“{value}”不是七进之一", "最接近的是“{nearest}”";
        en: "\"{value}\" is none of the seven channels", "the nearest is \"{nearest}\"";
    }
    /// An id used twice within one file.
    ID_USED_TWICE "id-used-twice" Error {
        zh: "编号“{id}”在第 {line} 行已经用过", "换一个没有用过的编号";
        en: "the id \"{id}\" is already used on line {line}", "choose another id";
    }
    /// An id with characters that addresses and data files do not allow.
    BAD_ID "bad-id" Error {
        zh: "编号“{value}”不能用", "只用字母、汉字、数字、- 和 _，不超过 64 个字";
        en: "the id \"{value}\" cannot be used", "use letters, digits, - and _ only, at most 64 characters";
    }
    /// A question without options.
    NO_OPTIONS "no-options" Error {
        zh: "这道题没有可选的答案", "加上 options（选项），每项写 id 和 text";
        en: "this question offers nothing to choose", "add options, each with id and text";
    }
    /// A target without a value.
    EMPTY_TARGET "empty-target" Error {
        zh: "目标没有写数值", "至少写 min 或 max，例如 value: {min: 85}";
        en: "the target has no figure", "give min or max, such as value: {min: 85}";
    }
    /// A range whose lower bound is above its upper bound.
    RANGE_REVERSED "range-reversed" Error {
        zh: "最小值 {min} 大于最大值 {max}", "把两个数对调，或者改正写错的一个";
        en: "the minimum {min} is above the maximum {max}", "swap them, or mend the wrong one";
    }
}
