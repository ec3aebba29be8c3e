//! What a user tells about themselves.

use std::sync::Arc;

use kernel::{Clock, Ids, PortError, UserId, Zone};
use ledger::{Attempt, Change, ProfileChanged};

use crate::entries;
use crate::making::{Making, Part};
use crate::ports::ProfileStore;

/// Name and time zone of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The user.
    pub user: UserId,
    /// How they want to be called.
    pub name: Option<String>,
    /// Where their days begin and end. UTC until they say so.
    pub zone: Zone,
}

/// What to change of a user's profile; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChange {
    /// The user.
    pub user: UserId,
    /// The new name; `Some(None)` removes it.
    pub name: Option<Option<String>>,
    /// The new time zone.
    pub zone: Option<Zone>,
}

/// Why a profile could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The name is longer than 200 characters or holds a NUL.
    #[error("a name holds at most 200 characters and no NUL")]
    InvalidName,
    /// A port failed.
    #[error("the profile could not be read or stored")]
    Port(#[from] PortError),
}

/// Reads and changes profiles.
#[derive(Clone)]
pub struct Profiles {
    store: Arc<dyn ProfileStore>,
    clock: Arc<dyn Clock>,
    making: Making,
}

impl Profiles {
    /// The facade over its ports.
    pub fn new(store: Arc<dyn ProfileStore>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self {
            store,
            clock,
            making: Making::new(ids),
        }
    }

    /// The same for one attempt at a request that may come again: what an attempt before has written
    /// is found and not written twice.
    #[must_use]
    pub fn attempting(&self, attempt: Option<Attempt>) -> Self {
        Self {
            making: self.making.clone().attempting(attempt),
            ..self.clone()
        }
    }

    /// The user's profile; a user who has told nothing yet has the default one.
    pub async fn get(&self, user: UserId) -> Result<Profile, PortError> {
        let stored = self.store.find(user).await?;
        Ok(stored.unwrap_or(Profile {
            user,
            name: None,
            zone: Zone::UTC,
        }))
    }

    /// Changes what is given; a blank name removes it. Sessions keep the zone they started with.
    pub async fn change(
        &self,
        user: UserId,
        name: Option<&str>,
        zone: Option<Zone>,
    ) -> Result<Profile, ProfileError> {
        let name = name.map(checked).transpose()?;
        let current = self.get(user).await?;
        if name.is_none() && zone.is_none() {
            return Ok(current);
        }
        let now = self.clock.now();
        let told = ProfileChanged {
            name: name.clone(),
            time_zone: zone.map(|zone| zone.name().to_owned()),
        };
        let entry = entries::by_user(
            self.making.id(Part::Entry, now).into(),
            user,
            now,
            zone.unwrap_or(current.zone),
            Change::ProfileChanged(told),
        );
        let change = ProfileChange { user, name, zone };
        Ok(self.store.change(&change, &entry).await?)
    }
}

/// The name without blanks around it; `None` when nothing is left.
fn checked(name: &str) -> Result<Option<String>, ProfileError> {
    let name = name.trim();
    if name.chars().count() > 200 || name.contains('\0') {
        return Err(ProfileError::InvalidName);
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}
