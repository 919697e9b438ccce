//! Code shared by the site generator and the survey part of `puzhi`.
//!
//! Contains paths, hashes, dates and escaping ([`base`]), diagnostics ([`diag`]), text decoding ([`encoding`]), a
//! YAML parser with spans ([`yaml`]), the typed front matter of the content kinds ([`kinds`]) and the survey form
//! ([`form`]). This crate reads no files, and each function knows only the page that it is given.

pub mod base;

pub mod diag;

pub mod encoding;

pub mod yaml;

pub mod kinds;

pub mod form;
