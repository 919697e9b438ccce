//! A survey's front matter and files of answers to it; used here and by the tests of the command (`tests/survey/import_command.rs`).

/// Front matter of the survey that the files answer, up to its questions.
pub const PAGE: &str = "\
title: 知晓情况调查
id: s
opens: 2027-04-01
closes: 2027-04-30
questions:
  - {id: heard, type: single, required: true, text: 您听说过“知识产权”吗？, options: [{id: know, text: 知道}, {id: only, text: 听说过}, {id: never, text: 没有听说过}]}
  - {id: topics, type: multiple, text: '听说过哪些,可多选', show_if: heard != never, options: [{id: patent, text: 专利}, {id: mark, text: 商标}, {id: right, text: 著作权}]}
  - {id: patent, type: single, text: 发明专利保护多久？, options: [{id: y-10, text: 10年}, {id: y-20, text: 20年}]}
  - {id: rate, type: scale, text: 有用吗？}
  - {id: age, type: single, required: true, text: 您多大？, options: [{id: child, text: 不满14岁}, {id: adult, text: 14—60岁}, {id: old, text: 60岁以上}]}
  - {id: years, type: number, text: 住了几年？, min: 0, max: 120}
";

/// The rest of it: the age rule and the waves.
pub const REST: &str = "\
under_age: {question: age, options: [child]}
waves:
  - {id: drawn, sample: probability, mode: [paper, web, face]}
  - {id: quota, sample: quota}
  - {id: open-days, sample: voluntary, mode: paper}
";

/// What the first row of [`ENTRY`] and of [`WJX_TEXT`] answers.
pub const FIRST: &str =
    r#"{"age":"adult","heard":"know","patent":"y-20","rate":4,"topics":["mark","patent"],"years":34}"#;

/// What the second row answers.
pub const SECOND: &str = r#"{"age":"old","heard":"never","years":0}"#;

/// The entry sheet as a clerk fills it in: numbers in boxes, a full-width digit, a child in the last row.
pub const ENTRY: &str = "\u{FEFF}serial,heard,topics:patent,topics:mark,topics:right,patent,rate,age,years\r\n\
    1,1,1,1,0,2,4,2,34\r\n\
    2,3,,,,,,old,０\r\n\
    3,1,1,0,0,1,4,1,9\r\n";

/// As 问卷星 downloads by texts: metadata, one column a question, answers joined by ┋.
pub const WJX_TEXT: &str = "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您听说过“知识产权”吗？,\"2、听说过哪些,可多选\",3、发明专利保护多久？[单选题],4、有用吗？,5、您多大？,6、住了几年？,总分\r\n\
    1,2027/4/5 9:01:07,81秒,微信,示例昵称,10.0.0.1(云南-昆明),A.知道,专利┋商标〖示例文字〗,20年,4,14—60岁,34,7\r\n\
    2,2027/4/5 10:59:59,64秒,链接,直接访问,10.0.0.2(云南-昆明),没有听说过,(跳过),(空),(空),60岁以上,0,0\r\n\
    3,2027/4/5 11:00:00,64秒,链接,直接访问,10.0.0.3(云南-昆明),知道,著作权,(空),(空),不满14岁,9,0\r\n";

/// [`ENTRY`] as a workbook, made by `make_xlsx.py`.
pub const WORKBOOK: &[u8] = include_bytes!("entry.xlsx");
