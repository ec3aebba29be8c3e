//! How the realtime half is set up.

use std::time::Duration;

/// How much of every connection is remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// Numbers and answers only.
    Counts,
    /// Events too, but without sound: appends and audio deltas are only counted.
    Events,
    /// Every event as it came and went, and the sound that was heard.
    #[default]
    Everything,
}

/// What holds for all realtime connections of a simulator.
#[derive(Debug, Clone)]
pub struct RealtimeOptions {
    /// Decides every id.
    pub seed: u64,
    /// How many times faster than it sounds speech is generated; 0 generates it at once.
    pub speed: f64,
    /// Milliseconds of sound in an audio delta.
    pub delta_ms: u32,
    /// What is remembered.
    pub keep: Keep,
    /// Speech carries the marks that [`super::voice::spans`] reads; without them one piece of sound
    /// is sent over and over.
    pub marks: bool,
    /// Speech that no script puts into words is compared with the clips of the test data.
    pub knows_clips: bool,
    /// Bytes the system takes in for a server that does not read; `None` leaves it to the system,
    /// which takes megabytes. Holds for all connections of the simulator.
    pub receive_buffer: Option<u32>,
    /// Between the end of a turn and its transcript.
    pub transcription_delay: Duration,
}

impl Default for RealtimeOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            speed: 20.0,
            delta_ms: 200,
            keep: Keep::Everything,
            marks: true,
            knows_clips: true,
            receive_buffer: None,
            transcription_delay: Duration::ZERO,
        }
    }
}

impl RealtimeOptions {
    /// For load: nothing is remembered but numbers, speech is a ready piece of sound, and nobody
    /// guesses what was said.
    pub fn light() -> Self {
        Self {
            keep: Keep::Counts,
            marks: false,
            knows_clips: false,
            ..Self::default()
        }
    }
}
