use crate::kit::*;

#[test]
fn scratch() {
    let s = show("# 题目\n\n第一段**“重点”**内容，见https://a.cn/x。请看\n下一行\nword\nmore H~2~O x^2^ 3~5天，10~20人\n\n## 标题 {#t}\n\n## 标题 *em* `code`\n\n- a\n  - b\n- [x] c\n\n![图](a.png \"图注\")\n\n|a|b|\n|:-|-:|\n|**“x”**字|2|\n\n> [!NOTE]\n> 文\n\n[^1] 再[^1] [^b]\n\n[^1]: 注[^b]\n[^b]: 乙\n\n词\n: 义\n\n```rust\nfn main(){}\n```\n\n设$x=1$则花$5和$6。\n\n$$\n\\frac{1}{2}\n$$\n");
    println!("{}\n{:#?}", s.html, s.body.headings);
    println!("{:?} {:?}", s.found(), s.body.lead);
}
