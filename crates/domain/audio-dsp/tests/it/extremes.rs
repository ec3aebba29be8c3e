use crate::signal::{convert, filters};
use audio_dsp::{Conversion, Quality, Resampler};

#[test]
fn a_second_of_silence_is_a_second_of_silence() {
    for (conversion, quality) in filters() {
        let input = vec![0.0; conversion.input_hz() as usize];
        let output = convert(conversion, quality, &input);
        assert!(output.len() >= conversion.output_hz() as usize);
        assert!(output.iter().all(|sample| *sample == 0.0));
    }
}

#[test]
fn what_is_no_number_is_taken_as_silence() {
    for (conversion, quality) in filters() {
        let clean: Vec<f32> = (0..300).map(|i| ((i % 7) as f32 - 3.0) / 4.0).collect();
        let (mut holed, mut dirty) = (clean.clone(), clean);
        for (i, bad) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX]
            .iter()
            .enumerate()
        {
            holed[40 * i + 5] = 0.0;
            dirty[40 * i + 5] = *bad;
        }
        assert_eq!(
            convert(conversion, quality, &dirty),
            convert(conversion, quality, &holed)
        );
    }
}

#[test]
fn the_largest_numbers_taken_stay_finite() {
    for (conversion, quality) in filters() {
        let input: Vec<f32> = (0..600)
            .map(|i| if i % 5 < 2 { 1e30 } else { -1e30 })
            .collect();
        assert!(
            convert(conversion, quality, &input)
                .iter()
                .all(|sample| sample.is_finite())
        );
    }
}

#[test]
fn pcm_that_overshoots_is_clamped_not_wrapped() {
    let square: Vec<i16> = (0..3_200)
        .map(|i| if i / 16 % 2 == 0 { i16::MAX } else { -i16::MAX })
        .collect();
    let mut resampler = Resampler::new(Conversion::From16To24, Quality::Voice);
    let mut output: Vec<i16> = Vec::new();
    resampler.process_into(&square, &mut output);
    let jumps = output
        .windows(2)
        .filter(|pair| pair[0].abs_diff(pair[1]) > 50_000)
        .count();
    assert_eq!(jumps, 0);
    assert!(output.contains(&i16::MAX) && output.contains(&i16::MIN));
}

#[test]
fn a_constant_stays_within_a_tenth_of_a_decibel() {
    for (conversion, quality) in filters() {
        let output = convert(conversion, quality, &[0.5; 2_000]);
        let middle = &output[output.len() / 3..output.len() / 2];
        assert!(
            middle.iter().all(|sample| (sample - 0.5).abs() < 0.0001),
            "{conversion:?} {quality:?}"
        );
    }
}
