use audio_dsp::{FRAME_BYTES_16_KHZ, Framer};
use proptest::prelude::*;

proptest! {
    #[test]
    fn frames_and_remainder_are_the_input_for_any_cut(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..2_000), 0..12),
    ) {
        let mut framer = Framer::<FRAME_BYTES_16_KHZ>::new();
        let mut seen = Vec::new();
        for piece in &pieces {
            framer.push(piece, |frame| seen.extend_from_slice(frame));
            prop_assert!(framer.remainder().len() < FRAME_BYTES_16_KHZ);
        }
        seen.extend_from_slice(framer.remainder());
        prop_assert_eq!(seen, pieces.concat());
    }
}

#[test]
fn a_cleared_framer_has_forgotten() {
    let mut framer = Framer::<4>::default();
    framer.push(&[1, 2, 3], |_| panic!("no frame is whole yet"));
    framer.clear();
    framer.push(&[4, 5, 6, 7], |frame| assert_eq!(*frame, [4, 5, 6, 7]));
    assert!(framer.remainder().is_empty());
}
