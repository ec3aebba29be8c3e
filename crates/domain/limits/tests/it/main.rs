//! The rule, the limiter in memory, and what holds while another is away.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod fallback;
#[cfg(test)]
mod in_process;
#[cfg(test)]
mod quota;
