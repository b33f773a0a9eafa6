//! The process edge: arguments in, exit code out.

mod cli;

fn main() {}
