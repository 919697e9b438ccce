//! Fixes of findings: every fix of a fixture corrects its finding and nothing else, and certain texts are fixed exactly so.

use std::collections::BTreeMap;

use puzhi::fixes::{ChangedFiles, FixedSite, fix_site};
use puzhi::source::{FileSnapshot, memory_site};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};

use super::{findings_of, folder, unescape};

/// The site after all fixes of findings with this code.
fn fixed_site(files: &FileSnapshot, code: &str) -> FixedSite {
    let check = |changed: &ChangedFiles| findings_of(&with_files(files, changed));
    let read = |path: &SitePath| files.read_bytes(path, 1 << 20, "data").ok();
    fix_site(check, read, |of| of.name == code)
}

fn with_files(files: &FileSnapshot, changed: &ChangedFiles) -> FileSnapshot {
    changed.iter().fold(files.clone(), |files, (path, bytes)| files.with_file(path.as_str(), bytes.as_slice()))
}

/// How many findings there are of each code.
fn counts<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for diag in found {
        *counts.entry(diag.code.name).or_default() += 1;
    }
    counts
}

/// Fixes that write another name, or a sign for a letter.
const OTHER_WORDS: [&str; 8] = [
    "unknown-key",
    "unknown-directive",
    "unknown-option",
    "bad-choice",
    "broken-anchor",
    "broken-link",
    "missing-image",
    "task-box",
];

/// Letters and digits of a text.
fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What is wrong with the fixes of one fixture; `None` in the first place if none of its findings has one.
fn faults(code: &str, archive: &str) -> (bool, Option<String>) {
    let files = memory_site(&unescape(archive));
    let before = findings_of(&files);
    let Some(fix) = before.iter().find(|diag| diag.code.name == code).and_then(|diag| diag.fix.as_ref()) else {
        return (false, None);
    };
    let site = fixed_site(&files, code);
    let mut wanted = counts(&before);
    wanted.remove(code);
    // What it brings with it, such as a footnote that no reference names, may go as well.
    let left = counts(&site.left);
    if left.iter().any(|(code, count)| wanted.get(code).is_none_or(|known| known < count)) {
        return (true, Some(format!("{code}: {left:?} is found after the fix, {:?} before", counts(&before))));
    }
    let changed: Vec<_> = site.files.iter().collect();
    let [(path, file)] = &changed[..] else {
        return (true, Some(format!("{code}: changes {:?}", site.files.keys().collect::<Vec<_>>())));
    };
    let (old, new) = (&file.original, &file.fixed);
    let (first, last) = (&fix.edits()[0].span, &fix.edits()[fix.edits().len() - 1].span);
    let is_kept = new.starts_with(&old[..first.start]) && (file.fixes.len() > 1 || new.ends_with(&old[last.end..]));
    let [old, new] = [old, new].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let same_words = OTHER_WORDS.contains(&code) || words(&old) == words(&new);
    let fault = (!is_kept || !same_words).then(|| format!("{code}: {path} becomes {new}"));
    (true, fault)
}

#[test]
fn every_fix_of_a_fixture_corrects_its_finding_and_nothing_else() {
    let mut wrong = Vec::new();
    let tried: Vec<&str> = CASES.iter().filter(|case| case.1 != case.2).map(|case| case.0).collect();
    for (_, code) in codes::all() {
        let text = std::fs::read_to_string(folder().join(format!("{}.txt", code.name))).unwrap_or_default();
        let text = text.replace("\r\n", "\n");
        let Some((_, archive)) = text.split_once('\n') else { continue };
        let (is_fixed, fault) = faults(code.name, archive);
        wrong.extend(fault);
        if code.fixable && !is_fixed && !tried.contains(&code.name) {
            wrong.push(format!("{}: neither its fixture nor a case here has a fix", code.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A code, the page `content/a.md`, perhaps with other files below, and the page once findings of the code are fixed. The same text
/// twice is one that is reported and has no fix, or is not reported.
const CASES: &[(&str, &str, &str)] = &[
    ("full-width-colon", "---\n标题：　甲\n摘要：\n  乙\n---\n", "---\n标题: 甲\n摘要:\n  乙\n---\n"),
    ("no-space-after-colon", "---\n标题:甲\n摘要 :乙\n---\n", "---\n标题: 甲\n摘要: 乙\n---\n"),
    ("needs-quotes", "---\n标题: 甲: \"乙\" # 注\n---\n", "---\n标题: '甲: \"乙\"' # 注\n---\n"),
    ("trailing-mark", "---\n标签: [甲, 乙],\n---\n", "---\n标签: [甲, 乙]\n---\n"),
    ("list-mark", "---\n标签:\n  - 甲\n  -乙\n  • 丙\n---\n", "---\n标签:\n  - 甲\n  - 乙\n  - 丙\n---\n"),
    ("list-mark", "---\n标签:\n  1. 甲\n  2. 乙\n---\n", "---\n标签:\n  1. 甲\n  2. 乙\n---\n"),
    ("full-width-list", "---\n标签: [甲，乙］\n---\n", "---\n标签: [甲, 乙]\n---\n"),
    ("full-width-list", "---\n标签: ［甲：子，乙］\n---\n", "---\n标签: [甲：子, 乙]\n---\n"),
    ("full-width-list", "---\n标签: ［\"甲\"，乙］\n---\n", "---\n标签: ［\"甲\"，乙］\n---\n"),
    ("yaml-indent", "---\n标题: 甲\n 摘要: 乙\n---\n", "---\n标题: 甲\n摘要: 乙\n---\n"),
    ("yaml-unclosed-quote", "---\n标题: \"甲  \n---\n", "---\n标题: \"甲\"  \n---\n"),
    ("yaml-unclosed-quote", "---\n标题: \"甲 # 注\n---\n", "---\n标题: \"甲 # 注\n---\n"),
    ("unknown-key", "---\n标题: 甲\nsumary: 乙\n---\n", "---\n标题: 甲\nsummary: 乙\n---\n"),
    ("unknown-key", "---\n标题: 甲\ntitel: 乙\n---\n", "---\n标题: 甲\ntitel: 乙\n---\n"),
    ("unknown-key", "---\n标提: 甲\n---\n", "---\n标提: 甲\n---\n"),
    ("aliases-in-one", "---\n标题: 甲\n旧网址: /a1/，/a2/\n---\n", "---\n标题: 甲\n旧网址: [/a1/, /a2/]\n---\n"),
    ("wide-heading", "＃＃标题\n\n文。\n", "## 标题\n\n文。\n"),
    ("heading-space", "文。\n\n##标题\n", "文。\n\n## 标题\n"),
    ("heading-space", "##这是一句话，不是标题。\n", "##这是一句话，不是标题。\n"),
    (
        "wide-link",
        "见［通知］(a.pdf)和【另一个】（b.pdf）。\n-- content/a.pdf --\nx\n-- content/b.pdf --\nx\n",
        "见[通知](a.pdf)和[另一个](b.pdf)。\n",
    ),
    ("wide-definition", "见[附则]。\n\n[附则]：　https://a.cn\n", "见[附则]。\n\n[附则]: https://a.cn\n"),
    ("wide-definition", "甲\n\n[附则]：https://a.cn\n", "甲\n\n[附则]：https://a.cn\n"),
    ("wide-footnote", "甲［^1］乙\n\n［^1］：注\n", "甲[^1]乙\n\n[^1]: 注\n"),
    ("wide-footnote", "甲［^1］乙\n", "甲［^1］乙\n"),
    ("wide-fence", "｀｀｀｛note｝ 题\n文字\n｀｀｀\n", "```{note} 题\n文字\n```\n"),
    ("wide-fence", "```｛note｝\n文字\n```\n", "```{note}\n文字\n```\n"),
    ("wide-fence", "···{note}\n\n文字\n", "···{note}\n\n文字\n"),
    ("wide-rule", "上面。\n————\n下面。\n", "上面。\n\n---\n\n下面。\n"),
    ("wide-rule", "————\n\n下面。\n", "————\n\n下面。\n"),
    ("wide-rule", "> 上面。\n> ————\n> 下面。\n", "> 上面。\n> ————\n> 下面。\n"),
    ("wide-quote", "＞引文\n＞ 又一行\n", "> 引文\n> 又一行\n"),
    ("wide-quote", "＞引文\n又一行\n", "＞引文\n又一行\n"),
    ("wide-table", "｜甲｜乙｜\n｜一｜二｜\n", "|甲|乙|\n|---|---|\n|一|二|\n"),
    ("wide-table", "｜甲｜乙｜\n｜－－｜——：｜\n｜一｜二｜\n", "|甲|乙|\n|--|--:|\n|一|二|\n"),
    ("wide-table", "｜甲｜乙｜\n｜一｜二｜三｜\n", "｜甲｜乙｜\n｜一｜二｜三｜\n"),
    ("wide-emphasis", "请看：＊＊重点＊＊和＊＊要点＊＊\n", "请看：**重点**和＊＊要点＊＊\n"),
    ("emphasis-space", "请看** 重点 **内容\n", "请看**重点**内容\n"),
    ("link-space", "请看[指南]　(https://a.cn)。\n", "请看[指南](https://a.cn)。\n"),
    ("link-title", "见[甲](https://a.cn \"标\"题\")。\n", "见[甲](https://a.cn \"标”题\")。\n"),
    ("wide-address", "见[甲](https：//a.cn/)和 http：//b.cn/ 。\n", "见[甲](https://a.cn/)和 http://b.cn/ 。\n"),
    ("tex-brackets", "设\\(x^2\\)为 \\\\(y^2\\\\)\n", "设$x^2$为 $y^2$\n"),
    ("alert-mark", "> ［！注意］请带证件\n", "> [!注意] 请带证件\n"),
    ("alert-mark", "> [！通告]\n> 文。\n", "> [！通告]\n> 文。\n"),
    ("task-box", "- []甲\n- 【√】乙\n- [x] 丙\n", "- [ ] 甲\n- [x] 乙\n- [x] 丙\n"),
    ("list-space", "要带：\n1.甲\n2.乙\n", "要带：\n1. 甲\n2. 乙\n"),
    ("list-space", "要带：\n1.甲\n写了两行\n2.乙\n", "要带：\n1.甲\n写了两行\n2.乙\n"),
    ("wide-bullet", "• 甲\n• 乙\n", "- 甲\n- 乙\n"),
    ("indented-lines", "　　甲。\n　　乙。\n　　丙。\n", "　　甲。\n\n　　乙。\n\n　　丙。\n"),
    (
        "numbered-heading",
        "一、条件\n\n年满十八岁。\n\n二、材料\n\n申请表。\n\n三、时间\n",
        "## 一、条件\n\n年满十八岁。\n\n## 二、材料\n\n申请表。\n\n## 三、时间\n",
    ),
    (
        "numbered-heading",
        "一、条件\n\n年满十八岁。\n\n二、材料\n\n三、时间\n",
        "一、条件\n\n年满十八岁。\n\n二、材料\n\n三、时间\n",
    ),
    (
        "table-line",
        "> | 甲 | 乙 |\n> |---|---|\n> | 1 | 2 |\n> 以上。\n",
        "> | 甲 | 乙 |\n> |---|---|\n> | 1 | 2 |\n>\n> 以上。\n",
    ),
    ("table-line", "| 甲 | 乙 |\n|---|---|\n以上。\n另外。\n", "| 甲 | 乙 |\n|---|---|\n\n以上。\n另外。\n"),
    ("table-line", "| 甲 | 乙 |\n|---|---|\n小计\n| 1 | 2 |\n", "| 甲 | 乙 |\n|---|---|\n小计\n| 1 | 2 |\n"),
    (
        "definition-in-text",
        "见[表]。\n[表]: https://a.cn\n[图]: https://b.cn\n",
        "见[表]。\n\n[表]: https://a.cn\n[图]: https://b.cn\n",
    ),
    ("definition-in-text", "见下面。\n[表]: https://a.cn\n", "见下面。\n[表]: https://a.cn\n"),
    ("markdown-in-html", "<p>附件</p>\n- 身份证\n", "<p>附件</p>\n\n- 身份证\n"),
    ("foreign-character", "知\u{200B}识产\u{200B}权\n", "知识产权\n"),
    ("foreign-character", "甲\u{F0B7}乙\n", "甲\u{F0B7}乙\n"),
    ("control-character", "甲\u{8}乙\u{7}丙\n", "甲乙丙\n"),
    ("control-character", "甲\u{B}乙\n", "甲\u{B}乙\n"),
    ("wide-option", "## 甲\n\n```{toc}\n：depth：3\n```\n", "## 甲\n\n```{toc}\n:depth: 3\n```\n"),
    ("unknown-option", "## 甲\n\n```{toc}\n:dept: 3\n```\n", "## 甲\n\n```{toc}\n:depth: 3\n```\n"),
    ("unknown-directive", "```{notee}\n文字\n```\n", "```{note}\n文字\n```\n"),
    ("unknown-directive", "```{top}\n文字\n```\n", "```{top}\n文字\n```\n"),
    ("directive-brace", "```{note 重要\n甲\n```\n", "```{note} 重要\n甲\n```\n"),
    ("broken-link", "[甲](sub/B.md \"sub/B.md\")\n-- content/sub/b.md --\n文。\n", "[甲](sub/b.md \"sub/B.md\")\n"),
    ("broken-link", "见[指南](gude.md)。\n-- content/guide.md --\n指南。\n", "见[指南](gude.md)。\n"),
    ("broken-anchor", "见[条件](b.md#条建)。\n-- content/b.md --\n## 条件\n\n## 条款\n", "见[条件](b.md#条建)。\n"),
    (
        "missing-image",
        "---\n标题: 甲\n配图: {src: Photo.SVG, alt: 图}\n---\n-- content/photo.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>\n",
        "---\n标题: 甲\n配图: {src: photo.svg, alt: 图}\n---\n",
    ),
];

#[test]
fn texts_are_fixed_exactly_so() {
    const SITE: &str = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n-- content/a.md --\n";
    let mut wrong = Vec::new();
    for (code, before, after) in CASES {
        let site = fixed_site(&memory_site(&format!("{SITE}{before}")), code);
        let page = SitePath::new("content/a.md").unwrap();
        let now = site.files.get(&page).map(|file| String::from_utf8_lossy(&file.fixed).into_owned());
        let written = before.split("-- content/").next().unwrap_or_default();
        let now = now.as_deref().unwrap_or(written);
        if now != *after && before != after || before == after && now != written {
            wrong.push(format!("{code}: {now:?} instead of {after:?}"));
        }
        if before != after && site.left.iter().any(|diag| diag.code.name == *code && diag.fix.is_some()) {
            wrong.push(format!("{code}: is found again in {now:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
