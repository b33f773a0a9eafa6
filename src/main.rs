//! The process edge: arguments in, exit code out.

use std::process::ExitCode;

mod cli;

/// Records are many small strings made by several threads: the system's allocator takes up to a fifth longer over them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
