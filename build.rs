//! Rebuilds the crate when a file is added to the embedded theme or removed from it.
fn main() {
    println!("cargo:rerun-if-changed=themes/civic");
}
