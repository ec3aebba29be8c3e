//! The provider's answer, down to the text the model wrote.

use provider_http::Failure;
use serde::Deserialize;
use serde_json::Value;
use vision::{Bill, BilledAnswer, Sighting, TokenUsage, report};

use crate::client::NAME;

/// The parts of an answer that are read; anything else is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    candidates: Vec<Value>,
    #[serde(default)]
    prompt_feedback: Value,
    #[serde(default)]
    usage_metadata: Value,
    #[serde(default)]
    model_version: Option<String>,
}

/// Reads a successful answer's body and notes what it cost. `asked_for` names the model where the
/// answer does not.
pub(crate) fn sighting(body: &[u8], asked_for: &str, bill: &Bill) -> Result<Sighting, Failure> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| Failure::bad_output("the response is not the JSON of a response"))?;
    let model = answer
        .model_version
        .as_deref()
        .unwrap_or(asked_for)
        .to_owned();
    bill.add(BilledAnswer {
        provider: NAME,
        model: model.clone(),
        usage: usage(&answer.usage_metadata),
    });
    let text = text(candidate(&answer)?)?;
    Ok(Sighting {
        content: report::parse(&text).map_err(Failure::bad_output)?,
        model,
    })
}

/// Thoughts are not counted among the candidates' tokens; what was cached is among the prompt's.
fn usage(usage: &Value) -> TokenUsage {
    let count = |name: &str| usage[name].as_u64().unwrap_or_default();
    let reasoning = count("thoughtsTokenCount");
    TokenUsage {
        input: count("promptTokenCount"),
        input_image: of_images(&usage["promptTokensDetails"]),
        cached: count("cachedContentTokenCount"),
        cache_written: 0,
        output: count("candidatesTokenCount") + reasoning,
        reasoning,
    }
}

fn of_images(details: &Value) -> u64 {
    let details = details.as_array().into_iter().flatten();
    let images = details.filter(|detail| detail["modality"] == "IMAGE");
    images
        .filter_map(|detail| detail["tokenCount"].as_u64())
        .sum()
}

/// The first candidate, if it ended by itself: a cut answer holds cut JSON. There is none at all
/// where the question was blocked.
fn candidate(answer: &Answer) -> Result<&Value, Failure> {
    if let Some(reason) = answer.prompt_feedback["blockReason"].as_str() {
        let reason = format!("the provider blocked the question ({reason})");
        return Err(Failure::bad_output(reason));
    }
    let Some(candidate) = answer.candidates.first() else {
        return Err(Failure::bad_output("the answer has no text"));
    };
    let reason = match candidate["finishReason"].as_str() {
        None | Some("STOP") => return Ok(candidate),
        Some(reason @ ("MAX_TOKENS" | "CONTINUATION")) => {
            format!("the answer is incomplete ({reason})")
        }
        Some(reason) => format!("the model refused ({reason})"),
    };
    Err(Failure::bad_output(reason))
}

/// The text of the parts that are no thoughts.
fn text(candidate: &Value) -> Result<String, Failure> {
    let parts = candidate
        .pointer("/content/parts")
        .and_then(Value::as_array);
    let parts = parts.into_iter().flatten();
    let said = parts.filter(|part| part["thought"] != true);
    let text: String = said.filter_map(|part| part["text"].as_str()).collect();
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

    fn answer(text: &str) -> Value {
        json!({"candidates": [{"finishReason": "STOP",
            "content": {"role": "model", "parts": [{"text": text}]}}]})
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
    fn thoughts_are_not_taken_for_the_answer() {
        let mut answer = answer(GOOD);
        let parts = answer.pointer_mut("/candidates/0/content/parts").unwrap();
        let thought = json!({"text": "{Let me look.", "thought": true});
        parts.as_array_mut().unwrap().insert(0, thought);
        let seen = read(&answer).unwrap();
        assert_eq!(
            (seen.model.as_str(), seen.content.extracted_text.as_str()),
            ("asked-for", "cell")
        );
    }

    #[test]
    fn a_blocked_question_has_no_candidates() {
        let feedback = json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}});
        bad(
            &feedback,
            "the provider blocked the question (PROHIBITED_CONTENT)",
        );
        bad(&json!({}), "the answer has no text");
    }

    #[test]
    fn an_answer_that_did_not_end_by_itself_is_not_read() {
        for (reason, told) in [
            ("MAX_TOKENS", "the answer is incomplete (MAX_TOKENS)"),
            ("SAFETY", "the model refused (SAFETY)"),
            ("RECITATION", "the model refused (RECITATION)"),
        ] {
            let mut answer = answer(GOOD);
            answer["candidates"][0]["finishReason"] = json!(reason);
            bad(&answer, told);
        }
    }

    #[test]
    fn odd_candidates_have_no_text() {
        for candidate in [json!(null), json!({}), json!({"content": {"parts": [3]}})] {
            bad(
                &json!({"candidates": [candidate]}),
                "the answer has no text",
            );
        }
    }

    #[test]
    fn thoughts_are_output_and_images_are_told_apart() {
        let bill = Bill::default();
        let mut answer = answer("no JSON");
        answer["modelVersion"] = json!("m-2026");
        answer["usageMetadata"] = json!({"promptTokenCount": 1400, "candidatesTokenCount": 60,
            "thoughtsTokenCount": 40, "cachedContentTokenCount": 100, "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": 280}, {"modality": "IMAGE", "tokenCount": 1120}]});
        assert!(sighting(answer.to_string().as_bytes(), "m", &bill).is_err());
        let expected = TokenUsage {
            input: 1400,
            input_image: 1120,
            cached: 100,
            cache_written: 0,
            output: 100,
            reasoning: 40,
        };
        let noted = &bill.answers()[0];
        assert_eq!((noted.model.as_str(), noted.usage), ("m-2026", expected));
    }

    #[test]
    fn what_is_no_response_is_named_so() {
        for body in [&b"<html>"[..], b"", b"[3]", b"{\"candidates\": 3}"] {
            let error = sighting(body, "m", &Bill::default()).unwrap_err().error;
            assert!(matches!(error, ModelError::BadOutput(_)));
        }
    }
}
