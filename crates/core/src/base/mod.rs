//! Ids, hashes, paths, dates and text primitives that every room may use.
//!
//! Does no IO and knows nothing of sites, pages or diagnostics.

mod date;
mod hash;
mod html;
mod path;
mod text;

pub use date::{Clock, Moment, parse_moment, weekday_zh};
pub use hash::Hash;
pub use html::{escape_attr, escape_text};
pub use path::{PathError, Route, SitePath, encode_route, encode_route_into, fold_key, is_safe_segment, slugify};
pub use text::{LineIndex, Place, Span, find_byte, harmless_cell, is_cjk_punctuation, is_han, nearest, plain_chars};
