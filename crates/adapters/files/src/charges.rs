//! Charges waiting for the database.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{ChargeId, Fault, PortError, PortResult, Timestamp, UserId};
use privacy::Amount;
use serde::{Deserialize, Serialize};
use spending::{Bill, Charge, ChargeJournal, Tokens, Usage, Work};

use crate::blocking::blocking;
use crate::fault::while_doing;
use crate::leftovers::names;
use crate::records::{Bounds, Found, Records};

const OPEN: &str = "open the journal of charges";
const APPEND: &str = "keep charge in journal";
const REMOVE: &str = "remove charge from journal";
const READ: &str = "read charge from journal";
const SET_ASIDE: &str = "move journalled charge aside";
const VERSION: u32 = 1;

/// Keeps each charge in the file `{id}.json`; ids are time-ordered, so names are too. Charges that can
/// never be stored lie in the folder `rejected`.
#[derive(Debug, Clone)]
pub struct FolderCharges(Arc<Records<ChargeId>>);

impl FolderCharges {
    /// Opens the folder, creating it if need be. It takes at most `capacity_bytes`; a charge takes some
    /// 400.
    ///
    /// Only one may be open on a folder at a time, see [`crate::DataFolder`].
    pub fn open(path: impl AsRef<Path>, capacity_bytes: u64) -> PortResult<Self> {
        let bounds = Bounds::from(capacity_bytes);
        let records = Records::open(path.as_ref(), bounds, describe);
        Ok(Self(Arc::new(records.map_err(while_doing(OPEN))?)))
    }

    /// Removes all charges of this user, those moved aside too.
    pub(crate) async fn remove_of(&self, user: UserId) -> PortResult<Amount> {
        let records = Arc::clone(&self.0);
        let name = user.to_string();
        blocking(REMOVE, move || {
            let mut removed = Amount::default();
            let theirs = |json: &[u8]| names(json, &name);
            let done = records.remove_all(|_| true, theirs, |size| removed.add(size));
            done.map_err(while_doing(REMOVE)).map(|()| removed)
        })
        .await
    }
}

#[async_trait]
impl ChargeJournal for FolderCharges {
    async fn append(&self, charge: &Charge) -> PortResult<()> {
        let id = charge.id;
        let json = serde_json::to_vec(&Document::from(charge));
        let json = json.map_err(|error| PortError::new(Fault::Refused, APPEND, error))?;
        let records = Arc::clone(&self.0);
        blocking(APPEND, move || {
            records.put(APPEND, &name_of(id), id, &[&json])
        })
        .await
    }

    async fn waiting(&self, limit: usize) -> PortResult<Vec<ChargeId>> {
        Ok(self.0.first(limit))
    }

    async fn read(&self, id: ChargeId) -> PortResult<Option<Charge>> {
        let records = Arc::clone(&self.0);
        blocking(READ, move || {
            let json = records.read(&name_of(id)).map_err(while_doing(READ))?;
            json.map(|json| parse(id, &json)).transpose()
        })
        .await
    }

    async fn remove(&self, id: ChargeId) -> PortResult<()> {
        let records = Arc::clone(&self.0);
        blocking(REMOVE, move || {
            records.remove(&name_of(id)).map_err(while_doing(REMOVE))
        })
        .await
    }

    async fn set_aside(&self, id: ChargeId) -> PortResult<()> {
        let records = Arc::clone(&self.0);
        blocking(SET_ASIDE, move || {
            records.reject(&name_of(id)).map_err(while_doing(SET_ASIDE))
        })
        .await
    }
}

fn name_of(id: ChargeId) -> String {
    format!("{id}.json")
}

/// What is wrong with a charge is told when it is its turn.
#[expect(clippy::unnecessary_wraps, reason = "other records are read here")]
fn describe(name: &str, _: &Path) -> io::Result<Found<ChargeId>> {
    let id = name.strip_suffix(".json").and_then(|id| id.parse().ok());
    let id = id.filter(|id| name_of(*id) == name);
    Ok(id.map_or(Found::Foreign, Found::Record))
}

/// A charge as JSON. A version that was ever written stays readable.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document<'a> {
    version: u32,
    id: ChargeId,
    user: UserId,
    at: Timestamp,
    work: Cow<'a, str>,
    provider: Cow<'a, str>,
    model: Cow<'a, str>,
    /// Text, sound and pictures.
    input: [u64; 3],
    cached: [u64; 3],
    output: [u64; 3],
    /// `null` where no price was known.
    cost_micros: Option<u64>,
}

impl<'a> From<&'a Charge> for Document<'a> {
    fn from(charge: &'a Charge) -> Self {
        let Charge {
            id,
            user,
            at,
            bill,
            cost_micros,
        } = charge;
        let Bill {
            work,
            provider,
            model,
            usage,
        } = bill;
        let kinds = |tokens: Tokens| [tokens.text, tokens.audio, tokens.image];
        Self {
            version: VERSION,
            id: *id,
            user: *user,
            at: *at,
            work: work.as_str().into(),
            provider: provider.into(),
            model: model.into(),
            input: kinds(usage.input),
            cached: kinds(usage.cached),
            output: kinds(usage.output),
            cost_micros: *cost_micros,
        }
    }
}

fn parse(id: ChargeId, json: &[u8]) -> PortResult<Charge> {
    let document: Document<'_> = serde_json::from_slice(json)
        .map_err(|error| PortError::new(Fault::Corrupt, READ, error))?;
    let work = Work::parse(&document.work);
    let work = work.filter(|_| document.version == VERSION && document.id == id);
    let work = work.ok_or(PortError::bare(Fault::Corrupt, READ))?;
    let tokens = |[text, audio, image]: [u64; 3]| Tokens { text, audio, image };
    Ok(Charge {
        id,
        user: document.user,
        at: document.at,
        bill: Bill {
            work,
            provider: document.provider.into_owned(),
            model: document.model.into_owned(),
            usage: Usage {
                input: tokens(document.input),
                cached: tokens(document.cached),
                output: tokens(document.output),
            },
        },
        cost_micros: document.cost_micros,
    })
}
