//! Hashes, paths, dates, escaping and text functions that every other module may use.
//!
//! Does no input or output and knows nothing about sites, pages or diagnostics.

mod bech32;
mod date;
mod date_suggestion;
mod hash;
mod html;
mod path;
mod phone;
mod phone_form;
mod phone_label;
mod text;
mod weekday;
mod written_date;

pub use bech32::{bech32_decode, bech32_encode};
pub use date::{BuildDate, DateOrDateTime, parse_date, weekday_name, weekday_zh};
pub use date_suggestion::{DateSuggestion, parse_several_times, suggest_date, written_range};
pub use hash::ContentHash;
pub use html::{escape_attr, escape_json_in_script, escape_text};
pub use path::{
    PathError, Route, SitePath, case_folded_key, is_safe_segment, percent_encode_path, percent_encode_path_into,
    slugify,
};
pub use phone::{PhoneNumber, PhonePiece, PhoneText, dial_form, is_bare_number};
pub use phone_label::{introduces_phones, is_phone_label};
pub use text::{
    LineColumn, LineIndex, Span, closest_match, escape_csv_formula, find_byte, is_cjk_punctuation, is_han,
    is_zero_width, normalized_excerpt, only_close_match, single_match, to_ascii_digit,
};
pub use written_date::{WrittenDate, parse_written_date, without_weekdays};
