//! The `puzhi` binary. Passes its arguments to [`puzhi::cli`] and returns the exit code; contains no other logic.
#![expect(clippy::disallowed_methods, reason = "hands the arguments to the command line")]

use std::process::ExitCode;

/// A build allocates many small strings on many threads, for which mimalloc is faster than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    puzhi::cli::run(std::env::args_os())
}
