//! One open session.

use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use voice::model::{ModelCommand, ModelEvent, ModelLink, ModelLost, Retry};

use crate::commands::Writer;
use crate::pulse::Patience;
use crate::pump::{Heard, Pump};
use crate::reader::{Malformed, Reader};
use crate::{errors, faults};

/// A session over one socket, without a task: it lives while it is polled, and dropping it closes
/// the socket.
#[derive(Debug)]
pub(crate) struct Link<S> {
    pump: Pump<S>,
    reader: Reader,
    writer: Writer,
    malformed: u64,
    welcomed: bool,
    /// What an error event said of the end that follows it.
    foretold: Option<Retry>,
    lost: Option<ModelLost>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(crate) fn new(socket: WebSocketStream<S>, patience: Patience, writer: Writer) -> Self {
        Self {
            pump: Pump::new(socket, patience),
            reader: Reader::default(),
            writer,
            malformed: 0,
            welcomed: false,
            foretold: None,
            lost: None,
        }
    }

    fn lose(&mut self, lost: ModelLost) -> ModelLost {
        self.pump.forget();
        self.lost.insert(lost).clone()
    }

    /// `None` for frames nobody waits for.
    fn event(&mut self, heard: Heard) -> Result<Option<ModelEvent>, ModelLost> {
        let read = match heard {
            Heard::Text(frame) => self.reader.read(&frame),
            Heard::Binary => Err(Malformed::Binary),
            Heard::Pong => Ok(Some(ModelEvent::Pong)),
            Heard::Over(over) => return Err(self.lose(faults::over(&over, self.foretold))),
        };
        let event = read.unwrap_or_else(|malformed| {
            self.count(&malformed);
            None
        });
        self.note(event.as_ref());
        Ok(event)
    }

    fn note(&mut self, event: Option<&ModelEvent>) {
        match event {
            Some(ModelEvent::SessionCreated { .. }) => {
                self.welcomed = true;
                self.pump.welcomed();
            }
            Some(ModelEvent::Error(error)) => {
                self.foretold = errors::foretold(error, self.welcomed).or(self.foretold);
            }
            _ => {}
        }
    }

    /// Logged when the count doubles: a peer that sends nothing else does not fill the log.
    fn count(&mut self, malformed: &Malformed) {
        metrics::counter!("realtime_malformed_frames_total").increment(1);
        self.malformed += 1;
        if self.malformed.is_power_of_two() {
            tracing::warn!(
                frames = self.malformed,
                "the model sent a frame that cannot be read: {malformed}"
            );
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> ModelLink for Link<S> {
    fn send(&mut self, command: ModelCommand) {
        if self.lost.is_some() {
            return;
        }
        match self.writer.frame(&command) {
            Ok(frame) => {
                if self.pump.push(frame).is_err() {
                    self.lose(faults::overflow());
                }
            }
            Err(error) => {
                let command = command.kind().as_str();
                tracing::error!(command, "the command cannot be written: {error}");
            }
        }
    }

    fn waiting(&self) -> usize {
        self.pump.waiting()
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ModelEvent, ModelLost>> {
        loop {
            if let Some(lost) = &self.lost {
                return Poll::Ready(Err(lost.clone()));
            }
            let heard = ready!(self.pump.poll(context));
            if let Some(event) = self.event(heard).transpose() {
                return Poll::Ready(event);
            }
        }
    }

    fn ping(&mut self) {
        self.pump.ping();
    }

    fn start_close(&mut self) {
        self.pump.close();
    }

    fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.lost.is_none() {
            let heard = ready!(self.pump.poll(context));
            if let Heard::Over(over) = heard {
                self.lose(faults::over(&over, self.foretold));
            }
        }
        Poll::Ready(())
    }
}
