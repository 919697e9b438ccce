//! Templates and themes.

#[allow(unused_imports)]
use super::{Code, Severity};

codes! {}
