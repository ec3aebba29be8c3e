//! Sides that do not read.

use voice::client::ServerMessage;
use voice::model::{ModelCommand, NewItem};
use voice::{Effect, VoiceError};

use crate::rig::Rig;

const KB: usize = 1024;

fn told(rig: &Rig) -> u64 {
    let dropped = rig.messages().into_iter().map(|message| match message {
        ServerMessage::Backpressure { dropped_frames } => dropped_frames,
        _ => 0,
    });
    dropped.sum()
}

#[test]
fn above_100_kb_towards_the_model_the_newest_frame_is_dropped_and_told() {
    let mut rig = Rig::ready();
    rig.waiting.model = 100 * KB + 1;
    (0..3).for_each(|_| rig.hears(20));
    rig.pass(1_000);
    assert_eq!(told(&rig), 3);
    assert_eq!(rig.commands(), []);
    rig.waiting.model = 0;
    rig.hears(20);
    assert!(matches!(rig.commands()[..], [ModelCommand::AppendAudio(_)]));
}

#[test]
fn words_are_never_dropped() {
    let mut rig = Rig::ready();
    rig.waiting.model = 200 * KB;
    rig.says(voice::client::ClientMessage::Text("why?".to_owned()));
    let item = NewItem::UserText("why?".to_owned());
    assert!(
        rig.commands()
            .contains(&ModelCommand::Add { id: None, item })
    );
}

#[test]
fn a_model_that_takes_nothing_for_300_kb_ends_it() {
    let mut rig = Rig::ready();
    rig.waiting.model = 100 * KB + 1;
    (0..200).for_each(|_| rig.hears(20));
    assert_eq!(
        rig.fatal(),
        Some(VoiceError::Backpressure { side: "model" })
    );
    assert_eq!(rig.fatal().unwrap().close_code().unwrap().number(), 4408);
}

#[test]
fn above_100_kb_towards_the_device_sound_is_dropped_and_words_are_not() {
    let mut rig = Rig::ready();
    rig.answer_begins("r", "a");
    rig.waiting.client_audio = 100 * KB + 1;
    rig.did();
    rig.answer_says(("r", "a"), "one", 100);
    assert_eq!(rig.audio_bytes(), 0);
    assert_eq!(told(&rig), 5);
    assert!(
        rig.messages()
            .iter()
            .any(|m| matches!(m, ServerMessage::Transcript { .. }))
    );
}

#[test]
fn a_device_that_takes_nothing_for_300_kb_ends_it() {
    let mut rig = Rig::ready();
    rig.answer_begins("r", "a");
    rig.waiting.client_audio = 100 * KB + 1;
    (0..10).for_each(|_| rig.answer_says(("r", "a"), "one", 1_000));
    assert_eq!(
        rig.fatal(),
        Some(VoiceError::Backpressure { side: "device" })
    );
}

#[test]
fn dropped_sound_is_not_recorded_as_heard() {
    let mut rig = Rig::ready();
    rig.answer_begins("r", "a");
    rig.waiting.client_audio = 100 * KB + 1;
    rig.did();
    rig.answer_says(("r", "a"), "one", 100);
    assert!(
        !rig.did()
            .iter()
            .any(|effect| matches!(effect, Effect::Record(..)))
    );
}
