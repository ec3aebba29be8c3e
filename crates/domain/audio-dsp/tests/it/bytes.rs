use audio_dsp::{
    OutputTooSmall, RaggedBytes, append_pcm16_le, f32_le_samples, pcm16_le_samples, to_pcm16,
    write_pcm16_le,
};
use proptest::prelude::*;

#[test]
fn bytes_that_are_no_whole_samples_are_refused() {
    assert_eq!(
        f32_le_samples(&[0; 7]).err(),
        Some(RaggedBytes {
            len: 7,
            sample_bytes: 4
        })
    );
    assert_eq!(
        pcm16_le_samples(&[0; 7]).err(),
        Some(RaggedBytes {
            len: 7,
            sample_bytes: 2
        })
    );
}

#[test]
fn full_scale_is_32767_either_way() {
    assert_eq!(
        [1.0, -1.0, 7.0, -7.0, 0.0].map(to_pcm16),
        [32_767, -32_767, 32_767, -32_767, 0]
    );
}

#[test]
fn what_is_no_number_becomes_silence() {
    assert_eq!(
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY].map(to_pcm16),
        [0; 3]
    );
}

#[test]
fn a_short_buffer_is_refused_untouched() {
    let mut bytes = [9; 3];
    let refused = write_pcm16_le(&[1, 2], &mut bytes);
    assert_eq!(
        refused,
        Err(OutputTooSmall {
            needed: 4,
            available: 3
        })
    );
    assert_eq!(bytes, [9; 3]);
}

proptest! {
    #[test]
    fn pcm_survives_its_bytes(samples: Vec<i16>) {
        let mut bytes = vec![0; 2 * samples.len()];
        prop_assert_eq!(write_pcm16_le(&samples, &mut bytes), Ok(bytes.len()));
        let mut appended = Vec::new();
        append_pcm16_le(&samples, &mut appended);
        prop_assert_eq!(&bytes, &appended);
        prop_assert!(pcm16_le_samples(&bytes).unwrap().eq(samples));
    }

    #[test]
    fn any_bits_become_a_sample_between_minus_one_and_one(bits: Vec<u32>) {
        let bytes: Vec<u8> = bits.iter().flat_map(|bits| bits.to_le_bytes()).collect();
        let mut samples = f32_le_samples(&bytes).unwrap();
        prop_assert_eq!(samples.len(), bits.len());
        prop_assert!(samples.all(|sample| (-1.0..=1.0).contains(&sample)));
    }
}
