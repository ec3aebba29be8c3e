//! What is written comes out, and only a finished archive is a zip.

#[cfg(test)]
mod zip;
