//! Data of pages, lists, cards, the home page and the target board, and bodies with their slots filled. Knows no calendar file and
//! no survey result.

pub(super) mod cards;
pub(super) mod directives;
pub(super) mod fill;
pub(super) mod home;
pub(super) mod lists;
pub(super) mod page;
pub(super) mod targets;

pub use fill::RenderContext;
pub use lists::{ListHead, ListPage};
