//! What a user tells about themselves.

use std::sync::Arc;

use kernel::{PortError, UserId, Zone};

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
}

impl Profiles {
    /// The facade over its port.
    pub fn new(store: Arc<dyn ProfileStore>) -> Self {
        Self { store }
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
        let mut profile = self.get(user).await?;
        if let Some(name) = name.map(str::trim) {
            if name.chars().count() > 200 || name.contains('\0') {
                return Err(ProfileError::InvalidName);
            }
            profile.name = (!name.is_empty()).then(|| name.to_owned());
        }
        profile.zone = zone.unwrap_or(profile.zone);
        self.store.save(&profile).await?;
        Ok(profile)
    }
}
