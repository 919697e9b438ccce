//! Lists, headings, emphasis and links as people type them: read where the meaning is plain, else left as typed with a
//! finding.

use puzhi_core::diag::Lang;

use super::support::*;

#[test]
fn lines_that_count_on_keep_their_breaks() {
    for (text, html, found) in [
        ("一、条件\n二、材料\n三、时限\n", "<p>一、条件<br>\n二、材料<br>\n三、时限</p>\n", "enumerated-lines 1:1"),
        ("（一）申请表\n（二）身份证\n", "<p>（一）申请表<br>\n（二）身份证</p>\n", "enumerated-lines 1:1"),
        ("第一步：准备\n第二步：提交\n", "<p>第一步：准备<br>\n第二步：提交</p>\n", "enumerated-lines 1:1"),
        ("第一条 为了规范\n第二条 适用于\n", "<p>第一条 为了规范<br>\n第二条 适用于</p>\n", "enumerated-lines 1:1"),
        ("1．甲\n2．乙\n", "<p>1．甲<br>\n2．乙</p>\n", "enumerated-lines 1:1"),
        ("①甲\n②乙\n", "<p>①甲<br>\n②乙</p>\n", "enumerated-lines 1:1"),
        ("选一项：\nA．甲\nB．乙\n", "<p>选一项：<br>\nA．甲<br>\nB．乙</p>\n", "enumerated-lines 2:1"),
        ("1、甲\n2、乙\n", "<p>1、甲<br>\n2、乙</p>\n", "wide-number 1:1"),
        ("・甲\n・乙\n", "<p>・甲<br>\n・乙</p>\n", "wide-bullet 1:1"),
        ("1.有证\n2.有照\n", "<p>1.有证<br>\n2.有照</p>\n", "list-space 1:1"),
        ("-项\n-项\n", "<p>-项<br>\n-项</p>\n", "list-space 1:1"),
        ("I. 甲\nII. 乙\nIII. 丙\n", "<p>I. 甲<br>\nII. 乙<br>\nIII. 丙</p>\n", "enumerated-lines 1:1"),
        ("文\n1.1. 甲\n1.2. 乙\n", "<p>文<br>\n1.1. 甲<br>\n1.2. 乙</p>\n", "enumerated-lines 2:1"),
        ("1.1总则\n1.2适用\n", "<p>1.1总则<br>\n1.2适用</p>\n", "enumerated-lines 1:1"),
        ("A 甲\nB 乙\n", "<p>A 甲<br>\nB 乙</p>\n", "enumerated-lines 1:1"),
        ("#1 甲\n#2 乙\n", "<p>#1 甲<br>\n#2 乙</p>\n", "enumerated-lines 1:1"),
        ("- 甲\n-- 乙\n--- 丙\n", "<ul>\n<li>甲<br>\n-- 乙<br>\n--- 丙</li>\n</ul>\n", "enumerated-lines 2:1"),
        ("No.1 甲\nNo.2 乙\n", "<p>No.1 甲<br>\nNo.2 乙</p>\n", "enumerated-lines 1:1"),
        ("Q1: 甲\nA1: 乙\n", "<p>Q1: 甲<br>\nA1: 乙</p>\n", "labelled-lines 1:1"),
        ("张三\n主任\n电话 123\n", "<p>张三<br>\n主任<br>\n电话 123</p>\n", "labelled-lines 1:1"),
        ("此致\n敬礼\n", "<p>此致<br>\n敬礼</p>\n", "labelled-lines 1:1"),
        ("某县知识产权局\n2026年4月1日\n", "<p>某县知识产权局<br>\n2026年4月1日</p>\n", "labelled-lines 1:1"),
        (
            "> 某局\n> （盖章）\n> 2026年4月1日\n",
            "<blockquote>\n<p>某局<br>\n（盖章）<br>\n2026年4月1日</p>\n</blockquote>\n",
            "labelled-lines 1:3",
        ),
    ] {
        let page = show(text);
        assert_eq!(page.html, html);
        assert_eq!(page.found(), [found], "{text}");
    }
}

#[test]
fn breaks_stay_only_where_lines_count() {
    // From the first number on all lines keep their breaks; emphasis and quotes do not hide the number.
    let page = show("> 要求如下\n> **一、甲**\n> 接着\n> **二、乙**\n");
    assert_eq!(
        page.html,
        "<blockquote>\n<p>要求如下<br>\n<strong>一、甲</strong><br>\n接着<br>\n<strong>二、乙</strong></p>\n</blockquote>\n"
    );
    let page = show("- 流程\n  （1）甲\n  （2）乙\n");
    assert_eq!(page.html, "<ul>\n<li>流程<br>\n（1）甲<br>\n（2）乙</li>\n</ul>\n");
    // An outer count goes on after an inner one.
    let page = show("一、甲\n（一）乙\n（二）丙\n二、丁\n");
    assert_eq!(page.html.matches("<br>").count(), 3);
    for text in [
        "他说过的话\n第一条就是\n守信\n",
        "活动定于\n3.15活动日\n4.26活动日\n",
        "共有\n一百人\n二百人\n",
        "气温\n-5到\n-3度\n",
        "参见\n（1）和（3）\n",
    ] {
        let page = show(text);
        assert!(!page.html.contains("<br>") && page.found().is_empty(), "{}: {:?}", page.html, page.found());
    }
    // A break in HTML is not doubled.
    let page = show("一、甲<br>\n二、乙<br>\n三、丙\n");
    assert!(page.found().is_empty() && page.html.matches("<br>").count() == 2, "{} {:?}", page.html, page.found());
    // A hard break is the author's own and needs no word.
    let page = show("一、甲  \n二、乙\\\n三、丙\n");
    assert!(page.found().is_empty(), "{:?}", page.found());
}

#[test]
fn levels_and_texts_between_numbers_keep_their_breaks() {
    for (text, html, found) in [
        ("一、甲\n（一）乙\n1.丙\n", "<p>一、甲<br>\n（一）乙<br>\n1.丙</p>\n", "enumerated-lines 1:1"),
        ("（一）甲\n1.乙\n一、丙\n", "<p>（一）甲<br>\n1.乙<br>\n一、丙</p>\n", "enumerated-lines 1:1"),
        ("1.甲\n（1）乙\n①丙\n", "<p>1.甲<br>\n（1）乙<br>\n①丙</p>\n", "list-space 1:1"),
        ("第一条 甲\n（一）乙\n", "<p>第一条 甲<br>\n（一）乙</p>\n", "enumerated-lines 1:1"),
        ("一、甲\n文。\n二、乙\n文。\n", "<p>一、甲<br>\n文。<br>\n二、乙<br>\n文。</p>\n", "enumerated-lines 1:1"),
        ("1、甲\n文\n2、乙\n文\n", "<p>1、甲<br>\n文<br>\n2、乙<br>\n文</p>\n", "wide-number 1:1"),
        (
            "前言\n接着\n一、甲\n文\n二、乙\n",
            "<p>前言接着<br>\n一、甲<br>\n文<br>\n二、乙</p>\n",
            "enumerated-lines 3:1",
        ),
        ("• 甲\n接着\n• 乙\n", "<p>• 甲<br>\n接着<br>\n• 乙</p>\n", "wide-bullet 1:1"),
        ("一、甲\r\n文\r\n二、乙\r\n", "<p>一、甲<br>\n文<br>\n二、乙</p>\n", "enumerated-lines 1:1"),
        ("- 流程\n  1、甲\n  2、乙\n", "<ul>\n<li>流程<br>\n1、甲<br>\n2、乙</li>\n</ul>\n", "wide-number 2:3"),
    ] {
        let page = show(text);
        assert_eq!(page.html, html);
        assert_eq!(page.found(), [found], "{text}");
    }
    // A list of Markdown takes the numbers after it; their breaks stay.
    let page = show("一、甲\n（一）乙\n1. 丙\n2. 丁\n（二）戊\n二、己\n");
    assert!(page.html.contains("<p>一、甲<br>\n（一）乙</p>"), "{}", page.html);
    assert!(page.html.contains("<li>丁<br>\n（二）戊<br>\n二、己</li>"), "{}", page.html);
    assert_eq!(page.found(), ["enumerated-lines 1:1", "lazy-line 5:1"]);
    // Beyond the lines that are searched the finding names the line from which the breaks stay.
    let page = show(&format!("一、甲\n{}二、乙\n丙\n", "文\n".repeat(60)));
    assert!(
        page.html.ends_with("文<br>\n二、乙<br>\n丙</p>\n") && page.html.starts_with("<p>一、甲文"),
        "{}",
        page.html
    );
    assert_eq!(page.found(), ["enumerated-lines 62:1"]);
    let (start, text) = (std::time::Instant::now(), "1.甲\n".repeat(40_000));
    assert!(show(&text).html.len() > text.len() && start.elapsed().as_secs() < 20);
}

#[test]
fn signs_that_people_type_before_items() {
    for (text, found) in [
        ("*甲\n*乙\n", "list-space 1:1"),
        ("+甲\n+乙\n", "list-space 1:1"),
        ("＊甲\n＊乙\n", "list-space 1:1"),
        ("请带：\n*甲**重**\n*乙\n", ""),
        ("附件1\n附件2\n", "enumerated-lines 1:1"),
        ("附件 1 申请表\n附件 2 承诺书\n", "enumerated-lines 1:1"),
        ("问题一 怎样办\n问题二 何时办\n", "enumerated-lines 1:1"),
        ("图1 甲\n图2 乙\n", "enumerated-lines 1:1"),
        ("1，甲\n2，乙\n", "enumerated-lines 1:1"),
        ("1-甲\n2-乙\n", "enumerated-lines 1:1"),
        ("1.、甲\n2.、乙\n", "enumerated-lines 1:1"),
        ("一，甲\n二，乙\n", "enumerated-lines 1:1"),
        ("一）甲\n二）乙\n", "enumerated-lines 1:1"),
        ("（a）甲\n（b）乙\n", "enumerated-lines 1:1"),
        ("A-甲\nB-乙\n", "enumerated-lines 1:1"),
        ("—甲\n—乙\n", "enumerated-lines 1:1"),
        ("——甲\n——乙\n", "enumerated-lines 1:1"),
        ("—— 甲\n—— 乙\n", "enumerated-lines 1:1"),
    ] {
        let page = show(text);
        let breaks = if found.is_empty() { 0 } else { 1 };
        assert_eq!(page.html.matches("<br>").count(), breaks, "{}", page.html);
        assert_eq!(page.found().join(" "), found, "{text}");
    }
    for text in [
        "诗一句，\n——李白\n",
        "气温\n+5度\n+6度\n",
        "*甲*\n*乙*\n",
        "见图1和\n图2以及\n表3\n",
        "比赛\n3-甲\n2-乙\n",
        "* 作者：[甲\n  乙](a.md)\n* 出处：丙\n",
    ] {
        let page = show(text);
        assert!(!page.html.contains("<br>") && page.found().is_empty(), "{}: {:?}", page.html, page.found());
    }
}

#[test]
fn a_mark_that_the_text_is_about_is_named() {
    for (text, found) in [
        ("| 甲 |\n|---|\n\n* 号为必填\n", "mark-not-shown 4:1"),
        ("* 注：以实际为准\n", "mark-not-shown 1:1"),
        ("# 号键返回\n", "mark-not-shown 1:1"),
        ("> 号表示大于\n", "mark-not-shown 1:1"),
    ] {
        assert_eq!(show(text).found(), [found]);
    }
    for text in ["* 注：甲\n* 乙\n", "- 表示感谢\n", "## 号召书\n", "\\* 号为必填\n", "* 甲\n"] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn backslashes_of_paths_and_masks_of_names_are_shown() {
    for (text, shown) in [
        ("见\\\\server\\共享\\(1)\n", "见\\\\server\\共享\\(1)"),
        ("在 D:\\(共享)\\_甲\\*.doc 和 D:\\*备份\\*.doc\n", "D:\\(共享)\\_甲\\*.doc 和 D:\\*备份\\*.doc"),
        ("存到D:\\资料\\\n再打开\n", "D:\\资料\\"),
        ("`\\\\server\\a` 和 [甲](a.md)\n", "<code>\\\\server\\a</code>"),
        ("张**和李**获奖\n", "张**和李**获奖"),
        ("张**、李**、王**获奖\n", "张**、李**、王**获奖"),
        ("王*、李*华、赵*\n", "王*、李*华、赵*"),
        ("王*与欧阳*\n", "王*与欧阳*"),
    ] {
        let page = show(text);
        assert!(page.html.contains(shown) && page.found().is_empty(), "{}: {:?}", page.html, page.found());
    }
    let page = show("**通知**和附件**一并**报送，\\*甲\\*，请**注意**和*小心*\n");
    assert!(
        page.html.contains("<strong>通知</strong>和附件<strong>一并</strong>报送，*甲*，请<strong>注意</strong>"),
        "{}",
        page.html
    );
}

#[test]
fn a_wide_space_after_a_mark_is_read_as_a_space() {
    for (text, html) in [
        ("##　甲\n\n-　乙\n-　丙\n", "id=\"甲\">甲<"),
        ("文\n\n1.　乙\n2.　丙\n", "<ol>\n<li>乙</li>\n<li>丙</li>\n</ol>\n"),
        ("- 甲\n  -　乙\n", "<li>甲<ul>\n<li>乙</li>\n</ul>\n</li>"),
        ("> ###　　甲\n", "<h3 id=\"甲\">甲<"),
        ("```{note}\n-　甲\n```\n", "<ul>\n<li>甲</li>\n</ul>\n"),
    ] {
        let page = show(text);
        assert!(page.html.contains(html), "{}", page.html);
        assert!(page.found().is_empty(), "{:?}", page.found());
    }
    for text in ["```\n##　甲\n-　乙\n```\n", "　　正文\n", "|a|b|\n|-|-|\n|-　甲|1.　乙|\n", "*　注：甲\n"]
    {
        assert!(show(text).html.contains('　'), "{}", show(text).html);
    }
    // Places after a repair are those of the file.
    assert_eq!(show("##　甲　！[图](a.png)\n\n-　乙 ![](b.png)\n").found(), ["wide-image 1:6", "missing-alt 3:5"]);
}

#[test]
fn marks_that_a_space_breaks_are_named() {
    let hint = |text: &str| show(text).diags.first().and_then(|d| d.hint(Lang::Zh)).unwrap_or_default();
    assert_eq!(hint("** 甲 **\n"), "去掉里面的空格，写成 **甲**");
    assert_eq!(hint("见 ｀a b｀\n"), "改成半角的 `a b`");
    assert_eq!(show("**甲 **和\n\n和** 乙**\n").found(), ["emphasis-space 1:1", "emphasis-space 3:2"]);
    assert_eq!(show("## [甲]　(b.html)\n").found(), ["link-space 1:4"]);
    assert_eq!(show("|甲|\n|-|\n|～～乙～～|\n").found(), ["wide-strike 3:2"]);
    for text in [
        "2 ** 3 ** 4\n",
        "`** 甲 **`\n",
        "谢谢～～今天～～\n",
        "[1] (https://a.cn/)\n",
        "[甲] (见下)\n",
        "｀是一个符号\n",
        "**甲** 和 **乙**\n",
    ] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn paragraphs_that_look_like_headings_are_named_once() {
    assert_eq!(show("一、甲\n\n文。\n\n二、乙\n\n文。\n\n三、丙\n").found(), ["numbered-heading 1:1"]);
    assert_eq!(show("前言\n\n**第一章 总则**\n\n文。\n\n**第二章 办理**\n").found(), ["numbered-heading 3:3"]);
    for text in [
        "一、甲。\n\n文\n\n二、乙。\n",
        "一、甲\n\n二、乙\n",
        "（一）甲\n\n文\n\n（二）乙\n",
        "一、甲\n\n文\n",
        "第一条 甲\n\n第二条 乙\n",
        "## 一、甲\n\n## 二、乙\n",
    ] {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn lines_of_sentences_are_joined() {
    for text in [
        "这是第一句，\n接着写完。\n再来一句。\n",
        "共有申请\n3.5万件\n",
        "这一行很长很长很长很长很长很长\n接着\n写完\n",
        "甲方\n和乙方签订\n本合同。\n",
    ] {
        let page = show(text);
        assert!(!page.html.contains("<br>") && page.diags.is_empty(), "{text}: {}", page.html);
    }
}

#[test]
fn what_cannot_be_seen_hides_no_mark() {
    for (text, html) in [
        ("\u{200B}- 项\n\u{FEFF}- 项二\n", "<ul>\n<li>项</li>\n<li>项二</li>\n</ul>\n"),
        ("\u{2060}> 引\n", "<blockquote>\n<p>引</p>\n</blockquote>\n"),
        ("\u{AD}1. 甲\n\u{200B}2. 乙\n", "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>\n"),
        ("\u{200B}```\n甲\n```\n", "<pre><code>甲\n</code></pre>\n"),
        ("**\u{200B}甲**乙\n", "<p><strong>\u{200B}甲</strong>乙</p>\n"),
    ] {
        let page = show(text);
        assert_eq!((page.html.as_str(), page.found()), (html, vec![]), "{text}");
    }
    assert!(show("文\n\n\u{FEFF}## 标题\n").html.contains("<h2"));
    assert!(show("文\n\n#\u{200B} 标题\n").html.contains("<h2"));
    assert!(show("\u{200B}| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n").html.contains("<table"));
    assert_eq!(show("见[甲]\u{200B}(https://a.cn)\n").found(), ["link-space 1:2"]);
}

#[test]
fn signs_between_amounts_variables_and_references_are_what_they_are() {
    for (text, html) in [
        ("设$JAVA_HOME为安装目录，再把$PATH加上\n", "<p>设$JAVA_HOME为安装目录，再把$PATH加上</p>\n"),
        ("把$user_name换成姓名，${age}换成年龄\n", "<p>把$user_name换成姓名，${age}换成年龄</p>\n"),
        ("甲^[1]^乙^[2-3]^\n", "<p>甲<sup>[1]</sup>乙<sup>[2-3]</sup></p>\n"),
        ("甲^1^乙^2,3^丙^注^。\n", "<p>甲<sup>1</sup>乙<sup>2,3</sup>丙<sup>注</sup>。</p>\n"),
        ("甲^［1］^、乙^[1,2]^。\n", "<p>甲<sup>［1］</sup>、乙<sup>[1,2]</sup>。</p>\n"),
    ] {
        let page = show(text);
        assert_eq!((page.html.as_str(), page.found()), (html, vec![]), "{text}");
    }
    let page = show("| 甲 | 乙 |\n|---|---|\n| *2345* | *甲* |\n");
    assert!(page.html.contains("*2345*") && page.html.contains("<em>甲</em>"), "{}", page.html);
}

#[test]
fn bold_that_pairs_with_the_wrong_stars_is_found() {
    for (text, found) in [
        ("**5月1日 **前，到** 中心**\n", vec!["emphasis-crossed 1:8"]),
        ("**甲 **乙和丙** 丁**，戊\n", vec!["emphasis-crossed 1:5"]),
        ("**甲****乙**\n", vec![]),
        ("**甲 __乙__ 丙**\n", vec![]),
        ("****甲****\n", vec![]),
        ("**甲** 和 **乙**\n", vec![]),
    ] {
        assert_eq!(show(text).found(), found, "{text}");
    }
}

/// Lines of programmes, lists of names and plans: each stays a line of its own.
#[test]
fn lines_of_entries_keep_their_breaks() {
    for (text, code) in [
        ("组长　张三\n副组长　李四\n", "labelled-lines"),
        ("张三　局长\n李四　副局长\n王五　科员\n", "labelled-lines"),
        ("【活动时间】4月26日上午\n【活动地点】市民广场\n", "labelled-lines"),
        ("[时间] 九点\n[地点] 广场\n", "labelled-lines"),
        ("第一季度完成调研\n第二季度完成试点\n", "enumerated-lines"),
        ("一季度 调研\n二季度 试点\n", "enumerated-lines"),
        ("第一名　张三\n第二名　李四\n", "enumerated-lines"),
        ("上午9:00　签到\n下午2:30　闭幕\n", "labelled-lines"),
        ("上午 报到\n下午 开会\n", "labelled-lines"),
        ("上半年 调研\n下半年 试点\n", "labelled-lines"),
        ("1月 宣传\n2月 培训\n4月 检查\n", "labelled-lines"),
        ("4月上旬　宣传\n4月中旬　培训\n", "labelled-lines"),
        ("2024年 启动\n2025年 推进\n", "labelled-lines"),
        ("2022—2023年 启动\n2024—2025年 推进\n", "labelled-lines"),
        ("9时30分 签到\n10时 开会\n", "labelled-lines"),
    ] {
        let page = show(text);
        assert_eq!(page.found(), [format!("{code} 1:1")], "{text}");
        assert_eq!(page.html.matches("<br>").count(), text.trim_end().matches('\n').count(), "{}", page.html);
    }
    for text in [
        "他在会上指出　要加强\n保护工作，推动发展。\n",
        "本办法自\n2024年 1月起施行，\n2025年 底前完成。\n",
        "全年任务于\n2025年 完成，明年再\n启动下一批。\n",
        "他们获得了\n第一名的好成绩。\n",
        "请看这里的\n【注意】事项。\n",
        "会议从早上开到\n下午 才结束。\n",
    ] {
        let page = show(text);
        assert!(page.found().is_empty() && !page.html.contains("<br>"), "{}: {:?}", page.html, page.found());
    }
}

/// A line below the list in a quotation, or below an alert, is part of it, as below any list.
#[test]
fn lines_that_go_on_in_quotations_and_alerts_are_reported() {
    for (text, place) in [
        ("> - 甲\n> 续行\n", "2:3"),
        ("> 1. 提交材料。\n> 请带原件。\n", "2:3"),
        ("> [!NOTE]\n> - 甲\n> 联系电话\n", "3:3"),
        ("> [!说明] 标题\n> 1. 甲\n> 请注意\n", "3:3"),
        ("> [!NOTE]\n> 内容\n没有记号\n", "3:1"),
        ("> [!注意]-\n> 内容\n没有记号\n", "3:1"),
        ("- 甲\n\n  > - 乙\n  > 丙\n", "4:5"),
        ("- 甲\n\u{200B}乙\n", "2:1"),
    ] {
        assert_eq!(show(text).found(), [format!("lazy-line {place}")], "{text}");
    }
    for text in ["> - 甲\n>   乙\n", "> [!NOTE]\n> 甲\n> 乙\n", "> - 甲\n>\n> 乙\n", "> [!NOTE]\n> 甲\n\n乙\n"]
    {
        assert!(show(text).found().is_empty(), "{text}: {:?}", show(text).found());
    }
}

#[test]
fn numbers_that_begin_anew_begin_a_list() {
    for (text, lists) in [
        ("1. 甲\n2. 乙\n\n1. 丙\n2. 丁\n", 2),
        ("1) 甲\n2) 乙\n\n1) 丙\n", 2),
        ("- 甲\n  1. 乙\n  2. 丙\n\n  1. 丁\n", 2),
        ("> 3. 甲\n> 4. 乙\n>\n> 3. 丙\n", 2),
        ("1. 甲\n\n1. 乙\n\n1. 丙\n", 1),
        ("1. 甲\n\n2. 乙\n\n3. 丙\n", 1),
    ] {
        let page = show(text);
        assert_eq!(page.html.matches("<ol").count(), lists, "{}", page.html);
        assert_eq!(page.html.matches("</ol>").count(), lists, "{}", page.html);
        assert!(page.found().is_empty(), "{text}: {:?}", page.found());
    }
    assert_eq!(show("1. 甲\n2. 乙\n1. 丙\n").found(), ["list-numbers 3:1"]);
}

/// Days without a year, months and times as plans and programmes have them.
#[test]
fn lines_of_days_and_times_keep_their_breaks() {
    for text in [
        "04-20 启动仪式\n04-22 广场咨询\n",
        "4/20 启动\n4/22 咨询\n",
        "4.20 启动仪式\n4.22 广场咨询\n4.26 总结\n",
        "4.20-4.26 宣传\n4.27-5.10 总结\n",
        "2024.4 启动\n2024.5 总结\n",
        "2024-04 启动\n2024-05 总结\n",
        "9.00 签到\n9.30 开幕\n",
        "9:00\n9:30\n",
        "九点 签到\n十点半 开幕\n",
        "上午九点签到\n上午十点开幕\n",
        "9点半 签到\n10点 开幕\n",
        "Tel: 0871-68691234\nE-mail: a@b.cn\n",
    ] {
        let page = show(text);
        assert_eq!(page.found(), ["labelled-lines 1:1"], "{text}");
        assert_eq!(page.html.matches("<br>").count(), text.trim_end().matches('\n').count(), "{}", page.html);
    }
    for text in ["投资共计\n4.20 万元，比上年\n4.60 万元少。\n", "比例为\n1/2 左右。\n", "他在\n九点 到场。\n"]
    {
        let page = show(text);
        assert!(page.found().is_empty() && !page.html.contains("<br>"), "{}: {:?}", page.html, page.found());
    }
}

/// Lines that nobody has wrapped are shown as they are typed, without a word.
#[test]
fn lines_of_one_form_and_whole_sentences_keep_their_breaks() {
    for text in [
        "各单位：\n现将有关事项通知如下：\n请认真落实。\n",
        "会议由张三主持。\n会议强调，要提高认识。\n会议要求，落实责任。\n",
        "发明12件；\n实用新型20件；\n外观设计6件。\n",
        "价格：\nA4纸 25元/包\n签字笔 2元/支\n",
        "张三 13812345678\n李四 13987654321\n",
        "1号窗口 商标受理\n2号窗口 专利咨询\n",
        "签到（9:00）\n开幕（9:30）\n",
        "尊重知识，崇尚创新\n诚信守法，公平竞争\n",
        "> “一网通办”\n> “一窗受理”\n",
        "参加单位：\n安宁市人民法院\n安宁市公安局\n",
        "专利38件\n其中：发明12件\n实用新型26件\n",
    ] {
        let page = show(text);
        assert_eq!(page.html.matches("<br>").count(), text.trim_end().matches('\n').count(), "{}", page.html);
        assert_eq!(page.found(), Vec::<String>::new(), "{text}");
    }
    for text in [
        "请于5月1日前将材料报至\n市场监管局202室。\n",
        "我局将于4月20日至\n4月26日举办活动。\n",
        "坚持政府引导、\n市场主导。\n",
        "This is a line\nof wrapped text\n",
    ] {
        assert!(!show(text).html.contains("<br>"), "{}", show(text).html);
    }
    let page = show("1.保护期是（ ）年。\nA.10\nB.15\n");
    assert!(page.html.contains("<br>\nA.10<br>\nB.15"), "{}", page.html);
    assert_eq!(show("                ——摘自《专利法》\n").found(), ["indented-text 1:5"]);
    // Below a line with a colon the text may be wrapped.
    assert_eq!(show("通知如下：\n我局将于4月20日\n举办活动。\n").html.matches("<br>").count(), 1);
}
