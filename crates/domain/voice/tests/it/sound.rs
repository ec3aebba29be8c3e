//! Sound on its way up.

use bytes::Bytes;
use voice::client::{AudioFormat, ClientEvent, ClientMessage, ServerMessage, Start};
use voice::model::{ModelCommand, ModelEvent};
use voice::{Effect, Event, Track, VoiceError, VoiceRules};

use crate::rig::Rig;

fn frames(commands: &[ModelCommand]) -> usize {
    let is_audio = |c: &&ModelCommand| matches!(c, ModelCommand::AppendAudio(_));
    commands.iter().filter(is_audio).count()
}

#[test]
fn twenty_milliseconds_in_are_one_frame_of_960_bytes_up() {
    let mut rig = Rig::ready();
    rig.hears(20);
    let commands = rig.commands();
    assert!(matches!(&commands[..], [ModelCommand::AppendAudio(f)] if f.len() == 960));
}

#[test]
fn what_is_said_is_recorded_at_16_khz() {
    let mut rig = Rig::ready();
    rig.hears(30);
    let recorded = rig.did().into_iter().find_map(|effect| match effect {
        Effect::Record(Track::Input, sound) => Some(sound.len()),
        _ => None,
    });
    assert_eq!(recorded, Some(30 * 32));
}

#[test]
fn a_frame_of_another_length_is_dropped_and_the_session_lives() {
    let mut rig = Rig::ready();
    for len in [6, 65_540] {
        let frame = Bytes::from(vec![0; len]);
        rig.happen(Event::Client(ClientEvent::Audio(frame)));
        let error = VoiceError::BadAudioFrame {
            len,
            sample_bytes: 4,
        };
        assert_eq!(rig.did(), [Effect::ToClient(ServerMessage::Error(error))]);
    }
    rig.hears(20);
    assert_eq!(frames(&rig.commands()), 1);
}

#[test]
fn what_is_said_before_the_model_listens_is_kept_up_to_five_seconds() {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    rig.happen(Event::Tick);
    (0..300).for_each(|_| rig.hears(20));
    assert_eq!(frames(&rig.commands()), 0);
    rig.connect();
    rig.pass(100);
    let first = frames(&rig.commands());
    rig.waiting.model = 0;
    rig.pass(5_000);
    assert_eq!(first + frames(&rig.commands()), 250);
}

#[test]
fn kept_sound_goes_first_and_never_fills_the_queue_above_the_mark() {
    let mut rig = Rig::new(VoiceRules::default(), |_| {});
    (0..250).for_each(|_| rig.hears(20));
    rig.connect();
    let sent = frames(&rig.commands());
    assert!(
        (70..90).contains(&sent),
        "{sent} frames are 100 KB on the wire"
    );
}

#[test]
fn the_device_may_choose_its_formats_as_long_as_no_audio_has_come() {
    let mut rig = Rig::ready();
    let format = AudioFormat::try_new("s16le", 24_000).unwrap();
    let start = Start {
        input: Some(format),
        output: Some(format),
        ..Start::default()
    };
    rig.says(ClientMessage::Start(start.clone()));
    assert!(
        matches!(&rig.messages()[..], [ServerMessage::Ready { input, .. }] if *input == format)
    );
    rig.happen(Event::Client(ClientEvent::Audio(Bytes::from(vec![0; 960]))));
    assert_eq!(frames(&rig.commands()), 1);
    rig.says(ClientMessage::Start(start));
    assert!(matches!(
        &rig.messages()[..],
        [ServerMessage::Error(VoiceError::BadMessage(_))]
    ));
}

#[test]
fn an_answer_comes_in_the_format_the_device_asked_for() {
    let output = AudioFormat::try_new("f32le", 16_000).unwrap();
    let mut rig = Rig::new(VoiceRules::default(), |setup| {
        setup.start.output = Some(output);
    });
    rig.connect();
    rig.answer_begins("r", "a");
    rig.did();
    rig.model(ModelEvent::AnswerAudio {
        response: "r".into(),
        item: "a".into(),
        content_index: 0,
        pcm: Bytes::from(vec![0; 48_000]),
    });
    assert_eq!(rig.audio_bytes(), 64_000);
}
