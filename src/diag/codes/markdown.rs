//! Markdown and directives.

#[allow(unused_imports)]
use super::{Code, Severity};

codes! {}
