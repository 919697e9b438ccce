//! The collector: takes answers over HTTP and puts them into the store.

mod address;
mod code;
mod limits;
mod listen;
mod origin;
mod post;

pub use address::{Network, Peer};
pub use code::Code;
pub use post::{Given, Key, Post, Unreadable};
