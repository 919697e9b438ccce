//! What other sites show of a list: the newest pages of a section or term, the next events, the target board in brief. In: a list.
//! Out: [`EmbedList`] with absolute addresses. Knows no file format.

use serde::Serialize;

use crate::view::model::DateView;
use crate::view::site::url_of;
use crate::view::tracking::site::Site;
use crate::view::views::FeedId;
use puzhi_core::base::DateOrDateTime;

/// How many entries a list has on another site.
const ENTRIES: usize = 10;

/// A list that other sites can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmbedOf {
    /// The newest pages of a section or term, or of a language.
    Newest(FeedId),
    /// The next events of a language.
    Events(usize),
    /// The targets of a language.
    Board(usize),
}

/// A list for another site.
#[derive(Debug, Clone, Serialize)]
pub struct EmbedList {
    /// Title of the list.
    pub title: String,
    /// Absolute address of the page that has the whole list.
    pub url: Option<String>,
    /// BCP 47 tag of its language.
    pub language: String,
    /// The entries in order.
    pub items: Vec<EmbedItem>,
}

/// An entry of a list for another site.
#[derive(Debug, Clone, Serialize)]
pub struct EmbedItem {
    /// Its title.
    pub title: String,
    /// Absolute address of its page.
    pub url: Option<String>,
    /// Day of publication, or of an event its next day: `2025-04-26` or `2025-04-26T09:30:00+08:00`.
    pub date: Option<String>,
    /// That day in the list's language.
    pub date_text: Option<String>,
    /// Summary, place or state, plain text; may be empty.
    pub note: String,
}

impl Site {
    /// What another site shows of a list.
    pub fn embed_list(&self, of: &EmbedOf) -> EmbedList {
        match of {
            EmbedOf::Newest(feed) => self.embed_newest(feed),
            EmbedOf::Events(lang) => self.embed_events(*lang),
            EmbedOf::Board(lang) => self.embed_board(*lang),
        }
    }

    fn embed_newest(&self, feed: &FeedId) -> EmbedList {
        let (title, lang, route) = match feed {
            FeedId::Language(lang) => (String::new(), *lang, self.home_route(*lang)),
            FeedId::List(list) => {
                let head = self.list_head(list);
                (head.title, head.lang, head.route)
            }
        };
        let name = self.settings().languages[lang].title.clone();
        let items = self.feed(feed).into_iter().filter(|item| !item.is_withdrawn).take(ENTRIES).map(|item| {
            let card = self.card_view(item.page);
            self.embed_item((card.title, Some(&card.url)), Some(item.published), card.summary, lang)
        });
        let items = items.collect();
        self.embed_of(if title.is_empty() { name } else { title }, &url_of(&route), lang, items)
    }

    fn embed_events(&self, lang: usize) -> EmbedList {
        let coming = self.agenda().coming(lang);
        let items = coming.into_iter().take(ENTRIES).map(|next| {
            let card = self.card_view(next.page);
            let place = card.event.and_then(|event| event.place).unwrap_or_default();
            self.embed_item((card.title, Some(&card.url)), Some(next.day), place, lang)
        });
        let items = items.collect();
        self.embed_of(self.word(lang, "embed_events"), &url_of(&self.home_route(lang)), lang, items)
    }

    fn embed_board(&self, lang: usize) -> EmbedList {
        let groups = self.target_groups(None, None, lang);
        let items = groups.into_iter().flat_map(|group| group.targets).map(|target| {
            let state = self.word(lang, &format!("state_{}", target.state));
            let note = [target.goal, state].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            let url = target.explainer.map(|page| page.url);
            self.embed_item((target.title, url.as_deref()), None, note.join(&self.word(lang, "comma")), lang)
        });
        let items = items.collect();
        self.embed_of(self.word(lang, "embed_board"), &url_of(&self.home_route(lang)), lang, items)
    }

    fn embed_item(
        &self,
        (title, url): (String, Option<&str>),
        day: Option<DateOrDateTime>,
        note: String,
        lang: usize,
    ) -> EmbedItem {
        let date: Option<DateView> = day.map(|day| self.date(day, lang));
        // Another site may lie in another zone.
        let moment = day.map(|day| match day.time {
            Some(_) => day.rfc3339(&self.settings().zone),
            None => day.iso(),
        });
        EmbedItem {
            title,
            url: url.and_then(|url| self.permalink(url)),
            date: moment,
            date_text: date.map(|date| date.text),
            note,
        }
    }

    fn embed_of(&self, title: String, url: &str, lang: usize, items: Vec<EmbedItem>) -> EmbedList {
        EmbedList { title, url: self.permalink(url), language: self.settings().languages[lang].tag.clone(), items }
    }

    fn home_route(&self, lang: usize) -> puzhi_core::base::Route {
        crate::catalog::folder_route(self.settings().language_prefix(lang), "")
    }
}
