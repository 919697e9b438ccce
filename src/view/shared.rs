//! [`Shared`]: a view that is serialised once and then reused in many template contexts. In: a view. Out: the same data
//! for templates. Knows nothing of the view it holds.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use tera::Value;

/// The Tera value of a `T`. Cloning it, or putting it into another view, copies a pointer only.
#[derive(Debug, Clone)]
pub struct Shared<T>(Value, PhantomData<fn() -> T>);

impl<T: Serialize> Shared<T> {
    /// Serialises `view`.
    pub fn of(view: &T) -> Self {
        Self(Value::from_serializable(view), PhantomData)
    }
}

impl<T> Serialize for Shared<T> {
    /// Tera's serialiser takes over a nested `Value` unchanged, without serialising it again.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
