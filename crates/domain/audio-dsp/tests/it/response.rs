use crate::signal::{amplitude, convert, decibels, filters, steady, tone};
use audio_dsp::{Conversion, Quality, Resampler};
use std::ops::RangeInclusive;

/// Upper edge of speech as the lower of the two rates holds it.
fn nyquist(conversion: Conversion) -> f64 {
    f64::from(conversion.input_hz().min(conversion.output_hz())) / 2.0
}

fn promised(quality: Quality, voice: f64, high: f64) -> f64 {
    if quality == Quality::High {
        high
    } else {
        voice
    }
}

#[test]
fn a_tone_comes_out_as_itself_after_the_reported_delay() {
    for (conversion, quality) in filters() {
        let hz = nyquist(conversion) * 0.3137;
        let input = tone(hz, conversion.input_hz(), 2_000, 0.0);
        let output = convert(conversion, quality, &input);
        let delay = Resampler::new(conversion, quality).delay().as_secs_f64();
        let wanted = tone(hz, conversion.output_hz(), output.len(), delay);
        let edge = conversion.output_hz() as usize / 100;
        for (got, wanted) in output.iter().zip(&wanted).skip(edge).take(400) {
            let error = f64::from((got - wanted).abs());
            assert!(
                error < promised(quality, 0.009, 0.002),
                "{conversion:?} {quality:?} {error}"
            );
        }
    }
}

#[test]
fn seven_eighths_of_the_band_pass_evenly() {
    for (conversion, quality) in filters() {
        let gains: Vec<f64> = (1..=28)
            .map(|i| nyquist(conversion) * f64::from(i) / 32.0)
            .map(|hz| {
                let output = steady(conversion, quality, hz);
                decibels(amplitude(&output, hz, conversion.output_hz()))
            })
            .collect();
        let ripple = gains.iter().fold(f64::MIN, |a, b| a.max(*b))
            - gains.iter().fold(f64::MAX, |a, b| a.min(*b));
        assert!(
            ripple <= promised(quality, 0.1, 0.02),
            "{conversion:?} {quality:?} {ripple} dB"
        );
    }
}

#[test]
fn half_the_power_is_left_close_to_the_edge_of_the_band() {
    for (conversion, quality) in filters() {
        let hz = nyquist(conversion) * promised(quality, 7.3, 7.5) / 8.0;
        let output = steady(conversion, quality, hz);
        let gain = decibels(amplitude(&output, hz, conversion.output_hz()));
        assert!(gain >= -3.02, "{conversion:?} {quality:?} {gain} dB");
    }
}

#[test]
fn nothing_but_the_tone_comes_out_of_a_faster_rate() {
    for (conversion, quality) in filters().filter(|(c, _)| c.output_hz() > c.input_hz()) {
        for hz in [0.019, 0.2137, 0.4711, 0.6613, 0.8719, 0.975].map(|x| x * nyquist(conversion)) {
            check_quiet(conversion, quality, hz, 1..=3);
        }
    }
}

#[test]
fn what_a_slower_rate_cannot_hold_does_not_come_out() {
    for (conversion, quality) in filters().filter(|(c, _)| c.output_hz() < c.input_hz()) {
        for hz in [1.027, 1.1137, 1.3119, 1.4511].map(|x| x * nyquist(conversion)) {
            check_quiet(conversion, quality, hz, 0..=3);
        }
    }
}

/// The mirror images of `hz` around these multiples of the input rate must be gone.
#[track_caller]
fn check_quiet(conversion: Conversion, quality: Quality, hz: f64, multiples: RangeInclusive<u8>) {
    let output = steady(conversion, quality, hz);
    let (input_hz, output_hz) = (f64::from(conversion.input_hz()), conversion.output_hz());
    for image in multiples.flat_map(|k| [-1.0, 1.0].map(|side| f64::from(k) * input_hz + side * hz))
    {
        let folded = (image / f64::from(output_hz))
            .round()
            .mul_add(-f64::from(output_hz), image)
            .abs();
        if (folded - hz).abs() < 100.0 {
            continue;
        }
        let level = decibels(amplitude(&output, folded, output_hz));
        let allowed = promised(quality, -96.0, -119.0);
        assert!(
            level <= allowed,
            "{conversion:?} {quality:?} {hz} at {folded}: {level} dB"
        );
    }
}

#[test]
fn an_impulse_keeps_its_energy() {
    for (conversion, quality) in filters() {
        let ratio = f64::from(conversion.output_hz()) / f64::from(conversion.input_hz());
        for at in 0..12 {
            let mut input = vec![0.0; 40];
            input[at] = 1.0;
            let output = convert(conversion, quality, &input);
            let energy: f64 = output.iter().map(|s| f64::from(*s).powi(2)).sum();
            let kept = decibels((energy / (ratio * ratio.min(1.0))).sqrt());
            assert!(
                (-0.5..=0.0).contains(&kept),
                "{conversion:?} {quality:?} {kept} dB"
            );
        }
    }
}

#[test]
fn the_delay_is_what_the_front_page_says() {
    let delay = |conversion, quality| Resampler::new(conversion, quality).delay().as_micros();
    assert_eq!(delay(Conversion::From16To24, Quality::Linear), 62);
    assert_eq!(delay(Conversion::From16To24, Quality::Voice), 1_687);
    assert_eq!(delay(Conversion::From16To24, Quality::High), 2_687);
    assert_eq!(delay(Conversion::From48To24, Quality::Voice), 1_125);
}
