//! Full-width look-alikes: found where unmistakable, silent in ordinary official text.

use super::support::*;

#[test]
fn official_text_is_no_mistake() {
    // Paragraphs of the plan and of other notices, as they are pasted.
    for text in [
        "一、指导思想\n坚持以习近平新时代中国特色社会主义思想为指导,按照《知识产权强国建设纲要(2021—2035年)》和《“十四五”国家知识产权保护和运用规划》任务部署。\n",
        "(一)总体目标\n到2025年,知识产权综合实力稳居全省县(市、区)前列。\n",
        "1. 知识产权创造能力不断增长。发明专利授权量达到年新增长45件以上。\n2. 知识产权运用水平显著提高。\n",
        "组 长:浦 泰 市委副书记、市政府代市长\n常务副组长:王斌宁 市政府副市长\n副 组 长:王 斌 市市场监管局局长\n彭建军 市工科信局局长\n",
        "充分利用“3·15”消费者权益日、“4·26”世界知识产权日、科技下乡等重要时节。\n",
        "国知发运函字〔2022〕131号,培育产值超千万元的企业2—3家,1—2家。\n",
        "1、认真贯彻通知要求；\n\n2、优化工作方案；\n\n3、建立领导机构。\n\n",
        "①甲；②乙。【注】（见附件1）【2022】（国知发〔2022〕3号）[甲]（说明）\n",
        "联系人：张＊＊、李＊＊，电话138＊＊＊＊1234，王＊＊和赵＊＊。\n",
        "#知识产权宣传周#今天开始，#4·26#活动。\n",
        "——鲁迅\n",
        "他说：“……”——然后走了。\n",
        "首页｜关于｜联系\n",
        "数量＞ 5 件，＞90%。\n",
        "真好！[了解更多](a.md)\n",
        "#1 房间\n",
        "A·B·C\n",
    ] {
        // Lines with labels keep their breaks, which a note says.
        let found: Vec<String> = show(text).found().into_iter().filter(|f| !f.starts_with("labelled-lines")).collect();
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn code_and_directives_are_left_alone() {
    for text in [
        "`＃ 标题` 和 `【文字】（a.md）`\n",
        "```\n＃ 标题\n···{note}\n———\n```\n",
        "    ＃ 标题\n",
        "```{contacts}\n- name: 甲\n  note: 【文字】（a.md）\n```\n",
    ] {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn every_spelling_of_a_mistake() {
    for (text, wanted) in [
        ("＃标题\n", "wide-heading 1:1"),
        ("#标题\n", "heading-space 1:1"),
        ("[文字]（链接.md）\n", "wide-link 1:1"),
        ("【文字】(http://a.cn/)\n", "wide-link 1:1"),
        ("[文字](a.md）\n", "wide-link 1:1"),
        ("‘‘‘{toc}\n", "wide-fence 1:1"),
        ("｀｀｀\n", "wide-fence 1:1"),
        ("```｛toc｝\n```\n", "wide-fence 1:4"),
        ("——\n", "wide-rule 1:1"),
        ("＊＊＊\n", "wide-rule 1:1"),
        ("－ 甲\n－ 乙\n", "wide-bullet 1:1"),
        ("1、甲\n2、乙\n3、丙\n", "wide-number 1:1"),
        ("> ｜甲｜乙｜\n> ｜丙｜丁｜\n", "wide-table 1:3"),
        ("- 甲\n- ＊＊重点＊＊\n", "wide-emphasis 2:3"),
        ("| 甲 |\n|---|\n| 【文字】（a.md） |\n", "wide-link 3:3"),
    ] {
        assert_eq!(show(text).found(), [wanted], "{text}");
    }
}

#[test]
fn lines_with_forced_breaks_do_not_run_together() {
    for text in [
        "1、甲  \n2、乙\n",
        "1、甲\\\n2、乙\\\n3、丙\n",
        "1、甲<br>\n2、乙<br/>\n3、丙\n",
        "• 甲  \n• 乙\n",
        "· 甲<br>\n· 乙\n",
        "\\#标题\n",
        "甲\n\\##标题\n",
    ] {
        assert_eq!(show(text).found(), Vec::<String>::new(), "{text}");
    }
    assert_eq!(show("1、甲  \n2、乙\n3、丙\n").found(), ["wide-number 1:1"]);
    assert_eq!(show("• 甲  \n• 乙\n• 丙\n").found(), ["wide-bullet 1:1"]);
    assert_eq!(show("#标题\n").found(), ["heading-space 1:1"]);
}
