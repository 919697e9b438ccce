//! What the two halves of `puzhi` share: the site generator and the survey.
//!
//! Holds paths, hashes, dates and escaping ([`base`]), diagnostics ([`diag`]), text decoding ([`encoding`]), YAML with spans
//! ([`yaml`]), the content kinds' typed front matter ([`kinds`]) and the survey form ([`form`]). Reads no file and knows no
//! page but the one it is given.

pub mod base;

pub mod diag;

pub mod encoding;

pub mod yaml;

pub mod kinds;

pub mod form;
