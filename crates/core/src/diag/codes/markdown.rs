//! Diagnostics about Markdown and directives.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// An image without alternative text.
    MISSING_ALT "missing-alt" Warning {
        zh: "图片“{target}”没有说明文字", "在方括号里写一句话说明图上是什么：![说明文字]({address})";
        en: "the image \"{target}\" has no alternative text", "say in the brackets what it shows: ![text]({address})";
    }
    /// A link without an address.
    EMPTY_LINK "empty-link" Warning {
        zh: "这个链接没有写地址", "在圆括号里写上文件的相对路径或网址";
        en: "this link has no address", "write a relative path or an address in the parentheses";
    }
    /// A link without text.
    LINK_WITHOUT_TEXT "link-without-text" Warning {
        zh: "这个链接没有文字，读者看不到它，也点不到", "在方括号里写上文字，例如 [办事指南]({address})";
        en: "this link has no text, so nobody sees it", "write the text in the brackets, as in [guide]({address})";
    }
    /// A web address with Chinese punctuation where none can be.
    ADDRESS_PUNCTUATION "address-punctuation" Warning {
        zh: "网址里有中文标点“{mark}”，这个链接多半打不开", "改成 {fix}；标点不属于网址，写到链接外面";
        en: "there is Chinese punctuation ({mark}) in this address, so the link probably leads nowhere", "type {fix}; punctuation of the sentence stands behind the link";
    }
    /// A web address in the text that ends before the Chinese part of its path.
    ADDRESS_CUT "address-cut" Note {
        zh: "网址后面紧跟着汉字，链接只到“{address}”为止", "汉字是网址的一部分，就给整个网址加上尖括号：<{whole}>；不是，就在网址后面空一格";
        en: "Chinese text follows this address at once, so the link ends at {address}", "if the text belongs to the address put it in angle brackets: <{whole}>; if not, type a space behind the address";
    }
    /// A web address whose colon or slashes are wrong.
    WIDE_ADDRESS "wide-address" Warning fixable {
        zh: "网址开头的冒号或斜杠写法不对，已按“{fixed}”读取", "改成半角的冒号和两个斜杠：{fixed}";
        en: "the colon or slashes of this address are not as they must be; it was read as \"{fixed}\"", "type {fixed}";
    }
    /// A web address without a host.
    INCOMPLETE_ADDRESS "incomplete-address" Warning {
        zh: "网址“{address}”没有写完，没有成为链接", "写上网站的完整地址，例如 https://www.example.cn/";
        en: "the address \"{address}\" is not complete, so this is no link", "write the whole address, such as https://www.example.com/";
    }
    /// An anchor written twice.
    DUPLICATE_ANCHOR "duplicate-anchor" Warning {
        zh: "锚点“#{id}”在这一页用了两次，后一个已改名", "给其中一个换个名字";
        en: "the anchor \"#{id}\" is used twice on this page; the second was renamed", "give one of them another name";
    }
    /// An anchor that the page's template uses.
    RESERVED_ANCHOR "reserved-anchor" Warning {
        zh: "锚点“#{id}”是页面模板自己用的，这里的已改名为“#{renamed}”", "换个名字，例如 {#{renamed}}；链接也要跟着改";
        en: "the page's template uses the anchor \"#{id}\" itself; this one was renamed \"#{renamed}\"", "give it another name, such as {#{renamed}}, in links too";
    }
    /// A heading without text.
    EMPTY_HEADING "empty-heading" Warning {
        zh: "这个标题没有文字", "在 # 后面写上标题；不需要就去掉这一行";
        en: "this heading has no text", "write its text after the #, or remove the line";
    }
    /// More than one level-1 heading.
    SEVERAL_TITLES "several-titles" Note {
        zh: "这一页不止一个“#”标题；页面只有一个大标题，这里按“##”显示", "把它改成 ##，它下面的标题也各加一个 #";
        en: "this page has more than one # heading; a page has one title, so this one is shown as ##", "make it ##, and add a # to the headings below it";
    }
    /// A formula that cannot be rendered.
    BAD_TEX "bad-tex" Warning {
        zh: "这个公式写法有误，已原样显示：{tex}", "检查花括号是否成对、命令是否拼对；如果不是公式，写成 \\$";
        en: "this formula cannot be set and is shown as written: {tex}", "check braces and command names; if it is no formula write \\$";
    }
    /// Text between two dollar signs that is perhaps a formula.
    DOLLAR_TEXT "dollar-text" Note {
        zh: "“{words}”没有当作公式，已照原样显示", "要公式，两个 $ 外面各空一格；不是公式，把 $ 写成 \\$";
        en: "\"{words}\" was not taken for a formula and is shown as written", "for a formula put a space on the outer side of both $; else write \\$";
    }
    /// A formula in the brackets of LaTeX.
    TEX_BRACKETS "tex-brackets" Warning fixable {
        zh: "“{mark}”在这里不是公式的括号，公式没有读出来", "写成 {fix}";
        en: "\"{mark}\" begins no formula here, so the formula was not read", "type {fix}";
    }
    /// A formula that has no end, or that an empty line cuts.
    OPEN_FORMULA "open-formula" Warning {
        zh: "“{mark}”开始的公式没有读出来：后面没有收尾的“{mark}”，或者中间有空行", "在公式前后各写 {mark}，中间不要空行；如果不是公式，写成 \\$";
        en: "the formula that begins with {mark} was not read: it has no end, or an empty line inside", "write {mark} before and after it, without empty lines between; if it is no formula write \\$";
    }
    /// Elements nested deeper than the limit.
    TOO_DEEP "too-deep" Warning {
        zh: "嵌套超过 {limit} 层，更深的部分已按普通内容显示", "减少引用、列表或指令的层数";
        en: "nested more than {limit} levels deep; what is deeper is shown as plain content", "use fewer levels of quotes, lists or directives";
    }
    /// Raw HTML that is not allowed and was removed.
    HTML_REMOVED "html-removed" Warning {
        zh: "正文里的 HTML 有不允许的内容，已去掉：{what}", "改用 Markdown 或指令；正文里的尖括号写成 \\<；确实需要 HTML 时由管理员在 site.yaml 里设置 trust_html: true";
        en: "HTML that is not allowed was taken out: {what}", "use Markdown or a directive instead; write \\< for a sign in the text; if HTML is really needed, site.yaml can set trust_html: true";
    }
    /// Text that its author hid with HTML, and that is shown.
    HIDDEN_TEXT "hidden-text" Warning {
        zh: "“{what}”在这里不起作用，里面的文字会显示在页面上", "不想让人看到的文字，从文件里删掉；给同事看的备注写成 <!-- 备注 -->";
        en: "{what} has no effect here, so the text inside is shown on the page", "delete text that nobody is to see; write a remark as <!-- remark -->";
    }
    /// An HTML start tag without its end tag.
    HTML_OPEN_TAG "html-open-tag" Warning {
        zh: "“{tag}”没有对应的结束标签，{zh}", "在该结束的地方写上 {end}";
        en: "{tag} has no end tag, so {en}", "write {end} where the element ends";
    }
    /// An HTML end tag that ends nothing.
    HTML_END_TAG "html-end-tag" Note {
        zh: "结束标签“{tag}”没有起作用：{zh}", "删掉它，或者把开始标签和结束标签成对写在同一段里，先开始的后结束";
        en: "the end tag {tag} ends nothing: {en}", "remove it, or write both tags of a pair in one paragraph, the inner pair inside the outer";
    }
    /// Markdown right behind raw HTML.
    MARKDOWN_IN_HTML "markdown-in-html" Warning fixable {
        zh: "这一行紧跟在 HTML 标签后面，没有按 Markdown 读取，记号和分行都不起作用", "在标签和这一行之间空一行";
        en: "this line follows an HTML tag at once, so it is not read as Markdown", "put an empty line between the tag and it";
    }
    /// A comment that is not closed.
    OPEN_COMMENT "open-comment" Warning {
        zh: "“<!--”开始的注释没有收尾，或者收尾写得不对，{zh}", "在注释的末尾写两个半角减号和大于号：-->";
        en: "the comment that begins with <!-- has no end, or one that is none, so {en}", "end it with two hyphens and a half-width greater-than sign: -->";
    }
    /// A comment within a comment, whose end ends both.
    NESTED_COMMENT "nested-comment" Warning {
        zh: "这个注释里又有一个“<!--”，到第一个“-->”注释就结束了，后面的文字会显示在页面上", "删掉里面的“<!--”和它的“-->”，只留最外面的一对";
        en: "another <!-- stands inside this comment; the first --> ends both, so the text behind it is shown", "delete the inner <!-- and its -->, keep the outer pair";
    }
    /// The mark of a comment that is none, so that the comment is published.
    WIDE_COMMENT "wide-comment" Warning {
        zh: "“{mark}”不是注释的记号，这段备注会显示在页面上", "注释写成 <!-- 备注 -->，尖括号、叹号和减号都是半角的";
        en: "\"{mark}\" is no mark of a comment, so this remark is shown on the page", "write a comment as <!-- remark -->, in half-width signs";
    }
    /// A comment, a shortcode or a tag of another site generator.
    GENERATOR_SYNTAX "generator-syntax" Warning {
        zh: "“{mark}”是别的网站程序的写法，在这里没有作用，会照样显示在页面上", "{zh}";
        en: "\"{mark}\" is a command of another site generator; it has no effect here and is shown on the page", "{en}";
    }
    /// An empty line inside an HTML table.
    HTML_TABLE_CUT "html-table-cut" Warning {
        zh: "HTML 表格里有空行，表格到这里就断开了，后面的行不在表格里", "删掉 <table> 和 </table> 之间的空行；单元格里要分行，写 <br>";
        en: "the empty line ends this HTML table; the rows after it are outside", "remove the empty lines between <table> and </table>; write <br> to break a line in a cell";
    }
    /// A picture whose data stands in the address.
    DATA_IMAGE "data-image" Warning {
        zh: "图片的数据直接写在了地址里（data:），图片不会显示", "把图片存成文件放在页面旁边，写 ![说明文字](图片.png)";
        en: "the data of this picture stands in its address (data:); it is not shown", "save the picture as a file beside the page and write ![text](picture.png)";
    }
    /// A fenced block that is not closed.
    UNCLOSED_FENCE "unclosed-fence" Warning {
        zh: "这个代码块或指令没有结束行，一直延伸到了末尾", "在它的最后加一行：{fence}";
        en: "this code block or directive is not closed and reaches to the end", "close it with a line {fence}";
    }
    /// Words behind the language of a code block.
    FENCE_WORDS "fence-words" Warning {
        zh: "代码块第一行的“{words}”不会显示", "写在代码块上面，单独一段；``` 后面只写语言的名字，例如 ```sql";
        en: "\"{words}\" in the first line of this code block is not shown", "write it above the block; only the name of the language stands after the ```";
    }
    /// Text that the line below makes a heading.
    UNDERLINED_TEXT "underlined-text" Warning {
        zh: "下面这一行“{mark}”让上面的文字成了标题", "要分隔线，在它前面空一行；要标题，用 ## 和空格开头";
        en: "this line of \"{mark}\" makes a heading of the text above", "for a rule put an empty line before it; for a heading begin it with ## and a space";
    }
    /// Paragraphs that their indentation makes code.
    INDENTED_TEXT "indented-text" Warning {
        zh: "这一段开头空了四格以上，成了代码", "去掉行首的空格；要缩进两个字，用全角空格";
        en: "four spaces or more at the start make this text code", "remove them";
    }
    /// The number of a page, pasted with the text.
    PAGE_NUMBER "page-number" Warning {
        zh: "“{mark}”像是从 Word 或 PDF 带来的页码", "删掉这一行；前后本来是一段的，接成一段";
        en: "\"{mark}\" looks like a page number pasted with the text", "delete the line and join what it parts";
    }
    /// List items whose numbers are not shown as written.
    LIST_NUMBERS "list-numbers" Warning {
        zh: "列表会自动连续编号，这一条写的是 {number}，显示出来是 {shown}", "改成连续的号；号要照写的，写成“{number}、”，每条之间空一行";
        en: "a list is numbered by itself: this item is written as {number} and shown as {shown}", "number the items one by one; to keep the number write it as {number}\\.";
    }
    /// A list that is to be part of a numbered item, but is not indented as far as its text.
    LIST_INDENT "list-indent" Warning {
        zh: "这里缩进不够，没有成为上面那一条的下一级，编号也断开了", "这个小列表的每一行前面再加 {missing} 个空格，和上面那一条的文字对齐";
        en: "this is not indented enough to be part of the numbered item above, so it ends that list or counts on in it", "put {missing} more spaces before each line of this list, so that it stands below the text of the item";
    }
    /// The box of a task that is none.
    TASK_BOX "task-box" Warning fixable {
        zh: "方框的写法不对，没有成为可以勾选的一条", "没做的写 - [ ] 和空格，做完的写 - [x] 和空格，例如 - [ ] 带身份证";
        en: "this box is not written as one, so the item is no task", "write - [ ] or - [x] and a space, as in - [ ] bring a passport";
    }
    /// A mark at the start of a line that the text behind it explains, as in `* 号为必填`.
    MARK_NOT_SHOWN "mark-not-shown" Note {
        zh: "行首的“{mark}”成了列表、标题或引用的记号，不会显示", "要显示它，在前面加反斜杠：\\{mark}";
        en: "the \"{mark}\" at the start of this line is read as a mark and not shown", "to show it type \\{mark}";
    }
    /// A line that continues a quotation or list without its mark.
    LAZY_LINE "lazy-line" Note {
        zh: "这一行接在了上面的{zh}里", "不属于它的，在这一行前面空一行";
        en: "this line is part of the {en} above", "put an empty line before it if it is not";
    }
    /// Cells of a table row that the head has no column for.
    SURPLUS_CELLS "surplus-cells" Warning {
        zh: "这一行的格子比表头多，多出的内容不会显示", "删掉多打的竖线，或者给表头和分隔行加一栏；格子里的竖线写成 \\|，代码里也一样";
        en: "this row has more cells than the head; these are not shown", "remove the surplus bar, or add a column to the head and the line below; a bar inside a cell is \\|, in code too";
    }
    /// A table whose second line has another number of columns than its head.
    TABLE_COLUMNS "table-columns" Warning {
        zh: "这一行分隔线的栏数和表头不一样，没有成为表格", "让分隔线和表头的竖线一样多，例如两栏写 |---|---|";
        en: "this line has another number of columns than the head, so there is no table", "give both as many bars, as in |---|---| for two columns";
    }
    /// Rows of a table without a head.
    TABLE_HEAD "table-head" Warning {
        zh: "这几行有竖线，但没有表头和分隔行，没有成为表格", "第一行写表头，第二行写分隔行，例如两栏写 |---|---|；表格中间不要空行";
        en: "these lines have bars but no head, so they are no table", "write the head in the first line and |---|---| in the second, without empty lines in the table";
    }
    /// Rows of a table right below other text.
    TABLE_GLUED "table-glued" Warning {
        zh: "表格紧接在列表或引用的文字下面，没有成为表格", "在表格前面空一行；表格属于列表里的这一条，每行前面再空几格，和这一条的文字对齐";
        en: "this table stands right below the text of a list or quotation, so it is none", "put an empty line before it; if it belongs to the item, indent it as the text of the item";
    }
    /// A line break inside a table cell.
    TABLE_BREAK "table-cell-break" Warning {
        zh: "这一行没有用竖线开头，成了表格新的一行；它像是上一行最后一格里的换行", "接回上一行，格子里要换行的地方写 <br>";
        en: "this line does not begin with a bar and became a row of its own; it looks like a line break in a cell", "join it to the line above and type <br> where the cell is to break";
    }
    /// A line of text that became a row of the table above.
    TABLE_LINE "table-line" Warning fixable {
        zh: "这一行没有竖线，成了上面表格的一行", "在表格和这一行之间空一行";
        en: "this line has no bar and became a row of the table above", "put an empty line between the table and it";
    }
    /// Lines with tabs, pasted from a table of a word processor.
    TAB_TABLE "tab-table" Warning {
        zh: "这几行用制表符（Tab）分栏，没有成为表格", "改成表格：| 甲 | 乙 |，第二行写 |---|---|";
        en: "these lines are set in columns with tabs and are no table", "make them a table: | a | b | with |---|---| below the first line";
    }
    /// Lines whose columns are aligned with spaces, pasted from a PDF file.
    SPACED_TABLE "spaced-table" Warning {
        zh: "这几行用空格对齐成几栏，没有成为表格", "改成表格：| 甲 | 乙 |，第二行写 |---|---|";
        en: "these lines are set in columns with spaces and are no table", "make them a table: | a | b | with |---|---| below the first line";
    }
    /// A container of other generators.
    COLON_CONTAINER "colon-container" Warning {
        zh: "“:::”不能做块的开头，已按文字显示：{name}", "改成 {fix} 开头、``` 结尾的块";
        en: "::: starts no block and is shown as text: {name}", "write a block that begins with {fix} and ends with ```";
    }
    /// A reference to a footnote that is not defined.
    FOOTNOTE_UNDEFINED "footnote-undefined" Warning {
        zh: "没有找到脚注“[^{label}]”的内容，已按文字显示", "另起一行写 [^{label}]: 脚注内容；如果就是要显示它，写成 \\[^{label}]";
        en: "the footnote \"[^{label}]\" is not defined; it is shown as text", "write [^{label}]: its text on a line of its own; to show the sign itself write \\[^{label}]";
    }
    /// A footnote that nothing refers to.
    FOOTNOTE_UNUSED "footnote-unused" Warning {
        zh: "正文里没有用到脚注“[^{label}]”，它不会显示", "在正文需要的地方写 [^{label}]，或删掉这个脚注";
        en: "no text refers to the footnote \"[^{label}]\", so it is not shown", "write [^{label}] where it belongs, or remove it";
    }
    /// A footnote label that is defined twice.
    FOOTNOTE_REPEATED "footnote-repeated" Warning {
        zh: "脚注“[^{label}]”写了两次，只显示第一个", "给其中一个换个名字";
        en: "the footnote \"[^{label}]\" is defined twice; only the first is shown", "give one of them another label";
    }
    /// A footnote typed with full-width brackets or colon.
    WIDE_FOOTNOTE "wide-footnote" Warning fixable {
        zh: "脚注的括号或冒号是全角的，没有成为脚注", "改成半角的 {fix}";
        en: "the brackets or the colon of this footnote are full-width, so it is none", "type {fix}";
    }
    /// A link definition that no link uses.
    DEFINITION_UNUSED "definition-unused" Warning {
        zh: "这一行是链接定义，没有链接用到“{label}”，它不会显示", "删掉它；如果是正文，把方括号写成 \\[{label}\\]";
        en: "this line defines the link \"{label}\", which no link uses, so it is not shown", "remove it; if it is text write \\[{label}\\]";
    }
    /// A link definition right below text, which is part of the text.
    DEFINITION_IN_TEXT "definition-in-text" Warning fixable {
        zh: "链接定义“[{label}]”紧接在上一行文字下面，没有起作用，会照样显示在页面上", "在这一行前面空一行";
        en: "the link definition \"[{label}]\" stands right below text, so it defines nothing and is shown on the page", "put an empty line before it";
    }
    /// A link label that is defined twice.
    DEFINITION_REPEATED "definition-repeated" Warning {
        zh: "链接定义“{label}”写了两次，只用第一个", "给其中一个换个名字";
        en: "the link \"{label}\" is defined twice; the first counts", "give one of them another label";
    }
    /// A control character.
    CONTROL_CHARACTER "control-character" Warning fixable {
        zh: "这里有一个看不见的控制字符（{code}），网页和订阅文件都不能显示", "删掉它；它多半是从别处粘贴来的";
        en: "here is an invisible control character ({code}), which neither pages nor feeds can show", "delete it; it was probably pasted from elsewhere";
    }
    /// A character of another program that readers do not see as it was meant.
    FOREIGN_CHARACTER "foreign-character" Warning fixable {
        zh: "这里有一个别处粘贴来的字符（{code}）：{zh}", "删掉它；要换行就另起一行并空一行，图片另存成文件，符号换成通用的";
        en: "here is a character pasted from elsewhere ({code}): {en}", "delete it; start a new line, save the picture as a file, or type a sign that all fonts have";
    }
    /// An image typed with a full-width exclamation mark.
    WIDE_IMAGE "wide-image" Warning fixable {
        zh: "全角叹号“！”后面的图片只会显示成链接", "改成半角的 !，即 ![说明文字](图片)";
        en: "after a full-width ！ this image is only a link", "type a half-width !, as in ![text](image)";
    }
    /// A heading typed with full-width number signs.
    WIDE_HEADING "wide-heading" Warning fixable {
        zh: "标题前的“＃”是全角的，这一行没有成为标题", "改成半角的 # 加一个空格，例如 ## 标题";
        en: "the ＃ before this heading is full-width, so the line is no heading", "type a half-width # and a space, as in ## Title";
    }
    /// Attributes of a heading other than its id and classes.
    HEADING_ATTRIBUTE "heading-attribute" Warning {
        zh: "标题后面的花括号里只能写编号和类名，其余的已去掉", "写成 {#编号}；如果是标题的文字，在花括号前加反斜杠：\\{";
        en: "braces after a heading hold its id and classes only; the rest was left out", "write {#id}; if the braces are part of the title write \\{";
    }
    /// No space between the number signs and a heading.
    HEADING_SPACE "heading-space" Warning fixable {
        zh: "“#”和标题之间没有空格，这一行没有成为标题", "写成 {fix}；如果就是要显示 #，写成 \\#";
        en: "there is no space between # and the heading, so the line is no heading", "type {fix}; to show the sign itself write \\#";
    }
    /// No space between a heading and the number signs behind it.
    HEADING_END "heading-end" Warning fixable {
        zh: "标题末尾的“{mark}”前面没有空格，会照样显示", "去掉末尾的 #，写成 {fix}";
        en: "there is no space before the \"{mark}\" at the end of this heading, so it is shown", "remove it: {fix}";
    }
    /// A link typed with full-width brackets.
    WIDE_LINK "wide-link" Warning fixable {
        zh: "链接用了全角括号，没有成为链接", "改成半角的 [文字](地址)";
        en: "the brackets of this link are full-width, so it is no link", "type half-width brackets: [text](address)";
    }
    /// A link definition typed with a full-width colon.
    WIDE_DEFINITION "wide-definition" Warning fixable {
        zh: "方括号后面的冒号是全角的，没有成为链接定义", "改成半角的冒号和一个空格：{fix}";
        en: "the colon behind these brackets is full-width, so this is no link definition", "type a half-width colon and a space: {fix}";
    }
    /// An address with a space.
    ADDRESS_SPACE "address-space" Warning {
        zh: "地址里有空格，没有成为链接或图片", "写成 {fix}；地址后面的标题要加引号，图片的大小不能写在这里";
        en: "there is a space in this address, so it is no link or image", "type {fix}; a title after it needs quotation marks, and the size of an image cannot stand here";
    }
    /// A link title whose quotation marks do not match.
    LINK_TITLE "link-title" Warning fixable {
        zh: "地址后面的标题引号不对，没有成为链接或图片", "标题前后各一个半角引号，里面的引号用中文的，写成 {fix}";
        en: "the quotation marks of the title behind this address do not match, so this is no link or image", "put one quotation mark before the title and one behind it, and curly ones inside: {fix}";
    }
    /// A link whose text holds another link or a footnote.
    NESTED_LINK "nested-link" Warning {
        zh: "这个链接的文字里有脚注或别的链接，没有成为链接", "把里面的脚注或链接移到方括号外面，例如 [文字](地址)[^1]";
        en: "the text of this link holds a footnote or another link, so it is none", "move that behind it, as in [text](address)[^1]";
    }
    /// A code fence typed with characters that look like backticks.
    WIDE_FENCE "wide-fence" Warning fixable {
        zh: "指令的开头不是半角的反引号和花括号，没有成为指令", "切换到英文输入法，写成 ```{名称}";
        en: "this directive does not begin with backticks and half-width braces, so it is none", "type ```{NAME}";
    }
    /// A directive whose brace is not closed.
    OPEN_BRACE "directive-brace" Warning fixable {
        zh: "指令的名字后面没有半角的右花括号，没有成为指令，已按代码显示", "写成 {fix}";
        en: "there is no half-width brace after the name of this directive, so it is shown as code", "type {fix}";
    }
    /// Symbols typed as bullets of a list.
    WIDE_BULLET "wide-bullet" Note fixable {
        zh: "这几行用符号做项目符号，没有成为列表，已照原样分行", "改成列表：每行开头写半角的 - 加一个空格";
        en: "these lines begin with a sign as bullet; they are no list and keep their line breaks", "make them a list: begin each with - and a space";
    }
    /// Numbers followed by the Chinese enumeration comma, probably meant as a list.
    WIDE_NUMBER "wide-number" Warning {
        zh: "从这里起用“1、”编号，没有成为列表，已照原样分行", "改成列表：写半角的 1. 加一个空格；要保留“1、”就在每条之间空一行";
        en: "the lines from here on are numbered with 、; they are no list and keep their line breaks", "make them a list with \"1. \", or keep the marks and put an empty line between the items";
    }
    /// Lines that count on with marks that Markdown does not know.
    ENUMERATED_LINES "enumerated-lines" Note {
        zh: "从“{mark}”起的几行没有成为列表或标题，已照原样分行", "每条之间空一行，就各成一段；要写成标题，在前面加 ## 和空格；要写成列表，写半角的 1. 或 - 加一个空格";
        en: "the lines from \"{mark}\" on are no list or headings and keep their line breaks", "put an empty line between them for paragraphs; type ## and a space before them for headings, \"1. \" or \"- \" for a list";
    }
    /// Lines with a label, a date or a time each.
    LABELLED_LINES "labelled-lines" Note {
        zh: "从“{mark}”起的几行像是一行一项，已照原样分行", "每行之间空一行，就各成一段；要写成列表，每行开头写 - 和空格";
        en: "the lines from \"{mark}\" on seem to have one entry each and keep their line breaks", "put an empty line between them for paragraphs, or begin each with - and a space";
    }
    /// Lines that are indented as paragraphs are.
    INDENTED_LINES "indented-lines" Note fixable {
        zh: "这几行开头空了格，像是各成一段，已照原样分行", "每段之间空一行";
        en: "these lines are indented as paragraphs are and keep their line breaks", "put an empty line between the paragraphs";
    }
    /// List items without a space after the number or the hyphen.
    LIST_SPACE "list-space" Warning fixable {
        zh: "“{mark}”后面没有空格，这几行没有成为列表，已照原样分行", "在“{mark}”后面加一个空格";
        en: "there is no space after \"{mark}\", so these lines are no list and keep their line breaks", "put a space after \"{mark}\"";
    }
    /// Paragraphs that are numbered as the headings of official documents.
    NUMBERED_HEADING "numbered-heading" Note fixable {
        zh: "“{mark}”开头的几段像是标题，但只是普通段落，目录里没有", "在前面加 # 和空格：“一、”写 ##，“（一）”写 ###，例如 ## {mark}；公文多的站点，在 site.yaml 里设置 numbered_headings: true，就不用一处一处改";
        en: "the paragraphs from \"{mark}\" on look like headings, but are none and not in the contents", "type number signs and a space before them: ## for 一、 and ### for （一）; for many such documents set numbered_headings: true in site.yaml";
    }
    /// Emphasis with a space inside its asterisks.
    EMPHASIS_SPACE "emphasis-space" Warning fixable {
        zh: "“**”里面挨着空格，文字没有加粗", "去掉里面的空格，写成 **{words}**";
        en: "there is a space inside these stars, so the words are not strong", "remove it: **{words}**";
    }
    /// Strong text inside strong text, which spaces on the inner side of the stars make.
    EMPHASIS_CROSSED "emphasis-crossed" Warning {
        zh: "这里的“**”挨着空格，和前后的配错了对，中间的“{words}”也加粗了", "“**”紧挨着要加粗的文字，空格写在外面，例如 **甲** {words} **乙**";
        en: "the spaces beside these stars make them pair in another way, so \"{words}\" is strong too", "put the stars right beside the strong words and the spaces outside: **one** {words} **two**";
    }
    /// A link with a space between its brackets and its parentheses.
    LINK_SPACE "link-space" Warning fixable {
        zh: "“]”和“(”之间有空格，没有成为链接", "去掉空格，写成 [文字](地址)";
        en: "there is a space between ] and (, so this is no link", "remove it: [text](address)";
    }
    /// Inline code typed with full-width backticks.
    WIDE_CODE "wide-code" Warning fixable {
        zh: "“｀”是全角的，没有成为代码", "改成半角的 `{words}`";
        en: "the ｀ are full-width, so this is no code", "type half-width backticks: `{words}`";
    }
    /// Strikethrough typed with full-width tildes.
    WIDE_STRIKE "wide-strike" Warning fixable {
        zh: "“～～”是全角的，文字没有加删除线", "改成半角的 ~~{words}~~";
        en: "the ～～ are full-width, so the words are not struck out", "type half-width tildes: ~~{words}~~";
    }
    /// Dashes that were probably meant as a horizontal rule.
    WIDE_RULE "wide-rule" Warning fixable {
        zh: "这一行不会成为分隔线", "写成三个半角的减号 ---，前后各空一行";
        en: "this line is no rule", "type three half-width hyphens (---) with an empty line before and after";
    }
    /// A table typed with full-width bars.
    WIDE_TABLE "wide-table" Warning fixable {
        zh: "表格的竖线是全角的，没有成为表格", "改成半角的 |，第二行写 |---|---|";
        en: "the bars of this table are full-width, so it is none", "type half-width | and |---|---| in the second line";
    }
    /// A quotation typed with a full-width sign.
    WIDE_QUOTE "wide-quote" Warning fixable {
        zh: "引用前的“＞”是全角的，没有成为引用", "改成半角的 > 加一个空格";
        en: "the ＞ before this quotation is full-width, so it is none", "type a half-width > and a space";
    }
    /// The first line of an alert that is none.
    ALERT_MARK "alert-mark" Warning fixable {
        zh: "这一行像提示框的开头，但写法不对，没有成为提示框", "写成 {fix}；方括号里可以写 说明、提示、重要、注意、当心";
        en: "this looks like the first line of an alert, but is not written as one", "type {fix}; the word may be NOTE, TIP, IMPORTANT, WARNING or CAUTION";
    }
    /// Emphasis typed with full-width asterisks.
    WIDE_EMPHASIS "wide-emphasis" Warning fixable {
        zh: "星号是全角的，文字没有加粗", "改成半角的 **文字**";
        en: "the stars are full-width, so the words are not strong", "type half-width stars: **words**";
    }
    /// A page or file that Obsidian would embed.
    PAGE_EMBED "page-embed" Warning {
        zh: "“![[ ]]”不能把整页嵌进来，已改成链接", "要链接，去掉前面的 !；要同样的内容，把文字写在这一页";
        en: "![[ ]] cannot embed a page; it became a link", "remove the ! for a link, or write the text on this page";
    }
    /// A directive with an unknown name.
    UNKNOWN_DIRECTIVE "unknown-directive" Warning fixable {
        zh: "没有叫“{name}”的指令，已按代码显示", "最接近的是 {nearest}";
        en: "there is no directive \"{name}\"; it is shown as code", "the nearest is {nearest}";
    }
    /// A directive without its required argument.
    MISSING_ARGUMENT "missing-argument" Error {
        zh: "“{name}”后面要写{zh}", "写在同一行，例如 ```{{name}} …";
        en: "\"{name}\" needs {en} after it", "write it on the same line, as in ```{{name}} …";
    }
    /// A directive with an argument that it does not accept.
    UNEXPECTED_ARGUMENT "unexpected-argument" Warning {
        zh: "“{name}”后面不需要写内容，已忽略", "去掉它，或写成下一行的 :选项: 值";
        en: "\"{name}\" takes nothing after it; this was ignored", "remove it, or write it as an :option: value line";
    }
    /// A directive with content that it does not accept.
    UNEXPECTED_BODY "unexpected-body" Warning {
        zh: "“{name}”里面不需要写内容，已忽略", "去掉这些行；选项要写在最前面，例如 :limit: 5";
        en: "\"{name}\" holds nothing; these lines were ignored", "remove them; options come first, as in :limit: 5";
    }
    /// A directive option with an unknown name.
    UNKNOWN_OPTION "unknown-option" Warning fixable {
        zh: "“{directive}”没有选项“{name}”，已忽略", "最接近的是 {nearest}";
        en: "\"{directive}\" has no option \"{name}\"; it was ignored", "the nearest is {nearest}";
    }
    /// A directive option given twice.
    REPEATED_OPTION "repeated-option" Warning {
        zh: "选项“{name}”写了两次，只用第一个", "去掉一个";
        en: "the option \"{name}\" is written twice; the first counts", "remove one of them";
    }
    /// A directive option typed with full-width colons.
    WIDE_OPTION "wide-option" Warning fixable {
        zh: "选项的冒号是全角的，已按半角读取", "改成 :{name}: {value}";
        en: "the colons of this option are full-width; it was read all the same", "type :{name}: {value}";
    }
    /// A directive option whose value is invalid.
    BAD_OPTION "bad-option" Error {
        zh: "选项“{name}”的值“{value}”不对", "{zh}";
        en: "\"{value}\" is no value for the option \"{name}\"", "{en}";
    }
    /// A steps directive without a list.
    STEPS_WITHOUT_LIST "steps-without-list" Warning {
        zh: "“steps”里面没有有序列表", "每一步写成一行：1. 步骤名称：做什么";
        en: "\"steps\" holds no ordered list", "write each step as a line: 1. its name: what to do";
    }
    /// An FAQ directive without headings for the questions.
    FAQ_WITHOUT_QUESTIONS "faq-without-questions" Warning {
        zh: "“faq”里面没有问题", "每个问题写成标题 ### 问题，下面写回答";
        en: "\"faq\" holds no questions", "write each question as a heading, ### Question, with its answer below";
    }
    /// A gallery directive without images.
    GALLERY_WITHOUT_IMAGES "gallery-without-images" Warning {
        zh: "“gallery”里面没有图片", "每行写一张：![说明文字](图片)";
        en: "\"gallery\" holds no images", "write one a line: ![text](image)";
    }
    /// Text in a gallery, which shows images only.
    GALLERY_TEXT "gallery-text" Warning {
        zh: "“gallery”只显示图片，这一行不会显示", "把文字写进图片的说明：![说明文字](图片 \"图注\")，或移到块的外面";
        en: "\"gallery\" shows images only; this line is not shown", "make it the caption of an image, as in ![text](image \"caption\"), or move it outside";
    }
    /// Invalid YAML list in a directive.
    BAD_ENTRIES "bad-entries" Error {
        zh: "“{name}”的列表有误：{zh}", "每一项这样写：- {keys}";
        en: "the list in \"{name}\" cannot be read: {en}", "write each entry as: - {keys}";
    }
    /// An entry of such a list without a required key.
    MISSING_KEY "missing-entry-key" Error {
        zh: "这一项缺少“{zh}”（{key}）", "加一行 {zh}: …";
        en: "this entry has no {key}", "add a line {key}: …";
    }
    /// An entry of such a list with an unknown key.
    UNKNOWN_KEY "unknown-entry-key" Warning {
        zh: "“{name}”的列表里没有“{key}”这个键，已忽略", "最接近的是 {nearest}";
        en: "entries of \"{name}\" have no key \"{key}\"; it was ignored", "the nearest is {nearest}";
    }
}
