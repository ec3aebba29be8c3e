//! The one event of the hot path: fifty a second for every talk.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const HEAD: &str = r#"{"type":"input_audio_buffer.append","audio":""#;
const TAIL: &str = r#""}"#;

/// `input_audio_buffer.append` of these bytes, written straight into one buffer of the right size.
pub(crate) fn append(pcm: &[u8]) -> String {
    let mut frame = String::with_capacity(frame_len(pcm.len()));
    frame.push_str(HEAD);
    STANDARD.encode_string(pcm, &mut frame);
    frame.push_str(TAIL);
    frame
}

const fn frame_len(pcm: usize) -> usize {
    HEAD.len() + pcm.div_ceil(3) * 4 + TAIL.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_become_one_json_object_in_a_buffer_that_never_grew(
            pcm in prop::collection::vec(any::<u8>(), 0..2000),
        ) {
            let frame = append(&pcm);
            prop_assert_eq!(frame.len(), frame_len(pcm.len()));
            prop_assert_eq!(frame.capacity(), frame.len());
            let read: serde_json::Value = serde_json::from_str(&frame).unwrap();
            let audio = STANDARD.decode(read["audio"].as_str().unwrap()).unwrap();
            prop_assert_eq!((read["type"].as_str().unwrap(), audio), ("input_audio_buffer.append", pcm));
        }
    }
}
