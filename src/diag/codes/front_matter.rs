//! Front matter and typed data files.

#[allow(unused_imports)]
use super::{Code, Severity};

codes! {}
