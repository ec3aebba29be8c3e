use serde_json::{Value, json};
use voice::model::{CallRequest, ErrorClass, ModelEvent, ResponseStatus};
use voice::{Tokens, Usage};

use super::Reader;

fn event(frame: &Value) -> Option<ModelEvent> {
    Reader::default().read(&frame.to_string()).unwrap()
}

#[track_caller]
fn told(frame: &Value, expected: &ModelEvent) {
    assert_eq!(event(frame).as_ref(), Some(expected), "{frame}");
}

/// A frame of an answer, with a field or two more.
fn answer(kind: &str, more: &Value) -> Value {
    let mut frame = json!({
        "type": format!("response.{kind}"), "event_id": "event_1", "response_id": "r",
        "item_id": "i", "output_index": 0, "content_index": 0, "obfuscation": "x7",
    });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    frame
}

#[test]
fn sound_becomes_bytes() {
    let frame = answer(
        "output_audio.delta",
        &json!({"delta": "AQIDBA==", "content_index": 1}),
    );
    let pcm = vec![1, 2, 3, 4].into();
    let (response, item) = ("r".into(), "i".into());
    let content_index = 1;
    told(
        &frame,
        &ModelEvent::AnswerAudio {
            response,
            item,
            content_index,
            pcm,
        },
    );
}

#[test]
fn sound_cut_within_a_sample_is_joined_from_frame_to_frame() {
    let mut reader = Reader::default();
    let mut sound = |delta: &str| {
        let frame = answer("output_audio.delta", &json!({"delta": delta})).to_string();
        match reader.read(&frame) {
            Ok(Some(ModelEvent::AnswerAudio { pcm, .. })) => pcm.to_vec(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((sound("AQID"), sound("BA==")), (vec![1, 2], vec![3, 4]));
}

#[test]
fn spoken_and_written_words_are_the_same() {
    for kind in ["output_audio_transcript", "output_text"] {
        let delta = ModelEvent::AnswerTranscriptDelta {
            response: "r".into(),
            item: "i".into(),
            text: "a \"tri\"".into(),
        };
        told(
            &answer(&format!("{kind}.delta"), &json!({"delta": "a \"tri\""})),
            &delta,
        );
    }
    let done = ModelEvent::AnswerTranscriptDone {
        response: "r".into(),
        item: "i".into(),
        text: "a triangle".into(),
    };
    told(
        &answer(
            "output_audio_transcript.done",
            &json!({"transcript": "a triangle"}),
        ),
        &done,
    );
    told(
        &answer("output_text.done", &json!({"text": "a triangle"})),
        &done,
    );
}

#[test]
fn an_item_to_speak_in_is_told_and_one_for_a_call_is_not() {
    let added = |kind| {
        answer(
            "output_item.added",
            &json!({"item": {"id": "i", "type": kind}}),
        )
    };
    let expected = ModelEvent::AnswerItemAdded {
        response: "r".into(),
        item: "i".into(),
    };
    told(&added("message"), &expected);
    assert_eq!(event(&added("function_call")), None);
}

#[test]
fn a_call_is_told_once_it_is_whole() {
    let done = |status: Value| {
        let item = json!({"id": "i", "type": "function_call", "status": status,
            "call_id": "c", "name": "bookmark", "arguments": "{}"});
        answer("output_item.done", &json!({ "item": item }))
    };
    let call = ModelEvent::FunctionCall(CallRequest {
        response: "r".into(),
        call: "c".into(),
        name: "bookmark".into(),
        arguments: "{}".into(),
    });
    told(&done(json!("completed")), &call);
    told(&done(Value::Null), &call);
    assert_eq!(event(&done(json!("incomplete"))), None);
}

#[track_caller]
fn ends(response: &Value, expected: &ResponseStatus) {
    match event(&json!({"type": "response.done", "response": response})) {
        Some(ModelEvent::ResponseDone { status, .. }) => assert_eq!(&status, expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_ends_in_one_of_four_ways() {
    ends(
        &json!({"id": "r", "status": "completed"}),
        &ResponseStatus::Completed,
    );
    ends(
        &json!({"id": "r", "status": "cancelled"}),
        &ResponseStatus::Cancelled,
    );
    ends(
        &json!({"id": "r", "status": "incomplete", "status_details": {"reason": "content_filter"}}),
        &ResponseStatus::Incomplete {
            reason: "content_filter".into(),
        },
    );
    ends(
        &json!({"id": "r", "status": "failed",
            "status_details": {"error": {"code": null, "type": "server_error"}}}),
        &ResponseStatus::Failed {
            code: "server_error".into(),
        },
    );
}

#[test]
fn an_end_with_senseless_details_is_an_end_all_the_same() {
    ends(
        &json!({"id": "r", "status": "completed", "status_details": 7, "usage": "none"}),
        &ResponseStatus::Completed,
    );
    ends(
        &json!({"id": "r", "status": "paused"}),
        &ResponseStatus::Incomplete {
            reason: "paused".into(),
        },
    );
}

#[track_caller]
fn costs(usage: &Value, expected: Option<Usage>) {
    let response = json!({"id": "r", "status": "completed", "usage": usage});
    match event(&json!({"type": "response.done", "response": response})) {
        Some(ModelEvent::ResponseDone { usage, .. }) => assert_eq!(usage, expected),
        other => panic!("{other:?}"),
    }
}

fn tokens(text: u64, audio: u64, image: u64) -> Tokens {
    Tokens { text, audio, image }
}

#[test]
fn tokens_are_counted_by_kind() {
    costs(
        &json!({
            "total_tokens": 150, "input_tokens": 100, "output_tokens": 50,
            "input_token_details": {"text_tokens": 40, "audio_tokens": 50, "image_tokens": 10,
                "cached_tokens": 60,
                "cached_tokens_details": {"text_tokens": 30, "audio_tokens": 30}},
            "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
        }),
        Some(Usage {
            input: tokens(40, 50, 10),
            cached: tokens(30, 30, 0),
            output: tokens(10, 40, 0),
        }),
    );
    costs(&Value::Null, None);
}

#[test]
fn cached_tokens_that_are_not_split_are_text_first() {
    let details = json!({"text_tokens": 40, "audio_tokens": 50, "cached_tokens": 60});
    costs(
        &json!({ "input_token_details": details }),
        Some(Usage {
            input: tokens(40, 50, 0),
            cached: tokens(40, 20, 0),
            output: Tokens::default(),
        }),
    );
}

#[test]
fn speech_and_its_transcript_are_told_by_item() {
    let of = |kind: &str| json!({"type": kind, "item_id": "i", "audio_start_ms": 1.5});
    let item = || "i".into();
    let buffer = |kind: &str| of(&format!("input_audio_buffer.{kind}"));
    told(
        &buffer("speech_started"),
        &ModelEvent::SpeechStarted { item: item() },
    );
    told(
        &buffer("speech_stopped"),
        &ModelEvent::SpeechStopped { item: item() },
    );
    told(
        &buffer("committed"),
        &ModelEvent::SpeechCommitted { item: item() },
    );
    let mut done = of("conversation.item.input_audio_transcription.completed");
    done["transcript"] = json!("hello");
    let text = "hello".to_owned();
    told(
        &done,
        &ModelEvent::InputTranscriptDone { item: item(), text },
    );
    let failed = of("conversation.item.input_audio_transcription.failed");
    told(&failed, &ModelEvent::InputTranscriptFailed { item: item() });
}

#[test]
fn what_others_tell_as_well_is_no_event() {
    for kind in [
        "conversation.item.added",
        "conversation.item.done",
        "response.content_part.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "input_audio_buffer.cleared",
    ] {
        assert_eq!(event(&json!({ "type": kind })), None, "{kind}");
    }
}

#[test]
fn of_the_limits_the_tokens_are_told() {
    let limits = json!([
        {"name": "requests", "limit": 9, "remaining": 8, "reset_seconds": 1},
        {"name": "tokens", "limit": 100, "remaining": 90, "reset_seconds": 0.25},
    ]);
    let expected = ModelEvent::RateLimits {
        remaining_tokens: Some(90),
        reset_ms: Some(250),
    };
    told(
        &json!({"type": "rate_limits.updated", "rate_limits": limits}),
        &expected,
    );
}

#[track_caller]
fn means(error: &Value, expected: ErrorClass) {
    match event(&json!({ "type": "error", "error": error })) {
        Some(ModelEvent::Error(told)) => assert_eq!(told.class, expected, "{error}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_mean_what_the_provider_means_by_them() {
    for code in [
        "response_cancel_not_active",
        "input_audio_buffer_commit_empty",
    ] {
        means(&json!({ "code": code }), ErrorClass::Benign);
    }
    let late = "Audio content of 500ms is already shorter than 900ms";
    means(
        &json!({"code": "invalid_value", "message": late}),
        ErrorClass::Benign,
    );
    means(
        &json!({"code": "invalid_value", "param": "type"}),
        ErrorClass::Rejected,
    );
    means(
        &json!({"code": null, "type": "server_error"}),
        ErrorClass::Rejected,
    );
    means(&json!("no object"), ErrorClass::Rejected);
    means(&json!({"code": "session_expired"}), ErrorClass::SessionEnds);
    for code in ["invalid_api_key", "model_not_found", "insufficient_quota"] {
        means(&json!({ "code": code }), ErrorClass::Fatal);
    }
}

#[test]
fn an_error_names_its_command_and_no_key() {
    let error =
        json!({"code": "odd", "message": "the key 'sk-abc' is odd", "event_id": "truncate_item"});
    let Some(ModelEvent::Error(told)) = event(&json!({"type": "error", "error": error})) else {
        panic!("no error");
    };
    assert_eq!(told.message, "the key [key] is odd");
    assert_eq!(told.about, Some(voice::model::CommandKind::Truncate));
}
