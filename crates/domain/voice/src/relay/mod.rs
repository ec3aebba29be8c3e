//! The relay: every rule of a conversation as a state machine.

mod again;
mod answer;
mod block;
mod client;
mod effect;
mod gate;
mod input;
mod kept;
mod model;
mod output;
mod playback;
mod quiet;
mod responses;
mod restore;
mod session;
mod speech;
mod spoken;
mod state;
mod tick;
mod tools;
mod turns;
mod upstream;
mod window;

use std::time::Duration;

use chrono::TimeDelta;

pub use effect::{Effect, Event, Farewell, ToolResult, Waiting};
pub use state::{Relay, RelaySetup};

/// A setting as time arithmetic; absurdly long ones become the longest that cannot overflow.
pub(crate) fn delta(duration: Duration) -> TimeDelta {
    const LONGEST: TimeDelta = TimeDelta::days(36_500);
    TimeDelta::from_std(duration)
        .unwrap_or(LONGEST)
        .min(LONGEST)
}
