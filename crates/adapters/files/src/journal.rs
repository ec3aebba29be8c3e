//! Learning events waiting for the database.

use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Fault, LearningEventId, PortError, PortResult, SessionId, Timestamp, UserId};
use privacy::Amount;
use sessions::Session;
use vision::{Held, Journal, PendingEvent};

use crate::blocking::blocking;
use crate::document::{self, BadDocument};
use crate::fault::while_doing;
use crate::leftovers::names;
use crate::records::{Bounds, Found, Records};

const OPEN: &str = "open the journal";
const APPEND: &str = "keep event in journal";
const REMOVE: &str = "remove event from journal";
const READ: &str = "read event from journal";
const SET_ASIDE: &str = "move journalled event aside";

/// Keeps each event in the file `{id}.json`; ids are time-ordered, so names are too.
///
/// Events that can never be written lie in the folder `rejected`. Moving one back and starting
/// again makes it wait once more.
#[derive(Debug, Clone)]
pub struct FolderJournal(Arc<Records<Waiting>>);

/// What is kept in memory of an event.
#[derive(Debug, Clone)]
struct Waiting {
    id: LearningEventId,
    /// `None` where the event cannot be read; this is told when it is its turn.
    session: Option<Session>,
}

impl FolderJournal {
    /// The most bytes one event takes: 50,000 characters of text at four bytes, and the rest.
    pub const MAX_EVENT_BYTES: u64 = 256 * 1024;

    /// Opens the folder, creating it if need be. It takes events up to the bound of bytes; there
    /// [is room](Journal::has_room) while [`Self::MAX_EVENT_BYTES`] are free and no event is older
    /// than the bound of age.
    ///
    /// Only one may be open on a folder at a time, see [`crate::DataFolder`].
    pub fn open(path: impl AsRef<Path>, bounds: impl Into<Bounds>) -> PortResult<Self> {
        let records = Records::open(path.as_ref(), bounds.into(), describe);
        Ok(Self(Arc::new(records.map_err(while_doing(OPEN))?)))
    }
}

#[async_trait]
impl Journal for FolderJournal {
    async fn append(&self, event: &PendingEvent) -> PortResult<()> {
        let id = event.0.event.id;
        let json = document::to_json(&event.0);
        let json = json.map_err(|error| PortError::new(Fault::Refused, APPEND, error))?;
        let session = Some(event.0.session.clone());
        let records = Arc::clone(&self.0);
        blocking(APPEND, move || {
            records.put(APPEND, &name_of(id), Waiting { id, session }, &[&json])
        })
        .await
    }

    async fn remove(&self, id: LearningEventId) -> PortResult<()> {
        let records = Arc::clone(&self.0);
        blocking(REMOVE, move || {
            records.remove(&name_of(id)).map_err(while_doing(REMOVE))
        })
        .await
    }

    async fn waiting(&self, limit: usize) -> PortResult<Vec<LearningEventId>> {
        let first = self.0.first(limit).into_iter();
        Ok(first.map(|waiting| waiting.id).collect())
    }

    async fn session(&self, user: UserId, id: SessionId) -> PortResult<Option<Session>> {
        let is_it = |session: &Session| session.id == id && session.user == user;
        let found = self
            .0
            .find(|waiting| waiting.session.as_ref().is_some_and(is_it));
        Ok(found.and_then(|waiting| waiting.session))
    }

    async fn read(&self, id: LearningEventId) -> PortResult<Option<PendingEvent>> {
        let records = Arc::clone(&self.0);
        blocking(READ, move || {
            let json = records.read(&name_of(id)).map_err(while_doing(READ))?;
            let event = json.map(|json| parse(id, &json)).transpose();
            event.map_err(|error| PortError::new(Fault::Corrupt, READ, error))
        })
        .await
    }

    async fn set_aside(&self, id: LearningEventId) -> PortResult<()> {
        let records = Arc::clone(&self.0);
        blocking(SET_ASIDE, move || {
            records.reject(&name_of(id)).map_err(while_doing(SET_ASIDE))
        })
        .await
    }

    async fn has_room(&self) -> PortResult<bool> {
        Ok(self.0.has_room(Self::MAX_EVENT_BYTES))
    }

    async fn oldest(&self) -> PortResult<Option<Timestamp>> {
        Ok(self.0.oldest())
    }

    async fn held(&self) -> PortResult<Held> {
        Ok(self.0.held())
    }
}

impl FolderJournal {
    /// Removes all events of this user, those moved aside too. One that cannot be read any more is
    /// theirs if it names them.
    pub(crate) async fn remove_of(&self, user: UserId) -> PortResult<Amount> {
        let records = Arc::clone(&self.0);
        let name = user.to_string();
        let theirs = move |json: &[u8]| match document::from_json(json) {
            Ok(event) => event.event.user == user,
            Err(_) => names(json, &name),
        };
        blocking(REMOVE, move || {
            let mut removed = Amount::default();
            let done = records.remove_all(|_| true, theirs, |size| removed.add(size));
            done.map_err(while_doing(REMOVE)).map(|()| removed)
        })
        .await
    }
}

fn parse(id: LearningEventId, json: &[u8]) -> Result<PendingEvent, BadDocument> {
    let event = document::from_json(json)?;
    if event.event.id == id {
        Ok(PendingEvent(event))
    } else {
        Err(BadDocument::OtherEvent)
    }
}

fn name_of(id: LearningEventId) -> String {
    format!("{id}.json")
}

/// An event that cannot be read keeps its place by its name: what is wrong with it is told when it
/// is its turn.
fn describe(name: &str, path: &Path) -> io::Result<Found<Waiting>> {
    let id = name.strip_suffix(".json").and_then(|id| id.parse().ok());
    let Some(id) = id.filter(|id| name_of(*id) == name) else {
        return Ok(Found::Foreign);
    };
    let event = parse(id, &std::fs::read(path)?).ok();
    let session = event.map(|event| event.0.session);
    Ok(Found::Record(Waiting { id, session }))
}
