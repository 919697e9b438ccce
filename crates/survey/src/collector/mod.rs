//! The collector: takes answers over HTTP and puts them into the store.
//!
//! `service` is the server, `answer` decides, the rest are parts: what is asked (`definitions`), what was sent (`post`), from where
//! (`origin`, `address`, `limits`, `listen`), one-time codes (`code`), and what is said (`pages`, `words`).

mod address;
mod answer;
mod code;
mod definitions;
mod limits;
mod listen;
mod origin;
mod pages;
mod post;
mod service;
mod words;

pub use address::{Network, Peer};
pub use code::Code;
pub use definitions::{Asked, Definitions, Way};
pub use origin::origin_of;
pub use post::{Given, Key, Post, Unreadable};
pub use service::{Collector, Setup};
