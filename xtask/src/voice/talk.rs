//! One talk: frames go out in real time, events come in between them.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tungstenite::{Error, Message, WebSocket};

use super::hear::Loudspeaker;
use super::report::Report;
use super::sound::Question;
use super::wire::{Address, Wire};
use crate::interrupt::Interrupt;

/// How often the server is told what was heard.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// So long after the last thing happened nothing more is expected: a tool may run between answers.
const QUIET: Duration = Duration::from_secs(2);
/// How long an answer, or a farewell, is waited for.
const PATIENCE: Duration = Duration::from_secs(45);

/// Whom to call, and how.
pub(super) struct Call {
    pub(super) address: Address,
    pub(super) token: Option<String>,
    pub(super) session: Option<String>,
    pub(super) frame: Duration,
    pub(super) frame_samples: usize,
}

/// Talks until the tutor has answered.
pub(super) fn talk(call: &Call, question: &Question, interrupt: &Interrupt) -> Result<Report> {
    let mut talk = Talk::open(call)?;
    talk.wait_until_ready(interrupt)?;
    talk.speak(call, question, interrupt)?;
    talk.hang_up()
}

struct Talk {
    socket: WebSocket<Wire>,
    speaker: Loudspeaker,
    report: Report,
    is_ready: bool,
    is_over: bool,
    /// What the server last complained of.
    complaint: Option<String>,
    answering: bool,
    answers: usize,
    last_event: Instant,
    last_told: Instant,
}

impl Talk {
    fn open(call: &Call) -> Result<Self> {
        let begun = Instant::now();
        Ok(Self {
            socket: call
                .address
                .open(call.session.as_deref(), call.token.as_deref())?,
            speaker: Loudspeaker::default(),
            report: Report::new(begun),
            is_ready: false,
            is_over: false,
            complaint: None,
            answering: false,
            answers: 0,
            last_event: begun,
            last_told: begun,
        })
    }

    fn wait_until_ready(&mut self, interrupt: &Interrupt) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while !self.is_ready {
            interrupt.check()?;
            self.hear_until(Instant::now() + Duration::from_millis(100))?;
            self.check_open(until, "the tutor is not ready")?;
        }
        Ok(())
    }

    fn speak(&mut self, call: &Call, question: &Question, interrupt: &Interrupt) -> Result<()> {
        let begun = Instant::now();
        let until = begun + Duration::from_secs_f64(question.seconds()) + PATIENCE;
        let mut due = begun;
        for at in 0.. {
            interrupt.check()?;
            let is_said = question.is_said(at, call.frame_samples);
            if is_said {
                self.report.said(Instant::now());
            }
            if is_said && self.is_answered() {
                return Ok(());
            }
            let frame = question.frame(at, call.frame_samples);
            self.send(Message::binary(frame))?;
            due += call.frame;
            self.hear_until(due)?;
            self.tell_position()?;
            self.check_open(until, "the tutor did not answer")?;
        }
        Ok(())
    }

    /// Tells the server what was heard last, says good-bye and waits for its own.
    fn hang_up(mut self) -> Result<Report> {
        self.send(Message::text(json!({"type": "end"}).to_string()))?;
        let until = Instant::now() + PATIENCE;
        while !self.is_over && Instant::now() < until {
            self.hear_until(Instant::now() + Duration::from_millis(100))?;
        }
        self.report.end(self.speaker.into_heard(), Instant::now());
        Ok(self.report)
    }

    fn is_answered(&self) -> bool {
        let is_quiet = self.last_event.elapsed() > QUIET && !self.speaker.is_playing();
        self.answers > 0 && !self.answering && is_quiet
    }

    fn check_open(&self, until: Instant, what: &str) -> Result<()> {
        if self.is_over {
            let why = self.complaint.as_deref().unwrap_or("it did not say why");
            bail!("the server has ended the talk: {why}");
        }
        if Instant::now() > until && !self.speaker.is_playing() {
            bail!("{what} within {} s", PATIENCE.as_secs());
        }
        Ok(())
    }

    /// Takes what comes until `due`.
    fn hear_until(&mut self, due: Instant) -> Result<()> {
        while !self.is_over {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            self.socket.get_ref().set_read_timeout(left)?;
            match self.socket.read() {
                Ok(message) => self.take(&message)?,
                Err(Error::Io(error)) if is_timeout(error.kind()) => break,
                Err(Error::ConnectionClosed | Error::AlreadyClosed) => self.is_over = true,
                Err(error) => return Err(error).context("the connection broke"),
            }
        }
        self.speaker.play(Instant::now());
        Ok(())
    }

    fn take(&mut self, message: &Message) -> Result<()> {
        let now = Instant::now();
        match message {
            Message::Binary(sound) => {
                self.last_event = now;
                self.report.sound(sound.len(), now);
                self.speaker.take(sound, now);
            }
            Message::Text(text) => {
                let event: Value = serde_json::from_str(text)
                    .with_context(|| format!("the server sent no JSON: {text}"))?;
                self.event(&event, now);
            }
            Message::Close(Some(close)) => println!("closed with {}: {}", close.code, close.reason),
            _ => {}
        }
        Ok(())
    }

    fn event(&mut self, event: &Value, now: Instant) {
        self.last_event = now;
        self.report.event(event, now);
        match event["type"].as_str() {
            Some("ready") => self.is_ready = true,
            Some("response_started") => {
                self.answering = true;
                self.speaker
                    .begin(event["itemId"].as_str().unwrap_or_default(), now);
            }
            Some("response_done") => {
                self.answering = false;
                self.answers += 1;
            }
            Some("interrupted") => self.speaker.stop(now),
            Some("error") => {
                let said = |field: &str| event[field].as_str().unwrap_or_default();
                self.complaint = Some(format!("{}: {}", said("code"), said("message")));
            }
            _ => {}
        }
    }

    fn tell_position(&mut self) -> Result<()> {
        if !self.speaker.is_playing() || self.last_told.elapsed() < TELL_EVERY {
            return Ok(());
        }
        self.last_told = Instant::now();
        let Some((item, ms)) = self.speaker.position() else {
            return Ok(());
        };
        let told = json!({"type": "played", "itemId": item, "ms": ms});
        self.send(Message::text(told.to_string()))
    }

    fn send(&mut self, message: Message) -> Result<()> {
        match self.socket.send(message) {
            // Of a server that has hung up, what it said last is still to be read.
            Ok(()) | Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_)) => {
                Ok(())
            }
            Err(error) => Err(error).context("the server takes nothing more"),
        }
    }
}

const fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
