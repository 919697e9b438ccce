//! Rebuilds the crate when a file is added to the embedded theme or removed from it.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script talks to cargo and reads the repository"
)]
fn main() {
    println!("cargo:rerun-if-changed=themes/civic");
}
