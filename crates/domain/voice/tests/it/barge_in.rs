//! The student speaks while an answer plays.

use voice::Effect;
use voice::client::{ClientMessage, ServerMessage, Speaker};
use voice::model::{ModelCommand, ModelEvent, OnSpeech, ResponseStatus, TurnDetection};

use crate::rig::{Rig, final_words};

fn truncate(ms: u32) -> ModelCommand {
    ModelCommand::Truncate {
        item: "a".into(),
        content_index: 0,
        ms,
    }
}

fn interrupted(rig: &Rig) -> Vec<u32> {
    let cuts = rig
        .messages()
        .into_iter()
        .filter_map(|message| match message {
            ServerMessage::Interrupted { heard_ms, .. } => Some(heard_ms),
            _ => None,
        });
    cuts.collect()
}

#[test]
fn the_answer_is_cut_where_the_device_says_it_was() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(2_500);
    rig.says(ClientMessage::Played {
        item: "a".into(),
        ms: 2_100,
    });
    rig.did();
    rig.speech("u");
    assert_eq!(interrupted(&rig), [2_100]);
    assert_eq!(
        rig.commands(),
        [truncate(2_100)],
        "and no cancel: the model does that"
    );
}

#[test]
fn without_a_report_the_clock_tells_what_was_heard() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(1_500);
    rig.did();
    rig.speech("u");
    assert_eq!(rig.commands(), [truncate(1_500)]);
}

#[test]
fn the_device_is_told_to_forget_what_is_queued_before_anything_else() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.did();
    rig.speech("u");
    let did = rig.did();
    let at = |wanted: &dyn Fn(&Effect) -> bool| did.iter().position(wanted).unwrap();
    let forget = at(&|effect| *effect == Effect::ForgetClientAudio);
    let cut = at(&|e| matches!(e, Effect::ToClient(ServerMessage::Interrupted { .. })));
    assert!(forget < cut);
}

#[test]
fn nothing_of_the_old_answer_follows() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.speech("u");
    rig.did();
    rig.answer_says(("r", "a"), " five", 1_000);
    rig.model(ModelEvent::AnswerTranscriptDone {
        response: "r".into(),
        item: "a".into(),
        text: "one two three four five".to_owned(),
    });
    assert_eq!(rig.did(), []);
    rig.response_done(ResponseStatus::Cancelled, "r");
    rig.answer_begins("r2", "b");
    rig.answer_says(("r2", "b"), "new", 100);
    assert_eq!(rig.audio_bytes(), 4_800);
}

#[test]
fn a_finished_answer_that_still_plays_is_cut_too() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(3_200);
    rig.did();
    rig.speech("u");
    assert_eq!(rig.commands(), [truncate(3_200)]);
}

#[test]
fn an_answer_that_was_heard_is_left_alone() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(4_000);
    assert_eq!(
        rig.stored_text(),
        [("assistant", "one two three four".to_owned())]
    );
    rig.did();
    rig.speech("u");
    assert_eq!(rig.commands(), []);
}

#[test]
fn an_answer_without_sound_is_deleted() {
    let mut rig = Rig::ready();
    rig.answer_begins("r", "a");
    rig.did();
    rig.speech("u");
    assert_eq!(rig.commands(), [ModelCommand::Delete("a".into())]);
}

#[test]
fn an_item_that_comes_after_the_interruption_is_deleted() {
    let mut rig = Rig::ready();
    rig.model(ModelEvent::ResponseCreated {
        response: "r".into(),
    });
    rig.speech("u");
    rig.did();
    rig.model(ModelEvent::AnswerItemAdded {
        response: "r".into(),
        item: "a".into(),
    });
    assert_eq!(rig.commands(), [ModelCommand::Delete("a".into())]);
}

#[test]
fn the_transcript_holds_only_what_was_heard() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(2_500);
    rig.speech("u");
    rig.pass(1_000);
    assert_eq!(rig.stored_text(), [("assistant", "one two".to_owned())]);
    assert!(
        rig.messages()
            .contains(&final_words(Speaker::Tutor, "a", "one two"))
    );
    assert_eq!(rig.stored()[0].heard_ms, Some(2_500));
    assert!(rig.stored()[0].is_cut());
}

#[test]
fn the_device_may_lower_what_was_heard_for_a_second_after_the_cut() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(2_500);
    rig.speech("u");
    rig.did();
    rig.says(ClientMessage::Played {
        item: "a".into(),
        ms: 1_900,
    });
    assert_eq!(rig.stored_text(), [("assistant", "one".to_owned())]);
    assert_eq!(rig.commands(), [truncate(1_900)]);
}

#[test]
fn the_relay_cancels_only_where_the_model_does_not() {
    let mut rig = Rig::ready_with(|rules| {
        rules.turn_detection = TurnDetection::Semantic {
            on_speech: OnSpeech::RelayCancels,
        };
    });
    rig.four_words();
    rig.did();
    rig.speech("u");
    let cancel = ModelCommand::CancelResponse(Some("r".into()));
    assert_eq!(rig.commands(), [cancel, truncate(0)]);
}

#[test]
fn stop_cancels_and_cuts_and_a_second_stop_does_nothing() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.pass(1_000);
    rig.did();
    rig.says(ClientMessage::Interrupt);
    let cancel = ModelCommand::CancelResponse(Some("r".into()));
    assert_eq!(rig.commands(), [cancel, truncate(1_000)]);
    rig.says(ClientMessage::Interrupt);
    assert_eq!(rig.commands(), []);
}

#[test]
fn stop_after_the_answer_was_made_only_cuts() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(1_000);
    rig.did();
    rig.says(ClientMessage::Interrupt);
    assert_eq!(rig.commands(), [truncate(1_000)]);
}
