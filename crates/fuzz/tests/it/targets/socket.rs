//! What a device says on the socket of the tutor.

use voice::client::{BadMessage, ClientEvent};

/// The types of the protocol and their members.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\"type\":\"start\",",
    b"\"type\":\"text\",",
    b"\"type\":\"played\",",
    b"\"type\":\"image\",",
    b"\"sampleRate\":0,",
    b"\"ms\":4294967296,",
    b"\\ud800",
    b"\\u0000",
];
/// What is answered to a message that cannot be read does not grow with the message.
const MOST_WORDS: usize = 300;

/// A message is understood, or refused in few words.
pub(crate) fn target(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match http_api::fuzzing::socket_event(text) {
        Some(ClientEvent::Unknown { name }) => assert!(name.chars().count() <= 64, "{name}"),
        Some(ClientEvent::Unreadable(BadMessage(why))) => {
            assert!(why.chars().count() <= MOST_WORDS, "{why}");
        }
        Some(ClientEvent::Message(_)) | None => {
            assert!(text.contains('{'), "understood what is no object");
        }
        Some(other) => panic!("a text frame is {other:?}"),
    }
}
