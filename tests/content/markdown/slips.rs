//! What people type that Markdown reads in another way: signs that are no marks stay as they are typed, and what has no
//! effect or another one is reported.

use puzhi_core::diag::Lang;

use super::support::*;

/// Texts of offices whose signs are no marks: shown as they are typed, without a finding.
#[test]
fn signs_that_are_no_marks_stay() {
    for text in [
        "桌子*10张、椅子*20把。",
        "公章*1，法人章*1",
        "门窗1.5m*1.2m*2樘",
        "基数*系数*月数",
        "总额＝标准*人头*月份",
        "评分=(A*40%)+(B*60%)",
        "王*明（电话138****1234）、李*华（电话139****5678）",
        "孙*明与周*华",
        "王*、张*芳、李**、欧阳*、司马**",
        "张*（男）、李*（女）",
        "账户尾号**1234和**5678",
        "尾号*1234、*5678",
        "*为必填项。带*的为必填",
        "评级为*、**、***三档",
        "甲方（盖章）：___乙方（盖章）：___",
        "本人（姓名）___，身份证号___，自愿___",
        "（__）年（__）月",
        "选择：（_）甲（_）乙",
        "设 $ a $，$ b $ 为边长",
        "餐厅分为$、$$、$$$三档。",
        "套餐：$、$$",
        "A$、B$、C$",
        "办公时间：9:00~~11:30，14:30~~17:00。",
        "5~~10、10~~20~~30",
        "周一~~周五，周六~~周日",
        "A~~C类，D~~F类",
        "^_^ 好 ^_^",
        "李**：138****1234；王**：139****5678",
        "密码：******，验证码：**",
        "*12345，*67890",
        "姓名*：____ 电话*：____",
        "（*为必填）姓名*",
        "长(m)*宽(m)*高(m)",
        "长20cm*宽10cm*高5cm",
        "甲5件*乙3件*丙",
        "规格：长1米*宽2米*高3米，共5件*2箱*3层",
        "${姓名}于${日期}办理${事项}。",
        "=VLOOKUP($A2,$D:$E,2,0)",
        "PATH=$HOME/bin:$PATH",
        "US$5=HK$39",
        "___（单位）___（姓名）",
        "（单位）___（姓名）___",
        "库容1.5×10^4m^3",
        "10^-6m^2/s",
        "138****1234，139****5678",
        "138****1234；139****5678",
        "138****1234\n139****5678",
        "530181****0011、530181****0022",
        "张**138****1234、李**139****5678、王**137****1111",
        "昆明**有限公司、云南**科技有限公司",
        "20**年**月**日",
        "100*（1+5%）*3",
        "=B2*C2*D2",
        "192.168.*.*和10.*.*.*",
        "单位*（盖章）：　　日期*：",
    ] {
        let page = show(text);
        assert_eq!((page.html.trim(), page.found()), (format!("<p>{text}</p>").as_str(), vec![]));
    }
}

#[test]
fn marks_beside_such_signs_stay_marks() {
    for (text, html) in [
        ("**一、****总则**", "<strong>一、</strong><strong>总则</strong>"),
        ("甲**1.****总则**乙", "甲<strong>1.</strong><strong>总则</strong>乙"),
        ("~~甲~~~~乙~~", "<del>甲</del><del>乙</del>"),
        ("这是*重点5件*内容", "这是<em>重点5件</em>内容"),
        ("请务必**带齐材料，不要遗漏**后再来", "请务必<strong>带齐材料，不要遗漏</strong>后再来"),
        ("见*强调，带逗号*。", "见<em>强调，带逗号</em>。"),
        ("数组**和**函数，表*和*表", "数组<strong>和</strong>函数，表<em>和</em>表"),
        ("**张**、**李**、**王**", "<strong>张</strong>、<strong>李</strong>、<strong>王</strong>"),
        ("底数*2，这是*重点*内容", "底数*2，这是<em>重点</em>内容"),
        ("桌子*10张、椅子*20把，**另付**", "桌子*10张、椅子*20把，<strong>另付</strong>"),
        ("__注意：__ 请勿", "<strong>注意：</strong> 请勿"),
        ("如下：_甲，乙。_", "如下：<em>甲，乙。</em>"),
        ("原价~~100~~80元", "原价<del>100</del>80元"),
        ("设$a+b$，$c$", "设<math"),
    ] {
        assert!(show(text).html.contains(html), "{text}: {}", show(text).html);
    }
}

/// Lines that belong to the item or sentence above them.
#[test]
fn wrapped_lines_have_no_finding() {
    for text in [
        "- English item\nlazy english line\n",
        "- 甲一直写到这里比较长的一行内容需要换行的时候就在这里折行了\nABC续行\n",
        "- 甲\n  乙\n",
        "- 甲\n\n  乙\n  丙\n",
        "本通知自\n2024年4月8日\n起施行。\n",
        "见[甲](https://a.cn)\n和[乙](https://b.cn)\n",
        "电话 甲\n乙 丙\n",
        "**甲** 是\n**乙** 的上级\n",
    ] {
        assert!(codes(text).is_empty(), "{text}: {:?}", codes(text));
    }
}

/// Codes of the findings in a text.
fn codes(text: &str) -> Vec<&'static str> {
    show(text).diags.iter().map(|d| d.code.name).collect()
}

#[test]
fn slips_are_reported() {
    for (code, text) in [
        ("footnote-undefined", "另[^①]、见[^*]。\n"),
        ("footnote-undefined", "甲[^Ａ]\n"),
        ("footnote-undefined", "甲[^ ]\n"),
        ("footnote-undefined", "甲[^a b]\n"),
        ("heading-attribute", "## 集合 {#}\n"),
        ("heading-attribute", "## 附件 {1}\n"),
        ("heading-attribute", "## 附件{A}\n"),
        ("heading-attribute", "## 甲 {*}\n"),
        ("heading-attribute", "## 甲 {?}\n"),
        ("heading-attribute", "## 甲 {-}\n"),
        ("heading-attribute", "## 甲 {a b}\n"),
        ("heading-attribute", "甲 {1}\n---\n"),
        ("address-space", "![图](现场 图.png 启动仪式)\n"),
        ("address-space", "![图](现场 图.png “标题”)\n"),
        ("address-space", "[表](申请 表.docx 下载)\n"),
        ("address-space", "[表](附件 1 申请.docx （点击下载）)\n"),
        ("address-space", "[表]: 申请 表.docx 下载\n"),
        ("fence-words", "```python title=\"统计.py\"\nx\n```\n"),
        ("fence-words", "~~~ 说明文字 在这里\n甲\n~~~\n"),
        ("directive-brace", "```{warning）\n甲\n```\n"),
        ("indented-text", "文\n\n    （一）甲\n    （二）乙\n"),
        ("indented-text", "文\n\n    **注意**：带原件。\n"),
        ("mark-not-shown", ">=60分及格。\n"),
        ("mark-not-shown", ">80%的家庭参保。\n"),
        ("mark-not-shown", ">30℃停工\n"),
        ("html-end-tag", "<b>丙<i>丁</b>戊</i>\n"),
        ("html-end-tag", "甲\n\n</table>\n"),
        ("html-end-tag", "<p align=\"center\">甲\n\n乙</p>\n"),
        ("html-removed", "<big>大</big>字\n"),
        ("open-formula", "$$\\frac{1}{2}\n\n正文。\n"),
        ("open-formula", "$\\alpha 为角\n"),
        ("wide-table", "｜材料｜份数｜\n|---|---|\n| 1 | 2 |\n"),
        ("table-head", "甲|乙\n--|--\n1|2\n\n3|4\n5|6\n"),
        ("table-glued", "1. 材料\n\n   说明\n| 甲 | 乙 |\n|---|---|\n"),
        ("address-space", "![图](图.png =300x)\n"),
        ("nested-link", "[甲 [乙](b.md) 丙](c.md)\n"),
        ("enumerated-lines", "1. 申请\n2. 受理\n\n备注如下\n3. 办结\n"),
        ("enumerated-lines", "壹、总则\n贰、附则\n"),
        ("enumerated-lines", "甲、申请\n乙、受理\n"),
        ("labelled-lines", "特此通知。\n安宁市市场监督管理局\n2024年4月8日\n"),
        ("labelled-lines", "特此通知。\n\n安宁市市场监督管理局\n二〇二四年四月八日\n"),
        ("labelled-lines", "特此通知。\n2024年4月8日\n"),
        ("labelled-lines", "**时间** 4月20日\n**地点** 广场\n"),
        ("labelled-lines", "**对象** 企业\n**名额** 若干\n"),
        ("labelled-lines", "电话 0871-68660000\n地址 连然街道\n邮编 650300\n"),
        ("labelled-lines", "2024-04-20 启动\n2024-04-22 宣传\n2024-04-26 总结\n"),
        ("labelled-lines", "2024/4/20 启动\n2024/4/22 宣传\n"),
        ("labelled-lines", "组长    张三\n副组长    李四\n"),
        ("labelled-lines", "[甲](https://a.cn)\n[乙](https://b.cn)\n"),
        ("labelled-lines", "- [甲](https://a.cn)\n  [乙](https://b.cn)\n"),
        ("indented-lines", "&emsp;&emsp;甲一段。\n&emsp;&emsp;乙一段。\n"),
        ("indented-lines", "甲。\n&nbsp;&nbsp;&nbsp;&nbsp;乙。\n"),
        ("lazy-line", "1. 甲\n2. 乙\n2024年4月8日\n"),
        ("lazy-line", "- 甲\n2024-04-08\n"),
        ("lazy-line", "- 甲\n【乙】丙\n"),
        ("lazy-line", "- 甲\n**乙**\n"),
        ("lazy-line", "- 甲\n[乙](https://a.cn)\n"),
        ("lazy-line", "- 甲\n12315电话\n"),
        ("lazy-line", "- 甲\n• 乙\n"),
        ("lazy-line", "- 甲\nA类企业\n"),
        ("lazy-line", "- 甲\n  - 乙\n  丙丁\n"),
        ("lazy-line", "1. 甲\n   - 乙\n   丙，丁。\n"),
        ("labelled-lines", "周一 张三\n周二 李四\n"),
        ("wide-bullet", "☑ 已办\n☐ 未办\n"),
        ("wide-bullet", "√ 甲\n× 乙\n"),
        ("spaced-table", "姓　名　　性　别\n张　三　　男\n"),
        ("wide-link", "［申请表］（a.docx）\n"),
        ("wide-link", "！［图］（a.png）\n"),
        ("markdown-in-html", "<br>\n- 身份证\n"),
        ("markdown-in-html", "<p>附件</p>\n一、甲\n二、乙\n"),
        ("markdown-in-html", "<table><tr><td>1</td></tr></table>\n**注：**甲\n"),
        ("alert-mark", "> [!注意]请带\n"),
        ("alert-mark", "> 【!注意】\n> 甲\n"),
        ("alert-mark", "> [! NOTE]\n> 甲\n"),
        ("alert-mark", "> [!自定义] 标\n> 甲\n"),
        ("alert-mark", "[!NOTE]\n甲\n"),
        ("wide-comment", "‹！-- 备注 -->\n"),
        ("wide-comment", "＜!-- 备注 -->\n"),
        ("wide-comment", "文 %%备注%%\n"),
        ("foreign-character", "甲\u{202E}乙\n"),
        ("foreign-character", "甲\u{2066}乙\n"),
    ] {
        let found = codes(text);
        assert!(!found.is_empty() && found.iter().all(|found| *found == code), "{text}: {found:?}");
    }
}

#[test]
fn what_is_right_is_not_reported() {
    for text in [
        "\\| 甲 \\| 乙 \\|\n\\| 丙 \\| 丁 \\|\n",
        "\\[甲\\]（a.md）\n",
        "## 集合 \\{#}\n",
        "> ## 注释 \\{甲 乙=丙}\n",
        "\\[甲\\](a.md)\n",
        "甲</br>乙\n",
        "<p>甲</p>\n\n- 乙\n",
        "<div>\n\n**甲**\n\n</div>\n",
        "<pre>\n- 甲\n</pre>\n",
        "> 2025年，甲。\n",
        ">1. 甲\n>2. 乙\n",
        "```rust,ignore\nx\n```\n",
        "```{.python .numbered}\nx\n```\n",
        "```js {1,3}\nx\n```\n",
        "设 $$\nS=ab\n$$ 则\n",
        "价格从$$到$$$。\n",
        "[锚](#二 材料)\n",
        "10%%的\n",
        "- [^1]: 注\n\n甲[^1]\n",
        "见正则 [^a-z]\n",
        "甲、乙双方签字，\n各执一份。\n",
        "1. 申请\n2. 受理\n\n## 附则\n\n共计\n3. 办结\n",
        "    let 金额 = 1;\n    打印\n",
    ] {
        assert_eq!(codes(text), Vec::<&str>::new(), "{text}");
    }
    // A line of a quotation without its sign has a message of its own.
    assert_eq!(codes("> | a | b |\n|---|---|\n| 1 | 2 |\n"), ["lazy-line"]);
    assert_eq!(codes("姓名\t性别\n1\t张三\t男\n2\t李四\t女\n"), ["tab-table"]);
    assert!(show("甲</br>乙\n").html.contains("甲<br>乙"));
}

#[test]
fn hints_say_what_to_type() {
    let hint = |text: &str| show(text).diags[0].hint(puzhi_core::diag::Lang::Zh).unwrap_or_default();
    for (text, fix) in [
        ("```{note 重要\n甲\n```\n", "写成 ```{note} 重要"),
        ("```{warning）\n甲\n```\n", "写成 ```{warning}"),
        ("> [!注意]请带\n", "写成 > [!注意] 请带；"),
        ("> [!自定义] 标\n> 甲\n", "写成 > [!说明] 自定义 标；"),
        ("![图](图.png =300x)\n", "写成 ![图](图.png)；"),
        ("[甲](https://a.cn/x y)\n", "写成 [甲](https://a.cn/x%20y)；"),
        ("** 申请 **、** 受理 **\n", "写成 **申请**"),
    ] {
        assert!(hint(text).contains(fix), "{text}: {}", hint(text));
    }
}

fn names(page: &Shown) -> Vec<&str> {
    page.diags.iter().map(|diag| diag.code.name).collect()
}

/// Each text with the codes of its findings.
#[test]
fn what_is_read_otherwise_is_reported() {
    for (text, codes) in [
        // The line behind a footnote is part of it.
        ("文[^1]\n\n[^1]: 注释一。\n接着的正文没有空行。", &["lazy-line"][..]),
        ("文[^1]\n\n[^1]: 数据来源：统计局\n二、重点任务", &["lazy-line"]),
        ("文[^1]\n\n[^1]: 数据来自统计局。\n    续行。", &[]),
        // An empty line in a cell of HTML.
        (
            "<table>\n<tr><td>甲\n\n乙</td><td>丙</td></tr>\n<tr><td>丁</td></tr>\n</table>\n\n后文。",
            &["html-table-cut"],
        ),
        ("<table>\n<tr><td>\n\n甲\n\n乙\n\n</td><td>丙</td></tr>\n</table>\n\n后文。", &[]),
        // Comments.
        ("前。\n\n<!-- 外 <!-- 内 -->\n漏出的意见\n-->\n\n后", &["nested-comment"]),
        ("<!-- 外 <!-- 内 -->\n\n后 --> 丙", &["nested-comment"]),
        ("<! -- 领导还没批 -->", &["wide-comment"]),
        ("<!-内部意见->", &["wide-comment"]),
        ("< !-- 内部 -->", &["wide-comment"]),
        ("<--内部-->", &["wide-comment"]),
        ("<!- - 内部 - ->", &["wide-comment"]),
        ("<#-- 内部 -->", &["wide-comment"]),
        ("甲 <- 乙 -> 丙，甲 <-- 乙 --> 丙，1 < 2 - 3 > 0，x<-1", &[]),
        // Text that is indented like code.
        ("正文。\n\n    XX县人民政府办公室\n    2025年6月1日", &["indented-text"]),
        ("正文。\n\n    联系人：张三\n    电话：12345", &["indented-text"]),
        ("正文。\n\n    - 身份证原件及复印件", &["indented-text"]),
        ("正文。\n\n    | 甲 | 乙 |\n    | 丙 | 丁 |", &["indented-text"]),
        ("正文。\n\n    标题: 甲\n    日期: 2026-01-01", &[]),
        // Rows without a head, and a line of its own below a table.
        ("| 1 | 2 |\n|---|---|\n| 3 | 4 |\n\n联系人：张三 | 电话：138", &[]),
        ("| 1 | 2 |\n|---|---|\n| 3 | 4 |\n\n合计 | 100", &["table-head"]),
        ("姓名 | 电话\n张三 | 138\n李四 | 139", &["table-head"]),
        // Bullets of word processors without their font.
        ("l 身份证\nl 户口本", &["enumerated-lines"]),
        ("Ø 甲\nØ 乙", &["enumerated-lines"]),
        ("ü 丙\nü 丁", &["enumerated-lines"]),
        ("§ 戊\n§ 己", &["enumerated-lines"]),
    ] {
        assert_eq!(names(&show(text)), codes, "{text}");
    }
}

/// The title of a link in other quotation marks: the hint is a link with the title.
#[test]
fn titles_in_other_quotation_marks_are_reported() {
    for (text, fix) in [
        ("[乙](https://a.cn “标题”)", "[乙](https://a.cn \"标题\")"),
        ("[乙](https://a.cn ‘标题’)", "[乙](https://a.cn \"标题\")"),
        ("[乙](https://a.cn “标题” =100x)", "[乙](https://a.cn \"标题\")"),
    ] {
        let page = show(text);
        assert_eq!(names(&page), ["address-space"], "{text}");
        let hints: Vec<String> = page.diags.iter().filter_map(|diag| diag.hint(Lang::Zh)).collect();
        assert!(hints.iter().any(|hint| hint.contains(fix)), "{text}: {hints:?}");
        assert_eq!(names(&show(fix)), [""; 0]);
    }
}

/// A percent sign behind a number is one, though TeX reads a comment there.
#[test]
fn percent_signs_of_formulas_are_shown() {
    for (text, wanted) in [("$\\frac{甲}{乙} = 95%$", "<mi>%</mi>"), ("$x=50% \\quad y=3$", "<mi>y</mi>")] {
        assert!(show(text).html.contains(wanted), "{text}: {}", show(text).html);
    }
}
