//! Taking segments in, on stand-ins that keep nothing.

#[cfg(test)]
mod memory;
