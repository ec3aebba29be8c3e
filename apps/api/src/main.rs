//! The smartsight binary.
fn main() {}
