//! The adapter against the provider simulator: every answer, every fault.

mod support;

mod bad_output;
mod faults;
mod images;
mod requests;
