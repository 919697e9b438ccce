//! Tests of the crate: reading, and one file for each rendition.

mod docx;
mod outlets;
mod pack;
mod plain;
mod reading;
mod support;
mod wechat;
