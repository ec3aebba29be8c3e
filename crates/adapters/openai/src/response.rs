//! The provider's answer, down to the text the model wrote.

use provider_http::{Again, Failure};
use serde::Deserialize;
use serde_json::Value;
use vision::{Bill, BilledAnswer, ModelError, Sighting, TokenUsage, report};

use crate::client::NAME;
use crate::failure::ProviderError;

/// The parts of an answer that are read; anything else is ignored.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    output: Vec<Value>,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    incomplete_details: Value,
    #[serde(default)]
    usage: Value,
}

/// Reads a successful answer's body and notes what it cost. `asked_for` names the model where the
/// answer does not.
pub(crate) fn sighting(body: &[u8], asked_for: &str, bill: &Bill) -> Result<Sighting, Failure> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| Failure::bad_output("the response is not the JSON of a response"))?;
    let model = answer.model.as_deref().unwrap_or(asked_for).to_owned();
    note(&answer.usage, &model, bill);
    check_status(&answer)?;
    let text = text(&answer.output)?;
    Ok(Sighting {
        content: report::parse(&text).map_err(Failure::bad_output)?,
        model,
    })
}

/// Images and text are counted as one. A server in the own house may count nothing.
fn note(usage: &Value, model: &str, bill: &Bill) {
    let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
    let (Some(input), Some(output)) = (count("/input_tokens"), count("/output_tokens")) else {
        return;
    };
    let part = |pointer: &str| count(pointer).unwrap_or_default();
    bill.add(BilledAnswer {
        provider: NAME,
        model: model.to_owned(),
        usage: TokenUsage {
            input,
            input_image: 0,
            cached: part("/input_tokens_details/cached_tokens"),
            cache_written: part("/input_tokens_details/cache_write_tokens"),
            output,
            reasoning: part("/output_tokens_details/reasoning_tokens"),
        },
    });
}

/// A cut answer holds cut JSON, so the status comes first.
fn check_status(answer: &Answer) -> Result<(), Failure> {
    match answer.status.as_deref() {
        None | Some("completed") => Ok(()),
        Some("incomplete") => {
            let reason = answer.incomplete_details["reason"].as_str();
            let reason = reason.unwrap_or("no reason given");
            Err(Failure::bad_output(format!(
                "the answer is incomplete ({reason})"
            )))
        }
        Some("failed") => Err(failed(&ProviderError::from_object(&answer.error))),
        Some(_) => Err(Failure::bad_output("the answer is not finished")),
    }
}

fn failed(error: &ProviderError) -> Failure {
    if error.is_rate_limit() {
        return Failure::for_good(ModelError::RateLimited { retry_after: None });
    }
    let again = if error.is_about_the_image() {
        Again::Inline
    } else {
        Again::Never
    };
    let reason = format!("the model failed ({})", error.name());
    Failure {
        error: ModelError::BadOutput(reason),
        again,
    }
}

/// The text of the messages; reasoning and commentary may come first.
fn text(output: &[Value]) -> Result<String, Failure> {
    let parts = || {
        output
            .iter()
            .filter(|item| item["type"] == "message" && item["phase"] != "commentary")
            .flat_map(|item| item["content"].as_array().into_iter().flatten())
    };
    if parts().any(|part| part["type"] == "refusal") {
        return Err(Failure::bad_output("the model refused"));
    }
    let text: String = parts()
        .filter(|part| part["type"] == "output_text")
        .filter_map(|part| part["text"].as_str())
        .collect();
    if text.trim().is_empty() {
        return Err(Failure::bad_output("the answer has no text"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GOOD: &str = r#"{"contentAnalysis":{"isStudying":true,"isActive":false,
        "isDistracted":false,"topic":"Bio","subtopic":"","extractedText":"cell"}}"#;

    fn message(text: &str) -> Value {
        json!({"type": "message", "content": [{"type": "output_text", "text": text}]})
    }

    fn read(answer: &Value) -> Result<Sighting, Failure> {
        sighting(answer.to_string().as_bytes(), "asked-for", &Bill::default())
    }

    #[track_caller]
    fn bad(answer: &Value, reason: &str) {
        match read(answer).unwrap_err().error {
            ModelError::BadOutput(told) => assert_eq!(told, reason),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_message_is_found_behind_reasoning_and_commentary() {
        let mut commentary = message("Let me look.");
        commentary["phase"] = json!("commentary");
        let answer = json!({"status": "completed", "model": "m-2026", "output": [
            {"type": "reasoning", "summary": []}, commentary, message(GOOD)]});
        let sighting = read(&answer).unwrap();
        assert_eq!(sighting.model, "m-2026");
        assert_eq!(sighting.content.topic.as_deref(), Some("Bio"));
    }

    #[test]
    fn text_in_several_parts_is_one_text() {
        let (a, b) = GOOD.split_at(40);
        let parts = [a, b].map(|text| json!({"type": "output_text", "text": text}));
        let answer = json!({"output": [{"type": "message", "content": parts}]});
        assert_eq!(read(&answer).unwrap().model, "asked-for");
    }

    #[test]
    fn status_is_checked_before_the_text_is_parsed() {
        let with = |status: &str| json!({"status": status, "output": [message("{\"cut")]});
        bad(
            &with("incomplete"),
            "the answer is incomplete (no reason given)",
        );
        bad(&with("failed"), "the model failed (no error code)");
        bad(&with("queued"), "the answer is not finished");
    }

    #[test]
    fn an_incomplete_answer_says_why() {
        bad(
            &json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}),
            "the answer is incomplete (max_output_tokens)",
        );
    }

    #[test]
    fn a_refusal_is_told_without_its_words() {
        let refusal = json!({"type": "refusal", "refusal": "I see a face"});
        bad(
            &json!({"output": [{"type": "message", "content": [refusal]}]}),
            "the model refused",
        );
    }

    #[test]
    fn no_output_and_odd_output_have_no_text() {
        for output in [
            json!([]),
            json!([{"type": "reasoning"}]),
            json!([null, 3, "x"]),
            json!([message("")]),
        ] {
            bad(&json!({ "output": output }), "the answer has no text");
        }
    }

    #[test]
    fn a_limit_hit_while_answering_is_a_limit() {
        let answer = json!({"status": "failed", "error": {"code": "rate_limit_exceeded"}});
        let error = read(&answer).unwrap_err().error;
        assert!(matches!(error, ModelError::RateLimited { .. }));
    }

    #[test]
    fn what_an_answer_cost_is_noted_also_when_it_is_no_use() {
        let bill = Bill::default();
        let answer = json!({"model": "m-2026", "output": [], "usage": {
            "input_tokens": 900, "output_tokens": 80,
            "input_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 20},
            "output_tokens_details": {"reasoning_tokens": 64}}});
        assert!(sighting(answer.to_string().as_bytes(), "m", &bill).is_err());
        let usage = TokenUsage {
            input: 900,
            input_image: 0,
            cached: 300,
            cache_written: 20,
            output: 80,
            reasoning: 64,
        };
        let noted = &bill.answers()[0];
        assert_eq!((noted.model.as_str(), noted.usage), ("m-2026", usage));
    }

    #[test]
    fn what_is_no_response_is_named_so() {
        for body in [
            &b"<html>"[..],
            b"",
            b"[]",
            b"{\"output\": 3}",
            b"{\"status\":\"com",
        ] {
            let error = sighting(body, "m", &Bill::default()).unwrap_err().error;
            assert!(matches!(error, ModelError::BadOutput(_)));
        }
    }
}
