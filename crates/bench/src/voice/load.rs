//! Many conversations at once, in real time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, timeout};

use super::speech::{self, Kind};
use super::talk::{Measured, Talk};
use super::wire::{self, Inbox};

/// Milliseconds of a phone's frame, of a model's piece, and of an answer with its pause.
const FRAME_MS: usize = 20;
const DELTA_MS: usize = 200;
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// What is under way may still arrive after the last write.
const DRAIN: Duration = Duration::from_millis(500);

/// Whom the phones call.
pub(super) struct Line {
    /// HOST:PORT.
    pub(super) address: String,
    pub(super) kind: Kind,
}

/// The phone's path and headers.
fn call(number: usize, session: Option<&str>) -> (String, String) {
    let path = session.map_or_else(|| "/ws".to_owned(), |id| format!("/ws?sessionId={id}"));
    (path, format!("X-User-Id: {}\r\n", user(number)))
}

/// Each phone has a user of its own.
pub(super) fn user(number: usize) -> String {
    format!("bench-{number}")
}

/// Opens one conversation: the phone's socket, and the one that the server opens for it.
pub(super) async fn open(
    line: &Line,
    models: &TcpListener,
    number: usize,
    session: Option<&str>,
) -> anyhow::Result<Arc<Talk>> {
    let (path, headers) = call(number, session);
    let phone = async {
        let (stream, mut inbox) = wire::open(&line.address, &path, &headers).await?;
        until_ready(line.kind, &stream, &mut inbox).await?;
        anyhow::Ok((stream, inbox))
    };
    let model = async {
        let (stream, _) = models.accept().await?;
        welcome(line.kind, stream).await
    };
    let both = async { tokio::try_join!(phone, model) };
    let opened = timeout(OPEN_WITHIN, both).await;
    let (phone, model) =
        opened.with_context(|| format!("conversation {number} does not begin"))??;
    Ok(Talk::new(phone, model, line.kind))
}

async fn until_ready(kind: Kind, stream: &TcpStream, inbox: &mut Inbox) -> anyhow::Result<()> {
    let (mut ready, mut last) = (false, String::new());
    while !ready {
        if inbox.fill(stream).await? == 0 {
            bail!("the server hung up: {last}");
        }
        inbox.drain(|message| {
            ready |= kind.is_ready(&message);
            last = String::from_utf8_lossy(&message.head(200)).into_owned();
        });
    }
    Ok(())
}

/// Plays the model until the server has configured it.
async fn welcome(kind: Kind, mut stream: TcpStream) -> anyhow::Result<(TcpStream, Inbox)> {
    let mut inbox = Inbox::default();
    wire::accept(&mut stream, &mut inbox).await?;
    let mut greeting = speech::welcome();
    let mut configured = kind == Kind::Bare;
    loop {
        if !wire::write(&stream, &greeting) {
            bail!("the server takes no greeting");
        }
        greeting.clear();
        if configured {
            return Ok((stream, inbox));
        }
        if inbox.fill(&stream).await? == 0 {
            bail!("the server left the model");
        }
        inbox.drain(|message| {
            if let Some(reply) = speech::reply(&message) {
                greeting.extend(reply);
                configured = true;
            }
        });
    }
}

/// What a run gave.
pub(super) struct Run {
    pub(super) measured: Measured,
    /// How late the generator itself was.
    pub(super) lateness: Vec<Duration>,
}

/// Speaks on all conversations: a while unmeasured, then `measure` long. `before` is called when
/// measuring begins, `after` when it ends.
pub(super) async fn run<B, E>(
    talks: &[Arc<Talk>],
    warm_up: Duration,
    measure: Duration,
    before: impl FnOnce() -> anyhow::Result<B>,
    after: impl FnOnce(B) -> anyhow::Result<E>,
) -> anyhow::Result<(Run, E)> {
    let mut pace = Pace::new();
    pace.speak(talks, warm_up).await;
    let found = before()?;
    for talk in talks {
        talk.measure();
    }
    pace.lateness.clear();
    pace.speak(talks, measure).await;
    let ended = after(found)?;
    tokio::time::sleep(DRAIN).await;
    let mut all = Measured::default();
    for talk in talks {
        let measured = talk.take();
        all.up.extend(measured.up);
        all.down.extend(measured.down);
        all.lost += measured.lost;
        all.mishaps.extend(measured.mishaps);
    }
    let lateness = pace.lateness;
    Ok((
        Run {
            measured: all,
            lateness,
        },
        ended,
    ))
}

/// Speaks on all conversations, unmeasured, until dropped.
pub(super) async fn go_on(talks: &[Arc<Talk>]) {
    let mut pace = Pace::new();
    loop {
        pace.speak(talks, Duration::from_secs(5)).await;
        pace.lateness.clear();
    }
}

/// A millisecond after the other; each conversation has its own phase.
struct Pace {
    now_ms: usize,
    lateness: Vec<Duration>,
}

impl Pace {
    fn new() -> Self {
        Self {
            now_ms: 0,
            lateness: Vec::new(),
        }
    }

    async fn speak(&mut self, talks: &[Arc<Talk>], length: Duration) {
        let ticks = usize::try_from(length.as_millis()).unwrap_or(usize::MAX);
        let mut clock = tokio::time::interval(Duration::from_millis(1));
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for tick in 0..ticks {
            let due = clock.tick().await;
            self.lateness.push(due.elapsed());
            say(talks, self.now_ms + tick);
        }
        self.now_ms += ticks;
    }
}

/// What is due in this millisecond.
fn say(talks: &[Arc<Talk>], ms: usize) {
    let frame = &speech::PHONE[ms / FRAME_MS % speech::PHONE.len()];
    for talk in talks.iter().skip(ms % FRAME_MS).step_by(FRAME_MS) {
        talk.speak(frame);
    }
    for (number, talk) in talks
        .iter()
        .enumerate()
        .skip(ms % DELTA_MS)
        .step_by(DELTA_MS)
    {
        // Answers begin at different times too.
        let step = ms / DELTA_MS + number;
        talk.answer(u32::try_from(step).unwrap_or_default() % speech::CYCLE);
    }
}
