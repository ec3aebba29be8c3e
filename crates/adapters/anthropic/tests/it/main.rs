//! The adapter against the provider simulator.
