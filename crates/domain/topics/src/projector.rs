//! Brings a user's projection up to the user's log.

use std::collections::HashMap;

use kernel::{Fault, PortError, PortResult, SessionId, Timestamp, UserId, Zone, local_date};
use ledger::{Change, Entry, LearningEventRecorded, Position};

use crate::TopicName;
use crate::ports::{Projection, ProjectionTx, SeenTopic, StoredTimeline};
use crate::timeline::{Attention, Observation, Rules, Timeline};

/// How many entries one unit of work folds, so that none holds its lock for long.
const BATCH: u16 = 500;

/// Folds everything the log holds beyond the projection, a batch at a time.
pub(crate) async fn catch_up(
    projection: &dyn Projection,
    rules: Rules,
    user: UserId,
) -> PortResult<usize> {
    let mut total = 0;
    loop {
        let mut tx = projection.begin(user).await?;
        let from = tx.position();
        let (reached, folded) = fold_batch(tx.as_mut(), rules, from).await?;
        if folded == 0 {
            return Ok(total);
        }
        tx.commit(reached).await?;
        total += folded;
    }
}

/// Drops the projection and folds the whole log in one unit of work: readers see the old numbers
/// until the new ones are complete.
pub(crate) async fn rebuild(
    projection: &dyn Projection,
    rules: Rules,
    user: UserId,
) -> PortResult<usize> {
    let mut tx = projection.begin(user).await?;
    tx.reset().await?;
    let (mut reached, mut total) = (Position::START, 0);
    loop {
        let (position, folded) = fold_batch(tx.as_mut(), rules, reached).await?;
        if folded == 0 {
            tx.commit(reached).await?;
            return Ok(total);
        }
        reached = position;
        total += folded;
    }
}

async fn fold_batch(
    tx: &mut dyn ProjectionTx,
    rules: Rules,
    from: Position,
) -> PortResult<(Position, usize)> {
    let entries = tx.entries(from, BATCH).await?;
    let reached = entries.last().map_or(from, |last| last.position);
    let mut batch = Batch {
        tx,
        rules,
        sessions: HashMap::new(),
    };
    for recorded in &entries {
        batch.apply(&recorded.entry).await?;
    }
    batch.save().await?;
    Ok((reached, entries.len()))
}

/// The sessions one batch touches, each read once and written once.
struct Batch<'a> {
    tx: &'a mut dyn ProjectionTx,
    rules: Rules,
    sessions: HashMap<SessionId, Touched>,
}

struct Touched {
    stored: StoredTimeline,
    /// Folded again from the stored events in this batch, which includes all its entries.
    refolded: bool,
}

impl Batch<'_> {
    async fn apply(&mut self, entry: &Entry) -> PortResult<()> {
        match &entry.change {
            Change::SessionStarted(started) => {
                self.touch(started.session_id, entry.zone).await.map(drop)
            }
            Change::SessionEnded(ended) => {
                self.end(ended.session_id, ended.ended_at, entry.zone).await
            }
            Change::LearningEventRecorded(event) => self.event(event, entry.zone).await,
            Change::HelpCounted(help) => {
                let date = local_date(entry.device_time.unwrap_or(entry.server_time), entry.zone);
                self.tx
                    .count_help(date, &TopicName::stored(&help.topic))
                    .await
            }
            Change::BookmarkAdded(_)
            | Change::BookmarkEdited(_)
            | Change::BookmarkRemoved(_)
            | Change::ProfileChanged(_)
            | Change::SegmentStored(_)
            | Change::VoiceStarted(_)
            | Change::VoiceTurn(_)
            | Change::VoiceEnded(_)
            | Change::JobAccepted(_)
            | Change::JobEnded(_) => Ok(()),
        }
    }

    async fn event(&mut self, event: &LearningEventRecorded, zone: Zone) -> PortResult<()> {
        let observation = observation_of(event);
        self.tx.topic_seen(&seen_topic(event)).await?;
        let rules = self.rules;
        let touched = self.touch(event.session_id, zone).await?;
        let must_refold = !touched.refolded
            && (touched.stored.ended_at.is_some()
                || touched.stored.timeline.observe(rules, observation).is_err());
        if must_refold {
            self.refold(event.session_id).await
        } else {
            Ok(())
        }
    }

    async fn end(&mut self, session: SessionId, at: Timestamp, zone: Zone) -> PortResult<()> {
        let rules = self.rules;
        let touched = self.touch(session, zone).await?;
        if touched.stored.ended_at.is_some() {
            return Ok(());
        }
        touched.stored.ended_at = Some(at);
        let reaches_past_end = touched
            .stored
            .timeline
            .newest_at()
            .is_some_and(|newest| newest > at);
        if touched.refolded || reaches_past_end {
            return self.refold(session).await;
        }
        touched.stored.timeline.close(rules, at);
        Ok(())
    }

    /// Folds all stored events of a session again; events after its end count at the end.
    async fn refold(&mut self, session: SessionId) -> PortResult<()> {
        let mut events = self.tx.observations(session).await?;
        let Some(touched) = self.sessions.get_mut(&session) else {
            return Ok(());
        };
        let stored = &mut touched.stored;
        for event in &mut events {
            event.at = stored.ended_at.map_or(event.at, |end| event.at.min(end));
        }
        stored.timeline = Timeline::fold(stored.timeline.zone(), self.rules, events);
        if let Some(end) = stored.ended_at {
            stored.timeline.close(self.rules, end);
        }
        touched.refolded = true;
        Ok(())
    }

    async fn touch(&mut self, session: SessionId, zone: Zone) -> PortResult<&mut Touched> {
        if !self.sessions.contains_key(&session) {
            let stored = self.tx.timeline(session).await?;
            let stored = stored.unwrap_or_else(|| StoredTimeline {
                session,
                timeline: Timeline::new(zone),
                ended_at: None,
            });
            self.sessions.insert(
                session,
                Touched {
                    stored,
                    refolded: false,
                },
            );
        }
        let touched = self.sessions.get_mut(&session);
        touched.ok_or(PortError::bare(Fault::Corrupt, "touch session timeline"))
    }

    async fn save(self) -> PortResult<()> {
        for touched in self.sessions.values() {
            self.tx.save_timeline(&touched.stored).await?;
        }
        Ok(())
    }
}

fn observation_of(event: &LearningEventRecorded) -> Observation {
    Observation {
        id: event.learning_event_id,
        at: event.captured_at,
        topic: TopicName::stored(&event.topic),
        attention: Attention {
            is_active: event.is_active,
            is_distracted: event.is_distracted,
        },
    }
}

fn seen_topic(event: &LearningEventRecorded) -> SeenTopic {
    SeenTopic {
        topic: TopicName::stored(&event.topic),
        subtopic: event.subtopic.as_deref().map(label),
        at: event.captured_at,
    }
}

/// A subtopic is a label of at most 80 characters, however much vision had to say.
fn label(subtopic: &str) -> String {
    subtopic.chars().take(80).collect()
}
