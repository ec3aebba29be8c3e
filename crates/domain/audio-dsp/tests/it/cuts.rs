use crate::signal::bits;
use audio_dsp::{Conversion, Quality, Resampler, Sample};
use proptest::prelude::*;
use proptest::sample::select;

const QUALITIES: [Quality; 3] = [Quality::Linear, Quality::Voice, Quality::High];

fn resampler() -> impl Strategy<Value = Resampler> {
    (select(&Conversion::ALL[..]), select(&QUALITIES[..]))
        .prop_map(|(conversion, quality)| Resampler::new(conversion, quality))
}

/// Lengths of pieces: most of them short, some whole frames, some a second.
fn cuts() -> impl Strategy<Value = Vec<usize>> {
    let piece =
        prop_oneof![4 => 0..16_usize, 2 => 16..500_usize, 1 => Just(320), 1 => 1_000..24_000_usize];
    prop::collection::vec(piece, 1..40)
}

fn noise(len: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    std::iter::repeat_with(next).take(len).collect()
}

fn whole<I: Sample, O: Sample>(mut resampler: Resampler, input: &[I]) -> Vec<O> {
    let mut output = Vec::new();
    resampler.process_into(input, &mut output);
    resampler.flush_into(&mut output);
    output
}

fn cut<I: Sample, O: Sample>(mut resampler: Resampler, input: &[I], cuts: &[usize]) -> Vec<O> {
    let (mut output, mut rest) = (Vec::new(), input);
    for length in cuts {
        let (piece, later) = rest.split_at(rest.len().min(*length));
        resampler.process_into(piece, &mut output);
        rest = later;
    }
    resampler.process_into(rest, &mut output);
    resampler.flush_into(&mut output);
    output
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_output_is_the_same_bit_by_bit_for_any_cut(
        resampler in resampler(), cuts in cuts(), seed: u32,
    ) {
        let input = noise(cuts.iter().sum::<usize>().min(48_000), seed);
        let one: Vec<f32> = whole(resampler.clone(), &input);
        prop_assert_eq!(bits(&one), bits(&cut(resampler, &input, &cuts)));
    }

    #[test]
    fn pcm_is_the_same_for_any_cut(resampler in resampler(), cuts in cuts(), seed: u32) {
        let length = cuts.iter().sum::<usize>().min(48_000);
        let input: Vec<i16> = noise(length, seed).iter().map(|s| (s * 32_767.0) as i16).collect();
        let one: Vec<i16> = whole(resampler.clone(), &input);
        prop_assert_eq!(one, cut::<_, i16>(resampler, &input, &cuts));
    }

    #[test]
    fn pcm_out_is_the_rounded_float_out(resampler in resampler(), seed: u32) {
        let input = noise(1_000, seed);
        let floats: Vec<f32> = whole(resampler.clone(), &input);
        let pcm: Vec<i16> = whole(resampler, &input);
        for (float, pcm) in floats.iter().zip(pcm) {
            let wanted = (float * 32_767.0).clamp(-32_768.0, 32_767.0).round_ties_even();
            prop_assert_eq!(wanted as i16, pcm);
        }
    }

    #[test]
    fn after_a_flush_the_stream_starts_anew(resampler in resampler(), seed: u32) {
        let input = noise(777, seed);
        let fresh: Vec<f32> = whole(resampler.clone(), &input);
        let mut used = resampler;
        used.process_into(&noise(500, !seed), &mut Vec::<f32>::new());
        used.flush_into(&mut Vec::<f32>::new());
        prop_assert_eq!(bits(&fresh), bits(&whole(used, &input)));
    }

    #[test]
    fn after_a_reset_the_stream_starts_anew(resampler in resampler(), seed: u32) {
        let input = noise(777, seed);
        let fresh: Vec<f32> = whole(resampler.clone(), &input);
        let mut used = resampler;
        used.process_into(&noise(501, !seed), &mut Vec::<f32>::new());
        used.reset();
        prop_assert_eq!(bits(&fresh), bits(&whole(used, &input)));
    }
}

/// FNV-1a of the output bits of every conversion and quality. Builds for wider vectors, other
/// compilers and later versions must find the same.
#[test]
fn the_bits_are_those_of_every_other_build() {
    let input = noise(4_000, 7);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for conversion in Conversion::ALL {
        for quality in QUALITIES {
            let output: Vec<f32> = whole(Resampler::new(conversion, quality), &input);
            for byte in output
                .iter()
                .flat_map(|sample| sample.to_bits().to_le_bytes())
            {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    assert_eq!(hash, 0x3647_3405_7145_d11d);
}
