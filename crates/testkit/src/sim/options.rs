//! How a simulator is set up.

use std::time::Duration;

use super::realtime::RealtimeOptions;

/// What holds for the whole life of a simulator.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Before every answer whose step names no latency of its own.
    pub latency: Duration,
    /// The keys that are taken; `None` takes any that is not blank.
    pub keys: Option<Vec<String>>,
    /// The models there are; `None` takes any name.
    pub models: Option<Vec<String>>,
    /// How many of the newest requests are kept for inspection.
    pub keep_requests: usize,
    /// Writes a line for every request to the standard output.
    pub print: bool,
    /// The realtime half.
    pub realtime: RealtimeOptions,
}

impl Default for SimOptions {
    fn default() -> Self {
        Self {
            port: 0,
            latency: Duration::ZERO,
            keys: None,
            models: None,
            keep_requests: 128,
            print: false,
            realtime: RealtimeOptions::default(),
        }
    }
}
