//! What a frame costs.

use crate::rig::Rig;

#[test]
fn a_frame_up_allocates_nothing_once_the_blocks_are_there() {
    let mut rig = Rig::ready();
    let frame = bytes::Bytes::from(vec![0; 1_280]);
    let mut second = || {
        for _ in 0..50 {
            rig.frame(&frame);
            rig.out.clear();
        }
    };
    second();
    let counted = allocation_counter::measure(second);
    // A block for five or six frames, as long as the last ones are held for the next session.
    assert!(counted.count_total <= 20, "{counted:?}");
}

#[test]
fn what_is_kept_while_the_model_is_away_stays_small() {
    let mut rig = Rig::new(voice::VoiceRules::default(), |_| {});
    let counted = allocation_counter::measure(|| {
        for _ in 0..1_000 {
            rig.hears(20);
            rig.out.clear();
        }
    });
    assert!(counted.bytes_current < 320 * 1024, "{counted:?}");
}
