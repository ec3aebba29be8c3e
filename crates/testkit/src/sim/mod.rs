//! Simulators of model providers.
