//! What came of a talk.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::sound::{ANSWER_RATE, seconds};

/// Fills while the talk goes on, printing each event as it comes.
pub(super) struct Report {
    begun: Instant,
    lines: Vec<(String, String)>,
    usage: Vec<Value>,
    said: Option<Instant>,
    stopped: Option<Instant>,
    first_sound: Option<Instant>,
    sound_bytes: usize,
    sound_frames: usize,
    heard: Vec<i16>,
}

impl Report {
    pub(super) fn new(begun: Instant) -> Self {
        Self {
            begun,
            lines: Vec::new(),
            usage: Vec::new(),
            said: None,
            stopped: None,
            first_sound: None,
            sound_bytes: 0,
            sound_frames: 0,
            heard: Vec::new(),
        }
    }

    /// An event came.
    pub(super) fn event(&mut self, event: &Value, now: Instant) {
        self.sound_so_far(now);
        let name = event["type"].as_str().unwrap_or("?");
        let mut rest = event.clone();
        if let Some(fields) = rest.as_object_mut() {
            fields.remove("type");
        }
        let rest = if rest == serde_json::json!({}) {
            String::new()
        } else {
            rest.to_string()
        };
        println!("{:>8.3} s  {name:<17} {rest}", self.time(now));
        match name {
            "speech_stopped" => self.stopped = Some(now),
            "transcript" if event["final"] == true => self.line(event),
            "response_done" => self.usage.push(event["usage"].clone()),
            _ => {}
        }
    }

    /// Sound came.
    pub(super) fn sound(&mut self, bytes: usize, now: Instant) {
        self.first_sound.get_or_insert(now);
        self.sound_bytes += bytes;
        self.sound_frames += 1;
    }

    /// The last thing of the file has been said.
    pub(super) fn said(&mut self, now: Instant) {
        self.said.get_or_insert(now);
    }

    /// The talk is over.
    pub(super) fn end(&mut self, heard: Vec<i16>, now: Instant) {
        self.sound_so_far(now);
        self.heard = heard;
    }

    pub(super) fn heard(&self) -> &[i16] {
        &self.heard
    }

    fn line(&mut self, event: &Value) {
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        self.lines.push((text("role"), text("text")));
    }

    /// A line for the sound since the last one.
    fn sound_so_far(&mut self, now: Instant) {
        if self.sound_frames > 0 {
            let length = seconds(self.sound_bytes / 2, ANSWER_RATE);
            let frames = self.sound_frames;
            println!(
                "{:>8.3} s  (sound)           {length:.2} s in {frames} frames",
                self.time(now)
            );
        }
        (self.sound_bytes, self.sound_frames) = (0, 0);
    }

    fn time(&self, now: Instant) -> f64 {
        now.saturating_duration_since(self.begun).as_secs_f64()
    }

    pub(super) fn print(&self) {
        println!("\nTranscript");
        for (role, text) in &self.lines {
            println!("    {role:<10} {text}");
        }
        println!("\nUsage");
        for usage in &self.usage {
            println!("    {usage}");
        }
        println!("\nLatency");
        latency("end of speech → first sound", self.said, self.first_sound);
        latency(
            "speech_stopped → first sound",
            self.stopped,
            self.first_sound,
        );
        println!("\nHeard {:.1} s", seconds(self.heard.len(), ANSWER_RATE));
    }
}

fn latency(what: &str, from: Option<Instant>, to: Option<Instant>) {
    match from
        .zip(to)
        .map(|(from, to)| to.checked_duration_since(from))
    {
        Some(Some(took)) => println!("    {what:<29} {} ms", Duration::as_millis(&took)),
        Some(None) => println!("    {what:<29} the tutor spoke before"),
        None => println!("    {what:<29} –"),
    }
}
