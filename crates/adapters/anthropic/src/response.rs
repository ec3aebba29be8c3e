//! The provider's answer, down to the text the model wrote.

use provider_http::Failure;
use serde::Deserialize;
use serde_json::Value;
use vision::{Bill, BilledAnswer, Sighting, TokenUsage, report};

use crate::client::NAME;

/// The parts of an answer that are read; anything else is ignored.
#[derive(Deserialize)]
struct Answer {
    model: String,
    content: Vec<Value>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    stop_details: Value,
    #[serde(default)]
    usage: Value,
}

/// Reads a successful answer's body and notes what it cost.
pub(crate) fn sighting(body: &[u8], bill: &Bill) -> Result<Sighting, Failure> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| Failure::bad_output("the response is not the JSON of a message"))?;
    bill.add(BilledAnswer {
        provider: NAME,
        model: answer.model.clone(),
        usage: usage(&answer.usage),
    });
    check_end(&answer)?;
    let text = text(&answer.content)?;
    Ok(Sighting {
        content: report::parse(&text).map_err(Failure::bad_output)?,
        model: answer.model,
    })
}

/// `input_tokens` leaves out what was read from a cache or written to one. Images and text are
/// counted as one.
fn usage(usage: &Value) -> TokenUsage {
    let count = |pointer: &str| {
        let count = usage.pointer(pointer).and_then(Value::as_u64);
        count.unwrap_or_default()
    };
    let cached = count("/cache_read_input_tokens");
    let cache_written = count("/cache_creation_input_tokens");
    TokenUsage {
        input: count("/input_tokens") + cached + cache_written,
        input_image: 0,
        cached,
        cache_written,
        output: count("/output_tokens"),
        reasoning: count("/output_tokens_details/thinking_tokens"),
    }
}

/// A cut answer holds cut JSON, so how it ended comes first.
fn check_end(answer: &Answer) -> Result<(), Failure> {
    let reason = match answer.stop_reason.as_deref() {
        None | Some("end_turn" | "stop_sequence") => return Ok(()),
        Some("refusal") => return Err(refusal(&answer.stop_details)),
        Some(reason @ ("max_tokens" | "model_context_window_exceeded")) => {
            format!("the answer is incomplete ({reason})")
        }
        Some(_) => "the answer is not finished".to_owned(),
    };
    Err(Failure::bad_output(reason))
}

/// The category is one of a few names; the explanation may speak of the photograph.
fn refusal(details: &Value) -> Failure {
    match details["category"].as_str() {
        Some(category) => Failure::bad_output(format!("the model refused ({category})")),
        None => Failure::bad_output("the model refused"),
    }
}

/// The text blocks; thinking may stand before them.
fn text(content: &[Value]) -> Result<String, Failure> {
    let blocks = content.iter().filter(|block| block["type"] == "text");
    let text: String = blocks.filter_map(|block| block["text"].as_str()).collect();
    if text.trim().is_empty() {
        return Err(Failure::bad_output("the answer has no text"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vision::ModelError;

    use super::*;

    const GOOD: &str = r#"{"contentAnalysis":{"isStudying":true,"isActive":false,
        "isDistracted":false,"topic":"Bio","subtopic":"","extractedText":"cell"}}"#;

    fn message(text: &str) -> Value {
        json!({"model": "m-1", "stop_reason": "end_turn",
            "content": [{"type": "text", "text": text}]})
    }

    #[track_caller]
    fn bad(answer: &Value, reason: &str) {
        let failure = sighting(answer.to_string().as_bytes(), &Bill::default()).unwrap_err();
        match failure.error {
            ModelError::BadOutput(told) => assert_eq!(told, reason),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_text_is_found_behind_thinking() {
        let mut answer = message(GOOD);
        let thinking = json!({"type": "thinking", "thinking": "{", "signature": "x"});
        answer["content"]
            .as_array_mut()
            .unwrap()
            .insert(0, thinking);
        let seen = sighting(answer.to_string().as_bytes(), &Bill::default()).unwrap();
        assert_eq!(
            (seen.model.as_str(), seen.content.extracted_text.as_str()),
            ("m-1", "cell")
        );
    }

    #[test]
    fn a_refusal_is_told_without_its_words() {
        let mut answer = message(GOOD);
        answer["stop_reason"] = json!("refusal");
        answer["stop_details"] = json!({"category": null, "explanation": "I see a face"});
        bad(&answer, "the model refused");
        answer["stop_details"]["category"] = json!("bio");
        bad(&answer, "the model refused (bio)");
    }

    #[test]
    fn an_answer_that_did_not_end_by_itself_is_not_read() {
        for (reason, told) in [
            ("max_tokens", "the answer is incomplete (max_tokens)"),
            ("tool_use", "the answer is not finished"),
            ("pause_turn", "the answer is not finished"),
        ] {
            let mut answer = message(GOOD);
            answer["stop_reason"] = json!(reason);
            bad(&answer, told);
        }
    }

    #[test]
    fn odd_content_has_no_text() {
        for content in [json!([]), json!([null, 3]), json!([{"type": "tool_use"}])] {
            bad(
                &json!({"model": "m", "content": content}),
                "the answer has no text",
            );
        }
    }

    #[test]
    fn what_was_cached_belongs_to_the_input() {
        let bill = Bill::default();
        let mut answer = message("no JSON");
        answer["usage"] = json!({"input_tokens": 100, "cache_read_input_tokens": 30,
            "cache_creation_input_tokens": 20, "output_tokens": 9,
            "output_tokens_details": {"thinking_tokens": 4}});
        assert!(sighting(answer.to_string().as_bytes(), &bill).is_err());
        let expected = TokenUsage {
            input: 150,
            input_image: 0,
            cached: 30,
            cache_written: 20,
            output: 9,
            reasoning: 4,
        };
        assert_eq!(bill.answers()[0].usage, expected);
    }

    #[test]
    fn what_is_no_message_is_named_so() {
        for body in [&b"<html>"[..], b"", b"[]", b"{\"content\": 3}"] {
            let error = sighting(body, &Bill::default()).unwrap_err().error;
            assert!(matches!(error, ModelError::BadOutput(_)));
        }
    }
}
