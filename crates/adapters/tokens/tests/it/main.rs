//! Tokens and hashes through the ports they implement.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod access;
#[cfg(test)]
mod passwords;
