pub struct Database;
impl Database {
    pub fn create() {}
}
