//! Code shared by the site generator and the survey part of `puzhi`.
//!
//! Contains paths, hashes, dates and escaping ([`base`]), diagnostics ([`diag`]), text decoding ([`encoding`]), a
//! YAML parser with spans ([`yaml`]), the words of Chinese texts ([`phrases`]), the typed front matter of the content kinds ([`kinds`]) and the survey form
//! ([`form`]). This crate reads no files, and each function knows only the page that it is given.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unwrap_used,
        clippy::expect_used
    )
)]

pub mod base;

pub mod diag;

pub mod encoding;

pub mod yaml;

pub mod phrases;

pub mod kinds;

pub mod form;
