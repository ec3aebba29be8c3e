//! Base64 straight to whole samples.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use voice::ItemId;

/// Servers that leave the padding out are understood.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Joins samples that were cut in two, so that a cut does not turn the rest into noise.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    half: Option<(ItemId, u8)>,
}

impl Samples {
    /// The whole samples of one delta of `item`; empty when there is none.
    pub(crate) fn decode(
        &mut self,
        item: &ItemId,
        delta: &str,
    ) -> Result<Bytes, base64::DecodeError> {
        let half = self.half.take().filter(|(owner, _)| owner == item);
        let mut pcm = Vec::with_capacity(1 + delta.len().div_ceil(4) * 3);
        pcm.extend(half.map(|(_, byte)| byte));
        BASE64.decode_vec(delta, &mut pcm)?;
        if pcm.len() % 2 == 1 {
            self.half = pcm.pop().map(|byte| (item.clone(), byte));
        }
        Ok(pcm.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(deltas: &[(&str, &str)], expected: &[u8]) {
        let mut samples = Samples::default();
        let mut heard = Vec::new();
        for (item, delta) in deltas {
            heard.extend(samples.decode(&ItemId::from(*item), delta).unwrap());
        }
        assert_eq!(heard, expected);
    }

    #[test]
    fn a_sample_cut_in_two_is_joined() {
        check(&[("a", "AQID"), ("a", "BA==")], &[1, 2, 3, 4]);
    }

    #[test]
    fn half_a_sample_does_not_spill_into_another_item() {
        check(&[("a", "AQID"), ("b", "BQY=")], &[1, 2, 5, 6]);
    }

    #[test]
    fn padding_may_be_absent_and_anything_else_is_refused() {
        check(&[("a", "AQI")], &[1, 2]);
        assert!(Samples::default().decode(&"a".into(), "A!I=").is_err());
    }
}
