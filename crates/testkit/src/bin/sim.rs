//! Simulates a model provider; see `--help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::sim::run_cli(std::env::args_os())
}
