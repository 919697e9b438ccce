//! A made-up site that can be edited in every way an author, a designer or an accident can, by a seed.

use std::collections::BTreeMap;

use puzhi_core::kinds::KindName;

/// Small, fixed, the same on every machine (splitmix64).
pub struct SeededRng(pub u64);

impl SeededRng {
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

#[derive(Clone, Debug)]
struct Page {
    path: String,
    fields: BTreeMap<&'static str, String>,
    body: String,
    /// Paths of pages it links to; those that are not there are left out.
    links: Vec<String>,
}

impl Page {
    fn text(&self, known: impl Fn(&str) -> bool) -> String {
        let mut out = String::from("---\n");
        // A page that expires before its date is an error, which would keep the site from being written.
        let expires_early =
            self.fields.get("expires").is_some_and(|day| self.fields.get("date").is_some_and(|d| d > day));
        for (key, value) in self.fields.iter().filter(|(key, _)| **key != "expires" || !expires_early) {
            out.push_str(&format!("{key}: {value}\n"));
        }
        out.push_str(&format!("---\n{}\n", self.body));
        for link in self.links.iter().filter(|l| known(l)) {
            out.push_str(&format!("\n又见[那一页](/{link})。\n"));
        }
        out
    }
}

/// The site's files as they would be written.
#[derive(Clone)]
pub struct RandomSite {
    pages: Vec<Page>,
    files: BTreeMap<String, String>,
    settings: BTreeMap<&'static str, String>,
    count: usize,
}

const FOLDERS: [&str; 7] = ["", "news/", "guides/", "guides/deep/", "events/", "policy/", "scams/"];
const TAGS: [&str; 5] = ["专利", "商标", "著作权", "Patent", "质押"];
const BODIES: [&str; 13] = [
    "正文一段，见[缺](/news/p0.md)。",
    "## 小标题 {#s1}\n\n一段**“重点”**内容，**85%**以上。",
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
    "```{pages}\n:tag: 专利\n:limit: 3\n```",
    "```rust\nfn main() {}\n```",
    "注[^1]。\n\n[^1]: 脚注。",
    "```{events}\n:limit: 2\n```",
    "```{targets}\n```",
    "```{target} aware\n```",
    "```{toc}\n```",
    "```{table} /data/t.csv\n```",
    "![图](/p.svg)",
    "```{download} /static.txt\n```",
];
const DAYS: [&str; 6] = ["2026-02-01", "2026-03-15", "2026-04-26", "2026-10-31", "2026-11-01", "2026-12-24"];

const THEME: &[(&str, &str)] = &[
    (
        "base.html",
        "{% include \"parts/head.html\" %}{{ site }}{{ t }}{{ lang }}{{ lang_code }}{{ root }}{{ here }}{{ large }}{{ asset(path=\"plain.css\") }}{% block main %}{% endblock main %}",
    ),
    ("parts/head.html", "HEAD"),
    ("parts/own.html", "OWN {{ data(path=\"x.yaml\") }}"),
    ("components.html", "{% component card(c) %}<{{ c }}>{% endcomponent card %}"),
    (
        "page.html",
        "{% extends \"base.html\" %}{% block main %}{{ page }}{% for c in page.related %}{{ <card c={c} /> }}{% endfor %}{% endblock main %}",
    ),
    ("section.html", "{% extends \"base.html\" %}{% block main %}{{ list }}{% endblock main %}"),
    ("home.html", "{% extends \"section.html\" %}{% block main %}{{ list }}{{ home }}{{ page }}{% endblock main %}"),
    ("404.html", "{% extends \"base.html\" %}"),
    ("redirect.html", "{{ target_url }}{{ target_title }}{{ permalink }}"),
    ("calendar.html", "{% extends \"section.html\" %}"),
    ("month.html", "{% extends \"section.html\" %}"),
    ("ledger.html", "{% extends \"section.html\" %}"),
    ("search.html", "{% extends \"section.html\" %}"),
];
const LISTS: [&str; 2] = ["term.html", "taxonomy.html"];
const DIRECTIVES: [&str; 15] = [
    "contacts", "timeline", "flow", "decision", "bars", "line", "gauge", "target", "targets", "table", "events",
    "pages", "toc", "survey", "download",
];

/// Every deferred directive has its template in the test's theme.
#[test]
fn the_theme_shows_every_deferred_directive() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/civic/templates/directives");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_string();
        assert!(DIRECTIVES.contains(&name.as_str()), "DIRECTIVES of random_site.rs lacks {name}");
    }
}

pub const SURVEY: &str = "---\ntitle: 问卷\nkind: survey\nid: s1\nopens: 2026-10-01\ncloses: 2026-11-01\nawareness: {words: 听说过, question: q1, options: [a]}\ntarget: {value: 85, op: \"≥\"}\nquestions:\n  - {id: q1, type: single, text: 听说过吗, required: true, options: [{id: a, text: 是}, {id: b, text: 否}]}\n---\n```{survey} s1\n:compact: true\n```\n";

/// Files that are one of several texts; an empty text is no file. They try what pages drawn at random hardly do: translations, policies
/// that explain others, anchors, spellings of terms, results of a survey, templates that go.
const VARIANTS: &[(&str, &[&str])] = &[
    (
        "content/tags/patent.md",
        &[
            "---\ntitle: 专利\naliases: [Patent]\n---\n词条。\n",
            "---\ntitle: 专利\n---\n词条。\n",
            "---\ntitle: 专利权\naliases: [Patent, 专利]\n---\n词条。\n",
        ],
    ),
    ("content/tags/_index.md", &["", "---\ntitle: 标签集\n---\n"]),
    (
        "content/units/sjj.md",
        &["---\ntitle: 市市场监管局\naliases: [市监局]\n---\n", "---\ntitle: 市市场监管局\n---\n"],
    ),
    ("content/office.md", &["---\ntitle: 办公\nunits: 市监局\n---\n"]),
    ("content/board.md", &["---\ntitle: 看板\n---\n```{targets}\n:unit: 市监局\n```\n"]),
    ("content/guides/deep/q.md", &["", SURVEY_OF_DEEP, "---\ntitle: 深处\nkind: guide\ndate: 2026-10-30\n---\n"]),
    (
        "content/survey.en.md",
        &[
            "",
            "---\ntitle: Questions\nkind: survey\nid: s1\nopens: 2026-10-01\ncloses: 2026-11-01\nquestions:\n  - {id: q1, type: single, text: Heard, required: true, options: [{id: a, text: Yes}, {id: b, text: No}]}\n---\n",
        ],
    ),
    ("content/ask.en.md", &["", "---\ntitle: Ask\ntags: [Patent]\n---\n```{survey} s1\n```\n"]),
    ("content/news/twin.md", &["---\ntitle: 双语\ntags: [专利]\n---\n"]),
    (
        "content/news/twin.en.md",
        &["", "---\ntitle: Twin\n---\n", "---\ntitle: Twin\ntags: [Patent]\nslug: other\n---\n"],
    ),
    ("content/news/fair.md", &["", "---\ntitle: 集市\nkind: event\nstart: 2026-12-01\n---\n"]),
    ("content/survey.results.json", &["", RESULTS]),
    (
        "content/marks.md",
        &["---\ntitle: 记号\nlayout: post\n---\n## 一 {#m1}\n\n字。\n", "---\ntitle: 记号\n---\n## 一 {#m2}\n\n字。\n"],
    ),
    (
        "content/refs.md",
        &["---\ntitle: 指向\n---\n见[记号](/marks.md#m1)。\n", "---\ntitle: 指向\n---\n见[记号](/marks.md)。\n"],
    ),
    (
        "content/policy/orig.md",
        &["---\ntitle: 原文\ndate: 2026-02-02\n---\n", "---\ntitle: 原文改\ndate: 2026-02-02\n---\n"],
    ),
    (
        "content/policy/reading.md",
        &[
            "---\ntitle: 解读\ndate: 2026-02-03\noriginal: /policy/orig.md\n---\n见[原文](/policy/orig.md)。\n",
            "---\ntitle: 解读\ndate: 2026-02-03\nexplains: [/policy/orig.md]\noriginal: /policy/orig.md\n---\n见[原文](/policy/orig.md)。\n",
        ],
    ),
    ("themes/dump/templates/special.html", &[SPECIAL, ""]),
    ("data/search.yaml", &["集市: [活动]\n", "集市: [活动, 场次]\n", ""]),
    (
        "content/found.md",
        &["---\ntitle: 找得到\n搜索词: 甲\n---\n一句。\n", "---\ntitle: 找得到\n搜索词: 乙\n---\n一句。\n"],
    ),
    (
        "data/targets.yaml",
        &[
            "- {id: aware, title: 认知度, group: 目标, words: 达85%以上, value: 85, unit: \"%\", per: end, units: [市市场监管局]}\n",
            "- {id: aware, title: 认知度, group: 目标, words: 达86%以上, value: 86, unit: \"%\", per: end, units: [市市场监管局]}\n",
            "- {id: known, title: 认知度, group: 目标, words: 达85%以上, value: 85, unit: \"%\", per: end}\n",
        ],
    ),
];

const SPECIAL: &str = "{% extends \"page.html\" %}{% block main %}{% include \"parts/own.html\" %}{{ targets() }}{{ terms(taxonomy=\"tags\") }}{{ pages(section=\"news\", limit=2) }}{{ page.title }}{% endblock main %}";

const SURVEY_OF_DEEP: &str = "---\ntitle: 深问\nkind: survey\nid: s2\nopens: 2026-10-01\ncloses: 2026-12-01\nquestions:\n  - {id: q1, type: single, text: 听说过吗, required: true, options: [{id: a, text: 是}, {id: b, text: 否}]}\n---\n";

const RESULTS: &str = r#"{"format":1,"survey":"s1","waves":[{"id":"w","title":null,"opens":"2026-10-01","closes":"2026-10-10","sample":"probability","modes":["web"],"n":400,"awareness":{"words":"听说过","rule":"00","aware":352,"n":400,"share":0.88,"interval":{"low":0.845,"high":0.908,"level":0.95,"kind":"confidence"},"weighting":null},"questions":[],"crosses":[],"wording":{},"one_wording":true,"disclosure":{"strategy":null,"sponsor":null,"conductor":null,"population":null,"frame":null,"invited":null,"weighting":null,"quality":null,"limits":null}}]}"#;

const RELEASES_LOCK: &str = "content/releases.lock.yaml";

/// Release logs: none, one of pages that may be elsewhere by now, the same at another hour and with another text, a damaged one.
const RELEASE_LOGS: &[&str] = &[
    "",
    "version: 1\narticles:\n  - {address: /p1/, title: 第1页, file: content/p1.md, date: 2026-10-31, first: 2026-10-31T09:30, last: 2026-10-31T09:30, text: \"text-1:0\"}\n  - {address: /news/p2/, title: 第2页, file: content/news/p2.md, first: 2026-02-01T09:30, last: 2026-10-31T09:30, text: \"text-1:1\"}\nfiles: []\nlists: [/news/, /tags/x/]\n",
    "version: 1\narticles:\n  - {address: /p1/, title: 第1页, file: content/p1.md, date: 2026-10-31, first: 2026-10-31T14:05, last: 2026-10-31T14:05, text: \"text-1:2\", before: \"text-1:0\"}\nfiles: []\nlists: [/news/, /guides/deep/]\n",
    "version: 1\narticles: [{address: x}]\nfiles: []\nlists: []\n",
];

/// Definitions of one kind: other names and roles of its keys, a default, another template, mistakes.
const KINDS: [&str; 6] = [
    "英文名: scam\n键:\n  - {名称: 手法, 英文名: method, 列表显示: 是}\n  - {名称: 发现, 英文名: seen, 类型: 日期}\n  - {名称: 到期, 英文名: until, 类型: 日期}\n  - {名称: 文件, 英文名: files, 类型: 几个链接}\n",
    "英文名: scam\n有日期: seen\n失效取自: until\n键:\n  - {名称: 手法, 英文名: method}\n  - {名称: 发现, 英文名: seen, 类型: 日期, 列表显示: 是}\n  - {名称: 到期, 英文名: until, 类型: 日期}\n  - {名称: 文件, 英文名: files, 类型: 几个链接}\n",
    "英文名: fraud\n进订阅: 否\n可搜索: 否\n有日期: 否\n键:\n  - {名称: 套路, 英文名: method, 缺省: 不明, 列表显示: 是}\n  - {名称: 发现, 英文名: seen, 类型: 日期}\n  - {名称: 到期, 英文名: until, 类型: 日期}\n  - {名称: 文件, 英文名: files, 类型: 几个链接}\n",
    "英文名: scam\n模板: special.html\n键:\n  - {名称: 手法, 英文名: method}\n  - {名称: 发现, 英文名: seen, 类型: 日期}\n  - {名称: 到期, 英文名: until, 类型: 日期}\n  - {名称: 文件, 英文名: files, 类型: 几个链接}\n",
    "英文名: scam\n键:\n  - {名称: 手法, 英文名: method, 必填: 是}\n",
    "英文名: scam\n失效取自: 没有\n键:\n  - {名称: 手法, 英文名: method, 类型: 一组}\n",
];

impl RandomSite {
    pub fn new(rng: &mut SeededRng) -> Self {
        let mut files: BTreeMap<String, String> =
            THEME.iter().map(|(n, t)| (format!("themes/dump/templates/{n}"), t.to_string())).collect();
        let of_kinds = KindName::ALL.iter().filter(|kind| **kind != KindName::Page);
        let of_kinds = of_kinds.map(|kind| (kind.definition().template, "page.html"));
        for (name, base) in of_kinds.chain(LISTS.map(|name| (name, "section.html"))) {
            files.insert(format!("themes/dump/templates/{name}"), format!("{{% extends \"{base}\" %}}"));
        }
        for name in DIRECTIVES {
            files.insert(format!("themes/dump/templates/directives/{name}.html"), "{{ directive }}".into());
        }
        for (path, text) in [
            ("themes/dump/static/plain.css", "body { margin: 1rem }"),
            ("themes/dump/static/css/large.css", "body { font-size: 24px }"),
            ("themes/dump/i18n/zh.yaml", "home: 首页\nledger: 台账\n"),
            ("content/static.txt", "附件"),
            ("content/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"4\"></svg>"),
            ("data/x.yaml", "a: 1\n"),
            ("data/t.csv", "甲,乙\n1,2\n"),
            ("content/events/_index.md", "---\ntitle: 活动\nkind: event\n---\n"),
            ("content/guides/_index.md", "---\ntitle: 指南\nkind: guide\nsort: order\n---\n指南在此。\n"),
            ("content/policy/_index.md", "---\ntitle: 政策\nkind: policy\n---\n"),
            ("content/scams/_index.md", "---\ntitle: 骗局\nkind: 骗局\n---\n"),
            ("kinds/骗局.yaml", KINDS[0]),
            ("content/survey.md", SURVEY),
        ] {
            files.insert(path.into(), text.into());
        }
        for (path, texts) in VARIANTS.iter().filter(|(_, texts)| !texts[0].is_empty()) {
            files.insert(path.to_string(), texts[0].into());
        }
        let settings = BTreeMap::from([
            ("title", "增量".to_string()),
            ("theme", "dump".into()),
            ("large_mode", "yes".into()),
            ("page_size", "2".into()),
            ("feed_size", "3".into()),
            ("base_url", "https://example.org/x/".into()),
            ("languages", "[{code: zh, name: 中文}, {code: en, name: English, title: Steps}]".into()),
            ("ledger", "{sessions: 10, people: 1500, page: /ledger/}".into()),
        ]);
        let mut random_site = Self { pages: Vec::new(), files, settings, count: 0 };
        for _ in 0..5 + rng.below(8) {
            random_site.add(rng);
        }
        random_site
    }

    /// Every file of the site.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut out = self.files.clone();
        out.insert("site.yaml".into(), self.settings.iter().map(|(k, v)| format!("{k}: {v}\n")).collect());
        let known = |path: &str| {
            self.pages.iter().any(|p| {
                p.path == format!("content/{path}")
                    && !p.fields.contains_key("draft")
                    && p.fields.get("date").is_none_or(|d| d.as_str() < "2026-11-01")
            })
        };
        for page in &self.pages {
            out.insert(page.path.clone(), page.text(known));
        }
        out
    }

    fn add(&mut self, rng: &mut SeededRng) {
        let folder = *rng.pick(&FOLDERS);
        let english = if rng.chance(20) { ".en" } else { "" };
        self.count += 1;
        let number = self.count;
        let path = format!("content/{folder}p{number}{english}.md");
        let mut page = Page { path, fields: BTreeMap::new(), body: rng.pick(&BODIES).to_string(), links: Vec::new() };
        page.fields.insert("title", format!("第{number}页"));
        if folder == "events/" {
            page.fields.insert("id", format!("e{number}"));
            page.fields.insert("start", rng.pick(&DAYS).to_string());
        } else if rng.chance(80) {
            page.fields.insert("date", rng.pick(&DAYS).to_string());
        }
        self.pages.push(page);
        for _ in 0..rng.below(3) {
            self.edit_page(rng, number - 1);
        }
    }

    fn edit_page(&mut self, rng: &mut SeededRng, at: usize) {
        if self.pages.is_empty() {
            return self.add(rng);
        }
        let at = at.min(self.pages.len() - 1);
        let other = rng.pick(&self.pages).path.trim_start_matches("content/").to_string();
        let event = self.pages[at].path.starts_with("content/events/");
        let policy = self.pages[at].path.starts_with("content/policy/");
        let scam = self.pages[at].path.starts_with("content/scams/");
        let page = &mut self.pages[at];
        let mut toggle = |key: &'static str, value: String| {
            if page.fields.remove(key).is_none_or(|old| old != value) {
                page.fields.insert(key, value);
            }
        };
        match rng.below(22) {
            0 if rng.chance(20) => page.body = "```{survey} s1\n```".into(),
            0..=2 => page.body = rng.pick(&BODIES).to_string(),
            3 => page.body.push_str("\n\n再添一句。"),
            4 | 5 => toggle("title", format!("题{}", rng.below(6))),
            6 => toggle("summary", format!("摘要{}", rng.below(4))),
            7 if !event => toggle("date", rng.pick(&DAYS).to_string()),
            8 | 9 => toggle("tags", format!("[{}, {}]", rng.pick(&TAGS), rng.pick(&TAGS))),
            10 => toggle("units", "市市场监管局".into()),
            11 => toggle("draft", "true".into()),
            12 => toggle("sample", "true".into()),
            13 => toggle("expires", rng.pick(&["2026-10-31", "2026-11-01", "2027-01-01"]).to_string()),
            14 => toggle("slug", format!("s{}-{at}", rng.below(3))),
            15 => toggle("aliases", format!("[/alt/{at}-{}/]", rng.below(2))),
            16 => toggle("template", "special.html".into()),
            17 => toggle("image", "{src: /p.svg, alt: 图}".into()),
            18 => toggle("order", rng.below(5).to_string()),
            19 if event => toggle(["campaign", "place", "repeats"][rng.below(3)], "yearly".into()),
            20 if event => toggle("of", format!("e{}", at + 1)),
            20 if policy => {}
            19 | 20 if scam => toggle(["method", "seen", "until"][rng.below(3)], rng.pick(&DAYS[..3]).to_string()),
            21 if scam => toggle("files", format!("[/p.svg, /news/p{}.md]", rng.below(3))),
            _ => match page.links.iter().position(|l| *l == other) {
                Some(i) => drop(page.links.remove(i)),
                None => page.links.push(other),
            },
        }
    }

    /// One edit.
    pub fn edit(&mut self, rng: &mut SeededRng) {
        let at = rng.below(self.pages.len());
        match rng.below(50) {
            48 | 49 => {
                let definition = *rng.pick(&KINDS);
                self.replace("kinds/骗局.yaml", definition.into());
            }
            30 => match rng.below(3) {
                0 => self.replace("content/survey.md", SURVEY.replace("2026-11-01", "2026-11-02")),
                1 => self.replace("content/survey.md", SURVEY.replace("问卷", "问卷二")),
                _ => self.replace("content/survey.md", SURVEY.into()),
            },
            0..=13 => self.edit_page(rng, at),
            14..=16 => self.add(rng),
            17 | 18 if self.pages.len() > 2 => drop(self.pages.remove(at)),
            19 if !self.pages.is_empty() => {
                self.count += 1;
                let folder = if self.pages[at].path.starts_with("content/events/") {
                    "events/"
                } else {
                    rng.pick(&FOLDERS[..4])
                };
                self.pages[at].path = format!("content/{folder}m{}.md", self.count);
            }
            20 => self.toggle("templates/page.html", "{% extends \"theme/page.html\" %}"),
            21 => self.toggle("templates/parts/head.html", "EIGEN"),
            22 => self.toggle("templates/parts/own.html", "SELBST"),
            23 | 46 => self.replace("data/x.yaml", format!("a: {}\n", rng.below(3))),
            24 => {
                let path = *rng.pick(&["data/t.csv", "content/static.txt", "themes/dump/static/plain.css"]);
                self.replace(path, format!("甲,乙\n{},2\n", rng.below(4)));
            }
            25 | 31..=42 => {
                let (path, texts) = *rng.pick(VARIANTS);
                match *rng.pick(texts) {
                    "" => drop(self.files.remove(path)),
                    text => self.replace(path, text.into()),
                }
            }
            26 | 43 | 44 => drop(match rng.below(4) {
                0 => self.settings.insert("title", format!("增量{}", rng.below(2))),
                1 => self.settings.insert("page_size", (2 + rng.below(2)).to_string()),
                2 => self.settings.insert("feed_size", (2 + rng.below(3)).to_string()),
                _ => self.settings.insert("description", "说明".into()),
            }),
            27 | 45 => self.replace("themes/dump/i18n/zh.yaml", format!("home: 首页{}\nledger: 台账\n", rng.below(2))),
            28 => {
                let (path, text) = *rng.pick(&[
                    ("content/guides/_index.md", "---\ntitle: 指南\nkind: guide\nsort: date\n---\n"),
                    (
                        "content/guides/_index.md",
                        "---\ntitle: 指南二\nkind: guide\nsort: title\npage_size: 3\n---\n导语。\n",
                    ),
                    ("content/news/_index.md", "---\ntitle: 新闻\norder: 1\n---\n"),
                    ("content/deep.md", "---\ntitle: 深\n---\n见[活动](/events/)。\n"),
                ]);
                self.replace(path, text.into());
            }
            _ => self.replace(
                "themes/dump/templates/components.html",
                format!("{{% component card(c) %}}<{}{{{{ c }}}}>{{% endcomponent card %}}", rng.below(3)),
            ),
        }
    }

    /// Makes the files for other media, and has a page for corrections.
    pub fn turn_formats_on(&mut self) {
        self.settings.insert("republish", "{ninjs: true, embeds: true}".into());
        self.settings.insert("feed_formats", "[atom, json, rss]".into());
        self.write("themes/dump/templates/corrections.html", "{% extends \"section.html\" %}");
    }

    /// One edit of what a page says of its past and of what others may do with it, or of the release log.
    pub fn edit_past(&mut self, rng: &mut SeededRng) {
        if rng.chance(20) || self.pages.is_empty() {
            let log = *rng.pick(RELEASE_LOGS);
            return self.write(RELEASES_LOCK, log);
        }
        if rng.chance(10) {
            let terms = rng.pick(&["free", "ask", "no"]);
            self.settings.insert("republish", format!("{{ninjs: true, embeds: true, default: {terms}}}"));
            return;
        }
        let at = rng.below(self.pages.len());
        let correction = format!("{{when: {}, what: 改{}}}", rng.pick(&DAYS), rng.below(3));
        let (key, value) = match rng.below(5) {
            0 | 1 => ("corrections", format!("[{correction}, {{when: 2026-10-30 9:30, what: 又, why: 因}}]")),
            2 => ("corrections", format!("[{correction}]")),
            3 => ("withdrawn", format!("{{when: {}, why: 因{}}}", rng.pick(&DAYS), rng.below(2))),
            _ => ("republish", rng.pick(&["free", "ask", "no"]).to_string()),
        };
        let fields = &mut self.pages[at].fields;
        match rng.chance(40) {
            true => drop(fields.remove(key)),
            false => drop(fields.insert(key, value)),
        }
    }

    /// Adds a file, or removes it if the text is empty.
    pub fn write(&mut self, path: &str, text: &str) {
        match text {
            "" => drop(self.files.remove(path)),
            text => self.replace(path, text.into()),
        }
    }

    fn toggle(&mut self, path: &str, text: &str) {
        if self.files.remove(path).is_none() {
            self.files.insert(path.into(), text.into());
        }
    }

    fn replace(&mut self, path: &str, text: String) {
        self.files.insert(path.into(), text);
    }
}
