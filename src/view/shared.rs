//! A view that was made once and is handed to many: templates see what it was made from.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use tera::Value;

/// The template value of a `T`. Putting it into another view costs a pointer.
#[derive(Debug, Clone)]
pub struct Shared<T>(Value, PhantomData<fn() -> T>);

impl<T: Serialize> Shared<T> {
    pub fn of(view: &T) -> Self {
        Self(Value::from_serializable(view), PhantomData)
    }
}

impl<T> Serialize for Shared<T> {
    /// Tera takes a value it meets while it makes another one as it is.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
