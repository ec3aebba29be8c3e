//! Both links die at any moment.

use proptest::prelude::*;
use voice::client::ClientMessage;

use crate::links::{Script, Step};
use crate::talk::{House, frame, goodbye, killed, message, says};

fn step() -> impl Strategy<Value = Step> {
    let played = (0_u32..3_000).prop_map(|ms| {
        let item = "1-1".into();
        ClientMessage::Played { item, ms }
    });
    let others = prop_oneof![
        Just(ClientMessage::Interrupt),
        Just(ClientMessage::Ping),
        played
    ];
    let after = 0_i64..400;
    prop_oneof![
        4 => after.clone().prop_map(frame),
        3 => after.clone().prop_map(|after| says(after, "why?")),
        2 => (after, others).prop_map(|(after, other)| message(after, other)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_dies_and_when_nothing_gets_stuck_and_every_question_is_stored(
        steps in proptest::collection::vec(step(), 0..60),
        lives in proptest::collection::vec(0_i64..4_000, 0..6),
        is_killed in any::<bool>(),
    ) {
        let asked = steps.iter().filter(|step| **step == says(step.0, "why?")).count();
        let mut script: Script = steps.into();
        script.push_back(if is_killed { killed(300) } else { goodbye(300) });
        let house = House::new(&lives);
        house.talk(script);
        prop_assert!(house.is_closed());
        let texts = house.texts();
        prop_assert_eq!(texts.iter().filter(|text| *text == "why?").count(), asked);
        prop_assert_eq!(house.memory.kept.lock().unwrap().finished, 1);
    }

    #[test]
    fn a_task_dropped_at_any_moment_leaves_its_transcript(
        steps in proptest::collection::vec(step(), 1..40),
        lives in proptest::collection::vec(0_i64..2_000, 0..4),
        dropped_after in 1_i64..6_000,
    ) {
        let house = House::new(&lives);
        house.drop_after(dropped_after, steps.into());
        prop_assert!(house.is_closed());
        let begun = house.memory.kept.lock().unwrap().sessions.len();
        prop_assert_eq!(house.memory.kept.lock().unwrap().finished, begun);
    }
}
