//! The end: everything that was said is stored, by a task that outlives the socket's.

use std::future::poll_fn;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use ledger::Actor;

use crate::relay::{Effect, Event, Farewell};
use crate::talk::begin::closed_in_time;
use crate::talk::drive::Talk;
use crate::talk::writer::Writer;
use crate::voice::Voice;
use crate::{EndReason, Recording};

/// How long a failing store is tried at the end. What it has not taken by then is lost.
const STORE_WITHIN: Duration = Duration::from_mins(2);

impl Talk {
    /// Hands what is left to store to a task; the receiver hears when it is done.
    pub(super) fn put_away(&mut self, reason: EndReason) -> oneshot::Receiver<()> {
        let (done, stored) = oneshot::channel();
        let Some(writer) = self.writer.take() else {
            return stored;
        };
        let (voice, recording) = (self.voice.clone(), self.begun.recording.take());
        let task = async move {
            finish(&voice, writer, recording, reason).await;
            // The conversation's task may be gone.
            let _heard = done.send(());
        };
        self.voice
            .ports
            .tasks
            .spawn("finish voice conversation", Box::pin(task));
        stored
    }

    /// Closes the device's socket after what was queued for it.
    pub(super) async fn close_client(&mut self, farewell: &Farewell) {
        if let Some(code) = farewell.close {
            self.client.start_close(code, &farewell.words);
            closed_in_time(&self.voice, self.client.as_mut()).await;
        }
    }
}

impl Drop for Talk {
    /// A conversation whose task was dropped or has panicked: what was said is stored all the same.
    fn drop(&mut self) {
        if self.writer.is_none() {
            return;
        }
        let mut reason = EndReason::crash();
        // A relay that has just panicked is not asked for last words.
        if !std::thread::panicking() {
            let (now, waiting) = (self.voice.ports.clock.now(), self.waiting());
            let gone = crate::client::ClientGone("its task was dropped".to_owned());
            let mut effects = Vec::new();
            self.relay
                .handle(now, waiting, Event::ClientGone(gone), &mut effects);
            let lasting = |e: &Effect| matches!(e, Effect::Store(_) | Effect::Meter(_));
            effects
                .into_iter()
                .filter(lasting)
                .for_each(|effect| self.perform(effect));
            reason = EndReason::gone();
        }
        drop(self.put_away(reason));
    }
}

async fn finish(
    voice: &Voice,
    mut writer: Writer,
    recording: Option<Box<dyn Recording>>,
    reason: EndReason,
) {
    let ended_at = voice.ports.clock.now();
    let written = poll_fn(|context| writer.poll(context));
    let in_time = select(written, voice.ports.timer.sleep(STORE_WITHIN)).await;
    let is_late = matches!(in_time, Either::Right(_));
    drop(in_time);
    let id = writer.session().id;
    if is_late {
        tracing::error!(voice_session_id = %id, "the end of a transcript could not be stored");
    }
    let close = voice.closing(writer.session(), ended_at, reason, Actor::User);
    if let Err(error) = voice.ports.store.close(&close).await {
        // It is found by `recover` and closed then.
        tracing::warn!(voice_session_id = %id, error = &error as &dyn std::error::Error,
            "the end of a conversation could not be stored");
    }
    let Some(recording) = recording else {
        return;
    };
    if let Err(error) = recording.finish().await {
        tracing::warn!(voice_session_id = %id, error = &error as &dyn std::error::Error,
            "a recording could not be finished");
    }
}
