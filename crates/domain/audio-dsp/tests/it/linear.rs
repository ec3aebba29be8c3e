use audio_dsp::{Conversion, Quality, Resampler};

#[test]
fn a_straight_line_stays_a_straight_line() {
    let ramp: Vec<f32> = (1..=64).map(|i| i as f32).collect();
    let mut output: Vec<f32> = Vec::new();
    Resampler::new(Conversion::From16To24, Quality::Linear).process_into(&ramp, &mut output);
    assert_eq!(output.len(), 96);
    for (i, sample) in output.iter().enumerate() {
        assert!(
            (sample - i as f32 * 2.0 / 3.0).abs() < 1e-5,
            "{i}: {sample}"
        );
    }
}

#[test]
fn a_slower_rate_takes_every_third_sample() {
    let ramp: Vec<i16> = (1..=30).collect();
    let mut output: Vec<i16> = Vec::new();
    Resampler::new(Conversion::From48To16, Quality::Linear).process_into(&ramp, &mut output);
    assert_eq!(output, [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
}
