//! Any order of events, sensible or not.

use bytes::Bytes;
use proptest::prelude::*;
use voice::client::{ClientEvent, ClientMessage};
use voice::model::{CallRequest, ModelEvent, ResponseStatus};
use voice::{Effect, Event, ToolOutcome, ToolResult, VoiceRules};

use crate::rig::Rig;

fn item() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("a"), Just("b"), Just("c")]
}

fn model() -> impl Strategy<Value = ModelEvent> {
    (item(), item(), 0_u8..16, 0_usize..60_000).prop_map(|(r, i, kind, len)| {
        let (response, item, text) = (r.into(), i.into(), "some words".to_owned());
        let status = ResponseStatus::Completed;
        match kind {
            0 => ModelEvent::SessionCreated { expires_at: None },
            1 => ModelEvent::SessionUpdated,
            2 => ModelEvent::SpeechStarted { item },
            3 => ModelEvent::SpeechStopped { item },
            4 => ModelEvent::InputTranscriptDelta { item, text },
            5 => ModelEvent::InputTranscriptDone { item, text },
            6 => ModelEvent::ResponseCreated { response },
            7 => ModelEvent::AnswerItemAdded { response, item },
            8 => ModelEvent::AnswerAudioDone { response, item },
            9 => ModelEvent::AnswerTranscriptDelta {
                response,
                item,
                text,
            },
            10 => ModelEvent::AnswerTranscriptDone {
                response,
                item,
                text,
            },
            11 => ModelEvent::ResponseDone {
                response,
                status,
                usage: None,
            },
            12 => ModelEvent::FunctionCall(CallRequest {
                response,
                call: "c".into(),
                name: text,
                arguments: String::new(),
            }),
            13 => ModelEvent::SpeechCommitted { item },
            _ => {
                let (content_index, pcm) = (0, Bytes::from(vec![1; len]));
                ModelEvent::AnswerAudio {
                    response,
                    item,
                    content_index,
                    pcm,
                }
            }
        }
    })
}

fn client() -> impl Strategy<Value = ClientEvent> {
    (item(), 0_u8..7, 0_u32..5_000).prop_map(|(item, kind, ms)| {
        ClientEvent::Message(match kind {
            0 => ClientMessage::Text("why?".to_owned()),
            1 => ClientMessage::Interrupt,
            2 => ClientMessage::Ping,
            3 => return ClientEvent::Alive,
            4 => return ClientEvent::Audio(Bytes::from(vec![0; ms as usize])),
            _ => ClientMessage::Played {
                item: item.into(),
                ms,
            },
        })
    })
}

#[derive(Debug, Clone)]
enum Step {
    Event(Event),
    Lose,
    Pass(i64),
}

fn tool_done() -> Event {
    Event::ToolDone(ToolResult {
        call: "c".into(),
        name: String::new(),
        output: String::new(),
        outcome: ToolOutcome::Done,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => model().prop_map(|event| Step::Event(Event::Model(event))),
        4 => client().prop_map(|event| Step::Event(Event::Client(event))),
        1 => Just(Step::Lose),
        1 => Just(Step::Event(Event::ModelOpened)),
        1 => Just(Step::Event(tool_done())),
        4 => (0_i64..3_000).prop_map(Step::Pass),
    ]
}

proptest! {
    #[test]
    fn whatever_comes_the_relay_neither_panics_nor_stores_a_turn_twice(
        steps in proptest::collection::vec(step(), 0..200),
    ) {
        let mut rig = Rig::new(VoiceRules::default(), |_| {});
        for step in steps {
            match step {
                Step::Event(event) => rig.happen(event),
                Step::Lose => rig.lose(),
                Step::Pass(ms) => rig.pass(ms),
            }
        }
        rig.says(ClientMessage::End);
        prop_assert!(rig.is_over());
        let mut places: Vec<_> = rig.stored().iter().map(|turn| turn.index).collect();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), all);
        let ends = rig.did().iter().filter(|e| matches!(e, Effect::End(_))).count();
        prop_assert_eq!(ends, 1);
    }
}
