pub struct Timestamp;
impl Timestamp {
    pub fn now() {}
}
pub struct Zoned;
impl Zoned {
    pub fn now() {}
}
pub mod tz {
    pub struct TimeZone;
    impl TimeZone {
        pub fn system() {}
    }
}
