//! The adapter against real identity providers, started by the tests.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod code_flow;
#[cfg(test)]
mod id_tokens;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod provider;
