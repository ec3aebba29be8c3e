//! The adapter against the provider simulator: every answer, every fault.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod own;
