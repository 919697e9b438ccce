//! Formulas: TeX as people write it for other Markdown programs becomes MathML without losing anything.

use puzhi_core::diag::Lang;

use super::support::*;

/// The text that a reader sees: HTML without tags.
fn visible(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace(['\u{2061}', '\n'], "")
}

#[test]
fn no_tag_of_a_formula_is_shown_as_text() {
    for (tex, shown) in [
        ("O(\\log n)", "O(logn)"),
        ("\\sin x + \\lim_{n} n", "sinx+limnn"),
        ("\\Big( x \\Big)", "(x)"),
        ("\\left( x \\middle| y \\right)", "(x|y)"),
        ("a\\quad b\\!c", "abc"),
        ("\\displaystyle \\bigl[ 1 \\bigr]", "[1]"),
        ("\\pmod{7}", "(mod7)"),
    ] {
        let page = show(&format!("设 ${tex}$ 则\n"));
        assert!(page.found().is_empty(), "{tex}: {:?}", page.found());
        assert_eq!(visible(&page.html), format!("设 {shown} 则"), "{}", page.html);
        assert!(!page.html.contains("\"minsize"), "a space stands before each attribute: {}", page.html);
    }
    assert_eq!(visible(&show("$\\text{ 且 }x$\n").html), "\u{A0}且\u{A0}x");
}

#[test]
fn commands_of_other_programs_are_read() {
    for (tex, shown) in [
        ("p = \\infin", "p=∞"),
        ("b = n \\mod 7", "b=nmod7"),
        ("x \\mod (10^9 + 7)", "xmod(109+7)"),
        ("\\boxed{5.5}", "5.5"),
        ("a \\gt c \\tag{1}", "a>c(1)"),
        ("a = 1 \\\\ b = 2", "a=1b=2"),
        ("a &= 1 \\\\ b &= 2 \\\\", "a=1b=2"),
        ("{n \\choose k} = {a \\over b + 1}", "(nk)=ab+1"),
        ("\\xRightarrow[下]{上} x", "⇒上下x"),
        ("\\text{增长 50\\% 的 $x_1$}", "增长 50%\u{A0}的\u{A0}x1"),
        ("\\operatorname*{arg\\,max}_x f", "arg\u{2009}maxxf"),
        ("\\R \\N", "ℝℕ"),
        ("\\textcolor{red}{x}\\nonumber", "x"),
        ("\\Large x", "x"),
    ] {
        let page = show(&format!("$$\n{tex}\n$$\n"));
        assert!(page.found().is_empty(), "{tex}: {:?}", page.found());
        let seen = visible(&page.html).replace('\u{2062}', "");
        let plain = |s: &str| s.replace(['\u{A0}', ' '], "");
        assert_eq!(plain(&seen), plain(shown), "{tex}: {}", page.html);
    }
    let boxed = show("$\\boxed{\\phantom{y}x}$\n").html;
    assert!(
        boxed.contains("<menclose notation=\"box\">") && boxed.contains("<mphantom><mi>y</mi></mphantom>"),
        "{boxed}"
    );
}

/// Each command of KaTeX is read, or is one of the few that are refused with a finding.
#[test]
fn every_command_of_katex_is_known() {
    const REFUSED: &[&str] = &[
        "\\H",
        "\\TextOrMath",
        "\\c",
        "\\errmessage",
        "\\expandafter",
        "\\href",
        "\\htmlClass",
        "\\htmlId",
        "\\htmlStyle",
        "\\image",
        "\\includegraphics",
        "\\message",
        "\\noexpand",
        "\\not",
        "\\providecommand",
        "\\r",
        "\\renewcommand",
        "\\show",
        "\\u",
        "\\url",
        "\\v",
        "\\color",
        "\\html",
    ];
    let mut wrong = Vec::new();
    for tex in include_str!("../../fixtures/katex-commands.txt").lines().filter(|line| !line.starts_with('#')) {
        let page = show(&format!("$$\n{tex}\n$$\n"));
        let name: String =
            tex.chars().enumerate().take_while(|(i, c)| *i == 0 || c.is_alphabetic()).map(|p| p.1).collect();
        let refused = !page.found().is_empty();
        if refused != REFUSED.contains(&name.as_str()) || page.html.contains("&lt;m") || page.html.contains("&amp;n") {
            wrong.push(format!("{tex}: {}", page.html));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn code_spans_bind_more_tightly_than_formulas() {
    let page = show("设$JAVA_HOME和`$PATH`。\n");
    assert_eq!(page.html, "<p>设$JAVA_HOME和<code>$PATH</code>。</p>\n");
    assert!(page.found().is_empty());
    let page = show("$JAVA_HOME and `$PATH` and `$HOME`\n");
    assert!(page.html.contains("<code>$PATH</code> and <code>$HOME</code>"), "{}", page.html);
    let page = show("变量 $a_b`x`c$ 里有代码\n");
    assert!(page.html.contains("$a_b<code>x</code>c$"), "{}", page.html);
    // As on GitHub, a formula may stand in backticks between dollar signs.
    let page = show("设 $`x^2`$ 则\n");
    assert!(page.html.contains("<msup>") && !page.html.contains('`'), "{}", page.html);
    // A quotation mark of TeX starts no code span.
    assert!(show("$\\text{``甲''}_1$ 乙\n").html.contains("<math"));
}

#[test]
fn a_refused_formula_is_shown_as_typed_and_said_in_one_line() {
    let page = show("甲 $\\nosuch 1$ 乙\n");
    assert!(page.html.contains("<code>$\\nosuch 1$</code>"), "{}", page.html);
    let page = show("**重点**$$\n\\nosuch{甲~乙}\n\\frac{1}2\n$$\n");
    assert_eq!(page.found(), ["bad-tex 1:7"]);
    let message = page.diags[0].message(Lang::Zh);
    assert!(message.ends_with("\\nosuch{甲~乙} \\frac{1}2"), "{message}");
    // The characters that are inserted for the parser are not shown.
    let message = show("*甲*$\\nosuch ^“乙”_$\n").diags[0].message(Lang::Zh);
    assert!(message.ends_with("\\nosuch ^“乙”_"), "{message:?}");
}

#[test]
fn names_of_templates_are_no_formulas() {
    for text in [
        "模板里写 $title$ $date$ 即可",
        "用 $Name$ 表示姓名",
        "文件名 $year$-$month$.docx",
        "变量a$b$c相连，x$user$1也是",
    ] {
        let page = show(&format!("{text}\n"));
        assert_eq!(page.html, format!("<p>{text}</p>\n"));
        assert!(page.found().iter().all(|code| code.starts_with("dollar-text")), "{:?}", page.found());
    }
    for text in ["设 $x$ 和 $y$", "$n$th", "表 $cnt$ 中", "$ab$-$cd$"] {
        assert!(show(&format!("{text}\n")).html.contains("<math"), "{text}");
    }
    // A power ends before a range does.
    assert_eq!(show("面积100m^2~200m^2之间\n").html, "<p>面积100m^2~200m^2之间</p>\n");
}
