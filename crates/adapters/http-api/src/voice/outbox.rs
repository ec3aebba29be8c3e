//! What waits to be sent to a device, in order.

use std::collections::VecDeque;

use bytes::Bytes;

/// Bytes of messages that may wait; a device that takes none of so many does not read at all.
const MESSAGES_LIMIT: usize = 256 * 1024;

/// One frame on its way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A message.
    Text(String),
    /// Sound.
    Audio(Bytes),
}

/// Messages and sound in the order they were sent. Sound counts from push until the operating
/// system took it.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    frames: VecDeque<Frame>,
    audio: usize,
    messages: usize,
}

impl Outbox {
    pub(super) fn push_message(&mut self, text: String) {
        self.messages += text.len();
        self.frames.push_back(Frame::Text(text));
    }

    pub(super) fn push_audio(&mut self, audio: Bytes) {
        self.audio += audio.len();
        self.frames.push_back(Frame::Audio(audio));
    }

    /// The next frame. Its sound still counts, until it is [`written`](Self::written).
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop_front()?;
        if let Frame::Text(text) = &frame {
            self.messages -= text.len();
        }
        Some(frame)
    }

    /// So many bytes of sound that were popped are with the operating system now.
    pub(super) fn written(&mut self, audio: usize) {
        self.audio = self.audio.saturating_sub(audio);
    }

    /// Bytes of sound not yet taken by the operating system.
    pub(super) const fn waiting_audio(&self) -> usize {
        self.audio
    }

    /// Whether more messages wait than a device that reads leaves waiting.
    pub(super) const fn is_overfull(&self) -> bool {
        self.messages > MESSAGES_LIMIT
    }

    /// Forgets sound that was not popped; messages keep their order.
    pub(super) fn forget_audio(&mut self) {
        let mut forgotten = 0;
        self.frames.retain(|frame| match frame {
            Frame::Text(_) => true,
            Frame::Audio(audio) => {
                forgotten += audio.len();
                false
            }
        });
        self.audio = self.audio.saturating_sub(forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgotten_sound_no_longer_counts_and_messages_keep_their_order() {
        let mut outbox = Outbox::default();
        outbox.push_audio(Bytes::from_static(&[0; 10]));
        outbox.push_message("one".to_owned());
        outbox.push_audio(Bytes::from_static(&[0; 5]));
        outbox.push_message("two".to_owned());
        let popped = outbox.pop();
        assert_eq!(popped, Some(Frame::Audio(Bytes::from_static(&[0; 10]))));
        outbox.forget_audio();
        assert_eq!(outbox.waiting_audio(), 10);
        outbox.written(10);
        assert_eq!(outbox.waiting_audio(), 0);
        assert_eq!(outbox.pop(), Some(Frame::Text("one".to_owned())));
        assert_eq!(outbox.pop(), Some(Frame::Text("two".to_owned())));
        assert_eq!(outbox.pop(), None);
    }

    #[test]
    fn a_device_that_takes_no_messages_is_noticed() {
        let mut outbox = Outbox::default();
        outbox.push_message("x".repeat(MESSAGES_LIMIT));
        assert!(!outbox.is_overfull());
        outbox.push_message("x".to_owned());
        assert!(outbox.is_overfull());
        outbox.pop();
        assert!(!outbox.is_overfull());
    }
}
