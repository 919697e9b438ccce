//! What media that take an article ask of it. In: the article, an [`Outlet`] of the settings. Out: findings as data, each with what to write.

use crate::blocks::{Article, Block, Inline, plain};

/// What one of the media asks.
#[derive(Debug, Clone, Default)]
pub struct Outlet {
    /// Its name.
    pub name: String,
    /// Fewest characters of a title; 0 for no limit.
    pub title_least: usize,
    /// Most characters of a title; 0 for no limit.
    pub title_most: usize,
    /// Characters that a title must not have: `，。；`.
    pub title_without: String,
    /// Fewest pictures.
    pub pictures_least: usize,
    /// Whether it takes no tables as such, only as pictures.
    pub no_tables: bool,
    /// Words that are right on the site alone.
    pub words: Vec<WordRule>,
}

/// A word that other media cannot print as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRule {
    /// The word: `我市`.
    pub word: String,
    /// What to write instead; empty if only the author knows.
    pub instead: String,
}

/// What an outlet will not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutletFinding {
    /// The title has too few characters.
    TitleShort {
        /// How many it has.
        value: usize,
        /// How many it must have.
        least: usize,
    },
    /// The title has too many characters.
    TitleLong {
        /// How many it has.
        value: usize,
        /// How many it may have.
        most: usize,
    },
    /// The title has a character that it must not have.
    TitleCharacter(char),
    /// Too few pictures.
    FewPictures {
        /// How many there are.
        value: usize,
        /// How many there must be.
        least: usize,
    },
    /// Tables, which the outlet wants as pictures.
    Tables(usize),
    /// A word that is right on the site alone.
    Word {
        /// The word.
        word: String,
        /// What to write instead; empty if only the author knows.
        instead: String,
        /// The text around it.
        around: String,
        /// Whether it stands in a quotation, which must stay as it is.
        quoted: bool,
    },
}

/// The words that say where and when only to those who read them on the site: `我市` and the like are `place`, `我县` `county`, `本站` is `site`.
/// What is not known is an empty text: the rule then names the word alone.
pub fn default_word_rules(place: &str, county: &str, site: &str) -> Vec<WordRule> {
    let rule = |word: &str, instead: &str| WordRule { word: word.to_string(), instead: instead.to_string() };
    let mut rules: Vec<WordRule> = ["我市", "本市", "全市"].iter().map(|word| rule(word, place)).collect();
    rules.extend(["我县", "本县", "全县"].iter().map(|word| rule(word, county)));
    rules.extend(["本站", "本网站", "本网"].iter().map(|word| rule(word, site)));
    rules.extend(
        ["近日", "日前", "近期", "昨日", "昨天", "今日", "明日", "上周", "本月", "今年", "去年"]
            .iter()
            .map(|word| rule(word, "")),
    );
    rules
}

/// Words in which a word of the rules is only a part of another one: the part and what follows or precedes it.
const PARTS_OF_OTHERS: &[&str] = &[
    "我市场",
    "本市场",
    "全市场",
    "最近日",
    "近日点",
    "近日里程",
    "近期望",
    "本网络",
    "本站点",
    "基本站",
    "版本站",
    "资本市",
    "成本市",
    "目前日前",
    "本网点",
    "本网格",
    "安全市",
    "完全市",
    "健全市",
    "保全市",
    "健全县",
    "安全县",
    "完全县",
    "过去年",
    "日前后",
    "明日期",
    "近日期",
    "今日期",
    "写明日",
    "注明日",
    "说明日",
    "证明日",
    "声明日",
    "载明日",
    "标明日",
    "表明日",
];

/// What ends a word before 日, so that 日前 is "before the day": 申请日前, 登记日前, 工作日前.
const ENDS_BEFORE_DAY: &str = "请权告记满作当每次节生定交效施缴签订止期开〇零一二三四五六七八九十";

/// Whether 日前 is the end of a date or of a certain day.
fn is_before_a_day(text: &str, at: usize, word: &str) -> bool {
    let before = text[..at].trim_end().chars().next_back();
    word == "日前" && before.is_some_and(|c| c.is_numeric() || ENDS_BEFORE_DAY.contains(c))
}

impl Outlet {
    /// What this outlet will not take of an article.
    pub fn check(&self, article: &Article) -> Vec<OutletFinding> {
        let mut found = Vec::new();
        let title = article.info.title.trim();
        let length = title.chars().count();
        if length < self.title_least {
            found.push(OutletFinding::TitleShort { value: length, least: self.title_least });
        }
        if self.title_most > 0 && length > self.title_most {
            found.push(OutletFinding::TitleLong { value: length, most: self.title_most });
        }
        found.extend(self.title_without.chars().filter(|c| title.contains(*c)).map(OutletFinding::TitleCharacter));
        let pictures = article.pictures().len();
        if pictures < self.pictures_least {
            found.push(OutletFinding::FewPictures { value: pictures, least: self.pictures_least });
        }
        let tables = count_tables(&article.blocks);
        if self.no_tables && tables > 0 {
            found.push(OutletFinding::Tables(tables));
        }
        self.words_in(title, false, &mut found);
        self.words_of(article.body(), false, &mut found);
        found
    }

    fn words_of(&self, blocks: &[Block], quoted: bool, found: &mut Vec<OutletFinding>) {
        for block in blocks {
            let quoted = quoted || matches!(block, Block::Quote(_));
            for line in own_lines(block) {
                self.words_in(&plain(line), quoted, found);
            }
            for inner in block.inner() {
                self.words_of(inner, quoted, found);
            }
        }
    }

    fn words_in(&self, text: &str, quoted: bool, found: &mut Vec<OutletFinding>) {
        for rule in self.words.iter().filter(|rule| !rule.word.is_empty()) {
            for (at, _) in text.match_indices(&rule.word) {
                let is_part = PARTS_OF_OTHERS.iter().any(|other| {
                    other.match_indices(&rule.word).any(|(inside, _)| {
                        at.checked_sub(inside)
                            .and_then(|start| text.get(start..))
                            .is_some_and(|rest| rest.starts_with(other))
                    })
                });
                if !is_part && !is_before_a_day(text, at, &rule.word) {
                    found.push(OutletFinding::Word {
                        word: rule.word.clone(),
                        instead: rule.instead.clone(),
                        around: around(text, at, rule.word.len()),
                        quoted,
                    });
                }
            }
        }
    }
}

/// The lines of a block that are not in blocks inside it.
fn own_lines(block: &Block) -> Vec<&[Inline]> {
    match block {
        Block::Heading { text, .. } => vec![text],
        Block::Paragraph(text) | Block::Code(text) => vec![text],
        Block::Table(table) => vec![&table.caption],
        Block::Figure(figure) => vec![&figure.caption, &figure.credit],
        Block::Facts(facts) => facts.iter().flat_map(|fact| fact.terms.iter().map(|term| &term[..])).collect(),
        Block::Details(details) => vec![&details.question],
        Block::List(_) | Block::Quote(_) | Block::Notes(_) | Block::Rule => Vec::new(),
    }
}

fn count_tables(blocks: &[Block]) -> usize {
    let inside = |block: &Block| block.inner().into_iter().map(count_tables).sum::<usize>();
    blocks.iter().map(|block| usize::from(matches!(block, Block::Table(_))) + inside(block)).sum()
}

/// A word with up to eight characters on both sides.
fn around(text: &str, at: usize, length: usize) -> String {
    let start = text[..at].char_indices().rev().nth(7).map_or(0, |(start, _)| start);
    let end = text[at + length..].char_indices().nth(8).map_or(text.len(), |(end, _)| at + length + end);
    text[start..end].to_string()
}
