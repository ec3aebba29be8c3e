//! Workers on a queue that does what it is told.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod queue;
#[cfg(test)]
mod worker;
