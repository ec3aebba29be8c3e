//! Both sides of a conversation, as the test writes them down.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use kernel::Clock as _;
use voice::CloseCode;
use voice::client::{ClientEvent, ClientGone, ClientLink, ServerMessage};
use voice::model::{
    ConnectError, ModelCommand, ModelEvent, ModelLink, ModelLost, RealtimeModel, ResponseStatus,
    Retry,
};

use crate::stage::{OnStage, Sleep, Stage};

/// What a device does: after so many milliseconds, this.
pub(crate) type Script = VecDeque<Step>;

pub(crate) type Step = (i64, Result<ClientEvent, ClientGone>);

/// What a device was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) messages: Vec<ServerMessage>,
    pub(crate) audio: usize,
    pub(crate) closed: Option<CloseCode>,
}

pub(crate) struct Phone {
    stage: Arc<Stage>,
    script: Script,
    told: Arc<Mutex<Told>>,
    sleep: Option<Sleep>,
    /// The answer to a ping.
    alive: Option<Sleep>,
}

impl Phone {
    pub(crate) fn new(stage: &Arc<Stage>, script: Script, told: &Arc<Mutex<Told>>) -> Self {
        let (stage, told) = (stage.clone(), told.clone());
        Self {
            stage,
            script,
            told,
            sleep: None,
            alive: None,
        }
    }
}

impl ClientLink for Phone {
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ClientEvent, ClientGone>> {
        if let Some(alive) = &mut self.alive
            && Pin::new(alive).poll(context).is_ready()
        {
            self.alive = None;
            return Poll::Ready(Ok(ClientEvent::Alive));
        }
        let Some((after, _)) = self.script.front() else {
            return Poll::Pending;
        };
        let (stage, after) = (self.stage.clone(), *after);
        let sleep = self.sleep.get_or_insert_with(|| stage.after(after));
        std::task::ready!(Pin::new(sleep).poll(context));
        self.sleep = None;
        let (_, event) = self.script.pop_front().unwrap();
        Poll::Ready(event)
    }

    fn send(&mut self, message: ServerMessage) {
        self.told.lock().unwrap().messages.push(message);
    }

    fn send_audio(&mut self, audio: Bytes) {
        self.told.lock().unwrap().audio += audio.len();
    }

    fn waiting_audio(&self) -> usize {
        0
    }

    fn forget_audio(&mut self) {}

    fn ping(&mut self) {
        self.alive = Some(self.stage.after(10));
    }

    fn start_close(&mut self, code: CloseCode, _: &str) {
        self.told.lock().unwrap().closed = Some(code);
    }

    fn poll_closed(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// A model that answers every question with a spoken word, and breaks when told to.
pub(crate) struct Parrot {
    stage: Arc<Stage>,
    /// How long each session lives; the last one for ever.
    lives: Mutex<VecDeque<i64>>,
    refused: Option<ConnectError>,
    /// Whether a session tells how long it will live.
    announces: bool,
    pub(crate) sessions: Mutex<u32>,
}

impl Parrot {
    pub(crate) fn new(stage: &Arc<Stage>, lives: impl IntoIterator<Item = i64>) -> Self {
        let lives = Mutex::new(lives.into_iter().collect());
        let (stage, sessions) = (stage.clone(), Mutex::new(0));
        Self {
            stage,
            lives,
            refused: None,
            announces: false,
            sessions,
        }
    }

    pub(crate) fn announcing(stage: &Arc<Stage>, lives: impl IntoIterator<Item = i64>) -> Self {
        let parrot = Self::new(stage, lives);
        Self {
            announces: true,
            ..parrot
        }
    }

    pub(crate) fn refusing(stage: &Arc<Stage>, retry: Retry) -> Self {
        let message = "refused".to_owned();
        let refused = Some(ConnectError { retry, message });
        Self {
            refused,
            ..Self::new(stage, [])
        }
    }
}

#[async_trait]
impl RealtimeModel for Parrot {
    fn name(&self) -> &'static str {
        "parrot"
    }

    async fn connect(&self, _: &str) -> Result<Box<dyn ModelLink>, ConnectError> {
        self.stage.after(50).await;
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        let session = {
            let mut sessions = self.sessions.lock().unwrap();
            *sessions += 1;
            *sessions
        };
        let life = self.lives.lock().unwrap().pop_front();
        let now = OnStage(self.stage.clone()).now();
        let told = life.filter(|_| self.announces);
        let expires_at = told.map(|ms| now + TimeDelta::milliseconds(ms));
        Ok(Box::new(Perch {
            stage: self.stage.clone(),
            end: life.map(|ms| self.stage.after(ms)),
            coming: [(0, ModelEvent::SessionCreated { expires_at })].into(),
            sleep: None,
            session,
            answers: 0,
        }))
    }
}

struct Perch {
    stage: Arc<Stage>,
    end: Option<Sleep>,
    coming: VecDeque<(i64, ModelEvent)>,
    sleep: Option<Sleep>,
    session: u32,
    answers: u32,
}

impl Perch {
    fn answer(&mut self) {
        self.answers += 1;
        let name = format!("{}-{}", self.session, self.answers);
        let (response, item) = (|| name.as_str().into(), || name.as_str().into());
        let words = ModelEvent::AnswerTranscriptDelta {
            response: response(),
            item: item(),
            text: "squawk".to_owned(),
        };
        let pcm = Bytes::from(vec![1; 9_600]);
        let (status, usage) = (ResponseStatus::Completed, None);
        self.coming.extend([
            (
                30,
                ModelEvent::ResponseCreated {
                    response: response(),
                },
            ),
            (
                5,
                ModelEvent::AnswerItemAdded {
                    response: response(),
                    item: item(),
                },
            ),
            (5, words),
            (
                5,
                ModelEvent::AnswerAudio {
                    response: response(),
                    item: item(),
                    content_index: 0,
                    pcm,
                },
            ),
            (
                5,
                ModelEvent::AnswerAudioDone {
                    response: response(),
                    item: item(),
                },
            ),
            (
                5,
                ModelEvent::ResponseDone {
                    response: response(),
                    status,
                    usage,
                },
            ),
        ]);
    }
}

impl ModelLink for Perch {
    fn send(&mut self, command: ModelCommand) {
        match command {
            ModelCommand::Configure(_) => self.coming.push_back((5, ModelEvent::SessionUpdated)),
            ModelCommand::CreateResponse => self.answer(),
            _ => {}
        }
    }

    fn waiting(&self) -> usize {
        0
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ModelEvent, ModelLost>> {
        if let Some(end) = &mut self.end
            && Pin::new(end).poll(context).is_ready()
        {
            let (retry, message) = (Retry::MayHelp, "killed".to_owned());
            return Poll::Ready(Err(ModelLost { retry, message }));
        }
        let Some((after, _)) = self.coming.front() else {
            return Poll::Pending;
        };
        let (stage, after) = (self.stage.clone(), *after);
        let sleep = self.sleep.get_or_insert_with(|| stage.after(after));
        std::task::ready!(Pin::new(sleep).poll(context));
        self.sleep = None;
        let (_, event) = self.coming.pop_front().unwrap();
        Poll::Ready(Ok(event))
    }

    fn ping(&mut self) {
        self.coming.push_back((1, ModelEvent::Pong));
    }

    fn start_close(&mut self) {}

    fn poll_closed(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}
