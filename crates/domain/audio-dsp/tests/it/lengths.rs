use audio_dsp::{Conversion, OutputTooSmall, Quality, Resampler};

#[test]
fn frames_of_20_ms_become_frames_of_20_ms_at_once() {
    for conversion in Conversion::ALL {
        for quality in [Quality::Linear, Quality::Voice, Quality::High] {
            let mut resampler = Resampler::new(conversion, quality);
            let input = vec![0.25_f32; conversion.input_hz() as usize / 50];
            let mut output = vec![0.0_f32; conversion.output_hz() as usize / 50];
            for _ in 0..5 {
                assert_eq!(resampler.process(&input, &mut output), Ok(output.len()));
            }
        }
    }
}

#[test]
fn an_output_too_small_changes_nothing() {
    let mut resampler = Resampler::new(Conversion::From16To24, Quality::Voice);
    let mut short = [0_i16; 479];
    let refused = resampler.process(&[1_i16; 320], &mut short);
    assert_eq!(
        refused,
        Err(OutputTooSmall {
            needed: 480,
            available: 479
        })
    );
    assert_eq!(short, [0; 479]);
    assert_eq!(resampler.flush_len(), 0);
}

#[test]
fn the_flush_brings_all_the_filter_rings_with() {
    let mut resampler = Resampler::new(Conversion::From16To24, Quality::Voice);
    let mut output = vec![0.0_f32; 12];
    assert_eq!(resampler.process(&[1.0_f32; 9], &mut output), Ok(12));
    assert_eq!(resampler.flush_len(), (3 + 2 * 81_usize).div_ceil(2));
    let mut tail = vec![0.0_f32; 100];
    assert_eq!(resampler.flush(&mut tail), Ok(83));
    assert!(tail[81] != 0.0 && tail[83..].iter().all(|sample| *sample == 0.0));
}

#[test]
fn a_flush_of_nothing_is_nothing() {
    for quality in [Quality::Voice, Quality::High] {
        let mut resampler = Resampler::new(Conversion::From48To16, quality);
        assert_eq!(resampler.flush::<f32>(&mut []), Ok(0));
    }
}

#[test]
fn every_pair_of_rates_is_found_by_its_rates() {
    for conversion in Conversion::ALL {
        let found = Conversion::between(conversion.input_hz(), conversion.output_hz());
        assert_eq!(found, Some(conversion));
    }
}

#[test]
fn a_resampler_fits_in_nine_kilobytes() {
    assert!(size_of::<Resampler>() <= 9 * 1024);
}
