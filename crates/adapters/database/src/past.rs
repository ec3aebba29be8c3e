//! What somebody did in years, stored at once.

use std::collections::HashMap;

use kernel::{PortError, PortResult, SessionId, UserId, Zone};
use ledger::Entry;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sessions::{Bookmark, LearningEvent, Session, Stored};
use topics::{HelpCount, SeenTopic, StoredTimeline};

use crate::Database;
use crate::bulk::{BulkTx, Rows};
use crate::error::within;
use crate::tables::{help_counts, ledger_heads, projections, user_topics, users};

/// Everything of one user. The caller answers for it that the log tells of all of it and that the
/// derived parts are the fold over it.
#[derive(Debug)]
pub struct Past {
    /// Whose it is.
    pub user: UserId,
    /// Their time zone.
    pub zone: Zone,
    /// Their sessions.
    pub sessions: Vec<Session>,
    /// The learning events of these.
    pub events: Vec<LearningEvent>,
    /// Bookmarks on these.
    pub bookmarks: Vec<Bookmark>,
    /// The log, from its first entry on.
    pub entries: Vec<Entry>,
    /// Derived: one of each session.
    pub timelines: Vec<StoredTimeline>,
    /// Derived: each topic and subtopic once.
    pub topics: Vec<SeenTopic>,
    /// Derived: each day and topic once.
    pub help: Vec<HelpCount>,
}

impl Database {
    /// Stores the past of a user of whom nothing is known, in one transaction; of one who has a log
    /// nothing is stored. Much faster than one event after another, and for measurements.
    ///
    /// # Errors
    /// `Conflict` when an id is taken.
    pub async fn store_past(&self, past: Past) -> PortResult<Stored> {
        let head = ledger_heads::Entity::find_by_id(past.user.uuid()).one(self.reader());
        if within("look for the user's log", head).await?.is_some() {
            return Ok(Stored::Already);
        }
        let mut tx = BulkTx::begin(self).await?;
        for rows in rows(&past)? {
            tx.insert(rows).await?;
        }
        tx.commit().await?;
        Ok(Stored::New)
    }
}

/// In an order in which what is pointed to comes first.
fn rows(past: &Past) -> PortResult<[Rows; 11]> {
    let (user, length) = (past.user, past.entries.len());
    let heads = heads(user, i64::try_from(length).unwrap_or(i64::MAX));
    let (head, projection) = heads;
    let stats = past.timelines.iter().flat_map(|stored| {
        let settled = stored.timeline.settled().iter();
        settled
            .map(|(key, totals)| crate::projection_tx::stat_row(stored.session, user, key, *totals))
    });
    let stats: Vec<_> = stats.collect();
    let topics: Vec<_> = past.topics.iter().map(|seen| topic(user, seen)).collect();
    let help: Vec<_> = past.help.iter().map(|count| help(user, count)).collect();
    Ok([
        Rows::of(&[known(user, past.zone)])?,
        Rows::of(&sessions(&past.sessions, &past.events))?,
        Rows::of(&each(&past.events, crate::events::row)?)?,
        Rows::of(&each(&past.bookmarks, crate::bookmarks::row)?)?,
        Rows::of(&[head])?,
        Rows::of(&entries(&past.entries)?)?,
        Rows::of(&[projection])?,
        Rows::of(&each(&past.timelines, |stored| {
            crate::projection_tx::timeline_row(user, stored)
        })?)?,
        Rows::of(&stats)?,
        Rows::of(&topics)?,
        Rows::of(&help)?,
    ])
}

fn each<T, R>(things: &[T], row: impl Fn(&T) -> PortResult<R>) -> Result<Vec<R>, PortError> {
    things.iter().map(row).collect()
}

fn known(user: UserId, zone: Zone) -> users::ActiveModel {
    users::ActiveModel {
        id: Set(user.uuid()),
        name: Set(None),
        zone: Set(zone.name().to_owned()),
    }
}

fn sessions(
    sessions: &[Session],
    events: &[LearningEvent],
) -> Vec<crate::tables::sessions::ActiveModel> {
    let mut counts = HashMap::<SessionId, i64>::new();
    for event in events {
        *counts.entry(event.session).or_default() += 1;
    }
    let row = |session: &Session| crate::tables::sessions::ActiveModel {
        event_count: Set(counts.get(&session.id).copied().unwrap_or_default()),
        ..session.into()
    };
    sessions.iter().map(row).collect()
}

fn entries(entries: &[Entry]) -> PortResult<Vec<crate::tables::ledger_entries::ActiveModel>> {
    let numbered = entries.iter().zip(1..);
    numbered
        .map(|(entry, seq)| crate::ledger::row(entry, seq))
        .collect()
}

/// The log and its projection have come as far as each other.
fn heads(user: UserId, seq: i64) -> (ledger_heads::ActiveModel, projections::ActiveModel) {
    let head = ledger_heads::ActiveModel {
        user_id: Set(user.uuid()),
        seq: Set(seq),
        unprojected: Set(false),
    };
    let projection = projections::ActiveModel {
        user_id: Set(user.uuid()),
        seq: Set(seq),
    };
    (head, projection)
}

fn topic(user: UserId, seen: &SeenTopic) -> user_topics::ActiveModel {
    user_topics::ActiveModel {
        user_id: Set(user.uuid()),
        topic: Set(seen.topic.as_str().to_owned()),
        subtopic: Set(seen.subtopic.clone().unwrap_or_default()),
        last_seen_at: Set(seen.at.timestamp_millis()),
    }
}

fn help(user: UserId, counted: &HelpCount) -> help_counts::ActiveModel {
    help_counts::ActiveModel {
        user_id: Set(user.uuid()),
        date: Set(counted.date),
        topic: Set(counted.topic.as_str().to_owned()),
        count: Set(counted.count),
    }
}
