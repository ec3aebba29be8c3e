//! What a fuzzer reaches; no part of the interface.

use voice::model::ModelEvent;

use crate::reader::Reader;

/// The events of one session's frames, one frame a line. Frames that cannot be read are left out.
pub fn events(frames: &str) -> Vec<ModelEvent> {
    let mut reader = Reader::default();
    let read = frames.lines().map(|frame| reader.read(frame));
    read.filter_map(Result::ok).flatten().collect()
}
