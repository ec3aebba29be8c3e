//! The session object and what follows from it.

use serde_json::{Map, Value, json};

use super::shape::Mistake;
use super::vad::Sense;

/// What the provider's models are told when nobody tells them anything.
const PERSONA: &str = "You are a helpful, warm and witty simulated tutor.";

/// The session as `session.created` and `session.updated` show it.
#[derive(Debug)]
pub(super) struct Session {
    value: Value,
}

/// How turns end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TurnDetection {
    pub(super) sense: Sense,
    pub(super) prefix_ms: u64,
    pub(super) creates_response: bool,
    pub(super) interrupts_response: bool,
    pub(super) idle_ms: Option<u64>,
}

impl Session {
    pub(super) fn new(id: &str, model: &str, expires_at: u64) -> Self {
        let format = json!({"type": "audio/pcm", "rate": 24000});
        let value = json!({
            "type": "realtime",
            "object": "realtime.session",
            "id": id,
            "model": model,
            "output_modalities": ["audio"],
            "instructions": PERSONA,
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "tracing": null,
            "truncation": "auto",
            "prompt": null,
            "expires_at": expires_at,
            "audio": {
                "input": {"format": format, "transcription": null, "noise_reduction": null,
                    "turn_detection": server_vad()},
                "output": {"format": format, "voice": "marin", "speed": 1.0},
            },
            "include": null,
        });
        Self { value }
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// Takes over what an update names; a refused one changes nothing.
    pub(super) fn update(&mut self, update: &Value, has_spoken: bool) -> Result<(), Mistake> {
        self.refuse_constants(update, has_spoken)?;
        if let Value::Object(update) = update {
            merge(&mut self.value, update);
        }
        self.fill();
        Ok(())
    }

    fn refuse_constants(&self, update: &Value, has_spoken: bool) -> Result<(), Mistake> {
        let new_model = update.get("model");
        if new_model.is_some_and(|model| *model != self.value["model"]) {
            let message = "Cannot update a conversation's model.";
            return Err(Mistake::new("invalid_parameter", message).of("session.model"));
        }
        let voice = update.pointer("/audio/output/voice");
        if has_spoken && voice.is_some_and(|voice| *voice != self.value["audio"]["output"]["voice"])
        {
            let message = "Cannot update a conversation's voice if assistant audio is present.";
            return Err(Mistake::new("cannot_update_voice", message));
        }
        Ok(())
    }

    /// Puts in what an update left out of a group that it named.
    fn fill(&mut self) {
        if self.value["instructions"] == "" {
            self.value["instructions"] = json!(PERSONA);
        }
        let input = &mut self.value["audio"]["input"];
        let detection = &mut input["turn_detection"];
        match detection["type"].as_str() {
            Some("server_vad") => fill(detection, server_vad()),
            Some("semantic_vad") => fill(
                detection,
                json!({"eagerness": "auto", "create_response": true, "interrupt_response": true}),
            ),
            _ => {}
        }
        if input["transcription"].is_object() {
            let defaults = json!({"model": null, "language": null, "prompt": null});
            fill(&mut input["transcription"], defaults);
        }
        for side in ["input", "output"] {
            let format = &mut self.value["audio"][side]["format"];
            fill(format, json!({"rate": 24000}));
        }
    }

    pub(super) fn instructions(&self) -> &str {
        self.value["instructions"].as_str().unwrap_or_default()
    }

    /// Whether what students say is written down for the client.
    pub(super) fn transcribes(&self) -> bool {
        self.value["audio"]["input"]["transcription"].is_object()
    }

    /// `None` when turns are the client's business.
    pub(super) fn turn_detection(&self) -> Option<TurnDetection> {
        let detection = &self.value["audio"]["input"]["turn_detection"];
        let number = |name: &str, otherwise| detection[name].as_u64().unwrap_or(otherwise);
        let flag = |name: &str| detection[name].as_bool().unwrap_or(true);
        detection.is_object().then(|| TurnDetection {
            sense: Sense {
                threshold: detection["threshold"].as_f64().unwrap_or(0.5),
                silence_ms: number("silence_duration_ms", patience_ms(detection)),
            },
            prefix_ms: number("prefix_padding_ms", 300),
            creates_response: flag("create_response"),
            interrupts_response: flag("interrupt_response"),
            idle_ms: detection["idle_timeout_ms"].as_u64(),
        })
    }
}

/// A semantic detector's silence, by how eager it is: the simulator does not understand speech.
fn patience_ms(detection: &Value) -> u64 {
    match detection["eagerness"].as_str() {
        Some("high") => 300,
        Some("low") => 1200,
        _ => 600,
    }
}

fn server_vad() -> Value {
    json!({"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300,
        "silence_duration_ms": 500, "idle_timeout_ms": null, "create_response": true,
        "interrupt_response": true})
}

/// Objects merge, all else is replaced. Another kind of turn detection begins anew.
fn merge(into: &mut Value, update: &Map<String, Value>) {
    for (name, new) in update {
        let old = &mut into[name.as_str()];
        let another_kind = new.get("type").is_some_and(|kind| *kind != old["type"]);
        match new {
            Value::Object(new) if old.is_object() && !another_kind => merge(old, new),
            new => *old = new.clone(),
        }
    }
}

fn fill(value: &mut Value, defaults: Value) {
    let (Value::Object(value), Value::Object(defaults)) = (value, defaults) else {
        return;
    };
    for (name, default) in defaults {
        value.entry(name).or_insert(default);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(updates: &[Value]) -> Session {
        let mut session = Session::new("sess_1", "m", 1);
        for update in updates {
            session.update(update, false).unwrap();
        }
        session
    }

    fn detection(value: &Value) -> Value {
        json!({"audio": {"input": {"turn_detection": value}}})
    }

    #[test]
    fn omitted_numbers_of_a_detector_are_filled_in() {
        let partial = detection(&json!({"type": "server_vad", "silence_duration_ms": 200}));
        let session = updated(&[detection(&Value::Null), partial]);
        let found = session.turn_detection().unwrap();
        assert_eq!((found.sense.silence_ms, found.prefix_ms), (200, 300));
        assert!(session.value["audio"]["input"]["turn_detection"]["idle_timeout_ms"].is_null());
    }

    #[test]
    fn null_means_turns_are_the_clients_business() {
        let session = updated(&[detection(&Value::Null)]);
        assert_eq!(session.turn_detection(), None);
    }

    #[test]
    fn absent_fields_stay_and_empty_instructions_are_the_default() {
        let session = updated(&[json!({"instructions": "Be brief."}), json!({"tools": []})]);
        assert_eq!(session.instructions(), "Be brief.");
        let session = updated(&[json!({"instructions": "x"}), json!({"instructions": ""})]);
        assert_eq!(session.instructions(), PERSONA);
    }

    #[test]
    fn the_voice_is_locked_by_the_first_sound() {
        let mut session = updated(&[]);
        let voice = json!({"audio": {"output": {"voice": "cedar"}}});
        assert_eq!(
            session.update(&voice, true).unwrap_err().code,
            "cannot_update_voice"
        );
        assert_eq!(session.update(&voice, false), Ok(()));
        assert_eq!(session.update(&voice, true), Ok(()));
    }
}
