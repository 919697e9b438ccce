//! The binary: hands its arguments to [`puzhi::cli`].

use std::process::ExitCode;

/// Building allocates many small strings on many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    puzhi::cli::run(std::env::args_os())
}
