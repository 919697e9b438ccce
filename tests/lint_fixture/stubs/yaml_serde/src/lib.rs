pub struct Deserializer;
pub struct Value;
