//! YAML read by serde_yaml with a light pass beside it that knows where each key and value stands.
//!
//! In: a span of a file's text. Out: a tree of values with spans, and every finding at once. Knows no schema.
