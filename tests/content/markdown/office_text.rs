//! Random documents as an office writes them: Chinese text with marks, slips of the hand, HTML, tables, lists, notes,
//! formulas and blocks of this program.
//!
//! Input: a seed. Output: a document; the same seed gives the same one.

/// A generator of random numbers (SplitMix64), so that a seed gives the same document on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn pick<'p>(&mut self, of: &[&'p str]) -> &'p str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const WORDS: &[&str] = &[
    "县知识产权局",
    "办理条件",
    "身份证",
    "申请表",
    "二楼大厅",
    "一次告知",
    "上午九点",
    "免费",
    "专利",
    "商标",
    "地理标志",
    "联系人",
    "电话",
    "2026年",
    "第3窗口",
    "3~5天",
    "10%",
    "IP",
    "Word 文档",
    "《条例》",
    "（试行）",
    "“强县”",
    "A~C类",
    "100m^2",
    "周一至周五",
    "v1.0",
    "a_b",
    "C:\\目录",
    "&",
    "&amp;",
    "&copy;",
    "1 < 2",
    "5>3",
    "#1",
    "50*2",
    "\\*",
    "$5",
    "——",
    "…",
    "：",
    "、",
    "☑",
    "😀",
];

const STOPS: &[&str] = &["，", "。", "；", "、", " ", "", "", "\n", "\n", "  \n", "\\\n"];

const MARKED: &[&str] = &[
    "**重点**",
    "*强调*",
    "***两者***",
    "~~作废~~",
    "`代码`",
    "``a`b``",
    "H~2~O",
    "x^2^",
    "**“引”**后",
    "__下划__",
    "_斜_",
    "[链接](a.md)",
    "[题](b.md \"标题\")",
    "[无址]()",
    "[定义][一]",
    "[一]",
    "![图](a.png)",
    "![](b.png)",
    "![图](c.png \"图题\")",
    "<https://a.cn/>",
    "https://b.cn/x?y=1",
    "a@b.cn",
    "www.c.cn",
    "甲[^1]",
    "乙[^2]",
    "[^9]",
    "［^1］",
    "[坏](javascript:x)",
    "$x_1+y$",
    "$$\\frac{1}{2}$$",
    "$\\nosuch$",
    "花$5和$6",
    "<br>",
    "<b>粗</b>",
    "<font color=red>红</font>",
    "<blink>闪</blink>",
    "<span onclick=x>点</span>",
    "<u>线",
    "</u>",
    "<!-- 注 -->",
    "<!-- 注 —>",
    "<?x y?>",
    "<a:b>",
    "<T>",
    "List<?>",
    "<![CDATA[甲]]>",
    "<kbd>F5</kbd>",
    "<script>x()</script>",
    "<img src=d.png alt=图>",
    "<img src=\"data:x\" alt=像>",
    "**没有收尾",
    "`没有收尾",
    "[没有收尾",
    "【链接】（a.md）",
    "＊＊重点＊＊",
    "~/.profile",
    "1^2",
    "\\[转义\\]",
    "\\#",
    "&#x4e2d;",
    "&nosuch;",
    "\u{8}",
    "\u{FFFE}",
    "\u{200B}",
    "[[双链|名]]",
    "{#id}",
    "==高亮==",
    "[x]",
    ":smile:",
    "| 竖线 |",
    "![外](https://a.cn/x.png)",
    "[套[内](b.md)](a.md)",
    "王*明、李*华",
    "138****5678和139****1234",
    "姓名：____",
    "3*4*5",
    "甲\u{2028}乙",
    "\u{F0B7} 项",
    "&#8;",
    "\u{A0}",
    "\u{FFFC}",
    "桌子*10张、椅子*20把",
    "孙*明与周*华",
    "李**、王*",
    "（__）年（__）月",
    "9:00~~11:30，14:30~~17:00",
    "另[^①]、[^*]",
    "$、$$",
    "</p>",
    "</br>",
    "<big>大</big>",
    "[空](https://a.cn/x y)",
    "[注[^1]](a.md)",
    "%%备注%%",
    "‹!—— 备注 ——›",
];

fn sentence(r: &mut Random) -> String {
    let mut out = String::new();
    for _ in 0..1 + r.below(7) {
        out.push_str(if r.chance(70) { r.pick(WORDS) } else { r.pick(MARKED) });
        out.push_str(r.pick(STOPS));
    }
    let out = out.trim().trim_end_matches('\\').to_string();
    if out.is_empty() { "空".into() } else { out }
}

fn line(r: &mut Random) -> String {
    sentence(r).replace("\\\n", "").replace('\n', "")
}

fn table(r: &mut Random) -> String {
    let columns = 1 + r.below(3);
    let row = |r: &mut Random, width: usize| {
        let cells: Vec<String> = (0..width).map(|_| line(r)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = row(r, columns);
    let width = if r.chance(15) { columns + 1 } else { columns };
    out.push_str(&format!("|{}{}\n", "---|".repeat(width), r.pick(&["", "", "\t"])));
    for _ in 0..r.below(4) {
        let width = (columns + r.below(3)).saturating_sub(1).max(1);
        out.push_str(&row(r, width));
    }
    out
}

fn html(r: &mut Random) -> String {
    let (a, b) = (line(r), line(r));
    match r.below(9) {
        0 => format!("<table>\n<tr><td>{a}</td><td>{b}</td></tr>\n</table>\n"),
        1 => format!("<table>\n<tr><td>{a}</td></tr>\n\n<tr><td bgcolor=red>{b}</td></tr>\n</table>\n"),
        2 => format!("<div align=center>\n\n{a}\n\n</div>\n"),
        3 => format!("<!-- {a}\n{b} -->\n"),
        4 => format!("<!-- {a} {}\n", r.pick(&["—>", "--!>", "->", "-->"])),
        5 => format!("<details><summary>{a}</summary>\n\n{b}\n\n</details>\n"),
        6 => format!("<p style=\"color:red\">{a}\n<center>{b}</center>\n"),
        7 => format!("<style>p {{}}</style>\n<iframe src=x></iframe>{a}\n"),
        _ => format!("<ul>\n<li>{a}\n<li>{b}\n</ul>\n</div>\n"),
    }
}

fn block(r: &mut Random, depth: usize) -> String {
    let words = sentence(r);
    match r.below(25) {
        0 => format!(
            "{} {}{}\n",
            r.pick(&["#", "##", "###"]),
            line(r),
            r.pick(&["", "", " ##", " {#甲}", " {.乙}", " {a=b}"])
        ),
        1 => format!("{}\n{}\n", line(r), r.pick(&["===", "---"])),
        2 => {
            let mark = r.pick(&["- ", "* ", "1. ", "1) ", "- [ ] ", "• ", "1、", "（一）"]);
            (0..1 + r.below(4)).map(|_| format!("{mark}{}\n", line(r))).collect()
        }
        3 if depth < 3 => {
            let inner = block(r, depth + 1);
            let inner = indent(&inner, "  ", "");
            format!("- {}\n\n  {inner}\n", line(r))
        }
        4 if depth < 3 => {
            let head = r.pick(&["", "[!NOTE]\n", "[!注意]\n"]);
            indent(&format!("{head}{}", block(r, depth + 1)), "> ", "> ")
        }
        5 | 6 => table(r),
        7 | 8 => html(r),
        9 => {
            let info = r.pick(&["rust", "rust", "rust 说明", "js title=\"甲\"", "{note 题"]);
            format!("```{info}\n{words}\n{}\n", r.pick(&["```", "```\t", "``", "~~~", ""]))
        }
        10 => format!("    {}\n", line(r)),
        11 if depth < 2 => {
            let name = r.pick(&["{note}", "{tip} 题", "{details} 看", "{nota}", "{faq}", "{steps}", "{gallery}"]);
            format!("````{name}\n{}\n{}````\n", r.pick(&["", ":open: 是", ":x: y"]), block(r, depth + 1))
        }
        12 => format!("[^{}]{} {words}\n", r.pick(&["1", "2", "3"]), r.pick(&[":", ":", "："])),
        13 => {
            format!("[{}]: {}\n", r.pick(&["一", "二", "注意"]), r.pick(&["a.md", "说明", "<b.md> \"题\"", "# (备忘)"]))
        }
        14 => format!("{}\n: {}\n", line(r), line(r)),
        15 => format!("{}\n:{}\n", line(r), line(r)),
        16 => format!("::: tip {}\n{words}\n:::\n", line(r)),
        17 => (0..2 + r.below(2)).map(|_| format!("{}\t{}\n", line(r), line(r))).collect(),
        19 => {
            let labels =
                ["时间：", "地点：", "9:30 ", "4月26日 ", "\u{3000}\u{3000}", "📍", "[1] ", "1.1 ", "２．", "一是"];
            (0..2 + r.below(3)).map(|_| format!("{}{}\n", r.pick(&labels), line(r))).collect()
        }
        20 => format!("{}\n{}\n{}\n", line(r), line(r), r.pick(&["---", "====", "- 3 -", "— 4 —"])),
        21 => format!("    {}。\n", line(r)),
        23 => {
            let head = r.pick(&["- ", "<br>\n", "| 甲 | 乙 |\n|---|---|\n| 1 | ", "> [！重要] ", "$$\n", ">80%的"]);
            format!("{head}{}\n{}\n", line(r), r.pick(&["| 1 | 2 |", "- 项", "2. 项 |", "$$", "甲、项"]))
        }
        22 => {
            let mark = r.pick(&["\u{3000}\u{3000}- ", "-\u{A0}", "\u{3000}## ", "- [√] ", "- []", "3. ", "5. ", "> "]);
            format!("{mark}{}\n{}{}\n", line(r), r.pick(&[mark, ""]), line(r))
        }
        18 => format!("{}\n", r.pick(&["---", "***", "———", "\u{3000}\u{3000}空格开头"])),
        _ => format!("{words}\n"),
    }
}

/// The text with `first` before its first line and `other` before each further one.
fn indent(text: &str, other: &str, first: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .split('\n')
        .enumerate()
        .map(|(i, line)| format!("{}{line}", if i == 0 { first } else { other }))
        .collect();
    lines.join("\n") + "\n"
}

/// The document of a seed.
pub fn document(seed: u64) -> String {
    let mut r = Random::new(seed);
    let mut out = String::new();
    if r.chance(50) {
        out.push_str("# 题目\n\n");
    }
    for _ in 0..1 + r.below(8) {
        out.push_str(&block(&mut r, 0));
        if r.chance(85) {
            out.push('\n');
        }
    }
    for note in ["1", "2"] {
        if r.chance(60) {
            out.push_str(&format!("\n[^{note}]: {}\n", line(&mut r)));
        }
    }
    if r.chance(60) {
        out.push_str("\n[一]: c.md\n");
    }
    match r.below(20) {
        0 | 1 => out.replace('\n', "\r\n"),
        2 => out.replace('\n', "\r"),
        _ => out,
    }
}
