//! Pictures for those who share pages, and the icons of the site: their addresses, what templates see of them, their bytes. In: pages, the
//! settings, what cards are drawn with. Out: routes, views, PNG and SVG files. Knows no format of outputs.

use puzhi_cards::{CARD_HEIGHT, CARD_WIDTH, Card, CardFont, Drawing, Thumb, icon, icon_svg};
use puzhi_core::base::Route;
use puzhi_core::kinds::{KindName, SiteKinds};

use crate::catalog::{PageMeta, PageRole, folder_route};
use crate::engine::{Fingerprint, fingerprint};
use crate::settings::Settings;
use crate::theme::{DEFAULT_ILLUSTRATION, Theme, illustration_template};
use crate::view::model::{IconsView, ImageView, ShareView};
use crate::view::site::url_of;
use crate::view::tracking::facets::{CardFacts, CardOf, ShareCard};
use crate::view::tracking::site::Site;

/// What share cards are drawn with besides words.
#[derive(Debug, Clone)]
pub struct CardMaterial {
    /// The font.
    pub font: CardFont,
    /// Changes whenever the font does.
    pub version: Fingerprint,
}

impl CardMaterial {
    /// The font that comes with the program.
    pub fn embedded() -> Self {
        Self { font: CardFont::embedded(), version: fingerprint(env!("CARGO_PKG_VERSION")) }
    }
}

/// A file of the site's icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IconFile {
    /// For the browser's tab.
    Svg,
    /// A PNG file of this many pixels.
    Png(u16),
}

/// Size of the icon that phones put on their home screen, in pixels.
pub const TOUCH_ICON: u16 = 180;
/// Sizes of the icons that the manifest names, in pixels.
pub const MANIFEST_ICONS: [u16; 2] = [192, 512];
/// File name of a share card in the folder of its page.
const SHARE_FILE: &str = "share.png";
/// File name of the manifest.
pub const MANIFEST: &str = "manifest.webmanifest";

impl IconFile {
    /// Name of the file in the site's root.
    pub fn name(self) -> String {
        match self {
            IconFile::Svg => "icon.svg".to_string(),
            IconFile::Png(TOUCH_ICON) => "apple-touch-icon.png".to_string(),
            IconFile::Png(size) => format!("icon-{size}.png"),
        }
    }
}

/// Whether articles have share cards: the theme has pictures for them, the settings want them and give the absolute address without which
/// no other site finds them.
pub fn draws_cards(settings: &Settings, theme: &Theme) -> bool {
    settings.share_cards && settings.base_url.is_some() && theme.has_illustration(DEFAULT_ILLUSTRATION)
}

/// The address of the share card of a page; none if the page is a list or has a picture of its own.
pub fn share_route(page: &PageMeta) -> Option<Route> {
    (page.role == PageRole::Page && page.image.is_none()).then(|| page.route.child_file(SHARE_FILE))
}

/// The address of the site's share card in the language with this prefix.
pub fn site_share_route(prefix: &str) -> Route {
    folder_route(prefix, "").child_file(SHARE_FILE)
}

/// The address of the square thumb of a kind.
pub fn thumb_route(prefix: &str, kind: &str) -> Route {
    folder_route(prefix, "share").child_file(&format!("{kind}.png"))
}

/// Whether a path in the output folder is that of a card, thumb or icon, which nobody links to.
pub fn is_made_picture(path: &str, kinds: &SiteKinds) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let icons = [TOUCH_ICON].into_iter().chain(MANIFEST_ICONS).map(|size| IconFile::Png(size).name());
    let names_kind = |name: &str| {
        let built_in = KindName::ALL.iter().any(|kind| kind.as_str() == name);
        built_in || kinds.own.iter().any(|kind| kind.name == name)
    };
    let is_thumb = || folder.rsplit('/').next() == Some("share") && file.strip_suffix(".png").is_some_and(names_kind);
    file == SHARE_FILE || folder.is_empty() && icons.into_iter().any(|icon| icon == file) || is_thumb()
}

/// The character that stands for a site: the first letter or digit of its title that the font has.
fn mark(facts: &CardFacts<'_>) -> char {
    let letters = facts.site_title.chars().filter(|char| char.is_alphanumeric());
    letters.clone().find(|char| facts.font.missing(char.encode_utf8(&mut [0; 4])).is_none()).unwrap_or(' ')
}

impl Site {
    /// Whether the theme has pictures for share cards. Reading it records that it may get some.
    fn has_pictures(&self) -> bool {
        self.template(&illustration_template(DEFAULT_ILLUSTRATION)).exists()
    }

    /// The picture shown where a page is shared: its own, else its card, else none.
    pub(in crate::view) fn page_share(&self, page: &PageMeta, image: Option<&ImageView>) -> Option<ShareView> {
        if let Some(image) = image {
            let url = self.permalink(&image.url)?;
            let alt = if image.alt.is_empty() { page.title.clone() } else { image.alt.clone() };
            return Some(ShareView { url, width: image.width, height: image.height, alt, thumb: None });
        }
        let settings = self.settings();
        let route = share_route(page).filter(|_| settings.share_cards && self.has_pictures())?;
        let thumb = thumb_route(settings.language_prefix(page.lang), settings.kinds.name(page.kind));
        self.card_share(&route, page.title.clone(), Some(&thumb))
    }

    /// The picture shown where other pages of a language are shared.
    pub(in crate::view) fn site_share(&self, lang: usize) -> Option<ShareView> {
        let settings = self.settings();
        if !settings.share_cards || !self.has_pictures() {
            return None;
        }
        let route = site_share_route(settings.language_prefix(lang));
        self.card_share(&route, settings.languages[lang].title.clone(), None)
    }

    fn card_share(&self, route: &Route, alt: String, thumb: Option<&Route>) -> Option<ShareView> {
        Some(ShareView {
            url: self.permalink(&url_of(route))?,
            width: Some(CARD_WIDTH as u32),
            height: Some(CARD_HEIGHT as u32),
            alt,
            thumb: thumb.and_then(|thumb| self.permalink(&url_of(thumb))),
        })
    }

    /// The icons of the site; none if the theme has no pictures. `favicon` is the address and media type of the one that the settings name.
    pub(in crate::view) fn icons(&self, favicon: Option<(&str, &str)>) -> Option<IconsView> {
        let touch = favicon.filter(|(_, media_type)| *media_type == "image/png").map(|(url, _)| url.to_string());
        self.has_pictures().then(|| IconsView {
            svg: favicon.is_none().then(|| IconFile::Svg.name()),
            touch: touch.unwrap_or_else(|| IconFile::Png(TOUCH_ICON).name()),
            manifest: MANIFEST.to_string(),
        })
    }

    /// The bytes of a share card or thumb. If the font cannot draw a page's title, those of the site's card.
    pub fn share_card(&self, of: &CardOf) -> Vec<u8> {
        let Some(facts) = self.read::<ShareCard>(of.clone()) else { return Vec::new() };
        let drawing = facts.svg.map(Drawing::from_svg).filter(|drawing| !drawing.is_empty());
        let CardFacts { lang, title, ref label, site_title: site, main, font, .. } = facts;
        let card = Card { title, label, site, main, drawing: drawing.as_ref() };
        match of {
            CardOf::Page(_) if font.missing(title).is_some() => self.share_card(&CardOf::Site(lang)),
            CardOf::Page(_) | CardOf::Site(_) => card.png(font),
            CardOf::Kind { .. } => Thumb { label, main, drawing: drawing.as_ref() }.png(font),
        }
    }

    /// The bytes of a file of the site's icon.
    pub fn icon(&self, file: IconFile) -> Vec<u8> {
        let Some(facts) = self.read::<ShareCard>(CardOf::Site(0)) else { return Vec::new() };
        match file {
            IconFile::Svg => icon_svg(facts.font, mark(&facts), facts.main).into_bytes(),
            IconFile::Png(size) => icon(facts.font, mark(&facts), facts.main, usize::from(size)),
        }
    }
}
