//! How answers begin and end.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::generate::{Generating, Words};
use super::{LateCancel, Talk};
use crate::sim::realtime::record::RealtimeAnswer;
use crate::sim::realtime::script::{Answer, End, Part, TurnAsked};
use crate::sim::realtime::shape::Mistake;
use crate::sim::realtime::usage::{self, RealtimeUsage};

impl Talk {
    /// A request of the client, or null for a turn that the server ended.
    pub(super) fn create_response(&mut self, request: &Value) -> Result<(), Mistake> {
        let in_conversation = request["conversation"] != "none";
        let active = self.answers.iter().find(|answer| answer.in_conversation);
        if let Some(active) = active.filter(|_| in_conversation) {
            let message = format!(
                "Conversation already has an active response in progress: {}. Wait until the \
                 response is finished before creating a new one.",
                active.response_id
            );
            return Err(Mistake::new(
                "conversation_already_has_active_response",
                message,
            ));
        }
        let begun = self.begin(request);
        if self.late_cancel == LateCancel::Waits && in_conversation {
            self.late_cancel = LateCancel::Impossible;
            self.cancel(begun, "client_cancelled");
        } else {
            self.answers.push(begun);
        }
        Ok(())
    }

    fn begin(&mut self, request: &Value) -> Generating {
        self.idle_due = None;
        let instructions = request["instructions"].as_str();
        let instructions = instructions
            .unwrap_or(self.session.instructions())
            .to_owned();
        let answer = self.scripted(&instructions, request);
        let session = self.session.value();
        let of = |name: &str| match &request[name] {
            Value::Null => session[name].clone(),
            asked => asked.clone(),
        };
        let (modalities, tools, max_tokens) = (
            of("output_modalities"),
            of("tools"),
            of("max_output_tokens"),
        );
        let pieces = usage::pieces(&instructions, &tools, self.items.all());
        let in_conversation = request["conversation"] != "none";
        let head = json!({
            "object": "realtime.response",
            "id": self.ids.next("resp"),
            "status": "in_progress",
            "status_details": null,
            "output": [],
            "conversation_id": in_conversation.then_some(&self.conversation_id),
            "output_modalities": modalities,
            "max_output_tokens": max_tokens,
            "audio": {"output": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "voice": self.voice_of(request),
            }},
            "usage": null,
            "metadata": request["metadata"],
        });
        let begun = self.generating(answer, head, usage::input(&pieces, &self.cached));
        if in_conversation {
            self.cached = pieces;
        }
        self.emit("response.created", json!({"response": begun.head}));
        self.note_begun(&begun);
        begun
    }

    fn voice_of(&self, request: &Value) -> Value {
        let asked = request.pointer("/audio/output/voice");
        asked
            .unwrap_or(&self.session.value()["audio"]["output"]["voice"])
            .clone()
    }

    fn generating(&mut self, answer: Answer, head: Value, input: RealtimeUsage) -> Generating {
        let latency = Duration::from_millis(answer.latency_ms);
        Generating {
            number: self.hub.answer_number(),
            response_id: head["id"].as_str().unwrap_or_default().to_owned(),
            in_conversation: !head["conversation_id"].is_null(),
            spoken: head["output_modalities"] != json!(["text"]),
            speed: answer.speed.unwrap_or(self.hub.options.speed),
            answer,
            head,
            usage: input,
            next: 0,
            open: None,
            output: Vec::new(),
            spoken_ms: 0,
            due: Instant::now() + latency,
            held: false,
        }
    }

    fn scripted(&self, instructions: &str, request: &Value) -> Answer {
        let asked = TurnAsked {
            connection: self.entry.number,
            said: self.said(),
            instructions: instructions.to_owned(),
            items: self
                .items
                .all()
                .iter()
                .map(|item| item.value.clone())
                .collect(),
            request: request.clone(),
            ..TurnAsked::default()
        };
        let mut answer = self.hub.player().answer(asked);
        if answer.parts.is_empty() {
            let text = self.sample(instructions);
            answer.parts.push(Part::Say { text, ms: None });
        }
        if matches!(answer.end, End::Failed(_)) {
            answer.parts.clear();
        }
        answer
    }

    /// Speech began: the server cancels by itself.
    pub(super) fn interrupt(&mut self) {
        let at = self
            .answers
            .iter()
            .position(|answer| answer.in_conversation);
        if let Some(at) = at {
            let answer = self.answers.remove(at);
            self.cancel(answer, "turn_detected");
            self.late_cancel = LateCancel::Possible;
        }
    }

    pub(super) fn cancel_response(&mut self, id: Option<&str>) -> Result<(), Mistake> {
        let at = self.answers.iter().position(|answer| match id {
            Some(id) => answer.response_id == id,
            None => answer.in_conversation,
        });
        if let Some(at) = at {
            let answer = self.answers.remove(at);
            self.cancel(answer, "client_cancelled");
            return Ok(());
        }
        if self.plan.cancel_strikes_next && self.late_cancel == LateCancel::Possible {
            self.late_cancel = LateCancel::Waits;
            return Ok(());
        }
        let message = "Cancellation failed: no active response found";
        Err(Mistake::new("response_cancel_not_active", message))
    }

    fn cancel(&mut self, mut answer: Generating, reason: &str) {
        self.close_part(&mut answer, "incomplete");
        let details = json!({"type": "cancelled", "reason": reason});
        self.finish(answer, "cancelled", details);
    }

    /// `response.done`, and what follows it.
    pub(super) fn finish(&mut self, answer: Generating, status: &str, details: Value) {
        let failed = status == "failed";
        let mut response = answer.head;
        response["status"] = json!(status);
        response["status_details"] = details;
        response["output"] = Value::Array(answer.output);
        response["usage"] = if failed {
            Value::Null
        } else {
            answer.usage.json()
        };
        self.emit("response.done", json!({"response": response}));
        if matches!(status, "completed" | "incomplete") {
            self.emit_rate_limits(&answer.usage);
        }
        self.answered += 1;
        if answer.in_conversation {
            self.await_speech(answer.spoken_ms);
        }
        let usage = if failed {
            RealtimeUsage::default()
        } else {
            answer.usage
        };
        self.entry.note(|record| {
            record.usage += usage;
            let number = answer.number;
            if let Some(noted) = record
                .answers
                .iter_mut()
                .find(|noted| noted.number == number)
            {
                status.clone_into(&mut noted.status);
                noted.usage = usage;
            }
        });
    }

    fn emit_rate_limits(&mut self, usage: &RealtimeUsage) {
        let limit = 15_000_000;
        let remaining = limit - usage.input() - usage.output();
        self.emit(
            "rate_limits.updated",
            json!({"rate_limits": [{"name": "tokens", "limit": limit, "remaining": remaining,
                "reset_seconds": 0.001}]}),
        );
    }

    /// A student who is silent after the answer is played may be asked to speak.
    fn await_speech(&mut self, played_ms: u32) {
        let idle_ms = self.ear.detection().and_then(|detection| detection.idle_ms);
        let wait = idle_ms.map(|idle| Duration::from_millis(idle + u64::from(played_ms)));
        self.idle_due = wait.map(|wait| Instant::now() + wait);
    }

    /// Nobody spoke: an empty turn, a note about it, and an answer.
    pub(super) fn nudge_due(&mut self, now: Instant) {
        if self.idle_due.is_none_or(|due| due > now) {
            return;
        }
        self.idle_due = None;
        let at_ms = self.ear.now_ms();
        let item_id = self.ids.next("item");
        self.emit(
            "input_audio_buffer.timeout_triggered",
            json!({"audio_start_ms": at_ms, "audio_end_ms": at_ms, "item_id": item_id}),
        );
        self.commit_turn(item_id, at_ms, at_ms);
        self.tell_of_silence();
        let created = self.create_response(&Value::Null);
        self.told(created, None);
    }

    fn tell_of_silence(&mut self) {
        let text = "The user has not said anything. Ask whether they are still there.";
        let note = json!({"type": "message", "role": "system",
            "content": [{"type": "input_text", "text": text}]});
        let previous = self.items.last_id();
        if let Ok(item) = self.item_of(&note) {
            let value = item.value.clone();
            self.items.push(item);
            self.emit_item(&value, &previous);
        }
    }

    fn note_begun(&self, begun: &Generating) {
        let answer = RealtimeAnswer {
            number: begun.number,
            response_id: begun.response_id.clone(),
            item_ids: Vec::new(),
            text: String::new(),
            spoken_ms: 0,
            status: "in_progress".to_owned(),
            usage: RealtimeUsage::default(),
        };
        self.entry.note(|record| record.answers.push(answer));
    }

    /// What of an answer has been sent.
    pub(super) fn note_progress(&self, answer: &Generating, item_id: &str, words: &Words<'_>) {
        let (number, spoken_ms) = (answer.number, answer.spoken_ms);
        self.entry.note(|record| {
            let noted = record
                .answers
                .iter_mut()
                .find(|noted| noted.number == number);
            if let Some(noted) = noted {
                noted.spoken_ms = spoken_ms;
                noted.text.push_str(words.0);
                if noted.item_ids.last().is_none_or(|last| last != item_id) {
                    noted.item_ids.push(item_id.to_owned());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::HeaderMap;

    use super::*;
    use crate::sim::realtime::hub::Hub;
    use crate::sim::realtime::options::RealtimeOptions;
    use crate::sim::realtime::script::Plan;

    fn talk() -> Talk {
        let hub = Arc::new(Hub::new(RealtimeOptions {
            speed: 0.0,
            ..RealtimeOptions::default()
        }));
        let (entry, _) = hub.open(String::new(), HeaderMap::new());
        Talk::new(hub, entry, "m", Plan::new())
    }

    /// The types of what is sent, without those that contain `delta`.
    fn sent(talk: &mut Talk) -> Vec<String> {
        let events = talk.out().drain(..).map(|text| serde_json::from_str(&text));
        let kinds = events.map(|event: Result<Value, _>| event.unwrap()["type"].to_string());
        kinds.filter(|kind| !kind.contains("delta")).collect()
    }

    #[test]
    fn a_student_who_stays_silent_is_asked_to_speak() {
        let mut talk = talk();
        let detection = json!({"type": "server_vad", "idle_timeout_ms": 5000});
        let audio = json!({"input": {"turn_detection": detection}});
        let session = json!({"type": "realtime", "audio": audio});
        talk.receive(&json!({"type": "session.update", "session": session}).to_string());
        talk.receive(r#"{"type": "response.create"}"#);
        let now = Instant::now();
        talk.tick(now);
        let spoken = talk.entry.record().answers[0].spoken_ms;
        sent(&mut talk);
        talk.tick(now + Duration::from_millis(4900) + Duration::from_millis(spoken.into()));
        assert_eq!(sent(&mut talk), [""; 0]);
        talk.tick(now + Duration::from_secs(6) + Duration::from_millis(spoken.into()));
        let kinds = sent(&mut talk);
        assert_eq!(kinds[0], "\"input_audio_buffer.timeout_triggered\"");
        assert_eq!(kinds[6], "\"response.created\"");
    }
}
