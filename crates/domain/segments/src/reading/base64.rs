//! Base64 in pieces.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Four characters stand for three bytes.
const GROUP: usize = 4;

/// The text is not Base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotBase64;

/// Decodes text that comes in pieces of any length. Padding may be missing.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// Up to a group that may be the last one, which alone may be padded.
    held: Vec<u8>,
}

impl Decoder {
    /// Decodes more of the text to the end of `into`.
    pub(crate) fn push(&mut self, text: &[u8], into: &mut Vec<u8>) -> Result<(), NotBase64> {
        self.held.extend_from_slice(text);
        let whole = self.held.len().saturating_sub(1) / GROUP * GROUP;
        let (ready, rest) = self.held.split_at(whole);
        // Padding in here would have more behind it.
        if ready.contains(&b'=') {
            return Err(NotBase64);
        }
        decode(ready, into)?;
        let rest = rest.len();
        self.held.drain(..whole);
        debug_assert_eq!(self.held.len(), rest);
        Ok(())
    }

    /// Decodes the last of the text.
    pub(crate) fn finish(self, into: &mut Vec<u8>) -> Result<(), NotBase64> {
        decode(&self.held, into)
    }
}

fn decode(text: &[u8], into: &mut Vec<u8>) -> Result<(), NotBase64> {
    ENGINE.decode_vec(text, into).map_err(|_| NotBase64)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str, piece: usize) -> Result<Vec<u8>, NotBase64> {
        let (mut decoder, mut bytes) = (Decoder::default(), Vec::new());
        for piece in text.as_bytes().chunks(piece) {
            decoder.push(piece, &mut bytes)?;
        }
        decoder.finish(&mut bytes)?;
        Ok(bytes)
    }

    proptest! {
        #[test]
        fn pieces_of_any_length_give_the_whole(bytes: Vec<u8>, piece in 1_usize..40) {
            prop_assert_eq!(decoded(&STANDARD.encode(&bytes), piece), Ok(bytes.clone()));
            prop_assert_eq!(decoded(&STANDARD_NO_PAD.encode(&bytes), piece), Ok(bytes));
        }
    }

    #[test]
    fn what_is_no_base64_is_found_wherever_it_is_cut() {
        for text in [
            "A", "A===", "AA=A", "AAAA====", "AA==AAAA", "A\nAA", "____", "AAAA*",
        ] {
            for piece in 1..=text.len() {
                assert_eq!(decoded(text, piece), Err(NotBase64), "{text:?} by {piece}");
            }
        }
    }
}
