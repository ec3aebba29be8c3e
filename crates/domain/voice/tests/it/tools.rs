//! Tools the model calls.

use voice::client::{ServerMessage, ToolStatus};
use voice::model::{CallRequest, ModelCommand, ModelEvent, NewItem, ResponseStatus};
use voice::{Effect, Event, ToolOutcome, ToolResult};

use crate::rig::Rig;

fn call(rig: &mut Rig) -> CallRequest {
    let call = CallRequest {
        response: "r".into(),
        call: "c".into(),
        name: "bookmark".to_owned(),
        arguments: "{}".to_owned(),
    };
    rig.model(ModelEvent::ResponseCreated {
        response: "r".into(),
    });
    rig.model(ModelEvent::FunctionCall(call.clone()));
    call
}

fn done(outcome: ToolOutcome) -> Event {
    let (call, name, output) = ("c".into(), "bookmark".to_owned(), "{}".to_owned());
    Event::ToolDone(ToolResult {
        call,
        name,
        output,
        outcome,
    })
}

fn output() -> ModelCommand {
    let (call, output) = ("c".into(), "{}".to_owned());
    ModelCommand::Add {
        id: None,
        item: NewItem::CallOutput { call, output },
    }
}

#[test]
fn the_result_goes_up_at_once_and_the_answer_is_asked_for_after_the_response() {
    let mut rig = Rig::ready();
    let request = call(&mut rig);
    assert!(rig.did().contains(&Effect::RunTool(request)));
    rig.happen(done(ToolOutcome::Done));
    let (name, status) = ("bookmark".to_owned(), ToolStatus::Done);
    assert_eq!(rig.messages(), [ServerMessage::Tool { name, status }]);
    assert_eq!(rig.commands(), [output()]);
    rig.response_done(ResponseStatus::Completed, "r");
    assert_eq!(rig.commands(), [ModelCommand::CreateResponse]);
}

#[test]
fn a_result_after_the_student_took_the_word_asks_for_no_answer() {
    let mut rig = Rig::ready();
    call(&mut rig);
    rig.response_done(ResponseStatus::Completed, "r");
    rig.speech("u");
    rig.did();
    rig.happen(done(ToolOutcome::Done));
    assert_eq!(rig.commands(), [output()]);
}

#[test]
fn after_the_session_was_ended_the_tutor_says_goodbye_and_it_is_over() {
    let mut rig = Rig::ready();
    call(&mut rig);
    rig.response_done(ResponseStatus::Completed, "r");
    rig.happen(done(ToolOutcome::EndsConversation));
    assert!(!rig.is_over());
    rig.answer_begins("r", "a");
    rig.answer_says(("r", "a"), "bye", 1_000);
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    assert!(!rig.is_over());
    rig.pass(1_001);
    assert!(rig.is_over());
}

#[test]
fn a_result_nobody_asked_for_is_nothing() {
    let mut rig = Rig::ready();
    rig.happen(done(ToolOutcome::Done));
    assert_eq!(rig.did(), []);
}
