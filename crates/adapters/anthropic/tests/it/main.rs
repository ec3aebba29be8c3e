//! The adapter against the provider simulator: every answer, every fault.

#[cfg(test)]
mod support;

#[cfg(test)]
mod bad_output;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod images;
#[cfg(test)]
mod requests;
