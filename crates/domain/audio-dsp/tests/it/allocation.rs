use audio_dsp::{Conversion, Framer, Quality, Resampler};

fn allocations_of(quality: Quality) -> u64 {
    let input = [0.25_f32; 320];
    let mut output = [0_i16; 480];
    allocation_counter::measure(|| {
        let mut resampler = Resampler::new(Conversion::From16To24, quality);
        for _ in 0..50 {
            assert!(resampler.process(&input, &mut output).is_ok());
        }
        assert!(resampler.flush(&mut output).is_ok());
        resampler.reset();
    })
    .count_total
}

#[test]
fn a_second_of_speech_allocates_nothing() {
    for quality in [Quality::Linear, Quality::Voice, Quality::High] {
        assert_eq!(allocations_of(quality), 0);
    }
}

#[test]
fn appending_to_a_vector_with_room_allocates_nothing() {
    let mut resampler = Resampler::new(Conversion::From16To24, Quality::Voice);
    let mut output: Vec<f32> = Vec::with_capacity(480);
    let counted = allocation_counter::measure(|| {
        for _ in 0..50 {
            output.clear();
            resampler.process_into(&[0.25_f32; 320], &mut output);
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn framing_allocates_nothing() {
    let mut framer = Framer::<960>::new();
    let counted = allocation_counter::measure(|| {
        for _ in 0..50 {
            framer.push(&[7; 700], |frame| assert_eq!(frame[0], 7));
        }
    });
    assert_eq!(counted.count_total, 0);
}
