//! Writes the generated file to the path given, or prints it.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let text = design_filter::source::generate();
    match std::env::args_os().nth(1) {
        Some(path) => std::fs::write(path, text),
        None => std::io::stdout().write_all(text.as_bytes()),
    }
}
