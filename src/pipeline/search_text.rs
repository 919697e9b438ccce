//! What of a document can be searched. In: a [`Document`]. Out: a [`PageText`]: headings, paragraphs, list entries and table rows without
//! markup, and what the front matter of its kind says. Knows no other page: what directives show of others is found there.

use crate::catalog::{ContentPath, PageRole};
use crate::document::Document;
use crate::markdown::{DirectiveData, HtmlFragment, RenderedBody, Slot};
use puzhi_core::kinds::{KeyValue, KindData, KindValue, Question};
use puzhi_search::{PageText, TextBlock};

/// The words of an article for the release log: title, summary, what its kind says, the blocks of its text without markup, and its
/// corrections, so that one that is rewritten or taken away is a change.
pub(super) fn release_texts(doc: &Document, title: &str) -> Vec<String> {
    let mut blocks = Blocks::default();
    kind_texts(&doc.kind, &mut |text| blocks.add(text));
    blocks.fragment(&doc.body.main, &doc.body);
    let summary = doc.front_matter.summary.clone().unwrap_or_default();
    let text = blocks.done.into_iter().map(|block| block.text);
    let corrections = doc.front_matter.corrections.iter().map(|correction| &correction.value);
    let corrections = corrections.flat_map(|c| [c.when.iso(), c.what.clone(), c.why.clone().unwrap_or_default()]);
    [title.to_string(), summary].into_iter().chain(text).chain(corrections).collect()
}

/// The searchable text of a document.
pub(super) fn page_text(doc: &Document, place: &ContentPath) -> PageText {
    let name = match place.role {
        PageRole::Section => place.folder.rsplit('/').next().unwrap_or_default(),
        _ => place.name.as_str(),
    };
    let mut names: Vec<String> = doc.front_matter.keywords.clone();
    names.extend(doc.front_matter.spellings.iter().map(|spelling| spelling.value.clone()));
    let mut blocks = Blocks::default();
    kind_texts(&doc.kind, &mut |text| blocks.add(text));
    blocks.fragment(&doc.body.main, &doc.body);
    PageText {
        title: doc.title(name).to_string(),
        names,
        summary: doc.front_matter.summary.clone().unwrap_or_default(),
        blocks: blocks.done,
    }
}

/// The texts that the template of a kind shows around the body.
fn kind_texts(kind: &KindData, add: &mut impl FnMut(&str)) {
    match kind {
        KindData::Page => {}
        KindData::Policy(policy) => policy.document_number.iter().chain(&policy.issuer).for_each(|text| add(text)),
        KindData::Guide(guide) => {
            guide.item.iter().for_each(|text| add(text));
            for list in [&guide.basis, &guide.conditions, &guide.materials, &guide.steps] {
                list.iter().for_each(|text| add(text));
            }
            guide.time_limit.iter().chain(&guide.fee).for_each(|text| add(text));
            let window = guide.window.iter().flat_map(|w| [&w.place, &w.phone, &w.hours]);
            window.flatten().for_each(|text| add(text));
        }
        KindData::Event(event) => {
            let days = [event.start, event.end].into_iter().flatten().map(|day| day.zh());
            days.for_each(|day| add(&day));
            [&event.place, &event.address, &event.street, &event.reason]
                .into_iter()
                .flatten()
                .for_each(|text| add(text));
            event.organisers.iter().for_each(|text| add(text));
        }
        KindData::Story(story) => {
            [&story.organisation, &story.industry].into_iter().flatten().for_each(|text| add(text));
            story.ip_type.iter().for_each(|text| add(text));
            story.figures.iter().for_each(|figure| add(&format!("{} {}", figure.label, figure.value)));
        }
        KindData::Survey(survey) => {
            [&survey.purpose, &survey.conductor, &survey.population].into_iter().flatten().for_each(|text| add(text));
            survey.questions.iter().chain(&survey.background).for_each(|question| question_texts(question, add));
        }
        KindData::Fields(fields) => fields.values.iter().for_each(|value| value_texts(&value.value, add)),
    }
}

fn question_texts(question: &Question, add: &mut impl FnMut(&str)) {
    add(&question.text);
    question.options.iter().for_each(|option| add(&option.text));
}

/// The texts of a value of a kind without a struct of its own; links and yes or no have none.
fn value_texts(value: &KindValue, add: &mut impl FnMut(&str)) {
    let mut group = |values: &[KeyValue]| values.iter().for_each(|value| value_texts(&value.value, &mut *add));
    match value {
        KindValue::Group(values) => group(values),
        KindValue::Groups(groups) => groups.iter().for_each(|values| group(values)),
        KindValue::Text(text) | KindValue::Number(text) => add(text),
        KindValue::Texts(texts) => texts.iter().for_each(|text| add(text)),
        KindValue::Date(day) => add(&day.zh()),
        KindValue::Choice(word) => add(&word.zh),
        KindValue::Choices(words) => words.iter().for_each(|word| add(&word.zh)),
        KindValue::Flag(_) | KindValue::Link(_) | KindValue::Links(_) => {}
    }
}

/// Collects the blocks of HTML that the program itself has written: `>` is escaped in attributes.
#[derive(Default)]
struct Blocks {
    done: Vec<TextBlock>,
    text: String,
    heading: Option<String>,
}

impl Blocks {
    /// Adds a text that is a block by itself.
    fn add(&mut self, text: &str) {
        self.end();
        self.text.push_str(text);
        self.end();
    }

    /// Ends the block that is being collected.
    fn end(&mut self) {
        let heading = self.heading.take();
        let text = self.text.trim();
        if !text.is_empty() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.done.push(TextBlock { text, heading });
        }
        self.text.clear();
    }

    fn fragment(&mut self, fragment: &HtmlFragment, body: &RenderedBody) {
        let mut from = 0;
        for (at, slot) in &fragment.slots {
            self.html(&fragment.html[from..*at]);
            from = *at;
            self.slot(*slot, body);
        }
        self.html(&fragment.html[from..]);
        self.end();
    }

    fn slot(&mut self, slot: Slot, body: &RenderedBody) {
        match slot {
            Slot::LinkOpen(_) | Slot::LinkClose(_) => {}
            Slot::Image(n) => self.text.push_str(&body.images[n as usize].alt),
            Slot::Code(n) => self.text.push_str(&body.code[n as usize].text),
            Slot::Directive(n) => match &body.directives[n as usize].data {
                DirectiveData::Contacts { entries } => {
                    for entry in entries {
                        let more = [&entry.place, &entry.phone, &entry.hours, &entry.note];
                        let texts: Vec<&str> = std::iter::once(&entry.name)
                            .chain(more.into_iter().flatten())
                            .map(String::as_str)
                            .collect();
                        self.add(&texts.join(" "));
                    }
                }
                DirectiveData::Flow(flow) => {
                    self.add(&flow.title);
                    for step in &flow.steps {
                        let lanes = step.lanes.iter().map(|lane| flow.lanes[*lane].as_str());
                        let when = step.jump.iter().flat_map(|jump| jump.when.as_deref());
                        let texts: Vec<&str> = [step.title.as_str()]
                            .into_iter()
                            .chain(lanes)
                            .chain(step.mark.as_deref())
                            .chain(when)
                            .collect();
                        self.add(&texts.join(" "));
                        self.fragment(&step.text, body);
                    }
                }
                DirectiveData::Decision(decision) => {
                    self.add(&decision.title);
                    for question in &decision.questions {
                        self.add(&question.text);
                        question.answers.iter().for_each(|answer| self.add(&answer.text));
                    }
                    for outcome in &decision.outcomes {
                        self.add(&outcome.title);
                        self.fragment(&outcome.text, body);
                    }
                }
                DirectiveData::Bars(chart) | DirectiveData::Line(chart) => {
                    chart.texts().iter().for_each(|text| self.add(text));
                }
                DirectiveData::Gauge(gauge) => gauge.texts().iter().for_each(|text| self.add(text)),
                DirectiveData::Timeline { entries, .. } => {
                    for entry in entries {
                        let end = entry.end.as_deref().unwrap_or_default();
                        self.add(&format!("{} {end} {}", entry.date, entry.title));
                        self.fragment(&entry.text, body);
                    }
                }
                DirectiveData::Download { title: Some(title), .. } => self.add(title),
                DirectiveData::Table { caption: Some(caption), .. } => self.add(caption),
                _ => {}
            },
        }
    }

    fn html(&mut self, mut html: &str) {
        while let Some(open) = html.find('<') {
            push_unescaped(&mut self.text, &html[..open]);
            let end = html[open..].find('>').map_or(html.len(), |close| open + close + 1);
            self.tag(&html[open + 1..end]);
            html = &html[end..];
        }
        push_unescaped(&mut self.text, html);
    }

    /// `tag` is what follows `<`.
    fn tag(&mut self, tag: &str) {
        let (tag, closing) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        match name {
            // Inline elements stand inside a word.
            "a" | "abbr" | "b" | "bdi" | "bdo" | "cite" | "code" | "del" | "dfn" | "em" | "i" | "ins" | "kbd"
            | "mark" | "q" | "ruby" | "rb" | "s" | "samp" | "small" | "span" | "strong" | "sub" | "u" | "var"
            | "wbr" => {}
            "br" | "img" | "input" | "rp" | "rt" | "sup" | "td" | "th" | "time" => self.text.push(' '),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end();
                if !closing {
                    self.heading = Some(attribute(tag, "id").unwrap_or_default());
                }
            }
            // A heading inside of a summary stays one.
            _ => {
                let heading = self.heading.take().filter(|_| self.text.trim().is_empty());
                self.end();
                self.heading = heading;
            }
        }
    }
}

/// The value of an attribute that the program has written.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let after = tag.split_once(&format!(" {name}=\""))?.1;
    let mut value = String::new();
    push_unescaped(&mut value, after.split('"').next()?);
    Some(value)
}

/// Appends text of HTML with the character references of the escaper and of the sanitiser replaced.
fn push_unescaped(out: &mut String, mut text: &str) {
    const NAMED: [(&str, char); 6] =
        [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("#39;", '\''), ("nbsp;", ' ')];
    while let Some(at) = text.find('&') {
        out.push_str(&text[..at]);
        text = &text[at + 1..];
        match NAMED.iter().find(|(name, _)| text.starts_with(name)) {
            Some((name, c)) => {
                out.push(*c);
                text = &text[name.len()..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(text);
}
