//! The adapter against real identity providers, started by the tests.
//!
//! Needs `npm`, which installs the providers and the Node they want once under
//! `target/openid-providers`.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod browser;
#[cfg(test)]
mod code_flow;
#[cfg(test)]
mod id_tokens;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod provider;
