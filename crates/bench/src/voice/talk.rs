//! One conversation of the load: a phone on one side, a model on the other, one clock for both.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::speech;
use super::wire::{self, Inbox, Message, Side};

/// Both ends of a conversation.
pub(super) struct Talk {
    pub(super) phone: TcpStream,
    pub(super) model: TcpStream,
    pub(super) kind: speech::Kind,
    book: Mutex<Book>,
    window: Notify,
}

/// What went, what came, and how long it took.
#[derive(Default)]
struct Book {
    /// When the frames that have not come yet went; from the phone.
    up: VecDeque<Instant>,
    /// The same from the model, with the bytes that are still to come of each.
    down: VecDeque<(Instant, usize)>,
    measured: Measured,
    since: Option<Instant>,
    answer: u32,
    /// When the model was last told what lies on the desk.
    window: Option<Instant>,
}

/// What one or many conversations measured.
#[derive(Default)]
pub(super) struct Measured {
    /// From the phone's write to the model's read.
    pub(super) up: Vec<Duration>,
    /// From the model's write to the phone's read of its last byte.
    pub(super) down: Vec<Duration>,
    /// Frames that went and never came, or were said to be dropped.
    pub(super) lost: usize,
    /// What no conversation should see: errors, closes, writes that did not fit.
    pub(super) mishaps: Vec<String>,
}

impl Talk {
    pub(super) fn new(
        phone: (TcpStream, Inbox),
        model: (TcpStream, Inbox),
        kind: speech::Kind,
    ) -> Arc<Self> {
        let talk = Arc::new(Self {
            phone: phone.0,
            model: model.0,
            kind,
            book: Mutex::default(),
            window: Notify::new(),
        });
        tokio::spawn(listen(
            talk.clone(),
            phone.1,
            |talk| &talk.phone,
            Self::at_phone,
        ));
        tokio::spawn(listen(
            talk.clone(),
            model.1,
            |talk| &talk.model,
            Self::at_model,
        ));
        talk
    }

    /// The phone says 20 ms.
    pub(super) fn speak(&self, frame: &[u8]) {
        self.book().up.push_back(Instant::now());
        if !wire::write(&self.phone, frame) {
            self.mishap("the server did not take a frame of the phone");
        }
    }

    /// The model's next 200 ms, or the pause between two answers.
    pub(super) fn answer(&self, step: u32) {
        let (frames, bytes) = {
            let mut book = self.book();
            book.answer += u32::from(step == 0);
            self.kind.answer(book.answer, step)
        };
        if bytes > 0 {
            self.book().down.push_back((Instant::now(), bytes));
        }
        if !frames.is_empty() && !wire::write(&self.model, &frames) {
            self.mishap("the server did not take a frame of the model");
        }
    }

    /// Counts from now on.
    pub(super) fn measure(&self) {
        let mut book = self.book();
        book.since = Some(Instant::now());
        book.measured = Measured::default();
    }

    /// What was measured; what is still under way is lost.
    pub(super) fn take(&self) -> Measured {
        let mut book = self.book();
        let mut measured = std::mem::take(&mut book.measured);
        measured.lost += book.up.len() + book.down.len();
        book.since = None;
        measured
    }

    /// The next window is waited for; one that came before is forgotten.
    pub(super) fn await_window(&self) {
        self.book().window = None;
    }

    /// When the model has read the window.
    pub(super) async fn window(&self) -> Instant {
        loop {
            let told = self.window.notified();
            let came = self.book().window;
            if let Some(came) = came {
                return came;
            }
            told.await;
        }
    }

    fn told_window(&self) {
        self.book().window = Some(Instant::now());
        self.window.notify_one();
    }

    fn at_model(&self, message: &Message<'_>) {
        match message.kind {
            wire::PING => self.pong(&self.model, Side::Server, message),
            _ if self.kind.is_sound_of_phone(message) => self.came_up(),
            _ if speech::is_window(message) => self.told_window(),
            kind if wire::is_close(kind) => self.mishap("the server left the model"),
            _ => {}
        }
    }

    fn at_phone(&self, message: &Message<'_>) {
        match message.kind {
            wire::PING => self.pong(&self.phone, Side::Client, message),
            wire::BINARY => self.came_down(message.len()),
            wire::TEXT => self.told(message),
            kind if wire::is_close(kind) => self.mishap("the server left the phone"),
            _ => {}
        }
    }

    fn told(&self, message: &Message<'_>) {
        let text = String::from_utf8_lossy(&message.head(300)).into_owned();
        if [
            "\"error\"",
            "\"backpressure\"",
            "\"reconnecting\"",
            "\"interrupted\"",
        ]
        .iter()
        .any(|bad| text.contains(bad))
        {
            self.mishap(&text);
        }
    }

    fn came_up(&self) {
        let (now, mut book) = (Instant::now(), self.book());
        if let Some(went) = book.up.pop_front()
            && book.since.is_some_and(|since| went >= since)
        {
            book.measured.up.push(now - went);
        }
    }

    fn came_down(&self, mut bytes: usize) {
        let (now, mut book) = (Instant::now(), self.book());
        while let Some((went, left)) = book.down.front_mut() {
            if *left > bytes {
                *left -= bytes;
                return;
            }
            bytes -= *left;
            let went = *went;
            book.down.pop_front();
            if book.since.is_some_and(|since| went >= since) {
                book.measured.down.push(now - went);
            }
        }
    }

    fn pong(&self, stream: &TcpStream, side: Side, asked: &Message<'_>) {
        let answer = wire::frame(side, wire::PONG, &asked.head(125));
        if !wire::write(stream, &answer) {
            self.mishap("a pong did not fit");
        }
    }

    fn mishap(&self, what: &str) {
        self.book().measured.mishaps.push(what.to_owned());
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(
    talk: Arc<Talk>,
    mut inbox: Inbox,
    stream: fn(&Talk) -> &TcpStream,
    each: fn(&Talk, &Message<'_>),
) {
    loop {
        inbox.drain(|message| each(&talk, &message));
        match inbox.fill(stream(&talk)).await {
            Ok(1..) => {}
            // The measurement is over, or the server has said why before.
            Ok(0) | Err(_) => return,
        }
    }
}
