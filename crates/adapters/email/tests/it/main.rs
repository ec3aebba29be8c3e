//! Mail leaves by a real SMTP exchange, or lands in a folder.
//!
//! Needs `python3`; the server's package is installed once under `target`.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod folder;
#[cfg(test)]
mod server;
#[cfg(test)]
mod smtp;
