//! Text as offices paste it from word processors, spreadsheets, chats and web pages: shown as it was meant, or reported.

use super::support::*;

/// Code, a text in which it is found, and a part of the HTML.
type Case = (&'static str, &'static str, &'static str);

fn check(cases: &[Case]) {
    for (code, text, html) in cases {
        let page = show(text);
        let codes: Vec<&str> = page.diags.iter().map(|d| d.code.name).collect();
        assert!(codes.contains(code) || code.is_empty() && codes.is_empty(), "{text}: {codes:?}");
        assert!(page.html.contains(html), "{text}: {}", page.html);
    }
}

#[test]
fn series_of_lines_keep_their_breaks() {
    check(&[
        ("enumerated-lines", "１．甲\n２．乙\n", "１．甲<br>\n２．乙"),
        ("enumerated-lines", "１、甲\n２、乙\n", "１、甲<br>\n２、乙"),
        ("enumerated-lines", "（１）甲\n（２）乙\n", "（１）甲<br>\n（２）乙"),
        ("enumerated-lines", "接上：\n2. 甲\n3. 乙\n", "接上：<br>\n2. 甲<br>\n3. 乙"),
        ("enumerated-lines", "\u{3000}\u{3000}1. 甲\n\u{3000}\u{3000}2. 乙\n", "1. 甲<br>\n\u{3000}\u{3000}2. 乙"),
        ("enumerated-lines", "1.1 总则\n1.2 范围\n", "1.1 总则<br>\n1.2 范围"),
        ("enumerated-lines", "2.3.1 甲\n2.3.2 乙\n", "2.3.1 甲<br>\n2.3.2 乙"),
        ("enumerated-lines", "1。甲\n2。乙\n", "1。甲<br>\n2。乙"),
        ("enumerated-lines", "1 甲\n2 乙\n", "1 甲<br>\n2 乙"),
        ("enumerated-lines", "一.甲\n二.乙\n", "一.甲<br>\n二.乙"),
        ("enumerated-lines", "一 甲\n二 乙\n", "一 甲<br>\n二 乙"),
        ("enumerated-lines", "一是抓宣传；\n二是抓培训。\n", "一是抓宣传；<br>\n二是抓培训。"),
        ("enumerated-lines", "第一，甲。\n第二，乙。\n", "第一，甲。<br>\n第二，乙。"),
        ("enumerated-lines", "其一，甲。\n其二，乙。\n", "其一，甲。<br>\n其二，乙。"),
        ("enumerated-lines", "[1] 张三. 甲.\n[2] 李四. 乙.\n", "甲.<br>\n[2] 李四"),
        ("enumerated-lines", "【1】甲\n【2】乙\n", "【1】甲<br>\n【2】乙"),
        ("enumerated-lines", "a) 甲\nb) 乙\n", "a) 甲<br>\nb) 乙"),
        ("enumerated-lines", "Ⅰ.甲\nⅡ.乙\n", "Ⅰ.甲<br>\nⅡ.乙"),
        ("enumerated-lines", "1\u{FE0F}\u{20E3} 甲\n2\u{FE0F}\u{20E3} 乙\n", "甲<br>\n2"),
        ("enumerated-lines", "📍大厅\n⏰九点\n☎123\n", "大厅<br>\n⏰九点<br>\n☎123"),
        ("enumerated-lines", "o 甲\no 乙\n", "o 甲<br>\no 乙"),
        ("enumerated-lines", "附件：1.甲\n      2.乙\n", "附件：1.甲<br>\n2.乙"),
        ("labelled-lines", "时间：九点\n地点：大厅\n", "时间：九点<br>\n地点：大厅"),
        ("labelled-lines", "问：收费吗？\n答：不收。\n", "问：收费吗？<br>\n答：不收。"),
        ("labelled-lines", "**联 系 人**：张三\n**电话**：123\n", "<br>\n<strong>电话</strong>"),
        ("labelled-lines", "9:00 签到\n9:30 开幕\n", "9:00 签到<br>\n9:30 开幕"),
        ("labelled-lines", "4月20日 启动\n4月26日 咨询\n", "4月20日 启动<br>\n4月26日 咨询"),
        ("indented-lines", "\u{3000}\u{3000}甲。\n\u{3000}\u{3000}乙。\n", "甲。<br>\n\u{3000}\u{3000}乙。"),
        ("indented-lines", "\u{2003}\u{2003}甲。\n\u{2003}\u{2003}乙。\n", "甲。<br>\n"),
        ("indented-lines", "> 县政府\n> \u{3000}\u{3000}\u{3000}2026年\n", "县政府<br>\n"),
    ]);
    for text in [
        "他说：\n“甲”\n",
        "详见https://a.cn/\n以及http://b.cn/\n",
        "一共\n2 人和\n5 人\n",
        "比例为\n1.5 倍到\n2.5 倍\n",
        "2024年增长\n2025年下降\n",
        "见图\n（甲）和\n（乙）\n",
        "[1](a.md)\n[2](b.md)\n",
        "这一天\n🎉放假\n大家高兴\n",
    ] {
        assert!(!show(text).html.contains("<br>"), "{text}: {}", show(text).html);
    }
}

#[test]
fn marks_behind_or_before_wide_spaces_are_read() {
    check(&[
        ("", "##\u{A0}甲\n", "<h2 id=\"甲\">"),
        ("", "-\u{A0}甲\n-\u{A0}乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
        ("", "1.\u{2003}甲\n2.\u{2003}乙\n", "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>"),
        ("", "\u{3000}\u{3000}## 甲\n", "<h2 id=\"甲\">"),
        ("", "\u{3000}\u{3000}- 甲\n\u{3000}\u{3000}- 乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"),
        ("", "\u{A0}\u{A0}> 甲\n", "<blockquote>\n<p>甲</p>"),
        ("", "\u{3000}| 甲 |\n\u{3000}|---|\n\u{3000}| 乙 |\n", "<td>乙</td>"),
    ]);
}

#[test]
fn text_that_markdown_reads_as_something_else_is_reported() {
    check(&[
        ("underlined-text", "各单位：\n请报送。\n-----\n", "<h2"),
        ("underlined-text", "请于四月底前报送。\n====\n", "<h2"),
        ("indented-text", "文\n\n    各科室：请配合。\n", "<pre>"),
        ("indented-text", "文\n\n\t各乡镇人民政府，\n\t请执行。\n", "<pre>"),
        ("page-number", "知识产\n- 3 -\n权保护。\n", "<li>3 -"),
        ("page-number", "知识产\n— 12 —\n权保护。\n", "— 12 —"),
        ("list-numbers", "3. 甲\n5. 乙\n8. 丙\n", "<ol start=\"3\">"),
        ("list-numbers", "1. 甲\n2. 乙\n2. 丙\n", "<ol>"),
        ("task-box", "- []甲\n- [ ]乙\n", "<li>[]甲"),
        ("task-box", "1. [√] 甲\n", "<li>[√] 甲"),
        ("lazy-line", "> 引文。\n——某人\n", "引文。——某人"),
        ("lazy-line", "1. 甲\n2. 乙\n以上一式两份。\n", "乙以上一式两份。"),
        ("table-head", "| 甲 | 乙 |\n| 1 | 2 |\n", "| 甲 | 乙 |"),
        ("table-head", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n| 3 | 4 |\n", "<p>| 3 | 4 |</p>"),
        ("table-head", "| 甲 | 乙 |\n|——|——|\n| 1 | 2 |\n", "|——|——|"),
        ("table-line", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n以上。\n", "<td>以上。</td>"),
        ("table-line", "甲|乙\n-|-\n1|2\n注：无\n", "<td>注：无</td>"),
        ("tab-table", "甲\t乙\t丙\n张三\t\t\n李四\t1\t2\n", "甲\t乙\t丙"),
        ("foreign-character", "甲\u{2028}乙\n", "甲"),
        ("foreign-character", "见下图：\u{FFFC}\n", "见下图"),
        ("foreign-character", "| 甲\u{F0FC} |\n|---|\n", "甲"),
        ("foreign-character", "## 乱\u{FFFD}字\n", "乱"),
        ("control-character", "甲&#8;乙\n", "甲"),
        ("control-character", "<p>甲&#x1;乙&#1</p>\n", "甲"),
        ("control-character", "甲&#xFFFF;乙\n", "甲"),
        ("control-character", "<p>甲&#xFFFE;乙</p>\n", "甲"),
        ("control-character", "<p>甲&#xD800;乙</p>\n", "甲"),
        ("control-character", "<p>甲&#0;乙</p>\n", "甲"),
        ("foreign-character", "甲&#0;乙\n", "甲"),
        ("spaced-table", "姓名  电话  住址\n张三  123  甲村\n李四  456  乙村\n", "姓名"),
        ("spaced-table", "项目\u{3000}\u{3000}金额\n查询\u{3000}\u{3000}免费\n复印\u{3000}\u{3000}一元\n", "项目"),
        ("heading-space", "##标题##\n", "##标题##"),
        ("heading-end", "## 标题##\n", "标题##"),
    ]);
    // What reads the same but is meant so.
    for text in [
        "题目\n====\n\n小标题\n---\n",
        "    let 甲 = 1; // 注，\n",
        "    中文注释 // 说明。\n",
        "1. 甲\n1. 乙\n1. 丙\n",
        "0. 甲\n1. 乙\n",
        "- [ ] 甲\n- [x] 乙\n- [链](a.md)\n- []()\n",
        "> 引文\n> 第二行\n",
        "- 这一条很长很长，所以在编辑器里分成了两行来写，第一行到这里还没有完\n接着写完。\n",
        "|x| 是绝对值\n",
        "| 甲 |\n|---|\n| 1 |\n",
        "甲`\u{FFFC}`\n",
        "甲  乙\n丙  丁\n",
        "一\n\u{200B}   甲\n\u{200B}   乙\n\u{200B}   丙\n",
        "First line.  Then\nanother one.  And\na third one.  End\n",
        "床前明月光，\u{3000}\u{3000}疑是\n地上霜，\u{3000}\u{3000}举头\n望明月，\u{3000}\u{3000}低头\n",
        "## 学习 C#\n\n## 标题 ##\n\n#话题#\n",
        "- 3 -\u{4E2A}\n",
    ] {
        let found = show(text).found();
        let found: Vec<&String> = found.iter().filter(|f| !f.starts_with("empty-link")).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn masks_blanks_and_products_keep_their_signs() {
    check(&[
        ("", "获奖：王*明、李*华、赵*\n", "王*明、李*华、赵*"),
        ("", "电话138****5678，139****1234\n", "138****5678，139****1234"),
        ("", "姓名：____年龄：____\n", "姓名：____年龄：____"),
        ("", "面积3*4*5米\n", "面积3*4*5米"),
        ("", "| 甲 |\n|---|\n| 王*明、李*华 |\n", "<td>王*明、李*华</td>"),
        ("", "我*非常*喜欢\n\n____\n", "<em>非常</em>喜欢</p>\n<hr>"),
        ("", "文\n\n****\n", "<hr>"),
    ]);
}

#[test]
fn lines_may_end_with_a_return_alone() {
    let page = show("甲\r\r# 丙\r\r- 丁\r- 戊\r\r| a | b |\r|---|---|\r| 1 | 2 |\r");
    assert!(page.html.contains("<li>丁</li>\n<li>戊</li>") && page.html.contains("<td>2</td>"), "{}", page.html);
    assert!(page.found().is_empty(), "{:?}", page.found());
}
