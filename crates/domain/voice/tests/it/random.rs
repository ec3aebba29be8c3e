//! Both links die at any moment.

use proptest::prelude::*;
use voice::client::{ClientEvent, ClientGone, ClientMessage};

use crate::links::Script;
use crate::talk::{House, frame, goodbye, says};

type Step = (i64, Result<ClientEvent, ClientGone>);

fn step() -> impl Strategy<Value = Step> {
    let played = (0_u32..3_000).prop_map(|ms| ClientMessage::Played {
        item: "1-1".into(),
        ms,
    });
    let message = prop_oneof![
        Just(ClientMessage::Interrupt),
        Just(ClientMessage::Ping),
        played
    ];
    let event = prop_oneof![
        4 => Just(frame()),
        3 => Just(says("why?")),
        2 => message.prop_map(|message| Ok(ClientEvent::Message(message))),
    ];
    (0_i64..400, event)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_dies_and_when_nothing_gets_stuck_and_every_question_is_stored(
        steps in proptest::collection::vec(step(), 0..60),
        lives in proptest::collection::vec(0_i64..4_000, 0..6),
        is_killed in any::<bool>(),
    ) {
        let asked = steps.iter().filter(|(_, event)| *event == says("why?")).count();
        let mut script: Script = steps.into();
        let end = if is_killed { Err(ClientGone("killed".to_owned())) } else { goodbye() };
        script.push_back((300, end));
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
