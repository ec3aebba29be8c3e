//! What a realtime model sends.

use voice::model::ModelEvent;

/// Frames, one a line, are events or nothing; sound is whole samples and no more than was sent.
pub(crate) fn target(data: &[u8]) {
    let frames = String::from_utf8_lossy(data);
    let mut sound = 0;
    for event in realtime::fuzzing::events(&frames) {
        if let ModelEvent::AnswerAudio { pcm, .. } = event {
            assert_eq!(pcm.len() % 2, 0, "half a sample");
            sound += pcm.len();
        }
    }
    assert!(sound <= frames.len(), "more sound than was sent");
}
