//! Template data of pages, lists, list entries, the home page and the target board, and page bodies with their slots
//! filled. In: a [`super::Site`]. Out: types of `view::model`, and HTML of bodies. Knows no calendar file and no survey
//! result.

pub(super) mod cards;
mod corrections;
pub(super) mod corrections_model;
pub(super) mod diagram_model;
mod diagrams;
pub(super) mod directives;
pub(super) mod embed;
pub(super) mod fields;
pub(super) mod fill;
pub(super) mod head;
pub(super) mod home;
pub(super) mod lists;
pub(super) mod model;
pub(super) mod page;
mod picture_html;
pub(super) mod poster;
pub(super) mod press;
pub(super) mod search;
pub(super) mod share;

pub use corrections::{CORRECTIONS_TEMPLATE, corrections_route};
pub use embed::{EmbedItem, EmbedList, EmbedOf};
pub use fill::RenderContext;
pub use head::{
    NINJS_FILE, OEMBED_FILE, has_press_files, has_wechat_page, is_republished, republish_terms, written_terms,
};
pub use lists::{ListHead, ListPage};
pub use poster::{POSTER_TEMPLATE, poster_route};
pub use press::{PRESS_FILE, WECHAT_TEMPLATE, wechat_route};
pub use share::{
    CardMaterial, IconFile, MANIFEST, MANIFEST_ICONS, TOUCH_ICON, draws_cards, is_made_picture, share_route,
    site_share_route, thumb_route,
};
