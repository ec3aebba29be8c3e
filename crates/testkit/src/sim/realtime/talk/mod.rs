//! A session without its socket: events and time in, events out.
//!
//! `hear` takes sound and finds turns, `items` keeps the conversation, `respond` begins and ends
//! answers, `generate` and `part` make them piece by piece, `fate` does what the script wants.

mod fate;
mod generate;
mod hear;
mod items;
mod part;
mod respond;
mod sample;
mod transcribe;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use self::generate::Generating;
use self::hear::Ear;
use self::transcribe::Transcribing;
use super::client::check_event;
use super::hub::Hub;
use super::ids::Ids;
use super::items::Items;
use super::options::Keep;
use super::record::Entry;
use super::script::{Life, Plan};
use super::session::Session;
use super::shape::Mistake;
use super::usage::Piece;

/// How the simulator ends a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    Close { code: u16, reason: String },
    Lose,
    Reset,
}

/// A `response.cancel` that finds nothing to cancel; see [`Plan::cancel_strikes_next`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum LateCancel {
    #[default]
    Impossible,
    /// Speech has just cancelled an answer, so one may come.
    Possible,
    /// One has come and waits for the next answer.
    Waits,
}

/// A session.
#[derive(Debug)]
pub(super) struct Talk {
    hub: Arc<Hub>,
    entry: Arc<Entry>,
    plan: Plan,
    opened: Instant,
    ids: Ids,
    session: Session,
    conversation_id: String,
    items: Items,
    ear: Ear,
    answers: Vec<Generating>,
    transcribing: Vec<Transcribing>,
    /// The input of the last answer, which is cached for the next.
    cached: Vec<Piece>,
    has_spoken: bool,
    /// When a student who says nothing is asked to.
    idle_due: Option<Instant>,
    /// Acknowledgements that wait for the student's next turn.
    held_truncated: Vec<Value>,
    late_cancel: LateCancel,
    received: u64,
    answered: u64,
    spoken_ms: u64,
    out: VecDeque<String>,
    reading: bool,
    ending: Option<Ending>,
}

/// An append is by far the most frequent event, so it is read without a tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Append<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    audio: Cow<'a, str>,
    #[serde(borrow, default)]
    event_id: Option<Cow<'a, str>>,
}

impl Talk {
    /// A session that has begun: `session.created` is on its way.
    pub(super) fn new(hub: Arc<Hub>, entry: Arc<Entry>, model: &str, plan: Plan) -> Self {
        let mut ids = Ids::new(hub.options.seed, entry.number);
        let session = Session::new(&ids.next("sess"), model, expires_at(plan.life));
        let mut talk = Self {
            conversation_id: ids.next("conv"),
            ear: Ear::new(session.turn_detection()),
            hub,
            entry,
            plan,
            opened: Instant::now(),
            ids,
            session,
            items: Items::default(),
            answers: Vec::new(),
            transcribing: Vec::new(),
            cached: Vec::new(),
            has_spoken: false,
            idle_due: None,
            held_truncated: Vec::new(),
            late_cancel: LateCancel::default(),
            received: 0,
            answered: 0,
            spoken_ms: 0,
            out: VecDeque::new(),
            reading: true,
            ending: None,
        };
        talk.emit("session.created", json!({"session": talk.session.value()}));
        talk.note_session();
        talk.meet_fate();
        talk
    }

    /// Frames for the client, oldest first.
    pub(super) fn out(&mut self) -> &mut VecDeque<String> {
        &mut self.out
    }

    pub(super) fn reads(&self) -> bool {
        self.reading
    }

    pub(super) fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// When [`Talk::tick`] has something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        let answers = self.answers.iter().filter_map(Generating::due);
        let transcripts = self.transcribing.iter().filter_map(|t| t.due);
        let fate = self.fate_due();
        answers
            .chain(transcripts)
            .chain(fate)
            .chain(self.idle_due)
            .min()
    }

    /// A text frame of the client.
    pub(super) fn receive(&mut self, text: &str) {
        self.received += 1;
        let append = serde_json::from_str::<Append<'_>>(text).ok();
        let append = append.filter(|event| event.r#type == "input_audio_buffer.append");
        let keep = self.entry.keep;
        if keep == Keep::Everything || (keep == Keep::Events && append.is_none()) {
            let event = self.entry.event(text.to_owned());
            self.entry.note(|record| record.received.push(event));
        }
        match append {
            Some(event) => {
                let heard = self.append(&event.audio);
                self.told(heard, event.event_id.as_deref());
            }
            None => self.receive_other(text),
        }
        self.note_counts();
        self.meet_fate();
    }

    /// A binary frame of the client, which means nothing here.
    pub(super) fn receive_binary(&mut self) {
        self.received += 1;
        let message = "Binary messages are not supported. Send JSON text messages.";
        self.refuse(&Mistake::new("invalid_event", message), None);
        self.note_counts();
    }

    fn receive_other(&mut self, text: &str) {
        let Ok(event) = serde_json::from_str::<Value>(text) else {
            let message = "We could not parse the JSON body of your message.";
            return self.refuse(&Mistake::new("invalid_json", message), None);
        };
        let done = check_event(&event).and_then(|()| self.dispatch(&event));
        self.told(done, event["event_id"].as_str());
    }

    fn dispatch(&mut self, event: &Value) -> Result<(), Mistake> {
        match event["type"].as_str().unwrap_or_default() {
            "session.update" => self.update_session(&event["session"]),
            "input_audio_buffer.append" => self.append(text_of(event, "audio")),
            "input_audio_buffer.commit" => self.commit(),
            "input_audio_buffer.clear" => {
                self.clear();
                Ok(())
            }
            "conversation.item.create" => self.create_item(event),
            "conversation.item.retrieve" => self.retrieve_item(text_of(event, "item_id")),
            "conversation.item.delete" => self.delete_item(text_of(event, "item_id")),
            "conversation.item.truncate" => self.truncate_item(event),
            "response.create" => self.create_response(&event["response"]),
            "response.cancel" => self.cancel_response(event["response_id"].as_str()),
            // Only callers over WebRTC have an output buffer here to clear.
            _ => Ok(()),
        }
    }

    fn update_session(&mut self, update: &Value) -> Result<(), Mistake> {
        self.session.update(update, self.has_spoken)?;
        self.ear.set(self.session.turn_detection());
        self.emit("session.updated", json!({"session": self.session.value()}));
        self.note_session();
        Ok(())
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Instant) {
        self.transcribe_due(now);
        self.generate_due(now);
        self.nudge_due(now);
        self.meet_fate();
    }

    fn told(&mut self, done: Result<(), Mistake>, event_id: Option<&str>) {
        if let Err(mistake) = done {
            self.refuse(&mistake, event_id);
        }
    }

    fn refuse(&mut self, mistake: &Mistake, event_id: Option<&str>) {
        let error = json!({"type": "invalid_request_error", "code": mistake.code,
            "message": mistake.message, "param": mistake.param, "event_id": event_id});
        self.emit("error", json!({"error": error}));
        self.entry.note(|record| record.errors += 1);
    }

    /// Sends an event; `fields` is an object.
    fn emit(&mut self, kind: &str, mut fields: Value) {
        fields["type"] = json!(kind);
        fields["event_id"] = json!(self.ids.next("event"));
        self.send(fields.to_string(), false);
    }

    fn send(&mut self, text: String, is_sound: bool) {
        let keep = self.entry.keep;
        if keep == Keep::Everything || (keep == Keep::Events && !is_sound) {
            let event = self.entry.event(text.clone());
            self.entry.note(|record| record.sent.push(event));
        }
        self.out.push_back(text);
    }

    /// Letters that the provider puts beside short texts to hide their length.
    fn obfuscation(&mut self, text: &str) -> String {
        let mut junk = String::new();
        let letters = 16usize.saturating_sub(text.len());
        self.ids.junk(letters.max(1), &mut junk);
        junk
    }

    fn note_counts(&self) {
        let (events, samples) = (self.received, self.ear.samples());
        self.entry.note(|record| {
            record.received_count = events;
            record.received_samples = samples;
        });
    }

    fn note_session(&self) {
        if self.entry.keep != Keep::Counts {
            let session = self.session.value().clone();
            self.entry.note(|record| record.session = session);
        }
    }

    fn note_items(&self) {
        if self.entry.keep != Keep::Counts {
            let items = self.items.all().iter().map(|item| item.value.clone());
            let items = items.collect();
            self.entry.note(|record| record.items = items);
        }
    }
}

fn text_of<'a>(event: &'a Value, name: &str) -> &'a str {
    event[name].as_str().unwrap_or_default()
}

/// Seconds since 1970, as the session shows it.
fn expires_at(life: Life) -> u64 {
    let length = match life {
        Life::Seconds(seconds) => seconds,
        Life::AudioMs(ms) => ms.div_ceil(1000),
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or(Duration::ZERO).as_secs() + length
}
