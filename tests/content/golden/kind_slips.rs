//! Every slip in a file of `kinds/`, with what is said about it in both languages. The sites are the fixtures of the topic
//! `kinds` in `tests/content/diagnostics`; `kind-slips.txt` holds the messages.

use puzhi::pipeline::{Options, build_in_memory};
use puzhi::source::memory_site;
use puzhi_core::diag::{Lang, codes, to_text};

use super::{compare, folder, read};
use crate::support::{build_date, read_settings};

/// Files of one kind with slips that other topics have codes for.
const FILES: &[&str] = &[
    "英文名: scam\n颜色: 红\n",
    "英文名: scam\n键:\n  - {名称: 手法, 类型: 下拉}\n",
    "英文名: scam\n键:\n  - {英文名: method}\n",
    "英文名: scam\n键:\n  - {名称: 渠道, 类型: 单选}\n",
    "英文名: scam\n键:\n  - {名称: 渠道, 类型: 单选, 选项: []}\n",
    "英文名: scam\n键:\n  - {名称: 线索, 类型: 一组, 键: []}\n",
    "英文名: scam\n键:\n  - {名称: 渠道, 类型: 单选, 选项: [电话, 网络], 缺省: 上门}\n",
    "英文名: scam\n键:\n  - {名称: 发现日期, 类型: 日期, 缺省: 那天}\n",
    "英文名: scam\n键:\n  - {名称: 人数, 类型: 整数, 最小: 9, 最大: 1}\n",
    "英文名: scam\n键:\n  - {名称: 线索, 类型: 多组}\n",
    "英文名: scam\n键:\n  - {名称: 描, 英文名: description}\n",
    "英文名: scam\n键: 手法\n",
    "英文名: scam\n模板: polcy.html\n",
    "英文名：scam\n",
    // Keys that are no list.
    "英文名: scam\n键: [手法, 渠道]\n",
    "name: scam\nkeys:\n  method: text\n  seen: {type: date, doc: 那天}\n",
    // Folders of others, and none.
    "英文名: scam\n文件夹: content\n",
    "英文名: scam\n文件夹: \"\"\n",
    "英文名: scam\n文件夹: tags\n",
    "英文名: events\n",
    // Words that people write instead.
    "英文名: scam\n字段:\n  - {名称: 手法}\n",
    "英文名: scam\nfields:\n  - {key: 手法}\n目录: scams\n",
    "英文名: scam\n键:\n  - {名称: 手法, 必须: 是, 默认: 电话, 备注: 怎么做}\n",
    "英文名: scam\n键:\n  - {名称: 线索, 类型: 一组, 键: [{名称: 电话, 缺省: 无, 类形: 文字}]}\n",
    "英文名: scam\n键:\n  - {名称: 线索, 类型: 一组, 子键: [{名称: 电话}]}\n",
    "英文名: scam\n模板: base.html\n",
    "英文名: scam\n模板: components.html\n",
];

#[test]
fn every_slip_in_a_kind_file_is_said_in_both_languages() {
    let mut said = String::new();
    let fixtures = codes::kinds::ALL.iter().map(|code| {
        let fixture = read(&folder("../diagnostics").join(format!("{}.txt", code.name)));
        fixture.split_once('\n').unwrap().1.to_string()
    });
    let site = "-- site.yaml --\ntitle: 示例站\nbase_url: https://example.org/\n";
    let archives = fixtures.chain(FILES.iter().map(|text| format!("{site}-- kinds/骗局.yaml --\n{text}")));
    for archive in archives {
        let files = memory_site(&archive);
        let (settings, found) = read_settings(&files);
        assert_eq!(found, []);
        let clock = build_date(jiff::civil::date(2026, 11, 1), &settings);
        let (report, _) = build_in_memory(&files, settings, clock, &Options::default());
        for diag in &report.diags {
            for lang in [Lang::Zh, Lang::En] {
                said.push_str(&to_text(diag, lang));
            }
            said.push('\n');
        }
    }
    compare("kind-slips.txt", &said);
}
