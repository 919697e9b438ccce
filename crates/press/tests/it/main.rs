//! Tests of the crate: reading, and one file for each rendition.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests stop at what is unexpected")]

mod docx;
mod outlets;
mod pack;
mod plain;
mod reading;
mod support;
mod wechat;
