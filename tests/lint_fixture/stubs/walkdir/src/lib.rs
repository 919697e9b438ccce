pub struct WalkDir;
impl WalkDir {
    #[allow(clippy::new_ret_no_self)]
    pub fn new() {}
}
